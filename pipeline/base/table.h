/* table — a hash table from bytes to a number: names of codes, terms of rules, values of segments.
 *
 * Open addressing with linear probing, at most half full; keys are borrowed and must outlive the table. */
#ifndef VERBATIM_TABLE_H
#define VERBATIM_TABLE_H

#include "base/arena.h"

#define TABLE_NONE UINT32_MAX

typedef struct {
    Span key; /* data NULL: free */
    uint64_t hash;
    uint32_t value;
} TableSlot;

/* A zeroed Table is empty and ready. */
typedef struct {
    TableSlot *slots;
    size_t capacity; /* a power of 2 */
    size_t count;
} Table;

/* 64-bit hash of bytes; not for keys that an enemy picks to collide in more than one run: `seed` may be anything.
 * Same value on every machine. */
uint64_t hash_bytes(Span bytes, uint64_t seed);

/* The number stored for the key, or TABLE_NONE. */
uint32_t table_get(const Table *table, Span key);

/* Where the key's number stands; a key that is new gets TABLE_NONE. The pointer holds until the next table_put. */
uint32_t *table_put(Table *table, Span key);

/* The number of a name in a list of names that grows: they are numbered in the order they come. A new one is copied; all lives in keep. */
size_t table_number(Table *numbers, Span name, Span **names, size_t *count, size_t *capacity, Arena *keep);

void table_free(Table *table);

#endif
