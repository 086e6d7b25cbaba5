/* merge — the counts and quotes of one tally into another. */
#include "tally/counts.h"

static bool same_names(const Span *a, const Span *b) {
    bool same = true;
    for (size_t i = 0; i < DISPLAY_MAX; i++) same = same && span_equal(a[i], b[i]);
    return same;
}

/* Names are written into the file and so decide its bytes. */
static bool same_code(const Code *a, const Code *b) {
    return span_equal(a->id, b->id) && a->poles == b->poles && a->net == b->net && same_names(a->name, b->name) &&
           same_names(a->negative, b->negative) && same_names(a->positive, b->positive);
}

static int shown(Span text) { return text.len < 60 ? (int)text.len : 60; }

static bool differ(const char *what, Span a, Span b, Fail *fail) {
    const char *const mark_a = a.data ? "'" : "", *const mark_b = b.data ? "'" : "";
    if (!a.data) a = SPAN("none");
    if (!b.data) b = SPAN("none");
    return fail_set(fail, FAIL_SETUP, "found tallies of different things: %s %s%.*s%s and %s%.*s%s", what, mark_a, shown(a), a.data, mark_a,
                    mark_b, shown(b), b.data, mark_b);
}

static bool check_list(const char *what, const char *const *a, size_t a_count, const char *const *b, size_t b_count, Fail *fail) {
    for (size_t i = 0; i < a_count || i < b_count; i++) {
        Span left = span_of(i < a_count ? a[i] : NULL), right = span_of(i < b_count ? b[i] : NULL);
        if (!left.data || !right.data || !span_equal(left, right)) return differ(what, left, right, fail);
    }
    return true;
}

/* With the same hash this can only differ where a file was made by hand. */
static bool check_codes(const Codebook *a, const Codebook *b, Fail *fail) {
    if (a->code_count != b->code_count || a->net_count != b->net_count || a->language_count != b->language_count)
        return fail_set(fail, FAIL_SETUP,
                        "found tallies of different things: %zu codes in %zu nets with names in %zu languages, and %zu in %zu in %zu",
                        a->code_count, a->net_count, a->language_count, b->code_count, b->net_count, b->language_count);
    for (size_t i = 0; i < a->language_count; i++)
        if (!span_equal(a->languages[i], b->languages[i])) return differ("language", a->languages[i], b->languages[i], fail);
    for (size_t i = 0; i < a->net_count; i++)
        if (!span_equal(a->nets[i].id, b->nets[i].id) || !same_names(a->nets[i].name, b->nets[i].name))
            return differ("net", a->nets[i].id, b->nets[i].id, fail);
    for (size_t i = 0; i < a->code_count; i++)
        if (!same_code(&a->codes[i], &b->codes[i])) return differ("code", a->codes[i].id, b->codes[i].id, fail);
    return true;
}

static bool check_same(const Tally *a, const Tally *b, Fail *fail) {
    if (strcmp(a->codebook->hash, b->codebook->hash) != 0)
        return differ("codebook", span_of(a->codebook->hash), span_of(b->codebook->hash), fail);
    if (!check_list("segment", a->segments, a->segment_count, b->segments, b->segment_count, fail)) return false;
    if (!check_list("model", a->models, a->model_count, b->models, b->model_count, fail)) return false;
    if (a->quotes != b->quotes)
        return fail_set(fail, FAIL_SETUP, "found tallies of different things: %zu quotes for each code and %zu", a->quotes, b->quotes);
    return a->codebook == b->codebook || check_codes(a->codebook, b->codebook, fail);
}

static void merge_row(Tally *into, Row *row, const Row *from, size_t code) {
    for (int pole = 0; pole < POLES; pole++) {
        slot_add(&row->slots[pole], from->slots[pole].responses, from->slots[pole].weight);
        if (!from->lists) continue;
        const QuoteList *list = &from->lists[pole];
        for (size_t i = 0; i < list->count && list->items[i]->hash <= row->lists[pole].limit; i++)
            quotes_put(into, &row->lists[pole], list->items[i], code, pole);
    }
}

static void merge_group(Tally *into, Group *group, const Group *from) {
    group->base = sum_counts(group->base, from->base);
    group->weight = sum_weights(group->weight, from->weight);
    group->squares = sum_squares(group->squares, from->squares);
    for (size_t i = 0; i < SENTIMENT_COUNT; i++) slot_add(&group->sentiment[i], from->sentiment[i].responses, from->sentiment[i].weight);
    for (size_t i = 0; i < tally_rows(into); i++)
        if (from->rows[i]) merge_row(into, row_of(into, group, i), from->rows[i], i);
}

bool tally_merge(Tally *into, const Tally *from, Fail *fail) {
    if (!check_same(into, from, fail)) return false;
    into->rejected = sum_counts(into->rejected, from->rejected);
    for (size_t i = 0; i < from->group_count; i++) {
        const Group *group = from->groups[i];
        merge_group(into, group_of(into, group->segment, group->value), group);
    }
    return true;
}
