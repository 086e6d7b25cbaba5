/* phrases — a rule's tree to all its alternatives, each a row of words. */
#include <stdlib.h>

#include "base/utf8.h"
#include "exchange/gather.h"

enum { PREFIX_LETTERS = 4, UNITS_MAX = 64 };

typedef struct {
    Dictionary *dictionary;
    Refusal *refusal;
    bool by_stem;
    int depth; /* of lists in each other */
} Taking;

static bool refuse(Taking *taking, const char *kind, const char *why) {
    *taking->refusal = (Refusal){kind, why};
    return false;
}

static void add_phrase(Taking *taking, Phrases *phrases, Phrase phrase) {
    *ARENA_PUSH(taking->dictionary->keep, phrases->items, phrases->count, phrases->capacity) = phrase;
}

static void add_unit(Taking *taking, Phrase *phrase, Unit unit) {
    Unit *units = arena_alloc(taking->dictionary->keep, (phrase->count + 1) * sizeof *units);
    if (phrase->count) memcpy(units, phrase->units, phrase->count * sizeof *units);
    units[phrase->count++] = unit;
    phrase->units = units;
}

/* ---- words ---- */

static bool is_wildcard(char byte) { return byte == '*' || byte == '?'; }

static bool has_capital(Span word) {
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] >= 'A' && word.data[i] <= 'Z') return true;
    return false;
}

static Span small(Taking *taking, Span word) {
    char *copy = (char *)arena_copy(taking->dictionary->keep, word).data;
    for (size_t i = 0; i < word.len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z') copy[i] |= 32;
    return (Span){copy, word.len};
}

/* By stem becomes by prefix where the word begins with its stem and the stem says enough; a short one becomes the form as it is. */
static bool take_stem(Taking *taking, const Word *word, Phrase *phrase) {
    Arena *keep = taking->dictionary->keep;
    bool stems = taking->dictionary->settings->language->stemmer && word->kind & WORD_LETTERS;
    bool begins = word->form->stem.len <= word->form->folded.len && memcmp(word->form->stem.data, word->form->folded.data, word->form->stem.len) == 0;
    bool prefix = utf8_count(word->form->stem.data, word->form->stem.len) >= PREFIX_LETTERS;
    if (stems && !begins) return refuse(taking, "stem", "expected a word that begins with its stem");
    taking->by_stem = taking->by_stem || stems;
    if (!stems || !prefix) {
        add_unit(taking, phrase, (Unit){.kind = UNIT_FORM, .text = arena_copy(keep, word->form->folded)});
        return true;
    }
    Buffer glob = {0};
    buffer_append(&glob, word->form->stem);
    buffer_byte(&glob, '*');
    add_unit(taking, phrase, (Unit){.kind = UNIT_GLOB, .text = arena_copy(keep, buffer_span(&glob))});
    buffer_free(&glob);
    return true;
}

static bool take_stems(Taking *taking, Span text, Phrase *phrase) {
    Dictionary *dictionary = taking->dictionary;
    Tokens tokens;
    dictionary->settings->cut(dictionary->settings->cut_context, text, dictionary->settings->language, &tokens, &dictionary->scratch);
    bool fine = tokens.count > 0 || refuse(taking, "no word", "expected a word");
    for (size_t i = 0; fine && i < tokens.count; i++) fine = take_stem(taking, &tokens.words[tokens.items[i].word], phrase);
    arena_reset(&dictionary->scratch);
    return fine;
}

/* `e-mail*` is a phrase: what has no wildcard is by stem. */
static bool take_glob(Taking *taking, Span word, bool exact, Phrase *phrase) {
    if (exact) return add_unit(taking, phrase, (Unit){.kind = UNIT_GLOB, .text = small(taking, word)}), true;
    for (size_t at = 0; at < word.len;) {
        size_t end = at;
        while (end < word.len && !is_mark(word.data[end])) end++;
        Span piece = {word.data + at, end - at};
        if (piece.len && has_wildcard(piece)) add_unit(taking, phrase, (Unit){.kind = UNIT_GLOB, .text = small(taking, piece)});
        else if (piece.len && !take_stems(taking, piece, phrase)) return false;
        at = end + 1;
    }
    return true;
}

/* In a language without spaces both wildcards are any one character. */
static Unit characters_unit(Taking *taking, Span word) {
    Span copy = small(taking, word);
    bool wild = has_wildcard(copy);
    for (size_t i = 0; i < copy.len; i++)
        if (is_wildcard(copy.data[i])) ((char *)copy.data)[i] = '?';
    return (Unit){.kind = wild ? UNIT_GLOB : UNIT_FORM, .text = copy};
}

static bool take_word(Taking *taking, const Node *node, Phrases *phrases) {
    Phrase phrase = {0};
    Span word = node->text;
    bool fine = true;
    if (taking->dictionary->settings->language->characters) add_unit(taking, &phrase, characters_unit(taking, word));
    else if (has_wildcard(word)) fine = take_glob(taking, word, node->exact, &phrase);
    else if (!node->exact) fine = take_stems(taking, word, &phrase);
    else add_unit(taking, &phrase, (Unit){.kind = has_capital(word) ? UNIT_CASED : UNIT_FORM, .text = arena_copy(taking->dictionary->keep, word)});
    if (fine) add_phrase(taking, phrases, phrase);
    return fine;
}

/* ---- operators ---- */

static bool take(Taking *taking, const Node *node, Phrases *phrases);

static bool has_gap(const Phrase *phrase) {
    for (size_t i = 0; i < phrase->count; i++)
        if (unit_is_gap(&phrase->units[i])) return true;
    return false;
}

static bool only_gaps(const Phrase *phrase, UnitKind kind) {
    for (size_t i = 0; i < phrase->count; i++)
        if (unit_is_gap(&phrase->units[i]) && phrase->units[i].kind != kind) return false;
    return true;
}

/* One after the other, with `gap` between where there is one. A row has no brackets: only orders that need none may be in it. */
static bool join(Taking *taking, const Phrase *left, const Phrase *right, const Unit *gap, Phrase *both) {
    bool nested = has_gap(left) || has_gap(right);
    bool chain = gap && ((gap->kind == UNIT_BEFORE && only_gaps(left, UNIT_BEFORE) && only_gaps(right, UNIT_BEFORE)) || (gap->kind == UNIT_NOT && only_gaps(left, UNIT_NOT) && !has_gap(right)));
    if (nested && !chain) return refuse(taking, "nesting", "expected no operator inside another");
    size_t count = left->count + right->count + (gap != NULL);
    if (count > UNITS_MAX) return refuse(taking, "length", "expected fewer words");
    Unit *units = arena_alloc(taking->dictionary->keep, count * sizeof *units);
    memcpy(units, left->units, left->count * sizeof *units);
    if (gap) units[left->count] = *gap;
    memcpy(units + left->count + (gap != NULL), right->units, right->count * sizeof *units);
    *both = (Phrase){.units = units, .count = count};
    return true;
}

static bool product(Taking *taking, const Phrases *left, const Phrases *right, const Unit *gap, Phrases *all) {
    if (left->count * right->count > ALTERNATIVES_MAX) return refuse(taking, "alternatives", "expected at most 256 alternatives in all");
    for (size_t i = 0; i < left->count; i++)
        for (size_t j = 0; j < right->count; j++) {
            Phrase both;
            if (!join(taking, &left->items[i], &right->items[j], gap, &both)) return false;
            add_phrase(taking, all, both);
        }
    return true;
}

static bool take_row(Taking *taking, const Node *node, Phrases *phrases) {
    Phrases row = {0};
    if (!take(taking, node->children[0], &row)) return false;
    for (size_t i = 1; i < node->count; i++) {
        Phrases next = {0}, all = {0};
        if (!take(taking, node->children[i], &next) || !product(taking, &row, &next, NULL, &all)) return false;
        row = all;
    }
    for (size_t i = 0; i < row.count; i++) add_phrase(taking, phrases, row.items[i]);
    return true;
}

static bool take_pair(Taking *taking, const Node *node, Unit gap, Phrases *phrases) {
    if (gap.n != N_FREE && taking->dictionary->settings->language->characters) return refuse(taking, "NEAR", "expected no distance, which counts characters in this language");
    bool turned = node->kind == NODE_NEAR && node->order == ORDER_BACKWARD;
    Phrases left = {0}, right = {0};
    return take(taking, node->children[turned], &left) && take(taking, node->children[!turned], &right) && product(taking, &left, &right, gap.kind == UNIT_BEFORE && !gap.n ? NULL : &gap, phrases);
}

/* None of the right ones: one NOT behind the other. */
static bool without(Taking *taking, const Phrases *left, const Phrases *right, uint32_t n, Phrases *all) {
    for (size_t i = 0; i < left->count; i++) {
        Phrase phrase = left->items[i];
        for (size_t j = 0; j < right->count; j++)
            if (!join(taking, &phrase, &right->items[j], &(Unit){.kind = UNIT_NOT, .n = n}, &phrase)) return false;
        add_phrase(taking, all, phrase);
    }
    return true;
}

static bool take_not(Taking *taking, const Node *node, Phrases *phrases) {
    Phrases left = {0}, right = {0};
    return take(taking, node->children[0], &left) && take(taking, node->children[1], &right) && without(taking, &left, &right, N_FREE, phrases);
}

/* A list is its items; a class stays what it is, as most have a shape that no list of words holds. */
static bool take_list(Taking *taking, const Node *node, Phrases *phrases) {
    if (node->text.data[0] == '<') {
        Phrase phrase = {0};
        add_unit(taking, &phrase, (Unit){.kind = UNIT_CLASS, .text = arena_copy(taking->dictionary->keep, node->text)});
        add_phrase(taking, phrases, phrase);
        return true;
    }
    const YamlNode *lists = taking->dictionary->lists, *list = lists ? yaml_get(lists, arena_string(taking->dictionary->keep, node->text)) : NULL;
    if (!list || list->kind != YAML_LIST || taking->depth == LEVELS_MAX) return refuse(taking, "list", "expected a $list of the folder's own lists.yaml");
    bool fine = true;
    taking->depth++;
    for (size_t i = 0; fine && i < list->count; i++) {
        Node *root = NULL;
        Fail ignored;
        fine = query_parse(list->values[i]->text, taking->dictionary->keep, &root, &ignored) ? take(taking, root, phrases) : refuse(taking, "list", "expected rules in a $list");
        if (fine && phrases->count > ALTERNATIVES_MAX) fine = refuse(taking, "alternatives", "expected at most 256 alternatives in all");
    }
    taking->depth--;
    return fine;
}

static bool take(Taking *taking, const Node *node, Phrases *phrases) {
    switch (node->kind) {
    case NODE_WORD: return take_word(taking, node, phrases);
    case NODE_PHRASE: return take_row(taking, node, phrases);
    case NODE_NEAR: return take_pair(taking, node, (Unit){.kind = node->order == ORDER_ANY ? UNIT_NEAR : UNIT_BEFORE, .n = node->n}, phrases);
    case NODE_AND: return take_pair(taking, node, (Unit){.kind = UNIT_NEAR, .n = N_FREE}, phrases);
    case NODE_NOT: return take_not(taking, node, phrases);
    case NODE_REGEX: return refuse(taking, "regex", "expected words, not a regular expression");
    case NODE_WINDOW:
        if (node->count == 1) return take_row(taking, node, phrases);
        if (node->count == 2) return take_pair(taking, node, (Unit){.kind = UNIT_NEAR, .n = node->n}, phrases);
        return refuse(taking, "window", "expected at most two words in any order");
    case NODE_OR:
        for (size_t i = 0; i < node->count; i++)
            if (!take(taking, node->children[i], phrases)) return false;
        return phrases->count <= ALTERNATIVES_MAX || refuse(taking, "alternatives", "expected at most 256 alternatives in all");
    case NODE_ANY:
    case NODE_CODE: {
        Phrase phrase = {0};
        if (node->kind == NODE_ANY && taking->dictionary->settings->language->characters) return refuse(taking, "character gap", "expected no lone '*', which is one character in this language");
        add_unit(taking, &phrase, (Unit){.kind = node->kind == NODE_ANY ? UNIT_ANY : UNIT_CODE, .text = node->kind == NODE_ANY ? SPAN("*") : arena_copy(taking->dictionary->keep, node->text)});
        add_phrase(taking, phrases, phrase);
        return true;
    }
    case NODE_LIST: return take_list(taking, node, phrases);
    default: return refuse(taking, "other operators", "expected words");
    }
}

bool phrases_of(Dictionary *dictionary, const Node *root, const Node *unless, uint32_t within, Phrases *phrases, Refusal *refusal) {
    Taking taking = {.dictionary = dictionary, .refusal = refusal};
    Phrases match = {0}, except = {0};
    *phrases = (Phrases){0};
    bool fine = take(&taking, root, &match) && (!unless || take(&taking, unless, &except));
    if (fine && within != N_FREE && dictionary->settings->language->characters) fine = refuse(&taking, "NEAR", "expected no distance, which counts characters in this language");
    fine = fine && without(&taking, &match, &except, within, phrases);
    phrases->by_stem = taking.by_stem;
    return fine;
}

/* ---- what the writers share ---- */

void put_category_path(Buffer *out, const Dictionary *tree, uint32_t category) {
    const Category *at = &tree->categories[category];
    if (at->parent != NO_CATEGORY) put_category_path(out, tree, at->parent), buffer_byte(out, '.');
    buffer_append(out, at->step);
}

void put_words(Buffer *out, const Phrase *phrase, char blank) {
    for (size_t i = 0; i < phrase->count; i++) {
        if (i) buffer_byte(out, blank);
        buffer_append(out, phrase->units[i].text);
    }
}

Refusal refuse_gaps(const Phrase *phrase, const Language *language) {
    (void)language;
    for (size_t i = 0; i < phrase->count; i++) {
        const Unit *unit = &phrase->units[i];
        if (unit->kind == UNIT_NOT) return (Refusal){"NOT", "expected words alone"};
        if (unit_is_gap(unit) && unit->n == N_FREE) return (Refusal){"AND", "expected words side by side"};
        if (unit_is_gap(unit)) return (Refusal){"NEAR", "expected words side by side"};
        if (unit->kind == UNIT_CODE) return (Refusal){"#code", "expected words, not another code"};
        if (unit->kind == UNIT_CLASS) return (Refusal){"class", "expected words, not a <class>"};
    }
    return (Refusal){NULL, NULL};
}

static void add_term(TermLine *line, uint32_t category, double weight, Arena *arena) {
    for (size_t i = 0; i < line->count; i++) {
        if (line->categories[i] != category) continue;
        if (weight > line->weights[i]) line->weights[i] = weight;
        return;
    }
    *ARENA_PUSH(arena, line->categories, line->count, line->categories_capacity) = category;
    *ARENA_PUSH(arena, line->weights, line->weights_count, line->weights_capacity) = weight;
}

TermLines term_lines(const Gathered *gathered, Arena *arena) {
    const Dictionary *tree = &gathered->tree;
    TermLines lines = {.numbers = arena_calloc(arena, tree->category_count + 1, sizeof *lines.numbers)};
    Table places = {0};
    for (uint32_t category = 0; category < tree->category_count; category++) {
        if (tree->categories[category].first_entry != NO_ENTRY) lines.numbers[category] = (uint32_t)++lines.number_count;
        for (uint32_t i = tree->categories[category].first_entry; i != NO_ENTRY; i = gathered->entries[i].next) {
            Buffer words = {0};
            put_words(&words, &gathered->entries[i].phrase, ' ');
            Span term = arena_copy(arena, buffer_span(&words));
            buffer_free(&words);
            uint32_t *place = table_put(&places, term);
            if (*place == TABLE_NONE) *place = (uint32_t)lines.count, *ARENA_PUSH(arena, lines.items, lines.count, lines.capacity) = (TermLine){.term = term};
            add_term(&lines.items[*place], category, gathered->entries[i].weight, arena);
        }
    }
    table_free(&places);
    return lines;
}
