#include "command/command.h"
#include "write/write.h"

int command_failed(const Fail *fail) {
    fail_print(fail);
    return fail->code == FAIL_USAGE || fail->code == FAIL_SETUP ? EXIT_USAGE : EXIT_FAILED;
}

bool command_print(const Options *options, Span bytes, Fail *fail) {
    Sink *sink = NULL;
    if (!sink_open(options->output, &sink, fail)) return false;
    bool fine = sink_write(sink, bytes, fail);
    Fail closing;
    bool closed = sink_close(sink, fine, fine ? fail : &closing);
    return fine && closed;
}
