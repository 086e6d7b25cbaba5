/* shifters — what the shipped lexicons make of negation, wishes, conditions and questions: the rows of cases/shifters.txt, whose head says how to read
 * them.
 * usage: test_shifters [LANG]   prints the rows that failed, and what was tagged instead. */
#include "check.h"
#include "plan.h"

#define CASES SOURCE_DIR "/tests/cases/shifters.txt"

enum { FIELDS = 4, FEWEST = 4 };

typedef struct {
    Arena keep;
    Plan plan;
    Matcher *matcher;
    Memo *memo;
    Arena scratch;
    const Language *language; /* of the section; NULL: switched off, or not asked for */
    Span phenomenon;
    int line, rows; /* rows of the phenomenon so far */
    int waiting;
} Bench;

/* Row — `role | text | wanted`, and `waits` for what: NULL for a row that must pass. */
typedef struct {
    Span role, text, wanted, waits;
} Row;

static Span trim(Span span) {
    while (span.len && (*span.data == ' ' || *span.data == '\t')) span.data++, span.len--;
    while (span.len && (span.data[span.len - 1] == ' ' || span.data[span.len - 1] == '\n')) span.len--;
    return span;
}

/* What stands before the next `mark`, or all that is left; `rest` is what follows it. */
static Span cut(Span *rest, char mark) {
    const char *at = rest->len ? memchr(rest->data, mark, rest->len) : NULL;
    Span piece = {rest->data, at ? (size_t)(at - rest->data) : rest->len};
    *rest = at ? (Span){at + 1, rest->len - piece.len - 1} : (Span){NULL, 0};
    return trim(piece);
}

static bool row_of(Span line, Row *row) {
    Span fields[FIELDS] = {{NULL, 0}};
    int count = 0;
    while (line.len && count < FIELDS) fields[count++] = cut(&line, '|');
    *row = (Row){fields[0], fields[1], fields[2], fields[3]};
    return count >= 3 && !line.len && row->text.len && row->wanted.len;
}

static bool role_of(Span name, Role *role) {
    for (int i = 0; i < ROLE_COUNT; i++)
        if (span_is(name, role_name(i))) return *role = (Role)i, true;
    return false;
}

/* Whether a tag is what a wish names: `staff.manner:negative`, `staff.manner` with any pole, `-` for any code with poles. */
static bool names(const Bench *bench, Span wish, const Tag *tag) {
    if (span_is(wish, "-")) return tag->pole != POLE_NONE;
    Span pole = wish, code = cut(&pole, ':');
    return span_equal(code, bench->plan.tally.codebook->codes[tag->code].id) && (!pole.len || span_is(pole, pole_name(tag->pole)));
}

static bool known(const Bench *bench, Span wish) {
    Span pole = wish, code = cut(&pole, ':');
    const Code *found = codebook_find(bench->plan.tally.codebook, code);
    return found && (!pole.len || (found->poles && (span_is(pole, "negative") || span_is(pole, "positive"))));
}

static bool has_tag(const Bench *bench, Span wish, const Result *result) {
    for (size_t i = 0; i < result->tag_count; i++)
        if (names(bench, wish, &result->tags[i])) return true;
    return false;
}

/* One wish of a row: `code:pole`, `code`, `-`, `=sentiment`; with `!` before it that it must not be so. */
static bool granted(const Bench *bench, Span wish, const Result *result) {
    bool not = *wish.data == '!';
    if (not) wish = (Span){wish.data + 1, wish.len - 1};
    if (wish.len && *wish.data == '=') return span_is((Span){wish.data + 1, wish.len - 1}, sentiment_name((int)result->score.label)) != not;
    bool none = span_is(wish, "-");
    CHECK(none || known(bench, wish), "%s:%d: found '%.*s', expected a code of the codebook", CASES, bench->line, (int)wish.len, wish.data);
    return has_tag(bench, wish, result) != (not != none);
}

static bool all_granted(const Bench *bench, Span wanted, const Result *result) {
    bool all = true;
    while (wanted.len) {
        Span wish = cut(&wanted, ' ');
        if (wish.len) all = granted(bench, wish, result) && all;
    }
    return all;
}

static void print_result(const Bench *bench, const Result *result) {
    fprintf(stderr, "    %s", sentiment_name((int)result->score.label));
    for (size_t i = 0; i < result->tag_count; i++) {
        Span id = bench->plan.tally.codebook->codes[result->tags[i].code].id;
        fprintf(stderr, ", %.*s%s%s", (int)id.len, id.data, result->tags[i].pole ? ":" : "", pole_name(result->tags[i].pole));
    }
    fputc('\n', stderr);
}

static bool try_question(Bench *bench, const Row *row) {
    Tokens tokens;
    Role wanted = ROLE_OPEN, role = ROLE_OPEN;
    text_tokens(bench->memo, row->text, bench->language, &tokens, &bench->scratch);
    if (!matcher_role(bench->matcher, &tokens, &role, &bench->scratch)) role = ROLE_OPEN;
    CHECK(role_of(row->wanted, &wanted), "%s:%d: found '%.*s', expected a role", CASES, bench->line, (int)row->wanted.len, row->wanted.data);
    bool fine = role == wanted;
    if (!fine && !row->waits.len) fprintf(stderr, "    %s\n", role_name(role));
    return fine;
}

static bool try_answer(Bench *bench, const Row *row) {
    Tokens tokens;
    Result result;
    Role role = ROLE_OPEN;
    CHECK(role_of(row->role, &role), "%s:%d: found '%.*s', expected a role or 'question'", CASES, bench->line, (int)row->role.len, row->role.data);
    text_tokens(bench->memo, row->text, bench->language, &tokens, &bench->scratch);
    matcher_run(bench->matcher, &tokens, role, &result, &bench->scratch);
    bool fine = all_granted(bench, row->wanted, &result);
    if (!fine && !row->waits.len) print_result(bench, &result);
    return fine;
}

/* A row that waits must still fail: one that passes has waited long enough. */
static void try_row(Bench *bench, const Row *row) {
    bool fine = span_is(row->role, "question") ? try_question(bench, row) : try_answer(bench, row);
    bool waits = row->waits.len != 0;
    bench->waiting += waits;
    CHECK(fine != waits, "%s:%d: %.*s %.*s: “%.*s”: %s", CASES, bench->line, (int)bench->language->code.len, bench->language->code.data, (int)bench->phenomenon.len,
          bench->phenomenon.data, (int)row->text.len, row->text.data, waits ? "it passes and need not wait" : "not as wanted");
    arena_reset(&bench->scratch);
}

static void end_phenomenon(const Bench *bench) {
    CHECK(!bench->language || !bench->phenomenon.len || bench->rows >= FEWEST, "%s:%d: %.*s %.*s has %d rows, expected %d", CASES, bench->line, (int)bench->language->code.len,
          bench->language->code.data, (int)bench->phenomenon.len, bench->phenomenon.data, bench->rows, FEWEST);
}

static void begin_phenomenon(Bench *bench, Span name) {
    end_phenomenon(bench);
    bench->phenomenon = arena_copy(&bench->keep, name);
    bench->rows = 0;
}

/* `== en`: the rows of a language follow. One that is switched off, or not asked for, is passed over. */
static void begin_language(Bench *bench, Span code, const char *only) {
    end_phenomenon(bench);
    bench->phenomenon = (Span){NULL, 0};
    bench->language = language_find(bench->plan.languages, code);
    if (bench->language && (!lexicons_know(bench->plan.lexicons, bench->language) || (only && !span_is(code, only)))) bench->language = NULL;
    if (!bench->language && !only) printf("%.*s is switched off: its rows are not tried\n", (int)code.len, code.data);
}

static void try_line(Bench *bench, Span line, const char *only) {
    Row row;
    if (!line.len || *line.data == '#') return;
    Span rest = line, mark = cut(&rest, ' ');
    if (span_is(mark, "==")) {
        begin_language(bench, trim(rest), only);
    } else if (span_is(mark, "--")) {
        begin_phenomenon(bench, trim(rest));
    } else if (bench->language) {
        bool good = row_of(line, &row);
        CHECK(good, "%s:%d: found '%.*s', expected 'role | text | wanted' or 'role | text | wanted | waits for'", CASES, bench->line, (int)line.len, line.data);
        bench->rows++;
        if (good) try_row(bench, &row);
    }
}

static void try_lines(Bench *bench, const char *only) {
    char line[2048];
    FILE *file = fopen(CASES, "rb");
    CHECK(file, "%s: cannot be read", CASES);
    while (file && fgets(line, sizeof line, file)) {
        bench->line++;
        try_line(bench, trim(span_of(line)), only);
    }
    end_phenomenon(bench);
    if (file) fclose(file);
}

int main(int count, char **arguments) {
    Bench bench = {.line = 0};
    Fail fail;
    Options options = {.lexicons = SOURCE_DIR "/lexicons"};
    if (!plan_open(&options, &bench.keep, &bench.plan, &fail)) {
        fail_print(&fail);
        return 2;
    }
    bench.memo = memo_open(bench.plan.languages, 1 << 16);
    bench.matcher = matcher_open(bench.plan.lexicons);
    try_lines(&bench, count > 1 ? arguments[1] : NULL);
    printf("%d rows wait\n", bench.waiting);
    matcher_close(bench.matcher);
    memo_close(bench.memo);
    plan_close(&bench.plan);
    arena_free(&bench.scratch);
    arena_free(&bench.keep);
    return check_end();
}
