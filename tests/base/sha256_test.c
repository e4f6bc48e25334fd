/*
 * Tests of sha256.c: the examples of FIPS 180-4 and NIST's short messages, in any pieces.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/sha256.h"

static void sum_of(StrView text, size_t piece, char *ret_hex)
{
    Sha256 sum;
    sha256_init(&sum);
    for (size_t at = 0; at < text.len; at += piece) {
        sha256_add(&sum, sv_slice(text, at, piece));
    }
    sha256_end(&sum, ret_hex);
}

static void test_examples(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *hex;
    } CASES[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"\xd3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
        {"\x11\xaf", "5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98"},
        {"\x74\xba\x25\x21", "b16aa56be3880d18cd41e68384cf1ec8c17680c45a02b1575dc1518923ae8b0e"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
         "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    char hex[SHA256_HEX_MAX];
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        for (size_t piece = 1; piece < 130; piece += 7) {
            sum_of(sv(CASES[i].text), piece, hex);
            assert_string_equal(hex, CASES[i].hex);
        }
    }
}

static void test_a_million(void **state)
{
    (void)state;
    static const size_t PIECES[] = {1, 63, 64, 65, 1000, 1000000};
    StrBuf text = {0};
    char hex[SHA256_HEX_MAX];
    strbuf_add_many(&text, 'a', 1000000);
    for (size_t i = 0; i < ARRAY_LEN(PIECES); i++) {
        sum_of(strbuf_view(&text), PIECES[i], hex);
        assert_string_equal(hex,
                            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
    strbuf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_a_million),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
