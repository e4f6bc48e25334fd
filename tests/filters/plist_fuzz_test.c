/*
 * Replays the corpus of the fuzzer of property lists and certificates, and the records of the
 * tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The target itself, so that it is built and checked with everything else. */
#include "tests/fuzz/plist_fuzz.c"

#include "tests/fuzz/replay.h"

static void the_corpus_passes(void **state)
{
    (void)state;
    assert_true(replay_corpus("tests/data/fuzz/plist") >= 10);
    assert_true(replay_corpus("tests/data/record") >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_corpus_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
