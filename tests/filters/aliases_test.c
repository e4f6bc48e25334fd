/*
 * Tests of aliases: the texts of ~/.logrc in tests/data/filters/aliases.txt, and predicates that
 * are one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "filters/aliases.h"
#include "filters/filter.h"
#include "tests/filters/truth.h"

static void print_aliases(const Aliases *aliases, const Err *err, bool is_good, StrBuf *buf)
{
    for (size_t i = 0; i < aliases->count; i++) {
        strbuf_printf(buf, "%.*s = ", SV_ARG(aliases->items[i].name));
        utf8_visible(buf, aliases->items[i].text);
        strbuf_add_char(buf, '\n');
    }
    if (!is_good) {
        strbuf_printf(buf, "!! %d %s\n", err->line, err->text);
    }
}

/* The text of a row, up to the line "--", with the two blanks before each line taken off. */
static void take_text(StrView *rest, StrBuf *text)
{
    StrView line;
    while (sv_next_line(rest, &line) && !sv_equal(line, SV("--"))) {
        strbuf_add(text, sv_slice(line, 2, line.len));
        strbuf_add_char(text, '\n');
    }
}

static void test_files(void **state)
{
    (void)state;
    StrBuf file = {0};
    StrView rest = truth_read_file("tests/data/filters/aliases.txt", &file);
    StrView line;
    int failures = 0;
    int count = 0;
    while (sv_next_line(&rest, &line)) {
        if (!sv_starts(line, SV("== "))) {
            continue;
        }
        StrView title = line;
        StrBuf text = {0};
        StrBuf wanted = {0};
        StrBuf found = {0};
        Aliases aliases = {0};
        Err err = err_none();
        take_text(&rest, &text);
        while (sv_next_line(&rest, &line) && line.len > 0) {
            strbuf_add(&wanted, line);
            strbuf_add_char(&wanted, '\n');
        }
        bool is_good = aliases_read(&aliases, strbuf_view(&text), &err);
        print_aliases(&aliases, &err, is_good, &found);
        if (!sv_equal(strbuf_view(&found), strbuf_view(&wanted))) {
            print_error("%.*s:\n%.*s", SV_ARG(title), SV_ARG(strbuf_view(&found)));
            failures++;
        }
        aliases_done(&aliases);
        strbuf_done(&text);
        strbuf_done(&wanted);
        strbuf_done(&found);
        count++;
    }
    assert_int_equal(failures, 0);
    assert_true(count >= 14);
    strbuf_done(&file);
}

static const char LOGRC[] = "predicate:\n"
                            "  mdm 'process == \"mdmclient\" AND '\n"
                            "      'messageType == error'\n"
                            "  short 's=com.apple.x or p=y'\n"
                            "  wrong 'proces == 1'\n"
                            "  bad 'process MATCHES \"(\"'\n"
                            "  again 'mdm'\n";

static void read_logrc(Aliases *aliases)
{
    Err err = err_none();
    assert_true(aliases_read(aliases, sv(LOGRC), &err));
}

static void test_expansion(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *printed; /* NULL = an error */
        const char *warning; /* the first one, NULL = none */
    } ROWS[] = {
        {"mdm", "process == \"mdmclient\" AND messageType == error",
         "the alias 'mdm' of ~/.logrc stands for: "},
        {"  mdm\n", "process == \"mdmclient\" AND messageType == error",
         "the alias 'mdm' of ~/.logrc stands for: "},
        {"short", "subsystem ==[c] \"com.apple.x\" OR process ==[c] \"y\"",
         "the alias 'short' of ~/.logrc stands for: "},
        {"again", "eventMessage CONTAINS[c] \"mdm\"", "the alias 'again' of ~/.logrc stands for: "},
        {"MDM", "eventMessage CONTAINS[c] \"MDM\"", NULL},
        {"\"mdm\"", "eventMessage CONTAINS[c] \"mdm\"", NULL},
        {"mdm and p=x", "eventMessage CONTAINS[c] \"mdm\" AND process ==[c] \"x\"", NULL},
        {"process == \"mdm\"", "process == \"mdm\"", NULL},
        {"", "TRUEPREDICATE", NULL},
        {"wrong", NULL, NULL},
    };
    Aliases aliases = {0};
    read_logrc(&aliases);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Err err = err_none();
        const PredicateWarning *warnings = NULL;
        Predicate *predicate = predicate_parse_with(sv(ROWS[i].text), &aliases, &err);
        assert_int_equal(predicate != NULL, ROWS[i].printed != NULL);
        if (!predicate) {
            continue;
        }
        StrBuf buf = {0};
        predicate_print(predicate, &buf);
        assert_string_equal(buf.ptr, ROWS[i].printed);
        strbuf_done(&buf);
        size_t count = predicate_warnings(predicate, &warnings);
        assert_int_equal(count > 0, ROWS[i].warning != NULL);
        if (ROWS[i].warning) {
            assert_true(sv_starts(warnings[0].text, sv(ROWS[i].warning)));
            assert_true(sv_ends(warnings[0].text, predicate_source(predicate)));
            assert_null(warnings[0].fix.ptr);
            assert_true(warnings[0].offset <= predicate_source(predicate).len);
        }
        predicate_free(predicate);
    }
    aliases_done(&aliases);
}

static void test_errors_point_to_the_name(void **state)
{
    (void)state;
    Aliases aliases = {0};
    read_logrc(&aliases);
    Err err = err_none();
    assert_null(predicate_parse_with(SV("  wrong"), &aliases, &err));
    assert_string_equal(err.text, "alias 'wrong', line 5 of ~/.logrc: unknown key 'proces', did "
                                  "you mean 'process'?");
    assert_int_equal(err.offset, 2);
    assert_null(filter_compile_with(SV("bad"), &aliases, &err));
    assert_int_equal(err.offset, 0);
    assert_true(sv_starts(sv(err.text), SV("alias, line 6 of ~/.logrc: regular expression")));
    aliases_done(&aliases);
}

static void test_none(void **state)
{
    (void)state;
    Aliases none = {0};
    assert_null(aliases_find(NULL, SV("a")));
    assert_null(aliases_find(&none, SV("a")));
    assert_true(aliases_read(&none, SV_NONE, NULL));
    Predicate *predicate = predicate_parse_with(SV("process == 'a'"), NULL, NULL);
    assert_non_null(predicate);
    predicate_free(predicate);
    aliases_done(&none);
}

/* Warnings of an alias that has as many as there may be. */
static void test_full_warnings(void **state)
{
    (void)state;
    StrBuf text = {0};
    Aliases aliases = {0};
    const PredicateWarning *warnings = NULL;
    strbuf_add_str(&text, "predicate: a 'userID == 1");
    for (int i = 0; i < 100; i++) {
        strbuf_add_str(&text, " AND userID == 1");
    }
    strbuf_add_str(&text, "'");
    assert_true(aliases_read(&aliases, strbuf_view(&text), NULL));
    Predicate *predicate = predicate_parse_with(SV("a"), &aliases, NULL);
    size_t count = predicate_warnings(predicate, &warnings);
    assert_true(count > 1);
    assert_true(
        sv_starts(warnings[0].text, SV("the alias 'a' of ~/.logrc stands for: userID == 1")));
    assert_true(sv_equal(warnings[count - 1].text, warnings[1].text));
    predicate_free(predicate);
    aliases_done(&aliases);
    strbuf_done(&text);
}

static void test_limits(void **state)
{
    (void)state;
    StrBuf text = {0};
    Aliases aliases = {0};
    Err err = err_none();
    strbuf_add_str(&text, "predicate:\n");
    for (int i = 0; i <= ALIASES_MAX; i++) {
        strbuf_printf(&text, "a%d 'TRUEPREDICATE'\n", i);
    }
    assert_false(aliases_read(&aliases, strbuf_view(&text), &err));
    assert_int_equal(err.line, ALIASES_MAX + 2);
    assert_int_equal(aliases.count, ALIASES_MAX);
    aliases_done(&aliases);
    strbuf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_expansion),
        cmocka_unit_test(test_errors_point_to_the_name),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_full_warnings),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
