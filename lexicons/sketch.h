/* sketch — a rule as words and operators in one normal form, to compare rules by. Inside lexicons/ only.
 *
 * Words are cut, folded and stemmed as the matcher's are; phrases in phrases are laid flat; alternatives are sorted. So two rules that match the same have, as a rule, the same key. */
#ifndef VERBATIM_SKETCH_H
#define VERBATIM_SKETCH_H

#include "compiled.h"

typedef enum { SKETCH_WORD, SKETCH_ANY, SKETCH_PHRASE, SKETCH_WINDOW, SKETCH_NEAR, SKETCH_AND, SKETCH_OR, SKETCH_NOT, SKETCH_OTHER } SketchKind;

typedef struct Sketch Sketch;
struct Sketch {
    SketchKind kind;
    Span key;                 /* equal keys: equal matches */
    Span form, stem;          /* of a word; form is the pattern of a glob */
    bool exact, cased, glob;  /* of a word: as written; with its capitals; with wildcards */
    bool forward, swapped;    /* of NEAR: the first child stands first; AFTER, with its children swapped */
    uint32_t n;
    Sketch **children;
    size_t count, capacity;
    uint64_t has, needs;      /* words as bits of their stems: those it speaks of, those in every match; to see quickly that one cannot lie in another */
};

typedef struct {
    const Language *language;
    CutText cut;
    void *cut_context;
    Arena *keep;
    Arena scratch;
} Sketcher;

/* Of a rule's text, in keep; NULL where it does not parse. */
Sketch *sketch_of(Sketcher *sketcher, Span rule);

/* Each match of b is, word by word, a match of a: then, in one code, the one that stands first wins. */
bool sketch_same(const Sketch *b, const Sketch *a);

/* Each match of b holds a match of a, or has one beside it in its unit. False where that cannot be proven. */
bool sketch_holds(const Sketch *b, const Sketch *a);

#endif
