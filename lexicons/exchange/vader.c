/* vader — VADER's lexicon: term, mean, standard deviation and the raters' list, with tabs between. It becomes valence.tsv. */
#include <errno.h>
#include <unistd.h>

#include "exchange/dictionary.h"
#include "exchange/gather.h"

static bool next_tab(Span *rest, Span *field) {
    if (!rest->data) return false;
    const char *tab = memchr(rest->data, '\t', rest->len);
    *field = (Span){rest->data, tab ? (size_t)(tab - rest->data) : rest->len};
    *rest = tab ? (Span){tab + 1, rest->len - field->len - 1} : (Span){NULL, 0};
    return true;
}

static bool has_word(Span term) {
    for (size_t i = 1; i < term.len; i++)
        if (is_letter(term.data[i]) && is_letter(term.data[i - 1])) return true;
    return false;
}

static bool is_figure(Span term) {
    for (size_t i = 0; i < term.len; i++)
        if (!is_digit(term.data[i]) && !strchr("/.,-", term.data[i])) return false;
    return true;
}

/* Signs must be cut as one word (an emoticon or emoji), or what is found would be another one. */
static bool is_cut_whole(Dictionary *dictionary, Span term) {
    if (has_word(term) || is_figure(term)) return true;
    Tokens tokens;
    dictionary->settings->cut(dictionary->settings->cut_context, term, dictionary->settings->language, &tokens, &dictionary->scratch);
    bool whole = tokens.count == 1 && tokens.items[0].start == 0 && tokens.items[0].end == term.len;
    arena_reset(&dictionary->scratch);
    return whole;
}

static Span exact_term(Dictionary *dictionary, Span term, uint64_t line) {
    if (has_wildcard(term) || !is_cut_whole(dictionary, term)) {
        lose(dictionary, true, "no word", term, line, "expected a word, or an emoticon that is found whole");
        return (Span){NULL, 0};
    }
    return value_rule(dictionary, term, false, line);
}

static void take_line(Dictionary *dictionary, Span line, uint64_t number) {
    Span rest = line, term = {"", 0}, mean = {"", 0}, sd = SPAN("0");
    double ignored = 0;
    bool fine = next_tab(&rest, &term) && next_tab(&rest, &mean) && span_trim(term).len;
    if (fine) next_tab(&rest, &sd);
    mean = span_trim(mean), sd = span_trim(sd), term = span_trim(term);
    if (!fine || !decimal_in(mean, -4, 4, &ignored) || !decimal_in(sd, 0, 4, &ignored)) {
        lose(dictionary, true, "row", line, number, "expected term, mean from -4 to 4, sd from 0 to 4, ratings, with tabs between");
        return;
    }
    Span rule = exact_term(dictionary, term, number);
    if (rule.len) valence_add(dictionary, (ValenceEntry){.term = rule, .mean = arena_copy(dictionary->keep, mean), .sd = arena_copy(dictionary->keep, sd)}, term, number);
}

bool vader_read(Dictionary *dictionary, Span text, Fail *fail) {
    Lines lines = {.rest = text};
    Span line;
    while (line_next(&lines, &line))
        if (line.len) take_line(dictionary, line, lines.number);
    return dictionary->valence_count > 0 || dictionary_fail(dictionary, 0, 0, fail, "found no term with a mean and an sd, expected some, with tabs between");
}

/* ---- writing ---- */

typedef struct {
    Dictionary *dictionary;
    Exported *exported;
    const char *file;
    bool fresh; /* the word that was put last had not been put before */
} Writing;

static void lose_line(Writing *writing, bool left_out, const char *kind, Span what, uint64_t line, const char *why) {
    Loss loss = {.file = writing->file, .line = line, .kind = kind, .what = what, .why = span_of(why), .count = 1, .left_out = left_out};
    loss_add(&writing->dictionary->losses, writing->dictionary->keep, loss);
}

/* VADER looks words up in small letters; signs keep theirs. */
static void put_small(Writing *writing, Span word, uint64_t line) {
    Buffer *out = &writing->exported->text;
    Dictionary *dictionary = writing->dictionary;
    size_t start = out->len;
    bool capital = false;
    for (size_t i = 0; i < word.len; i++) {
        bool lower = word.data[i] >= 'A' && word.data[i] <= 'Z' && has_word(word);
        capital = capital || lower;
        buffer_byte(out, lower ? (char)(word.data[i] | 32) : word.data[i]);
    }
    Span put = {out->data + start, out->len - start};
    writing->fresh = table_get(&dictionary->seen, put) == TABLE_NONE;
    if (writing->fresh) *table_put(&dictionary->seen, arena_copy(dictionary->keep, put)) = 1;
    else out->len = start, lose_line(writing, true, "duplicate", word, line, "expected a term once");
    if (writing->fresh && capital) lose_line(writing, false, "case", word, line, "expected no capitals that count");
}

/* VADER looks up one word at a time, as written. */
static void put_term(Writing *writing, Span term, Span numbers, uint64_t line) {
    bool exact = term.len > 2 && term.data[0] == '"' && term.data[term.len - 1] == '"';
    Span word = exact ? (Span){term.data + 1, term.len - 2} : term;
    bool sign = !exact; /* emoji and emoticons have no stem */
    for (size_t i = 0; i < word.len && sign; i++) sign = !is_letter(word.data[i]) || (unsigned char)word.data[0] >= 0xe2;
    writing->exported->terms++;
    if (!is_cut_whole(writing->dictionary, word)) {
        lose_line(writing, true, "signs", term, line, "expected a word, or an emoticon that is found whole");
    } else if (memchr(word.data, ' ', word.len)) {
        lose_line(writing, true, "phrase", term, line, "expected one word");
    } else if (has_wildcard(word)) {
        lose_line(writing, true, "wildcard", term, line, "expected a word without wildcards");
    } else {
        if (!exact && !sign && writing->dictionary->settings->language->stemmer) lose_line(writing, false, "stem", term, line, "expected a form: a word by stem is written as it stands");
        put_small(writing, word, line);
        if (!writing->fresh) return;
        buffer_byte(&writing->exported->text, '\t');
        buffer_append(&writing->exported->text, numbers);
        buffer_text(&writing->exported->text, "\t[]\n");
        writing->exported->terms_held++;
    }
}

bool vader_write(Dictionary *dictionary, const char *path, Exported *exported, Fail *fail) {
    Buffer bytes = {0};
    Writing writing = {.dictionary = dictionary, .exported = exported, .file = path};
    bool fine = exchange_read(path, &bytes, fail);
    Lines lines = {.rest = buffer_span(&bytes)};
    for (Span line; fine && line_next(&lines, &line);) {
        const char *tab = memchr(line.data, '\t', line.len);
        if (!line.len || line.data[0] == '#') continue;
        size_t len = tab ? (size_t)(tab - line.data) : line.len;
        double mean = 0;
        Span rest = {line.data + len + (tab != NULL), line.len - len - (tab != NULL)}, numbers = rest, field;
        if (!tab || !next_tab(&rest, &field) || !decimal_in(field, -4, 4, &mean)) {
            fail_set(fail, FAIL_SETUP, "found '%.*s', expected term, mean from -4 to 4, sd, with tabs between", (int)(line.len < 80 ? line.len : 80), line.data);
            fine = fail_at(fail, path, lines.number, 1);
        } else {
            put_term(&writing, (Span){line.data, len}, numbers, lines.number);
        }
    }
    buffer_free(&bytes);
    return fine;
}
