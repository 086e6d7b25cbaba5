/* exchange — dictionaries of other programs: what each line becomes, what is lost and said, that nothing else is lost on the way there and back,
 * and that damaged and huge files cost neither a crash nor more than linear time. */
#include <time.h>

#include "exchange/dictionary.h"
#include "world.h"
#include "yamltree.h"

static World world;

static const Language *language_of(const char *code) { return language_find(world.languages, span_of(code)); }

static ExchangeSettings settings_of(const char *code) { return (ExchangeSettings){.file = "file", .language = language_of(code), .cut = world_cut, .cut_context = world.memo}; }

/* `-kind@line` of what is left out, `~kind@line` of what is changed. */
static void describe(const Losses *losses, Buffer *out) {
    for (size_t i = 0; i < losses->count; i++)
        buffer_printf(out, "%s%c%s@%llu", i ? " " : "", losses->items[i].left_out ? '-' : '~', losses->items[i].kind, (unsigned long long)losses->items[i].line);
}

static void world_put(const char *name, Span text) {
    Buffer ended = {0};
    buffer_append(&ended, text);
    buffer_byte(&ended, '\0');
    world_write(&world, name, ended.data);
    buffer_free(&ended);
}

static void clear_world(void) {
    static const char *const names[] = {"reasons.yaml", "valence.tsv", "shifters.yaml", "questions.yaml", "lists.yaml"};
    static const char *const codes[] = {"en", "ru", "zh"};
    char name[64];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 5; j++) snprintf(name, sizeof name, "%s/%s", codes[i], names[j]), world_remove(&world, name);
    world_remove(&world, "codebook.yaml");
}

/* Writes what was imported into the world's folder, in place of what was there. */
static void place(const Imported *imported, const char *code) {
    char name[64];
    clear_world();
    snprintf(name, sizeof name, "%s/reasons.yaml", code);
    world_put(name, imported->reasons.len ? buffer_span(&imported->reasons) : SPAN("{}\n"));
    snprintf(name, sizeof name, "%s/valence.tsv", code);
    if (imported->valence.len) world_put(name, buffer_span(&imported->valence));
    if (imported->codebook.len) world_put("codebook.yaml", buffer_span(&imported->codebook));
}

static bool opens(Fail *fail) {
    Arena keep = {0};
    const Lexicons *lexicons = NULL;
    bool fine = world_lexicons(&world, &keep, &lexicons, fail);
    if (fine) lexicons_close(lexicons);
    arena_free(&keep);
    return fine;
}

/* ---- reading ---- */

typedef struct {
    const char *name;
    ExchangeFormat format;
    const char *language;
    ExchangeAs as;
    const char *input;
    const char *file;   /* reasons.yaml, or valence.tsv behind its first line */
    const char *losses;
} ImportRow;

static const ImportRow imports[] = {
    {"keys in keys", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "Staff:\n  Rude: [rude, 'Couldn''t care']\n", "staff.rude:\n  - '\"rude\"'\n  - '\"couldn''t care\"'\n", ""},
    {"poles", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "staff:\n  negative: [rude]\n  Positive: [kind]\n", "staff:\n  negative:\n    - '\"rude\"'\n  positive:\n    - '\"kind\"'\n", ""},
    {"no poles beside others", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "mood:\n  negative: [sad]\n  calm: [calm]\n", "mood.negative:\n  - '\"sad\"'\nmood.calm:\n  - '\"calm\"'\n", ""},
    {"poles on top are codes", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "negative: [sad]\npositive: glad\n", "negative:\n  - '\"sad\"'\npositive:\n  - '\"glad\"'\n", ""},
    {"globs", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "a: ['wait*', '*ful', 'col?r', 'no * left', 'e-mail*']\n",
     "a:\n  - wait*\n  - '*ful'\n  - col?r\n  - '\"no * left\"'\n  - '\"e-mail*\"'\n", ""},
    {"what is no word", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "a: ['*', '!!!', 'say \"x\"', ok, ' ', \"a\\x07b\"]\n", "a:\n  - '\"ok\"'\n", "-wildcard@1 -no word@1 -quotes@1 -nothing@1 -control characters@1"},
    {"twice", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "a: [x, X]\nb: [x]\na: [y]\n", "a:\n  - '\"x\"'\n  - '\"y\"'\nb:\n  - '\"x\"'\n", "~duplicate@1"},
    {"names", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "'A b': [x]\na_b: [y]\n'!': [z]\nЦена: [w]\n", "a_b:\n  - '\"x\"'\na_b_2:\n  - '\"y\"'\ncategory:\n  - '\"z\"'\nЦена:\n  - '\"w\"'\n", "~name@2 ~name@3"},
    {"values beside keys", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "a:\n- x\n- b: [y]\n- - z\n", "a:\n  - '\"x\"'\n  - '\"z\"'\na.b:\n  - '\"y\"'\n", ""},
    {"alias", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "a: &l [x]\nb: *l\nc: [y]\n", "a:\n  - '\"x\"'\nc:\n  - '\"y\"'\n", "-alias@2"},
    {"an empty key", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "a:\nb: [y]\n", "b:\n  - '\"y\"'\n", ""},
    {"emoticons keep capitals, words do not", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "a: [':D', OK, I]\n", "a:\n  - '\":D\"'\n  - '\"ok\"'\n  - '\"i\"'\n", ""},
    {"byte order mark, CRLF", EXCHANGE_QUANTEDA, "en", AS_FORMAT, "\xef\xbb\xbf" "a: [x]\r\nb:\r\n  - y\r\n", "a:\n  - '\"x\"'\nb:\n  - '\"y\"'\n", ""},
    {"Chinese", EXCHANGE_QUANTEDA, "zh", AS_FORMAT, "a: [太慢, 慢*, 一?个, 好*吃, '*']\n", "a:\n  - '\"太慢\"'\n  - '\"慢\"'\n  - '\"一?个\"'\n", "~wildcard@1 -wildcard@1 -wildcard@1"},
    {"Russian", EXCHANGE_QUANTEDA, "ru", AS_FORMAT, "Сервис: ['хам*', 'долго ждать']\n", "Сервис:\n  - хам*\n  - '\"долго ждать\"'\n", ""},

    {"LIWC", EXCHANGE_LIWC, "en", AS_FORMAT, "%\n1\tposemo\n2\tnegemo\n%\nhappy*\t1\nsad\t2\nkind of\t1\t02\n:)\t1\n", "posemo:\n  - happy*\n  - '\"kind of\"'\n  - '\":)\"'\nnegemo:\n  - '\"sad\"'\n  - '\"kind of\"'\n", ""},
    {"LIWC by blanks, levels", EXCHANGE_LIWC, "en", AS_FORMAT, "%\n1 affect\n\t2 negative (bad ones)\n%\nsad 2\nat once 1\n", "affect:\n  - '\"at once\"'\naffect.negative:\n  - '\"sad\"'\n", ""},
    {"LIWC conditions", EXCHANGE_LIWC, "en", AS_FORMAT, "%\n1\ta\n%\nlike (02 134)125/464\t1\nkind <of>131/125\t1\n", "a:\n  - '\"like\"'\n  - '\"kind\"'\n", "-condition@4 -condition@5"},
    {"LIWC numbers", EXCHANGE_LIWC, "en", AS_FORMAT, "%\n1\ta\n1\tb\n2\ta\n%\nx\t1\t9\nalone\ny\t2\n", "a:\n  - '\"x\"'\n  - '\"y\"'\n", "-category@3 ~category@4 -category@6 -no category@7"},

    {"dicx", EXCHANGE_LIWCX, "en", AS_FORMAT, "DicTerm,Joy,Fear\nhapp*,X,\n\"so, what\",x,X\nafraid,,0.25\nnone,,\nsure,1,0\nbad,?,\n", "joy:\n  - happ*\n  - '\"so, what\"'\n  - '\"sure\"'\nfear:\n  - '\"so, what\"'\n  - match: '\"afraid\"'\n    weight: 0.25\n",
     "-no category@5 -cell@7"},
    {"dicx as rules", EXCHANGE_LIWCX, "en", AS_RULES, "DicTerm,Joy\nglad,2.5\nsad,0.00001\n", "joy:\n  - '\"glad\"'\n  - '\"sad\"'\n", "~weight@2 ~weight@3"},
    {"dicx as valence", EXCHANGE_LIWCX, "en", AS_VALENCE, "DicTerm,tone\nglad,2.5\nsad*,-1\nX,5\nglad,1\n", "\"glad\"\t2.5\t0\nsad*\t-1\t0\n", "-weight@4 -duplicate@5"},
    {"dicx rows", EXCHANGE_LIWCX, "en", AS_FORMAT, "DicTerm,a\nx,X,X\n\"y\nz\",X\nlast,X\n\"open,X", "a:\n  - '\"last\"'\n", "-row@2 -control characters@3 -row@6"},

    {"WordStat", EXCHANGE_WORDSTAT, "en", AS_FORMAT, "SERVICE\n\tSPEED\n\t\tWAIT* (1)\n\t\tLONG_TIME (1)\n\tSTAFF\n\t\tSales person (0.5)\n", "service.speed:\n  - wait*\n  - '\"long time\"'\nservice.staff:\n  - match: '\"sales person\"'\n    weight: 0.5\n", ""},
    {"WordStat rules", EXCHANGE_WORDSTAT, "en", AS_FORMAT,
     "A\n\t@R0 [BANK NOT NEAR RIVER /S4] (1)\n\t@R1 [SLOW NEAR #B /S3] (1)\n\t@R2 [LATE BEFORE TRAIN /S] (1)\n\t@R3 [LATE AFTER TRAIN /D2] (1)\n\t@R4 [BANK NOT NEAR RIVER /S] (1)\n\t@NAMED [X AND Y /C] (1)\n\t@R6 [TURN* NEAR/2 OFF /S] (1)\nB\n\tWAITER (1)\n",
     "a:\n  - match: '\"bank\"'\n    unless: '\"river\"'\n    within: 4\n  - '\"slow\" NEAR/3 #b'\n  - '\"late\" ONEAR/1000 \"train\"'\n  - match: '\"late\" AFTER/2 \"train\"'\n    unit: response\n  - '\"bank\" NOT \"river\"'\n  - match: '\"x\" AND \"y\"'\n    unit: response\n    id: NAMED\n"
     "  - 'turn* NEAR/2 \"off\"'\nb:\n  - '\"waiter\"'\n", ""},
    {"WordStat rules that cannot be", EXCHANGE_WORDSTAT, "en", AS_FORMAT,
     "A\n\t@R1 [X NEAR #NOWHERE] (1)\n\t@R2 [X NEAR (A OR B)] (1)\n\t@R3 [X NEAR] (1)\n\t@R4 [X LIKE Y] (1)\n\t@R5 (1)\n\t@R6 [X NOT BEFORE Y /S] (1)\n\tok (1)\nloose (1)\n\tok (7)\n", "a:\n  - '\"ok\"'\n",
     "-rule@6 -no category@9 ~weight@10 ~duplicate@10 -#category@2 -rule@3 -rule@4 -rule@5 -rule@7"},
    {"WordStat: a category stands for those below", EXCHANGE_WORDSTAT, "en", AS_FORMAT, "A\n\t@R1 [SO #B /S0] (1)\n\t@R2 [SO BEFORE #B /S0] (1)\nB\n\tC\n\t\tx (1)\n\tD\n\t\tnegative\n\t\t\ty (1)\n",
     "a:\n  - '\"so\" ONEAR/0 (#b.c | #b.d:negative)'\nb.c:\n  - '\"x\"'\nb.d:\n  negative:\n    - '\"y\"'\n", "-rule@2"},

    {"VADER", EXCHANGE_VADER, "en", AS_FORMAT, "great\t3.1\t0.7\t[3, 3]\n:D\t2.3\t0.5\t[2]\n8-D\t1\t1\t[]\nawful\t-9\t1\t[]\ngreat\t1\t1\t[]\nbare\n", "\"great\"\t3.1\t0.7\n\":D\"\t2.3\t0.5\n", "-no word@3 -row@4 -duplicate@5 -row@6"},

    {"spaCy texts", EXCHANGE_SPACY, "en", AS_FORMAT, "{\"label\":\"ORG\",\"pattern\":\"Apple Pay\",\"id\":\"apple\"}\n\n{\"label\":\"a.b\",\"pattern\":[{\"LOWER\":\"so\"},{\"ORTH\":\"OK\"}]}\n",
     "org:\n  - match: '\"Apple Pay\"'\n    id: apple\na.b:\n  - '\"so OK\"'\n", ""},
    {"spaCy operators", EXCHANGE_SPACY, "en", AS_FORMAT,
     "{\"label\":\"a\",\"pattern\":[{\"LOWER\":\"so\"},{\"LOWER\":\"very\",\"OP\":\"?\"},{\"LOWER\":\"slow\"}]}\n"
     "{\"label\":\"b\",\"pattern\":[{\"LOWER\":{\"IN\":[\"hour\",\"day\"]}},{\"OP\":\"{0,3}\"},{\"LOWER\":{\"REGEX\":\"^queu\"}},{},{\"TEXT\":\"x\"}]}\n"
     "{\"label\":\"c\",\"pattern\":[{\"LOWER\":\"ha\",\"OP\":\"{2}\"},{\"IS_PUNCT\":true,\"OP\":\"?\"}]}\n",
     "a:\n  - '\"so very slow\"'\n  - '\"so slow\"'\nb:\n  - '(\"hour\" | \"day\") ONEAR/3 queu* * \"x\"'\nc:\n  - '\"ha ha\"'\n", ""},
    {"spaCy lemma, more than once", EXCHANGE_SPACY, "en", AS_FORMAT, "{\"label\":\"a\",\"pattern\":[{\"LEMMA\":\"wait\"}]}\n{\"label\":\"a\",\"pattern\":[{\"LOWER\":\"ha\",\"OP\":\"+\"}]}\n", "a:\n  - wait\n  - '\"ha\"'\n", "~lemma@1 ~OP@2"},
    {"spaCy numbers and links", EXCHANGE_SPACY, "en", AS_FORMAT, "{\"label\":\"a\",\"pattern\":[{\"LIKE_NUM\":true},{\"LOWER\":\"hours\"}]}\n{\"label\":\"a\",\"pattern\":[{\"IS_DIGIT\":true},{\"LIKE_URL\":true}]}\n",
     "a:\n  - '<number> \"hours\"'\n  - '<number> <link>'\n", "~IS_DIGIT@2 ~LIKE_URL@2"},
    {"spaCy that cannot be", EXCHANGE_SPACY, "en", AS_FORMAT,
     "{\"label\":\"a\",\"pattern\":[{\"POS\":\"NOUN\"}]}\nnot json\n{\"label\":\"a\"}\n{\"label\":\"a\",\"pattern\":[{\"LOWER\":\"x\",\"OP\":\"!\"}]}\n{\"label\":\"a\",\"pattern\":[{\"LOWER\":{\"REGEX\":\"(a|b)\"}}]}\n{\"label\":\"a\",\"pattern\":[]}\n"
     "{\"label\":\"a\",\"pattern\":[{\"LOWER\":\"x\",\"LENGTH\":3}]}\n{\"label\":\"a\",\"pattern\":7}\n{\"label\":\"a\",\"pattern\":\"ok\"}\n",
     "a:\n  - '\"ok\"'\n", "-token@1 -line@2 -line@3 -OP@4 -regex@5 -no word@6 -token@7 -line@8"},
};

/* Behind the first line, which says what a valence file's columns are. */
static Span behind_head(Span file) {
    const char *end = memchr(file.data, '\n', file.len);
    return (Span){end + 1, file.len - (size_t)(end + 1 - file.data)};
}

static void test_import(void) {
    for (size_t i = 0; i < sizeof imports / sizeof *imports; i++) {
        const ImportRow *row = &imports[i];
        Arena keep = {0};
        Fail fail = {0};
        Imported imported;
        ExchangeSettings settings = settings_of(row->language);
        settings.as = row->as;
        bool fine = exchange_import(row->format, span_of(row->input), &settings, &keep, &imported, &fail);
        CHECK(fine, "%s: %s", row->name, fail.message);
        if (fine) {
            Buffer losses = {0};
            describe(&imported.losses, &losses);
            Span file = imported.valence.len ? behind_head(buffer_span(&imported.valence)) : buffer_span(&imported.reasons);
            CHECK_SPAN(file, span_of(row->file), row->name);
            CHECK_SPAN(buffer_span(&losses), span_of(row->losses), row->name);
            place(&imported, row->language);
            CHECK(opens(&fail), "%s: %s:%llu: %s", row->name, fail.source ? fail.source : "", (unsigned long long)fail.line, fail.message);
            buffer_free(&losses);
        }
        imported_free(&imported);
        arena_free(&keep);
    }
}

typedef struct {
    const char *name;
    ExchangeFormat format;
    const char *input;
    size_t len; /* 0: up to the NUL */
    uint64_t line;
    const char *message;
} WrongRow;

static const WrongRow wrongs[] = {
    {"windows-1252", EXCHANGE_LIWC, "%\n1\ta\n%\ncaf\xe9\t1\n", 0, 4, "found byte 0xe9, expected UTF-8: `iconv -f WINDOWS-1252"},
    {"UTF-16", EXCHANGE_LIWC, "\xff\xfe%\0\n\0", 6, 1, "iconv -f UTF-16"},
    {"a NUL", EXCHANGE_VADER, "good\t1\t1\n\0", 10, 2, "found a NUL byte"},
    {"no YAML", EXCHANGE_QUANTEDA, "a: [x\nb: }", 0, 2, "found no YAML"},
    {"a list", EXCHANGE_QUANTEDA, "- a\n", 0, 1, "found a list, expected keys with values"},
    {"a text", EXCHANGE_QUANTEDA, "a\n", 0, 1, "found a text"},
    {"nothing", EXCHANGE_QUANTEDA, "", 0, 1, "found nothing"},
    {"a key that is a list", EXCHANGE_QUANTEDA, "? [a]\n: b\n", 0, 1, "found a list, expected a key"},
    {"two documents", EXCHANGE_QUANTEDA, "a: [b]\n---\nc: [d]\n", 0, 2, "found a second document"},
    {"no %", EXCHANGE_LIWC, "happy\t1\n", 0, 1, "expected a line '%' before"},
    {"one %", EXCHANGE_LIWC, "%\n1\ta\n", 0, 2, "expected a line '%' after"},
    {"a category without a number", EXCHANGE_LIWC, "%\nposemo\n%\n", 0, 2, "expected a category's number and name"},
    {"no DicTerm", EXCHANGE_LIWCX, "term,a\n", 0, 1, "found 'term', expected DicTerm"},
    {"one column", EXCHANGE_LIWCX, "DicTerm\nx\n", 0, 1, "found one column"},
    {"weights above 1", EXCHANGE_LIWCX, "DicTerm,a\nx,X\ny,3\n", 0, 3, "found weight 3, expected weights above 0 and at most 1"},
    {"no category", EXCHANGE_WORDSTAT, "\n", 0, 1, "found no category"},
    {"no term", EXCHANGE_VADER, "x\n", 0, 0, "found no term"},
    {"no pattern", EXCHANGE_SPACY, "[\n", 0, 1, "found no JSON object"},
};

static void test_wrong(void) {
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        const WrongRow *row = &wrongs[i];
        Arena keep = {0};
        Fail fail = {0};
        Imported imported;
        ExchangeSettings settings = settings_of("en");
        Span input = {row->input, row->len ? row->len : strlen(row->input)};
        bool fine = exchange_import(row->format, input, &settings, &keep, &imported, &fail);
        CHECK(!fine && strstr(fail.message, row->message) && fail.line == row->line, "%s: found %llu: %s", row->name, (unsigned long long)fail.line, fail.message);
        imported_free(&imported);
        arena_free(&keep);
    }
}

/* ---- writing, and reading again ---- */

typedef struct {
    const char *name, *language;
    ExchangeFormat format;
    const char *reasons;
    const char *text;
    const char *losses;
    const char *again; /* the rules that come back; NULL: as they were */
} ExportRow;

static const ExportRow exports[] = {
    {"quanteda", "en", EXCHANGE_QUANTEDA, "a.b:\n  - '\"so slow\"'\n  - wait*\na.c:\n  negative:\n    - '\"x\"'\n", "a:\n  b:\n    - so slow\n    - wait*\n  c:\n    negative:\n      - x\n", "", NULL},
    {"quanteda: alternatives", "en", EXCHANGE_QUANTEDA, "a:\n  - '(\"so\" | \"too\") (wait* | \"late\")'\n", "a:\n  - so wait*\n  - so late\n  - too wait*\n  - too late\n", "",
     "a:\n  - '\"so wait*\"'\n  - '\"so late\"'\n  - '\"too wait*\"'\n  - '\"too late\"'\n"},
    {"by stem", "en", EXCHANGE_QUANTEDA, "a:\n  - waiting\n  - us\n  - happy\n", "a:\n  - wait*\n  - us\n", "~stem@2 ~stem@3 -stem@4", "a:\n  - wait*\n  - '\"us\"'\n"},
    {"capitals", "en", EXCHANGE_QUANTEDA, "a:\n  - '\"US mail\"'\n", "a:\n  - US mail\n", "~case@2", "a:\n  - '\"us mail\"'\n"},
    {"all that lists cannot hold", "en", EXCHANGE_QUANTEDA,
     "a:\n  negative:\n    - '\"x\" NEAR/2 \"y\"'\n    - '\"x\" AND \"y\"'\n    - '\"x\" NOT \"y\"'\n    - '\"x y z\"~2'\n    - '#b'\n    - /abcd/\n    - {match: '\"x\"', unless: '\"y\"'}\n    - {match: '\"x\"', questions: [open]}\n"
     "    - {match: '\"x\"', id: own, test: {hit: [x], miss: [y, z]}}\n  topic:\n    - '\"t\"'\nb: ['\"v\"']\n",
     "a:\n  negative:\n    - x\nb:\n  - v\n", "-NEAR@3 -AND@4 -NOT@5 -window@6 -#code@7 -regex@8 -unless@9 -questions@10 ~id@11 -topic@13 ~test texts@0", "a:\n  negative:\n    - '\"x\"'\nb:\n  - '\"v\"'\n"},
    {"words that YAML reads otherwise", "en", EXCHANGE_QUANTEDA, "a:\n  - '\"yes\"'\n  - '\"24\"'\n  - '\"null\"'\n  - '\":)\"'\n  - '\"don''t\"'\n", "a:\n  - 'yes'\n  - '24'\n  - 'null'\n  - ':)'\n  - don't\n", "", NULL},
    {"LIWC", "en", EXCHANGE_LIWC, "a:\n  - wait*\n  - '\"so slow\"'\nb:\n  - wait*\n", "%\n1\ta\n2\tb\n%\nwait*\t1\t2\nso slow\t1\n", "", NULL},
    {"LIWC: stars at the end only", "en", EXCHANGE_LIWC, "a:\n  - '*ful'\n  - col?r\n  - '\"no * left\"'\n  - '\"x\"'\n", "%\n1\ta\n%\nx\t1\n", "-wildcard@2 -wildcard@3 -wildcard@4", "a:\n  - '\"x\"'\n"},
    {"dicx", "en", EXCHANGE_LIWCX, "a:\n  - wait*\n  - '\"so, \"'\nb:\n  - wait*\n  - match: '\"x\"'\n    weight: 0.5\n", "DicTerm,a,b\nwait*,X,X\n\"so,\",X,\nx,,0.5\n", "", "a:\n  - wait*\n  - '\"so,\"'\nb:\n  - wait*\n  - match: '\"x\"'\n    weight: 0.5\n"},
    {"WordStat", "en", EXCHANGE_WORDSTAT, "a.b:\n  - '\"so slow\"'\n  - wait*\n  - '\"x\" NEAR/3 #c'\n  - '\"x\" ONEAR/2 \"y z\"'\n  - '\"x\" AND \"y\"'\n  - '\"x\" NOT \"y\"'\nc:\n  - '\"v\"'\n",
     "a\n\tb\n\t\tso_slow (1)\n\t\twait* (1)\n\t\t@R1 [x NEAR #c /S3] (1)\n\t\t@R2 [x BEFORE y_z /S2] (1)\n\t\t@R3 [x NEAR y /S] (1)\n\t\t@R4 [x NOT NEAR y /S] (1)\nc\n\tv (1)\n", "", NULL},
    {"WordStat: the response", "en", EXCHANGE_WORDSTAT, "a:\n  - match: '\"x\" NEAR/3 \"y\"'\n    unit: response\n    id: late.train\n", "a\n\t@late.train [x NEAR y /D3] (1)\n", "", NULL},
    {"WordStat: unless", "en", EXCHANGE_WORDSTAT, "a:\n  - match: '\"x\"'\n    unless: '\"y\" | \"z\"'\n  - match: '\"v\"'\n    unless: '\"y\" | \"z\"'\n    within: 4\n  - match: '\"v\" NOT \"w\"'\n    unless: '\"y\"'\n    within: 4\n",
     "a\n\t@R1 [x NOT NEAR y AND NOT NEAR z /S] (1)\n\t@R2 [v NOT NEAR y AND NOT NEAR z /S4] (1)\n", "-nesting@7", "a:\n  - '\"x\" NOT \"y\" NOT \"z\"'\n  - match: '\"v\"'\n    unless: '\"y\" | \"z\"'\n    within: 4\n"},
    {"lists", "en", EXCHANGE_QUANTEDA, "a:\n  - $none \"x\"\n", "{}\n", "-list@2", ""},
    {"WordStat: one operator", "en", EXCHANGE_WORDSTAT, "a:\n  - '\"x\" NEAR/3 \"y\" NEAR/3 \"z\"'\n  - '\"x\" ONEAR/1 \"y\" ONEAR/1 \"z\"'\n  - '\"snake_case\"'\n", "", "-nesting@2 -nesting@3 -signs@4", ""},
    {"spaCy", "en", EXCHANGE_SPACY, "a:\n  negative:\n    - '\"so slow\"'\n    - '\"US\" ONEAR/3 wait*'\n    - match: 'no * \"left\"'\n      id: gone\n",
     "{\"label\": \"a.negative\", \"pattern\": [{\"LOWER\": \"so\"}, {\"LOWER\": \"slow\"}]}\n{\"label\": \"a.negative\", \"pattern\": [{\"TEXT\": \"US\"}, {\"OP\": \"{0,3}\"}, {\"LOWER\": {\"REGEX\": \"^wait\"}}]}\n"
     "{\"label\": \"a.negative\", \"pattern\": [{\"LOWER\": \"no\"}, {}, {\"LOWER\": \"left\"}], \"id\": \"gone\"}\n", "~stem@5",
     "a:\n  negative:\n    - '\"so slow\"'\n    - '\"US\" ONEAR/3 wait*'\n    - match: '\"no\" * \"left\"'\n      id: gone\n"},
    {"numbers", "en", EXCHANGE_SPACY, "a:\n  - '<number> \"hours\"'\n  - <money>\n", "{\"label\": \"a\", \"pattern\": [{\"LIKE_NUM\": true}, {\"LOWER\": \"hours\"}]}\n", "-class@3", "a:\n  - '<number> \"hours\"'\n"},
    {"numbers, in lists of words", "en", EXCHANGE_WORDSTAT, "a:\n  - '<number> \"hours\"'\n  - '\"x\"'\n", "a\n\tx (1)\n", "-class@2", "a:\n  - '\"x\"'\n"},
    {"spaCy: either order", "en", EXCHANGE_SPACY, "a:\n  - '\"x\" NEAR/2 \"y\"'\n", "{\"label\": \"a\", \"pattern\": [{\"LOWER\": \"x\"}, {\"OP\": \"{0,2}\"}, {\"LOWER\": \"y\"}]}\n{\"label\": \"a\", \"pattern\": [{\"LOWER\": \"y\"}, {\"OP\": \"{0,2}\"}, {\"LOWER\": \"x\"}]}\n", "",
     "a:\n  - '\"x\" ONEAR/2 \"y\"'\n  - '\"y\" ONEAR/2 \"x\"'\n"},
    {"Chinese: by characters", "zh", EXCHANGE_QUANTEDA, "a:\n  - 太慢\n  - 一*个\n  - 快 NEAR/2 慢\n  - 给 * 打\n", "a:\n  - 太慢\n  - 一?个\n", "-NEAR@4 -character gap@5", "a:\n  - '\"太慢\"'\n  - '\"一?个\"'\n"},
    {"Russian", "ru", EXCHANGE_LIWC, "a:\n  - ждали\n  - '\"долго ждать\"'\n  - хам*\n", "%\n1\ta\n%\nждал*\t1\nдолго ждать\t1\nхам*\t1\n", "~stem@2", "a:\n  - ждал*\n  - '\"долго ждать\"'\n  - хам*\n"},
};

static bool export_world(ExchangeFormat format, const char *code, Arena *keep, Exported *exported) {
    Fail fail = {0};
    ExchangeSettings settings = settings_of(code);
    bool fine = exchange_export(format, world.dir, &settings, keep, exported, &fail);
    CHECK(fine, "%s, %s: %s:%llu: %s", exchange_name(format), code, fail.source ? fail.source : "", (unsigned long long)fail.line, fail.message);
    return fine;
}

/* Imports what was exported, without any loss, into the world's folder; its reasons.yaml in `again`. */
static bool import_back(ExchangeFormat format, const char *code, Span text, const char *name, Arena *keep, Buffer *again) {
    Fail fail = {0};
    Imported imported;
    ExchangeSettings settings = settings_of(code);
    bool fine = exchange_import(format, text, &settings, keep, &imported, &fail);
    CHECK(fine, "%s: %s:%llu: %s", name, exchange_name(format), (unsigned long long)fail.line, fail.message);
    if (fine) {
        Buffer losses = {0};
        describe(&imported.losses, &losses);
        CHECK(!losses.len, "%s: what %s holds comes back without loss: %.*s", name, exchange_name(format), (int)(losses.len < 300 ? losses.len : 300), losses.data ? losses.data : "");
        buffer_free(&losses);
        buffer_append(again, buffer_span(&imported.reasons));
        place(&imported, code);
    }
    imported_free(&imported);
    return fine;
}

static void test_export(void) {
    for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
        const ExportRow *row = &exports[i];
        Arena keep = {0};
        Exported exported;
        Buffer losses = {0}, again = {0};
        char name[64];
        clear_world();
        snprintf(name, sizeof name, "%s/reasons.yaml", row->language);
        world_put(name, span_of(row->reasons));
        if (export_world(row->format, row->language, &keep, &exported)) {
            describe(&exported.losses, &losses);
            CHECK_SPAN(buffer_span(&exported.text), span_of(row->text), row->name);
            CHECK_SPAN(buffer_span(&losses), span_of(row->losses), row->name);
            bool any = !row->again || *row->again;
            if (any && import_back(row->format, row->language, buffer_span(&exported.text), row->name, &keep, &again))
                CHECK_SPAN(buffer_span(&again), span_of(row->again ? row->again : row->reasons), row->name);
            exported_free(&exported);
        }
        buffer_free(&losses);
        buffer_free(&again);
        arena_free(&keep);
    }
}

static void test_valence(void) {
    Arena keep = {0};
    Exported exported;
    Buffer losses = {0};
    clear_world();
    world_put("en/reasons.yaml", SPAN("{}\n"));
    world_put("en/valence.tsv", SPAN("# words\n\"great\"\t3.1\t0.7\ndelayed\t-1\t0.5\n:)\t2\t0.5\nso so\t-0.5\t0.5\n*ful\t1\t1\n"));
    if (export_world(EXCHANGE_VADER, "en", &keep, &exported)) {
        describe(&exported.losses, &losses);
        CHECK_SPAN(buffer_span(&exported.text), SPAN("great\t3.1\t0.7\t[]\ndelayed\t-1\t0.5\t[]\n:)\t2\t0.5\t[]\n"), "VADER");
        CHECK_SPAN(buffer_span(&losses), SPAN("~stem@3 -phrase@5 -wildcard@6 -reasons.yaml@0"), "VADER");
        exported_free(&exported);
    }
    buffer_free(&losses);
    arena_free(&keep);
}

/* ---- the shipped lexicons, there and back ---- */

static void copy_file(const char *from, const char *to) {
    Buffer bytes = {0};
    Fail fail;
    if (exchange_read(from, &bytes, &fail)) world_put(to, buffer_span(&bytes));
    buffer_free(&bytes);
}

/* Only the rules that the format matches as we do, as reasons.yaml. */
static void put_exact(const Exported *exported, Buffer *out) {
    for (size_t i = 0; i < exported->held_count; i++) {
        const HeldRule *first = &exported->held[i];
        bool met = !first->exact;
        for (size_t j = 0; j < i && !met; j++) met = exported->held[j].exact && span_equal(exported->held[j].code, first->code);
        if (met) continue;
        buffer_printf(out, "%.*s:\n", (int)first->code.len, first->code.data);
        for (int pole = POLE_NONE; pole <= POLE_POSITIVE; pole++) {
            bool any = false;
            for (size_t j = i; j < exported->held_count; j++) {
                const HeldRule *held = &exported->held[j];
                if (!held->exact || (int)held->pole != pole || !span_equal(held->code, first->code)) continue;
                if (!any && pole) buffer_printf(out, "  %s:\n", pole_name(pole));
                any = true;
                buffer_text(out, "    - match: ");
                yaml_put(out, held->match);
                buffer_text(out, held->response ? "\n      unit: response\n" : "\n");
            }
        }
    }
}

/* Texts of all tests in a rules file. */
static void gather_texts(const YamlNode *node, bool inside, Span **texts, size_t *count, size_t *capacity, Arena *keep) {
    for (size_t i = 0; i < node->count; i++) {
        const YamlNode *value = node->values[i];
        bool test = inside || (node->kind == YAML_MAP && span_is(node->keys[i]->text, "test"));
        if (value->kind == YAML_TEXT && test) *ARENA_PUSH(keep, *texts, *count, *capacity) = value->text;
        else gather_texts(value, test, texts, count, capacity, keep);
    }
}

/* One line a text: code and pole of each tag. */
static bool tag_texts(const char *code, const Span *texts, size_t count, Buffer *out) {
    Arena keep = {0}, scratch = {0};
    const Lexicons *lexicons = NULL;
    Fail fail;
    bool fine = world_lexicons(&world, &keep, &lexicons, &fail);
    CHECK(fine, "%s: %s:%llu:%llu: %s", code, fail.source ? fail.source : "", (unsigned long long)fail.line, (unsigned long long)fail.column, fail.message);
    if (!fine) return arena_free(&keep), false;
    memo_clear(world.memo);
    Matcher *matcher = matcher_open(lexicons);
    const Codebook *codebook = lexicons_codebook(lexicons);
    for (size_t i = 0; i < count; i++) {
        Tokens tokens;
        Result result;
        text_tokens(world.memo, texts[i], language_of(code), &tokens, &scratch);
        matcher_run(matcher, &tokens, ROLE_OPEN, &result, &scratch);
        char names[64][96];
        size_t named = 0;
        for (size_t j = 0; j < result.tag_count && named < 64; j++, named++)
            snprintf(names[named], sizeof names[named], "%.*s:%s", (int)codebook->codes[result.tags[j].code].id.len, codebook->codes[result.tags[j].code].id.data, pole_name(result.tags[j].pole));
        qsort(names, named, sizeof *names, (int (*)(const void *, const void *))strcmp);
        for (size_t j = 0; j < named; j++) buffer_printf(out, "%s ", names[j]);
        buffer_byte(out, '\n');
        arena_reset(&scratch);
    }
    matcher_close(matcher);
    lexicons_close(lexicons);
    arena_free(&scratch);
    arena_free(&keep);
    return true;
}

/* Export, import, export: the same bytes, and nothing said. */
static void test_fixpoint(ExchangeFormat format, const char *code, Span first, Arena *keep) {
    Exported second;
    Buffer ignored = {0};
    if (import_back(format, code, first, code, keep, &ignored) && export_world(format, code, keep, &second)) {
        CHECK(span_equal(buffer_span(&second.text), first), "%s, %s: export(import(export)) is not export", exchange_name(format), code);
        CHECK(second.rules_held == second.rules, "%s, %s: %zu of %zu rules", exchange_name(format), code, second.rules_held, second.rules);
        exported_free(&second);
    }
    buffer_free(&ignored);
}

/* The rules that a format holds exactly tag all test texts as their import does. */
static void test_same_tags(ExchangeFormat format, const char *code, const Exported *exported, const Span *texts, size_t count, Arena *keep) {
    Buffer exact = {0}, before = {0}, after = {0}, again = {0};
    char name[64];
    Exported part;
    put_exact(exported, &exact);
    snprintf(name, sizeof name, "%s/reasons.yaml", code);
    clear_world();
    world_put(name, buffer_span(&exact));
    if (exact.len && tag_texts(code, texts, count, &before) && export_world(format, code, keep, &part)) {
        if (import_back(format, code, buffer_span(&part.text), code, keep, &again) && tag_texts(code, texts, count, &after))
            CHECK(span_equal(buffer_span(&before), buffer_span(&after)), "%s, %s: tags differ", exchange_name(format), code);
        size_t tags = 0;
        for (size_t i = 0; i < before.len; i++) tags += before.data[i] == ' ';
        printf("%s, %s: %zu of %zu rules held, %zu of them as they are: %zu tags in %zu texts\n", exchange_name(format), code, exported->rules_held, exported->rules, part.rules_held, tags, count);
        CHECK(tags > 0, "%s, %s: no text was tagged", exchange_name(format), code);
        exported_free(&part);
    }
    buffer_free(&exact), buffer_free(&before), buffer_free(&after), buffer_free(&again);
}

static void test_shipped(const char *code) {
    static const ExchangeFormat formats[] = {EXCHANGE_QUANTEDA, EXCHANGE_LIWC, EXCHANGE_LIWCX, EXCHANGE_WORDSTAT, EXCHANGE_SPACY};
    char from[512], to[64];
    Arena keep = {0};
    Fail fail;
    const YamlNode *root = NULL;
    Span *texts = NULL;
    size_t count = 0, capacity = 0;
    snprintf(from, sizeof from, SOURCE_DIR "/lexicons/%s/reasons.yaml", code);
    snprintf(to, sizeof to, "%s/reasons.yaml", code);
    if (yaml_read(from, &keep, &root, &fail)) gather_texts(root, false, &texts, &count, &capacity, &keep);
    CHECK(count > 500, "%s: found %zu texts", code, count);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        Exported exported;
        clear_world();
        copy_file(from, to);
        if (!export_world(formats[i], code, &keep, &exported)) continue;
        CHECK(exported.rules_held > 0 && exported.rules_held < exported.rules, "%s", code);
        test_fixpoint(formats[i], code, buffer_span(&exported.text), &keep);
        test_same_tags(formats[i], code, &exported, texts, count, &keep);
        exported_free(&exported);
    }
    arena_free(&keep);
}

/* ---- scalars that YAML might read otherwise ---- */

static void test_scalars(void) {
    static const char *const scalars[] = {"a", "a b", "don't", "'", "''", "\"", "- a", "a: b", "a #b", "#a", "*a", "&a", "!a", "%a", "@a", "`a", "[a", "{a}", "a,b", "? a", ": a", "|", ">", "null", "Yes", "~", "12", "1.5", ".5",
                                          " a", "a ", "a\\b", "a\tb", "a\nb", "\x01", "\x7f", "\xc2\x85", "\xe2\x80\xa8", "\xef\xbb\xbf" "a", "чай", "太慢", "😀", "---", "...", "a...", "<<", "=", "a:", "a/b", "\"x\" NEAR/3 y*"};
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
        Arena keep = {0};
        Buffer yaml = {0};
        Fail fail = {0};
        const YamlNode *root = NULL;
        char path[128];
        buffer_text(&yaml, "key:\n  - ");
        yaml_put(&yaml, span_of(scalars[i]));
        buffer_text(&yaml, "\n  - ");
        yaml_put(&yaml, span_of(scalars[i]));
        buffer_text(&yaml, "\n");
        world_put("en/scalar.yaml", buffer_span(&yaml));
        snprintf(path, sizeof path, "%s/en/scalar.yaml", world.dir);
        bool fine = yaml_read(path, &keep, &root, &fail);
        CHECK(fine, "%s: %s", scalars[i], fail.message);
        if (fine) CHECK_SPAN(root->values[0]->values[1]->text, span_of(scalars[i]), "a scalar");
        buffer_free(&yaml);
        arena_free(&keep);
    }
}

/* ---- damaged and huge files ---- */

static uint64_t draw(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static void damage(Buffer *text, uint64_t *state) {
    static const char bytes[] = "\"'*?[]{}()#@%/:-,.|&\n\t 0aX\x01\\";
    for (size_t i = 0, times = 1 + draw(state) % 4; i < times && text->len; i++) {
        size_t at = draw(state) % text->len;
        switch (draw(state) % 4) {
        case 0: text->data[at] = bytes[draw(state) % (sizeof bytes - 1)]; break;
        case 1: text->len = at; break;
        case 2: memmove(text->data + at, text->data + at + 1, text->len - at - 1), text->len--; break;
        default: {
            Buffer piece = {0};
            buffer_append(&piece, (Span){text->data + at, text->len - at});
            buffer_append(text, buffer_span(&piece));
            buffer_free(&piece);
        }
        }
    }
}

/* Whatever is taken from a damaged file is a lexicon that opens. */
static void test_damaged(void) {
    uint64_t state = 7;
    size_t taken = 0;
    for (size_t i = 0; i < 1500; i++) {
        const ImportRow *row = &imports[i % (sizeof imports / sizeof *imports)];
        Arena keep = {0};
        Fail fail = {0};
        Imported imported;
        Buffer text = {0};
        ExchangeSettings settings = settings_of(row->language);
        settings.as = row->as;
        buffer_text(&text, row->input);
        damage(&text, &state);
        if (exchange_import(row->format, buffer_span(&text), &settings, &keep, &imported, &fail)) {
            taken++;
            place(&imported, row->language);
            bool loop = row->format == EXCHANGE_WORDSTAT; /* rules may be made to speak of themselves: that is refused on opening */
            if (!loop)
                CHECK(opens(&fail), "%s, damaged: %s:%llu: %s\n%.*s", row->name, fail.source ? fail.source : "", (unsigned long long)fail.line, fail.message, (int)text.len, text.data);
        } else {
            CHECK(fail.message[0], "%s: no message", row->name);
        }
        buffer_free(&text);
        imported_free(&imported);
        arena_free(&keep);
    }
    CHECK(taken > 500, "found %zu", taken);
}

typedef struct {
    const char *name;
    ExchangeFormat format;
    const char *head, *piece, *tail; /* %zu in piece is its number */
} Huge;

static const Huge huge[] = {
    {"a line of one word", EXCHANGE_QUANTEDA, "a: [", "x", "]\n"},
    {"keys", EXCHANGE_QUANTEDA, "", "key%zu: [x]\n", ""},
    {"keys without values", EXCHANGE_QUANTEDA, "a: [x]\n", "key%zu:\n", ""},
    {"keys that are cleaned to one", EXCHANGE_QUANTEDA, "", "\"k !%zu\": [x]\n", ""},
    {"values", EXCHANGE_QUANTEDA, "a:\n", "- word%zu\n", ""},
    {"the same value", EXCHANGE_QUANTEDA, "a:\n", "- word\n", ""},
    {"open lists", EXCHANGE_QUANTEDA, "a: ", "[", ""},
    {"levels", EXCHANGE_QUANTEDA, "", "{a: ", ""},
    {"stars", EXCHANGE_QUANTEDA, "a: ['", "*a", "']\n"},
    {"LIWC categories", EXCHANGE_LIWC, "%\n", "%zu\tname%zu\n", "%\nx\t1\n"},
    {"LIWC numbers", EXCHANGE_LIWC, "%\n1\ta\n%\nx", "\t1", "\n"},
    {"LIWC words", EXCHANGE_LIWC, "%\n1\ta\n%\n", "w%zu\t1\n", ""},
    {"LIWC brackets", EXCHANGE_LIWC, "%\n1\ta\n%\nx (1", "(", "\t1\n"},
    {"columns", EXCHANGE_LIWCX, "DicTerm", ",c%zu", "\nx,X\n"},
    {"quotes", EXCHANGE_LIWCX, "DicTerm,a\n", "\"x\n", ""},
    {"tabs", EXCHANGE_WORDSTAT, "A\n", "\t", "x (1)\n"},
    {"WordStat categories", EXCHANGE_WORDSTAT, "", "K%zu\n", "\tx (1)\n"},
    {"WordStat items", EXCHANGE_WORDSTAT, "A\n\t@R1 [x", " OR x", "] (1)\n"},
    {"WordStat references", EXCHANGE_WORDSTAT, "A\n\tx (1)\nB\n", "\t@R%zu [x NEAR #A] (1)\n", ""},
    {"VADER terms", EXCHANGE_VADER, "", "w%zu\t1\t1\t[]\n", ""},
    {"spaCy tokens", EXCHANGE_SPACY, "{\"label\":\"a\",\"pattern\":[{\"LOWER\":\"x\"}", ",{\"LOWER\":\"x\"}", "]}\n"},
    {"spaCy IN", EXCHANGE_SPACY, "{\"label\":\"a\",\"pattern\":[{\"LOWER\":{\"IN\":[\"x\"", ",\"x%zu\"", "]}}]}\n"},
    {"spaCy levels", EXCHANGE_SPACY, "{\"label\":\"a\",\"pattern\":", "[", "\n"},
};

static double import_seconds(const Huge *shape, size_t times) {
    Buffer text = {0};
    buffer_text(&text, shape->head);
    for (size_t i = 0; i < times; i++) {
        for (const char *at = shape->piece; *at; at++)
            if (strncmp(at, "%zu", 3) == 0) buffer_unsigned(&text, i), at += 2;
            else buffer_byte(&text, *at);
    }
    buffer_text(&text, shape->tail);
    double best = 1e9;
    for (int run = 0; run < 2; run++) {
        Arena keep = {0};
        Fail fail = {0};
        Imported imported;
        ExchangeSettings settings = settings_of("en");
        struct timespec begun, ended;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begun);
        bool fine = exchange_import(shape->format, buffer_span(&text), &settings, &keep, &imported, &fail);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
        CHECK(fine || fail.message[0], "%s: no message", shape->name);
        double seconds = (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9;
        if (seconds < best) best = seconds;
        imported_free(&imported);
        arena_free(&keep);
    }
    buffer_free(&text);
    return best;
}

static void test_huge(void) {
    for (size_t i = 0; i < sizeof huge / sizeof *huge; i++) {
        double small = import_seconds(&huge[i], 12500), large = import_seconds(&huge[i], 100000);
        CHECK(large < 8 * small * 3 + 0.3, "8 times the %s: %.3f s, then %.3f s", huge[i].name, small, large);
    }
}

int main(void) {
    world_open(&world);
    test_import();
    test_wrong();
    test_export();
    test_valence();
    test_scalars();
    test_shipped("en");
    test_shipped("ru");
    test_shipped("zh");
    test_damaged();
    test_huge();
    world_close(&world);
    return check_end();
}
