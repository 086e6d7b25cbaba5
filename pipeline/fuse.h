/* fuse — what the lexicons and the models say of a response, as one result.
 *
 * A model's labels become codes: one that is called like a code of the codebook (`staff.manner:negative`) is that code, any other a code of its own in a net
 * that is called like the model's file. A model that was trained with what the lexicons give as features has weighed it: its probability decides on
 * a tag of theirs, too. Codes that no model knows stay the lexicons'. */
#ifndef VERBATIM_FUSE_H
#define VERBATIM_FUSE_H

#include "models.h"

/* Voice — a model and what its labels are here. */
typedef struct {
    const Model *model;
    uint16_t *codes; /* [labels] codes, or sentiments */
    uint8_t *poles;  /* [labels] */
} Voice;

typedef struct {
    Voice *items;
    size_t count;
    Preset preset;
    bool alone; /* --no-lexicons: what the lexicons find is a feature at most */
} Voices;

/* voices_open — models from files.
 *   in     codebook  of the lexicons
 *   out    extended  the codebook with the models' own codes behind its own; `alone`: with no others
 *   lives  until voices_close, and keep
 *   fails  as model_open; FAIL_SETUP: too many codes */
bool voices_open(const char *const *paths, size_t count, Preset preset, bool alone, const Codebook *codebook, Arena *keep, Voices *voices, const Codebook **extended, Fail *fail);
void voices_close(Voices *voices);

/* fuse — changes result into what is told of the response.
 *   in     scorers   [voices->count]
 *          codebook  of the lexicons, whose tags are in result
 *   out    result    tags in the order of the extended codebook, hits of models with rule HIT_OF_MODEL
 *   lives  in scratch */
void fuse(const Voices *voices, Scorer *const *scorers, const Doc *doc, const Tokens *tokens, const Codebook *codebook, Result *result, Arena *scratch);

#endif
