/* naive — a second matcher, written for clearness: every operator as docs/rules.md says it, by trying everything. It must agree with the engine on random rules
 * and texts; where it does not, the text is cut down and printed.
 * usage: test_naive [ROUNDS [SEED]] */
#include "world.h"

enum { WORDS = 6, RULES = 150, TEXTS = 100, LENGTH_MAX = 24, MATCHES_MAX = 4096 };

/* ---- random numbers: xorshift, the same everywhere ---- */

static uint64_t state = 88172645463325252u;

static unsigned draw(unsigned below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state % below);
}

/* ---- rules as trees ---- */

typedef enum { WORD, ANY, PHRASE, WINDOW, NEAR, ONEAR, AFTER, AND, OR, NOT } Kind;

typedef struct Tree Tree;
struct Tree {
    Kind kind;
    int word; /* 0 = a */
    unsigned n;
    Tree *children[4];
    int count;
};

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

static Tree *random_tree(Arena *keep, int depth) {
    if (depth == 0 || draw(4) == 0) return random_word(keep);
    static const Kind kinds[] = {PHRASE, PHRASE, WINDOW, NEAR, NEAR, ONEAR, AFTER, AND, OR, OR, NOT};
    Tree *tree = tree_new(keep, kinds[draw(sizeof kinds / sizeof *kinds)]);
    tree->n = draw(4);
    tree->count = tree->kind == PHRASE || tree->kind == OR ? 2 + (int)draw(2) : 2;
    for (int i = 0; i < tree->count; i++) {
        bool gap = tree->kind == PHRASE && i > 0 && draw(4) == 0;
        tree->children[i] = gap ? tree_new(keep, ANY) : tree->kind == WINDOW ? random_word(keep) : random_tree(keep, depth - 1);
    }
    if (tree->kind == WINDOW && tree->children[0]->word == tree->children[1]->word) tree->children[1]->word = (tree->children[0]->word + 1) % WORDS;
    return tree;
}

static void print_tree(const Tree *tree, Buffer *out) {
    static const char *const between[] = {[PHRASE] = " ", [AND] = " AND ", [OR] = " OR ", [NOT] = " NOT "};
    if (tree->kind == WORD) {
        buffer_printf(out, "w%c", 'a' + tree->word);
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
        text.words[i] = (int)draw(WORDS + 1); /* one more than rules know */
        text.sentences[i] = sentence;
        sentence += draw(6) == 0;
    }
    return text;
}

static void print_text(const Text *text, Buffer *out) {
    for (int i = 0; i < text->count; i++) {
        if (i) buffer_text(out, text->sentences[i] != text->sentences[i - 1] ? ". " : " ");
        buffer_printf(out, "w%c", 'a' + text->words[i]);
    }
}

/* ---- the naive matcher: a set of stretches ---- */

typedef struct {
    int first, last;
} Stretch;

typedef struct {
    Stretch items[MATCHES_MAX];
    int count;
} Set;

static void set_add(Set *set, int first, int last) {
    for (int i = 0; i < set->count; i++)
        if (set->items[i].first == first && set->items[i].last == last) return;
    if (set->count < MATCHES_MAX) set->items[set->count++] = (Stretch){first, last};
}

static void find(const Tree *tree, const Text *text, Set *out);

static bool one_sentence(const Text *text, int a, int b) { return text->sentences[a] == text->sentences[b]; }

/* Every way to go on from a stretch with the children from `next` on. */
static void find_phrase(const Tree *tree, const Text *text, int next, int first, int last, Set *out) {
    if (next == tree->count) {
        set_add(out, first, last);
        return;
    }
    if (tree->children[next]->kind == ANY) {
        if (last + 1 < text->count && one_sentence(text, first, last + 1)) find_phrase(tree, text, next + 1, first, last + 1, out);
        return;
    }
    Set *inner = calloc(1, sizeof *inner);
    find(tree->children[next], text, inner);
    for (int i = 0; i < inner->count; i++) {
        Stretch one = inner->items[i];
        if (next == 0) find_phrase(tree, text, 1, one.first, one.last, out);
        else if (one.first == last + 1 && one_sentence(text, first, one.last)) find_phrase(tree, text, next + 1, first, one.last, out);
    }
    free(inner);
}

/* The nearest right stretch before and after; the nearer of the two, the later on a tie. */
static void find_near(const Tree *tree, const Text *text, int n, Set *out) {
    Set *left = calloc(1, sizeof *left), *right = calloc(1, sizeof *right);
    find(tree->children[0], text, left);
    find(tree->children[1], text, right);
    for (int i = 0; i < left->count; i++) {
        Stretch l = left->items[i], before = {-1, -1}, after = {-1, -1};
        for (int j = 0; j < right->count; j++) {
            Stretch r = right->items[j];
            if (r.last < l.first && (before.last < 0 || r.last > before.last || (r.last == before.last && r.first > before.first))) before = r;
            if (r.first > l.last && (after.last < 0 || r.first < after.first || (r.first == after.first && r.last < after.last))) after = r;
        }
        if (tree->kind == ONEAR || before.last < 0 || l.first - before.last - 1 > n || !one_sentence(text, before.first, l.last)) before.last = -1;
        if (tree->kind == AFTER || after.last < 0 || after.first - l.last - 1 > n || !one_sentence(text, l.first, after.last)) after.last = -1;
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
            if (j < text->count && j - i - 1 <= (int)tree->n && one_sentence(text, i, j)) set_add(out, i, j);
        }
}

static void find_not(const Tree *tree, const Text *text, Set *out) {
    Set *left = calloc(1, sizeof *left), *right = calloc(1, sizeof *right);
    find(tree->children[0], text, left);
    find(tree->children[1], text, right);
    for (int i = 0; i < left->count; i++) {
        bool there = false;
        for (int j = 0; j < right->count; j++) there = there || one_sentence(text, left->items[i].first, right->items[j].first);
        if (!there) set_add(out, left->items[i].first, left->items[i].last);
    }
    free(left);
    free(right);
}

static void find(const Tree *tree, const Text *text, Set *out) {
    switch (tree->kind) {
    case WORD:
        for (int i = 0; i < text->count; i++)
            if (text->words[i] == tree->word) set_add(out, i, i);
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

static int by_claim(const void *left, const void *right) {
    const Stretch *a = left, *b = right;
    if (a->last - a->first != b->last - b->first) return b->last - b->first - (a->last - a->first);
    return a->first - b->first;
}

static int by_first(const void *left, const void *right) { return ((const Stretch *)left)->first - ((const Stretch *)right)->first; }

/* The longest first, the first on a tie, none that overlaps one taken. */
static void claim(Set *set) {
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

static const Lexicons *open_rules(World *world, Tree *const *trees, Arena *keep) {
    Buffer yaml = {0};
    for (int i = 0; i < RULES; i++) {
        buffer_printf(&yaml, "r%03d:\n  x:\n    - '", i);
        print_tree(trees[i], &yaml);
        buffer_text(&yaml, "'\n");
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

static bool differ(World *world, Matcher *matcher, const Text *text, int rule, const Tree *tree) {
    Arena scratch = {0};
    Buffer printed = {0};
    Tokens tokens;
    Result result;
    Set *set = calloc(1, sizeof *set);
    run_engine(world, matcher, text, &result, &tokens, &scratch, &printed);
    find(tree, text, set);
    claim(set);
    bool same = agree(&result, rule, set);
    free(set);
    buffer_free(&printed);
    arena_free(&scratch);
    return !same;
}

/* Leaves words out as long as the two still differ. */
static Text shrink(World *world, Matcher *matcher, Text text, int rule, const Tree *tree) {
    for (int i = 0; i < text.count;) {
        Text less = text;
        memmove(&less.words[i], &less.words[i + 1], (size_t)(text.count - i - 1) * sizeof less.words[0]);
        memmove(&less.sentences[i], &less.sentences[i + 1], (size_t)(text.count - i - 1) * sizeof less.sentences[0]);
        less.count--;
        if (less.count && differ(world, matcher, &less, rule, tree)) text = less, i = 0;
        else i++;
    }
    return text;
}

static void report(World *world, Matcher *matcher, const Text *text, int rule, const Tree *tree) {
    Buffer out = {0};
    Text small = shrink(world, matcher, *text, rule, tree);
    print_tree(tree, &out);
    buffer_text(&out, "   on   ");
    print_text(&small, &out);
    CHECK(false, "engine and naive matcher differ: %.*s", (int)out.len, out.data);
    buffer_free(&out);
}

static void round_of_rules(World *world) {
    Arena keep = {0}, scratch = {0};
    Buffer printed = {0};
    Tree *trees[RULES];
    for (int i = 0; i < RULES; i++) trees[i] = random_tree(&keep, 3);
    const Lexicons *lexicons = open_rules(world, trees, &keep);
    CHECK(lexicons != NULL, "the rules do not compile");
    if (!lexicons) return;
    memo_clear(world->memo);
    Matcher *matcher = matcher_open(lexicons);
    Set *set = calloc(1, sizeof *set);
    for (int t = 0; t < TEXTS; t++) {
        Text text = random_text();
        Tokens tokens;
        Result result;
        run_engine(world, matcher, &text, &result, &tokens, &scratch, &printed);
        CHECK((int)tokens.count == text.count, "%.*s: %zu tokens", (int)printed.len, printed.data, tokens.count);
        for (int i = 0; i < RULES; i++) {
            set->count = 0;
            find(trees[i], &text, set);
            if (set->count == MATCHES_MAX) continue;
            claim(set);
            if (agree(&result, i, set)) check_passed++;
            else report(world, matcher, &text, i, trees[i]);
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
    for (int i = 0; i < rounds && check_failed < 10; i++) round_of_rules(&world);
    world_close(&world);
    return check_end();
}
