/* compile — rules to trees of terms, each filed under the terms that it cannot do without. */
#include <stdlib.h>

#include "compiled.h"

/* ---- words to terms ---- */

static bool is_plain(const Lexicon *lexicon, const Node *node) { return node->kind == NODE_TERM && lexicon->terms[node->number].rarest == NO_TERM; }

/* Runs of plain words in a phrase become one term each: "will not" is looked for once in a text, not once for each rule that has it. */
static void join_words(Lexicon *lexicon, Node *phrase) {
    size_t kept = 0;
    for (size_t i = 0, end; i < phrase->count; i = end) {
        end = i + 1;
        if (is_plain(lexicon, phrase->children[i]))
            while (end < phrase->count && is_plain(lexicon, phrase->children[end])) end++;
        Node *child = phrase->children[i];
        if (end - i > 1) {
            child = node_new(lexicon->keep, NODE_TERM, child->column);
            child->number = term_of_compound(lexicon, phrase->children + i, end - i);
        }
        phrase->children[kept++] = child;
    }
    phrase->count = kept;
    if (kept == 1) *phrase = *phrase->children[0];
}

static bool resolve(Compiler *compiler, Node *node) {
    if (node->kind == NODE_WORD) {
        if (!term_of_word(compiler->lexicon, &compiler->lexicons->settings, node, compiler->scratch, compiler->fail)) return false;
        if (node->kind == NODE_PHRASE && !compiler->lexicon->language->characters) join_words(compiler->lexicon, node);
        return true;
    }
    if (node->kind == NODE_REGEX) return regex_node(compiler, node);
    for (size_t i = 0; i < node->count; i++)
        if (!resolve(compiler, node->children[i])) return false;
    if (node->kind == NODE_WINDOW && node->count == 1) node->kind = NODE_PHRASE;
    if (node->kind == NODE_PHRASE && !compiler->lexicon->language->characters) join_words(compiler->lexicon, node);
    return true;
}

static bool only_any(const Node *node) {
    for (size_t i = 0; i < node->count; i++)
        if (node->children[i]->kind != NODE_ANY) return false;
    return node->kind == NODE_ANY || node->kind == NODE_PHRASE;
}

Node *compile_query(Compiler *compiler, const YamlNode *text) {
    if (!yaml_expect(text, YAML_TEXT, "a rule", compiler->fail)) return NULL;
    Node *root = NULL;
    bool fine = query_parse(text->text, compiler->lexicon->keep, &root, compiler->fail) && resolve(compiler, root);
    if (fine && only_any(root)) {
        fail_set(compiler->fail, FAIL_SETUP, "found only '*', expected a word");
        compiler->fail->column = 1;
        fine = false;
    }
    if (fine) return root;
    fail_at(compiler->fail, text->file, text->line, text->column + (compiler->fail->column ? compiler->fail->column - 1 : 0));
    return NULL;
}

uint32_t rule_add(Lexicon *lexicon, Rule rule) {
    *ARENA_PUSH(lexicon->keep, lexicon->rules, lexicon->rule_count, lexicon->rule_capacity) = rule;
    return (uint32_t)lexicon->rule_count - 1;
}

/* ---- groups of terms ---- */

enum { COMMON_GROUP = 12000 }; /* times in a million words */

static int by_number(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The number of a group of terms: equal sets are one group. Its terms know it from now on, and say so whenever they occur. Sorts `terms`.
 * NO_GROUP for a group whose words are so common that saying so each time costs more than looking when asked. */
static uint32_t group_of(Lexicon *lexicon, uint32_t *terms, size_t count) {
    uint64_t cost = 0;
    for (size_t i = 0; i < count; i++) cost += lexicon->terms[terms[i]].cost;
    if (cost > COMMON_GROUP) return NO_GROUP;
    qsort(terms, count, sizeof *terms, by_number);
    uint32_t *slot = table_put(&lexicon->groups, arena_copy(lexicon->keep, (Span){(const char *)terms, count * sizeof *terms}));
    if (*slot != TABLE_NONE) return *slot;
    uint32_t group = *slot = lexicon->group_count++;
    for (size_t i = 0; i < count; i++) {
        Term *term = &lexicon->terms[terms[i]];
        if (i && terms[i] == terms[i - 1]) continue;
        size_t known = term->group_count, capacity = term->group_capacity;
        *ARENA_PUSH(lexicon->keep, term->groups, known, capacity) = group;
        term->group_count = (uint32_t)known;
        term->group_capacity = (uint32_t)capacity;
    }
    return group;
}

/* Gathers the alternatives that are plain terms: a group is found through the terms that occur, not by looking for each of its own. */
static void gather(Lexicon *lexicon, Node *node, Arena *scratch) {
    if (node->kind == NODE_LINK) return; /* other rules' trees see to themselves */
    for (size_t i = 0; i < node->count; i++) gather(lexicon, node->children[i], scratch);
    if (node->kind != NODE_OR) return;
    Node *group = node_new(lexicon->keep, NODE_GROUP, node->column);
    uint32_t *terms = arena_alloc(scratch, node->count * sizeof *terms);
    size_t kept = 0;
    for (size_t i = 0; i < node->count; i++) {
        Node *child = node->children[i];
        if (child->kind == NODE_TERM) terms[group->count] = child->number, node_add(lexicon->keep, group, child);
        else node->children[kept++] = child;
    }
    if (!group->count) return;
    group->number = group_of(lexicon, terms, group->count);
    if (!kept) *node = *group;
    else node->children[kept] = group, node->count = kept + 1;
}

/* ---- #code ---- */

static bool link_rule(Compiler *compiler, Rule *rule);

static bool link_node(Compiler *compiler, const Rule *rule, Node *node) {
    for (size_t i = 0; i < node->count && node->kind != NODE_LINK; i++)
        if (!link_node(compiler, rule, node->children[i])) return false;
    if (node->kind != NODE_CODE) return true;
    Span name = node->text;
    Pole pole = POLE_NONE;
    const char *colon = memchr(name.data, ':', name.len);
    if (colon) {
        Span which = {colon + 1, (size_t)(name.data + name.len - colon - 1)};
        name.len = (size_t)(colon - name.data);
        pole = span_is(which, "negative") ? POLE_NEGATIVE : span_is(which, "positive") ? POLE_POSITIVE : span_is(which, "topic") ? POLE_TOPIC : POLE_NONE;
        if (!pole) return yaml_fail(rule->at, compiler->fail, "found pole '%.*s', expected negative, positive or topic", (int)which.len, which.data);
    }
    uint32_t code = table_get(&compiler->lexicons->codes, name);
    if (code == TABLE_NONE) return yaml_fail(rule->at, compiler->fail, "found '#%.*s', expected a code of the codebook", (int)name.len, name.data);
    node->kind = NODE_LINK;
    size_t count = 0, capacity = 0;
    Lexicon *lexicon = compiler->lexicon;
    for (size_t i = 0; i < lexicon->rule_count; i++) {
        Rule *other = &lexicon->rules[i];
        if (other->kind != RULE_REASON || other->code != code || (pole ? other->pole != pole : other->pole == POLE_TOPIC)) continue;
        if (!link_rule(compiler, other)) return false;
        node_add(lexicon->keep, node, other->match);
        *ARENA_PUSH(lexicon->keep, node->rules, count, capacity) = (uint32_t)i;
    }
    if (node->count) return true;
    return yaml_fail(rule->at, compiler->fail, "found '#%.*s', expected a code that has rules", (int)node->text.len, node->text.data);
}

static bool link_rule(Compiler *compiler, Rule *rule) {
    if (rule->linked) return true;
    if (rule->linking) return yaml_fail(rule->at, compiler->fail, "found a rule that refers to itself through '#', expected no circle");
    rule->linking = true;
    if (!link_node(compiler, rule, rule->match)) return false;
    if (rule->unless && !link_node(compiler, rule, rule->unless)) return false;
    rule->linking = false;
    rule->linked = true;
    return true;
}

/* ---- filing ---- */

/* Need — a set of terms of which at least one occurs in every match. */
typedef struct {
    uint32_t *terms;
    size_t count, capacity;
    uint64_t cost; /* how often any of them occurs, in a million words */
} Need;

typedef struct {
    Need *items;
    size_t count, capacity;
} Needs;

static const Need *cheapest(const Needs *needs) {
    const Need *best = NULL;
    for (size_t i = 0; i < needs->count; i++)
        if (!best || needs->items[i].cost < best->cost) best = &needs->items[i];
    return best;
}

static void needs_of(const Lexicon *lexicon, const Node *node, Needs *needs, Arena *scratch);

/* Of alternatives one need remains: the cheapest of each. None where an alternative needs no word (a regex). */
static void need_any(const Lexicon *lexicon, const Node *node, Needs *needs, Arena *scratch) {
    Need all = {0};
    for (size_t i = 0; i < node->count; i++) {
        Needs inner = {0};
        needs_of(lexicon, node->children[i], &inner, scratch);
        const Need *one = cheapest(&inner);
        if (!one) return;
        for (size_t j = 0; j < one->count; j++) *ARENA_PUSH(scratch, all.terms, all.count, all.capacity) = one->terms[j];
        all.cost += one->cost;
    }
    *ARENA_PUSH(scratch, needs->items, needs->count, needs->capacity) = all;
}

static void need_words(const Lexicon *lexicon, const Regex *regex, Needs *needs, Arena *scratch) {
    if (!regex->term_count) return;
    Need words = {0};
    for (size_t i = 0; i < regex->term_count; i++) {
        *ARENA_PUSH(scratch, words.terms, words.count, words.capacity) = regex->terms[i];
        words.cost += lexicon->terms[regex->terms[i]].cost;
    }
    *ARENA_PUSH(scratch, needs->items, needs->count, needs->capacity) = words;
}

static void needs_of(const Lexicon *lexicon, const Node *node, Needs *needs, Arena *scratch) {
    switch (node->kind) {
    case NODE_TERM: {
        Need one = {.cost = lexicon->terms[node->number].cost};
        *ARENA_PUSH(scratch, one.terms, one.count, one.capacity) = node->number;
        *ARENA_PUSH(scratch, needs->items, needs->count, needs->capacity) = one;
        return;
    }
    case NODE_REGEX: need_words(lexicon, &lexicon->regexes[node->number], needs, scratch); return;
    case NODE_OR:
    case NODE_GROUP:
    case NODE_LINK: need_any(lexicon, node, needs, scratch); return;
    case NODE_NOT: needs_of(lexicon, node->children[0], needs, scratch); return;
    default:
        for (size_t i = 0; i < node->count; i++) needs_of(lexicon, node->children[i], needs, scratch);
    }
}

static int by_cost(const void *left, const void *right) {
    const Need *a = left, *b = right;
    return (a->cost > b->cost) - (a->cost < b->cost);
}

static void file_under(Lexicon *lexicon, const Need *need, uint32_t rule) {
    for (size_t i = 0; i < need->count; i++) {
        Term *term = &lexicon->terms[need->terms[i]];
        if (term->rule_count && term->rules[term->rule_count - 1] == rule) continue;
        size_t count = term->rule_count, capacity = term->rule_capacity;
        *ARENA_PUSH(lexicon->keep, term->rules, count, capacity) = rule;
        term->rule_count = (uint32_t)count;
        term->rule_capacity = (uint32_t)capacity;
    }
}

/* A rule is called up by its rarest need, and tried when its other needs are there too. */
static void file_rule(Lexicon *lexicon, uint32_t number, Arena *scratch) {
    Rule *rule = &lexicon->rules[number];
    Needs needs = {0};
    needs_of(lexicon, rule->match, &needs, scratch);
    if (!needs.count) {
        *ARENA_PUSH(lexicon->keep, lexicon->always, lexicon->always_count, lexicon->always_capacity) = number;
        return;
    }
    qsort(needs.items, needs.count, sizeof *needs.items, by_cost);
    file_under(lexicon, &needs.items[0], number);
    for (size_t i = 1; i < needs.count && rule->need_count < NEEDS_MAX; i++) {
        uint32_t group = group_of(lexicon, needs.items[i].terms, needs.items[i].count);
        if (group != NO_GROUP) rule->needs[rule->need_count++] = group;
    }
}

/* ---- trees to ops ---- */

static uint32_t ops_new(Lexicon *lexicon, size_t count) {
    uint32_t first = (uint32_t)lexicon->op_count;
    for (size_t i = 0; i < count; i++) *ARENA_PUSH(lexicon->keep, lexicon->ops, lexicon->op_count, lexicon->op_capacity) = (Op){0};
    return first;
}

static bool needs_all(NodeKind kind) { return kind == NODE_PHRASE || kind == NODE_WINDOW || kind == NODE_NEAR || kind == NODE_AND; }

/* Terms among the children of an operator that needs them all, side by side: whether they occur is asked far more often than where. */
static void flatten_plain(Lexicon *lexicon, const Node *node, Op *op) {
    op->number = (uint32_t)lexicon->group_term_count;
    for (size_t i = 0; i < node->count && op->plain < UINT16_MAX; i++) {
        if (node->children[i]->kind != NODE_TERM) continue;
        *ARENA_PUSH(lexicon->keep, lexicon->group_terms, lexicon->group_term_count, lexicon->group_term_capacity) = node->children[i]->number;
        op->plain++;
    }
}

static void flatten(Lexicon *lexicon, const Node *node, uint32_t at) {
    Op op = {.kind = (uint8_t)node->kind, .order = (uint8_t)node->order, .n = node->n, .number = node->number, .count = (uint32_t)node->count};
    if (node->kind == NODE_GROUP) {
        op.first = (uint32_t)lexicon->group_term_count;
        for (size_t i = 0; i < node->count; i++)
            *ARENA_PUSH(lexicon->keep, lexicon->group_terms, lexicon->group_term_count, lexicon->group_term_capacity) = node->children[i]->number;
    } else {
        if (needs_all(node->kind)) flatten_plain(lexicon, node, &op);
        op.first = ops_new(lexicon, node->count);
        for (uint32_t i = 0; i < op.count; i++) {
            if (node->kind == NODE_LINK) lexicon->ops[op.first + i] = (Op){.kind = NODE_RULE, .number = node->rules[i]};
            else flatten(lexicon, node->children[i], op.first + i);
        }
    }
    lexicon->ops[at] = op;
}

static uint32_t flatten_root(Lexicon *lexicon, const Node *node) {
    if (!node) return NO_OP;
    uint32_t at = ops_new(lexicon, 1);
    flatten(lexicon, node, at);
    return at;
}

bool compile_link(Compiler *compiler) {
    for (size_t i = 0; i < compiler->lexicon->rule_count; i++)
        if (!link_rule(compiler, &compiler->lexicon->rules[i])) return false;
    return true;
}

/* A compound is rarer than its rarest part; by how much is a guess. */
static void cost_compounds(Lexicon *lexicon) {
    for (size_t i = 0; i < lexicon->term_count; i++)
        if (lexicon->terms[i].rarest != NO_TERM) lexicon->terms[i].cost = lexicon->terms[lexicon->terms[i].rarest].cost / 8 + 1;
}

void compile_file(Compiler *compiler) {
    if (!compiler->lexicon->language->characters) cost_compounds(compiler->lexicon);
    for (size_t i = 0; i < compiler->lexicon->rule_count; i++) {
        const Rule *rule = &compiler->lexicon->rules[i];
        gather(compiler->lexicon, rule->match, compiler->scratch);
        if (rule->unless) gather(compiler->lexicon, rule->unless, compiler->scratch);
        arena_reset(compiler->scratch);
    }
    for (size_t i = 0; i < compiler->lexicon->rule_count; i++) {
        file_rule(compiler->lexicon, (uint32_t)i, compiler->scratch);
        Rule *rule = &compiler->lexicon->rules[i];
        rule->op = flatten_root(compiler->lexicon, rule->match);
        rule->unless_op = flatten_root(compiler->lexicon, rule->unless);
        arena_reset(compiler->scratch);
    }
    regex_sieve(compiler->lexicon);
}
