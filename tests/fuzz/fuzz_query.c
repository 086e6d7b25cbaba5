/* One rule: parsed, and where it is UTF-8 compiled as the only one of a small lexicon and run on its own text. The first byte picks language and unit. */
#include "lexicon.h"
#include "query.h"

static void check_tree(const Node *node, size_t len, int depth) {
    MUST(depth < 2000 && node->column <= len && node->text.len <= len);
    for (size_t i = 0; i < node->count; i++) check_tree(node->children[i], len, depth + 1);
}

static bool parse(Span rule) {
    Arena keep = {0};
    Node *root = NULL;
    Fail fail = {0};
    bool fine = query_parse(rule, &keep, &root, &fail);
    MUST(fine == (root != NULL));
    if (fine) check_tree(root, rule.len, 0);
    else MUST(fail.code == FAIL_SETUP && fail.message[0] && fail.column >= 1 && fail.column <= rule.len + 1);
    arena_free(&keep);
    return fine;
}

/* As YAML in double quotes, where any character may stand as an escape. */
static void append_quoted(Buffer *yaml, Span rule) {
    for (size_t i = 0; i < rule.len; i++) {
        unsigned char byte = (unsigned char)rule.data[i];
        if (byte < 0x20 || byte == 0x7f) buffer_printf(yaml, "\\x%02x", byte);
        else if (byte == '"' || byte == '\\') buffer_printf(yaml, "\\%c", byte);
        else buffer_byte(yaml, (char)byte);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const codes[] = {"en", "zh", "ru"}, *const poles[] = {"negative", "topic"}, *const units[] = {"sentence", "response"};
    size_t bad;
    lexicon_start();
    if (!size) return 0;
    unsigned set = data[0];
    Span rule = fuzz_rest(data, size, 1);
    bool fine = parse(rule);
    if (!utf8_check(rule, &bad)) return 0;
    Buffer yaml = {0};
    buffer_printf(&yaml, "n:\n  a:\n    negative: [slow, '/lat[e]r/']\n  b:\n    %s:\n      - match: \"", poles[set / 6 % 2]);
    append_quoted(&yaml, rule);
    buffer_printf(&yaml, "\"\n        unit: %s\n", units[set / 3 % 2]);
    if (set & 64) buffer_text(&yaml, "        unless: slow NEAR/2 b\n");
    const char *code = codes[set % 3];
    lexicon_write(code, "reasons.yaml", buffer_span(&yaml));
    lexicon_write(code, "shifters.yaml", SPAN("shifters: [{does: turn, words: [not, 不]}, {does: contrast, words: [but]}]\nwhole: [差不多]\n"));
    lexicon_write(code, "valence.tsv", SPAN("good\t2\t0.5\nbad\t-3\t0.5\n好\t2\t1\n"));
    lexicon_write(code, "lists.yaml", SPAN("a: [slow, b c, /l.ter/]\nb: [$a, x]\n\"<number>\": [one, $b]\n"));
    buffer_free(&yaml);
    Span texts[] = {rule, SPAN("a b, not c but a good b. slow! a a 差不多好 not slow a x b later :) b")};
    lexicon_run(code, texts, fine ? 2 : 0);
    return 0;
}
