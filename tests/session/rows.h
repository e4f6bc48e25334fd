/*
 * Entries for the tests of the session floor: made of a few words, and the same for the same seed.
 */
#ifndef TESTS_SESSION_ROWS_H
#define TESTS_SESSION_ROWS_H

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "filters/stages.h"
#include "parsers/entry.h"
#include "session/store.h"

#define ROWS_START INT64_C(1788854416000000000)

/* A small generator of its own, so that a failing seed fails everywhere. */
static inline uint32_t rows_random(uint64_t *state, uint32_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*state >> 33) % below);
}

static inline Entry rows_entry(const char *process, const char *message, int64_t time_ns)
{
    return (Entry){
        .style = STYLE_NDJSON,
        .kind = KIND_LOG,
        .level = LEVEL_DEFAULT,
        .time = {.ns = time_ns},
        .raw = sv(message),
        .message = sv(message),
        .process = sv(process),
        .subsystem = SV("com.apple.ManagedClient"),
        .category = SV("HTTPUtil"),
    };
}

static inline EntryNumber rows_push_notice(Store *store, const char *text, int64_t time_ns)
{
    Entry entry = {
        .kind = KIND_NOTICE,
        .time = {.ns = time_ns},
        .raw = sv(text),
        .message = sv(text),
    };
    return store_push(store, &entry);
}

/* Pushes an entry drawn from few processes, levels and words, with about `padding` bytes more;
 * every twentieth is a notice, every tenth is tagged as a failure, every thirteenth as noise; every
 * seventh has a masked value. */
static inline EntryNumber rows_push_random(Store *store, uint64_t *seed, uint32_t padding)
{
    static const char *const PROCESSES[] = {"mdmclient", "teslad", "appstored", "kernel"};
    static const char *const WORDS[] = {"Received", "HTTP", "response", "error", "401", "idle"};
    EntryNumber number = store_end(store);
    int64_t time = ROWS_START + (int64_t)number * NS_PER_MS;
    if (rows_random(seed, 20) == 0) {
        return rows_push_notice(store, "dropped", time);
    }
    char message[8192];
    int len = snprintf(message, sizeof message, "%s %s %u ", WORDS[rows_random(seed, 6)],
                       WORDS[rows_random(seed, 6)], rows_random(seed, 100));
    uint32_t more = padding > 0 ? rows_random(seed, 2 * padding) : 0;
    more = more < 8000 ? more : 8000;
    memset(message + len, '.', more);
    message[(uint32_t)len + more] = '\0';
    Entry entry = rows_entry(PROCESSES[rows_random(seed, 4)], message, time);
    entry.level = (Level)(1 + rows_random(seed, LEVEL_COUNT - 1));
    entry.flags = number % 7 == 0 ? ENTRY_PRIVATE : 0;
    number = store_push(store, &entry);
    StoreRow row;
    bool is_failure = rows_random(seed, 10) == 0;
    if (store_find(store, number, &row)) {
        row.columns->tag[row.index].outcome = is_failure ? OUTCOME_FAIL : OUTCOME_NONE;
        row.columns->tag[row.index].is_noise = number % 13 == 0;
    }
    return number;
}

#endif
