/*
 * Tests of clipboard.c: which program is chosen where, that a program gets all of the text, and the
 * sequence for terminals with its limit. Programs are made up in a directory of the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/clipboard.h"

typedef struct Fixture {
    char directory[64];
    StrBuf path;
} Fixture;

static Fixture *fixture_of(void **state)
{
    return *state;
}

static int setup(void **state)
{
    static Fixture fixture;

    (void)snprintf(fixture.directory, sizeof fixture.directory, "/tmp/clipboard_test.XXXXXX");
    fixture.path = (StrBuf){0};
    *state = &fixture;
    return mkdtemp(fixture.directory) != NULL ? 0 : -1;
}

static const char *const MADE_UP[] = {"wl-copy", "xclip", "xsel", "fifo"};

static int teardown(void **state)
{
    Fixture *fixture = *state;
    char name[128];

    for (size_t i = 0; i < ARRAY_LEN(MADE_UP); i++) {
        (void)snprintf(name, sizeof name, "%s/%s", fixture->directory, MADE_UP[i]);
        (void)unlink(name); /* not each test makes all of them */
    }
    strbuf_done(&fixture->path);
    return rmdir(fixture->directory);
}

static void make_program(const Fixture *fixture, const char *name)
{
    char path[128];

    (void)snprintf(path, sizeof path, "%s/%s", fixture->directory, name);
    int fd = open(path, O_CREAT | O_WRONLY, 0700);

    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
}

static void test_choice(void **state)
{
    Fixture *fixture = fixture_of(state);
    ClipboardPlace place = {.path = sv(fixture->directory), .has_wayland = true, .has_x11 = true};
    char expected[128];

    assert_null(clipboard_find(&place, &fixture->path)); /* nothing is there */
    make_program(fixture, "xsel");
    assert_string_equal(clipboard_find(&place, &fixture->path)->arguments[0], "xsel");
    (void)snprintf(expected, sizeof expected, "%s/xsel", fixture->directory);
    assert_string_equal(fixture->path.ptr, expected);
    make_program(fixture, "xclip");
    assert_string_equal(clipboard_find(&place, &fixture->path)->arguments[0], "xclip");
    make_program(fixture, "wl-copy");
    assert_string_equal(clipboard_find(&place, &fixture->path)->arguments[0], "wl-copy");
    place.has_wayland = false;
    assert_string_equal(clipboard_find(&place, &fixture->path)->arguments[0], "xclip");
    place.is_remote = true;
    assert_null(clipboard_find(&place, &fixture->path)); /* its clipboard is not the user's */
    place.is_remote = false;
    place.has_x11 = false;
    assert_null(clipboard_find(&place, &fixture->path));
    place.has_x11 = true;
    place.path = SV("::.:/nonexistent");
    assert_null(clipboard_find(&place, &fixture->path));
}

/* The program writes what it reads into a pipe with a name; reading that waits for it. */
static void check_start(Fixture *fixture, StrView text)
{
    char fifo[128];
    char got[4096];
    StrBuf all = {0};
    Err err = err_none();

    (void)snprintf(fifo, sizeof fifo, "%s/fifo", fixture->directory);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    ClipboardProgram program = {"x", {"tee", fifo, NULL}};

    assert_true(clipboard_start(&program, "/usr/bin/tee", text, &err));
    FILE *file = fopen(fifo, "r");

    assert_non_null(file);
    for (size_t count; (count = fread(got, 1, sizeof got, file)) > 0;) {
        strbuf_add(&all, sv_of(got, count));
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(unlink(fifo), 0);
    assert_int_equal(all.len, text.len);
    assert_true(sv_equal(strbuf_view(&all), text));
    strbuf_done(&all);
}

static void test_start(void **state)
{
    StrBuf big = {0};

    check_start(fixture_of(state), SV("a text\nof two lines; $(no shell) 'reads' it"));
    check_start(fixture_of(state), SV(""));
    strbuf_add_many(&big, 'x', MIB); /* more than a pipe holds */
    check_start(fixture_of(state), strbuf_view(&big));
    strbuf_done(&big);
}

typedef struct SequenceCase {
    const char *text;
    const char *base64;
} SequenceCase;

static const SequenceCase SEQUENCES[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xC3\xBF\xFF~", "w7//fg=="},
};

static void test_sequence(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(SEQUENCES); i++) {
        StrBuf have = {0};
        StrBuf expected = {0};
        Err err = err_none();

        strbuf_printf(&expected, "\033]52;c;%s\033\\", SEQUENCES[i].base64);
        assert_true(clipboard_sequence(sv(SEQUENCES[i].text), &have, &err));
        assert_string_equal(have.ptr, expected.ptr);
        strbuf_done(&have);
        strbuf_done(&expected);
    }
}

static void test_sequence_is_bounded(void **state)
{
    StrBuf text = {0};
    StrBuf have = {0};
    Err err = err_none();

    (void)state;
    strbuf_add_many(&text, 'x', CLIPBOARD_TERMINAL_MAX);
    assert_true(clipboard_sequence(strbuf_view(&text), &have, &err));
    assert_true(have.len <= 100002); /* 99,992 of base64, and what is around it */
    strbuf_clear(&have);
    strbuf_add_char(&text, 'x');
    assert_false(clipboard_sequence(strbuf_view(&text), &have, &err));
    assert_int_equal(have.len, 0);
    assert_non_null(strstr(err.text, "74994"));
    strbuf_done(&text);
    strbuf_done(&have);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_choice, setup, teardown),
        cmocka_unit_test_setup_teardown(test_start, setup, teardown),
        cmocka_unit_test(test_sequence),
        cmocka_unit_test(test_sequence_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
