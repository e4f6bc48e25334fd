/*
 * View: rows found in [low, high), a range of entry numbers that grows from the anchor outward
 * until it covers all that is held. Entries offered while the scan has not come to the end yet wait
 * in a tail of their own, so that the newest can be shown at once and nothing is looked at twice.
 */
#include "session/view.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "filters/stages.h"
#include "session/numbers.h"

/* Rows looked at before the direction changes. */
#define SLICE_ROWS 4096

/* A narrower filter looks at the old rows alone when they are fewer than this share of what they
 * were found in; otherwise going through the columns is quicker than hopping. */
#define SPARSE_SHARE 4

/* A row is an entry number and, below it, what its counting needs when the store has given the
 * entry up. */
#define ROW_SHIFT 2
#define ROW_NOTICE 1u
#define ROW_FAILURE 2u

struct View {
    Store *store;
    Filter *filter; /* NULL = everything passes */
    const StrView *hosts;
    size_t host_count;
    Numbers rows;          /* found in [low, high) */
    Numbers tail;          /* found among the rows offered while high < end */
    EntryNumber low, high; /* this range has been looked at with the filter */
    EntryNumber end;       /* the scan goes up to here; later rows were or will be offered */
    EntryNumber offer_end; /* one after the last row offered */
    Numbers old;           /* what the former, wider filter found in [old_low, old_high): */
    EntryNumber old_low;   /* nothing else in there can pass */
    EntryNumber old_high;  /* 0 = there is no such range */
    bool goes_forward;     /* direction of the next slice */
    uint64_t scanned;
    uint64_t notices; /* of rows and tail */
    uint64_t failures;
    uint64_t revision;
    uint64_t bits[SLICE_ROWS / 64];
};

static uint64_t row_key(EntryNumber number)
{
    return number << ROW_SHIFT;
}

static EntryNumber row_number(uint64_t row)
{
    return row >> ROW_SHIFT;
}

View *view_new(Store *store)
{
    View *view = mem_calloc(1, sizeof *view);
    view->store = store;
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

static bool passes_all(const Filter *filter)
{
    return filter == NULL || filter_is_all(filter);
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
}

static uint64_t make_row(View *view, const Columns *columns, uint32_t index, EntryNumber number)
{
    uint64_t row = row_key(number);
    if (columns->kind[index] == KIND_NOTICE) {
        row |= ROW_NOTICE;
    } else if (columns->tag[index].outcome == OUTCOME_FAIL) {
        row |= ROW_FAILURE;
    }
    count_row(view, row, 1);
    return row;
}

static bool row_passes(View *view, const Columns *columns, uint32_t index)
{
    return columns->kind[index] == KIND_NOTICE || passes_all(view->filter) ||
           filter_match(view->filter, columns, index);
}

/* Takes evicted rows off the front of one of the two lists. */
static void trim_list(View *view, Numbers *list, EntryNumber first)
{
    size_t gone = 0;
    while (gone < list->len && row_number(numbers_get(list, gone)) < first) {
        count_row(view, numbers_get(list, gone), -1);
        gone++;
    }
    if (gone > 0) {
        numbers_drop_front(list, gone);
    }
}

static EntryNumber later(EntryNumber a, EntryNumber b)
{
    return a > b ? a : b;
}

static EntryNumber earlier(EntryNumber a, EntryNumber b)
{
    return a < b ? a : b;
}

/* When the scan has come to its end, what was offered meanwhile follows without a gap. */
static void join_tail(View *view)
{
    if (view->high >= view->end && view->end < view->offer_end) {
        numbers_append(&view->rows, &view->tail);
        view->high = view->end = view->offer_end;
    }
}

static void forget_old(View *view)
{
    numbers_done(&view->old);
    view->old_low = view->old_high = 0;
}

void view_trim(View *view)
{
    EntryNumber first = store_first(view->store);
    trim_list(view, &view->rows, first);
    trim_list(view, &view->tail, first);
    view->low = later(view->low, first);
    view->high = later(view->high, first);
    view->end = later(view->end, first);
    view->offer_end = later(view->offer_end, view->end);
    join_tail(view);
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
    forget_old(view);
    if (relation == FILTER_NARROWER && view->rows.len < (view->high - view->low) / SPARSE_SHARE) {
        view->old = view->rows;
        view->old_low = view->low;
        view->old_high = view->high;
        view->rows = (Numbers){0};
    }
    numbers_clear(&view->rows);
    numbers_clear(&view->tail);
    view->end = view->offer_end = store_end(view->store);
    EntryNumber start = anchor == 0 ? view->end : earlier(anchor + 1, view->end);
    view->low = view->high = later(start, store_first(view->store));
    view->scanned = view->notices = view->failures = 0;
    view->goes_forward = false;
    view->revision++;
}

void view_offer(View *view, EntryNumber number)
{
    assert(number >= view->offer_end);
    StoreRow row;
    if (!store_find(view->store, number, &row)) {
        return;
    }
    bool is_scanned = view->high >= view->end;
    if (row_passes(view, row.columns, row.index)) {
        numbers_push_back(is_scanned ? &view->rows : &view->tail,
                          make_row(view, row.columns, row.index, number));
    }
    view->offer_end = number + 1;
    if (is_scanned) {
        view->high = view->end = view->offer_end;
    }
}

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
            numbers_push_front(&view->rows, make_row(view, row.columns, index + i, from + i));
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
            numbers_push_back(&view->rows,
                              make_row(view, row.columns, row.index + i, view->high + i));
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
        if (row_passes(view, row.columns, row.index)) {
            numbers_push_front(&view->rows, make_row(view, row.columns, row.index, number));
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
        if (is_held && row_passes(view, row.columns, row.index)) {
            numbers_push_back(&view->rows, make_row(view, row.columns, row.index, number));
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
        uint32_t count = rows < SLICE_ROWS ? rows : SLICE_ROWS;
        bool can_go_back = view->low > store_first(view->store);
        bool can_go_forth = view->high < view->end;
        bool forth = can_go_forth && (view->goes_forward || !can_go_back);
        uint32_t looked = forth ? step_forth(view, count) : step_back(view, count);
        view->goes_forward = !forth;
        view->scanned += looked;
        rows -= looked;
    }
    join_tail(view);
    bool is_done = view_is_done(view);
    if (is_done && view->old_high > 0) {
        forget_old(view);
    }
    return !is_done;
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
    return view_find_from(view, store_find_time(view->store, ns));
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
        .scanned = view->scanned,
        .total = view->scanned + left,
    };
}
