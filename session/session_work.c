/*
 * The work of a session: what is done in slices while nothing has to be read: refilters first where
 * somebody looks; then the search, the highlights and the histogram of what is looked at. How each
 * of them counts is its own business.
 */
#include "base/clock.h"
#include "session/session_internal.h"

/* Rows a slice of work looks at: fewer when a pattern makes them slow, so that the clock is asked
 * about once in SLICE_NS; more while that is not reached. */
#define SLICE_ROWS_MAX 4096
#define SLICE_ROWS_FIRST 512
#define SLICE_NS (1 * NS_PER_MS)

void session_work_begin(Session *session)
{
    session->search = search_new();
    session->highlights = highlights_new();
    session->histogram = histogram_new();
    session->slice_rows = SLICE_ROWS_FIRST;
}

void session_work_done(Session *session)
{
    histogram_free(session->histogram);
    highlights_free(session->highlights);
    search_free(session->search);
    view_free(session->everything);
}

void session_count_stopped(SessionPane *pane)
{
    const Filter *filter = view_filter(pane->view);
    pane->filter_stopped = filter != NULL ? filter_stopped(filter) : 0;
}

/* --- slices ----------------------------------------------------------------------------------- */

static View *watched_view(const Session *session)
{
    return session->panes[session->watched].view;
}

/* Each of these has work to do when something has changed since it was called last, or when it has
 * not come to the end yet. */

static bool search_has_work(const Session *session)
{
    return search_is_on(session->search) &&
           (session->search_seen != session->changes || !search_is_done(session->search));
}

static bool highlights_have_work(const Session *session)
{
    return highlights_are_on(session->highlights) &&
           (session->highlights_seen != session->changes ||
            !highlights_is_done(session->highlights));
}

static bool histogram_has_work(const Session *session)
{
    return session->wants_histogram &&
           (session->histogram_seen != session->changes ||
            session->histogram_terms != highlights_changes(session->highlights) ||
            !histogram_is_done(session->histogram));
}

/* Counts in views that have been scanned to their end; whether that was all is asked again. Returns
 * dirty bits; 0 = there was nothing to do. */
static unsigned count_slice(Session *session)
{
    const Store *store = session->store;
    const View *watched = watched_view(session);
    const View *searched = session_search_view(session);
    uint32_t rows = session->slice_rows;
    if (view_is_done(searched) && search_has_work(session)) {
        session->search_seen = session->changes;
        (void)search_step(session->search, store, searched, rows);
        return SESSION_DIRTY_SEARCH;
    }
    if (!view_is_done(watched)) {
        return 0;
    }
    if (highlights_have_work(session)) {
        session->highlights_seen = session->changes;
        (void)highlights_step(session->highlights, store, watched, rows);
        return SESSION_DIRTY_HISTOGRAM;
    }
    if (histogram_has_work(session)) {
        session->histogram_seen = session->changes;
        session->histogram_terms = highlights_changes(session->highlights);
        (void)histogram_step(session->histogram, store, watched, session->highlights, rows);
        return SESSION_DIRTY_HISTOGRAM;
    }
    return 0;
}

/* Scans the views: the one that is looked at first. */
static unsigned scan_slice(Session *session)
{
    for (size_t i = 0; i < session->pane_count; i++) {
        SessionPane *pane = &session->panes[(session->watched + i) % session->pane_count];
        if (!view_is_done(pane->view)) {
            (void)view_step(pane->view, session->slice_rows); /* view_is_done is asked again */
            session_count_stopped(pane);
            return SESSION_DIRTY_ENTRIES | SESSION_DIRTY_COUNTS;
        }
        if (session->everything != NULL && !view_is_done(session->everything)) {
            (void)view_step(session->everything, session->slice_rows);
            return SESSION_DIRTY_SEARCH;
        }
    }
    return 0;
}

/* Does one slice of work: what is looked at, what is counted in it, then all else. Returns dirty
 * bits; 0 = there was nothing to do. */
static unsigned work_slice(Session *session)
{
    unsigned counted = count_slice(session);
    return counted != 0 ? counted : scan_slice(session);
}

static void adapt_slice(Session *session, int64_t taken_ns)
{
    if (taken_ns > SLICE_NS && session->slice_rows > 1) {
        session->slice_rows /= 2;
    } else if (taken_ns < SLICE_NS / 4 && session->slice_rows < SLICE_ROWS_MAX) {
        session->slice_rows *= 2;
    }
}

unsigned session_work(Session *session, int64_t budget_ns)
{
    int64_t now = clock_monotonic();
    int64_t until = now + budget_ns;
    unsigned dirty = 0;
    for (;;) {
        unsigned slice = work_slice(session);
        if (slice == 0) {
            return dirty;
        }
        int64_t before = now;
        dirty |= slice;
        now = clock_monotonic();
        adapt_slice(session, now - before);
        if (now >= until) {
            return dirty;
        }
    }
}

bool session_has_work(const Session *session)
{
    for (size_t i = 0; i < session->pane_count; i++) {
        if (!view_is_done(session->panes[i].view)) {
            return true;
        }
    }
    return (session->everything != NULL && !view_is_done(session->everything)) ||
           search_has_work(session) || highlights_have_work(session) || histogram_has_work(session);
}

bool session_is_loaded(const Session *session)
{
    return sources_are_done(session->sources);
}

bool session_is_idle(const Session *session)
{
    return session_is_loaded(session) && !session_has_work(session);
}

/* --- what is counted -------------------------------------------------------------------------- */

Search *session_search(const Session *session)
{
    return session->search;
}

void session_search_everywhere(Session *session, bool is_everywhere)
{
    if (is_everywhere == (session->everything != NULL)) {
        return;
    }
    view_free(session->everything);
    session->everything = is_everywhere ? view_new(session->store) : NULL;
    session->changes++;
}

bool session_searches_everywhere(const Session *session)
{
    return session->everything != NULL;
}

View *session_search_view(const Session *session)
{
    return session->everything != NULL ? session->everything : watched_view(session);
}

EntryNumber session_search_find(Session *session, EntryNumber number, bool backward,
                                bool *ret_wrapped)
{
    View *view = session_search_view(session);
    view_trim(view);
    /* The row before or after which the search begins; SIZE_MAX, which is row 0 less one, begins
     * before all and after all. */
    size_t row = view_find_from(view, backward ? number : number + 1);
    size_t from = backward ? (row < view_len(view) ? row : SIZE_MAX) : row - 1;
    size_t found = search_find(session->search, session->store, view, from, backward, ret_wrapped);
    return found != SIZE_MAX ? view_get(view, found) : 0;
}

Highlights *session_highlights(const Session *session)
{
    return session->highlights;
}

Histogram *session_histogram(const Session *session)
{
    return session->histogram;
}

void session_want_histogram(Session *session, bool is_wanted)
{
    session->wants_histogram = is_wanted;
}

void session_hide_noise(Session *session, size_t pane, bool hides)
{
    view_hide_noise(session->panes[pane].view, hides);
    session->changes++;
}
