/* The files of a language: the first line names it (en, ru, zh), lines `%%%%` part reasons.yaml, shifters.yaml, valence.tsv, questions.yaml and lists.yaml. */
#include "lexicon.h"

/* Cuts off what stands before the next line of four percent signs. */
static Span next_part(Span *rest) {
    size_t at = 0;
    while (at < rest->len && !span_starts((Span){rest->data + at, rest->len - at}, "\n%%%%\n")) at++;
    bool last = at == rest->len;
    Span part = {rest->data, last ? at : at + 1};
    size_t used = last ? at : at + 6;
    *rest = (Span){rest->data + used, rest->len - used};
    return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const files[] = {"reasons.yaml", "shifters.yaml", "valence.tsv", "questions.yaml", "lists.yaml"};
    lexicon_start();
    Span all = fuzz_rest(data, size, 0), rest = all;
    const char *code = span_starts(all, "zh\n") ? "zh" : span_starts(all, "ru\n") ? "ru" : "en";
    const char *line = size ? memchr(all.data, '\n', all.len) : NULL;
    if (!line) return 0;
    rest = (Span){line + 1, (size_t)(all.data + all.len - line - 1)};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) lexicon_write(code, files[i], next_part(&rest));
    Span texts[] = {all, SPAN("The waiter was not slow, but rude. 服务不好，差不多。 Не очень быстро :(")};
    lexicon_run(code, texts, 2);
    return 0;
}
