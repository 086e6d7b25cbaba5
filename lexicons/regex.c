/* regex — PCRE2 patterns: compiled, and kept from texts that cannot match them. */
#include <stdlib.h>

#include "base/utf8.h"
#include "compiled.h"

/* ---- words that every match needs ----
 *
 * As RE2's prefilter: a run of letters that must occur stands for a need, alternatives for the union of theirs, and of what follows each other the best counts. A
 * run of letters lies in one word of the text, so a glob finds it when the word is first seen, and the pattern is tried only where one of its words
 * occurs. In a language without spaces a run of ideographs is found as those of rules are. Lookarounds, classes and whatever is optional need nothing.
 * PCRE2 itself looks for a byte that must occur: a search for fixed bytes here saved nothing more. */

enum { WORDS_MAX = 96, LETTERS_MIN = 3 };

typedef struct {
    Span items[WORDS_MAX]; /* globs, runs of ideographs */
    size_t count;
    size_t shortest; /* letters of the shortest; an ideograph is two */
} Wanted;

typedef struct {
    Span pattern;
    bool characters; /* of a language without spaces */
    size_t at;
    int depth;
    Arena *scratch;
} Reading;

static bool alternatives(Reading *reading, bool boundary, Wanted *wanted);

static bool is_ascii_letter(unsigned char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

/* The first byte of U+3000 to U+9FFF: Han and kana, and some marks. */
static bool is_ideograph(unsigned char byte) { return byte >= 0xe3 && byte <= 0xe9; }

static bool is_digit(unsigned char byte) { return byte >= '0' && byte <= '9'; }

static unsigned char byte_at(const Reading *reading, size_t at) { return at < reading->pattern.len ? (unsigned char)reading->pattern.data[at] : '\0'; }

/* Passes over a quantifier; true where it lets what stands before be absent. */
static bool take_quantifier(Reading *reading, bool *any) {
    unsigned char byte = byte_at(reading, reading->at);
    *any = byte == '?' || byte == '*' || byte == '+' || (byte == '{' && is_digit(byte_at(reading, reading->at + 1)));
    if (!*any) return false;
    bool optional = byte == '?' || byte == '*' || (byte == '{' && byte_at(reading, reading->at + 1) == '0');
    if (byte == '{')
        while (byte_at(reading, reading->at) && byte_at(reading, reading->at) != '}') reading->at++;
    reading->at++;
    if (byte_at(reading, reading->at) == '?' || byte_at(reading, reading->at) == '+') reading->at++;
    return optional;
}

static void keep_better(Wanted *best, bool *found, const Wanted *other) {
    bool better = !*found || other->shortest > best->shortest || (other->shortest == best->shortest && other->count < best->count);
    if (!better) return;
    *best = *other;
    *found = true;
}

/* A run of letters that has ended: `boundary` where a word begins with it. */
static void end_run(Reading *reading, Buffer *run, bool boundary, Wanted *best, bool *found) {
    bool ideographs = reading->characters && run->len && is_ideograph((unsigned char)run->data[0]);
    size_t letters = utf8_count(run->data, run->len) * (ideographs ? 2 : 1);
    if (run->len && (ideographs || letters >= LETTERS_MIN)) {
        Buffer glob = {0};
        if (!boundary && !ideographs) buffer_byte(&glob, '*');
        buffer_append(&glob, buffer_span(run));
        if (!ideographs) buffer_byte(&glob, '*');
        Wanted one = {.count = 1, .shortest = letters};
        one.items[0] = arena_copy(reading->scratch, buffer_span(&glob));
        buffer_free(&glob);
        keep_better(best, found, &one);
    }
    run->len = 0;
}

static void skip_class(Reading *reading) {
    reading->at++;
    if (byte_at(reading, reading->at) == '^') reading->at++;
    if (byte_at(reading, reading->at) == ']') reading->at++;
    while (byte_at(reading, reading->at) && byte_at(reading, reading->at) != ']') reading->at += byte_at(reading, reading->at) == '\\' ? 2 : 1;
    reading->at++;
}

/* `(...)`: what it needs, unless it is a lookaround, an option setting, or optional. False where the pattern is not understood. */
static bool read_group(Reading *reading, bool boundary, Wanted *best, bool *found) {
    bool looks = false;
    if (++reading->depth > 32) return false;
    reading->at++;
    if (byte_at(reading, reading->at) == '*') return false;
    if (byte_at(reading, reading->at) == '?') {
        unsigned char kind = byte_at(reading, reading->at + 1), behind = byte_at(reading, reading->at + 2);
        looks = kind == '=' || kind == '!' || (kind == '<' && (behind == '=' || behind == '!'));
        if (kind == ':' || looks) {
            reading->at += kind == '<' ? 3 : 2;
        } else { /* options such as (?-i): nothing but what is set */
            while (byte_at(reading, reading->at) && byte_at(reading, reading->at) != ')' && byte_at(reading, reading->at) != ':') reading->at++;
            if (byte_at(reading, reading->at) == ')') return reading->at++, reading->depth--, true;
            return false;
        }
    }
    Wanted inner = {0};
    bool needs = alternatives(reading, boundary, &inner);
    if (byte_at(reading, reading->at) != ')') return false;
    reading->at++;
    reading->depth--;
    bool any = false, optional = take_quantifier(reading, &any);
    if (needs && !optional && !looks) keep_better(best, found, &inner);
    return true;
}

/* One alternative, up to `|`, `)` or the end. False: it needs no word. */
static bool one_alternative(Reading *reading, bool boundary, Wanted *best) {
    Buffer run = {0};
    bool found = false, fine = true, run_boundary = boundary, any = false;
    for (unsigned char byte; fine && (byte = byte_at(reading, reading->at)) && byte != '|' && byte != ')';) {
        bool letter = is_ascii_letter(byte) || (reading->characters ? is_ideograph(byte) : byte >= 0xc3);
        if (letter) {
            size_t len = byte < 0x80 ? 1 : utf8_len(byte), start = reading->at;
            if (reading->characters && run.len && is_ideograph((unsigned char)run.data[0]) != is_ideograph(byte)) end_run(reading, &run, run_boundary, best, &found);
            if (!run.len) run_boundary = boundary;
            reading->at += len;
            bool optional = take_quantifier(reading, &any);
            if (!optional) buffer_append(&run, (Span){reading->pattern.data + start, len});
            if (any) end_run(reading, &run, run_boundary, best, &found);
            boundary = false;
            continue;
        }
        end_run(reading, &run, run_boundary, best, &found);
        if (byte == '(') {
            fine = read_group(reading, boundary, best, &found);
            boundary = false;
        } else if (byte == '[') {
            skip_class(reading);
            take_quantifier(reading, &any);
            boundary = false;
        } else if (byte == '\\') {
            unsigned char kind = byte_at(reading, reading->at + 1);
            bool outside = kind == 'W' || kind == 's' || kind == 'b' || (kind && !is_ascii_letter(kind) && !is_digit(kind));
            reading->at += 2;
            bool optional = take_quantifier(reading, &any);
            boundary = outside && (kind == 'b' || !optional || boundary);
        } else {
            reading->at++;
            bool optional = take_quantifier(reading, &any);
            boundary = byte == '^' || byte == '$' || (byte != '.' && byte != '\'' && byte != '_' && byte < 0x80 && !is_digit(byte) && (!optional || boundary));
        }
    }
    end_run(reading, &run, run_boundary, best, &found);
    buffer_free(&run);
    return found && fine;
}

/* Alternatives up to `)` or the end: all their words, where each has some. */
static bool alternatives(Reading *reading, bool boundary, Wanted *wanted) {
    bool all = true;
    *wanted = (Wanted){.shortest = SIZE_MAX};
    for (;;) {
        Wanted one = {0};
        all = one_alternative(reading, boundary, &one) && all && wanted->count + one.count <= WORDS_MAX;
        for (size_t i = 0; all && i < one.count; i++) wanted->items[wanted->count++] = one.items[i];
        if (all && one.shortest < wanted->shortest) wanted->shortest = one.shortest;
        if (byte_at(reading, reading->at) != '|') return all;
        reading->at++;
    }
}

/* The term of a run of ideographs; NO_TERM where some are no words, so that a text may hold them without holding the run. */
static uint32_t term_of_ideographs(Compiler *compiler, Span run) {
    const LexiconSettings *settings = &compiler->lexicons->settings;
    Lexicon *lexicon = compiler->lexicon;
    Tokens tokens;
    settings->cut(lexicon->cut_context, run, lexicon->language, &tokens, compiler->scratch);
    if (!tokens.count || tokens.count != utf8_count(run.data, run.len) || tokens.items[tokens.count - 1].sentence != tokens.items[0].sentence) return NO_TERM;
    return term_of_piece(lexicon, &tokens);
}

static uint32_t term_of_wanted(Compiler *compiler, Span word) {
    if (compiler->lexicon->language->characters && is_ideograph((unsigned char)word.data[0])) return term_of_ideographs(compiler, word);
    Node node = {.kind = NODE_WORD, .text = word};
    Fail ignored;
    bool fine = term_of_word(compiler->lexicon, &compiler->lexicons->settings, &node, compiler->scratch, &ignored) && node.kind == NODE_TERM;
    return fine ? node.number : NO_TERM;
}

static void find_words(Compiler *compiler, Regex *regex) {
    Lexicon *lexicon = compiler->lexicon;
    Reading reading = {.pattern = regex->pattern, .characters = lexicon->language->characters, .scratch = compiler->scratch};
    Wanted *wanted = arena_calloc(compiler->scratch, 1, sizeof *wanted);
    if (!alternatives(&reading, true, wanted) || reading.at < regex->pattern.len) return;
    uint32_t *terms = arena_alloc(lexicon->keep, wanted->count * sizeof *terms);
    for (size_t i = 0; i < wanted->count; i++)
        if ((terms[i] = term_of_wanted(compiler, wanted->items[i])) == NO_TERM) return;
    regex->terms = terms;
    regex->term_count = wanted->count;
}

/* ---- compiling ---- */

pcre2_code *regex_compile(Span pattern, uint32_t more, int *code, PCRE2_SIZE *at) {
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C | more;
    pcre2_code *regex = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.len, options, code, at, NULL);
    if (regex) pcre2_jit_compile(regex, PCRE2_JIT_COMPLETE);
    return regex;
}

static bool is_anchored(const pcre2_code *regex) {
    uint32_t options = 0;
    return pcre2_pattern_info(regex, PCRE2_INFO_ALLOPTIONS, &options) == 0 && options & PCRE2_ANCHORED;
}

bool regex_node(Compiler *compiler, Node *node) {
    int code = 0;
    PCRE2_SIZE at = 0;
    pcre2_code *regex = regex_compile(node->text, 0, &code, &at);
    if (!regex) {
        PCRE2_UCHAR message[160];
        pcre2_get_error_message(code, message, sizeof message);
        fail_set(compiler->fail, FAIL_SETUP, "found a regular expression that PCRE2 does not take: %s", (const char *)message);
        compiler->fail->column = node->column + 2 + at;
        return false;
    }
    Lexicon *lexicon = compiler->lexicon;
    node->number = (uint32_t)lexicon->regex_count;
    *ARENA_PUSH(lexicon->trees, lexicon->regexes, lexicon->regex_count, lexicon->regex_capacity) =
        (Regex){.code = regex, .anchored = is_anchored(regex), .pattern = arena_copy(lexicon->keep, node->text)};
    find_words(compiler, &lexicon->regexes[node->number]);
    return true;
}

/* ---- the sieve ---- */

/* Numbers of groups would shift, and verbs like (*ANY) hold for a whole pattern only. */
static bool may_join(Span pattern) {
    for (size_t i = 0; i + 1 < pattern.len; i++) {
        char next = pattern.data[i + 1];
        if (pattern.data[i] == '\\') {
            if ((next >= '1' && next <= '9') || next == 'g' || next == 'k' || next == 'Q') return false;
            i++;
        } else if (pattern.data[i] == '(' && (next == '*' || (next == '?' && i + 2 < pattern.len && !strchr(":=!<", pattern.data[i + 2])))) {
            return false;
        }
    }
    return true;
}

/* Most responses match none of the whole-answer regexes: one pattern that has them all as alternatives says so at the price of one. Only for those that are
 * anchored: with others among them PCRE2 would try all at every place, which cost three times what was saved. */
void regex_sieve(Lexicon *lexicon) {
    Buffer all = {0};
    size_t kept = 0;
    for (size_t i = 0; i < lexicon->always_count; i++) {
        const Op *op = &lexicon->ops[lexicon->rules[lexicon->always[i]].op];
        const Regex *regex = op->kind == NODE_REGEX ? &lexicon->regexes[op->number] : NULL;
        if (!regex || !regex->anchored || !may_join(regex->pattern)) {
            lexicon->always[kept++] = lexicon->always[i];
            continue;
        }
        buffer_text(&all, all.len ? "|(?:" : "(?:");
        buffer_append(&all, regex->pattern);
        buffer_byte(&all, ')');
        *ARENA_PUSH(lexicon->trees, lexicon->sifted, lexicon->sifted_count, lexicon->sifted_capacity) = lexicon->always[i];
    }
    lexicon->always_count = kept;
    int code = 0;
    PCRE2_SIZE at = 0;
    if (all.len) lexicon->sieve.code = regex_compile(buffer_span(&all), 0, &code, &at);
    buffer_free(&all);
}
