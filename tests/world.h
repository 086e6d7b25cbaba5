/* world — a lexicons folder of a test's own, for tests of the rule language. */
#ifndef VERBATIM_WORLD_H
#define VERBATIM_WORLD_H

#include <stdlib.h>

#include "check.h"
#include "lexicons.h"
#include "text/text.h"

typedef struct {
    Arena keep;
    const Languages *languages;
    Memo *memo;
    char dir[64];
} World;

static const char *const world_languages[] = {"en", "ru", "zh"};

static void world_cut(void *context, Span text, const Language *language, Tokens *tokens, Arena *scratch) {
    text_tokens(context, text, language, tokens, scratch);
}

static void world_write(const World *world, const char *name, const char *text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", world->dir, name);
    FILE *file = fopen(path, "wb");
    fputs(text, file);
    fclose(file);
}

static void world_open(World *world) {
    *world = (World){.dir = "/tmp/verbatim-lexicons-XXXXXX"};
    Fail fail;
    if (!mkdtemp(world->dir) || !languages_open(SOURCE_DIR "/lexicons", &world->keep, &world->languages, &fail)) exit(2);
    world->memo = memo_open(world->languages, 1 << 12);
    for (int i = 0; i < 3; i++) {
        char command[128];
        snprintf(command, sizeof command, "mkdir -p %s/%s", world->dir, world_languages[i]);
        if (system(command) != 0) exit(2);
    }
}

static void world_close(World *world) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", world->dir);
    if (system(command) != 0) exit(2);
    memo_close(world->memo);
    arena_free(&world->keep);
}

/* Opens the folder as it stands. */
static bool world_lexicons(World *world, Arena *keep, const Lexicons **lexicons, Fail *fail) {
    LexiconSettings settings = {.dir = world->dir, .shipped = world->dir, .cut = world_cut, .cut_context = world->memo};
    settings.language_count = languages_count(world->languages);
    for (size_t i = 0; i < settings.language_count; i++) settings.languages[i] = languages_at(world->languages, i);
    return lexicons_open(&settings, keep, lexicons, fail);
}

#endif
