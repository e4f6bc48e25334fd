/*
 * Tests of parsers/scan.h: both ways of scanning say the same as a plain loop, at every length and
 * every offset, and read no byte beyond the end (the sanitizer watches).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/scan.h"

#include "tests/parsers/dump.h"

static const char *plain_quote(const char *at, const char *end, bool *has_backslash)
{
    for (; at < end && *at != '"'; at++) {
        *has_backslash |= *at == '\\';
    }
    return at;
}

static unsigned plain_class(const char *at, const char *end)
{
    unsigned class = 0;
    for (; at < end; at++) {
        class |= (unsigned char)*at >= 0x80 ? SCAN_HIGH : 0u;
        class |= (unsigned char)*at < 0x20 ? SCAN_CONTROL : 0u;
    }
    return class;
}

static void expect_same(const char *begin, const char *end)
{
    bool plain = false;
    bool words = false;
    bool wide = false;
    const char *expected = plain_quote(begin, end, &plain);
    assert_ptr_equal(scan_quote_words(begin, end, &words), expected);
    assert_ptr_equal(scan_quote(begin, end, &wide), expected);
    assert_int_equal(words, plain);
    assert_int_equal(wide, plain);
    assert_int_equal(scan_class_words(begin, end), plain_class(begin, end));
    assert_int_equal(scan_class(begin, end), plain_class(begin, end));
}

static void all_ways_of_scanning_agree(void **state)
{
    (void)state;
    static const char BYTES[] = {'a',    'z',    ' ',    '!',    '#', '[', ']', '"', '\\', '\x1f',
                                 '\x00', '\x7f', '\x80', '\xff', 'a', 'a', 'a', 'a', 'a',  'a'};
    uint64_t seed = 42;
    for (size_t round = 0; round < 20000; round++) {
        size_t len = (size_t)(next_random(&seed) % 70);
        /* Few odd bytes in most rounds, so that they stand alone. */
        size_t kinds = round % 3 == 0 ? ARRAY_LEN(BYTES) : 9;
        char *bytes = mem_alloc(len);
        for (size_t i = 0; i < len; i++) {
            bool is_odd = round % 3 == 0 || next_random(&seed) % 20 == 0;
            bytes[i] = is_odd ? BYTES[next_random(&seed) % kinds] : 'a';
        }
        expect_same(bytes, bytes + len);
        mem_free(bytes);
    }
}

static void eight_digits_are_read_at_once(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (size_t round = 0; round < 20000; round++) {
        char text[16];
        uint64_t expected = next_random(&seed) % 100000000;
        uint64_t number = 0;
        (void)snprintf(text, sizeof(text), "%08" PRIu64, expected);
        assert_true(scan_eight_digits(text, &number));
        assert_true(number == expected);
        size_t at = (size_t)(next_random(&seed) % 8);
        char odd = (char)(next_random(&seed) & 0xff);
        text[at] = odd;
        assert_int_equal(scan_eight_digits(text, &number), odd >= '0' && odd <= '9');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_of_scanning_agree),
        cmocka_unit_test(eight_digits_are_read_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
