/*
 * Tests of base/hash.c: the key counts, all bytes and the seams count, prepared texts fall apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"

static const HashKey KEY = {{1, 2}};

static uint64_t hash_of(HashKey key, StrView text)
{
    Hash hash = hash_begin(key);
    hash_add_text(&hash, text);
    return hash_end(&hash);
}

static void equal_texts_are_equal_under_one_key(void **state)
{
    (void)state;
    char copy[] = "com.apple.ManagedClient";
    assert_true(hash_of(KEY, SV("com.apple.ManagedClient")) == hash_of(KEY, sv(copy)));
    assert_true(hash_of(KEY, sv(copy)) != hash_of((HashKey){{1, 3}}, sv(copy)));
    HashKey one = hash_key_new();
    HashKey other = hash_key_new();
    assert_true(one.words[0] != other.words[0] || one.words[1] != other.words[1]);
}

static void every_bit_counts(void **state)
{
    (void)state;
    char text[19] = {0};
    uint64_t plain = hash_of(KEY, sv_of(text, sizeof(text)));
    for (size_t bit = 0; bit < sizeof(text) * 8; bit++) {
        text[bit / 8] = (char)(1u << bit % 8);
        assert_true(hash_of(KEY, sv_of(text, sizeof(text))) != plain);
        text[bit / 8] = 0;
    }
    for (size_t len = 0; len < sizeof(text); len++) {
        assert_true(hash_of(KEY, sv_of(text, len)) != plain);
    }
    assert_true(hash_of(KEY, SV("")) != hash_of(KEY, SV_NONE));
}

static void seams_count(void **state)
{
    (void)state;
    Hash one = hash_begin(KEY);
    Hash other = hash_begin(KEY);
    hash_add_text(&one, SV("ab"));
    hash_add_text(&one, SV("c"));
    hash_add_text(&other, SV("a"));
    hash_add_text(&other, SV("bc"));
    uint64_t low = hash_end(&one);
    assert_true(low != hash_end(&other));
    assert_true(low != hash_end(&one));
}

/* A product and a shift let the highest bits through unchanged, whatever the seed: two such words
 * met under every key of a simpler hash. */
static void prepared_texts_fall_apart(void **state)
{
    (void)state;
    char text[16] = "process.process";
    for (uint64_t i = 0; i < 100; i++) {
        HashKey key = {{i, i * 7919}};
        uint64_t plain = hash_of(key, sv_of(text, sizeof(text)));
        char met[16];
        for (size_t j = 0; j < sizeof(met); j++) {
            met[j] = text[j];
        }
        met[7] = (char)(met[7] ^ 0x80);
        met[11] = (char)(met[11] ^ 0x80);
        met[15] = (char)(met[15] ^ 0x80);
        assert_true(hash_of(key, sv_of(met, sizeof(met))) != plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_texts_are_equal_under_one_key),
        cmocka_unit_test(every_bit_counts),
        cmocka_unit_test(seams_count),
        cmocka_unit_test(prepared_texts_fall_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
