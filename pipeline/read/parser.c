#include "read/parser.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { WEIGHT_UNIT = 1000000, WEIGHT_MAX = 1000000, EXCERPT_BYTES = 40 };

const char *field_name(const ReadSettings *settings, size_t slot) {
    static const char *const defaults[] = {"id", "text", "lang", "question", "rating", "weight", "time", "labels", "sentiment", "coders", "aspects"};
    const FieldNames *fields = &settings->fields;
    const char *const given[FIELD_COUNT] = {fields->id,     fields->text,   fields->lang, fields->question,
                                            fields->rating, fields->weight, fields->time};
    if (slot >= FIELD_COUNT) return settings->segments[slot - FIELD_COUNT];
    return given[slot] ? given[slot] : defaults[slot];
}

bool field_is_given(const ReadSettings *settings, size_t slot) {
    const FieldNames *fields = &settings->fields;
    const char *const given[FIELD_COUNT] = {fields->id,     fields->text,   fields->lang, fields->question,
                                            fields->rating, fields->weight, fields->time};
    return slot >= FIELD_COUNT || slot == FIELD_TEXT || given[slot];
}

int excerpt_len(Span text) {
    if (text.len <= EXCERPT_BYTES) return (int)text.len;
    int len = EXCERPT_BYTES;
    while (len && ((unsigned char)text.data[len] & 0xc0) == 0x80) len--;
    return len;
}

bool weight_set(double number, Doc *doc, Fail *fail) {
    if (!(number > 0) || number > WEIGHT_MAX)
        return fail_set(fail, FAIL_TYPE, "found weight %g, expected above 0 and at most %d", number, WEIGHT_MAX);
    doc->weight = llround(number * WEIGHT_UNIT);
    if (!doc->weight) return fail_set(fail, FAIL_TYPE, "found weight %g, expected at least a millionth", number);
    return true;
}

bool fail_in_record(const Record *record, Fail *fail) {
    /* Within a converted record a place in the file is not known; the column says where it is in the text. */
    fail->offset = record->offset + (record->converted ? 0 : fail->offset);
    return fail_at(fail, record->source, record->line, fail->column);
}

Parser *parser_open(const ReadSettings *settings) {
    Parser *parser = memory_alloc(sizeof *parser);
    *parser = (Parser){.settings = settings, .json = json_open()};
    parser->names = names_open(settings, &parser->keep);
    parser->slots = arena_calloc(&parser->keep, slots_count(settings), sizeof *parser->slots);
    return parser;
}

void parser_close(Parser *parser) {
    if (!parser) return;
    json_close(parser->json);
    names_close(parser->names);
    arena_free(&parser->keep);
    memory_free(parser);
}

/* `source:line`, which is unique as long as files are. */
static Span made_id(const Record *record, Arena *scratch) {
    size_t size = strlen(record->source) + 24;
    char *id = arena_alloc(scratch, size);
    return (Span){id, (size_t)snprintf(id, size, "%s:%" PRIu64, record->source, record->line)};
}

bool parser_doc(Parser *parser, const Record *record, Doc *doc, Gold *gold, Arena *scratch, Fail *fail) {
    if (record->rejected) return *fail = *record->rejected, false;
    Gold unasked;
    if (!gold) gold = &unasked;
    *doc = (Doc){.weight = WEIGHT_UNIT};
    *gold = (Gold){0};
    const Columns *columns = record->columns;
    bool done =
        columns ? csv_parse(parser, record, columns, doc, gold, scratch, fail) : ndjson_parse(parser, record, doc, gold, scratch, fail);
    if (!done) return fail_in_record(record, fail);
    if (!doc->id.len) doc->id = made_id(record, scratch);
    return true;
}
