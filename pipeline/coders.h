/* coders — how well people who coded the same texts agree: Krippendorff's alpha (see score.h for its formula).
 *
 * For each label, whether it applies; pooled, each text with each label; sentiment, nominal; and label sets, two of which differ by the distance MASI
 * (Passonneau 2006):
 *     1 - |A and B| / |A or B| * m,  m = 1 where they are the same, 2/3 where one holds the other, 1/3 where they share some, 0 where none
 * alpha of sets = 1 - (mean distance of two values within a text) / (mean distance of any two values); two empty sets are the same.
 * Texts with one coder say nothing. Sums are of integers: any number of threads gives the same. */
#ifndef VERBATIM_CODERS_H
#define VERBATIM_CODERS_H

#include "base/table.h"
#include "flow.h"

enum { SETS_MAX = 4096 }; /* different label sets of which all pairs are looked at; with more, alpha of sets is not told */

/* Pairs of values, each counted from both ends, over one less than the text's values, in 1/360360ths: a whole number with up to 16 coders. */
typedef struct {
    uint64_t yes, differ; /* of yes with yes; of yes with no */
} LabelPairs;

/* Coders — of the texts that one thread saw, or of all. Zeroed: empty. */
typedef struct {
    Arena keep;
    Table labels;
    Span *names;
    size_t count, capacity;
    LabelPairs *pairs;      /* [label] */
    size_t pair_count, pair_capacity;
    uint64_t texts, values; /* with two coders' labels or more; codings of these */
    uint64_t sentiment_texts;
    uint64_t sentiments[SENTIMENT_COUNT][SENTIMENT_COUNT];
    Table sets;             /* sorted labels, a line end behind each, to their number */
    Span *set_names;
    size_t set_count, set_capacity;
    uint64_t *set_uses;     /* [set] */
    size_t use_count, use_capacity;
    uint64_t set_distance;  /* within texts, in 1/360360 of a millionth */
} Coders;

/* One coder's labels of a text. */
typedef struct {
    const Span *items;
    size_t count;
} LabelSet;

/* A text: what `count` coders, at most 16, said. */
void coders_add(Coders *coders, const LabelSet *sets, size_t count);
void coders_add_sentiments(Coders *coders, const int *sentiments, size_t count);

void coders_merge(Coders *into, const Coders *from);
void coders_free(Coders *coders);

/* NAN where nothing can be told: no texts, or all values the same. */
double coders_alpha(const Coders *coders, size_t label);
double coders_alpha_pooled(const Coders *coders);
double coders_alpha_sets(const Coders *coders);
double coders_alpha_sentiment(const Coders *coders);

/* Share, in millionths, of the way from the same to nothing in common. */
uint64_t masi_distance(LabelSet a, LabelSet b);

#endif
