/* replay — runs a fuzz target over files and folders, without libFuzzer.
 * usage: fuzz_NAME FILE|FOLDER... */
#include <dirent.h>

#include "fuzz.h"

static size_t replayed;

static void replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    MUST(file);
    Buffer bytes = {0};
    for (size_t got = 1; got;) {
        buffer_reserve(&bytes, 1 << 16);
        got = fread(bytes.data + bytes.len, 1, 1 << 16, file);
        bytes.len += got;
    }
    fclose(file);
    uint8_t *exact = memory_alloc(bytes.len); /* so that a sanitizer sees a read behind the end */
    size_t len = bytes.len;
    memcpy(exact, bytes.data, len);
    buffer_free(&bytes);
    fprintf(stderr, "%s\n", path); /* the last one before a finding is the one */
    LLVMFuzzerTestOneInput(exact, len);
    memory_free(exact);
    replayed++;
}

static void replay(const char *path) {
    DIR *folder = opendir(path);
    if (!folder) {
        replay_file(path);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char inner[512];
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.') replay(inner);
    }
    closedir(folder);
}

int main(int count, char **arguments) {
    if (LLVMFuzzerInitialize) LLVMFuzzerInitialize(&count, &arguments);
    for (int i = 1; i < count; i++) replay(arguments[i]);
    printf("%zu inputs\n", replayed);
    return replayed ? 0 : 1;
}
