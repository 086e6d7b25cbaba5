/* score, coders, bootstrap, calibration, mistakes: tables worked out by hand, Krippendorff's own examples, and that parts merged are the whole. */
#include "check.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "calibration.h"
#include "coders.h"
#include "mistakes.h"
#include "score.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool near_to(double found, double expected) { return isnan(expected) ? isnan(found) : fabs(found - expected) < 5e-4; }

#define CHECK_NEAR(found, expected, name) CHECK(near_to((found), (expected)), "%s: found %.5f, expected %.5f", (name), (double)(found), (double)(expected))

/* ---- one label ---- */

static void test_agreements(void) {
    static const struct {
        const char *name;
        Agreement agreement;
        uint64_t decisions;
        double f1, hamming, kappa, alpha;
    } rows[] = {
        /* Of 50 proposals, one reader accepts 25, the other 30, 20 of them the same: o = .7, e = .5. Pairs: yes-yes 40, yes-no 15, no-no 30. */
        {"two readers", {20, 25, 30}, 50, 0.72727, 0.3, 0.4, 1 - 99 * 30.0 / (2 * 55 * 45)},
        /* Meg and Owen, 10 units (Krippendorff 2011, example A): alpha .095 */
        {"Krippendorff's A", {1, 4, 2}, 10, 0.33333, 0.4, 1 - 0.4 / (1 - 0.56), 0.095},
        {"all right", {3, 3, 3}, 9, 1, 0, 1, 1},
        {"all wrong", {0, 2, 2}, 4, 0, 1, -1, 1 - 7 * 8.0 / 32},
        {"always", {5, 5, 5}, 5, 1, 0, NAN, NAN},
        {"never", {0, 0, 0}, 5, 0, 0, NAN, NAN},
        {"tagged without any gold", {0, 1, 0}, 5, 0, 0.2, 0, 0},
        {"no texts", {0, 0, 0}, 0, 0, NAN, NAN, NAN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_NEAR(agreement_f1(rows[i].agreement), rows[i].f1, rows[i].name);
        CHECK_NEAR(agreement_hamming(rows[i].agreement, rows[i].decisions), rows[i].hamming, rows[i].name);
        CHECK_NEAR(agreement_kappa(rows[i].agreement, rows[i].decisions), rows[i].kappa, rows[i].name);
        CHECK_NEAR(agreement_alpha(rows[i].agreement, rows[i].decisions), rows[i].alpha, rows[i].name);
    }
}

/* ---- several coders ---- */

/* Krippendorff 2011, example C: four observers, twelve units, some values missing, one unit seen by one observer; nominal alpha .743. A unit a string of
 * its values. */
static const char *const units[] = {"111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"};

static void test_nominal(void) {
    enum { CLASSES = 5 };
    double pairs[CLASSES * CLASSES] = {0};
    for (size_t unit = 0; unit < COUNT(units); unit++) {
        size_t count = strlen(units[unit]);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++)
                if (i != j) pairs[(units[unit][i] - '1') * CLASSES + units[unit][j] - '1'] += 1.0 / (double)(count - 1);
    }
    CHECK_NEAR(alpha_nominal(pairs, CLASSES), 0.7434, "Krippendorff's C");
    CHECK_NEAR(alpha_nominal((double[]){4, 0, 0, 0}, 2), NAN, "one value only");
}

/* Each coder's set is a string of one-letter labels; coders stand between spaces. */
static void add_text(Coders *coders, const char *text) {
    Span labels[16][8];
    LabelSet sets[16] = {{labels[0], 0}};
    size_t count = 1;
    for (; *text; text++) {
        if (*text == ' ') sets[count] = (LabelSet){labels[count], 0}, count++;
        else labels[count - 1][sets[count - 1].count++] = (Span){text, 1};
    }
    coders_add(coders, sets, count);
}

static size_t label_of(const Coders *coders, const char *name) { return table_get(&coders->labels, span_of(name)); }

static void test_coders(void) {
    Coders coders = {0}, parts[2];
    memset(parts, 0, sizeof parts);
    for (size_t unit = 0; unit < COUNT(units); unit++) {
        char text[16] = "";
        int values[4];
        size_t count = 0;
        for (size_t i = 0; units[unit][i]; i++) {
            size_t len = strlen(text);
            snprintf(text + len, sizeof text - len, "%s%c", i ? " " : "", units[unit][i]);
            if (units[unit][i] < '5') values[count++] = units[unit][i] - '1';
        }
        Coders *part = &parts[unit % 2];
        add_text(&coders, text), coders_add_sentiments(&coders, values, count);
        add_text(part, text), coders_add_sentiments(part, values, count);
    }
    coders_merge(&parts[0], &parts[1]);
    /* Worked out apart from this program, pair by pair. */
    static const double alphas[] = {0.7204, 0.6667, 0.74, 0.7771, 1};
    for (Coders *each = &coders;; each = &parts[0]) {
        CHECK(each->texts == 11 && each->values == 40, "found %d texts, %d values", (int)each->texts, (int)each->values);
        for (int i = 0; i < 5; i++) CHECK_NEAR(coders_alpha(each, label_of(each, (char[]){(char)('1' + i), 0})), alphas[i], "of each value");
        CHECK_NEAR(coders_alpha_pooled(each), 0.75125, "pooled");
        CHECK_NEAR(coders_alpha_sentiment(each), 0.71026, "nominal, of four classes");
        if (each == &parts[0]) break;
    }
    CHECK(coders_alpha_sets(&coders) == coders_alpha_sets(&parts[0]), "sets of merged parts");
    coders_free(&coders);
    for (size_t i = 0; i < 2; i++) coders_free(&parts[i]);
}

static void test_sets(void) {
    static const struct {
        const char *a, *b;
        uint64_t distance;
    } rows[] = {{"", "", 0}, {"ab", "ab", 0}, {"a", "b", 1000000}, {"", "a", 1000000}, {"a", "ab", 666667}, {"ab", "bc", 888889}, {"abc", "bcd", 833333}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Span labels[2][4];
        LabelSet sets[2] = {{labels[0], 0}, {labels[1], 0}};
        for (const char *at = rows[i].a; *at; at++) labels[0][sets[0].count++] = (Span){at, 1};
        for (const char *at = rows[i].b; *at; at++) labels[1][sets[1].count++] = (Span){at, 1};
        CHECK(masi_distance(sets[0], sets[1]) == rows[i].distance && masi_distance(sets[1], sets[0]) == rows[i].distance, "'%s' and '%s': found %d", rows[i].a, rows[i].b,
              (int)masi_distance(sets[0], sets[1]));
    }
    static const char *const texts[] = {"ab ba b", " c", "abc ab bcd abc", "a aa", "d", "c d"};
    Coders coders = {0};
    CHECK_NEAR(coders_alpha_sets(&coders), NAN, "no texts");
    CHECK_NEAR(coders_alpha_pooled(&coders), NAN, "no texts");
    for (size_t i = 0; i < COUNT(texts); i++) add_text(&coders, texts[i]);
    CHECK_NEAR(coders_alpha_sets(&coders), 0.25322, "MASI"); /* worked out apart from this program */
    coders_free(&coders);
}

/* ---- resamples ---- */

static void test_random(void) {
    /* Published first outputs of SplitMix64 from state 1234567. */
    static const uint64_t expect[] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u, 16408922859458223821u};
    uint64_t state = 1234567;
    for (size_t i = 0; i < COUNT(expect); i++) CHECK(random_next(&state) == expect[i], "number %d", (int)i);
}

/* Mean 1, variance 1, of each text and of each resample. */
static void test_draws(void) {
    enum { TEXTS = 2000, RESAMPLES = 500 };
    static uint32_t sums[RESAMPLES];
    uint8_t draws[RESAMPLES], again[RESAMPLES];
    double sum = 0, squares = 0, spread = 0;
    for (uint64_t text = 0; text < TEXTS; text++) {
        bootstrap_draws(text, 7, RESAMPLES, draws);
        for (size_t i = 0; i < RESAMPLES; i++) sum += draws[i], squares += draws[i] * draws[i], sums[i] += draws[i];
    }
    double all = (double)TEXTS * RESAMPLES;
    CHECK(fabs(sum / all - 1) < 0.005, "mean %.4f", sum / all);
    CHECK(fabs(squares / all - 2) < 0.02, "mean square %.4f", squares / all);
    for (size_t i = 0; i < RESAMPLES; i++) spread += ((double)sums[i] - TEXTS) * ((double)sums[i] - TEXTS) / RESAMPLES / TEXTS;
    CHECK(fabs(spread - 1) < 0.25, "texts are drawn independently: variance of sums %.3f", spread);
    bootstrap_draws(3, 7, RESAMPLES, draws);
    bootstrap_draws(3, 7, 101, again);
    CHECK(memcmp(draws, again, 101) == 0, "fewer resamples are the first of more");
    bootstrap_draws(3, 8, RESAMPLES, again);
    CHECK(memcmp(draws, again, RESAMPLES) != 0, "another seed, other draws");
}

static void test_interval(void) {
    double values[1001], few[] = {NAN, 3, 1, NAN};
    for (size_t i = 0; i < 1001; i++) values[i] = (double)((i * 376) % 1001);
    Interval interval = bootstrap_interval(values, 1001);
    CHECK(interval.low == 25 && interval.high == 975, "found %g to %g", interval.low, interval.high);
    interval = bootstrap_interval(few, 4);
    CHECK(fabs(interval.low - 1.05) < 1e-9 && fabs(interval.high - 2.95) < 1e-9, "found %g to %g", interval.low, interval.high);
    few[0] = NAN;
    CHECK(isnan(bootstrap_interval(few, 1).low), "nothing but NAN");
}

/* ---- Scores ---- */

typedef struct {
    const char *row, *gold, *given; /* labels by their letters: a is net a, b is net.b, c is net.c, ...; gold NULL: not labelled */
    int gold_sentiment, given_sentiment;
} Text;

static Span letter(char name) {
    static const char *const names[] = {"a", "net.b", "net.c", "other.d"};
    return span_of(names[name - 'a']);
}

static void add(Scores *scores, uint64_t hash, Text text) {
    Span gold[8], given[8];
    size_t gold_count = 0, given_count = 0;
    uint8_t draws[1000];
    for (const char *at = text.gold ? text.gold : ""; *at; at++) gold[gold_count++] = letter(*at);
    for (const char *at = text.given; *at; at++) given[given_count++] = letter(*at);
    bootstrap_draws(hash, 1, scores->resamples, draws);
    scores_add(scores, span_of(text.row), text.gold ? gold : NULL, gold_count, given, given_count, text.gold_sentiment, text.given_sentiment, draws);
}

static size_t label_in(const Scores *scores, char name) { return table_get(&scores->labels, letter(name)); }

static void test_scores(void) {
    static const Text texts[] = {
        {"en", "a", "a", 0, 0}, {"en", "ab", "a", 0, 3}, {"en", "", "c", 3, 3}, {"en", "b", "bd", -1, 0}, {"ru", "a", "", 3, 3}, {"ru", NULL, "a", 1, 0},
    };
    Scores scores = {.resamples = 100};
    for (size_t i = 0; i < COUNT(texts); i++) add(&scores, i, texts[i]);
    scores_finish(&scores);
    /* a: 2 of 2 tagged, 3 gold; b: 1 of 1, 2; c: 0 of 1, 0, its net is coded; d: its net is not. */
    Agreement micro = scores_micro(&scores, SIZE_MAX);
    CHECK(micro.both == 3 && micro.tagged == 4 && micro.gold == 5, "found %d, %d, %d", (int)micro.both, (int)micro.tagged, (int)micro.gold);
    CHECK(scores_labels(&scores) == 3 && !scores_coded(&scores, label_in(&scores, 'd')) && scores_coded(&scores, label_in(&scores, 'c')), "coded labels");
    CHECK(scores_net_coded(&scores, SPAN("net.else")) && !scores_net_coded(&scores, SPAN("other.d")) && !scores_net_coded(&scores, SPAN("new")), "coded nets");
    CHECK_NEAR(agreement_hamming(micro, 15), 0.2, "Hamming: 3 of 5 texts by 3 labels");
    CHECK_NEAR(scores_macro(&scores, SIZE_MAX, 1), (0.8 + 2.0 / 3) / 2, "macro");
    CHECK_NEAR(scores_macro(&scores, SIZE_MAX, 3), 0.8, "macro, labels with 3 or more");
    CHECK_NEAR(scores_weighted(&scores, SIZE_MAX), (3 * 0.8 + 2 * 2.0 / 3) / 5, "weighted");
    size_t ru = scores_row(&scores, SPAN("ru"));
    CHECK(scores_texts(&scores, ru) == 1 && scores_sentiments(&scores, ru) == 2 && scores_texts(&scores, SIZE_MAX) == 5, "texts");
    CHECK(scores_row(&scores, SPAN("de")) == 2 && !scores_texts(&scores, 2), "a row that is not there");
    /* Sentiment: negative 1 of 2, positive 2 of 2, neutral 0 of 1; given negative 2, positive 3. F1: .5, .8, 0. */
    CHECK_NEAR(scores_sentiment_macro(&scores, SIZE_MAX), 1.3 / 3, "sentiment macro-F1");
    CHECK_NEAR(scores_sentiment_accuracy(&scores, SIZE_MAX), 0.6, "accuracy");
    CHECK_NEAR(scores_sentiment_kappa(&scores, SIZE_MAX), (0.6 - 0.4) / 0.6, "kappa: chance is (2*2 + 2*3) / 25");
    /* Values: negative 4, neutral 1, positive 5; pairs that differ, from both ends: 4. */
    CHECK_NEAR(scores_sentiment_alpha(&scores, SIZE_MAX), 1 - 9 * 4.0 / (100 - 42), "alpha");
    scores_free(&scores);
}

static bool same_interval(Interval a, Interval b) { return memcmp(&a, &b, sizeof a) == 0 || (isnan(a.low) && isnan(b.low)); }

static void check_same(const Scores *whole, const Scores *merged, const char *name) {
    for (size_t i = 0; i < whole->name_count; i++) {
        size_t other = table_get(&merged->labels, whole->names[i]);
        Agreement a = scores_label(whole, SIZE_MAX, i), b = scores_label(merged, SIZE_MAX, other);
        CHECK(memcmp(&a, &b, sizeof a) == 0, "%s: counts of label %d", name, (int)i);
        CHECK(same_interval(scores_label_interval(whole, i), scores_label_interval(merged, other)), "%s: interval of label %d", name, (int)i);
    }
    CHECK(whole->row_count == merged->row_count, "%s: rows", name);
    for (size_t i = 0; i <= whole->row_count; i++) {
        size_t row = i < whole->row_count ? i : SIZE_MAX, other = i < whole->row_count ? scores_row(merged, whole->row_names[i]) : SIZE_MAX;
        CHECK(same_interval(scores_micro_interval(whole, whole, row), scores_micro_interval(merged, merged, other)), "%s: micro of row %d", name, (int)i);
        CHECK(same_interval(scores_micro_interval(whole, merged, row), scores_micro_interval(merged, whole, other)), "%s: micro by tags of row %d", name, (int)i);
        CHECK(same_interval(scores_sentiment_interval(whole, row), scores_sentiment_interval(merged, other)), "%s: sentiment of row %d", name, (int)i);
        CHECK(scores_sentiment_kappa(whole, SIZE_MAX) == scores_sentiment_kappa(merged, SIZE_MAX), "%s: kappa", name);
    }
    CHECK(same_interval(scores_weighted_interval(whole), scores_weighted_interval(merged)), "%s: weighted", name);
}

/* Texts that are right four times out of five, in as many rows. */
static Text make_text(uint64_t number, size_t rows, char row[8]) {
    static const char *const sets[] = {"", "a", "b", "ac", "bc", "abc", "d", "acd"};
    uint64_t state = number;
    uint64_t bits = random_next(&state);
    snprintf(row, 8, "%d", (int)(bits % rows));
    const char *gold = sets[bits >> 8 & 7];
    int sentiment = (int)(bits >> 16 & 3);
    bool right = (bits >> 20) % 5 > 0;
    return (Text){row, gold, right ? gold : sets[bits >> 12 & 7], sentiment, right ? sentiment : (int)(bits >> 18 & 3)};
}

static void test_merge(void) {
    static const struct {
        const char *name;
        size_t rows, texts;
        bool row_intervals;
    } rows[] = {{"few rows", 7, 600, true}, {"as many rows as may be", ROWS_RESAMPLED, 3000, true}, {"too many rows", 2 * ROWS_RESAMPLED, 3000, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Scores whole = {.resamples = 50}, parts[3] = {{.resamples = 50}, {.resamples = 50}, {.resamples = 50}}, merged = {.resamples = 50};
        for (size_t j = 0; j < rows[i].texts; j++) {
            char row[8];
            Text text = make_text(j, rows[i].rows, row);
            add(&whole, j, text);
            add(&parts[j % 7 % 3], j, text);
        }
        for (size_t j = 3; j-- > 0;) scores_merge(&merged, &parts[j]), scores_free(&parts[j]);
        scores_finish(&whole), scores_finish(&merged);
        check_same(&whole, &merged, rows[i].name);
        CHECK(isnan(scores_micro_interval(&whole, &whole, 0).low) != rows[i].row_intervals, "%s: intervals of rows", rows[i].name);
        CHECK(!isnan(scores_micro_interval(&whole, &whole, SIZE_MAX).low), "%s: interval of all", rows[i].name);
        scores_free(&whole), scores_free(&merged);
    }
}

/* F1 of one label is a ratio whose spread is known: the interval is about as wide as the delta method says, and holds the figure. */
static void test_width(void) {
    enum { TEXTS = 2000 };
    Scores scores = {.resamples = 1000};
    for (size_t i = 0; i < TEXTS; i++) {
        char row[8];
        add(&scores, i, make_text(i, 3, row));
    }
    scores_finish(&scores);
    size_t label = label_in(&scores, 'a');
    Agreement one = scores_label(&scores, SIZE_MAX, label);
    double f1 = agreement_f1(one), both = (double)one.both, wrong = (double)(one.tagged + one.gold) - 2 * both;
    /* F1 = 2b / (2b + w), b and w Poisson: variance 4 b w (b + w) / (2b + w)^4. */
    double deviation = sqrt(4 * both * wrong * (both + wrong)) / pow(2 * both + wrong, 2);
    Interval interval = scores_label_interval(&scores, label);
    CHECK(interval.low < f1 && f1 < interval.high, "%.4f in %.4f to %.4f", f1, interval.low, interval.high);
    CHECK(fabs((interval.high - interval.low) / (2 * 1.96 * deviation) - 1) < 0.15, "found width %.4f, expected %.4f", interval.high - interval.low, 2 * 1.96 * deviation);
    Interval macro = scores_macro_interval(&scores, 5), micro = scores_micro_interval(&scores, &scores, SIZE_MAX), sentiment = scores_sentiment_interval(&scores, SIZE_MAX);
    double figures[] = {scores_macro(&scores, SIZE_MAX, 5), agreement_f1(scores_micro(&scores, SIZE_MAX)), scores_sentiment_macro(&scores, SIZE_MAX)};
    Interval intervals[] = {macro, micro, sentiment};
    for (size_t i = 0; i < 3; i++)
        CHECK(intervals[i].low < figures[i] && figures[i] < intervals[i].high && intervals[i].high - intervals[i].low < 0.1, "%.4f in %.4f to %.4f", figures[i], intervals[i].low,
              intervals[i].high);
    CHECK(isnan(scores_micro_interval(&scores, &scores, 3).low), "a row that is not there");
    scores_free(&scores);
}

/* ---- calibration ---- */

static void test_calibration(void) {
    Sureness two[] = {{9000, 2, 2}, {5000, 4, 2}, {9000, 4, 4}, {100, 0, 0}};
    Calibration found = calibration_of(two, COUNT(two));
    CHECK(found.tags == 10 && found.bin_count == 2, "found %d tags, %d bins", (int)found.tags, (int)found.bin_count);
    CHECK_NEAR(found.error, 0.4 * 0 + 0.6 * 0.1, "error");
    CHECK_NEAR(found.brier, (4 * 0.25 + 6 * 0.01) / 10, "Brier");
    CHECK(found.bins[1].low == 9000 && found.bins[1].high == 9000 && found.bins[1].tags == 6 && found.bins[1].right == 6, "the second bin");
    Sureness twenty[20];
    for (uint32_t i = 0; i < 20; i++) twenty[(i * 7) % 20] = (Sureness){500 * i, 1, i % 2};
    found = calibration_of(twenty, 20);
    CHECK(found.bin_count == 10, "found %d bins", (int)found.bin_count);
    for (size_t i = 0; i < found.bin_count; i++)
        CHECK(found.bins[i].tags == 2 && found.bins[i].right == 1 && found.bins[i].low == 1000 * i && found.bins[i].high == 1000 * i + 500, "bin %d", (int)i);
    /* Means of p are .025, .125, ... .925; half is right in each. */
    CHECK_NEAR(found.error, (0.475 + 0.375 + 0.275 + 0.175 + 0.075 + 0.025 + 0.125 + 0.225 + 0.325 + 0.425) / 10, "error of ten");
    found = calibration_of(NULL, 0);
    CHECK(isnan(found.error) && isnan(found.brier) && !found.bin_count, "no tags");
}

/* ---- mistakes ---- */

static void test_mistakes(void) {
    enum { MOST = 7, LINES = 200 };
    Mistakes forth = {0}, back = {0}, parts[2] = {{0}, {0}}, none = {0};
    for (size_t turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < LINES; i++) {
            uint64_t state = turn ? LINES - 1 - i : i, number = state, bits = random_next(&state);
            char line[32];
            Span text = {line, (size_t)snprintf(line, sizeof line, "%d", (int)number)};
            uint32_t rank = (uint32_t)(bits % 60);
            uint64_t hash = bits >> 32 & 3; /* lines decide, too */
            Mistakes *list = turn ? &back : &forth;
            bool wanted = mistakes_want(list, MOST, rank, hash);
            mistakes_take(list, MOST, rank, hash, text);
            if (!wanted) CHECK(list->count == MOST && !span_equal(list->items[MOST - 1].line, text), "not wanted, and kept");
            if (!turn) mistakes_take(&parts[number % 2], MOST, rank, hash, text);
        }
    mistakes_merge(&parts[0], &parts[1], MOST);
    CHECK(forth.count == MOST && back.count == MOST && parts[0].count == MOST, "found %d, %d, %d", (int)forth.count, (int)back.count, (int)parts[0].count);
    for (size_t i = 0; i < MOST; i++) {
        CHECK_SPAN(back.items[i].line, forth.items[i].line, "the other way round");
        CHECK_SPAN(parts[0].items[i].line, forth.items[i].line, "parts merged");
        CHECK(!i || forth.items[i - 1].rank >= forth.items[i].rank, "worst first");
    }
    CHECK(!mistakes_want(&none, 0, 1, 1), "none are wanted");
    mistakes_take(&none, 0, 1, 1, SPAN("a"));
    CHECK(!none.count, "none is kept");
    mistakes_free(&forth), mistakes_free(&back), mistakes_free(&parts[0]), mistakes_free(&parts[1]);
}

static Span rule_name(const void *context, const Language *language, uint32_t rule) {
    (void)context, (void)language, (void)rule;
    return SPAN("en/a/1");
}

static void check_line(MistakeFacts facts, const char *expect, const char *name) {
    Buffer line = {0};
    mistake_line(&line, &facts, (RuleNames){rule_name, NULL});
    CHECK_SPAN(buffer_span(&line), span_of(expect), name);
    buffer_free(&line);
}

static void test_lines(void) {
    Hit hits[] = {{.start = 0, .end = 4}, {.start = 5, .end = 8}};
    Tag tag = {.p = 8250, .first_hit = 1, .hit_count = 1};
    Seen seen = {.doc = {.id = SPAN("r\"1"), .text = SPAN("\xc3\xa9\xc3\xa9 bad"), .question = SPAN("Why?\n")}, .result = {.hits = hits, .score = {.label = SENTIMENT_NEGATIVE, .negative = 40}}};
    Span gold = SPAN("a.b"), given = SPAN("c.d:negative");
    Marked marked = {.gold = {&gold, 1, 0}, .given = {&given, 1, 0}};
    check_line((MistakeFacts){"false_positive", given, tag.p, &tag, &seen, &marked, -1},
               "{\"kind\":\"false_positive\",\"label\":\"c.d:negative\",\"p\":0.8250,\"id\":\"r\\\"1\",\"lang\":\"und\",\"question\":\"Why?\\n\",\"text\":\"\xc3\xa9\xc3\xa9 bad\",\"gold\":[\"a.b\"],"
               "\"given\":[\"c.d:negative\"],\"sentiment\":{\"given\":\"negative\",\"score\":-0.40},\"evidence\":[{\"start\":3,\"end\":6,\"text\":\"bad\",\"rule\":\"en/a/1\"}]}\n",
               "a tag");
    hits[1].rule = HIT_OF_MODEL;
    seen.doc.question = (Span){0};
    check_line((MistakeFacts){"false_positive", given, tag.p, &tag, &seen, &marked, -1},
               "{\"kind\":\"false_positive\",\"label\":\"c.d:negative\",\"p\":0.8250,\"id\":\"r\\\"1\",\"lang\":\"und\",\"text\":\"\xc3\xa9\xc3\xa9 bad\",\"gold\":[\"a.b\"],"
               "\"given\":[\"c.d:negative\"],\"sentiment\":{\"given\":\"negative\",\"score\":-0.40},\"evidence\":[{\"start\":3,\"end\":6,\"text\":\"bad\"}]}\n",
               "words of a model");
    check_line((MistakeFacts){"miss", gold, 0, NULL, &seen, &marked, SENTIMENT_MIXED},
               "{\"kind\":\"miss\",\"label\":\"a.b\",\"p\":null,\"id\":\"r\\\"1\",\"lang\":\"und\",\"text\":\"\xc3\xa9\xc3\xa9 bad\",\"gold\":[\"a.b\"],\"given\":[\"c.d:negative\"],"
               "\"sentiment\":{\"gold\":\"mixed\",\"given\":\"negative\",\"score\":-0.40},\"evidence\":[]}\n",
               "no tag");
    /* A long text is cut before the character that would not be whole, and evidence behind the cut is left out. */
    static char text[MISTAKE_BYTES + 100];
    memset(text, 'x', sizeof text);
    memcpy(text + MISTAKE_BYTES - 1, "\xc3\xa9", 2);
    seen.doc.text = (Span){text, sizeof text};
    hits[1] = (Hit){.start = MISTAKE_BYTES + 10, .end = MISTAKE_BYTES + 20};
    Buffer line = {0};
    mistake_line(&line, &(MistakeFacts){"false_positive", given, tag.p, &tag, &seen, &marked, -1}, (RuleNames){rule_name, NULL});
    Span found = buffer_span(&line);
    static const char tail[] = "xx\",\"text_cut\":true,\"gold\":[\"a.b\"],\"given\":[\"c.d:negative\"],\"sentiment\":{\"given\":\"negative\",\"score\":-0.40},\"evidence\":[]}\n";
    CHECK(found.len > sizeof tail && found.len < MISTAKE_BYTES + 300 && memcmp(found.data + found.len - strlen(tail), tail, strlen(tail)) == 0, "a text that is cut");
    buffer_free(&line);
}

int main(void) {
    test_calibration();
    test_mistakes();
    test_lines();
    test_agreements();
    test_nominal();
    test_coders();
    test_sets();
    test_random();
    test_draws();
    test_interval();
    test_scores();
    test_merge();
    test_width();
    return check_end();
}
