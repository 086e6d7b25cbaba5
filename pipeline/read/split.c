#include "read/split.h"

/* Places in a row: at the start of a field, in one without quotes, inside quotes, and behind a quote that may be the closing one. */
enum { AT_FIELD, IN_PLAIN, IN_QUOTES, AFTER_QUOTE };

void split_begin(Split *split, size_t record_bytes, size_t start) {
    *split = (Split){.record_bytes = record_bytes, .start = start, .at = start, .line = 1, .broken_quote = SIZE_MAX};
}

/* Makes `start` the beginning of a record of which nothing has been looked at. */
static void start_at(Split *split, size_t start) {
    split->start = split->at = start;
    split->state = AT_FIELD;
    split->broken_quote = SIZE_MAX;
}

void split_moved(Split *split) { start_at(split, 0); }

static uint64_t count_lines(const char *data, size_t len) {
    uint64_t lines = 0;
    for (const char *at = data, *end = data + len; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++) lines++;
    return lines;
}

/* The record under way is done with: the next one starts at `next`. */
static void advance(Split *split, size_t next, uint64_t lines) {
    split->line += lines;
    split->offset += next - split->start;
    start_at(split, next);
}

static bool find_line_end(Split *split, const char *data, size_t limit) {
    const char *found = limit > split->at ? memchr(data + split->at, '\n', limit - split->at) : NULL;
    split->at = found ? (size_t)(found - data) : limit;
    return found;
}

/* A row without quotes, the usual case: a line. Leaves `at` where it was if there is a quote, or no line end yet. */
static bool find_plain_row(Split *split, const char *data, size_t limit) {
    const char *start = data + split->start;
    const char *found = memchr(start, '\n', limit - split->start);
    if (!found || memchr(start, '"', (size_t)(found - start))) return false;
    split->at = (size_t)(found - data);
    return true;
}

/* Moves over a field without quotes to what ends it; true at a line feed. */
static bool pass_plain(Split *split, const char *data, size_t limit) {
    const char delimiter = split->delimiter;
    size_t at = split->at;
    while (at < limit && data[at] != delimiter && data[at] != '\n') at++;
    split->at = at;
    if (at == limit) return false;
    if (data[at] == '\n') return true;
    split->at++;
    split->state = AT_FIELD;
    return false;
}

/* Moves to behind the next quote, or to the limit; remembers the row's first quoted field with a line feed in it. */
static void pass_quoted(Split *split, const char *data, size_t limit) {
    const char *quote = memchr(data + split->at, '"', limit - split->at);
    split->at = quote ? (size_t)(quote - data) + 1 : limit;
    if (!quote) return;
    split->state = AFTER_QUOTE;
    if (split->broken_quote == SIZE_MAX && memchr(data + split->quote, '\n', split->at - split->quote)) split->broken_quote = split->quote;
}

/* Leaves `at` on the line feed that ends the row, or at the limit. */
static bool find_row_end(Split *split, const char *data, size_t limit) {
    if (split->at == split->start && split->at < limit && find_plain_row(split, data, limit)) return true;
    while (split->at < limit) {
        switch (split->state) {
        case AT_FIELD:
            split->state = data[split->at] == '"' ? IN_QUOTES : IN_PLAIN;
            if (split->state == IN_QUOTES) split->quote = split->at++;
            break;
        case IN_PLAIN:
            if (pass_plain(split, data, limit)) return true;
            break;
        case IN_QUOTES: pass_quoted(split, data, limit); break;
        default:
            split->state = data[split->at] == '"' ? IN_QUOTES : IN_PLAIN;
            if (split->state == IN_QUOTES) split->at++;
        }
    }
    return false;
}

/* Whether each line is a record in this stretch, quotes or not. */
static bool by_lines(Split *split) {
    if (!split->delimiter) return true;
    if (split->offset >= split->looked_until) split->rewinds = 0;
    return split->rewinds > REWINDS_MAX;
}

static Piece piece_at(const Split *split, const char *data, size_t end, SplitKind kind) {
    Span bytes = {data + split->start, end - split->start};
    if (kind != SPLIT_LONG && bytes.len && bytes.data[bytes.len - 1] == '\r') bytes.len--;
    if (bytes.len > split->record_bytes) kind = SPLIT_LONG;
    if (kind == SPLIT_LONG) bytes.len = bytes.len < split->record_bytes ? bytes.len : split->record_bytes;
    return (Piece){.kind = kind, .bytes = bytes, .line = split->line, .offset = split->offset};
}

/* Ends the record with the line in which its first quoted field with a line feed opened. False where there is no such field. */
static bool end_at_quote(Split *split, const char *data, size_t limit, Piece *piece) {
    size_t quote = split->broken_quote != SIZE_MAX ? split->broken_quote : split->state == IN_QUOTES ? split->quote : limit;
    const char *line_end = memchr(data + quote, '\n', limit - quote);
    if (!line_end) return false;
    size_t end = (size_t)(line_end - data), line_start = quote;
    uint64_t lines = count_lines(data + split->start, quote - split->start), looked = split->offset + (limit - split->start);
    while (line_start > split->start && data[line_start - 1] != '\n') line_start--;
    *piece = piece_at(split, data, end, SPLIT_UNCLOSED);
    piece->quote_line = split->line + lines;
    piece->quote_column = quote - line_start + 1;
    if (looked > split->looked_until) split->looked_until = looked;
    split->rewinds++;
    advance(split, end + 1, lines + 1);
    return true;
}

/* The record does not end within the limit of its size. */
static bool end_long(Split *split, const char *data, size_t limit, Piece *piece) {
    if (end_at_quote(split, data, limit, piece)) return true;
    *piece = piece_at(split, data, limit, SPLIT_LONG);
    advance(split, limit, count_lines(data + split->start, limit - split->start));
    split->skipping = true;
    return true;
}

/* The file ends, and the record has no line end. */
static bool end_last(Split *split, const char *data, size_t len, bool cut, Piece *piece) {
    if (split->start == len) return false;
    if (!cut && split->state == IN_QUOTES && end_at_quote(split, data, len, piece)) return true;
    *piece = piece_at(split, data, len, cut ? SPLIT_CUT : SPLIT_WHOLE);
    advance(split, len, count_lines(data + split->start, len - split->start));
    return true;
}

static bool find_record(Split *split, Span buffer, bool ended, bool cut, Piece *piece) {
    /* The longest record may be followed by CR LF; whatever is longer need not be looked at. */
    size_t left = buffer.len - split->start;
    bool over = left > split->record_bytes && left - split->record_bytes >= 2;
    size_t limit = over ? split->start + split->record_bytes + 2 : buffer.len;
    bool lines = by_lines(split);
    if (lines ? find_line_end(split, buffer.data, limit) : find_row_end(split, buffer.data, limit)) {
        size_t end = split->at;
        *piece = piece_at(split, buffer.data, end, SPLIT_WHOLE);
        advance(split, end + 1, lines ? 1 : 1 + count_lines(buffer.data + split->start, end - split->start));
        return true;
    }
    if (over) return end_long(split, buffer.data, limit, piece);
    return ended && end_last(split, buffer.data, buffer.len, cut, piece);
}

/* Passes over the rest of a record that was too long; true once its line end is behind. */
static bool skip_rest(Split *split, Span buffer) {
    split->at = split->start;
    bool found = find_line_end(split, buffer.data, buffer.len);
    advance(split, split->at + found, found);
    split->skipping = !found;
    return found;
}

/* A blank record of CSV holds nothing but blanks; tabs are fields in TSV. */
static bool is_blank(const Split *split, Span bytes) {
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.data[i] != ' ' && (split->delimiter || (bytes.data[i] != '\t' && bytes.data[i] != '\r'))) return false;
    return true;
}

bool split_next(Split *split, Span buffer, bool ended, bool cut, Piece *piece) {
    if (split->skipping && !skip_rest(split, buffer)) return false;
    while (find_record(split, buffer, ended, cut, piece))
        if (piece->kind != SPLIT_WHOLE || !is_blank(split, piece->bytes)) return true;
    return false;
}
