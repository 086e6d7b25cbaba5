/* file — a tally to bytes. One JSON object a line, members always in this order:
 *
 *   {"verbatim_tally":1,"codebook":HASH,"models":[NAME...],"segments":[NAME...],"quotes":K,"languages":["en"...],
 *    "nets":[{"id":ID,"name":{"en":NAME...}}...],
 *    "codes":[{"id":ID,"net":ID,"poles":BOOL,"name":{...},"negative":{...},"positive":{...}}...],      the last two only with poles
 *    "read":N,"tagged":N,"rejected":N,"cells":N}
 *   then a line a cell: the total, then segments in the head's order, values by bytes:
 *   {"segment":NAME|null,"value":TEXT|null,"base":N,"weight":W,"squares":"S",
 *    "sentiment":[[N,W] negative, neutral, mixed, positive],
 *    "codes":{ID:{"negative":[N,W],"positive":[N,W],"any":[N,W]}...}, "nets":{the same},                only what is not 0
 *    "quotes":[{"id":ID,"lang":LANG,"text":TEXT,"tags":[[ID,POLE,[[START,END]...]]...]}...]}
 *
 * N counts responses; W sums their weights in millionths; S sums squared weights in millionths of millionths, decimal digits in a string,
 * for it may need 128 bits; START, END are code points. A quote stands once in a cell, with the codes that it is kept for. */
#include <stdlib.h>

#include "tally/counts.h"

/* ---- JSON ---- */

static void put_string(Buffer *out, Span text) {
    static const char hex[] = "0123456789abcdef";
    buffer_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte == '"' || byte == '\\') buffer_byte(out, '\\'), buffer_byte(out, (char)byte);
        else if (byte >= 0x20) buffer_byte(out, (char)byte);
        else buffer_text(out, "\\u00"), buffer_byte(out, hex[byte >> 4]), buffer_byte(out, hex[byte & 15]);
    }
    buffer_byte(out, '"');
}

/* A comma where something stands before it in its object or array. */
static void put_comma(Buffer *out) {
    char last = out->len ? out->data[out->len - 1] : '{';
    if (last != '{' && last != '[' && last != '\n') buffer_byte(out, ',');
}

static void put_key(Buffer *out, Span key) {
    put_comma(out);
    put_string(out, key);
    buffer_byte(out, ':');
}

static void put_number(Buffer *out, const char *key, uint64_t number) {
    put_key(out, span_of(key));
    buffer_unsigned(out, number);
}

static void put_text(Buffer *out, const char *key, Span text) {
    put_key(out, span_of(key));
    put_string(out, text);
}

static void open_member(Buffer *out, const char *key, char bracket) {
    put_key(out, span_of(key));
    buffer_byte(out, bracket);
}

/* ---- head ---- */

static void put_list(Buffer *out, const char *key, const char *const *names, size_t count) {
    open_member(out, key, '[');
    for (size_t i = 0; i < count; i++) put_comma(out), put_string(out, span_of(names[i]));
    buffer_byte(out, ']');
}

static void put_names(Buffer *out, const char *key, const Codebook *codebook, const Span *names) {
    open_member(out, key, '{');
    for (size_t i = 0; i < codebook->language_count; i++)
        if (names[i].len) put_key(out, codebook->languages[i]), put_string(out, names[i]);
    buffer_byte(out, '}');
}

static void put_net(Buffer *out, const Codebook *codebook, const Net *net) {
    put_comma(out);
    buffer_byte(out, '{');
    put_text(out, "id", net->id);
    put_names(out, "name", codebook, net->name);
    buffer_byte(out, '}');
}

static void put_code(Buffer *out, const Codebook *codebook, const Code *code) {
    put_comma(out);
    buffer_byte(out, '{');
    put_text(out, "id", code->id);
    put_text(out, "net", codebook->nets[code->net].id);
    buffer_text(out, code->poles ? ",\"poles\":true" : ",\"poles\":false");
    put_names(out, "name", codebook, code->name);
    if (code->poles) {
        put_names(out, "negative", codebook, code->negative);
        put_names(out, "positive", codebook, code->positive);
    }
    buffer_byte(out, '}');
}

static void put_codebook(Buffer *out, const Codebook *codebook) {
    open_member(out, "languages", '[');
    for (size_t i = 0; i < codebook->language_count; i++) put_comma(out), put_string(out, codebook->languages[i]);
    buffer_byte(out, ']');
    open_member(out, "nets", '[');
    for (size_t i = 0; i < codebook->net_count; i++) put_net(out, codebook, &codebook->nets[i]);
    buffer_byte(out, ']');
    open_member(out, "codes", '[');
    for (size_t i = 0; i < codebook->code_count; i++) put_code(out, codebook, &codebook->codes[i]);
    buffer_byte(out, ']');
}

static void put_head(Buffer *out, const Tally *tally) {
    TallyTotals totals = tally_totals(tally);
    buffer_text(out, "{\"verbatim_tally\":1");
    put_text(out, "codebook", span_of(tally->codebook->hash));
    put_list(out, "models", tally->models, tally->model_count);
    put_list(out, "segments", tally->segments, tally->segment_count);
    put_number(out, "quotes", tally->quotes);
    put_codebook(out, tally->codebook);
    put_number(out, "read", totals.read);
    put_number(out, "tagged", totals.tagged);
    put_number(out, "rejected", totals.rejected);
    put_number(out, "cells", tally->group_count);
    buffer_text(out, "}\n");
}

/* ---- cells ---- */

static void put_wide(Buffer *out, Wide number) {
    char digits[40];
    size_t first = sizeof digits;
    do digits[--first] = (char)('0' + (int)(number % 10));
    while (number /= 10);
    buffer_append(out, (Span){digits + first, sizeof digits - first});
}

static void put_slot(Buffer *out, Slot slot) {
    buffer_byte(out, '[');
    buffer_unsigned(out, slot.responses);
    buffer_byte(out, ',');
    buffer_unsigned(out, (uint64_t)slot.weight);
    buffer_byte(out, ']');
}

static void put_row(Buffer *out, Span id, const Row *row) {
    static const int order[] = {POLE_NEGATIVE, POLE_POSITIVE, POLE_NONE};
    put_key(out, id);
    buffer_byte(out, '{');
    for (size_t i = 0; i < POLES; i++) {
        if (!row->slots[order[i]].responses) continue;
        put_key(out, span_of(order[i] ? pole_name(order[i]) : "any"));
        put_slot(out, row->slots[order[i]]);
    }
    buffer_byte(out, '}');
}

static void put_rows(Buffer *out, const char *key, const Tally *tally, const Group *group, size_t first, size_t end) {
    open_member(out, key, '{');
    for (size_t i = first; i < end; i++)
        if (group->rows[i] && group->rows[i]->slots[POLE_NONE].responses) put_row(out, row_id(tally->codebook, i), group->rows[i]);
    buffer_byte(out, '}');
}

/* Use — a quote in one of a cell's lists. */
typedef struct {
    const Kept *kept;
    const KeptTag *tag;
} Use;

/* By quote, then by code and pole. */
static int by_quote(const void *a, const void *b) {
    const Use *left = a, *right = b;
    int order = kept_compare(left->kept, right->kept);
    if (!order) order = span_compare(left->kept->lang, right->kept->lang);
    if (!order) order = (left->tag->code > right->tag->code) - (left->tag->code < right->tag->code);
    return order ? order : left->tag->pole - right->tag->pole;
}

static size_t list_uses(const Tally *tally, const Group *group, Use *uses) {
    size_t count = 0;
    for (size_t code = 0; code < tally->codebook->code_count; code++)
        for (int pole = 0; group->rows[code] && group->rows[code]->lists && pole < POLES; pole++) {
            const QuoteList *list = &group->rows[code]->lists[pole];
            for (size_t i = 0; i < list->count; i++, count++)
                if (uses) uses[count] = (Use){list->items[i], kept_tag(list->items[i], code, pole)};
        }
    return count;
}

static void put_use(Buffer *out, const Codebook *codebook, const Use *use) {
    put_comma(out);
    buffer_byte(out, '[');
    put_string(out, codebook->codes[use->tag->code].id);
    buffer_byte(out, ',');
    put_string(out, span_of(pole_name(use->tag->pole)));
    buffer_text(out, ",[");
    for (uint32_t i = 0; i < use->tag->mark_count; i++) {
        Mark mark = use->kept->marks[use->tag->first_mark + i];
        put_slot(out, (Slot){mark.start, mark.end});
        if (i + 1 < use->tag->mark_count) buffer_byte(out, ',');
    }
    buffer_text(out, "]]");
}

static bool same_quote(const Use *a, const Use *b) {
    return kept_compare(a->kept, b->kept) == 0 && span_equal(a->kept->lang, b->kept->lang);
}

static void put_quotes(Buffer *out, const Tally *tally, const Group *group) {
    size_t count = list_uses(tally, group, NULL);
    Use *uses = memory_alloc(count * sizeof *uses);
    list_uses(tally, group, uses);
    if (count) qsort(uses, count, sizeof *uses, by_quote);
    open_member(out, "quotes", '[');
    for (size_t i = 0; i < count; i++) {
        if (!i || !same_quote(&uses[i - 1], &uses[i])) {
            put_comma(out);
            buffer_byte(out, '{');
            put_text(out, "id", uses[i].kept->id);
            put_text(out, "lang", uses[i].kept->lang);
            put_text(out, "text", uses[i].kept->text);
            open_member(out, "tags", '[');
        }
        put_use(out, tally->codebook, &uses[i]);
        if (i + 1 == count || !same_quote(&uses[i], &uses[i + 1])) buffer_text(out, "]}");
    }
    buffer_byte(out, ']');
    memory_free(uses);
}

static void put_group(Buffer *out, const Tally *tally, const Group *group) {
    size_t codes = tally->codebook->code_count;
    if (group->segment == TOTAL) {
        buffer_text(out, "{\"segment\":null,\"value\":null");
    } else {
        buffer_byte(out, '{');
        put_text(out, "segment", span_of(tally->segments[group->segment]));
        put_text(out, "value", group->value);
    }
    put_number(out, "base", group->base);
    put_number(out, "weight", (uint64_t)group->weight);
    buffer_text(out, ",\"squares\":\"");
    put_wide(out, group->squares);
    buffer_byte(out, '"');
    open_member(out, "sentiment", '[');
    for (size_t i = 0; i < SENTIMENT_COUNT; i++) put_comma(out), put_slot(out, group->sentiment[i]);
    buffer_byte(out, ']');
    put_rows(out, "codes", tally, group, 0, codes);
    put_rows(out, "nets", tally, group, codes, tally_rows(tally));
    put_quotes(out, tally, group);
    buffer_text(out, "}\n");
}

void tally_write(const Tally *tally, Buffer *out) {
    put_head(out, tally);
    Group *const *groups = groups_sorted(tally);
    for (size_t i = 0; i < tally->group_count; i++) put_group(out, tally, groups[i]);
}
