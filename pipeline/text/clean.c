#include "text/clean.h"

#include "text/text.h"

/* ---- the quick look ---- */

enum { BLOCK = 16, LOOK_AHEAD = 8, MENDING_ROUNDS = 3 };

/* Sixteen bytes at once, in gcc's and clang's own way: every text goes by here. Byte by byte it took three times as many instructions. */
typedef uint8_t Block __attribute__((vector_size(BLOCK)));
typedef int8_t Mask __attribute__((vector_size(BLOCK))); /* -1: true */

/* Where something suspicious begins. */
typedef struct {
    Mask entity, tag, broken, control, spaced;
} Looks;

static inline Block load(const char *at) {
    Block block;
    memcpy(&block, at, BLOCK);
    return block;
}

static inline bool any(Mask mask) {
    uint64_t halves[2];
    memcpy(halves, &mask, BLOCK);
    return (halves[0] | halves[1]) != 0;
}

static inline void look_ascii(const char *at, Looks *looks) {
    Block byte = load(at);
    looks->entity |= byte == '&';
    looks->tag |= byte == '<';
    looks->spaced |= ((byte == ' ') | (byte == '-')) & (byte == load(at + 2)) & (byte == load(at + 4)) & (load(at + 1) >= 'A');
}

/* Where bytes are the first of a character that stands for a continuation byte: for windows-1252; for windows-1251, but for Russian and Ukrainian letters, which
 * also stand there in sound texts. */
static inline Mask trails_1252(Block byte) { return (byte == 0xc2) | (byte == 0xe2) | (byte == 0xc5) | (byte == 0xc6) | (byte == 0xcb); }
static inline Mask trails_1251(Block byte, Block next) {
    return (byte == 0xc2) | (byte == 0xe2) | (byte == 0xd2) | ((byte == 0xd0) & (next < 0x90)) | ((byte == 0xd1) & (next > 0x91));
}

/* Leads of both tables with a trail behind them; Ã with a space or hyphen; Ÿ, which is in every emoji; С or Р twice with one character between. */
static inline Mask look_broken(const char *at) {
    Block byte = load(at), next = load(at + 1), third = load(at + 2), fourth = load(at + 3);
    Mask western = (byte == 0xc3) & (trails_1252(third) | ((next == 0x83) & ((third == ' ') | (third == '-'))));
    Mask cyrillic = ((byte == 0xd0) | (byte == 0xd1)) & trails_1251(third, fourth);
    Mask again = (byte == 0xd0) & ((next | 1) == 0xa1) & (load(at + 4) == 0xd0);
    return western | cyrillic | again | ((byte == 0xc5) & (next == 0xb8));
}

static inline void look_high(const char *at, Looks *looks) {
    Block byte = load(at), next = load(at + 1);
    Mask separator = (byte == ' ') | (byte == '-');
    looks->broken |= look_broken(at);
    looks->control |= (byte == 0xc2) & (next < 0xa0);
    looks->spaced |= separator & (next >= 0xc3) & (byte == load(at + 3)) & (byte == load(at + 6));
    looks->spaced |= separator & (next >= 0xe4) & (byte == load(at + 4)) & (byte == load(at + 8));
}

/* Looks at a block with LOOK_AHEAD bytes more behind it. */
static inline void look_block(const char *at, Looks *looks) {
    look_ascii(at, looks);
    if (any((Mask)load(at) < 0)) look_high(at, looks);
}

static unsigned look(const char *text, size_t len) {
    char tail[2 * BLOCK + LOOK_AHEAD] = {0};
    size_t whole = len > LOOK_AHEAD ? (len - LOOK_AHEAD) / BLOCK * BLOCK : 0;
    Looks looks = {0};
    for (size_t i = 0; i < whole; i += BLOCK) look_block(text + i, &looks);
    memcpy(tail, text + whole, len - whole);
    look_block(tail, &looks);
    if (len - whole > BLOCK) look_block(tail + BLOCK, &looks);
    return (any(looks.entity) ? SUSPECT_ENTITY : 0) | (any(looks.tag) ? SUSPECT_TAG : 0) | (any(looks.broken) ? SUSPECT_BROKEN : 0) |
           (any(looks.control) ? SUSPECT_CONTROL : 0) | (any(looks.spaced) ? SUSPECT_SPACED : 0);
}

/* ---- anchors ---- */

/* Something was left out before byte i of the draft. */
static bool gap_before(const Draft *draft, size_t i) { return i && draft->origins[i].from > draft->origins[i - 1].to; }

/* Byte i begins a stretch: it is neither the next byte of a copy nor a further byte of what was put. */
static bool begins(const Draft *draft, size_t i) {
    if (!i) return true;
    Origin here = draft->origins[i], before = draft->origins[i - 1];
    bool copied = here.to == here.from + 1, copied_before = before.to == before.from + 1;
    return here.from != before.from && !(copied && copied_before && here.from == before.to);
}

static Anchors make_anchors(const Draft *draft, uint32_t given_len, Arena *scratch) {
    size_t count = 2;
    for (size_t i = 0; i < draft->len; i++) count += begins(draft, i) + (size_t)gap_before(draft, i);
    Anchor *anchors = arena_alloc(scratch, count * sizeof *anchors);
    count = 0;
    for (size_t i = 0; i < draft->len; i++) {
        Origin here = draft->origins[i];
        if (gap_before(draft, i)) anchors[count++] = (Anchor){(uint32_t)i, draft->origins[i - 1].to, false};
        if (begins(draft, i)) anchors[count++] = (Anchor){(uint32_t)i, here.from, here.to == here.from + 1};
    }
    uint32_t reached = draft->len ? draft->origins[draft->len - 1].to : 0;
    anchors[count++] = (Anchor){(uint32_t)draft->len, reached, false};
    if (reached < given_len) anchors[count++] = (Anchor){(uint32_t)draft->len, given_len, false};
    return (Anchors){anchors, count};
}

/* ---- the passes in their order ---- */

typedef struct {
    Draft draft, spare;
    unsigned suspects, repairs;
} Mending;

static Draft draft_open(size_t room, Arena *scratch) {
    return (Draft){.text = arena_alloc(scratch, room), .origins = arena_alloc(scratch, room * sizeof(Origin))};
}

static Mending mending_open(Span given, unsigned suspects, Arena *scratch) {
    size_t room = given.len + given.len / 2 + 1;
    Mending mending = {.draft = draft_open(room, scratch), .spare = draft_open(room, scratch), .suspects = suspects};
    memcpy(mending.draft.text, given.data, given.len);
    for (uint32_t i = 0; i < given.len; i++) mending.draft.origins[i] = (Origin){i, i + 1};
    mending.draft.len = given.len;
    return mending;
}

/* After a pass: takes what it made, and looks at that anew. */
static bool take(Mending *mending, bool changed, Repair repair) {
    if (changed) {
        Draft made = mending->spare;
        mending->spare = mending->draft;
        mending->draft = made;
        mending->repairs |= 1u << repair;
        mending->suspects = look(made.text, made.len);
    }
    mending->spare.len = 0;
    return changed;
}

/* A text that was broken twice is mended in two rounds. */
static void mend_broken(Mending *mending, Arena *scratch) {
    bool changed = true;
    for (int round = 0; changed && round < MENDING_ROUNDS; round++) {
        changed = false;
        for (Repair table = REPAIR_1252; table <= REPAIR_1251; table++) {
            if (!(mending->suspects & (SUSPECT_BROKEN | SUSPECT_CONTROL))) return;
            changed |= take(mending, clean_mojibake(&mending->draft, table, &mending->spare, scratch), table);
        }
    }
}

void text_clean(Span given, Cleaned *cleaned, Arena *scratch) {
    *cleaned = (Cleaned){.text = given};
    unsigned suspects = look(given.data, given.len);
    if (!suspects) return;
    Mending mending = mending_open(given, suspects, scratch);
    if (mending.suspects & SUSPECT_ENTITY) take(&mending, clean_entities(&mending.draft, &mending.spare), REPAIR_ENTITIES);
    if (mending.suspects & SUSPECT_TAG) take(&mending, clean_tags(&mending.draft, &mending.spare), REPAIR_TAGS);
    mend_broken(&mending, scratch);
    if (mending.suspects & SUSPECT_CONTROL) take(&mending, clean_controls(&mending.draft, &mending.spare), REPAIR_CONTROLS);
    if (mending.suspects & SUSPECT_SPACED) take(&mending, clean_spaced(&mending.draft, &mending.spare), REPAIR_SPACED);
    if (!mending.repairs) return;
    cleaned->text = (Span){mending.draft.text, mending.draft.len};
    cleaned->anchors = make_anchors(&mending.draft, (uint32_t)given.len, scratch);
    cleaned->repairs = mending.repairs;
}
