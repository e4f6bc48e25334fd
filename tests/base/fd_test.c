/*
 * Fd: all of the bytes arrive, however small the pieces are that are taken; what cannot be written
 * is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"

#define COUNT (300 * KIB) /* more than a pipe holds */

static size_t largest; /* of the writes */

/* In the system's place: the writes of this program come here. */
ssize_t write(int fd, const void *bytes, size_t len)
{
    struct iovec piece = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = len};
    largest = len > largest ? len : largest;
    return writev(fd, &piece, 1);
}

static void all_bytes_arrive(void **state)
{
    (void)state;
    StrBuf bytes = {0};
    int ends[2];
    int status;
    for (size_t i = 0; i < COUNT; i++) {
        strbuf_add_char(&bytes, (char)(i % 251));
    }
    assert_int_equal(pipe(ends), 0);
    pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) {
        (void)close(ends[0]);
        _exit(fd_write_all(ends[1], strbuf_view(&bytes)) ? 0 : 1);
    }
    (void)close(ends[1]);
    size_t got = 0;
    char piece[1000];
    ssize_t len;
    while ((len = read(ends[0], piece, sizeof piece)) > 0) {
        assert_true(got + (size_t)len <= COUNT);
        assert_memory_equal(piece, bytes.ptr + got, (size_t)len);
        got += (size_t)len;
    }
    assert_int_equal(got, COUNT);
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_int_equal(status, 0);
    (void)close(ends[0]);
    strbuf_done(&bytes);
}

/* No system is asked to take more at once than any of them does. */
static void much_goes_in_pieces(void **state)
{
    (void)state;
    StrBuf bytes = {0};
    int fd = open("/dev/null", O_WRONLY);
    assert_true(fd >= 0);
    strbuf_reserve(&bytes, FD_WRITE_MAX + 1000);
    memset(bytes.ptr, 'x', FD_WRITE_MAX + 1000);
    largest = 0;
    assert_true(fd_write_all(fd, sv_of(bytes.ptr, FD_WRITE_MAX + 1000)));
    assert_int_equal(largest, FD_WRITE_MAX);
    (void)close(fd);
    strbuf_done(&bytes);
}

static void a_refusal_is_told(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_true(fd_write_all(ends[0], SV(""))); /* nothing is written */
    errno = 0;
    assert_false(fd_write_all(ends[0], SV("x"))); /* the end for reading */
    assert_int_equal(errno, EBADF);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_bytes_arrive),
        cmocka_unit_test(much_goes_in_pieces),
        cmocka_unit_test(a_refusal_is_told),
    };
    return cmocka_run_group_tests_name("base/fd", tests, NULL, NULL);
}
