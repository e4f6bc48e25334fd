/*
 * Detached: see detached.h. The process stays what it is: only its terminal is let go. It must
 * never include curses.
 */
#include "tui/detached.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/pid_file.h"
#include "tui/signals.h"

#define PUMP_NS (20 * NS_PER_MS)
#define LOOK_NS NS_PER_SECOND /* between two looks at the state of the capture */

/* An ssh that may ask belongs to the terminal and dies with it. One that is started over the
 * connection that is there now does not, and takes over without a gap. */
static void free_hosts(const Session *session)
{
    Sources *sources = session_sources(session);

    for (size_t i = 0; i < sources_count(sources); i++) {
        SourceStatus status;

        sources_status(sources, i, &status);
        if (status.kind == SOURCE_SSH) {
            sources_restart(sources, NULL);
            return;
        }
    }
}

/* A FILE.pid of which no process is left is no reason not to begin, but worth a word. */
static void tell_stale(const CaptureStatus *status, FILE *errors)
{
    StrBuf path = {0};
    pid_t ignored;

    strbuf_printf(&path, "%.*s.pid", SV_ARG(status->path));
    if (pid_file_look(path.ptr, &ignored) == PID_FILE_STALE) {
        (void)fprintf(errors,
                      "mdmscope: '%s' is of a capture that did not end well, its process is gone; "
                      "it is replaced when this one goes on without the terminal\n",
                      path.ptr);
    }
    strbuf_done(&path);
}

void detached_prepare(Session *session, FILE *errors)
{
    CaptureStatus status;

    if (session_capture(session, &status)) {
        tell_stale(&status, errors);
        (void)fprintf(errors,
                      "mdmscope: without this terminal process %jd goes on with the capture; "
                      "kill -TERM %jd ends it (see '%.*s.pid' then)\n",
                      (intmax_t)getpid(), (intmax_t)getpid(), SV_ARG(status.path));
    }
    free_hosts(session);
}

/* What was the terminal becomes nothing: a write to it would fail, or stop us. */
static void let_go(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    sigemptyset(&ignore.sa_mask);
    (void)sigaction(SIGHUP, &ignore, NULL); /* fails for bad numbers only */
    for (int i = STDIN_FILENO; fd >= 0 && i <= STDERR_FILENO; i++) {
        struct stat info;

        /* A file or a pipe stays: it may be the source. A terminal that is gone is no tty. */
        if (fstat(i, &info) == 0 && S_ISCHR(info.st_mode)) {
            (void)dup2(fd, i);
        }
    }
    if (fd > STDERR_FILENO) {
        (void)close(fd);
    }
}

static bool goes_on(const Session *session)
{
    CaptureStatus status;
    int ending = signals_ending();

    return (ending == 0 || ending == SIGHUP) && !session_is_loaded(session) &&
           session_capture(session, &status) && status.state == CAPTURE_RUNNING;
}

static void wait_for_news(const Session *session, fd_set *reads)
{
    int max_fd = signals_fd();
    int64_t now = clock_monotonic();
    int64_t nap = session_deadline(session, now) - now;

    nap = nap < 0 ? 0 : nap > LOOK_NS ? LOOK_NS : nap;
    struct timeval timeout = {.tv_sec = (time_t)(nap / NS_PER_SECOND),
                              .tv_usec = (suseconds_t)(nap % NS_PER_SECOND / 1000)};

    FD_ZERO(reads);
    FD_SET(signals_fd(), reads);
    session_fds(session, reads, &max_fd);
    if (select(max_fd + 1, reads, NULL, NULL, &timeout) < 0) {
        FD_ZERO(reads); /* a signal: its flag is up */
    }
}

int detached_run(Session *session)
{
    let_go();
    (void)session_capture_detach(session); /* nobody is there to be told that it cannot */
    while (goes_on(session)) {
        fd_set reads;

        wait_for_news(session, &reads);
        if ((signals_take() & SIGNALS_CHILD) != 0) {
            session_reap(session);
        }
        (void)session_pump(session, &reads, clock_monotonic(), PUMP_NS);
    }
    session_capture_finish(session);
    session_capture_detached(session);
    return signals_ending();
}
