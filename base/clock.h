/*
 * Points in time and lengths of time as text: nanoseconds since 1970-01-01 UTC, with the zone kept
 * beside them. Nothing here reads a clock except clock_now and clock_monotonic.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

/* Room for "2026-09-08 10:00:16.012931+0200" and its NUL. */
#define CLOCK_STAMP_MAX 40
#define CLOCK_NO_TIME INT64_MIN

typedef enum ClockForm {
    CLOCK_FULL,   /* 2026-09-08 10:00:16.012931+0200, as log prints it */
    CLOCK_DATE,   /* 2026-09-08 */
    CLOCK_TIME,   /* 10:00:16.012 */
    CLOCK_SECOND, /* 10:00:16 */
    CLOCK_MINUTE, /* 10:00 */
} ClockForm;

typedef struct Stamp {
    int64_t ns;           /* since 1970-01-01 UTC; CLOCK_NO_TIME = none */
    int16_t zone_minutes; /* east of UTC */
} Stamp;

/* Reads the stamp at the start of `text`: "YYYY-MM-DD HH:MM:SS[.f{1,9}][±HH[[:]MM]]", also with
 * 'T' between and 'Z' for the zone. Without a zone, `default_zone` is assumed. Returns the bytes
 * read, 0 when there is no stamp. Seconds up to 60 are taken (leap second). */
size_t clock_parse_stamp(StrView text, int16_t default_zone, Stamp *ret_stamp);

/* Writes `stamp` in its own zone; "-" for CLOCK_NO_TIME. `buf` has CLOCK_STAMP_MAX bytes. */
void clock_format(Stamp stamp, ClockForm form, char *buf);

/* Gives how long it is from one point in time to another, negative when `until_ns` is the earlier
 * one; lengths that 64 bits cannot hold are the longest they can. Returns false, and gives nothing,
 * when one of them is CLOCK_NO_TIME. */
bool clock_between(int64_t from_ns, int64_t until_ns, int64_t *ret_ns);

/* Gives the point in time that lies `by_ns` after `ns` (before, when negative), at most the last or
 * first there is; CLOCK_NO_TIME stays what it is. */
int64_t clock_shift(int64_t ns, int64_t by_ns);

/* Reads "90", "30s", "5m", "2h", "1d", "250ms" (a bare number is seconds) into nanoseconds. */
bool clock_parse_length(StrView text, int64_t *ret_ns, Err *err);

/* Reads a point in time of the command line: a stamp, a date, "12:04[:05]" on the day of `now`,
 * "-5m" before `now`, "@unixtime". */
bool clock_parse_point(StrView text, Stamp now, int64_t *ret_ns, Err *err);

/* Writes a length for people: "+0.003", "+2.748", "+12m04s", "+3h10m", "+2d04h". 8 cells at most.
 */
void clock_format_delta(int64_t ns, char *buf, size_t size);

Stamp clock_now(void);         /* wall clock, local zone */
int64_t clock_monotonic(void); /* ns, for measuring and deadlines */

#endif
