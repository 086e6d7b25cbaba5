/* codebook — codebook.yaml to the codes that may be tagged. */
#include "compiled.h"

const Code *codebook_find(const Codebook *codebook, Span id) {
    for (size_t i = 0; i < codebook->code_count; i++)
        if (span_equal(codebook->codes[i].id, id)) return &codebook->codes[i];
    return NULL;
}

enum { CODES_MAX = 1024 };

static Span net_of(Span id) {
    const char *dot = memchr(id.data, '.', id.len);
    return dot ? (Span){id.data, (size_t)(dot - id.data)} : id;
}

static uint16_t net_index(Codebook *codebook, Span id) {
    for (size_t i = 0; i < codebook->net_count; i++)
        if (span_equal(codebook->nets[i].id, id)) return (uint16_t)i;
    codebook->nets[codebook->net_count].id = id;
    return (uint16_t)codebook->net_count++;
}

static void codebook_room(Codebook *codebook, Arena *keep) {
    if (codebook->codes) return;
    codebook->codes = arena_calloc(keep, CODES_MAX, sizeof *codebook->codes);
    codebook->nets = arena_calloc(keep, CODES_MAX, sizeof *codebook->nets);
}

uint16_t codebook_add(Lexicons *lexicons, Span id, Span net, bool poles, Arena *keep) {
    Codebook *codebook = &lexicons->codebook;
    codebook_room(codebook, keep);
    uint32_t *slot = table_put(&lexicons->codes, id);
    if (*slot != TABLE_NONE) return (uint16_t)*slot;
    *slot = (uint32_t)codebook->code_count;
    codebook->codes[codebook->code_count] = (Code){.id = id, .net = net_index(codebook, net.len ? net : net_of(id)), .poles = poles};
    return (uint16_t)codebook->code_count++;
}

/* Display languages are numbered as they are met. */
static size_t display_index(Codebook *codebook, Span language) {
    for (size_t i = 0; i < codebook->language_count; i++)
        if (span_equal(codebook->languages[i], language)) return i;
    if (codebook->language_count == DISPLAY_MAX) return DISPLAY_MAX;
    codebook->languages[codebook->language_count] = language;
    return codebook->language_count++;
}

static bool read_names(Codebook *codebook, const YamlNode *names, Span out[DISPLAY_MAX], Fail *fail) {
    if (!names) return true;
    if (!yaml_expect(names, YAML_MAP, "names by language", fail)) return false;
    for (size_t i = 0; i < names->count; i++) {
        if (!yaml_expect(names->values[i], YAML_TEXT, "a name", fail)) return false;
        size_t language = display_index(codebook, names->keys[i]->text);
        if (language == DISPLAY_MAX) return yaml_fail(names->keys[i], fail, "found more than %d display languages", DISPLAY_MAX);
        out[language] = names->values[i]->text;
    }
    return true;
}

static bool read_code(Lexicons *lexicons, const YamlNode *node, Span net, Arena *keep, Fail *fail) {
    if (!yaml_expect(node, YAML_MAP, "a code", fail)) return false;
    const YamlNode *id = yaml_get(node, "id"), *negative = yaml_get(node, "negative"), *positive = yaml_get(node, "positive");
    if (!id || id->kind != YAML_TEXT) return yaml_fail(node, fail, "found a code without id, expected `id: %.*s.…`", (int)net.len, net.data);
    if (table_get(&lexicons->codes, id->text) != TABLE_NONE) return yaml_fail(id, fail, "code '%.*s' stands twice", (int)id->text.len, id->text.data);
    if (!negative != !positive) return yaml_fail(node, fail, "found one pole, expected both `negative` and `positive` or neither");
    if (lexicons->codebook.code_count == CODES_MAX) return yaml_fail(id, fail, "found more than %d codes", CODES_MAX);
    Code *code = &lexicons->codebook.codes[codebook_add(lexicons, id->text, net, negative != NULL, keep)];
    return read_names(&lexicons->codebook, yaml_get(node, "name"), code->name, fail) &&
           read_names(&lexicons->codebook, negative, code->negative, fail) && read_names(&lexicons->codebook, positive, code->positive, fail);
}

static bool read_net(Lexicons *lexicons, const YamlNode *node, Arena *keep, Fail *fail) {
    if (!yaml_expect(node, YAML_MAP, "a net", fail)) return false;
    const YamlNode *id = yaml_get(node, "id"), *codes = yaml_get(node, "codes");
    if (!id || id->kind != YAML_TEXT) return yaml_fail(node, fail, "found a net without id, expected `id:`");
    if (!codes) return yaml_fail(node, fail, "found a net without codes, expected `codes:`");
    if (!yaml_expect(codes, YAML_LIST, "codes", fail)) return false;
    Net *net = &lexicons->codebook.nets[net_index(&lexicons->codebook, id->text)];
    if (!read_names(&lexicons->codebook, yaml_get(node, "name"), net->name, fail)) return false;
    for (size_t i = 0; i < codes->count; i++)
        if (!read_code(lexicons, codes->values[i], id->text, keep, fail)) return false;
    return true;
}

bool codebook_read(Lexicons *lexicons, const YamlNode *root, Arena *keep, Fail *fail) {
    if (!yaml_expect(root, YAML_MAP, "a codebook", fail)) return false;
    const YamlNode *nets = yaml_get(root, "nets");
    if (!nets) return yaml_fail(root, fail, "found no `nets:`, expected the list of nets");
    if (!yaml_expect(nets, YAML_LIST, "nets", fail)) return false;
    codebook_room(&lexicons->codebook, keep);
    for (size_t i = 0; i < nets->count; i++)
        if (!read_net(lexicons, nets->values[i], keep, fail)) return false;
    return true;
}
