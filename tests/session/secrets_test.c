/*
 * Tests of what is taken down of held entries: in slices, of each once, with what comes later, of
 * marked entries that the ring has given up; and what an excerpt of one entry makes of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "session/save.h"
#include "session/secrets.h"

#define BUDGET (INT64_C(50) * NS_PER_MS)
#define FILLERS 6000

/* The name stands in the first line, its key only in the last but one; the second line gives away
 * another. */
typedef struct Place {
    char path[64];
    Session *session;
    RedactRules *rules;
    Secrets *secrets;
} Place;

static void put_line(FILE *file, int second, const char *message)
{
    assert_true(fprintf(file,
                        "{\"timestamp\":\"2026-03-04 10:%02d:%02d.000000+0100\",\"eventType\":"
                        "\"logEvent\",\"messageType\":\"Default\",\"processImagePath\":"
                        "\"\\/usr\\/libexec\\/mdmclient\",\"eventMessage\":\"%s\"}\n",
                        second / 60 % 60, second % 60, message) > 0);
}

static int setup(void **state)
{
    Place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    (void)snprintf(place->path, sizeof place->path, "/tmp/mdmscope-secrets.XXXXXX");
    int fd = mkstemp(place->path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    assert_non_null(file);
    put_line(file, 0, "Cannot read the keychain of tessaq and vermeer");
    put_line(file, 1, "UserShortName = vermeer;");
    for (int i = 0; i < FILLERS; i++) {
        put_line(file, i + 2,
                 "Nothing to be seen here, but this line has to be of some length, too");
    }
    put_line(file, FILLERS + 2, "UserShortName = tessaq;");
    put_line(file, FILLERS + 3, "done for tessaq");
    assert_int_equal(fclose(file), 0);
    Err err = err_none();
    place->rules = redact_rules_new(NULL, &err);
    assert_non_null(place->rules);
    place->secrets = secrets_new(place->rules);
    *state = place;
    return 0;
}

static int teardown(void **state)
{
    Place *place = *state;
    secrets_free(place->secrets);
    session_free(place->session);
    redact_rules_free(place->rules);
    (void)unlink(place->path);
    free(place);
    return 0;
}

static void open_with(Place *place, size_t buffer, const char *grep)
{
    Options options = {
        .verb = VERB_EXPLORE,
        .sources = {{.kind = SOURCE_FILE, .argument = place->path}},
        .source_count = 1,
        .buffer_bytes = buffer,
        .grep = grep,
    };
    place->session = session_new(&options, NULL, NULL);
    assert_non_null(place->session);
}

static void load(Place *place)
{
    while (!session_is_idle(place->session)) {
        (void)session_pump(place->session, NULL, clock_monotonic(), BUDGET);
        (void)session_work(place->session, BUDGET);
    }
}

/* Whether a name would be replaced. */
static bool knows(const Place *place, const char *name)
{
    Redaction *redaction = secrets_redaction(place->secrets);
    StrBuf text = {0};
    bool is_known = redaction_text(redaction, sv(name), &text);
    redaction_free(redaction);
    strbuf_done(&text);
    return is_known;
}

static void each_entry_is_looked_at_in_slices(void **state)
{
    Place *place = *state;
    size_t steps = 0;
    open_with(place, 64 * MIB, NULL);
    load(place);
    assert_true(secrets_share(place->secrets, place->session) == 0.0);
    while (secrets_step(place->secrets, place->session, 1000)) {
        double share = secrets_share(place->secrets, place->session);
        assert_true(share > 0.0 && share < 1.0);
        assert_true(knows(place, "vermeer"));
        assert_false(knows(place, "tessaq"));
        steps++;
    }
    assert_int_equal(steps, (FILLERS + 4) / 1000);
    assert_true(secrets_share(place->secrets, place->session) == 1.0);
    assert_true(knows(place, "tessaq"));
    assert_false(knows(place, "keychain"));
    assert_false(secrets_step(place->secrets, place->session, 1));
}

/* With a ring that holds a part only: what is marked is a copy. */
static void marks_outlive_the_ring(void **state)
{
    Place *place = *state;
    Marks *marks;
    open_with(place, STORE_MIN_BYTES, NULL);
    const Store *store = session_store(place->session);
    while (store_end(store) < 3) {
        (void)session_pump(place->session, NULL, clock_monotonic(), 1);
    }
    marks = session_marks(place->session);
    assert_true(marks_toggle(marks, store, 2)); /* the second line */
    load(place);
    assert_true(store_first(store) > 2);
    while (secrets_step(place->secrets, place->session, 1000)) {
    }
    assert_true(knows(place, "vermeer"));
    assert_true(knows(place, "tessaq"));
    /* What is gone without having been looked at is counted, but for the mark. */
    assert_int_equal(secrets_missed(place->secrets), store_first(store) - 2);
}

/* Who looks at what arrives misses nothing of it, whatever the ring gives up or is kept out. */
static void what_arrives_is_looked_at(void **state)
{
    Place *place = *state;
    open_with(place, STORE_MIN_BYTES, "done for");
    assert_true(session_hides(place->session));
    assert_false(secrets_is_watching(place->secrets));
    secrets_watch(place->secrets, place->session);
    assert_true(secrets_is_watching(place->secrets));
    load(place);
    assert_int_equal(store_counts(session_store(place->session))->entries, 1);
    assert_true(knows(place, "vermeer"));
    assert_true(knows(place, "tessaq"));
    assert_false(secrets_step(place->secrets, place->session, 1));
    assert_int_equal(secrets_missed(place->secrets), 0);
    secrets_free(place->secrets); /* the session shows it no more */
    place->secrets = secrets_new(place->rules);
    assert_true(secrets_step(place->secrets, place->session, 0));
}

/* Beginning in the middle: what is held already is gone through, what comes is looked at. */
static void both_halves_are_looked_at(void **state)
{
    Place *place = *state;
    open_with(place, 64 * MIB, NULL);
    const Store *store = session_store(place->session);
    while (store_end(store) < 3) {
        (void)session_pump(place->session, NULL, clock_monotonic(), 1);
    }
    EntryNumber begun = store_end(store);
    secrets_watch(place->secrets, place->session);
    load(place);
    assert_true(knows(place, "tessaq"));
    assert_false(knows(place, "vermeer"));
    size_t steps = 0;
    while (secrets_step(place->secrets, place->session, 1)) {
        steps++;
    }
    assert_int_equal(steps, begun - 2);
    assert_true(knows(place, "vermeer"));
}

/* What is saved of one entry has nothing that another gives away. */
static void an_excerpt_of_one_entry_tells_nothing(void **state)
{
    Place *place = *state;
    open_with(place, 64 * MIB, NULL);
    load(place);
    for (int format = 0; format < FORMAT_BUNDLE; format++) {
        SaveJob job = {
            .choice = {.set = SAVE_SET_RANGE, .first = 1, .last = 1},
            .format = (OutputFormat)format,
            .secrets = place->secrets,
            .what = SV("the range of tessaq"),
        };
        Save *save = save_new(place->session, &job, NULL, NULL);
        assert_non_null(save);
        while (save_step(save, 500)) {
        }
        StrView text = save_text(save);
        assert_string_equal(save_error(save)->text, "");
        assert_int_equal(save_count(save), 1);
        assert_true(sv_find(text, SV("Cannot read the keychain of ")) != SIZE_MAX);
        assert_true(sv_find(text, SV("tessaq")) == SIZE_MAX);
        assert_true(sv_find(text, SV("vermeer")) == SIZE_MAX);
        save_free(save);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_entry_is_looked_at_in_slices, setup, teardown),
        cmocka_unit_test_setup_teardown(marks_outlive_the_ring, setup, teardown),
        cmocka_unit_test_setup_teardown(what_arrives_is_looked_at, setup, teardown),
        cmocka_unit_test_setup_teardown(both_halves_are_looked_at, setup, teardown),
        cmocka_unit_test_setup_teardown(an_excerpt_of_one_entry_tells_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
