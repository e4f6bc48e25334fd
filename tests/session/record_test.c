/*
 * Tests of activation records: what the report says of each file in tests/data/record (as text in
 * expected.txt there), secrets, the three forms, URLs, and the facts' own conditions.
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
#include "session/record.h"

#define FOLDER "tests/data/record/"
/* 2027-06-01: one certificate of the test data is over by then, the other is not. */
#define NOW_NS (INT64_C(1811808000) * NS_PER_SECOND)

static StrView read_file(const char *path, StrBuf *buf)
{
    char chunk[4096];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s is missing", path);
    }
    for (size_t len; (len = fread(chunk, 1, sizeof(chunk), file)) > 0;) {
        strbuf_add(buf, sv_of(chunk, len));
    }
    assert_int_equal(fclose(file), 0);
    return strbuf_view(buf);
}

static void read_facts(RecordFacts *facts)
{
    Err err = err_none();
    if (!record_facts_read_own(facts, NULL, &err)) {
        fail_msg("%s", err.text);
    }
}

/* --- every file ------------------------------------------------------------------------------- */

static void describe_values(const Record *record, StrBuf *buf)
{
    size_t unknown = 0;
    for (size_t i = 0; i < record->value_count; i++) {
        unknown += record->values[i].fact == NULL;
    }
    strbuf_printf(buf, "%s: %zu fields, %zu unknown:", record_style_name(record->style),
                  record->value_count, unknown);
    for (size_t i = 0; i < record->value_count; i++) {
        if (record->values[i].fact == NULL) {
            strbuf_printf(buf, " %.*s", SV_ARG(record->values[i].key));
        }
    }
    strbuf_add_char(buf, '\n');
}

static void describe(const Record *record, StrBuf *buf)
{
    describe_values(record, buf);
    for (size_t i = 0; i < record->finding_count; i++) {
        const RecordFinding *finding = &record->findings[i];
        StrView key = finding->value != NULL ? finding->value->key : SV("-");
        strbuf_printf(buf, "%s %.*s:%d: %.*s\n", severity_name(finding->severity), SV_ARG(key),
                      finding->value != NULL ? finding->value->node->line : 0,
                      SV_ARG(finding->text));
    }
    for (size_t i = 0; i < record->certificate_count; i++) {
        const RecordCertificate *certificate = &record->certificates[i];
        strbuf_printf(buf, "certificate %zu: %zu bytes, %s%.*s\n", certificate->number,
                      certificate->len,
                      certificate->is_good ? certificate->certificate.subject : "",
                      SV_ARG(certificate->error));
    }
    for (size_t i = 0; i < record->skip_count; i++) {
        const RecordSkip *skip = &record->skip[i];
        strbuf_printf(buf, "pane %.*s: %.*s\n", SV_ARG(skip->key), SV_ARG(skip->note));
    }
}

static void describe_file(const RecordFacts *facts, const char *name, StrBuf *buf)
{
    Record record = {.style = RECORD_NONE};
    Err err = err_none();
    StrBuf bytes = {0};
    StrBuf path = {0};
    strbuf_printf(&path, FOLDER "%s", name);
    strbuf_printf(buf, "== %s\n", name);
    switch (record_read(&record, facts, read_file(path.ptr, &bytes), name, NOW_NS, &err)) {
    case RECORD_FOUND:
        describe(&record, buf);
        break;
    case RECORD_ABSENT:
        strbuf_printf(buf, "no record, line %d: %.*s\n", record.answer_line,
                      SV_ARG(record.answer.ptr != NULL ? record.answer : SV("no answer either")));
        break;
    case RECORD_BROKEN:
        strbuf_printf(buf, "broken: %s\n", err.text);
        break;
    }
    record_done(&record);
    strbuf_done(&bytes);
    strbuf_done(&path);
}

static void test_files(void **state)
{
    static const char *const FILES[] = {
        "show.txt",          "dep-nag.txt",         "dep-nag.json.txt", "stored.plist",
        "fetch-error.plist", "stored-binary.plist", "server.json",      "server-bad.json",
        "wrapped.json",      "wire.json",           "not-enabled.txt",  "null.txt",
        "nag-null.txt",      "too-soon.txt",        "none.txt",         "none.json",
        "broken.plist",      "broken-binary.plist", "broken.json",      "broken.txt",
    };
    RecordFacts facts = {.field_count = 0};
    StrBuf have = {0};
    StrBuf wanted = {0};
    (void)state;
    read_facts(&facts);
    for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
        describe_file(&facts, FILES[i], &have);
    }
    StrView a = strbuf_view(&have);
    StrView b = read_file(FOLDER "expected.txt", &wanted);
    StrView got = SV("");
    StrView line = SV("");
    while (sv_next_line(&b, &line)) {
        if (!sv_next_line(&a, &got) || !sv_equal(got, line)) {
            (void)fputs(have.ptr, stdout); /* as expected.txt would have to be */
            fail_msg("got    %.*s\nwanted %.*s", SV_ARG(got), SV_ARG(line));
        }
    }
    assert_int_equal(a.len, 0);
    strbuf_done(&have);
    strbuf_done(&wanted);
    record_facts_done(&facts);
}

/* --- single texts ----------------------------------------------------------------------------- */

/* Whether the report on `text` has a finding in which `needle` stands. */
static bool finds(const RecordFacts *facts, const char *text, const char *needle)
{
    Record record = {.style = RECORD_NONE};
    Err err = err_none();
    bool is_found = false;
    if (record_read(&record, facts, sv(text), "f", NOW_NS, &err) != RECORD_FOUND) {
        fail_msg("%s: %s", text, err.text);
    }
    for (size_t i = 0; i < record.finding_count; i++) {
        is_found = is_found || sv_find(record.findings[i].text, sv(needle)) != SIZE_MAX;
    }
    record_done(&record);
    return is_found;
}

static void test_urls(void **state)
{
    static const struct {
        const char *url;
        const char *finding; /* "" = none at all about the URL */
    } ROWS[] = {
        {"https://mdm.example.com/enroll", ""},
        {"HTTPS://mdm.example.com/enroll?a=b#c", ""},
        {"https://mdm.example.com:443/enroll", ""},
        {"http://mdm.example.com/enroll", "not https"},
        {"https://mdm.example.com/enroll ", "blanks stand behind"},
        {" https://mdm.example.com/enroll", "blanks stand before"},
        {"https://mdm.example.com/en roll", "blank within"},
        {"https://10.1.2.3/enroll", "an address, not a name"},
        {"https://[2001:db8::1]:443/enroll", "an address, not a name"},
        {"https://mdm/enroll", "no domain"},
        {"https://mac.local/enroll", ".local"},
        {"https://mdm_1.example.com/enroll", "at its character 4"},
        {"https://mdm.example.com:8443/enroll", "port 8443"},
        {"https://mdm.example.com:x/enroll", "no port"},
        {"https://mdm.example.com:70000/enroll", "no port"},
        {"https://u:p@mdm.example.com/enroll", "name and password"},
        {"https://mdm.example.com", "no path"},
        {"https:///enroll", "no host"},
        {"mdm.example.com/enroll", "no URL"},
    };
    RecordFacts facts = {.field_count = 0};
    (void)state;
    read_facts(&facts);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf text = {0};
        strbuf_printf(&text, "{\"profile_name\": \"a\", \"url\": \"%s\"}", ROWS[i].url);
        bool is_wanted = ROWS[i].finding[0] != '\0';
        if (finds(&facts, text.ptr, is_wanted ? ROWS[i].finding : "") != is_wanted) {
            fail_msg("%s: '%s'", ROWS[i].url, ROWS[i].finding);
        }
        strbuf_done(&text);
    }
    record_facts_done(&facts);
}

/* Each check of the data fires on a record made for it, and on none of an even temper. */
static void test_each_check_fires(void **state)
{
    static const char *const VALUES[WANTED_COUNT] = {[WANTED_YES] = "true",
                                                     [WANTED_NO] = "false",
                                                     [WANTED_PRESENT] = "\"x\"",
                                                     [WANTED_ABSENT] = NULL};
    static const char QUIET[] = "{\"profile_name\": \"a\", \"url\": \"https://m.example.com/e\"}";
    RecordFacts facts = {.field_count = 0};
    (void)state;
    read_facts(&facts);
    for (size_t i = 0; i < facts.check_count; i++) {
        const CheckFact *check = &facts.checks[i];
        StrBuf text = {0};
        StrBuf needle = {0};
        strbuf_add_str(&text, "{\"OrganizationMagic\": \"m\""); /* an answer alone is no record */
        for (size_t j = 0; j < check->condition_count; j++) {
            const FieldFact *field = check->conditions[j].field;
            StrView name = field->wire.ptr != NULL ? field->wire : field->local;
            const char *value = VALUES[check->conditions[j].wanted];
            if (value != NULL) {
                strbuf_printf(&text, ", \"%.*s\": %s", SV_ARG(name), value);
            }
        }
        strbuf_add_str(&text, "}");
        strbuf_add(&needle, check->text);
        if (!finds(&facts, text.ptr, needle.ptr)) {
            fail_msg("%s does not give '%s'", text.ptr, needle.ptr);
        }
        assert_false(finds(&facts, QUIET, needle.ptr));
        strbuf_done(&text);
        strbuf_done(&needle);
    }
    record_facts_done(&facts);
}

/* --- printing --------------------------------------------------------------------------------- */

typedef void (*Print)(const Record *record, bool has_secrets, StrBuf *buf);

static void print_file(const RecordFacts *facts, const char *path, Print print, bool has_secrets,
                       StrBuf *buf)
{
    Record record = {.style = RECORD_NONE};
    StrBuf bytes = {0};
    assert_int_equal(record_read(&record, facts, read_file(path, &bytes), path, NOW_NS, NULL),
                     RECORD_FOUND);
    print(&record, has_secrets, buf);
    record_done(&record);
    strbuf_done(&bytes);
}

static void test_secrets(void **state)
{
    static const Print PRINTS[] = {record_print_text, record_print_markdown, record_print_json};
    static const char *const SECRETS[] = {"s3cr3t", "user:pw", "x=1"};
    RecordFacts facts = {.field_count = 0};
    (void)state;
    read_facts(&facts);
    for (size_t i = 0; i < ARRAY_LEN(PRINTS); i++) {
        StrBuf hidden = {0};
        StrBuf shown = {0};
        print_file(&facts, FOLDER "server-bad.json", PRINTS[i], false, &hidden);
        print_file(&facts, FOLDER "server-bad.json", PRINTS[i], true, &shown);
        for (size_t j = 0; j < ARRAY_LEN(SECRETS); j++) {
            assert_null(strstr(hidden.ptr, SECRETS[j]));
            assert_non_null(strstr(shown.ptr, SECRETS[j]));
        }
        strbuf_done(&hidden);
        strbuf_done(&shown);
    }
    record_facts_done(&facts);
}

static void test_json_is_json(void **state)
{
    RecordFacts facts = {.field_count = 0};
    Arena arena = {0};
    Err err = err_none();
    StrBuf text = {0};
    (void)state;
    read_facts(&facts);
    print_file(&facts, FOLDER "server-bad.json", record_print_json, false, &text);
    const Node *root = node_read(&arena, strbuf_view(&text), "report", &err);
    if (root == NULL) {
        fail_msg("%s\n%s", err.text, text.ptr);
        return;
    }
    assert_int_equal(node_find(root, "fields")->count, 13);
    assert_int_equal(node_find(root, "certificates")->count, 6);
    assert_int_equal(node_find(root, "skip")->count, 3);
    assert_true(node_find(root, "findings")->count > 20);
    const Node *first = node_find(root, "findings")->first;
    assert_true(sv_equal(node_text(first, "severity"), SV("error")));
    strbuf_done(&text);
    arena_done(&arena);
    record_facts_done(&facts);
}

/* A flag that says no is described as what it comes to, in all forms alike. */
static void test_flags_in_words(void **state)
{
    static const Print PRINTS[] = {record_print_text, record_print_markdown, record_print_json};
    static const char RECORD[] = "{\"profile_name\": \"a\", \"url\": \"https://m.example.com/e\",\n"
                                 " \"is_mandatory\": false, \"is_mdm_removable\": true}";
    RecordFacts facts = {.field_count = 0};
    (void)state;
    read_facts(&facts);
    for (size_t i = 0; i < ARRAY_LEN(PRINTS); i++) {
        Record record = {.style = RECORD_NONE};
        StrBuf text = {0};
        assert_int_equal(record_read(&record, &facts, sv(RECORD), "f", NOW_NS, NULL), RECORD_FOUND);
        PRINTS[i](&record, false, &text);
        if (strstr(text.ptr, "Remote Management screen can be skipped") == NULL ||
            strstr(text.ptr, "the user may remove the MDM profile") == NULL ||
            strstr(text.ptr, "cannot") != NULL) {
            fail_msg("%s", text.ptr);
        }
        strbuf_done(&text);
        record_done(&record);
    }
    record_facts_done(&facts);
}

/* Why there is no record may be stored in its place, in whatever form. */
static void test_stored_answers(void **state)
{
    static const struct {
        const char *text;
        RecordResult result;
        const char *answer; /* NULL = none */
    } ROWS[] = {
        {"{\"CloudConfigFetchError\": {\"NSDomain\": \"D\", \"NSCode\": 7}}", RECORD_ABSENT,
         "CloudConfigFetchError: D 7"},
        {"{\"CloudConfigFetchError\": {\"NSDomain\": \"D\", \"NSCode\": \"x7\"}}", RECORD_ABSENT,
         "CloudConfigFetchError: D x7"},
        {"{\"CloudConfigFetchError\": \"refused\", \"When\": 3}", RECORD_ABSENT,
         "CloudConfigFetchError: refused"},
        {"{\"CloudConfigFetchError\": {}}", RECORD_ABSENT, "CloudConfigFetchError: {}"},
        {"{\"CloudConfigFetchError\": \"x\", \"ConfigurationURL\": \"https://m.example.com/e\"}",
         RECORD_FOUND, NULL},
        {"{\"Else\": 1}", RECORD_ABSENT, NULL},
    };
    RecordFacts facts = {.field_count = 0};
    (void)state;
    read_facts(&facts);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Record record = {.style = RECORD_NONE};
        RecordResult result = record_read(&record, &facts, sv(ROWS[i].text), "f", NOW_NS, NULL);
        assert_int_equal(result, ROWS[i].result);
        if (!sv_equal(record.answer, sv(ROWS[i].answer))) {
            fail_msg("%s: '%.*s'", ROWS[i].text, SV_ARG(record.answer));
        }
        assert_true((record.answer_fact != NULL) == (ROWS[i].answer != NULL));
        record_done(&record);
    }
    record_facts_done(&facts);
}

static void test_text_is_narrow(void **state)
{
    RecordFacts facts = {.field_count = 0};
    StrBuf text = {0};
    (void)state;
    read_facts(&facts);
    print_file(&facts, FOLDER "show.txt", record_print_text, false, &text);
    StrView rest = strbuf_view(&text);
    StrView line;
    while (sv_next_line(&rest, &line)) {
        if (utf8_width(line) > 80) {
            fail_msg("too wide: %.*s", SV_ARG(line));
        }
    }
    strbuf_done(&text);
    record_facts_done(&facts);
}

/* Nothing of a file reaches the terminal raw. */
static void test_hostile(void **state)
{
    static const char HOSTILE[] = "{\"url\": \"https://a.b/\\u001b[31m\", \"k\\u001b]0;x\\u0007\": "
                                  "[\"\\u202e\"], \"skip_setup_items\": [\"\\u001b[2J\"], "
                                  "\"anchor_certs\": [\"\\u001b\"]}";
    static const Print PRINTS[] = {record_print_text, record_print_markdown};
    RecordFacts facts = {.field_count = 0};
    (void)state;
    read_facts(&facts);
    for (size_t i = 0; i < ARRAY_LEN(PRINTS); i++) {
        Record record = {.style = RECORD_NONE};
        StrBuf text = {0};
        assert_int_equal(record_read(&record, &facts, sv(HOSTILE), "\x1b[1m", NOW_NS, NULL),
                         RECORD_FOUND);
        PRINTS[i](&record, true, &text);
        assert_null(strchr(text.ptr, '\x1b'));
        assert_null(strchr(text.ptr, '\a'));
        assert_null(strstr(text.ptr, "\xE2\x80\xAE"));
        record_done(&record);
        strbuf_done(&text);
    }
    record_facts_done(&facts);
}

static void test_bounds(void **state)
{
    RecordFacts facts = {.field_count = 0};
    Record record = {.style = RECORD_NONE};
    Err err = err_none();
    StrBuf text = {0};
    (void)state;
    read_facts(&facts);
    strbuf_add_str(&text, "{\"url\": \"https://a.b/c\", \"skip_setup_items\": [\"x\"");
    for (int i = 0; i < RECORD_MAX_ITEMS; i++) {
        strbuf_printf(&text, ", \"k%d\"", i);
    }
    strbuf_add_str(&text, "]}");
    assert_int_equal(record_read(&record, &facts, strbuf_view(&text), "f", NOW_NS, &err),
                     RECORD_FOUND);
    assert_int_equal(record.skip_count, RECORD_MAX_ITEMS);
    assert_true(finds(&facts, text.ptr, "of 1001 items the first 1000"));
    record_done(&record);
    strbuf_clear(&text);
    strbuf_add_str(&text, "{ConfigurationURL = a;");
    for (int i = 0; i < RECORD_MAX_VALUES; i++) {
        strbuf_printf(&text, "k%d = 1;", i);
    }
    strbuf_add_str(&text, "}");
    assert_int_equal(record_read(&record, &facts, strbuf_view(&text), "f", NOW_NS, &err),
                     RECORD_BROKEN);
    assert_string_equal(err.text, "f: more than 5000 fields");
    record_done(&record);
    strbuf_done(&text);
    record_facts_done(&facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_each_check_fires),
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_json_is_json),
        cmocka_unit_test(test_flags_in_words),
        cmocka_unit_test(test_stored_answers),
        cmocka_unit_test(test_text_is_narrow),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
