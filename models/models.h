/* models — linear models over n-grams and over what the lexicons say: labels with calibrated probabilities, and the words that weighed most.
 *
 * A Model is a mapped file, const and shared by all workers; a Scorer is one worker's. Sums are integers, so that nothing depends on the order of
 * adding. For a response with features f, counted as often as they occur:
 *
 *   score[o] = scale[o] * sum(weight[f][o]) / |text|  +  sum(facts[f][o])  +  bias[o]        |text| = sqrt(sum(idf[f]^2))
 *   p[o]     = 1 / (1 + exp(-(slope[o] * score[o] + offset[o])))                             Platt 1999
 *
 * The weights are those of one-against-the-rest support vector machines with squared hinge loss (solver.h). */
#ifndef VERBATIM_MODELS_H
#define VERBATIM_MODELS_H

#include "flow.h"

typedef enum { TARGET_LABELS, TARGET_SENTIMENT, TARGET_COUNT } Target;

/* What a threshold is chosen for: F1, F0.5, F2. */
typedef enum { PRESET_BALANCED, PRESET_PRECISION, PRESET_RECALL, PRESET_COUNT } Preset;

enum { OUTPUTS_MAX = 255 };

typedef struct Model Model;

/* ModelInfo — what a model is. */
typedef struct {
    Target target;
    bool lexicons;      /* what they give is among its features */
    bool single;        /* each text has one label: the likeliest is given */
    unsigned kinds;     /* FEATURE_... bits */
    const Span *labels; /* [label_count] in the order of outputs; sentiments by name */
    size_t label_count;
    uint64_t checksum;  /* of the file: its identity */
    uint64_t examples;  /* trained on */
    const char *name;   /* the file's name without folder and ending */
} ModelInfo;

/* model_open — maps a file.
 *   lives  until model_close; names in keep
 *   fails  FAIL_FILE, FAIL_SETUP: no model, damaged, of other features than this program makes */
bool model_open(const char *path, Arena *keep, const Model **model, Fail *fail);
void model_close(const Model *model);
const ModelInfo *model_info(const Model *model);

/* The probability from which on a label is given. */
double model_threshold(const Model *model, size_t label, Preset preset);

typedef struct Scorer Scorer;

Scorer *scorer_open(const Model *model);
void scorer_close(Scorer *scorer);

/* To be called whenever the memo whose Words it has seen is emptied. */
void scorer_clear(Scorer *scorer);

/* scorer_run — probabilities of one response.
 *   in     result  of the lexicons; empty where they know nothing of the language
 *   out    p       [label_count] in scratch
 *   thread one at a time for a scorer */
const double *scorer_run(Scorer *scorer, const Doc *doc, const Tokens *tokens, const Result *result, const Codebook *codebook, Arena *scratch);

/* Stretch — tokens, last included. */
typedef struct {
    uint32_t first, last;
} Stretch;

enum { STRETCHES_MAX = 3 };

/* scorer_evidence — the stretches of tokens that weighed most for a label in the last scorer_run, in text order; without them p is lower.
 *   out    stretches  [STRETCHES_MAX]; none where the words of the text speak against the label, or facts alone decided */
size_t scorer_evidence(Scorer *scorer, size_t label, Stretch *stretches);

#endif
