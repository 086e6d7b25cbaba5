/* lexicon import, lexicon export — dictionaries of other programs to a lexicons folder and back. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/command.h"
#include "exchange/exchange.h"
#include "plan.h"
#include "write/write.h"

static void cut(void *context, Span text, const Language *language, Tokens *tokens, Arena *scratch) { text_tokens(context, text, language, tokens, scratch); }

typedef struct {
    Memo *memo;
    ExchangeSettings settings;
    ExchangeFormat format;
} Setup;

static bool set_format_of(const char *option, const char *given, ExchangeFormat *format, Fail *fail) {
    if (given && exchange_format(given, format)) return true;
    return fail_set(fail, FAIL_USAGE, "--%s: found %s%s%s, expected quanteda, liwc, liwcx, wordstat, vader or spacy", option, given ? "'" : "", given ? given : "nothing", given ? "'" : "");
}

static bool set_as(const char *given, ExchangeAs *as, Fail *fail) {
    *as = !given ? AS_FORMAT : strcmp(given, "rules") == 0 ? AS_RULES : AS_VALENCE;
    if (!given || *as == AS_RULES || strcmp(given, "valence") == 0) return true;
    return fail_set(fail, FAIL_USAGE, "--as: found '%s', expected rules or valence", given);
}

/* The language from the shipped table, or the one of the folder, which may turn on more. */
static bool set_language(const Options *options, Arena *keep, Setup *setup, Fail *fail) {
    const char *shipped = plan_data(keep), *dir = options->lexicons ? options->lexicons : shipped;
    if (!options->lang) return fail_set(fail, FAIL_USAGE, "--lang: found nothing, expected the language of the words, as in --lang en");
    if (!dir) return fail_set(fail, FAIL_FILE, "found no lexicons beside the program, expected --lexicons DIR or VERBATIM_DATA");
    Buffer own = {0};
    buffer_printf(&own, "%s/languages.tsv%c", dir, '\0');
    bool has_table = access(own.data, R_OK) == 0;
    buffer_free(&own);
    const Languages *languages = NULL;
    if (!languages_open(has_table || !shipped ? dir : shipped, keep, &languages, fail)) return false;
    setup->settings.language = language_find(languages, span_of(options->lang));
    if (!setup->settings.language) return fail_set(fail, FAIL_USAGE, "--lang: found '%s', expected a language of languages.tsv", options->lang);
    setup->memo = memo_open(languages, 1 << 14);
    setup->settings.cut = cut;
    setup->settings.cut_context = setup->memo;
    return true;
}

static void print_losses(const Losses *losses) {
    Buffer text = {0};
    for (size_t i = 0; i < losses->count; i++) loss_text(&losses->items[i], &text);
    if (text.len) fwrite(text.data, 1, text.len, stderr);
    buffer_free(&text);
}

/* ---- import ---- */

static const char *join(Arena *keep, const char *dir, Span language, const char *name) {
    Buffer path = {0};
    buffer_text(&path, dir);
    buffer_byte(&path, '/');
    if (language.len) buffer_append(&path, language), buffer_text(&path, *name ? "/" : "");
    buffer_text(&path, name);
    const char *copy = arena_string(keep, buffer_span(&path));
    buffer_free(&path);
    return copy;
}

static bool make_folder(const char *path, Fail *fail) {
    if (mkdir(path, 0777) == 0 || errno == EEXIST) return true;
    fail_set(fail, FAIL_FILE, "cannot be made: %s", strerror(errno));
    return fail_at(fail, path, 0, 0);
}

static bool is_free(const char *path, Fail *fail) {
    if (access(path, F_OK) != 0) return true;
    fail_set(fail, FAIL_SETUP, "found a file, expected none: an import overwrites nothing");
    return fail_at(fail, path, 0, 0);
}

static bool write_file(const char *path, Span bytes, Fail *fail) {
    Sink *sink = NULL;
    if (!sink_open(path, &sink, fail)) return false;
    bool fine = sink_write(sink, bytes, fail);
    Fail closing;
    bool closed = sink_close(sink, fine, fine ? fail : &closing);
    return fine && closed;
}

/* All is checked before anything is written. A folder of valence alone needs a reasons.yaml too, or it would be no lexicon. */
static bool write_folder(const char *dir, Span language, const Imported *imported, Arena *keep, Fail *fail) {
    const char *reasons = join(keep, dir, language, "reasons.yaml"), *valence = join(keep, dir, language, "valence.tsv"), *codebook = join(keep, dir, (Span){NULL, 0}, "codebook.yaml");
    bool has_book = access(codebook, F_OK) == 0;
    if (imported->reasons.len && !is_free(reasons, fail)) return false;
    if (imported->valence.len && !is_free(valence, fail)) return false;
    if (has_book && imported->code_count && !exchange_fits(codebook, imported, keep, fail)) return false;
    if (!make_folder(dir, fail) || !make_folder(join(keep, dir, language, ""), fail)) return false;
    if (imported->valence.len && !write_file(valence, buffer_span(&imported->valence), fail)) return false;
    if (imported->codebook.len && !has_book && !write_file(codebook, buffer_span(&imported->codebook), fail)) return false;
    if (imported->reasons.len) return write_file(reasons, buffer_span(&imported->reasons), fail);
    return access(reasons, F_OK) == 0 || write_file(reasons, SPAN("{}\n"), fail);
}

/* What was written must open as it will when texts are tagged. */
static bool check_folder(const Options *options, Arena *keep, Fail *fail) {
    Options with = *options;
    Plan plan = {0};
    with.lexicons = options->output;
    if (!plan_open(&with, keep, &plan, fail)) return false;
    plan_close(&plan);
    return true;
}

static bool import_all(const Options *options, Setup *setup, Arena *keep, Imported *imported, Fail *fail) {
    const char *path = options->files.count ? options->files.items[0] : "-";
    if (options->files.count > 1) return fail_set(fail, FAIL_USAGE, "found %zu files, expected one", options->files.count);
    if (strcmp(options->output, "-") == 0) return fail_set(fail, FAIL_USAGE, "-o: found nothing, expected a folder for the lexicons");
    if (!set_format_of("from", options->from, &setup->format, fail) || !set_as(options->as, &setup->settings.as, fail) || !set_language(options, keep, setup, fail)) return false;
    setup->settings.file = strcmp(path, "-") == 0 ? "standard input" : path;
    Buffer bytes = {0};
    bool fine = exchange_read(path, &bytes, fail) && exchange_import(setup->format, buffer_span(&bytes), &setup->settings, keep, imported, fail);
    buffer_free(&bytes);
    if (fine) print_losses(&imported->losses);
    if (fine && !imported->rules && !imported->terms) {
        fail_set(fail, FAIL_SETUP, "found no entry that could be taken, expected some");
        fine = fail_at(fail, setup->settings.file, 0, 0);
    }
    return fine && write_folder(options->output, setup->settings.language->code, imported, keep, fail) && check_folder(options, keep, fail);
}

int command_lexicon_import(const Options *options) {
    Arena keep = {0};
    Setup setup = {0};
    Imported imported = {0};
    Fail fail;
    int status = EXIT_DONE;
    if (!import_all(options, &setup, &keep, &imported, &fail)) {
        status = command_failed(&fail);
    } else {
        status = imported.losses.left_out ? EXIT_REJECTED : EXIT_DONE;
        if (!options->quiet)
            fprintf(stderr, "verbatim: %zu rules of %zu codes, %zu terms with valence; %zu left out, %zu changed\n", imported.rules, imported.code_count, imported.terms,
                    imported.losses.left_out, imported.losses.changed);
    }
    imported_free(&imported);
    if (setup.memo) memo_close(setup.memo);
    arena_free(&keep);
    return status;
}

/* ---- export ---- */

/* How many of each kind, in the order in which the kinds come first. */
static void print_kinds(const Losses *losses, bool left_out, Arena *keep) {
    const char **kinds = arena_calloc(keep, losses->count + 1, sizeof *kinds);
    size_t *counts = arena_calloc(keep, losses->count + 1, sizeof *counts), count = 0;
    for (size_t i = 0; i < losses->count; i++) {
        if (losses->items[i].left_out != left_out) continue;
        size_t kind = 0;
        while (kind < count && strcmp(kinds[kind], losses->items[i].kind) != 0) kind++;
        if (kind == count) kinds[count++] = losses->items[i].kind;
        counts[kind] += losses->items[i].count;
    }
    Buffer text = {0};
    for (size_t i = 0; i < count; i++) {
        buffer_printf(&text, "%s%zu ", i ? ", " : left_out ? "verbatim: left out: " : "verbatim: changed: ", counts[i]);
        escape_terminal(&text, span_of(kinds[i])); /* a kind may be a key of the folder's own */
    }
    if (count) fprintf(stderr, "%.*s\n", (int)text.len, text.data);
    buffer_free(&text);
}

static void print_export(const Options *options, const Exported *exported, Arena *keep) {
    if (options->list) print_losses(&exported->losses);
    if (options->quiet) return;
    if (exported->terms) fprintf(stderr, "verbatim: %zu of %zu terms written\n", exported->terms_held, exported->terms);
    else fprintf(stderr, "verbatim: %zu of %zu rules written\n", exported->rules_held, exported->rules);
    print_kinds(&exported->losses, true, keep);
    print_kinds(&exported->losses, false, keep);
    if (!options->list && exported->losses.count) fputs("verbatim: `--list` names each\n", stderr);
}

static bool export_all(const Options *options, Setup *setup, Arena *keep, Exported *exported, Fail *fail) {
    if (options->files.count) return fail_set(fail, FAIL_USAGE, "found '%s', expected no file: --lexicons DIR says what is exported", options->files.items[0]);
    if (!set_format_of("to", options->to, &setup->format, fail) || !set_language(options, keep, setup, fail)) return false;
    const char *dir = options->lexicons ? options->lexicons : plan_data(keep);
    return exchange_export(setup->format, dir, &setup->settings, keep, exported, fail) && command_print(options, buffer_span(&exported->text), fail);
}

int command_lexicon_export(const Options *options) {
    Arena keep = {0};
    Setup setup = {0};
    Exported exported = {0};
    Fail fail;
    int status = EXIT_DONE;
    if (!export_all(options, &setup, &keep, &exported, &fail)) {
        status = command_failed(&fail);
    } else {
        print_export(options, &exported, &keep);
        status = exported.losses.left_out ? EXIT_REJECTED : EXIT_DONE;
    }
    exported_free(&exported);
    if (setup.memo) memo_close(setup.memo);
    arena_free(&keep);
    return status;
}
