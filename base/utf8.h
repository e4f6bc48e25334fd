/*
 * UTF-8: reading it, checking it, folding it, and how many terminal cells it takes.
 * The one file of the project that uses libutf8proc. Broken bytes never fail: see utf8_next.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/base.h"
#include "base/str.h"

#define UTF8_REPLACEMENT 0xFFFDu
/* utf8_next gives an invalid byte B as UTF8_BROKEN | B. */
#define UTF8_BROKEN 0x110000u

/* Takes one code point off `rest` (which must not be empty). An invalid byte is taken alone. */
uint32_t utf8_next(StrView *rest);

/* Column in characters, from 1, of the byte `offset` in its line. */
int utf8_column(StrView text, size_t offset);

/* Appends a code point as UTF-8; surrogates and values over 0x10FFFF become U+FFFD. */
void utf8_append(StrBuf *buf, uint32_t code_point);

/* Tells whether all of `text` is valid UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool utf8_is_valid(StrView text);

/* Length in bytes of the grapheme cluster at the start of `text` (0 only for an empty text), and
 * its width in cells: 1 or 2, 0 for an empty text. What a terminal must not get raw is a cluster
 * alone and counts as its visible form: 1 to 10 cells, and nothing else is wider than 2. */
size_t utf8_cluster(StrView text, int *ret_width);

/* Width of the whole text in cells, with unsafe characters in their visible form. */
int utf8_width(StrView text);

/* Longest start of `text`, in bytes, that fits into `cells`; never cuts a cluster. */
size_t utf8_fit(StrView text, int cells, int *ret_width);

/* Tells whether a code point must not reach a terminal as it is: C0, DEL, C1, bidirectional
 * controls (U+202A–202E, U+2066–2069, U+200E/F, U+061C), line and paragraph separators, byte
 * order mark, characters nobody can see (U+200B, U+2060–206F, U+FFF9–FFFB, tags), surrogates,
 * the "broken" values of utf8_next. The joiners U+200C and U+200D are letters' business: safe. */
bool utf8_is_unsafe(uint32_t code_point);

/* Appends `text` so that a terminal can show it and nothing else happens: C0 as ␀…␟ pictures
 * (tab as one blank, newline as "⏎"), DEL as ␡, other unsafe ones as <U+202E>, broken bytes as
 * \xNN. What is safe but could not be seen (a mark without its letter) is written as <U+0301>. */
void utf8_visible(StrBuf *buf, StrView text);

#define UTF8_FOLD_CASE (1u << 0)
#define UTF8_FOLD_DIACRITICS (1u << 1)
#define UTF8_FOLD_WIDTH (1u << 2)

/* Appends `text` folded for comparison (Unicode, not ASCII only). Invalid bytes are copied. */
void utf8_fold(StrBuf *buf, StrView text, unsigned flags);

#endif
