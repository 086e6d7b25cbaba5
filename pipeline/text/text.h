/* text — a response's text to tokens.
 *
 * One pass cuts the text; each surface form is folded and stemmed once and kept in the worker's memo. */
#ifndef VERBATIM_TEXT_H
#define VERBATIM_TEXT_H

#include "flow.h"

typedef struct Languages Languages;

/* languages_open — reads `dir`/languages.tsv, and beside it common.tsv (words that tell languages apart) and, if it is there, abbreviations.tsv.
 *   lives  all in keep
 *   fails  FAIL_FILE, FAIL_SETUP with file and line */
bool languages_open(const char *dir, Arena *keep, const Languages **languages, Fail *fail);

size_t languages_count(const Languages *languages);
const Language *languages_at(const Languages *languages, size_t index);

/* The language that a BCP 47 tag names, by its first subtag (zh-Hant, cmn, yue, zho and chi are zh; eng is en; rus is ru; case does not
 * count); NULL: not one of ours. */
const Language *language_find(const Languages *languages, Span tag);

/* What cuts texts of languages that are not ours: words between spaces, no stems, code empty. */
const Language *languages_other(const Languages *languages);

/* language_guess — the language of a text, NULL where unsure or none of ours. By script first, then by common words of many languages,
 * ours and others. Looks at the first 50 words, or 1000 bytes.
 * thread any; no state. */
const Language *language_guess(const Languages *languages, Span text);

/* text_clean — a response's text as rules see it: entities and tags of HTML, characters broken by a wrong encoding, letters spaced out.
 *   in     given    valid UTF-8
 *   out    cleaned  the text as given where nothing is to be mended, which a quick look finds for almost all; else text and anchors in scratch
 *   thread any; no state
 *
 * What is mended, in this order, each on what the one before it left: entities (entities.c), tags (tags.c), mojibake and
 * signs of windows-1252 read as controls (mojibake.c), letters spaced out (spaced.c). Zero width and other invisible signs are left to text_tokens. Time is linear in any text. */
void text_clean(Span given, Cleaned *cleaned, Arena *scratch);

typedef struct Memo Memo;

/* memo_open — a worker's memory of words; `capacity` words at most (a power of 2). */
Memo *memo_open(const Languages *languages, size_t capacity);
void memo_close(Memo *memo);

/* True when so many words are held that the next text might not fit well: the caller then empties it, between two records. Words die
 * with that. A text with more words than there is room for makes the memo grow until then. */
bool memo_full(const Memo *memo);
void memo_clear(Memo *memo);

/* text_tokens — cuts a text.
 *   in     text      valid UTF-8, cleaned where it is a response's: tokens->anchors are then the caller's to set
 *          language  not NULL
 *   out    tokens    items in scratch, words the memo's: valid until the next call with the same memo (indices until memo_clear)
 *   thread one at a time for a memo
 *
 * Tokens: runs of letters, marks and digits; ' _ and invisible signs join them, * too (f*ck); hyphens part them. Digits with . , : between
 * them; a Han or kana character, in any language; an address or @name; an emoji sequence; an emoticon.
 * A sentence ends at a line end or bullet; at ! ? and their kin; at . or ... before a gap, unless the word is an abbreviation or initial;
 * at . between a small letter and a capital; and after some hundred tokens. A clause ends at , ; : brackets and dashes; in a language without spaces, at a space too.
 * An emoji right after a sentence end belongs to the sentence before. Numbers have no gaps: a border shows in the next token.
 * What a Word holds depends on language and surface alone. */
void text_tokens(Memo *memo, Span text, const Language *language, Tokens *tokens, Arena *scratch);

#endif
