/* memo — inside text/: a worker's memory of words, and the look-up that every token pays.
 *
 * A word is analysed once, when its surface form is first met. A table per language maps a form to its index in `words`; a slot holds
 * the first 8 bytes of the form, so that a short one (three in four) is recognised without touching anything else. The table is
 * prefetched when the token is cut and probed up to 32 tokens later: the cache misses of a stretch of text overlap. */
#ifndef VERBATIM_MEMO_H
#define VERBATIM_MEMO_H

#include "text/fold.h"
#include "text/stem.h"

typedef struct {
    uint64_t head; /* the form's first 8 bytes, padded with 0; no form holds a NUL */
    uint32_t hash; /* bit 0: the form is longer than 8 bytes */
    uint32_t word; /* MEMO_FREE: free */
} MemoSlot;

#define MEMO_FREE UINT32_MAX /* no index of a word */

typedef struct {
    MemoSlot *slots; /* [mask + 1] */
    uint32_t mask;
    uint32_t count;
    Stemmer *stemmer; /* NULL: none */
} MemoTable;

struct Memo {
    const Languages *languages;
    MemoTable tables[LANGUAGES_MAX];
    Word *words;
    size_t count, allocated, capacity;
    size_t arena_bytes; /* about what the words took of arena */
    uint64_t seed;
    Arena arena;
};

/* What a form is looked up by. */
typedef struct {
    uint64_t head;
    uint32_t hash;
} MemoKey;

static inline uint64_t memo_load(const char *at, size_t len) {
    uint64_t bytes = 0;
    memcpy(&bytes, at, len);
    return bytes;
}

/* The first min(len, 8) bytes as a number, read without passing the end; equal numbers mean equal bytes. */
static inline uint64_t memo_head(const char *at, size_t len) {
    if (len >= 8) return memo_load(at, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (len >= 4) return memo_load(at, 4) | memo_load(at + len - 4, 4) << (8 * (len - 4));
    if (len >= 2) return memo_load(at, 2) | memo_load(at + len - 2, 2) << (8 * (len - 2));
#endif
    return memo_load(at, len);
}

/* Two multiplications for a short form; a long one adds one for each 8 bytes, the last 8 overlapping those before. */
static inline MemoKey memo_key(const Memo *memo, const char *at, size_t len) {
    uint64_t head = memo_head(at, len);
    uint64_t hash = (head ^ memo->seed) * 0x9e3779b97f4a7c15u;
    for (size_t i = 8; i < len; i += 8) {
        uint64_t next = memo_load(at + (i + 8 <= len ? i : len - 8), 8);
        hash = (hash ^ hash >> 32 ^ next) * 0xff51afd7ed558ccdu;
    }
    hash = (hash ^ hash >> 29 ^ len) * 0xbf58476d1ce4e5b9u;
    return (MemoKey){head, (uint32_t)(hash >> 32 & ~(uint64_t)1) | (len > 8)};
}

/* memo_add — a form that the table does not hold. Returns its index. */
uint32_t memo_add(Memo *memo, const Language *language, Span surface, MemoKey key);

static inline uint32_t memo_find(Memo *memo, const Language *language, Span surface, MemoKey key) {
    const MemoTable *table = &memo->tables[language->index];
    for (uint32_t i = key.hash >> 1 & table->mask;; i = (i + 1) & table->mask) {
        const MemoSlot *slot = &table->slots[i];
        if (slot->word == MEMO_FREE) return memo_add(memo, language, surface, key);
        if (slot->hash == key.hash && slot->head == key.head && (surface.len <= 8 || span_equal(memo->words[slot->word].surface, surface)))
            return slot->word;
    }
}

#endif
