/*
 * Search: a regular expression over the messages and the names of process, subsystem and category
 * of the entries held: matches counted in slices, next and previous found at once. It keeps entry
 * numbers and knows nothing of how matches are lit up.
 */
#ifndef SESSION_SEARCH_H
#define SESSION_SEARCH_H

#include "base/base.h"
#include "base/err.h"
#include "session/matcher.h"
#include "session/store.h"
#include "session/view.h"

typedef struct Search Search;

Search *search_new(void);
void search_free(Search *search);

/* Sets the pattern (PCRE2, smart case); empty = no search. On an error the old one stays. */
bool search_set(Search *search, StrView pattern, Err *err);
StrView search_pattern(const Search *search); /* "" = none */
bool search_is_on(const Search *search);

/* Counts in `view` from its first row, up to `rows` rows; true while there is more to do. Forgets
 * the counts when the view, its filter or the pattern is another, and what the store has evicted.
 * Waits, counting nothing, for a view that is still being scanned. When rows were added after the
 * end was reached, it goes on there. */
bool search_step(Search *search, const Store *store, const View *view, uint32_t rows);
bool search_is_done(const Search *search); /* the last search_step came to the end */
uint64_t search_count(const Search *search);
/* How many of the matches counted so far are at or before `number`. */
uint64_t search_position(const Search *search, EntryNumber number);

/* How often the pattern was stopped because it needed too many steps; such texts do not match.
 * For the screen to say. */
uint64_t search_stopped(const Search *search);

/* Finds the next (or previous) matching row after (before) `row`, going round the end; `row` itself
 * comes last. SIZE_MAX as `row` begins before the first (after the last) row; as an answer it means
 * none. `*ret_wrapped` (may be NULL) tells that it went round. At once where rows are counted;
 * of the others it looks at one after the other until one matches, however far that is; only a
 * pattern that keeps being stopped makes it give up, see search_stopped. */
size_t search_find(Search *search, const Store *store, const View *view, size_t row, bool backward,
                   bool *ret_wrapped);

/* Tells whether search_find, asked the same, answers at once: few rows are not counted yet, or one
 * of the first SEARCH_NEAR_ROWS on the way matches. */
#define SEARCH_NEAR_ROWS 4000
bool search_is_near(Search *search, const Store *store, const View *view, size_t row,
                    bool backward);

/* Tells whether the row matches; false without a pattern. All columns given to one search must
 * share one table of atoms. */
bool search_matches(Search *search, const Columns *columns, uint32_t index);

/* Gives the next match within a text, for lighting it up. */
bool search_span(Search *search, StrView text, size_t from, size_t *ret_start, size_t *ret_end);

#endif
