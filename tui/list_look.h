/*
 * List look: how lists are to look, whatever pane they show: the switches of the explorer that
 * change nothing but the picture. Columns are chosen for each pane, see list_columns.h.
 */
#ifndef TUI_LIST_LOOK_H
#define TUI_LIST_LOOK_H

#include "base/base.h"
#include "session/related.h"
#include "tui/when.h"

#define LOOK_GAP_NS (INT64_C(30) * NS_PER_SECOND)

typedef struct ListLook {
    bool wraps;           /* long messages and those of several lines are shown whole */
    bool folds;           /* repeats are shown once */
    bool shows_rules;     /* where a day, a start or a long silence lies between entries */
    bool has_words;       /* levels as words, for who reads no glyphs */
    int64_t gap_ns;       /* how long a silence has a rule of its own; 0 = none has */
    WhenForm time;        /* what stands in the column of the time */
    int64_t reference_ns; /* what WHEN_SINCE counts from; CLOCK_NO_TIME = nothing is chosen */
    bool lights_related;  /* entries of the same … as the selected one are lit */
    RelatedKind related;  /* … process, thread or activity */
} ListLook;

/* Wraps and folds nothing, shows rules, tells the time as a clock. */
ListLook list_look_default(void);

#endif
