/* eval — scores of the tagger against labelled sets. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/command.h"
#include "labelmap.h"
#include "plan.h"
#include "run.h"
#include "score.h"
#include "write/write.h"

enum { LEFT_NAMED = 10, NAME_COLUMN = 36 }; /* labels left out that are named one by one; least width */

typedef struct {
    Scores scores;
    Scores left; /* labels that nothing is known of, as gold */
    Scores tags; /* with a map of sections: codes given, and as gold those of them that are right */
} Marks;

typedef struct {
    const Options *options;
    Plan plan;
    Source *source;
    Arena keep;
    LabelMap map;
    Marks *marks; /* [threads] handed out one by one */
    size_t opened;
    Marks sum;
} Evaluation;

typedef struct {
    const Evaluation *evaluation;
    Marks *marks;
    Arena scratch;
} Marker;

static void *open_marker(void *context) {
    Evaluation *evaluation = context;
    Marker *marker = arena_calloc(&evaluation->keep, 1, sizeof *marker);
    *marker = (Marker){.evaluation = evaluation, .marks = &evaluation->marks[evaluation->opened++]};
    return marker;
}

static void marks_merge(Marks *into, const Marks *from) {
    scores_merge(&into->scores, &from->scores);
    scores_merge(&into->left, &from->left);
    scores_merge(&into->tags, &from->tags);
}

static void marks_free(Marks *marks) {
    scores_free(&marks->scores);
    scores_free(&marks->left);
    scores_free(&marks->tags);
}

static int sentiment_number(Span name) {
    for (int i = 0; i < SENTIMENT_COUNT; i++)
        if (span_is(name, sentiment_name(i))) return i;
    return -1;
}

static void mark(void *own, const Seen *seen, Buffer *out) {
    (void)out;
    Marker *marker = own;
    const Evaluation *evaluation = marker->evaluation;
    arena_reset(&marker->scratch);
    Marked marked;
    labelmap_mark(&evaluation->map, evaluation->plan.tally.codebook, &seen->gold, seen->result.tags, seen->result.tag_count, &marked, &marker->scratch);
    static const Span nothing = {"", 0};
    const Span *gold = !marked.coded ? NULL : marked.gold.count ? marked.gold.items : &nothing;
    Span language = seen->doc.lang.len ? seen->doc.lang : seen->language ? seen->language->code : SPAN("und");
    scores_add(&marker->marks->scores, language, gold, marked.gold.count, marked.given.items, marked.given.count, sentiment_number(seen->gold.sentiment), (int)seen->result.score.label);
    scores_add(&marker->marks->tags, language, marked.right.count ? marked.right.items : &nothing, marked.right.count, marked.tags.items, marked.tags.count, -1, 0);
    for (size_t i = 0; i < marked.left.count; i++) scores_add(&marker->marks->left, language, &marked.left.items[i], 1, NULL, 0, -1, 0);
}

static void passed_over(void *own, const Record *record, const Fail *fail, Buffer *rejects) {
    (void)own, (void)record;
    fail_text(fail, rejects);
}

/* Workers finish in any order; what is said stands in that of the input. */
static bool say_rejects(void *context, Span out, Span rejects, Fail *fail) {
    (void)context, (void)out, (void)fail;
    if (rejects.len) fwrite(rejects.data, 1, rejects.len, stderr);
    return true;
}

/* ---- printing ---- */

static uint64_t texts_of(const Scores *scores, size_t language) {
    uint64_t texts = 0;
    for (size_t i = 0; i < scores->tag_count; i++)
        if (language == SIZE_MAX || language == i) texts += scores->texts[i] > scores->sentiments[i] ? scores->texts[i] : scores->sentiments[i];
    return texts;
}

static bool has_sections(const Evaluation *evaluation) { return evaluation->map.labels || evaluation->map.aspects; }

/* The number in `other` of a language of `scores`; one that `other` has not where it has no texts of it. */
static size_t language_in(const Scores *other, const Scores *scores, size_t language) {
    if (language == SIZE_MAX) return SIZE_MAX;
    size_t number = 0;
    while (number < other->tag_count && !span_equal(other->tags[number], scores->tags[language])) number++;
    return number;
}

/* Micro — over all labels. Where the labels are the set's own, they share codes: precision is over tags, so that a wrong one is one error, and
 * recall over labels. */
typedef struct {
    uint64_t gold, found, tagged, right;
    double precision, recall, f1;
} Micro;

static Micro micro_of(const Evaluation *evaluation, size_t language) {
    const Marks *sum = &evaluation->sum;
    Agreement labels = scores_micro(&sum->scores, language), tags = labels;
    if (has_sections(evaluation)) {
        tags = (Agreement){0};
        size_t number = language_in(&sum->tags, &sum->scores, language);
        for (size_t i = 0; i < sum->tags.name_count; i++) {
            Agreement one = scores_label(&sum->tags, number, i);
            tags.tagged += one.tagged, tags.both += one.both;
        }
    }
    double precision = agreement_precision(tags), recall = agreement_recall(labels);
    double f1 = !has_sections(evaluation) ? agreement_f1(labels) : precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    return (Micro){labels.gold, labels.both, tags.tagged, tags.both, precision, recall, f1};
}

static void text_language(Buffer *out, const Evaluation *evaluation, size_t language, Span name) {
    const Scores *scores = &evaluation->sum.scores;
    Micro micro = micro_of(evaluation, language);
    uint64_t texts = texts_of(scores, language);
    Buffer safe = {0}; /* it may be what a record calls its language */
    escape_terminal(&safe, name);
    buffer_printf(out, "%-8.*s %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7.3f %7.3f %7.3f %7.3f %10.3f %9.3f\n", (int)safe.len, safe.data, texts, micro.gold, micro.tagged,
                  micro.precision, micro.recall, micro.f1, scores_macro(scores, language, 5), scores_sentiment_macro(scores, language),
                  scores_sentiment_accuracy(scores, language));
    buffer_free(&safe);
}

static const Scores *sorting; /* only for qsort in the single-threaded end */

static int by_gold(const void *left, const void *right) {
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    uint64_t gold_a = scores_label(sorting, SIZE_MAX, a).gold, gold_b = scores_label(sorting, SIZE_MAX, b).gold;
    if (gold_a != gold_b) return gold_a > gold_b ? -1 : 1;
    return span_compare(sorting->names[a], sorting->names[b]);
}

static int by_tag(const void *left, const void *right) { return span_compare(sorting->tags[*(const size_t *)left], sorting->tags[*(const size_t *)right]); }

static size_t *sorted(const Scores *scores, size_t count, int (*order)(const void *, const void *), Arena *keep) {
    size_t *numbers = arena_alloc(keep, count * sizeof *numbers);
    for (size_t i = 0; i < count; i++) numbers[i] = i;
    sorting = scores;
    qsort(numbers, count, sizeof *numbers, order);
    return numbers;
}

/* A name of labels, safe to show, and how many columns it takes. */
static Span shown(Span name, Arena *keep, size_t *columns) {
    Buffer safe = {0};
    escape_terminal(&safe, name);
    Span copy = arena_copy(keep, buffer_span(&safe));
    buffer_free(&safe);
    *columns = 0;
    for (size_t i = 0; i < copy.len; i++) *columns += ((unsigned char)copy.data[i] & 0xc0) != 0x80;
    return copy;
}

static void text_name(Buffer *out, Span name, size_t width, Arena *keep) {
    size_t columns;
    buffer_append(out, shown(name, keep, &columns));
    for (; columns < width; columns++) buffer_byte(out, ' ');
}

static void text_labels(Buffer *out, const Scores *scores, Arena *keep) {
    const size_t *labels = sorted(scores, scores->name_count, by_gold, keep);
    size_t width = NAME_COLUMN;
    for (size_t i = 0, columns; i < scores->name_count; i++) {
        shown(scores->names[i], keep, &columns);
        if (columns > width && scores_coded(scores, i)) width = columns;
    }
    buffer_byte(out, '\n');
    text_name(out, SPAN("label"), width, keep);
    buffer_printf(out, " %7s %7s %7s %7s %7s\n", "gold", "tagged", "prec", "recall", "F1");
    for (size_t i = 0; i < scores->name_count; i++) {
        if (!scores_coded(scores, labels[i])) continue;
        Agreement one = scores_label(scores, SIZE_MAX, labels[i]);
        text_name(out, scores->names[labels[i]], width, keep);
        buffer_printf(out, " %7" PRIu64 " %7" PRIu64 " %7.3f %7.3f %7.3f\n", one.gold, one.tagged, agreement_precision(one), agreement_recall(one), agreement_f1(one));
    }
}

static void text_left(Buffer *out, const Scores *left, bool sections, Arena *keep) {
    const size_t *labels = sorted(left, left->name_count, by_gold, keep);
    uint64_t all = 0;
    for (size_t i = 0; i < left->name_count; i++) all += scores_label(left, SIZE_MAX, i).gold;
    if (!all) return;
    buffer_printf(out, "\n%" PRIu64 " gold labels %s and were left out", all, sections ? "are not in the map" : "are no codes of the codebook");
    for (size_t i = 0, columns; i < left->name_count && i < LEFT_NAMED; i++) {
        Span name = shown(left->names[labels[i]], keep, &columns);
        buffer_printf(out, "%s “%.*s” (%" PRIu64 ")", i ? "," : ":", (int)name.len, name.data, scores_label(left, SIZE_MAX, labels[i]).gold);
    }
    if (left->name_count > LEFT_NAMED) buffer_printf(out, ", and %zu others", left->name_count - LEFT_NAMED);
    buffer_text(out, sections ? "\n" : "; --map names what they stand for\n");
}

static void print_text(Buffer *out, Evaluation *evaluation) {
    const Scores *scores = &evaluation->sum.scores;
    Arena *keep = &evaluation->keep;
    bool sections = has_sections(evaluation);
    buffer_printf(out, "%-8s %7s %7s %7s %7s %7s %7s %7s %10s %9s\n", "", "texts", "gold", "tagged", "prec", "recall", "micro", "macro", "sentiment", "accuracy");
    const size_t *languages = sorted(scores, scores->tag_count, by_tag, keep);
    for (size_t i = 0; i < scores->tag_count; i++) text_language(out, evaluation, languages[i], scores->tags[languages[i]]);
    text_language(out, evaluation, SIZE_MAX, SPAN("all"));
    buffer_text(out, "\nmicro: F1 over labels; macro: mean F1 of labels with 5 gold cases or more; sentiment: macro-F1\n");
    if (sections) buffer_text(out, "above: precision over tags, recall over labels; below: labels of the set, `tagged` are texts with one of its codes, but for a code that another of their labels stands for\n");
    text_labels(out, scores, keep);
    text_left(out, &evaluation->sum.left, sections, keep);
}

static void json_agreement(Buffer *out, Agreement one) {
    buffer_printf(out, "\"gold\":%" PRIu64 ",\"tagged\":%" PRIu64 ",\"right\":%" PRIu64 ",\"precision\":%.4f,\"recall\":%.4f,\"f1\":%.4f", one.gold, one.tagged, one.both,
                  agreement_precision(one), agreement_recall(one), agreement_f1(one));
}

static void json_labels(Buffer *out, const Scores *scores, size_t language, const size_t *order) {
    bool first = true;
    for (size_t i = 0; i < scores->name_count; i++) {
        Agreement one = scores_label(scores, language, order[i]);
        if (!scores_coded(scores, order[i]) || !(one.gold + one.tagged)) continue;
        buffer_text(out, first ? "" : ",");
        escape_json(out, scores->names[order[i]]);
        buffer_text(out, ":{");
        json_agreement(out, one);
        buffer_byte(out, '}');
        first = false;
    }
}

/* Labels that were left out, of a language's texts or of all. */
static void json_left(Buffer *out, const Marks *marks, size_t language, Arena *keep) {
    const Scores *left = &marks->left;
    const size_t *order = sorted(left, left->name_count, by_gold, keep);
    size_t number = language_in(left, &marks->scores, language);
    bool first = true;
    for (size_t i = 0; i < left->name_count; i++) {
        uint64_t count = scores_label(left, number, order[i]).gold;
        if (!count) continue;
        buffer_text(out, first ? "" : ",");
        escape_json(out, left->names[order[i]]);
        buffer_printf(out, ":%" PRIu64, count);
        first = false;
    }
}

/* Of a map with sections: how often each code was right. */
static void json_codes(Buffer *out, const Marks *marks, size_t language, Arena *keep) {
    const Scores *tags = &marks->tags;
    const size_t *order = sorted(tags, tags->name_count, by_gold, keep);
    size_t number = language_in(tags, &marks->scores, language);
    bool first = true;
    for (size_t i = 0; i < tags->name_count; i++) {
        Agreement one = scores_label(tags, number, order[i]);
        if (!one.tagged) continue;
        buffer_text(out, first ? "" : ",");
        escape_json(out, tags->names[order[i]]);
        buffer_printf(out, ":{\"tagged\":%" PRIu64 ",\"right\":%" PRIu64 ",\"precision\":%.4f}", one.tagged, one.both, agreement_precision(one));
        first = false;
    }
}

static void json_micro(Buffer *out, const Evaluation *evaluation, size_t language) {
    Micro micro = micro_of(evaluation, language);
    buffer_printf(out, "\"gold\":%" PRIu64, micro.gold);
    if (has_sections(evaluation)) buffer_printf(out, ",\"found\":%" PRIu64, micro.found);
    buffer_printf(out, ",\"tagged\":%" PRIu64 ",\"right\":%" PRIu64 ",\"precision\":%.4f,\"recall\":%.4f,\"f1\":%.4f", micro.tagged, micro.right, micro.precision, micro.recall, micro.f1);
}

static void json_language(Buffer *out, Evaluation *evaluation, size_t language, Span name, const size_t *order) {
    const Marks *marks = &evaluation->sum;
    const Scores *scores = &marks->scores;
    Arena *keep = &evaluation->keep;
    escape_json(out, name);
    buffer_printf(out, ":{\"texts\":%" PRIu64 ",\"micro\":{", texts_of(scores, language));
    json_micro(out, evaluation, language);
    buffer_printf(out, "},\"macro_f1\":%.4f,\"sentiment\":{\"macro_f1\":%.4f,\"accuracy\":%.4f,\"confusion\":{", scores_macro(scores, language, 5),
                  scores_sentiment_macro(scores, language), scores_sentiment_accuracy(scores, language));
    for (size_t gold = 0; gold < SENTIMENT_COUNT; gold++) {
        buffer_printf(out, "%s\"%s\":{", gold ? "," : "", sentiment_name((int)gold));
        for (size_t given = 0; given < SENTIMENT_COUNT; given++) {
            uint64_t sum = 0;
            for (size_t i = 0; i < scores->tag_count; i++)
                if (language == SIZE_MAX || language == i) sum += scores->confusion[i][gold][given];
            buffer_printf(out, "%s\"%s\":%" PRIu64, given ? "," : "", sentiment_name((int)given), sum);
        }
        buffer_byte(out, '}');
    }
    buffer_text(out, "}},\"labels\":{");
    json_labels(out, scores, language, order);
    if (has_sections(evaluation)) {
        buffer_text(out, "},\"codes\":{");
        json_codes(out, marks, language, keep);
    }
    buffer_text(out, "},\"left_out\":{");
    json_left(out, marks, language, keep);
    buffer_text(out, "}}");
}

static void print_json(Buffer *out, Evaluation *evaluation) {
    const Scores *scores = &evaluation->sum.scores;
    Arena *keep = &evaluation->keep;
    const size_t *order = sorted(scores, scores->name_count, by_gold, keep), *languages = sorted(scores, scores->tag_count, by_tag, keep);
    buffer_byte(out, '{');
    json_language(out, evaluation, SIZE_MAX, SPAN("all"), order);
    for (size_t i = 0; i < scores->tag_count; i++) {
        buffer_byte(out, ',');
        json_language(out, evaluation, languages[i], scores->tags[languages[i]], order);
    }
    buffer_text(out, "}\n");
}

/* ---- the command ---- */

static bool read_map(Evaluation *evaluation, Fail *fail) {
    if (!evaluation->options->map) return true;
    bool fine = labelmap_read(evaluation->options->map, evaluation->plan.tally.codebook, &evaluation->keep, &evaluation->map, fail);
    evaluation->plan.read.aspects = fine && evaluation->map.aspects;
    return fine;
}

static bool evaluate(Evaluation *evaluation, Totals *totals, Fail *fail) {
    const Options *options = evaluation->options;
    evaluation->marks = arena_calloc(&evaluation->keep, THREADS_MAX, sizeof *evaluation->marks);
    Task task = {.open = open_marker, .seen = mark, .rejected = passed_over, .write = say_rejects, .gave_up = command_gave_up, .context = evaluation};
    Tally *tally = NULL;
    void *markers[THREADS_MAX];
    bool fine = run(&evaluation->plan, evaluation->source, &task, options->threads, totals, markers, &tally, fail);
    for (size_t i = 0; i < evaluation->opened; i++) {
        marks_merge(&evaluation->sum, &evaluation->marks[i]);
        marks_free(&evaluation->marks[i]);
        arena_free(&((Marker *)markers[i])->scratch);
    }
    return fine;
}

static bool print_scores(Evaluation *evaluation, Fail *fail) {
    const char *to = evaluation->options->to ? evaluation->options->to : "text";
    Buffer out = {0};
    bool fine = true;
    if (strcmp(to, "json") == 0) print_json(&out, evaluation);
    else if (strcmp(to, "text") == 0) print_text(&out, evaluation);
    else fine = fail_set(fail, FAIL_USAGE, "--to: found '%s', expected text or json", to);
    fine = fine && command_print(evaluation->options, buffer_span(&out), fail);
    buffer_free(&out);
    return fine;
}

int command_eval(const Options *options) {
    Fail fail;
    Evaluation evaluation = {.options = options};
    if (!plan_open(options, &evaluation.keep, &evaluation.plan, &fail) || !plan_models(options, &evaluation.keep, &evaluation.plan, &fail)) {
        int status = command_failed(&fail); /* its place stands in keep */
        plan_close(&evaluation.plan);
        arena_free(&evaluation.keep);
        return status;
    }
    evaluation.plan.read.gold = true;
    int status = EXIT_DONE;
    Totals totals = {0};
    if (!read_map(&evaluation, &fail) || !plan_source(options, &evaluation.plan, &evaluation.source, &fail)) {
        status = command_failed(&fail);
    } else {
        if (!evaluate(&evaluation, &totals, &fail) || !print_scores(&evaluation, &fail)) status = command_failed(&fail);
        size_t damaged = command_files(options, evaluation.source, totals.read, totals.undecoded);
        if (status == EXIT_DONE && (damaged || totals.rejected)) status = EXIT_REJECTED;
        source_close(evaluation.source);
    }
    marks_free(&evaluation.sum);
    labelmap_free(&evaluation.map);
    plan_close(&evaluation.plan);
    arena_free(&evaluation.keep);
    return status;
}
