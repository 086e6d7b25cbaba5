#include "text/stem.h"

#include <libstemmer.h>

struct Stemmer {
    struct sb_stemmer *snowball;
};

Stemmer *stemmer_open(const char *name) {
    struct sb_stemmer *snowball = sb_stemmer_new(name, NULL);
    if (!snowball) return NULL;
    Stemmer *stemmer = memory_alloc(sizeof *stemmer);
    *stemmer = (Stemmer){snowball};
    return stemmer;
}

void stemmer_close(Stemmer *stemmer) {
    if (!stemmer) return;
    sb_stemmer_delete(stemmer->snowball);
    memory_free(stemmer);
}

Span stemmer_stem(Stemmer *stemmer, Span folded, Arena *arena) {
    if (!stemmer || folded.len > STEM_BYTES_MAX) return folded;
    const sb_symbol *bytes = sb_stemmer_stem(stemmer->snowball, (const sb_symbol *)folded.data, (int)folded.len);
    if (!bytes) return folded;
    Span stem = {(const char *)bytes, (size_t)sb_stemmer_length(stemmer->snowball)};
    return span_equal(folded, stem) ? folded : arena_copy(arena, stem);
}
