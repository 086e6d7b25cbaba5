/* explain — why a text is tagged as it is, stage by stage. */
#include <stdio.h>

#include "base/json.h"
#include "command/command.h"
#include "plan.h"
#include "write/write.h"

static void print_tokens(Buffer *out, const Tokens *tokens) {
    for (size_t i = 0; i < tokens->count; i++) {
        const Token *token = &tokens->items[i];
        const Word *word = &tokens->words[token->word];
        if (!i || token->sentence != tokens->items[i - 1].sentence) buffer_printf(out, "%s  sentence %u:", i ? "\n" : "", token->sentence + 1);
        else if (token->clause != tokens->items[i - 1].clause) buffer_text(out, " /");
        buffer_byte(out, ' ');
        escape_terminal(out, word->surface);
        if (!span_equal(word->form->stem, word->surface)) buffer_byte(out, '('), escape_terminal(out, word->form->stem), buffer_byte(out, ')');
    }
    buffer_text(out, tokens->count ? "\n" : "  none\n");
}

static void print_words(Buffer *out, const Tokens *tokens, uint32_t first, uint32_t last) {
    if (first >= tokens->count) return;
    uint32_t start = tokens->items[first].start, end = tokens->items[last].end;
    buffer_text(out, "“");
    escape_terminal(out, (Span){tokens->text.data + start, end - start});
    buffer_text(out, "”");
}

static void print_step(Buffer *out, const Tokens *tokens, const Step *step) {
    static const char *const did[] = {[STEP_RULE] = "matches", [STEP_LIMIT] = "gave up at its match limit, and is skipped", [STEP_UNLESS] = "dropped by its `unless`", [STEP_CLAUSE] = "dropped: it crosses a clause border",
                                      [STEP_OVERLAP] = "yields to another match of its code",
                                      [STEP_TURNED] = "turned", [STEP_CANCELLED] = "cancelled", [STEP_WISHED] = "a wish: becomes negative",
                                      [STEP_TOPIC] = "judged", [STEP_NO_TOPIC] = "nothing judges it: no tag", [STEP_VALENCE] = "valence"};
    buffer_text(out, "  ");
    print_words(out, tokens, step->first, step->last);
    if (step->rule.len) buffer_text(out, " "), escape_terminal(out, step->rule);
    buffer_printf(out, ": %s", did[step->kind]);
    if (step->by.len) buffer_text(out, " by “"), escape_terminal(out, step->by), buffer_text(out, "”");
    if (step->kind == STEP_VALENCE) buffer_printf(out, " %+.2f", step->value / 100.0);
    if ((step->kind == STEP_TOPIC || step->kind == STEP_RULE) && step->value) buffer_printf(out, ", %s", pole_name(step->value));
    buffer_byte(out, '\n');
}

static void print_steps(Buffer *out, const Matcher *matcher, const Tokens *tokens) {
    size_t count = 0;
    const Step *steps = matcher_steps(matcher, &count);
    for (size_t i = 0; i < count; i++) print_step(out, tokens, &steps[i]);
    if (!count) buffer_text(out, "  none\n");
}

static void print_tags(Buffer *out, const Plan *plan, const Seen *seen) {
    for (size_t i = 0; i < seen->result.tag_count; i++) {
        const Tag *tag = &seen->result.tags[i];
        Span code = plan->tally.codebook->codes[tag->code].id;
        buffer_printf(out, "  %.*s%s%s  p %.2f\n", (int)code.len, code.data, tag->pole ? ":" : "", pole_name(tag->pole), tag->p / 10000.0);
        for (uint32_t j = 0; j < tag->hit_count; j++) {
            const Hit *hit = &seen->result.hits[tag->first_hit + j];
            Span rule = hit->rule == HIT_OF_MODEL ? SPAN("weighed in the model") : lexicons_rule(plan->lexicons, seen->language, hit->rule);
            buffer_text(out, "    “");
            escape_terminal(out, (Span){seen->doc.text.data + hit->start, hit->end - hit->start});
            buffer_printf(out, "”  %.*s%s\n", (int)rule.len, rule.data, hit->turned ? ", turned" : "");
        }
    }
    if (!seen->result.tag_count) buffer_text(out, "  none\n");
}

/* What was mended before anything matched; nothing for a sound text. */
static void print_cleaned(Buffer *out, const Cleaned *cleaned) {
    if (!cleaned->repairs) return;
    buffer_text(out, "cleaned:");
    for (int i = 0, said = 0; i < REPAIR_COUNT; i++)
        if (cleaned->repairs >> i & 1) buffer_printf(out, "%s %s", said++ ? "," : "", repair_name(i));
    buffer_text(out, "\n  “");
    escape_terminal(out, cleaned->text);
    buffer_text(out, "”\n");
}

static void print_all(Buffer *out, const Plan *plan, Worker *worker, const Seen *seen) {
    Score score = seen->result.score;
    buffer_printf(out, "language: %.*s\n", seen->language ? (int)seen->language->code.len : 3, seen->language ? seen->language->code.data : "und");
    buffer_printf(out, "question: %s\n", role_name(seen->result.role));
    print_cleaned(out, &seen->cleaned);
    buffer_text(out, "tokens (stems), / between clauses:\n");
    print_tokens(out, &seen->tokens);
    buffer_text(out, "what happened:\n");
    if (seen->language) print_steps(out, worker_matcher(worker), &seen->tokens);
    else buffer_text(out, "  no lexicon for this language\n");
    buffer_text(out, "tags:\n");
    print_tags(out, plan, seen);
    buffer_printf(out, "sentiment: %s, positive %.2f, negative %.2f, score %.2f\n", sentiment_name(score.label), score.positive / 100.0, score.negative / 100.0,
                  (score.positive - score.negative) / 100.0);
}

/* The words of the command line as one text. */
static Span joined(const Options *options, Arena *keep) {
    Buffer text = {0};
    for (size_t i = 0; i < options->files.count; i++) {
        if (i) buffer_byte(&text, ' ');
        buffer_text(&text, options->files.items[i]);
    }
    Span copy = arena_copy(keep, buffer_span(&text));
    buffer_free(&text);
    return copy;
}

static bool explain(const Options *options, const Plan *plan, Arena *keep, Fail *fail) {
    Worker *worker = worker_open(plan);
    matcher_explain(worker_matcher(worker), true);
    Seen seen = {.doc = {.id = SPAN(""), .text = joined(options, keep), .question = span_of(options->question), .weight = 1000000}};
    worker_tag(worker, &seen);
    Buffer out = {0};
    print_all(&out, plan, worker, &seen);
    bool fine = command_print(options, buffer_span(&out), fail);
    buffer_free(&out);
    worker_close(worker);
    return fine;
}

int command_explain(const Options *options) {
    Arena keep = {0};
    Plan plan = {0};
    Fail fail;
    int status = EXIT_DONE;
    bool fine = options->files.count || fail_set(&fail, FAIL_USAGE, "explain: found no text, expected TEXT");
    size_t bad; /* text from a command line may be in any encoding; the stages need UTF-8 */
    fine = fine && (utf8_check(joined(options, &keep), &bad) || fail_set(&fail, FAIL_USAGE, "explain: found bytes that are not UTF-8, expected UTF-8"));
    if (!fine || !plan_open(options, &keep, &plan, &fail) || !plan_models(options, &keep, &plan, &fail)) {
        status = command_failed(&fail);
        plan_close(&plan);
    } else {
        if (!explain(options, &plan, &keep, &fail)) status = command_failed(&fail);
        plan_close(&plan);
    }
    arena_free(&keep);
    return status;
}
