/*
 * Tests of the redaction: placeholders, spellings, what stays, raw bytes, bounds, the list of what
 * was replaced; that a redacted capture is explained as the original is; and arbitrary bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/node.h"
#include "base/utf8.h"
#include "parsers/decoder.h"
#include "parsers/fields.h"
#include "session/explain.h"
#include "session/headless.h"
#include "session/redaction.h"

#define SCENARIOS "tests/data/enrolment/*.log"
#define SCENARIOS_MIN 40
#define DEMO "session/demo.ndjson"
#define FUZZ_ROUNDS 4000

typedef struct Bench {
    RedactRules *rules;
    Redaction *redaction;
    StrBuf text;
} Bench;

static Bench bench_new(void)
{
    Err err = err_none();
    Bench bench = {.rules = redact_rules_new(NULL, &err)};
    if (bench.rules == NULL) {
        fail_msg("%s", err.text);
    }
    bench.redaction = redaction_new(bench.rules);
    return bench;
}

static void bench_done(Bench *bench)
{
    redaction_free(bench->redaction);
    redact_rules_free(bench->rules);
    strbuf_done(&bench->text);
}

static StrBuf read_file(const char *path)
{
    StrBuf text = {0};
    char piece[4096];
    size_t len;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail_msg("%s is not there", path);
        return text;
    }
    while ((len = fread(piece, 1, sizeof piece, file)) > 0) {
        strbuf_add(&text, sv_of(piece, len));
    }
    (void)fclose(file);
    return text;
}

static const char *redact(Bench *bench, const char *text)
{
    strbuf_clear(&bench->text);
    (void)redaction_text(bench->redaction, sv(text), &bench->text);
    return bench->text.len > 0 ? bench->text.ptr : "";
}

static Entry entry_of(Style style, const char *raw, StrBuf *scratch)
{
    Entry entry;
    decoder_read_entry(style, sv(raw), scratch, &entry);
    assert_int_equal(entry.style, style);
    return entry;
}

/* --- placeholders --------------------------------------------------------------------------------
 */

/* Each row after those above it, in one excerpt. */
static void same_value_same_placeholder(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"SerialNumber = C02ABC123DEF;", "SerialNumber = <serial-1>;"},
        {"device C02ABC123DEF and H7LQ9ZXW2K", "device <serial-1> and <serial-2>"},
        {"\"sn\":\"c02abc123def\"", "\"sn\":\"<serial-1>\""},
        {"serial%3DC02ABC123DEF%26x%3D1", "serial%3D<serial-1>%26x%3D1"},
        {"{\\\"SerialNumber\\\":\\\"C02ABC123DEF\\\"}",
         "{\\\"SerialNumber\\\":\\\"<serial-1>\\\"}"},
        {"<key>SerialNumber</key><string>C02ABC123DEF</string>",
         "<key>SerialNumber</key><string>&lt;serial-1&gt;</string>"},
        {"/tmp/C02ABC123DEF.plist", "/tmp/<serial-1>.plist"},
        {"uuid 3fb48527-9aaa-492d-94fc-efd999d812a3", "uuid <uuid-1>"},
        {"UUID 3FB48527-9AAA-492D-94FC-EFD999D812A3", "UUID <uuid-1>"},
        {"hex 3fb485279aaa492d94fcefd999d812a3", "hex <uuid-1>"},
        {"Task <3FB48527-9AAA-492D-94FC-EFD999D812A3>.<1>", "Task <uuid-1>.<1>"},
        {"PushMagic = \"3FB48527-9AAA-492D-94FC-EFD999D812A3\";", "PushMagic = \"<uuid-1>\";"},
        {"en0 a4:83:e7:01:02:03, A4-83-E7-01-02-03", "en0 <mac-1>, <mac-1>"},
        {"en1 0:1c:42:0:0:9 is 00:1c:42:00:00:09", "en1 <mac-2> is <mac-2>"},
        {"/Users/jappleseed/x", "/Users/<user-1>/x"},
        {"UserShortName = jappleseed;", "UserShortName = <user-1>;"},
        {"login of jappleseed", "login of <user-1>"},
        {"file:\\/\\/\\/Users\\/jappleseed\\/x", "file:\\/\\/\\/Users\\/<user-1>\\/x"},
        {"jappleseeds and ajappleseed", "jappleseeds and ajappleseed"},
        {"UserLongName = \"J\\U00f6rg Test\";", "UserLongName = \"<user-2>\";"},
        {"name%3DX full_name: Jörg Test", "name%3DX full_name: <user-2>"},
        {"https://mdm.example.org:8443/checkin", "https://<host-1>:8443/<path-1>"},
        {"host mdm.example.org, MDM.EXAMPLE.ORG", "host <host-1>, <host-1>"},
        {"https://mdm.example.org/checkin?serial=1", "https://<host-1>/<path-1>?<query-1>"},
        {"DeviceName = \"Jos-Mac.local\"; Jos-Mac.local Jos-Mac",
         "DeviceName = \"<device-name-1>\"; <device-name-1> <device-name-1>"},
        {"pushMagic=abcDEF123 then ABCdef123", "pushMagic=<secret-1> then <secret-1>"},
        {"tokens: abcdef123456", "tokens: abcdef123456"},
        {"IMEI = 35 209900 176148 1; imei=352099001761481", "IMEI = <imei-1>; imei=<imei-1>"},
    };
    Bench bench = bench_new();
    int wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        if (strcmp(redact(&bench, ROWS[i][0]), ROWS[i][1]) != 0) {
            print_error("%s\n  gives  %s\n  wanted %s\n", ROWS[i][0], bench.text.ptr, ROWS[i][1]);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    bench_done(&bench);
}

/* Another excerpt of what was redacted before leaves its placeholders alone. */
static void placeholders_stay(void **state)
{
    (void)state;
    StrBuf found = read_file("tests/data/redaction/found.txt");
    StrView rest = strbuf_view(&found);
    StrView line;
    Bench once = bench_new();
    int wrong = 0;
    while (sv_next_line(&rest, &line)) {
        Bench twice = bench_new();
        StrBuf text = {0};
        (void)redaction_text(once.redaction, line, &text);
        const char *again = redact(&twice, text.len > 0 ? text.ptr : "");
        if (text.len > 0 && strcmp(again, text.ptr) != 0) {
            print_error("%s\n  gives  %s\n", text.ptr, again);
            wrong++;
        }
        strbuf_done(&text);
        bench_done(&twice);
    }
    assert_int_equal(wrong, 0);
    strbuf_done(&found);
    bench_done(&once);
}

/* The traps of the reference, each in an excerpt of its own. */
static void traps(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"password = two words and more; next = 1", "password = <secret-1>; next = 1"},
        {"Password: correct horse battery staple", "Password: <secret-1>"},
        {"bootstrapToken: AbC-123 kept", "bootstrapToken: <secret-1> kept"},
        {"PushMagic = <private>; UnlockToken = \"<private>\";",
         "PushMagic = <private>; UnlockToken = \"<private>\";"},
        {"Invalid value type for configuration key: foo, setting key bar",
         "Invalid value type for configuration key: foo, setting key bar"},
        {"at 12:04:31.120, 12:04:31:120", "at 12:04:31.120, 12:04:31:120"},
        {"SerialNumber = \"3FB48527-9AAA-492D-94FC-EFD999D812A3\";",
         "SerialNumber = \"<uuid-1>\";"},
        {"UnlockToken = 3FB48527-9AAA-492D-94FC-EFD999D812A3;", "UnlockToken = <secret-1>;"},
        {"MAEGetUCRTDEPEnrollmentStateMacOSWithError",
         "MAEGetUCRTDEPEnrollmentStateMacOSWithError"},
        {"version 1.2.3.4 at 10.2.3.4", "version 1.2.3.4 at <ip-1>"},
        {"UserName = \"/Users/jappleseed\";", "UserName = \"<user-1>\";"},
        {"host iprofiles.apple.com and mdm.example.com", "host iprofiles.apple.com and <host-1>"},
        {"https://gdmf.apple.com/v2/pmv?device=J316", "https://gdmf.apple.com/v2/pmv?<query-1>"},
        {"https://apple.com.evil.example/x", "https://<host-1>/<path-1>"},
        {"CN=Johnny Mac,O=Example,C=DE", "CN=<dn-1>,O=<dn-2>,C=DE"},
        {"for: <User: 506>", "for: <User: 506>"},
    };
    int wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Bench bench = bench_new();
        if (strcmp(redact(&bench, ROWS[i][0]), ROWS[i][1]) != 0) {
            print_error("%s\n  gives  %s\n  wanted %s\n", ROWS[i][0], bench.text.ptr, ROWS[i][1]);
            wrong++;
        }
        bench_done(&bench);
    }
    assert_int_equal(wrong, 0);
}

static void two_values_never_share_one(void **state)
{
    (void)state;
    Bench bench = bench_new();
    assert_string_equal(redact(&bench, "UnlockToken = abcDEF; PushMagic = abcdef; secret=ABCDEF"),
                        "UnlockToken = <secret-1>; PushMagic = <secret-2>; secret=<secret-3>");
    assert_string_equal(redact(&bench, "secret=abcdef secret=ABCDEF secret=abcDEF"),
                        "secret=<secret-2> secret=<secret-3> secret=<secret-1>");
    bench_done(&bench);
}

static void kept_values_are_kept(void **state)
{
    (void)state;
    Bench bench = bench_new();
    assert_string_equal(redact(&bench, "/Users/jappleseed/x"), "/Users/<user-1>/x");
    assert_true(redaction_keep(bench.redaction, SV("jappleseed")));
    assert_string_equal(redact(&bench, "/Users/jappleseed/x of jappleseed"),
                        "/Users/jappleseed/x of jappleseed");
    assert_true(redaction_keep(bench.redaction, SV("Johnny%27s Mac")));
    assert_string_equal(redact(&bench, "DeviceName = \"Johnny's Mac\"; x=/Users/jo"),
                        "DeviceName = \"Johnny's Mac\"; x=/Users/<user-2>");
    /* No other rule has a part of it: the end of this one looks like a serial number. */
    assert_true(redaction_keep(bench.redaction, SV("t.quinn@corp-zeta.com")));
    assert_true(redaction_keep(bench.redaction, SV("00074004-3FAE-46B3-9ED8-80DA03DF65E9")));
    assert_string_equal(
        redact(&bench, "00074004-3FAE-46B3-9ED8-80DA03DF65E9 of t.quinn@corp-zeta.com"),
        "00074004-3FAE-46B3-9ED8-80DA03DF65E9 of t.quinn@corp-zeta.com");
    bench_done(&bench);
}

/* --- entries
 * --------------------------------------------------------------------------------------- */

static const char NDJSON[] =
    "{\"timestamp\":\"2026-03-02 09:00:23.400000+0100\",\"messageType\":\"Default\","
    "\"eventType\":\"logEvent\",\"source\":null,\"formatString\":\"%{public}@\",\"userID\":501,"
    "\"subsystem\":\"com.example.agent\",\"category\":\"C02ABC123DEF\","
    "\"processImagePath\":\"\\/Users\\/jappleseed\\/Apps\\/x.app\\/x\",\"processID\":5,"
    "\"processImageUUID\":\"4FDC8395-9231-5FD7-9207-A43BADA918B1\","
    "\"bootUUID\":\"5FDC8395-9231-5FD7-9207-A43BADA918B1\",\"threadID\":1,\"new\":[\"a\",{\"k\":"
    "\"serial C02ABC123DEF\"}],"
    "\"eventMessage\":\"of jappleseed: \\\"C02ABC123DEF\\\" \\u00fc \\n\\ttab\",\"traceID\":1}";

static void ndjson_keeps_its_shape(void **state)
{
    (void)state;
    Bench bench = bench_new();
    StrBuf scratch = {0};
    Entry entry = entry_of(STYLE_NDJSON, NDJSON, &scratch);
    Entry clean;
    assert_true(redaction_entry(bench.redaction, &entry, &clean));
    assert_string_equal(
        clean.raw.ptr,
        "{\"timestamp\":\"2026-03-02 09:00:23.400000+0100\",\"messageType\":\"Default\","
        "\"eventType\":\"logEvent\",\"source\":null,\"formatString\":\"%{public}@\",\"userID\":501,"
        "\"subsystem\":\"com.example.agent\",\"category\":\"<serial-1>\","
        "\"processImagePath\":\"\\/Users\\/<user-1>\\/Apps\\/x.app\\/x\",\"processID\":5,"
        "\"processImageUUID\":\"4FDC8395-9231-5FD7-9207-A43BADA918B1\","
        "\"bootUUID\":\"<uuid-1>\",\"threadID\":1,\"new\":[\"a\",{\"k\":\"serial <serial-1>\"}],"
        "\"eventMessage\":\"of <user-1>: \\\"<serial-1>\\\" ü \\n\\ttab\",\"traceID\":1}");
    assert_true(sv_equal(clean.message, SV("of <user-1>: \"<serial-1>\" ü \n\ttab")));
    assert_true(sv_equal(clean.process_path, SV("/Users/<user-1>/Apps/x.app/x")));
    assert_true(sv_equal(clean.process, SV("x")));
    assert_int_equal(clean.pid, 5);
    assert_true(clean.time.ns == entry.time.ns);
    strbuf_done(&scratch);
    bench_done(&bench);
}

/* What is no field of log's own, or stands deeper, is judged by its key too. */
static void members_are_judged_with_their_keys(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"\"userPassword\":\"hunter22x\"", "\"userPassword\":\"<secret-1>\""},
        {"\"n\":{\"token\":\"Y9y9Y9y9\",\"a\":[{\"password\":\"Z8z8Z8\"}]}",
         "\"n\":{\"token\":\"<secret-1>\",\"a\":[{\"password\":\"<secret-2>\"}]}"},
        {"\"eventMessage\":{\"password\":\"Z8z8Z8\"}",
         "\"eventMessage\":{\"password\":\"<secret-1>\"}"},
        {"\"token\":[\"a1b2c3d4\",\"b2c3d4e5\"]", "\"token\":[\"<secret-1>\",\"<secret-2>\"]"},
        {"\"a\":{\"password\" : 12345678 , \"n\":-1}",
         "\"a\":{\"password\" : \"<secret-1>\" , \"n\":-1}"},
        {"\"pass\\u0077ord\":\"Z8\\\"z8\\/Z8\\n\"", "\"pass\\u0077ord\":\"<secret-1>\""},
        {"\"new\":\"a \\\"C02ABC123DEF\\\"\\\\\"", "\"new\":\"a \\\"<serial-1>\\\"\\\\\""},
        {"\"OrganizationName\":\"Quux\"", "\"OrganizationName\":\"<org-1>\""},
        {"\"C02ABC123DEF\":{\"token\":\"Y9y9Y9y9\"}",
         "\"C02ABC123DEF\":{\"token\":\"<secret-1>\"}"},
        {"\"C02ABC123DEF-token\":\"Y9y9Y9y9\"", "\"C02ABC123DEF-token\":\"<secret-1>\""},
        {"\"count\":12345678,\"x\":[1234567,\"ok\"]", "\"count\":12345678,\"x\":[1234567,\"ok\"]"},
        {"\"password\":\"\",\"token\":null", "\"password\":\"\",\"token\":null"},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Bench bench = bench_new();
        StrBuf raw = {0}, wanted = {0}, scratch = {0};
        strbuf_printf(&raw, "{\"processID\":5,%s,\"threadID\":123456}", ROWS[i][0]);
        strbuf_printf(&wanted, "{\"processID\":5,%s,\"threadID\":123456}", ROWS[i][1]);
        Entry entry = entry_of(STYLE_NDJSON, raw.ptr, &scratch);
        Entry clean;
        (void)redaction_entry(bench.redaction, &entry, &clean);
        if (!sv_equal(clean.raw, strbuf_view(&wanted))) {
            fail_msg("%.*s\nwanted\n%s", SV_ARG(clean.raw), wanted.ptr);
        }
        strbuf_done(&raw);
        strbuf_done(&wanted);
        strbuf_done(&scratch);
        bench_done(&bench);
    }
}

static void what_has_nothing_stays_what_it_is(void **state)
{
    (void)state;
    Bench bench = bench_new();
    StrBuf scratch = {0};
    const char raw[] = "{\"eventMessage\":\"nothing \\/ here\",\"timestamp\":\"2026-03-02 "
                       "09:00:23.400000+0100\",\"threadID\":1}";
    Entry entry = entry_of(STYLE_NDJSON, raw, &scratch);
    Entry clean;
    assert_false(redaction_entry(bench.redaction, &entry, &clean));
    assert_memory_equal(&clean, &entry, sizeof clean);
    size_t count;
    (void)redaction_replacements(bench.redaction, &count);
    assert_int_equal(count, 0);
    strbuf_done(&scratch);
    bench_done(&bench);
}

static void text_styles_are_rewritten(void **state)
{
    (void)state;
    static const struct {
        Style style;
        const char *raw;
        const char *wanted;
    } ROWS[] = {
        {STYLE_DEFAULT,
         "2026-03-02 09:00:05.000000+0100 0x1159     Default     0x0                  345    0    "
         "mdmclient: [com.apple.ManagedClient:SCEP] serial C02ABC123DEF\nof /Users/jo/x",
         "2026-03-02 09:00:05.000000+0100 0x1159     Default     0x0                  345    0    "
         "mdmclient: [com.apple.ManagedClient:SCEP] serial <serial-1>\nof /Users/<user-1>/x"},
        {STYLE_COMPACT,
         "2026-03-02 09:00:05.000 Df mdmclient[345:1159] [com.apple.ManagedClient:SCEP] serial "
         "C02ABC123DEF",
         "2026-03-02 09:00:05.000 Df mdmclient[345:1159] [com.apple.ManagedClient:SCEP] serial "
         "<serial-1>"},
        {STYLE_SYSLOG,
         "2026-03-02 09:00:05.000000+0100  Jos-MacBook mdmclient[345]: on Jos-MacBook now",
         "2026-03-02 09:00:05.000000+0100  <host-1> mdmclient[345]: on <host-1> now"},
        {STYLE_SYSLOG, "2026-03-02 09:00:05.000000+0100  localhost kernel[0]: C02ABC123DEF",
         "2026-03-02 09:00:05.000000+0100  localhost kernel[0]: <serial-1>"},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Bench bench = bench_new();
        StrBuf scratch = {0};
        Entry entry = entry_of(ROWS[i].style, ROWS[i].raw, &scratch);
        Entry clean;
        assert_true(redaction_entry(bench.redaction, &entry, &clean));
        if (!sv_equal(clean.raw, sv(ROWS[i].wanted))) {
            fail_msg("%.*s\nwanted\n%s", SV_ARG(clean.raw), ROWS[i].wanted);
        }
        assert_int_equal(clean.kind, entry.kind);
        assert_int_equal(clean.pid, entry.pid);
        assert_true(sv_equal(clean.process, entry.process));
        strbuf_done(&scratch);
        bench_done(&bench);
    }
}

static void unparsed_lines_are_redacted(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"what is C02ABC123DEF?", "what is <serial-1>?"},
        {"{\"eventMessage\":\"cut serial C02ABC123DEF and \\\"\\/Users\\/jo",
         "{\"eventMessage\":\"cut serial <serial-1> and \\\"\\/Users\\/<user-1>"},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Bench bench = bench_new();
        StrBuf scratch = {0};
        Entry entry;
        decoder_read_entry(STYLE_NONE, sv(ROWS[i][0]), &scratch, &entry);
        entry.style = STYLE_NDJSON;
        Entry clean;
        assert_true(redaction_entry(bench.redaction, &entry, &clean));
        if (!sv_equal(clean.raw, sv(ROWS[i][1]))) {
            fail_msg("%.*s\nwanted\n%s", SV_ARG(clean.raw), ROWS[i][1]);
        }
        assert_int_equal(clean.kind, KIND_UNPARSED);
        assert_true(sv_equal(clean.message, sv(ROWS[i][1])));
        strbuf_done(&scratch);
        bench_done(&bench);
    }
}

/* --- what was replaced
 * ------------------------------------------------------------------------------- */

static void replacements_say_what_and_why(void **state)
{
    (void)state;
    Bench bench = bench_new();
    StrBuf scratch = {0};
    Entry entry = entry_of(STYLE_NDJSON, NDJSON, &scratch);
    Entry clean;
    size_t count;
    (void)redaction_entry(bench.redaction, &entry, &clean);
    const Replacement *list = redaction_replacements(bench.redaction, &count);
    assert_int_equal(count, 6);
    assert_true(sv_equal(list[0].field, SV("category")));
    assert_true(sv_equal(list[1].field, sv(FIELDS[FIELD_PROCESS_PATH].name)));
    assert_true(sv_equal(list[1].rule->id, SV("user-path")));
    assert_string_equal(list[1].why, "home of a user");
    assert_true(sv_equal(list[1].original, SV("jappleseed")));
    assert_true(sv_equal(list[1].placeholder, SV("<user-1>")));
    assert_int_equal(list[1].start, 7);
    assert_int_equal(list[1].end, 17);
    assert_true(sv_equal(list[4].field, sv(FIELDS[FIELD_MESSAGE].name)));
    assert_null(list[4].rule); /* known from the path */
    assert_string_equal(list[4].why, "a value that was found before");
    for (size_t i = 4; i < count; i++) { /* places are those of the message */
        assert_true(sv_equal(sv_slice(entry.message, list[i].start, list[i].end - list[i].start),
                             list[i].original));
    }
    strbuf_done(&scratch);
    bench_done(&bench);
}

static void counts_and_summary_add_up(void **state)
{
    (void)state;
    Bench bench = bench_new();
    StrBuf summary = {0};
    redaction_summary(bench.redaction, &summary);
    assert_string_equal(summary.ptr, "nothing was found");
    (void)redact(&bench, "serial C02ABC123DEF, /Users/jo, /Users/jim, /Users/jo");
    strbuf_clear(&summary);
    redaction_summary(bench.redaction, &summary);
    assert_string_equal(summary.ptr, "3 values in 4 places (serial 1, user 2)");
    RedactionCount counts[8];
    assert_int_equal(redaction_counts(bench.redaction, counts, ARRAY_LEN(counts)), 2);
    assert_true(sv_equal(counts[0].rule->id, SV("serial")));
    assert_int_equal(counts[0].places, 1);
    assert_true(sv_equal(counts[1].rule->id, SV("user-path")));
    assert_int_equal(counts[1].places, 3);
    assert_int_equal(counts[1].values, 2);
    assert_int_equal(redaction_counts(bench.redaction, counts, 1), 1);
    strbuf_done(&summary);
    bench_done(&bench);
}

/* --- bounds
 * -------------------------------------------------------------------------------------------- */

static void a_full_memory_numbers_no_more(void **state)
{
    (void)state;
    Bench bench = bench_new();
    char text[64];
    for (unsigned i = 0; i < REDACTION_VALUES_MAX; i++) {
        (void)snprintf(text, sizeof text, "3fb48527-9aaa-492d-94fc-%012x", i);
        (void)redact(&bench, text);
    }
    assert_int_equal(redaction_values(bench.redaction), REDACTION_VALUES_MAX);
    assert_int_equal(redaction_unnumbered(bench.redaction), 0);
    assert_string_equal(redact(&bench, "a 4fb48527-9aaa-492d-94fc-000000000000 b"), "a <uuid> b");
    assert_string_equal(redact(&bench, "3fb48527-9aaa-492d-94fc-000000000002"), "<uuid-3>");
    assert_int_equal(redaction_unnumbered(bench.redaction), 1);
    assert_int_equal(redaction_values(bench.redaction), REDACTION_VALUES_MAX);
    bench_done(&bench);
}

static void what_a_rule_gives_up_on_is_withheld(void **state)
{
    (void)state;
    Bench bench = bench_new();
    StrBuf summary = {0};
    size_t count;
    assert_true(redact_rules_add(bench.rules, SV("slow"), SV("slow"), SV("(a+)+$"), NULL));
    assert_string_equal(redact(&bench, "secret aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
                        "<withheld>");
    const Replacement *list = redaction_replacements(bench.redaction, &count);
    assert_int_equal(count, 1);
    assert_non_null(strstr(list[0].why, "gave up"));
    assert_int_equal(redaction_withheld(bench.redaction), 1);
    redaction_summary(bench.redaction, &summary);
    assert_non_null(strstr(summary.ptr, "1 text withheld whole"));
    strbuf_done(&summary);
    bench_done(&bench);
}

static void hosts_have_names(void **state)
{
    (void)state;
    Bench bench = bench_new();
    StrBuf host = {0};
    assert_true(redaction_host(bench.redaction, SV("mac-17"), &host));
    assert_string_equal(host.ptr, "<host-1>");
    assert_string_equal(redact(&bench, "on mac-17 and mac-18"), "on <host-1> and mac-18");
    strbuf_clear(&host);
    assert_false(redaction_host(bench.redaction, SV("demo"), &host));
    assert_string_equal(host.ptr, "demo");
    strbuf_done(&host);
    bench_done(&bench);
}

/* --- the same report
 * ----------------------------------------------------------------------------------- */

typedef struct Redacting {
    Redaction *redaction;
    StrBuf out;
} Redacting;

static void take_entry(void *context, const Entry *entry)
{
    Redacting *redacting = context;
    Entry clean;
    (void)redaction_entry(redacting->redaction, entry, &clean);
    strbuf_add(&redacting->out, clean.raw);
    strbuf_add_char(&redacting->out, '\n');
}

static void take_notice(void *context, NoticeKind kind, StrView text)
{
    Redacting *redacting = context;
    (void)kind;
    strbuf_add(&redacting->out, text);
    strbuf_add_char(&redacting->out, '\n');
}

static StrBuf explain(const char *path)
{
    static const volatile sig_atomic_t stop = 0;
    char *words[] = {(char[]){"mdmscope"}, (char[]){"explain"},     (char[]){"--format"},
                     (char[]){"json"},     (char[]){"--no-redact"}, strdup(path)};
    Options options;
    Err err = err_none();
    StrBuf text = {0};
    char *out = NULL;
    size_t out_len = 0;
    assert_true(options_parse((int)ARRAY_LEN(words), words, &options, &err));
    FILE *stream = open_memstream(&out, &out_len);
    FILE *errors = tmpfile();
    (void)explain_run(&options, stream, errors, &stop);
    (void)fclose(stream);
    (void)fclose(errors);
    strbuf_add(&text, sv_of(out, out_len));
    free(out);
    free(words[5]);
    return text;
}

/* What may differ: words of the entries themselves, and the name of the file. */
static bool is_told(StrView key)
{
    static const char *const KEYS[] = {"id", "install", "note", "source", "text"};
    for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
        if (sv_equal(key, sv(KEYS[i]))) {
            return false;
        }
    }
    return true;
}

static bool is_same(const Node *a, const Node *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    if (a->kind != b->kind || a->count != b->count || !sv_equal(a->key, b->key)) {
        return false;
    }
    bool is_stage = a->kind == NODE_TEXT && sv_find_char(a->text, '-') != SIZE_MAX &&
                    a->text.len < 36 && sv_equal(a->key, SV("id"));
    if (a->kind == NODE_TEXT && (is_told(a->key) || is_stage) && !sv_equal(a->text, b->text)) {
        print_error("%.*s: '%.*s' is '%.*s'\n", SV_ARG(a->key), SV_ARG(a->text), SV_ARG(b->text));
        return false;
    }
    if (a->number != b->number || a->truth != b->truth) {
        return false;
    }
    const Node *other = b->first;
    for (const Node *child = a->first; child != NULL; child = child->next) {
        if (!is_same(child, other)) {
            return false;
        }
        other = other->next;
    }
    return true;
}

static bool check_capture(const char *path)
{
    Bench bench = bench_new();
    Redacting redacting = {.redaction = bench.redaction};
    StrBuf text = read_file(path);
    DecoderSink sink = {take_entry, take_notice, &redacting};
    Decoder *decoder = decoder_new(STYLE_NONE, 0, sink);
    decoder_feed(decoder, strbuf_view(&text));
    decoder_end(decoder);
    decoder_free(decoder);
    char redacted[] = "/tmp/mdmscope-redacted-XXXXXX";
    int fd = mkstemp(redacted);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, redacting.out.ptr, redacting.out.len), (ssize_t)redacting.out.len);
    (void)close(fd);
    StrBuf one = explain(path);
    StrBuf other = explain(redacted);
    Arena arena = {0};
    const Node *first = node_read(&arena, strbuf_view(&one), "original", NULL);
    const Node *second = node_read(&arena, strbuf_view(&other), "redacted", NULL);
    assert_non_null(first);
    bool has_same = is_same(first, second);
    if (!has_same) {
        print_error("%s is explained in another way\n", path);
    }
    arena_done(&arena);
    strbuf_done(&one);
    strbuf_done(&other);
    strbuf_done(&text);
    strbuf_done(&redacting.out);
    (void)unlink(redacted);
    bench_done(&bench);
    return has_same;
}

static void redacted_captures_are_explained_alike(void **state)
{
    (void)state;
    glob_t found;
    size_t wrong = 0;
    assert_int_equal(glob(SCENARIOS, 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= SCENARIOS_MIN);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        wrong += !check_capture(found.gl_pathv[i]);
    }
    globfree(&found);
    wrong += !check_capture(DEMO);
    assert_int_equal(wrong, 0);
}

/* --- arbitrary bytes
 * ------------------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Bytes of messages, changed here and there, some of them by pieces that mean something. */
static void mutate(StrBuf *text, uint32_t *random)
{
    static const char *const PIECES[] = {"\\u00fc",
                                         "%41",
                                         "\\\"",
                                         "&lt;",
                                         "\"",
                                         "\xff",
                                         "{",
                                         "\\",
                                         "<",
                                         "\xc3",
                                         "://",
                                         "@a.de",
                                         "=",
                                         "\\ud83d",
                                         "\xe2\x80\x99",
                                         "C02ABC123DEF",
                                         "/Users/é",
                                         "password:",
                                         ",\"token\":[{\"pin\":12345678},\"Ab1Cd2Ef3\"],"};
    for (uint32_t i = next_random(random) % 6; i > 0 && text->len > 0; i--) {
        size_t at = next_random(random) % text->len;
        StrView piece = sv(PIECES[next_random(random) % ARRAY_LEN(PIECES)]);
        size_t len = next_random(random) % 4;
        len = len < text->len - at ? len : text->len - at;
        strbuf_replace(text, at, len, piece);
    }
}

/* Whether two values have the same members with the same keys in the same order. */
static bool has_same_keys(const Node *one, const Node *other)
{
    const Node *a = one->first;
    const Node *b = other->first;
    while (a != NULL && b != NULL && sv_equal(a->key, b->key) && has_same_keys(a, b)) {
        a = a->next;
        b = b->next;
    }
    return a == NULL && b == NULL;
}

static void check_json(StrView original, StrView redacted)
{
    Arena arena = {0};
    const Node *one = node_read(&arena, original, "original", NULL);
    if (one != NULL) {
        const Node *other = node_read(&arena, redacted, "redacted", NULL);
        if (other == NULL || !has_same_keys(one, other)) {
            fail_msg("%.*s\nhas become\n%.*s", SV_ARG(original), SV_ARG(redacted));
        }
    }
    arena_done(&arena);
}

static void check_bytes(Bench *bench, StrView bytes)
{
    StrBuf scratch = {0};
    Entry entry;
    Entry clean;
    strbuf_clear(&bench->text);
    (void)redaction_text(bench->redaction, bytes, &bench->text);
    assert_true(!utf8_is_valid(bytes) || utf8_is_valid(strbuf_view(&bench->text)));
    for (int style = STYLE_NDJSON; style < STYLE_COUNT; style++) {
        decoder_read_entry((Style)style, bytes, &scratch, &entry);
        bool was_parsed = entry.kind != KIND_UNPARSED;
        (void)redaction_entry(bench->redaction, &entry, &clean);
        assert_int_equal(clean.kind, entry.kind);
        if (style == STYLE_NDJSON && was_parsed) {
            check_json(bytes, clean.raw);
        }
    }
    strbuf_done(&scratch);
}

static void arbitrary_bytes_do_no_harm(void **state)
{
    (void)state;
    Bench bench = bench_new();
    StrBuf demo = read_file(DEMO);
    StrView rest = strbuf_view(&demo);
    StrView line;
    uint32_t random = 20260302;
    for (int i = 0; i < FUZZ_ROUNDS; i++) {
        if (!sv_next_line(&rest, &line)) {
            rest = strbuf_view(&demo);
            continue;
        }
        StrBuf bytes = {0};
        strbuf_add(&bytes, line);
        mutate(&bytes, &random);
        if (i % 7 == 0) {
            for (size_t at = 0; at < bytes.len; at++) {
                bytes.ptr[at] = (char)next_random(&random);
            }
        }
        check_bytes(&bench, strbuf_view(&bytes));
        strbuf_done(&bytes);
    }
    strbuf_done(&demo);
    bench_done(&bench);
}

/* --- learning beforehand ------------------------------------------------------------------------
 */

static void learn_message(Bench *bench, const char *message)
{
    StrBuf raw = {0}, scratch = {0};
    strbuf_printf(&raw, "{\"eventMessage\":\"%s\",\"eventType\":\"logEvent\"}", message);
    Entry entry = entry_of(STYLE_NDJSON, raw.ptr, &scratch);
    redaction_learn(bench->redaction, &entry);
    strbuf_done(&raw);
    strbuf_done(&scratch);
}

static void what_was_learned_is_found_without_a_key(void **state)
{
    (void)state;
    Bench bench = bench_new();
    learn_message(&bench, "UserShortName = tessaq; host nothing");
    learn_message(&bench, "SerialNumber = \\\"C02ZZ9QWERTY\\\";");
    learn_message(&bench, "pushMagic=abcDEF123 then");
    assert_int_equal(redaction_places(bench.redaction), 0);
    assert_int_equal(redaction_values(bench.redaction), 0);
    /* Numbers are given as values are met, not as they were learned. */
    assert_string_equal(redact(&bench, "for C02ZZ9QWERTY of tessaq (Tessaq), tessaqs"),
                        "for <serial-1> of <user-1> (<user-1>), tessaqs");
    /* Secrets of other letter case are others. */
    assert_string_equal(redact(&bench, "abcDEF123 and pushMagic=ABCdef123"),
                        "<secret-1> and pushMagic=<secret-2>");
    assert_int_equal(redaction_values(bench.redaction), 4);
    bench_done(&bench);
}

static void learning_heeds_what_has_the_place(void **state)
{
    (void)state;
    Bench bench = bench_new();
    /* The end of a UUID looks like a serial number, an e-mail address ends like a host. */
    learn_message(&bench, "id 3A909274-91D1-413A-83F4-80DA03DF65E9 of t.quinn@corp-zeta.com");
    learn_message(&bench, "UserShortName = root; UserShortName = admin;");
    assert_string_equal(redact(&bench, "80DA03DF65E9X root admin shared"),
                        "80DA03DF65E9X root admin shared");
    bench_done(&bench);
}

static void what_one_learned_others_know(void **state)
{
    (void)state;
    Bench bench = bench_new();
    learn_message(&bench, "UserShortName = tessaq;");
    Redaction *other = redaction_new(bench.rules);
    StrBuf text = {0};
    redaction_know(other, bench.redaction);
    redaction_know(other, bench.redaction);
    assert_true(redaction_text(other, SV("tessaq"), &text));
    assert_true(sv_equal(strbuf_view(&text), SV("<user-1>")));
    redaction_free(other);
    strbuf_done(&text);
    bench_done(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_value_same_placeholder),
        cmocka_unit_test(placeholders_stay),
        cmocka_unit_test(traps),
        cmocka_unit_test(two_values_never_share_one),
        cmocka_unit_test(kept_values_are_kept),
        cmocka_unit_test(ndjson_keeps_its_shape),
        cmocka_unit_test(members_are_judged_with_their_keys),
        cmocka_unit_test(what_has_nothing_stays_what_it_is),
        cmocka_unit_test(text_styles_are_rewritten),
        cmocka_unit_test(unparsed_lines_are_redacted),
        cmocka_unit_test(replacements_say_what_and_why),
        cmocka_unit_test(counts_and_summary_add_up),
        cmocka_unit_test(a_full_memory_numbers_no_more),
        cmocka_unit_test(what_a_rule_gives_up_on_is_withheld),
        cmocka_unit_test(hosts_have_names),
        cmocka_unit_test(redacted_captures_are_explained_alike),
        cmocka_unit_test(what_was_learned_is_found_without_a_key),
        cmocka_unit_test(learning_heeds_what_has_the_place),
        cmocka_unit_test(what_one_learned_others_know),
        cmocka_unit_test(arbitrary_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
