/* liwcx — LIWC-22's .dicx: CSV, a row a word, a column a category; in a cell an X, or the word's weight. */
#include <stdio.h>

#include "exchange/dictionary.h"
#include "exchange/gather.h"

/* ---- rows ---- */

typedef struct {
    Span text;
    size_t at;
    uint64_t line; /* of the row that was read last */
    uint64_t next_line;
    Buffer bytes; /* of its fields */
    size_t *ends; /* [count] */
    size_t count, capacity;
    Arena *keep;
    bool open; /* a quote of it is never closed */
} Rows;

static char byte_at(const Rows *rows) { return rows->at < rows->text.len ? rows->text.data[rows->at] : '\n'; }

static void read_quoted(Rows *rows) {
    rows->at++;
    for (; rows->at < rows->text.len; rows->at++) {
        char byte = rows->text.data[rows->at];
        rows->next_line += byte == '\n';
        if (byte == '"') {
            rows->at++;
            if (byte_at(rows) != '"' || rows->at == rows->text.len) return;
        }
        buffer_byte(&rows->bytes, byte);
    }
    rows->open = true;
}

static bool row_next(Rows *rows) {
    if (rows->at >= rows->text.len) return false;
    rows->line = rows->next_line;
    rows->bytes.len = rows->count = 0;
    for (bool more = true; more;) {
        if (byte_at(rows) == '"') read_quoted(rows);
        while (byte_at(rows) != ',' && byte_at(rows) != '\n') buffer_byte(&rows->bytes, rows->text.data[rows->at++]);
        *ARENA_PUSH(rows->keep, rows->ends, rows->count, rows->capacity) = rows->bytes.len;
        more = byte_at(rows) == ',';
        rows->at++;
    }
    rows->next_line++;
    return true;
}

static Span row_field(const Rows *rows, size_t i) {
    size_t start = i ? rows->ends[i - 1] : 0;
    return rows->bytes.len ? span_trim((Span){rows->bytes.data + start, rows->ends[i] - start}) : (Span){"", 0};
}

/* ---- what the weights are ---- */

typedef struct {
    bool any, small; /* there are weights; all are above 0 and at most 1 */
    uint64_t line;   /* of the first that is not */
    double found;
} Weights;

static bool is_cross(Span cell) { return span_is(cell, "X") || span_is(cell, "x"); }

static Weights weights_of(Span text, Arena *keep) {
    Rows rows = {.text = text, .next_line = 1, .keep = keep};
    Weights weights = {.small = true};
    for (bool header = true; row_next(&rows); header = false)
        for (size_t i = 1; i < rows.count && !header; i++) {
            double weight = 0;
            Span cell = row_field(&rows, i);
            if (!cell.len || is_cross(cell) || !decimal_in(cell, -1e9, 1e9, &weight)) continue;
            weights.any = true;
            if (!weights.small || (weight >= 0 && weight <= 1)) continue;
            weights = (Weights){.any = true, .line = rows.line, .found = weight};
        }
    buffer_free(&rows.bytes);
    return weights;
}

/* ---- reading ---- */

typedef struct {
    Dictionary *dictionary;
    Rows rows;
    uint32_t *categories; /* [columns], the first is the word's */
    size_t columns;
    bool valence;
} Reading;

static bool read_header(Reading *reading, Fail *fail) {
    Dictionary *dictionary = reading->dictionary;
    if (!row_next(&reading->rows)) return dictionary_fail(dictionary, 1, 1, fail, "found nothing, expected a header: DicTerm and categories");
    reading->columns = reading->rows.count;
    if (reading->columns < 2) return dictionary_fail(dictionary, 1, 1, fail, "found one column, expected DicTerm and categories");
    Span first = row_field(&reading->rows, 0);
    if (!span_is(first, "DicTerm")) return dictionary_fail(dictionary, 1, 1, fail, "found '%.*s', expected DicTerm", (int)(first.len < 80 ? first.len : 80), first.data);
    reading->categories = arena_calloc(dictionary->keep, reading->columns, sizeof *reading->categories);
    for (size_t i = 1; i < reading->columns && !reading->valence; i++) {
        size_t count = dictionary->category_count;
        Span name = row_field(&reading->rows, i);
        reading->categories[i] = category_at(dictionary, NO_CATEGORY, name, 1);
        if (reading->categories[i] < count && i > 1) lose(dictionary, false, "category", name, 1, "expected a name that no other column has; their words are joined");
    }
    return true;
}

/* A weight that a rule cannot have is dropped, the word stays. 0 is as an empty cell. */
static void take_cell(Reading *reading, Span rule, Span term, Span cell, uint32_t category) {
    Dictionary *dictionary = reading->dictionary;
    uint64_t line = reading->rows.line;
    double weight = 0;
    if (!is_cross(cell) && !decimal_in(cell, -1e9, 1e9, &weight)) {
        lose(dictionary, true, "cell", cell, line, "expected X or a number");
        return;
    }
    if (!is_cross(cell) && weight == 0) return;
    if (weight == 1) weight = 0;
    if (weight && (weight < WEIGHT_LEAST || weight > 1)) lose(dictionary, false, "weight", cell, line, "expected a weight above 0 and at most 1; the word is taken without"), weight = 0;
    if (rule.len) entry_add(dictionary, category, (Entry){.match = rule, .weight = weight}, term, line);
}

static void take_valence(Reading *reading, Span term, Span cell) {
    Dictionary *dictionary = reading->dictionary;
    double mean = 0;
    if (!decimal_in(cell, -4, 4, &mean)) {
        lose(dictionary, true, "weight", cell, reading->rows.line, "expected a number from -4 to 4");
        return;
    }
    Span rule = value_rule(dictionary, term, false, reading->rows.line);
    if (rule.len) valence_add(dictionary, (ValenceEntry){.term = rule, .mean = arena_copy(dictionary->keep, cell), .sd = SPAN("0")}, term, reading->rows.line);
}

static void take_row(Reading *reading) {
    Dictionary *dictionary = reading->dictionary;
    const Rows *rows = &reading->rows;
    Span term = arena_copy(dictionary->keep, row_field(rows, 0));
    if (rows->count == 1 && !term.len) return;
    if (rows->count > reading->columns || rows->open) {
        lose(dictionary, true, "row", term, rows->line, rows->open ? "expected a quote to be closed" : "expected as many cells as the header has");
        return;
    }
    Span rule = {NULL, 0};
    bool any = false;
    for (size_t i = 1; i < rows->count; i++) {
        Span cell = row_field(rows, i);
        if (!cell.len) continue;
        if (reading->valence) {
            take_valence(reading, term, cell);
        } else {
            if (!any) rule = value_rule(dictionary, term, false, rows->line);
            take_cell(reading, rule, term, cell, reading->categories[i]);
        }
        any = true;
    }
    if (!any) lose(dictionary, true, "no category", term, rows->line, "expected a cell that is not empty");
}

static bool choose(Reading *reading, Span text, Fail *fail) {
    Dictionary *dictionary = reading->dictionary;
    ExchangeAs as = dictionary->settings->as;
    Arena arena = {0};
    Weights weights = weights_of(text, &arena);
    arena_free(&arena);
    reading->valence = as == AS_VALENCE;
    if (as != AS_FORMAT || weights.small) return true;
    return dictionary_fail(dictionary, weights.line, 0, fail, "found weight %g, expected weights above 0 and at most 1: `--as valence` takes them from -4 to 4, `--as rules` drops those", weights.found);
}

bool liwcx_read(Dictionary *dictionary, Span text, Fail *fail) {
    Reading reading = {.dictionary = dictionary, .rows = {.text = text, .next_line = 1, .keep = dictionary->keep}};
    bool fine = choose(&reading, text, fail) && read_header(&reading, fail);
    if (fine && reading.valence && reading.columns != 2)
        fine = dictionary_fail(dictionary, 1, 1, fail, "found %zu categories, expected one for --as valence", reading.columns - 1);
    while (fine && row_next(&reading.rows)) take_row(&reading);
    buffer_free(&reading.rows.bytes);
    return fine;
}

/* ---- writing ---- */

static void put_cell(Buffer *out, Span text) {
    bool quoted = memchr(text.data, ',', text.len) || memchr(text.data, '"', text.len);
    if (quoted) buffer_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"') buffer_byte(out, '"');
        buffer_byte(out, text.data[i]);
    }
    if (quoted) buffer_byte(out, '"');
}

static void put_row(Buffer *out, const Gathered *gathered, const TermLines *lines, const TermLine *line) {
    put_cell(out, line->term);
    size_t next = 0; /* categories of a line are in order, as they were met in order */
    for (uint32_t i = 0; i < gathered->tree.category_count; i++) {
        if (!lines->numbers[i]) continue;
        buffer_byte(out, ',');
        if (next == line->count || line->categories[next] != i) continue;
        if (line->weights[next] > 0) buffer_printf(out, "%.9g", line->weights[next]);
        else buffer_byte(out, 'X');
        next++;
    }
    buffer_byte(out, '\n');
}

static void liwcx_write(const Gathered *gathered, Buffer *out) {
    Arena arena = {0};
    TermLines lines = term_lines(gathered, &arena);
    buffer_text(out, "DicTerm");
    for (uint32_t i = 0; i < gathered->tree.category_count; i++) {
        if (!lines.numbers[i]) continue;
        buffer_byte(out, ',');
        put_category_path(out, &gathered->tree, i);
    }
    buffer_byte(out, '\n');
    for (size_t i = 0; i < lines.count; i++) put_row(out, gathered, &lines, &lines.items[i]);
    arena_free(&arena);
}

static Refusal liwcx_holds(const Phrase *phrase, const Language *language) { return liwc_writer.holds(phrase, language); }

const FormatWriter liwcx_writer = {.holds = liwcx_holds, .write = liwcx_write, .weights = true};
