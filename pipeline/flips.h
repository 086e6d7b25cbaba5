/* flips — what responses gain and lose when one lexicon takes the place of another: by code and pole, rating and segment value.
 *
 * Memory is bounded for any dump: ratings fall into classes; of a segment's values the VALUES_MAX with the smallest hashes have cells of their own, and the others share
 * one. Those are the same ones however the responses were shared out among threads. */
#ifndef VERBATIM_FLIPS_H
#define VERBATIM_FLIPS_H

#include "example.h"
#include "run.h"

enum { RATINGS = 24, VALUES_MAX = 200 };

/* Flip — responses with a label before and after, or only on one side. */
typedef struct {
    uint64_t kept, gained, lost;
} Flip;

/* Cell of flips: all responses, or those of a rating or segment value. */
typedef struct {
    uint64_t responses, changed;
    Flip *labels; /* [labels] */
} FlipCell;

typedef struct {
    uint64_t hash;
    Span value; /* its own */
    FlipCell cell;
} FlipValue;

typedef struct {
    FlipValue *values; /* by hash */
    size_t count;
    bool full;         /* some were given to `others` */
    FlipCell others;
} FlipSegment;

/* FlipFrame — the labels of both codebooks: each code at each pole, then the four sentiments. Const while responses are compared. */
typedef struct {
    const Plan *before, *after;
    Span *codes;
    size_t code_count, label_count;
    uint32_t *of_before, *of_after; /* code of a codebook to code of the frame */
    size_t examples;                /* kept for each label gained, and lost */
    Table known;
} FlipFrame;

void flipframe_open(FlipFrame *frame, const Plan *before, const Plan *after, size_t examples, Arena *keep);
void flipframe_close(FlipFrame *frame);
Span flipframe_code(const FlipFrame *frame, size_t label); /* `sentiment` for the last four */
bool flipframe_is_sentiment(const FlipFrame *frame, size_t label);
const char *flipframe_pole(const FlipFrame *frame, size_t label);

/* Flips — of one thread, or of all after merging. */
typedef struct {
    const FlipFrame *frame;
    Worker *worker; /* of the plan `after` */
    FlipCell total;
    FlipCell ratings[RATINGS];
    FlipSegment *segments; /* [segments asked for] */
    Examples *gained, *lost; /* [labels] */
    uint8_t *sides;          /* [labels] of the response at hand: bit 1 before, bit 2 after */
} Flips;

Flips *flips_open(const FlipFrame *frame);
void flips_close(Flips *flips);

/* flips_add — `seen` as the plan `before` saw it; tags it by the other. */
void flips_add(Flips *flips, const Seen *seen);
void flips_merge(Flips *into, Flips *from);

/* `0` to `10`, `11-20`, ..., `below 0`, `above 100`. */
void rating_name(size_t rating, char name[static 16]);

#endif
