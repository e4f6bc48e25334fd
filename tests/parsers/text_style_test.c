/*
 * Tests of parsers/text_style.c and the three styles: which lines have a head, and what it says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/text_style.h"
#include "tests/parsers/dump.h"

#define DEFAULT_HEAD "2024-12-21 13:04:21.263154-0500 0x4d0d     Default     0x0      1738   7    "
#define COMPACT_HEAD "2026-08-29 08:12:55.956 E  "
#define SYSLOG_HEAD "2023-09-27 22:55:39.622369+0200  localhost "

static void only_heads_are_heads(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        Style style;
    } ROWS[] = {
        {DEFAULT_HEAD "mdmclient: text", STYLE_DEFAULT},
        {"2017-04-29 21:30:02.362540-0400 0x4f27 Default 0x0 616    mdmclient: text",
         STYLE_DEFAULT},
        {"2017-04-29 21:30:02.362540-0400 0x4f27 Default 0x0 616", STYLE_DEFAULT},
        {"2017-04-29 21:30:02.362540-0400 0x4f27 default 0x0 616 x: y", STYLE_NONE},
        {"2017-04-29 21:30:02.362540-0400 thread Default 0x0 616 x: y", STYLE_NONE},
        {"2017-04-29 21:30:02.362540-0400", STYLE_NONE},
        {" " DEFAULT_HEAD "mdmclient: text", STYLE_NONE},
        {COMPACT_HEAD "backupd[669:4cf173] text", STYLE_COMPACT},
        {COMPACT_HEAD "backupd[669:4cf173]", STYLE_COMPACT},
        {COMPACT_HEAD "backupd[669:xyz] text", STYLE_NONE},
        {COMPACT_HEAD "backupd[669] text", STYLE_NONE},
        {"2026-08-29 08:12:55.956 Err backupd[669:4cf173] text", STYLE_NONE},
        {SYSLOG_HEAD "kernel[0]: (Sandbox) text", STYLE_SYSLOG},
        {SYSLOG_HEAD "kernel[0]:", STYLE_SYSLOG},
        {SYSLOG_HEAD "kernel[0] text", STYLE_NONE},
        {SYSLOG_HEAD "said: kernel[0]: text", STYLE_NONE},
        {"2026-04-20 11:27:22+10 host-MacBook-Pro softwareupdated[733]: text", STYLE_SYSLOG},
        {"mdmclient: [com.apple.ManagedClient:MDMDaemon] text", STYLE_NONE},
        {"", STYLE_NONE},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        const TextStyle *style = text_style_of_line(sv(ROWS[i].line));
        assert_int_equal(style ? style->style : STYLE_NONE, ROWS[i].style);
    }
}

static void expect(Style style, const char *raw, const char *expected)
{
    Entry entry;
    StrBuf scratch = {0};
    StrBuf out = {0};
    assert_true(text_style_read(text_style_find(style), sv(raw), true, &scratch, &entry));
    dump_text(&out, "p", entry.process);
    dump_text(&out, "s", entry.sender);
    dump_text(&out, "sub", entry.subsystem);
    dump_text(&out, "cat", entry.category);
    dump_text(&out, "name", entry.signpost_name);
    dump_text(&out, "m", entry.message);
    assert_string_equal(out.ptr ? out.ptr : "", expected);
    strbuf_done(&scratch);
    strbuf_done(&out);
}

static void origins_are_looked_at_closely(void **state)
{
    (void)state;
    static const struct {
        const char *rest;
        const char *expected;
    } ROWS[] = {
        {"a: (b) [c.d:e f] g", " p='a' s='b' sub='c.d' cat='e f' m='g'"},
        {"a: [c.d:e] [*] [0:x:<0x1>] g", " p='a' sub='c.d' cat='e' m='[*] [0:x:<0x1>] g'"},
        {"a: [com.apple.commerce.CKLegacy] g", " p='a' sub='com.apple.commerce.CKLegacy' m='g'"},
        {"a: [0:MDMDaemon:<0x540>] g", " p='a' m='[0:MDMDaemon:<0x540>] g'"},
        {"a: [MDMDaemon] g", " p='a' m='[MDMDaemon] g'"},
        {"a: [c.d:e]g", " p='a' m='[c.d:e]g'"},
        {"a: [system:] g", " p='a' sub='system' m='g'"},
        {"a: (null) g", " p='a' m='(null) g'"},
        {"a: (b)g", " p='a' m='(b)g'"},
        {"a: ()", " p='a' m='()'"},
        {"a:   g", " p='a' m='  g'"},
        {"a:", " p='a' m=''"},
        {"a b (c): g: h", " p='a b (c)' m='g: h'"},
        {"=== system boot: X", " m='=== system boot: X'"},
        {"[spid 0x1f, process, begin] a: [c.d:e] n: g", " p='a' sub='c.d' cat='e' name='n' m='g'"},
        {"[spid 0x1f, process, end] a: n", " p='a' name='n' m=''"},
        {"[spid x, process, end] a: n", " p='[spid x, process, end] a' m='n'"},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        char line[256];
        (void)snprintf(line, sizeof(line), DEFAULT_HEAD "%s", ROWS[i].rest);
        expect(STYLE_DEFAULT, line, ROWS[i].expected);
    }
}

static void messages_hold_all_their_lines(void **state)
{
    (void)state;
    expect(STYLE_COMPACT, COMPACT_HEAD "a[1:2] one\ntwo\n\nthree",
           " p='a' m='one<0a>two<0a><0a>three'");
    expect(STYLE_COMPACT, COMPACT_HEAD "a[1:2] one\r\ntwo\r", " p='a' m='one<0a>two'");
    expect(STYLE_COMPACT, COMPACT_HEAD "a[1:2] one\rtwo", " p='a' m='one<0d>two'");
    expect(STYLE_SYSLOG, SYSLOG_HEAD "a[1]: (b) one\n{", " p='a' s='b' m='one<0a>{'");
}

static void hostile_lines_take_no_time(void **state)
{
    (void)state;
    StrBuf line = {0};
    Entry entry;
    StrBuf scratch = {0};
    strbuf_add_str(&line, COMPACT_HEAD);
    strbuf_add_many(&line, '[', 4 * MIB);
    assert_null(text_style_of_line(strbuf_view(&line)));
    strbuf_clear(&line);
    strbuf_add_str(&line, DEFAULT_HEAD "a: ");
    strbuf_add_many(&line, '(', 4 * MIB);
    assert_true(text_style_read(&STYLE_OF_DEFAULT, strbuf_view(&line), true, &scratch, &entry));
    assert_int_equal(entry.message.len, 4 * MIB);
    strbuf_done(&line);
    strbuf_done(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_heads_are_heads),
        cmocka_unit_test(origins_are_looked_at_closely),
        cmocka_unit_test(messages_hold_all_their_lines),
        cmocka_unit_test(hostile_lines_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
