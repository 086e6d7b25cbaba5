/* recode — UTF-8 written in another encoding, for tests. */
#ifndef VERBATIM_RECODE_H
#define VERBATIM_RECODE_H

#include "check.h"

#include <iconv.h>

#include "base/buffer.h"

/* Appends; false where a character is not in the encoding. */
static inline bool recode(Span text, const char *encoding, Buffer *out) {
    iconv_t writer = iconv_open(encoding, "UTF-8");
    CHECK(writer != (iconv_t)-1, "iconv does not know %s", encoding);
    if (writer == (iconv_t)-1) return false;
    size_t left = text.len, room = 8 * text.len + 64;
    buffer_reserve(out, room);
    char *in = (char *)(uintptr_t)text.data, *next = out->data + out->len;
    bool fine = iconv(writer, &in, &left, &next, &room) != (size_t)-1 && iconv(writer, NULL, NULL, &next, &room) != (size_t)-1;
    out->len = (size_t)(next - out->data);
    iconv_close(writer);
    return fine;
}

#endif
