/*
 * Tests of printing predicates, in both grammars and as a tree: what is printed reads back as the
 * same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "filters/filter.h"
#include "filters/predicate.h"
#include "tests/filters/predicate_texts.h"
#include "tests/filters/random_predicate.h"

#define DATA "tests/data/filters/"

static void test_known_predicates_survive(void **state)
{
    (void)state;
    Lines lines = lines_open(DATA "predicates.txt");
    StrView line;
    int failures = 0;
    int count = 0;
    while (lines_next_full(&lines, &line)) {
        failures += !survives(line);
        count++;
        Err err = err_none();
        Filter *filter = filter_compile(line, &err);
        assert_string_equal(err.text, "");
        assert_non_null(filter);
        filter_free(filter);
    }
    assert_int_equal(failures, 0);
    assert_true(count >= 60);
    strbuf_done(&lines.buf);
}

static int survive_table(const char *path)
{
    Lines lines = lines_open(path);
    StrView line;
    int failures = 0;
    int count = 0;
    while (lines_next_full(&lines, &line)) {
        StrView rest = line;
        StrView verdict = truth_word(&rest);
        (void)truth_word(&rest); /* the entries */
        if (sv_equal(verdict, SV("yes")) || sv_equal(verdict, SV("no"))) {
            failures += !survives(sv_trim(rest));
            count++;
        }
    }
    assert_int_equal(failures, 0);
    strbuf_done(&lines.buf);
    return count;
}

static void test_truth_table_survives(void **state)
{
    (void)state;
    assert_true(survive_table(DATA "truth.txt") >= 300);
    assert_true(survive_table(DATA "truth_shorthand.txt") >= 100);
}

static void test_random_trees_survive(void **state)
{
    (void)state;
    int failures = 0;
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        Random random = {seed};
        StrBuf text = {0};
        random_predicate(&random, (int)(seed % 7), &text);
        failures += !survives(strbuf_view(&text));
        strbuf_done(&text);
    }
    assert_int_equal(failures, 0);
}

static void test_printed_form(void **state)
{
    (void)state;
    Lines lines = lines_open(DATA "printed.txt");
    StrView text;
    StrView wanted;
    int failures = 0;
    while (lines_next_full(&lines, &text)) {
        assert_true(lines_next(&lines, &wanted));
        assert_true(sv_starts(wanted, SV("=> ")));
        wanted = sv_slice(wanted, 3, wanted.len);
        Err err = err_none();
        Predicate *predicate = predicate_parse(text, &err);
        StrBuf printed = {0};
        if (predicate) {
            predicate_print(predicate, &printed);
        } else {
            strbuf_add_str(&printed, "error");
        }
        if (!sv_equal(strbuf_view(&printed), wanted)) {
            print_error("line %d: %.*s\n  is %.*s (%s)\n", lines.number, SV_ARG(text),
                        SV_ARG(strbuf_view(&printed)), err.text);
            failures++;
        }
        strbuf_done(&printed);
        predicate_free(predicate);
    }
    assert_int_equal(failures, 0);
    strbuf_done(&lines.buf);
}

/* --- shorthand ------------------------------------------------------------------------------ */

/* What is printed as shorthand is shorthand, and says the same again. */
static bool survives_shorthand(const Predicate *predicate, StrView printed)
{
    Err err = err_none();
    Predicate *again = predicate_parse(printed, &err);
    StrBuf twice = {0};
    bool is_same = again && predicate_print_shorthand(again, &twice, &err) &&
                   sv_equal(printed, strbuf_view(&twice)) && predicate_is_shorthand(again);
    /* IN {"a"} comes back as == "a", types as one OR, the rest as it was. */
    is_same = is_same && (predicate_equal(predicate, again) ||
                          predicate_root(predicate)->kind != PREDICATE_AND);
    if (!is_same) {
        print_error("%.*s: %s\n", SV_ARG(printed), err.text);
    }
    strbuf_done(&twice);
    predicate_free(again);
    return is_same;
}

static void test_printed_shorthand(void **state)
{
    (void)state;
    Lines lines = lines_open(DATA "shorthand.txt");
    StrView text;
    StrView wanted;
    int failures = 0;
    int count = 0;
    while (lines_next_full(&lines, &text)) {
        assert_true(lines_next(&lines, &wanted));
        Err err = err_none();
        StrBuf line = {0};
        Predicate *predicate = predicate_parse(text, &err);
        assert_non_null(predicate);
        strbuf_add_str(&line, "=> ");
        bool is_said = predicate_print_shorthand(predicate, &line, &err);
        if (is_said) {
            failures += !survives_shorthand(predicate, sv_slice(strbuf_view(&line), 3, line.len));
        } else {
            assert_int_equal(line.len, 3);
            assert_true(err.offset <= text.len);
            strbuf_clear(&line);
            strbuf_printf(&line, "!! %s", err.text);
        }
        if (!sv_equal(strbuf_view(&line), wanted)) {
            print_error("line %d: %.*s\n  is %s\n", lines.number, SV_ARG(text), line.ptr);
            failures++;
        }
        strbuf_done(&line);
        predicate_free(predicate);
        count++;
    }
    assert_int_equal(failures, 0);
    assert_true(count >= 40);
    strbuf_done(&lines.buf);
}

static void test_shorthand_survives(void **state)
{
    (void)state;
    Lines lines = lines_open(DATA "truth_shorthand.txt");
    StrView line;
    int failures = 0;
    int count = 0;
    while (lines_next_full(&lines, &line)) {
        StrView rest = line;
        (void)truth_word(&rest); /* the verdict */
        (void)truth_word(&rest); /* the entries */
        Predicate *predicate = predicate_parse(sv_trim(rest), NULL);
        StrBuf printed = {0};
        Err err = err_none();
        if (predicate && predicate_print_shorthand(predicate, &printed, &err)) {
            Predicate *again = predicate_parse(strbuf_view(&printed), &err);
            bool is_same = again && predicate_equal(predicate, again);
            if (!is_same) {
                print_error("%.*s\n  printed %s\n", SV_ARG(line), printed.ptr);
            }
            failures += !is_same;
            count++;
            predicate_free(again);
        }
        strbuf_done(&printed);
        predicate_free(predicate);
    }
    assert_int_equal(failures, 0);
    assert_true(count >= 90);
    strbuf_done(&lines.buf);
}

static void test_tree_form(void **state)
{
    (void)state;
    Predicate *predicate =
        predicate_parse(SV("process == 'a' AND NOT (userID == 1 OR TRUEPREDICATE)"), NULL);
    StrBuf buf = {0};
    predicate_print_tree(predicate, &buf);
    assert_string_equal(buf.ptr, "AND\n"
                                 "  process == \"a\"\n"
                                 "  NOT\n"
                                 "    OR\n"
                                 "      userID == 1\n"
                                 "      TRUEPREDICATE\n");
    strbuf_done(&buf);
    predicate_free(predicate);
}

static void test_quote_reads_back(void **state)
{
    (void)state;
    static const StrView TEXTS[] = {
        {"", 0},          {"plain", 5},
        {"a\"b'c\\d", 7}, {"\0\x01\x1F\x7F\n\t", 6},
        {"\xFF\xC3", 2},  {"\xC3\x84\xE2\x82\xAC", 5},
        {"\\n", 2},
    };
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        StrBuf buf = {0};
        strbuf_add_str(&buf, "process == ");
        predicate_quote(TEXTS[i], &buf);
        Predicate *predicate = predicate_parse(strbuf_view(&buf), NULL);
        assert_non_null(predicate);
        assert_true(sv_equal(predicate_root(predicate)->right.text, TEXTS[i]));
        predicate_free(predicate);
        strbuf_done(&buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_predicates_survive),
        cmocka_unit_test(test_truth_table_survives),
        cmocka_unit_test(test_random_trees_survive),
        cmocka_unit_test(test_printed_form),
        cmocka_unit_test(test_printed_shorthand),
        cmocka_unit_test(test_shorthand_survives),
        cmocka_unit_test(test_tree_form),
        cmocka_unit_test(test_quote_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
