/* tally — counts by segment and code, in integers, that merge exactly.
 *
 * A Tally is one worker's, one file's or one night's. merge(tally(a), tally(b)) is tally(a + b), byte for byte once written, in whatever
 * order and shape the merging was done: counts are sums, quotes are the k smallest by a seeded hash. */
#ifndef VERBATIM_TALLY_H
#define VERBATIM_TALLY_H

#include "flow.h"

/* What a tally is of; two tallies that differ in it do not merge. Codes, poles and names come from the codebook and are written into the
 * file, so that tables and pages need nothing else. */
typedef struct {
    const Codebook *codebook;
    const char *const *segments;
    size_t segment_count;
    size_t quotes;             /* kept for each code and pole, in total and for each segment value; 0: none; QUOTES_MAX at most */
    const char *const *models; /* names of the models that gave tags, in order; NULL where there were none */
    size_t model_count;
} TallySettings;

/* Longer texts (bytes) are counted and never quoted, nor are texts without a byte and responses whose id is longer than a text may be. */
enum { QUOTES_MAX = 1000, QUOTE_BYTES = 2000 };

/* By which hash of id and text quotes are drawn: those with the smallest are kept. */
uint64_t quote_hash(Span id, Span text);

typedef struct Tally Tally;

/* Settings are copied, the codebook must outlive the tally. A segment named twice counts once. */
Tally *tally_open(const TallySettings *settings);
void tally_close(Tally *tally); /* NULL is fine */

/* tally_add — counts one tagged response: sentiment, each code and pole, each net, in total and for each of its segment values; and keeps
 * it as a quote where its hash is small enough. However often a code or a net is found in it, the response counts once.
 *   in     doc  its segments are settings' segments in that order, more are not looked at; a value that is absent counts in no cell;
 *               weight in millionths; lang is the quote's
 *   thread one at a time for a tally */
void tally_add(Tally *tally, const Doc *doc, const Result *result);

/* One response that was read and not tagged: counted, so that read = tagged + rejected. */
void tally_reject(Tally *tally);

/* tally_merge — counts of `from` into `into`; refused where they are of different things, and then `into` is as it was. Sums stop at the
 * top of their type.
 *   thread one at a time for both, and for all tallies merged with them: quotes are shared, not copied
 *   fails  FAIL_SETUP: the message names the difference ("codebook '1f' and '2a'", "segment 'age' and none") */
bool tally_merge(Tally *into, const Tally *from, Fail *fail);

/* The file: one JSON object a line (a head, then one line for the total and for each segment value, sorted), the same bytes for the same
 * counts. */
void tally_write(const Tally *tally, Buffer *out);

/* tally_read — a file's bytes to a Tally of its own codebook (names included), which lives in keep. The file is believed in nothing:
 * members and their order, ids, poles, ranges, sums that cannot be, quotes out of place.
 *   fails  FAIL_SETUP with source, line and what was found; *tally is then NULL */
bool tally_read(Span bytes, const char *source, Arena *keep, Tally **tally, Fail *fail);

/* ---- looking at a tally ---- */

typedef struct {
    uint64_t read, tagged, rejected;
} TallyTotals;

/* The 95 % Wilson score interval (1927) of `share` of a base, which may be Kish's effective one and so no whole number; 0 to 1 where the
 * base is 0. */
void wilson_interval(double share, double base, double *low, double *high);

TallyTotals tally_totals(const Tally *tally);
const Codebook *tally_codebook(const Tally *tally);
size_t tally_segments(const Tally *tally); /* how many, and their names */
const char *tally_segment(const Tally *tally, size_t segment);

/* Cell — one segment value, or the total (segment NULL). */
typedef struct {
    const char *segment; /* NULL: the total */
    Span value;
    uint64_t base;       /* responses */
    int64_t base_weight; /* sum of weights, millionths */
    uint64_t sentiment[SENTIMENT_COUNT];
    int64_t sentiment_weight[SENTIMENT_COUNT];
    bool weighted; /* any weight was not 1 */
} Cell;

size_t tally_cells(const Tally *tally); /* the total is cell 0, then segments in order, values sorted */
Cell tally_cell(const Tally *tally, size_t cell);

/* Mark — a stretch of a quote that proves the tag, in code points, end excluded. */
typedef struct {
    uint32_t start, end;
} Mark;

/* Responses in a cell with a code (or net, numbered behind the codes) and pole; POLE_NONE for codes without poles, and for a code or net
 * "at either pole". */
typedef struct {
    uint64_t responses;
    int64_t weight;          /* millionths */
    double share, low, high; /* of the cell's base, weighted where weights were given; 95 % Wilson score interval (1927), with Kish's
                                effective base when weighted */
} Count;

Count tally_count(const Tally *tally, size_t cell, size_t code, int pole);
Count tally_sentiment(const Tally *tally, size_t cell, int label);
bool tally_poles(const Tally *tally, size_t code); /* has the code poles; a net: has one of its codes */

/* Quote — a response kept to show what a code means. */
typedef struct {
    Span id, text, lang; /* lang `und` where the response had none */
    const Mark *marks;   /* the evidence, in text order, none over another */
    size_t mark_count;
} Quote;

/* The quotes of a code (not of a net) and pole, smallest hash first, `room` at most; how many were given. Spans are the tally's, until it
 * changes. */
size_t tally_quotes(const Tally *tally, size_t cell, size_t code, int pole, Quote *quotes, size_t room);

#endif
