/*
 * Command: what the explorer can be told to do, as one table: name, keys, help. The key dispatcher,
 * the palette, the help, the status line and doc/keys.md read it; a key is written nowhere else.
 * What the user has changed about the keys is in keymap.h.
 */
#ifndef TUI_COMMAND_H
#define TUI_COMMAND_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "tui/key.h"

/* Which keys are in force. A key not found in a mode is looked up in its parent. */
typedef enum Mode {
    MODE_LIST,
    MODE_DETAIL,    /* the whole entry; parent: list */
    MODE_HISTOGRAM, /* along the bars; parent: list */
    MODE_PAGE,      /* a page of the playbook */
    MODE_HELP,
    MODE_COUNT
} Mode;

typedef enum CommandGroup {
    GROUP_MOVE,
    GROUP_FIND,
    GROUP_FILTER,
    GROUP_LOOK,
    GROUP_PANES,
    GROUP_WINDOWS,
    GROUP_KEEP,
    GROUP_REST,
    GROUP_COUNT
} CommandGroup;

typedef struct App App;

#define COMMAND_ALIKE (1u << 0)   /* one of a row of like commands: help tells only the first */
#define COMMAND_COUNTED (1u << 1) /* a number typed before its key says how often, or which */

typedef struct Command {
    const char *name; /* "next-line"; NULL ends the table */
    Mode mode;
    CommandGroup group;
    const char *keys; /* sequences of key names as in "C-w s", separated by ", "; "" = none: then
                       * it is found in the palette. The first is the one shown. */
    const char *help; /* one line, imperative */
    const char *hint; /* one word for the status line, NULL = not there */
    unsigned (*run)(App *app, int argument); /* returns APP_… bits */
    int argument;
    unsigned flags; /* COMMAND_… */
} Command;

/* What a command does with a text behind its name, as in "goto 12:04", in the palette and in the
 * configuration. Without a text the command does what its key does. */
typedef struct CommandText {
    const char *name;  /* of the command */
    const char *takes; /* what the text is, for help: "TIME" */
    unsigned (*run)(App *app, StrView text);
} CommandText;

/* The table, ended by a NULL name. */
extern const Command COMMANDS[];

const Command *command_find_name(StrView name);
const char *command_group_name(CommandGroup group);

/* NULL = the command takes no text. */
const CommandText *command_text(const Command *command);

/* What else a command may be called when it is looked for: "export share …"; "" = nothing. */
const char *command_words(const Command *command);

/* Reads a command line: a name and, where the command takes one, a text. NULL with `err` when there
 * is no such command, or a text that it does not take. */
const Command *command_parse(StrView line, StrView *ret_text, Err *err);

/* Takes the first sequence off a list of them ("j, Down, C-n"). */
StrView command_next_keys(StrView *list);

/* Finds the mode in which a key is looked up that means nothing in `mode`. */
bool command_mode_parent(Mode mode, Mode *ret_parent);

/* "list", "detail", "help": what the configuration calls the modes. */
bool command_mode_parse(StrView name, Mode *ret_mode);

/* Appends the table of keys as Markdown, for doc/keys.md. */
void command_markdown(StrBuf *buf);

#endif
