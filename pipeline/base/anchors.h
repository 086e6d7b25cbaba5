/* anchors — places in a cleaned text to places in the text as given.
 *
 * A cleaned text is stretches copied byte by byte, stretches put in place of others (an entity, a broken character), and gaps where something was
 * left out. Each begins at an anchor; the last anchor stands at the end of both texts:
 *
 *   given    g o o d & a m p ; c h e a p         anchors  {0, 0, copied}  {4, 4}  {5, 9, copied}  {10, 14}
 *   cleaned  g o o d &         c h e a p
 */
#ifndef VERBATIM_ANCHORS_H
#define VERBATIM_ANCHORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t clean, given; /* bytes */
    bool copied;           /* byte by byte, up to the next anchor */
} Anchor;

/* Sorted by clean, then given; none: the text is as given. */
typedef struct {
    const Anchor *items;
    size_t count;
} Anchors;

/* Where a stretch of the cleaned text begins and ends in the given one. A stretch that begins or ends inside what was put in place of something takes
 * all of that; what was left out before its begin or behind its end stays outside. */
uint32_t anchors_start(Anchors anchors, uint32_t clean);
uint32_t anchors_end(Anchors anchors, uint32_t clean);

#endif
