/* train — cross-validation, calibration, thresholds, and the file. */
#include "train.h"

#include <math.h>
#include <stdlib.h>

#include "dataset.h"
#include "layout.h"

enum { PASSES = 30, COSTS = 3, BINS = 10 };

static const double COST_CHOICES[COSTS] = {0.25, 0.7, 2};
static const double BETA[PRESET_COUNT] = {1, 0.5, 2};

/* Training — one run of model_train. */
typedef struct {
    const Dataset *dataset;
    const TrainSettings *settings;
    Columns columns;
    Matrix matrix;
    uint32_t *outputs_of;  /* [names] output of a label; UINT32_MAX: left out */
    uint32_t *names_of;    /* [outputs] */
    size_t outputs;
    bool single;
    uint8_t *has;          /* [outputs][rows] */
    uint8_t *folds;        /* [rows] */
    size_t *counts;        /* [outputs] texts that have the label */
    float *scores;         /* [outputs][rows] by cross-validation */
    double cost;
    Output *results;       /* [outputs] */
    Arena *keep;
} Training;

/* ---- labels and folds ---- */

typedef struct {
    size_t count;
    Span name;
    uint32_t number;
} Named;

static int by_name(const void *left, const void *right) { return span_compare(((const Named *)left)->name, ((const Named *)right)->name); }

static void count_labels(const Dataset *dataset, Named *named) {
    for (size_t i = 0; i < dataset->name_count; i++) named[i] = (Named){0, dataset->name_of[i], (uint32_t)i};
    for (size_t i = 0; i < dataset->label_count; i++) named[dataset->labels[i]].count++;
}

/* Outputs are in the order of names. */
static bool choose_labels(Training *training, TrainReport *report, Arena *arena, Fail *fail) {
    const Dataset *dataset = training->dataset;
    size_t names = dataset->name_count;
    Named *named = arena_alloc(arena, (names + 1) * sizeof *named);
    count_labels(dataset, named);
    qsort(named, names, sizeof *named, by_name);
    training->outputs_of = arena_alloc(arena, (names + 1) * sizeof *training->outputs_of);
    training->names_of = arena_alloc(arena, (names + 1) * sizeof *training->names_of);
    training->counts = arena_alloc(arena, (names + 1) * sizeof *training->counts);
    report->left = arena_alloc(training->keep, (names + 1) * sizeof *report->left);
    for (size_t i = 0; i < names; i++) {
        bool kept = named[i].count >= training->settings->least;
        training->outputs_of[named[i].number] = kept ? (uint32_t)training->outputs : UINT32_MAX;
        if (!kept) report->left[report->left_count++] = arena_copy(training->keep, named[i].name);
        if (!kept) continue;
        training->names_of[training->outputs] = named[i].number;
        training->counts[training->outputs++] = named[i].count;
    }
    if (!training->outputs) return fail_set(fail, FAIL_SETUP, "found %zu examples and no label with %zu of them, expected at least one", dataset->row_count, training->settings->least);
    if (training->outputs > OUTPUTS_MAX)
        return fail_set(fail, FAIL_SETUP, "found %zu labels with %zu examples or more, expected at most %d; ask for more with --least", training->outputs, training->settings->least, OUTPUTS_MAX);
    return true;
}

static void mark_rows(Training *training, Arena *arena) {
    const Dataset *dataset = training->dataset;
    size_t rows = dataset->row_count;
    training->has = arena_calloc(arena, training->outputs * rows + 1, 1);
    training->folds = arena_alloc(arena, rows + 1);
    training->single = true;
    for (size_t i = 0; i < rows; i++) {
        const Row *row = &dataset->rows[i];
        training->folds[i] = (uint8_t)(row->fold % training->settings->folds);
        training->single &= row->label_count == 1;
        for (uint32_t j = 0; j < row->label_count; j++) {
            uint32_t output = training->outputs_of[dataset->labels[row->labels + j]];
            if (output != UINT32_MAX) training->has[output * rows + i] = 1;
        }
    }
}

/* ---- solving ---- */

/* Of the rows of a label, those with it cost more the fewer they are, by the fourth root of the ratio: airline reasons .563 micro-F1 on dev, by the root
 * .551, by its three quarters .545. */
static void part_make(const Training *training, size_t output, int without, uint64_t keep_of, double cost, Part *part, Arena *scratch) {
    size_t rows = training->matrix.rows, with = 0, count = 0;
    uint32_t *chosen = arena_alloc(scratch, (rows + 1) * sizeof *chosen);
    int8_t *signs = arena_alloc(scratch, rows + 1);
    float *costs = arena_alloc(scratch, (rows + 1) * sizeof *costs);
    const uint8_t *has = training->has + output * rows;
    for (size_t i = 0; i < rows; i++) {
        if (training->folds[i] == without || (training->dataset->rows[i].fold >> 32) % 4 >= keep_of) continue;
        chosen[count] = (uint32_t)i;
        signs[count++] = has[i] ? 1 : -1;
        with += has[i];
    }
    double balance = with ? pow((double)(count - with) / (double)with, 0.25) : 1;
    if (balance < 1) balance = 1;
    for (size_t i = 0; i < count; i++) costs[i] = (float)(signs[i] > 0 ? cost * balance : cost);
    *part = (Part){count, chosen, signs, costs};
}

/* Job — one output without one fold. */
typedef struct {
    const Training *training;
    int without;       /* fold; -1: none is left out */
    uint64_t keep_of;  /* of 4: quarters of the rows that take part */
    double cost;
    float *scores;     /* [outputs][rows] of the fold's rows; NULL */
    float *weights;    /* [outputs][columns]; NULL */
} Job;

typedef struct {
    const Job *job;
    Arena scratch;
} Solver;

static void solve(void *own, size_t output) {
    Solver *solver = own;
    const Job *job = solver->job;
    const Training *training = job->training;
    const Matrix *matrix = &training->matrix;
    arena_reset(&solver->scratch);
    Part part;
    part_make(training, output, job->without, job->keep_of, job->cost, &part, &solver->scratch);
    float *weights = job->weights ? job->weights + output * matrix->columns : arena_alloc(&solver->scratch, (matrix->columns + 1) * sizeof *weights);
    solver_run(matrix, &part, training->settings->seed + output, PASSES, weights, &solver->scratch);
    for (size_t i = 0; job->scores && i < matrix->rows; i++)
        if (training->folds[i] == job->without) job->scores[output * matrix->rows + i] = (float)solver_score(matrix, i, weights);
}

static void solve_all(const Training *training, const Job *job) {
    size_t threads = training->settings->threads;
    Solver *solvers = memory_alloc(threads * sizeof *solvers);
    void **owns = memory_alloc(threads * sizeof *owns);
    for (size_t i = 0; i < threads; i++) solvers[i] = (Solver){.job = job}, owns[i] = &solvers[i];
    training->settings->each(training->outputs, threads, owns, solve);
    for (size_t i = 0; i < threads; i++) arena_free(&solvers[i].scratch);
    memory_free(solvers);
    memory_free(owns);
}

/* ---- measuring ---- */

static bool in_fold(const Training *training, size_t row, int fold) { return fold < 0 || training->folds[row] == fold; }

static size_t likeliest(const Training *training, const float *scores, size_t row) {
    size_t best = 0, rows = training->matrix.rows;
    for (size_t o = 1; o < training->outputs; o++)
        if (scores[o * rows + row] > scores[best * rows + row]) best = o;
    return best;
}

static double accuracy_of(const Training *training, const float *scores, int fold) {
    size_t right = 0, count = 0;
    for (size_t i = 0; i < training->matrix.rows; i++) {
        if (!in_fold(training, i, fold)) continue;
        count++;
        right += training->has[likeliest(training, scores, i) * training->matrix.rows + i];
    }
    return count ? (double)right / (double)count : 0;
}

typedef struct {
    float score;
    uint8_t has;
} Scored;

static int by_score(const void *left, const void *right) {
    const Scored *a = left, *b = right;
    return a->score != b->score ? (a->score < b->score ? 1 : -1) : (a->has > b->has) - (a->has < b->has);
}

/* The score from which on F_beta is best, `all` being the number that have the label; *best is that F. Ties stay together. */
static double best_cut(const Scored *sorted, size_t count, size_t all, double beta, double *best) {
    double cut = count ? (double)sorted[0].score + 1 : 0, b = beta * beta;
    size_t right = 0;
    *best = 0;
    for (size_t i = 0; i < count; i++) {
        right += sorted[i].has;
        if (i + 1 < count && sorted[i + 1].score == sorted[i].score) continue;
        double f = (1 + b) * (double)right / (b * (double)all + (double)i + 1);
        if (f <= *best) continue;
        *best = f;
        cut = i + 1 < count ? ((double)sorted[i].score + (double)sorted[i + 1].score) / 2 : (double)sorted[i].score - 1e-3;
    }
    return cut;
}

/* Of one output, or of all (outputs) as one. Sorted. */
static size_t gather(const Training *training, const float *scores, size_t first, size_t end, int fold, Scored *into, size_t *have) {
    size_t count = 0, rows = training->matrix.rows;
    *have = 0;
    for (size_t o = first; o < end; o++)
        for (size_t i = 0; i < rows; i++) {
            if (!in_fold(training, i, fold)) continue;
            into[count++] = (Scored){scores[o * rows + i], training->has[o * rows + i]};
            *have += training->has[o * rows + i];
        }
    qsort(into, count, sizeof *into, by_score);
    return count;
}

/* What is made better: accuracy where each text has one label, else micro-F1 with one threshold for all. */
static double goodness(const Training *training, const float *scores, int fold) {
    if (training->single) return accuracy_of(training, scores, fold);
    Scored *pooled = memory_alloc((training->outputs * training->matrix.rows + 1) * sizeof *pooled);
    size_t have;
    double best;
    size_t count = gather(training, scores, 0, training->outputs, fold, pooled, &have);
    best_cut(pooled, count, have, 1, &best);
    memory_free(pooled);
    return best;
}

/* ---- calibration: Platt's sigmoid, by Newton's method (Lin, Lin, Weng 2007) ---- */

static void calibrate(const Scored *scored, size_t count, size_t have, Output *output) {
    double high = ((double)have + 1) / ((double)have + 2), low = 1 / ((double)(count - have) + 2);
    double a = 1, b = log(((double)have + 1) / ((double)(count - have) + 1));
    for (int round = 0; round < 50; round++) {
        double ga = 0, gb = 0, haa = 1e-9, hab = 0, hbb = 1e-9;
        for (size_t i = 0; i < count; i++) {
            double score = (double)scored[i].score, p = 1 / (1 + exp(-(a * score + b)));
            double off = p - (scored[i].has ? high : low), weight = p * (1 - p);
            ga += off * score, gb += off;
            haa += weight * score * score, hab += weight * score, hbb += weight;
        }
        double det = haa * hbb - hab * hab;
        double da = (hbb * ga - hab * gb) / det, db = (haa * gb - hab * ga) / det, size = fabs(da) + fabs(db);
        double shrink = size > 4 ? 4 / size : 1; /* a step too far turns back */
        a -= da * shrink, b -= db * shrink;
        if (size < 1e-7) break;
    }
    output->slope = (float)(a > 0.01 ? a : 0.01); /* p must grow with the score */
    output->offset = (float)b;
}

static double p_of(const Output *output, double score) { return 1 / (1 + exp(-((double)output->slope * score + (double)output->offset))); }

/* Thresholds of rare labels lean on what is best for all: 20 texts of everybody's opinion. */
static void choose_thresholds(Training *training, size_t output, const Scored *scored, size_t count, size_t have, const double *common) {
    Output *result = &training->results[output];
    for (int preset = 0; preset < PRESET_COUNT; preset++) {
        double best, cut = p_of(result, best_cut(scored, count, have, BETA[preset], &best));
        double mixed = (cut * (double)have + common[preset] * 20) / ((double)have + 20);
        result->thresholds[preset] = (float)(mixed < 0 ? 0 : mixed > 1 ? 1 : mixed);
    }
}

static void calibrate_all(Training *training) {
    size_t rows = training->matrix.rows;
    Scored *scored = memory_alloc((rows + 1) * sizeof *scored), *pooled = memory_alloc((rows * training->outputs + 1) * sizeof *pooled);
    size_t have, all = 0, count = 0;
    for (size_t o = 0; o < training->outputs; o++) {
        size_t found = gather(training, training->scores, o, o + 1, -1, scored, &have);
        calibrate(scored, found, have, &training->results[o]);
        for (size_t i = 0; i < found; i++) pooled[count++] = (Scored){(float)p_of(&training->results[o], (double)scored[i].score), scored[i].has};
        all += have;
    }
    qsort(pooled, count, sizeof *pooled, by_score);
    double common[PRESET_COUNT], best;
    for (int preset = 0; preset < PRESET_COUNT; preset++) common[preset] = best_cut(pooled, count, all, BETA[preset], &best);
    for (size_t o = 0; o < training->outputs; o++) {
        size_t found = gather(training, training->scores, o, o + 1, -1, scored, &have);
        choose_thresholds(training, o, scored, found, have, common);
    }
    memory_free(scored);
    memory_free(pooled);
}

/* ---- one label a text ---- */

/* The label of a text: where p is the most times its threshold. */
static size_t chosen(const Training *training, size_t row) {
    size_t best = 0;
    double most = -1;
    for (size_t o = 0; o < training->outputs; o++) {
        double ratio = p_of(&training->results[o], (double)training->scores[o * training->matrix.rows + row]) / (double)training->results[o].thresholds[PRESET_BALANCED];
        if (ratio > most) most = ratio, best = o;
    }
    return best;
}

static double macro_f1(const Training *training) {
    size_t rows = training->matrix.rows, *given = memory_alloc(2 * training->outputs * sizeof *given), *right = given + training->outputs;
    memset(given, 0, 2 * training->outputs * sizeof *given);
    for (size_t i = 0; i < rows; i++) {
        size_t o = chosen(training, i);
        given[o]++;
        right[o] += training->has[o * rows + i];
    }
    double sum = 0;
    for (size_t o = 0; o < training->outputs; o++) sum += 2.0 * (double)right[o] / (double)(given[o] + training->counts[o]);
    memory_free(given);
    return sum / (double)training->outputs;
}

static void set_thresholds(Output *result, double threshold) {
    for (int preset = 0; preset < PRESET_COUNT; preset++) result->thresholds[preset] = (float)threshold;
}

/* Rare sentiments are as good to know as frequent ones: thresholds for the best macro-F1, one after the other. Of other labels the likeliest is given. */
static void balance(Training *training) {
    enum { ROUNDS = 2, STEPS = 9 };
    for (size_t o = 0; o < training->outputs; o++) set_thresholds(&training->results[o], 0.5);
    if (training->settings->target != TARGET_SENTIMENT) return;
    double most = macro_f1(training);
    for (size_t turn = 0; turn < ROUNDS * training->outputs; turn++) {
        Output *result = &training->results[turn % training->outputs];
        double kept = (double)result->thresholds[PRESET_BALANCED];
        for (int i = 0; i < STEPS; i++) {
            set_thresholds(result, 0.5 * pow(2, (i - STEPS / 2) / 4.0));
            double found = macro_f1(training);
            if (found > most) most = found, kept = (double)result->thresholds[PRESET_BALANCED];
        }
        set_thresholds(result, kept);
    }
}

/* ---- the report ---- */

static bool is_given(const Training *training, size_t output, size_t row) {
    if (training->single) return chosen(training, row) == output;
    const Output *result = &training->results[output];
    return p_of(result, (double)training->scores[output * training->matrix.rows + row]) >= (double)result->thresholds[PRESET_BALANCED];
}

static double f1_of(size_t right, size_t given, size_t have) { return given + have ? 2.0 * (double)right / (double)(given + have) : 0; }

static double calibration_of(const Training *training) {
    double sums[BINS] = {0}, error = 0;
    size_t counts[BINS] = {0}, haves[BINS] = {0}, rows = training->matrix.rows;
    for (size_t o = 0; o < training->outputs; o++)
        for (size_t i = 0; i < rows; i++) {
            double p = p_of(&training->results[o], (double)training->scores[o * rows + i]);
            size_t bin = (size_t)(p * BINS) < BINS ? (size_t)(p * BINS) : BINS - 1;
            sums[bin] += p, counts[bin]++, haves[bin] += training->has[o * rows + i];
        }
    for (int i = 0; i < BINS; i++) error += fabs(sums[i] - (double)haves[i]);
    return error / (double)(rows * training->outputs);
}

static void report_labels(const Training *training, TrainReport *report) {
    size_t rows = training->matrix.rows, right = 0, given = 0, have = 0;
    for (size_t o = 0; o < training->outputs; o++) {
        LabelReport *label = &report->labels[o];
        *label = (LabelReport){.label = arena_copy(training->keep, training->dataset->name_of[training->names_of[o]]), .count = training->counts[o]};
        for (size_t i = 0; i < rows; i++) {
            if (!is_given(training, o, i)) continue;
            label->given++;
            label->right += training->has[o * rows + i];
        }
        for (int preset = 0; preset < PRESET_COUNT; preset++) label->thresholds[preset] = (double)training->results[o].thresholds[preset];
        label->precision = label->given ? (double)label->right / (double)label->given : 0;
        label->recall = (double)label->right / (double)label->count;
        label->f1 = f1_of(label->right, label->given, label->count);
        report->macro_f1 += label->f1 / (double)training->outputs;
        right += label->right, given += label->given, have += label->count;
    }
    report->precision = given ? (double)right / (double)given : 0;
    report->recall = have ? (double)right / (double)have : 0;
    report->micro_f1 = f1_of(right, given, have);
}

static void report_confusion(const Training *training, TrainReport *report) {
    size_t rows = training->matrix.rows;
    report->confusion = arena_calloc(training->keep, training->outputs * training->outputs, sizeof *report->confusion);
    size_t right = 0;
    for (size_t i = 0; i < rows; i++) {
        size_t given = chosen(training, i);
        right += training->has[given * rows + i];
        for (size_t o = 0; o < training->outputs; o++)
            if (training->has[o * rows + i]) report->confusion[o * training->outputs + given]++;
    }
    report->accuracy = (double)right / (double)rows;
}

/* ---- steps ---- */

static void progress(const Training *training, double part) {
    if (training->settings->progress) training->settings->progress(training->settings->context, part);
}

/* Each cost by the first fold, whose scores stay where they were chosen so. */
static void choose_cost(Training *training) {
    size_t items = training->outputs * training->matrix.rows + 1;
    float *tried = memory_alloc(items * sizeof *tried), *kept;
    memset(tried, 0, items * sizeof *tried);
    double most = -1;
    for (int i = 0; i < COSTS; i++) {
        solve_all(training, &(Job){.training = training, .keep_of = 4, .cost = COST_CHOICES[i], .scores = tried});
        double good = goodness(training, tried, 0);
        if (good > most) {
            most = good, training->cost = COST_CHOICES[i];
            kept = training->scores, training->scores = tried, tried = kept;
        }
        progress(training, 0.1 * (i + 1));
    }
    memory_free(tried);
}

/* All folds, from `first` on. */
static void validate(Training *training, size_t first) {
    for (size_t fold = first; fold < training->settings->folds; fold++) {
        solve_all(training, &(Job){.training = training, .without = (int)fold, .keep_of = 4, .cost = training->cost, .scores = training->scores});
        progress(training, 0.3 + 0.4 * (double)(fold + 1) / (double)training->settings->folds);
    }
}

/* Quarters of the other folds' texts, scored on the first fold. */
static void learn_curve(const Training *training, TrainReport *report) {
    size_t rows = training->matrix.rows;
    float *scores = memory_alloc(training->outputs * rows * sizeof *scores);
    for (uint64_t quarter = 1; quarter <= 4; quarter++) {
        if (quarter == 3) continue;
        size_t examples = 0;
        for (size_t i = 0; i < rows; i++) examples += training->folds[i] != 0 && (training->dataset->rows[i].fold >> 32) % 4 < quarter;
        const float *found = quarter == 4 ? training->scores : scores;
        if (quarter < 4) solve_all(training, &(Job){.training = training, .keep_of = quarter, .cost = training->cost, .scores = scores});
        report->curve[report->curve_count].examples = examples;
        report->curve[report->curve_count++].score = goodness(training, found, 0);
    }
    memory_free(scores);
    progress(training, 0.8);
}

/* ---- the file ---- */

/* Weights of text: idf and weight as one, in steps of the output's scale. The few that are greatest would make all others coarse: those beyond the
 * last of ten thousand are cut down to it. */
static int by_value(const void *left, const void *right) {
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static float scale_of(const float *weights, const Columns *columns) {
    float *sizes = memory_alloc((columns->texts + 1) * sizeof *sizes);
    size_t count = 0;
    for (size_t i = 0; i < columns->texts; i++)
        if (weights[i] != 0) sizes[count++] = fabsf(weights[i]) * columns->idf[i];
    if (count) qsort(sizes, count, sizeof *sizes, by_value);
    float most = count ? sizes[count - 1 - count / 10000] : 1;
    memory_free(sizes);
    return most / 127;
}

static void put_row(const Training *training, const float *weights, size_t column, Buffer *cells) {
    RowHead head = {.idf = training->columns.idf[column]};
    size_t at = cells->len;
    buffer_append(cells, (Span){(const char *)&head, sizeof head});
    for (size_t o = 0; o < training->outputs; o++) {
        float exact = weights[o * training->matrix.columns + column] * head.idf / training->results[o].scale;
        long rounded = lroundf(exact);
        Cell cell = {(uint8_t)o, (int8_t)(rounded > 127 ? 127 : rounded < -127 ? -127 : rounded)};
        if (!cell.weight) continue;
        buffer_append(cells, (Span){(const char *)&cell, sizeof cell});
        head.count++;
    }
    memcpy(cells->data + at, &head, sizeof head);
}

static size_t slots_for(size_t features) {
    size_t slots = 16;
    while (slots * 3 < features * 4 + 4) slots *= 2;
    return slots;
}

static void put_text(const Training *training, const float *weights, Buffer *slots_bytes, Buffer *cells) {
    size_t count = slots_for(training->columns.texts), mask = count - 1;
    Slot *slots = memory_alloc(count * sizeof *slots);
    memset(slots, 0, count * sizeof *slots);
    buffer_append(cells, (Span){"\0", sizeof(Cell)});
    for (size_t column = 0; column < training->columns.texts; column++) {
        uint64_t hash = training->dataset->met[training->columns.ids[column]].hash;
        size_t i = (uint32_t)hash & mask;
        while (slots[i].at) i = (i + 1) & mask;
        slots[i] = (Slot){(uint32_t)(hash >> 32), (uint32_t)(cells->len / sizeof(Cell))};
        put_row(training, weights, column, cells);
    }
    buffer_append(slots_bytes, (Span){(const char *)slots, count * sizeof *slots});
    memory_free(slots);
}

typedef struct {
    uint64_t hash;
    size_t column;
} Fact;

static int by_hash(const void *left, const void *right) {
    const Fact *a = left, *b = right;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

static void put_facts(const Training *training, const float *weights, Buffer *hashes, Buffer *values) {
    const Columns *columns = &training->columns;
    Fact *facts = memory_alloc((columns->facts + 1) * sizeof *facts);
    for (size_t i = 0; i < columns->facts; i++) facts[i] = (Fact){training->dataset->met[columns->ids[columns->texts + i]].hash, columns->texts + i};
    qsort(facts, columns->facts, sizeof *facts, by_hash);
    for (size_t i = 0; i < columns->facts; i++) {
        buffer_append(hashes, (Span){(const char *)&facts[i].hash, sizeof facts[i].hash});
        for (size_t o = 0; o < training->outputs; o++) {
            float value = weights[o * training->matrix.columns + facts[i].column] * columns->fact_value;
            buffer_append(values, (Span){(const char *)&value, sizeof value});
        }
    }
    memory_free(facts);
}

/* A response to come is of no domain: the mean of their habits. */
static float bias_of(const Training *training, const float *weights) {
    const Columns *columns = &training->columns;
    float bias = weights[columns->count - 1], habits = 0;
    for (size_t i = 0; i < columns->domains; i++) habits += weights[columns->texts + columns->facts + i];
    return (bias + (columns->domains ? habits / (float)columns->domains : 0)) * columns->bias_value;
}

static void write_model(const Training *training, const float *weights, Buffer *bytes, TrainReport *report) {
    Buffer labels = {0}, slots = {0}, cells = {0}, facts = {0}, values = {0};
    for (size_t o = 0; o < training->outputs; o++) {
        const float *own = weights + o * training->matrix.columns;
        training->results[o].scale = scale_of(own, &training->columns);
        training->results[o].bias = bias_of(training, own);
        buffer_append(&labels, training->dataset->name_of[training->names_of[o]]);
        buffer_byte(&labels, '\n');
    }
    put_text(training, weights, &slots, &cells);
    put_facts(training, weights, &facts, &values);
    Settings settings = {.features_version = FEATURES_VERSION, .target = training->settings->target, .single = training->single, .kinds = training->settings->kinds,
                         .outputs = (uint32_t)training->outputs, .slots = (uint32_t)(slots.len / sizeof(Slot)), .facts = (uint32_t)(facts.len / sizeof(uint64_t)), .examples = training->matrix.rows};
    Section sections[] = {{"settings", {(const char *)&settings, sizeof settings}}, {"labels", buffer_span(&labels)},
                          {"outputs", {(const char *)training->results, training->outputs * sizeof *training->results}}, {"slots", buffer_span(&slots)},
                          {"cells", buffer_span(&cells)}, {"facts", buffer_span(&facts)}, {"factweights", buffer_span(&values)}};
    store_write(MODEL_KIND, sections, sizeof sections / sizeof *sections, bytes);
    report->cells = cells.len / sizeof(Cell);
    Buffer *all[] = {&labels, &slots, &cells, &facts, &values};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) buffer_free(all[i]);
}

static void train_all(Training *training, TrainReport *report, Buffer *bytes) {
    size_t outputs = training->outputs, rows = training->matrix.rows;
    training->scores = memory_alloc((outputs * rows + 1) * sizeof *training->scores);
    memset(training->scores, 0, outputs * rows * sizeof *training->scores);
    training->cost = training->settings->cost;
    bool choose = training->cost <= 0;
    if (choose) choose_cost(training);
    validate(training, choose ? 1 : 0);
    calibrate_all(training);
    if (training->single) balance(training);
    report->single = training->single;
    report->cost = training->cost;
    report->labels = arena_alloc(training->keep, outputs * sizeof *report->labels);
    report->label_count = outputs;
    report_labels(training, report);
    if (training->single) report_confusion(training, report);
    report->calibration = calibration_of(training);
    learn_curve(training, report);
    float *weights = memory_alloc(outputs * training->matrix.columns * sizeof *weights);
    solve_all(training, &(Job){.training = training, .without = -1, .keep_of = 4, .cost = training->cost, .weights = weights});
    write_model(training, weights, bytes, report);
    memory_free(weights);
    memory_free(training->scores);
    progress(training, 1);
}

bool model_train(Dataset *dataset, const TrainSettings *settings, Arena *keep, TrainReport *report, Buffer *bytes, Fail *fail) {
    Training training = {.dataset = dataset, .settings = settings, .keep = keep};
    Arena arena = {0};
    *report = (TrainReport){.examples = dataset->row_count, .data_hash = dataset->data_hash};
    bool fine = choose_labels(&training, report, &arena, fail);
    if (fine) {
        mark_rows(&training, &arena);
        columns_make(dataset, &training.columns, &arena);
        matrix_make(dataset, &training.columns, &training.matrix, &arena);
        report->features = training.columns.texts;
        report->facts = training.columns.facts;
        training.results = arena_calloc(&arena, training.outputs, sizeof *training.results);
        train_all(&training, report, bytes);
    }
    arena_free(&arena);
    return fine;
}
