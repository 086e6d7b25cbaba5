#include "base/fault.h"

#include <stdio.h>

#include "base/utf8.h"

enum { DEEPEST = 1024, PLAIN_DIGITS = 18 };

/* The text under examination; `at` is the byte to be read next. */
typedef struct {
    const char *data;
    size_t len, at;
    size_t depth, max_depth;
    char *patched;
    Fail *fail;
    bool object[DEEPEST + 1]; /* what is open at each depth */
} Reader;

/* What may come next; the order is that of `wanted` in expect(). */
typedef enum { VALUE, ITEM_OR_END, MEMBER_OR_END, MEMBER, COLON, COMMA_OR_END, NOTHING, DONE } Next;

static const unsigned char *bytes_at(const Reader *reader) { return (const unsigned char *)reader->data + reader->at; }

/* Length in bytes of the code point at data, 0 where the bytes are no UTF-8: overlong, surrogate, beyond U+10FFFF or cut off. */
static size_t point_len(const unsigned char *data, size_t left) {
    if (data[0] < 0x80) return 1;
    if (data[0] < 0xc2 || data[0] > 0xf4) return 0;
    size_t len = utf8_len(data[0]);
    if (len > left) return 0;
    for (size_t i = 1; i < len; i++)
        if ((data[i] & 0xc0) != 0x80) return 0;
    if ((data[0] == 0xe0 && data[1] < 0xa0) || (data[0] == 0xed && data[1] > 0x9f)) return 0;
    if ((data[0] == 0xf0 && data[1] < 0x90) || (data[0] == 0xf4 && data[1] > 0x8f)) return 0;
    return len;
}

size_t utf8_fault(Span bytes) {
    for (size_t at = 0; at < bytes.len;) {
        size_t len = point_len((const unsigned char *)bytes.data + at, bytes.len - at);
        if (!len) return at;
        at += len;
    }
    return bytes.len;
}

static bool fault_at(const Reader *reader) {
    reader->fail->offset = reader->at;
    reader->fail->column = reader->at + 1;
    return false;
}

static bool encoding_fault(const Reader *reader) {
    fail_set(reader->fail, FAIL_ENCODING, "found byte 0x%02x, which is no UTF-8", *bytes_at(reader));
    return fault_at(reader);
}

static bool is_digit(unsigned char byte) { return byte >= '0' && byte <= '9'; }

static bool is_word(unsigned char byte) { return ((byte | 32) >= 'a' && (byte | 32) <= 'z') || is_digit(byte) || byte == '_'; }

/* What stands at the place, as a reader would name it: a word, a character, a byte, or the end. */
static void name_found(const Reader *reader, char *name, size_t size) {
    size_t left = reader->len - reader->at;
    const unsigned char *data = bytes_at(reader);
    if (!left) {
        snprintf(name, size, "the end");
        return;
    }
    size_t len = point_len(data, left);
    if (is_word(data[0]))
        while (len < left && len < 20 && is_word(data[len])) len++;
    if (data[0] < 0x20 || data[0] == 0x7f) snprintf(name, size, "byte 0x%02x", data[0]);
    else snprintf(name, size, "'%.*s'", (int)len, (const char *)data);
}

/* Fills the Fail with what was found at the place and what was wanted there. */
static bool unexpected(const Reader *reader, const char *wanted) {
    char name[40];
    if (reader->at < reader->len && !point_len(bytes_at(reader), reader->len - reader->at)) return encoding_fault(reader);
    name_found(reader, name, sizeof name);
    fail_set(reader->fail, FAIL_JSON, "found %s, expected %s", name, wanted);
    return fault_at(reader);
}

static bool expect(const Reader *reader, Next next) {
    bool object = reader->depth && reader->object[reader->depth];
    const char *const wanted[] = {"a value",
                                  "a value or ']'",
                                  "a key in double quotes or '}'",
                                  "a key in double quotes",
                                  "':' after key",
                                  object ? "',' or '}' after value" : "',' or ']' after value",
                                  "nothing behind the value",
                                  ""};
    return unexpected(reader, wanted[next]);
}

/* Reads four hexadecimal digits into *unit. */
static bool read_hex(Reader *reader, unsigned *unit) {
    *unit = 0;
    for (int i = 0; i < 4; i++, reader->at++) {
        unsigned char byte = reader->at < reader->len ? *bytes_at(reader) : 0;
        bool letter = (byte | 32) >= 'a' && (byte | 32) <= 'f';
        if (!letter && !is_digit(byte)) return unexpected(reader, "four hexadecimal digits after \\u");
        *unit = *unit * 16 + (letter ? (byte | 32u) - 'a' + 10u : byte - (unsigned)'0');
    }
    return true;
}

static bool surrogate_fault(Reader *reader, size_t escape, unsigned unit) {
    reader->at = escape;
    fail_set(reader->fail, FAIL_JSON, "found \\u%04x, half of a surrogate pair, without the other half", unit);
    return fault_at(reader);
}

/* Reads \uXXXX, and its other half where it is one of a surrogate pair; `at` is behind the u. */
static bool read_unicode(Reader *reader) {
    size_t escape = reader->at - 2;
    unsigned unit, low;
    if (!read_hex(reader, &unit)) return false;
    if (unit < 0xd800 || unit > 0xdfff) return true;
    if (unit > 0xdbff || reader->len - reader->at < 2 || memcmp(reader->data + reader->at, "\\u", 2))
        return surrogate_fault(reader, escape, unit);
    reader->at += 2;
    if (!read_hex(reader, &low)) return false;
    return low >= 0xdc00 && low <= 0xdfff ? true : surrogate_fault(reader, escape, unit);
}

static bool read_escape(Reader *reader) {
    reader->at++;
    unsigned char byte = reader->at < reader->len ? *bytes_at(reader) : 0;
    if (!byte || !strchr("\"\\/bfnrtu", byte)) return unexpected(reader, "one of \" \\ / b f n r t u after '\\'");
    reader->at++;
    return byte == 'u' ? read_unicode(reader) : true;
}

/* Reads a string; `at` is on its opening quote. */
static bool read_string(Reader *reader) {
    size_t opened = reader->at++;
    while (reader->at < reader->len) {
        unsigned char byte = *bytes_at(reader);
        size_t len = point_len(bytes_at(reader), reader->len - reader->at);
        if (byte == '"') return reader->at++, true;
        if (!len) return encoding_fault(reader);
        if (byte < 0x20) return unexpected(reader, "it escaped in a string");
        if (byte != '\\') reader->at += len;
        else if (!read_escape(reader)) return false;
    }
    char wanted[80];
    snprintf(wanted, sizeof wanted, "'\"' to close the string opened at column %zu", opened + 1);
    return unexpected(reader, wanted);
}

static bool read_digits(Reader *reader, const char *wanted) {
    size_t first = reader->at;
    while (reader->at < reader->len && is_digit(*bytes_at(reader))) reader->at++;
    return reader->at > first ? true : unexpected(reader, wanted);
}

static bool skip_byte(Reader *reader, const char *set) {
    bool there = reader->at < reader->len && *bytes_at(reader) && strchr(set, *bytes_at(reader));
    reader->at += there;
    return there;
}

static bool read_number(Reader *reader) {
    size_t first = reader->at;
    bool minus = skip_byte(reader, "-"), exponent = false;
    bool zero = reader->at < reader->len && *bytes_at(reader) == '0';
    if (!read_digits(reader, minus ? "a digit after '-'" : "a value")) return false;
    if (zero && reader->at - first > 1 + (size_t)minus) {
        reader->at = first + minus;
        return unexpected(reader, "a number without leading zeros");
    }
    if (skip_byte(reader, ".") && !read_digits(reader, "a digit after the decimal point")) return false;
    if (skip_byte(reader, "eE")) {
        exponent = true;
        skip_byte(reader, "+-");
        if (!read_digits(reader, "a digit in the exponent")) return false;
    }
    if (reader->patched && (exponent || reader->at - first > PLAIN_DIGITS)) {
        memset(reader->patched + first, ' ', reader->at - first);
        reader->patched[first] = '1';
    }
    return true;
}

static bool read_word(Reader *reader, const char *word) {
    size_t len = strlen(word);
    bool whole = reader->len - reader->at >= len && !memcmp(reader->data + reader->at, word, len) &&
                 (reader->len - reader->at == len || !is_word((unsigned char)reader->data[reader->at + len]));
    if (!whole) return expect(reader, VALUE);
    reader->at += len;
    return true;
}

static bool open_level(Reader *reader, bool object) {
    if (reader->depth == reader->max_depth) {
        fail_set(reader->fail, FAIL_SIZE, "found arrays and objects in each other more than %zu deep", reader->max_depth);
        return fault_at(reader);
    }
    reader->object[++reader->depth] = object;
    reader->at++;
    return true;
}

/* Reads a value, or the start of one that nests; *next is what may follow. `start` is the expectation that brought us here. */
static bool read_value(Reader *reader, Next start, Next *next) {
    *next = reader->depth ? COMMA_OR_END : NOTHING;
    switch (reader->at < reader->len ? *bytes_at(reader) : 0) {
    case '{': *next = MEMBER_OR_END; return open_level(reader, true);
    case '[': *next = ITEM_OR_END; return open_level(reader, false);
    case '"': return read_string(reader);
    case 't': return read_word(reader, "true");
    case 'f': return read_word(reader, "false");
    case 'n': return read_word(reader, "null");
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return read_number(reader);
    default: return expect(reader, start);
    }
}

/* Closes the innermost array or object if its end stands here. */
static bool skip_end(Reader *reader, Next *next) {
    if (!skip_byte(reader, reader->object[reader->depth] ? "}" : "]")) return false;
    reader->depth--;
    *next = reader->depth ? COMMA_OR_END : NOTHING;
    return true;
}

static bool read_member(Reader *reader, Next start, Next *next) {
    if (reader->at >= reader->len || *bytes_at(reader) != '"') return expect(reader, start);
    *next = COLON;
    return read_string(reader);
}

static bool read_next(Reader *reader, Next now, Next *next) {
    switch (now) {
    case ITEM_OR_END: return skip_end(reader, next) || read_value(reader, now, next);
    case MEMBER_OR_END: return skip_end(reader, next) || read_member(reader, now, next);
    case MEMBER: return read_member(reader, now, next);
    case COLON: *next = VALUE; return skip_byte(reader, ":") || expect(reader, now);
    case COMMA_OR_END:
        if (skip_end(reader, next)) return true;
        *next = reader->object[reader->depth] ? MEMBER : VALUE;
        return skip_byte(reader, ",") || expect(reader, now);
    case NOTHING: *next = DONE; return reader->at == reader->len || expect(reader, now);
    default: return read_value(reader, now, next);
    }
}

bool json_fault(Span bytes, size_t max_depth, char *patched, Fail *fail) {
    Reader reader = {
        .data = bytes.data, .len = bytes.len, .max_depth = max_depth < DEEPEST ? max_depth : DEEPEST, .patched = patched, .fail = fail};
    for (Next next = VALUE; next != DONE;) {
        while (skip_byte(&reader, " \t\r\n")) continue;
        if (!read_next(&reader, next, &next)) return false;
    }
    return true;
}
