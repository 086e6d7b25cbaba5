#include "text/clean.h"

#include "text/text.h"

/* ---- the quick look ---- */

enum { LOOK_AHEAD = 8, MENDING_ROUNDS = 3 };

/* A byte that begins a character which stands for a continuation byte in windows-1252 (a space may have been one). */
static inline unsigned char trails_1252(unsigned char byte) {
    return (unsigned char)((byte == 0xc2) | (byte == 0xe2) | (byte == 0xc5) | (byte == 0xc6) | (byte == 0xcb) | (byte == ' '));
}

/* The same for windows-1251: all but Russian and Ukrainian letters, which also stand there in sound texts. */
static inline unsigned char trails_1251(unsigned char byte, unsigned char next) {
    return (unsigned char)((byte == 0xc2) | (byte == 0xe2) | (byte == 0xd2) | ((byte == 0xd0) & (next < 0x90)) | ((byte == 0xd1) & (next > 0x91)));
}

/* Looks at bytes 0 .. len with LOOK_AHEAD more behind them. Without branches, so that the compiler makes vectors of it: every text goes by here. */
static unsigned look_ascii(const unsigned char *at, size_t len) {
    unsigned char entity = 0, tag = 0, spaced = 0, high = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = at[i];
        entity |= byte == '&';
        tag |= byte == '<';
        high |= byte;
        spaced |= (unsigned char)((byte == at[i + 2]) & (byte == at[i + 4]) & ((byte == ' ') | (byte == '-')));
    }
    return (entity ? SUSPECT_ENTITY : 0) | (tag ? SUSPECT_TAG : 0) | (spaced ? SUSPECT_SPACED : 0) | (high & 0x80 ? SUSPECT_BROKEN : 0);
}

static unsigned look_high(const unsigned char *at, size_t len) {
    unsigned char broken = 0, spaced = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = at[i], next = at[i + 1];
        broken |= (unsigned char)((byte == 0xc3) & trails_1252(at[i + 2]));
        broken |= (unsigned char)((byte == 0xc2) & (next < 0xa0));
        broken |= (unsigned char)((byte == 0xc5) & (next == 0xb8));
        broken |= (unsigned char)(((byte == 0xd0) | (byte == 0xd1)) & trails_1251(at[i + 2], at[i + 3]));
        broken |= (unsigned char)((byte == 0xd0) & ((next | 1) == 0xa1) & (at[i + 4] == 0xd0));
        unsigned char separator = (unsigned char)((byte == ' ') | (byte == '-'));
        spaced |= (unsigned char)(separator & (byte == at[i + 3]) & (byte == at[i + 6]));
        spaced |= (unsigned char)(separator & (byte == at[i + 4]) & (byte == at[i + 8]));
    }
    return (broken ? SUSPECT_BROKEN : 0) | (spaced ? SUSPECT_SPACED : 0);
}

static unsigned look_at(const unsigned char *at, size_t len) {
    unsigned suspects = look_ascii(at, len);
    return suspects & SUSPECT_BROKEN ? (suspects & ~(unsigned)SUSPECT_BROKEN) | look_high(at, len) : suspects;
}

static unsigned look(const char *text, size_t len) {
    const unsigned char *at = (const unsigned char *)text;
    unsigned char tail[2 * LOOK_AHEAD] = {0};
    size_t whole = len > LOOK_AHEAD ? len - LOOK_AHEAD : 0;
    memcpy(tail, at + whole, len - whole);
    return look_at(at, whole) | look_at(tail, len - whole);
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
            if (!(mending->suspects & SUSPECT_BROKEN)) return;
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
    if (mending.suspects & SUSPECT_BROKEN) take(&mending, clean_controls(&mending.draft, &mending.spare), REPAIR_CONTROLS);
    if (mending.suspects & SUSPECT_SPACED) take(&mending, clean_spaced(&mending.draft, &mending.spare), REPAIR_SPACED);
    if (!mending.repairs) return;
    cleaned->text = (Span){mending.draft.text, mending.draft.len};
    cleaned->anchors = make_anchors(&mending.draft, (uint32_t)given.len, scratch);
    cleaned->repairs = mending.repairs;
}
