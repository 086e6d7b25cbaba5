/* sink — where results go. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/arena.h"
#include "write/write.h"

/* Tagged lines, zlib 1.2.13: level 3 packs 180 MB/s to 9.5 %, level 6 70 MB/s to 7.4 %; and one thread packs for all. */
enum { BLOCK_BYTES = 1 << 20, LEVEL = 3, GZIP_WINDOW = 15 + 16, OS_UNKNOWN = 255 };

struct Sink {
    int file;
    const char *name; /* as given; in messages */
    char *target;     /* a regular file's place; NULL where bytes go straight to `file` */
    char *part;       /* what is written until then */
    bool gzip;
    bool any; /* a member was written */
    bool failed;
    Fail fault;   /* why, when failed */
    Buffer block; /* bytes that are not compressed yet, less than BLOCK_BYTES */
    Buffer packed;
    Arena keep;
};

static bool sink_fault(Sink *sink, const char *what, int error, Fail *fail) {
    fail_set(&sink->fault, FAIL_FILE, "%s: %s", what, strerror(error));
    fail_at(&sink->fault, sink->name, 0, 0);
    sink->failed = true;
    *fail = sink->fault;
    return false;
}

/* ---- opening ---- */

/* A name beside the target that is nobody else's: target.PID.N.part. */
static bool open_part(Sink *sink, mode_t mode, Fail *fail) {
    size_t room = strlen(sink->target) + 48;
    sink->part = arena_alloc(&sink->keep, room);
    for (int i = 0; i < 1000; i++) {
        snprintf(sink->part, room, "%s.%ld.%d.part", sink->target, (long)getpid(), i);
        sink->file = open(sink->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (sink->file >= 0 || errno != EEXIST) break;
    }
    if (sink->file >= 0) return true;
    sink->part = NULL;
    return sink_fault(sink, "cannot be written", errno, fail);
}

/* Where a link leads, so that the file is replaced and not the link. */
static char *resolved(Sink *sink, const char *path) {
    char *real = realpath(path, NULL);
    char *copy = (char *)arena_string(&sink->keep, span_of(real ? real : path));
    memory_free(real);
    return copy;
}

static bool open_path(Sink *sink, const char *path, Fail *fail) {
    struct stat status;
    bool there = stat(path, &status) == 0;
    if (there && S_ISDIR(status.st_mode)) return sink_fault(sink, "cannot be written", EISDIR, fail);
    if (there && !S_ISREG(status.st_mode)) {
        sink->file = open(path, O_WRONLY | O_CLOEXEC);
        return sink->file >= 0 || sink_fault(sink, "cannot be written", errno, fail);
    }
    if (there && access(path, W_OK) != 0) return sink_fault(sink, "cannot be written", errno, fail);
    sink->target = resolved(sink, path);
    if (!open_part(sink, 0666, fail)) return false;
    if (there) (void)!fchmod(sink->file, status.st_mode & 07777); /* not ours to change: then it has the usual mode */
    return true;
}

static void sink_free(Sink *sink) {
    buffer_free(&sink->block);
    buffer_free(&sink->packed);
    arena_free(&sink->keep);
    memory_free(sink);
}

bool sink_open(const char *path, Sink **out, Fail *fail) {
    Sink *sink = memory_alloc(sizeof *sink);
    bool standard = !path || strcmp(path, "-") == 0;
    *sink = (Sink){.file = STDOUT_FILENO, .name = standard ? "standard output" : path};
    size_t len = strlen(sink->name);
    sink->gzip = !standard && len > 3 && strcmp(path + len - 3, ".gz") == 0;
    bool fine = standard || open_path(sink, path, fail);
    if (!fine) sink_free(sink);
    *out = fine ? sink : NULL;
    return fine;
}

/* ---- writing ---- */

static bool wait_until_ready(int file) {
    struct pollfd wanted = {.fd = file, .events = POLLOUT};
    return poll(&wanted, 1, -1) >= 0 || errno == EINTR;
}

static bool write_all(Sink *sink, Span bytes, Fail *fail) {
    while (bytes.len) {
        ssize_t len = write(sink->file, bytes.data, bytes.len);
        if (len >= 0) bytes.data += len, bytes.len -= (size_t)len;
        else if (errno != EINTR && !(errno == EAGAIN && wait_until_ready(sink->file)))
            return sink_fault(sink, "cannot be written", errno, fail);
    }
    return true;
}

/* One gzip member. Nothing of the machine or the time is in its header. */
static bool write_member(Sink *sink, Span bytes, Fail *fail) {
    z_stream stream = {0};
    gz_header header = {.os = OS_UNKNOWN};
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return sink_fault(sink, "cannot be compressed", ENOMEM, fail);
    deflateSetHeader(&stream, &header);
    sink->packed.len = 0;
    buffer_reserve(&sink->packed, deflateBound(&stream, bytes.len));
    stream.next_in = (Bytef *)bytes.data;
    stream.avail_in = (uInt)bytes.len;
    stream.next_out = (Bytef *)sink->packed.data;
    stream.avail_out = (uInt)sink->packed.capacity;
    int result = deflate(&stream, Z_FINISH);
    sink->packed.len = stream.total_out;
    deflateEnd(&stream);
    sink->any = true;
    if (result != Z_STREAM_END) return sink_fault(sink, "cannot be compressed", EIO, fail);
    return write_all(sink, buffer_span(&sink->packed), fail);
}

/* Blocks are cut at the same bytes however they come. */
static bool write_blocks(Sink *sink, Span bytes, Fail *fail) {
    while (bytes.len) {
        size_t len = BLOCK_BYTES - sink->block.len < bytes.len ? BLOCK_BYTES - sink->block.len : bytes.len;
        buffer_append(&sink->block, (Span){bytes.data, len});
        bytes.data += len, bytes.len -= len;
        if (sink->block.len < BLOCK_BYTES) break;
        if (!write_member(sink, buffer_span(&sink->block), fail)) return false;
        sink->block.len = 0;
    }
    return true;
}

bool sink_write(Sink *sink, Span bytes, Fail *fail) {
    if (sink->failed) return *fail = sink->fault, false;
    return sink->gzip ? write_blocks(sink, bytes, fail) : write_all(sink, bytes, fail);
}

/* ---- closing ---- */

/* The folder's entry is written to disk too; file systems that cannot do not count as a failure. */
static void sync_folder(Sink *sink) {
    const char *slash = strrchr(sink->target, '/');
    const char *folder = slash ? arena_string(&sink->keep, (Span){sink->target, (size_t)(slash - sink->target) + 1}) : ".";
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return;
    fsync(file);
    close(file);
}

/* Everything that may still fail while the unfinished file can be removed. A file with no bytes is an empty gzip member: gunzip refuses 0
 * bytes. */
static bool finish(Sink *sink, Fail *fail) {
    if (sink->failed) return *fail = sink->fault, false;
    if (sink->gzip && (sink->block.len || !sink->any) && !write_member(sink, buffer_span(&sink->block), fail)) return false;
    if (sink->part && fsync(sink->file) != 0 && errno != EINVAL) return sink_fault(sink, "cannot be written", errno, fail);
    return true;
}

static bool close_file(Sink *sink, Fail *fail) {
    if (sink->file == STDOUT_FILENO) return true;
    int file = sink->file;
    sink->file = -1;
    return close(file) == 0 || errno == EINTR || sink_fault(sink, "cannot be written", errno, fail);
}

bool sink_close(Sink *sink, bool keep, Fail *fail) {
    bool fine = !keep || finish(sink, fail);
    Fail closing;
    if (!close_file(sink, fine && keep ? fail : &closing) && keep) fine = false;
    if (sink->part && fine && keep && rename(sink->part, sink->target) != 0)
        fine = sink_fault(sink, "cannot be moved to its place", errno, fail);
    if (sink->part && !(fine && keep)) unlink(sink->part);
    else if (sink->part) sync_folder(sink);
    sink_free(sink);
    return fine;
}
