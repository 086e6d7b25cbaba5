/* tags — HTML tags out of a text. Those that begin a line of their own leave a line end, pictures and fields a space, the others nothing.
 *
 * A tag has one of the names below, and nothing but attributes with a value behind it: `a <b and c> d`, `<3`, `</3`, `->` and `<user>` are none. A comment
 * goes with all that it holds. */
#include "text/clean.h"

typedef enum { TAG_NONE, TAG_INLINE, TAG_SPACE, TAG_LINE } Kind;

/* What is found in pasted text, not all that HTML has: people also write about the <title> of a page. */
static const char inline_names[] = " a b big body center del em font head html i ins meta nobr o:p s small span strike strong sub sup tbody thead tt u wbr ";
static const char space_names[] = " iframe img input td th ";
static const char line_names[] = " blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tr ul ";

enum { TAG_NAME_MAX = 12 };

static bool holds(const char *list, const char *word) { return strstr(list, word) != NULL; }

/* What is told by the name at start .. end. */
static Kind kind_of(const char *start, size_t len) {
    char word[TAG_NAME_MAX + 3] = " ";
    if (!len || len > TAG_NAME_MAX) return TAG_NONE;
    for (size_t i = 0; i < len; i++) word[i + 1] = start[i] >= 'A' && start[i] <= 'Z' ? (char)(start[i] | 32) : start[i];
    word[len + 1] = ' ';
    return holds(line_names, word) ? TAG_LINE : holds(inline_names, word) ? TAG_INLINE : holds(space_names, word) ? TAG_SPACE : TAG_NONE;
}

static bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }
static bool is_name_byte(char byte) { return clean_is_letter(byte) || clean_is_digit(byte) || byte == ':' || byte == '-' || byte == '_'; }

/* Behind an attribute's value. A value never holds a '<', so that no byte is looked at for two tags. */
static const char *value_end(const char *at, const char *end) {
    char quote = at < end && (*at == '"' || *at == '\'') ? *at++ : 0;
    while (at < end && *at != '<' && (quote ? *at != quote : !is_blank(*at) && *at != '>')) at++;
    return quote && at < end && *at == quote ? at + 1 : at;
}

/* Behind name=value, name = "value" ... and the '>' of the tag; NULL where something else stands there. */
static const char *attributes_end(const char *at, const char *end) {
    for (;;) {
        while (at < end && (is_blank(*at) || *at == '/')) at++;
        if (at < end && *at == '>') return at + 1;
        const char *name = at;
        while (at < end && is_name_byte(*at)) at++;
        if (at == name) return NULL;
        while (at < end && is_blank(*at)) at++;
        if (at == end || *at++ != '=') return NULL;
        while (at < end && is_blank(*at)) at++;
        at = value_end(at, end);
    }
}

/* The tag that begins at `at`. */
static Kind take_tag(const char *at, const char *end, const char **after) {
    const char *name = at + 1 + (end - at > 1 && at[1] == '/'), *next = name;
    while (next < end && is_name_byte(*next)) next++;
    Kind kind = kind_of(name, (size_t)(next - name));
    if (kind == TAG_NONE) return TAG_NONE;
    *after = attributes_end(next, end);
    return *after ? kind : TAG_NONE;
}

static const char *find_comment_end(const char *at, const char *end) {
    while ((at = memchr(at, '>', (size_t)(end - at))) && !(at[-1] == '-' && at[-2] == '-')) at++;
    return at ? at + 1 : NULL;
}

static bool begins_comment(const char *at, const char *end) { return end - at >= 7 && memcmp(at, "<!--", 4) == 0; }

bool clean_tags(const Draft *from, Draft *to) {
    const char *start = from->text, *end = start + from->len, *copied = start, *at = start;
    bool endless = false; /* a comment is never closed from here on */
    while ((at = memchr(at, '<', (size_t)(end - at)))) {
        const char *after = NULL;
        bool comment = !endless && begins_comment(at, end);
        if (comment) after = find_comment_end(at + 6, end);
        endless |= comment && !after;
        Kind kind = comment ? (after ? TAG_INLINE : TAG_NONE) : take_tag(at, end, &after);
        if (kind == TAG_NONE) {
            at++;
            continue;
        }
        draft_copy(to, from, (size_t)(copied - start), (size_t)(at - start));
        if (kind != TAG_INLINE) draft_put(to, from, (size_t)(at - start), (size_t)(after - start), kind == TAG_LINE ? '\n' : ' ');
        at = copied = after;
    }
    draft_copy(to, from, (size_t)(copied - start), from->len);
    return copied > start;
}
