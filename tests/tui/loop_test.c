/*
 * The loop with a real session and screen, and a terminal made of a list: what is done in which
 * order, and when frames go out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>

#include "tui/loop.h"
#include "tui/signals.h"

typedef struct Terminal {
    Backend base;
    Session *session;
    const Key *keys; /* ends with KEY_CODE_NONE */
    size_t at;
    bool is_burst; /* gives a key each time it is asked, whether there was a frame or not */
    bool has_mouse;
    bool waits; /* gives no key before the session is at its end and a frame was due */
    int columns, rows;
    int frames;        /* shown so far */
    int frames_at[16]; /* … when each key was given */
    bool is_blocked;   /* can_present says no */
    int refusals;
    int shown_columns, shown_rows;
    int64_t now; /* the clock, which goes on 1 ms each time it is asked */
} Terminal;

static Terminal *terminal_of(Backend *backend)
{
    return (Terminal *)backend;
}

static int no_fd(Backend *backend)
{
    (void)backend;
    return -1;
}

static void get_size(Backend *backend, int *ret_columns, int *ret_rows)
{
    *ret_columns = terminal_of(backend)->columns;
    *ret_rows = terminal_of(backend)->rows;
}

static bool read_key(Backend *backend, Key *ret_key, StrBuf *ret_paste)
{
    Terminal *terminal = terminal_of(backend);
    (void)ret_paste;
    /* One key a frame, so that each can be seen to be answered by one. */
    bool is_unseen = terminal->frames == 0 && terminal->refusals == 0;
    bool is_early = terminal->waits && (!session_is_idle(terminal->session) || is_unseen);
    bool is_unanswered = terminal->at > 0 && !terminal->is_burst && !terminal->is_blocked &&
                         terminal->frames == terminal->frames_at[terminal->at - 1];
    if (is_early || is_unanswered || terminal->keys[terminal->at].code == KEY_CODE_NONE) {
        return false;
    }
    if (terminal->at < ARRAY_LEN(terminal->frames_at)) {
        terminal->frames_at[terminal->at] = terminal->frames;
    }
    *ret_key = terminal->keys[terminal->at++];
    if (ret_key->code == KEY_CODE_RESIZE) {
        terminal->columns = 100;
        terminal->rows = 30;
    }
    return true;
}

static void present(Backend *backend, const Canvas *canvas)
{
    Terminal *terminal = terminal_of(backend);
    terminal->frames++;
    terminal->shown_columns = canvas->columns;
    terminal->shown_rows = canvas->rows;
}

static bool can_present(const Backend *backend)
{
    Terminal *terminal = (Terminal *)(size_t)backend;
    terminal->refusals += terminal->is_blocked;
    if (terminal->refusals > 3) {
        terminal->is_blocked = false;
    }
    return !terminal->is_blocked;
}

static void set_theme(Backend *backend, const Theme *theme)
{
    (void)backend;
    (void)theme;
}

static void nothing(Backend *backend)
{
    (void)backend;
}

static void set_mouse(Backend *backend, bool is_on)
{
    terminal_of(backend)->has_mouse = is_on;
}

static int64_t get_now(const Backend *backend)
{
    Terminal *terminal = (Terminal *)(size_t)backend;
    return terminal->now += NS_PER_MS;
}

static Stamp get_wall(const Backend *backend)
{
    (void)backend;
    return (Stamp){0};
}

/* A list of keys has no descriptor that would wake the loop: it is asked again as long as there are
 * some. */
static int64_t get_deadline(const Backend *backend)
{
    const Terminal *terminal = (const Terminal *)backend;
    bool has_more = terminal->keys[terminal->at].code != KEY_CODE_NONE;
    return has_more ? terminal->now : INT64_MAX;
}

static const BackendOps OPS = {
    .name = "list",
    .fd = no_fd,
    .size = get_size,
    .read_key = read_key,
    .present = present,
    .set_theme = set_theme,
    .suspend = nothing,
    .resume = nothing,
    .free = nothing,
    .can_present = can_present,
    .deadline = get_deadline,
    .now = get_now,
    .wall = get_wall,
    .set_mouse = set_mouse,
};

typedef struct Bench {
    Options options;
    Theme theme;
    const Theme *themes[1];
    Session *session;
    App *app;
    Terminal terminal;
} Bench;

static void bench_init(Bench *bench, const Key *keys)
{
    static char *argv[] = {(char *)(size_t) "mdmscope", (char *)(size_t) "--demo",
                           (char *)(size_t) "--speed", (char *)(size_t) "0"};
    Err err = err_none();
    *bench = (Bench){0};
    assert_true(options_parse((int)ARRAY_LEN(argv), argv, &bench->options, &err));
    bench->session = session_new(&bench->options, NULL, &err);
    assert_non_null(bench->session);
    bench->themes[0] = &bench->theme;
    bench->app = app_new(bench->session, &bench->options, bench->themes, 1);
    bench->terminal = (Terminal){
        .base = {.ops = &OPS},
        .session = bench->session,
        .keys = keys,
        .columns = 80,
        .rows = 24,
        .waits = true,
        .now = clock_monotonic(),
    };
}

static void bench_done(Bench *bench)
{
    app_free(bench->app);
    session_free(bench->session);
}

static void run(Bench *bench)
{
    loop_run(bench->session, bench->app, &bench->terminal.base, NULL);
}

static void ends_when_the_user_leaves(void **state)
{
    (void)state;
    static const Key KEYS[] = {
        {.code = 'j'}, {.code = 'k'}, {.code = 'q'}, {.code = KEY_CODE_NONE}};
    Bench bench;
    bench_init(&bench, KEYS);
    run(&bench);
    assert_int_equal(bench.terminal.at, 3);
    assert_true(session_is_loaded(bench.session));
    /* Each key had its frame before the next one came. */
    assert_true(bench.terminal.frames_at[1] > bench.terminal.frames_at[0]);
    assert_true(bench.terminal.frames_at[2] > bench.terminal.frames_at[1]);
    bench_done(&bench);
}

static void ends_with_the_terminal(void **state)
{
    (void)state;
    static const Key KEYS[] = {{.code = KEY_CODE_CLOSED}, {.code = 'q'}, {.code = KEY_CODE_NONE}};
    Bench bench;
    bench_init(&bench, KEYS);
    bench.terminal.waits = false;
    run(&bench);
    assert_int_equal(bench.terminal.at, 1);
    assert_int_equal(bench.terminal.frames, 0); /* nobody sees it any more */
    bench_done(&bench);
}

static void draws_in_the_new_size(void **state)
{
    (void)state;
    static const Key KEYS[] = {{.code = KEY_CODE_RESIZE}, {.code = 'q'}, {.code = KEY_CODE_NONE}};
    Bench bench;
    bench_init(&bench, KEYS);
    run(&bench);
    assert_int_equal(bench.terminal.shown_columns, 100);
    assert_int_equal(bench.terminal.shown_rows, 30);
    bench_done(&bench);
}

/* A line that takes nothing holds up frames, and nothing else. */
static void goes_on_while_the_terminal_is_blocked(void **state)
{
    (void)state;
    static const Key KEYS[] = {{.code = 'j'}, {.code = 'q'}, {.code = KEY_CODE_NONE}};
    Bench bench;
    bench_init(&bench, KEYS);
    bench.terminal.is_blocked = true;
    run(&bench);
    assert_true(bench.terminal.refusals > 0);
    assert_true(session_is_loaded(bench.session));
    bench_done(&bench);
}

/* Frames follow a beat while entries come in, whatever their number. */
static void keeps_the_beat(void **state)
{
    (void)state;
    static const Key KEYS[] = {{.code = 'q'}, {.code = KEY_CODE_NONE}};
    Bench bench;
    bench_init(&bench, KEYS);
    int64_t start = bench.terminal.now;
    run(&bench);
    int64_t most = (bench.terminal.now - start) / LOOP_FRAME_NS + 2;
    assert_true(bench.terminal.frames >= 1);
    assert_true(bench.terminal.frames <= most);
    bench_done(&bench);
}

/* A drag whose reports come one by one, faster than frames are of use. */
static void draws_no_frame_that_nobody_sees(void **state)
{
    (void)state;
    enum { DRAGS = 300 };
    static Key keys[DRAGS + 2];
    Bench bench;
    for (int i = 0; i < DRAGS; i++) {
        keys[i] = (Key){.code = KEY_CODE_MOUSE_DRAG, .x = (int16_t)i, .y = 5};
    }
    keys[DRAGS] = (Key){.code = 'q'};
    bench_init(&bench, keys);
    bench.terminal.is_burst = true;
    int64_t start = bench.terminal.now;
    run(&bench);
    int64_t most = (bench.terminal.now - start) / LOOP_KEY_FRAME_NS + 2;
    assert_int_equal(bench.terminal.at, DRAGS + 1);
    assert_true(bench.terminal.frames <= most);
    assert_true(bench.terminal.frames < DRAGS);
    bench_done(&bench);
}

static void asks_for_the_mouse(void **state)
{
    (void)state;
    static const Key KEYS[] = {{.code = 'q'}, {.code = KEY_CODE_NONE}};
    Bench bench;
    bench_init(&bench, KEYS);
    run(&bench);
    assert_true(bench.terminal.has_mouse);
    bench_done(&bench);
}

static void ends_by_a_signal(void **state)
{
    (void)state;
    static const Key KEYS[] = {{.code = KEY_CODE_NONE}};
    Bench bench;
    Err err = err_none();
    bench_init(&bench, KEYS);
    assert_int_equal(signals_fd(), -1);
    assert_true(signals_open(SIGNALS_ALL, NULL, &err));
    assert_int_equal(signals_take(), 0);
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(raise(SIGCHLD), 0);
    run(&bench);
    assert_int_equal(signals_ending(), SIGTERM);
    assert_int_equal(*signals_stop_flag(), 1);
    assert_int_equal(signals_take(), 0); /* each is told once */
    signals_close();
    assert_int_equal(signals_ending(), 0);
    bench_done(&bench);
}

/* A job that was started with SIGINT ignored (in the background, by nohup) leaves it ignored. */
static void leaves_ignored_signals_alone(void **state)
{
    (void)state;
    Err err = err_none();
    void (*before)(int) = signal(SIGINT, SIG_IGN);
    assert_true(signals_open(SIGNALS_END, NULL, &err));
    assert_int_equal(raise(SIGINT), 0);
    assert_int_equal(signals_take(), 0);
    assert_int_equal(raise(SIGHUP), 0);
    assert_int_equal(signals_take(), SIGNALS_END);
    signals_close();
    (void)signal(SIGINT, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_when_the_user_leaves),
        cmocka_unit_test(ends_with_the_terminal),
        cmocka_unit_test(draws_in_the_new_size),
        cmocka_unit_test(goes_on_while_the_terminal_is_blocked),
        cmocka_unit_test(keeps_the_beat),
        cmocka_unit_test(draws_no_frame_that_nobody_sees),
        cmocka_unit_test(asks_for_the_mouse),
        cmocka_unit_test(ends_by_a_signal),
        cmocka_unit_test(leaves_ignored_signals_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
