/*
 * Tests of what of a session belongs to the user: panes as a list that changes and is saved,
 * presets, histories, and a configuration that is faulty or cannot be written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "session/headless.h"
#include "session/session.h"
#include "tests/session/place.h"

#define ENTRIES "tests/data/session/entries.ndjson"
#define NOT_THERE "/dev/null/mdmscope"

typedef struct Fixture {
    TestPlace place;
    Session *session;
} Fixture;

static Session *open_session(const char *directory, const char *config)
{
    static const Options OPTIONS = {
        .verb = VERB_EXPLORE,
        .sources = {{.kind = SOURCE_FILE, .argument = ENTRIES}},
        .source_count = 1,
    };
    Options options = OPTIONS;
    Err err = err_none();
    options.config_dir = directory;
    options.config = config;
    Session *session = session_new(&options, NULL, &err);
    if (session == NULL) {
        fail_msg("%s", err.text);
    }
    while (!session_is_idle(session)) {
        (void)session_pump(session, NULL, clock_monotonic(), NS_PER_MS);
        (void)session_work(session, NS_PER_MS);
    }
    return session;
}

static int set_up(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    place_make(&fixture->place);
    fixture->session = open_session(fixture->place.directory, NULL);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    session_free(fixture->session);
    place_remove(&fixture->place);
    free(fixture);
    return 0;
}

/* Ends the session and begins another on the same files. */
static void reopen(Fixture *fixture)
{
    session_free(fixture->session);
    fixture->session = open_session(fixture->place.directory, NULL);
}

/* The panes as "id id*…", the watched one with a star; the keys must follow the order. */
static void assert_panes(const Session *session, const char *wanted)
{
    StrBuf got = {0};
    for (size_t i = 0; i < session_pane_count(session); i++) {
        const SessionPane *pane = session_pane(session, i);
        strbuf_printf(&got, "%s%.*s%s", i > 0 ? " " : "", SV_ARG(pane->def.id),
                      session_watched(session) == i ? "*" : "");
        assert_int_equal(pane->def.key, i < 9 ? '1' + (int)i : 0);
    }
    assert_string_equal(got.ptr, wanted);
    strbuf_done(&got);
}

static void add_pane(Session *session, const char *title, const char *predicate)
{
    Err err = err_none();
    PaneDef def = {.title = sv(title), .predicate = sv(predicate)};
    if (!session_pane_add(session, &def, &err)) {
        fail_msg("%s", err.text);
    }
}

static void finish(Session *session)
{
    while (session_has_work(session)) {
        (void)session_work(session, NS_PER_MS);
    }
}

static void test_add(void **state)
{
    Session *session = ((Fixture *)*state)->session;
    Err err = err_none();
    char title[] = " My  Pane! ";
    PaneDef def = {.title = sv(title), .predicate = SV("process == \"mdmclient\"")};
    assert_true(session_pane_add(session, &def, &err));
    memset(title, '?', sizeof title - 1); /* its texts were copied */
    assert_panes(session,
                 "all* cloudconfigurationd mdmclient storedownloadd errors timeline commands "
                 "my-pane-");
    const SessionPane *pane = session_pane(session, 7);
    assert_true(sv_equal(pane->def.title, SV("My  Pane!")));
    assert_true(session_has_work(session));
    finish(session);
    assert_true(view_counts(pane->view).entries > 0);
    assert_true(view_counts(pane->view).entries <
                view_counts(session_pane(session, 0)->view).entries);

    static const struct {
        const char *id, *title, *predicate, *words;
    } REFUSED[] = {
        {"", " ", "", "a pane needs a name"},
        {"", "my  PANE!", "", "there is a pane 'my  PANE!' already"},
        {"ALL", "x", "", "there is a pane 'ALL' already"},
        {"", "x", "proces == 1", "unknown key 'proces'"},
    };
    for (size_t i = 0; i < ARRAY_LEN(REFUSED); i++) {
        def = (PaneDef){.id = sv(REFUSED[i].id),
                        .title = sv(REFUSED[i].title),
                        .predicate = sv(REFUSED[i].predicate)};
        assert_false(session_pane_add(session, &def, &err));
        assert_non_null(strstr(err.text, REFUSED[i].words));
        assert_int_equal(session_pane_count(session), 8);
    }
}

static void test_too_many(void **state)
{
    Session *session = ((Fixture *)*state)->session;
    Err err = err_none();
    char title[16];
    for (size_t i = session_pane_count(session); i < PANES_MAX; i++) {
        (void)snprintf(title, sizeof title, "p%zu", i);
        add_pane(session, title, "TRUEPREDICATE");
    }
    PaneDef more = {.title = SV("more"), .predicate = SV("TRUEPREDICATE")};
    assert_false(session_pane_add(session, &more, &err));
    assert_non_null(strstr(err.text, "32 panes already"));
    assert_int_equal(session_pane(session, 9)->def.key, 0);
}

static void test_move(void **state)
{
    static const struct {
        size_t watched, from, to;
        const char *wanted;
    } ROWS[] = {
        {2, 0, 4, "b c* d e a"}, {2, 4, 0, "e a b c* d"}, {2, 2, 0, "c* a b d e"},
        {2, 2, 4, "a b d e c*"}, {2, 0, 1, "b a c* d e"}, {2, 3, 4, "a b c* e d"},
        {2, 1, 2, "a c* b d e"}, {2, 3, 2, "a b d c* e"}, {2, 2, 2, "a b c* d e"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Session *session = open_session(NULL, NULL);
        Err err = err_none();
        char title[2] = "a";
        for (; title[0] <= 'e'; title[0]++) {
            add_pane(session, title, "TRUEPREDICATE");
        }
        for (int k = 0; k < 7; k++) {
            assert_true(session_pane_remove(session, 0, &err));
        }
        session_watch(session, ROWS[i].watched);
        session_pane_move(session, ROWS[i].from, ROWS[i].to);
        assert_panes(session, ROWS[i].wanted);
        session_free(session);
    }
}

static void test_remove(void **state)
{
    Session *session = ((Fixture *)*state)->session;
    Err err = err_none();
    assert_true(session_pane_remove(session, 6, &err));
    assert_true(session_pane_remove(session, 5, &err));
    session_watch(session, 2);
    assert_true(session_pane_remove(session, 0, &err));
    assert_panes(session, "cloudconfigurationd mdmclient* storedownloadd errors");
    assert_true(session_pane_remove(session, 3, &err));
    assert_panes(session, "cloudconfigurationd mdmclient* storedownloadd");
    assert_true(session_pane_remove(session, 1, &err)); /* the watched one: the next is */
    assert_panes(session, "cloudconfigurationd storedownloadd*");
    assert_true(session_pane_remove(session, 1, &err)); /* at the end: the one before */
    assert_panes(session, "cloudconfigurationd*");
    assert_false(session_pane_remove(session, 0, &err));
    assert_string_equal(err.text, "the last pane stays");
    finish(session);
}

static void test_rename(void **state)
{
    Session *session = ((Fixture *)*state)->session;
    Err err = err_none();
    assert_true(session_pane_rename(session, 1, SV(" Activation "), &err));
    assert_true(sv_equal(session_pane(session, 1)->def.title, SV("Activation")));
    assert_int_equal(session_pane_find(session, SV("activation")), 1);
    assert_int_equal(session_pane_find(session, SV("cloudconfigurationd")), 1);
    assert_false(session_pane_rename(session, 2, SV("ACTIVATION"), &err));
    assert_false(session_pane_rename(session, 2, SV("  "), &err));
    assert_true(session_pane_rename(session, 1, SV("activation"), &err)); /* its own */
}

static void test_save(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    add_pane(fixture->session, "Mine", "processID == 1");
    session_pane_move(fixture->session, 7, 0);
    assert_true(session_pane_remove(fixture->session, 2, &err));
    assert_true(session_pane_rename(fixture->session, 1, SV("Everything"), &err));
    assert_true(session_set_predicate(fixture->session, 0, SV("processID == 2"), 0, &err));
    if (!session_panes_save(fixture->session, &err)) {
        fail_msg("%s", err.text);
    }
    reopen(fixture);
    assert_panes(fixture->session, "mine* all mdmclient storedownloadd errors timeline commands");
    const SessionPane *mine = session_pane(fixture->session, 0);
    assert_true(sv_equal(mine->def.title, SV("Mine")));
    assert_true(sv_equal(strbuf_view(&mine->predicate), SV("processID == 2")));
    assert_true(sv_equal(session_pane(fixture->session, 1)->def.title, SV("Everything")));

    /* A pane of the program comes back when it is added again under its name. */
    PaneDef back = {.id = SV("cloudconfigurationd"), .predicate = SV("processID == 3")};
    assert_true(session_pane_add(fixture->session, &back, &err));
    assert_true(session_panes_save(fixture->session, &err));
    reopen(fixture);
    assert_panes(fixture->session, "mine* all mdmclient storedownloadd errors timeline commands "
                                   "cloudconfigurationd");
    const StrView *lines;
    assert_int_equal(session_config_errors(fixture->session, &lines), 0);
}

static void test_presets(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    size_t builtin = session_presets(fixture->session)->count;
    assert_int_equal(builtin, 38);
    Preset mine = {.name = SV("mine"), .predicate = SV("processID == 1"), .about = SV("why")};
    assert_true(session_preset_save(fixture->session, &mine, &err));
    mine.predicate = SV("proces == 1");
    assert_false(session_preset_save(fixture->session, &mine, &err));
    assert_int_equal(session_presets(fixture->session)->count, builtin + 1);
    reopen(fixture);
    const Presets *presets = session_presets(fixture->session);
    assert_int_equal(presets->count, builtin + 1);
    size_t index = presets_find(presets, SV("mine"));
    assert_true(index != SIZE_MAX && presets->items[index].is_own);
    assert_true(sv_equal(presets->items[index].about, SV("why")));
    assert_false(session_preset_remove(fixture->session, presets->items[0].name, &err));
    assert_true(session_preset_remove(fixture->session, SV("mine"), &err));
    assert_int_equal(session_presets(fixture->session)->count, builtin);
    reopen(fixture);
    assert_int_equal(session_presets(fixture->session)->count, builtin);
}

static void test_histories(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    History history;
    assert_true(session_history_append(fixture->session, "predicate", SV("processID == 1"), &err));
    reopen(fixture);
    session_history_read(fixture->session, "predicate", &history);
    assert_int_equal(history.count, 1);
    assert_true(sv_equal(history.items[0], SV("processID == 1")));
    history_done(&history);
    /* A kind is nothing but its name: that of the palette has a file of its own. */
    assert_true(session_history_append(fixture->session, "command", SV("goto -5m"), &err));
    reopen(fixture);
    session_history_read(fixture->session, "command", &history);
    assert_int_equal(history.count, 1);
    assert_true(sv_equal(history.items[0], SV("goto -5m")));
    history_done(&history);
}

static void test_faulty(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    const StrView *lines;
    place_put(&fixture->place, "config.json",
              "{\n\"colour\": 1,\n\"panes\": [{\"id\": \"mine\", \"predicate\": \"pid\"},\n"
              "{\"id\": \"good\", \"predicate\": \"processID == 1\"}]}");
    reopen(fixture);
    assert_panes(fixture->session,
                 "all* cloudconfigurationd mdmclient storedownloadd errors timeline "
                 "commands good");
    assert_int_equal(session_config_errors(fixture->session, &lines), 2);
    assert_true(sv_starts(lines[0], SV("config.json:2:1: unknown member 'colour'")));
    assert_true(sv_starts(lines[1], SV("config.json:3:11: predicate of pane 'mine'")));
    assert_false(session_panes_save(fixture->session, &err));
    assert_non_null(strstr(err.text, "is left as it is"));
}

static void refuse_keys(Settings *settings, Config *config, void *context)
{
    assert_null(context);
    config_add_error_at(config, settings->keys[0].place, "no such command");
    config_add_error_at(config, (ConfigPlace){.line = 0}, "of the terminal");
    settings->key_count = 0;
}

/* The command line goes before the file; what only the screen can judge is told with its place. */
static void test_settings(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    const StrView *lines;
    place_put(&fixture->place, "config.json",
              "{\"buffer\": \"2M\", \"theme\": \"light\",\n \"keys\": {\"F5\": \"restrat\"}}");
    reopen(fixture);
    const Settings *settings = session_settings(fixture->session);
    assert_true(sv_equal(settings->theme.text, SV("light")));
    assert_true(store_counts(session_store(fixture->session))->budget == 2 * MIB);
    session_check_settings(fixture->session, refuse_keys, NULL);
    assert_int_equal(settings->key_count, 0);
    assert_int_equal(session_config_errors(fixture->session, &lines), 2);
    assert_true(sv_equal(lines[0], SV("config.json:2:11: no such command")));
    assert_true(sv_equal(lines[1], SV("of the terminal")));

    Options options = {.verb = VERB_EXPLORE,
                       .sources = {{.kind = SOURCE_FILE, .argument = ENTRIES}},
                       .source_count = 1,
                       .config_dir = fixture->place.directory,
                       .buffer_bytes = 4 * MIB,
                       .buffer_is_set = true,
                       .theme = "dark"};
    Session *session = session_new(&options, NULL, &err);
    assert_non_null(session);
    assert_true(sv_equal(session_settings(session)->theme.text, SV("dark")));
    assert_true(store_counts(session_store(session))->budget == 4 * MIB);
    session_free(session);
}

/* --config names the file; the histories stay where they are. */
static void test_named(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    const StrView *lines;
    StrBuf text = {0};
    char path[128];
    (void)snprintf(path, sizeof path, "%s", place_path(&fixture->place, "other.json"));
    session_free(fixture->session);
    fixture->session = open_session(fixture->place.directory, path);
    assert_int_equal(session_config_errors(fixture->session, &lines), 1);
    assert_non_null(strstr(lines[0].ptr, "other.json: there is no such file yet"));
    assert_true(session_panes_save(fixture->session, &err));
    assert_string_equal(place_get(&fixture->place, "config.json", &text), "");
    assert_non_null(strstr(place_get(&fixture->place, "other.json", &text), "pane_order"));
    strbuf_done(&text);
}

static void test_without(void **state)
{
    Err err = err_none();
    const StrView *lines;
    History history;
    (void)state;
    Session *session = open_session(NULL, NULL);
    assert_int_equal(session_config_errors(session, &lines), 0);
    assert_true(session_history_append(session, "search", SV("x"), &err));
    session_history_read(session, "search", &history);
    assert_int_equal(history.count, 0);
    assert_false(session_panes_save(session, &err));
    assert_non_null(strstr(err.text, "there is no configuration"));
    session_free(session);
}

/* Where nothing can be written that is said in one line, and everything else works. */
static void test_not_writable(void **state)
{
    Err err = err_none();
    const StrView *lines;
    (void)state;
    Session *session = open_session(NOT_THERE, NULL);
    assert_int_equal(session_config_errors(session, &lines), 1);
    assert_true(sv_starts(lines[0], SV("nothing is saved: ")));
    assert_true(session_history_append(session, "search", SV("x"), &err));
    Preset mine = {.name = SV("mine"), .predicate = SV("processID == 1")};
    assert_false(session_preset_save(session, &mine, &err));
    assert_true(sv_starts(sv(err.text), SV("nothing is saved: ")));
    assert_false(session_panes_save(session, &err));
    add_pane(session, "Mine", "processID == 1");
    assert_panes(session, "all* cloudconfigurationd mdmclient storedownloadd errors timeline "
                          "commands mine");
    session_free(session);
}

/* An alias of ~/.logrc is saved as what it stands for. */
static void test_save_alias(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    Aliases aliases = {.count = 0};
    StrBuf text = {0};
    assert_true(aliases_read(&aliases, SV("predicate:\n  first 'processID == 1'\n"), &err));
    Options options = {.verb = VERB_EXPLORE,
                       .sources = {{.kind = SOURCE_FILE, .argument = ENTRIES}},
                       .source_count = 1,
                       .config_dir = fixture->place.directory,
                       .aliases = &aliases};
    Session *session = session_new(&options, NULL, &err);
    assert_non_null(session);
    assert_true(session_set_predicate(session, 0, SV("first"), 0, &err));
    assert_true(session_panes_save(session, &err));
    assert_non_null(strstr(place_get(&fixture->place, "config.json", &text),
                           "\"predicate\": \"processID == 1\""));
    strbuf_done(&text);
    session_free(session);
    aliases_done(&aliases);
}

/* `show --pane` knows the user's panes too, and tells of what is faulty. */
static void test_show(void **state)
{
    Fixture *fixture = *state;
    static const volatile sig_atomic_t STOP = 0;
    char *words[] = {"mdmscope", "show", ENTRIES, "--pane", "mine", NULL};
    Options options;
    Err err = err_none();
    char said[256] = "";
    place_put(&fixture->place, "config.json",
              "{\"panes\": [{\"id\": \"bad\", \"predicate\": \"pid\"},\n"
              "{\"id\": \"mine\", \"predicate\": \"FALSEPREDICATE\"}]}");
    assert_true(options_parse(5, words, &options, &err));
    options.config_dir = fixture->place.directory;
    FILE *out = tmpfile(), *errors = tmpfile();
    assert_non_null(out);
    assert_non_null(errors);
    assert_int_equal(headless_show(&options, out, errors, &STOP), EXIT_NOTHING);
    assert_int_equal(ftell(out), 0);
    rewind(errors);
    assert_non_null(fgets(said, sizeof said, errors));
    assert_non_null(strstr(said, "mdmscope: config.json:1:12: predicate of pane 'bad'"));
    (void)fclose(out);
    (void)fclose(errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_add, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_too_many, set_up, tear_down),
        cmocka_unit_test(test_move),
        cmocka_unit_test_setup_teardown(test_remove, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rename, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_save, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_save_alias, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_presets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_histories, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_faulty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_settings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_show, set_up, tear_down),
        cmocka_unit_test(test_without),
        cmocka_unit_test(test_not_writable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
