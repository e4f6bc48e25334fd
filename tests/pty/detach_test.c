/*
 * Captures and the end of the terminal: without --detach-capture it is the capture's end, too, and
 * a clean one; with it the process goes on alone until its sources or SIGTERM end it. In both cases
 * no child is left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/pty/harness.h"

#define FILE_MAX (4 * 1024 * 1024)

/* Says an entry with its number. $i counts. */
#define SAY                                                                                        \
    "printf '{\"timestamp\":\"2026-01-15 10:00:16.012931+0100\",\"eventType\":\"logEvent\","       \
    "\"processImagePath\":\"/usr/libexec/teslad\",\"processID\":77,\"eventMessage\":\"seq=%d\"}"   \
    "\\n' $((i+=1))"

typedef struct Place {
    char directory[64];
    char capture[96];
    char pid_file[112];
    char fifo[96];
    char go[96]; /* a file whose being there the child may wait for */
    char command[1024];
    int fd; /* of the FIFO: its end tells that the child is gone */
} Place;

/* A source that does `what`, having opened the FIFO. */
static void place_init(Place *place, const char *what)
{
    (void)snprintf(place->directory, sizeof place->directory, "/tmp/mdmscope-detach-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    (void)snprintf(place->capture, sizeof place->capture, "%s/capture", place->directory);
    (void)snprintf(place->pid_file, sizeof place->pid_file, "%s.pid", place->capture);
    (void)snprintf(place->fifo, sizeof place->fifo, "%s/fifo", place->directory);
    (void)snprintf(place->go, sizeof place->go, "%s/go", place->directory);
    assert_int_equal(mkfifo(place->fifo, 0600), 0);
    place->fd = open(place->fifo, O_RDONLY | O_NONBLOCK);
    assert_true(place->fd >= 0);
    (void)snprintf(place->command, sizeof place->command, "exec 9>%s; go=%s; i=0; %s", place->fifo,
                   place->go, what);
}

static void place_done(Place *place)
{
    (void)close(place->fd);
    (void)unlink(place->fifo);
    (void)unlink(place->go);
    (void)unlink(place->capture);
    assert_int_equal(rmdir(place->directory), 0); /* no file with a process's number is left */
}

static Pty *start(const char *const *env, const char *const *arguments)
{
    static char program[256];
    const char *build = getenv("MDMSCOPE_BUILD");
    const char *argv[12] = {program};
    (void)snprintf(program, sizeof program, "%s/mdmscope", build != NULL ? build : ".");
    for (size_t i = 0; arguments[i] != NULL; i++) {
        assert_true(i + 2 < sizeof argv / sizeof *argv);
        argv[i + 1] = arguments[i];
    }
    return pty_start(&(PtyOptions){.columns = 100, .env = env}, argv);
}

/* The capture as it is, with a NUL; the caller frees it. */
static char *read_capture(const Place *place, size_t *ret_len)
{
    char *bytes = malloc(FILE_MAX + 1);
    assert_non_null(bytes);
    FILE *file = fopen(place->capture, "r");
    assert_non_null(file);
    *ret_len = fread(bytes, 1, FILE_MAX, file);
    bytes[*ret_len] = '\0';
    (void)fclose(file);
    return bytes;
}

static int count_lines(const Place *place)
{
    size_t len;
    int lines = 0;
    char *bytes = read_capture(place, &len);
    for (size_t i = 0; i < len; i++) {
        lines += bytes[i] == '\n' ? 1 : 0;
    }
    free(bytes);
    return lines;
}

/* Every number from the first on, each once, and whole lines only; gives the last. */
static int check_numbers(const Place *place)
{
    static const char MARK[] = "seq=";
    size_t len;
    int last = 0;
    char *bytes = read_capture(place, &len);
    assert_true(len > 0);
    assert_int_equal(bytes[len - 1], '\n');
    for (char *at = bytes; (at = strstr(at, MARK)) != NULL; at++) {
        int number = (int)strtol(at + sizeof MARK - 1, NULL, 10);
        assert_true(last == 0 || number == last + 1);
        last = number;
    }
    free(bytes);
    return last;
}

typedef bool PlaceTest(const Place *place, int wanted);

static bool has_lines(const Place *place, int wanted)
{
    return count_lines(place) >= wanted;
}

static bool has_pid(const Place *place, int wanted)
{
    struct stat info;
    return (stat(place->pid_file, &info) == 0 && info.st_size > 1) == (wanted != 0);
}

static void until(const Place *place, PlaceTest *is_so, int wanted)
{
    time_t since = time(NULL);
    while (!is_so(place, wanted)) {
        assert_true(time(NULL) - since < PTY_PATIENCE_SECONDS);
        (void)poll(NULL, 0, 5);
    }
}

static pid_t read_pid(const Place *place)
{
    char text[32] = "";
    FILE *file = fopen(place->pid_file, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    (void)fclose(file);
    pid_t pid = (pid_t)strtol(text, NULL, 10);
    assert_true(pid > 1);
    return pid;
}

static void check_exit(Pty *pty, int wanted)
{
    int status;
    assert_true(pty_wait_exit(pty, &status));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), wanted);
}

/* --- without the option ----------------------------------------------------------------------- */

static void the_terminal_takes_the_capture_with_it(void **state)
{
    (void)state;
    Place place;
    place_init(&place, "while :; do " SAY "; done");
    const char *const arguments[] = {"--exec", place.command, "--capture", place.capture, NULL};
    Pty *pty = start(NULL, arguments);
    assert_true(pty_wait_text(pty, "rec "));
    until(&place, has_lines, 1000);
    pty_hang_up(pty);
    int status; /* of the signal, or of a terminal that reads as at its end: which comes first */
    assert_true(pty_wait_exit(pty, &status));
    assert_true(WIFEXITED(status));
    assert_true(pty_wait_gone(pty, place.fd));
    assert_true(check_numbers(&place) >= 1000);
    pty_end(pty);
    place_done(&place);
}

/* --- with it ---------------------------------------------------------------------------------- */

static void goes_on_until_it_is_told(void **state)
{
    (void)state;
    Place place;
    place_init(&place, "while :; do " SAY "; sleep 0.01; done");
    const char *const arguments[] = {"--exec",      place.command,      "--capture",
                                     place.capture, "--detach-capture", NULL};
    Pty *pty = start(NULL, arguments);
    assert_true(pty_wait_text(pty, "rec "));
    pty_hang_up(pty);
    until(&place, has_pid, 1);
    until(&place, has_lines, count_lines(&place) + 50);
    assert_int_equal(kill(read_pid(&place), SIGTERM), 0);
    check_exit(pty, 128 + SIGTERM);
    assert_true(pty_wait_gone(pty, place.fd));
    assert_true(check_numbers(&place) >= 50);
    pty_end(pty);
    place_done(&place);
}

static void goes_on_until_the_source_ends(void **state)
{
    (void)state;
    Place place;
    place_init(&place, SAY "; while ! test -e $go; do sleep 0.01; done; " SAY "; " SAY);
    const char *const arguments[] = {"--exec",      place.command,      "--capture",
                                     place.capture, "--detach-capture", NULL};
    Pty *pty = start(NULL, arguments);
    assert_true(pty_wait_text(pty, "rec 1 "));
    pty_hang_up(pty);
    until(&place, has_pid, 1);
    assert_int_equal(kill(-read_pid(&place), SIGHUP), 0); /* no reason to end */
    int fd = open(place.go, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
    check_exit(pty, 0);
    assert_int_equal(check_numbers(&place), 3);
    pty_end(pty);
    place_done(&place);
}

/* An ssh that asked belongs to the terminal; what it says after it is gone is heard all the same.
 */
static void goes_on_over_ssh(void **state)
{
    (void)state;
    Place place;
    char log[256];
    const char *build = getenv("MDMSCOPE_BUILD");
    /* So few that the word about the restart does not scroll by unseen. */
    static const char *const ENV[] = {"MDMSCOPE_FAKE_RATE=20", NULL};
    place_init(&place, "");
    (void)snprintf(log, sizeof log, "%s/tests/bin/log", build != NULL ? build : "build");
    const char *const arguments[] = {
        "--ssh", "mac",       "--ssh-path",  "tests/bin/ssh",    "--log",
        log,     "--capture", place.capture, "--detach-capture", NULL};
    Pty *pty = start(ENV, arguments);
    assert_true(pty_wait_text(pty, "rec "));
    assert_true(pty_wait_text(pty, "restarted without a gap"));
    pty_hang_up(pty);
    until(&place, has_pid, 1);
    /* What the end of a session sends to the group that had its terminal. */
    assert_int_equal(kill(-read_pid(&place), SIGHUP), 0);
    until(&place, has_lines, count_lines(&place) + 40);
    assert_int_equal(kill(read_pid(&place), SIGTERM), 0);
    check_exit(pty, 128 + SIGTERM);
    (void)check_numbers(&place);
    pty_end(pty);
    place_done(&place);
}

/* Another number than that one, and all of it. */
static bool has_other_pid(const Place *place, int unwanted)
{
    char text[32] = "";
    FILE *file = fopen(place->pid_file, "r"); /* for a moment there may be none */
    bool is_read = file != NULL && fgets(text, sizeof text, file) != NULL;
    if (file != NULL) {
        (void)fclose(file);
    }
    return is_read && strchr(text, '\n') != NULL && strtol(text, NULL, 10) != unwanted;
}

/* A process that is killed leaves its number behind; the next capture puts its own there. */
static void a_number_that_is_left_is_replaced(void **state)
{
    (void)state;
    Place place;
    int status;
    place_init(&place, "while :; do " SAY "; sleep 0.01; done");
    const char *const arguments[] = {"--exec",      place.command,      "--capture",
                                     place.capture, "--detach-capture", NULL};
    Pty *pty = start(NULL, arguments);
    assert_true(pty_wait_text(pty, "rec "));
    pty_hang_up(pty);
    until(&place, has_pid, 1);
    pid_t killed = read_pid(&place);
    assert_int_equal(kill(killed, SIGKILL), 0);
    assert_true(pty_wait_exit(pty, &status));
    assert_true(pty_wait_gone(pty, place.fd));
    pty_end(pty);
    assert_int_equal(read_pid(&place), killed);
    assert_int_equal(unlink(place.capture), 0);
    pty = start(NULL, arguments);
    assert_true(pty_wait_text(pty, "rec "));
    pty_hang_up(pty);
    until(&place, has_other_pid, (int)killed);
    assert_int_equal(kill(read_pid(&place), SIGTERM), 0);
    check_exit(pty, 128 + SIGTERM);
    pty_end(pty);
    place_done(&place);
}

/* Leaving by a key is leaving, whatever was said about the terminal. */
static void a_key_ends_all(void **state)
{
    (void)state;
    Place place;
    place_init(&place, SAY "; while :; do sleep 1000; done");
    const char *const arguments[] = {"--exec",      place.command,      "--capture",
                                     place.capture, "--detach-capture", NULL};
    Pty *pty = start(NULL, arguments);
    assert_true(pty_wait_text(pty, "rec 1 "));
    pty_type(pty, "q");
    check_exit(pty, 0);
    assert_true(pty_wait_gone(pty, place.fd));
    assert_int_equal(check_numbers(&place), 1);
    pty_end(pty);
    place_done(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_terminal_takes_the_capture_with_it),
        cmocka_unit_test(goes_on_until_it_is_told),
        cmocka_unit_test(goes_on_until_the_source_ends),
        cmocka_unit_test(goes_on_over_ssh),
        cmocka_unit_test(a_number_that_is_left_is_replaced),
        cmocka_unit_test(a_key_ends_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
