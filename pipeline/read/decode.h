/* decode — the plain bytes of one file as UTF-8.
 *
 * What is UTF-8, or is to be taken for it, passes through as it is: the parsers check it. A byte order mark of UTF-16 or UTF-32 says what
 * a file is, whatever was declared. Anything else is converted with iconv a line at a time, so that the place in the file of each line's
 * first byte is known. Bytes that are no text in the encoding become U+FFFD, and a Fault says where: the record they lie in is to be
 * rejected, for nobody could say what stood there. */
#ifndef VERBATIM_DECODE_H
#define VERBATIM_DECODE_H

#include "read/inflate.h"

#include <iconv.h>

/* Bytes that could not be decoded; the first ones of their line. */
typedef struct {
    uint64_t at;            /* of the U+FFFD in the decoded bytes */
    uint64_t offset;        /* in the (decompressed) file */
    unsigned char bytes[4]; /* as they stand there */
    uint8_t len;            /* of them; 0: the file ends within a character */
} Fault;

/* Where a line begins. */
typedef struct {
    uint64_t at;     /* in the decoded bytes */
    uint64_t offset; /* in the file */
} Place;

/* Things of equal size that are added behind and taken away in front. */
typedef struct {
    Buffer items;
    size_t first; /* bytes of those taken away */
} Queue;

typedef enum { DECODE_NEW, DECODE_SEEKING, DECODE_PASSING, DECODE_CONVERTING, DECODE_ENDED } DecodeState;

typedef struct {
    Stream *stream;
    const char *wanted;   /* NULL, "auto", or a name that encoding_known knows */
    const char *name;     /* what the file is read as; NULL: not known yet */
    bool noted;           /* the user did not say so: it was guessed, or told by a mark where UTF-8 or what was declared is usual */
    DecodeState state;
    size_t chunk_bytes;
    bool stream_ended;

    Buffer raw;           /* bytes of the file: [raw_at, len) are still to be used */
    size_t raw_at;
    uint64_t raw_offset;  /* of raw.data[0] in the file */
    Buffer text;          /* decoded bytes: [text_at, len) have not been given out */
    size_t text_at;
    uint64_t text_offset; /* of text.data[0] among all decoded bytes of the file */

    iconv_t converter;    /* open where DECODE_CONVERTING */
    char line_end[4];     /* a line feed in the encoding */
    size_t unit;          /* its length: what the encoding's characters are a multiple of */
    Queue places;         /* Place of each line, from the one last asked for on */
    Queue faults;         /* the first Fault of each line */
    bool line_faulty;     /* the line under way has one */
    Fail fail;            /* FAIL_ENCODING: the file's encoding cannot be guessed */
} Decoder;

/* decode_open — prepares to read a stream from its beginning; what it points at must live until decode_close. */
void decode_open(Decoder *decoder, Stream *stream, const char *wanted, size_t chunk_bytes);

/* decode_read — at least one byte, at most `room`, into out; 0 at the end, or where the rest cannot be read: then decode_damage says why.
 *   in  needed  places and faults before this decoded byte will not be asked for any more */
size_t decode_read(Decoder *decoder, uint64_t needed, char *out, size_t room);

/* Why not all of the file could be read; NULL: it was. */
const Fail *decode_damage(const Decoder *decoder);

/* The place in the file of the line that begins at decoded byte `at`; rising from call to call. */
uint64_t decode_offset(Decoder *decoder, uint64_t at);

/* The first fault at one of the decoded bytes [start, end), or NULL; rising from call to call. Valid until the next decode_read. */
const Fault *decode_fault(Decoder *decoder, uint64_t start, uint64_t end);

void decode_close(Decoder *decoder);

#endif
