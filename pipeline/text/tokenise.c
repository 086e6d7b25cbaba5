/* tokenise — text to tokens, in one pass.
 *
 * The loop in cut() looks at one code point, and its kind says which of the small functions below takes the stretch that begins there.
 * A mark between words only raises `border`; the next token then gets the new numbers, so that numbers have no gaps. Each function looks
 * ahead no further than what it takes, or what the next one skips as a whole: the pass is linear in any text. */
#include "text/memo.h"
#include "text/shapes.h"

typedef enum { BORDER_NONE, BORDER_CLAUSE, BORDER_SENTENCE, BORDER_LINE } Border;

enum { PENDING_MAX = 32 };

/* A sentence of so many tokens ends at the next border of a clause, and one of four times as many where it is: nobody means anything across them, and whatever
 * works by the sentence costs more for each word of a long one. */
enum { SENTENCE_TOKENS = 300 };

typedef struct {
    const char *text, *end;
    const uint8_t *kinds;
    const Language *language;
    Memo *memo;
    Arena *scratch;
    Tokens *tokens;
    size_t capacity; /* of tokens->items */
    Border border;
    uint32_t sentence, clause;
    size_t sentence_first; /* token with which the sentence began */
    size_t open_brackets;
    MemoKey pending[PENDING_MAX]; /* of the last pending_count tokens, which are cut but not looked up */
    size_t pending_count;
} Cutter;

static inline bool is_digit(char byte) { return (unsigned char)(byte - '0') < 10; }
static inline bool is_ascii_letter(char byte) { return (unsigned char)((byte | 32) - 'a') < 26; }
static inline bool is_plain(char byte) { return is_ascii_letter(byte) || is_digit(byte); }

/* The kind of what stands at `at`; CHAR_NEWLINE at the end of the text. */
static inline unsigned kind_at(const Cutter *cutter, const char *at) {
    return at < cutter->end ? char_kind_at(cutter->kinds, at) : CHAR_NEWLINE;
}

/* A letter or digit, not a mark: what a word may go on with after a joining sign. */
static inline bool is_word_at(const Cutter *cutter, const char *at) { return kind_at(cutter, at) <= CHAR_DIGIT; }
static inline bool is_letter_at(const Cutter *cutter, const char *at) { return kind_at(cutter, at) <= CHAR_CAPITAL; }
static inline bool is_gap_at(const Cutter *cutter, const char *at) {
    unsigned kind = kind_at(cutter, at);
    return kind == CHAR_SPACE || kind == CHAR_NEWLINE;
}

static inline const Token *last_token(const Cutter *cutter) {
    return cutter->tokens->count ? &cutter->tokens->items[cutter->tokens->count - 1] : NULL;
}

/* True where the last token ends right at `at`. */
static inline bool follows_token(const Cutter *cutter, const char *at) {
    const Token *last = last_token(cutter);
    return last && cutter->text + last->end == at;
}

static void border_raise(Cutter *cutter, Border border) {
    if (border > cutter->border) cutter->border = border;
}

static bool starts(const char *at, const char *end, const char *what) {
    size_t len = strlen(what);
    return (size_t)(end - at) >= len && memcmp(at, what, len) == 0;
}

/* Looks the pending tokens up. */
static void resolve(Cutter *cutter) {
    Token *token = cutter->tokens->items + cutter->tokens->count - cutter->pending_count;
    for (size_t i = 0; i < cutter->pending_count; i++, token++) {
        Span surface = {cutter->text + token->start, token->end - token->start};
        token->word = memo_find(cutter->memo, cutter->language, surface, cutter->pending[i]);
    }
    cutter->pending_count = 0;
}

static void border_cross(Cutter *cutter) {
    size_t count = cutter->tokens->count;
    bool ends = cutter->border >= BORDER_SENTENCE || count - cutter->sentence_first >= SENTENCE_TOKENS;
    if (count) {
        cutter->clause++;
        cutter->sentence += ends;
    }
    if (ends) cutter->sentence_first = count;
    cutter->border = BORDER_NONE;
}

static void push(Cutter *cutter, const char *start, const char *end) {
    if (cutter->pending_count == PENDING_MAX) resolve(cutter);
    MemoKey key = memo_key(cutter->memo, start, (size_t)(end - start));
    const MemoTable *table = &cutter->memo->tables[cutter->language->index];
    __builtin_prefetch(&table->slots[key.hash >> 1 & table->mask]);
    cutter->pending[cutter->pending_count++] = key;
    Tokens *tokens = cutter->tokens;
    if (tokens->count == cutter->capacity)
        tokens->items = arena_grow(cutter->scratch, tokens->items, tokens->count, &cutter->capacity, sizeof *tokens->items);
    tokens->items[tokens->count++] =
        (Token){(uint32_t)(start - cutter->text), (uint32_t)(end - cutter->text), 0, cutter->sentence, cutter->clause};
}

/* Adds the token start .. end, and returns end. */
static inline const char *emit(Cutter *cutter, const char *start, const char *end) {
    if (cutter->tokens->count - cutter->sentence_first >= 4 * SENTENCE_TOKENS) border_raise(cutter, BORDER_SENTENCE);
    if (cutter->border) border_cross(cutter);
    push(cutter, start, end);
    return end;
}

/* An emoji after a full stop still belongs to the sentence that it ends: "Great! :-) But ...". After a line end it begins one. */
static const char *emit_face(Cutter *cutter, const char *start, const char *end) {
    if (cutter->border == BORDER_SENTENCE) push(cutter, start, end);
    else emit(cutter, start, end);
    return end;
}

/* ---- words ---- */

/* Digits, and . , : between two of them. */
static const char *number_end(const char *at, const char *end) {
    for (;;) {
        while (at < end && is_digit(*at)) at++;
        if (end - at < 2 || (*at != '.' && *at != ',' && *at != ':') || !is_digit(at[1])) return at;
        at++;
    }
}

/* The end of a host name that begins at `at`: letters, digits and hyphens, with a dot inside; NULL if none does. */
static const char *host_end(const char *at, const char *end) {
    const char *dot = NULL, *start = at;
    for (; at < end && (is_plain(*at) || *at == '-' || (*at == '.' && end - at > 1 && is_plain(at[1]))); at++) {
        if (*at == '.') dot = at;
    }
    return dot && dot > start ? at : NULL;
}

/* Only one or two consonants before the sign: sh!t, cr@p, but not wow!great. */
static bool is_masked(const char *start, const char *at) {
    if (at - start > 2) return false;
    for (; start < at; start++) {
        if (!is_ascii_letter(*start) || strchr("aeiouyAEIOUY", *start)) return false;
    }
    return true;
}

/* A word of which only a few letters are shown: f***, бл**; not the end of *emphasis**. */
static bool is_cut_short(const Cutter *cutter, const char *start, const char *at, const char *end) {
    size_t letters = 0;
    for (const char *letter = start; letter < at && letters < 4; letter += utf8_len((unsigned char)*letter)) letters++;
    return end - at > 1 && letters < 4 && !(start > cutter->text && start[-1] == '*');
}

/* Behind a sign that joins what stands before `at` with the letter after it; `at` itself where none does. */
static const char *join_end(const Cutter *cutter, const char *start, const char *at) {
    const char *next = at;
    switch (*at) {
    case '\'':
    case '`': next = at + 1; break;
    case '_':
        while (next < cutter->end && *next == '_') next++;
        break;
    case '*':
        while (next < cutter->end && *next == '*') next++;
        return (is_letter_at(cutter, next) && !is_digit(at[-1])) || is_cut_short(cutter, start, at, next) ? next : at;
    case '@':
        if (host_end(at + 1, cutter->end)) return at; /* an address */
        /* fallthrough */
    case '!':
    case '#': return is_masked(start, at) && at + 1 < cutter->end && is_ascii_letter(at[1]) ? at + 1 : at;
    case '$': return is_ascii_letter(at[-1]) && at + 1 < cutter->end && (is_ascii_letter(at[1]) || at[1] == '$') ? at + 2 : at;
    default:
        if ((unsigned char)*at < 0x80) return at;
        while (kind_at(cutter, next) == CHAR_INVISIBLE && next < cutter->end) next += utf8_len((unsigned char)*next);
        if (next == at && kind_at(cutter, at) == CHAR_APOSTROPHE) next += utf8_len((unsigned char)*at);
        if (kind_at(cutter, next) == CHAR_MARK) return next; /* also the last sign of a keycap */
    }
    return next > at && is_word_at(cutter, next) ? next : at;
}

/* True where what stands at `at` is cut into clusters: Thai, where the language is cut into characters. */
static inline bool is_cluster_at(const Cutter *cutter, const char *at) {
    return cutter->language->characters && at < cutter->end && (unsigned char)*at == 0xe0 && char_is_thai(utf8_decode(at));
}

/* Letters, marks, digits and what joins them. This loop is where most of the text goes by. */
static const char *word_end(const Cutter *cutter, const char *start, const char *at) {
    const uint8_t *kinds = cutter->kinds;
    const char *end = cutter->end;
    for (;;) {
        while (at < end && (unsigned char)*at < 0x80 && kinds[(unsigned char)*at] <= CHAR_DIGIT) at++;
        if (at == end || *at == ' ') return at;
        if (is_cluster_at(cutter, at)) return at;
        if ((unsigned char)*at >= 0x80 && char_kind_at(kinds, at) <= CHAR_MARK) {
            at += utf8_len((unsigned char)*at);
            continue;
        }
        const char *joined = join_end(cutter, start, at);
        if (joined == at) return at;
        at = joined;
    }
}

/* ---- links ---- */

static bool is_scheme(const char *start, size_t len) {
    static const char *const schemes[] = {"http", "https", "ftp"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strlen(schemes[i]) != len) continue;
        size_t same = 0;
        while (same < len && (start[same] | 32) == schemes[i][same]) same++;
        if (same == len) return true;
    }
    return false;
}

/* Up to a space, a bracket, a quote or a letter outside ASCII, without the punctuation of the sentence around it. */
static const char *url_end(const char *at, const char *end) {
    const char *start = at;
    while (at < end && *at > ' ' && *at < 0x7f && !strchr("<>\"(){}", *at)) at++;
    while (at > start && strchr(".,:;!?'*", at[-1])) at--;
    return at;
}

/* Behind the address that begins with the word start .. at; `at` where it is no address. */
static const char *link_end(const char *start, const char *at, const char *end) {
    size_t len = (size_t)(at - start);
    bool scheme = *at == ':' && end - at > 3 && at[1] == '/' && at[2] == '/' && is_plain(at[3]) && is_scheme(start, len);
    bool www = *at == '.' && len == 3 && (start[0] | 32) == 'w' && (start[1] | 32) == 'w' && (start[2] | 32) == 'w' && end - at > 1 &&
               is_plain(at[1]);
    return scheme || www ? url_end(at + (scheme ? 3 : 1), end) : at;
}

/* ---- numbers ---- */

/* A digit or sign dressed as a key: 1️⃣; 0: it is none. */
static size_t keycap_len(const char *at, const char *end) {
    const char *next = at + 1;
    if (end - next >= 3 && memcmp(next, "\xef\xb8\x8f", 3) == 0) next += 3;
    return end - next >= 3 && memcmp(next, "\xe2\x83\xa3", 3) == 0 ? (size_t)(next + 3 - at) : 0;
}

/* "1) slow 2) rude": the number begins a line of a list. */
static bool is_item(const Cutter *cutter, const char *start, const char *at) {
    bool before = start == cutter->text || start[-1] == ' ' || start[-1] == '\n';
    return before && at - start <= 2 && at < cutter->end && *at == ')' && !cutter->open_brackets && is_gap_at(cutter, at + 1);
}

static const char *take_number(Cutter *cutter, const char *start) {
    const char *end = cutter->end, *at = start + keycap_len(start, end);
    if (starts(start, end, "8-)") && !follows_token(cutter, start) && is_gap_at(cutter, start + 3)) at = start + 3;
    if (at > start) return emit_face(cutter, start, at);
    at = shape_date_end(start, end);
    if (at == start) at = shape_phone_end(start, end);
    if (at > start) return emit(cutter, start, at);
    at = number_end(start, end);
    if (is_item(cutter, start, at)) border_raise(cutter, BORDER_LINE);
    else if (kind_at(cutter, at) == CHAR_CURRENCY) at += utf8_len((unsigned char)*at);
    return emit(cutter, start, at);
}

/* $50; or the signs alone, as in 50 € and $$$. */
static const char *take_currency(Cutter *cutter, const char *start) {
    const char *at = start;
    while (at < cutter->end && kind_at(cutter, at) == CHAR_CURRENCY) at += utf8_len((unsigned char)*at);
    return emit(cutter, start, at < cutter->end && is_digit(*at) ? number_end(at, cutter->end) : at);
}

/* ---- elision, hashtags ---- */

/* Behind the apostrophe of l'hôtel, dell’acqua, where the language has such words; NULL where there is none. */
static const char *elision_end(const Cutter *cutter, const char *start) {
    char word[10];
    size_t len = 0;
    const char *at = start;
    while (len < sizeof word && at < cutter->end && is_ascii_letter(*at)) word[len++] = (char)(*at++ | 32);
    if (!len || len == sizeof word || kind_at(cutter, at) != CHAR_APOSTROPHE) return NULL;
    const char *behind = at + utf8_len((unsigned char)*at);
    if (!is_letter_at(cutter, behind) && kind_at(cutter, behind) != CHAR_NEWLINE) return NULL; /* a rule may speak of the word alone: then it ends the text */
    Span list = cutter->language->elides;
    for (const char *item = list.data, *end = list.data + list.len; item < end;) {
        const char *space = memchr(item, ' ', (size_t)(end - item)), *stop = space ? space : end;
        if (span_equal((Span){item, (size_t)(stop - item)}, (Span){word, len})) return behind;
        item = stop + 1;
    }
    return NULL;
}

/* Behind the particle that is written onto a number (و12 is "and 12"); NULL where there is none. */
static const char *particle_end(const Cutter *cutter, const char *start) {
    static const char particles[] = "وفبلك"; /* and, so, with, for, as: two bytes each */
    for (size_t i = 0; i + 1 < sizeof particles; i += 2)
        if (cutter->end - start > 2 && memcmp(particles + i, start, 2) == 0) return kind_at(cutter, start + 2) == CHAR_DIGIT ? start + 2 : NULL;
    return NULL;
}

/* Letters alone: the h of 1h30. */
static const char *letters_end(const Cutter *cutter, const char *at) {
    while (at < cutter->end && is_letter_at(cutter, at)) at += utf8_len((unsigned char)*at);
    return at;
}

/* Behind a Thai letter with the vowels written before it and the marks and vowels behind it, so that rules cannot match inside: เ-รื่-อ-ง is เรื่ อ ง.
 * All Thai is three bytes a sign. */
static const char *cluster_end(const Cutter *cutter, const char *at) {
    uint32_t point = utf8_decode(at);
    while (point >= 0xe40 && point <= 0xe44 && is_cluster_at(cutter, at + 3)) point = utf8_decode(at += 3);
    for (at += 3; is_cluster_at(cutter, at) && char_is_thai_trail(utf8_decode(at));) at += 3;
    return at;
}

/* A small tsu doubles k, s, t and p; before other hiragana, and at the end, it is emphasis. */
static bool is_idle_tsu(const Cutter *cutter, const char *at) {
    static const char doubled[] = "かきくけこさしすせそたちつてとぱぴぷぺぽ";
    if (utf8_decode(at) != 0x3063) return false;
    const char *next = at + 3;
    if (kind_at(cutter, next) != CHAR_IDEOGRAPH) return true;
    if (!char_is_hiragana(utf8_decode(next))) return false;
    for (size_t i = 0; i + 1 < sizeof doubled; i += 3) {
        if (memcmp(doubled + i, next, 3) == 0) return false;
    }
    return true;
}

/* Behind a kana with the voice marks that are signs of their own; a hiragana with what draws it out, too: ー, a small vowel, a small tsu that
 * doubles no consonant (すっごーい is すごい). Of ー behind katakana, which is spelling, a run is one. */
static const char *kana_end(const Cutter *cutter, const char *at) {
    uint32_t first = utf8_decode(at);
    bool hiragana = char_is_hiragana(first);
    for (at += 3; at + 3 <= cutter->end && (unsigned char)*at >= 0xe3; at += 3) {
        uint32_t point = utf8_decode(at);
        bool voice = point == 0x3099 || point == 0x309a || (char_is_halfwidth(first) && (point == 0xff9e || point == 0xff9f));
        bool drawn = hiragana && (point == 0x30fc || (point <= 0x3049 && point >= 0x3041 && point & 1));
        bool again = (first == 0x30fc || first == 0xff70) && point == first;
        if (!voice && !drawn && !again && !(hiragana && is_idle_tsu(cutter, at))) break;
    }
    return at;
}

static const char *take_word(Cutter *cutter, const char *start) {
    if (is_digit(*start)) return take_number(cutter, start);
    if (is_cluster_at(cutter, start)) return emit(cutter, start, cluster_end(cutter, start));
    const char *at = cutter->language->elides.len ? elision_end(cutter, start) : NULL;
    if (!at && cutter->language->folds & FOLD_ARABIC) at = particle_end(cutter, start);
    if (at) return emit(cutter, start, at);
    if (start > cutter->text && is_digit(start[-1])) {
        at = letters_end(cutter, start);
        if (at < cutter->end && is_digit(*at)) return emit(cutter, start, at);
    }
    at = word_end(cutter, start, start);
    if (at < cutter->end && (*at == ':' || *at == '.')) at = link_end(start, at, cutter->end);
    return emit(cutter, start, at);
}

/* #WorstServiceEver and #worst_service: the words of which a tag is made. A capital begins one after two small letters, so #iPhone stays. */
static const char *take_hashtag(Cutter *cutter, const char *at) {
    const char *start = at + 1, *end = word_end(cutter, start, start);
    size_t small = 0;
    for (at = start; at < end; at += utf8_len((unsigned char)*at)) {
        unsigned kind = kind_at(cutter, at);
        if (*at == '_' || (kind == CHAR_CAPITAL && small > 1)) {
            if (at > start) emit(cutter, start, at);
            start = *at == '_' ? at + 1 : at;
        }
        small = kind == CHAR_LETTER ? small + 1 : 0;
    }
    return start < end ? emit(cutter, start, end) : end;
}

static inline bool is_mail_byte(char byte) { return is_plain(byte) || (byte && strchr("._%+-", byte)); }

/* Where the part of an e-mail address before the '@' begins: at most 64 bytes back, and not inside a link. */
static const char *mailbox_start(const Cutter *cutter, const char *at) {
    const char *start = at;
    while (start > cutter->text && at - start < 64 && is_mail_byte(start[-1])) start--;
    while (start < at && !is_plain(*start)) start++;
    return start;
}

/* Takes back the tokens from `start` on, so that one may take their place; false where one of them begins before it. */
static bool take_back(Cutter *cutter, const char *start) {
    Tokens *tokens = cutter->tokens;
    size_t kept = tokens->count;
    while (kept && cutter->text + tokens->items[kept - 1].start >= start) kept--;
    if (kept == tokens->count || (kept && cutter->text + tokens->items[kept - 1].end > start)) return false;
    resolve(cutter);
    cutter->sentence = tokens->items[kept].sentence;
    cutter->clause = tokens->items[kept].clause;
    cutter->border = BORDER_NONE;
    if (cutter->sentence_first > kept) cutter->sentence_first = kept;
    tokens->count = kept;
    return true;
}

/* @name, or an e-mail address whose first words were cut already. */
static const char *take_at(Cutter *cutter, const char *at) {
    const char *next = at + 1;
    if (follows_token(cutter, at)) {
        const char *start = mailbox_start(cutter, at), *end = host_end(next, cutter->end);
        const Token *last = last_token(cutter);
        bool inside_link = memchr(cutter->text + last->start, '@', last->end - last->start) != NULL;
        if (!end || start == at || inside_link || !take_back(cutter, start)) return next;
        push(cutter, start, end);
        return end;
    }
    while (next < cutter->end && (kind_at(cutter, next) <= CHAR_MARK || *next == '_')) next += utf8_len((unsigned char)*next);
    return next > at + 1 ? emit(cutter, at, next) : next;
}

/* ---- emoji and emoticons ---- */

/* One emoji with all that dresses it: presentation signs, skin tone, tags, and more emoji tied on by U+200D. */
static const char *take_emoji(Cutter *cutter, const char *start) {
    const char *at = start + utf8_len((unsigned char)*start);
    while (at < cutter->end) {
        uint32_t point = utf8_decode(at);
        const char *next = at + utf8_len((unsigned char)*at);
        bool tied = point == 0x200d && kind_at(cutter, next) == CHAR_EMOJI;
        bool dress = point == 0xfe0e || point == 0xfe0f || point == 0x20e3 || (point >= 0x1f3fb && point <= 0x1f3ff) ||
                     (point >= 0xe0020 && point < 0xe0080);
        if (!tied && !dress) break;
        at = tied ? next + utf8_len((unsigned char)*next) : next;
    }
    return emit_face(cutter, start, at);
}

static const char *take_flag(Cutter *cutter, const char *at) {
    return emit_face(cutter, at, kind_at(cutter, at + 4) == CHAR_REGIONAL ? at + 8 : at + 4);
}

static const char *run_end(const char *at, const char *end, char byte) {
    while (at < end && *at == byte) at++;
    return at;
}

/* Eyes : ; = perhaps a tear or a nose, and a mouth. A mouth that is a letter or slash must stand free: a:b, http:/ are none. */
static const char *eyes_end(const Cutter *cutter, const char *at) {
    const char *start = at++, *end = cutter->end;
    if (at < end && *at == '\'') at++;
    bool tear = at - start == 2;
    if (at < end && (*at == '-' || *at == '^')) at++;
    if (at == end || (unsigned char)*at >= 0x80) return NULL;
    bool apart = !follows_token(cutter, start);
    const char *after = *at == '(' || *at == ')' || *at == 'D' ? run_end(at + 1, end, *at) : at + 1;
    bool free = apart && !is_word_at(cutter, after);
    switch (*at) {
    case ')': return after;
    case '(': return is_word_at(cutter, after) ? NULL : after;
    case '[':
    case ']':
    case '|':
    case '*': return free && !tear ? after : NULL;
    case 'D': return free ? after : NULL;
    case 'P':
    case 'p': return free && !tear ? after : NULL;
    case '3': return free && !tear && is_gap_at(cutter, after) ? after : NULL;
    case 'O':
    case 'o': return free && !tear && *start == ':' ? after : NULL;
    case '/':
    case '\\': return free && !tear && is_gap_at(cutter, after) ? after : NULL;
    default: return NULL;
    }
}

/* The end of an emoticon that begins at `at`, NULL if none does. */
static const char *emoticon_end(const Cutter *cutter, const char *at) {
    static const char *const faces[] = {"^_^", "^-^", "^.^", "^o^", ">_<", ">.<", "-_-"};
    const char *end = cutter->end;
    for (size_t i = 0; i < sizeof faces / sizeof *faces; i++) {
        if (starts(at, end, faces[i])) return follows_token(cutter, at) && *at == '-' ? NULL : at + strlen(faces[i]);
    }
    if (starts(at, end, "^^")) return starts(at, end, "^^;") && is_gap_at(cutter, at + 3) ? at + 3 : at + 2;
    if (starts(at, end, "<3") || starts(at, end, "</3")) {
        const char *after = run_end(at + (at[1] == '/' ? 2 : 1), end, '3');
        bool number = is_word_at(cutter, after) ||
                      (end - after > 1 && !is_word_at(cutter, after) && (*after == '.' || *after == ',') && is_digit(after[1]));
        return number ? NULL : after;
    }
    return *at == ':' || *at == ';' || *at == '=' ? eyes_end(cutter, at) : NULL;
}

static const char *take_smile(Cutter *cutter, const char *at) {
    const char *end = emoticon_end(cutter, at);
    if (end) return emit_face(cutter, at, end);
    if (*at == ':' || *at == ';') border_raise(cutter, BORDER_CLAUSE);
    return at + 1;
}

/* A face in brackets, (^_^;) or (>_<): a sign that stands for both eyes, and no words. NULL where there is none. */
static const char *kaomoji_end(const Cutter *cutter, const char *at) {
    static const uint32_t eyes[] = {'^', '>', '<', ';', 'T', '-', 0xb4, 0x2022, 0x25d5, 0x2267, 0x2266, 0x30fb, 0xff9f, 0xb0, 0xca0, 0x256f, 0x256e, 0xff65};
    size_t seen = 0, words = 0;
    bool face = false;
    for (at++; at < cutter->end && seen < 10 && *at != ')'; at += utf8_len((unsigned char)*at), seen++) {
        uint32_t point = utf8_decode(at);
        unsigned kind = kind_at(cutter, at);
        if (kind == CHAR_SPACE || kind == CHAR_NEWLINE || kind == CHAR_DIGIT || kind == CHAR_BRACKET) return NULL;
        words += kind <= CHAR_CAPITAL && point != 'T' && point != 0x3c9 && point != 0x434 && point != 0x414;
        for (size_t i = 0; i < sizeof eyes / sizeof *eyes; i++) face = face || (point == eyes[i] && point != '-');
    }
    return face && seen > 1 && words < 2 && at < cutter->end && *at == ')' ? at + 1 : NULL;
}

/* Brackets; and two or more that close what was never opened, or open before nothing, are a face: "ok)))", "late((". */
static const char *take_brackets(Cutter *cutter, const char *at) {
    const char *kaomoji = *at == '(' ? kaomoji_end(cutter, at) : NULL, *phone = *at == '(' ? shape_phone_end(at, cutter->end) : at;
    if (kaomoji) return emit_face(cutter, at, kaomoji);
    if (phone > at) return emit(cutter, at, phone);
    const char *end = run_end(at, cutter->end, *at);
    size_t count = (size_t)(end - at);
    bool face = count >= 2 && (*at == ')' ? !cutter->open_brackets : is_gap_at(cutter, end));
    if (face) return emit_face(cutter, at, end);
    border_raise(cutter, BORDER_CLAUSE);
    if (*at == '(') cutter->open_brackets += count;
    else cutter->open_brackets -= count < cutter->open_brackets ? count : cutter->open_brackets;
    return end;
}

/* ---- marks ---- */

/* What a run of full stops, exclamation and question marks is made of. */
typedef struct {
    const char *end;
    uint32_t exclamations;
    size_t dots;
    bool loud; /* it ends a sentence whatever follows */
} Stops;

static Stops stops_scan(const Cutter *cutter, const char *at) {
    Stops stops = {0};
    for (; at < cutter->end && char_kind_at(cutter->kinds, at) == CHAR_STOP; at += utf8_len((unsigned char)*at)) {
        uint32_t point = utf8_decode(at);
        if (point == '.') stops.dots++;
        else if (point == 0x2026) stops.dots += 3;
        else stops.loud = true;
        stops.exclamations += point == '!' || point == 0xff01;
    }
    stops.end = at;
    return stops;
}

/* Behind quotes and brackets that close. */
static const char *closers_end(const Cutter *cutter, const char *at) {
    static const uint32_t closers[] = {'"', '\'', ')', ']', 0xbb, 0x2019, 0x201d, 0x300d, 0x300f, 0x3011, 0xff09};
    while (at < cutter->end) {
        uint32_t point = utf8_decode(at);
        size_t i = 0;
        while (i < sizeof closers / sizeof *closers && closers[i] != point) i++;
        if (i == sizeof closers / sizeof *closers) break;
        at += utf8_len((unsigned char)*at);
    }
    return at;
}

/* The kind of the first thing after spaces. */
static unsigned next_kind(const Cutter *cutter, const char *at) {
    while (kind_at(cutter, at) == CHAR_SPACE) at += utf8_len((unsigned char)*at);
    return kind_at(cutter, at);
}

/* One letter before the full stop: an initial (J. Smith), or the end of e.g., p.m., т.е., и т.д., which only ends a sentence where a
 * capital follows, and never after those that introduce something. */
static bool letter_ends(const Cutter *cutter, const char *letter, unsigned kind, unsigned next) {
    bool dotted = letter > cutter->text && letter[-1] == '.';
    uint32_t point = utf8_decode(letter);
    if (kind == CHAR_CAPITAL) return point == 'I' && !dotted;
    if (!dotted) return next == CHAR_CAPITAL || point < 0x80;
    return next == CHAR_CAPITAL && point != 'g' && point != 'e' && point != 0x435 && point != 0x43a && point != 0x43d; /* е к н */
}

/* Does the single full stop at `at`, with a gap behind it, end a sentence? Not after an abbreviation. */
static bool full_stop_ends(Cutter *cutter, const char *at) {
    if (!follows_token(cutter, at)) return true;
    resolve(cutter);
    const Token *last = last_token(cutter);
    const Word *word = &cutter->memo->words[last->word];
    if (!(word->kind & WORD_LETTERS)) return true;
    unsigned next = next_kind(cutter, at + 1);
    const char *start = cutter->text + last->start;
    switch (language_shortened(cutter->memo->languages, cutter->language, word->form->folded)) {
    case SHORTENED_NEVER: return false;
    case SHORTENED_BEFORE_SMALL: return next == CHAR_CAPITAL || next == CHAR_NEWLINE;
    case SHORTENED_BEFORE_DIGIT: return next != CHAR_DIGIT;
    default: break;
    }
    bool single = start + utf8_len((unsigned char)*start) == at;
    return !single || letter_ends(cutter, start, char_kind_at(cutter->kinds, start), next);
}

/* A full stop with no space behind it: a sentence ends between a small letter and a capital (slow.The) and between ideographs. */
static bool tight_stop_ends(const Cutter *cutter, const char *at) {
    if (!follows_token(cutter, at)) return false;
    const Token *last = last_token(cutter);
    const char *before = at - 1;
    while (((unsigned char)*before & 0xc0) == 0x80) before--;
    unsigned kind = char_kind_at(cutter->kinds, before);
    if (kind == CHAR_IDEOGRAPH) return true;
    return kind == CHAR_LETTER && before > cutter->text + last->start && kind_at(cutter, at + 1) == CHAR_CAPITAL;
}

static const char *take_stops(Cutter *cutter, const char *at) {
    Stops stops = stops_scan(cutter, at);
    cutter->tokens->exclamations += stops.exclamations;
    bool gap = is_gap_at(cutter, closers_end(cutter, stops.end));
    bool ends = stops.loud || (stops.dots > 1 ? gap : gap ? full_stop_ends(cutter, at) : tight_stop_ends(cutter, at));
    if (ends) border_raise(cutter, BORDER_SENTENCE);
    else if (stops.dots > 1) border_raise(cutter, BORDER_CLAUSE);
    return stops.end;
}

/* A hyphen is a dash where it stands between spaces or doubled. */
static const char *take_hyphen(Cutter *cutter, const char *at) {
    if (at + 1 < cutter->end && at[1] == '_') {
        const char *face = emoticon_end(cutter, at);
        if (face) return emit_face(cutter, at, face);
    }
    const char *end = run_end(at, cutter->end, '-');
    bool spaced = at > cutter->text && at[-1] == ' ' && is_gap_at(cutter, end);
    if (spaced || end - at > 1) border_raise(cutter, BORDER_CLAUSE);
    return end;
}

/* &name; is a mark like any other, and no word. */
static const char *take_ampersand(const char *at, const char *end) {
    const char *next = at + 1;
    while (next < end && next - at < 10 && (is_plain(*next) || *next == '#')) next++;
    return next > at + 1 && next < end && *next == ';' ? next + 1 : at + 1;
}

/* In a language without spaces, a space between two ideographs is a mark. */
static void space_between(Cutter *cutter, const char *at, const char *next) {
    if (!follows_token(cutter, at) || kind_at(cutter, next) != CHAR_IDEOGRAPH) return;
    if (char_kind_at(cutter->kinds, cutter->text + last_token(cutter)->start) == CHAR_IDEOGRAPH) border_raise(cutter, BORDER_CLAUSE);
}

/* A dash between digits is a range: 5–10. */
static bool is_range(const Cutter *cutter, const char *at, const char *next) {
    return at > cutter->text && is_digit(at[-1]) && next < cutter->end && is_digit(*next);
}

static const char *take_line(Cutter *cutter, const char *next) {
    border_raise(cutter, BORDER_LINE);
    cutter->open_brackets = 0;
    return next;
}

static const char *take(Cutter *cutter, const char *at) {
    const char *next = at + utf8_len((unsigned char)*at);
    switch (char_kind_at(cutter->kinds, at)) {
    case CHAR_LETTER:
    case CHAR_CAPITAL:
    case CHAR_DIGIT: return take_word(cutter, at);
    case CHAR_IDEOGRAPH: return emit(cutter, at, cutter->language->characters && char_is_kana(utf8_decode(at)) ? kana_end(cutter, at) : next);
    case CHAR_SPACE:
        if (cutter->language->characters) space_between(cutter, at, next);
        return next;
    case CHAR_NEWLINE:
    case CHAR_BULLET: return take_line(cutter, next);
    case CHAR_STOP: return take_stops(cutter, at);
    case CHAR_CLAUSE:
        if (!is_range(cutter, at, next)) border_raise(cutter, BORDER_CLAUSE);
        return next;
    case CHAR_HYPHEN: return take_hyphen(cutter, at);
    case CHAR_AT: return take_at(cutter, at);
    case CHAR_AMPERSAND: return take_ampersand(at, cutter->end);
    case CHAR_SMILE: return take_smile(cutter, at);
    case CHAR_BRACKET: return take_brackets(cutter, at);
    case CHAR_CURRENCY: return take_currency(cutter, at);
    case CHAR_KEY: {
        size_t len = keycap_len(at, cutter->end);
        if (len) return emit_face(cutter, at, at + len);
        return *at == '#' && is_letter_at(cutter, next) ? take_hashtag(cutter, at) : next;
    }
    case CHAR_EMOJI: return take_emoji(cutter, at);
    case CHAR_JAMO:
        while (next < cutter->end && kind_at(cutter, next) == CHAR_JAMO) next += utf8_len((unsigned char)*next);
        return emit_face(cutter, at, next);
    case CHAR_REGIONAL: return take_flag(cutter, at);
    default:
        if (starts(at, cutter->end, "\\o/")) return emit_face(cutter, at, at + 3);
        if (*at == '+') {
            const char *phone = shape_phone_end(at, cutter->end);
            if (phone > at) return emit(cutter, at, phone);
        }
        if (*at == '~' && cutter->language->characters) border_raise(cutter, BORDER_CLAUSE);
        return next;
    }
}

void text_tokens(Memo *memo, Span text, const Language *language, Tokens *tokens, Arena *scratch) {
    *tokens = (Tokens){.text = text, .language = language, .words = memo->words};
    if (!text.len) return;
    Cutter cutter; /* not cleared as a whole: pending is 512 bytes */
    cutter.text = text.data;
    cutter.end = text.data + text.len;
    cutter.kinds = memo->languages->kinds;
    cutter.language = language;
    cutter.memo = memo;
    cutter.scratch = scratch;
    cutter.tokens = tokens;
    cutter.capacity = text.len / 4 + 8;
    tokens->items = arena_alloc(scratch, cutter.capacity * sizeof *tokens->items);
    cutter.border = BORDER_NONE;
    cutter.sentence = cutter.clause = 0;
    cutter.sentence_first = cutter.open_brackets = cutter.pending_count = 0;
    for (const char *at = cutter.text; at < cutter.end;) at = take(&cutter, at);
    resolve(&cutter);
    tokens->words = memo->words;
}
