#include "read/inflate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <unistd.h>

#include "base/arena.h"

enum { PEEK_BYTES = 6, GZIP_WINDOW = 15 + 16 };

bool stream_open(Stream *stream, const char *path, size_t chunk_bytes, Fail *fail) {
    int file = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (file < 0) {
        fail_set(fail, FAIL_FILE, "cannot be opened: %s", strerror(errno));
        return fail_at(fail, path, 0, 0);
    }
    *stream = (Stream){.file = file, .chunk_bytes = chunk_bytes, .in = memory_alloc(chunk_bytes + PEEK_BYTES)};
    return true;
}

void stream_close(Stream *stream) {
    if (stream->zlib_open) inflateEnd(&stream->zlib);
    if (stream->file != STDIN_FILENO) close(stream->file);
    memory_free(stream->in);
    *stream = (Stream){.file = -1};
}

/* Ends the stream with a damage, `used` bytes into the file. */
static void stream_fail(Stream *stream) {
    stream->fail.offset = stream->taken - (stream->in_len - stream->in_at);
    stream->state = STREAM_ENDED;
}

/* read(2) that is not stopped by signals; 0 at the end and after errors. */
static size_t file_read(Stream *stream, void *out, size_t room) {
    if (stream->file_ended) return 0;
    ssize_t got;
    do got = read(stream->file, out, room < stream->chunk_bytes ? room : stream->chunk_bytes);
    while (got < 0 && errno == EINTR);
    if (got < 0) fail_set(&stream->fail, FAIL_FILE, "cannot be read: %s", strerror(errno));
    if (got <= 0) stream->file_ended = true;
    stream->taken += got > 0 ? (size_t)got : 0;
    return got > 0 ? (size_t)got : 0;
}

/* Tries to have `wanted` unused bytes in `in`; gives how many there are. */
static size_t stream_peek(Stream *stream, size_t wanted) {
    size_t have = stream->in_len - stream->in_at;
    if (have < wanted && stream->in_at) {
        memmove(stream->in, stream->in + stream->in_at, have);
        stream->in_at = 0;
        stream->in_len = have;
    }
    while (have < wanted) {
        size_t got = file_read(stream, stream->in + have, stream->chunk_bytes);
        if (!got) break;
        stream->in_len = have += got;
    }
    return have;
}

/* Archives that people hand in by mistake. */
static const char *foreign_name(const unsigned char *bytes, size_t len) {
    static const struct {
        const char *magic;
        size_t len;
        const char *name;
    } kinds[] = {
        {"\x28\xb5\x2f\xfd", 4, "zstd data"},
        {"\xfd"
         "7zXZ",
         6, "xz data"},
        {"BZh", 3, "bzip2 data"},
        {"PK\x03\x04", 4, "a zip archive or spreadsheet file"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (len >= kinds[i].len && !memcmp(bytes, kinds[i].magic, kinds[i].len)) return kinds[i].name;
    return NULL;
}

static void stream_begin(Stream *stream) {
    size_t have = stream_peek(stream, PEEK_BYTES);
    const unsigned char *bytes = stream->in;
    const char *foreign = foreign_name(bytes, have);
    if (foreign) {
        fail_set(&stream->fail, FAIL_FILE, "found %s, expected gzip or plain text", foreign);
        stream_fail(stream);
    } else if (have >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b) {
        stream->zlib_open = inflateInit2(&stream->zlib, GZIP_WINDOW) == Z_OK;
        if (!stream->zlib_open) memory_alloc(SIZE_MAX / 2); /* only out of memory can be the reason */
        stream->state = STREAM_MEMBER;
    } else {
        stream->state = STREAM_PLAIN;
    }
}

static size_t plain_read(Stream *stream, char *out, size_t room) {
    size_t have = stream->in_len - stream->in_at;
    if (!have) {
        size_t got = file_read(stream, out, room);
        if (!got) stream_fail(stream);
        return got;
    }
    size_t len = have < room ? have : room;
    memcpy(out, stream->in + stream->in_at, len);
    stream->in_at += len;
    return len;
}

/* Behind a member: another one, the end, or something that should not be there. */
static void between_members(Stream *stream) {
    while (stream_peek(stream, 1) && !stream->in[stream->in_at]) stream->in_at++;
    size_t have = stream_peek(stream, 2);
    if (!have) {
        stream_fail(stream);
    } else if (have < 2 || stream->in[stream->in_at] != 0x1f || stream->in[stream->in_at + 1] != 0x8b) {
        stream_fail(stream);
        uint64_t offset = stream->fail.offset;
        fail_set(&stream->fail, FAIL_GZIP, "found byte 0x%02x at byte %" PRIu64 " behind compressed data, expected its end",
                 stream->in[stream->in_at], offset);
        stream->fail.offset = offset;
        stream->whole = true;
    } else {
        inflateReset(&stream->zlib);
        stream->state = STREAM_MEMBER;
    }
}

static void member_fail(Stream *stream, int status) {
    uint64_t offset = stream->taken - (stream->in_len - stream->in_at);
    if (status == Z_MEM_ERROR) memory_alloc(SIZE_MAX / 2);
    if (stream->fail.code == FAIL_NONE && status == Z_BUF_ERROR)
        fail_set(&stream->fail, FAIL_GZIP, "found the end after %" PRIu64 " bytes, expected more compressed data", offset);
    else if (stream->fail.code == FAIL_NONE)
        fail_set(&stream->fail, FAIL_GZIP, "found damaged compressed data at byte %" PRIu64 ": %s", offset,
                 stream->zlib.msg ? stream->zlib.msg : "no gzip");
    stream_fail(stream);
}

static size_t member_read(Stream *stream, char *out, size_t room) {
    bool starved = !stream_peek(stream, 1); /* zlib may still hold bytes that had no room in `out` the last time */
    z_stream *zlib = &stream->zlib;
    zlib->next_in = stream->in + stream->in_at;
    zlib->avail_in = (uInt)(stream->in_len - stream->in_at);
    zlib->next_out = (unsigned char *)out;
    zlib->avail_out = room < INT_MAX ? (uInt)room : INT_MAX;
    int status = inflate(zlib, Z_NO_FLUSH);
    stream->in_at = stream->in_len - zlib->avail_in;
    size_t got = (size_t)((char *)zlib->next_out - out);
    if (status == Z_STREAM_END) stream->state = STREAM_BETWEEN;
    else if (status != Z_OK && status != Z_BUF_ERROR) member_fail(stream, status);
    else if (starved && !got) member_fail(stream, Z_BUF_ERROR);
    return got;
}

size_t stream_read(Stream *stream, char *out, size_t room) {
    for (size_t got = 0; room;) {
        switch (stream->state) {
        case STREAM_NEW: stream_begin(stream); break;
        case STREAM_PLAIN: got = plain_read(stream, out, room); break;
        case STREAM_MEMBER: got = member_read(stream, out, room); break;
        case STREAM_BETWEEN: between_members(stream); break;
        case STREAM_ENDED: return 0;
        }
        if (got) return got;
    }
    return 0;
}
