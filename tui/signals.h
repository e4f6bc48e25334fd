/*
 * Signals: the process's signals as flags and a descriptor to wait for. Handlers set a flag and
 * write a byte, nothing else; what a signal means is decided where signals_take is called. The one
 * exception are crashes: there the terminal is restored and the signal takes its course.
 */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <signal.h>

#include "base/base.h"
#include "base/err.h"

#define SIGNALS_RESIZE (1u << 0)   /* SIGWINCH */
#define SIGNALS_CHILD (1u << 1)    /* SIGCHLD */
#define SIGNALS_END (1u << 2)      /* SIGTERM, SIGHUP, SIGINT, SIGQUIT: see signals_ending */
#define SIGNALS_STOP (1u << 3)     /* SIGTSTP */
#define SIGNALS_CONTINUE (1u << 4) /* SIGCONT */

#define SIGNALS_ALL (~0u)

/* Installs handlers for the signals of `flags`, and for crashes and all else that ends a program
 * when `on_crash` (which must be async-signal-safe) is not NULL. SIGPIPE and SIGXFSZ are ignored
 * from then on; what would end the program stays ignored where it is (SIGHUP by nohup, SIGINT in a
 * background job). Once in a process. */
bool signals_open(unsigned flags, void (*on_crash)(void), Err *err);

/* Puts the handlers back to what they were before signals_open. */
void signals_close(void);

/* Descriptor that becomes readable when a flag is set; -1 when signals are not open. */
int signals_fd(void);

/* Gives the flags set since the last call, and clears them. */
unsigned signals_take(void);

/* The number of the last signal that asked the program to end; 0 = none. */
int signals_ending(void);

/* Stops this process as SIGTSTP would have, with its whole group when `with_group` (that is what
 * Ctrl-Z means in a pipeline). Returns when it has been continued. */
void signals_stop_self(bool with_group);

/* A flag that becomes 1 with SIGNALS_END, for loops that are not ours. */
const volatile sig_atomic_t *signals_stop_flag(void);

#endif
