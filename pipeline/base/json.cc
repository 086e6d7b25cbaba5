#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <new>
#include <system_error>

/* Our headers are C, and say things that C++ has no words for. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
extern "C" {
#include "base/json.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
}
#pragma GCC diagnostic pop

using simdjson::internal::tape_ref;
using simdjson::internal::tape_type;

static_assert(JSON_PADDING >= simdjson::SIMDJSON_PADDING, "simdjson reads farther behind the text than callers are told");

/* Room for a first record, and what is given back once a record needs less. */
enum : size_t { CAPACITY_MIN = 16 * 1024, CAPACITY_KEPT = 4 * 1024 * 1024 };

/* Where the tape's entries stand in the text: structural `token` of the text is entry `at` of the tape. Moves forward only. */
struct Cursor {
    size_t at, token;
};

struct JsonParser {
    simdjson::dom::parser dom;
    size_t capacity = 0, max_depth = 0;
    Span bytes = {nullptr, 0}; /* as given: json_raw answers from them */
    bool patched = false;      /* some numbers on the tape are not those of the text */
    Buffer copy = {nullptr, 0, 0};
    mutable Cursor cursor = {1, 0};
};

static tape_ref ref_of(JsonValue value) { return tape_ref(&value.parser->dom.doc, value.at); }

static bool is_number(tape_ref ref) { return ref.is_int64() || ref.is_uint64() || ref.is_double(); }

JsonParser *json_open(void) { return new (memory_alloc(sizeof(JsonParser))) JsonParser; }

void json_close(JsonParser *parser) {
    if (!parser) return;
    buffer_free(&parser->copy);
    parser->~JsonParser();
    memory_free(parser);
}

/* Makes room for a text of len bytes: half as much again so that growing records do not allocate one after the other. */
static simdjson::error_code reserve(JsonParser *parser, size_t len, size_t max_depth) {
    bool oversized = parser->capacity > CAPACITY_KEPT && len < CAPACITY_KEPT / 4;
    if (len <= parser->capacity && max_depth == parser->max_depth && !oversized) return simdjson::SUCCESS;
    size_t capacity = len < CAPACITY_MIN ? size_t(CAPACITY_MIN) : len + len / 2;
    if (capacity > simdjson::SIMDJSON_MAXSIZE_BYTES) capacity = len;
    parser->capacity = 0;
    if (capacity > simdjson::SIMDJSON_MAXSIZE_BYTES) return simdjson::CAPACITY;
    simdjson::error_code error = parser->dom.allocate(capacity, max_depth + 1);
    if (!error) error = parser->dom.doc.allocate(capacity);
    if (error) return error;
    parser->capacity = capacity;
    parser->max_depth = max_depth;
    return error;
}

static simdjson::error_code parse(JsonParser *parser, const char *data, size_t len, JsonValue *root) {
    parser->cursor = {1, 0};
    simdjson::error_code error = parser->dom.parse(data, len, false).error();
    if (!error) *root = JsonValue{parser, 1};
    return error;
}

/* simdjson refuses numbers beyond 64 bits, which are good JSON: parses again with others in their place. */
static simdjson::error_code parse_patched(JsonParser *parser, JsonValue *root, Fail *fail) {
    Buffer patched = {nullptr, 0, 0};
    buffer_reserve(&patched, parser->bytes.len + JSON_PADDING);
    std::memcpy(patched.data, parser->bytes.data, parser->bytes.len);
    std::memset(patched.data + parser->bytes.len, 0, JSON_PADDING);
    simdjson::error_code error = simdjson::TAPE_ERROR;
    if (json_fault(parser->bytes, parser->max_depth, patched.data, fail)) {
        parser->patched = true;
        error = parse(parser, patched.data, parser->bytes.len, root);
        if (error) fail_set(fail, FAIL_JSON, "%s", simdjson::error_message(error));
    }
    buffer_free(&patched);
    return error;
}

bool json_parse(JsonParser *parser, Span bytes, size_t max_depth, JsonValue *root, Fail *fail) {
    if (max_depth > JSON_DEPTH_MAX) max_depth = JSON_DEPTH_MAX;
    parser->bytes = bytes;
    parser->patched = false;
    simdjson::error_code error = reserve(parser, bytes.len, max_depth);
    if (error == simdjson::CAPACITY) return fail_set(fail, FAIL_SIZE, "found %zu bytes, expected at most 4 GB", bytes.len);
    if (error) memory_alloc(SIZE_MAX / 2); /* out of memory: ends the program as arena.c does */
    if (!parse(parser, bytes.data, bytes.len, root)) return true;
    return !parse_patched(parser, root, fail);
}

bool json_parse_copy(JsonParser *parser, Span bytes, size_t max_depth, JsonValue *root, Fail *fail) {
    parser->copy.len = 0;
    buffer_reserve(&parser->copy, bytes.len + JSON_PADDING);
    if (bytes.len) std::memcpy(parser->copy.data, bytes.data, bytes.len);
    std::memset(parser->copy.data + bytes.len, 0, JSON_PADDING);
    return json_parse(parser, Span{parser->copy.data, bytes.len}, max_depth, root, fail);
}

/* The type of a number whose place on the tape holds another one. */
static JsonType patched_type(JsonValue value) {
    int64_t small;
    uint64_t large;
    return json_int64(value, &small) ? JSON_INT64 : json_uint64(value, &large) ? JSON_UINT64 : JSON_DOUBLE;
}

JsonType json_type(JsonValue value) {
    switch (ref_of(value).tape_ref_type()) {
    case tape_type::START_OBJECT: return JSON_OBJECT;
    case tape_type::START_ARRAY: return JSON_ARRAY;
    case tape_type::STRING: return JSON_STRING;
    case tape_type::INT64: return value.parser->patched ? patched_type(value) : JSON_INT64;
    case tape_type::UINT64: return value.parser->patched ? patched_type(value) : JSON_UINT64;
    case tape_type::DOUBLE: return JSON_DOUBLE;
    case tape_type::TRUE_VALUE: return JSON_TRUE;
    case tape_type::FALSE_VALUE: return JSON_FALSE;
    default: return JSON_NULL;
    }
}

const char *json_type_name(JsonType type) {
    static const char *const names[] = {"null", "false", "true", "a number", "a number", "a number", "a string", "an array", "an object"};
    return names[type];
}

Span json_string(JsonValue value) {
    tape_ref ref = ref_of(value);
    if (ref.tape_ref_type() != tape_type::STRING) return Span{nullptr, 0};
    return Span{ref.get_c_str(), ref.get_string_length()};
}

/* The whole of a span as an integer of that type. */
template <typename Integer> static bool integer_parse(Span text, Integer *number) {
    std::from_chars_result result = std::from_chars(text.data, text.data + text.len, *number);
    return result.ec == std::errc() && result.ptr == text.data + text.len;
}

bool json_int64(JsonValue value, int64_t *number) {
    tape_ref ref = ref_of(value);
    if (!is_number(ref)) return false;
    if (value.parser->patched) return integer_parse(json_raw(value), number);
    if (!ref.is_int64()) return false;
    *number = ref.next_tape_value<int64_t>();
    return true;
}

bool json_uint64(JsonValue value, uint64_t *number) {
    tape_ref ref = ref_of(value);
    if (!is_number(ref)) return false;
    if (value.parser->patched) return integer_parse(json_raw(value), number);
    int64_t small;
    if (ref.is_uint64()) *number = ref.next_tape_value<uint64_t>();
    else if (json_int64(value, &small) && small >= 0) *number = uint64_t(small);
    else return false;
    return true;
}

bool json_double(JsonValue value, double *number) {
    tape_ref ref = ref_of(value);
    if (!is_number(ref)) return false;
    if (value.parser->patched) return number_parse(json_raw(value), number);
    *number = ref.is_double()  ? ref.next_tape_value<double>()
              : ref.is_int64() ? double(ref.next_tape_value<int64_t>())
                               : double(ref.next_tape_value<uint64_t>());
    return true;
}

bool json_get(JsonValue object, const char *key, JsonValue *value) {
    if (json_type(object) != JSON_OBJECT) return false;
    JsonWalk walk = json_walk(object);
    Span wanted = span_of(key);
    for (JsonValue name, found; json_member(&walk, &name, &found);)
        if (span_equal(json_string(name), wanted)) return *value = found, true;
    return false;
}

JsonWalk json_walk(JsonValue value) {
    tape_ref ref = ref_of(value);
    tape_type type = ref.tape_ref_type();
    if (type != tape_type::START_OBJECT && type != tape_type::START_ARRAY) return JsonWalk{value.parser, 0, 0};
    return JsonWalk{value.parser, value.at + 1, size_t(ref.matching_brace_index()) - 1};
}

bool json_item(JsonWalk *walk, JsonValue *value) {
    if (walk->at >= walk->end) return false;
    *value = JsonValue{walk->parser, walk->at};
    walk->at = ref_of(*value).after_element();
    return true;
}

bool json_member(JsonWalk *walk, JsonValue *key, JsonValue *value) {
    if (walk->at >= walk->end) return false;
    *key = JsonValue{walk->parser, walk->at};
    *value = JsonValue{walk->parser, walk->at + 1};
    walk->at = ref_of(*value).after_element();
    return true;
}

/* The index of the structural character that entry `at` of the tape comes from. simdjson's first stage lists the places of { } [ ] : , and
 * of the first byte of every scalar; the second one makes an entry of each but ':' and ','. So both lists can be walked side by side. */
static size_t token_of(const JsonParser *parser, size_t at) {
    const uint32_t *places = parser->dom.implementation->structural_indexes.get();
    Cursor cursor = parser->cursor;
    if (at < cursor.at) cursor = {1, 0};
    while (cursor.at < at) {
        cursor.at += is_number(tape_ref(&parser->dom.doc, cursor.at)) ? 2 : 1;
        cursor.token++;
        while (parser->bytes.data[places[cursor.token]] == ',' || parser->bytes.data[places[cursor.token]] == ':') cursor.token++;
    }
    parser->cursor = cursor;
    return cursor.token;
}

size_t json_position(JsonValue value) { return value.parser->dom.implementation->structural_indexes[token_of(value.parser, value.at)]; }

Span json_raw(JsonValue value) {
    const JsonParser *parser = value.parser;
    const auto &implementation = *parser->dom.implementation;
    size_t first = json_position(value), end;
    tape_type type = ref_of(value).tape_ref_type();
    if (type == tape_type::START_OBJECT || type == tape_type::START_ARRAY) {
        end = implementation.structural_indexes[token_of(parser, ref_of(value).after_element() - 1)] + 1;
    } else {
        size_t next = token_of(parser, value.at) + 1;
        end = next < implementation.n_structural_indexes ? implementation.structural_indexes[next] : parser->bytes.len;
        while (std::strchr(" \t\r\n", parser->bytes.data[end - 1])) end--;
    }
    return Span{parser->bytes.data + first, end - first};
}

bool number_parse(Span text, double *number) {
    if (text.len && text.data[0] == '+') text.data++, text.len--;
    if (!text.len || !std::memchr("-.0123456789", text.data[0], 12)) return false;
    double parsed = 0;
    std::from_chars_result result = std::from_chars(text.data, text.data + text.len, parsed);
    if (result.ec != std::errc() || result.ptr != text.data + text.len || !std::isfinite(parsed)) return false;
    *number = parsed;
    return true;
}

bool utf8_check(Span bytes, size_t *bad_at) {
    if (!bytes.len || simdjson::validate_utf8(bytes.data, bytes.len)) return true;
    *bad_at = utf8_fault(bytes);
    return false;
}
