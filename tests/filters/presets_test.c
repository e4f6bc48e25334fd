/*
 * Tests of the presets: the built-in ones parse, print and parse again; reading, replacing and
 * searching.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "filters/predicate.h"
#include "filters/presets.h"

#define BUILTIN_COUNT 38

static void read_builtin(Presets *presets)
{
    StrBuf text = {0};
    Err err = err_none();
    assert_true(embed_read(PRESETS_FILE, &text));
    if (!presets_read(presets, strbuf_view(&text), PRESETS_FILE, false, &err)) {
        fail_msg("%s", err.text);
    }
    strbuf_done(&text);
}

static void assert_view(StrView got, const char *wanted)
{
    if (!sv_equal(got, sv(wanted))) {
        fail_msg("got '%.*s', wanted '%s'", SV_ARG(got), wanted);
    }
}

static bool is_one_of(StrView text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sv_equal(text, sv(words[i]))) {
            return true;
        }
    }
    return false;
}

static void test_builtin(void **state)
{
    static const char *const LEVELS[] = {"default", "info", "debug"};
    static const char *const LABELS[] = {"seen in a real log", "documented by Apple",
                                         "reported by admins", "unverified"};
    Presets presets = {.count = 0};
    (void)state;
    read_builtin(&presets);
    assert_int_equal(presets.count, BUILTIN_COUNT);
    for (size_t i = 0; i < presets.count; i++) {
        const Preset *preset = &presets.items[i];
        assert_true(preset->about.len > 0);
        assert_true(preset->source.len > 0);
        assert_true(is_one_of(preset->level, LEVELS, ARRAY_LEN(LEVELS)));
        assert_true(is_one_of(preset->confidence, LABELS, ARRAY_LEN(LABELS)));
        assert_false(preset->is_own);
    }
    presets_done(&presets);
    assert_int_equal(presets.count, 0);
}

static void test_builtin_round_trip(void **state)
{
    Presets presets = {.count = 0};
    (void)state;
    read_builtin(&presets);
    for (size_t i = 0; i < presets.count; i++) {
        StrBuf printed = {0};
        Err err = err_none();
        Predicate *first = predicate_parse(presets.items[i].predicate, &err);
        assert_non_null(first);
        predicate_print(first, &printed);
        Predicate *again = predicate_parse(strbuf_view(&printed), &err);
        if (again == NULL || !predicate_equal(first, again)) {
            fail_msg("%.*s: printed as %s: %s", SV_ARG(presets.items[i].name), printed.ptr,
                     err.text);
        }
        assert_true(predicate_is_sendable(first, &err));
        predicate_free(first);
        predicate_free(again);
        strbuf_done(&printed);
    }
    presets_done(&presets);
}

static void read_text(Presets *presets, const char *text, bool is_own)
{
    Err err = err_none();
    if (!presets_read(presets, sv(text), "test.json", is_own, &err)) {
        fail_msg("%s", err.text);
    }
}

static void test_replace_and_remove(void **state)
{
    Presets presets = {.count = 0};
    Err err = err_none();
    (void)state;
    read_text(&presets,
              "{\"presets\": [{\"name\": \"a\", \"predicate\": \"processID == 1\","
              " \"about\": \"x\"}, {\"name\": \"b\", \"predicate\": \"processID == 2\"}]}",
              false);
    read_text(&presets, "{\"presets\": [{\"name\": \"A\", \"predicate\": \"processID == 3\"}]}",
              true);
    assert_int_equal(presets.count, 2);
    assert_view(presets.items[0].name, "A");
    assert_view(presets.items[0].predicate, "processID == 3");
    assert_null(presets.items[0].about.ptr);
    assert_true(presets.items[0].is_own);
    assert_false(presets.items[1].is_own);

    char name[] = "mine";
    Preset mine = {.name = sv(name), .predicate = SV("process == \"x\""), .is_own = true};
    assert_true(presets_put(&presets, &mine, &err));
    name[0] = '?'; /* the texts were copied */
    assert_int_equal(presets_find(&presets, SV("MINE")), 2);
    mine.predicate = SV("process ==");
    assert_false(presets_put(&presets, &mine, &err));
    assert_int_equal(presets.count, 3);

    presets_remove(&presets, 1);
    assert_int_equal(presets.count, 2);
    assert_int_equal(presets_find(&presets, SV("b")), SIZE_MAX);
    assert_int_equal(presets_find(&presets, SV("mine")), 1);
    presets_done(&presets);
}

static void test_refused(void **state)
{
    static const struct {
        const char *text;
        const char *words; /* in the error */
    } ROWS[] = {
        {"[", "test.json:1:"},
        {"{}", "'presets' must be a list"},
        {"{\"presets\": {}}", "'presets' must be a list"},
        {"{\"presets\": [1]}", "must be a map"},
        {"{\"presets\": [{\"predicate\": \"processID == 1\"}]}", "needs a 'name'"},
        {"{\"presets\": [{\"name\": \"a\"}]}", "preset 'a': 'predicate' is missing"},
        {"{\"presets\": [{\"name\": \"a\", \"predicate\": 1}]}",
         "preset 'a': 'predicate' must be a text"},
        {"{\"presets\": [{\"name\": \"a\", \"predicat\": \"x\"}]}",
         "preset 'a': unknown member 'predicat'"},
        {"{\"presets\": [{\"name\": \"a\", \"predicate\": \"proces == 1\"}]}",
         "predicate of preset 'a'"},
        {"{\"presets\": [{\"name\": \"a\", \"predicate\": \"message MATCHES \\\"(\\\"\"}]}",
         "predicate of preset 'a'"},
        {"{\"presets\": [{\"name\": \"a\", \"predicate\": \"processID == 1\"},"
         " {\"name\": \"A\", \"predicate\": \"processID == 1\"}]}",
         "preset 'A' is defined twice"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Presets presets = {.count = 0};
        Err err = err_none();
        assert_false(presets_read(&presets, sv(ROWS[i].text), "test.json", true, &err));
        if (strstr(err.text, ROWS[i].words) == NULL || !sv_starts(sv(err.text), SV("test.json"))) {
            fail_msg("%s: '%s', wanted '%s'", ROWS[i].text, err.text, ROWS[i].words);
        }
        assert_int_equal(presets.count, 0);
        presets_done(&presets);
    }
}

static void test_too_many(void **state)
{
    Presets presets = {.count = 0};
    Err err = err_none();
    (void)state;
    for (int i = 0; i < PRESETS_MAX; i++) {
        StrBuf name = {0};
        strbuf_printf(&name, "preset %d", i);
        Preset preset = {.name = strbuf_view(&name), .predicate = SV("TRUEPREDICATE")};
        assert_true(presets_put(&presets, &preset, &err));
        strbuf_done(&name);
    }
    Preset more = {.name = SV("more"), .predicate = SV("TRUEPREDICATE")};
    assert_false(presets_put(&presets, &more, &err));
    assert_non_null(strstr(err.text, "more than 500 presets"));
    more.name = SV("preset 7"); /* replacing needs no room */
    assert_true(presets_put(&presets, &more, &err));
    assert_false(presets_read(&presets,
                              SV("{\"presets\": [{\"name\": \"preset 8\", \"predicate\": "
                                 "\"FALSEPREDICATE\"}, {\"name\": \"new\", \"predicate\": "
                                 "\"FALSEPREDICATE\"}]}"),
                              "test.json", true, &err));
    assert_view(presets.items[8].predicate, "TRUEPREDICATE");
    presets_done(&presets);
}

static void test_match(void **state)
{
    static const struct {
        const char *typed;
        const char *names; /* found, in this order */
    } ROWS[] = {
        {"", "push push-late late-push Straße other"},
        {"  \t", "push push-late late-push Straße other"},
        {"push", "push push-late late-push other"}, /* name prefix, name, the rest */
        {"PUSH", "push push-late late-push other"},
        {"late push", "push-late late-push"},
        {"apsd", "push push-late late-push"},
        {"apsd devices", "push"},
        {"about apsd", ""},
        {"other", "other"},
        {"STRASSE", "Straße"},
        {"nothing", ""},
    };
    Presets presets = {.count = 0};
    (void)state;
    read_text(&presets,
              "{\"presets\": ["
              "{\"name\": \"push\", \"predicate\": \"process == 'apsd'\", \"about\": \"Devices\"},"
              "{\"name\": \"push-late\", \"predicate\": \"process == 'apsd'\"},"
              "{\"name\": \"late-push\", \"predicate\": \"process == 'apsd'\"},"
              "{\"name\": \"Straße\", \"predicate\": \"TRUEPREDICATE\"},"
              "{\"name\": \"other\", \"predicate\": \"process == 'x'\", \"about\": \"Push\"}]}",
              false);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        size_t indices[PRESETS_MAX];
        StrBuf names = {0};
        size_t found = presets_match(&presets, sv(ROWS[i].typed), indices, PRESETS_MAX);
        for (size_t k = 0; k < found; k++) {
            strbuf_add_str(&names, k > 0 ? " " : "");
            strbuf_add(&names, presets.items[indices[k]].name);
        }
        if (!sv_equal(strbuf_view(&names), sv(ROWS[i].names))) {
            fail_msg("'%s': '%.*s', wanted '%s'", ROWS[i].typed, SV_ARG(strbuf_view(&names)),
                     ROWS[i].names);
        }
        strbuf_done(&names);
    }
    size_t two[2];
    assert_int_equal(presets_match(&presets, SV("push"), two, 2), 2);
    assert_int_equal(two[1], 1);
    presets_done(&presets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_builtin),
        cmocka_unit_test(test_builtin_round_trip),
        cmocka_unit_test(test_replace_and_remove),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
