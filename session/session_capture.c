/*
 * The capture of a session: its beginning and end, and the file with the number of the process
 * where it goes on without a terminal. What is captured is decided in session/capture_tap.c.
 */
#include "session/session_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/capture_tap.h"

static void pid_path(const char *capture, StrBuf *ret_path)
{
    strbuf_clear(ret_path);
    strbuf_add_str(ret_path, capture);
    strbuf_add_str(ret_path, ".pid");
}

/* The process whose number is in the file; 0 = there is no number, or no such process any more. */
static pid_t read_pid(const char *path)
{
    char text[32] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    ssize_t got = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    if (fd >= 0) {
        (void)close(fd);
    }
    long number = got > 0 ? strtol(text, NULL, 10) : 0;
    bool is_there =
        number > 0 && number <= INT_MAX && (kill((pid_t)number, 0) == 0 || errno == EPERM);
    return is_there ? (pid_t)number : 0;
}

/* The file that is made when the terminal goes must be free as well. */
static bool check_pid(const Session *session, const char *path, Err *err)
{
    StrBuf pid = {0};
    struct stat info;
    pid_path(path, &pid);
    bool is_taken = session->options.detach_capture && lstat(pid.ptr, &info) == 0;
    if (is_taken) {
        pid_t other = read_pid(pid.ptr);
        (void)(other > 0
                   ? err_set(err,
                             "'%s' exists already: process %jd goes on with another capture, "
                             "'kill %jd' ends it",
                             pid.ptr, (intmax_t)other, (intmax_t)other)
                   : err_set(err,
                             "'%s' exists already, of a capture that did not end well: its process "
                             "is gone; remove the file, or give another name",
                             pid.ptr));
    }
    strbuf_done(&pid);
    return !is_taken;
}

static bool has_hole(const Session *session)
{
    CaptureStatus status;
    return session_capture(session, &status) && status.missed > 0;
}

bool session_capture_begin(Session *session, const char *path, bool may_replace, bool *ret_exists,
                           Err *err)
{
    CaptureStatus status;
    *ret_exists = false;
    if (session_capture(session, &status) &&
        (status.state == CAPTURE_RUNNING || status.state == CAPTURE_ENDING)) {
        return err_set(err, "'%.*s' is still being written", SV_ARG(status.path));
    }
    if (!check_pid(session, path, err)) {
        return false;
    }
    Capture *capture =
        capture_tap(session->sources, &session->options, path, may_replace, ret_exists, err);
    if (capture == NULL) {
        return false;
    }
    if (session->captured > session->uncaptured && has_hole(session)) {
        session->uncaptured = session->captured;
    }
    capture_free(session->capture);
    session->capture = capture;
    session->captured = 0;
    session->is_tapped = true;
    return true;
}

bool session_capture_open(Session *session, Err *err)
{
    bool exists;
    const char *path = session->options.capture;
    return path == NULL || session_capture_begin(session, path, false, &exists, err) ||
           err_prefix(err, "--capture");
}

bool session_capture(const Session *session, CaptureStatus *ret_status)
{
    if (session->capture == NULL) {
        return false;
    }
    capture_status(session->capture, ret_status);
    if (session->capture_until != 0 && ret_status->state == CAPTURE_RUNNING) {
        ret_status->state = CAPTURE_ENDING;
    }
    return true;
}

/* Whether a source may hold back what has come, until one child has taken over from another. */
static bool is_handing_over(const Session *session)
{
    for (size_t i = 0; i < sources_count(session->sources); i++) {
        SourceStatus status;
        sources_status(session->sources, i, &status);
        if (status.state == SOURCE_RESTARTING) {
            return true;
        }
    }
    return false;
}

static void end_now(Session *session)
{
    session->capture_until = 0;
    session->is_tapped = false;
    sources_set_tap(session->sources, NULL);
    capture_end(session->capture);
}

void session_capture_end(Session *session)
{
    CaptureStatus status;
    if (!session_capture(session, &status) || session->capture_until != 0) {
        return;
    }
    if (status.state == CAPTURE_RUNNING && is_handing_over(session)) {
        session->capture_until = session->now + SESSION_HAND_OVER_NS;
    } else {
        end_now(session);
    }
}

void session_capture_step(Session *session)
{
    if (session->capture_until != 0 &&
        (session->now >= session->capture_until || !is_handing_over(session))) {
        end_now(session);
    }
}

void session_capture_finish(Session *session)
{
    session->capture_until = 0; /* what is held comes at once now */
    session->is_tapped = false;
    if (session->capture != NULL && session->sources != NULL) {
        capture_untap(session->sources, session->capture);
    }
}

/* --- what is in no file ----------------------------------------------------------------------- */

static bool can_be_read_again(const Session *session, uint8_t source)
{
    if (source >= session->options.source_count) {
        return false; /* no source was named: `log` on this Mac */
    }
    SourceKind kind = session->options.sources[source].kind;
    return kind == SOURCE_FILE || kind == SOURCE_DEMO;
}

void session_capture_note(Session *session, uint8_t source, EntryNumber number)
{
    if (session->is_tapped) {
        session->captured = can_be_read_again(session, source) ? session->captured : number;
    } else {
        session->uncaptured = can_be_read_again(session, source) ? session->uncaptured : number;
    }
}

void session_keep(Session *session, EntryNumber end)
{
    session->kept_end = end > session->kept_end ? end : session->kept_end;
}

bool session_has_unkept(const Session *session)
{
    EntryNumber newest = session->uncaptured;
    if (session->captured > newest && has_hole(session)) {
        newest = session->captured;
    }
    return newest > 0 && newest >= session->kept_end;
}

/* --- without a terminal ------------------------------------------------------------------------
 */

bool session_capture_detach(Session *session)
{
    CaptureStatus status;
    StrBuf path = {0};
    StrBuf text = {0};
    int fd = -1;
    if (session_capture(session, &status)) {
        pid_path(status.path.ptr, &path);
        fd = open(path.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    }
    bool is_good = fd >= 0;
    if (is_good) {
        strbuf_printf(&text, "%jd\n", (intmax_t)getpid());
        is_good = write(fd, text.ptr, text.len) == (ssize_t)text.len;
        (void)close(fd); /* a few digits: the write has told */
    }
    if (fd >= 0 && !is_good) {
        (void)unlink(path.ptr); /* half of a number is worse than none */
    }
    session->has_pid_file = is_good;
    strbuf_done(&path);
    strbuf_done(&text);
    return is_good;
}

void session_capture_detached(Session *session)
{
    CaptureStatus status;
    StrBuf path = {0};
    if (session->has_pid_file && session_capture(session, &status)) {
        pid_path(status.path.ptr, &path);
        (void)unlink(path.ptr);
        session->has_pid_file = false;
    }
    strbuf_done(&path);
}
