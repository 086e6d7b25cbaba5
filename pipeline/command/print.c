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

void command_passed_over(void *own, const Record *record, const Fail *fail, Buffer *rejects) {
    (void)own, (void)record;
    fail_text(fail, rejects);
}

bool command_say_rejects(void *context, Span out, Span rejects, Fail *fail) {
    (void)context, (void)out, (void)fail;
    if (rejects.len) fwrite(rejects.data, 1, rejects.len, stderr);
    return true;
}

double command_seconds(struct timespec begun) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun.tv_sec) + (double)(now.tv_nsec - begun.tv_nsec) / 1e9;
}

void command_bar(double part) {
    char bar[31] = "";
    for (int i = 0; i < 30; i++) bar[i] = i < part * 30 ? '#' : '.';
    fprintf(stderr, "\r[%s] %3.0f %%", bar, 100 * part);
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
