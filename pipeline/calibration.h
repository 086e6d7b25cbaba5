/* calibration — whether a `p` of 0.8 is right eight times out of ten.
 *
 * Tags are sorted by p and cut into ten bins of about as many tags each; tags with the same p stay together, in the bin that their middle falls into (so
 * there may be fewer bins). Then, for bins b with n_b of all n tags,
 *     expected calibration error = sum_b n_b / n |share right in b - mean p in b|      (Guo et al. 2017; bins of equal mass: Nguyen & O'Connor 2015)
 *     Brier score = mean of (p - 1 where right, 0 where wrong)^2                         (Brier 1950) */
#ifndef VERBATIM_CALIBRATION_H
#define VERBATIM_CALIBRATION_H

#include <stddef.h>
#include <stdint.h>

enum { CALIBRATION_BINS = 10 };

/* Tags with one p, in ten-thousandths. */
typedef struct {
    uint32_t p;
    uint64_t tags, right;
} Sureness;

typedef struct {
    uint32_t low, high; /* least and largest p */
    double p;           /* mean, 0 to 1 */
    uint64_t tags, right;
} CalibrationBin;

typedef struct {
    uint64_t tags;
    double error, brier; /* NAN without tags */
    CalibrationBin bins[CALIBRATION_BINS]; /* from the least p on */
    size_t bin_count;
} Calibration;

/* Sorts `items`, in which a p may stand several times. */
Calibration calibration_of(Sureness *items, size_t count);

#endif
