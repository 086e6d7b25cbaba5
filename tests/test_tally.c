/* tally/: counts, intervals, merging, quotes, and the file. */
#include "check.h"

#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "tally/tally.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- a small codebook, and responses by chance ---- */

static Net nets[] = {{.id = {"service", 7}, .name = {{"Service", 7}, {"Обслуживание", 24}}}, {.id = {"mixed", 5}}, {.id = {"mention", 7}}};
static Code codes[] = {
    {.id = {"service.speed", 13},
     .net = 0,
     .poles = true,
     .name = {{"Speed", 5}},
     .negative = {{"Slow", 4}, {"Медленно", 16}},
     .positive = {{"Quick", 5}}},
    {.id = {"service.human", 13}, .net = 0, .poles = true},
    {.id = {"mixed.a", 7}, .net = 1, .poles = true},
    {.id = {"mixed.b", 7}, .net = 1, .poles = false},
    {.id = {"mention.\"x\\", 11}, .net = 2, .poles = false, .name = {{"<b>", 3}}},
};
enum { SPEED, HUMAN, MIXED_A, MIXED_B, MENTION, CODES, SERVICE = CODES, MIXED, NETS_END };

static Codebook codebook = {.nets = nets,
                            .net_count = COUNT(nets),
                            .codes = codes,
                            .code_count = COUNT(codes),
                            .languages = {{"en", 2}, {"ru", 2}},
                            .language_count = 2,
                            .hash = "0123456789abcdef"};
static const char *const segments[] = {"age", "city"};

static TallySettings settings_with(size_t quotes) {
    return (TallySettings){.codebook = &codebook, .segments = segments, .segment_count = COUNT(segments), .quotes = quotes};
}

typedef struct {
    Doc doc;
    Result result;
    Segment segments[2];
    Tag tags[4];
    Hit hits[8];
    char id[32], text[64];
} Response;

static uint64_t chance(uint64_t *state, uint64_t below) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 33) % below;
}

static void response_fill(Response *response, uint64_t *state) {
    static const char *const texts[] = {"slow and rude", "ждали долго", "等了很久", "ok", "", "\"quoted\" \\ \n\x01 <b>"};
    static const char *const values[] = {"18-35", "36-55", "", "56+", "\"a\"\n"};
    *response = (Response){0};
    size_t number = chance(state, 40);
    snprintf(response->id, sizeof response->id, "r%zu", number);
    snprintf(response->text, sizeof response->text, "%s", texts[number % COUNT(texts)]);
    Span text = span_of(response->text);
    size_t hit_count = 0, tag_count = 0;
    for (uint16_t code = 0; code < CODES; code++) {
        if (tag_count == COUNT(response->tags) || chance(state, 3)) continue;
        Tag *tag = &response->tags[tag_count++];
        *tag =
            (Tag){.code = code, .pole = codes[code].poles ? (uint8_t)(1 + chance(state, 2)) : POLE_NONE, .first_hit = (uint32_t)hit_count};
        for (; text.len && tag->hit_count < chance(state, 3); tag->hit_count++)
            response->hits[hit_count++] = (Hit){.start = 0, .end = (uint32_t)utf8_len((unsigned char)text.data[0])};
    }
    for (size_t i = 0; i < 2; i++)
        response->segments[i] =
            (Segment){.name = span_of(segments[i]), .value = chance(state, 4) ? span_of(values[chance(state, COUNT(values))]) : (Span){0}};
    response->result = (Result){.tags = response->tags,
                                .tag_count = tag_count,
                                .hits = response->hits,
                                .hit_count = hit_count,
                                .score = {.label = (Sentiment)chance(state, SENTIMENT_COUNT)}};
    response->doc = (Doc){.id = span_of(response->id),
                          .text = text,
                          .lang = chance(state, 2) ? SPAN("en") : (Span){0},
                          .segments = response->segments,
                          .segment_count = 2,
                          .weight = chance(state, 2) ? 1000000 : (int64_t)(1 + chance(state, 3000000))};
}

static void add_random(Tally *tally, uint64_t seed) {
    Response response;
    uint64_t state = seed * 2654435761u + 1;
    response_fill(&response, &state);
    if (chance(&state, 10) == 0) tally_reject(tally);
    else tally_add(tally, &response.doc, &response.result);
}

static void add_one(Tally *tally, const char *id, const char *text, const char *age, int64_t weight, uint16_t code, int pole) {
    Tag tag = {.code = code, .pole = (uint8_t)pole};
    Segment values[] = {{SPAN("age"), span_of(age)}, {SPAN("city"), {0}}};
    Doc doc = {.id = span_of(id), .text = span_of(text), .segments = values, .segment_count = 2, .weight = weight};
    Result result = {.tags = &tag, .tag_count = 1, .score = {.label = SENTIMENT_NEGATIVE}};
    tally_add(tally, &doc, &result);
}

static Buffer written(const Tally *tally) {
    Buffer out = {0};
    tally_write(tally, &out);
    return out;
}

/* Compares the bytes, and names the first line that differs. */
static void check_same(const Tally *a, const Tally *b, const char *name) {
    Buffer one = written(a), other = written(b);
    CHECK(span_equal(buffer_span(&one), buffer_span(&other)), "%s: %zu and %zu bytes", name, one.len, other.len);
    buffer_free(&one);
    buffer_free(&other);
}

/* ---- counting ---- */

static void test_counts(void) {
    TallySettings settings = settings_with(2);
    Tally *tally = tally_open(&settings);
    add_one(tally, "1", "slow", "18-35", 1000000, SPEED, POLE_NEGATIVE);
    add_one(tally, "2", "quick", "56+", 1000000, SPEED, POLE_POSITIVE);
    add_one(tally, "3", "b", NULL, 1000000, MIXED_B, POLE_NONE);
    Tag tags[] = {{.code = SPEED, .pole = POLE_NEGATIVE}, {.code = SPEED, .pole = POLE_POSITIVE}, {.code = HUMAN, .pole = POLE_NEGATIVE}};
    Segment values[] = {{SPAN("age"), SPAN("18-35")}, {SPAN("city"), SPAN("")}};
    Doc doc = {.id = SPAN("4"), .text = SPAN("both"), .segments = values, .segment_count = 2, .weight = 1000000};
    tally_add(tally, &doc, &(Result){.tags = tags, .tag_count = 3, .score = {.label = SENTIMENT_MIXED}});
    tally_reject(tally);
    TallyTotals totals = tally_totals(tally);
    CHECK(totals.read == 5 && totals.tagged == 4 && totals.rejected == 1, "totals");
    static const struct {
        size_t cell, code;
        int pole;
        uint64_t responses;
    } rows[] = {
        {0, SPEED, POLE_NEGATIVE, 2}, {0, SPEED, POLE_POSITIVE, 2}, {0, SPEED, POLE_NONE, 3},     {0, SERVICE, POLE_NEGATIVE, 2},
        {0, SERVICE, POLE_NONE, 3},   {0, HUMAN, POLE_NEGATIVE, 1}, {0, HUMAN, POLE_POSITIVE, 0}, {0, MIXED, POLE_NONE, 1},
        {0, MIXED, POLE_NEGATIVE, 0}, {0, MENTION, POLE_NONE, 0},   {1, SPEED, POLE_NEGATIVE, 2}, {1, SPEED, POLE_NONE, 2},
        {2, SPEED, POLE_POSITIVE, 1}, {2, SPEED, POLE_NEGATIVE, 0}, {3, HUMAN, POLE_NEGATIVE, 1}, {0, SPEED, POLE_TOPIC, 0},
        {0, 1000, POLE_NONE, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Count count = tally_count(tally, rows[i].cell, rows[i].code, rows[i].pole);
        CHECK(count.responses == rows[i].responses, "row %zu: found %llu", i, (unsigned long long)count.responses);
    }
    CHECK(tally_cells(tally) == 4, "the total, two ages, and an empty city; an absent value is in no cell");
    Cell cell = tally_cell(tally, 1);
    CHECK(!strcmp(cell.segment, "age") && span_is(cell.value, "18-35") && cell.base == 2 && !cell.weighted, "cell 1");
    CHECK(cell.sentiment[SENTIMENT_NEGATIVE] == 1 && cell.sentiment[SENTIMENT_MIXED] == 1, "sentiment");
    CHECK(tally_cell(tally, 0).segment == NULL && tally_cell(tally, 2).base == 1 && span_is(tally_cell(tally, 3).value, ""),
          "cells in order");
    CHECK(tally_poles(tally, SPEED) && !tally_poles(tally, MENTION) && tally_poles(tally, MIXED), "poles");
    tally_close(tally);
}

/* A tag twice, at no pole where its code has them, or at a pole where it has none. */
static void test_odd_tags(void) {
    TallySettings settings = settings_with(2);
    Tally *tally = tally_open(&settings);
    Tag tags[] = {{.code = SPEED, .pole = POLE_NEGATIVE},
                  {.code = SPEED, .pole = POLE_NEGATIVE},
                  {.code = HUMAN, .pole = POLE_TOPIC},
                  {.code = MIXED_B, .pole = POLE_POSITIVE}};
    Doc doc = {.id = SPAN("1"), .text = SPAN("text"), .weight = 1000000};
    tally_add(tally, &doc, &(Result){.tags = tags, .tag_count = 4});
    CHECK(tally_count(tally, 0, SPEED, POLE_NEGATIVE).responses == 1, "twice is once");
    CHECK(tally_count(tally, 0, HUMAN, POLE_NONE).responses == 1 && tally_count(tally, 0, HUMAN, POLE_NEGATIVE).responses == 0,
          "a topic is at either pole");
    CHECK(tally_count(tally, 0, MIXED_B, POLE_NONE).responses == 1 && tally_count(tally, 0, MIXED, POLE_POSITIVE).responses == 0,
          "no poles, no pole");
    CHECK(tally_cells(tally) == 1, "no segments at all");
    Buffer bytes = written(tally);
    Arena keep = {0};
    Tally *again;
    Fail fail = {0};
    CHECK(tally_read(buffer_span(&bytes), "odd", &keep, &again, &fail), "%s", fail.message);
    check_same(tally, again, "odd tags");
    tally_close(again);
    tally_close(tally);
    arena_free(&keep);
    buffer_free(&bytes);
}

/* Values from the definition, by bisection: the shares q with |p - q| = z sqrt(q(1 - q)/n). */
static void test_wilson(void) {
    static const struct {
        double hits, base, low, high;
    } rows[] = {
        {0, 0, 0, 1},
        {0, 10, 0, 0.2775328},
        {10, 10, 0.7224672, 1},
        {5, 10, 0.2365931, 0.7634069},
        {1, 1, 0.2065493, 1},
        {50, 100, 0.4038315, 0.5961685},
        {1, 100, 0.001767432, 0.05448620},
        {120, 267, 0.3909092, 0.5094015},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        double low, high;
        wilson_interval(rows[i].base > 0 ? rows[i].hits / rows[i].base : 0, rows[i].base, &low, &high);
        CHECK(fabs(low - rows[i].low) < 1e-6 && fabs(high - rows[i].high) < 1e-6, "row %zu: found %.7f %.7f", i, low, high);
    }
}

/* Weights 1, 3: share of the second 3/4; Kish's base (1+3)^2 / (1+9) = 1.6. */
static void test_weights(void) {
    TallySettings settings = settings_with(0);
    Tally *tally = tally_open(&settings);
    add_one(tally, "1", "a", NULL, 1000000, SPEED, POLE_POSITIVE);
    CHECK(!tally_cell(tally, 0).weighted, "a weight of 1 is none");
    add_one(tally, "2", "b", NULL, 3000000, SPEED, POLE_NEGATIVE);
    Count count = tally_count(tally, 0, SPEED, POLE_NEGATIVE);
    double low, high;
    wilson_interval(0.75, 1.6, &low, &high);
    CHECK(count.share == 0.75 && count.responses == 1 && count.weight == 3000000, "share %f", count.share);
    CHECK(fabs(count.low - low) < 1e-12 && fabs(count.high - high) < 1e-12, "interval %f %f", count.low, count.high);
    CHECK(tally_cell(tally, 0).weighted, "weighted");
    tally_close(tally);
    tally = tally_open(&settings);
    add_one(tally, "1", "a", NULL, 500000, SPEED, POLE_POSITIVE);
    add_one(tally, "2", "b", NULL, 1500000, SPEED, POLE_POSITIVE);
    CHECK(tally_cell(tally, 0).weighted, "weights with mean 1 are weights");
    tally_close(tally);
}

/* ---- quotes ---- */

static void test_quotes(void) {
    TallySettings settings = settings_with(3);
    Tally *tally = tally_open(&settings);
    char id[16];
    for (int i = 0; i < 200; i++) {
        snprintf(id, sizeof id, "r%d", i % 100); /* each twice */
        add_one(tally, id, "text", i % 2 ? "18-35" : "56+", 1000000, SPEED, POLE_NEGATIVE);
    }
    Quote quotes[8];
    CHECK(tally_quotes(tally, 0, SPEED, POLE_NEGATIVE, quotes, 8) == 3, "three are kept");
    CHECK(!span_equal(quotes[0].id, quotes[1].id) && !span_equal(quotes[1].id, quotes[2].id), "each id and text once");
    CHECK_SPAN(quotes[0].lang, SPAN("und"), "no language");
    CHECK(tally_quotes(tally, 0, SPEED, POLE_NEGATIVE, quotes, 2) == 2, "room");
    CHECK(tally_quotes(tally, 1, SPEED, POLE_NEGATIVE, quotes, 8) == 3, "in a segment value");
    CHECK(!tally_quotes(tally, 0, SPEED, POLE_POSITIVE, quotes, 8) && !tally_quotes(tally, 0, SPEED, POLE_NONE, quotes, 8), "other poles");
    CHECK(!tally_quotes(tally, 0, SERVICE, POLE_NEGATIVE, quotes, 8), "nets have none");
    char text[QUOTE_BYTES + 2];
    memset(text, 'x', sizeof text);
    text[QUOTE_BYTES + 1] = '\0';
    add_one(tally, "long", text, NULL, 1000000, HUMAN, POLE_NEGATIVE);
    add_one(tally, "empty", "", NULL, 1000000, HUMAN, POLE_NEGATIVE);
    CHECK(tally_quotes(tally, 0, HUMAN, POLE_NEGATIVE, quotes, 8) == 0, "too long, or empty");
    text[QUOTE_BYTES] = '\0';
    add_one(tally, "longest", text, NULL, 1000000, HUMAN, POLE_NEGATIVE);
    CHECK(tally_quotes(tally, 0, HUMAN, POLE_NEGATIVE, quotes, 8) == 1 && quotes[0].text.len == QUOTE_BYTES, "just short enough");
    tally_close(tally);
}

static void test_marks(void) {
    TallySettings settings = settings_with(1);
    Tally *tally = tally_open(&settings);
    Hit hits[] = {{.start = 0, .end = 2}, {.start = 15, .end = 17}, {.start = 6, .end = 12},
                  {.start = 3, .end = 9}, {.start = 5, .end = 5},   {.start = 15, .end = 99}};
    Tag tag = {.code = SPEED, .pole = POLE_NEGATIVE, .hit_count = COUNT(hits)};
    Doc doc = {.id = SPAN("1"), .text = SPAN("ж 等很久 x😀é"), .weight = 1000000}; /* bytes 0 2 3 6 9 12 13 14 18 */
    hits[1] = (Hit){.start = 14, .end = 18};
    tally_add(tally, &doc, &(Result){.tags = &tag, .tag_count = 1, .hits = hits, .hit_count = COUNT(hits)});
    Quote quote;
    CHECK(tally_quotes(tally, 0, SPEED, POLE_NEGATIVE, &quote, 1) == 1 && quote.mark_count == 3, "found %zu marks", quote.mark_count);
    static const Mark expect[] = {{0, 1}, {2, 5}, {7, 8}};
    for (size_t i = 0; i < 3; i++)
        CHECK(quote.marks[i].start == expect[i].start && quote.marks[i].end == expect[i].end, "mark %zu: %u %u", i, quote.marks[i].start,
              quote.marks[i].end);
    tally_close(tally);
}

/* ---- merging ---- */

enum { PARTS = 7, RESPONSES = 400 };

static void test_merge(void) {
    for (uint64_t round = 0; round < 8; round++) {
        TallySettings settings = settings_with(round % 4);
        Tally *whole = tally_open(&settings), *parts[PARTS], *forward = tally_open(&settings), *backward = tally_open(&settings),
              *tree = tally_open(&settings);
        for (size_t i = 0; i < PARTS; i++) parts[i] = tally_open(&settings);
        for (uint64_t i = 0; i < RESPONSES; i++) {
            add_random(whole, round * RESPONSES + i);
            add_random(parts[(i * 31 + round) % (PARTS - 1)], round * RESPONSES + i); /* the last one stays empty */
        }
        Fail fail;
        for (size_t i = 0; i < PARTS; i++) CHECK(tally_merge(forward, parts[i], &fail), "merge");
        for (size_t i = PARTS; i-- > 0;) CHECK(tally_merge(backward, parts[i], &fail), "merge");
        for (size_t i = 0; i < PARTS; i += 2) {
            Tally *pair = tally_open(&settings);
            if (i + 1 < PARTS) CHECK(tally_merge(pair, parts[i + 1], &fail), "merge");
            CHECK(tally_merge(pair, parts[i], &fail) && tally_merge(tree, pair, &fail), "merge");
            tally_close(pair);
        }
        for (size_t i = 0; i < PARTS; i++) tally_close(parts[i]);
        check_same(forward, whole, "forward");
        check_same(backward, whole, "backward");
        check_same(tree, whole, "tree");
        tally_close(whole), tally_close(forward), tally_close(backward), tally_close(tree);
    }
}

static void test_refusals(void) {
    static Codebook other, fewer, renamed;
    static Code renamed_codes[COUNT(codes)];
    other = fewer = renamed = codebook;
    memcpy(other.hash, "2a", 3);
    fewer.code_count--;
    memcpy(renamed_codes, codes, sizeof codes);
    renamed_codes[1].id = SPAN("service.robot");
    renamed.codes = renamed_codes;
    static const char *const age[] = {"age"}, *const swapped[] = {"age", "region"}, *const model[] = {"m1"};
    const TallySettings settings = settings_with(2);
    TallySettings hash = settings, none = settings, names = settings, quotes = settings, models = settings, count = settings,
                  code = settings;
    hash.codebook = &other, none.segments = age, none.segment_count = 1, names.segments = swapped, quotes.quotes = 3, models.models = model,
    models.model_count = 1;
    count.codebook = &fewer, code.codebook = &renamed;
    const struct {
        const TallySettings *with;
        const char *message;
    } rows[] = {
        {&hash, "found tallies of different things: codebook '0123456789abcdef' and '2a'"},
        {&none, "found tallies of different things: segment 'city' and none"},
        {&names, "found tallies of different things: segment 'city' and 'region'"},
        {&quotes, "found tallies of different things: 2 quotes for each code and 3"},
        {&models, "found tallies of different things: model none and 'm1'"},
        {&count, "found tallies of different things: 5 codes in 3 nets with names in 2 languages, and 4 in 3 in 2"},
        {&code, "found tallies of different things: code 'service.human' and 'service.robot'"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Tally *into = tally_open(&settings), *before = tally_open(&settings), *from = tally_open(rows[i].with);
        Fail fail = {0};
        CHECK(!tally_merge(into, from, &fail) && fail.code == FAIL_SETUP, "row %zu merged", i);
        CHECK_SPAN(span_of(fail.message), span_of(rows[i].message), "message");
        check_same(into, before, "untouched");
        tally_close(into), tally_close(before), tally_close(from);
    }
}

/* ---- the file ---- */

static Tally *read_back(Span bytes, Arena *keep) {
    Tally *tally = NULL;
    Fail fail = {0};
    CHECK(tally_read(bytes, "t.tally", keep, &tally, &fail), "line %llu: %s", (unsigned long long)fail.line, fail.message);
    return tally;
}

static void test_file(void) {
    for (uint64_t round = 0; round < 8; round++) {
        TallySettings settings = settings_with(round);
        Tally *tally = tally_open(&settings), *more = tally_open(&settings);
        for (uint64_t i = 0; i < round * 40; i++) add_random(tally, round * 1000 + i);
        for (uint64_t i = 0; i < 100; i++) add_random(more, round * 1000 + 500 + i);
        Arena keep = {0};
        Fail fail = {0};
        Buffer bytes = written(tally), more_bytes = written(more);
        Tally *again = read_back(buffer_span(&bytes), &keep), *more_again = read_back(buffer_span(&more_bytes), &keep);
        check_same(again, tally, "read back");
        CHECK(tally_merge(again, more_again, &fail) && tally_merge(tally, more, &fail), "%s", fail.message);
        check_same(again, tally, "merged from files");
        tally_close(again), tally_close(more_again), tally_close(tally), tally_close(more);
        buffer_free(&bytes), buffer_free(&more_bytes);
        arena_free(&keep);
    }
}

#define HEAD(tail) \
    "{\"verbatim_tally\":1,\"codebook\":\"2a\",\"models\":[],\"segments\":[\"age\"],\"quotes\":1,\"languages\":[\"en\"]," \
    "\"nets\":[{\"id\":\"n\",\"name\":{}}]," \
    "\"codes\":[{\"id\":\"n.a\",\"net\":\"n\",\"poles\":true,\"name\":{\"en\":\"A\"},\"negative\":{},\"positive\":{}}," \
    "{\"id\":\"n.b\",\"net\":\"n\",\"poles\":false,\"name\":{}}]," tail \
    "}\n"
#define HEAD_2 HEAD("\"read\":3,\"tagged\":2,\"rejected\":1,\"cells\":1")
#define CELL(tail) \
    "{\"segment\":null,\"value\":null,\"base\":2,\"weight\":2000000,\"squares\":\"2000000000000\",\"sentiment\":[[1,1000000],[0,0]," \
    "[0,0],[1,1000000]]," tail \
    "}\n"
#define ROWS \
    "\"codes\":{\"n.a\":{\"negative\":[1,1000000],\"any\":[1,1000000]}},\"nets\":{\"n\":{\"negative\":[1,1000000],\"any\":[1,1000000]}}"
#define QUOTE(id, text, tags) "{\"id\":\"" id "\",\"lang\":\"en\",\"text\":\"" text "\",\"tags\":[" tags "]}"
#define QUOTES(list) HEAD_2 CELL(ROWS ",\"quotes\":[" list "]")
#define GOOD QUOTES(QUOTE("r1", "slow", "[\"n.a\",\"negative\",[[0,4]]]"))

static void test_hostile(void) {
    static const struct {
        const char *bytes;
        uint64_t line;
        const char *message;
    } rows[] = {
        {"", 1, "found an empty file, expected a tally"},
        {"{}\n", 1, "found the object's end, expected member 'verbatim_tally'"},
        {"[]\n", 1, "the head: found an array, expected an object"},
        {"{\"verbatim_tally\":1", 1, "found the end of the file within a line"},
        {"{\"verbatim_tally\":2}\n", 1, "found a tally of version 2, expected version 1"},
        {"{\"verbatim_tally\":-1}\n", 1,
         "verbatim_tally: found a number below 0, above 64 bits or with a fraction, expected a whole number from 0"},
        {"{\"verbatim_tally\":1.5}\n", 1,
         "verbatim_tally: found a number below 0, above 64 bits or with a fraction, expected a whole number from 0"},
        {"{\"verbatim_tally\":null}\n", 1, "verbatim_tally: found null, expected a whole number from 0"},
        {"{\"verbatim_tally\":1,\"codebook\":\"XY\"}\n", 1, "codebook: found 'XY', expected a hash of up to 16 hexadecimal digits"},
        {"{\"verbatim_tally\":1,\"codebook\":\"11112222333344445\"}\n", 1,
         "codebook: found '11112222333344445', expected a hash of up to 16 hexadecimal digits"},
        {"{\"verbatim_tally\":1,\"codebook\":\"2a\",\"models\":[\"\"]}\n", 1, "models: found a name that is empty or has a NUL"},
        {"{\"verbatim_tally\":1,\"codebook\":\"2a\",\"models\":[],\"segments\":[\"a\",\"a\"]}\n", 1, "segments: found 'a' twice"},
        {"{\"verbatim_tally\":1,\"codebook\":\"2a\",\"models\":[],\"segments\":[],\"quotes\":1001}\n", 1,
         "quotes: found 1001, expected at most 1000"},
        {"{\"verbatim_tally\":1,\"codebook\":\"2a\",\"models\":[],\"segments\":[],\"quotes\":1,\"languages\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\",\"13\",\"14\",\"15\",\"16\",\"17\",\"18\",\"19\",\"20\",\"21\",\"22\",\"23\",\"24\",\"25\",\"26\",\"27\",\"28\",\"29\",\"30\",\"31\",\"32\",\"33\"]}\n",
         1, "languages: found 33, expected at most 32"},
        {"{\"verbatim_tally\":1,\"codebook\":\"2a\",\"models\":[],\"segments\":[],\"quotes\":1,\"languages\":[],"
         "\"nets\":[{\"id\":\"n\",\"name\":{\"en\":\"x\"}}]}\n",
         1, "name: found language 'en', expected one of `languages`"},
        {"{\"verbatim_tally\":1,\"codebook\":\"2a\",\"models\":[],\"segments\":[],\"quotes\":1,\"languages\":[],\"nets\":[],"
         "\"codes\":[{\"id\":\"a\",\"net\":\"n\"}]}\n",
         1, "code 'a': found net 'n', expected one of `nets`"},
        {"{\"verbatim_tally\":1,\"codebook\":\"2a\",\"models\":[],\"segments\":[],\"quotes\":1,\"languages\":[],"
         "\"nets\":[{\"id\":\"n\",\"name\":{}},{\"id\":\"n\",\"name\":{}}]}\n",
         1, "found net 'n' twice"},
        {HEAD("\"read\":4,\"tagged\":2,\"rejected\":1,\"cells\":1"), 1, "found read that is not tagged + rejected"},
        {HEAD("\"read\":3,\"tagged\":2,\"rejected\":1,\"cells\":1,\"x\":0"), 1, "found member 'x', expected the object's end"},
        {HEAD("\"read\":18446744073709551616,\"tagged\":2,\"rejected\":1,\"cells\":1"), 1,
         "read: found a number below 0, above 64 bits or with a fraction, expected a whole number from 0"},
        {HEAD_2, 2, "found 0 cells, expected the 1 of the head"},
        {HEAD("\"read\":3,\"tagged\":2,\"rejected\":1,\"cells\":0"), 2, "found 0 cells, expected the 0 of the head"},
        {HEAD_2 "nonsense\n", 2, NULL},
        {HEAD_2 "\n", 2, NULL},
        {HEAD_2 "{\"segment\":\"age\",\"value\":\"x\"}\n", 2, "found a segment value, expected the total first"},
        {HEAD_2 "{\"segment\":\"city\",\"value\":\"x\"}\n", 2, "found segment 'city', expected one of the head's"},
        {HEAD_2 "{\"segment\":null,\"value\":\"x\"}\n", 2, "segment: found null, expected a string"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":1,\"weight\":1,\"squares\":\"1\"}\n", 2,
         "found a total of 1 responses, expected the 2 tagged of the head"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":3}\n", 2, "base: found 3, expected at most 2"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":2,\"weight\":9223372036854775808}\n", 2,
         "weight: found 9223372036854775808, expected at most 9223372036854775807"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":2,\"weight\":2,\"squares\":\"02\"}\n", 2,
         "squares: found '02', expected the digits of a number below 2^128"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":2,\"weight\":2,\"squares\":\"340282366920938463463374607431768211456\"}\n", 2,
         "squares: found '340282366920938463463374607431768211456', expected the digits of a number below 2^128"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":2,\"weight\":1,\"squares\":\"1\"}\n", 2,
         "found base, weight and squares that cannot be of the same responses"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":2,\"weight\":2,\"squares\":\"5\"}\n", 2,
         "found base, weight and squares that cannot be of the same responses"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":2,\"weight\":2,\"squares\":\"2\",\"sentiment\":[[1,1]]}\n", 2,
         "sentiment: found an array of 1, expected 4 counts"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":2,\"weight\":2,\"squares\":\"2\",\"sentiment\":[[1,1],[0,0],[0,0],[0,0]]}\n", 2,
         "sentiment: found counts that do not add up to the base"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":2,\"weight\":2,\"squares\":\"2\",\"sentiment\":[[1,1,1]]}\n", 2,
         "sentiment: found an array of more than two, expected two numbers"},
        {HEAD_2 "{\"segment\":null,\"value\":null,\"base\":2,\"weight\":2,\"squares\":\"2\",\"sentiment\":[[0,1]]}\n", 2,
         "sentiment: found 0 responses of weight 1, which cannot be"},
        {HEAD_2 CELL("\"codes\":{\"n.x\":{}}"), 2, "codes: found 'n.x', expected one of the head's"},
        {HEAD_2 CELL("\"codes\":{\"n.a\":{}}"), 2, "'n.a': found a pole counted more often than any, or no any"},
        {HEAD_2 CELL("\"codes\":{\"n.a\":{\"any\":[3,3000000]}}"), 2, "counts: found 3, expected at most 2"},
        {HEAD_2 CELL("\"codes\":{\"n.a\":{\"any\":[0,0]}}"), 2, "'n.a': found a count of 0, expected it to be left out"},
        {HEAD_2 CELL("\"codes\":{\"n.a\":{\"topic\":[1,1000000]}}"), 2, "'n.a': found pole 'topic', expected negative, positive or any"},
        {HEAD_2 CELL("\"codes\":{\"n.b\":{\"negative\":[1,1000000]}}"), 2, "'n.b': found pole 'negative', expected any"},
        {HEAD_2 CELL("\"codes\":{\"n.a\":{\"negative\":[2,2000000],\"any\":[1,1000000]}}"), 2,
         "'n.a': found a pole counted more often than any, or no any"},
        {HEAD_2 CELL("\"codes\":{\"n.a\":{\"any\":[1,1000000]},\"n.a\":{\"any\":[1,1000000]}}"), 2, "found counts of 'n.a' twice"},
        {HEAD_2 CELL("\"codes\":{\"n.a\":{\"any\":[1,1000000],\"any\":[1,1000000]}}"), 2, "'n.a': found pole 'any' twice"},
        {QUOTES(QUOTE("r", "", "")), 2, "found a quote of 0 bytes with an id of 1, expected up to 2000 each"},
        {QUOTES(QUOTE("r", "x", "")), 2, "found a quote without tags"},
        {QUOTES(QUOTE("r", "x", "[\"n.a\",\"negative\"]")), 2, "a quote's tag: expected code, pole and marks"},
        {QUOTES(QUOTE("r", "x", "[\"n.z\",\"negative\",[]]")), 2, "a quote's code: found 'n.z', expected one of the head's"},
        {QUOTES(QUOTE("r", "x", "[\"n.a\",\"\",[]]")), 2, "a quote's pole: found '', which 'n.a' does not have"},
        {QUOTES(QUOTE("r", "x", "[\"n.b\",\"positive\",[]]")), 2, "a quote's pole: found 'positive', which 'n.b' does not have"},
        {QUOTES(QUOTE("r", "x", "[\"n.b\",\"\",[]]")), 2, "found more quotes of 'n.b' than expected"},
        {QUOTES(QUOTE("r", "x", "[\"n.a\",\"negative\",[[0,2]]]")), 2, "marks: found 2, expected at most 1"},
        {QUOTES(QUOTE("r", "x", "[\"n.a\",\"negative\",[[1,1]]]")), 2, "marks: found one that is empty or out of order"},
        {QUOTES(QUOTE("r", "xyz", "[\"n.a\",\"negative\",[[1,3],[2,3]]]")), 2, "marks: found one that is empty or out of order"},
        {QUOTES(QUOTE("r", "x", "[\"n.a\",\"negative\",[[0,1],7]]")), 2, "marks: found a number, expected an array"},
        {QUOTES(QUOTE("r", "x", "[\"n.a\",\"negative\",[]],[\"n.a\",\"negative\",[]]")), 2,
         "a quote's tags: found one again or out of order"},
        {QUOTES(QUOTE("r", "x", "[\"n.a\",\"negative\",[]]") "," QUOTE("s", "x", "[\"n.a\",\"negative\",[]]")), 2,
         "found more quotes of 'n.a' than expected"},
        {GOOD "{}\n", 3, "found more cells than the 1 of the head"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena keep = {0};
        Fail fail = {0};
        Tally *tally = NULL;
        CHECK(!tally_read(span_of(rows[i].bytes), "t.tally", &keep, &tally, &fail), "row %zu was read", i);
        CHECK(!tally && fail.code == FAIL_SETUP && fail.line == rows[i].line && fail.source && !strcmp(fail.source, "t.tally"),
              "row %zu: line %llu", i, (unsigned long long)fail.line);
        if (rows[i].message) CHECK_SPAN(span_of(fail.message), span_of(rows[i].message), "message");
        tally_close(tally);
        arena_free(&keep);
    }
    Arena keep = {0};
    Tally *good = read_back(SPAN(GOOD), &keep);
    Buffer again = written(good);
    CHECK_SPAN(buffer_span(&again), SPAN(GOOD), "good");
    tally_close(good);
    buffer_free(&again);
    arena_free(&keep);
}

/* Numbers up to the top of their types come through, and stop there when added. */
static void test_large(void) {
    static const char large[] =
        HEAD("\"read\":9007199254740995,\"tagged\":9007199254740993,\"rejected\":2,\"cells\":1")
        "{\"segment\":null,\"value\":null,\"base\":9007199254740993,\"weight\":9223372036854775807,"
        "\"squares\":\"85070591730234615847396907784232501249\","
        "\"sentiment\":[[9007199254740993,9223372036854775807],[0,0],[0,0],[0,0]],"
        "\"codes\":{\"n.b\":{\"any\":[9007199254740993,9223372036854775807]}},\"nets\":{},\"quotes\":[]}\n";
    Arena keep = {0};
    Fail fail;
    Tally *tally = read_back(span_of(large), &keep), *twin = read_back(span_of(large), &keep);
    Buffer again = written(tally);
    CHECK_SPAN(buffer_span(&again), span_of(large), "beyond 2^53");
    CHECK(tally_merge(tally, twin, &fail), "merge");
    Count count = tally_count(tally, 0, 1, POLE_NONE);
    CHECK(count.responses == 18014398509481986u && count.weight == INT64_MAX && count.share == 1, "stops at the top");
    Buffer merged = written(tally);
    Tally *third = read_back(buffer_span(&merged), &keep);
    check_same(tally, third, "still a tally");
    tally_close(tally), tally_close(twin), tally_close(third);
    buffer_free(&again), buffer_free(&merged);
    arena_free(&keep);
}

/* Bytes of a good file changed, cut and doubled by chance: read or refused, never worse; what is read can be written and read again. */
static void test_mutations(void) {
    TallySettings settings = settings_with(2);
    Tally *tally = tally_open(&settings);
    for (uint64_t i = 0; i < 30; i++) add_random(tally, i);
    Buffer bytes = written(tally);
    tally_close(tally);
    uint64_t state = 1;
    char *copy = malloc(bytes.len);
    int accepted = 0;
    for (int i = 0; i < 3000; i++) {
        memcpy(copy, bytes.data, bytes.len);
        size_t len = chance(&state, 8) ? bytes.len : chance(&state, bytes.len);
        for (uint64_t changes = 1 + chance(&state, 3); changes; changes--)
            copy[chance(&state, bytes.len)] = "0123456789{}[]\",:\\n\n-\xff"[chance(&state, 22)];
        Arena keep = {0};
        Fail fail = {0};
        if (tally_read((Span){copy, len}, "m", &keep, &tally, &fail)) {
            accepted++;
            Buffer first = written(tally);
            Tally *again = read_back(buffer_span(&first), &keep);
            tally_close(again);
            tally_close(tally);
            buffer_free(&first);
        } else {
            CHECK(fail.code == FAIL_SETUP && fail.line && fail.message[0], "%d: no reason", i);
        }
        arena_free(&keep);
    }
    CHECK(accepted < 3000, "some are refused");
    free(copy);
    buffer_free(&bytes);
}

static void test_segments(void) {
    static const char *const twice[] = {"age", "age", "city"};
    TallySettings settings = {.codebook = &codebook, .segments = twice, .segment_count = 3, .quotes = 1};
    Tally *tally = tally_open(&settings);
    CHECK(tally_segments(tally) == 2 && !strcmp(tally_segment(tally, 1), "city"), "a segment named twice counts once");
    Segment values[] = {{SPAN("age"), SPAN("b")}, {SPAN("age"), SPAN("b")}, {SPAN("city"), SPAN("c")}};
    Doc doc = {.id = SPAN("1"), .text = SPAN("t"), .segments = values, .segment_count = 3, .weight = 1000000};
    tally_add(tally, &doc, &(Result){0});
    CHECK(tally_cells(tally) == 3 && tally_cell(tally, 1).base == 1 && span_is(tally_cell(tally, 2).value, "c"), "cells");
    char value[16];
    for (int i = 0; i < 3000; i++) { /* many values, in no order */
        snprintf(value, sizeof value, "%d", i * 7919 % 3000);
        values[2].value = span_of(value);
        tally_add(tally, &doc, &(Result){0});
    }
    bool ordered = true;
    for (size_t i = 3; i < tally_cells(tally); i++)
        ordered = ordered && span_compare(tally_cell(tally, i - 1).value, tally_cell(tally, i).value) < 0;
    CHECK(ordered && tally_cells(tally) == 3003, "in order of bytes");
    tally_close(tally);
}

int main(void) {
    test_counts();
    test_odd_tags();
    test_wilson();
    test_weights();
    test_quotes();
    test_marks();
    test_merge();
    test_refusals();
    test_file();
    test_hostile();
    test_large();
    test_mutations();
    test_segments();
    return check_end();
}
