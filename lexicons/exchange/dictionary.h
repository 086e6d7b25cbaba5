/* dictionary — what the readers of all formats fill: categories in each other, and entries that are rules already. For this folder only. */
#ifndef VERBATIM_DICTIONARY_H
#define VERBATIM_DICTIONARY_H

#include "base/table.h"
#include "exchange/exchange.h"
#include "yamltree.h"

#define NO_CATEGORY UINT32_MAX
#define NO_ENTRY UINT32_MAX
#define WEIGHT_LEAST 0.0001 /* of a rule */
enum { LEVELS_MAX = 32, CODES_MOST = 1000, STEP_BYTES_MAX = 64 };

typedef struct {
    Span name; /* as the file has it; one step of the path */
    Span step; /* its part of the code's id, unique among its siblings */
    Span id;   /* of its code, made by dictionary_finish: steps with dots between */
    uint32_t parent;
    uint32_t first_child, last_child, next; /* siblings; NO_CATEGORY ends */
    uint32_t first_entry, last_entry;       /* NO_ENTRY: none */
    bool filled;                            /* has entries, or rules that are read later */
    Pole pole;                              /* set by dictionary_finish */
} Category;

typedef struct {
    Span match, unless, id; /* unless, id: empty for none */
    double weight;          /* 0: none given */
    uint32_t within;        /* of unless; UINT32_MAX: anywhere in the unit */
    bool response;          /* unit: response */
    uint32_t next;          /* of the same category */
} Entry;

typedef struct {
    Span term; /* as valence.tsv has it */
    Span mean, sd;
} ValenceEntry;

typedef struct {
    const ExchangeSettings *settings;
    Arena *keep;
    Losses losses;
    Category *categories;
    size_t category_count, category_capacity;
    Entry *entries;
    size_t entry_count, entry_capacity;
    ValenceEntry *valence;
    size_t valence_count, valence_capacity;
    Table names, steps, seen; /* of categories by parent and name, and parent and step; of entries by category and match */
    const YamlNode *lists;    /* of an export: the folder's lists.yaml, or NULL */
    Buffer key;               /* what is looked up in them */
    Arena scratch;            /* of the cutter; emptied after each value */
} Dictionary;

void dictionary_close(Dictionary *dictionary);

/* The category of this name under a parent (NO_CATEGORY: at the top); made where new. A name with dots is a path. */
uint32_t category_at(Dictionary *dictionary, uint32_t parent, Span name, uint64_t line);

/* Whether a name would give this step. */
bool name_is_step(Span name, Span step);

/* Adds an entry; a second one with the same match in a category is a loss. */
void entry_add(Dictionary *dictionary, uint32_t category, Entry entry, Span what, uint64_t line);

/* Adds a line of valence.tsv; a second one for the same term is a loss. */
void valence_add(Dictionary *dictionary, ValenceEntry entry, Span what, uint64_t line);

/* Gives categories their codes' ids and poles: a category of which all children are called `negative` or `positive`, and which has no entries of
 * its own, is a code with poles.
 *   fails  FAIL_SETUP: more than CODES_MOST codes */
bool dictionary_finish(Dictionary *dictionary, Fail *fail);

void dictionary_write(const Dictionary *dictionary, Imported *imported);

/* ---- losses ---- */

void lose(Dictionary *dictionary, bool left_out, const char *kind, Span what, uint64_t line, const char *why, ...) __attribute__((format(printf, 6, 7)));
void loss_add(Losses *losses, Arena *keep, Loss loss);

/* Fills *fail with the dictionary's file; returns false. */
bool dictionary_fail(const Dictionary *dictionary, uint64_t line, uint64_t column, Fail *fail, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* ---- values ---- */

/* The rule that matches a value as the other program does: words between spaces, `*` and `?` in them. Empty and a loss where there is none.
 * An emoticon keeps its capitals (`:D`), other words only with `cased`. */
Span value_rule(Dictionary *dictionary, Span value, bool cased, uint64_t line);

/* The value cut into words once, one space between; control characters are a loss (empty). */
Span value_clean(Dictionary *dictionary, Span value, uint64_t line);

/* ---- lines ---- */

typedef struct {
    Span rest;
    uint64_t number;
} Lines;

/* The next line without its end (LF or CRLF). */
bool line_next(Lines *lines, Span *line);

/* A decimal from low to high in the whole span. */
bool decimal_in(Span text, double low, double high, double *number);

static inline bool is_letter(char byte) { return (unsigned char)((byte | 32) - 'a') < 26 || byte & 0x80; }
static inline bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
/* Punctuation that parts a glob into words of their own. */
static inline bool is_mark(char byte) { return byte && strchr("-/,.!:", byte) != NULL; }
static inline bool has_wildcard(Span word) { return memchr(word.data, '*', word.len) || memchr(word.data, '?', word.len); }
static inline bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }

/* Fields between blanks: the first one is cut off `rest`; false where only blanks are left. */
bool field_next(Span *rest, Span *field);

/* ---- readers: one a format ---- */

bool quanteda_read(Dictionary *dictionary, Span text, Fail *fail);
bool liwc_read(Dictionary *dictionary, Span text, Fail *fail);
bool liwcx_read(Dictionary *dictionary, Span text, Fail *fail);
bool wordstat_read(Dictionary *dictionary, Span text, Fail *fail);
bool vader_read(Dictionary *dictionary, Span text, Fail *fail);
bool spacy_read(Dictionary *dictionary, Span text, Fail *fail);

/* ---- scalars of YAML ---- */

/* Plain where every reader takes it for this text, else in quotes. */
void yaml_put(Buffer *out, Span text);

#endif
