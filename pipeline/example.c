#include "example.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "tally/tally.h"
#include "write/write.h"

enum { AROUND = 60 }; /* characters shown before and behind the evidence */

static int compare_evidence(const Example *a, const Example *b) {
    if (a->evidence_count != b->evidence_count) return a->evidence_count < b->evidence_count ? -1 : 1;
    for (size_t i = 0; i < a->evidence_count; i++) {
        Evidence one = a->evidence[i], other = b->evidence[i];
        if (one.start != other.start) return one.start < other.start ? -1 : 1;
        if (one.end != other.end) return one.end < other.end ? -1 : 1;
        int order = span_compare(one.rule, other.rule);
        if (order) return order;
    }
    return 0;
}

static int compare(const Example *a, const Example *b) {
    int order = a->hash != b->hash ? (a->hash < b->hash ? -1 : 1) : span_compare(a->id, b->id);
    if (!order) order = span_compare(a->text, b->text);
    return order ? order : compare_evidence(a, b);
}

static Example *copy_of(const Example *from) {
    Example *copy = memory_alloc(sizeof *copy + from->evidence_count * sizeof *copy->evidence + from->id.len + from->text.len);
    *copy = *from;
    copy->evidence = (Evidence *)(copy + 1);
    char *bytes = (char *)(copy->evidence + from->evidence_count);
    if (from->evidence_count) memcpy(copy->evidence, from->evidence, from->evidence_count * sizeof *copy->evidence);
    memcpy(bytes, from->id.data, from->id.len);
    memcpy(bytes + from->id.len, from->text.data, from->text.len);
    copy->id.data = bytes;
    copy->text.data = bytes + from->id.len;
    return copy;
}

static void remove_at(Examples *examples, size_t place) {
    memory_free(examples->items[place]);
    memmove(examples->items + place, examples->items + place + 1, (examples->count - place - 1) * sizeof *examples->items);
    examples->count--;
}

static void insert(Examples *examples, size_t most, size_t place, Example *example) {
    if (examples->count == most) remove_at(examples, most - 1);
    if (examples->count == examples->capacity) {
        examples->capacity = examples->capacity ? 2 * examples->capacity : 4;
        examples->items = memory_resize(examples->items, examples->capacity * sizeof *examples->items);
    }
    memmove(examples->items + place + 1, examples->items + place, (examples->count - place) * sizeof *examples->items);
    examples->items[place] = example;
    examples->count++;
}

/* One text once, however many gave it: its smallest stands for all. */
static void offer(Examples *examples, size_t most, const Example *example) {
    size_t place = 0;
    for (size_t i = 0; i < examples->count; i++) {
        if (!span_equal(example->text, examples->items[i]->text)) continue;
        if (compare(example, examples->items[i]) >= 0) return;
        remove_at(examples, i);
        break;
    }
    while (place < examples->count && compare(example, examples->items[place]) > 0) place++;
    if (place < most) insert(examples, most, place, copy_of(example));
}

void examples_take(Examples *examples, size_t most, uint64_t hash, Span id, Span text, const Evidence *evidence, size_t evidence_count) {
    if (!most || text.len > QUOTE_BYTES || id.len > QUOTE_BYTES) return;
    if (examples->count == most && hash > examples->items[most - 1]->hash) return;
    offer(examples, most, &(Example){hash, id.data ? id : SPAN(""), text.data ? text : SPAN(""), (Evidence *)evidence, evidence_count});
}

void examples_merge(Examples *into, Examples *from, size_t most) {
    for (size_t i = 0; i < from->count; i++) offer(into, most, from->items[i]);
    examples_free(from);
}

void examples_free(Examples *examples) {
    for (size_t i = 0; i < examples->count; i++) memory_free(examples->items[i]);
    memory_free(examples->items);
    *examples = (Examples){0};
}

static size_t step_back(Span text, size_t at, size_t characters) {
    while (at && characters--)
        do at--;
        while (at && ((unsigned char)text.data[at] & 0xc0) == 0x80);
    return at;
}

static size_t step_on(Span text, size_t at, size_t characters) {
    while (at < text.len && characters--) at += utf8_len((unsigned char)text.data[at]);
    return at < text.len ? at : text.len;
}

static void put_range(Buffer *out, Span text, size_t start, size_t end) {
    if (end > start) escape_terminal(out, (Span){text.data + start, end - start});
}

static void put_rules(Buffer *out, const Example *example) {
    for (size_t i = 0, shown = 0; i < example->evidence_count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++) again = again || span_equal(example->evidence[j].rule, example->evidence[i].rule);
        if (again) continue;
        buffer_text(out, shown++ ? ", " : "  (");
        escape_terminal(out, example->evidence[i].rule);
    }
    if (example->evidence_count) buffer_byte(out, ')');
}

void example_text(Buffer *out, const Example *example, bool rules) {
    Span text = example->text;
    size_t first = text.len, last = 0;
    for (size_t i = 0; i < example->evidence_count; i++) {
        if (example->evidence[i].start < first) first = example->evidence[i].start;
        if (example->evidence[i].end > last) last = example->evidence[i].end;
    }
    size_t from = step_back(text, last ? first : 0, AROUND), to = step_on(text, last, AROUND), at = from;
    escape_terminal(out, example->id);
    buffer_text(out, from ? "  …" : "  ");
    for (size_t i = 0; i < example->evidence_count; i++) {
        Evidence evidence = example->evidence[i];
        if (evidence.start < at) continue; /* over one that is shown */
        put_range(out, text, at, evidence.start);
        buffer_byte(out, '[');
        put_range(out, text, evidence.start, evidence.end);
        buffer_byte(out, ']');
        at = evidence.end;
    }
    put_range(out, text, at, to);
    if (to < text.len) buffer_text(out, "…");
    if (rules) put_rules(out, example);
}

void example_json(Buffer *out, const Example *example) {
    buffer_text(out, "{\"id\":");
    escape_json(out, example->id);
    buffer_text(out, ",\"text\":");
    escape_json(out, example->text);
    buffer_text(out, ",\"evidence\":[");
    for (size_t i = 0; i < example->evidence_count; i++) {
        Evidence evidence = example->evidence[i];
        size_t start = utf8_count(example->text.data, evidence.start), len = utf8_count(example->text.data + evidence.start, evidence.end - evidence.start);
        buffer_printf(out, "%s{\"start\":%zu,\"end\":%zu,\"text\":", i ? "," : "", start, start + len);
        escape_json(out, (Span){example->text.data + evidence.start, evidence.end - evidence.start});
        buffer_text(out, ",\"rule\":");
        escape_json(out, evidence.rule);
        buffer_byte(out, '}');
    }
    buffer_text(out, "]}");
}
