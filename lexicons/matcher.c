/* matcher — one response: which terms occur, which rules they call up, what those match. */
#include "matching.h"

enum { MATCH_LIMIT = 200000, HEAP_LIMIT_KB = 4096, JIT_STACK_BYTES = 256 * 1024 };
enum { BLOCK_TOKENS = 128 };

static size_t words_of(size_t bits) { return bits / 64 + 1; }

static Bits bits_new(const Lexicon *lexicon) {
    size_t terms = words_of(lexicon->term_count), groups = words_of(lexicon->group_count), rules = words_of(lexicon->rule_count);
    size_t bytes = (terms + 2 * groups + rules) * sizeof(uint64_t);
    Bits bits = {.terms = memset(memory_alloc(bytes), 0, bytes)};
    bits.groups = bits.terms + terms;
    bits.several = bits.groups + groups;
    bits.rules = bits.several + groups;
    return bits;
}

static void add_language(Matcher *matcher, const Lexicon *lexicon) {
    size_t index = lexicon->language->index;
    matcher->states[index] = memory_alloc(lexicon->term_count * sizeof(TermState));
    matcher->bits[index] = bits_new(lexicon);
    matcher->group_firsts[index] = memory_alloc(lexicon->group_count * sizeof(uint32_t));
}

static Matcher *open_empty(const Lexicons *lexicons) {
    Matcher *matcher = memory_alloc(sizeof *matcher);
    *matcher = (Matcher){.lexicons = lexicons, .block_tokens = BLOCK_TOKENS};
    matcher->match_data = pcre2_match_data_create(8, NULL);
    matcher->match_context = pcre2_match_context_create(NULL);
    matcher->jit_stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK_BYTES, NULL);
    pcre2_set_match_limit(matcher->match_context, MATCH_LIMIT);
    pcre2_set_heap_limit(matcher->match_context, HEAP_LIMIT_KB);
    pcre2_jit_stack_assign(matcher->match_context, NULL, matcher->jit_stack);
    return matcher;
}

Matcher *matcher_open_alone(const Lexicons *lexicons, const Lexicon *lexicon) {
    Matcher *matcher = open_empty(lexicons);
    add_language(matcher, lexicon);
    return matcher;
}

Matcher *matcher_open(const Lexicons *lexicons) {
    Matcher *matcher = open_empty(lexicons);
    for (size_t i = 0; i < lexicons->settings.language_count; i++)
        if (lexicons->lexicon[i].loaded) add_language(matcher, &lexicons->lexicon[i]);
    return matcher;
}

void matcher_close(Matcher *matcher) {
    if (!matcher) return;
    for (size_t i = 0; i < LANGUAGES_MAX; i++) memory_free(matcher->states[i]), memory_free(matcher->bits[i].terms), memory_free(matcher->group_firsts[i]);
    pcre2_match_data_free(matcher->match_data);
    pcre2_match_context_free(matcher->match_context);
    pcre2_jit_stack_free(matcher->jit_stack);
    memory_free(matcher->entries);
    memory_free(matcher->known);
    memory_free(matcher->limits);
    memory_free(matcher);
}

void matcher_clear(Matcher *matcher) {
    matcher->entry_count = 0;
    matcher->known_count = 0;
}

void matcher_explain(Matcher *matcher, bool on) { matcher->explain = on; }

const Step *matcher_steps(const Matcher *matcher, size_t *count) {
    *count = matcher->step_count;
    return matcher->steps;
}

const uint32_t *matcher_matched(const Matcher *matcher, size_t *count) {
    *count = matcher->matched_count;
    return matcher->matched;
}

const Limit *matcher_limits(const Matcher *matcher, size_t *count) {
    *count = matcher->limit_count;
    return matcher->limits;
}

void matcher_day(Matcher *matcher, int32_t day) { matcher->day = day; }

void matcher_step(Matcher *matcher, Step step) {
    if (matcher->explain) *ARENA_PUSH(matcher->scratch, matcher->steps, matcher->step_count, matcher->step_capacity) = step;
}

/* ---- words: looked up once, when first seen ---- */

/* Takes a term into the entry; the highest rank with a valence gives the word its own. */
static void know(Matcher *matcher, Entry *entry, uint32_t number, uint8_t *rank) {
    const Term *term = &matcher->lexicon->terms[number];
    if (term->valence && term->rank >= *rank) {
        entry->valence = term->valence;
        *rank = term->rank;
    }
    if (!term->used && !term->linked) return;
    for (uint32_t i = 0; i < entry->term_count; i++)
        if (matcher->known[entry->first_term + i].term == number) return; /* by another of its forms */
    if (matcher->known_count == matcher->known_capacity) {
        matcher->known_capacity = matcher->known_capacity ? 2 * matcher->known_capacity : 4096;
        matcher->known = memory_resize(matcher->known, matcher->known_capacity * sizeof *matcher->known);
    }
    uint32_t node = term->linked ? trie_step(matcher->lexicon, TRIE_ROOT, number + 1) : NO_TERM;
    matcher->known[matcher->known_count++] = (Known){number, node, node == NO_TERM ? 0 : matcher->lexicon->node_nexts[node]};
    entry->term_count++;
}

/* What the form, cut to the globs of one chain, may be. */
static void know_chain(Matcher *matcher, Entry *entry, uint32_t number, Span form, bool bare, uint8_t *rank) {
    const Lexicon *lexicon = matcher->lexicon;
    uint64_t bytes = bytes_of(form);
    for (; number != NO_TERM; number = lexicon->globs[number].next) {
        const Glob *glob = &lexicon->globs[number];
        if (glob->bytes & ~bytes || (glob->bare && !bare)) continue;
        if (glob_matches(glob->pattern, form)) know(matcher, entry, glob->term, rank);
    }
}

static void know_globs(Matcher *matcher, Entry *entry, Span form, bool bare, uint8_t *rank) {
    const Lexicon *lexicon = matcher->lexicon;
    for (uint32_t len = 1; len < 32 && len <= form.len && lexicon->glob_lengths >> len; len++) {
        if (!(lexicon->glob_lengths >> len & 1)) continue;
        uint32_t number = table_get(&lexicon->glob_starts, (Span){form.data, len});
        if (number != TABLE_NONE) know_chain(matcher, entry, number, form, bare, rank);
    }
    know_chain(matcher, entry, lexicon->open_glob, form, bare, rank);
}

/* `bare`: the form has no accents, and stands for those of rules that have. */
static void know_form(Matcher *matcher, Entry *entry, Span form, Span stem, bool exact, bool bare, uint8_t *rank) {
    const Lexicon *lexicon = matcher->lexicon;
    uint32_t number = table_get(&lexicon->stems, stem);
    if (number != TABLE_NONE) know(matcher, entry, number, rank);
    number = exact ? table_get(&lexicon->forms, form) : TABLE_NONE;
    if (number != TABLE_NONE) know(matcher, entry, number, rank);
    number = bare ? table_get(&lexicon->bare_stems, stem) : TABLE_NONE;
    if (number != TABLE_NONE)
        for (; number != NO_TERM; number = lexicon->bares[number].next)
            if (lexicon->bares[number].term != NO_TERM) know(matcher, entry, lexicon->bares[number].term, rank);
    know_globs(matcher, entry, form, bare, rank);
}

static bool is_known(const Entry *entry) { return entry->term_count || entry->valence; }

/* f*ck, f#ck: what the first word of the list that fits is, a sign being any letters. */
static void know_masked(Matcher *matcher, Entry *entry, Span form, uint8_t *rank) {
    const Lexicon *lexicon = matcher->lexicon;
    char glob[64];
    if (form.len > sizeof glob || (!memchr(form.data, '*', form.len) && !memchr(form.data, '#', form.len))) return;
    for (size_t i = 0; i < form.len; i++) glob[i] = form.data[i] == '#' ? '*' : form.data[i];
    for (size_t i = 0; i < lexicon->masked_count; i++)
        if (glob_matches((Span){glob, form.len}, lexicon->masked[i].folded)) {
            know_form(matcher, entry, lexicon->masked[i].folded, lexicon->masked[i].stem, true, false, rank);
            return;
        }
}

/* One reading after the other until one is known. */
static void know_forms(Matcher *matcher, Entry *entry, const Form *form, uint8_t *rank) {
    const Lexicon *lexicon = matcher->lexicon;
    for (; form && !is_known(entry); form = form->next) {
        know_form(matcher, entry, form->folded, form->stem, true, !form->plain.len, rank);
        if (form->plain.len && lexicon->language->folds & FOLD_ACCENTS && table_get(&lexicon->distinct, form->stem) == TABLE_NONE)
            know_form(matcher, entry, form->plain, form->plain_stem, false, true, rank);
        if (!is_known(entry)) know_masked(matcher, entry, form->folded, rank);
    }
}

static void know_cased(Matcher *matcher, Entry *entry, const Word *word, uint8_t *rank) {
    char key[64] = "=";
    if (!(word->kind & (WORD_CAPITAL | WORD_SHOUT)) || word->surface.len >= sizeof key) return;
    memcpy(key + 1, word->surface.data, word->surface.len);
    uint32_t number = table_get(&matcher->lexicon->cased, (Span){key, word->surface.len + 1});
    if (number != TABLE_NONE) know(matcher, entry, number, rank);
}

static void know_shapes(Matcher *matcher, Entry *entry, const Word *word, uint8_t *rank) {
    static const uint16_t kinds[SHAPE_COUNT] = {WORD_NUMBER, WORD_MONEY, WORD_TIME, WORD_DATE, WORD_EMOJI, WORD_LINK};
    bool only_number = !(word->kind & (WORD_MONEY | WORD_TIME | WORD_DATE));
    for (int i = 0; i < SHAPE_COUNT; i++)
        if (word->kind & kinds[i] && (i != SHAPE_NUMBER || only_number) && matcher->lexicon->shape_terms[i] != NO_TERM) know(matcher, entry, matcher->lexicon->shape_terms[i], rank);
}

static void word_look_up(Matcher *matcher, Word *word) {
    const Lexicon *lexicon = matcher->lexicon;
    if (matcher->entry_count == matcher->entry_capacity) {
        matcher->entry_capacity = matcher->entry_capacity ? 2 * matcher->entry_capacity : 4096;
        matcher->entries = memory_resize(matcher->entries, matcher->entry_capacity * sizeof *matcher->entries);
    }
    word->entry = (uint32_t)matcher->entry_count++;
    Entry *entry = &matcher->entries[word->entry];
    *entry = (Entry){.first_term = (uint32_t)matcher->known_count, .node = NO_TERM};
    uint8_t rank = 0;
    if (lexicon->language->characters) {
        uint32_t unit = table_get(&lexicon->units, word->form->folded);
        entry->unit = unit == TABLE_NONE ? 0 : unit;
        if (entry->unit) entry->node = trie_step(lexicon, TRIE_ROOT, entry->unit);
        if (entry->node != NO_TERM) entry->nexts = lexicon->node_nexts[entry->node];
    } else {
        know_forms(matcher, entry, word->form, &rank);
        know_cased(matcher, entry, word, &rank);
    }
    if (lexicon->language->characters && !(word->kind & WORD_CHARACTER)) know_globs(matcher, entry, word->form->folded, true, &rank);
    know_shapes(matcher, entry, word, &rank);
}

/* ---- terms in their places ---- */

/* The first time that a term occurs in a response: groups it belongs to are there, rules filed under it are called. */
static void call_rules(Matcher *matcher, uint32_t number) {
    const Term *term = &matcher->lexicon->terms[number];
    for (uint32_t i = 0; i < term->group_count; i++) {
        uint32_t group = matcher->lexicon->term_groups[term->first_group + i];
        if (bit_get(matcher->set.groups, group)) {
            bit_set(matcher->set.several, group);
        } else {
            bit_set(matcher->set.groups, group);
            matcher->group_first[group] = number;
        }
    }
    for (uint32_t i = 0; i < term->rule_count; i++) {
        uint32_t rule = matcher->lexicon->term_rules[term->first_rule + i];
        if (bit_get(matcher->set.rules, rule)) continue;
        bit_set(matcher->set.rules, rule);
        *ARENA_PUSH(matcher->scratch, matcher->candidates, matcher->candidate_count, matcher->candidate_capacity) = rule;
    }
}

static void term_occurs(Matcher *matcher, uint32_t number, uint32_t first, uint32_t last) {
    TermState *state = &matcher->state[number];
    uint32_t at = (uint32_t)matcher->occurrence_count;
    *ARENA_PUSH(matcher->scratch, matcher->occurrences, matcher->occurrence_count, matcher->occurrence_capacity) =
        (Occurrence){{first, last}, number, NO_TERM};
    if (bit_get(matcher->set.terms, number)) {
        matcher->occurrences[state->last].next = at;
        state->last = at;
        return;
    }
    bit_set(matcher->set.terms, number);
    *state = (TermState){at, at};
    *ARENA_PUSH(matcher->scratch, matcher->present, matcher->present_count, matcher->present_capacity) = number;
    call_rules(matcher, number);
}

static void valence_occurs(Matcher *matcher, uint32_t first, uint32_t last, int value, const Rule *rule) {
    if (matcher->parted && !rule) return; /* it will occur again in the whole */
    *ARENA_PUSH(matcher->scratch, matcher->valences, matcher->valence_count, matcher->valence_capacity) = (Valence){.at = {first, last}, .base = value, .value = value, .rule = rule, .shown = {first, last}};
}

/* Terms that are runs of characters: a walk down the trie from each token. A run inside a word listed as whole is none. */
static void find_runs(Matcher *matcher, uint32_t first, const Entry *start, uint32_t *whole_end) {
    const Lexicon *lexicon = matcher->lexicon;
    const Tokens *tokens = matcher->tokens;
    struct {
        uint32_t term, last;
    } runs[64];
    size_t count = 0;
    uint32_t held = *whole_end; /* tokens before it lie in a whole that began earlier */
    uint32_t whole_last = 0;
    bool whole = false;
    uint32_t node = start->node;
    for (uint32_t last = first; node != NO_TERM && count < 64;) {
        uint32_t term = lexicon->node_terms[node];
        if (term != NO_TERM) {
            runs[count].term = term;
            runs[count++].last = last;
            if (lexicon->terms[term].whole && last + 1 > held) whole = true, whole_last = last;
        }
        if (++last >= tokens->count || tokens->items[last].sentence != tokens->items[first].sentence) break;
        uint32_t unit = matcher->entries[tokens->words[tokens->items[last].word].entry].unit;
        if (!may_follow(node == start->node ? start->nexts : lexicon->node_nexts[node], unit)) break;
        node = trie_step(lexicon, node, unit);
    }
    int valence = 0;
    uint32_t valence_last = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t piece = lexicon->terms[runs[i].term].piece;
        if (piece != NO_TERM) term_occurs(matcher, piece, first, runs[i].last);
        if (runs[i].last < held && held > first) continue;
        if (whole && runs[i].last < whole_last) continue;
        const Term *term = &lexicon->terms[runs[i].term];
        if (term->used) term_occurs(matcher, runs[i].term, first, runs[i].last);
        if (term->valence) valence = term->valence, valence_last = runs[i].last;
    }
    if (valence) valence_occurs(matcher, first, valence_last, valence, NULL);
    if (whole) *whole_end = whole_last + 1;
}

/* Goes on with the compounds in the making, and begins those that begin here. */
static void find_compounds(Matcher *matcher, uint32_t token, const Entry *entry) {
    const Lexicon *lexicon = matcher->lexicon;
    const Token *tokens = matcher->tokens->items;
    if (token && tokens[token].sentence != tokens[token - 1].sentence) matcher->started_count = 0;
    Started next[STARTED_MAX];
    size_t count = 0;
    for (uint32_t i = 0; i < entry->term_count; i++) {
        Known known = matcher->known[entry->first_term + i];
        if (!lexicon->terms[known.term].linked) continue;
        for (size_t j = 0; j < matcher->started_count; j++) {
            if (!may_follow(matcher->started[j].nexts, known.term + 1)) continue;
            uint32_t node = trie_step(lexicon, matcher->started[j].node, known.term + 1);
            if (node == NO_TERM) continue;
            uint32_t first = matcher->started[j].first, term = lexicon->node_terms[node];
            if (term != NO_TERM && lexicon->terms[term].used) term_occurs(matcher, term, first, token);
            if (term != NO_TERM && lexicon->terms[term].valence) valence_occurs(matcher, first, token, lexicon->terms[term].valence, NULL);
            if (count < STARTED_MAX) next[count++] = (Started){node, first, lexicon->node_nexts[node]};
        }
        if (known.node != NO_TERM && count < STARTED_MAX) next[count++] = (Started){known.node, token, known.nexts};
    }
    memcpy(matcher->started, next, count * sizeof *next);
    matcher->started_count = count;
}

static void look_up(Matcher *matcher) {
    const Tokens *tokens = matcher->tokens;
    for (size_t i = 0; i < tokens->count; i++) {
        Word *word = &tokens->words[tokens->items[i].word];
        if (word->entry == WORD_NEW) word_look_up(matcher, word);
        __builtin_prefetch(&matcher->entries[word->entry]); /* used in the next loop; they lie anywhere in megabytes */
    }
}

/* The terms of the sentences first .. last, which become the block. */
static void find_terms(Matcher *matcher, uint32_t first, uint32_t end) {
    const Tokens *tokens = matcher->tokens;
    uint32_t whole_end = 0;
    matcher->block = (Match){first, end - 1};
    matcher->started_count = 0;
    for (uint32_t i = first; i < end; i++) {
        const Entry entry = matcher->entries[tokens->words[tokens->items[i].word].entry];
        for (uint32_t j = 0; j < entry.term_count; j++) {
            uint32_t term = matcher->known[entry.first_term + j].term;
            if (matcher->lexicon->terms[term].used) term_occurs(matcher, term, i, i);
        }
        if (matcher->lexicon->node_count && !matcher->lexicon->language->characters) find_compounds(matcher, i, &entry);
        if (entry.valence) valence_occurs(matcher, i, i, entry.valence, NULL);
        if (entry.node != NO_TERM) find_runs(matcher, i, &entry, &whole_end);
    }
}

/* ---- rules ---- */

static uint32_t sentence_of(const Matcher *matcher, uint32_t token) { return matcher->tokens->items[token].sentence; }

/* The first token whose sentence is at least `sentence`. */
static uint32_t sentence_start(const Matcher *matcher, uint32_t sentence) {
    uint32_t low = 0, high = (uint32_t)matcher->tokens->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (sentence_of(matcher, middle) < sentence) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Where an `unless` counts for a match: its unit, or what of it is near enough. */
static Match unless_reach(const Matcher *matcher, const Rule *rule, Match match) {
    Match unit = {0, (uint32_t)matcher->tokens->count - 1};
    if (!rule->response) unit = (Match){sentence_start(matcher, sentence_of(matcher, match.first)), sentence_start(matcher, sentence_of(matcher, match.last) + 1) - 1};
    if (rule->within == NO_LIMIT) return unit;
    uint32_t reach = rule->within + 1;
    if (match.first > reach + unit.first) unit.first = match.first - reach;
    if (match.last + reach < unit.last) unit.last = match.last + reach;
    return unit;
}

/* Unless — matches of a rule's `unless`, sorted by first; and by each the last token that it or one before it holds. */
typedef struct {
    Matches matches;
    uint32_t *ends;
    bool asked;
    bool always; /* it matches somewhere, and that is enough */
} Unless;

static Unless find_unless(Matcher *matcher, const Rule *rule) {
    Unless unless = {.asked = true};
    if (rule->unless_op == NO_OP || !op_present(matcher, rule->unless_op)) return unless;
    if (rule->response && rule->within == NO_LIMIT) {
        unless.always = op_matches_at_all(matcher, rule->unless_op);
        return unless;
    }
    unless.matches = op_matches(matcher, rule->unless_op, rule->response);
    unless.ends = arena_alloc(matcher->scratch, unless.matches.count * sizeof *unless.ends);
    uint32_t end = 0;
    for (size_t i = 0; i < unless.matches.count; i++) unless.ends[i] = end = unless.matches.items[i].last > end ? unless.matches.items[i].last : end;
    return unless;
}

static bool excluded(const Matcher *matcher, const Rule *rule, const Unless *unless, Match match) {
    if (!unless->matches.count) return unless->always;
    Match reach = unless_reach(matcher, rule, match);
    size_t low = 0, high = unless->matches.count; /* how many begin in reach or before it */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (unless->matches.items[middle].first <= reach.last) low = middle + 1;
        else high = middle;
    }
    return low && unless->ends[low - 1] >= reach.first;
}

static void reason_found(Matcher *matcher, const Rule *rule, const Unless *unless, Found found) {
    bool out = excluded(matcher, rule, unless, found.at);
    matcher_step(matcher, (Step){.kind = out ? STEP_UNLESS : STEP_RULE, .rule = rule->id, .first = found.at.first, .last = found.at.last, .value = rule->pole});
    if (!out) *ARENA_PUSH(matcher->scratch, matcher->found, matcher->found_count, matcher->found_capacity) = found;
}

/* Bytes that hold no token ("-", ":)" as punctuation) are shown all the same, in the place of the token that follows. */
static void find_regex_rule(Matcher *matcher, const Rule *rule) {
    const Regex *regex = &matcher->lexicon->regexes[matcher->lexicon->ops[rule->op].number];
    const Tokens *tokens = matcher->tokens;
    Unless unless = {0};
    for (RegexMatch match = {0}; regex_next(matcher, regex, &match);) {
        if (!unless.asked) unless = find_unless(matcher, rule);
        uint32_t first = match.token < tokens->count ? (uint32_t)match.token : tokens->count ? (uint32_t)tokens->count - 1 : 0, last = first;
        while (last + 1 < tokens->count && tokens->items[last + 1].start < match.end) last++;
        reason_found(matcher, rule, &unless, (Found){.at = {first, last}, .shown = {first, last}, .rule = rule, .start = (uint32_t)match.start, .end = (uint32_t)match.end, .pole = rule->pole});
    }
}

static void find_reason(Matcher *matcher, const Rule *rule) {
    if (is_regex(matcher, rule)) {
        find_regex_rule(matcher, rule);
        return;
    }
    Matches matches = op_matches(matcher, rule->op, rule->response);
    Unless unless = matches.count ? find_unless(matcher, rule) : (Unless){0};
    for (size_t i = 0; i < matches.count; i++) reason_found(matcher, rule, &unless, (Found){.at = matches.items[i], .shown = matches.items[i], .rule = rule, .pole = rule->pole});
}

static void find_shifter(Matcher *matcher, const Rule *rule) {
    Matches matches = op_matches(matcher, rule->op, false);
    for (size_t i = 0; i < matches.count; i++)
        *ARENA_PUSH(matcher->scratch, matcher->shifts, matcher->shift_count, matcher->shift_capacity) = (Shift){.at = matches.items[i], .rule = rule};
}

static void find_phrase(Matcher *matcher, const Rule *rule) {
    Matches matches = op_matches(matcher, rule->op, false);
    for (size_t i = 0; i < matches.count; i++) valence_occurs(matcher, matches.items[i].first, matches.items[i].last, rule->by, rule);
}

static bool needs_met(const Matcher *matcher, const Rule *rule) {
    for (uint32_t i = 0; i < rule->need_count; i++)
        if (!bit_get(matcher->set.groups, rule->needs[i])) return false;
    return true;
}

static void count_limit(Matcher *matcher, const Rule *rule) {
    const Language *language = matcher->lexicon->language;
    uint32_t number = (uint32_t)(rule - matcher->lexicon->rules);
    matcher_step(matcher, (Step){.kind = STEP_LIMIT, .rule = rule->id, .last = matcher->tokens->count ? (uint32_t)matcher->tokens->count - 1 : 0});
    for (size_t i = 0; i < matcher->limit_count; i++) {
        Limit *limit = &matcher->limits[i];
        if (limit->language != language || limit->rule != number) continue;
        limit->responses++;
        return;
    }
    if (matcher->limit_count == matcher->limit_capacity) {
        matcher->limit_capacity = matcher->limit_capacity ? 2 * matcher->limit_capacity : 16;
        matcher->limits = memory_resize(matcher->limits, matcher->limit_capacity * sizeof *matcher->limits);
    }
    matcher->limits[matcher->limit_count++] = (Limit){language, number, 1};
}

static bool counts_now(const Matcher *matcher, const Rule *rule, Role role) {
    return rule->roles >> role & 1 && (matcher->day == DAY_NONE || (matcher->day >= rule->since && matcher->day < rule->until));
}

/* A rule with a regex that gave up has said nothing: what it found before is dropped. */
static void try_rule(Matcher *matcher, uint32_t number, Role role) {
    const Rule *rule = &matcher->lexicon->rules[number];
    if (rule->kind == RULE_QUESTION || (matcher->parted && rule->far) || !needs_met(matcher, rule) || (rule->kind == RULE_REASON && !counts_now(matcher, rule, role)) || !op_present(matcher, rule->op)) return;
    size_t found = matcher->found_count, shifts = matcher->shift_count, valences = matcher->valence_count;
    if (rule->kind == RULE_REASON) find_reason(matcher, rule);
    else if (rule->kind == RULE_SHIFTER) find_shifter(matcher, rule);
    else find_phrase(matcher, rule);
    if (!matcher->gave_up) return;
    matcher->gave_up = false;
    matcher->found_count = found, matcher->shift_count = shifts, matcher->valence_count = valences;
    count_limit(matcher, rule);
}

static void begin(Matcher *matcher, const Tokens *tokens, Arena *scratch) {
    uint32_t language = tokens->language->index;
    matcher->lexicon = &matcher->lexicons->lexicon[language];
    matcher->state = matcher->states[language];
    matcher->set = matcher->bits[language];
    matcher->group_first = matcher->group_firsts[language];
    matcher->tokens = tokens;
    matcher->scratch = scratch;
    matcher->occurrences = NULL, matcher->occurrence_count = matcher->occurrence_capacity = 0;
    matcher->spared = 0;
    matcher->gave_up = false;
    matcher->parted = false;
    matcher->present = NULL, matcher->present_count = matcher->present_capacity = 0;
    matcher->candidates = NULL, matcher->candidate_count = matcher->candidate_capacity = 0;
    matcher->shifts = NULL, matcher->shift_count = matcher->shift_capacity = 0;
    matcher->valences = NULL, matcher->valence_count = matcher->valence_capacity = 0;
    matcher->found = NULL, matcher->found_count = matcher->found_capacity = 0;
    matcher->steps = NULL, matcher->step_count = matcher->step_capacity = 0;
    look_up(matcher);
}

/* Takes back what call_rules set, bit by bit: the sets of 100,000 rules are longer than most responses. */
static void forget_terms(Matcher *matcher) {
    for (size_t i = 0; i < matcher->present_count; i++) {
        const Term *term = &matcher->lexicon->terms[matcher->present[i]];
        const uint32_t *groups = matcher->lexicon->term_groups + term->first_group;
        matcher->set.terms[matcher->present[i] >> 6] = 0;
        for (uint32_t j = 0; j < term->group_count; j++) matcher->set.groups[groups[j] >> 6] = matcher->set.several[groups[j] >> 6] = 0;
    }
    for (size_t i = 0; i < matcher->candidate_count; i++) matcher->set.rules[matcher->candidates[i] >> 6] = 0;
    matcher->occurrence_count = matcher->present_count = matcher->candidate_count = 0;
}

void find_only_terms(Matcher *matcher, const Tokens *tokens, Arena *scratch) {
    begin(matcher, tokens, scratch);
    find_terms(matcher, 0, (uint32_t)tokens->count);
    size_t count = matcher->occurrence_count;
    forget_terms(matcher);
    matcher->occurrence_count = count;
}

/* A rule costs what its words occur, common ones too, and in a long response all rules are called: so it is matched some sentences at a time, each with the
 * rules that they call. Then only what looks farther is left for the whole. */
static bool try_blocks(Matcher *matcher, Role role) {
    uint32_t count = (uint32_t)matcher->tokens->count, size = matcher->block_tokens;
    if (count / 2 <= size) return false;
    matcher->parted = true;
    for (uint32_t first = 0, end; first < count; first = end) {
        end = count - first <= size ? count : sentence_start(matcher, sentence_of(matcher, first + size - 1) + 1);
        find_terms(matcher, first, end);
        for (size_t i = 0; i < matcher->candidate_count; i++) try_rule(matcher, matcher->candidates[i], role);
        forget_terms(matcher);
    }
    matcher->parted = false;
    return true;
}

static void keep_matched(Matcher *matcher) {
    matcher->matched_count = matcher->found_count;
    matcher->matched = arena_alloc(matcher->scratch, matcher->found_count * sizeof *matcher->matched);
    for (size_t i = 0; i < matcher->found_count; i++) matcher->matched[i] = (uint32_t)(matcher->found[i].rule - matcher->lexicon->rules);
}

void matcher_run(Matcher *matcher, const Tokens *tokens, Role role, Result *result, Arena *scratch) {
    *result = (Result){.role = role};
    begin(matcher, tokens, scratch);
    bool only_far = try_blocks(matcher, role);
    find_terms(matcher, 0, (uint32_t)tokens->count);
    for (size_t i = 0; i < matcher->lexicon->always_count; i++) try_rule(matcher, matcher->lexicon->always[i], role);
    if (sieve_passes(matcher))
        for (size_t i = 0; i < matcher->lexicon->sifted_count; i++) try_rule(matcher, matcher->lexicon->sifted[i], role);
    for (size_t i = 0; i < matcher->candidate_count; i++)
        if (!only_far || matcher->lexicon->rules[matcher->candidates[i]].far) try_rule(matcher, matcher->candidates[i], role);
    matcher->matched_count = 0;
    if (matcher->explain) keep_matched(matcher);
    find_shifts(matcher);
    find_valences(matcher);
    shift_valences(matcher);
    judge(matcher, role, result);
    result->score = sentiment_of(matcher, role, result);
    forget_terms(matcher);
}

bool matcher_role(Matcher *matcher, const Tokens *question, Role *role, Arena *scratch) {
    begin(matcher, question, scratch);
    find_terms(matcher, 0, (uint32_t)question->count);
    uint8_t seen = 0;
    for (size_t i = 0; i < matcher->candidate_count; i++) {
        const Rule *rule = &matcher->lexicon->rules[matcher->candidates[i]];
        if (rule->kind == RULE_QUESTION && op_present(matcher, rule->op) && op_matches(matcher, rule->op, true).count) seen |= (uint8_t)(1u << rule->role);
    }
    forget_terms(matcher);
    if (!seen) return false;
    *role = seen >> ROLE_COULD_IMPROVE & 1 ? ROLE_COULD_IMPROVE : seen >> ROLE_WHAT_GOOD & 1 ? ROLE_WHAT_GOOD : ROLE_OPEN;
    return true;
}
