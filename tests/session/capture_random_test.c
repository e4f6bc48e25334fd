/*
 * Captures whose program is killed, or whose disk fails, at random points, while parts follow each
 * other: what is in the files is a beginning of what came, byte for byte, it opens again as a
 * source, and no more than a second is missing. The seed is printed; MDMSCOPE_SEED=N repeats.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>

#include "session/capture.h"
#include "session/disk_sync.h"
#include "tests/session/captures.h"

#define PARTS_MAX 64

/* --- chance ----------------------------------------------------------------------------------- */

typedef struct Chance {
    uint64_t state;
} Chance;

static Chance chance_begin(const char *test)
{
    const char *given = getenv("MDMSCOPE_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10)
                                  : (uint64_t)clock_monotonic() ^ (uint64_t)getpid() << 40;
    print_message("%s: MDMSCOPE_SEED=%" PRIu64 "\n", test, seed);
    return (Chance){seed};
}

/* A number below `limit`: splitmix64. */
static uint64_t pick(Chance *chance, uint64_t limit)
{
    uint64_t z = chance->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % limit;
}

/* --- a disk ----------------------------------------------------------------------------------- */

/* What happens after `at` bytes, all parts together. */
static struct {
    uint64_t done;
    uint64_t at;
    int error; /* 0 = the program is killed */
} disk;

/* The thread's alone: a part of what it is given goes, however the bytes and the records lie. */
static ssize_t write_until(int fd, const void *bytes, size_t len)
{
    uint64_t room = disk.at - disk.done;
    if (room == 0 && disk.error != 0) {
        errno = disk.error;
        return -1;
    }
    ssize_t put = write(fd, bytes, len < room ? len : (size_t)room);
    disk.done += put > 0 ? (uint64_t)put : 0;
    if (disk.done == disk.at && disk.error == 0) {
        (void)raise(SIGKILL);
    }
    return put;
}

/* In the place of session/disk_sync.c, so that it holds for every way of it: of this program all
 * syncs come here. */
static int sync_error;

int disk_sync(int fd)
{
    (void)fd;
    errno = sync_error;
    return sync_error == 0 ? 0 : -1;
}

/* --- a capture -------------------------------------------------------------------------------- */

static Capture *begin(const char *path, size_t part_bytes, CaptureWrite *put)
{
    static const StrView NAME = {"hand", 4};
    Err err = err_none();
    bool exists;
    CaptureSetup setup = {.path = path,
                          .names = &NAME,
                          .count = 1,
                          .writer = {.part_bytes = part_bytes, .write = put}};
    Capture *capture = capture_new(&setup, &exists, &err);
    if (capture == NULL) {
        fail_msg("%s", err.text);
    }
    return capture;
}

static void feed(Capture *capture, StrBuf *text, int number)
{
    strbuf_clear(text);
    add_entry(text, number);
    Entry entry = {.raw = sv_slice(strbuf_view(text), 0, text->len - 1)};
    capture_entry(capture, &entry);
}

/* Every part there is, in order; the bytes of all of them in `bytes`. */
static size_t read_parts(TestPlace *place, char names[PARTS_MAX][128], StrBuf *bytes)
{
    size_t count = 0;
    StrBuf part = {0};
    for (;;) {
        char name[16];
        (void)snprintf(name, sizeof name, count == 0 ? "f" : "f.%04zu", count + 1);
        (void)snprintf(names[count], sizeof names[0], "%s", place_path(place, name));
        if (access(names[count], F_OK) != 0) {
            break;
        }
        strbuf_add_str(bytes, place_get(place, name, &part));
        count++;
        assert_true(count < PARTS_MAX);
    }
    strbuf_done(&part);
    return count;
}

/* Byte for byte a beginning of what was fed, and as a source the same entries, with one cut line at
 * the end at most. Gives how many are whole. */
static int check_beginning(TestPlace *place, StrBuf *bytes, size_t *ret_parts)
{
    static char names[PARTS_MAX][128];
    const char *paths[PARTS_MAX];
    StrBuf wanted = {0};
    int whole = -1; /* the last one that is added is not */
    size_t count = read_parts(place, names, bytes);
    assert_true(count > 0);
    for (; wanted.len <= bytes->len; whole++) {
        add_entry(&wanted, whole + 1);
    }
    assert_same(bytes, sv_slice(strbuf_view(&wanted), 0, bytes->len));
    bool is_cut = bytes->len > 0 && bytes->ptr[bytes->len - 1] != '\n';
    if (is_cut && wanted.ptr[bytes->len] == '\n') {
        whole++; /* all of it is there but the end of the line */
        is_cut = false;
    }
    for (size_t i = 0; i < count; i++) {
        paths[i] = names[i];
    }
    Harness *again = open_again(paths, count);
    /* What is cut may still be an entry, of the fields that can be read. */
    assert_int_equal(again->count, whole + (is_cut ? 1 : 0));
    for (int i = 0; i < whole; i++) {
        assert_int_equal(again->numbers[i], i);
    }
    harness_free(again);
    strbuf_done(&wanted);
    *ret_parts = count;
    return whole;
}

/* --- killed after so many bytes -----------------------------------------------------------------
 */

#define ENTRIES 2000 /* some 600 KB */
#define BYTE_KILLS 40

static void wait_for_kill(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

/* All of the bytes that the disk had taken are there, in as many parts as it takes. */
static void killed_at_any_byte(void **state)
{
    (void)state;
    Chance chance = chance_begin(__func__);
    size_t most_parts = 0;
    for (int i = 0; i < BYTE_KILLS; i++) {
        TestPlace place;
        StrBuf bytes = {0};
        size_t parts;
        char path[128];
        uint64_t at = 1 + pick(&chance, 500 * KIB);
        size_t part_bytes = pick(&chance, 4) == 0 ? 0 : 16 * KIB + pick(&chance, 64 * KIB);
        place_make(&place);
        (void)snprintf(path, sizeof path, "%s", place_path(&place, "f"));
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            StrBuf text = {0};
            disk.at = at;
            disk.done = 0;
            disk.error = 0;
            Capture *capture = begin(path, part_bytes, write_until);
            for (int number = 0; number < ENTRIES; number++) {
                feed(capture, &text, number);
            }
            capture_wait(capture);
            _exit(1); /* it should not have come to this */
        }
        wait_for_kill(pid);
        (void)check_beginning(&place, &bytes, &parts);
        assert_int_equal(bytes.len, at);
        most_parts = parts > most_parts ? parts : most_parts;
        strbuf_done(&bytes);
        place_remove(&place);
    }
    assert_true(most_parts > 2);
}

/* --- killed at any moment --------------------------------------------------------------------- */

#define MOMENT_KILLS 16
#define SLOTS 4000 /* milliseconds */
#define RATE 2     /* entries a millisecond */
#define LAST_MS 2200

typedef struct Shared {
    volatile int64_t begun;
    volatile int taken[SLOTS]; /* entries that had been given to the capture by then */
} Shared;

typedef struct Victim {
    TestPlace place;
    char path[128];
    Shared *shared;
    pid_t pid;
    int at; /* killed when so many entries were taken; 0 = it was */
} Victim;

/* Feeds as fast as a lively Mac logs, until it is killed. */
static void feed_for_ever(const Victim *victim, size_t part_bytes)
{
    Shared *shared = victim->shared;
    StrBuf text = {0};
    Capture *capture = begin(victim->path, part_bytes, NULL);
    shared->begun = clock_monotonic();
    for (int number = 0, slot = 0; slot + 1 < SLOTS;) {
        int64_t now = (clock_monotonic() - shared->begun) / NS_PER_MS;
        for (; number < now * RATE; number++) {
            feed(capture, &text, number);
        }
        for (; slot < now && slot + 1 < SLOTS; slot++) {
            shared->taken[slot + 1] = number;
        }
        (void)poll(NULL, 0, 1); /* the pace of the entries, nothing is waited for */
    }
    _exit(1);
}

static int newest(const Shared *shared, int *ret_slot)
{
    int slot = 0;
    while (slot + 1 < SLOTS && shared->taken[slot + 1] > 0) {
        slot++;
    }
    *ret_slot = slot;
    return shared->taken[slot];
}

static void check_victim(Victim *victim)
{
    StrBuf bytes = {0};
    size_t parts;
    int slot;
    (void)newest(victim->shared, &slot);
    int whole = check_beginning(&victim->place, &bytes, &parts);
    if (slot >= 1000) {
        assert_true(whole >= victim->shared->taken[slot - 1000]);
    }
    strbuf_done(&bytes);
}

/* Side by side, so that some live for seconds: what came a second before the end is there. */
static void killed_at_any_moment(void **state)
{
    (void)state;
    static Victim victims[MOMENT_KILLS];
    Chance chance = chance_begin(__func__);
    for (size_t i = 0; i < MOMENT_KILLS; i++) {
        Victim *victim = &victims[i];
        size_t part_bytes = pick(&chance, 4) == 0 ? 0 : 64 * KIB + pick(&chance, 256 * KIB);
        place_make(&victim->place);
        (void)snprintf(victim->path, sizeof victim->path, "%s", place_path(&victim->place, "f"));
        victim->at = 1 + (int)pick(&chance, RATE * LAST_MS);
        victim->shared = mmap(NULL, sizeof *victim->shared, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANON, -1, 0);
        assert_true(victim->shared != MAP_FAILED);
        victim->pid = fork();
        assert_true(victim->pid >= 0);
        if (victim->pid == 0) {
            feed_for_ever(victim, part_bytes);
        }
    }
    int64_t begun = clock_monotonic();
    for (size_t left = MOMENT_KILLS; left > 0;) {
        assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
        (void)poll(NULL, 0, 1);
        for (size_t i = 0; i < MOMENT_KILLS; i++) {
            int slot;
            if (victims[i].at > 0 && newest(victims[i].shared, &slot) >= victims[i].at) {
                assert_int_equal(kill(victims[i].pid, SIGKILL), 0);
                victims[i].at = 0;
                left--;
            }
        }
    }
    for (size_t i = 0; i < MOMENT_KILLS; i++) {
        wait_for_kill(victims[i].pid);
        check_victim(&victims[i]);
        (void)munmap(victims[i].shared, sizeof *victims[i].shared);
        place_remove(&victims[i].place);
    }
}

/* --- a disk that fails ------------------------------------------------------------------------ */

/* With every error, in the midst of a record or between two, in the first part or a later one:
 * whole entries are in the files, the others are counted, no empty part is left, the reason is
 * said, and a part of what came stays readable. */
static void fails_at_any_byte(void **state)
{
    static const int ERRORS[] = {ENOSPC, EIO, EPIPE, EDQUOT, EROFS};
    (void)state;
    Chance chance = chance_begin(__func__);
    for (int i = 0; i < 30; i++) {
        TestPlace place;
        StrBuf bytes = {0};
        StrBuf text = {0};
        size_t parts;
        int error = ERRORS[(size_t)i % ARRAY_LEN(ERRORS)];
        size_t part_bytes = i % 2 == 0 ? 0 : 16 * KIB + pick(&chance, 64 * KIB);
        place_make(&place);
        disk.at = i < 5 ? 0 : pick(&chance, 500 * KIB);
        disk.done = 0;
        disk.error = error;
        Capture *capture = begin(place_path(&place, "f"), part_bytes, write_until);
        for (int number = 0; number < ENTRIES; number++) {
            feed(capture, &text, number);
        }
        capture_wait(capture);
        CaptureStatus status;
        capture_status(capture, &status);
        assert_int_equal(status.state, CAPTURE_FAILED);
        assert_true(sv_find(status.trouble, sv(strerror(error))) != SIZE_MAX);
        int whole = check_beginning(&place, &bytes, &parts);
        assert_int_equal(status.entries, ENTRIES);
        assert_int_equal(status.missed, ENTRIES - whole);
        assert_int_equal(status.bytes, bytes.len);
        assert_int_equal(status.files, parts);
        assert_true(bytes.len == 0 || bytes.ptr[bytes.len - 1] == '\n');
        capture_free(capture);
        strbuf_done(&bytes);
        strbuf_done(&text);
        place_remove(&place);
    }
}

/* What cannot be brought to the disk is no success, and no further part is begun. */
static void a_sync_that_fails_stops_it(void **state)
{
    static const int ERRORS[] = {ENOSPC, EIO, EDQUOT};
    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_LEN(ERRORS); i++) {
        TestPlace place;
        StrBuf text = {0};
        int error = ERRORS[i / 2];
        bool has_parts = i % 2 == 1;
        place_make(&place);
        sync_error = error;
        Capture *capture = begin(place_path(&place, "f"), has_parts ? 16 * KIB : 0, NULL);
        for (int number = 0; number < ENTRIES; number++) {
            feed(capture, &text, number);
        }
        capture_wait(capture);
        CaptureStatus status;
        capture_status(capture, &status);
        assert_int_equal(status.state, CAPTURE_FAILED);
        assert_true(sv_find(status.trouble, sv(strerror(error))) != SIZE_MAX);
        assert_int_equal(status.files, 1);
        assert_int_equal(access(place_path(&place, "f.0002"), F_OK), -1);
        capture_free(capture);
        sync_error = 0;
        strbuf_done(&text);
        place_remove(&place);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_any_byte),
        cmocka_unit_test(killed_at_any_moment),
        cmocka_unit_test(fails_at_any_byte),
        cmocka_unit_test(a_sync_that_fails_stops_it),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
