/* page_template — the bytes of report/dist/page.html; embed.cmake makes page_template.c of them in the build folder. */
#ifndef VERBATIM_PAGE_TEMPLATE_H
#define VERBATIM_PAGE_TEMPLATE_H

#include <stddef.h>

extern const unsigned char page_template[];
extern const size_t page_template_len;

#endif
