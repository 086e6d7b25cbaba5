/* write — results and tallies to bytes that someone else reads. Everything that came from a respondent is escaped here. */
#ifndef VERBATIM_WRITE_H
#define VERBATIM_WRITE_H

#include "flow.h"
#include "tally/tally.h"

/* escape.c: skip the plain run, copy it whole, handle one. */
void escape_json(Buffer *out, Span text);   /* with the quotes around it; valid UTF-8 in, valid JSON out */
void escape_script(Buffer *out, Span text); /* the same, for JSON inside <script>: < > & and U+2028, U+2029 as \u escapes too */
void escape_bytes(Buffer *out, Span bytes); /* as escape_json, of bytes that may be anything: what is no UTF-8 becomes U+FFFD */
void escape_html(Buffer *out, Span text);   /* < > & " ' */
void escape_csv(Buffer *out, Span text);    /* RFC 4180; what a spreadsheet would run (= + - @ tab CR LF first) gets a ' in front */
void escape_terminal(Buffer *out, Span text); /* control characters, bidirectional marks and bytes that are no UTF-8 shown as \xNN */

/* How a rule number is called: the id that goes into evidence. */
typedef struct {
    Span (*rule_id)(const void *context, const Language *language, uint32_t rule);
    const void *context;
} RuleNames;

/* tagged.c: one response to one line of NDJSON, keys in the contract's order, the line end included. `language` may be NULL; then result
 * is empty.
 *
 * "lang" is the response's own tag where it names that language (zh-Hant of zh) or one that is not ours, else the language's code, else
 * "und".
 *
 * Members of doc->keep come last; one that is called like a key of ours gets "input_" in front, so that no key stands twice. */
void tagged_line(Buffer *out, const Doc *doc, const Language *language, const Result *result, const Codebook *codebook, RuleNames names);

/* A response that could not be used, as one JSON line: source, line and offset (of the record's first byte), column (of the fault in it,
 * where known), reason, message, and the record's bytes, cut at REJECT_BYTES. */
enum { REJECT_BYTES = 1000 };
void reject_line(Buffer *out, const Record *record, const Fail *fail);

/* tables.c: a tally as a table. `language` is a display language (en, ru, zh-Hans, zh-Hant).
 *
 * Tidy: `segment,value,code,polarity,responses,base,share,low,high`; the total first (segment and value empty, in JSON null). In each cell
 * the same rows: the code `sentiment` with its four labels, then codes in codebook order, each net before its first code, each at the poles
 * that occur in the total (a row may so be 0 in a cell). Codes without poles have an empty polarity (JSON: null); so has a net where codes
 * without poles are counted. Where any weight was given, responses and base are sums of weights, so that share = responses / base. Codes
 * and nets are told apart by their ids: a net that is called like a code is left out. */
void table_csv(Buffer *out, const Tally *tally);
void table_json(Buffer *out, const Tally *tally);
/* The `rows` most frequent codes and poles of the total; 0: all, by segment too. 100 columns. */
void table_text(Buffer *out, const Tally *tally, const char *language, size_t rows);

/* page.c: the self-contained HTML page: the page's own code and style (report/dist) with the tally's figures as JSON in it. */
void page_html(Buffer *out, const Tally *tally, const char *language);
void page_data(Buffer *out, const Tally *tally, const char *language); /* those figures alone; see report/DATA.md */

/* sink.c: where results go: a file or standard output. With a name that ends in .gz the bytes are cut into blocks of 1 MiB and each becomes
 * a gzip member of its own: the file does not depend on how the bytes were handed over, and any gunzip reads it. */
typedef struct Sink Sink;

/* NULL or "-" is standard output. A regular file is written beside its place and moved there by sink_close, so that nobody sees half of it;
 * devices and pipes (/dev/full, a FIFO) are written directly. */
bool sink_open(const char *path, Sink **sink, Fail *fail);
bool sink_write(Sink *sink, Span bytes, Fail *fail);
/* Flushes and closes; on failure, and when `keep` is false, the unfinished file is removed. A sink whose sink_write failed is not kept: it
 * fails again. */
bool sink_close(Sink *sink, bool keep, Fail *fail);

#endif
