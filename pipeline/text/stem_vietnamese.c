/* stem_vietnamese — hòa and hoà, kỹ and kĩ: two spellings of one syllable to one.
 *
 * Schools and keyboards differ on which vowel of oa, oe and uy carries the mark of tone where nothing follows, and on y or i after some
 * consonants; people in a hurry mark the u of qu and the i of gi. All tones go to the second vowel, and y to i where both are written. */
#include "text/stem_rules.h"

enum { TONES = 6 };

/* A vowel with each tone: none, grave, acute, hook, tilde, dot. */
static const uint32_t a_row[] = U"aàáảãạ", e_row[] = U"eèéẻẽẹ", i_row[] = U"iìíỉĩị", o_row[] = U"oòóỏõọ", u_row[] = U"uùúủũụ", y_row[] = U"yỳýỷỹỵ";

/* The tone of `point` where it is the vowel of the row; TONES: it is not. */
static size_t tone_of(uint32_t point, const uint32_t *row) {
    size_t tone = 0;
    while (tone < TONES && row[tone] != point) tone++;
    return tone;
}

/* Moves the tone of the vowel at `at` to the one behind it, where the two are `first` and `second`. */
static void move_tone(Spelling *form, size_t at, const uint32_t *first, const uint32_t *second) {
    size_t tone = tone_of(form->points[at], first);
    if (tone == 0 || tone == TONES || form->points[at + 1] != second[0]) return;
    form->points[at] = first[0];
    form->points[at + 1] = second[tone];
}

/* Consonants after which a last i and y sound alike and are both written. */
static bool takes_both(const Spelling *form) {
    if (form->count == 3) return spelling_starts(form, U"qu", 2);
    uint32_t first = form->points[0];
    return form->count == 2 && (first == U'h' || first == U'k' || first == U'l' || first == U'm' || first == U's' || first == U't');
}

void stem_vietnamese(Spelling *form) {
    if (form->count < 2) return;
    size_t at = form->count - 2;
    bool after_q = at > 0 && form->points[at - 1] == U'q', after_g = at > 0 && form->points[at - 1] == U'g';
    move_tone(form, at, o_row, a_row);
    move_tone(form, at, o_row, e_row);
    move_tone(form, at, u_row, y_row);
    if (after_q) move_tone(form, at, u_row, a_row), move_tone(form, at, u_row, e_row);
    if (after_g) move_tone(form, at, i_row, a_row);
    size_t tone = tone_of(form->points[form->count - 1], y_row);
    if (tone < TONES && takes_both(form)) form->points[form->count - 1] = i_row[tone];
}
