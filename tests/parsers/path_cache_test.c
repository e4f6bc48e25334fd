/*
 * Tests of parsers/path_cache.c: what was added is found until something takes its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/path_cache.h"
#include "tests/parsers/dump.h"

static void paths_are_found_again_or_not_at_all(void **state)
{
    (void)state;
    PathCache *cache = path_cache_new();
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 2000; i++) {
            char escaped[64];
            char plain[64];
            (void)snprintf(escaped, sizeof(escaped), "\\/usr\\/libexec\\/daemon%d", i);
            (void)snprintf(plain, sizeof(plain), "/usr/libexec/daemon%d", i);
            StrView found = path_cache_find(cache, round, sv(escaped));
            assert_true(!found.ptr || sv_equal(found, sv(plain)));
            path_cache_add(cache, round, sv(escaped), sv(plain));
            assert_true(sv_equal(path_cache_find(cache, round, sv(escaped)), sv(plain)));
        }
    }
    path_cache_free(cache);
}

static void kinds_do_not_mix(void **state)
{
    (void)state;
    PathCache *cache = path_cache_new();
    path_cache_add(cache, 0, SV("\\/a"), SV("/a"));
    assert_null(path_cache_find(cache, 1, SV("\\/a")).ptr);
    path_cache_add(cache, 1, SV(""), SV(""));
    assert_non_null(path_cache_find(cache, 1, SV("")).ptr);
    path_cache_free(cache);
    path_cache_free(NULL);
}

static void very_long_paths_are_not_kept(void **state)
{
    (void)state;
    PathCache *cache = path_cache_new();
    StrBuf path = {0};
    strbuf_add_many(&path, 'x', 4000);
    path_cache_add(cache, 0, strbuf_view(&path), strbuf_view(&path));
    assert_null(path_cache_find(cache, 0, strbuf_view(&path)).ptr);
    strbuf_done(&path);
    path_cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_found_again_or_not_at_all),
        cmocka_unit_test(kinds_do_not_mix),
        cmocka_unit_test(very_long_paths_are_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
