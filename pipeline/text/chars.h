/* chars — what a code point is to whoever cuts text. */
#ifndef VERBATIM_CHARS_H
#define VERBATIM_CHARS_H

#include "base/utf8.h"

/* The first four make words, so `kind <= CHAR_MARK` asks whether a word goes on. */
enum {
    CHAR_LETTER,
    CHAR_CAPITAL,
    CHAR_DIGIT,
    CHAR_MARK,       /* combines with what stands before it */
    CHAR_INVISIBLE,  /* zero width, soft hyphen: joins a word and leaves no trace in its folded form */
    CHAR_IDEOGRAPH,  /* Han, kana: a token by itself */
    CHAR_OTHER,      /* separates words and does nothing else */
    CHAR_SPACE,
    CHAR_NEWLINE,
    CHAR_STOP,       /* . ! ? and kin, in any script */
    CHAR_CLAUSE,     /* , ; : brackets, dashes */
    CHAR_HYPHEN,     /* - */
    CHAR_BULLET,
    CHAR_APOSTROPHE, /* ' and what people write for it */
    CHAR_AT,
    CHAR_AMPERSAND,
    CHAR_SMILE,      /* where an emoticon may begin: : ; = < > ^ */
    CHAR_BRACKET,    /* ( and ) */
    CHAR_CURRENCY,   /* $ € ₽ */
    CHAR_KEY,        /* # and *: they may begin a keycap */
    CHAR_EMOJI,
    CHAR_JAMO,       /* single letters of Korean, which are laughter and tears: ㅋㅋ ㅠㅠ */
    CHAR_REGIONAL,   /* two of them are a flag */
    CHAR_KINDS
};

/* Kinds of the code points below this are in a table; above are Han (planes 2, 3) and rarities told by range. */
enum { CHARS_TABLED = 0x20000 };

/* chars_fill — fills kinds[CHARS_TABLED]; about 2 ms, once a run. */
void chars_fill(uint8_t *kinds);

static inline unsigned char_kind(const uint8_t *kinds, uint32_t point) {
    if (point < CHARS_TABLED) return kinds[point];
    if (point < 0x40000) return CHAR_IDEOGRAPH;
    return point >= 0xe0100 && point < 0xe01f0 ? CHAR_MARK : point >= 0xe0020 && point < 0xe0080 ? CHAR_INVISIBLE : CHAR_OTHER;
}

/* The kind of the code point at `at`. */
static inline unsigned char_kind_at(const uint8_t *kinds, const char *at) { return char_kind(kinds, utf8_decode(at)); }

/* Latin, Cyrillic, Arabic or single letters of Korean: letters whose threefold repetition is emphasis. */
static inline bool char_is_alphabetic(uint32_t point) {
    return (point | 32) - 'a' < 26 || (point >= 0xc0 && point < 0x250) || (point >= 0x400 && point < 0x530) || (point >= 0x620 && point < 0x650) ||
           (point >= 0x3131 && point < 0x318f);
}

/* Thai letters and marks: words that no space parts. */
static inline bool char_is_thai(uint32_t point) { return point >= 0xe01 && point <= 0xe4e && point != 0xe3f; }

/* A Thai vowel, tone or other mark that stands with the letter before it: above, below or behind. */
static inline bool char_is_thai_trail(uint32_t point) {
    return point == 0xe30 || (point >= 0xe31 && point <= 0xe3a) || point == 0xe45 || (point >= 0xe47 && point <= 0xe4e);
}

static inline bool char_is_kana(uint32_t point) { return (point >= 0x3041 && point <= 0x30ff) || (point >= 0xff66 && point <= 0xff9f); }
static inline bool char_is_hiragana(uint32_t point) { return point >= 0x3041 && point <= 0x3096; }

/* Kana half as wide as others, and their voice marks. */
static inline bool char_is_halfwidth(uint32_t point) { return point >= 0xff66 && point <= 0xff9f; }

#endif
