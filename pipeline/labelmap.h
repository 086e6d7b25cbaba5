/* labelmap — what the labels of a labelled set stand for in our codes.
 *
 * A map file has one of two forms. The flat one renames: a label becomes all of its codes.
 *
 *     Staff: staff.manner:negative
 *
 * The one with sections says by which codes a label may be met, any of them, and is scored label by label:
 *
 *     labels:
 *       Late Flight: [delivery.speed:negative]
 *       Staff: [staff.manner, staff.respect]        either pole
 *     aspects:                                      the pole is that of the aspect's sentiment
 *       food quality: [place.food]
 *       recommendation: {positive: [intent.recommend], negative: [intent.warn]} */
#ifndef VERBATIM_LABELMAP_H
#define VERBATIM_LABELMAP_H

#include "base/table.h"
#include "read/read.h"

typedef struct {
    uint16_t code;
    uint8_t poles; /* 1 << Pole of each that will do */
} LabelCode;

/* MappedLabel — a label of the set, or a category with a pole, which is named `food quality:negative`. */
typedef struct {
    Span name;
    LabelCode *codes;
    size_t code_count, code_capacity;
    bool aspect; /* of the section aspects */
} MappedLabel;

/* LabelMap — a zeroed one maps nothing. */
typedef struct {
    bool labels, aspects; /* it has that section; neither: it renames */
    MappedLabel *items;
    size_t count, capacity;
    Table names;                            /* MappedLabel.name to index; labels are looked up here */
    Table categories[POLE_POSITIVE + 1];    /* [pole] category to index */
} LabelMap;

/* labelmap_read — a map file.
 *   lives  in keep, until labelmap_free
 *   fails  FAIL_FILE, FAIL_SETUP with file, line and column; map is then to be freed, too */
bool labelmap_read(const char *path, const Codebook *codebook, Arena *keep, LabelMap *map, Fail *fail);
void labelmap_free(LabelMap *map);

typedef struct {
    Span *items;
    size_t count, capacity;
} Labels;

/* Marked — what one text is counted as. */
typedef struct {
    bool coded;    /* the row says which labels apply, if only that none does */
    Labels gold;   /* those that the row carries */
    Labels given;  /* those that the tags stand for */
    Labels left;   /* those of the row that nothing is known of; may repeat */
    Labels tags;   /* of a map with sections: the tags that any of its labels stands for, as codes */
    Labels right;  /* of these, those that a label of the row stands for */
} Marked;

/* labelmap_mark — a row's labels and a text's tags, put in one language: of codes, or where the map has sections, of the set's labels. There
 * a label is given where one of its codes is tagged. Labels share codes; so a tag that a label of the row stands for is no evidence that another
 * label was given wrongly, and does not count for that one. A tag that no label of the row stands for is one error among `tags`, however many labels it
 * may stand for.
 *   lives  in scratch; spans also in map, codebook and gold */
void labelmap_mark(const LabelMap *map, const Codebook *codebook, const Gold *gold, const Tag *tags, size_t tag_count, Marked *marked, Arena *scratch);

/* A tag as a label, `code:pole` or `code`; lives in codebook or scratch. */
Span tag_label(const Codebook *codebook, const Tag *tag, Arena *scratch);

#endif
