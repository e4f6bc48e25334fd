/*
 * Tests of parsers/ndjson_slow.c, ndjson_clean.c and ndjson_compact.c: exact numbers, mended text,
 * what is absent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/ndjson_clean.h"
#include "parsers/ndjson_compact.h"
#include "parsers/ndjson_slow.h"
#include "tests/parsers/dump.h"

static void text_is_mended(void **state)
{
    (void)state;
    static const struct {
        const char *object;
        unsigned flags;
        const char *clean; /* NULL = nothing to be kept */
        bool is_damaged;
        bool is_truncated;
    } ROWS[] = {
        {" {\"a\" : [ 1 , \"b c\" ] } ", 0, "{\"a\":[1,\"b c\"]}", false, false},
        {"{\"a\":\"\x80\xe2\x82\"}", 0, "{\"a\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}", true,
         false},
        {"{\"a\":\"\\ud83d\\ude00\"}", 0, "{\"a\":\"\\ud83d\\ude00\"}", false, false},
        {"{\"a\":\"\\ud83d\\ud83d\"}", 0, "{\"a\":\"\xef\xbf\xbd\xef\xbf\xbd\"}", true, false},
        {"{\"a\":\"\\udE00x\"}", 0, "{\"a\":\"\xef\xbf\xbdx\"}", true, false},
        {"{\"a\":\"x\ty\nz\"}", 0, "{\"a\":\"x\\u0009y\\u000az\"}", true, false},
        {"{\"\\u0000\":\"\\u0000\"}", 0, "{\"\xef\xbf\xbd\":\"\\u0000\"}", true, false},
        {"{\"a\":1,\"b\":\"cut", 0, "{\"a\":1,\"b\":\"cut\"}", false, true},
        {"{\"a\":1,\"b\":\"cut\\", 0, "{\"a\":1,\"b\":\"cut\"}", false, true},
        {"{\"a\":1,\"b\":\"cut\\u00", 0, "{\"a\":1,\"b\":\"cut\"}", false, true},
        {"{\"a\":1,\"b", 0, "{\"a\":1}", false, true},
        {"{\"a\":1,\"b\":", 0, "{\"a\":1}", false, true},
        {"{\"a\":1,\"b\":{\"c\":\"d", 0, "{\"a\":1}", false, true},
        {"{\"a\":1,\"b\":12", 0, "{\"a\":1}", false, true},
        {"{\"a\":{\"x\":1},", 0, "{\"a\":{\"x\":1}}", false, true},
        {"{\"a\": 1  2, \"b\" : tru e}", 0, "{\"a\":1 2,\"b\":tru e}", false, false},
        {"{\"a\":tru", 0, NULL, false, false},
        {"{\"a", 0, NULL, false, false},
        {"{", 0, NULL, false, false},
        {"[1]", 0, NULL, false, false},
        {"", 0, NULL, false, false},
        {"{\"a\":9223372036854775808,\"b\":1}", CLEAN_MARK_NUMBERS,
         "{\"a\":\"\\u00019223372036854775808\",\"b\":1}", false, false},
        {"{\"a\":-1e5,\"b\":0123}", CLEAN_MARK_NUMBERS, "{\"a\":\"\\u0001-1e5\",\"b\":0123}", false,
         false},
        {"{\"a\":9223372036854775808}", 0, "{\"a\":9223372036854775808}", false, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf out = {0};
        CleanFacts facts = {false, false};
        assert_int_equal(ndjson_clean(sv(ROWS[i].object), ROWS[i].flags, &out, &facts),
                         ROWS[i].clean != NULL);
        if (ROWS[i].clean) {
            assert_string_equal(out.ptr, ROWS[i].clean);
            assert_int_equal(facts.is_damaged, ROWS[i].is_damaged);
            assert_int_equal(facts.is_truncated, ROWS[i].is_truncated);
        }
        strbuf_done(&out);
    }
}

static void layout_is_taken_out(void **state)
{
    (void)state;
    static const struct {
        const char *object;
        const char *compact; /* NULL = a string has no end */
    } ROWS[] = {
        {"{\n  \"a b\" : \"c \\\" d\",\r\n\t\"e\" : [ 1 , { } ]\n}",
         "{\"a b\":\"c \\\" d\",\"e\":[1,{}]}"},
        {"{\"a\": 1  2, \"b\" : tru e }", "{\"a\":1 2,\"b\":tru e}"},
        {" { } ", "{}"},
        {"{\"a", NULL},
        {"{\"a\\\"", NULL},
        {"", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf out = {0};
        assert_int_equal(ndjson_compact(sv(ROWS[i].object), &out), ROWS[i].compact != NULL);
        if (ROWS[i].compact) {
            assert_string_equal(out.ptr, ROWS[i].compact);
        }
        strbuf_done(&out);
    }
}

static void results_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *object;
        ReadResult result;
    } ROWS[] = {
        {"{\"count\":52,\"finished\":1}", READ_TRAILER},
        {"{\"finished\":1,\"eventMessage\":\"an entry that says so\"}", READ_ENTRY},
        {"{\"x\":1}", READ_NOTHING},
        {"{\"eventMessage\":null}", READ_NOTHING},
        {"{\"eventMessage\":\"\"}", READ_ENTRY},
        {"{\"processID\":0}", READ_ENTRY},
        {"{\"eventMessage\":\"a\"} x", READ_NOTHING},
        {"{\"eventMessage\":\"a\"", READ_ENTRY},
        {"[{\"eventMessage\":\"a\"}]", READ_NOTHING},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf scratch = {0};
        Entry entry;
        assert_int_equal(ndjson_slow_read(sv(ROWS[i].object), true, &scratch, &entry),
                         ROWS[i].result);
        strbuf_done(&scratch);
    }
}

static void numbers_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *number;
        bool is_there;
        uint64_t value;
    } ROWS[] = {
        {"0", true, 0},
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036931765031", true, UINT64_C(9223372036931765031)},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"-1", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"1e999", false, 0},
        {"\"12\"", false, 0},
        {"null", false, 0},
        {"{}", false, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf scratch = {0};
        char line[128];
        Entry entry;
        (void)snprintf(line, sizeof(line), "{\"eventMessage\":\"\",\"creatorActivityID\":%s}",
                       ROWS[i].number);
        assert_int_equal(ndjson_slow_read(sv(line), false, &scratch, &entry), READ_ENTRY);
        assert_int_equal((entry.present & HAS_CREATOR_ACTIVITY) != 0, ROWS[i].is_there);
        assert_true(entry.creator_activity == ROWS[i].value);
        strbuf_done(&scratch);
    }
}

static void absent_is_told_from_empty(void **state)
{
    (void)state;
    StrBuf scratch = {0};
    Entry entry;
    assert_int_equal(
        ndjson_slow_read(SV("{\"eventType\":\"logEvent\",\"eventMessage\":\"\",\"subsystem\":\"\","
                            "\"category\":\"\",\"formatString\":\"\",\"senderImagePath\":\"\"}"),
                         true, &scratch, &entry),
        READ_ENTRY);
    assert_non_null(entry.message.ptr);
    assert_null(entry.subsystem.ptr);
    assert_null(entry.category.ptr);
    assert_non_null(entry.format_string.ptr);
    assert_non_null(entry.sender.ptr);
    assert_null(entry.process.ptr);
    assert_int_equal(entry.level, LEVEL_NONE);
    assert_int_equal(ndjson_slow_read(SV("{\"eventType\":\"stateEvent\",\"formatString\":\"\"}"),
                                      true, &scratch, &entry),
                     READ_ENTRY);
    assert_null(entry.format_string.ptr);
    assert_null(entry.message.ptr);
    strbuf_done(&scratch);
}

static void brief_readings_leave_rare_fields_out(void **state)
{
    (void)state;
    const StrView object =
        SV("{\"eventType\":\"signpostEvent\",\"signpostID\":5,\"bootUUID\":\"x\","
           "\"signpostName\":\"n\",\"processID\":1}");
    StrBuf scratch = {0};
    Entry entry;
    assert_int_equal(ndjson_slow_read(object, false, &scratch, &entry), READ_ENTRY);
    assert_int_equal(entry.present, HAS_PID);
    assert_null(entry.signpost_name.ptr);
    assert_int_equal(ndjson_slow_read(object, true, &scratch, &entry), READ_ENTRY);
    assert_int_equal(entry.present, HAS_PID | HAS_SIGNPOST_ID);
    assert_true(sv_equal(entry.signpost_name, SV("n")));
    assert_true(sv_equal(entry.boot_uuid, SV("x")));
    strbuf_done(&scratch);
}

static void private_marks_are_seen(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        bool is_private;
    } ROWS[] = {
        {"user <private> failed", true},
        {"user <<private>> failed", true},
        {"<redacted>", true},
        {"<mask.hash: 'AbC='>", true},
        {"<mask", false},
        {"<Device> (0)", false},
        {"private", false},
        {"", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf scratch = {0};
        char line[128];
        Entry entry;
        (void)snprintf(line, sizeof(line), "{\"eventMessage\":\"%s\"}", ROWS[i].message);
        assert_int_equal(ndjson_slow_read(sv(line), false, &scratch, &entry), READ_ENTRY);
        assert_int_equal((entry.flags & ENTRY_PRIVATE) != 0, ROWS[i].is_private);
        strbuf_done(&scratch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_mended),
        cmocka_unit_test(layout_is_taken_out),
        cmocka_unit_test(results_are_told_apart),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(absent_is_told_from_empty),
        cmocka_unit_test(brief_readings_leave_rare_fields_out),
        cmocka_unit_test(private_marks_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
