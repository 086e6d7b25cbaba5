/* fault — where and why a text is no JSON.
 *
 * simdjson says that a text is wrong, not where. This reads it again, a byte at a time, once it is known to be wrong. */
#ifndef VERBATIM_FAULT_H
#define VERBATIM_FAULT_H

#include "base/fail.h"

/* json_fault — the first fault of a text in reading order.
 *   in     max_depth  at most 1024
 *   out    patched    NULL, or a copy of bytes: numbers that are well formed but beyond 64 bits or a double are made `1` and blanks in it,
 *                     so that all other values keep their places
 *   fails  as json_parse; true means that there is no fault */
bool json_fault(Span bytes, size_t max_depth, char *patched, Fail *fail);

/* The index of the first byte that is no part of a code point in UTF-8; bytes.len where there is none. */
size_t utf8_fault(Span bytes);

#endif
