#define _GNU_SOURCE /* qsort_r */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "command/scorecard.h"

/* Labels left out that are named one by one; least and most width of names; rows of a segment shown. */
enum { LEFT_NAMED = 10, LABEL_COLUMN = 36, ROW_COLUMN = 8, ROW_COLUMN_MAX = 24, VALUES_SHOWN = 50 };

static int by_gold(const void *left, const void *right, void *context) {
    const Scores *scores = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    uint64_t gold_a = scores_label(scores, SIZE_MAX, a).gold, gold_b = scores_label(scores, SIZE_MAX, b).gold;
    if (gold_a != gold_b) return gold_a > gold_b ? -1 : 1;
    return span_compare(scores->names[a], scores->names[b]);
}

static int by_name(const void *left, const void *right, void *context) {
    const Scores *scores = context;
    return span_compare(scores->row_names[*(const size_t *)left], scores->row_names[*(const size_t *)right]);
}

static size_t *sorted(const Scores *scores, size_t count, int (*order)(const void *, const void *, void *), Arena *keep) {
    size_t *numbers = arena_alloc(keep, count * sizeof *numbers);
    for (size_t i = 0; i < count; i++) numbers[i] = i;
    qsort_r(numbers, count, sizeof *numbers, order, (void *)scores);
    return numbers;
}

size_t *labels_by_gold(const Scores *scores, Arena *keep) { return sorted(scores, scores->name_count, by_gold, keep); }
size_t *rows_by_name(const Scores *scores, Arena *keep) { return sorted(scores, scores->row_count, by_name, keep); }

/* ---- cells ---- */

/* A name from a record, safe to show, and how many columns it takes. */
static Span shown(Span name, Arena *keep, size_t *columns) {
    Buffer safe = {0};
    escape_terminal(&safe, name);
    Span copy = arena_copy(keep, buffer_span(&safe));
    buffer_free(&safe);
    *columns = utf8_count(copy.data, copy.len);
    return copy;
}

static void put_name(Buffer *out, Span name, size_t width, Arena *keep) {
    size_t columns;
    buffer_append(out, shown(name, keep, &columns));
    for (; columns < width; columns++) buffer_byte(out, ' ');
}

static void put_number(Buffer *out, double number, int width) {
    if (isnan(number)) buffer_printf(out, " %*s", width, "-");
    else buffer_printf(out, " %*.3f", width, fabs(number) < 0.0005 ? 0 : number); /* no -0.000 */
}

static void put_interval(Buffer *out, Interval interval) {
    if (isnan(interval.low)) buffer_printf(out, " %11s", "-");
    else buffer_printf(out, " %.3f-%.3f", interval.low, interval.high);
}

/* ---- tables ---- */

static void row_line(Buffer *out, const Measures *one, Span name, size_t width, Arena *keep) {
    put_name(out, name, width, keep);
    buffer_printf(out, " %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7.3f %7.3f %7.3f", one->texts, one->gold, one->tagged, one->precision, one->recall, one->f1);
    put_interval(out, one->f1_interval);
    buffer_printf(out, " %7.3f %10.3f %9.3f\n", one->macro, one->sentiment_macro, one->sentiment_accuracy);
}

static size_t width_of_rows(const Scores *scores, Span head, Arena *keep) {
    size_t width, columns;
    shown(head, keep, &width);
    for (size_t i = 0; i < scores->row_count; i++) {
        shown(scores->row_names[i], keep, &columns);
        if (columns > width) width = columns;
    }
    return width < ROW_COLUMN ? ROW_COLUMN : width > ROW_COLUMN_MAX ? ROW_COLUMN_MAX : width;
}

static void rows_table(Buffer *out, const Marks *marks, const MarkSettings *settings, size_t grouping, Span head, const Measures *all, Arena *keep) {
    const Scores *scores = &marks->groupings[grouping].scores;
    size_t width = width_of_rows(scores, head, keep);
    const size_t *rows = rows_by_name(scores, keep);
    put_name(out, head, width, keep);
    buffer_printf(out, " %7s %7s %7s %7s %7s %7s %11s %7s %10s %9s\n", "texts", "gold", "tagged", "prec", "recall", "micro", "95 %", "macro", "sentiment", "accuracy");
    for (size_t i = 0; i < scores->row_count; i++) {
        if (grouping && i == VALUES_SHOWN) {
            buffer_printf(out, "and %zu others: --to json has them all\n", scores->row_count - i);
            break;
        }
        Measures one = marks_measure(marks, settings, grouping, rows[i]);
        row_line(out, &one, scores->row_names[rows[i]], width, keep);
    }
    if (all) row_line(out, all, SPAN("all"), width, keep);
}

static void measure_line(Buffer *out, const char *name, double value, Interval interval, const char *meaning) {
    buffer_printf(out, "%-20s", name);
    put_number(out, value, 7);
    put_interval(out, interval);
    buffer_printf(out, "  %s\n", meaning);
}

static void measures_table(Buffer *out, const Measures *all) {
    Interval none = {NAN, NAN};
    buffer_printf(out, "\n%-20s %7s %11s\n", "all texts", "", "95 %");
    if (all->gold + all->tagged) {
        measure_line(out, "micro-F1", all->f1, all->f1_interval, "over all labels together");
        measure_line(out, "macro-F1", all->macro, all->macro_interval, "mean of labels with 5 gold cases or more");
        measure_line(out, "weighted F1", all->weighted, all->weighted_interval, "mean of labels, by their gold cases");
        measure_line(out, "exact match", all->exact, none, "texts with all labels right, and no more");
        measure_line(out, "Hamming loss", all->hamming, none, "wrong among texts times labels");
        measure_line(out, "kappa", all->kappa, none, "Cohen's, of texts times labels");
        measure_line(out, "alpha", all->alpha, none, "Krippendorff's, of the same");
        measure_line(out, "calibration error", all->calibration.error, none, "of the p of tags, in ten bins of as many tags");
        measure_line(out, "Brier score", all->calibration.brier, none, "of the p of tags; 0 is best");
    }
    if (isnan(all->sentiment_interval.low) && all->sentiment_accuracy == 0 && all->sentiment_macro == 0) return;
    measure_line(out, "sentiment macro-F1", all->sentiment_macro, all->sentiment_interval, "mean of the sentiments that gold has");
    measure_line(out, "sentiment kappa", all->sentiment_kappa, none, "Cohen's");
    measure_line(out, "sentiment alpha", all->sentiment_alpha, none, "Krippendorff's, nominal");
}

static void labels_table(Buffer *out, const Scores *scores, Arena *keep) {
    const size_t *labels = labels_by_gold(scores, keep);
    size_t width = LABEL_COLUMN;
    for (size_t i = 0, columns; i < scores->name_count; i++) {
        shown(scores->names[i], keep, &columns);
        if (columns > width && scores_coded(scores, i)) width = columns;
    }
    buffer_byte(out, '\n');
    put_name(out, SPAN("label"), width, keep);
    buffer_printf(out, " %7s %7s %7s %7s %7s %11s %7s\n", "gold", "tagged", "prec", "recall", "F1", "95 %", "kappa");
    for (size_t i = 0; i < scores->name_count; i++) {
        size_t label = labels[i];
        if (!scores_coded(scores, label)) continue;
        Agreement one = scores_label(scores, SIZE_MAX, label);
        put_name(out, scores->names[label], width, keep);
        buffer_printf(out, " %7" PRIu64 " %7" PRIu64 " %7.3f %7.3f %7.3f", one.gold, one.tagged, agreement_precision(one), agreement_recall(one), agreement_f1(one));
        put_interval(out, scores_label_interval(scores, label));
        put_number(out, agreement_kappa(one, scores_texts(scores, SIZE_MAX)), 7);
        buffer_byte(out, '\n');
    }
}

static void coder_line(Buffer *out, const Scores *scores, size_t row, Span name, size_t width, Arena *keep) {
    Agreement micro = scores_micro(scores, row);
    uint64_t texts = scores_texts(scores, row), decisions = texts * scores_labels(scores);
    put_name(out, name, width, keep);
    buffer_printf(out, " %7" PRIu64 " %7" PRIu64 " %7.3f", texts, micro.gold, agreement_f1(micro));
    put_number(out, agreement_kappa(micro, decisions), 7);
    put_number(out, agreement_alpha(micro, decisions), 7);
    put_number(out, scores_sentiments(scores, row) ? scores_sentiment_macro(scores, row) : NAN, 10);
    put_number(out, scores_sentiment_kappa(scores, row), 7);
    put_number(out, scores_sentiment_alpha(scores, row), 7);
    buffer_byte(out, '\n');
}

static void coders_table(Buffer *out, const Marks *marks, Arena *keep) {
    const Scores *scores = &marks->by_coder;
    const Coders *coders = &marks->coders;
    if (!scores->row_count) return;
    const size_t *rows = rows_by_name(scores, keep);
    size_t width = width_of_rows(scores, SPAN("tagger against"), keep);
    buffer_byte(out, '\n');
    put_name(out, SPAN("tagger against"), width, keep);
    buffer_printf(out, " %7s %7s %7s %7s %7s %10s %7s %7s\n", "texts", "gold", "micro", "kappa", "alpha", "sentiment", "kappa", "alpha");
    for (size_t i = 0; i < scores->row_count; i++) coder_line(out, scores, rows[i], scores->row_names[rows[i]], width, keep);
    coder_line(out, &marks->majority, SIZE_MAX, SPAN("their majority"), width, keep);
    buffer_printf(out, "among coders, %" PRIu64 " texts with labels of two or more: alpha of labels", coders->texts);
    put_number(out, coders_alpha_pooled(coders), 0);
    buffer_text(out, ", of label sets (MASI)");
    put_number(out, coders_alpha_sets(coders), 0);
    buffer_printf(out, "\namong coders, %" PRIu64 " texts with sentiments of two or more: alpha", coders->sentiment_texts);
    put_number(out, coders_alpha_sentiment(coders), 0);
    buffer_byte(out, '\n');
}

/* What was left out, by name; `why` tells what it is not, `end` what to do. */
static void left_line(Buffer *out, const Scores *left, const char *why, const char *end, Arena *keep) {
    const size_t *labels = labels_by_gold(left, keep);
    uint64_t all = 0;
    for (size_t i = 0; i < left->name_count; i++) all += scores_label(left, SIZE_MAX, i).gold;
    if (!all) return;
    buffer_printf(out, "\n%" PRIu64 " %s and were left out", all, why);
    for (size_t i = 0, columns; i < left->name_count && i < LEFT_NAMED; i++) {
        Span name = shown(left->names[labels[i]], keep, &columns);
        buffer_printf(out, "%s “%.*s” (%" PRIu64 ")", i ? "," : ":", (int)name.len, name.data, scores_label(left, SIZE_MAX, labels[i]).gold);
    }
    if (left->name_count > LEFT_NAMED) buffer_printf(out, ", and %zu others", left->name_count - LEFT_NAMED);
    buffer_text(out, end);
}

static void left_lines(Buffer *out, const Marks *marks, bool sections, Arena *keep) {
    const char *end = sections ? "\n" : "; --map names what they stand for\n";
    left_line(out, &marks->groupings[0].left, sections ? "gold labels are not in the map" : "gold labels are no codes of the codebook", end, keep);
    left_line(out, &marks->coders_left, sections ? "labels of coders are not in the map" : "labels of coders are no codes of the codebook", end, keep);
    left_line(out, &marks->odd_sentiments, "sentiments are none of negative, neutral, mixed and positive", "\n", keep);
}

void scorecard_text(Buffer *out, const Marks *marks, const MarkSettings *settings, Arena *keep) {
    bool sections = map_has_sections(settings->map);
    Measures all = marks_measure(marks, settings, 0, SIZE_MAX);
    rows_table(out, marks, settings, 0, SPAN(""), &all, keep);
    buffer_text(out, "\nmicro: F1 over labels; macro: mean F1 of labels with 5 gold cases or more; sentiment: macro-F1\n");
    if (settings->resamples) buffer_printf(out, "95 %%: where the figure left of it lies in 95 %% of %zu resamples of the texts\n", settings->resamples);
    if (sections) buffer_text(out, "above: precision over tags, recall over labels; below: labels of the set, `tagged` are texts with one of its codes, but for a code that another of their labels stands for\n");
    for (size_t i = 0; i < settings->segment_count; i++) {
        buffer_byte(out, '\n');
        rows_table(out, marks, settings, 1 + i, span_of(settings->segments[i]), NULL, keep);
    }
    measures_table(out, &all);
    labels_table(out, &marks->groupings[0].scores, keep);
    coders_table(out, marks, keep);
    left_lines(out, marks, sections, keep);
}
