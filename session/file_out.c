/*
 * FileOut: see file_out.h. mkstemp, write, disk_sync, and then link or rename. It must never
 * include anything but base/ and what syncs.
 */
#include "session/file_out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "session/disk_sync.h"

static bool fail(const FileOut *out, Err *err)
{
    return err_set(err, "cannot write '%s': %s", out->path, strerror(errno));
}

static bool fail_exists(const FileOut *out, Err *err)
{
    return err_set(err, "'%s' exists already", out->path);
}

/* A device, a directory or a socket is nothing to be replaced by a file. */
static bool is_special(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode);
}

static bool is_there(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

bool file_out_begin(FileOut *out, const char *path, bool may_replace, bool *ret_exists, Err *err)
{
    bool exists = !may_replace && is_there(path);
    size_t len = strlen(path);
    *out = (FileOut){.fd = -1, .path = mem_dup(path, len), .may_replace = may_replace};
    bool is_other = is_special(path);
    if (ret_exists != NULL) {
        *ret_exists = exists && !is_other;
    }
    if (is_other) {
        (void)err_set(err, "cannot write '%s': it is there and is no file", path);
        file_out_done(out);
        return false;
    }
    if (exists) {
        (void)fail_exists(out, err);
        file_out_done(out);
        return false;
    }
    static const char SUFFIX[] = ".XXXXXX";
    out->temporary = mem_alloc(len + sizeof SUFFIX);
    memcpy(out->temporary, path, len);
    memcpy(out->temporary + len, SUFFIX, sizeof SUFFIX);
    out->fd = mkstemp(out->temporary); /* mode 0600 */
    if (out->fd < 0) {
        (void)fail(out, err);
        mem_free(out->temporary); /* there is nothing to remove */
        out->temporary = NULL;
        file_out_done(out);
        return false;
    }
    (void)fcntl(out->fd, F_SETFD, FD_CLOEXEC); /* children would only hold it open longer */
    return true;
}

bool file_out_write(FileOut *out, StrView bytes, Err *err)
{
    return fd_write_all(out->fd, bytes) || fail(out, err);
}

/* Gives the finished file its name. link() does not replace; where the file system has no links, a
 * look must do. */
static bool give_name(FileOut *out)
{
    if (!out->may_replace) {
        if (link(out->temporary, out->path) == 0) {
            return unlink(out->temporary) == 0 || errno == ENOENT;
        }
        if (errno == EEXIST || is_there(out->path)) {
            errno = EEXIST;
            return false;
        }
    }
    return rename(out->temporary, out->path) == 0;
}

bool file_out_commit(FileOut *out, Err *err)
{
    int fd = out->fd;
    bool is_synced = disk_sync(fd) == 0;
    int error = errno;
    out->fd = -1;
    bool is_closed = close(fd) == 0;
    if (!is_synced || !is_closed) {
        errno = is_synced ? errno : error;
        return fail(out, err);
    }
    if (!give_name(out)) {
        return errno == EEXIST ? fail_exists(out, err) : fail(out, err);
    }
    mem_free(out->temporary);
    out->temporary = NULL;
    return true;
}

void file_out_done(FileOut *out)
{
    if (out->fd >= 0) {
        (void)close(out->fd); /* an unfinished file is thrown away */
    }
    if (out->temporary != NULL) {
        (void)unlink(out->temporary);
    }
    mem_free(out->temporary);
    mem_free(out->path);
    *out = (FileOut){.fd = -1};
}
