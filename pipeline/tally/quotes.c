/* quotes — a bounded sample of responses for each cell, code and pole: the k with the smallest hash.
 *
 * The hash of id and text orders responses in a way that has nothing to do with what they say or when they came: the k smallest are a
 * random sample, and the k smallest of two samples' union are those of all responses (a bottom-k sketch; Cohen & Kaplan 2007). */
#include <stdlib.h>

#include "base/utf8.h"
#include "tally/counts.h"

enum { SEED = 20190731 };

/* hash_bytes spreads well enough for a table; here every bit decides who is quoted, so it is stirred once more (MurmurHash3's last step).
 */
uint64_t quote_hash(Span id, Span text) {
    uint64_t hash = hash_bytes(text, hash_bytes(id, SEED));
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
    return hash ^ hash >> 33;
}

static Span copy_to(char **at, Span bytes) {
    if (bytes.len) memcpy(*at, bytes.data, bytes.len);
    Span copy = {*at, bytes.len};
    *at += bytes.len;
    return copy;
}

Kept *kept_open(uint64_t hash, Span id, Span text, Span lang, size_t tag_count, size_t mark_count) {
    size_t tags = tag_count * sizeof(KeptTag), marks = mark_count * sizeof(Mark);
    Kept *kept = memory_alloc(sizeof *kept + tags + marks + id.len + text.len + lang.len);
    *kept = (Kept){.hash = hash, .tag_count = (uint32_t)tag_count, .tags = (KeptTag *)(kept + 1)};
    kept->marks = (Mark *)(kept->tags + tag_count);
    char *at = (char *)(kept->marks + mark_count);
    kept->id = copy_to(&at, id);
    kept->text = copy_to(&at, text);
    kept->lang = copy_to(&at, lang);
    return kept;
}

void kept_release(Kept *kept) {
    if (--kept->owners == 0) memory_free(kept);
}

static int compare_keys(uint64_t hash, Span id, Span text, const Kept *other) {
    if (hash != other->hash) return hash < other->hash ? -1 : 1;
    int order = span_compare(id, other->id);
    return order ? order : span_compare(text, other->text);
}

int kept_compare(const Kept *a, const Kept *b) { return compare_keys(a->hash, a->id, a->text, b); }

const KeptTag *kept_tag(const Kept *kept, size_t code, int pole) {
    for (uint32_t i = 0; i < kept->tag_count; i++)
        if (kept->tags[i].code == code && kept->tags[i].pole == pole) return &kept->tags[i];
    return NULL;
}

/* Order of what two with the same id and text may differ in. */
static int compare_rest(const Kept *a, const Kept *b, size_t code, int pole) {
    int order = span_compare(a->lang, b->lang);
    if (order) return order;
    const KeptTag *left = kept_tag(a, code, pole), *right = kept_tag(b, code, pole);
    if (left->mark_count != right->mark_count) return left->mark_count < right->mark_count ? -1 : 1;
    for (uint32_t i = 0; i < left->mark_count; i++) {
        Mark one = a->marks[left->first_mark + i], other = b->marks[right->first_mark + i];
        if (one.start != other.start) return one.start < other.start ? -1 : 1;
        if (one.end != other.end) return one.end < other.end ? -1 : 1;
    }
    return 0;
}

/* Where it belongs: the first item that is not smaller. *same: that one has its id and text. */
static size_t place_of(const QuoteList *list, uint64_t hash, Span id, Span text, bool *same) {
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(hash, id, text, list->items[middle]) > 0) low = middle + 1;
        else high = middle;
    }
    *same = low < list->count && compare_keys(hash, id, text, list->items[low]) == 0;
    return low;
}

static void insert(Tally *tally, QuoteList *list, size_t place, Kept *kept) {
    if (list->count == tally->quotes) kept_release(list->items[--list->count]);
    list->items = arena_grow(&tally->keep, list->items, list->count, &list->capacity, sizeof(Kept *));
    memmove(list->items + place + 1, list->items + place, (list->count - place) * sizeof(Kept *));
    list->items[place] = kept;
    list->count++;
    kept->owners++;
    if (list->count == tally->quotes) list->limit = list->items[list->count - 1]->hash;
}

void quotes_put(Tally *tally, QuoteList *list, Kept *kept, size_t code, int pole) {
    bool same;
    size_t place = place_of(list, kept->hash, kept->id, kept->text, &same);
    if (place == tally->quotes) return;
    if (!same) {
        insert(tally, list, place, kept);
    } else if (compare_rest(kept, list->items[place], code, pole) < 0) {
        kept->owners++;
        kept_release(list->items[place]);
        list->items[place] = kept;
    }
}

/* ---- the response at hand ---- */

Candidate candidate_of(const Tally *tally, const Doc *doc, const Result *result) {
    Candidate candidate = {.doc = doc, .result = result, .codebook = tally->codebook};
    candidate.usable = tally->quotes && result->tag_count && doc->text.len && doc->text.len <= QUOTE_BYTES && doc->id.len <= QUOTE_BYTES &&
                       doc->lang.len <= QUOTE_BYTES;
    if (candidate.usable) candidate.hash = quote_hash(doc->id, doc->text);
    return candidate;
}

static int by_start(const void *a, const void *b) {
    const Mark *left = a, *right = b;
    return left->start != right->start ? (left->start > right->start) - (left->start < right->start)
                                       : (left->end > right->end) - (left->end < right->end);
}

/* Hits of a tag as marks in code points, those that overlap made one; how many. */
static uint32_t fill_marks(Span text, const Hit *hits, size_t count, Mark *marks) {
    uint32_t kept = 0, joined = 0;
    for (size_t i = 0; i < count; i++) {
        if (hits[i].start >= hits[i].end || hits[i].end > text.len) continue;
        uint32_t start = (uint32_t)utf8_count(text.data, hits[i].start);
        marks[kept++] = (Mark){start, start + (uint32_t)utf8_count(text.data + hits[i].start, hits[i].end - hits[i].start)};
    }
    if (kept > 1) qsort(marks, kept, sizeof *marks, by_start);
    for (uint32_t i = 0; i < kept; i++) {
        if (joined && marks[i].start < marks[joined - 1].end) {
            if (marks[i].end > marks[joined - 1].end) marks[joined - 1].end = marks[i].end;
        } else {
            marks[joined++] = marks[i];
        }
    }
    return joined;
}

static Kept *kept_make(const Candidate *candidate) {
    const Result *result = candidate->result;
    const Doc *doc = candidate->doc;
    size_t mark_count = 0;
    for (size_t i = 0; i < result->tag_count; i++) mark_count += result->tags[i].hit_count;
    Kept *kept = kept_open(candidate->hash, doc->id, doc->text, doc->lang.len ? doc->lang : SPAN("und"), result->tag_count, mark_count);
    uint32_t filled = 0;
    for (size_t i = 0; i < result->tag_count; i++) {
        const Tag *tag = &result->tags[i];
        bool poles = candidate->codebook->codes[tag->code].poles;
        uint32_t count = fill_marks(doc->text, tag->hit_count ? result->hits + tag->first_hit : NULL, tag->hit_count, kept->marks + filled);
        kept->tags[i] = (KeptTag){.code = tag->code, .pole = poles ? tag->pole : POLE_NONE, .first_mark = filled, .mark_count = count};
        filled += count;
    }
    kept->owners = 1; /* the candidate, until it is closed */
    return kept;
}

void candidate_offer(Tally *tally, Candidate *candidate, QuoteList *list, size_t code, int pole) {
    bool same;
    size_t place = place_of(list, candidate->hash, candidate->doc->id, candidate->doc->text, &same);
    if (place == tally->quotes) return;
    if (!candidate->kept) candidate->kept = kept_make(candidate);
    quotes_put(tally, list, candidate->kept, code, pole);
}

void candidate_close(Candidate *candidate) {
    if (candidate->kept) kept_release(candidate->kept);
}
