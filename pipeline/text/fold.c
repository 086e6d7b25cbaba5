#include "text/fold.h"

#include <utf8proc.h>

enum { POINTS_MAX = 4 * FOLD_BYTES_MAX };

static const uint32_t simplified[][2] = {
#include "text/simplified.inc"
};

static uint32_t simplify(uint32_t point) {
    size_t low = 0, high = sizeof simplified / sizeof *simplified;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (simplified[middle][0] < point) low = middle + 1;
        else high = middle;
    }
    return low < sizeof simplified / sizeof *simplified && simplified[low][0] == point ? simplified[low][1] : point;
}

static inline char ascii_lower(char byte) { return (unsigned char)(byte - 'A') < 26 ? (char)(byte | 32) : byte; }

/* True where `point` would be the third of its kind in a row. */
static bool is_drawn_out(const uint32_t *points, size_t count, uint32_t point) {
    return count >= 2 && points[count - 1] == point && points[count - 2] == point && char_is_alphabetic(point);
}

/* The copy, or surface itself where they are the same: most forms are, and share their bytes. */
static Span keep_folded(Span surface, Span folded, Arena *arena) {
    return span_equal(surface, folded) ? surface : arena_copy(arena, folded);
}

/* Letters, digits and ' of ASCII only: most of all words, and no need of Unicode tables. */
static bool fold_ascii(Span surface, char *out, size_t *len) {
    size_t count = 0;
    for (size_t i = 0; i < surface.len; i++) {
        char byte = ascii_lower(surface.data[i]);
        if ((unsigned char)byte >= 0x80 || byte == '`' || byte == '&') return false;
        bool third = count >= 2 && out[count - 1] == byte && out[count - 2] == byte && (unsigned char)(byte - 'a') < 26;
        if (!third) out[count++] = byte;
    }
    *len = count;
    return true;
}

/* One sign of the surface made plain; 0 where it leaves no trace. Moves *at behind it. */
static uint32_t plain(const char **at, const uint8_t *kinds) {
    uint32_t point = utf8_decode(*at);
    unsigned kind = char_kind(kinds, point);
    if (point == '&') { /* an entity that stands for an apostrophe: see apostrophe_entity in tokenise.c */
        while (**at != ';') (*at)++;
        kind = CHAR_APOSTROPHE;
        point = ';';
    }
    *at += utf8_len((unsigned char)**at);
    if (kind == CHAR_APOSTROPHE) return '\'';
    if (kind == CHAR_INVISIBLE) return 0;
    return point >= 0xff01 && point <= 0xff5e ? point - 0xfee0 : point;
}

static size_t fold_unicode(Span surface, const Language *language, const uint8_t *kinds, char *out) {
    char mapped[FOLD_BYTES_MAX];
    size_t mapped_len = 0;
    for (const char *at = surface.data; at < surface.data + surface.len;) {
        uint32_t point = plain(&at, kinds);
        if (point) mapped_len += utf8_encode(point, mapped + mapped_len);
    }
    utf8proc_int32_t points[POINTS_MAX];
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD;
    utf8proc_ssize_t count =
        utf8proc_decompose((const utf8proc_uint8_t *)mapped, (utf8proc_ssize_t)mapped_len, points, POINTS_MAX, options);
    if (count >= 0 && count <= POINTS_MAX) count = utf8proc_normalize_utf32(points, count, options);
    if (count < 0 || count > POINTS_MAX)
        return memcpy(out, mapped, mapped_len), mapped_len; /* cannot be: a point folds to 3, and decomposes to 4 */
    bool russian = span_is(language->code, "ru"), chinese = span_is(language->code, "zh");
    uint32_t kept[POINTS_MAX];
    size_t kept_count = 0, len = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        uint32_t point = (uint32_t)points[i];
        if (russian && point == 0x451) point = 0x435;
        if (chinese) point = simplify(point);
        if (!is_drawn_out(kept, kept_count, point)) kept[kept_count++] = point;
    }
    for (size_t i = 0; i < kept_count; i++) len += utf8_encode(kept[i], out + len);
    return len;
}

static Span fold_letters(Span surface, const Language *language, const uint8_t *kinds, Arena *arena) {
    char out[4 * POINTS_MAX];
    size_t len;
    if (!fold_ascii(surface, out, &len)) len = fold_unicode(surface, language, kinds, out);
    return len ? keep_folded(surface, (Span){out, len}, arena) : surface;
}

/* A flood of marks would make canonical ordering quadratic, so what is too long to be a word is only lowered. */
static Span fold_long(Span surface, const uint8_t *kinds, Arena *arena) {
    char *out = arena_alloc(arena, 2 * surface.len);
    size_t len = 0;
    for (const char *at = surface.data; at < surface.data + surface.len;) {
        uint32_t point = plain(&at, kinds);
        if (point) len += utf8_encode((uint32_t)utf8proc_tolower((utf8proc_int32_t)point), out + len);
    }
    return (Span){out, len};
}

static Span fold_emoji(Span surface, Arena *arena) {
    char out[FOLD_BYTES_MAX];
    size_t len = 0;
    for (const char *at = surface.data; at < surface.data + surface.len;) {
        uint32_t point = utf8_decode(at);
        size_t size = utf8_len((unsigned char)*at);
        bool dress = point == 0xfe0e || point == 0xfe0f || (point >= 0x1f3fb && point <= 0x1f3ff);
        if (!dress) memcpy(out + len, at, size), len += size;
        at += size;
    }
    return len ? keep_folded(surface, (Span){out, len}, arena) : surface;
}

static Span fold_emoticon(Span surface, Arena *arena) {
    char out[FOLD_BYTES_MAX + 1];
    size_t len = 0;
    bool bare = surface.data[0] == '(' || surface.data[0] == ')';
    bool eyes = strchr(":;=", surface.data[0]) != NULL;
    if (bare) out[len++] = ':';
    for (size_t i = 0; i < surface.len; i++) {
        char byte = ascii_lower(surface.data[i]);
        bool nose = eyes && (byte == '-' || byte == '^') && i + 1 < surface.len;
        if (eyes && i == 0 && byte == '=') byte = ':';
        bool again = len && out[len - 1] == byte && byte != '^';
        if (!nose && !again) out[len++] = byte;
    }
    return keep_folded(surface, (Span){out, len}, arena);
}

/* Addresses keep their letters, however often they repeat: only ASCII is lowered. */
static Span fold_link(Span surface, Arena *arena) {
    char *out = arena_alloc(arena, surface.len);
    for (size_t i = 0; i < surface.len; i++) out[i] = ascii_lower(surface.data[i]);
    return (Span){out, surface.len};
}

Span fold_word(Span surface, unsigned kind, const Language *language, const uint8_t *kinds, Arena *arena) {
    if (kind & WORD_LINK) return fold_link(surface, arena);
    if (surface.len > FOLD_BYTES_MAX) return fold_long(surface, kinds, arena);
    bool ascii = (unsigned char)surface.data[0] < 0x80;
    if (kind & WORD_EMOJI)
        return ascii && (unsigned char)surface.data[surface.len - 1] < 0x80 ? fold_emoticon(surface, arena) : fold_emoji(surface, arena);
    return fold_letters(surface, language, kinds, arena);
}
