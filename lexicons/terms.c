/* terms — words of rules to terms: by stem, by form, by glob, and in languages without spaces by a trie of characters. */
#include "base/utf8.h"
#include "compiled.h"

static uint32_t term_new(Lexicon *lexicon, uint8_t rank, size_t letters) {
    uint32_t number = (uint32_t)lexicon->term_count;
    uint32_t cost = letters <= 2 ? 40 : letters <= 4 ? 20 : 10;
    *ARENA_PUSH(lexicon->trees, lexicon->terms, lexicon->term_count, lexicon->term_capacity) =
        (Term){.rank = rank, .cost = cost, .rarest = NO_TERM, .piece = NO_TERM};
    return number;
}

static uint32_t term_in(Lexicon *lexicon, Table *table, Span key, uint8_t rank) {
    uint32_t *slot = table_put(table, arena_copy(lexicon->keep, key));
    if (*slot == TABLE_NONE) *slot = term_new(lexicon, rank, utf8_count(key.data, key.len));
    return *slot;
}

uint32_t term_of_shape(Lexicon *lexicon, Shape shape) {
    uint32_t *term = &lexicon->shape_terms[shape];
    if (*term == NO_TERM) *term = term_new(lexicon, 0, 2);
    return *term;
}

/* ---- globs ---- */

/* Iterative matching with one point to go back to: linear for one star, at most quadratic for several. */
bool glob_matches(Span glob, Span form) {
    size_t g = 0, f = 0, star = SIZE_MAX, retry = 0;
    while (f < form.len) {
        if (g < glob.len && glob.data[g] == '*') {
            star = g++;
            retry = f;
        } else if (g < glob.len && glob.data[g] == '?') {
            g++;
            do f++;
            while (f < form.len && ((unsigned char)form.data[f] & 0xc0) == 0x80);
        } else if (g < glob.len && glob.data[g] == form.data[f]) {
            g++, f++;
        } else if (star != SIZE_MAX) {
            g = star + 1;
            f = ++retry;
        } else {
            return false;
        }
    }
    while (g < glob.len && glob.data[g] == '*') g++;
    return g == glob.len;
}

/* A glob is found by the bytes before its first wildcard, 31 at most. */
static void glob_add(Lexicon *lexicon, Span pattern, uint32_t term, bool bare) {
    size_t fixed = 0;
    while (fixed < pattern.len && fixed < 31 && pattern.data[fixed] != '*' && pattern.data[fixed] != '?') fixed++;
    uint32_t number = (uint32_t)lexicon->glob_count, *first = fixed ? table_put(&lexicon->glob_starts, (Span){pattern.data, fixed}) : &lexicon->open_glob;
    *ARENA_PUSH(lexicon->trees, lexicon->globs, lexicon->glob_count, lexicon->glob_capacity) =
        (Glob){.pattern = pattern, .bytes = bytes_of(pattern), .term = term, .next = *first == TABLE_NONE ? NO_TERM : *first, .bare = bare};
    *first = number;
    if (fixed) lexicon->glob_lengths |= 1u << fixed;
}

/* `plain` is the glob without accents, or empty. */
static uint32_t term_of_glob(Lexicon *lexicon, Span glob, Span plain) {
    size_t terms = lexicon->term_count;
    uint32_t number = term_in(lexicon, &lexicon->cased, glob, 2);
    if (number < terms) return number;
    glob_add(lexicon, arena_copy(lexicon->keep, glob), number, false);
    if (plain.len) glob_add(lexicon, arena_copy(lexicon->keep, plain), number, true);
    return number;
}

/* ---- the trie ---- */

static uint64_t edge_hash(uint64_t key) { return (key * 0x9e3779b97f4a7c15u) >> 20; }

uint32_t trie_step(const Lexicon *lexicon, uint32_t node, uint32_t unit) {
    if (!lexicon->edge_count) return NO_TERM;
    uint64_t key = (uint64_t)node << 32 | unit;
    size_t mask = lexicon->edge_capacity - 1;
    for (size_t i = edge_hash(key) & mask;; i = (i + 1) & mask) {
        if (lexicon->edges[i].key == key) return lexicon->edges[i].node;
        if (!lexicon->edges[i].key) return NO_TERM;
    }
}

static void edge_put(Lexicon *lexicon, Edge edge) {
    size_t mask = lexicon->edge_capacity - 1;
    size_t i = edge_hash(edge.key) & mask;
    while (lexicon->edges[i].key) i = (i + 1) & mask;
    lexicon->edges[i] = edge;
    lexicon->edge_count++;
}

static void edges_grow(Lexicon *lexicon) {
    Edge *old = lexicon->edges;
    size_t old_capacity = lexicon->edge_capacity;
    lexicon->edge_capacity = old_capacity ? 2 * old_capacity : 4096;
    lexicon->edges = arena_calloc(lexicon->trees, lexicon->edge_capacity, sizeof *lexicon->edges);
    lexicon->edge_count = 0;
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i].key) edge_put(lexicon, old[i]);
}

static uint32_t trie_node_new(Lexicon *lexicon) {
    *ARENA_PUSH(lexicon->trees, lexicon->node_terms, lexicon->node_count, lexicon->node_capacity) = NO_TERM;
    *ARENA_PUSH(lexicon->trees, lexicon->node_nexts, lexicon->next_count, lexicon->next_capacity) = 0;
    return (uint32_t)lexicon->node_count - 1;
}

static uint32_t trie_extend(Lexicon *lexicon, uint32_t node, uint32_t unit) {
    uint32_t next = trie_step(lexicon, node, unit);
    if (next != NO_TERM) return next;
    if (2 * (lexicon->edge_count + 1) > lexicon->edge_capacity) edges_grow(lexicon);
    next = trie_node_new(lexicon);
    lexicon->node_nexts[node] |= UINT64_C(1) << (unit & 63);
    edge_put(lexicon, (Edge){(uint64_t)node << 32 | unit, next});
    return next;
}

static uint32_t unit_of(Lexicon *lexicon, Span folded) {
    uint32_t *slot = table_put(&lexicon->units, arena_copy(lexicon->keep, folded));
    if (*slot == TABLE_NONE) *slot = (uint32_t)lexicon->units.count;
    return *slot;
}

static uint32_t term_of_run(Lexicon *lexicon, const Tokens *tokens) {
    if (!lexicon->node_count) trie_node_new(lexicon);
    uint32_t node = TRIE_ROOT;
    for (size_t i = 0; i < tokens->count; i++) node = trie_extend(lexicon, node, unit_of(lexicon, tokens->words[tokens->items[i].word].form->folded));
    if (lexicon->node_terms[node] == NO_TERM) {
        /* a character says as much as two or three letters */
        uint32_t number = term_new(lexicon, 2, tokens->count == 1 ? 2 : 2 * tokens->count);
        lexicon->node_terms[node] = number;
    }
    return lexicon->node_terms[node];
}

uint32_t term_of_piece(Lexicon *lexicon, const Tokens *run) {
    uint32_t term = term_of_run(lexicon, run);
    if (lexicon->terms[term].piece == NO_TERM) {
        uint32_t piece = term_new(lexicon, 0, 2 * run->count);
        lexicon->terms[term].piece = piece;
    }
    return lexicon->terms[term].piece;
}

uint32_t term_of_compound(Lexicon *lexicon, Node *const *parts, size_t count) {
    if (!lexicon->node_count) trie_node_new(lexicon);
    uint32_t node = TRIE_ROOT;
    for (size_t i = 0; i < count; i++) {
        lexicon->terms[parts[i]->number].linked = true;
        node = trie_extend(lexicon, node, parts[i]->number + 1);
    }
    if (lexicon->node_terms[node] == NO_TERM) {
        uint32_t number = term_new(lexicon, 2, 4 * count);
        lexicon->terms[number].rarest = parts[0]->number;
        for (size_t i = 1; i < count; i++)
            if (lexicon->terms[parts[i]->number].cost < lexicon->terms[lexicon->terms[number].rarest].cost) lexicon->terms[number].rarest = parts[i]->number;
        lexicon->node_terms[node] = number;
    }
    return lexicon->node_terms[node];
}

/* ---- one word of a rule ---- */

static bool has_wildcard(Span word) { return memchr(word.data, '*', word.len) || memchr(word.data, '?', word.len); }

static bool has_capital(Span word) {
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] >= 'A' && word.data[i] <= 'Z') return true;
    return false;
}

static uint32_t term_of_stem(Lexicon *lexicon, const Form *form) {
    size_t terms = lexicon->term_count;
    uint32_t number = term_in(lexicon, &lexicon->stems, form->stem, 1);
    if (number < terms || !form->plain.len || span_equal(form->plain_stem, form->stem)) return number;
    uint32_t *first = table_put(&lexicon->bare_stems, arena_copy(lexicon->keep, form->plain_stem)), bare = (uint32_t)lexicon->bare_count;
    *ARENA_PUSH(lexicon->trees, lexicon->bares, lexicon->bare_count, lexicon->bare_capacity) =
        (Bare){number, *first == TABLE_NONE ? NO_TERM : *first, arena_copy(lexicon->keep, form->stem), arena_copy(lexicon->keep, form->plain_stem)};
    *first = bare;
    return number;
}

static uint32_t term_of_token(Lexicon *lexicon, const Word *word, bool exact) {
    if (exact && has_capital(word->surface)) {
        Buffer key = {0}; /* a mark in front keeps surfaces and globs apart in one table */
        buffer_byte(&key, '=');
        buffer_append(&key, word->surface);
        uint32_t term = term_in(lexicon, &lexicon->cased, buffer_span(&key), 4);
        buffer_free(&key);
        return term;
    }
    const Form *form = word->form;
    return exact ? term_in(lexicon, &lexicon->forms, form->folded, 3) : term_of_stem(lexicon, form);
}

static void become_term(Node *node, uint32_t term) {
    node->kind = NODE_TERM;
    node->number = term;
}

static bool no_word(const Node *node, Fail *fail) {
    fail_set(fail, FAIL_SETUP, "found '%.*s', expected a word", (int)node->text.len, node->text.data);
    fail->column = node->column + 1;
    return false;
}

/* Folds the pieces between the wildcards as texts are folded, with accents and without. False where a piece holds no word or several. */
static bool fold_glob(const Lexicon *lexicon, const LexiconSettings *settings, Span word, Buffer *glob, Buffer *plain, Arena *scratch) {
    for (size_t at = 0; at < word.len;) {
        if (word.data[at] == '*' || word.data[at] == '?') {
            buffer_byte(glob, word.data[at]);
            buffer_byte(plain, word.data[at++]);
            continue;
        }
        size_t end = at;
        while (end < word.len && word.data[end] != '*' && word.data[end] != '?') end++;
        Tokens tokens;
        settings->cut(lexicon->cut_context, (Span){word.data + at, end - at}, lexicon->language, &tokens, scratch);
        if (tokens.count != 1) return false;
        const Form *form = tokens.words[tokens.items[0].word].form;
        buffer_append(glob, form->folded);
        buffer_append(plain, form->plain.len ? form->plain : form->folded);
        at = end;
    }
    return true;
}

static bool is_mark(char byte) { return byte == '-' || byte == '/' || byte == ',' || byte == '.' || byte == '!' || byte == ':'; }

static void add_term(Lexicon *lexicon, Node *phrase, uint32_t term) {
    Node *child = node_new(lexicon->trees, NODE_TERM, phrase->column);
    child->number = term;
    node_add(lexicon->trees, phrase, child);
}

/* A glob that is one word: `wait*`, `*service`; or a lone wildcard. */
static bool add_glob(Lexicon *lexicon, const LexiconSettings *settings, Node *phrase, Span word, Arena *scratch) {
    if (span_is(word, "*") || span_is(word, "?")) {
        node_add(lexicon->trees, phrase, node_new(lexicon->trees, NODE_ANY, phrase->column));
        return true;
    }
    Buffer glob = {0}, plain = {0};
    bool fine = fold_glob(lexicon, settings, word, &glob, &plain, scratch), same = span_equal(buffer_span(&glob), buffer_span(&plain));
    if (fine) add_term(lexicon, phrase, term_of_glob(lexicon, buffer_span(&glob), same ? (Span){0} : buffer_span(&plain)));
    buffer_free(&glob);
    buffer_free(&plain);
    return fine;
}

/* One piece of a glob word between punctuation: `e-mail*` has two. What stands before its wildcard may be several words as texts are cut: l'employé*, 24h*. */
static bool add_glob_piece(Lexicon *lexicon, const LexiconSettings *settings, Node *phrase, Span piece, bool exact, Arena *scratch) {
    size_t fixed = 0;
    while (fixed < piece.len && piece.data[fixed] != '*' && piece.data[fixed] != '?') fixed++;
    Tokens tokens = {0};
    if (fixed) settings->cut(lexicon->cut_context, (Span){piece.data, fixed}, lexicon->language, &tokens, scratch);
    bool wildcard = fixed < piece.len;
    if (fixed && !tokens.count) return false;
    size_t whole = tokens.count - (wildcard && tokens.count), start = wildcard && tokens.count ? tokens.items[whole].start : 0;
    for (size_t i = 0; i < whole; i++) add_term(lexicon, phrase, term_of_token(lexicon, &tokens.words[tokens.items[i].word], exact));
    return !wildcard || add_glob(lexicon, settings, phrase, (Span){piece.data + start, piece.len - start}, scratch);
}

static bool terms_of_glob_word(Lexicon *lexicon, const LexiconSettings *settings, Node *node, Arena *scratch, Fail *fail) {
    Node *phrase = node_new(lexicon->trees, NODE_PHRASE, node->column);
    Span word = node->text;
    for (size_t at = 0; at < word.len;) {
        size_t end = at;
        while (end < word.len && !is_mark(word.data[end])) end++;
        Span piece = {word.data + at, end - at};
        if (piece.len && !add_glob_piece(lexicon, settings, phrase, piece, node->exact, scratch)) return no_word(node, fail);
        at = end + 1;
    }
    if (!phrase->count) return no_word(node, fail);
    *node = phrase->count == 1 ? *phrase->children[0] : *phrase;
    return true;
}

/* In a language without spaces a wildcard between characters is any one character; the runs around it are terms. */
static bool terms_of_run(Lexicon *lexicon, const LexiconSettings *settings, Node *node, Arena *scratch, Fail *fail) {
    Node *phrase = node_new(lexicon->trees, NODE_PHRASE, node->column);
    for (size_t at = 0; at < node->text.len;) {
        size_t end = at;
        while (end < node->text.len && node->text.data[end] != '*' && node->text.data[end] != '?') end++;
        if (end > at) {
            Tokens tokens;
            settings->cut(lexicon->cut_context, (Span){node->text.data + at, end - at}, lexicon->language, &tokens, scratch);
            if (!tokens.count) return no_word(node, fail);
            Node *child = node_new(lexicon->trees, NODE_TERM, node->column);
            child->number = term_of_run(lexicon, &tokens);
            node_add(lexicon->trees, phrase, child);
        }
        if (end < node->text.len) node_add(lexicon->trees, phrase, node_new(lexicon->trees, NODE_ANY, node->column));
        at = end + 1;
    }
    if (!phrase->count) return no_word(node, fail);
    *node = phrase->count == 1 ? *phrase->children[0] : *phrase;
    return true;
}

static bool is_ascii(Span word) {
    for (size_t i = 0; i < word.len; i++)
        if ((unsigned char)word.data[i] >= 0x80) return false;
    return true;
}

bool term_of_word(Lexicon *lexicon, const LexiconSettings *settings, Node *node, Arena *scratch, Fail *fail) {
    bool wildcard = has_wildcard(node->text);
    if (lexicon->language->characters && !(wildcard && is_ascii(node->text))) return terms_of_run(lexicon, settings, node, scratch, fail);
    if (wildcard) return terms_of_glob_word(lexicon, settings, node, scratch, fail);
    Tokens tokens;
    settings->cut(lexicon->cut_context, node->text, lexicon->language, &tokens, scratch);
    if (!tokens.count) return no_word(node, fail);
    if (tokens.count == 1) {
        become_term(node, term_of_token(lexicon, &tokens.words[tokens.items[0].word], node->exact));
        return true;
    }
    Node *phrase = node_new(lexicon->trees, NODE_PHRASE, node->column);
    for (size_t i = 0; i < tokens.count; i++) {
        Node *child = node_new(lexicon->trees, NODE_TERM, node->column);
        child->number = term_of_token(lexicon, &tokens.words[tokens.items[i].word], node->exact);
        node_add(lexicon->trees, phrase, child);
    }
    *node = *phrase;
    return true;
}
