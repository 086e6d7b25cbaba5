/* stem_polish — Polish as typed, with its letters or without: endings of nouns, adjectives and verbs off.
 *
 * czekałam, czekamy, czekanie and czekać meet; so do paczka, paczce and paczek, and ładny, ładnie and ladna. One ending goes first; then, as
 * long as there are any, what makes a verb's past, its participles and its noun; then the sounds that an ending has changed are changed back.
 * The prefix nie- stays, and so do naj- and the comparative: niemiły is not miły, and lepszy is a wish where dobry is praise. */
#include "text/stem_rules.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { STEM_LEAST = 3, STEM_LONG = 4 /* where the ending is as often a part of the word */ };

typedef struct {
    char letters[SPELLING_MAX];
    size_t count;
} Letters;

typedef struct {
    const char *ending;
    size_t least; /* letters that must be left */
} Ending;

/* The longest first. */
static const Ending cases[] = {
    {"iscie", STEM_LEAST}, {"yscie", STEM_LEAST},
    {"iego", STEM_LEAST}, {"iemu", STEM_LEAST}, {"iami", STEM_LEAST}, {"iach", STEM_LEAST}, {"owie", STEM_LEAST}, {"acie", STEM_LEAST},
    {"ecie", STEM_LEAST}, {"icie", STEM_LEAST}, {"ycie", STEM_LEAST}, {"ucie", STEM_LEAST}, {"owac", STEM_LEAST}, {"ismy", STEM_LEAST}, {"ysmy", STEM_LEAST},
    {"ego", STEM_LEAST}, {"emu", STEM_LEAST}, {"iej", STEM_LEAST}, {"ymi", STEM_LEAST}, {"imi", STEM_LEAST}, {"ych", STEM_LEAST}, {"ich", STEM_LEAST},
    {"ami", STEM_LEAST}, {"ach", STEM_LEAST}, {"iom", STEM_LEAST}, {"owi", STEM_LEAST}, {"iem", STEM_LEAST}, {"asz", STEM_LEAST}, {"amy", STEM_LEAST},
    {"aja", STEM_LEAST}, {"esz", STEM_LEAST}, {"emy", STEM_LEAST}, {"eja", STEM_LEAST}, {"isz", STEM_LEAST}, {"imy", STEM_LEAST}, {"ysz", STEM_LEAST},
    {"ymy", STEM_LEAST}, {"iec", STEM_LEAST},
    {"ej", STEM_LONG}, {"ym", STEM_LEAST}, {"im", STEM_LEAST}, {"om", STEM_LEAST}, {"ow", STEM_LEAST}, {"em", STEM_LEAST}, {"iu", STEM_LEAST},
    {"ia", STEM_LEAST}, {"ie", STEM_LEAST}, {"am", STEM_LEAST}, {"ac", STEM_LEAST}, {"ec", STEM_LEAST}, {"ic", STEM_LEAST}, {"yc", STEM_LEAST}, {"uc", STEM_LEAST},
    {"u", STEM_LEAST}, {"y", STEM_LEAST}, {"i", STEM_LEAST}, {"a", STEM_LEAST}, {"o", STEM_LEAST}, {"e", STEM_LEAST},
};

/* Past, participles, verbal noun, imperative. */
static const Ending makers[] = {
    {"owal", STEM_LEAST}, {"owan", STEM_LEAST}, {"ajac", STEM_LEAST}, {"ujac", STEM_LEAST}, {"iet", STEM_LONG},
    {"al", STEM_LEAST}, {"el", STEM_LEAST}, {"il", STEM_LEAST}, {"yl", STEM_LEAST}, {"ul", STEM_LEAST}, {"ol", STEM_LEAST},
    {"aj", STEM_LEAST}, {"uj", STEM_LEAST}, {"an", STEM_LONG}, {"en", STEM_LONG}, {"on", STEM_LONG}, {"ut", STEM_LONG},
    {"i", STEM_LEAST}, {"y", STEM_LEAST}, {"a", STEM_LEAST}, {"e", STEM_LEAST}, {"o", STEM_LEAST}, {"u", STEM_LEAST},
};

/* What looks like an ending at the end of these is none: problem, system, program, zapach, umów (of umowa); taniej, bardziej, lepiej, szybciej. */
static const char *const whole[] = {
    "blem", "stem", "krem", "gram", "klam", "pach", "strach", "rozmow", "umow", "odmow", "zamow", "niej", "dziej", "piej", "ciej",
};

/* Small words that stems would fall together with: lubię and lub, anioł and ani, nadal and nad. */
static const char *const small[] = {"ani", "nad", "pod", "lub", "nam", "nim", "tym", "tys", "wam"};

/* Więc is not wieki, nor poza pożałować, nor partia partacz. */
static const char *const alone[] = {"wiec", "poza", "wraz", "skoro", "nadal", "koniec", "partia", "partii"};

static bool ends(const Letters *word, const char *ending, size_t least) {
    size_t len = strlen(ending);
    return word->count >= len + least && memcmp(word->letters + word->count - len, ending, len) == 0;
}

static bool take_off(Letters *word, const Ending *endings, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!ends(word, endings[i].ending, endings[i].least)) continue;
        word->count -= strlen(endings[i].ending);
        return true;
    }
    return false;
}

static uint32_t plain(uint32_t point) {
    switch (point) {
    case U'ą': return 'a';
    case U'ć': return 'c';
    case U'ę': return 'e';
    case U'ł': return 'l';
    case U'ń': return 'n';
    case U'ó': return 'o';
    case U'ś': return 's';
    case U'ź':
    case U'ż': return 'z';
    default: return point;
    }
}

/* False where a letter is none of Polish. */
static bool letters_read(Spelling *form, Letters *word) {
    bool polish = true;
    for (size_t i = 0; i < form->count; i++) {
        form->points[i] = plain(form->points[i]);
        word->letters[i] = (char)form->points[i];
        polish &= form->points[i] - 'a' < 26;
    }
    word->count = form->count;
    return polish;
}

/* zrobiłbym, zrobilibyście: the mark of the conditional, behind an l of the past. */
static void take_conditional(Letters *word) {
    static const char *const marks[] = {"byscie", "bysmy", "bym", "bys", "by"};
    static const char *const before[] = {"l", "la", "lo", "li", "ly"};
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (!ends(word, marks[i], STEM_LONG)) continue;
        Letters past = *word;
        past.count -= strlen(marks[i]);
        for (size_t k = 0; k < COUNT(before); k++)
            if (ends(&past, before[k], STEM_LEAST)) word->count = past.count;
        return;
    }
}

/* czekałaś, czekałeś: as and es are endings behind an l of the past only (czas, hałas, adres). */
static bool take_second_person(Letters *word) {
    bool past = ends(word, "las", STEM_LEAST) || ends(word, "les", STEM_LEAST);
    if (past) word->count -= 2;
    return past;
}

static bool is_one_of(const Letters *word, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (word->count == strlen(words[i]) && ends(word, words[i], 0)) return true;
    return false;
}

static bool is_whole(const Letters *word) {
    for (size_t i = 0; i < COUNT(whole); i++)
        if (ends(word, whole[i], 0)) return true;
    return false;
}

/* problemu is no dative in -emu, problemy no verb in -emy. */
static void take_last_vowel(Letters *word) {
    if (!ends(word, "u", STEM_LONG) && !ends(word, "y", STEM_LONG)) return;
    word->count--;
    if (!is_whole(word)) word->count++;
}

/* dobrze has the stem of dobry, obsłudze that of obsługa, kolejce and kolejek that of kolejka; miejsce keeps its c. */
static void change_back(Letters *word) {
    if (ends(word, "rz", STEM_LEAST)) word->count--;
    else if (ends(word, "dz", STEM_LEAST)) word->letters[--word->count - 1] = 'g';
    else if (ends(word, "ek", STEM_LEAST) && word->letters[word->count - 3] != 'i') word->letters[--word->count - 1] = 'k';
    else if (ends(word, "c", STEM_LEAST - 1) && word->letters[word->count - 2] != 's') word->letters[word->count - 1] = 'k';
}

void stem_polish(Spelling *form) {
    Letters word;
    if (!letters_read(form, &word) || form->count < STEM_LONG || is_one_of(&word, alone, COUNT(alone))) return;
    take_conditional(&word);
    take_last_vowel(&word);
    if (!is_whole(&word)) {
        if (!take_second_person(&word)) take_off(&word, cases, COUNT(cases));
        while (take_off(&word, makers, COUNT(makers))) continue;
    }
    change_back(&word);
    if (is_one_of(&word, small, COUNT(small))) word.letters[word.count++] = '_'; /* a stem need not be a word */
    form->count = word.count;
    for (size_t i = 0; i < word.count; i++) form->points[i] = (unsigned char)word.letters[i];
}
