/* path — parts of a path's text; nothing of it needs to be there. */
#ifndef VERBATIM_PATH_H
#define VERBATIM_PATH_H

#include "base/span.h"

/* What stands behind the last slash. */
static inline Span path_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return span_of(slash ? slash + 1 : path);
}

/* The name without its ending; one that begins with its only dot has none. */
static inline Span path_stem(Span name) {
    size_t dot = name.len;
    while (dot && name.data[dot - 1] != '.') dot--;
    return dot > 1 ? (Span){name.data, dot - 1} : name;
}

#endif
