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
            child = node_new(lexicon->trees, NODE_TERM, child->column);
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
    if (node->kind == NODE_LIST) return list_node(compiler, node);
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

/* The place of a fault that was found in a text, unless it is known already. */
bool place_fault(Compiler *compiler, const YamlNode *text, size_t column) {
    return compiler->fail->source ? false : fail_at(compiler->fail, text->file, text->line, text->column + column);
}

bool compile_node(Compiler *compiler, Node *root) {
    if (!resolve(compiler, root)) return false;
    if (!only_any(root)) return true;
    fail_set(compiler->fail, FAIL_SETUP, "found only '*', expected a word");
    compiler->fail->column = root->column + 1;
    return false;
}

Node *compile_query(Compiler *compiler, const YamlNode *text) {
    if (!yaml_expect(text, YAML_TEXT, "a rule", compiler->fail)) return NULL;
    Node *root = NULL;
    bool fine = query_parse(text->text, compiler->trees, &root, compiler->fail) && compile_node(compiler, root);
    arena_reset(compiler->scratch);
    if (fine) return root;
    place_fault(compiler, text, compiler->fail->column ? compiler->fail->column - 1 : 0);
    return NULL;
}

bool compiler_goes_on(Compiler *compiler) {
    Problems *problems = compiler->lexicons->settings.problems;
    if (!problems) return false;
    Fail fail = *compiler->fail;
    if (fail.source) fail.source = arena_string(problems->keep, span_of(fail.source)); /* it may point into trees */
    *ARENA_PUSH(problems->keep, problems->items, problems->count, problems->capacity) = fail;
    return true;
}

static void keep_text(Lexicon *lexicon, const Draft *draft) {
    RuleText text = {.match = arena_copy(lexicon->keep, draft->at->text)};
    if (draft->unless_at) {
        text.unless = arena_copy(lexicon->keep, draft->unless_at->text);
        text.unless_line = (uint32_t)draft->unless_at->line, text.unless_column = (uint32_t)draft->unless_at->column;
    }
    *ARENA_PUSH(lexicon->keep, lexicon->texts, lexicon->text_count, lexicon->text_capacity) = text;
}

void rule_add(Compiler *compiler, Rule rule, Draft draft) {
    Lexicon *lexicon = compiler->lexicon;
    if (compiler->lexicons->settings.sources) keep_text(lexicon, &draft);
    rule.file = compiler->file;
    rule.line = (uint32_t)draft.at->line;
    rule.column = (uint32_t)draft.at->column;
    *ARENA_PUSH(lexicon->trees, lexicon->rules, lexicon->rule_count, lexicon->rule_capacity) = rule;
    *ARENA_PUSH(compiler->trees, compiler->drafts, compiler->draft_count, compiler->draft_capacity) = draft;
}

/* ---- groups of terms ---- */

enum { COMMON_GROUP = 12000 }; /* times in a million words */

static int by_number(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void add_pair(Compiler *compiler, Pairs *pairs, uint32_t term, uint32_t number) {
    *ARENA_PUSH(compiler->trees, pairs->items, pairs->count, pairs->capacity) = (Pair){term, number};
}

/* The number of a group of terms: equal sets are one group. Its terms know it from now on, and say so whenever they occur. Sorts `terms`.
 * NO_GROUP for a group whose words are so common that saying so each time costs more than looking when asked. */
static uint32_t group_of(Compiler *compiler, uint32_t *terms, size_t count) {
    Lexicon *lexicon = compiler->lexicon;
    uint64_t cost = 0;
    for (size_t i = 0; i < count; i++) cost += lexicon->terms[terms[i]].cost;
    if (cost > COMMON_GROUP) return NO_GROUP;
    qsort(terms, count, sizeof *terms, by_number);
    Span key = {(const char *)terms, count * sizeof *terms};
    uint32_t known = table_get(&compiler->groups, key);
    if (known != TABLE_NONE) return known;
    uint32_t group = *table_put(&compiler->groups, arena_copy(compiler->trees, key)) = lexicon->group_count++;
    for (size_t i = 0; i < count; i++)
        if (!i || terms[i] != terms[i - 1]) add_pair(compiler, &compiler->grouped, terms[i], group);
    return group;
}

/* Gathers the alternatives that are plain terms: a group is found through the terms that occur, not by looking for each of its own. */
static void gather(Compiler *compiler, Node *node) {
    if (node->kind == NODE_LINK) return; /* other rules' trees see to themselves */
    if (node->kind == NODE_LIST) {
        List *list = &compiler->lists[node->number];
        if (!list->gathered) list->gathered = true, gather(compiler, list->match);
        return;
    }
    for (size_t i = 0; i < node->count; i++) gather(compiler, node->children[i]);
    if (node->kind != NODE_OR) return;
    Node *group = node_new(compiler->trees, NODE_GROUP, node->column);
    uint32_t *terms = arena_alloc(compiler->scratch, node->count * sizeof *terms);
    size_t kept = 0;
    for (size_t i = 0; i < node->count; i++) {
        Node *child = node->children[i];
        if (child->kind == NODE_TERM) terms[group->count] = child->number, node_add(compiler->trees, group, child);
        else node->children[kept++] = child;
    }
    if (!group->count) return;
    group->number = group_of(compiler, terms, group->count);
    if (!kept) *node = *group;
    else node->children[kept] = group, node->count = kept + 1;
}

/* ---- #code and lists: what stands for what, and no circles ---- */

size_t path_push(Compiler *compiler, const char *mark, Span name, uint64_t what) {
    *ARENA_PUSH(compiler->trees, compiler->path, compiler->path_count, compiler->path_capacity) = (Crumb){mark, name, what};
    return compiler->path_count - 1;
}

void path_pop(Compiler *compiler, size_t mark) { compiler->path_count = mark; }

bool path_fail(Compiler *compiler, uint64_t what) {
    Buffer circle = {0};
    for (size_t i = 0; i < compiler->path_count; i++) {
        const Crumb *crumb = &compiler->path[i];
        if (!circle.len && crumb->what != what) continue;
        if (circle.len) buffer_text(&circle, " -> ");
        buffer_text(&circle, crumb->mark);
        buffer_append(&circle, crumb->name);
    }
    fail_set(compiler->fail, FAIL_SETUP, "found a circle: %.*s", (int)circle.len, circle.data);
    buffer_free(&circle);
    return false;
}

/* What #codes and lists may stand for: they share what they are made of, but matching goes through all of it. */
enum { LINKS_MAX = 32, NODES_MAX = 1000000 };

static uint64_t size_of(const Compiler *compiler, const Node *node) {
    if (node->kind == NODE_LIST) return compiler->lists[node->number].size;
    uint64_t size = 1;
    for (size_t i = 0; i < node->count && size <= NODES_MAX; i++) size += size_of(compiler, node->children[i]);
    return size;
}

static uint32_t depth_of(const Compiler *compiler, const Node *node) {
    if (node->kind == NODE_LIST) return compiler->lists[node->number].depth;
    uint32_t depth = 0;
    for (size_t i = 0; i < node->count; i++) {
        uint32_t inner = depth_of(compiler, node->children[i]);
        depth = inner > depth ? inner : depth;
    }
    return depth;
}

static bool depth_fail(Compiler *compiler) {
    return fail_set(compiler->fail, FAIL_SETUP, "found more than %d #codes and lists inside each other, expected fewer", LINKS_MAX);
}

static bool measure_list(Compiler *compiler, List *list) {
    list->size = size_of(compiler, list->match);
    list->depth = 1 + depth_of(compiler, list->match);
    if (list->depth > LINKS_MAX) return depth_fail(compiler);
    return list->size <= NODES_MAX || fail_set(compiler->fail, FAIL_SETUP, "found #codes and lists that stand for more than %d words, expected fewer", NODES_MAX);
}

static bool link_rule(Compiler *compiler, uint32_t number);
static bool link_list(Compiler *compiler, uint32_t number);

/* `code` or `code:pole`; the pole is POLE_NONE where none is named. */
static bool parse_code(Compiler *compiler, Span name, uint32_t *code, Pole *pole) {
    const char *colon = memchr(name.data, ':', name.len);
    *pole = POLE_NONE;
    if (colon) {
        Span which = {colon + 1, (size_t)(name.data + name.len - colon - 1)};
        name.len = (size_t)(colon - name.data);
        *pole = span_is(which, "negative") ? POLE_NEGATIVE : span_is(which, "positive") ? POLE_POSITIVE : span_is(which, "topic") ? POLE_TOPIC : POLE_NONE;
        if (!*pole) return fail_set(compiler->fail, FAIL_SETUP, "found pole '%.*s', expected negative, positive or topic", (int)which.len, which.data);
    }
    *code = table_get(&compiler->lexicons->codes, name);
    return *code != TABLE_NONE || fail_set(compiler->fail, FAIL_SETUP, "found '#%.*s', expected a code of the codebook", (int)name.len, name.data);
}

/* The list of what `#code` stands for: one for all rules that refer to it, made when the first does. */
static uint32_t list_of_code(Compiler *compiler, Node *node, uint32_t code, Pole pole) {
    uint32_t *known = &compiler->code_lists[4 * code + (uint32_t)pole];
    if (*known != NO_TERM) return *known;
    Node *link = node_new(compiler->trees, NODE_LINK, node->column);
    size_t count = 0, capacity = 0;
    for (uint32_t i = compiler->first_of_code[code]; i != NO_TERM; i = compiler->next_of_code[i]) {
        if (pole ? compiler->lexicon->rules[i].pole != pole : compiler->lexicon->rules[i].pole == POLE_TOPIC) continue;
        node_add(compiler->trees, link, compiler->drafts[i].match);
        *ARENA_PUSH(compiler->trees, link->rules, count, capacity) = i;
    }
    *ARENA_PUSH(compiler->trees, compiler->lists, compiler->list_count, compiler->list_capacity) = (List){.name = node->text, .match = link, .op = NO_OP};
    return *known = (uint32_t)compiler->list_count - 1;
}

static bool link_code(Compiler *compiler, Node *node) {
    uint32_t code = 0;
    Pole pole = POLE_NONE;
    if (!parse_code(compiler, node->text, &code, &pole)) return false;
    node->number = list_of_code(compiler, node, code, pole);
    node->kind = NODE_LIST;
    if (compiler->lists[node->number].match->count) return link_list(compiler, node->number);
    return fail_set(compiler->fail, FAIL_SETUP, "found '#%.*s', expected a code that has rules", (int)node->text.len, node->text.data);
}

static bool link_node(Compiler *compiler, const YamlNode *text, Node *node) {
    for (size_t i = 0; i < node->count; i++)
        if (!link_node(compiler, text, node->children[i])) return false;
    if (node->kind == NODE_LIST) return link_list(compiler, node->number) || place_fault(compiler, text, node->column);
    return node->kind != NODE_CODE || link_code(compiler, node) || place_fault(compiler, text, node->column);
}

/* Lists may move while those of codes are added, so they are told by number. */
static bool link_list(Compiler *compiler, uint32_t number) {
    List list = compiler->lists[number];
    uint64_t what = UINT64_C(1) << 32 | number;
    bool code = list.match->kind == NODE_LINK;
    if (list.linked) return true;
    size_t mark = path_push(compiler, code ? "#" : list.name.data[0] == '<' ? "" : "$", list.name, what);
    if (list.walking) return path_fail(compiler, what);
    if (compiler->path_count > LINKS_MAX + 1) return depth_fail(compiler);
    compiler->lists[number].walking = true;
    for (size_t i = 0; code && i < list.match->count; i++)
        if (!link_rule(compiler, list.match->rules[i])) return false;
    for (size_t i = 0; list.items && i < list.items->count; i++)
        if (!link_node(compiler, list.items->values[i], list.match->children[i])) return false;
    compiler->lists[number].walking = false;
    path_pop(compiler, mark);
    return compiler->lists[number].linked = measure_list(compiler, &compiler->lists[number]);
}

static bool link_rule(Compiler *compiler, uint32_t number) {
    Draft *draft = &compiler->drafts[number];
    if (draft->linked) return true;
    if (draft->walking) return path_fail(compiler, number);
    draft->walking = true;
    if (!link_node(compiler, draft->at, draft->match)) return false;
    if (draft->unless && !link_node(compiler, draft->unless_at, draft->unless)) return false;
    draft->walking = false;
    return draft->linked = true;
}

/* Rules of each code, in their order. */
static void index_codes(Compiler *compiler) {
    size_t codes = compiler->lexicons->codebook.code_count;
    compiler->first_of_code = arena_alloc(compiler->trees, codes * sizeof *compiler->first_of_code);
    compiler->next_of_code = arena_alloc(compiler->trees, compiler->draft_count * sizeof *compiler->next_of_code);
    compiler->code_lists = arena_alloc(compiler->trees, 4 * codes * sizeof *compiler->code_lists);
    for (size_t i = 0; i < codes; i++) compiler->first_of_code[i] = NO_TERM;
    for (size_t i = 0; i < 4 * codes; i++) compiler->code_lists[i] = NO_TERM;
    for (uint32_t i = (uint32_t)compiler->draft_count; i-- > 0;) {
        const Rule *rule = &compiler->lexicon->rules[i];
        if (rule->kind != RULE_REASON) continue;
        compiler->next_of_code[i] = compiler->first_of_code[rule->code];
        compiler->first_of_code[rule->code] = i;
    }
}

/* The rules and lists on the way to what cannot be linked: each is told of once, and the language cannot be used. */
static void give_up_links(Compiler *compiler) {
    compiler->told = true;
    for (size_t i = 0; i < compiler->draft_count; i++)
        if (compiler->drafts[i].walking) compiler->drafts[i].linked = true, compiler->drafts[i].walking = false;
    for (size_t i = 0; i < compiler->list_count; i++)
        if (compiler->lists[i].walking) compiler->lists[i].linked = true, compiler->lists[i].walking = false;
}

bool compile_link(Compiler *compiler) {
    index_codes(compiler);
    for (uint32_t i = 0; i < compiler->draft_count; i++) {
        const Rule *rule = &compiler->lexicon->rules[i];
        bool reason = rule->kind == RULE_REASON;
        path_push(compiler, reason ? "#" : "", reason ? compiler->lexicons->codebook.codes[rule->code].id : rule->id, i);
        if (!link_rule(compiler, i)) {
            if (!compiler_goes_on(compiler)) return false;
            give_up_links(compiler);
        }
        compiler->path_count = 0;
    }
    return !compiler->told;
}

/* ---- filing ---- */

/* A Need is a set of terms of which at least one occurs in every match. */
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

static void needs_of(Compiler *compiler, const Node *node, Needs *needs, Arena *scratch);

/* Of alternatives one need remains: the cheapest of each. None where an alternative needs no word (a regex). */
static void need_any(Compiler *compiler, const Node *node, Needs *needs, Arena *scratch) {
    Need all = {0};
    for (size_t i = 0; i < node->count; i++) {
        Needs inner = {0};
        needs_of(compiler, node->children[i], &inner, scratch);
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

/* What a list needs is found once, and shared by the rules that use it. */
static void need_list(Compiler *compiler, uint32_t number, Needs *needs, Arena *scratch) {
    List *list = &compiler->lists[number];
    if (!list->weighed) {
        Needs own = {0};
        needs_of(compiler, list->match, &own, compiler->trees);
        list->weighed = true;
        list->needed = own.count > 0;
        if (list->needed) {
            list->need = own.items[0];
            list->need.group = group_of(compiler, list->need.terms, list->need.count);
            list->need.grouped = true;
        }
    }
    if (list->needed) *ARENA_PUSH(scratch, needs->items, needs->count, needs->capacity) = list->need;
}

static void needs_of(Compiler *compiler, const Node *node, Needs *needs, Arena *scratch) {
    const Lexicon *lexicon = compiler->lexicon;
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
    case NODE_LINK: need_any(compiler, node, needs, scratch); return;
    case NODE_LIST: need_list(compiler, node->number, needs, scratch); return;
    case NODE_NOT: needs_of(compiler, node->children[0], needs, scratch); return;
    default:
        for (size_t i = 0; i < node->count; i++) needs_of(compiler, node->children[i], needs, scratch);
    }
}

static int by_cost(const void *left, const void *right) {
    const Need *a = left, *b = right;
    return (a->cost > b->cost) - (a->cost < b->cost);
}

/* A rule is called up by its rarest need, and tried when its other needs are there too. */
static void file_rule(Compiler *compiler, uint32_t number) {
    Lexicon *lexicon = compiler->lexicon;
    Rule *rule = &lexicon->rules[number];
    Needs needs = {0};
    needs_of(compiler, compiler->drafts[number].match, &needs, compiler->scratch);
    if (!needs.count) {
        rule->far = true;
        *ARENA_PUSH(lexicon->trees, lexicon->always, lexicon->always_count, lexicon->always_capacity) = number;
        return;
    }
    qsort(needs.items, needs.count, sizeof *needs.items, by_cost);
    for (size_t i = 0; i < needs.items[0].count; i++) add_pair(compiler, &compiler->filed, needs.items[0].terms[i], number);
    for (size_t i = 1; i < needs.count && rule->need_count < NEEDS_MAX; i++) {
        Need *need = &needs.items[i];
        uint32_t group = need->grouped ? need->group : group_of(compiler, need->terms, need->count);
        if (group != NO_GROUP) rule->needs[rule->need_count++] = group;
    }
}

/* ---- trees to ops ---- */

static uint32_t ops_new(Lexicon *lexicon, size_t count) {
    uint32_t first = (uint32_t)lexicon->op_count;
    for (size_t i = 0; i < count; i++) *ARENA_PUSH(lexicon->trees, lexicon->ops, lexicon->op_count, lexicon->op_capacity) = (Op){0};
    return first;
}

static bool needs_all(NodeKind kind) { return kind == NODE_PHRASE || kind == NODE_WINDOW || kind == NODE_NEAR || kind == NODE_AND; }

/* Terms among the children of an operator that needs them all, side by side: whether they occur is asked far more often than where. */
static void flatten_plain(Lexicon *lexicon, const Node *node, Op *op) {
    op->number = (uint32_t)lexicon->group_term_count;
    for (size_t i = 0; i < node->count && op->plain < UINT16_MAX; i++) {
        if (node->children[i]->kind != NODE_TERM) continue;
        *ARENA_PUSH(lexicon->trees, lexicon->group_terms, lexicon->group_term_count, lexicon->group_term_capacity) = node->children[i]->number;
        op->plain++;
    }
}

static uint32_t flatten_root(Compiler *compiler, const Node *node);

/* A list is flattened once: its root is copied to where it is used, and all else is shared. */
static void flatten_list(Compiler *compiler, List *list, uint32_t at) {
    if (list->op == NO_OP) list->op = flatten_root(compiler, list->match);
    compiler->lexicon->ops[at] = compiler->lexicon->ops[list->op];
}

static void flatten(Compiler *compiler, const Node *node, uint32_t at) {
    Lexicon *lexicon = compiler->lexicon;
    if (node->kind == NODE_LIST) {
        flatten_list(compiler, &compiler->lists[node->number], at);
        return;
    }
    Op op = {.kind = (uint8_t)node->kind, .order = (uint8_t)node->order, .n = node->n, .number = node->number, .count = (uint32_t)node->count};
    if (node->kind == NODE_GROUP) {
        op.first = (uint32_t)lexicon->group_term_count;
        for (size_t i = 0; i < node->count; i++)
            *ARENA_PUSH(lexicon->trees, lexicon->group_terms, lexicon->group_term_count, lexicon->group_term_capacity) = node->children[i]->number;
    } else {
        if (needs_all(node->kind)) flatten_plain(lexicon, node, &op);
        op.first = ops_new(lexicon, node->count);
        for (uint32_t i = 0; i < op.count; i++) {
            if (node->kind == NODE_LINK) lexicon->ops[op.first + i] = (Op){.kind = NODE_RULE, .number = node->rules[i]};
            else flatten(compiler, node->children[i], op.first + i);
        }
    }
    lexicon->ops[at] = op;
}

static uint32_t flatten_root(Compiler *compiler, const Node *node) {
    if (!node) return NO_OP;
    uint32_t at = ops_new(compiler->lexicon, 1);
    flatten(compiler, node, at);
    return at;
}

/* A compound is rarer than its rarest part; by how much is a guess. */
static void cost_compounds(Lexicon *lexicon) {
    for (size_t i = 0; i < lexicon->term_count; i++)
        if (lexicon->terms[i].rarest != NO_TERM) lexicon->terms[i].cost = lexicon->terms[lexicon->terms[i].rarest].cost / 8 + 1;
}

/* ---- what lives on ---- */

/* Numbers of pairs side by side, in the order of their terms; those of one term keep their order, and one that comes twice in a row counts once. */
static uint32_t *sort_pairs(const Pairs *pairs, size_t term_count, uint32_t *firsts, uint32_t *counts, Arena *keep, Arena *scratch) {
    uint32_t *next = arena_calloc(scratch, term_count + 1, sizeof *next);
    for (size_t i = 0; i < pairs->count; i++) next[pairs->items[i].term + 1]++;
    for (size_t i = 0; i < term_count; i++) next[i + 1] += next[i];
    uint32_t *numbers = arena_alloc(keep, pairs->count * sizeof *numbers);
    memcpy(firsts, next, term_count * sizeof *firsts);
    memset(counts, 0, term_count * sizeof *counts);
    for (size_t i = 0; i < pairs->count; i++) {
        uint32_t term = pairs->items[i].term, *count = &counts[term], *own = numbers + firsts[term];
        if (!*count || own[*count - 1] != pairs->items[i].number) own[(*count)++] = pairs->items[i].number;
    }
    return numbers;
}

static void settle_terms(Compiler *compiler) {
    Lexicon *lexicon = compiler->lexicon;
    size_t count = lexicon->term_count;
    uint32_t *firsts = arena_alloc(compiler->scratch, count * sizeof *firsts), *counts = arena_alloc(compiler->scratch, count * sizeof *counts);
    lexicon->term_rules = sort_pairs(&compiler->filed, count, firsts, counts, lexicon->keep, compiler->scratch);
    for (size_t i = 0; i < count; i++) lexicon->terms[i].first_rule = firsts[i], lexicon->terms[i].rule_count = counts[i];
    lexicon->term_groups = sort_pairs(&compiler->grouped, count, firsts, counts, lexicon->keep, compiler->scratch);
    for (size_t i = 0; i < count; i++) lexicon->terms[i].first_group = firsts[i], lexicon->terms[i].group_count = counts[i];
}

static void *settled(Lexicon *lexicon, const void *items, size_t count, size_t size) {
    return count ? memcpy(arena_alloc(lexicon->keep, count * size), items, count * size) : NULL;
}

#define SETTLE(array, count) ((array) = settled(lexicon, (array), (count), sizeof *(array)))

static void settle(Compiler *compiler) {
    Lexicon *lexicon = compiler->lexicon;
    settle_terms(compiler);
    SETTLE(lexicon->terms, lexicon->term_count);
    SETTLE(lexicon->globs, lexicon->glob_count);
    SETTLE(lexicon->bares, lexicon->bare_count);
    SETTLE(lexicon->ops, lexicon->op_count);
    SETTLE(lexicon->group_terms, lexicon->group_term_count);
    SETTLE(lexicon->edges, lexicon->edge_capacity);
    SETTLE(lexicon->node_terms, lexicon->node_count);
    SETTLE(lexicon->node_nexts, lexicon->next_count);
    SETTLE(lexicon->rules, lexicon->rule_count);
    SETTLE(lexicon->always, lexicon->always_count);
    SETTLE(lexicon->sifted, lexicon->sifted_count);
    SETTLE(lexicon->regexes, lexicon->regex_count);
    SETTLE(lexicon->tests, lexicon->test_count);
    lexicon->trees = NULL;
}

static bool looks_far(Compiler *compiler, const Node *node) {
    if (node->kind == NODE_REGEX || node->kind == NODE_LINK) return true;
    if (node->kind == NODE_LIST) {
        List *list = &compiler->lists[node->number];
        if (!list->asked) list->asked = true, list->far = looks_far(compiler, list->match);
        return list->far;
    }
    for (size_t i = 0; i < node->count; i++)
        if (looks_far(compiler, node->children[i])) return true;
    return false;
}

void compile_file(Compiler *compiler) {
    Lexicon *lexicon = compiler->lexicon;
    if (!lexicon->language->characters) cost_compounds(lexicon);
    for (size_t i = 0; i < compiler->draft_count; i++) {
        gather(compiler, compiler->drafts[i].match);
        if (compiler->drafts[i].unless) gather(compiler, compiler->drafts[i].unless);
        arena_reset(compiler->scratch);
    }
    for (size_t i = 0; i < compiler->draft_count; i++) {
        const Draft *draft = &compiler->drafts[i];
        lexicon->rules[i].far = lexicon->rules[i].response || looks_far(compiler, draft->match) || (draft->unless && looks_far(compiler, draft->unless));
        file_rule(compiler, (uint32_t)i);
        lexicon->rules[i].op = flatten_root(compiler, compiler->drafts[i].match);
        lexicon->rules[i].unless_op = flatten_root(compiler, compiler->drafts[i].unless);
        arena_reset(compiler->scratch);
    }
    regex_sieve(lexicon);
    settle(compiler);
    table_free(&compiler->groups);
}
