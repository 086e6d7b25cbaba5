#include "solver.h"

double solver_score(const Matrix *matrix, size_t row, const float *weights) {
    double sum = 0;
    for (size_t i = matrix->starts[row]; i < matrix->starts[row + 1]; i++) sum += (double)matrix->values[i] * (double)weights[matrix->indices[i]];
    return sum;
}

static void add_row(const Matrix *matrix, size_t row, double by, float *weights) {
    for (size_t i = matrix->starts[row]; i < matrix->starts[row + 1]; i++) weights[matrix->indices[i]] += (float)(by * (double)matrix->values[i]);
}

static void shuffle(uint32_t *order, size_t count, uint64_t *random) {
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)((random_next(random) >> 32) * i >> 32);
        uint32_t kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

/* One step on row i: alpha_i to where the dual is least along it. Returns how far its projected gradient was off. */
static double step(const Matrix *matrix, const Part *part, size_t i, double *alpha, float *weights) {
    size_t row = part->rows[i];
    double diagonal = 0.5 / (double)part->costs[i];
    double gradient = part->signs[i] * solver_score(matrix, row, weights) - 1 + *alpha * diagonal;
    double projected = *alpha > 0 || gradient < 0 ? gradient : 0;
    if (projected > -1e-12 && projected < 1e-12) return 0;
    double before = *alpha;
    *alpha = before - gradient / (matrix->squares[row] + diagonal);
    if (*alpha < 0) *alpha = 0;
    add_row(matrix, row, (*alpha - before) * part->signs[i], weights);
    return projected < 0 ? -projected : projected;
}

void solver_run(const Matrix *matrix, const Part *part, uint64_t seed, size_t passes, float *weights, Arena *scratch) {
    uint64_t random = seed;
    uint32_t *order = arena_alloc(scratch, (part->count + 1) * sizeof *order);
    double *alphas = arena_calloc(scratch, part->count + 1, sizeof *alphas);
    for (size_t i = 0; i < part->count; i++) order[i] = (uint32_t)i;
    memset(weights, 0, matrix->columns * sizeof *weights);
    for (size_t pass = 0; pass < passes; pass++) {
        double worst = 0;
        shuffle(order, part->count, &random);
        for (size_t j = 0; j < part->count; j++) {
            double off = step(matrix, part, order[j], &alphas[order[j]], weights);
            if (off > worst) worst = off;
        }
        if (worst < 0.1) break;
    }
}
