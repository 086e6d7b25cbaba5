/* questions — a user's own mapping of question wordings to roles: YAML, `"What was good?": what_good`. */
#ifndef VERBATIM_QUESTIONS_H
#define VERBATIM_QUESTIONS_H

#include "base/table.h"
#include "flow.h"

/* Wordings, trimmed, to Roles. A zeroed one is empty. */
typedef struct {
    Table roles;
} Questions;

/* fails  FAIL_FILE, FAIL_SETUP with place */
bool questions_read(const char *path, Arena *keep, Questions *questions, Fail *fail);

/* False where the wording is not in the mapping. */
bool questions_role(const Questions *questions, Span wording, Role *role);

void questions_free(Questions *questions);

#endif
