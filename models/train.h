/* train — examples to a model.
 *
 * Examples come as bytes, so that workers can make them side by side and a Dataset takes them in the order of the input: the same
 * model for any number of threads. */
#ifndef VERBATIM_TRAIN_H
#define VERBATIM_TRAIN_H

#include "featurise.h"
#include "models.h"

/* Example — one labelled response. */
typedef struct {
    const Features *text, *facts; /* hashes */
    const Span *labels;
    size_t label_count;
    uint64_t fold;   /* hash of what must not be split: an equal one goes into the same fold */
    uint32_t domain; /* the file it is from: each has its own habits of labelling */
} Example;

void example_write(const Example *example, Buffer *out);

typedef struct Dataset Dataset;

Dataset *dataset_open(void);
void dataset_close(Dataset *dataset);

/* Takes examples that example_write wrote, any number of them. */
void dataset_take(Dataset *dataset, Span examples);
size_t dataset_count(const Dataset *dataset);

/* Runs work(owns[t], i) for i below `count` on any threads. */
typedef void (*TrainEach)(size_t count, size_t threads, void *const *owns, void (*work)(void *own, size_t index));

typedef struct {
    Target target;
    unsigned kinds;      /* FEATURE_... bits that the examples' facts were made of */
    size_t least;        /* a label with fewer examples is left out */
    size_t folds;        /* of cross-validation, 2 at least */
    uint64_t seed;
    double cost;         /* C; 0: the best of a few by cross-validation */
    size_t threads;
    TrainEach each;
    void (*progress)(void *context, double part); /* 0 to 1; NULL: none */
    void *context;
} TrainSettings;

/* LabelReport — one label by cross-validation, at the balanced threshold. */
typedef struct {
    Span label;
    size_t count;              /* texts that have it */
    size_t given, right;
    double precision, recall, f1;
    double thresholds[PRESET_COUNT];
} LabelReport;

enum { CURVE_MAX = 4 };

/* TrainReport — what the card tells. All by cross-validation: each text was scored by a model that had not seen it. */
typedef struct {
    bool single;
    size_t examples, features, facts, cells;
    double cost;
    LabelReport *labels; /* [label_count] in the order of outputs; in keep */
    size_t label_count;
    Span *left;          /* labels that had too few texts; in keep */
    size_t left_count;
    double precision, recall, micro_f1, macro_f1; /* labels */
    double accuracy;     /* single: texts whose likeliest label is right */
    double calibration;  /* expected calibration error of p, 10 bins of equal width, over all labels and texts */
    uint32_t *confusion; /* single: [label][given]; in keep. NULL: several labels a text */
    struct {
        size_t examples;
        double score;    /* single: accuracy, else micro-F1 */
    } curve[CURVE_MAX];  /* learning curve: one fold scored by models of fewer examples */
    size_t curve_count;
    uint64_t data_hash;  /* of all examples, in order */
} TrainReport;

/* model_train — examples to the bytes of a model file.
 *   out    report, bytes
 *   fails  FAIL_SETUP: nothing to learn (no examples, no label with `least` of them, more than OUTPUTS_MAX labels) */
bool model_train(Dataset *dataset, const TrainSettings *settings, Arena *keep, TrainReport *report, Buffer *bytes, Fail *fail);

#endif
