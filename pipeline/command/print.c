#include <inttypes.h>

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

bool command_print(const Options *options, Span bytes, Fail *fail) {
    Sink *sink = NULL;
    if (!sink_open(options->output, &sink, fail)) return false;
    bool fine = sink_write(sink, bytes, fail);
    Fail closing;
    bool closed = sink_close(sink, fine, fine ? fail : &closing);
    return fine && closed;
}
