/* strain — regexes on hostile texts made of their own pattern: each piece of it over and over, and what stands before it in front.
 *
 * The match limit comes late: /^\W*no?\W*all/ on 160,000 spaces takes six seconds until then. So how steps grow counts as well. They are
 * counted by PCRE2's automatic callouts (pcre2callout), one before each item that is tried, and not by a clock: the same on every run. */
#include "base/utf8.h"
#include "inspecting.h"

enum {
    ATOMS_MAX = 64,
    TEXTS_MAX = 60,
    ANCHORED_BYTES = 10000,        /* tried on; a pattern without ^ only ever sees a stretch of a long text */
    COUNTED_BYTES = 2 * REGEX_BYTES,
    SLOW_STEPS = 100 * COUNTED_BYTES, /* what is linear takes a few a byte */
    GROWTH_MOST = 8,               /* four times the text may take so many times the steps */
};

/* Atom — a piece of the pattern that stands for one character, as one that it matches. */
typedef struct {
    char bytes[4];
    uint8_t len;
    bool repeats; /* a quantifier lets it stand several times */
    bool first;   /* of an alternative */
} Atom;

typedef struct {
    Atom items[ATOMS_MAX];
    size_t count;
    bool begins; /* the next one is the first of an alternative */
} Atoms;

static void add_atom(Atoms *atoms, const char *bytes, size_t len) {
    if (atoms->count == ATOMS_MAX) return;
    Atom *atom = &atoms->items[atoms->count++];
    *atom = (Atom){.len = (uint8_t)len, .first = atoms->begins};
    memcpy(atom->bytes, bytes, len);
    atoms->begins = false;
}

/* What an escape matches: a letter, a digit, a space, itself, or nothing (\b). Returns the bytes passed over. */
static size_t read_escape(Span pattern, size_t at, char *sample) {
    char kind = at + 1 < pattern.len ? pattern.data[at + 1] : '\0';
    *sample = strchr("wSDXRN", kind) && kind ? 'a' : kind == 'd' ? '1' : strchr("sWhv", kind) && kind ? ' ' : strchr("pP", kind) && kind ? 'a' : '\0';
    size_t len = 2;
    if ((kind == 'p' || kind == 'P' || kind == 'x' || kind == 'k' || kind == 'g') && at + 2 < pattern.len && pattern.data[at + 2] == '{')
        while (at + len < pattern.len && pattern.data[at + len - 1] != '}') len++;
    bool letter = (kind | 32) >= 'a' && (kind | 32) <= 'z';
    if (!*sample && !letter && !(kind >= '0' && kind <= '9')) *sample = kind;
    return len;
}

/* A class as the first character in it. */
static size_t read_class(Span pattern, size_t at, Atoms *atoms) {
    size_t start = at++;
    bool negated = at < pattern.len && pattern.data[at] == '^';
    at += negated;
    char sample = '\0';
    if (negated || at >= pattern.len) {
        add_atom(atoms, "a", 1);
    } else if (pattern.data[at] == '\\') {
        read_escape(pattern, at, &sample);
        add_atom(atoms, sample ? &sample : "a", 1);
    } else if (pattern.data[at] == '[') {
        add_atom(atoms, "a", 1);
    } else {
        size_t len = utf8_len((unsigned char)pattern.data[at]);
        if (at + len <= pattern.len) add_atom(atoms, pattern.data + at, len);
    }
    if (at < pattern.len && pattern.data[at] == ']') at++;
    while (at < pattern.len && pattern.data[at] != ']') at += pattern.data[at] == '\\' ? 2 : 1;
    return at + 1 - start;
}

static size_t read_group(Span pattern, size_t at) {
    size_t len = 1;
    if (at + 1 < pattern.len && pattern.data[at + 1] == '?')
        for (len = 2; at + len < pattern.len && strchr(":=!<>|iP-", pattern.data[at + len]) && pattern.data[at + len]; len++) {}
    return len;
}

static void read_atoms(Span pattern, Atoms *atoms) {
    *atoms = (Atoms){.begins = true};
    for (size_t at = 0, len; at < pattern.len; at += len) {
        char byte = pattern.data[at], sample = '\0';
        len = 1;
        if (byte == '\\') {
            len = read_escape(pattern, at, &sample);
            if (sample) add_atom(atoms, &sample, 1);
        } else if (byte == '[') {
            len = read_class(pattern, at, atoms);
        } else if (byte == '(') {
            len = read_group(pattern, at);
        } else if (byte == '|') {
            atoms->begins = true;
        } else if (byte == '*' || byte == '+' || byte == '{') {
            if (atoms->count) atoms->items[atoms->count - 1].repeats = true;
            while (byte == '{' && at + len < pattern.len && pattern.data[at + len - 1] != '}') len++;
        } else if (byte == '.') {
            add_atom(atoms, "a", 1);
        } else if (!strchr(")^$?", byte)) {
            len = utf8_len((unsigned char)byte);
            if (at + len <= pattern.len) add_atom(atoms, pattern.data + at, len);
        }
    }
}

/* Hostile — a text: `front`, then `piece` up to the length wanted, then `tail`. */
typedef struct {
    Span front, piece;
} Hostile;

typedef struct {
    Hostile items[TEXTS_MAX];
    size_t count;
} Hostiles;

static Span atoms_text(const Atoms *atoms, size_t first, size_t end, Arena *scratch) {
    Buffer text = {0};
    for (size_t i = first; i < end; i++) buffer_append(&text, (Span){atoms->items[i].bytes, atoms->items[i].len});
    Span copy = arena_copy(scratch, buffer_span(&text));
    buffer_free(&text);
    return copy;
}

static void add_hostile(Hostiles *hostiles, Span front, Span piece) {
    if (!piece.len || hostiles->count == TEXTS_MAX) return;
    for (size_t i = 0; i < hostiles->count; i++)
        if (span_equal(hostiles->items[i].front, front) && span_equal(hostiles->items[i].piece, piece)) return;
    hostiles->items[hostiles->count++] = (Hostile){front, piece};
}

static void make_hostiles(const Atoms *atoms, Hostiles *hostiles, Arena *scratch) {
    Span nothing = SPAN("");
    hostiles->count = 0;
    for (size_t first = 0, end; first < atoms->count; first = end) {
        end = first + 1;
        while (end < atoms->count && !atoms->items[end].first) end++;
        for (size_t i = first; i < end; i++)
            if (atoms->items[i].repeats) add_hostile(hostiles, atoms_text(atoms, first, i, scratch), atoms_text(atoms, i, i + 1, scratch));
        add_hostile(hostiles, nothing, atoms_text(atoms, first, end, scratch));
        if (end > first + 1) add_hostile(hostiles, nothing, atoms_text(atoms, first, end - 1, scratch));
    }
    for (size_t i = 0; i < atoms->count; i++) add_hostile(hostiles, nothing, atoms_text(atoms, i, i + 1, scratch));
    for (size_t i = 0; i + 1 < atoms->count; i++) add_hostile(hostiles, nothing, atoms_text(atoms, i, i + 2, scratch));
}

/* ---- measuring ---- */

typedef struct {
    const Regex *regex;
    const Matcher *matcher; /* its limits are those that count */
    pcre2_code *counted;    /* the same pattern with callouts */
    pcre2_match_context *counting;
    Span tail;              /* the pattern's last character */
    Buffer text;
} Strain;

static void write_hostile(Strain *strain, Hostile hostile, size_t bytes) {
    strain->text.len = 0;
    buffer_append(&strain->text, hostile.front);
    while (strain->text.len + hostile.piece.len <= bytes) buffer_append(&strain->text, hostile.piece);
    buffer_byte(&strain->text, '!');
    buffer_append(&strain->text, strain->tail); /* PCRE2 does not even try without a character that every match holds */
}

static bool gives_up(Strain *strain, Hostile hostile) {
    write_hostile(strain, hostile, strain->regex->anchored ? ANCHORED_BYTES : COUNTED_BYTES);
    return pcre2_match(strain->regex->code, (PCRE2_SPTR)strain->text.data, strain->text.len, 0, PCRE2_NO_UTF_CHECK, strain->matcher->match_data, strain->matcher->match_context) < PCRE2_ERROR_NOMATCH;
}

typedef struct {
    uint64_t count, most;
    size_t at;
} Steps;

/* An item tried is a step, and so is each byte that the one before it went over. */
static int count_step(pcre2_callout_block *block, void *data) {
    Steps *steps = data;
    steps->count += 1 + (block->current_position > steps->at ? block->current_position - steps->at : 0);
    steps->at = block->current_position;
    return steps->count > steps->most ? PCRE2_ERROR_CALLOUT : 0;
}

/* Steps on that many bytes; counting ends soon after `most`. */
static uint64_t steps_on(Strain *strain, Hostile hostile, size_t bytes, uint64_t most) {
    Steps steps = {.most = most};
    write_hostile(strain, hostile, bytes);
    pcre2_set_callout(strain->counting, count_step, &steps);
    pcre2_match(strain->counted, (PCRE2_SPTR)strain->text.data, strain->text.len, 0, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, strain->matcher->match_data, strain->counting);
    return steps.count;
}

typedef struct {
    Hostile hostile;
    bool gives_up;
    uint64_t steps; /* on COUNTED_BYTES, or where counting ended; 0: quick */
} Worst;

/* Whether four times the text takes far more than four times the steps. */
static Worst strain_by(Strain *strain, Hostile hostile) {
    Worst one = {.hostile = hostile, .gives_up = gives_up(strain, hostile)};
    if (one.gives_up || !strain->counted || !strain->counting) return one;
    uint64_t before = steps_on(strain, hostile, COUNTED_BYTES / 4, SLOW_STEPS);
    uint64_t most = before * GROWTH_MOST > SLOW_STEPS ? before * GROWTH_MOST : SLOW_STEPS;
    uint64_t steps = steps_on(strain, hostile, COUNTED_BYTES, most);
    if (steps > most) one.steps = steps;
    return one;
}

/* False where the regex is quick on all of its hostile texts. One on which the matcher gives up is as bad as it gets. */
static bool find_worst(Strain *strain, const Hostiles *hostiles, Worst *worst) {
    *worst = (Worst){0};
    for (size_t i = 0; i < hostiles->count && !worst->gives_up; i++) {
        Worst one = strain_by(strain, hostiles->items[i]);
        if (one.gives_up || one.steps > worst->steps) *worst = one;
    }
    return worst->gives_up || worst->steps;
}

/* Place — where a text of a rule begins. */
typedef struct {
    const Rule *rule;
    uint64_t line, column;
} Place;

static void tell(Inspection *inspection, const Place *place, const Node *node, const Worst *worst) {
    Finding finding = {.kind = FINDING_REGEX, .language = inspection->lexicon->language, .file = place->rule->file, .line = place->line, .column = place->column + node->column, .rule = place->rule->id,
                       .weight = worst->gives_up};
    Span front = worst->hostile.front;
    Brief pattern = brief(node->text);
    const char *how = worst->gives_up ? "gives up on some thousand bytes of" : "takes time with the square of the text, as on";
    finding_add(inspection->findings, finding, "/%.*s%s/ %s %s%.*s%s“%.*s” over and over; make its repeats possessive (*+) or bound them", pattern.len, pattern.data, pattern.more, how,
                front.len ? "“" : "", (int)front.len, front.data, front.len ? "” and then " : "", (int)worst->hostile.piece.len, worst->hostile.piece.data);
}

static const Regex *regex_with(const Lexicon *lexicon, Span pattern) {
    for (size_t i = 0; i < lexicon->regex_count; i++)
        if (span_equal(lexicon->regexes[i].pattern, pattern)) return &lexicon->regexes[i];
    return NULL;
}

static void strain_node(Inspection *inspection, Strain *strain, const Place *place, const Node *node) {
    for (size_t i = 0; i < node->count; i++) strain_node(inspection, strain, place, node->children[i]);
    if (node->kind != NODE_REGEX || !(strain->regex = regex_with(inspection->lexicon, node->text))) return;
    Atoms atoms;
    Hostiles hostiles;
    Worst worst;
    read_atoms(node->text, &atoms);
    make_hostiles(&atoms, &hostiles, &inspection->scratch);
    strain->tail = atoms_text(&atoms, atoms.count ? atoms.count - 1 : 0, atoms.count, &inspection->scratch);
    int code;
    PCRE2_SIZE at;
    strain->counted = regex_compile(node->text, PCRE2_AUTO_CALLOUT, &code, &at);
    if (find_worst(strain, &hostiles, &worst)) tell(inspection, place, node, &worst);
    pcre2_code_free(strain->counted);
    arena_reset(&inspection->scratch);
}

static void strain_text(Inspection *inspection, Strain *strain, Span text, Place place) {
    Node *root = NULL;
    Fail ignored;
    if (text.len && memchr(text.data, '/', text.len) && query_parse(text, inspection->sketcher.keep, &root, &ignored)) strain_node(inspection, strain, &place, root);
}

void inspect_regexes(Inspection *inspection) {
    Strain strain = {.matcher = inspection->matcher, .counting = pcre2_match_context_create(NULL)};
    for (size_t i = 0; i < inspection->lexicon->rule_count; i++) {
        const Rule *rule = &inspection->lexicon->rules[i];
        const RuleText *text = &inspection->lexicon->texts[i];
        if (rule->kind == RULE_VALENCE) continue;
        strain_text(inspection, &strain, text->match, (Place){rule, rule->line, rule->column});
        strain_text(inspection, &strain, text->unless, (Place){rule, text->unless_line, text->unless_column});
    }
    pcre2_match_context_free(strain.counting);
    buffer_free(&strain.text);
}
