/* wordstat — WordStat's .cat: categories by tabs, entries that end in a weight `(1)`, rules `@NAME [A NEAR #B /S3] (1)`.
 *
 * Rules may speak of categories further down, so they are read once all lines are. */
#include <stdio.h>
#include <stdlib.h>

#include "exchange/dictionary.h"
#include "exchange/gather.h"

typedef struct {
    Span text; /* between the brackets */
    Span name;
    double weight;
    uint32_t category;
    uint64_t line;
} Deferred;

typedef struct {
    Dictionary *dictionary;
    uint32_t above[LEVELS_MAX]; /* the category that was met last on each level */
    size_t levels;
    Deferred *rules;
    size_t rule_count, rule_capacity;
    Table paths; /* category's path and name in small letters to its number; AMBIGUOUS: a name of several */
} Reading;

#define AMBIGUOUS (UINT32_MAX - 1)

/* ---- lines ---- */

/* `(1)` at the end; the text before it is left in `line`. */
static bool take_weight(Span *line, double *weight) {
    Span text = span_trim(*line);
    if (text.len < 3 || text.data[text.len - 1] != ')') return false;
    size_t open = text.len - 1;
    while (open && text.data[open] != '(') open--;
    if (text.data[open] != '(' || !decimal_in((Span){text.data + open + 1, text.len - open - 2}, 0, 1e9, weight)) return false;
    *line = span_trim((Span){text.data, open});
    return true;
}

static size_t level_of(Span line) {
    size_t level = 0;
    for (size_t i = 0; i < line.len && is_blank(line.data[i]); i++) level += line.data[i] == '\t';
    return level;
}

static void take_rule(Reading *reading, Span text, double weight, uint32_t category, uint64_t line) {
    const char *open = memchr(text.data, '[', text.len);
    if (!open || text.data[text.len - 1] != ']') {
        lose(reading->dictionary, true, "rule", text, line, "expected @NAME [rule]");
        return;
    }
    Arena *keep = reading->dictionary->keep;
    Span name = span_trim((Span){text.data + 1, (size_t)(open - text.data) - 1});
    Span inside = {open + 1, text.len - (size_t)(open - text.data) - 2};
    reading->dictionary->categories[category].filled = true;
    *ARENA_PUSH(keep, reading->rules, reading->rule_count, reading->rule_capacity) =
        (Deferred){.text = inside, .name = name, .weight = weight, .category = category, .line = line};
}

/* Weights above 1 count a word several times in WordStat; a rule here is at most sure. */
static double weight_of(Dictionary *dictionary, double weight, Span what, uint64_t line) {
    if (weight == 1) return 0;
    if (weight >= WEIGHT_LEAST && weight < 1) return weight;
    lose(dictionary, false, "weight", what, line, "expected a weight above 0 and at most 1; it is taken without");
    return 0;
}

static void take_entry(Reading *reading, Span text, double weight, size_t level, uint64_t line) {
    Dictionary *dictionary = reading->dictionary;
    if (!level || !reading->levels) {
        lose(dictionary, true, "no category", text, line, "expected an entry below a category");
        return;
    }
    uint32_t category = reading->above[(level > reading->levels ? reading->levels : level) - 1];
    weight = weight_of(dictionary, weight, text, line);
    if (text.len && text.data[0] == '@') {
        take_rule(reading, text, weight, category, line);
        return;
    }
    char *blanks = (char *)arena_copy(dictionary->keep, text).data;
    for (size_t i = 0; i < text.len; i++)
        if (blanks[i] == '_') blanks[i] = ' ';
    Span rule = value_rule(dictionary, (Span){blanks, text.len}, false, line);
    if (rule.len) entry_add(dictionary, category, (Entry){.match = rule, .weight = weight}, text, line);
}

static bool take_line(Reading *reading, Span line, uint64_t number, Fail *fail) {
    size_t level = level_of(line);
    Span text = span_trim(line);
    double weight = 0;
    if (!text.len) return true;
    if (take_weight(&text, &weight)) return take_entry(reading, text, weight, level, number), true;
    if (level > reading->levels) level = reading->levels;
    if (level == LEVELS_MAX) return dictionary_fail(reading->dictionary, number, 1, fail, "found more than %d levels, expected fewer", LEVELS_MAX);
    reading->above[level] = category_at(reading->dictionary, level ? reading->above[level - 1] : NO_CATEGORY, text, number);
    reading->levels = level + 1;
    return true;
}

/* ---- names of categories in rules ---- */

static void small(Buffer *text) {
    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] >= 'A' && text->data[i] <= 'Z') text->data[i] |= 32;
}

static void name_path(Reading *reading, Buffer *path, uint32_t category) {
    small(path);
    uint32_t *slot = table_put(&reading->paths, arena_copy(reading->dictionary->keep, buffer_span(path)));
    *slot = *slot == TABLE_NONE || *slot == category ? category : AMBIGUOUS;
}

static void name_categories(Reading *reading) {
    const Dictionary *dictionary = reading->dictionary;
    for (uint32_t i = 0; i < dictionary->category_count; i++) {
        const Category *category = &dictionary->categories[i];
        Buffer path = {0};
        buffer_append(&path, category->name);
        name_path(reading, &path, i);
        path.len = 0;
        put_category_path(&path, dictionary, i);
        name_path(reading, &path, i);
        buffer_free(&path);
    }
}

/* All codes of a category and of those below it. */
static void put_codes(const Dictionary *dictionary, uint32_t number, Buffer *out) {
    const Category *category = &dictionary->categories[number];
    if (category->filled) {
        buffer_text(out, out->len ? " | #" : "#");
        buffer_append(out, category->id);
        if (category->pole) buffer_printf(out, ":%s", pole_name(category->pole));
    }
    for (uint32_t child = category->first_child; child != NO_CATEGORY; child = dictionary->categories[child].next) put_codes(dictionary, child, out);
}

static bool put_reference(Reading *reading, const Deferred *rule, Span name, Buffer *out) {
    Buffer key = {0}, codes = {0};
    for (size_t i = 0; i < name.len; i++) buffer_byte(&key, name.data[i] == '\\' || name.data[i] == '/' ? '.' : name.data[i]);
    small(&key);
    uint32_t category = table_get(&reading->paths, buffer_span(&key));
    bool fine = category != TABLE_NONE && category != AMBIGUOUS;
    if (fine) put_codes(reading->dictionary, category, &codes);
    buffer_free(&key);
    bool several = codes.len && memchr(codes.data, '|', codes.len);
    if (fine && !codes.len) fine = false;
    if (!fine) lose(reading->dictionary, true, "#category", rule->text, rule->line, "expected #NAME of one category that has entries");
    if (several) buffer_byte(out, '(');
    buffer_append(out, buffer_span(&codes));
    if (several) buffer_byte(out, ')');
    buffer_free(&codes);
    return fine;
}

/* ---- rules ---- */

typedef struct {
    Reading *reading;
    const Deferred *rule;
    Span rest;
    Buffer match, unless;
    uint32_t distance; /* of /S3 and the like, for operators that have none of their own */
    uint32_t within;
    bool response;
} Parsing;

static bool wrong(Parsing *parsing, const char *why) {
    lose(parsing->reading->dictionary, true, "rule", parsing->rule->text, parsing->rule->line, "%s", why);
    return false;
}

static bool take_digits(Span text, uint32_t *number) {
    uint32_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.data[i]) || value > 1000) return false;
        value = 10 * value + (uint32_t)(text.data[i] - '0');
    }
    *number = value;
    return text.len > 0 && value <= 1000;
}

/* /S sentence, /P paragraph, /D document, /C case, each perhaps with a distance; they stand at the end. */
static bool take_scope(Parsing *parsing) {
    parsing->distance = N_FREE;
    parsing->response = true;
    for (;;) {
        Span text = span_trim(parsing->rest);
        size_t at = text.len;
        while (at && !is_blank(text.data[at - 1])) at--;
        Span word = {text.data + at, text.len - at};
        if (!at || word.data[0] != '/') return parsing->rest = text, true;
        char scope = word.len > 1 ? (char)(word.data[1] & ~32) : 0;
        Span digits = {word.data + 2, word.len - 2};
        if (!scope || !strchr("SPDC", scope)) return wrong(parsing, "expected /S, /P, /D or /C, perhaps with a number of words");
        if (word.len > 2 && !take_digits(digits, &parsing->distance)) return wrong(parsing, "expected a number of words up to 1000");
        if (scope == 'S') parsing->response = false;
        if (scope == 'P') lose(parsing->reading->dictionary, false, "paragraph", parsing->rule->text, parsing->rule->line, "expected sentences or whole responses; it may reach over the response");
        parsing->rest = (Span){text.data, at};
    }
}

static bool next_word(Parsing *parsing, Span *word) { return field_next(&parsing->rest, word); }

static bool put_item(Parsing *parsing, Span word, Buffer *out) {
    Dictionary *dictionary = parsing->reading->dictionary;
    if (word.data[0] == '#') return put_reference(parsing->reading, parsing->rule, (Span){word.data + 1, word.len - 1}, out);
    if (memchr(word.data, '(', word.len) || memchr(word.data, ')', word.len)) return wrong(parsing, "expected words and operators without brackets");
    char *blanks = (char *)arena_copy(dictionary->keep, word).data;
    for (size_t i = 0; i < word.len; i++)
        if (blanks[i] == '_') blanks[i] = ' ';
    Span rule = value_rule(dictionary, (Span){blanks, word.len}, false, parsing->rule->line);
    buffer_append(out, rule);
    return rule.len > 0;
}

typedef enum { OPERATOR_NEAR, OPERATOR_BEFORE, OPERATOR_AFTER, OPERATOR_AND, OPERATOR_OR, OPERATOR_COUNT } Operator;

static bool take_operator(Span word, Operator *found, uint32_t *distance) {
    static const char *const names[] = {"NEAR", "BEFORE", "AFTER", "AND", "OR"};
    const char *slash = memchr(word.data, '/', word.len);
    Span name = {word.data, slash ? (size_t)(slash - word.data) : word.len};
    if (slash && !take_digits((Span){slash + 1, word.len - name.len - 1}, distance)) return false;
    for (int i = 0; i < OPERATOR_COUNT; i++)
        if (span_is(name, names[i])) return *found = (Operator)i, true;
    return false;
}

static void put_operator(Buffer *out, Operator operator, uint32_t n) {
    static const char *const names[] = {"NEAR", "ONEAR", "AFTER"};
    if (operator == OPERATOR_OR) buffer_text(out, " | ");
    else if (operator == OPERATOR_AND || (operator == OPERATOR_NEAR && n == N_FREE)) buffer_text(out, " AND ");
    else buffer_printf(out, " %s/%u ", names[operator], n == N_FREE ? 1000 : n);
}

/* `NOT NEAR b`: the left one where b is not in the unit; with a distance, not that near. */
static bool put_not(Parsing *parsing, Operator operator, uint32_t n, Span item) {
    if (operator != OPERATOR_NEAR) return wrong(parsing, "expected NOT before NEAR only");
    if (n == N_FREE) {
        buffer_text(&parsing->match, " NOT ");
        return put_item(parsing, item, &parsing->match);
    }
    if (parsing->unless.len && parsing->within != n) return wrong(parsing, "expected one distance behind NOT NEAR");
    if (parsing->unless.len) buffer_text(&parsing->unless, " | ");
    parsing->within = n;
    return put_item(parsing, item, &parsing->unless);
}

static bool parse(Parsing *parsing) {
    Span word, item;
    if (!take_scope(parsing)) return false;
    if (!next_word(parsing, &word)) return wrong(parsing, "expected a word or #CATEGORY");
    if (!put_item(parsing, word, &parsing->match)) return false;
    while (next_word(parsing, &word)) {
        Operator operator = OPERATOR_NEAR;
        uint32_t n = parsing->distance;
        bool negated = span_is(word, "NOT");
        if (negated && !next_word(parsing, &word)) return wrong(parsing, "expected NEAR behind NOT");
        if (!take_operator(word, &operator, &n)) return wrong(parsing, "expected NEAR, BEFORE, AFTER, NOT NEAR, AND or OR between words");
        bool has_item = next_word(parsing, &item);
        if (has_item && operator == OPERATOR_AND && !negated && span_is(item, "NOT")) { /* a NEAR b AND NOT NEAR c */
            negated = true;
            if (!next_word(parsing, &word) || !take_operator(word, &operator, &n)) return wrong(parsing, "expected NEAR behind NOT");
            has_item = next_word(parsing, &item);
        }
        if (!has_item) return wrong(parsing, "expected a word or #CATEGORY behind the operator");
        if (negated && !put_not(parsing, operator, n, item)) return false;
        if (negated) continue;
        put_operator(&parsing->match, operator, n);
        if (!put_item(parsing, item, &parsing->match)) return false;
    }
    return true;
}

/* Names that an export made up are none. */
static bool id_is_made(Span name) {
    bool made = name.len > 1 && name.data[0] == 'R';
    for (size_t i = 1; i < name.len && made; i++) made = is_digit(name.data[i]);
    return made;
}

static void finish_rule(Reading *reading, const Deferred *rule) {
    Parsing parsing = {.reading = reading, .rule = rule, .rest = rule->text};
    if (parse(&parsing)) {
        Arena *keep = reading->dictionary->keep;
        Entry entry = {.match = arena_copy(keep, buffer_span(&parsing.match)), .within = parsing.within, .weight = rule->weight, .response = parsing.response};
        if (parsing.unless.len) entry.unless = arena_copy(keep, buffer_span(&parsing.unless));
        if (!id_is_made(rule->name)) entry.id = rule->name;
        entry_add(reading->dictionary, rule->category, entry, rule->text, rule->line);
    }
    buffer_free(&parsing.match);
    buffer_free(&parsing.unless);
}

bool wordstat_read(Dictionary *dictionary, Span text, Fail *fail) {
    Reading reading = {.dictionary = dictionary};
    Lines lines = {.rest = text};
    Span line;
    bool fine = true;
    while (fine && line_next(&lines, &line)) fine = take_line(&reading, line, lines.number, fail);
    if (fine && !dictionary->category_count) fine = dictionary_fail(dictionary, 1, 1, fail, "found no category, expected lines with one, and entries below by a tab more");
    if (fine && reading.rule_count) fine = dictionary_finish(dictionary, fail); /* rules speak of codes */
    if (fine && reading.rule_count) name_categories(&reading);
    for (size_t i = 0; fine && i < reading.rule_count; i++) finish_rule(&reading, &reading.rules[i]);
    table_free(&reading.paths);
    return fine;
}

/* ---- writing ---- */

static bool is_rule(const Phrase *phrase) {
    for (size_t i = 0; i < phrase->count; i++)
        if (unit_is_gap(&phrase->units[i]) || phrase->units[i].kind == UNIT_CODE) return true;
    return false;
}

static Refusal wordstat_holds(const Phrase *phrase, const Language *language) {
    (void)language;
    size_t gaps = 0, nots = 0;
    for (size_t i = 0; i < phrase->count; i++) {
        const Unit *unit = &phrase->units[i];
        gaps += unit_is_gap(unit);
        nots += unit->kind == UNIT_NOT;
        if (unit->kind == UNIT_CLASS) return (Refusal){"class", "expected words, not a <class>"};
        bool beside = unit->kind == UNIT_CODE && ((i && !unit_is_gap(unit - 1)) || (i + 1 < phrase->count && !unit_is_gap(unit + 1)));
        if (beside) return (Refusal){"#code", "expected a category to stand alone beside an operator"};
        if (unit->text.len && (memchr(unit->text.data, '_', unit->text.len) || memchr(unit->text.data, '(', unit->text.len) || memchr(unit->text.data, ')', unit->text.len) || strchr("@#[/", unit->text.data[0])))
            if (unit->kind != UNIT_CODE) return (Refusal){"signs", "expected words without _ ( ) and not with @ # [ / first"};
    }
    if (gaps > 1 && nots < gaps) return (Refusal){"nesting", "expected one operator, or NOT alone"};
    for (size_t i = 0, first = 0; i < phrase->count && nots > 1; i++) {
        if (!unit_is_gap(&phrase->units[i])) continue;
        if (first && phrase->units[first].n != phrase->units[i].n) return (Refusal){"nesting", "expected one distance"};
        first = i;
    }
    return (Refusal){NULL, NULL};
}

static bool wordstat_keeps_id(const Phrase *phrase, Span id) {
    bool plain = id.len && is_rule(phrase) && !id_is_made(id);
    for (size_t i = 0; i < id.len && plain; i++) plain = is_letter(id.data[i]) || is_digit(id.data[i]) || strchr("_-./", id.data[i]);
    return plain;
}

/* Words between gaps are one item: `credit_card`. */
static void put_item_at(Buffer *out, const Phrase *phrase, size_t first, size_t end) {
    if (phrase->units[first].kind == UNIT_CODE) buffer_byte(out, '#');
    size_t start = out->len;
    put_words(out, &(Phrase){.units = phrase->units + first, .count = end - first}, '_');
    for (size_t i = start; i < out->len && phrase->units[first].kind == UNIT_CODE; i++)
        if (out->data[i] == ':') out->data[i] = '.';
}

static void put_rule(Buffer *out, const HeldEntry *entry, unsigned *number) {
    static const char *const names[] = {[UNIT_NEAR] = " NEAR ", [UNIT_BEFORE] = " BEFORE ", [UNIT_NOT] = " NOT NEAR "};
    const Phrase *phrase = &entry->phrase;
    if (wordstat_keeps_id(phrase, entry->id)) buffer_byte(out, '@'), buffer_append(out, entry->id), buffer_text(out, " [");
    else buffer_printf(out, "@R%u [", ++*number);
    uint32_t n = N_FREE;
    for (size_t first = 0, end; first < phrase->count; first = end + 1) {
        end = first;
        while (end < phrase->count && !unit_is_gap(&phrase->units[end])) end++;
        put_item_at(out, phrase, first, end);
        if (end == phrase->count) break;
        if (first && phrase->units[end].kind == UNIT_NOT) buffer_text(out, " AND");
        buffer_text(out, names[phrase->units[end].kind]);
        n = phrase->units[end].n;
    }
    buffer_text(out, phrase->response ? " /D" : " /S");
    if (n != N_FREE) buffer_unsigned(out, n);
    buffer_byte(out, ']');
}

static void put_tabs(Buffer *out, size_t count) {
    for (size_t i = 0; i < count; i++) buffer_byte(out, '\t');
}

static void put_level(Buffer *out, const Gathered *gathered, uint32_t number, size_t level, unsigned *rules) {
    const Category *category = &gathered->tree.categories[number];
    put_tabs(out, level);
    buffer_append(out, category->name);
    buffer_byte(out, '\n');
    for (int pass = 0; pass < 2; pass++) /* words, then rules: as they are read */
        for (uint32_t i = category->first_entry; i != NO_ENTRY; i = gathered->entries[i].next) {
            const HeldEntry *entry = &gathered->entries[i];
            if (is_rule(&entry->phrase) != (pass == 1)) continue;
            put_tabs(out, level + 1);
            if (pass) put_rule(out, entry, rules);
            else put_words(out, &entry->phrase, '_');
            buffer_printf(out, " (%.9g)\n", entry->weight > 0 ? entry->weight : 1);
        }
    for (uint32_t child = category->first_child; child != NO_CATEGORY; child = gathered->tree.categories[child].next) put_level(out, gathered, child, level + 1, rules);
}

static void wordstat_write(const Gathered *gathered, Buffer *out) {
    unsigned rules = 0;
    for (uint32_t i = 0; i < gathered->tree.category_count; i++)
        if (gathered->tree.categories[i].parent == NO_CATEGORY) put_level(out, gathered, i, 0, &rules);
}

const FormatWriter wordstat_writer = {.holds = wordstat_holds, .write = wordstat_write, .keeps_id = wordstat_keeps_id, .weights = true, .unit = true, .unless = true};
