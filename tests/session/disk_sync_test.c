/*
 * Tests of disk_sync.c as a Mac compiles it: the drive is told to write, and where that is refused
 * fsync decides. The file is included here, with fcntl and fsync put in the system's place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#undef F_FULLFSYNC
#define F_FULLFSYNC 51

typedef struct Disk {
    int full_error; /* 0 = F_FULLFSYNC works */
    int sync_error;
    int fulls, syncs; /* calls */
} Disk;

static Disk disk;

static int result(int error)
{
    errno = error;
    return error == 0 ? 0 : -1;
}

static int full(int fd, int command)
{
    assert_int_equal(fd, 7);
    assert_int_equal(command, F_FULLFSYNC);
    disk.fulls++;
    return result(disk.full_error);
}

static int plain(int fd)
{
    assert_int_equal(fd, 7);
    disk.syncs++;
    return result(disk.sync_error);
}

#define fcntl(fd, command) full(fd, command)
#define fsync(fd) plain(fd)
#include "session/disk_sync.c"
#undef fcntl
#undef fsync

static void the_drive_is_told(void **state)
{
    (void)state;
    disk = (Disk){0};
    assert_int_equal(disk_sync(7), 0);
    assert_int_equal(disk.fulls, 1);
    assert_int_equal(disk.syncs, 0);
}

static void where_it_cannot_be_fsync_decides(void **state)
{
    (void)state;
    disk = (Disk){.full_error = ENOTSUP};
    assert_int_equal(disk_sync(7), 0);
    assert_int_equal(disk.syncs, 1);
    disk = (Disk){.full_error = ENOTTY, .sync_error = EIO};
    assert_int_equal(disk_sync(7), -1);
    assert_int_equal(errno, EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_drive_is_told),
        cmocka_unit_test(where_it_cannot_be_fsync_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
