/* page — the report: one HTML file that needs nothing else.
 *
 * report/dist/page.html is the page's own code and style. The build puts its bytes into page_template (embed.cmake); the marker in it is
 * replaced by one JSON object, shaped as report/DATA.md says. The object stands inside <script>: no text of a respondent may end that, so <
 * > & are \u escapes. */
#define _GNU_SOURCE /* memmem */
#include "base/arena.h"
#include "write/page_template.h"
#include "write/put.h"
#include "write/write.h"

static const char marker[] = "/*VERBATIM_DATA*/null";

static void put_comma(Buffer *out) {
    char last = out->len ? out->data[out->len - 1] : '{';
    if (last != '{' && last != '[') buffer_byte(out, ',');
}

static void put_key(Buffer *out, Span key) {
    put_comma(out);
    escape_script(out, key);
    buffer_byte(out, ':');
}

static void put_text(Buffer *out, const char *key, Span text) {
    put_key(out, span_of(key));
    escape_script(out, text);
}

static void put_number(Buffer *out, const char *key, uint64_t number) {
    put_key(out, span_of(key));
    buffer_unsigned(out, number);
}

static void put_open(Buffer *out, const char *key, char bracket) {
    put_key(out, span_of(key));
    buffer_byte(out, bracket);
}

/* ---- names ---- */

static void put_names(Buffer *out, const char *key, const Codebook *codebook, const Span *names) {
    put_open(out, key, '{');
    for (size_t i = 0; i < codebook->language_count; i++)
        if (names[i].len) put_key(out, codebook->languages[i]), escape_script(out, names[i]);
    buffer_byte(out, '}');
}

static void put_codebook(Buffer *out, const Codebook *codebook) {
    put_open(out, "nets", '[');
    for (size_t i = 0; i < codebook->net_count; i++) {
        put_comma(out);
        buffer_byte(out, '{');
        put_text(out, "id", codebook->nets[i].id);
        put_names(out, "name", codebook, codebook->nets[i].name);
        buffer_byte(out, '}');
    }
    buffer_byte(out, ']');
    put_open(out, "codes", '[');
    for (size_t i = 0; i < codebook->code_count; i++) {
        const Code *code = &codebook->codes[i];
        put_comma(out);
        buffer_byte(out, '{');
        put_text(out, "id", code->id);
        put_text(out, "net", codebook->nets[code->net].id);
        buffer_text(out, code->poles ? ",\"poles\":true" : ",\"poles\":false");
        put_names(out, "name", codebook, code->name);
        if (code->poles) put_names(out, "negative", codebook, code->negative), put_names(out, "positive", codebook, code->positive);
        buffer_byte(out, '}');
    }
    buffer_byte(out, ']');
}

/* ---- counts ---- */

/* Once responses and share; with the interval for codes. */
static void put_count(Buffer *out, Span key, Count count, bool interval) {
    put_key(out, key);
    buffer_byte(out, '[');
    buffer_unsigned(out, count.responses);
    buffer_byte(out, ',');
    put_share(out, count.share);
    if (interval) {
        buffer_byte(out, ',');
        put_share(out, count.low);
        buffer_byte(out, ',');
        put_share(out, count.high);
    }
    buffer_byte(out, ']');
}

static void put_row(Buffer *out, const Tally *tally, size_t cell, Span id, size_t row) {
    Count any = tally_count(tally, cell, row, POLE_NONE);
    if (!any.responses) return;
    put_key(out, id);
    buffer_byte(out, '{');
    if (tally_poles(tally, row)) {
        put_count(out, SPAN("negative"), tally_count(tally, cell, row, POLE_NEGATIVE), true);
        put_count(out, SPAN("positive"), tally_count(tally, cell, row, POLE_POSITIVE), true);
        put_count(out, SPAN("any"), any, true);
    } else {
        put_count(out, SPAN(""), any, true);
    }
    buffer_byte(out, '}');
}

/* A net that is called like a code has no counts of its own: one key can only be one of them. */
static bool is_code(const Codebook *codebook, Span id) {
    for (size_t i = 0; i < codebook->code_count; i++)
        if (span_equal(codebook->codes[i].id, id)) return true;
    return false;
}

static void put_counts(Buffer *out, const Tally *tally, size_t cell) {
    const Codebook *codebook = tally_codebook(tally);
    put_open(out, "counts", '{');
    for (size_t i = 0; i < codebook->code_count; i++) put_row(out, tally, cell, codebook->codes[i].id, i);
    for (size_t i = 0; i < codebook->net_count; i++)
        if (!is_code(codebook, codebook->nets[i].id)) put_row(out, tally, cell, codebook->nets[i].id, codebook->code_count + i);
    buffer_byte(out, '}');
}

static void put_cell(Buffer *out, const Tally *tally, size_t index) {
    Cell cell = tally_cell(tally, index);
    put_comma(out);
    if (cell.segment) {
        buffer_byte(out, '{');
        put_text(out, "segment", span_of(cell.segment));
        put_text(out, "value", cell.value);
    } else {
        PUT(out, "{\"segment\":null,\"value\":null");
    }
    put_number(out, "base", cell.base);
    put_key(out, SPAN("weight"));
    put_millionths(out, cell.base_weight);
    buffer_text(out, cell.weighted ? ",\"weighted\":true" : ",\"weighted\":false");
    put_open(out, "sentiment", '{');
    for (int label = 0; label < SENTIMENT_COUNT; label++)
        put_count(out, span_of(sentiment_name(label)), tally_sentiment(tally, index, label), false);
    buffer_byte(out, '}');
    put_counts(out, tally, index);
    buffer_byte(out, '}');
}

/* ---- quotes ---- */

static void put_quote(Buffer *out, size_t cell, Span code, int pole, const Quote *quote) {
    put_comma(out);
    buffer_byte(out, '{');
    put_number(out, "cell", cell);
    put_text(out, "code", code);
    put_text(out, "pole", span_of(pole_name(pole)));
    put_text(out, "id", quote->id);
    put_text(out, "lang", quote->lang);
    put_text(out, "text", quote->text);
    put_open(out, "marks", '[');
    for (size_t i = 0; i < quote->mark_count; i++) {
        put_comma(out);
        buffer_byte(out, '[');
        buffer_unsigned(out, quote->marks[i].start);
        buffer_byte(out, ',');
        buffer_unsigned(out, quote->marks[i].end);
        buffer_byte(out, ']');
    }
    PUT(out, "]}");
}

static void put_quotes(Buffer *out, const Tally *tally) {
    const Codebook *codebook = tally_codebook(tally);
    Quote *quotes = memory_alloc(QUOTES_MAX * sizeof *quotes);
    put_open(out, "quotes", '[');
    for (size_t cell = 0; cell < tally_cells(tally); cell++)
        for (size_t code = 0; code < codebook->code_count; code++)
            for (int pole = POLE_NONE; pole <= POLE_POSITIVE; pole++) {
                size_t count = tally_quotes(tally, cell, code, pole, quotes, QUOTES_MAX);
                for (size_t i = 0; i < count; i++) put_quote(out, cell, codebook->codes[code].id, pole, &quotes[i]);
            }
    buffer_byte(out, ']');
    memory_free(quotes);
}

void page_data(Buffer *out, const Tally *tally, const char *language) {
    TallyTotals totals = tally_totals(tally);
    buffer_byte(out, '{');
    put_text(out, "language", span_of(language));
    put_open(out, "totals", '{');
    put_number(out, "read", totals.read);
    put_number(out, "tagged", totals.tagged);
    put_number(out, "rejected", totals.rejected);
    buffer_byte(out, '}');
    put_open(out, "segments", '[');
    for (size_t i = 0; i < tally_segments(tally); i++) put_comma(out), escape_script(out, span_of(tally_segment(tally, i)));
    buffer_byte(out, ']');
    put_codebook(out, tally_codebook(tally));
    put_open(out, "cells", '[');
    for (size_t cell = 0; cell < tally_cells(tally); cell++) put_cell(out, tally, cell);
    buffer_byte(out, ']');
    put_quotes(out, tally);
    buffer_byte(out, '}');
}

/* The build has made sure that the marker stands in the template, once. */
void page_html(Buffer *out, const Tally *tally, const char *language) {
    const char *text = (const char *)page_template, *end = text + page_template_len;
    const char *place = memmem(text, page_template_len, marker, sizeof marker - 1);
    buffer_append(out, (Span){text, (size_t)((place ? place : end) - text)});
    if (!place) return;
    page_data(out, tally, language);
    place += sizeof marker - 1;
    buffer_append(out, (Span){place, (size_t)(end - place)});
}
