/*
 * Dying: children that are of no more use but have not exited yet. They are ended step by step,
 * turn by turn, so that nobody waits for them but who is about to end itself.
 */
#ifndef SESSION_DYING_H
#define SESSION_DYING_H

#include "base/base.h"
#include "session/child.h"

/* All zeroes is an empty one. */
typedef struct Dying {
    Child *children;
    size_t count;
    size_t capacity;
} Dying;

/* Takes `child` over: closes its pipes and asks it to end. `child` is as never started then. */
void dying_add(Dying *dying, Child *child, int64_t now);

/* Lets go who has exited; takes the next step of ending the others where it is due. */
void dying_tick(Dying *dying, int64_t now);

/* When dying_tick has something to do although no child has exited; INT64_MAX = never. */
int64_t dying_deadline(const Dying *dying);

/* Ends and waits for all that are left, see child_done. */
void dying_done(Dying *dying);

#endif
