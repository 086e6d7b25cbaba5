/* eval — scores of the tagger against labelled sets. */
#include <stdio.h>

#include "command/command.h"
#include "command/scorecard.h"
#include "plan.h"
#include "run.h"

typedef struct {
    const Options *options;
    Plan plan;
    Source *source;
    Sink *errors; /* NULL: not wanted */
    Arena keep;
    LabelMap map;
    MarkSettings settings;
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
    marks_open(&evaluation->settings, marker->marks);
    return marker;
}

static void mark(void *own, const Seen *seen, Buffer *out) {
    (void)out;
    Marker *marker = own;
    arena_reset(&marker->scratch);
    marks_add(marker->marks, &marker->evaluation->settings, seen, &marker->scratch);
}

static Span rule_id(const void *context, const Language *language, uint32_t rule) { return lexicons_rule(context, language, rule); }

static bool open_settings(Evaluation *evaluation, Fail *fail) {
    const Options *options = evaluation->options;
    const Codebook *codebook = evaluation->plan.tally.codebook;
    if (options->map && !labelmap_read(options->map, codebook, &evaluation->keep, &evaluation->map, fail)) return false;
    evaluation->plan.read.aspects = evaluation->map.aspects;
    evaluation->settings = (MarkSettings){.map = &evaluation->map, .codebook = codebook, .segments = options->segment.items, .segment_count = options->segment.count,
                                          .resamples = options->resamples, .seed = options->seed, .mistakes = options->errors ? options->errors_most : 0,
                                          .names = {rule_id, evaluation->plan.lexicons}};
    return true;
}

static bool evaluate(Evaluation *evaluation, Totals *totals, Fail *fail) {
    const Options *options = evaluation->options;
    evaluation->marks = arena_calloc(&evaluation->keep, THREADS_MAX, sizeof *evaluation->marks);
    Task task = {.open = open_marker, .seen = mark, .rejected = command_passed_over, .write = command_say_rejects, .gave_up = command_gave_up, .context = evaluation};
    Tally *tally = NULL;
    void *markers[THREADS_MAX];
    bool fine = run(&evaluation->plan, evaluation->source, &task, options->threads, totals, markers, &tally, fail);
    marks_open(&evaluation->settings, &evaluation->sum);
    for (size_t i = 0; i < evaluation->opened; i++) {
        marks_merge(&evaluation->sum, &evaluation->marks[i], &evaluation->settings);
        marks_free(&evaluation->marks[i]);
        arena_free(&((Marker *)markers[i])->scratch);
    }
    marks_finish(&evaluation->sum);
    return fine;
}

static bool print_scores(Evaluation *evaluation, Fail *fail) {
    const char *to = evaluation->options->to ? evaluation->options->to : "text";
    Buffer out = {0};
    bool fine = true;
    if (strcmp(to, "json") == 0) scorecard_json(&out, &evaluation->sum, &evaluation->settings, &evaluation->keep);
    else if (strcmp(to, "text") == 0) scorecard_text(&out, &evaluation->sum, &evaluation->settings, &evaluation->keep);
    else fine = fail_set(fail, FAIL_USAGE, "--to: found '%s', expected text or json", to);
    fine = fine && command_print(evaluation->options, buffer_span(&out), fail);
    buffer_free(&out);
    return fine;
}

static bool write_errors(Evaluation *evaluation, bool fine, Fail *fail) {
    if (!evaluation->errors) return fine;
    Buffer lines = {0};
    if (fine) marks_mistakes(&evaluation->sum, &evaluation->settings, &lines);
    fine = fine && (!lines.len || sink_write(evaluation->errors, buffer_span(&lines), fail));
    buffer_free(&lines);
    Fail other;
    return sink_close(evaluation->errors, fine, fine ? fail : &other) && fine;
}

/* The file of errors is opened before anything is read: a name that cannot be written must not cost the run. */
static bool open_files(Evaluation *evaluation, Fail *fail) {
    const Options *options = evaluation->options;
    if (!plan_source(options, &evaluation->plan, &evaluation->source, fail)) return false;
    if (!options->errors || sink_open(options->errors, &evaluation->errors, fail)) return true;
    source_close(evaluation->source);
    return false;
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
    if (!open_settings(&evaluation, &fail) || !open_files(&evaluation, &fail)) {
        status = command_failed(&fail);
    } else {
        bool fine = evaluate(&evaluation, &totals, &fail) && print_scores(&evaluation, &fail);
        if (!write_errors(&evaluation, fine, &fail)) status = command_failed(&fail);
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
