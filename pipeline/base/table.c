#include "base/table.h"

static inline uint64_t read64(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline uint64_t mix(uint64_t a, uint64_t b) {
    a = (a ^ b) * 0x9e3779b97f4a7c15u;
    return a ^ (a >> 32);
}

/* Eight bytes at a time, a multiply and a shift each: the two rounds at the end spread the last word over all bits. */
uint64_t hash_bytes(Span bytes, uint64_t seed) {
    uint64_t hash = seed ^ (bytes.len * 0xff51afd7ed558ccdu);
    const char *at = bytes.data;
    size_t left = bytes.len;
    for (; left >= 8; at += 8, left -= 8) hash = mix(hash, read64(at));
    uint64_t tail = 0;
    for (size_t i = 0; i < left; i++) tail |= (uint64_t)(unsigned char)at[i] << (8 * i);
    hash = mix(hash, tail);
    return mix(hash, hash >> 29);
}

static TableSlot *find(const Table *table, Span key, uint64_t hash) {
    size_t mask = table->capacity - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        TableSlot *slot = &table->slots[i];
        if (!slot->key.data || (slot->hash == hash && span_equal(slot->key, key))) return slot;
    }
}

uint32_t table_get(const Table *table, Span key) {
    if (!table->count) return TABLE_NONE;
    const TableSlot *slot = find(table, key, hash_bytes(key, 0));
    return slot->key.data ? slot->value : TABLE_NONE;
}

static void grow(Table *table) {
    Table larger = {.capacity = table->capacity ? 2 * table->capacity : 64, .count = table->count};
    larger.slots = memory_alloc(larger.capacity * sizeof *larger.slots);
    memset(larger.slots, 0, larger.capacity * sizeof *larger.slots);
    for (size_t i = 0; i < table->capacity; i++) {
        const TableSlot *slot = &table->slots[i];
        if (slot->key.data) *find(&larger, slot->key, slot->hash) = *slot;
    }
    memory_free(table->slots);
    *table = larger;
}

uint32_t *table_put(Table *table, Span key) {
    if (2 * (table->count + 1) > table->capacity) grow(table);
    uint64_t hash = hash_bytes(key, 0);
    TableSlot *slot = find(table, key, hash);
    if (!slot->key.data) {
        *slot = (TableSlot){.key = key.data ? key : (Span){"", 0}, .hash = hash, .value = TABLE_NONE};
        table->count++;
    }
    return &slot->value;
}

size_t table_number(Table *numbers, Span name, Span **names, size_t *count, size_t *capacity, Arena *keep) {
    uint32_t number = table_get(numbers, name);
    if (number != TABLE_NONE) return number;
    Span copy = arena_copy(keep, name);
    *table_put(numbers, copy) = (uint32_t)*count;
    *ARENA_PUSH(keep, *names, *count, *capacity) = copy;
    return *count - 1;
}

void table_free(Table *table) {
    memory_free(table->slots);
    *table = (Table){0};
}
