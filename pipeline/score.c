#include "score.h"

double agreement_precision(Agreement a) { return a.tagged ? (double)a.both / (double)a.tagged : 0; }
double agreement_recall(Agreement a) { return a.gold ? (double)a.both / (double)a.gold : 0; }
double agreement_f1(Agreement a) { return a.tagged + a.gold ? 2.0 * (double)a.both / (double)(a.tagged + a.gold) : 0; }

/* Makes room for [rows][columns]; what is there keeps its place. */
static void resize(Scores *scores, size_t rows, size_t columns) {
    if (rows <= scores->rows && columns <= scores->columns) return;
    size_t new_rows = rows > scores->rows ? 2 * rows : scores->rows, new_columns = columns > scores->columns ? 2 * columns : scores->columns;
    Agreement *cells = arena_calloc(&scores->keep, new_rows * new_columns, sizeof *cells);
    uint64_t *texts = arena_calloc(&scores->keep, new_rows, sizeof *texts), *sentiments = arena_calloc(&scores->keep, new_rows, sizeof *sentiments);
    void *confusion = arena_calloc(&scores->keep, new_rows, sizeof *scores->confusion);
    for (size_t i = 0; i < scores->rows; i++) memcpy(cells + i * new_columns, scores->cells + i * scores->columns, scores->columns * sizeof *cells);
    if (scores->rows) {
        memcpy(texts, scores->texts, scores->rows * sizeof *texts);
        memcpy(sentiments, scores->sentiments, scores->rows * sizeof *sentiments);
        memcpy(confusion, scores->confusion, scores->rows * sizeof *scores->confusion);
    }
    scores->cells = cells, scores->texts = texts, scores->sentiments = sentiments, scores->confusion = confusion;
    scores->rows = new_rows, scores->columns = new_columns;
}

static size_t number_of(Scores *scores, Table *table, Span name, Span **names, size_t *count, size_t *capacity) {
    uint32_t number = table_get(table, name);
    if (number != TABLE_NONE) return number;
    Span copy = arena_copy(&scores->keep, name);
    *table_put(table, copy) = (uint32_t)*count;
    *ARENA_PUSH(&scores->keep, *names, *count, *capacity) = copy;
    return *count - 1;
}

static size_t language_number(Scores *scores, Span language) {
    const char *dash = memchr(language.data ? language.data : "", '-', language.len);
    if (dash) language.len = (size_t)(dash - language.data);
    size_t number = number_of(scores, &scores->languages, language.len ? language : SPAN("und"), &scores->tags, &scores->tag_count, &scores->tag_capacity);
    resize(scores, number + 1, 1);
    return number;
}

static Agreement *cell(Scores *scores, size_t language, Span label) {
    size_t number = number_of(scores, &scores->labels, label, &scores->names, &scores->name_count, &scores->name_capacity);
    resize(scores, language + 1, number + 1);
    return &scores->cells[language * scores->columns + number];
}

static bool contains(const Span *labels, size_t count, Span label) {
    for (size_t i = 0; i < count; i++)
        if (span_equal(labels[i], label)) return true;
    return false;
}

void scores_add(Scores *scores, Span tag, const Span *gold, size_t gold_count, const Span *given, size_t given_count, int gold_sentiment, int given_sentiment) {
    size_t language = language_number(scores, tag);
    if (gold) {
        scores->texts[language]++;
        for (size_t i = 0; i < gold_count; i++) {
            if (contains(gold, i, gold[i])) continue;
            Agreement *agreement = cell(scores, language, gold[i]);
            agreement->gold++;
            agreement->both += contains(given, given_count, gold[i]);
        }
        for (size_t i = 0; i < given_count; i++) cell(scores, language, given[i])->tagged++;
    }
    if (gold_sentiment < 0) return;
    scores->sentiments[language]++;
    scores->confusion[language][gold_sentiment][given_sentiment]++;
}

void scores_merge(Scores *into, const Scores *from) {
    for (size_t i = 0; i < from->tag_count; i++) {
        size_t language = language_number(into, from->tags[i]);
        into->texts[language] += from->texts[i];
        into->sentiments[language] += from->sentiments[i];
        for (size_t a = 0; a < SENTIMENT_COUNT; a++)
            for (size_t b = 0; b < SENTIMENT_COUNT; b++) into->confusion[language][a][b] += from->confusion[i][a][b];
        for (size_t j = 0; j < from->name_count; j++) {
            Agreement more = from->cells[i * from->columns + j], *sum = cell(into, language, from->names[j]);
            sum->both += more.both, sum->tagged += more.tagged, sum->gold += more.gold;
        }
    }
}

void scores_free(Scores *scores) {
    table_free(&scores->labels);
    table_free(&scores->languages);
    arena_free(&scores->keep);
    *scores = (Scores){0};
}

Agreement scores_label(const Scores *scores, size_t language, size_t label) {
    Agreement sum = {0};
    for (size_t i = 0; i < scores->tag_count; i++) {
        if (language != SIZE_MAX && language != i) continue;
        Agreement one = label < scores->columns ? scores->cells[i * scores->columns + label] : (Agreement){0};
        sum.both += one.both, sum.tagged += one.tagged, sum.gold += one.gold;
    }
    return sum;
}

static Span net_of(Span label) {
    const char *dot = memchr(label.data, '.', label.len);
    return dot ? (Span){label.data, (size_t)(dot - label.data)} : label;
}

bool scores_coded(const Scores *scores, size_t label) {
    for (size_t i = 0; i < scores->name_count; i++)
        if (span_equal(net_of(scores->names[i]), net_of(scores->names[label])) && scores_label(scores, SIZE_MAX, i).gold) return true;
    return false;
}

Agreement scores_micro(const Scores *scores, size_t language) {
    Agreement sum = {0};
    for (size_t i = 0; i < scores->name_count; i++) {
        if (!scores_coded(scores, i)) continue;
        Agreement one = scores_label(scores, language, i);
        sum.both += one.both, sum.tagged += one.tagged, sum.gold += one.gold;
    }
    return sum;
}

double scores_macro(const Scores *scores, size_t language, uint64_t least) {
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < scores->name_count; i++) {
        Agreement one = scores_label(scores, language, i);
        if (one.gold < least || !one.gold) continue;
        sum += agreement_f1(one);
        count++;
    }
    return count ? sum / (double)count : 0;
}

static uint64_t confused(const Scores *scores, size_t language, size_t gold, size_t given) {
    uint64_t sum = 0;
    for (size_t i = 0; i < scores->tag_count; i++)
        if (language == SIZE_MAX || language == i) sum += scores->confusion[i][gold][given];
    return sum;
}

double scores_sentiment_macro(const Scores *scores, size_t language) {
    double sum = 0;
    size_t classes = 0;
    for (size_t i = 0; i < SENTIMENT_COUNT; i++) {
        Agreement one = {.both = confused(scores, language, i, i)};
        for (size_t j = 0; j < SENTIMENT_COUNT; j++) one.gold += confused(scores, language, i, j), one.tagged += confused(scores, language, j, i);
        if (!one.gold) continue;
        sum += agreement_f1(one);
        classes++;
    }
    return classes ? sum / (double)classes : 0;
}

double scores_sentiment_accuracy(const Scores *scores, size_t language) {
    uint64_t right = 0, all = 0;
    for (size_t i = 0; i < SENTIMENT_COUNT; i++)
        for (size_t j = 0; j < SENTIMENT_COUNT; j++) {
            all += confused(scores, language, i, j);
            if (i == j) right += confused(scores, language, i, j);
        }
    return all ? (double)right / (double)all : 0;
}
