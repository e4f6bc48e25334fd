/*
 * Tests of asking a Mac for its record, with scripts in the place of Apple's programs: which
 * command on which macOS, root, how often, answers on standard error, one that does not end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/record_live.h"

#define NOW_NS (INT64_C(1811808000) * NS_PER_SECOND)
#define HOUR_NS (INT64_C(3600) * NS_PER_SECOND)

/* A folder with stand-ins, and the place that is made of it. */
typedef struct Stage {
    char folder[64];
    char version_file[96];
    char state_dir[96];
    const char *folders[2];
    RecordFacts facts;
    LivePlace place;
} Stage;

static void write_file(const Stage *stage, const char *name, const char *text, mode_t mode)
{
    char path[160];
    (void)snprintf(path, sizeof path, "%s/%s", stage->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void set_version(Stage *stage, const char *version)
{
    char text[512];
    (void)snprintf(text, sizeof text,
                   "<plist version=\"1.0\"><dict><key>ProductVersion</key><string>%s</string>"
                   "</dict></plist>\n",
                   version);
    write_file(stage, "SystemVersion.plist", text, 0600);
}

static void stage_init(Stage *stage, const char *version)
{
    *stage = (Stage){.folder = "/tmp/mdmscope-live-XXXXXX"};
    assert_non_null(mkdtemp(stage->folder));
    (void)snprintf(stage->version_file, sizeof stage->version_file, "%s/SystemVersion.plist",
                   stage->folder);
    (void)snprintf(stage->state_dir, sizeof stage->state_dir, "%s/state", stage->folder);
    stage->folders[0] = stage->folder;
    stage->place = (LivePlace){.version_file = stage->version_file,
                               .folders = stage->folders,
                               .state_dir = stage->state_dir,
                               .timeout_ns = INT64_C(30) * NS_PER_SECOND,
                               .is_root = true,
                               .now_ns = NOW_NS};
    assert_true(record_facts_read_own(&stage->facts, NULL, NULL));
    set_version(stage, version);
    write_file(stage, "profiles", "#!/bin/sh\necho \"profiles $*\"\n", 0700);
    write_file(stage, "mdmclient", "#!/bin/sh\necho \"mdmclient $*\"\n", 0700);
}

static void stage_done(Stage *stage)
{
    char command[128];
    record_facts_done(&stage->facts);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", stage->folder);
    assert_int_equal(system(command), 0);
}

static bool ask(Stage *stage, StrBuf *text, Err *err)
{
    StrView command = SV_NONE;
    strbuf_clear(text);
    *err = err_none();
    return record_live_ask(&stage->place, &stage->facts, text, &command, err);
}

static void test_command_by_version(void **state)
{
    static const struct {
        const char *version;
        const char *printed; /* NULL = refused */
    } ROWS[] = {
        {"10.10.5", NULL},
        {"10.11.6", "mdmclient dep nag\n"},
        {"10.12.6", "mdmclient dep nag\n"},
        {"10.13", "profiles show -type enrollment\n"},
        {"10.13.6", "profiles show -type enrollment\n"},
        {"15.1", "profiles show -type enrollment\n"},
        {"27.0", "profiles show -type enrollment\n"},
    };
    Stage stage;
    StrBuf text = {0};
    Err err;
    (void)state;
    stage_init(&stage, "15.1");
    stage.place.state_dir = NULL;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        set_version(&stage, ROWS[i].version);
        bool is_asked = ask(&stage, &text, &err);
        assert_int_equal(is_asked, ROWS[i].printed != NULL);
        if (is_asked) {
            assert_string_equal(text.ptr, ROWS[i].printed);
        } else {
            assert_non_null(strstr(err.text, "has no command"));
        }
    }
    strbuf_done(&text);
    stage_done(&stage);
}

static void test_refusals(void **state)
{
    Stage stage;
    StrBuf text = {0};
    Err err;
    char path[160];
    (void)state;
    stage_init(&stage, "15.1");
    stage.place.is_root = false;
    assert_false(ask(&stage, &text, &err));
    assert_non_null(strstr(err.text, "needs root: sudo mdmscope record --live"));
    stage.place.is_root = true;
    write_file(&stage, "SystemVersion.plist", "nonsense", 0600);
    assert_false(ask(&stage, &text, &err));
    assert_non_null(strstr(err.text, "no property list"));
    assert_int_equal(unlink(stage.version_file), 0);
    assert_false(ask(&stage, &text, &err));
    assert_non_null(strstr(err.text, "this is no Mac"));
    set_version(&stage, "15.1");
    (void)snprintf(path, sizeof path, "%s/profiles", stage.folder);
    assert_int_equal(unlink(path), 0);
    assert_false(ask(&stage, &text, &err));
    assert_non_null(strstr(err.text, "there is no 'profiles' on this Mac"));
    assert_int_equal(text.len, 0);
    strbuf_done(&text);
    stage_done(&stage);
}

static void test_limit(void **state)
{
    Stage stage;
    StrBuf text = {0};
    Err err;
    (void)state;
    stage_init(&stage, "12.3");
    assert_true(ask(&stage, &text, &err));
    stage.place.now_ns = NOW_NS + 23 * HOUR_NS;
    assert_false(ask(&stage, &text, &err));
    assert_non_null(strstr(err.text, "about once in 24 hours"));
    assert_non_null(strstr(err.text, ".cloudConfigRecordFound"));
    stage.place.now_ns = NOW_NS + 24 * HOUR_NS;
    assert_true(ask(&stage, &text, &err));
    /* The time just remembered is one to come when the clock goes back: it does not count. */
    stage.place.now_ns = NOW_NS;
    assert_true(ask(&stage, &text, &err));
    /* Before 12.3 there was no limit. */
    set_version(&stage, "12.2.1");
    assert_true(ask(&stage, &text, &err));
    assert_true(ask(&stage, &text, &err));
    strbuf_done(&text);
    stage_done(&stage);
}

static void test_error_output_is_taken(void **state)
{
    Stage stage;
    StrBuf text = {0};
    Err err;
    (void)state;
    stage_init(&stage, "15.1");
    write_file(&stage, "profiles", "#!/bin/sh\necho out\necho no >&2\nexit 1\n", 0700);
    assert_true(ask(&stage, &text, &err));
    assert_string_equal(text.ptr, "out\nno\n");
    strbuf_done(&text);
    stage_done(&stage);
}

static void test_one_that_does_not_end(void **state)
{
    Stage stage;
    StrBuf text = {0};
    Err err;
    (void)state;
    stage_init(&stage, "15.1");
    write_file(&stage, "profiles", "#!/bin/sh\nexec sleep 600\n", 0700);
    stage.place.timeout_ns = NS_PER_SECOND / 10;
    assert_false(ask(&stage, &text, &err));
    assert_non_null(strstr(err.text, "it did not end"));
    /* That it was asked is remembered all the same. */
    stage.place.now_ns = NOW_NS + 1;
    assert_false(ask(&stage, &text, &err));
    assert_non_null(strstr(err.text, "not again before"));
    strbuf_done(&text);
    stage_done(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_by_version),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_error_output_is_taken),
        cmocka_unit_test(test_one_that_does_not_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
