/*
 * ICU: regular expressions as `log` reads them, made into such as PCRE2 reads. What only one of
 * the two knows is translated or refused with the reason. Texts only: nothing is compiled here.
 */
#ifndef FILTERS_ICU_H
#define FILTERS_ICU_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

/* Sets within sets go no deeper than that. */
#define ICU_MAX_SETS 32
/* Nor has a pattern more set operations than that. */
#define ICU_MAX_OPERATIONS 64

/* Appends the pattern for PCRE2. On what cannot be said there returns false with the offset in
 * `pattern`. Every set stays one code point: set operations become lookaheads, unions of what
 * PCRE2 cannot put into one set become atomic alternatives. */
bool icu_translate(StrView pattern, StrBuf *buf, Err *err);

#endif
