/* compiled — what the files of one language become: terms, and rules filed under a term that they need. Inside lexicons/ only. */
#ifndef VERBATIM_COMPILED_H
#define VERBATIM_COMPILED_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/day.h"
#include "base/table.h"
#include "lexicons.h"
#include "query.h"
#include "yamltree.h"

#define NO_TERM UINT32_MAX
enum { TRIE_ROOT = 0 };

/* What the text stage tells of a word by its shape, each a term that rules may ask for. */
typedef enum { SHAPE_NUMBER, SHAPE_MONEY, SHAPE_TIME, SHAPE_DATE, SHAPE_EMOJI, SHAPE_LINK, SHAPE_COUNT } Shape;

/* Term — what stands for one word of a rule (in a language without spaces: for a run of characters). What a response needs comes first. */
typedef struct {
    uint32_t first_rule, rule_count;   /* those filed under it, in Lexicon.term_rules */
    uint32_t first_group, group_count; /* the needs of rules that it is in, in Lexicon.term_groups */
    int16_t valence;     /* hundredths; 0: not in the valence list */
    bool used;           /* in a rule; else it only has a valence */
    bool linked;         /* part of a compound */
    bool whole;          /* nothing shorter matches inside it */
    uint8_t rank;        /* which of a word's terms decides its valence: the highest */
    uint32_t cost;       /* how often it occurs in a million words, from frequent.tsv; guessed from its length where that does not say */
    uint32_t rarest;     /* of a compound: the part that occurs least; else NO_TERM */
    uint32_t piece;      /* of a run: the term that says so to regexes, wherever it stands; else NO_TERM */
} Term;

/* Glob — a pattern of a term. `bare`: without the accents that the rule has; it matches only forms without any. */
typedef struct {
    Span pattern;
    uint64_t bytes; /* that it needs, see bytes_of */
    uint32_t term;
    uint32_t next;  /* with the same fixed beginning, or NO_TERM */
    bool bare;
} Glob;

/* Bare — a term that a form without accents may stand for. */
typedef struct {
    uint32_t term; /* NO_TERM: the form is rather a word of its own, as si is beside sí */
    uint32_t next; /* with the same stem, or NO_TERM */
    Span stem, plain; /* of the rule's word with its accents and without */
} Bare;

/* Masked — a word that a form with * or # in it may hide. */
typedef struct {
    Span folded, stem;
} Masked;

typedef enum { RULE_REASON, RULE_SHIFTER, RULE_VALENCE, RULE_QUESTION } RuleKind;
typedef enum { DOES_TURN, DOES_CANCEL, DOES_BOOST, DOES_DAMP, DOES_HEDGE, DOES_WISH, DOES_CONTRAST, DOES_IDLE } Does;
typedef enum { REACH_AFTER, REACH_BEFORE, REACH_BOTH, REACH_SENTENCE } Reach;
typedef enum { NEGATED_TURN, NEGATED_CANCEL, NEGATED_KEEP } Negated;

/* Op — a node of a rule's tree as the matcher walks it: small, and a tree's ops lie side by side. */
typedef struct {
    uint8_t kind;    /* NodeKind; NODE_LINK: its children are NODE_RULE */
    uint8_t order;   /* Order */
    uint16_t plain;  /* how many of its children are terms that must all occur: their numbers are group_terms[number ..] */
    uint32_t n;      /* words between */
    uint32_t number; /* term, group, regex, or rule; or see `plain` */
    uint32_t first;  /* its children: ops[first .. first + count); of a group: group_terms[first .. first + count) */
    uint32_t count;
} Op;

enum { NEEDS_MAX = 3 };
#define NO_OP UINT32_MAX
#define NO_GROUP UINT32_MAX
#define NO_LIMIT UINT32_MAX

typedef struct {
    uint32_t op;               /* root of match */
    uint32_t unless_op;        /* or NO_OP */
    uint32_t needs[NEEDS_MAX]; /* groups of terms of which at least one must occur, beside that which the rule is filed under; the rarest */
    uint8_t need_count;
    uint8_t kind;              /* RuleKind */
    uint8_t roles;             /* bit 1 << Role: those in which it counts */
    bool response, clause;     /* its unit is not the sentence, but that */
    bool far;                  /* it cannot be tried on some of the response's sentences at a time: its unit, a regex, #code, or no word that it needs */
    uint16_t code;
    uint8_t pole;
    uint8_t negated;
    uint8_t does, reach;       /* of a shifter */
    uint8_t role;              /* of a question rule */
    int16_t by;                /* hundredths: what a booster adds; what a valence phrase is worth */
    uint32_t scope;
    uint32_t within;           /* `unless` counts only so many words from the match; NO_LIMIT: in the whole unit */
    int32_t since, until;      /* days, see base/day.h: it counts from the first to before the last */
    uint16_t weight;           /* ten-thousandths, at most 10,000 */
    Span id;
    const char *file;          /* where it stands; NULL: made by no file */
    uint32_t line, column;
} Rule;

typedef struct {
    pcre2_code *code;
    Span pattern;
    const uint32_t *terms; /* of which at least one occurs in every match; none found: count 0 */
    size_t term_count;
    bool anchored; /* it matches at the beginning of the text or not at all */
} Regex;

/* An edge of the trie of terms that are runs: from a node by a unit to a node. A unit is a character; in languages with spaces it is a term + 1. */
typedef struct {
    uint64_t key; /* node << 32 | unit; 0: free (unit 0 is never used) */
    uint32_t node;
} Edge;

/* What inspection looks at and matching does not. */
typedef struct {
    Span match, unless; /* unless: data NULL where there is none */
    uint32_t unless_line, unless_column;
} RuleText;

typedef struct {
    Span term;
    int16_t value; /* hundredths */
    const char *file;
    uint64_t line;
} ValenceLine;

typedef struct {
    Span word;
    uint32_t times; /* in a million words */
} Frequent;

/* What a language's files became. Arrays grow in `trees`, which dies when all rules are filed; what is left then is copied to `keep`, without room to
 * spare. */
typedef struct {
    const Language *language;
    Arena own;                 /* the language's alone, so that languages compile side by side */
    Arena *keep;               /* it */
    Arena *trees;              /* NULL once all is filed */
    void *cut_context;         /* of the thread that compiles */
    const char **files;        /* read, in their order */
    size_t file_count, file_capacity;
    Term *terms;
    size_t term_count, term_capacity;
    Table stems, forms, cased; /* to terms; cased: surfaces with = before, and globs */
    Table bare_stems;          /* stem of a rule's word without its accents to the first of bares */
    Table distinct;            /* stems of frequent words that another frequent word is without its accents: sí, más */
    Bare *bares;
    size_t bare_count, bare_capacity;
    Glob *globs;
    size_t glob_count, glob_capacity;
    Table glob_starts;         /* fixed beginning of a glob to the first of globs */
    uint32_t glob_lengths;     /* bit n: there are globs whose fixed beginning has n bytes */
    Masked *masked;
    size_t masked_count, masked_capacity;
    uint32_t open_glob;        /* the first of those that begin with a wildcard, or NO_TERM */
    uint32_t shape_terms[SHAPE_COUNT]; /* NO_TERM: no rule asks */
    Table units;               /* characters languages: folded character or word to its unit, from 1 */
    Op *ops;
    size_t op_count, op_capacity;
    uint32_t *group_terms;
    size_t group_term_count, group_term_capacity;
    Edge *edges;
    size_t edge_count, edge_capacity;
    uint32_t *node_terms;      /* by trie node: the term that ends there, or NO_TERM */
    size_t node_count, node_capacity;
    uint64_t *node_nexts;      /* by trie node: units that may follow, as a set of their lowest six bits; spares most probes of the edges */
    size_t next_count, next_capacity;
    Rule *rules;
    size_t rule_count, rule_capacity;
    uint32_t *term_rules, *term_groups; /* see Term */
    uint32_t group_count;
    uint32_t *always;          /* rules that no term triggers: pure regexes */
    size_t always_count, always_capacity;
    uint32_t *sifted;          /* of those, the ones that can match only where the sieve does */
    size_t sifted_count, sifted_capacity;
    Regex sieve;               /* all sifted patterns as one */
    Regex *regexes;
    size_t regex_count, regex_capacity;
    RuleTest *tests;
    size_t test_count, test_capacity;
    size_t valence_count, shifter_count;
    const char *reasons;       /* the file */
    RuleText *texts;           /* [rules], with LexiconSettings.sources */
    size_t text_count, text_capacity;
    ValenceLine *valence_lines; /* the same */
    size_t valence_line_count, valence_line_capacity;
    Frequent *frequent;        /* the same: frequent.tsv */
    size_t frequent_count, frequent_capacity;
    uint32_t scope_max;        /* longest scope of a shifter */
    uint16_t *precision;       /* [code][pole]: ten-thousandths */
    bool loaded;
} Lexicon;

struct Lexicons {
    LexiconSettings settings;
    Codebook codebook;
    Table codes; /* id to index */
    Lexicon lexicon[LANGUAGES_MAX];
    uint64_t hash;
};

/* codebook.c: reads codebook.yaml, or makes a codebook of the keys of rule files. */
bool codebook_read(Lexicons *lexicons, const YamlNode *root, Arena *keep, Fail *fail);
/* `net` empty: what stands before the id's first dot. */
uint16_t codebook_add(Lexicons *lexicons, Span id, Span net, bool poles, Arena *keep);

/* terms.c: words of rules to terms. */
bool term_of_word(Lexicon *lexicon, const LexiconSettings *settings, Node *word, Arena *scratch, Fail *fail);
uint32_t term_of_shape(Lexicon *lexicon, Shape shape);
/* A run of characters that a regex needs: it occurs inside a `whole` too, which hides words from rules but not from the text. */
uint32_t term_of_piece(Lexicon *lexicon, const Tokens *run);
bool glob_matches(Span glob, Span form);

/* Which bytes occur, but for wildcards, as a set of their lowest six bits: a glob can match only a form that has all of its own. */
static inline uint64_t bytes_of(Span text) {
    uint64_t set = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] != '*' && text.data[i] != '?') set |= UINT64_C(1) << (text.data[i] & 63);
    return set;
}
uint32_t trie_step(const Lexicon *lexicon, uint32_t node, uint32_t unit);

/* False where no edge leads on by the unit; true nearly always means that one does. */
static inline bool may_follow(uint64_t nexts, uint32_t unit) { return nexts >> (unit & 63) & 1; }

/* A run of terms as one: found once for each text, however many rules have it. */
uint32_t term_of_compound(Lexicon *lexicon, Node *const *parts, size_t count);

/* regex.c: compiles the pattern of a NODE_REGEX and finds what its matches need; and, when all rules are filed, joins those that need nothing. */
typedef struct Compiler Compiler;
bool regex_node(Compiler *compiler, Node *node);

/* The options that all regexes have, and `more`. NULL with *code and *at set: PCRE2 does not take it. The caller frees. */
pcre2_code *regex_compile(Span pattern, uint32_t more, int *code, PCRE2_SIZE *at);
void regex_sieve(Lexicon *lexicon);

/* Draft — a rule as it was written. Lives, like the YAML and the trees that it points to, until the rules are filed. */
typedef struct {
    Node *match;
    Node *unless;       /* or NULL */
    const YamlNode *at; /* the text of `match` */
    const YamlNode *unless_at;
    bool linked;        /* its #codes are resolved */
    bool walking;       /* they are being resolved: meeting it again is a circle */
} Draft;

typedef struct {
    uint32_t *terms;
    size_t count, capacity;
    uint64_t cost;  /* how often any of them occurs, in a million words */
    uint32_t group; /* where `grouped` */
    bool grouped;
} Need;

/* List — what $name, <class> or #code stands for, read once and shared by all rules that use it. */
typedef struct {
    Span name;             /* staff, <number> */
    const YamlNode *items; /* NULL: a class that is only its shape, or a code */
    Node *match;           /* all items as alternatives; of a code a NODE_LINK */
    uint32_t op;           /* its root, or NO_OP as long as no rule has asked */
    bool walking;          /* it is being checked or linked: meeting it again is a circle */
    bool checked, resolved, used, linked, gathered, weighed;
    bool needed;           /* `need` holds; else a match may need no word */
    bool asked, far;       /* see Rule.far */
    uint64_t size;         /* nodes it stands for, all lists and codes written out; this and the next hold when it is linked */
    uint32_t depth;        /* lists and codes inside each other, itself included */
    Need need;
} List;

/* Crumb — one step of a way through #codes and lists, to show a circle. */
typedef struct {
    const char *mark; /* what stands before the name: #, $ or nothing */
    Span name;
    uint64_t what;
} Crumb;

/* Pair — a term with what is to be found under it: a rule or a group. */
typedef struct {
    uint32_t term, number;
} Pair;

typedef struct {
    Pair *items;
    size_t count, capacity;
} Pairs;

/* compile.c: puts a rule into the lexicon, resolved and filed. */
struct Compiler {
    Lexicon *lexicon;
    Lexicons *lexicons;
    const char *file; /* at work, in keep */
    Arena *scratch;
    Arena *trees;
    Fail *fail;
    Draft *drafts; /* by number of rule */
    size_t draft_count, draft_capacity;
    List *lists;
    size_t list_count, list_capacity;
    uint32_t *first_of_code, *next_of_code; /* [code], [rule]: rules of a code, in their order; NO_TERM ends */
    uint32_t *code_lists; /* [code][pole]: the list that #code:pole is, or NO_TERM */
    Crumb *path; /* from where linking began to where it is */
    size_t path_count, path_capacity;
    Pairs filed, grouped;
    Table groups; /* sorted terms of a need, as bytes, to its number */
    void *counting; /* load_frequent's own */
    bool told;      /* what failed is among the problems already */
};

/* Whether to go on behind what failed: then *compiler->fail is kept among the problems that the opener of the lexicons wants. */
bool compiler_goes_on(Compiler *compiler);

/* Text of a rule at a node of a file to a tree without NODE_WORD. NULL: failed. */
Node *compile_query(Compiler *compiler, const YamlNode *text);

/* Adds to a fault the place of the text that it was found in, unless it has one; returns false. `column` from 0. */
bool place_fault(Compiler *compiler, const YamlNode *text, size_t column);

/* The same for a tree that was parsed elsewhere. False: failed, with a column but without a place where the fault is in the tree itself. */
bool compile_node(Compiler *compiler, Node *root);

/* A way through #codes and lists: `what` tells things apart. path_fail: fails with the circle that ends at `what`, as in `#a -> $b -> #a`. */
size_t path_push(Compiler *compiler, const char *mark, Span name, uint64_t what);
void path_pop(Compiler *compiler, size_t mark);
bool path_fail(Compiler *compiler, uint64_t what);

/* lists.c: load_lists, for the user's folder and then for the shipped one; check_lists when all are there; and what a NODE_LIST stands for. */
bool load_lists(Compiler *compiler, const YamlNode *root);
bool check_lists(Compiler *compiler);
bool list_node(Compiler *compiler, Node *node);

void rule_add(Compiler *compiler, Rule rule, Draft draft);

/* After all rules of a language are in: #codes linked; then, with terms' costs known, rules filed under terms and all that lives on copied to keep. */
bool compile_link(Compiler *compiler);
void compile_file(Compiler *compiler);

/* load.c, shifters.c, valence.c: the files of a language. */
bool load_reasons(Compiler *compiler, const YamlNode *root);
bool load_shifters(Compiler *compiler, const YamlNode *root);
bool load_questions(Compiler *compiler, const YamlNode *root);
bool load_valence(Compiler *compiler, const char *path);
bool load_frequent(Compiler *compiler, const char *path);
bool load_precision(Compiler *compiler, const char *path);

#endif
