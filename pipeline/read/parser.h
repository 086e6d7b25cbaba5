/* parser — what the two formats share inside read/. */
#ifndef VERBATIM_PARSER_H
#define VERBATIM_PARSER_H

#include "base/json.h"
#include "read/read.h"

typedef enum {
    FIELD_ID,
    FIELD_TEXT,
    FIELD_LANG,
    FIELD_QUESTION,
    FIELD_RATING,
    FIELD_WEIGHT,
    FIELD_TIME,
    FIELD_LABELS,    /* with settings->gold only */
    FIELD_SENTIMENT, /* the same */
    FIELD_CODERS,    /* the same */
    FIELD_ASPECTS,   /* with settings->aspects too */
    FIELD_COUNT,     /* slot FIELD_COUNT + i is segment i of those asked for */
} Field;

enum { SEGMENTS_MAX = 256 }; /* of one response, where none were asked for */

typedef struct Names Names;

/* Where a member was found that goes into a slot. A better place beats a worse one; among equals the first wins. */
typedef enum { RANK_NONE, RANK_DOTTED, RANK_LITERAL, RANK_SEGMENT } Rank;

typedef struct {
    JsonValue value;
    Span raw; /* ids and segments that are no strings: as written */
    Rank rank;
} Slot;

struct Parser {
    const ReadSettings *settings;
    JsonParser *json;
    Arena keep;         /* names */
    const Names *names; /* what a JSON object's keys mean */
    Slot *slots;        /* [slots_count(settings)] */
};

/* Columns — the header of a CSV file: which column goes into which slot. */
typedef struct {
    char delimiter;
    size_t count;
    Span *names;       /* [count] */
    size_t *of_slot;   /* [slots_count(settings)]; SIZE_MAX: no such column */
    bool *named;       /* [count]: goes into a slot, so it is not kept */
    Span *keys;        /* [count]: `"name":` as JSON; with settings->keep only */
} Columns;

static inline size_t slots_count(const ReadSettings *settings) { return FIELD_COUNT + settings->segment_count; }

/* The name under which a field is looked for. */
const char *field_name(const ReadSettings *settings, size_t slot);

/* True where the user gave the name, so that a file without it is wrong. */
bool field_is_given(const ReadSettings *settings, size_t slot);

/* A stretch of text for a message: as many bytes, at most 40, as end with a whole code point. */
int excerpt_len(Span text);

/* A number to a weight in millionths. fails FAIL_TYPE, without a place */
bool weight_set(double number, Doc *doc, Fail *fail);

/* Adds the record's place to a Fail whose column and offset are those within it. */
bool fail_in_record(const Record *record, Fail *fail);

/* names_open — the members of an object that the settings name, ready for look-up. lives in keep */
const Names *names_open(const ReadSettings *settings, Arena *keep);
void names_close(const Names *names);

/* ndjson_parse — one line to one Doc but for a missing id; fails as parser_doc. */
bool ndjson_parse(Parser *parser, const Record *record, Doc *doc, Gold *gold, Arena *scratch, Fail *fail);

/* columns_open — a header row to Columns.
 *   lives  in keep; the header's bytes are copied
 *   fails  FAIL_CSV, FAIL_MISSING, FAIL_ENCODING, without a place */
bool columns_open(Span header, char delimiter, const ReadSettings *settings, Arena *keep, const Columns **columns, Fail *fail);

/* csv_parse — one row to one Doc but for a missing id; fails as parser_doc. */
bool csv_parse(Parser *parser, const Record *record, const Columns *columns, Doc *doc, Gold *gold, Arena *scratch, Fail *fail);

#endif
