/* quanteda — a quanteda dictionary as YAML: keys in each other, values that are words, phrases and globs.
 *
 * Read by libyaml's events, not as a tree: a key may stand twice (quanteda joins them), and a file of many keys costs time in proportion. */
#include <yaml.h>

#include "exchange/dictionary.h"
#include "exchange/gather.h"

typedef struct {
    bool map;
    bool has_key;
    Span key;
    uint64_t key_line;
    uint32_t category; /* of the values inside */
} Frame;

typedef struct {
    Dictionary *dictionary;
    Fail *fail;
    Frame frames[LEVELS_MAX];
    size_t depth;
    bool documents;
} Reading;

/* The category of a value that begins here; the key that named it is used up. */
static uint32_t take_category(Reading *reading) {
    Frame *frame = &reading->frames[reading->depth - 1];
    if (!frame->map) return frame->category;
    frame->has_key = false;
    return category_at(reading->dictionary, frame->category, frame->key, frame->key_line);
}

static bool wants_key(const Reading *reading) { return reading->depth && reading->frames[reading->depth - 1].map && !reading->frames[reading->depth - 1].has_key; }

static bool push(Reading *reading, bool map, uint64_t line, uint64_t column) {
    if (wants_key(reading)) return dictionary_fail(reading->dictionary, line, column, reading->fail, "found a %s, expected a key", map ? "mapping" : "list");
    if (!reading->depth && !map) return dictionary_fail(reading->dictionary, line, column, reading->fail, "found a list, expected keys with values");
    if (reading->depth == LEVELS_MAX) return dictionary_fail(reading->dictionary, line, column, reading->fail, "found more than %d levels, expected fewer", LEVELS_MAX);
    uint32_t category = reading->depth ? take_category(reading) : NO_CATEGORY;
    reading->frames[reading->depth++] = (Frame){.map = map, .category = category};
    return true;
}

static bool take_scalar(Reading *reading, const yaml_event_t *event, uint64_t line, uint64_t column) {
    Dictionary *dictionary = reading->dictionary;
    Span text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    if (!reading->depth) return dictionary_fail(dictionary, line, column, reading->fail, "found a text, expected keys with values");
    Frame *frame = &reading->frames[reading->depth - 1];
    if (wants_key(reading)) {
        frame->has_key = true;
        frame->key = arena_copy(dictionary->keep, text);
        frame->key_line = line;
        return true;
    }
    uint32_t category = take_category(reading);
    if (!text.len && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) return true; /* a key with nothing under it */
    Span rule = value_rule(dictionary, text, false, line);
    if (rule.len) entry_add(dictionary, category, (Entry){.match = rule}, text, line);
    return true;
}

static bool take_alias(Reading *reading, const yaml_event_t *event, uint64_t line, uint64_t column) {
    if (!reading->depth || wants_key(reading)) return dictionary_fail(reading->dictionary, line, column, reading->fail, "found an alias, expected a key");
    take_category(reading);
    lose(reading->dictionary, true, "alias", span_of((const char *)event->data.alias.anchor), line, "expected values themselves, not a reference to others");
    return true;
}

static bool take_event(Reading *reading, const yaml_event_t *event) {
    uint64_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (reading->documents) return dictionary_fail(reading->dictionary, line, column, reading->fail, "found a second document, expected one");
        return reading->documents = true;
    case YAML_MAPPING_START_EVENT: return push(reading, true, line, column);
    case YAML_SEQUENCE_START_EVENT: return push(reading, false, line, column);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT: return reading->depth--, true;
    case YAML_SCALAR_EVENT: return take_scalar(reading, event, line, column);
    case YAML_ALIAS_EVENT: return take_alias(reading, event, line, column);
    default: return true;
    }
}

bool quanteda_read(Dictionary *dictionary, Span text, Fail *fail) {
    Reading reading = {.dictionary = dictionary, .fail = fail};
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.data, text.len);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    bool fine = true, more = true;
    while (fine && more) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            fine = dictionary_fail(dictionary, parser.problem_mark.line + 1, parser.problem_mark.column + 1, fail, "found no YAML: %s", parser.problem ? parser.problem : "cannot be read");
            break;
        }
        more = event.type != YAML_STREAM_END_EVENT;
        fine = take_event(&reading, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (fine && !reading.documents) fine = dictionary_fail(dictionary, 1, 1, fail, "found nothing, expected keys with values");
    return fine;
}

/* ---- writing ---- */

static void indent(Buffer *out, size_t blanks) {
    for (size_t i = 0; i < blanks; i++) buffer_byte(out, ' ');
}

/* A key, then its values; keys below it are items of the same list where it has values of its own. */
static void put_key(Buffer *out, const Gathered *gathered, uint32_t number, size_t blanks, bool item) {
    const Dictionary *tree = &gathered->tree;
    const Category *category = &tree->categories[number];
    bool list = category->first_entry != NO_ENTRY;
    indent(out, blanks);
    if (item) buffer_text(out, "- ");
    yaml_put(out, category->name);
    buffer_text(out, ":\n");
    blanks += item ? 4 : 2;
    for (uint32_t i = category->first_entry; i != NO_ENTRY; i = gathered->entries[i].next) {
        Buffer words = {0};
        put_words(&words, &gathered->entries[i].phrase, ' ');
        indent(out, blanks);
        buffer_text(out, "- ");
        yaml_put(out, buffer_span(&words));
        buffer_byte(out, '\n');
        buffer_free(&words);
    }
    for (uint32_t child = category->first_child; child != NO_CATEGORY; child = tree->categories[child].next) put_key(out, gathered, child, blanks, list);
}

static void quanteda_write(const Gathered *gathered, Buffer *out) {
    for (uint32_t i = 0; i < gathered->tree.category_count; i++)
        if (gathered->tree.categories[i].parent == NO_CATEGORY) put_key(out, gathered, i, 0, false);
    if (!out->len) buffer_text(out, "{}\n");
}

const FormatWriter quanteda_writer = {.holds = refuse_gaps, .write = quanteda_write};
