/*
 * Faults while saving: a call of the system that fails at any point, and a program that is killed
 * at any point, leave the whole file or none. The calls are taken over here: those of this program
 * go through the functions below.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "session/save.h"
#include "tests/session/place.h"

/* What AddressSanitizer asks of a program: of 256 MiB of freed memory, which it would keep, each of
 * the many forks below would have to copy the tables. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "quarantine_size_mb=4";
}

/* --- faults ----------------------------------------------------------------------------------- */

/* No error: the write takes nothing and says so. */
#define NOTHING INT_MAX

typedef struct Fault {
    bool is_on;
    int calls;     /* seen so far */
    int at;        /* the one that fails, from 1 */
    int error;     /* 0 = the program is killed there, before the call; < 0 = after it */
    uint64_t room; /* > 0: it is killed when so many bytes have been written */
} Fault;

static Fault fault;

static void set_fault(int at, int error)
{
    fault = (Fault){.is_on = true, .at = at, .error = error};
}

/* True when the call is to fail. */
static bool is_due(void)
{
    if (!fault.is_on || ++fault.calls != fault.at) {
        return false;
    }
    if (fault.error == 0) {
        (void)raise(SIGKILL);
    }
    errno = fault.error;
    return fault.error > 0;
}

static void after_call(void)
{
    if (fault.is_on && fault.calls == fault.at && fault.error < 0) {
        (void)raise(SIGKILL);
    }
}

static void *next(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        abort();
    }
    return found;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    ssize_t (*real)(int, const void *, size_t);
    *(void **)&real = next("write");
    if (fd > STDERR_FILENO && fault.is_on && fault.room > 0 && len >= fault.room) {
        (void)real(fd, bytes, (size_t)fault.room);
        (void)raise(SIGKILL);
    }
    fault.room -= fault.is_on && fault.room > 0 && fd > STDERR_FILENO ? len : 0;
    if (fd > STDERR_FILENO && is_due()) {
        return fault.error == NOTHING ? 0 : -1;
    }
    ssize_t result = real(fd, bytes, len);
    if (fd > STDERR_FILENO) {
        after_call();
    }
    return result;
}

int fsync(int fd)
{
    int (*real)(int);
    *(void **)&real = next("fsync");
    if (is_due()) {
        return -1;
    }
    int result = real(fd);
    after_call();
    return result;
}

static int call_names(const char *name, const char *from, const char *to)
{
    int (*real)(const char *, const char *);
    *(void **)&real = next(name);
    if (is_due()) {
        return -1;
    }
    int result = real(from, to);
    after_call();
    return result;
}

/* One second for all that is saved: of the same entries the same bytes. Only the clock on the wall
 * stands still. */
int clock_gettime(clockid_t clock, struct timespec *ret_time)
{
    int (*real)(clockid_t, struct timespec *);
    *(void **)&real = next("clock_gettime");
    if (clock != CLOCK_REALTIME) {
        return real(clock, ret_time);
    }
    *ret_time = (struct timespec){.tv_sec = 1800000000};
    return 0;
}

int link(const char *from, const char *to)
{
    return call_names("link", from, to);
}

int rename(const char *from, const char *to)
{
    return call_names("rename", from, to);
}

/* --- saving ----------------------------------------------------------------------------------- */

static const OutputFormat FORMATS[] = {FORMAT_NDJSON, FORMAT_TEXT, FORMAT_HTML, FORMAT_BUNDLE};

typedef struct Scene {
    TestPlace place;
    Session *session;
    char path[128];
} Scene;

static int setup(void **state)
{
    static const Options FROM_DEMO = {
        .verb = VERB_EXPLORE,
        .sources = {{.kind = SOURCE_FILE, .argument = "session/demo.ndjson"}},
        .source_count = 1,
    };
    Scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    place_make(&scene->place);
    (void)snprintf(scene->path, sizeof scene->path, "%s/out", scene->place.directory);
    scene->session = session_new(&FROM_DEMO, NULL, NULL);
    assert_non_null(scene->session);
    while (!session_is_idle(scene->session)) {
        (void)session_pump(scene->session, NULL, clock_monotonic(), NS_PER_SECOND);
        (void)session_work(scene->session, NS_PER_SECOND);
    }
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    Scene *scene = *state;
    session_free(scene->session);
    place_remove(&scene->place);
    free(scene);
    return 0;
}

/* Saves; the text of the error is in `err`, "" = it went well. */
static void save_all(Scene *scene, OutputFormat format, bool may_replace, Err *err)
{
    SaveJob job = {.choice.set = SAVE_SET_VIEW,
                   .format = format,
                   .path = scene->path,
                   .may_replace = may_replace};
    *err = err_none();
    Save *save = save_new(scene->session, &job, NULL, err);
    while (save != NULL && save_step(save, 100)) {
    }
    if (save != NULL) {
        *err = *save_error(save);
    }
    save_free(save);
}

/* What a file of each form is when all goes well, and that the next one is the same. */
static void save_wholes(Scene *scene, StrBuf wholes[static ARRAY_LEN(FORMATS)])
{
    Err err;
    StrBuf again = {0};
    for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
        for (int i = 0; i < 2; i++) {
            save_all(scene, FORMATS[f], false, &err);
            assert_string_equal(err.text, "");
            (void)place_get(&scene->place, "out", i == 0 ? &wholes[f] : &again);
            (void)unlink(scene->path);
        }
        assert_true(wholes[f].len > 1000);
        assert_true(sv_equal(strbuf_view(&wholes[f]), strbuf_view(&again)));
    }
    strbuf_done(&again);
}

static void wholes_done(StrBuf wholes[static ARRAY_LEN(FORMATS)])
{
    for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
        strbuf_done(&wholes[f]);
    }
}

/* True when there is a file, and every byte of it is what it is to be. */
static bool is_whole(Scene *scene, const StrBuf *whole)
{
    StrBuf is = {0};
    (void)place_get(&scene->place, "out", &is);
    bool is_same = sv_equal(strbuf_view(&is), strbuf_view(whole));
    strbuf_done(&is);
    return is_same;
}

static off_t size_of(const char *path)
{
    struct stat made;
    return stat(path, &made) == 0 ? made.st_size : -1;
}

static size_t files_in(const char *directory)
{
    DIR *open = opendir(directory);
    size_t count = 0;
    assert_non_null(open);
    for (struct dirent *item = readdir(open); item != NULL; item = readdir(open)) {
        count += strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0;
    }
    (void)closedir(open);
    return count;
}

static const int ERRORS[] = {ENOSPC, EIO, EPIPE, EROFS, EDQUOT};

/* Every call fails once, with every error: no file, no remains, and it is said. A link that fails
 * may be made up for by a rename; then the file is whole. */
static void test_calls_that_fail(void **state)
{
    Scene *scene = *state;
    StrBuf wholes[ARRAY_LEN(FORMATS)] = {0};
    Err err;
    save_wholes(scene, wholes);
    for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
        int failed = 0, at = 1;
        for (bool was_reached = true; was_reached; at++) {
            int error = ERRORS[at % (int)ARRAY_LEN(ERRORS)];
            (void)unlink(scene->path);
            set_fault(at, error);
            save_all(scene, FORMATS[f], false, &err);
            was_reached = fault.calls >= at;
            fault.is_on = false;
            if (err.text[0] != '\0') {
                failed++;
                assert_non_null(strstr(err.text, strerror(error)));
                assert_int_equal(size_of(scene->path), -1);
                assert_int_equal(files_in(scene->place.directory), 0);
            } else {
                assert_true(is_whole(scene, &wholes[f]));
                assert_int_equal(files_in(scene->place.directory), 1);
            }
        }
        assert_true(failed >= 2);
        (void)unlink(scene->path);
    }
    wholes_done(wholes);
}

/* A write that takes nothing is a failure, and not tried for ever. */
static void test_write_of_nothing(void **state)
{
    Scene *scene = *state;
    Err err;
    for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
        set_fault(1, NOTHING);
        save_all(scene, FORMATS[f], false, &err);
        fault.is_on = false;
        assert_non_null(strstr(err.text, strerror(EIO)));
        assert_int_equal(files_in(scene->place.directory), 0);
    }
}

/* The file that is there stays as it is when its successor fails. */
static void test_old_file_stays(void **state)
{
    Scene *scene = *state;
    Err err;
    int failed = 0;
    for (int at = 1; at < 12; at++) {
        place_put(&scene->place, "out", "precious");
        set_fault(at, ENOSPC);
        save_all(scene, FORMAT_TEXT, true, &err);
        bool was_reached = fault.calls >= at;
        fault.is_on = false;
        if (was_reached) {
            failed++;
            assert_true(err.text[0] != '\0');
            assert_int_equal(size_of(scene->path), 8);
        }
    }
    assert_true(failed > 2);
}

/* Saves in a process of its own, with that fault; true when it was killed. */
static bool save_elsewhere(Scene *scene, OutputFormat format, bool may_replace, const Fault *wanted)
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        Err err;
        fault = *wanted;
        save_all(scene, format, may_replace, &err);
        _exit(err.text[0] == '\0' ? 0 : 1);
    }
    while (waitpid(pid, &status, 0) < 0) {
        assert_int_equal(errno, EINTR);
    }
    bool was_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    assert_true(was_killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return was_killed;
}

/* Killed before and after every call, to the last: the whole file or none. */
static void test_killed_anywhere(void **state)
{
    Scene *scene = *state;
    StrBuf wholes[ARRAY_LEN(FORMATS)] = {0};
    save_wholes(scene, wholes);
    for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
        int killed = 0;
        bool was_killed = true;
        for (int at = 1; was_killed; at++) {
            for (int is_after = 0; is_after < 2 && was_killed; is_after++) {
                Fault kill = {.is_on = true, .at = at, .error = is_after ? -1 : 0};
                was_killed = save_elsewhere(scene, FORMATS[f], false, &kill);
                killed += was_killed;
                bool is_there = size_of(scene->path) >= 0;
                assert_true(is_there ? is_whole(scene, &wholes[f]) : was_killed);
                (void)unlink(scene->path);
            }
        }
        assert_true(killed >= 6); /* a write, a sync, a name: before and after each */
    }
    wholes_done(wholes);
}

/* A number below `limit`: splitmix64. */
static uint64_t pick(uint64_t *state, uint64_t limit)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % limit;
}

/* Of the target there is `what` or the whole file, and nothing else; true when it is the file. */
static bool check_target(Scene *scene, const char *what, const StrBuf *whole)
{
    StrBuf is = {0};
    (void)place_get(&scene->place, "out", &is);
    bool is_there = size_of(scene->path) >= 0;
    bool is_old = what == NULL ? !is_there : is_there && strcmp(is.ptr, what) == 0;
    bool is_new = is_there && is_whole(scene, whole);
    strbuf_done(&is);
    assert_true(is_old || is_new);
    return is_new;
}

#define KILLS 40

/* Killed after any byte, or at any call, with something at the target or not: what was there is
 * untouched, or the whole file is. */
static void test_killed_at_random(void **state)
{
    Scene *scene = *state;
    const char *given = getenv("MDMSCOPE_SEED");
    uint64_t seed =
        given != NULL ? strtoull(given, NULL, 10) : (uint64_t)(clock_monotonic() ^ getpid());
    StrBuf wholes[ARRAY_LEN(FORMATS)] = {0};
    int killed = 0, done = 0;
    print_message("%s: MDMSCOPE_SEED=%" PRIu64 "\n", __func__, seed);
    save_wholes(scene, wholes);
    for (int i = 0; i < KILLS; i++) {
        size_t f = (size_t)pick(&seed, ARRAY_LEN(FORMATS));
        bool may_replace = pick(&seed, 2) == 0;
        Fault kill = {.is_on = true, .at = 1 + (int)pick(&seed, 20)};
        kill.error = (int)pick(&seed, 2) - 1;
        /* A form that goes through a spool writes about twice as much as it is long. */
        kill.room = pick(&seed, 3) == 0 ? 0 : 1 + pick(&seed, 2 * (uint64_t)wholes[f].len);
        kill.at = kill.room > 0 ? INT_MAX : kill.at;
        (void)unlink(scene->path);
        if (may_replace) {
            place_put(&scene->place, "out", "precious");
        }
        bool was_killed = save_elsewhere(scene, FORMATS[f], may_replace, &kill);
        bool is_new = check_target(scene, may_replace ? "precious" : NULL, &wholes[f]);
        assert_true(is_new || was_killed);
        killed += was_killed;
        done += is_new;
    }
    assert_true(killed >= KILLS / 2);
    assert_true(done < KILLS);
    wholes_done(wholes);
}

/* The directory goes away while the file is written. */
static void test_directory_vanishes(void **state)
{
    Scene *scene = *state;
    char directory[160];
    Err err = err_none();
    SaveJob job = {.choice.set = SAVE_SET_VIEW, .format = FORMAT_MD, .path = scene->path};
    (void)snprintf(directory, sizeof directory, "%s/gone", scene->place.directory);
    (void)snprintf(scene->path, sizeof scene->path, "%s/gone/out", scene->place.directory);
    assert_int_equal(mkdir(directory, 0700), 0);
    Save *save = save_new(scene->session, &job, NULL, &err);
    assert_non_null(save);
    assert_true(save_step(save, 10));
    assert_int_equal(nftw(directory, place_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    while (save_step(save, 1000)) {
    }
    assert_non_null(strstr(save_error(save)->text, strerror(ENOENT)));
    save_free(save);
    assert_int_equal(size_of(directory), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_calls_that_fail, setup, teardown),
        cmocka_unit_test_setup_teardown(test_write_of_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_old_file_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed_at_random, setup, teardown),
        cmocka_unit_test_setup_teardown(test_directory_vanishes, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
