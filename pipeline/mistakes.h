/* mistakes — the worst of what the tagger got wrong, as lines for people who mend it. A bounded list keeps the `most` lines of highest rank; among equals the
 * smallest hash of id and text decides, so that which are kept depends on neither threads nor order. */
#ifndef VERBATIM_MISTAKES_H
#define VERBATIM_MISTAKES_H

#include "labelmap.h"
#include "worker.h"
#include "write/write.h"

enum { MISTAKE_BYTES = 10000 }; /* of a text, id or question; more is cut off */

typedef struct {
    uint32_t rank;
    uint64_t hash;
    Span line; /* its own, with the line end */
} Mistake;

/* Worst first. Zeroed: empty. */
typedef struct {
    Mistake *items;
    size_t count, capacity;
} Mistakes;

/* Whether one of that rank would be kept, as far as is known without its line. */
bool mistakes_want(const Mistakes *mistakes, size_t most, uint32_t rank, uint64_t hash);
void mistakes_take(Mistakes *mistakes, size_t most, uint32_t rank, uint64_t hash, Span line);
void mistakes_merge(Mistakes *into, const Mistakes *from, size_t most);
void mistakes_free(Mistakes *mistakes);

/* What a line tells. */
typedef struct {
    const char *kind;   /* false_positive, miss, wrong_sentiment */
    Span label;         /* the tag, the label missed, or the sentiment given */
    uint16_t p;         /* of the tag, or of a sentiment that a model gave, in ten-thousandths; 0: none */
    const Tag *tag;     /* with its evidence; NULL: none */
    const Seen *seen;
    const Marked *marked;
    int gold_sentiment; /* < 0: none */
} MistakeFacts;

/* {"kind","label","p","id","lang","question","text","gold","given","sentiment":{"gold","given","score"},"evidence":[{"start","end","text","rule"}]}: p null where nothing
 * was given, or no model asked of the sentiment; question where there is one; rule but of words that weighed in a model; `"text_cut":true` behind a text that was cut, of which evidence that it does not hold is left out. */
void mistake_line(Buffer *out, const MistakeFacts *facts, RuleNames names);

#endif
