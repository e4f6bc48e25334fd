/*
 * Child: see child.h. What differs between the systems stands at the top, in functions of its own;
 * the rest is POSIX. No fork: posix_spawn is what a program may do that libraries have threads in.
 */
#include "session/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

extern char **environ;

#if defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 34)
#define HAS_CLOSEFROM
#endif
#endif

#if defined(__APPLE__)

/* macOS closes what is not named in the file actions, without a race. */
static short close_rest(posix_spawn_file_actions_t *actions)
{
    (void)actions; /* a flag does it here */
    return POSIX_SPAWN_CLOEXEC_DEFAULT;
}

#elif defined(HAS_CLOSEFROM)

/* Descriptors we were born with may lack close-on-exec; ours all have it. */
static short close_rest(posix_spawn_file_actions_t *actions)
{
    (void)posix_spawn_file_actions_addclosefrom_np(actions,
                                                   3); /* on failure: inherited, harmless */
    return 0;
}

#else

static short close_rest(posix_spawn_file_actions_t *actions)
{
    (void)actions; /* all of ours are close-on-exec; nothing better is portable */
    return 0;
}

#endif

Child child_none(void)
{
    return (Child){.out = -1, .err = -1, .due = INT64_MAX};
}

void child_close(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd); /* a pipe's read end: nothing can be lost */
        *fd = -1;
    }
}

int child_fit_fd(int fd)
{
    if (fd < 0) {
        return -1;
    }
    if (fd < 3) {
        int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        (void)close(fd);
        fd = moved;
    } else if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
        (void)close(fd);
        return -1;
    }
    if (fd >= FD_SETSIZE) {
        (void)close(fd);
        errno = EMFILE;
        return -1;
    }
    return fd;
}

/* Makes a pipe of close-on-exec descriptors, the read end non-blocking. */
static bool make_pipe(int ret_fds[2])
{
    int fds[2];
    if (pipe(fds) != 0) {
        return false;
    }
    fds[0] = child_fit_fd(fds[0]);
    fds[1] = child_fit_fd(fds[1]);
    if (fds[0] >= 0 && fds[1] >= 0 && fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0) {
        ret_fds[0] = fds[0];
        ret_fds[1] = fds[1];
        return true;
    }
    int reason = errno;
    child_close(&fds[0]);
    child_close(&fds[1]);
    errno = reason;
    return false;
}

/* Our environment without LOG_STYLE; the array is to be freed, the texts are borrowed. */
static char **make_environment(void)
{
    static const char unwanted[] = "LOG_STYLE=";
    size_t count = 0;
    while (environ != NULL && environ[count] != NULL) {
        count++;
    }
    char **copy = mem_calloc(count + 1, sizeof(*copy));
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(environ[i], unwanted, sizeof(unwanted) - 1) != 0) {
            copy[kept++] = environ[i];
        }
    }
    return copy;
}

/* All signals at their defaults and none blocked: an ignored SIGPIPE would be inherited, and `log`
 * would outlive its closed pipe. */
static int set_attributes(posix_spawnattr_t *attributes, unsigned flags, short more)
{
    sigset_t all;
    sigset_t none;
    (void)sigfillset(&all);
    (void)sigdelset(&all, SIGKILL);
    (void)sigdelset(&all, SIGSTOP);
    (void)sigemptyset(&none);
    int wanted = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | more;
    if ((flags & CHILD_SHARE_GROUP) == 0) {
        wanted |= POSIX_SPAWN_SETPGROUP;
    }
    int error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0) {
        error = posix_spawnattr_setsigmask(attributes, &none);
    }
    if (error == 0) {
        error = posix_spawnattr_setpgroup(attributes, 0);
    }
    if (error == 0) {
        error = posix_spawnattr_setflags(attributes, (short)wanted);
    }
    return error;
}

/* Spawns with the given write ends as standard output and error; returns an errno value. */
static int spawn(pid_t *ret_pid, const char *const *argv, unsigned flags, int out, int err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) {
        return error;
    }
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (error == 0) {
        error = posix_spawn_file_actions_adddup2(&actions, out, 1);
    }
    if (error == 0) {
        error = posix_spawn_file_actions_adddup2(&actions, err, 2);
    }
    if (error == 0) {
        error = set_attributes(&attributes, flags, close_rest(&actions));
    }
    if (error == 0) {
        /* posix_spawn takes char *const[] for reasons of history; it does not write to it. */
        union {
            const char *const *given;
            char *const *taken;
        } words = {.given = argv};
        char **environment = make_environment();
        error = posix_spawnp(ret_pid, argv[0], &actions, &attributes, words.taken, environment);
        mem_free(environment);
    }
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return error;
}

bool child_start(Child *child, const char *const *argv, unsigned flags, Err *err)
{
    int out[2];
    int errors[2];
    if (!make_pipe(out)) {
        return err_set(err, "cannot make a pipe for '%s': %s", argv[0], strerror(errno));
    }
    if (!make_pipe(errors)) {
        (void)err_set(err, "cannot make a pipe for '%s': %s", argv[0], strerror(errno));
        child_close(&out[0]);
        child_close(&out[1]);
        return false;
    }
    pid_t pid = 0;
    int error = spawn(&pid, argv, flags, out[1], errors[1]);
    child_close(&out[1]);
    child_close(&errors[1]);
    if (error != 0) {
        child_close(&out[0]);
        child_close(&errors[0]);
        return err_set(err, "cannot run '%s': %s", argv[0], strerror(error));
    }
    *child = child_none();
    child->pid = pid;
    child->out = out[0];
    child->err = errors[0];
    child->has_group = (flags & CHILD_SHARE_GROUP) == 0;
    return true;
}

bool child_reap(Child *child)
{
    if (child->is_reaped || child->pid == 0) {
        return child->is_reaped;
    }
    int status = 0;
    pid_t pid;
    do {
        pid = waitpid(child->pid, &status, WNOHANG);
    } while (pid < 0 && errno == EINTR);
    if (pid == 0) {
        return false;
    }
    child->is_reaped = true;
    if (pid < 0) {
        child->exit_status = 0; /* somebody else waited for it: the status is lost */
    } else if (WIFSIGNALED(status)) {
        child->exit_status = 128 + WTERMSIG(status);
    } else {
        child->exit_status = WEXITSTATUS(status);
    }
    return true;
}

/* Signals the child, and its group where it has one. False when there is nobody left, or nobody we
 * may signal: macOS answers EPERM also for a group whose only member is a zombie. */
static bool signal_child(const Child *child, int number)
{
    if (child->pid == 0) {
        return false;
    }
    if (child->has_group) {
        return kill(-child->pid, number) == 0;
    }
    return !child->is_reaped && kill(child->pid, number) == 0;
}

void child_end(Child *child, int64_t now)
{
    if (child->pid == 0 || child->is_ending) {
        return;
    }
    child->is_ending = true;
    (void)signal_child(child, SIGTERM); /* whoever cannot be signalled loses its pipe below */
    child->due = now + CHILD_GRACE_NS;
}

void child_tick(Child *child, int64_t now)
{
    if (now < child->due) {
        return;
    }
    if (!child->is_killed) {
        child->is_killed = true;
        (void)signal_child(child, SIGKILL);
        child->due = now + CHILD_GRACE_NS;
        return;
    }
    child_close(&child->out);
    child_close(&child->err);
    child->due = INT64_MAX;
}

bool child_wait(Child *child, int64_t total_ns)
{
    static const int64_t step_ns = 2 * NS_PER_MS; /* between two looks */
    for (int64_t waited = 0; waited < total_ns; waited += step_ns) {
        if (child_reap(child)) {
            return true;
        }
        struct timespec step = {.tv_nsec = (long)step_ns};
        (void)nanosleep(&step, NULL); /* a signal only shortens it */
    }
    return child_reap(child);
}

void child_done(Child *child)
{
    child_close(&child->out);
    child_close(&child->err);
    if (child->pid == 0) {
        return;
    }
    if (!child->is_ending) {
        (void)signal_child(child, SIGTERM);
    }
    if (!child_wait(child, CHILD_GRACE_NS / 8)) {
        /* One that belongs to somebody else (sudo) cannot be killed; it is not waited for either:
         * it dies of its closed pipe, and init collects it after us. */
        if (signal_child(child, SIGKILL)) {
            (void)child_wait(child, CHILD_GRACE_NS);
        }
    } else if (child->has_group) {
        (void)signal_child(child, SIGKILL); /* whom it left behind in its group */
    }
    *child = child_none();
}
