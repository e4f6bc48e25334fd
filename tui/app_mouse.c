/*
 * The mouse: what was hit, and what a press, a drag, a double click and the wheel do there. Where
 * things stand comes from the layout of the last frame.
 */
#include "tui/app_detail.h"
#include "tui/app_state.h"
#include "tui/command_list.h"

#define WHEEL_LINES 3
#define SHARE_PER_CELL (WINDOW_SHARE_MAX / CANVAS_MAX_COLUMNS)

static bool is_inside(Rect area, Key key)
{
    return key.x >= area.x && key.x < area.x + area.width && key.y >= area.y &&
           key.y < area.y + area.height;
}

/* The window whose list, headings or name was hit; -1 = none. */
static int window_at(const App *app, Key key)
{
    for (int i = 0; i < app->window_count; i++) {
        const WindowLayout *layout = &app->layout.windows[i];

        if (is_inside(layout->list, key) || is_inside(layout->name, key) ||
            is_inside(layout->heads, key)) {
            return i;
        }
    }
    return -1;
}

/* --- splitters -------------------------------------------------------------------------------- */

static int extent(const App *app, int window)
{
    const WindowLayout *layout = &app->layout.windows[window];

    return app->split == SPLIT_SIDE ? layout->list.width
                                    : layout->list.y + layout->list.height - layout->name.y;
}

/* The window before the border that was hit; -1 = none. Between windows above each other the lower
 * one's name is the border. */
static int border_at(const App *app, Key key)
{
    for (int i = 0; i + 1 < app->layout.window_count; i++) {
        if (is_inside(app->split == SPLIT_SIDE ? app->layout.windows[i].splitter
                                               : app->layout.windows[i + 1].name,
                      key)) {
            return i;
        }
    }
    return -1;
}

/* Gives each window the share that it has on the screen, and moves the border by `cells`. */
static void move_border(App *app, int window, int cells)
{
    int least = app->split == SPLIT_SIDE ? WINDOW_MIN_COLUMNS : WINDOW_MIN_ROWS;
    int shared[WINDOWS_MAX] = {0}; /* cells beyond the least */

    for (int i = 0; i < app->window_count; i++) {
        shared[i] = extent(app, i) - least;
        shared[i] = shared[i] > 0 ? shared[i] : 0;
    }
    cells = cells < -shared[window] ? -shared[window] : cells;
    cells = cells > shared[window + 1] ? shared[window + 1] : cells;
    shared[window] += cells;
    shared[window + 1] -= cells;
    for (int i = 0; i < app->window_count; i++) {
        int share = shared[i] * SHARE_PER_CELL;

        app->windows[i].share = share > 0 ? share : 1;
    }
}

static unsigned drag_border(App *app, Key key)
{
    const WindowLayout *after = &app->layout.windows[app->drag_window + 1];
    const WindowLayout *before = &app->layout.windows[app->drag_window];
    int cells = app->split == SPLIT_SIDE ? key.x - before->splitter.x : key.y - after->name.y;

    if (cells != 0) {
        move_border(app, app->drag_window, cells);
    }
    return APP_REDRAW;
}

/* --- lists ------------------------------------------------------------------------------------ */

/* The row of the view on the line that was hit, or the nearest. */
static size_t row_at(App *app, int window, int y)
{
    const Rows *rows = app_rows(app, window);
    int line = y - app->layout.windows[window].list.y;

    if (rows->count == 0) {
        return SIZE_MAX;
    }
    line = line < 0 ? 0 : line >= (int)rows->count ? (int)rows->count - 1 : line;
    return rows->lines[line].row;
}

static unsigned scroll_to(App *app, int window, Key key)
{
    Rect list = app->layout.windows[window].list;
    size_t len = view_len(app_window_view(app, window));
    long line = key.y - list.y;

    line = line < 0 ? 0 : line >= list.height ? list.height - 1 : line;
    if (len > 0) {
        app_select(app, len * (size_t)line / (size_t)(list.height > 1 ? list.height - 1 : 1), true);
    }
    app->detail_scroll = 0;
    return APP_REDRAW;
}

static bool is_scroll_bar(const App *app, int window, Key key)
{
    Rect list = app->layout.windows[window].list;

    return app_has_scroll_bar(list) && key.x == list.x + list.width - 1 && is_inside(list, key);
}

static unsigned press_list(App *app, int window, Key key)
{
    app_focus_window(app, window);
    if (is_scroll_bar(app, window, key)) {
        app->drag = DRAG_SCROLL_BAR;
        app->drag_window = window;
        return scroll_to(app, window, key);
    }
    if (!is_inside(app->layout.windows[window].list, key)) {
        return APP_REDRAW;
    }
    size_t row = row_at(app, window, key.y);

    if (row == SIZE_MAX) {
        return APP_REDRAW;
    }
    app_select(app, row, false);
    app->detail_scroll = 0;
    app->drag = DRAG_ENTRIES;
    app->drag_window = window;
    app->drag_from = app_selected(app);
    return key.clicks == 2 ? command_detail(app, 0) : APP_REDRAW;
}

/* Dragged over entries: they are the range. */
static unsigned drag_entries(App *app, Key key)
{
    size_t row = row_at(app, app->drag_window, key.y);

    if (row == SIZE_MAX || app->drag_window != app->focus) {
        return 0;
    }
    app_select(app, row, false);
    if (app_selected(app) != app->drag_from) {
        app->range_anchor = app->drag_from;
    }
    return APP_REDRAW;
}

/* --- the rest --------------------------------------------------------------------------------- */

static unsigned press_tabs(App *app, int x)
{
    for (size_t i = 0; i < app->pane_count && i < PANES_MAX; i++) {
        if (x < app->tab_ends[i]) {
            app_show_pane(app, i);
            return APP_REDRAW;
        }
    }
    return 0;
}

/* A hint of the status line does what its key does. */
static unsigned press_hint(App *app, int x)
{
    for (size_t i = 0; i < app->hint_count; i++) {
        if (x < app->hints[i].end) {
            const Command *command = app->hints[i].command;

            return command->run(app, command->argument);
        }
    }
    return 0;
}

static unsigned press(App *app, Key key)
{
    int border = border_at(app, key);
    int window = window_at(app, key);

    if (key.button != KEY_BUTTON_LEFT) {
        return 0;
    }
    app->drag = DRAG_NONE;
    if (is_inside(app->layout.tabs, key)) {
        return press_tabs(app, key.x);
    }
    if (is_inside(app->layout.status, key)) {
        return press_hint(app, key.x);
    }
    if (is_inside(app->layout.histogram, key)) {
        app->drag = DRAG_HISTOGRAM;
        return app_histogram_click(app, key.x);
    }
    if (is_inside(app->layout.rule, key)) {
        app->drag = DRAG_DETAIL;
        return 0;
    }
    if (is_inside(app->layout.detail, key)) {
        return app_detail_press(app, key.y - app->layout.detail.y, key.clicks);
    }
    if (window >= 0) {
        unsigned wishes = press_list(app, window, key);

        if (border >= 0 && app->drag == DRAG_NONE) {
            app->drag = DRAG_BORDER;
            app->drag_window = border;
        }
        return wishes;
    }
    if (border >= 0) {
        app->drag = DRAG_BORDER;
        app->drag_window = border;
    }
    return 0;
}

static unsigned drag(App *app, Key key)
{
    switch (app->drag) {
    case DRAG_SCROLL_BAR:
        return scroll_to(app, app->drag_window, key);
    case DRAG_ENTRIES:
        return drag_entries(app, key);
    case DRAG_BORDER:
        return drag_border(app, key);
    case DRAG_HISTOGRAM:
        return app_histogram_click(app, key.x);
    case DRAG_DETAIL:
        app->detail_height = app->layout.detail.y + app->layout.detail.height - key.y - 1;
        app->detail_height = app->detail_height > 1 ? app->detail_height : 1;
        return APP_REDRAW;
    default:
        return 0;
    }
}

static unsigned wheel(App *app, Key key, int by)
{
    int window = window_at(app, key);

    if (app->mode == MODE_HELP) {
        return command_scroll_help(app, by * WHEEL_LINES);
    }
    if (app->mode == MODE_PAGE) {
        return command_page_scroll(app, by * WHEEL_LINES);
    }
    if (is_inside(app->layout.detail, key) && app->mode == MODE_DETAIL) {
        return command_scroll_detail(app, by * WHEEL_LINES);
    }
    if (is_inside(app->layout.tabs, key)) {
        return command_turn_pane(app, by);
    }
    if (window < 0) {
        return 0;
    }
    app_focus_window(app, window);
    return command_move(app, by * WHEEL_LINES);
}

/* What covers the lists is closed first. */
static unsigned press_anywhere(App *app, Key key)
{
    if (app->mode == MODE_HELP) {
        return command_help(app, 0);
    }
    return app->mode == MODE_PAGE ? command_page_close(app, 0) : press(app, key);
}

unsigned app_mouse_key(App *app, Key key)
{
    switch (key.code) {
    case KEY_CODE_MOUSE_PRESS:
        return press_anywhere(app, key);
    case KEY_CODE_MOUSE_DRAG:
        return drag(app, key);
    case KEY_CODE_MOUSE_RELEASE:
        app->drag = DRAG_NONE;
        return 0;
    case KEY_CODE_MOUSE_WHEEL_UP:
        return wheel(app, key, -1);
    case KEY_CODE_MOUSE_WHEEL_DOWN:
        return wheel(app, key, 1);
    case KEY_CODE_MOUSE_WHEEL_LEFT:
        return command_sideways(app, -WHEEL_LINES);
    case KEY_CODE_MOUSE_WHEEL_RIGHT:
        return command_sideways(app, WHEEL_LINES);
    default:
        return 0;
    }
}

unsigned command_mouse(App *app, int argument)
{
    (void)argument;
    app->wants_mouse = !app->wants_mouse;
    app_say(app, ROLE_STATUS_KEY,
            app->wants_mouse ? "the mouse is the program's"
                             : "the mouse is the terminal's, for selecting text");
    return APP_REDRAW | APP_MOUSE;
}
