/*
 * Undoing the escapes of JSON strings, for the fast scanner: NUL and surrogates are left to the
 * slow way. It must never include jansson.
 */
#ifndef PARSERS_UNESCAPE_H
#define PARSERS_UNESCAPE_H

#include "base/base.h"
#include "base/str.h"

/* The value of a hexadecimal digit, -1 when it is none. */
int unescape_hex_digit(char byte);

/* Writes `text`, the inside of a JSON string, without its escapes to `out`, which has room for
 * text.len bytes. Returns the end of what was written, NULL when an escape is wrong or odd. A
 * backslash must not be the last byte. */
char *unescape_json(char *out, StrView text);

#endif
