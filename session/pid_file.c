/*
 * PidFile: see pid_file.h. Locks of fcntl(2), as they say who holds them. A process loses its own
 * as soon as it closes any descriptor of the file: nothing here opens one that this process holds.
 */
#include "session/pid_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

#define NUMBER_MAX 24

static struct flock whole_file(void)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

/* Tells whether there is nothing in it but a number and a newline, or the beginning of that: a
 * process may have been killed while it wrote. */
static bool has_number(int fd)
{
    char text[NUMBER_MAX];
    ssize_t got = pread(fd, text, sizeof text, 0);
    ssize_t digits = 0;
    while (digits < got && text[digits] >= '0' && text[digits] <= '9') {
        digits++;
    }
    bool is_ended = digits > 0 && digits + 1 == got && text[digits] == '\n';
    return got >= 0 && got < (ssize_t)sizeof text && (digits == got || is_ended);
}

static PidFileState state_of(int fd, pid_t *ret_pid)
{
    struct stat info;
    struct flock lock = whole_file();
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || fcntl(fd, F_GETLK, &lock) != 0) {
        return PID_FILE_FOREIGN;
    }
    if (lock.l_type != F_UNLCK) {
        *ret_pid = lock.l_pid > 0 ? lock.l_pid : 0;
        return PID_FILE_HELD;
    }
    return has_number(fd) ? PID_FILE_STALE : PID_FILE_FOREIGN;
}

/* Opens what is there without waiting, and without following a link to elsewhere. */
static int open_there(const char *path)
{
    return open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

PidFileState pid_file_look(const char *path, pid_t *ret_pid)
{
    int fd = open_there(path);
    if (fd < 0) {
        return errno == ENOENT ? PID_FILE_FREE : PID_FILE_FOREIGN;
    }
    PidFileState state = state_of(fd, ret_pid);
    (void)close(fd); /* nothing was written */
    return state;
}

static bool is_at(const char *path, int fd)
{
    struct stat here;
    struct stat there;
    return fstat(fd, &here) == 0 && lstat(path, &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

/* Removes one that is left over. It is locked meanwhile: of several who want its place only one
 * removes it, and nobody what another one has just made. */
static bool remove_stale(const char *path)
{
    pid_t ignored;
    struct flock lock = whole_file();
    int fd = open_there(path);
    bool is_gone = fd >= 0 && state_of(fd, &ignored) == PID_FILE_STALE &&
                   fcntl(fd, F_SETLK, &lock) == 0 && is_at(path, fd) && unlink(path) == 0;
    if (fd >= 0) {
        (void)close(fd); /* nothing was written */
    }
    return is_gone;
}

/* Locks what was just made, where locks are known. Who has it locked already takes it for one that
 * is left over, and removes it. */
static bool lock_new(const char *path, int fd)
{
    struct flock lock = whole_file();
    bool is_ours = fcntl(fd, F_SETLK, &lock) == 0 || (errno != EACCES && errno != EAGAIN);
    return is_ours && is_at(path, fd);
}

int pid_file_take(const char *path)
{
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
    char text[NUMBER_MAX];
    int fd = open(path, flags, 0600);
    if (fd < 0 && errno == EEXIST && remove_stale(path)) {
        fd = open(path, flags, 0600);
    }
    if (fd < 0) {
        return -1;
    }
    if (!lock_new(path, fd)) {
        (void)close(fd); /* nothing was written */
        return -1;
    }
    (void)snprintf(text, sizeof text, "%jd\n", (intmax_t)getpid());
    if (!fd_write_all(fd, sv(text))) {
        pid_file_drop(path, fd); /* half of a number is worse than none */
        return -1;
    }
    return fd;
}

void pid_file_drop(const char *path, int fd)
{
    if (is_at(path, fd)) {
        (void)unlink(path); /* one that stays is left over, and does no harm */
    }
    (void)close(fd); /* a few digits: the write has told */
}
