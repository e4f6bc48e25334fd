/*
 * The functions behind the table of commands: what each does to the explorer. Defined in
 * app_commands.c unless it says otherwise, named only in command.c.
 */
#ifndef TUI_COMMAND_LIST_H
#define TUI_COMMAND_LIST_H

#include "tui/command.h"

/* Each returns APP_… bits; `argument` is the table's. */
unsigned command_move(App *app, int lines);           /* by lines */
unsigned command_page(App *app, int halves);          /* by half pages */
unsigned command_edge(App *app, int to_end);          /* first or last entry */
unsigned command_sideways(App *app, int cells);       /* scrolls the message */
unsigned command_sideways_edge(App *app, int to_end); /* … to its beginning or its end */
unsigned command_scroll_list(App *app, int lines);    /* under the cursor */
unsigned command_pane(App *app, int number);          /* 1 … 9 */
unsigned command_turn_pane(App *app, int by);
unsigned command_follow(App *app, int argument);
unsigned command_failure(App *app, int by);     /* next or previous failure */
unsigned command_next_failed(App *app, int by); /* by the list, whatever the enrolment says */
unsigned command_error(App *app, int by);       /* next or previous error or fault */
unsigned command_prompt(App *app, int kind);
unsigned command_search_next(App *app, int by);
unsigned command_search_scope(App *app, int argument); /* this pane, or all that is held */
unsigned command_pick(App *app, int is_only);          /* asks for the field to filter by */
unsigned command_undo(App *app, int argument);
unsigned command_reset(App *app, int argument);   /* the pane's own predicate again */
unsigned command_library(App *app, int argument); /* the presets */
unsigned command_close_pane(App *app, int argument);
unsigned command_move_pane(App *app, int by);
unsigned command_keep_panes(App *app, int argument);
unsigned command_mark(App *app, int argument);
unsigned command_mark_next(App *app, int by);
unsigned command_range(App *app, int argument);
unsigned command_save(App *app, int argument);
unsigned command_restart(App *app, int argument);
unsigned command_detail(App *app, int argument); /* opens or closes the whole entry */
unsigned command_scroll_detail(App *app, int lines);
unsigned command_detail_step(App *app, int by);  /* a field on, or a line where none is near */
unsigned command_detail_field(App *app, int by); /* from field to field */
unsigned command_field_menu(App *app, int argument);
unsigned command_field_filter(App *app, int is_only); /* by the field the cursor is on */
unsigned command_field_highlight(App *app, int argument);
unsigned command_copy_value(App *app, int argument);
unsigned command_copy_entry(App *app, int argument);
unsigned command_copy_message(App *app, int argument);
unsigned command_theme(App *app, int argument);
unsigned command_config_errors(App *app, int argument);
unsigned command_help(App *app, int argument);
unsigned command_scroll_help(App *app, int lines);
unsigned command_escape(App *app, int argument);
unsigned command_redraw(App *app, int argument);
unsigned command_suspend(App *app, int argument);
unsigned command_quit(App *app, int at_once);

/* app_windows.c */
unsigned command_split(App *app, int split); /* Split */
unsigned command_turn_window(App *app, int by);
unsigned command_close_window(App *app, int argument);
unsigned command_only_window(App *app, int argument);
unsigned command_turn_split(App *app, int argument);
unsigned command_grow_window(App *app, int by);
unsigned command_equal_windows(App *app, int argument);
unsigned command_sync(App *app, int argument);

/* app_look.c, app_columns.c */
unsigned command_wrap(App *app, int argument);
unsigned command_fold(App *app, int argument); /* repeats */
unsigned command_noise(App *app, int argument);
unsigned command_columns(App *app, int argument);
unsigned command_line_form(App *app, int argument);
unsigned command_time(App *app, int argument);
unsigned command_reference(App *app, int argument); /* what the time is told since */
unsigned command_related(App *app, int argument);
unsigned command_rules(App *app, int argument); /* days, gaps, starts */
unsigned command_no_highlights(App *app, int argument);
unsigned command_center(App *app, int argument);

/* app_histogram.c, app_mouse.c */
unsigned command_histogram(App *app, int argument); /* what it shows, in turn */
unsigned command_histogram_mode(App *app, int argument);
unsigned command_histogram_move(App *app, int by);
unsigned command_histogram_zoom(App *app, int by); /* 0 = all */
unsigned command_mouse(App *app, int argument);

unsigned command_sort(App *app, int argument); /* app_mdm_commands.c */

/* app_playbook.c */
unsigned command_playbook(App *app, int argument);
unsigned command_playbook_text(App *app, StrView text);
unsigned command_page_scroll(App *app, int lines);
unsigned command_page_copy(App *app, int argument);
unsigned command_page_close(App *app, int argument);

/* app_move.c */
unsigned command_jump_back(App *app, int argument);
unsigned command_jump_forward(App *app, int argument);
unsigned command_minute(App *app, int by);
unsigned command_hour(App *app, int by);
unsigned command_next_related(App *app, int kind); /* RelatedKind */
unsigned command_previous_related(App *app, int kind);
unsigned command_note(App *app, int argument);

/* app_lists.c */
unsigned command_palette(App *app, int argument);
unsigned command_marks(App *app, int argument);

/* app_capture.c */
unsigned command_capture(App *app, int argument); /* begins one, or ends the one that runs */
unsigned command_capture_text(App *app, StrView text);

/* With a text behind the command's name. */
unsigned command_goto_text(App *app, StrView text);
unsigned command_note_text(App *app, StrView text);
unsigned command_time_text(App *app, StrView text);
unsigned command_columns_text(App *app, StrView text);
unsigned command_gap_text(App *app, StrView text);
unsigned command_highlight_text(App *app, StrView text);
unsigned command_search_text(App *app, StrView text);
unsigned command_predicate_text(App *app, StrView text);
unsigned command_theme_text(App *app, StrView text);
unsigned command_pane_text(App *app, StrView text);
unsigned command_split_side_text(App *app, StrView text);
unsigned command_split_stacked_text(App *app, StrView text);

/* Values of command_prompt's argument. */
#define COMMAND_PROMPT_SEARCH 1
#define COMMAND_PROMPT_PREDICATE 2
#define COMMAND_PROMPT_STREAM 3
#define COMMAND_PROMPT_NEW_PANE 4
#define COMMAND_PROMPT_PANE_NAME 5
#define COMMAND_PROMPT_PRESET 6
#define COMMAND_PROMPT_GOTO 7
#define COMMAND_PROMPT_HIGHLIGHT 8

#endif
