/*
 * Search: a regular expression over the messages (and, with the same words, the process and
 * subsystem) of the entries held: matches counted in slices, next and previous found at once.
 */
#ifndef SESSION_SEARCH_H
#define SESSION_SEARCH_H

#include "base/base.h"
#include "base/err.h"
#include "filters/regex.h"
#include "session/store.h"
#include "session/view.h"

typedef struct Search Search;

Search *search_new(void);
void search_free(Search *search);

/* Sets the pattern (PCRE2, smart case); empty = no search. On an error the old one stays. */
bool search_set(Search *search, StrView pattern, Err *err);
StrView search_pattern(const Search *search); /* "" = none */
bool search_is_on(const Search *search);

/* Counts in `view` from its first row; forgets counts when the view or pattern is another. */
bool search_step(Search *search, const Store *store, const View *view, uint32_t rows);
bool search_is_done(const Search *search);
uint64_t search_count(const Search *search);
/* How many of the matches counted so far are at or before `number`. */
uint64_t search_position(const Search *search, EntryNumber number);

/* Finds the next (or previous) matching row after (before) `row`, going round the end when
 * `wraps`; SIZE_MAX = none. `*ret_wrapped` (may be NULL) tells that it went round. */
size_t search_find(Search *search, const Store *store, const View *view, size_t row, bool backward,
                   bool *ret_wrapped);

/* Tells whether the row matches. */
bool search_matches(Search *search, const Columns *columns, uint32_t index);

/* Gives the next match within a text, for lighting it up. */
bool search_span(Search *search, StrView text, size_t from, size_t *ret_start, size_t *ret_end);

#endif
