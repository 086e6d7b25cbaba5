/* shapes — numbers that are more than a number. Inside text/: the tokeniser cuts by them, and the memo knows a word by them.
 *
 * Each returns the end of what begins at `start`, or `start` where nothing of its shape does; none looks farther than a few bytes behind what it takes. */
#ifndef VERBATIM_SHAPES_H
#define VERBATIM_SHAPES_H

/* 12/05/2024, 2024-05-12, 12.05.24: three numbers with the same sign between. */
const char *shape_date_end(const char *start, const char *end);

/* 10:30, 9:05:59 */
const char *shape_time_end(const char *start, const char *end);

/* +7 (495) 123-45-67, 1-800-555-1234: groups of digits, not all of three as in 10 000 000 000. */
const char *shape_phone_end(const char *start, const char *end);

#endif
