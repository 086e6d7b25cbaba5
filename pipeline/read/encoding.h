/* encoding — which encoding a file is in: by its byte order mark, or by what its bytes would say in each. */
#ifndef VERBATIM_ENCODING_H
#define VERBATIM_ENCODING_H

#include "base/span.h"

/* The encoding that a byte order mark at the beginning of a file tells, or NULL; *len is that of the mark where it is to be passed over. */
const char *encoding_marked(Span bytes, size_t *len);

/* UTF-16 and UTF-32 that do not say their byte order: little-endian, as most are, unless the file's first byte is the zero half of an ASCII
 * character. Other names as they are. */
const char *encoding_ordered(const char *name, Span bytes);

/* The one of UTF-16 and UTF-32 that a file without a mark is in, by its zero bytes; NULL: in none. */
const char *encoding_wide(Span bytes);

/* encoding_guess — by what the bytes would say.
 *   in     sample  text that is no UTF-16 or UTF-32; may end within a character
 *   gives  a name that iconv knows; "ASCII" where nothing tells; NULL where no encoding makes sense of it */
const char *encoding_guess(Span sample);

#endif
