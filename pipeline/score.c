#define _GNU_SOURCE /* qsort_r */
#include "score.h"

#include <math.h>
#include <stdlib.h>

double agreement_precision(Agreement a) { return a.tagged ? (double)a.both / (double)a.tagged : 0; }
double agreement_recall(Agreement a) { return a.gold ? (double)a.both / (double)a.gold : 0; }
double agreement_f1(Agreement a) { return a.tagged + a.gold ? 2.0 * (double)a.both / (double)(a.tagged + a.gold) : 0; }
double harmonic(double precision, double recall) { return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0; }

static void add_to(Agreement *sum, Agreement more) { sum->both += more.both, sum->tagged += more.tagged, sum->gold += more.gold; }

double agreement_hamming(Agreement a, uint64_t decisions) { return decisions ? (double)(a.tagged + a.gold - 2 * a.both) / (double)decisions : NAN; }

double agreement_kappa(Agreement a, uint64_t decisions) {
    double n = (double)decisions, tagged = (double)a.tagged / n, gold = (double)a.gold / n;
    double chance = tagged * gold + (1 - tagged) * (1 - gold);
    return decisions && chance < 1 ? 1 - agreement_hamming(a, decisions) / (1 - chance) : NAN;
}

double agreement_alpha(Agreement a, uint64_t decisions) {
    double differ = (double)(a.tagged + a.gold - 2 * a.both), yes = 2.0 * (double)a.both;
    return alpha_nominal((double[]){yes, differ, differ, 2.0 * (double)decisions - yes - 2 * differ}, 2);
}

double alpha_nominal(const double *pairs, size_t classes) {
    double all = 0, squares = 0, differ = 0;
    for (size_t c = 0; c < classes; c++) {
        double sum = 0;
        for (size_t k = 0; k < classes; k++) sum += pairs[c * classes + k];
        all += sum;
        squares += sum * sum;
        differ += sum - pairs[c * classes + c];
    }
    double expected = all * all - squares;
    return expected > 0 ? 1 - (all - 1) * differ / expected : NAN;
}

/* ---- counting ---- */

/* A copy of `old`, of `count` items, with room for more. */
static void *widened(Scores *scores, const void *old, size_t count, size_t room, size_t size) {
    void *wide = arena_calloc(&scores->keep, room, size);
    if (count) memcpy(wide, old, count * size);
    return wide;
}

static void *widened_rows(Scores *scores, const void *old, size_t columns, size_t rows, size_t new_columns, size_t size) {
    char *wide = arena_calloc(&scores->keep, rows * new_columns, size);
    for (size_t i = 0; columns && i < scores->rows; i++) memcpy(wide + i * new_columns * size, (const char *)old + i * columns * size, columns * size);
    return wide;
}

/* Makes room for [rows][columns] and [rows][nets]; what is there keeps its place. */
static void resize(Scores *scores, size_t rows, size_t columns, size_t nets) {
    if (rows <= scores->rows && columns <= scores->columns && nets <= scores->net_columns) return;
    size_t old_rows = scores->rows, old_columns = scores->columns, old_nets = scores->net_columns;
    if (rows <= old_rows) rows = old_rows;
    else rows *= 2;
    columns = columns > old_columns ? 2 * columns : old_columns;
    nets = nets > old_nets ? 2 * nets : old_nets;
    if (rows > old_rows || columns > old_columns) scores->cells = widened_rows(scores, scores->cells, old_columns, rows, columns, sizeof *scores->cells);
    if (rows > old_rows || nets > old_nets) scores->of_nets = widened_rows(scores, scores->of_nets, old_nets, rows, nets, sizeof *scores->of_nets);
    if (columns > old_columns) {
        scores->of_labels = widened(scores, scores->of_labels, old_columns, columns, sizeof *scores->of_labels);
        scores->net_of = widened(scores, scores->net_of, old_columns, columns, sizeof *scores->net_of);
    }
    if (rows > old_rows) {
        scores->texts = widened(scores, scores->texts, old_rows, rows, sizeof *scores->texts);
        scores->sentiments = widened(scores, scores->sentiments, old_rows, rows, sizeof *scores->sentiments);
        scores->confusion = widened(scores, scores->confusion, old_rows, rows, sizeof *scores->confusion);
        scores->of_sentiments = widened(scores, scores->of_sentiments, old_rows, rows, sizeof *scores->of_sentiments);
    }
    scores->rows = rows, scores->columns = columns, scores->net_columns = nets;
}

static size_t row_number(Scores *scores, Span name) {
    size_t number = table_number(&scores->row_numbers, name, &scores->row_names, &scores->row_count, &scores->row_capacity, &scores->keep);
    resize(scores, number + 1, 0, 0);
    return number;
}

Span net_of(Span label) {
    const char *dot = memchr(label.data ? label.data : "", '.', label.len);
    return dot ? (Span){label.data, (size_t)(dot - label.data)} : label;
}

static size_t label_number(Scores *scores, Span label) {
    size_t before = scores->name_count, number = table_number(&scores->labels, label, &scores->names, &scores->name_count, &scores->name_capacity, &scores->keep);
    if (number < before) return number;
    size_t net = table_number(&scores->nets, net_of(scores->names[number]), &scores->net_names, &scores->net_count, &scores->net_capacity, &scores->keep);
    resize(scores, 0, number + 1, net + 1);
    scores->net_of[number] = (uint32_t)net;
    return number;
}

/* All resamples at once, as wide as the processor can: this is where the time of intervals goes. */
static void add_draws(uint32_t *restrict sums, const uint8_t *restrict draws, size_t count) {
    for (size_t i = 0; i < count; i++) sums[i] += draws[i];
}

static void add_sums(uint32_t *restrict sums, const uint32_t *restrict more, size_t count) {
    for (size_t i = 0; i < count; i++) sums[i] += more[i];
}

static void open_replicas(Scores *scores, Replicas *replicas) {
    if (replicas->both) return;
    uint32_t *counts = arena_calloc(&scores->keep, 3 * scores->resamples, sizeof *counts);
    *replicas = (Replicas){counts, counts + scores->resamples, counts + 2 * scores->resamples};
}

static uint32_t *open_confusion(Scores *scores, uint32_t **counts) {
    if (!*counts) *counts = arena_calloc(&scores->keep, SENTIMENT_COUNT * SENTIMENT_COUNT * scores->resamples, sizeof **counts);
    return *counts;
}

bool scores_many_rows(const Scores *scores) { return scores->row_count > ROWS_RESAMPLED; }

static void draw(Scores *scores, Replicas *replicas, bool both, bool tagged, bool gold, const uint8_t *draws) {
    open_replicas(scores, replicas);
    if (both) add_draws(replicas->both, draws, scores->resamples);
    if (tagged) add_draws(replicas->tagged, draws, scores->resamples);
    if (gold) add_draws(replicas->gold, draws, scores->resamples);
}

static void count(Scores *scores, size_t row, Span name, bool both, bool tagged, bool gold, const uint8_t *draws) {
    size_t label = label_number(scores, name);
    add_to(&scores->cells[row * scores->columns + label], (Agreement){both, tagged, gold});
    if (!scores->resamples) return;
    if (!scores->rows_only) draw(scores, &scores->of_labels[label], both, tagged, gold, draws);
    if (!scores_many_rows(scores)) draw(scores, &scores->of_nets[row * scores->net_columns + scores->net_of[label]], both, tagged, gold, draws);
}

static void count_sentiment(Scores *scores, size_t row, int gold, int given, const uint8_t *draws) {
    scores->sentiments[row]++;
    scores->confusion[row][gold][given]++;
    if (!scores->resamples) return;
    size_t place = (size_t)(gold * SENTIMENT_COUNT + given) * scores->resamples;
    if (!scores->rows_only) add_draws(open_confusion(scores, &scores->of_all_sentiments) + place, draws, scores->resamples);
    if (!scores_many_rows(scores)) add_draws(open_confusion(scores, &scores->of_sentiments[row]) + place, draws, scores->resamples);
}

void scores_add(Scores *scores, Span row_name, const Span *gold, size_t gold_count, const Span *given, size_t given_count, int gold_sentiment, int given_sentiment,
                const uint8_t *draws) {
    size_t row = row_number(scores, row_name);
    scores->texts[row] += gold != NULL;
    for (size_t i = 0; gold && i < gold_count; i++) {
        if (span_among(gold[i], gold, i)) continue;
        bool both = span_among(gold[i], given, given_count);
        count(scores, row, gold[i], both, both, true, draws);
    }
    for (size_t i = 0; gold && i < given_count; i++)
        if (!span_among(given[i], gold, gold_count) && !span_among(given[i], given, i)) count(scores, row, given[i], false, true, false, draws);
    if (gold_sentiment >= 0) count_sentiment(scores, row, gold_sentiment, given_sentiment, draws);
}

static void merge_replicas(Scores *into, Replicas *sum, const Replicas *more) {
    if (!more->both) return;
    open_replicas(into, sum);
    add_sums(sum->both, more->both, 3 * into->resamples); /* the three lie side by side */
}

static void merge_confusion(Scores *into, uint32_t **sum, const uint32_t *more) {
    if (more) add_sums(open_confusion(into, sum), more, SENTIMENT_COUNT * SENTIMENT_COUNT * into->resamples);
}

static void merge_row(Scores *into, size_t row, const Scores *from, size_t from_row) {
    into->texts[row] += from->texts[from_row];
    into->sentiments[row] += from->sentiments[from_row];
    for (size_t i = 0; i < SENTIMENT_COUNT; i++)
        for (size_t j = 0; j < SENTIMENT_COUNT; j++) into->confusion[row][i][j] += from->confusion[from_row][i][j];
    for (size_t i = 0; i < from->name_count; i++) {
        size_t label = label_number(into, from->names[i]);
        add_to(&into->cells[row * into->columns + label], from->cells[from_row * from->columns + i]);
    }
    if (scores_many_rows(into) || scores_many_rows(from)) return;
    merge_confusion(into, &into->of_sentiments[row], from->of_sentiments[from_row]);
    for (size_t i = 0; i < from->net_count; i++) {
        size_t net = table_get(&into->nets, from->net_names[i]);
        merge_replicas(into, &into->of_nets[row * into->net_columns + net], &from->of_nets[from_row * from->net_columns + i]);
    }
}

void scores_merge(Scores *into, const Scores *from) {
    for (size_t i = 0; i < from->name_count; i++) {
        size_t label = label_number(into, from->names[i]); /* may move what is there */
        merge_replicas(into, &into->of_labels[label], &from->of_labels[i]);
    }
    merge_confusion(into, &into->of_all_sentiments, from->of_all_sentiments);
    for (size_t i = 0; i < from->row_count; i++) {
        size_t row = row_number(into, from->row_names[i]);
        merge_row(into, row, from, i);
    }
}

static int by_name(const void *left, const void *right, void *names) {
    const Span *all = names;
    return span_compare(all[*(const size_t *)left], all[*(const size_t *)right]);
}

static void sort_labels(Scores *scores) {
    scores->sorted = arena_alloc(&scores->keep, scores->name_count * sizeof *scores->sorted);
    for (size_t i = 0; i < scores->name_count; i++) scores->sorted[i] = i;
    qsort_r(scores->sorted, scores->name_count, sizeof *scores->sorted, by_name, scores->names);
}

void scores_finish(Scores *scores) {
    sort_labels(scores);
    scores->totals = arena_calloc(&scores->keep, scores->name_count, sizeof *scores->totals);
    scores->coded = arena_calloc(&scores->keep, scores->net_count, sizeof *scores->coded);
    for (size_t i = 0; i < scores->name_count; i++) {
        for (size_t row = 0; row < scores->row_count; row++) add_to(&scores->totals[i], scores->cells[row * scores->columns + i]);
        if (scores->totals[i].gold) scores->coded[scores->net_of[i]] = true;
    }
}

void scores_free(Scores *scores) {
    table_free(&scores->labels);
    table_free(&scores->nets);
    table_free(&scores->row_numbers);
    arena_free(&scores->keep);
    *scores = (Scores){0};
}

/* ---- what follows ---- */

size_t scores_row(const Scores *scores, Span name) {
    uint32_t number = table_get(&scores->row_numbers, name);
    return number == TABLE_NONE ? scores->row_count : number;
}

static uint64_t sum_of(const uint64_t *counts, size_t rows, size_t row) {
    if (row != SIZE_MAX) return row < rows ? counts[row] : 0;
    uint64_t sum = 0;
    for (size_t i = 0; i < rows; i++) sum += counts[i];
    return sum;
}

uint64_t scores_texts(const Scores *scores, size_t row) { return sum_of(scores->texts, scores->row_count, row); }
uint64_t scores_sentiments(const Scores *scores, size_t row) { return sum_of(scores->sentiments, scores->row_count, row); }

bool scores_coded(const Scores *scores, size_t label) { return scores->coded[scores->net_of[label]]; }

bool scores_net_coded(const Scores *scores, Span label) {
    uint32_t net = table_get(&scores->nets, net_of(label));
    return net != TABLE_NONE && scores->coded[net];
}

size_t scores_labels(const Scores *scores) {
    size_t labels = 0;
    for (size_t i = 0; i < scores->name_count; i++) labels += scores_coded(scores, i);
    return labels;
}

Agreement scores_label(const Scores *scores, size_t row, size_t label) {
    if (row == SIZE_MAX) return scores->totals[label];
    return row < scores->row_count ? scores->cells[row * scores->columns + label] : (Agreement){0};
}

Agreement scores_micro(const Scores *scores, size_t row) {
    Agreement sum = {0};
    for (size_t i = 0; i < scores->name_count; i++)
        if (scores_coded(scores, i)) add_to(&sum, scores_label(scores, row, i));
    return sum;
}

double scores_macro(const Scores *scores, size_t row, uint64_t least) {
    double sum = 0;
    size_t labels = 0;
    for (size_t i = 0; i < scores->name_count; i++) {
        Agreement one = scores_label(scores, row, scores->sorted[i]);
        if (one.gold < least || !one.gold) continue;
        sum += agreement_f1(one);
        labels++;
    }
    return labels ? sum / (double)labels : 0;
}

double scores_weighted(const Scores *scores, size_t row) {
    double sum = 0, gold = 0;
    for (size_t i = 0; i < scores->name_count; i++) {
        Agreement one = scores_label(scores, row, scores->sorted[i]);
        sum += (double)one.gold * agreement_f1(one);
        gold += (double)one.gold;
    }
    return gold > 0 ? sum / gold : 0;
}

uint64_t scores_confused(const Scores *scores, size_t row, size_t gold, size_t given) {
    if (row != SIZE_MAX) return row < scores->row_count ? scores->confusion[row][gold][given] : 0;
    uint64_t sum = 0;
    for (size_t i = 0; i < scores->row_count; i++) sum += scores->confusion[i][gold][given];
    return sum;
}

/* Mean F1 over the classes that gold has; NAN where it has none. */
static double macro_of(uint64_t confused[SENTIMENT_COUNT][SENTIMENT_COUNT]) {
    double sum = 0;
    size_t classes = 0;
    for (size_t i = 0; i < SENTIMENT_COUNT; i++) {
        Agreement one = {.both = confused[i][i]};
        for (size_t j = 0; j < SENTIMENT_COUNT; j++) one.gold += confused[i][j], one.tagged += confused[j][i];
        if (!one.gold) continue;
        sum += agreement_f1(one);
        classes++;
    }
    return classes ? sum / (double)classes : NAN;
}

static void fill_confusion(const Scores *scores, size_t row, uint64_t confused[SENTIMENT_COUNT][SENTIMENT_COUNT]) {
    for (size_t i = 0; i < SENTIMENT_COUNT; i++)
        for (size_t j = 0; j < SENTIMENT_COUNT; j++) confused[i][j] = scores_confused(scores, row, i, j);
}

double scores_sentiment_macro(const Scores *scores, size_t row) {
    uint64_t confused[SENTIMENT_COUNT][SENTIMENT_COUNT];
    fill_confusion(scores, row, confused);
    double macro = macro_of(confused);
    return isnan(macro) ? 0 : macro;
}

double scores_sentiment_accuracy(const Scores *scores, size_t row) {
    uint64_t right = 0, all = scores_sentiments(scores, row);
    for (size_t i = 0; i < SENTIMENT_COUNT; i++) right += scores_confused(scores, row, i, i);
    return all ? (double)right / (double)all : 0;
}

double scores_sentiment_kappa(const Scores *scores, size_t row) {
    double all = (double)scores_sentiments(scores, row), right = 0, chance = 0;
    for (size_t i = 0; i < SENTIMENT_COUNT; i++) {
        double gold = 0, given = 0;
        for (size_t j = 0; j < SENTIMENT_COUNT; j++) gold += (double)scores_confused(scores, row, i, j), given += (double)scores_confused(scores, row, j, i);
        right += (double)scores_confused(scores, row, i, i);
        chance += gold * given;
    }
    return all * all > chance ? (right * all - chance) / (all * all - chance) : NAN;
}

double scores_sentiment_alpha(const Scores *scores, size_t row) {
    double pairs[SENTIMENT_COUNT * SENTIMENT_COUNT];
    for (size_t i = 0; i < SENTIMENT_COUNT; i++)
        for (size_t j = 0; j < SENTIMENT_COUNT; j++) pairs[i * SENTIMENT_COUNT + j] = (double)(scores_confused(scores, row, i, j) + scores_confused(scores, row, j, i));
    return alpha_nominal(pairs, SENTIMENT_COUNT);
}

/* ---- intervals ---- */

static Agreement replica(const Replicas *replicas, size_t i) {
    return replicas->both ? (Agreement){replicas->both[i], replicas->tagged[i], replicas->gold[i]} : (Agreement){0};
}

static double f1_or_none(Agreement a) { return a.tagged + a.gold ? agreement_f1(a) : NAN; }

/* A figure in each resample, made one by one. */
typedef double (*Figure)(const void *context, size_t resample);

static Interval interval_of(const Scores *scores, Figure figure, const void *context) {
    double *values = memory_alloc((scores->resamples + 1) * sizeof *values);
    for (size_t i = 0; i < scores->resamples; i++) values[i] = figure(context, i);
    Interval interval = bootstrap_interval(values, scores->resamples);
    memory_free(values);
    return interval;
}

static double label_figure(const void *context, size_t resample) { return f1_or_none(replica(context, resample)); }

Interval scores_label_interval(const Scores *scores, size_t label) { return interval_of(scores, label_figure, &scores->of_labels[label]); }

typedef struct {
    const Scores *scores, *tags;
    size_t row;
    uint64_t least;
} Asked;

/* Labels that the resample has nothing of are left out of its mean. */
static double macro_figure(const void *context, size_t resample) {
    const Asked *asked = context;
    const Scores *scores = asked->scores;
    double sum = 0, labels = 0;
    for (size_t i = 0; i < scores->name_count; i++) {
        size_t label = scores->sorted[i];
        if (scores->totals[label].gold < asked->least || !scores->totals[label].gold) continue;
        double f1 = f1_or_none(replica(&scores->of_labels[label], resample));
        if (!isnan(f1)) sum += f1, labels++;
    }
    return labels > 0 ? sum / labels : NAN;
}

static double weighted_figure(const void *context, size_t resample) {
    const Scores *scores = ((const Asked *)context)->scores;
    double sum = 0, gold = 0;
    for (size_t i = 0; i < scores->name_count; i++) {
        Agreement one = replica(&scores->of_labels[scores->sorted[i]], resample);
        sum += (double)one.gold * agreement_f1(one);
        gold += (double)one.gold;
    }
    return gold > 0 ? sum / gold : NAN;
}

Interval scores_macro_interval(const Scores *scores, uint64_t least) { return interval_of(scores, macro_figure, &(Asked){.scores = scores, .least = least}); }
Interval scores_weighted_interval(const Scores *scores) { return interval_of(scores, weighted_figure, &(Asked){.scores = scores}); }

/* Counts of a row in one resample, over its coded labels or over all. */
static Agreement row_replica(const Scores *scores, size_t row, bool all, size_t resample) {
    Agreement sum = {0};
    if (row == SIZE_MAX)
        for (size_t i = 0; i < scores->name_count; i++)
            if (all || scores_coded(scores, i)) add_to(&sum, replica(&scores->of_labels[i], resample));
    for (size_t net = 0; row < scores->row_count && net < scores->net_count; net++)
        if (all || scores->coded[net]) add_to(&sum, replica(&scores->of_nets[row * scores->net_columns + net], resample));
    return sum;
}

static double micro_figure(const void *context, size_t resample) {
    const Asked *asked = context;
    Agreement labels = row_replica(asked->scores, asked->row, false, resample);
    if (asked->scores == asked->tags) return f1_or_none(labels);
    size_t row = asked->row == SIZE_MAX ? SIZE_MAX : scores_row(asked->tags, asked->scores->row_names[asked->row]);
    Agreement tags = row_replica(asked->tags, row, true, resample);
    return labels.gold + tags.tagged ? harmonic(agreement_precision(tags), agreement_recall(labels)) : NAN;
}

static bool has_interval(const Scores *scores, size_t row) { return row == SIZE_MAX || (row < scores->row_count && !scores_many_rows(scores)); }

Interval scores_micro_interval(const Scores *labels, const Scores *tags, size_t row) {
    if (!has_interval(labels, row)) return (Interval){NAN, NAN};
    return interval_of(labels, micro_figure, &(Asked){.scores = labels, .tags = tags, .row = row});
}

static double sentiment_figure(const void *context, size_t resample) {
    const Asked *asked = context;
    const Scores *scores = asked->scores;
    const uint32_t *counts = asked->row == SIZE_MAX ? scores->of_all_sentiments : scores->of_sentiments[asked->row];
    uint64_t confused[SENTIMENT_COUNT][SENTIMENT_COUNT] = {{0}};
    for (size_t i = 0; counts && i < SENTIMENT_COUNT * SENTIMENT_COUNT; i++) confused[i / SENTIMENT_COUNT][i % SENTIMENT_COUNT] = counts[i * scores->resamples + resample];
    return macro_of(confused);
}

Interval scores_sentiment_interval(const Scores *scores, size_t row) {
    if (!has_interval(scores, row)) return (Interval){NAN, NAN};
    return interval_of(scores, sentiment_figure, &(Asked){.scores = scores, .row = row});
}
