/*
 * "Only this" and "not this": from a field of the selected entry to a comparison in the pane's
 * predicate. What is added is ordinary predicate text: p edits it on, u takes it back.
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/app_state.h"

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

/* Appends the constant that a comparison of the field needs; false when there is nothing to pick.
 */
static bool put_constant(const App *app, const Entry *entry, const PickField *pick, StrBuf *buf)
{
    uint64_t number;

    if (pick->field == FIELD_MESSAGE) {
        StrView text = found_text(app, entry);

        if (text.ptr != NULL) {
            predicate_quote(text, buf);
        }
        return text.ptr != NULL;
    }
    if (pick->field == FIELD_LEVEL) {
        for (const char *at = level_name(entry->level); *at != '\0'; at++) {
            strbuf_add_char(buf, (char)(*at | 0x20)); /* the words of predicates are small */
        }
        return entry->level != LEVEL_NONE;
    }
    if (FIELDS[pick->field].type == FIELD_NUMBER) {
        if (entry_number(entry, pick->field, &number)) {
            strbuf_printf(buf, "%llu", (unsigned long long)number);
            return true;
        }
        return false;
    }
    StrView text = entry_text(entry, pick->field);

    if (text.ptr == NULL) {
        strbuf_add_str(buf, "nil");
    } else {
        predicate_quote(text, buf);
    }
    return true;
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
    bool has_any = put_constant(app, &entry, pick, &constant);

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

unsigned app_pick_open(App *app, bool is_only)
{
    if (app_selected(app) == 0) {
        return 0;
    }
    app->pick = is_only ? PICK_ONLY : PICK_NOT;
    return APP_REDRAW;
}

unsigned app_pick_key(App *app, Key key)
{
    bool is_only = app->pick == PICK_ONLY;

    app->pick = PICK_NONE;
    for (size_t i = 0; i < ARRAY_LEN(PICK_FIELDS); i++) {
        if (key.mods != 0 || key.code != (uint32_t)PICK_FIELDS[i].key) {
            continue;
        }
        StrBuf clause = {0};
        StrBuf predicate = {0};

        if (put_clause(app, &PICK_FIELDS[i], is_only, &clause)) {
            join_clause(app, strbuf_view(&clause), &predicate);
            (void)app_change_predicate(app, strbuf_view(&predicate)); /* a fault is said */
        } else {
            app_say(app, ROLE_OUTCOME_WAIT, "this entry has no %s", PICK_FIELDS[i].label);
        }
        strbuf_done(&clause);
        strbuf_done(&predicate);
        break;
    }
    return APP_REDRAW;
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
    x += canvas_printf(canvas, x, y, area.width - x, ROLE_PROMPT, "%s ❯ ",
                       app->pick == PICK_ONLY ? "only this" : "not this");
    int left = x;

    for (size_t i = 0; i < ARRAY_LEN(PICK_FIELDS); i++) {
        StrBuf value = {0};
        bool has_any = put_constant(app, &entry, &PICK_FIELDS[i], &value);
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
