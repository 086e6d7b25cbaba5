/* A text to tokens: the first byte picks the language (A the first of languages.tsv), bytes that are no UTF-8 become U+FFFD. */
#include "base/json.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "text/text.h"

static Arena forever;
static const Languages *languages;
static Memo *memo, *other_memo;

static void start(void) {
    Fail fail;
    if (memo) return;
    MUST(languages_open(SOURCE_DIR "/lexicons", &forever, &languages, &fail));
    memo = memo_open(languages, 1 << 10);
    other_memo = memo_open(languages, 1 << 10);
}

/* Up to size bytes of valid UTF-8, in memory of just that size: a sanitizer sees a read behind the end. */
static Span make_valid(Span bytes) {
    Buffer valid = {0};
    size_t bad;
    while (!utf8_check(bytes, &bad)) {
        buffer_append(&valid, (Span){bytes.data, bad});
        buffer_text(&valid, "\xef\xbf\xbd");
        bytes = (Span){bytes.data + bad + 1, bytes.len - bad - 1};
    }
    buffer_append(&valid, bytes);
    char *exact = memory_alloc(valid.len);
    if (valid.len) memcpy(exact, valid.data, valid.len);
    Span text = {exact, valid.len};
    buffer_free(&valid);
    return text;
}

static void check_tokens(const Tokens *tokens) {
    uint32_t end = 0;
    size_t bad;
    for (size_t i = 0; i < tokens->count; i++) {
        const Token *token = &tokens->items[i], *before = i ? token - 1 : NULL;
        const Word *word = &tokens->words[token->word];
        MUST(token->start >= end && token->end > token->start && token->end <= tokens->text.len);
        MUST(fuzz_is_border(tokens->text, token->start) && fuzz_is_border(tokens->text, token->end));
        MUST(before ? token->sentence - before->sentence <= 1 && token->clause - before->clause <= 1 : !token->sentence && !token->clause);
        MUST(!before || token->sentence == before->sentence || token->clause > before->clause);
        MUST(word->kind && span_equal(word->surface, (Span){tokens->text.data + token->start, token->end - token->start}));
        for (const Form *form = word->form; form; form = form->next) {
            MUST(form->folded.len && form->stem.len && utf8_check(form->folded, &bad) && utf8_check(form->stem, &bad));
            MUST(!form->plain.len || (form->plain_stem.len && utf8_check(form->plain, &bad) && utf8_check(form->plain_stem, &bad)));
        }
        end = token->end;
    }
}

static bool same_forms(const Form *one, const Form *other) {
    for (; one && other; one = one->next, other = other->next)
        if (!span_equal(one->folded, other->folded) || !span_equal(one->stem, other->stem) || !span_equal(one->plain, other->plain)) return false;
    return !one && !other;
}

/* The same word, `shift` bytes further in. */
static bool same_token(const Tokens *a, size_t i, const Tokens *b, size_t j, size_t shift) {
    const Token *one = &a->items[i], *other = &b->items[j];
    const Word *word = &a->words[one->word], *other_word = &b->words[other->word];
    return one->start + shift == other->start && one->end + shift == other->end && word->kind == other_word->kind && same_forms(word->form, other_word->form);
}

static void check_same(const Tokens *a, const Tokens *b) {
    MUST(a->count == b->count && a->exclamations == b->exclamations);
    for (size_t i = 0; i < a->count; i++) MUST(same_token(a, i, b, i, 0) && a->items[i].sentence == b->items[i].sentence && a->items[i].clause == b->items[i].clause);
}

static Tokens cut(Memo *with, Span text, const Language *language, Arena *scratch) {
    Tokens tokens;
    text_tokens(with, text, language, &tokens, scratch);
    check_tokens(&tokens);
    return tokens;
}

/* A line end parts all: two lines are cut as each of them is. */
static void check_lines(Span text, const Language *language, Arena *scratch) {
    const char *feed = text.len ? memchr(text.data, '\n', text.len) : NULL;
    if (!feed) return;
    size_t left_len = (size_t)(feed - text.data), shift = left_len + 1;
    Tokens all = cut(memo, text, language, scratch);
    Tokens left = cut(memo, (Span){text.data, left_len}, language, scratch), right = cut(memo, (Span){feed + 1, text.len - shift}, language, scratch);
    all.words = left.words = right.words; /* they may have moved */
    MUST(all.count == left.count + right.count && all.exclamations == left.exclamations + right.exclamations);
    for (size_t i = 0; i < left.count; i++) MUST(same_token(&left, i, &all, i, 0));
    for (size_t i = 0; i < right.count; i++) MUST(same_token(&right, i, &all, left.count + i, shift));
    if (left.count && right.count) MUST(all.items[left.count].sentence == all.items[left.count - 1].sentence + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size) return 0;
    start();
    Arena scratch = {0};
    Span text = make_valid(fuzz_rest(data, size, 1));
    const Language *guess = language_guess(languages, text);
    MUST(!guess || guess == languages_at(languages, guess->index));
    const Language *language = languages_at(languages, (data[0] + 256u - 'A') % 256 % languages_count(languages));
    Tokens tokens = cut(memo, text, language, &scratch);
    Tokens again = cut(other_memo, text, language, &scratch); /* its words were met in another order */
    check_same(&tokens, &again);
    check_lines(text, language, &scratch);
    if (memo_full(memo)) memo_clear(memo);
    if (memo_full(other_memo) || size % 16 == 0) memo_clear(other_memo);
    arena_free(&scratch);
    memory_free((void *)(uintptr_t)text.data);
    return 0;
}
