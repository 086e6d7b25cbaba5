/* layout — inside models/: what the sections of a text model hold. Written by train.c, read by linear.c. */
#ifndef VERBATIM_LAYOUT_H
#define VERBATIM_LAYOUT_H

#include "models.h"
#include "store.h"

#define MODEL_KIND "text"

/* section "settings", one */
typedef struct {
    uint32_t features_version, target, single, kinds, outputs, slots, facts, reserved;
    uint64_t examples;
} Settings;

/* section "outputs", [outputs] */
typedef struct {
    float scale, bias, slope, offset;
    float thresholds[PRESET_COUNT];
    float reserved;
} Output;

/* section "slots", a power of 2 of them, at least one free: open addressing by the low bits of a feature's hash */
typedef struct {
    uint32_t mark; /* the hash's high bits */
    uint32_t at;   /* its row in section "cells", in Cells; 0: free */
} Slot;

/* section "cells": rows; the first Cell is of no row. A row begins with its head. */
typedef struct {
    uint8_t label;
    int8_t weight;
} Cell;

typedef struct {
    uint8_t count; /* cells that follow */
    uint8_t idf;   /* in 1 / IDF_UNIT */
} RowHead;

enum { IDF_UNIT = 16 };

_Static_assert(sizeof(Cell) == 2 && sizeof(RowHead) == 2 && sizeof(Slot) == 8 && sizeof(Output) == 32 && sizeof(Settings) == 40, "the file's layout");

/* section "facts": u64 hashes, ascending; section "factweights": float [facts][outputs]; section "labels": names, a line each */

#endif
