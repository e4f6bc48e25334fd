/*
 * RedactRules: lines of nothing but what makes a rule look closer take time in proportion to their
 * length. Each would take many seconds if a match began anew at every trigger and ran to the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/str.h"
#include "filters/redact_rules.h"

#define LINE_BYTES 1000000
#define SECONDS_MAX 4.0 /* of CPU time; they take a tenth */

static void long_lines_take_no_longer(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"? ", "https://"},       {"? ", "http:/"},   {"eyJ", "-eyJaaaaa"}, {"iMac ", "A."},
        {"iMac ", "Aa "},         {"CN=", " "},       {"CN=a", "  b"},      {"/users/", "/Users/"},
        {"a@", "a@b."},           {"A1a", "-a"},      {"www.", "a-b.com."}, {"", "token "},
        {"tokens = (", "\"a\","}, {"", "-password "}, {"<data>", " "},
    };
    Err err = err_none();
    RedactRules *rules = redact_rules_new(NULL, &err);
    assert_non_null(rules);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf line = {0};
        RedactHits hits = {0};
        strbuf_add_str(&line, ROWS[i][0]);
        while (line.len < LINE_BYTES) {
            strbuf_add_str(&line, ROWS[i][1]);
        }
        clock_t start = clock();
        (void)redact_rules_find(rules, strbuf_view(&line), &hits);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (seconds > SECONDS_MAX) {
            fail_msg("'%s%s…': %.1f s", ROWS[i][0], ROWS[i][1], seconds);
        }
        redact_hits_done(&hits);
        strbuf_done(&line);
    }
    redact_rules_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(long_lines_take_no_longer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
