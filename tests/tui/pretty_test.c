/*
 * Tests of pretty.c: a table of texts and their layout; what is no structure is left alone; and for
 * any text, seeded mutations of good ones among them: nothing but white space comes or goes, and
 * the pieces cover what is shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tui/pretty.h"

typedef struct PrettyCase {
    const char *text;
    const char *expected; /* NULL = stays as it is */
} PrettyCase;

static const PrettyCase CASES[] = {
    /* JSON */
    {"{\"a\":1}", "{\n  \"a\": 1\n}"},
    {"{\"a\":{},\"b\":[ ]}", "{\n  \"a\": {},\n  \"b\": []\n}"},
    {"[1,[2,{\"b\":null}]]", "[\n  1,\n  [\n    2,\n    {\n      \"b\": null\n    }\n  ]\n]"},
    {"{\"path\":\"\\/usr\\/bin\"}", "{\n  \"path\": \"\\/usr\\/bin\"\n}"},
    {"{\"q\":\"a\\\"}b\"}", "{\n  \"q\": \"a\\\"}b\"\n}"},
    {"{\"udid\":<private>,\"ok\":true}", "{\n  \"udid\": <private>,\n  \"ok\": true\n}"},
    {"answer {\"a\":1} (200)", "answer {\n  \"a\": 1\n} (200)"},
    {"{\"a\":1} and {\"b\":2}", "{\n  \"a\": 1\n} and {\n  \"b\": 2\n}"},
    {"{not {\"a\":1}", "{not {\n  \"a\": 1\n}"},
    /* descriptions of dictionaries and lists */
    {"state {\n  one = 1;\n}", "state {\n  one = 1;\n}"},
    {"{\n    \"a b\" =     (\n        x,\n        \"y z\"\n    );\n}",
     "{\n  \"a b\" = (\n    x,\n    \"y z\"\n  );\n}"},
    {"{ url = http://a/b; when = 12:00 today; }",
     "{\n  url = http://a/b;\n  when = 12:00 today;\n}"},
    {"{ token = {length = 4, bytes = 0x01020304}; n = -1; }",
     "{\n  token = {length = 4, bytes = 0x01020304};\n  n = -1;\n}"},
    {"{ o = <Thing (0x1) | <b> = 2;>; }", "{\n  o = <Thing (0x1) | <b> = 2;>;\n}"},
    {"list: (\n    a,\n    b\n)", "list: (\n  a,\n  b\n)"},
    {"{ a = (\n); b = { }; }", "{\n  a = ();\n  b = {};\n}"},
    /* property lists */
    {"<plist version=\"1.0\"><dict><key>A</key><string> x </string><key>B</key><array><true/>"
     "<integer>3</integer></array></dict></plist>",
     "<plist version=\"1.0\">\n  <dict>\n    <key>A</key> <string> x </string>\n    <key>B</key> "
     "<array>\n      <true/>\n      <integer>3</integer>\n    </array>\n  </dict>\n</plist>"},
    {"got <?xml version=\"1.0\"?>\n<dict>\n\t<key>A</key>\n\t<false/>\n</dict>.",
     "got <?xml version=\"1.0\"?>\n<dict>\n  <key>A</key> <false/>\n</dict>."},
    /* none of them */
    {"", NULL},
    {"text", NULL},
    {"]", NULL},
    {"{}", NULL},
    {"[ ]", NULL},
    {"[1, 2]", NULL},
    {"[0:MDMDaemon:<0x540>] (34006) (null) { braces }", NULL},
    {"{\"a\":1", NULL},
    {"{\"a\":1]", NULL},
    {"{\"a\":\"x}", NULL},
    {"{\"a\":1,}", NULL},
    {"{\"a\" 1}", NULL},
    {"{\"a\":yes}", NULL},
    {"{ a = 1 }", NULL},
    {"{ a = ; }", NULL},
    {"UserInfo={A=b, C=d}", NULL},
    {"<private> <dict> <string>a</string>", NULL},
    {"<dict><key>A</key><string>b</array></dict>", NULL},
    {"<dict>text<key>A</key></dict>", NULL},
    {"<dict></dict>", NULL},
    {"<plist", NULL},
};

static void test_layout(void **state)
{
    Pretty pretty = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        pretty_lay_out(&pretty, sv(CASES[i].text));
        assert_string_equal(strbuf_view(&pretty.text).ptr,
                            CASES[i].expected != NULL ? CASES[i].expected : CASES[i].text);
        assert_int_equal(pretty.structures > 0, CASES[i].expected != NULL);
    }
    pretty_done(&pretty);
}

/* The pieces as "kind:text|". */
static void dump_spans(const Pretty *pretty, StrBuf *buf)
{
    static const char LETTERS[PRETTY_KIND_COUNT] = "pktn.";
    size_t from = 0;

    for (size_t i = 0; i < pretty->span_count; i++) {
        strbuf_printf(buf, "%c:", LETTERS[pretty->spans[i].kind]);
        for (; from < pretty->spans[i].end; from++) {
            if (pretty->text.ptr[from] != '\n') {
                strbuf_add_char(buf, pretty->text.ptr[from]);
            }
        }
        strbuf_add_char(buf, '|');
    }
}

static const PrettyCase SPAN_CASES[] = {
    {"plain", "p:plain|"},
    {"a {\"k\":\"v\",\"n\":-1}!",
     "p:a |.:{  |k:\"k\"|.:: |t:\"v\"|.:,  |k:\"n\"|.:: |n:-1|.:}|p:!|"},
    {"{k = v; n = 1;}", ".:{  |k:k|.: = |t:v|.:;  |k:n|.: = |n:1|.:;}|"},
    {"<dict><key>K</key><integer>1</integer></dict>",
     ".:<dict>  <key>|k:K|.:</key> <integer>|n:1|.:</integer></dict>|"},
};

static void test_spans(void **state)
{
    Pretty pretty = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(SPAN_CASES); i++) {
        StrBuf have = {0};

        pretty_lay_out(&pretty, sv(SPAN_CASES[i].text));
        dump_spans(&pretty, &have);
        assert_string_equal(have.ptr, SPAN_CASES[i].expected);
        strbuf_done(&have);
    }
    pretty_done(&pretty);
}

static void strip(StrView text, StrBuf *buf)
{
    strbuf_clear(buf);
    for (size_t i = 0; i < text.len; i++) {
        if (strchr(" \t\r\n", text.ptr[i]) == NULL || text.ptr[i] == '\0') {
            strbuf_add_char(buf, text.ptr[i]);
        }
    }
}

/* Nothing but white space has come or gone; what has no structure is the same to the byte; the
 * pieces cover the text, in order, no two of a kind side by side; it has not grown beyond bounds;
 * what was laid out stays as it is when it is laid out again. */
static void assert_holds(StrView text)
{
    Pretty pretty = {0};
    Pretty again = {0};
    StrBuf before = {0};
    StrBuf after = {0};

    pretty_lay_out(&pretty, text);
    strip(text, &before);
    strip(strbuf_view(&pretty.text), &after);
    assert_int_equal(before.len, after.len);
    assert_true(sv_equal(strbuf_view(&before), strbuf_view(&after)));
    if (pretty.structures == 0) {
        assert_true(sv_equal(strbuf_view(&pretty.text), text));
    }
    for (size_t i = 0; i < pretty.span_count; i++) {
        assert_true(pretty.spans[i].end > (i > 0 ? pretty.spans[i - 1].end : 0));
        assert_true(i == 0 || pretty.spans[i].kind != pretty.spans[i - 1].kind);
    }
    assert_int_equal(pretty.span_count > 0 ? pretty.spans[pretty.span_count - 1].end : 0,
                     pretty.text.len);
    assert_true(pretty.text.len <= 5 * text.len + 8 * KIB);
    pretty_lay_out(&again, strbuf_view(&pretty.text));
    strip(strbuf_view(&again.text), &after);
    assert_true(sv_equal(strbuf_view(&before), strbuf_view(&after)));
    pretty_done(&pretty);
    pretty_done(&again);
    strbuf_done(&before);
    strbuf_done(&after);
}

static void test_cases_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        assert_holds(sv(CASES[i].text));
    }
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Cuts, doubles and overwrites pieces of good texts. */
static void test_mutations_hold(void **state)
{
    static const char BYTES[] = "{}[]()<>\"\\=;:,/ \n\tak1-.\x80\0?!";
    uint64_t seed = 0x9E3779B97F4A7C15u;
    StrBuf text = {0};

    (void)state;
    for (int round = 0; round < 20000; round++) {
        strbuf_clear(&text);
        for (uint64_t pieces = 1 + next_random(&seed) % 3; pieces > 0; pieces--) {
            strbuf_add_str(&text, CASES[next_random(&seed) % ARRAY_LEN(CASES)].text);
        }
        for (uint64_t changes = next_random(&seed) % 6; changes > 0 && text.len > 0; changes--) {
            size_t at = next_random(&seed) % text.len;
            size_t len = next_random(&seed) % 8;

            len = len > text.len - at ? text.len - at : len;
            char byte = BYTES[next_random(&seed) % (sizeof BYTES - 1)];

            strbuf_replace(&text, at, len, next_random(&seed) % 2 == 0 ? sv_of(&byte, 1) : SV(""));
        }
        assert_holds(strbuf_view(&text));
    }
    strbuf_done(&text);
}

/* Texts that make a careless reader slow or deep. */
static void test_hostile_texts_hold(void **state)
{
    static const char *const PARTS[] = {
        "[",
        "{",
        "(\n",
        "{\"a\":",
        "{a=",
        "<dict>",
        "[1,",
        "[[1,1,1],",
        "\"",
        "{\"",
        "<",
        "<?xml ",
        "<!DOCTYPE",
        "{length = ",
        "{ a = <",
        "{a=<{",
        "{\"a\":[1,2],\"b\":{",
    };
    StrBuf text = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(PARTS); i++) {
        strbuf_clear(&text);
        while (text.len < 64 * KIB) {
            strbuf_add_str(&text, PARTS[i]);
        }
        assert_holds(strbuf_view(&text));
    }
    strbuf_clear(&text);
    strbuf_add_str(&text, "{ a = ");
    strbuf_add_many(&text, '<', 64 * KIB);
    assert_holds(strbuf_view(&text));
    strbuf_done(&text);
}

static void test_depth_is_bounded(void **state)
{
    StrBuf deep = {0};
    Pretty pretty = {0};

    (void)state;
    strbuf_add_many(&deep, '[', 5000);
    strbuf_add_char(&deep, '1');
    strbuf_add_many(&deep, ']', 5000);
    pretty_lay_out(&pretty, strbuf_view(&deep));
    assert_int_equal(pretty.structures, 0);
    assert_holds(strbuf_view(&deep));
    strbuf_done(&deep);
    pretty_done(&pretty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_cases_hold),
        cmocka_unit_test(test_mutations_hold),
        cmocka_unit_test(test_hostile_texts_hold),
        cmocka_unit_test(test_depth_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
