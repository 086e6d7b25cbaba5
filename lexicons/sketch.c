#include "sketch.h"

#include <stdlib.h>

/* ---- building ---- */

static Sketch *sketch_new(Sketcher *sketcher, SketchKind kind) {
    Sketch *sketch = arena_calloc(sketcher->keep, 1, sizeof *sketch);
    sketch->kind = kind;
    return sketch;
}

static void add(Sketcher *sketcher, Sketch *parent, Sketch *child) {
    *ARENA_PUSH(sketcher->keep, parent->children, parent->count, parent->capacity) = child;
}

/* Puts a child into a parent, or its children where it is of the parent's own kind: (a b) c is a b c. */
static void add_flat(Sketcher *sketcher, Sketch *parent, Sketch *child) {
    if (child->kind != parent->kind) {
        add(sketcher, parent, child);
        return;
    }
    for (size_t i = 0; i < child->count; i++) add(sketcher, parent, child->children[i]);
}

static int by_key(const void *left, const void *right) {
    const Sketch *const *a = left, *const *b = right;
    return span_compare((*a)->key, (*b)->key);
}

static void sort_children(Sketch *sketch, bool unique) {
    qsort(sketch->children, sketch->count, sizeof *sketch->children, by_key);
    size_t kept = 0;
    for (size_t i = 0; i < sketch->count; i++)
        if (!unique || !kept || !span_equal(sketch->children[kept - 1]->key, sketch->children[i]->key)) sketch->children[kept++] = sketch->children[i];
    sketch->count = kept;
}

static void set_key(Sketcher *sketcher, Sketch *sketch, const char *name) {
    Buffer key = {0};
    buffer_text(&key, name);
    if (sketch->kind == SKETCH_WINDOW || sketch->kind == SKETCH_NEAR) buffer_printf(&key, "/%u", sketch->n);
    buffer_byte(&key, '(');
    for (size_t i = 0; i < sketch->count; i++) {
        if (i) buffer_byte(&key, ' ');
        buffer_append(&key, sketch->children[i]->key);
    }
    buffer_byte(&key, ')');
    sketch->key = arena_copy(sketcher->keep, buffer_span(&key));
    buffer_free(&key);
}

static uint64_t bit_of(Span word) { return UINT64_C(1) << (hash_bytes(word, 0) & 63); }

static void set_bits(Sketch *sketch) {
    if (sketch->kind == SKETCH_OR) sketch->needs = ~UINT64_C(0);
    for (size_t i = 0; i < sketch->count; i++) {
        const Sketch *child = sketch->children[i];
        sketch->has |= child->has;
        if (sketch->kind == SKETCH_OR) sketch->needs &= child->needs;
        else if (sketch->kind != SKETCH_NOT || i == 0) sketch->needs |= child->needs;
    }
}

/* Puts the finishing touches to an operator: order, key, bits; one alone is what it holds. */
static Sketch *finished(Sketcher *sketcher, Sketch *sketch) {
    static const char *const names[] = {[SKETCH_PHRASE] = "PHRASE", [SKETCH_WINDOW] = "WINDOW", [SKETCH_NEAR] = "NEAR", [SKETCH_AND] = "AND", [SKETCH_OR] = "OR", [SKETCH_NOT] = "NOT"};
    /* The order of NEAR and AND counts: each left match looks for its right one. */
    if (sketch->kind == SKETCH_OR || sketch->kind == SKETCH_WINDOW) sort_children(sketch, sketch->kind == SKETCH_OR);
    if (sketch->count == 1) return sketch->children[0];
    set_key(sketcher, sketch, sketch->swapped ? "AFTER" : sketch->forward ? "BEFORE" : names[sketch->kind]);
    set_bits(sketch);
    return sketch;
}

static Sketch *word_new(Sketcher *sketcher, char mark, Span key, Span form, Span stem) {
    Sketch *word = sketch_new(sketcher, SKETCH_WORD);
    Buffer text = {0};
    buffer_byte(&text, mark);
    buffer_byte(&text, ':');
    buffer_append(&text, key);
    word->key = arena_copy(sketcher->keep, buffer_span(&text));
    buffer_free(&text);
    word->form = arena_copy(sketcher->keep, form);
    word->stem = arena_copy(sketcher->keep, stem);
    word->glob = mark == 'g';
    word->cased = mark == 'X';
    word->exact = mark != 's' && mark != 'g';
    if (!word->glob) word->has = word->needs = bit_of(stem);
    return word;
}

static Sketch *any_new(Sketcher *sketcher) {
    Sketch *any = sketch_new(sketcher, SKETCH_ANY);
    any->key = SPAN("*");
    return any;
}

static bool has_capital(Span word) {
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] >= 'A' && word.data[i] <= 'Z') return true;
    return false;
}

static void add_words(Sketcher *sketcher, Sketch *phrase, Span text, bool exact) {
    Tokens tokens;
    sketcher->cut(sketcher->cut_context, text, sketcher->language, &tokens, &sketcher->scratch);
    for (size_t i = 0; i < tokens.count; i++) {
        const Word *word = &tokens.words[tokens.items[i].word];
        bool whole = exact || sketcher->language->characters;
        if (exact && has_capital(word->surface)) add(sketcher, phrase, word_new(sketcher, 'X', word->surface, word->form->folded, word->form->stem));
        else add(sketcher, phrase, word_new(sketcher, whole ? 'x' : 's', whole ? word->form->folded : word->form->stem, word->form->folded, word->form->stem));
    }
    arena_reset(&sketcher->scratch);
}

static bool is_wildcard(char byte) { return byte == '*' || byte == '?'; }
static bool is_mark(char byte) { return byte && strchr("-/,.!:", byte); }

/* A piece of a word with wildcards, folded between them. */
static void add_glob(Sketcher *sketcher, Sketch *phrase, Span piece) {
    Buffer glob = {0};
    for (size_t at = 0, end; at < piece.len; at = end) {
        end = at + 1;
        if (is_wildcard(piece.data[at])) {
            buffer_byte(&glob, piece.data[at]);
            continue;
        }
        while (end < piece.len && !is_wildcard(piece.data[end])) end++;
        Tokens tokens;
        sketcher->cut(sketcher->cut_context, (Span){piece.data + at, end - at}, sketcher->language, &tokens, &sketcher->scratch);
        for (size_t i = 0; i < tokens.count; i++) buffer_append(&glob, tokens.words[tokens.items[i].word].form->folded);
    }
    arena_reset(&sketcher->scratch);
    add(sketcher, phrase, word_new(sketcher, 'g', buffer_span(&glob), buffer_span(&glob), buffer_span(&glob)));
    buffer_free(&glob);
}

static bool is_ascii(Span word) {
    for (size_t i = 0; i < word.len; i++)
        if ((unsigned char)word.data[i] >= 0x80) return false;
    return true;
}

/* Words of a rule are cut at marks, in a language without spaces at wildcards too: there a wildcard is one character. */
static void add_pieces(Sketcher *sketcher, Sketch *phrase, Span word, bool exact) {
    bool characters = sketcher->language->characters && !is_ascii(word);
    for (size_t at = 0, end; at < word.len; at = end) {
        end = at;
        bool wild = false;
        for (; end < word.len && !(characters ? is_wildcard(word.data[end]) : is_mark(word.data[end])); end++) wild = wild || is_wildcard(word.data[end]);
        Span piece = {word.data + at, end - at};
        if (span_is(piece, "*") || span_is(piece, "?")) add(sketcher, phrase, any_new(sketcher));
        else if (wild) add_glob(sketcher, phrase, piece);
        else if (piece.len) add_words(sketcher, phrase, piece, exact);
        if (characters && end < word.len) add(sketcher, phrase, any_new(sketcher));
        end += end < word.len;
    }
}

static Sketch *sketch_word(Sketcher *sketcher, const Node *node) {
    Sketch *phrase = sketch_new(sketcher, SKETCH_PHRASE);
    bool wild = false;
    for (size_t i = 0; i < node->text.len; i++) wild = wild || is_wildcard(node->text.data[i]);
    if (wild) add_pieces(sketcher, phrase, node->text, node->exact);
    else add_words(sketcher, phrase, node->text, node->exact);
    return finished(sketcher, phrase);
}

static Sketch *sketch_other(Sketcher *sketcher, const Node *node) {
    Sketch *other = sketch_new(sketcher, SKETCH_OTHER);
    Buffer key = {0};
    buffer_printf(&key, "%d:", (int)node->kind);
    buffer_append(&key, node->text);
    other->key = arena_copy(sketcher->keep, buffer_span(&key));
    buffer_free(&key);
    return other;
}

static Sketch *sketch_node(Sketcher *sketcher, const Node *node) {
    static const SketchKind kinds[] = {[NODE_PHRASE] = SKETCH_PHRASE, [NODE_WINDOW] = SKETCH_WINDOW, [NODE_NEAR] = SKETCH_NEAR, [NODE_AND] = SKETCH_AND, [NODE_OR] = SKETCH_OR, [NODE_NOT] = SKETCH_NOT};
    if (node->kind == NODE_WORD) return sketch_word(sketcher, node);
    if (node->kind == NODE_ANY) return any_new(sketcher);
    bool known = node->kind == NODE_PHRASE || node->kind == NODE_WINDOW || node->kind == NODE_NEAR || node->kind == NODE_AND || node->kind == NODE_OR || node->kind == NODE_NOT;
    if (!known) return sketch_other(sketcher, node);
    Sketch *sketch = sketch_new(sketcher, kinds[node->kind]);
    sketch->n = node->n;
    sketch->forward = node->kind == NODE_NEAR && node->order != ORDER_ANY;
    sketch->swapped = node->kind == NODE_NEAR && node->order == ORDER_BACKWARD;
    bool flat = sketch->kind == SKETCH_PHRASE || sketch->kind == SKETCH_OR;
    for (size_t i = 0; i < node->count; i++) {
        size_t at = sketch->swapped ? node->count - 1 - i : i;
        Sketch *child = sketch_node(sketcher, node->children[at]);
        if (flat) add_flat(sketcher, sketch, child);
        else add(sketcher, sketch, child);
    }
    return finished(sketcher, sketch);
}

Sketch *sketch_of(Sketcher *sketcher, Span rule) {
    Node *root = NULL;
    Fail ignored;
    return query_parse(rule, sketcher->keep, &root, &ignored) ? sketch_node(sketcher, root) : NULL;
}

/* ---- comparing ---- */

/* Each token that is b is a. */
static bool word_covers(const Sketch *a, const Sketch *b) {
    if (a->glob) return !memchr(a->form.data, '?', a->form.len) && (b->exact || b->glob) && glob_matches(a->form, b->form);
    if (b->glob || a->cased || !b->exact) return false;
    return a->exact ? span_equal(a->form, b->form) : span_equal(a->stem, b->stem);
}

static bool is_one_token(const Sketch *sketch) {
    if (sketch->kind == SKETCH_WORD || sketch->kind == SKETCH_ANY) return true;
    for (size_t i = 0; i < sketch->count; i++)
        if (!is_one_token(sketch->children[i])) return false;
    return sketch->kind == SKETCH_OR;
}

static bool phrase_same(const Sketch *const *b, const Sketch *const *a, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!sketch_same(b[i], a[i])) return false;
    return true;
}

bool sketch_same(const Sketch *b, const Sketch *a) {
    if (span_equal(b->key, a->key)) return true;
    if (a->kind == SKETCH_ANY) return is_one_token(b);
    if (a->needs & ~b->has) return false;
    if (b->kind == SKETCH_OR) {
        for (size_t i = 0; i < b->count; i++)
            if (!sketch_same(b->children[i], a)) return false;
        return true;
    }
    for (size_t i = 0; a->kind == SKETCH_OR && i < a->count; i++)
        if (sketch_same(b, a->children[i])) return true;
    if (a->kind == SKETCH_WORD && b->kind == SKETCH_WORD) return word_covers(a, b);
    if (a->kind != SKETCH_PHRASE || b->kind != SKETCH_PHRASE || a->count != b->count) return false;
    return phrase_same((const Sketch *const *)b->children, (const Sketch *const *)a->children, a->count);
}

static bool all_one_token(const Sketch *const *items, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!is_one_token(items[i])) return false;
    return true;
}

/* Two words of the phrase b stand near enough for a. */
static bool phrase_holds_near(const Sketch *b, const Sketch *a) {
    for (size_t i = 0; i < b->count; i++)
        for (size_t j = i + 1; j < b->count && (a->kind == SKETCH_AND || j - i - 1 <= a->n); j++) {
            if (!all_one_token((const Sketch *const *)b->children + i + 1, j - i - 1)) break;
            const Sketch *first = b->children[i], *second = b->children[j];
            if (sketch_same(first, a->children[0]) && sketch_same(second, a->children[1])) return true;
            if (!a->forward && sketch_same(first, a->children[1]) && sketch_same(second, a->children[0])) return true;
        }
    return false;
}

static bool pair_holds_pair(const Sketch *b, const Sketch *a) {
    if (a->kind == SKETCH_NEAR && (b->kind != SKETCH_NEAR || b->n > a->n || (a->forward && !b->forward))) return false;
    if (sketch_same(b->children[0], a->children[0]) && sketch_same(b->children[1], a->children[1])) return true;
    return !a->forward && sketch_same(b->children[0], a->children[1]) && sketch_same(b->children[1], a->children[0]);
}

static bool phrase_holds_phrase(const Sketch *b, const Sketch *a) {
    for (size_t i = 0; i + a->count <= b->count; i++)
        if (phrase_same((const Sketch *const *)b->children + i, (const Sketch *const *)a->children, a->count)) return true;
    return false;
}

static bool child_holds(const Sketch *b, size_t count, const Sketch *a) {
    for (size_t i = 0; i < count; i++)
        if (sketch_holds(b->children[i], a)) return true;
    return false;
}

bool sketch_holds(const Sketch *b, const Sketch *a) {
    if (a->needs & ~b->has) return false;
    if (sketch_same(b, a)) return true;
    if (b->kind == SKETCH_OR) {
        for (size_t i = 0; i < b->count; i++)
            if (!sketch_holds(b->children[i], a)) return false;
        return true;
    }
    for (size_t i = 0; a->kind == SKETCH_OR && i < a->count; i++)
        if (sketch_holds(b, a->children[i])) return true;
    bool pair = a->kind == SKETCH_NEAR || a->kind == SKETCH_AND;
    switch (b->kind) {
    case SKETCH_PHRASE: return child_holds(b, b->count, a) || (a->kind == SKETCH_PHRASE && phrase_holds_phrase(b, a)) || (pair && a->count == 2 && phrase_holds_near(b, a));
    case SKETCH_NEAR:
    case SKETCH_AND: return child_holds(b, b->count, a) || (pair && a->count == 2 && b->count == 2 && pair_holds_pair(b, a));
    case SKETCH_WINDOW: return child_holds(b, b->count, a);
    case SKETCH_NOT: return child_holds(b, 1, a);
    default: return false;
    }
}
