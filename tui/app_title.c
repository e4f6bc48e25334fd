/*
 * The lines around the list: title with the source's state, tabs, what went wrong with a source,
 * status with keys. Everything said here is counted elsewhere.
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/app_state.h"

typedef struct StateLook {
    const char *glyph;
    const char *word;
    Role role;
} StateLook;

static const StateLook STATE_LOOKS[] = {
    [SOURCE_STARTING] = {"◌", "starting", ROLE_TITLE_WARN},
    [SOURCE_LIVE] = {"●", "live", ROLE_TITLE_LIVE},
    [SOURCE_STALLED] = {"◍", "stalled", ROLE_TITLE_WARN},
    [SOURCE_READING] = {"◔", "reading", ROLE_TITLE_LIVE},
    [SOURCE_RESTARTING] = {"↻", "restarting", ROLE_TITLE_WARN},
    [SOURCE_ENDED] = {"■", "ended", ROLE_TITLE_STRONG},
};

/* The state that matters most among the sources: trouble before bustle before rest. */
static size_t leading_source(const Sources *sources)
{
    static const int WEIGHTS[] = {
        [SOURCE_ENDED] = 0,   [SOURCE_LIVE] = 1,       [SOURCE_READING] = 2,
        [SOURCE_STALLED] = 3, [SOURCE_RESTARTING] = 4, [SOURCE_STARTING] = 5,
    };
    size_t leading = 0;
    int weight = -1;

    for (size_t i = 0; i < sources_count(sources); i++) {
        SourceStatus status;

        sources_status(sources, i, &status);
        int own = WEIGHTS[status.state];

        if (status.state == SOURCE_ENDED && status.has_exit && status.exit_status != 0) {
            own = 6;
        }
        if (own > weight) {
            weight = own;
            leading = i;
        }
    }
    return leading;
}

/* The predicate that the first stream really runs; nil = none, or no stream. */
static StrView running_predicate(const App *app)
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

/* From this width on the title has room for the stream's predicate; below, it stands in a row. */
#define TITLE_PREDICATE_COLUMNS 120

/* A piece of the title; pieces of high `rank` go first when room is short. */
typedef struct TitlePiece {
    StrBuf text;
    Role role;
    int rank;
} TitlePiece;

#define TITLE_PIECES 14

static void add_piece(TitlePiece *pieces, size_t *count, Role role, int rank, const char *text)
{
    pieces[*count] = (TitlePiece){.role = role, .rank = rank};
    strbuf_add_str(&pieces[*count].text, text);
    (*count)++;
}

static void add_source_pieces(const App *app, TitlePiece *pieces, size_t *count)
{
    const Sources *sources = session_sources(app->session);
    SourceStatus status;
    char text[160];

    if (sources_count(sources) == 0) {
        return;
    }
    sources_status(sources, leading_source(sources), &status);
    const StateLook *look = &STATE_LOOKS[status.state];
    Role role = look->role;

    if (status.state == SOURCE_ENDED && status.has_failed) {
        (void)snprintf(text, sizeof text, "%s broken off", look->glyph);
        role = ROLE_TITLE_FAIL;
    } else if (status.state == SOURCE_ENDED && status.has_exit && status.exit_status != 0) {
        if (status.exit_status > 128) {
            (void)snprintf(text, sizeof text, "%s killed (signal %d)", look->glyph,
                           status.exit_status - 128);
        } else {
            (void)snprintf(text, sizeof text, "%s ended (exit %d)", look->glyph,
                           status.exit_status);
        }
        role = ROLE_TITLE_FAIL;
    } else if (status.state == SOURCE_READING && status.bytes_total > 0) {
        (void)snprintf(text, sizeof text, "%s reading %d %%", look->glyph,
                       (int)(100.0 * (double)status.bytes / (double)status.bytes_total));
    } else {
        (void)snprintf(text, sizeof text, "%s %s", look->glyph, look->word);
    }
    add_piece(pieces, count, role, 0, text);
    if (sources_count(sources) > 1) {
        (void)snprintf(text, sizeof text, "%zu sources", sources_count(sources));
    } else {
        int used;

        (void)snprintf(text, sizeof text, "%.*s",
                       SV_ARG(sv_slice(status.name, 0, utf8_fit(status.name, 40, &used))));
    }
    add_piece(pieces, count, ROLE_TITLE, 4, text);
}

static void add_count_pieces(const App *app, TitlePiece *pieces, size_t *count, int64_t now)
{
    const StoreCounts *counts = store_counts(session_store(app->session));
    uint64_t drops = session_drops(app->session);
    char number[32];
    char text[96];

    (void)snprintf(text, sizeof text, "%s entries", app_count(counts->entries, number));
    add_piece(pieces, count, ROLE_TITLE_STRONG, 1, text);
    if (!session_is_loaded(app->session)) {
        (void)snprintf(text, sizeof text, "%.0f/s", session_rate(app->session, now));
        add_piece(pieces, count, ROLE_TITLE, 5, text);
    }
    if (drops > 0) { /* how many entries each stands for, log does not say */
        (void)snprintf(text, sizeof text, "drop notices: %s", app_count(drops, number));
        add_piece(pieces, count, ROLE_TITLE_FAIL, 0, text);
    } else {
        add_piece(pieces, count, ROLE_TITLE, 6, "0 dropped");
    }
    if (counts->evicted > 0) {
        (void)snprintf(text, sizeof text, "%s evicted", app_count(counts->evicted, number));
        add_piece(pieces, count, ROLE_TITLE_WARN, 3, text);
    }
    uint64_t stopped = app_pane(app)->filter_stopped + search_stopped(session_search(app->session));

    if (stopped > 0) { /* such an entry does not match: its pattern needed too many steps */
        (void)snprintf(text, sizeof text, "pattern gave up on %s", app_count(stopped, number));
        add_piece(pieces, count, ROLE_TITLE_WARN, 2, text);
    }
    if (session_hidden(app->session) > 0) {
        (void)snprintf(text, sizeof text, "%s hidden by options",
                       app_count(session_hidden(app->session), number));
        add_piece(pieces, count, ROLE_TITLE_WARN, 3, text);
    }
    ViewCounts own = view_counts(app_pane(app)->view);

    if (own.masked > 0 && own.entries > 0) {
        (void)snprintf(text, sizeof text, "<private> %.0f %%",
                       100.0 * (double)own.masked / (double)own.entries);
        add_piece(pieces, count, ROLE_TITLE, 8, text);
    }
    if (own.noise > 0) {
        (void)snprintf(text, sizeof text, "%s noise hidden", app_count(own.noise, number));
        add_piece(pieces, count, ROLE_TITLE, 4, text);
    }
    (void)snprintf(
        text, sizeof text, "ring %d %%",
        counts->budget > 0 ? (int)(100.0 * (double)counts->bytes / (double)counts->budget) : 0);
    add_piece(pieces, count, ROLE_TITLE, 7, text);
}

/* Leaves out pieces, the least important first, until the rest fits. */
static int drop_rank(const TitlePiece *pieces, size_t count, int room)
{
    for (int limit = 9; limit > 0; limit--) {
        int used = 0;

        for (size_t i = 0; i < count; i++) {
            if (pieces[i].rank <= limit) {
                used += utf8_width(strbuf_view(&pieces[i].text)) + 3;
            }
        }
        if (used <= room) {
            return limit;
        }
    }
    return 0;
}

void app_draw_title(App *app, Canvas *canvas, int64_t now, Stamp wall)
{
    Rect area = app->layout.title;
    TitlePiece pieces[TITLE_PIECES];
    size_t count = 0;
    char clock[CLOCK_STAMP_MAX];

    if (area.height == 0) {
        return;
    }
    canvas_fill(canvas, area, ROLE_TITLE);
    int x =
        1 + canvas_text(canvas, 1, area.y, area.width - 1, ROLE_TITLE_STRONG, SV("mdmscope")) + 2;
    int right = area.width;

    clock_format(wall, CLOCK_SECOND, clock);
    if (area.width >= 50) {
        right = area.width - 9;
        (void)canvas_text(canvas, right, area.y, 8, ROLE_TITLE, sv(clock));
    }
    add_source_pieces(app, pieces, &count);
    add_count_pieces(app, pieces, &count, now);
    int limit = drop_rank(pieces, count, right - x);

    for (size_t i = 0; i < count; i++) {
        if (pieces[i].rank <= limit) {
            x += canvas_text_cut(canvas, x, area.y, right - x - 1, pieces[i].role,
                                 strbuf_view(&pieces[i].text)) +
                 3;
        }
        strbuf_done(&pieces[i].text);
    }
    StrView running = running_predicate(app);

    if (area.width >= TITLE_PREDICATE_COLUMNS && running.len > 0 && right - x > 24) {
        (void)canvas_printf(canvas, x, area.y, right - x - 2, ROLE_TITLE, "log: %.*s",
                            SV_ARG(running));
    }
}

/* --- tabs ------------------------------------------------------------------------------------- */

/* How much the tabs tell, by the room there is. */
typedef enum TabForm {
    TAB_ROOMY,   /* blanks around each */
    TAB_FULL,    /* count and failures */
    TAB_TITLES,  /* the current one's count, the others' failures */
    TAB_SIGNS,   /* of the others: only that there are failures */
    TAB_LETTERS, /* of the others: a few letters of the title */
    TAB_FORM_COUNT
} TabForm;

#define TAB_FEW_CELLS 4

/* Where a digit that waits for more will go is shown before it goes. */
static bool is_current_tab(const App *app, size_t index)
{
    const SessionPane *pane = session_pane(app->session, index);

    return app->digits >= 1 && app->digits <= 9 && !app->digits_are_counts
               ? pane->def.key == (char)('0' + app->digits)
               : index == app_pane_index(app);
}

/* What a tab tells of failures; "" = nothing. */
static void tab_failures(const App *app, size_t index, bool is_short, StrBuf *buf)
{
    SessionPane *pane = session_pane(app->session, index);
    const PaneOps *ops = app_role_ops(pane->def.role);
    uint64_t failures = view_counts(pane->view).failures;
    char number[32];

    if (ops != NULL ? ops->has_failed(app) : failures > 0) {
        strbuf_add_str(buf, is_short ? "✗" : " ✗");
        strbuf_add_str(buf, ops == NULL && !is_short ? app_count(failures, number) : "");
    }
}

static void tab_title(const App *app, size_t index, TabForm form, StrBuf *buf)
{
    SessionPane *pane = session_pane(app->session, index);
    const PaneOps *ops = app_role_ops(pane->def.role);
    bool is_current = is_current_tab(app, index);
    StrView title = pane->def.title;
    char number[32];
    int used;

    if (pane->def.key != 0) {
        strbuf_printf(buf, "%c ", pane->def.key);
    }
    if (form == TAB_LETTERS && !is_current) {
        title = sv_slice(title, 0, utf8_fit(title, TAB_FEW_CELLS, &used));
    }
    strbuf_add(buf, title);
    if (!sv_equal(strbuf_view(&pane->predicate), pane->def.predicate)) {
        strbuf_add_str(buf, "*");
    }
    if (is_current || form <= TAB_FULL) {
        if (ops != NULL) {
            ops->tab(app, buf);
        } else {
            strbuf_printf(buf, " %s", app_count(view_counts(pane->view).entries, number));
        }
    }
}

static int put_tab(App *app, Canvas *canvas, size_t index, int x, int room, TabForm form)
{
    Rect area = app->layout.tabs;
    bool is_current = is_current_tab(app, index);
    Role role = is_current ? ROLE_TAB_CURRENT : ROLE_TAB;
    StrBuf text = {0};
    StrBuf failures = {0};
    int used =
        form == TAB_ROOMY || index == 0 ? canvas_text(canvas, x, area.y, room, role, SV(" ")) : 0;

    tab_title(app, index, form, &text);
    tab_failures(app, index, form >= TAB_SIGNS && !is_current, &failures);
    used += canvas_text_cut(canvas, x + used, area.y, room - used, role, strbuf_view(&text));
    used += canvas_text_cut(canvas, x + used, area.y, room - used,
                            is_current ? role : ROLE_TAB_FAIL, strbuf_view(&failures));
    if (form == TAB_ROOMY) {
        used += canvas_text(canvas, x + used, area.y, room - used, role, SV(" "));
    }
    strbuf_done(&text);
    strbuf_done(&failures);
    return used;
}

/* Cells of the tabs from `first` to `last`. */
static int tabs_width(const App *app, TabForm form, size_t first, size_t last)
{
    StrBuf text = {0};
    int width = 0;

    for (size_t i = first; i <= last; i++) {
        tab_title(app, i, form, &text);
        tab_failures(app, i, form >= TAB_SIGNS && !is_current_tab(app, i), &text);
        width += form == TAB_ROOMY ? 3 : 1;
    }
    width += utf8_width(strbuf_view(&text));
    strbuf_done(&text);
    return width;
}

void app_draw_tabs(App *app, Canvas *canvas)
{
    Rect area = app->layout.tabs;
    int x = 0;
    TabForm form = TAB_ROOMY;
    size_t last = session_pane_count(app->session) - 1;
    size_t first = 0;

    while (form + 1 < TAB_FORM_COUNT && tabs_width(app, form, 0, last) > area.width) {
        form++;
    }
    while (first < app_pane_index(app) &&
           tabs_width(app, form, first, app_pane_index(app)) > area.width) {
        first++; /* where there is no room for all, the current one is seen */
    }
    if (area.height == 0) {
        return;
    }
    canvas_fill(canvas, area, ROLE_TAB);
    memset(app->tab_ends, 0, sizeof app->tab_ends);
    for (size_t i = first; i <= last && x < area.width; i++) {
        if (i > first) {
            x += canvas_text(canvas, x, area.y, 1, ROLE_TAB, SV("│"));
        }
        x += put_tab(app, canvas, i, x, area.width - x, form);
        app->tab_ends[i] = x;
    }
}

/* --- what narrows ------------------------------------------------------------------------------
 */

static bool is_pane_changed(const App *app)
{
    return !sv_equal(strbuf_view(&app_pane(app)->predicate), app_pane(app)->def.predicate);
}

bool app_has_filter_row(const App *app)
{
    return is_pane_changed(app) ||
           (app->columns < TITLE_PREDICATE_COLUMNS && running_predicate(app).len > 0);
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
    StrView running = app->columns < TITLE_PREDICATE_COLUMNS ? running_predicate(app) : SV_NONE;
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
        StrView advice = status.advice.len > 0 ? status.advice : SV("r starts it again");

        if (canvas != NULL && rows < area.height) {
            (void)canvas_printf(canvas, area.x + 1, area.y + rows, area.width - 2, ROLE_BOX_TITLE,
                                "→ %.*s", SV_ARG(advice));
        }
        rows++;
    }
    return rows;
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

static void put_hints(const App *app, Canvas *canvas, Rect area, int x, int right)
{
    for (size_t i = 0; i < ARRAY_LEN(HINTS); i++) {
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
    int right = put_state(app, canvas, area);

    if (app->toast.len > 0 && app->now < app->toast_until) {
        (void)canvas_text_cut(canvas, 1, area.y, right - 2, app->toast_role,
                              strbuf_view(&app->toast));
    } else if (app->digits >= 0 || app->pending_count > 0) {
        StrBuf keys = {0};

        app_keys_pending(app, &keys);
        (void)canvas_text_cut(canvas, 1, area.y, right - 2, ROLE_STATUS_KEY, strbuf_view(&keys));
        strbuf_done(&keys);
    } else if (!app_has_dialog(app)) {
        put_hints(app, canvas, area, 1, right);
    }
}
