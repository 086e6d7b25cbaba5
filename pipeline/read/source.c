#include "read/decode.h"
#include "read/parser.h"
#include "read/split.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PADDING = JSON_PADDING,
    RECORD_BYTES = 16 << 20, /* what settings of 0 mean */
    BATCH_BYTES = 1 << 20,
    CHUNK_BYTES = 256 << 10,
    REASONS_BYTES = 1 << 20, /* of Fails in a batch, besides as many as it may have of text */
    PIECE_MIN = 4096, /* bytes put into a batch at a time, where records are few */
    RECORD_GUESS = 256,
    SHOWN_BYTES = 1024, /* what a rejected record shows of its beginning */
};

/* Where a file stands. Its first bytes tell the format, its first row the columns. */
typedef enum { FILE_NONE, FILE_NEW, FILE_UNDECIDED, FILE_HEADER, FILE_RECORDS } FileState;

struct Source {
    ReadSettings settings;
    const char *const *paths;
    size_t path_count, path_next;
    uint64_t all_bytes;
    _Atomic uint64_t done_bytes; /* of files closed and of the one that is open; read by other threads */
    uint64_t closed_bytes;
    size_t piece_bytes;
    size_t reasons_bytes; /* Fails in the batch under way */

    FileState state;
    const char *path;
    Stream stream;
    Decoder decoder;
    bool ended, cut; /* all bytes are here; there should have been more */
    Split split;
    const Columns *columns;

    Buffer rest; /* plain bytes of the open file that the last batch had no use for: [rest_at, len) */
    size_t rest_at;

    Arena keep; /* columns, notes */
    Fail *fails;
    size_t fail_count, fail_capacity;
    Taken *taken;
    size_t taken_count, taken_capacity;
};

/* Looks at a path before anything is read; *bytes is UINT64_MAX where its size cannot be known. */
static bool check_path(const char *path, uint64_t *bytes, Fail *fail) {
    struct stat about;
    *bytes = UINT64_MAX;
    if (!strcmp(path, "-")) return true;
    if (stat(path, &about)) fail_set(fail, FAIL_FILE, "cannot be opened: %s", strerror(errno));
    else if (S_ISDIR(about.st_mode)) fail_set(fail, FAIL_FILE, "found a directory, expected a file");
    else if (access(path, R_OK)) fail_set(fail, FAIL_FILE, "cannot be opened: %s", strerror(errno));
    else return *bytes = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : UINT64_MAX, true;
    return fail_at(fail, path, 0, 0);
}

bool source_open(const char *const *paths, size_t count, const ReadSettings *settings, Source **out, Fail *fail) {
    uint64_t all_bytes = 0;
    bool known = true;
    for (size_t i = 0; i < count; i++) {
        uint64_t bytes;
        if (!check_path(paths[i], &bytes, fail)) return false;
        known = known && bytes != UINT64_MAX;
        all_bytes += bytes;
    }
    Source *source = memory_alloc(sizeof *source);
    *source = (Source){.settings = *settings, .paths = paths, .path_count = count, .all_bytes = known ? all_bytes : 0};
    ReadSettings *own = &source->settings;
    if (!own->record_bytes) own->record_bytes = RECORD_BYTES;
    if (!own->batch_bytes) own->batch_bytes = BATCH_BYTES;
    if (!own->chunk_bytes) own->chunk_bytes = CHUNK_BYTES;
    /* What a batch of few records leaves over is copied for each of them, so little must be left over. */
    source->piece_bytes = own->batch_records ? own->batch_records * RECORD_GUESS : own->batch_bytes;
    if (source->piece_bytes < PIECE_MIN) source->piece_bytes = PIECE_MIN;
    *out = source;
    return true;
}

void source_close(Source *source) {
    if (!source) return;
    if (source->state != FILE_NONE) decode_close(&source->decoder), stream_close(&source->stream);
    buffer_free(&source->rest);
    memory_free(source->fails);
    arena_free(&source->keep);
    memory_free(source);
}

Damage source_damage(const Source *source) { return (Damage){source->fails, source->fail_count}; }

const Taken *source_taken(const Source *source, size_t *count) {
    *count = source->taken_count;
    return source->taken;
}

void source_progress(const Source *source, uint64_t *done_bytes, uint64_t *all_bytes) {
    *done_bytes = atomic_load_explicit(&source->done_bytes, memory_order_relaxed);
    *all_bytes = source->all_bytes;
}

/* Adds to the damage; a place that is unknown is the file as a whole. */
static void add_damage(Source *source, const Fail *fail) {
    if (source->fail_count == source->fail_capacity) {
        source->fail_capacity = source->fail_capacity ? 2 * source->fail_capacity : 8;
        source->fails = memory_resize(source->fails, source->fail_capacity * sizeof *source->fails);
    }
    Fail *added = &source->fails[source->fail_count++];
    *added = *fail;
    added->source = source->path;
}

/* Opens the next file that can be opened; false where there is none. */
static bool file_open(Source *source, size_t start) {
    while (source->path_next < source->path_count) {
        Fail fail;
        source->path = source->paths[source->path_next++];
        if (stream_open(&source->stream, source->path, source->settings.chunk_bytes, &fail)) {
            source->state = FILE_NEW;
            source->ended = source->cut = false;
            source->columns = NULL;
            decode_open(&source->decoder, &source->stream, source->settings.encoding, source->settings.chunk_bytes);
            split_begin(&source->split, source->settings.record_bytes, start);
            return true;
        }
        add_damage(source, &fail);
    }
    return false;
}

/* Leaves the open file, whatever of it has not been read. */
static void file_close(Source *source) {
    if (source->decoder.noted && source->decoder.name) {
        Taken *taken = ARENA_PUSH(&source->keep, source->taken, source->taken_count, source->taken_capacity);
        *taken = (Taken){source->path, source->decoder.name};
    }
    source->closed_bytes += source->stream.taken;
    decode_close(&source->decoder);
    stream_close(&source->stream);
    source->rest.len = source->rest_at = 0;
    source->state = FILE_NONE;
}

/* Gives the file up: nothing more is read of it. */
static void file_refuse(Source *source, const Fail *fail, Batch *batch) {
    add_damage(source, fail);
    batch->bytes.len = source->split.start;
    file_close(source);
}

/* Appends the next bytes of the file to the batch, at most `room`. */
static void read_bytes(Source *source, Batch *batch, size_t room) {
    Buffer *bytes = &batch->bytes;
    size_t kept = source->rest.len - source->rest_at;
    buffer_reserve(bytes, room + PADDING);
    if (kept) {
        size_t len = kept < room ? kept : room;
        memcpy(bytes->data + bytes->len, source->rest.data + source->rest_at, len);
        source->rest_at += len;
        bytes->len += len;
        return;
    }
    size_t got = source->ended ? 0 : decode_read(&source->decoder, source->split.offset, bytes->data + bytes->len, room);
    bytes->len += got;
    atomic_store_explicit(&source->done_bytes, source->closed_bytes + source->stream.taken, memory_order_relaxed);
    if (got || source->ended) return;
    source->ended = true;
    const Fail *damage = decode_damage(&source->decoder);
    if (damage) add_damage(source, damage);
    source->cut = damage && !source->stream.whole;
}

/* Whether the batch's bytes are followed by no others of the file. */
static bool at_end(const Source *source) { return source->ended && source->rest_at == source->rest.len; }

/* Puts what follows the last record back: it begins the next batch. Where some of `rest` is still unused, the whole batch came from there.
 */
static void put_back(Source *source, Batch *batch) {
    if (source->state == FILE_NONE) return;
    Span tail = {batch->bytes.data + source->split.start, batch->bytes.len - source->split.start};
    if (source->rest_at < source->rest.len) {
        source->rest_at -= tail.len;
    } else {
        source->rest.len = source->rest_at = 0;
        buffer_append(&source->rest, tail);
    }
    batch->bytes.len = source->split.start;
}

/* How often `byte` stands outside of quotes in a header. */
static size_t count_outside(Span header, char byte) {
    size_t count = 0;
    bool quoted = false;
    for (size_t i = 0; i < header.len; i++) {
        quoted ^= header.data[i] == '"';
        count += !quoted && header.data[i] == byte;
    }
    return count;
}

/* What separates the fields of a header: that which stands there most, a comma where nothing does. */
static char header_delimiter(Span header, Format format) {
    static const char candidates[] = {',', ';', '\t'};
    char best = ',';
    size_t most = 0, count = format == FORMAT_CSV ? 2 : 3;
    if (format == FORMAT_TSV) return '\t';
    for (size_t i = 0; i < count; i++) {
        size_t found = count_outside(header, candidates[i]);
        if (found > most) most = found, best = candidates[i];
    }
    return best;
}

/* The first line of bytes, but for line feeds in quotes; false where it has no end yet. */
static bool header_line(Span bytes, bool ended, Span *line) {
    bool quoted = false;
    *line = bytes;
    for (line->len = 0; line->len < bytes.len; line->len++) {
        quoted ^= bytes.data[line->len] == '"';
        if (!quoted && bytes.data[line->len] == '\n') return true;
    }
    return ended;
}

static Span undecided(const Source *source, const Batch *batch) {
    return (Span){batch->bytes.data + source->split.start, batch->bytes.len - source->split.start};
}

static void split_pass(Split *split, size_t len, uint64_t lines) {
    split->start = split->at = split->start + len;
    split->offset += len;
    split->line += lines;
}

/* Passes over a byte order mark. False where more bytes are needed. */
static bool pass_mark(Source *source, Batch *batch) {
    Span bytes = undecided(source, batch);
    if (bytes.len < 3 && !at_end(source)) return false;
    if (span_starts(bytes, "\xef\xbb\xbf")) split_pass(&source->split, 3, 0);
    source->state = FILE_UNDECIDED;
    return true;
}

/* Passes over blank lines, which say nothing about the format; gives the first byte that does, '\0' where more are needed. */
static char pass_blanks(Source *source, const Batch *batch) {
    Span bytes = undecided(source, batch);
    for (size_t i = 0, line = 0; i < bytes.len; i++) {
        if (bytes.data[i] == '\n') split_pass(&source->split, i + 1 - line, 1), line = i + 1;
        else if (bytes.data[i] != ' ' && bytes.data[i] != '\t' && bytes.data[i] != '\r') return bytes.data[i] ? bytes.data[i] : '0';
    }
    return '\0';
}

/* Finds the format of a file, and the delimiter of a CSV one. False where more bytes are needed or the file is refused. */
static bool decide(Source *source, Batch *batch) {
    Format format = source->settings.format;
    Fail fail;
    char first = format == FORMAT_NDJSON ? '{' : pass_blanks(source, batch);
    if (first == '{' && (format == FORMAT_AUTO || format == FORMAT_NDJSON)) return source->state = FILE_RECORDS, true;
    if (first == '[' && format == FORMAT_AUTO) {
        fail_set(&fail, FAIL_JSON, "found '[', expected one JSON object a line, or a header of columns");
        return file_refuse(source, &fail, batch), false;
    }
    Span line = undecided(source, batch);
    bool whole = first && header_line(line, at_end(source), &line);
    if (line.len > source->settings.record_bytes) {
        fail_set(&fail, FAIL_SIZE, "found no line end in the first %zu bytes, expected a header of columns", source->settings.record_bytes);
        return file_refuse(source, &fail, batch), false;
    }
    if (!whole) return false;
    source->split.delimiter = header_delimiter(line, format);
    source->state = FILE_HEADER;
    return true;
}

static bool next_piece(Source *source, const Batch *batch, Piece *piece) {
    return split_next(&source->split, buffer_span(&batch->bytes), at_end(source), source->cut, piece);
}

/* Fills *fail with a fault of the record at `start`: which bytes of the file, and where they stand in the decoded record. */
static void fault_fail(const Source *source, const Fault *fault, const Piece *piece, Fail *fail) {
    const char *name = source->decoder.name;
    size_t at = (size_t)(fault->at - piece->offset), line_start = at;
    uint64_t line = piece->line;
    char found[32] = "";
    for (size_t i = 0; i < fault->len; i++) snprintf(found + 5 * i, sizeof found - 5 * i, " 0x%02x", fault->bytes[i]);
    if (fault->len)
        fail_set(fail, FAIL_ENCODING, "found byte%s%s at byte %" PRIu64 " of the file, which %s no %.64s", fault->len > 1 ? "s" : "", found, fault->offset,
                 fault->len > 1 ? "are" : "is", name);
    else fail_set(fail, FAIL_ENCODING, "found the end of the file within a character that begins at byte %" PRIu64 ", expected more of %.64s", fault->offset, name);
    for (size_t i = 0; i < at && i < piece->bytes.len; i++) line += piece->bytes.data[i] == '\n';
    while (line_start && line_start <= piece->bytes.len && piece->bytes.data[line_start - 1] != '\n') line_start--;
    fail->offset = fault->offset;
    fail_at(fail, source->path, line, at - line_start + 1);
}

static const Fault *piece_fault(Source *source, const Piece *piece) {
    return decode_fault(&source->decoder, piece->offset, piece->offset + piece->bytes.len);
}

/* The header row to columns. False where more bytes are needed or the file is refused. */
static bool take_header(Source *source, Batch *batch) {
    Piece piece;
    Fail fail;
    if (!next_piece(source, batch, &piece)) return false;
    const Fault *fault = piece_fault(source, &piece);
    bool good = !fault && (piece.kind == SPLIT_WHOLE || fail_set(&fail, FAIL_CSV, "found a header that does not end, expected a row of column names"));
    if (fault) fault_fail(source, fault, &piece, &fail);
    if (!good || !columns_open(piece.bytes, source->split.delimiter, &source->settings, &source->keep, &source->columns, &fail)) {
        fail.line = piece.line;
        return file_refuse(source, &fail, batch), false;
    }
    source->state = FILE_RECORDS;
    return true;
}

/* Fills *fail with why the splitter gave a record up. */
static void piece_fail(const Source *source, const Piece *piece, uint64_t offset, Fail *fail) {
    uint64_t line = piece->line, column = 1;
    if (piece->kind == SPLIT_LONG) {
        fail_set(fail, FAIL_SIZE, "found a record of more than %zu bytes, expected fewer", source->settings.record_bytes);
    } else if (piece->kind == SPLIT_UNCLOSED) {
        fail_set(fail, FAIL_CSV, "found a quote that is not closed, opened in line %" PRIu64, piece->quote_line);
        line = piece->quote_line, column = piece->quote_column;
    } else {
        fail_set(fail, decode_damage(&source->decoder)->code, "found a record cut off where the file cannot be read on");
    }
    fail->offset = offset;
    fail_at(fail, source->path, line, column);
}

static void add_record(Source *source, Batch *batch, const Piece *piece) {
    if (batch->count == batch->capacity) {
        batch->capacity = batch->capacity ? 2 * batch->capacity : 256;
        batch->records = memory_resize(batch->records, batch->capacity * sizeof *batch->records);
    }
    Record *record = &batch->records[batch->count++];
    *record =
        (Record){.bytes = piece->bytes, .source = source->path, .line = piece->line, .offset = piece->offset, .columns = source->columns};
    const Fault *fault = NULL;
    if (source->decoder.converter) {
        record->converted = true;
        record->offset = decode_offset(&source->decoder, piece->offset);
        fault = piece_fault(source, piece);
    }
    if (piece->kind == SPLIT_WHOLE && !fault) return;
    Fail *fail = arena_alloc(&batch->keep, sizeof *fail);
    if (piece->kind == SPLIT_WHOLE) fault_fail(source, fault, piece, fail);
    else piece_fail(source, piece, record->offset, fail);
    record->rejected = fail;
    source->reasons_bytes += sizeof *fail;
    if (record->bytes.len > SHOWN_BYTES) record->bytes.len = SHOWN_BYTES;
}

/* Reasons of rejects count as well: a Fail is longer than many a line of damaged input. */
static bool has_room(const Source *source, const Batch *batch) {
    size_t records = source->settings.batch_records, reasons = source->settings.batch_bytes + REASONS_BYTES;
    return (!records || batch->count < records) && source->reasons_bytes < reasons;
}

/* Takes the records that are complete in the batch's bytes. */
static void take_records(Source *source, Batch *batch) {
    Piece piece;
    if (source->state == FILE_NEW && !pass_mark(source, batch)) return;
    if (source->state == FILE_UNDECIDED && !decide(source, batch)) return;
    if (source->state == FILE_HEADER && !take_header(source, batch)) return;
    while (source->state == FILE_RECORDS && has_room(source, batch) && next_piece(source, batch, &piece)) add_record(source, batch, &piece);
}

/* Whether the batch goes out now. Bytes may grow beyond batch_bytes only as long as there is no record, because records point into them. */
static bool is_full(const Source *source, const Batch *batch) {
    return !has_room(source, batch) || (batch->count && batch->bytes.len >= source->settings.batch_bytes);
}

static void read_piece(Source *source, Batch *batch) {
    size_t len = batch->bytes.len, limit = source->settings.batch_bytes;
    /* Nothing but skipped bytes: they need no room. */
    if (!batch->count && source->split.start == len) {
        batch->bytes.len = len = 0;
        split_moved(&source->split);
    }
    size_t room = len < limit && limit - len < source->piece_bytes ? limit - len : source->piece_bytes;
    read_bytes(source, batch, room);
}

static void batch_clear(Source *source, Batch *batch) {
    size_t usual = source->settings.batch_bytes + PADDING;
    /* A long record came by: its room is not kept for the rest of the run. */
    if (batch->bytes.capacity > 4 * usual) buffer_free(&batch->bytes);
    batch->bytes.len = batch->count = source->reasons_bytes = 0;
    arena_reset(&batch->keep);
    buffer_reserve(&batch->bytes, usual);
}

void source_next(Source *source, Batch *batch) {
    batch_clear(source, batch);
    if (source->state != FILE_NONE) split_moved(&source->split);
    while (!is_full(source, batch)) {
        if (source->state == FILE_NONE && !file_open(source, batch->bytes.len)) break;
        bool last = at_end(source);
        if (!last) read_piece(source, batch);
        take_records(source, batch);
        if (last && source->state != FILE_NONE && has_room(source, batch)) file_close(source);
    }
    put_back(source, batch);
    memset(batch->bytes.data + batch->bytes.len, 0, PADDING);
}

void batch_free(Batch *batch) {
    buffer_free(&batch->bytes);
    memory_free(batch->records);
    arena_free(&batch->keep);
    *batch = (Batch){0};
}
