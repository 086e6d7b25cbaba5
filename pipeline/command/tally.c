/* tally, report — merged tallies as tables, or as a page. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/command.h"
#include "write/write.h"

static bool read_file(const char *path, Arena *keep, Span *bytes, Fail *fail) {
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file) return fail_set(fail, FAIL_FILE, "cannot be read: %s", strerror(errno)), fail_at(fail, path, 0, 0);
    Buffer buffer = {0};
    size_t len = 0;
    do {
        buffer_reserve(&buffer, 1 << 16);
        len = fread(buffer.data + buffer.len, 1, 1 << 16, file);
        buffer.len += len;
    } while (len);
    bool fine = !ferror(file);
    if (!fine) fail_set(fail, FAIL_FILE, "cannot be read: %s", strerror(errno)), fail_at(fail, path, 0, 0);
    *bytes = arena_copy(keep, buffer_span(&buffer));
    buffer_free(&buffer);
    if (!standard) fclose(file);
    return fine;
}

/* The first tally of the files with all others merged into it; NULL on failure. */
static Tally *read_merged(const Options *options, Arena *keep, Fail *fail) {
    static const char *const standard_input[] = {"-"};
    const char *const *paths = options->files.count ? options->files.items : standard_input;
    size_t count = options->files.count ? options->files.count : 1;
    Tally *merged = NULL;
    for (size_t i = 0; i < count; i++) {
        Span bytes;
        Tally *tally = NULL;
        bool fine = read_file(paths[i], keep, &bytes, fail) && tally_read(bytes, paths[i], keep, &tally, fail);
        if (fine && merged && !tally_merge(merged, tally, fail)) {
            fail_at(fail, paths[i], 0, 0);
            fine = false;
        }
        if (merged && tally) tally_close(tally);
        else if (tally) merged = tally;
        if (fine) continue;
        if (merged) tally_close(merged);
        return NULL;
    }
    return merged;
}

static bool print_table(const Options *options, const Tally *tally, Buffer *out, Fail *fail) {
    const char *to = options->to ? options->to : "text";
    if (strcmp(to, "csv") == 0) table_csv(out, tally);
    else if (strcmp(to, "json") == 0) table_json(out, tally);
    else if (strcmp(to, "text") == 0) table_text(out, tally, options->lang ? options->lang : "en", options->top);
    else return fail_set(fail, FAIL_USAGE, "--to: found '%s', expected text, csv or json", to);
    return command_print(options, buffer_span(out), fail);
}

static bool write_merged(const Options *options, const Tally *tally, Buffer *out, Fail *fail) {
    if (!options->tally) return true;
    Options to = {.output = options->tally};
    tally_write(tally, out);
    bool fine = command_print(&to, buffer_span(out), fail);
    out->len = 0;
    return fine;
}

static bool print_page(const Options *options, const Tally *tally, Buffer *out, Fail *fail) {
    page_html(out, tally, options->lang ? options->lang : "en");
    return command_print(options, buffer_span(out), fail);
}

static int show(const Options *options, bool (*print)(const Options *, const Tally *, Buffer *, Fail *)) {
    Arena keep = {0};
    Buffer out = {0};
    Fail fail;
    int status = EXIT_DONE;
    Tally *tally = read_merged(options, &keep, &fail);
    if (!tally || !write_merged(options, tally, &out, &fail) || !print(options, tally, &out, &fail)) status = command_failed(&fail);
    if (tally) tally_close(tally);
    buffer_free(&out);
    arena_free(&keep);
    return status;
}

int command_tally(const Options *options) { return show(options, print_table); }

int command_report(const Options *options) { return show(options, print_page); }
