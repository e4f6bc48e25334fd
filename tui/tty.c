/*
 * Tty: see tty.h. The rescue's data are static because a signal handler must reach them: there is
 * one terminal in a process, so there is one rescue. It must never include curses.
 */
#include "tui/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

/* At the end, a terminal that takes nothing for so long is given up. */
#define FINISH_MS 500

static const char *const UTF8_LOCALES[] = {"C.UTF-8", "en_US.UTF-8", "UTF-8"};

/* Written before `is_armed` is set, and not while it is. */
static struct {
    volatile sig_atomic_t is_armed;
    int fd;
    struct termios modes;
    char bytes[256];
    size_t len;
} rescue;

/* Whether the locale in force knows ASCII only. */
static bool says_nothing(void)
{
    const char *codeset = nl_langinfo(CODESET);
    return *codeset == '\0' || strcmp(codeset, "ANSI_X3.4-1968") == 0 ||
           strcmp(codeset, "US-ASCII") == 0;
}

void tty_set_locale(void)
{
    (void)setlocale(LC_CTYPE, ""); /* fails for a locale that is not installed: "C" stays */
    for (size_t i = 0; i < ARRAY_LEN(UTF8_LOCALES) && says_nothing(); i++) {
        (void)setlocale(LC_CTYPE, UTF8_LOCALES[i]);
    }
}

/* Waits until `fd` can be read or written, for `ms` at most. Select, as poll is refused for
 * terminals on macOS; it may also be called in a signal handler. */
static bool wait_ready(int fd, bool for_writing, int ms)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    struct timeval timeout = {.tv_sec = 0, .tv_usec = ms * 1000};
    return select(fd + 1, for_writing ? NULL : &set, for_writing ? &set : NULL, NULL, &timeout) > 0;
}

bool tty_can_read(int fd)
{
    return wait_ready(fd, false, 0);
}

bool tty_wait_read(int fd, int ms)
{
    return wait_ready(fd, false, ms);
}

struct termios tty_raw_modes(struct termios modes)
{
    modes.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNCR | INLCR | ISTRIP | IXON | PARMRK);
    modes.c_oflag &= ~(tcflag_t)OPOST;
    modes.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    return modes;
}

void tty_out_open(TtyOut *out, int fd)
{
    const char *name = ttyname(fd);
    int own = name != NULL ? open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1;
    *out = (TtyOut){.fd = own >= 0 ? own : fd, .is_ours = own >= 0};
}

void tty_out_add(TtyOut *out, StrView bytes)
{
    strbuf_add(&out->bytes, bytes);
}

bool tty_out_is_empty(const TtyOut *out)
{
    return out->at == out->bytes.len;
}

bool tty_out_flush(TtyOut *out)
{
    while (!tty_out_is_empty(out)) {
        ssize_t sent = write(out->fd, out->bytes.ptr + out->at, out->bytes.len - out->at);
        if (sent >= 0) {
            out->at += (size_t)sent;
        } else if (errno == EAGAIN) {
            return false;
        } else if (errno != EINTR) {
            break; /* the terminal is gone: reading will say so */
        }
    }
    strbuf_clear(&out->bytes);
    out->at = 0;
    return true;
}

void tty_out_finish(TtyOut *out)
{
    while (!tty_out_flush(out) && wait_ready(out->fd, true, FINISH_MS)) {
    }
}

void tty_out_close(TtyOut *out)
{
    if (out->is_ours) {
        (void)close(out->fd);
    }
    strbuf_done(&out->bytes);
    *out = (TtyOut){.fd = -1};
}

bool tty_size(int fd, int *ret_columns, int *ret_rows)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
        return false;
    }
    *ret_columns = size.ws_col;
    *ret_rows = size.ws_row;
    return true;
}

void tty_add_unpadded(StrBuf *buf, const char *capability)
{
    const char *bytes = capability;
    while (bytes != NULL && *bytes != '\0') {
        const char *end = bytes[0] == '$' && bytes[1] == '<' ? strchr(bytes, '>') : NULL;
        if (end == NULL) {
            strbuf_add_char(buf, *bytes);
        }
        bytes = end != NULL ? end + 1 : bytes + 1;
    }
}

void tty_rescue_arm(int fd, const struct termios *modes, StrView bytes)
{
    rescue.is_armed = 0;
    rescue.fd = fd;
    rescue.modes = *modes;
    rescue.len = bytes.len < sizeof rescue.bytes ? bytes.len : sizeof rescue.bytes;
    memcpy(rescue.bytes, bytes.ptr, rescue.len);
    rescue.is_armed = 1;
}

void tty_rescue_disarm(void)
{
    rescue.is_armed = 0;
}

void tty_rescue(void)
{
    if (!rescue.is_armed) {
        return;
    }
    rescue.is_armed = 0;
    /* From the background a terminal's modes can be set only with SIGTTOU out of the way. */
    sigset_t background;
    sigset_t old;
    sigemptyset(&background);
    sigaddset(&background, SIGTTOU);
    (void)sigprocmask(SIG_BLOCK, &background, &old);
    size_t at = 0;
    do {
        ssize_t sent = write(rescue.fd, rescue.bytes + at, rescue.len - at);
        at += sent > 0 ? (size_t)sent : 0;
    } while (at < rescue.len && wait_ready(rescue.fd, true, FINISH_MS));
    (void)tcsetattr(rescue.fd, TCSANOW, &rescue.modes);
    (void)sigprocmask(SIG_SETMASK, &old, NULL);
}
