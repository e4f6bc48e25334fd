/*
 * The capture of a session: its beginning and end, and the file with the number of the process
 * where it goes on without a terminal. What is captured is decided in session/capture_tap.c.
 */
#include "session/session_internal.h"

#include <stdint.h>

#include "session/capture_tap.h"
#include "session/pid_file.h"

static void pid_path(const char *capture, StrBuf *ret_path)
{
    strbuf_clear(ret_path);
    strbuf_add_str(ret_path, capture);
    strbuf_add_str(ret_path, ".pid");
}

/* What will have the place of FILE.pid when the terminal goes must let it be had. */
static bool check_pid(const Session *session, const char *path, Err *err)
{
    StrBuf name = {0};
    pid_t other = 0;
    pid_path(path, &name);
    PidFileState state =
        session->options.detach_capture ? pid_file_look(name.ptr, &other) : PID_FILE_FREE;
    if (state == PID_FILE_HELD && other > 0) {
        (void)err_set(err,
                      "'%s' exists already: process %jd goes on with another capture, 'kill %jd' "
                      "ends it",
                      name.ptr, (intmax_t)other, (intmax_t)other);
    } else if (state == PID_FILE_HELD) {
        (void)err_set(err,
                      "'%s' exists already: a process that cannot be seen from here goes on with "
                      "another capture; give another name",
                      name.ptr);
    } else if (state == PID_FILE_FOREIGN) {
        (void)err_set(err, "'%s' exists already; give another name, or move it away", name.ptr);
    }
    strbuf_done(&name);
    return state == PID_FILE_FREE || state == PID_FILE_STALE;
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
    if (!session->has_pid_file && session_capture(session, &status)) {
        pid_path(status.path.ptr, &path);
        session->pid_fd = pid_file_take(path.ptr);
        session->has_pid_file = session->pid_fd >= 0;
    }
    strbuf_done(&path);
    return session->has_pid_file;
}

void session_capture_detached(Session *session)
{
    CaptureStatus status;
    StrBuf path = {0};
    if (session->has_pid_file && session_capture(session, &status)) {
        pid_path(status.path.ptr, &path);
        pid_file_drop(path.ptr, session->pid_fd);
        session->has_pid_file = false;
    }
    strbuf_done(&path);
}
