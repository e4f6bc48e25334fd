/*
 * Aliases: the short names for predicates that a user keeps in ~/.logrc, the configuration file of
 * `log` (log(1)). Text to table; no file is read here, and what an alias stands for is not parsed.
 */
#ifndef FILTERS_ALIASES_H
#define FILTERS_ALIASES_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

#define ALIASES_MAX 1000

typedef struct Alias {
    StrView name;
    StrView text; /* the predicate */
    int line;     /* where its name stands */
} Alias;

typedef struct Aliases {
    Arena arena;
    Alias *items;
    size_t count;
    size_t capacity;
} Aliases;

/* Reads the section "predicate:" of the text of a ~/.logrc into `aliases`, which must be all zeroes
 * or done; the other sections are skipped. Of two of the same name the later one counts. On an
 * error returns false with `err->line` set and leaves what was read up to there. */
bool aliases_read(Aliases *aliases, StrView text, Err *err);
void aliases_done(Aliases *aliases);

/* The alias that `text` is, blanks around it aside; NULL when it is none or `aliases` is NULL. */
const Alias *aliases_find(const Aliases *aliases, StrView text);

#endif
