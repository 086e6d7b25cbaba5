/* clean — inside text/: a text on its way from what was given to what rules see.
 *
 * A Draft holds the text, and for each of its bytes the stretch of the given text that it stands for. A pass copies what it leaves alone, puts one
 * character in place of a stretch, and leaves things out by not copying them. At most three bytes take the place of two.
 *
 *   given    g o o d & a m p ; c h e a p
 *   text     g o o d & c h e a p
 *   origins  0 1 2 3 4 9 ...          from
 *            1 2 3 4 9 10 ...         to
 */
#ifndef VERBATIM_CLEAN_H
#define VERBATIM_CLEAN_H

#include "base/utf8.h"
#include "flow.h"

typedef struct {
    uint32_t from, to; /* bytes of the given text, end excluded */
} Origin;

typedef struct {
    char *text; /* room for half as much again as was given */
    Origin *origins;
    size_t len;
} Draft;

/* What a quick look says may be in a text: one that is not said is not there. */
enum { SUSPECT_ENTITY = 1, SUSPECT_TAG = 2, SUSPECT_BROKEN = 4, SUSPECT_CONTROL = 8, SUSPECT_SPACED = 16 };

/* The passes. Each writes `to`, which is empty, from `from`, and says whether it changed anything; if not, `to` is to be forgotten. */
bool clean_entities(const Draft *from, Draft *to);
bool clean_tags(const Draft *from, Draft *to);
bool clean_mojibake(const Draft *from, Repair table, Draft *to, Arena *scratch);
bool clean_controls(const Draft *from, Draft *to);
bool clean_spaced(const Draft *from, Draft *to);

/* The character of a byte 0x80 to 0x9f in windows-1252. */
uint32_t clean_point_1252(uint32_t byte);

/* Copies bytes start .. end. */
static inline void draft_copy(Draft *to, const Draft *from, size_t start, size_t end) {
    memcpy(to->text + to->len, from->text + start, end - start);
    memcpy(to->origins + to->len, from->origins + start, (end - start) * sizeof *to->origins);
    to->len += end - start;
}

/* Puts `point` in place of the bytes start .. end. */
static inline void draft_put(Draft *to, const Draft *from, size_t start, size_t end, uint32_t point) {
    Origin origin = {from->origins[start].from, from->origins[end - 1].to};
    size_t len = utf8_encode(point, to->text + to->len);
    for (size_t i = 0; i < len; i++) to->origins[to->len + i] = origin;
    to->len += len;
}

static inline bool clean_is_letter(char byte) { return (unsigned char)((byte | 32) - 'a') < 26; }
static inline bool clean_is_digit(char byte) { return (unsigned char)(byte - '0') < 10; }

#endif
