/*
 * Tests of the PCRE2 façade: what matches, with and without JIT; broken bytes; limits; what ICU
 * does not know and therefore is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "filters/regex.h"
#include "tests/filters/random_predicate.h"

#define ICU (REGEX_WHOLE | REGEX_DOT_NEWLINE)

typedef struct Case {
    const char *pattern;
    unsigned flags;
    const char *text;
    int start; /* -1 = no match */
    int end;
} Case;

static const Case CASES[] = {
    {"b+", 0, "abbc", 1, 3},
    {"B+", 0, "abbc", -1, 0},
    {"B+", REGEX_CASELESS, "abbc", 1, 3},
    {"", 0, "abc", 0, 0},
    {"^b", 0, "a\nb", -1, 0},
    {"^b", REGEX_DOT_NEWLINE, "a\nb", 2, 3},
    {"a.b", 0, "a\nb", -1, 0},
    {"a.b", REGEX_DOT_NEWLINE, "a\nb", 0, 3},
    {"b", REGEX_WHOLE, "abc", -1, 0},
    {"abc", REGEX_WHOLE, "abc", 0, 3},
    {"a|abc", REGEX_WHOLE, "abc", 0, 3},
    {"abc", REGEX_WHOLE, "abc\n", -1, 0},
    {"a.c", REGEX_LITERAL, "abc a.c", 4, 7},
    {"(a", REGEX_LITERAL, "x(a", 1, 3},
    {"A.C", REGEX_LITERAL | REGEX_CASELESS, "abc a.c", 4, 7},
    {"[a&&b]", REGEX_LITERAL, "[a&&b]", 0, 6},
    {"error", REGEX_SMART_CASE, "An ERROR", 3, 8},
    {"Error", REGEX_SMART_CASE, "An ERROR", -1, 0},
    {"\\Serror", REGEX_SMART_CASE, "xERROR", 0, 6},
    {"\xC3\x84", REGEX_SMART_CASE, "\xC3\xA4", -1, 0},
    {"\xC3\xA4", REGEX_SMART_CASE, "\xC3\x84", 0, 2},
    {"stra\xC3\x9F"
     "e",
     REGEX_SMART_CASE,
     "STRA\xC3\x9F"
     "E",
     0, 7},
    {"\xC3\xA4", REGEX_CASELESS, "\xC3\x84", 0, 2},
    {"^.$", 0, "\xE6\xBC\xA2", 0, 3},
    {"\\w+", 0, "\xE6\xBC\xA2", 0, 3},
    {"\\d", 0, "\xD9\xA3", 0, 2},
    {"\\bx\\b", 0, "\xC3\xA4x x", 4, 5},
    {"\\u0041\\U00000042", ICU, "AB", 0, 2},
    {"\\x{41}\\x42", ICU, "AB", 0, 2},
    {"\\\\u0041", ICU, "\\u0041", 0, 6},
    {"[[:alpha:]]+", ICU, "ab", 0, 2},
    {"[]a]+", ICU, "]a", 0, 2},
    {"[\\[a]+", ICU, "[a", 0, 2},
    {"\\Q[a&&b](*\\E", ICU, "[a&&b](*", 0, 8},
    {"\\Q\\u0041\\E", ICU, "\\u0041", 0, 6},
    {"(?<n>a)\\k<n>", ICU, "aa", 0, 2},
    {"(?i)ab(?-i)C", ICU, "ABC", 0, 3},
    /* ICU's sets within sets and set operations */
    {"[a-z&&[^b]]", ICU, "a", 0, 1},
    {"[a-z&&[^b]]", ICU, "b", -1, 0},
    {"[a-z&&[^b]]", ICU, "B", -1, 0},
    {"[a-z&&[^b]]+", ICU, "acz", 0, 3},
    {"[a-z&&[^b]]+", ICU, "abz", -1, 0},
    {"[a-z&&[^b]]", ICU | REGEX_CASELESS, "A", 0, 1},
    {"[a-z&&[^b]]", ICU | REGEX_CASELESS, "B", -1, 0},
    {"[[a-z]--[aeiou]]+", ICU, "xyz", 0, 3},
    {"[[a-z]--[aeiou]]+", ICU, "xyza", -1, 0},
    {"[[a-z]-[aeiou]]+", ICU, "xyz", 0, 3},
    {"[[a-z]-[aeiou]]+", ICU, "xyzo", -1, 0},
    {"[[a-z]&[x-z]]+", ICU, "xyz", 0, 3},
    {"[[a-z]&[x-z]]", ICU, "a", -1, 0},
    {"[a-z--b]+", ICU, "ac", 0, 2},
    {"[a-z--b]", ICU, "b", -1, 0},
    {"[a-z&&a-m&&c-x]+", ICU, "cm", 0, 2},
    {"[a-z&&a-m&&c-x]", ICU, "n", -1, 0},
    {"[^a-z&&[^b]]", ICU, "b", 0, 1},
    {"[^a-z&&[^b]]", ICU, "a", -1, 0},
    {"[^a-z&&[^b]]", ICU, "\n", 0, 1},
    {"[a[bc]]+", ICU, "abc", 0, 3},
    {"[[a][^a-z]]+", ICU, "aA1", 0, 3},
    {"[[a][^a-z]]", ICU, "b", -1, 0},
    {"[0-9[a-f]&&[^5b]]+", ICU, "09acf", 0, 5},
    {"[0-9[a-f]&&[^5b]]", ICU, "b", -1, 0},
    {"[\\p{L}&&[^\\p{Lu}]]+", ICU, "a\xC3\xA4\xE6\xBC\xA2", 0, 6},
    {"[\\p{L}&&[^\\p{Lu}]]", ICU, "\xC3\x84", -1, 0},
    {"[\\p{Letter}--\\p{gc=Uppercase_Letter}]", ICU, "\xC3\xA4", 0, 2},
    {"[\\p{Letter}--\\p{gc=Lu}]", ICU, "\xC3\x84", -1, 0},
    {"\\P{Letter}", ICU, "1", 0, 1},
    {"[\\w&&[^\\d_]]+", ICU, "ab", 0, 2},
    {"[\\w&&[^\\d_]]", ICU, "1", -1, 0},
    {"[[:alpha:]&&[^x]]+", ICU, "ab", 0, 2},
    {"[[:alpha:]&&[^x]]", ICU, "x", -1, 0},
    {"[[a]-z]", ICU, "-", 0, 1},
    {"[[a]-z]", ICU, "b", -1, 0},
    {"[a[-z]]", ICU, "-", 0, 1},
    {"[a[-z]]", ICU, "b", -1, 0},
    {"[a-]", ICU, "-", 0, 1},
    {"[-a]", ICU, "-", 0, 1},
    {"[a^]", ICU, "^", 0, 1},
    {"[a&b]+", ICU, "a&b", 0, 3},
    {"[[]a]x]", ICU, "]", 0, 1},
    {"[\\u0041-\\u0043&&[^B]]+", ICU, "AC", 0, 2},
    {"[\\Q&&\\E]+", ICU, "&&", 0, 2},
    {"x[a-z&&[^b]]?y", ICU, "xy", 0, 2},
    {"[a-z&&[^b]]{2}", ICU, "ac", 0, 2},
    {"a+?", 0, "aaa", 0, 1},
    {"[[]x", 0, "[x", 0, 2},
    {"(?P<n>a)", 0, "a", 0, 1},
    {"\\X", 0, "e\xCC\x81", 0, 3},
    /* Bytes that are no UTF-8 */
    {"a.b", 0,
     "xa\xFF"
     "b",
     1, 4},
    {"^[^a]+$", 0, "\xFF\xC3\x28", 0, 3},
    {"b", 0,
     "\xF0\x9F\x98"
     "b",
     3, 4},
    {".*err.*", ICU, "\x80 err \xC0\xAF", 0, 8},
    {"\xEF\xBF\xBD", 0, "\xFF", -1, 0},
    {"\\w", 0, "\xED\xA0\x80", -1, 0},
};

static void check_case(const Case *row, unsigned flags)
{
    Err err = err_none();
    size_t start = SIZE_MAX;
    size_t end = SIZE_MAX;
    Regex *regex = regex_new(sv(row->pattern), row->flags | flags, &err);
    assert_string_equal(err.text, "");
    assert_non_null(regex);
    RegexResult result = regex_search(regex, sv(row->text), 0, &start, &end);
    if (result != (row->start >= 0 ? REGEX_YES : REGEX_NO) ||
        (row->start >= 0 && (start != (size_t)row->start || end != (size_t)row->end))) {
        print_error("/%s/ in '%s': %d at %zu to %zu\n", row->pattern, row->text, (int)result, start,
                    end);
        fail();
    }
    if (row->start < 0) {
        assert_true(start == SIZE_MAX && end == SIZE_MAX);
    }
    regex_free(regex);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        check_case(&CASES[i], 0);
        check_case(&CASES[i], REGEX_NO_JIT);
    }
}

static void test_jit_can_be_switched_off(void **state)
{
    (void)state;
    Regex *regex = regex_new(SV("a"), REGEX_NO_JIT, NULL);
    assert_false(regex_has_jit(regex));
    regex_free(regex);
}

static void test_search_goes_on(void **state)
{
    (void)state;
    Regex *regex = regex_new(SV("a|\xC3\xA4"), 0, NULL);
    StrView text = SV("a\xC3\xA4\xFF"
                      "a");
    static const size_t STARTS[] = {0, 1, 4};
    size_t from = 0;
    size_t start = 0;
    size_t end = 0;
    for (size_t i = 0; i < ARRAY_LEN(STARTS); i++) {
        assert_int_equal(regex_search(regex, text, from, &start, &end), REGEX_YES);
        assert_int_equal(start, STARTS[i]);
        from = end;
    }
    assert_int_equal(regex_search(regex, text, from, &start, &end), REGEX_NO);
    assert_int_equal(regex_search(regex, text, 99, &start, &end), REGEX_NO);
    /* From the middle of a character: the next one. */
    assert_int_equal(regex_search(regex, text, 2, &start, &end), REGEX_YES);
    assert_int_equal(start, 4);
    assert_int_equal(regex_search(regex, SV_NONE, 0, &start, &end), REGEX_NO);
    regex_free(regex);
}

static void test_groups(void **state)
{
    (void)state;
    size_t start;
    size_t end;
    Regex *regex = regex_new(SV("(?<code>\\d+)|(?<word>[a-z]+)"), 0, NULL);
    assert_null(regex_group(regex, "code").ptr);
    assert_int_equal(regex_search(regex, SV("\xFF 401"), 0, &start, &end), REGEX_YES);
    assert_true(sv_equal(regex_group(regex, "code"), SV("401")));
    assert_null(regex_group(regex, "word").ptr);
    assert_null(regex_group(regex, "other").ptr);
    assert_int_equal(regex_search(regex, SV("abc"), 0, &start, &end), REGEX_YES);
    assert_true(sv_equal(regex_group(regex, "word"), SV("abc")));
    assert_null(regex_group(regex, "code").ptr);
    assert_int_equal(regex_search(regex, SV("--"), 0, &start, &end), REGEX_NO);
    assert_null(regex_group(regex, "word").ptr);
    regex_free(regex);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        unsigned flags;
        size_t offset;
        const char *reason;
    } ROWS[] = {
        {"[a-z&&[^b]]", 0, 4, "set operations"},
        {"x[a-z&&]", ICU, 7, "after the set operation"},
        {"[&&a]", ICU, 1, "before the set operation"},
        {"[--a]", ICU, 1, "before the set operation"},
        {"[a&&--b]", ICU, 4, "before the set operation"},
        {"[a-z", ICU, 4, "missing terminating ]"},
        {"[[a]", ICU, 4, "missing terminating ]"},
        {"x[a&&[b]", ICU, 8, "missing terminating ]"},
        {"[]", ICU, 2, "missing terminating ]"},
        {"x[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[a", ICU, 33, "too deep"},
        {"[a&&b]x(", ICU, 8, "parenthesis"},
        {"x)[a&&b]", ICU, 1, "parenthesis"},
        {"[a&&\\p{Nonsense}]", ICU, 0, "property"},
        {"a\\g1", ICU, 1, "\\g is not known"},
        {"a\\o{101}", ICU, 1, "is not known"},
        {"(?'n'a)", ICU, 0, "(?<name>"},
        {"(?|a)", ICU, 0, "is not known"},
        {"a\\Kb", ICU, 1, "\\K is not known"},
        {"(?R)", ICU, 0, "recursion"},
        {"(a)(?1)", ICU, 3, "recursion"},
        {"(?(1)a)", ICU, 0, "conditions"},
        {"(?P<n>a)", ICU, 0, "(?<name>"},
        {"(*UTF)a", ICU, 0, "verbs"},
        {"a\\C", 0, 3, ""},
        {"(", 0, 1, "parenthesis"},
        {"a(b", ICU, 3, "parenthesis"},
        {"*", ICU, 0, "quantifier"},
        {"\xFF", 0, ERR_NO_OFFSET, "UTF-8"},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Err err = err_none();
        Regex *regex = regex_new(sv(ROWS[i].pattern), ROWS[i].flags, &err);
        if (regex || err.offset != ROWS[i].offset || !strstr(err.text, ROWS[i].reason)) {
            print_error("/%s/: %zu %s\n", ROWS[i].pattern, err.offset, err.text);
            fail();
        }
        assert_true(err.text[0] != '\0');
    }
}

/* --- limits --------------------------------------------------------------------------------- */

static const char *const EXPLOSIVE[] = {
    "(a+)+$",          "(a|a)*$", "(a*)*[bc]", "(.*a){12}$", "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(\\w+\\s*)+[:;]",
};

static void test_explosive_patterns_are_stopped(void **state)
{
    (void)state;
    StrBuf text = {0};
    strbuf_add_many(&text, 'a', 10 * KIB);
    strbuf_add_char(&text, '!');
    for (size_t i = 0; i < ARRAY_LEN(EXPLOSIVE); i++) {
        for (unsigned jit = 0; jit < 2; jit++) {
            size_t start;
            size_t end;
            Regex *regex = regex_new(sv(EXPLOSIVE[i]), jit ? 0 : REGEX_NO_JIT, NULL);
            int64_t before = clock_monotonic();
            RegexResult result = regex_search(regex, strbuf_view(&text), 0, &start, &end);
            int64_t took = clock_monotonic() - before;
            if (result != REGEX_STOPPED) {
                print_error("/%s/ was not stopped\n", EXPLOSIVE[i]);
            }
            assert_int_equal(result, REGEX_STOPPED);
            /* Milliseconds; the rest is for slow machines and sanitizers. */
            assert_true(took < NS_PER_SECOND);
            regex_free(regex);
        }
    }
    strbuf_done(&text);
}

static void check_not_stopped(const char *pattern, unsigned flags, StrView text)
{
    size_t start;
    size_t end;
    Regex *regex = regex_new(sv(pattern), flags, NULL);
    RegexResult result = regex_search(regex, text, 0, &start, &end);
    if (result != REGEX_YES) {
        print_error("/%s/ %#x: %d\n", pattern, flags, (int)result);
    }
    assert_int_equal(result, REGEX_YES);
    assert_int_equal(end, text.len);
    regex_free(regex);
}

static void test_ordinary_patterns_are_not_stopped(void **state)
{
    (void)state;
    static const char *const PATTERNS[] = {
        ".*needle.*",         "(a|b)*needle",      "[^x]*needle$", "[[a-z][^x]]*needle",
        "[a-z&&[^x]]*needle", "(?:a{1,3})+needle", "\\w+needle",   "a*?needle",
    };
    StrBuf text = {0};
    strbuf_add_many(&text, 'a', 10 * KIB);
    strbuf_add_str(&text, "needle");
    for (size_t i = 0; i < ARRAY_LEN(PATTERNS); i++) {
        check_not_stopped(PATTERNS[i], ICU, strbuf_view(&text));
        check_not_stopped(PATTERNS[i], ICU | REGEX_NO_JIT, strbuf_view(&text));
    }
    strbuf_clear(&text);
    strbuf_add_many(&text, 'a', 2 * MIB);
    strbuf_add_str(&text, "needle");
    strbuf_add_many(&text, 'b', 2 * MIB);
    check_not_stopped(".*needle.*", ICU, strbuf_view(&text));
    check_not_stopped(".*needle.*", ICU | REGEX_NO_JIT, strbuf_view(&text));
    strbuf_done(&text);
}

/* --- JIT and interpreter agree ---------------------------------------------------------------- */

static void random_bytes(Random *random, StrBuf *buf)
{
    static const char *const PIECES[] = {"a",        "b",  "A",        "\xC3\xA4", "\xC3\x84",
                                         "\xFF",     "\n", "1",        " ",        "\xE6\xBC\xA2",
                                         "\xF0\x9F", "-",  "e\xCC\x81"};
    for (size_t i = random_below(random, 12); i > 0; i--) {
        strbuf_add_str(buf, RANDOM_OF(random, PIECES));
    }
}

static void random_pattern(Random *random, StrBuf *buf)
{
    static const char *const PIECES[] = {"a",        "b",   "(a|b)", "[^a]",    ".",
                                         "\\w",      "\\d", "\\s",   "a*",      "b+?",
                                         "\xC3\xA4", "^",   "$",     "(?:ab)?", "[a-c\xC3\x84]"};
    for (size_t i = 1 + random_below(random, 5); i > 0; i--) {
        strbuf_add_str(buf, RANDOM_OF(random, PIECES));
    }
}

static void test_jit_and_interpreter_agree(void **state)
{
    (void)state;
    static const unsigned FLAGS[] = {0, REGEX_CASELESS, ICU, ICU | REGEX_CASELESS, REGEX_WHOLE};
    Random random = {42};
    for (int i = 0; i < 2000; i++) {
        StrBuf pattern = {0};
        random_pattern(&random, &pattern);
        unsigned flags = FLAGS[random_below(&random, ARRAY_LEN(FLAGS))];
        Regex *fast = regex_new(strbuf_view(&pattern), flags, NULL);
        Regex *slow = regex_new(strbuf_view(&pattern), flags | REGEX_NO_JIT, NULL);
        assert_true((fast == NULL) == (slow == NULL));
        for (int j = 0; fast && j < 10; j++) {
            StrBuf text = {0};
            size_t a[2] = {0, 0};
            size_t b[2] = {0, 0};
            random_bytes(&random, &text);
            size_t from = random_below(&random, text.len + 1);
            RegexResult first = regex_search(fast, strbuf_view(&text), from, &a[0], &a[1]);
            RegexResult second = regex_search(slow, strbuf_view(&text), from, &b[0], &b[1]);
            assert_int_equal(first, second);
            assert_int_equal(a[0], b[0]);
            assert_int_equal(a[1], b[1]);
            strbuf_done(&text);
        }
        regex_free(fast);
        regex_free(slow);
        strbuf_done(&pattern);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_jit_can_be_switched_off),
        cmocka_unit_test(test_search_goes_on),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_explosive_patterns_are_stopped),
        cmocka_unit_test(test_ordinary_patterns_are_not_stopped),
        cmocka_unit_test(test_jit_and_interpreter_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
