/*
 * Outlet: bytes on their way to standard output. What the other end does not take yet is held, so
 * that a slow reader does not keep us from draining `log`; only when the limit is reached does it
 * wait. A reader that has gone is no error, only an end.
 */
#ifndef SESSION_OUTLET_H
#define SESSION_OUTLET_H

#include <signal.h>
#include <stdio.h>
#include <sys/select.h>

#include "base/base.h"
#include "base/str.h"

typedef struct Outlet {
    FILE *file;
    int fd;       /* -1 = a stream in memory: everything goes through `file` */
    bool is_file; /* a regular file or device: never makes anybody wait */
    StrBuf buf;   /* append here */
    size_t sent;  /* bytes of `buf` that are out already */
    size_t limit;
    bool is_open_line; /* the last byte that left was no newline */
    bool has_gone;     /* the reader has closed its end */
    int error;         /* errno of a failure, 0 = none */
    const volatile sig_atomic_t *stop;
} Outlet;

/* Begins writing to `file`; `limit` is how many bytes may be held. `stop` ends all waiting. */
void outlet_init(Outlet *outlet, FILE *file, size_t limit, const volatile sig_atomic_t *stop);
void outlet_done(Outlet *outlet);

/* Sends what can be sent now; waits only while more than the limit is held. */
void outlet_push(Outlet *outlet);

/* Waits until everything is out, the reader has gone, or `*stop`. */
void outlet_drain(Outlet *outlet);

/* Adds the descriptor to wait for when something is held. */
void outlet_fds(const Outlet *outlet, fd_set *writes, int *max_fd);

/* Nothing more can be written. */
bool outlet_is_shut(const Outlet *outlet);

#endif
