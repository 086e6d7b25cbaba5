#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/arena.h"

void buffer_reserve(Buffer *buffer, size_t more) {
    if (more <= buffer->capacity - buffer->len) return;
    size_t wanted = buffer->capacity ? buffer->capacity : 256;
    while (wanted - buffer->len < more) wanted *= 2;
    buffer->data = memory_resize(buffer->data, wanted);
    buffer->capacity = wanted;
}

void buffer_append(Buffer *buffer, Span bytes) {
    if (!bytes.len) return;
    buffer_reserve(buffer, bytes.len);
    memcpy(buffer->data + buffer->len, bytes.data, bytes.len);
    buffer->len += bytes.len;
}

void buffer_printf(Buffer *buffer, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    buffer_reserve(buffer, (size_t)len + 1);
    vsnprintf(buffer->data + buffer->len, (size_t)len + 1, format, again);
    buffer->len += (size_t)len;
    va_end(args);
    va_end(again);
}

void buffer_unsigned(Buffer *buffer, uint64_t number) {
    char digits[20];
    size_t first = sizeof digits;
    do digits[--first] = (char)('0' + number % 10);
    while (number /= 10);
    buffer_append(buffer, (Span){digits + first, sizeof digits - first});
}

void buffer_free(Buffer *buffer) {
    memory_free(buffer->data);
    *buffer = (Buffer){0};
}
