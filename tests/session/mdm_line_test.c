/*
 * Tests of MdmLine: what each shape of line gives, and that what is cut or odd gives nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "session/mdm_line.h"

typedef struct Case {
    const char *message;
    MdmLineKind kind;
    int uid;
    const char *channel, *what, *type, *id, *text; /* NULL = none */
    int http;
} Case;

/* clang-format off */
static const Case CASES[] = {
    {"[*] [0:MDMDaemon:<0x4d0d>] Processing server request: DeclarativeManagement for: <Device> (3fb4-a) PowerNap: no",
     MDM_LINE_REQUEST, 0, "Device", NULL, "DeclarativeManagement", "3fb4-a", NULL, 0},
    {"Processing server request: InstallApplication  for: <Device>",
     MDM_LINE_REQUEST, 0, "Device", NULL, "InstallApplication", NULL, NULL, 0},
    {"[501:MDMAgent:<0x1>] Processing server request: ProfileList for: <User: 501> (7) PowerNap: no",
     MDM_LINE_REQUEST, 501, "User: 501", NULL, "ProfileList", "7", NULL, 0},
    {"Processing server request: ProfileList for: <User: 501> (7)",
     MDM_LINE_REQUEST, 501, "User: 501", NULL, "ProfileList", "7", NULL, 0},
    {"Responding 'NotNow' to server request: ProfileList for: <Device> reason: Not supported during DarkWake",
     MDM_LINE_NOT_NOW, 0, "Device", NULL, "ProfileList", NULL, "Not supported during DarkWake", 0},
    {"[*] [0:MDMDaemon:HTTPUtil:<0x30c>] >>>>> Sending HTTP request (PUT) [Idle] >>>>>",
     MDM_LINE_SENT, 0, NULL, "Idle", NULL, NULL, NULL, 0},
    {">>>>> Sending HTTP request (PUT) [Acknowledged(SecurityInfo):beebd0b3-7d15] >>>>>",
     MDM_LINE_SENT, -1, NULL, "Acknowledged", "SecurityInfo", "beebd0b3-7d15", NULL, 0},
    {">>>>> Sending HTTP request (PUT) [CommandFormatError] >>>>>",
     MDM_LINE_SENT, -1, NULL, "CommandFormatError", NULL, NULL, NULL, 0},
    {"<<<<< Received HTTP response (401) [MDM_Authenticate] <<<<<",
     MDM_LINE_RECEIVED, -1, NULL, "MDM_Authenticate", NULL, NULL, NULL, 401},
    {"<<<<< Received HTTP response (200) [Error(InstallProfile):99] <<<<<",
     MDM_LINE_RECEIVED, -1, NULL, "Error", "InstallProfile", "99", NULL, 200},
    {"[ERROR] [506:MDMAgent:<0x191a53>] [ErrorChain.0] (InstallProfile) [CPProfile:-102] The profile",
     MDM_LINE_CHAIN, 506, NULL, NULL, "InstallProfile", NULL, "The profile", 0},
    {"Calling MDM_Connect (At login: no) <PushNotification> for: https://mdm.example.com/mdm",
     MDM_LINE_CONNECT, -1, NULL, NULL, NULL, NULL, NULL, 0},
    {"[0:MDMAgent:ManagedApps:<0x20b>] StartInstall using UUID: 47F5-A for MDM 'com.example.mdm'",
     MDM_LINE_APP_START, 0, NULL, NULL, NULL, "47F5-A", NULL, 0},
    {"InstallApplication (UUID:47F5-A) (iOS: no) manifest: no",
     MDM_LINE_APP_CALLED, -1, NULL, NULL, NULL, "47F5-A", NULL, 0},
    {"Install '47F5-A' finished.  Sucess: YES  Error: (null)",
     MDM_LINE_APP_END, -1, NULL, NULL, NULL, "47F5-A", NULL, 0},
    {"Install phase 97 (47F5) completed. Result: <Abort> ==> Error",
     MDM_LINE_APP_ABORT, -1, NULL, NULL, NULL, "47F5", NULL, 0},
    {"[ERROR] Aborting app install: Package signature cannot be verified <PKInstallErrorDomain:100>",
     MDM_LINE_APP_ABORT, -1, NULL, NULL, NULL, NULL, "Package signature cannot be verified <PKInstallErrorDomain:100>", 0},

    /* no such lines, or not all of one */
    {"", MDM_LINE_NONE, -1, NULL, NULL, NULL, NULL, NULL, 0},
    {"Processing server request: ", MDM_LINE_NONE, -1, NULL, NULL, NULL, NULL, NULL, 0},
    {"Processing server request: ProfileList for: <Device", MDM_LINE_NONE, -1, NULL, NULL, NULL, NULL, NULL, 0},
    {"<<<<< Received HTTP response (", MDM_LINE_NONE, -1, NULL, NULL, NULL, NULL, NULL, 0},
    {"<<<<< Received HTTP response (abc) [Idle] <<<<<", MDM_LINE_NONE, -1, NULL, NULL, NULL, NULL, NULL, 0},
    {"<<<<< Received HTTP response (200) [", MDM_LINE_NONE, -1, NULL, NULL, NULL, NULL, NULL, 0},
    {">>>>> Sending HTTP request (PUT) [] >>>>>", MDM_LINE_NONE, -1, NULL, NULL, NULL, NULL, NULL, 0},
    {"[ErrorChain.x] (A) [B:1] c", MDM_LINE_NONE, -1, NULL, NULL, NULL, NULL, NULL, 0},
    {"Install phase 3 (47F5) completed. Result: <Continue>", MDM_LINE_NONE, -1, NULL, NULL, NULL, NULL, NULL, 0},
    {"Install 'x' is about to begin", MDM_LINE_NONE, -1, NULL, NULL, NULL, NULL, NULL, 0},
};
/* clang-format on */

static void assert_text(const Case *row, const char *what, StrView got, const char *wanted)
{
    StrView expected = sv(wanted);
    if (got.len != expected.len || (got.len > 0 && !sv_equal(got, expected))) {
        fail_msg("'%s': %s is '%.*s'", row->message, what, SV_ARG(got));
    }
}

static void test_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        const Case *row = &CASES[i];
        MdmLine line = mdm_line_read(sv(row->message));
        if (line.kind != row->kind || line.http != row->http || line.uid != row->uid) {
            fail_msg("'%s': kind %d, http %d, uid %d", row->message, (int)line.kind, line.http,
                     (int)line.uid);
        }
        assert_text(row, "channel", line.channel, row->channel);
        assert_text(row, "what", line.what, row->what);
        assert_text(row, "type", line.type, row->type);
        assert_text(row, "id", line.id, row->id);
        assert_text(row, "text", line.text, row->text);
    }
    assert_true(mdm_line_read(sv("Install 'a' finished.  Sucess: YES  Error: (null)")).is_ok);
    assert_false(mdm_line_read(sv("Install 'a' finished.  Sucess: NO  Error: x")).is_ok);
}

/* Whatever is cut off, nothing is read past the end; the sanitizers watch. */
static void test_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        StrView message = sv(CASES[i].message);
        for (size_t len = 0; len <= message.len; len++) {
            char *copy = len > 0 ? test_malloc(len) : NULL;
            for (size_t k = 0; k < len; k++) {
                copy[k] = message.ptr[k];
            }
            (void)mdm_line_read(sv_of(copy, len));
            (void)mdm_line_words(sv_of(copy, len));
            test_free(copy);
        }
    }
}

static void test_prefixes(void **state)
{
    (void)state;
    static const char *const PAIRS[][2] = {
        {"[*] [0:MDMDaemon:<0x5b0>] words", "words"},
        {"[ERROR] [0:MDM_PI:<0x8b4a>] [CE] XPC: x", "XPC: x"},
        {"[x] no prefix", "[x] no prefix"},
        {"[501:MDMAgent] <OUTERROR> y", "<OUTERROR> y"},
        {"", ""},
        {"[*] ", "[*] "},
    };
    for (size_t i = 0; i < ARRAY_LEN(PAIRS); i++) {
        StrView words = mdm_line_words(sv(PAIRS[i][0]));
        if (!sv_equal(words, sv(PAIRS[i][1]))) {
            fail_msg("'%s' gave '%.*s'", PAIRS[i][0], SV_ARG(words));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_prefixes),
    };
    return cmocka_run_group_tests_name("mdm_line", tests, NULL, NULL);
}
