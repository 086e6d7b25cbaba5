/* store — the file that a model is kept in: named sections of little-endian numbers, mapped and read where they lie.
 *
 *   bytes  0  "verbatim model\n\0"
 *         16  u32 format, STORE_FORMAT
 *         20  u32 sections
 *         24  u64 bytes of the whole file
 *         32  u64 checksum of all that follows byte 64
 *         40  char kind[24], NUL-ended: what the model is for
 *         64  the sections' table: {char name[16], NUL-ended; u64 at; u64 bytes}
 *             sections, each at a multiple of 64, zeros between
 *
 * Nothing in a file is believed: lengths, places and checksum are looked at when it is opened; what sections hold is for their readers to check. */
#ifndef VERBATIM_STORE_H
#define VERBATIM_STORE_H

#include "base/arena.h"
#include "base/fail.h"

enum { STORE_FORMAT = 1, STORE_SECTIONS_MAX = 64, STORE_ALIGNMENT = 64 };

typedef struct {
    const char *name; /* at most 15 bytes */
    Span bytes;
} Section;

typedef struct {
    const char *path;
    const char *kind;
    Section *sections;
    size_t count;
    Span mapped;
    uint64_t checksum; /* the model's identity: two files with the same one are the same */
} Store;

/* store_open — maps a file. Everything lives until store_close, names in keep.
 *   kind   what the model must be for
 *   fails  FAIL_FILE; FAIL_SETUP: no model, of another kind or format, cut short, damaged */
bool store_open(const char *path, const char *kind, Arena *keep, Store *store, Fail *fail);
void store_close(Store *store);

/* A section as `count` items of `size` bytes, or whatever number of them where count is SIZE_MAX; NULL with fail filled where it is missing or has another length. */
const void *store_items(const Store *store, const char *name, size_t size, size_t count, Fail *fail);

/* The section's bytes; data NULL: there is none. */
Span store_section(const Store *store, const char *name);

/* store_write — the file's bytes, the same for the same sections. */
void store_write(const char *kind, const Section *sections, size_t count, Buffer *out);

#endif
