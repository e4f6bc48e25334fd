/*
 * Keymap: which keys, or sequences of keys, do what in which mode: the defaults of the table of
 * commands, changed by the user's configuration. It runs nothing and draws nothing.
 */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "tui/command.h"
#include "tui/key.h"

#define KEYMAP_KEYS_MAX 3 /* of a sequence */

/* A sequence and what it does. */
typedef struct Binding {
    Mode mode;
    Key keys[KEYMAP_KEYS_MAX];
    size_t key_count;
    const Command *command;
    StrView text; /* what stands behind the command's name; nil = nothing. Lives as the keymap. */
} Binding;

typedef enum KeymapFound {
    KEYMAP_NOTHING,
    KEYMAP_PREFIX, /* the keys begin a sequence */
    KEYMAP_BINDING
} KeymapFound;

typedef struct Keymap Keymap;

/* Makes the keymap of the defaults. */
Keymap *keymap_new(void);
void keymap_free(Keymap *keymap);

/* Binds `keys` ("C-w s", "F5") to a command line ("goto -5m"); an empty one takes the keys away.
 * What stood in the way of the sequence (the same keys, their beginning, their continuation) is
 * gone afterwards. Fails on keys that have no name, on sequences that are too long and on commands
 * that are not there; offsets in `err` point into the text that is at fault. */
bool keymap_set(Keymap *keymap, Mode mode, StrView keys, StrView command, Err *err);

/* Finds what a sequence does in a mode. Where the mode says nothing about it, its parent is asked.
 */
KeymapFound keymap_find(const Keymap *keymap, Mode mode, const Key *keys, size_t count,
                        const Binding **ret_binding);

/* The bindings, in no order that means anything: for menus and help. */
size_t keymap_count(const Keymap *keymap);
const Binding *keymap_get(const Keymap *keymap, size_t index);

/* Appends the names of the keys of a command, at most `most` sequences, ", " between them; nothing
 * when it has none. */
void keymap_print_keys(const Keymap *keymap, const Command *command, size_t most, StrBuf *buf);

/* Reads a sequence, "C-w s"; the names are separated by blanks. Returns the number of keys, 0 with
 * `err` when it is none. */
size_t keymap_parse_keys(StrView text, Key ret_keys[KEYMAP_KEYS_MAX], Err *err);
void keymap_print_sequence(const Key *keys, size_t count, StrBuf *buf);

#endif
