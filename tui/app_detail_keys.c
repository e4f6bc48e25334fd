/*
 * Acting in the whole entry: a cursor that goes from field to field, and what can be done with the
 * field it is on. How a field becomes a comparison is in app_pick.c, how a text gets to the
 * clipboard in app_copy.c.
 */
#include "base/utf8.h"
#include "session/excerpt.h"
#include "tui/app_detail.h"
#include "tui/app_state.h"
#include "tui/command_list.h"

/* So much of a value is lit, of its first line. */
#define HIGHLIGHT_CELLS 120

const DetailItem *app_detail_item(App *app)
{
    if (app->mode != MODE_DETAIL || !app_detail_take(app) ||
        app->detail->cursor >= app->detail->item_count) {
        return NULL;
    }
    return &app->detail->items[app->detail->cursor];
}

/* --- in sight --------------------------------------------------------------------------------- */

static int first_row(const DetailItem *item)
{
    return (int)item->first_line;
}

static int last_row(const DetailItem *item)
{
    return (int)(item->first_line + item->line_count) - 1;
}

static int height_of(const App *app)
{
    return app->layout.detail.height > 0 ? app->layout.detail.height : 1;
}

static bool is_in_sight(const App *app, const DetailItem *item)
{
    return last_row(item) >= app->detail_scroll &&
           first_row(item) < app->detail_scroll + height_of(app);
}

static void clip_scroll(App *app)
{
    int most = (int)app->detail->line_count - height_of(app);

    app->detail_scroll = app->detail_scroll < most ? app->detail_scroll : most;
    app->detail_scroll = app->detail_scroll > 0 ? app->detail_scroll : 0;
}

/* Scrolls so that all of the item is in sight, or its beginning where it is taller than that. */
static void seek(App *app, const DetailItem *item)
{
    if (last_row(item) >= app->detail_scroll + height_of(app)) {
        app->detail_scroll = last_row(item) - height_of(app) + 1;
    }
    if (first_row(item) < app->detail_scroll) {
        app->detail_scroll = first_row(item);
    }
    clip_scroll(app);
}

static bool is_alike(const DetailItem *item, DetailItemKind kind, FieldId field)
{
    return item->kind == kind && item->field == field;
}

void app_detail_settle(App *app)
{
    Detail *detail = app->detail;
    size_t nth = detail->kept_nth;

    if (!detail->is_new) {
        return;
    }
    detail->is_new = false;
    detail->cursor = 0;
    for (size_t i = 0; detail->is_kept && i < detail->item_count; i++) {
        if (is_alike(&detail->items[i], detail->kept_kind, detail->kept_field) && nth-- == 0) {
            detail->cursor = i;
            if (detail->is_other) {
                seek(app, &detail->items[i]);
            }
            break;
        }
    }
    clip_scroll(app);
}

/* --- moving ----------------------------------------------------------------------------------- */

static void put_cursor(App *app, size_t index)
{
    Detail *detail = app->detail;

    detail->cursor = index;
    detail->is_kept = true;
    detail->kept_kind = detail->items[index].kind;
    detail->kept_field = detail->items[index].field;
    detail->kept_nth = 0;
    for (size_t i = 0; i < index; i++) {
        detail->kept_nth += is_alike(&detail->items[i], detail->kept_kind, detail->kept_field);
    }
}

/* The item in sight that is nearest to where the reader comes from. */
static size_t item_in_sight(const App *app, int by)
{
    const Detail *detail = app->detail;

    for (size_t i = 0; i < detail->item_count; i++) {
        size_t at = by > 0 ? i : detail->item_count - 1 - i;

        if (is_in_sight(app, &detail->items[at])) {
            return at;
        }
    }
    return SIZE_MAX;
}

/* A step to the next field when it is in sight, else a row: a long message is read on the way. */
unsigned command_detail_step(App *app, int by)
{
    const DetailItem *item = app_detail_item(app);

    if (item == NULL) {
        return command_scroll_detail(app, by);
    }
    if (!is_in_sight(app, item)) {
        size_t found = item_in_sight(app, by);

        if (found != SIZE_MAX) {
            put_cursor(app, found);
            return APP_REDRAW;
        }
        return command_scroll_detail(app, by);
    }
    size_t next = app->detail->cursor + (by > 0 ? 1 : SIZE_MAX);

    if (next >= app->detail->item_count) {
        return command_scroll_detail(app, by);
    }
    const DetailItem *other = &app->detail->items[next];

    if (!is_in_sight(app, other)) {
        (void)command_scroll_detail(app, by); /* it asks for nothing but a frame */
    }
    if (is_in_sight(app, other)) {
        put_cursor(app, next);
        if ((int)other->line_count < height_of(app)) {
            seek(app, other);
        }
    }
    return APP_REDRAW;
}

unsigned command_detail_field(App *app, int by)
{
    if (app_detail_item(app) == NULL) {
        return 0;
    }
    size_t count = app->detail->item_count;

    put_cursor(app, (app->detail->cursor + (by > 0 ? 1 : count - 1)) % count);
    seek(app, app_detail_item(app));
    return APP_REDRAW;
}

/* --- acting ----------------------------------------------------------------------------------- */

unsigned command_copy_value(App *app, int argument)
{
    const DetailItem *item = app_detail_item(app);

    (void)argument;
    if (item == NULL) {
        return 0;
    }
    return app_copy_seen(app, 0, detail_value(app->detail, item), item->name);
}

/* The selected entry, or the one that the chosen row of the enrolment's panes is about. */
static bool meant_row(App *app, EntryNumber *ret_number, StoreRow *ret_row)
{
    const PaneOps *ops = app_pane_ops(app, app->focus);
    int row = app_place(app)->choice;

    *ret_number = ops == NULL             ? app_selected(app)
                  : row < ops->count(app) ? ops->entry(app, row, false)
                                          : 0;
    if (*ret_number != 0 && store_find(session_store(app->session), *ret_number, ret_row)) {
        return true;
    }
    app_say(app, ROLE_OUTCOME_WAIT, "there is no entry to copy");
    return false;
}

unsigned command_copy_message(App *app, int argument)
{
    StoreRow row;
    EntryNumber number;
    StrBuf scratch = {0};
    Entry entry;

    (void)argument;
    if (!meant_row(app, &number, &row)) {
        return APP_REDRAW;
    }
    columns_entry_full(row.columns, row.index, &scratch, &entry);

    unsigned wishes = app_copy_seen(app, 0, entry.message, "the message");

    strbuf_done(&scratch);
    return wishes;
}

unsigned command_copy_entry(App *app, int argument)
{
    StoreRow row;
    EntryNumber number;
    StrBuf text = {0};

    (void)argument;
    if (!meant_row(app, &number, &row)) {
        return APP_REDRAW;
    }
    excerpt_print_entry(FORMAT_TEXT, row.columns, row.index, NULL, NULL, &text);

    unsigned wishes = app_copy_seen(app, number, strbuf_view(&text), "the entry");

    strbuf_done(&text);
    return wishes;
}

unsigned command_field_menu(App *app, int argument)
{
    (void)argument;
    if (app_detail_item(app) == NULL) {
        return 0;
    }
    app->pick = PICK_FIELD;
    return APP_REDRAW;
}

/* Puts `value` as a pattern that matches just that. */
static void put_pattern(StrView value, StrBuf *buf)
{
    for (size_t i = 0; i < value.len; i++) {
        char byte = value.ptr[i];
        bool is_mark = byte > ' ' && byte < 0x7F && !(byte >= '0' && byte <= '9') &&
                       !(byte >= 'A' && byte <= 'Z') && !(byte >= 'a' && byte <= 'z') &&
                       byte != '_';

        if (is_mark) {
            strbuf_add_char(buf, '\\');
        }
        strbuf_add_char(buf, byte);
    }
}

/* The same value again puts the light out. */
unsigned command_field_highlight(App *app, int argument)
{
    const DetailItem *item = app_detail_item(app);
    StrBuf pattern = {0};
    int width;

    (void)argument;
    if (item == NULL) {
        return 0;
    }
    StrView value = detail_value(app->detail, item);

    value = sv_slice(value, 0, sv_find_char(value, '\n'));
    put_pattern(sv_slice(value, 0, utf8_fit(value, HIGHLIGHT_CELLS, &width)), &pattern);
    unsigned wishes = command_highlight_text(app, strbuf_view(&pattern));

    strbuf_done(&pattern);
    return wishes;
}

/* --- the mouse -------------------------------------------------------------------------------- */

unsigned app_detail_press(App *app, int row, unsigned clicks)
{
    if (app_detail_item(app) == NULL) {
        return clicks == 2 ? command_detail(app, 0) : 0;
    }
    size_t at = (size_t)app->detail_scroll + (size_t)row;

    if (at >= app->detail->line_count || app->detail->lines[at].item < 0) {
        return 0;
    }
    put_cursor(app, (size_t)app->detail->lines[at].item);
    return clicks == 2 ? command_field_menu(app, 0) : APP_REDRAW;
}
