/* NDJSON: see records.h. Where nothing is compressed or refused as a whole, each line that is not blank is one record, tagged or rejected. */
#include "records.h"

static size_t lines_of(Span bytes) {
    size_t count = 0;
    bool blank = true;
    if (span_starts(bytes, "\xef\xbb\xbf")) bytes = (Span){bytes.data + 3, bytes.len - 3};
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.data[i] == '\n') count += !blank, blank = true;
        else if (bytes.data[i] != ' ' && bytes.data[i] != '\t' && bytes.data[i] != '\r') blank = false;
    }
    return count + !blank;
}

/* Compressed, UTF-16, UTF-32 or GB18030: what a line is shows only after. */
static bool is_stored_otherwise(Span bytes) {
    bool big = bytes.len >= 4 && memcmp(bytes.data, "\0\0\xfe\xff", 4) == 0;
    return big || span_starts(bytes, "\x84\x31\x95\x33") || span_starts(bytes, "\x1f\x8b") || span_starts(bytes, "\xff\xfe") || span_starts(bytes, "\xfe\xff");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    Span bytes = fuzz_rest(data, size, 2);
    Buffer out = {0};
    bool damaged;
    size_t count = records_try(data, bytes, FORMAT_NDJSON, &out, &damaged);
    MUST(damaged || is_stored_otherwise(bytes) || count == lines_of(bytes));
    buffer_free(&out);
    return 0;
}
