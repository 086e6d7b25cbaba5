/* Texts as given to texts as rules see them. `test_clean --list` reads texts that each end with a NUL byte, and prints those that are repaired: kinds, given,
 * cleaned, between tabs. */
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "check.h"
#include "text/text.h"

static Arena scratch;

typedef struct {
    const char *name, *given, *expected;
} Row;

/* Everything that holds for the anchors of any text. */
static void check_anchors(Span given, const Cleaned *cleaned, const char *name) {
    bool ordered = true, inside = true, same = true;
    uint32_t reached = 0;
    for (uint32_t i = 0; i < cleaned->text.len; i++) {
        uint32_t start = anchors_start(cleaned->anchors, i), end = anchors_end(cleaned->anchors, i + 1);
        ordered &= start < end && end >= reached;
        inside &= end <= given.len;
        same &= end - start != 1 || given.data[start] == cleaned->text.data[i] || cleaned->text.data[i] == '\n' || cleaned->text.data[i] == ' ';
        reached = end;
    }
    CHECK(ordered, "%s: anchors go back", name);
    CHECK(inside, "%s: anchors lead outside", name);
    CHECK(same, "%s: what was copied is not what stands there", name);
}

static Cleaned clean(Span given, const char *name) {
    char *exact = malloc(given.len + !given.len); /* so that a sanitizer sees a read behind the end */
    memcpy(exact, given.data, given.len);
    Cleaned cleaned;
    text_clean((Span){exact, given.len}, &cleaned, &scratch);
    if (!cleaned.repairs) cleaned.text = given;
    free(exact);
    check_anchors(given, &cleaned, name);
    return cleaned;
}

static void check_rows(const Row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Cleaned cleaned = clean(span_of(rows[i].given), rows[i].name);
        CHECK_SPAN(cleaned.text, span_of(rows[i].expected ? rows[i].expected : rows[i].given), rows[i].name);
        CHECK(!rows[i].expected == !cleaned.repairs, "%s: found repairs %x", rows[i].name, cleaned.repairs);
        arena_reset(&scratch);
    }
}
#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof *(rows))

static const Row damaged[] = {
#include "cases/damaged.inc"
};

static void print_plain(Span text) {
    for (size_t i = 0; i < text.len; i++) putchar(strchr("\t\n\r", text.data[i]) ? ' ' : text.data[i]);
}

static void list_one(Span given) {
    Cleaned cleaned;
    text_clean(given, &cleaned, &scratch);
    if (cleaned.repairs) {
        for (int i = 0; i < REPAIR_COUNT; i++)
            if (cleaned.repairs >> i & 1) printf("%s;", repair_name(i));
        putchar('\t');
        print_plain(given);
        putchar('\t');
        print_plain(cleaned.text);
        putchar('\n');
    }
    arena_reset(&scratch);
}

static int list(void) {
    char *text = NULL;
    size_t room = 0;
    for (ssize_t len; (len = getdelim(&text, &room, 0, stdin)) > 0;) list_one((Span){text, (size_t)len - !text[len - 1]});
    free(text);
    arena_free(&scratch);
    return 0;
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "--list") == 0) return list();
    CHECK_ROWS(damaged);
    arena_free(&scratch);
    return check_end();
}
