/* put — small pieces of output, quickly; for the files of this folder only. */
#ifndef VERBATIM_PUT_H
#define VERBATIM_PUT_H

#include "base/buffer.h"

/* Inlined, so that the copy of a literal is a few moves. */
static inline void put(Buffer *out, const char *text, size_t len) {
    if (out->capacity - out->len < len) buffer_reserve(out, len);
    memcpy(out->data + out->len, text, len);
    out->len += len;
}

#define PUT(out, literal) put((out), (literal), sizeof(literal) - 1)

/* A number of hundredths with two decimals: -0.62, 0.00, 1.00. */
static inline void put_hundredths(Buffer *out, int hundredths) {
    unsigned size = hundredths < 0 ? 0u - (unsigned)hundredths : (unsigned)hundredths;
    if (hundredths < 0) buffer_byte(out, '-');
    buffer_unsigned(out, size / 100);
    char decimals[] = {'.', (char)('0' + size / 10 % 10), (char)('0' + size % 10)};
    put(out, decimals, sizeof decimals);
}

/* 0 to 1 with four decimals, rounded; no locale. */
static inline void put_share(Buffer *out, double share) {
    unsigned parts = (unsigned)(share * 10000 + 0.5);
    buffer_unsigned(out, parts / 10000);
    char decimals[] = {'.', (char)('0' + parts / 1000 % 10), (char)('0' + parts / 100 % 10), (char)('0' + parts / 10 % 10),
                       (char)('0' + parts % 10)};
    put(out, decimals, sizeof decimals);
}

/* A number of millionths, exactly, without zeros at its end: 3510, 0.25. */
static inline void put_millionths(Buffer *out, int64_t millionths) {
    uint64_t size = (uint64_t)millionths;
    buffer_unsigned(out, size / 1000000);
    unsigned rest = (unsigned)(size % 1000000);
    if (rest) buffer_byte(out, '.');
    for (unsigned unit = 100000; rest; rest %= unit, unit /= 10) buffer_byte(out, (char)('0' + rest / unit));
}

#endif
