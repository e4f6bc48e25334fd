/*
 * The scan of a view: slices of rows before and after those looked at, through whole columns or,
 * where a wider filter has been, over its rows alone. What is done with a row that passes is
 * view.c's.
 */
#include <assert.h>
#include <string.h>

#include "session/view_internal.h"

/* Decides on the `count` rows from `index` on, which lie in one segment, into `bits`. */
static void match_run(View *view, const Columns *columns, uint32_t index, uint32_t count)
{
    if (passes_all(view->filter)) {
        memset(view->bits, 0xff, sizeof view->bits);
        return;
    }
    memset(view->bits, 0, sizeof view->bits);
    (void)filter_match_range(view->filter, columns, index, index + count, view->bits);
    const uint8_t *kinds = columns->kind + index;
    for (uint32_t i = 0; i < count; i++) {
        if (kinds[i] == KIND_NOTICE) {
            view->bits[i / 64] |= UINT64_C(1) << i % 64;
        }
    }
}

static bool has_bit(const View *view, uint32_t i)
{
    return (view->bits[i / 64] >> i % 64 & 1) != 0;
}

/* Looks at up to `count` rows before `low`, not below `floor`. */
static uint32_t scan_back(View *view, EntryNumber floor, uint32_t count)
{
    StoreRow row;
    bool is_held = store_find(view->store, view->low - 1, &row);
    assert(is_held);
    if (!is_held) {
        return count;
    }
    EntryNumber from = later(floor, view->low - 1 - row.index);
    if (view->low - from > count) {
        from = view->low - count;
    }
    uint32_t found = (uint32_t)(view->low - from);
    uint32_t index = row.index + 1 - found;
    match_run(view, row.columns, index, found);
    for (uint32_t i = found; i-- > 0;) {
        if (has_bit(view, i)) {
            view_put(view, VIEW_FRONT, row.columns, index + i, from + i);
        }
    }
    view->low = from;
    return found;
}

/* Looks at up to `count` rows from `high` on, not beyond `ceiling`. */
static uint32_t scan_forth(View *view, EntryNumber ceiling, uint32_t count)
{
    StoreRow row;
    EntryNumber run_end;
    bool is_held = store_find_run(view->store, view->high, &row, &run_end);
    assert(is_held);
    if (!is_held) {
        return count;
    }
    EntryNumber to = earlier(earlier(ceiling, run_end), view->high + count);
    uint32_t found = (uint32_t)(to - view->high);
    match_run(view, row.columns, row.index, found);
    for (uint32_t i = 0; i < found; i++) {
        if (has_bit(view, i)) {
            view_put(view, VIEW_BACK, row.columns, row.index + i, view->high + i);
        }
    }
    view->high = to;
    return found;
}

/* Looks at up to `count` old rows before `low`, the last of them first. */
static uint32_t hop_back(View *view, uint32_t count)
{
    StoreRun run = {0};
    EntryNumber first = store_first(view->store);
    size_t at = numbers_find(&view->old, row_key(view->low));
    uint32_t looked = 0;
    for (; at > 0 && looked < count; at--, looked++) {
        EntryNumber number = row_number(numbers_get(&view->old, at - 1));
        StoreRow row;
        if (number < first || !store_find_in_run(view->store, &run, number, &row)) {
            at = 0; /* this one and all before it are evicted */
            break;
        }
        if (view_row_passes(view, row.columns, row.index)) {
            view_put(view, VIEW_FRONT, row.columns, row.index, number);
        }
        view->low = number;
    }
    if (at == 0) {
        view->low = later(view->old_low, first);
    }
    return looked;
}

/* Looks at up to `count` old rows from `high` on. */
static uint32_t hop_forth(View *view, uint32_t count)
{
    StoreRun run = {0};
    size_t at = numbers_find(&view->old, row_key(view->high));
    uint32_t looked = 0;
    for (; at < view->old.len && looked < count; at++, looked++) {
        EntryNumber number = row_number(numbers_get(&view->old, at));
        StoreRow row;
        bool is_held = store_find_in_run(view->store, &run, number, &row);
        if (is_held && view_row_passes(view, row.columns, row.index)) {
            view_put(view, VIEW_BACK, row.columns, row.index, number);
        }
        view->high = number + 1;
    }
    if (at == view->old.len) {
        view->high = view->old_high;
    }
    return looked;
}

static uint32_t step_back(View *view, uint32_t count)
{
    if (view->low > view->old_low && view->low <= view->old_high) {
        return hop_back(view, count);
    }
    EntryNumber first = store_first(view->store);
    bool is_above = view->low > view->old_high;
    return scan_back(view, is_above ? later(first, view->old_high) : first, count);
}

static uint32_t step_forth(View *view, uint32_t count)
{
    if (view->high >= view->old_low && view->high < view->old_high) {
        return hop_forth(view, count);
    }
    bool is_below = view->high < view->old_low;
    return scan_forth(view, is_below ? earlier(view->end, view->old_low) : view->end, count);
}

bool view_is_done(const View *view)
{
    return view->low <= store_first(view->store) && view->high >= view->end;
}

bool view_step(View *view, uint32_t rows)
{
    view_trim(view);
    while (rows > 0 && !view_is_done(view)) {
        uint32_t count = rows < VIEW_SLICE_ROWS ? rows : VIEW_SLICE_ROWS;
        bool can_go_back = view->low > store_first(view->store);
        bool can_go_forth = view->high < view->end;
        bool forth = can_go_forth && (view->goes_forward || !can_go_back);
        uint32_t looked = forth ? step_forth(view, count) : step_back(view, count);
        view->goes_forward = !forth;
        view->scanned += looked;
        rows -= looked;
    }
    view_join_tail(view);
    bool is_done = view_is_done(view);
    if (is_done && view->old_high > 0) {
        view_forget_old(view);
    }
    return !is_done;
}
