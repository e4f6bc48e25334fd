/*
 * Highlights: up to eight regular expressions whose matches are lit, each in a slot of its own, so
 * that its colour stays the same; and how many entries of a view match each. It knows no colours.
 */
#ifndef SESSION_HIGHLIGHTS_H
#define SESSION_HIGHLIGHTS_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "session/numbers.h"
#include "session/store.h"
#include "session/view.h"

#define HIGHLIGHTS_MAX 8

typedef struct Highlights Highlights;

typedef struct HighlightTerm {
    StrView pattern; /* valid until the term is removed */
    bool is_on;
} HighlightTerm;

/* The entries of a view that match a term, found so far. */
typedef struct HighlightHits {
    const Numbers
        *numbers; /* of all matching entries in [low, high); valid until the next change */
    EntryNumber low, high;
    const View *view; /* that they were found in, at that revision of its rows; compared only */
    uint64_t view_revision;
    uint64_t revision; /* another one when they are being counted anew; never 0 */
} HighlightHits;

Highlights *highlights_new(void);
void highlights_free(Highlights *highlights);

/* Adds a term (PCRE2, smart case), switched on, in the first free slot from 0. A pattern that is
 * there already is switched on where it is. Fails, with the place in the pattern, on a faulty one,
 * on an empty one, and when all slots are taken. */
bool highlights_add(Highlights *highlights, StrView pattern, int *ret_slot, Err *err);
/* Frees a slot; the other terms stay where they are. Nothing happens when it is free. */
void highlights_remove(Highlights *highlights, int slot);
void highlights_clear(Highlights *highlights);

/* Lets a term rest: it is not found and not counted, but keeps its slot. */
void highlights_set_on(Highlights *highlights, int slot, bool is_on);

/* Gives the term of a slot, 0 ≤ slot < HIGHLIGHTS_MAX; false when it is free. */
bool highlights_get(const Highlights *highlights, int slot, HighlightTerm *ret_term);
int highlights_count(const Highlights *highlights);   /* slots that are taken */
bool highlights_are_on(const Highlights *highlights); /* at least one term is */

/* Finds the leftmost match (not an empty one) of any term in `text` from byte `from` on; of two
 * that begin at the same place the one in the lower slot. False when there is none. */
bool highlights_find(Highlights *highlights, StrView text, size_t from, size_t *ret_start,
                     size_t *ret_end, int *ret_slot);

/* Tells which terms match an entry, in the message or the names of process, subsystem and category
 * as a search does: bit n for slot n. */
unsigned highlights_of_row(Highlights *highlights, const Columns *columns, uint32_t index);

/* Counts in `view`, the newest rows first, up to `rows` rows of each term; true while there is more
 * to do. The counts of a term begin anew when the view or its filter is another; they do not when
 * other terms change. */
bool highlights_step(Highlights *highlights, const Store *store, const View *view, uint32_t rows);
bool highlights_is_done(const Highlights *highlights); /* the last step came to the end */

/* How many entries of the view match the term of a slot, as far as has been counted. */
uint64_t highlights_matches(const Highlights *highlights, int slot);

/* The same as numbers; false when the slot is free or its term is off. */
bool highlights_hits(const Highlights *highlights, int slot, HighlightHits *ret_hits);

/* Grows whenever a term is added, removed, switched on or off. */
uint64_t highlights_changes(const Highlights *highlights);

/* How often a pattern was stopped because it needed too many steps, over all terms. */
uint64_t highlights_stopped(const Highlights *highlights);

#endif
