/* tag — responses in, tagged lines out; tallies and page in the same pass. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "command/command.h"
#include "plan.h"
#include "run.h"
#include "write/write.h"

typedef struct {
    const Options *options;
    Plan plan;
    Source *source;
    Sink *out, *rejects, *counts, *page; /* NULL: not wanted */
    Totals totals;
    Tally *tally;
    struct timespec begun;
    double shown; /* seconds at which progress was last printed */
} Tagging;

static Span rule_id(const void *context, const Language *language, uint32_t rule) { return lexicons_rule(context, language, rule); }

static void *same(void *context) { return context; }

static void seen(void *own, const Seen *response, Buffer *out) {
    const Tagging *tagging = own;
    if (!tagging->out) return;
    tagged_line(out, &response->doc, response->language, &response->result, tagging->plan.tally.codebook, (RuleNames){rule_id, tagging->plan.lexicons});
}

static void rejected(void *own, const Record *record, const Fail *fail, Buffer *rejects) {
    const Tagging *tagging = own;
    if (tagging->rejects) reject_line(rejects, record, fail);
}

static bool hand_out(void *context, Span out, Span rejects, Fail *fail) {
    Tagging *tagging = context;
    if (tagging->out && out.len && !sink_write(tagging->out, out, fail)) return false;
    return !tagging->rejects || !rejects.len || sink_write(tagging->rejects, rejects, fail);
}

static void progress(void *context) {
    Tagging *tagging = context;
    double seconds = command_seconds(tagging->begun);
    if (seconds - tagging->shown < 0.2) return;
    tagging->shown = seconds;
    uint64_t done = 0, all = 0;
    source_progress(tagging->source, &done, &all);
    command_bar(all ? (double)done / (double)all : 0);
    fprintf(stderr, "  %6.1f MB  %.0f s ", (double)done / 1e6, seconds);
}

static void print_summary(const Tagging *tagging, size_t damaged) {
    Totals totals = tagging->totals;
    double seconds = command_seconds(tagging->begun);
    fprintf(stderr, "%" PRIu64 " responses read = %" PRIu64 " tagged + %" PRIu64 " rejected", totals.read, totals.tagged, totals.rejected);
    if (damaged) fprintf(stderr, "; %zu damaged %s", damaged, damaged == 1 ? "part" : "parts");
    fprintf(stderr, "; %.2f s\n", seconds);
}

static void print_repairs(const Totals *totals) {
    for (int i = 0; i < REPAIR_COUNT; i++)
        if (totals->repaired[i])
            fprintf(stderr, "%" PRIu64 " %s: %s, repaired for matching\n", totals->repaired[i], totals->repaired[i] == 1 ? "response" : "responses", repair_name(i));
}

static bool write_tally(const Tagging *tagging, Fail *fail) {
    Buffer bytes = {0};
    bool fine = true;
    if (tagging->counts) {
        tally_write(tagging->tally, &bytes);
        fine = sink_write(tagging->counts, buffer_span(&bytes), fail);
    }
    bytes.len = 0;
    if (fine && tagging->page) {
        page_html(&bytes, tagging->tally, tagging->options->lang ? tagging->options->lang : "en");
        fine = sink_write(tagging->page, buffer_span(&bytes), fail);
    }
    buffer_free(&bytes);
    return fine;
}

/* All of them before anything is read: a name that cannot be written must not cost a night. */
static bool open_sinks(Tagging *tagging, Fail *fail) {
    const Options *options = tagging->options;
    return (options->no_output || sink_open(options->output, &tagging->out, fail)) &&
           (!options->rejects || sink_open(options->rejects, &tagging->rejects, fail)) &&
           (!options->tally || sink_open(options->tally, &tagging->counts, fail)) &&
           (!options->report || sink_open(options->report, &tagging->page, fail));
}

/* Closes all; the first failure counts. */
static bool close_sinks(Tagging *tagging, bool fine, Fail *fail) {
    Sink *sinks[] = {tagging->out, tagging->rejects, tagging->counts, tagging->page};
    Fail other;
    for (size_t i = 0; i < sizeof sinks / sizeof *sinks; i++)
        if (sinks[i] && !sink_close(sinks[i], fine, fine ? fail : &other)) fine = false;
    return fine;
}

static bool tag_all(Tagging *tagging, Fail *fail) {
    const Options *options = tagging->options;
    bool bar = !options->quiet && isatty(STDERR_FILENO);
    Task task = {.open = same, .seen = seen, .rejected = rejected, .write = hand_out, .progress = bar ? progress : NULL, .gave_up = command_gave_up, .context = tagging};
    bool fine = run(&tagging->plan, tagging->source, &task, options->threads, &tagging->totals, NULL, &tagging->tally, fail);
    if (bar) fputs("\r\033[K", stderr);
    fine = fine && write_tally(tagging, fail);
    return close_sinks(tagging, fine, fail);
}

int command_tag(const Options *options) {
    Arena keep = {0};
    Fail fail;
    Tagging tagging = {.options = options};
    clock_gettime(CLOCK_MONOTONIC, &tagging.begun);
    int status = EXIT_DONE;
    if (!plan_open(options, &keep, &tagging.plan, &fail) || !plan_models(options, &keep, &tagging.plan, &fail)) {
        status = command_failed(&fail);
        plan_close(&tagging.plan);
        arena_free(&keep);
        return status;
    }
    tagging.plan.count = options->tally || options->report;
    if (!plan_source(options, &tagging.plan, &tagging.source, &fail)) {
        status = command_failed(&fail);
    } else if (!open_sinks(&tagging, &fail)) {
        status = command_failed(&fail);
        close_sinks(&tagging, false, &fail);
        source_close(tagging.source);
    } else {
        if (!tag_all(&tagging, &fail)) status = command_failed(&fail);
        size_t damaged = command_files(options, tagging.source, tagging.totals.read, tagging.totals.undecoded);
        if (!options->quiet) print_summary(&tagging, damaged);
        if (options->verbose) print_repairs(&tagging.totals);
        if (status == EXIT_DONE && (damaged || tagging.totals.rejected)) status = EXIT_REJECTED;
        source_close(tagging.source);
    }
    if (tagging.tally) tally_close(tagging.tally);
    plan_close(&tagging.plan);
    arena_free(&keep);
    return status;
}
