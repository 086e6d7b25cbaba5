#include "flips.h"

#include <stdio.h>

enum { BEFORE = 1, AFTER = 2, POLES = 3, EVIDENCE_MOST = 16 };

/* ---- labels ---- */

static uint32_t *take_codes(FlipFrame *frame, const Codebook *codebook, size_t *capacity, Arena *keep) {
    uint32_t *numbers = arena_alloc(keep, (codebook->code_count + 1) * sizeof *numbers);
    for (size_t i = 0; i < codebook->code_count; i++) {
        uint32_t *slot = table_put(&frame->known, codebook->codes[i].id);
        if (*slot == TABLE_NONE) {
            *slot = (uint32_t)frame->code_count;
            *ARENA_PUSH(keep, frame->codes, frame->code_count, *capacity) = codebook->codes[i].id;
        }
        numbers[i] = *slot;
    }
    return numbers;
}

void flipframe_open(FlipFrame *frame, const Plan *before, const Plan *after, size_t examples, Arena *keep) {
    *frame = (FlipFrame){.before = before, .after = after, .examples = examples};
    size_t capacity = 0;
    frame->of_before = take_codes(frame, before->tally.codebook, &capacity, keep);
    frame->of_after = take_codes(frame, after->tally.codebook, &capacity, keep);
    frame->label_count = frame->code_count * POLES + SENTIMENT_COUNT;
}

void flipframe_close(FlipFrame *frame) { table_free(&frame->known); }

bool flipframe_is_sentiment(const FlipFrame *frame, size_t label) { return label >= frame->code_count * POLES; }

Span flipframe_code(const FlipFrame *frame, size_t label) { return flipframe_is_sentiment(frame, label) ? SPAN("sentiment") : frame->codes[label / POLES]; }

const char *flipframe_pole(const FlipFrame *frame, size_t label) {
    return flipframe_is_sentiment(frame, label) ? sentiment_name((int)(label - frame->code_count * POLES)) : pole_name((int)(label % POLES));
}

static size_t label_of(const uint32_t *codes, const Tag *tag) { return (size_t)codes[tag->code] * POLES + tag->pole; }

/* ---- cells ---- */

static void *cleared(size_t count, size_t size) { return memset(memory_alloc(count * size + 1), 0, count * size); }

static void cell_open(FlipCell *cell, size_t labels) {
    if (!cell->labels) cell->labels = cleared(labels, sizeof *cell->labels);
}

static void cell_merge(FlipCell *into, const FlipCell *from, size_t labels) {
    into->responses += from->responses, into->changed += from->changed;
    if (!from->labels) return;
    cell_open(into, labels);
    for (size_t i = 0; i < labels; i++) into->labels[i].kept += from->labels[i].kept, into->labels[i].gained += from->labels[i].gained, into->labels[i].lost += from->labels[i].lost;
}

static void cell_add(FlipCell *cell, const uint8_t *sides, size_t labels, bool changed) {
    cell_open(cell, labels);
    cell->responses++;
    cell->changed += changed;
    for (size_t i = 0; i < labels; i++) {
        cell->labels[i].kept += sides[i] == (BEFORE | AFTER);
        cell->labels[i].gained += sides[i] == AFTER;
        cell->labels[i].lost += sides[i] == BEFORE;
    }
}

static void cell_close(FlipCell *cell) { memory_free(cell->labels); }

/* Where the value stands, or would; *there tells which. */
static size_t value_place(const FlipSegment *segment, uint64_t hash, Span value, bool *there) {
    size_t place = 0;
    int order = -1;
    for (; place < segment->count; place++) {
        const FlipValue *other = &segment->values[place];
        order = hash != other->hash ? (hash < other->hash ? -1 : 1) : span_compare(value, other->value);
        if (order <= 0) break;
    }
    *there = place < segment->count && order == 0;
    return place;
}

static void drop_last(FlipSegment *segment, size_t labels) {
    FlipValue *last = &segment->values[--segment->count];
    cell_merge(&segment->others, &last->cell, labels);
    cell_close(&last->cell);
    memory_free((char *)last->value.data);
    segment->full = true;
}

/* The cell of a value; that of the others where there is no room for it. A value that keeps its cell to the end has had it from the beginning. */
static FlipCell *value_cell(FlipSegment *segment, Span value, size_t labels) {
    uint64_t hash = hash_bytes(value, 0);
    bool there = false;
    size_t place = value_place(segment, hash, value, &there);
    if (there) return &segment->values[place].cell;
    if (place == VALUES_MAX) return segment->full = true, &segment->others;
    if (segment->count == VALUES_MAX) drop_last(segment, labels);
    memmove(segment->values + place + 1, segment->values + place, (segment->count++ - place) * sizeof *segment->values);
    char *copy = memory_alloc(value.len + 1);
    memcpy(copy, value.data, value.len);
    segment->values[place] = (FlipValue){.hash = hash, .value = {copy, value.len}};
    return &segment->values[place].cell;
}

/* ---- ratings ---- */

static size_t rating_class(double rating) {
    if (rating < 0) return RATINGS - 2;
    if (rating <= 10) return (size_t)(rating + 0.5);
    return rating <= 100 ? 10 + (size_t)((rating - 10 + 9.999999) / 10) : RATINGS - 1;
}

void rating_name(size_t rating, char name[static 16]) {
    if (rating == RATINGS - 2) snprintf(name, 16, "below 0");
    else if (rating == RATINGS - 1) snprintf(name, 16, "above 100");
    else if (rating <= 10) snprintf(name, 16, "%u", (unsigned)rating);
    else snprintf(name, 16, "%u-%u", (unsigned)(rating - 10) * 10 + 1, (unsigned)(rating - 9) * 10);
}

/* ---- flips ---- */

static size_t segments_of(const FlipFrame *frame) { return frame->before->read.segment_count; }

Flips *flips_open(const FlipFrame *frame) {
    Flips *flips = memory_alloc(sizeof *flips);
    *flips = (Flips){.frame = frame, .worker = worker_open(frame->after)};
    flips->gained = cleared(frame->label_count, sizeof *flips->gained);
    flips->lost = cleared(frame->label_count, sizeof *flips->lost);
    flips->sides = cleared(frame->label_count, 1);
    flips->segments = cleared(segments_of(frame), sizeof *flips->segments);
    for (size_t i = 0; i < segments_of(frame); i++) flips->segments[i].values = cleared(VALUES_MAX + 1, sizeof *flips->segments[i].values);
    cell_open(&flips->total, frame->label_count);
    return flips;
}

static void segment_close(FlipSegment *segment) {
    for (size_t i = 0; i < segment->count; i++) cell_close(&segment->values[i].cell), memory_free((char *)segment->values[i].value.data);
    cell_close(&segment->others);
    memory_free(segment->values);
}

void flips_close(Flips *flips) {
    if (!flips) return;
    worker_close(flips->worker);
    cell_close(&flips->total);
    for (size_t i = 0; i < RATINGS; i++) cell_close(&flips->ratings[i]);
    for (size_t i = 0; i < segments_of(flips->frame); i++) segment_close(&flips->segments[i]);
    for (size_t i = 0; i < flips->frame->label_count; i++) examples_free(&flips->gained[i]), examples_free(&flips->lost[i]);
    memory_free(flips->segments);
    memory_free(flips->gained);
    memory_free(flips->lost);
    memory_free(flips->sides);
    memory_free(flips);
}

static void keep_example(Examples *examples, size_t most, const Plan *plan, const Seen *seen, const Tag *tag, uint64_t hash) {
    Evidence evidence[EVIDENCE_MOST];
    size_t count = 0;
    for (uint32_t i = 0; tag && i < tag->hit_count && count < EVIDENCE_MOST; i++) {
        const Hit *hit = &seen->result.hits[tag->first_hit + i];
        evidence[count++] = (Evidence){hit->start, hit->end, lexicons_rule(plan->lexicons, seen->language, hit->rule)};
    }
    examples_take(examples, most, hash, seen->doc.id, seen->doc.text, evidence, count);
}

/* Examples of all labels on one side only. */
static void keep_examples(Flips *flips, const Seen *seen, const Plan *plan, const uint32_t *codes, uint8_t side, Examples *examples, uint64_t hash) {
    const FlipFrame *frame = flips->frame;
    for (size_t i = 0; i < seen->result.tag_count; i++) {
        size_t label = label_of(codes, &seen->result.tags[i]);
        if (flips->sides[label] == side) keep_example(&examples[label], frame->examples, plan, seen, &seen->result.tags[i], hash);
    }
    size_t mood = frame->code_count * POLES + (size_t)seen->result.score.label;
    if (flips->sides[mood] == side) keep_example(&examples[mood], frame->examples, plan, seen, NULL, hash);
}

static void set_sides(Flips *flips, const Seen *seen, const uint32_t *codes, uint8_t side) {
    for (size_t i = 0; i < seen->result.tag_count; i++) flips->sides[label_of(codes, &seen->result.tags[i])] |= side;
    flips->sides[flips->frame->code_count * POLES + (size_t)seen->result.score.label] |= side;
}

void flips_add(Flips *flips, const Seen *seen) {
    const FlipFrame *frame = flips->frame;
    Seen other = {.doc = seen->doc};
    /* what the first lexicon guessed is not for the second to take as given */
    if (seen->language && seen->doc.lang.data == seen->language->code.data) other.doc.lang = (Span){0};
    worker_begin(flips->worker);
    worker_tag(flips->worker, &other);
    memset(flips->sides, 0, frame->label_count);
    set_sides(flips, seen, frame->of_before, BEFORE);
    set_sides(flips, &other, frame->of_after, AFTER);
    bool changed = false;
    for (size_t i = 0; i < frame->label_count && !changed; i++) changed = flips->sides[i] == BEFORE || flips->sides[i] == AFTER;
    cell_add(&flips->total, flips->sides, frame->label_count, changed);
    if (seen->doc.has_rating) cell_add(&flips->ratings[rating_class(seen->doc.rating)], flips->sides, frame->label_count, changed);
    for (size_t i = 0; i < segments_of(frame) && i < seen->doc.segment_count; i++)
        if (seen->doc.segments[i].value.data) cell_add(value_cell(&flips->segments[i], seen->doc.segments[i].value, frame->label_count), flips->sides, frame->label_count, changed);
    if (!changed || !frame->examples) return;
    uint64_t hash = quote_hash(seen->doc.id, seen->doc.text);
    keep_examples(flips, seen, frame->before, frame->of_before, BEFORE, flips->lost, hash);
    keep_examples(flips, &other, frame->after, frame->of_after, AFTER, flips->gained, hash);
}

void flips_merge(Flips *into, Flips *from) {
    size_t labels = into->frame->label_count;
    cell_merge(&into->total, &from->total, labels);
    for (size_t i = 0; i < RATINGS; i++) cell_merge(&into->ratings[i], &from->ratings[i], labels);
    for (size_t i = 0; i < segments_of(into->frame); i++) {
        FlipSegment *segment = &into->segments[i], *more = &from->segments[i];
        for (size_t j = 0; j < more->count; j++) cell_merge(value_cell(segment, more->values[j].value, labels), &more->values[j].cell, labels);
        cell_merge(&segment->others, &more->others, labels);
        segment->full = segment->full || more->full;
    }
    for (size_t i = 0; i < labels; i++) {
        examples_merge(&into->gained[i], &from->gained[i], into->frame->examples);
        examples_merge(&into->lost[i], &from->lost[i], into->frame->examples);
    }
}
