/*
 * RedactKeep: what stays readable whatever a rule says: hosts of Apple's, marks such as <private>,
 * users of the system, what the user names. Texts only; no rules.
 */
#ifndef FILTERS_REDACT_KEEP_H
#define FILTERS_REDACT_KEEP_H

#include "base/arena.h"
#include "base/base.h"
#include "base/node.h"
#include "base/str.h"

#define REDACT_KEEP_LIST_MAX 1024 /* of one of the lists */

typedef struct RedactKeepList {
    StrView *items;
    size_t count;
} RedactKeepList;

typedef struct RedactKeep {
    RedactKeepList hosts;  /* these and what is below them */
    RedactKeepList values; /* as a whole */
    RedactKeepList users;
    RedactKeepList common; /* too common to be masked wherever they stand */
    RedactKeepList own;    /* the user's; "*.…" = a host and what is below it */
} RedactKeep;

/* Takes the lists out of the member "keep"; everything lives in `arena`, `node` too must. */
void redact_keep_read(RedactKeep *keep, const Node *node, Arena *arena);

/* Adds a value of the user's; false when there are REDACT_KEEP_MAX. */
bool redact_keep_add(RedactKeep *keep, StrView value, Arena *arena);

bool redact_keep_has(const RedactKeep *keep, StrView value);
/* Whether it is the user who keeps it. */
bool redact_keep_has_own(const RedactKeep *keep, StrView value);
bool redact_keep_is_common(const RedactKeep *keep, StrView value);

#endif
