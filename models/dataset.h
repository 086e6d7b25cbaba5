/* dataset — inside models/: examples as sparse rows of numbers. */
#ifndef VERBATIM_DATASET_H
#define VERBATIM_DATASET_H

#include "base/table.h"
#include "solver.h"
#include "train.h"

/* Row — where an example's features and labels lie. */
typedef struct {
    size_t text, facts, labels; /* first item in Dataset.features, twice, and in Dataset.labels */
    uint32_t text_count, fact_count, label_count, domain;
    uint64_t fold;
} Row;

/* Known — a feature that was met, found by its hash. */
typedef struct {
    uint64_t hash; /* 0: free */
    uint32_t id;
} Known;

typedef struct {
    uint64_t hash;
    uint32_t texts; /* texts that have it; those in which it is a fact are not counted */
    uint32_t last;  /* the last of them, + 1 */
} Met;

struct Dataset {
    Arena keep; /* names of labels */
    Row *rows;
    size_t row_count, row_capacity;
    uint32_t *features; /* ids, row by row */
    size_t feature_count, feature_capacity;
    uint32_t *labels;   /* numbers of names, row by row */
    size_t label_count, label_capacity;
    Known *known; /* [known_capacity] */
    size_t known_count, known_capacity;
    Met *met;           /* [known_count] by id */
    size_t met_capacity;
    Table names;
    Span *name_of;      /* [name_count] */
    size_t name_capacity, name_count;
    uint64_t data_hash;
};

/* Columns — features that a model is made of, as columns of a matrix: text first, then facts, then a habit of each domain, then the bias. */
typedef struct {
    size_t count, texts, facts, domains; /* columns; of each kind */
    uint32_t *text_of, *fact_of; /* [known_count] column of a feature as text or fact; UINT32_MAX: none */
    uint32_t *ids;               /* [texts + facts] feature of a column */
    uint8_t *idf;                /* [texts] in 1 / IDF_UNIT */
    float fact_value, bias_value; /* what stands in the matrix for a fact, and for a domain's habit and the bias */
} Columns;

void columns_make(const Dataset *dataset, Columns *columns, Arena *arena);

/* All rows; see models.h for the values. */
void matrix_make(const Dataset *dataset, const Columns *columns, Matrix *matrix, Arena *arena);

#endif
