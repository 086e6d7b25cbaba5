#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 64 * 1024, KEPT_BYTES = 4 * 1024 * 1024, ALIGNMENT = alignof(max_align_t) };

struct ArenaBlock {
    ArenaBlock *next;
    size_t size; /* bytes behind this header */
    alignas(max_align_t) char bytes[];
};

static void *check(void *memory) {
    if (memory) return memory;
    fputs("verbatim: out of memory\n", stderr);
    abort();
}

void *memory_alloc(size_t size) { return check(malloc(size ? size : 1)); }
void *memory_resize(void *memory, size_t size) { return check(realloc(memory, size ? size : 1)); }
void memory_free(void *memory) { free(memory); }

/* Makes the block behind the current one serve, a new one where it is too small or missing. */
static void next_block(Arena *arena, size_t size) {
    ArenaBlock *following = arena->current ? arena->current->next : arena->first;
    if (!following || following->size < size) {
        size_t wanted = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        ArenaBlock *block = memory_alloc(sizeof *block + wanted);
        *block = (ArenaBlock){.next = following, .size = wanted};
        if (arena->current) arena->current->next = block;
        else arena->first = block;
        following = block;
    }
    arena->current = following;
    arena->used = 0;
}

void *arena_alloc(Arena *arena, size_t size) {
    if (size > SIZE_MAX - 2 * ALIGNMENT - sizeof(ArenaBlock)) check(NULL);
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (!arena->current || arena->current->size - arena->used < size) next_block(arena, size);
    void *memory = arena->current->bytes + arena->used;
    arena->used += size;
    return memory;
}

void *arena_calloc(Arena *arena, size_t count, size_t size) {
    if (size && count > SIZE_MAX / 2 / size) check(NULL);
    void *memory = arena_alloc(arena, count * size);
    memset(memory, 0, count * size);
    return memory;
}

Span arena_copy(Arena *arena, Span bytes) {
    char *copy = arena_alloc(arena, bytes.len + 1);
    if (bytes.len) memcpy(copy, bytes.data, bytes.len);
    copy[bytes.len] = '\0';
    return (Span){copy, bytes.len};
}

const char *arena_string(Arena *arena, Span bytes) { return arena_copy(arena, bytes).data; }

void *arena_grow(Arena *arena, void *items, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity) return items;
    size_t wanted = *capacity ? 2 * *capacity : 8;
    void *larger = arena_alloc(arena, wanted * size);
    if (count) memcpy(larger, items, count * size);
    *capacity = wanted;
    return larger;
}

void arena_reset(Arena *arena) {
    size_t kept = 0;
    for (ArenaBlock **link = &arena->first; *link;) {
        ArenaBlock *block = *link;
        kept += block->size;
        if (kept > KEPT_BYTES) {
            *link = block->next;
            free(block);
        } else {
            link = &block->next;
        }
    }
    arena->current = NULL;
    arena->used = 0;
}

void arena_free(Arena *arena) {
    for (ArenaBlock *block = arena->first; block;) {
        ArenaBlock *next = block->next;
        free(block);
        block = next;
    }
    *arena = (Arena){0};
}
