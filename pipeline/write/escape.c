/* escape — text to what may stand in JSON, HTML, CSV or a terminal. */
#include "base/utf8.h"
#include "write/put.h"
#include "write/write.h"

static const char hex[] = "0123456789abcdef";

/* 32 of them: what the controls need. */
#define CONTROLS \
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u', \
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u'

/* What a byte needs in JSON: 0 nothing, 'u' \u00XX, else the letter behind the backslash. */
static const unsigned char json_kind[256] = {CONTROLS, ['"'] = '"', ['\\'] = '\\'};

/* The same inside <script>; 'l' may begin U+2028 or U+2029. */
static const unsigned char script_kind[256] = {CONTROLS, ['"'] = '"', ['\\'] = '\\', ['<'] = 'u', ['>'] = 'u', ['&'] = 'u', [0xe2] = 'l'};

static void put_unit(Buffer *out, unsigned unit) {
    char escape[] = {'\\', 'u', hex[unit >> 12], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15]};
    put(out, escape, sizeof escape);
}

/* Escapes what stands at `at`; its length. */
static size_t json_one(Buffer *out, Span text, size_t at, unsigned char kind) {
    unsigned char byte = (unsigned char)text.data[at];
    if (kind == 'l') {
        uint32_t point = text.len - at >= 3 ? utf8_decode(text.data + at) : 0;
        if (point == 0x2028 || point == 0x2029) return put_unit(out, point), 3;
        return buffer_byte(out, (char)byte), 1;
    }
    if (kind == 'u') return put_unit(out, byte), 1;
    char escape[] = {'\\', (char)kind};
    return put(out, escape, sizeof escape), 1;
}

/* HOT: every text of every response passes here. */
static void json_string_with(Buffer *out, Span text, const unsigned char kinds[256]) {
    buffer_reserve(out, text.len + 2);
    out->data[out->len++] = '"';
    for (size_t at = 0; at < text.len;) {
        size_t run = at;
        while (run < text.len && !kinds[(unsigned char)text.data[run]]) run++;
        if (run > at) put(out, text.data + at, run - at);
        at = run;
        if (at < text.len) at += json_one(out, text, at, kinds[(unsigned char)text.data[at]]);
    }
    buffer_byte(out, '"');
}

void escape_json(Buffer *out, Span text) { json_string_with(out, text, json_kind); }
void escape_script(Buffer *out, Span text) { json_string_with(out, text, script_kind); }

/* Length of the code point at `at`; 0 where the bytes are no UTF-8: cut, overlong, a surrogate, beyond U+10FFFF. */
static size_t point_len(Span text, size_t at) {
    const unsigned char *b = (const unsigned char *)text.data + at;
    if (b[0] < 0x80) return 1;
    if (b[0] < 0xc2 || b[0] > 0xf4) return 0;
    size_t len = utf8_len(b[0]);
    if (len > text.len - at) return 0;
    for (size_t i = 1; i < len; i++)
        if ((b[i] & 0xc0) != 0x80) return 0;
    uint32_t point = utf8_decode(text.data + at);
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return point >= least[len] && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff) ? len : 0;
}

void escape_bytes(Buffer *out, Span bytes) {
    Buffer clean = {0};
    for (size_t at = 0; at < bytes.len;) {
        size_t len = point_len(bytes, at);
        if (len) put(&clean, bytes.data + at, len);
        else PUT(&clean, "\xef\xbf\xbd");
        at += len ? len : 1;
    }
    escape_json(out, buffer_span(&clean));
    buffer_free(&clean);
}

void escape_html(Buffer *out, Span text) {
    static const char *const names[256] = {['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;", ['\''] = "&#39;"};
    for (size_t at = 0; at < text.len;) {
        size_t run = at;
        while (run < text.len && !names[(unsigned char)text.data[run]]) run++;
        buffer_append(out, (Span){text.data + at, run - at});
        if (run < text.len) buffer_text(out, names[(unsigned char)text.data[run++]]);
        at = run;
    }
}

/* Would a spreadsheet take the cell for a formula? Some take full-width signs for plain ones. */
static bool is_formula(Span text) {
    static const char *const starts[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (span_starts(text, starts[i])) return true;
    return false;
}

static bool wants_quotes(Span text) {
    static const bool special[256] = {[','] = true, ['"'] = true, ['\r'] = true, ['\n'] = true};
    for (size_t i = 0; i < text.len; i++)
        if (special[(unsigned char)text.data[i]]) return true;
    return false;
}

void escape_csv(Buffer *out, Span text) {
    bool quotes = wants_quotes(text);
    if (quotes) buffer_byte(out, '"');
    if (is_formula(text)) buffer_byte(out, '\'');
    for (size_t at = 0; at < text.len;) {
        const char *quote = memchr(text.data + at, '"', text.len - at);
        size_t end = quote ? (size_t)(quote - text.data) + 1 : text.len;
        buffer_append(out, (Span){text.data + at, end - at});
        if (quote) buffer_byte(out, '"');
        at = end;
    }
    if (quotes) buffer_byte(out, '"');
}

/* Code points that a terminal obeys, or that show text in another order than it stands. */
static bool is_active(uint32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c || point == 0x200e || point == 0x200f ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

void escape_terminal(Buffer *out, Span text) {
    for (size_t at = 0; at < text.len;) {
        size_t len = point_len(text, at), size = len ? len : 1;
        if (len && !is_active(utf8_decode(text.data + at))) {
            buffer_append(out, (Span){text.data + at, len});
        } else {
            for (size_t i = 0; i < size; i++) {
                unsigned char byte = (unsigned char)text.data[at + i];
                char escape[] = {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
                put(out, escape, sizeof escape);
            }
        }
        at += size;
    }
}
