#include "text/shapes.h"

#include <stdbool.h>
#include <string.h>

static inline bool is_digit(char byte) { return (unsigned char)(byte - '0') < 10; }

/* How many digits stand at `at`, `most` at most. */
static size_t digits_at(const char *at, const char *end, size_t most) {
    size_t count = 0;
    while (count < most && at + count < end && is_digit(at[count])) count++;
    return count;
}

const char *shape_date_end(const char *start, const char *end) {
    size_t lens[3];
    const char *at = start;
    for (int i = 0; i < 3; i++) {
        if (i && (at == end || !*at || !strchr("/-.", *at) || *at != start[lens[0]])) return start;
        at += i > 0;
        lens[i] = digits_at(at, end, 5);
        at += lens[i];
    }
    bool day_first = (lens[0] == 1 || lens[0] == 2) && (lens[2] == 2 || lens[2] == 4), year_first = lens[0] == 4 && (lens[2] == 1 || lens[2] == 2);
    bool fits = (day_first || year_first) && (lens[1] == 1 || lens[1] == 2);
    return fits && !(at < end && (is_digit(*at) || *at == start[lens[0]])) ? at : start;
}

enum { PHONE_DIGITS_MIN = 10, PHONE_DIGITS_MAX = 15 };

const char *shape_phone_end(const char *start, const char *end) {
    bool plus = *start == '+', threes = true;
    size_t digits = 0, groups = 0;
    const char *at = start + (plus || *start == '('), *last = start;
    while (groups < 6) {
        size_t len = digits_at(at, end, 5);
        if (!len || len > 4) break;
        threes = threes && (!groups || len == 3);
        groups++;
        digits += len;
        last = at += len;
        for (int gap = 0; gap < 2 && at < end && *at && strchr(" -()", *at); gap++) at++;
        if (at == last) break;
    }
    bool fits = digits + plus >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX && groups >= 3 && (plus || !threes);
    return fits && !(last < end && (is_digit(*last) || (unsigned char)((*last | 32) - 'a') < 26)) ? last : start;
}

const char *shape_time_end(const char *start, const char *end) {
    const char *at = start + digits_at(start, end, 2);
    if (at == start) return start;
    const char *last = start;
    for (int i = 0; i < 2 && end - at > 2 && *at == ':' && digits_at(at + 1, end, 2) == 2; i++) last = at += 3;
    return last;
}
