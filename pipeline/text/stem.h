/* stem — a folded form to its stem. Inside text/ only. Not thread-safe: one a worker. */
#ifndef VERBATIM_STEM_H
#define VERBATIM_STEM_H

#include "base/arena.h"
#include "base/span.h"

enum { STEM_BYTES_MAX = 256 }; /* longer forms are no words of a language, and are their own stems */

typedef struct Stemmer Stemmer;

/* stemmer_open — by the name that languages.tsv gives: libstemmer's, or one of our own: korean, arabic-light, hebrew, indonesian-informal,
 * vietnamese, german-typed, turkish-typed, polish-typed (see stem_rules.h). NULL: there is none of that name. */
Stemmer *stemmer_open(const char *name);
void stemmer_close(Stemmer *stemmer);

/* stemmer_stem — a copy in arena, never empty unless folded is; folded itself where stemmer is NULL or changes nothing. Any bytes will do:
 * what is not UTF-8 is its own stem. */
Span stemmer_stem(Stemmer *stemmer, Span folded, Arena *arena);

#endif
