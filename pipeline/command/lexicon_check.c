/* lexicon check — what is wrong or doubtful in a lexicon, and what its rules do to a sample. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/lexicon.h"
#include "inspect.h"
#include "write/write.h"

enum { SHOWN = 10, SAMPLE_LEAST = 100, TOGETHER_LEAST = 20 };

typedef struct {
    const Options *options;
    Plan plan;
    Arena keep;
    Problems problems;
    Findings findings;
    const Language *languages[LANGUAGES_MAX];
    size_t language_count;
    LexiconFormat format;
    bool rejected;
} Check;

/* ---- without a sample: languages side by side ---- */

/* Look — at one language. */
typedef struct {
    const Plan *plan;
    const Language *language;
    Arena keep;
    Findings findings;
} Look;

static void cut(void *context, Span text, const Language *language, Tokens *tokens, Arena *scratch) { text_tokens(context, text, language, tokens, scratch); }

static void look(void *own, size_t index) {
    Look *one = (Look *)own + index;
    one->findings.keep = &one->keep;
    Memo *memo = memo_open(one->plan->languages, 1 << 17);
    lexicons_inspect(one->plan->lexicons, one->language, cut, memo, &one->findings);
    memo_close(memo);
}

static void take(Check *check, const Finding *finding) {
    Finding copy = *finding;
    copy.text = arena_copy(&check->keep, finding->text);
    *ARENA_PUSH(&check->keep, check->findings.items, check->findings.count, check->findings.capacity) = copy;
}

static void look_at_all(Check *check) {
    Look *looks = arena_calloc(&check->keep, check->language_count + 1, sizeof *looks);
    void *owns[THREADS_MAX];
    for (size_t i = 0; i < THREADS_MAX; i++) owns[i] = looks;
    for (size_t i = 0; i < check->language_count; i++) looks[i] = (Look){.plan = &check->plan, .language = check->languages[i]};
    run_each(check->language_count, check->options->threads, owns, look);
    for (size_t i = 0; i < check->language_count; i++) {
        for (size_t j = 0; j < looks[i].findings.count; j++) take(check, &looks[i].findings.items[j]);
        arena_free(&looks[i].keep);
    }
}

static void take_problems(Check *check) {
    for (size_t i = 0; i < check->problems.count; i++) {
        const Fail *fail = &check->problems.items[i];
        finding_add(&check->findings, (Finding){.kind = FINDING_SYNTAX, .file = fail->source, .line = fail->line, .column = fail->column}, "%s", fail->message);
    }
}

/* ---- with a sample ---- */

static Finding at_rule(FindingKind kind, const Language *language, const RuleSource *source) {
    return (Finding){.kind = kind, .language = language, .file = source->file, .line = source->line, .column = source->column, .rule = source->id};
}

static void check_rule(Check *check, const RuleCounts *counts, const Language *language, uint32_t number) {
    RuleSource source = lexicons_source(check->plan.lexicons, language, number);
    const RuleCount *count = &counts->rules[language->index][number];
    uint64_t responses = counts->responses[language->index];
    Brief text = brief(source.text);
    if (!source.reason) return;
    if (responses >= SAMPLE_LEAST && count->responses * 100 > responses * check->options->broad) {
        Finding broad = at_rule(FINDING_BROAD, language, &source);
        broad.weight = count->responses;
        finding_add(&check->findings, broad, "‘%.*s%s’ hits %.1f %% of the %" PRIu64 " responses; ask for more words, or raise --broad", text.len, text.data, text.more, 100.0 * (double)count->responses / (double)responses, responses);
    }
    if (count->responses || !responses) return;
    Finding unhit = at_rule(FINDING_UNHIT, language, &source);
    unhit.weight = count->matched;
    if (count->matched)
        finding_add(&check->findings, unhit, "‘%.*s%s’ matched in %" PRIu64 " of %" PRIu64 " responses and never counted: another rule won, a shifter stood there, or nothing judged the topic",
                    text.len, text.data, text.more, count->matched, responses);
    else finding_add(&check->findings, unhit, "‘%.*s%s’ matched in none of %" PRIu64 " responses", text.len, text.data, text.more, responses);
}

/* Same — a rule by what it hit. */
typedef struct {
    uint64_t responses, marks;
    uint32_t rule;
} Same;

static int by_marks(const void *left, const void *right) {
    const Same *a = left, *b = right;
    if (a->responses != b->responses) return a->responses > b->responses ? -1 : 1;
    if (a->marks != b->marks) return a->marks < b->marks ? -1 : 1;
    return (a->rule > b->rule) - (a->rule < b->rule);
}

static void check_together(Check *check, const RuleCounts *counts, const Language *language) {
    size_t rules = lexicons_rules(check->plan.lexicons, language), count = 0;
    Same *same = arena_alloc(&check->keep, (rules + 1) * sizeof *same);
    for (uint32_t i = 0; i < rules; i++) {
        const RuleCount *one = &counts->rules[language->index][i];
        if (one->responses >= TOGETHER_LEAST) same[count++] = (Same){one->responses, one->marks, i};
    }
    qsort(same, count, sizeof *same, by_marks);
    for (size_t first = 0, i = 1; i < count; i++) {
        if (same[i].responses != same[first].responses || same[i].marks != same[first].marks) {
            first = i;
            continue;
        }
        RuleSource source = lexicons_source(check->plan.lexicons, language, same[i].rule), other = lexicons_source(check->plan.lexicons, language, same[first].rule);
        Finding together = at_rule(FINDING_TOGETHER, language, &source);
        Brief text = brief(source.text), before = brief(other.text);
        together.weight = same[i].responses;
        finding_add(&check->findings, together, "‘%.*s%s’ hits the same %" PRIu64 " responses as ‘%.*s%s’ in line %" PRIu64 "; one of them may do", text.len, text.data, text.more, same[i].responses,
                    before.len, before.data, before.more, other.line);
    }
}

static bool check_sample(Check *check, Fail *fail) {
    if (!check->options->on.count) return true;
    RuleCounts *counts = NULL;
    bool fine = lexicon_count(check->options, &check->plan, 0, &counts, &check->rejected, fail);
    for (size_t i = 0; fine && i < check->language_count; i++) {
        for (uint32_t j = 0; j < lexicons_rules(check->plan.lexicons, check->languages[i]); j++) check_rule(check, counts, check->languages[i], j);
        check_together(check, counts, check->languages[i]);
    }
    rulecounts_close(counts);
    return fine;
}

/* ---- telling ---- */

static void text_finding(Buffer *out, const Finding *finding) {
    buffer_text(out, finding->file ? finding->file : "lexicons");
    if (finding->line) buffer_printf(out, ":%" PRIu64, finding->line);
    if (finding->line && finding->column) buffer_printf(out, ":%" PRIu64, finding->column);
    buffer_printf(out, ": %s: ", severity_name(finding_severity(finding->kind)));
    if (finding->rule.len) escape_terminal(out, finding->rule), buffer_byte(out, ' ');
    escape_terminal(out, finding->text);
    buffer_printf(out, " [%s]\n", finding_name(finding->kind));
}

static void text_findings(Buffer *out, const Check *check) {
    size_t of_kind[FINDING_KINDS] = {0}, of_severity[SEVERITY_COUNT] = {0};
    for (size_t i = 0; i < check->findings.count; i++) {
        const Finding *finding = &check->findings.items[i];
        bool note = finding_severity(finding->kind) == SEVERITY_NOTE, last = i + 1 == check->findings.count || finding[1].kind != finding->kind;
        size_t number = ++of_kind[finding->kind];
        of_severity[finding_severity(finding->kind)]++;
        if (check->options->all || !note || number <= SHOWN) text_finding(out, finding);
        else if (last) buffer_printf(out, "    and %zu more [%s]; --all shows them\n", number - SHOWN, finding_name(finding->kind));
    }
    if (check->options->quiet) return;
    for (int i = 0; i < SEVERITY_COUNT; i++) buffer_printf(out, "%s%zu %s%s", i ? ", " : "", of_severity[i], severity_name((Severity)i), of_severity[i] == 1 ? "" : "s");
    for (int i = 0, first = 1; i < FINDING_KINDS; i++)
        if (of_kind[i]) buffer_printf(out, "%s%zu %s", first ? ": " : ", ", of_kind[i], finding_name((FindingKind)i)), first = 0;
    buffer_byte(out, '\n');
}

static void json_finding(Buffer *out, const Finding *finding) {
    buffer_printf(out, "{\"severity\":\"%s\",\"kind\":\"%s\",\"lang\":", severity_name(finding_severity(finding->kind)), finding_name(finding->kind));
    if (finding->language) escape_json(out, finding->language->code);
    else buffer_text(out, "null");
    buffer_text(out, ",\"file\":");
    escape_bytes(out, span_of(finding->file ? finding->file : ""));
    buffer_printf(out, ",\"line\":%" PRIu64 ",\"column\":%" PRIu64 ",\"rule\":", finding->line, finding->column);
    if (finding->rule.len) escape_json(out, finding->rule);
    else buffer_text(out, "null");
    buffer_text(out, ",\"text\":");
    escape_bytes(out, finding->text);
    buffer_byte(out, '}');
}

static size_t count_of(const Check *check, Severity severity) {
    size_t count = 0;
    for (size_t i = 0; i < check->findings.count; i++) count += finding_severity(check->findings.items[i].kind) == severity;
    return count;
}

static void json_findings(Buffer *out, const Check *check) {
    buffer_byte(out, '{');
    for (int i = 0; i < SEVERITY_COUNT; i++) buffer_printf(out, "\"%ss\":%zu,", severity_name((Severity)i), count_of(check, (Severity)i));
    buffer_text(out, "\"findings\":[");
    for (size_t i = 0; i < check->findings.count; i++) {
        buffer_text(out, i ? ",\n" : "\n");
        json_finding(out, &check->findings.items[i]);
    }
    buffer_text(out, "]}\n");
}

/* 2 as for every command whose lexicons make no sense, 3 as for a run that went through and left something to look at. */
static int status_of(const Check *check) {
    if (count_of(check, SEVERITY_ERROR)) return EXIT_USAGE;
    return count_of(check, SEVERITY_WARNING) || check->rejected ? EXIT_REJECTED : EXIT_DONE;
}

static int check_opened(Check *check, Fail *fail) {
    /* a language that is left out for its faults cannot be asked for, and is told of all the same */
    if (!lexicon_languages(check->options, &check->plan, check->languages, &check->language_count, fail) && !check->problems.count) return command_failed(fail);
    check->plan.explain = true;
    look_at_all(check);
    if (!check_sample(check, fail)) return command_failed(fail);
    return EXIT_DONE;
}

int command_lexicon_check(const Options *options) {
    Fail fail;
    Check check = {.options = options};
    check.problems.keep = check.findings.keep = &check.keep;
    int status = EXIT_DONE;
    if (!lexicon_format(options, false, &check.format, &fail)) return command_failed(&fail);
    bool opened = plan_inspect(options, &check.problems, &check.keep, &check.plan, &fail);
    take_problems(&check);
    status = opened ? check_opened(&check, &fail) : command_failed(&fail);
    if (status == EXIT_DONE || check.findings.count) {
        Buffer out = {0};
        findings_sort(&check.findings);
        if (check.format == LEXICON_JSON) json_findings(&out, &check);
        else text_findings(&out, &check);
        if (status == EXIT_DONE) status = status_of(&check);
        if (!command_print(options, buffer_span(&out), &fail)) status = command_failed(&fail);
        buffer_free(&out);
    }
    if (opened) plan_close(&check.plan);
    arena_free(&check.keep);
    return status;
}
