/*
 * Command: what the explorer can be told to do, as one table: name, keys, help. The key dispatcher,
 * the help, the status line and doc/keys.md read it; a key is written nowhere else.
 */
#ifndef TUI_COMMAND_H
#define TUI_COMMAND_H

#include "base/base.h"
#include "base/str.h"
#include "tui/key.h"

/* Which keys are in force. A key not found in a mode is looked up in its parent. */
typedef enum Mode {
    MODE_LIST,
    MODE_DETAIL, /* the whole entry; parent: list */
    MODE_HELP,
    MODE_COUNT
} Mode;

typedef enum CommandGroup {
    GROUP_MOVE,
    GROUP_FIND,
    GROUP_FILTER,
    GROUP_PANES,
    GROUP_KEEP,
    GROUP_REST,
    GROUP_COUNT
} CommandGroup;

typedef struct App App;

typedef struct Command {
    const char *name; /* "next-line"; NULL ends the table */
    Mode mode;
    CommandGroup group;
    const char *keys; /* names, separated by blanks; the first is the one shown */
    const char *help; /* one line, imperative */
    const char *hint; /* one word for the status line, NULL = not there */
    unsigned (*run)(App *app, int argument); /* returns APP_… bits */
    int argument;
    bool is_alike; /* one of a row of like commands: help tells only the first of them */
} Command;

/* The table, ended by a NULL name. */
extern const Command COMMANDS[];

/* Finds what a key does in a mode, its parents included; NULL = nothing. */
const Command *command_find(Mode mode, Key key);
const Command *command_find_name(StrView name);
const char *command_group_name(CommandGroup group);

/* Appends the table of keys as Markdown, for doc/keys.md. */
void command_markdown(StrBuf *buf);

#endif
