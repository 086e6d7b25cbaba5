#include "coders.h"

#include <math.h>
#include <stdlib.h>

#include "score.h"

enum { PARTS = 360360, MILLION = 1000000 }; /* PARTS: the least number that 1 to 15 all divide */

static LabelPairs *pairs_of(Coders *coders, Span label) {
    size_t number = table_number(&coders->labels, label, &coders->names, &coders->count, &coders->capacity, &coders->keep);
    if (number == coders->pair_count) *ARENA_PUSH(&coders->keep, coders->pairs, coders->pair_count, coders->pair_capacity) = (LabelPairs){0};
    return &coders->pairs[number];
}

static bool has(LabelSet set, Span label) { return span_among(label, set.items, set.count); }

/* Sorted, each label once; lives in arena. */
static LabelSet sorted_set(LabelSet set, Arena *arena) {
    Span *items = arena_alloc(arena, (set.count + 1) * sizeof *items);
    size_t count = 0;
    for (size_t i = 0; i < set.count; i++)
        if (!has((LabelSet){items, count}, set.items[i])) items[count++] = set.items[i];
    if (count) qsort(items, count, sizeof *items, span_order);
    return (LabelSet){items, count};
}

uint64_t masi_distance(LabelSet a, LabelSet b) {
    uint64_t shared = 0;
    for (size_t i = 0; i < a.count; i++) shared += has(b, a.items[i]);
    uint64_t all = a.count + b.count - shared;
    if (shared == all) return 0;
    uint64_t thirds = shared == a.count || shared == b.count ? 2 : 1;
    return MILLION - (2 * MILLION * shared * thirds + 3 * all) / (6 * all); /* rounded; an empty set shares nothing */
}

/* The set as a name: labels with line ends, which no label of a map or codebook has. */
static Span set_name(LabelSet set, Arena *arena) {
    Buffer name = {0};
    for (size_t i = 0; i < set.count; i++) buffer_append(&name, set.items[i]), buffer_byte(&name, '\n');
    Span copy = arena_copy(arena, name.len ? buffer_span(&name) : SPAN(""));
    buffer_free(&name);
    return copy;
}

static uint64_t *uses_of(Coders *coders, Span name) {
    size_t number = table_number(&coders->sets, name, &coders->set_names, &coders->set_count, &coders->set_capacity, &coders->keep);
    if (number == coders->use_count) *ARENA_PUSH(&coders->keep, coders->set_uses, coders->use_count, coders->use_capacity) = 0;
    return &coders->set_uses[number];
}

/* Once there are too many sets no others are kept: that there are too many is then known. */
static void use_set(Coders *coders, Span name, uint64_t times) {
    if (coders->set_count <= SETS_MAX) *uses_of(coders, name) += times;
}

static void add_label(Coders *coders, Span label, const LabelSet *sets, size_t count) {
    uint64_t yes = 0;
    for (size_t i = 0; i < count; i++) yes += has(sets[i], label);
    LabelPairs *pairs = pairs_of(coders, label);
    pairs->yes += yes * (yes - 1) * (PARTS / (count - 1));
    pairs->differ += yes * (count - yes) * (PARTS / (count - 1));
}

static bool seen_before(const LabelSet *sets, size_t coder, Span label) {
    for (size_t i = 0; i < coder; i++)
        if (has(sets[i], label)) return true;
    return false;
}

void coders_add(Coders *coders, const LabelSet *given, size_t count) {
    if (count < 2) return;
    Arena scratch = {0};
    LabelSet *sets = arena_alloc(&scratch, count * sizeof *sets);
    coders->texts++;
    coders->values += count;
    for (size_t i = 0; i < count; i++) {
        sets[i] = sorted_set(given[i], &scratch);
        for (size_t j = 0; j < i; j++) coders->set_distance += 2 * masi_distance(sets[i], sets[j]) * (PARTS / (count - 1));
        use_set(coders, set_name(sets[i], &scratch), 1);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < sets[i].count; j++)
            if (!seen_before(sets, i, sets[i].items[j])) add_label(coders, sets[i].items[j], sets, count);
    arena_free(&scratch);
}

void coders_add_sentiments(Coders *coders, const int *sentiments, size_t count) {
    if (count < 2) return;
    coders->sentiment_texts++;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            if (i != j) coders->sentiments[sentiments[i]][sentiments[j]] += PARTS / (count - 1);
}

void coders_merge(Coders *into, const Coders *from) {
    into->texts += from->texts;
    into->values += from->values;
    into->sentiment_texts += from->sentiment_texts;
    into->set_distance += from->set_distance;
    for (size_t i = 0; i < from->count; i++) {
        LabelPairs *pairs = pairs_of(into, from->names[i]);
        pairs->yes += from->pairs[i].yes;
        pairs->differ += from->pairs[i].differ;
    }
    for (size_t i = 0; i < SENTIMENT_COUNT; i++)
        for (size_t j = 0; j < SENTIMENT_COUNT; j++) into->sentiments[i][j] += from->sentiments[i][j];
    for (size_t i = 0; i < from->set_count; i++) use_set(into, from->set_names[i], from->set_uses[i]);
}

void coders_free(Coders *coders) {
    table_free(&coders->labels);
    table_free(&coders->sets);
    arena_free(&coders->keep);
    *coders = (Coders){0};
}

/* `values` yes or no, of which some pairs are known. */
static double alpha_of(LabelPairs pairs, double values) {
    double yes = (double)pairs.yes / PARTS, differ = (double)pairs.differ / PARTS;
    return alpha_nominal((double[]){yes, differ, differ, values - yes - 2 * differ}, 2);
}

double coders_alpha(const Coders *coders, size_t label) { return alpha_of(coders->pairs[label], (double)coders->values); }

double coders_alpha_pooled(const Coders *coders) {
    LabelPairs sum = {0};
    for (size_t i = 0; i < coders->count; i++) sum.yes += coders->pairs[i].yes, sum.differ += coders->pairs[i].differ;
    return alpha_of(sum, (double)coders->values * (double)coders->count);
}

double coders_alpha_sentiment(const Coders *coders) {
    double pairs[SENTIMENT_COUNT * SENTIMENT_COUNT];
    for (size_t i = 0; i < SENTIMENT_COUNT * SENTIMENT_COUNT; i++) pairs[i] = (double)coders->sentiments[i / SENTIMENT_COUNT][i % SENTIMENT_COUNT] / PARTS;
    return alpha_nominal(pairs, SENTIMENT_COUNT);
}

static LabelSet set_of(Span name, Arena *arena) {
    size_t count = 0, capacity = 0;
    Span *items = NULL;
    for (size_t first = 0, i = 0; i < name.len; i++) {
        if (name.data[i] != '\n') continue;
        *ARENA_PUSH(arena, items, count, capacity) = (Span){name.data + first, i - first};
        first = i + 1;
    }
    return (LabelSet){items, count};
}

/* In the order of names, so that the sum of doubles is the same whatever thread met a set first. */
double coders_alpha_sets(const Coders *coders) {
    if (coders->set_count > SETS_MAX || !coders->values) return NAN;
    Arena scratch = {0};
    Span *names = arena_alloc(&scratch, coders->set_count * sizeof *names);
    memcpy(names, coders->set_names, coders->set_count * sizeof *names);
    qsort(names, coders->set_count, sizeof *names, span_order);
    LabelSet *sets = arena_alloc(&scratch, coders->set_count * sizeof *sets);
    double *uses = arena_alloc(&scratch, coders->set_count * sizeof *uses);
    double expected = 0, values = (double)coders->values;
    for (size_t i = 0; i < coders->set_count; i++) {
        sets[i] = set_of(names[i], &scratch);
        uses[i] = (double)coders->set_uses[table_get(&coders->sets, names[i])];
        for (size_t j = 0; j < i; j++) expected += 2 * uses[i] * uses[j] * (double)masi_distance(sets[i], sets[j]) / MILLION;
    }
    arena_free(&scratch);
    double observed = (double)coders->set_distance / PARTS / MILLION / values;
    expected /= values * (values - 1);
    return expected > 0 ? 1 - observed / expected : NAN;
}
