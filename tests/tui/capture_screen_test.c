/*
 * The capture as the explorer has it: the key asks for a file and ends what runs, an existing file
 * is asked about, the title and the rows of trouble say what there is to say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "tests/session/place.h"
#include "tui/app_state.h"
#include "tui/theme_list.h"

#define PATIENCE_NS (INT64_C(60) * NS_PER_SECOND)

typedef struct Screen {
    TestPlace place;
    Options options;
    ThemeList themes;
    Session *session;
    App *app;
    Canvas canvas;
    int64_t now;
    StrBuf text; /* of the last frame */
} Screen;

static int set_up_of(void **state, int argc, char **argv)
{
    static Screen screen;
    Err err = err_none();

    screen = (Screen){.now = NS_PER_SECOND};
    place_make(&screen.place);
    assert_true(options_parse(argc, argv, &screen.options, &err));
    screen.session = session_new(&screen.options, NULL, &err);
    assert_non_null(screen.session);
    theme_list_load(&screen.themes, NULL, NULL);
    screen.app = app_new(screen.session, &screen.options, screen.themes.items, screen.themes.count);
    canvas_init(&screen.canvas, 120, 24);
    *state = &screen;
    return 0;
}

static int set_up(void **state)
{
    char *argv[] = {"mdmscope", "--demo", "--speed", "1"};

    return set_up_of(state, 4, argv);
}

/* What a command says cannot be read again. */
static int set_up_live(void **state)
{
    static char command[] = "cat tests/data/tui/look.ndjson; exec sleep 1000";
    static char *argv[] = {"mdmscope", "--exec", command};

    return set_up_of(state, 3, argv);
}

/* The same in one of `log`'s text styles. */
static int set_up_text(void **state)
{
    static char command[] = "echo '2026-09-08 10:00:16.012 Df mdmclient[77:540] one'; "
                            "echo '2026-09-08 10:00:17.012 E  mdmclient[77:540] two'; "
                            "exec sleep 1000";
    static char *argv[] = {"mdmscope", "--exec", command};

    return set_up_of(state, 3, argv);
}

static int tear_down(void **state)
{
    Screen *screen = *state;

    app_free(screen->app);
    session_free(screen->session);
    theme_list_done(&screen->themes);
    canvas_done(&screen->canvas);
    strbuf_done(&screen->text);
    place_remove(&screen->place);
    return 0;
}

/* Lets the demo go on for so long. */
static void pass(Screen *screen, int64_t ns)
{
    screen->now += ns;
    unsigned dirty = session_pump(screen->session, NULL, screen->now, NS_PER_SECOND);

    dirty |= session_work(screen->session, NS_PER_SECOND);
    (void)app_news(screen->app, dirty, screen->now);
}

static void press(Screen *screen, uint32_t code, unsigned mods)
{
    (void)app_key(screen->app, (Key){.code = code, .mods = (uint8_t)mods}, SV_NONE, screen->now);
}

static bool leaves(Screen *screen, uint32_t code)
{
    return (app_key(screen->app, (Key){.code = code}, SV_NONE, screen->now) & APP_QUIT) != 0;
}

static void until_entries(Screen *screen, uint64_t count)
{
    int64_t begun = clock_monotonic();

    while (store_counts(session_store(screen->session))->entries < count) {
        assert_true(clock_monotonic() - begun < PATIENCE_NS);
        pass(screen, NS_PER_MS);
    }
}

/* Answers the prompt with a path. */
static void answer(Screen *screen, const char *path)
{
    press(screen, 'u', KEY_CTRL);
    for (size_t i = 0; path[i] != '\0'; i++) {
        press(screen, (unsigned char)path[i], 0);
    }
    press(screen, KEY_CODE_ENTER, 0);
}

static bool shows(Screen *screen, const char *what)
{
    strbuf_clear(&screen->text);
    app_draw(screen->app, &screen->canvas, screen->now, (Stamp){.ns = NS_PER_SECOND});
    for (int y = 0; y < screen->canvas.rows; y++) {
        for (int x = 0; x < screen->canvas.columns; x++) {
            const Cell *cell =
                &screen->canvas.cells[(size_t)y * (size_t)screen->canvas.columns + (size_t)x];

            strbuf_add_str(&screen->text, cell->text);
        }
        strbuf_add_char(&screen->text, '\n');
    }
    return sv_find(strbuf_view(&screen->text), sv(what)) != SIZE_MAX;
}

static void assert_shows(Screen *screen, const char *what)
{
    if (!shows(screen, what)) {
        fail_msg("no '%s' in\n%s", what, screen->text.ptr);
    }
}

static void a_key_begins_and_ends_it(void **state)
{
    Screen *screen = *state;
    char path[128];
    StrBuf is = {0};

    (void)snprintf(path, sizeof path, "%s", place_path(&screen->place, "f"));
    pass(screen, 20 * NS_PER_SECOND);
    assert_false(shows(screen, "rec "));
    press(screen, 'C', 0);
    assert_shows(screen, "capture to ❯ mdmscope-19700101-000001.ndjson");
    answer(screen, path);
    assert_shows(screen, "● rec 0");
    assert_shows(screen, "all that comes from now on goes to");
    pass(screen, 20 * NS_PER_SECOND);
    CaptureStatus status;
    assert_true(session_capture(screen->session, &status));
    assert_true(status.entries > 0);
    press(screen, 'C', 0);
    assert_shows(screen, "the capture has ended: ");
    int64_t begun = clock_monotonic();
    while (session_capture(screen->session, &status) && status.state != CAPTURE_ENDED) {
        assert_true(clock_monotonic() - begun < PATIENCE_NS);
    }
    assert_false(shows(screen, "rec "));
    (void)place_get(&screen->place, "f", &is);
    assert_true(is.len > 0 && is.len == status.bytes);
    strbuf_done(&is);
}

static void asks_before_it_replaces(void **state)
{
    Screen *screen = *state;
    char path[128];
    StrBuf is = {0};

    place_put(&screen->place, "f", "mine");
    (void)snprintf(path, sizeof path, "%s", place_path(&screen->place, "f"));
    press(screen, 'C', 0);
    answer(screen, path);
    assert_shows(screen, "Enter once more replaces '");
    assert_string_equal(place_get(&screen->place, "f", &is), "mine");
    /* Asked about one file, another one is not replaced. */
    place_put(&screen->place, "g", "mine, too");
    answer(screen, place_path(&screen->place, "g"));
    assert_string_equal(place_get(&screen->place, "g", &is), "mine, too");
    answer(screen, path);
    assert_string_equal(place_get(&screen->place, "f", &is), "mine");
    press(screen, KEY_CODE_ENTER, 0);
    assert_shows(screen, "● rec 0");
    assert_string_equal(place_get(&screen->place, "f", &is), "");
    strbuf_done(&is);
}

static void knows_the_home(void **state)
{
    Screen *screen = *state;
    char home[128];
    StrBuf is = {0};

    place_put(&screen->place, "f", "mine");
    (void)snprintf(home, sizeof home, "%s", place_path(&screen->place, "f"));
    home[strlen(home) - 2] = '\0';
    (void)setenv("HOME", home, 1);
    press(screen, 'C', 0);
    answer(screen, "~/f");
    assert_shows(screen, "Enter once more replaces '");
    press(screen, KEY_CODE_ENTER, 0);
    assert_shows(screen, "● rec 0");
    assert_string_equal(place_get(&screen->place, "f", &is), "");
    strbuf_done(&is);
}

static void says_that_it_has_stopped(void **state)
{
    Screen *screen = *state;
    CaptureStatus status;

    if (access("/dev/full", W_OK) != 0) {
        skip();
    }
    press(screen, 'C', 0);
    answer(screen, "/dev/full");
    int64_t begun = clock_monotonic();
    do {
        assert_true(clock_monotonic() - begun < PATIENCE_NS);
        pass(screen, NS_PER_SECOND / 10);
        assert_true(session_capture(screen->session, &status));
    } while (status.state == CAPTURE_RUNNING);
    pass(screen, 20 * NS_PER_SECOND);
    assert_shows(screen, "■ rec stopped, ");
    assert_shows(screen, "cannot write '/dev/full': No space left on device");
    /* Another one can be begun, and then all is well. */
    press(screen, 'C', 0);
    answer(screen, place_path(&screen->place, "f"));
    assert_shows(screen, "● rec 0");
    assert_false(shows(screen, "/dev/full"));
}

/* Saves what the dialog offers, everything, to a file. */
static void save_all(Screen *screen, const char *path)
{
    App *app = screen->app;
    int64_t begun = clock_monotonic();

    press(screen, 's', 0);
    assert_true(app->save.is_open);
    while (app->save.row != SAVE_ROW_FILE) {
        press(screen, KEY_CODE_TAB, 0);
    }
    answer(screen, path);
    while (app->save.is_open) {
        assert_true(clock_monotonic() - begun < PATIENCE_NS);
        assert_string_equal(app->save.err.text, "");
        (void)app_work(app, NS_PER_SECOND);
    }
}

/* The name says what will be in the file, as far as is known. */
static void the_name_says_what_comes(void **state)
{
    Screen *screen = *state;

    assert_shows(screen, "nothing has come yet");
    press(screen, 'C', 0);
    assert_shows(screen, "capture to ❯ mdmscope-19700101-000001.log");
    press(screen, KEY_CODE_ESCAPE, 0);
    until_entries(screen, 1);
    press(screen, 'C', 0);
    assert_shows(screen, "capture to ❯ mdmscope-19700101-000001.log");
}

static void the_name_says_what_came(void **state)
{
    Screen *screen = *state;

    until_entries(screen, 13);
    assert_shows(screen, "13 entries");
    press(screen, 'C', 0);
    assert_shows(screen, "capture to ❯ mdmscope-19700101-000001.ndjson");
}

/* Begun late, a capture has not what came before; an excerpt of everything has. */
static void leaving_asks_when_a_capture_began_late(void **state)
{
    Screen *screen = *state;

    until_entries(screen, 13);
    assert_false(leaves(screen, 'q'));
    assert_shows(screen, "not saved: q leaves, s saves");
    screen->now += NS_PER_SECOND * 60;
    press(screen, 'C', 0);
    answer(screen, place_path(&screen->place, "f"));
    assert_shows(screen, "● rec 0");
    assert_false(leaves(screen, 'q'));
    assert_shows(screen, "not all is saved: q leaves, s saves");
    screen->now += NS_PER_SECOND * 60;
    press(screen, '5', 0); /* a pane that shows a part of it */
    screen->now += NS_PER_SECOND;
    pass(screen, NS_PER_SECOND);
    save_all(screen, place_path(&screen->place, "part"));
    assert_false(leaves(screen, 'q'));
    screen->now += NS_PER_SECOND * 60;
    press(screen, '1', 0);
    screen->now += NS_PER_SECOND;
    pass(screen, NS_PER_SECOND);
    save_all(screen, place_path(&screen->place, "whole"));
    assert_true(leaves(screen, 'q'));
}

/* Whatever is done in between takes the question back. */
static void leaving_asks_again_after_something_else(void **state)
{
    Screen *screen = *state;

    until_entries(screen, 13);
    assert_false(leaves(screen, 'q'));
    press(screen, 'k', 0);
    assert_false(leaves(screen, 'q'));
    assert_true(leaves(screen, 'q'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_key_begins_and_ends_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(asks_before_it_replaces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(knows_the_home, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_that_it_has_stopped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_name_says_what_comes, set_up_text, tear_down),
        cmocka_unit_test_setup_teardown(the_name_says_what_came, set_up_live, tear_down),
        cmocka_unit_test_setup_teardown(leaving_asks_when_a_capture_began_late, set_up_live,
                                        tear_down),
        cmocka_unit_test_setup_teardown(leaving_asks_again_after_something_else, set_up_live,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
