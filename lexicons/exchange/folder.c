/* folder — a dictionary to the files of a lexicons folder. */
#include <errno.h>
#include <stdio.h>

#include "base/json.h"
#include "exchange/dictionary.h"
#include "yamltree.h"

/* ---- scalars ---- */

static bool is_reserved(Span text) {
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan"};
    char small[8];
    if (text.len >= sizeof small) return false;
    for (size_t i = 0; i < text.len; i++) small[i] = (char)(text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] | 32 : text.data[i]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is((Span){small, text.len}, words[i])) return true;
    return false;
}

/* Letters first, then letters, digits, spaces and a few signs that mean nothing to YAML inside a word. */
static bool is_plain(Span text) {
    if (!text.len || !is_letter(text.data[0]) || text.data[text.len - 1] == ' ' || is_reserved(text)) return false;
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter(text.data[i]) && !is_digit(text.data[i]) && !strchr(" _-.'*?/", text.data[i])) return false;
    return true;
}

/* Bytes that YAML wants escaped, or that a reader would take for a line end: controls, and U+0080 to U+009F, U+2028, U+2029, U+FEFF. */
static size_t special_at(Span text, size_t i, unsigned *point) {
    const unsigned char *b = (const unsigned char *)text.data + i;
    size_t left = text.len - i;
    if (b[0] < 0x20 || b[0] == 0x7f) return *point = b[0], 1;
    if (left > 1 && b[0] == 0xc2 && b[1] < 0xa0) return *point = b[1], 2;
    if (left > 2 && b[0] == 0xe2 && b[1] == 0x80 && (b[2] == 0xa8 || b[2] == 0xa9)) return *point = 0x2000u | (b[2] - 0x80u), 3;
    if (left > 2 && b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf) return *point = 0xfeff, 3;
    return 0;
}

static bool has_special(Span text) {
    unsigned point = 0;
    for (size_t i = 0; i < text.len; i++)
        if (special_at(text, i, &point)) return true;
    return false;
}

static void put_double(Buffer *out, Span text) {
    buffer_byte(out, '"');
    for (size_t i = 0; i < text.len;) {
        unsigned point = 0;
        size_t len = special_at(text, i, &point);
        if (len) buffer_printf(out, "\\u%04x", point);
        else if (text.data[i] == '"' || text.data[i] == '\\') buffer_byte(out, '\\');
        if (!len) buffer_byte(out, text.data[i]);
        i += len ? len : 1;
    }
    buffer_byte(out, '"');
}

void yaml_put(Buffer *out, Span text) {
    if (has_special(text)) {
        put_double(out, text);
    } else if (is_plain(text)) {
        buffer_append(out, text);
    } else {
        buffer_byte(out, '\'');
        for (size_t i = 0; i < text.len; i++) {
            if (text.data[i] == '\'') buffer_byte(out, '\'');
            buffer_byte(out, text.data[i]);
        }
        buffer_byte(out, '\'');
    }
}

/* ---- reasons.yaml ---- */

static void put_entry(Buffer *out, const Entry *entry, const char *indent) {
    buffer_printf(out, "%s- ", indent);
    bool map = entry->unless.len || entry->id.len || entry->weight > 0 || entry->response;
    if (map) buffer_text(out, "match: ");
    yaml_put(out, entry->match);
    if (entry->unless.len) buffer_printf(out, "\n%s  unless: ", indent), yaml_put(out, entry->unless);
    if (entry->unless.len && entry->within != UINT32_MAX) buffer_printf(out, "\n%s  within: %u", indent, entry->within);
    if (entry->response) buffer_printf(out, "\n%s  unit: response", indent);
    if (entry->weight > 0) buffer_printf(out, "\n%s  weight: %.9g", indent, entry->weight);
    if (entry->id.len) buffer_printf(out, "\n%s  id: ", indent), yaml_put(out, entry->id);
    buffer_byte(out, '\n');
}

static void put_entries(Buffer *out, const Dictionary *dictionary, const Category *category, const char *indent) {
    for (uint32_t i = category->first_entry; i != NO_ENTRY; i = dictionary->entries[i].next) put_entry(out, &dictionary->entries[i], indent);
}

static bool has_poles(const Dictionary *dictionary, const Category *category) {
    return category->first_child != NO_CATEGORY && dictionary->categories[category->first_child].pole;
}

/* A code with poles is put where its first pole that has entries is met. */
static const Category *code_of(const Dictionary *dictionary, const Category *category) {
    if (category->first_entry == NO_ENTRY) return NULL;
    if (!category->pole) return category;
    const Category *code = &dictionary->categories[category->parent];
    uint32_t child = code->first_child;
    while (dictionary->categories[child].first_entry == NO_ENTRY) child = dictionary->categories[child].next;
    return &dictionary->categories[child] == category ? code : NULL;
}

static void put_code(Buffer *out, const Dictionary *dictionary, const Category *code) {
    yaml_put(out, code->id);
    buffer_text(out, ":\n");
    if (!has_poles(dictionary, code)) {
        put_entries(out, dictionary, code, "  ");
        return;
    }
    for (uint32_t child = code->first_child; child != NO_CATEGORY; child = dictionary->categories[child].next) {
        const Category *pole = &dictionary->categories[child];
        if (pole->first_entry == NO_ENTRY) continue;
        buffer_printf(out, "  %s:\n", pole_name(pole->pole));
        put_entries(out, dictionary, pole, "    ");
    }
}

/* ---- codebook.yaml ---- */

static void put_names(Buffer *out, const char *key, const char *display, Span name) {
    buffer_printf(out, "%s: {%s: ", key, display);
    if (is_plain(name)) buffer_append(out, name);
    else put_double(out, name);
    buffer_text(out, "}\n");
}

/* Names of the steps below the net, as the file had them. */
static void put_path(Buffer *out, const Dictionary *dictionary, const Category *category) {
    bool below = category->parent != NO_CATEGORY && dictionary->categories[category->parent].parent != NO_CATEGORY;
    if (below) put_path(out, dictionary, &dictionary->categories[category->parent]), buffer_text(out, " / ");
    buffer_append(out, category->name);
}

static const char *display_of(const Dictionary *dictionary, Arena *keep) {
    Span code = dictionary->settings->language->code;
    return span_is(code, "zh") ? "zh-Hans" : arena_string(keep, code);
}

static void put_book_code(Buffer *out, const Dictionary *dictionary, const Category *code, const char *display) {
    Buffer name = {0};
    put_path(&name, dictionary, code);
    buffer_text(out, "      - id: ");
    yaml_put(out, code->id);
    buffer_byte(out, '\n');
    put_names(out, "        name", display, buffer_span(&name));
    if (has_poles(dictionary, code)) {
        put_names(out, "        negative", display, SPAN("negative"));
        put_names(out, "        positive", display, SPAN("positive"));
    }
    buffer_free(&name);
}

static uint32_t net_of(const Dictionary *dictionary, const Category *category) {
    uint32_t number = (uint32_t)(category - dictionary->categories);
    while (dictionary->categories[number].parent != NO_CATEGORY) number = dictionary->categories[number].parent;
    return number;
}

typedef struct {
    const Category **items;
    uint32_t *nets;
    size_t count;
} Codes;

static Codes codes_of(const Dictionary *dictionary) {
    Codes codes = {.items = arena_calloc(dictionary->keep, dictionary->category_count + 1, sizeof *codes.items)};
    codes.nets = arena_calloc(dictionary->keep, dictionary->category_count + 1, sizeof *codes.nets);
    for (size_t i = 0; i < dictionary->category_count; i++) {
        const Category *code = code_of(dictionary, &dictionary->categories[i]);
        if (!code) continue;
        codes.items[codes.count] = code;
        codes.nets[codes.count++] = net_of(dictionary, code);
    }
    return codes;
}

/* Codes of a net stand together, nets in the order in which they come first. At most CODES_MOST codes, so looking through all is cheap. */
static void put_codebook(Buffer *out, const Dictionary *dictionary, const Codes *codes) {
    const char *display = display_of(dictionary, dictionary->keep);
    buffer_text(out, "version: 1\nnets:\n");
    for (size_t i = 0; i < codes->count; i++) {
        bool first = true;
        for (size_t j = 0; j < i && first; j++) first = codes->nets[j] != codes->nets[i];
        if (!first) continue;
        const Category *net = &dictionary->categories[codes->nets[i]];
        buffer_text(out, "  - id: ");
        yaml_put(out, net->step);
        buffer_byte(out, '\n');
        put_names(out, "    name", display, net->name);
        buffer_text(out, "    codes:\n");
        for (size_t j = i; j < codes->count; j++)
            if (codes->nets[j] == codes->nets[i]) put_book_code(out, dictionary, codes->items[j], display);
    }
}

static void put_valence(Buffer *out, const Dictionary *dictionary) {
    buffer_text(out, "# term<TAB>mean<TAB>sd\n");
    for (size_t i = 0; i < dictionary->valence_count; i++) {
        const ValenceEntry *entry = &dictionary->valence[i];
        buffer_append(out, entry->term), buffer_byte(out, '\t');
        buffer_append(out, entry->mean), buffer_byte(out, '\t');
        buffer_append(out, entry->sd), buffer_byte(out, '\n');
    }
}

void dictionary_write(const Dictionary *dictionary, Imported *imported) {
    Codes codes = codes_of(dictionary);
    for (size_t i = 0; i < codes.count; i++) put_code(&imported->reasons, dictionary, codes.items[i]);
    if (codes.count) put_codebook(&imported->codebook, dictionary, &codes);
    if (dictionary->valence_count) put_valence(&imported->valence, dictionary);
    Span *ids = arena_calloc(dictionary->keep, codes.count + 1, sizeof *ids);
    bool *poles = arena_calloc(dictionary->keep, codes.count + 1, sizeof *poles);
    for (size_t i = 0; i < codes.count; i++) ids[i] = codes.items[i]->id, poles[i] = has_poles(dictionary, codes.items[i]);
    imported->codes = ids;
    imported->poles = poles;
    imported->code_count = codes.count;
    imported->rules = dictionary->entry_count;
    imported->terms = dictionary->valence_count;
    imported->losses = dictionary->losses;
}

/* ---- the way in ---- */

static const char *const format_names[] = {"quanteda", "liwc", "liwcx", "wordstat", "vader", "spacy"};

bool exchange_format(const char *name, ExchangeFormat *format) {
    for (int i = 0; i < EXCHANGE_COUNT; i++)
        if (strcmp(name, format_names[i]) == 0) return *format = (ExchangeFormat)i, true;
    return false;
}

const char *exchange_name(ExchangeFormat format) { return format_names[format]; }

bool exchange_read(const char *path, Buffer *bytes, Fail *fail) {
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    size_t len = 0;
    if (file) do {
            buffer_reserve(bytes, 65536);
            len = fread(bytes->data + bytes->len, 1, 65536, file);
            bytes->len += len;
        } while (len);
    bool fine = file && !ferror(file);
    if (!fine) fail_set(fail, FAIL_FILE, "cannot be read: %s", strerror(errno)), fail_at(fail, standard ? "standard input" : path, 0, 0);
    if (file && !standard) fclose(file);
    return fine;
}

static void place_of(Span text, size_t at, uint64_t *line, uint64_t *column) {
    *line = *column = 1;
    for (size_t i = 0; i < at; i++) ++*column, *line += text.data[i] == '\n', *column = text.data[i] == '\n' ? 1 : *column;
}

/* UTF-8 without NULs; a byte order mark is taken off. */
static bool check_text(Span *text, const char *file, Fail *fail) {
    if (text->len >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0) text->data += 3, text->len -= 3;
    size_t bad = 0;
    uint64_t line = 0, column = 0;
    if (!utf8_check(*text, &bad)) {
        bool wide = text->len > 1 && ((unsigned char)text->data[0] ^ (unsigned char)text->data[1]) == 1 && (unsigned char)text->data[0] >= 0xfe;
        place_of(*text, bad, &line, &column);
        fail_set(fail, FAIL_ENCODING, "found byte 0x%02x, expected UTF-8: `iconv -f %s -t UTF-8` makes it so, where that is the file's encoding", (unsigned char)text->data[bad],
                 wide ? "UTF-16" : "WINDOWS-1252");
        return fail_at(fail, file, line, column);
    }
    const char *nul = text->len ? memchr(text->data, '\0', text->len) : NULL;
    if (!nul) return true;
    place_of(*text, (size_t)(nul - text->data), &line, &column);
    fail_set(fail, FAIL_ENCODING, "found a NUL byte, expected text");
    return fail_at(fail, file, line, column);
}

bool exchange_import(ExchangeFormat format, Span text, const ExchangeSettings *settings, Arena *keep, Imported *imported, Fail *fail) {
    static bool (*const readers[])(Dictionary *, Span, Fail *) = {quanteda_read, liwc_read, liwcx_read, wordstat_read, vader_read, spacy_read};
    *imported = (Imported){0};
    if (settings->as != AS_FORMAT && format != EXCHANGE_LIWCX) return fail_set(fail, FAIL_USAGE, "--as: found it with --from %s, expected --from liwcx", exchange_name(format));
    if (!check_text(&text, settings->file, fail)) return false;
    Dictionary dictionary = {.settings = settings, .keep = keep};
    bool fine = readers[format](&dictionary, text, fail) && dictionary_finish(&dictionary, fail);
    if (fine) dictionary_write(&dictionary, imported);
    dictionary_close(&dictionary);
    return fine;
}

void imported_free(Imported *imported) {
    buffer_free(&imported->reasons);
    buffer_free(&imported->codebook);
    buffer_free(&imported->valence);
}

/* ---- a codebook that is there already ---- */

static const YamlNode *book_code(const YamlNode *nets, Span id) {
    for (size_t i = 0; nets && i < nets->count; i++) {
        const YamlNode *codes = yaml_get(nets->values[i], "codes");
        for (size_t j = 0; codes && j < codes->count; j++) {
            const YamlNode *own = yaml_get(codes->values[j], "id");
            if (own && span_equal(own->text, id)) return codes->values[j];
        }
    }
    return NULL;
}

bool exchange_fits(const char *path, const Imported *imported, Arena *keep, Fail *fail) {
    const YamlNode *root = NULL;
    if (!yaml_read(path, keep, &root, fail)) return false;
    for (size_t i = 0; i < imported->code_count; i++) {
        Span id = imported->codes[i];
        const YamlNode *code = book_code(yaml_get(root, "nets"), id);
        if (!code) return yaml_fail(root, fail, "found no code '%.*s', expected all codes of the import: add it, or import into a folder of its own", (int)id.len, id.data);
        if (!yaml_get(code, "negative") == !imported->poles[i]) continue;
        return yaml_fail(code, fail, "found code '%.*s' %s poles, expected it %s", (int)id.len, id.data, imported->poles[i] ? "without" : "with", imported->poles[i] ? "with" : "without");
    }
    return true;
}
