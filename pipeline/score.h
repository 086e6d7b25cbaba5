/* score — how well tags agree with gold: counts by label and row, and what follows from them. A row is a language, a segment's value, or a coder.
 *
 * For a label, of n texts: both = tagged and gold, and
 *     precision = both / tagged    recall = both / gold    F1 = 2 both / (tagged + gold)
 *     Cohen's kappa (1960) = (o - e) / (1 - e), o = share of texts that agree, e = share that would if gold and tags did not know of each other:
 *         (tagged gold + (n - tagged) (n - gold)) / n^2
 *     Krippendorff's alpha (2011) = 1 - (N - 1) sum_{c != k} o_ck / sum_{c != k} n_c n_k, o_ck = pairs of values c and k within a text, each pair counted from
 *         both ends and divided by one less than the values of its text; n_c = sum_k o_ck; N = sum_c n_c. Nominal: any two values differ as much as any others.
 * Over labels: micro sums the counts; macro is the mean of F1; weighted its mean by gold cases; kappa and alpha pooled take each text with each label as one
 * decision; Hamming loss is the share of these that are wrong; exact match the share of texts whose labels are all right, and no more.
 * What has no value (nothing to divide by) is NAN, but precision, recall, F1 and their means, which are 0. */
#ifndef VERBATIM_SCORE_H
#define VERBATIM_SCORE_H

#include "base/table.h"
#include "bootstrap.h"
#include "flow.h"

typedef struct {
    uint64_t both, tagged, gold; /* both: right tags */
} Agreement;

/* The same in each resample: [resamples] each; NULL where nothing was counted. */
typedef struct {
    uint32_t *both, *tagged, *gold;
} Replicas;

enum { ROWS_RESAMPLED = 200 }; /* with more rows, none has intervals: what is kept does not grow with the texts */

/* Scores — of the texts that one thread saw, or of all after merging. A zeroed one is empty; with `resamples` set it counts for intervals, too, in
 * 12 bytes a resample for each label, and each row and net of labels, and 64 for each row with sentiments. */
typedef struct {
    size_t resamples;
    bool rows_only;        /* resample rows, not all of them together and labels */
    Arena keep;
    Table labels;          /* `code:pole`, code or a set's own label, to its number */
    Span *names;
    size_t name_count, name_capacity;
    Table nets;            /* labels up to their first dot */
    Span *net_names;
    size_t net_count, net_capacity;
    uint32_t *net_of;      /* [label] */
    Table row_numbers;
    Span *row_names;
    size_t row_count, row_capacity;
    Agreement *cells;      /* [row][label] */
    size_t rows, columns, net_columns; /* that there is room for */
    uint64_t (*confusion)[SENTIMENT_COUNT][SENTIMENT_COUNT]; /* [row][gold][given] */
    uint64_t *texts, *sentiments; /* [row] texts with labels; with sentiment */
    Replicas *of_labels;   /* [label], of all rows */
    Replicas *of_nets;     /* [row][net] */
    uint32_t **of_sentiments; /* [row] [gold][given][resample] */
    uint32_t *of_all_sentiments; /* [gold][given][resample] */
    Agreement *totals;     /* [label], scores_finish */
    bool *coded;           /* [net], scores_finish */
    size_t *sorted;        /* labels by name, scores_finish: sums of fractions go in this order, or threads would show in their last bits */
} Scores;

/* One text: its gold labels and those given, both codes or both the set's own. `gold_labels` NULL: not labelled; gold_sentiment < 0: none.
 *   in     draws  [resamples] of bootstrap_draws; NULL with no resamples */
void scores_add(Scores *scores, Span row, const Span *gold_labels, size_t gold_count, const Span *given_labels, size_t given_count, int gold_sentiment, int given_sentiment,
                const uint8_t *draws);

/* Sums of both; `from` stays. Both have the same resamples. */
void scores_merge(Scores *into, const Scores *from);
/* To be called after the last scores_add and scores_merge, before anything below. */
void scores_finish(Scores *scores);
void scores_free(Scores *scores);

/* All that follows takes a row's number, or SIZE_MAX for all. Labels whose net occurs nowhere in the gold were not coded there: they do not count. */
size_t scores_row(const Scores *scores, Span name); /* one that has no texts where the name is unknown */
uint64_t scores_texts(const Scores *scores, size_t row);
uint64_t scores_sentiments(const Scores *scores, size_t row);
bool scores_coded(const Scores *scores, size_t label);
bool scores_net_coded(const Scores *scores, Span label); /* of the label's net; any label, also one that has not been seen */
size_t scores_labels(const Scores *scores); /* how many are coded and occur */
Agreement scores_label(const Scores *scores, size_t row, size_t label);
Agreement scores_micro(const Scores *scores, size_t row);
/* Over the labels with `least` gold cases or more, at least one. */
double scores_macro(const Scores *scores, size_t row, uint64_t least);
bool scores_many_rows(const Scores *scores); /* more than ROWS_RESAMPLED */
double scores_weighted(const Scores *scores, size_t row);

Span net_of(Span label);
double agreement_precision(Agreement agreement);
double agreement_recall(Agreement agreement);
double agreement_f1(Agreement agreement);
double harmonic(double precision, double recall);
/* Of `decisions` yes or no: texts for a label, texts times labels pooled. */
double agreement_hamming(Agreement agreement, uint64_t decisions);
double agreement_kappa(Agreement agreement, uint64_t decisions);
double agreement_alpha(Agreement agreement, uint64_t decisions);

/* Nominal alpha of `pairs` [classes][classes], symmetric: pairs[c][k] is o_ck. */
double alpha_nominal(const double *pairs, size_t classes);

/* Of the sentiment: mean F1 over the classes that occur in gold, and accuracy. */
uint64_t scores_confused(const Scores *scores, size_t row, size_t gold, size_t given);
double scores_sentiment_macro(const Scores *scores, size_t row);
double scores_sentiment_accuracy(const Scores *scores, size_t row);
double scores_sentiment_kappa(const Scores *scores, size_t row);
double scores_sentiment_alpha(const Scores *scores, size_t row);

/* Intervals; NAN without resamples, and of a row where there are more than ROWS_RESAMPLED. */
Interval scores_label_interval(const Scores *scores, size_t label);
Interval scores_macro_interval(const Scores *scores, uint64_t least);
Interval scores_weighted_interval(const Scores *scores);
Interval scores_sentiment_interval(const Scores *scores, size_t row);
/* Precision over `tags`, which all count, and recall over `labels`; the same Scores twice: over its coded labels. The row is found in each by its name. */
Interval scores_micro_interval(const Scores *labels, const Scores *tags, size_t row);

#endif
