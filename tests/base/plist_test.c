/*
 * Tests of property lists: the same values out of XML, binary and text; what is refused and where;
 * the bounds of size, depth and number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/plist.h"

#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD\" "        \
    "\"x\">\n"

/* A tree as text: t"…" n… d<hex>/len D… [..] {k:..} + - 0 */
static void dump(const Node *node, StrBuf *buf)
{
    switch (node->kind) {
    case NODE_NULL:
        strbuf_add_char(buf, '0');
        break;
    case NODE_BOOL:
        strbuf_add_char(buf, node->truth ? '+' : '-');
        break;
    case NODE_NUMBER:
        strbuf_printf(buf, "n%.*s=%g", SV_ARG(node->text), node->number);
        break;
    case NODE_TEXT:
        strbuf_printf(buf, "t'%.*s'", SV_ARG(node->text));
        break;
    case NODE_DATE:
        strbuf_printf(buf, "D%.*s", SV_ARG(node->text));
        break;
    case NODE_DATA:
        strbuf_add_char(buf, 'd');
        for (size_t i = 0; i < node->text.len; i++) {
            strbuf_printf(buf, "%02x", (unsigned char)node->text.ptr[i]);
        }
        strbuf_printf(buf, "/%g", node->number);
        break;
    case NODE_LIST:
    case NODE_MAP:
        strbuf_add_char(buf, node->kind == NODE_MAP ? '{' : '[');
        size_t count = 0;
        for (const Node *child = node->first; child != NULL; child = child->next, count++) {
            strbuf_add_str(buf, count > 0 ? " " : "");
            if (node->kind == NODE_MAP) {
                strbuf_printf(buf, "%.*s:", SV_ARG(child->key));
            }
            dump(child, buf);
        }
        assert_int_equal(count, node->count);
        strbuf_add_char(buf, node->kind == NODE_MAP ? '}' : ']');
        break;
    }
}

static void assert_dump(const Node *node, const char *what, const char *wanted, const Err *err)
{
    StrBuf text = {0};
    if (node == NULL) {
        fail_msg("%s: %s", what, err->text);
        return;
    }
    dump(node, &text);
    if (strcmp(text.ptr, wanted) != 0) {
        fail_msg("%s: got    %s\nwanted %s", what, text.ptr, wanted);
    }
    strbuf_done(&text);
}

static void test_xml(void **state)
{
    static const struct {
        const char *body;
        const char *wanted;
    } ROWS[] = {
        {"<string>a &lt;b&gt; &amp;&quot;&apos; &#65;&#x1F600;</string>",
         "t'a <b> &\"' A\xF0\x9F\x98\x80'"},
        {"<string/>", "t''"},
        {"<string>a<!-- no -->b<![CDATA[<&]]></string>", "t'ab<&'"},
        {"<integer> -42 </integer>", "n-42=-42"},
        {"<integer>18446744073709551615</integer>", "n18446744073709551615=1.84467e+19"},
        {"<real>2.5</real>", "n2.5=2.5"},
        {"<true/>", "+"},
        {"<false></false>", "-"},
        {"<date>2026-09-08T10:00:16Z</date>", "D2026-09-08T10:00:16Z"},
        {"<data>\n Zm9v\n YmFy </data>", "d666f6f626172/6"},
        {"<array><true/> <array/><dict/></array>", "[+ [] {}]"},
        {"<dict><key>a</key><string>1</string><key/><array><dict><key>c</key><false/></dict>"
         "</array></dict>",
         "{a:t'1' :[{c:-}]}"},
        {"<!-- before --><string attribute=\"x\">a</string><!-- behind -->", "t'a'"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Arena arena = {0};
        Err err = err_none();
        StrBuf text = {0};
        strbuf_printf(&text, HEAD "<plist version=\"1.0\">\n%s\n</plist>\n", ROWS[i].body);
        assert_int_equal(plist_probe(strbuf_view(&text)), PLIST_XML);
        assert_dump(plist_read(&arena, strbuf_view(&text), "f", &err), ROWS[i].body, ROWS[i].wanted,
                    &err);
        strbuf_done(&text);
        arena_done(&arena);
    }
}

static void test_lines(void **state)
{
    Arena arena = {0};
    Err err = err_none();
    (void)state;
    const Node *root = plist_read(&arena,
                                  SV("<plist>\n<dict>\n<key>a</key>\n<true/>\n\n<key>b</key>"
                                     "<dict>\n<key>c</key><true/></dict></dict></plist>"),
                                  "f", &err);
    assert_non_null(root);
    assert_int_equal(node_find(root, "a")->line, 3);
    assert_int_equal(node_find(root, "b")->line, 6);
    assert_int_equal(node_find(node_find(root, "b"), "c")->line, 7);
    arena_done(&arena);
}

static void test_xml_refusals(void **state)
{
    static const struct {
        const char *text;
        const char *wanted;
    } ROWS[] = {
        {"<plist>", "f:1:8: it ends too early"},
        {"<plist></plist>", "f:1:8: </plist> is not expected here"},
        {"<plist/>", "f:1:1: there is no value in it"},
        {"<?xml?>\n<dict></dict>", "f:2:1: <plist> is expected"},
        {"<plist>\n<wrong/></plist>", "f:2:1: <wrong> is not expected here"},
        {"<plist><string>a</strong></plist>", "f:1:17: </string> is expected"},
        {"<plist><string>&nope;</string></plist>", "f:1:16: an unknown entity"},
        {"<plist><string>&#x110000;</string></plist>", NULL},
        {"<plist><data>%%%</data></plist>", "f:1:8: <data> is no base64"},
        {"<plist><dict><string>a</string></dict></plist>", "f:1:14: <key> is expected"},
        {"<plist><dict><key>a</key></dict></plist>", "f:1:26: </dict> is not expected here"},
        {"<plist><!-- </plist>", "f:1:8: a comment does not end"},
        {"<!DOCTYPE plist [<!ENTITY a \"b\">]><plist/>",
         "f:1:1: declarations of its own are not read"},
        {"<plist><true/><true/></plist>", "f:1:15: </plist> is expected"},
        {"<plist>text</plist>", "f:1:8: a tag is expected"},
        {"no list", "f: no property list"},
        {"", "f: no property list"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Arena arena = {0};
        Err err = err_none();
        bool is_read = plist_read(&arena, sv(ROWS[i].text), "f", &err) != NULL;
        if (ROWS[i].wanted != NULL && (is_read || strcmp(err.text, ROWS[i].wanted) != 0)) {
            fail_msg("%s: %s", ROWS[i].text, err.text);
        }
        arena_done(&arena);
    }
}

static StrView read_file(const char *path, StrBuf *buf)
{
    char chunk[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t len; (len = fread(chunk, 1, sizeof(chunk), file)) > 0;) {
        strbuf_add(buf, sv_of(chunk, len));
    }
    assert_int_equal(fclose(file), 0);
    return strbuf_view(buf);
}

/* The same record in both forms; of the XML all but the spelling of numbers. */
static void test_binary_is_like_xml(void **state)
{
    Arena arena = {0};
    Err err = err_none();
    StrBuf xml = {0};
    StrBuf binary = {0};
    StrBuf wanted = {0};
    (void)state;
    const Node *root =
        plist_read(&arena, read_file("tests/data/record/stored.plist", &xml), "x", &err);
    assert_non_null(root);
    dump(root, &wanted);
    assert_non_null(strstr(wanted.ptr, "D2027-01-15T12:00:00Z"));
    StrView bytes = read_file("tests/data/record/stored-binary.plist", &binary);
    assert_int_equal(plist_probe(bytes), PLIST_BINARY);
    assert_dump(plist_read(&arena, bytes, "b", &err), "binary", wanted.ptr, &err);
    strbuf_done(&xml);
    strbuf_done(&binary);
    strbuf_done(&wanted);
    arena_done(&arena);
}

/* Makes a binary list out of objects, each of which has one byte of length in the offsets. */
static void make_binary(const char *const *objects, const size_t *lens, size_t count, StrBuf *buf)
{
    unsigned char offsets[64];
    strbuf_add(buf, SV("bplist00"));
    for (size_t i = 0; i < count; i++) {
        offsets[i] = (unsigned char)buf->len;
        strbuf_add(buf, sv_of(objects[i], lens[i]));
    }
    size_t table = buf->len;
    for (size_t i = 0; i < count; i++) {
        strbuf_add_char(buf, (char)offsets[i]);
    }
    strbuf_add_many(buf, '\0', 6);
    strbuf_add(buf, sv_of("\1\1", 2));
    strbuf_add_many(buf, '\0', 7);
    strbuf_add_char(buf, (char)count);
    strbuf_add_many(buf, '\0', 8); /* the top is object 0 */
    strbuf_add_many(buf, '\0', 7);
    strbuf_add_char(buf, (char)table);
}

static void test_binary_objects(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *wanted;
    } ROWS[] = {
        {"\x00", 1, "0"},
        {"\x08", 1, "-"},
        {"\x09", 1, "+"},
        {"\x10\xFF", 2, "n255=255"},
        {"\x13\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE", 9, "n-2=-2"},
        {"\x14\0\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 17,
         "n18446744073709551615=1.84467e+19"},
        {"\x22\x40\x20\0\0", 5, "n2.5=2.5"},
        {"\x23\x40\x04\0\0\0\0\0\0", 9, "n2.5=2.5"},
        {"\x33\0\0\0\0\0\0\0\0", 9, "D2001-01-01T00:00:00Z"},
        {"\x33\x7F\xF0\0\0\0\0\0\0", 9, "Dout of range"},
        {"\x42\x01\xFE", 3, "d01fe/2"},
        {"\x53"
         "abc",
         4, "t'abc'"},
        {"\x62\x00\xE9\xD8\x3D", 5, "t'\xC3\xA9\xEF\xBF\xBD'"},
        {"\x62\xD8\x3D\xDE\x00", 5, "t'\xF0\x9F\x98\x80'"},
        {"\x80\x07", 2, "n7=7"},
        {"\xA0", 1, "[]"},
        {"\xD0", 1, "{}"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Arena arena = {0};
        Err err = err_none();
        StrBuf bytes = {0};
        make_binary(&ROWS[i].bytes, &ROWS[i].len, 1, &bytes);
        char name[16];
        (void)snprintf(name, sizeof name, "row %zu", i);
        assert_dump(plist_read(&arena, strbuf_view(&bytes), "f", &err), name, ROWS[i].wanted, &err);
        strbuf_done(&bytes);
        arena_done(&arena);
    }
}

static void test_binary_circle_and_bomb(void **state)
{
    Arena arena = {0};
    Err err = err_none();
    StrBuf bytes = {0};
    const char *circle = "\xA1\0";
    size_t circle_len = 2;
    (void)state;
    make_binary(&circle, &circle_len, 1, &bytes);
    assert_null(plist_read(&arena, strbuf_view(&bytes), "f", &err));
    assert_non_null(strstr(err.text, "nested deeper than"));
    /* 30 lists, each with the next one twice: 2^30 values. */
    const char *lists[30];
    size_t lens[30];
    char twice[30][4];
    for (size_t i = 0; i < 30; i++) {
        (void)snprintf(twice[i], sizeof twice[i], "\xA2%c%c", (char)(i + 1), (char)(i + 1));
        lists[i] = twice[i];
        lens[i] = 3;
    }
    lists[29] = "\x09";
    lens[29] = 1;
    strbuf_clear(&bytes);
    make_binary(lists, lens, 30, &bytes);
    assert_null(plist_read(&arena, strbuf_view(&bytes), "f", &err));
    assert_non_null(strstr(err.text, "more than 200000 values"));
    strbuf_done(&bytes);
    arena_done(&arena);
}

static void test_binary_cut_anywhere(void **state)
{
    StrBuf binary = {0};
    (void)state;
    StrView bytes = read_file("tests/data/record/stored-binary.plist", &binary);
    for (size_t len = 0; len < bytes.len; len++) {
        Arena arena = {0};
        Err err = err_none();
        assert_null(plist_read(&arena, sv_slice(bytes, 0, len), "f", &err));
        assert_true(err.text[0] != '\0');
        arena_done(&arena);
    }
    strbuf_done(&binary);
}

static void test_text(void **state)
{
    static const struct {
        const char *text;
        const char *wanted;
    } ROWS[] = {
        {"{\n    a = 1;\n    b = \"x y\";\n}", "{a:t'1' b:t'x y'}"},
        {"{ a = A City; \"b c\" = (\n); }", "{a:t'A City' b c:[]}"},
        {"( a, \"b,)\", (c), {d = e;} )", "[t'a' t'b,)' [t'c'] {d:t'e'}]"},
        {"{a = \"\\\"q\\\" \\\\ \\n\\U00e9\\Ud83d\\Ude00\\101\";}",
         "{a:t'\"q\" \\ \n\xC3\xA9\xF0\x9F\x98\x80"
         "A'}"},
        {"{a = (null); b = NULL; c = \"<null>\"; d = \"NULL\";}", "{a:0 b:0 c:0 d:t'NULL'}"},
        {"{a = <0102 0304>; b = <>; c = <a b>;}", "{a:d01020304/4 b:d/0 c:dab/1}"},
        {"{a = <unique string>;}", "{a:t'<unique string>'}"},
        {"{a = {length = 3, bytes = 0x010203}; b = {length = 9, bytes = 0x0102 ... 09 };}",
         "{a:d010203/3 b:d0102/9}"},
        {"{a = {length = 3;};}", "{a:{length:t'3'}}"},
        {"{}", "{}"},
        {"word", "t'word'"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Arena arena = {0};
        Err err = err_none();
        assert_dump(plist_read_text(&arena, sv(ROWS[i].text), "f", NULL, &err), ROWS[i].text,
                    ROWS[i].wanted, &err);
        arena_done(&arena);
    }
}

static void test_text_ends(void **state)
{
    Arena arena = {0};
    size_t len = 0;
    (void)state;
    assert_non_null(plist_read_text(&arena, SV("  {a = b;} and more"), "f", &len, NULL));
    assert_int_equal(len, 10);
    arena_done(&arena);
}

static void test_text_refusals(void **state)
{
    static const struct {
        const char *text;
        const char *wanted;
    } ROWS[] = {
        {"", "f:1:1: a value is expected"},
        {"{a = 1;", "f:1:1: a dictionary without its '}'"},
        {"(a", "f:1:1: a list without its ')'"},
        {"{\n  a\n}", "f:3:1: '=' is expected behind a key"},
        {"{a = \"b;\n}", "f:1:6: a quotation mark without its partner"},
        {"{a = \"b\" c}", "f:1:10: ';' is expected behind a value"},
        {"{a = ;}", "f:1:6: a value is expected"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Arena arena = {0};
        Err err = err_none();
        const Node *node = plist_read_text(&arena, sv(ROWS[i].text), "f", NULL, &err);
        if (node != NULL || strcmp(err.text, ROWS[i].wanted) != 0) {
            fail_msg("%s: %s", ROWS[i].text, err.text);
        }
        arena_done(&arena);
    }
}

static void test_depth(void **state)
{
    Arena arena = {0};
    Err err = err_none();
    StrBuf text = {0};
    StrBuf xml = {0};
    (void)state;
    strbuf_add_many(&text, '(', 100000);
    assert_null(plist_read_text(&arena, strbuf_view(&text), "f", NULL, &err));
    assert_non_null(strstr(err.text, "nested deeper than 64 levels"));
    strbuf_add_str(&xml, "<plist>");
    for (int i = 0; i < 100000; i++) {
        strbuf_add_str(&xml, "<array>");
    }
    assert_null(plist_read(&arena, strbuf_view(&xml), "f", &err));
    assert_non_null(strstr(err.text, "nested deeper than 64 levels"));
    strbuf_done(&xml);
    strbuf_done(&text);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xml),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_xml_refusals),
        cmocka_unit_test(test_binary_is_like_xml),
        cmocka_unit_test(test_binary_objects),
        cmocka_unit_test(test_binary_circle_and_bomb),
        cmocka_unit_test(test_binary_cut_anywhere),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_text_ends),
        cmocka_unit_test(test_text_refusals),
        cmocka_unit_test(test_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
