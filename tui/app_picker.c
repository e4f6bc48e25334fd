/*
 * The picker: a box with a line to type in and a list that it narrows. What is listed and what
 * choosing does is a table of functions: commands, themes, marks and what is wrong with
 * the configuration are chosen with it.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "tui/app_state.h"

#define NAMES_MEASURED 400 /* of a longer list the first ones tell how wide names are */

/* --- finding ---------------------------------------------------------------------------------- */

static int by_score(const void *a, const void *b)
{
    const PickerItem *one = a;
    const PickerItem *other = b;

    if (one->score != other->score) {
        return one->score > other->score ? -1 : 1;
    }
    return one->index < other->index ? -1 : one->index > other->index;
}

static void find_items(App *app)
{
    Picker *picker = &app->picker;
    StrView query = prompt_text(&picker->query);

    picker->count = 0;
    for (size_t i = 0; i < picker->spec->count(app); i++) {
        int score = picker->spec->score(app, i, query);

        if (score >= 0) {
            mem_grow((void **)&picker->found, &picker->capacity, picker->count,
                     sizeof *picker->found);
            picker->found[picker->count++] = (PickerItem){.index = i, .score = score};
        }
    }
    if (picker->count > 0) {
        qsort(picker->found, picker->count, sizeof *picker->found, by_score);
    }
    picker->choice = picker->choice < picker->count ? picker->choice : 0;
}

static size_t chosen(const App *app)
{
    const Picker *picker = &app->picker;

    return picker->count > 0 ? picker->found[picker->choice].index : SIZE_MAX;
}

/* --- keys ------------------------------------------------------------------------------------- */

unsigned app_picker_open(App *app, const PickerSpec *spec)
{
    app->picker.spec = spec;
    app->picker.choice = 0;
    prompt_open(&app->picker.query, SV(""), NULL);
    find_items(app);
    if (spec->first != NULL) {
        size_t first = spec->first(app);

        for (size_t i = 0; i < app->picker.count; i++) {
            app->picker.choice = app->picker.found[i].index == first ? i : app->picker.choice;
        }
    }
    return APP_REDRAW;
}

bool app_picker_is_open(const App *app)
{
    return app->picker.spec != NULL;
}

static unsigned cancel(App *app)
{
    const PickerSpec *spec = app->picker.spec;

    app->picker.spec = NULL;
    return APP_REDRAW | (spec->cancel != NULL ? spec->cancel(app) : 0);
}

static unsigned accept(App *app)
{
    const PickerSpec *spec = app->picker.spec;
    StrBuf query = {0}; /* what is chosen may open another picker */
    size_t item = chosen(app);

    strbuf_add(&query, prompt_text(&app->picker.query));
    app->picker.spec = NULL;
    unsigned wishes = spec->accept(app, item, strbuf_view(&query));

    strbuf_done(&query);
    return APP_REDRAW | wishes;
}

static unsigned preview(App *app)
{
    const PickerSpec *spec = app->picker.spec;

    return APP_REDRAW |
           (spec->preview != NULL && chosen(app) != SIZE_MAX ? spec->preview(app, chosen(app)) : 0);
}

static unsigned step(App *app, long by)
{
    Picker *picker = &app->picker;
    long count = (long)picker->count;

    if (count == 0) {
        return 0;
    }
    long to = (long)picker->choice + by;

    if (by == 1 || by == -1) {
        to = (to + count) % count;
    }
    picker->choice = (size_t)(to < 0 ? 0 : to >= count ? count - 1 : to);
    return preview(app);
}

static unsigned complete(App *app)
{
    const PickerSpec *spec = app->picker.spec;
    size_t item = chosen(app);
    StrBuf text = {0};

    if (spec->keep != NULL && item != SIZE_MAX) {
        app->picker.spec = NULL;
        return APP_REDRAW | spec->keep(app, item);
    }
    if (spec->complete == NULL || item == SIZE_MAX) {
        return 0;
    }
    spec->complete(app, item, &text);
    prompt_set(&app->picker.query, strbuf_view(&text), text.len);
    strbuf_done(&text);
    find_items(app);
    return APP_REDRAW;
}

static unsigned step_down(App *app)
{
    return step(app, 1);
}

static unsigned step_up(App *app)
{
    return step(app, -1);
}

static unsigned page_down(App *app)
{
    return step(app, 10);
}

static unsigned page_up(App *app)
{
    return step(app, -10);
}

static const struct {
    uint32_t code;
    uint8_t mods;
    unsigned (*run)(App *app);
} KEYS[] = {
    {KEY_CODE_ESCAPE, 0, cancel},
    {'c', KEY_CTRL, cancel},
    {'g', KEY_CTRL, cancel},
    {KEY_CODE_ENTER, 0, accept},
    {KEY_CODE_TAB, 0, complete},
    {KEY_CODE_DOWN, 0, step_down},
    {'n', KEY_CTRL, step_down},
    {KEY_CODE_UP, 0, step_up},
    {'p', KEY_CTRL, step_up},
    {KEY_CODE_MOUSE_WHEEL_DOWN, 0, step_down},
    {KEY_CODE_PAGE_DOWN, 0, page_down},
    {KEY_CODE_MOUSE_WHEEL_UP, 0, step_up},
    {KEY_CODE_PAGE_UP, 0, page_up},
};

static Rect picker_box(const App *app)
{
    int width = app->columns > 110 ? 100 : app->columns - 4;
    int height = app->rows > 12 ? app->rows - 4 : app->rows;
    int wanted = (int)app->picker.spec->count(app) + 4;

    height = height > wanted ? wanted : height;
    if (width < 20 || app->rows < 6) {
        return (Rect){0, 0, app->columns, app->rows};
    }
    return (Rect){(app->columns - width) / 2, app->rows > 12 ? 2 : 0, width, height};
}

/* The first item shown, so that the chosen one is in sight. */
static size_t first_shown(const Picker *picker, int rows)
{
    return rows > 0 && picker->choice >= (size_t)rows ? picker->choice - (size_t)rows + 1 : 0;
}

/* A click chooses, a second one takes; one outside closes. */
static unsigned click(App *app, Key key)
{
    Rect box = picker_box(app);
    Picker *picker = &app->picker;
    int row = key.y - box.y - 2;
    int rows = box.height - 4;

    if (key.x < box.x || key.x >= box.x + box.width || key.y < box.y ||
        key.y >= box.y + box.height) {
        return cancel(app);
    }
    size_t item = first_shown(picker, rows) + (size_t)(row < 0 ? 0 : row);

    if (row < 0 || row >= rows || item >= picker->count) {
        return 0;
    }
    picker->choice = item;
    return key.clicks == 2 ? accept(app) : preview(app);
}

unsigned app_picker_key(App *app, Key key, StrView paste)
{
    for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
        if (KEYS[i].code == key.code && KEYS[i].mods == key.mods) {
            return KEYS[i].run(app);
        }
    }
    if (key.code == KEY_CODE_MOUSE_PRESS) {
        return click(app, key);
    }
    if (prompt_key(&app->picker.query, key, paste) == PROMPT_CHANGED) {
        app->picker.choice = 0;
        find_items(app);
        return preview(app);
    }
    return APP_REDRAW;
}

void app_picker_done(App *app)
{
    prompt_done(&app->picker.query);
    mem_free(app->picker.found);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void picker_text_done(PickerText *text)
{
    strbuf_done(&text->name);
    strbuf_done(&text->about);
    strbuf_done(&text->right);
}

/* By the longest name of all items, so that it stays the same while they are narrowed. */
static int name_width(const App *app, int columns)
{
    size_t count = app->picker.spec->count(app);
    int most = columns * 2 / 5;
    int longest = 0;

    for (size_t i = 0; i < count && i < NAMES_MEASURED && longest < most; i++) {
        PickerText text = {0};

        app->picker.spec->text(app, i, &text);
        int width = utf8_width(strbuf_view(&text.name));

        longest = width > longest ? width : longest;
        picker_text_done(&text);
    }
    return longest < most ? longest : most;
}

static void draw_item(App *app, Canvas *canvas, Rect line, int name, size_t item, bool is_chosen)
{
    PickerText text = {0};
    Role ground = is_chosen ? ROLE_BOX_CURRENT : ROLE_BOX;

    app->picker.spec->text(app, item, &text);
    int keys = utf8_width(strbuf_view(&text.right));

    keys = keys < line.width / 3 ? keys : line.width / 3;
    canvas_fill(canvas, line, ground);
    (void)canvas_text_cut(canvas, line.x + 1, line.y, name, is_chosen ? ground : ROLE_BOX_KEY,
                          strbuf_view(&text.name));
    (void)canvas_text_cut(canvas, line.x + name + 2, line.y, line.width - name - keys - 4, ground,
                          strbuf_view(&text.about));
    (void)canvas_text_cut(canvas, line.x + line.width - keys - 1, line.y, keys,
                          is_chosen ? ground : ROLE_BOX_TITLE, strbuf_view(&text.right));
    picker_text_done(&text);
}

static void draw_query(App *app, Canvas *canvas, Rect box)
{
    Prompt *query = &app->picker.query;
    int x = box.x + 2 +
            canvas_text(canvas, box.x + 2, box.y + 1, box.width - 4, ROLE_BOX_KEY, SV("❯ "));
    int room = box.x + box.width - x - 2;
    StrView text = prompt_text(query);
    size_t from = app_first_shown(text, query->cursor, room);

    (void)canvas_text_cut(canvas, x, box.y + 1, room, ROLE_BOX, sv_slice(text, from, SIZE_MAX));
    canvas->cursor_x = x + utf8_width(sv_slice(text, from, query->cursor - from));
    canvas->cursor_y = box.y + 1;
}

void app_draw_picker(App *app, Canvas *canvas)
{
    Picker *picker = &app->picker;
    Rect box = picker_box(app);
    int rows = box.height - 4;

    canvas_fill(canvas, box, ROLE_BOX);
    canvas_box(canvas, box, ROLE_BOX);
    (void)canvas_printf(canvas, box.x + 2, box.y, box.width - 4, ROLE_BOX_TITLE, " %s ",
                        picker->spec->title);
    draw_query(app, canvas, box);
    size_t from = first_shown(picker, rows);
    int name = name_width(app, box.width - 2);

    for (int i = 0; i < rows && from + (size_t)i < picker->count; i++) {
        size_t at = from + (size_t)i;

        draw_item(app, canvas, (Rect){box.x + 1, box.y + 2 + i, box.width - 2, 1}, name,
                  picker->found[at].index, at == picker->choice);
    }
    if (picker->count == 0 && rows > 0) {
        (void)canvas_text_cut(canvas, box.x + 2, box.y + 2, box.width - 4, ROLE_BOX,
                              sv(picker->spec->nothing));
    }
    (void)canvas_text_cut(canvas, box.x + 2, box.y + box.height - 2, box.width - 4, ROLE_BOX_TITLE,
                          sv(picker->spec->foot));
}
