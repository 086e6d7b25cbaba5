/* stem_german — verspaetet and verspätet, before Snowball: ae, oe and ue to the umlauts they stand for.
 *
 * Not after a vowel (neue, Bauer) nor after q (bequem); nor in the words listed, where u and e, or o and e, are two sounds. */
#include "text/stem_rules.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Stretches whose e is no umlaut, wherever in a word. */
static const uint32_t *const parted[] = {
    U"tuell", U"duell", U"nuell", U"suell", U"xuell", U"zuer", U"zuend", U"zuent", U"statue", U"revue", U"influe", U"bluetooth", U"blue",
    U"poet", U"poesie", U"soeben", U"koex", U"koeff",
    U"israel", U"michael", U"raphael", U"samuel", U"manuel", U"aero", U"goethe", U"duett", U"issue", U"value", U"true", U"boeing", U"oboe",
    U"benue", U"aloe", U"soest",
};

static bool is_vowel(uint32_t point) { return point == U'a' || point == U'e' || point == U'i' || point == U'o' || point == U'u'; }

static uint32_t umlaut(uint32_t point) { return point == U'a' ? U'ä' : point == U'o' ? U'ö' : point == U'u' ? U'ü' : 0; }

/* True where one of the stretches covers the two letters at `at`. */
static bool is_parted(const Spelling *form, size_t at) {
    for (size_t i = 0; i < COUNT(parted); i++) {
        size_t len = points_len(parted[i]);
        for (size_t start = at + 2 > len ? at + 2 - len : 0; start <= at && start + len <= form->count; start++) {
            if (memcmp(form->points + start, parted[i], len * sizeof *parted[i]) == 0) return true;
        }
    }
    return false;
}

void stem_german(Spelling *form) {
    if (form->count < 4) return; /* names: Joe, AEG */
    size_t count = 0;
    for (size_t i = 0; i < form->count; i++) {
        uint32_t point = form->points[i], before = i ? form->points[i - 1] : 0, rounded = umlaut(point);
        bool pair = rounded && i + 1 < form->count && form->points[i + 1] == U'e' && !is_vowel(before) && before != U'q';
        if (pair && !is_parted(form, i)) point = rounded, i++;
        form->points[count++] = point;
    }
    form->count = count;
}
