/*
 * Tests of the commands without a screen: bytes given back, exit statuses, what is said on standard
 * error, entries that come out while their source is still alive, readers that go away or are slow.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session/headless.h"
#include "session/outlet.h"

#define CAPTURE "tests/data/session/capture.ndjson"
#define ENTRIES "tests/data/session/entries.ndjson"
/* Commands for --exec. */
static char CAT[] = "cat " ENTRIES;
static char CAT_AND_STAY[] = "cat " ENTRIES "; exec sleep 1000";
static char CAT_FOR_EVER[] = "while cat " ENTRIES "; do echo; done";

typedef struct Run {
    int status;
    char *out;
    size_t out_len;
    char *errors;
    size_t errors_len;
} Run;

static int run_command(char **words, FILE *out, FILE *errors, const volatile sig_atomic_t *stop)
{
    int count = 0;
    while (words[count] != NULL) {
        count++;
    }
    Options options;
    Err err = err_none();
    if (!options_parse(count, words, &options, &err)) {
        fail_msg("%s", err.text);
    }
    return options.verb == VERB_PREDICATE ? headless_predicate(&options, out, errors)
                                          : headless_show(&options, out, errors, stop);
}

/* Runs `mdmscope` with `words`, ended by NULL; free the result with run_done. */
static Run run(char **words)
{
    static const volatile sig_atomic_t stop = 0;
    Run result = {0};
    FILE *out = open_memstream(&result.out, &result.out_len);
    FILE *errors = open_memstream(&result.errors, &result.errors_len);
    result.status = run_command(words, out, errors, &stop);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(fclose(errors), 0);
    return result;
}

#define RUN(...) run((char *[]){"mdmscope", __VA_ARGS__, NULL})

static void run_done(Run *result)
{
    free(result->out);
    free(result->errors);
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("'%s' is not in '%s'", part, text);
    }
}

static char *file_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    StrBuf text = {0};
    char piece[4096];
    for (size_t len; (len = fread(piece, 1, sizeof piece, file)) > 0;) {
        strbuf_add(&text, sv_of(piece, len));
    }
    (void)fclose(file);
    return text.ptr;
}

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == '\n';
    }
    return count;
}

/* CAPTURE has banner, blank line, drop notice and trailer around the lines that ENTRIES has alone.
 */
static void test_bytes_come_back(void **state)
{
    (void)state;
    char *expected = file_text(ENTRIES);
    Run result = RUN("show", CAPTURE, "--format", "ndjson");
    assert_int_equal(result.status, EXIT_MATCHED);
    assert_string_equal(result.out, expected);
    assert_has(result.errors, "=== Messages dropped during live streaming");
    assert_has(result.errors, "capture.ndjson: 1 drop notice\n");
    run_done(&result);
    result = RUN("show", ENTRIES, "--format=ndjson");
    assert_string_equal(result.out, expected);
    assert_string_equal(result.errors, "");
    run_done(&result);
    free(expected);
}

/* Whatever is an entry comes back as it was. */
static void test_captures_come_back(void **state)
{
    (void)state;
    static char *const PATHS[] = {
        "tests/data/parsers/levels.ndjson",    "tests/data/parsers/mdm.ndjson",
        "tests/data/parsers/mdm-noise.ndjson", "tests/data/parsers/private.ndjson",
        "tests/data/parsers/show.ndjson",      "tests/data/parsers/stream.ndjson",
        "tests/data/parsers/trimmed.ndjson",
    };
    for (size_t i = 0; i < ARRAY_LEN(PATHS); i++) {
        char *expected = file_text(PATHS[i]);
        Run result = RUN("show", PATHS[i], "--format", "ndjson");
        assert_int_equal(result.status, EXIT_MATCHED);
        assert_string_equal(result.out, expected);
        assert_string_equal(result.errors, "");
        run_done(&result);
        free(expected);
    }
}

static void test_choice(void **state)
{
    (void)state;
    Run result = RUN("show", ENTRIES, "--predicate", "process == 'teslad'", "--format", "csv");
    assert_int_equal(result.status, EXIT_MATCHED);
    assert_int_equal(count_lines(result.out), 2);
    assert_has(result.out, ",teslad,");
    run_done(&result);
    result = RUN("show", ENTRIES, "--level", "error");
    assert_int_equal(count_lines(result.out), 1);
    assert_has(result.out, " 312    0    teslad: ");
    run_done(&result);
    result = RUN("show", ENTRIES, "--pane", "mdmclient", "--grep", "HTTP request");
    assert_int_equal(count_lines(result.out), 1);
    assert_has(result.out, " 881    0    mdmclient: ");
    run_done(&result);
    result = RUN("show", ENTRIES, "--pane", "mdmclient", "--predicate", "process == 'teslad'");
    assert_int_equal(result.status, EXIT_NOTHING);
    assert_string_equal(result.out, "");
    assert_string_equal(result.errors, "mdmscope: nothing matched: none of 4 entries\n");
    run_done(&result);
}

static void test_usage(void **state)
{
    (void)state;
    Run result = RUN("show", "/nonexistent/file");
    assert_int_equal(result.status, EXIT_USAGE);
    assert_has(result.errors, "mdmscope: ");
    assert_has(result.errors, "/nonexistent/file");
    run_done(&result);
    result = RUN("show", ENTRIES, "--pane", "nonsense");
    assert_int_equal(result.status, EXIT_USAGE);
    assert_has(result.errors, "mdmscope: --pane: there is no pane 'nonsense'; there are: ");
    assert_has(result.errors, "mdmclient");
    run_done(&result);
    result = RUN("show", ENTRIES, "--grep", "a(b");
    assert_int_equal(result.status, EXIT_USAGE);
    assert_has(result.errors, "mdmscope: --grep: ");
    assert_has(result.errors, "  a(b\n");
    run_done(&result);
    result = RUN("show", ENTRIES, "--predicate", "process == 'x' AND");
    assert_int_equal(result.status, EXIT_USAGE);
    assert_string_equal(result.out, "");
    assert_has(result.errors, "mdmscope: --predicate: ");
    assert_has(result.errors, "\n  process == 'x' AND\n");
    assert_has(result.errors, "^\n");
    run_done(&result);
}

static void test_source_fails(void **state)
{
    (void)state;
    Run result = RUN("show", "--exec", "echo 'log: No' >&2; exit 64");
    assert_int_equal(result.status, EXIT_SOURCE);
    assert_has(result.errors, "log: No\n");
    assert_has(result.errors, "ended with exit status 64\n");
    assert_int_equal(result.out_len, 0);
    run_done(&result);
    result = RUN("show", "--exec", CAT);
    assert_int_equal(result.status, EXIT_MATCHED);
    assert_int_equal(count_lines(result.out), 4);
    assert_string_equal(result.errors, "");
    run_done(&result);
    /* No `log` there: the source failed, and what to do is said. */
    result = RUN("show", "--log", "/nonexistent/log");
    assert_int_equal(result.status, EXIT_SOURCE);
    assert_has(result.errors, "mdmscope: ");
    assert_has(result.errors, "\n  mdmscope --demo");
    run_done(&result);
}

/* Writes an executable shell script to `path`, whose end mkstemp replaces. */
static void write_script(char *path, const char *text)
{
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, 0700), 0);
    assert_int_equal(close(fd), 0);
}

/* A `log` that refuses: its words verbatim under its name, which is not said twice. */
static void test_log_refuses(void **state)
{
    (void)state;
    char path[] = "/tmp/headless-log-XXXXXX";
    write_script(path, "#!/bin/sh\n"
                       "echo \"log: Must be admin to run 'stream' command\" >&2\n"
                       "exit 64\n");
    Run result = RUN("show", "--log", path);
    assert_int_equal(result.status, EXIT_SOURCE);
    assert_has(result.errors, "mdmscope: log: Must be admin to run 'stream' command\n");
    assert_has(result.errors, "sudo"); /* the advice */
    assert_null(strstr(result.errors, "log: log:"));
    run_done(&result);
    assert_int_equal(unlink(path), 0);
}

/* `log` gets the predicate in its printed form, unless it uses what only we know. */
static void test_predicate_is_sent(void **state)
{
    (void)state;
    char path[] = "/tmp/headless-log-XXXXXX";
    write_script(path, "#!/bin/sh\nfor word; do echo \"word $word\" >&2; done\nexit 64\n");
    Run result = RUN("show", "--log", path, "--predicate", "process='a' && category=='b'");
    assert_has(result.errors, "word --predicate\n");
    assert_has(result.errors, "process == \"a\" AND category == \"b\"");
    run_done(&result);
    result = RUN("show", "--log", path, "--predicate", "host == 'a'");
    assert_has(result.errors, "word stream\n");
    assert_null(strstr(result.errors, "word --predicate"));
    run_done(&result);
    assert_int_equal(unlink(path), 0);
}

static void test_control_characters(void **state)
{
    (void)state;
    Run result = RUN("show", "--exec", "printf 'a\\033]0;x\\007b\\n'; printf '\\033c' >&2");
    assert_null(strchr(result.out, '\033'));
    assert_null(strchr(result.errors, '\033'));
    assert_has(result.out, "␛]0;x␇b");
    run_done(&result);
}

/* --- processes ------------------------------------------------------------------------------ */

static volatile sig_atomic_t stop_flag;

static void on_term(int number)
{
    stop_flag = number;
}

typedef struct Process {
    pid_t pid;
    int out; /* what it prints */
} Process;

/* Runs `mdmscope` with `words` in a process of its own. */
static Process start(char **words)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    Process process = {.pid = fork(), .out = ends[0]};
    assert_true(process.pid >= 0);
    if (process.pid == 0) {
        struct sigaction action = {.sa_handler = on_term};
        (void)sigaction(SIGTERM, &action, NULL);
        (void)close(ends[0]);
        _exit(run_command(words, fdopen(ends[1], "w"), stderr, &stop_flag));
    }
    (void)close(ends[1]);
    return process;
}

static int exit_of(Process *process)
{
    int status;
    assert_int_equal(waitpid(process->pid, &status, 0), process->pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* The entries are there although the source lives on and says nothing more. */
static void test_live(void **state)
{
    (void)state;
    char *words[] = {"mdmscope", "show", "--exec", CAT_AND_STAY, "--format", "compact", NULL};
    Process process = start(words);
    size_t lines = 0;
    char byte;
    /* The last line of ENTRIES has no newline and its end never comes: three are complete. */
    while (lines < 3 && read(process.out, &byte, 1) == 1) {
        lines += byte == '\n';
    }
    assert_int_equal(lines, 3);
    assert_int_equal(kill(process.pid, SIGTERM), 0);
    assert_int_equal(exit_of(&process), EXIT_MATCHED);
    (void)close(process.out);
}

/* A reader that goes away ends the program without a word. */
static void test_reader_goes(void **state)
{
    (void)state;
    char *words[] = {"mdmscope", "show", "--exec", CAT_FOR_EVER, NULL};
    Process process = start(words);
    char byte;
    assert_int_equal(read(process.out, &byte, 1), 1);
    (void)close(process.out);
    assert_int_equal(exit_of(&process), EXIT_MATCHED);
}

static bool fill_pipe(int fd)
{
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    char piece[512] = {0};
    while (write(fd, piece, sizeof piece) > 0) {
    }
    return errno == EAGAIN && fcntl(fd, F_SETFL, 0) == 0;
}

/* What a reader does not take is held; it comes in order once it reads on. */
static void test_slow_reader(void **state)
{
    (void)state;
    static const volatile sig_atomic_t stop = 0;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    FILE *file = fdopen(ends[1], "w");
    Outlet outlet;
    outlet_init(&outlet, file, 1 * MIB, &stop);
    assert_true(fill_pipe(ends[1]));
    strbuf_add_str(&outlet.buf, "one\ntwo");
    outlet_push(&outlet); /* would hang if it waited */
    assert_int_equal(outlet.buf.len, 7);
    fd_set writes;
    FD_ZERO(&writes);
    int max_fd = -1;
    outlet_fds(&outlet, &writes, &max_fd);
    assert_int_equal(max_fd, ends[1]);
    char piece[64 * 1024];
    assert_true(read(ends[0], piece, sizeof piece) > 0);
    outlet_drain(&outlet);
    assert_int_equal(outlet.buf.len, 0);
    assert_true(outlet.is_open_line);
    assert_false(outlet_is_shut(&outlet));
    assert_int_equal(fclose(file), 0);
    StrBuf rest = {0};
    for (ssize_t len; (len = read(ends[0], piece, sizeof piece)) > 0;) {
        strbuf_add(&rest, sv_of(piece, (size_t)len));
    }
    assert_true(sv_ends(strbuf_view(&rest), SV("one\ntwo")));
    strbuf_done(&rest);
    outlet_done(&outlet);
    (void)close(ends[0]);
}

static void test_full_disk(void **state)
{
    (void)state;
    static const volatile sig_atomic_t stop = 0;
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL) {
        skip(); /* only Linux has one */
    }
    Run result = {0};
    FILE *errors = open_memstream(&result.errors, &result.errors_len);
    char *words[] = {"mdmscope", "show", ENTRIES, NULL};
    result.status = run_command(words, full, errors, &stop);
    assert_int_equal(fclose(errors), 0);
    assert_int_equal(result.status, EXIT_SOURCE);
    assert_has(result.errors, "mdmscope: standard output: ");
    (void)fclose(full);
    run_done(&result);
}

/* --- predicate ------------------------------------------------------------------------------ */

static void test_predicate(void **state)
{
    (void)state;
    Run result = RUN("predicate", "process = \"a\" && NOT messageType == debug");
    assert_int_equal(result.status, EXIT_MATCHED);
    assert_int_equal(count_lines(result.out), 1);
    assert_string_equal(result.errors, "");
    char *canonical = strdup(result.out);
    canonical[strlen(canonical) - 1] = '\0';
    run_done(&result);
    result = RUN("predicate", canonical); /* printing is stable */
    canonical[strlen(canonical)] = '\n';
    assert_int_equal(strncmp(result.out, canonical, result.out_len), 0);
    run_done(&result);
    free(canonical);
    result = RUN("predicate", "process == 'a' OR pid", "--to", "tree");
    assert_int_equal(result.status, EXIT_USAGE);
    run_done(&result);
    result = RUN("predicate", "process == 'a' OR category == 'b'", "--to", "tree");
    assert_int_equal(result.status, EXIT_MATCHED);
    assert_true(count_lines(result.out) >= 3);
    run_done(&result);
    result = RUN("predicate", "p=mdmclient and \"text\"");
    assert_int_equal(result.status, EXIT_MATCHED);
    assert_string_equal(result.out,
                        "process ==[c] \"mdmclient\" AND eventMessage CONTAINS[c] \"text\"\n");
    run_done(&result);
    result = RUN("predicate", "process ==[c] 'a' AND messageType == error", "--to", "shorthand");
    assert_int_equal(result.status, EXIT_MATCHED);
    assert_string_equal(result.out, "p=a and type=error\n");
    assert_string_equal(result.errors, "");
    run_done(&result);
    result = RUN("predicate", "process ==[c] 'a' AND sender LIKE 'b'", "--to", "shorthand");
    assert_int_equal(result.status, EXIT_USAGE);
    assert_int_equal(result.out_len, 0);
    assert_has(result.errors, "mdmscope: predicate: shorthand has no word for LIKE here\n"
                              "  process ==[c] 'a' AND sender LIKE 'b'\n"
                              "                               ^\n");
    run_done(&result);
}

/* What ~/.logrc calls a predicate is read wherever one is given. */
static void test_aliases(void **state)
{
    (void)state;
    Aliases aliases = {0};
    Options options;
    Run result = {0};
    Err err = err_none();
    static const volatile sig_atomic_t stop = 0;
    char *words[] = {"mdmscope", "predicate", "mine", NULL};
    char *show[] = {"mdmscope", "show", ENTRIES, "--predicate", "none", NULL};
    assert_true(aliases_read(&aliases,
                             SV("predicate: mine 'userID == 1 AND process == \"a\"' "
                                "none 'FALSEPREDICATE' wrong 'process MATCHES \"(\"'"),
                             &err));
    assert_true(options_parse(3, words, &options, &err));
    options.aliases = &aliases;
    FILE *out = open_memstream(&result.out, &result.out_len);
    FILE *errors = open_memstream(&result.errors, &result.errors_len);
    assert_int_equal(headless_predicate(&options, out, errors), EXIT_MATCHED);
    options.predicate_text = "wrong";
    assert_int_equal(headless_predicate(&options, out, errors), EXIT_USAGE);
    assert_true(options_parse(5, show, &options, &err));
    options.aliases = &aliases;
    assert_int_equal(headless_show(&options, out, errors, &stop), EXIT_NOTHING);
    (void)fclose(out);
    (void)fclose(errors);
    assert_string_equal(result.out, "userID == 1 AND process == \"a\"\n");
    assert_has(result.errors, "predicate: warning: the alias 'mine' of ~/.logrc stands for: "
                              "userID == 1 AND process == \"a\"\n"
                              "  userID == 1 AND process == \"a\"\n  ^\n");
    assert_has(result.errors, "  process MATCHES \"(\"\n                    ^\n");
    assert_has(result.errors, "nothing matched: none of ");
    run_done(&result);
    aliases_done(&aliases);
}

/* Whoever calls the demo may give a predicate for the place of a pane; the user's own stays a text
 * of its own, into which a caret points. */
static void test_pane_predicate(void **state)
{
    (void)state;
    static const volatile sig_atomic_t stop = 0;
    char *words[] = {"mdmscope", "show", ENTRIES, "--predicate", "process == 'a", NULL};
    Options options;
    Err err = err_none();
    Run result = {0};
    FILE *out = open_memstream(&result.out, &result.out_len);
    FILE *errors = open_memstream(&result.errors, &result.errors_len);
    assert_true(options_parse(3, words, &options, &err));
    options.pane_predicate = "FALSEPREDICATE";
    assert_int_equal(headless_show(&options, out, errors, &stop), EXIT_NOTHING);
    assert_true(options_parse(5, words, &options, &err));
    options.pane_predicate = "TRUEPREDICATE";
    assert_int_equal(headless_show(&options, out, errors, &stop), EXIT_USAGE);
    (void)fclose(out);
    (void)fclose(errors);
    assert_has(result.errors, "\n  process == 'a\n             ^\n");
    run_done(&result);
}

static void test_full_disk_is_told(void **state)
{
    (void)state;
    char *words[] = {"mdmscope", "predicate", "process == 'a'", NULL};
    static const volatile sig_atomic_t stop = 0;
    Run result = {0};
    FILE *out = fopen("/dev/full", "w");
    if (out == NULL) {
        skip(); /* not on every system */
    }
    FILE *errors = open_memstream(&result.errors, &result.errors_len);
    assert_int_equal(run_command(words, out, errors, &stop), EXIT_USAGE);
    (void)fclose(out); /* fails again */
    (void)fclose(errors);
    assert_has(result.errors, "mdmscope: standard output: No space left on device\n");
    run_done(&result);
}

static void test_predicate_errors(void **state)
{
    (void)state;
    Run result = RUN("predicate", "proces == 'a'");
    assert_int_equal(result.status, EXIT_USAGE);
    assert_int_equal(result.out_len, 0);
    assert_int_equal(strncmp(result.errors, "mdmscope: predicate: ", 21), 0);
    assert_has(result.errors, "process"); /* the suggestion */
    assert_has(result.errors, "\n  proces == 'a'\n  ^\n");
    run_done(&result);
    result = RUN("predicate", "process == 'a' AND category == 'b' OR category == 'c'");
    assert_int_equal(result.status, EXIT_MATCHED);
    assert_has(result.errors, "mdmscope: predicate: warning: ");
    run_done(&result);
    result = RUN("predicate", "process MATCHES 'a(b'");
    assert_int_equal(result.status, EXIT_USAGE);
    assert_int_equal(result.out_len, 0);
    run_done(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_come_back),
        cmocka_unit_test(test_captures_come_back),
        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_source_fails),
        cmocka_unit_test(test_log_refuses),
        cmocka_unit_test(test_predicate_is_sent),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_live),
        cmocka_unit_test(test_reader_goes),
        cmocka_unit_test(test_slow_reader),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_predicate),
        cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_predicate_errors),
        cmocka_unit_test(test_pane_predicate),
        cmocka_unit_test(test_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
