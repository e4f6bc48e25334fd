/*
 * What a test leaves behind: open descriptors and children.
 * Included by test programs only, after <cmocka.h>.
 */
#ifndef TESTS_SESSION_PROCESSES_H
#define TESTS_SESSION_PROCESSES_H

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/wait.h>

static inline size_t open_descriptors(void)
{
    size_t count = 0;
    for (int fd = 0; fd < 1024; fd++) {
        count += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    }
    return count;
}

static inline void assert_no_children(void)
{
    errno = 0;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

#endif
