/* solver — one against the rest: the weights that part rows of one label from all others.
 *
 * Minimises  |w|^2 / 2 + sum_i c_i max(0, 1 - y_i w.x_i)^2  in the dual, a coordinate (a row) at a time, rows in an order drawn anew each pass:
 * Hsieh, Chang, Lin, Keerthi, Sundararajan, "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 1, with D_ii = 1 / (2 c_i). */
#ifndef VERBATIM_SOLVER_H
#define VERBATIM_SOLVER_H

#include "base/arena.h"
#include "base/random.h"

/* Matrix — sparse rows. */
typedef struct {
    size_t rows, columns;
    const size_t *starts;    /* [rows + 1] */
    const uint32_t *indices; /* [starts[rows]] columns, each once a row */
    const float *values;     /* beside indices */
    const double *squares;   /* [rows] x.x */
} Matrix;

/* Part — the rows that take part. */
typedef struct {
    size_t count;
    const uint32_t *rows; /* [count] */
    const int8_t *signs;  /* [count] 1: has the label, -1: has not */
    const float *costs;   /* [count] c_i > 0 */
} Part;

/* solver_run — the same bytes for the same input, on any thread.
 *   in     seed     of the order of rows
 *          passes   at most; it stops when no row's projected gradient is off by 0.1 or more
 *   out    weights  [columns] */
void solver_run(const Matrix *matrix, const Part *part, uint64_t seed, size_t passes, float *weights, Arena *scratch);

/* w.x of a row. */
double solver_score(const Matrix *matrix, size_t row, const float *weights);

#endif
