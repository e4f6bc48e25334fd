/*
 * Tests of the knowledge as data: the shape of every row of filters/stages.json, the errors that a
 * message names, the words a regular expression must have, and a user's own file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/embed.h"
#include "base/node.h"
#include "base/utf8.h"
#include "filters/errors.h"
#include "filters/stages.h"

#define STAGES_FILE "filters/stages.json"

typedef struct Fixture {
    Arena arena;
    StrBuf text;
    const Node *root;
    Stages *stages;
    AtomTable *atoms;
    Columns columns;
} Fixture;

static int setup(void **state)
{
    static Fixture fixture;
    Err err = err_none();
    fixture = (Fixture){.atoms = atom_table_new(MIB)};
    assert_true(embed_read(STAGES_FILE, &fixture.text));
    fixture.root = node_read(&fixture.arena, strbuf_view(&fixture.text), STAGES_FILE, &err);
    fixture.stages = stages_new(strbuf_view(&fixture.text), STAGES_FILE, &err);
    assert_non_null(fixture.root);
    assert_non_null(fixture.stages);
    columns_init(&fixture.columns, fixture.atoms);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    Fixture *fixture = *state;
    columns_done(&fixture->columns);
    atom_table_free(fixture->atoms);
    stages_free(fixture->stages);
    arena_done(&fixture->arena);
    strbuf_done(&fixture->text);
    return 0;
}

/* --- the schema ----------------------------------------------------------------------------- */

typedef struct Member {
    const char *key;
    NodeKind kind;
    bool is_needed;
} Member;

static const Member STAGE_MEMBERS[] = {
    {"id", NODE_TEXT, true},    {"title", NODE_TEXT, true},     {"order", NODE_NUMBER, true},
    {"os", NODE_TEXT, true},    {"processes", NODE_LIST, true}, {"match", NODE_LIST, true},
    {"step", NODE_BOOL, false}, {"done_by", NODE_TEXT, false},  {"done_by_info", NODE_BOOL, false},
    {"short", NODE_TEXT, true},
};

static const Member PATTERN_MEMBERS[] = {
    {"kind", NODE_TEXT, true},          {"process", NODE_TEXT, true},
    {"regex", NODE_TEXT, true},         {"example", NODE_TEXT, true},
    {"confidence", NODE_TEXT, true},    {"source", NODE_TEXT, true},
    {"example_is", NODE_TEXT, true},    {"literals", NODE_LIST, false},
    {"also", NODE_LIST, false},         {"except", NODE_LIST, false},
    {"subsystem", NODE_TEXT, false},    {"subsystem_hint", NODE_TEXT, false},
    {"category", NODE_TEXT, false},     {"category_hint", NODE_TEXT, false},
    {"process_hint", NODE_TEXT, false}, {"note", NODE_TEXT, false},
    {"weak", NODE_BOOL, false},         {"bystander", NODE_BOOL, false},
    {"except_why", NODE_TEXT, false},   {"fetch", NODE_BOOL, false},
    {"begins", NODE_BOOL, false},
};

static const Member ERROR_MEMBERS[] = {
    {"domain", NODE_TEXT, true},        {"title", NODE_TEXT, true},
    {"stage", NODE_TEXT, true},         {"confidence", NODE_TEXT, true},
    {"advice_basis", NODE_TEXT, false}, {"source", NODE_TEXT, true},
    {"meaning", NODE_TEXT, false},      {"likely_cause", NODE_TEXT, false},
    {"remedy", NODE_TEXT, false},       {"regex", NODE_TEXT, false},
    {"platform", NODE_TEXT, false},     {"seen_by", NODE_TEXT, false},
    {"lookup", NODE_BOOL, false},       {"sure", NODE_BOOL, false},
    {"sign", NODE_TEXT, false},
};

static void check_members(const char *what, StrView name, const Node *row, const Member *members,
                          size_t count, const char *any)
{
    for (size_t i = 0; i < count; i++) {
        const Node *node = node_find(row, members[i].key);
        if ((node == NULL && members[i].is_needed) ||
            (node != NULL && node->kind != members[i].kind)) {
            fail_msg("%s '%.*s': '%s' is missing or of the wrong kind", what, SV_ARG(name),
                     members[i].key);
        }
    }
    for (const Node *node = row->first; node != NULL; node = node->next) {
        bool is_known = any != NULL && sv_equal(node->key, sv(any));
        for (size_t i = 0; i < count && !is_known; i++) {
            is_known = sv_equal(node->key, sv(members[i].key));
        }
        if (!is_known) {
            fail_msg("%s '%.*s' has an unknown member '%.*s'", what, SV_ARG(name),
                     SV_ARG(node->key));
        }
    }
}

static bool is_in(const Node *list, StrView text)
{
    for (const Node *node = list->first; node != NULL; node = node->next) {
        if (sv_equal(node->text, text)) {
            return true;
        }
    }
    return false;
}

static void check_confidence(const Fixture *fixture, StrView name, const Node *row)
{
    if (!is_in(node_find(fixture->root, "confidence_labels"), node_text(row, "confidence"))) {
        fail_msg("'%.*s' has no known confidence", SV_ARG(name));
    }
}

static int number_of(const Fixture *fixture, StrView id)
{
    for (int number = 1; stages_get(fixture->stages, number) != NULL; number++) {
        if (sv_equal(stages_get(fixture->stages, number)->id, id)) {
            return number;
        }
    }
    return 0;
}

static void test_schema_of_stages(void **state)
{
    Fixture *fixture = *state;
    double order = 0;
    for (const Node *stage = node_find(fixture->root, "stages")->first; stage != NULL;
         stage = stage->next) {
        StrView id = node_text(stage, "id");
        check_members("stage", id, stage, STAGE_MEMBERS, ARRAY_LEN(STAGE_MEMBERS), NULL);
        assert_true(node_number(stage, "order", 0) > order);
        order = node_number(stage, "order", 0);
        assert_in_range(utf8_width(node_text(stage, "short")), 1, STAGE_SHORT_MAX);
        StrView done_by = node_text(stage, "done_by");
        assert_true(done_by.len == 0 || number_of(fixture, done_by) > number_of(fixture, id));
        for (const Node *row = node_find(stage, "match")->first; row != NULL; row = row->next) {
            check_members("pattern of", id, row, PATTERN_MEMBERS, ARRAY_LEN(PATTERN_MEMBERS), NULL);
            check_confidence(fixture, id, row);
        }
    }
}

static void test_schema_of_errors(void **state)
{
    Fixture *fixture = *state;
    size_t count = 0;
    for (const Node *row = node_find(fixture->root, "errors")->first; row != NULL;
         row = row->next) {
        StrView title = node_text(row, "title");
        const Node *code = node_find(row, "code");
        check_members("error", title, row, ERROR_MEMBERS, ARRAY_LEN(ERROR_MEMBERS), "code");
        check_confidence(fixture, title, row);
        assert_true(code != NULL && (code->kind == NODE_NUMBER || code->kind == NODE_TEXT));
        assert_true(number_of(fixture, node_text(row, "stage")) > 0);
        StrView basis = node_text(row, "advice_basis");
        bool has_advice =
            node_find(row, "likely_cause") != NULL || node_find(row, "remedy") != NULL;
        bool has_basis = sv_equal(basis, SV("source")) || sv_equal(basis, SV("derived"));
        assert_true(has_advice ? has_basis : basis.ptr == NULL);
        /* What says nothing is left out. */
        assert_false(sv_equal(node_text(row, "likely_cause"), SV("See title.")));
        assert_false(sv_equal(node_text(row, "remedy"), SV("-")));
        StrView sign = node_text(row, "sign");
        assert_true(sign.len == 0 || sv_equal(sign, SV("tls")) || sv_equal(sign, SV("clock")));
        count++;
    }
    assert_int_equal(count, 310);
}

static void test_versions(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(stages_get(fixture->stages, number_of(fixture, SV("ddm")))->since, 1300);
    assert_int_equal(stages_get(fixture->stages, number_of(fixture, SV("device-identity")))->since,
                     1015);
    assert_int_equal(stages_get(fixture->stages, number_of(fixture, SV("commands")))->since, 1012);
}

/* --- words ---------------------------------------------------------------------------------- */

static void test_words(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *words; /* separated by '|', "" = none */
    } CASES[] = {
        {"Unable to configure your Mac|settings", "Unable to configure your Mac|settings"},
        {"[Aa]waiting final", "waiting final"},
        {"com\\.apple\\.x", "com.apple.x"},
        {"(?:[=(\\[ ])-9807\\b", "-9807"},
        {"abcdef?g", "abcde"},
        {"abcdef+gh", "abcdef"},
        {"abc", ""},
        {"longer|abc", ""},
        {"(?i)anything", ""},
        {"(?:one|another)", ""},
        {"", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        Arena arena = {0};
        StrView words[KNOWLEDGE_WORDS_MAX];
        StrBuf joined = {0};
        size_t count = knowledge_words(sv(CASES[i].pattern), &arena, words, KNOWLEDGE_WORDS_MAX);
        for (size_t k = 0; k < count; k++) {
            strbuf_add_str(&joined, k > 0 ? "|" : "");
            strbuf_add(&joined, words[k]);
        }
        if (!sv_equal(strbuf_view(&joined), sv(CASES[i].words))) {
            fail_msg("'%s' gave '%.*s'", CASES[i].pattern, SV_ARG(strbuf_view(&joined)));
        }
        strbuf_done(&joined);
        arena_done(&arena);
    }
}

/* --- errors of a message -------------------------------------------------------------------- */

static uint32_t push(Fixture *fixture, const char *process, const char *message)
{
    Entry entry = {
        .kind = KIND_LOG, .process = sv(process), .message = sv(message), .raw = sv(message)};
    return columns_push(&fixture->columns, &entry);
}

/* "DOMAIN CODE, DOMAIN CODE?" in the order of the message; ? = not known. */
static void assert_errors(Fixture *fixture, const char *message, const char *wanted)
{
    ErrorMentions mentions;
    StrBuf got = {0};
    uint32_t row = push(fixture, "mdmclient", message);
    stages_errors(fixture->stages, &fixture->columns, row, &mentions);
    for (size_t i = 0; i < mentions.count; i++) {
        const ErrorMention *mention = &mentions.items[i];
        strbuf_printf(&got, "%s%.*s %.*s%s", i > 0 ? ", " : "", SV_ARG(mention->domain),
                      SV_ARG(mention->code), mention->known == NULL ? "?" : "");
    }
    if (!sv_equal(strbuf_view(&got), sv(wanted))) {
        fail_msg("'%s' gave '%.*s'", message, SV_ARG(strbuf_view(&got)));
    }
    strbuf_done(&got);
}

static void test_syntaxes(void **state)
{
    assert_errors(*state, "Error Domain=CPProfile Code=-102 \"x\"", "CPProfile -102");
    assert_errors(*state, "y <PKInstallErrorDomain:100>", "PKInstallErrorDomain 100");
    assert_errors(*state, "[ErrorChain.0] (InstallProfile) [CPProfile:-102] x", "CPProfile -102");
    assert_errors(*state, "ConfigProfilePluginDomain (-307): x", "ConfigProfilePluginDomain -307");
    assert_errors(*state, "NSURLErrorDomain:-1001", "NSURLErrorDomain -1001");
    assert_errors(*state, "Domain : MCInstallationErrorDomain\nCode   : 4001",
                  "MCInstallationErrorDomain 4001");
    assert_errors(*state, "ErrorCode = \"-102\"; ErrorDomain = CPProfile;", "CPProfile -102");
}

static void test_chains(void **state)
{
    assert_errors(*state,
                  "Error Domain=MCInstallationErrorDomain Code=4001 \"x\" "
                  "UserInfo={NSUnderlyingError=0x6 {Error Domain=NSURLErrorDomain Code=-1001 "
                  "\"y\" UserInfo={NSUnderlyingError=0x7 {Error Domain=NobodyKnows Code=5}}}}",
                  "MCInstallationErrorDomain 4001, NSURLErrorDomain -1001, NobodyKnows 5?");
    /* Written twice in one line it is one error. */
    assert_errors(*state,
                  "(34006) Error Domain=MCCloudConfigurationErrorDomain Code=34006 \"x\" "
                  "<MCCloudConfigurationErrorDomain:34006>",
                  "MCCloudConfigurationErrorDomain 34006");
    assert_errors(*state, "nothing went wrong", "");
}

/* Every error that a line of a Mac can name is found by what the row says. */
static void test_every_error_is_found(void **state)
{
    Fixture *fixture = *state;
    const Knowledge *knowledge = stages_knowledge(fixture->stages);
    for (size_t i = 0; i < knowledge->error_count; i++) {
        const KnownError *error = &knowledge->errors[i];
        int64_t code;
        if (!error->is_looked_up || !sv_to_i64(error->code, &code)) {
            continue;
        }
        const KnownError *found = errors_look_up(knowledge, error->domain, error->code);
        if (found == NULL || !sv_equal(found->domain, error->domain)) {
            fail_msg("%.*s %.*s is not found", SV_ARG(error->domain), SV_ARG(error->code));
        }
    }
}

/* --- verdicts ------------------------------------------------------------------------------- */

static void test_verdicts(void **state)
{
    Fixture *fixture = *state;
    uint32_t rows[] = {
        push(fixture, "teslad", "service starting..."),
        push(fixture, "mdmclient",
             "[*] [0:M:<0x1>] <<<<< Received HTTP response (200) "
             "[Acknowledged(SecurityInfo):1] <<<<<"),
        push(fixture, "mdmclient", "Error Domain=CPProfile Code=-102"),
        push(fixture, "Mail", "Error Domain=CPProfile Code=-102"),
        push(fixture, "mdmclient", "cannot open file at line 53007 of [8fa8248e30]"),
    };
    StageVerdict verdicts[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        verdicts[i] = stages_judge(fixture->stages, &fixture->columns, rows[i]);
    }
    assert_true(verdicts[0].is_fetch && verdicts[0].begins && verdicts[0].is_weak);
    assert_true(verdicts[0].confidence.len > 0);
    assert_true(verdicts[1].is_line && !verdicts[1].is_marked && verdicts[1].tag.stage == 0);
    assert_true(verdicts[2].is_marked && verdicts[2].is_enrolment);
    assert_true(verdicts[3].gate == 0 && !verdicts[3].is_marked);
    assert_true(verdicts[4].tag.is_noise && !verdicts[4].is_marked);
}

/* --- a user's own file ---------------------------------------------------------------------- */

static const char OWN[] =
    "{\"errors\": [{\"domain\": \"MyDomain\", \"code\": 7, \"stage\": \"commands\","
    "  \"title\": \"Mine\", \"remedy\": \"Do this.\"},"
    " {\"domain\": \"MDMResponseStatus\", \"code\": 401, \"stage\": \"authenticate\","
    "  \"title\": \"Ask Eve\", \"remedy\": \"Call her.\", \"confidence\": \"reported by admins\"},"
    " {\"domain\": \"symptom\", \"code\": \"mine\", \"stage\": \"push\", \"title\": \"By words\","
    "  \"regex\": \"the printer is on fire\"}],"
    " \"stages\": [{\"id\": \"trust\", \"match\": [{\"kind\": \"fail\", \"process\": \"mdmclient\","
    "  \"literals\": [\"pinning says no\"], \"regex\": \"pinning says no\"}]},"
    "  {\"id\": \"office\", \"title\": \"Our own agent\", \"match\": []}],"
    " \"noise\": [{\"process\": \"mdmclient\", \"literals\": [\"be quiet\"],"
    "  \"regex\": \"be quiet\"}]}";

static void test_own(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    Explanation explanation;
    size_t count = stages_count(fixture->stages);
    assert_true(stages_add(fixture->stages, sv(OWN), "knowledge.json", &err));
    assert_errors(fixture, "Error Domain=MyDomain Code=7", "MyDomain 7");
    assert_errors(fixture, "oh, the printer is on fire", "symptom mine");
    uint32_t row = push(fixture, "mdmclient", "Error Domain=MDMResponseStatus Code=401");
    assert_int_equal(stages_explain(fixture->stages, &fixture->columns, row, &explanation, 1), 1);
    assert_true(sv_equal(explanation.title, SV("Ask Eve")));
    row = push(fixture, "mdmclient", "Error Domain=MyDomain Code=7");
    assert_int_equal(stages_explain(fixture->stages, &fixture->columns, row, &explanation, 1), 1);
    assert_true(sv_starts(explanation.confidence, SV("from your own file")));
    row = push(fixture, "mdmclient", "pinning says no");
    ColumnTag tag = stages_tag(fixture->stages, &fixture->columns, row);
    assert_int_equal(tag.stage, number_of(fixture, SV("trust")));
    assert_int_equal(tag.outcome, OUTCOME_FAIL);
    row = push(fixture, "mdmclient", "be quiet");
    assert_true(stages_tag(fixture->stages, &fixture->columns, row).is_noise);
    assert_int_equal(stages_count(fixture->stages), count + 1);
    assert_int_equal(number_of(fixture, SV("office")), (int)count + 1);
}

static void test_own_faulty(void **state)
{
    static const char *const CASES[][2] = {
        {"{", "mine.json:1:"},
        {"{\"errors\": [{\"domain\": \"D\", \"code\": 1, \"stage\": \"nowhere\"}]}",
         "mine.json: error 1 needs"},
        {"{\"stages\": [{\"id\": \"new\"}]}", "needs 'id' and 'title'"},
        {"{\"errors\": [{\"domain\": \"D\", \"code\": 1, \"stage\": \"push\", \"regex\": \"(\"}]}",
         "mine.json: error 1"},
        {"{\"noise\": 3}", "'noise' must be a list"},
    };
    Fixture *fixture = *state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        Err err = err_none();
        Stages *stages = stages_new(strbuf_view(&fixture->text), STAGES_FILE, &err);
        assert_false(stages_add(stages, sv(CASES[i][0]), "mine.json", &err));
        if (strstr(err.text, CASES[i][1]) == NULL) {
            fail_msg("'%s' gave '%s'", CASES[i][0], err.text);
        }
        stages_free(stages);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_of_stages),
        cmocka_unit_test(test_schema_of_errors),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_syntaxes),
        cmocka_unit_test(test_chains),
        cmocka_unit_test(test_every_error_is_found),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_own_faulty),
        cmocka_unit_test(test_own), /* last: it changes what the others look at */
    };
    return cmocka_run_group_tests_name("knowledge", tests, setup, teardown);
}
