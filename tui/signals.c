/*
 * Signals: see signals.h. The static data here are what handlers can reach: there is one set of
 * signals in a process, so there is one of these. It must never include curses.
 */
#include "tui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct SignalUse {
    int number;
    unsigned flag; /* 0 = a crash, or what ends the program as one does */
} SignalUse;

/* clang-format off */
static const SignalUse USES[] = {
    {SIGWINCH, SIGNALS_RESIZE}, {SIGCHLD, SIGNALS_CHILD},   {SIGTERM, SIGNALS_END},
    {SIGHUP,   SIGNALS_END},    {SIGINT,  SIGNALS_END},     {SIGQUIT, SIGNALS_END},
    {SIGTSTP,  SIGNALS_STOP},   {SIGCONT, SIGNALS_CONTINUE},
    {SIGSEGV, 0}, {SIGABRT, 0}, {SIGBUS,  0}, {SIGFPE,    0}, {SIGILL, 0}, {SIGTRAP, 0},
    {SIGSYS,  0}, {SIGXCPU, 0}, {SIGALRM, 0}, {SIGVTALRM, 0}, {SIGPROF, 0},
    {SIGUSR1, 0}, {SIGUSR2, 0},
};

/* A write that fails says more than these do: EPIPE, EFBIG. */
static const int IGNORED[] = {SIGPIPE, SIGXFSZ};
/* clang-format on */

/* A crash by an overflown stack needs another stack to be handled on. SIGSTKSZ is no constant on
 * every system. */
#define CRASH_STACK_BYTES (32 * 1024)

static volatile sig_atomic_t raised[ARRAY_LEN(USES)];
static volatile sig_atomic_t has_woken; /* there may be bytes in `wake` */
static volatile sig_atomic_t ending;
static volatile sig_atomic_t stop_flag;
static int wake[2] = {-1, -1};
static void (*crash_hook)(void);
static struct sigaction before[ARRAY_LEN(USES)];
static struct sigaction before_ignored[ARRAY_LEN(IGNORED)];
static char crash_stack[CRASH_STACK_BYTES];

static void on_signal(int number)
{
    int saved = errno;
    for (size_t i = 0; i < ARRAY_LEN(USES); i++) {
        if (USES[i].number == number) {
            raised[i] = 1;
            if (USES[i].flag == SIGNALS_END) {
                ending = number;
                stop_flag = 1;
            }
        }
    }
    has_woken = 1;
    ssize_t ignored = write(wake[1], "", 1); /* a full pipe wakes as well */
    (void)ignored;
    errno = saved;
}

/* Its handler is off by then (SA_RESETHAND): raising it again does what it always did. */
static void on_crash_signal(int number)
{
    if (crash_hook != NULL) {
        crash_hook();
    }
    (void)raise(number);
}

static bool wake_open(Err *err)
{
    if (pipe(wake) != 0) {
        return err_set(err, "signals: %s", strerror(errno));
    }
    for (size_t i = 0; i < ARRAY_LEN(wake); i++) {
        if (fcntl(wake[i], F_SETFD, FD_CLOEXEC) != 0 || fcntl(wake[i], F_SETFL, O_NONBLOCK) != 0) {
            return err_set(err, "signals: %s", strerror(errno));
        }
    }
    return true;
}

/* Whether to leave a signal as it is: nobody wants it, or whoever started us had it ignored and it
 * would end us. */
static bool is_left_alone(const SignalUse *use, unsigned flags, const struct sigaction *now)
{
    bool is_wanted = use->flag == 0 ? crash_hook != NULL : (use->flag & flags) != 0;
    bool is_end = use->flag == 0 || use->flag == SIGNALS_END;
    return !is_wanted || (is_end && now->sa_handler == SIG_IGN);
}

bool signals_open(unsigned flags, void (*on_crash)(void), Err *err)
{
    if (!wake_open(err)) {
        return false;
    }
    crash_hook = on_crash;
    stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
    bool has_stack = on_crash != NULL && sigaltstack(&stack, NULL) == 0;
    for (size_t i = 0; i < ARRAY_LEN(USES); i++) {
        bool is_crash = USES[i].flag == 0;
        struct sigaction action = {.sa_handler = is_crash ? on_crash_signal : on_signal};
        sigemptyset(&action.sa_mask);
        action.sa_flags = is_crash ? (int)(SA_RESETHAND | (has_stack ? SA_ONSTACK : 0)) : 0;
        /* sigaction fails for bad numbers only. */
        (void)sigaction(USES[i].number, NULL, &before[i]);
        if (!is_left_alone(&USES[i], flags, &before[i])) {
            (void)sigaction(USES[i].number, &action, NULL);
        }
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    for (size_t i = 0; i < ARRAY_LEN(IGNORED); i++) {
        (void)sigaction(IGNORED[i], &ignore, &before_ignored[i]);
    }
    return true;
}

void signals_close(void)
{
    if (wake[0] < 0) {
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(USES); i++) {
        (void)sigaction(USES[i].number, &before[i], NULL);
        raised[i] = 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(IGNORED); i++) {
        (void)sigaction(IGNORED[i], &before_ignored[i], NULL);
    }
    (void)close(wake[0]);
    (void)close(wake[1]);
    wake[0] = wake[1] = -1;
    has_woken = 0;
    ending = 0;
    stop_flag = 0;
    crash_hook = NULL;
}

int signals_fd(void)
{
    return wake[0];
}

unsigned signals_take(void)
{
    if (has_woken == 0) {
        return 0;
    }
    has_woken =
        0; /* before the flags are looked at: a signal between the two is told twice at most */
    char bytes[64];
    while (wake[0] >= 0 && read(wake[0], bytes, sizeof bytes) == (ssize_t)sizeof bytes) {
    }
    unsigned flags = 0;
    for (size_t i = 0; i < ARRAY_LEN(USES); i++) {
        if (raised[i] != 0) {
            raised[i] = 0;
            flags |= USES[i].flag;
        }
    }
    return flags;
}

int signals_ending(void)
{
    return ending;
}

void signals_stop_self(bool with_group)
{
    struct sigaction stop = {.sa_handler = SIG_DFL};
    struct sigaction ours;
    sigemptyset(&stop.sa_mask);
    (void)sigaction(SIGTSTP, &stop, &ours);
    if (with_group) {
        (void)kill(0, SIGTSTP);
    } else {
        (void)raise(SIGTSTP);
    }
    (void)sigaction(SIGTSTP, &ours, NULL);
}

const volatile sig_atomic_t *signals_stop_flag(void)
{
    return &stop_flag;
}
