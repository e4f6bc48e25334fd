/*
 * Tests of the explanations of errors: which codes lines name, in which of the ways, what is known
 * of them, and in which order they are told.
 */
#include <stdio.h>

#include "tests/filters/stages.h"

#define EXPLANATIONS 4

static size_t explain(Fixture *fixture, const char *process, const char *message,
                      Explanation *explanations)
{
    uint32_t row = push(fixture, sv(process), SV_NONE, sv(message));
    size_t count =
        stages_explain(fixture->stages, &fixture->columns, row, explanations, EXPLANATIONS);
    for (size_t i = 0; i < count; i++) {
        assert_true(explanations[i].subject.len > 0);
        assert_true(explanations[i].title.len > 0);
        assert_true(explanations[i].confidence.len > 0);
    }
    return count;
}

static void assert_view(StrView got, const char *wanted)
{
    if (!sv_equal(got, sv(wanted))) {
        fail_msg("got '%.*s', wanted '%s'", SV_ARG(got), wanted);
    }
}

static void assert_subject(const Explanation *explanation, const char *subject)
{
    assert_view(explanation->subject, subject);
}

/* Each known code in each of the ways in which lines name it. */
static void test_explain_known(void **state)
{
    static const char *const cases[][2] = {
        {"MDMResponseStatus 401", "<<<<< Received HTTP response (401) [MDM_Authenticate] <<<<<"},
        {"MDMResponseStatus 401",
         "[ERROR] [0:MDM_PI:<0x8b4a>] [CE] XPC: InstallMDMv1Profile "
         "<system> ==> Error Domain=MDMResponseStatus Code=401 \"(null)\""},
        {"MDMResponseStatus 403", "Error: DEP enrollment failed: Unable to complete enrollment. "
                                  "(MDMResponseStatus:403)"},
        {"MDMResponseStatus 503", "<<<<< Received HTTP response (503) [Idle] <<<<<"},
        {"MCCloudConfigurationErrorDomain 34006",
         "Error fetching Device Enrollment configuration: (34006) Error "
         "Domain=MCCloudConfigurationErrorDomain Code=34006 \"x\""},
        {"CPProfile -102", "[ERROR] [506:MDMAgent:<0x191a53>] [ErrorChain.0] (InstallProfile) "
                           "[CPProfile:-102] The profile is either missing"},
        {"CPProfile -102", "ErrorCode = \"-102\"; ErrorDomain = CPProfile;"},
        {"MDM-SCEP 15002", "Unable to obtain certificate from SCEP server at "
                           "https://scep.example.com <MDM-SCEP:15002>"},
        {"ConfigProfilePluginDomain -307", "ConfigProfilePluginDomain (-307): Some required"},
        {"NSURLErrorDomain -1001", "failed with NSURLErrorDomain:-1001 at last"},
        {"MCInstallationErrorDomain 4001", "Domain : MCInstallationErrorDomain Code   : 4001"},
        {"SecureTransport (kCFStreamErrorDomainSSL) -9802",
         "system TLS Trust evaluation failed(-9802)"},
        {"MDMDeviceEnrollment 101",
         "Device is not AwaitingConfiguration <MDMDeviceEnrollment:101>"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Explanation explanations[EXPLANATIONS];
        size_t count = explain(*state, "mdmclient", cases[i][1], explanations);
        if (count == 0) {
            fail_msg("nothing known of '%s'", cases[i][1]);
        }
        assert_subject(&explanations[0], cases[i][0]);
        assert_false(sv_equal(explanations[0].title, SV("not in the knowledge base")));
    }
}

static void test_explain_401(void **state)
{
    Explanation explanations[EXPLANATIONS];
    size_t count =
        explain(*state, "mdmclient", "<<<<< Received HTTP response (401) [MDM_Authenticate] <<<<<",
                explanations);
    assert_int_equal(count, 1);
    assert_view(explanations[0].title, "MDM server refused (401)");
    assert_true(explanations[0].cause.len > 0);
    assert_true(explanations[0].remedy.len > 0);
    assert_true(sv_find(explanations[0].confidence, SV("unverified advice")) != SIZE_MAX);
}

static void test_explain_unknown(void **state)
{
    Explanation explanations[EXPLANATIONS];
    size_t count = explain(*state, "mdmclient",
                           "Error Domain=MCCloudConfigurationErrorDomain Code=39999 \"New words.\"",
                           explanations);
    assert_int_equal(count, 1);
    assert_subject(&explanations[0], "MCCloudConfigurationErrorDomain 39999");
    assert_view(explanations[0].title, "not in the knowledge base");
    assert_view(explanations[0].meaning, "New words.");
    assert_null(explanations[0].remedy.ptr);
    assert_int_equal(explain(*state, "mdmclient", "<<<<< Received HTTP response (418) [Idle] <<<<<",
                             explanations),
                     1);
    assert_subject(&explanations[0], "MDMResponseStatus 418");
    assert_int_equal(explain(*state, "mdmclient", "no error here", explanations), 0);
}

/* The enrolment's own domain before the one that everything uses, the known before the unknown. */
static void test_explain_rank(void **state)
{
    Explanation explanations[EXPLANATIONS];
    size_t count = explain(*state, "teslad",
                           "Error response for request: Error Domain=NSURLErrorDomain Code=-1001 "
                           "\"x\" UserInfo={NSUnderlyingError=0x1 {Error Domain=Nobody Code=7 "
                           "\"(null)\"}, Error Domain=MCCloudConfigurationErrorDomain Code=34006}",
                           explanations);
    assert_int_equal(count, 3);
    assert_subject(&explanations[0], "MCCloudConfigurationErrorDomain 34006");
    assert_subject(&explanations[1], "NSURLErrorDomain -1001");
    assert_subject(&explanations[2], "Nobody 7");
    assert_null(explanations[2].meaning.ptr);
}

/* Errors that only words tell, and only where an enrolment's process says them. */
static void test_explain_words(void **state)
{
    Explanation explanations[EXPLANATIONS];
    assert_int_equal(
        explain(*state, "mdmclient", "Request too soon.  Try again later.", explanations), 1);
    assert_subject(&explanations[0], "known symptom");
    assert_view(explanations[0].title, "Request too soon");
    assert_int_equal(explain(*state, "Notes", "Request too soon.  Try again later.", explanations),
                     0);
    /* A generic code is explained whoever names it. */
    assert_int_equal(
        explain(*state, "Notes", "Error Domain=NSURLErrorDomain Code=-1009 \"x\"", explanations),
        1);
}

/* A flood of new codes is bounded, not remembered for ever. */
static void test_explain_flood(void **state)
{
    Explanation explanations[EXPLANATIONS];
    char line[128];
    for (int i = 0; i < 20000; i++) {
        (void)snprintf(line, sizeof(line), "Error Domain=Flood Code=%d \"(null)\"", i);
        assert_int_equal(explain(*state, "Notes", line, explanations), 1);
        columns_clear(&((Fixture *)*state)->columns);
    }
    assert_subject(&explanations[0], "an error");
}

/* Every row of the table is complete and its own first explanation by domain and code. */
static void test_error_rows(void **state)
{
    Fixture *fixture = *state;
    assert_true(fixture->knowledge.error_count >= 309);
    for (size_t i = 0; i < fixture->knowledge.error_count; i++) {
        const KnownError *error = &fixture->knowledge.errors[i];
        assert_true(error->explained.subject.len > 0);
        assert_true(error->explained.title.len > 0);
        assert_true(error->explained.confidence.len > 0);
        for (size_t k = 0; k < i; k++) {
            const KnownError *other = &fixture->knowledge.errors[k];
            assert_false(sv_equal(error->domain, other->domain) &&
                         sv_equal(error->code, other->code));
        }
    }
}

/* Every extractor reads its own example. */
static void test_extractors(void **state)
{
    Fixture *fixture = *state;
    const Node *extractors = node_find(fixture->root, "error_extractors");
    assert_true(extractors->count >= 8);
    for (const Node *node = extractors->first; node != NULL; node = node->next) {
        Explanation explanations[EXPLANATIONS];
        assert_true(explain(fixture, "mdmclient", node_text(node, "example").ptr, explanations) >
                    0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_explain_known),   cmocka_unit_test(test_explain_401),
        cmocka_unit_test(test_explain_unknown), cmocka_unit_test(test_explain_rank),
        cmocka_unit_test(test_explain_words),   cmocka_unit_test(test_explain_flood),
        cmocka_unit_test(test_error_rows),      cmocka_unit_test(test_extractors),
    };
    return cmocka_run_group_tests_name("stages_explain", tests, setup, teardown);
}
