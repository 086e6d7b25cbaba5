/* read — bytes of files to Docs.
 *
 * Source (one for the run) is the serial part: it inflates, finds where records end, and fills batches. A Parser (one a worker) makes a
 * Doc of a Record. */
#ifndef VERBATIM_READ_H
#define VERBATIM_READ_H

#include "flow.h"

/* AUTO looks at each file: '{' first is NDJSON, anything else CSV. The delimiter of CSV is what stands most in its header of comma and
 * semicolon, with AUTO also the tab. */
typedef enum { FORMAT_AUTO, FORMAT_NDJSON, FORMAT_CSV, FORMAT_TSV } Format;

/* Which field of the input is which: a dotted path in JSON, a column name in CSV. NULL: the field's own name. */
typedef struct {
    const char *id, *text, *lang, *question, *rating, *weight, *time;
} FieldNames;

typedef struct {
    Format format;
    FieldNames fields;
    const char *encoding;        /* NULL: UTF-8, or what a byte order mark says; "auto": guessed for each file; else a name for encoding_known */
    const char *const *segments; /* names asked for; NDJSON looks in `segment` first, then takes the name as a dotted path */
    size_t segment_count;
    bool keep;              /* fill Doc.keep */
    bool gold;              /* fill Gold as well */
    bool aspects;           /* with gold: its aspects too */
    /* 0 in the next four: what is usual */
    size_t record_bytes;    /* limit of one record; longer ones are rejected; 16 MB usually */
    size_t batch_bytes;     /* a batch is handed out when it holds so many bytes, 1 MB usually */
    size_t chunk_bytes;     /* bytes asked of the file system at a time, 256 KB usually; tests use 1 and 7 */
    size_t batch_records;   /* a batch is handed out when it holds so many records, too; 0: no limit */
} ReadSettings;

/* Batch — records and the bytes they lie in. A zeroed Batch is ready; source_next fills it again and again. */
typedef struct {
    Buffer bytes;
    Record *records;
    size_t count;
    size_t capacity;
    Arena keep; /* Fails of rejected records; emptied by source_next */
} Batch;

typedef struct Source Source;

/* Whether an encoding can be asked for: "auto", or one that iconv knows. */
bool encoding_known(const char *name);

/* source_open — prepares to read paths one after the other; "-" is standard input.
 *   in     paths     must live as long as the Records and Fails, which point at them; no path, no records
 *          settings  copied, what they point at is not
 *   fails  FAIL_FILE where a path is no readable file: all are looked at before anything is read */
bool source_open(const char *const *paths, size_t count, const ReadSettings *settings, Source **source, Fail *fail);

/* source_next — the next batch, with 64 zeros behind its bytes. It does not touch the batches before it, so those may be in work
 * meanwhile. Records never straddle batches. Blank lines are no records; a byte order mark is skipped, and what is not UTF-8 is converted. An empty file has no records. Gzip
 * is known by its first bytes; concatenated members are one stream.
 *   out    batch  count 0 only at the end
 *   fails  never: damage is kept in source_damage, a bad record carries `rejected`: FAIL_SIZE (longer than record_bytes), FAIL_CSV (a
 *          quote that is not closed: the record is the one line, see split.h), FAIL_ENCODING (bytes that are no text in the encoding
 *          that the file is converted from), or the damage's code (cut off where the file cannot be read on) */
void source_next(Source *source, Batch *batch);

/* Damage — a part of a file that could not be read: what came before it was handed out. */
typedef struct {
    const Fail *fails; /* source is the path. FAIL_FILE; FAIL_GZIP (offset: bytes of the compressed file); FAIL_MISSING, FAIL_CSV, FAIL_SIZE
                        * for a bad header; FAIL_JSON for an array: nothing of such a file is read; FAIL_ENCODING where it cannot be
                        * guessed: what comes before was ASCII */
    size_t count;
} Damage;

/* Valid until the next source_next. */
Damage source_damage(const Source *source);

/* Taken — what a file was taken for where the user did not say so: it was guessed, or a byte order mark told it. */
typedef struct {
    const char *path, *encoding;
} Taken;

/* Of the files that have been read to their end, in the order of reading. Valid until the next source_next. */
const Taken *source_taken(const Source *source, size_t *count);

/* How far it is, in bytes of the files as stored, and their sum (0 where a size is unknown), for a progress bar.
 * thread any, also while source_next is at work */
void source_progress(const Source *source, uint64_t *done_bytes, uint64_t *all_bytes);

void source_close(Source *source);
void batch_free(Batch *batch);

typedef struct Parser Parser;

/* Aspect — what a labelled row says of one thing that the response speaks of. */
typedef struct {
    Span category;
    Span sentiment; /* data NULL: none */
} Aspect;

/* Coder — what one of several people, by name, says of a response. */
typedef struct {
    Span name;
    bool has_labels;
    Span *labels;
    size_t label_count;
    Span sentiment; /* data NULL: none */
} Coder;

enum { CODERS_MAX = 16 }; /* of one response */

/* Gold — what a labelled row says beside the response, for eval. */
typedef struct {
    bool has_labels;
    Span *labels; /* `code:pole`, `code`, or the set's own */
    size_t label_count;
    bool has_aspects; /* of NDJSON only */
    Aspect *aspects;
    size_t aspect_count;
    Span sentiment; /* data NULL: none */
    Coder *coders;  /* of NDJSON only: {"anna": ["food"], "ben": {"labels": [], "sentiment": "neutral"}} */
    size_t coder_count;
} Gold;

/* parser_open — what one worker needs to parse; `settings` must outlive it. */
Parser *parser_open(const ReadSettings *settings);
void parser_close(Parser *parser);

/* parser_doc — one Record to one Doc.
 *   in     record  as source_next gave it; where record->rejected is set its Fail is passed on
 *   out    doc     Spans into record, scratch or the parser, until its next call; gold may be NULL
 *   fails  FAIL_JSON, FAIL_TYPE, FAIL_MISSING (no text), FAIL_ENCODING, FAIL_SIZE, FAIL_CSV; place filled: source, line, column, offset
 * id: a string or a number; where absent, `source:line` is made. text: a string; null and "" are a valid empty text. A missing text is
 * FAIL_MISSING. rating, weight: a number, or a string that is one; null and "" are absent. weight must be > 0 and at most 1e6. Segment
 * values: strings, numbers, true and false as written; null and "" are absent. lang, question, time: a string; null and "" are absent. A
 * JSON key that stands twice counts once, the first one; a key `a.b` beats `b` in `a`. Doc.keep holds each top-level member that is no
 * field by its own key, so an object of which only a part is a field is kept whole. In CSV, gold labels stand in one column, separated by
 * spaces or ';', and there are no aspects or coders; a field, segment or text column that was named and is not there is the file's damage. */
bool parser_doc(Parser *parser, const Record *record, Doc *doc, Gold *gold, Arena *scratch, Fail *fail);

#endif
