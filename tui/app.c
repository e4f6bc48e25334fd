/*
 * App: the explorer: where the cursor is, which key goes where, what is drawn in which order. The
 * parts of the screen are in app_*.c, the commands in app_commands.c.
 */
#include "tui/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "tui/app_state.h"

/* --- helpers shared by the files of the screen
 * ------------------------------------------------------ */

SessionPane *app_pane(const App *app)
{
    return session_pane(app->session, session_watched(app->session));
}

PaneState *app_place(const App *app)
{
    return &app->panes[session_watched(app->session)];
}

size_t app_cursor(const App *app)
{
    const View *view = app_pane(app)->view;
    size_t len = view_len(view);

    if (len == 0) {
        return SIZE_MAX;
    }
    return app->follows ? len - 1 : view_find(view, app->selected);
}

EntryNumber app_selected(const App *app)
{
    size_t cursor = app_cursor(app);

    return cursor == SIZE_MAX ? 0 : view_get(app_pane(app)->view, cursor);
}

bool app_selected_row(const App *app, StoreRow *ret_row)
{
    EntryNumber number = app_selected(app);

    return number != 0 && store_find(session_store(app->session), number, ret_row);
}

static int clamp(int value, int low, int high)
{
    return value > high ? (high < low ? low : high) : (value < low ? low : value);
}

/* The rows below keep their place: nothing may scroll a short list off its top. */
size_t app_top(App *app)
{
    size_t len = view_len(app_pane(app)->view);
    size_t height = (size_t)clamp(app->layout.list.height, 1, CANVAS_MAX_ROWS);
    size_t cursor = app_cursor(app);
    PaneState *place = app_place(app);

    if (cursor == SIZE_MAX) {
        return 0;
    }
    place->line = app->follows ? (int)height - 1 : clamp(place->line, 0, (int)height - 1);
    size_t top = cursor > (size_t)place->line ? cursor - (size_t)place->line : 0;

    if (len <= height) {
        top = 0;
    } else if (top > len - height) {
        top = len - height;
    }
    place->line = (int)(cursor - top);
    return top;
}

void app_select(App *app, size_t row, bool may_follow)
{
    const View *view = app_pane(app)->view;
    size_t len = view_len(view);
    size_t cursor = app_cursor(app);

    if (len == 0) {
        return;
    }
    if (row >= len) {
        row = len - 1;
    }
    long moved = cursor == SIZE_MAX ? 0 : (long)row - (long)cursor;
    long line = (long)app_place(app)->line + moved;
    long height = app->layout.list.height;

    /* A jump far off the screen lands in its middle, so that what is around can be seen. */
    if (line < -height || line > 2 * height) {
        line = height / 2;
    }
    app_place(app)->line = clamp((int)line, 0, (int)height - 1);
    app->selected = view_get(view, row);
    if (may_follow && row == len - 1 && !session_is_loaded(app->session)) {
        app->follows = true;
    } else {
        if (app->follows) {
            app->seen = store_counts(session_store(app->session))->entries;
        }
        app->follows = false;
    }
}

void app_say(App *app, Role role, const char *format, ...)
{
    va_list args;

    strbuf_clear(&app->toast);
    va_start(args, format);
    strbuf_vprintf(&app->toast, format, args);
    va_end(args);
    app->toast_role = role;
    app->toast_until = app->now + TOAST_NS;
}

const char *app_count(uint64_t count, char *buf)
{
    char digits[24];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            buf[out++] = ',';
        }
        buf[out++] = digits[i];
    }
    buf[out] = '\0';
    return buf;
}

/* --- life
 * --------------------------------------------------------------------------------------------- */

/* A stream is followed; a file is read from its start. */
static bool starts_following(const Options *options)
{
    for (size_t i = 0; i < options->source_count; i++) {
        if (options->sources[i].kind != SOURCE_FILE) {
            return true;
        }
    }
    return options->source_count == 0;
}

App *app_new(Session *session, const Options *options, const Theme *const *themes,
             size_t theme_count)
{
    App *app = mem_calloc(1, sizeof *app);

    app->session = session;
    app->options = options;
    app->themes = themes;
    app->theme_count = theme_count;
    app->pane_count = session_pane_count(session);
    app->panes = mem_calloc(app->pane_count, sizeof *app->panes);
    app->follows = starts_following(options);
    app->save.format = FORMAT_TEXT;
    app->prompt_err = err_none();
    return app;
}

void app_free(App *app)
{
    if (app == NULL) {
        return;
    }
    for (size_t i = 0; i < app->pane_count; i++) {
        strbuf_done(&app->panes[i].undo);
    }
    for (size_t i = 0; i < PROMPT_KIND_COUNT; i++) {
        prompt_history_done(&app->histories[i]);
    }
    save_free(app->save.running);
    prompt_done(&app->save.file);
    prompt_done(&app->prompt);
    strbuf_done(&app->before);
    strbuf_done(&app->toast);
    strbuf_done(&app->note);
    mem_free(app->panes);
    mem_free(app);
}

/* --- keys and news
 * --------------------------------------------------------------------------------------- */

unsigned app_key(App *app, Key key, StrView paste, int64_t now)
{
    app->now = now;
    if (app->save.is_open) {
        return app_save_key(app, key, paste);
    }
    if (app->prompt_kind != PROMPT_NONE) {
        return app_prompt_key(app, key, paste);
    }
    if (app->pick != PICK_NONE) {
        return app_pick_key(app, key);
    }
    const Command *command = command_find(app->mode, key);

    return command != NULL ? command->run(app, command->argument) : 0;
}

/* Tells once what a source has to say about itself: a fallback it took, a refusal. */
static void tell_news(App *app)
{
    const Sources *sources = session_sources(app->session);
    StrView news = sources_refusal(sources);
    Role role = ROLE_OUTCOME_FAIL;

    for (size_t i = 0; news.len == 0 && i < sources_count(sources); i++) {
        SourceStatus status;

        sources_status(sources, i, &status);
        news = status.note;
        role = ROLE_OUTCOME_WAIT;
    }
    if (news.len > 0 && !sv_equal(news, strbuf_view(&app->note))) {
        strbuf_clear(&app->note);
        strbuf_add(&app->note, news);
        app_say(app, role, "%.*s", SV_ARG(news));
    }
}

unsigned app_news(App *app, unsigned session_dirty, int64_t now)
{
    app->now = now;
    if ((session_dirty & SESSION_DIRTY_STATE) != 0) {
        tell_news(app);
    }
    return session_dirty != 0 ? APP_REDRAW : 0;
}

unsigned app_work(App *app, int64_t budget_ns)
{
    int64_t until = clock_monotonic() + budget_ns;

    if (app->save.running == NULL) {
        return 0;
    }
    while (app_save_step(app) && clock_monotonic() < until) {
    }
    return APP_REDRAW;
}

bool app_has_work(const App *app)
{
    return app->save.running != NULL;
}

/* --- drawing
 * ------------------------------------------------------------------------------------------------
 */

void app_draw(App *app, Canvas *canvas, int64_t now, Stamp wall)
{
    app->now = now;
    app->columns = canvas->columns;
    app->rows = canvas->rows;
    app->layout = layout_make((LayoutWish){
        .columns = canvas->columns,
        .rows = canvas->rows,
        .trouble_rows = app_trouble_rows(app),
        .has_prompt = app->prompt_kind != PROMPT_NONE || app->pick != PICK_NONE,
        .is_detail_full = app->mode == MODE_DETAIL,
    });
    canvas_clear(canvas, ROLE_TEXT);
    canvas->cursor_x = -1;
    canvas->cursor_y = -1;
    app_draw_title(app, canvas, now, wall);
    app_draw_tabs(app, canvas);
    app_draw_trouble(app, canvas);
    app_draw_list(app, canvas);
    app_draw_detail(app, canvas);
    if (app->prompt_kind != PROMPT_NONE) {
        app_draw_prompt(app, canvas);
    } else if (app->pick != PICK_NONE) {
        app_draw_pick(app, canvas);
    }
    app_draw_status(app, canvas);
    if (app->mode == MODE_HELP) {
        app_draw_help(app, canvas);
    }
    if (app->save.is_open) {
        app_draw_save(app, canvas);
    }
}

int64_t app_deadline(const App *app, int64_t now)
{
    int64_t next = now + NS_PER_SECOND; /* the clock and the rate in the title */

    if (app->toast.len > 0 && app->toast_until > now && app->toast_until < next) {
        next = app->toast_until;
    }
    return next;
}

const Theme *app_theme(const App *app)
{
    return app->themes[app->theme];
}

bool app_is_idle(const App *app)
{
    return app->save.running == NULL && !session_has_work(app->session);
}
