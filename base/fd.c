/*
 * Fd: see fd.h.
 */
#include "base/fd.h"

#include <errno.h>
#include <unistd.h>

bool fd_write_all(int fd, StrView bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.ptr, bytes.len < FD_WRITE_MAX ? bytes.len : FD_WRITE_MAX);
        if (put == 0) {
            errno = EIO; /* a file that takes nothing: this would never end */
        }
        if (put == 0 || (put < 0 && errno != EINTR)) {
            return false;
        }
        bytes = sv_slice(bytes, put > 0 ? (size_t)put : 0, SIZE_MAX);
    }
    return true;
}
