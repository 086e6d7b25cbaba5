#include "text/stem.h"

#include <libstemmer.h>

#include "base/utf8.h"
#include "text/stem_rules.h"

/* Our own stemmers: rules alone, or rules before one of libstemmer's. */
typedef struct {
    const char *name;
    void (*rules)(Spelling *form);
    const char *snowball; /* NULL: the rules are all */
} Own;

static const Own owns[] = {
    {"korean", stem_korean, NULL},
    {"arabic-light", stem_arabic, NULL},
    {"hebrew", stem_hebrew, NULL},
    {"indonesian-informal", stem_indonesian, "indonesian"},
    {"vietnamese", stem_vietnamese, NULL},
    {"german-typed", stem_german, "german"},
    {"turkish-typed", stem_turkish, NULL},
    {"polish-typed", stem_polish, NULL},
};

struct Stemmer {
    struct sb_stemmer *snowball; /* NULL: rules alone */
    void (*rules)(Spelling *form);   /* NULL: libstemmer alone */
};

static const Own *own_find(const char *name) {
    for (size_t i = 0; i < sizeof owns / sizeof *owns; i++) {
        if (strcmp(owns[i].name, name) == 0) return &owns[i];
    }
    return NULL;
}

Stemmer *stemmer_open(const char *name) {
    const Own *own = own_find(name);
    const char *below = own ? own->snowball : name;
    struct sb_stemmer *snowball = below ? sb_stemmer_new(below, NULL) : NULL;
    if (below && !snowball) return NULL;
    Stemmer *stemmer = memory_alloc(sizeof *stemmer);
    *stemmer = (Stemmer){snowball, own ? own->rules : NULL};
    return stemmer;
}

void stemmer_close(Stemmer *stemmer) {
    if (!stemmer) return;
    if (stemmer->snowball) sb_stemmer_delete(stemmer->snowball);
    memory_free(stemmer);
}

/* False where the bytes are not UTF-8. */
static bool spelling_read(Span text, Spelling *form) {
    form->count = 0;
    form->done = false;
    for (size_t i = 0; i < text.len;) {
        unsigned char lead = (unsigned char)text.data[i];
        size_t len = utf8_len(lead);
        if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || len > text.len - i) return false;
        for (size_t k = 1; k < len; k++) {
            if (((unsigned char)text.data[i + k] & 0xc0) != 0x80) return false;
        }
        form->points[form->count++] = utf8_decode(text.data + i);
        i += len;
    }
    return form->count > 0;
}

static Span spelling_write(const Spelling *form, char *out) {
    size_t len = 0;
    for (size_t i = 0; i < form->count; i++) len += utf8_encode(form->points[i], out + len);
    return (Span){out, len};
}

Span stemmer_stem(Stemmer *stemmer, Span folded, Arena *arena) {
    if (!stemmer || folded.len > STEM_BYTES_MAX) return folded;
    char out[4 * SPELLING_MAX];
    Span stem = folded;
    bool done = false;
    if (stemmer->rules) {
        Spelling form;
        if (!spelling_read(folded, &form)) return folded;
        stemmer->rules(&form);
        stem = spelling_write(&form, out);
        done = form.done;
    }
    if (stemmer->snowball && !done) {
        const sb_symbol *bytes = sb_stemmer_stem(stemmer->snowball, (const sb_symbol *)stem.data, (int)stem.len);
        if (bytes) stem = (Span){(const char *)bytes, (size_t)sb_stemmer_length(stemmer->snowball)};
    }
    return !stem.len || span_equal(folded, stem) ? folded : arena_copy(arena, stem);
}
