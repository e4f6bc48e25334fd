/*
 * Node: what is read, and where an error is said to be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/node.h"

static void test_tree(void **state)
{
    (void)state;
    Arena arena = {0};
    Err err = err_none();
    const Node *root = node_read(
        &arena, SV("{\"b\": [1, -2.5, \"x\\u00e9\"], \"a\": true, \"n\": null, \"m\": {}}"), "t",
        &err);
    assert_non_null(root);
    assert_int_equal(root->kind, NODE_MAP);
    assert_int_equal(root->count, 4);
    assert_true(sv_equal(root->first->key, SV("b"))); /* file order */
    const Node *list = node_find(root, "b");
    assert_int_equal(list->kind, NODE_LIST);
    assert_int_equal(list->count, 3);
    assert_true(list->first->number == 1);
    assert_true(list->first->next->number == -2.5);
    assert_true(sv_equal(list->first->next->next->text, SV("x\xC3\xA9")));
    assert_null(list->first->next->next->next);
    assert_null(list->first->key.ptr);
    assert_true(node_bool(root, "a", false));
    assert_int_equal(node_find(root, "n")->kind, NODE_NULL);
    assert_int_equal(node_find(root, "m")->count, 0);
    arena_done(&arena);
}

static void assert_place(const Node *node, int line, int column)
{
    assert_non_null(node);
    assert_int_equal(node->line, line);
    assert_int_equal(node->column, column);
}

/* Of members the key, of elements the value; columns are characters. */
static void test_places(void **state)
{
    (void)state;
    Arena arena = {0};
    const Node *root =
        node_read(&arena,
                  SV("{\n\"a:\\\"\": [\"\xC3\xA9\\n\", \"y:\",\n {\"b\"\n : \"c\"}, 1],\n"
                     "\n\"d\": {}, \"\u00e9\" :\t{\n\"f\": [-1.5e3,true , null\n,[]]}}"),
                  "t", NULL);
    assert_place(root, 0, 0);
    const Node *list = node_find(root, "a:\"");
    assert_place(list, 2, 1);
    assert_place(list->first, 2, 10);
    assert_place(list->first->next, 2, 17);
    const Node *inner = list->first->next->next;
    assert_place(inner, 3, 2);
    assert_place(node_find(inner, "b"), 3, 3);
    assert_place(inner->next, 4, 10);
    assert_place(node_find(root, "d"), 6, 1);
    const Node *last = node_find(root, "\xC3\xA9");
    assert_place(last, 6, 10);
    assert_place(node_find(last, "f"), 7, 1);
    const Node *number = node_find(last, "f")->first;
    assert_place(number, 7, 7);
    assert_place(number->next, 7, 14);
    assert_place(number->next->next, 7, 21);
    assert_place(number->next->next->next, 8, 2);
    arena_done(&arena);
}

static void test_lookups_of_the_wrong_kind(void **state)
{
    (void)state;
    Arena arena = {0};
    const Node *root = node_read(&arena, SV("{\"t\": \"x\", \"f\": 2}"), "t", NULL);
    assert_null(node_find(NULL, "t"));
    assert_null(node_find(root, "absent"));
    assert_null(node_find(node_find(root, "t"), "t"));
    assert_null(node_text(root, "f").ptr);
    assert_true(node_bool(root, "t", true));
    assert_true(node_number(root, "t", 9) == 9);
    assert_true(node_number(root, "f", 9) == 2);
    assert_true(sv_equal(node_text(root, "t"), SV("x")));
    arena_done(&arena);
}

static void test_errors(void **state)
{
    static const struct {
        const char *text;
        int line, column;
    } rows[] = {
        {"{\n  \"a\": 1,\n  \"b\": x\n}", 3, 8},
        {"{\n  \"a\": 1,\n  \"a\": 2\n}", 3, 5}, /* twice the same key */
        {"[\"\xC3\xA9\xC3\xA9\", ?]", 1, 8},     /* columns are characters */
        {"", 1, 1},
        {"{\"a\": 1", 1, 7},
        {"{} {}", 1, 4},
        {"[\"\xFF\"]", 1, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Arena arena = {0};
        Err err = err_none();
        assert_null(node_read(&arena, sv(rows[i].text), "my.json", &err));
        if (err.line != rows[i].line || (rows[i].column > 0 && err.column != rows[i].column)) {
            fail_msg("row %zu: %s", i, err.text);
        }
        assert_true(sv_starts(sv(err.text), SV("my.json:")));
        assert_true(err.offset <= strlen(rows[i].text));
        assert_null(node_read(&arena, sv(rows[i].text), "my.json", NULL));
        arena_done(&arena);
    }
}

static void test_depth_is_refused(void **state)
{
    static const char openings[] = {'[', '{'};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(openings); i++) {
        StrBuf text = {0};
        for (size_t depth = 0; depth < 64 * KIB; depth++) {
            strbuf_add_str(&text, openings[i] == '[' ? "[" : "{\"a\":");
        }
        Arena arena = {0};
        Err err = err_none();
        assert_null(node_read(&arena, strbuf_view(&text), "deep", &err));
        assert_true(sv_find(sv(err.text), SV("depth")) != SIZE_MAX);
        arena_done(&arena);
        strbuf_done(&text);
    }
}

static void test_allowed_depth(void **state)
{
    enum { DEPTH = 2000 };
    (void)state;
    StrBuf text = {0};
    strbuf_add_many(&text, '[', DEPTH);
    strbuf_add_many(&text, ']', DEPTH);
    Arena arena = {0};
    const Node *node = node_read(&arena, strbuf_view(&text), "deep", NULL);
    int depth = 0;
    for (; node != NULL; node = node->first) {
        depth++;
    }
    assert_int_equal(depth, DEPTH);
    arena_done(&arena);
    strbuf_done(&text);
}

static void test_quote(void **state)
{
    static const struct {
        StrView text;
        const char *quoted;
        const char *again; /* NULL = the text itself */
    } ROWS[] = {
        {{"", 0}, "\"\"", NULL},
        {{"a \"b\" \\ c", 9}, "\"a \\\"b\\\" \\\\ c\"", NULL},
        {{"a\nb\tc\x7f", 6}, "\"a\\nb\\u0009c\\u007f\"", NULL},
        {{"Größe 日本 😀", 19}, "\"Größe 日本 😀\"", NULL},
        {{"\xE2\x80\xAE", 3}, "\"\\u202e\"", NULL},
        {{"a\xFFz", 3}, "\"a\xEF\xBF\xBDz\"", "a\xEF\xBF\xBDz"},
        {{"a\0z", 3}, "\"a\xEF\xBF\xBDz\"", "a\xEF\xBF\xBDz"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Arena arena = {0};
        StrBuf buf = {0};
        node_quote(ROWS[i].text, &buf);
        assert_string_equal(buf.ptr, ROWS[i].quoted);
        const Node *node = node_read(&arena, strbuf_view(&buf), "quoted", NULL);
        assert_non_null(node);
        assert_true(sv_equal(node->text, ROWS[i].again ? sv(ROWS[i].again) : ROWS[i].text));
        arena_done(&arena);
        strbuf_done(&buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_lookups_of_the_wrong_kind),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_depth_is_refused),
        cmocka_unit_test(test_allowed_depth),
        cmocka_unit_test(test_quote),
    };
    return cmocka_run_group_tests_name("base/node", tests, NULL, NULL);
}
