/*
 * View: the numbers of the entries that pass one filter, in order. New entries are offered once;
 * a change of the filter is worked off in slices, from where the reader looks outward, and what
 * has been found so far can be shown at any time. Knows nothing of screens.
 */
#ifndef SESSION_VIEW_H
#define SESSION_VIEW_H

#include "base/base.h"
#include "filters/filter.h"
#include "session/store.h"

typedef struct View View;

typedef struct ViewCounts {
    uint64_t entries;  /* matching entries held, notices not counted */
    uint64_t failures; /* of these, those tagged OUTCOME_FAIL */
    uint64_t masked;   /* of these, those with a masked value: ENTRY_PRIVATE */
    uint64_t noise;    /* entries that match and are left out: view_hide_noise */
    uint64_t scanned;  /* rows looked at since the filter changed; == total when done */
    uint64_t total;    /* those and the rows still to be looked at; offered rows are in neither */
} ViewCounts;

/* Makes a view of `store` (borrowed) that shows everything; what is held already is scanned from
 * the newest on. */
View *view_new(Store *store);
void view_free(View *view);

/* Changes the filter (NULL = everything); takes ownership of it. Scanning starts at `anchor`
 * (0 = the newest); what the relation to the old filter makes unnecessary is not scanned again, and
 * where both are the same nothing is. Gives the old filter back when `ret_old` is not NULL (for
 * undo), else frees it. */
void view_set_filter(View *view, Filter *filter, EntryNumber anchor, Filter **ret_old);
const Filter *view_filter(const View *view); /* NULL = none was set */

/* Leaves out what is tagged as noise, or shows it again; at once, however many rows there are. To
 * begin with noise is shown. It stays so when the filter changes. */
void view_hide_noise(View *view, bool hides);
bool view_hides_noise(const View *view);

/* Grows whenever the rows are others than those found before and those added to them: for whoever
 * remembers rows. No other view of the store ever has the same. */
uint64_t view_revision(const View *view);

/* Names of the sources for the filter's key `host`; borrowed, must outlive the view. They go on to
 * filters that are set later. */
void view_set_hosts(View *view, const StrView *hosts, size_t count);

/* Offers an entry that was just pushed and tagged: each once, in order. */
void view_offer(View *view, EntryNumber number);

/* Looks at up to `rows` further rows; true while there is more to do. */
bool view_step(View *view, uint32_t rows);
bool view_is_done(const View *view);

/* Gives the entry numbers low ≤ n < high among which nothing is to be found any more; the rows with
 * other numbers are not yet all there. For whoever counts rows while they are being found. */
void view_range(const View *view, EntryNumber *ret_low, EntryNumber *ret_high);

/* Forgets what the store has evicted. Call after pushes, before reading. */
void view_trim(View *view);

/* Rows of the view: 0 ≤ row < view_len. Notices are rows too. While scanning goes on rows may
 * appear on both ends. */
size_t view_len(const View *view);
EntryNumber view_get(const View *view, size_t row);

/* Row of `number`, or of the nearest entry at or before it (row 0 when all are after). */
size_t view_find(const View *view, EntryNumber number);

/* Row of the first entry at or after `number`; view_len when there is none. */
size_t view_find_from(const View *view, EntryNumber number);

/* How many rows of [from, to) are no notices. */
uint64_t view_count_entries(const View *view, size_t from, size_t to);

/* Row of the first entry whose time is not before `ns`; view_len when there is none. Exact although
 * entries are only nearly in order of time. For the command that jumps to a time. */
size_t view_find_time(const View *view, int64_t ns);
ViewCounts view_counts(const View *view);

#endif
