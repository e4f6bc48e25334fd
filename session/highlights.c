/*
 * Highlights: a matcher, a walk over the view and the numbers of the hits for each slot, so that a
 * term that comes or goes leaves the counts of the others as they are.
 */
#include "session/highlights.h"

#include "base/bits.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "session/matcher.h"
#include "session/walk.h"

typedef struct Slot {
    Matcher *matcher; /* NULL = free */
    bool is_on;
    bool is_done;
    ViewWalk walk;
    Numbers hits; /* matching entries among those walked over */
    uint64_t revision;
} Slot;

struct Highlights {
    Slot slots[HIGHLIGHTS_MAX];
    uint64_t revision; /* the last one given to a slot */
    uint64_t changes;
};

Highlights *highlights_new(void)
{
    return mem_calloc(1, sizeof(Highlights));
}

void highlights_free(Highlights *highlights)
{
    if (highlights != NULL) {
        highlights_clear(highlights);
        mem_free(highlights);
    }
}

/* --- terms ------------------------------------------------------------------------------------ */

static int find_slot(const Highlights *highlights, StrView pattern)
{
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        const Slot *slot = &highlights->slots[i];
        if (slot->matcher != NULL && sv_equal(matcher_pattern(slot->matcher), pattern)) {
            return i;
        }
    }
    return -1;
}

static int find_free(const Highlights *highlights)
{
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        if (highlights->slots[i].matcher == NULL) {
            return i;
        }
    }
    return -1;
}

bool highlights_add(Highlights *highlights, StrView pattern, int *ret_slot, Err *err)
{
    if (pattern.len == 0) {
        return err_set(err, "nothing to highlight: the pattern is empty");
    }
    int at = find_slot(highlights, pattern);
    if (at >= 0) {
        highlights_set_on(highlights, at, true);
        *ret_slot = at;
        return true;
    }
    at = find_free(highlights);
    if (at < 0) {
        return err_set(err, "all %d highlights are in use: remove one first", HIGHLIGHTS_MAX);
    }
    Matcher *matcher = matcher_new(pattern, err);
    if (matcher == NULL) {
        return false;
    }
    highlights->slots[at] =
        (Slot){.matcher = matcher, .is_on = true, .revision = ++highlights->revision};
    highlights->changes++;
    *ret_slot = at;
    return true;
}

void highlights_remove(Highlights *highlights, int slot)
{
    Slot *removed = &highlights->slots[slot];
    matcher_free(removed->matcher);
    numbers_done(&removed->hits);
    *removed = (Slot){0};
    highlights->changes++;
}

void highlights_clear(Highlights *highlights)
{
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        highlights_remove(highlights, i);
    }
}

void highlights_set_on(Highlights *highlights, int slot, bool is_on)
{
    if (highlights->slots[slot].matcher != NULL && highlights->slots[slot].is_on != is_on) {
        highlights->changes++;
        highlights->slots[slot].is_on = is_on;
        highlights->slots[slot].is_done = false; /* something may have come meanwhile */
    }
}

bool highlights_get(const Highlights *highlights, int slot, HighlightTerm *ret_term)
{
    const Slot *found = &highlights->slots[slot];
    if (found->matcher == NULL) {
        return false;
    }
    *ret_term = (HighlightTerm){.pattern = matcher_pattern(found->matcher), .is_on = found->is_on};
    return true;
}

int highlights_count(const Highlights *highlights)
{
    int count = 0;
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        count += highlights->slots[i].matcher != NULL;
    }
    return count;
}

bool highlights_are_on(const Highlights *highlights)
{
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        if (highlights->slots[i].is_on) {
            return true;
        }
    }
    return false;
}

/* --- matches ---------------------------------------------------------------------------------- */

/* The next match that is not empty: of those there is nothing to be seen. */
static bool find_visible(Matcher *matcher, StrView text, size_t from, size_t *ret_start,
                         size_t *ret_end)
{
    size_t start = 0, end = 0;
    while (matcher_span(matcher, text, from, &start, &end)) {
        if (end > start) {
            *ret_start = start;
            *ret_end = end;
            return true;
        }
        StrView rest = sv_slice(text, end, text.len);
        if (rest.len == 0) {
            return false;
        }
        (void)utf8_next(&rest); /* only where the next character begins matters */
        from = text.len - rest.len;
    }
    return false;
}

bool highlights_find(Highlights *highlights, StrView text, size_t from, size_t *ret_start,
                     size_t *ret_end, int *ret_slot)
{
    size_t best = SIZE_MAX;
    for (int i = 0; i < HIGHLIGHTS_MAX && best != from; i++) {
        size_t start = 0, end = 0;
        const Slot *slot = &highlights->slots[i];
        if (slot->is_on && find_visible(slot->matcher, text, from, &start, &end) && start < best) {
            best = start;
            *ret_start = start;
            *ret_end = end;
            *ret_slot = i;
        }
    }
    return best != SIZE_MAX;
}

unsigned highlights_of_row(Highlights *highlights, const Columns *columns, uint32_t index)
{
    unsigned terms = 0;
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        const Slot *slot = &highlights->slots[i];
        if (slot->is_on && matcher_has(slot->matcher, columns, index)) {
            terms |= 1u << i;
        }
    }
    return terms;
}

/* --- counting --------------------------------------------------------------------------------- */

static void count_row(Slot *slot, const Store *store, StoreRun *run, EntryNumber number,
                      bool is_front)
{
    StoreRow at;
    if (!store_find_in_run(store, run, number, &at) || at.columns->kind[at.index] == KIND_NOTICE ||
        !matcher_has(slot->matcher, at.columns, at.index)) {
        return;
    }
    if (is_front) {
        numbers_push_front(&slot->hits, number);
    } else {
        numbers_push_back(&slot->hits, number);
    }
}

static void count_rows(Slot *slot, const Store *store, const View *view, WalkRows rows)
{
    StoreRun run = {0};
    size_t count = rows.to - rows.from;
    for (size_t i = 0; i < count; i++) {
        if (i + STORE_ROWS_AHEAD < count) {
            size_t ahead = i + STORE_ROWS_AHEAD;
            size_t row = rows.is_front ? rows.to - 1 - ahead : rows.from + ahead;
            bits_prefetch(store_message_bytes(&run, view_get(view, row)));
        }
        size_t row = rows.is_front ? rows.to - 1 - i : rows.from + i;
        count_row(slot, store, &run, view_get(view, row), rows.is_front);
    }
}

/* True while there is more to do. */
static bool step_slot(Highlights *highlights, Slot *slot, const Store *store, const View *view,
                      size_t rows)
{
    if (walk_follow(&slot->walk, view)) {
        numbers_clear(&slot->hits);
        slot->revision = ++highlights->revision;
    }
    size_t gone = numbers_find(&slot->hits, store_first(store));
    if (gone > 0) {
        numbers_drop_front(&slot->hits, gone);
    }
    WalkRows next;
    while (rows > 0 && walk_next(&slot->walk, view, rows, &next)) {
        count_rows(slot, store, view, next);
        rows -= next.to - next.from;
    }
    slot->is_done = walk_is_done(&slot->walk, view);
    return !slot->is_done;
}

bool highlights_step(Highlights *highlights, const Store *store, const View *view, uint32_t rows)
{
    bool has_more = false;
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        Slot *slot = &highlights->slots[i];
        if (slot->is_on) {
            has_more |= step_slot(highlights, slot, store, view, rows);
        }
    }
    return has_more;
}

bool highlights_is_done(const Highlights *highlights)
{
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        const Slot *slot = &highlights->slots[i];
        if (slot->is_on && !slot->is_done) {
            return false;
        }
    }
    return true;
}

uint64_t highlights_matches(const Highlights *highlights, int slot)
{
    return highlights->slots[slot].hits.len;
}

bool highlights_hits(const Highlights *highlights, int slot, HighlightHits *ret_hits)
{
    const Slot *found = &highlights->slots[slot];
    if (!found->is_on) {
        return false;
    }
    *ret_hits = (HighlightHits){
        .numbers = &found->hits,
        .low = found->walk.low,
        .high = found->walk.high,
        .view = found->walk.view,
        .view_revision = found->walk.revision,
        .revision = found->revision,
    };
    return true;
}

uint64_t highlights_changes(const Highlights *highlights)
{
    return highlights->changes;
}

uint64_t highlights_stopped(const Highlights *highlights)
{
    uint64_t stopped = 0;
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        const Slot *slot = &highlights->slots[i];
        stopped += slot->matcher != NULL ? matcher_stopped(slot->matcher) : 0;
    }
    return stopped;
}
