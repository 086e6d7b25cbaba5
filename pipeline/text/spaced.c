/* spaced — letters spaced out: S L O W, т е р р и б л ь, b-a-d-l-y, 很 差 劲 啊 become words again.
 *
 * At least four single letters with one space, or one hyphen, between each two. What looks so and is none: initials and other runs without a vowel
 * (J R R T); an alphabet (A B C D, a b d e), choices and notes (A C B, no letter twice); one letter again and again; words of one letter in a row
 * (а я и в магазин), which is what a run is that holds nothing but letters that are words in some language. `I` before small letters, and à, stay apart.
 * Chinese that goes on in words with spaces between them is segmented, not spaced out. */
#include "text/clean.h"

enum { SPACED_MIN = 4 };

typedef enum { LETTER_NOT, LETTER_LATIN, LETTER_OTHER, LETTER_HAN } Script;

static Script script_of(uint32_t point) {
    if (point < 0x80) return clean_is_letter((char)point) ? LETTER_LATIN : LETTER_NOT;
    if ((point >= 0xc0 && point < 0x250 && point != 0xd7 && point != 0xf7) || (point >= 0x1e00 && point < 0x1f00)) return LETTER_LATIN;
    if ((point >= 0x386 && point < 0x3d0) || (point >= 0x400 && point < 0x530)) return LETTER_OTHER;
    return point >= 0x4e00 && point < 0xa000 ? LETTER_HAN : LETTER_NOT;
}

static uint32_t small(uint32_t point) {
    if (point < 0x80) return point | 32;
    if (point >= 0x391 && point < 0x3ab) return point + 32;
    if (point >= 0x410 && point < 0x430) return point + 32;
    return point >= 0x400 && point < 0x410 ? point + 80 : point;
}

static bool among(uint32_t point, const char *letters) {
    for (; *letters; letters += utf8_len((unsigned char)*letters))
        if (utf8_decode(letters) == point) return true;
    return false;
}

/* Letters with accents count as both. */
static bool is_vowel(uint32_t point) { return among(point, "aeiouyаеиоуыэюяёіїєαεηιουωάέήίόύώ") || (point >= 0xc0 && script_of(point) == LETTER_LATIN); }
static bool is_one_letter_word(uint32_t point) { return among(point, "aeikosuvwyzабвжзикосуяійєў") || (point >= 0xc0 && script_of(point) == LETTER_LATIN); }

/* A run of letters with `separator` between them. */
typedef struct {
    size_t end, count;
    Script script;
    uint32_t last, seen; /* the last letter, made small; capitals A to G seen, as bits */
    bool vowel, rare, ordered, same, choices;
} Run;

static void add(Run *run, uint32_t point) {
    uint32_t letter = small(point), bit = point >= 'A' && point <= 'G' ? 1u << (point - 'A') : 0;
    run->vowel |= is_vowel(letter);
    run->rare |= !is_one_letter_word(letter);
    run->choices &= bit && !(run->seen & bit);
    run->seen |= bit;
    if (run->count) {
        run->ordered &= letter - run->last <= 2 || (run->script == LETTER_LATIN && letter >= 0x80);
        run->same &= letter == run->last;
    }
    run->last = letter;
    run->count++;
}

static uint32_t point_at(const Draft *draft, size_t at) { return at < draft->len ? utf8_decode(draft->text + at) : 0; }

/* A letter or digit, or what joins words and is not the separator: it may not touch a letter of a run. Other scripts are not looked at. */
static bool joins(uint32_t point, char separator) {
    bool sign = (point == '-' && separator != '-') || point == '\'' || point == 0x2019;
    return sign || script_of(point) != LETTER_NOT || (point < 0x80 && clean_is_digit((char)point));
}

/* The run whose first letter stands at `at`. */
static Run run_at(const Draft *draft, size_t at, char separator) {
    Run run = {.script = script_of(point_at(draft, at)), .ordered = true, .same = true, .choices = true, .end = at};
    for (;;) {
        uint32_t point = point_at(draft, at);
        size_t next = at + utf8_len((unsigned char)draft->text[at]);
        if (script_of(point) != run.script || joins(point_at(draft, next), separator)) return run;
        add(&run, point);
        run.end = next;
        if (next + 1 >= draft->len || draft->text[next] != separator || script_of(point_at(draft, next + 1)) == LETTER_NOT) return run;
        at = next + 1;
    }
}

static bool is_spaced_out(const Draft *draft, const Run *run, char separator) {
    if (run->count < SPACED_MIN || run->same) return false;
    if (separator == '-' && point_at(draft, run->end) == '-') return false;
    if (run->script == LETTER_HAN) return point_at(draft, run->end) != ' ' || script_of(point_at(draft, run->end + 1)) != LETTER_HAN;
    return run->vowel && run->rare && !run->ordered && !run->choices;
}

/* A word of one letter before a word that is spaced out. */
static bool stays_apart(const Draft *draft, size_t start, size_t separator) {
    uint32_t first = point_at(draft, start), second = point_at(draft, separator + 1);
    return draft->text[separator] == ' ' && (first == 0xe0 || first == 0xc0 || (first == 'I' && second >= 'a' && second <= 'z'));
}

/* A separator between two letters that stand alone: the one before it begins a run. Returns where that is, SIZE_MAX if it is not so. */
static size_t run_start(const Draft *draft, size_t separator) {
    size_t start = separator;
    while (start && ((unsigned char)draft->text[start - 1] & 0xc0) == 0x80) start--;
    if (!start) return SIZE_MAX;
    start--;
    if (script_of(point_at(draft, start)) == LETTER_NOT) return SIZE_MAX;
    size_t before = start;
    while (before && ((unsigned char)draft->text[before - 1] & 0xc0) == 0x80) before--;
    bool touched = before && (joins(point_at(draft, before - 1), draft->text[separator]) || draft->text[before - 1] == '-');
    if (touched) return SIZE_MAX;
    return stays_apart(draft, start, separator) ? SIZE_MAX : start;
}

static void copy_joined(Draft *to, const Draft *from, size_t start, size_t end) {
    for (size_t at = start; at < end;) {
        size_t next = at + utf8_len((unsigned char)from->text[at]);
        draft_copy(to, from, at, next);
        at = next + 1;
    }
}

bool clean_spaced(const Draft *from, Draft *to) {
    size_t copied = 0;
    for (size_t at = 0; at < from->len; at++) {
        char separator = from->text[at];
        size_t start = separator == ' ' || separator == '-' ? run_start(from, at) : SIZE_MAX;
        if (start == SIZE_MAX || start < copied) continue;
        Run run = run_at(from, start, separator);
        if (is_spaced_out(from, &run, separator)) {
            draft_copy(to, from, copied, start);
            copy_joined(to, from, start, run.end);
            copied = run.end;
        }
        if (run.end > at) at = run.end - 1;
    }
    draft_copy(to, from, copied, from->len);
    return copied > 0;
}
