/* A file as it is stored: hostile bytes give the same in chunks of any size, and what was compressed comes out as it went in. The first byte picks chunk
 * and room. */
#include <zlib.h>

#include "fuzz.h"
#include "read/inflate.h"

enum { BYTES_MAX = 8 << 20 };

static void read_all(const char *path, size_t chunk_bytes, size_t room, Buffer *out, Fail *damage) {
    Stream stream;
    Fail fail;
    MUST(stream_open(&stream, path, chunk_bytes, &fail));
    for (size_t got = 1; got && out->len < BYTES_MAX; out->len += got) {
        buffer_reserve(out, room);
        got = stream_read(&stream, out->data + out->len, room);
        MUST(got <= room);
    }
    *damage = stream.fail;
    stream_close(&stream);
}

static void append_member(Buffer *out, Span bytes, int level) {
    z_stream zlib = {0};
    MUST(deflateInit2(&zlib, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    size_t bound = deflateBound(&zlib, bytes.len) + 64;
    buffer_reserve(out, bound);
    zlib.next_in = (unsigned char *)(uintptr_t)(bytes.len ? bytes.data : "");
    zlib.avail_in = (uInt)bytes.len;
    zlib.next_out = (unsigned char *)out->data + out->len;
    zlib.avail_out = (uInt)bound;
    MUST(deflate(&zlib, Z_FINISH) == Z_STREAM_END);
    out->len += zlib.total_out;
    deflateEnd(&zlib);
}

static void round_trip(Span bytes, unsigned set, size_t chunk_bytes, size_t room) {
    Buffer gzip = {0}, out = {0};
    Fail damage;
    char path[128];
    size_t half = bytes.len * (set % 16) / 16;
    append_member(&gzip, (Span){bytes.data, half}, 0);
    append_member(&gzip, (Span){bytes.data + half, bytes.len - half}, 1 + (int)(set % 9));
    for (unsigned i = 0; i < set / 32; i++) buffer_byte(&gzip, '\0'); /* as tapes have them */
    fuzz_write(path, "round.gz", buffer_span(&gzip));
    read_all(path, chunk_bytes, room, &out, &damage);
    MUST(damage.code == FAIL_NONE && span_equal(buffer_span(&out), bytes));
    buffer_free(&gzip);
    buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const size_t chunks[] = {1, 3, 17, 4096}, rooms[] = {1, 100, 70000};
    if (!size) return 0;
    unsigned set = data[0];
    Span bytes = fuzz_rest(data, size, 1);
    Buffer one = {0}, other = {0};
    Fail one_damage, other_damage;
    char path[128];
    fuzz_write(path, "stored", bytes);
    read_all(path, 65536, 65536, &one, &one_damage);
    read_all(path, chunks[set % 4], rooms[set / 4 % 3], &other, &other_damage);
    MUST(one_damage.code == other_damage.code && one_damage.offset == other_damage.offset && strcmp(one_damage.message, other_damage.message) == 0);
    MUST(one.len >= BYTES_MAX || span_equal(buffer_span(&one), buffer_span(&other)));
    buffer_free(&one);
    buffer_free(&other);
    round_trip(bytes, set, chunks[set % 4], rooms[set / 4 % 3]);
    return 0;
}
