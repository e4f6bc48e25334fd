/*
 * Texts that were made to be dear: whatever 64 KiB hold, reading them takes steps in proportion to
 * their length, the tree and the filter take memory in proportion, recursion has a limit. Counters
 * are asserted, not time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "filters/aliases.h"
#include "filters/filter_internal.h"
#include "filters/predicate_internal.h"

/* Steps and bytes for each byte of a text. A comparison of six bytes becomes a node of some 500. */
#define STEPS_PER_BYTE 8
#define BYTES_PER_BYTE 1024
#define SPARE 4096

/* `head`, then `unit` as often as it fits, then `middle`, then `close` for each unit, then `tail`.
 */
typedef struct Shape {
    const char *head;
    const char *unit;
    const char *middle;
    const char *close;
    const char *tail;
    bool is_good; /* it parses */
} Shape;

static const Shape SHAPES[] = {
    {"", "(", "process == 'a'", ")", "", false},
    {"", "(", "", "", "", false},
    {"", ")", "", "", "", false},
    {"", "NOT ", "process == 'a'", "", "", false},
    {"", "!", "process == 'a'", "", "", false},
    {"", "not ", "p=a", "", "", false},
    {"", "(", "p=a", ")", "", false},
    {"", "NOT (", "1 == 1", ")", "", false},
    {"", "(1==1 AND ", "1==1", ")", "", false},
    {"", "((((1==1)))) OR ", "1==1", "", "", true},
    {"", "((((((((process))))))))=='a' OR ", "1==1", "", "", true},
    {"", "({1,2,3,4,5,6,7,8,9}) == {1} OR ", "1==1", "", "", true},
    {"", "({1,2,3,4,5,6,7,8,9}", "", "", "", false},
    {"", "process == 'a' OR ", "1==1", "", "", true},
    {"", "processID==1 OR message=='' AND ", "size<1", "", "", false},
    {"", "pid=1 or m:a and ", "p=x", "", "", true},
    {"p=", "a|", "a", "", "", true},
    {"m:", "a|", "b", "", "", true},
    {"type!=", "error|", "fault", "", "", true},
    {"m~/", "a", "/", "", "", true},
    {"process IN {", "'a',", "'b'", "", "}", true},
    {"processID IN {", "1,", "2", "", "}", true},
    {"process IN ", "{", "", "}", "", false},
    {"", "{", "", "", "", false},
    {"process == \"", "\\", "\"", "", "", false},
    {"process == \"", "\\n", "\"", "", "", true},
    {"process == \"", "a", "\"", "", "", true},
    {"process == ", "1", "", "", "", false},
    {"", "a", "", "", "", true},
    {"", "a.", "b == 1", "", "", false},
    {"", "\"", "", "", "", false},
    {"", " ", "", "", "", true},
    {"process ==[", "c", "] 'a'", "", "", true},
    {"", "userID == 1 AND #size == 1 OR ", "1 == 1", "", "", true},
    {"", "messageType IN {'error'} OR ", "1 == 1", "", "", true},
    {"", "-", "", "", "", false},
    {"", "\xFF", "", "", "", true},
    {"", "\xE2\x80\x9C", "", "", "", false},
    {"", "p~/", "", "", "", false},
    {"", "#", "", "", "", false},
    {"", "ANY ", "{1} == 1", "", "", false},
    {"", "ANY {1} == 1 OR ", "1 == 1", "", "", true},
};

static void fill(const Shape *shape, StrBuf *buf)
{
    size_t fixed = strlen(shape->head) + strlen(shape->middle) + strlen(shape->tail);
    size_t times = (PREDICATE_MAX_BYTES - fixed) / (strlen(shape->unit) + strlen(shape->close));
    strbuf_add_str(buf, shape->head);
    for (size_t i = 0; i < times; i++) {
        strbuf_add_str(buf, shape->unit);
    }
    strbuf_add_str(buf, shape->middle);
    for (size_t i = 0; i < times && shape->close[0]; i++) {
        strbuf_add_str(buf, shape->close);
    }
    strbuf_add_str(buf, shape->tail);
}

static void check_filter(Predicate *predicate, size_t len, const char *unit)
{
    Err err = err_none();
    Filter *filter = filter_new(predicate, &err);
    if (!filter) {
        assert_true(err.text[0] != '\0');
        return;
    }
    if (filter->arena.bytes > len * BYTES_PER_BYTE + SPARE) {
        print_error("'%s': %zu bytes of filter\n", unit, filter->arena.bytes);
        fail();
    }
    assert_true(filter->regex_bytes <= FILTER_MAX_REGEX_BYTES);
    assert_true(filter->constant_regexes <= FILTER_MAX_CONSTANT_REGEXES);
    filter_free(filter);
}

static int check_shape(const Shape *shape)
{
    int failures = 0;
    StrBuf buf = {0};
    Err err = err_none();
    size_t steps = 0;
    fill(shape, &buf);
    Predicate *predicate = predicate_parse_counted(strbuf_view(&buf), &err, &steps);
    if (steps > buf.len * STEPS_PER_BYTE + SPARE || (predicate != NULL) != shape->is_good) {
        print_error("'%s': %zu steps for %zu bytes, %s\n", shape->unit, steps, buf.len,
                    predicate ? "parsed" : err.text);
        failures++;
    }
    if (predicate) {
        assert_true(predicate->arena.bytes <= buf.len * BYTES_PER_BYTE + SPARE);
        assert_true(predicate->warning_count <= PREDICATE_MAX_WARNINGS);
        check_filter(predicate, buf.len, shape->unit);
    } else {
        assert_true(err.offset == ERR_NO_OFFSET || err.offset <= buf.len);
    }
    strbuf_done(&buf);
    return failures;
}

static void test_shapes(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < ARRAY_LEN(SHAPES); i++) {
        failures += check_shape(&SHAPES[i]);
    }
    assert_int_equal(failures, 0);
}

/* Every character of the grammars, alone and in pairs, as often as fits. */
static void test_pairs_of_tokens(void **state)
{
    (void)state;
    static const char *const UNITS[] = {"(",  ")",   "{",  "}", "[",     "]",    "'",   "\"",
                                        "=",  "!",   ":",  "~", "/",     "|",    "\\",  "1",
                                        "p=", "and", "or", ",", "NOT ",  "#",    "^",   "-",
                                        "a ", "==",  "<",  "%", "SELF.", "nil ", "m:a", "\xC3"};
    for (size_t i = 0; i < ARRAY_LEN(UNITS) * ARRAY_LEN(UNITS); i++) {
        StrBuf unit = {0};
        StrBuf text = {0};
        size_t steps = 0;
        strbuf_add_str(&unit, UNITS[i % ARRAY_LEN(UNITS)]);
        strbuf_add_str(&unit, UNITS[i / ARRAY_LEN(UNITS)]);
        while (text.len < 8 * KIB) {
            strbuf_add(&text, strbuf_view(&unit));
        }
        predicate_free(predicate_parse_counted(strbuf_view(&text), NULL, &steps));
        if (steps > text.len * STEPS_PER_BYTE + SPARE) {
            print_error("'%s': %zu steps for %zu bytes\n", unit.ptr, steps, text.len);
            fail();
        }
        strbuf_done(&unit);
        strbuf_done(&text);
    }
}

/* --- regular expressions -------------------------------------------------------------------- */

static bool compiles(StrBuf *text, Err *err)
{
    *err = err_none();
    Filter *filter = filter_compile(strbuf_view(text), err);
    bool is_good = filter != NULL;
    assert_true(!filter || filter->regex_bytes <= FILTER_MAX_REGEX_BYTES);
    filter_free(filter);
    strbuf_done(text);
    return is_good;
}

/* A short text that says a long regular expression, many times. */
static void test_large_expressions(void **state)
{
    (void)state;
    static const char *const PATTERNS[] = {"(?:(?:ab){99}){30}", "(?:(?:ab){1,30}){1,30}",
                                           "(((a{1,9}){1,9}){1,9}){1,9}"};
    for (size_t i = 0; i < ARRAY_LEN(PATTERNS); i++) {
        StrBuf text = {0};
        Err err;
        strbuf_add_str(&text, "1 == 2");
        while (text.len + 64 < PREDICATE_MAX_BYTES) {
            strbuf_printf(&text, " OR message MATCHES '%s'", PATTERNS[i]);
        }
        assert_false(compiles(&text, &err));
        assert_non_null(strstr(err.text, "too large"));
    }
    StrBuf few = {0};
    Err err;
    for (int i = 0; i < 100; i++) {
        strbuf_printf(&few, "%smessage MATCHES '.*error %d[a-z]+.*'", i > 0 ? " OR " : "", i);
    }
    assert_true(compiles(&few, &err));
}

/* Comparisons of constants are decided while compiling: each is stopped, and there are few. */
static void test_constant_expressions(void **state)
{
    (void)state;
    StrBuf text = {0};
    Err err;
    strbuf_add_str(&text, "1 == 2");
    while (text.len + 80 < PREDICATE_MAX_BYTES) {
        strbuf_add_str(&text, " OR 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' MATCHES '(a+)+$'");
    }
    assert_false(compiles(&text, &err));
    assert_string_equal(err.text, "too many regular expressions beside constants");
    strbuf_add_str(&text, "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' MATCHES '(a+)+$'");
    assert_true(compiles(&text, &err));
}

static void test_long_expressions(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        const char *close;
    } ROWS[] = {{"(", ")"},        {"[", "]"},         {"a{1,9}", ""}, {"[a-z&&[^b]]", ""},
                {"[a&&", "b]"},    {"(?=", ")"},       {"a|", ""},     {"\\\\p{", "}"},
                {"[[a]--", "b]"},  {"\\\\p{Lu}", ""},  {"*", ""},      {"[a[b]]", ""},
                {"[:alpha:]", ""}, {"[[:alpha:]]", ""}};
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf text = {0};
        Err err;
        Shape shape = {"message MATCHES '", ROWS[i].unit, "x", ROWS[i].close, "'", true};
        fill(&shape, &text);
        if (!compiles(&text, &err)) {
            assert_true(err.text[0] != '\0');
        }
    }
    /* One set with as many operations as fit is refused, not worked at. */
    StrBuf text = {0};
    Err err;
    Shape shape = {"message MATCHES '[a", "&&a", "]", "", "'", true};
    fill(&shape, &text);
    assert_false(compiles(&text, &err));
    assert_non_null(strstr(err.text, "too many set operations"));
}

/* LIKE and lists. */
static void test_long_values(void **state)
{
    (void)state;
    Err err;
    static const Shape LONG[] = {
        {"message LIKE '", "*", "a", "", "'", true},
        {"message LIKE '", "*a", "", "", "'", true},
        {"message LIKE '", "?", "", "", "'", true},
        {"message CONTAINS[cd] '", "\xC3\xA4", "", "", "'", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(LONG); i++) {
        StrBuf text = {0};
        fill(&LONG[i], &text);
        if (!compiles(&text, &err)) {
            assert_non_null(strstr(err.text, "regular expression"));
        }
    }
}

/* Two trees can be compared in many ways; that stops. */
static void test_comparing_is_bounded(void **state)
{
    (void)state;
    static const Shape PAIRS[][2] = {
        {{"processID IN {", "1,", "2", "", "}", true},
         {"processID IN {", "3,", "1", "", "}", true}},
        {{"", "(processID == 1 OR sender == 'a') AND ", "1==1", "", "", true},
         {"", "(processID == 2 AND sender == 'b') OR ", "1==1", "", "", true}},
    };
    for (size_t i = 0; i < ARRAY_LEN(PAIRS); i++) {
        StrBuf texts[2] = {{0}, {0}};
        Predicate *sides[2];
        for (size_t j = 0; j < 2; j++) {
            fill(&PAIRS[i][j], &texts[j]);
            sides[j] = predicate_parse(strbuf_view(&texts[j]), NULL);
            assert_non_null(sides[j]);
        }
        assert_false(predicate_implies(sides[0], sides[1]));
        for (size_t j = 0; j < 2; j++) {
            predicate_free(sides[j]);
            strbuf_done(&texts[j]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_pairs_of_tokens),
        cmocka_unit_test(test_large_expressions),
        cmocka_unit_test(test_constant_expressions),
        cmocka_unit_test(test_long_expressions),
        cmocka_unit_test(test_long_values),
        cmocka_unit_test(test_comparing_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
