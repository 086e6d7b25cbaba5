/* split — where records end.
 *
 * NDJSON: at every line feed. CSV and TSV: at a line feed outside of quotes; a quote opens only at the start of a field and two of them
 * stand for one, as RFC 4180 has it. A carriage return before the line feed belongs to the line end. Lines that are blank are passed over.
 *
 * Memory is bounded by record_bytes, whatever the input:
 *   - a record longer than that is cut there and what follows is skipped up to the next line feed (SPLIT_LONG);
 *   - a record of several lines that is longer than that, or whose quotes are open at the end of the file, is taken for one in which a
 *     quote was forgotten: it ends with the line in which its first quoted field of several lines opened (SPLIT_UNCLOSED), and the next
 *     record starts at the line after that.
 * The second rule looks at bytes again. Input made to need that at every line would cost a square of its size, so after REWINDS_MAX times
 * within a stretch that has been looked at, each line of the rest of that stretch is a record whatever its quotes. */
#ifndef VERBATIM_SPLIT_H
#define VERBATIM_SPLIT_H

#include "base/span.h"

enum { REWINDS_MAX = 8 };

typedef enum { SPLIT_WHOLE, SPLIT_LONG, SPLIT_UNCLOSED, SPLIT_CUT } SplitKind;

/* A record found, without its line end. */
typedef struct {
    SplitKind kind;
    Span bytes;
    uint64_t line, offset;  /* of its first byte */
    uint64_t quote_line;    /* SPLIT_UNCLOSED: where the quote opened */
    uint64_t quote_column;  /* in bytes, from 1 */
} Piece;

/* State in one file. `start` and `at` are places in the buffer that the caller fills; all that lies before `start` is done with. */
typedef struct {
    size_t record_bytes;
    char delimiter;         /* 0: NDJSON */
    size_t start, at;       /* first byte of the record under way, and the next to be looked at */
    uint64_t line, offset;  /* of `start` */
    uint8_t state;
    size_t quote;           /* place of the last opening quote */
    size_t broken_quote;    /* of the first one in the record that has a line feed before its closing one; SIZE_MAX: none */
    bool skipping;          /* behind a record that was too long */
    uint64_t looked_until;  /* offset up to which bytes were searched for a closing quote in vain */
    unsigned rewinds;
} Split;

/* Starts a file whose first byte will be at `start` in the buffer. */
void split_begin(Split *split, size_t record_bytes, size_t start);

/* The buffer's bytes have moved so that the record under way starts at 0; it will be looked at from its start again. */
void split_moved(Split *split);

/* split_next — the next record in buffer.
 *   in     ended  no more bytes will follow these
 *          cut    they should have: the last record, if it has no line end, is SPLIT_CUT
 *   out    piece  its bytes are the buffer's
 *   gives  false where more bytes are needed, or nothing is left */
bool split_next(Split *split, Span buffer, bool ended, bool cut, Piece *piece);

#endif
