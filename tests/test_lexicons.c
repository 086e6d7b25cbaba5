/* lexicons — the rule language, shifters, topics: the cases of cases/rules.txt; and that nasty rules and texts cost linear time. */
#include <time.h>

#include "world.h"

static const char shifters[] =
    "shifters:\n"
    "  - {does: turn, scope: 3, words: [not, never, no longer]}\n"
    "  - {does: idle, words: [not only]}\n"
    "  - {does: boost, by: 0.3, scope: 1, words: [very, really]}\n"
    "  - {does: wish, reach: sentence, words: [would be nice]}\n"
    "  - {does: contrast, words: [but]}\n";
static const char valence[] = "good\t2\t0.5\nawful\t-3\t0.5\ndelicious\t3\t0.5\nnice\t1.8\t0.4\n";
static const char shifters_zh[] = "shifters:\n  - {does: turn, scope: 3, words: [不]}\nwhole: [差不多]\n";
static const char valence_zh[] = "好吃\t2.5\t0.5\n差\t-2\t0.5\n";

static void write_shifters(const World *world) {
    world_write(world, "en/shifters.yaml", shifters);
    world_write(world, "en/valence.tsv", valence);
    world_write(world, "zh/shifters.yaml", shifters_zh);
    world_write(world, "zh/valence.tsv", valence_zh);
}

/* One rule as the only one of its language. */
static bool open_rule(World *world, const char *language, const char *rule, Arena *keep, const Lexicons **lexicons, Fail *fail) {
    Buffer yaml = {0};
    bool topic = strncmp(rule, "topic ", 6) == 0;
    buffer_printf(&yaml, "net:\n  code:\n    %s:\n      - '", topic ? "topic" : "negative");
    for (const char *at = rule + (topic ? 6 : 0); *at; at++) {
        if (*at == '\'') buffer_byte(&yaml, '\'');
        buffer_byte(&yaml, *at);
    }
    buffer_text(&yaml, "'\n");
    buffer_byte(&yaml, '\0');
    char name[256];
    static const char *const languages[] = {"en", "ru", "zh"};
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s/%s/reasons.yaml", world->dir, languages[i]);
        remove(name);
    }
    snprintf(name, sizeof name, "%.2s/reasons.yaml", language);
    world_write(world, name, yaml.data);
    buffer_free(&yaml);
    return world_lexicons(world, keep, lexicons, fail);
}

static void describe(const Tokens *tokens, const Result *result, Buffer *out) {
    for (size_t i = 0; i < result->tag_count; i++) {
        buffer_printf(out, "%s%s: ", i ? "; " : "", pole_name(result->tags[i].pole));
        for (uint32_t j = 0; j < result->tags[i].hit_count; j++) {
            const Hit *hit = &result->hits[result->tags[i].first_hit + j];
            buffer_text(out, j ? " | " : "");
            buffer_append(out, (Span){tokens->text.data + hit->start, hit->end - hit->start});
        }
    }
    if (!result->tag_count) buffer_byte(out, '-');
}

static void run_text(World *world, const Lexicons *lexicons, const char *language, const char *text, Buffer *out) {
    Arena scratch = {0};
    Matcher *matcher = matcher_open(lexicons);
    memo_clear(world->memo); /* its words know nothing of this matcher */
    Role role = strstr(language, "could_improve") ? ROLE_COULD_IMPROVE : strstr(language, "what_good") ? ROLE_WHAT_GOOD : ROLE_OPEN;
    Tokens tokens;
    Result result;
    text_tokens(world->memo, span_of(text), language_find(world->languages, (Span){language, 2}), &tokens, &scratch);
    matcher_run(matcher, &tokens, role, &result, &scratch);
    describe(&tokens, &result, out);
    matcher_close(matcher);
    arena_free(&scratch);
}

static void run_case(World *world, char *const lines[4], int line) {
    Arena keep = {0};
    Fail fail;
    const Lexicons *lexicons = NULL;
    bool refused = lines[3][0] == '!';
    bool opened = open_rule(world, lines[0], lines[1], &keep, &lexicons, &fail);
    CHECK(opened != refused, "rules.txt:%d: '%s' %s", line, lines[1], opened ? "was taken" : fail.message);
    if (refused && !opened) CHECK(strcmp(fail.message, lines[3] + 1) == 0 && fail.line == 4, "rules.txt:%d: message '%s' in line %d", line, fail.message, (int)fail.line);
    if (opened) {
        Buffer out = {0};
        if (!refused) run_text(world, lexicons, lines[0], lines[2], &out);
        if (!refused) CHECK_SPAN(buffer_span(&out), span_of(lines[3]), lines[1]);
        buffer_free(&out);
        lexicons_close(lexicons);
    }
    arena_free(&keep);
}

static void test_cases(World *world) {
    FILE *file = fopen(SOURCE_DIR "/tests/cases/rules.txt", "rb");
    char lines[4][1024], *block[4] = {lines[0], lines[1], lines[2], lines[3]};
    int count = 0, number = 0;
    while (count < 4 && fgets(lines[count], sizeof lines[count], file)) {
        number++;
        lines[count][strcspn(lines[count], "\n")] = '\0';
        if (count == 0 && (lines[0][0] == '#' || !lines[0][0])) continue;
        if (++count < 4) continue;
        run_case(world, block, number);
        count = 0;
    }
    CHECK(count == 0, "rules.txt ends inside a block");
    fclose(file);
}

/* ---- signs ---- */

/* A topic takes its pole from emoji.tsv, from the language's own list before that, and from no other folder's signs. */
static void test_signs(World *world) {
    static const struct {
        const char *name, *signs, *own, *text, *expect;
    } rows[] = {
        {"shared", "🙂\t2\t0.5\n:(\t-2\t0.5\n", valence, "The room 🙂", "positive: room 🙂"},
        {"an emoticon", "🙂\t2\t0.5\n:(\t-2\t0.5\n", valence, "The room :(", "negative: room :("},
        {"a skin tone", "👍\t2\t0.5\n", valence, "The room 👍🏽", "positive: room 👍🏽"},
        {"the language goes before", "🙂\t2\t0.5\n", "🙂\t-2\t0.5\n", "The room 🙂", "negative: room 🙂"},
        {"a folder's own list without signs", NULL, valence, "The room 🙂", "-"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Arena keep = {0};
        Fail fail;
        Buffer out = {0};
        const Lexicons *lexicons = NULL;
        world_remove(world, "emoji.tsv");
        if (rows[i].signs) world_write(world, "emoji.tsv", rows[i].signs);
        world_write(world, "en/valence.tsv", rows[i].own);
        bool opened = open_rule(world, "en", "topic room", &keep, &lexicons, &fail);
        CHECK(opened, "%s: %s", rows[i].name, opened ? "" : fail.message);
        if (opened) {
            run_text(world, lexicons, "en", rows[i].text, &out);
            CHECK_SPAN(buffer_span(&out), span_of(rows[i].expect), rows[i].name);
            lexicons_close(lexicons);
        }
        buffer_free(&out);
        arena_free(&keep);
    }
    write_shifters(world);
}

/* ---- cost ---- */

static double seconds(World *world, const Lexicons *lexicons, const char *piece, size_t times) {
    Buffer text = {0}, out = {0};
    for (size_t i = 0; i < times; i++) buffer_text(&text, piece);
    buffer_byte(&text, '\0');
    clock_t begun = clock();
    run_text(world, lexicons, "en", text.data, &out);
    double taken = (double)(clock() - begun) / CLOCKS_PER_SEC;
    buffer_free(&text);
    buffer_free(&out);
    return taken;
}

/* Twice the text may cost four times as much here, no more: a square would cost four, and noise is large; so eight times the text against 24. */
static void test_cost(World *world) {
    static const struct {
        const char *rule, *piece;
    } rows[] = {
        {"slow NEAR/5 service", "slow service "},      {"slow NEAR/1000 service", "slow slow "},       {"a NEAR/9 b NEAR/9 a", "a b a "},
        {"\"a b c\"~9", "a b c a "},                   {"slow AND rude", "slow "},                     {"(a | b) (a | b) (a | b)", "a b "},
        {"rude", "not not rude "},                     {"topic food", "food good food awful "},        {"a NOT b", "a a. b a. "},
        {"slow NEAR/5 service", "slow not service "},  {"slow AND rude", "slow, so rude, "},
        {"(slow NEAR/900 rude) | service", "slow, x, y. "}, {"slow AND rude", "slow, not "},           {"a* NEAR/50 *b", "aaab ab "},                 {"/never again.*!!/", "never again! "},       {"/[^x]*!!/", "a! "},       {"/(a+)+$/", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa! "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena keep = {0};
        Fail fail;
        const Lexicons *lexicons = NULL;
        CHECK(open_rule(world, "en", rows[i].rule, &keep, &lexicons, &fail), "%s: %s", rows[i].rule, fail.message);
        double small = seconds(world, lexicons, rows[i].piece, 4000), large = seconds(world, lexicons, rows[i].piece, 32000);
        CHECK(large < 0.05 || large < 24 * small, "%s on '%s': %.4f s, then %.4f s", rows[i].rule, rows[i].piece, small, large);
        lexicons_close(lexicons);
        arena_free(&keep);
    }
}

/* ---- small files that stand for more than any machine holds ---- */

static void check_refused(World *world, Span yaml, const char *message) {
    Arena keep = {0};
    Fail fail = {0};
    const Lexicons *lexicons = NULL;
    Buffer text = {0};
    buffer_append(&text, yaml);
    buffer_byte(&text, '\0');
    world_write(world, "en/reasons.yaml", text.data);
    bool opened = world_lexicons(world, &keep, &lexicons, &fail);
    CHECK(!opened && strcmp(fail.message, message) == 0 && fail.line && fail.column, "found '%s', expected '%s'", opened ? "it was taken" : fail.message, message);
    if (opened) lexicons_close(lexicons);
    buffer_free(&text);
    arena_free(&keep);
}

static void test_bombs(World *world) {
    Buffer yaml = {0};
    buffer_text(&yaml, "a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) buffer_printf(&yaml, "%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", 'a' + i, 'a' + i, 'a' + i - 1, 'a' + i - 1, 'a' + i - 1, 'a' + i - 1, 'a' + i - 1, 'a' + i - 1, 'a' + i - 1);
    check_refused(world, buffer_span(&yaml), "found aliases that stand for many times the file, expected fewer");
    yaml.len = 0;
    buffer_text(&yaml, "n:\n  c:\n    negative: [a");
    for (int i = 0; i < 300000; i++) buffer_text(&yaml, " & a");
    buffer_text(&yaml, "]\n");
    check_refused(world, buffer_span(&yaml), "found more than 200 operators inside each other, expected fewer");
    yaml.len = 0;
    buffer_text(&yaml, "n:\n  c0: [a]\n");
    for (int i = 1; i < 30; i++) buffer_printf(&yaml, "  c%d: ['#n.c%d #n.c%d']\n", i, i - 1, i - 1);
    check_refused(world, buffer_span(&yaml), "found #codes and lists that stand for more than 1000000 words, expected fewer");
    yaml.len = 0;
    buffer_text(&yaml, "n:\n  c0: [a]\n");
    for (int i = 1; i < 40; i++) buffer_printf(&yaml, "  c%d: ['#n.c%d']\n", i, i - 1);
    check_refused(world, buffer_span(&yaml), "found more than 32 #codes and lists inside each other, expected fewer");
    yaml.len = 0;
    buffer_text(&yaml, "n:\n");
    for (int i = 0; i < 40; i++) buffer_printf(&yaml, "  c%d: ['#n.c%d']\n", i, i + 1);
    buffer_text(&yaml, "  c40: [a]\n");
    check_refused(world, buffer_span(&yaml), "found more than 32 #codes and lists inside each other, expected fewer");
    buffer_free(&yaml);
}

int main(void) {
    World world;
    world_open(&world);
    write_shifters(&world);
    test_cases(&world);
    test_signs(&world);
    test_cost(&world);
    test_bombs(&world);
    world_close(&world);
    return check_end();
}
