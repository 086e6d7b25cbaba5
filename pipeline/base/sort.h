/* sort — qsort for lists that are nearly always short: insertion below 24 items, where qsort's calls and buffer cost more than the sorting. */
#ifndef VERBATIM_SORT_H
#define VERBATIM_SORT_H

#include <stdlib.h>
#include <string.h>

enum { SORT_SHORT = 24, SORT_ITEM_BYTES = 128 };

/* Sorts `count` items of `size` bytes (at most SORT_ITEM_BYTES) by `order`; equal items keep their order only in short lists. */
static inline void sort_items(void *items, size_t count, size_t size, int (*order)(const void *, const void *)) {
    if (count < 2) return;
    if (count > SORT_SHORT || size > SORT_ITEM_BYTES) {
        qsort(items, count, size, order);
        return;
    }
    char *first = items, held[SORT_ITEM_BYTES];
    for (size_t i = 1; i < count; i++) {
        size_t place = i;
        while (place && order(first + (place - 1) * size, first + i * size) > 0) place--;
        if (place == i) continue;
        memcpy(held, first + i * size, size);
        memmove(first + (place + 1) * size, first + place * size, (i - place) * size);
        memcpy(first + place * size, held, size);
    }
}

#endif
