/* worst — hostile texts through the text stage and the shipped lexicons: a byte of them costs at most 3 times what a byte of ordinary text does, and twice the
 * text about twice the time.
 * usage: test_worst [-v] [NAME]   -v prints a table; NAME runs the texts whose names begin so */
#include <stdlib.h>
#include <time.h>

#include "check.h"
#include "base/utf8.h"
#include "plan.h"

#ifdef SANITIZED /* what the sanitizers add is not in proportion */
enum { TIMES = 9 };
#else
enum { TIMES = 3 };
#endif
enum { ROUNDS_MIN = 2, ROUNDS_MAX = 20, LARGE = 1 << 17, RESPONSE = 200 };

typedef struct {
    Plan plan;
    Memo *memo;
    Matcher *matcher;
    Arena scratch;
} Bench;

/* ---- random numbers: xorshift, the same everywhere ---- */

static uint64_t state = 88172645463325252u;

static unsigned draw(unsigned below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state % below);
}

/* ---- what people write ---- */

static const char *const ordinary_en[] = {
    "The waiter was friendly but we waited forty minutes for a table that we had booked.", "I like the new app, it is much faster than the old one.",
    "My order came late and the box was damaged.", "Nobody at the branch could tell me why the fee was charged twice.",
    "Great value for money, would buy again.", "The room smelled of smoke and the air conditioning did not work.",
    "It would be nice if the shop stayed open on Sunday evenings.", "We have been customers for ten years and have never had a problem.",
    "The driver left the parcel with a neighbour without asking.", "Not bad, not great, just an average hotel near the station.",
    "They fixed the leak in an hour and cleaned up after themselves!", "Please answer your phones, I was on hold for half an hour.",
    "Everything fine.", "The instructions are hard to understand for somebody of my age, larger print would help.",
    "I asked for a refund three times; so far there has been no reply."};
static const char *const ordinary_ru[] = {
    "Официант был вежлив, но столик, который мы заказывали, пришлось ждать сорок минут.", "Новое приложение мне нравится, работает заметно быстрее старого.",
    "Заказ пришёл с опозданием, коробка была помята.", "В отделении никто не смог объяснить, почему комиссию списали дважды.",
    "Отличное соотношение цены и качества, куплю ещё.", "В номере пахло дымом, кондиционер не работал.",
    "Хотелось бы, чтобы по воскресеньям магазин работал до вечера.", "Мы ваши клиенты десять лет, и проблем никогда не было.",
    "Курьер оставил посылку у соседей и даже не спросил.", "Обычная гостиница у вокзала, ничего особенного.",
    "Всё хорошо.", "Трижды просил вернуть деньги; до сих пор нет ответа."};
static const char *const ordinary_zh[] = {"服务员很热情，但是我们订好的位子等了四十分钟。", "新的应用我很喜欢，比以前快多了。", "快递来得太晚，箱子也坏了。", "银行里没有人能告诉我为什么扣了两次手续费。",
                                          "性价比很高，下次还会买。",                       "房间里有烟味，空调也坏了。",       "希望周日晚上也能营业。",     "我们是十年的老客户，从来没有出过问题。",
                                          "司机没问就把包裹放在邻居家了。",                 "车站旁边一家普通的酒店，一般般。", "都挺好的。",                 "我要求退款三次，到现在还没有回复。"};

static const struct {
    const char *lang;
    const char *const *sentences;
    unsigned count;
} ordinary[] = {{"en", ordinary_en, sizeof ordinary_en / sizeof *ordinary_en},
                {"ru", ordinary_ru, sizeof ordinary_ru / sizeof *ordinary_ru},
                {"zh", ordinary_zh, sizeof ordinary_zh / sizeof *ordinary_zh}};

/* ---- hostile texts: a piece again and again, or one made by a function ---- */

typedef struct {
    const char *name, *lang, *start, *piece;
    const char *end; /* pieces up to the middle, then these; NULL: pieces to the end */
    void (*make)(Buffer *text, size_t len);
} Text;

static void make_spread(Buffer *text, size_t len) { /* words that nobody has met before */
    while (text->len < len) {
        for (unsigned i = 0, letters = 3 + draw(8); i < letters; i++) buffer_byte(text, (char)('a' + draw(26)));
        buffer_byte(text, draw(12) ? ' ' : '.');
    }
}

static void make_ideographs(Buffer *text, size_t len) {
    char bytes[4];
    while (text->len < len) buffer_append(text, (Span){bytes, utf8_encode(0x4e00 + draw(0x5000), bytes)});
}

static void make_brackets(Buffer *text, size_t len) {
    for (size_t i = 0; text->len < len; i++) buffer_text(text, i < len / 6 ? "(\"a " : "b\") ");
}

static const Text texts[] = {
    {"not", "en", "", "not ", NULL, NULL},
    {"not rude", "en", "", "not not not rude ", NULL, NULL},
    {"not at the end", "en", "", "not ", "rude ", NULL},
    {"не", "ru", "", "не ", NULL, NULL},
    {"не не грубый", "ru", "", "не не не хамил ", NULL, NULL},
    {"不", "zh", "", "不", NULL, NULL},
    {"不不好", "zh", "", "不不不好", NULL, NULL},
    {"but", "en", "", "but good but bad ", NULL, NULL},
    {"clauses", "en", "", "slow, rude, ", NULL, NULL},
    {"sentences", "en", "", "a. ", NULL, NULL},
    {"short sentences", "en", "", "Slow. Rude. ", NULL, NULL},
    {"lines", "en", "", "slow\n", NULL, NULL},
    {"nested", "en", "", "", NULL, make_brackets},
    {"open brackets", "en", "", "(", NULL, NULL},
    {"open, then closed", "en", "", "(", ")", NULL},
    {"bracket words", "en", "", "(a ", ") b", NULL},
    {"quotes", "en", "", "\"", NULL, NULL},
    {"quoted words", "en", "", "\"a\" ", NULL, NULL},
    {"curly quotes", "en", "", "“‘a’” ", NULL, NULL},
    {"one word", "en", "", "a", NULL, NULL},
    {"one word of words", "en", "", "slow", NULL, NULL},
    {"one Russian word", "ru", "", "плохо", NULL, NULL},
    {"one number", "en", "", "1", NULL, NULL},
    {"dotted number", "en", "", "1.", NULL, NULL},
    {"marks", "en", "a", "\u0301", NULL, NULL},
    {"mixed marks", "en", "a", "\u0327\u0301\u0323", NULL, NULL},
    {"Zalgo", "en", "", "z\u0301\u0327\u0323\u0300a\u0301\u0327\u0323\u0300 ", NULL, NULL},
    {"Zalgo 20", "en", "", "z\u0301\u0327\u0323\u0300\u0301\u0327\u0323\u0300\u0301\u0327\u0323\u0300\u0301\u0327\u0323\u0300\u0301\u0327\u0323\u0300 ", NULL, NULL},
    {"emoji", "en", "", "😡", NULL, NULL},
    {"emoji chain", "en", "", "👩\u200d", NULL, NULL},
    {"families", "en", "", "👨\u200d👩\u200d👧 ", NULL, NULL},
    {"skin", "en", "👍", "🏽", NULL, NULL},
    {"flags", "en", "", "🇬🇧", NULL, NULL},
    {"faces", "en", "", ":-( ", NULL, NULL},
    {"mouths", "en", "", ":-)))) ", NULL, NULL},
    {"stops", "en", "", ".", NULL, NULL},
    {"loud", "en", "", "!?", NULL, NULL},
    {"links", "en", "", "http://a.b ", NULL, NULL},
    {"mails", "en", "", "a.b@c.d ", NULL, NULL},
    {"entities", "en", "", "&amp;", NULL, NULL},
    {"tags", "en", "", "<b>", NULL, NULL},
    {"invisible", "en", "", "a\u200b", NULL, NULL},
    {"near", "en", "", "service ", "slow ", NULL},
    {"near, turns", "en", "", "slow service ", NULL, NULL},
    {"near, one word", "en", "", "service ", NULL, NULL},
    {"near, waiting", "en", "", "wait ", "hour ", NULL},
    {"near, waiter", "en", "", "waiter rude ", NULL, NULL},
    {"near, Russian", "ru", "", "долго ", "ждать ", NULL},
    {"near, Chinese", "zh", "", "服务", "慢", NULL},
    {"topics", "en", "", "food ", NULL, NULL},
    {"topics judged", "en", "", "food good ", NULL, NULL},
    {"topics far from judges", "en", "", "food ", "awful ", NULL},
    {"shifter, valence", "en", "", "not good very bad ", NULL, NULL},
    {"boosters", "en", "", "very really so ", NULL, NULL},
    {"wishes", "en", "", "would be nice if ", NULL, NULL},
    {"valence", "en", "", "good awful ", NULL, NULL},
    {"the", "en", "", "the ", NULL, NULL},
    {"I", "en", "", "I ", NULL, NULL},
    {"to be", "en", "", "to be or not to be ", NULL, NULL},
    {"new words", "en", "", "", NULL, make_spread},
    {"new words, Russian rules", "ru", "", "", NULL, make_spread},
    {"ideographs", "zh", "", "", NULL, make_ideographs},
    {"ideograph", "zh", "", "好", NULL, NULL},
    {"whole words", "zh", "", "差不多", NULL, NULL},
    {"whole words that overlap", "zh", "", "差不差不多多", NULL, NULL},
    {"ideographs in English", "en", "", "好", NULL, NULL},
    {"English in Chinese", "zh", "", "slow service ", NULL, NULL},
    {"Chinese without a stop", "zh", "", "服务员态度很差等了两个小时也没有人来", NULL, NULL},
    {"shout", "en", "", "WORST EVER ", NULL, NULL},
    {"hyphens", "en", "", "a-", NULL, NULL},
    {"apostrophes", "en", "", "don't ", NULL, NULL},
    {"spaces", "en", "", " ", NULL, NULL},
    {"replacement", "en", "", "\ufffd", NULL, NULL},
};

static void make_text(const Text *text, size_t len, Buffer *out) {
    state = 88172645463325252u;
    buffer_text(out, text->start);
    if (text->make) {
        text->make(out, len);
        return;
    }
    size_t middle = text->end ? len / 2 : len;
    while (out->len < middle) buffer_text(out, text->piece);
    while (out->len < len) buffer_text(out, text->end);
}

/* Of what people write, about one word in fifteen stands nowhere else: a name, a misspelling. */
static void make_name(size_t which, Buffer *out) {
    static const char *const syllables[][8] = {{"ma", "ri", "ton", "bel", "os", "ka", "len", "dur"}, {"ма", "ри", "тон", "бел", "ос", "ка", "лен", "дур"}};
    if (which > 1) return;
    for (unsigned i = 0, count = 3 + draw(3); i < count; i++) buffer_text(out, syllables[which][draw(8)]);
    buffer_text(out, ". ");
}

static void make_ordinary(size_t which, size_t len, Buffer *out) {
    while (out->len < len) {
        buffer_text(out, ordinary[which].sentences[draw(ordinary[which].count)]);
        buffer_byte(out, ' ');
        make_name(which, out);
    }
}

/* ---- every rule at once: what the rules' own tests say must hit ---- */

static void make_rules(const Bench *bench, const Language *language, size_t len, Buffer *out) {
    size_t count = 0;
    const RuleTest *tests = lexicons_tests(bench->plan.lexicons, language, &count);
    while (count && out->len < len)
        for (size_t i = 0; i < count && out->len < len; i++) {
            if (!tests[i].hit) continue;
            buffer_append(out, tests[i].text);
            buffer_text(out, language->characters ? "，" : ", ");
        }
}

/* ---- time ---- */

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void run_response(Bench *bench, Span text, const Language *language) {
    Tokens tokens;
    Result result;
    if (memo_full(bench->memo)) {
        memo_clear(bench->memo);
        matcher_clear(bench->matcher);
    }
    text_tokens(bench->memo, text, language, &tokens, &bench->scratch);
    matcher_run(bench->matcher, &tokens, ROLE_OPEN, &result, &bench->scratch);
    arena_reset(&bench->scratch);
}

/* Seconds a byte: the text as one response, or cut into responses of about RESPONSE bytes. */
static double cost(Bench *bench, Span text, const Language *language, bool one) {
    memo_clear(bench->memo);
    matcher_clear(bench->matcher);
    double begun = cpu_seconds();
    for (size_t at = 0; at < text.len;) {
        size_t end = one || text.len - at < RESPONSE ? text.len : at + RESPONSE;
        while (end < text.len && ((unsigned char)text.data[end] & 0xc0) == 0x80) end++;
        run_response(bench, (Span){text.data + at, end - at}, language);
        at = end;
    }
    return (cpu_seconds() - begun) / (double)text.len;
}

/* Seconds a byte: of ordinary text in responses; of a hostile one in one response of half the size, in one, and in responses. */
typedef struct {
    double ordinary, half, whole, parts;
} Costs;

/* What is measured: a hostile text, one of half its size, and ordinary text of its language. */
typedef struct {
    Span whole, half, usual;
} Sample;

static void lower(double *best, double found) { *best = found < *best ? found : *best; }

/* The quickest of all rounds so far: whatever else the machine does only adds. */
static void measure(Bench *bench, Sample sample, const Language *language, Costs *costs) {
    lower(&costs->ordinary, cost(bench, sample.usual, language, false));
    lower(&costs->half, cost(bench, sample.half, language, true));
    lower(&costs->whole, cost(bench, sample.whole, language, true));
    lower(&costs->parts, cost(bench, sample.whole, language, false));
}

static bool is_cheap(Costs costs) { return costs.whole <= TIMES * costs.ordinary && costs.parts <= TIMES * costs.ordinary; }

/* A square would give 2, and the caches that a text of twice the size no longer fits cost a little. */
static bool is_linear(Costs costs) { return costs.whole <= 1.6 * costs.half; }

static void check_text(Bench *bench, const char *name, Sample sample, const Language *language, bool verbose) {
    Costs costs = {1, 1, 1, 1};
    for (int i = 0; i < ROUNDS_MIN || (i < ROUNDS_MAX && !(is_cheap(costs) && is_linear(costs))); i++) measure(bench, sample, language, &costs);
    double whole = costs.whole / costs.ordinary, parts = costs.parts / costs.ordinary, twice = 2 * costs.whole / costs.half;
    CHECK(is_cheap(costs), "%s: a byte costs %.1f times (in one response) and %.1f times (in many) what a byte of ordinary text does", name, whole, parts);
    CHECK(is_linear(costs), "%s: twice the text costs %.1f times the time", name, twice);
    if (verbose) printf("%-28s one response %5.2f, many %5.2f times ordinary; twice the text %4.2f times; %5.0f ns/byte\n", name, whole, parts, twice, costs.whole * 1e9);
}

static bool wanted(const char *name, const char *only) { return !only || span_starts(span_of(name), only); }

static size_t ordinary_of(const char *lang) {
    size_t which = 0;
    while (strcmp(ordinary[which].lang, lang) != 0) which++;
    return which;
}

static void check_texts(Bench *bench, const Buffer *usual, const char *only, bool verbose) {
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Buffer whole = {0}, half = {0};
        if (!wanted(texts[i].name, only)) continue;
        make_text(&texts[i], LARGE, &whole);
        make_text(&texts[i], LARGE / 2, &half);
        Sample sample = {buffer_span(&whole), buffer_span(&half), buffer_span(&usual[ordinary_of(texts[i].lang)])};
        check_text(bench, texts[i].name, sample, language_find(bench->plan.languages, span_of(texts[i].lang)), verbose);
        buffer_free(&whole);
        buffer_free(&half);
    }
}

/* Ordinary sentences all in one response, and responses that hit every rule. */
static void check_language(Bench *bench, size_t which, Span usual, const char *only, bool verbose) {
    const Language *language = language_find(bench->plan.languages, span_of(ordinary[which].lang));
    char name[64];
    Buffer half = {0}, rules = {0}, half_rules = {0};
    make_ordinary(which, LARGE / 2, &half);
    make_rules(bench, language, LARGE, &rules);
    make_rules(bench, language, LARGE / 2, &half_rules);
    snprintf(name, sizeof name, "ordinary, %s", ordinary[which].lang);
    if (wanted(name, only)) check_text(bench, name, (Sample){usual, buffer_span(&half), usual}, language, verbose);
    snprintf(name, sizeof name, "every rule, %s", ordinary[which].lang);
    if (wanted(name, only)) check_text(bench, name, (Sample){buffer_span(&rules), buffer_span(&half_rules), usual}, language, verbose);
    buffer_free(&half);
    buffer_free(&rules);
    buffer_free(&half_rules);
}

enum { ORDINARIES = sizeof ordinary / sizeof *ordinary };

int main(int count, char **arguments) {
    Arena keep = {0};
    Bench bench = {0};
    Fail fail;
    setvbuf(stdout, NULL, _IOLBF, 0);
    bool verbose = count > 1 && strcmp(arguments[1], "-v") == 0;
    const char *only = count > 1 + verbose ? arguments[1 + verbose] : NULL;
    Options options = {.lexicons = SOURCE_DIR "/lexicons"};
    if (!plan_open(&options, &keep, &bench.plan, &fail)) {
        fail_print(&fail);
        return 2;
    }
    bench.memo = memo_open(bench.plan.languages, 1 << 16);
    bench.matcher = matcher_open(bench.plan.lexicons);
    Buffer usual[ORDINARIES] = {0};
    for (size_t i = 0; i < ORDINARIES; i++) make_ordinary(i, LARGE, &usual[i]);
    check_texts(&bench, usual, only, verbose);
    for (size_t i = 0; i < ORDINARIES; i++) check_language(&bench, i, buffer_span(&usual[i]), only, verbose);
    for (size_t i = 0; i < ORDINARIES; i++) buffer_free(&usual[i]);
    matcher_close(bench.matcher);
    memo_close(bench.memo);
    plan_close(&bench.plan);
    arena_free(&bench.scratch);
    arena_free(&keep);
    return check_end();
}
