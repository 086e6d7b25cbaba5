/* Stemmers of our own. A row of `meet` lists forms of one word, which must share the stem given; a row of `part` lists words that must not
 * share one. The reason says what a speaker sees in them. */
#include <stdlib.h>

#include "base/buffer.h"
#include "check.h"
#include "text/stem.h"

typedef struct {
    const char *stemmer, *reason, *forms, *stem;
} Meet;

typedef struct {
    const char *stemmer, *reason, *forms;
} Part;

static const Meet meet[] = {
    {"korean", "adjective in -하다, all endings", "친절하다 친절해요 친절했어요 친절하셨습니다 친절한 친절하고 친절해서 친절하네요 친절하지 친절하게 친절하지만 친절해", "친절"},
    {"korean", "and the noun it is made of", "친절 친절이 친절은 친절도 친절함 친절히", "친절"},
    {"korean", "stem in ㅣ, drawn together with 어", "느려요 느렸어요 느린 느리고 느려서 느립니다 느리네요 느려 느렸는데 느려도", "느리"},
    {"korean", "three syllables", "기다렸어요 기다리다가 기다려야 기다려서 기다린 기다릴 기다렸습니다 기다리는데", "기다리"},
    {"korean", "stem in a consonant", "좋아요 좋았습니다 좋은 좋네요 좋고 좋아 좋을 좋음 좋습니다 좋았는데 좋으면 좋아서 좋더라구요 좋겠어요", "좋"},
    {"korean", "a prefix of negation stays", "불친절 불친절해요 불친절한 불친절하고 불친절했습니다", "불친절"},
    {"korean", "ㅂ-irregular", "더러워요 더럽다 더러운 더럽고 더러웠어요 더러워서 더러우면", "더럽"},
    {"korean", "ㅂ-irregular in the past", "어려웠어요 어렵다 어려운 어렵고 어려워 어려움", "어렵"},
    {"korean", "돕다 takes 와", "도와 돕고 도왔어요 도움이", "돕"},
    {"korean", "ㄹ dropped", "힘들어요 힘든 힘드네요 힘들고 힘듭니다 힘들었어요", "힘들"},
    {"korean", "ㄹ dropped before 는", "아는 알고 알았어요 압니다 알면", "알"},
    {"korean", "르-irregular", "빨라요 빠르고 빠른 빨랐어요 빠릅니다 빨라서", "빠르"},
    {"korean", "르-irregular verb", "몰라요 모르는 몰랐습니다 모르고 모르겠어요", "모르"},
    {"korean", "ㄷ-irregular, where the form is not 들다's", "듣고 들은 들으면 듣는 들으니까", "듣"},
    {"korean", "들다 itself", "들어요 드는 듭니다 들었어요 들고", "들"},
    {"korean", "ㅅ-irregular", "나아요 나은 낫다 낫네요 나았어요", "낫"},
    {"korean", "으 dropped", "나쁘다 나빠요 나쁜 나빴어요 나빠서", "나쁘"},
    {"korean", "되다 and its contractions", "됐어요 되다 돼요 되고 된 됩니다 됐는데 되었습니다", "되"},
    {"korean", "하다 with 주다", "해줘 해주다 해줬어요 해주셨어요 해주세요", "해주"},
    {"korean", "honorific", "오셔서 오시는 오셨습니다 와요 왔어요 오고", "오"},
    {"korean", "ㅆ written ㅅ", "좋앗어요 좋았어요 좋앗는데", "좋"},
    {"korean", "재밌다 is 재미있다", "재밌어요 재미있어요 재밌는 재미있었습니다 재밌네요 잼있게", "재미있"},
    {"korean", "particles", "배송 배송이 배송은 배송도 배송만 배송을 배송에 배송에서 배송부터 배송까지", "배송"},
    {"korean", "particles after a vowel", "서비스 서비스가 서비스는 서비스를 서비스도 서비스와 서비스로 서비스의", "서비스"},
    {"korean", "plural, respect and particle", "직원 직원이 직원들이 직원님 직원분들 직원에게", NULL},
    {"korean", "copula", "최고 최고예요 최고입니다 최고였어요 최고의 최고다", "최고"},
    {"korean", "copula after a consonant", "명작 명작이다 명작입니다 명작이네요 명작이었어요 명작인데", "명작"},
    {"korean", "-스럽다", "만족 만족해요 만족스러워요 만족스러운 만족스럽습니다 만족합니다", "만족"},
    {"korean", "Latin letters with a particle", "tv가 tv를 tv도 tv", "tv"},
    {"arabic-light", "article, conjunctions, prepositions, pronouns", "مطعم المطعم للمطعم والمطعم بالمطعم مطعمهم مطعمك ومطعم مطعمي", "مطعم"},
    {"arabic-light", "alef with and without hamza", "أكل اكل الأكل الاكل والاكل أكلهم", "اكل"},
    {"arabic-light", "ta marbuta or heh, yeh or alef maksura", "خدمة خدمه الخدمة الخدمه خدمتهم والخدمات خدمات", NULL},
    {"arabic-light", "harakat, tatweel, letters drawn out", "رائع رائِع رائـــع رااائع رائعة رائعه رايع", "رايع"},
    {"arabic-light", "Persian letters", "كبير کبیر كبيرة", "كبير"},
    {"arabic-light", "letters in their presentation forms", "ﻣﻤﺘﺎﺯ ممتاز ممتازه", "ممتاز"},
    {"arabic-light", "adverb in -an", "كثير كثيرا كثيراً كثيرًا", "كثير"},
    {"arabic-light", "persons of the past", "جربت جربنا جربوا جربته جرب", "جرب"},
    {"arabic-light", "Egyptian b- of the present", "يرد بيرد بيردوا يردوا", "يرد"},
    {"arabic-light", "Egyptian negation, ma- long or short", "مابيردش مبيردش مابيردوش مبيردوش", "مبيردش"},
    {"hebrew", "one or two prefixes, plural, construct", "מסעדה המסעדה במסעדה ובמסעדה מסעדות למסעדה שהמסעדה מסעדת מהמסעדה", "מסעד"},
    {"hebrew", "gender and number", "טוב טובה טובים טובות הטוב", "טוב"},
    {"hebrew", "points", "שָׁלוֹם שלום השלום לשלום", "שלומ"},
    {"hebrew", "doubled yod of full spelling", "מצוין מצויין מצוינת מצויינים", "מצוינ"},
    {"hebrew", "the first letter is the word's own", "שירות השירות בשירות לשירות והשירות", "שירות"},
    {"indonesian-informal", "the t of tunggu", "tunggu menunggu ditunggu nunggu nungguin menunggunya", "tunggu"},
    {"indonesian-informal", "the k of kirim", "kirim mengirim pengiriman dikirim ngirim pengirimannya", "kirim"},
    {"indonesian-informal", "ke- is the root's own", "kecewa mengecewakan dikecewakan kekecewaan ngecewain", "kecewa"},
    {"indonesian-informal", "-lah is the root's own", "masalah bermasalah masalahnya permasalahan", "masalah"},
    {"indonesian-informal", "nge- and -in of talk", "bersih dibersihkan dibersihin kebersihan ngebersihin", "bersih"},
    {"indonesian-informal", "e for a, and doubling", "cepat cepet cepat2 cepet2 cepatnya", "cepat"},
    {"indonesian-informal", "clitics", "harga harganya harganyalah", "harga"},
    {"indonesian-informal", "spoken and written", "sampai sampe nyampe menyampaikan kesampaian", "sampai"},
    {"indonesian-informal", "left to Snowball", "layan pelayanan melayani pelayanannya dilayani", "layan"},
    {"vietnamese", "tone of oa", "hoà hòa", "hoà"},
    {"vietnamese", "tone of oe", "khoẻ khỏe", "khoẻ"},
    {"vietnamese", "tone of uy", "thuý thúy", "thuý"},
    {"vietnamese", "i or y", "kỹ kĩ", "kĩ"},
    {"vietnamese", "qu is a consonant", "quá qúa", "quá"},
    {"vietnamese", "so is gi", "giá gía", "giá"},
    {"german-typed", "umlauts by e", "verspätet verspaetet", "verspatet"},
    {"german-typed", "at the beginning", "überfüllt ueberfuellt", "uberfullt"},
    {"german-typed", "plural", "zug züge zuege zügen zuegen", "zug"},
    {"turkish-typed", "letters that ASCII lacks", "ürün urun ürünü urunu ürününüz urununuz ürünlerin", "urun"},
    {"turkish-typed", "capital dotted i, lowered elsewhere", "iade i\u0307ade iadesi", "iade"},
    {"turkish-typed", "a verb and its tenses", "geldi geliyor gelecek gelmiş gelen geldik gelince gelmesi gelmek", "gelmek"},
    {"turkish-typed", "participle", "göründüğü gorundugu göründüğünden gorundukten", NULL},
    {"turkish-typed", "its negative", "gelmedi gelmiyor gelmez gelmeyen gelmemiş gelmeden gelemedi", "gelmez"},
    {"turkish-typed", "cannot, and do not!", "alamadım alamadim almayın almayin almıyor almam", "almez"},
    {"turkish-typed", "the vowel lost before -iyor", "bekliyorum bekledim beklemek bekleyen", "beklemek"},
    {"turkish-typed", "passive", "bozuldu bozuluyor bozulmuş bozdu", "bozmek"},
    {"turkish-typed", "k softened", "yemek yemeği yemegi yemekler yemeğin", "yemek"},
    {"turkish-typed", "a vowel lost", "kısım kısmı kismi kısmında kısımlar", "kisim"},
    {"turkish-typed", "shop words", "mağaza magaza mağazada magazadan mağazanın", "magaza"},
    {"turkish-typed", "pronoun", "bana beni bende ben benim", "ben"},
    {"english", "libstemmer's own names still serve", "waiting waited wait waits", "wait"},
    {"polish-typed", "a verb: persons, past, noun", "czekać czekałam czekałem czekaliśmy czekają czekamy czekanie czekania czekałaś", "czek"},
    {"polish-typed", "letters that ASCII lacks", "czekaliśmy czekalismy czekałyśmy czekalysmy", "czek"},
    {"polish-typed", "conditional", "zamówiłbym zamówiłabym zamówilibyśmy zamówić zamówienie zamówiony", "zamow"},
    {"polish-typed", "-ować and -uje", "kupować kupuję kupił kupowałam kupiliśmy", "kup"},
    {"polish-typed", "-nąć and its participle", "zamknąć zamknęli zamknięte zamknie", "zamkn"},
    {"polish-typed", "cases with k, c and a moving e", "paczka paczce paczek paczki paczką", "paczk"},
    {"polish-typed", "g before e", "obsługa obsłudze obsługi obsługę", "obslug"},
    {"polish-typed", "an adjective and its adverb", "ładny ładna ładnego ładnie ladna", "ladn"},
    {"polish-typed", "r before ze", "dobry dobrego dobrze dobrzy", "dobr"},
    {"polish-typed", "k before i and c before y", "szybki szybko szybcy szybką", "szybk"},
    {"polish-typed", "-em of problem is no ending", "problem problemu problemy problemem problemów", "problem"},
    {"polish-typed", "-mów of umowa is no ending", "umowa umowy umów umowę", "umow"},
    {"polish-typed", "verb in -uć", "zepsuć zepsuł zepsuło zepsuty zepsuje", "zeps"},
    {"polish-typed", "a person, and several", "pracownik pracownicy pracowników pracownikiem", "pracownik"},
    {"polish-typed", "noun in -ość", "jakość jakości jakością", "jakosc"},
};

static const Part part[] = {
    {"korean", "nouns that end as particles do", "아이 고기 가게 회의 사이트 제로 최고 고양이 종이"},
    {"korean", "to see, not to see, not seen (안보다 is written together)", "보고 안보고 못보고"},
    {"korean", "listen and enter", "듣고 들고"},
    {"korean", "use is not to buy; photograph is not to buy", "사용 사진 사고 사서"},
    {"korean", "greasy is not to feel", "느끼한 느끼는"},
    {"korean", "complaint and content", "불만 만족 불만족"},
    {"arabic-light", "water is not 'not'", "ماء ما"},
    {"arabic-light", "best and feel", "احسن احس"},
    {"arabic-light", "quality and being there", "جودة وجود"},
    {"arabic-light", "the negation of a dialect verb", "بيرد مابيردش"},
    {"arabic-light", "words that begin as prefixes do", "بارد رد وقت قت لذيذ ذيذ"},
    {"arabic-light", "announcement and higher", "اعلان اعلى"},
    {"hebrew", "service and song", "שירות שיר"},
    {"hebrew", "hatred and pleasure", "שנאה הנאה"},
    {"indonesian-informal", "disappointed and girl", "kecewa cewa"},
    {"indonesian-informal", "problem and age", "masalah masa"},
    {"indonesian-informal", "clean and salty", "bersih asin"},
    {"indonesian-informal", "muddy and check", "becek cek"},
    {"vietnamese", "tones are words", "hoa hoà hoá hoả"},
    {"german-typed", "u and e side by side are not always one sound", "steuer steür aktuell aktüll bequem beqüm"},
    {"turkish-typed", "bought and negative", "aldım almadım"},
    {"turkish-typed", "waited and as expected", "bekledim beklediğim"},
    {"turkish-typed", "late and passed", "geç geçti"},
    {"turkish-typed", "problem and question", "sorun soru"},
    {"turkish-typed", "with and without", "kalite kaliteli kalitesiz"},
    {"turkish-typed", "negative and verbal noun", "gelmesin gelmesini"},
    {"polish-typed", "a prefix of negation stays", "miły niemiły"},
    {"polish-typed", "a comparative is a wish where the adverb is praise", "szybko szybciej"},
    {"polish-typed", "or, and I like", "lub lubię"},
    {"polish-typed", "neither, and an angel", "ani anioł"},
    {"polish-typed", "so, and ages", "więc wieki"},
    {"polish-typed", "food, and his", "jedzenie jego"},
    {"polish-typed", "more and very", "bardziej bardzo"},
    {"polish-typed", "cheaper is a wish", "taniej tanio"},
    {"polish-typed", "best is not better", "najlepszy lepszy"},
    {"polish-typed", "as is no ending without the past", "hałas hala"},
    {"polish-typed", "clean and cleanliness", "czysty czystość"},
    {"polish-typed", "noun and diminutive", "kawa kawka"},
    {"polish-typed", "short words are whole", "zła złe zły"},
};

static Arena arena;

static Span stem_of(const char *stemmer, Span form) {
    Stemmer *opened = stemmer_open(stemmer);
    Span stem = stemmer_stem(opened, form, &arena);
    stemmer_close(opened);
    return stem;
}

/* Takes the next form off a list; data NULL at its end. */
static Span next_form(const char **list) {
    while (**list == ' ') ++*list;
    size_t len = strcspn(*list, " ");
    Span form = {len ? *list : NULL, len};
    *list += len;
    return form;
}

static void check_meet(void) {
    for (size_t i = 0; i < sizeof meet / sizeof *meet; i++) {
        const char *list = meet[i].forms;
        Span form = next_form(&list);
        Span wanted = meet[i].stem ? span_of(meet[i].stem) : stem_of(meet[i].stemmer, form);
        for (; form.data; form = next_form(&list)) {
            Span found = stem_of(meet[i].stemmer, form);
            CHECK(span_equal(found, wanted), "%s, %s: found '%.*s' for '%.*s', expected '%.*s'", meet[i].stemmer, meet[i].reason,
                  (int)found.len, found.data, (int)form.len, form.data, (int)wanted.len, wanted.data);
        }
        arena_reset(&arena);
    }
}

static void check_part(void) {
    enum { FORMS_MAX = 16 };
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        Span forms[FORMS_MAX], stems[FORMS_MAX];
        size_t count = 0;
        const char *list = part[i].forms;
        for (Span form = next_form(&list); form.data && count < FORMS_MAX; form = next_form(&list), count++) {
            forms[count] = form;
            stems[count] = stem_of(part[i].stemmer, form);
            for (size_t k = 0; k < count; k++) {
                CHECK(!span_equal(stems[k], stems[count]), "%s, %s: found '%.*s' for both '%.*s' and '%.*s', expected two stems",
                      part[i].stemmer, part[i].reason, (int)stems[k].len, stems[k].data, (int)forms[k].len, forms[k].data,
                      (int)form.len, form.data);
            }
        }
        arena_reset(&arena);
    }
}

static const char *const own[] = {"korean", "arabic-light", "hebrew", "indonesian-informal", "vietnamese", "german-typed", "turkish-typed"};

/* Pieces that words of the tables are made of, in any order and number, with bytes that are no text between them. */
static void check_any_bytes(void) {
    static const char *const pieces[] = {"좋", "았", "었", "겠", "시", "어", "요", "이", "하", "ال", "و", "ما", "ش", "ات", "ءءء", "ו", "ה", "ים", "menge",
                                         "nge", "2", "nya", "in", "qúa", "ý", "ue", "ae", "lar", "ma", "mez", "iyor", "ler", "\xff", "\xe2\x82", "\0",
                                         "𠮷", "a\u0301", "ﷺ"};
    uint32_t seed = 1;
    for (size_t s = 0; s < sizeof own / sizeof *own; s++) {
        Stemmer *stemmer = stemmer_open(own[s]);
        CHECK(stemmer != NULL, "%s", own[s]);
        bool empty = false, strange = false;
        for (int round = 0; round < 4000; round++) {
            Buffer form = {0};
            for (uint32_t count = 1 + (seed >> 8) % 40; count; count--) {
                seed = seed * 1664525u + 1013904223u;
                const char *piece = pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)];
                buffer_append(&form, (Span){piece, strlen(piece) + !*piece});
            }
            char *exact = malloc(form.len); /* so that a sanitizer sees a read behind the end */
            memcpy(exact, form.data, form.len);
            Span stem = stemmer_stem(stemmer, (Span){exact, form.len}, &arena);
            empty |= !stem.len;
            strange |= stem.len > 2 * STEM_BYTES_MAX && stem.len != form.len;
            free(exact);
            buffer_free(&form);
            arena_reset(&arena);
        }
        CHECK(!empty, "%s: an empty stem", own[s]);
        CHECK(!strange, "%s: a stem much longer than its form", own[s]);
        stemmer_close(stemmer);
    }
}

/* A stem must not depend on what was stemmed before, and long forms are their own stems. */
static void check_edges(void) {
    char longest[STEM_BYTES_MAX + 3];
    for (size_t s = 0; s < sizeof own / sizeof *own; s++) {
        for (size_t i = 0; i + 3 <= sizeof longest; i += 3) memcpy(longest + i, "어", 3);
        Span over = {longest, STEM_BYTES_MAX + 2};
        CHECK(stem_of(own[s], over).data == over.data, "%s: a form over the limit", own[s]);
        CHECK(stem_of(own[s], (Span){longest, STEM_BYTES_MAX - 1}).len > 0, "%s: the longest form", own[s]);
        CHECK(stem_of(own[s], (Span){longest, 0}).len == 0, "%s: nothing", own[s]);
    }
    CHECK(stemmer_open("klingon") == NULL, "a stemmer that nobody has");
    CHECK_SPAN(stemmer_stem(NULL, SPAN("as it is"), &arena), SPAN("as it is"), "no stemmer");
}

int main(void) {
    check_meet();
    check_part();
    check_any_bytes();
    check_edges();
    arena_free(&arena);
    return check_end();
}
