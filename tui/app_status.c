/*
 * The lines around the lists but title and tabs: what narrows what is shown, what went wrong with a
 * source, the status with its hints. Everything said here is counted elsewhere.
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "session/wrap.h"
#include "tui/app_state.h"

StrView app_running_predicate(const App *app)
{
    const Sources *sources = session_sources(app->session);

    for (size_t i = 0; i < sources_count(sources); i++) {
        SourceStatus status;

        sources_status(sources, i, &status);
        if (status.is_stream && status.predicate.len > 0) {
            return status.predicate;
        }
    }
    return SV_NONE;
}

/* --- what narrows ----------------------------------------------------------------------------- */

static bool is_pane_changed(const App *app)
{
    return !sv_equal(strbuf_view(&app_pane(app)->predicate), app_pane(app)->def.predicate);
}

bool app_has_filter_row(const App *app)
{
    return is_pane_changed(app) ||
           (app->columns < APP_TITLE_PREDICATE_COLUMNS && app_running_predicate(app).len > 0);
}

/* Writes a predicate, coloured by token. */
static int put_predicate(Canvas *canvas, int x, int y, int width, StrView text)
{
    StrView token;
    TokenClass class;
    int used = 0;

    while (used < width && predicate_next_token(&text, &token, &class)) {
        used += canvas_text_cut(canvas, x + used, y, width - used, app_token_role(class), token);
    }
    return used;
}

void app_draw_filter_row(App *app, Canvas *canvas)
{
    Rect area = app->layout.filter;
    StrView running =
        app->columns < APP_TITLE_PREDICATE_COLUMNS ? app_running_predicate(app) : SV_NONE;
    int x = area.x + 1;

    if (area.height == 0) {
        return;
    }
    canvas_fill(canvas, area, ROLE_PROMPT_TEXT);
    if (is_pane_changed(app)) {
        int room = running.len > 0 ? area.width / 2 : area.width - 18;

        x += canvas_text(canvas, x, area.y, area.width - x, ROLE_PROMPT, SV("p ❯ "));
        x += put_predicate(canvas, x, area.y, room - x, strbuf_view(&app_pane(app)->predicate)) + 2;
        if (running.len == 0) {
            (void)canvas_text(canvas, area.width - 15, area.y, 15, ROLE_PROMPT_TEXT,
                              SV("u takes it back"));
        }
    }
    if (running.len > 0) {
        x += canvas_text(canvas, x, area.y, area.width - x, ROLE_PROMPT, SV("log ❯ "));
        (void)put_predicate(canvas, x, area.y, area.width - x - 1, running);
    }
}

/* --- trouble ---------------------------------------------------------------------------------- */

#define TROUBLE_MAX_ROWS 6
#define TROUBLE_INDENT 2

/* Wraps a text from the row `rows` on, drawing where `canvas` is not NULL; returns the rows that
 * are used then. */
static int put_trouble(const App *app, Canvas *canvas, int rows, Role role, StrView text)
{
    Rect area = app->layout.trouble;
    StrBuf wrapped = {0};
    StrView line;

    wrap_add(&wrapped, text, 0, TROUBLE_INDENT, app->columns > 20 ? (size_t)app->columns - 2 : 20);
    for (StrView rest = strbuf_view(&wrapped);
         rows < TROUBLE_MAX_ROWS && sv_next_line(&rest, &line); rows++) {
        if (canvas != NULL && rows < area.height) {
            (void)canvas_text_cut(canvas, area.x + 1, area.y + rows, area.width - 2, role, line);
        }
    }
    strbuf_done(&wrapped);
    return rows;
}

/* What is wrong with the capture, as far as there is room. */
static int put_capture_trouble(const App *app, Canvas *canvas, int rows)
{
    Rect area = app->layout.trouble;
    CaptureStatus status;

    if (!session_capture(app->session, &status) || status.trouble.len == 0) {
        return rows;
    }
    for (int i = 0; i < 2 && rows < TROUBLE_MAX_ROWS; i++) {
        StrView line = i == 0 ? status.trouble : status.advice;

        if (line.len > 0 && canvas != NULL && rows < area.height) {
            (void)canvas_printf(canvas, area.x + 1, area.y + rows, area.width - 2,
                                i == 0 ? ROLE_PROMPT_ERROR : ROLE_BOX_TITLE,
                                i == 0 ? "%.*s" : "→ %.*s", SV_ARG(line));
        }
        rows += line.len > 0 ? 1 : 0;
    }
    return rows;
}

/* Goes through what is wrong with the sources, drawing where `canvas` is not NULL; returns rows. */
static int each_trouble(const App *app, Canvas *canvas)
{
    const Sources *sources = session_sources(app->session);
    Rect area = app->layout.trouble;
    int rows = 0;

    for (size_t i = 0; i < sources_count(sources) && rows < TROUBLE_MAX_ROWS; i++) {
        SourceStatus status;
        StrView words;
        StrView line;

        sources_status(sources, i, &status);
        if (status.state != SOURCE_ENDED || (status.exit_status == 0 && status.advice.len == 0)) {
            continue;
        }
        words = sv_trim(status.words);
        while (rows < TROUBLE_MAX_ROWS - 1 && sv_next_line(&words, &line)) {
            if (canvas != NULL && rows < area.height) {
                (void)canvas_text_cut(canvas, area.x + 1, area.y + rows, area.width - 2,
                                      ROLE_PROMPT_ERROR, line);
            }
            rows++;
        }
        StrBuf advice = {0};

        strbuf_add_str(&advice, "→ ");
        strbuf_add(&advice, status.advice.len > 0 ? status.advice : SV("r starts it again"));
        rows = put_trouble(app, canvas, rows, ROLE_BOX_TITLE, strbuf_view(&advice));
        strbuf_done(&advice);
    }
    return put_capture_trouble(app, canvas, rows);
}

int app_trouble_rows(const App *app)
{
    return each_trouble(app, NULL);
}

void app_draw_trouble(App *app, Canvas *canvas)
{
    if (app->layout.trouble.height > 0) {
        canvas_fill(canvas, app->layout.trouble, ROLE_TEXT);
        (void)each_trouble(app, canvas);
    }
}

/* --- status ----------------------------------------------------------------------------------- */

/* What stands at the right end: the search's count, then whether the list follows or, when nothing
 * more can come, where in it the cursor is. */
static int put_state(App *app, Canvas *canvas, Rect area)
{
    const Search *search = session_search(app->session);
    uint64_t entries = store_counts(session_store(app->session))->entries;
    char number[32];
    char total[32];
    char text[192];
    int right = area.width;

    const PaneOps *ops = app_pane_ops(app, app->focus);

    if (ops != NULL) {
        (void)snprintf(text, sizeof text, " %d of %d ", app_place(app)->choice + 1,
                       ops->count(app));
    } else if (session_is_loaded(app->session)) {
        size_t cursor = app_cursor(app);

        (void)snprintf(text, sizeof text, " %s of %s ",
                       app_count(cursor == SIZE_MAX ? 0 : cursor + 1, number),
                       app_count(view_len(app_pane(app)->view), total));
    } else if (app_follows(app)) {
        (void)snprintf(text, sizeof text, " FOLLOW ");
    } else if (entries > app->windows[app->focus].seen) {
        (void)snprintf(text, sizeof text, " PAUSED +%s ",
                       app_count(entries - app->windows[app->focus].seen, number));
    } else {
        (void)snprintf(text, sizeof text, " PAUSED ");
    }
    int width = (int)strlen(text);

    if (width >= area.width / 2) {
        return area.width;
    }
    right -= width;
    bool is_following = app_follows(app) && !session_is_loaded(app->session);

    (void)canvas_text(canvas, right, area.y, width,
                      is_following ? ROLE_STATUS_FOLLOW : ROLE_STATUS_KEY, sv(text));
    if (search_is_on(search) && right > 40) {
        StrView pattern = search_pattern(search);
        const char *where = session_searches_everywhere(app->session) ? " in all" : "";

        pattern = sv_slice(pattern, 0, utf8_fit(pattern, 24, &width));
        if (search_is_done(search) && search_count(search) == 0) {
            (void)snprintf(text, sizeof text, "/%.*s  not found%s", SV_ARG(pattern), where);
        } else {
            (void)snprintf(text, sizeof text, "/%.*s  %s of %s%s%s", SV_ARG(pattern),
                           app_count(search_position(search, app_selected(app)), number),
                           app_count(search_count(search), total),
                           search_is_done(search) ? "" : "…", where);
        }
        width = utf8_width(sv(text));
        right -= width + 2;
        (void)canvas_text(canvas, right, area.y, width, ROLE_STATUS, sv(text));
    }
    return right;
}

/* What the status line tells of, the most wanted first: what has no room goes from the end. */
static const char *const HINTS[] = {
    "next-failure", "help",       "quit",         "search",      "predicate",   "save",
    "detail",       "stream",     "mark",         "follow",      "library",     "not-this",
    "bar-left",     "bar-right",  "zoom-in",      "zoom-out",    "zoom-all",    "leave-histogram",
    "field-menu",   "copy-value", "detail-close", "detail-next", "detail-down",
};

static void put_hints(App *app, Canvas *canvas, Rect area, int x, int right)
{
    for (size_t i = 0; i < ARRAY_LEN(HINTS) && app->hint_count < HINTS_MAX; i++) {
        const Command *command = command_find_name(sv(HINTS[i]));

        if (command->mode != app->mode) {
            continue;
        }
        StrBuf key = {0};

        keymap_print_keys(app->keymap, command, 1, &key);
        int need = utf8_width(strbuf_view(&key)) + 1 + utf8_width(sv(command->hint));
        bool has_room = x + need < right - 1;

        if (has_room && key.len > 0) {
            x += canvas_text(canvas, x, area.y, right - x, ROLE_STATUS_KEY, strbuf_view(&key)) + 1;
            x += canvas_text(canvas, x, area.y, right - x, ROLE_STATUS, sv(command->hint)) + 2;
            app->hints[app->hint_count++] = (Hint){.command = command, .end = x - 2};
        }
        strbuf_done(&key);
        if (!has_room) {
            return;
        }
    }
}

void app_draw_status(App *app, Canvas *canvas)
{
    Rect area = app->layout.status;

    if (area.height == 0) {
        return;
    }
    canvas_fill(canvas, area, ROLE_STATUS);
    app->hint_count = 0;
    int right = put_state(app, canvas, area);

    if (app->digits >= 0 || app->pending_count > 0) {
        StrBuf keys = {0};

        app_keys_pending(app, &keys);
        (void)canvas_text_cut(canvas, 1, area.y, right - 2, ROLE_STATUS_KEY, strbuf_view(&keys));
        strbuf_done(&keys);
    } else if (app->toast.len > 0 && app->now < app->toast_until) {
        (void)canvas_text_cut(canvas, 1, area.y, right - 2, app->toast_role,
                              strbuf_view(&app->toast));
    } else if (!app_has_dialog(app)) {
        put_hints(app, canvas, area, 1, right);
    }
}
