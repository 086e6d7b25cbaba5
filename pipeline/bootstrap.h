/* bootstrap — how far a figure would move with other texts of the same kind (Efron & Tibshirani 1993).
 *
 * A resample draws as many texts as there are, with replacement. How often it draws one text is nearly a Poisson(1) number, and independent of all others
 * but for their fixed sum, which a ratio such as F1 does not see (Hanley & MacGibbon 2006; Chamandy et al. 2012). So each text gets its numbers, one for each
 * resample, as it passes, from the hash of its id and text and nothing else: no text is kept, counts of threads add up, and neither threads
 * nor the order of texts change an interval. Rows with the same id and text are drawn together, as one. */
#ifndef VERBATIM_BOOTSTRAP_H
#define VERBATIM_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    double low, high; /* NAN: too little to tell */
} Interval;

/* How often each of `count` resamples draws the text with that hash: Poisson(1), to 16 bits; their mean is 1 exactly.
 *   out    draws  [count] */
void bootstrap_draws(uint64_t hash, uint64_t seed, size_t count, uint8_t *draws);

/* The middle 95 % of a figure's values in the resamples, in between by straight lines (quantile type 7 of Hyndman & Fan 1996). NANs, where a
 * resample drew nothing that the figure speaks of, are left out; `values` is sorted. */
Interval bootstrap_interval(double *values, size_t count);

#endif
