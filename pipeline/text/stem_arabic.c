/* stem_arabic — والمطاعم, للمطعم, مطعمهم and مطعم to one; a light stemmer: no roots, no patterns.
 *
 * First the letters that people type for each other are made one, and marks go; then conjunction, preposition and article; then pronouns and
 * plurals. A prefix of one letter is also how many words begin (و in وجبة, ب in بارد), so those that are frequent are listed by their
 * beginnings. A negated verb of the dialects, ما...ش, keeps its negation: مابيردش is not بيرد.
 * Snowball's arabic, compared on the frequent forms, takes the end off nouns (المكان to المك, احسن to احس) and leaves تجربه and جربت apart
 * no less, so it is not used. */
#include <utf8proc.h>

#include "text/stem_rules.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { TATWEEL = 0x640, HAMZA = 0x621, ALEF = 0x627, HEH = 0x647, WAW = 0x648, YEH = 0x64a, SHEEN = 0x634, MEEM = 0x645 };

/* Words that begin with what looks like a prefix, by their beginnings, after normalising. */
static const uint32_t *const own_waw[] = {
    U"وجب", U"وجود", U"واحد", U"وحد", U"واضح", U"وصل", U"وصول", U"وجه", U"وجد", U"ويندوز", U"ودود", U"واسع", U"واقي", U"وقت", U"وايد",
    U"وضع", U"وسيل", U"وسايل", U"واقف", U"وادي", U"وصف", U"واجه", U"ولاي", U"وفر", U"ورق", U"وزن", U"وسط", U"وسخ", U"وعد", U"ورد", U"ولد",
    U"وظيف", U"وكيل", U"وطن", U"وزير", U"واتس", U"واي", U"وين", U"ورا", U"وثق", U"وفق", U"وقف", U"وقع", U"واقع", U"ولع", U"ورش", U"وصي",
    U"ويب", U"وديه", U"وهم", U"وضوح", U"وعي", U"وداع", U"وقوف", U"وصايه", U"وثيق",
};
static const uint32_t *const own_beh[] = {
    U"بيتز", U"برجر", U"برقر", U"برغر", U"بدون", U"بسبب", U"بارد", U"باقي", U"بطاط", U"برشلون", U"بسيط", U"بطاق", U"برياني", U"بيونسي",
    U"باريس", U"بطاري", U"بوتر", U"بوص", U"بحر", U"بيبر", U"بطي", U"بروست", U"بوكيمون", U"بداي", U"باستا", U"بقي", U"باراك", U"بدل",
    U"بجوار", U"بشار", U"بعد", U"بعض", U"برض", U"بيبسي", U"بدا", U"بدء", U"بصم", U"برنامج", U"برامج", U"بصف", U"باهظ", U"بحير", U"بديل",
    U"بضع", U"بايت", U"بانكوك", U"بيروت", U"بعيد", U"برتقال", U"بارك", U"بارت", U"بوتين", U"بهار", U"بلاك", U"بين", U"بيت", U"بواب",
    U"بلازا", U"بكسل", U"بايع", U"بابا", U"بلاست", U"بريطان", U"بدري", U"بنات", U"بنت", U"بغي", U"بشوش", U"بتات", U"باوند", U"بقر", U"بخار",
    U"بغداد", U"برلين", U"ببرون", U"باسكن", U"بس", U"بنك", U"بلد", U"بطل", U"بطن", U"بياع", U"بيض", U"بيع", U"بوفي", U"بصل", U"بلح", U"باني",
    U"باب", U"باص", U"بلاي", U"بوكس", U"بندق", U"بخور", U"بشر", U"بحث", U"بان", U"بركان", U"برد", U"برج", U"بدي", U"بلا", U"بشع", U"بلوتوث",
    U"بودي", U"بكج", U"باكيت", U"بادي", U"برو",
};
static const uint32_t *const own_lam[] = {
    U"لذيذ", U"لطيف", U"لكن", U"لوح", U"ليس", U"لعب", U"لحظ", U"لبنان", U"لندن", U"لدي", U"لماذا", U"لقي", U"لقا", U"ليل", U"ليمون", U"لحوم",
    U"لزيز", U"لذيد", U"لمس", U"لبس", U"لغه", U"لون", U"لحم", U"لا", U"ليه", U"ليش", U"ليبرال", U"لوكس", U"لفاي", U"لفت", U"لفه", U"لبنه",
    U"ليبي", U"لولا", U"لين", U"ليت", U"ليز",
};
static const uint32_t *const own_article[] = {
    U"الذي", U"الذين", U"التي", U"اللي", U"الله", U"اللهم", U"اليه", U"اليها", U"اليك", U"اليكم", U"الينا", U"اليهم", U"الوان",
    U"المان", U"الكتر", U"البوم", U"التزام", U"التهاب", U"العاب", U"الاف", U"الغا", U"الياف", U"الماس", 
};

/* Words whose ends look like suffixes. */
static const uint32_t *const kept[] = {
    U"مليون", U"زيتون", U"تليفون", U"صابون", U"قانون", U"كرتون", U"صالون", U"لبنان", U"فستان", U"عنوان", U"انسان", U"اسنان", U"ايران",
    U"رمضان", U"ميزان", U"ميزانيه", U"حيوان", U"سلطان", U"مهرجان", U"اعلان", U"اعلانات", U"كويت", U"بيت", U"طاحونه", U"تامين", U"تحسين",
    U"بنزين", U"حنان", U"ابدا", U"كافيه", U"كافيهات", U"ازيا",
};

/* What ف is joined to as "so"; at the head of other words it is their own. */
static const uint32_t *const after_feh[] = {
    U"كان", U"لا", U"لن", U"لم", U"ان", U"هو", U"هي", U"هم", U"هذ", U"ما", U"قد",
    U"عند", U"كل", U"من", U"في", U"علي", U"ال", U"بعد", U"اكثر", U"لقد", U"ليس",
};

/* Pronouns, plurals and the feminine, longest first; each leaves three letters. */
static const uint32_t *const suffixes[] = {
    U"تهما", U"هما", U"كما", U"تني", U"وها", U"وهم", U"هم", U"ها", U"هن", U"كم", U"نا", U"ني", U"وا", U"وه", U"ات", U"ان", U"ين", U"ون", U"يه",
    U"ه", U"ك", U"ي", U"ا", U"و",
};

/* Those that may stand before another: خدم-ات-هم. */
static const uint32_t *const inner[] = {U"ات", U"ان", U"ين", U"ون", U"يه", U"ه", U"ي"};

static bool is_mark(uint32_t point) {
    return point == TATWEEL || (point >= 0x64b && point <= 0x65f) || point == 0x670 || (point >= 0x6d6 && point <= 0x6ed) ||
           (point >= 0x200c && point <= 0x200f);
}

/* One letter for those that are typed for each other; 0: it goes. */
static uint32_t plain_letter(uint32_t point) {
    switch (point) {
    case 0x622: case 0x623: case 0x625: case 0x671: return ALEF;
    case 0x649: case 0x6cc: case 0x6d0: case 0x626: return YEH;
    case 0x629: case 0x6c1: case 0x6be: case 0x6d5: case 0x6c0: case 0x6c3: return HEH;
    case 0x624: return WAW;
    case 0x6a9: case 0x6aa: case 0x6af: return 0x643;
    case HAMZA: return 0;
    default: return is_mark(point) ? 0 : point;
    }
}

/* Letters of the presentation forms that some programs write, to letters; a ligature is several. */
static void decompose_forms(Spelling *form) {
    Spelling out = {.count = 0};
    for (size_t i = 0; i < form->count; i++) {
        uint32_t point = form->points[i];
        bool presented = (point >= 0xfb50 && point <= 0xfdff) || (point >= 0xfe70 && point <= 0xfefc);
        utf8proc_int32_t letters[20];
        int class = 0;
        utf8proc_ssize_t count =
            presented ? utf8proc_decompose_char((utf8proc_int32_t)point, letters, 20, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE, &class) : 0;
        if (count <= 0 || count > 20 || out.count + (size_t)count > SPELLING_MAX) letters[0] = (utf8proc_int32_t)point, count = 1;
        for (utf8proc_ssize_t k = 0; k < count && out.count < SPELLING_MAX; k++) out.points[out.count++] = (uint32_t)letters[k];
    }
    memcpy(form->points, out.points, out.count * sizeof *out.points);
    form->count = out.count;
}

/* Plain letters, three or more of one to one, and one of two at the end: جدااا and جداا are جدا. */
static void normalise(Spelling *form) {
    Spelling out = {.count = 0};
    bool water = form->count < 7 && spelling_ends(form, U"ماء", 3); /* without its hamza it would be "not" */
    for (size_t i = 0; i < form->count; i++) {
        uint32_t point = water && i + 1 == form->count ? HAMZA : plain_letter(form->points[i]);
        size_t same = 0;
        while (same < out.count && out.points[out.count - 1 - same] == point) same++;
        if (point && same < 2) out.points[out.count++] = point;
        if (same < 2) continue;
        out.count--; /* a third: only one is meant, and what more there is goes with it */
        while (i + 1 < form->count && plain_letter(form->points[i + 1]) == point) i++;
    }
    uint32_t last = out.count ? out.points[out.count - 1] : 0;
    if (out.count > 2 && out.points[out.count - 2] == last && (last == ALEF || last == HEH || last == WAW || last == YEH)) out.count--;
    if (!out.count) return;
    memcpy(form->points, out.points, out.count * sizeof *out.points);
    form->count = out.count;
}

static bool begins_with_one_of(const Spelling *form, size_t at, const uint32_t *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (form->count > at && points_begin(form->points + at, form->count - at, words[i])) return true;
    }
    return false;
}

static bool prefix_off(Spelling *form, const uint32_t *prefix, size_t left) {
    size_t len = points_len(prefix);
    if (form->count < len + left || !spelling_starts(form, prefix, len)) return false;
    spelling_behead(form, len);
    return true;
}

/* و and ف, "and" and "so". */
static void conjunction_off(Spelling *form) {
    if (form->points[0] == WAW && !begins_with_one_of(form, 0, own_waw, COUNT(own_waw))) prefix_off(form, U"و", 3);
    else if (begins_with_one_of(form, 1, after_feh, COUNT(after_feh))) prefix_off(form, U"ف", 2);
}

static void article_off(Spelling *form) {
    bool short_word = spelling_is(form, U"الا", 3) || spelling_is(form, U"الي", 3) || spelling_is(form, U"الان", 4);
    if (short_word || begins_with_one_of(form, 0, own_article, COUNT(own_article))) return;
    if (form->points[0] == U'ب' && begins_with_one_of(form, 1, own_article, COUNT(own_article))) {
        spelling_behead(form, 1);
        return;
    }
    static const uint32_t *const articles[] = {U"بال", U"كال", U"لل", U"ال"};
    for (size_t i = 0; i < COUNT(articles); i++) {
        if (prefix_off(form, articles[i], i < 2 ? 3 : 2)) return;
    }
    if (form->points[0] == U'ب' && !begins_with_one_of(form, 0, own_beh, COUNT(own_beh))) prefix_off(form, U"ب", 3);
    else if (form->points[0] == U'ل' && !begins_with_one_of(form, 0, own_lam, COUNT(own_lam))) prefix_off(form, U"ل", 4);
}

static void suffix_off(Spelling *form, const uint32_t *const *endings, size_t count) {
    for (size_t i = 0; i < COUNT(kept); i++) {
        if (points_are(form->points, form->count, kept[i])) return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t len = points_len(endings[i]);
        if (form->count < len + 3 || !spelling_ends(form, endings[i], len)) continue;
        if (endings[i][0] == U'ك' && form->points[form->count - 2] == ALEF) continue; /* اشتراك, هناك: no pronoun */
        form->count -= len;
        return;
    }
}

/* ما...ش and م...ش to one spelling, without the و of "they" before the ش. */
static bool negated_verb(Spelling *form) {
    if (form->count < 6 || form->points[0] != MEEM || form->points[form->count - 1] != SHEEN) return false;
    bool long_ma = form->points[1] == ALEF;
    bool verb = long_ma || form->points[1] == U'ب' || form->points[1] == YEH || form->points[1] == U'ت' || form->points[1] == U'ن';
    if (!verb) return false;
    if (long_ma) memmove(form->points + 1, form->points + 2, (--form->count - 1) * sizeof *form->points);
    if (form->points[form->count - 2] == WAW) form->points[--form->count - 1] = SHEEN;
    return true;
}

static bool is_arabic(const Spelling *form) {
    for (size_t i = 0; i < form->count; i++) {
        if ((form->points[i] >= 0x620 && form->points[i] <= 0x6ff) || form->points[i] >= 0xfb50) return true;
    }
    return false;
}

void stem_arabic(Spelling *form) {
    if (!is_arabic(form)) return;
    decompose_forms(form);
    uint32_t first = form->points[0]; /* أ and إ are a word's own */
    bool article = first == ALEF || first == WAW || first == U'ف' || first == U'ب' || first == U'ك' || first == U'ل';
    normalise(form);
    if (negated_verb(form)) return;
    conjunction_off(form);
    if (article) article_off(form);
    suffix_off(form, suffixes, COUNT(suffixes));
    for (int round = 0; round < 2; round++) suffix_off(form, inner, COUNT(inner));
    bool verb = form->count > 3 && form->points[form->count - 1] == U'ت' && !spelling_is(form, U"كويت", 4);
    if (verb) form->count--; /* I and she */
}
