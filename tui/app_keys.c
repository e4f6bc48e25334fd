/*
 * Keys of the explorer: numbers before a command, sequences, and the menu of what may follow the
 * beginning of one. What a command does is in app_commands.c and its neighbours.
 */
#include "base/utf8.h"
#include "tui/app_state.h"
#include "tui/command_list.h"

/* A digit alone goes to the pane of that number, but vi's users begin "10j" with one: so long is
 * waited for what follows. */
#define DIGIT_WAIT_NS (INT64_C(200) * NS_PER_MS)
#define DIGITS_MAX 10000000

#define MENU_TEXT_MIN 16 /* cells of a text: no more columns than let it have them */

/* --- numbers ---------------------------------------------------------------------------------- */

static bool is_digit(const App *app, Key key)
{
    char first = app->digits >= 0 ? '0' : '1';

    return key.mods == 0 && key.code >= (uint32_t)first && key.code <= '9' &&
           app->mode != MODE_HELP && app->pending_count == 0;
}

static unsigned add_digit(App *app, Key key)
{
    int digit = (int)(key.code - '0');

    if (app->digits < 0) {
        app->digits = digit;
        app->digits_until = app->now + DIGIT_WAIT_NS;
    } else {
        app->digits = app->digits * 10 + digit;
        app->digits = app->digits < DIGITS_MAX ? app->digits : DIGITS_MAX;
        app->digits_until = INT64_MAX; /* no pane has such a number */
    }
    return APP_REDRAW;
}

/* What was typed is no number of times after all. */
static unsigned use_digit(App *app)
{
    int digit = app->digits;

    app->digits = -1;
    return digit >= 1 && digit <= 9 && !app->digits_are_counts ? command_pane(app, digit) : 0;
}

int64_t app_keys_deadline(const App *app)
{
    return app->digits >= 0 ? app->digits_until : INT64_MAX;
}

unsigned app_keys_late(App *app)
{
    return app->digits >= 0 && app->now >= app->digits_until ? use_digit(app) : 0;
}

/* --- sequences -------------------------------------------------------------------------------- */

static unsigned run(App *app, const Command *command, StrView text)
{
    const CommandText *with_text = command_text(command);

    app->ran = command;
    if (command->run != command_quit) {
        app->quit_until = 0; /* the question was not answered */
    }
    return text.len > 0 && with_text != NULL ? with_text->run(app, text)
                                             : command->run(app, command->argument);
}

static unsigned run_binding(App *app, const Binding *binding)
{
    unsigned wishes = 0;

    if (app->digits >= 0 && (binding->command->flags & COMMAND_COUNTED) == 0) {
        wishes = use_digit(app);
    }
    app->times = app->digits > 0 ? app->digits : 0;
    app->digits = -1;
    wishes |= run(app, binding->command, binding->text);
    app->times = 0;
    return wishes;
}

static unsigned tell_unknown(App *app)
{
    StrBuf keys = {0};

    keymap_print_sequence(app->pending, app->pending_count, &keys);
    app_say(app, ROLE_OUTCOME_WAIT, "nothing is called by %s", keys.ptr);
    strbuf_done(&keys);
    return APP_REDRAW;
}

unsigned app_dispatch(App *app, Key key)
{
    const Binding *binding;
    unsigned wishes = app_keys_late(app);

    if (is_digit(app, key)) {
        return wishes | add_digit(app, key);
    }
    app->pending[app->pending_count++] = key;
    switch (keymap_find(app->keymap, app->mode, app->pending, app->pending_count, &binding)) {
    case KEYMAP_PREFIX:
        return wishes | APP_REDRAW;
    case KEYMAP_BINDING:
        app->pending_count = 0;
        return wishes | run_binding(app, binding);
    default:
        break;
    }
    if (app->pending_count > 1 && key.code != KEY_CODE_ESCAPE) {
        wishes |= tell_unknown(app);
    }
    wishes |= app->pending_count > 1 || app->digits >= 0 ? APP_REDRAW : 0;
    app->pending_count = 0;
    app->digits = -1;
    return wishes;
}

unsigned app_run_line(App *app, StrView line)
{
    Err err = err_none();
    StrView text;
    const Command *command = command_parse(line, &text, &err);

    if (command == NULL) {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
        return APP_REDRAW;
    }
    return run(app, command, text);
}

void app_keys_pending(const App *app, StrBuf *buf)
{
    if (app->digits >= 0) {
        strbuf_printf(buf, "%d ", app->digits);
    }
    keymap_print_sequence(app->pending, app->pending_count, buf);
    strbuf_add_str(buf, app->digits >= 0 || app->pending_count > 0 ? "…" : "");
}

/* --- the menu --------------------------------------------------------------------------------- */

static bool continues(const App *app, const Binding *binding)
{
    Mode mode = app->mode;

    while (binding->mode != mode) {
        if (!command_mode_parent(mode, &mode)) {
            return false;
        }
    }
    for (size_t i = 0; i < app->pending_count; i++) {
        if (i >= binding->key_count || binding->keys[i].code != app->pending[i].code ||
            binding->keys[i].mods != app->pending[i].mods) {
            return false;
        }
    }
    return true;
}

/* A command with several keys is told once, with the first of them. */
static bool is_first(const App *app, size_t index)
{
    const Binding *binding = keymap_get(app->keymap, index);

    for (size_t i = 0; i < index; i++) {
        const Binding *other = keymap_get(app->keymap, i);

        if (other->command == binding->command && sv_equal(other->text, binding->text) &&
            continues(app, other)) {
            return false;
        }
    }
    return true;
}

#define MENU_ITEMS 64
#define MENU_LIST_MIN 2 /* rows that are left of the screen above it */

/* What may follow, and how it stands in the box. */
typedef struct Menu {
    const Binding *items[MENU_ITEMS];
    int count;
    int key_width;  /* of the longest keys, with the blank behind them */
    int text_width; /* of the longest text */
    int columns, rows;
} Menu;

static void print_rest(const App *app, const Binding *binding, StrBuf *buf)
{
    keymap_print_sequence(binding->keys + app->pending_count,
                          binding->key_count - app->pending_count, buf);
}

static void collect(const App *app, Menu *menu)
{
    for (size_t i = 0; i < keymap_count(app->keymap) && menu->count < MENU_ITEMS; i++) {
        const Binding *binding = keymap_get(app->keymap, i);
        StrBuf keys = {0};

        if (!continues(app, binding) || !is_first(app, i)) {
            continue;
        }
        print_rest(app, binding, &keys);
        int key = utf8_width(strbuf_view(&keys)) + 1;
        int text = utf8_width(sv(binding->command->help));

        strbuf_done(&keys);
        menu->key_width = key > menu->key_width ? key : menu->key_width;
        menu->text_width = text > menu->text_width ? text : menu->text_width;
        menu->items[menu->count++] = binding;
    }
}

/* As few columns as the rows allow. Where all of them would cut the texts, those are cut rather
 * than left out: the keys are what is looked for. */
static void share_out(Menu *menu, int width, int height)
{
    int least = menu->key_width + MENU_TEXT_MIN + 2;
    int most = width / least > 1 ? width / least : 1;

    menu->columns = 1;
    while (menu->columns < most && menu->columns * height < menu->count) {
        menu->columns++;
    }
    menu->rows = (menu->count + menu->columns - 1) / menu->columns;
    menu->rows = menu->rows < height ? menu->rows : height;
}

static void put_item(const App *app, Canvas *canvas, const Menu *menu, const Binding *binding,
                     Rect cell)
{
    StrBuf keys = {0};

    print_rest(app, binding, &keys);
    (void)canvas_text_cut(canvas, cell.x, cell.y, menu->key_width, ROLE_BOX_KEY,
                          strbuf_view(&keys));
    (void)canvas_text_cut(canvas, cell.x + menu->key_width, cell.y, cell.width - menu->key_width,
                          ROLE_BOX, sv(binding->command->help));
    strbuf_done(&keys);
}

static void put_head(const App *app, Canvas *canvas, Rect box, int left_out)
{
    StrBuf head = {0};

    canvas_hline(canvas, box.x, box.y, box.width, ROLE_BOX);
    strbuf_add_str(&head, " ");
    app_keys_pending(app, &head);
    if (left_out > 0) {
        strbuf_printf(&head, " then · +%d more in ? ", left_out);
    } else {
        strbuf_add_str(&head, " then · Esc none ");
    }
    (void)canvas_text_cut(canvas, box.x + 2, box.y, box.width - 4, ROLE_BOX_TITLE,
                          strbuf_view(&head));
    strbuf_done(&head);
}

void app_draw_keys_menu(App *app, Canvas *canvas)
{
    Menu menu = {0};
    int bottom = app->layout.status.y;
    int height = bottom - 1 > MENU_LIST_MIN + 3 ? bottom - 1 - MENU_LIST_MIN : bottom - 1;

    if (app->pending_count > 0) {
        collect(app, &menu);
    }
    if (menu.count == 0 || height < 1) {
        return;
    }
    share_out(&menu, app->columns - 2, height);
    int shown = menu.count < menu.rows * menu.columns ? menu.count : menu.rows * menu.columns;
    int wish = menu.key_width + menu.text_width + 2;
    int share = (app->columns - 2) / menu.columns;
    Rect box = {0, bottom - menu.rows - 1, app->columns, menu.rows + 1};

    canvas_fill(canvas, box, ROLE_BOX);
    put_head(app, canvas, box, menu.count - shown);
    share = menu.columns > 1 && wish < share ? wish : share;
    for (int i = 0; i < shown; i++) { /* column by column, as one reads a list */
        Rect cell = {2 + i / menu.rows * share, box.y + 1 + i % menu.rows, share - 1, 1};

        put_item(app, canvas, &menu, menu.items[i], cell);
    }
}
