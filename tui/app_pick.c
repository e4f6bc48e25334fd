/*
 * "Only this" and "not this": from a field of the selected entry to a comparison in the pane's
 * predicate. What is added is ordinary predicate text: p edits it on, u takes it back.
 */
#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/app_detail.h"
#include "tui/app_state.h"
#include "tui/command_list.h"

/* A message longer than this is compared by its beginning. */
#define SAME_MAX 400

typedef struct PickField {
    char key;
    FieldId field;
    const char *label;
} PickField;

/* FIELD_MESSAGE stands for what the search has found in the entry. */
static const PickField PICK_FIELDS[] = {
    {'p', FIELD_PROCESS, "process"},   {'s', FIELD_SUBSYSTEM, "subsystem"},
    {'c', FIELD_CATEGORY, "category"}, {'l', FIELD_LEVEL, "level"},
    {'t', FIELD_THREAD, "thread"},     {'a', FIELD_ACTIVITY, "activity"},
    {'n', FIELD_SENDER, "sender"},     {'m', FIELD_MESSAGE, "found text"},
};

/* The first match of the search in the message; nil when nothing is searched for or found. */
static StrView found_text(const App *app, const Entry *entry)
{
    Search *search = session_search(app->session);
    size_t start;
    size_t end;

    if (!search_is_on(search) || entry->message.ptr == NULL ||
        !search_span(search, entry->message, 0, &start, &end) || start == end) {
        return SV_NONE;
    }
    return sv_slice(entry->message, start, end - start);
}

/* The words of enumerations begin with a small letter in predicates, and have no quotes. */
static void put_word(const Entry *entry, FieldId field, StrBuf *buf)
{
    size_t start = buf->len;

    if (entry_print_field(entry, field, buf) && buf->len > start) {
        buf->ptr[start] = (char)(buf->ptr[start] | 0x20);
    }
}

static void put_time(const Entry *entry, FieldId field, StrBuf *buf)
{
    StrBuf text = {0};

    if (entry_print_field(entry, field, &text)) {
        predicate_quote(strbuf_view(&text), buf);
    }
    strbuf_done(&text);
}

static void put_number(const Entry *entry, FieldId field, StrBuf *buf)
{
    uint64_t number;

    if (entry_number(entry, field, &number)) {
        strbuf_printf(buf, FIELDS[field].flags & FIELD_HEX ? "0x%" PRIx64 : "%" PRIu64, number);
    }
}

static void put_text(const Entry *entry, FieldId field, StrBuf *buf)
{
    StrView text = entry_text(entry, field);

    if (text.ptr == NULL) {
        strbuf_add_str(buf, "nil");
    } else {
        predicate_quote(text, buf);
    }
}

/* Appends the constant that a comparison of the field needs; false when there is nothing to compare
 * with. The entry must have been read in full where the field asks for it. */
static bool put_constant(const Entry *entry, FieldId field, StrBuf *buf)
{
    static void (*const PUT[])(const Entry *entry, FieldId field, StrBuf *buf) = {
        [FIELD_TEXT] = put_text, [FIELD_NUMBER] = put_number, [FIELD_ENUM] = put_word,
        [FIELD_TIME] = put_time, [FIELD_UUID] = put_text,
    };
    size_t start = buf->len;

    PUT[FIELDS[field].type](entry, field, buf);
    return buf->len > start;
}

/* The same for a choice of "only this": its message is what the search has found. */
static bool put_picked(const App *app, const Entry *entry, const PickField *pick, StrBuf *buf)
{
    if (pick->field != FIELD_MESSAGE) {
        return put_constant(entry, pick->field, buf);
    }
    StrView text = found_text(app, entry);

    if (text.ptr != NULL) {
        predicate_quote(text, buf);
    }
    return text.ptr != NULL;
}

static bool put_clause(const App *app, const PickField *pick, bool is_only, StrBuf *buf)
{
    StoreRow row;
    Entry entry;
    StrBuf constant = {0};

    if (!app_selected_row(app, &row)) {
        return false;
    }
    columns_entry(row.columns, row.index, &entry);
    bool has_any = put_picked(app, &entry, pick, &constant);

    if (has_any && pick->field == FIELD_MESSAGE) {
        strbuf_printf(buf, "%s%s CONTAINS %s", is_only ? "" : "NOT ", FIELDS[pick->field].name,
                      constant.ptr);
    } else if (has_any) {
        strbuf_printf(buf, "%s %s %s", FIELDS[pick->field].name,
                      is_only ? "==" : "!=", constant.ptr);
    }
    strbuf_done(&constant);
    return has_any;
}

/* Joins what is in force and the new comparison by AND, with parentheses only where they matter. */
static void join_clause(const App *app, StrView clause, StrBuf *buf)
{
    const Filter *filter = view_filter(app_pane(app)->view);
    StrView old = strbuf_view(&app_pane(app)->predicate);
    bool is_or = predicate_root(filter_predicate(filter))->kind == PREDICATE_OR;

    if (!filter_is_all(filter)) {
        strbuf_printf(buf, is_or ? "(%.*s) AND " : "%.*s AND ", SV_ARG(sv_trim(old)));
    }
    strbuf_add(buf, clause);
}

static void apply_clause(App *app, StrView clause)
{
    StrBuf predicate = {0};

    join_clause(app, clause, &predicate);
    (void)app_change_predicate(app, strbuf_view(&predicate)); /* a fault is said */
    strbuf_done(&predicate);
}

unsigned app_pick_open(App *app, bool is_only)
{
    if (app_selected(app) == 0) {
        return 0;
    }
    app->pick = is_only ? PICK_ONLY : PICK_NOT;
    return APP_REDRAW;
}

static unsigned pick_key(App *app, Key key, bool is_only)
{
    for (size_t i = 0; i < ARRAY_LEN(PICK_FIELDS); i++) {
        if (key.mods != 0 || key.code != (uint32_t)PICK_FIELDS[i].key) {
            continue;
        }
        StrBuf clause = {0};

        if (put_clause(app, &PICK_FIELDS[i], is_only, &clause)) {
            apply_clause(app, strbuf_view(&clause));
        } else {
            app_say(app, ROLE_OUTCOME_WAIT, "this entry has no %s", PICK_FIELDS[i].label);
        }
        strbuf_done(&clause);
        break;
    }
    return APP_REDRAW;
}

/* --- the field that the cursor is on in the whole entry --------------------------------------- */

/* Whole messages are compared, long ones by their beginning; an error is looked for in them. */
static void put_message_clause(const DetailItem *item, StrView value, bool is_only, StrBuf *buf)
{
    const char *name = FIELDS[FIELD_MESSAGE].name;
    StrView start = value;

    if (item->kind == DETAIL_ERROR) {
        strbuf_printf(buf, "%s%s CONTAINS ", is_only ? "" : "NOT ", name);
    } else if (value.len <= SAME_MAX) {
        strbuf_printf(buf, "%s %s ", name, is_only ? "==" : "!=");
    } else {
        size_t len = 0;
        int width;

        while (len < SAME_MAX) {
            len += utf8_cluster(sv_slice(value, len, SIZE_MAX), &width);
        }
        start = sv_slice(value, 0, len);
        strbuf_printf(buf, "%s%s BEGINSWITH ", is_only ? "" : "NOT ", name);
    }
    predicate_quote(start, buf);
}

/* Appends the comparison of the item with its own value; false when it is nothing to compare. */
static bool put_item_clause(App *app, const DetailItem *item, bool is_only, StrBuf *buf)
{
    StrBuf scratch = {0};
    StrBuf constant = {0};
    StoreRow row;
    Entry entry;
    StrView value = detail_value(app->detail, item);

    if (item->kind == DETAIL_RAW || !app_selected_row(app, &row)) {
        return false;
    }
    if (item->field == FIELD_MESSAGE) {
        put_message_clause(item, value, is_only, buf);
        return true;
    }
    columns_entry_full(row.columns, row.index, &scratch, &entry);
    bool has_any;

    if (item->field == FIELD_HOST) { /* the session's knowledge, not the entry's */
        predicate_quote(value, &constant);
        has_any = true;
    } else {
        has_any = put_constant(&entry, item->field, &constant);
    }
    if (has_any) {
        strbuf_printf(buf, "%s %s %s", item->name, is_only ? "==" : "!=", constant.ptr);
    }
    strbuf_done(&constant);
    strbuf_done(&scratch);
    return has_any;
}

unsigned command_field_filter(App *app, int is_only)
{
    const DetailItem *item = app_detail_item(app);
    StrBuf clause = {0};

    if (item == NULL) {
        return 0;
    }
    if (put_item_clause(app, item, is_only != 0, &clause)) {
        apply_clause(app, strbuf_view(&clause));
    } else {
        app_say(app, ROLE_OUTCOME_WAIT, "'%s' is nothing to filter by", item->name);
    }
    strbuf_done(&clause);
    return APP_REDRAW;
}

/* The menu of a field: the commands there are for it, by the keys that they have without it. */
static const char *const FIELD_ACTIONS[] = {"copy-value", "field-only", "field-not",
                                            "field-highlight", "copy-entry"};

static bool is_field_action(const Command *command)
{
    for (size_t i = 0; i < ARRAY_LEN(FIELD_ACTIONS); i++) {
        if (strcmp(command->name, FIELD_ACTIONS[i]) == 0) {
            return true;
        }
    }
    return false;
}

static unsigned field_key(App *app, Key key)
{
    const Binding *binding;

    if (keymap_find(app->keymap, MODE_DETAIL, &key, 1, &binding) != KEYMAP_BINDING ||
        !is_field_action(binding->command)) {
        return APP_REDRAW;
    }
    return binding->command->run(app, binding->command->argument) | APP_REDRAW;
}

unsigned app_pick_key(App *app, Key key)
{
    Pick pick = app->pick;

    app->pick = PICK_NONE;
    return pick == PICK_FIELD ? field_key(app, key) : pick_key(app, key, pick == PICK_ONLY);
}

static void draw_field_menu(App *app, Canvas *canvas)
{
    const DetailItem *item = app_detail_item(app);
    Rect area = app->layout.prompt;
    int y = area.y;

    if (item == NULL) {
        return;
    }
    int x = area.x + 1;

    x += canvas_printf(canvas, x, y, area.width / 2, ROLE_PROMPT, "%s ❯ ", item->name);
    (void)canvas_text_cut(canvas, x, y, area.x + area.width - x, ROLE_PROMPT_TEXT,
                          detail_value(app->detail, item));
    y += area.height > 1 ? 1 : 0;
    x = area.x + 1;
    for (size_t i = 0; i < ARRAY_LEN(FIELD_ACTIONS); i++) {
        const Command *command = command_find_name(sv(FIELD_ACTIONS[i]));
        StrBuf keys = {0};

        keymap_print_keys(app->keymap, command, 1, &keys);
        x += canvas_printf(canvas, x, y, area.x + area.width - x, ROLE_STATUS_KEY, "%.*s ",
                           SV_ARG(strbuf_view(&keys)));
        x += canvas_printf(canvas, x, y, area.x + area.width - x, ROLE_PROMPT_TEXT, "%s  ",
                           command->hint);
        strbuf_done(&keys);
    }
}

void app_draw_pick(App *app, Canvas *canvas)
{
    Rect area = app->layout.prompt;
    StoreRow row;
    Entry entry;
    int x = area.x + 1;
    int y = area.y;

    if (area.height == 0 || !app_selected_row(app, &row)) {
        return;
    }
    columns_entry(row.columns, row.index, &entry);
    canvas_fill(canvas, area, ROLE_PROMPT_TEXT);
    if (app->pick == PICK_FIELD) {
        draw_field_menu(app, canvas);
        return;
    }
    x += canvas_printf(canvas, x, y, area.width - x, ROLE_PROMPT, "%s ❯ ",
                       app->pick == PICK_ONLY ? "only this" : "not this");
    int left = x;

    for (size_t i = 0; i < ARRAY_LEN(PICK_FIELDS); i++) {
        StrBuf value = {0};
        bool has_any = put_picked(app, &entry, &PICK_FIELDS[i], &value);
        int width = utf8_width(sv(PICK_FIELDS[i].label)) + 3;
        int wanted = width + (area.width > 120 ? utf8_width(strbuf_view(&value)) + 1 : 0);

        if (x + (wanted < 40 ? wanted : 40) > area.x + area.width && y == area.y &&
            area.height > 1) {
            y++;
            x = left;
        }
        if (has_any) {
            x += canvas_printf(canvas, x, y, area.width - x, ROLE_STATUS_KEY, "%c ",
                               PICK_FIELDS[i].key);
            x += canvas_printf(canvas, x, y, area.width - x, ROLE_PROMPT_TEXT, "%s ",
                               PICK_FIELDS[i].label);
            if (area.width > 120) {
                x += canvas_text_cut(canvas, x, y, 30 < area.width - x ? 30 : area.width - x,
                                     ROLE_TOKEN_TEXT, strbuf_view(&value));
            }
            x += 1;
        }
        strbuf_done(&value);
    }
}
