#define _GNU_SOURCE /* memrchr */
#include "marks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tally/tally.h"

void marks_open(const MarkSettings *settings, Marks *marks) {
    *marks = (Marks){.grouping_count = 1 + settings->segment_count};
    marks->groupings = arena_calloc(&marks->keep, marks->grouping_count, sizeof *marks->groupings);
    for (size_t i = 0; i < marks->grouping_count; i++) {
        Grouping *grouping = &marks->groupings[i];
        grouping->scores.resamples = grouping->tags.resamples = settings->resamples;
        grouping->scores.rows_only = grouping->tags.rows_only = i > 0; /* languages tell of all texts */
    }
}

/* ---- one text ---- */

/* A text under work. */
typedef struct {
    Marks *marks;
    const MarkSettings *settings;
    const Seen *seen;
    Arena *scratch;
    Marked marked;
    int sentiment;       /* gold; < 0: none */
    const uint8_t *draws;
    uint64_t hash;
} Text;

static const Span nothing = {"", 0};

/* One that is none of ours is counted by name. */
static int read_sentiment(Marks *marks, Span name) {
    int sentiment = sentiment_find(name);
    if (sentiment < 0 && name.len) scores_add(&marks->odd_sentiments, SPAN("all"), &name, 1, NULL, 0, -1, 0, NULL);
    return sentiment;
}

static bool contains(Labels labels, Span label) { return span_among(label, labels.items, labels.count); }

static void push(Labels *labels, Span label, Arena *scratch) { *ARENA_PUSH(scratch, labels->items, labels->count, labels->capacity) = label; }

static size_t votes_for(const Gold *gold, Span label) {
    size_t votes = 0;
    for (size_t i = 0; i < gold->coder_count; i++) votes += contains((Labels){gold->coders[i].labels, gold->coders[i].label_count, 0}, label);
    return votes;
}

/* Labels that more than half of those gave who gave any list. */
static Gold majority_labels(const Gold *gold, Arena *scratch) {
    size_t voters = 0;
    Labels labels = {0};
    for (size_t i = 0; i < gold->coder_count; i++) voters += gold->coders[i].has_labels;
    for (size_t i = 0; i < gold->coder_count; i++)
        for (size_t j = 0; j < gold->coders[i].label_count; j++) {
            Span label = gold->coders[i].labels[j];
            if (2 * votes_for(gold, label) > voters && !contains(labels, label)) push(&labels, label, scratch);
        }
    return (Gold){.has_labels = voters > 0, .labels = labels.items, .label_count = labels.count};
}

static int majority_sentiment(const Gold *gold) {
    size_t votes[SENTIMENT_COUNT] = {0}, voters = 0;
    for (size_t i = 0; i < gold->coder_count; i++) {
        int sentiment = sentiment_find(gold->coders[i].sentiment);
        if (sentiment >= 0) votes[sentiment]++, voters++;
    }
    for (int i = 0; i < SENTIMENT_COUNT; i++)
        if (2 * votes[i] > voters) return i;
    return -1;
}

static Marked mark(const Text *text, const Gold *gold) {
    Marked marked;
    const Result *result = &text->seen->result;
    labelmap_mark(text->settings->map, text->settings->codebook, gold, result->tags, result->tag_count, &marked, text->scratch);
    return marked;
}

static void score(Scores *scores, Span row, const Marked *marked, int gold_sentiment, const Text *text, const uint8_t *draws) {
    const Span *gold = !marked->coded ? NULL : marked->gold.count ? marked->gold.items : &nothing;
    scores_add(scores, row, gold, marked->gold.count, marked->given.items, marked->given.count, gold_sentiment, (int)text->seen->result.score.label, draws);
}

static void count_labels(Scores *scores, Span row, Labels right, Labels given, const uint8_t *draws) {
    scores_add(scores, row, right.count ? right.items : &nothing, right.count, given.items, given.count, -1, 0, draws);
}

/* Of a text that has all of its gold labels: the nets of what else was given, each once, as one name. */
static bool name_extras(const Text *text, Span *name) {
    Labels nets = {0};
    const Marked *marked = &text->marked;
    for (size_t i = 0; i < marked->gold.count; i++)
        if (!contains(marked->given, marked->gold.items[i])) return false;
    for (size_t i = 0; i < marked->given.count; i++) {
        Span net = net_of(marked->given.items[i]);
        if (!contains(marked->gold, marked->given.items[i]) && !contains(nets, net)) push(&nets, net, text->scratch);
    }
    if (nets.count) qsort(nets.items, nets.count, sizeof *nets.items, span_order);
    Buffer joined = {0};
    for (size_t i = 0; i < nets.count; i++) buffer_append(&joined, nets.items[i]), buffer_byte(&joined, '\n');
    *name = arena_copy(text->scratch, joined.len ? buffer_span(&joined) : nothing);
    buffer_free(&joined);
    return true;
}

/* Whether the tag can be right or wrong here, and which. */
static bool is_judged(const Text *text, Span label, bool *right) {
    const Marked *marked = &text->marked;
    bool sections = map_has_sections(text->settings->map);
    *right = contains(sections ? marked->right : marked->gold, label);
    return marked->coded && (!sections || contains(marked->tags, label));
}

static Span name_sureness(Span label, uint16_t p, Arena *scratch) {
    char *name = arena_alloc(scratch, label.len + 8);
    memcpy(name, label.data, label.len);
    return (Span){name, label.len + (size_t)snprintf(name + label.len, 8, "\n%u", (unsigned)p)};
}

static void count_sureness(const Text *text, Labels *right_ones, Labels *all) {
    for (size_t i = 0; i < text->seen->result.tag_count; i++) {
        const Tag *tag = &text->seen->result.tags[i];
        Span label = tag_label(text->settings->codebook, tag, text->scratch);
        bool right;
        if (!is_judged(text, label, &right)) continue;
        Span name = name_sureness(label, tag->p, text->scratch);
        push(all, name, text->scratch);
        if (right) push(right_ones, name, text->scratch);
    }
}

/* What a text counts as beside its labels. */
typedef struct {
    bool complete;     /* coded, and has all of its gold labels */
    Span extras;       /* then */
    Labels sure, right; /* tags with their p; those that are right */
} Beside;

static void count_beside(Scores *exact, Scores *sure, Span row, const Beside *beside) {
    count_labels(sure, row, beside->right, beside->sure, NULL);
    if (beside->complete) scores_add(exact, row, &beside->extras, 1, NULL, 0, -1, 0, NULL);
}

static void add_row(Grouping *grouping, Span row, const Text *text, const Beside *beside) {
    const Marked *marked = &text->marked;
    score(&grouping->scores, row, marked, text->sentiment, text, text->draws);
    count_labels(&grouping->tags, row, marked->right, marked->tags, text->draws);
    if (!scores_many_rows(&grouping->scores)) count_beside(&grouping->exact, &grouping->sure, row, beside);
    for (size_t i = 0; i < marked->left.count; i++) scores_add(&grouping->left, row, &marked->left.items[i], 1, NULL, 0, -1, 0, NULL);
}

/* The primary subtag. */
static Span language_of(const Seen *seen) {
    Span tag = seen->doc.lang.len ? seen->doc.lang : seen->language ? seen->language->code : SPAN("und");
    const char *dash = memchr(tag.data, '-', tag.len);
    if (dash) tag.len = (size_t)(dash - tag.data);
    return tag.len ? tag : SPAN("und");
}

static void add_groupings(const Text *text) {
    Marks *marks = text->marks;
    Beside beside = {0};
    count_sureness(text, &beside.right, &beside.sure);
    beside.complete = text->marked.coded && name_extras(text, &beside.extras);
    count_beside(&marks->exact, &marks->sure, SPAN("all"), &beside);
    add_row(&marks->groupings[0], language_of(text->seen), text, &beside);
    for (size_t i = 0; i < text->settings->segment_count; i++) {
        Span value = text->seen->doc.segments[i].value;
        if (value.data) add_row(&marks->groupings[1 + i], value, text, &beside);
    }
}

static void add_coders(const Text *text) {
    const Gold *gold = &text->seen->gold;
    Marks *marks = text->marks;
    LabelSet sets[CODERS_MAX];
    int sentiments[CODERS_MAX];
    size_t set_count = 0, sentiment_count = 0;
    for (size_t i = 0; i < gold->coder_count; i++) {
        const Coder *coder = &gold->coders[i];
        Marked marked = mark(text, &(Gold){.has_labels = coder->has_labels, .labels = coder->labels, .label_count = coder->label_count});
        int sentiment = read_sentiment(marks, coder->sentiment);
        score(&marks->by_coder, coder->name, &marked, sentiment, text, NULL);
        for (size_t j = 0; j < marked.left.count; j++) scores_add(&marks->coders_left, coder->name, &marked.left.items[j], 1, NULL, 0, -1, 0, NULL);
        if (marked.coded) sets[set_count++] = (LabelSet){marked.gold.items, marked.gold.count};
        if (sentiment >= 0) sentiments[sentiment_count++] = sentiment;
    }
    coders_add(&marks->coders, sets, set_count);
    coders_add_sentiments(&marks->coders, sentiments, sentiment_count);
    Gold most = majority_labels(gold, text->scratch);
    Marked marked = mark(text, &most);
    score(&marks->majority, SPAN("majority"), &marked, majority_sentiment(gold), text, NULL);
}

/* ---- mistakes ---- */

static NetMistakes *wrong_in(Marks *marks, Span net) {
    for (size_t i = 0; i < marks->wrong_count; i++)
        if (span_equal(marks->wrong[i].net, net)) return &marks->wrong[i];
    NetMistakes *wrong = ARENA_PUSH(&marks->keep, marks->wrong, marks->wrong_count, marks->wrong_capacity);
    *wrong = (NetMistakes){.net = arena_copy(&marks->keep, net)};
    return wrong;
}

static void take(const Text *text, Mistakes *mistakes, uint32_t rank, const char *kind, Span label, uint16_t p, const Tag *tag) {
    if (!mistakes_want(mistakes, text->settings->mistakes, rank, text->hash)) return;
    Buffer line = {0};
    MistakeFacts facts = {kind, label, p, tag, text->seen, &text->marked, text->sentiment};
    mistake_line(&line, &facts, text->settings->names);
    mistakes_take(mistakes, text->settings->mistakes, rank, text->hash, buffer_span(&line));
    buffer_free(&line);
}

/* Of a sentiment, 0 to 100: its score, or where a model was asked its p. */
static uint32_t strength(Score score) { return score.p ? score.p / 100u : (uint32_t)abs(score.positive - score.negative); }

static void add_mistakes(const Text *text) {
    const Result *result = &text->seen->result;
    const Marked *marked = &text->marked;
    for (size_t i = 0; i < result->tag_count; i++) {
        Span label = tag_label(text->settings->codebook, &result->tags[i], text->scratch);
        bool right;
        if (is_judged(text, label, &right) && !right)
            take(text, &wrong_in(text->marks, net_of(label))->mistakes, result->tags[i].p, "false_positive", label, result->tags[i].p, &result->tags[i]);
    }
    for (size_t i = 0; i < marked->gold.count; i++)
        if (!contains(marked->given, marked->gold.items[i]) && !contains((Labels){marked->gold.items, i, 0}, marked->gold.items[i]))
            take(text, &text->marks->missed, 0, "miss", marked->gold.items[i], 0, NULL);
    if (text->sentiment >= 0 && text->sentiment != (int)result->score.label)
        take(text, &text->marks->sentiments, strength(result->score), "wrong_sentiment", span_of(sentiment_name((int)result->score.label)), result->score.p, NULL);
}

void marks_add(Marks *marks, const MarkSettings *settings, const Seen *seen, Arena *scratch) {
    Text text = {.marks = marks, .settings = settings, .seen = seen, .scratch = scratch};
    Gold gold = seen->gold;
    bool coders = gold.coder_count > 0;
    if (coders && !gold.has_labels) {
        Gold most = majority_labels(&seen->gold, scratch);
        gold.has_labels = most.has_labels, gold.labels = most.labels, gold.label_count = most.label_count;
    }
    text.sentiment = coders && !gold.sentiment.data ? majority_sentiment(&gold) : read_sentiment(marks, gold.sentiment);
    text.marked = mark(&text, &gold);
    text.hash = quote_hash(seen->doc.id, seen->doc.text);
    if (settings->resamples && (text.marked.coded || text.sentiment >= 0)) {
        uint8_t *draws = arena_alloc(scratch, settings->resamples);
        bootstrap_draws(text.hash, settings->seed, settings->resamples, draws);
        text.draws = draws;
    }
    add_groupings(&text);
    if (coders) add_coders(&text);
    if (settings->mistakes) add_mistakes(&text);
}

/* ---- all texts ---- */

static Scores *scores_in(Grouping *grouping, size_t i) {
    Scores *all[] = {&grouping->scores, &grouping->left, &grouping->tags, &grouping->exact, &grouping->sure};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

static Scores *single_scores(Marks *marks, size_t i) {
    Scores *all[] = {&marks->exact, &marks->sure, &marks->by_coder, &marks->majority, &marks->coders_left, &marks->odd_sentiments};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

/* What is done with each Scores; `from` is NULL where there is one only. */
typedef void (*Each)(Scores *scores, const Scores *from);

static void for_all_scores(Marks *marks, const Marks *from, Each each) {
    Marks *other = (Marks *)from; /* the lists above give what may be changed */
    for (size_t i = 0; i < marks->grouping_count; i++)
        for (size_t j = 0; scores_in(&marks->groupings[i], j); j++) each(scores_in(&marks->groupings[i], j), other ? scores_in(&other->groupings[i], j) : NULL);
    for (size_t i = 0; single_scores(marks, i); i++) each(single_scores(marks, i), other ? single_scores(other, i) : NULL);
}

void marks_merge(Marks *into, const Marks *from, const MarkSettings *settings) {
    for_all_scores(into, from, scores_merge);
    coders_merge(&into->coders, &from->coders);
    for (size_t i = 0; i < from->wrong_count; i++) mistakes_merge(&wrong_in(into, from->wrong[i].net)->mistakes, &from->wrong[i].mistakes, settings->mistakes);
    mistakes_merge(&into->missed, &from->missed, settings->mistakes);
    mistakes_merge(&into->sentiments, &from->sentiments, settings->mistakes);
}

static void finish(Scores *scores, const Scores *from) {
    (void)from;
    scores_finish(scores);
}

static void release(Scores *scores, const Scores *from) {
    (void)from;
    scores_free(scores);
}

void marks_finish(Marks *marks) { for_all_scores(marks, NULL, finish); }

void marks_free(Marks *marks) {
    for_all_scores(marks, NULL, release);
    coders_free(&marks->coders);
    for (size_t i = 0; i < marks->wrong_count; i++) mistakes_free(&marks->wrong[i].mistakes);
    mistakes_free(&marks->missed);
    mistakes_free(&marks->sentiments);
    arena_free(&marks->keep);
    *marks = (Marks){0};
}

/* ---- measures ---- */

/* The number of the row in others of the grouping. */
static size_t row_in(const Scores *other, const Scores *scores, size_t row) { return row == SIZE_MAX ? SIZE_MAX : scores_row(other, scores->row_names[row]); }

/* Nets that no gold has were not coded: what was given of them is no error. */
static bool names_coded_net(const Scores *scores, Span extras) {
    for (const char *end; extras.len; extras.len -= (size_t)(end + 1 - extras.data), extras.data = end + 1) {
        end = memchr(extras.data, '\n', extras.len);
        if (scores_net_coded(scores, (Span){extras.data, (size_t)(end - extras.data)})) return true;
    }
    return false;
}

/* `counts` of the row; `scores` know what was coded. */
static double exact_share(const Scores *counts, const Scores *scores, size_t row) {
    uint64_t exact = 0, texts = scores_texts(scores, row);
    size_t number = row_in(counts, scores, row);
    for (size_t i = 0; i < counts->name_count; i++)
        if (!names_coded_net(scores, counts->names[i])) exact += scores_label(counts, number, i).gold;
    return texts ? (double)exact / (double)texts : NAN;
}

static Calibration calibrate(const Scores *sure, const Scores *scores, bool sections, size_t row) {
    Arena scratch = {0};
    Sureness *items = arena_alloc(&scratch, sure->name_count * sizeof *items);
    size_t count = 0, number = row_in(sure, scores, row);
    for (size_t i = 0; i < sure->name_count; i++) {
        const char *end = memrchr(sure->names[i].data, '\n', sure->names[i].len);
        Span label = {sure->names[i].data, (size_t)(end - sure->names[i].data)};
        Agreement one = scores_label(sure, number, i);
        if (sections || scores_net_coded(scores, label)) items[count++] = (Sureness){(uint32_t)strtoul(end + 1, NULL, 10), one.tagged, one.both};
    }
    Calibration calibration = calibration_of(items, count);
    arena_free(&scratch);
    return calibration;
}

static Agreement all_tags(const Scores *tags, size_t row) {
    Agreement sum = {0};
    for (size_t i = 0; i < tags->name_count; i++) {
        Agreement one = scores_label(tags, row, i);
        sum.tagged += one.tagged, sum.both += one.both;
    }
    return sum;
}

static uint64_t texts_of(const Scores *scores, size_t row) {
    uint64_t texts = 0;
    for (size_t i = 0; i < scores->row_count; i++)
        if (row == SIZE_MAX || row == i) texts += scores->texts[i] > scores->sentiments[i] ? scores->texts[i] : scores->sentiments[i];
    return texts;
}

Measures marks_measure(const Marks *marks, const MarkSettings *settings, size_t number, size_t row) {
    const Grouping *grouping = &marks->groupings[number];
    const Scores *scores = &grouping->scores;
    bool sections = map_has_sections(settings->map);
    Agreement labels = scores_micro(scores, row), tags = sections ? all_tags(&grouping->tags, row_in(&grouping->tags, scores, row)) : labels;
    double precision = agreement_precision(tags), recall = agreement_recall(labels);
    uint64_t decisions = scores_texts(scores, row) * scores_labels(scores);
    Measures measures = {
        .texts = texts_of(scores, row),
        .gold = labels.gold, .found = labels.both, .tagged = tags.tagged, .right = tags.both,
        .precision = precision, .recall = recall, .f1 = sections ? harmonic(precision, recall) : agreement_f1(labels),
        .macro = scores_macro(scores, row, MACRO_LEAST), .weighted = scores_weighted(scores, row), .exact = NAN,
        .hamming = agreement_hamming(labels, decisions), .kappa = agreement_kappa(labels, decisions), .alpha = agreement_alpha(labels, decisions),
        .sentiment_macro = scores_sentiment_macro(scores, row), .sentiment_accuracy = scores_sentiment_accuracy(scores, row),
        .sentiment_kappa = scores_sentiment_kappa(scores, row), .sentiment_alpha = scores_sentiment_alpha(scores, row),
        .f1_interval = scores_micro_interval(scores, sections ? &grouping->tags : scores, row), .sentiment_interval = scores_sentiment_interval(scores, row),
        .macro_interval = {NAN, NAN}, .weighted_interval = {NAN, NAN},
        .calibration = {.error = NAN, .brier = NAN},
    };
    bool all = row == SIZE_MAX;
    if (all || !scores_many_rows(scores)) {
        measures.exact = exact_share(all ? &marks->exact : &grouping->exact, scores, row);
        measures.calibration = calibrate(all ? &marks->sure : &grouping->sure, scores, sections, row);
    }
    if (!all) return measures;
    measures.macro_interval = scores_macro_interval(scores, MACRO_LEAST);
    measures.weighted_interval = scores_weighted_interval(scores);
    return measures;
}

static void put_lines(Buffer *out, const Mistakes *mistakes) {
    for (size_t i = 0; i < mistakes->count; i++) buffer_append(out, mistakes->items[i].line);
}

void marks_mistakes(const Marks *marks, const MarkSettings *settings, Buffer *out) {
    Mistakes wrong = {0};
    bool sections = map_has_sections(settings->map);
    for (size_t i = 0; i < marks->wrong_count; i++)
        if (sections || scores_net_coded(&marks->groupings[0].scores, marks->wrong[i].net)) mistakes_merge(&wrong, &marks->wrong[i].mistakes, settings->mistakes);
    put_lines(out, &wrong);
    put_lines(out, &marks->missed);
    put_lines(out, &marks->sentiments);
    mistakes_free(&wrong);
}
