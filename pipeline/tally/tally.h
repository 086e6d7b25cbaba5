/* tally — counts by segment and code, in integers, that merge exactly.
 *
 * A Tally is one worker's, one file's or one night's. merge(tally(a), tally(b)) is tally(a + b), byte for byte once written, in whatever order and shape the
 * merging was done: counts are sums, quotes are the k smallest by a seeded hash. */
#ifndef VERBATIM_TALLY_H
#define VERBATIM_TALLY_H

#include "flow.h"

/* What a tally is of; two tallies that differ in it do not merge. Codes, poles and names come from the codebook and are written into the file, so that tables
 * and pages need nothing else. */
typedef struct {
    const Codebook *codebook;
    const char *const *segments;
    size_t segment_count;
    size_t quotes; /* kept for each code and pole, in total and for each segment value; 0: none */
} TallySettings;

typedef struct Tally Tally;

Tally *tally_open(const TallySettings *settings); /* settings are copied, the codebook must outlive the tally */
void tally_close(Tally *tally);

/* tally_add — counts one tagged response: sentiment, each code and pole, each net, in total and for each of its segment values; and keeps it as a quote
 * where its hash is small enough.
 *   in  doc     its segments are settings' segments in that order; weight in millionths
 *   thread one at a time for a tally */
void tally_add(Tally *tally, const Doc *doc, const Result *result);

/* One response that was read and not tagged: counted, so that read = tagged + rejected. */
void tally_reject(Tally *tally);

/* Counts of `from` into `into`; refused where they are of different things.
 *   fails  FAIL_SETUP: the message names the difference ("codebook 1f.. and 2a..", "segment 'age' and none") */
bool tally_merge(Tally *into, const Tally *from, Fail *fail);

/* The file: one JSON object a line (a head, then one line for the total and for each segment value, sorted), the same bytes for the same counts. */
void tally_write(const Tally *tally, Buffer *out);

/* tally_read — a file's bytes to a Tally of its own codebook (names included), which lives in keep.
 *   fails  FAIL_SETUP with source, line and what was found */
bool tally_read(Span bytes, const char *source, Arena *keep, Tally **tally, Fail *fail);

/* ---- looking at a tally ---- */

typedef struct {
    uint64_t read, tagged, rejected;
} TallyTotals;

TallyTotals tally_totals(const Tally *tally);
const Codebook *tally_codebook(const Tally *tally);

/* Cell — one segment value, or the total (segment NULL). */
typedef struct {
    const char *segment; /* NULL: the total */
    Span value;
    uint64_t base;           /* responses */
    int64_t base_weight;     /* sum of weights, millionths */
    uint64_t sentiment[SENTIMENT_COUNT];
    int64_t sentiment_weight[SENTIMENT_COUNT];
    bool weighted;           /* any weight was not 1 */
} Cell;

size_t tally_cells(const Tally *tally); /* the total is cell 0, then segments in order, values sorted */
Cell tally_cell(const Tally *tally, size_t cell);

/* Responses in a cell with a code (or net, numbered behind the codes) and pole; POLE_NONE for codes without poles, and for a code or net "at either pole". */
typedef struct {
    uint64_t responses;
    int64_t weight; /* millionths */
    double share, low, high; /* of the cell's base, weighted where weights were given; 95 % Wilson score interval (1927), with Kish's effective base when weighted */
} Count;

Count tally_count(const Tally *tally, size_t cell, size_t code, int pole);

/* Quote — a response kept to show what a code means. */
typedef struct {
    Span id, text, lang;
    struct {
        uint32_t start, end; /* code points */
    } *marks;                /* the evidence, in text order */
    size_t mark_count;
} Quote;

size_t tally_quotes(const Tally *tally, size_t cell, size_t code, int pole, Quote *quotes, size_t room);

#endif
