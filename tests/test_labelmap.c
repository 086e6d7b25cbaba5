/* labelmap: map files, what is wrong in them, and what a row and its tags are counted as. */
#include "check.h"

#include <stdlib.h>
#include <unistd.h>

#include "labelmap.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Net nets[] = {{.id = {"place", 5}}, {.id = {"intent", 6}}};
static Code codes[] = {
    {.id = {"place.food", 10}, .poles = true},
    {.id = {"place.clean", 11}, .poles = true},
    {.id = {"staff.manner", 12}, .poles = true},
    {.id = {"intent.leave", 12}, .net = 1},
    {.id = {"intent.return", 13}, .net = 1},
};
enum { FOOD, CLEAN, MANNER, LEAVE, RETURN };
static const Codebook codebook = {.nets = nets, .net_count = COUNT(nets), .codes = codes, .code_count = COUNT(codes)};

static const char *write_map(const char *text) {
    static char path[] = "/tmp/verbatim-labelmap-XXXXXX";
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    int file = mkstemp(path);
    if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text) || close(file)) exit(2);
    return path;
}

/* ---- what is wrong ---- */

static void test_errors(void) {
    static const struct {
        const char *map, *message;
        uint64_t line, column;
    } rows[] = {
        {"[a]", "found a list, expected a mapping for a label map", 1, 1},
        {"Food: place.foods:negative", "found 'place.foods:negative', expected code:negative, code:positive, or a code without poles", 1, 7},
        {"Food: place.food", "found 'place.food', expected code:negative, code:positive, or a code without poles", 1, 7},
        {"Food: [intent.leave, \"intent.leave:negative\"]", "found 'intent.leave:negative', expected code:negative, code:positive, or a code without poles", 1, 23},
        {"Food: {a: b}", "found a mapping, expected a code or a list of codes", 1, 7},
        {"Food: [[place.food]]", "found a list, expected a text for a code", 1, 8},
        {"Food: []\nFood: []", "key 'Food' stands twice, first in line 1", 2, 1},
        {"labels: {}\nlabel: {}", "found 'label', expected labels or aspects", 2, 1},
        {"labels: {}\naspects: [a]", "found a list, expected a mapping for categories with their codes", 2, 10},
        {"labels: staff.manner:bad", "found 'staff.manner:bad', expected code:negative, code:positive, or a code without poles", 1, 9},
        {"aspects:", "found a text, expected a mapping for categories with their codes", 1, 9},
        {"labels:\n  Late: []", "found no codes, expected a code or a list of codes", 2, 9},
        {"labels:\n  Late:\n  Lost: place.food", "found no codes, expected a code or a list of codes", 2, 8},
        {"labels:\n  Late: [place.food, place.fod]", "found 'place.fod', expected a code of the codebook, with :negative, :positive or, for either, no pole", 2, 22},
        {"labels:\n  Late: place.food:bad", "found 'place.food:bad', expected a code of the codebook, with :negative, :positive or, for either, no pole", 2, 9},
        {"labels:\n  Late: \"place.food:\"", "found 'place.food:', expected a code of the codebook, with :negative, :positive or, for either, no pole", 2, 10},
        {"labels:\n  Late: {negative: place.food}", "found a mapping, expected a code or a list of codes", 2, 9},
        {"labels:\n  a: place.food\n  a: place.food", "key 'a' stands twice, first in line 2", 3, 3},
        {"labels:\n  a:negative: place.food\naspects:\n  a: place.food", "found 'a:negative' twice, expected one label of that name", 4, 3},
        {"aspects:\n  food: []", "found no codes, expected a code, a list of codes, or negative: and positive: with codes", 2, 9},
        {"aspects:\n  food: {}", "found no codes, expected a code, a list of codes, or negative: and positive: with codes", 2, 9},
        {"aspects:\n  food: [place.food:negative]", "found 'place.food:negative', expected a code with poles and without ':', or negative: and positive: with codes of their own", 2, 10},
        {"aspects:\n  food: intent.leave", "found 'intent.leave', expected a code with poles and without ':', or negative: and positive: with codes of their own", 2, 9},
        {"aspects:\n  food: {neutral: place.food}", "found 'neutral', expected negative or positive", 2, 10},
        {"aspects:\n  food: {negative: []}", "found no codes, expected a code or a list of codes", 2, 20},
        {"aspects:\n  food: {negative: place.fod}", "found 'place.fod', expected a code of the codebook, with :negative, :positive or no pole", 2, 20},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *path = write_map(rows[i].map);
        Arena keep = {0};
        LabelMap map;
        Fail fail = {0};
        CHECK(!labelmap_read(path, &codebook, &keep, &map, &fail), "%s", rows[i].map);
        CHECK_SPAN(span_of(fail.message), span_of(rows[i].message), rows[i].map);
        CHECK(fail.line == rows[i].line && fail.column == rows[i].column, "%s: found %d:%d", rows[i].map, (int)fail.line, (int)fail.column);
        labelmap_free(&map);
        arena_free(&keep);
        remove(path);
    }
}

/* ---- what a row is counted as ---- */

#define FLAT "Dirty: place.clean:negative\nGone: [place.food:negative, intent.leave]\nOther: []\nUnsaid:\n"
#define SET                                                                                                                 \
    "labels:\n  Late: [place.food:negative, place.clean:negative]\n  Staff: staff.manner\n  Cold: place.food:negative\n"    \
    "aspects:\n  food: [place.food]\n  soup: place.food\n  again: {positive: intent.return, negative: [intent.leave, staff.manner]}\n"

typedef struct {
    uint16_t code;
    uint8_t pole;
} Given;

static void print_labels(Buffer *out, Labels labels) {
    for (size_t i = 0; i < labels.count; i++) buffer_printf(out, "%s%.*s", i ? " " : "", (int)labels.items[i].len, labels.items[i].data);
}

static void test_marks(void) {
    static const struct {
        const char *name, *map;
        bool has_labels, has_aspects;
        const char *labels[4];
        struct {
            const char *category, *sentiment;
        } aspects[4];
        Given tags[4];
        size_t tag_count;
        const char *expect; /* gold|given|left, and with sections |tags|right; empty: not coded */
    } rows[] = {
        {"no map: codes stay, others are left out", "{}", true, false, {"place.food:negative", "intent.leave", "Late", "place.food"}, {{0}}, {{FOOD, POLE_POSITIVE}, {RETURN, 0}}, 2,
         "place.food:negative intent.leave|place.food:positive intent.return|Late place.food"},
        {"flat: all of a label's codes", FLAT, true, false, {"Gone", "Other", "Unsaid", "Dirty"}, {{0}}, {{0}}, 0, "place.food:negative intent.leave place.clean:negative||"},
        {"flat: aspects say nothing", FLAT, false, true, {0}, {{"Gone", NULL}}, {{FOOD, POLE_NEGATIVE}}, 1, ""},
        {"any code of a label will do", SET, true, false, {"Late"}, {{0}}, {{CLEAN, POLE_NEGATIVE}}, 1, "Late|Late||place.clean:negative|place.clean:negative"},
        {"and none is a miss", SET, true, false, {"Late"}, {{0}}, {{CLEAN, POLE_POSITIVE}}, 1, "Late||||"},
        {"a tag without the label", SET, true, false, {0}, {{0}}, {{CLEAN, POLE_NEGATIVE}}, 1, "|Late||place.clean:negative|"},
        {"a tag that another label stands for", SET, true, false, {"Late"}, {{0}}, {{FOOD, POLE_NEGATIVE}}, 1, "Late|Late||place.food:negative|place.food:negative"},
        {"and one that it does not", SET, true, false, {"Cold"}, {{0}}, {{FOOD, POLE_NEGATIVE}, {CLEAN, POLE_NEGATIVE}}, 2, "Cold|Late Cold||place.food:negative place.clean:negative|place.food:negative"},
        {"a label of either pole", SET, true, false, {"Staff", "Staff"}, {{0}}, {{MANNER, POLE_POSITIVE}, {MANNER, POLE_NEGATIVE}}, 2, "Staff|Staff||staff.manner:positive staff.manner:negative|staff.manner:positive staff.manner:negative"},
        {"labels that the map does not have", SET, true, false, {"Staf", "place.food:negative"}, {{0}}, {{0}}, 0, "||Staf place.food:negative||"},
        {"aspects take their sentiment for a pole", SET, false, true, {0}, {{"food", "negative"}, {"soup", "positive"}}, {{FOOD, POLE_NEGATIVE}}, 1, "food:negative soup:positive|food:negative||place.food:negative|place.food:negative"},
        {"aspects without a pole", SET, false, true, {0}, {{"food", "neutral"}, {"food", NULL}, {"foot", "negative"}}, {{0}}, 0, "||food:neutral food foot:negative||"},
        {"poles with codes of their own", SET, false, true, {0}, {{"again", "negative"}, {"again", "positive"}}, {{LEAVE, 0}, {RETURN, 0}}, 2, "again:positive again:negative|again:positive again:negative||intent.leave intent.return|intent.leave intent.return"},
        {"a code without pole takes that of its list", SET, false, true, {0}, {{"again", "negative"}}, {{MANNER, POLE_POSITIVE}}, 1, "again:negative||||"},
        {"only what the row is coded for", SET, false, true, {0}, {{0}}, {{CLEAN, POLE_NEGATIVE}, {LEAVE, 0}}, 2, "|again:negative||intent.leave|"},
        {"neither labels nor aspects", SET, false, false, {0}, {{0}}, {{FOOD, POLE_NEGATIVE}}, 1, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *path = write_map(rows[i].map);
        Arena keep = {0}, scratch = {0};
        LabelMap map;
        Fail fail = {0};
        CHECK(labelmap_read(path, &codebook, &keep, &map, &fail), "%s: %s", rows[i].name, fail.message);
        Span labels[COUNT(rows->labels)];
        Aspect aspects[COUNT(rows->aspects)];
        Tag tags[COUNT(rows->tags)];
        Gold gold = {.has_labels = rows[i].has_labels, .labels = labels, .has_aspects = rows[i].has_aspects, .aspects = aspects};
        for (size_t j = 0; j < COUNT(labels) && rows[i].labels[j]; j++) labels[gold.label_count++] = span_of(rows[i].labels[j]);
        for (size_t j = 0; j < COUNT(aspects) && rows[i].aspects[j].category; j++)
            aspects[gold.aspect_count++] = (Aspect){span_of(rows[i].aspects[j].category), span_of(rows[i].aspects[j].sentiment)};
        for (size_t j = 0; j < rows[i].tag_count; j++) tags[j] = (Tag){.code = rows[i].tags[j].code, .pole = rows[i].tags[j].pole};
        Marked marked;
        labelmap_mark(&map, &codebook, &gold, tags, rows[i].tag_count, &marked, &scratch);
        Buffer found = {0};
        if (marked.coded) print_labels(&found, marked.gold), buffer_byte(&found, '|'), print_labels(&found, marked.given), buffer_byte(&found, '|'), print_labels(&found, marked.left);
        if (marked.coded && (map.labels || map.aspects)) buffer_byte(&found, '|'), print_labels(&found, marked.tags), buffer_byte(&found, '|'), print_labels(&found, marked.right);
        CHECK_SPAN(buffer_span(&found), span_of(rows[i].expect), rows[i].name);
        buffer_free(&found);
        labelmap_free(&map);
        arena_free(&keep);
        arena_free(&scratch);
        remove(path);
    }
}

int main(void) {
    test_errors();
    test_marks();
    return check_end();
}
