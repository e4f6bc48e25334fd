/*
 * Tests of reading ~/.logrc: a file that is not there, one that is, and what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "session/logrc.h"

typedef struct Home {
    char directory[64];
    char file[80];
} Home;

static int setup(void **state)
{
    Home *home = calloc(1, sizeof *home);
    (void)snprintf(home->directory, sizeof home->directory, "/tmp/logrc-test-XXXXXX");
    assert_non_null(mkdtemp(home->directory));
    (void)snprintf(home->file, sizeof home->file, "%s/.logrc", home->directory);
    *state = home;
    return 0;
}

static int teardown(void **state)
{
    Home *home = *state;
    (void)remove(home->file); /* not every test makes one */
    assert_int_equal(rmdir(home->directory), 0);
    free(home);
    return 0;
}

static void write_file(const Home *home, const char *text, size_t times)
{
    FILE *file = fopen(home->file, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < times; i++) {
        assert_true(fputs(text, file) >= 0);
    }
    assert_int_equal(fclose(file), 0);
}

static void test_no_file(void **state)
{
    const Home *home = *state;
    Aliases aliases = {0};
    Err err = err_none();
    assert_true(logrc_read(home->directory, &aliases, &err));
    assert_true(logrc_read(NULL, &aliases, &err));
    assert_true(logrc_read("", &aliases, &err));
    assert_int_equal(aliases.count, 0);
}

static void test_file(void **state)
{
    const Home *home = *state;
    Aliases aliases = {0};
    Err err = err_none();
    write_file(home, "predicate:\n mine 'process == \"a\"'\n", 1);
    assert_true(logrc_read(home->directory, &aliases, &err));
    assert_non_null(aliases_find(&aliases, SV("mine")));
    aliases_done(&aliases);
}

static void test_fault(void **state)
{
    const Home *home = *state;
    Aliases aliases = {0};
    Err err = err_none();
    write_file(home, "predicate:\n mine 'TRUEPREDICATE'\n other\n", 1);
    assert_false(logrc_read(home->directory, &aliases, &err));
    assert_string_equal(err.text, "~/.logrc, line 3: expected a 'quoted predicate' after the alias "
                                  "'other'");
    assert_int_equal(err.line, 3);
    assert_non_null(aliases_find(&aliases, SV("mine")));
    aliases_done(&aliases);
    assert_false(logrc_read(home->directory, &aliases, NULL));
    aliases_done(&aliases);
}

static void test_no_regular_file(void **state)
{
    const Home *home = *state;
    Aliases aliases = {0};
    Err err = err_none();
    assert_int_equal(mkfifo(home->file, 0600), 0);
    assert_false(logrc_read(home->directory, &aliases, &err));
    assert_string_equal(err.text, "~/.logrc: not a regular file");
}

static void test_size(void **state)
{
    const Home *home = *state;
    Aliases aliases = {0};
    Err err = err_none();
    write_file(home, "# 34567\n", LOGRC_MAX_BYTES / 8);
    assert_true(logrc_read(home->directory, &aliases, &err));
    write_file(home, "# 34567\n", LOGRC_MAX_BYTES / 8 + 1);
    assert_false(logrc_read(home->directory, &aliases, &err));
    assert_string_equal(err.text, "~/.logrc: more than 262144 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fault, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_regular_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_size, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
