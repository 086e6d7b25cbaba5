/* gather — a lexicons folder's rules, taken apart into what lists of words can hold. For this folder only. */
#ifndef VERBATIM_GATHER_H
#define VERBATIM_GATHER_H

#include "exchange/dictionary.h"
#include "query.h"

typedef enum {
    UNIT_FORM,   /* this form, in any case */
    UNIT_CASED,  /* this form, with these capitals */
    UNIT_GLOB,   /* * any letters, ? one */
    UNIT_ANY,    /* one word, whichever */
    UNIT_CLASS,  /* <number> and its kin */
    UNIT_CODE,   /* whatever another code matches */
    UNIT_NEAR,   /* between two stretches: at most n words, either first */
    UNIT_BEFORE, /* the left one first */
    UNIT_NOT,    /* the left one in a unit without the right one */
} UnitKind;

#define N_FREE UINT32_MAX /* anywhere in the unit */

typedef struct {
    UnitKind kind;
    Span text; /* without blanks */
    uint32_t n;
} Unit;

/* Phrase — one alternative of a rule: units side by side. */
typedef struct {
    Unit *units;
    size_t count;
    bool response; /* the unit is the response, not the sentence */
} Phrase;

static inline bool unit_is_gap(const Unit *unit) { return unit->kind >= UNIT_NEAR; }

typedef struct {
    Phrase *items;
    size_t count, capacity;
    bool by_stem; /* some word was by stem and is now a form or a glob */
} Phrases;

enum { ALTERNATIVES_MAX = 256 };

/* Why something is not held: what it is called in the count, and what was expected. */
typedef struct {
    const char *kind, *why;
} Refusal;

/* phrases_of — all alternatives of a rule's tree, without those of `unless` (NULL: none) within so many words.
 *   out    phrases in keep
 *   fails  refusal says why there are none */
bool phrases_of(Dictionary *dictionary, const Node *root, const Node *unless, uint32_t within, Phrases *phrases, Refusal *refusal);

typedef struct {
    Phrase phrase;
    double weight; /* 0: none */
    Span id;       /* empty: none of its own */
    uint32_t next;
} HeldEntry;

typedef struct {
    Dictionary tree; /* categories; their entries are numbers into the list below */
    HeldEntry *entries;
    size_t entry_count, entry_capacity;
} Gathered;

/* A format's side of it. */
typedef struct {
    Refusal (*holds)(const Phrase *phrase, const Language *language); /* kind NULL: yes */
    void (*write)(const Gathered *gathered, Buffer *out);
    bool (*keeps_id)(const Phrase *phrase, Span id); /* NULL: no */
    bool cased, weights, unit, unless;               /* it keeps capitals, weights, `unit: response`, `unless` */
} FormatWriter;

extern const FormatWriter quanteda_writer, liwc_writer, liwcx_writer, wordstat_writer, spacy_writer;

/* The id of a category's code, with the pole as its last step. */
void put_category_path(Buffer *out, const Dictionary *tree, uint32_t category);

/* Words of a phrase with `blank` between. */
void put_words(Buffer *out, const Phrase *phrase, char blank);

/* Refusal where there are gaps or codes in it. */
Refusal refuse_gaps(const Phrase *phrase, const Language *language);

/* Words that stand in several categories, for formats that have a line a word: the lines in the order in which they come first. */
typedef struct {
    Span term;
    uint32_t *categories;
    double *weights;
    size_t count, categories_capacity, weights_capacity, weights_count;
} TermLine;

typedef struct {
    TermLine *items;
    size_t count, capacity;
    uint32_t *numbers; /* [category] its place among those with entries, from 1; 0: it has none */
    size_t number_count;
} TermLines;

TermLines term_lines(const Gathered *gathered, Arena *arena);

/* VADER: valence.tsv instead of rules. */
bool vader_write(Dictionary *dictionary, const char *path, Exported *exported, Fail *fail);

#endif
