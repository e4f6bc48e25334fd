/*
 * Taking the layout out of a JSON object, so that the scanner for `log`'s NDJSON can read what
 * `--style json` spreads over lines. It judges nothing and must never include jansson.
 */
#ifndef PARSERS_NDJSON_COMPACT_H
#define PARSERS_NDJSON_COMPACT_H

#include "base/base.h"
#include "base/str.h"

/* Puts `object` without the blanks between its tokens into `buf`, which is cleared first. Words
 * that only blanks kept apart stay apart. Returns false when a string has no end. */
bool ndjson_compact(StrView object, StrBuf *buf);

#endif
