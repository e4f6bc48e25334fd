/*
 * Keys of the explorer: numbers before a command, sequences, and the menu of what may follow the
 * beginning of one. What a command does is in app_commands.c and its neighbours.
 */
#include "tui/app_state.h"
#include "tui/command_list.h"

/* A digit alone goes to the pane of that number, but vi's users begin "10j" with one: so long is
 * waited for what follows. */
#define DIGIT_WAIT_NS (INT64_C(200) * NS_PER_MS)
#define DIGITS_MAX 10000000

#define MENU_COLUMN 40 /* cells of an item */
#define MENU_KEY 8

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

static void put_item(const App *app, Canvas *canvas, const Binding *binding, Rect cell)
{
    StrBuf keys = {0};

    keymap_print_sequence(binding->keys + app->pending_count,
                          binding->key_count - app->pending_count, &keys);
    (void)canvas_text_cut(canvas, cell.x, cell.y, MENU_KEY, ROLE_BOX_KEY, strbuf_view(&keys));
    (void)canvas_text_cut(canvas, cell.x + MENU_KEY, cell.y, cell.width - MENU_KEY, ROLE_BOX,
                          sv(binding->command->help));
    strbuf_done(&keys);
}

void app_draw_keys_menu(App *app, Canvas *canvas)
{
    size_t items[64];
    int count = 0;

    for (size_t i = 0; app->pending_count > 0 && i < keymap_count(app->keymap); i++) {
        if (count < (int)ARRAY_LEN(items) && continues(app, keymap_get(app->keymap, i)) &&
            is_first(app, i)) {
            items[count++] = i;
        }
    }
    int columns = app->columns / MENU_COLUMN > 0 ? app->columns / MENU_COLUMN : 1;
    int rows = (count + columns - 1) / columns;
    int bottom = app->layout.status.y;

    if (count == 0 || bottom < 2) {
        return;
    }
    bool is_cut = rows + 1 > bottom;

    rows = is_cut ? bottom - 1 : rows;
    count = count < rows * columns ? count : rows * columns;
    Rect box = {0, bottom - rows - 1, app->columns, rows + 1};
    StrBuf head = {0};

    canvas_fill(canvas, box, ROLE_BOX);
    canvas_hline(canvas, box.x, box.y, box.width, ROLE_BOX);
    strbuf_add_str(&head, " ");
    app_keys_pending(app, &head);
    strbuf_add_str(&head, is_cut ? " then · ? has all " : " then · Esc none ");
    (void)canvas_text_cut(canvas, box.x + 2, box.y, box.width - 4, ROLE_BOX_TITLE,
                          strbuf_view(&head));
    strbuf_done(&head);
    for (int i = 0; i < count; i++) { /* column by column, as one reads a list */
        Rect cell = {1 + i / rows * (app->columns / columns), box.y + 1 + i % rows,
                     app->columns / columns - 2, 1};

        put_item(app, canvas, keymap_get(app->keymap, items[i]), cell);
    }
}
