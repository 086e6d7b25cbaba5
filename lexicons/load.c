/* load — the files of a lexicons folder. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "matching.h"

/* ---- reasons.yaml ---- */

typedef struct {
    Compiler *compiler;
    uint16_t code;
    uint8_t pole;
    uint32_t *numbers; /* [code] rules so far, for ids */
} Place;

static bool read_role(const YamlNode *node, uint8_t *role, Fail *fail) {
    if (!yaml_expect(node, YAML_TEXT, "a question's role", fail)) return false;
    for (uint8_t i = 0; i < ROLE_COUNT; i++)
        if (span_is(node->text, role_name(i))) return *role = i, true;
    return yaml_fail(node, fail, "found role '%.*s', expected open, could_improve or what_good", (int)node->text.len, node->text.data);
}

static bool read_roles(const YamlNode *node, Rule *rule, Fail *fail) {
    if (!yaml_expect(node, YAML_LIST, "questions", fail)) return false;
    rule->roles = 0;
    for (size_t i = 0; i < node->count; i++) {
        uint8_t role = 0;
        if (!read_role(node->values[i], &role, fail)) return false;
        rule->roles |= (uint8_t)(1u << role);
    }
    return true;
}

static bool read_choice(const YamlNode *node, const char *what, const char *const *names, uint8_t *choice, Fail *fail) {
    if (!yaml_expect(node, YAML_TEXT, what, fail)) return false;
    for (uint8_t i = 0; names[i]; i++)
        if (span_is(node->text, names[i])) return *choice = i, true;
    char expected[128] = "";
    for (size_t i = 0; names[i]; i++) {
        strcat(expected, i ? names[i + 1] ? ", " : " or " : "");
        strcat(expected, names[i]);
    }
    return yaml_fail(node, fail, "found %s '%.*s', expected %s", what, (int)node->text.len, node->text.data, expected);
}

static bool read_test_texts(Place *place, const YamlNode *texts, bool hit, Role role, Fail *fail) {
    if (!yaml_expect(texts, YAML_LIST, hit ? "hit" : "miss", fail)) return false;
    Lexicon *lexicon = place->compiler->lexicon;
    for (size_t i = 0; i < texts->count; i++) {
        const YamlNode *text = texts->values[i];
        if (!yaml_expect(text, YAML_TEXT, "a test text", fail)) {
            if (compiler_goes_on(place->compiler)) continue;
            return false;
        }
        *ARENA_PUSH(lexicon->trees, lexicon->tests, lexicon->test_count, lexicon->test_capacity) =
            (RuleTest){.text = arena_copy(lexicon->keep, text->text), .code = place->code, .pole = place->pole, .hit = hit, .role = role,
                       .file = place->compiler->file, .line = text->line};
    }
    return true;
}

static bool read_test(Place *place, const YamlNode *test) {
    Fail *fail = place->compiler->fail;
    if (!yaml_expect(test, YAML_MAP, "test", fail)) return false;
    uint8_t role = ROLE_OPEN;
    for (size_t i = 0; i < test->count; i++)
        if (span_is(test->keys[i]->text, "question") && !read_role(test->values[i], &role, fail)) return false;
    for (size_t i = 0; i < test->count; i++) {
        Span key = test->keys[i]->text;
        if (span_is(key, "question")) continue;
        bool hit = span_is(key, "hit");
        if (!hit && !span_is(key, "miss")) return yaml_fail(test->keys[i], fail, "found '%.*s', expected hit, miss or question", (int)key.len, key.data);
        if (!read_test_texts(place, test->values[i], hit, role, fail)) return false;
    }
    return true;
}

static bool read_number(const YamlNode *node, const char *what, double low, double high, double *number, Fail *fail) {
    if (!yaml_expect(node, YAML_TEXT, what, fail)) return false;
    char *end = NULL;
    *number = strtod(node->text.data, &end);
    if (node->text.len && end == node->text.data + node->text.len && *number >= low && *number <= high) return true;
    return yaml_fail(node, fail, "found %s '%.*s', expected a number from %g to %g", what, (int)node->text.len, node->text.data, low, high);
}

static bool read_weight(const YamlNode *node, Rule *rule, Fail *fail) {
    double weight = 0;
    if (!read_number(node, "weight", 0.0001, 1, &weight, fail)) return false;
    rule->weight = (uint16_t)(weight * 10000 + 0.5);
    return true;
}

static bool read_within(const YamlNode *node, Rule *rule, Fail *fail) {
    double words = 0;
    if (!read_number(node, "within", 0, 1000, &words, fail)) return false;
    rule->within = (uint32_t)words;
    return rule->within == words || yaml_fail(node, fail, "found within '%.*s', expected a whole number of words", (int)node->text.len, node->text.data);
}

static bool read_day(const YamlNode *node, const char *what, int32_t *day, Fail *fail) {
    if (!yaml_expect(node, YAML_TEXT, what, fail)) return false;
    return day_parse(node->text, day) || yaml_fail(node, fail, "found %s '%.*s', expected a date as in 2024-05-31", what, (int)node->text.len, node->text.data);
}

/* One key of a rule that is a mapping. */
static bool read_rule_key(Place *place, const YamlNode *key, const YamlNode *value, Rule *rule, Draft *draft) {
    static const char *const units[] = {"sentence", "response", "clause", NULL};
    static const char *const negated[] = {"turn", "cancel", "keep", NULL};
    Compiler *compiler = place->compiler;
    if (span_is(key->text, "match")) return (draft->match = compile_query(compiler, draft->at = value)) != NULL;
    if (span_is(key->text, "unless")) return (draft->unless = compile_query(compiler, draft->unless_at = value)) != NULL;
    if (span_is(key->text, "questions")) return read_roles(value, rule, compiler->fail);
    if (span_is(key->text, "negated")) return read_choice(value, "negated", negated, &rule->negated, compiler->fail);
    if (span_is(key->text, "test")) return read_test(place, value);
    if (span_is(key->text, "weight")) return read_weight(value, rule, compiler->fail);
    if (span_is(key->text, "since")) return read_day(value, "since", &rule->since, compiler->fail);
    if (span_is(key->text, "until")) return read_day(value, "until", &rule->until, compiler->fail);
    if (span_is(key->text, "within")) return read_within(value, rule, compiler->fail);
    if (span_is(key->text, "unit")) {
        uint8_t unit = 0;
        bool fine = read_choice(value, "unit", units, &unit, compiler->fail);
        rule->response = unit == 1;
        rule->clause = unit == 2;
        return fine;
    }
    if (span_is(key->text, "id")) {
        rule->id = arena_copy(compiler->lexicon->keep, value->text);
        return yaml_expect(value, YAML_TEXT, "id", compiler->fail);
    }
    return yaml_fail(key, compiler->fail, "found '%.*s', expected match, unless, within, questions, unit, negated, since, until, weight, id or test", (int)key->text.len,
                     key->text.data);
}

static bool read_rule(Place *place, const YamlNode *node) {
    Compiler *compiler = place->compiler;
    Lexicon *lexicon = compiler->lexicon;
    bool poles = compiler->lexicons->codebook.codes[place->code].poles;
    Rule rule = {.kind = RULE_REASON, .code = place->code, .pole = place->pole, .roles = 7, .within = NO_LIMIT, .until = DAY_LAST, .weight = 10000};
    Draft draft = {.at = node};
    rule.negated = poles ? NEGATED_TURN : NEGATED_CANCEL;
    if (node->kind == YAML_LIST) return yaml_fail(node, compiler->fail, "found a list, expected a rule");
    if (node->kind == YAML_TEXT && !(draft.match = compile_query(compiler, node))) return false;
    for (size_t i = 0; node->kind == YAML_MAP && i < node->count; i++)
        if (!read_rule_key(place, node->keys[i], node->values[i], &rule, &draft)) return false;
    if (!draft.match) {
        if (yaml_get(node, "test")) return true;
        return yaml_fail(node, compiler->fail, "found a rule without `match`, expected one");
    }
    if (rule.within != NO_LIMIT && !draft.unless) return yaml_fail(node, compiler->fail, "found `within` without `unless`, expected both");
    if (rule.since >= rule.until) return yaml_fail(node, compiler->fail, "found `since` that is not before `until`, expected an earlier day");
    uint32_t number = ++place->numbers[place->code];
    if (!rule.id.len) {
        Span code = compiler->lexicons->codebook.codes[place->code].id;
        Buffer id = {0};
        buffer_printf(&id, "%.*s/%.*s/%u", (int)lexicon->language->code.len, lexicon->language->code.data, (int)code.len, code.data, number);
        rule.id = arena_copy(lexicon->keep, buffer_span(&id));
        buffer_free(&id);
    }
    rule_add(compiler, rule, draft);
    return true;
}

static Pole pole_of_key(Span key) {
    return span_is(key, "negative") ? POLE_NEGATIVE : span_is(key, "positive") ? POLE_POSITIVE : span_is(key, "topic") ? POLE_TOPIC : POLE_NONE;
}

/* The code of a path of keys; without a codebook.yaml the path makes it. */
static bool place_code(Place *place, const YamlNode *key, Span path, bool poles) {
    Compiler *compiler = place->compiler;
    Lexicons *lexicons = compiler->lexicons;
    uint32_t code = table_get(&lexicons->codes, path);
    bool made = lexicons->codebook.language_count == 0; /* no names: the codebook is made of the keys */
    if (code == TABLE_NONE && made && lexicons->codebook.code_count < 1000)
        code = codebook_add(lexicons, arena_copy(compiler->lexicon->keep, path), (Span){0}, poles, compiler->lexicon->keep);
    if (code == TABLE_NONE)
        return yaml_fail(key, compiler->fail, "found code '%.*s', expected one of the codebook", (int)path.len, path.data);
    if (lexicons->codebook.codes[code].poles != poles)
        return yaml_fail(key, compiler->fail, "code '%.*s' has %s, expected rules %s", (int)path.len, path.data, poles ? "no poles" : "poles",
                         poles ? "right under it" : "under `negative`, `positive` or `topic`");
    place->code = (uint16_t)code;
    return true;
}

static bool read_rules(Place *place, const YamlNode *key, const YamlNode *list, Span path, Pole pole) {
    if (!place_code(place, key, path, pole != POLE_NONE)) return false;
    place->pole = (uint8_t)pole;
    for (size_t i = 0; i < list->count; i++)
        if (!read_rule(place, list->values[i]) && !compiler_goes_on(place->compiler)) return false;
    return true;
}

static bool read_keys(Place *place, const YamlNode *map, Span path) {
    Compiler *compiler = place->compiler;
    if (!yaml_expect(map, YAML_MAP, "codes", compiler->fail)) return false;
    for (size_t i = 0; i < map->count; i++) {
        const YamlNode *key = map->keys[i], *value = map->values[i];
        Pole pole = value->kind == YAML_LIST && path.len ? pole_of_key(key->text) : POLE_NONE;
        if (value->kind == YAML_TEXT && !value->text.len) continue; /* `negative:` with nothing under it */
        Buffer inner = {0};
        buffer_append(&inner, path);
        if (!pole && path.len) buffer_byte(&inner, '.');
        if (!pole) buffer_append(&inner, key->text);
        bool fine = value->kind == YAML_LIST ? read_rules(place, key, value, buffer_span(&inner), pole) : read_keys(place, value, buffer_span(&inner));
        buffer_free(&inner);
        if (!fine && !compiler_goes_on(compiler)) return false;
    }
    return true;
}

bool load_reasons(Compiler *compiler, const YamlNode *root) {
    Place place = {.compiler = compiler, .numbers = arena_calloc(compiler->trees, 4096, sizeof(uint32_t))};
    return read_keys(&place, root, (Span){"", 0});
}

/* ---- questions.yaml ---- */

bool load_questions(Compiler *compiler, const YamlNode *root) {
    if (!yaml_expect(root, YAML_MAP, "roles", compiler->fail)) return false;
    for (uint8_t role = ROLE_OPEN; role < ROLE_COUNT; role++) {
        const YamlNode *list = yaml_get(root, role_name(role));
        if (list && !yaml_expect(list, YAML_LIST, "a role's rules", compiler->fail)) return false;
        for (size_t i = 0; list && i < list->count; i++) {
            Rule rule = {.kind = RULE_QUESTION, .role = role, .response = true, .id = arena_copy(compiler->lexicon->keep, list->values[i]->text)};
            Draft draft = {.at = list->values[i], .match = compile_query(compiler, list->values[i])};
            if (draft.match) rule_add(compiler, rule, draft);
            else if (!compiler_goes_on(compiler)) return false;
        }
    }
    uint8_t ignored = 0;
    for (size_t i = 0; i < root->count; i++)
        if (!read_role(root->keys[i], &ignored, compiler->fail) && !compiler_goes_on(compiler)) return false;
    return true;
}

/* ---- shifters.yaml ---- */

static bool read_shifter(Compiler *compiler, const YamlNode *node) {
    static const char *const does[] = {"turn", "cancel", "boost", "damp", "hedge", "wish", "contrast", "idle", NULL};
    static const char *const reaches[] = {"after", "before", "both", "sentence", NULL};
    if (!yaml_expect(node, YAML_MAP, "a shifter", compiler->fail)) return false;
    Rule shifter = {.kind = RULE_SHIFTER, .reach = REACH_AFTER, .scope = 3};
    const YamlNode *words = NULL;
    double number = 0;
    bool has_does = false;
    for (size_t i = 0; i < node->count; i++) {
        const YamlNode *key = node->keys[i], *value = node->values[i];
        bool fine = true;
        if (span_is(key->text, "does")) fine = has_does = read_choice(value, "does", does, &shifter.does, compiler->fail);
        else if (span_is(key->text, "reach")) fine = read_choice(value, "reach", reaches, &shifter.reach, compiler->fail);
        else if (span_is(key->text, "scope")) fine = read_number(value, "scope", 0, 50, &number, compiler->fail), shifter.scope = (uint32_t)number;
        else if (span_is(key->text, "by")) fine = read_number(value, "by", 0, 4, &number, compiler->fail), shifter.by = (int16_t)(number * 100 + 0.5);
        else if (span_is(key->text, "words")) fine = yaml_expect(words = value, YAML_LIST, "words", compiler->fail);
        else fine = yaml_fail(key, compiler->fail, "found '%.*s', expected does, reach, scope, by or words", (int)key->text.len, key->text.data);
        if (!fine) return false;
    }
    if (!words || !has_does) return yaml_fail(node, compiler->fail, "found a shifter without %s", has_does ? "`words`" : "`does`");
    if (shifter.scope > compiler->lexicon->scope_max) compiler->lexicon->scope_max = shifter.scope;
    for (size_t i = 0; i < words->count; i++) {
        Draft draft = {.at = words->values[i], .match = compile_query(compiler, words->values[i])};
        if (!draft.match) {
            if (compiler_goes_on(compiler)) continue;
            return false;
        }
        shifter.id = arena_copy(compiler->lexicon->keep, draft.at->text);
        rule_add(compiler, shifter, draft);
        compiler->lexicon->shifter_count++;
    }
    return true;
}

static bool read_whole(Compiler *compiler, const YamlNode *list) {
    if (!yaml_expect(list, YAML_LIST, "whole", compiler->fail)) return false;
    for (size_t i = 0; i < list->count; i++) {
        Node *node = compile_query(compiler, list->values[i]);
        bool fine = node && (node->kind == NODE_TERM || yaml_fail(list->values[i], compiler->fail, "found several words, expected one for `whole`"));
        if (!fine && !compiler_goes_on(compiler)) return false;
        if (fine) compiler->lexicon->terms[node->number].whole = true;
    }
    return true;
}

/* Words that people hide behind signs: f*ck. */
static bool read_masked(Compiler *compiler, const YamlNode *list) {
    Lexicon *lexicon = compiler->lexicon;
    if (!yaml_expect(list, YAML_LIST, "masked", compiler->fail)) return false;
    const LexiconSettings *settings = &compiler->lexicons->settings;
    for (size_t i = 0; i < list->count; i++) {
        Tokens tokens = {0};
        if (!yaml_expect(list->values[i], YAML_TEXT, "a word", compiler->fail)) return false;
        settings->cut(compiler->lexicon->cut_context, list->values[i]->text, lexicon->language, &tokens, compiler->scratch);
        if (tokens.count != 1) return yaml_fail(list->values[i], compiler->fail, "found %zu words, expected one for `masked`", tokens.count);
        const Form *form = tokens.words[tokens.items[0].word].form;
        *ARENA_PUSH(lexicon->keep, lexicon->masked, lexicon->masked_count, lexicon->masked_capacity) =
            (Masked){arena_copy(lexicon->keep, form->folded), arena_copy(lexicon->keep, form->stem)};
    }
    return true;
}

bool load_shifters(Compiler *compiler, const YamlNode *root) {
    if (!yaml_expect(root, YAML_MAP, "shifters", compiler->fail)) return false;
    for (size_t i = 0; i < root->count; i++) {
        const YamlNode *key = root->keys[i], *value = root->values[i];
        if (span_is(key->text, "whole")) {
            if (!read_whole(compiler, value) && !compiler_goes_on(compiler)) return false;
            continue;
        }
        if (span_is(key->text, "masked")) {
            if (!read_masked(compiler, value) && !compiler_goes_on(compiler)) return false;
            continue;
        }
        if (!span_is(key->text, "shifters"))
            return yaml_fail(key, compiler->fail, "found '%.*s', expected shifters, whole or masked", (int)key->text.len, key->text.data);
        if (!yaml_expect(value, YAML_LIST, "shifters", compiler->fail)) return false;
        for (size_t j = 0; j < value->count; j++)
            if (!read_shifter(compiler, value->values[j]) && !compiler_goes_on(compiler)) return false;
    }
    return true;
}

/* ---- tables: valence.tsv, precision.tsv ---- */

/* A line's fields between tabs; at most `most`, the last takes the rest. */
static size_t split_tabs(Span line, Span *fields, size_t most) {
    size_t count = 0;
    for (;;) {
        const char *tab = count + 1 < most ? memchr(line.data, '\t', line.len) : NULL;
        fields[count] = tab ? (Span){line.data, (size_t)(tab - line.data)} : line;
        count++;
        if (!tab) return count;
        line = (Span){tab + 1, line.len - fields[count - 1].len - 1};
    }
}

static bool parse_decimal(Span text, double low, double high, double *number) {
    char copy[32];
    if (!text.len || text.len >= sizeof copy) return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    char *end = NULL;
    *number = strtod(copy, &end);
    return *end == '\0' && *number >= low && *number <= high;
}

static bool check_utf8(const YamlNode *line, Fail *fail) {
    size_t bad;
    if (utf8_check(line->text, &bad)) return true;
    yaml_fail(line, fail, "found byte 0x%02x, which is no UTF-8", (unsigned char)line->text.data[bad]);
    fail->column = bad + 1;
    return false;
}

/* Calls `take` for each line of a table that is not empty and no comment. A missing file is an empty table. */
static bool table_lines(Compiler *compiler, const char *path, bool (*take)(Compiler *, const YamlNode *line)) {
    FILE *file = fopen(path, "rb");
    if (!file && errno == ENOENT) return true;
    path = arena_string(compiler->lexicon->keep, span_of(path));
    if (!file) {
        fail_set(compiler->fail, FAIL_FILE, "cannot be read: %s", strerror(errno));
        return fail_at(compiler->fail, path, 0, 0);
    }
    char *line = NULL;
    size_t room = 0;
    bool fine = true;
    YamlNode node = {.kind = YAML_TEXT, .file = path, .column = 1};
    for (ssize_t len; fine && (len = getline(&line, &room, file)) >= 0;) {
        node.line++;
        while (len && (line[len - 1] == '\n' || line[len - 1] == '\r')) len--;
        if (!len || line[0] == '#') continue;
        node.text = (Span){line, (size_t)len};
        fine = (check_utf8(&node, compiler->fail) && take(compiler, &node)) || compiler_goes_on(compiler);
    }
    free(line);
    fclose(file);
    return fine;
}

/* "N't-like" characters such as ( ) | & - # / would be read as operators: a term that has any, and no quotes, is taken whole. */
static bool take_valence(Compiler *compiler, const YamlNode *line) {
    Lexicon *lexicon = compiler->lexicon;
    Span fields[3];
    double mean = 0, sd = 0;
    if (split_tabs(line->text, fields, 3) != 3 || !parse_decimal(fields[1], -4, 4, &mean) || !parse_decimal(fields[2], 0, 4, &sd))
        return yaml_fail(line, compiler->fail, "found '%.*s', expected term, mean from -4 to 4, sd, with tabs between", (int)line->text.len, line->text.data);
    YamlNode term = *line;
    Buffer quoted = {0};
    bool letters = false;
    for (size_t i = 0; i < fields[0].len; i++) letters = letters || (fields[0].data[i] | 32) >= 'a' || (fields[0].data[i] & 0x80);
    bool plain = fields[0].len && fields[0].data[0] != '"' && (!letters || memchr(fields[0].data, '(', fields[0].len) || memchr(fields[0].data, ')', fields[0].len) ||
                                                              memchr(fields[0].data, '|', fields[0].len) || fields[0].data[0] == '#' || fields[0].data[0] == '/' || fields[0].data[0] == '-' || fields[0].data[0] == '*');
    if (plain) buffer_byte(&quoted, '"');
    buffer_append(&quoted, fields[0]);
    if (plain) buffer_byte(&quoted, '"');
    term.text = arena_copy(compiler->trees, buffer_span(&quoted));
    buffer_free(&quoted);
    Node *node = compile_query(compiler, &term);
    if (!node) return false;
    if (node->kind == NODE_PHRASE && node->count == 1) node = node->children[0];
    int16_t value = (int16_t)(mean * 100 + (mean < 0 ? -0.5 : 0.5));
    lexicon->valence_count++;
    if (compiler->lexicons->settings.sources)
        *ARENA_PUSH(lexicon->keep, lexicon->valence_lines, lexicon->valence_line_count, lexicon->valence_line_capacity) =
            (ValenceLine){.term = arena_copy(lexicon->keep, term.text), .value = value, .file = line->file, .line = line->line};
    if (node->kind == NODE_TERM) {
        lexicon->terms[node->number].valence = value;
        return true;
    }
    YamlNode *at = arena_calloc(compiler->trees, 1, sizeof *at);
    *at = term;
    rule_add(compiler, (Rule){.kind = RULE_VALENCE, .by = value, .id = arena_copy(lexicon->keep, term.text)}, (Draft){.match = node, .at = at});
    return true;
}

bool load_valence(Compiler *compiler, const char *path) { return table_lines(compiler, path, take_valence); }

/* ---- frequent.tsv: what words cost ---- */

typedef struct {
    Matcher *matcher;
    /* Where the language folds accents: */
    Table stems; /* to times in a million */
    Bare *accented; /* words with accents */
    size_t accented_count, accented_capacity;
    Arena scratch;
} Counting;

static void count_stem(Compiler *compiler, Counting *counting, const Form *form, uint32_t times) {
    Arena *kept = compiler->scratch;
    uint32_t *sum = table_put(&counting->stems, arena_copy(kept, form->stem));
    *sum = (*sum == TABLE_NONE ? 0 : *sum) + times;
    if (form->plain.len)
        *ARENA_PUSH(kept, counting->accented, counting->accented_count, counting->accented_capacity) =
            (Bare){.stem = arena_copy(compiler->lexicon->keep, form->stem), .plain = arena_copy(kept, form->plain_stem)};
}

static bool take_frequent(Compiler *compiler, const YamlNode *line) {
    Span fields[2];
    double frequency = 0;
    if (split_tabs(line->text, fields, 2) != 2 || !parse_decimal(fields[1], 0, 1e6, &frequency))
        return yaml_fail(line, compiler->fail, "found '%.*s', expected word, times in a million, with a tab between", (int)line->text.len, line->text.data);
    const LexiconSettings *settings = &compiler->lexicons->settings;
    Counting *counting = compiler->counting;
    Lexicon *lexicon = compiler->lexicon;
    if (settings->sources)
        *ARENA_PUSH(lexicon->keep, lexicon->frequent, lexicon->frequent_count, lexicon->frequent_capacity) = (Frequent){arena_copy(lexicon->keep, fields[0]), (uint32_t)frequency};
    Tokens tokens;
    settings->cut(lexicon->cut_context, fields[0], lexicon->language, &tokens, &counting->scratch);
    if (compiler->lexicon->language->folds & (FOLD_ACCENTS | FOLD_BARE) && tokens.count == 1)
        count_stem(compiler, counting, tokens.words[tokens.items[0].word].form, (uint32_t)frequency);
    find_only_terms(counting->matcher, &tokens, &counting->scratch);
    for (size_t i = 0; i < counting->matcher->occurrence_count; i++) {
        const Occurrence *occurrence = &counting->matcher->occurrences[i];
        bool whole = occurrence->at.first == 0 && occurrence->at.last + 1 == tokens.count; /* its parts have lines of their own */
        if (whole) compiler->lexicon->terms[occurrence->term].cost += (uint32_t)frequency;
    }
    arena_reset(&counting->scratch);
    return true;
}

/* A form without accents stands for one with them only where it is far rarer: mas for más, but not si for sí. */
static void drop_bares(Lexicon *lexicon, const Table *stems) {
    for (size_t i = 0; i < lexicon->bare_count; i++) {
        Bare *bare = &lexicon->bares[i];
        uint32_t with = table_get(stems, bare->stem), without = table_get(stems, bare->plain);
        if (without != TABLE_NONE && (with == TABLE_NONE || 2 * without >= with)) bare->term = NO_TERM;
    }
}

static void find_distinct(Lexicon *lexicon, const Counting *counting) {
    for (size_t i = 0; i < counting->accented_count; i++)
        if (table_get(&counting->stems, counting->accented[i].plain) != TABLE_NONE) *table_put(&lexicon->distinct, counting->accented[i].stem) = 1;
}

bool load_frequent(Compiler *compiler, const char *path) {
    Counting counting = {.matcher = matcher_open_alone(compiler->lexicons, compiler->lexicon)};
    compiler->counting = &counting;
    bool fine = table_lines(compiler, path, take_frequent);
    drop_bares(compiler->lexicon, &counting.stems);
    find_distinct(compiler->lexicon, &counting);
    table_free(&counting.stems);
    matcher_close(counting.matcher);
    arena_free(&counting.scratch);
    return fine;
}

/* ---- precision.tsv ---- */

/* code, pole, tagged, right on coded texts: p is the share of right ones, drawn towards 0.7 by four imagined cases. */
static bool take_precision(Compiler *compiler, const YamlNode *line) {
    Span fields[4];
    double tagged = 0, right = 0;
    bool fine = split_tabs(line->text, fields, 4) == 4 && parse_decimal(fields[2], 0, 1e9, &tagged) && parse_decimal(fields[3], 0, tagged, &right);
    if (!fine) return yaml_fail(line, compiler->fail, "found '%.*s', expected code, pole, tagged, right, with tabs between", (int)line->text.len, line->text.data);
    uint32_t code = table_get(&compiler->lexicons->codes, fields[0]);
    if (code == TABLE_NONE) return true;
    compiler->lexicon->precision[4 * code + pole_of_key(fields[1])] = (uint16_t)((right + 2.8) / (tagged + 4) * 10000 + 0.5);
    return true;
}

bool load_precision(Compiler *compiler, const char *path) {
    size_t count = 4 * compiler->lexicons->codebook.code_count;
    compiler->lexicon->precision = arena_calloc(compiler->lexicon->keep, count, sizeof(uint16_t));
    for (size_t i = 0; i < count; i++) compiler->lexicon->precision[i] = 7000;
    return table_lines(compiler, path, take_precision);
}
