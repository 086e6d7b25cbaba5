/* evaluate — all matches of a rule's tree. Each operator takes sorted lists to a sorted list in time linear in them but for the sorting; a left match of
 * NEAR or AND pairs with one right match only, which is what keeps long responses cheap. */
#include "base/sort.h"

#include "matching.h"

static void add(Matcher *matcher, Matches *matches, uint32_t first, uint32_t last) {
    *ARENA_PUSH(matcher->scratch, matches->items, matches->count, matches->capacity) = (Match){first, last};
}

static int by_place(const void *left, const void *right) {
    const Match *a = left, *b = right;
    if (a->first != b->first) return a->first < b->first ? -1 : 1;
    return (a->last > b->last) - (a->last < b->last);
}

/* Of those that end at one place the shortest comes last: it is the one that NEAR takes. */
static int by_end(const void *left, const void *right) {
    const Match *a = left, *b = right;
    if (a->last != b->last) return a->last < b->last ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static void sort_unique(Matches *matches) {
    bool sorted = true;
    for (size_t i = 1; i < matches->count && sorted; i++) sorted = by_place(&matches->items[i - 1], &matches->items[i]) < 0;
    if (sorted) return;
    sort_items(matches->items, matches->count, sizeof *matches->items, by_place);
    size_t kept = 0;
    for (size_t i = 0; i < matches->count; i++)
        if (!kept || by_place(&matches->items[kept - 1], &matches->items[i])) matches->items[kept++] = matches->items[i];
    matches->count = kept;
}

static bool same_unit(const Matcher *matcher, uint32_t a, uint32_t b, bool response) {
    return response || matcher->tokens->items[a].sentence == matcher->tokens->items[b].sentence;
}

/* The first match whose `first` is at least `token`. */
static size_t lower_bound(const Matches *matches, uint32_t token) {
    size_t low = 0, high = matches->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (matches->items[middle].first < token) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* How many matches end before `token`, in a list sorted by end. */
static size_t ends_before(const Matches *ends, uint32_t token) {
    size_t low = 0, high = ends->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ends->items[middle].last < token) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Occurrences lie in the order in which they were found: a run of characters at its first token, all others at their last. */
static uint32_t found_at(const Matcher *matcher, const Occurrence *occurrence) {
    return matcher->lexicon->language->characters ? occurrence->at.first : occurrence->at.last;
}

/* Those inside the stretch that is looked at, without the hidden words; no more of the text is touched. */
static void add_spared(Matcher *matcher, uint32_t term, Matches *matches) {
    size_t low = 0, high = matcher->occurrence_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (found_at(matcher, &matcher->occurrences[middle]) < matcher->within.first) low = middle + 1;
        else high = middle;
    }
    for (; low < matcher->occurrence_count && found_at(matcher, &matcher->occurrences[low]) <= matcher->within.last; low++) {
        const Occurrence *occurrence = &matcher->occurrences[low];
        bool inside_it = occurrence->at.first >= matcher->within.first && occurrence->at.last <= matcher->within.last;
        if (occurrence->term == term && inside_it && !overlap(occurrence->at, matcher->hidden)) add(matcher, matches, occurrence->at.first, occurrence->at.last);
    }
}

static void add_occurrences(Matcher *matcher, uint32_t term, Matches *matches) {
    if (matcher->hiding) {
        add_spared(matcher, term, matches);
        return;
    }
    for (uint32_t i = matcher->state[term].first; i != NO_TERM; i = matcher->occurrences[i].next) add(matcher, matches, matcher->occurrences[i].at.first, matcher->occurrences[i].at.last);
}

static Matches term_matches(Matcher *matcher, uint32_t term) {
    Matches matches = {0};
    if (bit_get(matcher->set.terms, term)) add_occurrences(matcher, term, &matches);
    return matches;
}

static Matches any_matches(Matcher *matcher) {
    Matches matches = {0};
    Match within = matcher->hiding ? matcher->within : matcher->block;
    for (uint32_t i = within.first; i <= within.last && i < matcher->tokens->count; i++) add(matcher, &matches, i, i);
    return matches;
}

/* Moves both ends outwards over wildcards at the borders of a phrase; false where there is no such token in the sentence. */
static bool widen(const Matcher *matcher, Match *match, uint32_t before, uint32_t after) {
    if (match->first < before || match->last + after >= matcher->tokens->count) return false;
    bool fine = same_unit(matcher, match->first - before, match->first, false) && same_unit(matcher, match->last, match->last + after, false);
    match->first -= before;
    match->last += after;
    return fine;
}

/* Side by side: never over the end of a sentence, whatever the unit. */
static Matches join(Matcher *matcher, const Matches *left, const Matches *right, uint32_t gap) {
    Matches joined = {0};
    for (size_t i = 0; i < left->count; i++) {
        uint32_t wanted = left->items[i].last + 1 + gap;
        for (size_t j = lower_bound(right, wanted); j < right->count && right->items[j].first == wanted; j++)
            if (same_unit(matcher, left->items[i].last, wanted, false)) add(matcher, &joined, left->items[i].first, right->items[j].last);
    }
    sort_unique(&joined);
    return joined;
}

static Matches phrase_matches(Matcher *matcher, const Op *op, bool response) {
    Matches so_far = {0};
    uint32_t before = 0, gap = 0;
    bool begun = false;
    for (size_t i = 0; i < op->count; i++) {
        if (matcher->lexicon->ops[op->first + i].kind == NODE_ANY) {
            if (begun) gap++;
            else before++;
            continue;
        }
        Matches next = op_matches(matcher, op->first + (uint32_t)i, response);
        so_far = begun ? join(matcher, &so_far, &next, gap) : next;
        if (!so_far.count) return so_far;
        begun = true;
        gap = 0;
    }
    if (!before && !gap) return so_far;
    Matches widened = {0};
    for (size_t i = 0; i < so_far.count; i++) {
        Match match = so_far.items[i];
        if (widen(matcher, &match, before, gap)) add(matcher, &widened, match.first, match.last);
    }
    return widened;
}

/* The pair of left and its nearest right match, the later on a tie: in "slow reply, slow service" each `slow` has its own. */
static bool nearest(Matcher *matcher, Match left, const Matches *right, const Matches *ends, const Op *op, uint32_t n, bool response, Match *pair) {
    uint32_t best = UINT32_MAX;
    size_t before = op->order == ORDER_FORWARD ? 0 : ends_before(ends, left.first);
    if (before) {
        Match other = ends->items[before - 1];
        uint32_t gap = left.first - other.last - 1;
        if (gap <= n && same_unit(matcher, other.first, left.last, response)) best = gap, *pair = (Match){other.first, left.last};
    }
    size_t after = op->order == ORDER_BACKWARD ? right->count : lower_bound(right, left.last + 1);
    if (after < right->count) {
        Match other = right->items[after];
        uint32_t gap = other.first - left.last - 1;
        if (gap <= n && gap <= best && same_unit(matcher, left.first, other.last, response)) best = gap, *pair = (Match){left.first, other.last};
    }
    return best != UINT32_MAX;
}

static Matches near_matches(Matcher *matcher, const Op *op, uint32_t n, bool response) {
    Matches left = op_matches(matcher, op->first + (uint32_t)0, response), pairs = {0};
    if (!left.count) return left;
    Matches right = op_matches(matcher, op->first + (uint32_t)1, response);
    if (!right.count) return right;
    Matches ends = {0};
    for (size_t i = 0; i < right.count; i++) add(matcher, &ends, right.items[i].first, right.items[i].last);
    bool sorted = true;
    for (size_t i = 1; i < ends.count && sorted; i++) sorted = by_end(&ends.items[i - 1], &ends.items[i]) < 0;
    if (!sorted) sort_items(ends.items, ends.count, sizeof *ends.items, by_end);
    for (size_t i = 0; i < left.count; i++) {
        Match pair;
        if (nearest(matcher, left.items[i], &right, &ends, op, n, response, &pair)) add(matcher, &pairs, pair.first, pair.last);
    }
    sort_unique(&pairs);
    return pairs;
}

static Matches either_matches(Matcher *matcher, const Op *op, bool response) {
    Matches all = {0};
    for (size_t i = 0; i < op->count; i++) {
        if (!op_present(matcher, op->first + (uint32_t)i)) continue;
        Matches one = op_matches(matcher, op->first + (uint32_t)i, response);
        for (size_t j = 0; j < one.count; j++) add(matcher, &all, one.items[j].first, one.items[j].last);
    }
    sort_unique(&all);
    return all;
}

/* The terms that occur are few, and each knows its groups, sorted: so a group of a hundred words costs no more than one of two. */
static bool in_group(const Lexicon *lexicon, const Term *term, uint32_t group) {
    const uint32_t *groups = lexicon->term_groups + term->first_group;
    uint32_t low = 0, high = term->group_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (groups[middle] < group) low = middle + 1;
        else high = middle;
    }
    return low < term->group_count && groups[low] == group;
}

static bool group_present(const Matcher *matcher, const Op *op) {
    if (op->number != NO_GROUP) return bit_get(matcher->set.groups, op->number);
    const uint32_t *terms = matcher->lexicon->group_terms + op->first;
    for (uint32_t i = 0; i < op->count; i++)
        if (bit_get(matcher->set.terms, terms[i])) return true;
    return false;
}

static Matches group_matches(Matcher *matcher, const Op *op) {
    Matches all = {0};
    if (op->number != NO_GROUP && !bit_get(matcher->set.groups, op->number)) return all;
    if (op->number != NO_GROUP && !bit_get(matcher->set.several, op->number)) { /* as nearly always */
        add_occurrences(matcher, matcher->group_first[op->number], &all);
        return all;
    }
    const uint32_t *terms = matcher->lexicon->group_terms + op->first;
    if (op->number == NO_GROUP || op->count <= 4 * matcher->present_count) {
        for (uint32_t i = 0; i < op->count; i++)
            if (bit_get(matcher->set.terms, terms[i])) add_occurrences(matcher, terms[i], &all);
    } else {
        for (size_t i = 0; i < matcher->present_count; i++)
            if (in_group(matcher->lexicon, &matcher->lexicon->terms[matcher->present[i]], op->number)) add_occurrences(matcher, matcher->present[i], &all);
    }
    sort_unique(&all);
    return all;
}

static Matches without_matches(Matcher *matcher, const Op *op, bool response) {
    Matches left = op_matches(matcher, op->first + (uint32_t)0, response), kept = {0};
    if (!left.count || !op_present(matcher, op->first + (uint32_t)1)) return left;
    Matches right = op_matches(matcher, op->first + (uint32_t)1, response);
    const Token *tokens = matcher->tokens->items;
    for (size_t i = 0, j = 0; i < left.count; i++) {
        uint32_t sentence = tokens[left.items[i].first].sentence;
        while (j < right.count && tokens[right.items[j].first].sentence < sentence) j++;
        bool there = response ? right.count > 0 : j < right.count && tokens[right.items[j].first].sentence == sentence;
        if (!there) add(matcher, &kept, left.items[i].first, left.items[i].last);
    }
    return kept;
}

/* All children in one stretch: the pointer that stands first moves on, so each step costs one. */
static Matches window_matches(Matcher *matcher, const Op *op, bool response) {
    Matches found = {0};
    Matches *lists = arena_alloc(matcher->scratch, op->count * sizeof *lists);
    size_t *at = arena_calloc(matcher->scratch, op->count, sizeof *at);
    for (size_t i = 0; i < op->count; i++) {
        lists[i] = op_matches(matcher, op->first + (uint32_t)i, response);
        if (!lists[i].count) return found;
    }
    for (;;) {
        size_t lowest = 0, clash = SIZE_MAX;
        uint32_t last = 0, own = 0;
        for (size_t i = 0; i < op->count; i++) {
            Match match = lists[i].items[at[i]];
            if (match.first < lists[lowest].items[at[lowest]].first) lowest = i;
            if (match.last > last) last = match.last;
            own += match.last - match.first + 1;
            for (size_t j = 0; j < i && clash == SIZE_MAX; j++)
                if (overlap(match, lists[j].items[at[j]])) clash = i;
        }
        uint32_t first = lists[lowest].items[at[lowest]].first;
        if (clash == SIZE_MAX && last - first + 1 <= own + op->n && same_unit(matcher, first, last, response)) add(matcher, &found, first, last);
        size_t next = clash == SIZE_MAX ? lowest : clash;
        if (++at[next] == lists[next].count) break;
    }
    sort_unique(&found);
    return found;
}

/* ---- regexes ---- */

bool sieve_passes(Matcher *matcher) {
    const Lexicon *lexicon = matcher->lexicon;
    if (!lexicon->sifted_count) return false;
    if (!lexicon->sieve.code) return true;
    Span text = matcher->tokens->text;
    /* At a limit the single patterns are asked: they have limits of their own. */
    return pcre2_match(lexicon->sieve.code, (PCRE2_SPTR)text.data, text.len, 0, PCRE2_NO_UTF_CHECK, matcher->match_data, matcher->match_context) != PCRE2_ERROR_NOMATCH;
}

bool regex_possible(const Matcher *matcher, const Regex *regex) {
    for (size_t i = 0; i < regex->term_count; i++)
        if (bit_get(matcher->set.terms, regex->terms[i])) return true;
    return !regex->term_count;
}

/* Behind the text that a regex may see. */
static size_t text_end(const Matcher *matcher) {
    const Tokens *tokens = matcher->tokens;
    return matcher->hiding ? tokens->items[matcher->within.last].end : tokens->text.len;
}

/* The first match that begins at `from` or later; PCRE2's code. A long text is searched by stretches: else each place in it might cost as much as all that
 * follows. A pattern that begins with ^ is tried at one place only. PCRE2_NOTEMPTY: an empty match proves nothing, but that a text is empty. */
static int regex_seek(Matcher *matcher, const Regex *regex, size_t from) {
    const char *text = matcher->tokens->text.data;
    size_t len = text_end(matcher);
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(matcher->match_data);
    for (;; from += REGEX_BYTES) {
        while (from < len && ((unsigned char)text[from] & 0xc0) == 0x80) from++;
        size_t end = regex->anchored || len - from <= 2 * REGEX_BYTES ? len : from + 2 * REGEX_BYTES;
        while (end < len && ((unsigned char)text[end] & 0xc0) == 0x80) end--;
        uint32_t options = PCRE2_NO_UTF_CHECK | (len ? PCRE2_NOTEMPTY : 0) | (end < matcher->tokens->text.len ? PCRE2_NOTEOL : 0);
        int code = pcre2_match(regex->code, (PCRE2_SPTR)text, end, from, options, matcher->match_data, matcher->match_context);
        bool early = code >= 0 && ends[0] < from + REGEX_BYTES; /* what begins later may be longer than is seen from here */
        if (end == len || early || (code < 0 && code != PCRE2_ERROR_NOMATCH)) return code;
    }
}

bool regex_next(Matcher *matcher, const Regex *regex, RegexMatch *match) {
    const Tokens *tokens = matcher->tokens;
    size_t len = text_end(matcher);
    if (match->from && match->from >= len) return false;
    int code = regex_seek(matcher, regex, match->from);
    if (code == PCRE2_ERROR_MATCHLIMIT || code == PCRE2_ERROR_JIT_STACKLIMIT || code == PCRE2_ERROR_DEPTHLIMIT || code == PCRE2_ERROR_HEAPLIMIT) matcher->gave_up = true;
    if (code < 0) return false;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(matcher->match_data);
    if (ends[0] > ends[1] || (len && ends[1] <= match->from)) return false; /* \K in a lookaround */
    match->start = ends[0];
    match->end = ends[1];
    match->from = len ? ends[1] : 1; /* an empty text matches once */
    while (match->token < tokens->count && tokens->items[match->token].end <= match->start) match->token++;
    return true;
}

static Matches regex_matches(Matcher *matcher, const Regex *regex) {
    Matches matches = {0};
    const Tokens *tokens = matcher->tokens;
    if (!regex_possible(matcher, regex)) return matches;
    RegexMatch match = {0};
    if (matcher->hiding) match.token = matcher->within.first, match.from = tokens->items[match.token].start;
    while (regex_next(matcher, regex, &match)) {
        size_t last = match.token;
        while (last < tokens->count && tokens->items[last].start < match.end) last++;
        Match at = {(uint32_t)match.token, (uint32_t)last - 1};
        if (last > match.token && !(matcher->hiding && overlap(at, matcher->hidden))) add(matcher, &matches, at.first, at.last);
    }
    sort_unique(&matches);
    return matches;
}

Matches op_matches(Matcher *matcher, uint32_t number, bool response) {
    const Op *op = &matcher->lexicon->ops[number];
    switch (op->kind) {
    case NODE_TERM: return term_matches(matcher, op->number);
    case NODE_GROUP: return group_matches(matcher, op);
    case NODE_ANY: return any_matches(matcher);
    case NODE_PHRASE: return phrase_matches(matcher, op, response);
    case NODE_WINDOW: return window_matches(matcher, op, response);
    case NODE_NEAR: return near_matches(matcher, op, op->n, response);
    case NODE_AND: return near_matches(matcher, op, UINT32_MAX - 1, response);
    case NODE_OR:
    case NODE_LINK: return either_matches(matcher, op, response);
    case NODE_RULE: return op_matches(matcher, matcher->lexicon->rules[op->number].op, response);
    case NODE_NOT: return without_matches(matcher, op, response);
    case NODE_REGEX: return regex_matches(matcher, &matcher->lexicon->regexes[op->number]);
    default: return (Matches){0};
    }
}

static bool all_present(const Matcher *matcher, const Op *op) {
    for (uint32_t i = 0; i < op->plain; i++)
        if (!bit_get(matcher->set.terms, matcher->lexicon->group_terms[op->number + i])) return false;
    if (op->plain == op->count) return true;
    for (uint32_t i = 0; i < op->count; i++)
        if (matcher->lexicon->ops[op->first + i].kind != NODE_TERM && !op_present(matcher, op->first + i)) return false;
    return true;
}

bool op_present(const Matcher *matcher, uint32_t number) {
    const Op *op = &matcher->lexicon->ops[number];
    switch (op->kind) {
    case NODE_TERM: return bit_get(matcher->set.terms, op->number);
    case NODE_GROUP: return group_present(matcher, op);
    case NODE_RULE: return op_present(matcher, matcher->lexicon->rules[op->number].op);
    case NODE_NOT: return op_present(matcher, op->first);
    case NODE_OR:
    case NODE_LINK:
        for (uint32_t i = 0; i < op->count; i++)
            if (op_present(matcher, op->first + i)) return true;
        return false;
    case NODE_REGEX: return regex_possible(matcher, &matcher->lexicon->regexes[op->number]);
    case NODE_ANY: return true;
    default: return all_present(matcher, op);
    }
}

bool op_matches_at_all(Matcher *matcher, uint32_t number) {
    const Op *op = &matcher->lexicon->ops[number];
    if (!op_present(matcher, number)) return false;
    if (op->kind == NODE_TERM || op->kind == NODE_GROUP) return true;
    if (op->kind == NODE_RULE) return op_matches_at_all(matcher, matcher->lexicon->rules[op->number].op);
    if (op->kind != NODE_OR && op->kind != NODE_LINK) return op_matches(matcher, number, true).count > 0;
    for (uint32_t i = 0; i < op->count; i++)
        if (op_matches_at_all(matcher, op->first + i)) return true;
    return false;
}

bool rule_spares(Matcher *matcher, const Rule *rule, Match match, Match words) {
    matcher->spared += match.last - match.first + 1;
    if (matcher->spared > SPARES_USUAL + SPARES_TIMES * matcher->tokens->count) return false;
    matcher->hiding = true;
    matcher->hidden = words;
    matcher->within = match;
    Matches matches = op_matches(matcher, rule->op, rule->response);
    matcher->hiding = false;
    for (size_t i = lower_bound(&matches, match.first); i < matches.count && matches.items[i].first == match.first; i++)
        if (matches.items[i].last == match.last) return true;
    return false;
}
