/* lexicon — a lexicons folder made of an input, for the targets of the rule language. */
#ifndef VERBATIM_FUZZ_LEXICON_H
#define VERBATIM_FUZZ_LEXICON_H

#include "base/json.h"
#include "fuzz.h"
#include "lexicons.h"
#include "text/text.h"

static Arena lexicon_forever;
static const Languages *lexicon_languages;
static Memo *lexicon_memo;

static inline void lexicon_start(void) {
    Fail fail;
    if (lexicon_memo) return;
    MUST(languages_open(SOURCE_DIR "/lexicons", &lexicon_forever, &lexicon_languages, &fail));
    lexicon_memo = memo_open(lexicon_languages, 1 << 12);
}

static void lexicon_cut(void *context, Span text, const Language *language, Tokens *tokens, Arena *scratch) {
    text_tokens(context, text, language, tokens, scratch);
}

/* Writes one file of the language and takes back those that an earlier input left there. */
static inline void lexicon_write(const char *code, const char *name, Span text) {
    char path[128], local[64];
    for (size_t i = 0; i < languages_count(lexicon_languages); i++) {
        Span other = languages_at(lexicon_languages, i)->code;
        snprintf(path, sizeof path, "%s/%.*s/%s", fuzz_folder(), (int)other.len, other.data, name);
        remove(path);
    }
    snprintf(local, sizeof local, "%s/%s", code, name);
    if (text.len) fuzz_write(path, local, text);
}

static inline void lexicon_try(const Lexicons *lexicons, Matcher *matcher, const Language *language, Span text, Arena *scratch) {
    Tokens tokens;
    Result result;
    size_t bad;
    if (!utf8_check(text, &bad)) return;
    for (int role = 0; role < ROLE_COUNT; role++) {
        text_tokens(lexicon_memo, text, language, &tokens, scratch);
        matcher_run(matcher, &tokens, (Role)role, &result, scratch);
        fuzz_check_result(text, &tokens, &result, lexicons_codebook(lexicons));
        arena_reset(scratch);
    }
}

/* Opens the folder as it stands; what opens must run on the texts, on its own tests, and what does not must say where it is wrong. */
static inline void lexicon_run(const char *code, const Span *texts, size_t count) {
    Arena keep = {0}, scratch = {0};
    Fail fail = {0};
    const Lexicons *lexicons;
    const Language *language = language_find(lexicon_languages, span_of(code));
    LexiconSettings settings = {.dir = fuzz_folder(), .shipped = fuzz_folder(), .cut = lexicon_cut, .cut_contexts = (void *[]){lexicon_memo}};
    settings.language_count = languages_count(lexicon_languages);
    for (size_t i = 0; i < settings.language_count; i++) settings.languages[i] = languages_at(lexicon_languages, i);
    memo_clear(lexicon_memo);
    if (lexicons_open(&settings, &keep, &lexicons, &fail)) {
        Matcher *matcher = matcher_open(lexicons);
        memo_clear(lexicon_memo); /* its words know nothing of this matcher */
        size_t test_count;
        const RuleTest *tests = lexicons_tests(lexicons, language, &test_count);
        for (size_t i = 0; i < count; i++) lexicon_try(lexicons, matcher, language, texts[i], &scratch);
        for (size_t i = 0; i < test_count && i < 20; i++) lexicon_try(lexicons, matcher, language, tests[i].text, &scratch);
        matcher_close(matcher);
        lexicons_close(lexicons);
    } else {
        MUST(fail.code != FAIL_NONE && fail.message[0] && fail.source);
    }
    arena_free(&keep);
    arena_free(&scratch);
}

#endif
