/* rules — every test that the rules carry: `hit` texts get their code and pole, `miss` texts do not.
 * usage: test_rules [LEXICONS [LANG]]   prints what failed, with file and line, and what was tagged instead. */
#include "check.h"
#include "plan.h"

static bool tagged(const Seen *seen, const RuleTest *test) {
    for (size_t i = 0; i < seen->result.tag_count; i++)
        if (seen->result.tags[i].code == test->code && seen->result.tags[i].pole == test->pole) return true;
    return false;
}

static void print_found(const Plan *plan, const Seen *seen) {
    for (size_t i = 0; i < seen->result.tag_count; i++) {
        Span id = plan->tally.codebook->codes[seen->result.tags[i].code].id;
        fprintf(stderr, "    tagged %.*s %s\n", (int)id.len, id.data, pole_name(seen->result.tags[i].pole));
    }
}

static void try(const Plan *plan, Matcher *matcher, Memo *memo, const Language *language, const RuleTest *test, Arena *scratch) {
    Seen seen = {.language = language};
    text_clean(test->text, &seen.cleaned, scratch);
    text_tokens(memo, seen.cleaned.text, language, &seen.tokens, scratch);
    matcher_run(matcher, &seen.tokens, test->role, &seen.result, scratch);
    bool fine = tagged(&seen, test) == test->hit;
    Span id = plan->tally.codebook->codes[test->code].id;
    CHECK(fine, "%s:%llu: %s %.*s%s%s: “%.*s”", test->file, (unsigned long long)test->line, test->hit ? "hit" : "miss", (int)id.len, id.data, test->pole ? ":" : "",
          pole_name(test->pole), (int)test->text.len, test->text.data);
    if (!fine) print_found(plan, &seen);
    arena_reset(scratch);
}

/* The frame asks of each row, in each language: 4 hits and 2 misses. A topic's tests count for no pole. */
static void enough(const Plan *plan, const Language *language, const RuleTest *tests, size_t count) {
    const Codebook *codebook = plan->tally.codebook;
    for (size_t code = 0; code < codebook->code_count; code++)
        for (int pole = codebook->codes[code].poles ? POLE_NEGATIVE : POLE_NONE; pole <= (codebook->codes[code].poles ? POLE_POSITIVE : POLE_NONE); pole++) {
            size_t hits = 0, misses = 0;
            for (size_t i = 0; i < count; i++)
                if (tests[i].code == code && tests[i].pole == pole) hits += tests[i].hit, misses += !tests[i].hit;
            Span id = codebook->codes[code].id;
            CHECK(hits >= 4 && misses >= 2, "%.*s %.*s %s: %zu hits and %zu misses, wanted 4 and 2", (int)language->code.len, language->code.data, (int)id.len, id.data,
                  pole_name(pole), hits, misses);
        }
}

int main(int count, char **arguments) {
    Arena keep = {0}, scratch = {0};
    Plan plan = {0};
    Fail fail;
    Options options = {.lexicons = count > 1 ? arguments[1] : SOURCE_DIR "/lexicons"};
    if (!plan_open(&options, &keep, &plan, &fail)) {
        fail_print(&fail);
        return 2;
    }
    Memo *memo = memo_open(plan.languages, 1 << 16);
    Matcher *matcher = matcher_open(plan.lexicons);
    for (size_t i = 0; i < languages_count(plan.languages); i++) {
        const Language *language = languages_at(plan.languages, i);
        if (!lexicons_know(plan.lexicons, language) || (count > 2 && !span_is(language->code, arguments[2]))) continue;
        size_t test_count = 0;
        const RuleTest *tests = lexicons_tests(plan.lexicons, language, &test_count);
        for (size_t j = 0; j < test_count; j++) try(&plan, matcher, memo, language, &tests[j], &scratch);
        if (count < 2) enough(&plan, language, tests, test_count);
    }
    matcher_close(matcher);
    memo_close(memo);
    plan_close(&plan);
    arena_free(&scratch);
    arena_free(&keep);
    return check_end();
}
