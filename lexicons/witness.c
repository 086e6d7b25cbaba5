/* witness — a text made of a rule's own words, which the rule must match: if it does not, it matches nothing that people write either. */
#include <stdlib.h>

#include "inspecting.h"

enum { TRIES = 12, DEPTH_MAX = 64 };

typedef struct {
    Buffer text;
    bool characters; /* no spaces between words */
    unsigned pick;   /* decides between alternatives */
} Writing;

static bool is_letter(char byte) { return (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z'); }

static void write_word(Writing *writing, Span word) {
    Buffer *text = &writing->text;
    if (text->len && (!writing->characters || (word.len && is_letter(text->data[text->len - 1]) && is_letter(word.data[0])))) buffer_byte(text, ' ');
    size_t start = text->len;
    for (size_t i = 0; i < word.len; i++) {
        if (word.data[i] == '?' || (word.data[i] == '*' && writing->characters)) buffer_byte(text, 'x');
        else if (word.data[i] != '*') buffer_byte(text, word.data[i]);
    }
    if (text->len == start) buffer_byte(text, 'x');
}

/* A word of a class; lists have words that are not known here. */
static bool write_class(Writing *writing, Span name) {
    static const char *const classes[][2] = {{"<number>", "7"}, {"<money>", "$7"}, {"<time>", "10:30"}, {"<date>", "2024-05-31"}, {"<emoji>", "🙂"}, {"<link>", "https://example.org/a"}};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (span_is(name, classes[i][0])) return write_word(writing, span_of(classes[i][1])), true;
    return false;
}

/* False for what has no words of its own: a regex, another code. */
static bool write_node(Writing *writing, const Node *node, int depth) {
    if (depth > DEPTH_MAX) return false;
    switch (node->kind) {
    case NODE_WORD: return write_word(writing, node->text), true;
    case NODE_ANY: return write_word(writing, SPAN("x")), true;
    case NODE_OR: {
        size_t chosen = writing->pick % node->count;
        writing->pick /= (unsigned)node->count;
        return write_node(writing, node->children[chosen], depth + 1);
    }
    case NODE_LIST: return write_class(writing, node->text);
    case NODE_NOT: return write_node(writing, node->children[0], depth + 1);
    case NODE_PHRASE:
    case NODE_WINDOW:
    case NODE_NEAR:
    case NODE_AND:
        for (size_t i = 0; i < node->count; i++) {
            size_t at = node->kind == NODE_NEAR && node->order == ORDER_BACKWARD ? node->count - 1 - i : i;
            if (!write_node(writing, node->children[at], depth + 1)) return false;
        }
        return true;
    default: return false;
    }
}

static Role role_of(const Rule *rule) {
    Role role = ROLE_OPEN;
    while (role + 1 < ROLE_COUNT && !(rule->roles >> role & 1)) role++;
    return role;
}

int by_rule_number(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Whether the rule matches the text; with what else does. */
static bool matches(Inspection *inspection, Facts *facts, Span text) {
    Tokens tokens;
    Result result;
    inspection->sketcher.cut(inspection->sketcher.cut_context, text, inspection->lexicon->language, &tokens, &inspection->scratch);
    matcher_run(inspection->matcher, &tokens, role_of(facts->rule), &result, &inspection->scratch);
    size_t count = 0;
    const uint32_t *matched = matcher_matched(inspection->matcher, &count);
    bool found = false;
    for (size_t i = 0; i < count; i++) found = found || matched[i] == facts->number;
    if (found) {
        facts->company = arena_alloc(inspection->sketcher.keep, count * sizeof *facts->company);
        memcpy(facts->company, matched, count * sizeof *facts->company);
        facts->company_count = count;
        qsort(facts->company, count, sizeof *facts->company, by_rule_number);
    }
    arena_reset(&inspection->scratch);
    return found;
}

void witness(Inspection *inspection, Facts *facts) {
    Node *root = NULL;
    Fail ignored;
    Arena *keep = inspection->sketcher.keep;
    if (!query_parse(facts->source.text, keep, &root, &ignored)) return;
    Writing writing = {.characters = inspection->lexicon->language->characters};
    for (unsigned pick = 0; pick < TRIES && !facts->alive; pick++) {
        writing.text.len = 0;
        writing.pick = pick;
        if (!write_node(&writing, root, 0)) break;
        facts->tried = true;
        facts->alive = matches(inspection, facts, buffer_span(&writing.text));
    }
    buffer_free(&writing.text);
}
