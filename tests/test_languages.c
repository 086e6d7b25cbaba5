/* languages — rules against texts as speakers type them, in every language that languages.tsv names: a lexicon of one code a row is made, and each text must
 * get it or not. */
#include "world.h"

typedef struct {
    const char *lang, *rule, *text;
    bool hit;
} Row;

enum { HIT = 1, MISS = 0 };

static const Row rows[] = {
#include "cases/languages.inc"
};
enum { COUNT = sizeof rows / sizeof *rows };

/* One folder a language, with a code a row: r.N. */
static void write_lexicons(const World *world) {
    for (size_t i = 0; i < languages_count(world->languages); i++) {
        Span code = languages_at(world->languages, i)->code;
        Buffer text = {0};
        buffer_text(&text, "r:\n");
        size_t found = 0;
        for (size_t j = 0; j < COUNT; j++) {
            if (!span_is(code, rows[j].lang)) continue;
            buffer_printf(&text, "  n%zu:\n    - match: '", j);
            for (const char *at = rows[j].rule; *at; at++) buffer_text(&text, *at == '\'' ? "''" : (char[]){*at, 0});
            buffer_text(&text, "'\n");
            found++;
        }
        CHECK(found, "%.*s: no row speaks of it", (int)code.len, code.data);
        char name[64], command[128];
        snprintf(command, sizeof command, "mkdir -p %s/%.*s", world->dir, (int)code.len, code.data);
        if (found && system(command) == 0) {
            snprintf(name, sizeof name, "%.*s/reasons.yaml", (int)code.len, code.data);
            buffer_byte(&text, '\0');
            world_write(world, name, text.data);
        }
        buffer_free(&text);
    }
}

static bool tagged(const Result *result, const Codebook *codebook, size_t row) {
    char id[32];
    snprintf(id, sizeof id, "r.n%zu", row);
    for (size_t i = 0; i < result->tag_count; i++)
        if (span_is(codebook->codes[result->tags[i].code].id, id)) return true;
    return false;
}

int main(void) {
    World world;
    world_open(&world);
    write_lexicons(&world);
    Arena keep = {0}, scratch = {0};
    const Lexicons *lexicons = NULL;
    Fail fail = {0};
    if (!world_lexicons(&world, &keep, &lexicons, &fail)) return fail_print(&fail), 2;
    Matcher *matcher = matcher_open(lexicons);
    for (size_t i = 0; i < COUNT; i++) {
        const Language *language = language_find(world.languages, span_of(rows[i].lang));
        Tokens tokens;
        Result result;
        text_tokens(world.memo, span_of(rows[i].text), language, &tokens, &scratch);
        matcher_run(matcher, &tokens, ROLE_OPEN, &result, &scratch);
        CHECK(tagged(&result, lexicons_codebook(lexicons), i) == rows[i].hit, "%s: rule %s must %s “%s”", rows[i].lang, rows[i].rule, rows[i].hit ? "hit" : "miss",
              rows[i].text);
        arena_reset(&scratch);
        if (memo_full(world.memo)) memo_clear(world.memo), matcher_clear(matcher);
    }
    matcher_close(matcher);
    lexicons_close(lexicons);
    arena_free(&keep);
    arena_free(&scratch);
    world_close(&world);
    return check_end();
}
