/* eval — scores of the tagger against labelled sets. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/command.h"
#include "plan.h"
#include "run.h"
#include "score.h"
#include "write/write.h"
#include "yamltree.h"

typedef struct {
    const Options *options;
    Plan plan;
    Source *source;
    Arena keep;
    const YamlNode *map;  /* set label: code:pole, or a list of them; NULL: none */
    Scores *scores;       /* [threads] handed out one by one */
    size_t opened;
    Scores sum;
    uint64_t rejected;
} Evaluation;

typedef struct {
    const Evaluation *evaluation;
    Scores *scores;
    Arena scratch;
} Marker;

static void *open_marker(void *context) {
    Evaluation *evaluation = context;
    Marker *marker = arena_calloc(&evaluation->keep, 1, sizeof *marker);
    *marker = (Marker){.evaluation = evaluation, .scores = &evaluation->scores[evaluation->opened++]};
    return marker;
}

static bool is_label(const Codebook *codebook, Span label) {
    const char *colon = memchr(label.data, ':', label.len);
    Span id = colon ? (Span){label.data, (size_t)(colon - label.data)} : label;
    const Code *code = codebook_find(codebook, id);
    if (!code) return false;
    Span pole = colon ? (Span){colon + 1, label.len - id.len - 1} : SPAN("");
    return code->poles ? span_is(pole, "negative") || span_is(pole, "positive") : !colon;
}

/* A gold label as the codes it stands for; unknown ones are counted. */
static void map_label(Marker *marker, Span label, Span **labels, size_t *count, size_t *capacity) {
    const Evaluation *evaluation = marker->evaluation;
    const YamlNode *codes = NULL;
    for (size_t i = 0; evaluation->map && i < evaluation->map->count && !codes; i++)
        if (span_equal(evaluation->map->keys[i]->text, label)) codes = evaluation->map->values[i];
    if (codes && codes->kind == YAML_TEXT) *ARENA_PUSH(&marker->scratch, *labels, *count, *capacity) = codes->text;
    for (size_t i = 0; codes && codes->kind == YAML_LIST && i < codes->count; i++) *ARENA_PUSH(&marker->scratch, *labels, *count, *capacity) = codes->values[i]->text;
    if (codes) return;
    if (is_label(evaluation->plan.tally.codebook, label)) *ARENA_PUSH(&marker->scratch, *labels, *count, *capacity) = label;
    else marker->scores->unknown++;
}

static Span tag_label(Marker *marker, const Tag *tag) {
    Span id = marker->evaluation->plan.tally.codebook->codes[tag->code].id;
    if (!tag->pole) return id;
    const char *pole = pole_name(tag->pole);
    char *label = arena_alloc(&marker->scratch, id.len + 1 + strlen(pole));
    memcpy(label, id.data, id.len);
    label[id.len] = ':';
    memcpy(label + id.len + 1, pole, strlen(pole));
    return (Span){label, id.len + 1 + strlen(pole)};
}

static int sentiment_number(Span name) {
    for (int i = 0; i < SENTIMENT_COUNT; i++)
        if (span_is(name, sentiment_name(i))) return i;
    return -1;
}

static void mark(void *own, const Seen *seen, Buffer *out) {
    (void)out;
    Marker *marker = own;
    arena_reset(&marker->scratch);
    Span *gold = NULL, *given = arena_alloc(&marker->scratch, seen->result.tag_count * sizeof *given);
    size_t gold_count = 0, capacity = 0;
    for (size_t i = 0; i < seen->gold.label_count; i++) map_label(marker, seen->gold.labels[i], &gold, &gold_count, &capacity);
    for (size_t i = 0; i < seen->result.tag_count; i++) given[i] = tag_label(marker, &seen->result.tags[i]);
    static const Span nothing = {"", 0};
    const Span *labels = !seen->gold.has_labels ? NULL : gold ? gold : &nothing;
    Span language = seen->doc.lang.len ? seen->doc.lang : seen->language ? seen->language->code : SPAN("und");
    scores_add(marker->scores, language, labels, gold_count, given, seen->result.tag_count, sentiment_number(seen->gold.sentiment), (int)seen->result.score.label);
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

static void text_language(Buffer *out, const Scores *scores, size_t language, Span name) {
    Agreement micro = scores_micro(scores, language);
    uint64_t texts = texts_of(scores, language);
    Buffer safe = {0}; /* it may be what a record calls its language */
    escape_terminal(&safe, name);
    buffer_printf(out, "%-8.*s %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7.3f %7.3f %7.3f %7.3f %10.3f %9.3f\n", (int)safe.len, safe.data, texts, micro.gold, micro.tagged,
                  agreement_precision(micro), agreement_recall(micro), agreement_f1(micro), scores_macro(scores, language, 5), scores_sentiment_macro(scores, language),
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

static void print_text(Buffer *out, const Scores *scores, Arena *keep) {
    buffer_printf(out, "%-8s %7s %7s %7s %7s %7s %7s %7s %10s %9s\n", "", "texts", "gold", "tagged", "prec", "recall", "micro", "macro", "sentiment", "accuracy");
    const size_t *languages = sorted(scores, scores->tag_count, by_tag, keep);
    for (size_t i = 0; i < scores->tag_count; i++) text_language(out, scores, languages[i], scores->tags[languages[i]]);
    text_language(out, scores, SIZE_MAX, SPAN("all"));
    buffer_text(out, "\nmicro: F1 over labels; macro: mean F1 of labels with 5 gold cases or more; sentiment: macro-F1\n");
    buffer_printf(out, "\n%-36s %7s %7s %7s %7s %7s\n", "label", "gold", "tagged", "prec", "recall", "F1");
    const size_t *labels = sorted(scores, scores->name_count, by_gold, keep);
    for (size_t i = 0; i < scores->name_count; i++) {
        if (!scores_coded(scores, labels[i])) continue;
        Agreement one = scores_label(scores, SIZE_MAX, labels[i]);
        buffer_printf(out, "%-36.*s %7" PRIu64 " %7" PRIu64 " %7.3f %7.3f %7.3f\n", (int)scores->names[labels[i]].len, scores->names[labels[i]].data, one.gold, one.tagged,
                      agreement_precision(one), agreement_recall(one), agreement_f1(one));
    }
    if (scores->unknown) buffer_printf(out, "\n%" PRIu64 " gold labels are no codes of the codebook and were left out; --map names what they stand for\n", scores->unknown);
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

static void json_language(Buffer *out, const Scores *scores, size_t language, Span name, const size_t *order) {
    escape_json(out, name);
    buffer_printf(out, ":{\"texts\":%" PRIu64 ",\"micro\":{", texts_of(scores, language));
    json_agreement(out, scores_micro(scores, language));
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
    buffer_text(out, "}}");
}

static void print_json(Buffer *out, const Scores *scores, Arena *keep) {
    const size_t *order = sorted(scores, scores->name_count, by_gold, keep), *languages = sorted(scores, scores->tag_count, by_tag, keep);
    buffer_byte(out, '{');
    json_language(out, scores, SIZE_MAX, SPAN("all"), order);
    for (size_t i = 0; i < scores->tag_count; i++) {
        buffer_byte(out, ',');
        json_language(out, scores, languages[i], scores->tags[languages[i]], order);
    }
    buffer_text(out, "}\n");
}

/* ---- the command ---- */

static bool read_map(Evaluation *evaluation, Fail *fail) {
    if (!evaluation->options->map) return true;
    if (!yaml_read(evaluation->options->map, &evaluation->keep, &evaluation->map, fail) || !yaml_expect(evaluation->map, YAML_MAP, "a label map", fail)) return false;
    for (size_t i = 0; i < evaluation->map->count; i++) {
        const YamlNode *codes = evaluation->map->values[i];
        if (codes->kind == YAML_MAP) return yaml_fail(codes, fail, "found a mapping, expected a code or a list of codes");
        for (size_t j = 0; j < (codes->kind == YAML_LIST ? codes->count : 1); j++) {
            const YamlNode *code = codes->kind == YAML_LIST ? codes->values[j] : codes;
            if (!yaml_expect(code, YAML_TEXT, "a code", fail)) return false;
            if (code->text.len && !is_label(evaluation->plan.tally.codebook, code->text))
                return yaml_fail(code, fail, "found '%.*s', expected code:negative, code:positive, or a code without poles", (int)code->text.len, code->text.data);
        }
    }
    return true;
}

static bool evaluate(Evaluation *evaluation, Totals *totals, Fail *fail) {
    const Options *options = evaluation->options;
    evaluation->scores = arena_calloc(&evaluation->keep, THREADS_MAX, sizeof *evaluation->scores);
    Task task = {.open = open_marker, .seen = mark, .rejected = passed_over, .write = say_rejects, .gave_up = command_gave_up, .context = evaluation};
    Tally *tally = NULL;
    void *markers[THREADS_MAX];
    bool fine = run(&evaluation->plan, evaluation->source, &task, options->threads, totals, markers, &tally, fail);
    for (size_t i = 0; i < evaluation->opened; i++) {
        scores_merge(&evaluation->sum, &evaluation->scores[i]);
        scores_free(&evaluation->scores[i]);
        arena_free(&((Marker *)markers[i])->scratch);
    }
    return fine;
}

static bool print_scores(Evaluation *evaluation, Fail *fail) {
    const char *to = evaluation->options->to ? evaluation->options->to : "text";
    Buffer out = {0};
    bool fine = true;
    if (strcmp(to, "json") == 0) print_json(&out, &evaluation->sum, &evaluation->keep);
    else if (strcmp(to, "text") == 0) print_text(&out, &evaluation->sum, &evaluation->keep);
    else fine = fail_set(fail, FAIL_USAGE, "--to: found '%s', expected text or json", to);
    fine = fine && command_print(evaluation->options, buffer_span(&out), fail);
    buffer_free(&out);
    return fine;
}

int command_eval(const Options *options) {
    Fail fail;
    Evaluation evaluation = {.options = options};
    if (!plan_open(options, &evaluation.keep, &evaluation.plan, &fail)) return arena_free(&evaluation.keep), command_failed(&fail);
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
    scores_free(&evaluation.sum);
    plan_close(&evaluation.plan);
    arena_free(&evaluation.keep);
    return status;
}
