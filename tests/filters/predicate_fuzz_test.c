/*
 * Replays the corpus of the predicate fuzzer (tests/data/fuzz/predicate) and every predicate of the
 * text tables through it, whole and cut short at each byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>

/* The target itself, so that it is built and checked with everything else. */
#include "tests/fuzz/predicate_fuzz.c"

#include "tests/filters/truth.h"

#define CORPUS "tests/data/fuzz/predicate"
#define MAX_CUT 400 /* longer texts are not tried at every length */

static void replay(StrView text)
{
    /* A copy of its own, so that a byte read behind its end is seen. */
    char *copy = mem_dup(text.ptr, text.len);
    (void)LLVMFuzzerTestOneInput((const uint8_t *)copy, text.len); /* always 0; it aborts */
    mem_free(copy);
}

static void replay_cut(StrView text)
{
    replay(text);
    for (size_t len = 0; len < text.len && text.len <= MAX_CUT; len++) {
        replay(sv_slice(text, 0, len));
    }
}

static void test_corpus(void **state)
{
    (void)state;
    int count = 0;
    DIR *directory = opendir(CORPUS);
    assert_non_null(directory);
    for (struct dirent *item = readdir(directory); item; item = readdir(directory)) {
        if (item->d_name[0] == '.') {
            continue;
        }
        StrBuf path = {0};
        StrBuf bytes = {0};
        strbuf_printf(&path, "%s/%s", CORPUS, item->d_name);
        replay_cut(truth_read_file(path.ptr, &bytes));
        strbuf_done(&path);
        strbuf_done(&bytes);
        count++;
    }
    (void)closedir(directory);
    assert_true(count >= 20);
}

static void test_tables(void **state)
{
    (void)state;
    static const char *const FILES[] = {
        "tests/data/filters/predicates.txt", "tests/data/filters/printed.txt",
        "tests/data/filters/errors.txt",     "tests/data/filters/warnings.txt",
        "tests/data/filters/shorthand.txt",  "tests/data/filters/aliases.txt",
    };
    for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
        StrBuf buf = {0};
        StrView rest = truth_read_file(FILES[i], &buf);
        StrView line;
        while (sv_next_line(&rest, &line)) {
            replay(line);
        }
        strbuf_done(&buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
