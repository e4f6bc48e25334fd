/*
 * Tests of file_out.c: nothing is seen of a file before it is whole, nothing stays of one that was
 * given up, and what may not be replaced is not.
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

#include "session/file_out.h"

typedef struct Place {
    char directory[64];
    char path[80];
} Place;

static void place_init(Place *place)
{
    (void)snprintf(place->directory, sizeof place->directory, "/tmp/file-out-test-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    (void)snprintf(place->path, sizeof place->path, "%s/a.log", place->directory);
}

/* Fails when more than the file itself is left. */
static void place_done(Place *place)
{
    (void)unlink(place->path);
    assert_int_equal(rmdir(place->directory), 0);
}

static void assert_holds(const char *path, const char *expected)
{
    char text[64] = "";
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    assert_int_equal(len, strlen(expected));
    assert_string_equal(text, expected);
}

static bool write_file(const char *path, StrView text, bool may_replace, Err *err)
{
    FileOut out;
    bool is_good = file_out_begin(&out, path, may_replace, NULL, err) &&
                   file_out_write(&out, text, err) && file_out_commit(&out, err);
    file_out_done(&out);
    return is_good;
}

static void test_replaces_only_what_it_may(void **state)
{
    (void)state;
    Place place;
    Err err = err_none();
    place_init(&place);
    assert_true(write_file(place.path, SV("one"), false, &err));
    assert_holds(place.path, "one");
    struct stat status;
    assert_int_equal(stat(place.path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_false(write_file(place.path, SV("two"), false, &err));
    assert_non_null(strstr(err.text, "exists already"));
    assert_holds(place.path, "one");
    assert_true(write_file(place.path, SV("two"), true, &err));
    assert_holds(place.path, "two");
    place_done(&place);
    assert_false(write_file(place.path, SV("x"), true, &err));
    assert_non_null(strstr(err.text, "cannot write"));
}

static void test_is_seen_only_when_whole(void **state)
{
    (void)state;
    Place place;
    Err err = err_none();
    FileOut out;
    bool exists = true;
    place_init(&place);
    assert_true(file_out_begin(&out, place.path, false, &exists, &err));
    assert_false(exists);
    assert_true(file_out_write(&out, SV("half"), &err));
    assert_int_equal(access(place.path, F_OK), -1);
    file_out_done(&out);
    assert_int_equal(access(place.path, F_OK), -1);
    place_done(&place);
}

static void test_what_came_meanwhile_stays(void **state)
{
    (void)state;
    Place place;
    Err err = err_none();
    FileOut out;
    place_init(&place);
    assert_true(file_out_begin(&out, place.path, false, NULL, &err));
    assert_true(write_file(place.path, SV("theirs"), false, &err));
    assert_true(file_out_write(&out, SV("ours"), &err));
    assert_false(file_out_commit(&out, &err));
    assert_non_null(strstr(err.text, "exists already"));
    file_out_done(&out);
    assert_holds(place.path, "theirs");
    place_done(&place);
}

static void test_replaces_files_only(void **state)
{
    (void)state;
    FileOut out;
    Err err = err_none();
    bool exists = true;
    assert_false(file_out_begin(&out, "/dev/null", true, &exists, &err));
    assert_false(exists);
    assert_string_equal(err.text, "cannot write '/dev/null': it is there and is no file");
    assert_false(file_out_begin(&out, "/tmp", true, NULL, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replaces_only_what_it_may),
        cmocka_unit_test(test_is_seen_only_when_whole),
        cmocka_unit_test(test_what_came_meanwhile_stays),
        cmocka_unit_test(test_replaces_files_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
