/* judge — from rules that matched to tags: topics get their pole, the longest match wins within a code, shifters turn what is left. */
#include <stdlib.h>

#include "base/sort.h"

#include "matching.h"

enum { JUDGING = 100 }; /* hundredths of valence that a word needs to judge a topic */

/* ---- topics ---- */

/* The valence nearest to a topic among those that stand in the same clause (or sentence) within reach; the earlier on a tie. */
static const Valence *nearest_valence(const Matcher *matcher, Match topic, bool same_clause) {
    const Token *tokens = matcher->tokens->items;
    uint32_t reach = matcher->lexicon->language->reach, best = UINT32_MAX;
    const Valence *nearest = NULL;
    size_t low = 0, high = matcher->valence_count;
    uint32_t from = topic.first > reach + 16 ? topic.first - reach - 16 : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (matcher->valences[middle].at.first < from) low = middle + 1;
        else high = middle;
    }
    for (; low < matcher->valence_count && matcher->valences[low].at.first <= topic.last + reach + 1; low++) {
        const Valence *valence = &matcher->valences[low];
        if (abs(valence->value) < JUDGING) continue;
        if (overlap(valence->at, topic)) {
            if (inside(topic, valence->at)) return valence; /* a phrase that names the topic and judges it */
            continue;
        }
        const Token *there = &tokens[valence->at.first], *here = &tokens[topic.first];
        if (same_clause ? there->clause != here->clause : there->sentence != here->sentence) continue;
        uint32_t gap = valence->at.last < topic.first ? topic.first - valence->at.last - 1 : valence->at.first - topic.last - 1;
        if (gap <= reach && gap < best) best = gap, nearest = valence;
    }
    return nearest;
}

static void topic_step(Matcher *matcher, const Found *topic) {
    matcher_step(matcher, (Step){.kind = topic->pole == POLE_TOPIC ? STEP_NO_TOPIC : STEP_TOPIC, .rule = topic->rule->id, .first = topic->at.first,
                                 .last = topic->at.last, .value = topic->pole});
}

/* Gives a topic its pole (docs/rules.md, "Topic rules"); POLE_TOPIC stays where nothing judges it. */
static void judge_topic(Matcher *matcher, Role role, Found *topic) {
    if (!matcher->tokens->count) return; /* a regex matched marks alone: nothing judges them */
    const Valence *valence = nearest_valence(matcher, topic->at, true);
    if (!valence) valence = nearest_valence(matcher, topic->at, false);
    uint32_t few = matcher->lexicon->language->characters ? 12 : 6;
    topic->topic = true;
    topic->shown = topic->at;
    if (valence) {
        topic->pole = valence->value < 0 ? POLE_NEGATIVE : POLE_POSITIVE;
        topic->shown = cover(topic->at, valence->shown);
        topic->at = cover(topic->at, valence->at);
    } else if (wish_reaches(matcher, topic->at)) {
        topic->pole = POLE_NEGATIVE;
    } else if (matcher->tokens->count <= few && role != ROLE_OPEN) {
        topic->pole = role == ROLE_WHAT_GOOD ? POLE_POSITIVE : POLE_NEGATIVE;
    }
    topic_step(matcher, topic);
}

static void judge_topics(Matcher *matcher, Role role) {
    size_t kept = 0;
    for (size_t i = 0; i < matcher->found_count; i++) {
        Found *found = &matcher->found[i];
        if (found->pole == POLE_TOPIC) judge_topic(matcher, role, found);
        if (found->pole != POLE_TOPIC) matcher->found[kept++] = *found;
    }
    matcher->found_count = kept;
}

/* ---- overlaps ---- */

static uint32_t length(const Found *found) { return found->at.last - found->at.first; }

/* By code; what a rule says before what a topic says; what stays in one clause before what crosses a border; longest first; then the first rule, the
 * first place. */
static int by_claim(const void *left, const void *right) {
    const Found *a = left, *b = right;
    if (a->rule->code != b->rule->code) return a->rule->code < b->rule->code ? -1 : 1;
    if (a->topic != b->topic) return a->topic ? 1 : -1;
    if (a->crosses != b->crosses) return a->crosses ? 1 : -1;
    if (length(a) != length(b)) return length(a) > length(b) ? -1 : 1;
    if (a->rule != b->rule) return a->rule < b->rule ? -1 : 1;
    return (a->at.first > b->at.first) - (a->at.first < b->at.first);
}

/* Owners — which tokens accepted matches of the code at work hold. */
typedef struct {
    uint32_t *code;   /* by token: code + 1 of who holds it */
    uint32_t *before; /* by token: how many tokens before it are held; made once a code, when a match that crosses a border comes */
    uint32_t summed;  /* the code + 1 for which `before` holds */
} Owners;

static bool held_between(Owners *owners, uint32_t mark, uint32_t first, uint32_t last, size_t count) {
    if (owners->summed != mark) {
        owners->before[0] = 0;
        for (size_t i = 0; i < count; i++) owners->before[i + 1] = owners->before[i] + (owners->code[i] == mark);
        owners->summed = mark;
    }
    return owners->before[last + 1] > owners->before[first];
}

/* As the longest come first, a match overlaps an accepted one of its kind only if one of its ends lies in it; those of kinds that came before may be shorter. */
static bool taken(Owners *owners, const Found *found, uint32_t mark, size_t count) {
    if (owners->code[found->at.first] == mark || owners->code[found->at.last] == mark) return true;
    if (found->crosses && !found->topic) return held_between(owners, mark, found->at.first, found->at.last, count);
    for (uint32_t i = found->at.first; found->topic && i <= found->at.last; i++)
        if (owners->code[i] == mark) return true;
    return false;
}

static void mark_crossing(Matcher *matcher) {
    const Token *tokens = matcher->tokens->items;
    for (size_t i = 0; i < matcher->found_count && matcher->tokens->count; i++) {
        Found *found = &matcher->found[i];
        found->crosses = tokens[found->at.first].clause != tokens[found->at.last].clause;
    }
}

/* Those of rules with `unit: clause`. */
static void drop_crossing(Matcher *matcher) {
    size_t kept = 0;
    for (size_t i = 0; i < matcher->found_count; i++) {
        const Found *found = &matcher->found[i];
        if (found->crosses && found->rule->clause)
            matcher_step(matcher, (Step){.kind = STEP_CLAUSE, .rule = found->rule->id, .first = found->at.first, .last = found->at.last});
        else matcher->found[kept++] = *found;
    }
    matcher->found_count = kept;
}

static void drop_overlaps(Matcher *matcher) {
    size_t count = matcher->tokens->count;
    mark_crossing(matcher);
    drop_crossing(matcher);
    sort_items(matcher->found, matcher->found_count, sizeof *matcher->found, by_claim);
    Owners owners = {.code = arena_calloc(matcher->scratch, count + 1, sizeof *owners.code), .before = arena_alloc(matcher->scratch, (count + 1) * sizeof *owners.before)};
    size_t kept = 0;
    for (size_t i = 0; i < matcher->found_count; i++) {
        Found *found = &matcher->found[i];
        uint32_t mark = found->rule->code + 1u;
        if (taken(&owners, found, mark, count)) {
            matcher_step(matcher, (Step){.kind = STEP_OVERLAP, .rule = found->rule->id, .first = found->at.first, .last = found->at.last});
            continue;
        }
        for (uint32_t j = found->at.first; count && j <= found->at.last; j++) owners.code[j] = mark;
        matcher->found[kept++] = *found;
    }
    matcher->found_count = kept;
}

/* ---- tags ---- */

static int by_tag(const void *left, const void *right) {
    const Found *a = left, *b = right;
    if (a->rule->code != b->rule->code) return a->rule->code < b->rule->code ? -1 : 1;
    if (a->pole != b->pole) return a->pole < b->pole ? -1 : 1;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    return (a->end > b->end) - (a->end < b->end);
}

/* How often the code was right on coded texts, times the weight of the rule. */
static uint16_t p_of(const Matcher *matcher, const Found *found) {
    uint32_t precision = matcher->lexicon->precision[4 * found->rule->code + found->pole];
    return (uint16_t)((precision * found->rule->weight + 5000) / 10000);
}

static void add_tag(const Found *found, Result *result) {
    result->tags[result->tag_count++] = (Tag){.code = found->rule->code, .pole = (uint8_t)found->pole, .first_hit = (uint32_t)result->hit_count};
}

static void make_tags(Matcher *matcher, Result *result) {
    sort_items(matcher->found, matcher->found_count, sizeof *matcher->found, by_tag);
    result->tags = arena_alloc(matcher->scratch, matcher->found_count * sizeof *result->tags);
    result->hits = arena_alloc(matcher->scratch, matcher->found_count * sizeof *result->hits);
    for (size_t i = 0; i < matcher->found_count; i++) {
        const Found *found = &matcher->found[i];
        Tag *tag = result->tag_count ? &result->tags[result->tag_count - 1] : NULL;
        if (!tag || tag->code != found->rule->code || tag->pole != found->pole) add_tag(found, result);
        tag = &result->tags[result->tag_count - 1];
        tag->hit_count++;
        if (p_of(matcher, found) > tag->p) tag->p = p_of(matcher, found); /* the surest hit speaks for all */
        result->hits[result->hit_count++] = (Hit){.rule = (uint32_t)(found->rule - matcher->lexicon->rules),
                                                  .first = found->at.first, .last = found->at.last, .start = anchors_start(matcher->tokens->anchors, found->start), .end = anchors_end(matcher->tokens->anchors, found->end),
                                                  .code = found->rule->code, .pole = (uint8_t)found->pole, .turned = found->turned};
    }
}

static void place_bytes(const Matcher *matcher, Found *found) {
    const Token *tokens = matcher->tokens->items;
    bool own = is_regex(matcher, found->rule); /* its bytes, and what turned it */
    if (!own || found->shown.first < found->at.first) found->start = tokens[found->shown.first].start;
    if (!own || found->shown.last > found->at.last) found->end = tokens[found->shown.last].end;
}

void judge(Matcher *matcher, Role role, Result *result) {
    judge_topics(matcher, role);
    drop_overlaps(matcher);
    size_t kept = 0;
    for (size_t i = 0; i < matcher->found_count; i++) {
        if (!shift_found(matcher, &matcher->found[i])) continue;
        place_bytes(matcher, &matcher->found[i]);
        matcher->found[kept++] = matcher->found[i];
    }
    matcher->found_count = kept;
    make_tags(matcher, result);
}
