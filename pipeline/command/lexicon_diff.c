/* lexicon diff — what responses gain and lose when one lexicons folder takes the place of another. */
#include <inttypes.h>
#include <stdlib.h>

#include "command/lexicon.h"
#include "flips.h"
#include "write/write.h"

enum { SHOWN_IN_SLICE = 6 };

typedef struct {
    const Options *options;
    Plan before, after;
    bool before_open, after_open, rejected;
    Arena keep;
    LexiconFormat format;
    FlipFrame frame;
    Flips *flips;
} Diff;

/* Order — labels that changed, most first; sentiment behind the codes, as it follows them. */
typedef struct {
    bool sentiment;
    uint64_t changes;
    size_t label;
} Order;

static int by_changes(const void *left, const void *right) {
    const Order *a = left, *b = right;
    if (a->sentiment != b->sentiment) return a->sentiment ? 1 : -1;
    if (a->changes != b->changes) return a->changes > b->changes ? -1 : 1;
    return (a->label > b->label) - (a->label < b->label);
}

static Order *changed_labels(Diff *diff, const FlipCell *cell, size_t *count) {
    Order *order = arena_alloc(&diff->keep, (diff->frame.label_count + 1) * sizeof *order);
    *count = 0;
    for (size_t i = 0; cell->labels && i < diff->frame.label_count; i++) {
        uint64_t changes = cell->labels[i].gained + cell->labels[i].lost;
        if (changes) order[(*count)++] = (Order){flipframe_is_sentiment(&diff->frame, i), changes, i};
    }
    qsort(order, *count, sizeof *order, by_changes);
    return order;
}

static void put_label(Buffer *out, const Diff *diff, size_t label) {
    const char *pole = flipframe_pole(&diff->frame, label);
    buffer_append(out, flipframe_code(&diff->frame, label));
    if (*pole) buffer_byte(out, ':'), buffer_text(out, pole);
}

/* ---- slices: ratings, then segment values ---- */

typedef struct {
    const char *by;   /* rating or segment */
    const char *segment;
    Span value;
    const FlipCell *cell;
} Slice;

static int by_value(const void *left, const void *right) {
    const FlipValue *const *a = left, *const *b = right;
    return span_compare((*a)->value, (*b)->value);
}

static void take_segment(Diff *diff, size_t number, Slice *slices, size_t *count) {
    const FlipSegment *segment = &diff->flips->segments[number];
    const char *name = diff->options->segment.items[number];
    const FlipValue **sorted = arena_alloc(&diff->keep, (segment->count + 1) * sizeof *sorted);
    for (size_t i = 0; i < segment->count; i++) sorted[i] = &segment->values[i];
    qsort(sorted, segment->count, sizeof *sorted, by_value);
    for (size_t i = 0; i < segment->count; i++) slices[(*count)++] = (Slice){"segment", name, sorted[i]->value, &sorted[i]->cell};
    if (segment->full) slices[(*count)++] = (Slice){"segment", name, SPAN("(other values)"), &segment->others};
}

static Slice *all_slices(Diff *diff, size_t *count) {
    size_t segments = diff->options->segment.count;
    Slice *slices = arena_alloc(&diff->keep, (RATINGS + segments * (VALUES_MAX + 1)) * sizeof *slices);
    *count = 0;
    for (size_t i = 0; i < RATINGS; i++) {
        size_t rating = i == 0 ? RATINGS - 2 : i == RATINGS - 1 ? i : i - 1; /* below 0 first */
        char name[16];
        if (!diff->flips->ratings[rating].responses) continue;
        rating_name(rating, name);
        slices[(*count)++] = (Slice){"rating", NULL, arena_copy(&diff->keep, span_of(name)), &diff->flips->ratings[rating]};
    }
    for (size_t i = 0; i < segments; i++) take_segment(diff, i, slices, count);
    return slices;
}

/* ---- text ---- */

static void text_examples(Buffer *out, const Examples *examples, const char *sign) {
    for (size_t i = 0; i < examples->count; i++) {
        buffer_printf(out, "    %s ", sign);
        example_text(out, examples->items[i], true);
        buffer_byte(out, '\n');
    }
}

static void text_slice(Buffer *out, Diff *diff, const Slice *slice) {
    size_t count = 0;
    const Order *order = changed_labels(diff, slice->cell, &count);
    Buffer value = {0};
    escape_terminal(&value, slice->value);
    buffer_printf(out, "  %-20.*s %9" PRIu64 " %8" PRIu64 " ", (int)value.len, value.data, slice->cell->responses, slice->cell->changed);
    buffer_free(&value);
    for (size_t i = 0; i < count && i < SHOWN_IN_SLICE; i++) {
        const Flip *flip = &slice->cell->labels[order[i].label];
        buffer_text(out, i ? ", " : " ");
        put_label(out, diff, order[i].label);
        if (flip->gained) buffer_printf(out, " +%" PRIu64, flip->gained);
        if (flip->lost) buffer_printf(out, " -%" PRIu64, flip->lost);
    }
    buffer_text(out, count > SHOWN_IN_SLICE ? ", …\n" : "\n");
}

static void print_text(Buffer *out, Diff *diff) {
    const FlipCell *total = &diff->flips->total;
    size_t count = 0, slice_count = 0;
    const Order *order = changed_labels(diff, total, &count);
    buffer_printf(out, "%" PRIu64 " responses, %" PRIu64 " changed (%.2f %%)\n", total->responses, total->changed,
                  total->responses ? 100.0 * (double)total->changed / (double)total->responses : 0.0);
    if (!total->changed) return;
    buffer_printf(out, "\n%-36s %8s %8s %8s %8s %8s\n", "", "before", "after", "kept", "gained", "lost");
    for (size_t i = 0; i < count && (!diff->options->top || i < diff->options->top); i++) {
        const Flip *flip = &total->labels[order[i].label];
        Buffer label = {0};
        put_label(&label, diff, order[i].label);
        buffer_printf(out, "%-36.*s %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64 "\n", (int)label.len, label.data, flip->kept + flip->lost, flip->kept + flip->gained, flip->kept,
                      flip->gained, flip->lost);
        buffer_free(&label);
        text_examples(out, &diff->flips->gained[order[i].label], "+");
        text_examples(out, &diff->flips->lost[order[i].label], "-");
    }
    const Slice *slices = all_slices(diff, &slice_count);
    for (size_t i = 0; i < slice_count; i++) {
        const char *name = slices[i].segment ? slices[i].segment : slices[i].by;
        bool new = !i || slices[i - 1].segment != slices[i].segment;
        if (new) buffer_printf(out, "\n%-22s %9s %8s\n", name, "responses", "changed");
        text_slice(out, diff, &slices[i]);
    }
}

/* ---- json ---- */

static void json_label(Buffer *out, const Diff *diff, size_t label) {
    const char *pole = flipframe_pole(&diff->frame, label);
    buffer_text(out, "{\"code\":");
    escape_json(out, flipframe_code(&diff->frame, label));
    if (*pole) buffer_printf(out, ",\"polarity\":\"%s\"", pole);
}

static void json_examples(Buffer *out, const char *name, const Examples *examples) {
    buffer_printf(out, "\"%s\":[", name);
    for (size_t i = 0; i < examples->count; i++) {
        if (i) buffer_byte(out, ',');
        example_json(out, examples->items[i]);
    }
    buffer_byte(out, ']');
}

static void json_code(Buffer *out, const Diff *diff, size_t label) {
    const Flip *flip = &diff->flips->total.labels[label];
    json_label(out, diff, label);
    buffer_printf(out, ",\"before\":%" PRIu64 ",\"after\":%" PRIu64 ",\"kept\":%" PRIu64 ",\"gained\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"examples\":{", flip->kept + flip->lost,
                  flip->kept + flip->gained, flip->kept, flip->gained, flip->lost);
    json_examples(out, "gained", &diff->flips->gained[label]);
    buffer_byte(out, ',');
    json_examples(out, "lost", &diff->flips->lost[label]);
    buffer_text(out, "}}");
}

static void json_slice(Buffer *out, Diff *diff, const Slice *slice) {
    size_t count = 0;
    const Order *order = changed_labels(diff, slice->cell, &count);
    buffer_printf(out, "{\"by\":\"%s\"", slice->by);
    if (slice->segment) buffer_text(out, ",\"segment\":"), escape_bytes(out, span_of(slice->segment));
    buffer_text(out, ",\"value\":");
    escape_json(out, slice->value);
    buffer_printf(out, ",\"responses\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"codes\":[", slice->cell->responses, slice->cell->changed);
    for (size_t i = 0; i < count; i++) {
        const Flip *flip = &slice->cell->labels[order[i].label];
        if (i) buffer_byte(out, ',');
        json_label(out, diff, order[i].label);
        buffer_printf(out, ",\"gained\":%" PRIu64 ",\"lost\":%" PRIu64 "}", flip->gained, flip->lost);
    }
    buffer_text(out, "]}");
}

static void print_json(Buffer *out, Diff *diff) {
    size_t count = 0, slice_count = 0;
    const Order *order = changed_labels(diff, &diff->flips->total, &count);
    const Slice *slices = all_slices(diff, &slice_count);
    buffer_printf(out, "{\"responses\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"codes\":[", diff->flips->total.responses, diff->flips->total.changed);
    for (size_t i = 0; i < count && (!diff->options->top || i < diff->options->top); i++) {
        buffer_text(out, i ? ",\n" : "\n");
        json_code(out, diff, order[i].label);
    }
    buffer_text(out, "],\"slices\":[");
    for (size_t i = 0; i < slice_count; i++) {
        buffer_text(out, i ? ",\n" : "\n");
        json_slice(out, diff, &slices[i]);
    }
    buffer_text(out, "]}\n");
}

/* ---- the command ---- */

static void *open_flips(void *context) { return flips_open(context); }

static void compare(void *own, const Seen *seen, Buffer *out) {
    (void)out;
    flips_add(own, seen);
}

static bool open_sides(Diff *diff, Fail *fail) {
    const Options *options = diff->options;
    if (options->files.count != 2) return fail_set(fail, FAIL_USAGE, "lexicon diff: found %zu folders, expected two: BEFORE and AFTER", options->files.count);
    if (!options->on.count) return fail_set(fail, FAIL_USAGE, "lexicon diff: found no responses, expected --on FILE");
    Options side = *options;
    side.lexicons = options->files.items[0];
    diff->before_open = plan_open(&side, &diff->keep, &diff->before, fail);
    side.lexicons = options->files.items[1];
    diff->after_open = diff->before_open && plan_open(&side, &diff->keep, &diff->after, fail);
    return diff->after_open;
}

static bool run_diff(Diff *diff, Fail *fail) {
    Task task = {.open = open_flips, .seen = compare, .context = &diff->frame};
    void *owns[THREADS_MAX];
    size_t count = 0;
    flipframe_open(&diff->frame, &diff->before, &diff->after, diff->options->examples, &diff->keep);
    if (!lexicon_sample(diff->options, &diff->before, &task, owns, &count, &diff->rejected, fail) && !count) return false;
    for (size_t i = 1; i < count; i++) flips_merge(owns[0], owns[i]), flips_close(owns[i]);
    diff->flips = owns[0];
    return true;
}

int command_lexicon_diff(const Options *options) {
    Fail fail;
    Diff diff = {.options = options};
    int status = EXIT_DONE;
    if (!lexicon_format(options, false, &diff.format, &fail) || !open_sides(&diff, &fail) || !run_diff(&diff, &fail)) {
        status = command_failed(&fail);
    } else {
        Buffer out = {0};
        if (diff.format == LEXICON_JSON) print_json(&out, &diff);
        else print_text(&out, &diff);
        if (diff.rejected) status = EXIT_REJECTED;
        if (!command_print(options, buffer_span(&out), &fail)) status = command_failed(&fail);
        buffer_free(&out);
    }
    flips_close(diff.flips);
    flipframe_close(&diff.frame);
    if (diff.before_open) plan_close(&diff.before);
    if (diff.after_open) plan_close(&diff.after);
    arena_free(&diff.keep);
    return status;
}
