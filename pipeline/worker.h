/* worker — what one thread owns, and one record through all stages in order. */
#ifndef VERBATIM_WORKER_H
#define VERBATIM_WORKER_H

#include "fuse.h"
#include "lexicons.h"
#include "questions.h"
#include "read/read.h"
#include "tally/tally.h"
#include "text/text.h"

/* Plan — everything that is decided before the first record: const, shared by all workers. */
typedef struct {
    ReadSettings read;
    TallySettings tally;
    const Languages *languages;
    const Lexicons *lexicons;
    Questions questions;
    Voices voices;          /* models */
    bool cut_all;           /* texts of languages without a lexicon are cut into tokens, too: models look at them */
    const Language *forced; /* --lang, or NULL */
    bool count;             /* workers keep tallies */
    bool explain;           /* workers tell which rules matched: Seen.matched */
} Plan;

typedef struct Worker Worker;

Worker *worker_open(const Plan *plan);
void worker_close(Worker *worker);

/* Seen — one response after all stages. Lives until the worker's next record. */
typedef struct {
    const char *source; /* the file it is from */
    Doc doc;
    Gold gold;
    const Language *language; /* NULL: unknown, or without lexicon: then result is what models say, or empty */
    Cleaned cleaned;          /* doc.text as it is matched; as given where language is NULL because of its tag */
    Tokens tokens;
    Result result;
    const uint32_t *matched; /* with Plan.explain: see matcher_matched */
    size_t matched_count;
} Seen;

/* worker_see — one record through all stages.
 *   fails  as parser_doc; the reject is counted in the tally */
bool worker_see(Worker *worker, const Record *record, Seen *seen, Fail *fail);

/* The stages behind parsing, for a Doc that was made elsewhere (explain; another lexicon's worker). worker_begin forgets the record before. */
void worker_begin(Worker *worker);
void worker_tag(Worker *worker, Seen *seen);

/* The worker's tally, NULL without Plan.count; and its matcher, for explain. */
Tally *worker_tally(Worker *worker);
Matcher *worker_matcher(Worker *worker);

#endif
