#include "base/map.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool wrong(Fail *fail, const char *path, const char *what) {
    fail_set(fail, FAIL_FILE, "%s", what);
    return fail_at(fail, path, 0, 0);
}

static bool map(int file, const char *path, Span *bytes, Fail *fail) {
    struct stat info;
    if (fstat(file, &info)) return wrong(fail, path, strerror(errno));
    if (!S_ISREG(info.st_mode)) return wrong(fail, path, "found something other than a file");
    *bytes = (Span){"", 0};
    if (!info.st_size) return true;
    void *memory = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (memory == MAP_FAILED) return wrong(fail, path, strerror(errno));
    *bytes = (Span){memory, (size_t)info.st_size};
    return true;
}

bool map_open(const char *path, Span *bytes, Fail *fail) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return wrong(fail, path, strerror(errno));
    bool fine = map(file, path, bytes, fail);
    close(file);
    return fine;
}

void map_close(Span bytes) {
    if (bytes.len) munmap((void *)(uintptr_t)bytes.data, bytes.len);
}
