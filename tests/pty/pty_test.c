/*
 * The real program on a real terminal: what only a terminal can show. What the screen says is
 * tested with scripts (tests/golden/); here it is looked at only to know where the program is.
 * The program is $MDMSCOPE_BUILD/mdmscope, or ./mdmscope.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/pty/harness.h"

#define ARGS_MAX 8
#define LOADED "2,000 entries" /* the demo, all of it */
#define HELP "keys · "
#define CTRL_C "\003"
#define CTRL_Z "\032"

/* An entry as `log --style ndjson` prints it, with a message that is JSON text already. */
#define ENTRY(message) ENTRY_LINE(message) "\n"
#define ENTRY_LINE(message)                                                                        \
    "{\"timestamp\":\"2026-01-15 10:00:16.012931+0100\",\"eventType\":\"logEvent\","               \
    "\"messageType\":\"Default\",\"processImagePath\":\"\\/usr\\/libexec\\/teslad\","              \
    "\"processID\":77,\"threadID\":7,\"machTimestamp\":1234,\"traceID\":12,"                       \
    "\"subsystem\":\"com.apple.ManagedClient\",\"category\":\"x\",\"eventMessage\":\"" message     \
    "\"}"

static Pty *start_with(const PtyOptions *options, const char *const *arguments)
{
    static char program[256];
    const char *build = getenv("MDMSCOPE_BUILD");
    (void)snprintf(program, sizeof program, "%s/mdmscope", build != NULL ? build : ".");
    const char *argv[ARGS_MAX] = {program};
    for (size_t i = 0; arguments[i] != NULL; i++) {
        assert_true(i + 2 < ARGS_MAX);
        argv[i + 1] = arguments[i];
    }
    return pty_start(options, argv);
}

static Pty *start_demo(const PtyOptions *options)
{
    static const char *const DEMO[] = {"--demo", "--speed", "0", NULL};
    Pty *pty = start_with(options, DEMO);
    assert_true(pty_wait_text(pty, LOADED));
    return pty;
}

/* The terminal is as it was, and the end was the one given: an exit status or minus a signal. */
static void check_end(Pty *pty, int expected)
{
    int status = 0;
    assert_true(pty_wait_exit(pty, &status));
    assert_int_equal(WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status), expected);
    assert_false(pty_is_alternate(pty));
    assert_true(pty_shows_cursor(pty));
    assert_false(pty_wants_mouse(pty));
    assert_true(pty_modes_are_restored(pty));
    pty_end(pty);
}

/* --- a child that tells that it runs ---------------------------------------------------------- */

typedef struct Child {
    char directory[64];
    char fifo[80];
    char command[640];
    int fd;
    pid_t pid;
} Child;

/* Makes a source that opens a FIFO and does `what`, in which "&9" is the FIFO. */
static void child_init(Child *child, const char *what)
{
    (void)snprintf(child->directory, sizeof child->directory, "/tmp/mdmscope-pty-XXXXXX");
    assert_non_null(mkdtemp(child->directory));
    (void)snprintf(child->fifo, sizeof child->fifo, "%s/fifo", child->directory);
    assert_int_equal(mkfifo(child->fifo, 0600), 0);
    child->fd = open(child->fifo, O_RDONLY | O_NONBLOCK);
    assert_true(child->fd >= 0);
    (void)snprintf(child->command, sizeof child->command, "exec 9>%s; %s", child->fifo, what);
}

/* Starts the program on a child that prints one entry, tells its number and goes on for ever. */
static Pty *child_start(Child *child)
{
    child_init(child, "printf '%s' '" ENTRY("first words") "'; echo; echo $$ >&9; "
                                                           "while :; do sleep 1000; done");
    const char *const arguments[] = {"--exec", child->command, NULL};
    Pty *pty = start_with(&(PtyOptions){0}, arguments);
    char word[32];
    assert_true(pty_wait_text(pty, "first words"));
    assert_true(pty_wait_word(pty, child->fd, word, sizeof word));
    child->pid = (pid_t)strtol(word, NULL, 10);
    assert_true(child->pid > 1);
    return pty;
}

static void child_done(Child *child)
{
    (void)close(child->fd);
    (void)unlink(child->fifo);
    (void)rmdir(child->directory);
}

/* --- start, keys, size, end ------------------------------------------------------------------- */

static bool hides_cursor(const Pty *pty)
{
    return !pty_shows_cursor(pty);
}

static void starts_and_quits(void **state)
{
    (void)state;
    Pty *pty = start_demo(&(PtyOptions){0});
    assert_true(pty_is_alternate(pty));
    assert_true(pty_wait(pty, hides_cursor));
    assert_false(pty_modes_are_restored(pty));
    assert_true(pty_wait(pty, pty_has_color));
    pty_type(pty, "q");
    check_end(pty, 0);
}

static void ctrl_c_is_a_key(void **state)
{
    (void)state;
    Pty *pty = start_demo(&(PtyOptions){0});
    pty_type(pty, "?");
    assert_true(pty_wait_text(pty, HELP));
    pty_type(pty, CTRL_C); /* closes the help */
    assert_true(pty_wait_no_text(pty, HELP));
    pty_type(pty, CTRL_C);
    check_end(pty, 0);
}

static void takes_keys_of_all_kinds(void **state)
{
    (void)state;
    Pty *pty = start_demo(&(PtyOptions){0});
    pty_type(pty, "\033OP"); /* F1 */
    assert_true(pty_wait_text(pty, HELP));
    pty_type(pty, "\033"); /* a lone Escape, which nothing follows */
    assert_true(pty_wait_no_text(pty, HELP));
    pty_type(pty, "/");
    assert_true(pty_wait(pty, pty_shows_cursor));
    pty_type(pty, "gr\xc3\xbc\xc3\x9f");
    assert_true(pty_wait_text(pty, "gr\xc3\xbc\xc3\x9f"));
    pty_type(pty, "\177\177o\033[D\033[DX"); /* Backspace twice, Left twice */
    assert_true(pty_wait_text(pty, "gXro"));
    pty_type(pty, "\033[200~pas\rted\003\033[201~");
    assert_true(pty_wait_text(pty, "gXpas ted"));
    pty_type(pty, CTRL_C); /* the pasted one was text: the prompt still stood */
    assert_true(pty_wait_no_text(pty, "gXpas"));
    assert_true(pty_wait(pty, hides_cursor));
    pty_type(pty, "q");
    check_end(pty, 0);
}

/* Over ssh the clipboard that counts is that of the terminal: OSC 52, in base64. The first entry
 * is opened whole, and its first field, the message, copied. */
static void copies_through_the_terminal(void **state)
{
    (void)state;
    static const char *const env[] = {"SSH_TTY=/dev/pts/9", "DISPLAY", "WAYLAND_DISPLAY", NULL};
    const char *const arguments[] = {"--exec", "printf '%s\\n' '" ENTRY("copy me") "'", NULL};
    Pty *pty = start_with(&(PtyOptions){.env = env}, arguments);
    assert_true(pty_wait_text(pty, "copy me"));
    pty_type(pty, "g\r");
    assert_true(pty_wait_text(pty, "y copy"));
    pty_type(pty, "y");
    assert_true(pty_wait_text(pty, "copied to the terminal"));
    assert_true(pty_wait_count(pty, "\033]52;c;Y29weSBtZQ==", 1)); /* "copy me" */
    pty_type(pty, "qq\003");
    check_end(pty, 0);
}

static bool fills_40_rows(const Pty *pty)
{
    return strstr(pty_row(pty, 39), "failure") != NULL;
}

static bool fills_10_rows(const Pty *pty)
{
    return strstr(pty_row(pty, 9), "f") != NULL && strstr(pty_row(pty, 0), "mdmscope") != NULL;
}

static void follows_the_size(void **state)
{
    (void)state;
    Pty *pty = start_demo(&(PtyOptions){0});
    pty_resize(pty, 120, 40);
    assert_true(pty_wait(pty, fills_40_rows));
    pty_resize(pty, 1, 1);
    pty_resize(pty, 40, 10);
    assert_true(pty_wait(pty, fills_10_rows));
    pty_resize(pty, 80, 24);
    assert_true(pty_wait_text(pty, LOADED));
    pty_type(pty, "q");
    check_end(pty, 0);
}

/* The size goes to and fro faster than frames are drawn. */
static void bears_a_storm_of_sizes(void **state)
{
    (void)state;
    static const int SIZES[][2] = {{400, 120}, {40, 10}, {1, 1},   {7, 90},
                                   {200, 3},   {80, 24}, {120, 1}, {1, 40}};
    Pty *pty = start_demo(&(PtyOptions){0});
    for (size_t i = 0; i < 400; i++) {
        const int *size = SIZES[(i * 5 + i / 8) % (sizeof SIZES / sizeof *SIZES)];
        pty_resize(pty, size[0], size[1]);
        pty_type(pty, i % 50 % 3 == 0 ? "j" : i % 50 % 3 == 1 ? "?" : "q");
        if (i % 50 == 49) {
            pty_resize(pty, 80, 24);
            pty_type(pty, "qG"); /* out of the help */
            assert_true(pty_wait_text(pty, "2,000 of 2,000"));
        }
    }
    pty_resize(pty, 120, 40);
    assert_true(pty_wait(pty, fills_40_rows));
    pty_type(pty, "q");
    check_end(pty, 0);
}

/* --- the mouse -------------------------------------------------------------------------------- */

static void the_mouse_can_be_left_to_the_terminal(void **state)
{
    (void)state;
    static const char *const NO_MOUSE[] = {"--demo", "--speed", "0", "--no-mouse", NULL};
    Pty *pty = start_with(&(PtyOptions){0}, NO_MOUSE);
    assert_true(pty_wait_text(pty, LOADED));
    pty_type(pty, "?");
    assert_true(pty_wait_text(pty, HELP));
    assert_false(pty_wants_mouse(pty));
    assert_false(pty_has_bytes(pty, "\033[?1006h", 8));
    pty_type(pty, "qq");
    check_end(pty, 0);

    pty = start_demo(&(PtyOptions){0});
    assert_true(pty_wait(pty, pty_wants_mouse));
    assert_true(pty_has_bytes(pty, "\033[?1006h", 8));
    pty_type(pty, "q");
    check_end(pty, 0);
}

/* Whatever a report is broken into, none of its bytes is a key: 'q' at its end would be. */
static void reports_are_no_keys(void **state)
{
    (void)state;
    static const char *const PARTS[] = {
        "\033[<0;", "900;900M", "\033[<", "35;1;1M", "\033[?2026", ";0$y", "\033[?1;", "2c",
    };
    Pty *pty = start_demo(&(PtyOptions){0});
    pty_type(pty, "g");
    assert_true(pty_wait_text(pty, " 1 of 2,000"));
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        pty_type(pty, PARTS[i]);
    }
    pty_type(pty, "j");
    assert_true(pty_wait_text(pty, " 2 of 2,000"));
    pty_type(pty, "q");
    check_end(pty, 0);
}

/* --- slow lines ------------------------------------------------------------------------------- */

/* Keys are handled as they come, frames that the line has no time for are never drawn, and the last
 * one is right: a frame for each of these keys would take minutes. */
static void a_slow_line_gets_fewer_frames(void **state)
{
    (void)state;
    enum { KEYS = 1500, PACE = 9600 };
    Pty *pty = start_demo(&(PtyOptions){0});
    size_t before;
    size_t after;
    pty_type(pty, "g");
    assert_true(pty_wait_text(pty, " 1 of 2,000"));
    (void)pty_bytes(pty, &before);
    pty_pace(pty, PACE);
    for (int i = 0; i < KEYS; i++) {
        pty_type(pty, "j");
    }
    assert_true(pty_wait_text(pty, " 1,501 of 2,000"));
    (void)pty_bytes(pty, &after);
    assert_true(after - before < KEYS * 50); /* a frame has some hundreds */
    pty_type(pty, "q");
    check_end(pty, 0);
}

/* Nor do frames wait on their way, in what systems and networks put between: the answer to a key
 * comes after little more than the frame that was being sent. */
static void a_slow_line_is_not_filled_up(void **state)
{
    (void)state;
    enum { PACE = 4800, FULL = 16000, FRAME_MAX = 3000 };
    static const char *const ENTRIES[] = {
        "--exec", "i=0; while :; do i=$((i+1)); echo $i$i$i$i $i$i$i$i $i$i$i$i; sleep 0.01; done",
        NULL};
    Pty *pty = start_with(&(PtyOptions){0}, ENTRIES);
    assert_true(pty_wait_text(pty, "● live"));
    size_t start;
    size_t before;
    size_t after;
    (void)pty_bytes(pty, &start);
    pty_pace(pty, PACE);
    do { /* until every buffer would be full */
        (void)pty_bytes(pty, &before);
        assert_true(pty_wait_count(pty, "", before + 2));
    } while (before < start + FULL);
    pty_type(pty, "?");
    assert_true(pty_wait_text(pty, HELP));
    (void)pty_bytes(pty, &after);
    assert_true(after - before < 2 * FRAME_MAX);
    pty_type(pty, "q\003");
    check_end(pty, 0);

    /* A terminal that answers nothing gets its frames as well, and ends without waiting for it. */
    pty = start_demo(&(PtyOptions){.is_mute = true});
    pty_type(pty, "G");
    assert_true(pty_wait_text(pty, "2,000 of 2,000"));
    assert_int_equal(pty_count_bytes(pty, "\033[5n"), 1);
    pty_type(pty, "q");
    check_end(pty, 0);
}

/* --- whatever happens ------------------------------------------------------------------------- */

static void ends_by_signals(void **state)
{
    (void)state;
    static const int SIGNALS[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) {
        Pty *pty = start_demo(&(PtyOptions){0});
        pty_kill(pty, SIGNALS[i]);
        check_end(pty, 128 + SIGNALS[i]);
    }
}

static void crashes_give_the_terminal_back(void **state)
{
    (void)state;
    static const int SIGNALS[] = {SIGSEGV, SIGBUS,  SIGABRT, SIGFPE,  SIGILL,    SIGTRAP, SIGSYS,
                                  SIGXCPU, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF};
    for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) {
        Pty *pty = start_demo(&(PtyOptions){0});
        pty_type(pty, "/"); /* with the cursor shown */
        assert_true(pty_wait(pty, pty_shows_cursor));
        pty_kill(pty, SIGNALS[i]);
        check_end(pty, -SIGNALS[i]);
    }
}

/* A limit on the size of files: told, and no end. */
static void a_file_too_large_is_told(void **state)
{
    (void)state;
    const char *build = getenv("MDMSCOPE_BUILD");
    char *place = realpath(build != NULL ? build : ".", NULL);
    char directory[] = "/tmp/mdmscope-pty-XXXXXX";
    char command[1024];
    assert_non_null(place);
    assert_non_null(mkdtemp(directory));
    (void)snprintf(command, sizeof command,
                   "ulimit -f 400; cd %s; exec %s/mdmscope --demo --speed 0", directory, place);
    free(place);
    const char *const argv[] = {"/bin/sh", "-c", command, NULL};
    Pty *pty = pty_start(&(PtyOptions){0}, argv);
    assert_true(pty_wait_text(pty, LOADED));
    pty_kill(pty, SIGXFSZ);
    pty_type(pty, "s");
    assert_true(pty_wait_text(pty, "save an excerpt"));
    pty_type(pty, "\r");
    assert_true(pty_wait_text(pty, "File too large"));
    pty_type(pty, "\033");
    assert_true(pty_wait_no_text(pty, "save an excerpt"));
    pty_type(pty, "q");
    check_end(pty, 0);
    assert_int_equal(rmdir(directory), 0); /* nothing was left behind */
}

/* A sanitizer reserves more than any limit that the program could run into. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

static void running_out_of_memory_gives_the_terminal_back(void **state)
{
    (void)state;
#ifdef HAS_SANITIZER
    skip();
#else
    const char *build = getenv("MDMSCOPE_BUILD");
    char command[1024];
    (void)snprintf(command, sizeof command,
                   "ulimit -v 200000; exec %s/mdmscope --buffer 4G --exec \"yes '%s'\"",
                   build != NULL ? build : ".", "one more unparsed line, and so on for ever");
    const char *const argv[] = {"/bin/sh", "-c", command, NULL};
    Pty *pty = pty_start(&(PtyOptions){0}, argv);
    int status;
    assert_true(pty_wait_exit(pty, &status));
    assert_true(pty_has_bytes(pty, "\033[?1049h", 8)); /* there was something to give back */
    check_end(pty, -SIGABRT);
#endif
}

static void check_stop_and_return(Pty *pty)
{
    assert_true(pty_wait_stopped(pty));
    assert_false(pty_is_alternate(pty));
    assert_true(pty_shows_cursor(pty));
    assert_false(pty_wants_mouse(pty));
    assert_true(pty_modes_are_restored(pty));
    pty_continue(pty);
    assert_true(pty_wait_text(pty, LOADED));
    assert_true(pty_wait(pty, pty_is_alternate));
    assert_true(pty_wait(pty, pty_wants_mouse));
}

static void stops_and_returns(void **state)
{
    (void)state;
    Pty *pty = start_demo(&(PtyOptions){0});
    pty_type(pty, CTRL_Z);
    check_stop_and_return(pty);
    pty_type(pty, "?");
    assert_true(pty_wait_text(pty, HELP));
    pty_type(pty, "q");
    assert_true(pty_wait_no_text(pty, HELP));
    pty_kill(pty, SIGTSTP);
    check_stop_and_return(pty);
    pty_type(pty, "q");
    check_end(pty, 0);
}

/* A stop that cannot be caught: the size has changed meanwhile, and all must be drawn anew. */
static void returns_from_an_unannounced_stop(void **state)
{
    (void)state;
    Pty *pty = start_demo(&(PtyOptions){0});
    pty_kill(pty, SIGSTOP);
    assert_true(pty_wait_stopped(pty));
    pty_resize(pty, 120, 40);
    pty_continue(pty);
    assert_true(pty_wait(pty, fills_40_rows));
    pty_type(pty, "q");
    check_end(pty, 0);
}

static void a_lost_terminal_ends_all(void **state)
{
    (void)state;
    Child child;
    Pty *pty = child_start(&child);
    int status;
    pty_hang_up(pty);
    assert_true(pty_wait_exit(pty, &status));
    assert_true(pty_wait_gone(pty, child.fd));
    pty_end(pty);
    child_done(&child);
}

static void no_child_survives_the_end(void **state)
{
    (void)state;
    Child child;
    Pty *pty = child_start(&child);
    pty_kill(pty, SIGTERM);
    assert_true(pty_wait_gone(pty, child.fd));
    check_end(pty, 128 + SIGTERM);
    child_done(&child);
}

/* A terminal that takes nothing must not keep `log` from being read: it would drop entries. */
static void a_stalled_terminal_holds_up_nothing(void **state)
{
    (void)state;
    Child child;
    child_init(&child, "seq 150000 | sed 's|.*|" ENTRY_LINE(
                           "& & & & & & & &") "|'; "
                                              "echo all said >&9; while :; do sleep 1000; done");
    const char *const arguments[] = {"--exec", child.command, NULL};
    Pty *pty = start_with(&(PtyOptions){.columns = 200, .rows = 50}, arguments);
    char word[32];
    pty_stall(pty, true);
    assert_true(pty_wait_word(pty, child.fd, word, sizeof word));
    pty_stall(pty, false);
    assert_true(pty_wait_text(pty, "150,000 entries"));
    pty_stall(pty, true);
    pty_kill(pty, SIGTERM); /* and not from ending, either */
    assert_true(pty_wait_gone(pty, child.fd));
    pty_stall(pty, false);
    check_end(pty, 128 + SIGTERM);
    child_done(&child);
}

static void a_killed_child_is_shown(void **state)
{
    (void)state;
    Child child;
    Pty *pty = child_start(&child);
    assert_false(pty_has_text(pty, "killed"));
    assert_int_equal(kill(-child.pid, SIGKILL), 0);
    assert_true(pty_wait_text(pty, "killed (signal 9)"));
    assert_true(pty_has_text(pty, "first words"));
    pty_type(pty, "q");
    assert_true(pty_wait_text(pty, "not saved: q leaves"));
    pty_type(pty, "q");
    check_end(pty, 0);
    child_done(&child);
}

/* --- terminals -------------------------------------------------------------------------------- */

/* Whether a colour was asked for: SGR 30 … 49 or 90 … 107. */
static bool has_color_sequence(const Pty *pty)
{
    size_t len;
    const char *bytes = pty_bytes(pty, &len);
    for (size_t i = 0; i + 2 < len; i++) {
        if (bytes[i] != '\033' || bytes[i + 1] != '[') {
            continue;
        }
        size_t end = i + 2;
        while (end < len && ((bytes[end] >= '0' && bytes[end] <= '9') || bytes[end] == ';')) {
            end++;
        }
        for (size_t at = i + 2; end < len && bytes[end] == 'm' && at < end; at++) {
            long number = strtol(&bytes[at], NULL, 10);
            if ((number >= 30 && number <= 49) || (number >= 90 && number <= 107)) {
                return true;
            }
            while (at < end && bytes[at] != ';') {
                at++;
            }
        }
    }
    return false;
}

static void no_color_is_honoured(void **state)
{
    (void)state;
    static const char *const NO_COLOR[] = {"NO_COLOR=1", NULL};
    Pty *pty = start_demo(&(PtyOptions){.env = NO_COLOR});
    assert_true(pty_wait(pty, pty_has_reverse)); /* what is selected is still to be told */
    pty_type(pty, "t3/mdm\r?");
    assert_true(pty_wait_text(pty, HELP));
    assert_false(has_color_sequence(pty));
    pty_type(pty, "qq");
    check_end(pty, 0);

    pty = start_demo(&(PtyOptions){0});
    assert_true(pty_wait(pty, has_color_sequence));
    pty_type(pty, "q");
    check_end(pty, 0);
}

static void works_on_other_terminals(void **state)
{
    (void)state;
    static const char *const TERMS[] = {"vt100", "linux", "screen", "xterm"};
    for (size_t i = 0; i < sizeof TERMS / sizeof *TERMS; i++) {
        Pty *pty = start_demo(&(PtyOptions){.term = TERMS[i]});
        pty_type(pty, "g\033OB\033[B?"); /* Down, in both of its forms */
        assert_true(pty_wait_text(pty, HELP));
        pty_type(pty, CTRL_C CTRL_C);
        int status = 0;
        assert_true(pty_wait_exit(pty, &status));
        assert_int_equal(status, 0);
        assert_true(pty_modes_are_restored(pty));
        assert_int_equal(has_color_sequence(pty), strcmp(TERMS[i], "vt100") != 0);
        bool knows_modes = strcmp(TERMS[i], "vt100") != 0 && strcmp(TERMS[i], "linux") != 0;
        assert_int_equal(pty_has_bytes(pty, "\033[?2026$p", 9), knows_modes);
        assert_false(pty_has_bytes(pty, "\033[?2026h", 8)); /* nobody has said yes */
        assert_int_equal(pty_has_bytes(pty, "\033[?2004h", 8), knows_modes);
        pty_end(pty);
    }
}

/* A frame is shown at once where the terminal has said that it can. */
static void frames_are_held_together_where_possible(void **state)
{
    (void)state;
    Pty *pty = start_demo(&(PtyOptions){0});
    pty_type(pty, "\033[?2026;0$y?");
    assert_true(pty_wait_text(pty, HELP));
    assert_false(pty_has_bytes(pty, "\033[?2026h", 8));
    pty_type(pty, "q\033[?2026;2$y");
    assert_true(pty_wait_no_text(pty, HELP));
    pty_type(pty, "?");
    assert_true(pty_wait_text(pty, HELP));
    assert_true(pty_has_bytes(pty, "\033[?2026h", 8));
    assert_true(pty_has_bytes(pty, "\033[?2026l", 8));
    pty_type(pty, "qq");
    check_end(pty, 0);
}

static void an_unknown_terminal_is_told(void **state)
{
    (void)state;
    Pty *pty = start_demo(&(PtyOptions){.term = "no-such-terminal", .columns = 120});
    pty_type(pty, "q");
    assert_true(pty_wait_text(pty, "terminal 'no-such-terminal' is not known here"));
    check_end(pty, 0);

    static const char *const NO_TERM[] = {"TERM", NULL};
    pty = start_demo(&(PtyOptions){.env = NO_TERM});
    pty_type(pty, "q");
    check_end(pty, 0);

    static const char *const DEMO[] = {"--demo", NULL};
    pty = start_with(&(PtyOptions){.term = "dumb"}, DEMO);
    assert_true(pty_wait_text(pty, "terminal 'dumb' cannot place its cursor"));
    check_end(pty, 2);
}

static void needs_no_language(void **state)
{
    (void)state;
    static const char *const NO_LANG[] = {"LANG", NULL};
    Pty *pty = start_demo(&(PtyOptions){.env = NO_LANG});
    assert_true(pty_wait_text(pty, "│"));
    pty_type(pty, "q");
    check_end(pty, 0);
}

/* --- what comes in ---------------------------------------------------------------------------- */

static void hostile_entries_do_nothing(void **state)
{
    (void)state;
    static const char *const FILES[] = {"tests/data/pty/hostile.ndjson", NULL};
    static const char *const NEVER[] = {
        "\033]0;owned", "\033[31;5m", "\xc2\x9b", "\xc2\x90",     "\xe2\x80\xae", "\xe2\x81\xa6",
        "\007",         "\033c",      "\23331m",  "\xef\xbb\xbf", "\xe2\x80\xa8",
    };
    Pty *pty = start_with(&(PtyOptions){.columns = 200, .rows = 50}, FILES);
    assert_true(pty_wait_text(pty, "last of the hostile"));
    assert_true(pty_wait_text(pty, "␛]0;owned"));
    pty_type(pty, "gojjjjjjjj");
    for (int i = 0; i < 12; i++) {
        pty_type(pty, "]");
    }
    assert_true(pty_wait_text(pty, "last of the hostile"));
    pty_type(pty, "q/hostile\r?");
    assert_true(pty_wait_text(pty, HELP));
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++) {
        assert_false(pty_has_bytes(pty, NEVER[i], strlen(NEVER[i])));
    }
    pty_type(pty, "qq");
    check_end(pty, 0);
}

static void say(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void keys_come_from_the_terminal(void **state)
{
    (void)state;
    static const char *const STDIN[] = {"-", NULL};
    int entries[2];
    assert_int_equal(pipe(entries), 0);
    assert_int_equal(fcntl(entries[1], F_SETFD, FD_CLOEXEC), 0);
    Pty *pty = start_with(&(PtyOptions){.stdin_fd = entries[0]}, STDIN);
    say(entries[1], ENTRY("one came in"));
    assert_true(pty_wait_text(pty, "one came in"));
    pty_type(pty, "?");
    assert_true(pty_wait_text(pty, HELP));
    pty_type(pty, "q");
    assert_true(pty_wait_no_text(pty, HELP));
    say(entries[1], ENTRY("another came in"));
    assert_true(pty_wait_text(pty, "another came in"));
    (void)close(entries[1]);
    assert_true(pty_wait_text(pty, "ended"));
    pty_type(pty, "q");
    assert_true(pty_wait_text(pty, "not saved: q leaves"));
    pty_type(pty, "q");
    check_end(pty, 0);
}

static void entries_and_keys_from_one_terminal_are_refused(void **state)
{
    (void)state;
    static const char *const STDIN[] = {"-", NULL};
    Pty *pty = start_with(&(PtyOptions){0}, STDIN);
    assert_true(pty_wait_text(pty, "standard input is the terminal"));
    check_end(pty, 2);
}

/* Keys and sizes as a cat on the keyboard would choose them; none that saves a file or leaves. */
static void bears_anything(void **state)
{
    (void)state;
    static const char *const KEYS[] = {
        "j",
        "k",
        "G",
        "g",
        " ",
        "1",
        "2",
        "3",
        "5",
        "/",
        "p",
        "a",
        "\"",
        "(",
        "=",
        "\r",
        "\033",
        "\033[A",
        "\033[B",
        "\033[1;5C",
        "\033[",
        "\033O",
        "\xc3",
        "\xe2\x82",
        "\t",
        "\177",
        "n",
        "m",
        "v",
        "f",
        "u",
        "U",
        "e",
        "w",
        "t",
        "o",
        "?",
        "\014",
        "\033[200~x",
        "\033[201~",
        "\033[99999999999u",
        "\033[<0;1;1M",
        "\001",
        "\005",
        "\013",
        "\031",
        "\033d",
    };
    uint32_t seed = 20260115;
    Pty *pty = start_demo(&(PtyOptions){0});
    for (int i = 0; i < 600; i++) {
        seed = seed * 1664525u + 1013904223u;
        if (seed >> 24 < 12) {
            pty_resize(pty, 1 + (int)(seed >> 8 & 127), 1 + (int)(seed >> 16 & 31));
        }
        pty_type(pty, KEYS[(seed >> 10) % (sizeof KEYS / sizeof *KEYS)]);
    }
    pty_resize(pty, 80, 24);
    pty_type(pty, "\033[201~\003\003\003\003\003\003"); /* out of whatever is open */
    check_end(pty, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_and_quits),
        cmocka_unit_test(ctrl_c_is_a_key),
        cmocka_unit_test(takes_keys_of_all_kinds),
        cmocka_unit_test(copies_through_the_terminal),
        cmocka_unit_test(follows_the_size),
        cmocka_unit_test(bears_a_storm_of_sizes),
        cmocka_unit_test(the_mouse_can_be_left_to_the_terminal),
        cmocka_unit_test(reports_are_no_keys),
        cmocka_unit_test(a_slow_line_gets_fewer_frames),
        cmocka_unit_test(a_slow_line_is_not_filled_up),
        cmocka_unit_test(ends_by_signals),
        cmocka_unit_test(crashes_give_the_terminal_back),
        cmocka_unit_test(a_file_too_large_is_told),
        cmocka_unit_test(running_out_of_memory_gives_the_terminal_back),
        cmocka_unit_test(stops_and_returns),
        cmocka_unit_test(returns_from_an_unannounced_stop),
        cmocka_unit_test(a_lost_terminal_ends_all),
        cmocka_unit_test(no_child_survives_the_end),
        cmocka_unit_test(a_stalled_terminal_holds_up_nothing),
        cmocka_unit_test(a_killed_child_is_shown),
        cmocka_unit_test(no_color_is_honoured),
        cmocka_unit_test(works_on_other_terminals),
        cmocka_unit_test(frames_are_held_together_where_possible),
        cmocka_unit_test(an_unknown_terminal_is_told),
        cmocka_unit_test(needs_no_language),
        cmocka_unit_test(hostile_entries_do_nothing),
        cmocka_unit_test(keys_come_from_the_terminal),
        cmocka_unit_test(entries_and_keys_from_one_terminal_are_refused),
        cmocka_unit_test(bears_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
