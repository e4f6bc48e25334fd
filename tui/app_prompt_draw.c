/*
 * How a prompt looks: its text coloured by token, the brackets that belong together, the count of
 * what it finds, the fault with its caret or what the keys do. What prompts do is in app_prompt.c.
 */
#include <stdio.h>

#include "base/utf8.h"
#include "tui/app_state.h"

Role app_token_role(TokenClass class)
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

/* Draws the text from byte `from` on, coloured by token when it is a predicate. */
static void draw_text(App *app, Canvas *canvas, Rect line, size_t from)
{
    StrView text = prompt_text(&app->prompt);
    StrView rest = text;
    StrView token;
    TokenClass class;

    if (!PROMPT_SPECS[app->prompt_kind].is_predicate) {
        (void)canvas_text(canvas, line.x, line.y, line.width, ROLE_PROMPT_TEXT,
                          sv_slice(text, from, SIZE_MAX));
        return;
    }
    while (line.width > 0 && predicate_next_token(&rest, &token, &class)) {
        size_t start = (size_t)(token.ptr - text.ptr);

        if (start + token.len <= from) {
            continue;
        }
        if (start < from) {
            token = sv_slice(token, from - start, SIZE_MAX);
        }
        /* What is broken NSPredicate but no fault is shorthand. */
        bool is_good = class != TOKEN_BROKEN || app->prompt_err.text[0] == '\0';
        Role role = is_good && class == TOKEN_BROKEN ? ROLE_PROMPT_TEXT : app_token_role(class);
        int used = canvas_text(canvas, line.x, line.y, line.width, role, token);

        line.x += used;
        line.width -= used;
    }
}

/* Finds the bracket at the cursor, or just before it, and the one it belongs to; false = none. */
static bool find_brackets(const App *app, size_t *ret_one, size_t *ret_other)
{
    size_t open[PREDICATE_MAX_DEPTH];
    size_t depth = 0;
    StrView text = prompt_text(&app->prompt);
    StrView rest = text;
    StrView token;
    TokenClass class;
    size_t cursor = app->prompt.cursor;

    while (predicate_next_token(&rest, &token, &class)) {
        size_t at = (size_t)(token.ptr - text.ptr);

        if (class != TOKEN_PAREN || token.len != 1) {
            continue;
        }
        if (token.ptr[0] == '(' || token.ptr[0] == '{') {
            if (depth == ARRAY_LEN(open)) {
                return false;
            }
            open[depth++] = at;
        } else if (depth > 0) {
            depth--;
            if (open[depth] == cursor || at == cursor || at + 1 == cursor) {
                *ret_one = open[depth];
                *ret_other = at;
                return true;
            }
        }
    }
    return false;
}

static void light_brackets(App *app, Canvas *canvas, Rect line, size_t from)
{
    StrView text = prompt_text(&app->prompt);
    size_t pair[2];

    if (!PROMPT_SPECS[app->prompt_kind].is_predicate || !find_brackets(app, &pair[0], &pair[1])) {
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(pair); i++) {
        int cells = pair[i] >= from ? utf8_width(sv_slice(text, from, pair[i] - from)) : line.width;

        if (cells < line.width) {
            canvas_paint(canvas, (Rect){line.x + cells, line.y, 1, 1}, ROLE_MATCH);
        }
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

    if (app->prompt_err.text[0] == '\0' && app->prompt_warning.len > 0) {
        (void)canvas_printf(canvas, area.x + 1, y, area.width - 2, ROLE_OUTCOME_WAIT, "%s%.*s",
                            app->prompt_fix.len > 0 ? "C-o mends: " : "",
                            SV_ARG(strbuf_view(&app->prompt_warning)));
        return;
    }
    if (app->prompt_err.text[0] == '\0') {
        (void)canvas_text_cut(canvas, area.x + 1, y, area.width - 2, ROLE_DIM,
                              sv(PROMPT_SPECS[app->prompt_kind].help));
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
                          PROMPT_SPECS[app->prompt_kind].label);
    int width = put_count(app, canvas, area) - x;
    size_t from = app_first_shown(text, app->prompt.cursor, width);

    Rect line = {x, area.y, width, 1};

    draw_text(app, canvas, line, from);
    light_brackets(app, canvas, line, from);
    canvas->cursor_x = x + utf8_width(sv_slice(text, from, app->prompt.cursor - from));
    canvas->cursor_y = area.y;
    if (area.height > 1) {
        draw_help_row(app, canvas, area, x, from);
        canvas_ground(canvas, (Rect){area.x, area.y + 1, area.width, 1}, ROLE_PROMPT_TEXT);
    }
    app_draw_completions(app, canvas);
}
