/* stem_indonesian — menunggu, nungguin and ditunggu to tunggu, before Snowball.
 *
 * Snowball takes prefixes and suffixes off without a dictionary, so it does not know that the n of menunggu was a t or the ng of mengirim a k,
 * takes kecewa for ke-cewa and masalah for masa-lah, and knows nothing of how people talk: nge-, n-, -in, cepet, cepat2. A word that comes
 * apart into prefixes, a root of the table and suffixes is that root, and Snowball is not asked; any other is made bookish and left to it. */
#include "text/stem_rules.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Roots that Snowball takes apart, or that lose their first letter behind me- and pe-. */
static const uint32_t *const roots[] = {
    U"menu", U"ajak", U"alami", U"ambil", U"antar", U"antri", U"bagai", U"balas", U"bantu", U"beri", U"berisik", U"berita", U"bikin", U"cari", U"cek",
    U"coba", U"cuci", U"desain", U"dingin", U"hati", U"inap", U"ingin", U"isi", U"izin", U"jamin", U"kacau", U"kaget", U"kagum", U"kait", U"kalah",
    U"kantuk", U"kasih", U"kasur", U"kata", U"kategori", U"kecewa", U"kecil", U"kecuali", U"kejar", U"keliling", U"kelola", U"keluar", U"keluarga",
    U"keluh", U"kembali", U"kembang", U"kena", U"kenal", U"kenyang", U"keras", U"kering", U"keringat", U"kerja", U"kesal", U"kesan", U"ketik",
    U"ketuk", U"kira", U"kirim", U"komentar", U"komplain", U"konfirmasi", U"konsumsi", U"kontrol", U"kosong", U"kotor", U"kuasa", U"kuat", U"kumpul",
    U"kunci", U"kunjung", U"kupas", U"kurang", U"kurus", U"lain", U"layan", U"libat", U"main", U"masalah", U"merdeka", U"mulai", U"mungkin", U"naik",
    U"nama", U"nanti", U"nikmat", U"nilai", U"nyaman", U"obrol", U"omong", U"pakai", U"panggil", U"pelihara", U"penasaran", U"pengaruh", U"penjara",
    U"penuh", U"percaya", U"periksa", U"perintah", U"permisi", U"pesan", U"pesona", U"petugas", U"pikir", U"pilih", U"pimpin", U"pinjam", U"pribadi",
    U"pulau", U"putar", U"ramai", U"rasa", U"restoran", U"sampai", U"santai", U"sapa", U"sedia", U"sekali", U"selesai", U"sembunyi", U"sendiri",
    U"sesal", U"sesuai", U"suruh", U"tahu", U"tanya", U"tari", U"tata", U"telepon", U"teliti", U"telpon", U"tentu", U"tepat", U"terang", U"terima",
    U"terus", U"tetapi", U"tipu", U"toko", U"tolak", U"tonton", U"tuna", U"tunggu", U"tunjuk", U"yakin",
};

/* As spoken, and as in the dictionary. */
static const uint32_t *const spoken[][2] = {
    {U"cepet", U"cepat"}, {U"bener", U"benar"}, {U"males", U"malas"}, {U"dateng", U"datang"}, {U"seneng", U"senang"}, {U"temen", U"teman"},
    {U"pinter", U"pintar"}, {U"anter", U"antar"}, {U"deket", U"dekat"}, {U"tetep", U"tetap"}, {U"seger", U"segar"}, {U"pesen", U"pesan"},
    {U"malem", U"malam"}, {U"sempet", U"sempat"}, {U"mantep", U"mantap"}, {U"pedes", U"pedas"}, {U"bosen", U"bosan"}, {U"serem", U"seram"},
    {U"macem", U"macam"}, {U"kesel", U"kesal"}, {U"mateng", U"matang"}, {U"kentel", U"kental"}, {U"gatel", U"gatal"}, {U"dalem", U"dalam"},
    {U"dapet", U"dapat"}, {U"asem", U"asam"}, {U"sambel", U"sambal"}, {U"asep", U"asap"}, {U"rapet", U"rapat"}, {U"kenceng", U"kencang"},
    {U"bales", U"balas"}, {U"item", U"hitam"}, {U"puter", U"putar"}, {U"inget", U"ingat"}, {U"liat", U"lihat"}, {U"ilang", U"hilang"},
    {U"abis", U"habis"}, {U"denger", U"dengar"}, {U"sampe", U"sampai"}, {U"pake", U"pakai"}, {U"rame", U"ramai"}, {U"kalo", U"kalau"},
    {U"inep", U"inap"}, {U"sesel", U"sesal"}, {U"pinjem", U"pinjam"}, {U"ijin", U"izin"}, {U"tau", U"tahu"}, {U"ngerti", U"erti"},
    {U"bekerja", U"kerja"}, {U"beneran", U"beneran"},
    {U"ngomong", U"omong"},
};

/* A prefix, and the letter that it swallowed. */
typedef struct {
    const uint32_t *text;
    uint32_t swallowed; /* 0: none */
} Prefix;

static const Prefix prefixes[] = {
    {U"", 0}, {U"di", 0}, {U"ke", 0}, {U"se", 0}, {U"ter", 0}, {U"ber", 0}, {U"per", 0}, {U"pe", 0}, {U"me", 0}, {U"mem", 0}, {U"mem", U'p'},
    {U"pem", 0}, {U"pem", U'p'},
    {U"men", 0}, {U"men", U't'}, {U"pen", 0}, {U"pen", U't'}, {U"meng", 0}, {U"meng", U'k'}, {U"peng", 0}, {U"peng", U'k'}, {U"meny", U's'},
    {U"peny", U's'}, {U"menge", 0},
    {U"memper", 0}, {U"diper", 0}, {U"keter", 0}, {U"keber", 0}, {U"berke", 0}, {U"seper", 0}, {U"nge", 0}, {U"ng", 0}, {U"ng", U'k'},
    {U"ny", U's'}, {U"ny", U'c'}, {U"n", U't'}, {U"m", U'p'},
};

static const uint32_t *const suffixes[] = {U"", U"kan", U"an", U"i", U"in"};
static const uint32_t *const clitics[] = {U"", U"nya", U"ku", U"mu", U"lah", U"kah", U"pun", U"nyalah", U"nyapun"};

/* The root that `word` is or is spoken for; NULL: none of ours. */
static const uint32_t *root_find(const uint32_t *word, size_t count) {
    for (size_t i = 0; i < COUNT(spoken); i++) {
        if (points_are(word, count, spoken[i][0])) return spoken[i][1];
    }
    for (size_t i = 0; i < COUNT(roots); i++) {
        if (points_are(word, count, roots[i])) return roots[i];
    }
    return NULL;
}

/* The root that is left of the form when the prefix and the last `behind` letters are taken off. */
static const uint32_t *root_between(const Spelling *form, const Prefix *prefix, size_t behind) {
    uint32_t word[SPELLING_MAX];
    size_t ahead = points_len(prefix->text), count = 0;
    if (form->count < ahead + behind + 2 || !spelling_starts(form, prefix->text, ahead)) return NULL;
    if (prefix->swallowed) word[count++] = prefix->swallowed;
    for (size_t i = ahead; i < form->count - behind; i++) word[count++] = form->points[i];
    return root_find(word, count);
}

static const uint32_t *root_behind(const Spelling *form, size_t behind) {
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        const uint32_t *root = root_between(form, &prefixes[i], behind);
        if (root) return root;
    }
    return NULL;
}

/* The root of a form that comes apart into what we know; clitics and suffixes that are not there match nothing. */
static const uint32_t *root_of(const Spelling *form) {
    for (size_t c = 0; c < COUNT(clitics); c++) {
        size_t clitic = points_len(clitics[c]);
        if (!spelling_ends(form, clitics[c], clitic)) continue;
        Spelling rest = *form;
        rest.count -= clitic;
        for (size_t s = 0; s < COUNT(suffixes); s++) {
            size_t suffix = points_len(suffixes[s]);
            const uint32_t *root = spelling_ends(&rest, suffixes[s], suffix) ? root_behind(form, clitic + suffix) : NULL;
            if (root) return root;
        }
    }
    return NULL;
}

static bool is_vowel(uint32_t point) { return point == U'a' || point == U'e' || point == U'i' || point == U'o' || point == U'u'; }

/* cepat2, anak2nya: the 2 that doubles a word. */
static void undouble(Spelling *form) {
    for (size_t i = 3; i < form->count; i++) {
        bool letters = form->points[i - 1] >= U'a' && form->points[i - 2] >= U'a' && form->points[i - 3] >= U'a';
        if (form->points[i] != U'2' || !letters || (i + 1 < form->count && form->points[i + 1] < U'a')) continue;
        form->count--;
        memmove(form->points + i, form->points + i + 1, (form->count - i) * sizeof *form->points);
        return;
    }
}

/* Prefixes of talk to those of the book, where the table does not know the root: dibersihin, ngebersihin; menampung has lost a t. */
static void make_bookish(Spelling *form) {
    bool in = form->count > 7 && spelling_ends(form, U"in", 2);
    if (in && (spelling_starts(form, U"di", 2) || spelling_starts(form, U"nge", 3))) form->count -= 2;
    if (form->count > 6 && spelling_starts(form, U"nge", 3)) spelling_behead(form, 3);
    bool swallowed = form->count > 6 && (spelling_starts(form, U"men", 3) || spelling_starts(form, U"pen", 3)) && is_vowel(form->points[3]);
    if (!swallowed) return;
    spelling_behead(form, 2);
    form->points[0] = U't';
}

void stem_indonesian(Spelling *form) {
    undouble(form);
    const uint32_t *root = root_of(form);
    if (!root) {
        make_bookish(form);
        return;
    }
    form->done = true;
    form->count = points_len(root);
    memcpy(form->points, root, form->count * sizeof *root);
}
