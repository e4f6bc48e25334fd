/*
 * Tests of the tracker as `mdmscope explain` shows it: every capture of tests/data/enrolment
 * against the JSON beside it, the real lines that others have published, and that ordinary logs
 * yield nothing. ENROLMENT_UPDATE=1 in the environment writes the JSON anew; review it as a diff.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/node.h"
#include "base/utf8.h"
#include "session/explain.h"
#include "session/headless.h"

#define SCENARIOS "tests/data/enrolment/*.log"
#define SCENARIOS_MIN 40
#define BACKGROUND_ENTRIES "100000"

typedef struct Run {
    int status;
    char *out;
    size_t out_len;
    char *errors;
    size_t errors_len;
} Run;

/* Explains as it was logged, with `config_dir` as the user's directory, NULL = none. */
static Run explain_with(const char *path, const char *format, const char *config_dir)
{
    static const volatile sig_atomic_t stop = 0;
    char *words[] = {
        (char[]){"mdmscope"}, (char[]){"explain"},     strdup(path), (char[]){"--format"},
        strdup(format),       (char[]){"--no-redact"}, NULL};
    Run result = {0};
    Options options;
    Err err = err_none();
    if (!options_parse(6, words, &options, &err)) {
        fail_msg("%s", err.text);
    }
    options.config_dir = config_dir;
    FILE *out = open_memstream(&result.out, &result.out_len);
    FILE *errors = open_memstream(&result.errors, &result.errors_len);
    result.status = explain_run(&options, out, errors, &stop);
    (void)fclose(out);
    (void)fclose(errors);
    free(words[2]);
    free(words[4]);
    return result;
}

static Run explain(const char *path, const char *format)
{
    return explain_with(path, format, NULL);
}

static void run_done(Run *run)
{
    free(run->out);
    free(run->errors);
}

static StrBuf read_file(const char *path)
{
    StrBuf text = {0};
    char piece[4096];
    size_t len;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail_msg("%s is not there", path);
        return text;
    }
    while ((len = fread(piece, 1, sizeof(piece), file)) > 0) {
        strbuf_add(&text, sv_of(piece, len));
    }
    (void)fclose(file);
    return text;
}

static void write_file(const char *path, StrView text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

/* Gives the first line in which two texts differ, for the message. */
static void print_difference(const char *name, StrView got, StrView wanted)
{
    StrView got_line;
    StrView wanted_line;
    for (int number = 1;; number++) {
        bool has_got = sv_next_line(&got, &got_line);
        bool has_wanted = sv_next_line(&wanted, &wanted_line);
        got_line = has_got ? got_line : SV("(end)");
        wanted_line = has_wanted ? wanted_line : SV("(end)");
        if (!sv_equal(got_line, wanted_line)) {
            print_error("%s:%d:\n  got    %.*s\n  wanted %.*s\n", name, number, SV_ARG(got_line),
                        SV_ARG(wanted_line));
            return;
        }
        if (!has_got) {
            return;
        }
    }
}

static void assert_has(const Run *run, const char *text)
{
    if (strstr(run->out, text) == NULL) {
        fail_msg("'%s' is not in\n%s", text, run->out);
    }
}

/* --- scenarios ------------------------------------------------------------------------------ */

static bool check_scenario(const char *path)
{
    Run run = explain(path, "json");
    StrView got = sv_of(run.out, run.out_len);
    char *expected = strdup(path);
    (void)memcpy(expected + strlen(expected) - 4, ".jso", 4);
    char name[512];
    (void)snprintf(name, sizeof(name), "%sn", expected);
    free(expected);
    if (getenv("ENROLMENT_UPDATE") != NULL) {
        write_file(name, got);
    }
    StrBuf wanted = read_file(name);
    bool is_same = sv_equal(got, strbuf_view(&wanted));
    if (!is_same) {
        print_difference(name, got, strbuf_view(&wanted));
    }
    if (run.errors_len > 0) {
        print_error("%s: %s", path, run.errors);
        is_same = false;
    }
    strbuf_done(&wanted);
    run_done(&run);
    return is_same;
}

static void test_scenarios(void **state)
{
    (void)state;
    glob_t files;
    size_t failures = 0;
    assert_int_equal(glob(SCENARIOS, 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= SCENARIOS_MIN);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        failures += !check_scenario(files.gl_pathv[i]);
    }
    globfree(&files);
    assert_int_equal(failures, 0);
}

/* What is printed is JSON, and has the members of the contract. */
static void test_contract(void **state)
{
    (void)state;
    static const char *const MEMBERS[] = {"stages", "commands", "errors",  "findings",
                                          "masked", "gaps",     "attempts"};
    Run run = explain("tests/data/enrolment/stage15-command-chain.log", "json");
    Arena arena = {0};
    Err err = err_none();
    const Node *root = node_read(&arena, sv_of(run.out, run.out_len), "report", &err);
    assert_non_null(root);
    for (size_t i = 0; i < ARRAY_LEN(MEMBERS); i++) {
        assert_non_null(node_find(root, MEMBERS[i]));
    }
    assert_int_equal(node_find(root, "stages")->count, 27);
    const Node *command = node_find(root, "commands")->first;
    assert_true(sv_equal(node_text(command, "type"), SV("InstallProfile")));
    assert_true(sv_equal(node_text(command, "status"), SV("Error")));
    assert_int_equal((int)node_number(command, "http", 0), 200);
    const Node *reason = node_find(command, "reason");
    assert_true(sv_equal(node_text(reason, "domain"), SV("CPProfile")));
    assert_true(sv_equal(node_text(reason, "code"), SV("-102")));
    arena_done(&arena);
    run_done(&run);
}

/* --- precision ------------------------------------------------------------------------------ */

static void assert_nothing(const char *path)
{
    static const char *const LISTS[] = {"stages", "commands", "errors", "findings", "attempts"};
    Run run = explain(path, "json");
    Arena arena = {0};
    Err err = err_none();
    const Node *root = node_read(&arena, sv_of(run.out, run.out_len), "report", &err);
    assert_non_null(root);
    for (size_t i = 0; i < ARRAY_LEN(LISTS); i++) {
        const Node *list = node_find(root, LISTS[i]);
        if (list->count != 0) {
            fail_msg("%s: '%s' is not empty: %.2000s", path, LISTS[i], run.out);
        }
    }
    assert_int_equal(run.status, EXIT_NOTHING);
    arena_done(&arena);
    run_done(&run);
}

/* Real lines of Macs that are not being enrolled. */
static void test_ordinary_logs(void **state)
{
    static const char *const FILES[] = {
        "tests/data/parsers/levels.ndjson",         "tests/data/parsers/stream.ndjson",
        "tests/data/parsers/array-lines.json",      "tests/data/parsers/trimmed.ndjson",
        "tests/data/parsers/private.ndjson",        "tests/data/parsers/install-log.txt",
        "tests/data/filters/other_programs.ndjson",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
        assert_nothing(FILES[i]);
    }
}

static void test_background(void **state)
{
    (void)state;
    const char *build = getenv("MDMSCOPE_BUILD");
    char command[512];
    char path[] = "/tmp/mdmscope-background-XXXXXX";
    char tool[256];
    (void)snprintf(tool, sizeof(tool), "%s/tests/tools/gen_ndjson",
                   build != NULL ? build : "build");
    if (access(tool, X_OK) != 0) {
        skip(); /* this folder's tests alone do not build it */
    }
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
    (void)snprintf(command, sizeof(command), "%s --count %s --seed 7 --mdm no > %s", tool,
                   BACKGROUND_ENTRIES, path);
    assert_int_equal(system(command), 0);
    assert_nothing(path);
    assert_int_equal(unlink(path), 0);
}

/* --- the user's knowledge ------------------------------------------------------------------- */

/* What knowledge.json says is used; a faulty one is told and left out, nothing more. */
static void test_own_knowledge(void **state)
{
    (void)state;
    static const char SCENARIO[] = "tests/data/enrolment/trap-unknown-code.log";
    char directory[] = "/tmp/mdmscope-knowledge-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof(path), "%s/knowledge.json", directory);
    write_file(path, SV("{\"errors\": [{\"domain\": \"CPNobodyKnows\", \"code\": -4711, "
                        "\"stage\": \"commands\", \"title\": \"Somebody knows\"}]}"));
    Run run = explain_with(SCENARIO, "text", directory);
    assert_has(&run, "CPNobodyKnows -4711 · Somebody knows");
    assert_int_equal(run.errors_len, 0);
    run_done(&run);
    write_file(path, SV("{\"errors\": 1}"));
    run = explain_with(SCENARIO, "text", directory);
    assert_has(&run, "CPNobodyKnows -4711 · not in the knowledge base");
    assert_non_null(strstr(run.errors, "knowledge.json: 'errors' must be a list"));
    run_done(&run);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(directory), 0);
}

/* --- the report for people ------------------------------------------------------------------ */

static void test_text(void **state)
{
    (void)state;
    Run run = explain("tests/data/enrolment/stage03-identity-thermal.log", "text");
    assert_int_equal(run.status, EXIT_MATCHED);
    assert_has(&run, "The enrolment failed in stage 4 of 27");
    assert_has(&run, "x com.apple.MobileActivation.ErrorDomain -4");
    assert_has(&run, "confidence seen in a real log");
    assert_has(&run, "before it");
    assert_has(&run, "Nothing in this report is redacted");
    StrView rest = sv_of(run.out, run.out_len);
    StrView line;
    while (sv_next_line(&rest, &line)) {
        if (utf8_width(line) > 80) {
            fail_msg("too wide: %.*s", SV_ARG(line));
        }
    }
    const char *cause = strstr(run.out, "com.apple.MobileActivation.ErrorDomain -4");
    const char *consequence = strstr(run.out, "MCCloudConfigurationErrorDomain 34006");
    assert_true(cause != NULL && consequence > cause);
    run_done(&run);
}

/* Texts of the log do nothing in a report, whatever they are. */
static void test_escapes(void **state)
{
    (void)state;
    Run run = explain("tests/data/enrolment/trap-markup.log", "html");
    assert_has(&run, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_null(strstr(run.out, "<script"));
    assert_has(&run, "default-src 'none'");
    run_done(&run);
    run = explain("tests/data/enrolment/trap-markup.log", "md");
    assert_null(strstr(run.out, "<script"));
    assert_has(&run, "\\[x\\]");
    run_done(&run);
    run = explain("tests/data/enrolment/trap-markup.log", "text");
    assert_null(strchr(run.out, '\x1b'));
    run_done(&run);
}

static void test_statuses(void **state)
{
    (void)state;
    Run run = explain("tests/data/enrolment/trap-noise-faults.log", "text");
    assert_int_equal(run.status, EXIT_NOTHING);
    assert_has(&run, "No enrolment was found.");
    run_done(&run);
    run = explain("tests/data/enrolment/not-there.log", "text");
    assert_int_equal(run.status, EXIT_USAGE);
    assert_int_equal(run.out_len, 0);
    assert_true(run.errors_len > 0);
    run_done(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scenarios),     cmocka_unit_test(test_contract),
        cmocka_unit_test(test_ordinary_logs), cmocka_unit_test(test_background),
        cmocka_unit_test(test_text),          cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_statuses),      cmocka_unit_test(test_own_knowledge),
    };
    return cmocka_run_group_tests_name("enrolment", tests, NULL, NULL);
}
