/*
 * Tty: see tty.h. The rescue's data are static because a signal handler must reach them: there is
 * one terminal in a process, so there is one rescue. It must never include curses.
 */
#include "tui/tty.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

static const char *const UTF8_LOCALES[] = {"C.UTF-8", "en_US.UTF-8", "UTF-8"};

/* Written before `is_armed` is set, and not while it is. */
static struct {
    volatile sig_atomic_t is_armed;
    int fd;
    struct termios modes;
    char bytes[256];
    size_t len;
} rescue;

void tty_set_locale(void)
{
    (void)setlocale(LC_CTYPE, ""); /* fails for a locale that is not installed: "C" stays */
    for (size_t i = 0; i < ARRAY_LEN(UTF8_LOCALES); i++) {
        if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) {
            return;
        }
        (void)setlocale(LC_CTYPE, UTF8_LOCALES[i]);
    }
}

void tty_send(int fd, StrView bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = write(fd, bytes.ptr, bytes.len);
        if (sent > 0) {
            bytes = sv_slice(bytes, (size_t)sent, SIZE_MAX);
        } else if (sent < 0 && errno != EINTR) {
            return;
        }
    }
}

/* Asks select about one descriptor; poll is refused for terminals on macOS. */
static bool is_ready(int fd, bool for_writing)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    struct timeval at_once = {0, 0};
    return select(fd + 1, for_writing ? NULL : &set, for_writing ? &set : NULL, NULL, &at_once) > 0;
}

bool tty_can_read(int fd)
{
    return is_ready(fd, false);
}

bool tty_can_write(int fd)
{
    return is_ready(fd, true);
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
    ssize_t ignored = write(rescue.fd, rescue.bytes, rescue.len);
    (void)ignored;
    (void)tcsetattr(rescue.fd, TCSANOW, &rescue.modes);
    (void)sigprocmask(SIG_SETMASK, &old, NULL);
}
