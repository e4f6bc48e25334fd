/*
 * Replays the corpus of the fuzz target, so that what the fuzzer once found stays found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>

#include "tests/fuzz/ndjson_fuzz.c"

#define CORPUS "tests/data/fuzz/ndjson"

static void the_corpus_passes(void **state)
{
    (void)state;
    size_t count = 0;
    DIR *dir = opendir(CORPUS);
    assert_non_null(dir);
    for (struct dirent *file = readdir(dir); file; file = readdir(dir)) {
        if (file->d_name[0] == '.') {
            continue;
        }
        StrBuf path = {0};
        strbuf_printf(&path, CORPUS "/%s", file->d_name);
        StrBuf text = read_path(path.ptr);
        assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)text.ptr, text.len), 0);
        strbuf_done(&text);
        strbuf_done(&path);
        count++;
    }
    (void)closedir(dir);
    assert_true(count >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_corpus_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
