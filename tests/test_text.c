/* Text to tokens: each row of a table is one text; tokens are written with '|' between them. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"
#include "check.h"
#include "text/text.h"

static const Languages *languages;
static Arena keep, scratch;
static Memo *memo;

/* Everything that holds for the tokens of any text. */
static void check_tokens(const Tokens *tokens, const char *name) {
    uint32_t end = 0, sentence = 0, clause = 0;
    bool ordered = true, numbered = true, sliced = true, formed = true;
    for (size_t i = 0; i < tokens->count; i++) {
        const Token *token = &tokens->items[i];
        const Word *word = &tokens->words[token->word];
        ordered &= token->start >= end && token->end > token->start && token->end <= tokens->text.len;
        numbered &= token->sentence == sentence || token->sentence == sentence + (i > 0);
        numbered &= token->clause == clause || token->clause == clause + (i > 0);
        numbered &= token->sentence == sentence || token->clause == clause + 1;
        sliced &= ordered && span_equal(word->surface, (Span){tokens->text.data + token->start, token->end - token->start});
        formed &= word->kind != 0 && word->form->folded.len > 0 && word->form->stem.len > 0;
        end = token->end;
        sentence = token->sentence;
        clause = token->clause;
    }
    CHECK(ordered, "%s: tokens overlap or are out of order", name);
    CHECK(numbered, "%s: sentence or clause numbers jump", name);
    CHECK(sliced, "%s: a surface is not what stands at its offsets", name);
    CHECK(formed, "%s: a word without kind, folded form or stem", name);
}

static Tokens cut(const char *lang, Span text, const char *name) {
    const Language *language = language_find(languages, span_of(lang));
    char *exact = malloc(text.len + !text.len); /* so that a sanitizer sees a read behind the end */
    if (text.len) memcpy(exact, text.data, text.len);
    Span copy = arena_copy(&scratch, text);
    Tokens tokens;
    text_tokens(memo, (Span){exact, text.len}, language, &tokens, &scratch);
    tokens.text = copy;
    free(exact);
    check_tokens(&tokens, name);
    return tokens;
}

typedef enum { SURFACES, FOLDED, STEMS, FORMS, SENTENCES, CLAUSES, KINDS } View;

/* What a word may be: folded~without accents+other readings. */
static void append_forms(Buffer *line, const Form *form) {
    for (bool first = true; form; form = form->next, first = false) {
        if (!first) buffer_byte(line, '+');
        buffer_append(line, form->folded);
        if (form->plain.len) buffer_byte(line, '~'), buffer_append(line, form->plain);
    }
}

/* Tokens as one line: surfaces, folded forms or stems, kinds as letters, or surfaces with '|' only where a new sentence or clause begins. */
static Span view(const Tokens *tokens, View what, Buffer *line) {
    line->len = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        const Token *token = &tokens->items[i];
        const Word *word = &tokens->words[token->word];
        bool same =
            i && ((what == SENTENCES && token->sentence == token[-1].sentence) || (what == CLAUSES && token->clause == token[-1].clause));
        if (i) buffer_byte(line, same ? ' ' : '|');
        if (what == KINDS) {
            for (int bit = 0; bit < 11; bit++) {
                if (bit != 7 && word->kind >> bit & 1) buffer_byte(line, "lnecshk.mtd"[bit]);
            }
        } else if (what == FORMS) {
            append_forms(line, word->form);
        } else {
            buffer_append(line, what == FOLDED ? word->form->folded : what == STEMS ? word->form->stem : word->surface);
        }
    }
    return buffer_span(line);
}

typedef struct {
    const char *name, *lang, *input, *expected;
} Row;

static void check_rows(const Row *rows, size_t count, View what) {
    Buffer line = {0};
    for (size_t i = 0; i < count; i++) {
        Tokens tokens = cut(rows[i].lang, span_of(rows[i].input), rows[i].name);
        CHECK_SPAN(view(&tokens, what, &line), span_of(rows[i].expected), rows[i].name);
        arena_reset(&scratch);
    }
    buffer_free(&line);
}
#define CHECK_ROWS(rows, what) check_rows((rows), sizeof(rows) / sizeof *(rows), (what))

static const Row words[] = {
    {"empty", "en", "", ""},
    {"only marks", "en", " .,!? -- \" ", ""},
    {"plain", "en", "The staff were nice", "The|staff|were|nice"},
    {"apostrophe inside", "en", "I don't know, c'est rock'n'roll", "I|don't|know|c'est|rock'n'roll"},
    {"curly apostrophe", "en", "I don’t ‘know’ it", "I|don’t|know|it"},
    {"apostrophes around", "en", "'quoted' dogs' 'n'", "quoted|dogs|n"},
    {"backtick", "en", "don`t `code`", "don`t|code"},
    {"two apostrophes", "en", "don''t", "don|t"},
    {"hyphen splits", "en", "e-mail check-in well-known", "e|mail|check|in|well|known"},
    {"underscore joins", "en", "user_name __init__ a_ _b", "user_name|init|a|b"},
    {"slash splits", "en", "and/or 24/7", "and|or|24|7"},
    {"numbers", "en", "3.5 and 10,000 at 12:30, 7. 8", "3.5|and|10,000|at|12:30|7|8"},
    {"number and unit", "en", "3hrs 4G 1st 10am 2.5kg v2", "3|hrs|4|G|1|st|10|am|2.5|kg|v2"},
    {"money", "en", "$5.99 £3 100%", "$5.99|£3|100"},
    {"masked", "en", "f*ck this sh!t b!tch f**k", "f*ck|this|sh!t|b!tch|f**k"},
    {"not masked", "en", "wow!great *bold* 2*3 a!", "wow|great|bold|2|3|a"},
    {"url", "en", "see http://t.co/aB3?x=1, www.shop.com/a-b. ok", "see|http://t.co/aB3?x=1|www.shop.com/a-b|ok"},
    {"url in brackets", "en", "(https://x.org/y) end", "https://x.org/y|end"},
    {"url before Chinese", "zh", "看http://t.cn/abc很好", "看|http://t.cn/abc|很|好"},
    {"no url", "en", "http: //x www. a http://", "http|x|www|a|http"},
    {"mail", "en", "write to first.last+tag@mail.example.com now", "write|to|first.last+tag@mail.example.com|now"},
    {"no mail", "en", "you@me it's@x.com a@b", "you|me|it's|x|com|a|b"},
    {"mention", "en", "@united @Jet_Blue thanks @ home", "@united|@Jet_Blue|thanks|home"},
    {"hashtag", "en", "#fail #1 # x", "fail|1|x"},
    {"entities", "en", "food &amp; drink &lt;b&gt; a&nbsp;b AT&T", "food|drink|b|a|b|AT|T"},
    {"emoji", "en", "nice 👍🏽😊 ok", "nice|👍🏽|😊|ok"},
    {"emoji sequences", "en", "👨‍👩‍👧 ❤️ 🇬🇧🇫🇷 1️⃣ #️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
     "👨‍👩‍👧|❤️|🇬🇧|🇫🇷|1️⃣|#️⃣|🏴󠁧󠁢󠁥󠁮󠁧󠁿"},
    {"joined to word", "en", "good😊bad", "good|😊|bad"},
    {"emoticons", "en", "a :) b :-( c ;) d :D e :P f :'( g <3 h ^^ i T_T j XD k :/ l =)",
     "a|:)|b|:-(|c|;)|d|:D|e|:P|f|:'(|g|<3|h|^^|i|T_T|j|XD|k|:/|l|=)"},
    {"more emoticons", "en", "ok:) :))) :-((( </3 ^_^ -_- >_< xDDD :*", "ok|:)|:)))|:-(((|</3|^_^|-_-|>_<|xDDD|:*"},
    {"no emoticons", "en", "10:30 (see: x) http://x.y and:/or <30 a:b f(x):(y) item:Pay",
     "10:30|see|x|http://x.y|and|or|30|a|b|f|x|y|item|Pay"},
    {"Russian smiles", "ru", "Спасибо))) опоздали(( (да)", "Спасибо|)))|опоздали|((|да"},
    {"Russian", "ru", "Ёлка из-за дождя не приехала!", "Ёлка|из|за|дождя|не|приехала"},
    {"soft hyphen and zero width", "en", "ser\u00advice no\u200bthing\u200b end", "ser\u00advice|no\u200bthing|end"},
    {"combining mark", "en", "cafe\u0301 re\u0301sume\u0301", "cafe\u0301|re\u0301sume\u0301"},
    {"elision", "fr", "C'est l'hôtel qu’on m'a dit, aujourd'hui quelqu'un", "C'|est|l'|hôtel|qu’|on|m'|a|dit|aujourd'hui|quelqu'un"},
    {"elision of a word alone", "fr", "n' l'", "n|l'"},
    {"half-width kana before an emoji", "ja", "ｿ🏽 ｶﾞ", "ｿ|🏽|ｶﾞ"},
    {"face with letters", "ja", "(^も_^)", "(^も_^)"},
    {"elision at the end of a line", "it", "dell'\nacqua", "dell'|acqua"},
    {"Italian elision", "it", "dell'acqua l’albergo un po' c'è nient'altro", "dell'|acqua|l’|albergo|un|po|c'|è|nient'|altro"},
    {"no elision in English", "en", "d'accord l'oreal it's", "d'accord|l'oreal|it's"},
    {"durations", "en", "2hrs 1h30 24h 3x", "2|hrs|1|h|30|24|h|3|x"},
    {"particles on numbers", "ar", "خمسة و12 طاولة ب50 ريال", "خمسة|و|12|طاولة|ب|50|ريال"},
    {"currency", "en", "$50 50€ 50 € £3.20 US$5 $$$", "$50|50€|50|€|£3.20|US|$5|$$$"},
    {"roubles", "ru", "500₽ за 2 ч", "500₽|за|2|ч"},
    {"dates", "en", "on 12/05/2024, 2024-05-12 or 1.2.24 not 24/7 1/2 1-2-3-4", "on|12/05/2024|2024-05-12|or|1.2.24|not|24|7|1|2|1|2|3|4"},
    {"telephone", "en", "call +44 20 7946 0958 or 1-800-555-1234, (495) 123-45-67", "call|+44 20 7946 0958|or|1-800-555-1234|(495) 123-45-67"},
    {"Russian telephone", "ru", "8 (800) 555-35-35 и +7(495)123-45-67", "8 (800) 555-35-35|и|+7(495)123-45-67"},
    {"no telephone", "en", "10 000 000 000 and 2019 2020 and 1+1", "10|000|000|000|and|2019|2020|and|1|1"},
    {"camel hashtags", "en", "#WorstServiceEver #iPhone #fail #not_good #BBC #UKBusFail", "Worst|Service|Ever|iPhone|fail|not|good|BBC|UKBus|Fail"},
    {"cut short", "en", "what the f*** and *emphasis** s** 5** a*", "what|the|f***|and|emphasis|s**|5|a"},
    {"masked Russian", "ru", "бл*дь х** п***ец", "бл*дь|х**|п***ец"},
    {"masked with signs", "en", "cr@p f#ck a$$hole jd@mail.com you@me", "cr@p|f#ck|a$$hole|jd@mail.com|you|me"},
    {"faces of the East", "en", "sorry (^_^;) (>_<) (T_T) orz \\o/ ^^; 8-) =3 :3 (a) (ok)", "sorry|(^_^;)|(>_<)|(T_T)|orz|\\o/|^^;|8-)|=3|:3|a|ok"},
    {"Korean", "ko", "배송이 느려요ㅠㅠㅠ ㅋㅋㅋㅋ", "배송이|느려요|ㅠㅠㅠ|ㅋㅋㅋㅋ"},
    {"Chinese", "zh", "服务很好，iPhone6不错", "服|务|很|好|iPhone6|不|错"},
    {"Chinese in English", "en", "good 好吃 food", "good|好|吃|food"},
    {"kana", "zh", "おいしい店", "お|い|し|い|店"},
    {"Thai clusters", "th", "เรื่องนี้ดีมาก", "เรื่|อ|ง|นี้|ดี|มา|ก"},
    {"Thai beside Latin and digits", "th", "iPhoneดี 100บาท", "iPhone|ดี|100|บา|ท"},
    {"Thai vowel twice for another", "th", "เเย่", "เเย่"},
    {"Thai drawn out", "th", "ค่าาาา มากกก", "ค่าาาา|มา|ก|ก|ก"},
    {"Thai repetition mark", "th", "ช้าๆ", "ช้า|ๆ"},
    {"Thai in a language with spaces", "en", "เรื่องนี้", "เรื่องนี้"},
    {"Japanese drawn out", "ja", "すごーーい", "す|ごーー|い"},
    {"Japanese emphasis", "ja", "すっごい やばっ！", "すっ|ご|い|や|ばっ"},
    {"Japanese doubled consonant", "ja", "もっと待った", "も|っ|と|待|っ|た"},
    {"Japanese long vowel of katakana", "ja", "ケーキーー", "ケ|ー|キ|ーー"},
    {"half-width kana", "ja", "ﾊﾞｯﾃﾘｰ", "ﾊﾞ|ｯ|ﾃ|ﾘ|ｰ"},
    {"digits stay a number", "zh", "哈哈233", "哈|哈|233"},
    {"fullwidth", "zh", "ＡＢＣ１２３！", "ＡＢＣ１２３"},
    {"outer planes", "zh", "𠮷野家", "𠮷|野|家"},
    {"Thai, Hindi, Arabic", "en", "ดี हिन्दी خدمة", "ดี|हिन्दी|خدمة"},
    {"Hangul", "en", "좋아요 정말", "좋아요|정말"},
    {"lone marks", "en", "\u0301 a \u0301\u0301", "a"},
};

static const Row folded[] = {
    {"case", "en", "HELLO World", "hello|world"},
    {"apostrophes", "en", "don’t don`t donʼt DON'T", "don't|don't|don't|don't"},
    {"composed", "en", "cafe\u0301 CAFÉ Straße", "café|café|strasse"},
    {"drawn out", "en", "sooooo gooood AAAA 1000 book", "soo|good|aa|1000|book"},
    {"drawn out Russian", "ru", "Ооочень долгооо", "оочень|долгоо"},
    {"yo", "ru", "Ещё ЁЛКА", "еще|елка"},
    {"yo elsewhere", "en", "Ещё", "ещё"},
    {"invisible", "en", "ser\u00advice no\u200bthing", "service|nothing"},
    {"fullwidth", "zh", "ＡＢＣ１２３", "abc123"},
    {"Thai vowel twice for another", "th", "เเย่ แย่", "แย่|แย่"},
    {"Thai drawn out", "th", "ดีีี ค่าาาา", "ดี|ค่า"},
    {"Thai am in two signs", "th", "นํ้า น้ำ", "น้ำ|น้ำ"},
    {"Japanese drawn out", "ja", "すごーーい すっごい すごぉい", "す|ご|い|す|ご|い|す|ご|い"},
    {"Japanese long vowel of katakana", "ja", "ケーキーー", "ケ|ー|キ|ー"},
    {"half-width kana", "ja", "ﾊﾞｯﾃﾘｰ", "バ|ッ|テ|リ|ー"},
    {"voice mark apart", "ja", "か\u3099", "が"},
    {"Traditional", "zh", "服務態度東西", "服|务|态|度|东|西"},
    {"Traditional stays", "en", "務", "務"},
    {"emoji undressed", "en", "👍🏽 ❤️ 1️⃣ 👩🏽‍🔧", "👍|❤|1⃣|👩‍🔧"},
    {"emoticons", "en", ":-) :))) =) :'( XDDD <33 -_-", ":)|:)|:)|:'(|xd|<3|-_-"},
    {"Russian smiles", "ru", "да))) нет((", "да|:)|нет|:("},
    {"accents stay", "fr", "Déçu À ŒUVRE", "déçu|à|œuvre"},
    {"Turkish i", "tr", "IĞDIR İYİ Iyi DIŞ", "ığdır|iyi|ıyi|dış"},
    {"Arabic", "ar", "شُكْرًا أحمد إلى مدرسة جمـــيل آسف", "شكرا|احمد|الي|مدرسه|جميل|اسف"},
    {"drawn out Korean and Arabic", "ko", "ㅠㅠㅠㅠ ㅋㅋㅋ", "ㅠㅠ|ㅋㅋ"},
    {"link", "en", "HTTP://WWW.Foo.com/AAA @Name", "http://www.foo.com/aaa|@name"},
};

static const Row stems[] = {
    {"English", "en", "waiting waited services rudely DON'T", "wait|wait|servic|rude|don't"},
    {"Russian", "ru", "ждали Ждали доставкой очереди", "ждал|ждал|доставк|очеред"},
    {"Chinese has none", "zh", "很好 waiting", "很|好|waiting"},
    {"numbers and links have none", "en", "3.5 http://x.com/waiting", "3.5|http://x.com/waiting"},
};

static const Row forms[] = {
    {"accents", "fr", "Déçu œuvre bon", "déçu~decu|œuvre~oeuvre|bon"},
    {"accents of Polish and Danish", "pl", "łódź źle", "łódź~lodz|źle~zle"},
    {"Turkish", "tr", "ÇOK kötü ışık Instagram", "çok~cok|kötü~kotu|ışık~isik|ınstagram~instagram+instagram"},
    {"Vietnamese", "vi", "chậm quá đắt", "chậm~cham|quá~qua|đắt~dat"},
    {"Cyrillic has none", "ru", "йод ещё", "йод|еще"},
    {"German keeps them", "de", "schön", "schön"},
    {"drawn out", "en", "slooow noooo gooood book", "sloow+slow|noo+no|good+god|book"},
    {"drawn out and accented", "es", "maaaal peeésimo", "maal+mal|peeésimo~peeesimo"},
    {"digits for letters", "en", "sh1t fr33 b4 4g a$$hole mp3 covid19 cr@p", "sh1t+shit|fr33|b4|4|g|a$$hole+asshole|mp3|covid19|cr@p+crap"},
};

static const Row kinds[] = {
    {"shapes", "en", "$5 5€ € 10:30 12/05/2024 1.5.24 2024-01-05 1.5 10:5 +44 20 7946 0958 1,000", "nm|nm|m|nt|nd|nd|nd|n|n|k|n"},
    {"masks are words", "en", "f*ck f*** cr@p", "l|l|l"},

    {"letters", "en", "Hello hello HELLO I iPhone 4G 3hrs", "lc|l|lcs|lc|l|n|lc|n|l"},
    {"numbers", "en", "5 3.5 12:30 ٣", "n|n|nt|n"},
    {"others", "en", "😊 :) XD 1️⃣ @me www.x.com a.b@c.de 好 ))", "e|e|e|e|k|k|k|h|e"},
    {"Cyrillic capitals", "ru", "Да ДА да", "lc|lcs|l"},
};

static const Row sentences[] = {
    {"plain", "en", "Slow. Rude! Why? Ok", "Slow|Rude|Why|Ok"},
    {"no space", "en", "was slow.The staff node.js 3.5 u.s.a x", "was slow|The staff node js 3.5 u s a x"},
    {"loud needs no space", "en", "what?!never", "what|never"},
    {"dots", "en", "slow... but good...very good", "slow|but good very good"},
    {"quote", "en", "He said \"wait.\" Then left", "He said wait|Then left"},
    {"abbreviations", "en", "Mr. Smith and Dr. Who vs. J. Smith etc. were e.g. here, i.e. there",
     "Mr Smith and Dr Who vs J Smith etc were e g here i e there"},
    {"abbreviation ends", "en", "food, etc. The end at 5 p.m. Then", "food etc|The end at 5 p m|Then"},
    {"abbreviations elsewhere", "de", "Hr. Maier z. B. war ca. 2 Std. da. Gut", "Hr Maier z B war ca 2 Std da|Gut"},
    {"French", "fr", "M. Dupont etc. et Mme. X. Fin", "M Dupont etc et Mme X Fin"},
    {"number sign", "en", "No. 5 was bad. No. Never", "No 5 was bad|No|Never"},
    {"I", "en", "so did I. They left", "so did I|They left"},
    {"Russian abbreviations", "ru", "т.е. на ул. Мира и т.д. стоит 5 руб. за кг", "т е на ул Мира и т д стоит 5 руб за кг"},
    {"Russian abbreviations end", "ru", "чай и т.д. Потом 5 руб. Дорого", "чай и т д|Потом 5 руб|Дорого"},
    {"line ends", "en", "slow\nrude\r\n\r\nbad", "slow|rude|bad"},
    {"bullets", "en", "• slow • rude", "slow|rude"},
    {"face stays", "en", "Great! :) Thanks 👍. Bye", "Great :)|Thanks 👍|Bye"},
    {"face after line end", "en", "Great\n👍 yes", "Great|👍 yes"},
    {"list", "en", "1) slow 2) rude (and 3) cold", "1 slow|2 rude and 3 cold"},
    {"list of full stops", "en", "1. Slow\n2. Rude", "1|Slow|2|Rude"},
    {"Chinese", "zh", "很好。很差！为什么？好；坏", "很 好|很 差|为 什 么|好 坏"},
    {"Chinese with ASCII stop", "zh", "很好.很差", "很 好|很 差"},
    {"decimal", "en", "cost 3.50. ok", "cost 3.50|ok"},
    {"mail keeps numbers", "en", "ask. a.b@c.com is ok. yes", "ask|a.b@c.com is ok|yes"},
    {"no gap for empty", "en", "... !!! a", "a"},
    {"Hindi and Arabic", "en", "अच्छा। बुरा جيد؟ نعم", "अच्छा|बुरा جيد|نعم"},
};

static const Row clauses[] = {
    {"comma", "en", "slow, but good: really; yes", "slow|but good|really|yes"},
    {"dashes", "en", "slow - rude – bad—ugly check-in 5–10 a--b", "slow|rude|bad|ugly check in 5 10 a|b"},
    {"brackets", "en", "food (cold) and [old]", "food|cold|and|old"},
    {"no border", "en", "a/b \"c\" d 10,000", "a b c d 10,000"},
    {"sentence too", "en", "a. b", "a|b"},
    {"Chinese", "zh", "好，坏；差（冷）鱼、肉", "好|坏|差|冷|鱼 肉"},
    {"Chinese spaces", "zh", "味道好 送餐快 iPhone好~下次", "味 道 好|送 餐 快 iPhone 好|下 次"},
    {"Chinese dots", "zh", "好……但是", "好|但 是"},
};

static const Row guesses[] = {
    {"praise", "", "Great service!", "en"},
    {"one word", "", "slow", "en"},
    {"nothing", "", "Nothing", "en"},
    {"English", "", "The waiting time was far too long and nobody answered the phone.", "en"},
    {"capitals", "", "VERY RUDE STAFF", "en"},
    {"with a link", "", "@united my flight is late http://t.co/xyz", "en"},
    {"German", "", "Der Service war schlecht und das Essen kalt.", "de"},
    {"French", "", "Le personnel est très gentil mais la chambre est petite.", "fr"},
    {"Spanish", "", "El servicio es muy lento", "es"},
    {"Dutch", "", "Het eten was niet goed en de service is slecht", "nl"},
    {"Indonesian", "", "pelayanan sangat lambat dan tidak ramah", "-"},
    {"Russian", "", "Очень долго ждали заказ, персонал грубый", "ru"},
    {"Russian word", "", "медленно", "ru"},
    {"Russian with brand", "", "Samsung Galaxy хороший", "ru"},
    {"Ukrainian", "", "Дуже повільне обслуговування і грубий персонал", "-"},
    {"Bulgarian", "", "Обслужването беше много бавно и персоналът не беше учтив", "-"},
    {"Serbian", "", "Особље је било непријатно и чекали смо дуго", "-"},
    {"Kazakh", "", "Қызмет көрсету өте нашар болды", "-"},
    {"Chinese", "", "服务态度很差，等了两个小时", "zh"},
    {"Traditional Chinese", "", "服務態度很差", "zh"},
    {"Chinese with brand", "", "iPhone6s很好用", "zh"},
    {"Japanese", "", "サービスがとても遅かったです", "-"},
    {"Korean", "", "서비스가 너무 느려요", "-"},
    {"Arabic", "", "الخدمة بطيئة جدا", "-"},
    {"Greek", "", "Η εξυπηρέτηση ήταν αργή", "-"},
    {"no letters", "", "12345 !!! :)", "-"},
    {"empty", "", "", "-"},
    {"nonsense", "", "asdfgh qwrtz", "-"},
    {"name", "", "Krzysztof Szymański", "-"},
};

static const char *code_of(const Language *language) { return language ? arena_string(&scratch, language->code) : "-"; }

static void test_guess(void) {
    for (size_t i = 0; i < sizeof guesses / sizeof *guesses; i++) {
        const char *found = code_of(language_guess(languages, span_of(guesses[i].input)));
        CHECK(strcmp(found, guesses[i].expected) == 0, "%s: found %s, expected %s", guesses[i].name, found, guesses[i].expected);
    }
    arena_reset(&scratch);
}

static void test_find(void) {
    static const char *const rows[][2] = {
        {"en", "en"},  {"EN-us", "en"},  {"en_GB", "en"}, {"eng", "en"}, {"rus", "ru"},        {"zh-Hant", "zh"}, {"zh-Hans-CN", "zh"},
        {"cmn", "zh"}, {"yue", "zh"},    {"zho", "zh"},   {"chi", "zh"}, {" ru ", "ru"},       {"xx", "-"},       {"", "-"},
        {"e", "-"},    {"english", "-"}, {"-", "-"},      {"en1", "-"},  {"abcdefghijkl", "-"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *found = code_of(language_find(languages, span_of(rows[i][0])));
        CHECK(strcmp(found, rows[i][1]) == 0, "'%s': found %s, expected %s", rows[i][0], found, rows[i][1]);
    }
    CHECK(language_find(languages, (Span){NULL, 0}) == NULL, "absent");
    arena_reset(&scratch);
}

/* ---- damaged tables ---- */

static void file_write(const char *dir, const char *name, const char *text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL, "cannot write %s", path);
    if (!file) return;
    fputs(text, file);
    fclose(file);
}

static void file_remove(const char *dir, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    unlink(path);
}

static void test_damage(void) {
    static const struct {
        const char *table, *common;
        uint64_t line;
        const char *message;
    } rows[] = {
        {"en\tEnglish\tEnglish\tenglish\tword\t5\t-\t-\n", "the\ten\t60\n", 0, NULL},
        {"# c\n\nen\tEnglish\tEnglish\tenglish\tword\t5\t-\t-\r\n", "", 0, NULL},
        {"# c\nen\tEnglish\n", "", 2, "found 2 fields, expected 8, with a tab between them"},
        {"en\tE\tE\tenglish\tword\t5\t-\t-\t\n", "", 1, "found 9 fields, expected 8, with a tab between them"},
        {"EN\tE\tE\tenglish\tword\t5\t-\t-\n", "", 1, "found code 'EN', expected 2 to 8 small letters"},
        {"en\tE\tE\tenglisch\tword\t5\t-\t-\n", "", 1, "found stemmer 'englisch', expected a name that stem.h knows, or -"},
        {"en\tE\tE\tenglish\twords\t5\t-\t-\n", "", 1, "found tokens 'words', expected word or char"},
        {"en\tE\tE\tenglish\tword\t5\tyo accent\t-\n", "", 1, "found 'yo accent', expected yo, simplify, turkish, arabic, accents, bare, or -"},
        {"en\tE\tE\t-\tword\t5x\t-\t-\n", "", 1, "found reach '5x', expected a number up to 1000"},
        {"en\tE\tE\t-\tword\t99999999999\t-\t-\n", "", 1, "found reach '99999999999', expected a number up to 1000"},
        {"en\tE\tE\t-\tword\t5\t-\t-\nen\tE\tE\t-\tword\t5\t-\t-", "", 2, "found 'en' again, expected each language once"},
        {"", "", 0, "found no language, expected at least one"},
        {"en\tE\tE\t-\tword\t5\t-\t-\n", "#\nthe\ten\n", 2,
         "found 'the\ten', expected word, language and weight (1 to 255), with a tab between them"},
        {"en\tE\tE\t-\tword\t5\t-\t-\n", "the\ten\t256\n", 1,
         "found 'the\ten\t256', expected word, language and weight (1 to 255), with a tab between them"},
        {"en\tE\tE\t-\tword\t5\t-\t-\n", "the\ten\t5\na\ten\t5\nthe\tde\t5\n", 3, "found 'the' again, expected the lines of a word side by side"},
    };
    char dir[] = "/tmp/test_text_XXXXXX";
    CHECK(mkdtemp(dir) != NULL, "no place for files");
    Arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        file_write(dir, "languages.tsv", rows[i].table);
        file_write(dir, "common.tsv", rows[i].common);
        const Languages *opened = NULL;
        Fail fail = {0};
        bool good = languages_open(dir, &arena, &opened, &fail);
        CHECK(good == !rows[i].message, "row %zu: %s", i, fail.message);
        if (good || !rows[i].message) continue;
        CHECK(strcmp(fail.message, rows[i].message) == 0, "row %zu: found '%s', expected '%s'", i, fail.message, rows[i].message);
        CHECK(fail.code == FAIL_SETUP && fail.line == rows[i].line, "row %zu: line %llu", i, (unsigned long long)fail.line);
        CHECK(fail.source && strstr(fail.source, ".tsv"), "row %zu", i);
    }
    const Languages *opened = NULL;
    Fail fail = {0};
    file_write(dir, "languages.tsv", "en\tE\tE\t-\tword\t5\t-\t-\n");
    file_write(dir, "common.tsv", "");
    file_write(dir, "abbreviations.tsv", "# c\nde\thr\tnever\nen\tmr\tsometimes\n");
    CHECK(!languages_open(dir, &arena, &opened, &fail) && fail.line == 3, "line %llu", (unsigned long long)fail.line);
    CHECK_SPAN(span_of(fail.message), SPAN("found 'en\tmr\tsometimes', expected language, word, and never, small or digit, with a tab between them"), "abbreviations");
    file_remove(dir, "abbreviations.tsv");
    file_remove(dir, "common.tsv");
    file_remove(dir, "languages.tsv");
    CHECK(!languages_open(dir, &arena, &opened, &fail) && fail.code == FAIL_FILE, "no file");
    arena_free(&arena);
    rmdir(dir);
}

/* ---- memo ---- */

/* The same text gives the same words again, in any language, before and after a clearing. */
static void test_memo(void) {
    Memo *small = memo_open(languages, 256);
    Tokens tokens;
    char word[16];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5000; i++) {
            if (memo_full(small)) memo_clear(small);
            int len = snprintf(word, sizeof word, "w%d%s", i % 700, i & 1 ? "longerform" : "");
            len = len < (int)sizeof word ? len : (int)sizeof word - 1;
            text_tokens(small, (Span){word, (size_t)len}, languages_at(languages, (size_t)i % 3), &tokens, &scratch);
            CHECK(tokens.count == 1 && span_equal(tokens.words[tokens.items[0].word].surface, (Span){word, (size_t)len}), "%s", word);
        }
        arena_reset(&scratch);
    }
    memo_clear(small);
    text_tokens(small, SPAN("Same same Same"), languages_at(languages, 0), &tokens, &scratch);
    CHECK(tokens.items[0].word == tokens.items[2].word && tokens.items[0].word != tokens.items[1].word, "same form, same word");
    tokens.words[tokens.items[0].word].entry = 7;
    text_tokens(small, SPAN("Same"), languages_at(languages, 0), &tokens, &scratch);
    CHECK(tokens.words[tokens.items[0].word].entry == 7, "an entry stays");
    memo_clear(small);
    text_tokens(small, SPAN("Same"), languages_at(languages, 0), &tokens, &scratch);
    CHECK(tokens.words[tokens.items[0].word].entry == WORD_NEW, "an entry dies");
    memo_close(small);
    memo_close(NULL);
    arena_reset(&scratch);
}

/* More words in one text than the memo is meant to hold: it grows, and says that it is full. */
static void test_memo_grows(void) {
    Memo *small = memo_open(languages, 64);
    Buffer text = {0};
    for (int i = 0; i < 20000; i++) buffer_printf(&text, "x%d ", i);
    Tokens tokens;
    CHECK(!memo_full(small), "empty");
    text_tokens(small, buffer_span(&text), languages_at(languages, 0), &tokens, &scratch);
    CHECK(tokens.count == 20000 && memo_full(small), "%zu", tokens.count);
    check_tokens(&tokens, "many words");
    memo_clear(small);
    CHECK(!memo_full(small), "cleared");
    buffer_free(&text);
    memo_close(small);
    arena_reset(&scratch);
}

/* ---- hostile ---- */

static void test_exclamations(void) {
    static const struct {
        const char *input;
        uint32_t count;
    } rows[] = {{"no", 0}, {"Ok!", 1}, {"a!!! b?!", 4}, {"好！！", 2}, {"sh!t", 0}, {"http://x.y/!a", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Tokens tokens = cut("en", span_of(rows[i].input), rows[i].input);
        CHECK(tokens.exclamations == rows[i].count, "%s: found %u", rows[i].input, tokens.exclamations);
    }
    arena_reset(&scratch);
}

static uint32_t draw(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* A code point from where trouble is: ASCII marks, letters of our scripts, joiners, emoji, and everything else now and then. */
static uint32_t draw_point(uint64_t *state) {
    static const uint32_t troubles[] = {0,      '\'',    '_',     '*',     '!',    '&',  '@',    ':',    '/',    '.',
                                        '-',    '(',     ')',     '<',     '3',    '#',  ';',    0x200d, 0xfe0f, 0x20e3,
                                        0x301,  0x1f3fd, 0x1f1e6, 0x1f600, 0x200b, 0xad, 0x2026, 0xff01, 0x3002, 0xe0061,
                                        0x2764, ' ',     '\n',    'x',     'D',    'w',  0x130,  0xdf};
    uint32_t what = draw(state) % 10;
    if (what < 4) return troubles[draw(state) % (sizeof troubles / sizeof *troubles)];
    if (what < 6) return 'a' + draw(state) % 26;
    if (what < 7) return 0x410 + draw(state) % 64;
    if (what < 8) return 0x4e00 + draw(state) % 0x5000;
    if (what < 9) return 0x20 + draw(state) % 0x2ff0;
    uint32_t point = draw(state) % 0x110000;
    return point >= 0xd800 && point < 0xe000 ? ' ' : point;
}

static void test_random(void) {
    static const char *const codes[] = {"en", "ru", "zh"};
    uint64_t state = 20260101;
    char text[400];
    for (int i = 0; i < 30000; i++) {
        size_t len = 0, count = draw(&state) % 60;
        for (size_t k = 0; k < count; k++) len += utf8_encode(draw_point(&state), text + len);
        cut(codes[i % 3], (Span){text, len}, "random");
        language_guess(languages, (Span){text, len});
        if (memo_full(memo)) memo_clear(memo);
        arena_reset(&scratch);
    }
}

/* Words at and beyond all limits of length, of letters that grow, shrink or vanish when folded. */
static void test_long_words(void) {
    static const char *const letters[] = {"I", "i", "İ", "ß", "ﬁ", "ΐ", "ǅ", "Ⱥ", "é", "e\u0301", "ё", "ـ", "\u0651", "가", "ㅋ", "ﾞ", "Ａ", "æ", "ŉ", "1", "$"};
    static const size_t counts[] = {1, 2, 3, 63, 64, 65, 85, 86, 127, 128, 129, 255, 256, 257, 300};
    Buffer text = {0};
    for (size_t i = 0; i < languages_count(languages); i++)
        for (size_t j = 0; j < sizeof letters / sizeof *letters; j++)
            for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
                char code[9];
                snprintf(code, sizeof code, "%.*s", (int)languages_at(languages, i)->code.len, languages_at(languages, i)->code.data);
                text.len = 0;
                for (size_t l = 0; l < counts[k]; l++) buffer_text(&text, letters[j]);
                cut(code, buffer_span(&text), letters[j]);
                if (memo_full(memo)) memo_clear(memo);
                arena_reset(&scratch);
            }
    buffer_free(&text);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The quickest of three rounds over `piece` repeated up to len bytes. */
static double time_repeated(Span piece, const char *start, size_t len, const char *lang) {
    Buffer text = {0};
    buffer_text(&text, start);
    while (text.len + piece.len <= len) buffer_append(&text, piece);
    double best = 1e9;
    for (int round = 0; round < 3; round++) {
        Tokens tokens;
        double begin = seconds();
        memo_clear(memo);
        text_tokens(memo, buffer_span(&text), language_find(languages, span_of(lang)), &tokens, &scratch);
        language_guess(languages, buffer_span(&text));
        double took = seconds() - begin;
        best = took < best ? took : best;
        check_tokens(&tokens, piece.data);
        arena_reset(&scratch);
    }
    memo_clear(memo);
    buffer_free(&text);
    return best;
}

/* Four times the text may take about four times as long; sixteen times would be quadratic. */
static void test_linear(void) {
    static const struct {
        const char *start, *piece;
    } rows[] = {{"", "a"},
                {"a", "\u0301"},
                {"", "a\u0301\u0327 "},
                {"", "\u0301"},
                {"a", "\u200b"},
                {"", "a\u200b"},
                {"a", "'"},
                {"", "a'"},
                {"", "1."},
                {"", "1:1,"},
                {"a", "_"},
                {"a", "*"},
                {"", "a*"},
                {"", "a@"},
                {"", "a.a@"},
                {"@", "a"},
                {"x@", "a"},
                {"", "a.b@c.d"},
                {"", "a-b@c"},
                {"http://", "a"},
                {"http://", ".,"},
                {"", "www.a"},
                {"", ":)"},
                {"", ":"},
                {"", "("},
                {"", "))"},
                {"", "()"},
                {"", "."},
                {"", ".)"},
                {"a.", ")"},
                {"", "a. "},
                {"Dr. ", " "},
                {"", "Dr. "},
                {"", "!"},
                {"", "a!"},
                {"", "&"},
                {"", "&amp"},
                {"😀", "\u200d😀"},
                {"😀", "\ufe0f"},
                {"", "🇬"},
                {"", "-"},
                {"", "-_"},
                {"", "\n"},
                {"", "好"},
                {"好", "\u0301"},
                {"", "好 "},
                {"<3", "3"},
                {"x", "D"},
                {"", "^"},
                {"1", "\ufe0f\u20e3"},
                {"", "a\u0327\u0301\u0327"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Span piece = span_of(rows[i].piece);
        double small = time_repeated(piece, rows[i].start, 256 * 1024, "zh"),
               large = time_repeated(piece, rows[i].start, 1024 * 1024, "zh");
        CHECK(large < 9 * small + 0.02, "'%s' after '%s': %.4f s for 256 KB, %.4f s for 1 MB", rows[i].piece, rows[i].start, small, large);
        CHECK(large < 2, "'%s': %.1f s", rows[i].piece, large);
    }
}

static void test_nul(void) {
    Tokens tokens = cut("en", SPAN("a\0b\0"), "NUL");
    CHECK(tokens.count == 2, "%zu", tokens.count);
    tokens = cut("en", (Span){NULL, 0}, "absent");
    CHECK(tokens.count == 0, "%zu", tokens.count);
    arena_reset(&scratch);
}

int main(void) {
    Fail fail = {0};
    if (!languages_open(SOURCE_DIR "/lexicons", &keep, &languages, &fail)) return fail_print(&fail), 1;
    memo = memo_open(languages, 1 << 12);
    CHECK_ROWS(words, SURFACES);
    CHECK_ROWS(folded, FOLDED);
    CHECK_ROWS(forms, FORMS);
    CHECK_ROWS(stems, STEMS);
    CHECK_ROWS(kinds, KINDS);
    CHECK_ROWS(sentences, SENTENCES);
    CHECK_ROWS(clauses, CLAUSES);
    test_exclamations();
    test_guess();
    test_find();
    test_damage();
    test_memo();
    test_memo_grows();
    test_nul();
    test_random();
    test_long_words();
    test_linear();
    memo_close(memo);
    arena_free(&scratch);
    arena_free(&keep);
    return check_end();
}
