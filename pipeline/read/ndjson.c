#include "base/table.h"
#include "read/parser.h"

#include <stdio.h>

enum { MAX_LISTED = 160 }; /* bytes of a message that names what was found */

/* A slot that a key fills, and how good a place for it this is. */
typedef struct Target {
    struct Target *next;
    uint32_t slot;
    Rank rank;
} Target;

/* What one key of an object means: it fills slots, or its own members do, or both. */
typedef struct {
    Target *targets;
    Names *inside;
    bool segment; /* the member `segment` of the response */
} Meaning;

/* The keys of an object that mean something. `answer.body` is a key of its own and also `body` inside `answer`. */
struct Names {
    Table table; /* key to index in meanings */
    Meaning *meanings;
    size_t count, capacity;
    Names *opened; /* the list of all, for names_close */
};

typedef struct {
    Arena *keep;
    Names *all;
} Builder;

static Names *names_new(Builder *builder) {
    Names *names = arena_calloc(builder->keep, 1, sizeof *names);
    names->opened = builder->all;
    return builder->all = names;
}

static Meaning *names_add(Builder *builder, Names *names, Span key) {
    uint32_t *index = table_put(&names->table, key);
    if (*index == TABLE_NONE) {
        *index = (uint32_t)names->count;
        Meaning *meaning = ARENA_PUSH(builder->keep, names->meanings, names->count, names->capacity);
        *meaning = (Meaning){0};
    }
    return &names->meanings[*index];
}

static void names_target(Builder *builder, Names *names, Span key, size_t slot, Rank rank) {
    Meaning *meaning = names_add(builder, names, key);
    Target *target = arena_alloc(builder->keep, sizeof *target);
    *target = (Target){.next = meaning->targets, .slot = (uint32_t)slot, .rank = rank};
    meaning->targets = target;
}

static Names *names_inside(Builder *builder, Names *names, Span key) {
    Names *inside = names_add(builder, names, key)->inside;
    if (!inside) {
        inside = names_new(builder);
        names_add(builder, names, key)->inside = inside;
    }
    return inside;
}

/* Adds a field's name as a key of the response and, cut at its dots, as a path. */
static void names_path(Builder *builder, Names *root, const char *name, size_t slot) {
    names_target(builder, root, span_of(name), slot, RANK_LITERAL);
    Names *names = root;
    const char *dot = strchr(name, '.');
    if (!dot) return;
    for (; dot; name = dot + 1, dot = strchr(name, '.')) names = names_inside(builder, names, (Span){name, (size_t)(dot - name)});
    names_target(builder, names, span_of(name), slot, RANK_DOTTED);
}

const Names *names_open(const ReadSettings *settings, Arena *keep) {
    Builder builder = {.keep = keep};
    Names *root = names_new(&builder);
    size_t fields = !settings->gold ? FIELD_LABELS : settings->aspects ? FIELD_COUNT : FIELD_ASPECTS;
    for (size_t slot = 0; slot < fields; slot++) names_path(&builder, root, field_name(settings, slot), slot);
    names_add(&builder, root, SPAN("segment"))->segment = true;
    for (size_t slot = FIELD_COUNT; slot < slots_count(settings); slot++) {
        const char *name = field_name(settings, slot);
        names_path(&builder, root, name, slot);
        names_target(&builder, names_inside(&builder, root, SPAN("segment")), span_of(name), slot, RANK_SEGMENT);
    }
    root->opened = builder.all;
    return root;
}

void names_close(const Names *root) {
    /* The list ends at the root, which was the first and now holds its beginning. */
    for (Names *names = root->opened; names != root;) {
        Names *next = names->opened;
        table_free(&names->table);
        names = next;
    }
    Table table = root->table;
    table_free(&table);
}

/* A line under work. */
typedef struct {
    Parser *parser;
    Span bytes;
    size_t skipped; /* bytes before the text: a byte order mark */
    Doc *doc;
    Arena *scratch;
    Fail *fail;
    char *kept; /* NULL: not asked for */
    size_t kept_len;
} Line;

static bool fail_at_value(Line *line, JsonValue value) {
    line->fail->offset = json_position(value) + line->skipped;
    line->fail->column = line->fail->offset + 1;
    return false;
}

static bool type_fail(Line *line, JsonValue value, const char *name, const char *wanted) {
    fail_set(line->fail, FAIL_TYPE, "found %s for '%.*s', expected %s", json_type_name(json_type(value)), excerpt_len(span_of(name)), name,
             wanted);
    return fail_at_value(line, value);
}

/* null and "" say nothing, so a place of lower rank may still say something. */
static bool is_absent(JsonValue value) {
    JsonType type = json_type(value);
    return type == JSON_NULL || (type == JSON_STRING && !json_string(value).len);
}

/* Numbers, true and false as they are written. Asked for here, in the order of the text, because json_raw is slow in any other. */
static Span scalar_raw(JsonValue value) {
    JsonType type = json_type(value);
    return type == JSON_NULL || type >= JSON_STRING ? (Span){0} : json_raw(value);
}

static void fill_slots(Parser *parser, const Meaning *meaning, JsonValue value) {
    for (const Target *target = meaning->targets; target; target = target->next) {
        Slot *slot = &parser->slots[target->slot];
        bool segment = target->slot >= FIELD_COUNT;
        if (target->rank <= slot->rank || (segment && is_absent(value))) continue;
        *slot = (Slot){value, segment || target->slot == FIELD_ID ? scalar_raw(value) : (Span){0}, target->rank};
    }
}

static const Meaning *meaning_of(const Names *names, JsonValue key) {
    uint32_t index = table_get(&names->table, json_string(key));
    return index == TABLE_NONE ? NULL : &names->meanings[index];
}

static void visit_inside(Parser *parser, const Names *names, JsonValue object) {
    JsonWalk walk = json_walk(object);
    for (JsonValue key, value; json_member(&walk, &key, &value);) {
        const Meaning *meaning = meaning_of(names, key);
        if (!meaning) continue;
        fill_slots(parser, meaning, value);
        if (meaning->inside && json_type(value) == JSON_OBJECT) visit_inside(parser, meaning->inside, value);
    }
}

/* Appends a member as it is written to what is kept. Together they are no longer than the line. */
static void keep_member(Line *line, JsonValue key, JsonValue value) {
    Span name = json_raw(key), raw = json_raw(value);
    if (!line->kept) line->kept = arena_alloc(line->scratch, line->bytes.len);
    if (line->kept_len) line->kept[line->kept_len++] = ',';
    memcpy(line->kept + line->kept_len, name.data, name.len);
    line->kept[line->kept_len + name.len] = ':';
    memcpy(line->kept + line->kept_len + name.len + 1, raw.data, raw.len);
    line->kept_len += name.len + 1 + raw.len;
}

static bool is_known(const Doc *doc, Span name) {
    for (size_t i = 0; i < doc->segment_count; i++)
        if (span_equal(doc->segments[i].name, name)) return true;
    return false;
}

static bool segment_value(Line *line, JsonValue value, Span raw, const char *name, Span *out) {
    JsonType type = json_type(value);
    if (type == JSON_ARRAY || type == JSON_OBJECT) return type_fail(line, value, name, "a string or a number");
    *out = type == JSON_STRING ? json_string(value) : raw;
    if (!out->len) *out = (Span){0};
    return true;
}

/* All members of `segment`, where no names were asked for. */
static bool all_segments(Line *line, JsonValue object) {
    Doc *doc = line->doc;
    size_t capacity = 0;
    JsonWalk walk = json_walk(object);
    for (JsonValue key, value; json_member(&walk, &key, &value);) {
        Segment segment = {.name = json_string(key)};
        if (!segment_value(line, value, scalar_raw(value), segment.name.data, &segment.value)) return false;
        if (!segment.value.data || is_known(doc, segment.name)) continue;
        if (doc->segment_count == SEGMENTS_MAX) {
            fail_set(line->fail, FAIL_SIZE, "found more than %d segments, expected fewer", SEGMENTS_MAX);
            return fail_at_value(line, key);
        }
        *ARENA_PUSH(line->scratch, doc->segments, doc->segment_count, capacity) = segment;
    }
    return true;
}

static bool visit_segment(Line *line, const Meaning *meaning, JsonValue value) {
    JsonType type = json_type(value);
    if (type == JSON_NULL) return true;
    if (type != JSON_OBJECT) return type_fail(line, value, "segment", "an object");
    if (!line->parser->settings->segment_count && !line->doc->segments && !all_segments(line, value)) return false;
    if (meaning->inside) visit_inside(line->parser, meaning->inside, value);
    return true;
}

/* The one pass over a response's members. */
static bool visit_response(Line *line, JsonValue root) {
    Parser *parser = line->parser;
    JsonWalk walk = json_walk(root);
    for (JsonValue key, value; json_member(&walk, &key, &value);) {
        const Meaning *meaning = meaning_of(parser->names, key);
        if (meaning) fill_slots(parser, meaning, value);
        if (meaning && meaning->segment && !visit_segment(line, meaning, value)) return false;
        if (meaning && meaning->inside && !meaning->segment && json_type(value) == JSON_OBJECT)
            visit_inside(parser, meaning->inside, value);
        if (parser->settings->keep && !(meaning && (meaning->targets || meaning->segment))) keep_member(line, key, value);
    }
    line->doc->keep = (Span){line->kept, line->kept_len};
    return true;
}

/* A slot's value; false where there is none or it is null. */
static bool slot_get(const Line *line, size_t slot, JsonValue *value) {
    *value = line->parser->slots[slot].value;
    return line->parser->slots[slot].rank != RANK_NONE && json_type(*value) != JSON_NULL;
}

static bool read_string(Line *line, size_t slot, Span *out) {
    JsonValue value;
    if (!slot_get(line, slot, &value)) return true;
    *out = json_string(value);
    if (!out->data) return type_fail(line, value, field_name(line->parser->settings, slot), "a string");
    if (!out->len && slot != FIELD_TEXT) *out = (Span){0};
    return true;
}

static bool read_id(Line *line) {
    JsonValue value;
    if (!slot_get(line, FIELD_ID, &value)) return true;
    JsonType type = json_type(value);
    if (type == JSON_INT64 || type == JSON_UINT64 || type == JSON_DOUBLE) return line->doc->id = line->parser->slots[FIELD_ID].raw, true;
    if (type != JSON_STRING) return type_fail(line, value, field_name(line->parser->settings, FIELD_ID), "a string or a number");
    return read_string(line, FIELD_ID, &line->doc->id);
}

/* Names the members that are there, so that the right --field can be given. */
static bool missing_text(Line *line, JsonValue root) {
    char found[MAX_LISTED + 64] = "";
    size_t len = 0;
    JsonWalk walk = json_walk(root);
    for (JsonValue key, value; len < MAX_LISTED - 50 && json_member(&walk, &key, &value);) {
        Span name = json_string(key);
        len += (size_t)snprintf(found + len, sizeof found - len, "%s'%.*s'", len ? ", " : "", excerpt_len(name), name.data);
    }
    return fail_set(line->fail, FAIL_MISSING, "found %s%s, expected '%.*s'", len ? found : "no members", walk.at < walk.end ? ", ..." : "",
                    excerpt_len(span_of(field_name(line->parser->settings, FIELD_TEXT))), field_name(line->parser->settings, FIELD_TEXT));
}

static bool read_text(Line *line, JsonValue root) {
    if (line->parser->slots[FIELD_TEXT].rank == RANK_NONE) return missing_text(line, root);
    line->doc->text = SPAN("");
    return read_string(line, FIELD_TEXT, &line->doc->text);
}

/* A number, or a string that is one; *there is false where it is absent. */
static bool read_number(Line *line, size_t slot, double *number, bool *there) {
    JsonValue value;
    *there = slot_get(line, slot, &value) && !is_absent(value);
    if (!*there || json_double(value, number)) return true;
    Span text = span_trim(json_string(value));
    if (!text.len) return *there = false, text.data ? true : type_fail(line, value, field_name(line->parser->settings, slot), "a number");
    if (number_parse(text, number)) return true;
    fail_set(line->fail, FAIL_TYPE, "found '%.*s' for '%s', expected a number", excerpt_len(text), text.data,
             field_name(line->parser->settings, slot));
    return fail_at_value(line, value);
}

static bool read_numbers(Line *line) {
    double weight;
    bool weighted;
    if (!read_number(line, FIELD_RATING, &line->doc->rating, &line->doc->has_rating)) return false;
    if (!read_number(line, FIELD_WEIGHT, &weight, &weighted)) return false;
    if (!weighted || weight_set(weight, line->doc, line->fail)) return true;
    return fail_at_value(line, line->parser->slots[FIELD_WEIGHT].value);
}

static bool read_segments(Line *line) {
    size_t count = line->parser->settings->segment_count;
    if (!count) return true;
    line->doc->segments = arena_calloc(line->scratch, count, sizeof *line->doc->segments);
    line->doc->segment_count = count;
    for (size_t i = 0; i < count; i++) {
        const char *name = line->parser->settings->segments[i];
        JsonValue value;
        line->doc->segments[i].name = span_of(name);
        if (!slot_get(line, FIELD_COUNT + i, &value)) continue;
        if (!segment_value(line, value, line->parser->slots[FIELD_COUNT + i].raw, name, &line->doc->segments[i].value)) return false;
    }
    return true;
}

/* A member of an aspect: a string, or absent. */
static bool aspect_member(Line *line, JsonValue aspect, const char *name, Span *out) {
    JsonValue value;
    *out = (Span){0};
    if (!json_get(aspect, name, &value) || is_absent(value)) return true;
    *out = json_string(value);
    return out->data || type_fail(line, value, name, "a string");
}

static bool read_aspect(Line *line, JsonValue value, Aspect *aspect) {
    if (json_type(value) != JSON_OBJECT) return type_fail(line, value, "aspects", "objects only");
    if (!aspect_member(line, value, "category", &aspect->category) || !aspect_member(line, value, "sentiment", &aspect->sentiment)) return false;
    if (aspect->category.data) return true;
    fail_set(line->fail, FAIL_MISSING, "found an aspect without 'category', expected one");
    return fail_at_value(line, value);
}

static bool read_aspects(Line *line, Gold *gold) {
    JsonValue aspects, value;
    size_t capacity = 0;
    if (!slot_get(line, FIELD_ASPECTS, &aspects)) return true;
    if (json_type(aspects) != JSON_ARRAY) return type_fail(line, aspects, "aspects", "an array of objects");
    gold->has_aspects = true;
    for (JsonWalk walk = json_walk(aspects); json_item(&walk, &value);) {
        Aspect aspect;
        if (!read_aspect(line, value, &aspect)) return false;
        *ARENA_PUSH(line->scratch, gold->aspects, gold->aspect_count, capacity) = aspect;
    }
    return true;
}

static bool read_strings(Line *line, JsonValue array, const char *name, Span **items, size_t *count) {
    JsonValue item;
    size_t capacity = 0;
    if (json_type(array) != JSON_ARRAY) return type_fail(line, array, name, "an array of strings");
    for (JsonWalk walk = json_walk(array); json_item(&walk, &item);) {
        if (json_type(item) != JSON_STRING) return type_fail(line, item, name, "strings only");
        *ARENA_PUSH(line->scratch, *items, *count, capacity) = json_string(item);
    }
    return true;
}

static bool read_labels(Line *line, Gold *gold) {
    JsonValue labels;
    gold->has_labels = slot_get(line, FIELD_LABELS, &labels);
    return !gold->has_labels || read_strings(line, labels, "labels", &gold->labels, &gold->label_count);
}

/* Labels alone, or an object with labels, a sentiment, or both. */
static bool read_coding(Line *line, JsonValue value, Coder *coder) {
    JsonValue labels = value, sentiment;
    JsonType type = json_type(value);
    if (type != JSON_ARRAY && type != JSON_OBJECT) return type_fail(line, value, coder->name.data, "an array of labels, or an object with labels, sentiment or both");
    coder->has_labels = type == JSON_ARRAY || (json_get(value, "labels", &labels) && json_type(labels) != JSON_NULL);
    if (type == JSON_OBJECT && json_get(value, "sentiment", &sentiment) && !is_absent(sentiment)) {
        coder->sentiment = json_string(sentiment);
        if (!coder->sentiment.data) return type_fail(line, sentiment, "sentiment", "a string");
    }
    return !coder->has_labels || read_strings(line, labels, "labels", &coder->labels, &coder->label_count);
}

static bool has_coder(const Gold *gold, Span name) {
    for (size_t i = 0; i < gold->coder_count; i++)
        if (span_equal(gold->coders[i].name, name)) return true;
    return false;
}

static bool read_coders(Line *line, Gold *gold) {
    JsonValue coders, key, value;
    size_t capacity = 0;
    if (!slot_get(line, FIELD_CODERS, &coders)) return true;
    if (json_type(coders) != JSON_OBJECT) return type_fail(line, coders, "coders", "an object of coders with their labels");
    for (JsonWalk walk = json_walk(coders); json_member(&walk, &key, &value);) {
        Coder coder = {.name = json_string(key)};
        if (json_type(value) == JSON_NULL || has_coder(gold, coder.name)) continue;
        if (gold->coder_count == CODERS_MAX) {
            fail_set(line->fail, FAIL_SIZE, "found more than %d coders, expected fewer", CODERS_MAX);
            return fail_at_value(line, key);
        }
        if (!read_coding(line, value, &coder)) return false;
        *ARENA_PUSH(line->scratch, gold->coders, gold->coder_count, capacity) = coder;
    }
    return true;
}

static bool read_gold(Line *line, Gold *gold) {
    return read_string(line, FIELD_SENTIMENT, &gold->sentiment) && read_labels(line, gold) && read_coders(line, gold) && read_aspects(line, gold);
}

static bool read_fields(Line *line, JsonValue root, Gold *gold) {
    Doc *doc = line->doc;
    return read_id(line) && read_text(line, root) && read_string(line, FIELD_LANG, &doc->lang) &&
           read_string(line, FIELD_QUESTION, &doc->question) && read_string(line, FIELD_TIME, &doc->time) && read_numbers(line) &&
           read_segments(line) && (!line->parser->settings->gold || read_gold(line, gold));
}

bool ndjson_parse(Parser *parser, const Record *record, Doc *doc, Gold *gold, Arena *scratch, Fail *fail) {
    Line line = {.parser = parser, .bytes = record->bytes, .doc = doc, .scratch = scratch, .fail = fail};
    /* Files that were glued together have byte order marks in the middle. */
    if (span_starts(line.bytes, "\xef\xbb\xbf")) line.skipped = 3, line.bytes.data += 3, line.bytes.len -= 3;
    memset(parser->slots, 0, slots_count(parser->settings) * sizeof *parser->slots);
    JsonValue root;
    if (!json_parse(parser->json, line.bytes, JSON_DEPTH, &root, fail)) {
        fail->offset += line.skipped;
        fail->column += fail->column ? line.skipped : 0;
        return false;
    }
    if (json_type(root) != JSON_OBJECT) {
        fail_set(fail, FAIL_JSON, "found %s, expected an object", json_type_name(json_type(root)));
        return fail_at_value(&line, root);
    }
    return visit_response(&line, root) && read_fields(&line, root, gold);
}
