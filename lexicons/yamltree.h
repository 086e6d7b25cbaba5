/* yamltree — a YAML file as a tree that knows where each node stands. libyaml does the reading. */
#ifndef VERBATIM_YAMLTREE_H
#define VERBATIM_YAMLTREE_H

#include "base/arena.h"
#include "base/fail.h"

typedef enum { YAML_TEXT, YAML_LIST, YAML_MAP } YamlKind;

typedef struct YamlNode YamlNode;
struct YamlNode {
    YamlKind kind;
    Span text;               /* of YAML_TEXT */
    const YamlNode **keys;   /* of YAML_MAP, all YAML_TEXT */
    const YamlNode **values; /* of YAML_LIST and YAML_MAP */
    size_t count;
    const char *file;
    uint64_t line, column; /* from 1, of the first character of the text itself */
};

/* yaml_read — one document of a file. Everything lives in keep.
 *   fails  FAIL_FILE (errno's words), FAIL_SETUP with file, line, column */
bool yaml_read(const char *path, Arena *keep, const YamlNode **root, Fail *fail);

/* The value of a key of a map, or NULL. */
const YamlNode *yaml_get(const YamlNode *map, const char *key);

/* Fills *fail with FAIL_SETUP, the node's place and a message; returns false. */
bool yaml_fail(const YamlNode *node, Fail *fail, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* False and a Fail unless the node is of the kind; `what` names it. */
bool yaml_expect(const YamlNode *node, YamlKind kind, const char *what, Fail *fail);

#endif
