/* A tally file: what is read is written again as it is, merges with itself, and can be shown. */
#include "base/json.h"
#include "fuzz.h"
#include "write/write.h"

static void show(const Tally *tally) {
    Buffer out = {0};
    JsonParser *json = json_open();
    JsonValue root;
    Fail fail;
    size_t bad;
    table_csv(&out, tally);
    table_text(&out, tally, "en", 0);
    MUST(utf8_check(buffer_span(&out), &bad));
    out.len = 0;
    table_json(&out, tally);
    MUST(json_parse_copy(json, buffer_span(&out), JSON_DEPTH, &root, &fail));
    out.len = 0;
    page_data(&out, tally, "en");
    MUST(json_parse_copy(json, buffer_span(&out), JSON_DEPTH, &root, &fail));
    MUST(!memchr(out.data, '<', out.len)); /* it goes into a <script> */
    json_close(json);
    buffer_free(&out);
}

static void merge_twice(Tally *tally, Span bytes) {
    Arena keep = {0};
    Fail fail;
    Tally *other;
    TallyTotals before = tally_totals(tally);
    MUST(tally_read(bytes, "other", &keep, &other, &fail) && tally_merge(other, tally, &fail));
    TallyTotals after = tally_totals(other);
    MUST(after.read >= before.read && after.tagged >= before.tagged && after.rejected >= before.rejected);
    show(other);
    tally_close(other);
    arena_free(&keep);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena keep = {0};
    Fail fail = {0};
    Tally *tally = NULL, *again = NULL;
    Buffer out = {0}, out_again = {0};
    if (tally_read(fuzz_rest(data, size, 0), "input", &keep, &tally, &fail)) {
        tally_write(tally, &out);
        MUST(tally_read(buffer_span(&out), "written", &keep, &again, &fail));
        tally_write(again, &out_again);
        MUST(span_equal(buffer_span(&out), buffer_span(&out_again)));
        show(tally);
        merge_twice(tally, buffer_span(&out));
    } else {
        MUST(!tally && fail.code == FAIL_SETUP && fail.message[0]);
    }
    tally_close(tally);
    tally_close(again);
    buffer_free(&out);
    buffer_free(&out_again);
    arena_free(&keep);
    return 0;
}
