/*
 * App: the explorer: its life, which key goes where, what is drawn in which order. Where its reader
 * is stands in app_place.c, the parts of the screen in app_*.c, the commands in app_commands.c.
 */
#include "tui/app.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "tui/app_state.h"
#include "tui/glyph.h"

/* --- helpers shared by the files of the screen ------------------------------------------------ */

int app_times(const App *app)
{
    return app->times > 0 ? app->times : 1;
}

/* One pass: `from` only moves on, and the width between the two is kept beside it. */
size_t app_first_shown(StrView text, size_t cursor, int width)
{
    size_t from = 0;
    int cells = utf8_width(sv_slice(text, 0, cursor));

    while (from < cursor && cells >= width) {
        int own;

        from += utf8_cluster(sv_slice(text, from, SIZE_MAX), &own);
        cells -= own;
    }
    return from < cursor ? from : cursor;
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

/* --- life ------------------------------------------------------------------------------------- */

bool app_reads_stream(const App *app)
{
    const Options *options = app->options;

    for (size_t i = 0; i < options->source_count; i++) {
        if (options->sources[i].kind != SOURCE_FILE) {
            return true;
        }
    }
    return options->source_count == 0;
}

static void read_history(App *app, const char *kind, PromptHistory *ret_history)
{
    History kept = {0};

    session_history_read(app->session, kind, &kept);
    for (size_t i = 0; i < kept.count; i++) {
        prompt_history_add(ret_history, kept.items[i]);
    }
    history_done(&kept);
}

/* What was typed in earlier runs. */
static void read_histories(App *app)
{
    for (size_t kind = 0; kind < PROMPT_KIND_COUNT; kind++) {
        if (PROMPT_SPECS[kind].history != NULL) {
            read_history(app, PROMPT_SPECS[kind].history, &app->histories[kind]);
        }
    }
    read_history(app, "command", &app->command_history);
}

/* What is wrong with the configuration is said once, the first line of it. */
static void tell_config_errors(App *app)
{
    const StrView *lines;
    size_t count = session_config_errors(app->session, &lines);

    if (count > 1) {
        /* The count goes first: lines are long, and the end of one may be cut. */
        app_say(app, ROLE_OUTCOME_WAIT, ":config-errors lists all %zu · %.*s", count,
                SV_ARG(lines[0]));
    } else if (count == 1) {
        app_say(app, ROLE_OUTCOME_WAIT, "%.*s", SV_ARG(lines[0]));
    }
}

App *app_new(Session *session, const Options *options, const Theme *const *themes,
             size_t theme_count)
{
    App *app = mem_calloc(1, sizeof *app);

    app->session = session;
    app->options = options;
    app->themes = themes;
    app->theme_count = theme_count;
    app->wants_mouse = session_settings(session)->mouse;
    app->pane_count = session_pane_count(session);
    app->panes = mem_calloc(app->pane_count, sizeof *app->panes);
    app->pane_capacity = app->pane_count;
    for (size_t i = 0; i < app->pane_count; i++) {
        app_place_init(&app->panes[i]);
    }
    app->look = list_look_default();
    app->layout = layout_make((LayoutWish){.columns = options->columns, .rows = options->rows}, 0);
    app->windows[0] = (Window){.pane = session_watched(session), .follows = app_reads_stream(app)};
    app->window_count = 1;
    app->is_synced = true;
    app->keymap = keymap_new();
    app->highlights = session_highlights(session);
    app->highlight_trial = -1;
    app->histogram = session_histogram(session);
    session_want_histogram(session, true);
    app->digits = -1;
    app->save.format = FORMAT_TEXT;
    app->prompt_err = err_none();
    app->now = clock_monotonic();
    read_histories(app);
    app_settings_begin(app);
    if (options->source_count == 1 && options->sources[0].kind == SOURCE_DEMO &&
        options->speed == 1) {
        app_say(app, ROLE_STATUS_KEY, "the demo goes on at its own pace: --speed 30 is quicker");
    }
    tell_config_errors(app);
    app_secrets_watch(app);
    return app;
}

void app_place_init(PaneState *place)
{
    *place = (PaneState){.columns = list_spec_of(LIST_FORM_USUAL)};
}

void app_place_done(PaneState *place)
{
    for (size_t i = 0; i < place->undo_count; i++) {
        strbuf_done(&place->undo[i]);
    }
    place->undo_count = 0;
}

void app_free(App *app)
{
    if (app == NULL) {
        return;
    }
    for (size_t i = 0; i < app->pane_count; i++) {
        app_place_done(&app->panes[i]);
    }
    for (size_t i = 0; i < PROMPT_KIND_COUNT; i++) {
        prompt_history_done(&app->histories[i]);
    }
    for (int i = 0; i < WINDOWS_MAX; i++) {
        rows_done(&app->shown[i]);
    }
    app_look_done(app);
    app_explain_done(app);
    app_save_done(app);
    prompt_done(&app->prompt);
    app_complete_done(app);
    app_library_done(app);
    app_picker_done(app);
    playbook_free(app->playbook);
    prompt_history_done(&app->command_history);
    app_detail_done(app);
    strbuf_done(&app->copied);
    strbuf_done(&app->copy_asked);
    strbuf_done(&app->copy_raw);
    strbuf_done(&app->prompt_warning);
    strbuf_done(&app->prompt_fix);
    strbuf_done(&app->sent);
    strbuf_done(&app->capture_asked);
    strbuf_done(&app->before);
    strbuf_done(&app->toast);
    strbuf_done(&app->note);
    keymap_free(app->keymap);
    mem_free(app->panes);
    mem_free(app);
}

/* --- keys and news ---------------------------------------------------------------------------- */

bool app_has_dialog(const App *app)
{
    return app->save.is_open || app->library.is_open || app->columns_menu.is_open ||
           app->prompt_kind != PROMPT_NONE || app->pick != PICK_NONE;
}

unsigned app_key(App *app, Key key, StrView paste, int64_t now)
{
    app->now = now;
    app_hide_hint(app);
    app->toast_until = 0; /* it has been read; what this key has to say comes after it */
    if (app->save.is_open) {
        return app_save_key(app, key, paste);
    }
    if (app->library.is_open) {
        return app_library_key(app, key, paste);
    }
    if (app_picker_is_open(app)) {
        return app_picker_key(app, key, paste);
    }
    if (app->columns_menu.is_open) {
        return app_columns_key(app, key);
    }
    if (app->prompt_kind != PROMPT_NONE) {
        return app_prompt_key(app, key, paste);
    }
    if (app->pick != PICK_NONE) {
        return app_pick_key(app, key);
    }
    if (key_is_mouse(key)) {
        return app_mouse_key(app, key);
    }
    app->drag = DRAG_NONE; /* a command may take away the window that is being dragged in */
    return app_dispatch(app, key);
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
        app_say(app, role, "%.*s", SV_ARG(sv_trim(news)));
        if (role == ROLE_OUTCOME_FAIL) {
            app_prompt_refused(app, sv_trim(news));
        }
    }
}

unsigned app_news(App *app, unsigned session_dirty, int64_t now)
{
    app->now = now;
    if ((session_dirty & SESSION_DIRTY_STATE) != 0) {
        tell_news(app);
    }
    if ((session_dirty & SESSION_DIRTY_SEARCH) != 0) {
        app_far_match(app);
    }
    if ((session_dirty & SESSION_DIRTY_RESTORED) != 0) {
        app_restored(app);
    }
    app_run_start(app);
    app_secrets_watch(app);
    unsigned wishes = app->start_wishes | (session_dirty != 0 ? APP_REDRAW : 0);

    app->start_wishes = 0;
    return wishes;
}

unsigned app_work(App *app, int64_t budget_ns)
{
    int64_t until = clock_monotonic() + budget_ns;
    unsigned wishes = 0, more;
    bool has_more = app_has_work(app);

    while (has_more && clock_monotonic() < until) {
        more = 0;
        has_more = app_copy_is_waiting(app) ? app_copy_step(app, &more)
                   : app_save_has_work(app) ? app_save_step(app, &more)
                                            : app_secrets_step(app);
        wishes |= more;
    }
    return wishes;
}

bool app_has_work(const App *app)
{
    return app_copy_is_waiting(app) || app_save_has_work(app) || app_secrets_is_behind(app);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static Layout make_layout(const App *app)
{
    LayoutWish wish = {
        .columns = app->columns,
        .rows = app->rows,
        .window_count = app->window_count,
        .split = app->split,
        .histogram_rows = app_histogram_rows(app),
        .detail_rows = app->detail_height,
        .trouble_rows = app_trouble_rows(app),
        .has_prompt = app->prompt_kind != PROMPT_NONE || app->pick != PICK_NONE,
        .is_detail_full = app->mode == MODE_DETAIL,
        .has_filter_row = app_has_filter_row(app),
    };

    for (int i = 0; i < app->window_count; i++) {
        wish.shares[i] = app->windows[i].share;
    }
    return layout_make(wish, app->focus);
}

/* On a screen too small for a prompt its cursor has no place. */
static void drop_stray_cursor(Canvas *canvas)
{
    if (canvas->cursor_x < 0 || canvas->cursor_x >= canvas->columns || canvas->cursor_y < 0 ||
        canvas->cursor_y >= canvas->rows) {
        canvas->cursor_x = -1;
        canvas->cursor_y = -1;
    }
}

void app_draw(App *app, Canvas *canvas, int64_t now, Stamp wall)
{
    app->now = now;
    app->wall = wall;
    app->columns = canvas->columns;
    app->rows = canvas->rows;
    (void)app_keys_late(app); /* this frame shows what it did */
    app->layout = make_layout(app);
    canvas_clear(canvas, ROLE_TEXT);
    canvas->cursor_x = -1;
    canvas->cursor_y = -1;
    app_draw_title(app, canvas, now, wall);
    app_draw_tabs(app, canvas);
    app_draw_histogram(app, canvas);
    app_draw_trouble(app, canvas);
    app_draw_filter_row(app, canvas);
    app_draw_windows(app, canvas);
    app_draw_detail(app, canvas);
    if (app->prompt_kind != PROMPT_NONE) {
        app_draw_prompt(app, canvas);
    } else if (app->pick != PICK_NONE) {
        app_draw_pick(app, canvas);
    }
    app_draw_hint(app, canvas);
    app_draw_status(app, canvas);
    app_draw_keys_menu(app, canvas);
    if (app->mode == MODE_HELP) {
        app_draw_help(app, canvas);
    }
    if (app->library.is_open) {
        app_draw_library(app, canvas);
    }
    if (app->columns_menu.is_open) {
        app_draw_columns(app, canvas);
    }
    if (app->mode == MODE_PAGE) {
        app_draw_page(app, canvas);
    }
    if (app_picker_is_open(app)) {
        app_draw_picker(app, canvas);
    }
    if (app->save.is_open) {
        app_draw_save(app, canvas);
    }
    if (session_settings(app->session)->plain) {
        glyph_make_plain(canvas);
    }
    drop_stray_cursor(canvas);
}

/* The clock and the rate in the title go on while something can still come, and until the rate of
 * what came last is gone. */
int64_t app_deadline(const App *app, int64_t now)
{
    bool is_over = session_is_loaded(app->session);
    int64_t next = is_over ? INT64_MAX : now + NS_PER_SECOND;

    if (app->toast.len > 0 && app->toast_until > now && app->toast_until < next) {
        next = app->toast_until;
    }
    return app_keys_deadline(app) < next ? app_keys_deadline(app) : next;
}

const Theme *app_theme(const App *app)
{
    return app->themes[app->theme];
}

bool app_wants_mouse(const App *app)
{
    return app->wants_mouse;
}

bool app_is_idle(const App *app)
{
    return !app_has_work(app) && app_keys_deadline(app) == INT64_MAX &&
           !session_has_work(app->session);
}
