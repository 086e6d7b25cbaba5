/* lexicon test — every test that the rules carry: `hit` texts get their code and pole, `miss` texts do not. */
#include <stdio.h>

#include "command/lexicon.h"
#include "run.h"
#include "write/write.h"

/* Trial — one test, and what is to be said of it when it failed. */
typedef struct {
    const Language *language;
    const RuleTest *test;
    bool failed;
    Span said;
} Trial;

/* Tester — what one thread owns. */
typedef struct {
    const Plan *plan;
    Trial *trials;
    Memo *memo;
    Matcher *matcher;
    Arena scratch, keep;
} Tester;

static bool tagged(const Result *result, const RuleTest *test) {
    for (size_t i = 0; i < result->tag_count; i++)
        if (result->tags[i].code == test->code && result->tags[i].pole == test->pole) return true;
    return false;
}

static void say_tag(Buffer *out, const Tester *tester, const Trial *trial, const Result *result, const Tag *tag) {
    buffer_text(out, "    tagged ");
    print_label(out, tester->plan->tally.codebook->codes[tag->code].id, tag->pole);
    for (uint32_t i = 0; i < tag->hit_count; i++) {
        const Hit *hit = &result->hits[tag->first_hit + i];
        Span text = trial->test->text, rule = lexicons_rule(tester->plan->lexicons, trial->language, hit->rule);
        buffer_text(out, i ? ", “" : ": “");
        escape_terminal(out, (Span){text.data + hit->start, hit->end - hit->start});
        buffer_printf(out, "” by %.*s%s", (int)rule.len, rule.data, hit->turned ? ", turned" : "");
    }
    buffer_byte(out, '\n');
}

static void say(Buffer *out, const Tester *tester, const Trial *trial, const Result *result) {
    const RuleTest *test = trial->test;
    buffer_printf(out, "%s:%llu: found %s", test->file, (unsigned long long)test->line, test->hit ? "no " : "");
    print_label(out, tester->plan->tally.codebook->codes[test->code].id, test->pole);
    buffer_printf(out, ", expected %s", test->hit ? "it" : "none");
    if (test->role != ROLE_OPEN) buffer_printf(out, " as an answer to %s", role_name(test->role));
    buffer_text(out, ": “");
    escape_terminal(out, test->text);
    buffer_text(out, "”\n");
    for (size_t i = 0; i < result->tag_count; i++) say_tag(out, tester, trial, result, &result->tags[i]);
}

static void try(void *own, size_t index) {
    Tester *tester = own;
    Trial *trial = &tester->trials[index];
    if (memo_full(tester->memo)) memo_clear(tester->memo), matcher_clear(tester->matcher);
    Cleaned cleaned;
    Tokens tokens;
    Result result;
    text_clean(trial->test->text, &cleaned, &tester->scratch);
    text_tokens(tester->memo, cleaned.text, trial->language, &tokens, &tester->scratch);
    tokens.anchors = cleaned.anchors;
    matcher_run(tester->matcher, &tokens, trial->test->role, &result, &tester->scratch);
    trial->failed = tagged(&result, trial->test) != trial->test->hit;
    if (trial->failed) {
        Buffer out = {0};
        say(&out, tester, trial, &result);
        trial->said = arena_copy(&tester->keep, buffer_span(&out));
        buffer_free(&out);
    }
    arena_reset(&tester->scratch);
}

static size_t gather(const Plan *plan, const Language *const *languages, size_t language_count, Arena *keep, Trial **trials) {
    size_t count = 0, capacity = 0;
    *trials = NULL;
    for (size_t i = 0; i < language_count; i++) {
        size_t test_count = 0;
        const RuleTest *tests = lexicons_tests(plan->lexicons, languages[i], &test_count);
        for (size_t j = 0; j < test_count; j++) *ARENA_PUSH(keep, *trials, count, capacity) = (Trial){.language = languages[i], .test = &tests[j]};
    }
    return count;
}

static size_t report(Buffer *out, const Language *const *languages, size_t language_count, const Trial *trials, size_t count, bool quiet) {
    size_t failed_in[LANGUAGES_MAX] = {0}, tests_in[LANGUAGES_MAX] = {0}, failed = 0;
    for (size_t i = 0; i < count; i++) {
        tests_in[trials[i].language->index]++;
        failed_in[trials[i].language->index] += trials[i].failed;
        failed += trials[i].failed;
        buffer_append(out, trials[i].said);
    }
    for (size_t i = 0; i < language_count && !quiet; i++) {
        const Language *language = languages[i];
        buffer_printf(out, "%.*s: %zu tests, %zu failed\n", (int)language->code.len, language->code.data, tests_in[language->index], failed_in[language->index]);
    }
    return failed;
}

static size_t test_all(const Options *options, const Plan *plan, const Language *const *languages, size_t language_count, Buffer *out) {
    Arena keep = {0};
    Trial *trials = NULL;
    size_t count = gather(plan, languages, language_count, &keep, &trials), threads = run_threads(options->threads);
    Tester *testers = arena_calloc(&keep, threads, sizeof *testers);
    void *owns[THREADS_MAX];
    for (size_t i = 0; i < threads; i++) {
        testers[i] = (Tester){.plan = plan, .trials = trials, .memo = memo_open(plan->languages, 1 << 14), .matcher = matcher_open(plan->lexicons)};
        owns[i] = &testers[i];
    }
    run_each(count, threads, owns, try);
    size_t failed = report(out, languages, language_count, trials, count, options->quiet);
    for (size_t i = 0; i < threads; i++) {
        matcher_close(testers[i].matcher);
        memo_close(testers[i].memo);
        arena_free(&testers[i].scratch);
        arena_free(&testers[i].keep);
    }
    arena_free(&keep);
    return failed;
}

int command_lexicon_test(const Options *options) {
    Arena keep = {0};
    Plan plan = {0};
    Fail fail;
    const Language *languages[LANGUAGES_MAX];
    size_t language_count = 0;
    int status = EXIT_DONE;
    bool opened = plan_open(options, &keep, &plan, &fail);
    if (!opened || !lexicon_languages(options, &plan, languages, &language_count, &fail)) {
        status = command_failed(&fail);
    } else {
        Buffer out = {0};
        if (test_all(options, &plan, languages, language_count, &out)) status = EXIT_FAILED;
        if (!command_print(options, buffer_span(&out), &fail)) status = command_failed(&fail);
        buffer_free(&out);
    }
    if (opened) plan_close(&plan);
    arena_free(&keep);
    return status;
}
