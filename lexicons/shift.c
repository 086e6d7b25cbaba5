/* shift — negators, boosters, hedges, wishes and the rest, and the valence of words under them. */
#include "base/sort.h"

#include "matching.h"

/* Entries that reach one hit: more than that is noise or an attack. */
enum { SHIFTS_SEEN = 24 };

static int by_place_longest(const void *left, const void *right) {
    const Shift *a = left, *b = right;
    if (a->at.first != b->at.first) return a->at.first < b->at.first ? -1 : 1;
    if (a->at.last != b->at.last) return a->at.last > b->at.last ? -1 : 1;
    return (a->rule > b->rule) - (a->rule < b->rule);
}

/* "but" begins a new clause. */
static void cut_clauses(Matcher *matcher) {
    uint32_t more = 0;
    size_t next = 0;
    Token *tokens = matcher->tokens->items;
    for (uint32_t i = 0; i < matcher->tokens->count; i++) {
        while (next < matcher->shift_count && matcher->shifts[next].at.first <= i) more += matcher->shifts[next++].rule->does == DOES_CONTRAST;
        tokens[i].clause += more;
    }
}

/* Leftmost, then longest: of shifters that overlap one stays, so "no longer" is not also "no". */
void find_shifts(Matcher *matcher) {
    sort_items(matcher->shifts, matcher->shift_count, sizeof *matcher->shifts, by_place_longest);
    size_t kept = 0;
    const Token *tokens = matcher->tokens->items;
    for (size_t i = 0; i < matcher->shift_count; i++) {
        Shift shift = matcher->shifts[i];
        Match held = kept ? matcher->shifts[kept - 1].at : (Match){0};
        bool same = held.first == shift.at.first && held.last == shift.at.last; /* one word may do two things */
        if (kept && !same && overlap(held, shift.at)) {
            if (shift.at.last - shift.at.first <= held.last - held.first) continue;
            kept--;
        }
        matcher->shifts[kept++] = shift;
    }
    matcher->shift_count = kept;
    bool contrast = false;
    for (size_t i = 0; i < kept; i++) contrast = contrast || matcher->shifts[i].rule->does == DOES_CONTRAST;
    if (contrast) cut_clauses(matcher);
    uint32_t sentences = matcher->tokens->count ? tokens[matcher->tokens->count - 1].sentence + 1 : 0;
    matcher->sentence_bits = arena_calloc(matcher->scratch, sentences ? sentences : 1, 1);
    for (size_t i = 0; i < kept; i++) {
        const Rule *rule = matcher->shifts[i].rule;
        uint8_t *bits = &matcher->sentence_bits[tokens[matcher->shifts[i].at.first].sentence];
        if (rule->does == DOES_WISH && rule->reach == REACH_SENTENCE) *bits |= BIT_WISH;
        if (rule->does == DOES_CANCEL && rule->reach == REACH_SENTENCE) *bits |= BIT_CANCEL;
    }
}

/* The first shifter that could reach token `first`. */
static size_t first_shift(const Matcher *matcher, uint32_t first) {
    uint32_t reach = matcher->lexicon->scope_max + 8;
    uint32_t from = first > reach ? first - reach : 0;
    size_t low = 0, high = matcher->shift_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (matcher->shifts[middle].at.first < from) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Whether a shifter that stands outside or between the words of a match reaches it. */
static bool reaches(const Matcher *matcher, const Shift *shift, Match match) {
    const Token *tokens = matcher->tokens->items;
    uint8_t reach = shift->rule->reach;
    uint32_t scope = shift->rule->scope;
    if (reach == REACH_SENTENCE) return tokens[shift->at.first].sentence == tokens[match.first].sentence;
    if (shift->at.last < match.first)
        return reach != REACH_BEFORE && match.first - shift->at.last - 1 <= scope && tokens[shift->at.last].clause == tokens[match.first].clause;
    if (shift->at.first > match.last)
        return reach != REACH_AFTER && shift->at.first - match.last - 1 <= scope && tokens[shift->at.first].clause == tokens[match.last].clause;
    return shift->at.first > match.first && shift->at.last < match.last;
}

bool wish_reaches(const Matcher *matcher, Match match) {
    if (matcher->sentence_bits[matcher->tokens->items[match.first].sentence] & BIT_WISH) return true;
    int seen = 0;
    for (size_t i = first_shift(matcher, match.first); i < matcher->shift_count && seen < SHIFTS_SEEN; i++, seen++) {
        const Shift *shift = &matcher->shifts[i];
        if (shift->at.first > match.last + matcher->lexicon->scope_max + 1) return false;
        if (shift->rule->does == DOES_WISH && !overlap(shift->at, match) && reaches(matcher, shift, match)) return true;
    }
    return false;
}

/* ---- valence ---- */

static int valence_by_place(const void *left, const void *right) {
    const Valence *a = left, *b = right;
    if (a->at.first != b->at.first) return a->at.first < b->at.first ? -1 : 1;
    if (a->at.last != b->at.last) return a->at.last > b->at.last ? -1 : 1;
    return (a->rule > b->rule) - (a->rule < b->rule);
}

/* Leftmost, then longest. */
void find_valences(Matcher *matcher) {
    bool sorted = true;
    for (size_t i = 1; i < matcher->valence_count && sorted; i++) sorted = valence_by_place(&matcher->valences[i - 1], &matcher->valences[i]) < 0;
    if (!sorted) sort_items(matcher->valences, matcher->valence_count, sizeof *matcher->valences, valence_by_place);
    size_t kept = 0;
    for (size_t i = 0; i < matcher->valence_count; i++)
        if (!kept || matcher->valences[kept - 1].at.last < matcher->valences[i].at.first) matcher->valences[kept++] = matcher->valences[i];
    matcher->valence_count = kept;
}

static int strengthen(int value, int by) { return value < 0 ? (value - by > 0 ? 0 : value - by) : (value + by < 0 ? 0 : value + by); }

/* VADER's scheme (Hutto and Gilbert 2014) in integers: boosters add to the strength, a negator turns and weakens; but not what
 * holds a negator itself ("никогда не работает": several negators are one). */
static void shift_valence(Matcher *matcher, Valence *valence) {
    bool negated = false, own_negator = false;
    int seen = 0;
    valence->value = valence->base;
    if (matcher->tokens->words[matcher->tokens->items[valence->at.first].word].kind & WORD_EMOJI) return; /* said for itself */
    for (size_t i = first_shift(matcher, valence->at.first); i < matcher->shift_count && seen < SHIFTS_SEEN; i++, seen++) {
        const Shift *shift = &matcher->shifts[i];
        if (shift->at.first > valence->at.last + matcher->lexicon->scope_max + 1) break;
        if (overlap(shift->at, valence->at)) {
            if (inside(valence->at, shift->at)) valence->value = 0; /* the word is but a part of the shifter */
            own_negator = own_negator || shift->rule->does == DOES_TURN;
            continue;
        }
        if (shift->spent || !reaches(matcher, shift, valence->at)) continue;
        switch (shift->rule->does) {
        case DOES_TURN:
            negated = true;
            valence->shown = cover(valence->shown, shift->at);
            break;
        case DOES_CANCEL: valence->value = 0; break;
        case DOES_BOOST: valence->value = strengthen(valence->value, shift->rule->by); break;
        case DOES_DAMP: valence->value = strengthen(valence->value, -shift->rule->by); break;
        case DOES_HEDGE: valence->value /= 2; break;
        case DOES_WISH: valence->value = valence->value > 0 ? 0 : valence->value; break;
        default: break;
        }
    }
    uint8_t bits = matcher->sentence_bits[matcher->tokens->items[valence->at.first].sentence];
    if (bits & BIT_WISH && valence->value > 0) valence->value = 0;
    if (bits & BIT_CANCEL) valence->value = 0;
    if (negated && !own_negator) valence->value = -valence->value * 3 / 4;
    else valence->shown = valence->at;
}

/* Both lists are sorted by place. */
static void spend_shifts(Matcher *matcher) {
    for (size_t i = 0, j = 0; i < matcher->shift_count; i++) {
        Shift *shift = &matcher->shifts[i];
        while (j < matcher->valence_count && matcher->valences[j].at.last < shift->at.first) j++;
        if (j == matcher->valence_count) return;
        shift->spent = inside(shift->at, matcher->valences[j].at);
    }
}

void shift_valences(Matcher *matcher) {
    spend_shifts(matcher);
    for (size_t i = 0; i < matcher->valence_count; i++) {
        Valence *valence = &matcher->valences[i];
        shift_valence(matcher, valence);
        matcher_step(matcher, (Step){.kind = STEP_VALENCE, .rule = valence->rule ? valence->rule->id : (Span){0}, .first = valence->at.first,
                                     .last = valence->at.last, .value = valence->value});
    }
}

/* ---- hits ---- */

static void wish(Matcher *matcher, Found *found, Span by) {
    if (found->pole != POLE_POSITIVE) return;
    found->pole = POLE_NEGATIVE;
    found->turned = true;
    matcher_step(matcher, (Step){.kind = STEP_WISHED, .rule = found->rule->id, .by = by, .first = found->at.first, .last = found->at.last});
}

static bool cancel(Matcher *matcher, const Found *found, Span by) {
    matcher_step(matcher, (Step){.kind = STEP_CANCELLED, .rule = found->rule->id, .by = by, .first = found->at.first, .last = found->at.last});
    return false;
}

static bool negate(Matcher *matcher, Found *found, const Shift *shift) {
    Span by = shift->rule->id;
    if (found->rule->negated == NEGATED_KEEP) return true;
    if (found->rule->negated == NEGATED_CANCEL) return cancel(matcher, found, by);
    found->pole = found->pole == POLE_POSITIVE ? POLE_NEGATIVE : POLE_POSITIVE;
    found->turned = true;
    found->shown = cover(found->shown, shift->at);
    matcher_step(matcher, (Step){.kind = STEP_TURNED, .rule = found->rule->id, .by = by, .first = found->at.first, .last = found->at.last});
    return true;
}

/* A shifter inside a match shifts it unless its words are among those that the rule itself asked for. */
static bool belongs(Matcher *matcher, const Shift *shift, const Found *found) {
    return overlap(shift->at, found->at) && (found->topic || !rule_spares(matcher, found->rule, found->at, shift->at));
}

bool shift_found(Matcher *matcher, Found *found) {
    if (!matcher->tokens->count || (is_regex(matcher, found->rule) && found->start < found->end && found->at.first == 0 && found->at.last + 1 == matcher->tokens->count)) return true;
    const Shift *negator = NULL;
    bool own_negator = false; /* with one of its own, those around it only stress it */
    int seen = 0;
    bool poles = found->pole == POLE_NEGATIVE || found->pole == POLE_POSITIVE;
    for (size_t i = first_shift(matcher, found->at.first); i < matcher->shift_count && seen < SHIFTS_SEEN; i++, seen++) {
        const Shift *shift = &matcher->shifts[i];
        if (shift->at.first > found->at.last + matcher->lexicon->scope_max + 1) break;
        if (shift->rule->does == DOES_CANCEL && covers(shift->at, found->at)) return cancel(matcher, found, shift->rule->id);
        bool own = belongs(matcher, shift, found);
        own_negator = own_negator || (own && shift->rule->does == DOES_TURN);
        if (shift->rule->reach == REACH_SENTENCE || own || !reaches(matcher, shift, found->at)) continue;
        if (shift->rule->does == DOES_TURN) negator = shift;
        if (shift->rule->does == DOES_CANCEL) return cancel(matcher, found, shift->rule->id);
        if (shift->rule->does == DOES_WISH && poles) wish(matcher, found, shift->rule->id);
    }
    uint8_t bits = matcher->sentence_bits[matcher->tokens->items[found->at.first].sentence];
    if (bits & BIT_CANCEL) return cancel(matcher, found, (Span){0});
    if (negator && !own_negator && !found->topic && !negate(matcher, found, negator)) return false;
    if (bits & BIT_WISH && poles) wish(matcher, found, (Span){0});
    return true;
}
