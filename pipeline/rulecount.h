/* rulecount — what each rule does to a sample of responses. */
#ifndef VERBATIM_RULECOUNT_H
#define VERBATIM_RULECOUNT_H

#include "example.h"
#include "run.h"

typedef struct {
    uint64_t matched;   /* responses in which it matched, whatever overlaps, shifters and the question made of that */
    uint64_t hits;      /* those that gave a tag */
    uint64_t responses; /* with such a hit */
    uint64_t coded;     /* of those: with labels, in a sample that codes the rule's net */
    uint64_t right;     /* of those: with the hit's code and pole among the labels */
    uint64_t marks;     /* sum of hashes of the responses: rules with equal sums hit the same ones */
    uint64_t seen, seen_matched; /* numbers of the last responses that counted here, so that each counts once */
    Examples examples;
} RuleCount;

/* RuleCounts — of one thread, or of all after merging. */
typedef struct {
    const Plan *plan;
    size_t examples;                   /* kept for each rule */
    RuleCount *rules[LANGUAGES_MAX];   /* [rules of the language] */
    uint64_t responses[LANGUAGES_MAX];
    uint64_t labelled[LANGUAGES_MAX];
    bool *nets;                        /* [nets] that labels speak of */
    uint64_t number;                   /* of responses so far */
} RuleCounts;

RuleCounts *rulecounts_open(const Plan *plan, size_t examples);
void rulecounts_close(RuleCounts *counts);

/* Counts one response of a plan with `explain`; with labels where it has been read with `gold`. */
void rulecounts_add(RuleCounts *counts, const Seen *seen);

/* Adds `from`, whose examples are moved. */
void rulecounts_merge(RuleCounts *into, RuleCounts *from);

/* Whether the sample's labels speak of the rule's net: only then do `coded` and `right` mean something. */
bool rulecounts_coded(const RuleCounts *counts, uint16_t code);

#endif
