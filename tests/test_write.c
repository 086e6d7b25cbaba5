/* write/: escapes, tagged lines, tables, the page, and sinks. */
#define _GNU_SOURCE /* memmem */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/json.h"
#include "write/write.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void check_json(Span text, const char *name) {
    JsonParser *parser = json_open();
    JsonValue root;
    Fail fail = {0};
    CHECK(json_parse_copy(parser, text, JSON_DEPTH, &root, &fail), "%s: no JSON: %s at %llu", name, fail.message,
          (unsigned long long)fail.column);
    json_close(parser);
}

static bool holds(const Buffer *bytes, const char *part) { return memmem(bytes->data, bytes->len, part, strlen(part)) != NULL; }

/* ---- escapes ---- */

/* U+FFFD, for a byte that is no UTF-8. */
#define BAD "\xef\xbf\xbd"

typedef void (*Escape)(Buffer *, Span);

static void test_escapes(void) {
    static const struct {
        const char *name;
        Escape escape;
        Span in;
        const char *out;
    } rows[] = {
        {"json: empty", escape_json, {"", 0}, "\"\""},
        {"json: absent", escape_json, {NULL, 0}, "\"\""},
        {"json: plain", escape_json, {"a b", 3}, "\"a b\""},
        {"json: quote, backslash", escape_json, {"\"\\/", 3}, "\"\\\"\\\\/\""},
        {"json: controls", escape_json, {"\0\x01\b\t\n\f\r\x1f\x7f", 9}, "\"\\u0000\\u0001\\b\\t\\n\\f\\r\\u001f\x7f\""},
        {"json: code points", escape_json, {"ж很😀\xe2\x80\xa8<", 13}, "\"ж很😀\xe2\x80\xa8<\""},
        {"script: end of it", escape_script, {"</script><!--&", 14}, "\"\\u003c/script\\u003e\\u003c!--\\u0026\""},
        {"script: line separators",
         escape_script,
         {"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\xe2\x82\xac", 12},
         "\"\\u2028\\u2029\xe2\x80\xaa\xe2\x82\xac\""},
        {"script: cut", escape_script, {"\xe2\x80", 2}, "\"\xe2\x80\""},
        {"bytes: good", escape_bytes, {"ж\"", 3}, "\"ж\\\"\""},
        {"bytes: bad",
         escape_bytes,
         {"a\xff\xc0\xaf\xed\xa0\x80z\xf4\x90\x80\x80\xe2\x80", 14},
         "\"a" BAD BAD BAD BAD BAD BAD "z" BAD BAD BAD BAD BAD BAD "\""},
        {"html", escape_html, {"a<b>&\"'ж", 9}, "a&lt;b&gt;&amp;&quot;&#39;ж"},
        {"html: empty", escape_html, {"", 0}, ""},
        {"csv: plain", escape_csv, {"a b;c", 5}, "a b;c"},
        {"csv: comma", escape_csv, {"a,b", 3}, "\"a,b\""},
        {"csv: quotes", escape_csv, {"\"a\"", 3}, "\"\"\"a\"\"\""},
        {"csv: lines", escape_csv, {"a\r\nb", 4}, "\"a\r\nb\""},
        {"csv: formula", escape_csv, {"=1+1", 4}, "'=1+1"},
        {"csv: formula with comma", escape_csv, {"=A(1,\"2\")", 9}, "\"'=A(1,\"\"2\"\")\""},
        {"csv: plus", escape_csv, {"+1", 2}, "'+1"},
        {"csv: minus", escape_csv, {"-1", 2}, "'-1"},
        {"csv: at", escape_csv, {"@SUM", 4}, "'@SUM"},
        {"csv: tab", escape_csv, {"\t=1", 3}, "'\t=1"},
        {"csv: return", escape_csv, {"\r=1", 3}, "\"'\r=1\""},
        {"csv: full width", escape_csv, {"＝1", 4}, "'＝1"},
        {"csv: inside", escape_csv, {"18-35", 5}, "18-35"},
        {"csv: empty", escape_csv, {"", 0}, ""},
        {"terminal: plain", escape_terminal, {"aж很😀", 10}, "aж很😀"},
        {"terminal: escape", escape_terminal, {"\x1b[31m\n\x7f", 7}, "\\x1b[31m\\x0a\\x7f"},
        {"terminal: C1",
         escape_terminal,
         {"\xc2\x9b"
          "1m\xc2\xa0",
          6},
         "\\xc2\\x9b1m\xc2\xa0"},
        {"terminal: right to left",
         escape_terminal,
         {"a\xe2\x80\xae"
          "b\xe2\x81\xa6",
          8},
         "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6"},
        {"terminal: no UTF-8", escape_terminal, {"\x9b\xff\xe2\x80", 4}, "\\x9b\\xff\\xe2\\x80"},
    };
    Buffer out = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        out.len = 0;
        rows[i].escape(&out, rows[i].in);
        CHECK_SPAN(buffer_span(&out), span_of(rows[i].out), rows[i].name);
    }
    buffer_free(&out);
}

/* Every byte at each place of a run: what comes out is JSON that says the same. */
static void test_json_round(void) {
    JsonParser *parser = json_open();
    Buffer out = {0};
    for (int byte = 0; byte < 0x80; byte++)
        for (size_t place = 0; place < 9; place++) {
            char text[] = "abcdefgh";
            if (place < 8) text[place] = (char)byte;
            Escape escapes[] = {escape_json, escape_script, escape_bytes};
            for (size_t i = 0; i < 3; i++) {
                JsonValue root;
                Fail fail;
                out.len = 0;
                escapes[i](&out, (Span){text, 8});
                CHECK(json_parse_copy(parser, buffer_span(&out), JSON_DEPTH, &root, &fail) &&
                          span_equal(json_string(root), (Span){text, 8}),
                      "byte %d at %zu", byte, place);
            }
        }
    buffer_free(&out);
    json_close(parser);
}

/* ---- tagged lines ---- */

static Net nets[] = {{.id = {"service", 7}, .name = {{"Service", 7}, {"服务", 6}}}, {.id = {"intent", 6}}, {.id = {"alone", 5}}};
static Code codes[] = {
    {.id = {"service.speed", 13},
     .net = 0,
     .poles = true,
     .name = {{"Speed", 5}},
     .negative = {{"Slow <service>", 14}, {"服务慢、等太久了而且还没有人理我们大家", 57}},
     .positive = {{"Quick", 5}}},
    {.id = {"intent.leave", 12}, .net = 1, .poles = false, .name = {{"Will leave", 10}}},
    {.id = {"alone", 5}, .net = 2, .poles = true},
};
static const Codebook codebook = {.nets = nets,
                                  .net_count = COUNT(nets),
                                  .codes = codes,
                                  .code_count = COUNT(codes),
                                  .languages = {{"en", 2}, {"zh-Hans", 7}},
                                  .language_count = 2,
                                  .hash = "2a"};
static const Language chinese = {.code = {"zh", 2}}, english = {.code = {"en", 2}};

static Span rule_name(const void *context, const Language *language, uint32_t rule) {
    (void)language;
    return ((const Span *)context)[rule];
}

static const Span rules[] = {{"en/service.speed/12", 19}, {"en/\"x\"/1", 8}};

static void test_tagged(void) {
    Hit hits[] = {{.rule = 0, .start = 2, .end = 22}, {.rule = 1, .start = 0, .end = 1}};
    Tag tags[] = {{.code = 0, .pole = POLE_NEGATIVE, .p = 9250, .first_hit = 0, .hit_count = 1},
                  {.code = 1, .p = 10000, .first_hit = 1, .hit_count = 1}};
    Segment values[] = {{SPAN("age_band"), SPAN("18-35")}, {SPAN("city"), {0}}, {SPAN("a\"b"), SPAN("")}};
    Hit wide_hits[] = {{.start = 3, .end = 6}, {.start = 6, .end = 13}, {.start = 0, .end = 3}};
    Tag wide_tags[] = {{.code = 0, .pole = POLE_POSITIVE, .p = 49, .first_hit = 0, .hit_count = 2},
                       {.code = 1, .p = 50, .first_hit = 2, .hit_count = 1}};
    const struct {
        const char *name;
        Doc doc;
        const Language *language;
        Result result;
        const char *out;
    } rows[] = {
        {"the contract's",
         {.id = SPAN("r17"), .text = SPAN("I waited for two hours"), .segments = values, .segment_count = 1},
         &english,
         {.tags = tags, .tag_count = 1, .hits = hits, .score = {SENTIMENT_NEGATIVE, 10, 72}},
         "{\"id\":\"r17\",\"lang\":\"en\",\"sentiment\":{\"label\":\"negative\",\"score\":-0.62,\"positive\":0.10,"
         "\"negative\":0.72},\"tags\":[{\"code\":\"service.speed\","
         "\"polarity\":\"negative\",\"p\":0.93,\"source\":\"lexicon\",\"evidence\":[{\"start\":2,\"end\":22,\"text\":\"waited for "
         "two hours\",\"rule\":\"en/service.speed/12\"}]}],"
         "\"segment\":{\"age_band\":\"18-35\"}}\n"},
        {"no poles, odd names",
         {.id = SPAN("\"\n"),
          .text = SPAN("x"),
          .lang = SPAN("en-US"),
          .segments = values,
          .segment_count = 3,
          .keep = SPAN("\"a\":1,\"b\":[2]")},
         &english,
         {.tags = tags + 1, .tag_count = 1, .hits = hits, .score = {SENTIMENT_POSITIVE, 100, 0}},
         "{\"id\":\"\\\"\\n\",\"lang\":\"en-US\",\"sentiment\":{\"label\":\"positive\",\"score\":1.00,\"positive\":1.00,"
         "\"negative\":0.00},\"tags\":[{\"code\":\"intent.leave\",\"p\":1.00,"
         "\"source\":\"lexicon\",\"evidence\":[{\"start\":0,\"end\":1,\"text\":\"x\",\"rule\":\"en/\\\"x\\\"/1\"}]}],"
         "\"segment\":{\"age_band\":\"18-35\",\"a\\\"b\":\"\"},\"a\":1,\"b\":[2]}\n"},
        {"code points",
         {.id = SPAN("1"), .text = SPAN("等很久😀ok"), .lang = SPAN("ZH-Hant")},
         &chinese,
         {.tags = wide_tags, .tag_count = 2, .hits = wide_hits, .score = {SENTIMENT_MIXED, 5, 5}},
         "{\"id\":\"1\",\"lang\":\"ZH-Hant\",\"sentiment\":{\"label\":\"mixed\",\"score\":0.00,\"positive\":0.05,"
         "\"negative\":0.05},\"tags\":[{\"code\":\"service.speed\",\"polarity\":\"positive\","
         "\"p\":0.00,\"source\":\"lexicon\",\"evidence\":[{\"start\":1,\"end\":2,\"text\":\"很\",\"rule\":\"en/service.speed/12\"},"
         "{\"start\":2,\"end\":4,\"text\":\"久😀\",\"rule\":\"en/service.speed/12\"}]},"
         "{\"code\":\"intent.leave\",\"p\":0.01,\"source\":\"lexicon\",\"evidence\":[{\"start\":0,\"end\":1,\"text\":\"等\","
         "\"rule\":\"en/service.speed/12\"}]}]}\n"},
        {"no language",
         {.id = SPAN("1"), .text = SPAN("")},
         NULL,
         {.score = {SENTIMENT_NEUTRAL, 0, 0}},
         "{\"id\":\"1\",\"lang\":\"und\",\"sentiment\":{\"label\":\"neutral\",\"score\":0.00,\"positive\":0.00,\"negative\":0.00},"
         "\"tags\":[]}\n"},
        {"a language that is not ours",
         {.id = SPAN("1"), .text = SPAN(""), .lang = SPAN("fr")},
         NULL,
         {.score = {SENTIMENT_NEUTRAL, 0, 0}},
         "{\"id\":\"1\",\"lang\":\"fr\",\"sentiment\":{\"label\":\"neutral\",\"score\":0.00,\"positive\":0.00,\"negative\":0.00},"
         "\"tags\":[]}\n"},
        {"another name of it",
         {.id = SPAN("1"), .text = SPAN(""), .lang = SPAN("eng")},
         &english,
         {.score = {SENTIMENT_NEGATIVE, 0, 1}},
         "{\"id\":\"1\",\"lang\":\"en\",\"sentiment\":{\"label\":\"negative\",\"score\":-0.01,\"positive\":0.00,\"negative\":0.01},"
         "\"tags\":[]}\n"},
        {"keys that are ours",
         {.id = SPAN("1"), .text = SPAN(""), .keep = SPAN("\"tags\":[\"a,\\\"b\",{\"id\":1}],\"x\":{\"tags\":1},\"id\":null")},
         &english,
         {.score = {SENTIMENT_NEUTRAL, 0, 0}},
         "{\"id\":\"1\",\"lang\":\"en\",\"sentiment\":{\"label\":\"neutral\",\"score\":0.00,\"positive\":0.00,\"negative\":0.00},"
         "\"tags\":[],"
         "\"input_tags\":[\"a,\\\"b\",{\"id\":1}],\"x\":{\"tags\":1},\"input_id\":null}\n"},
    };
    Buffer out = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        out.len = 0;
        tagged_line(&out, &rows[i].doc, rows[i].language, &rows[i].result, &codebook, (RuleNames){rule_name, rules});
        CHECK_SPAN(buffer_span(&out), span_of(rows[i].out), rows[i].name);
        check_json((Span){out.data, out.len - 1}, rows[i].name);
    }
    buffer_free(&out);
}

static void test_rejects(void) {
    char bytes[1100];
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes + 998, "很", 3); /* would be split */
    Fail fail = {.code = FAIL_ENCODING, .column = 3, .message = "found byte 0xff"};
    Record record = {.bytes = SPAN("{\"\xff"), .source = "dir/a\n.ndjson", .line = 7, .offset = 4096};
    Buffer out = {0};
    reject_line(&out, &record, &fail);
    CHECK_SPAN(
        buffer_span(&out),
        SPAN(
            "{\"source\":\"dir/a\\n.ndjson\",\"line\":7,\"offset\":4096,\"column\":3,\"reason\":\"encoding\",\"message\":\"found "
            "byte 0xff\",\"bytes\":\"{\\\"\xef\xbf\xbd\"}\n"),
        "reject");
    out.len = 0;
    record.bytes = (Span){bytes, sizeof bytes};
    reject_line(&out, &record, &fail);
    CHECK(out.len < 1150 && !memcmp(out.data + out.len - 4, "x\"}\n", 4), "cut at a code point");
    check_json((Span){out.data, out.len - 1}, "reject");
    out.len = 0;
    memset(bytes, 0x80, sizeof bytes);
    reject_line(&out, &record, &fail);
    check_json((Span){out.data, out.len - 1}, "reject of garbage");
    buffer_free(&out);
}

/* ---- tables and page ---- */

static void add(Tally *tally, const char *id, const char *age, int64_t weight, uint16_t code, int pole) {
    Hit hit = {.start = 3, .end = 9};
    Tag tag = {.code = code, .pole = (uint8_t)pole, .hit_count = 1};
    Segment value = {SPAN("age"), span_of(age)};
    Doc doc = {.id = span_of(id),
               .text = SPAN("We waited </script>"),
               .lang = SPAN("en"),
               .segments = &value,
               .segment_count = 1,
               .weight = weight};
    tally_add(tally, &doc, &(Result){.tags = &tag, .tag_count = 1, .hits = &hit, .hit_count = 1, .score = {.label = SENTIMENT_NEGATIVE}});
}

static Tally *sample(int64_t weight) {
    static const char *const segments[] = {"age"};
    Tally *tally = tally_open(&(TallySettings){.codebook = &codebook, .segments = segments, .segment_count = 1, .quotes = 1});
    add(tally, "1", "=18,35", weight, 0, POLE_NEGATIVE);
    add(tally, "2", NULL, 1000000, 0, POLE_NEGATIVE);
    add(tally, "3", "56+", 1000000, 1, POLE_NONE);
    add(tally, "4", "56+", 1000000, 2, POLE_POSITIVE);
    tally_reject(tally);
    return tally;
}

static void test_csv(void) {
    Tally *tally = sample(1000000);
    Buffer out = {0};
    table_csv(&out, tally);
    static const char total[] = "segment,value,code,polarity,responses,base,share,low,high\n"
                                ",,sentiment,negative,4,4,1.0000,0.5101,1.0000\n"
                                ",,sentiment,neutral,0,4,0.0000,0.0000,0.4899\n"
                                ",,sentiment,mixed,0,4,0.0000,0.0000,0.4899\n"
                                ",,sentiment,positive,0,4,0.0000,0.0000,0.4899\n"
                                ",,service,negative,2,4,0.5000,0.1500,0.8500\n"
                                ",,service.speed,negative,2,4,0.5000,0.1500,0.8500\n"
                                ",,intent,,1,4,0.2500,0.0456,0.6994\n"
                                ",,intent.leave,,1,4,0.2500,0.0456,0.6994\n"
                                ",,alone,positive,1,4,0.2500,0.0456,0.6994\n"
                                "age,56+,sentiment,negative,2,2,1.0000,0.3424,1.0000\n";
    CHECK_SPAN(((Span){out.data, sizeof total - 1}), SPAN(total), "csv");
    CHECK(holds(&out, "\nage,\"'=18,35\",service.speed,negative,1,1,1.0000,0.2065,1.0000\n"), "a value that would be a formula");
    CHECK(holds(&out, "age,56+,service.speed,negative,0,2,0.0000,0.0000,0.6576\n"), "0 in a cell is a row");
    tally_close(tally);
    tally = sample(2500000);
    out.len = 0;
    table_csv(&out, tally);
    CHECK(holds(&out, "\n,,service.speed,negative,3.5,5.5,0.6364,"), "weighted: sums of weights");
    tally_close(tally);
    buffer_free(&out);
}

static void test_json(void) {
    Tally *tally = sample(1000000);
    Buffer out = {0};
    table_json(&out, tally);
    check_json(buffer_span(&out), "table_json");
    CHECK(
        holds(
            &out,
            "{\"segment\":null,\"value\":null,\"code\":\"intent.leave\",\"polarity\":null,\"responses\":1,\"base\":4,"
            "\"share\":0.2500,\"low\":0.0456,\"high\":0.6994},\n"),
        "total");
    CHECK(holds(&out, "{\"segment\":\"age\",\"value\":\"=18,35\",\"code\":\"service.speed\",\"polarity\":\"negative\","), "cell");
    tally_close(tally);
    buffer_free(&out);
}

/* Wide characters count twice; no line is wider than 100 columns. */
static void check_columns(Span text, const char *name) {
    size_t width = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte == '\n') {
            CHECK(width <= 100, "%s: %zu columns", name, width);
            width = 0;
        } else {
            width += byte >= 0xe3 && byte < 0xf0 ? 2 : (byte & 0xc0) != 0x80;
        }
    }
}

static void test_text(void) {
    static const char *const languages[] = {"en", "zh-Hans", "zz"};
    Tally *tally = sample(1000000);
    for (size_t i = 0; i < COUNT(languages); i++)
        for (size_t rows = 0; rows < 4; rows++) {
            Buffer out = {0};
            table_text(&out, tally, languages[i], rows);
            check_columns(buffer_span(&out), languages[i]);
            CHECK(!memcmp(out.data, "5 responses read = 4 tagged + 1 rejected\n\nall: 4 responses\n", 59), "heading");
            CHECK(holds(&out, "  service.speed:negative  "), "row");
            CHECK(!holds(&out, "age = 56+: 2 responses") == (rows > 0), "cells where all is asked for");
            if (rows == 1) CHECK(!holds(&out, "intent.leave"), "the most frequent only");
            buffer_free(&out);
        }
    Buffer out = {0};
    table_text(&out, tally, "zh-Hans", 1);
    CHECK(holds(&out, "服务慢、等太久了而且还没有人… "), "cut to its columns");
    buffer_free(&out);
    tally_close(tally);
    tally = tally_open(&(TallySettings){.codebook = &codebook});
    Buffer empty = {0};
    table_text(&empty, tally, "en", 0), table_csv(&empty, tally), table_json(&empty, tally);
    CHECK(holds(&empty, ",,sentiment,negative,0,0,0.0000,0.0000,1.0000\n"), "nothing counted");
    buffer_free(&empty);
    tally_close(tally);
}

static void test_page(void) {
    Tally *tally = sample(2500000);
    Buffer data = {0}, page = {0};
    page_data(&data, tally, "en");
    check_json(buffer_span(&data), "page_data");
    for (size_t i = 0; i < data.len; i++) CHECK(!strchr("<>&", data.data[i]) || !data.data[i], "safe in a script");
    static const char *const parts[] = {
        "{\"language\":\"en\",\"totals\":{\"read\":5,\"tagged\":4,\"rejected\":1},\"segments\":[\"age\"],"
        "\"nets\":[{\"id\":\"service\",\"name\":{\"en\":\"Service\",\"zh-Hans\":\"服务\"}},",
        "\"codes\":[{\"id\":\"service.speed\",\"net\":\"service\",\"poles\":true,\"name\":{\"en\":\"Speed\"},"
        "\"negative\":{\"en\":\"Slow \\u003cservice\\u003e\",",
        "{\"id\":\"intent.leave\",\"net\":\"intent\",\"poles\":false,\"name\":{\"en\":\"Will leave\"}}",
        "\"cells\":[{\"segment\":null,\"value\":null,\"base\":4,\"weight\":5.5,\"weighted\":true,\"sentiment\":{\"negative\":[4,"
        "1.0000],\"neutral\":[0,0.0000],",
        "\"counts\":{\"service.speed\":{\"negative\":[2,0.6364,",
        "\"positive\":[0,0.0000,0.0000,",
        "\"intent.leave\":{\"\":[1,0.1818,",
        "{\"cell\":0,\"code\":\"intent.leave\",\"pole\":\"\",\"id\":\"3\",\"lang\":\"en\",\"text\":\"We waited "
        "\\u003c/script\\u003e\",\"marks\":[[3,9]]}",
    };
    for (size_t i = 0; i < COUNT(parts); i++) CHECK(holds(&data, parts[i]), "no %s", parts[i]);
    page_html(&page, tally, "en");
    const char *place = memmem(page.data, page.len, data.data, data.len);
    CHECK(place && page.len > data.len && !holds(&page, "/*VERBATIM_DATA*/"), "in the page");
    buffer_free(&data);
    buffer_free(&page);
    tally_close(tally);
}

/* ---- sinks ---- */

static char folder[] = "/tmp/verbatim-write-XXXXXX";

static const char *path_of(const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Writes bytes in pieces of `size`. */
static bool sink_all(const char *path, Span bytes, size_t size, bool keep, Fail *fail) {
    Sink *sink;
    if (!sink_open(path, &sink, fail)) return false;
    bool fine = true;
    while (fine && bytes.len) {
        size_t len = bytes.len < size ? bytes.len : size;
        fine = sink_write(sink, (Span){bytes.data, len}, fail);
        bytes = (Span){bytes.data + len, bytes.len - len};
    }
    Fail closing;
    bool closed = sink_close(sink, keep && fine, fine ? fail : &closing);
    return fine && closed;
}

static Buffer file_bytes(const char *path) {
    Buffer bytes = {0};
    FILE *file = fopen(path, "rb");
    for (int byte; file && (byte = fgetc(file)) != EOF;) buffer_byte(&bytes, (char)byte);
    if (file) fclose(file);
    return bytes;
}

static Buffer gunzipped(const char *path) {
    Buffer bytes = {0};
    gzFile file = gzopen(path, "rb");
    char piece[4096];
    for (int len; file && (len = gzread(file, piece, sizeof piece)) > 0;) buffer_append(&bytes, (Span){piece, (size_t)len});
    CHECK(file && gzeof(file) && gzclose(file) == Z_OK, "no gzip");
    return bytes;
}

static size_t files_in_folder(void) {
    char command[128];
    unsigned long count = 99;
    snprintf(command, sizeof command, "ls -A %s | wc -l", folder);
    FILE *pipe = popen(command, "r");
    if (pipe && fscanf(pipe, "%lu", &count) != 1) count = 99;
    if (pipe) pclose(pipe);
    return count;
}

static void test_sink_file(void) {
    Fail fail = {0};
    const char *path = path_of("plain");
    CHECK(sink_all(path, SPAN("one\n"), 1, true, &fail), "%s", fail.message);
    Buffer bytes = file_bytes(path);
    CHECK_SPAN(buffer_span(&bytes), SPAN("one\n"), "written");
    buffer_free(&bytes);
    CHECK(chmod(path, 0640) == 0 && sink_all(path, SPAN("two\n"), 9, false, &fail), "not kept");
    bytes = file_bytes(path);
    CHECK_SPAN(buffer_span(&bytes), SPAN("one\n"), "the old one stays");
    buffer_free(&bytes);
    char link[128];
    snprintf(link, sizeof link, "%s", path_of("link"));
    CHECK(symlink("plain", link) == 0 && sink_all(link, SPAN("three\n"), 9, true, &fail), "through a link");
    path = path_of("plain");
    bytes = file_bytes(path);
    struct stat status;
    CHECK_SPAN(buffer_span(&bytes), SPAN("three\n"), "the link's target is replaced");
    CHECK(lstat(link, &status) == 0 && S_ISLNK(status.st_mode), "and the link is still one");
    CHECK(stat(path, &status) == 0 && (status.st_mode & 07777) == 0640, "with its mode");
    CHECK(files_in_folder() == 2, "nothing else is left");
    Sink *sink;
    CHECK(sink_open(path, &sink, &fail) && sink_write(sink, SPAN("half"), &fail), "half");
    bytes.len = 0;
    Buffer half = file_bytes(path);
    CHECK_SPAN(buffer_span(&half), SPAN("three\n"), "nobody sees half of it");
    CHECK(sink_close(sink, true, &fail), "closed");
    unlink(link), unlink(path);
    buffer_free(&bytes), buffer_free(&half);
}

static void test_sink_gzip(void) {
    static const size_t lengths[] = {0, 1, 1 << 20, (1 << 20) + 1, 2621440}, sizes[] = {3 << 20, 65536, 7777};
    char *text = malloc(2621440);
    uint64_t state = 1;
    for (size_t i = 0; i < 2621440; i++)
        state = state * 6364136223846793005u + 1442695040888963407u, text[i] = "abcde \n"[(state >> 40) % 7];
    for (size_t i = 0; i < COUNT(lengths); i++) {
        Buffer first = {0};
        for (size_t j = 0; j < COUNT(sizes); j++) {
            const char *path = path_of("out.gz");
            Fail fail = {0};
            CHECK(sink_all(path, (Span){text, lengths[i]}, sizes[j], true, &fail), "%s", fail.message);
            Buffer bytes = file_bytes(path), back = gunzipped(path);
            CHECK(bytes.len > 10 && !memcmp(bytes.data, "\x1f\x8b\x08\0\0\0\0\0", 8) && (unsigned char)bytes.data[9] == 255,
                  "a header without time or machine");
            CHECK(span_equal(buffer_span(&back), (Span){text, lengths[i]}), "%zu bytes come back", lengths[i]);
            if (j) CHECK(span_equal(buffer_span(&bytes), buffer_span(&first)), "%zu bytes in pieces of %zu", lengths[i], sizes[j]);
            else buffer_append(&first, buffer_span(&bytes));
            buffer_free(&bytes), buffer_free(&back);
            unlink(path);
        }
        buffer_free(&first);
    }
    free(text);
}

static void test_sink_failures(void) {
    Fail fail = {0};
    CHECK(!sink_all("/dev/full", SPAN("x"), 1, true, &fail) && fail.code == FAIL_FILE, "a full device");
    CHECK_SPAN(span_of(fail.message), SPAN("cannot be written: No space left on device"), "full");
    CHECK(fail.source && !strcmp(fail.source, "/dev/full"), "with its path");
    Sink *sink;
    CHECK(sink_open("/dev/full", &sink, &fail) && !sink_write(sink, SPAN("x"), &fail), "fails");
    fail = (Fail){0};
    CHECK(!sink_close(sink, true, &fail) && fail.code == FAIL_FILE, "and fails again when closed");
    CHECK(!sink_open(folder, &sink, &fail) && !sink && strstr(fail.message, "Is a directory"), "a folder: %s", fail.message);
    CHECK(!sink_open(path_of("no/such/folder"), &sink, &fail) && strstr(fail.message, "No such file"), "no folder: %s", fail.message);
    CHECK(sink_all("/dev/null", SPAN("x"), 1, true, &fail), "a device is written directly");
    const char *fifo = path_of("fifo.gz");
    signal(SIGPIPE, SIG_IGN);
    CHECK(mkfifo(fifo, 0600) == 0, "fifo");
    int reader = open(fifo, O_RDONLY | O_NONBLOCK);
    CHECK(sink_open(fifo, &sink, &fail), "%s", fail.message);
    close(reader);
    CHECK(sink_write(sink, SPAN("x"), &fail), "still gathered");
    CHECK(!sink_close(sink, true, &fail) && strstr(fail.message, "Broken pipe"), "nobody reads: %s", fail.message);
    unlink(fifo);
    CHECK(files_in_folder() == 0, "nothing is left");
}

/* Standard output that nobody can write to: the failure is said, not swallowed. */
static void test_sink_standard(void) {
    fflush(stdout);
    int saved = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);
    dup2(full, STDOUT_FILENO);
    Fail fail = {0}, second = {0};
    bool fine = sink_all("-", SPAN("x"), 1, true, &fail), also = sink_all(NULL, SPAN(""), 1, true, &second);
    dup2(saved, STDOUT_FILENO);
    close(saved), close(full);
    CHECK(!fine && fail.source && !strcmp(fail.source, "standard output"), "full standard output");
    CHECK(also, "nothing to write, nothing to fail");
}

int main(void) {
    CHECK(mkdtemp(folder) != NULL, "no folder");
    test_escapes();
    test_json_round();
    test_tagged();
    test_rejects();
    test_csv();
    test_json();
    test_text();
    test_page();
    test_sink_file();
    test_sink_gzip();
    test_sink_failures();
    test_sink_standard();
    rmdir(folder);
    return check_end();
}
