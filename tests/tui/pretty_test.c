/*
 * Tests of pretty.c: a table of texts and their layout; what is no JSON is left alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/pretty.h"

typedef struct PrettyCase {
    const char *text;
    const char *expected; /* NULL = refused */
} PrettyCase;

static const PrettyCase CASES[] = {
    {"{\"a\":1}", "{\n  \"a\": 1\n}"},
    {"{}", "{}"},
    {"[ ]", "[]"},
    {"[1,[2,{\"b\":null}]]", "[\n  1,\n  [\n    2,\n    {\n      \"b\": null\n    }\n  ]\n]"},
    {"{\"path\":\"\\/usr\\/bin\"}", "{\n  \"path\": \"/usr/bin\"\n}"},
    {"{\"q\":\"a\\\"}b\"}", "{\n  \"q\": \"a\\\"}b\"\n}"},
    {"{\"a\":1", NULL},
    {"{\"a\":1]", NULL},
    {"{\"a\":\"x}", NULL},
    {"{\"a\":1} trailing", NULL},
    {"text", NULL},
    {"", NULL},
    {"]", NULL},
};

static void test_layout(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        StrBuf buf = {0};

        strbuf_add_str(&buf, ">");
        assert_int_equal(pretty_json(sv(CASES[i].text), &buf), CASES[i].expected != NULL);
        assert_string_equal(buf.ptr + 1, CASES[i].expected != NULL ? CASES[i].expected : "");
        strbuf_done(&buf);
    }
}

static void test_depth_is_bounded(void **state)
{
    StrBuf deep = {0};
    StrBuf buf = {0};

    (void)state;
    strbuf_add_many(&deep, '[', 5000);
    strbuf_add_char(&deep, '1');
    strbuf_add_many(&deep, ']', 5000);
    assert_false(pretty_json(strbuf_view(&deep), &buf));
    assert_int_equal(buf.len, 0);
    strbuf_done(&deep);
    strbuf_done(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_depth_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
