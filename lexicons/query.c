#include "query.h"

#include <stdlib.h>

enum { DEPTH_MAX = 64, HEIGHT_MAX = 200, WINDOW_MAX = 32, DISTANCE_MAX = 1000 };

typedef struct {
    Span rule;
    size_t at; /* bytes */
    int depth;
    Arena *keep;
    Fail *fail;
} Query;

static Node *parse_or(Query *query);

Node *node_new(Arena *keep, NodeKind kind, size_t column) {
    Node *node = arena_calloc(keep, 1, sizeof *node);
    node->kind = kind;
    node->column = column;
    return node;
}

void node_add(Arena *keep, Node *parent, Node *child) {
    *ARENA_PUSH(keep, parent->children, parent->count, parent->capacity) = child;
    if (child->height >= parent->height) parent->height = child->height + 1;
}

static bool is_space(char byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }

static void skip_space(Query *query) {
    while (query->at < query->rule.len && is_space(query->rule.data[query->at])) query->at++;
}

static char peek(Query *query) {
    skip_space(query);
    return query->at < query->rule.len ? query->rule.data[query->at] : '\0';
}

/* The NULL that every failing parse function returns. */
static Node *wrong(Query *query, size_t at, const char *found, const char *expected) {
    fail_set(query->fail, FAIL_SETUP, "found %s, expected %s", found, expected);
    query->fail->column = at + 1;
    return NULL;
}

static Node *wrong_here(Query *query, const char *expected) {
    char byte = peek(query);
    char found[] = "'x'";
    found[1] = byte;
    return wrong(query, query->at, query->at == query->rule.len ? "the end" : found, expected);
}

/* Whatever walks a rule goes down into it by calling itself. */
static Node *too_high(Query *query) { return wrong(query, query->at, "more than 200 operators inside each other", "fewer"); }

/* Ends a bare word. `"`, `(`, `)`, `|`, `&` and space do; everything else is left to how texts are cut. */
static bool ends_word(char byte) { return is_space(byte) || (byte && strchr("()|&\"", byte)); }

/* Bytes of a `<class>` that stands here; 0: none does. */
static size_t class_len(const Query *query, size_t at) {
    size_t end = at + 1;
    if (at >= query->rule.len || query->rule.data[at] != '<') return 0;
    while (end < query->rule.len && query->rule.data[end] >= 'a' && query->rule.data[end] <= 'z') end++;
    return end > at + 1 && end < query->rule.len && query->rule.data[end] == '>' ? end + 1 - at : 0;
}

static Span bare_word(const Query *query) {
    size_t end = query->at + class_len(query, query->at);
    if (end > query->at) return (Span){query->rule.data + query->at, end - query->at};
    while (end < query->rule.len && !ends_word(query->rule.data[end]) && !class_len(query, end)) end++;
    return (Span){query->rule.data + query->at, end - query->at};
}

/* Takes the operator word if it stands here. */
static bool take_word(Query *query, const char *word) {
    skip_space(query);
    if (!span_is(bare_word(query), word)) return false;
    query->at += strlen(word);
    return true;
}

static bool take_mark(Query *query, const char *mark) {
    skip_space(query);
    Span rest = {query->rule.data + query->at, query->rule.len - query->at};
    if (!span_starts(rest, mark)) return false;
    query->at += strlen(mark);
    return true;
}

/* Digits of a distance, at query->at. */
static bool take_distance(Query *query, uint32_t *n) {
    size_t first = query->at;
    uint32_t value = 0;
    while (query->at < query->rule.len && query->rule.data[query->at] >= '0' && query->rule.data[query->at] <= '9')
        value = value * 10 + (uint32_t)(query->rule.data[query->at++] - '0'), value = value > DISTANCE_MAX ? DISTANCE_MAX + 1 : value;
    if (query->at == first) return wrong_here(query, "a number of words"), false;
    if (value > DISTANCE_MAX) return wrong(query, first, "a distance over 1000", "at most 1000 words"), false;
    *n = value;
    return true;
}

static Node *parse_quoted(Query *query) {
    size_t column = query->at++;
    const char *start = query->rule.data + query->at;
    const char *end = memchr(start, '"', query->rule.len - query->at);
    if (!end) return wrong(query, column, "'\"' that is never closed", "'\"' after the words");
    Node *phrase = node_new(query->keep, NODE_PHRASE, column);
    for (const char *at = start; at < end;) {
        const char *stop = at;
        while (stop < end && !is_space(*stop)) stop++;
        if (stop > at) {
            Span word = {at, (size_t)(stop - at)};
            Node *child = node_new(query->keep, span_is(word, "*") ? NODE_ANY : NODE_WORD, (size_t)(at - query->rule.data));
            child->text = word;
            child->exact = true;
            node_add(query->keep, phrase, child);
        }
        at = stop < end ? stop + 1 : end;
    }
    if (!phrase->count) return wrong(query, column, "'\"\"'", "words between the quotes");
    query->at = (size_t)(end - query->rule.data) + 1;
    if (query->at < query->rule.len && query->rule.data[query->at] == '~') {
        query->at++;
        phrase->kind = NODE_WINDOW;
        /* Each word is compared with each other one. */
        if (phrase->count > WINDOW_MAX) return wrong(query, column, "'~' behind more than 32 words", "fewer");
        if (!take_distance(query, &phrase->n)) return NULL;
    }
    return phrase;
}

static Node *parse_regex(Query *query) {
    size_t column = query->at++;
    size_t start = query->at;
    while (query->at < query->rule.len && query->rule.data[query->at] != '/') query->at += query->rule.data[query->at] == '\\' ? 2 : 1;
    if (query->at >= query->rule.len) return wrong(query, column, "'/' that is never closed", "'/' after the pattern");
    Node *node = node_new(query->keep, NODE_REGEX, column);
    node->text = (Span){query->rule.data + start, query->at - start};
    query->at++;
    return node;
}

static Node *parse_group(Query *query) {
    if (++query->depth > DEPTH_MAX) return wrong_here(query, "at most 64 brackets inside each other");
    query->at++;
    Node *node = parse_or(query);
    if (!node) return NULL;
    if (peek(query) != ')') return wrong_here(query, "')'");
    query->at++;
    query->depth--;
    return node;
}

static bool is_operator(Span word) {
    static const char *const names[] = {"OR", "AND", "NOT", "NEAR", "ONEAR", "BEFORE", "AFTER"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_is(word, names[i]) || (span_starts(word, names[i]) && word.data[strlen(names[i])] == '/')) return true;
    return false;
}

/* '-' before a word, after a space or bracket, is NOT; inside a word it belongs to the word. */
static bool at_minus(Query *query) {
    return peek(query) == '-' && query->at + 1 < query->rule.len && !is_space(query->rule.data[query->at + 1]) &&
           query->rule.data[query->at + 1] != '-';
}

static bool at_primary(Query *query) {
    char byte = peek(query);
    if (query->at == query->rule.len || byte == ')' || byte == '|' || byte == '&') return false;
    return !at_minus(query) && !is_operator(bare_word(query));
}

static bool is_letter(unsigned char byte) { return byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

static bool is_name_byte(unsigned char byte) { return is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '_' || byte == '-'; }

bool query_name(Span name) {
    for (size_t i = 0; i < name.len; i++)
        if (!is_name_byte((unsigned char)name.data[i])) return false;
    return name.len && is_letter((unsigned char)name.data[0]);
}

/* `$` before a letter begins the name of a list; before a digit it is money. */
static bool at_name(const Query *query) { return query->at + 1 < query->rule.len && is_letter((unsigned char)query->rule.data[query->at + 1]); }

static Node *parse_list(Query *query) {
    Node *node = node_new(query->keep, NODE_LIST, query->at);
    Span word = bare_word(query);
    node->text = (Span){word.data + 1, word.len - 1};
    query->at++;
    for (const char *end = word.data + word.len; query->rule.data + query->at < end; query->at++)
        if (!is_name_byte((unsigned char)query->rule.data[query->at])) return wrong_here(query, "letters, digits, - and _ in the name of a list");
    return node;
}

static Node *parse_primary(Query *query) {
    if (!at_primary(query)) return wrong_here(query, "a word");
    char byte = peek(query);
    if (byte == '(') return parse_group(query);
    if (byte == '"') return parse_quoted(query);
    if (byte == '/') return parse_regex(query);
    if (byte == '$' && at_name(query)) return parse_list(query);
    Span word = bare_word(query);
    if (class_len(query, query->at)) {
        Node *node = node_new(query->keep, NODE_LIST, query->at);
        node->text = word;
        query->at += word.len;
        return node;
    }
    if (byte == '#' && word.len > 1) {
        Node *node = node_new(query->keep, NODE_CODE, query->at);
        node->text = (Span){word.data + 1, word.len - 1};
        query->at += word.len;
        return node;
    }
    Node *node = node_new(query->keep, span_is(word, "*") ? NODE_ANY : NODE_WORD, query->at);
    node->text = word;
    query->at += word.len;
    return node;
}

/* `a "b"~n`: one quoted word with a distance is NEAR what stands before it. */
static bool is_tail(const Node *node) { return node->kind == NODE_WINDOW && node->count == 1; }

static Node *parse_phrase(Query *query) {
    Node *first = parse_primary(query);
    if (!first) return NULL;
    while (at_primary(query)) {
        size_t column = query->at;
        Node *next = parse_primary(query);
        if (!next) return NULL;
        if (is_tail(next)) {
            Node *near = node_new(query->keep, NODE_NEAR, column);
            near->n = next->n;
            node_add(query->keep, near, first);
            node_add(query->keep, near, next->children[0]);
            first = near;
            if (first->height > HEIGHT_MAX) return too_high(query);
            continue;
        }
        if (first->kind != NODE_PHRASE || first->exact) {
            Node *phrase = node_new(query->keep, NODE_PHRASE, column);
            node_add(query->keep, phrase, first);
            first = phrase;
        }
        node_add(query->keep, first, next);
    }
    return first;
}

static Node *pair(Query *query, NodeKind kind, Node *left, Node *right) {
    Node *node = node_new(query->keep, kind, left->column);
    node_add(query->keep, node, left);
    node_add(query->keep, node, right);
    return node;
}

static bool take_near(Query *query, Order *order, uint32_t *n, bool *failed) {
    static const struct {
        const char *name;
        Order order;
    } kinds[] = {{"NEAR", ORDER_ANY}, {"ONEAR", ORDER_FORWARD}, {"BEFORE", ORDER_FORWARD}, {"AFTER", ORDER_BACKWARD}};
    skip_space(query);
    Span word = bare_word(query);
    for (size_t i = 0; i < 4; i++) {
        size_t len = strlen(kinds[i].name);
        if (!span_starts(word, kinds[i].name) || (word.len > len && word.data[len] != '/')) continue;
        query->at += len;
        *order = kinds[i].order;
        *failed = !take_mark(query, "/");
        if (*failed) return wrong_here(query, "'/' and a number of words"), true;
        *failed = !take_distance(query, n);
        return true;
    }
    return false;
}

static Node *parse_near(Query *query) {
    Node *left = parse_phrase(query);
    Order order = ORDER_ANY;
    uint32_t n = 0;
    bool failed = false;
    while (left && take_near(query, &order, &n, &failed)) {
        Node *right = failed ? NULL : parse_phrase(query);
        if (!right) return NULL;
        left = pair(query, NODE_NEAR, left, right);
        left->order = order;
        left->n = n;
        if (left->height > HEIGHT_MAX) return too_high(query);
    }
    return left;
}

static Node *parse_both(Query *query) {
    Node *left = parse_near(query);
    while (left) {
        NodeKind kind = NODE_AND;
        if (take_word(query, "NOT")) kind = NODE_NOT;
        else if (at_minus(query)) query->at++, kind = NODE_NOT;
        else if (!take_word(query, "AND") && !take_mark(query, "&&") && !take_mark(query, "&")) return left;
        Node *right = parse_near(query);
        if (!right) return NULL;
        left = pair(query, kind, left, right);
        if (left->height > HEIGHT_MAX) return too_high(query);
    }
    return left;
}

static Node *parse_or(Query *query) {
    Node *left = parse_both(query);
    Node *either = NULL;
    while (left && (take_word(query, "OR") || take_mark(query, "|"))) {
        Node *right = parse_both(query);
        if (!right) return NULL;
        if (!either) {
            either = node_new(query->keep, NODE_OR, left->column);
            node_add(query->keep, either, left);
        }
        node_add(query->keep, either, right);
    }
    return either && left ? either : left;
}

bool query_parse(Span rule, Arena *keep, Node **root, Fail *fail) {
    Query query = {.rule = rule, .keep = keep, .fail = fail};
    *root = parse_or(&query);
    if (*root && peek(&query)) wrong_here(&query, "an operator or the end"), *root = NULL;
    return *root != NULL;
}
