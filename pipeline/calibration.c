#include "calibration.h"

#include <math.h>

#include "base/sort.h"

enum { WHOLE = 10000 };

static int by_p(const void *left, const void *right) {
    uint32_t a = ((const Sureness *)left)->p, b = ((const Sureness *)right)->p;
    return (a > b) - (a < b);
}

/* Those with the same p as one. */
static size_t sum_up(Sureness *items, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!items[i].tags) continue;
        if (kept && items[kept - 1].p == items[i].p) items[kept - 1].tags += items[i].tags, items[kept - 1].right += items[i].right;
        else items[kept++] = items[i];
    }
    return kept;
}

/* Sums of p are whole until a bin is full. */
static void close_bin(Calibration *calibration, uint64_t sum) {
    CalibrationBin *bin = &calibration->bins[calibration->bin_count++];
    bin->p = (double)sum / WHOLE / (double)bin->tags;
    calibration->error += fabs((double)bin->right - (double)sum / WHOLE) / (double)calibration->tags;
}

Calibration calibration_of(Sureness *items, size_t count) {
    Calibration calibration = {0};
    if (count) sort_items(items, count, sizeof *items, by_p);
    count = sum_up(items, count);
    for (size_t i = 0; i < count; i++) calibration.tags += items[i].tags;
    uint64_t before = 0, sum = 0, squares = 0, place = 0;
    for (size_t i = 0; i < count; i++) {
        Sureness one = items[i];
        uint64_t middle = (2 * before + one.tags) * CALIBRATION_BINS / (2 * calibration.tags);
        if (i && middle != place) close_bin(&calibration, sum), sum = 0;
        CalibrationBin *bin = &calibration.bins[calibration.bin_count];
        if (!bin->tags) bin->low = one.p;
        bin->high = one.p;
        bin->tags += one.tags, bin->right += one.right;
        sum += one.p * one.tags;
        squares += one.right * (WHOLE - one.p) * (WHOLE - one.p) + (one.tags - one.right) * one.p * one.p;
        before += one.tags;
        place = middle;
    }
    if (!calibration.tags) calibration.error = calibration.brier = NAN;
    else close_bin(&calibration, sum), calibration.brier = (double)squares / WHOLE / WHOLE / (double)calibration.tags;
    return calibration;
}
