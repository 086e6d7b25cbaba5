/* flow — the values that travel, in the order they travel:
 *
 *   read -> Record -> Doc -> text -> Cleaned -> Token, Word -> lexicons, models -> Hit, Tag, Score -> tally, write
 *
 * Stages include base/ and this header, and never each other. worker.c knows the order. */
#ifndef VERBATIM_FLOW_H
#define VERBATIM_FLOW_H

#include "base/anchors.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/fail.h"
#include "base/span.h"

/* Record — the bytes of one response as they stand in the input, without the line end. `rejected` is set where the reader
 * itself had to give the record up (too long, quote never closed); then bytes hold its beginning. */
typedef struct {
    Span bytes;           /* 64 readable bytes follow: vectorised parsers may look at them */
    const char *source;   /* file name */
    uint64_t line;        /* of its first byte, from 1 */
    uint64_t offset;      /* of its first byte in the decompressed file, in whatever encoding it is */
    const void *columns;  /* the CSV header that holds for it, NULL for NDJSON; owned by the reader */
    const Fail *rejected; /* NULL: usable so far */
    bool converted;       /* bytes are not those of the file but UTF-8 made of them */
} Record;

typedef struct {
    Span name;
    Span value; /* data NULL: the response does not have it */
} Segment;

/* Doc — one response, parsed. Spans point into the record or the scratch arena. Absent fields have data NULL. */
typedef struct {
    Span id;
    Span text;
    Span lang; /* BCP 47, as given */
    Span question;
    Span time;
    Segment *segments; /* those asked for with --segment, in that order; all of the response's own where none were asked for */
    size_t segment_count;
    double rating;
    bool has_rating;
    int64_t weight; /* millionths; 1,000,000 where none is given */
    Span keep;      /* JSON members that no field names, `"a":1,"b":[2]`, for --keep */
} Doc;

/* Repair — what may be mended in a text before it is cut. */
typedef enum {
    REPAIR_ENTITIES, /* &amp; &#39; */
    REPAIR_TAGS,     /* <br> */
    REPAIR_1252,     /* UTF-8 read as windows-1252 or latin-1 */
    REPAIR_1251,     /* UTF-8 read as windows-1251 */
    REPAIR_CONTROLS, /* windows-1252 read as latin-1: its signs are controls there */
    REPAIR_SPACED,   /* letters spaced out */
    REPAIR_COUNT
} Repair;

/* Cleaned — a text as rules see it. */
typedef struct {
    Span text;
    Anchors anchors;  /* to the text as given */
    unsigned repairs; /* 1 << Repair; 0: it is the text as given */
} Cleaned;

/* Language — one line of languages.tsv. */
typedef struct {
    uint32_t index; /* its place in the table, from 0 */
    Span code;      /* en */
    Span name, own_name;
    const char *stemmer; /* libstemmer's name or NULL */
    bool characters;     /* written without spaces: a token is a character */
    uint32_t reach;      /* how far a topic looks for what judges it, in tokens */
    uint8_t folds;       /* FOLD_... bits */
    Span elides;         /* words that lose their vowel before another and keep an apostrophe, with spaces between: l d qu */
} Language;

/* What a language's letters are taken for beside case. */
enum {
    FOLD_YO = 1,       /* ё is е */
    FOLD_SIMPLIFY = 2, /* Traditional characters are Simplified */
    FOLD_TURKISH = 4,  /* I is the capital of ı, İ of i */
    FOLD_ARABIC = 8,   /* vowel signs and tatweel are dropped, forms of alef, ya and ta marbuta are one each */
    FOLD_ACCENTS = 16, /* forms that differ in accents are one, unless both are frequent words */
    FOLD_BARE = 32,   /* accents tell words apart, but a hasty writer leaves all of them out: a form without any stands for those with */
};

enum { LANGUAGES_MAX = 32, DISPLAY_MAX = 32 }; /* languages of texts; of names in tables and pages */

/* Form — a form that a word may be. The first is what stands there; others are tried where the lexicons know nothing of those before. */
typedef struct Form Form;
struct Form {
    Span folded;     /* NFC, case folded, apostrophes and dashes made plain, and what Language.folds says */
    Span stem;       /* of folded; folded itself where the language has no stemmer */
    Span plain;      /* folded without accents; absent where it has none, or the language leaves them alone */
    Span plain_stem; /* of plain */
    const Form *next;
};

/* Word — what is known of a surface form in a language. Made once, when a worker first meets it; lives until the memo is emptied between
 * records. */
typedef struct {
    Span surface; /* as in the text */
    const Form *form;
    uint32_t entry; /* for the lexicons: what they know of it; WORD_NEW until they have looked */
    uint16_t kind;  /* WORD_... bits */
} Word;

#define WORD_NEW UINT32_MAX
enum {
    WORD_LETTERS = 1, /* letters, perhaps digits */
    WORD_NUMBER = 2,  /* digits, perhaps with . , : inside */
    WORD_EMOJI = 4,   /* one emoji sequence or emoticon */
    WORD_CAPITAL = 8, /* first letter is a capital */
    WORD_SHOUT = 16,  /* two letters or more, all capitals */
    WORD_CHARACTER = 32, /* one character of a language without spaces */
    WORD_LINK = 64,   /* URL, e-mail address, @name */
    WORD_MONEY = 256, /* a number with a sign of currency: $50, 50€ */
    WORD_TIME = 512,  /* 10:30 */
    WORD_DATE = 1024, /* 12/05/2024, 2024-05-12, 12.05.24 */
};

/* Token — one word in its place. Punctuation is no token; it shows in the numbers of sentence and clause. */
typedef struct {
    uint32_t start, end; /* bytes in the text */
    uint32_t word;       /* index into Tokens.words */
    uint32_t sentence;   /* from 0 */
    uint32_t clause;     /* from 0; a new sentence is a new clause too */
} Token;

typedef struct {
    Span text;                /* cleaned: what rules and tokens speak of */
    Anchors anchors;          /* to the text as given */
    const Language *language; /* NULL: unknown, and there are no tokens */
    Token *items;
    size_t count;
    Word *words; /* the memo's; indexed by Token.word */
    uint32_t exclamations; /* '!' marks in the text */
} Tokens;

/* Role — what the question makes of an answer. */
typedef enum { ROLE_OPEN, ROLE_COULD_IMPROVE, ROLE_WHAT_GOOD, ROLE_COUNT } Role;

typedef enum { POLE_NONE, POLE_NEGATIVE, POLE_POSITIVE, POLE_TOPIC } Pole;

/* Hit — a rule that matched, with the words that prove it. */
typedef struct {
    uint32_t rule;
    uint32_t first, last; /* tokens, last included */
    uint32_t start, end;  /* bytes in the text as given, end excluded */
    uint16_t code;        /* index into the codebook's codes */
    uint8_t pole;         /* Pole, after shifters and question */
    uint8_t turned;       /* a negator or wish changed it */
} Hit;

#define HIT_OF_MODEL UINT32_MAX /* Hit.rule: words that weighed in a model */

/* Who gave a tag. */
enum { SOURCE_LEXICON, SOURCE_MODEL, SOURCE_BOTH };

/* Tag — a code with its pole, and the hits that give it: hits[first_hit .. first_hit + hit_count), in text order. */
typedef struct {
    uint16_t code;
    uint8_t pole;
    uint8_t source;
    uint16_t p; /* ten-thousandths */
    uint32_t first_hit, hit_count;
} Tag;

typedef enum { SENTIMENT_NEGATIVE, SENTIMENT_NEUTRAL, SENTIMENT_MIXED, SENTIMENT_POSITIVE, SENTIMENT_COUNT } Sentiment;

/* Score — sentiment of the response; strengths in hundredths, 0 to 100; score = positive - negative. */
typedef struct {
    Sentiment label;
    int positive, negative;
    uint16_t p; /* ten-thousandths, of the label; 0: no model was asked */
    bool known; /* lexicons of the text's language gave the strengths */
} Score;

/* Result — all that the lexicons say of one response. Tags are in codebook order. Lives until the worker's next record. */
typedef struct {
    Tag *tags;
    size_t tag_count;
    Hit *hits;
    size_t hit_count;
    Score score;
    Role role;
} Result;

/* Codebook — what may be tagged; see lexicons/codebook.yaml. Names are by display language. */
typedef struct {
    Span id;   /* service.speed */
    uint16_t net;
    bool poles;
    Span name[DISPLAY_MAX], negative[DISPLAY_MAX], positive[DISPLAY_MAX]; /* by display language; empty where not given: then the id */
} Code;

typedef struct {
    Span id;
    Span name[DISPLAY_MAX];
} Net;

typedef struct {
    Net *nets;
    size_t net_count;
    Code *codes; /* grouped by net, in codebook order */
    size_t code_count;
    Span languages[DISPLAY_MAX]; /* display languages: en, ru, zh-Hans, zh-Hant */
    size_t language_count;
    char hash[17]; /* of everything that decides a tag: ids, poles and rules; hexadecimal */
} Codebook;

static inline const char *pole_name(int pole) {
    static const char *const names[] = {"", "negative", "positive", "topic"};
    return names[pole];
}

static inline const char *sentiment_name(int label) {
    static const char *const names[] = {"negative", "neutral", "mixed", "positive"};
    return names[label];
}

/* The Sentiment with that name; -1: none. */
static inline int sentiment_find(Span name) {
    for (int i = 0; i < SENTIMENT_COUNT; i++)
        if (span_is(name, sentiment_name(i))) return i;
    return -1;
}

static inline const char *repair_name(int repair) {
    static const char *const names[] = {"HTML entities", "HTML tags", "UTF-8 read as windows-1252", "UTF-8 read as windows-1251",
                                        "windows-1252 read as latin-1", "letters spaced out"};
    return names[repair];
}

static inline const char *role_name(int role) {
    static const char *const names[] = {"open", "could_improve", "what_good"};
    return names[role];
}

#endif
