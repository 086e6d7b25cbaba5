#include "base/anchors.h"

/* How many anchors stand at or before `clean`; only before it where `strict`. */
static size_t anchors_before(Anchors anchors, uint32_t clean, bool strict) {
    size_t low = 0, high = anchors.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (anchors.items[middle].clean < clean || (!strict && anchors.items[middle].clean == clean)) low = middle + 1;
        else high = middle;
    }
    return low;
}

uint32_t anchors_start(Anchors anchors, uint32_t clean) {
    size_t before = anchors_before(anchors, clean, false);
    if (!before) return clean;
    const Anchor *anchor = &anchors.items[before - 1];
    return anchor->given + (anchor->copied ? clean - anchor->clean : 0);
}

uint32_t anchors_end(Anchors anchors, uint32_t clean) {
    size_t before = anchors_before(anchors, clean, true);
    if (!before) return clean;
    const Anchor *anchor = &anchors.items[before - 1];
    return anchor->copied ? anchor->given + (clean - anchor->clean) : anchor[1].given;
}
