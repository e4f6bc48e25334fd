/*
 * The fast way through an NDJSON line: a scanner for what `log` really writes. It predicts each key
 * from the line before and gives up on anything odd; ndjson_slow.h then reads the line. What it
 * accepts it reads exactly as that one would. It must never include jansson.
 */
#ifndef PARSERS_NDJSON_FAST_H
#define PARSERS_NDJSON_FAST_H

#include "base/base.h"
#include "base/str.h"
#include "parsers/entry.h"
#include "parsers/ndjson_keys.h"

typedef struct PathCache PathCache;

/* What one line teaches about the next. Begin with ndjson_fast_init. */
typedef struct NdjsonFast {
    uint8_t next[KEY_COUNT + 2]; /* key that followed each key in the last line; last = the first */
    char minute[17];             /* "YYYY-MM-DD HH:MM:" of the last stamp */
    char zone[5];                /* "+HHMM" of it */
    bool has_minute;
    int64_t minute_ns;
    int16_t zone_minutes;
    PathCache *paths; /* paths with their \/ undone; NULL = do it every time */
} NdjsonFast;

/* Prepares `fast`; with `wants_cache` it must be given to ndjson_fast_done. */
void ndjson_fast_init(NdjsonFast *fast, bool wants_cache);
void ndjson_fast_done(NdjsonFast *fast);

/* Reads `line`, without its '\n', into `ret_entry`; with `is_full` also the rare fields. Unescaped
 * text lies in `scratch` (cleared first) or in the cache and is valid until the next call. Returns
 * false when the line needs the slow way, with `ret_entry` undefined. */
bool ndjson_fast_read(NdjsonFast *fast, StrView line, bool is_full, StrBuf *scratch,
                      Entry *ret_entry);

#endif
