/* entities — HTML entities to characters: &amp; &#39; &#x27; and what was escaped twice or more, &amp;lt; is <.
 *
 * What exports and hurried copying make of them is read too: a missing semicolon behind a number or one of the five bare names, spaces inside one of these
 * (& amp ;), the numbers of windows-1252 (&#146; is ’), a surrogate pair as two numbers. Names that nobody knows and numbers of no character stay. */
#include "text/clean.h"

enum { NAME_MAX = 16, DIGITS_MAX = 8, NONE = 0 };

static const struct {
    char name[NAME_MAX + 1];
    uint16_t point;
} names[] = {
#include "text/entities.inc"
};

/* Those that people and programs leave without a semicolon. */
static const char *const bare[] = {"amp", "lt", "gt", "quot", "nbsp"};

static uint32_t named(const char *name, size_t len) {
    size_t low = 0, high = sizeof names / sizeof *names;
    Span wanted = {name, len};
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = span_compare(span_of(names[middle].name), wanted);
        if (!order) return names[middle].point;
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NONE;
}

static uint32_t digit_value(char byte, uint32_t base) {
    if (clean_is_digit(byte)) return (uint32_t)(byte - '0');
    return base == 16 && (unsigned char)((byte | 32) - 'a') < 6 ? (uint32_t)((byte | 32) - 'a') + 10 : UINT32_MAX;
}

/* The character of a number; NONE where it has none. Surrogates are told by the caller. */
static uint32_t numbered(uint32_t number) {
    if (number >= 0x80 && number < 0xa0) return clean_point_1252(number);
    bool control = number < 0x20 && number != '\t' && number != '\n' && number != '\r';
    return control || number > 0x10ffff ? NONE : number;
}

/* #39; or #x27; at `at`. */
static uint32_t take_number(const char *at, const char *end, const char **after) {
    uint32_t base = end - at > 1 && (at[1] | 32) == 'x' ? 16 : 10, number = 0;
    const char *digits = at + (base == 16 ? 2 : 1);
    for (at = digits; at < end && at - digits < DIGITS_MAX && digit_value(*at, base) != UINT32_MAX; at++) number = number * base + digit_value(*at, base);
    if (at == digits) return NONE;
    bool closed = at < end && *at == ';';
    if (!closed && (base == 16 || at - digits < 2 || (at < end && clean_is_digit(*at)))) return NONE;
    *after = at + closed;
    return numbered(number);
}

/* One of the bare names at `at`, perhaps with a space before its semicolon, and with no semicolon where no word goes on. */
static uint32_t take_bare(const char *at, const char *end, const char **after) {
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
        size_t len = strlen(bare[i]);
        if ((size_t)(end - at) < len || memcmp(at, bare[i], len) != 0) continue;
        const char *next = at + len;
        if (next < end && (clean_is_letter(*next) || clean_is_digit(*next) || *next == '=')) continue;
        if (end - next > 1 && next[0] == ' ' && next[1] == ';') next++;
        *after = next + (next < end && *next == ';');
        return named(at, len);
    }
    return NONE;
}

static uint32_t take_name(const char *at, const char *end, const char **after) {
    const char *next = at;
    while (next < end && next - at < NAME_MAX && (clean_is_letter(*next) || clean_is_digit(*next))) next++;
    if (next < end && *next == ';') {
        *after = next + 1;
        return named(at, (size_t)(next - at));
    }
    return take_bare(at, end, after);
}

/* The second half of a surrogate pair, as an entity of its own, at `at`. */
static uint32_t join_surrogates(uint32_t high, const char *at, const char *end, const char **after) {
    if (high >= 0xdc00 || end - at < 3 || at[0] != '&' || at[1] != '#') return NONE;
    uint32_t low = take_number(at + 1, end, after);
    return low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00) : NONE;
}

/* Behind the & at at[-1], and all the amp; of what was escaped again and again. */
static const char *skip_escapes(const char *at, const char *end) {
    while (end - at >= 4 && memcmp(at, "amp;", 4) == 0) at += 4;
    return at;
}

/* The character that the entity at `at` stands for, and what is behind it; NONE where it is no entity. */
static uint32_t take_entity(const char *at, const char *end, const char **after) {
    const char *body = skip_escapes(at + 1, end);
    uint32_t point = NONE;
    if (body < end && *body == '#') point = take_number(body, end, after);
    else if (body < end && clean_is_letter(*body)) point = take_name(body, end, after);
    else if (end - at > 2 && at[1] == ' ' && clean_is_letter(at[2]) && (point = take_bare(at + 2, end, after)) && (*after)[-1] != ';') point = NONE;
    if (point >= 0xd800 && point < 0xe000) point = join_surrogates(point, skip_escapes(*after, end), end, after);
    if (point != NONE || body == at + 1) return point;
    *after = body;
    return '&';
}

bool clean_entities(const Draft *from, Draft *to) {
    const char *start = from->text, *end = start + from->len, *copied = start, *at = start;
    while ((at = memchr(at, '&', (size_t)(end - at)))) {
        const char *after = at + 1;
        uint32_t point = take_entity(at, end, &after);
        if (point != NONE) {
            draft_copy(to, from, (size_t)(copied - start), (size_t)(at - start));
            draft_put(to, from, (size_t)(at - start), (size_t)(after - start), point);
            copied = after;
        }
        at = point != NONE ? after : at + 1;
    }
    draft_copy(to, from, (size_t)(copied - start), from->len);
    return copied > start;
}
