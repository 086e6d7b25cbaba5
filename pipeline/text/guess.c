/* guess — the language of a text, from its beginning.
 *
 * Letters are counted by script. Words of Latin and Cyrillic letters are looked up among the common words of some sixty languages; each
 * adds its weight to the languages that have it, so that the sums are log-likelihoods above a floor that all share. A language of ours
 * wins by a margin over all others, ours or not, and only where enough of the words speak for it. */
#include "base/table.h"
#include "text/languages.h"

enum {
    BYTES_MAX = 2000,    /* of the text are looked at */
    WORDS_MAX = 50,      /* votes are counted so long */
    WORDS_SURE = 12,     /* after so many a clear lead ends the count */
    WORD_BYTES_MAX = 24, /* longer words are not common */
    LEAD_SURE = 250,
};

typedef struct {
    uint32_t latin, cyrillic, han, kana, other; /* letters */
    uint32_t foreign;                           /* Cyrillic words that no Russian would write */
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

static uint64_t common_hash(Span word) {
    uint64_t hash = hash_bytes(word, 0);
    return hash ? hash : 1;
}

static const CommonSlot *common_find(const Common *common, uint64_t hash) {
    size_t mask = common->capacity - 1;
    size_t i = hash & mask;
    while (common->slots[i].hash && common->slots[i].hash != hash) i = (i + 1) & mask;
    return &common->slots[i];
}

static void vote(Guess *guess, Span word) {
    const Common *common = &guess->languages->common;
    guess->voted++;
    if (word.len == WORD_BYTES_MAX) return;
    const CommonSlot *slot = common_find(common, common_hash(word));
    for (uint32_t i = 0; i < slot->vote_count; i++) {
        Vote given = common->votes[slot->first_vote + i];
        guess->score[given.voter] += given.weight;
        guess->hits[given.voter]++;
    }
}

/* Ў, і, ј ... and ъ before a consonant: Cyrillic, but not Russian. `next` is the letter after it, 0 if none. */
static bool is_foreign(uint32_t point, uint32_t next) {
    if (point == 0x44a) return next && next != 0x435 && next != 0x451 && next != 0x44e && next != 0x44f && next != 0x438;
    return (point < 0x430 || point > 0x44f) && point != 0x451;
}

/* One word of Latin or Cyrillic letters: its small letters to out, which holds WORD_BYTES_MAX. Returns the end of the word. */
static const char *word_take(Guess *guess, const char *at, const char *end, bool cyrillic, char *out, size_t *len) {
    const Languages *languages = guess->languages;
    uint32_t letters = 0, before = 0;
    bool foreign = false;
    *len = 0;
    while (at < end) {
        uint32_t point = utf8_decode(at);
        unsigned kind = char_kind(languages->kinds, point);
        size_t size = utf8_len((unsigned char)*at);
        if (kind == CHAR_APOSTROPHE && at + size < end && char_kind_at(languages->kinds, at + size) <= CHAR_CAPITAL) point = '\'';
        else if (kind > CHAR_MARK) break;
        else if (point < 0x600) point = languages->lower[point];
        if (*len + 4 <= WORD_BYTES_MAX) *len += utf8_encode(point, out + *len);
        else *len = WORD_BYTES_MAX; /* too long for vote() */
        if (cyrillic && before) foreign |= is_foreign(before, point);
        before = cyrillic && point >= 0x400 && point < 0x530 ? point : 0;
        letters++;
        at += size;
    }
    if (before) foreign |= is_foreign(before, 0);
    *(cyrillic ? &guess->scripts.cyrillic : &guess->scripts.latin) += letters;
    guess->scripts.foreign += foreign;
    guess->scripts.words[cyrillic]++;
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

/* The voter with the highest score but for `skip`; voter_count > 0. */
static size_t best_voter(const Guess *guess, size_t skip) {
    size_t best = skip == 0;
    for (size_t i = 0; i < guess->languages->common.voter_count; i++) {
        if (i != skip && guess->score[i] > guess->score[best]) best = i;
    }
    return best;
}

/* True when the count may end. */
static bool is_sure(const Guess *guess) {
    if (guess->voted >= WORDS_MAX) return true;
    if (guess->voted % WORDS_SURE) return false;
    size_t best = best_voter(guess, SIZE_MAX);
    return guess->score[best] >= guess->score[best_voter(guess, best)] + LEAD_SURE;
}

/* One code point, word or address at `at`; returns what follows it. */
static const char *guess_step(Guess *guess, const char *at, const char *end) {
    uint32_t point = utf8_decode(at);
    unsigned kind = char_kind(guess->languages->kinds, point);
    if (kind == CHAR_IDEOGRAPH) character_take(&guess->scripts, point);
    if (kind == CHAR_AT) return to_space(at, end);
    if (kind > CHAR_CAPITAL) return at + utf8_len((unsigned char)*at);
    bool cyrillic = point >= 0x400 && point < 0x530, latin = point < 0x250 || (point >= 0x1e00 && point < 0x1f00) || (point >= 0xff21 && point < 0xff5b);
    if (!cyrillic && !latin) return guess->scripts.other++, at + utf8_len((unsigned char)*at);
    char word[WORD_BYTES_MAX];
    size_t len;
    const char *next = word_take(guess, at, end, cyrillic, word, &len);
    if (next + 2 < end && next[0] == ':' && next[1] == '/' && next[2] == '/') return to_space(next, end);
    vote(guess, (Span){word, len});
    return next;
}

/* A language of ours by words alone. Latin: half of the words of a short text, a quarter of a long one, must speak for it. */
static const Language *guess_words(const Guess *guess) {
    size_t best = best_voter(guess, SIZE_MAX), second = best_voter(guess, best);
    const Language *language = guess->languages->common.ours[best];
    uint32_t words = guess->voted, lead = guess->score[best] - guess->score[second];
    bool enough = words <= 4 ? 2u * guess->hits[best] >= words : 5u * guess->hits[best] >= 2 * words;
    bool clear = lead >= 8 && 8 * lead >= guess->score[best];
    return language && guess->hits[best] && enough && clear ? language : NULL;
}

static const Language *guess_cyrillic(const Guess *guess) {
    const Common *common = &guess->languages->common;
    const Language *russian = language_find(guess->languages, SPAN("ru"));
    uint32_t ours = 0, others = 0;
    for (size_t i = 0; i < common->voter_count; i++) {
        if (common->ours[i] == russian && russian) ours = guess->score[i];
        else if (guess->score[i] > others) others = guess->score[i];
    }
    bool foreign = 6 * guess->scripts.foreign >= guess->scripts.words[1];
    if (guess->scripts.foreign && foreign) return guess_words(guess) == russian ? NULL : guess_words(guess);
    return others > ours + 8 ? guess_words(guess) : russian;
}

static const Language *guess_decide(const Guess *guess) {
    const Scripts *scripts = &guess->scripts;
    uint32_t characters = 4 * (scripts->han + scripts->kana), letters = scripts->latin + scripts->cyrillic;
    if (characters && characters >= letters && scripts->han > scripts->other) {
        bool chinese = 10 * scripts->kana <= scripts->han && !scripts->japanese;
        return chinese ? language_find(guess->languages, SPAN("zh")) : NULL;
    }
    if (scripts->other > letters || 2 * scripts->kana > letters) return NULL;
    if (!letters) return NULL;
    return 2 * scripts->cyrillic >= scripts->latin ? guess_cyrillic(guess) : guess_words(guess);
}

const Language *language_guess(const Languages *languages, Span text) {
    Guess guess = {.languages = languages};
    const char *at = text.data, *end = text.data + (text.len < BYTES_MAX ? text.len : BYTES_MAX);
    while (end > at && end < text.data + text.len && ((unsigned char)*end & 0xc0) == 0x80) end--;
    uint32_t voted = 0;
    while (at < end) {
        at = guess_step(&guess, at, end);
        if (guess.voted != voted && is_sure(&guess)) break;
        voted = guess.voted;
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
    return parsed->weight > 0 && parsed->weight < 256;
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
    size_t voter = voter_index(languages, line->code);
    if (voter == VOTERS_MAX) return fail_set(fail, FAIL_SETUP, "found more than %d languages", VOTERS_MAX);
    uint64_t hash = common_hash(line->word);
    CommonSlot *slot = (CommonSlot *)common_find(common, hash);
    if (!slot->hash) *slot = (CommonSlot){hash, (uint32_t)common->vote_count, 0};
    if (slot->first_vote + slot->vote_count != common->vote_count) {
        return fail_set(fail, FAIL_SETUP, "found '%.*s' again, expected the lines of a word side by side", (int)line->word.len, line->word.data);
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
    for (common->capacity = 64; common->capacity < 2 * lines; common->capacity *= 2) {}
    common->slots = arena_calloc(keep, common->capacity, sizeof *common->slots);
    common->votes = arena_alloc(keep, lines * sizeof *common->votes);
    voter_index(languages, SPAN("-")); /* two that never score, so that there always is a best and a second */
    voter_index(languages, SPAN("--"));
    uint64_t number = 0;
    for (const char *at = text.data, *end = text.data + text.len; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        Span line = {at, (size_t)((stop ? stop : end) - at)};
        at = stop ? stop + 1 : end;
        number++;
        if (!line.len || line.data[0] == '#') continue;
        CommonLine parsed;
        bool good = line_parse(line, &parsed);
        if (!good) fail_set(fail, FAIL_SETUP, "found '%.*s', expected word, language and weight (1 to 255), with a tab between them", (int)line.len, line.data);
        if (!good || !common_add(languages, &parsed, fail)) return fail_at(fail, path, number, 0);
    }
    return true;
}
