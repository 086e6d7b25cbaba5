/* example — a few responses that show what a rule or a code does, drawn as a tally draws its quotes: those with the smallest hash of id and text. So which are
 * kept does not depend on threads or order. A text that many gave is kept once. */
#ifndef VERBATIM_EXAMPLE_H
#define VERBATIM_EXAMPLE_H

#include "base/buffer.h"

/* Evidence — bytes of the text, and the id of the rule that found them. */
typedef struct {
    uint32_t start, end;
    Span rule; /* lives as long as the lexicons */
} Evidence;

typedef struct {
    uint64_t hash;
    Span id, text; /* its own */
    Evidence *evidence;
    size_t evidence_count;
} Example;

/* Examples — at most `most`, smallest hash first. Zeroed: empty. */
typedef struct {
    Example **items;
    size_t count, capacity;
} Examples;

/* examples_take — keeps a copy where it is one of the `most` smallest. Texts and ids longer than a tally's quotes are passed over. */
void examples_take(Examples *examples, size_t most, uint64_t hash, Span id, Span text, const Evidence *evidence, size_t evidence_count);

/* What both hold, the `most` smallest of it; `from` is empty then. */
void examples_merge(Examples *into, Examples *from, size_t most);
void examples_free(Examples *examples);

/* For a terminal, without a line end: id, and the text around the evidence, which stands in [ ]; with `rules` the rules behind it. */
void example_text(Buffer *out, const Example *example, bool rules);

/* {"id","text","evidence":[{"start","end","text","rule"}]}, start and end in code points. */
void example_json(Buffer *out, const Example *example);

#endif
