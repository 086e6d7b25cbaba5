#include "read/encoding.h"

#include <iconv.h>
#include <strings.h>
#include <uchardet/uchardet.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/utf8.h"
#include "read/read.h"

bool encoding_known(const char *name) {
    if (!strcasecmp(name, "auto")) return true;
    /* iconv takes an empty name for the locale's encoding, and what follows `//` for its own options. */
    if (!*name || strstr(name, "//")) return false;
    iconv_t converter = iconv_open("UTF-8", name);
    if (converter == (iconv_t)-1) return false;
    iconv_close(converter);
    return true;
}

const char *encoding_marked(Span bytes, size_t *len) {
    static const struct {
        const char *mark;
        size_t len;
        const char *name;
    } marks[] = {
        {"\xff\xfe\0\0", 4, "UTF-32LE"}, {"\0\0\xfe\xff", 4, "UTF-32BE"}, {"\x84\x31\x95\x33", 4, "GB18030"},
        {"\xff\xfe", 2, "UTF-16LE"},     {"\xfe\xff", 2, "UTF-16BE"},
    };
    *len = 0;
    if (span_starts(bytes, "\xef\xbb\xbf")) return "UTF-8"; /* the source passes over it, as over those within a file */
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (bytes.len >= marks[i].len && !memcmp(bytes.data, marks[i].mark, marks[i].len)) return *len = marks[i].len, marks[i].name;
    return NULL;
}

const char *encoding_ordered(const char *name, Span bytes) {
    bool big = bytes.len && !bytes.data[0];
    if (!strcasecmp(name, "utf-16") || !strcasecmp(name, "utf16")) return big ? "UTF-16BE" : "UTF-16LE";
    if (!strcasecmp(name, "utf-32") || !strcasecmp(name, "utf32")) return big ? "UTF-32BE" : "UTF-32LE";
    return name;
}

const char *encoding_wide(Span bytes) {
    static const char *const four[] = {"UTF-32LE", "UTF-32BE"}, *const two[] = {"UTF-16LE", "UTF-16BE"};
    size_t zeros[4] = {0}, quads = bytes.len / 4;
    for (size_t i = 0; i < quads * 4; i++) zeros[i & 3] += !bytes.data[i];
    /* Commas, quotes, digits and line ends are ASCII in every table: in UTF-16 each has one zero, in UTF-32 every character has one. */
    if (quads && zeros[3] == quads && zeros[2] > quads / 2) return four[0];
    if (quads && zeros[0] == quads && zeros[1] > quads / 2) return four[1];
    size_t little = zeros[1] + zeros[3], big = zeros[0] + zeros[2];
    /* The other half is zero in U+4E00, the Chinese one, and its like. */
    if (little > quads / 16 && little > 3 * big) return two[0];
    if (big > quads / 16 && big > 3 * little) return two[1];
    return NULL;
}

/* ---- what a text costs ----
 *
 * A sample is read in each encoding that it may be in, and the reading that needs the fewest bits wins: -log2 of how likely each character
 * is in the encoding's languages and beside its neighbours, roughly. uchardet's answer is one of the candidates and is favoured; alone it
 * fails on short answers, on capitals, on English with a few curly quotes, and between ISO-8859-2 and windows-1250: of 756 samples of one to
 * 300 sentences it knew 658, the least cost alone 742, both together 750. */

/* The letters of an encoding's languages beyond ASCII, from the most frequent on, lower case only; or characters of Chinese, Japanese and
 * Korean answers. */
static const char western[] = "éóíáàüäöèçñãêåøúæßôîâëïõûùìòœýðþ", turkish[] = "ıüşöçğâîû", central[] = "áéíłąęóőěčöüšżžřśýćůúűăâîșțşţńźťďňäôđľĺŕ",
                  baltic[] = "āšīēėžąčūęįļņųķģõäöü",
                  cyrillic[] = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёіїєъґўјљњћђџ", greek[] = "αοιετσνηυρπκμλςάόίέδγωήθχύφβξζψώϊϋΐΰ",
                  arabic[] = "اليمتنروبدهعسكفةحقأشجطصخىضغءذئإثزظگپچکژؤآَُِّْ", hebrew[] = "יולהאתרמבשנחםדעקפכגטסצןזךףץ",
                  thai[] = "านรกอเงมยล่วดท้สตะปคบีิัหไมแจใพชขู์ุโืธถผซณ",
                  simplified[] = "的不了一是有我很好没人服务太大这在时个说到来就还可以也多们给要都等上下中小质量价格慢快差员态度东西电话问题客退款货物流送"
                                 "菜吃饭味道店房间干净脏卫生感觉觉得知因为什么怎么能用打开网络速手机本书看过再去会想家里面出天次年月分钟长后前没有贵便宜性比"
                                 "高低新老板理解决办法希望改进建议点评满意非常挺真喜欢推荐购买买东京酒位置方便交通环境公司行银卡业取回复号码他她你它让被把从对"
                                 "但如果而且只自己所最做错误收到件包装坏破等待时候小时推",
                  traditional[] = "的不了一是有我很好沒人服務太大這在時個說到來就還可以也多們給要都等上下中小質量價格慢快差員態度東西電話問題客退款貨物流送"
                                  "菜吃飯味道店房間乾淨髒衛生感覺覺得知因為什麼怎能用打開網絡速手機本書看過再去會想家裡面出天次年月分鐘長後前貴便宜性比"
                                  "高低新老闆理解決辦法希望改進建議點評滿意非常挺真喜歡推薦購買東京酒位置方便交通環境公司行銀卡業取回覆號碼他她你它讓被把從對"
                                  "但如果而且只自己所最做錯誤收件包裝壞破待候推",
                  japanese[] = "人日本時間対応料理店員高安良悪遅早大小一二三年月円部屋食事美味客様電話待何度説明商品丁寧親切場所駅近利用便使思言行来見出"
                               "入気分今回前後上下中当方特無不満足感最新旧予約注文配送会社銀行員問題改善多少長短清潔綺麗受付態度接客残念楽子供女男私",
                  korean[] = "이다는가요고에서도을를은니있어해하아지기한어게너무좋았습되시없않안사리자라나음직원친절불편느려비싸맛간방청소깨끗더럽말주문배송"
                             "오래기다렸환전화상담제품질가격위치조용시끄로만들그것수보으네데면서인스드들거일정과와것같점의무적부전";

typedef enum { LATIN, LETTERS, IDEOGRAPHS } Kind;

typedef struct {
    const char *name;     /* that iconv knows */
    const char *frequent; /* one of the above */
    Kind kind;
    unsigned rare;        /* bits that it costs to be in it at all */
} Candidate;

static const Candidate candidates[] = {
    {"windows-1252", western, LATIN, 0},     {"windows-1250", central, LATIN, 2},     {"ISO-8859-2", central, LATIN, 4},     {"windows-1254", turkish, LATIN, 2},
    {"windows-1257", baltic, LATIN, 4},      {"windows-1251", cyrillic, LETTERS, 2},  {"KOI8-R", cyrillic, LETTERS, 4},      {"KOI8-U", cyrillic, LETTERS, 6},
    {"IBM866", cyrillic, LETTERS, 8},        {"ISO-8859-5", cyrillic, LETTERS, 10},    {"MAC-CYRILLIC", cyrillic, LETTERS, 12}, {"windows-1253", greek, LETTERS, 6},
    {"ISO-8859-7", greek, LETTERS, 8},       {"windows-1256", arabic, LETTERS, 6},    {"ISO-8859-6", arabic, LETTERS, 12},    {"windows-1255", hebrew, LETTERS, 4},
    {"windows-874", thai, LETTERS, 4},       {"GB18030", simplified, IDEOGRAPHS, 2},  {"GB18030", traditional, IDEOGRAPHS, 6}, {"BIG5-HKSCS", traditional, IDEOGRAPHS, 2},
    {"CP932", japanese, IDEOGRAPHS, 2},      {"EUC-JP", japanese, IDEOGRAPHS, 4},     {"CP949", korean, IDEOGRAPHS, 2},
};

enum { CANDIDATE_COUNT = sizeof candidates / sizeof *candidates };

/* Bits. */
enum {
    COST_ASCII = 4,
    COST_MARK = 7,        /* quotes, dashes and signs that people write */
    COST_KANA = 6,
    COST_LETTER = 9,      /* a letter of the right script that is not among the frequent ones */
    COST_SYLLABLE = 12,
    COST_IDEOGRAPH = 13,
    COST_HALF_KANA = 9,
    COST_FOREIGN = 14,    /* a letter or sign from elsewhere */
    COST_CONTROL = 20,
    COST_FAULT = 60,
    COST_CASE = 6,        /* a capital behind a small letter */
    COST_MIXED = 8,       /* two scripts in a word */
    COST_DIGIT = 6,       /* a letter beside a digit */
    COST_ALONE = 6,       /* a word of one letter */
};

enum {
    PART_BYTES = 16 << 10,
    TABLE_POINTS = 0x10000,
    FAVOUR = 64,            /* uchardet's answer costs a 64th less; with an 8th, 16th, 32nd, 64th 716, 721, 746, 750 of 756 samples were right */
    COST_CHANCE_TWICE = 17, /* half bits for each byte beyond ASCII: texts of each encoding cost 1 to 7 bits, random bytes 7 to 11 */
    COST_DOUBT = 40,        /* a few bytes prove nothing */
};

static bool is_ascii_letter(uint32_t point) { return (point | 32) >= 'a' && (point | 32) <= 'z'; }

static bool is_between(uint32_t point, uint32_t low, uint32_t high) { return point >= low && point <= high; }

/* Small letters as they are, capitals as their small ones; only of the scripts above. */
static uint32_t small(uint32_t point) {
    if (is_between(point, 0xc0, 0xde) && point != 0xd7) return point + 0x20;
    if (point == 0x178) return 0xff;
    if (point == 0x130) return 'i';
    if (is_between(point, 0x139, 0x148) || is_between(point, 0x179, 0x17e)) return point + (point & 1);
    if (is_between(point, 0x100, 0x177) || is_between(point, 0x218, 0x21b)) return point | 1;
    if (is_between(point, 0x391, 0x3a9)) return point + 0x20;
    if (is_between(point, 0x386, 0x38f)) return point == 0x386 ? 0x3ac : point == 0x38c ? 0x3cc : point < 0x38b ? point + 0x25 : point + 0x3f;
    if (is_between(point, 0x410, 0x42f)) return point + 0x20;
    if (is_between(point, 0x400, 0x40f)) return point + 0x50;
    return point == 0x490 ? 0x491 : point;
}

/* Whole bits of a number: 0 for 1, 1 for 2 and 3. */
static unsigned bits(unsigned number) {
    unsigned count = 0;
    while (number >>= 1) count++;
    return count;
}

/* costs[point]: of those of the Basic Multilingual Plane that the encoding's languages use often; 0 for all others. */
static void fill_costs(const Candidate *candidate, uint8_t *costs) {
    memset(costs, 0, TABLE_POINTS);
    unsigned rank = 0;
    for (const char *at = candidate->frequent; *at; at += utf8_len((unsigned char)*at), rank++) {
        uint32_t point = utf8_decode(at);
        if (!costs[point]) costs[point] = (uint8_t)(candidate->kind == IDEOGRAPHS ? 6 + bits(rank / 8 + 1) : rank < 36 ? 3 + rank / 6 : COST_LETTER);
    }
}

static bool is_mark(uint32_t point) {
    static const uint16_t marks[] = {0xa0, 0xa3, 0xa7, 0xa9, 0xab, 0xae, 0xb0, 0xb2, 0xb4, 0xb7, 0xbb, 0xbd, 0xbf, 0xa1, 0x20ac, 0x2116, 0x2122, 0x2022, 0x3000, 0x60c, 0x61f};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i] == point) return true;
    return is_between(point, 0x2010, 0x2027);
}

static bool is_wide_mark(uint32_t point) { return is_between(point, 0x3001, 0x3011) || is_between(point, 0xff01, 0xff5e); }

static bool is_han(uint32_t point) { return is_between(point, 0x3400, 0x9fff); }

static bool is_script(uint32_t point, const char *frequent) {
    if (frequent == cyrillic) return is_between(point, 0x400, 0x4ff);
    if (frequent == greek) return is_between(point, 0x370, 0x3ff);
    if (frequent == arabic) return is_between(point, 0x600, 0x6ff) || is_between(point, 0x200c, 0x200f);
    if (frequent == hebrew) return is_between(point, 0x590, 0x5ff);
    if (frequent == thai) return is_between(point, 0xe00, 0xe7f);
    return false;
}

/* A character by itself. */
static unsigned point_cost(uint32_t point, const Candidate *candidate, const uint8_t *costs) {
    uint32_t folded = small(point);
    if (folded < TABLE_POINTS && costs[folded]) return costs[folded];
    if (is_mark(point)) return COST_MARK;
    if (point == 0xfffd) return COST_FAULT;
    if (is_between(point, 0x80, 0x9f) || is_between(point, 0xe000, 0xf8ff)) return COST_CONTROL;
    if (candidate->kind != IDEOGRAPHS) return is_script(point, candidate->frequent) ? COST_LETTER : COST_FOREIGN;
    if (is_wide_mark(point)) return COST_KANA;
    if (is_between(point, 0x3040, 0x30ff)) return candidate->frequent == japanese ? COST_KANA : COST_FOREIGN;
    if (is_between(point, 0xff61, 0xff9f)) return COST_HALF_KANA;
    if (is_between(point, 0x401, 0x451)) return COST_LETTER; /* Russian, in two bytes a letter */
    if (is_between(point, 0xac00, 0xd7a3)) return COST_SYLLABLE;
    return is_han(point) ? COST_IDEOGRAPH + 2 * (candidate->frequent == korean) : is_between(point, 0x1f000, 0x1ffff) ? COST_SYLLABLE : COST_FOREIGN;
}

static bool is_letter(uint32_t point) { return point >= 0xc0 ? !is_mark(point) && !is_wide_mark(point) : is_ascii_letter(point); }

static bool is_capital(uint32_t point) { return small(point) != point || is_between(point, 'A', 'Z'); }

static bool is_digit(uint32_t point) { return is_between(point, '0', '9'); }

/* What a character costs more beside the one before it. */
static unsigned pair_cost(uint32_t before, uint32_t point, const Candidate *candidate) {
    if (before < 0x80 && point < 0x80) return 0;
    if (candidate->kind != IDEOGRAPHS && ((is_digit(before) && is_letter(point)) || (is_letter(before) && is_digit(point)))) return COST_DIGIT;
    if (!is_letter(point)) return 0;
    if (!is_letter(before)) return is_capital(point);
    bool mixed = is_ascii_letter(before) != is_ascii_letter(point);
    unsigned cost = candidate->kind == LATIN ? (candidate->frequent == western ? 4 : 1) * !mixed : candidate->kind == LETTERS ? COST_MIXED * mixed : COST_MIXED / 2 * mixed;
    return cost + (is_capital(point) ? is_capital(before) ? 0 : COST_CASE : 0);
}

/* The telling part of a sample read in an encoding: UTF-8, U+FFFD for what is no text in it. */
static bool decode_sample(Span sample, const char *name, Buffer *text) {
    iconv_t converter = iconv_open("UTF-8", name);
    if (converter == (iconv_t)-1) return false;
    char *in = (char *)(uintptr_t)sample.data;
    for (size_t left = sample.len; left;) {
        size_t room = 4 * left + 32;
        buffer_reserve(text, room);
        char *out = text->data + text->len;
        size_t status = iconv(converter, &in, &left, &out, &room);
        text->len = (size_t)(out - text->data);
        if (status != (size_t)-1 || left < 4) break; /* a sample may end within a character */
        buffer_append(text, SPAN("\xef\xbf\xbd"));
        in++, left--;
    }
    iconv_close(converter);
    return true;
}

static uint64_t text_cost(Span text, const Candidate *candidate, uint8_t *costs) {
    uint64_t cost = candidate->rare;
    uint32_t before = ' ';
    size_t letters = 0; /* of the word under way */
    fill_costs(candidate, costs);
    for (const char *at = text.data, *end = at + text.len; at < end; at += utf8_len((unsigned char)*at)) {
        uint32_t point = utf8_decode(at);
        cost += (point < 0x80 ? COST_ASCII : point_cost(point, candidate, costs)) + pair_cost(before, point, candidate);
        if (candidate->kind == LETTERS && letters == 1 && before >= 0x80 && !is_letter(point)) cost += COST_ALONE;
        letters = is_letter(point) ? letters + 1 : 0;
        before = point;
    }
    return cost;
}

/* ---- guessing ---- */

static bool is_telling(char byte) { return (unsigned char)byte >= 0x80; }

/* Copies what tells of a sample: bytes beyond ASCII with what stands around them. */
static void telling_part(Span sample, Buffer *part) {
    enum { AROUND = 8 };
    size_t taken = 0;
    for (size_t i = 0; i < sample.len && part->len < PART_BYTES; i++) {
        if (!is_telling(sample.data[i])) continue;
        size_t start = i > AROUND + taken ? i - AROUND : taken, end = i + 1;
        if (start > taken) buffer_byte(part, ' ');
        while (end < sample.len && end - i <= AROUND && !is_telling(sample.data[end])) end++;
        buffer_append(part, (Span){sample.data + start, end - start});
        taken = end;
        i = end - 1;
    }
}

/* Whether a sample is UTF-8, perhaps with a few damaged places: other text hardly ever holds whole characters of it. */
static bool is_utf8(Span sample) {
    size_t good = 0, bad = 0;
    for (size_t at = 0, len; at < sample.len; at += len) {
        Span left = {sample.data + at, sample.len - at};
        size_t fault;
        len = 1;
        if (!is_telling(sample.data[at])) continue;
        len = utf8_len((unsigned char)sample.data[at]);
        if (len > 1 && left.len < len) return good > 8 * bad || !bad; /* cut off */
        bool whole = len > 1 && utf8_check((Span){left.data, len}, &fault);
        if (!whole) len = 1;
        good += whole, bad += !whole;
    }
    return good > 8 * bad || !bad;
}

/* uchardet's answer, as a candidate's name: the superset that Windows writes where there is one. In `name`, or constant. */
static const char *uchardet_name(Span sample, Buffer *name) {
    static const char *const others[][2] = {
        {"ISO-8859-1", "windows-1252"}, {"ISO-8859-15", "windows-1252"}, {"ISO-8859-9", "windows-1254"}, {"ISO-8859-8", "windows-1255"},
        {"ISO-8859-13", "windows-1257"}, {"ISO-8859-11", "windows-874"}, {"TIS-620", "windows-874"}, {"SHIFT_JIS", "CP932"},
        {"UHC", "CP949"}, {"EUC-KR", "CP949"}, {"GB2312", "GB18030"}, {"GBK", "GB18030"}, {"BIG5", "BIG5-HKSCS"},
        {"ISO-2022-JP", "ISO-2022-JP"}, {"ISO-2022-KR", "ISO-2022-KR"}, {"ISO-2022-CN", "ISO-2022-CN"},
    };
    uchardet_t detector = uchardet_new();
    if (!detector) memory_alloc(SIZE_MAX / 2); /* only out of memory can be the reason */
    uchardet_handle_data(detector, sample.data, sample.len);
    uchardet_data_end(detector);
    buffer_text(name, uchardet_get_charset(detector));
    buffer_byte(name, '\0');
    uchardet_delete(detector);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!strcasecmp(name->data, others[i][0])) return others[i][1];
    return name->data;
}

/* The candidate that reads the part at the least cost; NULL where all readings are worse than chance. */
static const char *cheapest(Span part, const char *favoured) {
    Buffer text = {0};
    uint8_t *costs = memory_alloc(TABLE_POINTS);
    uint64_t least = UINT64_MAX;
    size_t telling = 0;
    const char *best = NULL;
    for (size_t i = 0; i < part.len; i++) telling += is_telling(part.data[i]);
    for (size_t i = 0; i < CANDIDATE_COUNT; i++) {
        text.len = 0;
        if (!decode_sample(part, candidates[i].name, &text)) continue;
        uint64_t cost = text_cost(buffer_span(&text), &candidates[i], costs);
        if (!strcasecmp(candidates[i].name, favoured)) cost -= cost / FAVOUR;
        if (cost < least) least = cost, best = candidates[i].name;
    }
    memory_free(costs);
    buffer_free(&text);
    return least > COST_ASCII * (part.len - telling) + COST_CHANCE_TWICE * telling / 2 + COST_DOUBT ? NULL : best;
}

const char *encoding_guess(Span sample) {
    Buffer part = {0}, name = {0};
    telling_part(sample, &part);
    const char *favoured = uchardet_name(sample, &name), *best = "UTF-8";
    if (!part.len) best = favoured != name.data ? favoured : "ASCII"; /* ISO-2022 is written in ASCII */
    else if (!is_utf8(sample)) best = cheapest(buffer_span(&part), favoured);
    buffer_free(&part);
    buffer_free(&name);
    return best;
}
