/*
 * Shorthand: the second grammar of `log`, new in macOS 26 (log(1), "log help shorthand"):
 * s=com.example and c:net|dns and "text". It gives the same tree as the first one. For
 * predicate*.c only; everybody else goes through predicate.h. What the manual page does not say is
 * tolerated with a warning.
 */
#ifndef FILTERS_SHORTHAND_H
#define FILTERS_SHORTHAND_H

#include "filters/predicate_internal.h"

/* The key whose words are levels and kinds of events together. */
#define SHORTHAND_TYPE "type"

typedef struct ShorthandKey {
    const char *word;
    FieldId field;     /* FIELD_LEVEL stands for SHORTHAND_TYPE */
    const char *doubt; /* a warning, NULL = documented */
} ShorthandKey;

/* A word of SHORTHAND_TYPE. */
typedef struct ShorthandType {
    const char *word;
    FieldId field;        /* FIELD_LEVEL or FIELD_KIND */
    const char *own_word; /* how the field calls it */
    const char *doubt;
} ShorthandType;

/* Finds a key by its word; NULL when shorthand has none of that name. */
const ShorthandKey *shorthand_key_find(StrView word);

/* The key to print a field with: the shortest, documented ones first; NULL when there is none. */
const ShorthandKey *shorthand_key_of(FieldId field);

/* Finds a type by its word, or by the number its field gives it. */
const ShorthandType *shorthand_type_find(StrView word);
const ShorthandType *shorthand_type_of(FieldId field, uint64_t number);

/* Whether `text` can stand as a value without quotes. */
bool shorthand_is_bare(StrView text);

/* Reads `predicate->source` as shorthand; NULL with `err` filled when it is none. Warnings go into
 * `predicate`, the words it took are added to `steps`; `ret_mixed` is where OR stands beside AND
 * without parentheses, or SIZE_MAX. */
const PredicateNode *shorthand_parse(Predicate *predicate, size_t *steps, size_t *ret_mixed,
                                     Err *err);

#endif
