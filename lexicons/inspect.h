/* inspect — what is wrong or doubtful in a lexicon: findings, each with its place and what to do. */
#ifndef VERBATIM_INSPECT_H
#define VERBATIM_INSPECT_H

#include "lexicons.h"

typedef enum { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITY_COUNT } Severity;

typedef enum {
    /* errors */
    FINDING_SYNTAX,    /* the file or the rule makes no sense */
    FINDING_POLES,     /* one match under both poles of a code */
    FINDING_VALENCE,   /* one term good and bad */
    /* warnings */
    FINDING_DUPLICATE, /* one match twice under a code and pole */
    FINDING_SHADOWED,  /* another rule of the code always wins */
    FINDING_DEAD,      /* can match nothing */
    FINDING_SHIFTER,   /* one wording that does two things */
    FINDING_REGEX,     /* slow, or gives up, on some input */
    FINDING_BROAD,     /* hits a large part of a sample */
    /* notes */
    FINDING_REDUNDANT, /* only widens the evidence of another rule */
    FINDING_REPEATED,  /* a term or shifter that stands twice and says the same */
    FINDING_STEM,      /* a frequent word of another sense has the stem of a rule's word */
    FINDING_TESTS,     /* too few rules or tests */
    FINDING_TOGETHER,  /* rules that hit the same responses of a sample */
    FINDING_UNHIT,     /* rules that hit nothing in a sample */
    FINDING_KINDS
} FindingKind;

typedef struct {
    FindingKind kind;
    const Language *language; /* NULL: of all */
    const char *file;
    uint64_t line, column;    /* 0: unknown */
    Span rule;                /* id, or empty */
    Span text;                /* what was found, and what to do */
    uint64_t weight;          /* of one kind those with more come first */
} Finding;

typedef struct {
    Finding *items;
    size_t count, capacity;
    Arena *keep;
} Findings;

Severity finding_severity(FindingKind kind);
const char *severity_name(Severity severity);
const char *finding_name(FindingKind kind);

/* How much of a rule is shown: its first 60 characters, and "…" or nothing behind them. For printf's "%.*s%s". */
typedef struct {
    int len;
    const char *data, *more;
} Brief;

Brief brief(Span text);

/* Adds one; the text is copied into findings->keep. */
void finding_add(Findings *findings, Finding finding, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* By kind, then weight, file and line: the order in which they are told. */
void findings_sort(Findings *findings);

/* lexicons_inspect — what can be said of a language's rules without any text.
 *   in     lexicons  opened with LexiconSettings.problems
 *          cut       as in LexiconSettings
 *   thread one at a time for a cut_context; languages side by side */
void lexicons_inspect(const Lexicons *lexicons, const Language *language, CutText cut, void *cut_context, Findings *findings);

#endif
