/* tagged — a response and what was found in it as one line of NDJSON; and one that was rejected. */
#include "base/utf8.h"
#include "write/put.h"
#include "write/write.h"

/* Cursor — a place in the text in bytes and in code points. It goes forward only and starts again for what lies behind it: a
 * tag's evidence is in text order, so that a text is walked at most once a tag. */
typedef struct {
    Span text;
    size_t byte, point;
} Cursor;

static size_t point_at(Cursor *cursor, size_t byte) {
    if (byte > cursor->text.len) byte = cursor->text.len;
    if (byte < cursor->byte) cursor->byte = cursor->point = 0;
    cursor->point += utf8_count(cursor->text.data + cursor->byte, byte - cursor->byte);
    cursor->byte = byte;
    return cursor->point;
}

static char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? (char)(byte | 32) : byte; }

/* Is the tag the code itself, or the code with subtags behind it? */
static bool names_language(Span tag, Span code) {
    if (tag.len < code.len || (tag.len > code.len && tag.data[code.len] != '-')) return false;
    for (size_t i = 0; i < code.len; i++)
        if (lower(tag.data[i]) != lower(code.data[i])) return false;
    return true;
}

static Span language_tag(const Doc *doc, const Language *language) {
    if (!language) return doc->lang.len ? doc->lang : SPAN("und");
    return names_language(doc->lang, language->code) ? doc->lang : language->code;
}

static void put_sentiment(Buffer *out, Score score) {
    PUT(out, ",\"sentiment\":{\"label\":\"");
    buffer_text(out, sentiment_name((int)score.label));
    PUT(out, "\",\"score\":");
    put_hundredths(out, score.positive - score.negative);
    PUT(out, ",\"positive\":");
    put_hundredths(out, score.positive);
    PUT(out, ",\"negative\":");
    put_hundredths(out, score.negative);
    if (score.p) PUT(out, ",\"p\":"), put_hundredths(out, (score.p + 50) / 100);
    buffer_byte(out, '}');
}

static void put_hit(Buffer *out, Cursor *cursor, const Hit *hit, Span rule) {
    size_t start = hit->start < cursor->text.len ? hit->start : cursor->text.len;
    size_t end = hit->end < start ? start : hit->end < cursor->text.len ? hit->end : cursor->text.len;
    PUT(out, "{\"start\":");
    buffer_unsigned(out, point_at(cursor, start));
    PUT(out, ",\"end\":");
    buffer_unsigned(out, point_at(cursor, end));
    PUT(out, ",\"text\":");
    escape_json(out, (Span){cursor->text.data + start, end - start});
    if (rule.data) PUT(out, ",\"rule\":"), escape_json(out, rule);
    buffer_byte(out, '}');
}

static void put_tag(Buffer *out, const Code *code, const Tag *tag) {
    PUT(out, "{\"code\":");
    escape_json(out, code->id);
    if (code->poles && (tag->pole == POLE_NEGATIVE || tag->pole == POLE_POSITIVE)) {
        if (tag->pole == POLE_NEGATIVE) PUT(out, ",\"polarity\":\"negative\"");
        else PUT(out, ",\"polarity\":\"positive\"");
    }
    PUT(out, ",\"p\":");
    put_hundredths(out, (tag->p + 50) / 100);
    static const char *const sources[] = {"lexicon", "model", "both"};
    PUT(out, ",\"source\":\"");
    buffer_text(out, sources[tag->source]);
    PUT(out, "\",\"evidence\":[");
}

static void put_segments(Buffer *out, const Doc *doc) {
    bool any = false;
    for (size_t i = 0; i < doc->segment_count; i++) {
        if (!doc->segments[i].value.data) continue;
        if (any) buffer_byte(out, ',');
        else PUT(out, ",\"segment\":{");
        escape_json(out, doc->segments[i].name);
        buffer_byte(out, ':');
        escape_json(out, doc->segments[i].value);
        any = true;
    }
    if (any) buffer_byte(out, '}');
}

/* ---- members that are carried through ---- */

/* The index behind the JSON string whose opening quote is at `at`. */
static size_t string_end(Span json, size_t at) {
    for (at++; at < json.len && json.data[at] != '"'; at++) at += json.data[at] == '\\';
    return at < json.len ? at + 1 : json.len;
}

/* The index of the comma behind the value that begins at `at`, or of the end. */
static size_t value_end(Span json, size_t at) {
    size_t depth = 0;
    for (; at < json.len; at++) {
        char byte = json.data[at];
        if (byte == '"') at = string_end(json, at) - 1;
        else if (byte == '{' || byte == '[') depth++;
        else if (byte == '}' || byte == ']') depth--;
        else if (byte == ',' && !depth) break;
    }
    return at;
}

static bool is_ours(Span key) {
    static const char *const keys[] = {"\"id\"", "\"lang\"", "\"sentiment\"", "\"tags\"", "\"segment\""};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (span_is(key, keys[i])) return true;
    return false;
}

static void put_kept(Buffer *out, Span members) {
    for (size_t at = 0; at < members.len;) {
        while (at < members.len && members.data[at] != '"') at++;
        size_t key_end = at < members.len ? string_end(members, at) : at, end = value_end(members, key_end);
        Span key = {members.data + at, key_end - at};
        bool ours = is_ours(key);
        if (at < members.len) buffer_byte(out, ',');
        if (ours) PUT(out, "\"input_");
        buffer_append(out, (Span){members.data + at + ours, end - at - ours});
        at = end + 1;
    }
}

void tagged_line(Buffer *out, const Doc *doc, const Language *language, const Result *result, const Codebook *codebook, RuleNames names) {
    Cursor cursor = {.text = doc->text};
    PUT(out, "{\"id\":");
    escape_json(out, doc->id);
    PUT(out, ",\"lang\":");
    escape_json(out, language_tag(doc, language));
    put_sentiment(out, result->score);
    PUT(out, ",\"tags\":[");
    for (size_t i = 0; i < result->tag_count; i++) {
        const Tag *tag = &result->tags[i];
        if (i) buffer_byte(out, ',');
        put_tag(out, &codebook->codes[tag->code], tag);
        for (uint32_t j = 0; j < tag->hit_count; j++) {
            const Hit *hit = &result->hits[tag->first_hit + j];
            if (j) buffer_byte(out, ',');
            put_hit(out, &cursor, hit, hit->rule == HIT_OF_MODEL ? (Span){0} : names.rule_id(names.context, language, hit->rule));
        }
        PUT(out, "]}");
    }
    buffer_byte(out, ']');
    put_segments(out, doc);
    put_kept(out, doc->keep);
    PUT(out, "}\n");
}

/* The first REJECT_BYTES, less a code point that the cut would split. */
static Span cut(Span bytes) {
    if (bytes.len <= REJECT_BYTES) return bytes;
    size_t len = REJECT_BYTES;
    while (len > REJECT_BYTES - 3 && ((unsigned char)bytes.data[len] & 0xc0) == 0x80) len--;
    return (Span){bytes.data, ((unsigned char)bytes.data[len] & 0xc0) == 0x80 ? REJECT_BYTES : len};
}

void reject_line(Buffer *out, const Record *record, const Fail *fail) {
    PUT(out, "{\"source\":");
    escape_bytes(out, span_of(record->source ? record->source : ""));
    PUT(out, ",\"line\":");
    buffer_unsigned(out, record->line);
    PUT(out, ",\"offset\":");
    buffer_unsigned(out, record->offset);
    if (fail->column) PUT(out, ",\"column\":"), buffer_unsigned(out, fail->column);
    PUT(out, ",\"reason\":");
    escape_json(out, span_of(fail_name(fail->code)));
    PUT(out, ",\"message\":");
    escape_bytes(out, span_of(fail->message));
    PUT(out, ",\"bytes\":");
    escape_bytes(out, cut(record->bytes));
    PUT(out, "}\n");
}
