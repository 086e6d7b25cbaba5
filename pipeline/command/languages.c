/* languages — what is supported, and how well. */
#include <stdio.h>

#include "command/command.h"
#include "plan.h"

static void print_language(Buffer *out, const Lexicons *lexicons, const Language *language) {
    LexiconStats stats = lexicons_stats(lexicons, language);
    buffer_printf(out, "%-5.*s %-12.*s %6zu %9zu %9zu %7zu  %s\n", (int)language->code.len, language->code.data, (int)language->name.len, language->name.data, stats.rules,
                  stats.valence, stats.shifters, stats.tests, language->characters ? "characters" : language->stemmer ? "words, by stem" : "words");
}

/* quality.tsv, made by bench/calibrate: language, set, texts, precision, recall, F1, sentiment. Without the file nothing is said. */
static void print_quality(Buffer *out, const char *dir, Span language) {
    char path[4096], line[512], set[64];
    snprintf(path, sizeof path, "%s/quality.tsv", dir);
    FILE *file = fopen(path, "rb");
    if (!file) return;
    while (fgets(line, sizeof line, file)) {
        unsigned texts = 0;
        double precision = 0, recall = 0, f1 = 0, sentiment = 0;
        Span row = span_of(line);
        if (row.len <= language.len || row.data[language.len] != '\t' || !span_equal((Span){row.data, language.len}, language)) continue;
        if (sscanf(line + language.len + 1, "%63[^\t]\t%u\t%lf\t%lf\t%lf\t%lf", set, &texts, &precision, &recall, &f1, &sentiment) != 6) continue;
        buffer_printf(out, "      %s (%u texts): precision %.2f, recall %.2f, F1 %.2f over code and pole; sentiment %.2f\n", set, texts, precision, recall, f1, sentiment);
    }
    fclose(file);
}

int command_languages(const Options *options) {
    Arena keep = {0};
    Plan plan = {0};
    Fail fail;
    int status = EXIT_DONE;
    if (!plan_open(options, &keep, &plan, &fail)) {
        status = command_failed(&fail);
    } else {
        Buffer out = {0};
        buffer_printf(&out, "%-5s %-12s %6s %9s %9s %7s  %s\n", "code", "language", "rules", "valence", "shifters", "tests", "matched by");
        for (size_t i = 0; i < languages_count(plan.languages); i++) {
            const Language *language = languages_at(plan.languages, i);
            if (!lexicons_know(plan.lexicons, language)) continue;
            print_language(&out, plan.lexicons, language);
            const char *dir = options->lexicons ? options->lexicons : plan_data(&keep);
            if (dir) print_quality(&out, dir, language->code);
        }
        if (!command_print(options, buffer_span(&out), &fail)) status = command_failed(&fail);
        buffer_free(&out);
        plan_close(&plan);
    }
    arena_free(&keep);
    return status;
}
