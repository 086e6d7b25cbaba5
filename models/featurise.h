/* featurise — a response as numbers: what a linear model adds up weights of.
 *
 * A feature is known by a 64-bit hash of what it is made of. Four kinds:
 *   inside a word     its folded form; n-grams of 3 to 5 characters of <form>. They depend on the word alone, so that a scorer adds them up once a word.
 *   between words     two words that follow each other in a sentence; of languages without spaces two, three and four characters
 *   facts             what others found: codes that the lexicons gave, the signs and the strength of their sentiment, the question's role
 *   fields            values that the response brings: question, rating, segments; only where a model was trained on them
 *
 * Whatever changes the hashes of the same response must change FEATURES_VERSION: a model holds hashes, not words. */
#ifndef VERBATIM_FEATURISE_H
#define VERBATIM_FEATURISE_H

#include "flow.h"

enum { FEATURES_VERSION = 1 };

/* What a model looks at beside words. */
enum { FEATURE_LEXICONS = 1, FEATURE_QUESTION = 2, FEATURE_RATING = 4, FEATURE_SEGMENTS = 8, FEATURE_ALL = 15 };

/* Hashes, in text order; one that occurs twice stands twice. */
typedef struct {
    uint64_t *items;
    size_t count, capacity;
} Features;

/* Those inside a word. The hash of the word itself comes first. */
void features_word(const Word *word, Features *features, Arena *arena);

/* Those between a token and the ones before it.
 *   in  words  [token + 1 at least] the hash of each token's word, as features_word gives it first */
void features_between(const Tokens *tokens, const uint64_t *words, size_t token, Features *features, Arena *arena);

/* Facts and fields.
 *   in  codebook  the tags' names: hashes do not depend on the order of codes
 *       kinds     FEATURE_... bits */
void features_facts(const Doc *doc, const Tokens *tokens, const Result *result, const Codebook *codebook, unsigned kinds, Features *features, Arena *arena);

#endif
