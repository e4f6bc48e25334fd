/*
 * Tests of the output formats: what each writes for the same entries, and that nothing in a message
 * can break out of its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "filters/stages.h"
#include "parsers/decoder.h"
#include "session/excerpt.h"
#include "session/source.h"

#define LINE_START                                                                                 \
    "{\"messageType\":\"Error\",\"eventType\":\"logEvent\",\"subsystem\":\"com.apple.a\","         \
    "\"category\":\"net\",\"threadID\":4660,\"processImagePath\":\"\\/usr\\/libexec\\/teslad\","   \
    "\"senderImagePath\":\"\\/usr\\/lib\\/libx.dylib\",\"timestamp\":\"2026-09-08 "                \
    "10:00:16.012931+0200\",\"processID\":42,\"eventMessage\":\""

#define TEXT_START                                                                                 \
    "2026-09-08 10:00:16.012931+0200 0x1234     Error       0x0                  42     0    "     \
    "teslad: (libx.dylib) [com.apple.a:net] "

/* How the one entry is written. */
typedef struct How {
    bool has_hosts;
    uint32_t flags;
    const ExcerptFacts *facts;
    const char *report;
} How;

static const How PLAIN = {.has_hosts = false};

/* Writes the one entry `raw` is, between beginning and end. The caller frees the result. */
static char *written(OutputFormat format, Style style, StrView raw, How how)
{
    AtomTable *atoms = atom_table_new(MIB);
    Columns columns;
    Entry entry;
    Excerpt excerpt;
    StrBuf scratch = {0}, text = {0};
    columns_init(&columns, atoms);
    decoder_read_entry(style, raw, &scratch, &entry);
    entry.flags |= how.flags;
    uint32_t index = columns_push(&columns, &entry);
    excerpt_init(&excerpt, format, how.has_hosts, NULL);
    excerpt_begin(&excerpt, how.facts, sv(how.report), &text);
    excerpt_add(&excerpt, &columns, index, SV("mac-17"), &text);
    excerpt_end(&excerpt, NULL, SV_NONE, &text);
    excerpt_done(&excerpt);
    strbuf_done(&scratch);
    columns_done(&columns);
    atom_table_free(atoms);
    strbuf_add_str(&text, "");
    return text.ptr;
}

static void assert_written(OutputFormat format, StrView raw, const char *expected)
{
    char *text = written(format, STYLE_NDJSON, raw, PLAIN);
    assert_string_equal(text, expected);
    free(text);
}

static void test_text(void **state)
{
    (void)state;
    assert_written(FORMAT_TEXT, SV(LINE_START "hello\"}"), TEXT_START "hello\n");
    /* Further lines are indented; control characters become visible. */
    assert_written(FORMAT_TEXT, SV(LINE_START "one\\ntwo \\u001b[31m\\u202e\"}"),
                   TEXT_START "one\n    two ␛[31m<U+202E>\n");
    /* What it writes can be read again. */
    Entry entry;
    StrBuf scratch = {0};
    decoder_read_entry(STYLE_DEFAULT, SV(TEXT_START "hello"), &scratch, &entry);
    assert_int_equal(entry.level, LEVEL_ERROR);
    assert_true(sv_equal(entry.process, SV("teslad")));
    assert_true(sv_equal(entry.category, SV("net")));
    assert_true(sv_equal(entry.message, SV("hello")));
    strbuf_done(&scratch);
    /* No level: the type says what it is. */
    assert_written(
        FORMAT_TEXT,
        SV("{\"eventType\":\"stateEvent\",\"subsystem\":\"\",\"category\":\"\","
           "\"timestamp\":\"2026-09-08 10:00:16.012931+0200\",\"eventMessage\":\"m\"}"),
        "2026-09-08 10:00:16.012931+0200 0x0        State       0x0                  0   "
        "   0    m\n");
    ExcerptFacts facts = {0};
    excerpt_facts_add(&facts, "source", SV("a\nb"));
    excerpt_facts_add(&facts, "predicate", SV("x == 1"));
    excerpt_facts_add(&facts, "nothing", SV_NONE);
    char *text = written(FORMAT_TEXT, STYLE_NDJSON, SV(LINE_START "m\"}"),
                         (How){.has_hosts = true, .facts = &facts});
    assert_string_equal(text, "# mdmscope: source: a⏎b\n# mdmscope: predicate: x == 1\n"
                              "mac-17 " TEXT_START "m\n");
    free(text);
    excerpt_facts_done(&facts);
}

static void test_compact(void **state)
{
    (void)state;
    char *text = written(FORMAT_COMPACT, STYLE_NDJSON, SV(LINE_START "one\\ntwo\\u0007\"}"), PLAIN);
    assert_non_null(strstr(text, "teslad[42:1234] "));
    assert_non_null(strstr(text, "[com.apple.a:net] one\n    two␇\n"));
    /* What it writes can be read again. */
    Entry entry;
    StrBuf scratch = {0};
    decoder_read_entry(STYLE_COMPACT, sv_of(text, strcspn(text, "\n")), &scratch, &entry);
    assert_int_equal(entry.level, LEVEL_ERROR);
    assert_true(sv_equal(entry.process, SV("teslad")));
    assert_true(sv_equal(entry.message, SV("one")));
    strbuf_done(&scratch);
    free(text);
    /* A NUL ends nothing. */
    text = written(FORMAT_COMPACT, STYLE_NDJSON,
                   SV("{\"eventType\":\"logEvent\",\"processImagePath\":\"\\/a\\u0000b\","
                      "\"senderImagePath\":\"\\/c\\u0000d\",\"subsystem\":\"e\\u0000f\","
                      "\"category\":\"g\\u0000h\",\"processID\":1,\"threadID\":2,"
                      "\"timestamp\":\"2026-09-08 10:00:16.012931+0200\",\"eventMessage\":\"m\"}"),
                   PLAIN);
    assert_non_null(strstr(text, " a␀b[1:2] (c␀d) [e␀f:g␀h] m\n"));
    free(text);
}

static void test_ndjson(void **state)
{
    (void)state;
    static const char RAW[] = "{ \"eventMessage\" : \"a\\/b\\u0041\",\"unknown\":[1,  2]}\r";
    assert_written(FORMAT_NDJSON, SV(RAW),
                   "{ \"eventMessage\" : \"a\\/b\\u0041\","
                   "\"unknown\":[1,  2]}\r\n");
    char *text =
        written(FORMAT_NDJSON, STYLE_NDJSON, SV(LINE_START "m\"}"), (How){.flags = ENTRY_NO_EOL});
    assert_string_equal(text, LINE_START "m\"}");
    free(text);
    text = written(FORMAT_NDJSON, STYLE_NDJSON, SV("no \"JSON\""), PLAIN);
    assert_non_null(strstr(text, "\"eventType\":\"unparsed\""));
    assert_non_null(strstr(text, "\"eventMessage\":\"no \\\"JSON\\\"\""));
    assert_true(sv_ends(sv(text), SV("}\n")));
    free(text);
    text = written(FORMAT_NDJSON, STYLE_COMPACT,
                   SV("2026-09-08 10:00:16.012 E  teslad[42:1234] [com.apple.a:net] hi"), PLAIN);
    assert_non_null(strstr(text, "\"messageType\":\"Error\""));
    assert_non_null(strstr(text, "\"subsystem\":\"com.apple.a\""));
    assert_non_null(strstr(text, "\"eventMessage\":\"hi\""));
    free(text);
}

/* The next entry starts a line of its own even when the one before came without its newline. */
static void test_missing_newline_between(void **state)
{
    (void)state;
    AtomTable *atoms = atom_table_new(MIB);
    Columns columns;
    Entry entry;
    Excerpt excerpt;
    StrBuf scratch = {0}, text = {0};
    columns_init(&columns, atoms);
    decoder_read_entry(STYLE_NDJSON, SV(LINE_START "m\"}"), &scratch, &entry);
    entry.flags |= ENTRY_NO_EOL;
    uint32_t index = columns_push(&columns, &entry);
    excerpt_init(&excerpt, FORMAT_NDJSON, false, NULL);
    excerpt_add(&excerpt, &columns, index, SV_NONE, &text);
    excerpt_add(&excerpt, &columns, index, SV_NONE, &text);
    assert_string_equal(text.ptr, LINE_START "m\"}\n" LINE_START "m\"}");
    assert_int_equal(excerpt.tally.entries, 2);
    excerpt_done(&excerpt);
    strbuf_done(&text);
    strbuf_done(&scratch);
    columns_done(&columns);
    atom_table_free(atoms);
}

#define CSV_HEAD                                                                                   \
    "date,type,logType,process,processIdentifier,threadIdentifier,activityIdentifier,sender,"      \
    "subsystem,category,composedMessage\r\n"
#define CSV_START                                                                                  \
    "2026-09-08 10:00:16.012931+0200,logEvent,Error,teslad,42,0x1234,,libx.dylib,"                 \
    "com.apple.a,net,"

static void test_csv(void **state)
{
    (void)state;
    assert_written(FORMAT_CSV, SV(LINE_START "plain\"}"), CSV_HEAD CSV_START "plain\r\n");
    assert_written(FORMAT_CSV, SV(LINE_START "a,b \\\"c\\\"\\nd\"}"),
                   CSV_HEAD CSV_START "\"a,b \"\"c\"\"\nd\"\r\n");
    assert_written(FORMAT_CSV, SV(LINE_START " led by a blank\"}"),
                   CSV_HEAD CSV_START "\" led by a blank\"\r\n");
    assert_written(FORMAT_CSV, SV(LINE_START "\\u001b[0m\\tx\\u0000y\"}"),
                   CSV_HEAD CSV_START "␛[0m\tx␀y\r\n");
    char *text = written(FORMAT_CSV, STYLE_NDJSON, SV(LINE_START "m\"}"), (How){.has_hosts = true});
    assert_string_equal(text, "host," CSV_HEAD "mac-17," CSV_START "m\r\n");
    free(text);
}

/* Counts the lines that CommonMark takes for the end of the block that ``` begins. */
static int count_fences(const char *text)
{
    int count = 0;
    StrView rest = sv(text), line;
    while (sv_next_line(&rest, &line)) {
        size_t blanks = 0;
        while (blanks < line.len && line.ptr[blanks] == ' ') {
            blanks++;
        }
        count += blanks <= 3 && sv_starts(sv_slice(line, blanks, SIZE_MAX), SV("```"));
    }
    return count;
}

static void test_markdown(void **state)
{
    (void)state;
    ExcerptFacts facts = {0};
    excerpt_facts_add(&facts, "source", SV("a`b``c\n| <b>"));
    for (int has_hosts = 0; has_hosts < 2; has_hosts++) {
        How how = {.has_hosts = has_hosts == 1, .facts = &facts, .report = "\n## R\n"};
        char *text = written(FORMAT_MD, STYLE_NDJSON,
                             SV(LINE_START "```\\n```\\n   ```\\r\\n```\\u2028```\\n~~~\"}"), how);
        assert_int_equal(count_fences(text), 2);
        assert_non_null(strstr(text, "\n| source | a\\`b\\`\\`c⏎\\| &lt;b> |\n"));
        assert_non_null(strstr(text, "\n## R\n"));
        assert_true(sv_ends(sv(text), SV("\n```\n")));
        free(text);
        static const char *const LINES[] = {"```", "  ```", "\t```", "   ````text", "~~~\n```"};
        for (size_t i = 0; i < ARRAY_LEN(LINES); i++) {
            how.flags = ENTRY_NO_TIME;
            text = written(FORMAT_MD, STYLE_NONE, sv(LINES[i]), how);
            assert_int_equal(count_fences(text), 2);
            free(text);
        }
    }
    excerpt_facts_done(&facts);
}

/* No text gets out of its cell; and there is nothing that does anything. */
static void test_html(void **state)
{
    (void)state;
    ExcerptFacts facts = {0};
    excerpt_facts_add(&facts, "source", SV("<script>alert(1)</script>"));
    char *text = written(FORMAT_HTML, STYLE_NDJSON,
                         SV(LINE_START "</td></table><script src=x>\\n\\u0000&amp;\\\"'\"}"),
                         (How){.facts = &facts});
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "http:"));
    assert_null(strstr(text, "https:"));
    assert_non_null(strstr(text, "<tr class=\"error\">"));
    assert_non_null(strstr(
        text, "&lt;/td&gt;&lt;/table&gt;&lt;script src=x&gt;<br>␀&amp;amp;&quot;&#39;</td>"));
    assert_non_null(strstr(text, "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>"));
    assert_true(sv_ends(sv(text), SV("</html>\n")));
    free(text);
    excerpt_facts_done(&facts);
}

/* As on the screen: how a stage went by an entry stands before its level. */
static void test_html_outcomes(void **state)
{
    (void)state;
    static const struct {
        Outcome outcome;
        const char *expected;
    } CASES[] = {
        {OUTCOME_NONE, "<tr class=\"error\">"},
        {OUTCOME_PROGRESS, "<tr class=\"error\">"},
        {OUTCOME_WAIT, "<tr class=\"waits\">"},
        {OUTCOME_OK, "<tr class=\"done\">"},
        {OUTCOME_FAIL, "<tr class=\"failed\">"},
        {OUTCOME_NONE, "<td class=\"level\">Error</td>"},
        {OUTCOME_FAIL, "<td class=\"level\">✗ Error</td>"},
    };
    AtomTable *atoms = atom_table_new(MIB);
    Columns columns;
    Entry entry;
    StrBuf scratch = {0}, text = {0};
    columns_init(&columns, atoms);
    decoder_read_entry(STYLE_NDJSON, SV(LINE_START "m\"}"), &scratch, &entry);
    uint32_t index = columns_push(&columns, &entry);
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        columns.tag[index].outcome = (uint8_t)CASES[i].outcome;
        strbuf_clear(&text);
        excerpt_print_entry(FORMAT_HTML, &columns, index, NULL, NULL, &text);
        assert_non_null(strstr(text.ptr, CASES[i].expected));
    }
    strbuf_done(&text);
    strbuf_done(&scratch);
    columns_done(&columns);
    atom_table_free(atoms);
}

/* What is not known before the entries is announced there. */
static void test_rest_is_announced(void **state)
{
    (void)state;
    static const OutputFormat FORMATS[] = {FORMAT_MD, FORMAT_HTML};
    for (size_t i = 0; i < ARRAY_LEN(FORMATS); i++) {
        ExcerptFacts facts = {0};
        excerpt_facts_add(&facts, "source", SV("x"));
        How how = {.facts = &facts};
        char *text = written(FORMATS[i], STYLE_NDJSON, SV(LINE_START "m\"}"), how);
        assert_non_null(strstr(text, "checksum and the report of the enrolment stand after"));
        free(text);
        excerpt_facts_add(&facts, EXCERPT_SUM_LABEL, SV("00"));
        text = written(FORMATS[i], STYLE_NDJSON, SV(LINE_START "m\"}"), how);
        assert_null(strstr(text, "stand after"));
        free(text);
        excerpt_facts_done(&facts);
    }
}

static void test_json(void **state)
{
    (void)state;
    assert_written(FORMAT_JSON, SV(LINE_START "m\"}\r"), "[\n" LINE_START "m\"}\n]\n");
    /* What is no whole object does not break the array. */
    char *text = written(FORMAT_JSON, STYLE_NDJSON, SV(LINE_START "m"), PLAIN);
    assert_true(sv_starts(sv(text), SV("[\n{")));
    assert_true(sv_ends(sv(text), SV("}\n]\n")));
    free(text);
    text = written(FORMAT_JSON, STYLE_NDJSON, SV(LINE_START "\xff\"}"), PLAIN);
    assert_true(utf8_is_valid(sv(text)));
    free(text);
}

static void test_syslog(void **state)
{
    (void)state;
    How how = {.has_hosts = true};
    char *text = written(FORMAT_SYSLOG, STYLE_NDJSON, SV(LINE_START "m\"}"), how);
    Entry entry;
    StrBuf scratch = {0};
    assert_non_null(strstr(text, "  mac-17 teslad[42]: "));
    decoder_read_entry(STYLE_SYSLOG, sv_of(text, strcspn(text, "\n")), &scratch, &entry);
    assert_true(sv_equal(entry.message, SV("m")));
    strbuf_done(&scratch);
    free(text);
}

static void test_notice(void **state)
{
    (void)state;
    AtomTable *atoms = atom_table_new(MIB);
    Columns columns;
    StrBuf text = {0};
    columns_init(&columns, atoms);
    Entry notice = {.kind = KIND_NOTICE,
                    .time = {.ns = 0, .zone_minutes = 0},
                    .raw = SV("dropped\033"),
                    .message = SV("dropped\033")};
    uint32_t index = columns_push(&columns, &notice);
    static const struct {
        OutputFormat format;
        const char *expected;
    } CASES[] = {
        {FORMAT_NDJSON, ""},
        {FORMAT_JSON, ""},
        {FORMAT_CSV, ""},
        {FORMAT_TEXT, "# mdmscope: 1970-01-01 00:00:00.000000+0000 dropped␛\n"},
        {FORMAT_MD, "1970-01-01 00:00:00.000000+0000 --- dropped␛\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        Excerpt excerpt;
        excerpt_init(&excerpt, CASES[i].format, false, NULL);
        strbuf_clear(&text);
        strbuf_add_str(&text, "");
        excerpt_add(&excerpt, &columns, index, SV_NONE, &text);
        assert_string_equal(strbuf_view(&text).ptr, CASES[i].expected);
        assert_int_equal(excerpt.tally.gaps, 1);
        assert_int_equal(excerpt.tally.entries, 0);
        excerpt_done(&excerpt);
    }
    strbuf_done(&text);
    columns_done(&columns);
    atom_table_free(atoms);
}

static void drop(void *context, const Entry *entry)
{
    (void)context;
    (void)entry;
}

static void hear_nothing(void *context, uint8_t source, int64_t time_ns, StrView text)
{
    (void)context;
    (void)source;
    (void)time_ns;
    (void)text;
}

/* Appends what becomes of the name in a redacted excerpt in CSV. */
static void write_named(const Sources *sources, StrView name, StrBuf *buf)
{
    AtomTable *atoms = atom_table_new(MIB);
    RedactRules *rules = redact_rules_new(NULL, NULL);
    Redaction *redaction = redaction_new(rules);
    Columns columns;
    Entry entry;
    Excerpt excerpt;
    StrBuf scratch = {0};
    columns_init(&columns, atoms);
    decoder_read_entry(STYLE_NDJSON, SV(LINE_START "m\"}"), &scratch, &entry);
    uint32_t index = columns_push(&columns, &entry);
    excerpt_init(&excerpt, FORMAT_CSV, true, redaction);
    excerpt_know_sources(&excerpt, sources);
    excerpt_add(&excerpt, &columns, index, name, buf);
    excerpt_done(&excerpt);
    strbuf_done(&scratch);
    columns_done(&columns);
    atom_table_free(atoms);
    redaction_free(redaction);
    redact_rules_free(rules);
}

/* The name of a file is no host's: it stays readable, but for what the rules find in it. */
static void test_names_of_sources(void **state)
{
    (void)state;
    static char *WORDS[] = {"mdmscope", "show", "session/demo.ndjson", NULL};
    Options options;
    SourceSink sink = {.entry = drop, .notice = hear_nothing};
    assert_true(options_parse(3, WORDS, &options, NULL));
    Sources *sources = sources_new(&options, sink, NULL);
    StrBuf text = {0};
    assert_non_null(sources);
    write_named(sources, SV("monday.ndjson"), &text);
    assert_true(sv_starts(strbuf_view(&text), SV("monday.ndjson,")));
    strbuf_clear(&text);
    write_named(sources, SV("serial-C02XK1JKJGH5.log"), &text);
    assert_true(sv_starts(strbuf_view(&text), SV("serial-<serial-1>.log,")));
    strbuf_clear(&text);
    write_named(NULL, SV("mac"), &text);
    assert_true(sv_starts(strbuf_view(&text), SV("<host-1>,")));
    strbuf_done(&text);
    sources_free(sources);
}

/* Which host a gap is of. */
static void test_gap_names_its_host(void **state)
{
    (void)state;
    ExcerptTally tally;
    Stamp time = {0};
    excerpt_tally_init(&tally);
    excerpt_tally_gap(&tally, time, SV(""), SV("a"));
    excerpt_tally_gap(&tally, time, SV("mac\n"), SV("b"));
    assert_string_equal(tally.gap_texts.ptr, "1970-01-01 00:00:00.000000+0000 a\n"
                                             "1970-01-01 00:00:00.000000+0000 mac⏎: b\n");
    excerpt_tally_done(&tally);
}

/* That nothing was left out is said as well. */
static void test_no_predicate(void **state)
{
    (void)state;
    Options options = {.predicate = "x == 1"};
    ExcerptFacts facts = {0};
    ExcerptOrigin origin = {.what = SV_NONE};
    excerpt_facts_add_origin(&facts, &origin);
    assert_true(sv_equal(excerpt_facts_find(&facts, "predicates"), SV("none in force")));
    excerpt_facts_done(&facts);
    origin.options = &options;
    excerpt_facts_add_origin(&facts, &origin);
    assert_null(excerpt_facts_find(&facts, "predicates").ptr);
    excerpt_facts_done(&facts);
    origin = (ExcerptOrigin){.pane = SV("y")};
    excerpt_facts_add_origin(&facts, &origin);
    assert_null(excerpt_facts_find(&facts, "predicates").ptr);
    excerpt_facts_done(&facts);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"text", "compact", "syslog", "ndjson", "json",
                                        "csv",  "md",      "html",   "bundle"};
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        OutputFormat format;
        assert_true(excerpt_format_parse(sv(NAMES[i]), &format, NULL));
        assert_int_equal(format, i);
        assert_string_equal(excerpt_format_name(format), NAMES[i]);
        assert_int_equal(excerpt_format_suffix(format)[0], '.');
    }
    OutputFormat format = FORMAT_MD;
    Err err = err_none();
    assert_false(excerpt_format_parse(SV("CSV"), &format, &err));
    assert_int_equal(format, FORMAT_MD);
    assert_string_equal(
        err.text, "'CSV' is none of text, compact, syslog, ndjson, json, csv, md, html, bundle");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_compact),
        cmocka_unit_test(test_ndjson),
        cmocka_unit_test(test_missing_newline_between),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_notice),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_html_outcomes),
        cmocka_unit_test(test_rest_is_announced),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_syslog),
        cmocka_unit_test(test_names_of_sources),
        cmocka_unit_test(test_gap_names_its_host),
        cmocka_unit_test(test_no_predicate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
