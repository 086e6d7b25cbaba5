/* sentiment — how good and how bad a response is, each for itself, from valence, tags and question.
 *
 * Both sums are in hundredths of a valence point; a strength is 100 s / (s + HALF), so one strong word gives about a half and nothing reaches
 * 100. Integers only: the same on every machine. */
#include "matching.h"

enum {
    HALF = 350,         /* the sum that gives strength 50 */
    TAG_WEIGHT = 200,   /* what a reason is worth at least */
    ASKED_WEIGHT = 170, /* what the question says of an answer that says nothing else */
    FAINT = 80,         /* below this a sum does not count */
    MIXED_SHARE = 45,   /* percent of the larger sum that the smaller needs for a mixed label */
};

typedef struct {
    int64_t positive, negative;
} Sums;

static void count(Sums *sums, int value, int percent) {
    if (value > 0) sums->positive += (int64_t)value * percent / 100;
    else sums->negative -= (int64_t)value * percent / 100;
}

/* Before the last "but" of its sentence a word counts half, behind it half more. */
static int contrast_percent(const Matcher *matcher, uint32_t token, size_t *next) {
    const Token *tokens = matcher->tokens->items;
    while (*next < matcher->shift_count && (matcher->shifts[*next].rule->does != DOES_CONTRAST || tokens[matcher->shifts[*next].at.first].sentence < tokens[token].sentence)) ++*next;
    if (*next == matcher->shift_count || tokens[matcher->shifts[*next].at.first].sentence != tokens[token].sentence) return 100;
    return token < matcher->shifts[*next].at.first ? 60 : 130;
}

/* The valence of the words of a match: the strongest in the direction of its pole, as a positive number; 0: none. */
static int valence_of(const Matcher *matcher, Match match, bool good) {
    size_t low = 0, high = matcher->valence_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (matcher->valences[middle].at.last < match.first) low = middle + 1;
        else high = middle;
    }
    int strongest = 0;
    for (; low < matcher->valence_count && matcher->valences[low].at.first <= match.last; low++) {
        int value = good ? matcher->valences[low].value : -matcher->valences[low].value;
        if (value > strongest) strongest = value;
    }
    return strongest;
}

static Sums sum_valence(const Matcher *matcher) {
    Sums sums = {0};
    size_t next = 0;
    for (size_t i = 0; i < matcher->valence_count; i++)
        count(&sums, matcher->valences[i].value, contrast_percent(matcher, matcher->valences[i].at.first, &next));
    return sums;
}

/* A reason counts TAG_WEIGHT at least: what its words lack in valence is added. */
static void add_tags(const Matcher *matcher, const Result *result, Sums *sums) {
    for (size_t i = 0; i < result->hit_count; i++) {
        const Hit *hit = &result->hits[i];
        if (!hit->pole) continue;
        bool good = hit->pole == POLE_POSITIVE;
        int lacking = TAG_WEIGHT - valence_of(matcher, (Match){hit->first, hit->last}, good);
        if (lacking > 0) count(sums, good ? lacking : -lacking, 100);
    }
}

static bool has_prefix(const Matcher *matcher, const Result *result, const char *prefix) {
    for (size_t i = 0; i < result->tag_count; i++)
        if (span_starts(matcher->lexicons->codebook.codes[result->tags[i].code].id, prefix)) return true;
    return false;
}

/* "Nothing" is praise where faults were asked for, blame where merits were; another answer without any judgement is what it was asked for. */
static void add_question(const Matcher *matcher, Role role, const Result *result, Sums *sums) {
    if (role == ROLE_OPEN) return;
    bool nothing = has_prefix(matcher, result, "answer.nothing");
    if (!nothing && (has_prefix(matcher, result, "answer.") || !matcher->tokens->count)) return;
    bool good = (role == ROLE_WHAT_GOOD) != nothing;
    bool says = sums->positive >= FAINT || sums->negative >= FAINT;
    int weight = nothing || !says ? ASKED_WEIGHT : 60;
    count(sums, good ? weight : -weight, 100);
}

static int strength(int64_t sum) { return (int)(100 * sum / (sum + HALF)); }

static Sentiment label_of(Sums sums) {
    int64_t larger = sums.positive > sums.negative ? sums.positive : sums.negative;
    int64_t smaller = sums.positive > sums.negative ? sums.negative : sums.positive;
    if (larger < FAINT) return SENTIMENT_NEUTRAL;
    if (smaller >= FAINT && 100 * smaller >= MIXED_SHARE * larger) return SENTIMENT_MIXED;
    return sums.positive > sums.negative ? SENTIMENT_POSITIVE : SENTIMENT_NEGATIVE;
}

Score sentiment_of(const Matcher *matcher, Role role, const Result *result) {
    Sums sums = sum_valence(matcher);
    add_tags(matcher, result, &sums);
    add_question(matcher, role, result, &sums);
    return (Score){.label = label_of(sums), .positive = strength(sums.positive), .negative = strength(sums.negative)};
}
