#include <inttypes.h>
#include <math.h>

#include "command/scorecard.h"

static void put_number(Buffer *out, const char *name, double number) {
    if (isnan(number)) buffer_printf(out, "\"%s\":null", name);
    else buffer_printf(out, "\"%s\":%.4f", name, fabs(number) < 0.00005 ? 0 : number); /* no -0.0000 */
}

static void put_interval(Buffer *out, const char *name, Interval interval) {
    if (isnan(interval.low)) buffer_printf(out, "\"%s\":null", name);
    else buffer_printf(out, "\"%s\":[%.4f,%.4f]", name, interval.low, interval.high);
}

/* A key, and a comma before it but for the first. */
static void put_key(Buffer *out, Span name, bool *first) {
    if (!*first) buffer_byte(out, ',');
    *first = false;
    escape_json(out, name);
    buffer_byte(out, ':');
}

static void put_labels(Buffer *out, const Scores *scores, size_t row, const size_t *order) {
    bool first = true, all = row == SIZE_MAX;
    uint64_t texts = scores_texts(scores, row);
    for (size_t i = 0; i < scores->name_count; i++) {
        Agreement one = scores_label(scores, row, order[i]);
        if (!scores_coded(scores, order[i]) || !(one.gold + one.tagged)) continue;
        put_key(out, scores->names[order[i]], &first);
        buffer_printf(out, "{\"gold\":%" PRIu64 ",\"tagged\":%" PRIu64 ",\"right\":%" PRIu64 ",\"precision\":%.4f,\"recall\":%.4f,\"f1\":%.4f,", one.gold, one.tagged, one.both,
                      agreement_precision(one), agreement_recall(one), agreement_f1(one));
        if (all) put_interval(out, "f1_interval", scores_label_interval(scores, order[i])), buffer_byte(out, ',');
        put_number(out, "kappa", agreement_kappa(one, texts));
        buffer_byte(out, ',');
        put_number(out, "alpha", agreement_alpha(one, texts));
        buffer_byte(out, '}');
    }
}

/* Labels that were left out, of a row's texts or of all. */
static void put_left(Buffer *out, const Scores *left, size_t row, Arena *keep) {
    const size_t *order = labels_by_gold(left, keep);
    bool first = true;
    for (size_t i = 0; i < left->name_count; i++) {
        uint64_t count = scores_label(left, row, order[i]).gold;
        if (!count) continue;
        put_key(out, left->names[order[i]], &first);
        buffer_printf(out, "%" PRIu64, count);
    }
}

/* Of a map with sections: how often each code was right. */
static void put_codes(Buffer *out, const Scores *tags, size_t row, Arena *keep) {
    const size_t *order = labels_by_gold(tags, keep);
    bool first = true;
    for (size_t i = 0; i < tags->name_count; i++) {
        Agreement one = scores_label(tags, row, order[i]);
        if (!one.tagged) continue;
        put_key(out, tags->names[order[i]], &first);
        buffer_printf(out, "{\"tagged\":%" PRIu64 ",\"right\":%" PRIu64 ",\"precision\":%.4f}", one.tagged, one.both, agreement_precision(one));
    }
}

static void put_confusion(Buffer *out, const Scores *scores, size_t row) {
    for (size_t gold = 0; gold < SENTIMENT_COUNT; gold++) {
        buffer_printf(out, "%s\"%s\":{", gold ? "," : "", sentiment_name((int)gold));
        for (size_t given = 0; given < SENTIMENT_COUNT; given++)
            buffer_printf(out, "%s\"%s\":%" PRIu64, given ? "," : "", sentiment_name((int)given), scores_confused(scores, row, gold, given));
        buffer_byte(out, '}');
    }
}

static void put_micro(Buffer *out, const Measures *one, bool sections) {
    buffer_printf(out, "\"gold\":%" PRIu64, one->gold);
    if (sections) buffer_printf(out, ",\"found\":%" PRIu64, one->found);
    buffer_printf(out, ",\"tagged\":%" PRIu64 ",\"right\":%" PRIu64 ",\"precision\":%.4f,\"recall\":%.4f,\"f1\":%.4f,", one->tagged, one->right, one->precision, one->recall, one->f1);
    put_interval(out, "f1_interval", one->f1_interval);
}

static void put_numbers(Buffer *out, const Measures *one, bool all) {
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"weighted_f1", one->weighted}, {"exact_match", one->exact}, {"hamming_loss", one->hamming}, {"kappa", one->kappa}, {"alpha", one->alpha}};
    buffer_printf(out, "\"macro_f1\":%.4f", one->macro);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) buffer_byte(out, ','), put_number(out, numbers[i].name, numbers[i].value);
    if (!all) return;
    buffer_byte(out, ',');
    put_interval(out, "macro_f1_interval", one->macro_interval);
    buffer_byte(out, ',');
    put_interval(out, "weighted_f1_interval", one->weighted_interval);
}

static void put_sentiment(Buffer *out, const Scores *scores, size_t row, const Measures *one) {
    buffer_printf(out, "{\"macro_f1\":%.4f,\"accuracy\":%.4f,", one->sentiment_macro, one->sentiment_accuracy);
    put_interval(out, "macro_f1_interval", one->sentiment_interval);
    buffer_byte(out, ',');
    put_number(out, "kappa", one->sentiment_kappa);
    buffer_byte(out, ',');
    put_number(out, "alpha", one->sentiment_alpha);
    buffer_text(out, ",\"confusion\":{");
    put_confusion(out, scores, row);
    buffer_text(out, "}}");
}

static void put_calibration(Buffer *out, const Calibration *calibration) {
    buffer_printf(out, "{\"tags\":%" PRIu64 ",", calibration->tags);
    put_number(out, "error", calibration->error);
    buffer_byte(out, ',');
    put_number(out, "brier", calibration->brier);
    buffer_text(out, ",\"bins\":[");
    for (size_t i = 0; i < calibration->bin_count; i++) {
        const CalibrationBin *bin = &calibration->bins[i];
        buffer_printf(out, "%s{\"low\":%.4f,\"high\":%.4f,\"p\":%.4f,\"tags\":%" PRIu64 ",\"right\":%" PRIu64 ",\"share\":%.4f}", i ? "," : "", bin->low / 1e4, bin->high / 1e4, bin->p,
                      bin->tags, bin->right, (double)bin->right / (double)bin->tags);
    }
    buffer_text(out, "]}");
}

/* A row without the brace that closes it. */
static void put_row(Buffer *out, const Marks *marks, const MarkSettings *settings, size_t number, size_t row, const size_t *order, Arena *keep) {
    const Grouping *grouping = &marks->groupings[number];
    const Scores *scores = &grouping->scores;
    Measures one = marks_measure(marks, settings, number, row);
    bool sections = map_has_sections(settings->map), all = row == SIZE_MAX;
    size_t left = all ? row : scores_row(&grouping->left, scores->row_names[row]), tags = all ? row : scores_row(&grouping->tags, scores->row_names[row]);
    buffer_printf(out, "{\"texts\":%" PRIu64 ",\"micro\":{", one.texts);
    put_micro(out, &one, sections);
    buffer_text(out, "},");
    put_numbers(out, &one, all);
    buffer_text(out, ",\"sentiment\":");
    put_sentiment(out, scores, row, &one);
    buffer_text(out, ",\"calibration\":");
    put_calibration(out, &one.calibration);
    buffer_text(out, ",\"labels\":{");
    put_labels(out, scores, row, order);
    if (sections) {
        buffer_text(out, "},\"codes\":{");
        put_codes(out, &grouping->tags, tags, keep);
    }
    buffer_text(out, "},\"left_out\":{");
    put_left(out, &grouping->left, left, keep);
    buffer_byte(out, '}');
}

/* All rows of a grouping as members. */
static void put_rows(Buffer *out, const Marks *marks, const MarkSettings *settings, size_t number, bool first, Arena *keep) {
    const Scores *scores = &marks->groupings[number].scores;
    const size_t *order = labels_by_gold(scores, keep), *rows = rows_by_name(scores, keep);
    for (size_t i = 0; i < scores->row_count; i++) {
        put_key(out, scores->row_names[rows[i]], &first);
        put_row(out, marks, settings, number, rows[i], order, keep);
        buffer_byte(out, '}');
    }
}

static void put_coder(Buffer *out, const Scores *scores, size_t row) {
    Agreement micro = scores_micro(scores, row);
    uint64_t texts = scores_texts(scores, row), decisions = texts * scores_labels(scores);
    buffer_printf(out, "{\"texts\":%" PRIu64 ",\"gold\":%" PRIu64 ",\"tagged\":%" PRIu64 ",\"right\":%" PRIu64 ",\"precision\":%.4f,\"recall\":%.4f,\"f1\":%.4f,", texts, micro.gold, micro.tagged,
                  micro.both, agreement_precision(micro), agreement_recall(micro), agreement_f1(micro));
    put_number(out, "kappa", agreement_kappa(micro, decisions));
    buffer_byte(out, ',');
    put_number(out, "alpha", agreement_alpha(micro, decisions));
    buffer_printf(out, ",\"sentiment\":{\"texts\":%" PRIu64 ",\"macro_f1\":%.4f,\"accuracy\":%.4f,", scores_sentiments(scores, row), scores_sentiment_macro(scores, row),
                  scores_sentiment_accuracy(scores, row));
    put_number(out, "kappa", scores_sentiment_kappa(scores, row));
    buffer_byte(out, ',');
    put_number(out, "alpha", scores_sentiment_alpha(scores, row));
    buffer_text(out, "}}");
}

static void put_among(Buffer *out, const Coders *coders, const Scores *names) {
    bool first = true;
    buffer_printf(out, "{\"texts\":%" PRIu64 ",", coders->texts);
    put_number(out, "alpha", coders_alpha_pooled(coders));
    buffer_byte(out, ',');
    put_number(out, "alpha_masi", coders_alpha_sets(coders));
    buffer_printf(out, ",\"sentiment\":{\"texts\":%" PRIu64 ",", coders->sentiment_texts);
    put_number(out, "alpha", coders_alpha_sentiment(coders));
    buffer_text(out, "},\"labels\":{");
    for (size_t i = 0; i < names->name_count; i++) {
        Span name = names->names[names->sorted[i]];
        uint32_t label = table_get(&coders->labels, name);
        if (label == TABLE_NONE) continue;
        put_key(out, name, &first);
        buffer_byte(out, '{');
        put_number(out, "alpha", coders_alpha(coders, label));
        buffer_byte(out, '}');
    }
    buffer_text(out, "}}");
}

static void put_coders(Buffer *out, const Marks *marks, Arena *keep) {
    const Scores *scores = &marks->by_coder;
    const size_t *rows = rows_by_name(scores, keep);
    bool first = true;
    buffer_text(out, ",\"coders\":{\"among\":");
    put_among(out, &marks->coders, scores);
    buffer_text(out, ",\"against_majority\":");
    put_coder(out, &marks->majority, SIZE_MAX);
    buffer_text(out, ",\"against\":{");
    for (size_t i = 0; i < scores->row_count; i++) {
        put_key(out, scores->row_names[rows[i]], &first);
        put_coder(out, scores, rows[i]);
    }
    buffer_text(out, "},\"left_out\":{");
    put_left(out, &marks->coders_left, SIZE_MAX, keep);
    buffer_text(out, "}}");
}

static void put_segments(Buffer *out, const Marks *marks, const MarkSettings *settings, Arena *keep) {
    bool first = true;
    buffer_text(out, ",\"segments\":{");
    for (size_t i = 0; i < settings->segment_count; i++) {
        put_key(out, span_of(settings->segments[i]), &first);
        buffer_byte(out, '{');
        put_rows(out, marks, settings, 1 + i, true, keep);
        buffer_byte(out, '}');
    }
    buffer_byte(out, '}');
}

void scorecard_json(Buffer *out, const Marks *marks, const MarkSettings *settings, Arena *keep) {
    buffer_text(out, "{\"all\":");
    put_row(out, marks, settings, 0, SIZE_MAX, labels_by_gold(&marks->groupings[0].scores, keep), keep);
    if (settings->resamples) buffer_printf(out, ",\"bootstrap\":{\"resamples\":%zu,\"seed\":%" PRIu64 "}", settings->resamples, settings->seed);
    buffer_text(out, ",\"sentiments_left_out\":{");
    put_left(out, &marks->odd_sentiments, SIZE_MAX, keep);
    buffer_byte(out, '}');
    if (settings->segment_count) put_segments(out, marks, settings, keep);
    if (marks->by_coder.row_count) put_coders(out, marks, keep);
    buffer_byte(out, '}');
    put_rows(out, marks, settings, 0, false, keep);
    buffer_text(out, "}\n");
}
