#include "run.h"

#include <omp.h>
#include <stdlib.h>

/* Under clang's thread sanitizer libarcher (LLVM 14 to 16) crashes on a task with `if (0) depend`; waiting for all tasks then takes its
 * place. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WAIT_FOR_ALL
#endif
#endif

/* Job — a batch on its way, with what became of it. Jobs go round in a ring: reading waits until a job's last results are written. */
typedef struct {
    Batch batch;
    Buffer out, rejects;
    Totals totals;
} Job;

typedef struct {
    Worker *worker;
    void *own;
} Thread;

static void count_repairs(Totals *totals, unsigned repairs) {
    for (int i = 0; i < REPAIR_COUNT; i++) totals->repaired[i] += repairs >> i & 1;
}

static void work(const Task *task, Thread *thread, Job *job) {
    for (size_t i = 0; i < job->batch.count; i++) {
        const Record *record = &job->batch.records[i];
        Seen seen;
        Fail fail;
        job->totals.read++;
        if (worker_see(thread->worker, record, &seen, &fail)) {
            job->totals.tagged++;
            if (seen.cleaned.repairs) count_repairs(&job->totals, seen.cleaned.repairs);
            task->seen(thread->own, &seen, &job->out);
        } else {
            job->totals.rejected++;
            job->totals.undecoded += fail.code == FAIL_ENCODING;
            task->rejected(thread->own, record, &fail, &job->rejects);
        }
    }
}

static void add(Totals *sum, Totals more) {
    sum->read += more.read;
    sum->tagged += more.tagged;
    sum->rejected += more.rejected;
    sum->undecoded += more.undecoded;
    for (int i = 0; i < REPAIR_COUNT; i++) sum->repaired[i] += more.repaired[i];
}

/* Gives a job's results away and makes it ready for its next batch. */
static bool finish(const Task *task, Job *job, Totals *totals, bool failed, Fail *fail) {
    bool fine = !failed && (!task->write || task->write(task->context, buffer_span(&job->out), buffer_span(&job->rejects), fail));
    add(totals, job->totals);
    job->totals = (Totals){0};
    job->out.len = job->rejects.len = 0;
    if (task->progress) task->progress(task->context);
    return fine;
}

/* Three tasks a batch. Their dependences are the whole plan: batches are read one after the other (`reading`), written one after the other (`writing`),
 * and worked on whenever read; a job is read into again when it is written. */
static bool run_all(Source *source, const Task *task, Job *jobs, size_t job_count, Thread *threads, size_t thread_count, Totals *totals, Fail *fail) {
    bool ended = false, failed = false;
    char reading = 0, writing = 0; /* only their addresses count */
    (void)reading, (void)writing;
#pragma omp parallel num_threads((int)thread_count)
#pragma omp single
    for (size_t i = 0;; i++) {
        bool stop;
#pragma omp atomic read
        stop = ended;
        if (stop) break;
        Job *job = &jobs[i % job_count];
        /* Waits until the job is free, working meanwhile: never more tasks than jobs in the ring. */
#ifdef WAIT_FOR_ALL
        if (i % job_count == 0) {
#pragma omp taskwait
        }
#else
#pragma omp task if (0) depend(inout : job[0])
        {}
#endif
#pragma omp task firstprivate(job) depend(inout : reading) depend(inout : job[0])
        {
            bool over;
#pragma omp atomic read
            over = ended;
            job->batch.count = 0;
            if (!over) source_next(source, &job->batch);
            if (!job->batch.count) {
#pragma omp atomic write
                ended = true;
            }
        }
#pragma omp task firstprivate(job) depend(inout : job[0])
        work(task, &threads[omp_get_thread_num()], job);
#pragma omp task firstprivate(job) depend(inout : job[0]) depend(inout : writing)
        if (!finish(task, job, totals, failed, fail)) {
            failed = true;
#pragma omp atomic write
            ended = true;
        }
    }
    return !failed;
}

static Tally *merge(const Plan *plan, Thread *threads, size_t count, Fail *fail) {
    if (!plan->count) return NULL;
    Tally *tally = tally_open(&plan->tally);
    for (size_t i = 0; i < count; i++) tally_merge(tally, worker_tally(threads[i].worker), fail); /* of one plan: never refused */
    return tally;
}

static int by_rule(const void *left, const void *right) {
    const Limit *a = left, *b = right;
    if (a->language->index != b->language->index) return a->language->index < b->language->index ? -1 : 1;
    return (a->rule > b->rule) - (a->rule < b->rule);
}

/* Rules that gave up, those of all threads as one, in the order of languages and rules. */
static void report_limits(const Plan *plan, const Task *task, Thread *threads, size_t thread_count) {
    Buffer all = {0};
    for (size_t i = 0; i < thread_count; i++) {
        size_t count = 0;
        const Limit *limits = matcher_limits(worker_matcher(threads[i].worker), &count);
        buffer_append(&all, (Span){(const char *)limits, count * sizeof *limits});
    }
    Limit *limits = (Limit *)(void *)all.data;
    size_t count = all.len / sizeof *limits;
    if (count) qsort(limits, count, sizeof *limits, by_rule);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && !by_rule(&limits[i], &limits[end]); end++) limits[i].responses += limits[end].responses;
        task->gave_up(task->context, lexicons_rule(plan->lexicons, limits[i].language, limits[i].rule), limits[i].responses);
    }
    buffer_free(&all);
}

size_t run_threads(size_t threads) {
    if (!threads) threads = (size_t)omp_get_num_procs();
    return threads < THREADS_MAX ? threads : THREADS_MAX;
}

void run_each(size_t count, size_t threads, void *const *owns, void (*work_on)(void *own, size_t index)) {
    threads = run_threads(threads);
#pragma omp parallel for schedule(dynamic) num_threads((int)threads)
    for (size_t i = 0; i < count; i++) work_on(owns[omp_get_thread_num()], i);
}

bool run(const Plan *plan, Source *source, const Task *task, size_t thread_count, Totals *totals, void **owns, Tally **tally, Fail *fail) {
    thread_count = run_threads(thread_count);
    size_t job_count = 2 * thread_count + 2;
    Job *jobs = memset(memory_alloc(job_count * sizeof *jobs), 0, job_count * sizeof *jobs);
    Thread *threads = memory_alloc(thread_count * sizeof *threads);
    for (size_t i = 0; i < thread_count; i++)
        threads[i] = (Thread){worker_open(plan), task->open ? task->open(task->context) : NULL};
    *totals = (Totals){0};
    bool fine = run_all(source, task, jobs, job_count, threads, thread_count, totals, fail);
    *tally = merge(plan, threads, thread_count, fail);
    if (task->gave_up) report_limits(plan, task, threads, thread_count);
    for (size_t i = 0; i < thread_count; i++) {
        worker_close(threads[i].worker);
        if (owns) owns[i] = threads[i].own;
    }
    for (size_t i = 0; i < job_count; i++) {
        batch_free(&jobs[i].batch);
        buffer_free(&jobs[i].out);
        buffer_free(&jobs[i].rejects);
    }
    memory_free(threads);
    memory_free(jobs);
    return fine;
}
