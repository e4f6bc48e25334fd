/*
 * Tests of parsers/decoder.c: which style it recognises, what comes out of every fixture, that
 * chunks do not matter, what it does with odd ends. The dumps beside the fixtures are rewritten
 * with UPDATE_DUMPS=1 in the environment, to be reviewed as a diff.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/parsers/agree.h"

/* --- the dumps -------------------------------------------------------------------------------- */

/* The fixtures whose dumps are kept: all shapes once. */
static const char *const DUMPED[] = {
    "shapes.ndjson",   "odd.ndjson",        "trimmed.ndjson",        "array-pretty.json",
    "default.txt",     "default-10.12.txt", "compact.txt",           "syslog.txt",
    "install-log.txt", "notices.txt",       "default-multiline.txt",
};

static void add_without_raw(StrBuf *out, const Entry *entry)
{
    Entry copy = *entry;
    copy.raw = SV_NONE;
    dump_entry(out, &copy);
}

static void dump_full(void *context, const Entry *entry)
{
    StrBuf scratch = {0};
    Entry full;
    decoder_read_entry(entry->style, entry->raw, &scratch, &full);
    full.flags = entry->flags;
    full.time = entry->time;
    add_without_raw(context, &full);
    strbuf_done(&scratch);
}

static void dump_fixture(StrView bytes, StrBuf *out)
{
    DecoderSink sink = {dump_full, sink_notice, out};
    Decoder *decoder = decoder_new(STYLE_NONE, 0, sink);
    decoder_feed(decoder, bytes);
    decoder_end(decoder);
    strbuf_printf(out, "%s ", style_name(decoder_style(decoder)));
    dump_counts(out, decoder_counts(decoder));
    decoder_free(decoder);
}

static void fixtures_read_as_their_dumps_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(DUMPED); i++) {
        StrBuf bytes = read_fixture(DUMPED[i]);
        StrBuf dump = {0};
        char path[256];
        (void)snprintf(path, sizeof(path), "tests/data/parsers/%s.dump", DUMPED[i]);
        dump_fixture(strbuf_view(&bytes), &dump);
        if (getenv("UPDATE_DUMPS")) {
            FILE *file = fopen(path, "wb");
            assert_non_null(file);
            assert_int_equal(fwrite(dump.ptr, 1, dump.len, file), dump.len);
            assert_int_equal(fclose(file), 0);
        }
        StrBuf expected = read_path(path);
        assert_string_equal(dump.ptr, expected.ptr);
        strbuf_done(&expected);
        strbuf_done(&bytes);
        strbuf_done(&dump);
    }
}

static void chunks_do_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(FIXTURES); i++) {
        StrBuf bytes = read_fixture(FIXTURES[i]);
        for (uint64_t seed = 1; seed <= 3; seed++) {
            assert_true(agree_on_chunks(STYLE_NONE, strbuf_view(&bytes), seed * 7919));
        }
        for (int style = STYLE_NDJSON; style < STYLE_COUNT; style++) {
            assert_true(agree_on_chunks((Style)style, strbuf_view(&bytes), 31));
        }
        strbuf_done(&bytes);
    }
}

static void every_truncation_comes_out(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"odd.ndjson", "default-multiline.txt", "compact.txt",
                                        "syslog.txt"};
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        StrBuf bytes = read_fixture(NAMES[i]);
        for (size_t len = 0; len < bytes.len; len++) {
            assert_true(agree_on_chunks(STYLE_NONE, sv_slice(strbuf_view(&bytes), 0, len), len));
        }
        strbuf_done(&bytes);
    }
}

/* --- recognising ------------------------------------------------------------------------------ */

typedef struct Seen {
    StrBuf text; /* one letter for each entry or notice */
    uint32_t flags;
    size_t raw_len; /* of the last entry */
    Style style;
    DecoderCounts counts;
} Seen;

static void see_entry(void *context, const Entry *entry)
{
    Seen *seen = context;
    strbuf_add_char(&seen->text, "UNJDCS"[entry->style]);
    seen->flags = entry->flags;
    seen->raw_len = entry->raw.len;
}

static void see_notice(void *context, NoticeKind kind, StrView text)
{
    Seen *seen = context;
    (void)text;
    strbuf_add_char(&seen->text, "bhtdsn"[kind]);
}

static Seen see(Style style, const char *bytes)
{
    Seen seen = {.style = STYLE_NONE};
    DecoderSink sink = {see_entry, see_notice, &seen};
    Decoder *decoder = decoder_new(style, 0, sink);
    decoder_feed(decoder, sv(bytes));
    decoder_end(decoder);
    seen.style = decoder_style(decoder);
    seen.counts = *decoder_counts(decoder);
    decoder_free(decoder);
    return seen;
}

#define DEFAULT_LINE "2026-12-11 12:13:46.490382+0100 0xd5b Default 0x0 360 0 apsd: text\n"
#define COMPACT_LINE "2026-08-29 08:12:55.956 E  backupd[669:4cf173] text\n"
#define SYSLOG_LINE "2023-09-27 22:55:39.622369+0200  localhost saver[41737]: (Example) hello\n"
#define OBJECT "{\"eventMessage\":\"text\",\"messageType\":\"Default\"}"

static void styles_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *seen;
        Style style;
    } ROWS[] = {
        {"", "", STYLE_NONE},
        {"\n\n", "nn", STYLE_NONE},
        {"words\nmore words\n", "UU", STYLE_NONE},
        {OBJECT "\n" OBJECT "\nwords\n\n", "NNUn", STYLE_NDJSON},
        {"words\n\n" OBJECT "\n", "UnN", STYLE_NDJSON},
        {"{\"count\":0,\"finished\":1}\n", "t", STYLE_NDJSON},
        {"{\"x\":1}\n" DEFAULT_LINE, "UD", STYLE_DEFAULT},
        {"Filtering the log data using \"x\"\n[" OBJECT "," OBJECT "]\n", "bJJ", STYLE_JSON},
        {"[" OBJECT "]", "J", STYLE_JSON},
        {"[]\n", "", STYLE_JSON},
        {"{\n \"eventMessage\" : \"x\"\n}\n{\n \"eventMessage\" : \"y\"\n}\n", "JJ", STYLE_JSON},
        {"[1,2]\n[*] words\n", "UU", STYLE_NONE},
        {"[" OBJECT "]\n=== Messages dropped during live streaming\n[" OBJECT ",{}]", "JdJU",
         STYLE_JSON},
        {DEFAULT_LINE "more\n\nmore\n" DEFAULT_LINE "\n", "DDn", STYLE_DEFAULT},
        {"Timestamp   Thread  Type  Activity  PID  TTL\nwords\n" DEFAULT_LINE, "hUD",
         STYLE_DEFAULT},
        {DEFAULT_LINE OBJECT "\n", "D", STYLE_DEFAULT},
        {COMPACT_LINE DEFAULT_LINE, "C", STYLE_COMPACT},
        {COMPACT_LINE COMPACT_LINE, "CC", STYLE_COMPACT},
        {SYSLOG_LINE SYSLOG_LINE, "SS", STYLE_SYSLOG},
        {"Timestamp               Ty Process[PID:TID]\n" COMPACT_LINE, "hC", STYLE_COMPACT},
        {"Timestamp                       (process)[PID]    \n" SYSLOG_LINE, "hS", STYLE_SYSLOG},
        {SYSLOG_LINE "Timestamp               Ty Process[PID:TID]\n" COMPACT_LINE, "ShC",
         STYLE_COMPACT},
        {"Skipping info and debug messages, pass --info\n=== Messages dropped during\n", "sd",
         STYLE_NONE},
        {"# mdmscope: source: x\n" DEFAULT_LINE "# mdmscope: entries: 1\n" DEFAULT_LINE "# else\n",
         "bDbD", STYLE_DEFAULT},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Seen seen = see(STYLE_NONE, ROWS[i].bytes);
        assert_string_equal(seen.text.ptr ? seen.text.ptr : "", ROWS[i].seen);
        assert_int_equal(seen.style, ROWS[i].style);
        strbuf_done(&seen.text);
    }
}

static void a_forced_style_stays(void **state)
{
    (void)state;
    Seen seen = see(STYLE_NDJSON, DEFAULT_LINE OBJECT "\n[{\n");
    assert_string_equal(seen.text.ptr, "UNU");
    strbuf_done(&seen.text);
    seen =
        see(STYLE_SYSLOG, "Timestamp               Ty Process[PID:TID]\n" COMPACT_LINE SYSLOG_LINE);
    assert_string_equal(seen.text.ptr, "hUS");
    assert_int_equal(seen.style, STYLE_SYSLOG);
    strbuf_done(&seen.text);
    seen = see(STYLE_JSON, OBJECT OBJECT "words\n" OBJECT);
    assert_string_equal(seen.text.ptr, "JJUJ");
    strbuf_done(&seen.text);
}

static void ends_are_flagged(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *seen;
        uint32_t flags;
    } ROWS[] = {
        {OBJECT "\n", "N", ENTRY_NO_TIME},
        {OBJECT, "N", ENTRY_NO_TIME | ENTRY_NO_EOL},
        {"{\"eventMessage\":\"tex", "N", ENTRY_NO_TIME | ENTRY_NO_EOL | ENTRY_PARTIAL},
        {"{\"eventMessage\":\"tex\n", "N", ENTRY_NO_TIME | ENTRY_PARTIAL},
        {"[" OBJECT ",{\"eventMessage\":\"x", "JJ", ENTRY_NO_TIME | ENTRY_NO_EOL | ENTRY_PARTIAL},
        {DEFAULT_LINE "more", "D", ENTRY_NO_EOL},
        {"words", "U", ENTRY_NO_TIME | ENTRY_NO_EOL},
        {"[", "U", ENTRY_NO_TIME | ENTRY_NO_EOL},
        {"{", "U", ENTRY_NO_TIME | ENTRY_NO_EOL},
        {COMPACT_LINE "a <private> value\n", "C", ENTRY_PRIVATE | ENTRY_NO_ZONE},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Seen seen = see(STYLE_NONE, ROWS[i].bytes);
        assert_string_equal(seen.text.ptr, ROWS[i].seen);
        assert_int_equal(seen.flags, ROWS[i].flags);
        strbuf_done(&seen.text);
    }
}

static void long_lines_are_cut(void **state)
{
    (void)state;
    static const char *const HEADS[] = {"{\"eventMessage\":\"", "words ", DEFAULT_LINE,
                                        "[{\"eventMessage\":\""};
    static const char *const SEEN[] = {"NN", "UN", "D", "JJ"};
    for (size_t i = 0; i < ARRAY_LEN(HEADS); i++) {
        StrBuf bytes = {0};
        strbuf_add_str(&bytes, HEADS[i]);
        strbuf_add_many(&bytes, 'x', LINE_MAX_BYTES);
        strbuf_add_str(&bytes, i == 3 ? "\"}," : "\n");
        strbuf_add_str(&bytes, OBJECT);
        Seen seen = see(STYLE_NONE, bytes.ptr);
        assert_string_equal(seen.text.ptr, SEEN[i]);
        assert_true(seen.counts.cut == 1);
        assert_true(seen.counts.cut_bytes >= 3);
        strbuf_done(&seen.text);
        strbuf_done(&bytes);
    }
}

/* The blank lines inside a message count as much as its text. */
static void blank_lines_are_cut_too(void **state)
{
    (void)state;
    StrBuf bytes = {0};
    strbuf_add_str(&bytes, DEFAULT_LINE);
    size_t head = bytes.len - 1;
    strbuf_add_many(&bytes, '\n', LINE_MAX_BYTES + 100);
    strbuf_add_str(&bytes, "more\n");
    Seen seen = see(STYLE_NONE, bytes.ptr);
    assert_string_equal(seen.text.ptr, "D");
    assert_int_equal(seen.flags, ENTRY_CUT);
    assert_int_equal(seen.raw_len, LINE_MAX_BYTES);
    assert_true(seen.counts.cut == 1);
    assert_true(seen.counts.cut_bytes == head + 101 + 4);
    strbuf_done(&seen.text);
    strbuf_done(&bytes);
}

static void an_idle_source_lets_the_last_entry_out(void **state)
{
    (void)state;
    Seen seen = {.style = STYLE_NONE};
    DecoderSink sink = {see_entry, see_notice, &seen};
    Decoder *decoder = decoder_new(STYLE_NONE, 0, sink);
    decoder_feed(decoder, SV(DEFAULT_LINE "more\n\n2026"));
    assert_int_equal(seen.text.len, 0);
    decoder_idle(decoder);
    assert_string_equal(seen.text.ptr, "Dn");
    decoder_idle(decoder);
    decoder_feed(decoder, SV("-12-11 12:13:46.490382+0100 0xd5b Default 0x0 360 0 apsd: text\n"));
    assert_string_equal(seen.text.ptr, "Dn");
    decoder_end(decoder);
    assert_string_equal(seen.text.ptr, "DnD");
    decoder_free(decoder);
    strbuf_done(&seen.text);
}

typedef struct SeenTime {
    Stamp time;
    uint32_t flags;
} SeenTime;

static void see_time(void *context, const Entry *entry)
{
    *(SeenTime *)context = (SeenTime){entry->time, entry->flags};
}

static void stamps_without_a_zone_get_the_readers(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        int64_t seconds; /* since 1970 */
        int16_t zone_minutes;
        uint32_t flags;
    } ROWS[] = {
        {"2026-08-29 08:12:55.000 E  a[1:2] b\n", 1787983975, 120, ENTRY_NO_ZONE},
        {"2026-08-29 08:12:55.000Z E  a[1:2] b\n", 1787991175, 0, 0},
        {"2026-08-29 08:12:55-07 host a[1]: b\n", 1788016375, -420, 0},
        {"2026-08-29 08:12:55 host a[1]: b\n", 1787983975, 120, ENTRY_NO_ZONE},
        {"{\"timestamp\":\"2026-08-29 08:12:55\"}\n", 1787983975, 120, ENTRY_NO_ZONE},
        {"{\"timestamp\":\"2026-08-29 08:12:55\",\"timestamp\":\"2026-08-29 08:12:55+00\"}\n",
         1787991175, 0, 0},
        {"{\"timestamp\":\"2026-08-29 08:12:55\",\"timestamp\":1,\"processID\":1}\n", -1, 0,
         ENTRY_NO_TIME},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        SeenTime seen = {0};
        DecoderSink sink = {see_time, ignore_notice, &seen};
        Decoder *decoder = decoder_new(STYLE_NONE, 0, sink);
        decoder_set_zone(decoder, 120);
        decoder_feed(decoder, sv(ROWS[i].bytes));
        decoder_end(decoder);
        int64_t ns = ROWS[i].seconds < 0 ? CLOCK_NO_TIME : ROWS[i].seconds * NS_PER_SECOND;
        assert_true(seen.time.ns == ns);
        assert_int_equal(seen.time.zone_minutes, ROWS[i].zone_minutes);
        assert_int_equal(seen.flags, ROWS[i].flags);
        decoder_free(decoder);
    }
}

static void counts_add_up(void **state)
{
    (void)state;
    Seen seen = see(STYLE_NONE, "Filtering the log data using \"x\"\n" OBJECT "\nwords\n\n"
                                "{\"eventMessage\":\"\\u0000\"}\n{\"count\":1,\"finished\":1}\n");
    assert_string_equal(seen.text.ptr, "bNUnNt");
    assert_true(seen.counts.lines == 6);
    assert_true(seen.counts.entries == 3);
    assert_true(seen.counts.unparsed == 1);
    assert_true(seen.counts.slow == 1);
    assert_true(seen.counts.notices[NOTICE_BANNER] == 1);
    assert_true(seen.counts.notices[NOTICE_TRAILER] == 1);
    strbuf_done(&seen.text);
}

static void note_field(void *context, const RawField *field)
{
    strbuf_printf(context, "%.*s%c%.*s|", SV_ARG(field->key), field->is_text ? ':' : '=',
                  SV_ARG(field->value));
}

static void raw_fields_come_in_file_order(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        const char *fields;
    } ROWS[] = {
        {"{\"b\":\"x\\/y\",\"a\":[1, {\"c\": null}],\"creatorActivityID\":9223372036931765031}",
         "b:x/y|a=[1,{\"c\":null}]|creatorActivityID=9223372036931765031|"},
        {"{\"a\":\"\\ud800\", \"b\" : 1.50, \"c\":\"},{\", \"d\":true}",
         "a:\xef\xbf\xbd|b=1.50|c:},{|d=true|"},
        {"{\"a\":1,\"b\":\"cut", "a=1|b:cut|"},
        {"{\"a\" 1}", ""},
        {"words", ""},
        {"", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf out = {0};
        decoder_each_raw_field(sv(ROWS[i].raw), note_field, &out);
        assert_string_equal(out.ptr ? out.ptr : "", ROWS[i].fields);
        strbuf_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixtures_read_as_their_dumps_say),
        cmocka_unit_test(chunks_do_not_matter),
        cmocka_unit_test(every_truncation_comes_out),
        cmocka_unit_test(styles_are_recognised),
        cmocka_unit_test(a_forced_style_stays),
        cmocka_unit_test(ends_are_flagged),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(blank_lines_are_cut_too),
        cmocka_unit_test(an_idle_source_lets_the_last_entry_out),
        cmocka_unit_test(stamps_without_a_zone_get_the_readers),
        cmocka_unit_test(counts_add_up),
        cmocka_unit_test(raw_fields_come_in_file_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
