/*
 * History: what was typed at a prompt, kept between runs: one file a kind, one JSON text a line,
 * oldest first, readable by its owner only. Several running programs may append to the same file.
 * It knows no prompt; it must never include anything of tui/.
 */
#ifndef SESSION_HISTORY_H
#define SESSION_HISTORY_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

#define HISTORY_MAX 200 /* lines of a kind that are kept */

/* All zeroes = none. */
typedef struct History {
    Arena arena;
    StrView *items; /* oldest first, no text twice */
    size_t count;
} History;

/* Reads what is kept of a kind ("search", "predicate", "stream", "command") in `directory`; NULL,
 * no file or a faulty line gives that much less. */
void history_read(History *ret, const char *directory, const char *kind);
void history_done(History *history);

/* Appends a text, which may have several lines; a blank one and the last one again are passed
 * over. */
bool history_append(const char *directory, const char *kind, StrView text, Err *err);

#endif
