/*
 * Tests of the stage knowledge: every pattern against its own example and against those of all
 * other stages, noise, lines of other programs, and the demo capture. Explanations of errors are
 * tested in stages_explain_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "parsers/decoder.h"
#include "tests/filters/stages.h"

#define DOUBLES_FILE "tests/data/filters/stages_doubles.txt"
#define DOUBLES_MAX 64

static const char *stage_id(Fixture *fixture, int number)
{
    const StageInfo *stage = stages_get(fixture->stages, number);
    return stage != NULL ? stage->id.ptr : "none";
}

static void assert_tag(Fixture *fixture, const char *process, const char *message,
                       const char *stage, Outcome outcome)
{
    ColumnTag got = tag(fixture, process, message);
    if (strcmp(stage_id(fixture, got.stage), stage) != 0 || got.outcome != outcome) {
        fail_msg("'%s' of %s: got %s %s, wanted %s %s", message, process,
                 stage_id(fixture, got.stage), outcome_name((Outcome)got.outcome), stage,
                 outcome_name(outcome));
    }
}

/* -- the table itself ----------------------------------------------------------------------- */

/* The process that an example is said to be of. */
static StrView process_of(const Node *match)
{
    StrView process = node_text(match, "process");
    return sv_equal(process, SV("any")) ? SV("mdmclient") : process;
}

static StrView subsystem_of(const Node *match)
{
    StrView sure = node_text(match, "subsystem");
    return sure.len > 0 ? sure : node_text(match, "subsystem_hint");
}

/* Calls `each` for every pattern of every stage, numbered as in Knowledge.patterns. */
static void for_each_match(Fixture *fixture, void *context,
                           void (*each)(Fixture *fixture, void *context, size_t number,
                                        StrView stage, const Node *match))
{
    size_t number = 0;
    const Node *stages = node_find(fixture->root, "stages");
    for (const Node *stage = stages->first; stage != NULL; stage = stage->next) {
        const Node *match = node_find(stage, "match")->first;
        for (; match != NULL; match = match->next) {
            each(fixture, context, number++, node_text(stage, "id"), match);
        }
    }
}

/* Which stage speaks for an example that two stages claim. */
typedef struct Double {
    char claimer[64]; /* stage whose pattern fits as well */
    char stage[64];   /* stage of the example */
    char start[96];   /* how the example begins */
    char winner[64];
    bool is_met;
} Double;

typedef struct Doubles {
    Double items[DOUBLES_MAX];
    size_t count;
    int failures;
} Doubles;

/* Lines of "CLAIMER | STAGE OF THE EXAMPLE | START OF THE EXAMPLE | WINNER | REASON". */
static void read_doubles(Doubles *doubles)
{
    FILE *file = fopen(DOUBLES_FILE, "r");
    assert_non_null(file);
    char line[512];
    while (fgets(line, sizeof(line), file) != NULL) {
        Double *item = &doubles->items[doubles->count];
        char reason[256];
        if (line[0] == '#' || line[0] == '\n') {
            continue;
        }
        int fields = sscanf(line, "%63[^ |] | %63[^ |] | %95[^|] | %63[^ |] | %255[^\n]",
                            item->claimer, item->stage, item->start, item->winner, reason);
        if (fields != 5) {
            fail_msg("cannot read the line '%s'", line);
        }
        item->start[strcspn(item->start, "\n")] = '\0';
        size_t len = strlen(item->start);
        item->start[len - (item->start[len - 1] == ' ' ? 1 : 0)] = '\0';
        assert_true(++doubles->count < DOUBLES_MAX);
    }
    (void)fclose(file); /* only read */
}

static Double *find_double(Doubles *doubles, const char *claimer, StrView stage, StrView example)
{
    for (size_t i = 0; i < doubles->count; i++) {
        Double *item = &doubles->items[i];
        if (strcmp(item->claimer, claimer) == 0 && sv_equal(sv(item->stage), stage) &&
            sv_starts(example, sv(item->start))) {
            return item;
        }
    }
    return NULL;
}

static void check_claims(Fixture *fixture, void *context, size_t number, StrView stage,
                         const Node *match)
{
    Doubles *doubles = context;
    StrView example = node_text(match, "example");
    ProcessGate gate = knowledge_gate(&fixture->knowledge, process_of(match));
    (void)number;
    for (size_t i = 0; i < fixture->knowledge.pattern_count; i++) {
        KnownPattern *pattern = &fixture->knowledge.patterns[i];
        const char *claimer = stage_id(fixture, pattern->stage);
        size_t start = 0;
        size_t end = 0;
        if ((pattern->gate & gate) == 0 || !pattern->has_literal || sv_equal(sv(claimer), stage) ||
            regex_search(pattern->regex, example, 0, &start, &end) != REGEX_YES) {
            continue;
        }
        Double *item = find_double(doubles, claimer, stage, example);
        if (item != NULL) {
            item->is_met = true;
        } else {
            doubles->failures++;
            print_error("%s claims the example of %.*s: %.*s\n", claimer, SV_ARG(stage),
                        SV_ARG(example));
        }
    }
}

/* A line that two stages claim is listed with a reason, and nothing else is. */
static void test_double_claims(void **state)
{
    Doubles doubles = {.count = 0};
    read_doubles(&doubles);
    for_each_match(*state, &doubles, check_claims);
    for (size_t i = 0; i < doubles.count; i++) {
        if (!doubles.items[i].is_met) {
            doubles.failures++;
            print_error("listed but not met: %s | %s | %s\n", doubles.items[i].claimer,
                        doubles.items[i].stage, doubles.items[i].start);
        }
    }
    assert_int_equal(doubles.failures, 0);
}

static void check_winner(Fixture *fixture, void *context, size_t number, StrView stage,
                         const Node *match)
{
    Doubles *doubles = context;
    StrView example = node_text(match, "example");
    uint32_t row = push(fixture, process_of(match), subsystem_of(match), example);
    ColumnTag got = stages_tag(fixture->stages, &fixture->columns, row);
    StrView wanted = stage;
    for (size_t i = 0; i < doubles->count; i++) {
        if (sv_equal(sv(doubles->items[i].stage), stage) &&
            sv_starts(example, sv(doubles->items[i].start))) {
            wanted = sv(doubles->items[i].winner);
        }
    }
    if (!sv_equal(sv(stage_id(fixture, got.stage)), wanted)) {
        doubles->failures++;
        print_error("pattern %zu of %.*s: %.*s went to %s\n", number, SV_ARG(stage),
                    SV_ARG(example), stage_id(fixture, got.stage));
    }
}

/* Each example is of its own stage, but for the listed ones. */
static void test_examples(void **state)
{
    Doubles doubles = {.count = 0};
    read_doubles(&doubles);
    for_each_match(*state, &doubles, check_winner);
    assert_int_equal(doubles.failures, 0);
}

/* The pattern itself, with no other in the way: regex and literals fit the example. */
static void check_pattern(Fixture *fixture, void *context, size_t number, StrView stage,
                          const Node *match)
{
    const KnownPattern *pattern = &fixture->knowledge.patterns[number];
    StrView example = node_text(match, "example");
    size_t start = 0;
    size_t end = 0;
    bool has_literal = !pattern->has_literal;
    const Node *literals = node_find(match, "literals");
    (void)context;
    for (const Node *node = literals != NULL ? literals->first : NULL; node != NULL;
         node = node->next) {
        has_literal = has_literal || sv_find(example, node->text) != SIZE_MAX;
    }
    if (!has_literal || regex_search(pattern->regex, example, 0, &start, &end) != REGEX_YES) {
        fail_msg("pattern %zu of %.*s does not fit its example", number, SV_ARG(stage));
    }
    assert_string_equal(stage_id(fixture, pattern->stage), stage.ptr);
}

static void test_patterns_fit(void **state)
{
    for_each_match(*state, NULL, check_pattern);
}

static void test_stages_in_order(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(stages_count(fixture->stages), 27);
    assert_string_equal(stage_id(fixture, 1), "setup-launch");
    assert_string_equal(stage_id(fixture, 11), "authenticate");
    assert_string_equal(stage_id(fixture, 27), "unenroll");
    assert_null(stages_get(fixture->stages, 0));
    assert_null(stages_get(fixture->stages, 28));
    assert_null(stages_get(fixture->stages, -1));
}

/* -- what is said of single lines ----------------------------------------------------------- */

static void test_outcomes(void **state)
{
    Fixture *fixture = *state;
    static const struct {
        int status;
        Outcome outcome;
    } answers[] = {{401, OUTCOME_FAIL}, {200, OUTCOME_OK}, {302, OUTCOME_FAIL}};
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        char line[128];
        (void)snprintf(line, sizeof(line),
                       "[0:MDM_PI:HTTPUtil:<0x8b4a>] <<<<< Received HTTP response (%d) "
                       "[MDM_Authenticate] <<<<<",
                       answers[i].status);
        assert_tag(fixture, "mdmclient", line, "authenticate", answers[i].outcome);
    }
    assert_tag(fixture, "remotemanagementd", "Got back from MDM: 200", "ddm", OUTCOME_OK);
    assert_tag(fixture, "remotemanagementd", "Got back from MDM: 503", "ddm", OUTCOME_FAIL);
    assert_tag(fixture, "mdmclient", "Saved PRK escrow file: YES  Length: 460", "filevault",
               OUTCOME_OK);
    assert_tag(fixture, "mdmclient", "Saved PRK escrow file: NO", "filevault", OUTCOME_FAIL);
    assert_tag(fixture, "mdmclient", "Install 'A' finished.  Sucess: NO  Error: x", "app-command",
               OUTCOME_FAIL);
    assert_tag(fixture, "mdmclient", "Install 'A' finished.  Sucess: YES  Error: (null)",
               "app-command", OUTCOME_INFO);
    assert_tag(fixture, "mdmclient", "<<<<< Received HTTP response (500) [Idle] <<<<<", "commands",
               OUTCOME_FAIL);
    assert_tag(fixture, "mdmclient", "<<<<< Received HTTP response (200) [Idle] <<<<<", "idle",
               OUTCOME_OK);
    assert_tag(fixture, "mdmclient",
               "<<<<< Received HTTP response (500) [Acknowledged(DeviceConfigured):42] <<<<<",
               "commands", OUTCOME_FAIL);
    assert_tag(fixture, "mdmclient",
               "<<<<< Received HTTP response (200) [Acknowledged(DeviceConfigured):42] <<<<<",
               "release", OUTCOME_OK);
    assert_tag(fixture, "dasd",
               "0:com.apple.mobileactivationd.UCRT.OOB:D65047:[\n\t{name: ThermalPolicy}\n ], "
               "FinalDecision: Absolutely Must Not Proceed}",
               "device-identity", OUTCOME_WAIT);
    assert_tag(fixture, "system_installd", "PackageKit: ----- Begin install -----", "pkg-install",
               OUTCOME_START);
}

/* Lines that every program writes count only when an enrolment's process wrote them. */
static void test_gates(void **state)
{
    Fixture *fixture = *state;
    const char *task = "Task <25E4E786-19A5-4B45-9562-5D8387064496>.<1> finished with error "
                       "[-1003] Error Domain=NSURLErrorDomain Code=-1003 \"x\"";
    assert_tag(fixture, "teslad", task, "network", OUTCOME_FAIL);
    assert_tag(fixture, "Safari", task, "none", OUTCOME_NONE);
    assert_tag(fixture, "trustd", task, "none", OUTCOME_NONE);
    assert_tag(fixture, "mdmclient",
               "Task <25E4E786-19A5-4B45-9562-5D8387064496>.<1> received response, status 401 "
               "content K",
               "network", OUTCOME_INFO);
    assert_tag(fixture, "Setup Assistant",
               "Task <25E4E786-19A5-4B45-9562-5D8387064496>.<1> finished with error [-999] Error "
               "Domain=NSURLErrorDomain Code=-999 \"cancelled\"",
               "network", OUTCOME_INFO);
    assert_tag(fixture, "Safari", "<<<<< Received HTTP response (401) [MDM_Authenticate] <<<<<",
               "none", OUTCOME_NONE);
    assert_tag(fixture, "mdmclientx", "TokenUpdate failure.1", "none", OUTCOME_NONE);
    assert_tag(fixture, "Mail", "Error Domain=NSURLErrorDomain Code=-1202 \"x\"", "none",
               OUTCOME_NONE);
    assert_tag(fixture, "apsd", "Performing UCRT OOB.", "none", OUTCOME_NONE);

    /* The rule without a text is about one subsystem, not about all that the daemon says. */
    StrView daemon = SV("cloudconfigurationd");
    uint32_t own =
        push(fixture, daemon, SV("com.apple.ManagedClient.cloudconfigurationd"), SV("x"));
    uint32_t other = push(fixture, daemon, SV("com.apple.xpc"), SV("x"));
    ColumnTag tagged = stages_tag(fixture->stages, &fixture->columns, own);
    assert_string_equal(stage_id(fixture, tagged.stage), "activation-record");
    assert_int_equal(stages_tag(fixture->stages, &fixture->columns, other).stage, 0);
}

/* What cannot be read says nothing and breaks nothing. */
static void test_odd_rows(void **state)
{
    Fixture *fixture = *state;
    uint32_t no_message = push(fixture, SV("mdmclient"), SV_NONE, SV_NONE);
    uint32_t no_process = push(fixture, SV_NONE, SV_NONE, SV("TokenUpdate failure.1"));
    uint32_t empty = push(fixture, SV("mdmclient"), SV_NONE, SV(""));
    uint32_t one = push(fixture, SV("mdmclient"), SV_NONE, SV("["));
    uint32_t broken =
        push(fixture, SV("mdmclient"), SV_NONE, SV("\xff TokenUpdate failure.1 \xc3"));
    Explanation explanation;
    uint32_t rows[] = {no_message, no_process, empty, one};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(stages_tag(fixture->stages, &fixture->columns, rows[i]).stage, 0);
        assert_int_equal(
            stages_explain(fixture->stages, &fixture->columns, rows[i], &explanation, 1), 0);
    }
    ColumnTag tagged = stages_tag(fixture->stages, &fixture->columns, broken);
    assert_string_equal(stage_id(fixture, tagged.stage), "token-update");
}

/* Verdicts on processes are kept by atom, and the atoms of another table are other processes. */
static void test_two_atom_tables(void **state)
{
    Fixture *fixture = *state;
    assert_tag(fixture, "mdmclient", "TokenUpdate failure.1", "token-update", OUTCOME_FAIL);
    AtomTable *atoms = atom_table_new(MIB);
    Columns columns;
    columns_init(&columns, atoms);
    Entry entry = {.kind = KIND_LOG, .process = SV("Mail"), .message = SV("TokenUpdate failure.1")};
    uint32_t row = columns_push(&columns, &entry);
    assert_int_equal(stages_tag(fixture->stages, &columns, row).stage, 0);
    assert_tag(fixture, "mdmclient", "TokenUpdate failure.1", "token-update", OUTCOME_FAIL);
    columns_done(&columns);
    atom_table_free(atoms);
}

/* A process whose name found no room among the atoms is judged all the same. */
static void test_full_atom_table(void **state)
{
    Fixture *fixture = *state;
    AtomTable *atoms = atom_table_new(1);
    Columns columns;
    columns_init(&columns, atoms);
    Entry entry = {
        .kind = KIND_LOG, .process = SV("mdmclient"), .message = SV("TokenUpdate failure.1")};
    uint32_t row = columns_push(&columns, &entry);
    assert_true((columns.process[row] & COLUMN_LOCAL) != 0);
    ColumnTag tagged = stages_tag(fixture->stages, &columns, row);
    assert_string_equal(stage_id(fixture, tagged.stage), "token-update");
    columns_done(&columns);
    atom_table_free(atoms);
}

static void test_noise(void **state)
{
    Fixture *fixture = *state;
    const Node *noise = node_find(fixture->root, "noise");
    assert_true(noise->count >= 4);
    for (const Node *node = noise->first; node != NULL; node = node->next) {
        Explanation explanation;
        uint32_t row = push(fixture, node_text(node, "process"), node_text(node, "subsystem"),
                            node_text(node, "example"));
        ColumnTag got = stages_tag(fixture->stages, &fixture->columns, row);
        assert_int_equal(got.stage, 0);
        assert_int_equal(got.is_noise, 1);
        assert_int_equal(stages_explain(fixture->stages, &fixture->columns, row, &explanation, 1),
                         0);
    }
    /* It wins over a pattern that fits the same line. */
    assert_tag(fixture, "mdmclient",
               "Connection Invalid for service com.apple.apsd Error Domain=NSURLErrorDomain "
               "Code=-1202",
               "none", OUTCOME_NONE);
    /* What is no noise is not called so, be it of a stage or not. */
    assert_int_equal(tag(fixture, "mdmclient", "Received HTTP response (401)").is_noise, 0);
    assert_int_equal(tag(fixture, "mdmclient", "nothing in particular").is_noise, 0);
    assert_int_equal(
        tag(fixture, "kernel", "Connection Invalid for service com.apple.apsd").is_noise, 0);
}

/* -- whole captures ------------------------------------------------------------------------- */

typedef struct Capture {
    Fixture *fixture;
    uint32_t first[32][OUTCOME_COUNT]; /* entry number from 1 of the first row of each kind */
    uint32_t count[32][OUTCOME_COUNT];
    uint32_t entries;
    uint32_t tagged;
} Capture;

static void take_entry(void *context, const Entry *entry)
{
    Capture *capture = context;
    uint32_t row = columns_push(&capture->fixture->columns, entry);
    ColumnTag got = stages_tag(capture->fixture->stages, &capture->fixture->columns, row);
    capture->entries++;
    if (got.stage != 0) {
        capture->tagged++;
        if (capture->count[got.stage][got.outcome]++ == 0) {
            capture->first[got.stage][got.outcome] = capture->entries;
        }
    }
}

static void take_notice(void *context, NoticeKind kind, StrView text)
{
    (void)context;
    (void)kind;
    (void)text;
}

static void decode(Capture *capture, StrView bytes)
{
    DecoderSink sink = {.entry = take_entry, .notice = take_notice, .context = capture};
    Decoder *decoder = decoder_new(STYLE_NONE, 0, sink);
    decoder_feed(decoder, bytes);
    decoder_end(decoder);
    decoder_free(decoder);
}

static uint32_t count_of(Capture *capture, int stage, Outcome outcome)
{
    return capture->count[stage][outcome];
}

static int stage_number(Fixture *fixture, const char *id)
{
    for (int number = 1; stages_get(fixture->stages, number) != NULL; number++) {
        if (strcmp(stage_id(fixture, number), id) == 0) {
            return number;
        }
    }
    fail_msg("no stage '%s'", id);
    return 0;
}

/* The demo tells its story: refused at Authenticate, later through to the empty queue. */
static void test_demo(void **state)
{
    Fixture *fixture = *state;
    Capture capture = {.fixture = fixture};
    StrBuf text = {0};
    assert_true(embed_read("session/demo.ndjson", &text));
    decode(&capture, strbuf_view(&text));
    strbuf_done(&text);

    assert_int_equal(capture.entries, 2000);
    int authenticate = stage_number(fixture, "authenticate");
    int token_update = stage_number(fixture, "token-update");
    assert_int_equal(count_of(&capture, authenticate, OUTCOME_FAIL), 1);
    assert_int_equal(count_of(&capture, authenticate, OUTCOME_OK), 1);
    assert_int_equal(count_of(&capture, authenticate, OUTCOME_START), 2);
    assert_true(capture.first[authenticate][OUTCOME_FAIL] <
                capture.first[authenticate][OUTCOME_OK]);
    assert_true(capture.first[authenticate][OUTCOME_OK] < capture.first[token_update][OUTCOME_OK]);
    assert_int_equal(count_of(&capture, stage_number(fixture, "device-identity"), OUTCOME_WAIT), 3);
    assert_int_equal(count_of(&capture, stage_number(fixture, "activation-record"), OUTCOME_OK), 1);
    assert_int_equal(count_of(&capture, stage_number(fixture, "mdm-payload"), OUTCOME_FAIL), 2);
    assert_int_equal(count_of(&capture, stage_number(fixture, "commands"), OUTCOME_FAIL), 0);
    assert_int_equal(count_of(&capture, stage_number(fixture, "network"), OUTCOME_FAIL), 0);
    assert_true(count_of(&capture, stage_number(fixture, "network"), OUTCOME_OK) > 0);
    static const char *const reached[] = {"push", "filevault", "release",    "idle",
                                          "ddm",  "profiles",  "pkg-install"};
    for (size_t i = 0; i < ARRAY_LEN(reached); i++) {
        assert_true(count_of(&capture, stage_number(fixture, reached[i]), OUTCOME_OK) > 0);
    }
    assert_true(capture.tagged < 300);
}

/* Real lines of other programs say nothing about an enrolment. */
static void test_other_programs(void **state)
{
    Capture capture = {.fixture = *state};
    StrBuf text = {0};
    assert_true(embed_read_or_file(".", "tests/data/filters/other_programs.ndjson", &text));
    decode(&capture, strbuf_view(&text));
    strbuf_done(&text);
    assert_true(capture.entries >= 25);
    assert_int_equal(capture.tagged, 0);
}

/* -- the reader ----------------------------------------------------------------------------- */

static void test_weight(void **state)
{
    static const struct {
        const char *pattern;
        size_t weight;
    } cases[] = {
        {"", 0},         {"abc", 3},          {"a.c", 2},
        {"a\\.c", 3},    {"a\\wc", 2},        {"ab?c", 2},
        {"ab+c", 3},     {"a(?:bcd|e)f", 3},  {"a[bcd]e", 2},
        {"a[]b]c", 2},   {"a(?:bc)?d", 2},    {"(?<name>[0-9]{3})x", 1},
        {"ab{0,2}c", 2}, {"abc|de", 2},       {"^a$", 1},
        {"a{b", 3},      {"(?:(a|bb)c)*", 0}, {"\\(x\\)", 3},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (knowledge_weight(sv(cases[i].pattern)) != cases[i].weight) {
            fail_msg("'%s' weighs %zu", cases[i].pattern, knowledge_weight(sv(cases[i].pattern)));
        }
    }
}

/* Every fault of the file is told with its place, and nothing leaks on the way out. */
static void test_faulty_files(void **state)
{
#define HEAD "{\"enrolment_processes\": [\"a\"], "
#define TAIL ", \"noise\": [], \"error_extractors\": [], \"errors\": []}"
    static const char *const cases[][2] = {
        {"{", "x.json:1:"},
        {"{}", "'enrolment_processes' must be a list"},
        {HEAD "\"stages\": 1" TAIL, "'stages' must be a list"},
        {HEAD "\"stages\": [{\"id\": \"s\"}]" TAIL, "stage 1 needs 'id' and 'title'"},
        {HEAD
         "\"stages\": [{\"id\": \"s\", \"title\": \"S\", \"match\": [{\"kind\": \"no\"}]}]" TAIL,
         "stage 's', pattern 1: unknown kind 'no'"},
        {HEAD "\"stages\": [{\"id\": \"s\", \"title\": \"S\", \"match\": [{\"kind\": \"ok\", "
              "\"process\": \"any\"}]}]" TAIL,
         "'regex' is missing"},
        {HEAD "\"stages\": [{\"id\": \"s\", \"title\": \"S\", \"match\": [{\"kind\": \"ok\", "
              "\"process\": \"any\", \"regex\": \"(\"}]}]" TAIL,
         "pattern 1: '('"},
        {HEAD "\"stages\": [{\"id\": \"s\", \"title\": \"S\", \"match\": [{\"kind\": \"ok\", "
              "\"process\": \"any\", \"regex\": \".+\"}]}]" TAIL,
         "needs 'literals' or a 'subsystem'"},
        {HEAD "\"stages\": [{\"id\": \"s\", \"title\": \"S\", \"match\": [{\"kind\": \"ok\", "
              "\"process\": \"any\", \"regex\": \"x\", \"literals\": [\"x\"]}]}]" TAIL,
         "too short"},
        {HEAD "\"stages\": [], \"noise\": [], \"error_extractors\": [], \"errors\": "
              "[{\"domain\": \"D\", \"code\": 1, \"stage\": \"s\"}]}",
         "error 1 needs"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Err err = err_none();
        assert_null(stages_new(sv(cases[i][0]), "x.json", &err));
        if (strstr(err.text, cases[i][1]) == NULL) {
            fail_msg("'%s' gave '%s'", cases[i][0], err.text);
        }
    }
}

static void test_outcome_names(void **state)
{
    (void)state;
    assert_string_equal(outcome_name(OUTCOME_NONE), "");
    for (int outcome = OUTCOME_INFO; outcome < OUTCOME_COUNT; outcome++) {
        assert_true(strlen(outcome_name((Outcome)outcome)) > 1);
    }
    assert_string_equal(outcome_name(OUTCOME_FAIL), "failed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stages_in_order),
        cmocka_unit_test(test_patterns_fit),
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_double_claims),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_gates),
        cmocka_unit_test(test_odd_rows),
        cmocka_unit_test(test_two_atom_tables),
        cmocka_unit_test(test_full_atom_table),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_demo),
        cmocka_unit_test(test_other_programs),
        cmocka_unit_test(test_weight),
        cmocka_unit_test(test_faulty_files),
        cmocka_unit_test(test_outcome_names),
    };
    return cmocka_run_group_tests_name("stages", tests, setup, teardown);
}
