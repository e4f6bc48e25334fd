/*
 * Tests of completion: texts with '|' as the cursor, what is replaced, and the first of what is
 * offered; then the counts, the limits and how long a full ring takes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "filters/predicate.h"
#include "session/completion.h"
#include "tests/session/rows.h"

typedef struct Sample {
    const char *process;
    const char *subsystem;
    const char *category;
    Level level;
    uint64_t pid;
    int times;
} Sample;

static const Sample SAMPLES[] = {
    {"mdmclient", "com.apple.ManagedClient", "HTTPUtil", LEVEL_DEFAULT, 412, 7},
    {"teslad", "com.apple.CloudConfigurationDaemon", "say \"hi\"", LEVEL_ERROR, 77, 5},
    {"Setup Assistant", "com.apple.SetupAssistant", "HTTPUtil", LEVEL_INFO, 90, 3},
    {"Größe", NULL, NULL, LEVEL_DEFAULT, 1200, 1},
    {"kernel", NULL, NULL, LEVEL_DEFAULT, 0, 2},
};

static Store *fill_store(void)
{
    Store *store = store_new(8 * MIB);
    int64_t time = ROWS_START;
    for (size_t i = 0; i < ARRAY_LEN(SAMPLES); i++) {
        for (int k = 0; k < SAMPLES[i].times; k++) {
            Entry entry = rows_entry(SAMPLES[i].process, "message", time++);
            entry.subsystem = sv(SAMPLES[i].subsystem);
            entry.category = sv(SAMPLES[i].category);
            entry.level = SAMPLES[i].level;
            entry.pid = SAMPLES[i].pid;
            entry.thread = 0xab0 + i;
            entry.present = HAS_PID | HAS_THREAD;
            (void)store_push(store, &entry);
        }
    }
    (void)rows_push_notice(store, "dropped", time);
    return store;
}

static Presets read_presets(void)
{
    Presets presets = {.count = 0};
    Preset push = {.name = SV("push-traffic"),
                   .predicate = SV("process == \"apsd\""),
                   .about = SV("does a push arrive?")};
    Err err = err_none();
    assert_true(presets_put(&presets, &push, &err));
    return presets;
}

typedef struct Row {
    const char *text;  /* '|' = the cursor */
    const char *word;  /* what is replaced */
    const char *items; /* the first ones, with '~' between them; "" = nothing at all fits */
} Row;

static const Row ROWS[] = {
    /* keys */
    {"|", "", "composedMessage~logType~type~process~processImagePath"},
    {"  |", "", "composedMessage~logType"},
    {"proc|", "proc", "process~processImagePath~processIdentifier~processImageUUID"},
    {"PROC|", "PROC", "process~processImagePath"},
    {"pr|ocess", "process", "process~processImagePath"},
    {"eventMess|", "eventMess", "eventMessage"},
    {"messageT|", "messageT", "messageType"},
    {"system|", "system", "subsystem"},
    {"image|", "image", "processImagePath~processImageUUID"},
    {"#siz|", "#siz", "#size"},
    {"siz|", "siz", "#size"},
    {"zzz|", "zzz", ""},
    {"process == \"a\" AND sub|", "sub", "subsystem"},
    {"process == \"a\" and sub|", "sub", "subsystem"},
    {"process == \"a\" || cat|", "cat", "category"},
    {"(sub|", "sub", "subsystem"},
    {"NOT (sub|", "sub", "subsystem"},
    {"!sub|", "sub", "subsystem"},
    {"NOT |", "", "composedMessage"},
    {"TRUEP|", "TRUEP", "TRUEPREDICATE"},
    {"process == \"a\" AND |sub == \"x\"", "", "composedMessage"},
    {"process == \"a\" AND s|ub == \"x\"", "sub", "sender~senderImagePath"},
    /* presets */
    {"push|", "push", "process == \"apsd\""},
    {"traffic|", "traffic", "process == \"apsd\""},
    {"NOT push|", "push", ""},
    {"push| AND x", "push", ""},
    /* operators */
    {"process |", "", "==~!=~CONTAINS~CONTAINS[c]~BEGINSWITH"},
    {"process =|", "=", "==~==[c]"},
    {"process !|", "!", "!="},
    {"process c|", "c", "CONTAINS~CONTAINS[c]"},
    {"process WITH|", "WITH", "BEGINSWITH~BEGINSWITH[c]~ENDSWITH~ENDSWITH[c]"},
    {"processID |", "", "==~!=~<~<=~>~>=~IN~BETWEEN"},
    {"messageType |", "", "==~!=~<~<=~>~>=~IN"},
    {"date |", "", "==~!=~<~<=~>~>=~BETWEEN"},
    {"bootUUID |", "", "==~!=~IN"},
    {"process con|t", "cont", "CONTAINS~CONTAINS[c]"},
    {"nokey |", "", "==~!=~CONTAINS"},
    {"process CONTAINS[|", "[", "[c]~[cd]~[d]~[n]"},
    {"process CONTAINS[c|", "[c", "[c]~[cd]"},
    {"process | \"a\"", "", "==~!="},
    /* values */
    {"process == |", "", "\"mdmclient\"~\"teslad\"~\"Setup Assistant\"~\"kernel\"~\"Größe\"~nil"},
    {"process ==|", "", " \"mdmclient\"~ \"teslad\""},
    {"process CONTAINS[c] |", "", "\"mdmclient\"~\"teslad\""},
    {"process == \"|", "\"", "\"mdmclient\"~\"teslad\"~\"Setup Assistant\"~\"kernel\"~\"Größe\""},
    {"process == \"t|", "\"t", "\"teslad\"~\"mdmclient\"~\"Setup Assistant\""},
    {"process == \"Setup A|", "\"Setup A", "\"Setup Assistant\""},
    {"process == 'setup a|", "'setup a", "\"Setup Assistant\""},
    {"process == \"GRÖS|", "\"GRÖS", "\"Größe\""},
    {"process == te|", "te", "\"teslad\""},
    {"subsystem == \"com.apple.Ma|", "\"com.apple.Ma", "\"com.apple.ManagedClient\""},
    {"subsystem == \"|", "\"",
     "\"com.apple.ManagedClient\"~\"com.apple.CloudConfigurationDaemon\""},
    {"subsystem == \"com.apple.Ma| AND process == \"x\"", "\"com.apple.Ma",
     "\"com.apple.ManagedClient\""},
    {"subsystem == \"com.|apple.x\" AND process == \"x\"", "\"com.apple.x\"",
     "\"com.apple.ManagedClient\""},
    {"subsystem == \"com.|apple.x", "\"com.apple.x", "\"com.apple.ManagedClient\""},
    {"category == \"say \\\"|", "\"say \\\"", "\"say \\\"hi\\\"\""},
    {"category == \"say \\|", "\"say \\", "\"say \\\"hi\\\"\""},
    {"category == \"ht|", "\"ht", "\"HTTPUtil\""},
    {"process == \"teslad\"|", "", " AND~ OR"},
    {"process == \"nothing|", "\"nothing", ""},
    {"eventMessage CONTAINS \"|", "\"", ""},
    {"processID == |", "", "412~77~90~0~1200~nil"},
    {"processID == 1|", "1", "1200~412"},
    {"threadIdentifier == 0xab|", "0xab", "0xab0~0xab1~0xab2~0xab4~0xab3"},
    {"messageType == |", "", "default~error~info~debug~fault~nil"},
    {"messageType == er|", "er", "error"},
    {"messageType == \"er|", "\"er", "\"error\""},
    {"eventType == |", "", "logEvent"},
    {"signpostType == |", "", "begin~end~event~nil"},
    {"nokey == |", "", ""},
    {"\"mdmclient\" == |", "", "composedMessage~logType"},
    {"\"mdmclient\" == proc|", "proc", "process"},
    /* lists */
    {"process IN |", "", "{"},
    {"processID BETWEEN |", "", "{"},
    {"process IN {|", "", "\"mdmclient\"~\"teslad\""},
    {"process IN { \"te|", "\"te", "\"teslad\""},
    {"process IN {\"a\", |", "", "\"mdmclient\"~\"teslad\""},
    {"process IN {\"a\",|", "", " \"mdmclient\"~ \"teslad\""},
    {"process IN {\"a\" |", "", ",~}"},
    {"process IN {\"a\"|", "", ",~}"},
    {"process IN {\"a\", \"t|}", "\"t", "\"teslad\"~\"mdmclient\""},
    {"messageType IN {|", "", "0~16~1~2~17"},
    {"messageType IN {er|", "er", "16"},
    {"messageType IN {1|", "1", "16~1~17"},
    {"process IN {\"a\"} |", "", "AND~OR"},
    /* logic */
    {"process == \"a\" |", "", "AND~OR"},
    {"process == \"a\" a|", "a", "AND"},
    {"process == \"a\" x|", "x", ""},
    {"(process == \"a\" |", "", "AND~OR~)"},
    {"(process == \"a\") |", "", "AND~OR"},
    {"(process == \"a\"|", "", " AND~ OR~)"},
    {"TRUEPREDICATE |", "", "AND~OR"},
    {"processID == -1 |", "", "AND~OR"},
    /* what cannot be followed, and where it can be again */
    {"process process |", "", ""},
    {"process == \"a\" \"b\" |", "", ""},
    {"process == \"a\" \"b\" AND sub|", "sub", "subsystem"},
    {"process \xE2\x80\x9C |", "", ""},
    {"] |", "", ""},
    /* all of it is there */
    {"subsystem|", "subsystem", ""},
    {"process == \"teslad|\"", "\"teslad\"", ""},
};

static void join_items(const Completions *found, size_t max, StrBuf *buf)
{
    for (size_t i = 0; i < found->count && i < max; i++) {
        strbuf_add_str(buf, i > 0 ? "~" : "");
        strbuf_add(buf, found->items[i].text);
    }
}

static size_t count_items(const char *items)
{
    size_t count = items[0] != '\0';
    for (const char *at = items; *at != '\0'; at++) {
        count += *at == '~';
    }
    return count;
}

static bool check_row(const Row *row, const Store *store, const Presets *presets)
{
    StrBuf text = {0}, items = {0};
    Completions found = {.count = 0};
    size_t cursor = (size_t)(strchr(row->text, '|') - row->text);
    if (strstr(row->text, "||") != NULL) { /* an operator, no cursor */
        cursor = (size_t)(strrchr(row->text, '|') - row->text);
    }
    strbuf_add(&text, sv(row->text));
    strbuf_replace(&text, cursor, 1, SV(""));
    completion_find(&found, store, presets, strbuf_view(&text), cursor);
    size_t wanted = count_items(row->items);
    join_items(&found, wanted > 0 ? wanted : SIZE_MAX, &items);
    StrView word = sv_slice(strbuf_view(&text), found.from, found.to - found.from);
    bool is_good = sv_equal(strbuf_view(&items), sv(row->items)) &&
                   (sv_equal(word, sv(row->word)) || (word.len == 0 && row->word[0] == '\0')) &&
                   found.from <= cursor && cursor <= found.to && found.to <= text.len;
    if (!is_good) {
        print_error("%s\n   replaced '%.*s', wanted '%s'\n   items  %.*s\n   wanted %s\n",
                    row->text, SV_ARG(word), row->word, SV_ARG(strbuf_view(&items)), row->items);
    }
    for (size_t i = 0; i < found.count; i++) {
        is_good = is_good && found.items[i].note.ptr != NULL && found.items[i].text.len > 0;
    }
    completion_done(&found);
    strbuf_done(&text);
    strbuf_done(&items);
    return is_good;
}

static void test_rows(void **state)
{
    Store *store = fill_store();
    Presets presets = read_presets();
    size_t wrong = 0;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        wrong += !check_row(&ROWS[i], store, &presets);
    }
    assert_int_equal(wrong, 0);
    presets_done(&presets);
    store_free(store);
}

static void test_notes(void **state)
{
    static const struct {
        const char *text; /* the cursor is at its end */
        const char *note; /* of the first item */
    } NOTES[] = {
        {"process == \"mdm", "7 entries"},
        {"process == \"Gr", "1 entry"},
        {"messageType == err", "5 entries"},
        {"messageType == fau", "no entry"},
        {"messageType IN {err", "error: 5 entries"},
        {"signpostType == beg", ""},
        {"subs", "subsystem of the logger, such as com.apple.ManagedClient"},
        {"process BEG", "begins with the text"},
        {"push", "push-traffic: does a push arrive?"},
    };
    Store *store = fill_store();
    Presets presets = read_presets();
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(NOTES); i++) {
        Completions found = {.count = 0};
        completion_find(&found, store, &presets, sv(NOTES[i].text), SIZE_MAX);
        if (found.count == 0 || !sv_equal(found.items[0].note, sv(NOTES[i].note))) {
            fail_msg("%s: '%.*s', wanted '%s'", NOTES[i].text,
                     found.count > 0 ? (int)found.items[0].note.len : 0,
                     found.count > 0 ? found.items[0].note.ptr : "", NOTES[i].note);
        }
        completion_done(&found);
    }
    presets_done(&presets);
    store_free(store);
}

/* Every item, put where it belongs, gives a text whose prefix the lexer takes; and every cursor in
 * every text is answered within the text. */
static void test_any_cursor(void **state)
{
    Store *store = fill_store();
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrView text = sv(ROWS[i].text);
        for (size_t cursor = 0; cursor <= text.len; cursor++) {
            Completions found = {.count = 0};
            completion_find(&found, store, NULL, text, cursor);
            assert_true(found.from <= cursor && cursor <= found.to && found.to <= text.len);
            assert_true(found.count <= COMPLETION_MAX);
            completion_done(&found);
        }
    }
    store_free(store);
}

static void test_values_parse(void **state)
{
    static const char *const TEXTS[] = {
        "process == ",          "category == \"",    "messageType == ", "processID == ",
        "threadIdentifier != ", "messageType == \"", "eventType == "};
    Store *store = fill_store();
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        Completions found = {.count = 0};
        completion_find(&found, store, NULL, sv(TEXTS[i]), SIZE_MAX);
        assert_true(found.count > 0);
        for (size_t k = 0; k < found.count; k++) {
            StrBuf text = {0};
            Err err = err_none();
            strbuf_add(&text, sv_slice(sv(TEXTS[i]), 0, found.from));
            strbuf_add(&text, found.items[k].text);
            Predicate *predicate = predicate_parse(strbuf_view(&text), &err);
            if (predicate == NULL) {
                fail_msg("%s: %s", text.ptr, err.text);
            }
            predicate_free(predicate);
            strbuf_done(&text);
        }
        completion_done(&found);
    }
    store_free(store);
}

static void test_limit(void **state)
{
    Store *store = store_new(8 * MIB);
    Completions found = {.count = 0};
    char name[32];
    (void)state;
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(name, sizeof name, "process %d", i);
        Entry entry = rows_entry(name, "message", ROWS_START + i);
        (void)store_push(store, &entry);
        if (i == 999) {
            (void)store_push(store, &entry);
        }
    }
    completion_find(&found, store, NULL, SV("process == \""), SIZE_MAX);
    assert_int_equal(found.count, COMPLETION_MAX);
    assert_true(sv_equal(found.items[0].text, SV("\"process 999\"")));
    assert_true(sv_equal(found.items[0].note, SV("2 entries")));
    assert_true(sv_equal(found.items[1].text, SV("\"process 0\"")));
    completion_done(&found);
    assert_int_equal(found.count, 0);
    store_free(store);
}

#if defined(__SANITIZE_ADDRESS__)
#define IS_SLOWED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SLOWED true
#endif
#endif
#ifndef IS_SLOWED
#define IS_SLOWED false
#endif

static double best_milliseconds(const Store *store, const char *text)
{
    double best = 1e9;
    for (int i = 0; i < 10; i++) {
        Completions found = {.count = 0};
        clock_t begin = clock();
        completion_find(&found, store, NULL, sv(text), SIZE_MAX);
        double took = (double)(clock() - begin) * 1000 / CLOCKS_PER_SEC;
        best = took < best ? took : best;
        assert_true(found.count > 0);
        completion_done(&found);
    }
    return best;
}

static void test_full_ring(void **state)
{
    Store *store = store_new(256 * MIB);
    char name[32], subsystem[48];
    uint64_t seed = 1;
    (void)state;
    for (int i = 0; i < 250000; i++) {
        uint32_t number = rows_random(&seed, 300);
        (void)snprintf(name, sizeof name, "process%u", number);
        (void)snprintf(subsystem, sizeof subsystem, "com.apple.subsystem.%u",
                       rows_random(&seed, 2000));
        Entry entry = rows_entry(name, "message", ROWS_START + i);
        entry.subsystem = sv(subsystem);
        entry.pid = number;
        entry.thread = rows_random(&seed, 3000);
        entry.present = HAS_PID | HAS_THREAD;
        (void)store_push(store, &entry);
    }
    Completions found = {.count = 0};
    completion_find(&found, store, NULL, SV("category == \""), SIZE_MAX);
    assert_true(sv_equal(found.items[0].note, SV("250,000 entries")));
    completion_done(&found);
    static const char *const TEXTS[] = {
        "process == \"", "subsystem == \"com.", "subsystem CONTAINS \"SYSTEM.1",
        "processID == ", "threadID == 0x",      "messageType == "};
    for (size_t i = 0; i < ARRAY_LEN(TEXTS) && !IS_SLOWED; i++) {
        double best = best_milliseconds(store, TEXTS[i]);
        print_message("%s %.2f ms\n", TEXTS[i], best);
        assert_true(best < 10);
    }
    store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),       cmocka_unit_test(test_notes),
        cmocka_unit_test(test_any_cursor), cmocka_unit_test(test_values_parse),
        cmocka_unit_test(test_limit),      cmocka_unit_test(test_full_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
