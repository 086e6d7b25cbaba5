/* fail — what went wrong, and where.
 *
 * A function that can fail returns bool and takes a Fail as its last parameter; false means that *fail is filled and that nothing
 * else was changed unless its comment says so. A message names what was found and what was wanted, without the place and
 * without a line end; fail_print puts the place in front. */
#ifndef VERBATIM_FAIL_H
#define VERBATIM_FAIL_H

#include "base/buffer.h"

typedef enum {
    FAIL_NONE,
    FAIL_FILE,     /* a file or stream cannot be opened, read or written */
    FAIL_GZIP,     /* compressed data is damaged, truncated or followed by garbage */
    FAIL_USAGE,    /* a command line that makes no sense */
    FAIL_SETUP,    /* a codebook, lexicon, settings or tally file that makes no sense */
    FAIL_JSON,     /* a record is no JSON object */
    FAIL_TYPE,     /* a field has a type or a value that it cannot have */
    FAIL_MISSING,  /* a field or column that is needed is not there */
    FAIL_ENCODING, /* bytes that are not UTF-8 */
    FAIL_SIZE,     /* a record over the size or depth limit */
    FAIL_CSV,      /* a row whose quotes or number of columns are wrong */
} FailCode;

typedef struct {
    FailCode code;
    const char *source; /* file name or NULL; lives at least as long as the run */
    uint64_t line;      /* from 1; 0 is unknown */
    uint64_t column;    /* bytes, from 1; 0 is unknown */
    uint64_t offset;    /* bytes from the start of the (decompressed) file */
    char message[256];
} Fail;

/* Fills *fail but for the place, which is cleared; returns false so that a caller can `return fail_set(...)`. */
bool fail_set(Fail *fail, FailCode code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Adds the place to a filled Fail; returns false. */
bool fail_at(Fail *fail, const char *source, uint64_t line, uint64_t column);

/* The code as one lower-case word ("json", "size"), for reject files. */
const char *fail_name(FailCode code);

/* Appends `verbatim: source:line:column: message` and a line end; parts of the place that are unknown are left out. What a terminal obeys
 * or what shows text in another order than it stands (control characters, C1 too, bidirectional marks) is shown as \xNN. */
void fail_text(const Fail *fail, Buffer *out);

/* The same to standard error, in one go. */
void fail_print(const Fail *fail);

#endif
