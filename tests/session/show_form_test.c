/*
 * Tests of the forms that `mdmscope show` makes for other people: they say what they are, have the
 * report with them, are redacted unless told otherwise; and the others only when told.
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
#include <unistd.h>

#include "base/sha256.h"
#include "session/headless.h"

#define DEMO "session/demo.ndjson"
#define LATER "tests/data/redaction/key-comes-later.ndjson"
#define CAPTURE "tests/data/session/capture.ndjson"
#define SECRET "3a909274-91d1-413a-83f4-80da03df65e9" /* a command's, in the demo */

typedef struct Run {
    int status;
    char *out;
    size_t out_len;
    char *errors;
    size_t errors_len;
} Run;

static Run run(char **words)
{
    volatile sig_atomic_t stop = 0;
    Options options;
    Err err = err_none();
    Run result = {.status = 0};
    int count = 0;
    while (words[count] != NULL) {
        count++;
    }
    FILE *out = open_memstream(&result.out, &result.out_len);
    FILE *errors = open_memstream(&result.errors, &result.errors_len);
    assert_true(options_parse(count, words, &options, &err));
    result.status = headless_show(&options, out, errors, &stop);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(fclose(errors), 0);
    return result;
}

#define SHOW(...) run((char *[]){"mdmscope", "show", __VA_ARGS__, NULL})

static void run_done(Run *result)
{
    free(result->out);
    free(result->errors);
}

static bool has(const Run *result, const char *part)
{
    return strstr(result->out, part) != NULL;
}

static void test_redacted_unless_told(void **state)
{
    (void)state;
    static char *const FOR_PEOPLE[] = {"md", "html"};
    static char *const FOR_PROGRAMS[] = {"text", "compact", "syslog", "ndjson", "json", "csv"};
    for (size_t i = 0; i < ARRAY_LEN(FOR_PEOPLE); i++) {
        Run result = SHOW(DEMO, "--format", FOR_PEOPLE[i]);
        assert_int_equal(result.status, EXIT_MATCHED);
        assert_string_equal(result.errors, "");
        assert_false(has(&result, SECRET));
        assert_true(has(&result, "on: "));
        run_done(&result);
        result = SHOW(DEMO, "--format", FOR_PEOPLE[i], "--no-redact");
        assert_true(has(&result, SECRET));
        assert_true(has(&result, "OFF: everything stands as it was logged"));
        run_done(&result);
    }
    for (size_t i = 0; i < ARRAY_LEN(FOR_PROGRAMS); i++) {
        Run result = SHOW(DEMO, "--format", FOR_PROGRAMS[i]);
        assert_true(has(&result, SECRET));
        run_done(&result);
        result = SHOW(DEMO, "--format", FOR_PROGRAMS[i], "--redact");
        assert_int_equal(result.status, EXIT_MATCHED);
        assert_false(has(&result, SECRET));
        assert_true(has(&result, "<uuid-2>"));
        run_done(&result);
    }
}

/* What is known only at the end stands there: counts, the report, the sum of the same entries as
 * NDJSON. */
static void test_says_what_it_is(void **state)
{
    (void)state;
    Run ndjson = SHOW(DEMO, "--redact", "--format", "ndjson", "--grep", "Authenticate");
    Run md = SHOW(DEMO, "--format", "md", "--grep", "Authenticate");
    char hex[SHA256_HEX_MAX], line[200];
    Sha256 sum;
    sha256_init(&sum);
    sha256_add(&sum, sv_of(ndjson.out, ndjson.out_len));
    sha256_end(&sum, hex);
    (void)snprintf(line, sizeof line, "| SHA-256 of the entries | %s (", hex);
    assert_true(has(&md, line));
    assert_true(has(&md, "| \\--grep | Authenticate |\n"));
    assert_true(has(&md, "| source | file demo.ndjson |\n"));
    const char *entries = strstr(md.out, "\n## Entries\n");
    assert_non_null(entries);
    /* Of a file all is known before the first entry stands there. */
    assert_null(strstr(entries, "\n## Stages\n"));
    assert_true(has(&md, "\n## Stages\n"));
    assert_true(has(&md, "| time range | 2025-05-14 "));
    assert_false(has(&md, "stand after the entries"));
    run_done(&ndjson);
    run_done(&md);
}

/* What is left out does not change the verdict. */
static void test_report_is_of_all(void **state)
{
    (void)state;
    Run all = SHOW(DEMO, "--format", "md");
    Run few = SHOW(DEMO, "--format", "md", "--level", "error");
    const char *of_all = strstr(all.out, "\n## The enrolment\n");
    const char *of_few = strstr(few.out, "\n## The enrolment\n");
    assert_non_null(of_all);
    assert_non_null(of_few);
    assert_non_null(strstr(of_few, "The Mac is enrolled"));
    assert_null(strstr(of_all, "\n\n\n")); /* one empty line between parts is enough */
    run_done(&all);
    run_done(&few);
}

static void test_gaps_are_told(void **state)
{
    (void)state;
    Run result = SHOW(CAPTURE, "--format", "md");
    assert_true(has(&result, "--- === Messages dropped during live streaming"));
    assert_true(has(&result, "| drops and gaps | 1 |\n"));
    assert_true(has(&result, "| gap | "));
    run_done(&result);
}

static void test_json_is_one_array(void **state)
{
    (void)state;
    Run result = SHOW(CAPTURE, "--format", "json");
    assert_true(strncmp(result.out, "[\n{", 3) == 0);
    assert_true(sv_ends(sv(result.out), SV("}\n]\n")));
    run_done(&result);
    result = SHOW(CAPTURE, "--format", "json", "--grep", "nothing has this");
    assert_int_equal(result.status, EXIT_NOTHING);
    assert_string_equal(result.out, "[\n]\n");
    run_done(&result);
}

static void test_bundle(void **state)
{
    (void)state;
    Run result = SHOW(DEMO, "--format", "bundle");
    assert_int_equal(result.status, EXIT_MATCHED);
    assert_string_equal(result.errors, "");
    assert_true(result.out_len > 1000);
    assert_memory_equal(result.out, "\x1f\x8b", 2);
    run_done(&result);
}

/* A name whose key is in a later entry, which --grep keeps out: sources that can be read twice are,
 * standard input out of a file among them; of a pipe it is known from that entry on. */
static void test_learns_from_what_is_left_out(void **state)
{
    (void)state;
    static char *const FORMS[] = {"text", "ndjson", "json", "csv", "md", "html"};
    for (size_t i = 0; i < ARRAY_LEN(FORMS); i++) {
        Run result = SHOW(LATER, "--redact", "--format", FORMS[i], "--grep", "keychain");
        assert_int_equal(result.status, EXIT_MATCHED);
        assert_true(has(&result, "keychain of "));
        assert_false(has(&result, "tessaq"));
        run_done(&result);
        result = SHOW(LATER, "--no-redact", "--format", FORMS[i], "--grep", "keychain");
        assert_true(has(&result, "keychain of tessaq"));
        run_done(&result);
    }
}

/* Runs with `fd` for standard input. */
static Run show_input(int fd)
{
    int before = dup(STDIN_FILENO);
    assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    Run result = SHOW("-", "--redact");
    assert_int_equal(dup2(before, STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(close(before), 0);
    assert_int_equal(close(fd), 0);
    return result;
}

static void test_learns_from_standard_input(void **state)
{
    (void)state;
    char bytes[4096];
    int ends[2];
    int file = open(LATER, O_RDONLY);
    assert_true(file >= 0);
    ssize_t len = pread(file, bytes, sizeof bytes, 0);
    assert_true(len > 0);
    Run result = show_input(file);
    assert_true(has(&result, "keychain of <user-1>"));
    assert_true(has(&result, "done for <user-1>"));
    run_done(&result);

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes, (size_t)len), len);
    assert_int_equal(close(ends[1]), 0);
    result = show_input(ends[0]);
    assert_true(has(&result, "keychain of tessaq"));
    assert_true(has(&result, "done for <user-1>"));
    run_done(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_redacted_unless_told),
        cmocka_unit_test(test_says_what_it_is),
        cmocka_unit_test(test_gaps_are_told),
        cmocka_unit_test(test_json_is_one_array),
        cmocka_unit_test(test_bundle),
        cmocka_unit_test(test_report_is_of_all),
        cmocka_unit_test(test_learns_from_what_is_left_out),
        cmocka_unit_test(test_learns_from_standard_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
