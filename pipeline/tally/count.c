/* count — a tally in memory. */
#include <math.h>
#include <stdlib.h>

#include "tally/counts.h"

enum { MILLION = 1000000 };

size_t tally_rows(const Tally *tally) { return tally->codebook->code_count + tally->codebook->net_count; }

static void copy_segments(Tally *tally, const TallySettings *settings) {
    tally->segments = arena_calloc(&tally->keep, settings->segment_count, sizeof *tally->segments);
    tally->places = arena_calloc(&tally->keep, settings->segment_count, sizeof *tally->places);
    for (size_t i = 0; i < settings->segment_count; i++) {
        bool known = false;
        for (size_t j = 0; j < tally->segment_count; j++) known = known || strcmp(tally->segments[j], settings->segments[i]) == 0;
        if (known) continue;
        tally->places[tally->segment_count] = i;
        tally->segments[tally->segment_count++] = arena_string(&tally->keep, span_of(settings->segments[i]));
    }
}

static Group *group_open(Tally *tally, size_t segment, Span value) {
    Group *group = arena_calloc(&tally->keep, 1, sizeof *group);
    group->segment = segment;
    group->value = value;
    group->rows = arena_calloc(&tally->keep, tally_rows(tally), sizeof *group->rows);
    if (tally->group_count == tally->group_capacity) {
        tally->group_capacity = tally->group_capacity ? 2 * tally->group_capacity : 64;
        tally->groups = memory_resize(tally->groups, tally->group_capacity * sizeof(Group *));
    }
    return tally->groups[tally->group_count++] = group;
}

Tally *tally_open(const TallySettings *settings) {
    Tally *tally = memory_alloc(sizeof *tally);
    *tally = (Tally){.codebook = settings->codebook,
                     .quotes = settings->quotes < QUOTES_MAX ? settings->quotes : QUOTES_MAX,
                     .model_count = settings->model_count};
    copy_segments(tally, settings);
    tally->models = arena_calloc(&tally->keep, settings->model_count, sizeof *tally->models);
    for (size_t i = 0; i < settings->model_count; i++) tally->models[i] = arena_string(&tally->keep, span_of(settings->models[i]));
    tally->values = arena_calloc(&tally->keep, tally->segment_count, sizeof *tally->values);
    tally->touched = arena_calloc(&tally->keep, tally_rows(tally), sizeof *tally->touched);
    tally->poles = arena_calloc(&tally->keep, tally_rows(tally), sizeof *tally->poles);
    group_open(tally, TOTAL, (Span){0});
    return tally;
}

static void row_release(Row *row) {
    if (!row || !row->lists) return;
    for (size_t pole = 0; pole < POLES; pole++)
        for (size_t i = 0; i < row->lists[pole].count; i++) kept_release(row->lists[pole].items[i]);
}

void tally_close(Tally *tally) {
    if (!tally) return;
    for (size_t i = 0; i < tally->group_count; i++)
        for (size_t row = 0; row < tally_rows(tally); row++) row_release(tally->groups[i]->rows[row]);
    for (size_t i = 0; i < tally->segment_count; i++) table_free(&tally->values[i]);
    memory_free(tally->groups);
    memory_free(tally->sorted);
    arena_free(&tally->keep);
    memory_free(tally);
}

Group *group_of(Tally *tally, size_t segment, Span value) {
    if (segment == TOTAL) return tally->groups[0];
    uint32_t known = table_get(&tally->values[segment], value);
    if (known != TABLE_NONE) return tally->groups[known];
    value = arena_copy(&tally->keep, value);
    *table_put(&tally->values[segment], value) = (uint32_t)tally->group_count;
    return group_open(tally, segment, value);
}

/* Codes with poles are quoted at each, others at none. */
static void lists_open(Tally *tally, Row *row, bool poles) {
    row->quoted = poles ? 1u << POLE_NEGATIVE | 1u << POLE_POSITIVE : 1u << POLE_NONE;
    row->lists = arena_calloc(&tally->keep, POLES, sizeof *row->lists);
    for (size_t pole = 0; pole < POLES; pole++) row->lists[pole].limit = UINT64_MAX;
}

Row *row_of(Tally *tally, Group *group, size_t row) {
    if (group->rows[row]) return group->rows[row];
    group->rows[row] = arena_calloc(&tally->keep, 1, sizeof(Row));
    if (tally->quotes && row < tally->codebook->code_count) lists_open(tally, group->rows[row], tally->codebook->codes[row].poles);
    return group->rows[row];
}

bool row_poles(const Codebook *codebook, size_t row) {
    if (row < codebook->code_count) return codebook->codes[row].poles;
    for (size_t i = 0; i < codebook->code_count; i++)
        if (codebook->codes[i].net == row - codebook->code_count && codebook->codes[i].poles) return true;
    return false;
}

/* ---- counting one response ---- */

/* Notes that the response counts in a row at a pole, and so at either. */
static size_t touch(Tally *tally, size_t count, size_t row, int pole) {
    if (!tally->poles[row]) tally->touched[count++] = (uint32_t)row;
    tally->poles[row] |= (uint8_t)(1u << POLE_NONE | 1u << pole);
    return count;
}

/* The pole that a tag counts at: none where the code has none, or where nothing says which. */
static int pole_of(const Code *code, const Tag *tag) { return code->poles && tag->pole < POLES ? tag->pole : POLE_NONE; }

/* Rows of all tags, each once, into tally->touched; how many. */
static size_t touch_all(Tally *tally, const Result *result) {
    const Codebook *codebook = tally->codebook;
    size_t count = 0;
    for (size_t i = 0; i < result->tag_count; i++) {
        const Tag *tag = &result->tags[i];
        const Code *code = &codebook->codes[tag->code];
        int pole = pole_of(code, tag);
        count = touch(tally, count, tag->code, pole);
        count = touch(tally, count, codebook->code_count + code->net, pole);
    }
    return count;
}

/* HOT: runs for each response and each of its cells. */
static void group_add(Tally *tally, Group *group, size_t touched_count, Candidate *candidate) {
    int64_t weight = candidate->doc->weight;
    group->base++;
    group->weight = sum_weights(group->weight, weight);
    group->squares = sum_squares(group->squares, (Wide)weight * (Wide)weight);
    slot_add(&group->sentiment[candidate->result->score.label], 1, weight);
    for (size_t i = 0; i < touched_count; i++) {
        size_t index = tally->touched[i];
        unsigned poles = tally->poles[index];
        Row *row = group->rows[index] ? group->rows[index] : row_of(tally, group, index);
        for (unsigned left = poles; left; left &= left - 1) {
            int pole = __builtin_ctz(left);
            slot_add(&row->slots[pole], 1, weight);
            bool wanted = candidate->usable && row->quoted >> pole & 1 && candidate->hash <= row->lists[pole].limit;
            if (wanted) candidate_offer(tally, candidate, &row->lists[pole], index, pole);
        }
    }
}

void tally_add(Tally *tally, const Doc *doc, const Result *result) {
    size_t count = touch_all(tally, result);
    Candidate candidate = candidate_of(tally, doc, result);
    group_add(tally, tally->groups[0], count, &candidate);
    for (size_t i = 0; i < tally->segment_count && tally->places[i] < doc->segment_count; i++) {
        Span value = doc->segments[tally->places[i]].value;
        if (value.data) group_add(tally, group_of(tally, i, value), count, &candidate);
    }
    for (size_t i = 0; i < count; i++) tally->poles[tally->touched[i]] = 0;
    candidate_close(&candidate);
}

void tally_reject(Tally *tally) { tally->rejected = sum_counts(tally->rejected, 1); }

/* ---- looking ---- */

static int by_place(const void *a, const void *b) {
    const Group *left = *(Group *const *)a, *right = *(Group *const *)b;
    size_t first = left->segment + 1, second = right->segment + 1; /* the total's is then 0 */
    return first != second ? (first > second) - (first < second) : span_compare(left->value, right->value);
}

/* The order is made when asked for: looking at a tally is not for two threads at a time. */
Group *const *groups_sorted(const Tally *tally) {
    Tally *mutable = (Tally *)tally;
    if (tally->sorted_count != tally->group_count) {
        mutable->sorted = memory_resize(tally->sorted, tally->group_count * sizeof(Group *));
        memcpy(mutable->sorted, tally->groups, tally->group_count * sizeof(Group *));
        qsort(mutable->sorted, tally->group_count, sizeof(Group *), by_place);
        mutable->sorted_count = tally->group_count;
    }
    return tally->sorted;
}

TallyTotals tally_totals(const Tally *tally) {
    uint64_t tagged = tally->groups[0]->base;
    return (TallyTotals){sum_counts(tagged, tally->rejected), tagged, tally->rejected};
}

const Codebook *tally_codebook(const Tally *tally) { return tally->codebook; }
size_t tally_segments(const Tally *tally) { return tally->segment_count; }
const char *tally_segment(const Tally *tally, size_t segment) { return tally->segments[segment]; }
bool tally_poles(const Tally *tally, size_t code) { return row_poles(tally->codebook, code); }
size_t tally_cells(const Tally *tally) { return tally->group_count; }

/* sum w = n and sum w^2 = n together mean that each weight is 1, for then sum (w - 1)^2 = 0. */
static bool is_weighted(const Group *group) {
    Wide base = group->base;
    return (Wide)group->weight != base * MILLION || group->squares != base * MILLION * MILLION;
}

Cell tally_cell(const Tally *tally, size_t cell) {
    const Group *group = groups_sorted(tally)[cell];
    Cell out = {.segment = group->segment == TOTAL ? NULL : tally->segments[group->segment],
                .value = group->value,
                .base = group->base,
                .base_weight = group->weight,
                .weighted = is_weighted(group)};
    for (size_t label = 0; label < SENTIMENT_COUNT; label++) {
        out.sentiment[label] = group->sentiment[label].responses;
        out.sentiment_weight[label] = group->sentiment[label].weight;
    }
    return out;
}

/* (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n) */
void wilson_interval(double share, double base, double *low, double *high) {
    const double z = 1.959963984540054;
    *low = 0, *high = 1;
    if (base <= 0) return;
    double scale = 1 + z * z / base, middle = share + z * z / (2 * base);
    double spread = z * sqrt(share * (1 - share) / base + z * z / (4 * base * base));
    *low = share > 0 ? fmax(0, (middle - spread) / scale) : 0;
    *high = share < 1 ? fmin(1, (middle + spread) / scale) : 1;
}

static Count count_in(const Group *group, Slot slot) {
    Count count = {.responses = slot.responses, .weight = slot.weight};
    double base = (double)group->base;
    if (is_weighted(group) && group->squares) base = (double)group->weight * (double)group->weight / (double)group->squares;
    if (group->weight) count.share = (double)slot.weight / (double)group->weight;
    wilson_interval(count.share, base, &count.low, &count.high);
    return count;
}

Count tally_count(const Tally *tally, size_t cell, size_t code, int pole) {
    const Group *group = groups_sorted(tally)[cell];
    bool known = code < tally_rows(tally) && pole >= 0 && pole < POLES && group->rows[code];
    return count_in(group, known ? group->rows[code]->slots[pole] : (Slot){0, 0});
}

Count tally_sentiment(const Tally *tally, size_t cell, int label) {
    const Group *group = groups_sorted(tally)[cell];
    return count_in(group, group->sentiment[label]);
}

size_t tally_quotes(const Tally *tally, size_t cell, size_t code, int pole, Quote *quotes, size_t room) {
    const Group *group = groups_sorted(tally)[cell];
    bool known = code < tally->codebook->code_count && pole >= 0 && pole < POLES && group->rows[code] && group->rows[code]->lists;
    if (!known) return 0;
    const QuoteList *list = &group->rows[code]->lists[pole];
    for (size_t i = 0; i < list->count && i < room; i++) {
        const Kept *kept = list->items[i];
        const KeptTag *tag = kept_tag(kept, code, pole);
        quotes[i] = (Quote){
            .id = kept->id, .text = kept->text, .lang = kept->lang, .marks = kept->marks + tag->first_mark, .mark_count = tag->mark_count};
    }
    return list->count < room ? list->count : room;
}
