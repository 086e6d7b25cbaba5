#include "text/chars.h"

#include <utf8proc.h>

typedef struct {
    uint32_t first, last;
    uint8_t kind;
} Range;

/* Where the Unicode category does not say what we need; later lines win. */
static const Range special[] = {
    {'\n', '\r', CHAR_NEWLINE},
    {'\t', '\t', CHAR_SPACE},
    {'!', '!', CHAR_STOP},
    {'.', '.', CHAR_STOP},
    {'?', '?', CHAR_STOP},
    {',', ',', CHAR_CLAUSE},
    {'[', '[', CHAR_CLAUSE},
    {']', ']', CHAR_CLAUSE},
    {'{', '{', CHAR_CLAUSE},
    {'|', '}', CHAR_CLAUSE},
    {'(', ')', CHAR_BRACKET},
    {'-', '-', CHAR_HYPHEN},
    {'\'', '\'', CHAR_APOSTROPHE},
    {'`', '`', CHAR_APOSTROPHE},
    {'@', '@', CHAR_AT},
    {'&', '&', CHAR_AMPERSAND},
    {':', '>', CHAR_SMILE}, /* : ; < = > */
    {'^', '^', CHAR_SMILE},
    {'#', '#', CHAR_KEY},
    {'*', '*', CHAR_KEY},
    {0x85, 0x85, CHAR_NEWLINE},
    {0xa9, 0xa9, CHAR_OTHER}, /* (c) and (r) are no emoji in running text */
    {0xae, 0xae, CHAR_OTHER},
    {0xad, 0xad, CHAR_INVISIBLE},
    {0xb2, 0xb3, CHAR_OTHER},
    {0xb4, 0xb4, CHAR_APOSTROPHE},
    {0xb9, 0xb9, CHAR_OTHER},
    {0x2bb, 0x2bc, CHAR_APOSTROPHE},
    {0x589, 0x589, CHAR_STOP},   /* Armenian */
    {0x60c, 0x60c, CHAR_CLAUSE}, /* Arabic comma, semicolon, question mark, full stop */
    {0x61b, 0x61b, CHAR_CLAUSE},
    {0x61f, 0x61f, CHAR_STOP},
    {0x6d4, 0x6d4, CHAR_STOP},
    {0x964, 0x965, CHAR_STOP}, /* danda */
    {0x200b, 0x200f, CHAR_INVISIBLE},
    {0x2013, 0x2015, CHAR_CLAUSE},
    {0x2018, 0x2019, CHAR_APOSTROPHE},
    {0x201b, 0x201b, CHAR_APOSTROPHE},
    {0x2022, 0x2023, CHAR_BULLET},
    {0x2026, 0x2026, CHAR_STOP}, /* ... */
    {0x2028, 0x2029, CHAR_NEWLINE},
    {0x202a, 0x202e, CHAR_INVISIBLE},
    {0x203c, 0x203d, CHAR_STOP}, /* double marks */
    {0x2047, 0x2049, CHAR_STOP},
    {0x2060, 0x2064, CHAR_INVISIBLE},
    {0x2066, 0x206f, CHAR_INVISIBLE},
    {0x2122, 0x2122, CHAR_OTHER},
    {0x25a0, 0x25cf, CHAR_BULLET},
    {0x3001, 0x3001, CHAR_OTHER}, /* the mark of a list, not of a clause */
    {0x3002, 0x3002, CHAR_STOP},
    {0x3005, 0x3007, CHAR_IDEOGRAPH},
    {0x3040, 0x3098, CHAR_IDEOGRAPH}, /* kana */
    {0x309b, 0x309f, CHAR_IDEOGRAPH},
    {0x30a1, 0x30fa, CHAR_IDEOGRAPH},
    {0x30fc, 0x30ff, CHAR_IDEOGRAPH},
    {0x3131, 0x318e, CHAR_JAMO},
    {0x31f0, 0x31ff, CHAR_IDEOGRAPH},
    {0x3400, 0x4dbf, CHAR_IDEOGRAPH}, /* Han */
    {0x4e00, 0x9fff, CHAR_IDEOGRAPH},
    {0xf900, 0xfaff, CHAR_IDEOGRAPH},
    {0xfe0e, 0xfe0f, CHAR_INVISIBLE}, /* text or emoji presentation */
    {0xfeff, 0xfeff, CHAR_INVISIBLE},
    {0xff01, 0xff01, CHAR_STOP},
    {0xff07, 0xff07, CHAR_APOSTROPHE},
    {0xff08, 0xff09, CHAR_CLAUSE},
    {0xff0c, 0xff0c, CHAR_CLAUSE},
    {0xff0e, 0xff0e, CHAR_STOP},
    {0xff1a, 0xff1b, CHAR_CLAUSE},
    {0xff1f, 0xff1f, CHAR_STOP},
    {0xff3b, 0xff3b, CHAR_CLAUSE},
    {0xff3d, 0xff3d, CHAR_CLAUSE},
    {0xff5e, 0xff5e, CHAR_CLAUSE},
    {0xff61, 0xff61, CHAR_STOP},
    {0xff66, 0xff9d, CHAR_IDEOGRAPH},
    {0x1f1e6, 0x1f1ff, CHAR_REGIONAL},
    {0x1f3fb, 0x1f3ff, CHAR_EMOJI}, /* skin tones, should one stand alone */
};

static uint8_t kind_by_category(const utf8proc_property_t *property) {
    if (property->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC) return CHAR_EMOJI;
    switch (property->category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT: return CHAR_CAPITAL;
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: return CHAR_LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME: return CHAR_MARK;
    case UTF8PROC_CATEGORY_ND: return CHAR_DIGIT;
    case UTF8PROC_CATEGORY_SC: return CHAR_CURRENCY;
    case UTF8PROC_CATEGORY_ZS: return CHAR_SPACE;
    default: return CHAR_OTHER;
    }
}

void chars_fill(uint8_t *kinds) {
    for (uint32_t point = 0; point < CHARS_TABLED; point++) kinds[point] = kind_by_category(utf8proc_get_property((utf8proc_int32_t)point));
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        memset(kinds + special[i].first, special[i].kind, special[i].last - special[i].first + 1);
}
