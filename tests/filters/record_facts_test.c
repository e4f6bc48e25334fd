/*
 * Tests of the facts about records: the data's own rules (names unique, marks known, sources
 * given), looking up, versions, and what is refused in the file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "filters/logging.h"
#include "filters/record_facts.h"

static void read_own(RecordFacts *facts)
{
    Err err = err_none();
    if (!record_facts_read_own(facts, NULL, &err)) {
        fail_msg("%s", err.text);
    }
}

static void assert_known(StrView confidence, StrView source, StrView what)
{
    if (confidence_mark(confidence) == '?' || source.len == 0) {
        fail_msg("%.*s: no confidence or no source", SV_ARG(what));
    }
}

static bool is_same_name(StrView a, StrView b)
{
    return a.ptr != NULL && sv_equal(a, b);
}

static void test_fields(void **state)
{
    RecordFacts facts = {.field_count = 0};
    size_t required = 0;
    (void)state;
    read_own(&facts);
    assert_true(facts.field_count >= 45);
    for (size_t i = 0; i < facts.field_count; i++) {
        const FieldFact *field = &facts.fields[i];
        assert_known(field->confidence, field->source, field->id);
        assert_true(field->meaning.len > 0);
        assert_true(field->local.ptr != NULL || field->wire.ptr != NULL ||
                    field->server.ptr != NULL);
        assert_true(!field->is_local_inverted || field->kind == FACT_FLAG);
        required += field->is_required;
        for (size_t j = 0; j < i; j++) {
            const FieldFact *other = &facts.fields[j];
            bool is_double = sv_equal(other->id, field->id) ||
                             is_same_name(other->local, field->local) ||
                             is_same_name(other->wire, field->wire) ||
                             is_same_name(other->server, field->server);
            if (is_double) {
                fail_msg("'%.*s' is there twice", SV_ARG(field->id));
            }
        }
    }
    assert_int_equal(required, 3);
    record_facts_done(&facts);
}

static void test_skip(void **state)
{
    RecordFacts facts = {.field_count = 0};
    const SkipFact *near = NULL;
    (void)state;
    read_own(&facts);
    assert_true(facts.skip_count >= 50);
    for (size_t i = 0; i < facts.skip_count; i++) {
        const SkipFact *skip = &facts.skip[i];
        assert_known(skip->confidence, skip->source, skip->key);
        assert_true(skip->pane.len > 0);
        assert_ptr_equal(record_facts_skip(&facts, skip->key, NULL), skip);
    }
    assert_null(record_facts_skip(&facts, SV("siri"), &near));
    assert_true(sv_equal(near->key, SV("Siri")));
    assert_null(record_facts_skip(&facts, SV("SomethingElse"), &near));
    assert_null(near);
    assert_true(sv_equal(record_facts_skip(&facts, SV("Wallpaper"), NULL)->removed, SV("26.0")));
    assert_null(record_facts_skip(&facts, SV("Zoom"), NULL)->macos.ptr);
    record_facts_done(&facts);
}

static void test_checks_and_commands(void **state)
{
    RecordFacts facts = {.field_count = 0};
    (void)state;
    read_own(&facts);
    assert_true(facts.check_count >= 10);
    for (size_t i = 0; i < facts.check_count; i++) {
        assert_known(facts.checks[i].confidence, facts.checks[i].source, facts.checks[i].text);
        assert_true(facts.checks[i].condition_count > 0);
    }
    assert_true(facts.command_count >= 2);
    for (size_t i = 1; i < facts.command_count; i++) { /* the newest first */
        assert_true(version_compare(facts.commands[i - 1].from, facts.commands[i].from) > 0);
    }
    assert_int_equal(facts.limit_count, 1);
    assert_int_equal(facts.limits[0].hours, 24);
    for (size_t i = 0; i < facts.answer_count; i++) {
        assert_known(facts.answers[i].confidence, facts.answers[i].source, facts.answers[i].sign);
    }
    record_facts_done(&facts);
}

static void test_looking_up(void **state)
{
    RecordFacts facts = {.field_count = 0};
    bool is_local = false;
    (void)state;
    read_own(&facts);
    const FieldFact *url = record_facts_id(&facts, SV("url"));
    assert_ptr_equal(record_facts_field(&facts, SV("ConfigurationURL"), &is_local), url);
    assert_true(is_local);
    assert_ptr_equal(record_facts_field(&facts, SV("config.url"), &is_local), url);
    assert_false(is_local);
    assert_ptr_equal(record_facts_field(&facts, SV("url"), NULL), url);
    assert_null(record_facts_field(&facts, SV("URL"), NULL));
    assert_null(record_facts_field(&facts, SV(""), NULL));
    record_facts_done(&facts);
}

static void test_versions(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        int order;
    } ROWS[] = {
        {"10.9", "10.13", -1}, {"10.13.4", "10.13", 1}, {"11", "11.0.0", 0},
        {"26.1", "15.7", 1},   {"12.3", "12.3", 0},     {"", "1", -1},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        assert_int_equal(version_compare(sv(ROWS[i].a), sv(ROWS[i].b)), ROWS[i].order);
        assert_int_equal(version_compare(sv(ROWS[i].b), sv(ROWS[i].a)), -ROWS[i].order);
    }
}

static void test_refusals(void **state)
{
#define EMPTY ", \"skip\": [], \"checks\": [], \"commands\": [], \"limits\": [], \"answers\": []}"
    static const char *const WRONG[] = {
        "{",
        "{}",
        "{\"fields\": [1]" EMPTY,
        "{\"fields\": [{\"id\": \"a\"}]" EMPTY,
        "{\"fields\": [{\"id\": \"a\", \"kind\": \"nope\"}]" EMPTY,
        "{\"fields\": [{\"kind\": \"text\"}]" EMPTY,
        "{\"fields\": [{\"id\": \"a\", \"kind\": \"text\", \"more\": 1}]" EMPTY,
        "{\"fields\": [{\"id\": 7, \"kind\": \"text\"}]" EMPTY,
        "{\"fields\": [], \"skip\": [], \"checks\": [{\"severity\": \"error\", \"field\": \"x\"}]}",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
        RecordFacts facts = {.field_count = 0};
        Err err = err_none();
        assert_false(record_facts_read(&facts, sv(WRONG[i]), "f.json", &err));
        assert_non_null(strstr(err.text, "f.json"));
        record_facts_done(&facts);
    }
    RecordFacts facts = {.field_count = 0};
    assert_true(record_facts_read(&facts, SV("{\"fields\": []" EMPTY), "f", NULL));
    record_facts_done(&facts);
}

static void test_logging(void **state)
{
    LoggingFacts facts = {.count = 0};
    LoggingFacts wrong = {.count = 0};
    Err err = err_none();
    (void)state;
    assert_true(logging_facts_read_own(&facts, NULL, &err));
    assert_true(facts.count >= 4);
    for (size_t i = 0; i < facts.count; i++) {
        assert_known(facts.items[i].confidence, facts.items[i].source, facts.items[i].subsystem);
        assert_true(facts.items[i].why.len > 0);
    }
    logging_facts_done(&facts);
    /* It becomes part of a command that people copy. */
    assert_false(logging_facts_read(
        &wrong, SV("{\"subsystems\": [{\"subsystem\": \"a; rm -rf /\"}]}"), "f.json", &err));
    assert_non_null(strstr(err.text, "no subsystem"));
    logging_facts_done(&wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_skip),
        cmocka_unit_test(test_checks_and_commands),
        cmocka_unit_test(test_looking_up),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_logging),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
