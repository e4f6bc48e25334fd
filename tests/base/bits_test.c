/*
 * Tests of base/bits.h: against loops that count.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bits.h"

static void bits_are_found_and_counted(void **state)
{
    (void)state;
    for (unsigned low = 0; low < 64; low++) {
        for (unsigned high = low; high < 64; high++) {
            uint64_t mask = UINT64_C(1) << low | UINT64_C(1) << high;
            assert_int_equal(bits_lowest(mask), low);
            assert_int_equal(bits_count(mask), low == high ? 1 : 2);
        }
    }
    assert_int_equal(bits_count(0), 0);
    assert_int_equal(bits_count(UINT64_MAX), 64);
    bits_prefetch(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_are_found_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
