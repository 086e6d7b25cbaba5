/* mojibake — UTF-8 that was read as windows-1252 (or latin-1) or as windows-1251 and encoded again.
 *
 * Every such misreading leaves *units*: two to four characters that map back to the bytes of one UTF-8 character, a lead byte and its trails. `Ã©` maps to
 * c3 a9, é; `Рё` to d0 b8, и. Sound texts hold sequences that look so, by chance: `É…` at the end of CAFÉ…, `Рё` in Рёбра. So a unit counts as evidence
 * only so far as no sound text would hold it, and a text is mended if its units weigh PROOF or more together:
 *
 *   2  proves by itself     `Ã©`: no language has Ã before ©. `â€™`: none has € inside a word.
 *   1  a second is needed   letters of scripts whose words are longer than one letter, side by side with another unit: `Ð¿Ð»`, `РґРµ`
 *   0  may well be sound    all trails are marks that may follow a word (… » ” – NBSP), and where the unit stands a word may end; a capital and a
 *                           Ukrainian letter (`Рі` in Рік)
 *
 * For windows-1252 the trails decide, and the case of the letter before: after a small letter no capital stands. For windows-1251 a Cyrillic unit weighs
 * only beside another, by a trail that no East Slavic word has behind a capital (µ, °, Serbian letters), and by a capital behind a small letter or a quote:
 * `ґР` in РґР°; units for Latin letters weigh by Latin letters around them. Nothing weighs in a word that goes on with a sound letter: ДОЖИВЉЕЊЕ. What
 * a unit decodes to must be plausible: a letter of a script in common use, a mark, a sign, an emoji; no controls, no private use.
 *
 * In a text that is proven to be broken, units of weight 0 are mended too where no sound letter of the upper half touches them; and so are lossy ones, whose
 * last byte has no character in the table, or was NBSP or a soft hyphen and became plain: `â€` is ”, `Ã ` is à, `Ã-` is í, lone `Ñ` and `Ð` are с or я and
 * Н or А, lone `Р` is И. */
#include <utf8proc.h>

#include "text/clean.h"

enum { PROOF = 2, NO_BYTE = 0, UNIT_POINTS = 4 };

/* ---- the tables ---- */

/* Bytes 0x80 to 0x9f; those that windows-1252 leaves out are latin-1's controls. */
static const uint16_t low_1252[32] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
                                      0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178};

/* Bytes 0x80 to 0xbf; 0xc0 to 0xff are А to я. */
static const uint16_t low_1251[64] = {0x402, 0x403,  0x201a, 0x453,  0x201e, 0x2026, 0x2020, 0x2021, 0x20ac, 0x2030, 0x409, 0x2039, 0x40a, 0x40c, 0x40b, 0x40f,
                                      0x452, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x98,   0x2122, 0x459, 0x203a, 0x45a, 0x45c, 0x45b, 0x45f,
                                      0xa0,  0x40e,  0x45e,  0x408,  0xa4,   0x490,  0xa6,   0xa7,   0x401,  0xa9,   0x404, 0xab,   0xac,  0xad,  0xae,  0x407,
                                      0xb0,  0xb1,   0x406,  0x456,  0x491,  0xb5,   0xb6,   0xb7,   0x451,  0x2116, 0x454, 0xbb,   0x458, 0x405, 0x455, 0x457};

static unsigned place_in(const uint16_t *points, size_t count, uint32_t point) {
    for (size_t i = 0; i < count; i++)
        if (points[i] == point) return (unsigned)(0x80 + i);
    return NO_BYTE;
}

/* ğ stands for 0xf0 in windows-1254, where all else that units are made of is as in windows-1252. */
static unsigned byte_1252(uint32_t point) {
    if (point >= 0x80 && point < 0x100) return point;
    if (point == 0x11f) return 0xf0;
    return point < 0x100 ? NO_BYTE : place_in(low_1252, 32, point);
}

static unsigned byte_1251(uint32_t point) {
    if (point >= 0x410 && point < 0x450) return point - 0x410 + 0xc0;
    return point < 0x80 ? NO_BYTE : place_in(low_1251, 64, point);
}

static unsigned byte_of(Repair table, uint32_t point) { return table == REPAIR_1252 ? byte_1252(point) : byte_1251(point); }

uint32_t clean_point_1252(uint32_t byte) { return low_1252[byte - 0x80]; }

/* ---- what a unit decodes to ---- */

typedef enum {
    CLASS_NONE,    /* implausible */
    CLASS_SIGN,    /* stands alone: Latin letters, marks, signs, emoji */
    CLASS_CONTROL, /* a C1 control: half of a text that was broken twice */
    CLASS_LETTER,  /* stands beside others of its script */
} Class;

static const struct {
    uint32_t first, last;
    Class class;
} classes[] = {
    {0x80, 0x9f, CLASS_CONTROL},   {0xa0, 0x17f, CLASS_SIGN},      {0x192, 0x192, CLASS_SIGN},     {0x1a0, 0x1a1, CLASS_SIGN},     {0x1af, 0x1b0, CLASS_SIGN},
    {0x218, 0x21b, CLASS_SIGN},    {0x259, 0x259, CLASS_SIGN},     {0x2bb, 0x2bc, CLASS_SIGN},     {0x2c6, 0x2dc, CLASS_SIGN},     {0x300, 0x303, CLASS_SIGN},
    {0x309, 0x309, CLASS_SIGN},    {0x323, 0x323, CLASS_SIGN},     {0x386, 0x3ce, CLASS_LETTER},   {0x401, 0x45f, CLASS_LETTER},   {0x490, 0x4b3, CLASS_LETTER},
    {0x4b6, 0x4bb, CLASS_LETTER},  {0x4d8, 0x4d9, CLASS_LETTER},   {0x4e2, 0x4e9, CLASS_LETTER},   {0x4ee, 0x4f3, CLASS_LETTER},   {0x531, 0x587, CLASS_LETTER},
    {0x5b0, 0x5ea, CLASS_LETTER},  {0x60c, 0x66c, CLASS_LETTER},   {0x670, 0x6d4, CLASS_LETTER},   {0x6f0, 0x6f9, CLASS_LETTER},   {0x900, 0xdff, CLASS_LETTER},
    {0xe01, 0xe5b, CLASS_LETTER},  {0xe81, 0xedf, CLASS_LETTER},   {0x1000, 0x109f, CLASS_LETTER}, {0x10a0, 0x10ff, CLASS_LETTER}, {0x1200, 0x137f, CLASS_LETTER},
    {0x1780, 0x17ff, CLASS_LETTER}, {0x1ea0, 0x1ef9, CLASS_SIGN},  {0x200b, 0x2030, CLASS_SIGN},   {0x2032, 0x2049, CLASS_SIGN},   {0x2060, 0x2064, CLASS_SIGN},
    {0x20a0, 0x20bf, CLASS_SIGN},  {0x20e3, 0x20e3, CLASS_SIGN},   {0x2103, 0x2103, CLASS_SIGN},   {0x2116, 0x2122, CLASS_SIGN},   {0x2153, 0x215e, CLASS_SIGN},
    {0x2190, 0x23ff, CLASS_SIGN},  {0x2460, 0x27bf, CLASS_SIGN},   {0x2b05, 0x2b55, CLASS_SIGN},   {0x3000, 0x30ff, CLASS_LETTER}, {0x3131, 0x318e, CLASS_LETTER},
    {0x4e00, 0x9fff, CLASS_LETTER}, {0xac00, 0xd7a3, CLASS_LETTER}, {0xfe0e, 0xfe0f, CLASS_SIGN},  {0xfeff, 0xfeff, CLASS_SIGN},   {0xff01, 0xff9f, CLASS_LETTER},
    {0xfffd, 0xfffd, CLASS_SIGN},  {0x1f000, 0x1faff, CLASS_SIGN}, {0xe0020, 0xe007f, CLASS_SIGN},
};

static Class class_of(uint32_t point) {
    size_t low = 0, high = sizeof classes / sizeof *classes;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (classes[middle].last < point) low = middle + 1;
        else high = middle;
    }
    return low < sizeof classes / sizeof *classes && classes[low].first <= point ? classes[low].class : CLASS_NONE;
}

/* ---- units ---- */

typedef enum {
    LOSS_NONE,
    LOSS_BYTE,   /* the last byte is gone */
    LOSS_SPACE,  /* NBSP became a space */
    LOSS_HYPHEN, /* the soft hyphen became a hyphen */
} Loss;

/* Unit — a stretch of the text that may stand for one character. */
typedef struct {
    uint32_t start, end; /* bytes */
    uint32_t point;      /* what it stands for; 0 where that depends on what is around it */
    uint8_t bytes[UNIT_POINTS];
    uint8_t count;       /* of bytes */
    uint8_t class;
    uint8_t loss;
    uint8_t weight;
} Unit;

typedef struct {
    Repair table;
    const char *text;
    size_t len;
    Unit *units;
    size_t count, capacity;
    bool letters; /* some unit of CLASS_LETTER has weight */
    Arena *scratch;
} Scan;

static uint32_t point_at(const Scan *scan, size_t at) { return at < scan->len ? utf8_decode(scan->text + at) : 0; }

static uint32_t point_before(const Scan *scan, size_t at) {
    if (!at) return 0;
    while (((unsigned char)scan->text[--at] & 0xc0) == 0x80) {}
    return utf8_decode(scan->text + at);
}

static size_t behind(const Scan *scan, size_t at) { return at + utf8_len((unsigned char)scan->text[at]); }

static bool is_trail(unsigned byte) { return byte >= 0x80 && byte < 0xc0; }

/* How many bytes a sequence has that begins with `byte`; 0: none does. */
static size_t sequence_len(unsigned byte) { return byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0; }

/* The code point of a whole sequence, 0 for what UTF-8 does not allow. */
static uint32_t decode(const uint8_t *bytes, size_t count) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t point = utf8_decode((const char *)bytes);
    return point < least[count] || (point >= 0xd800 && point < 0xe000) || point > 0x10ffff ? 0 : point;
}

/* Reads the lead at `at` and the trails behind it, as many as there are up to the sequence's length. */
static Unit read_unit(const Scan *scan, size_t at) {
    Unit unit = {.start = (uint32_t)at};
    unsigned byte = byte_of(scan->table, point_at(scan, at));
    size_t wanted = sequence_len(byte);
    if (!wanted) return unit;
    do {
        unit.bytes[unit.count++] = (uint8_t)byte;
        at = behind(scan, at);
        byte = byte_of(scan->table, point_at(scan, at));
    } while (unit.count < wanted && is_trail(byte));
    unit.end = (uint32_t)at;
    if (unit.count == wanted) unit.point = decode(unit.bytes, wanted);
    unit.class = (uint8_t)class_of(unit.point);
    return unit;
}

/* ---- lossy units ---- */

static bool is_cyrillic_lead(unsigned byte) { return byte >= 0xd0 && byte < 0xd2; }

/* The four bytes of an emoji of which the last, or in windows-1251 the third, got lost; thumbs up is by far the most frequent of the five that lose their last in
 * windows-1252. */
static uint32_t lost_emoji(Repair table, const Unit *unit) {
    if (unit->count != 3 || unit->bytes[0] != 0xf0 || unit->bytes[1] != 0x9f) return 0;
    if (table == REPAIR_1251) return 0x1f600 + (unit->bytes[2] & 0x3fu);
    return unit->bytes[2] == 0x91 ? 0x1f44d : 0;
}

/* Makes a lossy unit of one that is cut off; false if it is none. */
static bool make_lossy(const Scan *scan, Unit *unit) {
    bool western = scan->table == REPAIR_1252, space = point_at(scan, unit->end) == ' ';
    unit->loss = LOSS_BYTE;
    unit->class = CLASS_SIGN;
    if (unit->count == 2 && unit->bytes[0] == 0xe2 && unit->bytes[1] == 0x80) return unit->point = western ? 0x201d : 0x2018, true;
    if ((unit->point = lost_emoji(scan->table, unit))) return true;
    if (unit->count != 1) return false;
    if (western && unit->bytes[0] == 0xc3 && space) {
        unit->loss = LOSS_SPACE;
        unit->point = 0xe0;
        return true;
    }
    if (western && unit->bytes[0] == 0xc3 && point_at(scan, unit->end) == '-') {
        unit->loss = LOSS_HYPHEN;
        unit->point = 0xed;
        return true;
    }
    unit->class = CLASS_LETTER;
    return western ? is_cyrillic_lead(unit->bytes[0]) : unit->bytes[0] == 0xd0;
}

/* ---- weights ---- */

static bool is_letter(uint32_t point) {
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)point);
    return point && category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}
static bool is_small(uint32_t point) { return point && utf8proc_category((utf8proc_int32_t)point) == UTF8PROC_CATEGORY_LL; }
static bool is_capital(uint32_t point) { return point && utf8proc_category((utf8proc_int32_t)point) == UTF8PROC_CATEGORY_LU; }
static bool is_ascii_letter(uint32_t point) { return point < 0x80 && clean_is_letter((char)point); }

static bool among(unsigned byte, const char *bytes) { return byte && strchr(bytes, (char)byte) != NULL; }

/* Marks that may stand right behind a word: … ‘ ’ “ ” – — ™ › NBSP « SHY ® ´ », and NEL for a line end. */
static bool may_follow(unsigned byte) { return among(byte, "\x85\x91\x92\x93\x94\x96\x97\x99\x9b\xa0\xab\xad\xae\xb4\xbb"); }

/* Behind a small letter also those that people write there by mistake or as signs: ¡ ¿ ¨ ª º ° © ² ³. */
static bool may_follow_small(unsigned byte) { return may_follow(byte) || among(byte, "\xa1\xa8\xa9\xaa\xb0\xb2\xb3\xba\xbf"); }

/* Behind a Cyrillic letter: marks and №, and Ukrainian and Belarusian letters, Ё. */
static bool may_follow_cyrillic(unsigned byte) { return among(byte, "\x85\x91\x92\x93\x94\x96\x97\x99\x9b\xa0\xa1\xa2\xa5\xa8\xa9\xaa\xab\xad\xae\xaf\xb2\xb3\xb4\xb8\xb9\xba\xbb\xbf"); }

/* Ђ Ѓ Љ Њ Ќ Ћ Џ Ў Ј Ґ Ё Є Ї І Ѕ: none stands behind a small letter. */
static bool is_capital_1251(unsigned byte) { return among(byte, "\x80\x81\x8a\x8c\x8d\x8e\x8f\xa1\xa3\xa5\xa8\xaa\xaf\xb2\xbd"); }

static bool is_letter_1251(unsigned byte) {
    return among(byte, "\x80\x81\x83\x8a\x8c\x8d\x8e\x8f\x90\x9a\x9c\x9d\x9e\x9f\xa1\xa2\xa3\xa5\xa8\xaa\xaf\xb2\xb3\xb4\xb8\xba\xbc\xbd\xbe\xbf");
}

/* ђ ѓ љ њ ќ ћ џ ў ё і ґ є ј ѕ ї ‘ ’ “ ”: a capital right behind them stands inside a word. */
static bool is_inside_1251(unsigned byte) { return among(byte, "\x83\x90\x91\x92\x93\x94\x9a\x9c\x9d\x9e\x9f\xa2\xb3\xb4\xb8\xba\xbc\xbe\xbf"); }

static size_t count_trails(const Unit *unit, bool (*test)(unsigned byte)) {
    size_t count = 0;
    for (size_t i = 1; i < unit->count; i++) count += test(unit->bytes[i]);
    return count;
}

static bool touches(const Unit *before, const Unit *after) { return before && after && before->end == after->start; }

static unsigned at_most_proof(size_t weight) { return weight < PROOF ? (unsigned)weight : PROOF; }

static unsigned weight_1252(const Scan *scan, const Unit *unit, const Unit *before, const Unit *after) {
    uint32_t previous = point_before(scan, unit->start), next = point_at(scan, unit->end);
    bool joined = touches(before, unit), letter_before = joined || is_letter(previous), letter_behind = touches(unit, after) || is_letter(next);
    size_t trails = unit->count - 1u;
    if (unit->class == CLASS_CONTROL) return 1;
    if (unit->count == 2) {
        if (unit->class == CLASS_LETTER) return joined || touches(unit, after);
        bool may_end = !letter_behind && count_trails(unit, may_follow) == trails;
        bool may_begin = joined ? false : letter_before ? is_capital(previous) : unit->bytes[0] > 0xc3;
        return may_end && may_begin ? 0 : PROOF;
    }
    if (unit->point == 0xfeff) return PROOF;
    size_t sound = count_trails(unit, may_follow_small);
    if (unit->class == CLASS_LETTER && sound) return sound < trails && (joined || touches(unit, after));
    return sound < trails ? PROOF : letter_behind;
}

/* Trails that no East Slavic word has there. The leads of three bytes and more are small letters. */
static size_t count_strange(const Unit *unit) {
    size_t count = 0;
    for (size_t i = 1; i < unit->count; i++) count += !may_follow_cyrillic(unit->bytes[i]) || (unit->count > 2 && is_capital_1251(unit->bytes[i]));
    return count;
}

static unsigned weight_1251(const Scan *scan, const Unit *unit, const Unit *before, const Unit *after) {
    bool joined = touches(before, unit), beside = joined || touches(unit, after);
    size_t trails = unit->count - 1u, strange = count_strange(unit);
    unsigned latin = is_ascii_letter(point_before(scan, unit->start)) + is_ascii_letter(point_at(scan, unit->end));
    if (unit->class == CLASS_CONTROL) return beside;
    if (unit->class == CLASS_LETTER && unit->count == 2)
        return beside ? (strange > 0) + (unsigned)(joined && is_inside_1251(before->bytes[before->count - 1])) : 0;
    if (unit->class == CLASS_LETTER) return strange == trails ? PROOF : strange && beside;
    if (unit->count > 2) return unit->bytes[1] == 0x80 ? PROOF : at_most_proof(strange + latin);
    bool never = latin == 2 || (latin && (strange || unit->bytes[0] == 0xc3 || unit->bytes[0] == 0xc4)); /* Г and Д are no Latin letter's twin */
    return never ? PROOF : strange && beside && !is_letter_1251(unit->bytes[1]);
}

/* Without the units of a word that goes on, before or behind them, with a sound letter: those are the word's own. A Р that lost its trail is a unit. */
static void spare_words(const Scan *scan) {
    for (size_t first = 0, last; first < scan->count; first = last + 1) {
        for (last = first; last + 1 < scan->count && touches(&scan->units[last], &scan->units[last + 1]);) last++;
        unsigned before = byte_1251(point_before(scan, scan->units[first].start)), behind_it = byte_1251(point_at(scan, scan->units[last].end));
        if (before < 0xc0 && behind_it < 0xc0) continue;
        for (size_t i = first; i <= last; i++) scan->units[i].weight = 0;
    }
}

/* `Ã` for à: a capital behind a small letter, or a space too many. */
static unsigned weight_lossy(const Scan *scan, const Unit *unit) {
    uint32_t previous = point_before(scan, unit->start);
    if (unit->class == CLASS_LETTER) return 0;
    if (unit->loss == LOSS_BYTE) return PROOF;
    if (unit->loss == LOSS_HYPHEN) return is_small(previous) && is_small(point_at(scan, unit->end + 1)) ? PROOF : 0;
    return is_small(previous) || (!is_letter(previous) && point_at(scan, unit->end + 1) == ' ') ? PROOF : 0;
}

/* ---- the pass ---- */

static void find_units(Scan *scan) {
    for (size_t at = 0; at < scan->len;) {
        if ((unsigned char)scan->text[at] < 0x80) {
            at++;
            continue;
        }
        Unit unit = read_unit(scan, at);
        bool whole = unit.point && unit.class != CLASS_NONE, lossy = !whole && unit.count && !unit.point && make_lossy(scan, &unit);
        at = whole || lossy ? unit.end : behind(scan, at);
        if (whole || lossy) *ARENA_PUSH(scan->scratch, scan->units, scan->count, scan->capacity) = unit;
    }
}

static bool is_proven(Scan *scan) {
    unsigned weight = 0;
    for (size_t i = 0; i < scan->count; i++) {
        Unit *unit = &scan->units[i];
        const Unit *before = i && !unit[-1].loss ? unit - 1 : NULL, *after = i + 1 < scan->count && !unit[1].loss ? unit + 1 : NULL;
        if (unit->loss) unit->weight = (uint8_t)weight_lossy(scan, unit);
        else unit->weight = (uint8_t)(scan->table == REPAIR_1252 ? weight_1252(scan, unit, before, after) : weight_1251(scan, unit, before, after));
    }
    if (scan->table == REPAIR_1251) spare_words(scan);
    for (size_t i = 0; i < scan->count; i++) {
        weight += scan->units[i].weight;
        scan->letters |= scan->units[i].weight && scan->units[i].class == CLASS_LETTER;
    }
    return weight >= PROOF;
}

/* No letter of the table's upper half, outside other units, touches it. A letter of a script needs others that are proven or another unit beside it, and touches no letter
 * at all if it lost its byte. */
static bool stands_free(const Scan *scan, const Unit *unit, const Unit *before, const Unit *after) {
    uint32_t previous = touches(before, unit) ? 0 : point_before(scan, unit->start), next = touches(unit, after) ? 0 : point_at(scan, unit->end);
    bool alone = !touches(before, unit) && !touches(unit, after);
    if (unit->class == CLASS_LETTER && !scan->letters && (alone || !unit->point)) return false;
    if (!unit->point) return !is_letter(previous) && !is_letter(next);
    return byte_of(scan->table, previous) < 0xc0 && byte_of(scan->table, next) < 0xc0;
}

/* A lone Ð or Ñ of windows-1252, a lone Р of windows-1251: the letter that most often is what lost its byte there. */
static uint32_t lost_letter(const Scan *scan, const Unit *unit, const Unit *before, const Unit *after) {
    bool ends = !touches(unit, after) && !is_letter(point_at(scan, unit->end)), alone = ends && !touches(before, unit);
    if (scan->table == REPAIR_1251) return 0x418;               /* И: 98 */
    if (unit->bytes[0] == 0xd0) return ends ? 0x410 : 0x41d;    /* А: 90, Н: 9d */
    return ends && !alone ? 0x44f : 0x441;                      /* я: 8f, с: 81 */
}

/* `Р ` of windows-1251 is Р whose NBSP became a space, if what follows goes on as a word broken twice would, or with a vowel; else И and a space. */
static bool lost_space(const Scan *scan, const Unit *unit, const Unit *after) {
    if (scan->table != REPAIR_1251 || !after || after->start != unit->end + 1 || scan->text[unit->end] != ' ' || !after->point) return false;
    static const uint32_t vowels[] = {0x430, 0x435, 0x438, 0x43e, 0x443, 0x44b, 0x44d, 0x44e, 0x44f};
    if (is_trail(byte_1251(after->point))) return true;
    for (size_t i = 0; i < sizeof vowels / sizeof *vowels; i++)
        if (after->point == vowels[i]) return true;
    return false;
}

/* The space of `Ã ` goes where it cannot be the one between two words; the hyphen of `Ã-` always. */
static bool takes_next(const Scan *scan, const Unit *unit) {
    uint32_t next = point_at(scan, unit->end + 1);
    return unit->loss == LOSS_HYPHEN || (unit->loss == LOSS_SPACE && (!is_letter(next) || (next == 's' && !is_letter(point_at(scan, unit->end + 2)))));
}

static void put_unit(const Scan *scan, const Draft *from, Draft *to, const Unit *unit, const Unit *before, const Unit *after, size_t *copied) {
    uint32_t point = unit->point;
    size_t end = unit->end + (size_t)takes_next(scan, unit);
    if (!point) {
        bool space = lost_space(scan, unit, after);
        point = space ? 0x420 : lost_letter(scan, unit, before, after);
        end += space;
    }
    draft_copy(to, from, *copied, unit->start);
    draft_put(to, from, unit->start, end, point);
    *copied = end;
}

bool clean_mojibake(const Draft *from, Repair table, Draft *to, Arena *scratch) {
    Scan scan = {.table = table, .text = from->text, .len = from->len, .scratch = scratch};
    find_units(&scan);
    if (!is_proven(&scan)) return false;
    size_t copied = 0;
    for (size_t i = 0; i < scan.count; i++) {
        const Unit *unit = &scan.units[i], *before = i ? unit - 1 : NULL, *after = i + 1 < scan.count ? unit + 1 : NULL;
        if (unit->weight || stands_free(&scan, unit, before, after)) put_unit(&scan, from, to, unit, before, after, &copied);
    }
    draft_copy(to, from, copied, from->len);
    return true;
}

/* Bytes that are marks or the letters š œ ž in windows-1252. The others are as likely to be Mac Roman's letters: they stay. */
static bool is_sign_1252(uint32_t byte) { return byte < 0xa0 && among(byte, "\x80\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9a\x9b\x9c\x9e"); }

/* Controls side by side are the rest of something else. */
static bool touches_control(const Draft *draft, size_t at) {
    const char *before = draft->text + at - 2, *next = draft->text + at + 2;
    return (at >= 2 && before[0] == '\xc2' && utf8_decode(before) < 0xa0) || (at + 3 < draft->len && next[0] == '\xc2' && utf8_decode(next) < 0xa0);
}

bool clean_controls(const Draft *from, Draft *to) {
    size_t copied = 0;
    for (size_t at = 0; at + 1 < from->len; at++) {
        if (from->text[at] != '\xc2') continue;
        uint32_t point = utf8_decode(from->text + at);
        if (!is_sign_1252(point) || touches_control(from, at)) continue;
        draft_copy(to, from, copied, at);
        copied = at + 2;
        draft_put(to, from, at, copied, clean_point_1252(point));
    }
    draft_copy(to, from, copied, from->len);
    return copied > 0;
}
