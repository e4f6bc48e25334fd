/*
 * Tests of the tracker and the findings fed directly: limits, the revision, several Macs at once,
 * restarts of the system, thresholds of time, and lines that make no sense.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/mem.h"
#include "session/findings.h"

#define START_NS (INT64_C(1757318400) * NS_PER_SECOND)

typedef struct Fixture {
    Stages *stages;
    Enrolment *enrolment;
    AtomTable *atoms;
    Columns columns;
    EntryNumber number;
    Findings findings;
} Fixture;

static int setup(void **state)
{
    Fixture *fixture = mem_calloc(1, sizeof(*fixture));
    StrBuf text = {0};
    Err err = err_none();
    assert_true(embed_read("filters/stages.json", &text));
    fixture->stages = stages_new(strbuf_view(&text), "stages.json", &err);
    assert_non_null(fixture->stages);
    fixture->enrolment = enrolment_new(fixture->stages);
    fixture->atoms = atom_table_new(MIB);
    columns_init(&fixture->columns, fixture->atoms);
    strbuf_done(&text);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    Fixture *fixture = *state;
    enrolment_free(fixture->enrolment);
    stages_free(fixture->stages);
    columns_done(&fixture->columns);
    atom_table_free(fixture->atoms);
    mem_free(fixture);
    return 0;
}

static void feed_entry(Fixture *fixture, Entry entry)
{
    columns_clear(&fixture->columns);
    entry.kind = entry.kind == KIND_UNPARSED ? KIND_LOG : entry.kind;
    entry.raw = entry.message;
    uint32_t index = columns_push(&fixture->columns, &entry);
    StageVerdict verdict = stages_judge(fixture->stages, &fixture->columns, index);
    enrolment_feed(fixture->enrolment, &fixture->columns, index, ++fixture->number, &verdict);
}

static void feed(Fixture *fixture, int64_t seconds, const char *process, const char *message)
{
    feed_entry(fixture, (Entry){.level = LEVEL_DEFAULT,
                                .time.ns = START_NS + seconds * NS_PER_SECOND,
                                .process = sv(process),
                                .message = sv(message)});
}

static void feed_from(Fixture *fixture, uint8_t source, int64_t seconds, const char *message)
{
    feed_entry(fixture, (Entry){.time.ns = START_NS + seconds * NS_PER_SECOND,
                                .source = source,
                                .process = SV("mdmclient"),
                                .message = sv(message)});
}

static const Attempt *attempt(const Fixture *fixture, size_t index)
{
    const Attempt *found = enrolment_attempt(fixture->enrolment, index);
    assert_non_null(found);
    return found;
}

/* Whether there is a finding of that kind `seconds` after the start. */
static bool has_finding(Fixture *fixture, FindingKind kind, int64_t seconds)
{
    findings_make(fixture->enrolment, enrolment_headline(fixture->enrolment),
                  START_NS + seconds * NS_PER_SECOND, &fixture->findings);
    for (size_t i = 0; i < fixture->findings.count; i++) {
        if (fixture->findings.items[i].kind == kind) {
            assert_true(fixture->findings.items[i].text[0] != '\0');
            return true;
        }
    }
    return false;
}

/* --- limits --------------------------------------------------------------------------------- */

static void test_many_commands(void **state)
{
    Fixture *fixture = *state;
    const MdmCommand *commands;
    for (int i = 0; i < ENROLMENT_COMMANDS_MAX * 3; i++) {
        char line[160];
        (void)snprintf(line, sizeof(line),
                       "[*] [0:MDMDaemon:<0x1>] Processing server request: ProfileList for: "
                       "<Device> (%08d-0000-0000-0000-000000000000) PowerNap: no",
                       i);
        feed(fixture, i, "mdmclient", line);
    }
    size_t count = attempt_commands(attempt(fixture, 0), &commands);
    assert_in_range(count, ENROLMENT_COMMANDS_MAX / 2, ENROLMENT_COMMANDS_MAX);
    assert_int_equal(count + attempt_dropped(attempt(fixture, 0)), ENROLMENT_COMMANDS_MAX * 3);
    assert_string_equal(commands[count - 1].id, "00001535-0000-0000-0000-000000000000");
    for (size_t i = 1; i < count; i++) { /* the oldest have gone, in order */
        assert_true(commands[i].received.number == commands[i - 1].received.number + 1);
    }
}

static void test_many_failures(void **state)
{
    Fixture *fixture = *state;
    const Failure *failures;
    size_t order[ENROLMENT_FAILURES_MAX];
    for (int i = 0; i < ENROLMENT_FAILURES_MAX * 2; i++) {
        char line[160];
        (void)snprintf(line, sizeof(line),
                       "[ERROR] [0:M:<0x1>] [ErrorChain.0] (InstallProfile) [Unknown.Domain:%d] x",
                       i);
        feed(fixture, i, "mdmclient", line);
        feed(fixture, i, "mdmclient", line); /* alike: counted, not kept */
    }
    assert_int_equal(attempt_failures(attempt(fixture, 0), &failures), ENROLMENT_FAILURES_MAX);
    assert_int_equal(failures[0].count, 2);
    assert_int_equal(attempt_dropped(attempt(fixture, 0)), ENROLMENT_FAILURES_MAX * 2);
    assert_int_equal(attempt_ranked(attempt(fixture, 0), order, ENROLMENT_FAILURES_MAX),
                     ENROLMENT_FAILURES_MAX);
    assert_true(attempt_decisive(attempt(fixture, 0)) != SIZE_MAX);
}

static void test_many_attempts(void **state)
{
    Fixture *fixture = *state;
    for (int i = 0; i < ENROLMENT_ATTEMPTS_MAX + 5; i++) {
        feed(fixture, i * 10, "mdmclient", "[0:M:<0x1>] Enrolling MDM of type: <DeviceEnrollment>");
        feed(fixture, i * 10 + 1, "mdmclient",
             ">>>>> Sending HTTP request (PUT) [MDM_Authenticate] >>>>>");
        feed(fixture, i * 10 + 2, "mdmclient",
             ">>>>> Sending HTTP request (PUT) [MDM_CheckOut] >>>>>");
    }
    assert_int_equal(enrolment_count(fixture->enrolment), ENROLMENT_ATTEMPTS_MAX);
    assert_int_equal(enrolment_attempts_dropped(fixture->enrolment), 5);
    assert_int_equal(attempt_number(attempt(fixture, 0)), 6);
    assert_int_equal(attempt_end(attempt(fixture, 0)), ATTEMPT_UNENROLLED);
}

static void test_many_gaps_and_proofs(void **state)
{
    Fixture *fixture = *state;
    const Gap *gaps;
    EnrolmentStage stage;
    for (int i = 0; i < ENROLMENT_GAPS_MAX + 9; i++) {
        Stamp time = {START_NS + i * NS_PER_SECOND, 0};
        enrolment_add_gap(fixture->enrolment, (EntryNumber)i + 1, time, SV("dropped"));
        feed(fixture, i, "mdmclient", "TokenUpdate failure.1");
    }
    assert_int_equal(enrolment_gaps(fixture->enrolment, &gaps), ENROLMENT_GAPS_MAX);
    assert_int_equal(gaps[0].number, 10);
    attempt_stage(attempt(fixture, 0), 12, &stage);
    assert_int_equal(stage.count, ENROLMENT_GAPS_MAX + 9);
    assert_int_equal(stage.proof_count, ENROLMENT_PROOFS_MAX);
    assert_int_equal(stage.proofs[0].number, 1); /* the first and the last are kept */
    assert_int_equal(stage.proofs[ENROLMENT_PROOFS_MAX - 1].number, ENROLMENT_GAPS_MAX + 9);
}

/* --- the revision --------------------------------------------------------------------------- */

static void test_revision(void **state)
{
    Fixture *fixture = *state;
    uint64_t before = enrolment_revision(fixture->enrolment);
    feed(fixture, 0, "Safari", "Error Domain=NSURLErrorDomain Code=-1003");
    feed(fixture, 1, "mdmclient", "cannot open file at line 53007 of [8fa8248e30]");
    feed(fixture, 2, "mdmclient", "nothing in particular");
    assert_int_equal(enrolment_revision(fixture->enrolment), before);
    assert_int_equal(enrolment_count(fixture->enrolment), 0);
    feed(fixture, 3, "mdmclient", "TokenUpdate failure.1");
    assert_true(enrolment_revision(fixture->enrolment) > before);
    assert_int_equal(enrolment_count(fixture->enrolment), 1);
}

/* --- attempts ------------------------------------------------------------------------------- */

/* Two Macs over ssh are two enrolments, however their entries are mixed. */
static void test_two_sources(void **state)
{
    Fixture *fixture = *state;
    const MdmCommand *commands;
    feed_from(fixture, 0, 0, "Processing server request: ProfileList for: <Device> (7)");
    feed_from(fixture, 1, 1, "Processing server request: ProfileList for: <Device> (7)");
    feed_from(fixture, 0, 2,
              ">>>>> Sending HTTP request (PUT) [Acknowledged(ProfileList):7] >>>>>");
    assert_int_equal(enrolment_count(fixture->enrolment), 2);
    assert_int_equal(attempt_source(attempt(fixture, 1)), 1);
    assert_int_equal(attempt_commands(attempt(fixture, 0), &commands), 1);
    assert_int_equal(commands[0].state, COMMAND_OK);
    assert_int_equal(attempt_commands(attempt(fixture, 1), &commands), 1);
    assert_int_equal(commands[0].state, COMMAND_OPEN);
}

static void test_boot(void **state)
{
    Fixture *fixture = *state;
    feed(fixture, 0, "mdmclient", "TokenUpdate failure.1");
    feed_entry(fixture, (Entry){.kind = KIND_TIMESYNC,
                                .time.ns = START_NS + NS_PER_SECOND,
                                .message = SV("=== system boot: 0A0B")});
    assert_int_equal(attempt_end(attempt(fixture, 0)), ATTEMPT_REBOOTED);
    feed(fixture, 60, "mdmclient", "TokenUpdate failure.1");
    assert_int_equal(enrolment_count(fixture->enrolment), 2);
}

/* Entries that overtake each other, and a clock that is set, are no restart. */
static void test_no_boot(void **state)
{
    Fixture *fixture = *state;
    static const struct {
        int64_t seconds;
        uint64_t mach;
    } ENTRIES[] = {{0, 9000000000}, {1, 9024000000},   {0, 9000000000},
                   {2, 9048000000}, {500, 9072000000}, {3, 9096000000}};
    for (size_t i = 0; i < ARRAY_LEN(ENTRIES); i++) {
        feed_entry(fixture, (Entry){.time.ns = START_NS + ENTRIES[i].seconds * NS_PER_SECOND,
                                    .present = HAS_MACH,
                                    .mach = ENTRIES[i].mach,
                                    .process = SV("mdmclient"),
                                    .message = SV("TokenUpdate failure.1")});
    }
    assert_int_equal(enrolment_count(fixture->enrolment), 1);
    assert_int_equal(attempt_end(attempt(fixture, 0)), ATTEMPT_GOES_ON);
}

/* What ordinary Macs say, too, becomes a part of the enrolment that follows, but not much later. */
static void test_prelude(void **state)
{
    Fixture *fixture = *state;
    EnrolmentStage stage;
    feed(fixture, 0, "mobileactivationd", "Performing UCRT OOB.");
    assert_int_equal(enrolment_count(fixture->enrolment), 0);
    feed(fixture, 5, "teslad", "service starting...");
    assert_int_equal(enrolment_count(fixture->enrolment), 0);
    feed(fixture, 10, "teslad", "Retrying the request");
    attempt_stage(attempt(fixture, 0), 3, &stage);
    assert_int_equal(stage.count, 1);
    assert_true(attempt_first(attempt(fixture, 0)).ns == START_NS);
}

static void test_old_prelude(void **state)
{
    Fixture *fixture = *state;
    EnrolmentStage stage;
    feed(fixture, 0, "mobileactivationd", "Performing UCRT OOB.");
    feed(fixture, 7200, "teslad", "Retrying the request");
    attempt_stage(attempt(fixture, 0), 3, &stage);
    assert_int_equal(stage.count, 0);
}

/* --- findings in time ----------------------------------------------------------------------- */

static void test_stuck_in_time(void **state)
{
    Fixture *fixture = *state;
    feed(fixture, 0, "Setup Assistant",
         "Obtaining CloudConfiguration profile using 'classic' URL in window: (null)");
    assert_false(has_finding(fixture, FINDING_STUCK, 299));
    assert_true(has_finding(fixture, FINDING_STUCK, 300));
    assert_int_equal(fixture->findings.items[0].severity, FINDING_ERROR);
    feed(fixture, 301, "Setup Assistant", "WebView: downloadDidFinish");
    assert_false(has_finding(fixture, FINDING_STUCK, 700));
}

static void test_no_answer_in_time(void **state)
{
    Fixture *fixture = *state;
    feed(fixture, 0, "mdmclient", "Processing server request: ProfileList for: <Device> (7)");
    assert_false(has_finding(fixture, FINDING_NO_ANSWER, 59));
    assert_true(has_finding(fixture, FINDING_NO_ANSWER, 60));
    feed(fixture, 61, "mdmclient",
         ">>>>> Sending HTTP request (PUT) [Acknowledged(ProfileList):7] >>>>>");
    assert_false(has_finding(fixture, FINDING_NO_ANSWER, 62));
    assert_true(has_finding(fixture, FINDING_NO_ANSWER, 121)); /* now the server is silent */
    feed(fixture, 122, "mdmclient",
         "<<<<< Received HTTP response (200) [Acknowledged(ProfileList):7] <<<<<");
    assert_false(has_finding(fixture, FINDING_NO_ANSWER, 900));
}

/* Lines before the first stamp have no time: no length is reckoned from them. The other lines here
 * are of 1969, where a difference to what has no time would be a long one. */
static void test_no_time(void **state)
{
    Fixture *fixture = *state;
    const MdmCommand *commands;
    const int64_t before_1970 = -START_NS / NS_PER_SECOND - 60;
    feed_entry(fixture, (Entry){.time.ns = CLOCK_NO_TIME,
                                .process = SV("mdmclient"),
                                .message = SV("Processing server request: ProfileList for: "
                                              "<Device> (7)")});
    feed(fixture, before_1970, "Finder", "a line of nobody's");
    assert_false(has_finding(fixture, FINDING_NO_ANSWER, before_1970));
    assert_false(has_finding(fixture, FINDING_STUCK, before_1970));
    feed(fixture, before_1970, "mdmclient",
         ">>>>> Sending HTTP request (PUT) [Acknowledged(ProfileList):7] >>>>>");
    assert_int_equal(attempt_commands(attempt(fixture, 0), &commands), 1);
    assert_true(commands[0].answered.number != 0);
    assert_true(command_latency_ms(&commands[0]) == -1);
}

/* The same answer is the end to one request and no matter to another: what is told of it must fit
 * the request that failed. */
static void test_gone(void **state)
{
    static const char *const ENDED[] = {"MDM_Authenticate",
                                        "MDM_TokenUpdate",
                                        "MDM_SetBootstrapToken",
                                        "MDM_GetBootstrapToken",
                                        "DeclarativeManagement",
                                        "Acknowledged(ProfileList):7",
                                        "Idle"};
    Fixture *fixture = *state;
    const Failure *failures;
    feed(fixture, 0, "mdmclient", "[0:MDM_PI:<0x8b4a>] Enrolling MDM of type: <DeviceEnrollment>");
    feed(fixture, 1, "mdmclient",
         "<<<<< Received HTTP response (410) [MDM_UserAuthenticate] <<<<<");
    assert_int_equal(attempt_failures(attempt(fixture, 0), &failures), 0);
    for (size_t i = 0; i < ARRAY_LEN(ENDED); i++) {
        char line[160];
        (void)snprintf(line, sizeof(line), "<<<<< Received HTTP response (410) [%s] <<<<<",
                       ENDED[i]);
        feed(fixture, 2, "mdmclient", line);
    }
    size_t count = attempt_failures(attempt(fixture, 0), &failures);
    assert_in_range(count, 3, ARRAY_LEN(ENDED)); /* of one stage and code they are alike */
    for (size_t i = 0; i < count; i++) {
        StrView told[] = {failures[i].explained.title, failures[i].explained.meaning,
                          failures[i].explained.cause, failures[i].explained.remedy};
        assert_string_equal(failures[i].code, "410");
        for (size_t k = 0; k < ARRAY_LEN(told); k++) {
            assert_true(told[k].len > 0);
            assert_true(sv_find(told[k], SV("user")) == SIZE_MAX &&
                        sv_find(told[k], SV("User")) == SIZE_MAX);
        }
    }
}

/* One host that fails again and again is no interception. */
static void test_one_host(void **state)
{
    Fixture *fixture = *state;
    for (int i = 0; i < 5; i++) {
        feed(fixture, i, "Setup Assistant",
             "WebView: didFailProvisionalNavigation error: Error Domain=NSURLErrorDomain "
             "Code=-1202 \"x\" https://mdm.example.com/a");
    }
    assert_false(has_finding(fixture, FINDING_TLS, 10));
    feed(fixture, 6, "Setup Assistant",
         "WebView: didFailProvisionalNavigation error: Error Domain=NSURLErrorDomain Code=-1202 "
         "\"x\" https://idp.example.com/a");
    assert_true(has_finding(fixture, FINDING_TLS, 10));
}

/* --- nonsense ------------------------------------------------------------------------------- */

/* Now and then no time at all, or one at an end of what there is. */
static int64_t odd_time(int step, uint64_t seed)
{
    static const int64_t ODD[] = {CLOCK_NO_TIME, CLOCK_NO_TIME + 1, INT64_MAX, INT64_MAX - 1, 0};
    bool is_odd = step % 2000 > 1000 && (seed >> 20) % 8 == 0;
    return is_odd ? ODD[(seed >> 45) % ARRAY_LEN(ODD)] : START_NS + step * NS_PER_SECOND;
}

/* Pieces of real lines in any order: nothing breaks, and everything can be asked at any time. */
static void test_nonsense(void **state)
{
    Fixture *fixture = *state;
    static const char *const PIECES[] = {
        "Processing server request: ",
        "ProfileList",
        "InstallApplication",
        " for: <Device>",
        " for: <User: 501>",
        " (7)",
        " (3a909274-91d1-413a-83f4-80da03df65e9)",
        "[0:M:<0x1>] ",
        ">>>>> Sending HTTP request (PUT) [",
        "<<<<< Received HTTP response (200) [",
        "<<<<< Received HTTP response (500) [",
        "Acknowledged(ProfileList):7]",
        "Error(InstallApplication):7]",
        "NotNow(ProfileList):7]",
        "Idle]",
        "MDM_CheckOut]",
        "[ErrorChain.0] (InstallApplication) [CPProfile:-102] x",
        "StartInstall using UUID: 47F55BA4-ABFA-4664-AF9C-FDB3718CECED for MDM 'x'",
        "Install '47F55BA4-ABFA-4664-AF9C-FDB3718CECED' finished.  Sucess: NO",
        "Aborting app install: x <PKInstallErrorDomain:100>",
        "service starting...",
        "Done retrieving cloud configuration",
        "Error Domain=NSURLErrorDomain Code=-1202",
        "TokenUpdate failure.1",
        "<private>",
        "\xff\xfe",
        "[MDM_TokenUpdate] <<<<<",
        "Request too soon",
    };
    static const char *const PROCESSES[] = {"mdmclient", "teslad", "Setup Assistant", "apsd",
                                            "installd"};
    uint64_t seed = 12345;
    for (int i = 0; i < 20000; i++) {
        char line[512] = "";
        int count = (int)(seed >> 60) % 5 + 1;
        for (int k = 0; k < count; k++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            (void)strncat(line, PIECES[(seed >> 33) % ARRAY_LEN(PIECES)],
                          sizeof(line) - strlen(line) - 1);
        }
        feed_entry(fixture, (Entry){.time.ns = odd_time(i, seed),
                                    .process = sv(PROCESSES[(seed >> 40) % ARRAY_LEN(PROCESSES)]),
                                    .message = sv(line)});
        if (i % 500 == 0 && enrolment_headline(fixture->enrolment) != NULL) {
            const Attempt *headline = enrolment_headline(fixture->enrolment);
            size_t decisive = attempt_decisive(headline);
            const Failure *failures;
            assert_true(decisive == SIZE_MAX || decisive < attempt_failures(headline, &failures));
            (void)has_finding(fixture, FINDING_STUCK, i);
            findings_make(fixture->enrolment, headline, odd_time(1001, seed << 20),
                          &fixture->findings);
        }
    }
    assert_true(enrolment_count(fixture->enrolment) > 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_many_commands), TEST(test_many_failures),
        TEST(test_many_attempts), TEST(test_many_gaps_and_proofs),
        TEST(test_revision),      TEST(test_two_sources),
        TEST(test_boot),          TEST(test_no_boot),
        TEST(test_prelude),       TEST(test_old_prelude),
        TEST(test_stuck_in_time), TEST(test_no_answer_in_time),
        TEST(test_no_time),       TEST(test_gone),
        TEST(test_one_host),      TEST(test_nonsense),
    };
    return cmocka_run_group_tests_name("tracker", tests, NULL, NULL);
}
