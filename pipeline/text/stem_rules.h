/* stem_rules — stemmers of our own, for languages that libstemmer does not know, or knows only as they are written in books.
 *
 * A rule and a text go through the same stemmer, so what counts is that the forms of one word meet and those of different words do not;
 * a stem need not be a word. Each function changes the form in place and never leaves it empty; time is linear in its length.
 * thread any; no state. */
#ifndef VERBATIM_STEM_RULES_H
#define VERBATIM_STEM_RULES_H

#include "text/stem.h"

enum { SPELLING_MAX = STEM_BYTES_MAX + 8 /* a contraction undone may add one */ };

/* Spelling — the code points of one folded form. */
typedef struct {
    uint32_t points[SPELLING_MAX];
    size_t count;
    bool done; /* a stem already: what libstemmer would make of it is not asked */
} Spelling;

/* Korean: particles and endings off, irregular verbs to their dictionary stem, -하다 -되다 -스럽다 to the noun before. */
void stem_korean(Spelling *form);

/* Arabic: marks off, letters that are typed for each other made one, article and clitics off, plural and pronoun endings off. */
void stem_arabic(Spelling *form);

/* Hebrew: points off, final letters made plain, one-letter prefixes and plural endings off. */
void stem_hebrew(Spelling *form);

/* Indonesian as typed, before Snowball: doubled words to one, clitics and the prefixes and suffixes of talk to those of the book. */
void stem_indonesian(Spelling *form);

/* Vietnamese: one place for the mark of tone, one spelling of i and y. No endings: the language has none. */
void stem_vietnamese(Spelling *form);

/* German as typed, before Snowball: ae, oe, ue for the umlauts. */
void stem_german(Spelling *form);

/* Turkish as typed: without the letters that ASCII lacks, endings off; the negative of a verb stays apart. */
void stem_turkish(Spelling *form);

/* Polish as typed: without the letters that ASCII lacks, endings off; nie-, naj- and the comparative stay. */
void stem_polish(Spelling *form);

/* True where the last points of the form are those of `ending`. */
static inline bool spelling_ends(const Spelling *form, const uint32_t *ending, size_t len) {
    return form->count >= len && memcmp(form->points + form->count - len, ending, len * sizeof *ending) == 0;
}

static inline bool spelling_starts(const Spelling *form, const uint32_t *start, size_t len) {
    return form->count >= len && memcmp(form->points, start, len * sizeof *start) == 0;
}

static inline bool spelling_is(const Spelling *form, const uint32_t *word, size_t len) {
    return form->count == len && spelling_starts(form, word, len);
}

/* True where the points begin with a text in U"". Most do not, and that shows in the first. */
static inline bool points_begin(const uint32_t *points, size_t count, const uint32_t *start) {
    size_t i = 0;
    while (start[i] && i < count && points[i] == start[i]) i++;
    return !start[i];
}

/* True where the points are the text, all of it. */
static inline bool points_are(const uint32_t *points, size_t count, const uint32_t *text) {
    size_t i = 0;
    while (text[i] && i < count && points[i] == text[i]) i++;
    return !text[i] && i == count;
}

/* The length of a text in U"" as our tables hold it. */
static inline size_t points_len(const uint32_t *text) {
    size_t len = 0;
    while (text[len]) len++;
    return len;
}

/* Takes the first `count` points off. */
static inline void spelling_behead(Spelling *form, size_t count) {
    form->count -= count;
    memmove(form->points, form->points + count, form->count * sizeof *form->points);
}

#endif
