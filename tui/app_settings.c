/*
 * What the configuration says about keys, digits and the start, what is remembered of the windows
 * until the same files are opened again, and the hint of the first start. How lists look is in
 * app_look_settings.c.
 */
#include "base/utf8.h"
#include "tui/app_state.h"

#define MEMORY_WINDOWS "windows"

/* --- keys and commands ------------------------------------------------------------------------ */

static void take_key(App *app, const SettingKey *key)
{
    Mode mode = MODE_LIST;
    Err err = err_none();
    StrBuf text = {0};

    if (key->mode.len > 0 && !command_mode_parse(key->mode, &mode)) {
        (void)err_set(&err, "no mode is called '%.*s'", SV_ARG(key->mode));
    } else if (keymap_set(app->keymap, mode, key->keys, key->command, &err)) {
        return;
    }
    strbuf_printf(&text, "key '%.*s': %s", SV_ARG(key->keys), err.text);
    session_config_add_error(app->session, key->place, strbuf_view(&text));
    strbuf_done(&text);
}

/* Commands that the user wants at every start. */
static void run_start(App *app, const SettingTexts *start)
{
    for (size_t i = 0; i < start->count; i++) {
        Err err = err_none();
        StrView text;

        if (command_parse(start->items[i].text, &text, &err) == NULL) {
            session_config_add_error(app->session, start->items[i].place, sv(err.text));
        } else {
            app->start_wishes |= app_run_line(app, start->items[i].text);
        }
    }
}

/* --- windows ---------------------------------------------------------------------------------- */

/* "side synced 1": how they stand and which has the keys; then a line for each: "1000 mdmclient". */
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
    session_memory_select(app->session, app_follows(app) ? 0 : app_selected(app));
    app_look_remember(app);
}

void app_restored(App *app)
{
    EntryNumber number = session_memory_selected(app->session);
    StrView note = session_memory_note(app->session);

    if (number != 0 && app_window(app)->selected == 0) { /* the reader has not moved yet */
        app_select_entry(app, number);
    }
    if (note.len > 0) {
        app_say(app, ROLE_OUTCOME_WAIT, "%.*s", SV_ARG(note));
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
    run_start(app, &settings->start);
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
