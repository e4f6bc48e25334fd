/*
 * DiskSync: a file is synced, whichever way this system has; what cannot be is told, with a reason
 * that says whether it ever could.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>

#include "session/disk_sync.h"
#include "tests/session/place.h"

static void a_file_is_synced(void **state)
{
    (void)state;
    TestPlace place;
    place_make(&place);
    place_put(&place, "f", "bytes");
    int fd = open(place_path(&place, "f"), O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(disk_sync(fd), 0);
    (void)close(fd);
    place_remove(&place);
}

static void what_is_no_file_says_so(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    errno = 0;
    assert_int_equal(disk_sync(ends[1]), -1);
    assert_true(errno == EINVAL || errno == ENOTSUP); /* what a capture into a pipe passes over */
    (void)close(ends[0]);
    (void)close(ends[1]);
    errno = 0;
    assert_int_equal(disk_sync(ends[1]), -1);
    assert_int_equal(errno, EBADF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_synced),
        cmocka_unit_test(what_is_no_file_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
