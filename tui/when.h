/*
 * When: the time of an entry as a list shows it: a clock's, UTC's, since the line before, since an
 * entry that was chosen, or how long ago. Text only; it reads no clock.
 */
#ifndef TUI_WHEN_H
#define TUI_WHEN_H

#include "base/base.h"
#include "base/clock.h"
#include "base/str.h"

typedef enum WhenForm {
    WHEN_CLOCK, /* in the zone that the entry was logged in */
    WHEN_UTC,
    WHEN_BEFORE, /* since the line before */
    WHEN_SINCE,  /* since the reference, or until it */
    WHEN_AGO,    /* before `now` */
    WHEN_COUNT
} WhenForm;

#define WHEN_TEXT_MAX 40

typedef struct When {
    WhenForm form;
    int64_t reference_ns; /* CLOCK_NO_TIME = none is set */
    int64_t now_ns; /* the wall clock while something can come, the newest entry's time then */
    bool has_ended; /* nothing can come any more: now_ns is the end, not the present */
} When;

/* Writes the time into `buf` (WHEN_TEXT_MAX bytes) so that it fits into `width` cells, if need be
 * with less of it; "" where there is none. `before_ns` is the time of the line before, or
 * CLOCK_NO_TIME. */
void when_print(const When *when, Stamp stamp, int64_t before_ns, int width, char *buf);

/* The column's heading for so many cells: "time", "UTC", "delta", "since", "ago", and for what has
 * ended "before the end" or, shorter than WHEN_END_WIDTH, "to end". */
#define WHEN_END_WIDTH 14
const char *when_heading(const When *when, int width);

/* The word of a form in the configuration: "clock", "utc", "delta", "reference", "relative". */
const char *when_name(WhenForm form);
bool when_parse(StrView name, WhenForm *ret);

/* The form after this one; after the last comes the first. */
WhenForm when_next(WhenForm form);

/* Days since 1970-01-01 in the stamp's own zone. */
int64_t when_day(Stamp stamp);

/* Writes a short length of time into `buf` (WHEN_TEXT_MAX bytes): "0.012s", "12.4s", "12m04s". */
void when_print_lasted(int64_t ns, char *buf);

/* Appends a length of time for people: "42 s", "4 m 12 s", "3 h 10 m", "2 d 4 h". */
void when_print_length(int64_t ns, StrBuf *buf);

#endif
