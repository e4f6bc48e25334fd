/*
 * The slow and tolerant way through one JSON object of the log: jansson reads it after it was
 * mended. It is the oracle of ndjson_fast.h.
 */
#ifndef PARSERS_NDJSON_SLOW_H
#define PARSERS_NDJSON_SLOW_H

#include "base/base.h"
#include "base/str.h"
#include "parsers/entry.h"

typedef enum ReadResult {
    READ_NOTHING, /* no object, or none with anything of a log entry in it */
    READ_ENTRY,
    READ_TRAILER /* {"count":N,"finished":1} */
} ReadResult;

/* Reads `object` into `ret_entry`, with `is_full` also the rare fields. Text lies in `scratch`,
 * which is cleared first. What had to be mended is flagged. `ret_entry` is set for READ_ENTRY. */
ReadResult ndjson_slow_read(StrView object, bool is_full, StrBuf *scratch, Entry *ret_entry);

/* Calls `each` for the members of `object` in their order, with text unescaped and any other value
 * as compact JSON text. The views are valid during the call only. */
void ndjson_slow_each(StrView object,
                      void (*each)(void *context, StrView key, StrView value, bool is_text),
                      void *context);

#endif
