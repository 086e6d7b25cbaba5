/* liwc — LIWC's .dic (2007, 2015): categories by number between two lines `%`, then words with the numbers of theirs. */
#include "exchange/dictionary.h"
#include "exchange/gather.h"

typedef struct {
    Dictionary *dictionary;
    Table numbers; /* of categories, as written, to categories */
    uint32_t above[LEVELS_MAX];
    size_t levels;
} Reading;

static bool is_number(Span field) {
    for (size_t i = 0; i < field.len; i++)
        if (!is_digit(field.data[i])) return false;
    return field.len > 0;
}

static Span without_zeros(Span number) {
    while (number.len > 1 && number.data[0] == '0') number.data++, number.len--;
    return number;
}

/* `1<TAB>name`, perhaps with tabs before it that tell its level, and words for people behind it. */
static bool take_category(Reading *reading, Span line, uint64_t number, Fail *fail) {
    Dictionary *dictionary = reading->dictionary;
    size_t level = 0;
    while (level < line.len && line.data[level] == '\t') level++;
    Span rest = line, code, name;
    if (!field_next(&rest, &code)) return true;
    if (!is_number(code) || !field_next(&rest, &name)) return dictionary_fail(dictionary, number, 1, fail, "found '%.*s', expected a category's number and name", (int)(line.len < 80 ? line.len : 80), line.data);
    if (level > reading->levels) level = reading->levels;
    if (level == LEVELS_MAX) return dictionary_fail(dictionary, number, 1, fail, "found more than %d levels, expected fewer", LEVELS_MAX);
    uint32_t *slot = table_put(&reading->numbers, arena_copy(dictionary->keep, without_zeros(code)));
    if (*slot != TABLE_NONE) return lose(dictionary, true, "category", line, number, "expected a number that no other category has"), true;
    size_t count = dictionary->category_count;
    *slot = category_at(dictionary, level ? reading->above[level - 1] : NO_CATEGORY, name, number);
    if (*slot < count) lose(dictionary, false, "category", name, number, "expected a name that no other category has; their words are joined");
    reading->above[level] = *slot;
    reading->levels = level + 1;
    return true;
}

/* The word: up to the first tab, else up to the first blank from which on all is numbers. */
static Span take_term(Span *line) {
    const char *tab = memchr(line->data, '\t', line->len);
    size_t len = tab ? (size_t)(tab - line->data) : 0;
    for (Span rest = *line, field; !tab && field_next(&rest, &field);) {
        if (is_number(field) && len) break;
        len = (size_t)(field.data + field.len - line->data);
    }
    for (size_t i = 1; i + 1 < len; i++) /* a condition stands right behind its word */
        if (is_blank(line->data[i - 1]) && (line->data[i] == '(' || line->data[i] == '<') && (is_digit(line->data[i + 1]) || line->data[i] == '<')) len = i - 1;
    Span term = {line->data, len};
    *line = (Span){line->data + len, line->len - len};
    return span_trim(term);
}

/* Conditions of LIWC 2007, `(02 134)125/464` and `<of>131/125`, depend on other words: the category that holds otherwise is kept. */
static void take_entry(Reading *reading, Span line, uint64_t number) {
    Dictionary *dictionary = reading->dictionary;
    Span whole = line, rest = (line = span_trim(line), line), term = take_term(&rest), field;
    if (!line.len) return;
    Span rule = {NULL, 0};
    bool asked = false, any = false;
    size_t conditions = 0;
    for (bool bracket = false; field_next(&rest, &field);) {
        bool condition = bracket || !is_number(field);
        bracket = (bracket || memchr(field.data, '(', field.len)) && !memchr(field.data, ')', field.len);
        any = true;
        if (condition) {
            if (!conditions++) lose(dictionary, true, "condition", whole, number, "expected numbers of categories, not a condition");
            continue;
        }
        uint32_t category = table_get(&reading->numbers, without_zeros(field));
        if (category == TABLE_NONE) {
            lose(dictionary, true, "category", whole, number, "expected numbers of categories that stand above");
            continue;
        }
        if (!asked) rule = value_rule(dictionary, term, false, number), asked = true;
        if (rule.len) entry_add(dictionary, category, (Entry){.match = rule}, term, number);
    }
    if (!any) lose(dictionary, true, "no category", whole, number, "expected a word and numbers of categories");
}

bool liwc_read(Dictionary *dictionary, Span text, Fail *fail) {
    Reading reading = {.dictionary = dictionary};
    Lines lines = {.rest = text};
    Span line;
    int marks = 0;
    bool fine = true;
    while (fine && line_next(&lines, &line)) {
        bool mark = marks < 2 && span_is(span_trim(line), "%");
        if (mark) marks++;
        else if (marks == 1) fine = take_category(&reading, line, lines.number, fail);
        else if (marks == 2) take_entry(&reading, line, lines.number);
        else if (span_trim(line).len) fine = dictionary_fail(dictionary, lines.number, 1, fail, "found '%.*s', expected a line '%%' before the categories", (int)(line.len < 80 ? line.len : 80), line.data);
    }
    if (fine && marks < 2) fine = dictionary_fail(dictionary, lines.number, 0, fail, "found the end, expected a line '%%' %s the categories", marks ? "after" : "before");
    table_free(&reading.numbers);
    return fine;
}

/* ---- writing ---- */

static Refusal liwc_holds(const Phrase *phrase, const Language *language) {
    Refusal refusal = refuse_gaps(phrase, language);
    for (size_t i = 0; i < phrase->count && !refusal.kind; i++) {
        Span text = phrase->units[i].text;
        const char *star = memchr(text.data, '*', text.len);
        if (phrase->units[i].kind == UNIT_ANY) refusal = (Refusal){"wildcard", "expected no lone '*'"};
        else if (memchr(text.data, '?', text.len) || (star && star != text.data + text.len - 1)) refusal = (Refusal){"wildcard", "expected '*' at the end of a word only"};
    }
    return refusal;
}

static void liwc_write(const Gathered *gathered, Buffer *out) {
    Arena arena = {0};
    TermLines lines = term_lines(gathered, &arena);
    buffer_text(out, "%\n");
    for (uint32_t i = 0; i < gathered->tree.category_count; i++) {
        if (!lines.numbers[i]) continue;
        buffer_printf(out, "%u\t", lines.numbers[i]);
        put_category_path(out, &gathered->tree, i);
        buffer_byte(out, '\n');
    }
    buffer_text(out, "%\n");
    for (size_t i = 0; i < lines.count; i++) {
        buffer_append(out, lines.items[i].term);
        for (size_t j = 0; j < lines.items[i].count; j++) buffer_printf(out, "\t%u", lines.numbers[lines.items[i].categories[j]]);
        buffer_byte(out, '\n');
    }
    arena_free(&arena);
}

const FormatWriter liwc_writer = {.holds = liwc_holds, .write = liwc_write};
