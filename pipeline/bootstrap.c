#include "bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

/* 65536 * P(X <= k) for k = 0 ... 7: X is as large as it passes of them. */
static const uint16_t thresholds[] = {24109, 48219, 60273, 64292, 65296, 65497, 65531, 65535};

void bootstrap_draws(uint64_t hash, uint64_t seed, size_t count, uint8_t *draws) {
    uint64_t state = hash ^ seed;
    state = random_next(&state); /* seeds that differ in one bit must not give shifted draws */
    for (size_t i = 0; i < count; i += 4) {
        uint64_t bits = random_next(&state);
        for (size_t j = i; j < i + 4 && j < count; j++, bits >>= 16) {
            draws[j] = 0;
            for (size_t k = 0; k < sizeof thresholds / sizeof *thresholds; k++) draws[j] += (bits & 0xffff) >= thresholds[k];
        }
    }
}

static int by_size(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double quantile(const double *sorted, size_t count, double share) {
    double place = share * (double)(count - 1);
    size_t below = (size_t)place;
    if (below + 1 >= count) return sorted[count - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

Interval bootstrap_interval(double *values, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i])) values[kept++] = values[i];
    if (!kept) return (Interval){NAN, NAN};
    qsort(values, kept, sizeof *values, by_size);
    return (Interval){quantile(values, kept, 0.025), quantile(values, kept, 0.975)};
}
