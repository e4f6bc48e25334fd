/*
 * Child: a command that runs beside us: started with posix_spawn, its standard output and error
 * read through non-blocking pipes, ended politely first and for certain afterwards.
 * It reads nothing itself and knows nothing of entries. It must never include parsers/.
 */
#ifndef SESSION_CHILD_H
#define SESSION_CHILD_H

#include <sys/types.h>

#include "base/base.h"
#include "base/err.h"

/* From the request to end (SIGTERM) to SIGKILL, and from there to closing its pipes unread. */
#define CHILD_GRACE_NS (INT64_C(2) * NS_PER_SECOND)

typedef struct Child {
    pid_t pid;       /* 0 = never started */
    int out;         /* read end of its standard output; -1 = closed */
    int err;         /* read end of its standard error; -1 = closed */
    bool has_group;  /* leads a process group of its own */
    bool is_reaped;  /* has exited and was waited for */
    bool is_ending;  /* SIGTERM was sent */
    bool is_killed;  /* SIGKILL was sent */
    int exit_status; /* valid once is_reaped; 128 + n when signal n ended it */
    int64_t due;     /* when the next, rougher step of ending it is due; INT64_MAX = never */
} Child;

/* The child stays in our process group, so that it may ask for a password on the terminal. */
#define CHILD_SHARE_GROUP (1u << 0)

/* Gives a child that was never started. */
Child child_none(void);

/* Starts argv[0] (looked up in PATH when it has no slash) without a shell: all signals at their
 * defaults and unblocked, standard input from /dev/null, no other descriptor inherited, LOG_STYLE
 * taken out of the environment. Fails with the reason when it cannot be executed. */
bool child_start(Child *child, const char *const *argv, unsigned flags, Err *err);

/* Looks without waiting whether it has exited; true when exit_status is known. */
bool child_reap(Child *child);

/* Waits for its exit, at most `total_ns`; true when exit_status is known. */
bool child_wait(Child *child, int64_t total_ns);

/* Asks it to end: SIGTERM now; child_tick does the rest. */
void child_end(Child *child, int64_t now);

/* Takes the next step of ending it when that is due: SIGKILL, then closing the pipes. */
void child_tick(Child *child, int64_t now);

/* Closes one of its pipes and forgets it: pass &child->out or &child->err. */
void child_close(int *fd);

/* Ends it for certain, waits for it and closes everything; may take CHILD_GRACE_NS / 8. */
void child_done(Child *child);

/* Opens nothing, but makes `fd` fit for our loop: close-on-exec, at least 3, below FD_SETSIZE.
 * Returns the descriptor to use from now on (`fd` may have been closed), -1 when there is none. */
int child_fit_fd(int fd);

#endif
