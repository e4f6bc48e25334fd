/*
 * Lists of messages in every kind of script, drawn in every width: whatever a text is made of, each
 * column begins where it should and nothing is cut in the middle of a character. And the screen
 * without drawing (--plain): all that is ours on it is ASCII.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/tui/canvas_fault.h"
#include "tui/app_state.h"
#include "tui/theme_list.h"

#define COLUMNS_LAST 140

typedef struct Screen {
    Options options;
    ThemeList themes;
    Session *session;
    App *app;
    Canvas canvas;
    int64_t now;
} Screen;

static void screen_open(Screen *screen, const char *file, const char *option)
{
    char *argv[] = {"mdmscope", (char *)(size_t)file, (char *)(size_t)option};
    Err err = err_none();

    *screen = (Screen){.now = NS_PER_SECOND};
    assert_true(options_parse(option != NULL ? 3 : 2, argv, &screen->options, &err));
    screen->session = session_new(&screen->options, NULL, &err);
    assert_non_null(screen->session);
    theme_list_load(&screen->themes, NULL, NULL);
    screen->app =
        app_new(screen->session, &screen->options, screen->themes.items, screen->themes.count);
    canvas_init(&screen->canvas, 80, 24);
    while (!session_is_idle(screen->session)) {
        unsigned dirty = session_pump(screen->session, NULL, screen->now, NS_PER_SECOND);

        dirty |= session_work(screen->session, NS_PER_SECOND);
        (void)app_news(screen->app, dirty, screen->now);
    }
}

static void screen_close(Screen *screen)
{
    app_free(screen->app);
    session_free(screen->session);
    theme_list_done(&screen->themes);
    canvas_done(&screen->canvas);
}

/* Types keys by their names, with blanks between. */
static void type(Screen *screen, const char *names)
{
    StrView rest = sv(names);

    while (rest.len > 0) {
        size_t blank = sv_find_char(rest, ' ');
        Key key;

        assert_true(key_parse(sv_slice(rest, 0, blank), &key));
        rest = blank == SIZE_MAX ? SV("") : sv_slice(rest, blank + 1, SIZE_MAX);
        screen->now += NS_PER_SECOND;
        (void)app_key(screen->app, key, SV_NONE, screen->now);
        while (session_has_work(screen->session)) {
            (void)session_work(screen->session, NS_PER_SECOND);
        }
    }
}

static void draw(Screen *screen, int columns, int rows)
{
    canvas_resize(&screen->canvas, columns, rows);
    app_draw(screen->app, &screen->canvas, screen->now, (Stamp){.ns = NS_PER_SECOND});
    const char *fault = canvas_fault(&screen->canvas);

    if (fault != NULL) {
        fail_msg("%s on %dx%d", fault, columns, rows);
    }
}

static const Cell *cell_at(const Screen *screen, int x, int y)
{
    return &screen->canvas.cells[(size_t)y * (size_t)screen->canvas.columns + (size_t)x];
}

/* Before each column stands a blank, and no character reaches over its border. What goes on in a
 * wrapped line need not keep to the columns. */
static void check_columns(const Screen *screen)
{
    App *app = screen->app;
    Rect list = app_list_area(app);
    ListPlan plan = app_list_plan(app, app->focus);
    const Rows *rows = app_rows(app, app->focus);

    assert_true(rows->count > 0);
    for (size_t line = 0; line < rows->count; line++) {
        for (size_t i = 0; i < plan.count && rows->lines[line].kind == ROW_ENTRY; i++) {
            int x = list.x + plan.cells[i].x;
            int y = list.y + (int)line;

            if (cell_at(screen, x, y)->width == 0 ||
                (i > 0 && strcmp(cell_at(screen, x - 1, y)->text, " ") != 0)) {
                fail_msg("column %zu of line %zu does not begin where it should on %d columns", i,
                         line, screen->canvas.columns);
            }
        }
    }
}

static void test_columns_stay_in_line(void **state)
{
    static const char *const WAYS[] = {
        "g", /* cut */
        "l", /* scrolled to the right, by steps that hit halves */
        "l",
        "h h z w",                /* wrapped */
        "z w z f",                /* repeats once */
        "/ e | 登 | 👍 | ה Enter", /* matches lit, and shown */
        "z l",                    /* compact */
        "z l",                    /* wide */
        "z w G",
    };
    Screen screen;

    (void)state;
    screen_open(&screen, "tests/data/tui/wide.ndjson", NULL);
    for (size_t way = 0; way < ARRAY_LEN(WAYS); way++) {
        type(&screen, WAYS[way]);
        for (int columns = 1; columns <= COLUMNS_LAST; columns++) {
            draw(&screen, columns, 19);
            check_columns(&screen);
        }
    }
    screen_close(&screen);
}

/* The whole entry, the dialogs and prompts with such a text in them. */
static void test_nothing_is_cut_in_half(void **state)
{
    static const char *const WAYS[] = {"g Enter",
                                       "Escape j j Enter",
                                       "l",
                                       "l l l",
                                       "Escape p 登 録 👍",
                                       "Escape ` Escape M 登 ש é",
                                       "Enter ` 登",
                                       "Escape c 登 録 Enter",
                                       "R",
                                       "Escape & 録 Enter",
                                       "s Down Down 登"};
    Screen screen;

    (void)state;
    screen_open(&screen, "tests/data/tui/wide.ndjson", NULL);
    for (size_t way = 0; way < ARRAY_LEN(WAYS); way++) {
        type(&screen, WAYS[way]);
        for (int columns = 1; columns <= COLUMNS_LAST; columns++) {
            draw(&screen, columns, 10 + columns % 20);
        }
    }
    screen_close(&screen);
}

/* Every view of a screen reader's mode, over a file whose messages are ASCII. */
static void test_plain_screen_is_words(void **state)
{
    static const char *const WAYS[] = {"g",
                                       "j m",
                                       "v j",
                                       "Escape Enter",
                                       "Escape ?",
                                       "q :",
                                       "Escape 6",
                                       "7",
                                       "1",
                                       "z c",
                                       "Escape s",
                                       "Escape L",
                                       "Escape K",
                                       "Enter",
                                       "q p = =",
                                       "Escape x",
                                       "Escape C-w",
                                       "s",
                                       "C-w v",
                                       "z w",
                                       "z f",
                                       "H",
                                       "Escape / r Enter",
                                       "`"};
    Screen screen;

    (void)state;
    screen_open(&screen, "tests/data/tui/plain.ndjson", "--plain");
    for (size_t way = 0; way < ARRAY_LEN(WAYS); way++) {
        type(&screen, WAYS[way]);
        for (int columns = 20; columns <= COLUMNS_LAST; columns += 15) {
            draw(&screen, columns, 8 + columns / 4);
            for (int i = 0; i < screen.canvas.columns * screen.canvas.rows; i++) {
                if ((unsigned char)screen.canvas.cells[i].text[0] >= 0x80) {
                    fail_msg("'%s' on a plain screen of %d columns after '%s'",
                             screen.canvas.cells[i].text, columns, WAYS[way]);
                }
            }
        }
    }
    screen_close(&screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_stay_in_line),
        cmocka_unit_test(test_nothing_is_cut_in_half),
        cmocka_unit_test(test_plain_screen_is_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
