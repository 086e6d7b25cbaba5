/* Any text with shipped lexicons; the first byte picks language and question. */
#include "base/json.h"
#include "fuzz.h"
#include "lexicons.h"
#include "text/text.h"
#include "write/write.h"

enum { LANGUAGES = 3 }; /* en, ru, zh: all of them would take a minute to open under sanitizers */

static Arena forever;
static const Languages *languages;
static const Lexicons *lexicons;
static Memo *memo;
static Matcher *matcher, *explaining;

static void cut(void *context, Span text, const Language *language, Tokens *tokens, Arena *scratch) { text_tokens(context, text, language, tokens, scratch); }

/* Not within the time of the first input: the lexicons are large. */
int LLVMFuzzerInitialize(int *count, char ***arguments) {
    (void)count, (void)arguments;
    Fail fail;
    MUST(languages_open(SOURCE_DIR "/lexicons", &forever, &languages, &fail));
    memo = memo_open(languages, 1 << 12);
    LexiconSettings settings = {.dir = SOURCE_DIR "/lexicons", .shipped = SOURCE_DIR "/lexicons", .language_count = LANGUAGES, .cut = cut, .cut_contexts = (void *[]){memo}};
    for (size_t i = 0; i < LANGUAGES; i++) settings.languages[i] = languages_at(languages, i);
    MUST(lexicons_open(&settings, &forever, &lexicons, &fail));
    matcher = matcher_open(lexicons);
    explaining = matcher_open(lexicons);
    matcher_explain(explaining, true);
    return 0;
}

static Span rule_id(const void *context, const Language *language, uint32_t rule) { return lexicons_rule(context, language, rule); }

static void write_line(Buffer *out, const Doc *doc, const Language *language, const Result *result) {
    RuleNames names = {rule_id, lexicons};
    tagged_line(out, doc, language, result, lexicons_codebook(lexicons), names);
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
    fuzz_check_result(doc->text, &tokens, &result, lexicons_codebook(lexicons));
    write_line(out, doc, language, &result);
    arena_free(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t bad;
    if (!size || !utf8_check(fuzz_rest(data, size, 1), &bad)) return 0;
    Doc doc = {.id = SPAN("r"), .text = fuzz_rest(data, size, 1), .weight = 1000000};
    const Language *language = languages_at(languages, data[0] / ROLE_COUNT % LANGUAGES);
    Buffer out = {0}, explained = {0};
    tag(matcher, &doc, language, (Role)(data[0] % ROLE_COUNT), &out);
    tag(explaining, &doc, language, (Role)(data[0] % ROLE_COUNT), &explained);
    MUST(span_equal(buffer_span(&out), buffer_span(&explained)));
    buffer_free(&out);
    buffer_free(&explained);
    return 0;
}
