/*
 * Times: where in a view a minute, an hour or a day begins, for the commands that go there. Entries
 * are only nearly in order of time, so that nothing here takes a view for sorted. It knows no
 * clock and no zone but the one it is told.
 */
#ifndef SESSION_TIMES_H
#define SESSION_TIMES_H

#include "base/base.h"
#include "session/store.h"
#include "session/view.h"

/* The lengths that are gone by; any other length will do as well. */
#define TIMES_MINUTE (60 * NS_PER_SECOND)
#define TIMES_HOUR (60 * TIMES_MINUTE)
#define TIMES_DAY (24 * TIMES_HOUR)

/* Finds the first entry after `row` that is in a later unit of `unit_ns` than `row` is; SIZE_MAX
 * when there is none. Units begin at midnight in a zone `zone_minutes` east of UTC. Rows without a
 * time are passed over; a `row` that has none counts as the nearest entry before (after) it. */
size_t times_next(const View *view, const Store *store, size_t row, int64_t unit_ns,
                  int16_t zone_minutes);

/* Finds the entry with which the unit of `row` begins: the first after the last entry of an earlier
 * unit. When that is `row` itself, the begin of the unit before. SIZE_MAX when there is none. */
size_t times_previous(const View *view, const Store *store, size_t row, int64_t unit_ns,
                      int16_t zone_minutes);

/* Finds the last entry before `ns`; SIZE_MAX when there is none. (The first one at or after it:
 * view_find_time.) */
size_t times_find_before(const View *view, const Store *store, int64_t ns);

/* The time of a row's entry; CLOCK_NO_TIME for a notice or when it has none. */
int64_t times_of_row(const View *view, const Store *store, size_t row);

#endif
