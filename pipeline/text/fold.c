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

/* The copy, or surface itself where they are the same: most forms are, and share their bytes. */
static Span keep_folded(Span surface, Span folded, Arena *arena) {
    return span_equal(surface, folded) ? surface : arena_copy(arena, folded);
}

/* ---- letters ---- */

/* Letters, digits and ' of ASCII only: most of all words, and no need of Unicode tables. */
static bool fold_ascii(Span surface, const Language *language, size_t drawn, char *out, size_t *len) {
    size_t count = 0;
    for (size_t i = 0, run = 0; i < surface.len; i++) {
        char byte = ascii_lower(surface.data[i]);
        if ((unsigned char)byte >= 0x80 || byte == '`') return false;
        if (byte == 'i' && surface.data[i] == 'I' && language->folds & FOLD_TURKISH) return false;
        run = i && byte == ascii_lower(surface.data[i - 1]) && (unsigned char)(byte - 'a') < 26 ? run + 1 : 1;
        if (run == 3) count -= 2 - drawn;
        if (run < 3) out[count++] = byte;
    }
    *len = count;
    return true;
}

/* One sign of the surface made plain; 0 where it leaves no trace. Moves *at behind it. */
static uint32_t plain(const char **at, const uint8_t *kinds) {
    uint32_t point = utf8_decode(*at);
    unsigned kind = char_kind(kinds, point);
    *at += utf8_len((unsigned char)**at);
    if (kind == CHAR_APOSTROPHE) return '\'';
    if (kind == CHAR_INVISIBLE) return 0;
    return point >= 0xff01 && point <= 0xff5e ? point - 0xfee0 : point;
}

static uint32_t turkish_small(uint32_t point) { return point == 'I' ? 0x131 : point == 0x130 ? 'i' : point; }

/* 0: leaves no trace. */
static uint32_t arabic_plain(uint32_t point) {
    if ((point >= 0x64b && point <= 0x65f) || point == 0x670 || point == 0x640) return 0;
    switch (point) {
    case 0x622:                         /* آ */
    case 0x623:                         /* أ */
    case 0x625:                         /* إ */
    case 0x671: return 0x627;           /* ٱ: ا */
    case 0x649:                         /* ى */
    case 0x6cc: return 0x64a;           /* ی: ي */
    case 0x629: return 0x647;           /* ة: ه */
    case 0x6a9: return 0x643;           /* ک: ك */
    default: return point;
    }
}

/* What the language takes a letter for; 0: leaves no trace. */
static uint32_t fold_point(uint32_t point, unsigned folds) {
    if (folds & FOLD_YO && point == 0x451) return 0x435;
    if (folds & FOLD_SIMPLIFY) return simplify(point);
    if (folds & FOLD_ARABIC) return arabic_plain(point);
    return point;
}

/* NFC and case folding; false where there is no room, which cannot be: a point folds to 3, and decomposes to 4. */
static bool compose(const char *text, size_t len, utf8proc_int32_t *points, size_t *count) {
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD;
    utf8proc_ssize_t got = utf8proc_decompose((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, points, POINTS_MAX, options);
    if (got >= 0 && got <= POINTS_MAX) got = utf8proc_normalize_utf32(points, got, options);
    *count = (size_t)got;
    return got >= 0 && got <= POINTS_MAX;
}

static size_t fold_unicode(Span surface, const Language *language, const uint8_t *kinds, size_t drawn, char *out) {
    char mapped[2 * FOLD_BYTES_MAX]; /* I of one byte may become ı of two */
    size_t mapped_len = 0;
    for (const char *at = surface.data; at < surface.data + surface.len;) {
        uint32_t point = plain(&at, kinds);
        if (language->folds & FOLD_TURKISH) point = turkish_small(point);
        if (point) mapped_len += utf8_encode(point, mapped + mapped_len);
    }
    utf8proc_int32_t points[POINTS_MAX];
    size_t count, len = 0, kept = 0;
    if (!compose(mapped, mapped_len, points, &count)) return memcpy(out, mapped, mapped_len), mapped_len;
    uint32_t last = 0;
    for (size_t i = 0, run = 0; i < count; i++) {
        uint32_t point = fold_point((uint32_t)points[i], language->folds);
        if (!point) continue;
        run = point == last && char_is_alphabetic(point) ? run + 1 : 1;
        if (run == 3) kept -= 2 - drawn;
        if (run < 3) points[kept++] = (utf8proc_int32_t)point;
        last = point;
    }
    for (size_t i = 0; i < kept; i++) len += utf8_encode((uint32_t)points[i], out + len);
    return len;
}

static Span fold_letters(Span surface, const Language *language, const uint8_t *kinds, size_t drawn, Arena *arena) {
    char out[4 * POINTS_MAX];
    size_t len;
    if (!fold_ascii(surface, language, drawn, out, &len)) len = fold_unicode(surface, language, kinds, drawn, out);
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

/* ---- emoji, emoticons, addresses ---- */

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
        bool again = len && out[len - 1] == byte && byte != '^' && !(byte & 0x80);
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

/* Signs of a Thai cluster as they should be: เเ is แ, ํา is ำ, and a sign drawn out is one. Returns how many there are. */
static size_t thai_plain(uint32_t *points, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t point = points[i], last = kept ? points[kept - 1] : 0;
        bool ligature = point == 0xe32 && kept && (last == 0xe4d || (kept > 1 && points[kept - 2] == 0xe4d));
        if (ligature && last != 0xe4d) points[kept - 2] = last, kept--; /* the tone stands first */
        if (ligature && last == 0xe4d) kept--;
        if (point == 0xe40 && last == 0xe40) points[kept - 1] = 0xe41;
        else if (point != last) points[kept++] = ligature ? 0xe33 : point;
    }
    return kept;
}

/* Kana as cut by kana_end of tokenise.c: half-width to whole, voice marks joined, what only draws it out gone. */
static size_t kana_plain(uint32_t *points, size_t count) {
    utf8proc_int32_t wide[8];
    int class = 0;
    if (char_is_halfwidth(points[0]) && utf8proc_decompose_char((utf8proc_int32_t)points[0], wide, 8, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE, &class) == 1)
        points[0] = (uint32_t)wide[0];
    if (count == 1) return 1;
    uint32_t mark = points[1] == 0xff9e ? 0x3099 : points[1] == 0xff9f ? 0x309a : points[1];
    utf8proc_int32_t pair[2] = {(utf8proc_int32_t)points[0], (utf8proc_int32_t)mark};
    bool voice = mark == 0x3099 || mark == 0x309a;
    if (voice && utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) == 1) points[0] = (uint32_t)pair[0];
    return 1;
}

/* A Thai cluster, or a kana; `surface` itself where it is neither. */
static Span fold_cluster(Span surface, Arena *arena) {
    uint32_t points[FOLD_BYTES_MAX] = {utf8_decode(surface.data)};
    size_t count = 0, len = 0;
    char out[FOLD_BYTES_MAX + 4];
    for (const char *at = surface.data; at < surface.data + surface.len; at += utf8_len((unsigned char)*at)) points[count++] = utf8_decode(at);
    if (char_is_thai(points[0])) count = thai_plain(points, count);
    else if (char_is_kana(points[0])) count = kana_plain(points, count);
    for (size_t i = 0; i < count; i++) len += utf8_encode(points[i], out + len);
    return keep_folded(surface, (Span){out, len}, arena);
}

Span fold_word(Span surface, unsigned kind, const Language *language, const uint8_t *kinds, size_t drawn, Arena *arena) {
    if (kind & WORD_LINK) return fold_link(surface, arena);
    if (surface.len > FOLD_BYTES_MAX) return fold_long(surface, kinds, arena);
    uint32_t first = utf8_decode(surface.data);
    if (kind & WORD_CHARACTER && (char_is_thai(first) || char_is_kana(first))) return fold_cluster(surface, arena);
    bool ascii = (unsigned char)surface.data[0] < 0x80, jamo = char_kind_at(kinds, surface.data) == CHAR_JAMO;
    if (kind & WORD_EMOJI && !jamo)
        return ascii && (unsigned char)surface.data[surface.len - 1] < 0x80 ? fold_emoticon(surface, arena) : fold_emoji(surface, arena);
    return fold_letters(surface, language, kinds, drawn, arena);
}

/* ---- accents ---- */

/* Letters that Unicode does not decompose, though a keyboard without them writes others; NULL: not one of them. */
static const char *plain_letter(uint32_t point) {
    switch (point) {
    case 0xe6: return "ae";
    case 0xf8: return "o";
    case 0x111: return "d";
    case 0x131: return "i";
    case 0x142: return "l";
    case 0x153: return "oe";
    default: return NULL;
    }
}

/* A letter of Latin that carries a mark: the letter; else 0. */
static uint32_t base_letter(uint32_t point) {
    utf8proc_int32_t parts[8];
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)point, parts, 8, UTF8PROC_DECOMPOSE, NULL);
    return count > 1 && parts[0] < 0x80 ? (uint32_t)parts[0] : 0;
}

Span fold_accents(Span folded, Arena *arena) {
    size_t first = 0;
    while (first < folded.len && (unsigned char)folded.data[first] < 0x80) first++;
    if (first == folded.len || folded.len > FOLD_BYTES_MAX) return (Span){0};
    char out[FOLD_BYTES_MAX];
    size_t len = 0;
    for (const char *at = folded.data, *end = folded.data + folded.len; at < end; at += utf8_len((unsigned char)*at)) {
        uint32_t point = utf8_decode(at), base = point < 0x80 ? point : base_letter(point);
        const char *letters = base ? NULL : plain_letter(point);
        if (letters) memcpy(out + len, letters, strlen(letters)), len += strlen(letters);
        else len += utf8_encode(base ? base : point, out + len);
    }
    return span_equal(folded, (Span){out, len}) ? (Span){0} : arena_copy(arena, (Span){out, len});
}

/* ---- other readings ---- */

/* The letter that people write the digit or sign for, 0 where there is none. */
static char leet_letter(char byte) {
    static const char pairs[] = "0o1i3e4a5s7t@a$s!i";
    for (const char *at = pairs; *at; at += 2)
        if (*at == byte) return at[1];
    return 0;
}

static bool is_small(char byte) { return (unsigned char)(byte - 'a') < 26; }

Span fold_leet(Span folded, Arena *arena) {
    char out[FOLD_BYTES_MAX];
    size_t changed = 0;
    if (folded.len < 3 || folded.len > FOLD_BYTES_MAX || !is_small(folded.data[0])) return (Span){0};
    for (size_t i = 0; i < folded.len; i++) {
        char letter = leet_letter(folded.data[i]);
        if (!letter && !is_small(folded.data[i])) return (Span){0};
        out[i] = letter ? letter : folded.data[i];
        changed += letter != 0;
    }
    bool inside = is_small(folded.data[folded.len - 1]) || folded.data[folded.len - 1] == '$';
    return changed && 2 * changed < folded.len + 1 && inside ? arena_copy(arena, (Span){out, folded.len}) : (Span){0};
}
