/*
 * Plist: Apple's property lists as a tree of Nodes: XML, binary, and the text that a dictionary
 * prints itself as (braces, parentheses, semicolons). A reader only, for files from outside:
 * bounded in size, depth and number of values; no external entity is ever followed. It knows
 * nothing of what the values mean, and must never include anything but base/.
 *
 * What the Nodes are, beyond JSON's:
 *   NODE_DATA    `text` = the bytes that are there, `number` = how many there are to be; the text
 *                form leaves out the middle of long ones, then `number` is larger
 *   NODE_DATE    `text` = "2026-09-08T10:00:16Z", as XML has it
 *   NODE_NUMBER  `number`, and `text` = its digits as they are in the file
 */
#ifndef BASE_PLIST_H
#define BASE_PLIST_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/node.h"
#include "base/str.h"

#define PLIST_MAX_BYTES (16 * MIB)
#define PLIST_MAX_DEPTH 64
#define PLIST_MAX_NODES 200000

typedef enum PlistForm { PLIST_NONE, PLIST_XML, PLIST_BINARY } PlistForm;

/* Tells by its first bytes what a file is; the text form has none of its own. */
PlistForm plist_probe(StrView bytes);

/* Reads an XML or binary property list; everything lives in `arena`. On an error returns NULL, and
 * the text of `err` begins with "NAME:LINE:COLUMN: " (XML) or "NAME: " (binary). */
const Node *plist_read(Arena *arena, StrView bytes, const char *name, Err *err);

/* Reads the one value in the text form that `text` begins with, as `profiles show` prints it:
 * words without quotation marks are texts, "(null)" and the like NODE_NULL. `ret_len` (may be NULL)
 * is where it ends. On an error as above. */
const Node *plist_read_text(Arena *arena, StrView text, const char *name, size_t *ret_len,
                            Err *err);

#endif
