/* train — labelled sets to a model, and its card beside it. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/path.h"
#include "base/table.h"
#include "command/command.h"
#include "labelmap.h"
#include "plan.h"
#include "run.h"
#include "train.h"
#include "write/write.h"

typedef struct {
    const Options *options;
    Plan plan;
    Source *source;
    LabelMap map;
    TrainSettings settings;
    Dataset *dataset;
    size_t skipped; /* responses that say nothing of the target */
    Arena keep;
    struct timespec begun;
} Teaching;

/* What one thread makes examples with. */
typedef struct {
    const Teaching *teaching;
    Arena scratch;
} Teacher;

static void *open_teacher(void *context) {
    Teaching *teaching = context;
    Teacher *teacher = memory_alloc(sizeof *teacher);
    *teacher = (Teacher){.teaching = teaching};
    return teacher;
}

static uint32_t domain_of(const Teaching *teaching, const char *source) {
    const Strings *files = &teaching->options->files;
    for (size_t i = 0; i < files->count; i++)
        if (!strcmp(files->items[i], source)) return (uint32_t)i;
    return 0;
}

/* The row's labels, renamed by the map; false where it has none for the target. */
static bool labels_of(Teacher *teacher, const Seen *seen, Labels *labels) {
    const Teaching *teaching = teacher->teaching;
    const Gold *gold = &seen->gold;
    if (teaching->settings.target == TARGET_SENTIMENT) {
        *labels = (Labels){(Span *)(uintptr_t)&gold->sentiment, 1, 1};
        return gold->sentiment.len > 0;
    }
    if (!teaching->options->map) {
        *labels = (Labels){gold->labels, gold->label_count, 0};
        return gold->has_labels;
    }
    Marked marked;
    labelmap_mark(&teaching->map, teaching->plan.tally.codebook, gold, NULL, 0, &marked, &teacher->scratch);
    *labels = marked.gold;
    return marked.coded;
}

static void text_features(const Tokens *tokens, Features *text, Arena *scratch) {
    uint64_t *hashes = arena_alloc(scratch, (tokens->count + 1) * sizeof *hashes);
    for (size_t i = 0; i < tokens->count; i++) {
        size_t first = text->count;
        features_word(&tokens->words[tokens->items[i].word], text, scratch);
        hashes[i] = text->items[first];
    }
    for (size_t i = 0; i < tokens->count; i++) features_between(tokens, hashes, i, text, scratch);
}

static void teach(void *own, const Seen *seen, Buffer *out) {
    Teacher *teacher = own;
    const Teaching *teaching = teacher->teaching;
    arena_reset(&teacher->scratch);
    Labels labels = {0};
    if (!labels_of(teacher, seen, &labels)) return;
    Features text = {0}, facts = {0};
    text_features(&seen->tokens, &text, &teacher->scratch);
    features_facts(&seen->doc, &seen->tokens, &seen->result, teaching->plan.tally.codebook, teaching->settings.kinds, &facts, &teacher->scratch);
    Example example = {&text, &facts, labels.items, labels.count, hash_bytes(seen->doc.text, teaching->settings.seed), domain_of(teaching, seen->source)};
    example_write(&example, out);
}

static bool take(void *context, Span out, Span rejects, Fail *fail) {
    Teaching *teaching = context;
    dataset_take(teaching->dataset, out);
    return command_say_rejects(NULL, out, rejects, fail);
}

static void progress(void *context, double part) {
    const Teaching *teaching = context;
    command_bar(part);
    fprintf(stderr, "  %.0f s ", command_seconds(teaching->begun));
}

/* ---- the card ---- */

/* How much better with so many more examples: errors fall as a power of the number of examples, through the curve's first and last point. */
static double expected_gain(const TrainReport *report, size_t more) {
    double few = 1 - report->curve[0].score, many = 1 - report->curve[report->curve_count - 1].score;
    double n0 = (double)report->curve[0].examples, n1 = (double)report->curve[report->curve_count - 1].examples;
    if (n0 < 1 || n1 <= n0 || few <= many || many <= 0) return 0;
    double power = log(few / many) / log(n1 / n0);
    return many - many * pow((n1 + (double)more) / n1, -power);
}

static void put_cell(Buffer *out, Span text) {
    Buffer escaped = {0};
    escape_terminal(&escaped, text);
    for (size_t i = 0; i < escaped.len; i++) {
        if (strchr("|*_`<>[]\\", escaped.data[i])) buffer_byte(out, '\\');
        buffer_byte(out, escaped.data[i]);
    }
    buffer_free(&escaped);
}

static void put_curve(Buffer *out, const TrainReport *report) {
    size_t more = report->examples < 2000 ? 500 : report->examples / 4;
    buffer_text(out, "\nLearning curve, of the first part:");
    for (size_t i = 0; i < report->curve_count; i++) buffer_printf(out, "%s %.3f with %zu texts", i ? "," : "", report->curve[i].score, report->curve[i].examples);
    buffer_printf(out, "; with %zu more expect %+.1f points.\n", more, 100 * expected_gain(report, more));
}

static void put_labels(Buffer *out, const TrainReport *report) {
    buffer_text(out, "\n| label | texts | given | precision | recall | F1 | from p |\n|---|---:|---:|---:|---:|---:|---:|\n");
    for (size_t i = 0; i < report->label_count; i++) {
        const LabelReport *label = &report->labels[i];
        buffer_text(out, "| ");
        put_cell(out, label->label);
        buffer_printf(out, " | %zu | %zu | %.3f | %.3f | %.3f | %.2f |\n", label->count, label->given, label->precision, label->recall, label->f1, label->thresholds[PRESET_BALANCED]);
    }
    if (!report->left_count) return;
    buffer_printf(out, "\nLeft out for too few texts: ");
    for (size_t i = 0; i < report->left_count; i++) {
        if (i) buffer_text(out, ", ");
        put_cell(out, report->left[i]);
    }
    buffer_text(out, ".\n");
}

enum { CONFUSION_MOST = 12 };

static void put_confusion(Buffer *out, const TrainReport *report) {
    size_t count = report->label_count;
    if (!report->confusion || count > CONFUSION_MOST) return;
    buffer_text(out, "\n| is, given as | ");
    for (size_t i = 0; i < count; i++) put_cell(out, report->labels[i].label), buffer_text(out, " | ");
    buffer_text(out, "\n|---|");
    for (size_t i = 0; i < count; i++) buffer_text(out, "---:|");
    for (size_t i = 0; i < count; i++) {
        buffer_text(out, "\n| ");
        put_cell(out, report->labels[i].label);
        for (size_t j = 0; j < count; j++) buffer_printf(out, " | %" PRIu32, report->confusion[i * count + j]);
        buffer_text(out, " |");
    }
    buffer_byte(out, '\n');
}

static void put_scores(Buffer *out, const TrainReport *report) {
    if (report->single) buffer_printf(out, "accuracy %.3f, macro-F1 %.3f", report->accuracy, report->macro_f1);
    else buffer_printf(out, "micro-F1 %.3f (precision %.3f, recall %.3f), macro-F1 %.3f", report->micro_f1, report->precision, report->recall, report->macro_f1);
    buffer_printf(out, "; calibration error %.3f", report->calibration);
}

/* Files by their names alone: the card goes where the model goes, and tells nothing of the machine. */
static void put_card(Buffer *out, const Teaching *teaching, const TrainReport *report, size_t bytes) {
    const Options *options = teaching->options;
    buffer_text(out, "# ");
    put_cell(out, path_name(options->output));
    buffer_printf(out, "\n\nA linear model over words, pairs of words and characters%s: %s.\n\n", teaching->settings.kinds & FEATURE_LEXICONS ? ", and over what the lexicons find" : "",
                  teaching->settings.target == TARGET_SENTIMENT ? "sentiment" : "labels");
    buffer_printf(out, "- Trained on %zu texts of", report->examples);
    for (size_t i = 0; i < options->files.count; i++) buffer_text(out, i ? ", " : " "), put_cell(out, path_name(options->files.items[i]));
    buffer_printf(out, "; hash of the data %016" PRIx64 ".\n", report->data_hash);
    buffer_printf(out, "- %zu labels, %zu features of text, %zu facts, %zu weights; %zu bytes. C %g, seed %" PRIu64 ", %zu folds.\n", report->label_count, report->features, report->facts, report->cells, bytes,
                  report->cost, teaching->settings.seed, teaching->settings.folds);
    buffer_text(out, "- By cross-validation: ");
    put_scores(out, report);
    buffer_text(out, ".\n- Licence: that of the texts it was trained on; say it here.\n");
    put_curve(out, report);
    put_labels(out, report);
    put_confusion(out, report);
}

/* ---- the command ---- */

static bool set_target(Teaching *teaching, Fail *fail) {
    const Options *options = teaching->options;
    bool sentiment = !strcmp(options->target, "sentiment");
    if (!sentiment && strcmp(options->target, "labels")) return fail_set(fail, FAIL_USAGE, "--target: found '%s', expected labels or sentiment", options->target);
    if (!options->output || !strcmp(options->output, "-")) return fail_set(fail, FAIL_USAGE, "found no -o, expected the file that the model goes into");
    size_t len = strlen(options->output);
    if (len > 3 && !strcmp(options->output + len - 3, ".gz")) return fail_set(fail, FAIL_USAGE, "-o: found '%s', expected a name that does not end in .gz: models are mapped as they lie", options->output);
    unsigned kinds = options->no_lexicons ? 0 : FEATURE_LEXICONS;
    for (size_t i = 0; i < options->with.count; i++) {
        const char *name = options->with.items[i];
        unsigned kind = !strcmp(name, "question") ? FEATURE_QUESTION : !strcmp(name, "rating") ? FEATURE_RATING : !strcmp(name, "segment") ? FEATURE_SEGMENTS : 0;
        if (!kind) return fail_set(fail, FAIL_USAGE, "--with: found '%s', expected question, rating or segment", name);
        kinds |= kind;
    }
    teaching->settings = (TrainSettings){.target = sentiment ? TARGET_SENTIMENT : TARGET_LABELS, .kinds = kinds, .least = options->least, .folds = options->folds, .seed = options->seed,
                                         .threads = run_threads(options->threads), .each = run_each, .context = teaching};
    if (!options->quiet && isatty(STDERR_FILENO)) teaching->settings.progress = progress;
    return true;
}

static bool write_file(const char *path, Span bytes, Fail *fail) {
    Sink *sink;
    if (!sink_open(path, &sink, fail)) return false;
    bool fine = sink_write(sink, bytes, fail);
    return sink_close(sink, fine, fail) && fine;
}

static const char *card_path(Teaching *teaching) {
    const char *path = teaching->options->output;
    Span stem = path_stem(path_name(path));
    Buffer name = {0};
    buffer_append(&name, (Span){path, (size_t)(stem.data - path) + stem.len});
    buffer_text(&name, ".md");
    const char *copy = arena_string(&teaching->keep, buffer_span(&name));
    buffer_free(&name);
    return copy;
}

static bool read_examples(Teaching *teaching, Totals *totals, Fail *fail) {
    Task task = {.open = open_teacher, .seen = teach, .rejected = command_passed_over, .write = take, .gave_up = command_gave_up, .context = teaching};
    Tally *tally = NULL;
    void *teachers[THREADS_MAX] = {0};
    bool fine = run(&teaching->plan, teaching->source, &task, teaching->options->threads, totals, teachers, &tally, fail);
    for (size_t i = 0; i < THREADS_MAX && teachers[i]; i++) {
        arena_free(&((Teacher *)teachers[i])->scratch);
        memory_free(teachers[i]);
    }
    teaching->skipped = totals->tagged - dataset_count(teaching->dataset);
    return fine;
}

static bool train(Teaching *teaching, Fail *fail) {
    TrainReport report;
    Buffer bytes = {0}, card = {0};
    bool fine = model_train(teaching->dataset, &teaching->settings, &teaching->keep, &report, &bytes, fail);
    if (teaching->settings.progress) fputs("\r\033[K", stderr);
    if (fine) put_card(&card, teaching, &report, bytes.len);
    fine = fine && write_file(teaching->options->output, buffer_span(&bytes), fail) && write_file(card_path(teaching), buffer_span(&card), fail);
    if (fine && !teaching->options->quiet) {
        Buffer line = {0};
        put_scores(&line, &report);
        fprintf(stderr, "%zu texts (%zu without %s left out), %zu labels: %.*s; %.1f s\n", report.examples, teaching->skipped, teaching->options->target, report.label_count, (int)line.len, line.data,
                command_seconds(teaching->begun));
        buffer_free(&line);
    }
    buffer_free(&bytes);
    buffer_free(&card);
    return fine;
}

/* As `verbatim eval --model M --no-lexicons DEV` would say it. */
static int score_dev(const Options *options) {
    Options dev = *options;
    const char *model[] = {options->output}, *file[] = {options->dev};
    dev.model = (Strings){model, 1, 1};
    dev.files = (Strings){file, 1, 1};
    dev.no_lexicons = true;
    dev.output = dev.to = NULL;
    return command_eval(&dev);
}

static int teach_all(Teaching *teaching) {
    const Options *options = teaching->options;
    Fail fail;
    Totals totals = {0};
    if (!plan_source(options, &teaching->plan, &teaching->source, &fail)) return command_failed(&fail);
    int status = EXIT_DONE;
    teaching->dataset = dataset_open();
    if (!read_examples(teaching, &totals, &fail) || !train(teaching, &fail)) status = command_failed(&fail);
    size_t damaged = command_files(options, teaching->source, totals.read, totals.undecoded);
    if (status == EXIT_DONE && (damaged || totals.rejected)) status = EXIT_REJECTED;
    dataset_close(teaching->dataset);
    source_close(teaching->source);
    return status;
}

int command_train(const Options *options) {
    Fail fail;
    Teaching teaching = {.options = options};
    clock_gettime(CLOCK_MONOTONIC, &teaching.begun);
    int status;
    if (!set_target(&teaching, &fail) || !plan_open(options, &teaching.keep, &teaching.plan, &fail) ||
        (options->map && !labelmap_read(options->map, teaching.plan.tally.codebook, &teaching.keep, &teaching.map, &fail))) {
        status = command_failed(&fail);
    } else {
        teaching.plan.read.gold = true;
        teaching.plan.read.aspects = teaching.map.aspects;
        teaching.plan.cut_all = true;
        status = teach_all(&teaching);
    }
    labelmap_free(&teaching.map);
    plan_close(&teaching.plan);
    arena_free(&teaching.keep);
    return options->dev && (status == EXIT_DONE || status == EXIT_REJECTED) ? score_dev(options) : status;
}
