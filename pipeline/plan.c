#include "plan.h"
#include "run.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static const char *join(Arena *keep, const char *folder, size_t len, const char *name) {
    Buffer path = {0};
    buffer_append(&path, (Span){folder, len});
    buffer_text(&path, name);
    const char *copy = arena_string(keep, buffer_span(&path));
    buffer_free(&path);
    return copy;
}

static bool has_languages(Arena *keep, const char *folder) { return access(join(keep, folder, strlen(folder), "/languages.tsv"), R_OK) == 0; }

const char *plan_data(Arena *keep) {
    const char *set = getenv("VERBATIM_DATA");
    if (set && *set) {
        const char *inside = join(keep, set, strlen(set), "/lexicons");
        return has_languages(keep, inside) ? inside : set;
    }
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len <= 0) return NULL;
    while (len && program[len - 1] != '/') len--;
    static const char *const places[] = {"lexicons", "../lexicons", "../share/verbatim/lexicons"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *folder = join(keep, program, (size_t)len, places[i]);
        if (has_languages(keep, folder)) return folder;
    }
    return NULL;
}

enum { LOADERS_MAX = 4 }; /* languages that are read side by side: each holds its files' trees meanwhile */

/* ---- the way rules are cut: as texts are ---- */

static void cut(void *context, Span text, const Language *language, Tokens *tokens, Arena *scratch) {
    text_tokens(context, text, language, tokens, scratch);
}

static bool open_lexicons(const Options *options, bool sources, Problems *problems, Arena *keep, Plan *plan, Fail *fail) {
    const char *shipped = plan_data(keep);
    const char *dir = options->lexicons ? options->lexicons : shipped;
    if (!dir) return fail_set(fail, FAIL_FILE, "found no lexicons beside the program, expected --lexicons DIR or VERBATIM_DATA");
    const char *table = has_languages(keep, dir) || !shipped ? dir : shipped;
    if (!languages_open(table, keep, &plan->languages, fail)) return false;
    void *memos[LOADERS_MAX];
    LexiconSettings settings = {.dir = dir, .shipped = shipped ? shipped : dir, .cut = cut, .cut_contexts = memos, .each = run_each, .sources = sources, .problems = problems};
    settings.threads = run_threads(options->threads);
    if (settings.threads > LOADERS_MAX) settings.threads = LOADERS_MAX;
    for (size_t i = 0; i < settings.threads; i++) memos[i] = memo_open(plan->languages, 1 << 14);
    settings.language_count = languages_count(plan->languages);
    for (size_t i = 0; i < settings.language_count; i++) settings.languages[i] = languages_at(plan->languages, i);
    bool fine = lexicons_open(&settings, keep, &plan->lexicons, fail);
    for (size_t i = 0; i < settings.threads; i++) memo_close(memos[i]);
    return fine;
}

static bool find_forced(const Options *options, Plan *plan, Fail *fail) {
    if (!options->lang) return true;
    plan->forced = language_find(plan->languages, span_of(options->lang));
    if (lexicons_know(plan->lexicons, plan->forced)) return true;
    return fail_set(fail, FAIL_USAGE, "--lang: found '%s', expected a language with lexicons (see `verbatim languages`)", options->lang);
}

static bool open_plan(const Options *options, bool sources, Problems *problems, Arena *keep, Plan *plan, Fail *fail) {
    *plan = (Plan){0};
    plan->read = (ReadSettings){.format = options->format, .encoding = options->encoding, .fields = options->fields, .segments = options->segment.items, .segment_count = options->segment.count,
                                .keep = options->keep, .record_bytes = options->max_record, .batch_bytes = options->batch_bytes,
                                .batch_records = options->batch_records, .chunk_bytes = options->chunk_bytes};
    if (open_lexicons(options, sources, problems, keep, plan, fail) && find_forced(options, plan, fail) &&
        (!options->questions || questions_read(options->questions, keep, &plan->questions, fail))) {
        plan->tally = (TallySettings){.codebook = lexicons_codebook(plan->lexicons), .segments = options->segment.items, .segment_count = options->segment.count,
                                      .quotes = options->quotes};
        return true;
    }
    plan_close(plan);
    return false;
}

bool plan_open(const Options *options, Arena *keep, Plan *plan, Fail *fail) { return open_plan(options, false, NULL, keep, plan, fail); }

bool plan_inspect(const Options *options, Problems *problems, Arena *keep, Plan *plan, Fail *fail) { return open_plan(options, true, problems, keep, plan, fail); }

/* ---- models ---- */

bool plan_models(const Options *options, Arena *keep, Plan *plan, Fail *fail) {
    if (options->precision + options->recall + options->balanced > 1) return fail_set(fail, FAIL_USAGE, "found two of --precision, --recall and --balanced, expected one at most");
    Preset preset = options->precision ? PRESET_PRECISION : options->recall ? PRESET_RECALL : PRESET_BALANCED;
    if (options->no_lexicons && !options->model.count) return fail_set(fail, FAIL_USAGE, "found --no-lexicons without --model, expected a model to tag with");
    if (!options->model.count) return true;
    plan->cut_all = true;
    return voices_open(options->model.items, options->model.count, preset, options->no_lexicons, plan->tally.codebook, keep, &plan->voices, &plan->tally.codebook, fail);
}

void plan_close(Plan *plan) {
    voices_close(&plan->voices);
    lexicons_close(plan->lexicons);
    questions_free(&plan->questions);
    *plan = (Plan){0};
}

bool plan_source(const Options *options, const Plan *plan, Source **source, Fail *fail) {
    static const char *const standard_input[] = {"-"};
    if (options->files.count) return source_open(options->files.items, options->files.count, &plan->read, source, fail);
    return source_open(standard_input, 1, &plan->read, source, fail);
}
