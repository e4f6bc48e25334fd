/*
 * Harness for tests of the sources: runs them the way the loop does (select, deadline, pump),
 * collects what comes, and waits for states. It never sleeps; what hangs fails after a while.
 * Included by test programs only, after <cmocka.h>.
 */
#ifndef TESTS_SESSION_HARNESS_H
#define TESTS_SESSION_HARNESS_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "session/source.h"
#include "tests/session/processes.h"

#define HARNESS_PATIENCE_NS (INT64_C(60) * NS_PER_SECOND)
#define HARNESS_BUDGET_NS (INT64_C(5) * NS_PER_MS)

typedef struct Harness {
    Options options;
    char log_path[512];
    Sources *sources;
    int64_t shift;    /* added to the clock: lets time pass without waiting */
    int64_t *numbers; /* N of "seq=N" of each entry, -1 = none */
    int64_t *times;
    uint8_t *from; /* source of each entry */
    size_t count;
    size_t capacity;
    size_t unparsed;
    StrBuf raws;      /* raw bytes of all entries, a '\n' after each */
    StrBuf notices;   /* a line each */
    size_t notice_at; /* entries before the last notice */
    uint64_t pumps;
} Harness;

static inline void harness_entry(void *context, const Entry *entry)
{
    Harness *harness = context;
    if (harness->count == harness->capacity) {
        harness->capacity = harness->capacity * 2 + 1024;
        harness->numbers =
            mem_realloc(harness->numbers, harness->capacity, sizeof(*harness->numbers));
        harness->times = mem_realloc(harness->times, harness->capacity, sizeof(*harness->times));
        harness->from = mem_realloc(harness->from, harness->capacity, sizeof(*harness->from));
    }
    int64_t number = -1;
    size_t at = sv_find(entry->message, SV("seq="));
    if (at != SIZE_MAX && !sv_to_i64(sv_slice(entry->message, at + 4, SIZE_MAX), &number)) {
        number = -1;
    }
    harness->numbers[harness->count] = number;
    harness->times[harness->count] = entry->time.ns;
    harness->from[harness->count++] = entry->source;
    harness->unparsed += entry->kind == KIND_UNPARSED ? 1 : 0;
    strbuf_add(&harness->raws, entry->raw);
    strbuf_add_char(&harness->raws, '\n');
}

static inline void harness_notice(void *context, uint8_t source, int64_t time_ns, StrView text)
{
    Harness *harness = context;
    (void)source;
    (void)time_ns;
    harness->notice_at = harness->count;
    strbuf_add(&harness->notices, text);
    strbuf_add_char(&harness->notices, '\n');
}

/* A harness without sources: options as a plain `mdmscope` has them, with the stand-ins. */
static inline Harness *harness_new(void)
{
    Harness *harness = mem_calloc(1, sizeof(*harness));
    const char *build = getenv("MDMSCOPE_BUILD");
    (void)snprintf(harness->log_path, sizeof(harness->log_path), "%s/tests/bin/log",
                   build != NULL ? build : "build");
    harness->options = (Options){
        .log_path = harness->log_path,
        .ssh_path = "tests/bin/ssh",
        .speed = 1,
        .buffer_bytes = 64 * MIB,
    };
    return harness;
}

static inline void harness_add(Harness *harness, SourceKind kind, const char *argument)
{
    harness->options.sources[harness->options.source_count++] =
        (SourceSpec){.kind = kind, .argument = argument};
}

static inline SourceSink harness_sink(Harness *harness)
{
    return (SourceSink){.entry = harness_entry, .notice = harness_notice, .context = harness};
}

static inline void harness_open(Harness *harness)
{
    Err err = err_none();
    harness->sources = sources_new(&harness->options, harness_sink(harness), &err);
    if (harness->sources == NULL) {
        fail_msg("cannot open: %s", err.text);
    }
}

static inline void harness_free(Harness *harness)
{
    sources_free(harness->sources);
    mem_free(harness->numbers);
    mem_free(harness->times);
    mem_free(harness->from);
    strbuf_done(&harness->raws);
    strbuf_done(&harness->notices);
    mem_free(harness);
}

static inline SourceStatus harness_status(const Harness *harness)
{
    SourceStatus status;
    sources_status(harness->sources, 0, &status);
    return status;
}

/* One turn of the loop: waits for a descriptor or the deadline, then pumps. */
static inline void harness_turn(Harness *harness)
{
    fd_set reads;
    FD_ZERO(&reads);
    int max_fd = -1;
    sources_fds(harness->sources, &reads, &max_fd);
    int64_t now = clock_monotonic() + harness->shift;
    int64_t deadline = sources_deadline(harness->sources, now);
    int64_t wait = deadline == INT64_MAX ? NS_PER_SECOND : deadline - now;
    wait = wait < 0 ? 0 : wait > NS_PER_SECOND ? NS_PER_SECOND : wait;
    struct timeval length = {.tv_sec = (time_t)(wait / NS_PER_SECOND),
                             .tv_usec = (suseconds_t)(wait % NS_PER_SECOND / 1000)};
    if (select(max_fd + 1, &reads, NULL, NULL, &length) < 0) {
        FD_ZERO(&reads);
    }
    (void)sources_pump(harness->sources, &reads, clock_monotonic() + harness->shift,
                       HARNESS_BUDGET_NS);
    harness->pumps++;
}

typedef bool HarnessTest(const Harness *harness);

static inline void harness_until(Harness *harness, HarnessTest *is_reached, const char *name)
{
    int64_t begin = clock_monotonic();
    while (!is_reached(harness)) {
        if (clock_monotonic() - begin > HARNESS_PATIENCE_NS) {
            SourceStatus status = harness_status(harness);
            fail_msg("never reached: %s (state %d, %zu entries, words '%.*s', notices '%s')", name,
                     (int)status.state, harness->count, SV_ARG(status.words),
                     harness->notices.ptr != NULL ? harness->notices.ptr : "");
        }
        harness_turn(harness);
    }
}
#define UNTIL(harness, is_reached) harness_until(harness, is_reached, #is_reached)

/* Turns until so many more entries have come. */
static inline void harness_more(Harness *harness, size_t count)
{
    int64_t begin = clock_monotonic();
    for (size_t before = harness->count; harness->count < before + count;) {
        assert_true(clock_monotonic() - begin < HARNESS_PATIENCE_NS);
        harness_turn(harness);
    }
}

static inline bool is_done(const Harness *harness)
{
    return sources_are_done(harness->sources);
}

static inline bool has_notice(const Harness *harness, const char *text)
{
    return sv_find(strbuf_view(&harness->notices), sv(text)) != SIZE_MAX;
}

#endif
