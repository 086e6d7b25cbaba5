/* random — numbers that look drawn at random, the same on every machine: SplitMix64 (Steele, Lea & Flood 2014), a counter whose steps are stirred. */
#ifndef VERBATIM_RANDOM_H
#define VERBATIM_RANDOM_H

#include <stdint.h>

/* The next 64 bits; `state` may start anywhere, and moves on by one step. */
static inline uint64_t random_next(uint64_t *state) {
    uint64_t bits = *state += 0x9e3779b97f4a7c15u;
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
    return bits ^ bits >> 31;
}

#endif
