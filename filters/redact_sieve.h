/*
 * RedactSieve: one pass over a text that tells which of the rules could find something in it, so
 * that the others, nearly all, are not asked. By words, and by the shapes of what stands between
 * punctuation. It finds nothing itself and may say yes too often, never no wrongly.
 */
#ifndef FILTERS_REDACT_SIEVE_H
#define FILTERS_REDACT_SIEVE_H

#include "base/base.h"
#include "base/str.h"
#include "filters/literals.h"

/* Shapes; the names are those of "shapes" in redactions.json. */
#define REDACT_SHAPE_SERIAL (1u << 0)      /* 10 to 12 upper-case letters and digits */
#define REDACT_SHAPE_HEX8_DASH (1u << 1)   /* 8 hexadecimal digits and '-' */
#define REDACT_SHAPE_PAIRS (1u << 2)       /* six times one or two of them */
#define REDACT_SHAPE_DOTS (1u << 3)        /* four numbers with dots */
#define REDACT_SHAPE_COLONS (1u << 4)      /* "::", or three colons after hexadecimal digits */
#define REDACT_SHAPE_AT (1u << 5)          /* '@' */
#define REDACT_SHAPE_PLUS (1u << 6)        /* '+' before a digit */
#define REDACT_SHAPE_LONG_HEX (1u << 7)    /* 32 hexadecimal digits and more */
#define REDACT_SHAPE_LONG_BASE64 (1u << 8) /* 40 bytes of base64, mixed */
#define REDACT_SHAPE_ANGLE_HEX (1u << 9)   /* '<' and 8 hexadecimal digits */
#define REDACT_SHAPE_GROUPS (1u << 10)     /* six groups of 4 or 5 upper-case letters and digits */
#define REDACT_SHAPE_QUESTION (1u << 11)   /* '?' */
#define REDACT_SHAPE_ENCODED (1u << 31)    /* %41, a backslash, &amp; */

/* The bit of a shape's name, 0 = there is none of that name. */
unsigned redact_shape(StrView name);

/* Gives the shapes that are in `text`. */
unsigned redact_shapes(StrView text);

/* How a literal must stand to count; owners are the number of a rule plus one of these. */
#define REDACT_WORD 0 /* anywhere */
/* Before what separates a key from its value: '=', ':' or '<', perhaps after blanks and quotation
 * marks. */
#define REDACT_KEY 64
#define REDACT_TAIL 128  /* where a name ends */
#define REDACT_OWNERS 64 /* numbers of rules are below that */

/* Gives the rules whose literals are in `text`, letter case aside, as bits. The literals are in
 * lower case; `scratch` is for folding. */
uint64_t redact_words(const Literals *literals, StrView text, StrBuf *scratch);

#endif
