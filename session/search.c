/*
 * Search: the numbers of the matching rows of one view, from its first row up to a cursor that
 * moves with search_step. It counts only in a view that has been scanned to its end.
 */
#include "session/search.h"

#include "base/bits.h"
#include "base/mem.h"
#include "session/numbers.h"

/* search_find gives up when so many texts were stopped: each has cost milliseconds. */
#define FIND_STOPPED_MAX 64
/* … and search_is_near so. */
#define NEAR_STOPPED_MAX 2

struct Search {
    Matcher *matcher; /* NULL = no search */
    const View *view; /* counted in; compared only */
    uint64_t revision;
    Numbers hits;       /* matching entries before `cursor` */
    EntryNumber cursor; /* rows with a number below have been looked at */
    bool is_done;
};

Search *search_new(void)
{
    return mem_calloc(1, sizeof(Search));
}

void search_free(Search *search)
{
    if (search == NULL) {
        return;
    }
    matcher_free(search->matcher);
    numbers_done(&search->hits);
    mem_free(search);
}

static void restart(Search *search)
{
    numbers_clear(&search->hits);
    search->cursor = 0;
    search->is_done = false;
}

bool search_set(Search *search, StrView pattern, Err *err)
{
    Matcher *matcher = NULL;
    if (pattern.len > 0) {
        matcher = matcher_new(pattern, err);
        if (matcher == NULL) {
            return false;
        }
    }
    matcher_free(search->matcher);
    search->matcher = matcher;
    restart(search);
    return true;
}

StrView search_pattern(const Search *search)
{
    return search->matcher != NULL ? matcher_pattern(search->matcher) : SV("");
}

bool search_is_on(const Search *search)
{
    return search->matcher != NULL;
}

uint64_t search_stopped(const Search *search)
{
    return search->matcher != NULL ? matcher_stopped(search->matcher) : 0;
}

bool search_matches(Search *search, const Columns *columns, uint32_t index)
{
    return search->matcher != NULL && matcher_has(search->matcher, columns, index);
}

/* Forgets the hits that the store has evicted. */
static void trim(Search *search, const Store *store)
{
    size_t gone = numbers_find(&search->hits, store_first(store));
    if (gone > 0) {
        numbers_drop_front(&search->hits, gone);
    }
}

static bool counts_for(const Search *search, const View *view)
{
    return search->view == view && search->revision == view_revision(view);
}

bool search_step(Search *search, const Store *store, const View *view, uint32_t rows)
{
    if (!counts_for(search, view)) {
        restart(search);
        search->view = view;
        search->revision = view_revision(view);
    }
    if (search->matcher == NULL) {
        search->is_done = true;
        return false;
    }
    if (!view_is_done(view)) {
        search->is_done = false;
        return true;
    }
    trim(search, store);
    StoreRun run = {0};
    size_t row = view_find_from(view, search->cursor);
    size_t len = view_len(view);
    for (; row < len && rows > 0; row++, rows--) {
        EntryNumber number = view_get(view, row);
        StoreRow at;
        if (row + STORE_ROWS_AHEAD < len) {
            bits_prefetch(store_message_bytes(&run, view_get(view, row + STORE_ROWS_AHEAD)));
        }
        if (store_find_in_run(store, &run, number, &at) &&
            search_matches(search, at.columns, at.index)) {
            numbers_push_back(&search->hits, number);
        }
        search->cursor = number + 1;
    }
    search->is_done = row >= len;
    return !search->is_done;
}

bool search_is_done(const Search *search)
{
    return search->is_done;
}

uint64_t search_count(const Search *search)
{
    return search->hits.len;
}

uint64_t search_position(const Search *search, EntryNumber number)
{
    return numbers_find(&search->hits, number + 1);
}

/* Rows [from, to) of a view, in which something is looked for. */
typedef struct Stretch {
    const View *view;
    size_t from, to;
    bool backward; /* the last row first */
} Stretch;

/* Looks through the rows; SIZE_MAX = none matches. Gives up when `stops` texts were stopped. */
static size_t find_between(Search *search, const Store *store, Stretch in, uint64_t stops)
{
    StoreRun run = {0};
    uint64_t stopped_max = search_stopped(search) + stops;
    for (size_t i = 0; in.from + i < in.to && search_stopped(search) < stopped_max; i++) {
        size_t row = in.backward ? in.to - 1 - i : in.from + i;
        StoreRow at;
        if (in.from + i + STORE_ROWS_AHEAD < in.to) {
            size_t ahead = in.backward ? row - STORE_ROWS_AHEAD : row + STORE_ROWS_AHEAD;
            bits_prefetch(store_message_bytes(&run, view_get(in.view, ahead)));
        }
        if (store_find_in_run(store, &run, view_get(in.view, row), &at) &&
            search_matches(search, at.columns, at.index)) {
            return row;
        }
    }
    return SIZE_MAX;
}

/* The same among the hits, when all rows have been counted. */
static size_t find_hit_between(const Search *search, Stretch in)
{
    if (in.from >= in.to) {
        return SIZE_MAX;
    }
    size_t low = numbers_find(&search->hits, view_get(in.view, in.from));
    size_t high = numbers_find(&search->hits, view_get(in.view, in.to - 1) + 1);
    if (low >= high) {
        return SIZE_MAX;
    }
    return view_find(in.view, numbers_get(&search->hits, in.backward ? high - 1 : low));
}

/* How many rows from the first on have been looked at: their matches are among the hits. */
static size_t counted_rows(const Search *search, const View *view)
{
    bool is_known = counts_for(search, view) && view_is_done(view);
    return is_known ? view_find_from(view, search->cursor) : 0;
}

/* The same, by the hits where rows were counted. */
static size_t find_part(Search *search, const Store *store, Stretch in)
{
    size_t counted = counted_rows(search, in.view);
    size_t middle = counted < in.from ? in.from : counted < in.to ? counted : in.to;
    Stretch hits = {in.view, in.from, middle, in.backward};
    Stretch rest = {in.view, middle, in.to, in.backward};
    size_t found = SIZE_MAX;
    for (int part = 0; part < 2 && found == SIZE_MAX; part++) {
        bool is_counted = (part == 0) != in.backward;
        found = is_counted ? find_hit_between(search, hits)
                           : find_between(search, store, rest, FIND_STOPPED_MAX);
    }
    return found;
}

bool search_is_near(Search *search, const Store *store, const View *view, size_t row, bool backward)
{
    size_t len = view_len(view);
    if (search->matcher == NULL || len - counted_rows(search, view) <= SEARCH_NEAR_ROWS) {
        return true;
    }
    size_t after = row == SIZE_MAX ? 0 : row + 1;
    size_t split = backward ? row : after;
    split = split < len ? split : len;
    /* Up to the end, then what is left of them from the other end on. */
    size_t ahead = backward ? split : len - split;
    size_t first = ahead < SEARCH_NEAR_ROWS ? ahead : SEARCH_NEAR_ROWS;
    size_t rest = SEARCH_NEAR_ROWS - first;
    uint64_t stopped = search_stopped(search);
    Stretch here = {view, backward ? split - first : split, backward ? split : split + first,
                    backward};
    Stretch there = {view, backward ? len - rest : 0, backward ? len : rest, backward};
    bool is_found = find_between(search, store, here, NEAR_STOPPED_MAX) != SIZE_MAX ||
                    find_between(search, store, there, NEAR_STOPPED_MAX) != SIZE_MAX;
    return is_found && search_stopped(search) - stopped < NEAR_STOPPED_MAX;
}

size_t search_find(Search *search, const Store *store, const View *view, size_t row, bool backward,
                   bool *ret_wrapped)
{
    size_t len = view_len(view);
    if (search->matcher == NULL || len == 0) {
        return SIZE_MAX;
    }
    trim(search, store);
    /* Rows before and rows from `split` on: what comes first, then what comes after going round. */
    size_t after = row == SIZE_MAX ? 0 : row + 1;
    size_t split = backward ? row : after;
    split = split < len ? split : len;
    for (int round = 0; round < 2; round++) {
        bool is_upper = (round == 0) != backward;
        Stretch part = {view, is_upper ? split : 0, is_upper ? len : split, backward};
        size_t found = find_part(search, store, part);
        if (found != SIZE_MAX) {
            if (ret_wrapped != NULL) {
                *ret_wrapped = round == 1;
            }
            return found;
        }
    }
    return SIZE_MAX;
}

bool search_span(Search *search, StrView text, size_t from, size_t *ret_start, size_t *ret_end)
{
    return search->matcher != NULL && matcher_span(search->matcher, text, from, ret_start, ret_end);
}
