/* guess — the language of a text, from its beginning.
 *
 * Letters are counted by script. Words of Latin and Cyrillic letters are looked up among the common words of some sixty languages; each
 * adds its weight to the languages that have it, so that the sums are log-likelihoods above a floor that all share. A language of ours
 * wins by a margin over all others, ours or not, and only where enough of the words speak for it. */
#include "text/languages.h"

enum {
    BYTES_MAX = 1000,    /* of the text are looked at */
    WORDS_MAX = 50,      /* votes are counted so long */
    LETTERS_MAX = 60,    /* and letters of other scripts so long */
    WORDS_SURE = 8,      /* after every so many words a clear lead ends the count */
    LEAD_SURE = 120,     /* e to the 12th as likely as the next */
    WORD_BYTES_MAX = 24, /* longer words are not common */
    RUSSIAN_LETTERS = 30, /* what a word with ы, э or ё adds */
};

typedef struct {
    uint32_t latin, cyrillic, han, kana, other; /* letters */
    uint32_t foreign, russian;                  /* Cyrillic words that no Russian would write; those with ы, э or ё */
    uint32_t words[2];                          /* of Latin and of Cyrillic letters */
    bool japanese;                              /* a character that only Japan has */
} Scripts;

typedef struct {
    const Languages *languages;
    Scripts scripts;
    uint32_t score[VOTERS_MAX];
    uint16_t hits[VOTERS_MAX]; /* words that spoke for the language */
    uint32_t voted;            /* words looked up */
} Guess;

/* A word's small letters, with zeros behind them. */
typedef struct {
    char bytes[WORD_BYTES_MAX];
    size_t len; /* WORD_BYTES_MAX: too long to be common */
} Small;

static uint32_t small_hash(const Small *small) {
    uint64_t parts[3];
    memcpy(parts, small->bytes, sizeof parts);
    uint64_t hash = parts[0] * 0x9e3779b97f4a7c15u;
    hash = (hash ^ hash >> 32 ^ parts[1]) * 0xff51afd7ed558ccdu;
    hash = (hash ^ hash >> 32 ^ parts[2]) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)(hash >> 32) | 1;
}

static CommonSlot *common_find(const Common *common, uint32_t hash) {
    size_t mask = common->capacity - 1;
    size_t i = hash >> 1 & mask;
    while (common->slots[i].hash && common->slots[i].hash != hash) i = (i + 1) & mask;
    return &common->slots[i];
}

static void vote(Guess *guess, const Small *word) {
    const Common *common = &guess->languages->common;
    guess->voted++;
    if (word->len == WORD_BYTES_MAX) return;
    const CommonSlot *slot = common_find(common, small_hash(word));
    const Vote *given = common->votes + slot->first_vote;
    for (unsigned i = 0; i < slot->vote_count; i++) {
        guess->score[given[i].voter] += given[i].weight;
        guess->hits[given[i].voter]++;
    }
}

/* Ў, і, ј ... and ъ before a consonant: Cyrillic, but not Russian. `next` is the letter after it, 0 if none. */
static bool is_foreign(uint32_t point, uint32_t next) {
    if (point == 0x44a) return next && next != 0x435 && next != 0x451 && next != 0x44e && next != 0x44f && next != 0x438;
    return (point < 0x430 || point > 0x44f) && point != 0x451;
}

static void small_append(Small *small, uint32_t point) {
    if (small->len + 4 < WORD_BYTES_MAX) small->len += utf8_encode(point, small->bytes + small->len);
    else small->len = WORD_BYTES_MAX;
}

/* One word of Latin or Cyrillic letters, in small letters. Returns its end. */
static const char *word_take(Guess *guess, const char *at, const char *end, bool cyrillic, Small *small) {
    const Languages *languages = guess->languages;
    uint32_t letters = 0, before = 0;
    bool foreign = false, russian = false;
    for (; at < end && (unsigned char)((*at | 32) - 'a') < 26; at++, letters++) {
        if (small->len < WORD_BYTES_MAX) small->bytes[small->len++] = *at | 32;
    }
    for (size_t size; at < end && *at != ' '; at += size, letters++) {
        uint32_t point = utf8_decode(at);
        unsigned kind = char_kind(languages->kinds, point);
        size = utf8_len((unsigned char)*at);
        if (kind == CHAR_APOSTROPHE && at + size < end && char_kind_at(languages->kinds, at + size) <= CHAR_CAPITAL) point = '\'';
        else if (kind > CHAR_MARK) break;
        else if (point < 0x600) point = languages->lower[point];
        small_append(small, point);
        if (cyrillic && before) foreign |= is_foreign(before, point);
        russian |= point == 0x44b || point == 0x44d || point == 0x451;
        before = cyrillic && point >= 0x400 && point < 0x530 ? point : 0;
    }
    if (before) foreign |= is_foreign(before, 0);
    Scripts *scripts = &guess->scripts;
    *(cyrillic ? &scripts->cyrillic : &scripts->latin) += letters;
    scripts->foreign += foreign;
    scripts->russian += russian && !foreign;
    scripts->words[cyrillic]++;
    return at;
}

/* What Japan alone writes so, among the most frequent characters of its reviews. */
static bool is_japanese(uint32_t point) {
    static const uint16_t japanese[] = {0x5186, 0x5897, 0x5909, 0x5b9f, 0x5bfe, 0x5fdc, 0x60aa, 0x691c, 0x697d, 0x6b73, 0x6c17, 0x6ca2,
                                        0x58f2, 0x5e83, 0x767a, 0x7d9a, 0x8aad, 0x8ee2, 0x8fbc, 0x99c5, 0x9ed2, 0x4e21, 0x50cd};
    for (size_t i = 0; i < sizeof japanese / sizeof *japanese; i++) {
        if (japanese[i] == point) return true;
    }
    return false;
}

static void character_take(Scripts *scripts, uint32_t point) {
    bool kana = (point >= 0x3040 && point < 0x3100) || (point >= 0xff66 && point < 0xffa0);
    if (kana) scripts->kana++;
    else scripts->han++, scripts->japanese |= is_japanese(point);
}

static const char *to_space(const char *at, const char *end) {
    while (at < end && (unsigned char)*at > ' ') at++;
    return at;
}

/* The two voters of a script with the highest scores. Voters 0 and 1 never score. */
static void best_two(const Guess *guess, bool cyrillic, size_t best[2]) {
    const Common *common = &guess->languages->common;
    best[0] = 0;
    best[1] = 1;
    for (size_t i = 2; i < common->voter_count; i++) {
        if (common->cyrillic[i] != cyrillic || guess->score[i] <= guess->score[best[1]]) continue;
        best[1] = i;
        if (guess->score[i] > guess->score[best[0]]) best[1] = best[0], best[0] = i;
    }
}

/* True when the count may end; asked after every word and letter. */
static bool is_sure(const Guess *guess) {
    if (guess->voted >= WORDS_MAX || guess->scripts.other + guess->scripts.han + guess->scripts.kana >= LETTERS_MAX) return true;
    if (!guess->voted || guess->voted % WORDS_SURE) return false;
    size_t best[2];
    best_two(guess, guess->scripts.words[1] > guess->scripts.words[0], best);
    return guess->score[best[0]] >= guess->score[best[1]] + LEAD_SURE;
}

/* One code point, word or address at `at`; returns what follows it. */
static const char *guess_step(Guess *guess, const char *at, const char *end) {
    uint32_t point = utf8_decode(at);
    unsigned kind = char_kind(guess->languages->kinds, point);
    if (kind == CHAR_IDEOGRAPH) character_take(&guess->scripts, point);
    if (kind == CHAR_AT) return to_space(at, end);
    if (kind > CHAR_CAPITAL) return at + utf8_len((unsigned char)*at);
    bool cyrillic = point >= 0x400 && point < 0x530,
         latin = point < 0x250 || (point >= 0x1e00 && point < 0x1f00) || (point >= 0xff21 && point < 0xff5b);
    if (!cyrillic && !latin) return guess->scripts.other++, at + utf8_len((unsigned char)*at);
    Small word = {0};
    const char *next = word_take(guess, at, end, cyrillic, &word);
    if (next + 2 < end && next[0] == ':' && next[1] == '/' && next[2] == '/') return to_space(next, end);
    vote(guess, &word);
    return next;
}

/* A language of ours by words alone: half of the words of a short text, two fifths of a longer one, must speak for it. */
static const Language *guess_words(const Guess *guess, bool cyrillic) {
    size_t best[2];
    best_two(guess, cyrillic, best);
    const Language *language = guess->languages->common.ours[best[0]];
    uint32_t words = guess->scripts.words[cyrillic], hits = guess->hits[best[0]];
    uint32_t lead = guess->score[best[0]] - guess->score[best[1]];
    bool enough = words <= 4 ? 2 * hits >= words : 5 * hits >= 2 * words;
    bool clear = lead >= 8 && 8 * lead >= guess->score[best[0]];
    return language && hits && enough && clear ? language : NULL;
}

/* Russian is what Cyrillic is, unless letters or words say otherwise. */
static const Language *guess_cyrillic(const Guess *guess) {
    const Language *russian = guess->languages->russian, *by_words = guess_words(guess, true);
    const Common *common = &guess->languages->common;
    size_t best[2];
    best_two(guess, true, best);
    if (guess->scripts.foreign && 15 * guess->scripts.foreign >= guess->scripts.words[1]) return by_words == russian ? NULL : by_words;
    uint32_t ours = RUSSIAN_LETTERS * guess->scripts.russian;
    for (size_t i = 0; i < common->voter_count; i++) {
        if (common->ours[i] == russian && russian) ours += guess->score[i];
    }
    return guess->score[best[0]] > ours + 8 ? by_words : russian;
}

static const Language *guess_decide(const Guess *guess) {
    const Scripts *scripts = &guess->scripts;
    uint32_t characters = 4 * (scripts->han + scripts->kana), letters = scripts->latin + scripts->cyrillic;
    if (characters && characters >= letters && scripts->han > scripts->other) {
        bool chinese = 10 * scripts->kana <= scripts->han && !scripts->japanese;
        return chinese ? guess->languages->chinese : NULL;
    }
    if (scripts->other > letters || 2 * scripts->kana > letters) return NULL;
    if (!letters) return NULL;
    return 2 * scripts->cyrillic >= scripts->latin ? guess_cyrillic(guess) : guess_words(guess, false);
}

const Language *language_guess(const Languages *languages, Span text) {
    Guess guess = {.languages = languages};
    const char *at = text.data, *end = text.data + (text.len < BYTES_MAX ? text.len : BYTES_MAX);
    while (end > at && end < text.data + text.len && ((unsigned char)*end & 0xc0) == 0x80) end--;
    uint32_t seen = 0; /* so that is_sure() is asked where something was counted */
    while (at < end) {
        at = guess_step(&guess, at, end);
        uint32_t counted = guess.voted + guess.scripts.other + guess.scripts.han + guess.scripts.kana;
        if (counted != seen && is_sure(&guess)) break;
        seen = counted;
    }
    return guess_decide(&guess);
}

/* ---- common.tsv ---- */

typedef struct {
    Span word, code;
    uint32_t weight;
} CommonLine;

static bool line_parse(Span line, CommonLine *parsed) {
    const char *end = line.data + line.len;
    const char *first = memchr(line.data, '\t', line.len);
    const char *second = first ? memchr(first + 1, '\t', (size_t)(end - first - 1)) : NULL;
    if (!second || first == line.data || second == first + 1 || end - second < 2 || end - second > 4) return false;
    *parsed = (CommonLine){{line.data, (size_t)(first - line.data)}, {first + 1, (size_t)(second - first - 1)}, 0};
    for (const char *at = second + 1; at < end; at++) {
        if (*at < '0' || *at > '9') return false;
        parsed->weight = parsed->weight * 10 + (uint32_t)(*at - '0');
    }
    return parsed->weight > 0 && parsed->weight < 256 && parsed->word.len < WORD_BYTES_MAX;
}

/* The index of the code among the voters, added where it is new; VOTERS_MAX where there are too many. */
static size_t voter_index(Languages *languages, Span code) {
    Common *common = &languages->common;
    size_t i = 0;
    while (i < common->voter_count && !span_equal(common->voters[i], code)) i++;
    if (i < common->voter_count || i == VOTERS_MAX) return i;
    common->voters[i] = code;
    common->ours[i] = language_find(languages, code);
    common->voter_count++;
    return i;
}

static bool common_add(Languages *languages, const CommonLine *line, Fail *fail) {
    Common *common = &languages->common;
    size_t known = common->voter_count, voter = voter_index(languages, line->code);
    if (voter == VOTERS_MAX) return fail_set(fail, FAIL_SETUP, "found more than %d languages", VOTERS_MAX);
    if (voter == known) common->cyrillic[voter] = (unsigned char)line->word.data[0] >= 0xd0 && (unsigned char)line->word.data[0] < 0xd4;
    Small word = {.len = line->word.len};
    memcpy(word.bytes, line->word.data, word.len);
    uint32_t hash = small_hash(&word);
    CommonSlot *slot = common_find(common, hash);
    if (!slot->hash) *slot = (CommonSlot){hash, (uint32_t)common->vote_count & 0xffffff, 0};
    if ((size_t)slot->first_vote + slot->vote_count != common->vote_count) {
        return fail_set(fail, FAIL_SETUP, "found '%.*s' again, expected the lines of a word side by side", (int)line->word.len,
                        line->word.data);
    }
    slot->vote_count++;
    common->votes[common->vote_count++] = (Vote){(uint8_t)voter, (uint8_t)line->weight};
    return true;
}

static size_t lines_count(Span text) {
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++) count += text.data[i] == '\n';
    return count;
}

bool common_load(Span text, const char *path, Languages *languages, Arena *keep, Fail *fail) {
    Common *common = &languages->common;
    size_t lines = lines_count(text);
    if (lines > COMMON_MAX)
        return fail_set(fail, FAIL_SETUP, "found %zu lines, expected %d at most", lines, COMMON_MAX), fail_at(fail, path, 0, 0);
    for (common->capacity = 64; 2 * common->capacity < 3 * lines; common->capacity *= 2) {} /* words are fewer than lines */
    common->slots = arena_calloc(keep, common->capacity, sizeof *common->slots);
    common->votes = arena_alloc(keep, lines * sizeof *common->votes);
    languages->russian = language_find(languages, SPAN("ru"));
    languages->chinese = language_find(languages, SPAN("zh"));
    voter_index(languages, SPAN("-")); /* two that never score, so that there always is a best and a second */
    voter_index(languages, SPAN("--"));
    uint64_t number = 0;
    for (Span line; line_next(&text, &line);) {
        number++;
        if (!line.len || line.data[0] == '#') continue;
        CommonLine parsed;
        bool good = line_parse(line, &parsed);
        if (!good)
            fail_set(fail, FAIL_SETUP, "found '%.*s', expected word, language and weight (1 to 255), with a tab between them",
                     (int)line.len, line.data);
        if (!good || !common_add(languages, &parsed, fail)) return fail_at(fail, path, number, 0);
    }
    return true;
}
