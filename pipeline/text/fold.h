/* fold — one surface form to what rules compare. Called once per form, by the memo. */
#ifndef VERBATIM_FOLD_H
#define VERBATIM_FOLD_H

#include "text/languages.h"

/* Forms longer than this are no words of a language: they are folded letter by letter, without composing, and not stemmed. */
enum { FOLD_BYTES_MAX = 256 };

/* fold_word — the folded form.
 *   in     surface   a token of text_tokens, so never empty, and without spaces; kind its WORD_... bits
 *   out    a copy in arena, or surface itself where folding changes nothing
 *
 * Letters: NFC of the full case folding; zero-width signs dropped; fullwidth made halfwidth; apostrophes made '; a Latin or Cyrillic
 * letter three times or more becomes two; Russian: ё is е; Chinese: Traditional becomes Simplified, character by character.
 * Emoji lose skin tone and presentation signs. Emoticons lose their nose and repeated mouths: `:-)))` is `:)`, `))` is `:)`. */
Span fold_word(Span surface, unsigned kind, const Language *language, const uint8_t *kinds, Arena *arena);

#endif
