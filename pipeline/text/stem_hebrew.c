/* stem_hebrew — והמסעדות, במסעדה and מסעדת to one.
 *
 * "and", "the", "that", "in" and "to" are one letter written onto the next word, and each may just as well be its own first letter. So
 * they go, one after the other, wherever three letters are left and the word is none of the listed, which are given by their beginnings.
 * "from" and "as" (מ, כ) begin too many words to be taken off alone: they go before ה or doubled. */
#include "text/stem_rules.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Words whose first letter is their own; without points, final letters as written. */
static const uint32_t *const own[] = {
    U"הזמנ", U"הזמינ", U"היה", U"היו", U"היום", U"היית", U"הכי", U"הרבה", U"הגיע", U"הוא", U"היא", U"הבנ", U"הצלח", U"הנח", U"החזר", U"החלפ",
    U"החליט", U"המתנ", U"הודע", U"הוצא", U"הפתע", U"התקש", U"התייח", U"הלך", U"הולך", U"הזה", U"הזא", U"האלה", U"הכל", U"הכול", U"הנה",
    U"הסבר", U"הבטח", U"המלצ", U"המליצ", U"הוריד", U"הגנ", U"הסכ", U"הורי", U"הכר", U"הפסק", U"הפוך", U"הצע", U"השקע", U"היסטור", U"החלט",
    U"הקשב", U"הליכ", U"הודו", U"בסדר", U"בעי", U"ביטול", U"בקש", U"ביקש", U"בית", U"בגד", U"בשר", U"ביר", U"בוקר", U"בחיר", U"בחור",
    U"בדיק", U"בדק", U"בכלל", U"בלי", U"בנק", U"ברור", U"ברי", U"בטוח", U"ביטח", U"ביקר", U"ביקור", U"בזבוז", U"בוש", U"ביותר", U"ביחד",
    U"בעל", U"בגלל", U"בעצם", U"בין", U"בדיוק", U"בהצלח", U"ברכ", U"ברוך", U"בדרך", U"בנאדם", U"בואו", U"בעד", U"בנט", U"בשביל", U"בתוך",
    U"בייס", U"בונוס", U"בסיס", U"במבה", U"בשל", U"בילוי", U"בימ", U"ביצע", U"ביצי", U"בלאג", U"לקוח", U"לילה", U"לחם", U"לפני", U"לאחר",
    U"למה", U"לקח", U"למד", U"לכלוך", U"לחץ", U"לבן", U"לעולם", U"לצער", U"לגבי", U"לפי", U"לפח", U"לשון", U"לכן", U"לפעמ", U"לאומ", U"ליגה",
    U"לבבי", U"לימוד", U"לימונד", U"לעיתים", U"למרות", U"להית", U"לכלכ", U"שירות", U"שירת", U"שקל", U"שעה", U"שעות", U"שולח", U"שלח",
    U"שבוע", U"שבת", U"שנה", U"שנים", U"שלום", U"שמח", U"שבור", U"שקט", U"שוב", U"שווה", U"שוה", U"שמלה", U"שטיח", U"שיר", U"שמיר", U"שאל",
    U"שבר", U"שונה", U"שומר", U"שופט", U"שופ", U"שכונ", U"שכר", U"שינו", U"שינה", U"שיפ", U"שלט", U"שלומ", U"שלנו", U"שלך", U"שלי", U"שלהם",
    U"שלו", U"שלה", U"שמות", U"שמיע", U"שמע", U"שמו", U"שקר", U"שרות", U"שתי", U"שתק", U"שחור", U"שבע", U"שוקולד", U"שוטר", U"שיחה",
    U"שיחות", U"שימוש", U"שידר", U"ועד", U"שנא", U"שמיד", U"שמים", U"שמי", U"שלמ", U"שלם", U"שנות", U"שונות", U"באים", U"בנות", U"בנים", U"בהמ",
    U"המונ", U"המון", U"הנא", U"הנות",
    U"השמד", U"השמיד", U"הבן", U"הבנתי", U"ותק", U"ויזה", U"וילון", U"וידאו", U"ויטמ", U"ודאי", U"וואט", U"וויי", U"ואללה", 
};

/* Longest first; each leaves three letters. */
static const uint32_t *const suffixes[] = {U"יות", U"ים", U"ות", U"תי", U"נו", U"ה", U"ת"};

/* Words that look as if they had one. */
static const uint32_t *const kept[] = {
    U"שירות", U"שרות", U"פעמים", U"חיים", U"שמים", U"מים", U"אחרת", U"שבת", U"אמת", U"בית", U"טעות", U"אנחנו", U"אותנו", U"שלנו",
};

static bool is_mark(uint32_t point) {
    bool punctuation = point == 0x5be || point == 0x5c0 || point == 0x5c3 || point == 0x5c6;
    return point >= 0x591 && point <= 0x5c7 && !punctuation;
}

/* Without points, and of two yods or vavs only one: full spelling doubles them at will. */
static void normalise(Spelling *form) {
    size_t count = 0;
    for (size_t i = 0; i < form->count; i++) {
        uint32_t point = form->points[i];
        bool doubled = count > 0 && (point == U'י' || point == U'ו') && form->points[count - 1] == point;
        if (!is_mark(point) && !doubled) form->points[count++] = point;
    }
    if (count) form->count = count;
}

static bool is_one_of(const Spelling *form, const uint32_t *const *words, size_t count, bool whole) {
    for (size_t i = 0; i < count; i++) {
        if (whole ? points_are(form->points, form->count, words[i]) : points_begin(form->points, form->count, words[i])) return true;
    }
    return false;
}

static bool prefix_off(Spelling *form) {
    if (form->count < 4 || is_one_of(form, own, COUNT(own), false)) return false;
    uint32_t first = form->points[0], second = form->points[1];
    bool one = first == U'ו' || first == U'ה' || first == U'ש' || first == U'ב' || first == U'ל';
    bool from = first == U'מ' && form->count > 4 && (second == U'ה' || second == U'מ');
    bool when = first == U'כ' && form->count > 5 && second == U'ש';
    if (one || from || when) spelling_behead(form, when ? 2 : 1);
    return one || from || when;
}

static void suffix_off(Spelling *form) {
    if (is_one_of(form, kept, COUNT(kept), true)) return;
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        size_t len = points_len(suffixes[i]);
        if (form->count < len + 3 || !spelling_ends(form, suffixes[i], len)) continue;
        form->count -= len;
        return;
    }
}

static uint32_t plain_letter(uint32_t point) {
    switch (point) {
    case U'ך': return U'כ';
    case U'ם': return U'מ';
    case U'ן': return U'נ';
    case U'ף': return U'פ';
    case U'ץ': return U'צ';
    default: return point;
    }
}

void stem_hebrew(Spelling *form) {
    normalise(form);
    if (form->points[0] < U'א' || form->points[0] > U'ת') return;
    for (int round = 0; round < 3 && prefix_off(form); round++) {}
    suffix_off(form);
    for (size_t i = 0; i < form->count; i++) form->points[i] = plain_letter(form->points[i]);
}
