/*
 * Home: which names begin in the user's home, and which only look so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "session/home.h"

static void test_names(void **state)
{
    static const struct {
        const char *path;
        const char *home;
        const char *wanted;
    } ROWS[] = {
        {"~", "/Users/ann", "/Users/ann"},
        {"~/", "/Users/ann", "/Users/ann/"},
        {"~/Desktop/a b.md", "/Users/ann", "/Users/ann/Desktop/a b.md"},
        {"~/x", "/Users/ann/", "/Users/ann/x"},
        {"~/x", "/", "/x"},
        {"~", "/", "/"},
        {"$HOME", "/Users/ann", "/Users/ann"},
        {"$HOME/x", "/Users/ann", "/Users/ann/x"},
        {"$HOMER/x", "/Users/ann", "$HOMER/x"},
        {"~bob/x", "/Users/ann", "~bob/x"},
        {"~~/x", "/Users/ann", "~~/x"},
        {"a/~/x", "/Users/ann", "a/~/x"},
        {"./~", "/Users/ann", "./~"},
        {"/x", "/Users/ann", "/x"},
        {"x~", "/Users/ann", "x~"},
        {"", "/Users/ann", ""},
        {"~/x", NULL, "~/x"},
        {"~/x", "", "~/x"},
        {"~/x", "relative", "~/x"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf path = {0};
        strbuf_add_str(&path, "");
        home_expand(sv(ROWS[i].path), ROWS[i].home, &path);
        if (!sv_equal(strbuf_view(&path), sv(ROWS[i].wanted))) {
            fail_msg("'%s' gave '%.*s'", ROWS[i].path, SV_ARG(strbuf_view(&path)));
        }
        strbuf_done(&path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("home", tests, NULL, NULL);
}
