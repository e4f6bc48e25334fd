/*
 * Tests of the pane definitions: the built-in ones as a table of rows, and the reading of files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/embed.h"
#include "base/node.h"
#include "filters/filter.h"
#include "filters/panes.h"

static void read_builtin(PaneDefs *defs)
{
    StrBuf text = {0};
    Err err = err_none();
    assert_true(embed_read("filters/panes.json", &text));
    if (!pane_defs_read(defs, strbuf_view(&text), "panes.json", &err)) {
        fail_msg("%s", err.text);
    }
    strbuf_done(&text);
}

static void assert_view(StrView got, const char *wanted)
{
    if (!sv_equal(got, sv(wanted))) {
        fail_msg("got '%.*s', wanted '%s'", SV_ARG(got), wanted);
    }
}

static void test_builtin(void **state)
{
    static const char *const ids[] = {
        "all",     "cloudconfigurationd", "mdmclient", "storedownloadd", "errors", "timeline",
        "commands"};
    PaneDefs defs = {.count = 0};
    (void)state;
    read_builtin(&defs);
    assert_int_equal(defs.count, ARRAY_LEN(ids));
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        assert_view(defs.items[i].id, ids[i]);
        assert_int_equal(defs.items[i].key, '1' + (int)i);
        assert_true(defs.items[i].help.len > 0);
        assert_ptr_equal(pane_defs_find(&defs, sv(ids[i])), &defs.items[i]);
    }
    assert_view(pane_defs_find(&defs, SV("record"))->id, "cloudconfigurationd");
    assert_view(pane_defs_find(&defs, SV("APPS"))->id, "storedownloadd");
    assert_null(pane_defs_find(&defs, SV("nothing")));
    assert_int_equal(pane_defs_find(&defs, SV("errors"))->role, PANE_LIST);
    assert_int_equal(pane_defs_find(&defs, SV("Timeline"))->role, PANE_TIMELINE);
    assert_view(pane_defs_find(&defs, SV("Timeline"))->predicate, "FALSEPREDICATE");
    assert_true(sv_find(pane_defs_find(&defs, SV("Record"))->help, SV("teslad")) != SIZE_MAX);
    pane_defs_done(&defs);
    assert_int_equal(defs.count, 0);
}

typedef struct Row {
    const char *panes; /* keys of the panes that show it */
    const char *process;
    const char *subsystem; /* "" = nil */
    Level level;
    const char *message;
} Row;

#define MDM "com.apple.ManagedClient"
#define TESLA "com.apple.CloudConfigurationDaemon"

static const Row ROWS[] = {
    {"1", "Mail", "", LEVEL_FAULT, "Error Domain=NSURLErrorDomain Code=-1001"},
    {"1", "apsd", "com.apple.apsd", LEVEL_ERROR, "[ERROR] of a daemon that is not listed"},
    {"12", "teslad", TESLA, LEVEL_DEFAULT, "Retrying the request"},
    {"125", "teslad", TESLA, LEVEL_ERROR, "something"},
    {"12", "cloudconfigurationd", MDM ".cloudconfigurationd", LEVEL_DEFAULT, "x"},
    {"13", "mdmclient", MDM, LEVEL_DEFAULT, "[*] [0:MDMDaemon:<0x1>] Processing server request"},
    {"123", "mdmclient", MDM, LEVEL_DEFAULT, "[0:MDMDaemon:<0x540>] CloudConfiguration: isDevice"},
    {"12", "Setup Assistant", "", LEVEL_DEFAULT, "MCCloudConfigurationErrorDomain"},
    {"13", "ManagedClientAgent", MDM, LEVEL_DEFAULT, "x"},
    {"135", "mdmclient", MDM, LEVEL_DEFAULT,
     "<<<<< Received HTTP response (401) [MDM_Authenticate]"},
    {"135", "mdmclient", MDM, LEVEL_DEFAULT, "<<<<< Received HTTP response (500) [Idle] <<<<<"},
    {"13", "mdmclient", MDM, LEVEL_DEFAULT, "<<<<< Received HTTP response (200) [Idle] <<<<<"},
    {"135", "mdmclient", MDM, LEVEL_DEFAULT,
     "<<<<< Received HTTP response (200) [Error(InstallProfile):99] <<<<<"},
    {"135", "mdmclient", MDM, LEVEL_DEFAULT, "[ERROR] [506:MDMAgent:<0x1>] [ErrorChain.0] (x)"},
    {"135", "mdmclient", MDM, LEVEL_DEBUG, "[501:MDMAgent] <OUTERROR> no"},
    {"13", "mdmclient", MDM, LEVEL_DEFAULT, "Install 'A' finished.  Sucess: YES  Error: (null)"},
    {"14", "appstored", "com.apple.appstored", LEVEL_INFO, "Current Path: x"},
    {"145", "appstored", "com.apple.appstored", LEVEL_DEFAULT,
     "Error Domain=ASDErrorDomain Code=850"},
    {"14", "storedownloadd", "com.apple.commerce", LEVEL_DEFAULT, "sending status"},
    {"145", "storedownloadd", "", LEVEL_DEFAULT, "LegacyDownloadQueue: Could not add download"},
    {"14", "managedappdistributiond", "com.apple.ManagedAppDistribution", LEVEL_DEFAULT, "x"},
    {"15", "installd", "com.apple.install", LEVEL_DEFAULT,
     "PackageKit: Install Failed: Error Domain=PKInstallErrorDomain Code=112"},
    {"1", "installd", "com.apple.install", LEVEL_DEFAULT, "PackageKit: ----- End install -----"},
    /* noise */
    {"13", "mdmclient", "com.apple.libsqlite3", LEVEL_ERROR, "cannot open file at line 1 of [8f]"},
    {"13", "mdmclient", "com.apple.apsd", LEVEL_ERROR,
     "Connection Invalid for service com.apple.apsd"},
};

static Filter *compile(const PaneDef *pane)
{
    Err err = err_none();
    Filter *filter = filter_compile(pane->predicate, &err);
    if (filter == NULL) {
        fail_msg("%s", err.text);
    }
    return filter;
}

static uint32_t push(Columns *columns, const Row *row)
{
    StrView subsystem = row->subsystem[0] != '\0' ? sv(row->subsystem) : SV_NONE;
    Entry entry = {.kind = KIND_LOG,
                   .level = row->level,
                   .process = sv(row->process),
                   .subsystem = subsystem,
                   .message = sv(row->message),
                   .raw = sv(row->message)};
    return columns_push(columns, &entry);
}

static void test_rows(void **state)
{
    PaneDefs defs = {.count = 0};
    AtomTable *atoms = atom_table_new(MIB);
    Columns columns;
    (void)state;
    read_builtin(&defs);
    columns_init(&columns, atoms);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        push(&columns, &ROWS[i]);
    }
    for (size_t k = 0; k < defs.count; k++) {
        Filter *filter = compile(&defs.items[k]);
        for (uint32_t i = 0; i < ARRAY_LEN(ROWS); i++) {
            bool wanted = strchr(ROWS[i].panes, defs.items[k].key) != NULL;
            if (filter_match(filter, &columns, i) != wanted) {
                fail_msg("pane '%.*s' and row %u: %s", SV_ARG(defs.items[k].id), i,
                         ROWS[i].message);
            }
        }
        filter_free(filter);
    }
    columns_done(&columns);
    atom_table_free(atoms);
    pane_defs_done(&defs);
}

/* What the stage knowledge calls noise is not in the pane of errors, whatever its level. */
static void test_noise_is_no_error(void **state)
{
    PaneDefs defs = {.count = 0};
    StrBuf text = {0};
    Arena arena = {0};
    AtomTable *atoms = atom_table_new(MIB);
    Columns columns;
    (void)state;
    read_builtin(&defs);
    columns_init(&columns, atoms);
    Filter *filter = compile(pane_defs_find(&defs, SV("errors")));
    assert_true(embed_read("filters/stages.json", &text));
    const Node *root = node_read(&arena, strbuf_view(&text), "stages.json", NULL);
    const Node *noise = node_find(root, "noise");
    assert_true(noise->count > 0);
    for (const Node *node = noise->first; node != NULL; node = node->next) {
        Row row = {.process = node_text(node, "process").ptr,
                   .subsystem = node_text(node, "subsystem").ptr,
                   .level = LEVEL_FAULT,
                   .message = node_text(node, "example").ptr};
        assert_false(filter_match(filter, &columns, push(&columns, &row)));
    }
    filter_free(filter);
    columns_done(&columns);
    atom_table_free(atoms);
    strbuf_done(&text);
    arena_done(&arena);
    pane_defs_done(&defs);
}

/* A user's file on top: replaces by id, adds, and takes the keys it asks for. */
static void test_users_file(void **state)
{
    PaneDefs defs = {.count = 0};
    Err err = err_none();
    (void)state;
    read_builtin(&defs);
    StrView text = SV("{\"panes\": ["
                      "{\"id\": \"MDMClient\", \"title\": \"Mine\", \"key\": \"9\","
                      " \"predicate\": \"process == \\\"mdmclient\\\"\"},"
                      "{\"id\": \"push\", \"key\": \"1\","
                      " \"predicate\": [\"process == \\\"apsd\\\"\", \"AND processID > 1\"]}]}");
    if (!pane_defs_read(&defs, text, "mine.json", &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(defs.count, 8);
    assert_view(defs.items[2].title, "Mine");
    assert_int_equal(defs.items[2].key, '9');
    assert_int_equal(defs.items[0].key, 0);
    assert_view(defs.items[7].title, "push");
    assert_int_equal(defs.items[7].key, '1');
    assert_view(defs.items[7].predicate, "process == \"apsd\"\nAND processID > 1");
    pane_defs_done(&defs);
}

#define PANE(rest) "{\"panes\": [{\"id\": \"x\", " rest "}]}"
#define GOOD "\"predicate\": \"TRUEPREDICATE\""

/* A file with a fault changes nothing, and the fault is named. */
static void test_faults(void **state)
{
    static const char *const cases[][2] = {
        {"{", "mine.json:1:"},
        {"[]", "'panes' must be a list"},
        {"{\"panes\": 3}", "'panes' must be a list"},
        {"{\"panes\": [3]}", "a pane needs an 'id'"},
        {"{\"panes\": [{" GOOD "}]}", "a pane needs an 'id'"},
        {PANE("\"key\": \"1\""), "'predicate' must be"},
        {PANE("\"predicate\": [1]"), "'predicate' must be"},
        {PANE("\"key\": \"10\", " GOOD), "'key' must be"},
        {PANE("\"key\": 1, " GOOD), "'key' must be"},
        {PANE("\"key\": \"a\", " GOOD), "'key' must be"},
        {PANE("\"role\": \"chart\", " GOOD), "'role' must be"},
        {PANE("\"role\": \"commands\", " GOOD), "has no predicate"},
        {PANE("\"predicat\": \"x\", " GOOD), "unknown member 'predicat'"},
        {PANE("\"predicate\": \"proces == 1\""), "predicate of pane 'x'"},
        {PANE("\"predicate\": \"eventMessage MATCHES \\\"(\\\"\""), "predicate of pane 'x'"},
        {"{\"panes\": [{\"id\": \"x\", " GOOD "}, {\"id\": \"X\", " GOOD "}]}", "defined twice"},
        {"{\"panes\": [{\"id\": \"x\", \"key\": \"7\", " GOOD
         "}, {\"id\": \"y\", \"key\": \"7\", " GOOD "}]}",
         "the same key '7'"},
    };
    PaneDefs defs = {.count = 0};
    (void)state;
    read_builtin(&defs);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Err err = err_none();
        assert_false(pane_defs_read(&defs, sv(cases[i][0]), "mine.json", &err));
        if (strstr(err.text, cases[i][1]) == NULL || strstr(err.text, "mine.json") == NULL) {
            fail_msg("'%s' gave '%s'", cases[i][0], err.text);
        }
        assert_int_equal(defs.count, 7);
        assert_null(pane_defs_find(&defs, SV("x")));
    }
    pane_defs_done(&defs);
}

static void test_too_many(void **state)
{
    PaneDefs defs = {.count = 0};
    Err err = err_none();
    StrBuf text = {0};
    (void)state;
    read_builtin(&defs);
    strbuf_add_str(&text, "{\"panes\": [");
    for (int i = 0; i < 30; i++) {
        strbuf_printf(&text, "%s{\"id\": \"p%d\", " GOOD "}", i > 0 ? "," : "", i);
    }
    strbuf_add_str(&text, "]}");
    assert_false(pane_defs_read(&defs, strbuf_view(&text), "mine.json", &err));
    assert_non_null(strstr(err.text, "more than"));
    assert_int_equal(defs.count, 7);
    strbuf_done(&text);
    pane_defs_done(&defs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_builtin),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_noise_is_no_error),
        cmocka_unit_test(test_users_file),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_too_many),
    };
    return cmocka_run_group_tests_name("panes", tests, NULL, NULL);
}
