#include "base/fail.h"

#include <stdarg.h>
#include <stdio.h>

bool fail_set(Fail *fail, FailCode code, const char *format, ...) {
    *fail = (Fail){.code = code};
    va_list args;
    va_start(args, format);
    vsnprintf(fail->message, sizeof fail->message, format, args);
    va_end(args);
    return false;
}

bool fail_at(Fail *fail, const char *source, uint64_t line, uint64_t column) {
    fail->source = source;
    fail->line = line;
    fail->column = column;
    return false;
}

const char *fail_name(FailCode code) {
    static const char *const names[] = {
        [FAIL_NONE] = "none",       [FAIL_FILE] = "file", [FAIL_GZIP] = "gzip",       [FAIL_USAGE] = "usage",
        [FAIL_SETUP] = "setup",     [FAIL_JSON] = "json", [FAIL_TYPE] = "type",       [FAIL_MISSING] = "missing",
        [FAIL_ENCODING] = "encoding", [FAIL_SIZE] = "size", [FAIL_CSV] = "csv",
    };
    return names[code];
}

/* Length of the character at `at` if a terminal obeys it, or if it shows text in another order than it stands; else 0. */
static size_t active_len(const unsigned char *at) {
    if (at[0] < 0x20 || at[0] == 0x7f) return 1;
    if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0) return 2;  /* U+0080 to U+009F: U+009B begins a command, as ESC [ does */
    if (at[0] == 0xd8 && at[1] == 0x9c) return 2;                  /* U+061C */
    if (at[0] != 0xe2) return 0;
    if (at[1] == 0x81) return at[2] >= 0xa6 && at[2] <= 0xa9 ? 3 : 0; /* U+2066 to U+2069 */
    /* U+200E, U+200F, U+202A to U+202E */
    return at[1] == 0x80 && (at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xaa && at[2] <= 0xae)) ? 3 : 0;
}

/* A message may quote hostile input. */
static void safe_text(Buffer *out, const char *text) {
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        size_t len = active_len(at);
        if (!len) buffer_byte(out, (char)*at++);
        for (; len; len--) buffer_printf(out, "\\x%02x", *at++);
    }
}

void fail_text(const Fail *fail, Buffer *out) {
    buffer_text(out, "verbatim: ");
    if (fail->source) {
        safe_text(out, fail->source);
        if (fail->line) buffer_byte(out, ':'), buffer_unsigned(out, fail->line);
        if (fail->line && fail->column) buffer_byte(out, ':'), buffer_unsigned(out, fail->column);
        buffer_text(out, ": ");
    }
    safe_text(out, fail->message);
    buffer_byte(out, '\n');
}

void fail_print(const Fail *fail) {
    Buffer line = {0};
    fail_text(fail, &line);
    fwrite(line.data, 1, line.len, stderr);
    buffer_free(&line);
}
