/*
 * Command: the table, and finding a name in it. What the commands do is in app_commands.c.
 */
#include "tui/command.h"

#include <string.h>

#include "session/related.h"
#include "tui/command_list.h"
#include "tui/layout.h"

/* clang-format off */
const Command COMMANDS[] = {
    {"next-line", MODE_LIST, GROUP_MOVE, "j, Down, C-n, A-n", "next entry", NULL, command_move, 1, COMMAND_COUNTED},
    {"previous-line", MODE_LIST, GROUP_MOVE, "k, Up, A-p", "previous entry", NULL, command_move, -1, COMMAND_COUNTED},
    {"next-half-page", MODE_LIST, GROUP_MOVE, "C-d, d", "half a page down", NULL, command_page, 1, COMMAND_COUNTED},
    {"previous-half-page", MODE_LIST, GROUP_MOVE, "C-u", "half a page up", NULL, command_page, -1, COMMAND_COUNTED},
    {"next-page", MODE_LIST, GROUP_MOVE, "Space, C-f, PageDown, C-v", "a page down", NULL, command_page, 2, COMMAND_COUNTED},
    {"previous-page", MODE_LIST, GROUP_MOVE, "b, C-b, PageUp", "a page up", NULL, command_page, -2, COMMAND_COUNTED},
    {"first", MODE_LIST, GROUP_MOVE, "g, Home, <, A-<", "first entry", NULL, command_edge, 0, COMMAND_COUNTED},
    {"last", MODE_LIST, GROUP_MOVE, "G, End, >, A->", "last entry; follow what comes", NULL, command_edge, 1, COMMAND_COUNTED},
    {"right", MODE_LIST, GROUP_MOVE, "l, Right", "message further to the right", NULL, command_sideways, 16, COMMAND_COUNTED},
    {"left", MODE_LIST, GROUP_MOVE, "h, Left", "message back to the left", NULL, command_sideways, -16, COMMAND_COUNTED},
    {"message-start", MODE_LIST, GROUP_MOVE, "0, ^", "the beginning of the messages", NULL, command_sideways_edge, 0, 0},
    {"message-end", MODE_LIST, GROUP_MOVE, "$", "the end of the selected message", NULL, command_sideways_edge, 1, 0},
    {"scroll-down", MODE_LIST, GROUP_MOVE, "C-e", "the list a line on, the cursor stays", NULL, command_scroll_list, 1, COMMAND_COUNTED},
    {"scroll-up", MODE_LIST, GROUP_MOVE, "C-y", "the list a line back, the cursor stays", NULL, command_scroll_list, -1, COMMAND_COUNTED},
    {"next-failure", MODE_LIST, GROUP_MOVE, "e", "what stands in the way; again: the next failure", "failure", command_failure, 1, COMMAND_COUNTED},
    {"previous-failure", MODE_LIST, GROUP_MOVE, "E", "the failure before, in the order of e", NULL, command_failure, -1, COMMAND_COUNTED},
    {"next-failed", MODE_LIST, GROUP_MOVE, "] e", "next entry that failed (✗), in this pane", NULL, command_next_failed, 1, COMMAND_COUNTED},
    {"previous-failed", MODE_LIST, GROUP_MOVE, "[ e", "previous entry that failed", NULL, command_next_failed, -1, COMMAND_COUNTED},
    {"next-error", MODE_LIST, GROUP_MOVE, "w", "next entry of level Error or Fault", NULL, command_error, 1, COMMAND_COUNTED},
    {"previous-error", MODE_LIST, GROUP_MOVE, "W", "previous entry of level Error or Fault", NULL, command_error, -1, COMMAND_COUNTED},
    {"follow", MODE_LIST, GROUP_MOVE, "f, F", "follow the newest entry, or stay here", "follow", command_follow, 0, 0},
    {"pane-1", MODE_LIST, GROUP_MOVE, "1", "first pane; 2 … 9 the others", NULL, command_pane, 1, 0},
    {"pane-2", MODE_LIST, GROUP_MOVE, "2", "second pane", NULL, command_pane, 2, COMMAND_ALIKE},
    {"pane-3", MODE_LIST, GROUP_MOVE, "3", "third pane", NULL, command_pane, 3, COMMAND_ALIKE},
    {"pane-4", MODE_LIST, GROUP_MOVE, "4", "fourth pane", NULL, command_pane, 4, COMMAND_ALIKE},
    {"pane-5", MODE_LIST, GROUP_MOVE, "5", "fifth pane", NULL, command_pane, 5, COMMAND_ALIKE},
    {"pane-6", MODE_LIST, GROUP_MOVE, "6", "sixth pane", NULL, command_pane, 6, COMMAND_ALIKE},
    {"pane-7", MODE_LIST, GROUP_MOVE, "7", "seventh pane", NULL, command_pane, 7, COMMAND_ALIKE},
    {"pane-8", MODE_LIST, GROUP_MOVE, "8", "eighth pane", NULL, command_pane, 8, COMMAND_ALIKE},
    {"pane-9", MODE_LIST, GROUP_MOVE, "9", "ninth pane", NULL, command_pane, 9, COMMAND_ALIKE},
    {"next-pane", MODE_LIST, GROUP_MOVE, "Tab, )", "next pane, at the same moment", NULL, command_turn_pane, 1, COMMAND_COUNTED},
    {"previous-pane", MODE_LIST, GROUP_MOVE, "BackTab, (", "previous pane", NULL, command_turn_pane, -1, COMMAND_COUNTED},
    {"goto", MODE_LIST, GROUP_MOVE, "T, @", "to a time: 12:04, -5m, a whole stamp", NULL, command_prompt, COMMAND_PROMPT_GOTO, 0},
    {"next-minute", MODE_LIST, GROUP_MOVE, "] m", "first entry of the next minute", NULL, command_minute, 1, COMMAND_COUNTED},
    {"previous-minute", MODE_LIST, GROUP_MOVE, "[ m", "first entry of this minute, or the one before", NULL, command_minute, -1, COMMAND_COUNTED},
    {"next-hour", MODE_LIST, GROUP_MOVE, "] h", "first entry of the next hour", NULL, command_hour, 1, COMMAND_COUNTED},
    {"previous-hour", MODE_LIST, GROUP_MOVE, "[ h", "first entry of this hour, or the one before", NULL, command_hour, -1, COMMAND_COUNTED},
    {"next-of-process", MODE_LIST, GROUP_MOVE, "] p", "next entry of the same process", NULL, command_next_related, RELATED_PROCESS, COMMAND_COUNTED},
    {"previous-of-process", MODE_LIST, GROUP_MOVE, "[ p", "previous entry of the same process", NULL, command_previous_related, RELATED_PROCESS, COMMAND_COUNTED},
    {"next-of-thread", MODE_LIST, GROUP_MOVE, "] t", "next entry of the same thread", NULL, command_next_related, RELATED_THREAD, COMMAND_COUNTED},
    {"previous-of-thread", MODE_LIST, GROUP_MOVE, "[ t", "previous entry of the same thread", NULL, command_previous_related, RELATED_THREAD, COMMAND_COUNTED},
    {"next-of-activity", MODE_LIST, GROUP_MOVE, "] a", "next entry of the same activity", NULL, command_next_related, RELATED_ACTIVITY, COMMAND_COUNTED},
    {"previous-of-activity", MODE_LIST, GROUP_MOVE, "[ a", "previous entry of the same activity", NULL, command_previous_related, RELATED_ACTIVITY, COMMAND_COUNTED},
    {"jump-back", MODE_LIST, GROUP_MOVE, "C-o, A-Left", "back to where the last jump began", NULL, command_jump_back, 0, 0},
    {"jump-forward", MODE_LIST, GROUP_MOVE, "C-], A-Right", "forward again", NULL, command_jump_forward, 0, 0},

    {"search", MODE_LIST, GROUP_FIND, "/, C-s", "search in this pane (PCRE2, smart case)", "search", command_prompt, COMMAND_PROMPT_SEARCH, 0},
    {"next-match", MODE_LIST, GROUP_FIND, "n", "next match", NULL, command_search_next, 1, COMMAND_COUNTED},
    {"previous-match", MODE_LIST, GROUP_FIND, "N", "previous match", NULL, command_search_next, -1, COMMAND_COUNTED},
    {"search-scope", MODE_LIST, GROUP_FIND, "z a", "search all that is held, or this pane only", NULL, command_search_scope, 0, 0},

    {"predicate", MODE_LIST, GROUP_FILTER, "p", "predicate of this pane, evaluated here", "predicate", command_prompt, COMMAND_PROMPT_PREDICATE, 0},
    {"stream", MODE_LIST, GROUP_FILTER, "P", "predicate of the stream: asked of log", "stream", command_prompt, COMMAND_PROMPT_STREAM, 0},
    {"only-this", MODE_LIST, GROUP_FILTER, "+, =", "only this: then the field to filter by", NULL, command_pick, 1, 0},
    {"not-this", MODE_LIST, GROUP_FILTER, "x, -", "not this: hide this process, subsystem, …", "hide", command_pick, 0, 0},
    {"library", MODE_LIST, GROUP_FILTER, "L, F2", "library of predicates", "library", command_library, 0, 0},
    {"keep-preset", MODE_LIST, GROUP_FILTER, "B", "put this pane's predicate into the library", NULL, command_prompt, COMMAND_PROMPT_PRESET, 0},
    {"undo", MODE_LIST, GROUP_FILTER, "u", "take back the last change of the predicate", NULL, command_undo, 0, COMMAND_COUNTED},
    {"reset", MODE_LIST, GROUP_FILTER, "U", "the predicate this pane began with", NULL, command_reset, 0, 0},

    {"histogram", MODE_LIST, GROUP_LOOK, "z h", "histogram of all, errors, highlights, none", NULL, command_histogram, 0, 0},
    {"along-histogram", MODE_LIST, GROUP_LOOK, "H", "move along the histogram and zoom it", NULL, command_histogram_mode, 0, 0},
    {"mouse", MODE_LIST, GROUP_LOOK, "z m", "mouse for the program, or to select text", NULL, command_mouse, 0, 0},
    {"sort", MODE_LIST, GROUP_LOOK, "z s", "sort the commands: by time, state, type, latency", NULL, command_sort, 0, 0},
    {"wrap", MODE_LIST, GROUP_LOOK, "z w", "wrap long messages, or cut them", NULL, command_wrap, 0, 0},
    {"fold", MODE_LIST, GROUP_LOOK, "z f", "show repeats once with a count, or each", NULL, command_fold, 0, 0},
    {"noise", MODE_LIST, GROUP_LOOK, "z n", "leave noise out of this pane, or show it", NULL, command_noise, 0, 0},
    {"columns", MODE_LIST, GROUP_LOOK, "z c", "menu of the columns of this pane", NULL, command_columns, 0, 0},
    {"line-form", MODE_LIST, GROUP_LOOK, "z l", "usual, compact or wide lines in this pane", NULL, command_line_form, 0, 0},
    {"time", MODE_LIST, GROUP_LOOK, "z t", "time as clock, UTC, delta, since z =, ago", NULL, command_time, 0, 0},
    {"reference", MODE_LIST, GROUP_LOOK, "z =", "tell the time since this entry", NULL, command_reference, 0, 0},
    {"related", MODE_LIST, GROUP_LOOK, "z r", "light the same process, thread, activity, none", NULL, command_related, 0, 0},
    {"rules", MODE_LIST, GROUP_LOOK, "z g", "show days, gaps and starts, or not", NULL, command_rules, 0, 0},
    {"highlight", MODE_LIST, GROUP_LOOK, "&, z /", "light up a term in a colour of its own", NULL, command_prompt, COMMAND_PROMPT_HIGHLIGHT, 0},
    {"no-highlights", MODE_LIST, GROUP_LOOK, "z &", "light up no term any more", NULL, command_no_highlights, 0, 0},
    {"center", MODE_LIST, GROUP_LOOK, "z z", "the selected entry in the middle of the list", NULL, command_center, 0, 0},

    {"new-pane", MODE_LIST, GROUP_PANES, "c", "a new pane, with the predicate of this one", NULL, command_prompt, COMMAND_PROMPT_NEW_PANE, 0},
    {"rename-pane", MODE_LIST, GROUP_PANES, "R", "another name for this pane", NULL, command_prompt, COMMAND_PROMPT_PANE_NAME, 0},
    {"pane-left", MODE_LIST, GROUP_PANES, "{", "this pane further to the left", NULL, command_move_pane, -1, 0},
    {"pane-right", MODE_LIST, GROUP_PANES, "}", "this pane further to the right", NULL, command_move_pane, 1, 0},
    {"close-pane", MODE_LIST, GROUP_PANES, "X", "close this pane", NULL, command_close_pane, 0, 0},
    {"keep-panes", MODE_LIST, GROUP_PANES, "S", "keep the panes for the next start", NULL, command_keep_panes, 0, 0},

    {"split-stacked", MODE_LIST, GROUP_WINDOWS, "C-w s, C-w S", "one window more, above each other", NULL, command_split, SPLIT_STACKED, 0},
    {"split-side", MODE_LIST, GROUP_WINDOWS, "C-w v", "one window more, side by side", NULL, command_split, SPLIT_SIDE, 0},
    {"next-window", MODE_LIST, GROUP_WINDOWS, "C-w w, C-w C-w, C-w j, C-w l, C-w Right, C-w Down, C-x o", "the next window", NULL, command_turn_window, 1, 0},
    {"previous-window", MODE_LIST, GROUP_WINDOWS, "C-w W, C-w k, C-w h, C-w Left, C-w Up", "the window before", NULL, command_turn_window, -1, 0},
    {"close-window", MODE_LIST, GROUP_WINDOWS, "C-w c, C-w q, C-x 0", "close this window", NULL, command_close_window, 0, 0},
    {"only-window", MODE_LIST, GROUP_WINDOWS, "C-w o, C-x 1", "close the other windows", NULL, command_only_window, 0, 0},
    {"turn-split", MODE_LIST, GROUP_WINDOWS, "C-w t", "windows side by side, or above each other", NULL, command_turn_split, 0, 0},
    {"grow-window", MODE_LIST, GROUP_WINDOWS, "C-w +, C-w >", "more room for this window", NULL, command_grow_window, 1, COMMAND_COUNTED},
    {"shrink-window", MODE_LIST, GROUP_WINDOWS, "C-w -, C-w <", "less room for this window", NULL, command_grow_window, -1, COMMAND_COUNTED},
    {"equal-windows", MODE_LIST, GROUP_WINDOWS, "C-w =", "the same room for all windows", NULL, command_equal_windows, 0, 0},
    {"sync", MODE_LIST, GROUP_WINDOWS, "C-w y", "windows move together, or each for itself", NULL, command_sync, 0, 0},

    {"mark", MODE_LIST, GROUP_KEEP, "m", "mark the entry, or unmark it, and go on", "mark", command_mark, 0, 0},
    {"note", MODE_LIST, GROUP_KEEP, "M", "mark the entry, with a note", NULL, command_note, 0, 0},
    {"marks", MODE_LIST, GROUP_KEEP, "`", "all marks, to go to one", NULL, command_marks, 0, 0},
    {"next-mark", MODE_LIST, GROUP_KEEP, "'", "next mark", NULL, command_mark_next, 1, COMMAND_COUNTED},
    {"previous-mark", MODE_LIST, GROUP_KEEP, "\"", "previous mark", NULL, command_mark_next, -1, COMMAND_COUNTED},
    {"range", MODE_LIST, GROUP_KEEP, "v", "begin a range at the entry, or end it", NULL, command_range, 0, 0},
    {"copy-message", MODE_LIST, GROUP_KEEP, "y", "copy the message of the entry", NULL, command_copy_message, 0, 0},
    {"copy-entry", MODE_LIST, GROUP_KEEP, "Y", "copy the entry as text, also over ssh (OSC 52)", "copy all", command_copy_entry, 0, 0},
    {"save", MODE_LIST, GROUP_KEEP, "s", "save an excerpt to a file, or copy it: pane, marks, range, stage, command, error", "save", command_save, 0, 0},
    {"capture", MODE_LIST, GROUP_KEEP, "C", "write all that comes to a file, until C again", NULL, command_capture, 0, 0},

    {"detail", MODE_LIST, GROUP_REST, "Enter, o", "the whole entry: all fields, message unfolded", "detail", command_detail, 0, 0},
    {"playbook", MODE_LIST, GROUP_REST, "K, F3", "steps of troubleshooting, to read and copy", NULL, command_playbook, 0, 0},
    {"palette", MODE_LIST, GROUP_REST, ":, C-p, A-x", "all commands, found by a few letters", "commands", command_palette, 0, 0},
    {"restart", MODE_LIST, GROUP_REST, "r", "start the stream again", NULL, command_restart, 0, 0},
    {"theme", MODE_LIST, GROUP_REST, "t", "choose a theme; the screen shows each", NULL, command_theme, 0, 0},
    {"config-errors", MODE_LIST, GROUP_REST, "", "list what is wrong with the configuration", NULL, command_config_errors, 0, 0},
    {"redraw", MODE_LIST, GROUP_REST, "C-l", "draw the screen anew", NULL, command_redraw, 0, 0},
    {"suspend", MODE_LIST, GROUP_REST, "C-z", "back to the shell; fg returns", NULL, command_suspend, 0, 0},
    {"escape", MODE_LIST, GROUP_REST, "Escape, C-g", "end search, range or whole entry", NULL, command_escape, 0, 0},
    {"help", MODE_LIST, GROUP_REST, "?, F1, C-w ?, z ?", "these keys", "help", command_help, 0, 0},
    {"quit", MODE_LIST, GROUP_REST, "q", "leave; asks once when what came is not saved", "quit", command_quit, 0, 0},
    {"quit-now", MODE_LIST, GROUP_REST, "C-c", "leave at once", NULL, command_quit, 1, 0},

    {"detail-down", MODE_DETAIL, GROUP_REST, "j", "in the whole entry: a line down", "down", command_scroll_detail, 1, 0},
    {"detail-up", MODE_DETAIL, GROUP_REST, "k", "in the whole entry: a line up", "up", command_scroll_detail, -1, 0},
    {"detail-page-down", MODE_DETAIL, GROUP_REST, "Space, C-d, C-f, PageDown", "in the whole entry: a page down", NULL, command_scroll_detail, 10, 0},
    {"detail-page-up", MODE_DETAIL, GROUP_REST, "b, C-u, C-b, PageUp", "in the whole entry: a page up", NULL, command_scroll_detail, -10, 0},
    {"detail-next", MODE_DETAIL, GROUP_REST, "l, Right", "the next entry, whole", "next", command_move, 1, COMMAND_COUNTED},
    {"detail-previous", MODE_DETAIL, GROUP_REST, "h, Left", "the previous entry, whole", "previous", command_move, -1, COMMAND_COUNTED},
    {"detail-close", MODE_DETAIL, GROUP_REST, "q, o, Escape", "back to the list", "back", command_detail, 0, 0},
    {"field-down", MODE_DETAIL, GROUP_REST, "Down, C-e", "in the whole entry: to the next field, or a line", NULL, command_detail_step, 1, 0},
    {"field-up", MODE_DETAIL, GROUP_REST, "Up, C-y", "in the whole entry: to the field before", NULL, command_detail_step, -1, 0},
    {"next-field", MODE_DETAIL, GROUP_REST, "Tab, )", "in the whole entry: the next field", "field", command_detail_field, 1, 0},
    {"previous-field", MODE_DETAIL, GROUP_REST, "BackTab, (", "in the whole entry: the field before", NULL, command_detail_field, -1, 0},
    {"field-menu", MODE_DETAIL, GROUP_REST, "Enter", "in the whole entry: what to do with the field", "act", command_field_menu, 0, 0},
    {"copy-value", MODE_DETAIL, GROUP_REST, "y", "in the whole entry: copy the field", "copy", command_copy_value, 0, 0},
    {"field-only", MODE_DETAIL, GROUP_REST, "+, =", "in the whole entry: only what has this value", "only this", command_field_filter, 1, 0},
    {"field-not", MODE_DETAIL, GROUP_REST, "x, -", "in the whole entry: hide what has this value", "not this", command_field_filter, 0, 0},
    {"field-highlight", MODE_DETAIL, GROUP_REST, "*", "in the whole entry: light its value, or no more", "light", command_field_highlight, 0, 0},

    {"bar-right", MODE_HISTOGRAM, GROUP_LOOK, "l, Right", "along the histogram: a bar to the right", "right", command_histogram_move, 1, COMMAND_COUNTED},
    {"bar-left", MODE_HISTOGRAM, GROUP_LOOK, "h, Left", "along the histogram: a bar to the left", "left", command_histogram_move, -1, COMMAND_COUNTED},
    {"zoom-in", MODE_HISTOGRAM, GROUP_LOOK, "+, =", "the histogram nearer, around the selected entry", "nearer", command_histogram_zoom, 1, 0},
    {"zoom-out", MODE_HISTOGRAM, GROUP_LOOK, "-", "the histogram further away", "farther", command_histogram_zoom, -1, 0},
    {"zoom-all", MODE_HISTOGRAM, GROUP_LOOK, "0", "the histogram of all the time there is", "all", command_histogram_zoom, 0, 0},
    {"leave-histogram", MODE_HISTOGRAM, GROUP_LOOK, "Enter, Escape, q, H", "back to the list, at this entry", "back", command_histogram_mode, 0, 0},

    {"page-down", MODE_PAGE, GROUP_REST, "j, Down, C-n", "in a page of the playbook: a line down", NULL, command_page_scroll, 1, COMMAND_COUNTED},
    {"page-up", MODE_PAGE, GROUP_REST, "k, Up", "in a page of the playbook: a line up", NULL, command_page_scroll, -1, COMMAND_COUNTED},
    {"page-page-down", MODE_PAGE, GROUP_REST, "Space, C-d, C-f, PageDown", "in a page of the playbook: a screen down", NULL, command_page_scroll, 15, 0},
    {"page-page-up", MODE_PAGE, GROUP_REST, "b, C-u, C-b, PageUp", "in a page of the playbook: a screen up", NULL, command_page_scroll, -15, 0},
    {"page-copy", MODE_PAGE, GROUP_REST, "y", "copy the page", NULL, command_page_copy, 0, 0},
    {"page-close", MODE_PAGE, GROUP_REST, "q, Escape, Enter, C-c, C-g", "back to the lists", NULL, command_page_close, 0, 0},

    {"help-down", MODE_HELP, GROUP_REST, "j, Down", "scroll down", NULL, command_scroll_help, 1, 0},
    {"help-up", MODE_HELP, GROUP_REST, "k, Up", "scroll up", NULL, command_scroll_help, -1, 0},
    {"help-page-down", MODE_HELP, GROUP_REST, "Space, C-d, C-f, PageDown", "a page down", NULL, command_scroll_help, 10, 0},
    {"help-page-up", MODE_HELP, GROUP_REST, "b, C-u, C-b, PageUp", "a page up", NULL, command_scroll_help, -10, 0},
    {"help-close", MODE_HELP, GROUP_REST, "q, ?, Escape, Enter, F1, C-c, C-g", "close", NULL, command_help, 0, 0},
    {NULL, MODE_LIST, GROUP_REST, NULL, NULL, NULL, NULL, 0, 0},
};
/* clang-format on */

/* Ended by a NULL name. */
static const CommandText TEXTS[] = {
    {"search", "PATTERN", command_search_text},
    {"goto", "TIME", command_goto_text},
    {"playbook", "PAGE", command_playbook_text},
    {"note", "TEXT", command_note_text},
    {"capture", "FILE", command_capture_text},
    {"predicate", "PREDICATE", command_predicate_text},
    {"theme", "NAME", command_theme_text},
    {"next-pane", "PANE", command_pane_text},
    {"split-side", "PANE", command_split_side_text},
    {"split-stacked", "PANE", command_split_stacked_text},
    {"time", "FORM", command_time_text},
    {"columns", "COLUMNS", command_columns_text},
    {"rules", "LENGTH", command_gap_text},
    {"highlight", "PATTERN", command_highlight_text},
    {NULL, NULL, NULL},
};

/* What people may call what a command does, where neither its name nor its help says so. */
static const struct {
    const char *name; /* of the command */
    const char *words;
} WORDS[] = {
    {"save", "export share send support ticket redact redaction secret secrets anonymise sanitise "
             "clipboard selection download html markdown csv json bundle"},
    {"capture", "record write export tee"},
    {"copy-entry", "clipboard yank"},
    {"copy-message", "clipboard yank"},
    {"copy-value", "clipboard yank"},
    {"page-copy", "clipboard yank"},
};

typedef struct ModeInfo {
    const char *name;
    bool has_parent;
    Mode parent;
} ModeInfo;

static const ModeInfo MODES[MODE_COUNT] = {
    [MODE_LIST] = {"list", false, MODE_LIST},          [MODE_DETAIL] = {"detail", true, MODE_LIST},
    [MODE_HISTOGRAM] = {"histogram", true, MODE_LIST}, [MODE_PAGE] = {"page", false, MODE_LIST},
    [MODE_HELP] = {"help", false, MODE_LIST},
};

/* A name that differs in more places is no "did you mean". */
#define NEAR_DISTANCE 3

bool command_mode_parent(Mode mode, Mode *ret_parent)
{
    if (MODES[mode].has_parent) {
        *ret_parent = MODES[mode].parent;
    }
    return MODES[mode].has_parent;
}

bool command_mode_parse(StrView name, Mode *ret_mode)
{
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        if (sv_equal(sv(MODES[mode].name), name)) {
            *ret_mode = (Mode)mode;
            return true;
        }
    }
    return false;
}

StrView command_next_keys(StrView *list)
{
    size_t end = sv_find(*list, SV(", "));
    StrView first = sv_slice(*list, 0, end);

    *list = end == SIZE_MAX ? SV("") : sv_slice(*list, end + 2, SIZE_MAX);
    return first;
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

const CommandText *command_text(const Command *command)
{
    for (const CommandText *text = TEXTS; text->name != NULL; text++) {
        if (strcmp(text->name, command->name) == 0) {
            return text;
        }
    }
    return NULL;
}

const char *command_words(const Command *command)
{
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++) {
        if (strcmp(WORDS[i].name, command->name) == 0) {
            return WORDS[i].words;
        }
    }
    return "";
}

static const char *nearest_name(StrView name)
{
    const char *nearest = NULL;
    size_t least = NEAR_DISTANCE;

    for (const Command *command = COMMANDS; command->name != NULL; command++) {
        size_t distance = sv_distance(sv(command->name), name);

        if (distance < least) {
            least = distance;
            nearest = command->name;
        }
    }
    return nearest;
}

const Command *command_parse(StrView line, StrView *ret_text, Err *err)
{
    const char *start = line.ptr;

    line = sv_trim(line);
    StrView name = sv_slice(line, 0, sv_find_char(line, ' '));
    StrView text = sv_trim(sv_slice(line, name.len, SIZE_MAX));
    const Command *command = command_find_name(name);

    if (command == NULL) {
        const char *near = nearest_name(name);

        (void)err_set_at(err, (size_t)(name.ptr - start), "no command is called '%.*s'%s%s%s",
                         SV_ARG(name), near != NULL ? ", did you mean '" : "",
                         near != NULL ? near : "", near != NULL ? "'?" : "");
        return NULL;
    }
    if (text.len > 0 && command_text(command) == NULL) {
        (void)err_set_at(err, (size_t)(text.ptr - start), "'%s' takes nothing behind its name",
                         command->name);
        return NULL;
    }
    *ret_text = text;
    return command;
}

const char *command_group_name(CommandGroup group)
{
    static const char *const NAMES[GROUP_COUNT] = {
        [GROUP_MOVE] = "Move", [GROUP_FIND] = "Search",         [GROUP_FILTER] = "Filter",
        [GROUP_LOOK] = "Look", [GROUP_PANES] = "Panes",         [GROUP_WINDOWS] = "Windows",
        [GROUP_KEEP] = "Keep", [GROUP_REST] = "Look and leave",
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
                const char *code = command->keys[0] != '\0' ? "`" : ""; /* else: by its name only */
                strbuf_printf(buf, "| %s%s%s | %s | %s |\n", code, command->keys, code,
                              command->name, command->help);
            }
        }
    }
}
