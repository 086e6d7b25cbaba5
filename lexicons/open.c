/* open — a lexicons folder to Lexicons, and what others ask of it. */
#include <stdio.h>
#include <unistd.h>

#include "compiled.h"

/* `dir/name` or `dir/language/name`, in keep. */
static const char *path_of(const char *dir, const Language *language, const char *name, Arena *keep) {
    Buffer path = {0};
    buffer_text(&path, dir);
    if (language) buffer_byte(&path, '/'), buffer_append(&path, language->code);
    buffer_byte(&path, '/');
    buffer_text(&path, name);
    const char *copy = arena_string(keep, buffer_span(&path));
    buffer_free(&path);
    return copy;
}

static bool exists(const char *path) { return access(path, F_OK) == 0; }

/* The codebook's hash covers every byte that can change a tag. */
static bool hash_file(Lexicons *lexicons, const char *path, Fail *fail) {
    FILE *file = fopen(path, "rb");
    if (!file) return true;
    char bytes[65536];
    for (size_t len; (len = fread(bytes, 1, sizeof bytes, file)) > 0;) lexicons->hash = hash_bytes((Span){bytes, len}, lexicons->hash);
    bool fine = !ferror(file);
    fclose(file);
    return fine || fail_at(fail, path, fail_set(fail, FAIL_FILE, "cannot be read"), 0);
}

static const char *own_or_shipped(Compiler *compiler, const char *name) {
    const LexiconSettings *settings = &compiler->lexicons->settings;
    const char *path = path_of(settings->dir, compiler->lexicon->language, name, compiler->lexicon->keep);
    return exists(path) ? path : path_of(settings->shipped, compiler->lexicon->language, name, compiler->lexicon->keep);
}

static void note_file(Lexicon *lexicon, const char *path) {
    *ARENA_PUSH(lexicon->keep, lexicon->files, lexicon->file_count, lexicon->file_capacity) = path;
}

/* One optional YAML file of a language: from the folder, or where it has none from the shipped one. */
static bool load_file(Compiler *compiler, const char *name, bool (*load)(Compiler *, const YamlNode *)) {
    const char *path = own_or_shipped(compiler, name);
    if (!exists(path)) return true;
    const YamlNode *root = NULL;
    compiler->file = path;
    bool fine = yaml_read(path, compiler->trees, &root, compiler->fail) && load(compiler, root);
    note_file(compiler->lexicon, path);
    return fine || compiler_goes_on(compiler);
}

static bool load_table(Compiler *compiler, const char *path, bool (*load)(Compiler *, const char *)) {
    compiler->file = path;
    note_file(compiler->lexicon, path);
    return load(compiler, path) || compiler_goes_on(compiler);
}

/* Signs first, so that the language's own list has the last word. They go with the shipped lists: who brings valence of their own brings its signs. */
static bool load_valences(Compiler *compiler) {
    const LexiconSettings *settings = &compiler->lexicons->settings;
    Arena *keep = compiler->lexicon->keep;
    const char *own = path_of(settings->dir, compiler->lexicon->language, "valence.tsv", keep);
    const char *dir = exists(own) ? settings->dir : settings->shipped;
    return load_table(compiler, path_of(dir, NULL, "emoji.tsv", keep), load_valence) &&
           load_table(compiler, path_of(dir, compiler->lexicon->language, "valence.tsv", keep), load_valence);
}

static void mark_used(Compiler *compiler, const Node *node) {
    Lexicon *lexicon = compiler->lexicon;
    List *list = node->kind == NODE_LIST ? &compiler->lists[node->number] : NULL;
    if (list && !list->used) list->used = true, mark_used(compiler, list->match);
    if (node->kind == NODE_TERM) lexicon->terms[node->number].used = true;
    for (size_t i = 0; node->kind == NODE_REGEX && i < lexicon->regexes[node->number].term_count; i++)
        lexicon->terms[lexicon->regexes[node->number].terms[i]].used = true;
    for (size_t i = 0; i < node->count; i++) mark_used(compiler, node->children[i]);
}

/* Those of the user's folder, then the shipped ones that it does not have. */
static bool open_lists(Compiler *compiler) {
    const LexiconSettings *settings = &compiler->lexicons->settings;
    const char *dirs[] = {settings->dir, settings->shipped};
    for (size_t i = 0; i < (strcmp(dirs[0], dirs[1]) ? 2 : 1); i++) {
        const char *path = path_of(dirs[i], compiler->lexicon->language, "lists.yaml", compiler->lexicon->keep);
        const YamlNode *root = NULL;
        compiler->file = path;
        if (!exists(path)) continue;
        if (!yaml_read(path, compiler->trees, &root, compiler->fail) || !load_lists(compiler, root)) return false;
        note_file(compiler->lexicon, path);
    }
    return check_lists(compiler);
}

static bool compile_language(Compiler *compiler) {
    Lexicon *lexicon = compiler->lexicon;
    if (!open_lists(compiler) || !load_file(compiler, "reasons.yaml", load_reasons)) return false;
    if (!load_file(compiler, "shifters.yaml", load_shifters) || !load_file(compiler, "questions.yaml", load_questions)) return false;
    if (!load_valences(compiler) || !compile_link(compiler)) return false;
    for (size_t i = 0; i < compiler->draft_count; i++) {
        mark_used(compiler, compiler->drafts[i].match);
        if (compiler->drafts[i].unless) mark_used(compiler, compiler->drafts[i].unless);
    }
    lexicon->loaded = true;
    if (!load_table(compiler, own_or_shipped(compiler, "frequent.tsv"), load_frequent)) return false;
    compile_file(compiler);
    return true;
}

static void regexes_free(Lexicon *lexicon) {
    for (size_t i = 0; i < lexicon->regex_count; i++) pcre2_code_free(lexicon->regexes[i].code);
    pcre2_code_free(lexicon->sieve.code);
    lexicon->regex_count = 0;
    lexicon->sieve.code = NULL;
}

static bool open_language(Lexicons *lexicons, const Language *language, void *cut_context, Fail *fail) {
    Lexicon *lexicon = &lexicons->lexicon[language->index];
    Arena trees = {0}, scratch = {0};
    *lexicon = (Lexicon){.language = language, .keep = &lexicon->own, .trees = &trees, .cut_context = cut_context};
    for (int i = 0; i < SHAPE_COUNT; i++) lexicon->shape_terms[i] = NO_TERM;
    lexicon->open_glob = NO_TERM;
    lexicon->reasons = path_of(lexicons->settings.dir, language, "reasons.yaml", lexicon->keep);
    if (!exists(lexicon->reasons)) return true;
    Compiler compiler = {.lexicon = lexicon, .lexicons = lexicons, .scratch = &scratch, .trees = &trees, .fail = fail};
    bool fine = compile_language(&compiler);
    if (!fine && fail->source) fail->source = arena_string(lexicon->keep, span_of(fail->source)); /* it may point into trees */
    bool left_out = !fine && (compiler.told || compiler_goes_on(&compiler));
    if (!fine) table_free(&compiler.groups), regexes_free(lexicon);
    if (left_out) lexicon->rule_count = lexicon->term_count = lexicon->test_count = 0;
    arena_free(&trees);
    arena_free(&scratch);
    return fine || left_out;
}

/* Opening — what one thread has when languages are compiled side by side. */
typedef struct {
    Lexicons *lexicons;
    void *cut_context;
    Fail *fails; /* [languages], all threads' */
    bool *fine;  /* [languages], all threads' */
} Opening;

static void open_one(void *own, size_t index) {
    Opening *opening = own;
    opening->fine[index] = open_language(opening->lexicons, opening->lexicons->settings.languages[index], opening->cut_context, &opening->fails[index]);
}

/* Side by side where languages share nothing that is written: codes are all known, and problems are not gathered. The first language's failure is told, whatever was done first. */
static bool open_languages(Lexicons *lexicons, Arena *scratch, Fail *fail) {
    const LexiconSettings *settings = &lexicons->settings;
    bool shared = !lexicons->codebook.language_count || settings->problems;
    size_t threads = settings->each && !shared ? settings->threads : 1;
    Fail *fails = arena_calloc(scratch, settings->language_count, sizeof *fails);
    bool *fine = arena_calloc(scratch, settings->language_count, sizeof *fine);
    Opening *openings = arena_calloc(scratch, threads, sizeof *openings);
    void **owns = arena_calloc(scratch, threads, sizeof *owns);
    for (size_t i = 0; i < threads; i++) openings[i] = (Opening){lexicons, settings->cut_contexts[i], fails, fine}, owns[i] = &openings[i];
    if (threads > 1) settings->each(settings->language_count, threads, owns, open_one);
    for (size_t i = 0; i < settings->language_count; i++) {
        if (threads == 1) open_one(owns[0], i);
        if (fine[i]) continue;
        *fail = fails[i];
        return false;
    }
    return true;
}

static bool open_codebook(Lexicons *lexicons, Arena *keep, Fail *fail) {
    const char *path = path_of(lexicons->settings.dir, NULL, "codebook.yaml", keep);
    if (!exists(path)) return true;
    const YamlNode *root = NULL;
    return yaml_read(path, keep, &root, fail) && codebook_read(lexicons, root, keep, fail) && hash_file(lexicons, path, fail);
}

static bool open_all(Lexicons *lexicons, Arena *keep, Arena *scratch, Fail *fail) {
    if (access(lexicons->settings.dir, R_OK | X_OK) != 0) {
        fail_set(fail, FAIL_FILE, "cannot be read: found no folder of lexicons");
        return fail_at(fail, lexicons->settings.dir, 0, 0);
    }
    if (!open_codebook(lexicons, keep, fail)) return false;
    if (!open_languages(lexicons, scratch, fail)) return false;
    bool any = lexicons->settings.problems && lexicons->settings.problems->count;
    for (size_t i = 0; i < lexicons->settings.language_count; i++) { /* only now are all codes known */
        Lexicon *lexicon = &lexicons->lexicon[i];
        Compiler compiler = {.lexicon = lexicon, .lexicons = lexicons, .scratch = scratch, .fail = fail};
        any = any || lexicon->loaded;
        if (lexicon->loaded && !load_table(&compiler, path_of(lexicons->settings.dir, lexicon->language, "precision.tsv", lexicon->keep), load_precision)) return false;
    }
    for (size_t i = 0; i < lexicons->settings.language_count; i++)
        for (size_t j = 0; j < lexicons->lexicon[i].file_count; j++)
            if (!hash_file(lexicons, lexicons->lexicon[i].files[j], fail)) return false;
    if (any) return true;
    fail_set(fail, FAIL_SETUP, "found no LANG/reasons.yaml, expected one for at least one language");
    return fail_at(fail, lexicons->settings.dir, 0, 0);
}

bool lexicons_open(const LexiconSettings *settings, Arena *keep, const Lexicons **out, Fail *fail) {
    Lexicons *lexicons = arena_calloc(keep, 1, sizeof *lexicons);
    lexicons->settings = *settings;
    Arena scratch = {0};
    bool fine = open_all(lexicons, keep, &scratch, fail);
    arena_free(&scratch);
    if (!fine) {
        if (fail->source) fail->source = arena_string(keep, span_of(fail->source)); /* it may point into a language's arena */
        lexicons_close(lexicons);
        return false;
    }
    snprintf(lexicons->codebook.hash, sizeof lexicons->codebook.hash, "%016llx", (unsigned long long)lexicons->hash);
    *out = lexicons;
    return true;
}

void lexicons_close(const Lexicons *constant) {
    Lexicons *lexicons = (Lexicons *)constant;
    if (!lexicons) return;
    for (size_t i = 0; i < LANGUAGES_MAX; i++) {
        Lexicon *lexicon = &lexicons->lexicon[i];
        regexes_free(lexicon);
        table_free(&lexicon->stems);
        table_free(&lexicon->forms);
        table_free(&lexicon->cased);
        table_free(&lexicon->bare_stems);
        table_free(&lexicon->distinct);
        table_free(&lexicon->glob_starts);
        table_free(&lexicon->units);
        arena_free(&lexicon->own);
    }
    table_free(&lexicons->codes);
}

const Codebook *lexicons_codebook(const Lexicons *lexicons) { return &lexicons->codebook; }

bool lexicons_know(const Lexicons *lexicons, const Language *language) { return language && lexicons->lexicon[language->index].loaded; }

size_t lexicons_rules(const Lexicons *lexicons, const Language *language) { return lexicons->lexicon[language->index].rule_count; }

RuleSource lexicons_source(const Lexicons *lexicons, const Language *language, uint32_t number) {
    const Lexicon *lexicon = &lexicons->lexicon[language->index];
    const Rule *rule = &lexicon->rules[number];
    RuleText text = number < lexicon->text_count ? lexicon->texts[number] : (RuleText){0};
    return (RuleSource){.id = rule->id, .text = text.match, .unless = text.unless, .file = rule->file, .line = rule->line, .column = rule->column, .code = rule->code, .pole = rule->pole,
                        .reason = rule->kind == RULE_REASON};
}

Span lexicons_rule(const Lexicons *lexicons, const Language *language, uint32_t rule) { return lexicons->lexicon[language->index].rules[rule].id; }

LexiconStats lexicons_stats(const Lexicons *lexicons, const Language *language) {
    const Lexicon *lexicon = &lexicons->lexicon[language->index];
    LexiconStats stats = {.terms = lexicon->term_count, .valence = lexicon->valence_count, .shifters = lexicon->shifter_count, .tests = lexicon->test_count};
    for (size_t i = 0; i < lexicon->rule_count; i++) stats.rules += lexicon->rules[i].kind == RULE_REASON;
    return stats;
}

const RuleTest *lexicons_tests(const Lexicons *lexicons, const Language *language, size_t *count) {
    *count = lexicons->lexicon[language->index].test_count;
    return lexicons->lexicon[language->index].tests;
}
