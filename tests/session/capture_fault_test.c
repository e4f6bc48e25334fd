/*
 * Tests of captures on disks that are full, slow, dying or dead, into pipes, and by a program that
 * is killed: what was taken is in the file or counted, the file ends with a whole entry, and nobody
 * waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "session/capture.h"
#include "tests/session/captures.h"

/* --- disks ------------------------------------------------------------------------------------ */

/* A capture of a single source that is fed by hand. */
static Capture *by_hand(const char *path, CaptureWriterSetup writer)
{
    static const StrView NAME = {"hand", 4};
    CaptureSetup setup = {.path = path, .names = &NAME, .count = 1, .writer = writer};
    Err err = err_none();
    bool exists;
    Capture *capture = capture_new(&setup, &exists, &err);
    if (capture == NULL) {
        fail_msg("%s", err.text);
    }
    return capture;
}

static void feed(Capture *capture, const char *raw)
{
    Entry entry = {.raw = sv(raw), .style = STYLE_NDJSON, .kind = KIND_LOG};
    capture_entry(capture, &entry);
}

static CaptureStatus status_of(Capture *capture)
{
    CaptureStatus status;
    capture_status(capture, &status);
    return status;
}

/* Waits until it has failed; feeds meanwhile, as a source does. */
static CaptureStatus until_failed(Capture *capture, const char *raw)
{
    int64_t begin = clock_monotonic();
    while (status_of(capture).state == CAPTURE_RUNNING) {
        assert_true(clock_monotonic() - begin < HARNESS_PATIENCE_NS);
        feed(capture, raw);
    }
    feed(capture, raw);
    capture_wait(capture);
    return status_of(capture);
}

static bool says(const CaptureStatus *status, const char *what)
{
    return sv_find(status->trouble, sv(what)) != SIZE_MAX;
}

static void a_full_disk_stops_it(void **state)
{
    (void)state;
    if (access("/dev/full", W_OK) != 0) {
        skip();
    }
    Capture *capture = by_hand("/dev/full", (CaptureWriterSetup){0});
    CaptureStatus status = until_failed(capture, "an entry");
    assert_int_equal(status.state, CAPTURE_FAILED);
    assert_true(says(&status, "cannot write '/dev/full': No space left on device"));
    assert_int_equal(status.missed, status.entries);
    assert_int_equal(status.bytes, 0);
    capture_free(capture);
}

static ssize_t write_eio(int fd, const void *bytes, size_t len)
{
    off_t at = lseek(fd, 0, SEEK_END);
    if (at + (off_t)len > 1000) {
        size_t room = at < 1000 ? (size_t)(1000 - at) : 0;
        if (room > 0) {
            return write(fd, bytes, room); /* a part of it still goes */
        }
        errno = EIO;
        return -1;
    }
    return write(fd, bytes, len);
}

/* Of what the disk took, the file keeps whole entries; the rest is counted. */
static void a_dying_disk_leaves_whole_entries(void **state)
{
    (void)state;
    TestPlace place;
    StrBuf is = {0};
    place_make(&place);
    Capture *capture = by_hand(place_path(&place, "f"), (CaptureWriterSetup){.write = write_eio});
    CaptureStatus status = until_failed(capture, "an entry of 27 bytes, no nl");
    assert_true(says(&status, "Input/output error") || says(&status, "I/O"));
    (void)place_get(&place, "f", &is);
    assert_int_equal(is.len, 1000 / 28 * 28);
    assert_int_equal(status.bytes, is.len);
    assert_int_equal(status.entries - status.missed, 1000 / 28);
    capture_free(capture);
    strbuf_done(&is);
    place_remove(&place);
}

/* The same by a real limit, in a process of its own. */
static void a_limit_leaves_whole_entries(void **state)
{
    (void)state;
    TestPlace place;
    StrBuf is = {0};
    place_make(&place);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct rlimit limit = {1000, 1000};
        (void)signal(SIGXFSZ, SIG_IGN);
        bool is_good = setrlimit(RLIMIT_FSIZE, &limit) == 0;
        Capture *capture = by_hand(place_path(&place, "f"), (CaptureWriterSetup){0});
        CaptureStatus status = until_failed(capture, "an entry of 27 bytes, no nl");
        is_good = is_good && status.entries - status.missed == 1000 / 28 && status.bytes == 980;
        capture_free(capture);
        _exit(is_good ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    (void)place_get(&place, "f", &is);
    assert_int_equal(is.len, 980);
    strbuf_done(&is);
    place_remove(&place);
}

static void a_pipe_without_a_reader_stops_it(void **state)
{
    (void)state;
    TestPlace place;
    Err err;
    bool exists;
    char path[128];
    char bytes[64];
    place_make(&place);
    (void)snprintf(path, sizeof path, "%s", place_path(&place, "pipe"));
    assert_int_equal(mkfifo(path, 0600), 0);
    static const StrView NAME = {"hand", 4};
    CaptureSetup setup = {.path = path, .names = &NAME, .count = 1};
    assert_null(capture_new(&setup, &exists, &err)); /* nobody would ever read it */
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    Capture *capture = by_hand(path, (CaptureWriterSetup){0});
    feed(capture, "first");
    int64_t begun = clock_monotonic();
    ssize_t got = -1;
    while (got <= 0 && clock_monotonic() - begun < HARNESS_PATIENCE_NS) {
        got = read(reader, bytes, sizeof bytes);
    }
    assert_int_equal(got, 6);
    assert_memory_equal(bytes, "first\n", 6);
    (void)close(reader);
    CaptureStatus status = until_failed(capture, "more");
    assert_true(says(&status, "Broken pipe"));
    assert_int_equal(status.entries - status.missed, 1);
    capture_free(capture);
    place_remove(&place);
}

static ssize_t write_nothing(int fd, const void *bytes, size_t len)
{
    (void)fd;
    (void)bytes;
    (void)len;
    return 0;
}

/* No error, but nothing taken either: that must not go round for ever. */
static void a_disk_that_takes_nothing_stops_it(void **state)
{
    (void)state;
    TestPlace place;
    place_make(&place);
    CaptureWriterSetup writer = {.write = write_nothing};
    Capture *capture = by_hand(place_path(&place, "f"), writer);
    CaptureStatus status = until_failed(capture, "an entry");
    assert_true(says(&status, strerror(EIO)));
    assert_int_equal(status.missed, status.entries);
    capture_free(capture);
    place_remove(&place);
}

/* Takes everything but one entry, at a moment when that goes alone. */
static ssize_t write_first_part(int fd, const void *bytes, size_t len)
{
    static const char FULL[] = "part two\n";
    if (len == sizeof FULL - 1 && memcmp(bytes, FULL, len) == 0) {
        errno = ENOSPC;
        return -1;
    }
    return write(fd, bytes, len);
}

/* A part for which there was no room is not left behind empty; one in the way stays as it is. */
static void no_empty_part_is_left(void **state)
{
    (void)state;
    TestPlace place;
    CaptureWriterSetup writer = {.write = write_first_part, .part_bytes = 10};
    place_make(&place);
    Capture *capture = by_hand(place_path(&place, "f"), writer);
    feed(capture, "part one");
    feed(capture, "part two");
    capture_wait(capture);
    CaptureStatus status = status_of(capture);
    assert_int_equal(status.state, CAPTURE_FAILED);
    assert_true(says(&status, ".0002'"));
    assert_int_equal(status.files, 1);
    assert_int_equal(status.missed, 1);
    capture_free(capture);
    assert_file(&place, "f", SV("part one\n"));
    assert_int_equal(access(place_path(&place, "f.0002"), F_OK), -1);
    /* The second part cannot be begun, the third is somebody's: what is in them is not touched. */
    place_put(&place, "g.0003", "");
    capture = by_hand(place_path(&place, "g"), writer);
    feed(capture, "part one");
    feed(capture, "part on2");
    feed(capture, "part on3");
    feed(capture, "part two");
    capture_wait(capture);
    assert_int_equal(status_of(capture).missed, 1);
    capture_free(capture);
    assert_file(&place, "g.0002", SV("part on2\npart on3\n"));
    assert_int_equal(access(place_path(&place, "g.0003"), F_OK), 0);
    place_remove(&place);
}

/* A file that is removed takes what was in it along: that is said, and all of it counted. One that
 * is moved goes on. */
static void a_removed_file_is_told_of(void **state)
{
    (void)state;
    for (int is_moved = 0; is_moved < 2; is_moved++) {
        TestPlace place;
        char path[128];
        place_make(&place);
        (void)snprintf(path, sizeof path, "%s", place_path(&place, "f"));
        Capture *capture = by_hand(path, (CaptureWriterSetup){0});
        feed(capture, "one");
        int64_t begun = clock_monotonic();
        while (status_of(capture).bytes == 0) {
            assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
        }
        assert_int_equal(is_moved ? rename(path, place_path(&place, "g")) : unlink(path), 0);
        feed(capture, "two");
        capture_wait(capture);
        CaptureStatus status = status_of(capture);
        assert_int_equal(status.missed, is_moved ? 0 : 2);
        assert_int_equal(says(&status, "f' was removed, with all that was in it"), !is_moved);
        capture_free(capture);
        if (is_moved) {
            assert_file(&place, "g", SV("one\ntwo\n"));
        }
        place_remove(&place);
    }
}

static int stat_uncounted(int fd, struct stat *ret_info)
{
    int result = fstat(fd, ret_info);
    ret_info->st_nlink = 0;
    return result;
}

/* A file system that counts no names is not taken for one whose files are removed. */
static void names_that_are_not_counted_are_no_removal(void **state)
{
    (void)state;
    TestPlace place;
    place_make(&place);
    CaptureWriterSetup writer = {.stat = stat_uncounted, .part_bytes = 4};
    Capture *capture = by_hand(place_path(&place, "f"), writer);
    feed(capture, "one");
    feed(capture, "two");
    capture_wait(capture);
    CaptureStatus status = status_of(capture);
    assert_int_equal(status.state, CAPTURE_ENDED);
    assert_int_equal(status.missed, 0);
    assert_null(status.trouble.ptr);
    capture_free(capture);
    assert_file(&place, "f", SV("one\n"));
    assert_file(&place, "f.0002", SV("two\n"));
    place_remove(&place);
}

/* --- a start that fails ----------------------------------------------------------------------- */

/* Leaves so many descriptors free. */
static bool limit_descriptors(rlim_t count)
{
    int lowest = dup(STDERR_FILENO);
    struct rlimit limit;
    if (lowest < 0 || close(lowest) != 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return false;
    }
    limit.rlim_cur = (rlim_t)lowest + count;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* Replaces "f" in a process that may open so many descriptors; 0 = it went well, 1 = it was
 * refused, 2 = it was, but said nothing of use. */
static int replace_with(TestPlace *place, rlim_t descriptors, bool holds)
{
    static const StrView NAME = {"hand", 4};
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        Err err = err_none();
        bool exists;
        CaptureSetup setup = {.path = place_path(place, "f"),
                              .names = &NAME,
                              .holds = &holds,
                              .count = 1,
                              .may_replace = true};
        Capture *capture =
            limit_descriptors(descriptors) ? capture_new(&setup, &exists, &err) : NULL;
        if (capture == NULL) {
            _exit(strstr(err.text, strerror(EMFILE)) != NULL ? 1 : 2);
        }
        feed(capture, "new");
        capture_free(capture);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Wherever a start fails, what was to be replaced is there as it was, and nothing beside it. */
static void a_start_that_fails_replaces_nothing(void **state)
{
    (void)state;
    for (int holds = 0; holds < 2; holds++) {
        TestPlace place;
        rlim_t failed = 0;
        int result;
        place_make(&place);
        place_put(&place, "f", "precious");
        while ((result = replace_with(&place, failed, holds)) == 1) {
            failed++;
            assert_file(&place, "f", SV("precious"));
            assert_int_equal(access(place_path(&place, "f.new"), F_OK), -1);
            assert_int_equal(access(place_path(&place, "f.held"), F_OK), -1);
        }
        assert_int_equal(result, 0);
        assert_true(failed >= 3); /* the file, the two ends of the pipe */
        assert_file(&place, "f", SV("new\n"));
        assert_int_equal(access(place_path(&place, "f.new"), F_OK), -1);
        place_remove(&place);
    }
}

/* What is in the way of the successor is named, and is not ours to remove. */
static void a_successor_in_the_way_is_named(void **state)
{
    (void)state;
    static const StrView NAME = {"hand", 4};
    TestPlace place;
    Err err = err_none();
    bool exists;
    place_make(&place);
    place_put(&place, "f", "precious");
    place_put(&place, "f.new", "as well");
    CaptureSetup setup = {
        .path = place_path(&place, "f"), .names = &NAME, .count = 1, .may_replace = true};
    assert_null(capture_new(&setup, &exists, &err));
    assert_non_null(strstr(err.text, "f.new' is in the way; move that away"));
    assert_file(&place, "f", SV("precious"));
    assert_file(&place, "f.new", SV("as well"));
    place_remove(&place);
}

/* --- slow disks ------------------------------------------------------------------------------- */

/* A disk that takes nothing until it is let go. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static ssize_t write_gated(int fd, const void *bytes, size_t len)
{
    (void)pthread_mutex_lock(&gate);
    ssize_t put = write(fd, bytes, len);
    (void)pthread_mutex_unlock(&gate);
    return put;
}

/* Whoever feeds never waits; what there is no room for is counted, and the file says where. */
static void a_slow_disk_costs_what_is_counted(void **state)
{
    (void)state;
    TestPlace place;
    StrBuf is = {0};
    place_make(&place);
    CaptureWriterSetup writer = {.write = write_gated, .held_bytes = 64 * KIB};
    Capture *capture = by_hand(place_path(&place, "f"), writer);
    (void)pthread_mutex_lock(&gate);
    for (int i = 0; i < 10000; i++) {
        feed(capture, "0123456789 123456789 123456789");
    }
    assert_true(capture_is_full(capture));
    CaptureStatus status = status_of(capture);
    assert_int_equal(status.state, CAPTURE_RUNNING);
    assert_int_equal(status.missed, 10000 - 64 * KIB / 31);
    assert_true(says(&status, "the disk was too slow"));
    (void)pthread_mutex_unlock(&gate);
    int64_t begun = clock_monotonic();
    while (capture_is_full(capture)) {
        assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
    }
    feed(capture, "after it");
    capture_wait(capture);
    status = status_of(capture);
    assert_int_equal(status.state, CAPTURE_ENDED);
    (void)place_get(&place, "f", &is);
    size_t lines = 0;
    for (size_t i = 0; i < is.len; i++) {
        lines += is.ptr[i] == '\n' ? 1 : 0;
    }
    assert_int_equal(lines, 10001 - status.missed + 1);
    char words[96];
    (void)snprintf(words, sizeof words,
                   "mdmscope: %d entries are missing here: the disk was too slow for them\n"
                   "after it\n",
                   (int)status.missed);
    assert_true(sv_ends(strbuf_view(&is), sv(words)));
    capture_free(capture);
    strbuf_done(&is);
    place_remove(&place);
}

/* What the disk was too slow for, but was held before, is in FILE.held: that is not removed. */
static void what_is_held_stays_where_the_rest_is_missing(void **state)
{
    (void)state;
    static const StrView NAME = {"hand", 4};
    static const bool HOLDS = true;
    for (int is_missing = 0; is_missing < 2; is_missing++) {
        TestPlace place;
        Err err = err_none();
        bool exists;
        place_make(&place);
        CaptureSetup setup = {.path = place_path(&place, "f"),
                              .names = &NAME,
                              .holds = &HOLDS,
                              .count = 1,
                              .writer = {.write = write_gated, .held_bytes = 64 * KIB}};
        Capture *capture = capture_new(&setup, &exists, &err);
        assert_non_null(capture);
        Entry held = {.raw = SV("held for long")};
        (void)pthread_mutex_lock(&gate);
        capture_held(capture, &held);
        for (int i = 0; i < (is_missing ? 10000 : 10); i++) {
            feed(capture, "0123456789 123456789 123456789");
        }
        capture_entry(capture, &held);
        capture_released(capture, 0);
        (void)pthread_mutex_unlock(&gate);
        capture_wait(capture);
        CaptureStatus status = status_of(capture);
        assert_int_equal(status.missed > 0, is_missing);
        assert_int_equal(says(&status, "f.held' only"), is_missing);
        capture_free(capture);
        assert_int_equal(access(place_path(&place, "f.held"), F_OK), is_missing ? 0 : -1);
        if (is_missing) {
            assert_file(&place, "f.held", SV("held for long\n"));
        }
        place_remove(&place);
    }
}

/* What will not come is counted, and where nothing holds it the file says so. */
static void what_is_given_up_is_counted(void **state)
{
    (void)state;
    TestPlace place;
    place_make(&place);
    Capture *capture = by_hand(place_path(&place, "f"), (CaptureWriterSetup){0});
    feed(capture, "before");
    capture_lost(capture, 0, 17);
    feed(capture, "after");
    capture_wait(capture);
    CaptureStatus status = status_of(capture);
    assert_int_equal(status.missed, 17);
    assert_int_equal(status.entries, 19);
    assert_true(says(&status, "lacks 17 entries: there was no memory"));
    capture_free(capture);
    assert_file(&place, "f",
                SV("before\n"
                   "mdmscope: 17 entries are missing here: there was no memory for them\n"
                   "after\n"));
    place_remove(&place);
}

/* A disk that does not answer holds the end up for a moment, not for ever. */
static void a_dead_disk_does_not_hold_the_end(void **state)
{
    (void)state;
    TestPlace place;
    place_make(&place);
    Capture *capture = by_hand(place_path(&place, "f"), (CaptureWriterSetup){.write = write_gated});
    (void)pthread_mutex_lock(&gate);
    feed(capture, "an entry");
    int64_t begun = clock_monotonic();
    capture_wait(capture);
    assert_true(clock_monotonic() - begun < CAPTURE_END_NS + 2 * NS_PER_SECOND);
    CaptureStatus status = status_of(capture);
    assert_int_equal(status.missed, 1);
    assert_true(says(&status, "in time"));
    /* Awake before it is freed, so that the thread is gone when the test is. */
    (void)pthread_mutex_unlock(&gate);
    begun = clock_monotonic();
    while (status_of(capture).state != CAPTURE_ENDED) {
        assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
    }
    capture_free(capture);
    assert_file(&place, "f", SV("an entry\n"));
    place_remove(&place);
}

/* --- a program that is killed ----------------------------------------------------------------- */

#define SLOTS 4000 /* milliseconds */

typedef struct Shared {
    volatile int64_t begun;
    volatile int taken[SLOTS]; /* entries that had been given to the capture by then */
} Shared;

static int slot_now(const Shared *shared)
{
    int64_t ms = (clock_monotonic() - shared->begun) / NS_PER_MS;
    return ms < SLOTS ? (int)ms : SLOTS - 1;
}

/* Feeds some 20,000 entries a second until it is killed. */
static void feed_for_ever(const char *path, Shared *shared)
{
    Capture *capture = by_hand(path, (CaptureWriterSetup){0});
    int last = 0;
    shared->begun = clock_monotonic();
    for (int number = 0;;) {
        int slot = slot_now(shared);
        for (; number < slot * 20; number++) {
            StrBuf text = {0};
            add_entry(&text, number);
            Entry entry = {.raw = sv_slice(strbuf_view(&text), 0, text.len - 1)};
            capture_entry(capture, &entry);
            strbuf_done(&text);
        }
        for (; last < slot; last++) {
            shared->taken[last + 1] = number;
        }
    }
}

static void kill_at(int ms)
{
    TestPlace place;
    char path[128];
    place_make(&place);
    (void)snprintf(path, sizeof path, "%s", place_path(&place, "f"));
    Shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
    assert_true(shared != MAP_FAILED);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        feed_for_ever(path, shared);
    }
    int64_t begun = clock_monotonic();
    while (shared->begun == 0 || shared->taken[ms] == 0) {
        assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
    }
    assert_int_equal(kill(pid, SIGKILL), 0);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    int last = ms;
    while (last + 1 < SLOTS && shared->taken[last + 1] > 0) {
        last++;
    }
    int wanted = last >= 1000 ? shared->taken[last - 1000] : 0;
    const char *paths[] = {path};
    Harness *again = open_again(paths, 1);
    size_t whole = again->count - again->unparsed;
    assert_true(again->unparsed <= 1); /* a cut line, and only at the end */
    assert_true((int)whole >= wanted);
    for (size_t i = 0; i < whole; i++) {
        assert_int_equal(again->numbers[i], (int64_t)i);
    }
    harness_free(again);
    (void)munmap(shared, sizeof *shared);
    place_remove(&place);
}

static void a_killed_program_loses_a_second_at_most(void **state)
{
    (void)state;
    static const int MOMENTS[] = {3, 57, 210, 1013, 1101, 1350};
    for (size_t i = 0; i < ARRAY_LEN(MOMENTS); i++) {
        kill_at(MOMENTS[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_full_disk_stops_it),
        TEST(a_dying_disk_leaves_whole_entries),
        TEST(a_limit_leaves_whole_entries),
        TEST(a_pipe_without_a_reader_stops_it),
        TEST(a_disk_that_takes_nothing_stops_it),
        TEST(no_empty_part_is_left),
        TEST(a_removed_file_is_told_of),
        TEST(names_that_are_not_counted_are_no_removal),
        TEST(a_start_that_fails_replaces_nothing),
        TEST(a_successor_in_the_way_is_named),
        TEST(a_slow_disk_costs_what_is_counted),
        TEST(what_is_held_stays_where_the_rest_is_missing),
        TEST(what_is_given_up_is_counted),
        TEST(a_dead_disk_does_not_hold_the_end),
        TEST(a_killed_program_loses_a_second_at_most),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
