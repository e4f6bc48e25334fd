/*
 * Node: a parsed JSON document of the project's own (panes, themes, knowledge, configuration), so
 * that jansson's types stay in node.c. Not for log entries: parsers/ reads those.
 */
#ifndef BASE_NODE_H
#define BASE_NODE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

typedef enum NodeKind {
    NODE_NULL,
    NODE_BOOL,
    NODE_NUMBER,
    NODE_TEXT,
    NODE_LIST,
    NODE_MAP,
    NODE_DATA, /* this and the next: out of property lists only, see base/plist.h */
    NODE_DATE,
} NodeKind;

typedef struct Node Node;
struct Node {
    NodeKind kind;
    StrView key;  /* inside a map: its name; else nil */
    StrView text; /* NODE_TEXT: the value */
    double number;
    bool truth;
    const Node *first; /* NODE_LIST, NODE_MAP: children in file order */
    const Node *next;
    size_t count; /* of children */
    int line;     /* of the key, outside a map of the value, from 1; 0 = the root */
    int column;   /* likewise, in characters */
};

/* Reads `text`; everything lives in `arena`. On an error returns NULL with line and column, and the
 * text of `err` begins with "NAME:LINE:COLUMN: ". */
const Node *node_read(Arena *arena, StrView text, const char *name, Err *err);

/* Finds a child of a map by name; NULL when `map` is NULL, no map, or has no such child. */
const Node *node_find(const Node *map, const char *key);

/* The text of a child, nil when absent or not a text. */
StrView node_text(const Node *map, const char *key);
bool node_bool(const Node *map, const char *key, bool otherwise);
double node_number(const Node *map, const char *key, double otherwise);

/* Appends `text` as a JSON string that node_read gives back; what JSON cannot hold (broken bytes,
 * NUL) becomes U+FFFD. */
void node_quote(StrView text, StrBuf *buf);

#endif
