/* Any text with the shipped lexicons; the first byte picks language and question. */
#include "base/json.h"
#include "fuzz.h"
#include "plan.h"
#include "write/write.h"

static Arena forever;
static Plan plan;
static Memo *memo;
static Matcher *matcher, *explaining;

/* Not within the time of the first input: the lexicons are large. */
int LLVMFuzzerInitialize(int *count, char ***arguments) {
    (void)count, (void)arguments;
    Fail fail;
    Options options = {.lexicons = SOURCE_DIR "/lexicons"};
    MUST(plan_open(&options, &forever, &plan, &fail));
    memo = memo_open(plan.languages, 1 << 12);
    matcher = matcher_open(plan.lexicons);
    explaining = matcher_open(plan.lexicons);
    matcher_explain(explaining, true);
    return 0;
}

static Span rule_id(const void *context, const Language *language, uint32_t rule) { return lexicons_rule(context, language, rule); }

static void write_line(Buffer *out, const Doc *doc, const Language *language, const Result *result) {
    RuleNames names = {rule_id, plan.lexicons};
    tagged_line(out, doc, language, result, lexicons_codebook(plan.lexicons), names);
    JsonParser *json = json_open();
    JsonValue root;
    Fail fail;
    MUST(json_parse_copy(json, buffer_span(out), JSON_DEPTH, &root, &fail));
    json_close(json);
}

/* As a line of output: what the user sees. */
static void tag(Matcher *with, const Doc *doc, const Language *language, Role role, Buffer *out) {
    Arena scratch = {0};
    Tokens tokens;
    Result result;
    Role found;
    memo_clear(memo); /* its words know one matcher */
    matcher_clear(with);
    text_tokens(memo, doc->text, language, &tokens, &scratch);
    matcher_role(with, &tokens, &found, &scratch);
    matcher_run(with, &tokens, role, &result, &scratch);
    fuzz_check_result(doc->text, &tokens, &result, lexicons_codebook(plan.lexicons));
    write_line(out, doc, language, &result);
    arena_free(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t bad;
    if (!size || !utf8_check(fuzz_rest(data, size, 1), &bad)) return 0;
    Doc doc = {.id = SPAN("r"), .text = fuzz_rest(data, size, 1), .weight = 1000000};
    const Language *language = languages_at(plan.languages, data[0] / ROLE_COUNT % languages_count(plan.languages));
    if (!lexicons_know(plan.lexicons, language)) return 0;
    Buffer out = {0}, explained = {0};
    tag(matcher, &doc, language, (Role)(data[0] % ROLE_COUNT), &out);
    tag(explaining, &doc, language, (Role)(data[0] % ROLE_COUNT), &explained);
    MUST(span_equal(buffer_span(&out), buffer_span(&explained)));
    buffer_free(&out);
    buffer_free(&explained);
    return 0;
}
