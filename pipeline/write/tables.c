/* tables — a tally as rows that a person, a spreadsheet or a program reads. */
#include <utf8proc.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "write/put.h"
#include "write/write.h"

/* Line — one row of every cell: a code, net or sentiment label at a pole. */
typedef struct {
    enum { LINE_SENTIMENT, LINE_NET, LINE_CODE } kind;
    size_t index; /* label, net, or code */
    int pole;
    uint64_t total; /* responses in all */
} Line;

typedef struct {
    const Tally *tally;
    const Codebook *codebook;
    Line *lines;
    size_t count;
    bool weighted; /* responses and base are sums of weights */
} Lines;

static size_t row_index(const Lines *lines, const Line *line) {
    return line->kind == LINE_NET ? lines->codebook->code_count + line->index : line->index;
}

/* A net's responses at neither pole: those of its codes without poles. */
static bool has_poleless(const Codebook *codebook, size_t net) {
    for (size_t i = 0; i < codebook->code_count; i++)
        if (codebook->codes[i].net == net && !codebook->codes[i].poles) return true;
    return false;
}

static void add_line(Lines *lines, Line line) {
    line.total = tally_count(lines->tally, 0, row_index(lines, &line), line.pole).responses;
    if (line.total) lines->lines[lines->count++] = line;
}

/* The poles of a code or net that occur, negative first. */
static void add_poles(Lines *lines, Line line) {
    bool poles = tally_poles(lines->tally, row_index(lines, &line));
    for (line.pole = POLE_NEGATIVE; poles && line.pole <= POLE_POSITIVE; line.pole++) add_line(lines, line);
    line.pole = POLE_NONE;
    if (!poles || (line.kind == LINE_NET && has_poleless(lines->codebook, line.index))) add_line(lines, line);
}

static bool is_code(const Codebook *codebook, Span id) {
    for (size_t i = 0; i < codebook->code_count; i++)
        if (span_equal(codebook->codes[i].id, id)) return true;
    return false;
}

static Lines lines_open(const Tally *tally) {
    Lines lines = {.tally = tally, .codebook = tally_codebook(tally), .weighted = tally_cell(tally, 0).weighted};
    const Codebook *codebook = lines.codebook;
    lines.lines = memory_alloc((SENTIMENT_COUNT + 3 * (codebook->code_count + codebook->net_count)) * sizeof(Line));
    bool *seen = memset(memory_alloc(codebook->net_count), 0, codebook->net_count);
    for (size_t label = 0; label < SENTIMENT_COUNT; label++)
        lines.lines[lines.count++] =
            (Line){.kind = LINE_SENTIMENT, .index = label, .total = tally_sentiment(tally, 0, (int)label).responses};
    for (size_t i = 0; i < codebook->code_count; i++) {
        size_t net = codebook->codes[i].net;
        if (!seen[net] && !is_code(codebook, codebook->nets[net].id)) add_poles(&lines, (Line){.kind = LINE_NET, .index = net});
        seen[net] = true;
        add_poles(&lines, (Line){.kind = LINE_CODE, .index = i});
    }
    memory_free(seen);
    return lines;
}

static void lines_free(Lines *lines) { memory_free(lines->lines); }

static Span line_code(const Lines *lines, const Line *line) {
    switch (line->kind) {
    case LINE_SENTIMENT: return SPAN("sentiment");
    case LINE_NET: return lines->codebook->nets[line->index].id;
    default: return lines->codebook->codes[line->index].id;
    }
}

/* Empty where it has none. */
static Span line_pole(const Line *line) {
    return span_of(line->kind == LINE_SENTIMENT ? sentiment_name((int)line->index) : pole_name(line->pole));
}

static Count line_count(const Lines *lines, const Line *line, size_t cell) {
    if (line->kind == LINE_SENTIMENT) return tally_sentiment(lines->tally, cell, (int)line->index);
    return tally_count(lines->tally, cell, row_index(lines, line), line->pole);
}

static void put_count(Buffer *out, const Lines *lines, uint64_t responses, int64_t weight) {
    if (lines->weighted) put_millionths(out, weight);
    else buffer_unsigned(out, responses);
}

/* ---- CSV ---- */

static void csv_row(Buffer *out, const Lines *lines, const Line *line, size_t cell_index) {
    Cell cell = tally_cell(lines->tally, cell_index);
    Count count = line_count(lines, line, cell_index);
    escape_csv(out, span_of(cell.segment ? cell.segment : ""));
    buffer_byte(out, ',');
    escape_csv(out, cell.value);
    buffer_byte(out, ',');
    escape_csv(out, line_code(lines, line));
    buffer_byte(out, ',');
    buffer_append(out, line_pole(line));
    buffer_byte(out, ',');
    put_count(out, lines, count.responses, count.weight);
    buffer_byte(out, ',');
    put_count(out, lines, cell.base, cell.base_weight);
    double figures[] = {count.share, count.low, count.high};
    for (size_t i = 0; i < 3; i++) buffer_byte(out, ','), put_share(out, figures[i]);
    buffer_byte(out, '\n');
}

void table_csv(Buffer *out, const Tally *tally) {
    Lines lines = lines_open(tally);
    PUT(out, "segment,value,code,polarity,responses,base,share,low,high\n");
    for (size_t cell = 0; cell < tally_cells(tally); cell++)
        for (size_t i = 0; i < lines.count; i++) csv_row(out, &lines, &lines.lines[i], cell);
    lines_free(&lines);
}

/* ---- JSON ---- */

static void json_or_null(Buffer *out, const char *key, Span text, bool there) {
    buffer_text(out, key);
    if (there) escape_json(out, text);
    else PUT(out, "null");
}

static void json_row(Buffer *out, const Lines *lines, const Line *line, size_t cell_index) {
    Cell cell = tally_cell(lines->tally, cell_index);
    Count count = line_count(lines, line, cell_index);
    Span pole = line_pole(line);
    json_or_null(out, "{\"segment\":", span_of(cell.segment), cell.segment);
    json_or_null(out, ",\"value\":", cell.value, cell.segment);
    json_or_null(out, ",\"code\":", line_code(lines, line), true);
    json_or_null(out, ",\"polarity\":", pole, pole.len);
    PUT(out, ",\"responses\":");
    put_count(out, lines, count.responses, count.weight);
    PUT(out, ",\"base\":");
    put_count(out, lines, cell.base, cell.base_weight);
    PUT(out, ",\"share\":");
    put_share(out, count.share);
    PUT(out, ",\"low\":");
    put_share(out, count.low);
    PUT(out, ",\"high\":");
    put_share(out, count.high);
    buffer_byte(out, '}');
}

void table_json(Buffer *out, const Tally *tally) {
    Lines lines = lines_open(tally);
    buffer_byte(out, '[');
    for (size_t cell = 0; cell < tally_cells(tally); cell++)
        for (size_t i = 0; i < lines.count; i++) {
            buffer_text(out, cell || i ? ",\n" : "\n");
            json_row(out, &lines, &lines.lines[i], cell);
        }
    PUT(out, "\n]\n");
    lines_free(&lines);
}

/* ---- text ---- */

/* Columns of 100: id, name, responses 10, share 7, interval 15, and the spaces between. */
enum { ID_COLUMNS = 32, NAME_COLUMNS = 30 };

static size_t point_columns(uint32_t point) {
    int width = utf8proc_charwidth((utf8proc_int32_t)point);
    return width > 0 ? (size_t)width : 0;
}

/* The text in exactly so many columns, cut with … where it is wider. Chinese takes two columns a character. */
static void put_cell(Buffer *out, Span text, size_t columns) {
    Buffer clean = {0};
    escape_terminal(&clean, text);
    size_t width = 0, cut = 0, cut_width = 0;
    for (size_t at = 0; at < clean.len; at += utf8_len((unsigned char)clean.data[at])) {
        if (width + 1 <= columns) cut = at, cut_width = width;
        width += point_columns(utf8_decode(clean.data + at));
    }
    if (width <= columns) {
        buffer_append(out, buffer_span(&clean));
    } else {
        buffer_append(out, (Span){clean.data, cut});
        PUT(out, "…");
        width = cut_width + 1;
    }
    while (width++ < columns) buffer_byte(out, ' ');
    buffer_free(&clean);
}

static void put_right(Buffer *out, Span text, size_t columns) {
    for (size_t width = text.len; width < columns; width++) buffer_byte(out, ' ');
    buffer_append(out, text);
}

static void put_tenths(Buffer *out, int64_t millionths) {
    uint64_t tenths = ((uint64_t)millionths + 50000) / 100000;
    buffer_unsigned(out, tenths / 10);
    buffer_byte(out, '.');
    buffer_unsigned(out, tenths % 10);
}

/* A share as a percentage: " 4.7". */
static void put_percent(Buffer *out, double share, size_t columns) {
    Buffer text = {0};
    put_tenths(&text, (int64_t)(share * 100000000 + 0.5));
    put_right(out, buffer_span(&text), columns);
    buffer_free(&text);
}

/* In the display language, else in English or the codebook's first, else nothing. */
static Span name_in(const Codebook *codebook, const Span *names, const char *language) {
    Span english = codebook->language_count ? names[0] : (Span){0};
    for (size_t i = 0; i < codebook->language_count; i++) {
        if (span_is(codebook->languages[i], "en") && names[i].len) english = names[i];
        if (span_is(codebook->languages[i], language) && names[i].len) return names[i];
    }
    return english;
}

static Span line_name(const Lines *lines, const Line *line, const char *language) {
    if (line->kind == LINE_SENTIMENT) return SPAN("");
    if (line->kind == LINE_NET) return name_in(lines->codebook, lines->codebook->nets[line->index].name, language);
    const Code *code = &lines->codebook->codes[line->index];
    if (line->pole == POLE_NEGATIVE) return name_in(lines->codebook, code->negative, language);
    if (line->pole == POLE_POSITIVE) return name_in(lines->codebook, code->positive, language);
    return name_in(lines->codebook, code->name, language);
}

static void text_row(Buffer *out, const Lines *lines, const Line *line, size_t cell, const char *language) {
    Count count = line_count(lines, line, cell);
    Buffer text = {0};
    buffer_append(&text, line_code(lines, line));
    if (line_pole(line).len) buffer_byte(&text, ':');
    buffer_append(&text, line_pole(line));
    PUT(out, "  ");
    put_cell(out, buffer_span(&text), ID_COLUMNS);
    buffer_byte(out, ' ');
    put_cell(out, line_name(lines, line, language), NAME_COLUMNS);
    text.len = 0;
    if (lines->weighted) put_tenths(&text, count.weight);
    else buffer_unsigned(&text, count.responses);
    put_right(out, buffer_span(&text), 11);
    put_percent(out, count.share, 7);
    PUT(out, " %  ");
    put_percent(out, count.low, 5);
    PUT(out, " -");
    put_percent(out, count.high, 6);
    buffer_byte(out, '\n');
    buffer_free(&text);
}

static void text_heading(Buffer *out, const Lines *lines, size_t cell_index) {
    Cell cell = tally_cell(lines->tally, cell_index);
    buffer_byte(out, '\n');
    if (cell.segment) {
        escape_terminal(out, span_of(cell.segment));
        PUT(out, " = ");
        escape_terminal(out, cell.value);
    } else {
        PUT(out, "all");
    }
    PUT(out, ": ");
    buffer_unsigned(out, cell.base);
    buffer_text(out, cell.base == 1 ? " response" : " responses");
    if (lines->weighted) PUT(out, ", weighted "), put_tenths(out, cell.base_weight);
    PUT(out, "\n  ");
    put_cell(out, SPAN("code"), ID_COLUMNS);
    buffer_byte(out, ' ');
    put_cell(out, SPAN("name"), NAME_COLUMNS);
    PUT(out, "  responses  share    95 % interval\n");
}

/* The lines of codes, most frequent first, at most `rows`; others keep their place. A stable insertion into a short list. */
static size_t top_lines(const Lines *lines, size_t rows, const Line **top) {
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const Line *line = &lines->lines[i];
        if (line->kind != LINE_CODE) continue;
        size_t place = count;
        while (place && top[place - 1]->total < line->total) place--;
        if (place == rows) continue;
        if (count < rows) count++;
        memmove(top + place + 1, top + place, (count - 1 - place) * sizeof *top);
        top[place] = line;
    }
    return count;
}

static void text_top(Buffer *out, const Lines *lines, const char *language, size_t rows) {
    const Line **top = memory_alloc(lines->count * sizeof *top);
    size_t count = top_lines(lines, rows < lines->count ? rows : lines->count, top);
    text_heading(out, lines, 0);
    for (size_t i = 0; i < lines->count && lines->lines[i].kind == LINE_SENTIMENT; i++) text_row(out, lines, &lines->lines[i], 0, language);
    for (size_t i = 0; i < count; i++) text_row(out, lines, top[i], 0, language);
    memory_free(top);
}

static void text_all(Buffer *out, const Lines *lines, const char *language) {
    for (size_t cell = 0; cell < tally_cells(lines->tally); cell++) {
        text_heading(out, lines, cell);
        for (size_t i = 0; i < lines->count; i++)
            if (line_count(lines, &lines->lines[i], cell).responses) text_row(out, lines, &lines->lines[i], cell, language);
    }
}

void table_text(Buffer *out, const Tally *tally, const char *language, size_t rows) {
    Lines lines = lines_open(tally);
    TallyTotals totals = tally_totals(tally);
    buffer_unsigned(out, totals.read);
    PUT(out, " responses read = ");
    buffer_unsigned(out, totals.tagged);
    PUT(out, " tagged + ");
    buffer_unsigned(out, totals.rejected);
    PUT(out, " rejected\n");
    if (rows) text_top(out, &lines, language, rows);
    else text_all(out, &lines, language);
    lines_free(&lines);
}
