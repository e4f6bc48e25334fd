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

static void assert_refused(Scene *scene, const char *words)
{
    Err err = err_none();
    assert_null(session_new(&scene->options, NULL, &err));
    if (strstr(err.text, words) == NULL) {
        fail_msg("'%s' is not in '%s'", words, err.text);
    }
}

/* A process that has detached itself, and waits for the end of what it reads. */
static pid_t detach_elsewhere(Scene *scene, int *ret_end)
{
    int ends[2];
    int told[2];
    char byte = 0;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pipe(told), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)close(ends[1]);
        byte = session_capture_detach(scene->session) ? 'y' : 'n';
        bool is_good = write(told[1], &byte, 1) == 1 && read(ends[0], &byte, 1) == 0;
        _exit(is_good ? 0 : 1);
    }
    (void)close(ends[0]);
    (void)close(told[1]);
    assert_int_equal(read(told[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    (void)close(told[0]);
    *ret_end = ends[1];
    return pid;
}

/* As long as its process lives it is in the way, and who that is is said, whatever stands in it;
 * afterwards it is left over. */
static void a_file_is_its_process_s_while_that_lives(void **state)
{
    (void)state;
    Scene scene;
    StrBuf is = {0};
    char words[64];
    int end;
    scene_make(&scene);
    scene.options.detach_capture = true;
    scene_open(&scene);
    pid_t other = detach_elsewhere(&scene, &end);
    (void)snprintf(words, sizeof words, "process %jd goes on with another", (intmax_t)other);
    assert_refused(&scene, words);
    place_put(&scene.place, "capture.pid", "1\n");
    assert_refused(&scene, words);
    assert_false(session_capture_detach(scene.session));
    assert_string_equal(place_get(&scene.place, "capture.pid", &is), "1\n");
    (void)close(end);
    assert_int_equal(waitpid(other, NULL, 0), other);
    assert_true(session_capture_detach(scene.session));
    (void)snprintf(words, sizeof words, "%jd\n", (intmax_t)getpid());
    assert_string_equal(place_get(&scene.place, "capture.pid", &is), words);
    session_capture_detached(scene.session);
    strbuf_done(&is);
    scene_done(&scene);
}

/* A number says nothing: that of a process that is gone, or of one that has it by now. */
static void a_file_that_is_left_over_is_replaced(void **state)
{
    static const char *const TEXTS[] = {"1\n", "999999999\n", "12", ""};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        Scene scene;
        StrBuf is = {0};
        char wanted[32];
        scene_make(&scene);
        scene.options.detach_capture = true;
        place_put(&scene.place, "capture.pid", TEXTS[i]);
        scene_open(&scene);
        assert_string_equal(place_get(&scene.place, "capture.pid", &is), TEXTS[i]); /* not yet */
        assert_true(session_capture_detach(scene.session));
        (void)snprintf(wanted, sizeof wanted, "%jd\n", (intmax_t)getpid());
        assert_string_equal(place_get(&scene.place, "capture.pid", &is), wanted);
        session_capture_detached(scene.session);
        assert_false(exists(&scene, "capture.pid"));
        strbuf_done(&is);
        scene_done(&scene);
    }
}

/* What is no number of a process is somebody's: it is in the way from the start. */
static void a_file_that_is_none_is_refused(void **state)
{
    static const char *const TEXTS[] = {"theirs", "-1\n", "1\n2\n", "\n",
                                        "123456789012345678901234567890\n"};
    (void)state;
    Scene scene;
    StrBuf is = {0};
    char pid[128];
    scene_make(&scene);
    scene.options.detach_capture = true;
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        place_put(&scene.place, "capture.pid", TEXTS[i]);
        assert_refused(&scene, "capture.pid' exists already; give another name");
        assert_false(exists(&scene, "capture"));
        assert_string_equal(place_get(&scene.place, "capture.pid", &is), TEXTS[i]);
    }
    (void)snprintf(pid, sizeof pid, "%s", place_path(&scene.place, "capture.pid"));
    assert_int_equal(unlink(pid), 0);
    place_put(&scene.place, "other", "1\n");
    assert_int_equal(symlink(place_path(&scene.place, "other"), pid), 0);
    assert_refused(&scene, "capture.pid' exists already; give another name");
    strbuf_done(&is);
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

/* --- what is in no file ----------------------------------------------------------------------- */

/* A session that reads what is written to a pipe, by a command (that is live) or as a file. */
typedef struct Piped {
    Scene scene;
    char command[160];
    int fd;
    uint64_t sent;
} Piped;

static void piped_open(Piped *piped, SourceKind kind, const char *capture)
{
    char fifo[128];
    scene_make(&piped->scene);
    (void)snprintf(fifo, sizeof fifo, "%s", place_path(&piped->scene.place, "fifo"));
    assert_int_equal(mkfifo(fifo, 0600), 0);
    (void)snprintf(piped->command, sizeof piped->command, "%s%s",
                   kind == SOURCE_EXEC ? "exec cat " : "", fifo);
    piped->scene.options.sources[0] = (SourceSpec){.kind = kind, .argument = piped->command};
    piped->scene.options.capture = capture;
    piped->sent = 0;
    piped->fd = open(fifo, O_RDWR); /* so that nobody waits for the other end */
    assert_true(piped->fd >= 0);
    scene_open(&piped->scene);
}

static void piped_done(Piped *piped)
{
    (void)close(piped->fd);
    scene_done(&piped->scene);
}

/* Sends some entries and waits until they are held. */
static void send_some(Piped *piped)
{
    StrBuf text = {0};
    for (int i = 0; i < 10; i++) {
        add_entry(&text, (int)piped->sent++);
    }
    assert_int_equal(write(piped->fd, text.ptr, text.len), (ssize_t)text.len);
    strbuf_done(&text);
    UNTIL_SO(&piped->scene, entries_of(&piped->scene) == piped->sent);
}

static void begin_capture(Piped *piped, const char *path)
{
    Err err = err_none();
    bool is_there;
    if (!session_capture_begin(piped->scene.session, path, false, &is_there, &err)) {
        fail_msg("%s", err.text);
    }
}

static void end_capture(Piped *piped)
{
    session_capture_end(piped->scene.session);
    UNTIL_SO(&piped->scene, capture_of(&piped->scene).state == CAPTURE_ENDED);
}

static void a_capture_from_the_beginning_keeps_all(void **state)
{
    (void)state;
    Piped piped;
    char path[128];
    piped_open(&piped, SOURCE_EXEC, NULL);
    (void)snprintf(path, sizeof path, "%s", place_path(&piped.scene.place, "g"));
    Session *session = piped.scene.session;
    assert_false(session_has_unkept(session)); /* nothing has come */
    begin_capture(&piped, piped.scene.capture);
    send_some(&piped);
    assert_false(session_has_unkept(session));
    end_capture(&piped);
    assert_false(session_has_unkept(session));
    send_some(&piped); /* after its end */
    assert_true(session_has_unkept(session));
    begin_capture(&piped, path);
    send_some(&piped);
    assert_true(session_has_unkept(session)); /* those between the two */
    piped_done(&piped);
}

static void a_late_one_does_not_until_all_is_saved(void **state)
{
    (void)state;
    Piped piped;
    piped_open(&piped, SOURCE_EXEC, NULL);
    Session *session = piped.scene.session;
    send_some(&piped);
    assert_true(session_has_unkept(session));
    begin_capture(&piped, piped.scene.capture);
    send_some(&piped);
    assert_true(session_has_unkept(session));
    session_keep(session, 10); /* an excerpt of the first nine */
    assert_true(session_has_unkept(session));
    session_keep(session, store_end(session_store(session)));
    assert_false(session_has_unkept(session));
    send_some(&piped);
    assert_false(session_has_unkept(session));
    end_capture(&piped);
    send_some(&piped);
    assert_true(session_has_unkept(session));
    piped_done(&piped);
}

static void one_with_a_hole_does_not(void **state)
{
    (void)state;
    Piped piped;
    if (access("/dev/full", W_OK) != 0) {
        skip();
    }
    piped_open(&piped, SOURCE_EXEC, "/dev/full");
    Session *session = piped.scene.session;
    send_some(&piped);
    UNTIL_SO(&piped.scene, capture_of(&piped.scene).state == CAPTURE_FAILED &&
                               capture_of(&piped.scene).missed > 0);
    assert_true(session_has_unkept(session));
    /* Another one, without holes, has not what that one lacks. */
    begin_capture(&piped, piped.scene.capture);
    send_some(&piped);
    assert_true(session_has_unkept(session));
    session_keep(session, store_end(session_store(session)));
    assert_false(session_has_unkept(session));
    piped_done(&piped);
}

static void what_is_a_file_is_kept(void **state)
{
    (void)state;
    Piped piped;
    piped_open(&piped, SOURCE_FILE, NULL);
    send_some(&piped);
    assert_false(session_has_unkept(piped.scene.session));
    piped_done(&piped);
}

/* A source that is at its end cannot be read again either. */
static void the_end_of_the_source_keeps_nothing(void **state)
{
    (void)state;
    Piped piped;
    piped_open(&piped, SOURCE_EXEC, NULL);
    send_some(&piped);
    (void)close(piped.fd);
    UNTIL_SO(&piped.scene, session_is_loaded(piped.scene.session));
    assert_true(session_has_unkept(piped.scene.session));
    piped.fd = -1;
    piped_done(&piped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_end_takes_what_a_restart_holds),
        cmocka_unit_test(a_capture_from_the_beginning_keeps_all),
        cmocka_unit_test(a_late_one_does_not_until_all_is_saved),
        cmocka_unit_test(one_with_a_hole_does_not),
        cmocka_unit_test(what_is_a_file_is_kept),
        cmocka_unit_test(the_end_of_the_source_keeps_nothing),
        cmocka_unit_test(the_number_stands_in_a_file),
        cmocka_unit_test(a_file_of_somebody_else_stays),
        cmocka_unit_test(half_a_number_is_not_left),
        cmocka_unit_test(a_file_is_its_process_s_while_that_lives),
        cmocka_unit_test(a_file_that_is_left_over_is_replaced),
        cmocka_unit_test(a_file_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
