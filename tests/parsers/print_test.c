/*
 * Tests of parsers/ndjson_print.c and text_print.c: NDJSON byte for byte, other styles under
 * Apple's keys, and what the text styles print reads as what was printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/parsers/dump.h"

static void print_line(void *context, const Entry *entry)
{
    entry_print_ndjson(entry, context);
    strbuf_add_char(context, '\n');
}

static void keep_notice(void *context, NoticeKind kind, StrView text)
{
    (void)kind;
    strbuf_add(context, text);
    strbuf_add_char(context, '\n');
}

static void print_all(StrView bytes, StrBuf *out)
{
    DecoderSink sink = {print_line, keep_notice, out};
    Decoder *decoder = decoder_new(STYLE_NONE, 0, sink);
    decoder_feed(decoder, bytes);
    decoder_end(decoder);
    decoder_free(decoder);
}

static void ndjson_comes_back_byte_for_byte(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"levels.ndjson",    "stream.ndjson",  "show.ndjson",
                                        "private.ndjson",   "trimmed.ndjson", "mdm.ndjson",
                                        "mdm-noise.ndjson", "shapes.ndjson"};
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        StrBuf bytes = read_fixture(NAMES[i]);
        StrBuf out = {0};
        print_all(strbuf_view(&bytes), &out);
        assert_string_equal(out.ptr, bytes.ptr);
        strbuf_done(&bytes);
        strbuf_done(&out);
    }
}

static void arrays_come_back_without_their_layout(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"array-lines.json", "array-one-line.json"};
    StrBuf lines = read_fixture("show.ndjson");
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        StrBuf bytes = read_fixture(NAMES[i]);
        StrBuf out = {0};
        print_all(strbuf_view(&bytes), &out);
        assert_string_equal(out.ptr, lines.ptr);
        strbuf_done(&bytes);
        strbuf_done(&out);
    }
    strbuf_done(&lines);
}

static void expect_ndjson(Style style, const char *bytes, const char *expected)
{
    Entry entry;
    StrBuf scratch = {0};
    StrBuf out = {0};
    decoder_read_entry(style, sv(bytes), &scratch, &entry);
    entry_print_ndjson(&entry, &out);
    assert_string_equal(out.ptr, expected);
    strbuf_done(&scratch);
    strbuf_done(&out);
}

static void text_styles_get_apples_keys(void **state)
{
    (void)state;
    expect_ndjson(
        STYLE_DEFAULT,
        "2018-08-14 06:37:40.248862-0700 0x1b6c     Error       0x10                 494"
        "    7    storedownloadd: (StoreFoundation) [com.apple.commerce:CKLegacy] a/b \"q\"",
        "{\"messageType\":\"Error\",\"eventType\":\"logEvent\",\"activityIdentifier\":16,"
        "\"subsystem\":\"com.apple.commerce\",\"category\":\"CKLegacy\",\"threadID\":7020,"
        "\"processImagePath\":\"storedownloadd\",\"senderImagePath\":\"StoreFoundation\","
        "\"timestamp\":\"2018-08-14 06:37:40.248862-0700\","
        "\"eventMessage\":\"a\\/b \\\"q\\\"\",\"processID\":494}");
    expect_ndjson(STYLE_SYSLOG,
                  "2023-09-27 22:55:39.622369+0200  localhost saver[41737]: one\ntwo\x1b \xff",
                  "{\"eventType\":\"logEvent\",\"processImagePath\":\"saver\","
                  "\"timestamp\":\"2023-09-27 22:55:39.622369+0200\","
                  "\"eventMessage\":\"one\\ntwo\\u001b \xef\xbf\xbd\",\"processID\":41737}");
    expect_ndjson(STYLE_NONE, "log: Cannot run \\ \x80",
                  "{\"eventType\":\"unparsed\",\"eventMessage\":\"log: Cannot run \\\\ "
                  "\xef\xbf\xbd\"}");
    expect_ndjson(STYLE_NONE, "\xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf \xf4\x90\x80\x80 \xc3\xa4",
                  "{\"eventType\":\"unparsed\",\"eventMessage\":\"\xf0\x9f\x98\x80 "
                  "\xf4\x8f\xbf\xbf \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd "
                  "\xc3\xa4\"}");
    expect_ndjson(STYLE_JSON,
                  "{ \"eventMessage\" : \"a\\/b  c\",\n \"traceID\" : 18446744073709551615 }",
                  "{\"eventMessage\":\"a\\/b  c\",\"traceID\":18446744073709551615}");
    expect_ndjson(STYLE_JSON, "{\n \"eventMessage\" : \"cut \\u00", "{\"eventMessage\":\"cut \"}");
}

static void expect_text(Style from, const char *bytes, Style to, const char *expected)
{
    Entry entry;
    StrBuf scratch = {0};
    StrBuf out = {0};
    decoder_read_entry(from, sv(bytes), &scratch, &entry);
    entry_print_text(&entry, to, SV("mac"), &out);
    assert_string_equal(out.ptr, expected);
    strbuf_done(&scratch);
    strbuf_done(&out);
}

static void ndjson_prints_as_log_does(void **state)
{
    (void)state;
    static const char OBJECT[] =
        "{\"messageType\":\"Error\",\"eventType\":\"logEvent\",\"activityIdentifier\":16,"
        "\"subsystem\":\"com.apple.ManagedClient\",\"category\":\"HTTPUtil\",\"threadID\":1344,"
        "\"processImagePath\":\"\\/usr\\/libexec\\/mdmclient\",\"senderImagePath\":\"\\/a\\/"
        "CFNetwork\","
        "\"timestamp\":\"2026-09-08 "
        "10:00:16.012931+0200\",\"eventMessage\":\"text\",\"processID\":42}";
    expect_text(
        STYLE_NDJSON, OBJECT, STYLE_DEFAULT,
        "2026-09-08 10:00:16.012931+0200 0x540      Error       0x10                 42     0"
        "    mdmclient: (CFNetwork) [com.apple.ManagedClient:HTTPUtil] text");
    expect_text(STYLE_NDJSON, OBJECT, STYLE_COMPACT,
                "2026-09-08 10:00:16.012 E  mdmclient[42:540] (CFNetwork) "
                "[com.apple.ManagedClient:HTTPUtil] text");
    expect_text(STYLE_NDJSON, OBJECT, STYLE_SYSLOG,
                "2026-09-08 10:00:16.012931+0200  mac mdmclient[42]: (CFNetwork) "
                "[com.apple.ManagedClient:HTTPUtil] text");
    expect_text(STYLE_NONE, "words", STYLE_COMPACT, "words");
}

static void nothing_is_lost_after_a_nul(void **state)
{
    (void)state;
    static const char OBJECT[] =
        "{\"eventType\":\"X\\u0000Y\",\"subsystem\":\"s\\u0000t\",\"category\":\"c\\u0000d\","
        "\"signpostID\":1,\"signpostScope\":\"p\\u0000q\",\"signpostType\":\"b\\u0000e\","
        "\"processImagePath\":\"\\/a\\u0000b\",\"senderImagePath\":\"\\/e\\u0000f\","
        "\"timestamp\":\"2026-09-08 10:00:16.012931+0200\",\"eventMessage\":\"m\\u0000n\"}";
    const StrView host = SV("h\0i");
    const struct {
        Style style;
        StrView text;
    } ROWS[] = {
        {STYLE_DEFAULT, SV("2026-09-08 10:00:16.012931+0200 0x0        X\0Y         0x0          "
                           "        0      0    [spid 0x1, p\0q, b\0e] a\0b: (e\0f) "
                           "[s\0t:c\0d] m\0n")},
        {STYLE_COMPACT, SV("2026-09-08 10:00:16.012 X\0 a\0b[0:0] (e\0f) [s\0t:c\0d] "
                           "[spid 0x1, p\0q, b\0e] m\0n")},
        {STYLE_SYSLOG, SV("2026-09-08 10:00:16.012931+0200  h\0i a\0b[0]: "
                          "[spid 0x1, p\0q, b\0e] (e\0f) [s\0t:c\0d] m\0n")},
    };
    Entry entry;
    StrBuf scratch = {0};
    decoder_read_entry(STYLE_NDJSON, sv(OBJECT), &scratch, &entry);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf out = {0};
        entry_print_text(&entry, ROWS[i].style, host, &out);
        assert_int_equal(out.len, ROWS[i].text.len);
        assert_memory_equal(out.ptr, ROWS[i].text.ptr, out.len);
        strbuf_done(&out);
    }
    strbuf_done(&scratch);
}

/* What print_again needs beside the entry. */
typedef struct Again {
    Style style;
    StrBuf text;
} Again;

static void print_again(void *context, const Entry *entry)
{
    Again *again = context;
    StrBuf scratch = {0};
    Entry full;
    decoder_read_entry(entry->style, entry->raw, &scratch, &full);
    entry_print_text(&full, again->style, SV("localhost"), &again->text);
    strbuf_add_char(&again->text, '\n');
    strbuf_done(&scratch);
}

static void again_notice(void *context, NoticeKind kind, StrView text)
{
    (void)kind;
    keep_notice(&((Again *)context)->text, kind, text);
}

static StrBuf printed_again(Style style, StrView bytes)
{
    Again again = {style, {0}};
    DecoderSink sink = {print_again, again_notice, &again};
    Decoder *decoder = decoder_new(STYLE_NONE, 0, sink);
    decoder_feed(decoder, bytes);
    decoder_end(decoder);
    decoder_free(decoder);
    return again.text;
}

static void text_styles_print_what_they_read(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        Style style;
    } ROWS[] = {
        {"default.txt", STYLE_DEFAULT},
        {"default-multiline.txt", STYLE_DEFAULT},
        {"compact.txt", STYLE_COMPACT},
        {"syslog.txt", STYLE_SYSLOG},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf bytes = read_fixture(ROWS[i].name);
        StrBuf out = printed_again(ROWS[i].style, strbuf_view(&bytes));
        /* The one message of the fixtures that begins on its second line loses a blank. */
        size_t at = sv_find(strbuf_view(&out), SV("kernel: \n"));
        if (at != SIZE_MAX) {
            strbuf_replace(&out, at, 9, SV("kernel:\n"));
        }
        assert_string_equal(out.ptr, bytes.ptr);
        strbuf_done(&bytes);
        strbuf_done(&out);
    }
}

static void dump_without_raw(void *context, const Entry *entry)
{
    Entry copy = *entry;
    copy.raw = SV_NONE;
    copy.flags &= ~(uint32_t)ENTRY_NO_EOL;
    dump_entry(context, &copy);
}

/* parse(print(entry)) == entry for what a style can hold: NDJSON is printed, read, printed, read.
 */
static void printing_and_reading_meet(void **state)
{
    (void)state;
    static const Style STYLES[] = {STYLE_DEFAULT, STYLE_COMPACT};
    for (size_t i = 0; i < ARRAY_LEN(FIXTURES); i++) {
        StrBuf bytes = read_fixture(FIXTURES[i]);
        for (size_t j = 0; j < ARRAY_LEN(STYLES); j++) {
            StrBuf once = printed_again(STYLES[j], strbuf_view(&bytes));
            StrBuf twice = printed_again(STYLES[j], strbuf_view(&once));
            StrBuf first = {0};
            StrBuf second = {0};
            DecoderSink sink = {dump_without_raw, sink_notice, &first};
            Decoder *decoder = decoder_new(STYLES[j], 0, sink);
            decoder_feed(decoder, strbuf_view(&once));
            decoder_end(decoder);
            decoder_free(decoder);
            sink.context = &second;
            decoder = decoder_new(STYLES[j], 0, sink);
            decoder_feed(decoder, strbuf_view(&twice));
            decoder_end(decoder);
            decoder_free(decoder);
            assert_string_equal(second.ptr, first.ptr);
            strbuf_done(&once);
            strbuf_done(&twice);
            strbuf_done(&first);
            strbuf_done(&second);
        }
        strbuf_done(&bytes);
    }
}

static void each_field_survives_the_default_style(void **state)
{
    (void)state;
    static const char *const LINES[] = {
        "2026-09-08 10:00:16.012931+0200 0x540      Error       0x10                 42     7    "
        "mdmclient: (CFNetwork) [com.apple.ManagedClient:HTTPUtil] text",
        "2026-09-08 10:00:16.012931-1130 0xffffffff Debug       0x8000000000000001   99999  0    "
        "Google Chrome Helper (Renderer): two  blanks",
        "2026-09-08 10:00:16.012931+0000 0x0        Activity    0x1                  1      0    "
        "launchd: [system:] (null) begins the message",
        "2026-09-08 10:00:16.012931+0000 0x0        Odd         0x1                  1      0    "
        "launchd: [0:MDMDaemon:<0x540>] is no subsystem",
        "2026-09-08 10:00:16.012931+0000 0x0        Timesync    0x0                  0      0    "
        "=== system boot: E71CD419",
    };
    for (size_t i = 0; i < ARRAY_LEN(LINES); i++) {
        expect_text(STYLE_DEFAULT, LINES[i], STYLE_DEFAULT, LINES[i]);
    }
    static const char *const COMPACT[] = {
        "2026-09-08 10:00:16.012 Db a [b] c[42:540] (x.dylib) [a.b:c d] text",
        "2026-09-08 10:00:16.012 Sp Proc[1:f] [app.example:perf] [spid 0x1f, process, begin] name",
        "2026-09-08 10:00:16.012 A  launchd[1:0] ",
    };
    for (size_t i = 0; i < ARRAY_LEN(COMPACT); i++) {
        expect_text(STYLE_COMPACT, COMPACT[i], STYLE_COMPACT, COMPACT[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ndjson_comes_back_byte_for_byte),
        cmocka_unit_test(arrays_come_back_without_their_layout),
        cmocka_unit_test(text_styles_get_apples_keys),
        cmocka_unit_test(ndjson_prints_as_log_does),
        cmocka_unit_test(nothing_is_lost_after_a_nul),
        cmocka_unit_test(text_styles_print_what_they_read),
        cmocka_unit_test(printing_and_reading_meet),
        cmocka_unit_test(each_field_survives_the_default_style),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
