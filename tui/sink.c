/*
 * Sink: see sink.h. The file keeps its size: what has been taken is written over. It must never
 * include curses.
 */
#include "tui/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __linux__
static int open_memory(void)
{
    return memfd_create("mdmscope-screen", MFD_CLOEXEC);
}
#else
/* shm_open gives none that write() takes. */
static int open_memory(void)
{
    return -1;
}
#endif

static bool reserve(int fd)
{
    static const char ZEROES[4 * KIB];
    for (size_t done = 0; done < SINK_RESERVE;) {
        ssize_t put = write(fd, ZEROES, sizeof ZEROES);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        done += put > 0 ? (size_t)put : 0;
    }
    return lseek(fd, 0, SEEK_SET) == 0;
}

/* Takes `fd` over. */
static bool take_fd(Sink *sink, int fd)
{
    sink->file = fdopen(fd, "w+");
    if (sink->file == NULL) {
        int error = errno;
        (void)close(fd);
        errno = error;
    }
    return sink->file != NULL;
}

bool sink_open_in(Sink *sink, const char *directory, Err *err)
{
    StrBuf path = {0};
    strbuf_printf(&path, "%s/mdmscope.XXXXXX", directory);
    int fd = mkstemp(path.ptr); /* mode 0600 */
    bool is_good = false;
    if (fd >= 0) {
        (void)unlink(path.ptr); /* it can be written to without a name */
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
        is_good = reserve(fd);
        if (!is_good) {
            int error = errno;
            (void)close(fd);
            errno = error;
        }
    }
    strbuf_done(&path);
    if (!is_good || !take_fd(sink, fd)) {
        return err_set(err, "'%s': %s", directory, strerror(errno));
    }
    return true;
}

bool sink_open(Sink *sink, Err *err)
{
    int fd = open_memory();
    *sink = (Sink){0};
    if (fd >= 0 && take_fd(sink, fd)) {
        return true;
    }
    const char *const directories[] = {getenv("TMPDIR"), "/tmp", "/var/tmp", getenv("HOME")};
    Err first = err_none();
    for (size_t i = 0; i < ARRAY_LEN(directories); i++) {
        const char *directory = directories[i];
        Err *told = first.text[0] == '\0' ? &first : NULL;
        if (directory != NULL && directory[0] == '/' && sink_open_in(sink, directory, told)) {
            return true;
        }
    }
    return err_set(err,
                   "a temporary file for the screen: %s; with TMPDIR=DIRECTORY it is made there, "
                   "and 'mdmscope show' needs none",
                   first.text);
}

void sink_close(Sink *sink)
{
    if (sink->file != NULL) {
        (void)fclose(sink->file);
    }
    sink->file = NULL;
}

void sink_take(Sink *sink, StrBuf *buf)
{
    (void)fflush(sink->file); /* old curses write through stdio */
    int fd = fileno(sink->file);
    off_t end = lseek(fd, 0, SEEK_CUR);
    off_t at = 0;
    strbuf_reserve(buf, end > 0 ? (size_t)end : 0);
    while (at < end) {
        ssize_t got = pread(fd, buf->ptr + buf->len, (size_t)(end - at), at);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
        buf->len += got > 0 ? (size_t)got : 0;
        at += got > 0 ? got : 0;
    }
    buf->ptr[buf->len] = '\0';
    (void)lseek(fd, 0, SEEK_SET);
}
