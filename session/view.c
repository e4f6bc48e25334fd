/*
 * View: rows found in [low, high), a range of entry numbers that grows from the anchor outward
 * until it covers all that is held. Entries offered while the scan has not come to the end yet wait
 * in a tail of their own, so that the newest can be shown at once and nothing is looked at twice.
 * Noise that is hidden lies in two lists of its own, so that it is counted, and back at once.
 */
#include "session/view.h"

#include <assert.h>

#include "base/mem.h"
#include "filters/stages.h"
#include "session/view_internal.h"

/* A narrower filter looks at the old rows alone when they are fewer than this share of what they
 * were found in; otherwise going through the columns is quicker than hopping. */
#define SPARSE_SHARE 4

/* A revision begins with the number of the view, so that no two views of a store share one. */
#define REVISION_BITS 32

View *view_new(Store *store)
{
    View *view = mem_calloc(1, sizeof *view);
    view->store = store;
    view->revision = (uint64_t)store_new_id(store) << REVISION_BITS;
    view->low = view->high = view->end = view->offer_end = store_end(store);
    return view;
}

void view_free(View *view)
{
    if (view == NULL) {
        return;
    }
    filter_free(view->filter);
    numbers_done(&view->rows);
    numbers_done(&view->tail);
    numbers_done(&view->hidden);
    numbers_done(&view->hidden_tail);
    numbers_done(&view->old);
    mem_free(view);
}

const Filter *view_filter(const View *view)
{
    return view->filter;
}

uint64_t view_revision(const View *view)
{
    return view->revision;
}

void view_set_hosts(View *view, const StrView *hosts, size_t count)
{
    view->hosts = hosts;
    view->host_count = count;
    if (view->filter != NULL) {
        filter_set_hosts(view->filter, hosts, count);
    }
}

static FilterRelation relate(const Filter *newer, const Filter *older)
{
    if (passes_all(older)) {
        return passes_all(newer) ? FILTER_SAME : FILTER_NARROWER;
    }
    return passes_all(newer) ? FILTER_OTHER : filter_relation(newer, older);
}

static void count_row(View *view, uint64_t row, int64_t by)
{
    view->notices += (row & ROW_NOTICE) != 0 ? (uint64_t)by : 0;
    view->failures += (row & ROW_FAILURE) != 0 ? (uint64_t)by : 0;
    view->masked += (row & ROW_MASKED) != 0 ? (uint64_t)by : 0;
}

static void count_rows(View *view, const Numbers *list, size_t count, int64_t by)
{
    for (size_t i = 0; i < count; i++) {
        count_row(view, numbers_get(list, i), by);
    }
}

static uint64_t make_row(const Columns *columns, uint32_t index, EntryNumber number)
{
    if (columns->kind[index] == KIND_NOTICE) {
        return row_key(number) | ROW_NOTICE;
    }
    ColumnTag tag = columns->tag[index];
    return row_key(number) | (tag.outcome == OUTCOME_FAIL ? ROW_FAILURE : 0) |
           ((columns->flags[index] & ENTRY_PRIVATE) != 0 ? ROW_MASKED : 0) |
           (tag.is_noise != 0 ? ROW_NOISE : 0);
}

void view_put(View *view, ViewPlace place, const Columns *columns, uint32_t index,
              EntryNumber number)
{
    uint64_t row = make_row(columns, index, number);
    bool is_hidden = view->hides_noise && (row & ROW_NOISE) != 0;
    Numbers *list = is_hidden ? &view->hidden : &view->rows;
    if (!is_hidden) {
        count_row(view, row, 1);
    }
    if (place == VIEW_FRONT) {
        numbers_push_front(list, row);
        return;
    }
    if (place == VIEW_TAIL) {
        list = is_hidden ? &view->hidden_tail : &view->tail;
    }
    numbers_push_back(list, row);
}

bool view_row_passes(View *view, const Columns *columns, uint32_t index)
{
    return columns->kind[index] == KIND_NOTICE || passes_all(view->filter) ||
           filter_match(view->filter, columns, index);
}

/* Takes evicted rows off the front of a list of rows that are counted. */
static void trim_list(View *view, Numbers *list, EntryNumber first)
{
    size_t gone = 0;
    while (gone < list->len && row_number(numbers_get(list, gone)) < first) {
        gone++;
    }
    if (gone > 0) {
        count_rows(view, list, gone, -1);
        numbers_drop_front(list, gone);
    }
}

static void trim_hidden(Numbers *list, EntryNumber first)
{
    size_t gone = numbers_find(list, row_key(first));
    if (gone > 0) {
        numbers_drop_front(list, gone);
    }
}

void view_join_tail(View *view)
{
    if (view->high >= view->end && view->end < view->offer_end) {
        numbers_append(&view->rows, &view->tail);
        numbers_append(&view->hidden, &view->hidden_tail);
        view->high = view->end = view->offer_end;
    }
}

void view_forget_old(View *view)
{
    numbers_done(&view->old);
    view->old_low = view->old_high = 0;
}

void view_trim(View *view)
{
    EntryNumber first = store_first(view->store);
    trim_list(view, &view->rows, first);
    trim_list(view, &view->tail, first);
    trim_hidden(&view->hidden, first);
    trim_hidden(&view->hidden_tail, first);
    view->low = later(view->low, first);
    view->high = later(view->high, first);
    view->end = later(view->end, first);
    view->offer_end = later(view->offer_end, view->end);
    view_join_tail(view);
}

void view_set_filter(View *view, Filter *filter, EntryNumber anchor, Filter **ret_old)
{
    view_trim(view);
    FilterRelation relation = relate(filter, view->filter);
    if (ret_old != NULL) {
        *ret_old = view->filter;
    } else if (view->filter != filter) {
        filter_free(view->filter);
    }
    view->filter = filter;
    if (filter != NULL && view->host_count > 0) {
        filter_set_hosts(filter, view->hosts, view->host_count);
    }
    if (relation == FILTER_SAME) {
        return;
    }
    view_forget_old(view);
    if (relation == FILTER_NARROWER &&
        view->rows.len + view->hidden.len < (view->high - view->low) / SPARSE_SHARE) {
        numbers_merge(&view->rows, &view->hidden);
        view->old = view->rows;
        view->old_low = view->low;
        view->old_high = view->high;
        view->rows = (Numbers){0};
    }
    numbers_clear(&view->rows);
    numbers_clear(&view->tail);
    numbers_clear(&view->hidden);
    numbers_clear(&view->hidden_tail);
    view->end = view->offer_end = store_end(view->store);
    EntryNumber start = anchor == 0 ? view->end : earlier(anchor + 1, view->end);
    view->low = view->high = later(start, store_first(view->store));
    view->scanned = view->notices = view->failures = view->masked = 0;
    view->goes_forward = false;
    view->revision++;
}

void view_hide_noise(View *view, bool hides)
{
    if (view->hides_noise == hides) {
        return;
    }
    view_trim(view);
    view->hides_noise = hides;
    if (hides) {
        numbers_split(&view->rows, ROW_NOISE, &view->hidden);
        numbers_split(&view->tail, ROW_NOISE, &view->hidden_tail);
    }
    size_t moved = view->hidden.len + view->hidden_tail.len;
    count_rows(view, &view->hidden, view->hidden.len, hides ? -1 : 1);
    count_rows(view, &view->hidden_tail, view->hidden_tail.len, hides ? -1 : 1);
    if (!hides) {
        numbers_merge(&view->rows, &view->hidden);
        numbers_merge(&view->tail, &view->hidden_tail);
    }
    view->revision += moved > 0;
}

bool view_hides_noise(const View *view)
{
    return view->hides_noise;
}

void view_offer(View *view, EntryNumber number)
{
    assert(number >= view->offer_end);
    StoreRow row;
    if (!store_find(view->store, number, &row)) {
        return;
    }
    bool is_scanned = view->high >= view->end;
    if (view_row_passes(view, row.columns, row.index)) {
        ViewPlace place = is_scanned ? VIEW_BACK : VIEW_TAIL;
        view_put(view, place, row.columns, row.index, number);
    }
    view->offer_end = number + 1;
    if (is_scanned) {
        view->high = view->end = view->offer_end;
    }
}

void view_range(const View *view, EntryNumber *ret_low, EntryNumber *ret_high)
{
    *ret_low = view->low;
    *ret_high = view->high;
}

size_t view_len(const View *view)
{
    return view->rows.len + view->tail.len;
}

/* A row's number and marks. */
static uint64_t get_row(const View *view, size_t row)
{
    return row < view->rows.len ? numbers_get(&view->rows, row)
                                : numbers_get(&view->tail, row - view->rows.len);
}

EntryNumber view_get(const View *view, size_t row)
{
    assert(row < view_len(view));
    return row_number(get_row(view, row));
}

uint64_t view_count_entries(const View *view, size_t from, size_t to)
{
    uint64_t count = 0;
    for (size_t row = from; row < to; row++) {
        count += (get_row(view, row) & ROW_NOTICE) == 0;
    }
    return count;
}

size_t view_find_from(const View *view, EntryNumber number)
{
    size_t row = numbers_find(&view->rows, row_key(number));
    return row < view->rows.len ? row : row + numbers_find(&view->tail, row_key(number));
}

size_t view_find(const View *view, EntryNumber number)
{
    size_t row = view_find_from(view, number + 1);
    return row > 0 ? row - 1 : 0;
}

size_t view_find_time(const View *view, int64_t ns)
{
    /* Nothing held before that number is late enough; what follows it may not be either. */
    StoreRun run = {0};
    size_t len = view_len(view);
    size_t row = view_find_from(view, store_find_time(view->store, ns));
    for (; row < len; row++) {
        StoreRow at;
        if (store_find_in_run(view->store, &run, view_get(view, row), &at) &&
            at.columns->kind[at.index] != KIND_NOTICE && at.columns->time_ns[at.index] >= ns) {
            break;
        }
    }
    return row;
}

/* How many rows of [from, to) a scan would look at. */
static uint64_t count_unscanned(const View *view, EntryNumber from, EntryNumber to)
{
    if (from >= to) {
        return 0;
    }
    EntryNumber low = later(from, view->old_low);
    EntryNumber high = earlier(to, view->old_high);
    if (low >= high) {
        return to - from;
    }
    return to - from - (high - low) + numbers_find(&view->old, row_key(high)) -
           numbers_find(&view->old, row_key(low));
}

ViewCounts view_counts(const View *view)
{
    uint64_t left = count_unscanned(view, store_first(view->store), view->low) +
                    count_unscanned(view, later(view->high, store_first(view->store)), view->end);
    return (ViewCounts){
        .entries = view_len(view) - view->notices,
        .failures = view->failures,
        .masked = view->masked,
        .noise = view->hidden.len + view->hidden_tail.len,
        .scanned = view->scanned,
        .total = view->scanned + left,
    };
}
