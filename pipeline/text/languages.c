#include "text/languages.h"
#include "text/stem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <utf8proc.h>

enum { FIELDS = 8, REACH_MAX = 1000 };

static bool file_read(const char *path, Arena *keep, Span *text, Fail *fail) {
    FILE *file = fopen(path, "rb");
    if (!file) return fail_set(fail, FAIL_FILE, "cannot open: %s", strerror(errno)), fail_at(fail, path, 0, 0);
    Buffer bytes = {0};
    size_t got;
    do {
        buffer_reserve(&bytes, 1 << 16);
        got = fread(bytes.data + bytes.len, 1, 1 << 16, file);
        bytes.len += got;
    } while (got);
    bool good = !ferror(file);
    fclose(file);
    *text = arena_copy(keep, buffer_span(&bytes));
    buffer_free(&bytes);
    return good || (fail_set(fail, FAIL_FILE, "cannot read"), fail_at(fail, path, 0, 0));
}

static const char *path_join(const char *dir, const char *name, Arena *keep) {
    Buffer path = {0};
    buffer_printf(&path, "%s/%s", dir, name);
    const char *joined = arena_string(keep, buffer_span(&path));
    buffer_free(&path);
    return joined;
}

/* Cuts one line at its tabs; returns how many fields there are, more than `max` included. */
static size_t fields_cut(Span line, Span *fields, size_t max) {
    size_t count = 0;
    for (const char *at = line.data, *end = line.data + line.len; at <= end; count++) {
        const char *tab = at < end ? memchr(at, '\t', (size_t)(end - at)) : NULL;
        const char *stop = tab ? tab : end;
        if (count < max) fields[count] = (Span){at, (size_t)(stop - at)};
        at = stop + 1;
    }
    return count;
}

static bool stemmer_exists(const char *name) {
    Stemmer *stemmer = stemmer_open(name);
    stemmer_close(stemmer);
    return stemmer != NULL;
}

static bool code_is_valid(Span code) {
    bool valid = code.len >= 2 && code.len <= 8;
    for (size_t i = 0; i < code.len; i++) valid = valid && code.data[i] >= 'a' && code.data[i] <= 'z';
    return valid;
}

static bool number_parse(Span field, uint32_t max, uint32_t *number) {
    *number = 0;
    for (size_t i = 0; i < field.len; i++) {
        if (field.data[i] < '0' || field.data[i] > '9' || *number > max) return false;
        *number = *number * 10 + (uint32_t)(field.data[i] - '0');
    }
    return field.len && *number <= max;
}

/* The names in `field`, with spaces between, as FOLD_... bits; - is none. */
static bool folds_parse(Span field, uint8_t *folds, Fail *fail) {
    static const char *const names[] = {"yo", "simplify", "turkish", "arabic", "accents", "bare"};
    enum { COUNT = sizeof names / sizeof *names };
    *folds = 0;
    if (span_is(field, "-")) return true;
    for (size_t at = 0; at <= field.len;) {
        const char *space = memchr(field.data + at, ' ', field.len - at);
        size_t end = space ? (size_t)(space - field.data) : field.len, i = 0;
        while (i < COUNT && !span_is((Span){field.data + at, end - at}, names[i])) i++;
        if (i == COUNT)
            return fail_set(fail, FAIL_SETUP, "found '%.*s', expected yo, simplify, turkish, arabic, accents, bare, or -", (int)field.len, field.data);
        *folds |= (uint8_t)(1u << i);
        at = end + 1;
    }
    return true;
}

/* One line, eight fields, to *language. The message says which field is wrong; the caller adds the place. */
static bool language_parse(Span line, Language *language, Arena *keep, Fail *fail) {
    Span fields[FIELDS];
    size_t count = fields_cut(line, fields, FIELDS);
    if (count != FIELDS) return fail_set(fail, FAIL_SETUP, "found %zu fields, expected %d, with a tab between them", count, FIELDS);
    Span code = fields[0], stemmer = fields[3], tokens = fields[4], reach = fields[5];
    if (!code_is_valid(code))
        return fail_set(fail, FAIL_SETUP, "found code '%.*s', expected 2 to 8 small letters", (int)code.len, code.data);
    *language = (Language){.code = code, .name = fields[1], .own_name = fields[2], .characters = span_is(tokens, "char")};
    if (!span_is(stemmer, "-")) language->stemmer = arena_string(keep, stemmer);
    if (language->stemmer && !stemmer_exists(language->stemmer)) {
        return fail_set(fail, FAIL_SETUP, "found stemmer '%s', expected a name that stem.h knows, or -", language->stemmer);
    }
    if (!language->characters && !span_is(tokens, "word")) {
        return fail_set(fail, FAIL_SETUP, "found tokens '%.*s', expected word or char", (int)tokens.len, tokens.data);
    }
    if (!number_parse(reach, REACH_MAX, &language->reach)) {
        return fail_set(fail, FAIL_SETUP, "found reach '%.*s', expected a number up to %d", (int)reach.len, reach.data, REACH_MAX);
    }
    if (!span_is(fields[7], "-")) language->elides = fields[7];
    return folds_parse(fields[6], &language->folds, fail);
}

static const Language *find_code(const Languages *languages, Span code) {
    for (size_t i = 0; i < languages->count; i++) {
        if (span_equal(languages->items[i].code, code)) return &languages->items[i];
    }
    return NULL;
}

static bool language_add(Languages *languages, const Language *language, Fail *fail) {
    Span code = language->code;
    if (find_code(languages, code))
        return fail_set(fail, FAIL_SETUP, "found '%.*s' again, expected each language once", (int)code.len, code.data);
    if (languages->count == LANGUAGES_MAX - 1) return fail_set(fail, FAIL_SETUP, "found more than %d languages", LANGUAGES_MAX - 1);
    languages->items[languages->count] = *language;
    languages->items[languages->count].index = (uint32_t)languages->count;
    languages->count++;
    return true;
}

static bool languages_parse(Span text, const char *path, Languages *languages, Arena *keep, Fail *fail) {
    uint64_t number = 0;
    for (Span line; line_next(&text, &line);) {
        number++;
        if (!line.len || line.data[0] == '#') continue;
        Language language;
        if (!language_parse(line, &language, keep, fail) || !language_add(languages, &language, fail))
            return fail_at(fail, path, number, 0);
    }
    if (!languages->count) return fail_set(fail, FAIL_SETUP, "found no language, expected at least one"), fail_at(fail, path, 0, 0);
    return true;
}

static bool shortened_parse(Span how, Shortened *shortened) {
    *shortened = span_is(how, "never")   ? SHORTENED_NEVER
                 : span_is(how, "small") ? SHORTENED_BEFORE_SMALL
                 : span_is(how, "digit") ? SHORTENED_BEFORE_DIGIT
                                         : SHORTENED_NOT;
    return *shortened != SHORTENED_NOT;
}

/* abbreviations.tsv; lines of languages that are not ours are passed over. */
static bool abbreviations_parse(Span text, const char *path, Languages *languages, Arena *keep, Fail *fail) {
    uint64_t number = 0;
    for (Span line, fields[3]; line_next(&text, &line);) {
        number++;
        if (!line.len || line.data[0] == '#') continue;
        Shortened shortened;
        if (fields_cut(line, fields, 3) != 3 || !shortened_parse(fields[2], &shortened)) {
            fail_set(fail, FAIL_SETUP, "found '%.*s', expected language, word, and never, small or digit, with a tab between them", (int)line.len, line.data);
            return fail_at(fail, path, number, 0);
        }
        const Language *language = find_code(languages, fields[0]);
        if (!language) continue;
        size_t i = language->index;
        *ARENA_PUSH(keep, languages->abbreviations[i].items, languages->abbreviations[i].count, languages->abbreviations[i].capacity) =
            (Abbreviation){fields[1], shortened};
    }
    return true;
}

static void lower_fill(uint16_t *lower, size_t count) {
    for (size_t i = 0; i < count; i++) {
        utf8proc_int32_t small = utf8proc_tolower((utf8proc_int32_t)i);
        lower[i] = (uint16_t)(small < (utf8proc_int32_t)count ? small : (utf8proc_int32_t)i);
    }
}

bool languages_open(const char *dir, Arena *keep, const Languages **languages, Fail *fail) {
    const char *path = path_join(dir, "languages.tsv", keep), *common = path_join(dir, "common.tsv", keep);
    const char *shortened = path_join(dir, "abbreviations.tsv", keep);
    Span text, words, abbreviations = {0};
    if (!file_read(path, keep, &text, fail) || !file_read(common, keep, &words, fail)) return false;
    if (access(shortened, F_OK) == 0 && !file_read(shortened, keep, &abbreviations, fail)) return false;
    Languages *opened = arena_calloc(keep, 1, sizeof *opened);
    if (!languages_parse(text, path, opened, keep, fail)) return false;
    if (!abbreviations_parse(abbreviations, shortened, opened, keep, fail)) return false;
    opened->kinds = arena_alloc(keep, CHARS_TABLED);
    chars_fill(opened->kinds);
    lower_fill(opened->lower, sizeof opened->lower / sizeof *opened->lower);
    if (!common_load(words, common, opened, keep, fail)) return false;
    opened->items[opened->count] = (Language){.index = (uint32_t)opened->count, .code = {"", 0}, .name = {"", 0}, .own_name = {"", 0}};
    *languages = opened;
    return true;
}

const Language *languages_other(const Languages *languages) { return &languages->items[languages->count]; }
size_t languages_count(const Languages *languages) { return languages->count; }
const Language *languages_at(const Languages *languages, size_t index) { return &languages->items[index]; }

/* ISO 639-2 and -3 codes of languages that have a shorter one, and the kinds of Chinese that are written alike. */
static const char *const aliases[][2] = {
    {"eng", "en"}, {"rus", "ru"}, {"zho", "zh"}, {"chi", "zh"}, {"cmn", "zh"}, {"yue", "zh"}, {"deu", "de"}, {"ger", "de"}, {"fra", "fr"},
    {"fre", "fr"}, {"spa", "es"}, {"por", "pt"}, {"ita", "it"}, {"nld", "nl"}, {"dut", "nl"}, {"pol", "pl"}, {"tur", "tr"}, {"ara", "ar"},
    {"jpn", "ja"}, {"kor", "ko"}, {"vie", "vi"}, {"tha", "th"}, {"ind", "id"}, {"hin", "hi"}, {"ukr", "uk"}, {"ces", "cs"}, {"cze", "cs"},
    {"ron", "ro"}, {"rum", "ro"}, {"swe", "sv"}, {"dan", "da"}, {"fin", "fi"}, {"heb", "he"}, {"ell", "el"}, {"gre", "el"}, {"hun", "hu"},
};

const Language *language_find(const Languages *languages, Span tag) {
    char code[9];
    size_t len = 0;
    tag = span_trim(tag);
    for (; len < tag.len && len < sizeof code && tag.data[len] != '-' && tag.data[len] != '_'; len++) {
        char byte = tag.data[len];
        code[len] = (unsigned char)(byte - 'A') < 26 ? (char)(byte | 32) : byte;
    }
    Span first = {code, len};
    for (size_t i = 0; len == 3 && i < sizeof aliases / sizeof *aliases; i++) {
        if (span_is(first, aliases[i][0])) return find_code(languages, span_of(aliases[i][1]));
    }
    return find_code(languages, first);
}
