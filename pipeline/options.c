#include "options.h"

#include <stdio.h>
#include <stdlib.h>

typedef enum { KIND_FLAG, KIND_TEXT, KIND_NUMBER, KIND_REPEATED, KIND_LIST } Kind;

typedef struct {
    const char *name;    /* --name; or a single letter */
    Kind kind;
    size_t field;        /* offset in Options */
    const char *value;   /* what follows, for help */
    const char *standard; /* default */
    int commands;
    const char *help;    /* NULL: not in the help */
    uint64_t low, high;  /* of a number */
} Option;

#define FIELD(name) offsetof(Options, name)
#define SAMPLING (COMMAND_LEXICON_CHECK | COMMAND_LEXICON_STATS | COMMAND_LEXICON_DIFF)
#define READING (COMMAND_TAG | COMMAND_EVAL | COMMAND_TRAIN | SAMPLING)
#define SCORING (COMMAND_TAG | COMMAND_EVAL | COMMAND_EXPLAIN)
#define TAGGING (READING | COMMAND_EXPLAIN | COMMAND_LEXICON_TEST)
#define EXCHANGE (COMMAND_LEXICON_IMPORT | COMMAND_LEXICON_EXPORT)

static const Option options_all[] = {
    {"o", KIND_TEXT, FIELD(output), "FILE", "-", COMMAND_ALL & ~COMMAND_LANGUAGES, "where results go; a name ending in .gz is compressed; for lexicon import the folder", 0, 0},
    {"field", KIND_REPEATED, FIELD(field), "NAME=PATH", NULL, READING, "which field is the response's NAME (id, text, lang, question, rating, weight, time): a dotted path in JSON, a column in CSV", 0, 0},
    {"segment", KIND_LIST, FIELD(segment), "A,B", NULL, READING & ~(COMMAND_LEXICON_CHECK | COMMAND_LEXICON_STATS), "segments to tally or score by: members of `segment`, dotted paths, or CSV columns", 0, 0},
    {"from", KIND_TEXT, FIELD(from), "FORMAT", "auto", READING, "auto, ndjson, csv or tsv", 0, 0},
    {"encoding", KIND_TEXT, FIELD(encoding), "NAME", NULL, READING, "encoding of the files, any that iconv knows; auto: guess it for each file; a byte order mark goes before (UTF-8)", 0, 0},
    {"from", KIND_TEXT, FIELD(from), "FORMAT", NULL, COMMAND_LEXICON_IMPORT, "quanteda, liwc, liwcx, wordstat, vader or spacy", 0, 0},
    {"to", KIND_TEXT, FIELD(to), "FORMAT", NULL, COMMAND_LEXICON_EXPORT, "quanteda, liwc, liwcx, wordstat, vader or spacy", 0, 0},
    {"to", KIND_TEXT, FIELD(to), "FORMAT", NULL, COMMAND_TALLY | COMMAND_EVAL | SAMPLING, "text or json; for tally and lexicon stats also csv", 0, 0},
    {"lang", KIND_TEXT, FIELD(lang), "CODE", NULL, TAGGING | COMMAND_REPORT | COMMAND_TALLY, "language of all responses (en, ru, zh), and the only one looked at; of the names in tables and pages (en, ru, zh-Hans, zh-Hant)", 0, 0},
    {"lang", KIND_TEXT, FIELD(lang), "CODE", NULL, EXCHANGE, "language of the words (en, ru, zh)", 0, 0},
    {"as", KIND_TEXT, FIELD(as), "KIND", NULL, COMMAND_LEXICON_IMPORT, "what numbers in a .dicx become: rules (with weights above 0 and at most 1) or valence (-4 to 4)", 0, 0},
    {"list", KIND_FLAG, FIELD(list), NULL, NULL, COMMAND_LEXICON_EXPORT, "name each rule that is left out or changed", 0, 0},
    {"target", KIND_TEXT, FIELD(target), "KIND", "labels", COMMAND_TRAIN, "what is learnt: labels or sentiment", 0, 0},
    {"dev", KIND_TEXT, FIELD(dev), "FILE", NULL, COMMAND_TRAIN, "labelled responses that the model is not trained on, and scored on at the end", 0, 0},
    {"with", KIND_LIST, FIELD(with), "A,B", NULL, COMMAND_TRAIN, "fields to learn from beside the text: question, rating, segment (those of --segment)", 0, 0},
    {"least", KIND_NUMBER, FIELD(least), "N", "5", COMMAND_TRAIN, "a label with fewer texts is left out", 1, 1000000},
    {"folds", KIND_NUMBER, FIELD(folds), "N", "3", COMMAND_TRAIN, "parts of cross-validation", 2, 20},
    {"seed", KIND_NUMBER, FIELD(seed), "N", "1", COMMAND_TRAIN | COMMAND_EVAL, "of all that is drawn: parts and the order of texts; of eval: resamples", 0, 1u << 30},
    {"model", KIND_REPEATED, FIELD(model), "FILE", NULL, SCORING, "model of `verbatim train`; may be given several times", 0, 0},
    {"no-lexicons", KIND_FLAG, FIELD(no_lexicons), NULL, NULL, SCORING | COMMAND_TRAIN, "tags of models alone; of train: words alone, nothing of what the lexicons find", 0, 0},
    {"precision", KIND_FLAG, FIELD(precision), NULL, NULL, SCORING, "models give fewer and surer tags (F0.5)", 0, 0},
    {"recall", KIND_FLAG, FIELD(recall), NULL, NULL, SCORING, "models give more tags (F2)", 0, 0},
    {"balanced", KIND_FLAG, FIELD(balanced), NULL, NULL, SCORING, "models weigh missed and wrong tags alike (F1); this is how it is without any of the three", 0, 0},
    {"questions", KIND_TEXT, FIELD(questions), "FILE", NULL, READING, "YAML that maps a question's wording to what_good, could_improve or open", 0, 0},
    {"question", KIND_TEXT, FIELD(question), "TEXT", NULL, COMMAND_EXPLAIN, "the question that the text answers", 0, 0},
    {"lexicons", KIND_TEXT, FIELD(lexicons), "DIR", NULL, (TAGGING & ~COMMAND_LEXICON_DIFF) | COMMAND_LANGUAGES | COMMAND_LEXICON_EXPORT, "lexicons folder in place of the shipped one", 0, 0},
    {"on", KIND_REPEATED, FIELD(on), "FILE", NULL, SAMPLING, "responses to try the rules on (of stats: labelled, for their precision); may be given several times", 0, 0},
    {"map", KIND_TEXT, FIELD(map), "FILE", NULL, COMMAND_EVAL | COMMAND_TRAIN, "YAML that renames a set's own labels to codes, or says for each of its labels or aspects by which codes it may be met (lexicons/maps)", 0, 0},
    {"errors", KIND_TEXT, FIELD(errors), "FILE", NULL, COMMAND_EVAL, "write the worst mistakes, one JSON line each with the evidence: false positives, the surest first; misses; wrong sentiments, the strongest first", 0, 0},
    {"errors-most", KIND_NUMBER, FIELD(errors_most), "N", "1000", COMMAND_EVAL, "mistakes of each kind that --errors writes", 1, 10000},
    {"resamples", KIND_NUMBER, FIELD(resamples), "N", "1000", COMMAND_EVAL, "resamples of the texts that the 95 % intervals are made from; 0: no intervals", 0, 10000},
    {"rejects", KIND_TEXT, FIELD(rejects), "FILE", NULL, COMMAND_TAG, "responses that could not be used, one JSON line each with the reason", 0, 0},
    {"tally", KIND_TEXT, FIELD(tally), "FILE", NULL, COMMAND_TAG | COMMAND_TALLY, "write a tally (of `tally`: the merged one)", 0, 0},
    {"report", KIND_TEXT, FIELD(report), "FILE", NULL, COMMAND_TAG, "write the HTML page in the same pass", 0, 0},
    {"no-output", KIND_FLAG, FIELD(no_output), NULL, NULL, COMMAND_TAG, "tag and count, print no responses", 0, 0},
    {"keep", KIND_FLAG, FIELD(keep), NULL, NULL, COMMAND_TAG, "carry unknown fields through to the output", 0, 0},
    {"quotes", KIND_NUMBER, FIELD(quotes), "N", "5", COMMAND_TAG, "quotes that a tally keeps for each code, pole and segment value; 0: none", 0, 1000},
    {"top", KIND_NUMBER, FIELD(top), "N", "0", COMMAND_TALLY | COMMAND_LEXICON_STATS | COMMAND_LEXICON_DIFF, "only the N most frequent rows (of tally: of the total, as text); 0: all", 0, 100000},
    {"code", KIND_TEXT, FIELD(code), "CODE", NULL, COMMAND_LEXICON_STATS, "only rules of this code, or of all codes of a net", 0, 0},
    {"examples", KIND_NUMBER, FIELD(examples), "N", "3", COMMAND_LEXICON_STATS | COMMAND_LEXICON_DIFF, "texts shown for each rule, or for each code and pole that came or went", 0, 100},
    {"broad", KIND_NUMBER, FIELD(broad), "PERCENT", "5", COMMAND_LEXICON_CHECK, "a rule that hits more responses than that is too broad", 1, 100},
    {"all", KIND_FLAG, FIELD(all), NULL, NULL, COMMAND_LEXICON_CHECK, "all notes, not only the first ten of a kind", 0, 0},
    {"max-record", KIND_NUMBER, FIELD(max_record), "BYTES", "1048576", READING, "longer records are rejected", 64, 1u << 30},
    {"threads", KIND_NUMBER, FIELD(threads), "N", "0", READING | COMMAND_LEXICON_TEST, "threads that work; 0: as many as processors", 0, 256},
    {"verbose", KIND_FLAG, FIELD(verbose), NULL, NULL, COMMAND_TAG, "after the run, how many texts were repaired for matching, and from what", 0, 0},
    {"quiet", KIND_FLAG, FIELD(quiet), NULL, NULL, COMMAND_ALL, "no progress and no summary, errors only", 0, 0},
    {"help", KIND_FLAG, FIELD(help), NULL, NULL, COMMAND_ALL, "this help", 0, 0},
    {"version", KIND_FLAG, FIELD(version), NULL, NULL, COMMAND_ALL, "print the version", 0, 0},
    /* For tests: what must not change a byte of the output. */
    {"batch-bytes", KIND_NUMBER, FIELD(batch_bytes), "N", "1048576", READING, NULL, 1, 1u << 30},
    {"batch-records", KIND_NUMBER, FIELD(batch_records), "N", "0", READING, NULL, 0, 1u << 30},
    {"chunk-bytes", KIND_NUMBER, FIELD(chunk_bytes), "N", "262144", READING, NULL, 1, 1u << 30},
};

enum { OPTION_COUNT = sizeof options_all / sizeof *options_all };

static const Option *option_find(int command, Span name) {
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (options_all[i].commands & command && span_is(name, options_all[i].name)) return &options_all[i];
    return NULL;
}

static void *field_of(Options *options, const Option *option) { return (char *)options + option->field; }

static bool set_number(Options *options, const Option *option, const char *text, Fail *fail) {
    char *end = NULL;
    unsigned long long number = *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0;
    if (!end || *end || number < option->low || number > option->high)
        return fail_set(fail, FAIL_USAGE, "--%s: found '%s', expected a number from %llu to %llu", option->name, text, (unsigned long long)option->low,
                        (unsigned long long)option->high);
    *(size_t *)field_of(options, option) = (size_t)number;
    return true;
}

static void add(Strings *strings, const char *text, Arena *keep) { *ARENA_PUSH(keep, strings->items, strings->count, strings->capacity) = text; }

static void add_list(Strings *strings, const char *text, Arena *keep) {
    for (const char *comma; *text; text = *comma ? comma + 1 : comma) {
        comma = text + strcspn(text, ",");
        if (comma > text) add(strings, arena_string(keep, (Span){text, (size_t)(comma - text)}), keep);
    }
}

static bool set_value(Options *options, const Option *option, const char *text, Arena *keep, Fail *fail) {
    void *field = field_of(options, option);
    switch (option->kind) {
    case KIND_FLAG: *(bool *)field = true; return true;
    case KIND_TEXT: *(const char **)field = text; return true;
    case KIND_NUMBER: return set_number(options, option, text, fail);
    case KIND_REPEATED: add(field, text, keep); return true;
    case KIND_LIST: add_list(field, text, keep); return true;
    }
    return false;
}

static bool set_defaults(int command, Options *options, Arena *keep, Fail *fail) {
    *options = (Options){0};
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const Option *option = &options_all[i];
        bool used = option->commands & command || option->kind == KIND_NUMBER;
        if (used && option->standard && !set_value(options, option, option->standard, keep, fail)) return false;
    }
    return true;
}

/* One argument that begins with '-'; may take the next one. */
static bool take_option(int command, char ***next, char **end, Options *options, Arena *keep, Fail *fail) {
    const char *argument = *(*next)++;
    bool letter = argument[1] != '-';
    const char *name = argument + (letter ? 1 : 2);
    size_t len = letter ? 1 : strcspn(name, "=");
    const Option *option = option_find(command, (Span){name, len});
    if (!option || letter != (strlen(option->name) == 1)) return fail_set(fail, FAIL_USAGE, "found option '%s', which this command does not have", argument);
    const char *value = letter && name[1] ? name + 1 : !letter && name[len] == '=' ? name + len + 1 : NULL;
    if (option->kind == KIND_FLAG && value) return fail_set(fail, FAIL_USAGE, "found '%s', expected no value", argument);
    if (option->kind != KIND_FLAG && !value) {
        if (*next == end) return fail_set(fail, FAIL_USAGE, "%s: found nothing, expected %s", argument, option->value);
        value = *(*next)++;
    }
    return set_value(options, option, value, keep, fail);
}

static bool set_fields(Options *options, Arena *keep, Fail *fail) {
    struct {
        const char *name;
        const char **path;
    } fields[] = {{"id", &options->fields.id},             {"text", &options->fields.text},     {"lang", &options->fields.lang}, {"question", &options->fields.question},
                  {"rating", &options->fields.rating}, {"weight", &options->fields.weight}, {"time", &options->fields.time}};
    for (size_t i = 0; i < options->field.count; i++) {
        const char *given = options->field.items[i], *equals = strchr(given, '=');
        bool found = false;
        for (size_t j = 0; equals && equals[1] && j < sizeof fields / sizeof *fields; j++) {
            if (!span_is((Span){given, (size_t)(equals - given)}, fields[j].name)) continue;
            *fields[j].path = arena_string(keep, span_of(equals + 1));
            found = true;
        }
        if (!found) return fail_set(fail, FAIL_USAGE, "--field: found '%s', expected NAME=PATH with NAME one of id, text, lang, question, rating, weight, time", given);
    }
    return true;
}

static bool set_format(Options *options, Fail *fail) {
    static const char *const names[] = {"auto", "ndjson", "csv", "tsv"};
    if (!options->from) return true;
    for (size_t i = 0; i < 4; i++)
        if (strcmp(options->from, names[i]) == 0) return options->format = (Format)i, true;
    return fail_set(fail, FAIL_USAGE, "--from: found '%s', expected auto, ndjson, csv or tsv", options->from);
}

static bool check_encoding(const Options *options, Fail *fail) {
    if (!options->encoding || encoding_known(options->encoding)) return true;
    return fail_set(fail, FAIL_USAGE, "--encoding: found encoding '%.100s', expected one that iconv knows, or auto", options->encoding);
}

bool options_parse(int command, int count, char **arguments, Arena *keep, Options *options, Fail *fail) {
    if (!set_defaults(command, options, keep, fail)) return false;
    char **end = arguments + count;
    bool only_files = false;
    while (arguments < end) {
        const char *argument = *arguments;
        if (!only_files && strcmp(argument, "--") == 0) {
            only_files = true;
            arguments++;
        } else if (only_files || argument[0] != '-' || !argument[1]) {
            add(&options->files, argument, keep);
            arguments++;
        } else if (!take_option(command, &arguments, end, options, keep, fail)) {
            return false;
        }
    }
    return set_fields(options, keep, fail) && (command & EXCHANGE || set_format(options, fail)) && check_encoding(options, fail);
}

static void print_name(const Option *option, Buffer *out) {
    buffer_printf(out, "%s%s%s%s", strlen(option->name) == 1 ? "-" : "--", option->name, option->value ? " " : "", option->value ? option->value : "");
}

void options_help(int command, Buffer *out) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const Option *option = &options_all[i];
        if (!(option->commands & command) || !option->help) continue;
        size_t start = out->len;
        buffer_text(out, "  ");
        print_name(option, out);
        do buffer_byte(out, ' ');
        while (out->len - start < 24);
        buffer_text(out, option->help);
        if (option->standard) buffer_printf(out, " (%s)", option->standard);
        buffer_byte(out, '\n');
    }
}

void options_table(Buffer *out) {
    static const char *const names[] = {"tag", "tally", "report", "eval", "explain", "languages", "lexicon import", "lexicon export", "lexicon check", "lexicon test", "lexicon stats", "lexicon diff", "train"};
    buffer_text(out, "| option | commands | meaning | default |\n|---|---|---|---|\n");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const Option *option = &options_all[i];
        if (!option->help) continue;
        buffer_text(out, "| `");
        print_name(option, out);
        buffer_text(out, "` | ");
        if (option->commands == COMMAND_ALL) buffer_text(out, "all");
        for (size_t j = 0, first = 1; option->commands != COMMAND_ALL && j < sizeof names / sizeof *names; j++)
            if (option->commands >> j & 1) buffer_printf(out, "%s%s", first ? "" : ", ", names[j]), first = 0;
        buffer_printf(out, " | %s | %s |\n", option->help, option->standard ? option->standard : "");
    }
}
