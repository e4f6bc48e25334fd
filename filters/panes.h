/*
 * PaneDef: what a filter pane is: name, key, role, predicate. Read from filters/panes.json
 * (compiled in) and the user's file on top. Data only; the views belong to session/.
 */
#ifndef FILTERS_PANES_H
#define FILTERS_PANES_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/node.h"
#include "base/str.h"

#define PANES_FILE "filters/panes.json" /* the program's own, below the data directory */
#define PANES_MAX 32                    /* of one file, and of all together */

/* What a pane shows. */
typedef enum PaneRole {
    PANE_LIST,     /* entries that pass its predicate */
    PANE_TIMELINE, /* the stages of the enrolment; it has no predicate */
    PANE_COMMANDS, /* what the server asked for; likewise */
    PANE_ROLE_COUNT
} PaneRole;

typedef struct PaneDef {
    PaneRole role;
    StrView id;        /* for --pane: "mdmclient" */
    StrView title;     /* in the tab: "mdmclient" */
    StrView predicate; /* NSPredicate text; may use local keys */
    StrView help;      /* one line: what it is for */
    char key;          /* '1' … '9', 0 = none */
} PaneDef;

/* "list", "timeline", "commands" */
const char *pane_role_name(PaneRole role);

typedef struct PaneDefs {
    Arena arena;
    PaneDef *items;
    size_t count;
} PaneDefs;

/* Reads definitions; a definition with the id of an earlier one replaces it. Every predicate is
 * checked. On an error nothing of `text` is taken. */
bool pane_defs_read(PaneDefs *defs, StrView text, const char *name, Err *err);

/* Reads one definition from a map and puts it in its place as above; its texts are copied. */
bool pane_defs_read_one(PaneDefs *defs, const Node *node, Err *err);
void pane_defs_done(PaneDefs *defs);

/* Reads those of the program: below `data_dir`, or (NULL) compiled in. */
bool pane_defs_read_own(PaneDefs *defs, const char *data_dir, Err *err);

/* Finds by id or title, letter case ignored; NULL when there is none. */
const PaneDef *pane_defs_find(const PaneDefs *defs, StrView name);

/* The same for --pane: where there is none the error tells what there is. */
const PaneDef *pane_defs_choose(const PaneDefs *defs, StrView name, Err *err);

#endif
