#include "store.h"

#include "base/map.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "models are mapped as they lie in the file: little-endian"
#endif

enum { KIND_BYTES = 24, NAME_BYTES = 16 };

typedef struct {
    char magic[16];
    uint32_t format, sections;
    uint64_t bytes, checksum;
    char kind[KIND_BYTES];
} Head;

typedef struct {
    char name[NAME_BYTES];
    uint64_t at, bytes;
} Entry;

static const char MAGIC[16] = "verbatim model\n";

_Static_assert(sizeof(Head) == 64 && sizeof(Entry) == 32, "the file's layout");

/* Four lanes side by side, since one waits for its multiplication: 24 MB take some 3 ms. Not against forgers, against accidents. */
static uint64_t checksum_of(const char *data, size_t len) {
    const uint64_t prime = 0x9e3779b97f4a7c15u;
    uint64_t lanes[4] = {1, 2, 3, 4};
    size_t at = 0;
    for (; at + 32 <= len; at += 32)
        for (size_t i = 0; i < 4; i++) {
            uint64_t part;
            memcpy(&part, data + at + 8 * i, 8);
            lanes[i] = (lanes[i] ^ part) * prime;
            lanes[i] ^= lanes[i] >> 29;
        }
    uint64_t sum = len;
    for (size_t i = 0; i < 4; i++) sum = (sum ^ lanes[i]) * prime ^ sum >> 31;
    for (; at < len; at++) sum = (sum ^ (unsigned char)data[at]) * prime ^ sum >> 31;
    return sum;
}

static bool wrong(const char *path, Fail *fail) { return fail_at(fail, path, 0, 0); }

/* NUL-ended within its bytes, and not empty. */
static bool is_name(const char *name, size_t bytes) { return name[0] && memchr(name, '\0', bytes); }

static bool check_head(const char *path, Span bytes, const char *kind, const Head **head, Fail *fail) {
    const Head *found = (const Head *)(const void *)bytes.data;
    if (bytes.len < sizeof *found || memcmp(found->magic, MAGIC, sizeof MAGIC))
        return fail_set(fail, FAIL_SETUP, "found no model file, expected one that `verbatim train` has written"), wrong(path, fail);
    if (found->format != STORE_FORMAT)
        return fail_set(fail, FAIL_SETUP, "found format %u of model files, expected %d; train the model with this version of verbatim", found->format, STORE_FORMAT), wrong(path, fail);
    if (found->bytes != bytes.len)
        return fail_set(fail, FAIL_SETUP, "found %zu bytes, expected the model's %llu: the file is cut short or has something behind it", bytes.len, (unsigned long long)found->bytes), wrong(path, fail);
    if (found->checksum != checksum_of(bytes.data + sizeof *found, bytes.len - sizeof *found))
        return fail_set(fail, FAIL_SETUP, "found a checksum that does not match: the model is damaged"), wrong(path, fail);
    if (!is_name(found->kind, KIND_BYTES) || strcmp(found->kind, kind))
        return fail_set(fail, FAIL_SETUP, "found a model for %.23s, expected one for %s", is_name(found->kind, KIND_BYTES) ? found->kind : "nothing known", kind), wrong(path, fail);
    *head = found;
    return true;
}

static bool check_sections(const char *path, Span bytes, const Head *head, Arena *keep, Store *store, Fail *fail) {
    const Entry *entries = (const Entry *)(const void *)(bytes.data + sizeof *head);
    if (head->sections > STORE_SECTIONS_MAX || bytes.len - sizeof *head < head->sections * sizeof *entries)
        return fail_set(fail, FAIL_SETUP, "found %u sections, expected at most %d, and room for them", head->sections, STORE_SECTIONS_MAX), wrong(path, fail);
    store->count = head->sections;
    store->sections = arena_calloc(keep, store->count + 1, sizeof *store->sections);
    for (size_t i = 0; i < store->count; i++) {
        const Entry *entry = &entries[i];
        if (!is_name(entry->name, NAME_BYTES) || entry->at % STORE_ALIGNMENT || entry->at > bytes.len || entry->bytes > bytes.len - entry->at)
            return fail_set(fail, FAIL_SETUP, "found section %zu outside of the file, or without a name", i + 1), wrong(path, fail);
        store->sections[i] = (Section){arena_string(keep, span_of(entry->name)), {bytes.data + entry->at, entry->bytes}};
    }
    return true;
}

bool store_open(const char *path, const char *kind, Arena *keep, Store *store, Fail *fail) {
    Span bytes;
    if (!map_open(path, &bytes, fail)) return false;
    *store = (Store){.path = arena_string(keep, span_of(path)), .kind = kind, .mapped = bytes};
    const Head *head = NULL;
    if (!check_head(store->path, bytes, kind, &head, fail) || !check_sections(store->path, bytes, head, keep, store, fail)) {
        map_close(bytes);
        return false;
    }
    store->checksum = head->checksum;
    return true;
}

void store_close(Store *store) { map_close(store->mapped); }

Span store_section(const Store *store, const char *name) {
    for (size_t i = 0; i < store->count; i++)
        if (!strcmp(store->sections[i].name, name)) return store->sections[i].bytes;
    return (Span){0};
}

const void *store_items(const Store *store, const char *name, size_t size, size_t count, Fail *fail) {
    Span bytes = store_section(store, name);
    if (bytes.data && !(bytes.len % size) && (count == SIZE_MAX || bytes.len / size == count)) return bytes.data;
    if (!bytes.data) fail_set(fail, FAIL_SETUP, "found no section %s in the model", name);
    else if (count == SIZE_MAX) fail_set(fail, FAIL_SETUP, "found %zu bytes in section %s, expected a multiple of %zu", bytes.len, name, size);
    else fail_set(fail, FAIL_SETUP, "found %zu bytes in section %s, expected %zu items of %zu", bytes.len, name, count, size);
    wrong(store->path, fail);
    return NULL;
}

static void pad(Buffer *out, size_t from) {
    while ((out->len - from) % STORE_ALIGNMENT) buffer_byte(out, 0);
}

void store_write(const char *kind, const Section *sections, size_t count, Buffer *out) {
    size_t from = out->len;
    Head head = {.format = STORE_FORMAT, .sections = (uint32_t)count};
    memcpy(head.magic, MAGIC, sizeof MAGIC);
    memcpy(head.kind, kind, strlen(kind) < KIND_BYTES ? strlen(kind) : KIND_BYTES - 1);
    size_t at = sizeof head + count * sizeof(Entry);
    buffer_append(out, (Span){(const char *)&head, sizeof head});
    for (size_t i = 0; i < count; i++) {
        at = (at + STORE_ALIGNMENT - 1) / STORE_ALIGNMENT * STORE_ALIGNMENT;
        Entry entry = {.at = at, .bytes = sections[i].bytes.len};
        memcpy(entry.name, sections[i].name, strlen(sections[i].name) < NAME_BYTES ? strlen(sections[i].name) : NAME_BYTES - 1);
        buffer_append(out, (Span){(const char *)&entry, sizeof entry});
        at += entry.bytes;
    }
    for (size_t i = 0; i < count; i++) {
        pad(out, from);
        buffer_append(out, sections[i].bytes);
    }
    head.bytes = out->len - from;
    head.checksum = checksum_of(out->data + from + sizeof head, out->len - from - sizeof head);
    memcpy(out->data + from, &head, sizeof head);
}
