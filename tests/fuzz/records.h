/* records — an input read as a file of responses: the same must come out however it is cut into chunks and batches.
 *
 * The first byte picks chunks and batches, the second what is asked of a record. */
#ifndef VERBATIM_FUZZ_RECORDS_H
#define VERBATIM_FUZZ_RECORDS_H

#include <inttypes.h>
#include <math.h>

#include "base/json.h"
#include "fuzz.h"
#include "read/read.h"
#include "write/write.h"

static inline bool records_utf8(Span text) {
    size_t bad;
    return utf8_check(text, &bad);
}

static inline void records_print(Buffer *out, const char *name, Span text) {
    MUST(records_utf8(text));
    buffer_printf(out, "|%s%s", name, text.data ? "=" : "");
    buffer_append(out, text);
}

static inline void records_doc(Buffer *out, JsonParser *json, const Doc *doc, const Gold *gold) {
    MUST(doc->text.data && doc->id.len && doc->weight > 0 && (!doc->has_rating || isfinite(doc->rating)));
    records_print(out, "id", doc->id);
    records_print(out, "text", doc->text);
    records_print(out, "lang", doc->lang);
    records_print(out, "question", doc->question);
    records_print(out, "time", doc->time);
    buffer_printf(out, "|%a|%" PRId64, doc->has_rating ? doc->rating : 0, doc->weight);
    for (size_t i = 0; i < doc->segment_count; i++) records_print(out, "name", doc->segments[i].name), records_print(out, "value", doc->segments[i].value);
    for (size_t i = 0; i < gold->label_count; i++) records_print(out, "label", gold->labels[i]);
    records_print(out, "sentiment", gold->sentiment);
    records_print(out, "keep", doc->keep);
    Buffer line = {0};
    JsonValue root;
    Fail fail;
    tagged_line(&line, doc, NULL, &(Result){0}, &(Codebook){0}, (RuleNames){0});
    MUST(json_parse_copy(json, buffer_span(&line), JSON_DEPTH_MAX, &root, &fail));
    buffer_free(&line);
}

static inline void records_reject(Buffer *out, JsonParser *json, const Record *record, const Fail *fail) {
    MUST(fail->source == record->source && fail->line >= record->line && fail->offset >= record->offset && fail->message[0]);
    size_t before = out->len;
    JsonValue root;
    Fail ignored;
    reject_line(out, record, fail);
    MUST(json_parse_copy(json, (Span){out->data + before, out->len - before}, JSON_DEPTH, &root, &ignored));
}

/* All that comes out, as text; gives the number of records. */
static inline size_t records_dump(Buffer *out, const char *path, const ReadSettings *settings, bool *damaged) {
    Source *source;
    Fail fail = {0};
    Batch batch = {0};
    Arena scratch = {0};
    size_t count = 0;
    out->len = 0;
    MUST(source_open(&path, 1, settings, &source, &fail));
    Parser *parser = parser_open(settings);
    JsonParser *json = json_open();
    uint64_t line = 0, offset = 0;
    for (source_next(source, &batch); batch.count; source_next(source, &batch)) {
        for (size_t i = 0; i < batch.count; i++, count++) {
            const Record *record = &batch.records[i];
            Doc doc;
            Gold gold = {0};
            MUST(record->line > line && (!count || record->offset > offset));
            MUST(record->bytes.data >= batch.bytes.data && record->bytes.data + record->bytes.len <= batch.bytes.data + batch.bytes.len);
            line = record->line, offset = record->offset;
            buffer_printf(out, "\n%" PRIu64 "@%" PRIu64, line, offset);
            if (parser_doc(parser, record, &doc, &gold, &scratch, &fail)) records_doc(out, json, &doc, &gold);
            else records_reject(out, json, record, &fail);
            arena_reset(&scratch);
        }
    }
    Damage damage = source_damage(source);
    *damaged = damage.count > 0;
    for (size_t i = 0; i < damage.count; i++)
        buffer_printf(out, "\ndamage %" PRIu64 "@%" PRIu64 ": %s", damage.fails[i].line, damage.fails[i].offset, damage.fails[i].message);
    json_close(json);
    parser_close(parser);
    source_close(source);
    batch_free(&batch);
    arena_free(&scratch);
    return count;
}

/* Reads the input in two ways; gives the number of records, what came out, and whether a part could not be read. */
static inline size_t records_try(const uint8_t *data, Span bytes, Format format, Buffer *out, bool *damaged) {
    static const size_t chunks[] = {1, 2, 7, 64}, batches[] = {1, 50, 1 << 20};
    static const char *const segments[] = {"age", "answer.city"};
    char path[128];
    fuzz_write(path, "records", bytes);
    unsigned ways = data[0], asked = data[1];
    ReadSettings usual = {.format = format, .keep = asked & 1, .gold = asked & 2, .record_bytes = asked & 4 ? 40 : 1000};
    if (asked & 8) usual.segments = segments, usual.segment_count = 2;
    if (asked & 16) usual.fields.text = "answer.body";
    ReadSettings other = usual;
    other.chunk_bytes = chunks[ways % 4];
    other.batch_bytes = batches[ways / 4 % 3];
    other.batch_records = ways / 12 % 3;
    Buffer again = {0};
    size_t count = records_dump(out, path, &usual, damaged), other_count = records_dump(&again, path, &other, damaged);
    MUST(count == other_count && span_equal(buffer_span(out), buffer_span(&again)));
    buffer_free(&again);
    return count;
}

#endif
