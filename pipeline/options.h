/* options — the command line, from one table: name, values, default, help, field. The table feeds parsing, --help and the README. */
#ifndef VERBATIM_OPTIONS_H
#define VERBATIM_OPTIONS_H

#include "base/arena.h"
#include "base/fail.h"
#include "read/read.h"

/* Commands, as bits: an option says which take it. */
enum {
    COMMAND_TAG = 1,
    COMMAND_TALLY = 2,
    COMMAND_REPORT = 4,
    COMMAND_EVAL = 8,
    COMMAND_EXPLAIN = 16,
    COMMAND_LANGUAGES = 32,
    COMMAND_LEXICON_IMPORT = 64,
    COMMAND_LEXICON_EXPORT = 128,
    COMMAND_LEXICON_CHECK = 256,
    COMMAND_LEXICON_TEST = 512,
    COMMAND_LEXICON_STATS = 1024,
    COMMAND_LEXICON_DIFF = 2048,
    COMMAND_TRAIN = 4096,
    COMMAND_ALL = 8191,
};

typedef struct {
    const char **items;
    size_t count, capacity;
} Strings;

typedef struct {
    FieldNames fields;
    Strings field;          /* --field NAME=PATH, as given */
    Strings segment;        /* --segment a,b, taken apart */
    Strings on;             /* --on FILE: what a lexicon is tried on */
    Strings model;          /* --model FILE */
    Strings with;           /* --with question,rating,segment, taken apart */
    const char *from, *encoding, *to, *lang, *lexicons, *questions, *question, *map, *rejects, *tally, *report, *output, *as, *code, *target, *dev, *errors;
    bool keep, no_output, no_lexicons, precision, recall, balanced, list, all, quiet, verbose, help, version;
    size_t threads, quotes, max_record, batch_bytes, batch_records, chunk_bytes, top, examples, broad, least, folds, seed, errors_most, resamples;
    Format format;
    Strings files;          /* what stands without an option: FILEs, the TEXT of explain, languages or folders of lexicons */
} Options;

/* options_parse — arguments behind the command's name.
 *   in     command  one of COMMAND_...
 *   out    options  defaults filled in; strings are argv's own or in keep
 *   fails  FAIL_USAGE */
bool options_parse(int command, int count, char **arguments, Arena *keep, Options *options, Fail *fail);

/* The options that a command takes, aligned, for its --help. */
void options_help(int command, Buffer *out);

/* All options as a Markdown table, for the README. */
void options_table(Buffer *out);

#endif
