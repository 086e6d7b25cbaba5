#include "worker.h"

#include "base/day.h"

/* Words that a worker remembers, and questions. */
enum { MEMO_WORDS = 1 << 17, QUESTIONS_KEPT = 1000 };

struct Worker {
    const Plan *plan;
    Arena scratch; /* until the next record */
    Arena keep;    /* questions met */
    Table roles;   /* of them */
    Parser *parser;
    Memo *memo;
    Matcher *matcher;
    Scorer **scorers; /* [plan->voices.count] */
    Tally *tally;
};

Worker *worker_open(const Plan *plan) {
    Worker *worker = memory_alloc(sizeof *worker);
    *worker = (Worker){.plan = plan};
    worker->parser = parser_open(&plan->read);
    worker->memo = memo_open(plan->languages, MEMO_WORDS);
    worker->matcher = matcher_open(plan->lexicons);
    matcher_explain(worker->matcher, plan->explain);
    worker->scorers = memory_alloc((plan->voices.count + 1) * sizeof *worker->scorers);
    for (size_t i = 0; i < plan->voices.count; i++) worker->scorers[i] = scorer_open(plan->voices.items[i].model);
    worker->tally = plan->count ? tally_open(&plan->tally) : NULL;
    return worker;
}

void worker_close(Worker *worker) {
    if (!worker) return;
    parser_close(worker->parser);
    memo_close(worker->memo);
    matcher_close(worker->matcher);
    for (size_t i = 0; i < worker->plan->voices.count; i++) scorer_close(worker->scorers[i]);
    memory_free(worker->scorers);
    if (worker->tally) tally_close(worker->tally);
    table_free(&worker->roles);
    arena_free(&worker->scratch);
    arena_free(&worker->keep);
    memory_free(worker);
}

Tally *worker_tally(Worker *worker) { return worker->tally; }
Matcher *worker_matcher(Worker *worker) { return worker->matcher; }

static const Language *known(const Worker *worker, const Language *language) {
    return lexicons_know(worker->plan->lexicons, language) ? language : NULL;
}

/* The text is cleaned before its language is guessed, and not at all where the language is known and has no lexicon. */
static const Language *language_of(Worker *worker, const Doc *doc, Cleaned *cleaned) {
    const Plan *plan = worker->plan;
    const Language *language = plan->forced ? plan->forced : doc->lang.len ? known(worker, language_find(plan->languages, doc->lang)) : NULL;
    if (!language && doc->lang.len) return NULL;
    text_clean(doc->text, cleaned, &worker->scratch);
    return language ? language : known(worker, language_guess(plan->languages, cleaned->text));
}

static bool role_in(Worker *worker, Span question, const Language *language, Role *role) {
    Tokens tokens;
    text_tokens(worker->memo, question, language, &tokens, &worker->scratch);
    return matcher_role(worker->matcher, &tokens, role, &worker->scratch);
}

/* A question may be asked in another language than it is answered in: the answer's first, then all. */
static Role role_find(Worker *worker, Span given, const Language *language) {
    Role role = ROLE_OPEN;
    if (questions_role(&worker->plan->questions, given, &role)) return role;
    Cleaned cleaned;
    text_clean(given, &cleaned, &worker->scratch);
    Span question = cleaned.text;
    if (language && role_in(worker, question, language, &role)) return role;
    for (size_t i = 0; i < languages_count(worker->plan->languages); i++) {
        const Language *other = known(worker, languages_at(worker->plan->languages, i));
        if (other && other != language && role_in(worker, question, other, &role)) return role;
    }
    return ROLE_OPEN;
}

static Role role_of(Worker *worker, Span question, const Language *language) {
    if (!question.len) return ROLE_OPEN;
    uint32_t known_role = table_get(&worker->roles, question);
    if (known_role != TABLE_NONE) return (Role)known_role;
    Role role = role_find(worker, question, language);
    if (worker->roles.count < QUESTIONS_KEPT) *table_put(&worker->roles, arena_copy(&worker->keep, question)) = (uint32_t)role;
    return role;
}

/* What cuts a text that no lexicon is for: its own language where it is one of ours, else what suits most. */
static const Language *cutter_of(const Worker *worker, const Doc *doc) {
    const Language *language = doc->lang.len ? language_find(worker->plan->languages, doc->lang) : NULL;
    return language ? language : languages_other(worker->plan->languages);
}

static void look_up(Worker *worker, Role role, Seen *seen) {
    matcher_day(worker->matcher, day_of_time(seen->doc.time));
    matcher_run(worker->matcher, &seen->tokens, role, &seen->result, &worker->scratch);
    seen->matched = matcher_matched(worker->matcher, &seen->matched_count);
    seen->result.score.known = true;
}

/* The question before the text: its words may move those that the memo holds, and the text's tokens point at them. */
void worker_tag(Worker *worker, Seen *seen) {
    const Plan *plan = worker->plan;
    seen->cleaned = (Cleaned){.text = seen->doc.text};
    seen->language = language_of(worker, &seen->doc, &seen->cleaned);
    seen->tokens = (Tokens){.text = seen->cleaned.text};
    seen->result = (Result){.score = {.label = SENTIMENT_NEUTRAL}};
    seen->matched_count = 0;
    const Language *cutter = seen->language ? seen->language : plan->cut_all ? cutter_of(worker, &seen->doc) : NULL;
    if (!cutter) return;
    if (seen->language && !seen->doc.lang.len) seen->doc.lang = seen->language->code;
    seen->result.role = role_of(worker, seen->doc.question, seen->language);
    text_tokens(worker->memo, seen->cleaned.text, cutter, &seen->tokens, &worker->scratch);
    seen->tokens.anchors = seen->cleaned.anchors;
    if (seen->language) look_up(worker, seen->result.role, seen);
    if (plan->voices.count) fuse(&plan->voices, worker->scorers, &seen->doc, &seen->tokens, lexicons_codebook(plan->lexicons), &seen->result, &worker->scratch);
}

/* Words die when the memo is full, and with them what the matcher knows of them. */
void worker_begin(Worker *worker) {
    arena_reset(&worker->scratch);
    if (!memo_full(worker->memo)) return;
    memo_clear(worker->memo);
    matcher_clear(worker->matcher);
    for (size_t i = 0; i < worker->plan->voices.count; i++) scorer_clear(worker->scorers[i]);
}

bool worker_see(Worker *worker, const Record *record, Seen *seen, Fail *fail) {
    worker_begin(worker);
    seen->source = record->source;
    if (!parser_doc(worker->parser, record, &seen->doc, worker->plan->read.gold ? &seen->gold : NULL, &worker->scratch, fail)) {
        if (worker->tally) tally_reject(worker->tally);
        return false;
    }
    worker_tag(worker, seen);
    if (worker->tally) tally_add(worker->tally, &seen->doc, &seen->result);
    return true;
}
