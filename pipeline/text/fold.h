/* fold — one surface form to what rules compare. Called once per form, by the memo. */
#ifndef VERBATIM_FOLD_H
#define VERBATIM_FOLD_H

#include "text/languages.h"

/* Forms longer than this are no words of a language: they are folded letter by letter, without composing, and not stemmed. */
enum { FOLD_BYTES_MAX = 256 };

/* fold_word — the folded form.
 *   in     surface   a token of text_tokens, so never empty; kind its WORD_... bits
 *          drawn     what is left of a Latin, Cyrillic or Korean letter that stands three times or more: 2, or 1 for another reading
 *   out    a copy in arena, or surface itself where folding changes nothing
 *
 * Letters: NFC of the full case folding; zero-width signs dropped; fullwidth made halfwidth; apostrophes made '; and Language.folds.
 * Emoji lose skin tone and presentation signs. Emoticons lose their nose and repeated mouths: `:-)))` is `:)`, `))` is `:)`. */
Span fold_word(Span surface, unsigned kind, const Language *language, const uint8_t *kinds, size_t drawn, Arena *arena);

/* fold_accents — a folded form without the accents of its Latin letters; absent where there are none. */
Span fold_accents(Span folded, Arena *arena);

/* fold_leet — digits and signs that stand for letters inside a word: sh1t, a$$; absent where it is no such word. */
Span fold_leet(Span folded, Arena *arena);

#endif
