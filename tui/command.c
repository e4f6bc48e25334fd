/*
 * Command: the table, and finding a key in it. What the commands do is in app_commands.c.
 */
#include "tui/command.h"

#include <string.h>

#include "tui/command_list.h"

/* clang-format off */
const Command COMMANDS[] = {
    {"next-line", MODE_LIST, GROUP_MOVE, "j Down C-n", "next entry", NULL, command_move, 1, false},
    {"previous-line", MODE_LIST, GROUP_MOVE, "k Up C-p", "previous entry", NULL, command_move, -1, false},
    {"next-half-page", MODE_LIST, GROUP_MOVE, "C-d d", "half a page down", NULL, command_page, 1, false},
    {"previous-half-page", MODE_LIST, GROUP_MOVE, "C-u", "half a page up", NULL, command_page, -1, false},
    {"next-page", MODE_LIST, GROUP_MOVE, "Space C-f PageDown C-v", "a page down", NULL, command_page, 2, false},
    {"previous-page", MODE_LIST, GROUP_MOVE, "b C-b PageUp", "a page up", NULL, command_page, -2, false},
    {"first", MODE_LIST, GROUP_MOVE, "g Home <", "first entry", NULL, command_edge, 0, false},
    {"last", MODE_LIST, GROUP_MOVE, "G End >", "last entry; follow what comes", NULL, command_edge, 1, false},
    {"right", MODE_LIST, GROUP_MOVE, "l Right", "message further to the right", NULL, command_sideways, 16, false},
    {"left", MODE_LIST, GROUP_MOVE, "h Left", "message back to the left", NULL, command_sideways, -16, false},
    {"next-failure", MODE_LIST, GROUP_MOVE, "e", "next failure (✗)", "failure", command_failure, 1, false},
    {"previous-failure", MODE_LIST, GROUP_MOVE, "E", "previous failure", NULL, command_failure, -1, false},
    {"next-error", MODE_LIST, GROUP_MOVE, "w", "next entry of level Error or Fault", NULL, command_error, 1, false},
    {"previous-error", MODE_LIST, GROUP_MOVE, "W", "previous entry of level Error or Fault", NULL, command_error, -1, false},
    {"follow", MODE_LIST, GROUP_MOVE, "f F", "follow the newest entry, or stay here", "follow", command_follow, 0, false},
    {"pane-1", MODE_LIST, GROUP_MOVE, "1", "first pane; 2 … 9 the others", NULL, command_pane, 1, false},
    {"pane-2", MODE_LIST, GROUP_MOVE, "2", "second pane", NULL, command_pane, 2, true},
    {"pane-3", MODE_LIST, GROUP_MOVE, "3", "third pane", NULL, command_pane, 3, true},
    {"pane-4", MODE_LIST, GROUP_MOVE, "4", "fourth pane", NULL, command_pane, 4, true},
    {"pane-5", MODE_LIST, GROUP_MOVE, "5", "fifth pane", NULL, command_pane, 5, true},
    {"pane-6", MODE_LIST, GROUP_MOVE, "6", "sixth pane", NULL, command_pane, 6, true},
    {"pane-7", MODE_LIST, GROUP_MOVE, "7", "seventh pane", NULL, command_pane, 7, true},
    {"pane-8", MODE_LIST, GROUP_MOVE, "8", "eighth pane", NULL, command_pane, 8, true},
    {"pane-9", MODE_LIST, GROUP_MOVE, "9", "ninth pane", NULL, command_pane, 9, true},
    {"next-pane", MODE_LIST, GROUP_MOVE, "Tab", "next pane, at the same moment", NULL, command_turn_pane, 1, false},
    {"previous-pane", MODE_LIST, GROUP_MOVE, "BackTab", "previous pane", NULL, command_turn_pane, -1, false},

    {"search", MODE_LIST, GROUP_FIND, "/ C-s", "search in this pane (PCRE2, smart case)", "search", command_prompt, COMMAND_PROMPT_SEARCH, false},
    {"next-match", MODE_LIST, GROUP_FIND, "n", "next match", NULL, command_search_next, 1, false},
    {"previous-match", MODE_LIST, GROUP_FIND, "N", "previous match", NULL, command_search_next, -1, false},

    {"predicate", MODE_LIST, GROUP_FILTER, "p", "predicate of this pane: evaluated here, at once", "predicate", command_prompt, COMMAND_PROMPT_PREDICATE, false},
    {"stream", MODE_LIST, GROUP_FILTER, "P", "predicate of the stream: what log is asked for", "stream", command_prompt, COMMAND_PROMPT_STREAM, false},
    {"only-this", MODE_LIST, GROUP_FILTER, "+ =", "only this: then the field of the entry to filter by", NULL, command_pick, 1, false},
    {"not-this", MODE_LIST, GROUP_FILTER, "x -", "not this: hide what has this process, subsystem, …", "hide", command_pick, 0, false},
    {"library", MODE_LIST, GROUP_FILTER, "L F2", "library of predicates, with what each is for", "library", command_library, 0, false},
    {"keep-preset", MODE_LIST, GROUP_FILTER, "B", "put this pane's predicate into the library", NULL, command_prompt, COMMAND_PROMPT_PRESET, false},
    {"undo", MODE_LIST, GROUP_FILTER, "u", "take the last change of the pane's predicate back, again and again", NULL, command_undo, 0, false},
    {"reset", MODE_LIST, GROUP_FILTER, "U", "the predicate this pane began with", NULL, command_reset, 0, false},

    {"new-pane", MODE_LIST, GROUP_PANES, "c", "a new pane, with the predicate of this one", NULL, command_prompt, COMMAND_PROMPT_NEW_PANE, false},
    {"rename-pane", MODE_LIST, GROUP_PANES, "R", "another name for this pane", NULL, command_prompt, COMMAND_PROMPT_PANE_NAME, false},
    {"pane-left", MODE_LIST, GROUP_PANES, "{", "this pane further to the left", NULL, command_move_pane, -1, false},
    {"pane-right", MODE_LIST, GROUP_PANES, "}", "this pane further to the right", NULL, command_move_pane, 1, false},
    {"close-pane", MODE_LIST, GROUP_PANES, "X", "close this pane", NULL, command_close_pane, 0, false},
    {"keep-panes", MODE_LIST, GROUP_PANES, "S", "keep the panes as they are for the next start", NULL, command_keep_panes, 0, false},

    {"mark", MODE_LIST, GROUP_KEEP, "m", "mark the entry (or take the mark off) and go on to the next", "mark", command_mark, 0, false},
    {"next-mark", MODE_LIST, GROUP_KEEP, "'", "next mark", NULL, command_mark_next, 1, false},
    {"previous-mark", MODE_LIST, GROUP_KEEP, "\"", "previous mark", NULL, command_mark_next, -1, false},
    {"range", MODE_LIST, GROUP_KEEP, "v", "begin a range at the entry, or end it", NULL, command_range, 0, false},
    {"save", MODE_LIST, GROUP_KEEP, "s", "save pane, marks or range to a file", "save", command_save, 0, false},

    {"detail", MODE_LIST, GROUP_REST, "Enter o", "the whole entry: all fields, message unfolded", "detail", command_detail, 0, false},
    {"restart", MODE_LIST, GROUP_REST, "r", "start the stream again", NULL, command_restart, 0, false},
    {"theme", MODE_LIST, GROUP_REST, "t", "next theme", NULL, command_theme, 0, false},
    {"redraw", MODE_LIST, GROUP_REST, "C-l", "draw the screen anew", NULL, command_redraw, 0, false},
    {"suspend", MODE_LIST, GROUP_REST, "C-z", "back to the shell; fg returns", NULL, command_suspend, 0, false},
    {"escape", MODE_LIST, GROUP_REST, "Escape C-g", "end search, range or whole entry", NULL, command_escape, 0, false},
    {"help", MODE_LIST, GROUP_REST, "? F1", "these keys", "help", command_help, 0, false},
    {"quit", MODE_LIST, GROUP_REST, "q C-c", "leave", "quit", command_quit, 0, false},

    {"detail-down", MODE_DETAIL, GROUP_REST, "j Down", "in the whole entry: a line down", "down", command_scroll_detail, 1, false},
    {"detail-up", MODE_DETAIL, GROUP_REST, "k Up", "in the whole entry: a line up", "up", command_scroll_detail, -1, false},
    {"detail-page-down", MODE_DETAIL, GROUP_REST, "Space C-d C-f PageDown", "in the whole entry: a page down", NULL, command_scroll_detail, 10, false},
    {"detail-page-up", MODE_DETAIL, GROUP_REST, "b C-u C-b PageUp", "in the whole entry: a page up", NULL, command_scroll_detail, -10, false},
    {"detail-next", MODE_DETAIL, GROUP_REST, "] l Right", "the next entry, whole", "next", command_move, 1, false},
    {"detail-previous", MODE_DETAIL, GROUP_REST, "[ h Left", "the previous entry, whole", "previous", command_move, -1, false},
    {"detail-close", MODE_DETAIL, GROUP_REST, "q Enter o Escape", "back to the list", "back", command_detail, 0, false},

    {"help-down", MODE_HELP, GROUP_REST, "j Down", "scroll down", NULL, command_scroll_help, 1, false},
    {"help-up", MODE_HELP, GROUP_REST, "k Up", "scroll up", NULL, command_scroll_help, -1, false},
    {"help-page-down", MODE_HELP, GROUP_REST, "Space C-d C-f PageDown", "a page down", NULL, command_scroll_help, 10, false},
    {"help-page-up", MODE_HELP, GROUP_REST, "b C-u C-b PageUp", "a page up", NULL, command_scroll_help, -10, false},
    {"help-close", MODE_HELP, GROUP_REST, "q ? Escape Enter F1 C-c C-g", "close", NULL, command_help, 0, false},
    {NULL, MODE_LIST, GROUP_REST, NULL, NULL, NULL, NULL, 0, false},
};
/* clang-format on */

typedef struct ModeInfo {
    bool has_parent;
    Mode parent;
} ModeInfo;

static const ModeInfo MODES[MODE_COUNT] = {
    [MODE_LIST] = {false, MODE_LIST},
    [MODE_DETAIL] = {true, MODE_LIST},
    [MODE_HELP] = {false, MODE_LIST},
};

static bool has_key(const Command *command, Key key)
{
    StrView rest = sv(command->keys);

    while (rest.len > 0) {
        size_t end = sv_find_char(rest, ' ');
        StrView name = sv_slice(rest, 0, end);
        Key own;

        if (key_parse(name, &own) && own.code == key.code && own.mods == key.mods) {
            return true;
        }
        rest = sv_slice(rest, name.len + 1, SIZE_MAX);
    }
    return false;
}

const Command *command_find(Mode mode, Key key)
{
    for (;;) {
        for (const Command *command = COMMANDS; command->name != NULL; command++) {
            if (command->mode == mode && has_key(command, key)) {
                return command;
            }
        }
        if (!MODES[mode].has_parent) {
            return NULL;
        }
        mode = MODES[mode].parent;
    }
}

const Command *command_find_name(StrView name)
{
    for (const Command *command = COMMANDS; command->name != NULL; command++) {
        if (sv_equal(sv(command->name), name)) {
            return command;
        }
    }
    return NULL;
}

const char *command_group_name(CommandGroup group)
{
    static const char *const NAMES[GROUP_COUNT] = {
        [GROUP_MOVE] = "Move",   [GROUP_FIND] = "Search", [GROUP_FILTER] = "Filter",
        [GROUP_PANES] = "Panes", [GROUP_KEEP] = "Keep",   [GROUP_REST] = "Look and leave",
    };

    return NAMES[group];
}

void command_markdown(StrBuf *buf)
{
    strbuf_add_str(
        buf,
        "# Keys\n\nGenerated from the table in tui/command.c by `make docs`. In prompts the keys"
        " of readline work;\n`C-z` undoes there.\n");
    for (int group = 0; group < GROUP_COUNT; group++) {
        strbuf_printf(buf, "\n## %s\n\n| keys | command | what it does |\n|---|---|---|\n",
                      command_group_name((CommandGroup)group));
        for (const Command *command = COMMANDS; command->name != NULL; command++) {
            if ((int)command->group == group) {
                strbuf_printf(buf, "| `%s` | %s | %s |\n", command->keys, command->name,
                              command->help);
            }
        }
    }
}
