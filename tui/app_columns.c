/*
 * The menu of columns: which of them the pane shows, in which order and how wide. Every change is
 * seen in the list behind at once; Escape takes all of them back. What columns are is in
 * list_columns.c.
 */
#include <stdio.h>

#include "tui/app_state.h"
#include "tui/command_list.h"

#define MENU_WIDTH 46
#define FOOT_ROWS 3
#define NAME_WIDTH 16
#define PAGE 8
#define BOX_END 4 /* column of the end of "[x]" in the menu */

static ListSpec *spec_of(App *app)
{
    return &app_place(app)->columns;
}

unsigned command_columns(App *app, int argument)
{
    (void)argument;
    if (app_has_rows(app)) {
        app_say(app, ROLE_OUTCOME_WAIT,
                "this pane shows the enrolment: 1 is the list of all entries");
        return APP_REDRAW;
    }
    app->columns_menu = (ColumnsMenu){.is_open = true, .before = *spec_of(app)};
    return APP_REDRAW;
}

/* --- keys ------------------------------------------------------------------------------------- */

static unsigned close_menu(App *app, int argument)
{
    (void)argument;
    app->columns_menu.is_open = false;
    return APP_REDRAW;
}

static unsigned take_back(App *app, int argument)
{
    *spec_of(app) = app->columns_menu.before;
    return close_menu(app, argument);
}

static unsigned step(App *app, int by)
{
    ColumnsMenu *menu = &app->columns_menu;
    size_t last = spec_of(app)->count - 1;
    size_t distance = (size_t)(by < 0 ? -by : by);

    if (by < 0) {
        menu->choice = menu->choice > distance ? menu->choice - distance : 0;
    } else {
        menu->choice = last - menu->choice > distance ? menu->choice + distance : last;
    }
    return APP_REDRAW;
}

static unsigned toggle(App *app, int argument)
{
    (void)argument;
    if (!list_spec_toggle(spec_of(app), &app->columns_menu.choice)) {
        app_say(app, ROLE_OUTCOME_WAIT, "the last column stays");
    }
    return APP_REDRAW;
}

static unsigned move(App *app, int by)
{
    app->columns_menu.choice = list_spec_move(spec_of(app), app->columns_menu.choice, by);
    return APP_REDRAW;
}

static unsigned widen(App *app, int by)
{
    ListSpec *spec = spec_of(app);
    ListPlan plan = app_list_plan(app, app->focus);
    ListChoice *choice = &spec->choices[app->columns_menu.choice];
    const ListCell *cell = list_plan_find(&plan, choice->column);

    if (choice->column == FIELD_MESSAGE) {
        app_say(app, ROLE_OUTCOME_WAIT, "the message has the room that the others leave");
        return APP_REDRAW;
    }
    list_spec_widen(spec, app->columns_menu.choice, by, cell != NULL ? cell->width : 0);
    return APP_REDRAW;
}

static unsigned automatic(App *app, int argument)
{
    (void)argument;
    spec_of(app)->choices[app->columns_menu.choice].width = 0;
    return APP_REDRAW;
}

static unsigned set_form(App *app, int form)
{
    *spec_of(app) = list_spec_of((ListForm)form);
    app->columns_menu.choice = 0;
    return APP_REDRAW;
}

typedef struct MenuKey {
    uint32_t code;
    uint8_t mods;
    unsigned (*run)(App *app, int argument);
    int argument;
} MenuKey;

static const MenuKey MENU_KEYS[] = {
    {KEY_CODE_ENTER, 0, close_menu, 0},
    {'q', 0, close_menu, 0},
    {KEY_CODE_ESCAPE, 0, take_back, 0},
    {'c', KEY_CTRL, take_back, 0},
    {'g', KEY_CTRL, take_back, 0},
    {'j', 0, step, 1},
    {KEY_CODE_DOWN, 0, step, 1},
    {'n', KEY_CTRL, step, 1},
    {'k', 0, step, -1},
    {KEY_CODE_UP, 0, step, -1},
    {'p', KEY_CTRL, step, -1},
    {'d', KEY_CTRL, step, PAGE},
    {KEY_CODE_PAGE_DOWN, 0, step, PAGE},
    {'u', KEY_CTRL, step, -PAGE},
    {KEY_CODE_PAGE_UP, 0, step, -PAGE},
    {KEY_CODE_MOUSE_WHEEL_DOWN, 0, step, 1},
    {KEY_CODE_MOUSE_WHEEL_UP, 0, step, -1},
    {' ', 0, toggle, 0},
    {'x', 0, toggle, 0},
    {'J', 0, move, 1},
    {'>', 0, move, 1},
    {'K', 0, move, -1},
    {'<', 0, move, -1},
    {'+', 0, widen, 1},
    {'l', 0, widen, 1},
    {KEY_CODE_RIGHT, 0, widen, 1},
    {'-', 0, widen, -1},
    {'h', 0, widen, -1},
    {KEY_CODE_LEFT, 0, widen, -1},
    {'=', 0, automatic, 0},
    {'r', 0, set_form, LIST_FORM_USUAL},
    {'s', 0, set_form, LIST_FORM_COMPACT},
    {'w', 0, set_form, LIST_FORM_WIDE},
};

/* At the right, so that the beginning of the lines can be seen behind it. */
static Rect menu_box(const App *app)
{
    int width = app->columns > MENU_WIDTH + 4 ? MENU_WIDTH : app->columns;
    int height = app->rows > 12 ? app->rows - 4 : app->rows;
    int most = (int)app_place(app)->columns.count + FOOT_ROWS + 3;

    height = height < most ? height : most;
    return (Rect){app->columns - width - (width == MENU_WIDTH ? 2 : 0), (app->rows - height) / 2,
                  width, height};
}

/* The first choice shown, so that the chosen one is in sight. */
static size_t first_shown(const App *app, int rows)
{
    size_t choice = app->columns_menu.choice;

    return rows > 0 && choice >= (size_t)rows ? choice - (size_t)rows + 1 : 0;
}

/* A click chooses, on the box before the name it shows or hides; one outside closes. */
static unsigned click(App *app, Key key)
{
    Rect box = menu_box(app);
    int rows = box.height - FOOT_ROWS - 3;
    int row = key.y - box.y - 1;

    if (key.x < box.x || key.x >= box.x + box.width || key.y < box.y ||
        key.y >= box.y + box.height) {
        return close_menu(app, 0);
    }
    size_t at = first_shown(app, rows) + (size_t)(row < 0 ? 0 : row);

    if (row < 0 || row >= rows || at >= spec_of(app)->count) {
        return 0;
    }
    app->columns_menu.choice = at;
    return key.x <= box.x + BOX_END || key.clicks == 2 ? toggle(app, 0) : APP_REDRAW;
}

unsigned app_columns_key(App *app, Key key)
{
    if (key.code == KEY_CODE_MOUSE_PRESS) {
        return click(app, key);
    }

    for (size_t i = 0; i < ARRAY_LEN(MENU_KEYS); i++) {
        if (MENU_KEYS[i].code == key.code && MENU_KEYS[i].mods == key.mods) {
            return MENU_KEYS[i].run(app, MENU_KEYS[i].argument);
        }
    }
    return 0;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void draw_row(App *app, Canvas *canvas, const ListPlan *plan, size_t at, Rect line)
{
    const ListChoice *choice = &spec_of(app)->choices[at];
    ListColumnInfo info = list_column_info(choice->column);
    const ListCell *cell = list_plan_find(plan, choice->column);
    bool is_chosen = at == app->columns_menu.choice;
    Role role = is_chosen ? ROLE_BOX_CURRENT : ROLE_BOX;
    char width[32] = "";

    if (is_chosen) {
        canvas_fill(canvas, line, ROLE_BOX_CURRENT);
    }
    if (choice->is_shown && cell == NULL) {
        bool is_alone = sources_count(session_sources(app->session)) < 2;

        (void)snprintf(width, sizeof width, "%s",
                       choice->column == FIELD_HOST && is_alone ? "one source only" : "no room");
    } else if (choice->is_shown && choice->width > 0) {
        (void)snprintf(width, sizeof width, "%d", choice->width);
    } else if (choice->is_shown) {
        (void)snprintf(width, sizeof width, "auto %d", cell->width);
    }
    (void)canvas_text(canvas, line.x + 1, line.y, 3, role,
                      choice->is_shown ? SV("[x]") : SV("[ ]"));
    (void)canvas_text_cut(canvas, line.x + 5, line.y, NAME_WIDTH,
                          is_chosen || !choice->is_shown ? role : ROLE_BOX_KEY, sv(info.name));
    (void)canvas_text_cut(canvas, line.x + 6 + NAME_WIDTH, line.y, line.width - NAME_WIDTH - 7,
                          role, sv(width));
}

static void draw_foot(App *app, Canvas *canvas, Rect box)
{
    const ListChoice *choice = &spec_of(app)->choices[app->columns_menu.choice];
    int y = box.y + box.height - FOOT_ROWS - 2;
    int width = box.width - 4;

    canvas_hline(canvas, box.x + 1, y, box.width - 2, ROLE_BOX);
    (void)canvas_text_cut(canvas, box.x + 2, y + 1, width, ROLE_BOX_TITLE,
                          sv(list_column_info(choice->column).help));
    (void)canvas_text_cut(canvas, box.x + 2, y + 2, width, ROLE_BOX,
                          SV("Space show · J K order · + - = width"));
    (void)canvas_text_cut(canvas, box.x + 2, y + 3, width, ROLE_BOX,
                          SV("r usual · s compact · w wide"));
}

void app_draw_columns(App *app, Canvas *canvas)
{
    const ListSpec *spec = spec_of(app);
    ListPlan plan = app_list_plan(app, app->focus);
    Rect box = menu_box(app);
    int rows = box.height - FOOT_ROWS - 3;
    size_t from = first_shown(app, rows);

    canvas_fill(canvas, box, ROLE_BOX);
    canvas_box(canvas, box, ROLE_BOX);
    (void)canvas_printf(canvas, box.x + 2, box.y, box.width - 4, ROLE_BOX_TITLE,
                        " columns of %.*s ", SV_ARG(app_pane(app)->def.title));
    (void)canvas_text_cut(canvas, box.x + 2, box.y + box.height - 1, box.width - 4, ROLE_BOX,
                          SV(" Enter keep · Esc undo "));
    for (int i = 0; i < rows && from + (size_t)i < spec->count; i++) {
        draw_row(app, canvas, &plan, from + (size_t)i,
                 (Rect){box.x + 1, box.y + 1 + i, box.width - 2, 1});
    }
    if (rows > 0) {
        draw_foot(app, canvas, box);
    }
}
