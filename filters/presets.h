/*
 * Presets: predicates with names and what each is for, to choose from: those of
 * filters/presets.json (compiled in) and the user's own on top. Data and the search over it only;
 * whoever shows or applies them does so elsewhere. It must never include anything of session/.
 */
#ifndef FILTERS_PRESETS_H
#define FILTERS_PRESETS_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/node.h"
#include "base/str.h"

#define PRESETS_FILE "filters/presets.json"
#define PRESETS_MAX 500 /* of all files together */

/* Texts are nil where the file has none; only name and predicate are always there. */
typedef struct Preset {
    StrView name;       /* unique, letter case ignored */
    StrView predicate;  /* NSPredicate text; it compiles */
    StrView about;      /* one line: what it is for */
    StrView level;      /* the least `log` level it needs: "default", "info", "debug" */
    StrView confidence; /* how sure it is that it finds what it says */
    StrView source;     /* where it was found */
    bool is_own;        /* the user's */
} Preset;

/* All zeroes = none yet. */
typedef struct Presets {
    Arena arena; /* all texts */
    Preset *items;
    size_t count;
    size_t capacity;
} Presets;

/* Reads {"presets": [...]}; a preset with the name of an earlier one replaces it. Every predicate
 * is compiled. On an error nothing of `text` is taken. */
bool presets_read(Presets *presets, StrView text, const char *name, bool is_own, Err *err);
void presets_done(Presets *presets);

/* Reads one preset from a map of the members name, predicate, about, level, confidence, source and
 * puts it in its place as above. */
bool presets_read_one(Presets *presets, const Node *node, bool is_own, Err *err);

/* Copies a preset in, as above; fails on one without a name or with a predicate that does not
 * compile. */
bool presets_put(Presets *presets, const Preset *preset, Err *err);

/* Takes one out; the others keep their order. */
void presets_remove(Presets *presets, size_t index);

/* Finds by name, letter case ignored; SIZE_MAX = none. */
size_t presets_find(const Presets *presets, StrView name);

/* Finds the presets in whose name, about and predicate together every word of `typed` occurs,
 * letter case ignored; all when it is blank. Best first: the whole text begins the name, every word
 * is in the name, the rest; among equals in the order of the file. Writes up to `max` indices and
 * returns how many. */
size_t presets_match(const Presets *presets, StrView typed, size_t *ret_indices, size_t max);

#endif
