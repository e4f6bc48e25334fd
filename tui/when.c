/*
 * When: see when.h. It must never read a clock: what "now" is, the caller says.
 */
#include "tui/when.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_NS (INT64_C(86400) * NS_PER_SECOND)

#define MILLIS_WIDTH 12 /* "12:04:31.120" */
#define SECOND_WIDTH 8  /* "12:04:31" */

typedef struct WhenInfo {
    const char *name;
    const char *heading;
} WhenInfo;

static const WhenInfo FORMS[WHEN_COUNT] = {
    [WHEN_CLOCK] = {"clock", "time"},   [WHEN_UTC] = {"utc", "UTC"},
    [WHEN_BEFORE] = {"delta", "delta"}, [WHEN_SINCE] = {"reference", "since"},
    [WHEN_AGO] = {"relative", "ago"},
};

static void print_clock(Stamp stamp, int width, char *buf)
{
    ClockForm form =
        width >= MILLIS_WIDTH ? CLOCK_TIME : (width >= SECOND_WIDTH ? CLOCK_SECOND : CLOCK_MINUTE);

    clock_format(stamp, form, buf);
}

static uint64_t length_of(int64_t ns)
{
    return ns < 0 ? (uint64_t)0 - (uint64_t)ns : (uint64_t)ns;
}

/* "+12:04.123", or "+12m04s" where that does not fit. */
static void print_since(int64_t ns, int width, char *buf)
{
    uint64_t ms = length_of(ns) / (uint64_t)NS_PER_MS;
    uint64_t minutes = ms / 60000;
    uint64_t hours = minutes / 60;
    char sign = ns < 0 ? '-' : '+';

    if (minutes == 0 || width < MILLIS_WIDTH || hours > 9) {
        clock_format_delta(ns, buf, WHEN_TEXT_MAX);
    } else if (hours == 0) {
        (void)snprintf(buf, WHEN_TEXT_MAX, "%c%" PRIu64 ":%02" PRIu64 ".%03" PRIu64, sign, minutes,
                       ms / 1000 % 60, ms % 1000);
    } else {
        (void)snprintf(buf, WHEN_TEXT_MAX, "%c%" PRIu64 ":%02" PRIu64 ":%02" PRIu64 ".%03" PRIu64,
                       sign, hours, minutes % 60, ms / 1000 % 60, ms % 1000);
    }
}

/* The greatest unit alone: "42 s ago", "2 m ago"; what is to come has "in" before it. Before an
 * end, which the heading tells, there is no "ago". */
static void print_ago(int64_t ns, bool has_ended, char *buf)
{
    uint64_t seconds = length_of(ns) / (uint64_t)NS_PER_SECOND;
    uint64_t count = seconds;
    char unit = 's';

    if (seconds == 0) {
        (void)snprintf(buf, WHEN_TEXT_MAX, "%s", has_ended ? "the end" : "now");
        return;
    }
    if (seconds >= UINT64_C(172800)) {
        count = seconds / 86400;
        unit = 'd';
    } else if (seconds >= 6000) {
        count = seconds / 3600;
        unit = 'h';
    } else if (seconds >= 100) {
        count = seconds / 60;
        unit = 'm';
    }
    (void)snprintf(buf, WHEN_TEXT_MAX, "%s%" PRIu64 " %c%s", ns < 0 ? "in " : "", count, unit,
                   ns < 0 || has_ended ? "" : " ago");
}

void when_print(const When *when, Stamp stamp, int64_t before_ns, int width, char *buf)
{
    int64_t length;

    buf[0] = '\0';
    if (stamp.ns == CLOCK_NO_TIME) {
        return;
    }
    switch (when->form) {
    case WHEN_UTC:
        stamp.zone_minutes = 0;
        print_clock(stamp, width, buf);
        return;
    case WHEN_BEFORE:
        if (clock_between(before_ns, stamp.ns, &length)) {
            print_since(length, width, buf);
        }
        return;
    case WHEN_SINCE:
        if (clock_between(when->reference_ns, stamp.ns, &length)) {
            print_since(length, width, buf);
        }
        return;
    case WHEN_AGO:
        if (clock_between(stamp.ns, when->now_ns, &length)) {
            print_ago(length, when->has_ended, buf);
        }
        return;
    default:
        print_clock(stamp, width, buf);
        return;
    }
}

const char *when_heading(const When *when, int width)
{
    if (when->form == WHEN_AGO && when->has_ended) {
        return width >= WHEN_END_WIDTH ? "before the end" : "to end";
    }
    return FORMS[when->form].heading;
}

const char *when_name(WhenForm form)
{
    return FORMS[form].name;
}

bool when_parse(StrView name, WhenForm *ret)
{
    for (int form = 0; form < WHEN_COUNT; form++) {
        if (sv_equal(name, sv(FORMS[form].name))) {
            *ret = (WhenForm)form;
            return true;
        }
    }
    return false;
}

WhenForm when_next(WhenForm form)
{
    return (WhenForm)((form + 1) % WHEN_COUNT);
}

int64_t when_day(Stamp stamp)
{
    int64_t ns = stamp.ns + (int64_t)stamp.zone_minutes * 60 * NS_PER_SECOND;

    return ns / DAY_NS - (ns % DAY_NS < 0);
}

void when_print_lasted(int64_t ns, char *buf)
{
    uint64_t ms = length_of(ns) / (uint64_t)NS_PER_MS;
    char delta[WHEN_TEXT_MAX];

    if (ms < 10000) {
        (void)snprintf(buf, WHEN_TEXT_MAX, "%" PRIu64 ".%03" PRIu64 "s", ms / 1000, ms % 1000);
    } else if (ms < 60000) {
        (void)snprintf(buf, WHEN_TEXT_MAX, "%" PRIu64 ".%" PRIu64 "s", ms / 1000, ms % 1000 / 100);
    } else {
        clock_format_delta(ns, delta, sizeof delta);
        (void)snprintf(buf, WHEN_TEXT_MAX, "%s", delta + 1); /* without the sign */
    }
}

void when_print_length(int64_t ns, StrBuf *buf)
{
    uint64_t seconds = length_of(ns) / (uint64_t)NS_PER_SECOND;
    uint64_t minutes = seconds / 60;
    uint64_t hours = minutes / 60;

    if (minutes == 0) {
        strbuf_printf(buf, "%" PRIu64 " s", seconds);
    } else if (hours == 0) {
        strbuf_printf(buf, "%" PRIu64 " m %" PRIu64 " s", minutes, seconds % 60);
    } else if (hours < 48) {
        strbuf_printf(buf, "%" PRIu64 " h %" PRIu64 " m", hours, minutes % 60);
    } else {
        strbuf_printf(buf, "%" PRIu64 " d %" PRIu64 " h", hours / 24, hours % 24);
    }
}
