/*
 * Tests of errors.c: the places in which a text names errors, none within another; and that a long
 * text full of them is read in a time that grows with its length, not with its square.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

#include "base/embed.h"
#include "base/mem.h"
#include "filters/errors.h"

#define MANY 60000
#define SECONDS_MAX 10 /* of processor time; with the square it takes minutes */

typedef struct Fixture {
    StrBuf text;
    Knowledge knowledge;
} Fixture;

static int setup(void **state)
{
    Fixture *fixture = mem_calloc(1, sizeof *fixture);
    Err err = err_none();
    *state = fixture;
    assert_true(embed_read("filters/stages.json", &fixture->text));
    return knowledge_read(&fixture->knowledge, strbuf_view(&fixture->text), "stages.json", &err)
               ? 0
               : -1;
}

static int teardown(void **state)
{
    Fixture *fixture = *state;
    knowledge_done(&fixture->knowledge);
    strbuf_done(&fixture->text);
    mem_free(fixture);
    return 0;
}

static const Knowledge *knowledge_of(void **state)
{
    return &((Fixture *)*state)->knowledge;
}

static void tells_the_places_in_their_order(void **state)
{
    static const char TEXT[] = "first Error Domain=NSURLErrorDomain Code=-1001 \"The request timed "
                               "out.\" then <PKInstallErrorDomain:100> and again Error "
                               "Domain=NSURLErrorDomain Code=-1001 \"The request timed out.\"";
    ErrorPlace places[8];
    size_t count = errors_places(knowledge_of(state), sv(TEXT), places, ARRAY_LEN(places));
    assert_int_equal(count, 3);
    assert_true(sv_equal(places[0].domain, SV("NSURLErrorDomain")));
    assert_true(sv_equal(places[0].code, SV("-1001")));
    assert_true(sv_equal(places[1].domain, SV("PKInstallErrorDomain")));
    assert_true(sv_equal(places[1].code, SV("100")));
    assert_true(sv_equal(places[2].domain, SV("NSURLErrorDomain")));
    for (size_t i = 1; i < count; i++) {
        assert_true(places[i - 1].end <= places[i].start);
    }
    assert_int_equal(errors_places(knowledge_of(state), sv(TEXT), places, 2), 2);
}

static void names_the_same_error_once(void **state)
{
    ErrorMentions mentions = {.count = 0};
    errors_find(knowledge_of(state),
                SV("<PKInstallErrorDomain:100> and <PKInstallErrorDomain:100>"), &mentions);
    assert_int_equal(mentions.count, 1);
    assert_int_equal(mentions.items[0].at, 0);
}

/* Twice as much work a byte would not be seen here; what is seen is work for every byte that
 * follows, for every error. */
static void a_long_text_full_of_errors_is_read_in_time(void **state)
{
    StrBuf text = {0};
    for (size_t i = 0; i < MANY; i++) {
        strbuf_add_str(&text, "Error Domain=NSURLErrorDomain Code=-1001 \"ü\" ");
    }
    ErrorMentions mentions = {.count = 0};
    clock_t start = clock();
    errors_find(knowledge_of(state), strbuf_view(&text), &mentions);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    strbuf_done(&text);
    assert_int_equal(mentions.count, 1);
    if (seconds > SECONDS_MAX) {
        fail_msg("%.1f s", seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_the_places_in_their_order, setup, teardown),
        cmocka_unit_test_setup_teardown(names_the_same_error_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_text_full_of_errors_is_read_in_time, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
