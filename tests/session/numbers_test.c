/*
 * Tests of the ring of numbers against a plain array, over seeded random operations.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/numbers.h"
#include "tests/session/rows.h"

#define MODEL_SIZE 200000

/* Numbers rise from the middle upward at the back, downward at the front. */
typedef struct Model {
    uint64_t first; /* of the consecutive numbers × 3 held */
    uint64_t end;
} Model;

static void assert_same(const Numbers *numbers, Model model)
{
    assert_int_equal(numbers->len, model.end - model.first);
    for (uint64_t i = 0; i < numbers->len; i++) {
        assert_int_equal(numbers_get(numbers, i), (model.first + i) * 3);
        assert_int_equal(numbers_find(numbers, (model.first + i) * 3), i);
        assert_int_equal(numbers_find(numbers, (model.first + i) * 3 + 1), i + 1);
    }
}

static void test_against_model(void **state)
{
    (void)state;
    uint64_t seed = 5;
    Numbers numbers = {0};
    Model model = {MODEL_SIZE, MODEL_SIZE};
    for (int turn = 0; turn < 400; turn++) {
        uint32_t count = rows_random(&seed, 100);
        switch (rows_random(&seed, 4)) {
        case 0:
        case 1:
            for (uint32_t i = 0; i < count; i++) {
                numbers_push_back(&numbers, model.end++ * 3);
            }
            break;
        case 2:
            for (uint32_t i = 0; i < count; i++) {
                numbers_push_front(&numbers, --model.first * 3);
            }
            break;
        default:
            numbers_drop_front(&numbers, count);
            model.first = model.first + count < model.end ? model.first + count : model.end;
        }
        assert_same(&numbers, model);
    }
    numbers_clear(&numbers);
    assert_int_equal(numbers.len, 0);
    assert_int_equal(numbers_find(&numbers, 1), 0);
    numbers_done(&numbers);
}

static void test_append(void **state)
{
    (void)state;
    for (uint64_t front = 0; front < 200; front += 13) {
        for (uint64_t back = 0; back < 200; back += 17) {
            Numbers numbers = {0}, more = {0};
            for (uint64_t i = 0; i < front; i++) {
                numbers_push_front(&numbers, (front - i) * 3);
            }
            for (uint64_t i = 0; i < back; i++) {
                numbers_push_back(&more, (front + 1 + i) * 3);
            }
            numbers_append(&numbers, &more);
            assert_same(&numbers, (Model){1, 1 + front + back});
            assert_int_equal(more.len, 0);
            numbers_done(&numbers);
            numbers_done(&more);
        }
    }
}

/* Odd and even numbers come apart and together again, wherever the rings begin. */
static void test_split_and_merge(void **state)
{
    (void)state;
    uint64_t seed = 9;
    for (int turn = 0; turn < 200; turn++) {
        Numbers numbers = {0};
        Numbers odd = {0};
        uint64_t count = rows_random(&seed, 200);
        uint64_t first = rows_random(&seed, 100);
        for (uint64_t i = 0; i < count; i++) {
            numbers_push_back(&numbers, i);
        }
        numbers_drop_front(&numbers, (size_t)first);
        uint64_t held = count > first ? count - first : 0;
        for (uint64_t i = count; i < count + 10; i++) {
            numbers_push_back(&numbers, i);
        }
        uint64_t begin = held > 0 ? first : count;
        numbers_split(&numbers, 1, &odd);
        assert_int_equal(numbers.len + odd.len, count + 10 - begin);
        for (size_t i = 0; i < numbers.len; i++) {
            assert_int_equal(numbers_get(&numbers, i), begin + begin % 2 + 2 * i);
        }
        for (size_t i = 0; i < odd.len; i++) {
            assert_int_equal(numbers_get(&odd, i), begin + 1 - begin % 2 + 2 * i);
        }
        numbers_merge(&numbers, &odd);
        assert_int_equal(odd.len, 0);
        assert_int_equal(numbers.len, count + 10 - begin);
        for (size_t i = 0; i < numbers.len; i++) {
            assert_int_equal(numbers_get(&numbers, i), begin + i);
        }
        numbers_done(&numbers);
        numbers_done(&odd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_model),
        cmocka_unit_test(test_split_and_merge),
        cmocka_unit_test(test_append),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
