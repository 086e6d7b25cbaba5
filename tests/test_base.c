/* base/: arena, buffer, fail, span, table, utf8, json. */
#include "check.h"

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fail.h"
#include "base/json.h"
#include "base/span.h"
#include "base/table.h"
#include "base/utf8.h"

static void test_span(void) {
    static const struct { const char *in, *out; } rows[] = {{"", ""}, {" ", ""}, {" a b\t\r\n", "a b"}, {"a", "a"}, {"\n\na", "a"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) CHECK_SPAN(span_trim(span_of(rows[i].in)), span_of(rows[i].out), rows[i].in);
    CHECK(span_compare(SPAN("a"), SPAN("b")) < 0, "order by bytes");
    CHECK(span_compare(SPAN("ab"), SPAN("a")) > 0, "then by length");
    CHECK(span_compare(SPAN(""), (Span){0}) == 0, "empty and absent are equal in order");
    CHECK(span_starts(SPAN("abc"), "ab") && !span_starts(SPAN("a"), "ab"), "start");
}

static void test_arena(void) {
    Arena arena = {0};
    char *first = arena_alloc(&arena, 0);
    CHECK(first != NULL, "size 0");
    for (size_t size = 1; size < 300000; size = size * 3 + 1) {
        char *memory = arena_calloc(&arena, size, 1);
        CHECK((uintptr_t)memory % 16 == 0, "size %zu", size);
        CHECK(!memory[0] && !memory[size - 1], "size %zu", size);
        memset(memory, 1, size);
    }
    Span copy = arena_copy(&arena, SPAN("a\0b"));
    CHECK_SPAN(copy, SPAN("a\0b"), "copy");
    CHECK(copy.data[3] == '\0', "ended");
    int *numbers = NULL;
    size_t count = 0, capacity = 0;
    for (int i = 0; i < 1000; i++) *ARENA_PUSH(&arena, numbers, count, capacity) = i;
    for (int i = 0; i < 1000; i++) CHECK(numbers[i] == i, "item %d", i);
    for (int round = 0; round < 3; round++) {
        arena_reset(&arena);
        memset(arena_alloc(&arena, 6 << 20), round, 6 << 20);
    }
    arena_free(&arena);
    CHECK(!arena.first, "freed");
}

static void test_buffer(void) {
    Buffer buffer = {0};
    static const struct {
        uint64_t number;
        const char *out;
    } rows[] = {{0, "0"}, {9, "9"}, {10, "10"}, {UINT64_MAX, "18446744073709551615"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buffer.len = 0;
        buffer_unsigned(&buffer, rows[i].number);
        CHECK_SPAN(buffer_span(&buffer), span_of(rows[i].out), "unsigned");
    }
    buffer.len = 0;
    for (int i = 0; i < 1000; i++) buffer_byte(&buffer, 'x');
    buffer_printf(&buffer, "%d-%s", 7, "y");
    CHECK(buffer.len == 1003 && !memcmp(buffer.data + 999, "x7-y", 4), "printf after bytes");
    buffer_free(&buffer);
}

static void test_fail(void) {
    Fail fail;
    CHECK(!fail_set(&fail, FAIL_CSV, "found %d", 3), "false to return");
    CHECK(!strcmp(fail.message, "found 3") && !fail.line && !fail.source, "filled");
    CHECK(!fail_at(&fail, "a.csv", 3, 4) && fail.line == 3 && fail.column == 4, "place");
    for (int code = FAIL_NONE; code <= FAIL_CSV; code++) CHECK(fail_name((FailCode)code)[0], "code %d", code);
}

static void test_table(void) {
    Table table = {0};
    char keys[2000][8];
    CHECK(table_get(&table, SPAN("a")) == TABLE_NONE, "empty table");
    for (uint32_t i = 0; i < 2000; i++) {
        snprintf(keys[i], sizeof keys[i], "k%u", i);
        uint32_t *value = table_put(&table, span_of(keys[i]));
        CHECK(*value == TABLE_NONE, "new key %u", i);
        *value = i;
    }
    for (uint32_t i = 0; i < 2000; i++) CHECK(table_get(&table, span_of(keys[i])) == i, "key %u", i);
    CHECK(table_get(&table, SPAN("k")) == TABLE_NONE, "unknown key");
    *table_put(&table, SPAN("")) = 5;
    CHECK(table_get(&table, SPAN("")) == 5, "the empty key");
    CHECK(hash_bytes(SPAN("abcdefghi"), 1) != hash_bytes(SPAN("abcdefghj"), 1), "hash looks at the tail");
    table_free(&table);
}

static void test_utf8(void) {
    static const uint32_t points[] = {0, 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        char bytes[4] = {0};
        size_t len = utf8_encode(points[i], bytes);
        CHECK(utf8_decode(bytes) == points[i] && utf8_len((unsigned char)bytes[0]) == len, "U+%04X", points[i]);
        CHECK(utf8_count(bytes, len) == 1, "U+%04X", points[i]);
    }
    static const struct {
        Span in;
        size_t bad_at;
    } rows[] = {
        {{"", 0}, 0},
        {{"abc", 3}, 3},
        {{"a\xff", 2}, 1},
        {{"\xc0\x80", 2}, 0},
        {{"a\xed\xa0\x80", 4}, 1},
        {{"\xf4\x90\x80\x80", 4}, 0},
        {{"\xe2\x82", 2}, 0},
        {{"\xe2\x82\xac", 3}, 3},
        {{"\xf0\x9f\x98\x80", 4}, 4},
        {{"\xe0\x9f\xbf", 3}, 0},
        {{"\x80", 1}, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t bad_at = rows[i].in.len;
        bool good = utf8_check(rows[i].in, &bad_at);
        CHECK(good == (bad_at == rows[i].in.len) && bad_at == rows[i].bad_at, "row %zu: %zu", i, bad_at);
    }
}

static void test_number(void) {
    static const struct {
        const char *in;
        bool good;
        double out;
    } rows[] = {
        {"4", true, 4},     {"-1.5e3", true, -1500}, {"+2", true, 2},   {".5", true, 0.5},   {"5.", true, 5},
        {"", false, 0},     {"+", false, 0},         {"nan", false, 0}, {"inf", false, 0},   {"-inf", false, 0},
        {"0x10", false, 0}, {"4,5", false, 0},       {"4 ", false, 0},  {"1e999", false, 0}, {"1.2.3", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double number = 0;
        bool good = number_parse(span_of(rows[i].in), &number);
        CHECK(good == rows[i].good && number == rows[i].out, "'%s': %d %g", rows[i].in, good, number);
    }
}

/* Where and why a text is no JSON: code, column from 1, message. */
static void test_json_faults(void) {
    const struct {
        Span in;
        FailCode code;
        uint64_t column;
        const char *message;
    } rows[] = {
        {SPAN(""), FAIL_JSON, 1, "found the end, expected a value"},
        {SPAN("  "), FAIL_JSON, 3, "found the end, expected a value"},
        {SPAN("{\"a\"}"), FAIL_JSON, 5, "found '}', expected ':' after key"},
        {SPAN("{\"a\":1,}"), FAIL_JSON, 8, "found '}', expected a key in double quotes"},
        {SPAN("{a:1}"), FAIL_JSON, 2, "found 'a', expected a key in double quotes or '}'"},
        {SPAN("{'a':1}"), FAIL_JSON, 2, "found ''', expected a key in double quotes or '}'"},
        {SPAN("{\"a\":}"), FAIL_JSON, 6, "found '}', expected a value"},
        {SPAN("{\"a\":1 \"b\":2}"), FAIL_JSON, 8, "found '\"', expected ',' or '}' after value"},
        {SPAN("[1,2"), FAIL_JSON, 5, "found the end, expected ',' or ']' after value"},
        {SPAN("[1,]"), FAIL_JSON, 4, "found ']', expected a value"},
        {SPAN("[,1]"), FAIL_JSON, 2, "found ',', expected a value or ']'"},
        {SPAN("[1}"), FAIL_JSON, 3, "found '}', expected ',' or ']' after value"},
        {SPAN("{\"a\":NaN}"), FAIL_JSON, 6, "found 'NaN', expected a value"},
        {SPAN("{\"a\":None}"), FAIL_JSON, 6, "found 'None', expected a value"},
        {SPAN("[truex]"), FAIL_JSON, 2, "found 'truex', expected a value"},
        {SPAN("[01]"), FAIL_JSON, 2, "found '01', expected a number without leading zeros"},
        {SPAN("[-]"), FAIL_JSON, 3, "found ']', expected a digit after '-'"},
        {SPAN("[1.]"), FAIL_JSON, 4, "found ']', expected a digit after the decimal point"},
        {SPAN("[1e+]"), FAIL_JSON, 5, "found ']', expected a digit in the exponent"},
        {SPAN("[1.5.2]"), FAIL_JSON, 5, "found '.', expected ',' or ']' after value"},
        {SPAN("[\"a"), FAIL_JSON, 4, "found the end, expected '\"' to close the string opened at column 2"},
        {SPAN("[\"a\\"), FAIL_JSON, 5, "found the end, expected one of \" \\ / b f n r t u after '\\'"},
        {SPAN("[\"\\x41\"]"), FAIL_JSON, 4, "found 'x41', expected one of \" \\ / b f n r t u after '\\'"},
        {SPAN("[\"\\u12G4\"]"), FAIL_JSON, 7, "found 'G4', expected four hexadecimal digits after \\u"},
        {SPAN("[\"a\tb\"]"), FAIL_JSON, 4, "found byte 0x09, expected it escaped in a string"},
        {SPAN("[\"a\0b\"]"), FAIL_JSON, 4, "found byte 0x00, expected it escaped in a string"},
        {SPAN("[\0]"), FAIL_JSON, 2, "found byte 0x00, expected a value or ']'"},
        {SPAN("[\"\\ud800\"]"), FAIL_JSON, 3, "found \\ud800, half of a surrogate pair, without the other half"},
        {SPAN("[\"\\udc00\"]"), FAIL_JSON, 3, "found \\udc00, half of a surrogate pair, without the other half"},
        {SPAN("[\"\\ud800\\ud800\"]"), FAIL_JSON, 3, "found \\ud800, half of a surrogate pair, without the other half"},
        {SPAN("[\"\\ud800x\"]"), FAIL_JSON, 3, "found \\ud800, half of a surrogate pair, without the other half"},
        {SPAN("{} {}"), FAIL_JSON, 4, "found '{', expected nothing behind the value"},
        {SPAN("1 x"), FAIL_JSON, 3, "found 'x', expected nothing behind the value"},
        {SPAN("[\"a\xff\"]"), FAIL_ENCODING, 4, "found byte 0xff, which is no UTF-8"},
        {SPAN("[\"\xed\xa0\x80\"]"), FAIL_ENCODING, 3, "found byte 0xed, which is no UTF-8"},
        {SPAN("[\"ok\", \xe2\x82]"), FAIL_ENCODING, 8, "found byte 0xe2, which is no UTF-8"},
        {SPAN("[\xe2\x82\xac]"), FAIL_JSON, 2, "found '\xe2\x82\xac', expected a value or ']'"},
    };
    JsonParser *parser = json_open();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fail fail = {0};
        JsonValue root;
        bool good = json_parse_copy(parser, rows[i].in, JSON_DEPTH, &root, &fail);
        CHECK(!good && fail.code == rows[i].code && fail.column == rows[i].column && fail.offset + 1 == fail.column &&
                  !strcmp(fail.message, rows[i].message),
              "row %zu '%s': %d %d, column %d: %s", i, rows[i].in.data, good, (int)fail.code, (int)fail.column, fail.message);
    }
    json_close(parser);
}

/* Every start of a text, and every text with one byte changed, is good or has a fault with a place: simdjson and fault.c must agree on
 * which. */
static void test_json_mutants(void) {
    static const char text[] =
        "{\"a\":[1,-2.5e3,true,null,\"x\\u00e9\\ud83d\\ude00\"],\"\xc3\xa9\":{\"b\":{}}, \"c\" : 12345678901234567890123}";
    static const char bytes[] = "{}[]:,\"\\ 0-e.tu\n\x01\xff\xc3";
    JsonParser *parser = json_open();
    for (size_t at = 0; at < sizeof text - 1; at++) {
        for (size_t b = 0; b < sizeof bytes; b++) {
            char mutant[sizeof text];
            Fail fail = {0};
            JsonValue root;
            memcpy(mutant, text, sizeof text);
            mutant[at] = bytes[b];
            if (json_parse_copy(parser, (Span){mutant, sizeof text - 1}, JSON_DEPTH, &root, &fail)) {
                CHECK(json_raw(root).len == sizeof text - 1, "raw of the whole, byte %zu", at);
            } else {
                CHECK(fail.code != FAIL_NONE && fail.column && fail.message[0], "byte %zu is 0x%02x: '%s'", at, (unsigned char)bytes[b],
                      fail.message);
            }
        }
        Fail fail = {0};
        JsonValue root;
        CHECK(!json_parse_copy(parser, (Span){text, at}, JSON_DEPTH, &root, &fail) && fail.column, "start of %zu bytes", at);
    }
    json_close(parser);
}

static void test_json_depth(void) {
    Buffer text = {0};
    JsonParser *parser = json_open();
    static const struct {
        size_t depth, limit;
        bool good;
    } rows[] = {{1, 64, true}, {64, 64, true},     {65, 64, false},     {3, 2, false},
                {2, 2, true},  {1024, 1024, true}, {1025, 5000, false}, {100000, 64, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int objects = 0; objects < 2; objects++) {
            text.len = 0;
            for (size_t d = 0; d < rows[i].depth; d++) buffer_text(&text, objects && d ? "{\"a\":" : "[");
            buffer_text(&text, "1");
            for (size_t d = rows[i].depth; d-- > 0;) buffer_text(&text, objects && d ? "}" : "]");
            JsonValue root;
            Fail fail = {0};
            bool good = json_parse_copy(parser, buffer_span(&text), rows[i].limit, &root, &fail);
            CHECK(good == rows[i].good && (good || fail.code == FAIL_SIZE), "depth %zu, limit %zu: %s", rows[i].depth, rows[i].limit,
                  fail.message);
        }
    json_close(parser);
    buffer_free(&text);
}

static void test_json_values(void) {
    JsonParser *parser = json_open();
    JsonValue root, value, key;
    Fail fail;
    Span text = SPAN(" { \"s\" : \"a\\u0000\\n\" , \"i\":-5 ,\"u\":18446744073709551615,\"d\":1.50, \"o\":{\"x\":[1, {\"y\":2} ,\"z,:\"]} "
                     ",\"t\":true,\"f\":false,"
                     "\"n\":null,\"i\":7,\"e\":{},\"l\":[ ] } ");
    CHECK(json_parse_copy(parser, text, JSON_DEPTH, &root, &fail), "%s", fail.message);
    static const struct {
        const char *key, *raw;
        JsonType type;
    } rows[] = {
        {"s", "\"a\\u0000\\n\"", JSON_STRING},
        {"i", "-5", JSON_INT64},
        {"u", "18446744073709551615", JSON_UINT64},
        {"d", "1.50", JSON_DOUBLE},
        {"o", "{\"x\":[1, {\"y\":2} ,\"z,:\"]}", JSON_OBJECT},
        {"t", "true", JSON_TRUE},
        {"f", "false", JSON_FALSE},
        {"n", "null", JSON_NULL},
        {"i", "7", JSON_INT64},
        {"e", "{}", JSON_OBJECT},
        {"l", "[ ]", JSON_ARRAY},
    };
    size_t count = 0;
    for (JsonWalk walk = json_walk(root); json_member(&walk, &key, &value); count++) {
        CHECK_SPAN(json_string(key), span_of(rows[count].key), "key");
        CHECK_SPAN(json_raw(value), span_of(rows[count].raw), rows[count].key);
        CHECK(json_type(value) == rows[count].type, "%s", rows[count].key);
        CHECK(text.data[json_position(value)] == rows[count].raw[0], "%s", rows[count].key);
    }
    CHECK(count == 11, "%zu members", count);
    int64_t small;
    uint64_t large;
    double number;
    CHECK(json_get(root, "i", &value) && json_int64(value, &small) && small == -5 && !json_uint64(value, &large), "the first of two");
    CHECK_SPAN(json_raw(value), SPAN("-5"), "raw, going back");
    CHECK(json_get(root, "u", &value) && json_uint64(value, &large) && large == UINT64_MAX && !json_int64(value, &small), "unsigned");
    CHECK(json_get(root, "d", &value) && json_double(value, &number) && number == 1.5 && !json_int64(value, &small), "double");
    CHECK(json_get(root, "s", &value) && !json_double(value, &number), "no number");
    CHECK_SPAN(json_string(value), SPAN("a\0\n"), "string");
    CHECK(!json_get(root, "q", &value) && !json_get(value, "x", &value), "no such member, no object");
    CHECK_SPAN(json_raw(root), span_trim(text), "raw of the root");
    json_close(parser);
}

/* Numbers that 64 bits cannot hold are good JSON. */
static void test_json_large_numbers(void) {
    JsonParser *parser = json_open();
    JsonValue root, value;
    Fail fail;
    double number;
    int64_t small;
    uint64_t large;
    Span text = SPAN("{\"a\":123456789012345678901234567890,\"b\":[-9223372036854775808,-9223372036854775809,1e999,18446744073709551615,3],"
                     "\"c\":\"x\"}");
    CHECK(json_parse_copy(parser, text, JSON_DEPTH, &root, &fail), "%s", fail.message);
    CHECK(json_get(root, "a", &value) && json_double(value, &number) && number == 123456789012345678901234567890.0, "value");
    CHECK_SPAN(json_raw(value), SPAN("123456789012345678901234567890"), "raw");
    CHECK(json_type(value) == JSON_DOUBLE && !json_int64(value, &small), "type");
    CHECK(json_get(root, "b", &value), "b");
    JsonWalk walk = json_walk(value);
    CHECK(json_item(&walk, &value) && json_int64(value, &small) && small == INT64_MIN, "least");
    CHECK(json_item(&walk, &value) && json_type(value) == JSON_DOUBLE, "one less");
    CHECK(json_item(&walk, &value) && !json_double(value, &number), "no double holds it");
    CHECK(json_item(&walk, &value) && json_type(value) == JSON_UINT64 && json_uint64(value, &large) && large == UINT64_MAX, "greatest");
    CHECK(json_item(&walk, &value) && json_int64(value, &small) && small == 3, "small");
    CHECK(!json_item(&walk, &value), "end");
    json_close(parser);
}

int main(void) {
    test_span();
    test_arena();
    test_buffer();
    test_fail();
    test_table();
    test_utf8();
    test_number();
    test_json_faults();
    test_json_mutants();
    test_json_depth();
    test_json_values();
    test_json_large_numbers();
    return check_end();
}
