/*
 * Mending the text of one JSON object so that a strict reader takes it: what is no UTF-8, lone
 * surrogates, raw control characters, an end that is missing. It judges no grammar: the reader
 * does. It must never include jansson.
 */
#ifndef PARSERS_NDJSON_CLEAN_H
#define PARSERS_NDJSON_CLEAN_H

#include "base/base.h"
#include "base/str.h"

/* Write numbers that a signed 64-bit reader would refuse or round as a string that begins with
 * NDJSON_NUMBER_MARK. */
#define CLEAN_MARK_NUMBERS (1u << 0)

/* First byte of such a string once it is read. */
#define NDJSON_NUMBER_MARK '\x01'

typedef struct CleanFacts {
    bool is_damaged;   /* something had to be replaced, or there is a NUL */
    bool is_truncated; /* the object had no end and was given one */
} CleanFacts;

/* Appends `object` to `buf` mended and without blanks between its tokens. Returns false when there
 * is no object to be seen or nothing of a truncated one can be kept. */
bool ndjson_clean(StrView object, unsigned flags, StrBuf *buf, CleanFacts *ret_facts);

#endif
