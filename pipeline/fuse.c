#include "fuse.h"

#include <stdlib.h>

#include "base/table.h"
#include "lexicons.h"

enum { CODES_MOST = 4096, NETS_MOST = 256 };

/* ---- codes ---- */

typedef struct {
    Codebook *book;
    Table codes; /* ids to indices */
    uint16_t net;
} Extending;

static Pole pole_of(Span label, Span *id) {
    static const char *const ends[] = {NULL, ":negative", ":positive"};
    for (int pole = POLE_NEGATIVE; pole <= POLE_POSITIVE; pole++) {
        size_t len = strlen(ends[pole]);
        if (label.len <= len || memcmp(label.data + label.len - len, ends[pole], len)) continue;
        *id = (Span){label.data, label.len - len};
        return (Pole)pole;
    }
    *id = label;
    return POLE_NONE;
}

static bool find_code(Extending *extending, Span label, uint16_t *code, uint8_t *pole, Fail *fail) {
    Span id;
    *pole = (uint8_t)pole_of(label, &id);
    uint32_t *place = table_put(&extending->codes, id);
    Codebook *book = extending->book;
    if (*place == TABLE_NONE) {
        if (book->code_count == CODES_MOST) return fail_set(fail, FAIL_SETUP, "found more than %d codes", CODES_MOST);
        *place = (uint32_t)book->code_count;
        book->codes[book->code_count++] = (Code){.id = id, .net = extending->net};
    }
    *code = (uint16_t)*place;
    if (*pole != POLE_NONE) book->codes[*place].poles = true;
    return true;
}

static bool find_sentiment(Span label, uint16_t *code, Fail *fail) {
    int sentiment = sentiment_find(label);
    if (sentiment >= 0) return *code = (uint16_t)sentiment, true;
    return fail_set(fail, FAIL_SETUP, "found sentiment '%.*s', expected negative, neutral, mixed or positive", label.len < 50 ? (int)label.len : 50, label.data);
}

static bool find_labels(Voice *voice, Extending *extending, Arena *keep, Fail *fail) {
    const ModelInfo *info = model_info(voice->model);
    voice->codes = arena_calloc(keep, info->label_count, sizeof *voice->codes);
    voice->poles = arena_calloc(keep, info->label_count, sizeof *voice->poles);
    bool sentiment = info->target == TARGET_SENTIMENT;
    if (!sentiment) {
        if (extending->book->net_count == NETS_MOST) return fail_set(fail, FAIL_SETUP, "found more than %d nets", NETS_MOST);
        extending->net = (uint16_t)extending->book->net_count;
        extending->book->nets[extending->book->net_count++] = (Net){.id = span_of(info->name)};
    }
    for (size_t i = 0; i < info->label_count; i++)
        if (!(sentiment ? find_sentiment(info->labels[i], &voice->codes[i], fail) : find_code(extending, info->labels[i], &voice->codes[i], &voice->poles[i], fail))) return false;
    return true;
}

/* A model of nothing but known codes brings no net. */
static void drop_empty_net(Codebook *book) {
    size_t net = book->net_count - 1;
    for (size_t i = 0; i < book->code_count; i++)
        if (book->codes[i].net == net) return;
    book->net_count--;
}

static Codebook *copy_codebook(const Codebook *codebook, bool alone, Arena *keep) {
    Codebook *copy = arena_calloc(keep, 1, sizeof *copy);
    *copy = *codebook;
    copy->codes = arena_calloc(keep, CODES_MOST, sizeof *copy->codes);
    copy->nets = arena_calloc(keep, NETS_MOST, sizeof *copy->nets);
    if (alone) copy->code_count = copy->net_count = 0;
    if (copy->code_count) memcpy(copy->codes, codebook->codes, copy->code_count * sizeof *copy->codes);
    if (copy->net_count) memcpy(copy->nets, codebook->nets, copy->net_count * sizeof *copy->nets);
    return copy;
}

/* Whatever decides a tag shows in the codebook's hash: tallies of other models are not merged. */
static void hash_model(Codebook *book, const Model *model, Preset preset, bool alone) {
    uint64_t parts[] = {model_info(model)->checksum, (uint64_t)preset, alone};
    uint64_t hash = hash_bytes((Span){(const char *)parts, sizeof parts}, hash_bytes(span_of(book->hash), 0));
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) book->hash[i] = digits[hash >> (60 - 4 * i) & 15];
}

bool voices_open(const char *const *paths, size_t count, Preset preset, bool alone, const Codebook *codebook, Arena *keep, Voices *voices, const Codebook **extended, Fail *fail) {
    *voices = (Voices){.items = arena_calloc(keep, count + 1, sizeof *voices->items), .preset = preset, .alone = alone};
    Extending extending = {.book = copy_codebook(codebook, alone, keep)};
    for (size_t i = 0; i < extending.book->code_count; i++) *table_put(&extending.codes, extending.book->codes[i].id) = (uint32_t)i;
    bool fine = true;
    for (size_t i = 0; i < count && fine; i++) {
        Voice *voice = &voices->items[i];
        fine = model_open(paths[i], keep, &voice->model, fail);
        if (!fine) break;
        voices->count++;
        fine = find_labels(voice, &extending, keep, fail) || (fail_at(fail, paths[i], 0, 0), false);
        if (model_info(voice->model)->target == TARGET_LABELS) drop_empty_net(extending.book);
        hash_model(extending.book, voice->model, preset, alone);
    }
    table_free(&extending.codes);
    if (fine) *extended = extending.book;
    else voices_close(voices);
    return fine;
}

void voices_close(Voices *voices) {
    for (size_t i = 0; i < voices->count; i++) model_close(voices->items[i].model);
    voices->count = 0;
}

/* ---- tags ---- */

/* Fusing — the tags of one response as they come together. */
typedef struct {
    const Tokens *tokens;
    Result *result; /* hits are the lexicons' and the models', each tag's together */
    Tag *tags;
    size_t count;
    size_t hit_capacity;
    Arena *scratch;
} Fusing;

static Tag *tag_find(Fusing *fusing, uint16_t code, uint8_t pole) {
    for (size_t i = 0; i < fusing->count; i++)
        if (fusing->tags[i].code == code && fusing->tags[i].pole == pole) return &fusing->tags[i];
    return NULL;
}

static uint16_t ten_thousandths(double p) { return (uint16_t)(p * 10000 + 0.5); }

static void add_hit(Fusing *fusing, const Tag *tag, Stretch stretch) {
    Result *result = fusing->result;
    if (result->hit_count == fusing->hit_capacity) {
        size_t capacity = result->hit_count * 2 + 16;
        Hit *hits = arena_alloc(fusing->scratch, capacity * sizeof *hits);
        if (result->hit_count) memcpy(hits, result->hits, result->hit_count * sizeof *hits);
        result->hits = hits;
        fusing->hit_capacity = capacity;
    }
    const Token *items = fusing->tokens->items;
    result->hits[result->hit_count++] = (Hit){.rule = HIT_OF_MODEL, .first = stretch.first, .last = stretch.last, .start = anchors_start(fusing->tokens->anchors, items[stretch.first].start),
                                              .end = anchors_end(fusing->tokens->anchors, items[stretch.last].end), .code = tag->code, .pole = tag->pole};
}

static void add_tag(Fusing *fusing, const Voice *voice, Scorer *scorer, size_t label, double p) {
    Stretch stretches[STRETCHES_MAX];
    size_t count = scorer_evidence(scorer, label, stretches);
    Tag *tag = &fusing->tags[fusing->count++];
    *tag = (Tag){.code = voice->codes[label], .pole = voice->poles[label], .p = ten_thousandths(p), .source = SOURCE_MODEL, .first_hit = (uint32_t)fusing->result->hit_count, .hit_count = (uint32_t)count};
    for (size_t i = 0; i < count; i++) add_hit(fusing, tag, stretches[i]);
}

static void take_away(Fusing *fusing, Tag *tag) {
    fusing->count--;
    memmove(tag, tag + 1, (size_t)(fusing->tags + fusing->count - tag) * sizeof *tag);
}

/* Of a text that has one label: where p is the most times its threshold. */
static size_t chosen(const Voice *voice, const double *p) {
    size_t best = 0;
    double most = -1;
    for (size_t i = 0; i < model_info(voice->model)->label_count; i++) {
        double threshold = model_threshold(voice->model, i, PRESET_BALANCED), ratio = threshold > 0 ? p[i] / threshold : p[i];
        if (ratio > most) most = ratio, best = i;
    }
    return best;
}

static void fuse_labels(Fusing *fusing, const Voices *voices, const Voice *voice, Scorer *scorer, const double *p) {
    const ModelInfo *info = model_info(voice->model);
    size_t best = chosen(voice, p);
    for (size_t i = 0; i < info->label_count; i++) {
        bool given = info->single ? i == best : p[i] >= model_threshold(voice->model, i, voices->preset);
        Tag *tag = tag_find(fusing, voice->codes[i], voice->poles[i]);
        if (tag && given) {
            tag->p = ten_thousandths(p[i]);
            if (tag->source == SOURCE_LEXICON) tag->source = SOURCE_BOTH;
        } else if (tag && info->lexicons) {
            take_away(fusing, tag);
        } else if (given) {
            add_tag(fusing, voice, scorer, i, p[i]);
        }
    }
}

/* Strengths are the lexicons'; where they know nothing of the language, the probabilities stand for them. */
static void fuse_sentiment(const Voice *voice, const double *p, bool strengths, Result *result) {
    size_t count = model_info(voice->model)->label_count, best = chosen(voice, p);
    double sum = 0, positive = 0, negative = 0;
    for (size_t i = 0; i < count; i++) {
        sum += p[i];
        if (voice->codes[i] == SENTIMENT_POSITIVE) positive = p[i];
        if (voice->codes[i] == SENTIMENT_NEGATIVE) negative = p[i];
    }
    result->score.label = (Sentiment)voice->codes[best];
    result->score.p = sum > 0 ? ten_thousandths(p[best] / sum) : 0;
    if (strengths || sum <= 0) return;
    result->score.positive = (int)(100 * positive / sum + 0.5);
    result->score.negative = (int)(100 * negative / sum + 0.5);
}

static int by_code(const void *left, const void *right) {
    const Tag *a = left, *b = right;
    return a->code != b->code ? (a->code > b->code) - (a->code < b->code) : (a->pole > b->pole) - (a->pole < b->pole);
}

void fuse(const Voices *voices, Scorer *const *scorers, const Doc *doc, const Tokens *tokens, const Codebook *codebook, Result *result, Arena *scratch) {
    size_t most = result->tag_count;
    for (size_t i = 0; i < voices->count; i++) most += model_info(voices->items[i].model)->label_count;
    Result given = *result; /* what the lexicons say is a feature for all of them */
    Fusing fusing = {.tokens = tokens, .result = result, .tags = arena_alloc(scratch, (most + 1) * sizeof(Tag)), .hit_capacity = result->hit_count, .scratch = scratch};
    if (!voices->alone && result->tag_count) memcpy(fusing.tags, result->tags, (fusing.count = result->tag_count) * sizeof *fusing.tags);
    for (size_t i = 0; i < voices->count; i++) {
        const Voice *voice = &voices->items[i];
        const double *p = scorer_run(scorers[i], doc, tokens, &given, codebook, scratch);
        if (model_info(voice->model)->target == TARGET_SENTIMENT) fuse_sentiment(voice, p, given.score.known, result);
        else if (tokens->count) fuse_labels(&fusing, voices, voice, scorers[i], p);
    }
    if (fusing.count) qsort(fusing.tags, fusing.count, sizeof *fusing.tags, by_code);
    result->tags = fusing.tags;
    result->tag_count = fusing.count;
}
