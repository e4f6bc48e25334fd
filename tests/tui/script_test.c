/*
 * The language of --script: what it does, and what it says to mistakes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tui/backend_script.h"

/* A program that is what the test says, and draws the clock it is given. */
typedef struct Fake {
    bool is_loaded, is_idle;
    uint64_t entries;
    int draws;
} Fake;

static bool fake_loaded(void *context)
{
    return ((Fake *)context)->is_loaded;
}

static bool fake_idle(void *context)
{
    return ((Fake *)context)->is_idle;
}

static uint64_t fake_entries(void *context)
{
    return ((Fake *)context)->entries;
}

static void fake_draw(void *context, Canvas *canvas, int64_t now, Stamp wall)
{
    (void)now;
    char clock[CLOCK_STAMP_MAX];
    clock_format(wall, CLOCK_FULL, clock);
    ((Fake *)context)->draws++;
    canvas_clear(canvas, ROLE_TEXT);
    (void)canvas_printf(canvas, 0, 0, canvas->columns, ROLE_TITLE, "%dx%d %s", canvas->columns,
                        canvas->rows, clock);
}

static Backend *start(const char *script, Fake *fake, FILE *out)
{
    Err err = err_none();
    Backend *backend = backend_script_new(sv(script), 60, 2, out, &err);
    if (backend == NULL) {
        print_error("%s\n", err.text);
    }
    assert_non_null(backend);
    ScriptHost host = {.is_loaded = fake_loaded,
                       .is_idle = fake_idle,
                       .entries = fake_entries,
                       .draw = fake_draw,
                       .context = fake};
    backend_script_attach(backend, &host);
    return backend;
}

/* Takes keys until there is none or the end; names them into `names`. */
static void take(Backend *backend, StrBuf *names)
{
    Key key;
    StrBuf paste = {0};
    while (backend->ops->read_key(backend, &key, &paste)) {
        key_print(key, names);
        strbuf_printf(names, "%.*s ", SV_ARG(strbuf_view(&paste)));
        if (key.code == KEY_CODE_CLOSED) {
            break;
        }
    }
    strbuf_done(&paste);
}

static void check_keys(const char *script, const char *expected)
{
    Fake fake = {0};
    StrBuf names = {0};
    Backend *backend = start(script, &fake, stdout);
    take(backend, &names);
    assert_string_equal(strbuf_view(&names).ptr, expected);
    assert_null(backend_script_failure(backend));
    backend->ops->free(backend);
    strbuf_done(&names);
}

static void gives_keys(void **state)
{
    (void)state;
    check_keys("", "Closed ");
    check_keys("j C-d\tEnter\n: # = \"\\\"\"", "j C-d Enter : # = \" Closed ");
    check_keys("\"a b\"", "a Space b Closed ");
    check_keys("/ \"x\\\"\\\\\\n\" \xc3\xa9", "/ x \" \\ Enter \xc3\xa9 Closed ");
    check_keys("paste:\"one two\" q", "Pasteone two q Closed ");
    check_keys("size:100x30 j", "Resize j Closed ");
}

static void waits_for_states(void **state)
{
    (void)state;
    Fake fake = {0};
    StrBuf names = {0};
    Backend *backend = start("a wait:loaded b wait:entries=7 c wait:idle d", &fake, stdout);
    take(backend, &names);
    assert_string_equal(strbuf_view(&names).ptr, "a ");
    fake.is_loaded = true;
    fake.entries = 6;
    take(backend, &names);
    assert_string_equal(strbuf_view(&names).ptr, "a b ");
    fake.entries = 8;
    take(backend, &names);
    assert_string_equal(strbuf_view(&names).ptr, "a b c ");
    fake.is_idle = true;
    take(backend, &names);
    assert_string_equal(strbuf_view(&names).ptr, "a b c d Closed ");
    backend->ops->free(backend);
    strbuf_done(&names);
}

static void read_all(FILE *file, char *text, size_t size)
{
    rewind(file);
    size_t len = fread(text, 1, size - 1, file);
    text[len] = '\0';
}

static void writes_frames(void **state)
{
    (void)state;
    char path[] = "/tmp/mdmscope-script-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *out = tmpfile();
    assert_non_null(out);
    StrBuf script = {0};
    strbuf_printf(
        &script,
        "frame clock:+5s frame clock:2026-09-08T12:06:31+02:00 size:40x1 frame:%s frame:\"%s\"",
        path, path);
    Fake fake = {0};
    StrBuf names = {0};
    Backend *backend = start(script.ptr, &fake, out);
    int64_t before = backend->ops->now(backend);
    take(backend, &names);
    assert_int_equal(fake.draws, 1);
    assert_int_equal(backend->ops->deadline(backend), backend->ops->now(backend));
    for (int i = 0; i < 4; i++) { /* twice for each move of the clock: the program has its turn */
        take(backend, &names);
    }
    assert_int_equal(backend->ops->deadline(backend), INT64_MAX);
    assert_null(backend_script_failure(backend));
    assert_int_equal(backend->ops->now(backend) - before, 5 * NS_PER_SECOND);
    assert_int_equal(fake.draws, 4);
    char text[512];
    read_all(out, text, sizeof text);
    assert_string_equal(text, "60x2 2026-01-01 12:00:00.000000+0000\n\n=== frame 2\n"
                              "60x2 2026-01-01 12:00:05.000000+0000\n\n");
    FILE *file = fdopen(fd, "r");
    read_all(file, text, sizeof text);
    assert_string_equal(text, "40x1 2026-09-08 12:06:31.000000+0200\n");
    backend->ops->free(backend);
    strbuf_done(&names);
    strbuf_done(&script);
    (void)fclose(out);
    (void)fclose(file);
    (void)unlink(path);
}

static void writes_roles(void **state)
{
    (void)state;
    FILE *out = tmpfile();
    Fake fake = {0};
    StrBuf names = {0};
    Backend *backend = start("frame:roles", &fake, out);
    take(backend, &names);
    char text[512];
    read_all(out, text, sizeof text);
    assert_non_null(strstr(text, "title"));
    backend->ops->free(backend);
    strbuf_done(&names);
    (void)fclose(out);
}

static void tells_what_cannot_be_written(void **state)
{
    (void)state;
    Fake fake = {0};
    StrBuf names = {0};
    Backend *backend = start("j frame:/no/such/directory/x k", &fake, stdout);
    take(backend, &names);
    assert_string_equal(strbuf_view(&names).ptr, "j Closed "); /* nothing goes on after it */
    const Err *failure = backend_script_failure(backend);
    assert_non_null(failure);
    assert_int_equal(failure->offset, 2);
    assert_non_null(strstr(failure->text, "/no/such/directory/x"));
    backend->ops->free(backend);
    strbuf_done(&names);
}

/* The clock goes only where it is told to. */
static void the_clock_stands(void **state)
{
    (void)state;
    Fake fake = {0};
    Backend *backend = start("", &fake, stdout);
    int64_t now = backend->ops->now(backend);
    Stamp wall = backend->ops->wall(backend);
    assert_int_equal(now % NS_PER_SECOND, 0);
    backend->ops->pass(backend, now - 5);
    assert_int_equal(backend->ops->now(backend), now);
    backend->ops->pass(backend, now + 5);
    assert_int_equal(backend->ops->now(backend), now + 5);
    assert_int_equal(backend->ops->wall(backend).ns, wall.ns + 5);
    backend->ops->free(backend);
}

static void points_at_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        size_t offset;
        const char *word;
    } CASES[] = {
        {"j nokey", 2, "nokey"},
        {"j k \"open", 4, "quote"},
        {"wait:forever", 0, "wait:forever"},
        {"wait:entries=many", 0, "many"},
        {"j size:0x10", 2, "0x10"},
        {"size:9999x10", 0, "9999x10"},
        {"size:80", 0, "80"},
        {"frame:", 0, "file name"},
        {"clock:noon", 0, "noon"},
        {"clock:+never", 0, "never"},
        {"frames", 0, "frames"},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        Err err = err_none();
        assert_null(backend_script_new(sv(CASES[i].script), 80, 24, stdout, &err));
        assert_int_equal(err.offset, CASES[i].offset);
        assert_non_null(strstr(err.text, CASES[i].word));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_keys),
        cmocka_unit_test(waits_for_states),
        cmocka_unit_test(writes_frames),
        cmocka_unit_test(writes_roles),
        cmocka_unit_test(tells_what_cannot_be_written),
        cmocka_unit_test(the_clock_stands),
        cmocka_unit_test(points_at_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
