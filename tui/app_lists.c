/*
 * What is chosen with the picker: commands (the palette), themes, marks, what is wrong with the
 * configuration. Each is a table of functions for app_picker.c.
 */
#include <limits.h>

#include "tui/app_state.h"
#include "tui/command_list.h"
#include "tui/fuzzy.h"

/* A name counts more than what is said about it. */
#define SCORE_OF_NAME 100
/* The command whose name was typed, with a text behind it. */
#define SCORE_EXACT 10000
#define SCORE_RECENT 1000
#define SCORE_OF_WORDS 900 /* what a command is called elsewhere */
#define WORD_MIN 3

static bool contains(StrView text, StrView word)
{
    for (size_t at = 0; at + word.len <= text.len; at++) {
        if (sv_equal_nocase(sv_slice(text, at, word.len), word)) {
            return true;
        }
    }
    return false;
}

/* Whether every word of the query stands in the text. */
static bool has_words(StrView query, StrView text)
{
    query = sv_trim(query);
    while (query.len > 0) {
        StrView word = sv_slice(query, 0, sv_find_char(query, ' '));

        if (!contains(text, word)) {
            return false;
        }
        query = sv_trim(sv_slice(query, word.len, SIZE_MAX));
    }
    return true;
}

/* A few letters will do for a name; what is said about it must have the words themselves. */
static int score_texts(StrView query, StrView name, StrView about)
{
    int score = fuzzy_score(query, name);

    if (score != FUZZY_NONE) {
        return score + SCORE_OF_NAME;
    }
    return has_words(query, about) ? 0 : FUZZY_NONE;
}

/* --- commands --------------------------------------------------------------------------------- */

static size_t palette_count(const App *app)
{
    size_t count = 0;

    (void)app;
    while (COMMANDS[count].name != NULL) {
        count++;
    }
    return count;
}

/* What was run lately comes first while nothing is typed. */
static int recency(const App *app, const Command *command)
{
    const PromptHistory *history = &app->command_history;

    for (size_t i = 0; i < history->count; i++) {
        StrView line = strbuf_view(&history->items[history->count - 1 - i]);

        if (sv_equal(sv_slice(line, 0, sv_find_char(line, ' ')), sv(command->name))) {
            return SCORE_RECENT - (int)i;
        }
    }
    return 0;
}

static int palette_score(const App *app, size_t item, StrView query)
{
    const Command *command = &COMMANDS[item];
    StrView name = sv_slice(query, 0, sv_find_char(query, ' '));

    if (command->mode != app->mode && command->mode != MODE_LIST) {
        return FUZZY_NONE;
    }
    if ((command->flags & COMMAND_ALIKE) != 0 && fuzzy_score(query, sv(command->name)) <= 0) {
        return FUZZY_NONE;
    }
    if (query.len == 0) {
        return recency(app, command);
    }
    if (name.len < query.len && sv_equal(name, sv(command->name)) &&
        command_text(command) != NULL) {
        return SCORE_EXACT;
    }
    int score = score_texts(query, sv(command->name), sv(command->help));
    bool is_called_so = query.len >= WORD_MIN && !contains(sv(command->name), query) &&
                        has_words(query, sv(command_words(command)));

    return is_called_so ? SCORE_OF_WORDS : score;
}

static void palette_text(const App *app, size_t item, PickerText *ret_text)
{
    const Command *command = &COMMANDS[item];
    const CommandText *takes = command_text(command);

    strbuf_add_str(&ret_text->name, command->name);
    if (takes != NULL) {
        strbuf_printf(&ret_text->name, " [%s]", takes->takes);
    }
    strbuf_add_str(&ret_text->about, command->help);
    keymap_print_keys(app->keymap, command, 1, &ret_text->right);
}

/* A number alone is an entry's in the pane, as in vi and less. */
static unsigned go_to_entry(App *app, uint64_t number)
{
    uint64_t row = number > 0 ? number - 1 : 0;

    if (app_has_rows(app)) {
        return app_rows_go(app, row < INT_MAX ? (int)row : INT_MAX);
    }
    app_jump(app, (size_t)row, false);
    return APP_REDRAW;
}

static unsigned palette_accept(App *app, size_t item, StrView query)
{
    StrBuf line = {0};
    StrView text = SV("");
    Err err = err_none();
    uint64_t number;

    if (sv_to_u64(sv_trim(query), &number)) {
        return go_to_entry(app, number);
    }
    if (item == SIZE_MAX) {
        return app_run_line(app, query); /* it says what is wrong */
    }
    if (command_parse(query, &text, NULL) == &COMMANDS[item] && text.len > 0) {
        strbuf_add(&line, sv_trim(query));
    } else {
        strbuf_add_str(&line, COMMANDS[item].name);
    }
    prompt_history_add(&app->command_history, strbuf_view(&line));
    if (!session_history_append(app->session, "command", strbuf_view(&line), &err)) {
        app_say(app, ROLE_OUTCOME_WAIT, "%s", err.text);
    }
    unsigned wishes = app_run_line(app, strbuf_view(&line));

    strbuf_done(&line);
    return wishes;
}

static void palette_complete(const App *app, size_t item, StrBuf *buf)
{
    (void)app;
    strbuf_add_str(buf, COMMANDS[item].name);
    strbuf_add_str(buf, command_text(&COMMANDS[item]) != NULL ? " " : "");
}

static const PickerSpec PALETTE = {
    .title = "commands",
    .foot = "Enter runs · Tab puts the name in, for a text behind it · Esc back",
    .nothing = "no command has these letters; a number alone goes to that entry",
    .count = palette_count,
    .score = palette_score,
    .text = palette_text,
    .accept = palette_accept,
    .complete = palette_complete,
};

unsigned command_palette(App *app, int argument)
{
    (void)argument;
    return app_picker_open(app, &PALETTE);
}

/* --- themes ----------------------------------------------------------------------------------- */

static size_t theme_count(const App *app)
{
    return app->theme_count;
}

static int theme_score(const App *app, size_t item, StrView query)
{
    return fuzzy_score(query, sv(app->themes[item]->name));
}

static void theme_text(const App *app, size_t item, PickerText *ret_text)
{
    const Theme *theme = app->themes[item];
    const char *ground = theme->is_dark ? "dark ground" : "light ground";
    strbuf_add_str(&ret_text->name, theme->name);
    strbuf_add_str(&ret_text->about, theme->about[0] != '\0' ? theme->about : ground);
    strbuf_add_str(&ret_text->right, item == app->theme_before ? "as it was" : "");
}

static unsigned theme_preview(App *app, size_t item)
{
    app->theme = item;
    return APP_THEME;
}

static unsigned theme_accept(App *app, size_t item, StrView query)
{
    (void)query;
    if (item == SIZE_MAX) {
        app->theme = app->theme_before;
        return APP_THEME;
    }
    app->theme = item;
    app_say(app, ROLE_STATUS_KEY, "theme %s, for now: Tab instead of Enter keeps it",
            app->themes[item]->name);
    return APP_THEME;
}

static unsigned theme_keep(App *app, size_t item)
{
    const char *name = app->themes[item]->name;
    Err err = err_none();

    app->theme = item;
    if (session_theme_save(app->session, name, &err)) {
        app_say(app, ROLE_OUTCOME_OK, "theme %s is kept for the next start", name);
    } else {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
    }
    return APP_THEME;
}

static unsigned theme_cancel(App *app)
{
    app->theme = app->theme_before;
    return APP_THEME;
}

static size_t theme_first(const App *app)
{
    return app->theme;
}

static const PickerSpec THEMES = {
    .title = "themes",
    .foot = "Enter takes it · Tab keeps it for the next start · Esc back",
    .nothing = "no theme has these letters",
    .count = theme_count,
    .score = theme_score,
    .text = theme_text,
    .accept = theme_accept,
    .preview = theme_preview,
    .keep = theme_keep,
    .cancel = theme_cancel,
    .first = theme_first,
};

unsigned command_theme(App *app, int argument)
{
    (void)argument;
    app->theme_before = app->theme;
    return app_picker_open(app, &THEMES);
}

/* --- marks ------------------------------------------------------------------------------------ */

static size_t mark_count(const App *app)
{
    return marks_count(session_marks(app->session));
}

static void mark_text(const App *app, size_t item, PickerText *ret_text)
{
    const Marks *marks = session_marks(app->session);
    StoreRow row = marks_row(marks, item);
    StrView note = marks_note(marks, item);
    char stamp[CLOCK_STAMP_MAX];

    clock_format((Stamp){.ns = row.columns->time_ns[row.index],
                         .zone_minutes = row.columns->zone_minutes[row.index]},
                 CLOCK_TIME, stamp);
    strbuf_printf(&ret_text->name, "%s ", stamp);
    strbuf_add(&ret_text->name, columns_text(row.columns, row.columns->process[row.index]));
    strbuf_add(&ret_text->about,
               note.len > 0 ? note : sv_slice(columns_message(row.columns, row.index), 0, 400));
}

static int mark_score(const App *app, size_t item, StrView query)
{
    PickerText text = {0};

    mark_text(app, item, &text);
    int score = score_texts(query, strbuf_view(&text.name), strbuf_view(&text.about));

    strbuf_done(&text.name);
    strbuf_done(&text.about);
    strbuf_done(&text.right);
    return query.len == 0 ? 0 : score;
}

static unsigned mark_accept(App *app, size_t item, StrView query)
{
    (void)query;
    if (item == SIZE_MAX) {
        return 0;
    }
    EntryNumber number = marks_get(session_marks(app->session), item);
    size_t row = view_find(app_pane(app)->view, number);

    app_jump(app, row, false);
    if (app_selected(app) != number) {
        app_say(app, ROLE_OUTCOME_WAIT, "the marked entry is not in this pane: the nearest one");
    }
    return 0;
}

static size_t mark_first(const App *app)
{
    EntryNumber number = marks_next(session_marks(app->session), app_selected(app), false);

    for (size_t i = 0; i < mark_count(app); i++) {
        if (marks_get(session_marks(app->session), i) == number) {
            return i;
        }
    }
    return 0;
}

static const PickerSpec MARKS = {
    .title = "marks",
    .foot = "Enter goes there · Esc back",
    .nothing = "nothing is marked: m marks an entry, M with a note",
    .count = mark_count,
    .score = mark_score,
    .text = mark_text,
    .accept = mark_accept,
    .first = mark_first,
};

unsigned command_marks(App *app, int argument)
{
    (void)argument;
    return app_picker_open(app, &MARKS);
}

/* --- what is wrong with the configuration ----------------------------------------------------- */

static StrView fault_line(const App *app, size_t item)
{
    const StrView *lines;

    (void)session_config_errors(app->session, &lines);
    return lines[item];
}

static size_t fault_count(const App *app)
{
    const StrView *lines;

    return session_config_errors(app->session, &lines);
}

/* "config.json:4:74" and what is wrong there. */
static void fault_text(const App *app, size_t item, PickerText *ret_text)
{
    StrView line = fault_line(app, item);
    size_t colon = sv_find(line, SV(": "));
    StrView place = sv_slice(line, 0, colon == SIZE_MAX ? 0 : colon);

    strbuf_add(&ret_text->name, sv_path_last(place));
    strbuf_add(&ret_text->about, colon == SIZE_MAX ? line : sv_slice(line, colon + 2, SIZE_MAX));
}

static int fault_score(const App *app, size_t item, StrView query)
{
    return has_words(query, fault_line(app, item)) ? 0 : FUZZY_NONE;
}

/* In the box a long one is cut. */
static unsigned fault_accept(App *app, size_t item, StrView query)
{
    (void)query;
    if (item != SIZE_MAX) {
        app_say(app, ROLE_OUTCOME_WAIT, "%.*s", SV_ARG(fault_line(app, item)));
    }
    return 0;
}

static const PickerSpec FAULTS = {
    .title = "wrong with the configuration",
    .foot = "Enter shows the whole line below · all are printed when you leave · Esc back",
    .nothing = "nothing is wrong with the configuration",
    .count = fault_count,
    .score = fault_score,
    .text = fault_text,
    .accept = fault_accept,
};

unsigned command_config_errors(App *app, int argument)
{
    (void)argument;
    return app_picker_open(app, &FAULTS);
}
