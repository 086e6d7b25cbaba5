#include "featurise.h"

#include "base/table.h"
#include "base/utf8.h"

/* Kinds, as seeds of hashes: the same bytes are another feature in each. */
enum { SEED_WORD = 1, SEED_PAIR, SEED_CHARACTERS, SEED_GRAM, SEED_TAG = 16, SEED_SIGN, SEED_FIELD, SEED_SHAPE };

enum {
    GRAM_LEAST = 3, /* characters, borders counted */
    GRAM_MOST = 5,
    GRAM_CHARACTERS_MAX = 24, /* of a word; behind them there is little to learn */
    RUN_MOST = 4,             /* characters of a language without spaces */
    WORD_BYTES_MAX = 128,
};

static void add(Features *features, uint64_t hash, Arena *arena) { *ARENA_PUSH(arena, features->items, features->count, features->capacity) = hash; }

static uint64_t mix(uint64_t a, uint64_t b) {
    a = (a ^ b) * 0x9e3779b97f4a7c15u;
    return a ^ a >> 32;
}

/* Numbers and addresses are as many as there are texts: each kind is one word. */
static uint64_t word_hash(const Word *word) {
    if (word->kind & WORD_LINK) return hash_bytes(SPAN("link"), SEED_SHAPE);
    if (word->kind & WORD_MONEY) return hash_bytes(SPAN("money"), SEED_SHAPE);
    if (word->kind & (WORD_TIME | WORD_DATE)) return hash_bytes(SPAN("time"), SEED_SHAPE);
    if (word->kind & WORD_NUMBER && word->form->folded.len > 2) return hash_bytes(SPAN("number"), SEED_SHAPE);
    return hash_bytes(word->form->folded, SEED_WORD);
}

/* <word> with where each of its characters begins. Returns how many there are. */
static size_t bordered(Span word, char *bytes, uint8_t *starts) {
    size_t len = 0, count = 0;
    starts[count++] = (uint8_t)len;
    bytes[len++] = '<';
    for (size_t at = 0; at < word.len && count <= GRAM_CHARACTERS_MAX;) {
        size_t step = utf8_len((unsigned char)word.data[at]);
        if (at + step > word.len || len + step + 1 > WORD_BYTES_MAX) break;
        starts[count++] = (uint8_t)len;
        memcpy(bytes + len, word.data + at, step);
        len += step;
        at += step;
    }
    starts[count++] = (uint8_t)len;
    bytes[len++] = '>';
    starts[count] = (uint8_t)len;
    return count;
}

void features_word(const Word *word, Features *features, Arena *arena) {
    add(features, word_hash(word), arena);
    if (!(word->kind & WORD_LETTERS) || word->kind & WORD_CHARACTER) return;
    char bytes[WORD_BYTES_MAX + 2];
    uint8_t starts[GRAM_CHARACTERS_MAX + 4];
    size_t count = bordered(word->form->folded, bytes, starts);
    for (size_t size = GRAM_LEAST; size <= GRAM_MOST; size++)
        for (size_t i = 0; i + size <= count; i++) add(features, hash_bytes((Span){bytes + starts[i], (size_t)(starts[i + size] - starts[i])}, SEED_GRAM), arena);
}

/* Whether the token follows another one in its sentence. */
static bool is_joined(const Tokens *tokens, size_t token) { return token && tokens->items[token].sentence == tokens->items[token - 1].sentence; }

static bool is_character(const Tokens *tokens, size_t token) { return tokens->words[tokens->items[token].word].kind & WORD_CHARACTER; }

void features_between(const Tokens *tokens, const uint64_t *words, size_t token, Features *features, Arena *arena) {
    if (!is_joined(tokens, token)) return;
    add(features, mix(mix(SEED_PAIR, words[token - 1]), words[token]), arena);
    uint64_t hash = mix(SEED_CHARACTERS, words[token]);
    for (size_t i = token; token - i < RUN_MOST - 1 && is_character(tokens, i) && is_joined(tokens, i) && is_character(tokens, i - 1); i--) {
        hash = mix(hash, words[i - 1]);
        if (i < token) add(features, hash, arena);
    }
}

static void add_named(Features *features, uint64_t seed, Span name, uint64_t value, Arena *arena) { add(features, mix(hash_bytes(name, seed), value), arena); }

/* Strengths in steps: none, a trace, some, much. */
static uint64_t step_of(int strength) { return strength <= 0 ? 0 : strength < 25 ? 1 : strength < 50 ? 2 : 3; }

static void add_lexicons(const Tokens *tokens, const Result *result, const Codebook *codebook, Features *features, Arena *arena) {
    for (size_t i = 0; i < result->tag_count; i++) add_named(features, SEED_TAG, codebook->codes[result->tags[i].code].id, result->tags[i].pole, arena);
    Score score = result->score;
    uint64_t positive = step_of(score.positive), negative = step_of(score.negative);
    add_named(features, SEED_SIGN, SPAN("label"), (uint64_t)score.label, arena);
    add_named(features, SEED_SIGN, SPAN("positive"), positive, arena);
    add_named(features, SEED_SIGN, SPAN("negative"), negative, arena);
    add_named(features, SEED_SIGN, SPAN("both"), 4 * positive + negative, arena);
    add_named(features, SEED_SIGN, SPAN("exclamations"), tokens->exclamations < 3 ? tokens->exclamations : 3, arena);
    uint64_t length = 0;
    for (size_t count = tokens->count; count > 2; count /= 2) length++;
    add_named(features, SEED_SIGN, SPAN("length"), length < 8 ? length : 8, arena);
}

/* The rating as it is written, within reason: scales are short. */
static void add_rating(double rating, Features *features, Arena *arena) {
    if (rating >= -1000 && rating <= 1000) add_named(features, SEED_FIELD, SPAN("rating"), (uint64_t)(int64_t)(rating * 2), arena);
}

void features_facts(const Doc *doc, const Tokens *tokens, const Result *result, const Codebook *codebook, unsigned kinds, Features *features, Arena *arena) {
    if (kinds & FEATURE_LEXICONS) add_lexicons(tokens, result, codebook, features, arena);
    if (kinds & FEATURE_QUESTION) {
        add_named(features, SEED_FIELD, SPAN("role"), (uint64_t)result->role, arena);
        if (doc->question.len) add_named(features, SEED_FIELD, SPAN("question"), hash_bytes(doc->question, 0), arena);
    }
    if (kinds & FEATURE_RATING && doc->has_rating) add_rating(doc->rating, features, arena);
    for (size_t i = 0; kinds & FEATURE_SEGMENTS && i < doc->segment_count; i++)
        if (doc->segments[i].value.data) add_named(features, SEED_FIELD, doc->segments[i].name, hash_bytes(doc->segments[i].value, 1), arena);
}
