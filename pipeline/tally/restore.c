/* restore — bytes that say they are a tally to a Tally; file.c shows what they should look like. Members stand in their order there,
 * so one walk over each object sees all of them, and says which one is missing or should not be there. */
#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"
#include "tally/counts.h"

/* What a file may ask room for. */
enum { VERSION = 1, CODES_LIMIT = 4096, LIST_LIMIT = 4096, HASH_CHARS = 16, LANGUAGES_LIMIT = DISPLAY_MAX };

typedef struct {
    JsonParser *parser;
    const char *source;
    uint64_t line;
    Arena *keep; /* the caller's: codebook and names */
    Codebook *codebook;
    Table codes, nets; /* ids to indices */
    Tally *tally;
    uint64_t cells; /* of the head */
    uint64_t tagged;
    Fail *fail;
} Restore;

static bool wrong(Restore *restore, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool wrong(Restore *restore, const char *format, ...) {
    char message[sizeof restore->fail->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    fail_set(restore->fail, FAIL_SETUP, "%s", message);
    return fail_at(restore->fail, restore->source, restore->line, 0);
}

static int shown(Span text) { return text.len < 60 ? (int)text.len : 60; }

/* ---- one member or item at a time ---- */

static bool take(Restore *restore, JsonWalk *walk, const char *key, JsonValue *value) {
    JsonValue found;
    if (!json_member(walk, &found, value)) return wrong(restore, "found the object's end, expected member '%s'", key);
    Span name = json_string(found);
    return span_is(name, key) || wrong(restore, "found member '%.*s', expected '%s'", shown(name), name.data, key);
}

static bool ended(Restore *restore, JsonWalk *walk) {
    JsonValue key, value;
    if (!json_member(walk, &key, &value)) return true;
    Span name = json_string(key);
    return wrong(restore, "found member '%.*s', expected the object's end", shown(name), name.data);
}

static bool is_type(Restore *restore, const char *what, JsonValue value, JsonType type) {
    JsonType found = json_type(value);
    return found == type || wrong(restore, "%s: found %s, expected %s", what, json_type_name(found), json_type_name(type));
}

static bool take_walk(Restore *restore, JsonWalk *walk, const char *key, JsonType type, JsonWalk *inner) {
    JsonValue value;
    if (!take(restore, walk, key, &value) || !is_type(restore, key, value, type)) return false;
    *inner = json_walk(value);
    return true;
}

static bool take_text(Restore *restore, JsonWalk *walk, const char *key, Span *text) {
    JsonValue value;
    if (!take(restore, walk, key, &value) || !is_type(restore, key, value, JSON_STRING)) return false;
    *text = json_string(value);
    return true;
}

static bool number_of(Restore *restore, const char *what, JsonValue value, uint64_t largest, uint64_t *number) {
    if (!json_uint64(value, number)) {
        JsonType type = json_type(value);
        bool is_number = type == JSON_INT64 || type == JSON_UINT64 || type == JSON_DOUBLE;
        const char *found = is_number ? "a number below 0, above 64 bits or with a fraction" : json_type_name(type);
        return wrong(restore, "%s: found %s, expected a whole number from 0", what, found);
    }
    return *number <= largest ||
           wrong(restore, "%s: found %llu, expected at most %llu", what, (unsigned long long)*number, (unsigned long long)largest);
}

static bool take_number(Restore *restore, JsonWalk *walk, const char *key, uint64_t largest, uint64_t *number) {
    JsonValue value;
    return take(restore, walk, key, &value) && number_of(restore, key, value, largest, number);
}

/* An array of exactly two numbers, as counts and marks are. */
static bool pair_of(Restore *restore, const char *what, JsonValue value, uint64_t most_first, uint64_t most_second, uint64_t pair[2]) {
    if (!is_type(restore, what, value, JSON_ARRAY)) return false;
    JsonWalk walk = json_walk(value);
    JsonValue item;
    for (int i = 0; i < 2; i++) {
        if (!json_item(&walk, &item)) return wrong(restore, "%s: found an array of %d, expected two numbers", what, i);
        if (!number_of(restore, what, item, i ? most_second : most_first, &pair[i])) return false;
    }
    return !json_item(&walk, &item) || wrong(restore, "%s: found an array of more than two, expected two numbers", what);
}

/* Responses and weight: each response weighs a millionth or more. */
static bool slot_of(Restore *restore, const char *what, JsonValue value, const Group *group, Slot *slot) {
    uint64_t pair[2];
    if (!pair_of(restore, what, value, group->base, (uint64_t)group->weight, pair)) return false;
    *slot = (Slot){pair[0], (int64_t)pair[1]};
    if (pair[1] >= pair[0] && (pair[0] || !pair[1])) return true;
    return wrong(restore, "%s: found %llu responses of weight %llu, which cannot be", what, (unsigned long long)pair[0],
                 (unsigned long long)pair[1]);
}

/* ---- head ---- */

static bool add_id(Restore *restore, Table *table, Span id, const char *what, uint32_t index) {
    if (!id.len) return wrong(restore, "found %s without an id", what);
    uint32_t *place = table_put(table, id);
    if (*place != TABLE_NONE) return wrong(restore, "found %s '%.*s' twice", what, shown(id), id.data);
    *place = index;
    return true;
}

/* An array of names, each once and none empty or with a NUL, into keep. */
static bool take_list(Restore *restore, JsonWalk *walk, const char *key, const char ***names, size_t *count) {
    JsonWalk items;
    JsonValue item;
    size_t capacity = 0;
    *names = NULL, *count = 0;
    if (!take_walk(restore, walk, key, JSON_ARRAY, &items)) return false;
    while (json_item(&items, &item)) {
        if (!is_type(restore, key, item, JSON_STRING)) return false;
        Span name = json_string(item);
        if (!name.len || memchr(name.data, '\0', name.len)) return wrong(restore, "%s: found a name that is empty or has a NUL", key);
        for (size_t i = 0; i < *count; i++)
            if (span_is(name, (*names)[i])) return wrong(restore, "%s: found '%.*s' twice", key, shown(name), name.data);
        if (*count == LIST_LIMIT) return wrong(restore, "%s: found more than %d", key, LIST_LIMIT);
        *ARENA_PUSH(restore->keep, *names, *count, capacity) = arena_string(restore->keep, name);
    }
    return true;
}

static bool take_languages(Restore *restore, JsonWalk *walk) {
    const char **names;
    size_t count;
    if (!take_list(restore, walk, "languages", &names, &count)) return false;
    if (count > LANGUAGES_LIMIT) return wrong(restore, "languages: found %zu, expected at most %d", count, LANGUAGES_LIMIT);
    for (size_t i = 0; i < count; i++) restore->codebook->languages[i] = span_of(names[i]);
    restore->codebook->language_count = count;
    return true;
}

static bool take_names(Restore *restore, JsonWalk *walk, const char *key, Span *names) {
    JsonWalk members;
    JsonValue language, name;
    if (!take_walk(restore, walk, key, JSON_OBJECT, &members)) return false;
    while (json_member(&members, &language, &name)) {
        Span code = json_string(language);
        size_t i = 0;
        while (i < restore->codebook->language_count && !span_equal(restore->codebook->languages[i], code)) i++;
        if (i == restore->codebook->language_count)
            return wrong(restore, "%s: found language '%.*s', expected one of `languages`", key, shown(code), code.data);
        if (!is_type(restore, key, name, JSON_STRING)) return false;
        if (names[i].len) return wrong(restore, "%s: found language '%.*s' twice", key, shown(code), code.data);
        names[i] = arena_copy(restore->keep, json_string(name));
    }
    return true;
}

static bool read_net(Restore *restore, JsonValue item) {
    Codebook *codebook = restore->codebook;
    if (!is_type(restore, "a net", item, JSON_OBJECT)) return false;
    JsonWalk walk = json_walk(item);
    Net *net = &codebook->nets[codebook->net_count];
    Span id;
    if (!take_text(restore, &walk, "id", &id)) return false;
    net->id = arena_copy(restore->keep, id);
    return add_id(restore, &restore->nets, net->id, "net", (uint32_t)codebook->net_count++) &&
           take_names(restore, &walk, "name", net->name) && ended(restore, &walk);
}

static bool take_poles(Restore *restore, JsonWalk *walk, bool *poles) {
    JsonValue value;
    if (!take(restore, walk, "poles", &value)) return false;
    JsonType type = json_type(value);
    *poles = type == JSON_TRUE;
    return type == JSON_TRUE || type == JSON_FALSE || wrong(restore, "poles: found %s, expected true or false", json_type_name(type));
}

static bool read_code(Restore *restore, JsonValue item) {
    Codebook *codebook = restore->codebook;
    if (!is_type(restore, "a code", item, JSON_OBJECT)) return false;
    JsonWalk walk = json_walk(item);
    Code *code = &codebook->codes[codebook->code_count];
    Span id, net;
    if (!take_text(restore, &walk, "id", &id) || !take_text(restore, &walk, "net", &net)) return false;
    code->id = arena_copy(restore->keep, id);
    uint32_t index = table_get(&restore->nets, net);
    if (index == TABLE_NONE)
        return wrong(restore, "code '%.*s': found net '%.*s', expected one of `nets`", shown(id), id.data, shown(net), net.data);
    code->net = (uint16_t)index;
    if (!add_id(restore, &restore->codes, code->id, "code", (uint32_t)codebook->code_count++)) return false;
    if (!take_poles(restore, &walk, &code->poles) || !take_names(restore, &walk, "name", code->name)) return false;
    if (code->poles && !(take_names(restore, &walk, "negative", code->negative) && take_names(restore, &walk, "positive", code->positive)))
        return false;
    return ended(restore, &walk);
}

static size_t count_items(JsonWalk walk) {
    size_t count = 0;
    for (JsonValue item; json_item(&walk, &item);) count++;
    return count;
}

static bool take_items(Restore *restore, JsonWalk *walk, const char *key, JsonWalk *items, size_t *count) {
    if (!take_walk(restore, walk, key, JSON_ARRAY, items)) return false;
    *count = count_items(*items);
    return *count <= CODES_LIMIT || wrong(restore, "%s: found %zu, expected at most %d", key, *count, CODES_LIMIT);
}

static bool take_nets(Restore *restore, JsonWalk *walk) {
    JsonWalk items;
    size_t count;
    if (!take_items(restore, walk, "nets", &items, &count)) return false;
    restore->codebook->nets = arena_calloc(restore->keep, count, sizeof(Net));
    for (JsonValue item; json_item(&items, &item);)
        if (!read_net(restore, item)) return false;
    return true;
}

static bool take_codes(Restore *restore, JsonWalk *walk) {
    JsonWalk items;
    size_t count;
    if (!take_items(restore, walk, "codes", &items, &count)) return false;
    restore->codebook->codes = arena_calloc(restore->keep, count, sizeof(Code));
    for (JsonValue item; json_item(&items, &item);)
        if (!read_code(restore, item)) return false;
    return true;
}

static bool take_version(Restore *restore, JsonWalk *walk) {
    uint64_t version;
    if (!take_number(restore, walk, "verbatim_tally", UINT64_MAX, &version)) return false;
    return version == VERSION || wrong(restore, "found a tally of version %llu, expected version %d", (unsigned long long)version, VERSION);
}

static bool take_hash(Restore *restore, JsonWalk *walk) {
    Span hash;
    if (!take_text(restore, walk, "codebook", &hash)) return false;
    bool plain = hash.len <= HASH_CHARS;
    for (size_t i = 0; plain && i < hash.len; i++) plain = strchr("0123456789abcdef", hash.data[i]) && hash.data[i];
    if (!plain)
        return wrong(restore, "codebook: found '%.*s', expected a hash of up to %d hexadecimal digits", shown(hash), hash.data, HASH_CHARS);
    memcpy(restore->codebook->hash, hash.data, hash.len);
    return true;
}

static bool take_totals(Restore *restore, JsonWalk *walk, uint64_t *rejected) {
    uint64_t read;
    if (!take_number(restore, walk, "read", UINT64_MAX, &read) || !take_number(restore, walk, "tagged", UINT64_MAX, &restore->tagged) ||
        !take_number(restore, walk, "rejected", UINT64_MAX, rejected))
        return false;
    return read == sum_counts(restore->tagged, *rejected) || wrong(restore, "found read that is not tagged + rejected");
}

static bool read_head(Restore *restore, JsonValue root) {
    if (!is_type(restore, "the head", root, JSON_OBJECT)) return false;
    JsonWalk walk = json_walk(root);
    TallySettings settings = {.codebook = restore->codebook};
    const char **models, **segments;
    uint64_t quotes, rejected;
    bool fine = take_version(restore, &walk) && take_hash(restore, &walk) &&
                take_list(restore, &walk, "models", &models, &settings.model_count) &&
                take_list(restore, &walk, "segments", &segments, &settings.segment_count) &&
                take_number(restore, &walk, "quotes", QUOTES_MAX, &quotes) && take_languages(restore, &walk) && take_nets(restore, &walk) &&
                take_codes(restore, &walk) && take_totals(restore, &walk, &rejected) &&
                take_number(restore, &walk, "cells", UINT32_MAX, &restore->cells) && ended(restore, &walk);
    if (!fine) return false;
    settings.models = models, settings.segments = segments, settings.quotes = quotes;
    restore->tally = tally_open(&settings);
    restore->tally->rejected = rejected;
    return true;
}

/* ---- cells ---- */

static bool take_place(Restore *restore, JsonWalk *walk, size_t *segment, Span *value) {
    JsonValue name, text;
    if (!take(restore, walk, "segment", &name) || !take(restore, walk, "value", &text)) return false;
    *segment = TOTAL, *value = (Span){0};
    if (json_type(name) == JSON_NULL && json_type(text) == JSON_NULL) return true;
    if (!is_type(restore, "segment", name, JSON_STRING) || !is_type(restore, "value", text, JSON_STRING)) return false;
    *value = json_string(text);
    for (*segment = 0; *segment < restore->tally->segment_count; ++*segment)
        if (span_is(json_string(name), restore->tally->segments[*segment])) return true;
    return wrong(restore, "found segment '%.*s', expected one of the head's", shown(json_string(name)), json_string(name).data);
}

/* The total comes first, then cells in order, each once. */
static bool check_place(Restore *restore, size_t segment, Span value, const Group *last) {
    if (!last || segment == TOTAL)
        return (!last && segment == TOTAL) ||
               wrong(restore, last ? "found the total again, expected it once" : "found a segment value, expected the total first");
    bool behind = last->segment == TOTAL || segment > last->segment || (segment == last->segment && span_compare(value, last->value) > 0);
    return behind || wrong(restore, "found value '%.*s' again or out of order", shown(value), value.data);
}

/* Decimal digits without leading zeros that fit. */
static bool take_squares(Restore *restore, JsonWalk *walk, Wide *squares) {
    Span digits;
    if (!take_text(restore, walk, "squares", &digits)) return false;
    bool fine = digits.len && digits.len < 40 && (digits.len == 1 || digits.data[0] != '0');
    Wide sum = 0;
    for (size_t i = 0; fine && i < digits.len; i++) {
        unsigned digit = (unsigned char)digits.data[i] - (unsigned)'0';
        fine = digit <= 9 && !__builtin_mul_overflow(sum, (Wide)10, &sum) && !__builtin_add_overflow(sum, (Wide)digit, &sum);
    }
    *squares = sum;
    return fine || wrong(restore, "squares: found '%.*s', expected the digits of a number below 2^128", shown(digits), digits.data);
}

/* Weights are from one millionth, so n <= sum w <= sum w^2 <= (sum w)^2; the last cannot be said of a sum that stopped at the top. */
static bool take_base(Restore *restore, JsonWalk *walk, Group *group) {
    uint64_t weight;
    uint64_t most = group->segment == TOTAL ? restore->tagged : restore->tally->groups[0]->base;
    if (!take_number(restore, walk, "base", most, &group->base) || !take_number(restore, walk, "weight", INT64_MAX, &weight) ||
        !take_squares(restore, walk, &group->squares))
        return false;
    group->weight = (int64_t)weight;
    if (group->segment == TOTAL && group->base != restore->tagged)
        return wrong(restore, "found a total of %llu responses, expected the %llu tagged of the head", (unsigned long long)group->base,
                     (unsigned long long)restore->tagged);
    bool fine = weight >= group->base && (group->base || !weight) && group->squares >= weight &&
                (group->squares <= (Wide)weight * weight || weight == INT64_MAX);
    return fine || wrong(restore, "found base, weight and squares that cannot be of the same responses");
}

static bool take_sentiment(Restore *restore, JsonWalk *walk, Group *group) {
    JsonWalk items;
    JsonValue item;
    Slot sum = {0, 0};
    if (!take_walk(restore, walk, "sentiment", JSON_ARRAY, &items)) return false;
    for (size_t i = 0; i < SENTIMENT_COUNT; i++) {
        if (!json_item(&items, &item)) return wrong(restore, "sentiment: found an array of %zu, expected %d counts", i, SENTIMENT_COUNT);
        if (!slot_of(restore, "sentiment", item, group, &group->sentiment[i])) return false;
        slot_add(&sum, group->sentiment[i].responses, group->sentiment[i].weight);
    }
    if (json_item(&items, &item)) return wrong(restore, "sentiment: found an array of more than %d counts", SENTIMENT_COUNT);
    return (sum.responses == group->base && sum.weight == group->weight) ||
           wrong(restore, "sentiment: found counts that do not add up to the base");
}

/* -1: no pole of that row. */
static int pole_named(bool poles, Span name, const char *none) {
    if (span_is(name, none)) return POLE_NONE;
    return poles && span_is(name, "negative") ? POLE_NEGATIVE : poles && span_is(name, "positive") ? POLE_POSITIVE : -1;
}

static bool read_row(Restore *restore, Span id, JsonValue value, Group *group, size_t index) {
    if (group->rows[index]) return wrong(restore, "found counts of '%.*s' twice", shown(id), id.data);
    if (!is_type(restore, "counts", value, JSON_OBJECT)) return false;
    Row *row = row_of(restore->tally, group, index);
    bool poles = row_poles(restore->codebook, index);
    JsonWalk walk = json_walk(value);
    JsonValue key, pair;
    while (json_member(&walk, &key, &pair)) {
        Span name = json_string(key);
        int pole = pole_named(poles, name, "any");
        if (pole < 0)
            return wrong(restore, "'%.*s': found pole '%.*s', expected %s", shown(id), id.data, shown(name), name.data,
                         poles ? "negative, positive or any" : "any");
        if (row->slots[pole].responses)
            return wrong(restore, "'%.*s': found pole '%s' twice", shown(id), id.data, pole ? pole_name(pole) : "any");
        if (!slot_of(restore, "counts", pair, group, &row->slots[pole])) return false;
        if (!row->slots[pole].responses)
            return wrong(restore, "'%.*s': found a count of 0, expected it to be left out", shown(id), id.data);
    }
    Slot any = row->slots[POLE_NONE];
    for (int pole = 0; pole < POLES; pole++)
        if (!any.responses || row->slots[pole].responses > any.responses || row->slots[pole].weight > any.weight)
            return wrong(restore, "'%.*s': found a pole counted more often than any, or no any", shown(id), id.data);
    return true;
}

static bool take_rows(Restore *restore, JsonWalk *walk, const char *key, const Table *ids, size_t first, Group *group) {
    JsonWalk members;
    JsonValue id, value;
    if (!take_walk(restore, walk, key, JSON_OBJECT, &members)) return false;
    while (json_member(&members, &id, &value)) {
        Span name = json_string(id);
        uint32_t index = table_get(ids, name);
        if (index == TABLE_NONE) return wrong(restore, "%s: found '%.*s', expected one of the head's", key, shown(name), name.data);
        if (!read_row(restore, name, value, group, first + index)) return false;
    }
    return true;
}

/* ---- quotes ---- */

/* A tag's marks: code points of the text, in order, none over another. */
static bool read_marks(Restore *restore, JsonValue value, size_t points, Mark *marks, size_t room, uint32_t *count) {
    if (!is_type(restore, "marks", value, JSON_ARRAY)) return false;
    JsonWalk walk = json_walk(value);
    JsonValue item;
    uint64_t pair[2], last = 0;
    while (json_item(&walk, &item)) {
        if (!pair_of(restore, "marks", item, points, points, pair)) return false;
        if (pair[0] < last || pair[0] >= pair[1] || *count == room) return wrong(restore, "marks: found one that is empty or out of order");
        marks[(*count)++] = (Mark){(uint32_t)pair[0], (uint32_t)pair[1]};
        last = pair[1];
    }
    return true;
}

static bool read_tag(Restore *restore, JsonValue value, size_t points, Kept *kept, Mark *marks, size_t room, KeptTag *tag) {
    if (!is_type(restore, "a quote's tag", value, JSON_ARRAY)) return false;
    JsonWalk walk = json_walk(value);
    JsonValue id, pole, list, more;
    bool three = json_item(&walk, &id) && json_item(&walk, &pole) && json_item(&walk, &list) && !json_item(&walk, &more);
    if (!three) return wrong(restore, "a quote's tag: expected code, pole and marks");
    if (!is_type(restore, "a quote's code", id, JSON_STRING) || !is_type(restore, "a quote's pole", pole, JSON_STRING)) return false;
    uint32_t code = table_get(&restore->codes, json_string(id));
    if (code == TABLE_NONE)
        return wrong(restore, "a quote's code: found '%.*s', expected one of the head's", shown(json_string(id)), json_string(id).data);
    int number = pole_named(restore->codebook->codes[code].poles, json_string(pole), "");
    if (number < 0 || (number == POLE_NONE) == restore->codebook->codes[code].poles)
        return wrong(restore, "a quote's pole: found '%.*s', which '%.*s' does not have", shown(json_string(pole)), json_string(pole).data,
                     shown(json_string(id)), json_string(id).data);
    *tag = (KeptTag){.code = (uint16_t)code, .pole = (uint8_t)number, .first_mark = (uint32_t)(marks - kept->marks)};
    return read_marks(restore, list, points, marks, room, &tag->mark_count);
}

static size_t count_marks(JsonWalk tags) {
    size_t count = 0;
    for (JsonValue tag, part; json_item(&tags, &tag);)
        for (JsonWalk parts = json_walk(tag); json_type(tag) == JSON_ARRAY && json_item(&parts, &part);)
            if (json_type(part) == JSON_ARRAY) count += count_items(json_walk(part));
    return count;
}

/* Puts a quote into its list, which must have room for it: no more than k, nor than there are responses, and each once. */
static bool place_tag(Restore *restore, Group *group, Kept *kept, const KeptTag *tag) {
    Row *row = group->rows[tag->code];
    QuoteList *list = row && row->lists ? &row->lists[tag->pole] : NULL;
    if (!list || list->count == restore->tally->quotes || list->count >= row->slots[tag->pole].responses)
        return wrong(restore, "found more quotes of '%.*s' than expected", shown(row_id(restore->codebook, tag->code)),
                     row_id(restore->codebook, tag->code).data);
    size_t before = list->count;
    quotes_put(restore->tally, list, kept, tag->code, tag->pole);
    return list->count > before || wrong(restore, "found a quote twice for the same code");
}

static bool read_tags(Restore *restore, JsonWalk tags, size_t mark_count, Group *group, Kept *kept) {
    JsonValue item;
    size_t points = utf8_count(kept->text.data, kept->text.len), used = 0;
    for (uint32_t i = 0; json_item(&tags, &item); i++) {
        KeptTag *tag = &kept->tags[i];
        if (!read_tag(restore, item, points, kept, kept->marks + used, mark_count - used, tag)) return false;
        used += tag->mark_count;
        bool behind = !i || tag->code > tag[-1].code || (tag->code == tag[-1].code && tag->pole > tag[-1].pole);
        if (!behind) return wrong(restore, "a quote's tags: found one again or out of order");
        if (!place_tag(restore, group, kept, tag)) return false;
    }
    return true;
}

static bool read_quote(Restore *restore, JsonValue value, Group *group) {
    if (!is_type(restore, "a quote", value, JSON_OBJECT)) return false;
    JsonWalk walk = json_walk(value), tags;
    Span id, lang, text;
    bool fine = take_text(restore, &walk, "id", &id) && take_text(restore, &walk, "lang", &lang) &&
                take_text(restore, &walk, "text", &text) && take_walk(restore, &walk, "tags", JSON_ARRAY, &tags) && ended(restore, &walk);
    if (!fine) return false;
    if (!text.len || text.len > QUOTE_BYTES || id.len > QUOTE_BYTES || lang.len > QUOTE_BYTES)
        return wrong(restore, "found a quote of %zu bytes with an id of %zu, expected up to %d each", text.len, id.len, QUOTE_BYTES);
    size_t tag_count = count_items(tags), mark_count = count_marks(tags);
    if (!tag_count) return wrong(restore, "found a quote without tags");
    Kept *kept = kept_open(quote_hash(id, text), id, text, lang, tag_count, mark_count);
    memset(kept->tags, 0, tag_count * sizeof *kept->tags);
    kept->owners = 1;
    fine = read_tags(restore, tags, mark_count, group, kept);
    kept_release(kept);
    return fine;
}

static bool take_quotes(Restore *restore, JsonWalk *walk, Group *group) {
    JsonWalk items;
    JsonValue item;
    if (!take_walk(restore, walk, "quotes", JSON_ARRAY, &items)) return false;
    while (json_item(&items, &item))
        if (!read_quote(restore, item, group)) return false;
    return true;
}

static bool read_cell(Restore *restore, JsonValue root) {
    if (!is_type(restore, "a cell", root, JSON_OBJECT)) return false;
    JsonWalk walk = json_walk(root);
    Tally *tally = restore->tally;
    const Group *last = restore->line > 2 ? tally->groups[tally->group_count - 1] : NULL;
    size_t segment;
    Span value;
    if (!take_place(restore, &walk, &segment, &value) || !check_place(restore, segment, value, last)) return false;
    Group *group = group_of(tally, segment, value);
    return take_base(restore, &walk, group) && take_sentiment(restore, &walk, group) &&
           take_rows(restore, &walk, "codes", &restore->codes, 0, group) &&
           take_rows(restore, &walk, "nets", &restore->nets, restore->codebook->code_count, group) && take_quotes(restore, &walk, group) &&
           ended(restore, &walk);
}

/* ---- lines ---- */

static bool read_line(Restore *restore, Span line) {
    JsonValue root;
    if (!json_parse_copy(restore->parser, line, JSON_DEPTH, &root, restore->fail)) {
        restore->fail->code = FAIL_SETUP;
        return fail_at(restore->fail, restore->source, restore->line, restore->fail->column);
    }
    return restore->line == 1 ? read_head(restore, root) : read_cell(restore, root);
}

/* A file that was cut has no line end, or fewer cells than its head says. */
static bool read_lines(Restore *restore, Span bytes) {
    while (bytes.len) {
        restore->line++;
        const char *end = memchr(bytes.data, '\n', bytes.len);
        if (!end) return wrong(restore, "found the end of the file within a line");
        if (restore->line > 1 && restore->line - 1 > restore->cells)
            return wrong(restore, "found more cells than the %llu of the head", (unsigned long long)restore->cells);
        size_t len = (size_t)(end - bytes.data);
        if (!read_line(restore, (Span){bytes.data, len})) return false;
        bytes = (Span){end + 1, bytes.len - len - 1};
    }
    restore->line++;
    if (!restore->tally) return wrong(restore, "found an empty file, expected a tally");
    return (restore->cells && restore->line - 2 == restore->cells) ||
           wrong(restore, "found %llu cells, expected the %llu of the head", (unsigned long long)(restore->line - 2),
                 (unsigned long long)restore->cells);
}

bool tally_read(Span bytes, const char *source, Arena *keep, Tally **tally, Fail *fail) {
    Restore restore = {
        .parser = json_open(), .source = source, .keep = keep, .codebook = arena_calloc(keep, 1, sizeof(Codebook)), .fail = fail};
    bool fine = read_lines(&restore, bytes);
    json_close(restore.parser);
    table_free(&restore.codes);
    table_free(&restore.nets);
    if (!fine) tally_close(restore.tally);
    *tally = fine ? restore.tally : NULL;
    return fine;
}
