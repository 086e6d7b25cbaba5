/* lexicon — what the tools for whoever writes rules share. */
#include "command/lexicon.h"

#include <stdio.h>

#include "write/write.h"

bool lexicon_languages(const Options *options, const Plan *plan, const Language **chosen, size_t *count, Fail *fail) {
    *count = 0;
    for (size_t i = 0; i < options->files.count; i++)
        if (!lexicons_know(plan->lexicons, language_find(plan->languages, span_of(options->files.items[i]))))
            return fail_set(fail, FAIL_USAGE, "found '%s', expected a language with lexicons (see `verbatim languages`)", options->files.items[i]);
    for (size_t i = 0; i < languages_count(plan->languages); i++) {
        const Language *language = languages_at(plan->languages, i);
        bool named = !options->files.count && (!plan->forced || plan->forced == language);
        for (size_t j = 0; j < options->files.count; j++) named = named || language_find(plan->languages, span_of(options->files.items[j])) == language;
        if (named && lexicons_know(plan->lexicons, language)) chosen[(*count)++] = language;
    }
    return true;
}

bool lexicon_format(const Options *options, bool csv, LexiconFormat *format, Fail *fail) {
    static const char *const names[] = {"text", "json", "csv"};
    for (int i = 0; i < 2 + csv; i++)
        if (!options->to || strcmp(options->to, names[i]) == 0) return *format = (LexiconFormat)i, true;
    return fail_set(fail, FAIL_USAGE, "--to: found '%s', expected text%s", options->to, csv ? ", json or csv" : " or json");
}

/* ---- samples ---- */

bool lexicon_sample(const Options *options, const Plan *plan, Task *task, void **owns, size_t *own_count, bool *rejected, Fail *fail) {
    Options reading = *options;
    reading.files = options->on;
    Source *source = NULL;
    Totals totals = {0};
    Tally *tally = NULL;
    if (!plan_source(&reading, plan, &source, fail)) return false;
    task->rejected = command_passed_over;
    task->write = command_say_rejects;
    task->gave_up = command_gave_up;
    bool fine = run(plan, source, task, options->threads, &totals, owns, &tally, fail);
    *rejected = command_files(options, source, totals.read, totals.undecoded) || totals.rejected;
    *own_count = run_threads(options->threads);
    source_close(source);
    return fine;
}

typedef struct {
    const Plan *plan;
    size_t examples;
} Counting;

static void *open_counts(void *context) {
    const Counting *counting = context;
    return rulecounts_open(counting->plan, counting->examples);
}

static void count_rules(void *own, const Seen *seen, Buffer *out) {
    (void)out;
    rulecounts_add(own, seen);
}

bool lexicon_count(const Options *options, const Plan *plan, size_t examples, RuleCounts **counts, bool *rejected, Fail *fail) {
    Counting counting = {plan, examples};
    Task task = {.open = open_counts, .seen = count_rules, .context = &counting};
    void *owns[THREADS_MAX];
    size_t own_count = 0;
    bool fine = lexicon_sample(options, plan, &task, owns, &own_count, rejected, fail);
    *counts = NULL;
    for (size_t i = 0; i < own_count; i++) {
        RuleCounts *one = owns[i];
        if (i) rulecounts_merge(*counts, one), rulecounts_close(one);
        else *counts = one;
    }
    return fine;
}

void print_label(Buffer *out, Span code, int pole) {
    buffer_append(out, code);
    if (pole) buffer_byte(out, ':'), buffer_text(out, pole_name(pole));
}
