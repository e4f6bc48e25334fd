/*
 * Literals: many short texts sought in one pass over a text, as a cheap sieve before regular
 * expressions. Bytes, letter case matters; no patterns, no Unicode.
 */
#ifndef FILTERS_LITERALS_H
#define FILTERS_LITERALS_H

#include "base/base.h"
#include "base/str.h"

#define LITERAL_MIN 2 /* bytes; shorter ones would be found everywhere */
#define LITERALS_MAX 1024

typedef struct Literals Literals;

/* Where a search stands; begin with literals_begin. */
typedef struct LiteralScan {
    const Literals *set;
    StrView text;
    size_t at;
    size_t end;    /* of the literal that was found last */
    uint16_t next; /* further candidates at `at` - 1, 0 = none */
} LiteralScan;

/* Makes an empty set; the caller frees it. */
Literals *literals_new(void);
void literals_free(Literals *set);

/* Adds `text`, which must outlive the set, under the number `owner` (several may share one).
 * False when it is shorter than LITERAL_MIN or the set is full. */
bool literals_add(Literals *set, StrView text, uint16_t owner);

/* Begins a search; the scan is valid as long as the set and the text. */
LiteralScan literals_begin(const Literals *set, StrView text);

/* Gives the owner of the next literal that occurs, in no promised order, once per occurrence;
 * false when there are no more. */
bool literals_next(LiteralScan *scan, uint16_t *ret_owner);

#endif
