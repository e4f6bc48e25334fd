/*
 * What a View is inside, for view.c and view_scan.c alone.
 */
#ifndef SESSION_VIEW_INTERNAL_H
#define SESSION_VIEW_INTERNAL_H

#include "session/numbers.h"
#include "session/view.h"

/* Rows looked at before the direction changes. */
#define VIEW_SLICE_ROWS 4096

/* A row is an entry number and, below it, what its counting needs when the store has given the
 * entry up. */
#define ROW_SHIFT 4
#define ROW_NOTICE 1u
#define ROW_FAILURE 2u
#define ROW_MASKED 4u
#define ROW_NOISE 8u

struct View {
    Store *store;
    Filter *filter; /* NULL = everything passes */
    const StrView *hosts;
    size_t host_count;
    Numbers rows;        /* found in [low, high) */
    Numbers tail;        /* found among the rows offered while high < end */
    Numbers hidden;      /* what would be in `rows` and in `tail`, were it not noise */
    Numbers hidden_tail; /* that is left out */
    bool hides_noise;
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
    uint64_t masked;
    uint64_t revision;
    uint64_t bits[VIEW_SLICE_ROWS / 64];
};

typedef enum ViewPlace { VIEW_FRONT, VIEW_BACK, VIEW_TAIL } ViewPlace;

static inline uint64_t row_key(EntryNumber number)
{
    return number << ROW_SHIFT;
}

static inline EntryNumber row_number(uint64_t row)
{
    return row >> ROW_SHIFT;
}

static inline EntryNumber later(EntryNumber a, EntryNumber b)
{
    return a > b ? a : b;
}

static inline EntryNumber earlier(EntryNumber a, EntryNumber b)
{
    return a < b ? a : b;
}

static inline bool passes_all(const Filter *filter)
{
    return filter == NULL || filter_is_all(filter);
}

/* Asks the filter; notices always pass. */
bool view_row_passes(View *view, const Columns *columns, uint32_t index);

/* Adds a row that passes at the front or the back of those found, or to the tail. */
void view_put(View *view, ViewPlace place, const Columns *columns, uint32_t index,
              EntryNumber number);

/* Has the tail follow without a gap, when the scan has come to its end. */
void view_join_tail(View *view);

void view_forget_old(View *view);

#endif
