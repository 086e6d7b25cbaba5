/* inspecting — what the parts of an inspection share. Inside lexicons/ only. */
#ifndef VERBATIM_INSPECTING_H
#define VERBATIM_INSPECTING_H

#include "inspect.h"
#include "matching.h"
#include "sketch.h"

/* Facts — what is known of one rule of reasons. */
typedef struct {
    uint32_t number;
    const Rule *rule;
    RuleSource source;
    Sketch *match, *unless; /* unless: NULL where the rule has none */
    bool alive;             /* it matched its own words */
    bool tried;             /* it has words to be tried with */
    bool shifts;            /* a shifter lies in it: without it the shifter would turn or drop the hit */
    uint32_t *company;      /* what else matched then, sorted */
    size_t company_count;
} Facts;

typedef struct {
    const Lexicons *lexicons;
    const Lexicon *lexicon;
    Sketcher sketcher;
    Matcher *matcher;
    Arena scratch;
    Facts *facts; /* by code, then number */
    size_t count, capacity;
    Findings *findings;
} Inspection;

/* A Finding at a rule. */
Finding finding_at(FindingKind kind, const Inspection *inspection, const Facts *facts);

/* Order of the numbers in Facts.company. */
int by_rule_number(const void *left, const void *right);

/* witness.c: tries a rule on words made of its own: sets alive, tried and company. */
void witness(Inspection *inspection, Facts *facts);

/* strain.c: regexes on hostile texts made of their own pattern. */
void inspect_regexes(Inspection *inspection);

/* confuse.c: words that share a stem with words of another sense. */
void inspect_stems(Inspection *inspection);

#endif
