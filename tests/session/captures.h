/*
 * What the tests of captures share: entries with a number, files compared byte for byte, captures
 * opened again as sources. Included by test programs only, after <cmocka.h>.
 */
#ifndef TESTS_SESSION_CAPTURES_H
#define TESTS_SESSION_CAPTURES_H

#include "session/source_parts.h"
#include "tests/session/place.h"
#include "tests/session/stream_harness.h"

/* An entry as `log` prints it, with its number in the message. */
static inline void add_entry(StrBuf *text, int number)
{
    strbuf_printf(text,
                  "{\"timestamp\":\"2026-01-15 10:%02d:%02d.%06d+0100\",\"eventType\":\"logEvent\","
                  "\"messageType\":\"%s\",\"processImagePath\":\"\\/usr\\/libexec\\/mdmclient\","
                  "\"processID\":77,\"threadID\":7,\"machTimestamp\":%d,\"traceID\":12,"
                  "\"subsystem\":\"com.apple.ManagedClient\",\"category\":\"x\","
                  "\"eventMessage\":\"Received HTTP response (200) [Acknowledged] seq=%d\"}\n",
                  number / 60000000 % 60, number / 1000000 % 60, number % 1000000,
                  number % 10 == 0 ? "Error" : "Default", number + 1, number);
}

static inline void assert_same(const StrBuf *is, StrView wanted)
{
    size_t at = 0;
    while (at < is->len && at < wanted.len && is->ptr[at] == wanted.ptr[at]) {
        at++;
    }
    if (at != is->len || at != wanted.len) {
        fail_msg("differs at byte %zu of %zu and %zu: '%.*s'", at, is->len, wanted.len,
                 SV_ARG(sv_slice(strbuf_view(is), at, 80)));
    }
}

static inline void assert_file(TestPlace *place, const char *name, StrView wanted)
{
    StrBuf is = {0};
    (void)place_get(place, name, &is);
    assert_same(&is, wanted);
    strbuf_done(&is);
}

/* The bytes of all entries that these files give when they are opened. */
static inline Harness *open_again(const char *const *paths, size_t count)
{
    Harness *harness = harness_new();
    for (size_t i = 0; i < count; i++) {
        harness_add(harness, SOURCE_FILE, paths[i]);
    }
    source_parts_join(&harness->options);
    harness_open(harness);
    UNTIL(harness, is_done);
    return harness;
}

#endif
