/* confuse — words of rules that share their stem with a frequent word of another sense: a rule with `university` hits `universal` too.
 *
 * Senses are not known here. What speaks for two of them: the rules name one form and never the other, the other is much more frequent, and the two
 * endings are not a pair that the language forms regularly (`-s` and nothing, `-ing` and `-ed`), seen by how few stems have both. */
#include <stdlib.h>

#include "base/utf8.h"
#include "inspecting.h"

enum { MEMBERS_MAX = 24, REGULAR = 4, TIMES_LEAST = 20, TIMES_RATIO = 3 };

typedef struct {
    Span form;
    uint32_t times;   /* in a million words; 0: not among the frequent */
    const Facts *rule; /* the first that has it; NULL: none */
} Member;

typedef struct {
    Member members[MEMBERS_MAX];
    size_t count;
} Family;

typedef struct {
    Inspection *inspection;
    Table stems;    /* to families */
    Family *families;
    size_t count, capacity;
    Table endings;  /* pairs of endings to how many families have both */
} Confusion;

static Member *member_of(Confusion *confusion, Span stem, Span folded) {
    Arena *keep = confusion->inspection->sketcher.keep;
    uint32_t *slot = table_put(&confusion->stems, arena_copy(keep, stem));
    if (*slot == TABLE_NONE) {
        *slot = (uint32_t)confusion->count;
        *ARENA_PUSH(keep, confusion->families, confusion->count, confusion->capacity) = (Family){.count = 0};
    }
    Family *family = &confusion->families[*slot];
    for (size_t i = 0; i < family->count; i++)
        if (span_equal(family->members[i].form, folded)) return &family->members[i];
    if (family->count == MEMBERS_MAX) return NULL;
    family->members[family->count] = (Member){.form = arena_copy(keep, folded)};
    return &family->members[family->count++];
}

/* A word's form among those of its stem; NULL for what is no single word. */
static Member *take_word(Confusion *confusion, Span text) {
    Sketcher *sketcher = &confusion->inspection->sketcher;
    Tokens tokens;
    sketcher->cut(sketcher->cut_context, text, sketcher->language, &tokens, &sketcher->scratch);
    Member *form = NULL;
    if (tokens.count == 1) {
        const Word *word = &tokens.words[tokens.items[0].word];
        if (word->kind & WORD_LETTERS) form = member_of(confusion, word->form->stem, word->form->folded);
    }
    arena_reset(&sketcher->scratch);
    return form;
}

static bool is_plain(Span word) { return !memchr(word.data, '*', word.len) && !memchr(word.data, '?', word.len); }

static void take_node(Confusion *confusion, const Facts *facts, const Node *node) {
    for (size_t i = 0; i < node->count; i++) take_node(confusion, facts, node->children[i]);
    if (node->kind != NODE_WORD || node->exact || !is_plain(node->text)) return;
    Member *form = take_word(confusion, node->text);
    if (form && !form->rule) form->rule = facts;
}

static void take_words(Confusion *confusion) {
    Inspection *inspection = confusion->inspection;
    const Lexicon *lexicon = inspection->lexicon;
    for (size_t i = 0; i < lexicon->frequent_count; i++) {
        Member *form = take_word(confusion, lexicon->frequent[i].word);
        if (form) form->times += lexicon->frequent[i].times;
    }
    for (size_t i = 0; i < lexicon->valence_line_count; i++) take_word(confusion, lexicon->valence_lines[i].term);
    for (size_t i = 0; i < inspection->count; i++) {
        Node *root = NULL;
        Fail ignored;
        if (query_parse(inspection->facts[i].source.text, inspection->sketcher.keep, &root, &ignored)) take_node(confusion, &inspection->facts[i], root);
    }
}

/* Bytes that both begin with, whole characters. */
static size_t common_prefix(Span a, Span b) {
    size_t len = 0;
    while (len < a.len && len < b.len && a.data[len] == b.data[len]) len++;
    while (len && len < a.len && ((unsigned char)a.data[len] & 0xc0) == 0x80) len--;
    return len;
}

/* `ing/ed`, the lesser first. In inspection->scratch. */
static Span endings_of(Confusion *confusion, Span a, Span b) {
    size_t len = common_prefix(a, b);
    Span one = {a.data + len, a.len - len}, other = {b.data + len, b.len - len};
    bool swap = span_compare(one, other) > 0;
    Buffer pair = {0};
    buffer_append(&pair, swap ? other : one);
    buffer_byte(&pair, '/');
    buffer_append(&pair, swap ? one : other);
    Span copy = arena_copy(&confusion->inspection->scratch, buffer_span(&pair));
    buffer_free(&pair);
    return copy;
}

static void count_endings(Confusion *confusion) {
    for (size_t i = 0; i < confusion->count; i++) {
        const Family *family = &confusion->families[i];
        for (size_t a = 0; a < family->count; a++)
            for (size_t b = a + 1; b < family->count; b++) {
                uint32_t *count = table_put(&confusion->endings, endings_of(confusion, family->members[a].form, family->members[b].form));
                *count = *count == TABLE_NONE ? 1 : *count + 1;
            }
    }
}

static void tell(Confusion *confusion, const Member *ours, const Member *other) {
    size_t len = common_prefix(ours->form, other->form), longer = ours->form.len > other->form.len ? ours->form.len : other->form.len;
    uint32_t families = table_get(&confusion->endings, endings_of(confusion, ours->form, other->form));
    bool odd = families < REGULAR || 10 * len < 6 * longer;
    if (!odd && other->times < 10 * TIMES_RATIO * (ours->times + 1)) return;
    Finding finding = finding_at(FINDING_STEM, confusion->inspection, ours->rule);
    finding.weight = other->times + (odd ? (uint64_t)UINT32_MAX : 0);
    finding_add(confusion->inspection->findings, finding, "‘%.*s’ matches ‘%.*s’ too, which has the same stem and stands %u times in a million words; quote the form if that is another sense",
                (int)ours->form.len, ours->form.data, (int)other->form.len, other->form.data, other->times);
}

void inspect_stems(Inspection *inspection) {
    if (inspection->lexicon->language->characters) return;
    Confusion confusion = {.inspection = inspection};
    take_words(&confusion);
    count_endings(&confusion);
    for (size_t i = 0; i < confusion.count; i++) {
        const Family *family = &confusion.families[i];
        const Member *ours = NULL, *other = NULL;
        for (size_t j = 0; j < family->count; j++) {
            const Member *form = &family->members[j];
            if (form->rule && (!ours || form->times > ours->times)) ours = form;
            if (!form->rule && (!other || form->times > other->times)) other = form;
        }
        if (ours && other && other->times >= TIMES_LEAST && other->times >= TIMES_RATIO * ours->times) tell(&confusion, ours, other);
    }
    table_free(&confusion.stems);
    table_free(&confusion.endings);
    arena_reset(&inspection->scratch);
}
