#include "read/parser.h"

#include <stdio.h>

/* One field of a row, without its quotes. */
typedef struct {
    Span raw;
    bool doubled; /* quotes in it are written twice */
} Cell;

/* The row under work: `at` is the byte to be read next. */
typedef struct {
    Span bytes;
    size_t at;
    char delimiter;
} Row;

static bool csv_fail_at(size_t offset, Fail *fail) {
    fail->offset = offset;
    fail->column = offset + 1;
    return false;
}

/* Reads a field in quotes up to behind its closing one. */
static bool quoted_cell(Row *row, Cell *cell, Fail *fail) {
    const char *end = row->bytes.data + row->bytes.len, *first = row->bytes.data + row->at + 1, *quote = first;
    *cell = (Cell){0};
    while ((quote = memchr(quote, '"', (size_t)(end - quote))) && quote + 1 < end && quote[1] == '"') cell->doubled = true, quote += 2;
    if (!quote) {
        fail_set(fail, FAIL_CSV, "found a quote that is not closed, expected '\"' before the row's end");
        return csv_fail_at(row->at, fail);
    }
    cell->raw = (Span){first, (size_t)(quote - first)};
    row->at = (size_t)(quote + 1 - row->bytes.data);
    if (quote + 1 == end || quote[1] == row->delimiter) return true;
    Span behind = {quote + 1, 1};
    while (behind.data + behind.len < end && ((unsigned char)behind.data[behind.len] & 0xc0) == 0x80) behind.len++;
    fail_set(fail, FAIL_CSV, "found '%.*s' behind a closing quote, expected '%s' or the row's end; a quote inside is written twice",
             (int)behind.len, behind.data, row->delimiter == '\t' ? "\\t" : (char[]){row->delimiter, '\0'});
    return csv_fail_at(row->at, fail);
}

static void plain_cell(Row *row, Cell *cell) {
    const char *first = row->bytes.data + row->at, *end = row->bytes.data + row->bytes.len;
    const char *found = memchr(first, row->delimiter, (size_t)(end - first));
    *cell = (Cell){.raw = {first, (size_t)((found ? found : end) - first)}};
    row->at += cell->raw.len;
}

/* Cuts a row into cells [room]; *count is that of all fields, which may be more. */
static bool row_cells(Span bytes, char delimiter, size_t room, Cell *cells, size_t *count, Fail *fail) {
    Row row = {.bytes = bytes, .delimiter = delimiter};
    for (*count = 0;; row.at++) {
        Cell spare, *cell = *count < room ? &cells[*count] : &spare;
        (*count)++;
        if (row.at < bytes.len && bytes.data[row.at] == '"') {
            if (!quoted_cell(&row, cell, fail)) return false;
        } else {
            plain_cell(&row, cell);
        }
        if (row.at == bytes.len) return true;
    }
}

/* The cell's text: in place, or in the arena with doubled quotes made one. */
static Span cell_text(Cell cell, Arena *arena) {
    if (!cell.doubled) return cell.raw;
    char *out = arena_alloc(arena, cell.raw.len), *next = out;
    for (const char *at = cell.raw.data, *end = at + cell.raw.len; at < end;) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        size_t len = (size_t)((quote ? quote + 1 : end) - at);
        memcpy(next, at, len);
        next += len;
        at += len + (quote ? 1 : 0);
    }
    return (Span){out, (size_t)(next - out)};
}

static bool check_bytes(Span bytes, Fail *fail) {
    size_t bad;
    if (!utf8_check(bytes, &bad)) {
        fail_set(fail, FAIL_ENCODING, "found byte 0x%02x, which is no UTF-8", (unsigned char)bytes.data[bad]);
        return csv_fail_at(bad, fail);
    }
    const char *nul = bytes.len ? memchr(bytes.data, '\0', bytes.len) : NULL;
    if (!nul) return true;
    fail_set(fail, FAIL_ENCODING, "found byte 0x00, expected text");
    return csv_fail_at((size_t)(nul - bytes.data), fail);
}

/* Length of a byte in a JSON string. */
static size_t escaped_len(unsigned char byte) { return byte == '"' || byte == '\\' ? 2 : byte < 0x20 ? 6 : 1; }

static size_t string_len(Span text) {
    size_t len = 2;
    for (size_t i = 0; i < text.len; i++) len += escaped_len((unsigned char)text.data[i]);
    return len;
}

/* Writes text as a JSON string; gives the place behind it. */
static char *string_write(char *out, Span text) {
    static const char hex[] = "0123456789abcdef";
    *out++ = '"';
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        size_t len = escaped_len(byte);
        if (len == 6) memcpy(out, "\\u00", 4), out[4] = hex[byte >> 4], out[5] = hex[byte & 15];
        else if (len == 2) out[0] = '\\', out[1] = (char)byte;
        else out[0] = (char)byte;
        out += len;
    }
    *out++ = '"';
    return out;
}

/* `"name":value` of the columns that no field names. */
static Span kept_cells(const Columns *columns, const Cell *cells, Arena *scratch) {
    size_t size = 0;
    for (size_t i = 0; i < columns->count; i++)
        if (!columns->named[i]) size += columns->keys[i].len + string_len(cells[i].raw) + 1;
    if (!size) return (Span){0};
    char *out = arena_alloc(scratch, size), *next = out;
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->named[i]) continue;
        if (next > out) *next++ = ',';
        memcpy(next, columns->keys[i].data, columns->keys[i].len);
        next = string_write(next + columns->keys[i].len, cell_text(cells[i], scratch));
    }
    return (Span){out, (size_t)(next - out)};
}

/* `'a', 'b', ...`, for a message about a header. */
static const char *list_names(const Columns *columns, char *list, size_t size) {
    size_t len = 0;
    list[0] = '\0';
    for (size_t i = 0; i < columns->count && len < size; i++) {
        if (len + 60 > size) return snprintf(list + len, size - len, ", ..."), list;
        len += (size_t)snprintf(list + len, size - len, "%s'%.*s'", i ? ", " : "", excerpt_len(columns->names[i]), columns->names[i].data);
    }
    return list;
}

/* Finds a slot's column. A name that stands twice is of no use: nobody could say which one was meant. */
static bool columns_find(Columns *columns, const ReadSettings *settings, size_t slot, Fail *fail) {
    char list[160];
    Span name = span_of(field_name(settings, slot));
    size_t *found = &columns->of_slot[slot];
    *found = SIZE_MAX;
    for (size_t i = 0; i < columns->count; i++) {
        if (!span_equal(columns->names[i], name)) continue;
        if (*found != SIZE_MAX) return fail_set(fail, FAIL_CSV, "found two columns '%.*s', expected one", excerpt_len(name), name.data);
        *found = i;
        columns->named[i] = true;
    }
    if (*found != SIZE_MAX || !field_is_given(settings, slot)) return true;
    return fail_set(fail, FAIL_MISSING, "found columns %s, expected '%.*s'", list_names(columns, list, sizeof list), excerpt_len(name),
                    name.data);
}

static bool columns_cut(Span header, char delimiter, Columns *columns, Arena *keep, Fail *fail) {
    Cell *cells = NULL;
    /* The first time counts. */
    if (!row_cells(header, delimiter, 0, NULL, &columns->count, fail)) return false;
    cells = arena_calloc(keep, columns->count, sizeof *cells);
    columns->names = arena_calloc(keep, columns->count, sizeof *columns->names);
    columns->named = arena_calloc(keep, columns->count, sizeof *columns->named);
    if (!row_cells(header, delimiter, columns->count, cells, &columns->count, fail)) return false;
    for (size_t i = 0; i < columns->count; i++) columns->names[i] = cell_text(cells[i], keep);
    return true;
}

static void columns_keys(Columns *columns, Arena *keep) {
    columns->keys = arena_calloc(keep, columns->count, sizeof *columns->keys);
    for (size_t i = 0; i < columns->count; i++) {
        char *key = arena_alloc(keep, string_len(columns->names[i]) + 1), *end = string_write(key, columns->names[i]);
        *end++ = ':';
        columns->keys[i] = (Span){key, (size_t)(end - key)};
    }
}

bool columns_open(Span header, char delimiter, const ReadSettings *settings, Arena *keep, const Columns **out, Fail *fail) {
    Columns *columns = arena_calloc(keep, 1, sizeof *columns);
    columns->delimiter = delimiter;
    columns->of_slot = arena_calloc(keep, slots_count(settings), sizeof *columns->of_slot);
    if (!check_bytes(header, fail) || !columns_cut(arena_copy(keep, header), delimiter, columns, keep, fail)) return false;
    for (size_t slot = 0; slot < slots_count(settings); slot++) {
        columns->of_slot[slot] = SIZE_MAX;
        if (slot == FIELD_CODERS || slot == FIELD_ASPECTS || (!settings->gold && (slot == FIELD_LABELS || slot == FIELD_SENTIMENT))) continue;
        if (!columns_find(columns, settings, slot, fail)) return false;
    }
    if (settings->keep) columns_keys(columns, keep);
    *out = columns;
    return true;
}

/* A row under work. */
typedef struct {
    const ReadSettings *settings;
    const Columns *columns;
    Span bytes;
    const Cell *cells;
    Arena *scratch;
    Fail *fail;
} Line;

/* A slot's text; data NULL where the file has no such column or nothing stands there. */
static Span slot_text(const Line *line, size_t slot) {
    size_t column = line->columns->of_slot[slot];
    if (column == SIZE_MAX || !line->cells[column].raw.len) return (Span){0};
    return cell_text(line->cells[column], line->scratch);
}

static bool fail_at_slot(const Line *line, size_t slot) {
    return csv_fail_at((size_t)(line->cells[line->columns->of_slot[slot]].raw.data - line->bytes.data), line->fail);
}

static bool read_number(const Line *line, size_t slot, double *number, bool *there) {
    Span text = span_trim(slot_text(line, slot));
    *there = text.len;
    if (!text.len || number_parse(text, number)) return true;
    const char *name = field_name(line->settings, slot);
    fail_set(line->fail, FAIL_TYPE, "found '%.*s' for '%.*s', expected a number", excerpt_len(text), text.data, excerpt_len(span_of(name)),
             name);
    return fail_at_slot(line, slot);
}

static bool read_numbers(const Line *line, Doc *doc) {
    double weight;
    bool weighted;
    if (!read_number(line, FIELD_RATING, &doc->rating, &doc->has_rating)) return false;
    if (!read_number(line, FIELD_WEIGHT, &weight, &weighted)) return false;
    if (!weighted || weight_set(weight, doc, line->fail)) return true;
    return fail_at_slot(line, FIELD_WEIGHT);
}

static void read_segments(const Line *line, Doc *doc) {
    size_t count = line->settings->segment_count;
    if (!count) return;
    doc->segments = arena_calloc(line->scratch, count, sizeof *doc->segments);
    doc->segment_count = count;
    for (size_t i = 0; i < count; i++) doc->segments[i] = (Segment){span_of(line->settings->segments[i]), slot_text(line, FIELD_COUNT + i)};
}

/* Labels stand in one column, with spaces or ';' between them. */
static void read_gold(const Line *line, Gold *gold) {
    Span labels = slot_text(line, FIELD_LABELS);
    size_t capacity = 0;
    gold->sentiment = slot_text(line, FIELD_SENTIMENT);
    gold->has_labels = line->columns->of_slot[FIELD_LABELS] != SIZE_MAX;
    for (size_t i = 0; i < labels.len;) {
        size_t first = i;
        while (i < labels.len && labels.data[i] != ' ' && labels.data[i] != ';') i++;
        if (i > first) *ARENA_PUSH(line->scratch, gold->labels, gold->label_count, capacity) = (Span){labels.data + first, i - first};
        if (i < labels.len) i++;
    }
}

static bool read_fields(const Line *line, Doc *doc, Gold *gold) {
    doc->id = slot_text(line, FIELD_ID);
    doc->text = slot_text(line, FIELD_TEXT);
    if (!doc->text.data) doc->text = SPAN("");
    doc->lang = slot_text(line, FIELD_LANG);
    doc->question = slot_text(line, FIELD_QUESTION);
    doc->time = slot_text(line, FIELD_TIME);
    read_segments(line, doc);
    if (line->settings->gold) read_gold(line, gold);
    if (line->settings->keep) doc->keep = kept_cells(line->columns, line->cells, line->scratch);
    return read_numbers(line, doc);
}

bool csv_parse(Parser *parser, const Record *record, const Columns *columns, Doc *doc, Gold *gold, Arena *scratch, Fail *fail) {
    Cell *cells = arena_alloc(scratch, columns->count * sizeof *cells);
    size_t count;
    if (!check_bytes(record->bytes, fail) || !row_cells(record->bytes, columns->delimiter, columns->count, cells, &count, fail))
        return false;
    if (count != columns->count) return fail_set(fail, FAIL_CSV, "found %zu columns, expected %zu", count, columns->count);
    Line line = {
        .settings = parser->settings, .columns = columns, .bytes = record->bytes, .cells = cells, .scratch = scratch, .fail = fail};
    return read_fields(&line, doc, gold);
}
