/*
 * UserFile: reading, directories, and the lock, which is a file of its own, because the file that
 * is written is replaced. It must never include anything but base/ and session/file_out.h.
 */
#include "session/user_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "session/file_out.h"

#define LOCK_NAME ".lock"
#define LOCK_TRIES 50
#define LOCK_PAUSE_NS 10000000 /* 10 ms */

static bool fail(Err *err, const char *what, const char *path)
{
    return err_set(err, "cannot %s '%s': %s", what, path, strerror(errno));
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool read_all(int fd, size_t max, StrBuf *text, const char *path, Err *err)
{
    char chunk[16384];
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return fail(err, "read", path);
        }
        if (got == 0) {
            return true;
        }
        if (text->len + (size_t)got > max) {
            return err_set(err, "'%s' is larger than %zu bytes", path, max);
        }
        strbuf_add(text, sv_of(chunk, (size_t)got));
    }
}

bool user_file_read(const char *path, size_t max, StrBuf *ret_text, Err *err)
{
    /* Not blocking: what looks like a file may be a pipe that nobody writes to. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    strbuf_clear(ret_text);
    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR || fail(err, "read", path);
    }
    struct stat there;
    bool is_good = fstat(fd, &there) == 0 || fail(err, "read", path);
    if (is_good && !S_ISREG(there.st_mode) && !S_ISCHR(there.st_mode)) {
        is_good = err_set(err, "'%s' is no file", path);
    }
    is_good = is_good && read_all(fd, max, ret_text, path, err);
    (void)close(fd); /* it was only read */
    return is_good;
}

/* --- directories ------------------------------------------------------------------------------ */

/* What root makes is given to the owner of the directory it lies in, best effort: otherwise one run
 * with sudo would lock people out of their own files. */
static void give_to_owner(const char *path, const char *parent)
{
    struct stat above;
    if (geteuid() == 0 && stat(parent, &above) == 0 && above.st_uid != 0) {
        int failed = lchown(path, above.st_uid, above.st_gid);
        (void)failed;
    }
}

/* Cuts the last component off; "/" and "." stay. */
static void cut_last(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL) {
        path[0] = '\0';
    } else {
        slash[slash == path ? 1 : 0] = '\0';
    }
}

static const char *or_here(const char *path)
{
    return path[0] != '\0' ? path : ".";
}

static bool make_directory(const char *path, Err *err)
{
    struct stat there;
    if (stat(or_here(path), &there) == 0) {
        errno = ENOTDIR;
        return S_ISDIR(there.st_mode) || fail(err, "use", path);
    }
    char *parent = mem_dup(path, strlen(path));
    cut_last(parent);
    bool is_good = make_directory(parent, err);
    if (is_good && mkdir(path, 0700) == 0) {
        give_to_owner(path, or_here(parent));
    } else if (is_good && errno != EEXIST) {
        is_good = fail(err, "make", path);
    }
    mem_free(parent);
    return is_good;
}

/* The directory of a file, made when it is not there; NULL on failure. The caller frees it. */
static char *directory_of(const char *path, Err *err)
{
    char *directory = mem_dup(path, strlen(path));
    cut_last(directory);
    if (make_directory(directory, err)) {
        return directory;
    }
    mem_free(directory);
    return NULL;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* The name is on the disk only when the directory is; a file system that cannot say so is fine. */
static void sync_directory(const char *directory)
{
    int fd = open(or_here(directory), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

static bool replace(const char *path, const char *directory, StrView text, Err *err)
{
    FileOut out;
    bool is_good = file_out_begin(&out, path, true, NULL, err);
    if (is_good) {
        give_to_owner(out.temporary, or_here(directory));
        is_good = file_out_write(&out, text, err) && file_out_commit(&out, err);
    }
    if (is_good) {
        sync_directory(directory);
    }
    file_out_done(&out);
    return is_good;
}

bool user_file_write(const char *path, StrView text, Err *err)
{
    char *target = realpath(path, NULL); /* NULL when it is not there yet */
    const char *file = target != NULL ? target : path;
    char *directory = directory_of(file, err);
    bool is_good = directory != NULL && replace(file, directory, text, err);
    mem_free(directory);
    free(target);
    return is_good;
}

bool user_file_append(const char *path, StrView text, Err *err)
{
    char *directory = directory_of(path, err);
    if (directory == NULL) {
        return false;
    }
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    bool is_good = fd >= 0 && fd_write_all(fd, text);
    if (!is_good) {
        (void)fail(err, "write", path);
    }
    if (fd >= 0) {
        give_to_owner(path, or_here(directory));
        (void)close(fd); /* a line of history is not worth more */
    }
    mem_free(directory);
    return is_good;
}

/* --- the lock --------------------------------------------------------------------------------- */

int user_file_lock(const char *path, Err *err)
{
    char *directory = directory_of(path, err);
    if (directory == NULL) {
        return -1;
    }
    StrBuf name = {0};
    strbuf_printf(&name, "%s%s" LOCK_NAME, directory,
                  directory[0] == '\0' || strcmp(directory, "/") == 0 ? "" : "/");
    int lock = open(name.ptr, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) {
        (void)fail(err, "lock", name.ptr);
    } else {
        give_to_owner(name.ptr, or_here(directory));
    }
    for (int i = 0; lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0; i++) {
        if (i == LOCK_TRIES || (errno != EWOULDBLOCK && errno != EINTR)) {
            (void)fail(err, "lock", name.ptr);
            (void)close(lock);
            lock = -1;
            break;
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_NS}, NULL); /* then asks again */
    }
    strbuf_done(&name);
    mem_free(directory);
    return lock;
}

void user_file_unlock(int lock)
{
    (void)close(lock); /* which unlocks */
}
