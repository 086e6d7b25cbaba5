/* query — the rule language: text to a tree. See docs/rules.md for what it means.
 *
 *   query   = both { ("OR" | "|") both }
 *   both    = near { ("AND" | "&" | "&&") near | ("NOT" | "-") near }
 *   near    = phrase { ("NEAR/n" | "ONEAR/n" | "BEFORE/n" | "AFTER/n") phrase }
 *   phrase  = primary { primary }
 *   primary = word | "*" | quoted [ "~n" ] | "#code" | "$list" | "<class>" | "/regex/" | "(" query ")" */
#ifndef VERBATIM_QUERY_H
#define VERBATIM_QUERY_H

#include "base/arena.h"
#include "base/fail.h"

typedef enum {
    NODE_WORD,   /* text: one word as the rule has it; exact: it was quoted */
    NODE_ANY,    /* exactly one word, whichever */
    NODE_PHRASE, /* all children side by side, in order */
    NODE_WINDOW, /* all children in any order, `n` other words among them at most */
    NODE_NEAR,   /* two children, `n` words between at most; order says which comes first */
    NODE_AND,
    NODE_OR,
    NODE_NOT, /* first child in a unit without the second */
    NODE_CODE,  /* text: a code, perhaps with :pole */
    NODE_LIST,  /* text: name of a list or, in angle brackets, of a class; number: which of the compiler's lists */
    NODE_REGEX, /* text: the pattern */
    NODE_TERM,  /* made by the compiler: number is the term */
    NODE_GROUP, /* made by the compiler: alternatives that are all terms; number is their group */
    NODE_LINK,  /* made by the compiler, as a list: what #code stands for; rules are the numbers of its rules */
    NODE_RULE,  /* only as an Op: another rule's match */
} NodeKind;

typedef enum { ORDER_ANY, ORDER_FORWARD, ORDER_BACKWARD } Order;

typedef struct Node Node;
struct Node {
    NodeKind kind;
    Span text;
    bool exact;
    Order order;
    uint32_t n;
    uint32_t number;
    uint32_t *rules; /* of NODE_LINK, as many as children */
    Node **children;
    size_t count;
    size_t capacity;
    size_t column; /* in the rule, bytes from 0 */
    uint32_t height; /* levels of nodes below it */
};

/* query_parse — one rule.
 *   out    root  in keep
 *   fails  FAIL_SETUP; column counts bytes from 1 in the rule, the caller adds where the rule stands */
bool query_parse(Span rule, Arena *keep, Node **root, Fail *fail);

/* True for what may follow `$`: letters, digits, - and _, a letter first. */
bool query_name(Span name);

Node *node_new(Arena *keep, NodeKind kind, size_t column);
void node_add(Arena *keep, Node *parent, Node *child);

#endif
