/*
 * What the configuration says about keys, digits and the start, what is remembered of the windows
 * until the same files are opened again, and the hint of the first start. How lists look is in
 * app_look_settings.c.
 */
#include "base/utf8.h"
#include "tui/app_state.h"
#include "tui/command_list.h"

#define MEMORY_WINDOWS "windows"

/* --- keys and commands ------------------------------------------------------------------------ */

/* All that is wrong was taken out and told: see settings_check.h. */
static void take_key(App *app, const SettingKey *key)
{
    Mode mode = MODE_LIST;

    (void)(key->mode.len == 0 || command_mode_parse(key->mode, &mode));
    (void)keymap_set(app->keymap, mode, key->keys, key->command, NULL);
}

/* --- windows ---------------------------------------------------------------------------------- */

/* "side synced 1": how they stand and which has the keys; then a line for each: "1000 mdmclient".
 */
static void print_windows(const App *app, StrBuf *buf)
{
    if (app->window_count == 1) {
        return; /* its pane is remembered by the session */
    }
    strbuf_printf(buf, "%s %s %d", app->split == SPLIT_SIDE ? "side" : "stacked",
                  app->is_synced ? "synced" : "free", app->focus);
    for (int i = 0; i < app->window_count; i++) {
        const Window *window = &app->windows[i];

        strbuf_printf(buf, "\n%d %.*s", window->share,
                      SV_ARG(session_pane(app->session, window->pane)->def.id));
    }
}

static int read_number(StrView text)
{
    int number = 0;

    for (size_t i = 0; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
        number = number < 1000000 ? number * 10 + (text.ptr[i] - '0') : number;
    }
    return number;
}

static StrView next_word(StrView *rest)
{
    StrView word = sv_slice(*rest, 0, sv_find_char(*rest, ' '));

    *rest = sv_trim(sv_slice(*rest, word.len, SIZE_MAX));
    return word;
}

/* Panes that are gone have no window. */
static void recall_windows(App *app)
{
    StrView text = session_memory_text(app->session, MEMORY_WINDOWS);
    StrView line;
    Window model = app->windows[0];
    int count = 0;

    if (text.len == 0 || !sv_next_line(&text, &line)) {
        return;
    }
    app->split = sv_equal(next_word(&line), SV("side")) ? SPLIT_SIDE : SPLIT_STACKED;
    app->is_synced = sv_equal(next_word(&line), SV("synced"));
    int focus = read_number(line);

    while (count < WINDOWS_MAX && sv_next_line(&text, &line)) {
        int share = read_number(next_word(&line));
        size_t pane = session_pane_find(app->session, line);

        if (pane != SIZE_MAX) {
            app->windows[count] = model;
            app->windows[count].share = share < WINDOW_SHARE_MAX ? share : WINDOW_SHARE_MAX;
            app->windows[count++].pane = pane;
        }
    }
    if (count > 0) {
        app->windows_restored = count;
        app->window_count = count;
        app_focus_window(app, focus < count ? focus : 0);
    }
}

void app_remember(App *app)
{
    StrBuf windows = {0};

    print_windows(app, &windows);
    session_memory_set_text(app->session, MEMORY_WINDOWS, strbuf_view(&windows));
    strbuf_done(&windows);
    /* An entry that nobody has gone to is none that was selected. */
    session_memory_select(
        app->session, app_follows(app) || app_window(app)->selected == 0 ? 0 : app_selected(app));
    app_look_remember(app);
}

/* Says once what has come back; what is wrong with the configuration was said before that, and
 * stays. */
static void tell_restored(App *app)
{
    SessionRestored restored;
    StrBuf what = {0};

    session_memory_restored(app->session, &restored);
    if (!restored.is_settled || app->has_told_restored) {
        return;
    }
    app->has_told_restored = true;
    if (restored.marks > 0) {
        strbuf_printf(&what, ", %zu mark%s", restored.marks, restored.marks > 1 ? "s" : "");
    }
    if (app->windows_restored > 1) {
        strbuf_printf(&what, ", %d windows", app->windows_restored);
    }
    strbuf_add_str(&what, restored.has_panes ? ", the panes" : "");
    strbuf_add_str(&what, restored.has_place ? ", the place" : "");
    if (what.len == 0 && restored.has_texts) {
        strbuf_add_str(&what, ", the look");
    }
    if (what.len > 0 && app->toast_until <= app->now) {
        app_say(app, ROLE_STATUS_KEY, "as you left it: %s (--fresh begins without)", what.ptr + 2);
    }
    strbuf_done(&what);
}

void app_restored(App *app)
{
    EntryNumber number = session_memory_selected(app->session);
    StrView note = session_memory_note(app->session);

    if (number != 0 && app_window(app)->selected == 0) { /* the reader has not moved yet */
        app_select_entry(app, number);
    }
    if (note.len > 0) {
        app->has_told_restored = true;
        app_say(app, ROLE_OUTCOME_WAIT, "%.*s", SV_ARG(note));
    }
    tell_restored(app);
}

/* --- the start -------------------------------------------------------------------------------- */

/* Whether a command means the same before any entry is there. */
static bool needs_no_entry(const Command *command)
{
    return command->group == GROUP_WINDOWS || command->group == GROUP_PANES ||
           command->run == command_theme || command->run == command_pane ||
           command->run == command_turn_pane;
}

/* Files are there when all of them is read, and the place of the last time is found; streams as
 * soon as something has come. */
static bool has_entries(const App *app)
{
    SessionRestored restored;

    session_memory_restored(app->session, &restored);
    return restored.is_settled &&
           (session_is_loaded(app->session) ||
            (app_reads_stream(app) && store_counts(session_store(app->session))->entries > 0));
}

/* Windows that came back are not opened once more. */
static bool is_to_run(const App *app, const Command *command)
{
    return command != NULL && (app->windows_restored == 0 || command->group != GROUP_WINDOWS);
}

/* The next command of the start that may run by now; "" = none. One that is wrong was told. */
static StrView next_start(App *app, bool is_there)
{
    const SettingTexts *start = &session_settings(app->session)->start;
    StrView text;

    while (app->start_next < start->count) {
        StrView line = start->items[app->start_next].text;
        const Command *command = command_parse(line, &text, NULL);

        if (is_to_run(app, command)) {
            return is_there || needs_no_entry(command) ? line : SV("");
        }
        app->start_next++;
    }
    return SV("");
}

/* What --fresh is to leave alone unless the user changes something. */
static void begin_memory(App *app)
{
    app_remember(app);
    session_memory_begun(app->session);
}

void app_run_start(App *app)
{
    bool is_there = has_entries(app);
    StrView line = next_start(app, is_there);

    if (line.len == 0) {
        return;
    }
    StrBuf said = {0}; /* nobody has read it yet: it stays, unless a command fails */
    Role role = app->toast_role;

    strbuf_add(&said, app->toast_until > app->now ? strbuf_view(&app->toast) : SV(""));
    app_remember(app);
    bool is_untouched = !session_memory_has_changed(app->session);

    for (; line.len > 0; line = next_start(app, is_there)) {
        app->start_next++;
        app->start_wishes |= app_run_line(app, line);
    }
    if (said.len > 0 && app->toast_role != ROLE_OUTCOME_FAIL) {
        app_say(app, role, "%s", said.ptr);
    }
    strbuf_done(&said);
    if (is_untouched) {
        begin_memory(app);
    }
}

void app_settings_begin(App *app)
{
    const Settings *settings = session_settings(app->session);

    app->digits_are_counts = settings->digits == SETTING_DIGITS_COUNTS;
    for (size_t i = 0; i < settings->key_count; i++) {
        take_key(app, &settings->keys[i]);
    }
    app_look_begin(app);
    recall_windows(app);
    begin_memory(app);
    tell_restored(app);
    app_run_start(app);
    app->shows_hint = session_first_start(app->session);
}

/* --- the hint --------------------------------------------------------------------------------- */

#define HINT_ROWS 3
#define HINT_MIN_ROWS 10

/* For the usual screens, and for narrow ones. */
static const char *const HINT_LINES[][HINT_ROWS] = {
    {"e goes from failure to failure; below the list: what it means, what to do",
     "p filters this pane, / searches, C-w v opens a second list at the same moment",
     ": finds every command, ? tells the keys of where you are · any key hides this"},
    {"e failures · p filter · / search", "C-w v second list · : all commands",
     "? the keys here · any key hides this"},
};

void app_hide_hint(App *app)
{
    if (app->shows_hint) {
        app->shows_hint = false;
        session_first_start_done(app->session);
    }
}

/* The row of the screen that the cursor is on; the first of the list when it is on none. */
static int cursor_row(App *app)
{
    Rect list = app_list_area(app);
    int row = app_has_rows(app) ? app_place(app)->choice - app_place(app)->top
                                : app_rows(app, app->focus)->cursor_line;

    return list.y + (row > 0 ? row : 0);
}

/* Over the last lines of the lists; over the first ones when the cursor is in the lower half. */
static bool find_hint_box(App *app, Rect *ret)
{
    Rect body = app->layout.body;
    Rect list = app_list_area(app);
    int cursor = cursor_row(app);
    bool is_low = cursor >= body.y + body.height / 2;
    int y = is_low ? list.y : body.y + body.height - HINT_ROWS;

    *ret = (Rect){body.x, y, body.width, HINT_ROWS};
    return body.height >= HINT_ROWS && (cursor < ret->y || cursor >= ret->y + HINT_ROWS);
}

void app_draw_hint(App *app, Canvas *canvas)
{
    Rect box;

    if (!app->shows_hint || app->rows < HINT_MIN_ROWS || !find_hint_box(app, &box)) {
        return;
    }
    const char *const *lines =
        HINT_LINES[utf8_width(sv(HINT_LINES[0][HINT_ROWS - 1])) > box.width - 2];

    canvas_fill(canvas, box, ROLE_HINT);
    for (int i = 0; i < HINT_ROWS; i++) {
        (void)canvas_text_cut(canvas, box.x + 1, box.y + i, box.width - 2, ROLE_HINT, sv(lines[i]));
    }
}
