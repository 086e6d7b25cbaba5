/* matching — what a Matcher holds while it works on one response. Inside lexicons/ only. */
#ifndef VERBATIM_MATCHING_H
#define VERBATIM_MATCHING_H

#include "compiled.h"

enum { REGEX_BYTES = 1024 }; /* what a match of a regex that is longer holds may be cut off, in texts of more than twice that */

typedef struct {
    uint32_t first, last; /* tokens, last included */
} Match;

typedef struct {
    Match *items; /* sorted by first, then last; no two equal */
    size_t count, capacity;
} Matches;

typedef struct {
    Match at;
    uint32_t term;
    uint32_t next; /* index of the next occurrence of the same term, or NO_TERM */
} Occurrence;

/* TermState — occurrences of a term; holds only where its bit is set. */
typedef struct {
    uint32_t first, last;
} TermState;

/* Sets of terms, groups and rules as bits: a few hundred bytes that stay in the nearest cache, clear before each response. */
typedef struct {
    uint64_t *terms, *groups, *several, *rules; /* several: groups of which more than one term occurs */
} Bits;

static inline bool bit_get(const uint64_t *bits, uint32_t number) { return bits[number >> 6] >> (number & 63) & 1; }
static inline void bit_set(uint64_t *bits, uint32_t number) { bits[number >> 6] |= UINT64_C(1) << (number & 63); }

/* Known — a term that a word is. */
typedef struct {
    uint32_t term;
    uint32_t node; /* the trie node of the compounds that begin with it, or NO_TERM */
    uint64_t nexts; /* of that node */
} Known;

/* Entry — what a lexicon knows of one Word. */
typedef struct {
    uint32_t first_term; /* into Matcher.known */
    uint32_t term_count; /* only terms that rules or compounds use */
    uint32_t unit;       /* characters languages; 0: in no term */
    uint32_t node;       /* trie node that its unit leads to, or NO_TERM */
    uint64_t nexts;      /* of that node */
    int16_t valence;
} Entry;

/* Shift — a shifter in its place. */
typedef struct {
    Match at;
    const Rule *rule;
    bool spent; /* it stands inside a longer valence phrase ("no problem"), which has its say already */
} Shift;

/* Valence — a word or phrase that is good or bad, in its place. */
typedef struct {
    Match at;
    int base;  /* hundredths, as listed */
    int value; /* after shifters */
    const Rule *rule; /* of a phrase, or NULL */
    Match shown;      /* with the negator that turned it */
} Valence;

/* Found — a rule that matched, before overlaps and shifters have had their say. */
typedef struct {
    Match at;
    Match shown;         /* with the shifter that turned it: what the evidence shows */
    const Rule *rule;
    uint32_t start, end; /* bytes of what is shown */
    Pole pole;
    bool turned;
    bool topic; /* its pole came from valence, wish or question */
    bool crosses; /* a clause border */
} Found;

enum { STARTED_MAX = 32 }; /* compounds in the making at one place; no text of people has more than five */

/* Started — a compound whose first words stand before the token at work. */
typedef struct {
    uint32_t node, first;
    uint64_t nexts;
} Started;

struct Matcher {
    const Lexicons *lexicons;
    /* For as long as the memo's words live. */
    Entry *entries;
    size_t entry_count, entry_capacity;
    Known *known; /* terms of the entries */
    size_t known_count, known_capacity;
    /* For all responses. */
    TermState *states[LANGUAGES_MAX]; /* by term */
    Bits bits[LANGUAGES_MAX];
    uint32_t *group_firsts[LANGUAGES_MAX]; /* by group: the first of its terms to occur; holds only where its bit is set */
    pcre2_match_data *match_data;
    pcre2_match_context *match_context;
    pcre2_jit_stack *jit_stack;
    Limit *limits;
    size_t limit_count, limit_capacity;
    int32_t day;
    bool explain;
    /* For one response. */
    const Lexicon *lexicon;
    TermState *state; /* of that lexicon's terms */
    uint32_t *group_first;
    Bits set;         /* what occurs */
    const Tokens *tokens;
    Arena *scratch;
    Started started[STARTED_MAX];
    size_t started_count;
    Occurrence *occurrences;
    size_t occurrence_count, occurrence_capacity;
    uint32_t *present; /* terms that occur, each once */
    size_t present_count, present_capacity;
    uint32_t *candidates;
    size_t candidate_count, candidate_capacity;
    Shift *shifts; /* sorted by place */
    size_t shift_count, shift_capacity;
    Valence *valences; /* sorted by place, none overlap */
    size_t valence_count, valence_capacity;
    Found *found;
    size_t found_count, found_capacity;
    uint64_t spared;         /* words of the matches that rule_spares was asked of */
    uint32_t block_tokens;   /* how many of a long response are matched at a time, up to the end of a sentence */
    Match block;             /* these */
    bool parted;             /* they are not the whole response */
    bool gave_up;            /* a regex of the rule at work did */
    bool hiding;             /* while a rule is tried without the words of a shifter */
    Match hidden, within;    /* those words; and the match, beside which nothing is looked at */
    uint8_t *sentence_bits; /* by sentence: BIT_WISH, BIT_CANCEL */
    Step *steps;
    size_t step_count, step_capacity;
    uint32_t *matched; /* where steps are kept: what was found before overlaps */
    size_t matched_count;
};

enum { BIT_WISH = 1, BIT_CANCEL = 2 };

static inline bool overlap(Match a, Match b) { return a.first <= b.last && b.first <= a.last; }

/* The rule is a regex and nothing else. */
static inline bool is_regex(const Matcher *matcher, const Rule *rule) { return matcher->lexicon->ops[rule->op].kind == NODE_REGEX; }

/* b lies inside a, or is a. */
static inline bool covers(Match a, Match b) { return a.first <= b.first && b.last <= a.last; }

/* b lies inside a, which is longer. */
static inline bool inside(Match b, Match a) { return a.first <= b.first && b.last <= a.last && a.last - a.first > b.last - b.first; }

/* The stretch from the first of both to the last of both. */
static inline Match cover(Match a, Match b) {
    return (Match){a.first < b.first ? a.first : b.first, a.last > b.last ? a.last : b.last};
}

/* evaluate.c: all matches of a tree, in scratch. `response`: the unit. */
Matches op_matches(Matcher *matcher, uint32_t op, bool response);
/* Whether there is any, with the response as the unit: of alternatives the first that has one will do. */
bool op_matches_at_all(Matcher *matcher, uint32_t op);
/* False where the terms that a tree needs do not all occur: cheap, and true most of the times when there is a match. */
bool op_present(const Matcher *matcher, uint32_t op);
/* Whether the rule would match just so without the words of a stretch: then they are not its own. Each answer costs a match of the rule within `match`; when
 * all answers of a response have cost SPARES_TIMES its words and SPARES_USUAL more it is no. */
enum { SPARES_TIMES = 8, SPARES_USUAL = 1000 };
bool rule_spares(Matcher *matcher, const Rule *rule, Match match, Match words);
/* False where none of the sifted regexes can match. */
bool sieve_passes(Matcher *matcher);

/* RegexMatch — bytes that a regex matched, which may hold no token. */
typedef struct {
    size_t start, end;
    size_t from;  /* where to look next; 0 at first */
    size_t token; /* the first token that ends behind start, or the count of tokens */
} RegexMatch;

/* The next match, false where there is none. At the match limit it is false too, and matcher->gave_up set. */
bool regex_next(Matcher *matcher, const Regex *regex, RegexMatch *match);
/* False where a regex cannot match: its words are not there. */
bool regex_possible(const Matcher *matcher, const Regex *regex);

/* shift.c */
void find_shifts(Matcher *matcher);
void find_valences(Matcher *matcher);
void shift_valences(Matcher *matcher);
/* Applies negators, wishes and cancellers to a hit; false where it is gone. */
bool shift_found(Matcher *matcher, Found *found);

/* A wish that stands outside the stretch reaches it. */
bool wish_reaches(const Matcher *matcher, Match match);

/* judge.c: overlaps, topics and tags. */
void judge(Matcher *matcher, Role role, Result *result);

/* sentiment.c */
Score sentiment_of(const Matcher *matcher, Role role, const Result *result);

void matcher_step(Matcher *matcher, Step step);

/* matcher.c: only the terms of a text, as occurrences. */
/* A matcher for one language, which need not be loaded yet. */
Matcher *matcher_open_alone(const Lexicons *lexicons, const Lexicon *lexicon);

void find_only_terms(Matcher *matcher, const Tokens *tokens, Arena *scratch);

#endif
