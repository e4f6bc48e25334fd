/*
 * Outlet: select() before every write of at most PIPE_BUF bytes, which a pipe that is ready takes
 * whole. The descriptor stays in its mode: it is shared with whoever started us.
 */
#include "session/outlet.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What POSIX lets a ready pipe take without blocking; the system's own value is as large or larger.
 * It is 512 on macOS, and still hundreds of megabytes a second. A descriptor of our own that does
 * not wait cannot be had: there opening /dev/fd/N gives the shared one again. */
#define CHUNK_BYTES ((size_t)PIPE_BUF)
#define FILE_CHUNK_BYTES (256 * KIB)
/* `stop` is looked at this often while waiting. */
#define WAIT_US 200000

void outlet_init(Outlet *outlet, FILE *file, size_t limit, const volatile sig_atomic_t *stop)
{
    *outlet = (Outlet){.file = file, .fd = fileno(file), .limit = limit, .stop = stop};
    struct stat status;
    outlet->is_file = outlet->fd >= 0 && fstat(outlet->fd, &status) == 0 &&
                      !S_ISFIFO(status.st_mode) && !S_ISSOCK(status.st_mode) && !isatty(outlet->fd);
    if (outlet->fd >= FD_SETSIZE) {
        outlet->is_file = true; /* select() cannot look at it */
    }
    (void)fflush(file); /* what was printed before comes first; a failure shows at the next write */
}

void outlet_done(Outlet *outlet)
{
    strbuf_done(&outlet->buf);
}

bool outlet_is_shut(const Outlet *outlet)
{
    return outlet->has_gone || outlet->error != 0;
}

static size_t held(const Outlet *outlet)
{
    return outlet->buf.len - outlet->sent;
}

static void fail(Outlet *outlet, int error)
{
    outlet->has_gone = error == EPIPE || error == ECONNRESET;
    outlet->error = outlet->has_gone ? 0 : error;
    outlet->sent = outlet->buf.len;
}

/* Whether the descriptor takes bytes now, or after at most `wait_us`. */
static bool is_ready(const Outlet *outlet, long wait_us)
{
    fd_set writes;
    FD_ZERO(&writes);
    FD_SET(outlet->fd, &writes);
    struct timeval wait = {.tv_sec = 0, .tv_usec = (int)wait_us};
    return outlet->is_file || select(outlet->fd + 1, NULL, &writes, NULL, &wait) > 0;
}

static void send_chunk(Outlet *outlet)
{
    size_t most = outlet->is_file ? FILE_CHUNK_BYTES : CHUNK_BYTES;
    size_t len = held(outlet) < most ? held(outlet) : most;
    ssize_t written = write(outlet->fd, outlet->buf.ptr + outlet->sent, len);
    if (written >= 0) {
        outlet->sent += (size_t)written;
    } else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
        fail(outlet, errno);
    }
}

static void send_to_stream(Outlet *outlet)
{
    if (fwrite(outlet->buf.ptr + outlet->sent, 1, held(outlet), outlet->file) != held(outlet) ||
        fflush(outlet->file) != 0) {
        fail(outlet, errno);
    }
    outlet->sent = outlet->buf.len;
}

/* Takes what has been sent out of the buffer once that is worth moving the rest. */
static void settle(Outlet *outlet)
{
    if (outlet->sent > 0) {
        outlet->is_open_line = outlet->buf.ptr[outlet->sent - 1] != '\n';
    }
    if (outlet->sent == outlet->buf.len) {
        strbuf_clear(&outlet->buf);
        outlet->sent = 0;
    } else if (outlet->sent > outlet->buf.len / 2) {
        strbuf_replace(&outlet->buf, 0, outlet->sent, SV(""));
        outlet->sent = 0;
    }
}

/* Sends until no more than `rest` bytes are held, without waiting for those. */
static void send_down_to(Outlet *outlet, size_t rest)
{
    while (held(outlet) > 0 && !outlet_is_shut(outlet)) {
        bool must_wait = held(outlet) > rest;
        if (outlet->fd < 0) {
            send_to_stream(outlet);
        } else if (is_ready(outlet, must_wait ? WAIT_US : 0)) {
            send_chunk(outlet);
        } else if (!must_wait || *outlet->stop) {
            break;
        }
    }
    settle(outlet);
}

void outlet_push(Outlet *outlet)
{
    send_down_to(outlet, outlet->limit);
}

void outlet_drain(Outlet *outlet)
{
    send_down_to(outlet, 0);
}

void outlet_fds(const Outlet *outlet, fd_set *writes, int *max_fd)
{
    if (held(outlet) > 0 && outlet->fd >= 0 && outlet->fd < FD_SETSIZE) {
        FD_SET(outlet->fd, writes);
        *max_fd = outlet->fd > *max_fd ? outlet->fd : *max_fd;
    }
}
