/* stem_turkish — ürününüz and urununuz to urun, gelmedi and gelmiyor to gelmez, whether the letters that ASCII lacks are typed or not.
 *
 * ç ğ ı ö ş ü become c g i o s u first, so that both spellings are one form; the harmony of vowels, which Snowball's turkish goes by, is
 * lost with that. So a form is read from its front: the longest root of ours that the rest follows as a chain of endings. Without a root,
 * only long and plain endings go.
 *
 * A verb's stem ends in mek, so that gec, late, is not gecmek, to pass. What turns the meaning stays in the stem: the negative of a verb
 * (gelmedi, gelmez, alamadim: gelmez, almez) and -siz, "without"; so does -li, "with": kalite, kaliteli and kalitesiz are three. */
#include "text/stem_rules.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { REST_MAX = 32 }; /* letters behind a root; longer forms are left alone */

static const uint32_t *const verbs[] = {
    U"dokun", U"beklet", U"dagit",
    U"ac", U"ak", U"akit", U"aksa", U"al", U"aldan", U"aldat", U"alis", U"anla", U"anlat", U"ara", U"at", U"bagla", U"baglan", U"bak",
    U"basla", U"bayil", U"begen", U"bekle", U"bil", U"bin", U"birak", U"bit", U"bitir", U"boz", U"bul", U"calis", U"calistir", U"cek",
    U"cevapla", U"cik", U"cikar", U"coz", U"dagil", U"davran", U"de", U"degis", U"degistir", U"dene", U"destekle", U"dinle", U"dok", U"don",
    U"dondur", U"dur", U"dus", U"dusun", U"dusur", U"duy", U"et", U"gec", U"gecik", U"gecir", U"gel", U"getir", U"gez", U"gir", U"git",
    U"gonder", U"gor", U"gorun", U"goster", U"gotur", U"gozuk", U"guncelle", U"guven", U"harca", U"hatirla", U"hazirla", U"hisset",
    U"ilgilen", U"in", U"inan", U"indir", U"isin", U"isit", U"iste", U"izle", U"kacir", U"kal", U"kalk", U"kapa", U"kapan", U"kapat",
    U"karsila", U"karsilas", U"katla", U"kaybet", U"kaybol", U"kes", U"kir", U"konus", U"kop", U"kork", U"koy", U"kullan", U"kur", U"ode",
    U"ogren", U"oku", U"ol", U"olc", U"oner", U"otur", U"oyna", U"ozle", U"paketle", U"patla", U"pisir", U"sagla", U"sasir", U"sat", U"sev",
    U"sil", U"sizdir", U"sogu", U"sor", U"soyle", U"sur", U"surdur", U"tak", U"tani", U"tas", U"tasi", U"temizle", U"tut", U"ugras", U"ulas",
    U"utule", U"uy", U"uyar", U"uyu", U"uzul", U"ver", U"vur", U"yaklas", U"yan", U"yap", U"yara", U"yaz", U"yenile", U"yika", U"yirt",
    U"yolla", U"yonlendir", U"yukle", U"yuru",
};

/* Nouns, adjectives and small words that take their endings. */
static const uint32_t *const nouns[] = {
    U"alaka", U"dokunmatik", U"kisin", U"mutfak", U"delik", U"demir", U"acikca", U"mem", U"alan", U"beklenti", U"parti", U"kalinti", U"yanik",
    U"acayip", U"aci", U"acik", U"acil", U"ad", U"adam", U"adet", U"adi", U"adil", U"adres", U"agir", U"aile", U"aksam", U"aksesuar",
    U"aksilik", U"alim", U"alisveris", U"alt", U"alti", U"ana", U"anne", U"ara", U"araba", U"ariza", U"arka", U"arkadas", U"asagi",
    U"asansor", U"ask", U"atari", U"ay", U"ayak", U"ayakkabi", U"ayar", U"ayna", U"aynen", U"ayni", U"az", U"baba", U"bacak", U"bagaj",
    U"bagimli", U"baglanti", U"bakis", U"balik", U"banka", U"banyo", U"bardak", U"basari", U"basarili", U"basit", U"baska", U"baski",
    U"batarya", U"bayat", U"beden", U"belki", U"bellek", U"ben", U"berbat", U"bes", U"bez", U"bilek", U"bilet", U"bilgi", U"bilgisayar",
    U"bin", U"bina", U"bir", U"biraz", U"biri", U"birkac", U"birlesik", U"birsey", U"bitis", U"biz", U"bluetooth", U"bocek", U"bos", U"boy",
    U"boyut", U"bozuk", U"bu", U"bugun", U"bulanik", U"bulasik", U"butun", U"buyuk", U"buzdolabi", U"calisan", U"cam", U"camasir", U"canta",
    U"carsaf", U"cay", U"cekim", U"cekis", U"cevap", U"cihaz", U"cikis", U"cizik", U"cocuk", U"cok", U"cokme", U"cokus", U"corba", U"cozum",
    U"daha", U"dakika", U"dandik", U"dar", U"defa", U"defolu", U"degil", U"degisim", U"deneyim", U"denge", U"deniz", U"derece", U"deri",
    U"destek", U"diger", U"dikkat", U"dis", U"disari", U"dogru", U"doktor", U"dokuz", U"dolu", U"donem", U"dort", U"dugme", U"dun", U"durum",
    U"durust", U"dusman", U"dusuk", U"dusunce", U"duvar", U"duzgun", U"ek", U"ekip", U"ekmek", U"ekran", U"eksik", U"el", U"elbise",
    U"eldiven", U"elektrik", U"elektronik", U"eleman", U"elma", U"emin", U"en", U"endise", U"ense", U"erken", U"es", U"eser", U"eski",
    U"esya", U"ev", U"evrak", U"ezik", U"fare", U"fark", U"farkli", U"fatura", U"firin", U"firma", U"firsat", U"fiyat", U"fiyatli",
    U"fotograf", U"garanti", U"garson", U"gec", U"gece", U"genc", U"genis", U"gercek", U"gerek", U"gibi",
    U"giris", U"gorevli", U"gorsel", U"goruntu", U"gorunum", U"gorus", U"goz", U"gozluk", U"guc", U"guclu", U"guler", U"gun", U"gurultu",
    U"guvenilir", U"guvenli", U"guzel", U"haber", U"hafif", U"hafiza", U"hafta", U"hakli", U"hamur", U"harika", U"hasar", U"hasta",
    U"hastane", U"hata", U"havaalani", U"havlu", U"havuz", U"hayal", U"hediye", U"hemen", U"hep", U"hepsi", U"her", U"herkes", U"hic",
    U"hiz", U"hizli", U"hizmet", U"hoparlor", U"hos", U"hostes", U"iade", U"ic", U"icecek", U"iceri", U"icin", U"ideal", U"igrenc",
    U"ihtiyac", U"iki", U"ikinci", U"ilac", U"ile", U"iletisim", U"ilgi", U"ilk", U"ince", U"indirim", U"insan", U"internet", U"iphone",
    U"is", U"ise", U"isi", U"isik", U"isim", U"iskence", U"islak", U"islem", U"islemci", U"isletme", U"islik", U"iyi", U"jilet", U"kablo",
    U"kadar", U"kadin", U"kafa", U"kahvalti", U"kahve", U"kalem", U"kalin", U"kalip", U"kalite", U"kamera", U"kampanya", U"kapak", U"kapali",
    U"karar", U"kardes", U"kargo", U"karsi", U"kart", U"kat", U"kati", U"kayip", U"kemer", U"kendi", U"kere", U"kesim", U"kesin", U"kez",
    U"kibar", U"kim", U"kimse", U"kir", U"kirik", U"kirikligi", U"kirisik", U"kirli", U"kirmizi", U"kis", U"kisa", U"kisi", U"kisim", U"kiz",
    U"klasik", U"klavye", U"klima", U"koku", U"kolay", U"koltuk", U"konum", U"korkunc", U"kotu", U"kredi", U"krem", U"kucuk", U"kulak",
    U"kulaklik", U"kullanici", U"kullanim", U"kullanis", U"kulp", U"kumanda", U"kumas", U"kursun", U"kurulum", U"kus", U"kutu", U"lavabo",
    U"lazim", U"lezzet", U"lira", U"magaza", U"magdur", U"mail", U"makina", U"makine", U"makyaj", U"manzara", U"marka", U"masa", U"mekan",
    U"memnun", U"memnuniyet", U"menu", U"merkez", U"mesaj", U"metal", U"misafir", U"model", U"modem", U"montaj", U"motor", U"mouse",
    U"mudur", U"muhtesem", U"mukemmel", U"musteri", U"muthis", U"mutlu", U"muzik", U"nazik", U"ne", U"neden", U"nese", U"netice", U"nokta",
    U"normal", U"ocak", U"oda", U"ogul", U"olay", U"omur", U"on", U"once", U"oncelik", U"onem", U"onemli", U"orijinal", U"orijinallik",
    U"orjinal", U"orta", U"ortam", U"otel", U"otopark", U"oy", U"oyun", U"oyuncak", U"ozel", U"ozellik", U"pahali", U"paket", U"para",
    U"parca", U"parfum", U"park", U"parmak", U"performans", U"personel", U"peynir", U"pil", U"pilot", U"pisman", U"plaj", U"plastik",
    U"porsiyon", U"pratik", U"problem", U"program", U"puan", U"radyo", U"rahat", U"renk", U"renkli", U"resepsiyon", U"resim", U"restoran",
    U"rezalet", U"saat", U"sabah", U"sac", U"saci", U"sacma", U"saglam", U"sahane", U"sahip", U"sahte", U"sakal", U"sampuan", U"samsung",
    U"saniye", U"sans", U"sarj", U"satici", U"satin", U"satis", U"saygi", U"sebep", U"sehir", U"sekiz", U"sen", U"sert", U"servis", U"ses",
    U"seviye", U"sey", U"sicak", U"sicakkanli", U"sifir", U"sikayet", U"sikinti", U"simdi", U"sinek", U"sinir", U"siparis", U"sistem",
    U"site", U"siz", U"soguk", U"son", U"sonra", U"sonuc", U"soru", U"sorumlu", U"sorun", U"su", U"suan", U"super", U"supurge", U"sure",
    U"surekli", U"suru", U"sut", U"tabak", U"takdir", U"takip", U"talep", U"tam", U"tamir", U"tane", U"taraf", U"tarif", U"tasarim",
    U"tasit", U"tat", U"tatil", U"tatli", U"tava", U"tavsiye", U"tavuk", U"taze", U"tecrube", U"tek", U"tekne", U"teknik", U"telefon",
    U"televizyon", U"tembel", U"temiz", U"temizlik", U"tercih", U"tesekkur", U"teslim", U"teslimat", U"tez", U"tiras", U"toplam",
    U"transfer", U"tras", U"tur", U"tus", U"tuvalet", U"tuz", U"uc", U"ucret", U"ucus", U"ucuz", U"ulasim", U"umut", U"urun", U"ust",
    U"usta", U"utu", U"uydu", U"uygulama", U"uygun", U"uzak", U"uzere", U"uzeri", U"uzun", U"valiz", U"var", U"varsayilan", U"vasat",
    U"verim", U"web", U"yag", U"yakin", U"yalan", U"yan", U"yanlis", U"yapi", U"yardim", U"yardimci", U"yardimsever", U"yarim", U"yarin",
    U"yas", U"yatak", U"yavas", U"yavru", U"yazi", U"yazik", U"yedek", U"yedi", U"yemek", U"yeni", U"yer", U"yeter", U"yil", U"yildiz",
    U"yirtik", U"yok", U"yol", U"yorum", U"yukari", U"yuksek", U"yumurta", U"yumusak", U"yuz", U"zaman", U"zarar", U"zor",
};

/* Words that look as if they had endings. */
static const uint32_t *const kept[] = {
    U"diye", U"mis", U"fazla",
    U"acaba", U"alti", U"ama", U"ancak", U"artik", U"asla", U"aslinda", U"ayrica", U"bazen", U"belki", U"bile", U"boyle", U"boylece",
    U"cunku", U"direk", U"eger", U"fakat", U"gayet", U"gece", U"gercekten", U"hala", U"hangi", U"hatta", U"hem", U"henuz", U"icinde",
    U"kesinlikle", U"keske", U"lutfen", U"maalesef", U"malesef", U"nasil", U"niye", U"olarak", U"oldukca", U"oyle", U"ozellikle", U"resmen",
    U"sadece", U"sakin", U"sanki", U"soyle", U"tamamen", U"umarim", U"veya", U"yada", U"yani", U"yanlis", U"yine", U"zaten",
};

/* Forms that no rule leads to their root: pronouns, and words that lose a vowel. */
static const uint32_t *const wholes[][2] = {
    {U"bana", U"ben"}, {U"sana", U"sen"}, {U"ona", U"o"}, {U"onu", U"o"}, {U"onun", U"o"}, {U"onlar", U"o"}, {U"bunu", U"bu"},
    {U"buna", U"bu"}, {U"bunun", U"bu"}, {U"bundan", U"bu"}, {U"bunda", U"bu"}, {U"bunlar", U"bu"}, {U"bunlari", U"bu"}, {U"neden", U"neden"},
    {U"resmi", U"resim"}, {U"ismi", U"isim"}, {U"ismim", U"isim"}, {U"kismi", U"kisim"},
    {U"kisminda", U"kisim"}, {U"omru", U"omur"}, {U"oglum", U"ogul"}, {U"ogluma", U"ogul"}, {U"oglu", U"ogul"}, {U"aklim", U"akil"},
    {U"fikri", U"fikir"},
    {U"sehri", U"sehir"},
};

/* An ending and its place: plural, possessive, case, -ki, copula, person. In a chain places only grow. */
typedef struct {
    const uint32_t *text;
    uint8_t place;
} Staged;

static const Staged noun_endings[] = {
    {U"lar", 1}, {U"ler", 1},
    {U"im", 2}, {U"um", 2}, {U"m", 2}, {U"in", 2}, {U"un", 2}, {U"n", 2}, {U"i", 2}, {U"u", 2}, {U"si", 2}, {U"su", 2}, {U"imiz", 2},
    {U"umuz", 2}, {U"miz", 2}, {U"muz", 2}, {U"iniz", 2}, {U"unuz", 2}, {U"niz", 2}, {U"nuz", 2}, {U"lari", 2}, {U"leri", 2},
    {U"yi", 3}, {U"yu", 3}, {U"ni", 3}, {U"nu", 3}, {U"nin", 3}, {U"nun", 3}, {U"in", 3}, {U"un", 3}, {U"i", 3}, {U"u", 3}, {U"a", 3},
    {U"e", 3}, {U"ya", 3}, {U"ye", 3}, {U"na", 3}, {U"ne", 3}, {U"da", 3}, {U"de", 3}, {U"ta", 3}, {U"te", 3}, {U"nda", 3}, {U"nde", 3},
    {U"dan", 3}, {U"den", 3}, {U"tan", 3}, {U"ten", 3}, {U"ndan", 3}, {U"nden", 3}, {U"la", 3}, {U"le", 3}, {U"yla", 3}, {U"yle", 3},
    {U"ca", 3}, {U"ce", 3},
    {U"ki", 4}, {U"kiler", 4}, {U"kini", 4}, {U"kinin", 4}, {U"kine", 4}, {U"kinde", 4}, {U"kilerin", 4},
    {U"dir", 5}, {U"dur", 5}, {U"tir", 5}, {U"tur", 5}, {U"di", 5}, {U"du", 5}, {U"ti", 5}, {U"tu", 5}, {U"ydi", 5}, {U"ydu", 5},
    {U"dik", 5}, {U"duk", 5}, {U"ydik", 5}, {U"yduk", 5}, {U"dim", 5}, {U"dum", 5}, {U"ydim", 5}, {U"ydum", 5}, {U"diniz", 5},
    {U"ydiniz", 5}, {U"mis", 5}, {U"mus", 5}, {U"ymis", 5}, {U"ymus", 5}, {U"sa", 5}, {U"se", 5}, {U"ysa", 5}, {U"yse", 5}, {U"sam", 5},
    {U"sem", 5}, {U"san", 5}, {U"sen", 5}, {U"ysaniz", 5}, {U"ysam", 5}, {U"ken", 5}, {U"yken", 5}, {U"im", 5}, {U"um", 5}, {U"yim", 5},
    {U"yum", 5}, {U"iz", 5}, {U"uz", 5}, {U"yiz", 5}, {U"yuz", 5}, {U"sin", 5}, {U"sun", 5}, {U"siniz", 5}, {U"sunuz", 5},
    {U"lar", 6}, {U"ler", 6}, {U"niz", 6}, {U"nuz", 6}, {U"m", 6}, {U"n", 6}, {U"sa", 6}, {U"se", 6}, {U"dir", 6},
};

static const uint32_t *const verb_endings[] = {
    U"iyor", U"uyor", U"yor", U"di", U"du", U"ti", U"tu", U"mis", U"mus", U"ecek", U"acak", U"eceg", U"acag", U"yecek", U"yacak", U"yeceg",
    U"yacag", U"er", U"ar", U"ir", U"ur", U"r", U"en", U"an", U"yen", U"yan",
    U"dik", U"duk", U"tik", U"tuk", U"dig", U"dug", U"tig", U"tug", U"mek", U"mak", U"me", U"ma", U"se", U"sa", U"ip", U"up", U"yip", U"yup",
    U"ince", U"unca", U"inca", U"unce", U"yince", U"yinca", U"erek", U"arak",
    U"yerek", U"yarak", U"ken", U"meli", U"mali", U"m", U"n", U"k", U"im", U"um", U"in", U"un", U"niz", U"nuz", U"siniz", U"sunuz", U"sin",
    U"sun", U"iz", U"uz", U"yiz", U"lar", U"ler", U"i", U"u", U"yi", U"si", U"su",
    U"ni", U"nu", U"e", U"a", U"ye", U"ya", U"na", U"ne", U"da", U"de", U"nda", U"nde", U"dan", U"den", U"ndan", U"nden", U"nin", U"nun",
    U"ebil", U"abil", U"yebil", U"yabil", U"elim", U"alim", U"yelim", U"yalim",
    U"eyim", U"ayim", U"yeyim", U"yayim", U"yin", U"yun", U"iniz", U"unuz", U"yiniz", U"ki", U"ca", U"ce", U"dir", U"dur", U"tir", U"tur",
    U"ydi", U"ydu", U"ymis", U"yse", U"ysa", U"icem", U"icam", U"ecem", U"acam", U"cam", U"cem",
    U"ta", U"te", U"tan", U"ten",
};

/* Passive, causative, reciprocal: between a verb and the rest. */
static const uint32_t *const voices[] = {
    U"il", U"ul", U"in", U"un", U"n", U"l", U"t", U"dir", U"dur", U"tir", U"tur", U"is", U"us", U"ilin", U"diril", U"tiril",
};

/* What follows me or ma where these make the negative, not the noun: gel-me-di, but gel-me-si. */
static const uint32_t *const after_negative[] = {
    U"di", U"du", U"mis", U"mus", U"yecek", U"yacak", U"yeceg", U"yacag", U"yen", U"yan", U"dig", U"dug", U"dik", U"duk", U"yin", U"den", U"dan",
    U"yip", U"yince", U"yinca", U"yerek", U"yarak", U"me", U"ma", U"meli",
    U"mali", U"z", U"se", U"sa", U"yebil", U"yabil", U"yelim", U"yalim", U"mek", U"mak", U"yor",
};

static uint32_t to_ascii(uint32_t point) {
    switch (point) {
    case U'ç': return U'c';
    case U'ğ': return U'g';
    case U'ı': case U'î': return U'i';
    case U'ö': return U'o';
    case U'ş': return U's';
    case U'ü': case U'û': return U'u';
    case U'â': return U'a';
    case 0x307: return 0; /* the dot that lower case makes of a capital İ */
    default: return point;
    }
}

static bool is_vowel(uint32_t point) { return point == U'a' || point == U'e' || point == U'i' || point == U'o' || point == U'u'; }

/* True where the ending stands at `rest`, and can behind the letter before it: Turkish puts no vowel after a vowel, and joins with y, s or n. */
static bool follows(const uint32_t *rest, size_t count, const uint32_t *ending) {
    if (!points_begin(rest, count, ending)) return false;
    bool after_vowel = is_vowel(rest[-1]), joined = ending[1] && !ending[2] && is_vowel(ending[1]) && (ending[0] == U's' || ending[0] == U'n');
    if (is_vowel(ending[0])) return !after_vowel;
    return after_vowel || !(joined || ending[0] == U'y' || !ending[1]);
}

/* True where the letters behind a noun are endings in their order; none at all will do too. place[i]: the least place, plus one, that the first
 * i letters take; 0: they are no endings. */
static bool is_noun_chain(const uint32_t *rest, size_t count) {
    uint8_t place[REST_MAX + 1] = {1};
    if (count > REST_MAX) return false;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; place[i] && k < COUNT(noun_endings); k++) {
            const Staged *ending = &noun_endings[k];
            if (ending->place < place[i] || !follows(rest + i, count - i, ending->text)) continue;
            uint8_t *to = &place[i + points_len(ending->text)];
            if (!*to || *to > ending->place + 1) *to = (uint8_t)(ending->place + 1);
        }
    }
    return place[count] != 0;
}

/* The same behind a verb, where endings come in too many orders to ask for one. */
static bool is_verb_chain(const uint32_t *rest, size_t count) {
    bool reached[REST_MAX + 1] = {true};
    if (count > REST_MAX) return false;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; reached[i] && k < COUNT(verb_endings); k++) {
            if (follows(rest + i, count - i, verb_endings[k])) reached[i + points_len(verb_endings[k])] = true;
        }
    }
    return reached[count];
}

typedef enum { NO_READING, PLAIN, VERB, PARTICIPLE, NEGATIVE, WITH, WITHOUT, QUALITY } Reading;

/* me, ma (with e or a before them: cannot), mi, mu before yor, mez, mem at the head of what follows a verb. */
static bool is_negative(const uint32_t *rest, size_t count) {
    static const uint32_t *const heads[] = {U"", U"e", U"a", U"ye", U"ya"};
    for (size_t h = 0; h < COUNT(heads); h++) {
        size_t head = points_len(heads[h]);
        if (!points_begin(rest, count, heads[h])) continue;
        const uint32_t *at = rest + head;
        size_t left = count - head;
        if (left < 2 || at[0] != U'm') continue;
        if ((at[1] == U'i' || at[1] == U'u') && points_begin(at + 2, left - 2, U"yor")) return is_verb_chain(at + 2, left - 2);
        if (at[1] != U'e' && at[1] != U'a') continue;
        if (left == 3 && at[2] == U'm') return true; /* almam: I do not */
        bool wish = points_begin(at + 2, left - 2, U"sin"); /* gelmesin, but not gelmesini: its coming */
        if (wish && (left == 5 || points_begin(at + 5, left - 5, U"ler") || points_begin(at + 5, left - 5, U"lar"))) return true;
        for (size_t k = 0; k < COUNT(after_negative); k++) {
            if (!points_begin(at + 2, left - 2, after_negative[k])) continue;
            size_t skip = at[2] == U'z' ? 3 : 2;
            if (is_verb_chain(at + skip, left - skip)) return true;
        }
    }
    return false;
}

/* -digi, -diktan and so on; bekledik alone is "we waited". */
static bool is_participle(const uint32_t *rest, size_t count) {
    bool past = count > 3 && (rest[0] == U'd' || rest[0] == U't') && (rest[1] == U'i' || rest[1] == U'u');
    return past && (rest[2] == U'g' || rest[2] == U'k');
}

static Reading read_verb_rest(const uint32_t *rest, size_t count) {
    if (is_negative(rest, count)) return NEGATIVE;
    if (!is_verb_chain(rest, count)) return NO_READING;
    return is_participle(rest, count) ? PARTICIPLE : VERB;
}

/* How the letters behind a verb can be read, with up to `voice_count` voices before the rest. */
static Reading read_verb(const uint32_t *rest, size_t count, int voice_count) {
    Reading reading = read_verb_rest(rest, count);
    for (size_t i = 0; voice_count && !reading && i < COUNT(voices); i++) {
        size_t len = points_len(voices[i]);
        if (follows(rest, count, voices[i])) reading = read_verb(rest + len, count - len, voice_count - 1);
    }
    return reading;
}

static Reading read_noun(const uint32_t *rest, size_t count) {
    if (is_noun_chain(rest, count)) return PLAIN;
    if (count < 2) return NO_READING;
    bool narrow = rest[1] == U'i' || rest[1] == U'u';
    if (rest[0] == U'l' && narrow) {
        if (count > 2 && (rest[2] == U'k' || rest[2] == U'g') && is_noun_chain(rest + 3, count - 3)) return QUALITY;
        return is_noun_chain(rest + 2, count - 2) ? WITH : NO_READING;
    }
    bool without = count > 2 && rest[0] == U's' && narrow && rest[2] == U'z';
    return without && is_noun_chain(rest + 3, count - 3) ? WITHOUT : NO_READING;
}

/* True where the last letter of the root is soft before a vowel: yemegi, kagidi, kitabi; of verbs, only gidiyor and ediyor. */
static bool is_softened(uint32_t hard, uint32_t soft, const uint32_t *root, size_t len, bool verb) {
    if (verb) return soft == U'd' && (points_begin(root, len, U"git") || (len == 2 && points_begin(root, len, U"et")));
    return len > 3 && ((hard == U'k' && soft == U'g') || (hard == U't' && soft == U'd') || (hard == U'p' && soft == U'b'));
}

/* How many letters of the form the root takes; 0: it is not at its front. The vowel of a verb is lost before -iyor: bekliyor. */
static size_t root_len(const Spelling *form, const uint32_t *root, bool verb) {
    size_t len = points_len(root);
    const uint32_t *last = form->points + len - 1;
    if (form->count + 1 < len || memcmp(form->points, root, (len - 1) * sizeof *root) != 0) return 0;
    if (form->count >= len && *last == root[len - 1]) return len;
    size_t left = form->count - len + 1;
    if (verb && is_vowel(root[len - 1]) && (points_begin(last, left, U"iyor") || points_begin(last, left, U"uyor"))) return len - 1;
    return form->count > len && is_vowel(last[1]) && is_softened(root[len - 1], *last, root, len, verb) ? len : 0;
}

typedef struct {
    const uint32_t *root;
    Reading reading;
} Found;

/* yandi, gecmis: of a root that is noun and verb, the verb is meant. */
static bool is_past(const uint32_t *rest, size_t count) {
    if (count < 2) return false;
    return rest[0] == U'm' || ((rest[0] == U'd' || rest[0] == U't') && (rest[1] == U'i' || rest[1] == U'u'));
}

static bool is_verb(const uint32_t *root) {
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (points_are(verbs[i], points_len(verbs[i]), root)) return true;
    }
    return false;
}

static void look_in(const Spelling *form, const uint32_t *const *roots, size_t count, bool verb, Found *best) {
    for (size_t i = 0; i < count; i++) {
        size_t len = roots[i][0] == form->points[0] ? root_len(form, roots[i], verb) : 0;
        if (!len || (best->root && points_len(roots[i]) <= points_len(best->root))) continue;
        const uint32_t *rest = form->points + len;
        size_t left = form->count - len;
        Reading reading = verb ? read_verb(rest, left, 2) : is_past(rest, left) && is_verb(roots[i]) ? NO_READING : read_noun(rest, left);
        if (reading) *best = (Found){roots[i], reading};
    }
}

static void spelling_set(Spelling *form, const uint32_t *root, Reading reading) {
    static const uint32_t *const marks[] = {
        [NO_READING] = U"", [PLAIN] = U"", [VERB] = U"mek", [PARTICIPLE] = U"dik", [NEGATIVE] = U"mez", [WITH] = U"li", [WITHOUT] = U"siz", [QUALITY] = U"lik",
    };
    size_t len = points_len(root), mark = points_len(marks[reading]);
    memcpy(form->points, root, len * sizeof *root);
    memcpy(form->points + len, marks[reading], mark * sizeof *root);
    form->count = len + mark;
}

/* Endings that may go without a known root, longest first; four letters must be left. */
static void plain_ending_off(Spelling *form) {
    static const uint32_t *const plain[] = {
        U"larindan", U"lerinden", U"larimiz", U"lerimiz", U"lariniz", U"leriniz", U"larini", U"lerini", U"larina", U"lerine", U"larin", U"lerin",
        U"lardan", U"lerden", U"larda", U"lerde", U"lara", U"lere", U"lari", U"leri",
        U"sindan", U"sinden", U"sinda", U"sinde", U"sini", U"sine", U"sina", U"sunu", U"suna", U"sune", U"indan", U"inden", U"inda", U"inde",
        U"ydi", U"dan", U"den", U"tan", U"ten", U"nin", U"nun", U"yla", U"yle",
        U"lar", U"ler", U"dir", U"dur", U"yi", U"ya", U"ye", U"si", U"su", U"da", U"de", U"ta", U"te", U"in", U"un", U"im", U"um", U"i", U"u",
        U"a", U"e",
    };
    for (size_t i = 0; i < COUNT(plain); i++) {
        size_t len = points_len(plain[i]);
        if (form->count < len + 4 || !spelling_ends(form, plain[i], len)) continue;
        form->count -= len;
        break;
    }
    if (form->count > 4 && form->points[form->count - 1] == U'g') form->points[form->count - 1] = U'k';
}

/* mek, iyor and their kin: no noun ends so, and what stands before is a verb, perhaps a negative one. */
static bool unknown_verb(Spelling *form) {
    static const uint32_t *const tenses[] = {U"iyor", U"uyor", U"mek", U"mak", U"ecek", U"acak", U"dim", U"dum", U"dik", U"duk"};
    for (size_t at = 3; at + 3 <= form->count; at++) {
        for (size_t i = 0; i < COUNT(tenses); i++) {
            if (!points_begin(form->points + at, form->count - at, tenses[i]) || !is_verb_chain(form->points + at, form->count - at)) continue;
            bool yor = i < 2;
            size_t back = yor ? 1 : 2;
            bool negative = at > 3 + back && form->points[at - back] == U'm' && (yor || form->points[at - 1] == U'e' || form->points[at - 1] == U'a');
            form->count = negative ? at - back : at;
            memcpy(form->points + form->count, negative ? U"mez" : U"mek", 3 * sizeof *form->points);
            form->count += 3;
            return true;
        }
    }
    return false;
}

void stem_turkish(Spelling *form) {
    size_t count = 0;
    for (size_t i = 0; i < form->count; i++) {
        uint32_t point = to_ascii(form->points[i]);
        if (point) form->points[count++] = point;
    }
    if (!count || count > REST_MAX) return;
    form->count = count;
    for (size_t i = 0; i < COUNT(kept); i++) {
        if (points_are(form->points, form->count, kept[i])) return;
    }
    for (size_t i = 0; i < COUNT(wholes); i++) {
        if (points_are(form->points, form->count, wholes[i][0])) {
            spelling_set(form, wholes[i][1], PLAIN);
            return;
        }
    }
    Found found = {NULL, NO_READING};
    look_in(form, nouns, COUNT(nouns), false, &found);
    look_in(form, verbs, COUNT(verbs), true, &found);
    if (found.root) spelling_set(form, found.root, found.reading);
    else if (!unknown_verb(form)) plain_ending_off(form);
}
