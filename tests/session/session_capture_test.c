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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_stands_in_a_file),
        cmocka_unit_test(a_file_of_somebody_else_stays),
        cmocka_unit_test(half_a_number_is_not_left),
        cmocka_unit_test(a_file_that_is_there_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
