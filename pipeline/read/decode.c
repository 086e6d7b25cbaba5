#include "read/decode.h"

#include <errno.h>
#include <inttypes.h>
#include <strings.h>

#include "base/arena.h"
#include "read/encoding.h"

enum { MARK_BYTES = 4, WIDE_BYTES = 4096, SAMPLE_BYTES = 256 << 10, ESCAPE = 0x1b };

#define REPLACEMENT SPAN("\xef\xbf\xbd")

/* ---- queues ---- */

static size_t queue_len(const Queue *queue) { return queue->items.len - queue->first; }

static void *queue_front(const Queue *queue) { return queue->items.data + queue->first; }

static void queue_push(Queue *queue, const void *item, size_t size) {
    if (queue->first > queue->items.len / 2) {
        memmove(queue->items.data, queue_front(queue), queue_len(queue));
        queue->items.len = queue_len(queue);
        queue->first = 0;
    }
    buffer_append(&queue->items, (Span){item, size});
}

/* ---- opening ---- */

void decode_open(Decoder *decoder, Stream *stream, const char *wanted, size_t chunk_bytes) {
    *decoder = (Decoder){.stream = stream, .wanted = wanted, .chunk_bytes = chunk_bytes};
}

void decode_close(Decoder *decoder) {
    if (decoder->converter) iconv_close(decoder->converter);
    buffer_free(&decoder->raw);
    buffer_free(&decoder->text);
    buffer_free(&decoder->places.items);
    buffer_free(&decoder->faults.items);
    *decoder = (Decoder){0};
}

static Span unread(const Decoder *decoder) { return (Span){decoder->raw.data + decoder->raw_at, decoder->raw.len - decoder->raw_at}; }

/* Tries to have `wanted` unread bytes in `raw`; false where the file has fewer. */
static bool fill(Decoder *decoder, size_t wanted) {
    while (unread(decoder).len < wanted && !decoder->stream_ended) {
        size_t room = wanted - unread(decoder).len;
        buffer_reserve(&decoder->raw, room);
        size_t got = stream_read(decoder->stream, decoder->raw.data + decoder->raw.len, room);
        decoder->raw.len += got;
        decoder->stream_ended = !got;
    }
    return unread(decoder).len >= wanted;
}

/* How a line feed is written. Encodings that write a header or a mark do so once, before the first character: the second one has none. */
static void learn_line_end(Decoder *decoder, const char *name) {
    decoder->line_end[0] = '\n', decoder->unit = 1;
    iconv_t writer = iconv_open(name, "UTF-8");
    if (writer == (iconv_t)-1) return;
    for (int turn = 0; turn < 2; turn++) {
        char line_feed[] = "\n", written[32], *in = line_feed, *out = written;
        size_t in_left = 1, room = sizeof written;
        if (iconv(writer, &in, &in_left, &out, &room) == (size_t)-1 || !turn) continue;
        size_t len = (size_t)(out - written);
        if (len == 1 || len == 2 || len == 4) memcpy(decoder->line_end, written, len), decoder->unit = len;
    }
    iconv_close(writer);
}

static void add_place(Decoder *decoder) {
    Place place = {decoder->text_offset + decoder->text.len, decoder->raw_offset + decoder->raw_at};
    queue_push(&decoder->places, &place, sizeof place);
}

static bool is_utf8_name(const char *name) { return !strcasecmp(name, "utf-8") || !strcasecmp(name, "utf8"); }

/* From the next unread byte on the file is read as `name`. */
static void read_as(Decoder *decoder, const char *name) {
    decoder->name = name;
    decoder->state = DECODE_PASSING;
    if (is_utf8_name(name)) return;
    decoder->converter = iconv_open("UTF-8", name);
    if (decoder->converter == (iconv_t)-1) {
        /* It was there when the option was checked: only out of memory or of file handles can be the reason. */
        decoder->converter = NULL;
        fail_set(&decoder->fail, FAIL_FILE, "cannot be decoded from %s: %s", name, strerror(errno));
        decoder->state = DECODE_ENDED;
        return;
    }
    learn_line_end(decoder, name);
    add_place(decoder);
    decoder->state = DECODE_CONVERTING;
}

static void begin(Decoder *decoder) {
    fill(decoder, MARK_BYTES);
    size_t len;
    const char *marked = encoding_marked(unread(decoder), &len), *wanted = decoder->wanted;
    decoder->raw_at += len;
    decoder->noted = wanted ? marked || !strcasecmp(wanted, "auto") : marked && strcmp(marked, "UTF-8");
    if (marked || !wanted) {
        read_as(decoder, marked ? marked : "UTF-8");
    } else if (strcasecmp(wanted, "auto")) {
        read_as(decoder, encoding_ordered(wanted, unread(decoder)));
    } else {
        fill(decoder, WIDE_BYTES);
        Span sample = unread(decoder);
        const char *wide = encoding_wide((Span){sample.data, sample.len < WIDE_BYTES ? sample.len : WIDE_BYTES});
        if (wide) read_as(decoder, wide);
        else decoder->state = DECODE_SEEKING;
    }
}

/* ---- guessing ---- */

/* The first byte that tells encodings apart; those that can be guessed write ASCII alike. */
static size_t telling_byte(Span bytes) {
    size_t i = 0;
    while (i < bytes.len && (unsigned char)bytes.data[i] < 0x80 && bytes.data[i] != ESCAPE) i++;
    return i;
}

static void give_text(Decoder *decoder, size_t len) {
    buffer_append(&decoder->text, (Span){decoder->raw.data + decoder->raw_at, len});
    decoder->raw_at += len;
}

static void fail_guess(Decoder *decoder) {
    uint64_t offset = decoder->raw_offset + decoder->raw_at;
    fail_set(&decoder->fail, FAIL_ENCODING, "found text in an encoding that cannot be guessed, from byte %" PRIu64 " on, expected --encoding NAME", offset);
    decoder->fail.offset = offset;
    decoder->state = DECODE_ENDED;
}

/* Passes ASCII on, and guesses at the first byte that is none, so that nothing depends on how much the file gives at a time. */
static void seek(Decoder *decoder) {
    fill(decoder, decoder->chunk_bytes);
    give_text(decoder, telling_byte(unread(decoder)));
    if (!unread(decoder).len) {
        if (decoder->stream_ended) read_as(decoder, "UTF-8");
        return;
    }
    fill(decoder, SAMPLE_BYTES);
    Span sample = unread(decoder);
    if (sample.len > SAMPLE_BYTES) sample.len = SAMPLE_BYTES;
    const char *name = encoding_guess(sample);
    if (!name) fail_guess(decoder);
    else if (strcmp(name, "ASCII")) read_as(decoder, name);
    else give_text(decoder, sample.len);
}

/* ---- converting ---- */

static void add_fault(Decoder *decoder, size_t len) {
    Span bytes = unread(decoder);
    Fault fault = {.at = decoder->text_offset + decoder->text.len, .offset = decoder->raw_offset + decoder->raw_at, .len = (uint8_t)len};
    memcpy(fault.bytes, bytes.data, len);
    if (!decoder->line_faulty) queue_push(&decoder->faults, &fault, sizeof fault);
    decoder->line_faulty = true;
    buffer_append(&decoder->text, REPLACEMENT);
}

/* Gives out what the converter holds back: some encodings write an accent behind its letter. */
static void flush(Decoder *decoder) {
    buffer_reserve(&decoder->text, 32);
    char *out = decoder->text.data + decoder->text.len;
    size_t room = 32;
    iconv(decoder->converter, NULL, NULL, &out, &room);
    decoder->text.len = (size_t)(out - decoder->text.data);
}

/* One call of iconv for raw bytes up to index `end`; true where all of them are done with. */
static bool convert_some(Decoder *decoder, size_t end, int *error) {
    char *in = decoder->raw.data + decoder->raw_at;
    size_t left = end - decoder->raw_at, room = 3 * left + 32;
    buffer_reserve(&decoder->text, room);
    char *out = decoder->text.data + decoder->text.len;
    size_t status = iconv(decoder->converter, &in, &left, &out, &room);
    *error = status == (size_t)-1 ? errno : 0;
    decoder->text.len = (size_t)(out - decoder->text.data);
    decoder->raw_at = end - left;
    return !left;
}

/* Decodes raw bytes up to index `end`. Where no more of them will follow in this line, one that is cut off is a fault. */
static void convert(Decoder *decoder, size_t end, bool whole) {
    int error;
    while (decoder->raw_at < end && !convert_some(decoder, end, &error)) {
        if (error == E2BIG || !error) continue;
        if (error == EINVAL && !whole) return;
        size_t left = end - decoder->raw_at, len = left < decoder->unit ? left : decoder->unit;
        add_fault(decoder, len);
        decoder->raw_at += len;
    }
}

/* The index in `raw` behind the next line end, or SIZE_MAX. */
static size_t line_end(const Decoder *decoder) {
    Span bytes = unread(decoder);
    if (decoder->unit == 1) {
        const char *found = bytes.len ? memchr(bytes.data, decoder->line_end[0], bytes.len) : NULL;
        return found ? (size_t)(found - decoder->raw.data) + 1 : SIZE_MAX;
    }
    for (size_t i = 0; i + decoder->unit <= bytes.len; i += decoder->unit)
        if (!memcmp(bytes.data + i, decoder->line_end, decoder->unit)) return decoder->raw_at + i + decoder->unit;
    return SIZE_MAX;
}

/* The file ends, perhaps within a character. */
static void convert_end(Decoder *decoder) {
    if (unread(decoder).len) add_fault(decoder, 0);
    decoder->raw_at = decoder->raw.len;
    flush(decoder);
    decoder->state = DECODE_ENDED;
}

static void convert_chunk(Decoder *decoder) {
    bool more = fill(decoder, unread(decoder).len + decoder->chunk_bytes) || !decoder->stream_ended;
    for (size_t end; (end = line_end(decoder)) != SIZE_MAX;) {
        convert(decoder, end, true);
        decoder->line_faulty = false;
        add_place(decoder);
    }
    convert(decoder, decoder->raw.len, false);
    if (!more) convert_end(decoder);
}

/* ---- reading ---- */

/* Forgets what lies before the line in which decoded byte `at` is. */
static void forget(Decoder *decoder, uint64_t at) {
    Queue *places = &decoder->places, *faults = &decoder->faults;
    while (queue_len(places) > sizeof(Place) && ((Place *)queue_front(places))[1].at <= at) places->first += sizeof(Place);
    while (queue_len(faults) && ((Fault *)queue_front(faults))->at < at) faults->first += sizeof(Fault);
}

uint64_t decode_offset(Decoder *decoder, uint64_t at) {
    forget(decoder, at);
    const Place *place = queue_front(&decoder->places);
    /* Before the first place all is as it stands in the file. */
    return queue_len(&decoder->places) && place->at <= at ? place->offset : at;
}

const Fault *decode_fault(Decoder *decoder, uint64_t start, uint64_t end) {
    forget(decoder, start);
    const Fault *fault = queue_front(&decoder->faults);
    return queue_len(&decoder->faults) && fault->at < end ? fault : NULL;
}

const Fail *decode_damage(const Decoder *decoder) {
    const Fail *fail = decoder->fail.code != FAIL_NONE ? &decoder->fail : &decoder->stream->fail;
    return fail->code != FAIL_NONE ? fail : NULL;
}

static void drop_used(Buffer *buffer, size_t *at, uint64_t *offset) {
    *offset += *at;
    memmove(buffer->data, buffer->data + *at, buffer->len - *at);
    buffer->len -= *at;
    *at = 0;
}

/* Does some work that may bring text, or bytes that are to pass as they are. */
static void advance(Decoder *decoder) {
    if (decoder->text_at) drop_used(&decoder->text, &decoder->text_at, &decoder->text_offset);
    if (decoder->raw_at) drop_used(&decoder->raw, &decoder->raw_at, &decoder->raw_offset);
    switch (decoder->state) {
    case DECODE_NEW: begin(decoder); break;
    case DECODE_SEEKING: seek(decoder); break;
    case DECODE_CONVERTING: convert_chunk(decoder); break;
    case DECODE_PASSING: give_text(decoder, unread(decoder).len); break;
    case DECODE_ENDED: break;
    }
}

size_t decode_read(Decoder *decoder, uint64_t needed, char *out, size_t room) {
    forget(decoder, needed);
    while (decoder->text_at == decoder->text.len) {
        if (decoder->state == DECODE_PASSING && !unread(decoder).len) return decoder->stream_ended ? 0 : stream_read(decoder->stream, out, room);
        if (decoder->state == DECODE_ENDED) return 0;
        advance(decoder);
    }
    size_t have = decoder->text.len - decoder->text_at, len = have < room ? have : room;
    memcpy(out, decoder->text.data + decoder->text_at, len);
    decoder->text_at += len;
    return len;
}
