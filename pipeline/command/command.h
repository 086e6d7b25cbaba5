/* command — one file a command. Each takes its parsed options and returns the exit status: 0 all done; 1 could not; 2 wrong usage or configuration; 3 done, but
 * some records or parts of files were rejected. */
#ifndef VERBATIM_COMMAND_H
#define VERBATIM_COMMAND_H

#include <time.h>

#include "options.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REJECTED = 3 };

int command_tag(const Options *options);
int command_tally(const Options *options);
int command_report(const Options *options);
int command_eval(const Options *options);
int command_train(const Options *options);
int command_explain(const Options *options);
int command_languages(const Options *options);
int command_lexicon_check(const Options *options);
int command_lexicon_test(const Options *options);
int command_lexicon_stats(const Options *options);
int command_lexicon_diff(const Options *options);
int command_lexicon_import(const Options *options);
int command_lexicon_export(const Options *options);

/* Prints a Fail and gives the exit status that it stands for. */
int command_failed(const Fail *fail);

/* Task.gave_up: one line on standard error. */
void command_gave_up(void *context, Span rule, uint64_t responses);

/* Task.rejected and Task.write of commands that write nothing of the responses: rejects go to standard error, in the order of the input whichever
 * worker finishes first. */
void command_passed_over(void *own, const Record *record, const Fail *fail, Buffer *rejects);
bool command_say_rejects(void *context, Span out, Span rejects, Fail *fail);

/* Seconds since a time of CLOCK_MONOTONIC. */
double command_seconds(struct timespec begun);

/* A progress bar on standard error, over the one before; more may follow on its line. */
void command_bar(double part);

/* Says what became of the files: what they were taken for, damage, and that --encoding may be missing where many of the `read` responses were
 * `undecoded`. Damage is said whatever --quiet: it is an error. Gives the number of damaged parts. */
size_t command_files(const Options *options, const Source *source, uint64_t read, uint64_t undecoded);

/* Writes bytes to the options' output in one go. */
bool command_print(const Options *options, Span bytes, Fail *fail);

#endif
