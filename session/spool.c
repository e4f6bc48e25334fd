/*
 * Spool: see spool.h. mkstemp, unlink, write, and pread.
 */
#include "session/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

static bool fail(Err *err)
{
    return err_set(err, "cannot write a temporary file: %s", strerror(errno));
}

/* "DIRECTORY/.mdmscope.XXXXXX" */
static void add_pattern(StrBuf *buf, const char *path)
{
    StrView whole = sv(path);
    if (path != NULL) {
        strbuf_add(buf, sv_slice(whole, 0, whole.len - sv_path_last(whole).len));
    } else {
        const char *directory = getenv("TMPDIR");
        bool is_set = directory != NULL && directory[0] != '\0';
        strbuf_printf(buf, "%s/", is_set ? directory : "/tmp");
    }
    strbuf_add_str(buf, ".mdmscope.XXXXXX");
}

bool spool_open(Spool *spool, const char *path, Err *err)
{
    StrBuf name = {0};
    *spool = (Spool){.fd = -1};
    add_pattern(&name, path);
    spool->fd = mkstemp(name.ptr); /* mode 0600 */
    if (spool->fd < 0) {
        (void)fail(err);
        strbuf_done(&name);
        return false;
    }
    (void)unlink(name.ptr); /* one that stayed would be seen by its name, and harm nobody */
    (void)fcntl(spool->fd, F_SETFD, FD_CLOEXEC);
    strbuf_done(&name);
    return true;
}

bool spool_add(Spool *spool, StrView bytes, Err *err)
{
    if (!fd_write_all(spool->fd, bytes)) {
        return fail(err);
    }
    spool->len += bytes.len;
    return true;
}

bool spool_read(Spool *spool, size_t max, StrBuf *buf, Err *err)
{
    uint64_t left = spool->len - spool->at;
    size_t want = left < max ? (size_t)left : max;
    while (want > 0) {
        strbuf_reserve(buf, want + 1);
        ssize_t got = pread(spool->fd, buf->ptr + buf->len, want, (off_t)spool->at);
        if (got == 0) {
            return err_set(err, "a temporary file has become shorter");
        }
        if (got < 0 && errno != EINTR) {
            return err_set(err, "cannot read a temporary file: %s", strerror(errno));
        }
        size_t count = got > 0 ? (size_t)got : 0;
        buf->len += count;
        buf->ptr[buf->len] = '\0';
        spool->at += count;
        want -= count;
    }
    return true;
}

void spool_done(Spool *spool)
{
    if (spool->fd >= 0) {
        (void)close(spool->fd); /* the file goes with it */
    }
    *spool = (Spool){.fd = -1};
}
