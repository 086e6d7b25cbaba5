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

static inline void world_remove(const World *world, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", world->dir, name);
    remove(path);
}

static void world_folder(World *world) {
    *world = (World){.dir = "/tmp/verbatim-lexicons-XXXXXX"};
    if (!mkdtemp(world->dir)) exit(2);
}

static void world_languages_from(World *world, const char *folder) {
    Fail fail;
    if (!languages_open(folder, &world->keep, &world->languages, &fail)) {
        fail_print(&fail);
        exit(2);
    }
    world->memo = memo_open(world->languages, 1 << 12);
    for (size_t i = 0; i < languages_count(world->languages); i++) {
        char command[128];
        Span code = languages_at(world->languages, i)->code;
        snprintf(command, sizeof command, "mkdir -p %s/%.*s", world->dir, (int)code.len, code.data);
        if (system(command) != 0) exit(2);
    }
}

static inline void world_open(World *world) {
    world_folder(world);
    world_languages_from(world, SOURCE_DIR "/lexicons");
}

/* With every language of languages.tsv, those that are commented out too. */
static inline void world_open_all(World *world) {
    char command[512];
    world_folder(world);
    snprintf(command, sizeof command, "sed 's/^#\\([a-z][a-z]\t\\)/\\1/' %s/languages.tsv > %s/languages.tsv && cp %s/common.tsv %s", SOURCE_DIR "/lexicons", world->dir, SOURCE_DIR "/lexicons", world->dir);
    if (system(command) != 0) exit(2);
    world_languages_from(world, world->dir);
}

static void world_close(World *world) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", world->dir);
    if (system(command) != 0) exit(2);
    memo_close(world->memo);
    arena_free(&world->keep);
}

/* Opens the folder as it stands; what it does not have comes from another. */
static inline bool world_lexicons_from(World *world, const char *shipped, Arena *keep, const Lexicons **lexicons, Fail *fail) {
    LexiconSettings settings = {.dir = world->dir, .shipped = shipped, .cut = world_cut, .cut_contexts = (void *[]){world->memo}};
    settings.language_count = languages_count(world->languages);
    for (size_t i = 0; i < settings.language_count; i++) settings.languages[i] = languages_at(world->languages, i);
    memo_clear(world->memo); /* its words know another lexicon */
    return lexicons_open(&settings, keep, lexicons, fail);
}

static inline bool world_lexicons(World *world, Arena *keep, const Lexicons **lexicons, Fail *fail) {
    return world_lexicons_from(world, world->dir, keep, lexicons, fail);
}

#endif
