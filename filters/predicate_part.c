/*
 * Parts of a tree: see predicate_part.h.
 */
#include "filters/predicate_part.h"

#include "base/mem.h"

#define QUOTED_MAX 40 /* bytes of the user's text in a message */

void part_list_add(PartList *list, Part part)
{
    mem_grow((void **)&list->items, &list->capacity, list->count, sizeof(PredicateNode *));
    list->items[list->count++] = part.node;
    list->depth = part.depth > list->depth ? part.depth : list->depth;
    list->has_bare = list->has_bare || part.is_bare;
}

StrView predicate_quotable(StrView text)
{
    size_t len = text.len < QUOTED_MAX ? text.len : QUOTED_MAX;
    while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xC0u) == 0x80u) {
        len--;
    }
    return sv_slice(text, 0, len);
}
