/*
 * Line: see line.h. It must never include curses.
 */
#include "tui/line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* So long an answer is waited for at the end. */
#define FAREWELL_NS (INT64_C(500) * NS_PER_MS)
#define FAREWELL_STEP_MS 50

bool line_open(Line *line, Err *err)
{
    line->in = STDIN_FILENO;
    if (tcgetattr(STDOUT_FILENO, &line->modes) != 0) {
        return err_set(err, "terminal: %s", strerror(errno));
    }
    tty_out_open(&line->out, STDOUT_FILENO);
    if (isatty(STDIN_FILENO)) {
        return true;
    }
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    line->tty = fd >= 0 ? fdopen(fd, "r+") : NULL;
    if (line->tty == NULL) {
        (void)err_set(err, "/dev/tty: %s (keys cannot be read)", strerror(errno));
        if (fd >= 0) {
            (void)close(fd);
        }
        return false;
    }
    line->in = fd;
    return true;
}

void line_close(Line *line)
{
    tty_out_close(&line->out);
    if (line->tty != NULL) {
        (void)fclose(line->tty);
    }
    line->tty = NULL;
    input_done(&line->input);
}

void line_add(Line *line, StrView bytes)
{
    tty_out_add(&line->out, bytes);
    line->sent += bytes.len;
}

void line_flush(Line *line)
{
    (void)tty_out_flush(&line->out); /* what is left goes out when there is room */
}

void line_ask(Line *line, size_t bytes)
{
    line_add(line, SV(PACE_QUESTION));
    pace_ask(&line->pace, bytes, clock_monotonic());
}

bool line_is_free(const Line *line)
{
    return tty_out_is_empty(&line->out) && pace_is_open(&line->pace, clock_monotonic());
}

int64_t line_deadline(const Line *line)
{
    int64_t keys = input_deadline(&line->input);
    int64_t frame = pace_deadline(&line->pace, clock_monotonic());
    return keys < frame ? keys : frame;
}

/* Reads what has come; false when nothing has. A terminal that is gone reads as its end. */
static bool fill(Line *line, int64_t now)
{
    if (!tty_can_read(line->in)) {
        return false;
    }
    char bytes[4096];
    ssize_t len = read(line->in, bytes, sizeof bytes);
    if (len > 0) {
        input_feed(&line->input, sv_of(bytes, (size_t)len), now);
        return true;
    }
    line->is_closed = len == 0 || (errno != EINTR && errno != EAGAIN);
    return false;
}

bool line_read_key(Line *line, Key *ret_key, StrBuf *ret_paste)
{
    int64_t now = clock_monotonic();
    for (;;) {
        bool is_key = input_next(&line->input, now, ret_key, ret_paste);
        for (; line->input.answers > 0; line->input.answers--) {
            pace_answer(&line->pace, now);
        }
        if (is_key) {
            return true;
        }
        if (line->is_closed) {
            *ret_key = (Key){.code = KEY_CODE_CLOSED};
            return true;
        }
        if (!fill(line, now) && !line->is_closed) {
            return false;
        }
    }
}

void line_finish(Line *line)
{
    Key key;
    StrBuf paste = {0};
    tty_out_finish(&line->out);
    int64_t until = pace_asked(&line->pace) + FAREWELL_NS;
    while (line->pace.count > 0 && !line->is_closed && clock_monotonic() < until) {
        if (tty_wait_read(line->in, FAREWELL_STEP_MS)) {
            (void)line_read_key(line, &key, &paste); /* of no use any more */
        }
    }
    pace_forget(&line->pace);
    strbuf_done(&paste);
}
