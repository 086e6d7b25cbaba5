/* lists — lists.yaml: words that rules of a language share, as $name, and what <class> means beside its shape. */
#include "compiled.h"

enum { NAME_BYTES = 64 };

/* By Shape, but for the last, which has none: a duration is what the language's list says. */
static const char *const classes[] = {"<number>", "<money>", "<time>", "<date>", "<emoji>", "<link>", "<duration>"};
enum { CLASS_COUNT = sizeof classes / sizeof *classes };

static int class_of(Span name) {
    for (int i = 0; i < CLASS_COUNT; i++)
        if (span_is(name, classes[i])) return i;
    return -1;
}

static List *list_add(Compiler *compiler, Span name, const YamlNode *items) {
    List *list = ARENA_PUSH(compiler->trees, compiler->lists, compiler->list_count, compiler->list_capacity);
    *list = (List){.name = name, .items = items, .match = node_new(compiler->trees, NODE_OR, 0), .op = NO_OP};
    return list;
}

static List *list_get(const Compiler *compiler, Span name) {
    for (size_t i = 0; i < compiler->list_count; i++)
        if (span_equal(compiler->lists[i].name, name)) return &compiler->lists[i];
    return NULL;
}

/* ---- reading ---- */

static bool read_items(Compiler *compiler, List *list) {
    for (size_t i = 0; i < list->items->count; i++) {
        const YamlNode *item = list->items->values[i];
        Node *root = NULL;
        if (!yaml_expect(item, YAML_TEXT, "an item of a list", compiler->fail)) return false;
        if (!query_parse(item->text, compiler->trees, &root, compiler->fail))
            return place_fault(compiler, item, compiler->fail->column - 1);
        node_add(compiler->trees, list->match, root);
    }
    return true;
}

bool load_lists(Compiler *compiler, const YamlNode *root) {
    size_t known = compiler->list_count; /* those of the user's own folder: they stand for the shipped ones of the same name */
    if (!yaml_expect(root, YAML_MAP, "lists", compiler->fail)) return false;
    for (size_t i = 0; i < root->count; i++) {
        const YamlNode *key = root->keys[i], *items = root->values[i];
        bool class = key->text.len && key->text.data[0] == '<';
        if (class && class_of(key->text) < 0)
            return yaml_fail(key, compiler->fail, "found '%.*s', expected <number>, <money>, <time>, <date>, <emoji>, <link> or <duration>", (int)key->text.len, key->text.data);
        if (!class && (!query_name(key->text) || key->text.len >= NAME_BYTES))
            return yaml_fail(key, compiler->fail, "found '%.*s', expected a name of letters, digits, - and _", (int)key->text.len, key->text.data);
        if (!yaml_expect(items, YAML_LIST, "the items of a list", compiler->fail)) return false;
        if (!items->count) return yaml_fail(items, compiler->fail, "found an empty list, expected items");
        const List *own = list_get(compiler, key->text);
        if (own && own < compiler->lists + known) continue;
        if (!read_items(compiler, list_add(compiler, key->text, items))) return false;
    }
    return true;
}

/* ---- names ---- */

/* How many letters must be changed, left out or added to make one name of another (Levenshtein). */
static size_t distance(Span a, Span b) {
    size_t row[NAME_BYTES + 1];
    for (size_t j = 0; j <= b.len; j++) row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t before = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t changed = before + (a.data[i - 1] != b.data[j - 1]);
            before = row[j];
            size_t one = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = changed < one ? changed : one;
        }
    }
    return row[b.len];
}

static Span nearest_name(const Compiler *compiler, Span name) {
    Span nearest = {"", 0};
    size_t best = name.len / 2 + 1;
    if (name.len >= NAME_BYTES) return nearest;
    for (size_t i = 0; i < compiler->list_count; i++) {
        Span other = compiler->lists[i].name;
        if (other.data[0] == '<') continue;
        size_t far = distance(name, other);
        if (far < best) best = far, nearest = other;
    }
    return nearest;
}

static bool unknown_list(Compiler *compiler, const Node *node) {
    Span name = node->text, nearest = nearest_name(compiler, name);
    fail_set(compiler->fail, FAIL_SETUP, "found '$%.*s', expected a name in lists.yaml%s%.*s%s", (int)name.len, name.data, nearest.len ? ", perhaps '$" : "", (int)nearest.len,
             nearest.data, nearest.len ? "'" : "");
    compiler->fail->column = node->column + 1;
    return false;
}

static bool unknown_class(Compiler *compiler, const Node *node) {
    bool known = class_of(node->text) >= 0;
    fail_set(compiler->fail, FAIL_SETUP, "found '%.*s', expected %s", (int)node->text.len, node->text.data,
             known ? "a list of that name in lists.yaml" : "<number>, <money>, <time>, <date>, <emoji>, <link> or <duration>");
    compiler->fail->column = node->column + 1;
    return false;
}

/* The number of the list that a NODE_LIST names. A class that has a shape needs no list. */
static bool list_find(Compiler *compiler, Node *node) {
    Span name = node->text;
    bool class = name.data[0] == '<';
    List *list = list_get(compiler, name);
    if (!list && !class) return unknown_list(compiler, node);
    if (!list && (class_of(name) < 0 || class_of(name) >= SHAPE_COUNT)) return unknown_class(compiler, node);
    if (!list) list = list_add(compiler, name, NULL);
    node->number = (uint32_t)(list - compiler->lists);
    return true;
}

/* ---- circles ---- */

static bool check_list(Compiler *compiler, uint32_t number);

static bool check_node(Compiler *compiler, Node *node) {
    for (size_t i = 0; i < node->count; i++)
        if (!check_node(compiler, node->children[i])) return false;
    if (node->kind != NODE_LIST) return true;
    if (!list_find(compiler, node)) return false;
    if (check_list(compiler, node->number)) return true;
    if (!compiler->fail->column) compiler->fail->column = node->column + 1;
    return false;
}

static bool check_list(Compiler *compiler, uint32_t number) {
    List *list = &compiler->lists[number];
    Span name = list->name;
    if (list->checked) return true;
    size_t mark = path_push(compiler, name.data[0] == '<' ? "" : "$", name, number);
    if (list->walking) return path_fail(compiler, number);
    list->walking = true;
    for (size_t i = 0; i < compiler->lists[number].match->count; i++) { /* lists may move while more are added */
        if (check_node(compiler, compiler->lists[number].match->children[i])) continue;
        return place_fault(compiler, compiler->lists[number].items->values[i], compiler->fail->column - 1);
    }
    compiler->lists[number].walking = false;
    compiler->lists[number].checked = true;
    path_pop(compiler, mark);
    return true;
}

bool check_lists(Compiler *compiler) {
    for (uint32_t i = 0; i < compiler->list_count; i++)
        if (!check_list(compiler, i)) return false;
    return true;
}

/* ---- use ---- */

/* Words of a list become terms when a rule first asks for it: lists that no rule of the folder uses cost texts nothing. */
static bool list_resolve(Compiler *compiler, uint32_t number) {
    List list = compiler->lists[number];
    if (list.resolved) return true;
    compiler->lists[number].resolved = true;
    for (size_t i = 0; i < list.match->count; i++) {
        if (compile_node(compiler, list.match->children[i])) continue;
        return place_fault(compiler, list.items->values[i], compiler->fail->column ? compiler->fail->column - 1 : 0);
    }
    int class = class_of(list.name);
    if (class < 0 || class >= SHAPE_COUNT) return true;
    Node *shape = node_new(compiler->trees, NODE_TERM, 0);
    shape->number = term_of_shape(compiler->lexicon, (Shape)class);
    node_add(compiler->trees, list.match, shape);
    return true;
}

bool list_node(Compiler *compiler, Node *node) { return list_find(compiler, node) && list_resolve(compiler, node->number); }
