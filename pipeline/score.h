/* score — how well tags agree with gold: counts by label and language, and what follows from them. */
#ifndef VERBATIM_SCORE_H
#define VERBATIM_SCORE_H

#include "base/table.h"
#include "flow.h"

typedef struct {
    uint64_t both, tagged, gold; /* both: right tags */
} Agreement;

/* Scores — of the texts that one thread saw, or of all after merging. A zeroed one is empty. */
typedef struct {
    Arena keep;
    Table labels;          /* `code:pole`, code or a set's own label, to its number */
    Span *names;
    size_t name_count, name_capacity;
    Table languages;       /* primary subtags */
    Span *tags;
    size_t tag_count, tag_capacity;
    Agreement *cells;      /* [language][label], see scores_cell */
    size_t rows, columns;
    uint64_t (*confusion)[SENTIMENT_COUNT][SENTIMENT_COUNT]; /* [language][gold][given] */
    uint64_t *texts, *sentiments; /* [language] texts with labels; with sentiment */
} Scores;

/* One text: its gold labels and those given, both codes or both the set's own. `gold_labels` NULL: not labelled; gold_sentiment < 0: none. */
void scores_add(Scores *scores, Span language, const Span *gold_labels, size_t gold_count, const Span *given_labels, size_t given_count, int gold_sentiment, int given_sentiment);

/* Sums of both; `from` stays. */
void scores_merge(Scores *into, const Scores *from);
void scores_free(Scores *scores);

/* Labels whose net occurs nowhere in the gold were not coded there: they do not count. Sums over labels, of a language (index) or of all (SIZE_MAX). */
Agreement scores_micro(const Scores *scores, size_t language);
/* Mean F1 over the labels with `least` gold cases or more. */
double scores_macro(const Scores *scores, size_t language, uint64_t least);
Agreement scores_label(const Scores *scores, size_t language, size_t label);
bool scores_coded(const Scores *scores, size_t label);

double agreement_precision(Agreement agreement);
double agreement_recall(Agreement agreement);
double agreement_f1(Agreement agreement);

/* Of the sentiment: mean F1 over the classes that occur in gold, and accuracy. */
double scores_sentiment_macro(const Scores *scores, size_t language);
double scores_sentiment_accuracy(const Scores *scores, size_t language);

#endif
