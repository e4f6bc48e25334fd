/*
 * Times: walks over rows, one by one, reading the column of times. A walk over a full ring takes a
 * few milliseconds, so that no index is kept.
 */
#include "session/times.h"

#include "base/clock.h"

/* Where a walk stands. */
typedef struct Walk {
    const View *view;
    const Store *store;
    StoreRun run;
} Walk;

static int64_t time_of(Walk *walk, size_t row)
{
    StoreRow at;
    if (!store_find_in_run(walk->store, &walk->run, view_get(walk->view, row), &at) ||
        at.columns->kind[at.index] == KIND_NOTICE) {
        return CLOCK_NO_TIME;
    }
    return at.columns->time_ns[at.index];
}

/* The begin of the unit that `ns` is in. */
static int64_t unit_begin(int64_t ns, int64_t unit_ns, int16_t zone_minutes)
{
    int64_t shift = zone_minutes * TIMES_MINUTE % unit_ns;
    int64_t past = (ns + shift) % unit_ns;
    return ns - (past < 0 ? past + unit_ns : past);
}

/* The nearest row before `end` that has a time, and one before `limit` where that is asked for. */
static size_t last_timed(Walk *walk, size_t end, int64_t limit, int64_t *ret_ns)
{
    for (size_t row = end; row-- > 0;) {
        int64_t ns = time_of(walk, row);
        if (ns != CLOCK_NO_TIME && ns < limit) {
            *ret_ns = ns;
            return row;
        }
    }
    return SIZE_MAX;
}

/* The nearest row from `from` on that has a time not before `limit`. */
static size_t first_timed(Walk *walk, size_t from, int64_t limit, int64_t *ret_ns)
{
    size_t len = view_len(walk->view);
    for (size_t row = from; row < len; row++) {
        int64_t ns = time_of(walk, row);
        if (ns != CLOCK_NO_TIME && ns >= limit) {
            *ret_ns = ns;
            return row;
        }
    }
    return SIZE_MAX;
}

size_t times_next(const View *view, const Store *store, size_t row, int64_t unit_ns,
                  int16_t zone_minutes)
{
    Walk walk = {.view = view, .store = store};
    size_t len = view_len(view);
    size_t end = row < len ? row + 1 : len;
    int64_t ns = 0;
    if (last_timed(&walk, end, INT64_MAX, &ns) == SIZE_MAX) {
        return first_timed(&walk, end, CLOCK_NO_TIME, &ns); /* nothing here has a time yet */
    }
    return first_timed(&walk, end, unit_begin(ns, unit_ns, zone_minutes) + unit_ns, &ns);
}

size_t times_previous(const View *view, const Store *store, size_t row, int64_t unit_ns,
                      int16_t zone_minutes)
{
    Walk walk = {.view = view, .store = store};
    size_t len = view_len(view);
    int64_t ns = 0;
    if (first_timed(&walk, row < len ? row : len, CLOCK_NO_TIME, &ns) == SIZE_MAX) {
        return last_timed(&walk, len, INT64_MAX, &ns); /* nothing has a time from here on */
    }
    /* The unit's begin; when that is where we are, the begin of the unit before. */
    size_t end = row;
    for (int round = 0; round < 2; round++) {
        int64_t other = 0;
        size_t before = last_timed(&walk, end, unit_begin(ns, unit_ns, zone_minutes), &other);
        size_t begin = before == SIZE_MAX ? 0 : before + 1;
        int64_t first_ns = 0;
        size_t first = first_timed(&walk, begin, CLOCK_NO_TIME, &first_ns);
        if (first < row || before == SIZE_MAX) {
            return first < row ? first : SIZE_MAX;
        }
        ns = other;
        end = before;
    }
    return SIZE_MAX;
}

size_t times_find_before(const View *view, const Store *store, int64_t ns)
{
    Walk walk = {.view = view, .store = store};
    int64_t found = 0;
    return last_timed(&walk, view_len(view), ns, &found);
}

int64_t times_of_row(const View *view, const Store *store, size_t row)
{
    Walk walk = {.view = view, .store = store};
    return time_of(&walk, row);
}
