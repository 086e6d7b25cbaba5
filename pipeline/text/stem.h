/* stem — a folded form to its stem. Inside text/ only. Not thread-safe: one a worker. */
#ifndef VERBATIM_STEM_H
#define VERBATIM_STEM_H

#include "base/arena.h"
#include "base/span.h"

enum { STEM_BYTES_MAX = 256 }; /* longer forms are no words of a language, and are their own stems */

typedef struct Stemmer Stemmer;

/* stemmer_open — by the name that languages.tsv gives: libstemmer's. NULL: there is none of that name. */
Stemmer *stemmer_open(const char *name);
void stemmer_close(Stemmer *stemmer);

/* stemmer_stem — a copy in arena; folded itself where stemmer is NULL or changes nothing. */
Span stemmer_stem(Stemmer *stemmer, Span folded, Arena *arena);

#endif
