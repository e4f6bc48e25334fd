/*
 * ViewWalk: which rows of a view have been looked at by whoever counts them: those with numbers in
 * a range that grows in both directions, as far as the view has been scanned. It counts nothing
 * itself.
 */
#ifndef SESSION_WALK_H
#define SESSION_WALK_H

#include "base/base.h"
#include "session/store.h"
#include "session/view.h"

/* A ViewWalk of all zeroes is ready for use. */
typedef struct ViewWalk {
    const View *view; /* compared only */
    uint64_t revision;
    EntryNumber low, high; /* the rows with these numbers have been given */
} ViewWalk;

/* Rows from ≤ row < to that come next. */
typedef struct WalkRows {
    size_t from;
    size_t to;
    bool is_front; /* they come before all that were given; else after them */
} WalkRows;

/* Begins anew when the view or its rows are others, and then returns true: what was counted is to
 * be forgotten. Otherwise passes over what the store has evicted (view_trim has told). */
bool walk_follow(ViewWalk *walk, const View *view);

/* Gives up to `max` rows, the newest first; false when all that is found has been given. To be
 * called after walk_follow, the view not having changed since. */
bool walk_next(ViewWalk *walk, const View *view, size_t max, WalkRows *ret_rows);

/* Everything the view will ever find so far has been given: walk_next was false, the scan is at
 * its end. */
bool walk_is_done(const ViewWalk *walk, const View *view);

#endif
