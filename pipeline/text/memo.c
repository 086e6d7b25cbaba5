#include "text/memo.h"
#include "text/shapes.h"

enum { SLOTS_MIN = 256, WORD_BYTES = 160 /* of arena, for memo_full: some three times the usual */ };

static void table_clear(MemoTable *table, size_t slots) {
    if (table->mask + 1u != slots || !table->slots) {
        memory_free(table->slots);
        table->slots = memory_alloc(slots * sizeof *table->slots);
        table->mask = (uint32_t)slots - 1;
    }
    memset(table->slots, 0xff, slots * sizeof *table->slots); /* all words MEMO_FREE */
    table->count = 0;
}

static void table_insert(MemoTable *table, MemoSlot new) {
    uint32_t i = new.hash >> 1 & table->mask;
    while (table->slots[i].word != MEMO_FREE) i = (i + 1) & table->mask;
    table->slots[i] = new;
    table->count++;
}

static void table_double(MemoTable *table) {
    MemoTable old = *table;
    table->slots = NULL;
    table_clear(table, 2 * ((size_t)old.mask + 1));
    for (size_t i = 0; i <= old.mask; i++) {
        if (old.slots[i].word != MEMO_FREE) table_insert(table, old.slots[i]);
    }
    memory_free(old.slots);
}

Memo *memo_open(const Languages *languages, size_t capacity) {
    Memo *memo = memory_alloc(sizeof *memo);
    *memo = (Memo){.languages = languages, .capacity = capacity, .seed = (uintptr_t)memo * 0x9e3779b97f4a7c15u};
    for (size_t i = 0; i <= languages->count; i++) { /* that for all others, too */
        const char *stemmer = languages->items[i].stemmer;
        if (stemmer) memo->tables[i].stemmer = stemmer_open(stemmer);
        table_clear(&memo->tables[i], SLOTS_MIN);
    }
    return memo;
}

void memo_close(Memo *memo) {
    if (!memo) return;
    for (size_t i = 0; i <= memo->languages->count; i++) {
        stemmer_close(memo->tables[i].stemmer);
        memory_free(memo->tables[i].slots);
    }
    memory_free(memo->words);
    arena_free(&memo->arena);
    memory_free(memo);
}

bool memo_full(const Memo *memo) {
    return memo->count >= memo->capacity - memo->capacity / 8 || memo->arena_bytes >= memo->capacity * WORD_BYTES;
}

void memo_clear(Memo *memo) {
    for (size_t i = 0; i <= memo->languages->count; i++) {
        MemoTable *table = &memo->tables[i];
        bool small = table->mask < 4 * memo->capacity;
        table_clear(table, small ? (size_t)table->mask + 1 : SLOTS_MIN);
    }
    if (memo->allocated > memo->capacity) {
        memory_free(memo->words);
        memo->words = NULL;
        memo->allocated = 0;
    }
    memo->count = memo->arena_bytes = 0;
    arena_reset(&memo->arena);
}

/* Letters of a form: how many, how many of them capitals, and what else makes it letters or a number. */
typedef struct {
    size_t letters, capitals, digits, currencies, others;
    bool capital_first;
} Letters;

static Letters letters_count(Span surface, const uint8_t *kinds) {
    Letters found = {0};
    for (const char *at = surface.data; at < surface.data + surface.len; at += utf8_len((unsigned char)*at)) {
        unsigned kind = char_kind_at(kinds, at);
        if (kind == CHAR_CAPITAL && !found.letters) found.capital_first = true;
        found.letters += kind == CHAR_LETTER || kind == CHAR_CAPITAL;
        found.capitals += kind == CHAR_CAPITAL;
        found.digits += kind == CHAR_DIGIT;
        found.currencies += kind == CHAR_CURRENCY;
        found.others += kind == CHAR_EMOJI || kind == CHAR_REGIONAL || kind == CHAR_IDEOGRAPH;
    }
    return found;
}

static bool is_whole(Span surface, const char *(*shape_end)(const char *, const char *)) {
    return shape_end(surface.data, surface.data + surface.len) == surface.data + surface.len;
}

static bool is_link(Span surface) {
    const char *at = memchr(surface.data, '@', surface.len);
    if (at && (at == surface.data || memchr(at, '.', (size_t)(surface.data + surface.len - at)))) return true;
    const char *colon = memchr(surface.data, ':', surface.len);
    if (colon && surface.data + surface.len - colon > 3 && memcmp(colon, "://", 3) == 0) return true;
    return (surface.len > 4 && surface.data[3] == '.' && (surface.data[0] | 32) == 'w') || is_whole(surface, shape_phone_end);
}

/* Emoticons that are cut as words: XD and its kin, T_T, o_O. */
static bool is_written_face(Span surface) {
    static const char *const faces[] = {"T_T", "o_o", "O_O", "o_O", "O_o", "t_t", "Q_Q", "QAQ", "QwQ", "TwT", "TAT", "orz", "OTL", "uwu", "owo", "8-)"};
    for (size_t i = 0; i < sizeof faces / sizeof *faces; i++) {
        if (span_is(surface, faces[i])) return true;
    }
    if (surface.len < 2 || (surface.data[0] | 32) != 'x') return false;
    for (size_t i = 1; i < surface.len; i++) {
        if (surface.data[i] != 'D') return false;
    }
    return true;
}

/* WORD_NUMBER, and what shape of number it is. */
static uint16_t number_kind(Span surface) {
    return (uint16_t)(WORD_NUMBER | (is_whole(surface, shape_date_end) ? WORD_DATE : is_whole(surface, shape_time_end) ? WORD_TIME : 0));
}

/* WORD_... bits. The form alone decides: what a text says around it must not show in what the memo keeps. */
static uint16_t word_kind(Span surface, const Language *language, const uint8_t *kinds) {
    unsigned first = char_kind_at(kinds, surface.data);
    bool cluster = language->characters && first <= CHAR_MARK && (unsigned char)*surface.data == 0xe0 && char_is_thai(utf8_decode(surface.data));
    if (first == CHAR_IDEOGRAPH || cluster) return WORD_CHARACTER;
    if (is_link(surface)) return WORD_LINK;
    bool keycap = surface.len >= 4 && memcmp(surface.data + surface.len - 3, "\xe2\x83\xa3", 3) == 0;
    Letters found = letters_count(surface, kinds);
    if (found.currencies && !found.letters) return found.digits ? WORD_NUMBER | WORD_MONEY : WORD_MONEY;
    if (first > CHAR_MARK || keycap || is_written_face(surface)) return WORD_EMOJI;
    if (!found.letters && found.digits) return number_kind(surface);
    bool shout = found.letters >= 2 && found.capitals == found.letters;
    return (uint16_t)(WORD_LETTERS | (found.capital_first ? WORD_CAPITAL : 0) | (shout ? WORD_SHOUT : 0));
}

/* A form with its stem, and without accents where a hasty writer leaves them out. */
static const Form *form_new(Memo *memo, const Language *language, Span folded, unsigned kind, const Form *next) {
    Form *form = arena_alloc(&memo->arena, sizeof *form);
    Stemmer *stemmer = kind & WORD_LETTERS ? memo->tables[language->index].stemmer : NULL;
    *form = (Form){.folded = folded, .stem = stemmer_stem(stemmer, folded, &memo->arena), .next = next};
    if (kind & WORD_LETTERS && language->folds & (FOLD_ACCENTS | FOLD_BARE)) form->plain = fold_accents(folded, &memo->arena);
    if (form->plain.len) form->plain_stem = stemmer_stem(stemmer, form->plain, &memo->arena);
    memo->arena_bytes += sizeof *form + 2 * folded.len;
    return form;
}

/* slooow is also slow, sh1t also shit; and Turkish writes Instagram with the I of others. */
static const Form *forms_new(Memo *memo, const Language *language, Span surface, unsigned kind) {
    const uint8_t *kinds = memo->languages->kinds;
    Span folded = fold_word(surface, kind, language, kinds, 2, &memo->arena);
    const Form *next = NULL;
    if (kind & WORD_LETTERS && surface.len > 2 && surface.len <= FOLD_BYTES_MAX) {
        Span other = folded.len < surface.len ? fold_word(surface, kind, language, kinds, 1, &memo->arena) : folded;
        if (other.len < folded.len) next = form_new(memo, language, other, kind, next);
        other = fold_leet(folded, &memo->arena);
        if (other.len) next = form_new(memo, language, other, kind, next);
    }
    if (language->folds & FOLD_TURKISH && memchr(surface.data, 'I', surface.len)) {
        Language other = *language;
        other.folds &= (uint8_t)~FOLD_TURKISH;
        next = form_new(memo, language, fold_word(surface, kind, &other, kinds, 2, &memo->arena), kind, next);
    }
    return form_new(memo, language, folded, kind, next);
}

/* Everything that will ever be known of the form, but for `entry`. */
static Word word_make(Memo *memo, const Language *language, Span surface) {
    Word word = {.surface = arena_copy(&memo->arena, surface), .entry = WORD_NEW, .kind = word_kind(surface, language, memo->languages->kinds)};
    word.form = forms_new(memo, language, word.surface, word.kind);
    memo->arena_bytes += word.surface.len;
    return word;
}

static void words_reserve(Memo *memo) {
    if (memo->count < memo->allocated) return;
    memo->allocated = memo->allocated ? 2 * memo->allocated : 2048;
    memo->words = memory_resize(memo->words, memo->allocated * sizeof *memo->words);
}

uint32_t memo_add(Memo *memo, const Language *language, Span surface, MemoKey key) {
    words_reserve(memo);
    uint32_t index = (uint32_t)memo->count++;
    memo->words[index] = word_make(memo, language, surface);
    MemoTable *table = &memo->tables[language->index];
    if (2 * ((uint64_t)table->count + 1) > table->mask) table_double(table);
    table_insert(table, (MemoSlot){key.head, key.hash, index});
    return index;
}
