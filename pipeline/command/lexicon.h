/* lexicon — what the commands inside `lexicon` share. */
#ifndef VERBATIM_COMMAND_LEXICON_H
#define VERBATIM_COMMAND_LEXICON_H

#include "command/command.h"
#include "plan.h"
#include "rulecount.h"

/* The languages that the command line names, or else all with rules, in the order of languages.tsv.
 *   out    chosen  [LANGUAGES_MAX]
 *   fails  FAIL_USAGE for one without rules */
bool lexicon_languages(const Options *options, const Plan *plan, const Language **chosen, size_t *count, Fail *fail);

typedef enum { LEXICON_TEXT, LEXICON_JSON, LEXICON_CSV } LexiconFormat;

/* --to; text where it is not given. */
bool lexicon_format(const Options *options, bool csv, LexiconFormat *format, Fail *fail);

/* Sends the responses of --on through the plan's workers.
 *   out    owns      [THREADS_MAX] as run's
 *          rejected  some could not be used: said on standard error
 *   fails  FAIL_FILE */
bool lexicon_sample(const Options *options, const Plan *plan, Task *task, void **owns, size_t *own_count, bool *rejected, Fail *fail);

/* The same, counting by rule. The caller closes the counts. */
bool lexicon_count(const Options *options, const Plan *plan, size_t examples, RuleCounts **counts, bool *rejected, Fail *fail);

/* `service.speed:negative`, or `intent.leave`. */
void print_label(Buffer *out, Span code, int pole);

#endif
