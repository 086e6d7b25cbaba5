#include "yamltree.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#include "base/table.h"

enum { DEPTH_MAX = 32, ALIASED_MAX = 16 };

static const char *kind_name(YamlKind kind) {
    return kind == YAML_TEXT ? "a text" : kind == YAML_LIST ? "a list" : "a mapping";
}

bool yaml_fail(const YamlNode *node, Fail *fail, const char *format, ...) {
    char message[sizeof fail->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    fail_set(fail, FAIL_SETUP, "%s", message);
    return fail_at(fail, node->file, node->line, node->column);
}

bool yaml_expect(const YamlNode *node, YamlKind kind, const char *what, Fail *fail) {
    if (node->kind == kind) return true;
    return yaml_fail(node, fail, "found %s, expected %s for %s", kind_name(node->kind), kind_name(kind), what);
}

const YamlNode *yaml_get(const YamlNode *map, const char *key) {
    for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++)
        if (span_is(map->keys[i]->text, key)) return map->values[i];
    return NULL;
}

typedef struct {
    yaml_document_t document;
    const char *file;
    Arena *keep;
    Fail *fail;
    size_t left; /* nodes that may still be made */
} Reading;

static const YamlNode *convert(Reading *reading, int index, int depth);

static YamlNode *node_new(Reading *reading, const yaml_node_t *from, YamlKind kind, size_t count) {
    YamlNode *node = arena_calloc(reading->keep, 1, sizeof *node);
    *node = (YamlNode){.kind = kind, .count = count, .file = reading->file};
    node->line = from->start_mark.line + 1;
    node->column = from->start_mark.column + 1;
    node->values = arena_calloc(reading->keep, count, sizeof *node->values);
    return node;
}

enum { FEW_KEYS = 16 };

/* False and a Fail where key number `count` of the map stands before. The keys of a map that has many are put into the table as they come. */
static bool new_key(Reading *reading, const YamlNode *map, size_t count, Table *table) {
    const YamlNode *key = map->keys[count], *first = NULL;
    if (map->count > FEW_KEYS) {
        uint32_t *slot = table_put(table, key->text);
        if (*slot == TABLE_NONE) *slot = (uint32_t)count;
        else first = map->keys[*slot];
    }
    for (size_t i = 0; i < count && map->count <= FEW_KEYS; i++)
        if (span_equal(map->keys[i]->text, key->text)) first = map->keys[i];
    if (!first) return true;
    return yaml_fail(key, reading->fail, "key '%.*s' stands twice, first in line %llu", (int)key->text.len, key->text.data, (unsigned long long)first->line);
}

static bool convert_pair(Reading *reading, const yaml_node_pair_t *from, YamlNode *map, size_t i, Table *keys, int depth) {
    map->keys[i] = convert(reading, from->key, depth + 1);
    if (!map->keys[i] || !yaml_expect(map->keys[i], YAML_TEXT, "a key", reading->fail) || !new_key(reading, map, i, keys)) return false;
    map->values[i] = convert(reading, from->value, depth + 1);
    return map->values[i] != NULL;
}

static YamlNode *convert_map(Reading *reading, const yaml_node_t *from, int depth) {
    size_t count = (size_t)(from->data.mapping.pairs.top - from->data.mapping.pairs.start);
    YamlNode *node = node_new(reading, from, YAML_MAP, count);
    node->keys = arena_calloc(reading->keep, count, sizeof *node->keys);
    Table keys = {0};
    bool fine = true;
    for (size_t i = 0; fine && i < count; i++) fine = convert_pair(reading, &from->data.mapping.pairs.start[i], node, i, &keys, depth);
    table_free(&keys);
    return fine ? node : NULL;
}

static YamlNode *convert_list(Reading *reading, const yaml_node_t *from, int depth) {
    size_t count = (size_t)(from->data.sequence.items.top - from->data.sequence.items.start);
    YamlNode *node = node_new(reading, from, YAML_LIST, count);
    for (size_t i = 0; i < count; i++) {
        node->values[i] = convert(reading, from->data.sequence.items.start[i], depth + 1);
        if (!node->values[i]) return NULL;
    }
    return node;
}

static YamlNode *convert_text(Reading *reading, const yaml_node_t *from) {
    YamlNode *node = node_new(reading, from, YAML_TEXT, 0);
    Span text = {(const char *)from->data.scalar.value, from->data.scalar.length};
    node->text = arena_copy(reading->keep, text);
    if (from->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) node->column++;
    return node;
}

/* The depth limit also stops anchors that contain themselves; the other one aliases of aliases of aliases, which would be more than any memory holds. */
static const YamlNode *convert(Reading *reading, int index, int depth) {
    const yaml_node_t *from = yaml_document_get_node(&reading->document, index);
    if (depth > DEPTH_MAX) {
        YamlNode at = {.file = reading->file, .line = from->start_mark.line + 1, .column = from->start_mark.column + 1};
        yaml_fail(&at, reading->fail, "found more than %d levels, expected fewer", DEPTH_MAX);
        return NULL;
    }
    if (!reading->left--) {
        YamlNode at = {.file = reading->file, .line = from->start_mark.line + 1, .column = from->start_mark.column + 1};
        yaml_fail(&at, reading->fail, "found aliases that stand for many times the file, expected fewer");
        return NULL;
    }
    if (from->type == YAML_MAPPING_NODE) return convert_map(reading, from, depth);
    if (from->type == YAML_SEQUENCE_NODE) return convert_list(reading, from, depth);
    return convert_text(reading, from);
}

bool yaml_read(const char *path, Arena *keep, const YamlNode **root, Fail *fail) {
    FILE *file = fopen(path, "rb");
    path = arena_string(keep, span_of(path));
    if (!file) {
        fail_set(fail, FAIL_FILE, "cannot be read: %s", strerror(errno));
        return fail_at(fail, path, 0, 0);
    }
    Reading reading = {.file = path, .keep = keep, .fail = fail};
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    *root = NULL;
    if (!yaml_parser_load(&parser, &reading.document)) {
        fail_set(fail, FAIL_SETUP, "found no YAML: %s%s%s", parser.problem ? parser.problem : "cannot be read",
                 parser.context ? ", " : "", parser.context ? parser.context : "");
        fail_at(fail, path, parser.problem_mark.line + 1, parser.problem_mark.column + 1);
    } else {
        reading.left = ALIASED_MAX * (size_t)(reading.document.nodes.top - reading.document.nodes.start);
        if (yaml_document_get_root_node(&reading.document)) *root = convert(&reading, 1, 0);
        else fail_set(fail, FAIL_SETUP, "found nothing, expected a YAML document"), fail_at(fail, path, 1, 1);
        yaml_document_delete(&reading.document);
    }
    yaml_parser_delete(&parser);
    fclose(file);
    return *root != NULL;
}
