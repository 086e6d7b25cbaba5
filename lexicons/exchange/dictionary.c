/* dictionary — categories to codes, and values to rules, for the readers of all formats. */
#include "exchange/dictionary.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"

void dictionary_close(Dictionary *dictionary) {
    table_free(&dictionary->names);
    table_free(&dictionary->steps);
    table_free(&dictionary->seen);
    buffer_free(&dictionary->key);
    arena_free(&dictionary->scratch);
}

/* ---- losses ---- */

enum { SHOWN_BYTES = 80 };

/* At most SHOWN_BYTES, and no half character. */
static Span shown(Span what) {
    if (what.len <= SHOWN_BYTES) return what;
    what.len = SHOWN_BYTES;
    while (what.len && ((unsigned char)what.data[what.len] & 0xc0) == 0x80) what.len--;
    return what;
}

void loss_text(const Loss *loss, Buffer *out) {
    Fail fail;
    Span what = shown(loss->what);
    fail_set(&fail, FAIL_SETUP, "found '%.*s%s', %.*s: %s", (int)what.len, what.data, what.len < loss->what.len ? "..." : "", (int)loss->why.len,
             loss->why.data, loss->left_out ? "left out" : "changed");
    fail_at(&fail, loss->file, loss->line, loss->column);
    fail_text(&fail, out);
}

void loss_add(Losses *losses, Arena *keep, Loss loss) {
    loss.what = arena_copy(keep, loss.what);
    *ARENA_PUSH(keep, losses->items, losses->count, losses->capacity) = loss;
    *(loss.left_out ? &losses->left_out : &losses->changed) += loss.count;
}

void lose(Dictionary *dictionary, bool left_out, const char *kind, Span what, uint64_t line, const char *why, ...) {
    char text[200];
    va_list args;
    va_start(args, why);
    vsnprintf(text, sizeof text, why, args);
    va_end(args);
    Loss loss = {.file = dictionary->settings->file, .line = line, .kind = kind, .what = shown(what), .count = 1, .left_out = left_out};
    loss.why = arena_copy(dictionary->keep, span_of(text));
    loss_add(&dictionary->losses, dictionary->keep, loss);
}

bool dictionary_fail(const Dictionary *dictionary, uint64_t line, uint64_t column, Fail *fail, const char *format, ...) {
    char text[200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fail_set(fail, FAIL_SETUP, "%s", text);
    return fail_at(fail, dictionary->settings->file, line, column);
}

/* ---- lines and fields ---- */

bool line_next(Lines *lines, Span *line) {
    if (!lines->rest.len) return false;
    const char *end = memchr(lines->rest.data, '\n', lines->rest.len);
    size_t len = end ? (size_t)(end - lines->rest.data) : lines->rest.len;
    *line = (Span){lines->rest.data, len};
    lines->rest = (Span){lines->rest.data + len + (end != NULL), lines->rest.len - len - (end != NULL)};
    while (line->len && line->data[line->len - 1] == '\r') line->len--;
    lines->number++;
    return true;
}

bool field_next(Span *rest, Span *field) {
    while (rest->len && is_blank(rest->data[0])) rest->data++, rest->len--;
    size_t len = 0;
    while (len < rest->len && !is_blank(rest->data[len])) len++;
    *field = (Span){rest->data, len};
    *rest = (Span){rest->data + len, rest->len - len};
    return len > 0;
}

bool decimal_in(Span text, double low, double high, double *number) {
    return text.len < 32 && number_parse(text, number) && *number >= low && *number <= high;
}

/* ---- categories ---- */

/* Number and bytes as one key, good until the next call. */
static Span key_of(Dictionary *dictionary, uint32_t number, Span bytes) {
    dictionary->key.len = 0;
    buffer_append(&dictionary->key, (Span){(const char *)&number, sizeof number});
    buffer_append(&dictionary->key, bytes);
    return buffer_span(&dictionary->key);
}

/* Small letters, digits and _ of a name; other letters than Latin as they are. */
static void clean_step(Span name, Buffer *step) {
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.data[i];
        if (is_letter(byte) || is_digit(byte)) buffer_byte(step, byte >= 'A' && byte <= 'Z' ? (char)(byte | 32) : byte);
        else if (step->len && step->data[step->len - 1] != '_') buffer_byte(step, '_');
    }
    while (step->len && step->data[step->len - 1] == '_') step->len--;
    if (step->len <= STEP_BYTES_MAX) return;
    step->len = STEP_BYTES_MAX;
    while (step->len && ((unsigned char)step->data[step->len] & 0xc0) == 0x80) step->len--;
}

bool name_is_step(Span name, Span step) {
    Buffer made = {0};
    clean_step(name, &made);
    bool equal = span_equal(buffer_span(&made), step);
    buffer_free(&made);
    return equal;
}

/* A step that no sibling has: `name`, else `name_2`, `name_3`, ... */
static Span step_of(Dictionary *dictionary, uint32_t parent, Span name, uint64_t line) {
    Buffer step = {0};
    clean_step(name, &step);
    bool nameless = !step.len;
    if (nameless) buffer_text(&step, "category");
    size_t len = step.len;
    Span key = key_of(dictionary, parent, buffer_span(&step));
    uint32_t *count = table_get(&dictionary->steps, key) == TABLE_NONE ? NULL : table_put(&dictionary->steps, key);
    for (uint32_t number = count ? *count : 1; count;) {
        *count = ++number; /* the next one that is called so begins where this one ended */
        step.len = len;
        buffer_printf(&step, "_%u", number);
        key = key_of(dictionary, parent, buffer_span(&step));
        if (table_get(&dictionary->steps, key) == TABLE_NONE) break;
    }
    *table_put(&dictionary->steps, arena_copy(dictionary->keep, key)) = 1;
    Span copy = arena_copy(dictionary->keep, buffer_span(&step));
    if (nameless || count) lose(dictionary, false, "name", name, line, "expected a name of letters that no other category has; it is called %.*s", (int)copy.len, copy.data);
    else if (name.len > STEP_BYTES_MAX) lose(dictionary, false, "name", name, line, "expected a name of at most %d bytes", STEP_BYTES_MAX);
    buffer_free(&step);
    return copy;
}

static uint32_t category_step(Dictionary *dictionary, uint32_t parent, Span name, uint64_t line) {
    name = span_trim(name);
    Span key = key_of(dictionary, parent, name);
    uint32_t known = table_get(&dictionary->names, key);
    if (known != TABLE_NONE) return known;
    uint32_t number = (uint32_t)dictionary->category_count;
    *table_put(&dictionary->names, arena_copy(dictionary->keep, key)) = number;
    Category category = {.name = arena_copy(dictionary->keep, name), .parent = parent, .first_child = NO_CATEGORY, .last_child = NO_CATEGORY, .next = NO_CATEGORY,
                         .first_entry = NO_ENTRY, .last_entry = NO_ENTRY};
    category.step = step_of(dictionary, parent, name, line);
    *ARENA_PUSH(dictionary->keep, dictionary->categories, dictionary->category_count, dictionary->category_capacity) = category;
    if (parent == NO_CATEGORY) return number;
    Category *above = &dictionary->categories[parent];
    if (above->first_child == NO_CATEGORY) above->first_child = number;
    else dictionary->categories[above->last_child].next = number;
    above->last_child = number;
    return number;
}

uint32_t category_at(Dictionary *dictionary, uint32_t parent, Span name, uint64_t line) {
    Span whole = name;
    int levels = 0;
    for (const char *dot; (dot = memchr(name.data, '.', name.len)) && levels < LEVELS_MAX; levels++) {
        size_t len = (size_t)(dot - name.data);
        if (len) parent = category_step(dictionary, parent, (Span){name.data, len}, line);
        name = (Span){dot + 1, name.len - len - 1};
    }
    if (name.len && !span_equal(name, whole)) return category_step(dictionary, parent, name, line);
    return name.len || parent == NO_CATEGORY || !levels ? category_step(dictionary, parent, whole, line) : parent;
}

void entry_add(Dictionary *dictionary, uint32_t category, Entry entry, Span what, uint64_t line) {
    Buffer all = {0};
    buffer_printf(&all, "%c%u ", entry.response ? 'r' : 's', entry.unless.len ? entry.within : 0);
    buffer_append(&all, entry.match);
    if (entry.unless.len) buffer_byte(&all, '\n'), buffer_append(&all, entry.unless);
    Span key = key_of(dictionary, category, buffer_span(&all));
    buffer_free(&all);
    if (table_get(&dictionary->seen, key) != TABLE_NONE) {
        lose(dictionary, false, "duplicate", what, line, "expected it once in a category");
        return;
    }
    *table_put(&dictionary->seen, arena_copy(dictionary->keep, key)) = 1;
    uint32_t number = (uint32_t)dictionary->entry_count;
    entry.next = NO_ENTRY;
    *ARENA_PUSH(dictionary->keep, dictionary->entries, dictionary->entry_count, dictionary->entry_capacity) = entry;
    Category *to = &dictionary->categories[category];
    if (to->first_entry == NO_ENTRY) to->first_entry = number;
    else dictionary->entries[to->last_entry].next = number;
    to->last_entry = number;
    to->filled = true;
}

void valence_add(Dictionary *dictionary, ValenceEntry entry, Span what, uint64_t line) {
    Span key = key_of(dictionary, NO_CATEGORY, entry.term);
    if (table_get(&dictionary->seen, key) != TABLE_NONE) {
        lose(dictionary, true, "duplicate", what, line, "expected a term once");
        return;
    }
    *table_put(&dictionary->seen, arena_copy(dictionary->keep, key)) = 1;
    *ARENA_PUSH(dictionary->keep, dictionary->valence, dictionary->valence_count, dictionary->valence_capacity) = entry;
}

/* ---- codes ---- */

static Pole pole_of_step(Span step) { return span_is(step, "negative") ? POLE_NEGATIVE : span_is(step, "positive") ? POLE_POSITIVE : POLE_NONE; }

static bool has_only_poles(const Dictionary *dictionary, const Category *category) {
    if (category->filled || category->first_child == NO_CATEGORY) return false;
    for (uint32_t child = category->first_child; child != NO_CATEGORY; child = dictionary->categories[child].next) {
        const Category *at = &dictionary->categories[child];
        if (!pole_of_step(at->step) || at->first_child != NO_CATEGORY) return false;
    }
    return true;
}

/* Parents stand before their children, so their ids are known. */
static Span id_of(const Dictionary *dictionary, const Category *category) {
    if (category->parent == NO_CATEGORY) return category->step;
    Buffer id = {0};
    buffer_append(&id, dictionary->categories[category->parent].id);
    buffer_byte(&id, '.');
    buffer_append(&id, category->step);
    Span copy = arena_copy(dictionary->keep, buffer_span(&id));
    buffer_free(&id);
    return copy;
}

bool dictionary_finish(Dictionary *dictionary, Fail *fail) {
    size_t codes = 0;
    for (size_t i = 0; i < dictionary->category_count; i++) {
        Category *category = &dictionary->categories[i];
        codes += category->filled;
        if (codes > CODES_MOST) return dictionary_fail(dictionary, 0, 0, fail, "found more than %d categories with entries, expected fewer", CODES_MOST);
        if (!category->pole) category->id = id_of(dictionary, category);
        if (!has_only_poles(dictionary, category)) continue;
        for (uint32_t child = category->first_child; child != NO_CATEGORY; child = dictionary->categories[child].next) {
            dictionary->categories[child].pole = pole_of_step(dictionary->categories[child].step);
            dictionary->categories[child].id = category->id;
        }
    }
    return true;
}

/* ---- values ---- */

Span value_clean(Dictionary *dictionary, Span value, uint64_t line) {
    Buffer clean = {0};
    Span rest = value, field;
    bool control = false;
    while (field_next(&rest, &field)) {
        if (clean.len) buffer_byte(&clean, ' ');
        buffer_append(&clean, field);
    }
    for (size_t i = 0; i < clean.len; i++) control = control || (unsigned char)clean.data[i] < 0x20 || clean.data[i] == 0x7f;
    if (control) lose(dictionary, true, "control characters", value, line, "expected words");
    if (!control && !clean.len) lose(dictionary, true, "nothing", value, line, "expected a word");
    Span copy = control ? (Span){NULL, 0} : arena_copy(dictionary->keep, buffer_span(&clean));
    buffer_free(&clean);
    return copy;
}

static bool is_wild(Span word) {
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] != '*' && word.data[i] != '?') return false;
    return true;
}

static size_t tokens_of(Dictionary *dictionary, Span text) {
    Tokens tokens;
    dictionary->settings->cut(dictionary->settings->cut_context, text, dictionary->settings->language, &tokens, &dictionary->scratch);
    size_t count = tokens.count;
    arena_reset(&dictionary->scratch);
    return count;
}

/* Each run between wildcards and marks must be one word, and no lone wildcard may be left between marks. */
static bool glob_fits(Dictionary *dictionary, Span word) {
    for (size_t at = 0; at < word.len;) {
        size_t end = at;
        bool wild = false, plain = false;
        for (; end < word.len && !is_mark(word.data[end]);) {
            if (word.data[end] == '*' || word.data[end] == '?') {
                wild = true, end++;
                continue;
            }
            size_t run = end;
            while (end < word.len && !is_mark(word.data[end]) && word.data[end] != '*' && word.data[end] != '?') end++;
            if (tokens_of(dictionary, (Span){word.data + run, end - run}) != 1) return false;
            plain = true;
        }
        if (wild && !plain) return false;
        at = end + 1;
    }
    return true;
}

/* In a language without spaces a word matches wherever its characters stand: stars at its ends say nothing. */
static Span without_end_stars(Span word) {
    while (word.len && word.data[0] == '*') word.data++, word.len--;
    while (word.len && word.data[word.len - 1] == '*') word.len--;
    return word;
}

/* Of signs with single letters among them. */
static bool is_emoticon(Span word) {
    bool sign = false;
    for (size_t i = 0; i < word.len; i++) {
        if (i && is_letter(word.data[i]) && is_letter(word.data[i - 1])) return false;
        sign = sign || (!is_letter(word.data[i]) && !is_digit(word.data[i]) && !strchr("*?'", word.data[i]));
    }
    return sign;
}

/* One word behind the others; false and a loss where it cannot be said. */
static bool put_word(Dictionary *dictionary, Span word, bool cased, Span value, uint64_t line, Buffer *rule) {
    bool characters = dictionary->settings->language->characters;
    if (characters && word.len > 1 && !span_equal(without_end_stars(word), word) && !is_wild(word)) {
        word = without_end_stars(word);
        lose(dictionary, false, "wildcard", value, line, "expected no '*' at the end of a word of this language; it matches wherever its characters stand");
    }
    bool fine = !has_wildcard(word) ? tokens_of(dictionary, word) > 0 : span_is(word, "*") ? !characters : characters ? !memchr(word.data, '*', word.len) && !is_wild(word) : glob_fits(dictionary, word);
    if (!fine) {
        lose(dictionary, true, has_wildcard(word) ? "wildcard" : "no word", value, line, has_wildcard(word) ? "expected letters between wildcards that make one word" : "expected a word");
        return false;
    }
    if (rule->len > 1) buffer_byte(rule, ' ');
    bool keep = cased || is_emoticon(word);
    for (size_t i = 0; i < word.len; i++) buffer_byte(rule, !keep && word.data[i] >= 'A' && word.data[i] <= 'Z' ? (char)(word.data[i] | 32) : word.data[i]);
    return true;
}

/* A lone word with a wildcard needs no quotes where nothing in it could be an operator. */
static bool may_stand_bare(Span word) {
    bool wild = false;
    for (size_t i = 0; i < word.len; i++) {
        if (!is_letter(word.data[i]) && !is_digit(word.data[i]) && !strchr("*?'", word.data[i])) return false;
        wild = wild || word.data[i] == '*' || word.data[i] == '?';
    }
    return wild;
}

Span value_rule(Dictionary *dictionary, Span value, bool cased, uint64_t line) {
    Span clean = value_clean(dictionary, value, line), rest = clean, word;
    if (!clean.len) return (Span){NULL, 0};
    if (memchr(clean.data, '"', clean.len)) return lose(dictionary, true, "quotes", value, line, "expected no quotation mark, which ends an exact form"), (Span){NULL, 0};
    Buffer rule = {0};
    bool fine = true, words = false;
    buffer_byte(&rule, '"');
    while (fine && field_next(&rest, &word)) {
        fine = put_word(dictionary, word, cased, value, line, &rule);
        words = words || !is_wild(word);
    }
    if (fine && !words) fine = (lose(dictionary, true, "wildcard", value, line, "expected a word, or it would match everywhere"), false);
    buffer_byte(&rule, '"');
    Span inside = {rule.data + 1, rule.len - 2};
    Span copy = !fine ? (Span){NULL, 0} : arena_copy(dictionary->keep, !dictionary->settings->language->characters && may_stand_bare(inside) ? inside : buffer_span(&rule));
    buffer_free(&rule);
    return copy;
}
