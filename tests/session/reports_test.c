/*
 * Tests of the commands record, profile and playbook as a whole: what goes to which stream, and the
 * exit status of the contract.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/plist.h"
#include "session/headless.h"
#include "session/reports.h"

typedef int (*Command)(const Options *options, FILE *out, FILE *errors);

typedef struct Ran {
    int status;
    StrBuf out;
    StrBuf errors;
} Ran;

static void take(FILE *file, StrBuf *buf)
{
    char chunk[4096];
    rewind(file);
    strbuf_add(buf, SV(""));
    for (size_t len; (len = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        strbuf_add(buf, sv_of(chunk, len));
    }
    strbuf_reserve(buf, 1);
    buf->ptr[buf->len] = '\0';
    assert_int_equal(fclose(file), 0);
}

static Ran run(Command command, const char *line)
{
    char copy[256];
    char *argv[16] = {"mdmscope"};
    int argc = 1;
    Options options;
    Err err = err_none();
    Ran ran = {.status = -1};
    FILE *out = tmpfile();
    FILE *errors = tmpfile();
    assert_true(out != NULL && errors != NULL);
    (void)snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        argv[argc++] = word;
    }
    if (!options_parse(argc, argv, &options, &err)) {
        fail_msg("%s: %s", line, err.text);
    }
    ran.status = command(&options, out, errors);
    take(out, &ran.out);
    take(errors, &ran.errors);
    return ran;
}

static void ran_done(Ran *ran)
{
    strbuf_done(&ran->out);
    strbuf_done(&ran->errors);
}

static void test_statuses(void **state)
{
    static const struct {
        Command command;
        const char *line;
        int status;
        const char *out;    /* stands in standard output; NULL = nothing is there */
        const char *errors; /* likewise */
    } ROWS[] = {
        {report_record, "record tests/data/record/show.txt", EXIT_MATCHED, "ConfigurationURL",
         NULL},
        {report_record, "record tests/data/record/show.txt --format json", EXIT_MATCHED,
         "\"findings\":[", NULL},
        {report_record, "record tests/data/record/show.txt --format md", EXIT_MATCHED,
         "## Findings", NULL},
        {report_record, "record tests/data/record/show.txt", EXIT_MATCHED, "?<hidden>", NULL},
        {report_record, "record tests/data/record/show.txt --no-redact", EXIT_MATCHED,
         "invitation=7f3a", NULL},
        {report_record, "record tests/data/record/show.txt --no-redact", EXIT_MATCHED,
         "Example GmbH", NULL},
        {report_record, "record tests/data/record/none.json", EXIT_NOTHING, NULL,
         "mdmscope: tests/data/record/none.json: no activation record in it"},
        {report_record, "record tests/data/record/fetch-error.plist", EXIT_NOTHING, NULL,
         "fetch-error.plist:5: no activation record but an answer: CloudConfigFetchError: "
         "MCCloudConfigErrorDomain 33001"},
        {report_record, "record session/demo.ndjson", EXIT_NOTHING, NULL,
         "no activation record in it"},
        {report_record, "record tests/data/record/not-enabled.txt", EXIT_NOTHING, NULL,
         "knows no organisation"},
        {report_record, "record tests/data/record/too-soon.txt", EXIT_NOTHING, NULL, "do: "},
        {report_record, "record tests/data/record/broken.json", EXIT_USAGE, NULL,
         "broken.json:2:18"},
        {report_record, "record tests/data/record/nowhere", EXIT_USAGE, NULL,
         "nowhere: No such file"},
        {report_record, "record tests/data/record", EXIT_USAGE, NULL, "s a directory"},
        {report_profile, "profile", EXIT_MATCHED, "com.apple.system.logging",
         "remove it from the Mac"},
        {report_profile, "profile --private-data", EXIT_MATCHED, "Enable-Private-Data", "unmasked"},
        {report_profile, "profile --commands", EXIT_MATCHED, "sudo log config --reset", NULL},
        {report_playbook, "playbook", EXIT_MATCHED, "  reset       Resetting", NULL},
        {report_playbook, "playbook hosts", EXIT_MATCHED, "iprofiles.apple.com [A]", NULL},
        {report_playbook, "playbook hosts --format md", EXIT_MATCHED, "| `iprofiles.apple.com` |",
         NULL},
        {report_playbook, "playbook all", EXIT_MATCHED, "Testing with a virtual machine", NULL},
        {report_playbook, "playbook nope", EXIT_USAGE, NULL,
         "there is no page 'nope'; there are record, logging"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Ran ran = run(ROWS[i].command, ROWS[i].line);
        bool has_out =
            ROWS[i].out != NULL ? strstr(ran.out.ptr, ROWS[i].out) != NULL : ran.out.len == 0;
        bool has_errors = ROWS[i].errors != NULL ? strstr(ran.errors.ptr, ROWS[i].errors) != NULL
                                                 : ran.errors.len == 0;
        if (ran.status != ROWS[i].status || !has_out || !has_errors) {
            fail_msg("%s: status %d\n%.300s\n%.300s", ROWS[i].line, ran.status, ran.out.ptr,
                     ran.errors.ptr);
        }
        ran_done(&ran);
    }
}

/* Whose record it is stays in the house, unless asked for. */
static void test_record_is_redacted(void **state)
{
    static const char *const LINES[] = {"record tests/data/record/show.txt",
                                        "record tests/data/record/show.txt --format md",
                                        "record tests/data/record/show.txt --format json",
                                        "record tests/data/record/stored.plist",
                                        "record tests/data/record/stored-binary.plist",
                                        "record tests/data/record/server.json"};
    static const char *const SECRETS[] = {"Example GmbH", "it@example.com", "mdm.example.com",
                                          "Examplestra",  "Berlin",         "+49 30",
                                          "SERIAL1",      "SERIAL2"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(LINES); i++) {
        Ran ran = run(report_record, LINES[i]);
        assert_int_equal(ran.status, EXIT_MATCHED);
        for (size_t j = 0; j < ARRAY_LEN(SECRETS); j++) {
            if (strstr(ran.out.ptr, SECRETS[j]) != NULL) {
                fail_msg("%s tells '%s':\n%s", LINES[i], SECRETS[j], ran.out.ptr);
            }
        }
        ran_done(&ran);
    }
}

/* Standard output is the profile and nothing else. */
static void test_profile_is_pure(void **state)
{
    Arena arena = {0};
    Ran one = run(report_profile, "profile");
    Ran two = run(report_profile, "profile");
    (void)state;
    assert_true(sv_starts(strbuf_view(&one.out), SV("<?xml ")));
    const Node *first = plist_read(&arena, strbuf_view(&one.out), "one", NULL);
    const Node *second = plist_read(&arena, strbuf_view(&two.out), "two", NULL);
    assert_true(first != NULL && second != NULL);
    assert_false(sv_equal(node_text(first, "PayloadUUID"), node_text(second, "PayloadUUID")));
    ran_done(&one);
    ran_done(&two);
    arena_done(&arena);
}

/* This machine is no Mac, or nobody is root on it: asking ends with a reason, not with a record. */
static void test_live_is_refused(void **state)
{
    FILE *version = fopen("/System/Library/CoreServices/SystemVersion.plist", "r");
    (void)state;
    if (version != NULL) {
        (void)fclose(version); /* was only opened */
        skip();
    }
    Ran ran = run(report_record, "record --live");
    assert_int_equal(ran.status, EXIT_SOURCE);
    assert_int_equal(ran.out.len, 0);
    assert_non_null(strstr(ran.errors.ptr, "record --live: this is no Mac"));
    ran_done(&ran);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_record_is_redacted),
        cmocka_unit_test(test_profile_is_pure),
        cmocka_unit_test(test_live_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
