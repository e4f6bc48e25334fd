/*
 * The harness: see harness.h. Three processes: the test, a shell (leader of the terminal's
 * session), the program (a job of the shell). The shell tells the test of stops and ends through
 * one pipe and gets its orders through another.
 */
#include "tests/pty/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define ROW_BYTES 8192
#define SHELL_FD_MAX 256

typedef struct PtyEvent {
    char kind; /* 'P' = pid, 'S' = stopped, 'E' = ended */
    int value;
} PtyEvent;

struct Pty {
    int master; /* -1 after a hang-up */
    int slave;  /* kept open, so that modes can be asked for after the end */
    int events; /* from the shell */
    int orders; /* to the shell */
    pid_t shell;
    pid_t program;
    bool is_stopped;
    bool is_stalled;
    bool has_ended;
    int status;
    struct termios before;
    VTerm *terminal;
    VTermScreen *screen;
    bool is_alternate;
    bool shows_cursor;
    bool wants_mouse;
    bool is_mute;
    int pace;            /* bytes a second, 0 = as they come */
    int64_t paced_until; /* ns: when the line has done with what was taken last */
    char *bytes;
    size_t len, capacity;
    char row[ROW_BYTES];
};

static void must(bool is_good, const char *what)
{
    if (!is_good) {
        (void)fprintf(stderr, "pty harness: %s: %s\n", what, strerror(errno));
        abort();
    }
}

/* --- the shell -------------------------------------------------------------------------------- */

static void set_env(const PtyOptions *options)
{
    (void)setenv("TERM", options->term != NULL ? options->term : "xterm-256color", 1);
    (void)setenv("LANG", "C.UTF-8", 1);
    (void)unsetenv("LC_ALL");
    (void)unsetenv("LC_CTYPE");
    (void)unsetenv("NO_COLOR");
    (void)unsetenv("COLORTERM");
    (void)unsetenv("LINES");
    (void)unsetenv("COLUMNS");
    for (size_t i = 0; options->env != NULL && options->env[i] != NULL; i++) {
        const char *equals = strchr(options->env[i], '=');
        if (equals != NULL) {
            char name[64];
            (void)snprintf(name, sizeof name, "%.*s", (int)(equals - options->env[i]),
                           options->env[i]);
            (void)setenv(name, equals + 1, 1);
        } else {
            (void)unsetenv(options->env[i]);
        }
    }
}

static void tell(int events, char kind, int value)
{
    PtyEvent event = {.kind = kind, .value = value};
    ssize_t ignored = write(events, &event, sizeof event);
    (void)ignored; /* the test is gone: so will be the shell */
}

/* Everything the program gets is a terminal, but perhaps its standard input. */
static void run_program(const PtyOptions *options, const char *const *argv, int slave)
{
    (void)setpgid(0, 0);
    (void)tcsetpgrp(slave, getpid());
    for (int number = 1; number < 32; number++) {
        (void)signal(number, SIG_DFL); /* fails for KILL and STOP, which have no handlers */
    }
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)dup2(options->stdin_fd > 0 ? options->stdin_fd : slave, STDIN_FILENO);
    (void)dup2(slave, STDOUT_FILENO);
    (void)dup2(slave, STDERR_FILENO);
    (void)close(slave);
    if (options->stdin_fd > 0) {
        (void)close(options->stdin_fd);
    }
    set_env(options);
    /* execvp takes what it never changes as char *const *. */
    (void)execvp(argv[0], (char *const *)(void *)(size_t)argv);
    (void)fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

/* Waits for the program's stops and end; an order is: into the foreground and on. */
static void run_shell(pid_t program, int slave, int events, int orders)
{
    int status;
    char order;
    while (waitpid(program, &status, WUNTRACED) == program) {
        if (!WIFSTOPPED(status)) {
            (void)tcsetpgrp(slave, getpid());
            tell(events, 'E', status);
            break;
        }
        (void)tcsetpgrp(slave, getpid());
        tell(events, 'S', 0);
        if (read(orders, &order, 1) != 1) {
            break;
        }
        (void)tcsetpgrp(slave, program);
        (void)kill(-program, SIGCONT);
    }
    while (read(orders, &order, 1) > 0) { /* the terminal stays as long as the test wants it */
    }
    _exit(0);
}

static void start_shell(Pty *pty, const PtyOptions *options, const char *const *argv)
{
    int events[2];
    int orders[2];
    must(pipe(events) == 0 && pipe(orders) == 0, "pipe");
    pty->shell = fork();
    must(pty->shell >= 0, "fork");
    if (pty->shell == 0) {
        /* Nothing of the test's may be kept open: ends of pipes would never come. */
        for (int fd = STDERR_FILENO + 1; fd < SHELL_FD_MAX; fd++) {
            if (fd != events[1] && fd != orders[0] && fd != pty->slave && fd != options->stdin_fd) {
                (void)close(fd);
            }
        }
        (void)setsid();
        (void)ioctl(pty->slave, TIOCSCTTY, 0);
        (void)signal(SIGHUP, SIG_IGN);
        (void)signal(SIGTTOU, SIG_IGN);
        (void)signal(SIGTSTP, SIG_IGN);
        (void)fcntl(events[1], F_SETFD, FD_CLOEXEC);
        (void)fcntl(orders[0], F_SETFD, FD_CLOEXEC);
        pid_t program = fork();
        if (program == 0) {
            run_program(options, argv, pty->slave);
        }
        (void)setpgid(program, program);
        if (options->stdin_fd > 0) {
            (void)close(options->stdin_fd);
        }
        tell(events[1], 'P', (int)program);
        run_shell(program, pty->slave, events[1], orders[0]);
    }
    (void)close(events[1]);
    (void)close(orders[0]);
    if (options->stdin_fd > 0) {
        (void)close(options->stdin_fd);
    }
    pty->events = events[0];
    pty->orders = orders[1];
    (void)fcntl(pty->events, F_SETFD, FD_CLOEXEC);
    (void)fcntl(pty->orders, F_SETFD, FD_CLOEXEC);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    Pty *pty = user;
    if (property == VTERM_PROP_ALTSCREEN) {
        pty->is_alternate = value->boolean != 0;
    } else if (property == VTERM_PROP_CURSORVISIBLE) {
        pty->shows_cursor = value->boolean != 0;
    } else if (property == VTERM_PROP_MOUSE) {
        pty->wants_mouse = value->number != VTERM_PROP_MOUSE_NONE;
    }
    return 1;
}

/* What the terminal answers to questions; not when it is stalled, as it has not read them. */
static void on_answer(const char *bytes, size_t len, void *user)
{
    const Pty *pty = user;
    if (pty->master >= 0 && !pty->is_mute) {
        ssize_t ignored = write(pty->master, bytes, len);
        (void)ignored; /* the program is gone */
    }
}

static const VTermScreenCallbacks CALLBACKS = {.settermprop = on_property};

static int64_t clock_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* A line that is slow takes a little at a time, and the next when that has gone. */
#define PACED_BYTES 64

static void take_output(Pty *pty)
{
    char bytes[65536];
    ssize_t len = read(pty->master, bytes, pty->pace > 0 ? PACED_BYTES : sizeof bytes);
    if (len > 0 && pty->pace > 0) {
        int64_t now = clock_ns();
        int64_t start = pty->paced_until > now ? pty->paced_until : now;
        pty->paced_until = start + (int64_t)len * 1000000000 / pty->pace;
    }
    if (len <= 0) {
        return; /* 0 or EIO: nobody has the terminal open; the end is told by the shell */
    }
    if (pty->len + (size_t)len > pty->capacity) {
        pty->capacity = (pty->len + (size_t)len) * 2;
        pty->bytes = realloc(pty->bytes, pty->capacity);
        must(pty->bytes != NULL, "memory");
    }
    memcpy(pty->bytes + pty->len, bytes, (size_t)len);
    pty->len += (size_t)len;
    (void)vterm_input_write(pty->terminal, bytes, (size_t)len);
}

static void take_event(Pty *pty)
{
    PtyEvent event;
    if (read(pty->events, &event, sizeof event) != (ssize_t)sizeof event) {
        return;
    }
    if (event.kind == 'P') {
        pty->program = (pid_t)event.value;
    } else if (event.kind == 'S') {
        pty->is_stopped = true;
    } else if (event.kind == 'E') {
        pty->has_ended = true;
        pty->status = event.value;
    }
}

/* Waits for something to come and takes it; false when patience is at its end. `also` is one more
 * descriptor to wait for, -1 = none; `*ret_is_ready` (may be NULL) tells that it can be read. */
static bool pump(Pty *pty, time_t since, int also, bool *ret_is_ready)
{
    time_t left = since + PTY_PATIENCE_SECONDS - time(NULL);
    if (left <= 0) {
        return false;
    }
    fd_set reads;
    FD_ZERO(&reads);
    int max = pty->events;
    FD_SET(pty->events, &reads);
    int64_t busy = pty->pace > 0 ? pty->paced_until - clock_ns() : 0;
    bool takes_output = pty->master >= 0 && !pty->is_stalled && busy <= 0;
    if (takes_output) {
        FD_SET(pty->master, &reads);
        max = pty->master > max ? pty->master : max;
    }
    if (also >= 0) {
        FD_SET(also, &reads);
        max = also > max ? also : max;
    }
    struct timeval timeout = {.tv_sec = left, .tv_usec = 0};
    if (busy > 0) {
        timeout = (struct timeval){.tv_sec = 0, .tv_usec = (suseconds_t)(busy / 1000 + 1)};
    }
    int count = select(max + 1, &reads, NULL, NULL, &timeout);
    if (count <= 0) {
        return count == 0 ? busy > 0 : errno == EINTR;
    }
    if (takes_output && FD_ISSET(pty->master, &reads)) {
        take_output(pty);
    }
    if (FD_ISSET(pty->events, &reads)) {
        take_event(pty);
    }
    if (ret_is_ready != NULL) {
        *ret_is_ready = also >= 0 && FD_ISSET(also, &reads);
    }
    return true;
}

/* Takes what is there without waiting: the last words of a program that has ended. */
static void drain(Pty *pty)
{
    struct timeval at_once = {0, 0};
    fd_set reads;
    FD_ZERO(&reads);
    if (pty->master < 0) {
        return;
    }
    FD_SET(pty->master, &reads);
    while (select(pty->master + 1, &reads, NULL, NULL, &at_once) == 1) {
        size_t before = pty->len;
        take_output(pty);
        if (pty->len == before) {
            return;
        }
        at_once = (struct timeval){0, 0};
    }
}

static void print_screen(const Pty *pty, const char *wanted)
{
    int rows;
    int columns;
    vterm_get_size(pty->terminal, &rows, &columns);
    (void)fprintf(stderr, "pty: waited in vain for: %s (%s)\n", wanted,
                  pty->has_ended ? "the program has ended" : "the program runs");
    for (int row = 0; row < rows; row++) {
        (void)fprintf(stderr, "  |%s\n", pty_row(pty, row));
    }
}

/* --- public ----------------------------------------------------------------------------------- */

Pty *pty_start(const PtyOptions *options, const char *const *argv)
{
    Pty *pty = calloc(1, sizeof *pty);
    must(pty != NULL, "memory");
    int columns = options->columns > 0 ? options->columns : 80;
    int rows = options->rows > 0 ? options->rows : 24;
    pty->master = posix_openpt(O_RDWR | O_NOCTTY);
    must(pty->master >= 0 && grantpt(pty->master) == 0 && unlockpt(pty->master) == 0, "openpt");
    pty->slave = open(ptsname(pty->master), O_RDWR | O_NOCTTY);
    must(pty->slave >= 0, "open the terminal");
    (void)fcntl(pty->master, F_SETFD, FD_CLOEXEC);
    (void)fcntl(pty->slave, F_SETFD, FD_CLOEXEC);
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    must(ioctl(pty->slave, TIOCSWINSZ, &size) == 0, "size");
    must(tcgetattr(pty->slave, &pty->before) == 0, "modes");
    pty->shows_cursor = true;
    pty->terminal = vterm_new(rows, columns);
    vterm_set_utf8(pty->terminal, 1);
    pty->screen = vterm_obtain_screen(pty->terminal);
    vterm_screen_set_callbacks(pty->screen, &CALLBACKS, pty);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_reset(pty->screen, 1);
    vterm_output_set_callback(pty->terminal, on_answer, pty);
    pty->is_mute = options->is_mute;
    start_shell(pty, options, argv);
    time_t since = time(NULL);
    while (pty->program == 0 && pump(pty, since, -1, NULL)) {
    }
    must(pty->program != 0, "start");
    return pty;
}

void pty_end(Pty *pty)
{
    if (!pty->has_ended && pty->program > 0) {
        (void)kill(-pty->program, SIGKILL);
    }
    (void)kill(pty->shell, SIGKILL);
    (void)waitpid(pty->shell, NULL, 0);
    if (pty->master >= 0) {
        (void)close(pty->master);
        (void)close(pty->slave);
    }
    (void)close(pty->events);
    (void)close(pty->orders);
    vterm_free(pty->terminal);
    free(pty->bytes);
    free(pty);
}

void pty_type(Pty *pty, const char *bytes)
{
    size_t len = strlen(bytes);
    while (len > 0) {
        ssize_t written = write(pty->master, bytes, len);
        if (written <= 0) {
            return; /* the wait that follows will show it */
        }
        bytes += written;
        len -= (size_t)written;
    }
}

void pty_resize(Pty *pty, int columns, int rows)
{
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    vterm_set_size(pty->terminal, rows, columns);
    (void)ioctl(pty->master, TIOCSWINSZ, &size); /* also sends SIGWINCH */
}

void pty_kill(Pty *pty, int signal_number)
{
    (void)kill(pty->program, signal_number);
}

void pty_hang_up(Pty *pty)
{
    (void)close(pty->slave);
    (void)close(pty->master);
    pty->master = -1;
}

void pty_pace(Pty *pty, int bytes_a_second)
{
    pty->pace = bytes_a_second;
    pty->paced_until = 0;
}

void pty_stall(Pty *pty, bool is_stalled)
{
    pty->is_stalled = is_stalled;
}

void pty_continue(Pty *pty)
{
    pty->is_stopped = false;
    ssize_t ignored = write(pty->orders, "c", 1);
    (void)ignored; /* the wait that follows will show it */
}

bool pty_wait(Pty *pty, bool (*is_so)(const Pty *pty))
{
    time_t since = time(NULL);
    while (!is_so(pty)) {
        if (!pump(pty, since, -1, NULL)) {
            print_screen(pty, "a state of the screen");
            return false;
        }
    }
    return true;
}

bool pty_wait_text(Pty *pty, const char *text)
{
    time_t since = time(NULL);
    while (!pty_has_text(pty, text)) {
        if (pty->has_ended || !pump(pty, since, -1, NULL)) {
            drain(pty);
            if (pty_has_text(pty, text)) {
                return true;
            }
            print_screen(pty, text);
            return false;
        }
    }
    return true;
}

bool pty_wait_no_text(Pty *pty, const char *text)
{
    time_t since = time(NULL);
    while (pty_has_text(pty, text)) {
        if (!pump(pty, since, -1, NULL)) {
            print_screen(pty, "a screen without something");
            return false;
        }
    }
    return true;
}

bool pty_wait_exit(Pty *pty, int *ret_status)
{
    time_t since = time(NULL);
    while (!pty->has_ended) {
        if (!pump(pty, since, -1, NULL)) {
            print_screen(pty, "the end of the program");
            return false;
        }
    }
    drain(pty);
    *ret_status = pty->status;
    return true;
}

bool pty_wait_stopped(Pty *pty)
{
    time_t since = time(NULL);
    while (!pty->is_stopped) {
        if (pty->has_ended || !pump(pty, since, -1, NULL)) {
            print_screen(pty, "a stopped program");
            return false;
        }
    }
    drain(pty);
    return true;
}

bool pty_wait_word(Pty *pty, int fd, char *ret_word, size_t size)
{
    time_t since = time(NULL);
    bool is_ready = false;
    while (pump(pty, since, fd, &is_ready)) {
        ssize_t len = is_ready ? read(fd, ret_word, size - 1) : 0;
        if (len > 0) {
            ret_word[len] = '\0';
            return true;
        }
    }
    print_screen(pty, "a child's word");
    return false;
}

bool pty_wait_gone(Pty *pty, int fd)
{
    time_t since = time(NULL);
    bool is_ready = false;
    while (pump(pty, since, fd, &is_ready)) {
        char bytes[64];
        if (is_ready && read(fd, bytes, sizeof bytes) == 0) {
            return true;
        }
    }
    print_screen(pty, "the end of a child");
    return false;
}

bool pty_has_text(const Pty *pty, const char *text)
{
    int rows;
    int columns;
    vterm_get_size(pty->terminal, &rows, &columns);
    for (int row = 0; row < rows; row++) {
        if (strstr(pty_row(pty, row), text) != NULL) {
            return true;
        }
    }
    return false;
}

const char *pty_row(const Pty *pty, int row)
{
    int rows;
    int columns;
    vterm_get_size(pty->terminal, &rows, &columns);
    VTermRect rect = {.start_row = row, .end_row = row + 1, .start_col = 0, .end_col = columns};
    char *text = ((Pty *)(size_t)pty)->row; /* scratch: what the terminal is stays as it is */
    size_t len = vterm_screen_get_text(pty->screen, text, ROW_BYTES - 1, rect);
    while (len > 0 && text[len - 1] == ' ') {
        len--;
    }
    text[len] = '\0';
    return text;
}

bool pty_is_alternate(const Pty *pty)
{
    return pty->is_alternate;
}

bool pty_shows_cursor(const Pty *pty)
{
    return pty->shows_cursor;
}

static bool any_cell(const Pty *pty, bool (*is_so)(const VTermScreenCell *cell))
{
    int rows;
    int columns;
    vterm_get_size(pty->terminal, &rows, &columns);
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
            VTermScreenCell cell;
            VTermPos at = {.row = row, .col = column};
            if (vterm_screen_get_cell(pty->screen, at, &cell) != 0 && is_so(&cell)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_colored(const VTermScreenCell *cell)
{
    return !VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell->bg);
}

static bool is_reverse(const VTermScreenCell *cell)
{
    return cell->attrs.reverse != 0;
}

bool pty_has_color(const Pty *pty)
{
    return any_cell(pty, is_colored);
}

bool pty_wants_mouse(const Pty *pty)
{
    return pty->wants_mouse;
}

static void add_utf8(char *text, size_t size, uint32_t code_point)
{
    char bytes[5] = {0};
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
    } else if (code_point < 0x800) {
        bytes[0] = (char)(0xC0 | code_point >> 6);
        bytes[1] = (char)(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        bytes[0] = (char)(0xE0 | code_point >> 12);
        bytes[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (code_point & 0x3F));
    } else {
        bytes[0] = (char)(0xF0 | code_point >> 18);
        bytes[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
        bytes[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
        bytes[3] = (char)(0x80 | (code_point & 0x3F));
    }
    (void)strncat(text, bytes, size - strlen(text) - 1);
}

#define RIGHT_HALF UINT32_MAX /* what libvterm puts there */

PtyCell pty_cell(const Pty *pty, int x, int y)
{
    VTermScreenCell cell;
    PtyCell result = {.foreground = -1, .background = -1};
    must(vterm_screen_get_cell(pty->screen, (VTermPos){.row = y, .col = x}, &cell) != 0, "a cell");
    if (cell.chars[0] != RIGHT_HALF) {
        result.width = cell.width;
        for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++) {
            add_utf8(result.text, sizeof result.text, cell.chars[i]);
        }
    }
    result.style =
        (cell.attrs.bold != 0 ? PTY_BOLD : 0) | (cell.attrs.underline != 0 ? PTY_UNDERLINE : 0) |
        (cell.attrs.reverse != 0 ? PTY_REVERSE : 0) | (cell.attrs.italic != 0 ? PTY_ITALIC : 0);
    if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) && VTERM_COLOR_IS_INDEXED(&cell.fg)) {
        result.foreground = cell.fg.indexed.idx;
    }
    if (!VTERM_COLOR_IS_DEFAULT_BG(&cell.bg) && VTERM_COLOR_IS_INDEXED(&cell.bg)) {
        result.background = cell.bg.indexed.idx;
    }
    return result;
}

void pty_cursor(const Pty *pty, int *ret_x, int *ret_y)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(pty->terminal), &at);
    *ret_x = at.col;
    *ret_y = at.row;
}

bool pty_has_reverse(const Pty *pty)
{
    return any_cell(pty, is_reverse);
}

const char *pty_bytes(const Pty *pty, size_t *ret_len)
{
    *ret_len = pty->len;
    return pty->bytes;
}

bool pty_has_bytes(const Pty *pty, const char *bytes, size_t len)
{
    for (size_t i = 0; i + len <= pty->len; i++) {
        if (memcmp(pty->bytes + i, bytes, len) == 0) {
            return true;
        }
    }
    return false;
}

size_t pty_count_bytes(const Pty *pty, const char *text)
{
    size_t len = strlen(text);
    size_t count = 0;
    for (size_t i = 0; i + len <= pty->len; i++) {
        count += memcmp(pty->bytes + i, text, len) == 0;
    }
    return count;
}

bool pty_wait_count(Pty *pty, const char *text, size_t count)
{
    time_t since = time(NULL);
    while (pty_count_bytes(pty, text) < count) {
        if (pty->has_ended || !pump(pty, since, -1, NULL)) {
            print_screen(pty, text);
            return false;
        }
    }
    return true;
}

bool pty_modes_are_restored(const Pty *pty)
{
    struct termios now;
    return tcgetattr(pty->slave, &now) == 0 && now.c_iflag == pty->before.c_iflag &&
           now.c_oflag == pty->before.c_oflag && now.c_cflag == pty->before.c_cflag &&
           now.c_lflag == pty->before.c_lflag &&
           memcmp(now.c_cc, pty->before.c_cc, sizeof now.c_cc) == 0;
}
