/* marks — what labelled texts are counted as, by language, segment and coder, and the figures that follow. Memory does not grow with the texts, but with labels,
 * rows (languages, values of segments, coders) and the mistakes kept. */
#ifndef VERBATIM_MARKS_H
#define VERBATIM_MARKS_H

#include "calibration.h"
#include "coders.h"
#include "labelmap.h"
#include "mistakes.h"
#include "score.h"

enum { MACRO_LEAST = 5 }; /* gold cases of a label that goes into macro-F1 */

typedef struct {
    const LabelMap *map;
    const Codebook *codebook;
    const char *const *segments; /* names */
    size_t segment_count;
    size_t resamples; /* for intervals; 0: none */
    uint64_t seed;
    size_t mistakes;  /* kept of each kind */
    RuleNames names;
} MarkSettings;

/* Grouping — texts by language, or by the values of a segment: these are the rows. */
typedef struct {
    Scores scores;
    Scores left;  /* labels that nothing is known of, as gold */
    Scores tags;  /* with a map of sections: codes given, and as gold those of them that are right */
    Scores exact; /* as of Marks.exact and sure, for as many rows as have intervals: these tables are wide */
    Scores sure;
} Grouping;

/* False positives by net: only at the end is known which nets were coded. */
typedef struct {
    Span net; /* its own */
    Mistakes mistakes;
} NetMistakes;

/* Marks — of the texts that one thread saw, or of all. */
typedef struct {
    Arena keep;
    Grouping *groupings; /* [1 + segments] by language, then by each segment */
    size_t grouping_count;
    Scores exact;    /* of all texts: those with all of their gold labels, as gold of a label that lists the nets of what else was given */
    Scores sure;     /* of all texts: tags by label, line end and p; as gold those that are right */
    Scores by_coder; /* the tagger against each coder, by name */
    Scores majority; /* and against what more than half of a text's coders say */
    Scores coders_left; /* their labels that nothing is known of */
    Scores odd_sentiments; /* gold and coders' ones that are none of ours, as labels */
    Coders coders;   /* among themselves */
    NetMistakes *wrong;
    size_t wrong_count, wrong_capacity;
    Mistakes missed, sentiments;
} Marks;

void marks_open(const MarkSettings *settings, Marks *marks);

/* One text. Its gold are its labels and sentiment; where it has none, what more than half of its coders say: of labels, each that more than half gave;
 * of sentiment, none where none has more than half. */
void marks_add(Marks *marks, const MarkSettings *settings, const Seen *seen, Arena *scratch);

void marks_merge(Marks *into, const Marks *from, const MarkSettings *settings);
void marks_finish(Marks *marks); /* before marks_measure and marks_mistakes */
void marks_free(Marks *marks);

/* Measures — of the texts of a row. Where labels are the set's own, they share codes: then precision is over tags, so that a wrong one is one error, and recall
 * over labels. */
typedef struct {
    uint64_t texts;                      /* with labels or with sentiment, whichever are more in a row */
    uint64_t gold, found, tagged, right; /* labels; tags */
    double precision, recall, f1, macro, weighted, exact, hamming, kappa, alpha;
    double sentiment_macro, sentiment_accuracy, sentiment_kappa, sentiment_alpha;
    Interval f1_interval, sentiment_interval;
    Interval macro_interval, weighted_interval; /* of all texts only */
    Calibration calibration;             /* this, exact and intervals of a row: not told where there are more than ROWS_RESAMPLED */
} Measures;

/* row: of the grouping's scores, or SIZE_MAX for all. */
Measures marks_measure(const Marks *marks, const MarkSettings *settings, size_t grouping, size_t row);

/* The lines: false positives, the surest first; misses, a random sample where there are too many; wrong sentiments, the strongest first. */
void marks_mistakes(const Marks *marks, const MarkSettings *settings, Buffer *out);

static inline bool map_has_sections(const LabelMap *map) { return map->labels || map->aspects; }

#endif
