/*
 * Known texts: what is found is what a plain definition says, for texts that begin alike, end in
 * marks and stand in each other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "session/redaction.h"
#include "session/redaction_known.h"

#define ROUNDS 400
#define TEXTS 40
#define LINE 300

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Few different bytes, so that texts meet. */
static void add_random(StrBuf *buf, uint32_t *random, size_t len)
{
    static const char BYTES[] = "aabAB1-- .\xc3";
    for (size_t i = 0; i < len; i++) {
        strbuf_add_char(buf, BYTES[next_random(random) % (sizeof BYTES - 1)]);
    }
}

/* What the header says, place by place. */
static bool is_there(StrView known, StrView text, size_t at)
{
    size_t end = at + known.len;
    return redaction_known_is_word(text.ptr[at]) &&
           (at == 0 || !redaction_known_is_word(text.ptr[at - 1])) && end <= text.len &&
           sv_equal_nocase(sv_slice(text, at, known.len), known) &&
           (end == text.len || !redaction_known_is_word(text.ptr[end]) ||
            !redaction_known_is_word(text.ptr[end - 1]));
}

static bool has_hit(const RedactHits *hits, size_t start, size_t end)
{
    for (size_t i = 0; i < hits->count; i++) {
        if (hits->items[i].start == start && hits->items[i].end == end) {
            return true;
        }
    }
    return false;
}

static void compare(const RedactionKnown *known, StrView text)
{
    RedactHits hits = {0};
    size_t wanted = 0;
    redaction_known_find(known, text, &hits);
    for (size_t at = 0; at < text.len; at++) {
        for (size_t i = 0; i < redaction_known_count(known); i++) {
            StrView one = redaction_known_get(known, i)->text;
            if (is_there(one, text, at)) {
                wanted++;
                if (!has_hit(&hits, at, at + one.len)) {
                    fail_msg("'%.*s' not found at %zu of '%.*s'", SV_ARG(one), at, SV_ARG(text));
                }
            }
        }
    }
    assert_int_equal(hits.count, wanted);
    redact_hits_done(&hits);
}

static void finds_what_the_definition_says(void **state)
{
    (void)state;
    uint32_t random = 20260302;
    size_t found = 0;
    for (int round = 0; round < ROUNDS; round++) {
        RedactionKnown *known = redaction_known_new();
        StrBuf text = {0};
        for (int i = 0; i < TEXTS; i++) {
            strbuf_clear(&text);
            add_random(&text, &random, 1 + next_random(&random) % 8);
            found += redaction_known_add(known, (KnownText){.text = strbuf_view(&text)});
        }
        strbuf_clear(&text);
        add_random(&text, &random, next_random(&random) % LINE);
        compare(known, strbuf_view(&text));
        strbuf_done(&text);
        redaction_known_free(known);
    }
    assert_true(found > ROUNDS);
}

static void takes_what_it_can_find(void **state)
{
    (void)state;
    RedactionKnown *known = redaction_known_new();
    StrBuf text = {0};
    assert_false(redaction_known_add(known, (KnownText){.text = SV("")}));
    assert_false(redaction_known_add(known, (KnownText){.text = SV("abc")}));
    assert_false(redaction_known_add(known, (KnownText){.text = SV("-abc")}));
    assert_true(redaction_known_add(known, (KnownText){.text = SV("abc-")}));
    assert_false(redaction_known_add(known, (KnownText){.text = SV("abc-")}));
    strbuf_add_many(&text, 'x', REDACTION_KNOWN_MAX_BYTES + 1);
    assert_false(redaction_known_takes(known, strbuf_view(&text)));
    text.len--;
    assert_true(redaction_known_add(known, (KnownText){.text = strbuf_view(&text)}));
    compare(known, strbuf_view(&text));
    for (uint32_t i = 2; i < REDACTION_KNOWN_MAX; i++) {
        strbuf_clear(&text);
        strbuf_printf(&text, "abcd-%u", i);
        assert_true(redaction_known_add(known, (KnownText){.text = strbuf_view(&text)}));
    }
    assert_int_equal(redaction_known_count(known), REDACTION_KNOWN_MAX);
    assert_false(redaction_known_takes(known, SV("one-more")));
    compare(known, SV("abcd-5 ABCD-17 abcd-8191 abcd-8192 xabcd-5 abcd abc-d"));
    strbuf_done(&text);
    redaction_known_free(known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_the_definition_says),
        cmocka_unit_test(takes_what_it_can_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
