/*
 * Tests of the rules of redaction: the examples beside each rule in redactions.json, the tables of
 * what is to be found and what is to be left alone in tests/data/redaction, the user's own rules,
 * and that nothing crashes or is let through when a pattern gives up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/node.h"
#include "filters/redact_decode.h"
#include "filters/redact_rules.h"
#include "filters/redact_sieve.h"

#define RULES_MIN 35
#define FOUND_FILE "tests/data/redaction/found.txt"
#define SPARED_FILE "tests/data/redaction/spared.txt"
#define HARMLESS_FILE "tests/data/redaction/harmless.txt"
#define HARMLESS_MIN 300

static RedactRules *new_rules(void)
{
    Err err = err_none();
    RedactRules *rules = redact_rules_new(NULL, &err);
    if (rules == NULL) {
        fail_msg("%s", err.text);
    }
    return rules;
}

/* Adds to `hits` what is found in all layers of `text`, without the places. */
static void find_in_layers(RedactRules *rules, StrView text, RedactHits *hits)
{
    RedactLayer layers[REDACT_LAYERS_MAX] = {{.from = NULL}};
    const RedactLayer *below = NULL;
    StrView view = text;
    for (size_t i = 0; i <= REDACT_LAYERS_MAX; i++) {
        bool is_encoded = redact_rules_find(rules, view, hits);
        if (!is_encoded || i == REDACT_LAYERS_MAX || !redact_decode(&layers[i], view, below)) {
            break;
        }
        below = &layers[i];
        view = strbuf_view(&layers[i].text);
    }
    for (size_t i = 0; i < REDACT_LAYERS_MAX; i++) {
        redact_layer_done(&layers[i]);
    }
}

static bool is_found_by(RedactRules *rules, StrView text, StrView id)
{
    RedactHits hits = {.items = NULL};
    bool is_found = false;
    find_in_layers(rules, text, &hits);
    for (size_t i = 0; i < hits.count; i++) {
        is_found |=
            !hits.items[i].is_kept && sv_equal(redact_rules_get(rules, hits.items[i].rule)->id, id);
    }
    redact_hits_done(&hits);
    return is_found;
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

/* --- the data -------------------------------------------------------------------------------- */

static void each_rule_finds_its_examples(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    StrBuf text = {0};
    Arena arena = {0};
    assert_true(embed_read("filters/redactions.json", &text));
    const Node *root = node_read(&arena, strbuf_view(&text), "redactions.json", NULL);
    const Node *list = node_find(root, "rules");
    assert_true(redact_rules_count(rules) >= RULES_MIN);
    assert_int_equal(redact_rules_count(rules), list->count);
    int missed = 0;
    for (const Node *rule = list->first; rule != NULL; rule = rule->next) {
        StrView id = node_text(rule, "id");
        const Node *examples = node_find(rule, "examples");
        assert_true(redact_rules_switch(rules, id, true));
        assert_true(examples != NULL && examples->count > 0);
        for (const Node *example = examples->first; example != NULL; example = example->next) {
            if (!is_found_by(rules, example->text, id)) {
                print_error("%.*s does not find '%.*s'\n", SV_ARG(id), SV_ARG(example->text));
                missed++;
            }
        }
    }
    assert_int_equal(missed, 0);
    arena_done(&arena);
    strbuf_done(&text);
    redact_rules_free(rules);
}

/* What the reference on enrolments has, in the order in which it wants it asked. */
static const struct {
    const char *id;
    const char *example;
} REFERENCE[] = {
    /* clang-format off */
    {"auth-header", "AuthHeader: Bearer abcdef0123456789"},
    {"jwt", "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl"},
    {"secret-kv", "PushMagic = \"10B5E72B-ACB6-40DE-DFE2-3051F5B407EE\";"},
    {"wifi-password", "found wifi password: hunter2"},
    {"push-payload", "with payload '{mdm=10B5E72B}'"},
    {"device-token", "<8a2f9c1d 4b7e0a33 11223344 55667788 99aabbcc ddeeff00 11223344 55667788>"},
    {"plist-data", "<data>a68O3jkya2ToAqkkNyouokBI+9CITIkLbY1Q1ySx8ls=</data>"},
    {"pem", "-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----"},
    {"data-blob", "{length = 32, bytes = 0x6baf0ede 39326b64 ... b1f24b1f25b }"},
    {"url-query", "https://mdm.example.com/enroll?token=abc&serial=C02"},
    {"url-userinfo", "https://user:pw@host/"},
    {"mdm-url", "https://tenant.jamfcloud.com/scep/CHALLENGE"},
    {"mgmt-topic", "com.apple.mgmt.External.e3b8ceac-1f18-2c8e-8a63-dd17d99435d9"},
    {"uuid", "3fb48527-9aaa-492d-94fc-efd999d812a3"},
    {"udid-silicon", "00008103-001A2B3C4D5E001E"},
    {"serial-kv", "SerialNumber = C02ABC123DEF;"},
    {"serial", "C02ABC123DEF"},
    {"imei-meid", "IMEI = 35 209900 176148 1;"},
    {"ecid", "ECID: 0x1A2B3C4D5E001E"},
    {"mac-address", "a4:83:e7:01:02:03"},
    {"ipv4", "10.20.30.40"},
    {"ipv6", "fe80::1c2a:3b4c:5d6e:7f80"},
    {"email", "admin@example.com"},
    {"user-path", "/Users/jappleseed/Library"},
    {"user-kv", "UserLongName = \"Johnny Appleseed\";"},
    {"user-channel", "Processing server request: ProfileList for: <User: 506>"},
    {"ssid", "Error: -3905 when adding network with SSID: Corp Wi-Fi"},
    {"hostname-local", "Jappleseeds-MacBook-Pro.local"},
    {"device-name", "DeviceName = \"Johnny's Mac\";"},
    {"org-kv", "OrganizationName = \"Example GmbH\";"},
    {"cert-subject", "CN=Johnny Mac,O=Example"},
    {"phone", "OrganizationPhone = +49 30 1234567;"},
    {"sas-token", "https://blob/x.pkg?sig=abc%3D&se=2024"},
    {"long-hex", "9f86d081884c7d659a2feaa0c55ad015"},
    {"long-base64", "a68O3jkya2ToAqkkNyouokBI9CITIkLbY1Q1ySx8lsAB=="},
    /* clang-format on */
};

static void the_rules_of_the_reference_are_there_in_its_order(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    size_t at = 0;
    assert_int_equal(ARRAY_LEN(REFERENCE), RULES_MIN);
    (void)redact_rules_switch(rules, SV("user-channel"), true);
    for (size_t i = 0; i < ARRAY_LEN(REFERENCE); i++) {
        while (at < redact_rules_count(rules) &&
               !sv_equal(redact_rules_get(rules, at)->id, sv(REFERENCE[i].id))) {
            at++;
        }
        if (at == redact_rules_count(rules)) {
            fail_msg("%s is not there, or before what it should follow", REFERENCE[i].id);
        }
        if (!is_found_by(rules, sv(REFERENCE[i].example), sv(REFERENCE[i].id))) {
            fail_msg("%s does not find '%s'", REFERENCE[i].id, REFERENCE[i].example);
        }
    }
    redact_rules_free(rules);
}

static void ids_are_unique(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    for (size_t i = 0; i < redact_rules_count(rules); i++) {
        for (size_t j = 0; j < i; j++) {
            assert_false(sv_equal(redact_rules_get(rules, i)->id, redact_rules_get(rules, j)->id));
        }
    }
    redact_rules_free(rules);
}

static void each_rule_is_in_the_manual(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    StrBuf page = read_file("doc/redaction.md");
    for (size_t i = 0; i < redact_rules_count(rules); i++) {
        const RedactRule *rule = redact_rules_get(rules, i);
        StrBuf row = {0};
        strbuf_printf(&row, "\n| `%.*s` | %.*s", SV_ARG(rule->id), SV_ARG(rule->title));
        if (sv_find(strbuf_view(&page), strbuf_view(&row)) == SIZE_MAX) {
            fail_msg("doc/redaction.md has no row%s", row.ptr);
        }
        strbuf_done(&row);
    }
    strbuf_done(&page);
    redact_rules_free(rules);
}

/* A row: the id of a rule, a tab, a text; the value that must be within something found stands
 * between « and ». */
static bool check_row(RedactRules *rules, StrView row, int number)
{
    size_t tab = sv_find_char(row, '\t');
    StrView id = sv_slice(row, 0, tab);
    StrView marked = sv_slice(row, tab + 1, SIZE_MAX);
    size_t open = sv_find(marked, SV("«"));
    size_t close = sv_find(marked, SV("»"));
    assert_true(open != SIZE_MAX && close != SIZE_MAX);
    StrBuf text = {0};
    strbuf_add(&text, sv_slice(marked, 0, open));
    strbuf_add(&text, sv_slice(marked, open + 2, close - open - 2));
    strbuf_add(&text, sv_slice(marked, close + 2, SIZE_MAX));
    size_t start = open;
    size_t end = close - 2;
    RedactHits hits = {.items = NULL};
    (void)redact_rules_find(rules, strbuf_view(&text), &hits);
    bool is_good = false;
    for (size_t i = 0; i < hits.count; i++) {
        const RedactHit *hit = &hits.items[i];
        is_good |= hit->start == start && hit->end == end &&
                   sv_equal(redact_rules_get(rules, hit->rule)->id, id);
    }
    if (!is_good) {
        print_error("%s:%d: %.*s does not find exactly that in '%s'\n", FOUND_FILE, number,
                    SV_ARG(id), text.ptr);
        for (size_t i = 0; i < hits.count; i++) {
            StrView found = sv_slice(strbuf_view(&text), hits.items[i].start,
                                     hits.items[i].end - hits.items[i].start);
            print_error("    %.*s: '%.*s'\n",
                        SV_ARG(redact_rules_get(rules, hits.items[i].rule)->id), SV_ARG(found));
        }
    }
    redact_hits_done(&hits);
    strbuf_done(&text);
    return is_good;
}

static void finds_what_is_marked(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    (void)redact_rules_switch(rules, SV("user-channel"), true);
    StrBuf text = read_file(FOUND_FILE);
    StrView rest = strbuf_view(&text);
    StrView row;
    int missed = 0;
    for (int number = 1; sv_next_line(&rest, &row); number++) {
        if (row.len > 0 && row.ptr[0] != '#') {
            missed += !check_row(rules, row, number);
        }
    }
    assert_int_equal(missed, 0);
    strbuf_done(&text);
    redact_rules_free(rules);
}

/* Rows of RULE <tab> TEXT, in which the rule finds nothing. */
static void each_rule_spares_its_look_alikes(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    StrBuf text = read_file(SPARED_FILE);
    StrView rest = strbuf_view(&text);
    StrView row;
    int wrong = 0;
    (void)redact_rules_switch(rules, SV("user-channel"), true);
    for (int number = 1; sv_next_line(&rest, &row); number++) {
        size_t tab = sv_find_char(row, '\t');
        if (row.len == 0 || row.ptr[0] == '#') {
            continue;
        }
        assert_true(tab != SIZE_MAX);
        if (is_found_by(rules, sv_slice(row, tab + 1, SIZE_MAX), sv_slice(row, 0, tab))) {
            print_error("%s:%d: %.*s\n", SPARED_FILE, number, SV_ARG(row));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    strbuf_done(&text);
    redact_rules_free(rules);
}

static bool has_row_of(const char *path, StrView id)
{
    StrBuf text = read_file(path);
    StrBuf start = {0};
    strbuf_printf(&start, "\n%.*s\t", SV_ARG(id));
    bool has_row = sv_find(strbuf_view(&text), strbuf_view(&start)) != SIZE_MAX;
    strbuf_done(&start);
    strbuf_done(&text);
    return has_row;
}

static void each_rule_has_examples_of_both(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    for (size_t i = 0; i < redact_rules_count(rules); i++) {
        StrView id = redact_rules_get(rules, i)->id;
        if (!has_row_of(FOUND_FILE, id) || !has_row_of(SPARED_FILE, id)) {
            fail_msg("%.*s lacks a row in %s or %s", SV_ARG(id), FOUND_FILE, SPARED_FILE);
        }
    }
    redact_rules_free(rules);
}

/* Dictionaries of many lines are one entry: the value may stand on the line after its key. */
static void values_on_further_lines_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *id;
    } ROWS[] = {
        {"{\n    OrganizationName = \"Example GmbH\";\n    PushMagic = \"a-1\";\n}", "org-kv"},
        {"{\n    PushMagic =\n        \"a-1\";\n}", "secret-kv"},
        {"<key>UnlockToken</key>\n\t<data>\n\tc2VjcmV0\n\t</data>", "secret-kv"},
        {"<key>SerialNumber</key>\r\n  <string>C02ABC123DEF</string>", "serial-kv"},
        {"Subject: x\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "pem"},
    };
    RedactRules *rules = new_rules();
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        if (!is_found_by(rules, sv(ROWS[i].text), sv(ROWS[i].id))) {
            fail_msg("%s finds nothing in %s", ROWS[i].id, ROWS[i].text);
        }
    }
    redact_rules_free(rules);
}

/* A value that spreads is masked wherever it stands: a header's too, but no word and no PIN. */
static void only_what_is_telling_spreads(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *id;
        bool spreads;
    } ROWS[] = {
        {"Authorization: Bearer abcdef0123456789", "auth-header", true},
        {"Authorization: Basic YWRtaW46aHVudGVyMg==", "auth-header", true},
        {"the bearer token is abcdef0123456789", "secret-said", true},
        {"BearerToken abcdef0123456789", "secret-next", true},
        {"password = \"correct horse\"", "secret-kv", true},
        {"pushMagic = correcthorsebattery", "secret-kv", true},
        {"Password: hunter2", "secret-kv", true},
        {"Authorization: Custom 0a1b2c3d", "auth-header", true},
        {"Authorization: Custom 0a1b2c3d", "secret-kv", false},
        {"token: renewal", "secret-kv", false},
        {"escrowKey: Authenticating", "secret-kv", false},
        {"passcode = 4711", "secret-kv", false},
        {"passcode is 4711", "secret-said", false},
        {"SerialNumber = C02ABC123DEF", "serial-kv", true},
        {"UserShortName = anna", "user-kv", true},
    };
    RedactRules *rules = new_rules();
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        RedactHits hits = {.items = NULL};
        bool is_found = false, spreads = false;
        (void)redact_rules_find(rules, sv(ROWS[i].text), &hits);
        for (size_t j = 0; j < hits.count; j++) {
            if (sv_equal(redact_rules_get(rules, hits.items[j].rule)->id, sv(ROWS[i].id))) {
                is_found = true;
                spreads |= hits.items[j].spreads;
            }
        }
        if (!is_found || spreads != ROWS[i].spreads) {
            fail_msg("%s: '%s' %s", ROWS[i].id, ROWS[i].text,
                     !is_found ? "is not found"
                     : spreads ? "spreads"
                               : "does not spread");
        }
        redact_hits_done(&hits);
    }
    redact_rules_free(rules);
}

static void leaves_the_harmless_alone(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    StrBuf text = read_file(HARMLESS_FILE);
    StrView rest = strbuf_view(&text);
    StrView row;
    int rows = 0, wrong = 0;
    for (int number = 1; sv_next_line(&rest, &row); number++) {
        if (row.len == 0 || row.ptr[0] == '#') {
            continue;
        }
        RedactHits hits = {.items = NULL};
        find_in_layers(rules, row, &hits);
        for (size_t i = 0; i < hits.count; i++) {
            print_error("%s:%d: %.*s takes something in '%.*s'\n", HARMLESS_FILE, number,
                        SV_ARG(redact_rules_get(rules, hits.items[i].rule)->id), SV_ARG(row));
        }
        wrong += hits.count > 0;
        rows++;
        redact_hits_done(&hits);
    }
    assert_int_equal(wrong, 0);
    assert_true(rows >= HARMLESS_MIN);
    strbuf_done(&text);
    redact_rules_free(rules);
}

/* --- what the user says ------------------------------------------------------------------------
 */

static void own_rules_are_asked(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    Err err = err_none();
    assert_true(redact_rules_add(rules, SV("asset"), SV("asset"), SV("AT-[0-9]{6}"), &err));
    assert_true(redact_rules_add(rules, SV("room"), SV("room"),
                                 SV("room (?<room>[A-Z][0-9]+) of (?<site>\\w+)"), &err));
    RedactHits hits = {.items = NULL};
    (void)redact_rules_find(rules, SV("AT-123456 in room B12 of Berlin"), &hits);
    assert_int_equal(hits.count, 3);
    assert_true(sv_equal(hits.items[0].kind, SV("asset")));
    assert_int_equal(hits.items[0].end, 9);
    assert_true(sv_equal(hits.items[1].kind, SV("room")));
    assert_true(sv_equal(hits.items[2].kind, SV("site")));
    assert_int_equal(hits.items[2].start, 25);
    redact_hits_done(&hits);
    redact_rules_free(rules);
}

static void faulty_own_rules_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        const char *pattern;
        const char *message;
    } ROWS[] = {
        {"asset", "AT-[0-9", "missing"},
        {"asset", "", "1 to 4096 bytes"},
        {"two words", "x", "no name for a placeholder"},
        {"", "x", "has no name"},
        {"9", "x", "no name for a placeholder"},
    };
    RedactRules *rules = new_rules();
    size_t count = redact_rules_count(rules);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Err err = err_none();
        assert_false(redact_rules_add(rules, SV("x"), sv(ROWS[i].kind), sv(ROWS[i].pattern), &err));
        if (strstr(err.text, ROWS[i].message) == NULL) {
            fail_msg("'%s' is not in '%s'", ROWS[i].message, err.text);
        }
    }
    assert_int_equal(redact_rules_count(rules), count);
    redact_rules_free(rules);
}

static void kept_values_stay(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    assert_true(is_found_by(rules, SV("serial C02ABC123DEF"), SV("serial")));
    assert_true(redact_rules_keep(rules, SV("c02abc123def")));
    assert_false(is_found_by(rules, SV("serial C02ABC123DEF"), SV("serial")));
    assert_true(is_found_by(rules, SV("https://mdm.corp.example/x"), SV("mdm-url")));
    assert_true(redact_rules_keep(rules, SV("*.corp.example")));
    assert_false(is_found_by(rules, SV("https://mdm.corp.example/x"), SV("mdm-url")));
    assert_true(is_found_by(rules, SV("https://mdm.mycorp.example/x"), SV("mdm-url")));
    redact_rules_free(rules);
}

static void only_whole_marks_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        bool is_kept;
    } ROWS[] = {
        {"<private>", true},
        {"<<private>>", true},
        {"<private> <private>", true},
        {"<private>, <private>.", true},
        {"<redacted>", true},
        {"<sensitive>", true},
        {"<mask.hash: 'q7aB+/=='>", true},
        {"<mask.hash: (null)>", true},
        {"<mask.hash: 'q7aB==", true}, /* cut at the quotation mark within it */
        {"<serial-1>", true},
        {"<device-name-12>", true},
        {"<user-1> <user-2>", true},
        {"%@", true},
        {"%ld", true},
        {"%.*s", true},
        {"%{public}@", true},
        {"%{public", true},
        {"%{private, mask.hash}@", true},
        {"%{public,uuid_t}.16P", true},
        {"<private>hunter2", false},
        {"hunter2<private>", false},
        {"<private>ü", false},
        {"<private> and hunter2", false},
        {"<private: hunter2>", false},
        {"<privateer>", false},
        {"<x>hunter2", false},
        {"<x>", false},
        {"<mask.hash: 'q7aB=='> hunter2", false},
        {"<maskhunter2>", false},
        {"<mask.hash: my own: secret!>", false},
        {"<redacted by hunter2>", false},
        {"<serial-1>C02ABC123DEF", false},
        {"<C02-1>", false},
        {"<-1>", false},
        {"<serial-1", true},
        {"%", false},
        {"%{public}hunter2", false},
        {"%{public,hunter!2", false},
        {"%{hunter2}@", false},
        {"%12345678901d", false},
        {"%hunter2", false},
        {"<>", false},
        {"<", false},
        {"<private", true},
    };
    RedactRules *rules = new_rules();
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        if (redact_rules_is_kept(rules, sv(ROWS[i].value)) != ROWS[i].is_kept) {
            fail_msg("'%s' %s", ROWS[i].value, ROWS[i].is_kept ? "is masked" : "is kept");
        }
    }
    redact_rules_free(rules);
}

static void rules_can_be_switched(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    StrView text = SV("for: <User: 506> reason");
    assert_false(is_found_by(rules, text, SV("user-channel")));
    assert_true(redact_rules_switch(rules, SV("user-channel"), true));
    assert_true(is_found_by(rules, text, SV("user-channel")));
    assert_true(redact_rules_switch(rules, SV("user-channel"), false));
    assert_false(is_found_by(rules, text, SV("user-channel")));
    assert_false(redact_rules_switch(rules, SV("no-such-rule"), true));
    redact_rules_free(rules);
}

/* --- limits ------------------------------------------------------------------------------------
 */

static void a_rule_that_gives_up_says_so(void **state)
{
    (void)state;
    RedactRules *rules = new_rules();
    assert_true(redact_rules_add(rules, SV("slow"), SV("slow"), SV("(a+)+$"), NULL));
    RedactHits hits = {.items = NULL};
    (void)redact_rules_find(rules, SV("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), &hits);
    assert_true(hits.has_stopped);
    redact_hits_clear(&hits);
    assert_false(hits.has_stopped);
    (void)redact_rules_find(rules, SV("aab"), &hits);
    assert_false(hits.has_stopped);
    redact_hits_done(&hits);
    redact_rules_free(rules);
}

/* The sieve must let through whatever a rule would find: rules without it find the same. */
static void the_sieve_loses_nothing(void **state)
{
    (void)state;
    StrBuf json = {0};
    StrBuf bare = {0};
    assert_true(embed_read("filters/redactions.json", &json));
    StrView rest = strbuf_view(&json);
    while (rest.len > 0) { /* "words" and "shapes" become members that nobody reads */
        static const char *const NAMES[] = {
            "\"words\": ", "\"shapes\": ", "\"keys\": ", "\"tails\": "};
        size_t len = 0;
        for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
            if (sv_starts(rest, sv(NAMES[i]))) {
                len = strlen(NAMES[i]);
                strbuf_printf(&bare, "\"unread %zu\": ", i);
            }
        }
        strbuf_add(&bare, sv_slice(rest, 0, len > 0 ? 0 : 1));
        rest = sv_slice(rest, len > 0 ? len : 1, SIZE_MAX);
    }
    Err err = err_none();
    RedactRules *sieved = new_rules();
    RedactRules *all = redact_rules_read(strbuf_view(&bare), "bare", &err);
    if (all == NULL) {
        fail_msg("%s", err.text);
    }
    static const char *const FILES[] = {FOUND_FILE, HARMLESS_FILE, "session/demo.ndjson",
                                        "tests/data/redaction/traps.txt",
                                        "tests/data/redaction/secrets.txt"};
    for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
        StrBuf text = read_file(FILES[i]);
        StrView lines = strbuf_view(&text);
        StrView line;
        while (sv_next_line(&lines, &line)) {
            RedactHits some = {.items = NULL};
            RedactHits every = {.items = NULL};
            (void)redact_rules_find(sieved, line, &some);
            (void)redact_rules_find(all, line, &every);
            if (some.count != every.count) {
                for (size_t j = 0; j < every.count; j++) {
                    print_error("%.*s ", SV_ARG(redact_rules_get(all, every.items[j].rule)->id));
                }
                fail_msg("%zu found, %zu with the sieve: %.*s", every.count, some.count,
                         SV_ARG(line));
            }
            redact_hits_done(&some);
            redact_hits_done(&every);
        }
        strbuf_done(&text);
    }
    redact_rules_free(sieved);
    redact_rules_free(all);
    strbuf_done(&json);
    strbuf_done(&bare);
}

static void faulty_rules_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } ROWS[] = {
        {"{", "bad:1"},
        {"{}", "there are no rules"},
        {"{\"rules\":[{\"title\":\"x\",\"regex\":\"x\"}]}", "without id"},
        {"{\"rules\":[{\"id\":\"a\",\"title\":\"x\",\"regex\":\"(\"}]}", "'a'"},
        {"{\"rules\":[{\"id\":\"a\",\"title\":\"x\",\"regex\":\"{{no}}\"}]}", "no part 'no'"},
        {"{\"rules\":[{\"id\":\"a\",\"title\":\"x\",\"regex\":\"x\",\"check\":\"y\"}]}",
         "no check 'y'"},
        {"{\"rules\":[{\"id\":\"a\",\"title\":\"x\",\"regex\":\"x\",\"shapes\":[\"y\"]}]}",
         "no shape 'y'"},
        {"{\"rules\":[{\"id\":\"a\",\"title\":\"x\",\"regex\":\"x\",\"words\":[\"y\"]}]}",
         "no word"},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Err err = err_none();
        assert_null(redact_rules_read(sv(ROWS[i].text), "bad", &err));
        if (strstr(err.text, ROWS[i].message) == NULL) {
            fail_msg("'%s' is not in '%s'", ROWS[i].message, err.text);
        }
    }
}

/* --- decoding ------------------------------------------------------------------------------------
 */

static void layers_know_where_they_came_from(void **state)
{
    (void)state;
    RedactLayer one = {.from = NULL};
    RedactLayer two = {.from = NULL};
    StrView text = SV("a%2541\\u00fcb&amp;c");
    assert_true(redact_decode(&one, text, NULL));
    assert_true(sv_equal(strbuf_view(&one.text), SV("a%41üb&c")));
    assert_true(redact_decode(&two, strbuf_view(&one.text), &one));
    assert_true(sv_equal(strbuf_view(&two.text), SV("aAüb&c")));
    assert_int_equal(two.from[1], 1);  /* A */
    assert_int_equal(two.from[2], 6);  /* ü */
    assert_int_equal(two.from[4], 12); /* b */
    assert_int_equal(two.from[5], 13); /* & */
    assert_int_equal(two.from[6], 18); /* c */
    assert_int_equal(two.from[7], text.len);
    assert_false(redact_decode(&one, SV("100% of \\ & nothing"), NULL));
    redact_layer_done(&one);
    redact_layer_done(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_finds_its_examples),
        cmocka_unit_test(the_rules_of_the_reference_are_there_in_its_order),
        cmocka_unit_test(ids_are_unique),
        cmocka_unit_test(each_rule_is_in_the_manual),
        cmocka_unit_test(finds_what_is_marked),
        cmocka_unit_test(each_rule_spares_its_look_alikes),
        cmocka_unit_test(each_rule_has_examples_of_both),
        cmocka_unit_test(values_on_further_lines_are_found),
        cmocka_unit_test(only_what_is_telling_spreads),
        cmocka_unit_test(leaves_the_harmless_alone),
        cmocka_unit_test(own_rules_are_asked),
        cmocka_unit_test(faulty_own_rules_are_refused),
        cmocka_unit_test(kept_values_stay),
        cmocka_unit_test(only_whole_marks_are_kept),
        cmocka_unit_test(rules_can_be_switched),
        cmocka_unit_test(a_rule_that_gives_up_says_so),
        cmocka_unit_test(the_sieve_loses_nothing),
        cmocka_unit_test(faulty_rules_are_refused),
        cmocka_unit_test(layers_know_where_they_came_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
