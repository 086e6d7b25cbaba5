/* utf8 — code points of valid UTF-8. */
#ifndef VERBATIM_UTF8_H
#define VERBATIM_UTF8_H

#include "base/span.h"

/* The length in bytes of the code point whose first byte is `lead`; valid UTF-8 only. */
static inline size_t utf8_len(unsigned char lead) { return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4; }

/* The code point at `at`; valid UTF-8 only. */
static inline uint32_t utf8_decode(const char *at) {
    const unsigned char *b = (const unsigned char *)at;
    if (b[0] < 0x80) return b[0];
    if (b[0] < 0xe0) return (uint32_t)(b[0] & 0x1f) << 6 | (b[1] & 0x3f);
    if (b[0] < 0xf0) return (uint32_t)(b[0] & 0x0f) << 12 | (uint32_t)(b[1] & 0x3f) << 6 | (b[2] & 0x3f);
    return (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3f) << 12 | (uint32_t)(b[2] & 0x3f) << 6 | (b[3] & 0x3f);
}

/* Writes a code point, returns its length in bytes (1 to 4). */
static inline size_t utf8_encode(uint32_t point, char *out) {
    if (point < 0x80) return out[0] = (char)point, 1;
    if (point < 0x800) return out[0] = (char)(0xc0 | point >> 6), out[1] = (char)(0x80 | (point & 0x3f)), 2;
    if (point < 0x10000) {
        out[0] = (char)(0xe0 | point >> 12), out[1] = (char)(0x80 | (point >> 6 & 0x3f)), out[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | point >> 18), out[1] = (char)(0x80 | (point >> 12 & 0x3f));
    out[2] = (char)(0x80 | (point >> 6 & 0x3f)), out[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

/* How many code points the bytes hold: those that do not continue another. */
static inline size_t utf8_count(const char *data, size_t len) {
    size_t count = 0;
    for (size_t i = 0; i < len; i++) count += ((unsigned char)data[i] & 0xc0) != 0x80;
    return count;
}

#endif
