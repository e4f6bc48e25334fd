/*
 * Replays the corpus of the fuzzer of the rules of redaction, and the texts of their tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The target itself, so that it is built and checked with everything else. */
#include "tests/fuzz/redact_fuzz.c"

#include "tests/fuzz/replay.h"

static void the_corpus_passes(void **state)
{
    (void)state;
    assert_true(replay_corpus("tests/data/fuzz/redact") >= 10);
    assert_true(replay_corpus("tests/data/redaction") >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_corpus_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
