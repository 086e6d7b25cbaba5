/* run — the loop: read a batch, work on its records in parallel, write results in input order. The only place that knows threads. */
#ifndef VERBATIM_RUN_H
#define VERBATIM_RUN_H

#include "worker.h"

/* What a command does with the records. `own` is its state of one thread. */
typedef struct {
    void *(*open)(void *context);                /* state of one thread; NULL: none */
    void (*seen)(void *own, const Seen *seen, Buffer *out);
    void (*rejected)(void *own, const Record *record, const Fail *fail, Buffer *rejects);
    bool (*write)(void *context, Span out, Span rejects, Fail *fail); /* in input order, one at a time; NULL: nothing to write */
    void (*progress)(void *context);             /* after each batch, one at a time; NULL: none */
    void (*gave_up)(void *context, Span rule, uint64_t responses); /* at the end, for each rule with a regex that met its match limit; NULL: not asked */
    void *context;
} Task;

typedef struct {
    uint64_t read, tagged, rejected;
    uint64_t undecoded; /* of those rejected: bytes that are no text in their encoding */
    uint64_t repaired[REPAIR_COUNT]; /* tagged responses whose text was mended in that way */
} Totals;

enum { THREADS_MAX = 256 };

/* run — all records of the source through `threads` workers, THREADS_MAX at most; 0: as many as processors.
 *   out    totals   read = tagged + rejected
 *          owns     [THREADS_MAX] the states that task.open gave, as often as it was called; the caller frees them. NULL where task.open is
 *          tally    the workers' tallies merged, or NULL without plan->count; the caller closes it
 *   fails  what task.write said; what was written before stays */
bool run(const Plan *plan, Source *source, const Task *task, size_t threads, Totals *totals, void **owns, Tally **tally, Fail *fail);

/* run_each — calls work(owns[t], index) for each index below `count`, on `threads` threads as above, each with a state of its own.
 *   in     owns  [run_threads(threads)] */
size_t run_threads(size_t threads);
void run_each(size_t count, size_t threads, void *const *owns, void (*work)(void *own, size_t index));

#endif
