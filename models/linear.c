/* linear — a model read from its file, and its sums. */
#include <math.h>

#include "base/json.h"
#include "base/path.h"
#include "featurise.h"
#include "layout.h"

struct Model {
    Store store;
    ModelInfo info;
    const Settings *settings;
    const Output *outputs;
    const Slot *slots;
    const Cell *cells;
    size_t cell_count;
    const uint64_t *facts;
    const float *fact_weights;
};

/* Memory for words whose sums are kept: frequent words come early and stay. */
enum { KEPT_BYTES_MAX = 8 << 20 };

/* Sums — of features' weights, by output, and of their squared idf. */
typedef struct {
    int32_t *weights; /* [outputs] */
    uint32_t squares;
} Sums;

/* Sums of the features inside a word, as they are kept. */
typedef struct {
    uint64_t hash;
    uint32_t squares;
    int16_t weights[];
} WordSums;

struct Scorer {
    const Model *model;
    WordSums **kept; /* [kept_count] by Token.word; NULL: not summed yet */
    size_t kept_count, kept_bytes;
    Arena words; /* until scorer_clear */
    Features features;
    /* the last run, for scorer_evidence */
    const Tokens *tokens;
    const uint64_t *hashes; /* [tokens] */
    const double *p;
    Sums sums;
    Arena *scratch;
    double *rest; /* [outputs] what does not come from the text: facts and bias */
};

/* ---- opening ---- */

static bool wrong(const Model *model, Fail *fail) { return fail_at(fail, model->store.path, 0, 0); }

static bool read_settings(Model *model, Fail *fail) {
    const Settings *settings = store_items(&model->store, "settings", sizeof *settings, 1, fail);
    if (!settings) return false;
    model->settings = settings;
    if (settings->features_version != FEATURES_VERSION) {
        fail_set(fail, FAIL_SETUP, "found features of version %u, expected %d; train the model with this version of verbatim", settings->features_version, FEATURES_VERSION);
        return wrong(model, fail);
    }
    bool fine = settings->target < TARGET_COUNT && settings->outputs && settings->outputs <= OUTPUTS_MAX && settings->kinds <= FEATURE_ALL && settings->single <= 1 &&
                settings->slots && !(settings->slots & (settings->slots - 1));
    if (fine) return true;
    fail_set(fail, FAIL_SETUP, "found settings that no model has");
    return wrong(model, fail);
}

static bool read_labels(Model *model, Arena *keep, Fail *fail) {
    Span rest = store_section(&model->store, "labels");
    size_t outputs = model->settings->outputs, count = 0;
    Span *labels = arena_calloc(keep, outputs, sizeof *labels);
    while (rest.len && count < outputs) {
        const char *stop = memchr(rest.data, '\n', rest.len);
        size_t len = stop ? (size_t)(stop - rest.data) : rest.len;
        labels[count++] = (Span){rest.data, len};
        rest = stop ? (Span){stop + 1, rest.len - len - 1} : (Span){rest.data + len, 0};
    }
    size_t bad;
    bool fine = count == outputs && !rest.len && utf8_check(store_section(&model->store, "labels"), &bad);
    for (size_t i = 0; i < count && fine; i++) fine = labels[i].len > 0;
    model->info.labels = labels;
    model->info.label_count = outputs;
    if (fine) return true;
    fail_set(fail, FAIL_SETUP, "found names of labels that are not %zu lines of UTF-8", outputs);
    return wrong(model, fail);
}

static inline const RowHead *head_of(const Cell *row) { return (const RowHead *)(const void *)row; }

/* Every row that a slot leads to lies inside of the cells and names outputs that there are; a slot is free, so that every search ends. */
static bool check_rows(const Model *model, Fail *fail) {
    size_t taken = 0;
    for (size_t i = 0; i < model->settings->slots; i++) {
        size_t at = model->slots[i].at;
        if (!at) continue;
        taken++;
        bool fine = at < model->cell_count && model->cell_count - at > head_of(&model->cells[at])->count;
        size_t count = fine ? head_of(&model->cells[at])->count : 0;
        for (size_t j = 1; j <= count; j++) fine &= model->cells[at + j].label < model->settings->outputs;
        if (fine) continue;
        fail_set(fail, FAIL_SETUP, "found a row of weights that leads out of the model");
        return wrong(model, fail);
    }
    if (taken < model->settings->slots) return true;
    fail_set(fail, FAIL_SETUP, "found no free slot, expected at least one");
    return wrong(model, fail);
}

static bool check_numbers(const Model *model, Fail *fail) {
    bool fine = true;
    for (size_t i = 0; i < model->settings->outputs; i++) {
        const Output *output = &model->outputs[i];
        fine &= isfinite(output->scale) && isfinite(output->bias) && isfinite(output->slope) && isfinite(output->offset);
        for (int j = 0; j < PRESET_COUNT; j++) fine &= output->thresholds[j] >= 0 && output->thresholds[j] <= 1;
    }
    for (size_t i = 0; i < (size_t)model->settings->facts * model->settings->outputs; i++) fine &= isfinite(model->fact_weights[i]);
    for (size_t i = 1; i < model->settings->facts; i++) fine &= model->facts[i - 1] < model->facts[i];
    if (fine) return true;
    fail_set(fail, FAIL_SETUP, "found weights that are no numbers, or facts out of order");
    return wrong(model, fail);
}

static bool read_sections(Model *model, Arena *keep, Fail *fail) {
    if (!read_settings(model, fail) || !read_labels(model, keep, fail)) return false;
    const Settings *settings = model->settings;
    const Store *store = &model->store;
    model->info = (ModelInfo){.target = (Target)settings->target, .lexicons = settings->kinds & FEATURE_LEXICONS, .single = settings->single, .kinds = settings->kinds, .labels = model->info.labels,
                              .label_count = settings->outputs, .checksum = store->checksum, .examples = settings->examples, .name = arena_string(keep, path_stem(path_name(store->path)))};
    model->cell_count = store_section(store, "cells").len / sizeof(Cell);
    return (model->outputs = store_items(store, "outputs", sizeof(Output), settings->outputs, fail)) && (model->slots = store_items(store, "slots", sizeof(Slot), settings->slots, fail)) &&
           (model->cells = store_items(store, "cells", sizeof(Cell), SIZE_MAX, fail)) && (model->facts = store_items(store, "facts", sizeof(uint64_t), settings->facts, fail)) &&
           (model->fact_weights = store_items(store, "factweights", sizeof(float), (size_t)settings->facts * settings->outputs, fail)) && check_rows(model, fail) &&
           check_numbers(model, fail);
}

bool model_open(const char *path, Arena *keep, const Model **model, Fail *fail) {
    Model *opened = arena_calloc(keep, 1, sizeof *opened);
    if (!store_open(path, MODEL_KIND, keep, &opened->store, fail)) return false;
    if (read_sections(opened, keep, fail)) return *model = opened, true;
    store_close(&opened->store);
    return false;
}

void model_close(const Model *model) {
    if (!model) return;
    Store store = model->store;
    store_close(&store);
}

const ModelInfo *model_info(const Model *model) { return &model->info; }

double model_threshold(const Model *model, size_t label, Preset preset) { return model->outputs[label].thresholds[preset]; }

/* ---- scoring ---- */

Scorer *scorer_open(const Model *model) {
    Scorer *scorer = memory_alloc(sizeof *scorer);
    *scorer = (Scorer){.model = model};
    return scorer;
}

void scorer_close(Scorer *scorer) {
    if (!scorer) return;
    memory_free(scorer->kept);
    arena_free(&scorer->words);
    memory_free(scorer);
}

void scorer_clear(Scorer *scorer) {
    if (scorer->kept_count) memset(scorer->kept, 0, scorer->kept_count * sizeof *scorer->kept);
    arena_free(&scorer->words);
    scorer->kept_bytes = 0;
}

/* The row of a feature, or NULL. */
static inline const Cell *row_find(const Model *model, uint64_t hash) {
    uint32_t mask = model->settings->slots - 1, mark = (uint32_t)(hash >> 32);
    for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
        const Slot *slot = &model->slots[i];
        if (!slot->at) return NULL;
        if (slot->mark == mark) return &model->cells[slot->at];
    }
}

static inline void add_row(Sums *sums, const Cell *row) {
    const RowHead *head = head_of(row);
    sums->squares += (uint32_t)head->idf * head->idf;
    for (size_t i = 1; i <= head->count; i++) sums->weights[row[i].label] += row[i].weight;
}

/* The rows of a text lie anywhere: their slots are asked for some features ahead. */
static void add_features(const Model *model, const Features *features, Sums *sums) {
    enum { AHEAD = 8 };
    uint32_t mask = model->settings->slots - 1;
    for (size_t i = 0; i < features->count; i++) {
        if (i + AHEAD < features->count) __builtin_prefetch(&model->slots[(uint32_t)features->items[i + AHEAD] & mask]);
        const Cell *row = row_find(model, features->items[i]);
        if (row) add_row(sums, row);
    }
}

static WordSums *sum_word(Scorer *scorer, const Word *word, Arena *arena) {
    size_t outputs = scorer->model->settings->outputs;
    int32_t weights[OUTPUTS_MAX] = {0};
    Sums sums = {weights, 0};
    scorer->features.count = 0;
    features_word(word, &scorer->features, scorer->scratch);
    add_features(scorer->model, &scorer->features, &sums);
    WordSums *kept = arena_alloc(arena, sizeof *kept + outputs * sizeof *kept->weights);
    kept->hash = scorer->features.items[0];
    kept->squares = sums.squares;
    for (size_t i = 0; i < outputs; i++) kept->weights[i] = (int16_t)(weights[i] < INT16_MIN ? INT16_MIN : weights[i] > INT16_MAX ? INT16_MAX : weights[i]);
    return kept;
}

static void make_room(Scorer *scorer, uint32_t word) {
    size_t count = scorer->kept_count ? scorer->kept_count : 1024;
    while (count <= word) count *= 2;
    scorer->kept = memory_resize(scorer->kept, count * sizeof *scorer->kept);
    memset(scorer->kept + scorer->kept_count, 0, (count - scorer->kept_count) * sizeof *scorer->kept);
    scorer->kept_count = count;
}

static const WordSums *word_sums(Scorer *scorer, const Tokens *tokens, uint32_t word) {
    if (word >= scorer->kept_count) make_room(scorer, word);
    if (scorer->kept[word]) return scorer->kept[word];
    bool keep = scorer->kept_bytes < KEPT_BYTES_MAX;
    WordSums *sums = sum_word(scorer, &tokens->words[word], keep ? &scorer->words : scorer->scratch);
    if (!keep) return sums;
    scorer->kept[word] = sums;
    scorer->kept_bytes += sizeof *sums + scorer->model->settings->outputs * sizeof *sums->weights;
    return sums;
}

/* sums (outputs) += word (outputs): most of the work. */
static void add_word(Sums *sums, const WordSums *word, size_t outputs) {
    for (size_t i = 0; i < outputs; i++) sums->weights[i] += word->weights[i];
    sums->squares += word->squares;
}

static void sum_text(Scorer *scorer, const Tokens *tokens, Sums *sums, Arena *scratch) {
    uint64_t *hashes = arena_alloc(scratch, (tokens->count + 1) * sizeof *hashes);
    for (size_t i = 0; i < tokens->count; i++) {
        const WordSums *word = word_sums(scorer, tokens, tokens->items[i].word);
        hashes[i] = word->hash;
        add_word(sums, word, scorer->model->settings->outputs);
    }
    scorer->hashes = hashes;
    scorer->features.count = 0;
    for (size_t i = 0; i < tokens->count; i++) features_between(tokens, hashes, i, &scorer->features, scratch);
    add_features(scorer->model, &scorer->features, sums);
}

static const float *fact_find(const Model *model, uint64_t hash) {
    size_t low = 0, high = model->settings->facts;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (model->facts[middle] < hash) low = middle + 1;
        else high = middle;
    }
    return low < model->settings->facts && model->facts[low] == hash ? model->fact_weights + low * model->settings->outputs : NULL;
}

/* In the order of the features, which is that of the response: the same sums in doubles each time. */
static void add_facts(Scorer *scorer, const Doc *doc, const Tokens *tokens, const Result *result, const Codebook *codebook, Arena *scratch) {
    const Model *model = scorer->model;
    scorer->features.count = 0;
    features_facts(doc, tokens, result, codebook, model->settings->kinds, &scorer->features, scratch);
    for (size_t i = 0; i < scorer->features.count; i++) {
        const float *weights = fact_find(model, scorer->features.items[i]);
        for (size_t o = 0; weights && o < model->settings->outputs; o++) scorer->rest[o] += (double)weights[o];
    }
}

static double probability(const Output *output, double rest, int32_t weight, uint32_t squares) {
    double text = squares ? (double)output->scale * weight / sqrt((double)squares) : 0;
    return 1 / (1 + exp(-((double)output->slope * (text + rest) + (double)output->offset)));
}

const double *scorer_run(Scorer *scorer, const Doc *doc, const Tokens *tokens, const Result *result, const Codebook *codebook, Arena *scratch) {
    const Model *model = scorer->model;
    size_t outputs = model->settings->outputs;
    scorer->scratch = scratch;
    scorer->tokens = tokens;
    scorer->features = (Features){0};
    scorer->sums = (Sums){arena_calloc(scratch, outputs, sizeof *scorer->sums.weights), 0};
    scorer->rest = arena_alloc(scratch, outputs * sizeof *scorer->rest);
    for (size_t i = 0; i < outputs; i++) scorer->rest[i] = (double)model->outputs[i].bias;
    sum_text(scorer, tokens, &scorer->sums, scratch);
    add_facts(scorer, doc, tokens, result, codebook, scratch);
    double *p = arena_alloc(scratch, outputs * sizeof *p);
    for (size_t i = 0; i < outputs; i++) p[i] = probability(&model->outputs[i], scorer->rest[i], scorer->sums.weights[i], scorer->sums.squares);
    scorer->p = p;
    return p;
}

/* ---- evidence ---- */

/* Share — what a token adds for one label: its own features, and those between it and its neighbours. */
typedef struct {
    int32_t weight;
    uint32_t squares;
} Share;

static int32_t cell_for(const Cell *row, size_t label) {
    for (size_t i = 1; i <= head_of(row)->count; i++)
        if (row[i].label == label) return row[i].weight;
    return 0;
}

/* A pair's weight goes to its second word; near enough, since stretches of neighbours are what is shown. */
static Share *shares_of(Scorer *scorer, size_t label) {
    const Tokens *tokens = scorer->tokens;
    Share *shares = arena_calloc(scorer->scratch, tokens->count + 1, sizeof *shares);
    for (size_t i = 0; i < tokens->count; i++) {
        const WordSums *word = word_sums(scorer, tokens, tokens->items[i].word);
        shares[i] = (Share){word->weights[label], word->squares};
        scorer->features.count = 0;
        features_between(tokens, scorer->hashes, i, &scorer->features, scorer->scratch);
        for (size_t j = 0; j < scorer->features.count; j++) {
            const Cell *row = row_find(scorer->model, scorer->features.items[j]);
            if (!row) continue;
            uint32_t idf = head_of(row)->idf;
            shares[i].weight += cell_for(row, label);
            shares[i].squares += idf * idf;
        }
    }
    return shares;
}

/* The stretch of untaken tokens of one sentence with the greatest sum (Kadane). Its sum, 0 where none is above. */
static int64_t best_stretch(const Tokens *tokens, const Share *shares, const bool *taken, Stretch *best) {
    int64_t most = 0, sum = 0;
    uint32_t first = 0;
    for (uint32_t i = 0; i < tokens->count; i++) {
        bool apart = i && tokens->items[i].sentence != tokens->items[i - 1].sentence;
        if (taken[i]) {
            sum = 0;
            continue;
        }
        if (sum <= 0 || apart) sum = 0, first = i;
        sum += shares[i].weight;
        if (sum > most) most = sum, *best = (Stretch){first, i};
    }
    return most;
}

/* A stretch may be as long as the text where all of it speaks for the label: what shows why is its core. Drops ends that add less than a tenth. */
static Stretch trim(const Share *shares, Stretch stretch, int64_t sum) {
    while (stretch.first < stretch.last && shares[stretch.first].weight * 10 < sum) stretch.first++;
    while (stretch.first < stretch.last && shares[stretch.last].weight * 10 < sum) stretch.last--;
    return stretch;
}

static double p_without(const Scorer *scorer, size_t label, const Share *shares, Stretch stretch) {
    int32_t weight = scorer->sums.weights[label];
    uint32_t squares = scorer->sums.squares;
    for (uint32_t i = stretch.first; i <= stretch.last; i++) weight -= shares[i].weight, squares -= shares[i].squares < squares ? shares[i].squares : squares;
    return probability(&scorer->model->outputs[label], scorer->rest[label], weight, squares);
}

size_t scorer_evidence(Scorer *scorer, size_t label, Stretch *stretches) {
    const Tokens *tokens = scorer->tokens;
    const Share *shares = shares_of(scorer, label);
    bool *taken = arena_calloc(scorer->scratch, tokens->count + 1, sizeof *taken);
    size_t count = 0;
    int64_t most = 0;
    for (int i = 0; i < STRETCHES_MAX; i++) {
        Stretch stretch = {0};
        int64_t sum = best_stretch(tokens, shares, taken, &stretch);
        if (!i) most = sum;
        if (sum <= 0 || sum * 2 < most) break;
        stretch = trim(shares, stretch, sum);
        for (uint32_t j = stretch.first; j <= stretch.last; j++) taken[j] = true;
        if (p_without(scorer, label, shares, stretch) >= scorer->p[label]) continue;
        size_t place = count++;
        for (; place && stretches[place - 1].first > stretch.first; place--) stretches[place] = stretches[place - 1];
        stretches[place] = stretch;
    }
    return count;
}
