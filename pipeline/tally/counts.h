/* counts — what a Tally is made of; for the files of this folder only.
 *
 *   Tally -> Group (a cell: the total, or one segment value) -> Row (a code or net) -> Slot (a pole: counts) and QuoteList (its quotes)
 *
 * Rows are made when a code is first met in a cell, so that a cell of few responses is small: a pointer a code, and 64 bytes (160 more with
 * quotes) a code that occurs. */
#ifndef VERBATIM_COUNTS_H
#define VERBATIM_COUNTS_H

#include "base/table.h"
#include "tally/tally.h"

/* Sums of squared weights, (1/1,000,000)^2: one response has at most 1e24, so there is room for 3e14 of the heaviest. */
__extension__ typedef unsigned __int128 Wide;

/* Poles of a row: POLE_NONE is "either pole", and what a code without poles has. */
enum { POLES = POLE_POSITIVE + 1 };

typedef struct {
    uint64_t responses;
    int64_t weight; /* millionths */
} Slot;

/* KeptTag — where a kept response's marks for one code and pole are. */
typedef struct {
    uint16_t code;
    uint8_t pole;
    uint32_t first_mark, mark_count;
} KeptTag;

/* Kept — a response that is a quote somewhere: in the lists of several codes, cells and (after a merge) tallies, which share it.
 * One block of memory. */
typedef struct {
    uint64_t hash;
    uint32_t owners; /* lists that hold it */
    uint32_t tag_count;
    Span id, text, lang;
    KeptTag *tags;
    Mark *marks;
} Kept;

/* QuoteList — the quotes of a cell, code and pole: at most k, each (id, text) once, in order of (hash, id, text). */
typedef struct {
    Kept **items;
    size_t count, capacity;
    uint64_t limit; /* a larger hash has no place here; UINT64_MAX while there is room */
} QuoteList;

typedef struct {
    Slot slots[POLES];
    unsigned quoted;  /* bits: poles that have quotes; 0 for nets, and where none are kept */
    QuoteList *lists; /* [POLES]; NULL where quoted is 0 */
} Row;

typedef struct {
    size_t segment; /* index; TOTAL for the total */
    Span value;
    uint64_t base;
    int64_t weight; /* sum of weights, millionths */
    Wide squares;   /* sum of squared weights */
    Slot sentiment[SENTIMENT_COUNT];
    Row **rows; /* [codes, then nets]; NULL where the code does not occur */
} Group;

#define TOTAL SIZE_MAX

struct Tally {
    Arena keep;
    const Codebook *codebook;
    const char **segments; /* each once */
    size_t *places;        /* of each in Doc.segments */
    size_t segment_count;
    const char **models;
    size_t model_count;
    size_t quotes;
    uint64_t rejected;
    Group **groups; /* in order of being met; the total is first */
    size_t group_count, group_capacity;
    Table *values;  /* [segments] value to index in groups */
    Group **sorted; /* groups in the file's order; holds while sorted_count is group_count */
    size_t sorted_count;
    uint32_t *touched; /* rows that the response at hand counts in, and at which poles: bits of `poles`, [rows], 0 between responses */
    uint8_t *poles;
};

/* count.c */
size_t tally_rows(const Tally *tally);
Group *group_of(Tally *tally, size_t segment, Span value); /* made where it is not there */
Row *row_of(Tally *tally, Group *group, size_t row);       /* made where it is not there */
Group *const *groups_sorted(const Tally *tally);
bool row_poles(const Codebook *codebook, size_t row); /* has it poles: a code that has, or a net with one that has */
static inline Span row_id(const Codebook *codebook, size_t row) {
    return row < codebook->code_count ? codebook->codes[row].id : codebook->nets[row - codebook->code_count].id;
}

static inline uint64_t sum_counts(uint64_t a, uint64_t b) {
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static inline int64_t sum_weights(int64_t a, int64_t b) {
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static inline Wide sum_squares(Wide a, Wide b) {
    Wide sum;
    return __builtin_add_overflow(a, b, &sum) ? ~(Wide)0 : sum;
}

static inline void slot_add(Slot *slot, uint64_t responses, int64_t weight) {
    slot->responses = sum_counts(slot->responses, responses);
    slot->weight = sum_weights(slot->weight, weight);
}

/* quotes.c */
/* Room for a Kept with its tags, marks and strings, without owner yet: tags and marks are for the caller to fill. */
Kept *kept_open(uint64_t hash, Span id, Span text, Span lang, size_t tag_count, size_t mark_count);
void kept_release(Kept *kept); /* one owner less */
/* Order of (hash, id, text): what a list holds once. */
int kept_compare(const Kept *a, const Kept *b);
const KeptTag *kept_tag(const Kept *kept, size_t code, int pole); /* NULL: it has none */
/* Puts it where it belongs among the list's; of two with the same id and text, the one with the smaller (lang, marks) stays. */
void quotes_put(Tally *tally, QuoteList *list, Kept *kept, size_t code, int pole);

/* Candidate — the response at hand; its Kept is made when the first list wants it. */
typedef struct {
    uint64_t hash;
    bool usable; /* may be quoted at all */
    const Doc *doc;
    const Result *result;
    const Codebook *codebook;
    Kept *kept; /* NULL: not made yet */
} Candidate;

Candidate candidate_of(const Tally *tally, const Doc *doc, const Result *result);
void candidate_offer(Tally *tally, Candidate *candidate, QuoteList *list, size_t code, int pole);
void candidate_close(Candidate *candidate);

#endif
