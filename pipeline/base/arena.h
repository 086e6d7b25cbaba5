/* arena — memory that is given back all at once.
 *
 * Three lifetimes, and so three arenas, named for how long they last: `keep` (lexicons and settings: the whole run), `batch` (one batch's
 * results: until written), `scratch` (a worker's: until its next record). Out of memory ends the program with one line, so nobody else checks. */
#ifndef VERBATIM_ARENA_H
#define VERBATIM_ARENA_H

#include "base/span.h"

typedef struct ArenaBlock ArenaBlock;

/* A zeroed Arena is ready to use. Not shared between threads. */
typedef struct {
    ArenaBlock *first;   /* every block, in the order of use */
    ArenaBlock *current; /* the one that serves now */
    size_t used;         /* bytes of it that are taken */
} Arena;

/* `size` bytes aligned for any type, not cleared; never NULL. size 0 gives a valid pointer. */
void *arena_alloc(Arena *arena, size_t size);

/* The same, cleared, for `count` items; overflow of count * size ends the program. */
void *arena_calloc(Arena *arena, size_t count, size_t size);

/* A copy of the bytes, with a NUL behind them (outside len). */
Span arena_copy(Arena *arena, Span bytes);

/* A NUL-ended copy. */
const char *arena_string(Arena *arena, Span bytes);

/* An array `*items` of `*capacity` items doubled when `count` reaches it; the old one stays in the arena. Returns the array.
 * Use through ARENA_PUSH. */
void *arena_grow(Arena *arena, void *items, size_t count, size_t *capacity, size_t size);

/* Appends a place for one item to array (a pointer), count, capacity, and gives its address. */
#define ARENA_PUSH(arena, array, count, capacity)                                                                                  \
    ((array) = (count) < (capacity) ? (array) : arena_grow((arena), (array), (count), &(capacity), sizeof *(array)), \
     &(array)[(count)++])

/* Forgets what was given out and keeps the blocks, but for those beyond the first 4 MB. */
void arena_reset(Arena *arena);

/* Gives everything back; the Arena is as zeroed. */
void arena_free(Arena *arena);

/* malloc and realloc that end the program instead of returning NULL; memory_free takes back what they gave. */
void *memory_alloc(size_t size);
void *memory_resize(void *memory, size_t size);
void memory_free(void *memory);

#endif
