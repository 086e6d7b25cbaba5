/* buffer — bytes that grow, and are owned. A zeroed Buffer is empty and ready. */
#ifndef VERBATIM_BUFFER_H
#define VERBATIM_BUFFER_H

#include "base/span.h"

typedef struct {
    char *data;
    size_t len;
    size_t capacity;
} Buffer;

/* Makes room for `more` bytes behind len. Ends the program when out of memory. */
void buffer_reserve(Buffer *buffer, size_t more);

void buffer_append(Buffer *buffer, Span bytes);
void buffer_printf(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline void buffer_byte(Buffer *buffer, char byte) {
    if (buffer->len == buffer->capacity) buffer_reserve(buffer, 1);
    buffer->data[buffer->len++] = byte;
}

static inline void buffer_text(Buffer *buffer, const char *text) { buffer_append(buffer, span_of(text)); }

static inline Span buffer_span(const Buffer *buffer) { return (Span){buffer->data, buffer->len}; }

/* Decimal digits of a number; quicker than printf. */
void buffer_unsigned(Buffer *buffer, uint64_t number);

/* Gives the memory back; the Buffer is as zeroed. */
void buffer_free(Buffer *buffer);

#endif
