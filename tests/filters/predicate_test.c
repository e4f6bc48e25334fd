/*
 * Tests of the predicate language without any entry: errors with their carets, warnings,
 * implication, tokens, limits. Printing and parsing back is in predicate_print_test.c, what
 * predicates match in filter_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/utf8.h"
#include "filters/filter.h"
#include "filters/predicate.h"
#include "tests/filters/predicate_texts.h"
#include "tests/filters/truth.h"

#define DATA "tests/data/filters/"

static size_t characters(StrView text)
{
    size_t count = 0;
    while (text.len > 0) {
        (void)utf8_next(&text);
        count++;
    }
    return count;
}

/* Splits "   ^ message" into the caret's column and the message; false when it is no such line. */
static bool read_caret(StrView line, size_t *ret_column, StrView *ret_message)
{
    size_t at = 0;
    while (at < line.len && line.ptr[at] == ' ') {
        at++;
    }
    if (!sv_starts(sv_slice(line, at, line.len), SV("^ "))) {
        return false;
    }
    *ret_column = at;
    *ret_message = sv_slice(line, at + 2, line.len);
    return true;
}

/* --- errors and warnings -------------------------------------------------------------------- */

static void test_errors(void **state)
{
    (void)state;
    Lines lines = lines_open(DATA "errors.txt");
    StrView text;
    StrView line;
    int failures = 0;
    int count = 0;
    while (lines_next_full(&lines, &text)) {
        size_t column = 0;
        StrView message;
        assert_true(lines_next(&lines, &line));
        assert_true(read_caret(line, &column, &message));
        Err err = err_none();
        Filter *filter = filter_compile(text, &err);
        size_t found = characters(sv_slice(text, 0, err.offset));
        if (filter || found != column || !sv_equal(sv(err.text), message)) {
            print_error("line %d: %.*s\n%*s^ %s\n", lines.number, SV_ARG(text), (int)found, "",
                        filter ? "no error" : err.text);
            failures++;
        }
        filter_free(filter);
        count++;
    }
    assert_int_equal(failures, 0);
    assert_true(count >= 100);
    strbuf_done(&lines.buf);
}

static int check_warning(const PredicateWarning *warning, StrView text, StrView line, StrView fix)
{
    size_t column = 0;
    StrView message;
    assert_true(read_caret(line, &column, &message));
    size_t found = characters(sv_slice(text, 0, warning->offset));
    bool has_fix = fix.ptr ? sv_equal(warning->fix, fix) : warning->fix.ptr == NULL;
    if (found == column && sv_equal(warning->text, message) && has_fix) {
        return 0;
    }
    print_error("%.*s\n%*s^ %.*s\nfix: %.*s\n", SV_ARG(text), (int)found, "", SV_ARG(warning->text),
                SV_ARG(warning->fix));
    return 1;
}

static void test_warnings(void **state)
{
    (void)state;
    Lines lines = lines_open(DATA "warnings.txt");
    StrView text;
    StrView line;
    int failures = 0;
    while (lines_next_full(&lines, &text)) {
        const PredicateWarning *warnings;
        Predicate *predicate = predicate_parse(text, NULL);
        assert_non_null(predicate);
        size_t count = predicate_warnings(predicate, &warnings);
        size_t at = 0;
        bool is_more = lines_next(&lines, &line);
        while (is_more && line.len > 0) {
            StrView caret = line;
            StrView fix = SV_NONE;
            is_more = lines_next(&lines, &line);
            if (is_more && sv_starts(line, SV("fix: "))) {
                fix = sv_slice(line, 5, line.len);
                is_more = lines_next(&lines, &line);
            }
            failures += at >= count || check_warning(&warnings[at], text, caret, fix);
            at++;
        }
        if (at != count) {
            print_error("%.*s: %zu warnings\n", SV_ARG(text), count);
            failures++;
        }
        predicate_free(predicate);
    }
    assert_int_equal(failures, 0);
    strbuf_done(&lines.buf);
}

static void test_fix_means_the_same(void **state)
{
    (void)state;
    const PredicateWarning *warnings;
    Predicate *predicate =
        predicate_parse(SV("process == 'a' AND userID == 1 OR sender == 'b'"), NULL);
    assert_true(predicate_warnings(predicate, &warnings) >= 1);
    Predicate *fixed = predicate_parse(warnings[0].fix, NULL);
    assert_true(predicate_equal(predicate, fixed));
    predicate_free(fixed);
    predicate_free(predicate);
}

static void test_sendable(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *key; /* the one that log does not have; NULL = it can be sent */
    } ROWS[] = {
        {"process == 'a'", NULL},
        {"TRUEPREDICATE", NULL},
        {"#size > 1", NULL},
        {"userID == 1", "userID"},
        {"process == 'a' AND (category == 'b' OR host == 'x')", "host"},
        {"process IN {sender, host}", "host"},
        {"NOT ANY {userID} == 1", "userID"},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Err err = err_none();
        Predicate *predicate = predicate_parse(sv(ROWS[i].text), &err);
        assert_non_null(predicate);
        assert_int_equal(predicate_is_sendable(predicate, &err), ROWS[i].key == NULL);
        if (ROWS[i].key) {
            assert_int_equal(err.offset, sv_find(sv(ROWS[i].text), sv(ROWS[i].key)));
            assert_non_null(strstr(err.text, "is no key of log"));
        }
        predicate_free(predicate);
    }
}

/* --- relations ------------------------------------------------------------------------------ */

static void test_implies(void **state)
{
    (void)state;
    Lines lines = lines_open(DATA "implies.txt");
    StrView line;
    int failures = 0;
    while (lines_next_full(&lines, &line)) {
        StrView sign = SV(" \xE2\x8A\x82 ");
        StrView rest = line;
        bool wanted = sv_equal(truth_word(&rest), SV("yes"));
        size_t at = sv_find(rest, sign);
        assert_true(at != SIZE_MAX);
        Err err = err_none();
        Predicate *narrow = predicate_parse(sv_slice(rest, 0, at), &err);
        Predicate *wide = predicate_parse(sv_slice(rest, at + sign.len, rest.len), &err);
        assert_string_equal(err.text, "");
        if (predicate_implies(narrow, wide) != wanted) {
            print_error("line %d: %.*s\n", lines.number, SV_ARG(line));
            failures++;
        }
        predicate_free(narrow);
        predicate_free(wide);
    }
    assert_int_equal(failures, 0);
    strbuf_done(&lines.buf);
}

static void test_equal_ignores_spelling_only(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        bool is_equal;
    } ROWS[] = {
        {"process='a'&&sender='b'", "(process == \"a\") AND (sender == \"b\")", true},
        {"eventMessage contains 'a'", "composedMessage CONTAINS 'a'", true},
        {"messageType == error", "messageType == 16", true},
        {"messageType == error", "messageType == 17", false},
        {"process == 'a' AND sender == 'b'", "sender == 'b' AND process == 'a'", false},
        {"process == 'a'", "process ==[c] 'a'", false},
        {"process == 'a'", "process == nil", false},
        {"process == 'a'", "process LIKE 'a'", false},
        {"process IN {'a'}", "process IN {'a', 'b'}", false},
        {"ANY {process} == 'a'", "ALL {process} == 'a'", false},
        {"processID == 9007199254740993", "processID == 9007199254740992", false},
        {"processID == -1", "processID == 1", false},
        {"NOT process == 'a'", "process == 'a'", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Predicate *a = predicate_parse(sv(ROWS[i].a), NULL);
        Predicate *b = predicate_parse(sv(ROWS[i].b), NULL);
        assert_non_null(a);
        assert_non_null(b);
        assert_int_equal(predicate_equal(a, b), ROWS[i].is_equal);
        assert_int_equal(predicate_equal(b, a), ROWS[i].is_equal);
        predicate_free(a);
        predicate_free(b);
    }
}

/* --- tokens and the caret ------------------------------------------------------------------- */

static void test_tokens(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *classes; /* a letter per token, see LETTERS */
    } ROWS[] = {
        {"process == \"a\"", "ksosx"},
        {"NOT(messageType IN {error,17})", "lpksospwpnpp"},
        {"eventMessage CONTAINS[cd] 'x", "ksoosb"},
        {"proces == nil AND TRUEPREDICATE", "bsoswslsw"},
        {"  ", "s"},
        {"", ""},
        {"processID + 1 & $", "ksbsnsbsb"},
        {"ANY {1} == 0x1F", "lspnpsosn"},
        {"\xC3\x84 \xFF", "bsb"},
    };
    static const char LETTERS[] = {
        [TOKEN_SPACE] = 's', [TOKEN_KEY] = 'k',   [TOKEN_OPERATOR] = 'o',
        [TOKEN_LOGIC] = 'l', [TOKEN_TEXT] = 'x',  [TOKEN_NUMBER] = 'n',
        [TOKEN_WORD] = 'w',  [TOKEN_PAREN] = 'p', [TOKEN_BROKEN] = 'b',
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrView rest = sv(ROWS[i].text);
        StrView token;
        TokenClass class;
        StrBuf classes = {0};
        StrBuf joined = {0};
        strbuf_add_str(&classes, "");
        while (predicate_next_token(&rest, &token, &class)) {
            assert_true(token.len > 0);
            strbuf_add_char(&classes, LETTERS[class]);
            strbuf_add(&joined, token);
        }
        assert_true(sv_equal(strbuf_view(&joined), sv(ROWS[i].text)));
        if (!sv_equal(strbuf_view(&classes), sv(ROWS[i].classes))) {
            print_error("%s: %.*s\n", ROWS[i].text, SV_ARG(strbuf_view(&classes)));
            fail();
        }
        strbuf_done(&classes);
        strbuf_done(&joined);
    }
}

static void test_caret(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t offset;
        int columns;
        int indent;
        const char *shown;
    } ROWS[] = {
        {"abc", 1, 80, 0, "abc\n ^\n"},
        {"abc", 1, 80, 2, "  abc\n   ^\n"},
        {"abc", 3, 80, 0, "abc\n   ^\n"},
        {"abc", 99, 80, 0, "abc\n   ^\n"},
        {"", 0, 80, 0, "\n^\n"},
        {"\xC3\x84"
         "bc",
         2, 80, 0,
         "\xC3\x84"
         "bc\n ^\n"},
        {"\xC3\x84"
         "bc",
         1, 80, 0,
         "\xC3\x84"
         "bc\n^\n"},
        {"\xE6\xBC\xA2x", 3, 80, 0, "\xE6\xBC\xA2x\n  ^\n"},
        {"a\nb", 2, 80, 0,
         "a\xE2\x8F\x8E"
         "b\n  ^\n"},
        {"abcdefghij", 0, 10, 0, "abcdefghij\n^\n"},
        {"abcdefghijk", 0, 10, 0, "abcdefghi\xE2\x80\xA6\n^\n"},
        {"abcdefghijklmnop", 16, 10, 0, "\xE2\x80\xA6ijklmnop\n         ^\n"},
        {"abcdefghijklmnop", 12, 10, 0, "\xE2\x80\xA6hijklmnop\n      ^\n"},
        {"abcdefghijklmnop", 9, 10, 0,
         "\xE2\x80\xA6"
         "efghijkl\xE2\x80\xA6\n      ^\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf buf = {0};
        predicate_print_caret(sv(ROWS[i].text), ROWS[i].offset, ROWS[i].columns, ROWS[i].indent,
                              &buf);
        if (strcmp(buf.ptr, ROWS[i].shown) != 0) {
            print_error("row %zu:\n%s", i, buf.ptr);
            fail();
        }
        strbuf_done(&buf);
    }
}

/* Whatever the text, the place and the width: two lines, neither wider than the terminal, and the
 * caret stands under the character at the fault. */
static void test_caret_is_within_the_screen(void **state)
{
    (void)state;
    StrView text =
        SV("a\xC3\x84\xE6\xBC\xA2 \x1B[0m \xFF \xF0\x9F\x98\x80 e\xCC\x81 process == \"x\"\n"
           "tail \xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2 end");
    for (size_t offset = 0; offset <= text.len + 1; offset++) {
        for (int columns = 6; columns < 80; columns++) {
            StrBuf buf = {0};
            predicate_print_caret(text, offset, columns, columns % 3, &buf);
            StrView rest = strbuf_view(&buf);
            StrView first;
            StrView second;
            StrView none;
            assert_true(sv_next_line(&rest, &first));
            assert_true(sv_next_line(&rest, &second));
            assert_false(sv_next_line(&rest, &none));
            assert_true(utf8_width(first) <= columns);
            assert_true(utf8_width(second) <= columns);
            assert_true(utf8_width(second) <= utf8_width(first) + 1);
            assert_true(utf8_is_valid(first));
            assert_int_equal(second.ptr[second.len - 1], '^');
            strbuf_done(&buf);
        }
    }
}

/* --- limits --------------------------------------------------------------------------------- */

static void add_many(StrBuf *buf, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        strbuf_add_str(buf, text);
    }
}

static bool parses(StrBuf *buf, Err *err)
{
    *err = err_none();
    Predicate *predicate = predicate_parse(strbuf_view(buf), err);
    bool is_good = predicate != NULL;
    if (is_good) {
        Filter *filter = filter_new(predicate, err);
        is_good = filter != NULL;
        filter_free(filter);
    }
    strbuf_done(buf);
    return is_good;
}

static void test_depth_is_limited(void **state)
{
    (void)state;
    static const struct {
        const char *open;
        const char *close;
    } SHAPES[] = {{"(", ")"},
                  {"NOT ", ""},
                  {"NOT (", ")"},
                  {"(process == 'a' AND ", ")"},
                  {"(1 == 1 OR ", ")"}};
    for (size_t i = 0; i < ARRAY_LEN(SHAPES); i++) {
        Err err;
        StrBuf buf = {0};
        add_many(&buf, SHAPES[i].open, PREDICATE_MAX_DEPTH - 2);
        strbuf_add_str(&buf, "process == 'b'");
        add_many(&buf, SHAPES[i].close, PREDICATE_MAX_DEPTH - 2);
        assert_true(survives(strbuf_view(&buf)));
        assert_true(parses(&buf, &err));
        add_many(&buf, SHAPES[i].open, 5000);
        strbuf_add_str(&buf, "process == 'b'");
        add_many(&buf, SHAPES[i].close, strlen(SHAPES[i].close) == 1 ? 5000 : 0);
        assert_false(parses(&buf, &err));
    }
    StrBuf lists = {0};
    Err err;
    strbuf_add_str(&lists, "process IN ");
    add_many(&lists, "{", 30000);
    assert_false(parses(&lists, &err));
    assert_non_null(strstr(err.text, "nested too deeply"));
    strbuf_add_str(&lists, "");
    add_many(&lists, "(", 60000);
    assert_false(parses(&lists, &err));
    assert_non_null(strstr(err.text, "nested too deeply"));
}

static void test_size_is_limited(void **state)
{
    (void)state;
    Err err;
    StrBuf buf = {0};
    strbuf_add_str(&buf, "process == 'a'");
    strbuf_add_many(&buf, ' ', PREDICATE_MAX_BYTES - buf.len);
    assert_true(parses(&buf, &err));
    strbuf_add_str(&buf, "process == 'a'");
    strbuf_add_many(&buf, ' ', PREDICATE_MAX_BYTES + 1 - buf.len);
    assert_false(parses(&buf, &err));
    assert_non_null(strstr(err.text, "65536"));
    /* As many comparisons as fit, of kinds that cannot be gathered. */
    strbuf_add_str(&buf, "1 == 1");
    for (size_t i = 0; buf.len + 64 < PREDICATE_MAX_BYTES; i++) {
        add_many(&buf, i % 2 ? " OR processID == 1" : " OR message CONTAINS 'a'", 1);
    }
    assert_true(parses(&buf, &err));
}

static void test_blank_text_is_everything(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {"", " ", "\t\n "};
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        Filter *filter = filter_compile(sv(TEXTS[i]), NULL);
        assert_non_null(filter);
        assert_true(filter_is_all(filter));
        filter_free(filter);
    }
    Filter *filter = filter_compile(SV_NONE, NULL);
    assert_non_null(filter);
    filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_fix_means_the_same),
        cmocka_unit_test(test_sendable),
        cmocka_unit_test(test_implies),
        cmocka_unit_test(test_equal_ignores_spelling_only),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_caret),
        cmocka_unit_test(test_caret_is_within_the_screen),
        cmocka_unit_test(test_depth_is_limited),
        cmocka_unit_test(test_size_is_limited),
        cmocka_unit_test(test_blank_text_is_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
