/* day — a date as a number: days from the first of January of year 0 on, which is day 1. DAY_NONE: not known. */
#ifndef VERBATIM_DAY_H
#define VERBATIM_DAY_H

#include "base/span.h"

#define DAY_NONE 0
#define DAY_LAST INT32_MAX /* later than any */

/* day_parse — `2024-05-31`, and nothing behind it. False where that is no date of the Gregorian calendar. */
bool day_parse(Span text, int32_t *day);

/* The day of a time in ISO 8601 (`2024-05-31T10:00:00Z`, `2024-05-31 10:00`, `20240531T1000`), as written: time zones are not looked at. DAY_NONE where
 * it does not begin with a date. */
int32_t day_of_time(Span time);

#endif
