#include "base/fail.h"

#include <inttypes.h>
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

/* A message may quote hostile input, so nothing that a terminal obeys may pass. */
static void print_safely(const char *text) {
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < 0x20 || byte == 0x7f) fprintf(stderr, "\\x%02x", byte);
        else fputc(byte, stderr);
    }
}

void fail_print(const Fail *fail) {
    fputs("verbatim: ", stderr);
    if (fail->source) {
        print_safely(fail->source);
        if (fail->line) fprintf(stderr, ":%" PRIu64, fail->line);
        if (fail->line && fail->column) fprintf(stderr, ":%" PRIu64, fail->column);
        fputs(": ", stderr);
    }
    print_safely(fail->message);
    fputc('\n', stderr);
}
