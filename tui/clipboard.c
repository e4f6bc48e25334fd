/*
 * Clipboard: see clipboard.h. A program is started by a process in between, which ends at once, so
 * that it is nobody's child that would have to be waited for; an alarm that it inherits over its
 * start limits its time. For the alarm there is fork, where session/child.c has posix_spawn: only
 * calls that are safe there stand between it and the program.
 */
#include "tui/clipboard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.h"
#include "tui/sink.h"

/* No descriptor of ours is higher. */
#define DESCRIPTORS FD_SETSIZE

typedef struct Choice {
    ClipboardProgram program;
    bool (*fits)(const ClipboardPlace *place);
} Choice;

static bool is_mac(const ClipboardPlace *place)
{
    return place->is_mac;
}

static bool has_wayland(const ClipboardPlace *place)
{
    return place->has_wayland;
}

static bool has_x11(const ClipboardPlace *place)
{
    return place->has_x11;
}

/* The first that fits and is there. */
static const Choice CHOICES[] = {
    {{"the clipboard", {"/usr/bin/pbcopy", NULL}}, is_mac},
    {{"the clipboard", {"wl-copy", NULL}}, has_wayland},
    {{"the clipboard", {"xclip", "-selection", "clipboard", NULL}}, has_x11},
    {{"the clipboard", {"xsel", "--clipboard", "--input", NULL}}, has_x11},
};

static bool is_set(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0';
}

ClipboardPlace clipboard_place(void)
{
    ClipboardPlace place = {
        .is_remote = is_set("SSH_TTY") || is_set("SSH_CONNECTION"),
        .has_wayland = is_set("WAYLAND_DISPLAY"),
        .has_x11 = is_set("DISPLAY"),
        .path = sv(getenv("PATH")),
    };

#ifdef __APPLE__
    place.is_mac = true;
#endif
    return place;
}

/* Puts the path of `name` into `ret_path`; false = it is nowhere. */
static bool find_program(StrView path, const char *name, StrBuf *ret_path)
{
    if (strchr(name, '/') != NULL) {
        strbuf_clear(ret_path);
        strbuf_add_str(ret_path, name);
        return access(name, X_OK) == 0;
    }
    while (path.len > 0) {
        size_t end = sv_find_char(path, ':');
        StrView directory = sv_slice(path, 0, end);

        path = sv_slice(path, directory.len + 1, SIZE_MAX);
        if (directory.len == 0) {
            continue; /* the current directory: not for programs that nobody has named */
        }
        strbuf_clear(ret_path);
        strbuf_printf(ret_path, "%.*s/%s", SV_ARG(directory), name);
        if (access(ret_path->ptr, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

const ClipboardProgram *clipboard_find(const ClipboardPlace *place, StrBuf *ret_path)
{
    for (size_t i = 0; i < ARRAY_LEN(CHOICES) && !place->is_remote; i++) {
        if (CHOICES[i].fits(place) &&
            find_program(place->path, CHOICES[i].program.arguments[0], ret_path)) {
            return &CHOICES[i].program;
        }
    }
    return NULL;
}

/* --- running a program ------------------------------------------------------------------------ */

/* In the new process: nothing but calls that are safe there. Never returns. */
static void become(const ClipboardProgram *program, const char *path, int input)
{
    sigset_t none;
    int quiet = open("/dev/null", O_WRONLY);

    (void)setsid(); /* the terminal's signals are not for it */
    (void)signal(SIGALRM, SIG_DFL);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(input, STDIN_FILENO) < 0 || quiet < 0 || dup2(quiet, STDOUT_FILENO) < 0 ||
        dup2(quiet, STDERR_FILENO) < 0) {
        _exit(127);
    }
    for (int fd = STDERR_FILENO + 1; fd < DESCRIPTORS; fd++) {
        (void)close(fd); /* such a program may live on to serve the text */
    }
    (void)alarm(CLIPBOARD_SECONDS);
    (void)execv(path, (char *const *)program->arguments); /* only read */
    _exit(127);
}

/* The process in between: makes the one that becomes the program, and ends. */
static void part(const ClipboardProgram *program, const char *path, int input)
{
    pid_t pid = fork();

    if (pid == 0) {
        become(program, path, input);
    }
    _exit(pid < 0 ? 1 : 0);
}

bool clipboard_start(const ClipboardProgram *program, const char *path, StrView text, Err *err)
{
    Sink sink = {0};
    int status = 0;

    if (!sink_open(&sink, err)) {
        return false;
    }
    bool is_good = fwrite(text.ptr, 1, text.len, sink.file) == text.len && fflush(sink.file) == 0 &&
                   lseek(fileno(sink.file), 0, SEEK_SET) == 0;
    pid_t pid = is_good ? fork() : -1;

    if (pid == 0) {
        part(program, path, fileno(sink.file));
    }
    if (pid > 0) {
        pid_t ended;

        do {
            ended = waitpid(pid, &status, 0); /* it does nothing but start the other */
        } while (ended < 0 && errno == EINTR);
        is_good = ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    int why = errno;

    sink_close(&sink);
    return (pid > 0 && is_good) || err_set(err, "%s: %s", path, strerror(why));
}

/* --- the terminal's --------------------------------------------------------------------------- */

bool clipboard_sequence(StrView text, StrBuf *ret_sequence, Err *err)
{
    if (text.len > CLIPBOARD_TERMINAL_MAX) {
        return err_set(err, "%zu bytes are too many for a terminal's clipboard (%d at most)",
                       text.len, CLIPBOARD_TERMINAL_MAX);
    }
    strbuf_add_str(ret_sequence, "\033]52;c;");
    base64_encode(text, ret_sequence);
    strbuf_add_str(ret_sequence, "\033\\");
    return true;
}
