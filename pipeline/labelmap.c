#include "labelmap.h"

#include "lexicons.h"
#include "yamltree.h"

enum { EITHER = 1 << POLE_NEGATIVE | 1 << POLE_POSITIVE };

/* A map file under work. */
typedef struct {
    const Codebook *codebook;
    Arena *keep;
    LabelMap *map;
    Fail *fail;
} Reading;

static Pole pole_of(Span name) { return span_is(name, "negative") ? POLE_NEGATIVE : span_is(name, "positive") ? POLE_POSITIVE : POLE_NONE; }

static void cut_label(Span label, Span *id, Span *pole) {
    const char *colon = memchr(label.data, ':', label.len);
    *id = colon ? (Span){label.data, (size_t)(colon - label.data)} : label;
    *pole = colon ? (Span){colon + 1, label.len - id->len - 1} : (Span){0};
}

/* A code with the pole it names, or with `poles` where it has poles and names none. */
static bool find_code(const Codebook *codebook, Span label, uint8_t poles, LabelCode *found) {
    Span id, pole;
    cut_label(label, &id, &pole);
    const Code *code = codebook_find(codebook, label); /* a model's own may hold colons */
    if (code) pole = (Span){0};
    else code = codebook_find(codebook, id);
    if (!code || (pole.data && !(code->poles && pole_of(pole)))) return false;
    *found = (LabelCode){(uint16_t)(code - codebook->codes), (uint8_t)(!code->poles ? 1 << POLE_NONE : pole.data ? 1 << pole_of(pole) : poles)};
    return found->poles != 0;
}

static Span join(Span name, const char *tail, Arena *arena) {
    size_t len = strlen(tail);
    char *joined = arena_alloc(arena, name.len + 1 + len);
    memcpy(joined, name.data, name.len);
    joined[name.len] = ':';
    memcpy(joined + name.len + 1, tail, len);
    return (Span){joined, name.len + 1 + len};
}

/* ---- reading ---- */

static bool add_code(Reading *reading, const YamlNode *node, uint8_t poles, const char *expected, MappedLabel *label) {
    LabelCode code;
    if (!yaml_expect(node, YAML_TEXT, "a code", reading->fail)) return false;
    if (!find_code(reading->codebook, node->text, poles, &code)) return yaml_fail(node, reading->fail, "found '%.*s', expected %s", (int)node->text.len, node->text.data, expected);
    *ARENA_PUSH(reading->keep, label->codes, label->code_count, label->code_capacity) = code;
    return true;
}

static bool add_codes(Reading *reading, const YamlNode *node, uint8_t poles, const char *expected, MappedLabel *label) {
    if (node->kind == YAML_MAP) return yaml_fail(node, reading->fail, "found a mapping, expected a code or a list of codes");
    if (node->kind == YAML_TEXT) return add_code(reading, node, poles, expected, label);
    for (size_t i = 0; i < node->count; i++)
        if (!add_code(reading, node->values[i], poles, expected, label)) return false;
    return true;
}

static bool is_empty(const YamlNode *node) { return node->kind == YAML_TEXT ? !node->text.len : !node->count; }

/* A label that the map counts by name. */
static bool add_label(Reading *reading, const YamlNode *key, Span name, MappedLabel label) {
    LabelMap *map = reading->map;
    uint32_t *slot = table_put(&map->names, name);
    if (*slot != TABLE_NONE) return yaml_fail(key, reading->fail, "found '%.*s' twice, expected one label of that name", (int)name.len, name.data);
    *slot = (uint32_t)map->count;
    label.name = name;
    *ARENA_PUSH(reading->keep, map->items, map->count, map->capacity) = label;
    return true;
}

/* `label: codes` of the flat form, where no codes, too, say something: the label is known and stands for nothing. */
static bool read_rename(Reading *reading, const YamlNode *key, const YamlNode *value) {
    MappedLabel label = {0};
    bool fine = is_empty(value) || add_codes(reading, value, 0, "code:negative, code:positive, or a code without poles", &label);
    return fine && add_label(reading, key, key->text, label);
}

static bool read_label(Reading *reading, const YamlNode *key, const YamlNode *value) {
    MappedLabel label = {0};
    if (value->kind != YAML_MAP && is_empty(value)) return yaml_fail(value, reading->fail, "found no codes, expected a code or a list of codes");
    return add_codes(reading, value, EITHER, "a code of the codebook, with :negative, :positive or, for either, no pole", &label) && add_label(reading, key, key->text, label);
}

static bool add_aspect(Reading *reading, const YamlNode *key, Pole pole, MappedLabel label) {
    *table_put(&reading->map->categories[pole], key->text) = (uint32_t)reading->map->count;
    label.aspect = true;
    return add_label(reading, key, join(key->text, pole_name(pole), reading->keep), label);
}

/* Codes for both poles at once: those that have poles, and name none. */
static bool check_plain(Reading *reading, const YamlNode *codes) {
    for (size_t i = 0; i < (codes->kind == YAML_LIST ? codes->count : 1); i++) {
        const YamlNode *node = codes->kind == YAML_LIST ? codes->values[i] : codes;
        const Code *code = node->kind == YAML_TEXT ? codebook_find(reading->codebook, node->text) : NULL;
        if (code && code->poles) continue;
        if (!yaml_expect(node, YAML_TEXT, "a code", reading->fail)) return false;
        return yaml_fail(node, reading->fail, "found '%.*s', expected a code with poles and without ':', or negative: and positive: with codes of their own", (int)node->text.len, node->text.data);
    }
    return true;
}

static bool read_plain_aspect(Reading *reading, const YamlNode *key, const YamlNode *value) {
    if (!check_plain(reading, value)) return false;
    for (Pole pole = POLE_NEGATIVE; pole <= POLE_POSITIVE; pole++) {
        MappedLabel label = {0};
        if (!add_codes(reading, value, (uint8_t)(1 << pole), "a code", &label) || !add_aspect(reading, key, pole, label)) return false;
    }
    return true;
}

static bool read_aspect(Reading *reading, const YamlNode *key, const YamlNode *value) {
    if (is_empty(value)) return yaml_fail(value, reading->fail, "found no codes, expected a code, a list of codes, or negative: and positive: with codes");
    if (value->kind != YAML_MAP) return read_plain_aspect(reading, key, value);
    for (size_t i = 0; i < value->count; i++) {
        const YamlNode *pole = value->keys[i], *codes = value->values[i];
        MappedLabel label = {0};
        if (!pole_of(pole->text)) return yaml_fail(pole, reading->fail, "found '%.*s', expected negative or positive", (int)pole->text.len, pole->text.data);
        if (is_empty(codes)) return yaml_fail(codes, reading->fail, "found no codes, expected a code or a list of codes");
        if (!add_codes(reading, codes, (uint8_t)(1 << pole_of(pole->text)), "a code of the codebook, with :negative, :positive or no pole", &label)) return false;
        if (!add_aspect(reading, key, pole_of(pole->text), label)) return false;
    }
    return true;
}

typedef bool (*ReadEntry)(Reading *reading, const YamlNode *key, const YamlNode *value);

static bool read_entries(Reading *reading, const YamlNode *node, const char *what, ReadEntry read) {
    if (!yaml_expect(node, YAML_MAP, what, reading->fail)) return false;
    for (size_t i = 0; i < node->count; i++)
        if (!read(reading, node->keys[i], node->values[i])) return false;
    return true;
}

static bool read_section(Reading *reading, const YamlNode *key, const YamlNode *value) {
    LabelMap *map = reading->map;
    if (span_is(key->text, "labels")) return map->labels = true, read_entries(reading, value, "labels with their codes", read_label);
    if (span_is(key->text, "aspects")) return map->aspects = true, read_entries(reading, value, "categories with their codes", read_aspect);
    return yaml_fail(key, reading->fail, "found '%.*s', expected labels or aspects", (int)key->text.len, key->text.data);
}

/* A set may have a label `labels`; but what it is renamed to is no mapping, and something. */
static bool has_sections(const YamlNode *root) {
    static const char *const names[] = {"labels", "aspects"};
    for (size_t i = 0; i < 2; i++) {
        const YamlNode *section = yaml_get(root, names[i]);
        if (section && (section->kind == YAML_MAP || is_empty(section))) return true;
    }
    return false;
}

bool labelmap_read(const char *path, const Codebook *codebook, Arena *keep, LabelMap *map, Fail *fail) {
    *map = (LabelMap){0};
    Reading reading = {codebook, keep, map, fail};
    const YamlNode *root;
    return yaml_read(path, keep, &root, fail) && read_entries(&reading, root, "a label map", has_sections(root) ? read_section : read_rename);
}

void labelmap_free(LabelMap *map) {
    table_free(&map->names);
    for (size_t pole = 0; pole <= POLE_POSITIVE; pole++) table_free(&map->categories[pole]);
    *map = (LabelMap){0};
}

/* ---- marking ---- */

static void push(Labels *labels, Span label, Arena *scratch) { *ARENA_PUSH(scratch, labels->items, labels->count, labels->capacity) = label; }

static Span code_label(const Codebook *codebook, size_t code, int pole, Arena *scratch) {
    Span id = codebook->codes[code].id;
    return pole == POLE_NONE ? id : join(id, pole_name(pole), scratch);
}

Span tag_label(const Codebook *codebook, const Tag *tag, Arena *scratch) { return code_label(codebook, tag->code, tag->pole, scratch); }

/* A flat map's codes have one pole each. */
static int only_pole(uint8_t poles) { return poles == 1 << POLE_NEGATIVE ? POLE_NEGATIVE : poles == 1 << POLE_POSITIVE ? POLE_POSITIVE : POLE_NONE; }

/* The codes that a label of the row stands for; of one that is not in the map, itself where it is a code. */
static void rename_label(const LabelMap *map, const Codebook *codebook, Span label, Marked *marked, Arena *scratch) {
    uint32_t number = table_get(&map->names, label);
    LabelCode code;
    if (number == TABLE_NONE) push(find_code(codebook, label, 0, &code) ? &marked->gold : &marked->left, label, scratch);
    const MappedLabel *item = number == TABLE_NONE ? NULL : &map->items[number];
    for (size_t i = 0; item && i < item->code_count; i++) push(&marked->gold, code_label(codebook, item->codes[i].code, only_pole(item->codes[i].poles), scratch), scratch);
}

static void mark_codes(const LabelMap *map, const Codebook *codebook, const Gold *gold, const Tag *tags, size_t tag_count, Marked *marked, Arena *scratch) {
    marked->coded = gold->has_labels;
    for (size_t i = 0; i < gold->label_count; i++) rename_label(map, codebook, gold->labels[i], marked, scratch);
    for (size_t i = 0; i < tag_count; i++) push(&marked->given, code_label(codebook, tags[i].code, tags[i].pole, scratch), scratch);
}

/* Which labels of the map the row carries: carried[number]. */
static void find_carried(const LabelMap *map, const Gold *gold, bool *carried, Labels *left, Arena *scratch) {
    for (size_t i = 0; map->labels && i < gold->label_count; i++) {
        uint32_t number = table_get(&map->names, gold->labels[i]);
        if (number != TABLE_NONE) carried[number] = true;
        else push(left, gold->labels[i], scratch);
    }
    for (size_t i = 0; map->aspects && i < gold->aspect_count; i++) {
        Aspect aspect = gold->aspects[i];
        uint32_t number = table_get(&map->categories[pole_of(aspect.sentiment)], aspect.category);
        if (number != TABLE_NONE) carried[number] = true;
        else push(left, aspect.sentiment.len ? join(aspect.category, arena_string(scratch, aspect.sentiment), scratch) : aspect.category, scratch);
    }
}

/* Whether the row says if it carries the label. */
static bool is_coded(const MappedLabel *label, const Gold *gold) { return label->aspect ? gold->has_aspects : gold->has_labels; }

/* Of a text: its tags, what the labels that its row is coded for stand for, and what those that it carries do. [code] poles */
typedef struct {
    uint8_t *tagged, *mapped, *accounted;
} CodeSets;

static void add_codes_of(const MappedLabel *label, uint8_t *set) {
    for (size_t i = 0; i < label->code_count; i++) set[label->codes[i].code] |= label->codes[i].poles;
}

static CodeSets code_sets(const LabelMap *map, const Codebook *codebook, const Gold *gold, const bool *carried, const Tag *tags, size_t tag_count, Arena *scratch) {
    size_t count = codebook->code_count;
    CodeSets sets = {arena_calloc(scratch, count, 1), arena_calloc(scratch, count, 1), arena_calloc(scratch, count, 1)};
    for (size_t i = 0; i < tag_count; i++) sets.tagged[tags[i].code] |= (uint8_t)(1 << tags[i].pole);
    for (size_t number = 0; number < map->count; number++) {
        if (is_coded(&map->items[number], gold)) add_codes_of(&map->items[number], sets.mapped);
        if (carried[number]) add_codes_of(&map->items[number], sets.accounted);
    }
    return sets;
}

static bool is_given(const MappedLabel *label, bool carried, CodeSets sets) {
    for (size_t i = 0; i < label->code_count; i++) {
        LabelCode code = label->codes[i];
        if (sets.tagged[code.code] & code.poles & (carried ? 0xff : ~sets.accounted[code.code])) return true;
    }
    return false;
}

static void mark_labels(const LabelMap *map, const Codebook *codebook, const Gold *gold, const Tag *tags, size_t tag_count, Marked *marked, Arena *scratch) {
    bool *carried = arena_calloc(scratch, map->count, sizeof *carried);
    marked->coded = (map->labels && gold->has_labels) || (map->aspects && gold->has_aspects);
    find_carried(map, gold, carried, &marked->left, scratch);
    CodeSets sets = code_sets(map, codebook, gold, carried, tags, tag_count, scratch);
    for (size_t number = 0; number < map->count; number++) {
        if (!is_coded(&map->items[number], gold)) continue;
        if (carried[number]) push(&marked->gold, map->items[number].name, scratch);
        if (is_given(&map->items[number], carried[number], sets)) push(&marked->given, map->items[number].name, scratch);
    }
    for (size_t i = 0; i < tag_count; i++) {
        Span label = code_label(codebook, tags[i].code, tags[i].pole, scratch);
        if (sets.mapped[tags[i].code] >> tags[i].pole & 1) push(&marked->tags, label, scratch);
        if (sets.accounted[tags[i].code] >> tags[i].pole & 1) push(&marked->right, label, scratch);
    }
}

void labelmap_mark(const LabelMap *map, const Codebook *codebook, const Gold *gold, const Tag *tags, size_t tag_count, Marked *marked, Arena *scratch) {
    *marked = (Marked){0};
    if (map->labels || map->aspects) mark_labels(map, codebook, gold, tags, tag_count, marked, scratch);
    else mark_codes(map, codebook, gold, tags, tag_count, marked, scratch);
}
