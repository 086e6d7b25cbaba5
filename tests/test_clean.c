/* Texts as given to texts as rules see them. `test_clean --list` reads texts that each end with a NUL byte, and prints those that are repaired: kinds, given,
 * cleaned, between tabs. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/utf8.h"
#include "check.h"
#include "text/text.h"

static Arena scratch;

typedef struct {
    const char *name, *given, *expected;
} Row;

/* Everything that holds for the anchors of any text. */
static void check_anchors(Span given, const Cleaned *cleaned, const char *name) {
    bool ordered = true, inside = true, same = true;
    uint32_t reached = 0;
    for (uint32_t i = 0; i < cleaned->text.len; i++) {
        uint32_t start = anchors_start(cleaned->anchors, i), end = anchors_end(cleaned->anchors, i + 1);
        ordered &= start < end && end >= reached;
        inside &= end <= given.len;
        same &= end - start != 1 || given.data[start] == cleaned->text.data[i] || cleaned->text.data[i] == '\n' || cleaned->text.data[i] == ' ';
        reached = end;
    }
    CHECK(ordered, "%s: anchors go back", name);
    CHECK(inside, "%s: anchors lead outside", name);
    CHECK(same, "%s: what was copied is not what stands there", name);
}

static Cleaned clean(Span given, const char *name) {
    char *exact = malloc(given.len + !given.len); /* so that a sanitizer sees a read behind the end */
    memcpy(exact, given.data, given.len);
    Cleaned cleaned;
    text_clean((Span){exact, given.len}, &cleaned, &scratch);
    if (!cleaned.repairs) cleaned.text = given;
    free(exact);
    check_anchors(given, &cleaned, name);
    return cleaned;
}

static void check_rows(const Row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Cleaned cleaned = clean(span_of(rows[i].given), rows[i].name);
        CHECK_SPAN(cleaned.text, span_of(rows[i].expected ? rows[i].expected : rows[i].given), rows[i].name);
        CHECK(!rows[i].expected == !cleaned.repairs, "%s: found repairs %x", rows[i].name, cleaned.repairs);
        arena_reset(&scratch);
    }
}
#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof *(rows))

static const Row damaged[] = {
#include "cases/damaged.inc"
};

/* NULL: nothing is to be repaired. */
static const Row entities[] = {
    {"plain", "nothing here", NULL},
    {"named", "food &amp; drink &lt;3 &quot;ok&quot; caf&eacute; 5&nbsp;&euro;", "food & drink <3 \"ok\" café 5\u00a0€"},
    {"capitals and names of letters", "&Uuml;ber &AMP; &scedil;ey &ouml;l &rsquo;&hellip;&mdash;", "Über & şey öl ’…—"},
    {"Cyrillic by name", "&pcy;&lcy;&ocy;&khcy;&ocy;", "плохо"},
    {"numbers", "don&#39;t don&#039;t don&#x27;t don&#X2019;t &#128512;", "don't don't don't don’t 😀"},
    {"numbers of windows-1252", "don&#146;t &#147;x&#148; &#150; 5 &#128;", "don’t “x” – 5 €"},
    {"a surrogate pair", "bad &#55357;&#56865; &#xD83D;&#xDE00;", "bad 😡 😀"},
    {"half a surrogate pair", "bad &#55357; &#56865; &#55357;&#65;", "bad &#55357; &#56865; &#55357;A"},
    {"escaped twice and more", "&amp;lt;3 &amp;amp; &amp;amp;amp;quot;x &amp;#39;s a&amp;b", "<3 & \"x 's a&b"},
    {"no semicolon", "this &amp that &lt 5 &#39s &nbsp", "this & that < 5 's \u00a0"},
    {"spaces inside", "this & amp ; that &gt ; x", "this & that > x"},
    {"names that nobody knows", "&foo; &AMPER; & &; &&& &#; &#x; &#xZ; AT&T; Q&A; R&D", NULL},
    {"numbers that are no characters", "&#0; &#1; &#xD800; &#1114112; &#99999999999; &#x110000;", NULL},
    {"of a URL", "http://x.org/?a=1&lt=2&gt2=3&amplitude=5&copy=1", NULL},
    {"at the end", "x &am", NULL},
    {"nothing but one", "&#10;", "\n"},
};

static const Row tags[] = {
    {"line ends", "slow<br>rude<br/>late<BR />cold</p><p>dear<li>x", "slow\nrude\nlate\ncold\n\ndear\nx"},
    {"inline", "<b>very</b> <i>bad</i>ly <span class=\"x\" style='a:b'>done</span>", "very badly done"},
    {"escaped", "slow&lt;br&gt;rude &lt;b&gt;x&lt;/b&gt;", "slow\nrude x"},
    {"a link", "see <a href=\"http://x.org/?a>b\" target=_blank>here</a>.", "see here."},
    {"a picture", "bad<img src='x.png'/>good", "bad good"},
    {"attributes", "<p id = x >a<font size=2 color = \"red\">b", "\nab"},
    {"a comment", "a<!-- b <p> c -->d <!---->e", "ad e"},
    {"a comment without end", "a <!-- b <br> c", "a <!-- b \n c"},
    {"comments without end", "<!-- <!-- <!-- >", NULL},
    {"no tags", "I <3 it </3 a < b a<b and c> d x->y <- => <user> <unk> <5 min> <> < > </> <b", NULL},
    {"no attributes", "a <b and c> d <b =x> <b c=\"d <b c='d> <b c=>d", "a <b and c> d <b =x> <b c=\"d <b c='d> d"},
    {"about a tag", "they destroyed the <title> tag", NULL},
    {"cut off", "text <br", NULL},
    {"nothing but tags", "<b></b>", ""},
};

static const Row spaced[] = {
    {"Latin", "S L O W and b-a-d-l-y done, f r a u d", "SLOW and badly done, fraud"},
    {"Cyrillic", "это п л о х о, У-Ж-А-С-Н-О", "это плохо, УЖАСНО"},
    {"Greek", "κ α κ ό! r-é-v-o-l-t-a-n-t", "κακό! révoltant"},
    {"Chinese", "还 可 以 吧。", "还可以吧。"},
    {"between marks", "\"s l o w\", (s l o w). s l o w!", "\"slow\", (slow). slow!"},
    {"two words", "s l o w  s t a f f", "slow  staff"},
    {"a word of one letter before", "I l o v e it, à q u e d a l l e", "I love it, à quedalle"},
    {"three letters", "b a d b-a-d", NULL},
    {"initials", "J R R T, J. R. R. T., M-T-V-B", NULL},
    {"an alphabet", "A B C D E, a b c d, x y z, а б в г д, a b d e \u1eb9, A-B-C-D", NULL},
    {"choices, notes, vitamins", "A C D B, E A D G B, C A B E", NULL},
    {"one letter", "a a a a a, I-I-I-I, о о о о", NULL},
    {"words of one letter", "а я и в магазин, и я к а в, e o a i", NULL},
    {"stammering", "w-w-w-what, a-a-a-are, s-s-s-o-o-orry", NULL},
    {"inside words", "no-o-o-o-pe as l o w as, s l o wer", NULL},
    {"more than one space", "s  l  o  w", NULL},
    {"segmented Chinese", "它 会 在 您 使用", NULL},
    {"digits", "1 2 3 4 a b 5 c", NULL},
    {"signs", "- - - - -, -----, *       *", NULL},
};

/* What looks like damage and is none. */
static const Row sound[] = {
    {"French", "Il est arrivé… au « café » ; « voilà… », à l’été…» où»… CAFÉ… L’ÉTÉ™ À… É”", NULL},
    {"Spanish", "¿Está? ¡Sí! está¡¡ ESPAÑA… ESPAÑOL” allá»… así¡¡¡ AÑO® café´´", NULL},
    {"Portuguese", "AMANHÃ… IRMÃ” MANHÃ» NÃO Ã? É”… maçã… amanhã” à”", NULL},
    {"German", "Spaß… „Größe“ STRASSE… GROẞ SPÄßE Ä… Ö” Ü– ÜÖÄ. Ärger „Ü“", NULL},
    {"Polish", "Źle… się” JĄ… ŻÓŁĆ” „ŚĆ” żółć… Ó…", NULL},
    {"Czech and Slovak", "ÚŽASNÉ ÚŠ Š… ž” káva…“ ČEŠTINA ĎÁBEL ÁŠ", NULL},
    {"Nordic", "Å… Ø… Æ” PÅ» blåbær… BLÅ™ 5 Å–6 Å ÖÅ” å…” SMØR…", NULL},
    {"Turkish", "İĞŞ… “Çok” GÜÇ… ÖĞRETMENİM… Ü” Ç…", NULL},
    {"Romanian", "CÂINE Â… ROMÂNIA” ÎN… MÂNĂ” ȘĂ…", NULL},
    {"Vietnamese", "ĐÃ… LÀ” rất tệ… MÃ” CÁ… Ấ… ÔNG” “Ừ”", NULL},
    {"Russian", "Её… моё» ребёнок… Рё, Рёбра «Сё» СССР РОСС Всё… ВСЁ” её»… С…С… ЕЁ… №5 СЁ… 20°С", NULL},
    {"Ukrainian", "Рік… Рівень СІРІ РІЗНІ Сіє РІСІ Ріє її… ЇЇ” ГІДІВ ДІЇ… ґРунт Рґ Рі Рі, ВІДГІДНІ", NULL},
    {"Belarusian", "Ўсё… СЁЎ РЎС рё ТЎ", NULL},
    {"Serbian, Macedonian", "ДОЖИВЉЕЊЕ СРЊА ЂАК… РЈ СЈЕ вђ џџ Љ” харџ» Ѕвезда ЌЕ ЃОРЃИ ДЈГЈ", NULL},
    {"signs", "2×£5 3×€20 ×² Ø± 5Å 30°C ±5 ½ Ð Þ ð ©®™ Ä Ö ï»x", NULL},
    {"mathematics", "Δ… Σ” α–β μ…” πσ…", NULL},
    {"Hebrew, Arabic, Thai", "שירות… “رديء” บริการ…", NULL},
    {"about damage", "the letter Ã, or â alone, Ñ and Р", NULL},
};

static const Row controls[] = {
    {"marks", "don\302\222t \302\223x\302\224 5\302\200 a\302\205 \302\226 c\302\234ur", "don’t “x” 5€ a… – cœur"},
    {"not those of other tables", "gr\302\211ce tiet\302\212\302\212 x\302\201 a\302\223\302\224", NULL},
    {"replacement characters", "caf\u00ef\u00bf\u00bd and c\ufffd", "caf\ufffd and c\ufffd"},
    {"a byte order mark", "\u00ef\u00bb\u00bfgood", "\ufeffgood"},
    {"a soft hyphen", "fÃ\u00adsica fÃ-sica", "física física"},
    {"sound letters stay", "Рёбра РїР»РѕС…Рѕ CAFÉ… cafÃ©", "Рёбра плохо CAFÉ… café"},
    {"mixed", "caf&Atilde;&copy; <b>d\u00c3\u00a9j\u00c3\u00a0</b> Ð¿Ð»Ð¾Ñ…Ð¾ РїР»РѕС…Рѕ s l o w", "café déjà плохо плохо slow"},
};

/* ---- places ---- */

/* Where `found` stands in the cleaned text, `evidence` stands in the given one, at code points start .. end. */
static const struct {
    const char *name, *given, *found, *evidence;
    size_t start, end;
} places[] = {
    {"before", "rude &amp; slow", "rude", "rude", 0, 4},
    {"behind", "rude &amp; slow", "slow", "slow", 11, 15},
    {"inside", "he don&#39;t care", "don't", "don&#39;t", 3, 12},
    {"across", "rude &amp; slow", "rude & slow", "rude &amp; slow", 0, 15},
    {"entity at both ends", "x &quot;rude&quot; y", "\"rude\"", "&quot;rude&quot;", 2, 18},
    {"without what touches", "x &quot;rude&quot; y", "rude", "rude", 8, 12},
    {"behind what is four bytes long", "😡😡 &amp; rude 😡", "rude", "rude", 9, 13},
    {"an entity for four bytes", "x &#128545; rude", "😡 rude", "&#128545; rude", 2, 16},
    {"around tags", "<b>rude</b><i>ly</i>", "rudely", "rude</b><i>ly", 3, 16},
    {"tags left out before and behind", "<b>rude</b> x", "rude", "rude", 3, 7},
    {"a line end", "slow<br />rude", "rude", "rude", 10, 14},
    {"mojibake", "cafÃ© lent", "café", "cafÃ©", 0, 5},
    {"behind mojibake", "cafÃ© lent", "lent", "lent", 6, 10},
    {"all mojibake", "РїР»РѕС…Рѕ, РґР°", "плохо", "РїР»РѕС…Рѕ", 0, 10},
    {"mojibake twice", "donÃ¢â‚¬â„¢t go", "don’t", "donÃ¢â‚¬â„¢t", 0, 12},
    {"behind mojibake twice", "donÃ¢â‚¬â„¢t go", "go", "go", 13, 15},
    {"an entity that is half of mojibake", "caf&Atilde;&copy; lent", "é", "&Atilde;&copy;", 3, 17},
    {"spaced out", "so s l o w 😡", "slow", "s l o w", 3, 10},
    {"behind spaced out", "so s l o w 😡", "😡", "😡", 11, 12},
    {"part of spaced out", "so s l o w 😡", "lo", "l o", 5, 8},
    {"a control", "don\302\222t", "’", "\302\222", 3, 4},
};

static size_t find(Span text, const char *what) {
    Span part = span_of(what);
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (memcmp(text.data + i, part.data, part.len) == 0) return i;
    return SIZE_MAX;
}

static void test_places(void) {
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        Span given = span_of(places[i].given);
        Cleaned cleaned = clean(given, places[i].name);
        size_t at = find(cleaned.text, places[i].found);
        CHECK(at != SIZE_MAX, "%s: found no '%s' in '%.*s'", places[i].name, places[i].found, (int)cleaned.text.len, cleaned.text.data);
        if (at == SIZE_MAX) continue;
        uint32_t start = anchors_start(cleaned.anchors, (uint32_t)at), end = anchors_end(cleaned.anchors, (uint32_t)(at + strlen(places[i].found)));
        CHECK_SPAN(((Span){given.data + start, end - start}), span_of(places[i].evidence), places[i].name);
        size_t from = utf8_count(given.data, start), to = utf8_count(given.data, end);
        CHECK(from == places[i].start && to == places[i].end, "%s: found %zu to %zu", places[i].name, from, to);
        arena_reset(&scratch);
    }
}

/* ---- texts made at random, and hostile ones ---- */

static bool is_utf8(Span text) {
    for (size_t i = 0; i < text.len;) {
        size_t len = utf8_len((unsigned char)text.data[i]);
        char again[4];
        if (i + len > text.len || utf8_encode(utf8_decode(text.data + i), again) != len || memcmp(again, text.data + i, len) != 0) return false;
        i += len;
    }
    return true;
}

static uint32_t draw(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* Pieces of what the passes look for. */
static void test_random(void) {
    static const char *const pieces[] = {"&", "amp;", "#", "39", ";", "x27", "lt;", "<", ">", "br", "/", "b", " ", "  ", "a=\"", "'", "-", "--", "<!--", "-->", "Ã", "â", "€", "™", "Ð", "Ñ",
                                         "\302\201", "\302\222", "\u00a0", "ð", "Ÿ", "˜", "Р", "С", "ї", "°", "Ђ", "в", "é", "”", "s", "l", "o", "w", "п", "л", "很", "差", "😡", "ï", "»", "¿", "½",
                                         "E", "\n", "&#55357;", "&#56865;"};
    uint64_t state = 20260102;
    char text[1000];
    for (int i = 0; i < 60000; i++) {
        size_t len = 0, count = draw(&state) % 50;
        for (size_t k = 0; k < count; k++) {
            Span piece = span_of(pieces[draw(&state) % (sizeof pieces / sizeof *pieces)]);
            memcpy(text + len, piece.data, piece.len);
            len += piece.len;
        }
        Cleaned cleaned = clean((Span){text, len}, "random");
        CHECK(is_utf8(cleaned.text), "random %d: found '%.*s'", i, (int)cleaned.text.len, cleaned.text.data);
        arena_reset(&scratch);
    }
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The quickest of five rounds. */
static double time_repeated(const char *start, const char *piece, size_t len) {
    Buffer text = {0};
    buffer_text(&text, start);
    while (text.len + strlen(piece) <= len) buffer_text(&text, piece);
    double best = 1e9;
    for (int round = 0; round < 5; round++) {
        Cleaned cleaned;
        double begin = seconds();
        text_clean(buffer_span(&text), &cleaned, &scratch);
        double took = seconds() - begin;
        best = took < best ? took : best;
        arena_reset(&scratch);
    }
    buffer_free(&text);
    return best;
}

/* Four times the text may take about four times as long; sixteen times would be quadratic. */
static void test_linear(void) {
    static const struct {
        const char *start, *piece;
    } rows[] = {{"", "&"},        {"", "<"},     {"", "Ã"},          {"&", "amp;"},   {"", "&amp;"},  {"", "a "},       {"", "a-"},      {"s l o w ", "a b "}, {"", "s l o w "}, {"", "<b "},
                {"<b ", "a=b "},  {"<b a=\"", "x"}, {"", "<!--"},    {"<!--", ">"},   {"", "<br>"},   {"", "Ã©"},       {"", "Ã¢â‚¬â„¢"}, {"", "Рё"},         {"", "Р"},        {"", "Ð"},
                {"Ð¿Ð»", "Ñ "},   {"", "РёС"},   {"", "â€"},         {"", "ð"},       {"", "Ã "},     {"&#", "0"},      {"", "&#3"},     {"", "&#55357;"},     {"", "\302\222 "},  {"", "É…"},
                {"", " "},        {"", "-"},     {"", "好 "},        {"", "п "},      {"", "<a href='"}, {"", "& amp ;"}, {"", "\302\222"}, {"", "ё"},            {"РїР»", "Рі "},  {"", "I l o v e "}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double small = 0, large = 1;
        for (int tries = 0; tries < 4 && large >= 10 * small + 0.02; tries++) { /* a busy machine may spoil one */
            small = time_repeated(rows[i].start, rows[i].piece, 256 * 1024);
            large = time_repeated(rows[i].start, rows[i].piece, 1024 * 1024);
        }
        CHECK(large < 10 * small + 0.02, "'%s' and '%s' again and again: 256 KB took %.4f s, 1 MB %.4f s", rows[i].start, rows[i].piece, small, large);
    }
}

static void print_plain(Span text) {
    for (size_t i = 0; i < text.len; i++) putchar(strchr("\t\n\r", text.data[i]) ? ' ' : text.data[i]);
}

static void list_one(Span given) {
    Cleaned cleaned;
    text_clean(given, &cleaned, &scratch);
    if (cleaned.repairs) {
        for (int i = 0; i < REPAIR_COUNT; i++)
            if (cleaned.repairs >> i & 1) printf("%s;", repair_name(i));
        putchar('\t');
        print_plain(given);
        putchar('\t');
        print_plain(cleaned.text);
        putchar('\n');
    }
    arena_reset(&scratch);
}

static int list(void) {
    char *text = NULL;
    size_t room = 0;
    for (ssize_t len; (len = getdelim(&text, &room, 0, stdin)) > 0;) list_one((Span){text, (size_t)len - !text[len - 1]});
    free(text);
    arena_free(&scratch);
    return 0;
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "--list") == 0) return list();
    CHECK_ROWS(damaged);
    CHECK_ROWS(entities);
    CHECK_ROWS(tags);
    CHECK_ROWS(spaced);
    CHECK_ROWS(sound);
    CHECK_ROWS(controls);
    test_places();
    test_random();
    test_linear();
    arena_free(&scratch);
    return check_end();
}
