/*
 * PidFile: a file with the number of the process that made it, which that process keeps locked for
 * as long as it lives. Numbers are given again, locks are not: who holds the lock is the truth, and
 * a file that nobody locks is left over. It knows nothing of captures.
 */
#ifndef SESSION_PID_FILE_H
#define SESSION_PID_FILE_H

#include <sys/types.h>

#include "base/base.h"

typedef enum PidFileState {
    PID_FILE_FREE,    /* nothing is there */
    PID_FILE_STALE,   /* a number, or nothing yet, of a process that is gone */
    PID_FILE_HELD,    /* its process lives */
    PID_FILE_FOREIGN, /* something else, or nobody can tell: not to be touched */
} PidFileState;

/* Tells what is at `path`. Where it is held, *ret_pid is by whom; 0 = by a process that cannot be
 * seen from here. Never asked by the process that holds it: that would let go of the lock. */
PidFileState pid_file_look(const char *path, pid_t *ret_pid);

/* Makes the file (mode 0600) with the number of this process, and locks it; one that is left over
 * is replaced. Gives the descriptor that holds the lock, -1 = it cannot be. Where the file system
 * knows no locks there is only the number, and later on nobody can tell. */
int pid_file_take(const char *path);

/* Removes the file, if it is still the one of `fd`, and closes that. */
void pid_file_drop(const char *path, int fd);

#endif
