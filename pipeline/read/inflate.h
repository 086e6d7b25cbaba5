/* inflate — one file as a stream of plain bytes, whether it is compressed or not.
 *
 * Gzip is known by its first bytes. Members that follow each other are one stream; zeros behind the last one (tapes, block devices) are
 * skipped, as gzip does. */
#ifndef VERBATIM_INFLATE_H
#define VERBATIM_INFLATE_H

#include "base/fail.h"

#include <zlib.h>

typedef enum { STREAM_NEW, STREAM_PLAIN, STREAM_MEMBER, STREAM_BETWEEN, STREAM_ENDED } StreamState;

typedef struct {
    int file;
    StreamState state;
    unsigned char *in;   /* bytes as stored: [in_at, in_len) are still to be used */
    size_t in_at, in_len;
    size_t chunk_bytes;  /* asked of the file at a time */
    bool file_ended;
    uint64_t taken;      /* bytes read from the file */
    z_stream zlib;
    bool zlib_open;
    Fail fail;           /* code FAIL_NONE: no damage */
    bool whole;          /* the damage is behind data that was complete */
} Stream;

/* stream_open — path "-" is standard input. fails FAIL_FILE */
bool stream_open(Stream *stream, const char *path, size_t chunk_bytes, Fail *fail);

/* stream_read — at least one byte, at most `room`, into out; 0 at the end, or where the rest cannot be read: then stream->fail says why.
 * Its offset counts bytes of the file as stored, and all plain bytes before the damage have been given out. */
size_t stream_read(Stream *stream, char *out, size_t room);

void stream_close(Stream *stream);

#endif
