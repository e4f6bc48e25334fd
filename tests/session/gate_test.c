/*
 * Tests of the gate: which options let which entries through, and which of them `log` has applied.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "session/gate.h"
#include "tests/session/rows.h"

#define NOW ((Stamp){.ns = ROWS_START + 3600 * NS_PER_SECOND, .zone_minutes = 0})

typedef struct Scene {
    AtomTable *atoms;
    Columns columns;
} Scene;

static Scene begin(void)
{
    Scene scene = {.atoms = atom_table_new(1 * MIB)};
    columns_init(&scene.columns, scene.atoms);
    return scene;
}

static void end(Scene *scene)
{
    columns_done(&scene->columns);
    atom_table_free(scene->atoms);
}

static bool passes(Scene *scene, const Options *options, const Entry *entry)
{
    Err err = err_none();
    Gate *gate = gate_new(options, NOW, &err);
    if (gate == NULL) {
        fail_msg("%s", err.text);
    }
    scene->columns.atoms = scene->atoms;
    uint32_t index = columns_push(&scene->columns, entry);
    bool verdict = gate_passes(gate, &scene->columns, index);
    if (gate_is_open(gate)) {
        assert_true(verdict);
    }
    gate_free(gate);
    return verdict;
}

static Options from_file(void)
{
    return (Options){.sources = {{.kind = SOURCE_FILE, .argument = "a"}}, .source_count = 1};
}

static void test_open(void **state)
{
    (void)state;
    Options options = from_file();
    Gate *gate = gate_new(&options, NOW, NULL);
    assert_true(gate_is_open(gate));
    gate_free(gate);
    options.predicate = "TRUEPREDICATE";
    gate = gate_new(&options, NOW, NULL);
    assert_true(gate_is_open(gate));
    gate_free(gate);
    gate_free(NULL);
}

static void test_verdicts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        Options options;
        bool passes;
    } CASES[] = {
        {"level below", {.min_level = LEVEL_FAULT}, false},
        {"level at", {.min_level = LEVEL_ERROR}, true},
        {"level above", {.min_level = LEVEL_DEFAULT}, true},
        {"grep", {.grep = "response \\(4"}, true},
        {"grep is caseless", {.grep = "received"}, true},
        {"grep with a capital is not", {.grep = "RECEIVED"}, false},
        {"grep looks at the message only", {.grep = "mdmclient"}, false},
        {"grep-v hit", {.grep_not = "401"}, false},
        {"grep-v miss", {.grep_not = "200"}, true},
        {"grep and grep-v", {.grep = "HTTP", .grep_not = "401"}, false},
        {"since before", {.since = "@1788854415"}, true},
        {"since the same moment", {.since = "@1788854416"}, true},
        {"since after", {.since = "@1788854417"}, false},
        {"until before", {.until = "@1788854415"}, false},
        {"until the same moment", {.until = "@1788854416"}, true},
        {"since from now", {.since = "-2h"}, true},
        {"since from now, later", {.since = "-5m"}, false},
        {"since on its wall", {.since = "2026-09-08 10:00:16"}, true},
        {"since on its wall, after", {.since = "2026-09-08 10:00:17"}, false},
        {"since in another zone", {.since = "2026-09-08 08:00:16+0000"}, true},
        {"since in another zone, after", {.since = "2026-09-08 08:00:17+0000"}, false},
        {"until on its wall", {.until = "2026-09-08 10:00:16"}, true},
        {"until on its wall, before", {.until = "2026-09-08 10:00:15"}, false},
        {"since its day", {.since = "2026-09-08"}, true},
        {"since the day after", {.since = "2026-09-09"}, false},
        {"since a time of its day", {.since = "10:00"}, true},
        {"since a time of its day, after", {.since = "10:00:17"}, false},
        {"until a time of its day", {.until = "10:00:15"}, false},
        {"predicate hit", {.predicate = "process == \"mdmclient\""}, true},
        {"predicate miss", {.predicate = "process == \"teslad\""}, false},
        {"all", {.predicate = "messageType == error", .grep = "HTTP", .since = "-2h"}, true},
    };
    Scene scene = begin();
    Entry entry = rows_entry("mdmclient", "Received HTTP response (401)", ROWS_START);
    entry.level = LEVEL_ERROR;
    entry.time.zone_minutes = 120;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        Options options = CASES[i].options;
        options.sources[0].kind = SOURCE_FILE;
        options.source_count = 1;
        if (passes(&scene, &options, &entry) != CASES[i].passes) {
            fail_msg("%s", CASES[i].name);
        }
    }
    end(&scene);
}

static void test_absent_message(void **state)
{
    (void)state;
    Scene scene = begin();
    Entry entry = rows_entry("mdmclient", "{}", ROWS_START);
    entry.message = SV_NONE;
    Options options = from_file();
    options.grep = "x*";
    assert_false(passes(&scene, &options, &entry));
    options.grep = NULL;
    options.grep_not = "x*";
    assert_true(passes(&scene, &options, &entry));
    end(&scene);
}

static void test_notices_always_pass(void **state)
{
    (void)state;
    Scene scene = begin();
    Entry entry = {.kind = KIND_NOTICE, .raw = SV("dropped"), .message = SV("dropped")};
    Options options = from_file();
    options.min_level = LEVEL_FAULT;
    options.grep = "nothing";
    options.since = "-1s";
    options.predicate = "FALSEPREDICATE";
    assert_true(passes(&scene, &options, &entry));
    end(&scene);
}

static void test_log_applies_the_predicate(void **state)
{
    (void)state;
    Scene scene = begin();
    Entry entry = rows_entry("mdmclient", "m", ROWS_START);
    Options options = {.predicate = "process == \"teslad\""};
    assert_true(passes(&scene, &options, &entry)); /* no source named: `log` of this machine */

    /* A file beside a stream: only what comes from the file is asked. */
    options.sources[0].kind = SOURCE_SSH;
    options.sources[1].kind = SOURCE_FILE;
    options.source_count = 2;
    assert_true(passes(&scene, &options, &entry));
    entry.source = 1;
    assert_false(passes(&scene, &options, &entry));

    /* `log` does not know the key `host`. */
    options.predicate = "host == \"mac\"";
    options.source_count = 1;
    entry.source = 0;
    assert_false(passes(&scene, &options, &entry));
    Gate *gate = gate_new(&options, NOW, NULL);
    StrView hosts[] = {SV("mac")};
    gate_set_hosts(gate, hosts, 1);
    assert_true(gate_passes(gate, &scene.columns, scene.columns.count - 1));
    gate_free(gate);
    end(&scene);
}

static void assert_stream(const Options *options, const char *expected)
{
    StrBuf text = {0};
    Err err = err_none();
    assert_true(gate_stream_predicate(options, &text, &err));
    assert_string_equal(text.len > 0 ? text.ptr : "", expected);
    strbuf_done(&text);
}

static void test_predicate_for_log(void **state)
{
    (void)state;
    Options options = {.predicate = "process = 'teslad'"};
    assert_stream(&options, "process == \"teslad\"");
    options.predicate = "TRUEPREDICATE";
    assert_stream(&options, "");
    options.predicate = "host == \"mac\"";
    assert_stream(&options, "");
    options.predicate = NULL;
    assert_stream(&options, "");
    options = from_file();
    options.predicate = "process == \"teslad\"";
    assert_stream(&options, "");
}

static void test_errors_say_where(void **state)
{
    (void)state;
    static const struct {
        Options options;
        const char *begins;
        const char *points_into;
    } CASES[] = {
        {{.grep = "a(b"}, "--grep: ", "a(b"},
        {{.grep_not = "[x"}, "--grep-v: ", "[x"},
        {{.predicate = "process == "}, "--predicate: ", "process == "},
        {{.since = "yesteryear"}, "--since: ", NULL},
        {{.until = "never"}, "--until: ", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        Err err = err_none();
        assert_null(gate_new(&CASES[i].options, NOW, &err));
        if (!sv_starts(sv(err.text), sv(CASES[i].begins))) {
            fail_msg("%s: %s", CASES[i].begins, err.text);
        }
        if (CASES[i].points_into != NULL) {
            assert_true(
                sv_equal(gate_faulty_text(&CASES[i].options, &err), sv(CASES[i].points_into)));
        }
    }
    Err other = err_none();
    assert_null(gate_faulty_text(&CASES[0].options, &other).ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_absent_message),
        cmocka_unit_test(test_notices_always_pass),
        cmocka_unit_test(test_log_applies_the_predicate),
        cmocka_unit_test(test_predicate_for_log),
        cmocka_unit_test(test_errors_say_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
