/* exchange — dictionaries of other programs to a lexicons folder, and a lexicons folder to theirs. docs/rules.md says what each can hold.
 *
 * Nothing is lost silently: what a format or our rule language cannot say is in Losses, with its place and the reason. */
#ifndef VERBATIM_EXCHANGE_H
#define VERBATIM_EXCHANGE_H

#include "lexicons.h"

typedef enum { EXCHANGE_QUANTEDA, EXCHANGE_LIWC, EXCHANGE_LIWCX, EXCHANGE_WORDSTAT, EXCHANGE_VADER, EXCHANGE_SPACY, EXCHANGE_COUNT } ExchangeFormat;

/* False where no format is called so. */
bool exchange_format(const char *name, ExchangeFormat *format);
const char *exchange_name(ExchangeFormat format);

/* Loss — something that did not come over as it stood. */
typedef struct {
    const char *file;
    uint64_t line, column; /* 0: unknown */
    const char *kind;      /* one or two words, for counting */
    Span what;             /* as it stands in the file */
    Span why;              /* "expected ...", without the verdict */
    size_t count;          /* how many of them this stands for */
    bool left_out;         /* else: taken, but it means something a little different */
} Loss;

typedef struct {
    Loss *items;
    size_t count, capacity;
    size_t left_out, changed;
} Losses;

/* Appends `verbatim: file:line: found 'what', why: left out` and a line end; safe for a terminal. */
void loss_text(const Loss *loss, Buffer *out);

typedef enum { AS_FORMAT, AS_RULES, AS_VALENCE } ExchangeAs;

typedef struct {
    const char *file; /* its name in messages */
    const Language *language;
    CutText cut; /* words must be cut as texts are, or a rule would never match */
    void *cut_context;
    ExchangeAs as; /* of .dicx: what weights become */
} ExchangeSettings;

typedef struct {
    Buffer reasons, codebook, valence; /* the three files; empty: not to be written. Owned by the caller. */
    const Span *codes;                 /* ids, in keep */
    const bool *poles;                 /* [code_count] */
    size_t code_count;
    size_t rules, terms; /* written to reasons, to valence */
    Losses losses;
} Imported;

/* exchange_import — one file.
 *   in     text     the whole file, as read
 *   out    imported buffers are empty on failure; losses live in keep
 *   fails  FAIL_ENCODING (no UTF-8, or a NUL), FAIL_SETUP with file and line where the file as a whole cannot be one of the format,
 *          FAIL_USAGE where `as` does not fit */
bool exchange_import(ExchangeFormat format, Span text, const ExchangeSettings *settings, Arena *keep, Imported *imported, Fail *fail);
void imported_free(Imported *imported);

/* Held — a rule that an export could hold whole, for whoever wants to compare. */
typedef struct {
    Span code;
    Pole pole;
    Span match; /* as it stands in reasons.yaml */
    bool response;
    bool exact; /* the format matches the same words; else losses say what differs */
} HeldRule;

typedef struct {
    Buffer text;
    size_t rules, terms; /* read */
    size_t rules_held, terms_held;
    HeldRule *held;
    size_t held_count, held_capacity;
    Losses losses;
} Exported;

/* exchange_export — `dir`/LANG/reasons.yaml and valence.tsv as one file of the format.
 *   fails  FAIL_FILE, FAIL_SETUP with file, line and column */
bool exchange_export(ExchangeFormat format, const char *dir, const ExchangeSettings *settings, Arena *keep, Exported *exported, Fail *fail);
void exported_free(Exported *exported);

/* A file's bytes, or standard input's for "-". */
bool exchange_read(const char *path, Buffer *bytes, Fail *fail);

/* exchange_fits — whether a folder's codebook.yaml has all codes of an import.
 *   fails  FAIL_SETUP: it lacks one, or has it with other poles */
bool exchange_fits(const char *path, const Imported *imported, Arena *keep, Fail *fail);

#endif
