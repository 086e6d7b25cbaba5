/* gather — reasons.yaml to the phrases that a format can hold, and the list of all that it cannot. */
#include "exchange/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "yamltree.h"

typedef struct {
    Gathered gathered;
    const FormatWriter *writer;
    Exported *exported;
    Fail *fail;
    size_t tests;
    const YamlNode *first_test;
} Gathering;

/* A rule as its keys say it. */
typedef struct {
    const YamlNode *match, *unless;
    uint32_t within; /* of unless */
    const YamlNode *unheld; /* a key that no format has */
    Span id;
    double weight;
    bool response, clause, negated;
} RuleKeys;

static Arena *keep_of(Gathering *gathering) { return gathering->gathered.tree.keep; }

static void lose_at(Gathering *gathering, bool left_out, const char *kind, const YamlNode *at, Span what, const char *why) {
    Loss loss = {.file = at->file, .line = at->line, .column = at->column, .kind = kind, .what = what, .why = span_of(why), .count = 1, .left_out = left_out};
    loss_add(&gathering->gathered.tree.losses, keep_of(gathering), loss);
}

/* ---- one rule ---- */

static void count_tests(Gathering *gathering, const YamlNode *test) {
    if (!gathering->first_test) gathering->first_test = test;
    for (size_t i = 0; i < test->count && test->kind == YAML_MAP; i++)
        if (test->values[i]->kind == YAML_LIST) gathering->tests += test->values[i]->count;
}

static void read_keys(Gathering *gathering, const YamlNode *node, RuleKeys *keys) {
    for (size_t i = 0; i < node->count; i++) {
        const YamlNode *value = node->values[i];
        Span key = node->keys[i]->text;
        if (span_is(key, "match")) keys->match = value;
        else if (span_is(key, "unless") && gathering->writer->unless) keys->unless = value;
        else if (span_is(key, "within") && gathering->writer->unless) keys->within = (uint32_t)strtoul(value->text.data, NULL, 10);
        else if (span_is(key, "test")) count_tests(gathering, value);
        else if (span_is(key, "id")) keys->id = value->text;
        else if (span_is(key, "negated")) keys->negated = true;
        else if (span_is(key, "unit")) keys->response = span_is(value->text, "response"), keys->clause = span_is(value->text, "clause");
        else if (span_is(key, "weight")) keys->weight = strtod(value->text.data, NULL);
        else if (!keys->unheld) keys->unheld = node->keys[i];
    }
}

static void hold(Gathering *gathering, uint32_t category, const Phrase *phrase, const RuleKeys *keys) {
    Dictionary *tree = &gathering->gathered.tree;
    Buffer key = {0}; /* the same words twice in a category are once enough */
    buffer_append(&key, (Span){(const char *)&category, sizeof category});
    for (size_t i = 0; i < phrase->count; i++) buffer_printf(&key, "%d/%u ", phrase->units[i].kind, phrase->units[i].n), buffer_append(&key, phrase->units[i].text), buffer_byte(&key, '\n');
    bool known = table_get(&tree->seen, buffer_span(&key)) != TABLE_NONE;
    if (!known) *table_put(&tree->seen, arena_copy(tree->keep, buffer_span(&key))) = 1;
    buffer_free(&key);
    if (known) return;
    Gathered *gathered = &gathering->gathered;
    uint32_t number = (uint32_t)gathered->entry_count;
    HeldEntry entry = {.phrase = *phrase, .weight = keys->weight, .id = keys->id, .next = NO_ENTRY};
    *ARENA_PUSH(tree->keep, gathered->entries, gathered->entry_count, gathered->entry_capacity) = entry;
    Category *to = &tree->categories[category];
    if (to->first_entry == NO_ENTRY) to->first_entry = number;
    else gathered->entries[to->last_entry].next = number;
    to->last_entry = number;
}

static uint32_t category_of(Gathering *gathering, Span code, Pole pole, const YamlNode *at) {
    uint32_t category = category_at(&gathering->gathered.tree, NO_CATEGORY, code, at->line);
    return pole ? category_at(&gathering->gathered.tree, category, span_of(pole_name(pole)), at->line) : category;
}

/* What a held rule has that the format has not. */
static bool lose_rest(Gathering *gathering, const YamlNode *at, const RuleKeys *keys, const Phrases *phrases) {
    const FormatWriter *writer = gathering->writer;
    Span what = keys->match->text;
    bool cased = false, several = false, exact = !phrases->by_stem, named = keys->id.len == 0 || writer->keeps_id;
    for (size_t i = 0; i < phrases->count && keys->id.len && named; i++) named = writer->keeps_id(&phrases->items[i], keys->id);
    for (size_t i = 0; i < phrases->count; i++)
        for (size_t j = 0; j < phrases->items[i].count; j++) cased = cased || phrases->items[i].units[j].kind == UNIT_CASED, several = several || j;
    if (phrases->by_stem) lose_at(gathering, false, "stem", at, what, "expected forms: a word by stem is written as its stem and '*', or as it is where the stem is short");
    if (cased && !writer->cased) exact = false, lose_at(gathering, false, "case", at, what, "expected no capitals that count");
    if (keys->weight > 0 && !writer->weights) lose_at(gathering, false, "weight", at, what, "expected a rule without weight");
    if (!named) lose_at(gathering, false, "id", at, keys->id, "expected a rule without an id of its own");
    if (keys->negated) exact = false, lose_at(gathering, false, "negated", at, what, "expected no word on negation");
    if (keys->response && several && !writer->unit) exact = false, lose_at(gathering, false, "unit", at, what, "expected no word on sentences");
    if (keys->clause && several) exact = false, lose_at(gathering, false, "unit", at, what, "expected no word on clauses");
    return exact;
}

static Refusal refusal_of(Gathering *gathering, const RuleKeys *keys, Phrases *phrases) {
    Refusal refusal = {NULL, NULL};
    for (size_t i = 0; i < phrases->count && !refusal.kind; i++) {
        phrases->items[i].response = keys->response;
        refusal = gathering->writer->holds(&phrases->items[i], gathering->gathered.tree.settings->language);
    }
    return refusal;
}

static bool parse(Gathering *gathering, const YamlNode *rule, Node **root) {
    if (!rule || query_parse(rule->text, keep_of(gathering), root, gathering->fail)) return true;
    return fail_at(gathering->fail, rule->file, rule->line, rule->column + (gathering->fail->column ? gathering->fail->column - 1 : 0));
}

static bool take_match(Gathering *gathering, const YamlNode *at, Span code, Pole pole, const RuleKeys *keys) {
    Node *root = NULL, *unless = NULL;
    if (!parse(gathering, keys->match, &root) || !parse(gathering, keys->unless, &unless)) return false;
    Phrases phrases;
    Refusal refusal = {NULL, NULL};
    if (pole == POLE_TOPIC) refusal = (Refusal){"topic", "expected rules that judge"};
    else if (keys->unheld) refusal = (Refusal){arena_string(keep_of(gathering), keys->unheld->text), "expected a rule without such a key"};
    else if (phrases_of(&gathering->gathered.tree, root, unless, keys->within, &phrases, &refusal)) refusal = refusal_of(gathering, keys, &phrases);
    if (refusal.kind) {
        lose_at(gathering, true, refusal.kind, at, keys->match->text, refusal.why);
        return true;
    }
    bool exact = lose_rest(gathering, at, keys, &phrases) && !keys->unless; /* what is held is more than `match` */
    uint32_t category = category_of(gathering, code, pole, at);
    for (size_t i = 0; i < phrases.count; i++) hold(gathering, category, &phrases.items[i], keys);
    Exported *exported = gathering->exported;
    HeldRule held = {.code = code, .pole = pole, .match = keys->match->text, .response = keys->response, .exact = exact};
    *ARENA_PUSH(keep_of(gathering), exported->held, exported->held_count, exported->held_capacity) = held;
    exported->rules_held++;
    return true;
}

static bool take_rule(Gathering *gathering, const YamlNode *node, Span code, Pole pole) {
    RuleKeys keys = {.match = node->kind == YAML_TEXT ? node : NULL, .within = N_FREE};
    if (node->kind == YAML_LIST) return yaml_fail(node, gathering->fail, "found a list, expected a rule");
    if (node->kind == YAML_MAP) read_keys(gathering, node, &keys);
    if (!keys.match) return true; /* tests alone */
    if (!yaml_expect(keys.match, YAML_TEXT, "a rule", gathering->fail) || (keys.unless && !yaml_expect(keys.unless, YAML_TEXT, "a rule", gathering->fail))) return false;
    gathering->exported->rules++;
    return take_match(gathering, node, code, pole, &keys);
}

/* ---- the tree of codes ---- */

static Pole pole_of_key(Span key) {
    for (int pole = POLE_NEGATIVE; pole <= POLE_TOPIC; pole++)
        if (span_is(key, pole_name(pole))) return (Pole)pole;
    return POLE_NONE;
}

static bool take_codes(Gathering *gathering, const YamlNode *map, Span path) {
    if (!yaml_expect(map, YAML_MAP, path.len ? "codes or poles" : "codes", gathering->fail)) return false;
    for (size_t i = 0; i < map->count; i++) {
        const YamlNode *value = map->values[i];
        Pole pole = value->kind == YAML_LIST && path.len ? pole_of_key(map->keys[i]->text) : POLE_NONE;
        if (value->kind == YAML_TEXT && !value->text.len) continue;
        Buffer inner = {0};
        buffer_append(&inner, path);
        if (!pole && path.len) buffer_byte(&inner, '.');
        if (!pole) buffer_append(&inner, map->keys[i]->text);
        Span code = arena_copy(keep_of(gathering), buffer_span(&inner));
        buffer_free(&inner);
        bool fine = value->kind == YAML_LIST || take_codes(gathering, value, code);
        for (size_t j = 0; fine && value->kind == YAML_LIST && j < value->count; j++) fine = take_rule(gathering, value->values[j], code, pole);
        if (!fine) return false;
    }
    return true;
}

/* ---- names, and the folder's other files ---- */

static const char *path_of(Arena *keep, const char *dir, const Language *language, const char *name) {
    Buffer path = {0};
    buffer_printf(&path, "%s/", dir);
    if (language) buffer_append(&path, language->code), buffer_byte(&path, '/');
    buffer_text(&path, name);
    const char *copy = arena_string(keep, buffer_span(&path));
    buffer_free(&path);
    return copy;
}

/* The last step of a code's display name, where it gives the step of the id back: "South Africa" of south_africa. */
static void name_category(Dictionary *tree, Span id, const YamlNode *names) {
    if (!names || names->kind != YAML_MAP || !names->count || names->values[0]->kind != YAML_TEXT || memchr(id.data, ' ', id.len)) return;
    uint32_t parent = NO_CATEGORY, category = NO_CATEGORY;
    for (Span rest = id; rest.len;) {
        const char *dot = memchr(rest.data, '.', rest.len);
        Span step = {rest.data, dot ? (size_t)(dot - rest.data) : rest.len};
        Buffer key = {0};
        buffer_append(&key, (Span){(const char *)&parent, sizeof parent});
        buffer_append(&key, step);
        category = table_get(&tree->names, buffer_span(&key));
        buffer_free(&key);
        if (category == TABLE_NONE) return;
        parent = category;
        rest = (Span){rest.data + step.len + (dot != NULL), rest.len - step.len - (dot != NULL)};
    }
    Span name = names->values[0]->text;
    for (size_t i = name.len; i > 2; i--)
        if (memcmp(name.data + i - 3, " / ", 3) == 0) {
            name = (Span){name.data + i, name.len - i};
            break;
        }
    if (category != NO_CATEGORY && !memchr(name.data, '.', name.len) && name_is_step(name, tree->categories[category].step)) tree->categories[category].name = name;
}

static bool read_names(Gathering *gathering, const char *dir) {
    const char *path = path_of(keep_of(gathering), dir, NULL, "codebook.yaml");
    const YamlNode *root = NULL;
    if (access(path, F_OK) != 0) return true;
    if (!yaml_read(path, keep_of(gathering), &root, gathering->fail)) return false;
    const YamlNode *nets = yaml_get(root, "nets");
    for (size_t i = 0; nets && i < nets->count; i++) {
        const YamlNode *id = yaml_get(nets->values[i], "id"), *codes = yaml_get(nets->values[i], "codes");
        if (id) name_category(&gathering->gathered.tree, id->text, yaml_get(nets->values[i], "name"));
        for (size_t j = 0; codes && j < codes->count; j++) {
            const YamlNode *own = yaml_get(codes->values[j], "id");
            if (own) name_category(&gathering->gathered.tree, own->text, yaml_get(codes->values[j], "name"));
        }
    }
    return true;
}

static void lose_file(Gathering *gathering, const char *dir, const char *name, const char *why) {
    const char *path = path_of(keep_of(gathering), dir, gathering->gathered.tree.settings->language, name);
    if (access(path, F_OK) != 0) return;
    loss_add(&gathering->gathered.tree.losses, keep_of(gathering), (Loss){.file = path, .kind = name, .what = span_of(name), .why = span_of(why), .count = 1, .left_out = true});
}

static void lose_files(Gathering *gathering, const char *dir) {
    lose_file(gathering, dir, "valence.tsv", "expected rules; `--to vader` takes it");
    lose_file(gathering, dir, "shifters.yaml", "expected rules");
    lose_file(gathering, dir, "questions.yaml", "expected rules");
    if (!gathering->tests) return;
    Loss loss = {.file = gathering->first_test->file, .kind = "test texts", .what = SPAN("test"), .why = SPAN("expected rules alone"), .count = gathering->tests};
    loss_add(&gathering->gathered.tree.losses, keep_of(gathering), loss);
}

/* ---- all ---- */

static bool gather(Gathering *gathering, const char *dir) {
    const char *path = path_of(keep_of(gathering), dir, gathering->gathered.tree.settings->language, "reasons.yaml");
    const YamlNode *root = NULL;
    if (!yaml_read(path, keep_of(gathering), &root, gathering->fail)) return false;
    path = path_of(keep_of(gathering), dir, gathering->gathered.tree.settings->language, "lists.yaml");
    if (access(path, F_OK) == 0 && !yaml_read(path, keep_of(gathering), &gathering->gathered.tree.lists, gathering->fail)) return false;
    if (!take_codes(gathering, root, (Span){"", 0}) || !read_names(gathering, dir)) return false;
    lose_files(gathering, dir);
    return true;
}

static bool export_valence(const char *dir, const ExchangeSettings *settings, Arena *keep, Exported *exported, Fail *fail) {
    Dictionary dictionary = {.settings = settings, .keep = keep};
    bool fine = vader_write(&dictionary, path_of(keep, dir, settings->language, "valence.tsv"), exported, fail);
    const char *signs = path_of(keep, dir, NULL, "emoji.tsv");
    if (fine && access(signs, F_OK) == 0) fine = vader_write(&dictionary, signs, exported, fail);
    const char *reasons = path_of(keep, dir, settings->language, "reasons.yaml");
    if (fine && access(reasons, F_OK) == 0)
        loss_add(&dictionary.losses, keep, (Loss){.file = reasons, .kind = "reasons.yaml", .what = SPAN("reasons.yaml"), .why = SPAN("expected valence alone"), .count = 1, .left_out = true});
    exported->losses = dictionary.losses;
    dictionary_close(&dictionary);
    return fine;
}

bool exchange_export(ExchangeFormat format, const char *dir, const ExchangeSettings *settings, Arena *keep, Exported *exported, Fail *fail) {
    static const FormatWriter *const writers[EXCHANGE_COUNT] = {[EXCHANGE_QUANTEDA] = &quanteda_writer, [EXCHANGE_LIWC] = &liwc_writer, [EXCHANGE_LIWCX] = &liwcx_writer,
                                                                [EXCHANGE_WORDSTAT] = &wordstat_writer, [EXCHANGE_SPACY] = &spacy_writer};
    *exported = (Exported){0};
    if (format == EXCHANGE_VADER) return export_valence(dir, settings, keep, exported, fail);
    Gathering gathering = {.gathered = {.tree = {.settings = settings, .keep = keep}}, .writer = writers[format], .exported = exported, .fail = fail};
    bool fine = gather(&gathering, dir);
    if (fine) gathering.writer->write(&gathering.gathered, &exported->text);
    exported->losses = gathering.gathered.tree.losses;
    dictionary_close(&gathering.gathered.tree);
    return fine;
}

void exported_free(Exported *exported) { buffer_free(&exported->text); }
