/*
 * Tests of what is said of a capture before the terminal can go away. That it goes on without one:
 * tests/pty/detach_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/session/place.h"
#include "tui/detached.h"

/* What it says where FILE.pid is as it is. */
static void prepare(TestPlace *place, StrBuf *ret_said)
{
    char capture[128];
    Err err = err_none();
    (void)snprintf(capture, sizeof capture, "%s", place_path(place, "capture"));
    Options options = {.sources = {{.kind = SOURCE_EXEC, .argument = "exec sleep 1000"}},
                       .source_count = 1,
                       .capture = capture,
                       .detach_capture = true};
    Session *session = session_new(&options, NULL, &err);
    assert_string_equal(err.text, "");
    FILE *errors = fopen(place_path(place, "errors"), "w");
    assert_non_null(errors);
    detached_prepare(session, errors);
    assert_int_equal(fclose(errors), 0);
    session_free(session);
    (void)place_get(place, "errors", ret_said);
    assert_int_equal(unlink(capture), 0);
}

static void a_number_that_is_left_is_told(void **state)
{
    (void)state;
    TestPlace place;
    StrBuf said = {0};
    place_make(&place);
    prepare(&place, &said);
    assert_non_null(strstr(said.ptr, "ends it (see "));
    assert_null(strstr(said.ptr, "did not end well"));
    place_put(&place, "capture.pid", "1\n");
    prepare(&place, &said);
    assert_non_null(strstr(said.ptr, "capture.pid' is of a capture that did not end well"));
    assert_non_null(strstr(said.ptr, "ends it (see "));
    strbuf_done(&said);
    place_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_that_is_left_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
