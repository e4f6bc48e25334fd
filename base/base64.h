/*
 * Base64 (RFC 4648, the plain alphabet), written and read back. It knows nothing of what the bytes
 * are.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/base.h"
#include "base/str.h"

/* Appends `bytes` in base64, padded, on one line. */
void base64_encode(StrView bytes, StrBuf *ret_text);

/* Appends the bytes that `text` stands for; white space in it does not count, padding may be left
 * out. False when it is no base64: `ret_offset` (may be NULL) is then the byte that is to blame, or
 * the length of `text` when something is missing at its end. */
bool base64_decode(StrView text, StrBuf *ret_bytes, size_t *ret_offset);

#endif
