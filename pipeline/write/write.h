/* write — results and tallies to bytes that someone else reads. Everything that came from a respondent is escaped here. */
#ifndef VERBATIM_WRITE_H
#define VERBATIM_WRITE_H

#include "flow.h"
#include "tally/tally.h"

/* escape.c: skip the plain run, copy it whole, handle one. */
void escape_json(Buffer *out, Span text);     /* with the quotes around it; valid UTF-8 in, valid JSON out */
void escape_html(Buffer *out, Span text);     /* < > & " ' */
void escape_csv(Buffer *out, Span text);      /* RFC 4180; a cell that a spreadsheet would run (= + - @ tab, CR at its start) gets a ' in front */
void escape_terminal(Buffer *out, Span text); /* control characters and bidirectional overrides shown as \xNN */

/* How a rule number is called: the id that goes into evidence. */
typedef struct {
    Span (*rule_id)(const void *context, const Language *language, uint32_t rule);
    const void *context;
} RuleNames;

/* tagged.c: one response to one line of NDJSON, keys in the contract's order, the line end included. `language` may be NULL ("und"); then result is empty. */
void tagged_line(Buffer *out, const Doc *doc, const Language *language, const Result *result, const Codebook *codebook, RuleNames names);

/* A response that could not be used: source, line, offset, reason, message, and the bytes (cut at 1,000) as one JSON line. */
void reject_line(Buffer *out, const Record *record, const Fail *fail);

/* tables.c: a tally as a table. `language` is a display language (en, ru, zh-Hans, zh-Hant). */
void table_csv(Buffer *out, const Tally *tally);
void table_json(Buffer *out, const Tally *tally);
void table_text(Buffer *out, const Tally *tally, const char *language, size_t rows); /* the `rows` most frequent code:pole of the total; 0: all, by segment too */

/* page.c: the self-contained HTML page: the page's own code and style (report/dist) with the tally's figures as JSON in it. */
void page_html(Buffer *out, const Tally *tally, const char *language);

/* sink.c: where results go: a file or standard output. With a name that ends in .gz the bytes are cut into blocks of 1 MiB and each becomes a gzip
 * member of its own: the file does not depend on how the bytes were handed over, and any gunzip reads it. */
typedef struct Sink Sink;

/* NULL or "-" is standard output. A regular file is written beside its place and moved there by sink_close, so that nobody sees half of it; devices and pipes
 * (/dev/full, a FIFO) are written directly. */
bool sink_open(const char *path, Sink **sink, Fail *fail);
bool sink_write(Sink *sink, Span bytes, Fail *fail);
/* Flushes and closes; on failure, and when `keep` is false, the unfinished file is removed. */
bool sink_close(Sink *sink, bool keep, Fail *fail);

#endif
