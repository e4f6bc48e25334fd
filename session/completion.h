/*
 * Completion: what can stand at the cursor of a predicate text: keys, operators that fit the key,
 * values that are in the store with their counts, logic. It looks only; whoever owns the text
 * replaces the bytes. It must never include anything of tui/.
 */
#ifndef SESSION_COMPLETION_H
#define SESSION_COMPLETION_H

#include "base/arena.h"
#include "base/base.h"
#include "base/str.h"
#include "filters/presets.h"
#include "session/store.h"

#define COMPLETION_MAX 200

typedef struct Completion {
    StrView text; /* what goes in: complete, quoted where that is needed */
    StrView note; /* one line about it, never nil: "1,234 entries", "the process's name" */
} Completion;

/* All zeroes = nothing found yet. */
typedef struct Completions {
    Arena arena;     /* all texts */
    size_t from, to; /* bytes of the text that are replaced; from ≤ cursor ≤ to */
    Completion *items;
    size_t count;
} Completions;

/* Finds what fits at `cursor` (a byte offset, clipped to `text`): the word that is there, up to its
 * end, is what is replaced, and only its part before the cursor is looked for; an open quote counts
 * as a word. First what begins with that part, then what contains it, letter case ignored; values
 * by how often they occur; at most COMPLETION_MAX. Where nothing else is written, also the presets
 * by their names, after the keys; `presets` may be NULL. An item begins with a blank where it would
 * otherwise stick to what is before it. Never fails; count 0 = nothing fits. Forgets what was found
 * before. */
void completion_find(Completions *completions, const Store *store, const Presets *presets,
                     StrView text, size_t cursor);
void completion_done(Completions *completions);

#endif
