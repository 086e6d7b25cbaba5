/* The encoding of a file, guessed: texts of each language in each encoding that people save them in, short ones and long ones, as CSV and as
 * NDJSON, of which much is ASCII. What is guessed need not have the name that was written, but must say the same. */
#include "recode.h"

#include <stdlib.h>

#include "read/encoding.h"
#include "read/read.h"

typedef struct {
    const char *name;
    const char *encodings; /* with spaces between */
    const char *texts[10];
    int least;             /* texts that are needed to tell it; 0: one */
} Row;

#define ENGLISH "The staff were great and the room was fine.", "We waited for two hours and nobody came.", "I would not go back."

static const Row rows[] = {
    {"Russian", "windows-1251 KOI8-R IBM866 ISO-8859-5 MAC-CYRILLIC UTF-8",
     {"Мы ждали обслуживания больше часа, и никто не подошёл.", "Персонал вежливый, но цены слишком высокие.", "Доставка задержалась на три дня, а курьер нагрубил.",
      "Всё понравилось, обязательно приедем ещё раз!", "В номере было грязно и пахло сыростью."}, 0},
    {"Ukrainian", "windows-1251 KOI8-U", {"Ми чекали на замовлення понад годину.", "Персонал привітний, але ціни зависокі.", "Їжа була холодна, а підлога брудна."}, 0},
    {"German", "windows-1252 ISO-8859-1 ISO-8859-15",
     {"Das Essen war kalt und der Kellner unhöflich.", "Schöne Zimmer, aber viel zu laut für Familien.", "Wir mussten über eine Stunde warten.", "Großartiger Service, wir kommen gern zurück!"}, 0},
    {"French", "windows-1252 ISO-8859-1",
     {"L'accueil était chaleureux mais le repas trop cher.", "Nous avons attendu très longtemps à la réception.", "La chambre n'était pas propre, c'est décevant."}, 0},
    {"Spanish", "windows-1252 ISO-8859-1", {"La atención fue pésima y esperamos más de una hora.", "El niño encontró la habitación muy pequeña.", "¿Por qué nadie contestó el teléfono?"}, 0},
    {"Portuguese", "windows-1252", {"O atendimento não foi bom e a espera foi muito longa.", "A refeição estava fria, mas o funcionário foi simpático.", "Não recomendo."}, 0},
    {"Italian", "windows-1252", {"Il personale è gentile però il prezzo è troppo alto.", "La camera era sporca e la qualità scadente.", "Così non va, perché nessuno risponde?"}, 2},
    {"Swedish", "windows-1252", {"Personalen var trevlig men maten var kall.", "Vi fick vänta över en timme på vår beställning.", "Städningen är dålig, det är smutsigt överallt."}, 2},
    {"Icelandic", "windows-1252", {"Starfsfólkið var indælt en maturinn var kaldur.", "Við biðum í meira en klukkutíma eftir pöntuninni."}, 0},
    {"Turkish", "windows-1254 ISO-8859-9",
     {"Garson çok kaba davrandı ve yemek soğuktu.", "Siparişimiz bir saatten fazla gecikti, özür dilenmedi.", "Oda temizdi, çalışanlar güler yüzlüydü.", "Fiyatlar çok yüksek, bir daha gelmeyeceğim."}, 0},
    {"Polish", "windows-1250 ISO-8859-2",
     {"Obsługa była miła, ale jedzenie zimne.", "Czekaliśmy ponad godzinę na zamówienie.", "Pokój był brudny i śmierdziało w łazience.", "Świetna jakość, na pewno wrócę!",
      "Źle wydano resztę, a kierownik się śmiał."}, 5},
    {"Czech", "windows-1250 ISO-8859-2", {"Obsluha byla příjemná, ale jídlo bylo studené.", "Čekali jsme více než hodinu na objednávku.", "Pokoj byl špinavý a v koupelně to páchlo."}, 0},
    {"Hungarian", "windows-1250 ISO-8859-2", {"A kiszolgálás kedves volt, de az étel hideg.", "Több mint egy órát vártunk a rendelésre.", "A szoba piszkos volt, és senki sem törődött vele."}, 0},
    {"Lithuanian", "windows-1257", {"Aptarnavimas buvo malonus, bet maistas šaltas.", "Laukėme užsakymo daugiau nei valandą.", "Kambarys buvo nešvarus ir brangus, žiauriai."}, 2},
    {"Greek", "windows-1253 ISO-8859-7", {"Το φαγητό ήταν κρύο και ο σερβιτόρος αγενής.", "Περιμέναμε πάνω από μία ώρα την παραγγελία.", "Το δωμάτιο ήταν καθαρό και ήσυχο."}, 0},
    {"Arabic", "windows-1256 ISO-8859-6", {"كان الطعام باردا والموظف غير مهذب.", "انتظرنا أكثر من ساعة ولم يساعدنا أحد.", "الغرفة نظيفة والسعر مناسب جدا."}, 0},
    {"Hebrew", "windows-1255 ISO-8859-8", {"האוכל היה קר והמלצר לא היה אדיב.", "חיכינו יותר משעה להזמנה שלנו."}, 0},
    {"Thai", "TIS-620 windows-874", {"อาหารเย็นและพนักงานไม่สุภาพ", "เรารอนานกว่าหนึ่งชั่วโมง"}, 0},
    {"Simplified Chinese", "GB18030 GBK GB2312 UTF-8", {"服务员态度很差，菜也是凉的。", "我们等了一个多小时才有人过来。", "房间很干净，价格也合理。", "快递晚了三天，客服不接电话。"}, 0},
    {"Traditional Chinese", "BIG5 BIG5-HKSCS GB18030", {"服務員態度很差，菜也是涼的。", "我們等了一個多小時才有人過來。", "房間很乾淨，價格也合理。", "快遞晚了三天，客服不接電話。"}, 0},
    {"Japanese", "SHIFT_JIS CP932 EUC-JP ISO-2022-JP", {"店員の態度が悪く、料理も冷めていました。", "一時間以上待たされて、とても疲れました。", "部屋はきれいで、値段も手ごろでした。"}, 0},
    {"Korean", "EUC-KR CP949", {"직원이 불친절하고 음식이 식어 있었어요.", "한 시간 넘게 기다렸는데 아무도 오지 않았습니다.", "방이 깨끗하고 가격도 적당했어요."}, 0},
    /* Where little tells, or all of it in an unusual way. */
    {"curly apostrophes", "windows-1252", {"I don’t know why it’s so slow", ENGLISH}, 0},
    {"curly quotes", "windows-1252", {"They said “sorry” and left…", ENGLISH}, 0},
    {"pounds", "windows-1252", {"£50 for that is far too much", ENGLISH}, 0},
    {"euros", "windows-1252", {"It cost 50 € more than planned", ENGLISH}, 0},
    {"degrees", "windows-1252", {"It was 30° in the room", ENGLISH}, 0},
    {"one café", "windows-1252", {"The café was closed again", ENGLISH}, 0},
    {"Western languages in one file", "windows-1252", {"Gebühren zu hoch", "Très bien, rien à dire", "mañana", "Não", "perché", "dålig", ENGLISH}, 0},
    {"short Turkish", "windows-1254", {"Çok yavaş", "kötü", "Güzel", "ilgisizlik, bağırdılar"}, 0},
    {"short Russian", "windows-1251 KOI8-R", {"Долго", "Дорого", "Всё нравится", "нет"}, 0},
    {"Russian capitals", "windows-1251 KOI8-R", {"УЖАСНО", "ОЧЕНЬ ДОЛГО", "ХАМСТВО", "НЕ РАБОТАЕТ ПРИЛОЖЕНИЕ"}, 0},
    {"Russian typography", "windows-1251", {"Сказали «подождите» — и ушли… № 5", "Долго"}, 0},
    {"English, one Russian", "windows-1251 KOI8-R", {ENGLISH, "Долго ждали"}, 4},
    {"short Chinese", "GB18030", {"很好", "太慢", "没有", "服务态度差"}, 0},
    {"short Traditional Chinese", "BIG5", {"很好", "太慢", "沒有", "服務態度差"}, 0},
    {"short Japanese", "SHIFT_JIS EUC-JP", {"特になし", "遅い", "良い", "対応が悪い"}, 0},
    {"Japanese of Windows", "CP932", {"①料金が高い～", "㈱の対応"}, 0},
    {"short Korean", "EUC-KR", {"없음", "느려요", "좋아요", "친절해요"}, 0},
    {"short Arabic", "windows-1256", {"ممتاز", "بطيء جدا", "لا شيء"}, 0},
    {"short Hebrew", "windows-1255", {"איטי", "יקר מדי", "שירות טוב"}, 0},
    {"emoji", "GB18030 UTF-8", {"很好😀", "太慢了😡😡"}, 0},
};

/* What the guesser is given: a file from its first byte on that tells. */
static Span telling(const Buffer *file) {
    size_t i = 0;
    while (i < file->len && (unsigned char)file->data[i] < 0x80 && file->data[i] != 0x1b) i++;
    return (Span){file->data + i, file->len - i};
}

static void write_answers(const Row *row, size_t count, bool csv, Buffer *out) {
    size_t texts = 0;
    while (texts < 9 && row->texts[texts]) texts++;
    out->len = 0;
    if (csv) buffer_text(out, "id,text,rating\n");
    for (size_t i = 0; i < count; i++) {
        if (csv) buffer_printf(out, "%zu,\"%s\",%zu\n", i, row->texts[i % texts], i % 10);
        else buffer_printf(out, "{\"id\":\"r%zu\",\"text\":\"%s\",\"segment\":{\"channel\":\"phone\",\"age_band\":\"18-35\"}}\n", i, row->texts[i % texts]);
    }
}

static void check_guess(const Row *row, const char *encoding, size_t count, bool csv) {
    Buffer text = {0}, file = {0}, again = {0};
    write_answers(row, count, csv, &text);
    CHECK(recode(buffer_span(&text), encoding, &file), "%s in %s", row->name, encoding);
    const char *name = encoding_guess(telling(&file));
    bool same = name && recode(buffer_span(&text), name, &again) && span_equal(buffer_span(&again), buffer_span(&file));
    CHECK(same, "%s in %s, %zu answers as %s: found %s", row->name, encoding, count, csv ? "CSV" : "NDJSON", name ? name : "nothing");
    buffer_free(&text);
    buffer_free(&file);
    buffer_free(&again);
}

static void test_rows(void) {
    static const int counts[] = {1, 2, 3, 5, 30, 300};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char encodings[128], *rest = encodings;
        snprintf(encodings, sizeof encodings, "%s", rows[i].encodings);
        for (char *encoding; (encoding = strtok_r(rest, " ", &rest));)
            for (size_t j = 0; j < 12; j++)
                if (counts[j / 2] >= rows[i].least) check_guess(&rows[i], encoding, (size_t)counts[j / 2], j % 2);
    }
}

/* UTF-8 stays UTF-8 with a few damaged bytes in it, and cut off anywhere. */
static void test_utf8(void) {
    Buffer text = {0};
    write_answers(&rows[0], 20, true, &text);
    for (size_t cut = 0; cut < 8; cut++) {
        const char *name = encoding_guess((Span){text.data + 100, text.len - 100 - cut});
        CHECK(name && !strcmp(name, "UTF-8"), "cut by %zu: found %s", cut, name ? name : "nothing");
    }
    text.data[60] = text.data[300] = (char)0xff;
    const char *name = encoding_guess(buffer_span(&text));
    CHECK(name && !strcmp(name, "UTF-8"), "damaged: found %s", name ? name : "nothing");
    name = encoding_guess(SPAN("nothing, tells"));
    CHECK(name && !strcmp(name, "ASCII"), "ASCII: found %s", name ? name : "nothing");
    buffer_free(&text);
}

static void test_noise(void) {
    unsigned char bytes[3000];
    uint32_t state = 7;
    for (size_t len = 100; len <= sizeof bytes; len += 100) {
        for (size_t i = 0; i < len; i++) state = state * 1664525 + 1013904223, bytes[i] = (unsigned char)(1 + (state >> 16) % 255);
        const char *name = encoding_guess((Span){(const char *)bytes, len});
        CHECK(!name, "%zu random bytes: found %s", len, name ? name : "");
    }
}

static void test_wide(void) {
    static const char *const names[] = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int j = 0; j < 8; j++) {
            Buffer text = {0}, file = {0};
            write_answers(&rows[i], 5, j % 2, &text);
            CHECK(!encoding_wide(buffer_span(&text)), "%s in UTF-8", rows[i].name);
            recode(buffer_span(&text), names[j / 2], &file);
            const char *name = encoding_wide(buffer_span(&file));
            CHECK(name && !strcmp(name, names[j / 2]), "%s in %s: found %s", rows[i].name, names[j / 2], name ? name : "nothing");
            buffer_free(&text);
            buffer_free(&file);
        }
    CHECK(!encoding_wide(SPAN("")) && !encoding_wide(SPAN("a\0")), "too little");
}

static void test_known(void) {
    static const char *const good[] = {"auto", "AUTO", "utf-8", "windows-1251", "koi8-r", "gb18030", "Big5", "shift_jis", "euc-kr", "latin1", "utf-16", "ebcdic-us"};
    static const char *const bad[] = {"", "foo", "utf-9", "windows-1251//TRANSLIT", "utf-8//", "auto "};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) CHECK(encoding_known(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!encoding_known(bad[i]), "%s", bad[i]);
}

int main(void) {
    test_rows();
    test_utf8();
    test_noise();
    test_wide();
    test_known();
    return check_end();
}
