/*
 * The prompts of the explorer: search, the pane's predicate, the stream's predicate. Each key goes
 * to the line editor; what it says decides what is tried, kept or taken back.
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/app_state.h"

typedef struct PromptLook {
    const char *label;
    const char *help; /* shown while nothing is wrong */
} PromptLook;

static const PromptLook PROMPT_LOOKS[PROMPT_KIND_COUNT] = {
    [PROMPT_SEARCH] = {"search", "PCRE2, smart case · Enter keep · Esc back · ↑↓ earlier ones"},
    [PROMPT_PREDICATE] = {"predicate",
                          "this pane, at once · Enter keep · Esc back · ↑↓ earlier ones"},
    [PROMPT_STREAM] = {"log --predicate",
                       "restarts the stream · empty = everything · Enter ask log · Esc back"},
};

static StrView stream_predicate(const App *app)
{
    SourceStatus status;

    for (size_t i = 0; i < sources_count(session_sources(app->session)); i++) {
        sources_status(session_sources(app->session), i, &status);
        if (status.is_stream) {
            return status.predicate.ptr != NULL ? status.predicate : SV("");
        }
    }
    return SV_NONE;
}

unsigned app_prompt_open(App *app, PromptKind kind)
{
    StrView text = SV("");

    if (kind == PROMPT_PREDICATE) {
        text = strbuf_view(&app_pane(app)->predicate);
    } else if (kind == PROMPT_STREAM) {
        text = stream_predicate(app);
        if (text.ptr == NULL) {
            app_say(app, ROLE_OUTCOME_WAIT,
                    "no source here is a log stream: p filters what is held");
            return APP_REDRAW;
        }
    } else {
        app->search_from = app_cursor(app);
    }
    app->prompt_kind = kind;
    app->prompt_err = err_none();
    strbuf_clear(&app->before);
    strbuf_add(&app->before,
               kind == PROMPT_SEARCH ? search_pattern(session_search(app->session)) : text);
    prompt_open(&app->prompt, text, &app->histories[kind]);
    return APP_REDRAW;
}

/* Jumps to the first match at or after where the search began. */
static void jump_to_match(App *app)
{
    Search *search = session_search(app->session);
    const View *view = app_pane(app)->view;
    size_t from = app->search_from == SIZE_MAX ? 0 : app->search_from;
    StoreRow row;

    if (!search_is_on(search) || view_len(view) == 0) {
        return;
    }
    if (from < view_len(view) &&
        store_find(session_store(app->session), view_get(view, from), &row) &&
        search_matches(search, row.columns, row.index)) {
        app_select(app, from, false);
        return;
    }
    size_t found = search_find(search, session_store(app->session), view, from, false, NULL);

    if (found != SIZE_MAX) {
        app_select(app, found, false);
    }
}

/* Tries the text as it stands; what cannot be compiled leaves all as it was. */
static void try_text(App *app, StrView text)
{
    app->prompt_err = err_none();
    switch (app->prompt_kind) {
    case PROMPT_SEARCH:
        if (search_set(session_search(app->session), text, &app->prompt_err)) {
            jump_to_match(app);
        }
        break;
    case PROMPT_PREDICATE:
        (void)session_set_predicate(app->session, session_watched(app->session), text,
                                    app_selected(app), &app->prompt_err); /* the fault is shown */
        break;
    case PROMPT_STREAM: {
        Predicate *predicate = predicate_parse(text, &app->prompt_err);

        if (predicate != NULL) {
            (void)predicate_is_sendable(predicate, &app->prompt_err); /* the fault is shown */
        }
        predicate_free(predicate);
        break;
    }
    default:
        break;
    }
}

static void take_back(App *app)
{
    if (app->prompt_kind != PROMPT_STREAM) {
        try_text(app, strbuf_view(&app->before));
    }
    if (app->prompt_kind == PROMPT_SEARCH && app->search_from != SIZE_MAX) {
        app_select(app, app->search_from, true);
    }
}

/* What is sent is the canonical form, fully parenthesised, so that both sides read it alike. */
static void ask_log(App *app, StrView text)
{
    Predicate *predicate = predicate_parse(text, &app->prompt_err);
    StrBuf canonical = {0};

    if (predicate == NULL) {
        return;
    }
    if (sv_trim(text).len > 0) {
        predicate_print(predicate, &canonical);
    }
    sources_restart(session_sources(app->session), canonical.len > 0 ? canonical.ptr : "");
    app_say(app, ROLE_STATUS_KEY, "log is asked for %s",
            canonical.len > 0 ? canonical.ptr : "everything");
    strbuf_done(&canonical);
    predicate_free(predicate);
}

static unsigned accept(App *app)
{
    StrView text = prompt_text(&app->prompt);

    try_text(app, text);
    if (app->prompt_err.text[0] != '\0') {
        return APP_REDRAW; /* the fault is on the screen: the prompt stays open */
    }
    prompt_history_add(&app->histories[app->prompt_kind], text);
    if (app->prompt_kind == PROMPT_STREAM) {
        ask_log(app, text);
    } else if (app->prompt_kind == PROMPT_PREDICATE &&
               !sv_equal(strbuf_view(&app->before), strbuf_view(&app_pane(app)->predicate))) {
        strbuf_clear(&app_place(app)->undo);
        strbuf_add(&app_place(app)->undo, strbuf_view(&app->before));
        app_place(app)->has_undo = true;
    }
    app->prompt_kind = PROMPT_NONE;
    return APP_REDRAW;
}

unsigned app_prompt_key(App *app, Key key, StrView paste)
{
    switch (prompt_key(&app->prompt, key, paste)) {
    case PROMPT_ACCEPTED:
        return accept(app);
    case PROMPT_CANCELLED:
        take_back(app);
        app->prompt_kind = PROMPT_NONE;
        return APP_REDRAW;
    case PROMPT_CHANGED:
        try_text(app, prompt_text(&app->prompt));
        return APP_REDRAW;
    case PROMPT_MOVED:
        return APP_REDRAW;
    default:
        return 0;
    }
}

/* --- drawing ---------------------------------------------------------------------------------- */

static Role token_role(TokenClass class)
{
    static const Role ROLES[] = {
        [TOKEN_SPACE] = ROLE_PROMPT_TEXT,       [TOKEN_KEY] = ROLE_TOKEN_KEY,
        [TOKEN_OPERATOR] = ROLE_TOKEN_OPERATOR, [TOKEN_LOGIC] = ROLE_TOKEN_LOGIC,
        [TOKEN_TEXT] = ROLE_TOKEN_TEXT,         [TOKEN_NUMBER] = ROLE_TOKEN_NUMBER,
        [TOKEN_WORD] = ROLE_TOKEN_NUMBER,       [TOKEN_PAREN] = ROLE_TOKEN_LOGIC,
        [TOKEN_BROKEN] = ROLE_PROMPT_ERROR,
    };

    return ROLES[class];
}

/* First byte to show so that the cursor is in sight. */
static size_t first_shown(StrView text, size_t cursor, int width)
{
    size_t from = 0;
    int unused;

    while (from < cursor && utf8_width(sv_slice(text, from, cursor - from)) >= width) {
        from += utf8_cluster(sv_slice(text, from, SIZE_MAX), &unused);
    }
    return from;
}

/* Draws the text from byte `from` on, coloured by token when it is a predicate. */
static void draw_text(App *app, Canvas *canvas, int x, int y, int width, size_t from)
{
    StrView text = prompt_text(&app->prompt);
    StrView rest = text;
    StrView token;
    TokenClass class;

    if (app->prompt_kind == PROMPT_SEARCH) {
        (void)canvas_text(canvas, x, y, width, ROLE_PROMPT_TEXT, sv_slice(text, from, SIZE_MAX));
        return;
    }
    while (width > 0 && predicate_next_token(&rest, &token, &class)) {
        size_t start = (size_t)(token.ptr - text.ptr);

        if (start + token.len <= from) {
            continue;
        }
        if (start < from) {
            token = sv_slice(token, from - start, SIZE_MAX);
        }
        int used = canvas_text(canvas, x, y, width, token_role(class), token);

        x += used;
        width -= used;
    }
}

/* The count at the right of the prompt: what the text as typed finds. */
static int put_count(App *app, Canvas *canvas, Rect area)
{
    char found[32];
    char total[32];
    char text[96] = "";

    if (app->prompt_err.text[0] != '\0') {
        return area.width;
    }
    if (app->prompt_kind == PROMPT_SEARCH && search_is_on(session_search(app->session))) {
        Search *search = session_search(app->session);

        (void)snprintf(text, sizeof text, "%s of %s%s",
                       app_count(search_position(search, app_selected(app)), found),
                       app_count(search_count(search), total), search_is_done(search) ? "" : "…");
    } else if (app->prompt_kind == PROMPT_PREDICATE) {
        ViewCounts counts = view_counts(app_pane(app)->view);
        const StoreCounts *all = store_counts(session_store(app->session));

        (void)snprintf(text, sizeof text, "%s of %s%s", app_count(counts.entries, found),
                       app_count(all->entries - all->evicted, total),
                       view_is_done(app_pane(app)->view) ? "" : "…");
    }
    int width = utf8_width(sv(text));

    if (width == 0 || area.width < width + 30) {
        return area.width;
    }
    (void)canvas_text(canvas, area.x + area.width - width - 1, area.y, width, ROLE_PROMPT,
                      sv(text));
    return area.width - width - 3;
}

/* The row under the text: the fault with its caret, or what the keys do. */
static void draw_help_row(App *app, Canvas *canvas, Rect area, int text_x, size_t from)
{
    int y = area.y + 1;
    StrView text = prompt_text(&app->prompt);

    if (app->prompt_err.text[0] == '\0') {
        (void)canvas_text_cut(canvas, area.x + 1, y, area.width - 2, ROLE_DIM,
                              sv(PROMPT_LOOKS[app->prompt_kind].help));
        return;
    }
    int x = text_x;
    size_t offset = app->prompt_err.offset;

    if (offset != ERR_NO_OFFSET && offset >= from && offset <= text.len) {
        x += utf8_width(sv_slice(text, from, offset - from));
    }
    int words = utf8_width(sv(app->prompt_err.text));

    if (offset == ERR_NO_OFFSET) {
        (void)canvas_text_cut(canvas, area.x + 1, y, area.width - 2, ROLE_PROMPT_ERROR,
                              sv(app->prompt_err.text));
    } else if (x + 2 + words < area.width || x < area.width / 2) {
        (void)canvas_printf(canvas, x, y, area.width - x, ROLE_PROMPT_ERROR, "↑ %s",
                            app->prompt_err.text);
    } else { /* no room on the right of the caret: the words go before it */
        int room = x - area.x - 2;
        int start = words < room ? x - words - 1 : area.x + 1;

        (void)canvas_text_cut(canvas, start, y, room, ROLE_PROMPT_ERROR, sv(app->prompt_err.text));
        (void)canvas_text(canvas, x, y, 1, ROLE_PROMPT_ERROR, SV("↑"));
    }
}

void app_draw_prompt(App *app, Canvas *canvas)
{
    Rect area = app->layout.prompt;
    StrView text = prompt_text(&app->prompt);

    if (area.height == 0) {
        return;
    }
    canvas_fill(canvas, area, ROLE_PROMPT_TEXT);
    int x = area.x + 1 +
            canvas_printf(canvas, area.x + 1, area.y, area.width - 2, ROLE_PROMPT, "%s ❯ ",
                          PROMPT_LOOKS[app->prompt_kind].label);
    int width = put_count(app, canvas, area) - x;
    size_t from = first_shown(text, app->prompt.cursor, width);

    draw_text(app, canvas, x, area.y, width, from);
    canvas->cursor_x = x + utf8_width(sv_slice(text, from, app->prompt.cursor - from));
    canvas->cursor_y = area.y;
    if (area.height > 1) {
        draw_help_row(app, canvas, area, x, from);
    }
}
