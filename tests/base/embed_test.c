/*
 * Compiled-in files: each equals the file in the source tree; a user's file goes first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"

static void test_equals_the_source(void **state)
{
    (void)state;
    size_t packed = 0;
    assert_non_null(EMBEDDED_FILES[0].name);
    for (const EmbeddedFile *file = EMBEDDED_FILES; file->name != NULL; file++) {
        StrBuf inside = {0};
        StrBuf outside = {0};
        assert_ptr_equal(embed_find(file->name), file);
        assert_true(embed_read(file->name, &inside));
        assert_true(embed_read_or_file(".", file->name, &outside));
        assert_true(sv_equal(strbuf_view(&inside), strbuf_view(&outside)));
        assert_int_equal(inside.len, file->full_len);
        packed += file->is_packed;
        strbuf_done(&inside);
        strbuf_done(&outside);
    }
    assert_true(packed > 0); /* or the unpacking is not tested */
}

static void test_absent(void **state)
{
    (void)state;
    StrBuf text = {0};
    strbuf_add_str(&text, "kept");
    assert_null(embed_find("themes/no.json"));
    assert_false(embed_read("themes/no.json", &text));
    assert_false(embed_read_or_file(NULL, "themes/no.json", &text));
    assert_false(embed_read_or_file("/nonexistent", "themes/no.json", &text));
    assert_false(embed_read_or_file("/", "usr", &text)); /* a directory */
    assert_string_equal(text.ptr, "kept");
    strbuf_done(&text);
}

static void test_directory_goes_first(void **state)
{
    (void)state;
    const char *name = EMBEDDED_FILES[0].name;
    StrBuf directory = {0};
    StrBuf path = {0};
    const char *place = getenv("TMPDIR");
    strbuf_printf(&directory, "%s/embed-test-XXXXXX", place != NULL ? place : "/tmp");
    assert_non_null(mkdtemp(directory.ptr));
    strbuf_printf(&path, "%s/%s", directory.ptr, name);
    StrView folder = sv_slice(strbuf_view(&path), 0, path.len - sv_path_last(sv(name)).len - 1);
    StrBuf folder_path = {0};
    strbuf_add(&folder_path, folder);
    assert_int_equal(mkdir(folder_path.ptr, 0700), 0);
    FILE *file = fopen(path.ptr, "w");
    assert_non_null(file);
    assert_true(fputs("mine", file) >= 0);
    assert_int_equal(fclose(file), 0);

    StrBuf text = {0};
    assert_true(embed_read_or_file(directory.ptr, name, &text));
    assert_string_equal(text.ptr, "mine");
    assert_int_equal(unlink(path.ptr), 0);
    strbuf_clear(&text);
    assert_true(embed_read_or_file(directory.ptr, name, &text));
    assert_int_equal(text.len, EMBEDDED_FILES[0].full_len);

    assert_int_equal(rmdir(folder_path.ptr), 0);
    assert_int_equal(rmdir(directory.ptr), 0);
    strbuf_done(&text);
    strbuf_done(&folder_path);
    strbuf_done(&path);
    strbuf_done(&directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_the_source),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_directory_goes_first),
    };
    return cmocka_run_group_tests_name("base/embed", tests, NULL, NULL);
}
