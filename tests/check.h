/* check — the whole test harness. A test program is a main that calls functions full of CHECKs and returns check_end(). */
#ifndef VERBATIM_CHECK_H
#define VERBATIM_CHECK_H

#include <stdio.h>
#include <string.h>

static int check_passed, check_failed;

#define CHECK(condition, ...)                                             \
    do {                                                                  \
        if (condition) {                                                  \
            check_passed++;                                               \
        } else {                                                          \
            check_failed++;                                               \
            fprintf(stderr, "%s:%d: not true: %s", __FILE__, __LINE__, #condition); \
            fprintf(stderr, ": " __VA_ARGS__);                            \
            fputc('\n', stderr);                                          \
        }                                                                 \
    } while (0)

/* found and expected are Spans; `name` says which row of a table. */
#define CHECK_SPAN(found, expected, name)                                                                          \
    CHECK(span_equal((found), (expected)), "%s: found '%.*s', expected '%.*s'", (name), (int)(found).len, (found).data, \
          (int)(expected).len, (expected).data)

static inline int check_end(void) {
    printf("%d passed, %d failed\n", check_passed, check_failed);
    return check_failed ? 1 : 0;
}

#endif
