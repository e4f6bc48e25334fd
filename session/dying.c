/*
 * Dying: see dying.h. The order of the children does not matter; there are hardly ever two.
 */
#include "session/dying.h"

#include "base/mem.h"

void dying_add(Dying *dying, Child *child, int64_t now)
{
    child_close(&child->out);
    child_close(&child->err);
    child_end(child, now);
    void *children = dying->children;
    mem_grow(&children, &dying->capacity, dying->count, sizeof(*dying->children));
    dying->children = children;
    dying->children[dying->count++] = *child;
    *child = child_none();
    dying_tick(dying, now);
}

void dying_tick(Dying *dying, int64_t now)
{
    size_t kept = 0;
    for (size_t i = 0; i < dying->count; i++) {
        Child *child = &dying->children[i];
        child_tick(child, now);
        if (child_reap(child)) {
            child_done(child); /* waits for nothing; whom it left in its group goes, too */
        } else if (child->pid != 0) {
            dying->children[kept++] = *child;
        }
    }
    dying->count = kept;
}

int64_t dying_deadline(const Dying *dying)
{
    int64_t when = INT64_MAX;
    for (size_t i = 0; i < dying->count; i++) {
        when = dying->children[i].due < when ? dying->children[i].due : when;
    }
    return when;
}

void dying_done(Dying *dying)
{
    for (size_t i = 0; i < dying->count; i++) {
        child_done(&dying->children[i]);
    }
    mem_free(dying->children);
    *dying = (Dying){0};
}
