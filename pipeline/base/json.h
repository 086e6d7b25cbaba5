/* json — a C view of simdjson's parser.
 *
 * json_parse checks a whole text and keeps what it found in the parser; a JsonValue is a place in there, passed by value and good until the
 * parser's next parse. Members are visited with json_walk and json_member; json_get looks one up and is meant for small objects.
 *
 *   thread one at a time for a parser, with all its values
 *
 * Where a key stands twice, the first one is what json_get gives. Numbers are of any size: those that 64 bits cannot hold are doubles. */
#ifndef VERBATIM_JSON_H
#define VERBATIM_JSON_H

#include "base/fail.h"
#include "base/span.h"

enum {
    JSON_PADDING = 64,     /* readable bytes that json_parse wants behind the text */
    JSON_DEPTH = 64,       /* the usual limit of arrays and objects in each other; an empty innermost one does not count */
    JSON_DEPTH_MAX = 1024, /* no limit may be above it */
};

typedef enum { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_INT64, JSON_UINT64, JSON_DOUBLE, JSON_STRING, JSON_ARRAY, JSON_OBJECT } JsonType;

typedef struct JsonParser JsonParser;

typedef struct {
    const JsonParser *parser;
    size_t at; /* index into the parser's tape */
} JsonValue;

/* Members of an object or items of an array that are still to come. */
typedef struct {
    const JsonParser *parser;
    size_t at, end;
} JsonWalk;

JsonParser *json_open(void);
void json_close(JsonParser *parser);

/* json_parse — checks one JSON text and gives its root.
 *   in     bytes      JSON_PADDING readable bytes follow; must stay as they are while json_raw and json_position are used
 *          max_depth  JSON_DEPTH usually
 *   fails  FAIL_JSON, FAIL_ENCODING (no UTF-8), FAIL_SIZE (nested too deep, or 4 GB); column is the byte in `bytes` from 1, offset from 0,
 *          and the message says what was found there and what was expected. A lone surrogate (\ud800) and a bare NUL are FAIL_JSON; \u0000
 *          is fine. */
bool json_parse(JsonParser *parser, Span bytes, size_t max_depth, JsonValue *root, Fail *fail);

/* The same for bytes without padding: they are copied into the parser first. */
bool json_parse_copy(JsonParser *parser, Span bytes, size_t max_depth, JsonValue *root, Fail *fail);

JsonType json_type(JsonValue value);

/* "a string", "an object", "null", ...: for messages. */
const char *json_type_name(JsonType type);

/* The characters of a string, with a NUL behind them, in the parser's memory until its next parse; data NULL for any other type. */
Span json_string(JsonValue value);

/* Numbers. False where the value is no number, or (for the first two) has a fraction, an exponent or no place in the type. */
bool json_int64(JsonValue value, int64_t *number);
bool json_uint64(JsonValue value, uint64_t *number);
bool json_double(JsonValue value, double *number);

/* The first member with that key; false where there is none or value is no object. Time grows with the number of members. */
bool json_get(JsonValue object, const char *key, JsonValue *value);

/* json_walk — all members or items in the order of the text; nothing for other types. Use one of json_member (objects) and json_item
 * (arrays). */
JsonWalk json_walk(JsonValue value);
bool json_member(JsonWalk *walk, JsonValue *key, JsonValue *value);
bool json_item(JsonWalk *walk, JsonValue *value);

/* The value as it was written, quotes included. Asking in the order of the text costs one pass over it altogether; each step back costs
 * another one. */
Span json_raw(JsonValue value);

/* Bytes from the start of the text to the first of the value; costs what json_raw does. */
size_t json_position(JsonValue value);

/* A decimal number as JSON or a spreadsheet writes it ("4", "-1.5e3", "+2", ".5"): the whole span and finite, or false. No locale. */
bool number_parse(Span text, double *number);

/* True where all bytes are UTF-8; else *bad_at is the index of the first that is not part of a code point. */
bool utf8_check(Span bytes, size_t *bad_at);

#endif
