/* long — a long response is matched some sentences at a time: its tags may not depend on how many. The texts of the shipped rules' tests, many to a response. */
#include "check.h"
#include "matching.h"
#include "plan.h"
#include "write/write.h"

static Span rule_id(const void *context, const Language *language, uint32_t rule) { return lexicons_rule(context, language, rule); }

/* Tags and hits as they would be written. */
static void describe(const Plan *plan, Matcher *matcher, Memo *memo, const Language *language, Span text, uint32_t block_tokens, Buffer *out, Arena *scratch) {
    Tokens tokens;
    Result result;
    matcher->block_tokens = block_tokens;
    out->len = 0;
    text_tokens(memo, text, language, &tokens, scratch);
    matcher_run(matcher, &tokens, ROLE_OPEN, &result, scratch);
    tagged_line(out, &(Doc){.id = SPAN("long"), .text = text}, language, &result, plan->tally.codebook, (RuleNames){rule_id, plan->lexicons});
    buffer_printf(out, "%d %d", result.score.positive, result.score.negative);
    arena_reset(scratch);
}

/* The texts of the tests, some of them to a response: its tags may not depend on how many sentences are matched at a time. */
static void try_language(const Plan *plan, Matcher *matcher, Memo *memo, const Language *language, const RuleTest *tests, size_t count, Arena *scratch) {
    static const uint32_t sizes[] = {1, 7, 100};
    Buffer text = {0}, whole = {0}, parts = {0};
    for (size_t i = 0; i < count; i++) {
        buffer_append(&text, tests[i].text);
        buffer_text(&text, i % 3 ? ". " : language->characters ? "，" : ", ");
        if (text.len < 3000 && i + 1 < count) continue;
        describe(plan, matcher, memo, language, buffer_span(&text), UINT32_MAX, &whole, scratch);
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            describe(plan, matcher, memo, language, buffer_span(&text), sizes[j], &parts, scratch);
            CHECK(span_equal(buffer_span(&parts), buffer_span(&whole)), "%.*s: %u tokens at a time\n  %.*s\nall at once\n  %.*s", (int)language->code.len, language->code.data,
                  sizes[j], (int)parts.len, parts.data, (int)whole.len, whole.data);
        }
        text.len = 0;
    }
    buffer_free(&text);
    buffer_free(&whole);
    buffer_free(&parts);
}

int main(void) {
    Arena keep = {0}, scratch = {0};
    Plan plan = {0};
    Fail fail;
    Options options = {.lexicons = SOURCE_DIR "/lexicons"};
    if (!plan_open(&options, &keep, &plan, &fail)) return fail_print(&fail), 2;
    Memo *memo = memo_open(plan.languages, 1 << 16);
    Matcher *matcher = matcher_open(plan.lexicons);
    for (size_t i = 0; i < languages_count(plan.languages); i++) {
        const Language *language = languages_at(plan.languages, i);
        if (!lexicons_know(plan.lexicons, language)) continue;
        size_t count = 0;
        const RuleTest *tests = lexicons_tests(plan.lexicons, language, &count);
        try_language(&plan, matcher, memo, language, tests, count, &scratch);
    }
    matcher_close(matcher);
    memo_close(memo);
    plan_close(&plan);
    arena_free(&scratch);
    arena_free(&keep);
    return check_end();
}
