/*
 * The keys of an NDJSON object and what each does to an Entry: the meaning that the fast scanner
 * and the jansson path share, so that they can only differ in how they read. It knows no syntax.
 */
#ifndef PARSERS_NDJSON_KEYS_H
#define PARSERS_NDJSON_KEYS_H

#include "base/base.h"
#include "base/str.h"
#include "parsers/entry.h"

/* In the order in which `log` of macOS 11 and later writes them: the first guess of the scanner. */
typedef enum NdjsonKey {
    KEY_TIMEZONE,
    KEY_MESSAGE_TYPE,
    KEY_EVENT_TYPE,
    KEY_SOURCE,
    KEY_FORMAT,
    KEY_USER,
    KEY_ACTIVITY,
    KEY_SUBSYSTEM,
    KEY_CATEGORY,
    KEY_THREAD,
    KEY_SENDER_UUID,
    KEY_BACKTRACE,
    KEY_BOOT_UUID,
    KEY_PROCESS_PATH,
    KEY_SENDER_PATH,
    KEY_TIMESTAMP,
    KEY_MACH,
    KEY_MESSAGE,
    KEY_PROCESS_UUID,
    KEY_TRACE,
    KEY_PID,
    KEY_PROGRAM_COUNTER,
    KEY_PARENT_ACTIVITY,
    KEY_CREATOR_ACTIVITY,
    KEY_SIGNPOST_ID,
    KEY_SIGNPOST_NAME,
    KEY_SIGNPOST_TYPE,
    KEY_SIGNPOST_SCOPE,
    KEY_LOSS_COUNT,
    KEY_LOSS_START_MACH,
    KEY_LOSS_END_MACH,
    KEY_PROCESS,  /* only in reduced captures of other people */
    KEY_FINISHED, /* the trailer */
    KEY_COUNT,
    KEY_UNKNOWN = KEY_COUNT
} NdjsonKey;

typedef enum NdjsonRole {
    ROLE_IGNORED, /* known, shown in the detail pane, in no field of Entry */
    ROLE_TEXT,
    ROLE_NUMBER,
    ROLE_LEVEL,
    ROLE_TIME
} NdjsonRole;

/* A key's name is kept with its quotes and colon, padded with zeroes, so that the scanner compares
 * whole words of memory. */
#define NDJSON_QUOTED_MAX 40

typedef struct NdjsonKeyInfo {
    char quoted[NDJSON_QUOTED_MAX]; /* "name": */
    uint8_t quoted_len;
    uint8_t role;    /* NdjsonRole */
    uint16_t offset; /* of the member of Entry; ROLE_TEXT, ROLE_NUMBER */
    uint16_t bit;    /* HAS_…; ROLE_NUMBER */
    bool is_rare;    /* only in a full reading */
} NdjsonKeyInfo;

extern const NdjsonKeyInfo NDJSON_KEYS[KEY_COUNT];

/* Finds a key by its name without quotes; KEY_UNKNOWN when there is none. */
NdjsonKey ndjson_key_find(StrView name);

/* Makes `entry` empty, of style NDJSON, without a time. */
void ndjson_begin(Entry *entry);

/* Store a value under a key; one of another type than the key's counts as absent. The later of two
 * values wins. `key` may be KEY_UNKNOWN. Rare keys are left alone unless `is_full`. */
void ndjson_set_text(Entry *entry, NdjsonKey key, StrView text, bool is_full);
void ndjson_set_number(Entry *entry, NdjsonKey key, uint64_t number, bool is_full);
void ndjson_set_absent(Entry *entry, NdjsonKey key);
void ndjson_set_time(Entry *entry, Stamp stamp);

/* Derives what no key holds: kind, names out of paths, nil for "" where that is Apple's rule. */
void ndjson_finish(Entry *entry);

/* Tells whether anything of a log entry was found in the object. */
bool ndjson_is_entry(const Entry *entry);

/* Reads the stamp at the start of `text` as the time of `entry`; one without a zone as UTC, with
 * ENTRY_NO_ZONE. Returns the bytes read, 0 when there is no stamp. */
size_t entry_read_stamp(Entry *entry, StrView text);

/* Sets ENTRY_PRIVATE when the message has a mark that stands for a private value. */
void entry_mark_private(Entry *entry);

#endif
