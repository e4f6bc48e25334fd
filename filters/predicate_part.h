/*
 * What the readers of both grammars (predicate_parse.c, shorthand*.c) build a tree with, and how
 * their messages repeat what the user wrote. Private to them.
 */
#ifndef FILTERS_PREDICATE_PART_H
#define FILTERS_PREDICATE_PART_H

#include "base/base.h"
#include "base/str.h"
#include "filters/predicate.h"

/* A node with what its parent must know of it. */
typedef struct Part {
    PredicateNode *node; /* NULL = failed, `err` says why */
    int depth;
    bool is_bare; /* a chain of AND or OR without parentheses around it */
} Part;

typedef struct PartList {
    const PredicateNode **items; /* to be given to mem_free */
    size_t count;
    size_t capacity;
    int depth; /* of the deepest */
    bool has_bare;
} PartList;

void part_list_add(PartList *list, Part part);

/* As much of the user's text as a message should repeat, never half a character. */
StrView predicate_quotable(StrView text);

#endif
