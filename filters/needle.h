/*
 * Needle: a constant text prepared for being looked for in many others: exactly, or with letter
 * case, diacritics and width folded as Unicode says. Texts only; no fields, no predicates.
 */
#ifndef FILTERS_NEEDLE_H
#define FILTERS_NEEDLE_H

#include "base/base.h"
#include "base/str.h"

typedef enum TextOp {
    TEXT_EQUAL,
    TEXT_CONTAINS,
    TEXT_BEGINS,
    TEXT_ENDS,
} TextOp;

typedef struct Needle {
    StrView text;      /* folded as `fold` says; borrowed */
    unsigned fold;     /* UTF8_FOLD_…, 0 = bytes */
    bool is_ascii;     /* of `text` */
    bool is_caseless;  /* letter case is folded */
    uint8_t after;     /* how far to go on after a match of the last byte alone */
    uint8_t skip[256]; /* how far to go on from a byte; 0 = it may be the last of the needle */
} Needle;

/* Tells whether there is no byte over 0x7F in it. */
bool text_is_ascii(StrView text);

/* Prepares `needle`; `text` is borrowed and must already be folded by the same `fold`. */
void needle_init(Needle *needle, StrView text, unsigned fold);

/* Whether `text` (not folded) stands so to the needle. An empty needle is only equal to an empty
 * text: nothing contains it, nothing begins or ends with it. `scratch` is for folding. */
bool needle_match(const Needle *needle, TextOp op, StrView text, StrBuf *scratch);

/* The same for two texts that were not prepared. `scratch` has two buffers. */
bool text_match(StrView text, TextOp op, StrView other, unsigned fold, StrBuf scratch[2]);

/* Orders two texts by their (folded) bytes, which for UTF-8 is by code points. */
int text_compare(StrView a, StrView b, unsigned fold, StrBuf scratch[2]);

#endif
