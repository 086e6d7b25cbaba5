/* inspect — what is said of rules without a text: that one holds another must be true of all texts. */
#include "inspecting.h"
#include "world.h"

static Sketcher sketcher_of(World *world, const Language *language, Arena *keep) {
    return (Sketcher){.language = language, .cut = world_cut, .cut_context = world->memo, .keep = keep};
}

/* What can be proven of pairs: is each match of `b` one of `a`, does it hold one? */
static void test_pairs(World *world) {
    static const struct {
        const char *lang, *a, *b;
        bool same, holds;
    } rows[] = {
        {"en", "slow", "slow service", false, true},
        {"en", "slow service", "slow", false, false},
        {"en", "slow", "SLOW", true, true},
        {"en", "wait", "\"waited\"", true, true},
        {"en", "\"waited\"", "wait", false, false},
        {"en", "\"Waited\"", "\"waited\"", false, false},
        {"en", "\"waited\"", "\"Waited\"", true, true},
        {"en", "wait*", "\"waiting\"", true, true},
        {"en", "wait*", "waiting", false, false},
        {"en", "wait*", "waiti*", true, true},
        {"en", "wa?t*", "\"waiting\"", false, false},
        {"en", "a | b", "b | a", true, true},
        {"en", "a | b | c", "b | a", true, true},
        {"en", "b | a", "a | b | c", false, false},
        {"en", "took * weeks", "took two weeks", true, true},
        {"en", "took * weeks", "took (two | three) weeks off", false, true},
        {"en", "took * weeks", "took (two | twenty two) weeks", false, false},
        {"en", "slow NEAR/3 reply", "reply NEAR/2 slow", false, true},
        {"en", "slow NEAR/3 reply", "reply NEAR/4 slow", false, false},
        {"en", "slow BEFORE/3 reply", "reply NEAR/2 slow", false, false},
        {"en", "slow BEFORE/3 reply", "reply AFTER/3 slow", false, true},
        {"en", "slow NEAR/3 reply", "slow to reply", false, true},
        {"en", "slow AND reply", "reply was slow", false, true},
        {"en", "slow", "slow NOT fast", false, true},
        {"en", "slow NOT fast", "slow", false, false},
        {"en", "slow", "(slow | fast) service", false, false},
        {"en", "slow | fast", "(slow | fast) service", false, true},
        {"en", "\"slow reply\"~2", "\"reply slow\"~2", true, true},
        {"en", "slow", "\"reply slow\"~2", false, true},
        {"en", "(very slow) service", "very slow service", true, true},
        {"en", "e-mail", "e mail", true, true},
        {"en", "/slow/", "slow", false, false},
        {"ru", "ждать", "долго \"ждали\"", false, false},
        {"ru", "елка", "ёлка", true, true},
        {"zh", "慢", "太慢了", false, true},
        {"zh", "太慢了", "太 慢了", true, true},
        {"zh", "服务*慢", "服务太慢", true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena keep = {0};
        Sketcher sketcher = sketcher_of(world, language_find(world->languages, span_of(rows[i].lang)), &keep);
        const Sketch *a = sketch_of(&sketcher, span_of(rows[i].a)), *b = sketch_of(&sketcher, span_of(rows[i].b));
        CHECK(a && b, "%s, %s do not parse", rows[i].a, rows[i].b);
        if (a && b) {
            CHECK(sketch_same(b, a) == rows[i].same, "row %zu: a %s, b %s: same", i, rows[i].a, rows[i].b);
            CHECK(sketch_holds(b, a) == rows[i].holds, "row %zu: a %s, b %s: holds", i, rows[i].a, rows[i].b);
        }
        arena_free(&sketcher.scratch);
        arena_free(&keep);
    }
}

/* ---- any two rules, on any text ---- */

enum { RULES = 48, ROUNDS = 24, TEXTS = 400 };

static uint64_t state = 20260219;

static unsigned chance(unsigned below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

static void random_word(Buffer *out) {
    static const char *const words[] = {"wait", "waited", "\"waited\"", "\"Waited\"", "wait*", "waiti*", "slow", "slow", "\"slow\"", "time", "*"};
    buffer_text(out, words[chance(11)]);
}

static void random_rule(Buffer *out, int depth) {
    static const char *const between[] = {" ", " ", " | ", " NEAR/1 ", " NEAR/2 ", " BEFORE/1 ", " AFTER/2 ", " AND ", " NOT "};
    unsigned kind = depth > 2 ? 0 : chance(4);
    if (kind < 2) {
        random_word(out);
    } else if (kind == 2 && depth) {
        buffer_text(out, "\"slow time\"~1");
    } else {
        const char *operator= between[chance(9)];
        for (unsigned i = 0, count = 2; i < count; i++) {
            buffer_text(out, i ? operator: "");
            buffer_byte(out, '(');
            random_rule(out, depth + 1);
            buffer_byte(out, ')');
        }
    }
}

static void random_text(Buffer *out) {
    static const char *const words[] = {"wait ", "waited ", "Waited ", "waiting ", "slow ", "slow ", "slows ", "time ", "times ", "other ", ". ", ", "};
    out->len = 0;
    for (unsigned i = 0, count = 2 + chance(9); i < count; i++) buffer_text(out, words[chance(12)]);
}

typedef struct {
    char text[RULES][600];
    const Sketch *sketches[RULES];
    bool same[RULES][RULES], holds[RULES][RULES]; /* [b][a] */
} Round;

static void write_rules(World *world, Round *round) {
    Buffer file = {0}, rule = {0};
    buffer_text(&file, "net:\n");
    for (size_t i = 0; i < RULES;) {
        rule.len = 0;
        random_rule(&rule, 0);
        if (rule.len >= sizeof round->text[i] || !memchr(rule.data, 'w', rule.len)) continue;
        memcpy(round->text[i], rule.data, rule.len);
        round->text[i][rule.len] = '\0';
        buffer_printf(&file, "  c%zu:\n    - '%s'\n", i, round->text[i]);
        i++;
    }
    buffer_byte(&file, '\0');
    world_write(world, "en/reasons.yaml", file.data);
    buffer_free(&file);
    buffer_free(&rule);
}

/* The rule number is in its id: en/net.c17/1. */
static size_t rule_of(const Step *step) { return (size_t)atoi(step->rule.data + sizeof "en/net.c" - 1); }

static bool has_match(const Step *steps, size_t count, size_t rule, const Step *at) {
    for (size_t i = 0; i < count; i++)
        if (steps[i].kind == STEP_RULE && rule_of(&steps[i]) == rule && (!at || (steps[i].first == at->first && steps[i].last == at->last))) return true;
    return false;
}

/* What was proven of two rules must be true of what they matched. */
static void check_text(const Round *round, const Step *steps, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++) {
        if (steps[i].kind != STEP_RULE) continue;
        size_t b = rule_of(&steps[i]);
        for (size_t a = 0; a < RULES; a++) {
            if (a == b) continue;
            if (round->same[b][a]) CHECK(has_match(steps, count, a, &steps[i]), "same: b %s, a %s, text %s", round->text[b], round->text[a], text);
            if (round->holds[b][a]) CHECK(has_match(steps, count, a, NULL), "holds: b %s, a %s, text %s", round->text[b], round->text[a], text);
        }
    }
}

static size_t prove(World *world, Round *round, Arena *keep) {
    Sketcher sketcher = sketcher_of(world, language_find(world->languages, SPAN("en")), keep);
    size_t proven = 0;
    for (size_t i = 0; i < RULES; i++) round->sketches[i] = sketch_of(&sketcher, span_of(round->text[i]));
    for (size_t b = 0; b < RULES; b++)
        for (size_t a = 0; a < RULES; a++) {
            round->same[b][a] = sketch_same(round->sketches[b], round->sketches[a]);
            round->holds[b][a] = sketch_holds(round->sketches[b], round->sketches[a]);
            proven += a != b && round->holds[b][a];
            CHECK(!round->same[b][a] || round->holds[b][a], "same, and so it holds: b %s, a %s", round->text[b], round->text[a]);
        }
    arena_free(&sketcher.scratch);
    return proven;
}

static size_t test_round(World *world) {
    Arena keep = {0}, scratch = {0};
    Round *round = arena_calloc(&keep, 1, sizeof *round);
    const Lexicons *lexicons = NULL;
    Fail fail;
    write_rules(world, round);
    if (!world_lexicons(world, &keep, &lexicons, &fail)) {
        fail_print(&fail);
        CHECK(false, "random rules do not open");
        arena_free(&keep);
        return 0;
    }
    size_t proven = prove(world, round, &keep);
    Memo *memo = memo_open(world->languages, 1 << 12);
    Matcher *matcher = matcher_open(lexicons);
    matcher_explain(matcher, true);
    Buffer text = {0};
    for (size_t i = 0; i < TEXTS; i++) {
        Tokens tokens;
        Result result;
        random_text(&text);
        buffer_byte(&text, '\0');
        text_tokens(memo, (Span){text.data, text.len - 1}, language_find(world->languages, SPAN("en")), &tokens, &scratch);
        matcher_run(matcher, &tokens, ROLE_OPEN, &result, &scratch);
        size_t count = 0;
        const Step *steps = matcher_steps(matcher, &count);
        check_text(round, steps, count, text.data);
        arena_reset(&scratch);
    }
    buffer_free(&text);
    matcher_close(matcher);
    memo_close(memo);
    lexicons_close(lexicons);
    arena_free(&scratch);
    arena_free(&keep);
    return proven;
}

static void test_random(World *world) {
    size_t proven = 0;
    for (int i = 0; i < ROUNDS; i++) proven += test_round(world);
    CHECK(proven > 1000, "only %zu pairs proven: nothing was tested", proven);
    printf("%zu pairs of rules proven, and true of %d texts each\n", proven, TEXTS);
}

int main(void) {
    World world;
    world_open(&world);
    test_pairs(&world);
    test_random(&world);
    world_close(&world);
    return check_end();
}
