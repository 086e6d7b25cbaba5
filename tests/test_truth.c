/* truth — the tables of docs/truth.md are run: each row's rules on its text must give its tags. And what the shipped lists make of texts (cases/classes.txt).
 * usage: test_truth [FILE]   another file of such tables */
#include "world.h"

#include "base/day.h"

enum { RULES_MAX = 8, ROWS_WANTED = 200 };

/* ---- one row ---- */

typedef struct {
    Span code, match, keys; /* keys: what stands in braces behind the rule */
    Pole pole;
} Rule;

typedef struct {
    Rule rules[RULES_MAX];
    int rule_count;
    Span language, text, tags;
    Role role;
    int32_t day;
    int line;
} Row;

static bool starts_at(Span text, size_t at, const char *what) { return span_starts((Span){text.data + at, text.len - at}, what); }

static size_t find(Span text, size_t from, const char *what) {
    while (from < text.len && !starts_at(text, from, what)) from++;
    return from;
}

static Span part(Span text, size_t from, size_t to) { return span_trim((Span){text.data + from, to - from}); }

/* `code: match {keys}`; the code's last character says the pole: + positive, ? topic, ! none; else it is negative. */
static bool read_rule(Span text, Rule *rule) {
    size_t colon = find(text, 0, ": "), brace = find(text, colon, " {");
    if (colon == text.len) return false;
    rule->code = part(text, 0, colon);
    rule->match = part(text, colon + 2, brace);
    rule->keys = brace < text.len ? part(text, brace + 2, text.len - 1) : (Span){"", 0};
    char mark = rule->code.len ? rule->code.data[rule->code.len - 1] : 'x';
    rule->pole = mark == '+' ? POLE_POSITIVE : mark == '?' ? POLE_TOPIC : mark == '!' ? POLE_NONE : POLE_NEGATIVE;
    if (mark == '+' || mark == '?' || mark == '!') rule->code.len--;
    return rule->match.len && (brace == text.len || text.data[text.len - 1] == '}');
}

static bool read_rules(Span cell, Row *row) {
    for (size_t at = 0; at < cell.len && row->rule_count < RULES_MAX;) {
        size_t end = find(cell, at, "; ");
        if (!read_rule(part(cell, at, end), &row->rules[row->rule_count++])) return false;
        at = end + 2;
    }
    return row->rule_count > 0;
}

/* `[zh] [could_improve] [2024-05-31] text` */
static bool read_text(Span cell, Row *row) {
    row->language = SPAN("en");
    while (cell.len && cell.data[0] == '[') {
        size_t end = find(cell, 0, "]");
        Span word = part(cell, 1, end);
        if (span_is(word, "could_improve")) row->role = ROLE_COULD_IMPROVE;
        else if (span_is(word, "what_good")) row->role = ROLE_WHAT_GOOD;
        else if (word.len == 2) row->language = word;
        else if ((row->day = day_of_time(word)) == DAY_NONE) return false;
        cell = part(cell, end + 1, cell.len);
    }
    row->text = cell;
    return true;
}

/* ---- its lexicon ---- */

static void write_rule(const Rule *rule, Buffer *yaml) {
    buffer_text(yaml, "    - {match: '");
    for (size_t i = 0; i < rule->match.len; i++) {
        if (rule->match.data[i] == '\'') buffer_byte(yaml, '\'');
        buffer_byte(yaml, rule->match.data[i]);
    }
    buffer_byte(yaml, '\'');
    if (rule->keys.len) buffer_text(yaml, ", "), buffer_append(yaml, rule->keys);
    buffer_text(yaml, "}\n");
}

static bool first_with(const Row *row, int number, bool pole) {
    for (int i = 0; i < number; i++)
        if (span_equal(row->rules[i].code, row->rules[number].code) && (!pole || row->rules[i].pole == row->rules[number].pole)) return false;
    return true;
}

static void write_row(const World *world, const Row *row) {
    static const char *const languages[] = {"en", "ru", "zh"};
    char path[64];
    for (size_t i = 0; i < 3; i++) snprintf(path, sizeof path, "%s/reasons.yaml", languages[i]), world_remove(world, path);
    Buffer yaml = {0};
    for (int i = 0; i < row->rule_count; i++) {
        if (!first_with(row, i, false)) continue;
        buffer_append(&yaml, row->rules[i].code), buffer_text(&yaml, ":\n");
        for (int j = i; j < row->rule_count; j++) {
            if (!span_equal(row->rules[i].code, row->rules[j].code) || !first_with(row, j, true)) continue;
            if (row->rules[j].pole) buffer_printf(&yaml, "  %s:\n", pole_name(row->rules[j].pole));
            for (int k = j; k < row->rule_count; k++)
                if (span_equal(row->rules[k].code, row->rules[j].code) && row->rules[k].pole == row->rules[j].pole) write_rule(&row->rules[k], &yaml);
        }
    }
    buffer_byte(&yaml, '\0');
    snprintf(path, sizeof path, "%.2s/reasons.yaml", row->language.data);
    world_write(world, path, yaml.data);
    buffer_free(&yaml);
}

/* ---- what it gives ---- */

static const char *pole_mark(uint8_t pole) { return pole == POLE_POSITIVE ? "+" : pole == POLE_NONE ? "!" : ""; }

static void describe(const Codebook *codebook, const Tokens *tokens, const Result *result, Buffer *out) {
    for (size_t i = 0; i < result->tag_count; i++) {
        const Tag *tag = &result->tags[i];
        Span code = codebook->codes[tag->code].id;
        buffer_printf(out, "%s%.*s%s", i ? "; " : "", (int)code.len, code.data, pole_mark(tag->pole));
        if (tag->p != 7000) buffer_printf(out, " (%.2f)", tag->p / 10000.0);
        for (uint32_t j = 0; j < tag->hit_count; j++) {
            const Hit *hit = &result->hits[tag->first_hit + j];
            buffer_text(out, j ? " / " : ": ");
            buffer_append(out, (Span){tokens->text.data + hit->start, hit->end - hit->start});
        }
    }
    if (!result->tag_count) buffer_byte(out, '-');
}

static void run_text(World *world, const Lexicons *lexicons, const Row *row, Buffer *out) {
    Arena scratch = {0};
    Matcher *matcher = matcher_open(lexicons);
    memo_clear(world->memo); /* its words know nothing of this matcher */
    Tokens tokens;
    Result result;
    text_tokens(world->memo, row->text, language_find(world->languages, row->language), &tokens, &scratch);
    matcher_day(matcher, row->day);
    matcher_run(matcher, &tokens, row->role, &result, &scratch);
    describe(lexicons_codebook(lexicons), &tokens, &result, out);
    matcher_close(matcher);
    arena_free(&scratch);
}

static void run_row(World *world, const char *file, const Row *row, const char *shipped) {
    Arena keep = {0};
    Fail fail;
    const Lexicons *lexicons = NULL;
    Buffer out = {0};
    write_row(world, row);
    if (world_lexicons_from(world, shipped, &keep, &lexicons, &fail)) {
        run_text(world, lexicons, row, &out);
        lexicons_close(lexicons);
    } else {
        buffer_printf(&out, "refused: %s", fail.message);
        CHECK(fail.source && fail.line && fail.column, "%s:%d: refused without a place", file, row->line);
    }
    CHECK(span_equal(buffer_span(&out), row->tags), "%s:%d: '%.*s' on '%.*s': found '%.*s', expected '%.*s'", file, row->line, (int)row->rules[0].match.len, row->rules[0].match.data,
          (int)row->text.len, row->text.data, (int)out.len, out.data, (int)row->tags.len, row->tags.data);
    buffer_free(&out);
    arena_free(&keep);
}

/* ---- Markdown ---- */

/* Cells between bars; `\|` is a bar in a cell; backticks around a cell go. Works in the line itself. */
static int split_cells(char *line, Span *cells, int most) {
    int count = 0;
    char *to = line, *start = NULL;
    for (char *at = line; *at; at++) {
        if (at[0] == '\\' && at[1] == '|') {
            *to++ = *++at;
        } else if (*at == '|') {
            Span cell = start ? span_trim((Span){start, (size_t)(to - start)}) : (Span){NULL, 0};
            if (cell.len > 1 && cell.data[0] == '`' && cell.data[cell.len - 1] == '`') cell = span_trim((Span){cell.data + 1, cell.len - 2});
            if (start && count < most) cells[count++] = cell;
            start = to;
        } else {
            *to++ = *at;
        }
    }
    return count;
}

typedef struct {
    World *world;
    const char *file;
    int line, rows;
    bool table;  /* of rules */
    Buffer fence; /* what stands in the fenced block at work */
    char path[64]; /* of the file that it becomes; empty: none */
} Page;

static void take_row(Page *page, char *line) {
    Span cells[3];
    int count = split_cells(line, cells, 3);
    if (count == 3 && span_is(cells[0], "rules")) {
        page->table = true;
    } else if (page->table && count == 3 && !span_starts(cells[0], "---")) {
        Row row = {.line = page->line, .tags = cells[2]};
        bool fine = read_rules(cells[0], &row) && read_text(cells[1], &row);
        CHECK(fine, "%s:%d: found no rules and text, expected | code: rule | text | tags |", page->file, page->line);
        if (fine) run_row(page->world, page->file, &row, page->world->dir);
        page->rows++;
    }
}

static void take_line(Page *page, char *line) {
    bool mark = strncmp(line, "```", 3) == 0;
    if (mark && !page->path[0]) {
        sscanf(line, "```%*[a-z] %63[^\n]", page->path);
    } else if (mark) {
        buffer_byte(&page->fence, '\0');
        world_write(page->world, page->path, page->fence.data);
        page->fence.len = 0;
        page->path[0] = '\0';
    } else if (page->path[0]) {
        buffer_text(&page->fence, line);
    } else if (line[0] == '|') {
        take_row(page, line);
    } else {
        page->table = false;
    }
}

static void test_page(World *world, const char *path) {
    FILE *file = fopen(path, "rb");
    const char *slash = strrchr(path, '/');
    Page page = {.world = world, .file = slash ? slash + 1 : path};
    char line[4096];
    CHECK(file != NULL, "%s cannot be read", path);
    while (file && fgets(line, sizeof line, file)) page.line++, take_line(&page, line);
    if (file) fclose(file);
    CHECK(page.rows >= ROWS_WANTED, "%s: %d rows, wanted %d", page.file, page.rows, ROWS_WANTED);
    buffer_free(&page.fence);
}

/* ---- shipped lists ---- */

/* `en <duration> | text | matches` */
static void take_class(World *world, char *line, int number) {
    Span whole = span_of(line), cells[3];
    size_t first = find(whole, 0, " | "), second = find(whole, first + 3, " | ");
    CHECK(second < whole.len, "classes.txt:%d: found no three fields", number);
    if (second >= whole.len) return;
    cells[0] = part(whole, 3, first), cells[1] = part(whole, first + 3, second), cells[2] = part(whole, second + 3, whole.len);
    Buffer tags = {0};
    if (!span_is(cells[2], "-")) buffer_text(&tags, "x!: ");
    buffer_append(&tags, cells[2]);
    Row row = {.rules = {{.code = SPAN("x"), .match = cells[0], .keys = SPAN("negated: keep")}}, .rule_count = 1, .language = {line, 2}, .text = cells[1], .tags = buffer_span(&tags), .line = number};
    char path[64];
    snprintf(path, sizeof path, "%.2s/shifters.yaml", line); /* an empty one: the shipped one is not asked */
    world_write(world, path, "shifters: []\n");
    run_row(world, "classes.txt", &row, SOURCE_DIR "/lexicons");
    buffer_free(&tags);
    snprintf(path, sizeof path, "%.2s/reasons.yaml", line);
    world_remove(world, path);
}

static void test_classes(void) {
    World world;
    world_open_all(&world);
    FILE *file = fopen(SOURCE_DIR "/tests/cases/classes.txt", "rb");
    char line[1024];
    int number = 0;
    while (file && fgets(line, sizeof line, file)) {
        number++;
        if (line[0] != '#' && line[0] != '\n') take_class(&world, line, number);
    }
    CHECK(number > 30, "classes.txt has %d lines", number);
    if (file) fclose(file);
    world_close(&world);
}

/* ---- places of faults ---- */

static void test_places(World *world) {
    static const struct {
        const char *lists, *reasons, *place; /* place: what stands behind the folder */
    } rows[] = {
        {"a: [$b]\nb: [x, $a]\n", "x:\n  - y\n", "/en/lists.yaml:2:8: found a circle: $a -> $b -> $a"},
        {"a: [x, y $nob]\nnobs: [x]\n", "x:\n  - y\n", "/en/lists.yaml:1:10: found '$nob', expected a name in lists.yaml, perhaps '$nobs'"},
        {"a: []\n", "x:\n  - y\n", "/en/lists.yaml:1:4: found an empty list, expected items"},
        {"a: x\n", "x:\n  - y\n", "/en/lists.yaml:1:4: found a text, expected a list for the items of a list"},
        {"a: [[x]]\n", "x:\n  - y\n", "/en/lists.yaml:1:5: found a list, expected a text for an item of a list"},
        {"a b: [x]\n", "x:\n  - y\n", "/en/lists.yaml:1:1: found 'a b', expected a name of letters, digits, - and _"},
        {"\"<colour>\": [x]\n", "x:\n  - y\n", "/en/lists.yaml:1:2: found '<colour>', expected <number>, <money>, <time>, <date>, <emoji>, <link> or <duration>"},
        {"\"<number>\": [<number> x]\n", "x:\n  - y\n", "/en/lists.yaml:1:14: found a circle: <number> -> <number>"},
        {"a: ['x NEAR']\n", "x:\n  - y\n", "/en/lists.yaml:1:12: found the end, expected '/' and a number of words"},
        {"a: [x, ...y, '*']\n", "x:\n  - $a\n", "/en/lists.yaml:1:15: found only '*', expected a word"},
        {"a: ['#x']\n", "x:\n  - y $a\n", "/en/lists.yaml:1:6: found a circle: #x -> $a -> #x"},
        {"abc: [b]\n", "x:\n  - y $abd\n", "/en/reasons.yaml:2:7: found '$abd', expected a name in lists.yaml, perhaps '$abc'"},
        {"a: [b]\n", "x:\n  - y <duration>\n", "/en/reasons.yaml:2:7: found '<duration>', expected a list of that name in lists.yaml"},
        {"a: [b]\n", "x:\n  - {match: y, unless: 'z #y'}\ny:\n  - '#x'\n", "/en/reasons.yaml:4:6: found a circle: #x -> #y -> #x"},
        {"a: [b]\n", "x:\n  - {match: y, since: 2024-13-01}\n", "/en/reasons.yaml:2:23: found since '2024-13-01', expected a date as in 2024-05-31"},
        {"a: [b]\n", "x:\n  - {match: y, weight: 1.01}\n", "/en/reasons.yaml:2:24: found weight '1.01', expected a number from 0.0001 to 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena keep = {0};
        Fail fail;
        const Lexicons *lexicons = NULL;
        Buffer said = {0};
        world_remove(world, "ru/reasons.yaml");
        world_remove(world, "zh/reasons.yaml");
        world_write(world, "en/lists.yaml", rows[i].lists);
        world_write(world, "en/reasons.yaml", rows[i].reasons);
        if (world_lexicons(world, &keep, &lexicons, &fail)) buffer_text(&said, "taken"), lexicons_close(lexicons);
        else buffer_printf(&said, "%s:%d:%d: %s", fail.source + strlen(world->dir), (int)fail.line, (int)fail.column, fail.message);
        CHECK_SPAN(buffer_span(&said), span_of(rows[i].place), rows[i].reasons);
        buffer_free(&said);
        arena_free(&keep);
    }
}

int main(int count, char **arguments) {
    World world;
    world_open(&world);
    test_page(&world, count > 1 ? arguments[1] : SOURCE_DIR "/docs/truth.md");
    test_places(&world);
    world_close(&world);
    if (count == 1) test_classes();
    return check_end();
}
