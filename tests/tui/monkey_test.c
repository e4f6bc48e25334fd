/*
 * A monkey at the keyboard: 100,000 keys, reports of the mouse, pastes and changes of size, out of
 * fixed seeds, while a stream runs, files are read or the demo goes on. After the keys the screen
 * and the state behind it must hold together, and in the end every command must have run. There is
 * no terminal; what is written goes to a directory that is thrown away.
 *
 * MDMSCOPE_MONKEY=N plays N times as long, with other seeds; MDMSCOPE_MONKEY_KEYS=1 writes each key
 * to standard error, to find the one that did it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "session/search.h"
#include "tests/tui/canvas_fault.h"
#include "tests/tui/monkey.h"
#include "tui/app_state.h"
#include "tui/theme_list.h"

#define KEYS_A_LIFE 5000 /* then the explorer is closed and opened again */
#define KEYS_KEPT 24     /* told when something is wrong */
#define PATH_LENGTH 256
#define WORK_NS (2 * NS_PER_MS)

typedef struct Game {
    const char *name;
    const char *arguments[8]; /* of mdmscope; ended by NULL */
    size_t keys;
    const char *rate; /* of the stand-in for log; NULL = none */
} Game;

typedef struct Play {
    const Game *game;
    Monkey monkey;
    Options options;
    ThemeList themes;
    Session *session;
    App *app;
    Canvas canvas;
    int64_t now; /* the screen's clock, which keys push on */
    Key kept[KEYS_KEPT];
    size_t count; /* keys so far */
    bool says_keys;
} Play;

static size_t command_runs[256];
static char start_directory[PATH_LENGTH];
static char private_directory[PATH_LENGTH + 32];

/* --- what must be true ------------------------------------------------------------------------ */

static void fail_play(const Play *play, const char *what)
{
    StrBuf keys = {0};

    for (size_t i = play->count < KEYS_KEPT ? 0 : play->count - KEYS_KEPT; i < play->count; i++) {
        key_print(play->kept[i % KEYS_KEPT], &keys);
        strbuf_add_char(&keys, ' ');
    }
    print_error("%s: %s on %dx%d after key %zu: … %s\n", play->game->name, what,
                play->canvas.columns, play->canvas.rows, play->count, keys.ptr);
    strbuf_done(&keys);
    fail();
}

#define MUST(play, what)                                                                           \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            fail_play((play), #what);                                                              \
        }                                                                                          \
    } while (0)

static void check_canvas(const Play *play)
{
    const char *fault = canvas_fault(&play->canvas);

    if (fault != NULL) {
        fail_play(play, fault);
    }
    MUST(play, !play->options.plain || !canvas_has_drawing(&play->canvas));
}

static void check_area(const Play *play, Rect area)
{
    if (area.width != 0 && area.height != 0) {
        MUST(play, area.width > 0 && area.height > 0 && area.x >= 0 && area.y >= 0);
        MUST(play, area.x + area.width <= play->canvas.columns);
        MUST(play, area.y + area.height <= play->canvas.rows);
    }
}

static void check_layout(const Play *play)
{
    const Layout *layout = &play->app->layout;
    const Rect areas[] = {layout->title,  layout->tabs,  layout->histogram, layout->trouble,
                          layout->body,   layout->rule,  layout->detail,    layout->filter,
                          layout->prompt, layout->status};

    for (size_t i = 0; i < ARRAY_LEN(areas); i++) {
        check_area(play, areas[i]);
    }
    for (int i = 0; i < WINDOWS_MAX; i++) {
        check_area(play, layout->windows[i].name);
        check_area(play, layout->windows[i].heads);
        check_area(play, layout->windows[i].list);
        check_area(play, layout->windows[i].splitter);
    }
}

static void check_windows(const Play *play)
{
    const App *app = play->app;

    MUST(play, app->window_count >= 1 && app->window_count <= WINDOWS_MAX);
    MUST(play, app->focus >= 0 && app->focus < app->window_count);
    MUST(play, app->pane_count == session_pane_count(play->session));
    for (int i = 0; i < app->window_count; i++) {
        const Window *window = &app->windows[i];
        StoreRow row;

        MUST(play, window->pane < app->pane_count);
        size_t cursor = app_window_cursor(app, i);

        if (cursor != SIZE_MAX) {
            const View *view = app_window_view(app, i);

            MUST(play, cursor < view_len(view));
            MUST(play, store_find(session_store(play->session), view_get(view, cursor), &row));
        }
        MUST(play, window->line >= 0 && window->scroll_x >= 0);
    }
}

static void check_prompt(const Play *play, const Prompt *prompt)
{
    StrView text = prompt_text(prompt);

    MUST(play, prompt->cursor <= text.len);
    MUST(play, prompt->cursor == text.len || ((uint8_t)text.ptr[prompt->cursor] & 0xC0) != 0x80);
}

static void check_dialogs(const Play *play)
{
    const App *app = play->app;

    check_prompt(play, &app->prompt);
    check_prompt(play, &app->picker.query);
    check_prompt(play, &app->library.query);
    check_prompt(play, &app->save.file);
    MUST(play, app->mode < MODE_COUNT && app->prompt_kind < PROMPT_KIND_COUNT);
    MUST(play, !app_picker_is_open(app) || app->picker.count == 0 ||
                   app->picker.choice < app->picker.count);
    MUST(play, !app->library.is_open || app->library.count == 0 ||
                   app->library.choice < app->library.count);
    MUST(play, app->help_scroll >= 0 && app->page_scroll >= 0 && app->detail_scroll >= 0);
    MUST(play, app->pending_count < KEYMAP_KEYS_MAX);
    MUST(play, app->jumps.at <= app->jumps.count && app->jumps.count <= JUMPS_MAX);
    MUST(play, app->theme < app->theme_count);
}

/* What is on the screen while something is tried on it; each must have been seen. */
enum {
    SEEN_MODES,
    SEEN_PROMPTS = SEEN_MODES + MODE_COUNT,
    SEEN_WINDOWS = SEEN_PROMPTS + PROMPT_KIND_COUNT,
    SEEN_SIDE = SEEN_WINDOWS + WINDOWS_MAX + 1,
    SEEN_STACKED,
    SEEN_PICK_ONLY,
    SEEN_PICK_NOT,
    SEEN_PICK_FIELD,
    SEEN_LIBRARY,
    SEEN_PICKER,
    SEEN_COLUMNS,
    SEEN_SAVE,
    SEEN_SAVING,
    SEEN_COMPLETIONS,
    SEEN_KEYS_MENU,
    SEEN_BAD_TEXT,
    SEEN_RANGE,
    SEEN_ENROLMENT,
    SEEN_SEARCH,
    SEEN_EVICTION,
    SEEN_COUNT
};

static size_t seen[SEEN_COUNT];
static bool had_stream; /* the stand-in was there */

static void count_seen(const Play *play)
{
    const App *app = play->app;

    seen[SEEN_MODES + (int)app->mode]++;
    seen[SEEN_PROMPTS + (int)app->prompt_kind]++;
    seen[SEEN_WINDOWS + app->layout.window_count]++;
    seen[app->split == SPLIT_SIDE ? SEEN_SIDE : SEEN_STACKED] += app->layout.window_count > 1;
    seen[SEEN_PICK_ONLY] += app->pick == PICK_ONLY;
    seen[SEEN_PICK_NOT] += app->pick == PICK_NOT;
    seen[SEEN_PICK_FIELD] += app->pick == PICK_FIELD;
    seen[SEEN_LIBRARY] += app->library.is_open;
    seen[SEEN_PICKER] += app_picker_is_open(app);
    seen[SEEN_COLUMNS] += app->columns_menu.is_open;
    seen[SEEN_SAVE] += app->save.is_open;
    seen[SEEN_SAVING] += app->save.running != NULL;
    seen[SEEN_COMPLETIONS] += app->completion.is_open;
    seen[SEEN_KEYS_MENU] += app->pending_count > 0;
    seen[SEEN_BAD_TEXT] += app->prompt_kind != PROMPT_NONE && app->prompt_err.text[0] != '\0';
    seen[SEEN_RANGE] += app->range_anchor != 0;
    seen[SEEN_ENROLMENT] += app_pane_ops(app, app->focus) != NULL;
    seen[SEEN_SEARCH] += search_is_on(session_search(play->session));
    seen[SEEN_EVICTION] += store_counts(session_store(play->session))->evicted > 0;
}

static void look(Play *play)
{
    count_seen(play);
    app_draw(play->app, &play->canvas, play->now,
             (Stamp){.ns = INT64_C(1788869071) * NS_PER_SECOND});
    check_canvas(play);
    check_layout(play);
    check_windows(play);
    check_dialogs(play);
}

/* --- playing ---------------------------------------------------------------------------------- */

static void resize(Play *play)
{
    static const int SIZES[][2] = {{1, 1},   {2, 2},    {3, 9},    {14, 10}, {40, 10},
                                   {80, 24}, {80, 24},  {120, 40}, {80, 4},  {400, 120},
                                   {9, 40},  {250, 80}, {60, 18},  {40, 10}, {132, 20}};
    const int *size = MONKEY_PICK(&play->monkey, SIZES);

    if (monkey_below(&play->monkey, 2) == 0) {
        canvas_resize(&play->canvas, size[0], size[1]);
    } else {
        canvas_resize(&play->canvas, 1 + (int)monkey_below(&play->monkey, 150),
                      1 + (int)monkey_below(&play->monkey, 50));
    }
    play->monkey.columns = play->canvas.columns;
    play->monkey.rows = play->canvas.rows;
}

/* Lets the session read and work, as the loop does between two keys. */
static void pump(Play *play)
{
    int64_t real = clock_monotonic();
    unsigned dirty = session_pump(play->session, NULL, real, WORK_NS);

    session_reap(play->session);
    if (session_has_work(play->session)) {
        dirty |= session_work(play->session, WORK_NS / 4);
    }
    if (dirty != 0) {
        (void)app_news(play->app, dirty, play->now);
    }
    if (app_has_work(play->app)) {
        (void)app_work(play->app, WORK_NS / 4);
    }
}

/* What is saved or captured stays in the private directory: no path leads out of it. */
static Key tame(const Play *play, Key key)
{
    const App *app = play->app;
    bool names_file =
        app->save.is_open || app->prompt_kind == PROMPT_CAPTURE ||
        (app_picker_is_open(app) && sv_starts(prompt_text(&app->picker.query), SV("capture")));

    if (names_file && (key.code == '/' || key.code == '~' || key.code == KEY_CODE_PASTE)) {
        key.code = '_';
    }
    return key;
}

static void count_command(const Play *play)
{
    if (play->app->ran != NULL) {
        command_runs[play->app->ran - COMMANDS]++;
        play->app->ran = NULL;
    }
}

static void type(Play *play)
{
    play->monkey.mode = play->app->mode;
    play->monkey.is_busy = app_has_dialog(play->app) || app_picker_is_open(play->app);
    Key key = tame(play, monkey_key(&play->monkey));
    StrView paste = key.code == KEY_CODE_PASTE ? play->monkey.paste : SV_NONE;

    play->kept[play->count++ % KEYS_KEPT] = key;
    if (play->says_keys) {
        StrBuf name = {0};

        key_print(key, &name);
        (void)fprintf(stderr, "%zu %s\n", play->count, name.ptr);
        strbuf_done(&name);
    }
    play->now += (int64_t)monkey_below(&play->monkey, 3) * 150 * NS_PER_MS;
    unsigned wishes = app_key(play->app, key, paste, play->now);

    count_command(play);
    if ((wishes & APP_COPY) != 0) {
        Err err = err_none();

        (void)err_set(&err, "no clipboard");
        (void)app_copied(play->app);
        (void)app_copy_told(play->app, play->count % 2 == 0 ? "a clipboard" : NULL, &err);
    }
    MUST(play, app_keys_deadline(play->app) >= 0 && app_theme(play->app) != NULL);
}

static void open_explorer(Play *play)
{
    Err err = err_none();

    play->session = session_new(&play->options, NULL, &err);
    if (play->session == NULL) {
        fail_msg("%s", err.text);
    }
    theme_list_load(&play->themes, NULL, play->options.config_dir);
    play->app = app_new(play->session, &play->options, play->themes.items, play->themes.count);
    count_command(play);
}

static void close_explorer(Play *play)
{
    Err err = err_none();

    app_remember(play->app);
    if (!session_memory_save(play->session, &err)) {
        fail_msg("%s", err.text);
    }
    app_free(play->app);
    session_free(play->session);
    theme_list_done(&play->themes);
}

static void live(Play *play, size_t keys)
{
    open_explorer(play);
    for (size_t i = 0; i < keys; i++) {
        if (monkey_below(&play->monkey, 60) == 0) {
            resize(play);
            look(play);
        }
        type(play);
        if (monkey_below(&play->monkey, 4) == 0) {
            pump(play);
        }
        if (monkey_below(&play->monkey, 3) == 0) {
            look(play);
        }
    }
    close_explorer(play);
}

static size_t times_longer(void)
{
    const char *text = getenv("MDMSCOPE_MONKEY");
    long times = text != NULL ? strtol(text, NULL, 10) : 1;

    return times > 1 ? (size_t)times : 1;
}

/* A path from where the tests began; to be freed. */
static char *path_of(const char *word)
{
    StrBuf path = {0};

    if (word[0] != '/') {
        strbuf_printf(&path, "%s/", start_directory);
    }
    strbuf_add_str(&path, word);
    return path.ptr;
}

static void read_options(const Game *game, char *argv[], Options *ret_options)
{
    Err err = err_none();
    int argc = 1;

    for (; game->arguments[argc - 1] != NULL; argc++) {
        argv[argc] = path_of(game->arguments[argc - 1]);
        if (strncmp(game->arguments[argc - 1], "tests/", 6) != 0) {
            (void)strcpy(argv[argc], game->arguments[argc - 1]); /* shorter than the path */
        }
    }
    if (!options_parse(argc, argv, ret_options, &err)) {
        fail_msg("%s", err.text);
    }
}

static void play_game(const Game *game, uint64_t seed)
{
    char name[] = "mdmscope";
    char *argv[ARRAY_LEN(game->arguments) + 1] = {name};
    Play play = {.game = game,
                 .now = clock_monotonic(),
                 .says_keys = getenv("MDMSCOPE_MONKEY_KEYS") != NULL};

    read_options(game, argv, &play.options);
    play.options.config_dir = private_directory;
    play.options.state_dir = private_directory;
    monkey_init(&play.monkey, seed);
    canvas_init(&play.canvas, 80, 24);
    play.monkey.columns = 80;
    play.monkey.rows = 24;
    for (size_t left = game->keys * times_longer(); left > 0;) {
        size_t keys = left < KEYS_A_LIFE ? left : KEYS_A_LIFE;

        live(&play, keys);
        left -= keys;
    }
    canvas_done(&play.canvas);
    for (size_t i = 1; i < ARRAY_LEN(argv); i++) {
        mem_free(argv[i]);
    }
}

/* --- games ------------------------------------------------------------------------------------ */

static void test_demo(void **state)
{
    static const Game DEMO = {"demo", {"--demo", "--speed", "0", "--buffer", "1M"}, 40000, NULL};

    (void)state;
    play_game(&DEMO, 1);
}

static void test_files(void **state)
{
    static const Game FILES = {"files",
                               {"tests/data/tui/look.ndjson", "tests/data/pty/hostile.ndjson",
                                "tests/data/tui/detail.ndjson"},
                               20000,
                               NULL};

    (void)state;
    play_game(&FILES, 2);
}

static void test_plain(void **state)
{
    static const Game PLAIN = {"plain", {"--demo", "--speed", "400", "--plain"}, 10000, NULL};

    (void)state;
    play_game(&PLAIN, 3);
}

/* The stand-in for log runs in real time: the keys are the same each time, the entries are not. */
static void test_stream(void **state)
{
    static const Game STREAM = {"stream", {"--buffer", "1M", "--log", NULL}, 30000, "4000"};
    const char *build = getenv("MDMSCOPE_BUILD");
    Game game = STREAM;
    StrBuf program = {0};

    (void)state;
    strbuf_printf(&program, "%s/tests/bin/log", build != NULL ? build : "build");
    char *log_path = path_of(program.ptr);

    strbuf_done(&program);
    if (access(log_path, X_OK) != 0) {
        print_message("%s has not been built\n", log_path);
        mem_free(log_path);
        skip();
    }
    game.arguments[3] = log_path;
    (void)setenv("MDMSCOPE_FAKE_RATE", STREAM.rate, 1);
    (void)setenv("MDMSCOPE_FAKE_BACKLOG", "2000", 1);
    had_stream = true;
    play_game(&game, 4);
    mem_free(log_path);
}

/* The last two: nothing that can be on the screen, and nothing that the explorer can be told, was
 * left out. */
static void test_every_state_was_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < SEEN_COUNT; i++) {
        /* No window at all is a screen too small for one; the rest only a stream has. */
        bool may_miss = i == SEEN_WINDOWS ||
                        (!had_stream && (i == SEEN_EVICTION || i == SEEN_PROMPTS + PROMPT_STREAM));

        if (seen[i] == 0 && !may_miss) {
            fail_msg("state %zu was never drawn", i);
        }
        if (getenv("MDMSCOPE_MONKEY_RUNS") != NULL) {
            print_message("%8zu state-%zu\n", seen[i], i);
        }
    }
}

static void test_every_command_has_run(void **state)
{
    size_t missing = 0;

    (void)state;
    for (size_t i = 0; COMMANDS[i].name != NULL; i++) {
        assert_true(i < ARRAY_LEN(command_runs));
        if (command_runs[i] == 0) {
            print_error("%s has never run\n", COMMANDS[i].name);
            missing++;
        }
        if (getenv("MDMSCOPE_MONKEY_RUNS") != NULL) {
            print_message("%8zu %s\n", command_runs[i], COMMANDS[i].name);
        }
    }
    assert_int_equal(missing, 0);
}

/* --- a place of its own ----------------------------------------------------------------------- */

static int go_private(void **state)
{
    const char *base = getenv("TMPDIR");

    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)snprintf(private_directory, sizeof(private_directory), "%s/mdmscope-monkey-XXXXXX",
                   base != NULL ? base : "/tmp");
    return getcwd(start_directory, sizeof(start_directory)) != NULL &&
                   mkdtemp(private_directory) != NULL && chdir(private_directory) == 0
               ? 0
               : -1;
}

static int go_back(void **state)
{
    StrBuf command = {0};

    (void)state;
    strbuf_printf(&command, "rm -rf '%s'", private_directory);
    int status = chdir(start_directory) == 0 ? system(command.ptr) : -1;

    strbuf_done(&command);
    return status;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_every_state_was_seen),
        cmocka_unit_test(test_every_command_has_run),
    };

    return cmocka_run_group_tests(tests, go_private, go_back);
}
