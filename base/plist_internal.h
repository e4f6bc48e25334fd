/*
 * What the three readers of property lists share: the making of nodes, the limits, errors with a
 * place. Private to base/plist*.c.
 */
#ifndef BASE_PLIST_INTERNAL_H
#define BASE_PLIST_INTERNAL_H

#include "base/plist.h"

#define PLIST_BYTE_ORDER_MARK "\xEF\xBB\xBF"

typedef struct PlistReader {
    Arena *arena;
    StrView bytes;
    const char *name;
    size_t at;      /* byte that is read next */
    size_t nodes;   /* made so far */
    size_t kept;    /* bytes of texts made so far */
    size_t line_at; /* `line` is that of this byte */
    int line;
    int depth;
    Err *err;
} PlistReader;

/* Makes a node; NULL with an error once there are too many. */
Node *plist_node(PlistReader *reader, NodeKind kind);

/* Copies a text into the arena; nil with an error once all together are too long. */
StrView plist_keep(PlistReader *reader, StrView text);

/* One level deeper; false with an error when that is too deep. plist_leave takes it back. */
bool plist_enter(PlistReader *reader);
void plist_leave(PlistReader *reader);

/* The line of `at`; asked for in rising order it counts each line once. */
int plist_line(PlistReader *reader, size_t at);

/* Fills the error with the place of byte `at` of a text; returns false. */
bool plist_fail(PlistReader *reader, size_t at, const char *format, ...) PRINTF_LIKE(3, 4);

const Node *plist_read_xml(PlistReader *reader);
const Node *plist_read_binary(PlistReader *reader);

#endif
