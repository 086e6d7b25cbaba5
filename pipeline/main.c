/* main — finds the command; the only place that ends the process. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

#include "command/command.h"
#include "write/write.h"

typedef struct {
    const char *name;
    int bit;
    int (*run)(const Options *options);
    const char *usage; /* behind the name */
    const char *does;
    const char *examples;
} Command;

static const Command commands[] = {
    {"tag", COMMAND_TAG, command_tag, "[options] [FILE ...]", "responses in, one tagged line per response out, in input order",
     "  verbatim tag answers.ndjson.gz -o tagged.ndjson.gz\n"
     "  verbatim tag answers.csv --field text=comment --segment region,channel --tally night.tally --report night.html --no-output\n"
     "  zcat answers.ndjson.gz | verbatim tag --lang en --rejects bad.ndjson > tagged.ndjson\n"},
    {"tally", COMMAND_TALLY, command_tally, "[options] TALLY ...", "merge tallies exactly; print tables",
     "  verbatim tally night.tally --top 20\n"
     "  verbatim tally mon.tally tue.tally --tally week.tally --to csv -o week.csv\n"},
    {"report", COMMAND_REPORT, command_report, "[options] TALLY ...", "tallies to one self-contained HTML page",
     "  verbatim report night.tally -o night.html\n"
     "  verbatim report mon.tally tue.tally --lang ru -o week.html\n"},
    {"eval", COMMAND_EVAL, command_eval, "[options] GOLD ...", "score the tagger against labelled sets",
     "  verbatim eval gold.ndjson.gz\n"
     "  verbatim eval gold.ndjson.gz --segment region,channel --errors errors.ndjson.gz\n"
     "  verbatim eval airline.ndjson.gz --map airline.yaml --lang en --to json -o scores.json\n"},
    {"train", COMMAND_TRAIN, command_train, "[options] -o M.model TRAIN ...", "labelled sets to a model of their labels, with its card beside it",
     "  verbatim train -o themes.model coded.ndjson.gz && verbatim tag --model themes.model answers.ndjson.gz\n"
     "  verbatim train --target sentiment --with question -o feeling.model a.ndjson.gz b.ndjson.gz --dev dev.ndjson.gz\n"},
    {"explain", COMMAND_EXPLAIN, command_explain, "[options] TEXT", "why a text is tagged as it is, stage by stage",
     "  verbatim explain \"The food was not bad, but we waited for two hours\"\n"
     "  verbatim explain --question \"What could we do better?\" \"Parking\"\n"},
    {"lexicon check", COMMAND_LEXICON_CHECK, command_lexicon_check, "[options] [LANG ...]", "what is wrong or doubtful in a lexicon; with --on, what it does to responses",
     "  verbatim lexicon check en\n"
     "  verbatim lexicon check --lexicons before --on answers.ndjson.gz --to json -o findings.json\n"},
    {"lexicon test", COMMAND_LEXICON_TEST, command_lexicon_test, "[options] [LANG ...]", "run the tests that the rules carry",
     "  verbatim lexicon test\n"
     "  verbatim lexicon test --lexicons before en\n"},
    {"lexicon stats", COMMAND_LEXICON_STATS, command_lexicon_stats, "[options] [LANG ...]", "how much there is; with --on, what each rule hits and how often it is right",
     "  verbatim lexicon stats\n"
     "  verbatim lexicon stats --on gold.ndjson.gz --code service.speed --top 20\n"},
    {"lexicon diff", COMMAND_LEXICON_DIFF, command_lexicon_diff, "[options] --on FILE BEFORE AFTER", "what responses gain and lose when one lexicons folder takes the place of another",
     "  verbatim lexicon diff before after --on answers.ndjson.gz\n"
     "  verbatim lexicon diff before after --on answers.csv --field text=comment --segment region --examples 1\n"},
    {"lexicon import", COMMAND_LEXICON_IMPORT, command_lexicon_import, "--from FORMAT --lang CODE [options] FILE -o DIR", "a dictionary of another program to a lexicons folder",
     "  verbatim lexicon import --from liwc --lang en moods.dic -o moods && verbatim tag --lexicons moods answers.ndjson.gz -o tagged.ndjson.gz\n"},
    {"lexicon export", COMMAND_LEXICON_EXPORT, command_lexicon_export, "--to FORMAT --lang CODE [options] -o FILE", "a language's rules to a dictionary of another program",
     "  verbatim lexicon export --to quanteda --lang en --lexicons moods -o moods.yml\n"
     "  verbatim lexicon export --to wordstat --lang en --lexicons moods --list -o moods.cat\n"},
    {"languages", COMMAND_LANGUAGES, command_languages, "[options]", "what is supported, and how well", "  verbatim languages\n"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void help(FILE *to) {
    fputs("verbatim tags open-ended survey answers with reasons, sentiment and intents, shows the words that prove each tag, and tallies them by segment.\n\n"
          "usage: verbatim COMMAND [options] [FILE ...]\n\n", to);
    for (size_t i = 0; i < COMMAND_COUNT; i++) fprintf(to, "  %-15s %s\n", commands[i].name, commands[i].does);
    fputs("\nA FILE -, or none, is standard input. `verbatim COMMAND --help` tells more, with examples.\n"
          "Exit status: 0 all done; 1 could not do it; 2 wrong usage or configuration; 3 done, but some records were rejected.\n", to);
}

static int command_help(const Command *command) {
    Buffer out = {0};
    options_help(command->bit, &out);
    printf("usage: verbatim %s %s\n\n%s\n\noptions:\n%.*s\nexamples:\n%s", command->name, command->usage, command->does, (int)out.len, out.data, command->examples);
    buffer_free(&out);
    return EXIT_DONE;
}

static int version(void) {
    puts("verbatim " VERBATIM_VERSION);
    return EXIT_DONE;
}

static int run_command(const Command *command, int count, char **arguments) {
    Arena keep = {0};
    Options options;
    Fail fail;
    int status = EXIT_USAGE;
    if (!options_parse(command->bit, count, arguments, &keep, &options, &fail)) {
        fail_print(&fail);
        fprintf(stderr, "`verbatim %s --help` tells what it takes.\n", command->name);
    } else {
        status = options.help ? command_help(command) : options.version ? version() : command->run(&options);
    }
    arena_free(&keep);
    return status;
}

/* Where a standard file is closed, the next one that is opened would take its place, and an input or the rejects be written over. Held by
 * one that cannot be used, it stays an error to use it. */
static void hold_standard_files(void) {
    for (int file = 0; file < 3; file++)
        if (fcntl(file, F_GETFD) < 0) open("/dev/null", file ? O_RDONLY : O_WRONLY);
}

/* Help goes through stdio, which says only here that a disk was full. */
static int printed(int status) {
    if (fflush(stdout) == 0) return status;
    Fail fail;
    fail_set(&fail, FAIL_FILE, "cannot be written: %s", strerror(errno));
    fail_at(&fail, "standard output", 0, 0);
    return command_failed(&fail);
}

static int unknown(int count, char **arguments) {
    Buffer names = {0};
    for (size_t i = 0; i < COMMAND_COUNT; i++) buffer_printf(&names, "%s%s", i ? ", " : "", commands[i].name);
    bool lexicon = strcmp(arguments[0], "lexicon") == 0 && count > 1;
    Fail fail;
    fail_set(&fail, FAIL_USAGE, "found command '%.50s%s%.20s', expected one of %.*s", arguments[0], lexicon ? " " : "", lexicon ? arguments[1] : "", (int)names.len, names.data);
    buffer_free(&names);
    return command_failed(&fail);
}

/* Names are of one word or two. */
static const Command *command_find(int count, char **arguments, int *words) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const char *second = strchr(commands[i].name, ' ');
        Span first = {commands[i].name, second ? (size_t)(second - commands[i].name) : strlen(commands[i].name)};
        if (!span_equal(span_of(arguments[0]), first) || (second && (count < 2 || strcmp(arguments[1], second + 1) != 0))) continue;
        *words = second ? 2 : 1;
        return &commands[i];
    }
    return NULL;
}

int main(int count, char **arguments) {
    /* A closed pipe or a limit on file sizes is then a write error like any other. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    hold_standard_files();
    if (count < 2) {
        help(stderr);
        return EXIT_USAGE;
    }
    Span name = span_of(arguments[1]);
    if (span_is(name, "--help") || span_is(name, "-h") || span_is(name, "help")) {
        help(stdout);
        return printed(EXIT_DONE);
    }
    if (span_is(name, "--version")) return printed(version());
    int words = 0;
    const Command *command = command_find(count - 1, arguments + 1, &words);
    return command ? printed(run_command(command, count - 1 - words, arguments + 1 + words)) : unknown(count - 1, arguments + 1);
}
