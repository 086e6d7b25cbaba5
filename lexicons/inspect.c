#include "inspecting.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- findings ---- */

static const struct {
    Severity severity;
    const char *name;
} kinds[FINDING_KINDS] = {
    [FINDING_SYNTAX] = {SEVERITY_ERROR, "syntax"},           [FINDING_POLES] = {SEVERITY_ERROR, "both-poles"},
    [FINDING_VALENCE] = {SEVERITY_ERROR, "valence"},         [FINDING_DUPLICATE] = {SEVERITY_WARNING, "duplicate"},
    [FINDING_SHADOWED] = {SEVERITY_WARNING, "shadowed"},     [FINDING_DEAD] = {SEVERITY_WARNING, "dead"},
    [FINDING_SHIFTER] = {SEVERITY_WARNING, "shifter"},       [FINDING_REGEX] = {SEVERITY_WARNING, "slow-regex"},
    [FINDING_BROAD] = {SEVERITY_WARNING, "too-broad"},       [FINDING_REDUNDANT] = {SEVERITY_NOTE, "redundant"},
    [FINDING_REPEATED] = {SEVERITY_NOTE, "repeated"},        [FINDING_STEM] = {SEVERITY_NOTE, "stem"},
    [FINDING_TESTS] = {SEVERITY_NOTE, "few-tests"},          [FINDING_TOGETHER] = {SEVERITY_NOTE, "together"},
    [FINDING_UNHIT] = {SEVERITY_NOTE, "never-hit"},
};

Severity finding_severity(FindingKind kind) { return kinds[kind].severity; }
const char *finding_name(FindingKind kind) { return kinds[kind].name; }

const char *severity_name(Severity severity) {
    static const char *const names[] = {"error", "warning", "note"};
    return names[severity];
}

Brief brief(Span text) {
    size_t len = 0;
    for (size_t shown = 0; len < text.len && shown < 60; shown++) len += utf8_len((unsigned char)text.data[len]);
    if (len > text.len) len = text.len;
    return (Brief){(int)len, text.data, len < text.len ? "…" : ""};
}

void finding_add(Findings *findings, Finding finding, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t len = (size_t)vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = arena_alloc(findings->keep, len + 1);
    vsnprintf(text, len + 1, format, args);
    va_end(args);
    finding.text = (Span){text, len};
    *ARENA_PUSH(findings->keep, findings->items, findings->count, findings->capacity) = finding;
}

static int by_kind(const void *left, const void *right) {
    const Finding *a = left, *b = right;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->weight != b->weight) return a->weight > b->weight ? -1 : 1;
    int file = strcmp(a->file ? a->file : "", b->file ? b->file : "");
    if (file) return file;
    if (a->line != b->line) return a->line < b->line ? -1 : 1;
    if (a->column != b->column) return a->column < b->column ? -1 : 1;
    return span_compare(a->text, b->text);
}

void findings_sort(Findings *findings) {
    if (findings->count) qsort(findings->items, findings->count, sizeof *findings->items, by_kind);
}

Finding finding_at(FindingKind kind, const Inspection *inspection, const Facts *facts) {
    return (Finding){.kind = kind, .language = inspection->lexicon->language, .file = facts->source.file, .line = facts->source.line, .column = facts->source.column,
                     .rule = facts->source.id};
}

/* ---- rules ---- */

static int by_code(const void *left, const void *right) {
    const Facts *a = left, *b = right;
    if (a->rule->code != b->rule->code) return a->rule->code < b->rule->code ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static void gather(Inspection *inspection) {
    const Lexicon *lexicon = inspection->lexicon;
    for (uint32_t i = 0; i < lexicon->rule_count; i++) {
        Facts facts = {.number = i, .rule = &lexicon->rules[i]};
        if (facts.rule->kind != RULE_REASON) continue;
        facts.source = lexicons_source(inspection->lexicons, lexicon->language, i);
        facts.match = sketch_of(&inspection->sketcher, facts.source.text);
        if (facts.source.unless.data) facts.unless = sketch_of(&inspection->sketcher, facts.source.unless);
        if (facts.match) *ARENA_PUSH(inspection->sketcher.keep, inspection->facts, inspection->count, inspection->capacity) = facts;
    }
    if (inspection->count) qsort(inspection->facts, inspection->count, sizeof *inspection->facts, by_code);
}

static void find_shifting(Inspection *inspection) {
    const Lexicon *lexicon = inspection->lexicon;
    for (size_t i = 0; i < lexicon->rule_count; i++) {
        const Rule *shifter = &lexicon->rules[i];
        if (shifter->kind != RULE_SHIFTER || (shifter->does != DOES_TURN && shifter->does != DOES_CANCEL && shifter->does != DOES_WISH)) continue;
        const Sketch *sketch = sketch_of(&inspection->sketcher, shifter->id);
        for (size_t j = 0; sketch && j < inspection->count; j++)
            inspection->facts[j].shifts = inspection->facts[j].shifts || sketch_holds(inspection->facts[j].match, sketch);
    }
}

static void inspect_alone(Inspection *inspection, Facts *facts) {
    Finding dead = finding_at(FINDING_DEAD, inspection, facts);
    const Sketch *match = facts->match;
    Brief text = brief(facts->source.text);
    witness(inspection, facts);
    if (match->kind == SKETCH_NOT && sketch_holds(match->children[0], match->children[1]))
        finding_add(inspection->findings, dead, "‘%.*s%s’ matches nothing: what stands behind NOT is in each of its matches; drop the rule or narrow what is behind NOT", text.len, text.data, text.more);
    else if (facts->unless && facts->rule->within == NO_LIMIT && sketch_holds(match, facts->unless))
        finding_add(inspection->findings, dead, "‘%.*s%s’ matches nothing: its `unless` holds in each of its matches; narrow the `unless`", text.len, text.data, text.more);
    else if (facts->tried && !facts->alive)
        finding_add(inspection->findings, dead, "‘%.*s%s’ does not match its own words%s; write them as texts are cut, or drop the rule", text.len, text.data, text.more,
                    inspection->lexicon->language->characters ? " (a word under `whole` may hide them)" : "");
}

static int unit_of(const Rule *rule) { return rule->response ? 2 : rule->clause ? 0 : 1; }

/* Wherever b counts, a would count too if it matched. */
static bool counts_where(const Facts *a, const Facts *b) {
    const Rule *left = a->rule, *right = b->rule;
    bool unless = !a->unless || (b->unless && span_equal(a->unless->key, b->unless->key) && unit_of(left) == unit_of(right) && left->within == right->within);
    return unless && left->since <= right->since && left->until >= right->until && (left->roles & right->roles) == right->roles && unit_of(left) >= unit_of(right);
}

static bool same_terms(const Facts *a, const Facts *b) { return counts_where(a, b) && counts_where(b, a) && a->rule->negated == b->rule->negated; }

static bool in_company(const Facts *b, const Facts *a) {
    return b->company_count && bsearch(&a->number, b->company, b->company_count, sizeof *b->company, by_rule_number);
}

/* `b` beside `a` of the same code: what is to be said of b. True where something was. */
static bool inspect_pair(Inspection *inspection, const Facts *a, const Facts *b) {
    int a_pole = a->rule->pole, b_pole = b->rule->pole;
    bool earlier = a->number < b->number, equal = span_equal(a->match->key, b->match->key), one_pole = a_pole == b_pole;
    unsigned long long line = (unsigned long long)a->source.line;
    Brief ours = brief(b->source.text), theirs = brief(a->source.text);
    Findings *findings = inspection->findings;
    if (equal && earlier && one_pole && same_terms(a, b))
        return finding_add(findings, finding_at(FINDING_DUPLICATE, inspection, b), "‘%.*s%s’ matches just what line %llu does; drop one", ours.len, ours.data, ours.more, line), true;
    if (equal && earlier && !one_pole && a_pole != POLE_TOPIC && b_pole != POLE_TOPIC && a->rule->roles & b->rule->roles && same_terms(a, b))
        return finding_add(findings, finding_at(FINDING_POLES, inspection, b), "‘%.*s%s’ matches just what line %llu does under %s, which wins; drop one", ours.len, ours.data, ours.more, line,
                           pole_name(a_pole)), true;
    if (!counts_where(a, b)) return false;
    bool yields = b_pole == POLE_TOPIC && a_pole != POLE_TOPIC;
    bool beaten = yields ? sketch_holds(b->match, a->match) && in_company(b, a) : earlier && (a_pole == POLE_TOPIC) == (b_pole == POLE_TOPIC) && sketch_same(b->match, a->match);
    if (beaten)
        return finding_add(findings, finding_at(FINDING_SHADOWED, inspection, b), "‘%.*s%s’ never wins over ‘%.*s%s’ in line %llu, which matches there too %s; drop it%s", ours.len, ours.data,
                           ours.more, theirs.len, theirs.data, theirs.more, line, yields ? "and is no topic" : "and stands first", yields ? "" : " or move it up"), true;
    if (equal || !one_pole || a->rule->negated != b->rule->negated || a->rule->weight < b->rule->weight || b->shifts || b_pole == POLE_TOPIC || !in_company(b, a) || !sketch_holds(b->match, a->match)) return false;
    finding_add(findings, finding_at(FINDING_REDUNDANT, inspection, b), "‘%.*s%s’ only widens the evidence of ‘%.*s%s’ in line %llu; drop it if that does not matter", ours.len, ours.data,
                ours.more, theirs.len, theirs.data, theirs.more, line);
    return true;
}

static void inspect_pairs(Inspection *inspection) {
    for (size_t first = 0, end; first < inspection->count; first = end) {
        end = first + 1;
        while (end < inspection->count && inspection->facts[end].rule->code == inspection->facts[first].rule->code) end++;
        for (size_t b = first; b < end; b++) {
            const Facts *facts = &inspection->facts[b];
            for (size_t a = first; a < end; a++) {
                const Facts *other = &inspection->facts[a];
                if (a != b && !(other->match->needs & ~facts->match->has) && inspect_pair(inspection, other, facts)) break;
            }
        }
    }
}

/* ---- tests ---- */

enum { HITS_WANTED = 4, MISSES_WANTED = 2 };

static void inspect_tests(Inspection *inspection) {
    const Lexicon *lexicon = inspection->lexicon;
    const Codebook *codebook = &inspection->lexicons->codebook;
    for (size_t code = 0; code < codebook->code_count; code++) {
        bool poles = codebook->codes[code].poles;
        for (int pole = poles ? POLE_NEGATIVE : POLE_NONE; pole <= (poles ? POLE_POSITIVE : POLE_NONE); pole++) {
            size_t rules = 0, hits = 0, misses = 0;
            Finding finding = {.kind = FINDING_TESTS, .language = lexicon->language, .file = lexicon->reasons};
            for (size_t i = 0; i < inspection->count; i++) {
                const Facts *facts = &inspection->facts[i];
                if (facts->rule->code != code || (facts->rule->pole != pole && facts->rule->pole != POLE_TOPIC)) continue;
                if (!rules++) finding.line = facts->source.line;
            }
            for (size_t i = 0; i < lexicon->test_count; i++)
                if (lexicon->tests[i].code == code && lexicon->tests[i].pole == pole) hits += lexicon->tests[i].hit, misses += !lexicon->tests[i].hit;
            Span id = codebook->codes[code].id;
            if (!rules) finding_add(inspection->findings, finding, "%.*s%s%s has no rules; write some, or leave it to the other languages", (int)id.len, id.data, poles ? ":" : "", pole_name(pole));
            else if (hits < HITS_WANTED || misses < MISSES_WANTED)
                finding_add(inspection->findings, finding, "%.*s%s%s has %zu hits and %zu misses for tests; give it %d and %d", (int)id.len, id.data, poles ? ":" : "", pole_name(pole), hits,
                            misses, HITS_WANTED, MISSES_WANTED);
        }
    }
}

/* ---- valence and shifters ---- */

static void inspect_valence(Inspection *inspection) {
    const Lexicon *lexicon = inspection->lexicon;
    Table seen = {0};
    for (size_t i = 0; i < lexicon->valence_line_count; i++) {
        const ValenceLine *line = &lexicon->valence_lines[i];
        const Sketch *sketch = sketch_of(&inspection->sketcher, line->term);
        if (!sketch) continue;
        uint32_t *slot = table_put(&seen, sketch->key);
        if (*slot == TABLE_NONE || lexicon->valence_lines[*slot].file != line->file) { /* a language may say that a sign of emoji.tsv means another thing */
            *slot = (uint32_t)i;
            continue;
        }
        const ValenceLine *other = &lexicon->valence_lines[*slot];
        if (line->value == other->value && !span_equal(line->term, other->term)) continue;
        bool opposed = (line->value < 0) != (other->value < 0) && line->value && other->value;
        Finding finding = {.kind = opposed ? FINDING_VALENCE : FINDING_REPEATED, .language = lexicon->language, .file = line->file, .line = line->line, .column = 1,
                           .weight = (uint64_t)abs(line->value - other->value)};
        finding_add(inspection->findings, finding, "‘%.*s’ is worth %.2f, but ‘%.*s’ in line %llu, which is the same word to the matcher, %.2f; keep one, or quote the exact form",
                    (int)line->term.len, line->term.data, line->value / 100.0, (int)other->term.len, other->term.data, (unsigned long long)other->line, other->value / 100.0);
    }
    table_free(&seen);
}

static const char *does_name(int does) {
    static const char *const names[] = {"turn", "cancel", "boost", "damp", "hedge", "wish", "contrast", "idle"};
    return names[does];
}

static bool against(int a, int b) {
    if (a == b) return false;
    return a == DOES_IDLE || b == DOES_IDLE || (a == DOES_BOOST && b == DOES_DAMP) || (a == DOES_DAMP && b == DOES_BOOST) || (a == DOES_TURN && b == DOES_CANCEL) ||
           (a == DOES_CANCEL && b == DOES_TURN);
}

static void inspect_shifters(Inspection *inspection) {
    const Lexicon *lexicon = inspection->lexicon;
    Table seen = {0};
    for (uint32_t i = 0; i < lexicon->rule_count; i++) {
        const Rule *shifter = &lexicon->rules[i];
        if (shifter->kind != RULE_SHIFTER) continue;
        const Sketch *sketch = sketch_of(&inspection->sketcher, shifter->id);
        if (!sketch) continue;
        uint32_t *slot = table_put(&seen, sketch->key);
        if (*slot == TABLE_NONE) {
            *slot = i;
            continue;
        }
        const Rule *other = &lexicon->rules[*slot];
        bool alike = other->does == shifter->does && other->reach == shifter->reach;
        if (!alike && !against(other->does, shifter->does)) continue; /* one word may do two things */
        Finding finding = {.kind = alike ? FINDING_REPEATED : FINDING_SHIFTER, .language = lexicon->language, .file = shifter->file, .line = shifter->line, .column = shifter->column};
        finding_add(inspection->findings, finding, "‘%.*s’ stands under %s and, in line %llu, under %s; drop one", (int)shifter->id.len, shifter->id.data,
                    does_name(shifter->does), (unsigned long long)other->line, does_name(other->does));
    }
    table_free(&seen);
}

void lexicons_inspect(const Lexicons *lexicons, const Language *language, CutText cut, void *cut_context, Findings *findings) {
    Arena keep = {0};
    Inspection inspection = {.lexicons = lexicons, .lexicon = &lexicons->lexicon[language->index], .findings = findings, .matcher = matcher_open(lexicons),
                             .sketcher = {.language = language, .cut = cut, .cut_context = cut_context, .keep = &keep}};
    matcher_explain(inspection.matcher, true);
    gather(&inspection);
    find_shifting(&inspection);
    for (size_t i = 0; i < inspection.count; i++) inspect_alone(&inspection, &inspection.facts[i]);
    inspect_pairs(&inspection);
    inspect_tests(&inspection);
    inspect_valence(&inspection);
    inspect_shifters(&inspection);
    inspect_regexes(&inspection);
    inspect_stems(&inspection);
    matcher_close(inspection.matcher);
    arena_free(&inspection.scratch);
    arena_free(&inspection.sketcher.scratch);
    arena_free(&keep);
}
