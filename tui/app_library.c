/*
 * The library: all presets, found by typing, with what each is for; Enter puts one into the pane,
 * Tab into a pane of its own, C-p asks log for it. Own presets are taken out with C-d.
 */
#include "base/utf8.h"
#include "tui/app_state.h"

#define FOOT_ROWS 5

static void find_again(App *app)
{
    Library *library = &app->library;

    library->count = presets_match(session_presets(app->session), prompt_text(&library->query),
                                   library->found, ARRAY_LEN(library->found));
    if (library->choice >= library->count) {
        library->choice = library->count > 0 ? library->count - 1 : 0;
    }
}

static const Preset *chosen(const App *app)
{
    const Library *library = &app->library;

    return library->count > 0
               ? &session_presets(app->session)->items[library->found[library->choice]]
               : NULL;
}

unsigned app_library_open(App *app)
{
    app->library.is_open = true;
    app->library.choice = 0;
    prompt_open(&app->library.query, SV(""), NULL);
    find_again(app);
    return APP_REDRAW;
}

static unsigned close_library(App *app)
{
    app->library.is_open = false;
    return APP_REDRAW;
}

static unsigned use_here(App *app)
{
    const Preset *preset = chosen(app);

    if (preset == NULL) {
        return 0;
    }
    (void)app_change_predicate(app, preset->predicate); /* a fault is said */
    return close_library(app);
}

static unsigned use_in_new_pane(App *app)
{
    const Preset *preset = chosen(app);

    if (preset == NULL) {
        return 0;
    }
    app->prompt_err = err_none();
    app_pane_add(app, preset->name, preset->predicate);
    if (app->prompt_err.text[0] != '\0') {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", app->prompt_err.text);
    }
    return close_library(app);
}

/* Opens the stream's prompt with it: what restarts the stream is seen before it is sent. */
static unsigned use_for_stream(App *app)
{
    const Preset *preset = chosen(app);

    if (preset == NULL) {
        return 0;
    }
    (void)close_library(app);
    unsigned bits = app_prompt_open(app, PROMPT_STREAM);

    if (app->prompt_kind == PROMPT_STREAM) {
        prompt_set(&app->prompt, preset->predicate, preset->predicate.len);
    }
    return bits;
}

static unsigned take_out(App *app)
{
    const Preset *preset = chosen(app);
    Err err = err_none();

    if (preset == NULL) {
        return 0;
    }
    if (!preset->is_own) {
        app_say(app, ROLE_OUTCOME_WAIT, "only presets of your own can be taken out");
    } else if (!session_preset_remove(app->session, preset->name, &err)) {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
    }
    find_again(app);
    return APP_REDRAW;
}

static unsigned step(App *app, size_t by)
{
    Library *library = &app->library;

    if (library->count > 0) {
        library->choice = (library->choice + by) % library->count;
    }
    return APP_REDRAW;
}

static unsigned step_down(App *app)
{
    return step(app, 1);
}

static unsigned step_up(App *app)
{
    return step(app, app->library.count > 0 ? app->library.count - 1 : 0);
}

typedef struct LibraryKey {
    uint32_t code;
    uint8_t mods;
    unsigned (*run)(App *app);
} LibraryKey;

static const LibraryKey LIBRARY_KEYS[] = {
    {KEY_CODE_ESCAPE, 0, close_library},
    {'c', KEY_CTRL, close_library},
    {'g', KEY_CTRL, close_library},
    {KEY_CODE_ENTER, 0, use_here},
    {KEY_CODE_TAB, 0, use_in_new_pane},
    {'p', KEY_CTRL, use_for_stream},
    {'d', KEY_CTRL, take_out},
    {KEY_CODE_DOWN, 0, step_down},
    {'n', KEY_CTRL, step_down},
    {KEY_CODE_UP, 0, step_up},
    {'r', KEY_CTRL, step_up},
    {KEY_CODE_MOUSE_WHEEL_DOWN, 0, step_down},
    {KEY_CODE_MOUSE_WHEEL_UP, 0, step_up},
};

static Rect library_box(const App *app)
{
    int width = app->columns > 110 ? 104 : app->columns - 4;
    int height = app->rows > 12 ? app->rows - 4 : app->rows;

    if (width < 20 || height < FOOT_ROWS + 4) {
        return (Rect){0, 0, app->columns, app->rows};
    }
    return (Rect){(app->columns - width) / 2, (app->rows - height) / 2, width, height};
}

/* The first preset shown, so that the chosen one is in sight. */
static size_t first_shown(const Library *library, int rows)
{
    return rows > 0 && library->choice >= (size_t)rows ? library->choice - (size_t)rows + 1 : 0;
}

/* A click chooses, a second one takes; one outside closes. */
static unsigned click(App *app, Key key)
{
    Library *library = &app->library;
    Rect box = library_box(app);
    int rows = box.height - FOOT_ROWS - 3;
    int row = key.y - box.y - 2;

    if (key.x < box.x || key.x >= box.x + box.width || key.y < box.y ||
        key.y >= box.y + box.height) {
        return close_library(app);
    }
    size_t at = first_shown(library, rows) + (size_t)(row < 0 ? 0 : row);

    if (row < 0 || row >= rows || at >= library->count) {
        return 0;
    }
    library->choice = at;
    return key.clicks == 2 ? use_here(app) : APP_REDRAW;
}

unsigned app_library_key(App *app, Key key, StrView paste)
{
    for (size_t i = 0; i < ARRAY_LEN(LIBRARY_KEYS); i++) {
        if (LIBRARY_KEYS[i].code == key.code && LIBRARY_KEYS[i].mods == key.mods) {
            return LIBRARY_KEYS[i].run(app);
        }
    }
    if (key.code == KEY_CODE_MOUSE_PRESS) {
        return click(app, key);
    }
    if (prompt_key(&app->library.query, key, paste) == PROMPT_CHANGED) {
        app->library.choice = 0;
        find_again(app);
    }
    return APP_REDRAW;
}

void app_library_done(App *app)
{
    prompt_done(&app->library.query);
}

/* --- drawing ------------------------------------------------------------------------------------
 */

static void draw_rows(const App *app, Canvas *canvas, Rect box)
{
    const Library *library = &app->library;
    const Presets *presets = session_presets(app->session);
    int rows = box.height - FOOT_ROWS - 3;
    int name = box.width > 70 ? 24 : box.width / 3;
    size_t from = first_shown(library, rows);

    for (int i = 0; i < rows && from + (size_t)i < library->count; i++) {
        size_t at = from + (size_t)i;
        const Preset *preset = &presets->items[library->found[at]];
        bool is_chosen = at == library->choice;
        int y = box.y + 2 + i;

        if (is_chosen) {
            canvas_fill(canvas, (Rect){box.x + 1, y, box.width - 2, 1}, ROLE_TAB_CURRENT);
        }
        (void)canvas_printf(canvas, box.x + 2, y, name, is_chosen ? ROLE_TAB_CURRENT : ROLE_BOX_KEY,
                            "%s%.*s", preset->is_own ? "◆ " : "", SV_ARG(preset->name));
        (void)canvas_text_cut(canvas, box.x + 3 + name, y, box.width - name - 5,
                              is_chosen ? ROLE_TAB_CURRENT : ROLE_BOX, preset->about);
    }
}

static void draw_foot(const App *app, Canvas *canvas, Rect box)
{
    const Preset *preset = chosen(app);
    int y = box.y + box.height - FOOT_ROWS - 1;
    int width = box.width - 4;
    int used;

    canvas_hline(canvas, box.x + 1, y, box.width - 2, ROLE_BOX);
    if (preset == NULL) {
        (void)canvas_text_cut(canvas, box.x + 2, y + 1, width, ROLE_BOX,
                              SV("nothing has all these words"));
        return;
    }
    StrView rest = preset->predicate;

    for (int line = 1; line <= 2 && rest.len > 0; line++) {
        size_t fits = line == 2 ? rest.len : utf8_fit(rest, width, &used);

        (void)canvas_text_cut(canvas, box.x + 2, y + line, width, ROLE_BOX_TITLE,
                              sv_slice(rest, 0, fits));
        rest = sv_slice(rest, fits, SIZE_MAX);
    }
    (void)canvas_printf(canvas, box.x + 2, y + 3, width, ROLE_BOX, "%s%.*s%s%.*s",
                        preset->level.len > 0 ? "needs level " : "", SV_ARG(preset->level),
                        preset->confidence.len > 0 ? " · " : "", SV_ARG(preset->confidence));
    (void)canvas_text_cut(
        canvas, box.x + 2, y + 4, width, ROLE_BOX,
        SV("Enter this pane · Tab new pane · C-p ask log · C-d take out · Esc back"));
}

void app_draw_library(App *app, Canvas *canvas)
{
    Rect box = library_box(app);

    canvas_fill(canvas, box, ROLE_BOX);
    canvas_box(canvas, box, ROLE_BOX);
    (void)canvas_printf(canvas, box.x + 2, box.y, box.width - 4, ROLE_BOX_TITLE,
                        " library: %zu predicates ", app->library.count);
    int x = box.x + 2 +
            canvas_text(canvas, box.x + 2, box.y + 1, box.width - 4, ROLE_BOX_KEY, SV("find ❯ "));
    StrView query = prompt_text(&app->library.query);

    (void)canvas_text_cut(canvas, x, box.y + 1, box.x + box.width - x - 2, ROLE_BOX, query);
    canvas->cursor_x = x + utf8_width(sv_slice(query, 0, app->library.query.cursor));
    canvas->cursor_y = box.y + 1;
    if (canvas->cursor_x >= box.x + box.width - 1) {
        canvas->cursor_x = box.x + box.width - 2;
    }
    draw_rows(app, canvas, box);
    draw_foot(app, canvas, box);
}
