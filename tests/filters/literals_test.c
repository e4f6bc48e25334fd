/*
 * Tests of the sieve of literals: it finds exactly what a plain search of each literal finds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filters/literals.h"

/* Owners found in `text` as a set of bits, owners below 32. */
static uint32_t found(const Literals *set, StrView text)
{
    LiteralScan scan = literals_begin(set, text);
    uint32_t owners = 0;
    uint16_t owner = 0;
    while (literals_next(&scan, &owner)) {
        owners |= 1u << owner;
    }
    assert_false(literals_next(&scan, &owner));
    return owners;
}

static void test_finds(void **state)
{
    static const char *const words[] = {"ab", "abc", "[MDM_Authenticate]", "Task <", "c a", "aaaa"};
    Literals *set = literals_new();
    (void)state;
    for (uint16_t i = 0; i < ARRAY_LEN(words); i++) {
        assert_true(literals_add(set, sv(words[i]), i));
    }
    assert_int_equal(found(set, SV("")), 0);
    assert_int_equal(found(set, SV_NONE), 0);
    assert_int_equal(found(set, SV("a")), 0);
    assert_int_equal(found(set, SV("ab")), 1u << 0);
    assert_int_equal(found(set, SV("xxabc ab")), 1u << 0 | 1u << 1 | 1u << 4);
    assert_int_equal(found(set, SV("PUT) [MDM_Authenticate]")), 1u << 2);
    assert_int_equal(found(set, SV("[MDM_Authenticate")), 0);
    assert_int_equal(found(set, SV("MDM_Authenticate]")), 0);
    assert_int_equal(found(set, SV("Task <")), 1u << 3);
    assert_int_equal(found(set, SV("aaaaaaaa")), 1u << 5);
    literals_free(set);
}

/* All texts of up to 9 letters over a small alphabet: the oracle is sv_find. */
static void test_agrees_with_plain_search(void **state)
{
    static const char *const words[] = {"aa", "ab", "ba", "aba", "abb", "bba", "aaab", "babab"};
    Literals *set = literals_new();
    char text[9];
    (void)state;
    for (uint16_t i = 0; i < ARRAY_LEN(words); i++) {
        assert_true(literals_add(set, sv(words[i]), i));
    }
    for (unsigned number = 0; number < 1u << sizeof(text); number++) {
        for (size_t len = 0; len <= sizeof(text); len++) {
            uint32_t wanted = 0;
            for (size_t i = 0; i < len; i++) {
                text[i] = (number >> i & 1) != 0 ? 'b' : 'a';
            }
            for (size_t i = 0; i < ARRAY_LEN(words); i++) {
                bool is_in = sv_find(sv_of(text, len), sv(words[i])) != SIZE_MAX;
                wanted |= is_in ? 1u << i : 0;
            }
            assert_int_equal(found(set, sv_of(text, len)), wanted);
        }
    }
    literals_free(set);
}

/* One owner with several literals, and one literal of several owners. */
static void test_owners(void **state)
{
    Literals *set = literals_new();
    (void)state;
    assert_true(literals_add(set, SV("one"), 1));
    assert_true(literals_add(set, SV("two"), 1));
    assert_true(literals_add(set, SV("two"), 2));
    assert_int_equal(found(set, SV("one")), 1u << 1);
    assert_int_equal(found(set, SV("two")), 1u << 1 | 1u << 2);
    literals_free(set);
    literals_free(NULL);
}

static void test_limits(void **state)
{
    Literals *set = literals_new();
    (void)state;
    assert_false(literals_add(set, SV("x"), 1));
    assert_false(literals_add(set, SV(""), 1));
    for (int i = 0; i < LITERALS_MAX; i++) {
        assert_true(literals_add(set, SV("xy"), 3));
    }
    assert_false(literals_add(set, SV("xy"), 3));
    assert_int_equal(found(set, SV("xy")), 1u << 3);
    literals_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds),
        cmocka_unit_test(test_agrees_with_plain_search),
        cmocka_unit_test(test_owners),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("literals", tests, NULL, NULL);
}
