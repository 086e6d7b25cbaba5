/* plan — options to a Plan: data found, lexicons compiled, settings checked. */
#ifndef VERBATIM_PLAN_H
#define VERBATIM_PLAN_H

#include "options.h"
#include "worker.h"

/* plan_open — everything that tagging needs. Lives in keep until plan_close.
 *   fails  FAIL_USAGE, FAIL_SETUP, FAIL_FILE */
bool plan_open(const Options *options, Arena *keep, Plan *plan, Fail *fail);

/* The same with the texts of rules kept. `problems`, if not NULL, takes all that is wrong in the lexicons' files, which then do not fail. */
bool plan_inspect(const Options *options, Problems *problems, Arena *keep, Plan *plan, Fail *fail);
/* Models of the options. Changes plan->tally.codebook.
 *   fails  FAIL_FILE, FAIL_SETUP, FAIL_USAGE */
bool plan_models(const Options *options, Arena *keep, Plan *plan, Fail *fail);
void plan_close(Plan *plan);

/* The folder of the shipped lexicons: VERBATIM_DATA, or beside the program (build tree, or installed). NULL: not found.
 * `program` is argv[0]'s real path or NULL. */
const char *plan_data(Arena *keep);

/* Opens the files of the options, standard input where there are none. */
bool plan_source(const Options *options, const Plan *plan, Source **source, Fail *fail);

#endif
