/*
 * Tests of what a session makes of its capture: the file with the number of the process, and
 * whether all that cannot be had again is in some file. The capture itself: capture_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>

#include "session/session.h"
#include "tests/session/captures.h"

#define BUDGET (INT64_C(20) * NS_PER_MS)

/* A session whose sources are named by hand, and a directory for what it writes. */
typedef struct Scene {
    TestPlace place;
    Options options;
    char capture[128];
    Session *session;
} Scene;

static void scene_make(Scene *scene)
{
    *scene = (Scene){.options = {.sources = {{.kind = SOURCE_EXEC, .argument = "exec sleep 1000"}},
                                 .source_count = 1}};
    place_make(&scene->place);
    (void)snprintf(scene->capture, sizeof scene->capture, "%s",
                   place_path(&scene->place, "capture"));
    scene->options.capture = scene->capture;
}

static void scene_open(Scene *scene)
{
    Err err = err_none();
    scene->session = session_new(&scene->options, NULL, &err);
    if (scene->session == NULL) {
        fail_msg("%s", err.text);
    }
}

static void scene_done(Scene *scene)
{
    session_free(scene->session);
    place_remove(&scene->place);
}

static bool exists(Scene *scene, const char *name)
{
    return access(place_path(&scene->place, name), F_OK) == 0;
}

/* --- the number of the process ---------------------------------------------------------------- */

static void the_number_stands_in_a_file(void **state)
{
    (void)state;
    Scene scene;
    StrBuf is = {0};
    char wanted[32];
    scene_make(&scene);
    scene.options.detach_capture = true;
    scene_open(&scene);
    assert_false(exists(&scene, "capture.pid"));
    assert_true(session_capture_detach(scene.session));
    (void)snprintf(wanted, sizeof wanted, "%jd\n", (intmax_t)getpid());
    assert_string_equal(place_get(&scene.place, "capture.pid", &is), wanted);
    session_capture_detached(scene.session);
    assert_false(exists(&scene, "capture.pid"));
    strbuf_done(&is);
    scene_done(&scene);
}

/* What came to be there in the meantime is somebody's: it is neither written to nor removed. */
static void a_file_of_somebody_else_stays(void **state)
{
    (void)state;
    Scene scene;
    StrBuf is = {0};
    scene_make(&scene);
    scene.options.detach_capture = true;
    scene_open(&scene);
    place_put(&scene.place, "capture.pid", "theirs");
    assert_false(session_capture_detach(scene.session));
    session_capture_detached(scene.session);
    assert_string_equal(place_get(&scene.place, "capture.pid", &is), "theirs");
    strbuf_done(&is);
    scene_done(&scene);
}

/* Where the number could not be written no file stays behind. */
static void half_a_number_is_not_left(void **state)
{
    (void)state;
    Scene scene;
    scene_make(&scene);
    scene.options.detach_capture = true;
    scene_open(&scene);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct rlimit limit = {0, 0};
        (void)signal(SIGXFSZ, SIG_IGN);
        bool is_good = setrlimit(RLIMIT_FSIZE, &limit) == 0;
        is_good = is_good && !session_capture_detach(scene.session);
        _exit(is_good ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_false(exists(&scene, "capture.pid"));
    scene_done(&scene);
}

static void assert_refused(Scene *scene, const char *pid, const char *words)
{
    Err err = err_none();
    place_put(&scene->place, "capture.pid", pid);
    assert_null(session_new(&scene->options, NULL, &err));
    if (strstr(err.text, words) == NULL) {
        fail_msg("'%s' is not in '%s'", words, err.text);
    }
    assert_false(exists(scene, "capture"));
}

/* Who left it is said: one that goes on is to be ended, of one that is gone only the file is. */
static void a_file_that_is_there_is_explained(void **state)
{
    (void)state;
    Scene scene;
    char text[32];
    char words[64];
    scene_make(&scene);
    scene.options.detach_capture = true;
    (void)snprintf(text, sizeof text, "%jd\n", (intmax_t)getpid());
    (void)snprintf(words, sizeof words, "process %jd goes on", (intmax_t)getpid());
    assert_refused(&scene, text, words);
    pid_t gone = fork();
    assert_true(gone >= 0);
    if (gone == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(gone, NULL, 0), gone);
    (void)snprintf(text, sizeof text, "%jd\n", (intmax_t)gone);
    assert_refused(&scene, text, "its process is gone; remove the file");
    assert_refused(&scene, "", "its process is gone; remove the file");
    assert_refused(&scene, "-1\n", "its process is gone; remove the file");
    scene_done(&scene);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void turn(const Scene *scene)
{
    fd_set reads;
    int max_fd = -1;
    FD_ZERO(&reads);
    session_fds(scene->session, &reads, &max_fd);
    struct timeval timeout = {.tv_usec = 2000};
    if (select(max_fd + 1, &reads, NULL, NULL, &timeout) < 0) {
        FD_ZERO(&reads);
    }
    (void)session_pump(scene->session, &reads, clock_monotonic(), BUDGET);
}

static CaptureStatus capture_of(const Scene *scene)
{
    CaptureStatus status;
    assert_true(session_capture(scene->session, &status));
    return status;
}

static uint64_t entries_of(const Scene *scene)
{
    return store_counts(session_store(scene->session))->entries;
}

#define UNTIL_SO(scene, is_so)                                                                     \
    for (int64_t since = clock_monotonic(); !(is_so); turn(scene)) {                               \
        assert_true(clock_monotonic() - since < HARNESS_PATIENCE_NS);                              \
    }

/* Entries that have come, shown or not. */
static uint64_t read_by(const Scene *scene)
{
    SourceStatus status;
    sources_status(session_sources(scene->session), 0, &status);
    return status.counts.entries;
}

/* Ended in the middle of a restart, a capture has what had come by then, shown yet or not: the
 * second child's entry, which waits for the end of the first. */
static void an_end_takes_what_a_restart_holds(void **state)
{
    static const char SCRIPT[] =
        "say() { echo '{\"timestamp\":\"2026-01-15 10:00:'$1'.012931+0100\",'"
        "'\"machTimestamp\":'$1',\"eventType\":\"logEvent\",\"eventMessage\":\"seq='$1'\"}'; }\n"
        "if test -e $d/second; then say 20; else say 10; : >$d/second; fi\n"
        "exec sleep 1000\n";
    Scene scene;
    FakeLog fake;
    StrBuf is = {0};
    char second[64];
    scene_make(&scene);
    fake_log_init(&fake, *state, SCRIPT);
    (void)snprintf(second, sizeof second, "%s/second", fake.directory);
    scene.options.source_count = 0;
    scene.options.log_path = fake.program;
    scene_open(&scene);
    UNTIL_SO(&scene, entries_of(&scene) == 1 && access(second, F_OK) == 0);
    sources_restart(session_sources(scene.session), NULL);
    UNTIL_SO(&scene, read_by(&scene) == 2);
    assert_int_equal(entries_of(&scene), 1);
    session_capture_end(scene.session);
    assert_int_equal(capture_of(&scene).state, CAPTURE_ENDING);
    UNTIL_SO(&scene, capture_of(&scene).state == CAPTURE_ENDED);
    assert_int_equal(capture_of(&scene).entries, 2);
    assert_non_null(strstr(place_get(&scene.place, "capture", &is), "seq=20"));
    strbuf_done(&is);
    scene_done(&scene);
    (void)unlink(second);
    fake_log_done(&fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_end_takes_what_a_restart_holds),
        cmocka_unit_test(the_number_stands_in_a_file),
        cmocka_unit_test(a_file_of_somebody_else_stays),
        cmocka_unit_test(half_a_number_is_not_left),
        cmocka_unit_test(a_file_that_is_there_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
