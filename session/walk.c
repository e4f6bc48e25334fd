/*
 * ViewWalk: follows view_range. Rows that were offered while the view is being scanned are beyond
 * that range until the scan has come to them, so that no row is passed over.
 */
#include "session/walk.h"

bool walk_follow(ViewWalk *walk, const View *view)
{
    EntryNumber low, high;
    view_range(view, &low, &high);
    if (walk->view != view || walk->revision != view_revision(view)) {
        *walk =
            (ViewWalk){.view = view, .revision = view_revision(view), .low = high, .high = high};
        return true;
    }
    walk->low = walk->low > low ? walk->low : low;
    walk->high = walk->high > walk->low ? walk->high : walk->low;
    return false;
}

bool walk_next(ViewWalk *walk, const View *view, size_t max, WalkRows *ret_rows)
{
    EntryNumber low, high;
    view_range(view, &low, &high);
    size_t from = view_find_from(view, walk->high);
    size_t end = view_find_from(view, high);
    if (from < end) {
        size_t to = end - from > max ? from + max : end;
        walk->high = to < end ? view_get(view, to) : high;
        *ret_rows = (WalkRows){.from = from, .to = to};
        return true;
    }
    walk->high = high;
    size_t begin = view_find_from(view, low);
    size_t to = view_find_from(view, walk->low);
    if (begin < to) {
        from = to - begin > max ? to - max : begin;
        walk->low = from > begin ? view_get(view, from) : low;
        *ret_rows = (WalkRows){.from = from, .to = to, .is_front = true};
        return true;
    }
    walk->low = low;
    return false;
}

bool walk_is_done(const ViewWalk *walk, const View *view)
{
    EntryNumber low, high;
    view_range(view, &low, &high);
    return walk->view == view && walk->revision == view_revision(view) && view_is_done(view) &&
           walk->low <= low && walk->high >= high;
}
