/*
 * Tests of base64: the vectors of RFC 4648, white space, padding, and where it stops being base64.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base64.h"

static void test_vectors(void **state)
{
    static const struct {
        const char *text;
        const char *bytes;
    } VECTORS[] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"},
        {"Zm9vYmE", "fooba"},
        {" Z m\n9v\tYmFy\r\n", "foobar"},
        {"Zm9vYg=\n=", "foob"},
        {"+/+/", "\xFB\xFF\xBF"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(VECTORS); i++) {
        StrBuf bytes = {0};
        assert_true(base64_decode(sv(VECTORS[i].text), &bytes, NULL));
        if (!sv_equal(strbuf_view(&bytes), sv(VECTORS[i].bytes))) {
            fail_msg("'%s' became '%.*s'", VECTORS[i].text, SV_ARG(strbuf_view(&bytes)));
        }
        strbuf_done(&bytes);
    }
}

static void test_writing(void **state)
{
    static const char *const TEXTS[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "+/+/", "AAECgP//"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        StrBuf bytes = {0};
        StrBuf text = {0};
        assert_true(base64_decode(sv(TEXTS[i]), &bytes, NULL));
        base64_encode(strbuf_view(&bytes), &text);
        assert_true(sv_equal(strbuf_view(&text), sv(TEXTS[i])));
        strbuf_done(&bytes);
        strbuf_done(&text);
    }
}

static void test_refusals(void **state)
{
    static const struct {
        const char *text;
        size_t offset;
    } WRONG[] = {
        {"Z", 1},     {"Zm9v!", 4}, {"Zm9vY", 5},    {"=", 0},          {"Zg=", 3},
        {"Zg===", 4}, {"Zg==Z", 4}, {"Zm9v====", 4}, {"-----BEGIN", 0},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
        StrBuf bytes = {0};
        size_t offset = SIZE_MAX;
        if (base64_decode(sv(WRONG[i].text), &bytes, &offset) || offset != WRONG[i].offset) {
            fail_msg("'%s': %zu, wanted %zu", WRONG[i].text, offset, WRONG[i].offset);
        }
        strbuf_done(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_writing),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
