/*
 * The tabs: one for each pane, with its key, how many entries it has and whether one of them
 * failed. The less room there is, the less the others than the current one tell.
 */
#include <string.h>

#include "base/utf8.h"
#include "tui/app_state.h"

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
