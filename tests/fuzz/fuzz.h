/* fuzz — what the fuzz targets share. Each is one LLVMFuzzerTestOneInput: libFuzzer drives it in the preset `fuzz`, replay.c in all others, over the files of
 * its corpus. What must hold for any input is a MUST; whatever else is wrong the sanitizers see. */
#ifndef VERBATIM_FUZZ_H
#define VERBATIM_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *count, char ***arguments) __attribute__((weak)); /* those that need it have it */

#define MUST(condition)                                                                 \
    do {                                                                                \
        if (!(condition)) {                                                             \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                    \
        }                                                                               \
    } while (0)

static char fuzz_dir[64];

static inline void fuzz_remove_dir(void) {
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", fuzz_dir);
    if (system(command) != 0) perror(fuzz_dir);
}

/* A folder for inputs that the program reads as files; in memory where there is such a place. Gone at exit, but for that after a finding. */
static inline const char *fuzz_folder(void) {
    if (fuzz_dir[0]) return fuzz_dir;
    snprintf(fuzz_dir, sizeof fuzz_dir, "%s/verbatim-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    MUST(mkdtemp(fuzz_dir));
    atexit(fuzz_remove_dir);
    return fuzz_dir;
}

/* `folder/name` with these bytes; `name` may have a folder in it. */
static inline void fuzz_write(char path[128], const char *name, Span bytes) {
    snprintf(path, 128, "%s/%s", fuzz_folder(), name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
    FILE *file = fopen(path, "wb");
    MUST(file && fwrite(bytes.data, 1, bytes.len, file) == bytes.len && fclose(file) == 0);
}

/* The input up to a byte of settings that its first byte is. */
static inline Span fuzz_rest(const uint8_t *data, size_t size, size_t settings) {
    return (Span){(const char *)data + settings, size - settings};
}

static inline bool fuzz_is_border(Span text, size_t at) { return at == text.len || ((unsigned char)text.data[at] & 0xc0) != 0x80; }

/* What holds for the result of any text: hits inside it and on borders of characters, tags in the order of the codebook, each hit in one tag. */
static inline void fuzz_check_result(Span given, const Tokens *tokens, const Result *result, const Codebook *codebook) {
    uint32_t next = 0;
    for (size_t i = 0; i < result->tag_count; i++) {
        const Tag *tag = &result->tags[i], *before = i ? tag - 1 : NULL;
        MUST(tag->code < codebook->code_count && tag->p <= 10000 && tag->hit_count > 0 && tag->first_hit == next);
        MUST(!before || before->code < tag->code || (before->code == tag->code && before->pole < tag->pole));
        MUST((tag->pole != POLE_NONE) == codebook->codes[tag->code].poles && tag->pole != POLE_TOPIC);
        next += tag->hit_count;
        for (uint32_t j = tag->first_hit; j < next; j++) {
            const Hit *hit = &result->hits[j];
            MUST(hit->code == tag->code && hit->pole == tag->pole);
            MUST(hit->start <= hit->end && hit->end <= given.len && fuzz_is_border(given, hit->start) && fuzz_is_border(given, hit->end));
            MUST(j == tag->first_hit || result->hits[j - 1].start <= hit->start);
            MUST(hit->first <= hit->last && (!tokens->count || hit->last < tokens->count));
        }
    }
    MUST(next == result->hit_count);
    MUST(result->score.positive >= 0 && result->score.positive <= 100 && result->score.negative >= 0 && result->score.negative <= 100);
}

#endif
