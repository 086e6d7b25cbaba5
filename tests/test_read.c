/* read/: bytes of files to Docs.
 *
 * Every input of a table is read with chunks of 1, 7 and 65536 bytes, with batches of few and of many bytes and records, plain and
 * compressed: what comes out may not depend on any of it. Expectations are written as one line a record: `line@offset id|text` for those
 * that are usable, `line@offset !code place: message` for those that are not, and `damage code line@offset: message` at the end. */
#include "recode.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/json.h"
#include "read/read.h"

static const size_t chunks[] = {1, 7, 65536}, batch_sizes[] = {1, 64, 1 << 20}, batch_counts[] = {0, 1, 1000};

typedef struct {
    char dir[64];
    char path[4][80];
} Files;

/* One row of a table. Settings that are 0 are the usual ones. */
typedef struct {
    const char *name;
    Span in;
    const char *expect;
    Format format;
    size_t record_bytes;
} Row;

#define ARRAY_COUNT(array) (sizeof(array) / sizeof *(array))

static void file_write(const char *path, Span bytes) {
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(bytes.data, 1, bytes.len, file) == bytes.len, "%s", path);
    if (file) fclose(file);
}

/* Appends bytes as one gzip member. */
static void gzip_append(Buffer *out, Span bytes) {
    z_stream zlib = {0};
    deflateInit2(&zlib, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    size_t bound = deflateBound(&zlib, bytes.len) + 64;
    buffer_reserve(out, bound);
    zlib.next_in = (unsigned char *)(bytes.len ? (void *)(uintptr_t)bytes.data : (void *)"");
    zlib.avail_in = (uInt)bytes.len;
    zlib.next_out = (unsigned char *)out->data + out->len;
    zlib.avail_out = (uInt)bound;
    CHECK(deflate(&zlib, Z_FINISH) == Z_STREAM_END, "deflate");
    out->len += zlib.total_out;
    deflateEnd(&zlib);
}

static void print_span(Buffer *out, Span bytes) {
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        if (byte == '\n' || byte == '\r' || byte == '\0' || byte == '\t')
            buffer_text(out, byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : byte == '\t' ? "\\t" : "\\0");
        else buffer_byte(out, (char)byte);
    }
}

static void print_doc(Buffer *out, const Doc *doc, const Gold *gold, bool with_all) {
    /* A made id begins with the path, which differs between runs. */
    Span id = doc->id;
    for (size_t i = id.len; i-- > 0;)
        if (id.data[i] == '/') id = (Span){id.data + i + 1, id.len - i - 1}, i = 0;
    print_span(out, id);
    buffer_byte(out, '|');
    print_span(out, doc->text);
    if (!with_all) return;
    buffer_printf(out, "|%.*s|%.*s|%.*s|", (int)doc->lang.len, doc->lang.len ? doc->lang.data : "", (int)doc->question.len,
                  doc->question.len ? doc->question.data : "", (int)doc->time.len, doc->time.len ? doc->time.data : "");
    if (doc->has_rating) buffer_printf(out, "%g", doc->rating);
    buffer_printf(out, "|%" PRId64 "|", doc->weight);
    for (size_t i = 0; i < doc->segment_count; i++) {
        buffer_printf(out, "%s%.*s=", i ? "," : "", (int)doc->segments[i].name.len, doc->segments[i].name.data);
        if (doc->segments[i].value.data) print_span(out, doc->segments[i].value);
        else buffer_byte(out, '~');
    }
    buffer_byte(out, '|');
    print_span(out, doc->keep);
    if (gold->has_labels) buffer_text(out, "|labels");
    for (size_t i = 0; i < gold->label_count; i++) buffer_printf(out, " %.*s", (int)gold->labels[i].len, gold->labels[i].data);
    if (gold->has_aspects) buffer_text(out, "|aspects");
    for (size_t i = 0; i < gold->aspect_count; i++)
        buffer_printf(out, " %.*s=%.*s", (int)gold->aspects[i].category.len, gold->aspects[i].category.data, (int)gold->aspects[i].sentiment.len,
                      gold->aspects[i].sentiment.data ? gold->aspects[i].sentiment.data : "");
    if (gold->sentiment.data) buffer_printf(out, "|%.*s", (int)gold->sentiment.len, gold->sentiment.data);
    for (size_t i = 0; i < gold->coder_count; i++) {
        const Coder *coder = &gold->coders[i];
        buffer_printf(out, "|%.*s%s", (int)coder->name.len, coder->name.data, coder->has_labels ? " labels" : "");
        for (size_t j = 0; j < coder->label_count; j++) buffer_printf(out, " %.*s", (int)coder->labels[j].len, coder->labels[j].data);
        if (coder->sentiment.data) buffer_printf(out, " =%.*s", (int)coder->sentiment.len, coder->sentiment.data);
    }
}

static void print_record(Buffer *out, Parser *parser, const Record *record, bool with_all, Arena *scratch) {
    Doc doc;
    Gold gold;
    Fail fail = {0};
    buffer_printf(out, "%" PRIu64 "@%" PRIu64 " ", record->line, record->offset);
    if (parser_doc(parser, record, &doc, &gold, scratch, &fail)) {
        print_doc(out, &doc, &gold, with_all);
    } else {
        CHECK(fail.source == record->source && fail.line >= record->line && fail.offset >= record->offset,
              "the place of a rejected record");
        buffer_printf(out, "!%s %" PRIu64 ":%" PRIu64 "@%" PRIu64 ": %s", fail_name(fail.code), fail.line, fail.column, fail.offset,
                      fail.message);
    }
    buffer_byte(out, '\n');
    arena_reset(scratch);
}

static void check_batch(const Batch *batch, const ReadSettings *settings) {
    CHECK(!settings->batch_records || batch->count <= settings->batch_records, "batch_records");
    static const char zeros[JSON_PADDING];
    CHECK(!memcmp(batch->bytes.data + batch->bytes.len, zeros, sizeof zeros), "padding");
    bool within = true;
    for (size_t i = 0; i < batch->count; i++) {
        Span bytes = batch->records[i].bytes;
        within = within && bytes.data >= batch->bytes.data && bytes.data + bytes.len <= batch->bytes.data + batch->bytes.len;
    }
    CHECK(within, "records within their batch");
}

/* Reads paths to the end and prints all that came out. Two batches take turns, as they do in run.c. */
static void print_all(Buffer *out, const char *const *paths, size_t count, const ReadSettings *settings, bool with_all) {
    Source *source;
    Fail fail = {0};
    Batch batches[2] = {0};
    Arena scratch = {0};
    out->len = 0;
    if (!source_open(paths, count, settings, &source, &fail)) {
        buffer_printf(out, "open %s: %s\n", fail_name(fail.code), fail.message);
        return;
    }
    Parser *parser = parser_open(settings);
    for (int turn = 0;; turn = !turn) {
        source_next(source, &batches[turn]);
        check_batch(&batches[turn], settings);
        /* The batch before must still hold while the next one is read. */
        for (size_t i = 0; i < batches[!turn].count; i++) print_record(out, parser, &batches[!turn].records[i], with_all, &scratch);
        if (!batches[turn].count) break;
    }
    Damage damage = source_damage(source);
    for (size_t i = 0; i < damage.count; i++)
        buffer_printf(out, "damage %s %" PRIu64 "@%" PRIu64 ": %s\n", fail_name(damage.fails[i].code), damage.fails[i].line,
                      damage.fails[i].offset, damage.fails[i].message);
    uint64_t done, all;
    source_progress(source, &done, &all);
    CHECK(done <= all, "progress %" PRIu64 " of %" PRIu64, done, all);
    parser_close(parser);
    source_close(source);
    batch_free(&batches[0]);
    batch_free(&batches[1]);
    arena_free(&scratch);
}

static void check_ways(const char *name, const char *const *paths, size_t count, ReadSettings settings, bool with_all, const char *expect) {
    Buffer out = {0};
    for (size_t way = 0; way < 27; way++) {
        settings.chunk_bytes = chunks[way % 3];
        settings.batch_bytes = batch_sizes[way / 3 % 3];
        settings.batch_records = batch_counts[way / 9];
        print_all(&out, paths, count, &settings, with_all);
        Span found = buffer_span(&out);
        CHECK(span_is(found, expect), "%s: chunks of %zu, batches of %zu bytes and %zu records\nfound\n%.*sexpected\n%s", name,
              settings.chunk_bytes, settings.batch_bytes, settings.batch_records, (int)found.len, found.data, expect);
    }
    buffer_free(&out);
}

/* Each row as it is, as one gzip member, and as three. */
static void check_rows(const Files *files, const Row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const Row *row = &rows[i];
        ReadSettings settings = {.format = row->format, .record_bytes = row->record_bytes ? row->record_bytes : 1000};
        Buffer gzip = {0};
        const char *path = files->path[0];
        for (int way = 0; way < 3; way++) {
            size_t third = way == 2 ? row->in.len / 3 : 0;
            gzip.len = 0;
            for (int part = 0; part < 2; part++) gzip_append(&gzip, (Span){row->in.data + (size_t)part * third, third});
            gzip_append(&gzip, (Span){row->in.data + 2 * third, row->in.len - 2 * third});
            file_write(path, way ? buffer_span(&gzip) : row->in);
            check_ways(row->name, &path, 1, settings, false, row->expect);
        }
        buffer_free(&gzip);
    }
}

#define A "{\"id\":\"a\",\"text\":\"x\"}"
#define B "{\"id\":\"b\",\"text\":\"y\"}"

static void test_lines(const Files *files) {
    const Row rows[] = {
        {.name = "empty", .in = SPAN(""), .expect = ""},
        {.name = "blank", .in = SPAN(" \n\r\n\t\n "), .expect = ""},
        {.name = "mark only", .in = SPAN("\xef\xbb\xbf"), .expect = ""},
        {.name = "one", .in = SPAN(A "\n"), .expect = "1@0 a|x\n"},
        {.name = "no line end", .in = SPAN(A), .expect = "1@0 a|x\n"},
        {.name = "two", .in = SPAN(A "\n" B "\n"), .expect = "1@0 a|x\n2@22 b|y\n"},
        {.name = "CR LF", .in = SPAN(A "\r\n" B "\r\n"), .expect = "1@0 a|x\n2@23 b|y\n"},
        {.name = "CR at the end", .in = SPAN(A "\r"), .expect = "1@0 a|x\n"},
        {.name = "blank lines", .in = SPAN("\n\n" A "\n \t\r\n\n" B "\n\n"), .expect = "3@2 a|x\n6@29 b|y\n"},
        {.name = "mark", .in = SPAN("\xef\xbb\xbf" A "\n" B), .expect = "1@3 a|x\n2@25 b|y\n"},
        {.name = "mark in the middle",
         .in = SPAN(A "\n\xef\xbb\xbf" B "\n\xef\xbb\xbf{\"id\"}"),
         .expect = "1@0 a|x\n2@22 b|y\n3@47 !json 3:9@55: found '}', expected ':' after key\n"},
        {.name = "not an object",
         .in = SPAN("{}\n [1]\n5\n\"s\"\nnull\n"),
         .expect = "1@0 !missing 1:0@0: found no members, expected 'text'\n2@3 !json 2:2@4: found an array, expected an object\n"
                   "3@8 !json 3:1@8: found a number, expected an object\n4@10 !json 4:1@10: found a string, expected an object\n"
                   "5@14 !json 5:1@14: found null, expected an object\n"},
        {.name = "bad lines among good",
         .in = SPAN(A "\n{\"id\":\"b\" \"text\":1}\n" B
                      "\n{\"text\":\"a\xff\"}\n{\"text\":\"\\ud800\"}\n{\"text\":\"\\u0000\"}\n{\"text\":\"\0\"}\n"),
         .expect = "1@0 a|x\n2@22 !json 2:11@32: found '\"', expected ',' or '}' after value\n3@42 b|y\n"
                   "4@64 !encoding 4:11@74: found byte 0xff, which is no UTF-8\n"
                   "5@78 !json 5:10@87: found \\ud800, half of a surrogate pair, without the other half\n6@96 0:6|\\0\n"
                   "7@114 !json 7:10@123: found byte 0x00, expected it escaped in a string\n"},
        {.name = "long record",
         .in = SPAN(A "\n{\"text\":\"0123456789012345678901234567890123456789\"}\n" B "\n"),
         .record_bytes = 21,
         .expect = "1@0 a|x\n2@22 !size 2:1@22: found a record of more than 21 bytes, expected fewer\n3@74 b|y\n"},
        {.name = "long by one, CR LF",
         .in = SPAN(A "\r\n" A " \r\n" B),
         .record_bytes = 21,
         .expect = "1@0 a|x\n2@23 !size 2:1@23: found a record of more than 21 bytes, expected fewer\n3@47 b|y\n"},
        {.name = "long by one at the end",
         .in = SPAN(A "\n" A " "),
         .record_bytes = 21,
         .expect = "1@0 a|x\n2@22 !size 2:1@22: found a record of more than 21 bytes, expected fewer\n"},
        {.name = "long to the end",
         .in = SPAN("{\"text\":\"0123456789012345678901234567890123456789"),
         .record_bytes = 21,
         .expect = "1@0 !size 1:1@0: found a record of more than 21 bytes, expected fewer\n"},
        {.name = "array file",
         .in = SPAN("[\n" A "\n]"),
         .expect = "damage json 0@0: found '[', expected one JSON object a line, or a header of columns\n"},
        {.name = "UTF-16", .in = SPAN("\xff\xfe{\0}\0"), .expect = "1@2 !missing 1:0@2: found no members, expected 'text'\n"},
        {.name = "zip",
         .in = SPAN("PK\x03\x04zzzzz"),
         .expect = "damage file 0@0: found a zip archive or spreadsheet file, expected gzip or plain text\n"},
        {.name = "first line bad, said to be NDJSON",
         .in = SPAN("x\n" A),
         .format = FORMAT_NDJSON,
         .expect = "1@0 !json 1:1@0: found 'x', expected a value\n2@2 a|x\n"},
    };
    Row plain = rows[19]; /* compressed it is no archive any more */
    check_rows(files, rows, 19);
    check_rows(files, rows + 20, ARRAY_COUNT(rows) - 20);
    file_write(files->path[0], plain.in);
    const char *path = files->path[0];
    check_ways(plain.name, &path, 1, (ReadSettings){0}, false, plain.expect);
}

static void test_rows(const Files *files) {
    const Row rows[] = {
        {.name = "header only", .in = SPAN("id,text\n"), .expect = ""},
        {.name = "plain", .in = SPAN("id,text\na,x\nb,y"), .expect = "2@8 a|x\n3@12 b|y\n"},
        {.name = "mark, CR LF, blank lines",
         .in = SPAN("\xef\xbb\xbf\r\nid,text\r\n\r\na,x\r\n \r\nb,y\r\n"),
         .expect = "4@16 a|x\n6@24 b|y\n"},
        {.name = "quoted",
         .in = SPAN("id,\"text\"\n\"a\",\"say \"\"hi\"\", \nyes\r\n\"\nb,\"\"\nc,\"\"\"\"\n\"d\",z\n"),
         .expect = "2@10 a|say \"hi\", \\nyes\\r\\n\n5@35 b|\n6@40 c|\"\n7@47 d|z\n"},
        {.name = "empty fields", .in = SPAN("x,text,id\n,,\n,t,\n"), .expect = "2@10 0:2|\n3@13 0:3|t\n"},
        {.name = "semicolons", .in = SPAN("id;text\na;x, y\n"), .expect = "2@8 a|x, y\n"},
        {.name = "tabs", .in = SPAN("id\ttext\na\t\"x\ty\"\n\tz\n\t\n"), .expect = "2@8 a|x\\ty\n3@16 0:3|z\n4@19 0:4|\n"},
        {.name = "said to be TSV", .in = SPAN("text\na,b\n"), .format = FORMAT_TSV, .expect = "2@5 0:2|a,b\n"},
        {.name = "said to be CSV", .in = SPAN("{\"x\",text\n{,b\n"), .format = FORMAT_CSV, .expect = "2@10 0:2|b\n"},
        {.name = "one column", .in = SPAN("text\nhello\n\"a\nb\"\n"), .expect = "2@5 0:2|hello\n3@11 0:3|a\\nb\n"},
        {.name = "ragged",
         .in = SPAN("id,text\na\nb,y\nc,y,z\nd,\"1,2\"\n"),
         .expect = "2@8 !csv 2:0@8: found 1 columns, expected 2\n3@10 b|y\n4@14 !csv 4:0@14: found 3 columns, expected 2\n5@20 d|1,2\n"},
        {.name = "quote in plain field", .in = SPAN("id,text\na,5\" pipe\nb,y\n"), .expect = "2@8 a|5\" pipe\n3@18 b|y\n"},
        {.name = "text behind quote",
         .in = SPAN("id,text\na,\"x\"\xc3\xa9,z\nb,y\n"),
         .expect = "2@8 !csv 2:6@13: found '\xc3\xa9' behind a closing quote, expected ',' or the row's end; a quote inside is written "
                   "twice\n3@18 b|y\n"},
        {.name = "unclosed quote",
         .in = SPAN("id,text\na,\"x\nb,y\nc,z\n"),
         .expect = "2@8 !csv 2:3@8: found a quote that is not closed, opened in line 2\n3@13 b|y\n4@17 c|z\n"},
        {.name = "unclosed second quote",
         .in = SPAN("id,text\n\"a\n\",\"x\nb,y\nc,z"),
         .expect = "2@8 !csv 2:1@8: found a quote that is not closed, opened in line 2\n"
                   "3@11 !csv 3:4@14: found 'x' behind a closing quote, expected ',' or the row's end; a quote inside is written "
                   "twice\n4@16 b|y\n5@20 c|z\n"},
        {.name = "unclosed in the last line",
         .in = SPAN("id,text\na,x\nb,\"y"),
         .expect = "2@8 a|x\n3@12 !csv 3:3@14: found a quote that is not closed, expected '\"' before the row's end\n"},
        {.name = "long field",
         .in = SPAN("id,text\na,\"12345678901234567890\"\nb,y\nc,12345678901234567890\nd,z\n"),
         .record_bytes = 16,
         .expect = "2@8 !size 2:1@8: found a record of more than 16 bytes, expected fewer\n3@33 b|y\n"
                   "4@37 !size 4:1@37: found a record of more than 16 bytes, expected fewer\n5@60 d|z\n"},
        {.name = "bad bytes",
         .in = SPAN("id,text\na,x\xff\nb,\0\nc,\xd0\xb6\n"),
         .expect = "2@8 !encoding 2:4@11: found byte 0xff, which is no UTF-8\n3@13 !encoding 3:3@15: found byte 0x00, expected text\n4@17 "
                   "c|\xd0\xb6\n"},
        {.name = "no text column",
         .in = SPAN("id,body\na,x\n"),
         .expect = "damage missing 1@0: found columns 'id', 'body', expected 'text'\n"},
        {.name = "two text columns", .in = SPAN("text,text\na,x\n"), .expect = "damage csv 1@0: found two columns 'text', expected one\n"},
        {.name = "two other columns", .in = SPAN("text,,\na,x,y\n"), .expect = "2@7 0:2|a\n"},
        {.name = "names are exact",
         .in = SPAN("Text, text\na,x\n"),
         .expect = "damage missing 1@0: found columns 'Text', ' text', expected 'text'\n"},
        {.name = "bad header",
         .in = SPAN("\"id\"x,text\na,x\n"),
         .expect = "damage csv 1@4: found 'x' behind a closing quote, expected ',' or the row's end; a quote inside is written twice\n"},
        {.name = "prose", .in = SPAN("hello\nworld\n"), .expect = "damage missing 1@0: found columns 'hello', expected 'text'\n"},
    };
    check_rows(files, rows, ARRAY_COUNT(rows));
    const Row beyond = {
        .name = "unclosed beyond the limit",
        .in = SPAN("id,text\na,\"x\nb,y\nc,z\nd,12345\ne,z\n"),
        .record_bytes = 12,
        .expect = "2@8 !csv 2:3@8: found a quote that is not closed, opened in line 2\n3@13 b|y\n4@17 c|z\n5@21 d|12345\n6@29 e|z\n"};
    check_rows(files, &beyond, 1);
}

/* Fields of all kinds, in both formats. */
static void test_fields(const Files *files) {
    static const char *const segments[] = {"age", "answer.city"};
    const struct {
        const char *name;
        ReadSettings settings;
        Span in;
        const char *expect; /* id|text|lang|question|time|rating|weight|segments|keep|labels|sentiment */
    } rows[] = {
        {"all",
         {.keep = true},
         SPAN("{\"id\":7,\"text\":\"t\",\"lang\":\"en\",\"question\":\"q\",\"rating\":4.5,\"weight\":0.25,\"time\":\"2020-01-01\","
              "\"segment\":{\"a\":\"1\",\"b\":2.50,"
              "\"c\":true,\"d\":null,\"e\":\"\",\"a\":\"9\"}, \"z\" : [1, {\"y\":\"\\u00e9\"}] ,\"w\":null}"),
         "1@0 7|t|en|q|2020-01-01|4.5|250000|a=1,b=2.50,c=true|\"z\":[1, {\"y\":\"\\u00e9\"}],\"w\":null\n"},
        {"absent",
         {.keep = true},
         SPAN("{\"id\":null,\"text\":null,\"lang\":null,\"question\":\"\",\"rating\":null,\"weight\":\"\",\"time\":null,\"segment\":null}"),
         "1@0 0:1||||||1000000||\n"},
        {"first wins", {0}, SPAN("{\"id\":\"a\",\"id\":\"b\",\"text\":\"x\",\"text\":\"y\"}"), "1@0 a|x|||||1000000||\n"},
        {"strings of numbers",
         {0},
         SPAN("{\"id\":123456789012345678901234567890,\"text\":\"\",\"rating\":\" 4 \",\"weight\":\"1e6\"}"),
         "1@0 123456789012345678901234567890|||||4|1000000000000||\n"},
        {"dotted",
         {.fields = {.text = "answer.body", .id = "meta.id.n"}, .keep = true},
         SPAN("{\"answer\":{\"x\":1,\"body\":\"t\",\"body\":\"u\"},\"meta\":{\"id\":{\"n\":\"i\"}},\"id\":\"j\"}"),
         "1@0 i|t|||||1000000||\"answer\":{\"x\":1,\"body\":\"t\",\"body\":\"u\"},\"meta\":{\"id\":{\"n\":\"i\"}},\"id\":\"j\"\n"},
        {"literal beats dotted",
         {.fields = {.text = "answer.body"}, .keep = true},
         SPAN("{\"answer\":{\"body\":\"t\"},\"answer.body\":\"u\"}"),
         "1@0 0:1|u|||||1000000||\"answer\":{\"body\":\"t\"}\n"},
        {"one key, two fields", {.fields = {.text = "t", .question = "t"}}, SPAN("{\"t\":\"x\"}"), "1@0 0:1|x||x|||1000000||\n"},
        {"segments",
         {.segments = segments, .segment_count = 2, .keep = true},
         SPAN("{\"text\":\"\",\"age\":3,\"answer\":{\"city\":\"P\"},\"segment\":{\"age\":\"18\",\"sex\":\"f\"}}"),
         "1@0 0:1||||||1000000|age=18,answer.city=P|\"answer\":{\"city\":\"P\"}\n"},
        {"segment null, then top",
         {.segments = segments, .segment_count = 2},
         SPAN("{\"text\":\"\",\"segment\":{\"age\":null},\"age\":30}"),
         "1@0 0:1||||||1000000|age=30,answer.city=~|\n"},
        {"gold",
         {.gold = true, .keep = true},
         SPAN("{\"text\":\"\",\"labels\":[\"a:negative\",\"b\"],\"sentiment\":\"mixed\",\"q\":1}"),
         "1@0 0:1||||||1000000||\"q\":1|labels a:negative b|mixed\n"},
        {"gold, none", {.gold = true}, SPAN("{\"text\":\"\",\"labels\":[]}"), "1@0 0:1||||||1000000|||labels\n"},
        {"aspects",
         {.gold = true, .aspects = true},
         SPAN("{\"text\":\"\",\"aspects\":[{\"term\":\"soup\",\"category\":\"food\",\"sentiment\":\"negative\"},{\"category\":\"place\",\"sentiment\":null}],\"labels\":[\"food\"]}"),
         "1@0 0:1||||||1000000|||labels food|aspects food=negative place=\n"},
        {"aspects, none", {.gold = true, .aspects = true}, SPAN("{\"text\":\"\",\"aspects\":[]}"), "1@0 0:1||||||1000000|||aspects\n"},
        {"aspects null", {.gold = true, .aspects = true}, SPAN("{\"text\":\"\",\"aspects\":null}"), "1@0 0:1||||||1000000||\n"},
        {"coders",
         {.gold = true},
         SPAN("{\"text\":\"\",\"coders\":{\"anna\":[\"a\",\"b\"],\"ben\":{\"labels\":[],\"sentiment\":\"mixed\"},\"cy\":{\"sentiment\":\"\"},\"di\":null,\"anna\":[\"c\"]}}"),
         "1@0 0:1||||||1000000|||anna labels a b|ben labels =mixed|cy\n"},
        {"coders null", {.gold = true}, SPAN("{\"text\":\"\",\"coders\":null}"), "1@0 0:1||||||1000000||\n"},
        {"coders not asked for", {.keep = true}, SPAN("{\"text\":\"\",\"coders\":7}"), "1@0 0:1||||||1000000||\"coders\":7\n"},
        {"aspects not asked for", {.gold = true, .keep = true}, SPAN("{\"text\":\"\",\"aspects\":7}"), "1@0 0:1||||||1000000||\"aspects\":7\n"},
        {"gold not asked for", {.keep = true}, SPAN("{\"text\":\"\",\"labels\":[\"a\"]}"), "1@0 0:1||||||1000000||\"labels\":[\"a\"]\n"},
        {"missing text",
         {.fields = {.text = "body"}},
         SPAN("{\"id\":\"a\",\"comment\":\"x\"}"),
         "1@0 !missing 1:0@0: found 'id', 'comment', expected 'body'\n"},
        {"text of wrong type", {0}, SPAN("{\"id\":\"a\",\"text\":5}"), "1@0 !type 1:18@17: found a number for 'text', expected a string\n"},
        {"id of wrong type",
         {0},
         SPAN("{\"id\":[],\"text\":\"\"}"),
         "1@0 !type 1:7@6: found an array for 'id', expected a string or a number\n"},
        {"rating of wrong type",
         {0},
         SPAN("{\"text\":\"\",\"rating\":true}"),
         "1@0 !type 1:21@20: found true for 'rating', expected a number\n"},
        {"rating of words",
         {0},
         SPAN("{\"text\":\"\",\"rating\":\"4 stars\"}"),
         "1@0 !type 1:21@20: found '4 stars' for 'rating', expected a number\n"},
        {"rating not finite",
         {0},
         SPAN("{\"text\":\"\",\"rating\":\"nan\"}"),
         "1@0 !type 1:21@20: found 'nan' for 'rating', expected a number\n"},
        {"weight 0",
         {0},
         SPAN("{\"text\":\"\",\"weight\":0}"),
         "1@0 !type 1:21@20: found weight 0, expected above 0 and at most 1000000\n"},
        {"weight negative",
         {0},
         SPAN("{\"text\":\"\",\"weight\":\"-1\"}"),
         "1@0 !type 1:21@20: found weight -1, expected above 0 and at most 1000000\n"},
        {"weight huge",
         {0},
         SPAN("{\"text\":\"\",\"weight\":1000001}"),
         "1@0 !type 1:21@20: found weight 1e+06, expected above 0 and at most 1000000\n"},
        {"weight tiny",
         {0},
         SPAN("{\"text\":\"\",\"weight\":1e-9}"),
         "1@0 !type 1:21@20: found weight 1e-09, expected at least a millionth\n"},
        {"segment no object",
         {0},
         SPAN("{\"text\":\"\",\"segment\":\"f\"}"),
         "1@0 !type 1:22@21: found a string for 'segment', expected an object\n"},
        {"segment nested",
         {0},
         SPAN("{\"text\":\"\",\"segment\":{\"a\":{}}}"),
         "1@0 !type 1:27@26: found an object for 'a', expected a string or a number\n"},
        {"labels no array",
         {.gold = true},
         SPAN("{\"text\":\"\",\"labels\":\"a\"}"),
         "1@0 !type 1:21@20: found a string for 'labels', expected an array of strings\n"},
        {"labels of numbers",
         {.gold = true},
         SPAN("{\"text\":\"\",\"labels\":[\"a\",1]}"),
         "1@0 !type 1:26@25: found a number for 'labels', expected strings only\n"},
        {"coders no object", {.gold = true}, SPAN("{\"text\":\"\",\"coders\":[]}"), "1@0 !type 1:21@20: found an array for 'coders', expected an object of coders with their labels\n"},
        {"a coder's labels no array",
         {.gold = true},
         SPAN("{\"text\":\"\",\"coders\":{\"anna\":\"a\"}}"),
         "1@0 !type 1:29@28: found a string for 'anna', expected an array of labels, or an object with labels, sentiment or both\n"},
        {"a coder's label no string", {.gold = true}, SPAN("{\"text\":\"\",\"coders\":{\"anna\":[7]}}"), "1@0 !type 1:30@29: found a number for 'labels', expected strings only\n"},
        {"a coder's sentiment no string",
         {.gold = true},
         SPAN("{\"text\":\"\",\"coders\":{\"anna\":{\"sentiment\":7}}}"),
         "1@0 !type 1:42@41: found a number for 'sentiment', expected a string\n"},
        {"aspects no array",
         {.gold = true, .aspects = true},
         SPAN("{\"text\":\"\",\"aspects\":\"a\"}"),
         "1@0 !type 1:22@21: found a string for 'aspects', expected an array of objects\n"},
        {"aspects of strings",
         {.gold = true, .aspects = true},
         SPAN("{\"text\":\"\",\"aspects\":[{\"category\":\"a\"},\"b\"]}"),
         "1@0 !type 1:40@39: found a string for 'aspects', expected objects only\n"},
        {"aspect without category",
         {.gold = true, .aspects = true},
         SPAN("{\"text\":\"\",\"aspects\":[{\"category\":\"\",\"sentiment\":\"negative\"}]}"),
         "1@0 !missing 1:23@22: found an aspect without 'category', expected one\n"},
        {"aspect of wrong type",
         {.gold = true, .aspects = true},
         SPAN("{\"text\":\"\",\"aspects\":[{\"category\":\"a\",\"sentiment\":[]}]}"),
         "1@0 !type 1:51@50: found an array for 'sentiment', expected a string\n"},

        {"CSV, all",
         {.keep = true, .segments = segments, .segment_count = 2},
         SPAN("answer.city,id,text,lang,question,rating,weight,time,age,a\"b,c\nP,7,t,en,q, 4.5 ,0.25,2020,18,\"x\"\"\t\",\n"),
         "2@63 7|t|en|q|2020|4.5|250000|age=18,answer.city=P|\"a\\\"b\":\"x\\\"\\u0009\",\"c\":\"\"\n"},
        {"CSV, absent",
         {.segments = segments, .segment_count = 2},
         SPAN("answer.city,text,rating,weight,age\n,,,,\n"),
         "2@35 0:2||||||1000000|age=~,answer.city=~|\n"},
        {"CSV, named",
         {.fields = {.text = "Answer, please", .id = "No."}},
         SPAN("No.,\"Answer, please\"\n1,x\n"),
         "2@21 1|x|||||1000000||\n"},
        {"CSV, gold",
         {.gold = true},
         SPAN("text,labels,sentiment\nx,a:positive; b c,mixed\ny,,\n"),
         "2@22 0:2|x|||||1000000|||labels a:positive b c|mixed\n3@46 0:3|y|||||1000000|||labels\n"},
        {"CSV, no such segment",
         {.segments = segments, .segment_count = 2},
         SPAN("text,age\nx,3\n"),
         "damage missing 1@0: found columns 'text', 'age', expected 'answer.city'\n"},
        {"CSV, no such field",
         {.fields = {.lang = "language"}},
         SPAN("text,lang\nx,en\n"),
         "damage missing 1@0: found columns 'text', 'lang', expected 'language'\n"},
        {"CSV, rating of words", {0}, SPAN("text,rating\nx,good\n"), "2@12 !type 2:3@14: found 'good' for 'rating', expected a number\n"},
        {"CSV, weight 0", {0}, SPAN("text,weight\nx,0\n"), "2@12 !type 2:3@14: found weight 0, expected above 0 and at most 1000000\n"},
    };
    const char *path = files->path[0];
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        file_write(path, rows[i].in);
        check_ways(rows[i].name, &path, 1, rows[i].settings, true, rows[i].expect);
    }
}

/* Damaged compressed files: what comes before the damage is read, and the damage is told. */
static void test_gzip(const Files *files) {
    const char *path = files->path[0];
    Buffer gzip = {0};
    gzip_append(&gzip, SPAN(A "\n"));
    size_t first = gzip.len;
    gzip_append(&gzip, SPAN(B "\n{\"id\":\"c\""));
    Span all = buffer_span(&gzip);
    char expect[400];

    file_write(path, all);
    check_ways("member ends within a record", &path, 1, (ReadSettings){0}, false,
               "1@0 a|x\n2@22 b|y\n3@44 !json 3:10@53: found the end, expected ',' or '}' after value\n");

    file_write(path, (Span){all.data, all.len - 3});
    snprintf(expect, sizeof expect,
             "1@0 a|x\n2@22 b|y\n3@44 !gzip 3:1@44: found a record cut off where the file cannot be read on\n"
             "damage gzip 0@%zu: found the end after %zu bytes, expected more compressed data\n",
             all.len - 3, all.len - 3);
    check_ways("trailer cut", &path, 1, (ReadSettings){0}, false, expect);

    file_write(path, (Span){all.data, first + 4});
    snprintf(expect, sizeof expect, "1@0 a|x\ndamage gzip 0@%zu: found the end after %zu bytes, expected more compressed data\n", first + 4,
             first + 4);
    check_ways("header cut", &path, 1, (ReadSettings){0}, false, expect);

    Buffer copy = {0};
    buffer_append(&copy, all);
    copy.data[copy.len - 5] ^= 1;
    file_write(path, buffer_span(&copy));
    snprintf(expect, sizeof expect,
             "1@0 a|x\n2@22 b|y\n3@44 !gzip 3:1@44: found a record cut off where the file cannot be read on\n"
             "damage gzip 0@%zu: found damaged compressed data at byte %zu: incorrect data check\n",
             all.len - 4, all.len - 4);
    check_ways("checksum", &path, 1, (ReadSettings){0}, false, expect);

    copy.len = first;
    buffer_text(&copy, "junk");
    file_write(path, buffer_span(&copy));
    snprintf(expect, sizeof expect, "1@0 a|x\ndamage gzip 0@%zu: found byte 0x6a at byte %zu behind compressed data, expected its end\n",
             first, first);
    check_ways("garbage", &path, 1, (ReadSettings){0}, false, expect);

    copy.len = 0;
    gzip_append(&copy, SPAN(A "\n" B));
    first = copy.len;
    buffer_append(&copy, SPAN("\0\0\x1f"));
    file_write(path, buffer_span(&copy));
    snprintf(expect, sizeof expect,
             "1@0 a|x\n2@22 b|y\ndamage gzip 0@%zu: found byte 0x1f at byte %zu behind compressed data, expected its end\n", first + 2,
             first + 2);
    check_ways("garbage behind a record without line end", &path, 1, (ReadSettings){0}, false, expect);

    memset(copy.data + first, 0, 3);
    file_write(path, buffer_span(&copy));
    check_ways("zeros", &path, 1, (ReadSettings){0}, false, "1@0 a|x\n2@22 b|y\n");

    copy.len = 0;
    gzip_append(&copy, SPAN("id,text\na,x\nb,\"y\nc,z\n"));
    copy.len -= 8;
    file_write(path, buffer_span(&copy));
    snprintf(expect, sizeof expect,
             "2@8 a|x\n3@12 !gzip 3:1@12: found a record cut off where the file cannot be read on\n"
             "damage gzip 0@%zu: found the end after %zu bytes, expected more compressed data\n",
             copy.len, copy.len);
    check_ways("CSV cut within quotes", &path, 1, (ReadSettings){0}, false, expect);

    file_write(path, SPAN("\x1f\x8b"
                          "no gzip at all"));
    print_all(&copy, &path, 1, &(ReadSettings){.chunk_bytes = 7}, false);
    CHECK(span_starts(buffer_span(&copy), "damage gzip 0@"), "no gzip: %.*s", (int)copy.len, copy.data);
    buffer_free(&copy);
    buffer_free(&gzip);
}

/* The last bytes of a file that was cut stand for more than there was room for: all that they hold is given out. */
static void test_gzip_cut(const Files *files) {
    const char *path = files->path[0];
    Buffer plain = {0}, gzip = {0}, expect = {0};
    int count = 187; /* a few bytes more than the 4096 that are asked for at a time */
    for (int i = 0; i < count; i++) {
        buffer_text(&plain, A "\n");
        buffer_printf(&expect, "%d@%d a|x\n", i + 1, 22 * i);
    }
    gzip_append(&gzip, buffer_span(&plain));
    file_write(path, (Span){gzip.data, gzip.len - 9});
    buffer_printf(&expect, "damage gzip 0@%zu: found the end after %zu bytes, expected more compressed data\n", gzip.len - 9, gzip.len - 9);
    buffer_byte(&expect, '\0');
    check_ways("cut behind a run", &path, 1, (ReadSettings){0}, false, expect.data);
    buffer_free(&plain);
    buffer_free(&gzip);
    buffer_free(&expect);
}

/* Every way to cut or change one byte of a compressed file: all records before are there, and nothing is read beyond any buffer. */
static void test_gzip_mutants(const Files *files) {
    const char *path = files->path[0];
    Buffer gzip = {0}, out = {0};
    gzip_append(&gzip, SPAN(A "\n" B "\n" A "\n" B "\n"));
    ReadSettings settings = {.chunk_bytes = 7};
    for (size_t at = 1; at < gzip.len; at++) {
        file_write(path, (Span){gzip.data, at});
        print_all(&out, &path, 1, &settings, false);
        /* One byte of gzip is no gzip: then it is a bad CSV header. */
        CHECK(out.len > 6 && strstr((buffer_byte(&out, 0), out.data), "damage"), "cut at %zu: %s", at, out.data);
        gzip.data[at] ^= 0x10;
        file_write(path, buffer_span(&gzip));
        print_all(&out, &path, 1, &settings, false);
        gzip.data[at] ^= 0x10;
    }
    buffer_free(&gzip);
    buffer_free(&out);
}

/* The same answers in each encoding, as both formats: the same records, each with its place in the file as it is stored. */
static const struct {
    const char *encoding;
    bool guessed; /* --encoding auto knows it, too */
    const char *texts[4];
} encoded[] = {
    {"windows-1251", true, {"Ждали целый час, персонал грубый", "Всё понравилось, спасибо!", "Дорого", "Вежливо и быстро"}},
    {"KOI8-R", true, {"Ждали целый час, персонал грубый", "Всё понравилось, спасибо!", "Дорого", "Вежливо и быстро"}},
    {"GB18030", true, {"服务员态度很差", "等了一个小时😡", "很好", "价格贵，质量差"}},
    {"BIG5", true, {"服務員態度很差", "等了一個小時", "很好", "價格貴，質量差"}},
    {"SHIFT_JIS", true, {"店員の態度が悪い", "一時間待たされました", "良い", "表示ソース"}},
    {"EUC-JP", true, {"店員の態度が悪い", "一時間待たされました", "良い", "値段が高い"}},
    {"EUC-KR", true, {"직원이 불친절해요", "한 시간 기다렸어요", "좋아요", "비싸다"}},
    {"windows-1252", true, {"Très bien, mais trop cher", "It’s “fine” – 50 €", "Größe", "mañana"}},
    {"windows-1254", true, {"Çok yavaş, kötü hizmet", "İade üç hafta sürdü, şikâyet ettik", "Güzel", "ılık çorba"}},
    {"windows-1256", true, {"كان الطعام باردا", "انتظرنا أكثر من ساعة", "ممتاز", "السعر مرتفع"}},
    {"ISO-8859-1", true, {"Très bien", "Größe", "año", "perché"}},
    {"ISO-8859-5", true, {"Ждали целый час, персонал грубый", "Вежливо и быстро", "Дорого", "Спасибо"}},
    {"ISO-8859-9", true, {"Çok yavaş, kötü hizmet", "şikâyet ettik", "Güzel", "ılık çorba"}},
    /* U+0A0A, U+010A, U+0A00 hold the byte of a line feed and are none. */
    {"UTF-16LE", true, {"Ждали", "等了一個小時😡", "\xe0\xa8\x8a\xc4\x8a\xe0\xa8\x80", "x"}},
    {"UTF-16BE", true, {"Ждали", "等了一個小時😡", "\xe0\xa8\x8a\xc4\x8a\xe0\xa8\x80", "x"}},
    {"UTF-32LE", true, {"Ждали", "😡", "\xe0\xa8\x8a\xc4\x8a", "x"}},
    {"UTF-32BE", true, {"Ждали", "😡", "\xe0\xa8\x8a\xc4\x8a", "x"}},
    {"ISO-2022-JP", true, {"店員の態度が悪い", "一時間待たされました", "x", "値段が高い"}}, /* with shifts */
    {"TCVN5712-1", false, {"đồ ăn ngon", "chậm quá", "x", "lâu"}}, /* iconv holds a letter back until it knows that no accent follows */
    {"IBM037", false, {"slow", "très bien", "x", "y"}},            /* a line feed is 0x25 */
    {"UTF-7", false, {"Ждали", "x", "час", "y"}},
};

/* The file, and what is to come out of it; in CSV some answers end with a line feed inside their quotes. */
static void write_encoded(const char *encoding, const char *const *texts, bool csv, Buffer *file, Buffer *expect) {
    static const char *const line_ends[] = {"\n", "\r\n", "\n\n"};
    Buffer text = {0}, start = {0};
    size_t line = csv ? 2 : 1;
    file->len = expect->len = 0;
    if (csv) buffer_text(&text, "id,text\n");
    for (size_t i = 0; i < 12; i++) {
        bool broken = csv && i % 5 == 0;
        start.len = 0;
        recode(buffer_span(&text), encoding, &start);
        buffer_printf(expect, "%zu@%zu %zu|%s%s\n", line, start.len, i, texts[i % 4], broken ? "\\n" : "");
        if (csv) buffer_printf(&text, "%zu,\"%s%s\"", i, texts[i % 4], broken ? "\n" : "");
        else buffer_printf(&text, "{\"id\":%zu,\"text\":\"%s\"}", i, texts[i % 4]);
        buffer_text(&text, line_ends[i % 3]);
        line += 1 + (i % 3 == 2) + broken;
    }
    buffer_byte(expect, '\0');
    CHECK(recode(buffer_span(&text), encoding, file), "%s", encoding);
    buffer_free(&text);
    buffer_free(&start);
}

static void test_encodings(const Files *files) {
    const char *path = files->path[0];
    Buffer file = {0}, gzip = {0}, expect = {0};
    for (size_t i = 0; i < ARRAY_COUNT(encoded); i++)
        for (int way = 0; way < 8; way++) {
            bool csv = way & 1, packed = way & 2, guess = way & 4;
            if (guess && (packed || !encoded[i].guessed)) continue;
            write_encoded(encoded[i].encoding, encoded[i].texts, csv, &file, &expect);
            gzip.len = 0;
            gzip_append(&gzip, (Span){file.data, file.len / 2});
            gzip_append(&gzip, (Span){file.data + file.len / 2, file.len - file.len / 2});
            file_write(path, buffer_span(packed ? &gzip : &file));
            check_ways(encoded[i].encoding, &path, 1, (ReadSettings){.encoding = guess ? "auto" : encoded[i].encoding}, false, expect.data);
        }
    buffer_free(&file);
    buffer_free(&gzip);
    buffer_free(&expect);
}

/* Byte order marks, and bytes that are no text in the encoding. */
static void test_faults(const Files *files) {
    const struct {
        const char *name;
        const char *encoding;
        Span in;
        const char *expect;
        size_t record_bytes;
    } faults[] = {
        {"UTF-16LE, mark", NULL, SPAN("\xff\xfe{\0\"\0t\0e\0x\0t\0\"\0:\0\"\0\x36\x04\"\0}\0\n\0"), "1@2 0:1|\xd0\xb6\n", 0},
        {"UTF-16BE, mark", NULL, SPAN("\xfe\xff\0t\0e\0x\0t\0\n\x04\x36"), "2@12 0:2|\xd0\xb6\n", 0},
        {"UTF-32LE, mark", NULL, SPAN("\xff\xfe\0\0t\0\0\0e\0\0\0x\0\0\0t\0\0\0\n\0\0\0\x36\x04\0\0"), "2@24 0:2|\xd0\xb6\n", 0},
        {"GB18030, mark", NULL, SPAN("\x84\x31\x95\x33text\n\xba\xc3\n"), "2@9 0:2|好\n", 0},
        {"a mark goes before what is declared", "windows-1251", SPAN("\xef\xbb\xbftext\n\xd0\xb6\n"), "2@8 0:2|\xd0\xb6\n", 0},
        {"UTF-16 of no order", "utf-16", SPAN("\0t\0e\0x\0t\0\n\x04\x36"), "2@10 0:2|\xd0\xb6\n", 0},
        {"mark alone", NULL, SPAN("\xff\xfe"), "", 0},
        {"UTF-8 declared", "utf-8", SPAN("text\n\xd0\xb6\n\xff\n"), "2@5 0:2|\xd0\xb6\n3@8 !encoding 3:1@8: found byte 0xff, which is no UTF-8\n", 0},
        {"a byte that is none",
         "windows-1251",
         SPAN("id,text\na,\xe6\nb,\xe6\x98\xe6\x98\nc,\xe6"),
         "2@8 a|\xd0\xb6\n3@12 !encoding 3:5@15: found byte 0x98 at byte 15 of the file, which is no windows-1251\n4@19 c|\xd0\xb6\n",
         0},
        {"in the second line of a field",
         "windows-1251",
         SPAN("id,text\na,\"\xe6\n\xe6\x98\"\nb,\xe6\n"),
         "2@8 !encoding 3:3@14: found byte 0x98 at byte 14 of the file, which is no windows-1251\n4@17 b|\xd0\xb6\n",
         0},
        {"in the header", "windows-1251", SPAN("te\x98xt\nx\n"), "damage encoding 1@2: found byte 0x98 at byte 2 of the file, which is no windows-1251\n", 0},
        {"alone in a line",
         "windows-1251",
         SPAN("text\n\x98\nx\n"),
         "2@5 !encoding 2:1@5: found byte 0x98 at byte 5 of the file, which is no windows-1251\n3@7 0:3|x\n",
         0},
        {"half a character before a line end",
         "gb18030",
         SPAN("text\n\xb7\nx\n"),
         "2@5 !encoding 2:1@5: found byte 0xb7 at byte 5 of the file, which is no gb18030\n3@7 0:3|x\n",
         0},
        {"a third of a character before a line end",
         "euc-jp",
         SPAN("text\n\x8f\nx\n"),
         "2@5 !encoding 2:1@5: found byte 0x8f at byte 5 of the file, which is no euc-jp\n3@7 0:3|x\n",
         0},
        {"half a character at the end",
         "shift_jis",
         SPAN("text\nx\xe6"),
         "2@5 !encoding 2:2@6: found the end of the file within a character that begins at byte 6, expected more of shift_jis\n",
         0},
        {"half a unit at the end",
         "utf-16le",
         SPAN("t\0e\0x\0t\0\n\0x\0\n"),
         "2@10 !encoding 2:2@12: found the end of the file within a character that begins at byte 12, expected more of utf-16le\n",
         0},
        {"half a pair",
         "utf-16le",
         SPAN("t\0e\0x\0t\0\n\0\0\xdc\n\0x\0"),
         "2@10 !encoding 2:1@10: found bytes 0x00 0xdc at byte 10 of the file, which are no utf-16le\n3@14 0:3|x\n",
         0},
        {"a record that is bad otherwise",
         "windows-1251",
         SPAN("{\"text\":\"\xe6\"\n{\"text\":1}\n"),
         "1@0 !json 1:13@0: found the end, expected ',' or '}' after value\n2@12 !type 2:9@12: found a number for 'text', expected a string\n",
         0},
        {"too long, with a fault behind the limit",
         "windows-1251",
         SPAN("{\"text\":\"\xe6\xe6\xe6\xe6\xe6\xe6\xe6\xe6\x98\"}\n{\"text\":\"\"}\n"),
         "1@0 !size 1:1@0: found a record of more than 20 bytes, expected fewer\n2@21 0:2|\n",
         20},
        {"unclosed quote",
         "windows-1251",
         SPAN("id,text\na,\"\xe6\nb,\x98\nc,\xe6\n"),
         "2@8 !csv 2:3@8: found a quote that is not closed, opened in line 2\n"
         "3@13 !encoding 3:3@15: found byte 0x98 at byte 15 of the file, which is no windows-1251\n4@17 c|\xd0\xb6\n",
         0},
        {"blank lines", "windows-1251", SPAN("\n\n\ntext\n\n\n\n\xe6\n\n"), "8@11 0:8|\xd0\xb6\n", 0},
        {"an encoding that cannot be guessed",
         "auto",
         SPAN("text\nx\n\x96\xdd\xd2\xc8\x13\x46\x23\x83\xc7\x78\x7d\xab\x66\xce\x3a\x1c\x81\x08\xe9\xda\x68\x73\xa0\xc8\xc9\x01\xb7\x77\x49\xbd"
              "\xd2\x3f\x9c\xf6\x1e\xeb\x56\x08\x06\x07\xab\x8f\x03\xf5\xe6\x66\xb4\x3c\xfd\x71\xbe\x08\x8c\x3d\xc8\x75\xf5\x83\x92\x40"
              "\x5d\x40\xb2\x3d\xc7\x7a\xf8\x4f\xf2\x06\x6f\xdb\xef\x93\xf1\xa9\x1d\x34\xa6\xbe\xe1\x50\x23\xc3\x5a\xea\xbd\xfe\xbb\x85"
              "\xf4\xfc\x71\x86\xd9\xee\xb0\x35\x52\x4d\x9b\xfe\xe6\x84\xdd\xf5\x86\x69\x9b\xdf\x09\x7f\x43\xc3\xd1\x6c\x6f\xaf\x31"),
         "2@5 0:2|x\ndamage encoding 0@7: found text in an encoding that cannot be guessed, from byte 7 on, expected --encoding NAME\n",
         0},
        {"ASCII, guessed", "auto", SPAN("text\nx\n"), "2@5 0:2|x\n", 0},
        {"nothing, guessed", "auto", SPAN(""), "", 0},
    };
    const char *path = files->path[0];
    for (size_t i = 0; i < ARRAY_COUNT(faults); i++) {
        file_write(path, faults[i].in);
        check_ways(faults[i].name, &path, 1, (ReadSettings){.encoding = faults[i].encoding, .record_bytes = faults[i].record_bytes}, false,
                   faults[i].expect);
    }
}

/* What is guessed is guessed where the first byte is that tells, however far behind, and said file by file. */
static void test_taken(const Files *files) {
    const char *const paths[] = {files->path[0], files->path[1], files->path[2], files->path[3]};
    Buffer text = {0}, file = {0};
    buffer_text(&text, "text\n");
    for (int i = 0; i < 50000; i++) buffer_text(&text, "nothing to say\n");
    buffer_text(&text, "очень долго ждали\n");
    recode(buffer_span(&text), "KOI8-R", &file);
    file_write(paths[0], buffer_span(&file));
    file_write(paths[1], SPAN("\xff\xfet\0e\0x\0t\0\n\0"));
    file_write(paths[2], SPAN("text\n\xd0\xb6\n"));
    file_write(paths[3], SPAN("\xef\xbb\xbftext\n"));
    for (size_t way = 0; way < 6; way++) {
        ReadSettings settings = {.encoding = way % 2 ? "auto" : NULL, .chunk_bytes = chunks[way / 2]};
        Source *source;
        Fail fail;
        Batch batch = {0};
        size_t count;
        Buffer said = {0};
        CHECK(source_open(paths, 4, &settings, &source, &fail), "open");
        while (source_next(source, &batch), batch.count) continue;
        const Taken *taken = source_taken(source, &count);
        for (size_t i = 0; i < count; i++) buffer_printf(&said, "%s %s;", taken[i].path + strlen(taken[i].path) - 1, taken[i].encoding);
        CHECK_SPAN(buffer_span(&said), way % 2 ? SPAN("0 KOI8-R;1 UTF-16LE;2 UTF-8;3 UTF-8;") : SPAN("1 UTF-16LE;"), "taken");
        source_close(source);
        batch_free(&batch);
        buffer_free(&said);
    }
    buffer_free(&text);
    buffer_free(&file);
}

/* Lines that are not blank, as NDJSON counts them. */
static size_t count_records(Span bytes) {
    size_t count = 0, written = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        char byte = bytes.data[i];
        if (byte == '\n') count += written, written = 0;
        else if (byte != ' ' && byte != '\t' && byte != '\r') written = 1;
    }
    return count + written;
}

/* Random bytes in any encoding: each line is one record, good or rejected, and all comes out the same in every way. */
static void test_encoded_noise(const Files *files) {
    static const char *const encodings[] = {
        "windows-1251", "windows-1252", "windows-1254", "windows-1255", "windows-1256", "windows-1258", "KOI8-R", "ISO-8859-5", "GB18030",     "BIG5",
        "BIG5-HKSCS",   "SHIFT_JIS",    "EUC-JP",       "EUC-KR",       "CP949",        "UTF-16",       "UTF-16BE", "UTF-32",   "UTF-7",       "ISO-2022-JP",
        "ISO-2022-KR",  "EUC-TW",       "JOHAB",        "IBM930",       "TCVN5712-1",   "EUC-JISX0213", "ISO-2022-CN", "auto"};
    enum { BYTES_AS_THEY_ARE = 15 }; /* of those, as many keep line feeds where they are */
    const char *path = files->path[0];
    Buffer noise = {0}, expect = {0};
    uint32_t state = 99;
    for (size_t i = 0; i < ARRAY_COUNT(encodings) * 2; i++) {
        noise.len = 0;
        for (int j = 0; j < 400; j++) {
            state = state * 1664525 + 1013904223;
            buffer_byte(&noise, state >> 28 ? (char)(state >> 16) : i % 2 ? '\n' : '"');
        }
        file_write(path, buffer_span(&noise));
        ReadSettings settings = {.encoding = encodings[i / 2], .format = i % 2 ? FORMAT_NDJSON : FORMAT_AUTO};
        print_all(&expect, &path, 1, &settings, false);
        if (i / 2 < BYTES_AS_THEY_ARE && i % 2) {
            size_t found = count_records(buffer_span(&expect)), wanted = count_records(buffer_span(&noise));
            CHECK(found == wanted, "%s: found %zu records, expected %zu", encodings[i / 2], found, wanted);
        }
        buffer_byte(&expect, '\0');
        check_ways(encodings[i / 2], &path, 1, settings, false, expect.data);
    }
    buffer_free(&noise);
    buffer_free(&expect);
}

static void test_paths(const Files *files) {
    const char *const paths[] = {files->path[0], files->path[1], files->path[2], files->path[3]};
    file_write(paths[0], SPAN("\xef\xbb\xbf" A));
    file_write(paths[1], SPAN(""));
    file_write(paths[2], SPAN("id\ttext\nc\tz"));
    file_write(paths[3], SPAN(B "\n"));
    check_ways("four files", paths, 4, (ReadSettings){0}, false, "1@3 a|x\n2@8 c|z\n1@0 b|y\n");
    file_write(paths[1], SPAN("id,body\n1,x\n2,y\n3,z\n"));
    check_ways("bad header between", paths, 4, (ReadSettings){0}, false,
               "1@3 a|x\n2@8 c|z\n1@0 b|y\ndamage missing 1@0: found columns 'id', 'body', expected 'text'\n");
    const char *const twice[] = {paths[3], paths[3]};
    check_ways("twice", twice, 2, (ReadSettings){0}, false, "1@0 b|y\n1@0 b|y\n");
    check_ways("none", NULL, 0, (ReadSettings){0}, false, "");
    const char *const missing[] = {paths[0], "/nonexistent/file"};
    check_ways("missing", missing, 2, (ReadSettings){0}, false, "open file: cannot be opened: No such file or directory\n");
    const char *const directory[] = {files->dir};
    check_ways("directory", directory, 1, (ReadSettings){0}, false, "open file: found a directory, expected a file\n");
}

static void test_standard_input(const Files *files) {
    static const char *const dash[] = {"-"};
    Buffer gzip = {0};
    int saved = dup(STDIN_FILENO);
    gzip_append(&gzip, SPAN("{\"text\":\"x\"}\n"));
    file_write(files->path[0], buffer_span(&gzip));
    CHECK(freopen(files->path[0], "rb", stdin) != NULL, "stdin");
    ReadSettings settings = {0};
    Source *source;
    Fail fail;
    Batch batch = {0};
    CHECK(source_open(dash, 1, &settings, &source, &fail), "open");
    source_next(source, &batch);
    CHECK(batch.count == 1 && !strcmp(batch.records[0].source, "-"), "%zu records", batch.count);
    source_close(source);
    batch_free(&batch);
    if (saved >= 0) dup2(saved, STDIN_FILENO), close(saved);
    buffer_free(&gzip);
}

/* A line of 30 MB is a good record where the limit allows it, and costs no memory where it does not. */
static void test_long_line(const Files *files) {
    const char *path = files->path[0];
    Buffer line = {0};
    buffer_text(&line, A "\n{\"text\":\"");
    buffer_reserve(&line, 30 << 20);
    memset(line.data + line.len, 'a', 30 << 20);
    line.len += 30 << 20;
    buffer_text(&line, "\"}\n" B "\n");
    file_write(path, buffer_span(&line));
    for (int limited = 0; limited < 2; limited++) {
        ReadSettings settings = {.record_bytes = limited ? 1 << 20 : 64 << 20};
        Source *source;
        Fail fail;
        Batch batch = {0};
        Arena scratch = {0};
        size_t count = 0, most = 0;
        Parser *parser = parser_open(&settings);
        CHECK(source_open(&path, 1, &settings, &source, &fail), "open");
        while (source_next(source, &batch), batch.count)
            for (size_t i = 0; i < batch.count; i++, count++) {
                Doc doc;
                bool good = parser_doc(parser, &batch.records[i], &doc, NULL, &scratch, &fail);
                CHECK(good == !(limited && count == 1), "record %zu", count);
                if (count == 1 && good) CHECK(doc.text.len == 30 << 20, "%zu bytes", doc.text.len);
                if (count == 1 && !good) CHECK(fail.code == FAIL_SIZE && fail.offset == 22 && fail.line == 2, "%s", fail.message);
                if (count == 2) CHECK(batch.records[i].line == 3 && span_is(doc.id, "b"), "the record behind");
                most = batch.bytes.capacity > most ? batch.bytes.capacity : most;
            }
        CHECK(count == 3, "%zu records", count);
        CHECK(!limited || most < 8 << 20, "a batch of %zu bytes", most);
        parser_close(parser);
        source_close(source);
        batch_free(&batch);
        arena_free(&scratch);
    }
    buffer_free(&line);
}

static void test_deep(const Files *files) {
    const char *path = files->path[0];
    Buffer line = {0};
    buffer_text(&line, "{\"text\":");
    for (int i = 0; i < 100000; i++) buffer_byte(&line, '[');
    for (int i = 0; i < 100000; i++) buffer_byte(&line, ']');
    buffer_text(&line, "}\n" B "\n");
    file_write(path, buffer_span(&line));
    check_ways("100,000 deep", &path, 1, (ReadSettings){0}, false,
               "1@0 !size 1:72@71: found arrays and objects in each other more than 64 deep\n2@200010 b|y\n");
    line.len = 0;
    buffer_text(&line, "{\"text\":\"\",\"segment\":{");
    for (int i = 0; i < 300; i++) buffer_printf(&line, "%s\"s%03d\":1", i ? "," : "", i);
    buffer_text(&line, "}}\n");
    file_write(path, buffer_span(&line));
    check_ways("300 segments", &path, 1, (ReadSettings){0}, false, "1@0 !size 1:2327@2326: found more than 256 segments, expected fewer\n");
    buffer_free(&line);
}

/* Rows whose quotes never close, each in a way that the next one does not mend: time may only double with the input. */
static void test_worst_quotes(const Files *files) {
    const char *path = files->path[0];
    Buffer text = {0};
    ReadSettings settings = {.batch_bytes = 1 << 20};
    buffer_text(&text, "id,text\n");
    for (int i = 0; i < 300000; i++) buffer_text(&text, "a\"x,\"b\n");
    file_write(path, buffer_span(&text));
    Source *source;
    Fail fail;
    Batch batch = {0};
    size_t count = 0;
    CHECK(source_open(&path, 1, &settings, &source, &fail), "open");
    while (source_next(source, &batch), batch.count) count += batch.count;
    CHECK(count == 300000, "%zu records", count);
    source_close(source);
    batch_free(&batch);
    buffer_free(&text);
}

/* Records of many files are those of each, one after the other; and each line is found once. */
static void test_many(const Files *files) {
    Buffer text = {0}, once = {0}, both = {0};
    uint32_t state = 12345;
    for (int i = 0; i < 3000; i++) {
        state = state * 1664525 + 1013904223;
        buffer_printf(&text, "{\"id\":\"%d\",\"text\":\"%.*s\"}%s", i, (int)(state >> 24), "", state >> 31 ? "\n" : "\r\n");
        for (uint32_t j = state >> 20 & 7; j == 0;) buffer_byte(&text, '\n'), j++;
    }
    file_write(files->path[0], buffer_span(&text));
    text.len -= text.len / 3;
    file_write(files->path[1], buffer_span(&text));
    for (size_t way = 0; way < 9; way++) {
        ReadSettings settings = {
            .chunk_bytes = chunks[1 + way % 2], .batch_bytes = batch_sizes[way % 3], .batch_records = batch_counts[way / 3]};
        const char *const paths[] = {files->path[0], files->path[1]};
        Buffer second = {0};
        print_all(&once, paths, 1, &settings, false);
        print_all(&second, paths + 1, 1, &settings, false);
        buffer_append(&once, buffer_span(&second));
        print_all(&both, paths, 2, &settings, false);
        CHECK(span_equal(buffer_span(&once), buffer_span(&both)), "way %zu", way);
        buffer_free(&second);
    }
    buffer_free(&text);
    buffer_free(&once);
    buffer_free(&both);
}

static bool files_open(Files *files) {
    const char *temporary = getenv("TMPDIR");
    snprintf(files->dir, sizeof files->dir, "%.40s/verbatim-XXXXXX", temporary && strlen(temporary) < 40 ? temporary : "/tmp");
    if (!mkdtemp(files->dir)) return false;
    for (int i = 0; i < 4; i++) {
        char *path = files->path[i];
        size_t len = strlen(files->dir);
        memcpy(path, files->dir, len);
        snprintf(path + len, sizeof files->path[i] - len, "/%d", i);
    }
    return true;
}

int main(void) {
    Files files;
    if (!files_open(&files)) return perror("mkdtemp"), 1;
    test_lines(&files);
    test_rows(&files);
    test_fields(&files);
    test_gzip(&files);
    test_gzip_cut(&files);
    test_gzip_mutants(&files);
    test_encodings(&files);
    test_faults(&files);
    test_taken(&files);
    test_encoded_noise(&files);
    test_paths(&files);
    test_standard_input(&files);
    test_long_line(&files);
    test_deep(&files);
    test_worst_quotes(&files);
    test_many(&files);
    for (int i = 0; i < 4; i++) unlink(files.path[i]);
    rmdir(files.dir);
    return check_end();
}
