/*
 * The playbook in the explorer: its pages chosen with the picker, and read in a box that scrolls.
 * Nothing of it is run: y copies the page.
 */
#include <string.h>

#include "base/utf8.h"
#include "session/playbook.h"
#include "tui/app_detail.h"
#include "tui/app_state.h"
#include "tui/command_list.h"
#include "tui/fuzzy.h"

#define PAGE_COLUMNS 92
#define PAGE_MARGIN 3
#define PAGE_LEAST 20
#define FOLD_INDENT "          " /* of what goes on of a command */

static Playbook *pages(App *app)
{
    Err err = err_none();

    if (app->playbook == NULL) {
        app->playbook = playbook_new(app->options->data_dir, &err);
        if (app->playbook == NULL) {
            app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
        }
    }
    return app->playbook;
}

static size_t page_count(const App *app)
{
    return playbook_page_count(app->playbook);
}

static int page_score(const App *app, size_t item, StrView query)
{
    return fuzzy_score(query, playbook_page_get(app->playbook, item)->title);
}

static void page_text(const App *app, size_t item, PickerText *ret_text)
{
    const PlaybookPage *page = playbook_page_get(app->playbook, item);

    strbuf_add(&ret_text->name, page->title);
    strbuf_add(&ret_text->about, page->summary);
}

static unsigned page_accept(App *app, size_t item, StrView query)
{
    (void)query;
    if (item != SIZE_MAX) {
        app->page = item;
        app->page_scroll = 0;
        if (app->mode != MODE_PAGE && app->mode != MODE_HELP) { /* one must come out again */
            app->page_from = app->mode;
        }
        app->mode = MODE_PAGE;
    }
    return 0;
}

static const PickerSpec PAGES = {
    .title = "playbook",
    .foot = "Enter reads a page · Esc back",
    .nothing = "no page has these letters",
    .count = page_count,
    .score = page_score,
    .text = page_text,
    .accept = page_accept,
};

unsigned command_playbook(App *app, int argument)
{
    (void)argument;
    return pages(app) == NULL ? APP_REDRAW : app_picker_open(app, &PAGES);
}

unsigned command_playbook_text(App *app, StrView text)
{
    size_t page = pages(app) == NULL ? SIZE_MAX : playbook_find(app->playbook, text);

    if (page == SIZE_MAX) {
        app_say(app, ROLE_OUTCOME_FAIL, "the playbook has no page '%.*s'", SV_ARG(text));
        return APP_REDRAW;
    }
    (void)page_accept(app, page, text);
    return APP_REDRAW;
}

unsigned command_page_scroll(App *app, int lines)
{
    app->page_scroll += lines * app_times(app);
    app->page_scroll = app->page_scroll > 0 ? app->page_scroll : 0;
    return APP_REDRAW;
}

unsigned command_page_close(App *app, int argument)
{
    (void)argument;
    app->mode = app->page_from;
    return APP_REDRAW;
}

unsigned command_page_copy(App *app, int argument)
{
    (void)argument;
    if (app->mode != MODE_PAGE) { /* called by its name */
        app_say(app, ROLE_OUTCOME_WAIT, "no page of the playbook is open");
        return APP_REDRAW;
    }
    return app_copy(app, playbook_page_get(app->playbook, app->page)->markdown, "the page");
}

/* Commands are not wrapped by who lays out the page, but must be read to their end. `columns` is
 * more than the indentation. */
static void fold_lines(StrView text, int columns, StrBuf *ret)
{
    StrView line;

    while (sv_next_line(&text, &line)) {
        int room = columns;
        int width = utf8_width(line);

        while (width > room) {
            int used;
            size_t fit = utf8_fit(line, room, &used);

            strbuf_add(ret, sv_slice(line, 0, fit));
            strbuf_add_str(ret, "\n" FOLD_INDENT);
            line = sv_slice(line, fit, SIZE_MAX);
            width -= used;
            room = columns - (int)strlen(FOLD_INDENT);
        }
        strbuf_add(ret, line);
        strbuf_add_char(ret, '\n');
    }
}

void app_draw_page(App *app, Canvas *canvas)
{
    const PlaybookPage *page = playbook_page_get(app->playbook, app->page);
    int width = app->columns > PAGE_COLUMNS + 8 ? PAGE_COLUMNS + 2 * PAGE_MARGIN : app->columns;
    Rect box = {(app->columns - width) / 2, app->rows > 12 ? 1 : 0, width,
                app->rows > 12 ? app->rows - 3 : app->rows};
    int columns = width - 2 * PAGE_MARGIN;
    StrBuf laid_out = {0};
    StrBuf text = {0};
    StrView line;
    int rows = 0;

    columns = columns > PAGE_LEAST ? columns : PAGE_LEAST;
    playbook_page_text(app->playbook, app->page, (size_t)columns, &laid_out);
    fold_lines(strbuf_view(&laid_out), columns, &text);
    strbuf_done(&laid_out);
    for (StrView rest = strbuf_view(&text); sv_next_line(&rest, &line);) {
        rows++;
    }
    int most = rows > box.height - 2 ? rows - (box.height - 2) : 0;

    app->page_scroll = app->page_scroll < most ? app->page_scroll : most;
    canvas_fill(canvas, box, ROLE_BOX);
    canvas_box(canvas, box, ROLE_BOX);
    (void)canvas_printf(canvas, box.x + 2, box.y, box.width - 4, ROLE_BOX_TITLE,
                        " %.*s · j k scroll · y copies · q back ", SV_ARG(page->title));
    StrView rest = strbuf_view(&text);

    for (int row = 0; sv_next_line(&rest, &line); row++) {
        int y = box.y + 1 + row - app->page_scroll;

        if (y > box.y && y < box.y + box.height - 1) {
            (void)canvas_text_cut(canvas, box.x + PAGE_MARGIN, y, box.width - PAGE_MARGIN - 1,
                                  ROLE_BOX, line);
        }
    }
    if (app->page_scroll < most) {
        (void)canvas_printf(canvas, box.x + box.width - 14, box.y + box.height - 1, 12,
                            ROLE_BOX_TITLE, " ↓ %d more ", most - app->page_scroll);
    }
    strbuf_done(&text);
}
