/* languages — what is supported, and how well. */
#include "command/command.h"
#include "plan.h"

static void print_language(Buffer *out, const Lexicons *lexicons, const Language *language) {
    LexiconStats stats = lexicons_stats(lexicons, language);
    buffer_printf(out, "%-5.*s %-12.*s %6zu %9zu %9zu %7zu  %s\n", (int)language->code.len, language->code.data, (int)language->name.len, language->name.data, stats.rules,
                  stats.valence, stats.shifters, stats.tests, language->characters ? "characters" : language->stemmer ? "words, by stem" : "words");
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
            if (lexicons_know(plan.lexicons, language)) print_language(&out, plan.lexicons, language);
        }
        if (!command_print(options, buffer_span(&out), &fail)) status = command_failed(&fail);
        buffer_free(&out);
        plan_close(&plan);
    }
    arena_free(&keep);
    return status;
}
