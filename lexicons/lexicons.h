/* lexicons — what words mean: rules, valence, shifters and questions, from the files that docs/rules.md describes.
 *
 * Lexicons is const after opening and shared by all workers; a Matcher is one worker's. The order of work on a response:
 *
 *   tokens -> terms that occur -> rules filed under them -> overlaps -> shifters -> topics and question -> tags, sentiment */
#ifndef VERBATIM_LEXICONS_H
#define VERBATIM_LEXICONS_H

#include "flow.h"

/* How rule words are cut into tokens: as texts are. Given by whoever knows the text stage. */
typedef void (*CutText)(void *context, Span text, const Language *language, Tokens *tokens, Arena *scratch);

/* Calls work(owns[t], index) for each index below `count`, t being the thread that does it. Given by whoever knows threads. */
typedef void (*ForEach)(size_t count, size_t threads, void *const *owns, void (*work)(void *own, size_t index));

/* Problems — all that is wrong in the files, for whoever wants to know more than the first. */
typedef struct {
    Fail *items;
    size_t count, capacity;
    Arena *keep;
} Problems;

typedef struct {
    const char *dir;     /* the lexicons folder */
    const char *shipped; /* serves for codebook-free folders' valence, shifters and questions; may equal dir */
    const Language *languages[LANGUAGES_MAX];
    size_t language_count;
    CutText cut;
    void *const *cut_contexts; /* [threads] */
    ForEach each;        /* compiles languages side by side; NULL: one after the other, with the first context */
    size_t threads;
    bool sources;        /* keep the texts of rules and tables, for lexicons_source and lexicons_inspect */
    Problems *problems;  /* NULL: the first problem fails. Else all are kept here and what they stand in is left out; a language whose lists or #codes
                          * make no sense is left out as a whole */
} LexiconSettings;

typedef struct Lexicons Lexicons;

/* lexicons_open — reads and compiles a folder. A language without a folder in it has no rules.
 *   lives  until lexicons_close, and keep; `settings` is copied, its languages must outlive it
 *   fails  FAIL_FILE, FAIL_SETUP with file, line and column */
bool lexicons_open(const LexiconSettings *settings, Arena *keep, const Lexicons **lexicons, Fail *fail);
void lexicons_close(const Lexicons *lexicons);

const Codebook *lexicons_codebook(const Lexicons *lexicons);

/* The code with this id, or NULL. */
const Code *codebook_find(const Codebook *codebook, Span id);

/* True when the folder has rules for the language. */
bool lexicons_know(const Lexicons *lexicons, const Language *language);

/* The id of a rule of that language: `en/service.speed/12` or its own. */
Span lexicons_rule(const Lexicons *lexicons, const Language *language, uint32_t rule);

/* RuleSource — where a rule of reasons stands and what it is for. */
typedef struct {
    Span id, text, unless; /* text: its `match`; both empty without LexiconSettings.sources */
    const char *file;
    uint64_t line, column; /* of `match` */
    uint16_t code;
    uint8_t pole;
    bool reason;           /* else a shifter, valence phrase or question rule */
} RuleSource;

/* Rules are numbered from 0; Hit.rule is such a number. */
size_t lexicons_rules(const Lexicons *lexicons, const Language *language);
RuleSource lexicons_source(const Lexicons *lexicons, const Language *language, uint32_t rule);

/* How much there is, for `verbatim languages`. */
typedef struct {
    size_t rules, terms, valence, shifters, tests;
} LexiconStats;

LexiconStats lexicons_stats(const Lexicons *lexicons, const Language *language);

/* RuleTest — one text of a rule's `test`. */
typedef struct {
    Span text;
    uint16_t code;
    uint8_t pole;
    bool hit; /* must be tagged; else must not */
    Role role;
    const char *file;
    uint64_t line;
} RuleTest;

const RuleTest *lexicons_tests(const Lexicons *lexicons, const Language *language, size_t *count);

typedef struct Matcher Matcher;

Matcher *matcher_open(const Lexicons *lexicons);
void matcher_close(Matcher *matcher);

/* To be called whenever the memo whose Words it has seen is emptied. */
void matcher_clear(Matcher *matcher);

/* matcher_run — tags and sentiment of one response.
 *   in     tokens   of a language that lexicons_know
 *   out    result   in scratch
 *   thread one at a time for a matcher */
void matcher_run(Matcher *matcher, const Tokens *tokens, Role role, Result *result, Arena *scratch);

/* The day (base/day.h) of the responses to come, for rules with `since` or `until`; DAY_NONE, as it is at first: they count. */
void matcher_day(Matcher *matcher, int32_t day);

/* matcher_role — the role that the question rules of the tokens' language give; false where none matches. */
bool matcher_role(Matcher *matcher, const Tokens *question, Role *role, Arena *scratch);

/* Step — one thing that happened on the way to the tags, for `explain`; in the order of happening. */
typedef struct {
    enum { STEP_RULE, STEP_LIMIT, STEP_UNLESS, STEP_CLAUSE, STEP_OVERLAP, STEP_TURNED, STEP_CANCELLED, STEP_WISHED, STEP_TOPIC, STEP_NO_TOPIC, STEP_VALENCE } kind;
    Span rule;            /* id of the rule that matched or was changed; empty for valence of a single word */
    Span by;              /* id of the rule or shifter that did it, or empty */
    uint32_t first, last; /* tokens */
    int value;            /* valence in hundredths, after shifters; Pole for topics and hits */
} Step;

/* Steps of the last matcher_run after matcher_explain(matcher, true); they live in that run's scratch. */
void matcher_explain(Matcher *matcher, bool on);
const Step *matcher_steps(const Matcher *matcher, size_t *count);

/* Numbers of the rules of reasons that matched in the last matcher_run after matcher_explain(matcher, true), once for each match, whatever overlaps, shifters and
 * the question made of them then; in that run's scratch. None without matcher_explain. */
const uint32_t *matcher_matched(const Matcher *matcher, size_t *count);

/* Limit — a rule with a regex that gave up at its match limit. It was skipped for those responses. */
typedef struct {
    const Language *language;
    uint32_t rule;
    uint64_t responses;
} Limit;

/* All since opening, each rule once, in no order. */
const Limit *matcher_limits(const Matcher *matcher, size_t *count);

#endif
