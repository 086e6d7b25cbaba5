#include "mistakes.h"

#include "base/utf8.h"

/* Worst first; lines that are the same in all are the same. */
static int compare(uint32_t rank, uint64_t hash, const Mistake *other) {
    if (rank != other->rank) return rank > other->rank ? -1 : 1;
    return (hash > other->hash) - (hash < other->hash);
}

bool mistakes_want(const Mistakes *mistakes, size_t most, uint32_t rank, uint64_t hash) {
    return mistakes->count < most || (most && compare(rank, hash, &mistakes->items[mistakes->count - 1]) <= 0);
}

static bool is_before(const Mistake *one, const Mistake *other) {
    int order = compare(one->rank, one->hash, other);
    return (order ? order : span_compare(one->line, other->line)) < 0;
}

static size_t place_of(const Mistakes *mistakes, const Mistake *mistake) {
    size_t low = 0, high = mistakes->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_before(mistake, &mistakes->items[middle])) high = middle;
        else low = middle + 1;
    }
    return low;
}

void mistakes_take(Mistakes *mistakes, size_t most, uint32_t rank, uint64_t hash, Span line) {
    Mistake mistake = {rank, hash, line};
    size_t place = place_of(mistakes, &mistake);
    if (place >= most) return;
    if (mistakes->count == most) memory_free((char *)mistakes->items[--mistakes->count].line.data);
    if (mistakes->count == mistakes->capacity) {
        mistakes->capacity = mistakes->capacity ? 2 * mistakes->capacity : 16;
        mistakes->items = memory_resize(mistakes->items, mistakes->capacity * sizeof *mistakes->items);
    }
    mistake.line.data = memcpy(memory_alloc(line.len), line.data, line.len);
    memmove(mistakes->items + place + 1, mistakes->items + place, (mistakes->count - place) * sizeof *mistakes->items);
    mistakes->items[place] = mistake;
    mistakes->count++;
}

void mistakes_merge(Mistakes *into, const Mistakes *from, size_t most) {
    for (size_t i = 0; i < from->count; i++) mistakes_take(into, most, from->items[i].rank, from->items[i].hash, from->items[i].line);
}

void mistakes_free(Mistakes *mistakes) {
    for (size_t i = 0; i < mistakes->count; i++) memory_free((char *)mistakes->items[i].line.data);
    memory_free(mistakes->items);
    *mistakes = (Mistakes){0};
}

/* ---- one line ---- */

/* The first MISTAKE_BYTES, less a code point that the cut would split. */
static Span cut(Span text) {
    if (text.len <= MISTAKE_BYTES) return text;
    size_t len = MISTAKE_BYTES;
    while (len && ((unsigned char)text.data[len] & 0xc0) == 0x80) len--;
    return (Span){text.data, len};
}

static void member(Buffer *out, const char *name, Span value) {
    buffer_printf(out, ",\"%s\":", name);
    escape_json(out, cut(value));
}

static void labels(Buffer *out, const char *name, Labels list) {
    buffer_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < list.count; i++) {
        if (i) buffer_byte(out, ',');
        escape_json(out, list.items[i]);
    }
    buffer_byte(out, ']');
}

static void sentiment(Buffer *out, int gold, Score score) {
    int hundredths = score.positive - score.negative;
    buffer_text(out, ",\"sentiment\":{");
    if (gold >= 0) buffer_printf(out, "\"gold\":\"%s\",", sentiment_name(gold));
    buffer_printf(out, "\"given\":\"%s\",\"score\":%.2f}", sentiment_name((int)score.label), hundredths / 100.0);
}

static void evidence(Buffer *out, const MistakeFacts *facts, Span text, RuleNames names) {
    const Seen *seen = facts->seen;
    bool first = true;
    buffer_text(out, ",\"evidence\":[");
    for (size_t i = 0; facts->tag && i < facts->tag->hit_count; i++) {
        const Hit *hit = &seen->result.hits[facts->tag->first_hit + i];
        if (hit->end > text.len || hit->start > hit->end) continue;
        size_t start = utf8_count(text.data, hit->start), len = utf8_count(text.data + hit->start, hit->end - hit->start);
        buffer_printf(out, "%s{\"start\":%zu,\"end\":%zu,\"text\":", first ? "" : ",", start, start + len);
        escape_json(out, (Span){text.data + hit->start, hit->end - hit->start});
        if (hit->rule != HIT_OF_MODEL) buffer_text(out, ",\"rule\":"), escape_json(out, names.rule_id(names.context, seen->language, hit->rule));
        buffer_byte(out, '}');
        first = false;
    }
    buffer_byte(out, ']');
}

void mistake_line(Buffer *out, const MistakeFacts *facts, RuleNames names) {
    const Doc *doc = &facts->seen->doc;
    Span text = cut(doc->text);
    buffer_printf(out, "{\"kind\":\"%s\",\"label\":", facts->kind);
    escape_json(out, facts->label);
    if (facts->p) buffer_printf(out, ",\"p\":%.4f", facts->p / 10000.0);
    else buffer_text(out, ",\"p\":null");
    member(out, "id", doc->id);
    member(out, "lang", doc->lang.len ? doc->lang : SPAN("und"));
    if (doc->question.len) member(out, "question", doc->question);
    member(out, "text", text);
    if (text.len < doc->text.len) buffer_text(out, ",\"text_cut\":true");
    labels(out, "gold", facts->marked->gold);
    labels(out, "given", facts->marked->given);
    sentiment(out, facts->gold_sentiment, facts->seen->result.score);
    evidence(out, facts, text, names);
    buffer_text(out, "}\n");
}
