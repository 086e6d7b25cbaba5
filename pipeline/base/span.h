/* span — a borrowed stretch of bytes.
 *
 * A Span never owns what it points at and is not ended by a NUL. {NULL, 0} is "absent", {p, 0} is "there, and empty". */
#ifndef VERBATIM_SPAN_H
#define VERBATIM_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const char *data;
    size_t len; /* bytes */
} Span;

#define SPAN(literal) ((Span){(literal), sizeof(literal) - 1})

static inline Span span_of(const char *text) { return (Span){text, text ? strlen(text) : 0}; }

static inline bool span_equal(Span a, Span b) { return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0); }

static inline bool span_is(Span a, const char *text) { return span_equal(a, span_of(text)); }

static inline bool span_starts(Span a, const char *prefix) {
    size_t len = strlen(prefix);
    return a.len >= len && memcmp(a.data, prefix, len) == 0;
}

/* Order by bytes, then by length: the order of UTF-8 code points too. */
static inline int span_compare(Span a, Span b) {
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.data, b.data, len) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Whether one of `count` spans has the same bytes. */
static inline bool span_among(Span wanted, const Span *items, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (span_equal(items[i], wanted)) return true;
    return false;
}

/* span_compare for qsort. */
static inline int span_order(const void *left, const void *right) { return span_compare(*(const Span *)left, *(const Span *)right); }

/* The span without spaces, tabs and line ends at both ends. */
static inline Span span_trim(Span a) {
    while (a.len && strchr(" \t\r\n", a.data[0]) && a.data[0]) a.data++, a.len--;
    while (a.len && strchr(" \t\r\n", a.data[a.len - 1]) && a.data[a.len - 1]) a.len--;
    return a;
}

#endif
