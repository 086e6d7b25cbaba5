/* map — a file as read-only memory, shared with everybody who reads it. */
#ifndef VERBATIM_MAP_H
#define VERBATIM_MAP_H

#include "base/fail.h"

/* map_open — the whole of a regular file. An empty one gives an empty span.
 *   fails  FAIL_FILE
 * Whoever cuts the file short while it is mapped kills the program at the next look behind its new end: write beside and rename. */
bool map_open(const char *path, Span *bytes, Fail *fail);

void map_close(Span bytes);

#endif
