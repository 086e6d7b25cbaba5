/* languages — inside text/: what is shared by all workers, and never changes after languages_open. */
#ifndef VERBATIM_LANGUAGES_H
#define VERBATIM_LANGUAGES_H

#include "text/chars.h"
#include "text/text.h"

enum { VOTERS_MAX = 96 }; /* languages in common.tsv */

/* Vote — a common word speaks for a language. */
typedef struct {
    uint8_t voter;  /* index into Common.voters */
    uint8_t weight; /* tenths of a natural logarithm: how much likelier the word is there than by chance */
} Vote;

enum { COMMON_MAX = 1 << 24 }; /* lines of common.tsv */

/* Words are known by their hash alone: one unknown word in half a million passes for a common one, and a guess may err. */
typedef struct {
    uint32_t hash; /* 0: free */
    uint32_t first_vote : 24, vote_count : 8;
} CommonSlot;

typedef struct {
    CommonSlot *slots; /* [capacity], at most two thirds of them taken */
    size_t capacity;
    Vote *votes;
    size_t vote_count;
    Span voters[VOTERS_MAX];           /* codes */
    const Language *ours[VOTERS_MAX];  /* NULL: not one of ours */
    bool cyrillic[VOTERS_MAX];         /* what its first word is written in; else Latin */
    size_t voter_count;
} Common;

/* How an abbreviation ends a sentence with its full stop. */
typedef enum {
    SHORTENED_NOT,          /* no abbreviation: always */
    SHORTENED_NEVER,        /* Dr. */
    SHORTENED_BEFORE_SMALL, /* etc. ends one where a capital follows */
    SHORTENED_BEFORE_DIGIT, /* No. 5 */
} Shortened;

typedef struct {
    Span word; /* folded */
    Shortened shortened;
} Abbreviation;

struct Languages {
    Language items[LANGUAGES_MAX]; /* ours, and behind them the one for all others */
    size_t count;
    uint8_t *kinds; /* [CHARS_TABLED] */
    Common common;
    struct {
        Abbreviation *items;
        size_t count, capacity;
    } abbreviations[LANGUAGES_MAX]; /* some thirty of a language */
    const Language *russian, *chinese; /* NULL: not among ours */
    uint16_t lower[0x600]; /* small letters of Latin, Greek and Cyrillic */
};

/* What abbreviations.tsv says of a folded word. */
static inline Shortened language_shortened(const Languages *languages, const Language *language, Span word) {
    for (size_t i = 0; i < languages->abbreviations[language->index].count; i++) {
        const Abbreviation *item = &languages->abbreviations[language->index].items[i];
        if (span_equal(item->word, word)) return item->shortened;
    }
    return SHORTENED_NOT;
}

/* Takes the next line off *rest, without its end; false where none is left. */
static inline bool line_next(Span *rest, Span *line) {
    if (!rest->len) return false;
    const char *stop = memchr(rest->data, '\n', rest->len);
    size_t taken = stop ? (size_t)(stop - rest->data) + 1 : rest->len;
    *line = (Span){rest->data, taken - (stop != NULL)};
    if (line->len && line->data[line->len - 1] == '\r') line->len--;
    *rest = (Span){rest->data + taken, rest->len - taken};
    return true;
}

/* common_load — common.tsv, `word, code, weight` a line, lines of one word together.
 *   in     text  the file; path names it in messages and must live as long as the run */
bool common_load(Span text, const char *path, Languages *languages, Arena *keep, Fail *fail);

#endif
