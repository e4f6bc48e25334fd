/*
 * Marks: entries the user has marked, each with a note if they like. Each is copied out of the
 * ring, so that it survives eviction. It knows nothing of views or of how a mark is shown.
 */
#ifndef SESSION_MARKS_H
#define SESSION_MARKS_H

#include "base/base.h"
#include "base/str.h"
#include "session/store.h"

#define MARK_NOTE_MAX 1024 /* bytes of a note */

typedef struct Marks Marks;

/* Makes an empty set of marks; `atoms` (borrowed) is the store's table. */
Marks *marks_new(AtomTable *atoms);
void marks_free(Marks *marks);

/* Marks `number` or takes its mark off; returns whether it is marked now. Does nothing for a number
 * that the store no longer holds and that is not marked. */
bool marks_toggle(Marks *marks, const Store *store, EntryNumber number);
bool marks_has(const Marks *marks, EntryNumber number);
size_t marks_count(const Marks *marks);

/* Marks in order of number. */
EntryNumber marks_get(const Marks *marks, size_t index);
/* The copy; valid until the next change. */
StoreRow marks_row(const Marks *marks, size_t index);

/* Writes a note on the mark of `number` (copied; empty = none). False, changing nothing, when it is
 * not marked or the note is longer than MARK_NOTE_MAX. A note lives as long as its mark. */
bool marks_set_note(Marks *marks, EntryNumber number, StrView text);
/* The note on a mark, by its place or its number, "" = none; valid until the next change. */
StrView marks_note(const Marks *marks, size_t index);
StrView marks_note_of(const Marks *marks, EntryNumber number);

/* The next marked number after (before, when `backward`) `number`; 0 = none. */
EntryNumber marks_next(const Marks *marks, EntryNumber number, bool backward);

#endif
