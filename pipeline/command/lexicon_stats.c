/* lexicon stats — how much there is in a lexicon, and what each rule does to a sample. */
#include <inttypes.h>
#include <stdlib.h>

#include "command/lexicon.h"
#include "inspect.h"
#include "write/write.h"

/* Row — one rule of reasons. */
typedef struct {
    const Language *language;
    uint32_t number;
    RuleSource source;
    const RuleCount *count;
} Row;

typedef struct {
    const Options *options;
    Plan plan;
    Arena keep;
    const Language *languages[LANGUAGES_MAX];
    size_t language_count;
    LexiconFormat format;
    RuleCounts *counts; /* NULL: no sample */
    Row *rows;
    size_t row_count, row_capacity;
    bool rejected;
} Stats;

static bool wanted(const Stats *stats, Span code) {
    const char *asked = stats->options->code;
    size_t len = asked ? strlen(asked) : 0;
    return !asked || span_is(code, asked) || (code.len > len && span_starts(code, asked) && code.data[len] == '.');
}

static bool check_code(const Stats *stats, Fail *fail) {
    const Codebook *codebook = stats->plan.tally.codebook;
    for (size_t i = 0; i < codebook->code_count; i++)
        if (wanted(stats, codebook->codes[i].id)) return true;
    return fail_set(fail, FAIL_USAGE, "--code: found '%s', expected a code or net of the codebook", stats->options->code);
}

static int by_responses(const void *left, const void *right) {
    const Row *a = left, *b = right;
    if (a->count->responses != b->count->responses) return a->count->responses > b->count->responses ? -1 : 1;
    if (a->count->matched != b->count->matched) return a->count->matched > b->count->matched ? -1 : 1;
    if (a->language != b->language) return a->language->index < b->language->index ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static void gather(Stats *stats) {
    for (size_t i = 0; i < stats->language_count; i++) {
        const Language *language = stats->languages[i];
        for (uint32_t j = 0; j < lexicons_rules(stats->plan.lexicons, language); j++) {
            Row row = {language, j, lexicons_source(stats->plan.lexicons, language, j), &stats->counts->rules[language->index][j]};
            if (row.source.reason && wanted(stats, stats->plan.tally.codebook->codes[row.source.code].id))
                *ARENA_PUSH(&stats->keep, stats->rows, stats->row_count, stats->row_capacity) = row;
        }
    }
    if (stats->row_count) qsort(stats->rows, stats->row_count, sizeof *stats->rows, by_responses);
    if (stats->options->top && stats->row_count > stats->options->top) stats->row_count = stats->options->top;
}

static bool coded(const Stats *stats, const Row *row) { return row->count->coded && rulecounts_coded(stats->counts, row->source.code); }

static double precision(const Row *row) { return (double)row->count->right / (double)row->count->coded; }

static double share(const Stats *stats, const Row *row) {
    uint64_t base = stats->counts->responses[row->language->index];
    return base ? (double)row->count->responses / (double)base : 0;
}

/* ---- text ---- */

static void text_languages(Buffer *out, const Stats *stats) {
    buffer_printf(out, "%-5s %7s %7s %8s %9s %7s", "lang", "rules", "terms", "valence", "shifters", "tests");
    buffer_text(out, stats->counts ? " responses  labelled\n" : "\n");
    for (size_t i = 0; i < stats->language_count; i++) {
        const Language *language = stats->languages[i];
        LexiconStats one = lexicons_stats(stats->plan.lexicons, language);
        buffer_printf(out, "%-5.*s %7zu %7zu %8zu %9zu %7zu", (int)language->code.len, language->code.data, one.rules, one.terms, one.valence, one.shifters, one.tests);
        if (stats->counts) buffer_printf(out, " %9" PRIu64 " %9" PRIu64, stats->counts->responses[language->index], stats->counts->labelled[language->index]);
        buffer_byte(out, '\n');
    }
}

static void text_row(Buffer *out, const Stats *stats, const Row *row) {
    Buffer label = {0};
    Brief text = brief(row->source.text);
    print_label(&label, stats->plan.tally.codebook->codes[row->source.code].id, row->source.pole);
    buffer_printf(out, "%9" PRIu64 " %6.2f ", row->count->responses, 100 * share(stats, row));
    if (coded(stats, row)) buffer_printf(out, "%5.2f ", precision(row));
    else buffer_printf(out, "%5s ", "-");
    buffer_printf(out, "%8" PRIu64 " %-32.*s ", row->count->matched, (int)label.len, label.data);
    buffer_free(&label);
    escape_terminal(out, row->source.id);
    buffer_text(out, "  ");
    escape_terminal(out, (Span){text.data, (size_t)text.len});
    buffer_printf(out, "%s\n", text.more);
    for (size_t i = 0; i < row->count->examples.count; i++) {
        buffer_text(out, "            ");
        example_text(out, row->count->examples.items[i], false);
        buffer_byte(out, '\n');
    }
}

static void print_text(Buffer *out, const Stats *stats) {
    size_t silent = 0;
    text_languages(out, stats);
    if (!stats->counts) return;
    buffer_printf(out, "\n%9s %6s %5s %8s %-32s rule\n", "responses", "%", "prec", "matched", "code");
    for (size_t i = 0; i < stats->row_count; i++) {
        if (stats->rows[i].count->responses) text_row(out, stats, &stats->rows[i]);
        else silent++;
    }
    if (silent) buffer_printf(out, "rules that hit nothing: %zu\n", silent);
    if (!stats->options->quiet) buffer_text(out, "\nresponses with a hit that counts; prec: how many of the labelled ones have that label; matched: before overlaps, shifters and topics\n");
}

/* ---- csv, json ---- */

static void print_csv(Buffer *out, const Stats *stats) {
    if (!stats->counts) buffer_text(out, "lang,rules,terms,valence,shifters,tests\n");
    for (size_t i = 0; i < stats->language_count && !stats->counts; i++) {
        LexiconStats one = lexicons_stats(stats->plan.lexicons, stats->languages[i]);
        buffer_printf(out, "%.*s,%zu,%zu,%zu,%zu,%zu\n", (int)stats->languages[i]->code.len, stats->languages[i]->code.data, one.rules, one.terms, one.valence, one.shifters, one.tests);
    }
    if (stats->counts) buffer_text(out, "lang,rule,code,polarity,matched,hits,responses,share,labelled,right,precision,file,line,text\n");
    for (size_t i = 0; i < stats->row_count; i++) {
        const Row *row = &stats->rows[i];
        buffer_append(out, row->language->code), buffer_byte(out, ',');
        escape_csv(out, row->source.id), buffer_byte(out, ',');
        escape_csv(out, stats->plan.tally.codebook->codes[row->source.code].id);
        buffer_printf(out, ",%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%.6f,", pole_name(row->source.pole), row->count->matched, row->count->hits, row->count->responses, share(stats, row));
        if (coded(stats, row)) buffer_printf(out, "%" PRIu64 ",%" PRIu64 ",%.4f,", row->count->coded, row->count->right, precision(row));
        else buffer_text(out, ",,,");
        escape_csv(out, span_of(row->source.file));
        buffer_printf(out, ",%" PRIu64 ",", row->source.line);
        escape_csv(out, row->source.text);
        buffer_byte(out, '\n');
    }
}

static void json_row(Buffer *out, const Stats *stats, const Row *row) {
    buffer_text(out, "{\"lang\":");
    escape_json(out, row->language->code);
    buffer_text(out, ",\"rule\":");
    escape_json(out, row->source.id);
    buffer_text(out, ",\"code\":");
    escape_json(out, stats->plan.tally.codebook->codes[row->source.code].id);
    if (row->source.pole) buffer_printf(out, ",\"polarity\":\"%s\"", pole_name(row->source.pole));
    buffer_printf(out, ",\"matched\":%" PRIu64 ",\"hits\":%" PRIu64 ",\"responses\":%" PRIu64 ",\"share\":%.6f", row->count->matched, row->count->hits, row->count->responses, share(stats, row));
    if (coded(stats, row)) buffer_printf(out, ",\"labelled\":%" PRIu64 ",\"right\":%" PRIu64 ",\"precision\":%.4f", row->count->coded, row->count->right, precision(row));
    buffer_text(out, ",\"file\":");
    escape_bytes(out, span_of(row->source.file));
    buffer_printf(out, ",\"line\":%" PRIu64 ",\"text\":", row->source.line);
    escape_json(out, row->source.text);
    buffer_text(out, ",\"examples\":[");
    for (size_t i = 0; i < row->count->examples.count; i++) {
        if (i) buffer_byte(out, ',');
        example_json(out, row->count->examples.items[i]);
    }
    buffer_text(out, "]}");
}

static void print_json(Buffer *out, const Stats *stats) {
    buffer_text(out, "{\"languages\":[");
    for (size_t i = 0; i < stats->language_count; i++) {
        const Language *language = stats->languages[i];
        LexiconStats one = lexicons_stats(stats->plan.lexicons, language);
        buffer_text(out, i ? ",\n{\"lang\":" : "\n{\"lang\":");
        escape_json(out, language->code);
        buffer_printf(out, ",\"rules\":%zu,\"terms\":%zu,\"valence\":%zu,\"shifters\":%zu,\"tests\":%zu", one.rules, one.terms, one.valence, one.shifters, one.tests);
        if (stats->counts) buffer_printf(out, ",\"responses\":%" PRIu64 ",\"labelled\":%" PRIu64, stats->counts->responses[language->index], stats->counts->labelled[language->index]);
        buffer_byte(out, '}');
    }
    buffer_text(out, "],\"rules\":[");
    for (size_t i = 0; i < stats->row_count; i++) {
        buffer_text(out, i ? ",\n" : "\n");
        json_row(out, stats, &stats->rows[i]);
    }
    buffer_text(out, "]}\n");
}

/* ---- the command ---- */

static bool stats_opened(Stats *stats, Fail *fail) {
    if (!lexicon_languages(stats->options, &stats->plan, stats->languages, &stats->language_count, fail) || !check_code(stats, fail)) return false;
    if (!stats->options->on.count) return true;
    stats->plan.explain = true;
    stats->plan.read.gold = true;
    if (!lexicon_count(stats->options, &stats->plan, stats->options->examples, &stats->counts, &stats->rejected, fail)) return false;
    gather(stats);
    return true;
}

int command_lexicon_stats(const Options *options) {
    Fail fail;
    Stats stats = {.options = options};
    int status = EXIT_DONE;
    if (!lexicon_format(options, true, &stats.format, &fail)) return command_failed(&fail);
    bool opened = plan_inspect(options, NULL, &stats.keep, &stats.plan, &fail);
    if (!opened || !stats_opened(&stats, &fail)) {
        status = command_failed(&fail);
    } else {
        Buffer out = {0};
        if (stats.format == LEXICON_JSON) print_json(&out, &stats);
        else if (stats.format == LEXICON_CSV) print_csv(&out, &stats);
        else print_text(&out, &stats);
        if (stats.rejected) status = EXIT_REJECTED;
        if (!command_print(options, buffer_span(&out), &fail)) status = command_failed(&fail);
        buffer_free(&out);
    }
    rulecounts_close(stats.counts);
    if (opened) plan_close(&stats.plan);
    arena_free(&stats.keep);
    return status;
}
