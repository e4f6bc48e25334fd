/*
 * Err: what went wrong, in words for the user and, where there is a text to point into, where.
 * The caller owns it; functions that can fail take it last and fill it only when they fail.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"

#define ERR_TEXT_MAX 512
#define ERR_NO_OFFSET SIZE_MAX

typedef struct Err {
    char text[ERR_TEXT_MAX]; /* lower case, no full stop; "" = no error */
    size_t offset;           /* byte in the text that was read, ERR_NO_OFFSET = none */
    int line;                /* from 1; 0 = unknown */
    int column;              /* from 1, in characters; 0 = unknown */
} Err;

/* Gives an Err that says nothing. */
Err err_none(void);

/* Fills `err` (which may be NULL) without a position; always returns false. */
bool err_set(Err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Fills `err` (which may be NULL) with a byte offset into the text that was read; returns false. */
bool err_set_at(Err *err, size_t offset, const char *format, ...) PRINTF_LIKE(3, 4);

/* Puts "WHAT: " before the text of `err`, which may be NULL; always returns false. */
bool err_prefix(Err *err, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
