/* scorecard — what eval prints: eval_text.c for people, in 100 columns; eval_json.c for programs. */
#ifndef VERBATIM_SCORECARD_H
#define VERBATIM_SCORECARD_H

#include "marks.h"

void scorecard_text(Buffer *out, const Marks *marks, const MarkSettings *settings, Arena *keep);

/* {"all": ..., LANGUAGE: ...}; of all texts also `segments`, `coders` and what intervals were made from. What has no value is null. */
void scorecard_json(Buffer *out, const Marks *marks, const MarkSettings *settings, Arena *keep);

/* Numbers of labels, those with the most gold cases first; of rows, by name. Live in keep. */
size_t *labels_by_gold(const Scores *scores, Arena *keep);
size_t *rows_by_name(const Scores *scores, Arena *keep);

#endif
