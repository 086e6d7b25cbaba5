#include <inttypes.h>
#include <stdio.h>

#include "base/buffer.h"
#include "command/command.h"
#include "write/write.h"

int command_failed(const Fail *fail) {
    fail_print(fail);
    return fail->code == FAIL_USAGE || fail->code == FAIL_SETUP ? EXIT_USAGE : EXIT_FAILED;
}

void command_gave_up(void *context, Span rule, uint64_t responses) {
    (void)context;
    Fail limit;
    fail_set(&limit, FAIL_NONE, "%.*s: gave up on %" PRIu64 " response%s (match limit of its regex)", (int)rule.len, rule.data, responses, responses == 1 ? "" : "s");
    fail_print(&limit);
}

static void print_taken(const Source *source) {
    size_t count;
    const Taken *taken = source_taken(source, &count);
    for (size_t i = 0; i < count; i++) {
        Fail note;
        fail_set(&note, FAIL_NONE, "taken as %s", taken[i].encoding);
        fail_at(&note, taken[i].path, 0, 0);
        fail_print(&note);
    }
}

size_t command_files(const Options *options, const Source *source, uint64_t read, uint64_t undecoded) {
    Damage damage = source_damage(source);
    bool many = undecoded && undecoded >= read / 10;
    if (!options->quiet) print_taken(source);
    for (size_t i = 0; i < damage.count; i++) {
        fail_print(&damage.fails[i]);
        many = many || damage.fails[i].code == FAIL_ENCODING;
    }
    if (many && !options->encoding && !options->quiet)
        fputs("verbatim: text that is not UTF-8 was rejected; if the files are in another encoding, give it with --encoding NAME, or --encoding auto\n", stderr);
    return damage.count;
}

bool command_print(const Options *options, Span bytes, Fail *fail) {
    Sink *sink = NULL;
    if (!sink_open(options->output, &sink, fail)) return false;
    bool fine = sink_write(sink, bytes, fail);
    Fail closing;
    bool closed = sink_close(sink, fine, fine ? fail : &closing);
    return fine && closed;
}
