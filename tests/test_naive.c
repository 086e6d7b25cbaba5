/* naive — a second matcher, written for clearness: every operator as docs/rules.md says it, by trying everything. It must agree with the engine on random rules
 * and texts, lists, classes, `unless` and `within`; where it does not, rule and text are cut down to the smallest that still differ, and printed.
 * usage: test_naive [ROUNDS [SEED]] */
#include "world.h"

/* Words of texts: wa to wf, which rules know; wg, which they do not; and a number. */
enum { WORDS = 6, NUMBER = 7, TEXT_WORDS = 8, RULES = 150, TEXTS = 100, LENGTH_MAX = 24, MATCHES_MAX = 4096, LISTS = 4, ITEMS_MAX = 3 };

/* ---- random numbers: xorshift, the same everywhere ---- */

static uint64_t state = 88172645463325252u;

static unsigned draw(unsigned below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state % below);
}

/* ---- rules as trees ---- */

typedef enum { WORD, GLOB, ANY, LIST, PHRASE, WINDOW, NEAR, ONEAR, AFTER, AND, OR, NOT } Kind;

typedef struct Tree Tree;
struct Tree {
    Kind kind;
    int word; /* 0 = a; of LIST: which */
    unsigned n;
    Tree *children[4];
    int count;
};

/* Rule — what may stand under a code; within < 0: `unless` holds for the whole unit. */
typedef struct {
    Tree *match, *unless; /* unless: or NULL */
    int within;
    bool response;
} Rule;

/* Lists of a round: $l0 to $l1 may name those behind them; then <number> and <duration>. */
static Tree *lists[LISTS];
static const char *const list_names[LISTS] = {"$l0", "$l1", "<number>", "<duration>"};

static Tree *tree_new(Arena *keep, Kind kind) {
    Tree *tree = arena_calloc(keep, 1, sizeof *tree);
    tree->kind = kind;
    return tree;
}

static Tree *random_word(Arena *keep) {
    Tree *tree = tree_new(keep, WORD);
    tree->word = (int)draw(WORDS);
    return tree;
}

static Tree *random_leaf(Arena *keep, int first_list) {
    Tree *tree = random_word(keep);
    if (first_list < LISTS && draw(5) == 0) tree->kind = LIST, tree->word = first_list + (int)draw((unsigned)(LISTS - first_list));
    else if (draw(12) == 0) tree->kind = GLOB;
    return tree;
}

static Tree *random_tree(Arena *keep, int depth, int first_list) {
    if (depth == 0 || draw(4) == 0) return random_leaf(keep, first_list);
    static const Kind kinds[] = {PHRASE, PHRASE, WINDOW, NEAR, NEAR, ONEAR, AFTER, AND, OR, OR, NOT};
    Tree *tree = tree_new(keep, kinds[draw(sizeof kinds / sizeof *kinds)]);
    tree->n = draw(4);
    tree->count = tree->kind == PHRASE || tree->kind == OR ? 2 + (int)draw(2) : 2;
    for (int i = 0; i < tree->count; i++) {
        bool gap = tree->kind == PHRASE && i > 0 && draw(4) == 0;
        tree->children[i] = gap ? tree_new(keep, ANY) : tree->kind == WINDOW ? random_word(keep) : random_tree(keep, depth - 1, first_list);
    }
    if (tree->kind == WINDOW && tree->children[0]->word == tree->children[1]->word) tree->children[1]->word = (tree->children[0]->word + 1) % WORDS;
    return tree;
}

static Rule random_rule(Arena *keep) {
    Rule rule = {.match = random_tree(keep, 3, 0), .within = -1, .response = draw(6) == 0};
    if (draw(3) == 0) rule.unless = random_tree(keep, 2, 0);
    if (rule.unless && draw(2)) rule.within = (int)draw(4);
    return rule;
}

static void random_lists(Arena *keep) {
    for (int i = 0; i < LISTS; i++) {
        lists[i] = tree_new(keep, OR);
        lists[i]->count = 1 + (int)draw(ITEMS_MAX);
        for (int j = 0; j < lists[i]->count; j++) lists[i]->children[j] = random_tree(keep, (int)draw(3), i + 1);
    }
}

static void print_tree(const Tree *tree, Buffer *out) {
    static const char *const between[] = {[PHRASE] = " ", [AND] = " AND ", [OR] = " OR ", [NOT] = " NOT "};
    if (tree->kind == WORD) {
        buffer_printf(out, "w%c", 'a' + tree->word);
    } else if (tree->kind == GLOB) { /* only one word of texts fits it */
        buffer_printf(out, "?%c*", 'a' + tree->word);
    } else if (tree->kind == LIST) {
        buffer_text(out, list_names[tree->word]);
    } else if (tree->kind == ANY) {
        buffer_byte(out, '*');
    } else if (tree->kind == WINDOW) {
        buffer_printf(out, "\"w%c w%c\"~%u", 'a' + tree->children[0]->word, 'a' + tree->children[1]->word, tree->n);
    } else {
        buffer_byte(out, '(');
        for (int i = 0; i < tree->count; i++) {
            if (i && tree->kind >= NEAR && tree->kind <= AFTER) buffer_printf(out, " %s/%u ", tree->kind == NEAR ? "NEAR" : tree->kind == ONEAR ? "ONEAR" : "AFTER", tree->n);
            else if (i) buffer_text(out, between[tree->kind]);
            print_tree(tree->children[i], out);
        }
        buffer_byte(out, ')');
    }
}

/* ---- texts ---- */

typedef struct {
    int words[LENGTH_MAX], sentences[LENGTH_MAX];
    int count;
} Text;

static Text random_text(void) {
    Text text = {.count = 1 + (int)draw(LENGTH_MAX - 1)};
    for (int i = 0, sentence = 0; i < text.count; i++) {
        text.words[i] = (int)draw(TEXT_WORDS);
        text.sentences[i] = sentence;
        sentence += draw(6) == 0;
    }
    return text;
}

static void print_text(const Text *text, Buffer *out) {
    for (int i = 0; i < text->count; i++) {
        if (i) buffer_text(out, text->sentences[i] != text->sentences[i - 1] ? ". " : " ");
        if (text->words[i] == NUMBER) buffer_text(out, "12");
        else buffer_printf(out, "w%c", 'a' + text->words[i]);
    }
}

static void print_rule(const Rule *rule, Buffer *out) {
    buffer_text(out, "{match: '");
    print_tree(rule->match, out);
    if (rule->unless) buffer_text(out, "', unless: '"), print_tree(rule->unless, out);
    buffer_byte(out, '\'');
    if (rule->within >= 0) buffer_printf(out, ", within: %d", rule->within);
    if (rule->response) buffer_text(out, ", unit: response");
    buffer_byte(out, '}');
}

/* ---- the naive matcher: a set of stretches ---- */

typedef struct {
    int first, last;
    bool crosses; /* the end of a sentence */
} Stretch;

typedef struct {
    Stretch items[MATCHES_MAX];
    int count;
} Set;

static void set_add(Set *set, int first, int last) {
    for (int i = 0; i < set->count; i++)
        if (set->items[i].first == first && set->items[i].last == last) return;
    if (set->count < MATCHES_MAX) set->items[set->count++] = (Stretch){first, last, false};
}

static void find(const Tree *tree, const Text *text, Set *out);

static bool one_sentence(const Text *text, int a, int b) { return text->sentences[a] == text->sentences[b]; }

static bool whole_response; /* the rule at work has `unit: response` */

static bool one_unit(const Text *text, int a, int b) { return whole_response || one_sentence(text, a, b); }

/* Every way to go on from a stretch with the children from `next` on. */
static void find_phrase(const Tree *tree, const Text *text, int next, int first, int last, Set *out) {
    if (next == tree->count) {
        set_add(out, first, last);
        return;
    }
    if (tree->children[next]->kind == ANY) {
        if (last + 1 < text->count && one_sentence(text, last, last + 1)) find_phrase(tree, text, next + 1, first, last + 1, out);
        return;
    }
    Set *inner = calloc(1, sizeof *inner);
    find(tree->children[next], text, inner);
    for (int i = 0; i < inner->count; i++) {
        Stretch one = inner->items[i];
        if (next == 0) find_phrase(tree, text, 1, one.first, one.last, out);
        else if (one.first == last + 1 && one_sentence(text, last, one.first)) find_phrase(tree, text, next + 1, first, one.last, out);
    }
    free(inner);
}

/* The nearest right stretch before and after; the nearer of the two, the later on a tie. */
static void find_near(const Tree *tree, const Text *text, int n, Set *out) {
    Set *left = calloc(1, sizeof *left), *right = calloc(1, sizeof *right);
    find(tree->children[0], text, left);
    find(tree->children[1], text, right);
    for (int i = 0; i < left->count; i++) {
        Stretch l = left->items[i], before = {-1, -1, false}, after = {-1, -1, false};
        for (int j = 0; j < right->count; j++) {
            Stretch r = right->items[j];
            if (r.last < l.first && (before.last < 0 || r.last > before.last || (r.last == before.last && r.first > before.first))) before = r;
            if (r.first > l.last && (after.last < 0 || r.first < after.first || (r.first == after.first && r.last < after.last))) after = r;
        }
        if (tree->kind == ONEAR || before.last < 0 || l.first - before.last - 1 > n || !one_unit(text, before.first, l.last)) before.last = -1;
        if (tree->kind == AFTER || after.last < 0 || after.first - l.last - 1 > n || !one_unit(text, l.first, after.last)) after.last = -1;
        if (after.last >= 0 && (before.last < 0 || after.first - l.last <= l.first - before.last)) set_add(out, l.first, after.last);
        else if (before.last >= 0) set_add(out, before.first, l.last);
    }
    free(left);
    free(right);
}

/* From each match of either word to the first of the other behind it. */
static void find_window(const Tree *tree, const Text *text, Set *out) {
    for (int i = 0; i < text->count; i++)
        for (int side = 0; side < 2; side++) {
            if (text->words[i] != tree->children[side]->word) continue;
            int j = i + 1;
            while (j < text->count && text->words[j] != tree->children[1 - side]->word) j++;
            if (j < text->count && j - i - 1 <= (int)tree->n && one_unit(text, i, j)) set_add(out, i, j);
        }
}

static void find_not(const Tree *tree, const Text *text, Set *out) {
    Set *left = calloc(1, sizeof *left), *right = calloc(1, sizeof *right);
    find(tree->children[0], text, left);
    find(tree->children[1], text, right);
    for (int i = 0; i < left->count; i++) {
        bool there = false;
        for (int j = 0; j < right->count; j++) there = there || one_unit(text, left->items[i].first, right->items[j].first);
        if (!there) set_add(out, left->items[i].first, left->items[i].last);
    }
    free(left);
    free(right);
}

static void find(const Tree *tree, const Text *text, Set *out) {
    switch (tree->kind) {
    case GLOB:
    case WORD:
        for (int i = 0; i < text->count; i++)
            if (text->words[i] == tree->word) set_add(out, i, i);
        return;
    case LIST:
        find(lists[tree->word], text, out);
        for (int i = 0; i < text->count && tree->word == 2; i++)
            if (text->words[i] == NUMBER) set_add(out, i, i);
        return;
    case PHRASE: find_phrase(tree, text, 0, -1, -1, out); return;
    case WINDOW: find_window(tree, text, out); return;
    case NEAR:
    case ONEAR:
    case AFTER: find_near(tree, text, (int)tree->n, out); return;
    case AND: find_near(tree, text, LENGTH_MAX, out); return;
    case OR:
        for (int i = 0; i < tree->count; i++) find(tree->children[i], text, out);
        return;
    case NOT: find_not(tree, text, out); return;
    case ANY: return;
    }
}

static bool excludes(const Rule *rule, const Text *text, Stretch match, Stretch other) {
    if (!one_unit(text, match.first, other.first)) return false;
    return rule->within < 0 || (other.first <= match.last + rule->within + 1 && other.last >= match.first - rule->within - 1);
}

static void find_rule(const Rule *rule, const Text *text, Set *out) {
    Set *unless = calloc(1, sizeof *unless);
    whole_response = rule->response;
    find(rule->match, text, out);
    if (rule->unless) find(rule->unless, text, unless);
    int kept = 0;
    for (int i = 0; i < out->count; i++) {
        bool fine = true;
        for (int j = 0; j < unless->count; j++) fine = fine && !excludes(rule, text, out->items[i], unless->items[j]);
        if (fine) out->items[kept++] = out->items[i];
    }
    out->count = kept;
    free(unless);
}

static int by_claim(const void *left, const void *right) {
    const Stretch *a = left, *b = right;
    if (a->crosses != b->crosses) return a->crosses ? 1 : -1;
    if (a->last - a->first != b->last - b->first) return b->last - b->first - (a->last - a->first);
    return a->first - b->first;
}

static int by_first(const void *left, const void *right) { return ((const Stretch *)left)->first - ((const Stretch *)right)->first; }

/* Those inside a sentence first, then the longest, the first on a tie, none that overlaps one taken. */
static void claim(Set *set, const Text *text) {
    for (int i = 0; i < set->count; i++) set->items[i].crosses = !one_sentence(text, set->items[i].first, set->items[i].last);
    qsort(set->items, (size_t)set->count, sizeof *set->items, by_claim);
    int kept = 0;
    for (int i = 0; i < set->count; i++) {
        bool free_place = true;
        for (int j = 0; j < kept; j++) free_place = free_place && (set->items[j].last < set->items[i].first || set->items[i].last < set->items[j].first);
        if (free_place) set->items[kept++] = set->items[i];
    }
    set->count = kept;
    qsort(set->items, (size_t)kept, sizeof *set->items, by_first);
}

/* ---- both, compared ---- */

static void write_lists(World *world) {
    Buffer yaml = {0};
    for (int i = 0; i < LISTS; i++) {
        buffer_printf(&yaml, "\"%s\": [", list_names[i] + (list_names[i][0] == '$'));
        for (int j = 0; j < lists[i]->count; j++) {
            buffer_text(&yaml, j ? ", '" : "'");
            print_tree(lists[i]->children[j], &yaml);
            buffer_byte(&yaml, '\'');
        }
        buffer_text(&yaml, "]\n");
    }
    buffer_byte(&yaml, '\0');
    world_write(world, "en/lists.yaml", yaml.data);
    buffer_free(&yaml);
}

static const Lexicons *open_rules(World *world, const Rule *rules, int count, Arena *keep) {
    Buffer yaml = {0};
    for (int i = 0; i < count; i++) {
        buffer_printf(&yaml, "r%03d:\n  x:\n    - ", i);
        print_rule(&rules[i], &yaml);
        buffer_byte(&yaml, '\n');
    }
    buffer_byte(&yaml, '\0');
    world_write(world, "en/reasons.yaml", yaml.data);
    const Lexicons *lexicons = NULL;
    Fail fail;
    if (!world_lexicons(world, keep, &lexicons, &fail)) fail_print(&fail);
    buffer_free(&yaml);
    return lexicons;
}

static void run_engine(World *world, Matcher *matcher, const Text *text, Result *result, Tokens *tokens, Arena *scratch, Buffer *printed) {
    printed->len = 0;
    print_text(text, printed);
    text_tokens(world->memo, buffer_span(printed), language_find(world->languages, SPAN("en")), tokens, scratch);
    matcher_run(matcher, tokens, ROLE_OPEN, result, scratch);
}

static bool agree(const Result *result, int rule, const Set *set) {
    for (size_t i = 0; i < result->tag_count; i++) {
        if (result->tags[i].code != rule) continue;
        const Hit *hits = &result->hits[result->tags[i].first_hit];
        if ((int)result->tags[i].hit_count != set->count) return false;
        for (int j = 0; j < set->count; j++)
            if ((int)hits[j].first != set->items[j].first || (int)hits[j].last != set->items[j].last) return false;
        return true;
    }
    return set->count == 0;
}

/* The rule alone: does the engine differ from the naive matcher on the text? */
static bool differ(World *world, const Rule *rule, const Text *text) {
    Arena keep = {0}, scratch = {0};
    Buffer printed = {0};
    Tokens tokens;
    Result result;
    bool same = true;
    const Lexicons *lexicons = text->count ? open_rules(world, rule, 1, &keep) : NULL;
    if (lexicons) {
        Set *set = calloc(1, sizeof *set);
        Matcher *matcher = matcher_open(lexicons);
        memo_clear(world->memo);
        run_engine(world, matcher, text, &result, &tokens, &scratch, &printed);
        find_rule(rule, text, set);
        claim(set, text);
        same = agree(&result, 0, set);
        matcher_close(matcher);
        lexicons_close(lexicons);
        free(set);
    }
    buffer_free(&printed);
    arena_free(&scratch);
    arena_free(&keep);
    return !same;
}

/* ---- smaller ---- */

/* A copy of the tree with its step number *step taken, counted from 0 over all nodes; *step below 0: taken. */
static Tree *smaller(Arena *keep, const Tree *tree, int *step) {
    Tree *copy = tree_new(keep, tree->kind);
    *copy = *tree;
    for (int i = 0; i < tree->count; i++)
        if (tree->children[i]->kind != ANY && (*step)-- == 0) return tree->children[i]; /* the child alone */
    if (tree->n && (*step)-- == 0) copy->n--;
    for (int i = 0; i < tree->count && tree->count > 2; i++) {
        if ((*step)-- != 0) continue; /* one child less */
        memmove(&copy->children[i], &copy->children[i + 1], (size_t)(tree->count - i - 1) * sizeof *copy->children);
        copy->count--;
        return copy;
    }
    if (tree->kind == LIST && (*step)-- == 0) return lists[tree->word]; /* what the list says */
    for (int i = 0; i < tree->count && *step >= 0; i++) copy->children[i] = smaller(keep, tree->children[i], step);
    return copy;
}

static bool smaller_rule(Arena *keep, const Rule *rule, int step, Rule *less) {
    *less = *rule;
    if (rule->unless && step-- == 0) return less->unless = NULL, less->within = -1, true;
    if (rule->within >= 0 && step-- == 0) return less->within = -1, true;
    if (rule->within > 0 && step-- == 0) return less->within--, true;
    if (rule->response && step-- == 0) return less->response = false, true;
    less->match = smaller(keep, rule->match, &step);
    if (step >= 0 && rule->unless) less->unless = smaller(keep, rule->unless, &step);
    return step < 0;
}

static Text without(const Text *text, int word) {
    Text less = *text;
    memmove(&less.words[word], &less.words[word + 1], (size_t)(text->count - word - 1) * sizeof less.words[0]);
    memmove(&less.sentences[word], &less.sentences[word + 1], (size_t)(text->count - word - 1) * sizeof less.sentences[0]);
    less.count--;
    return less;
}

/* Leaves out words of the text and parts of the rule as long as the two still differ. */
static void shrink(World *world, Rule *rule, Text *text, Arena *keep) {
    bool again = true;
    while (again) {
        again = false;
        for (int i = 0; i < text->count;) {
            Text less = without(text, i);
            if (differ(world, rule, &less)) *text = less, again = true;
            else i++;
        }
        Rule less;
        for (int step = 0; smaller_rule(keep, rule, step, &less);) {
            if (differ(world, &less, text)) *rule = less, again = true, step = 0;
            else step++;
        }
    }
}

static void report(World *world, const Text *text, const Rule *rule, Arena *keep) {
    Buffer out = {0};
    Rule small = *rule;
    Text less = *text;
    bool alone = differ(world, rule, text);
    if (alone) shrink(world, &small, &less, keep);
    print_rule(&small, &out);
    buffer_text(&out, "   on   ");
    print_text(&less, &out);
    for (int i = 0; i < LISTS; i++) {
        buffer_printf(&out, "\n    %s: ", list_names[i]);
        print_tree(lists[i], &out);
    }
    CHECK(false, "engine and naive matcher differ%s: %.*s", alone ? "" : ", but only beside the other rules", (int)out.len, out.data);
    buffer_free(&out);
}

static void round_of_rules(World *world) {
    Arena keep = {0}, scratch = {0};
    Buffer printed = {0};
    Rule rules[RULES];
    random_lists(&keep);
    write_lists(world);
    for (int i = 0; i < RULES; i++) rules[i] = random_rule(&keep);
    const Lexicons *lexicons = open_rules(world, rules, RULES, &keep);
    CHECK(lexicons != NULL, "the rules do not compile");
    if (!lexicons) return;
    memo_clear(world->memo);
    Matcher *matcher = matcher_open(lexicons);
    Set *set = calloc(1, sizeof *set);
    for (int t = 0; t < TEXTS && check_failed < 5; t++) {
        Text text = random_text();
        Tokens tokens;
        Result result;
        run_engine(world, matcher, &text, &result, &tokens, &scratch, &printed);
        CHECK((int)tokens.count == text.count, "%.*s: %zu tokens", (int)printed.len, printed.data, tokens.count);
        for (int i = 0; i < RULES && check_failed < 5; i++) {
            set->count = 0;
            find_rule(&rules[i], &text, set);
            if (set->count == MATCHES_MAX) continue;
            claim(set, &text);
            if (agree(&result, i, set)) {
                check_passed++;
                continue;
            }
            report(world, &text, &rules[i], &keep);
            memo_clear(world->memo); /* it has seen other matchers; this one begins anew too */
            matcher_clear(matcher);
        }
        arena_reset(&scratch);
    }
    free(set);
    matcher_close(matcher);
    lexicons_close(lexicons);
    buffer_free(&printed);
    arena_free(&scratch);
    arena_free(&keep);
}

int main(int count, char **arguments) {
    int rounds = count > 1 ? atoi(arguments[1]) : 10;
    if (count > 2) state ^= strtoull(arguments[2], NULL, 10) * 0x9e3779b97f4a7c15u;
    World world;
    world_open(&world);
    for (int i = 0; i < rounds && check_failed < 5; i++) round_of_rules(&world);
    world_close(&world);
    return check_end();
}
