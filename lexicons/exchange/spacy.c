/* spacy — patterns of spaCy's entity ruler: a JSON object a line, with a label, and a text or a list of tokens. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "exchange/dictionary.h"
#include "exchange/gather.h"

enum { TOKENS_MAX = 64, REPEAT_MAX = 10, FAR = 1000 };

/* ---- one token of a pattern ---- */

typedef struct {
    Dictionary *dictionary;
    Span line; /* as written, for messages */
    uint64_t number;
} Place;

static bool refuse(const Place *place, const char *kind, const char *why) {
    lose(place->dictionary, true, kind, place->line, place->number, "%s", why);
    return false;
}

static void change(const Place *place, const char *kind, const char *why) { lose(place->dictionary, false, kind, place->line, place->number, "%s", why); }

/* The part of the pattern's own wildcards: `{}` is any token, one of punctuation is none of ours. */
typedef enum { TOKEN_WORDS, TOKEN_ANY, TOKEN_NONE } TokenKind;

typedef struct {
    TokenKind kind;
    Span rule; /* of TOKEN_WORDS */
    uint32_t least, most;
} PatternToken;

/* A regex of a token that is a glob: ^ and $, letters, `.`, `.*`, `\w*`. spaCy looks for it anywhere in the token. */
static bool glob_of_regex(Span regex, Buffer *glob) {
    bool begins = regex.len && regex.data[0] == '^', ends = regex.len && regex.data[regex.len - 1] == '$';
    size_t end = regex.len - ends;
    if (!begins) buffer_byte(glob, '*');
    for (size_t i = begins; i < end; i++) {
        bool any = regex.data[i] == '.' || (regex.data[i] == '\\' && i + 1 < end && regex.data[i + 1] == 'w');
        if (any) {
            i += regex.data[i] == '\\';
            bool star = i + 1 < end && regex.data[i + 1] == '*';
            i += star;
            buffer_byte(glob, star ? '*' : '?');
        } else if (is_letter(regex.data[i]) || is_digit(regex.data[i]) || regex.data[i] == '\'') {
            buffer_byte(glob, regex.data[i]);
        } else {
            return false;
        }
    }
    if (!ends) buffer_byte(glob, '*');
    return true;
}

static bool rule_of_regex(const Place *place, Span regex, Span *rule) {
    Buffer glob = {0};
    bool fine = glob_of_regex(regex, &glob) || refuse(place, "regex", "expected a regex of letters, ^, $, . and .*");
    if (fine) *rule = value_rule(place->dictionary, buffer_span(&glob), false, place->number);
    buffer_free(&glob);
    return fine && rule->len;
}

/* A lemma is taken by its stem; what could be read as more than a word stays a form. */
static Span rule_of_lemma(const Place *place, Span lemma) {
    bool bare = lemma.len > 0;
    for (size_t i = 0; i < lemma.len; i++) bare = bare && is_letter(lemma.data[i]);
    Span rule = value_rule(place->dictionary, lemma, false, place->number);
    if (!rule.len) return rule;
    change(place, "lemma", "expected words: a lemma is taken by its stem");
    return bare && rule.data[0] == '"' ? (Span){rule.data + 1, rule.len - 2} : rule;
}

static bool is_exact_key(Span key) { return span_is(key, "TEXT") || span_is(key, "ORTH"); }

static bool is_word_key(Span key) { return is_exact_key(key) || span_is(key, "LOWER") || span_is(key, "NORM") || span_is(key, "LEMMA"); }

static bool rule_of_text(const Place *place, Span key, Span text, Span *rule) {
    if (span_is(key, "LEMMA")) *rule = rule_of_lemma(place, text);
    else *rule = value_rule(place->dictionary, text, is_exact_key(key), place->number);
    return rule->len > 0;
}

static bool rule_of_list(const Place *place, Span key, JsonValue list, Span *rule) {
    Buffer either = {0};
    JsonValue item;
    bool fine = true;
    size_t count = 0;
    for (JsonWalk walk = json_walk(list); fine && json_item(&walk, &item); count++) {
        Span one;
        fine = json_type(item) == JSON_STRING ? rule_of_text(place, key, json_string(item), &one) : refuse(place, "token", "expected texts in IN");
        buffer_text(&either, count ? " | " : "(");
        if (fine) buffer_append(&either, one);
    }
    buffer_byte(&either, ')');
    if (fine && !count) fine = refuse(place, "token", "expected texts in IN");
    if (fine) *rule = arena_copy(place->dictionary->keep, count == 1 ? (Span){either.data + 1, either.len - 2} : buffer_span(&either));
    buffer_free(&either);
    return fine;
}

static bool rule_of_value(const Place *place, Span key, JsonValue value, Span *rule) {
    JsonValue inner;
    if (span_is(key, "NORM")) change(place, "NORM", "expected forms: a norm is taken as the form");
    if (json_type(value) == JSON_STRING) return rule_of_text(place, key, json_string(value), rule);
    if (json_type(value) != JSON_OBJECT) return refuse(place, "token", "expected a text, IN or REGEX");
    size_t members = 0;
    JsonValue name;
    for (JsonWalk walk = json_walk(value); json_member(&walk, &name, &inner);) members++;
    if (members == 1 && json_get(value, "IN", &inner) && json_type(inner) == JSON_ARRAY) return rule_of_list(place, key, inner, rule);
    if (members == 1 && json_get(value, "REGEX", &inner) && json_type(inner) == JSON_STRING && !span_is(key, "LEMMA")) return rule_of_regex(place, json_string(inner), rule);
    return refuse(place, "token", "expected a text, IN or REGEX");
}

/* ---- how often ---- */

static bool take_number(Span *text, uint32_t *number) {
    size_t len = 0;
    uint32_t value = 0;
    for (; len < text->len && is_digit(text->data[len]) && value <= FAR; len++) value = 10 * value + (uint32_t)(text->data[len] - '0');
    *text = (Span){text->data + len, text->len - len};
    *number = value;
    return len > 0 && value <= FAR;
}

static bool take_range(Span text, PatternToken *token) {
    text = (Span){text.data + 1, text.len - 2};
    bool low = take_number(&text, &token->least);
    if (!low) token->least = 0;
    token->most = token->least;
    if (!text.len) return low;
    if (text.data[0] != ',') return false;
    text = (Span){text.data + 1, text.len - 1};
    if (!text.len) return token->most = FAR, low;
    return take_number(&text, &token->most) && !text.len && token->most >= token->least;
}

static bool take_operator(const Place *place, JsonValue value, PatternToken *token) {
    Span text = json_string(value);
    if (span_is(text, "?")) token->least = 0, token->most = 1;
    else if (span_is(text, "*")) token->least = 0, token->most = FAR;
    else if (span_is(text, "+")) token->least = 1, token->most = FAR;
    else if (text.len < 3 || text.data[0] != '{' || text.data[text.len - 1] != '}' || !take_range(text, token)) return refuse(place, "OP", "expected OP ?, *, + or {n,m}");
    return true;
}

/* Classes of ours that are a little more than theirs. */
static bool rule_of_class(const Place *place, Span key, JsonValue value, PatternToken *token) {
    bool digit = span_is(key, "IS_DIGIT"), link = span_is(key, "LIKE_URL") || span_is(key, "LIKE_EMAIL");
    if ((!digit && !link && !span_is(key, "LIKE_NUM")) || json_type(value) != JSON_TRUE) return false;
    if (digit) change(place, "IS_DIGIT", "expected LIKE_NUM: <number> holds other numbers too");
    if (link) change(place, "LIKE_URL", "expected any link: <link> holds addresses and names too");
    token->rule = link ? SPAN("<link>") : SPAN("<number>");
    return true;
}

static bool take_token(const Place *place, JsonValue value, PatternToken *token) {
    *token = (PatternToken){.kind = TOKEN_ANY, .least = 1, .most = 1};
    if (json_type(value) != JSON_OBJECT) return refuse(place, "token", "expected an object a token");
    JsonValue name, inner;
    for (JsonWalk walk = json_walk(value); json_member(&walk, &name, &inner);) {
        Span key = json_string(name);
        if (span_is(key, "OP")) {
            if (!take_operator(place, inner, token)) return false;
        } else if (token->kind != TOKEN_ANY) {
            return refuse(place, "token", "expected one attribute a token");
        } else if (is_word_key(key)) {
            if (!rule_of_value(place, key, inner, &token->rule)) return false;
            token->kind = TOKEN_WORDS;
        } else if ((span_is(key, "IS_PUNCT") || span_is(key, "IS_SPACE")) && json_type(inner) == JSON_TRUE) {
            token->kind = TOKEN_NONE; /* phrases go over punctuation anyway */
        } else if (rule_of_class(place, key, inner, token)) {
            token->kind = TOKEN_WORDS;
        } else {
            return refuse(place, "token", "expected TEXT, ORTH, LOWER, NORM, LEMMA, LIKE_NUM, LIKE_URL or IS_PUNCT");
        }
    }
    return true;
}

/* ---- a row of them to a rule ---- */

typedef struct {
    Buffer rule;
    uint32_t before, free, after; /* between what was and what comes: words that must stand there, that may, that must behind them */
    bool any;             /* a word was put */
} Row;

static void put_stars(Row *row, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) buffer_text(&row->rule, row->rule.len ? " *" : "*");
}

static void put_gap(Row *row) {
    put_stars(row, row->before);
    if (row->any && row->free) buffer_printf(&row->rule, " ONEAR/%u", row->free > FAR ? FAR : row->free);
    put_stars(row, row->after);
    if (row->rule.len) buffer_byte(&row->rule, ' ');
    row->before = row->free = row->after = 0;
}

/* Between words, tokens that must be there are `*`, those that may be left out a distance behind. */
static bool add_any(const Place *place, Row *row, const PatternToken *token) {
    if (token->least != token->most && !row->any) change(place, "OP", "expected a word first; what may be left out before it is");
    bool may_miss = token->most > token->least;
    if (may_miss) row->before += row->after, row->after = 0;
    *(row->free && !may_miss ? &row->after : &row->before) += token->least;
    row->free += token->most - token->least;
    return row->before + row->after <= TOKENS_MAX || refuse(place, "length", "expected at most 64 tokens");
}

static bool add_words(const Place *place, Row *row, const PatternToken *token) {
    if (token->most == FAR) change(place, "OP", "expected words once or not at all; it is taken so");
    uint32_t most = token->most == FAR ? (token->least ? token->least : 1) : token->most;
    if (most != token->least && !(most == 1 && !token->least)) return refuse(place, "OP", "expected words a number of times, or once or not at all");
    if (most > REPEAT_MAX) return refuse(place, "OP", "expected words at most 10 times");
    for (uint32_t i = 0; i < most; i++) {
        put_gap(row);
        bool joined = row->rule.len > 1 && memcmp(row->rule.data + row->rule.len - 2, "\" ", 2) == 0 && token->rule.data[0] == '"'; /* "a" "b" is "a b" */
        if (joined) row->rule.len -= 2, buffer_byte(&row->rule, ' ');
        buffer_append(&row->rule, (Span){token->rule.data + joined, token->rule.len - joined});
        row->any = true;
    }
    return true;
}

/* Words that may be missing double the row. */
static bool rule_of_tokens(const Place *place, const PatternToken *tokens, size_t count, uint64_t left_out, Span *rule) {
    Row row = {0};
    bool fine = true;
    size_t optional = 0;
    for (size_t i = 0; i < count && fine; i++) {
        PatternToken token = tokens[i];
        bool may_miss = token.kind == TOKEN_WORDS && !token.least;
        if (may_miss && left_out >> optional++ & 1) continue;
        if (token.kind == TOKEN_ANY) fine = add_any(place, &row, &token);
        if (token.kind == TOKEN_WORDS) fine = add_words(place, &row, &token);
    }
    if (fine && row.free) change(place, "OP", "expected a word last; what may be left out behind it is");
    if (row.any) put_stars(&row, row.before + row.after);
    *rule = fine && row.any ? arena_copy(place->dictionary->keep, buffer_span(&row.rule)) : (Span){NULL, 0};
    buffer_free(&row.rule);
    return fine;
}

enum { OPTIONAL_MAX = 4 };

static void take_tokens(const Place *place, JsonValue pattern, uint32_t category, Span id) {
    PatternToken tokens[TOKENS_MAX];
    JsonValue item;
    size_t count = 0, optional = 0;
    for (JsonWalk walk = json_walk(pattern); json_item(&walk, &item);) {
        if (count == TOKENS_MAX) {
            refuse(place, "length", "expected at most 64 tokens");
            return;
        }
        if (!take_token(place, item, &tokens[count])) return;
        optional += tokens[count].kind == TOKEN_WORDS && !tokens[count].least;
        count++;
    }
    if (optional > OPTIONAL_MAX) {
        refuse(place, "OP", "expected at most 4 words that may be left out");
        return;
    }
    bool any = false;
    for (uint64_t left_out = 0; left_out < (uint64_t)1 << optional; left_out++) {
        Span rule;
        if (!rule_of_tokens(place, tokens, count, left_out, &rule)) return;
        if (rule.len) entry_add(place->dictionary, category, (Entry){.match = rule, .id = id}, place->line, place->number);
        any = any || rule.len;
    }
    if (!any) refuse(place, "no word", "expected a word in the pattern");
}

/* ---- lines ---- */

static void take_pattern(const Place *place, JsonValue root) {
    Dictionary *dictionary = place->dictionary;
    JsonValue label, pattern, id;
    Span own = {NULL, 0};
    if (!json_get(root, "label", &label) || json_type(label) != JSON_STRING || !json_get(root, "pattern", &pattern)) {
        refuse(place, "line", "expected {\"label\": ..., \"pattern\": ...}");
        return;
    }
    if (json_get(root, "id", &id) && json_type(id) == JSON_STRING) own = arena_copy(dictionary->keep, json_string(id));
    uint32_t category = category_at(dictionary, NO_CATEGORY, json_string(label), place->number);
    if (json_type(pattern) == JSON_ARRAY) {
        take_tokens(place, pattern, category, own);
    } else if (json_type(pattern) == JSON_STRING) {
        Span rule = value_rule(dictionary, json_string(pattern), true, place->number);
        if (rule.len) entry_add(dictionary, category, (Entry){.match = rule, .id = own}, json_string(pattern), place->number);
    } else {
        refuse(place, "line", "expected a text or a list of tokens as pattern");
    }
}

bool spacy_read(Dictionary *dictionary, Span text, Fail *fail) {
    JsonParser *parser = json_open();
    Lines lines = {.rest = text};
    Span line;
    size_t patterns = 0;
    while (line_next(&lines, &line)) {
        if (!span_trim(line).len) continue;
        JsonValue root;
        Fail fault;
        Place place = {dictionary, line, lines.number};
        if (!json_parse_copy(parser, line, JSON_DEPTH, &root, &fault)) lose(dictionary, true, "line", line, lines.number, "%s, in column %llu", fault.message, (unsigned long long)fault.column);
        else take_pattern(&place, root), patterns++;
    }
    json_close(parser);
    return patterns > 0 || dictionary_fail(dictionary, 1, 1, fail, "found no JSON object in a line, expected one a pattern");
}

/* ---- writing ---- */

static bool spacy_keeps_id(const Phrase *phrase, Span id) { return phrase && id.len; }

static Refusal spacy_holds(const Phrase *phrase, const Language *language) {
    size_t near = 0, gaps = 0;
    for (size_t i = 0; i < phrase->count; i++) {
        const Unit *unit = &phrase->units[i];
        near += unit->kind == UNIT_NEAR;
        gaps += unit_is_gap(unit);
        if (language->characters && unit->kind == UNIT_GLOB) return (Refusal){"wildcard", "expected characters alone"};
        if (unit->kind == UNIT_CODE) return (Refusal){"#code", "expected words, not another code"};
        if (unit->kind == UNIT_CLASS && (language->characters || !span_is(unit->text, "<number>"))) return (Refusal){"class", "expected <number> alone of the classes"};
        if (unit->kind == UNIT_NOT) return (Refusal){"NOT", "expected words alone"};
        if (unit_is_gap(unit) && unit->n == N_FREE) return (Refusal){"AND", "expected words at a distance"};
    }
    if (near && gaps > 1) return (Refusal){"nesting", "expected NEAR once"};
    return (Refusal){NULL, NULL};
}

static void put_json(Buffer *out, Span text) {
    buffer_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x20) {
            buffer_printf(out, "\\u%04x", byte);
            continue;
        }
        if (byte == '"' || byte == '\\') buffer_byte(out, '\\');
        buffer_byte(out, (char)byte);
    }
    buffer_byte(out, '"');
}

/* A glob as a regex over the whole token. Signs that a regex obeys are escaped. */
static void put_regex(Buffer *out, Span glob) {
    Buffer regex = {0};
    bool begins = glob.data[0] != '*', ends = glob.data[glob.len - 1] != '*';
    if (begins) buffer_byte(&regex, '^');
    for (size_t i = !begins; i < glob.len - !ends; i++) {
        if (glob.data[i] == '*') buffer_text(&regex, ".*");
        else if (glob.data[i] == '?') buffer_byte(&regex, '.');
        else if (is_letter(glob.data[i]) || is_digit(glob.data[i]) || glob.data[i] == '\'') buffer_byte(&regex, glob.data[i]);
        else buffer_byte(&regex, '\\'), buffer_byte(&regex, glob.data[i]);
    }
    if (ends) buffer_byte(&regex, '$');
    buffer_text(out, "{\"LOWER\": {\"REGEX\": ");
    put_json(out, buffer_span(&regex));
    buffer_text(out, "}}");
    buffer_free(&regex);
}

static void put_unit(Buffer *out, const Unit *unit) {
    if (unit->kind == UNIT_GLOB) put_regex(out, unit->text);
    else if (unit->kind == UNIT_ANY) buffer_text(out, "{}");
    else if (unit->kind == UNIT_CLASS) buffer_text(out, "{\"LIKE_NUM\": true}");
    else if (unit_is_gap(unit)) buffer_printf(out, "{\"OP\": \"{0,%u}\"}", unit->n);
    else buffer_text(out, unit->kind == UNIT_CASED ? "{\"TEXT\": " : "{\"LOWER\": "), put_json(out, unit->text), buffer_byte(out, '}');
}

/* units[first, end), then the gap, then the others: in the order asked for. */
static void put_units(Buffer *out, const Phrase *phrase, size_t gap, bool turned) {
    size_t count = phrase->count, put = 0;
    for (size_t i = 0; i < count; i++) {
        size_t behind = gap < count ? count - gap - 1 : 0;
        size_t at = !turned ? i : i < behind ? gap + 1 + i : i == behind ? gap : i - behind - 1;
        if (unit_is_gap(&phrase->units[at]) && !phrase->units[at].n) continue;
        if (put++) buffer_text(out, ", ");
        put_unit(out, &phrase->units[at]);
    }
}

/* Characters need no blank between them. */
static void put_text(Buffer *out, const Phrase *phrase) {
    Buffer words = {0};
    for (size_t i = 0; i < phrase->count; i++) {
        Span text = phrase->units[i].text;
        bool blank = words.len && !(words.data[words.len - 1] & 0x80 && text.data[0] & 0x80);
        if (blank) buffer_byte(&words, ' ');
        buffer_append(&words, text);
    }
    put_json(out, buffer_span(&words));
    buffer_free(&words);
}

static void put_line(Buffer *out, const Gathered *gathered, uint32_t category, const HeldEntry *entry, size_t gap, bool turned) {
    Buffer label = {0};
    put_category_path(&label, &gathered->tree, category);
    buffer_text(out, "{\"label\": ");
    put_json(out, buffer_span(&label));
    buffer_free(&label);
    const Phrase *phrase = &entry->phrase;
    buffer_text(out, ", \"pattern\": ");
    bool text = gathered->tree.settings->language->characters; /* cut by spaCy as its texts are */
    if (text) {
        put_text(out, phrase);
    } else {
        buffer_byte(out, '[');
        put_units(out, phrase, gap, turned);
        buffer_byte(out, ']');
    }
    if (entry->id.len) buffer_text(out, ", \"id\": "), put_json(out, entry->id);
    buffer_text(out, "}\n");
}

/* Takes the line that was put last away again where it stood before: `a NEAR b` and `b NEAR a` give the same two. */
static void keep_once(Buffer *out, size_t start, Table *seen, Arena *arena) {
    Span line = {out->data + start, out->len - start};
    if (table_get(seen, line) != TABLE_NONE) out->len = start;
    else *table_put(seen, arena_copy(arena, line)) = 1;
}

static void put_entry(Buffer *out, const Gathered *gathered, uint32_t category, const HeldEntry *entry, Table *seen, Arena *arena) {
    size_t near = 0;
    while (near < entry->phrase.count && entry->phrase.units[near].kind != UNIT_NEAR) near++;
    for (int turned = 0; turned < (near < entry->phrase.count ? 2 : 1); turned++) {
        size_t start = out->len;
        put_line(out, gathered, category, entry, near, turned);
        keep_once(out, start, seen, arena);
    }
}

static void spacy_write(const Gathered *gathered, Buffer *out) {
    Table seen = {0};
    Arena arena = {0};
    for (uint32_t category = 0; category < gathered->tree.category_count; category++)
        for (uint32_t i = gathered->tree.categories[category].first_entry; i != NO_ENTRY; i = gathered->entries[i].next)
            put_entry(out, gathered, category, &gathered->entries[i], &seen, &arena);
    table_free(&seen);
    arena_free(&arena);
}

const FormatWriter spacy_writer = {.holds = spacy_holds, .write = spacy_write, .keeps_id = spacy_keeps_id, .cased = true};
