/*
 * Tests of captures: byte for byte what the sources gave, whatever the store has room for and the
 * gate lets through; parts; several sources; and that a capture opened again gives the same
 * entries. What disks and signals do to captures is in capture_fault_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/capture_tap.h"
#include "session/session.h"
#include "tests/session/captures.h"

#define BUDGET (INT64_C(20) * NS_PER_MS)
#define ENTRIES 200000

/* --- what is captured ------------------------------------------------------------------------- */

/* Entries with everything between them that a source may say. */
static void make_text(StrBuf *text, int entries)
{
    strbuf_add_str(text, "Filtering the log data using \"TRUEPREDICATE\"\n");
    for (int i = 0; i < entries; i++) {
        add_entry(text, i);
        if (i % 1000 == 1) {
            strbuf_add_str(text, "no entry at all\r\n");
            strbuf_add_str(text, "\n");
            strbuf_add_str(text, "=== Messages dropped during live streaming (use `log show`)\n");
            strbuf_add_str(text, "\xff\xfe\x80 no text\n");
            strbuf_add_str(text, "{\"timestamp\":\"broken\n");
        }
    }
    strbuf_add_str(text, "{\"count\":1,\"finished\":1}\nan end without a newline");
}

static void put_text(TestPlace *place, const char *name, const StrBuf *text)
{
    FILE *file = fopen(place_path(place, name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text->ptr, 1, text->len, file), text->len);
    assert_int_equal(fclose(file), 0);
}

/* --- with a harness --------------------------------------------------------------------------- */

static Capture *begin(Harness *harness, const char *path)
{
    Err err = err_none();
    bool exists;
    Capture *capture = capture_tap(harness->sources, &harness->options, path, false, &exists, &err);
    if (capture == NULL) {
        fail_msg("%s", err.text);
    }
    return capture;
}

static CaptureStatus end(Harness *harness, Capture *capture)
{
    CaptureStatus status;
    capture_untap(harness->sources, capture);
    capture_status(capture, &status);
    return status;
}

static void assert_opens_as(const char *const *paths, size_t count, const Harness *first)
{
    Harness *again = open_again(paths, count);
    assert_int_equal(again->count, first->count);
    assert_same(&again->raws, strbuf_view(&first->raws));
    harness_free(again);
}

/* --- nothing is lost -------------------------------------------------------------------------- */

static void load(Session *session)
{
    while (!session_is_loaded(session)) {
        fd_set reads;
        int max_fd = -1;
        FD_ZERO(&reads);
        session_fds(session, &reads, &max_fd);
        struct timeval timeout = {.tv_usec = 10000};
        if (select(max_fd + 1, &reads, NULL, NULL, &timeout) < 0) {
            FD_ZERO(&reads);
        }
        (void)session_pump(session, &reads, clock_monotonic(), BUDGET);
    }
}

/* The smallest ring, a gate that lets little through, and far more than either takes. */
static void keeps_what_the_ring_loses(void **state)
{
    (void)state;
    TestPlace place;
    StrBuf text = {0};
    char command[160];
    char capture[128];
    place_make(&place);
    make_text(&text, ENTRIES);
    put_text(&place, "sent", &text);
    (void)snprintf(command, sizeof command, "cat %s", place_path(&place, "sent"));
    (void)snprintf(capture, sizeof capture, "%s", place_path(&place, "capture"));
    Options options = {
        .sources = {{.kind = SOURCE_EXEC, .argument = command}},
        .source_count = 1,
        .buffer_bytes = STORE_MIN_BYTES,
        .buffer_is_set = true,
        .min_level = LEVEL_ERROR,
        .capture = capture,
    };
    Err err = err_none();
    Session *session = session_new(&options, NULL, &err);
    assert_non_null(session);
    load(session);
    assert_true(session_hidden(session) > ENTRIES / 2);
    assert_true(store_counts(session_store(session))->evicted > 0);
    CaptureStatus status;
    session_capture_finish(session);
    assert_true(session_capture(session, &status));
    assert_int_equal(status.state, CAPTURE_ENDED);
    assert_int_equal(status.entries, ENTRIES + ENTRIES / 1000 * 3 + 1);
    assert_int_equal(status.missed, 0);
    assert_int_equal(status.bytes, text.len);
    assert_null(status.trouble.ptr);
    session_free(session);
    assert_int_equal(place_mode(&place, "capture"), 0600);
    assert_file(&place, "capture", strbuf_view(&text));
    place_remove(&place);
    strbuf_done(&text);
}

/* Captures what a file gives, in every style, and opens that again. */
static void opens_again_in_every_style(void **state)
{
    static const char *const FILES[] = {"session/demo.ndjson", "default", "compact", "syslog",
                                        "array"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
        TestPlace place;
        StrBuf text = {0};
        const char *source = FILES[i];
        char path[128];
        place_make(&place);
        if (strcmp(source, "default") == 0) {
            strbuf_add_str(&text, "Timestamp                       Thread     Type        Activity"
                                  "             PID    TTL  \n"
                                  "2026-09-08 10:00:16.012931+0200 0x540      Default     0x0"
                                  "                  77     0    mdmclient: first\nsecond line\n\n"
                                  "fourth line\n"
                                  "2026-09-08 10:00:17.012931+0200 0x540      Error       0x0"
                                  "                  77     0    mdmclient: last\n");
        } else if (strcmp(source, "compact") == 0) {
            strbuf_add_str(&text, "Timestamp               Ty Process[PID:TID]\n"
                                  "2026-09-08 10:00:16.012 Df mdmclient[77:540] one\n\n\n"
                                  "2026-09-08 10:00:17.012 E  mdmclient[77:540] two\n");
        } else if (strcmp(source, "syslog") == 0) {
            strbuf_add_str(&text, "Timestamp                       (process)[PID]    \n"
                                  "2026-09-08 10:00:16.012931+0200  localhost mdmclient[77]: one\n"
                                  "2026-09-08 10:00:17.012931+0200  localhost mdmclient[77]: two");
        } else if (strcmp(source, "array") == 0) {
            strbuf_add_str(&text, "[{\n  \"timestamp\" : \"2026-01-15 10:00:16.012931+0100\",\n"
                                  "  \"eventType\" : \"logEvent\",\n  \"processID\" : 7,\n"
                                  "  \"eventMessage\" : \"one } {\"\n},{\n"
                                  "  \"timestamp\" : \"2026-01-15 10:00:17.012931+0100\",\n"
                                  "  \"eventType\" : \"logEvent\",\n  \"processID\" : 7,\n"
                                  "  \"eventMessage\" : \"two\"\n}]\n");
        }
        if (text.len > 0) {
            put_text(&place, "source", &text);
            (void)snprintf(path, sizeof path, "%s", place_path(&place, "source"));
            source = path;
        }
        Harness *harness = harness_new();
        harness_add(harness, SOURCE_FILE, source);
        harness_open(harness);
        Capture *capture = begin(harness, place_path(&place, "capture"));
        UNTIL(harness, is_done);
        assert_int_equal(end(harness, capture).missed, 0);
        capture_free(capture);
        assert_true(harness->count > 1);
        assert_int_equal(harness->unparsed, 0);
        const char *again = place_path(&place, "capture");
        assert_opens_as(&again, 1, harness);
        if (text.len > 0 && strcmp(FILES[i], "array") != 0) {
            assert_file(&place, "capture", strbuf_view(&text));
        }
        harness_free(harness);
        place_remove(&place);
        strbuf_done(&text);
    }
}

/* What a restart delivers twice is captured once. */
static void restarts_are_captured_once(void **state)
{
    Harness *harness = *state;
    TestPlace place;
    place_make(&place);
    set("MDMSCOPE_FAKE_RATE", "5000");
    harness_open(harness);
    Capture *capture = begin(harness, place_path(&place, "capture"));
    UNTIL(harness, has_100_entries);
    for (int i = 0; i < 2; i++) {
        sources_restart(harness->sources, NULL);
        UNTIL(harness, is_live);
        harness_more(harness, 500);
    }
    assert_true(harness_status(harness).doubles > 0);
    /* In the middle of a third one: what is held until it is done comes out as well. */
    sources_restart(harness->sources, NULL);
    harness_more(harness, 500);
    size_t shown = harness->count;
    (void)end(harness, capture);
    capture_free(capture);
    const char *path = place_path(&place, "capture");
    Harness *again = open_again(&path, 1);
    assert_true(again->count >= shown);
    assert_seamless(again);
    assert_true(sv_starts(strbuf_view(&again->raws), strbuf_view(&harness->raws)));
    harness_free(again);
    place_remove(&place);
}

/* --last: what the stream says while the history is read is not lost at an early end. */
static void an_early_end_keeps_what_waits(void **state)
{
    Harness *harness = *state;
    TestPlace place;
    place_make(&place);
    set("MDMSCOPE_FAKE_RATE", "2000");
    harness->options.last_text = "20s";
    harness->options.last_ns = 20 * NS_PER_SECOND;
    harness_open(harness);
    Capture *capture = begin(harness, place_path(&place, "capture"));
    UNTIL(harness, has_entries); /* of the history */
    CaptureStatus status = end(harness, capture);
    assert_true(status.entries > 0);
    assert_int_equal(status.missed, 0);
    capture_free(capture);
    const char *path = place_path(&place, "capture");
    Harness *again = open_again(&path, 1);
    assert_true(again->count >= harness->count);
    harness_free(again);
    place_remove(&place);
}

/* While the history is read, what the stream says is in a file of its own, until it is in the one
 * that was asked for; or for good, when the capture is ended before. */
static void what_waits_for_the_history_is_on_the_disk(void **state)
{
    static const char SCRIPT[] =
        "say() { echo '{\"timestamp\":\"2026-01-15 10:00:'$1'.012931+0100\",'"
        "'\"machTimestamp\":'$1',\"eventType\":\"logEvent\",\"eventMessage\":\"seq='$1'\"}'; }\n"
        "if [ $1 = show ]; then say 10; while ! test -e $d/go; do sleep 0.01; done; say 11; exit; "
        "fi\n"
        "say 12; say 13; while ! test -e $d/end; do sleep 0.01; done\n";
    for (int is_ended_early = 0; is_ended_early < 2; is_ended_early++) {
        Harness *harness = is_ended_early ? harness_new() : *state;
        FakeLog fake;
        TestPlace place;
        StrBuf is = {0};
        char go[64];
        char finish[64];
        place_make(&place);
        harness->options.last_text = "1m";
        harness->options.last_ns = 60 * NS_PER_SECOND;
        fake_log_init(&fake, harness, SCRIPT);
        (void)snprintf(go, sizeof go, "%s/go", fake.directory);
        (void)snprintf(finish, sizeof finish, "%s/end", fake.directory);
        harness_open(harness);
        Capture *capture = begin(harness, place_path(&place, "capture"));
        int64_t begun = clock_monotonic();
        while (strstr(place_get(&place, "capture.held", &is), "seq=13") == NULL ||
               strstr(place_get(&place, "capture", &is), "seq=10") == NULL) {
            assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
            harness_turn(harness);
        }
        assert_null(strstr(is.ptr, "seq=13"));
        if (is_ended_early) {
            sources_set_tap(harness->sources, NULL);
            capture_wait(capture);
            assert_non_null(strstr(place_get(&place, "capture.held", &is), "seq=12"));
        }
        (void)close(open(go, O_WRONLY | O_CREAT, 0600));
        while (harness->count < 4 ||
               (!is_ended_early && access(place_path(&place, "capture.held"), F_OK) == 0)) {
            assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
            harness_turn(harness);
        }
        if (!is_ended_early) {
            assert_int_equal(end(harness, capture).missed, 0);
            assert_file(&place, "capture", strbuf_view(&harness->raws));
        }
        (void)close(open(finish, O_WRONLY | O_CREAT, 0600));
        UNTIL(harness, is_done);
        capture_free(capture);
        (void)unlink(go);
        (void)unlink(finish);
        fake_log_done(&fake);
        if (is_ended_early) {
            harness_free(harness);
        }
        strbuf_done(&is);
        place_remove(&place);
    }
}

/* What waited and was too much for the memory is in FILE.held alone: that stays, and is told of. */
static void what_had_no_memory_stays_on_the_disk(void **state)
{
    static const char SCRIPT[] =
        "say() { echo '{\"timestamp\":\"2026-01-15 10:00:16.012931+0100\",'"
        "'\"machTimestamp\":'$1',\"eventType\":\"logEvent\",\"eventMessage\":\"seq='$1'\"}'; }\n"
        "if [ $1 = show ]; then say 10; while ! test -e $d/go; do sleep 0.01; done; say 11; exit; "
        "fi\n"
        "i=1000; while [ $i -lt 3000 ]; do say $i; i=$((i+1)); done\n"
        "while ! test -e $d/end; do sleep 0.01; done\n";
    Harness *harness = *state;
    FakeLog fake;
    TestPlace place;
    StrBuf is = {0};
    char go[64];
    char finish[64];
    place_make(&place);
    harness->options.last_text = "1m";
    harness->options.last_ns = 60 * NS_PER_SECOND;
    harness->options.buffer_bytes = 64 * KIB;
    fake_log_init(&fake, harness, SCRIPT);
    (void)snprintf(go, sizeof go, "%s/go", fake.directory);
    (void)snprintf(finish, sizeof finish, "%s/end", fake.directory);
    harness_open(harness);
    Capture *capture = begin(harness, place_path(&place, "capture"));
    int64_t begun = clock_monotonic();
    while (strstr(place_get(&place, "capture.held", &is), "seq=2999") == NULL) {
        assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
        harness_turn(harness);
    }
    (void)close(open(go, O_WRONLY | O_CREAT, 0600));
    while (harness->count == 0 || harness->numbers[harness->count - 1] != 2999) {
        assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
        harness_turn(harness);
    }
    assert_true(harness->count < 2002);
    CaptureStatus status = end(harness, capture);
    assert_int_equal(status.missed, 0);
    char words[64];
    (void)snprintf(words, sizeof words, "%zu entries are in '", 2002 - harness->count);
    assert_true(sv_starts(status.trouble, sv(words)));
    assert_true(sv_ends(status.trouble, SV("capture.held' only: open both")));
    capture_free(capture);
    assert_file(&place, "capture", strbuf_view(&harness->raws));
    (void)place_get(&place, "capture.held", &is);
    for (int number = 1000; number < 3000; number++) {
        char text[32];
        (void)snprintf(text, sizeof text, "seq=%d\"", number);
        assert_non_null(strstr(is.ptr, text));
    }
    (void)close(open(finish, O_WRONLY | O_CREAT, 0600));
    UNTIL(harness, is_done);
    (void)unlink(go);
    (void)unlink(finish);
    fake_log_done(&fake);
    strbuf_done(&is);
    place_remove(&place);
}

/* --- files ------------------------------------------------------------------------------------ */

/* Captures `text` in parts of 1 MiB and gives how many there are. */
static unsigned capture_parts(TestPlace *place, const StrBuf *text, CaptureStatus *ret_status)
{
    Harness *harness = harness_new();
    char source[128];
    put_text(place, "sent", text);
    (void)snprintf(source, sizeof source, "%s", place_path(place, "sent"));
    harness_add(harness, SOURCE_FILE, source);
    harness->options.capture_part_bytes = MIB;
    harness_open(harness);
    Capture *capture = begin(harness, place_path(place, "capture"));
    UNTIL(harness, is_done);
    *ret_status = end(harness, capture);
    unsigned files = ret_status->files;
    capture_free(capture);
    harness_free(harness);
    return files;
}

static void parts_are_one_source(void **state)
{
    (void)state;
    TestPlace place;
    StrBuf text = {0};
    StrBuf parts = {0};
    StrBuf part = {0};
    CaptureStatus status;
    char names[16][128];
    const char *paths[16];
    place_make(&place);
    make_text(&text, 10000);
    unsigned count = capture_parts(&place, &text, &status);
    assert_int_equal(count, (text.len + MIB - 1) / MIB);
    for (unsigned i = 0; i < count; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, i == 0 ? "capture" : "capture.%04u", i + 1);
        (void)place_get(&place, name, &part);
        assert_true(part.len <= MIB);
        assert_int_equal(place_mode(&place, name), 0600);
        /* The last one first: the order on the command line does not matter. */
        (void)snprintf(names[count - 1 - i], sizeof names[0], "%s", place_path(&place, name));
        paths[count - 1 - i] = names[count - 1 - i];
    }
    for (unsigned i = count; i-- > 0;) {
        (void)place_get(&place, sv_path_last(sv(paths[i])).ptr, &part);
        strbuf_add(&parts, strbuf_view(&part));
    }
    assert_same(&parts, strbuf_view(&text));
    char sent[128];
    (void)snprintf(sent, sizeof sent, "%s", place_path(&place, "sent"));
    const char *sent_path = sent;
    Harness *whole = open_again(&sent_path, 1);
    assert_opens_as(paths, count, whole);
    harness_free(whole);
    place_remove(&place);
    strbuf_done(&text);
    strbuf_done(&parts);
    strbuf_done(&part);
}

/* A part that cannot be begun: the one before goes on, nothing is lost, and that is said. */
static void a_part_in_the_way_costs_nothing(void **state)
{
    (void)state;
    TestPlace place;
    StrBuf text = {0};
    StrBuf is = {0};
    CaptureStatus status;
    place_make(&place);
    make_text(&text, 10000);
    place_put(&place, "capture.0003", "somebody's");
    (void)capture_parts(&place, &text, &status);
    assert_int_equal(status.missed, 0);
    assert_int_equal(status.files, 2);
    assert_int_equal(status.bytes, text.len);
    assert_string_equal(place_get(&place, "capture.0003", &is), "somebody's");
    place_remove(&place);
    strbuf_done(&text);
    strbuf_done(&is);
}

static void several_sources_have_a_file_each(void **state)
{
    (void)state;
    TestPlace place;
    StrBuf one = {0};
    StrBuf other = {0};
    char paths[3][128];
    place_make(&place);
    make_text(&one, 300);
    make_text(&other, 500);
    put_text(&place, "a", &one);
    (void)snprintf(paths[0], sizeof paths[0], "%s", place_path(&place, "a"));
    put_text(&place, "b c", &other);
    (void)snprintf(paths[1], sizeof paths[1], "%s", place_path(&place, "b c"));
    Harness *harness = harness_new();
    harness_add(harness, SOURCE_FILE, paths[0]);
    harness_add(harness, SOURCE_FILE, paths[1]);
    harness_add(harness, SOURCE_FILE, paths[0]);
    harness_open(harness);
    Capture *capture = begin(harness, place_path(&place, "capture"));
    UNTIL(harness, is_done);
    assert_int_equal(end(harness, capture).files, 3);
    capture_free(capture);
    assert_file(&place, "capture.a", strbuf_view(&one));
    assert_file(&place, "capture.b-c", strbuf_view(&other));
    assert_file(&place, "capture.a-2", strbuf_view(&one));
    const char *again[] = {paths[0], paths[1], paths[2]};
    (void)snprintf(paths[0], sizeof paths[0], "%s", place_path(&place, "capture.a"));
    (void)snprintf(paths[1], sizeof paths[1], "%s", place_path(&place, "capture.b-c"));
    (void)snprintf(paths[2], sizeof paths[2], "%s", place_path(&place, "capture.a-2"));
    assert_opens_as(again, 3, harness);
    harness_free(harness);
    place_remove(&place);
    strbuf_done(&one);
    strbuf_done(&other);
}

/* Tries to begin a capture of two sources or one; gives what was said. */
static bool try_new(const char *path, size_t count, size_t part_bytes, bool may_replace,
                    bool *ret_exists, Err *err)
{
    static const StrView NAMES[] = {{"a", 1}, {"b", 1}};
    CaptureSetup setup = {.path = path,
                          .names = NAMES,
                          .count = count,
                          .may_replace = may_replace,
                          .writer = {.part_bytes = part_bytes}};
    *err = err_none();
    Capture *capture = capture_new(&setup, ret_exists, err);
    bool is_good = capture != NULL;
    capture_free(capture);
    return is_good;
}

static void nothing_is_written_over(void **state)
{
    (void)state;
    TestPlace place;
    StrBuf is = {0};
    Err err;
    bool exists;
    place_make(&place);
    place_put(&place, "f", "mine");
    assert_false(try_new(place_path(&place, "f"), 1, 0, false, &exists, &err));
    assert_true(exists);
    assert_non_null(strstr(err.text, "exists already; give another name, or move it away"));
    assert_string_equal(place_get(&place, "f", &is), "mine");
    /* A link that leads nowhere is there, too, and so is the name of a part to come. */
    char link[128];
    (void)snprintf(link, sizeof link, "%s", place_path(&place, "link"));
    assert_int_equal(symlink("nowhere", link), 0);
    assert_false(try_new(link, 1, 0, true, &exists, &err));
    place_put(&place, "g.0002", "mine");
    assert_false(try_new(place_path(&place, "g"), 1, MIB, false, &exists, &err));
    assert_false(exists);
    /* Of several files one is in the way: none is left behind. */
    place_put(&place, "h.b", "mine");
    assert_false(try_new(place_path(&place, "h"), 2, 0, true, &exists, &err));
    assert_false(exists);
    assert_int_equal(access(place_path(&place, "h.a"), F_OK), -1);
    assert_string_equal(place_get(&place, "h.b", &is), "mine");
    assert_false(try_new(place.directory, 1, 0, true, &exists, &err));
    assert_false(try_new(place_path(&place, "none/f"), 1, 0, false, &exists, &err));
    assert_false(exists);
    assert_false(try_new("", 1, 0, false, &exists, &err));
    assert_true(try_new(place_path(&place, "f"), 1, 0, true, &exists, &err));
    assert_string_equal(place_get(&place, "f", &is), "");
    assert_int_equal(place_mode(&place, "f"), 0600);
    strbuf_done(&is);
    place_remove(&place);
}

/* Where FILE may be replaced, FILE.held of an earlier run is in the way: neither is touched. */
static void what_was_held_before_is_in_the_way(void **state)
{
    static const StrView NAME = {"a", 1};
    static const bool HOLDS = true;
    (void)state;
    TestPlace place;
    StrBuf is = {0};
    Err err = err_none();
    bool exists;
    char path[128];
    place_make(&place);
    (void)snprintf(path, sizeof path, "%s", place_path(&place, "f"));
    CaptureSetup setup = {
        .path = path, .names = &NAME, .holds = &HOLDS, .count = 1, .may_replace = true};
    place_put(&place, "f", "mine");
    place_put(&place, "f.held", "mine, too");
    assert_null(capture_new(&setup, &exists, &err));
    assert_false(exists); /* to ask again would be no help */
    assert_non_null(strstr(err.text, "f.held' exists already; give another name"));
    assert_string_equal(place_get(&place, "f", &is), "mine");
    assert_string_equal(place_get(&place, "f.held", &is), "mine, too");
    /* One that would hold nothing has no use for the name, and leaves it alone. */
    setup.holds = NULL;
    Capture *capture = capture_new(&setup, &exists, &err);
    assert_non_null(capture);
    capture_free(capture);
    assert_string_equal(place_get(&place, "f", &is), "");
    assert_string_equal(place_get(&place, "f.held", &is), "mine, too");
    strbuf_done(&is);
    place_remove(&place);
}

/* What is to be replaced is there until the new one is. */
static void what_cannot_be_replaced_stays(void **state)
{
    (void)state;
    TestPlace place;
    StrBuf is = {0};
    Err err;
    bool exists;
    place_make(&place);
    place_put(&place, "f", "mine");
    place_put(&place, "f.new", "mine, too"); /* no room for the new one */
    assert_false(try_new(place_path(&place, "f"), 1, 0, true, &exists, &err));
    assert_non_null(strstr(err.text, "cannot replace '"));
    assert_string_equal(place_get(&place, "f", &is), "mine");
    assert_string_equal(place_get(&place, "f.new", &is), "mine, too");
    strbuf_done(&is);
    place_remove(&place);
}

/* --- of a session ----------------------------------------------------------------------------- */

/* One begun late has what came from then on; a second one only after the first. */
static void begins_and_ends_while_it_runs(void **state)
{
    (void)state;
    TestPlace place;
    int fds[2];
    char source[32];
    char path[128];
    bool exists;
    Err err = err_none();
    place_make(&place);
    assert_int_equal(pipe(fds), 0);
    (void)snprintf(source, sizeof source, "/dev/fd/%d", fds[0]);
    Options options = {.sources = {{.kind = SOURCE_FILE, .argument = source}}, .source_count = 1};
    Session *session = session_new(&options, NULL, &err);
    if (session == NULL) {
        fail_msg("%s", err.text);
    }
    CaptureStatus status;
    assert_false(session_capture(session, &status));
    static const char *const LINES[] = {"before\n", "during\n", "after\n"};
    for (size_t i = 0; i < ARRAY_LEN(LINES); i++) {
        (void)snprintf(path, sizeof path, "%s", place_path(&place, "f"));
        if (i == 1) {
            assert_true(session_capture_begin(session, path, false, &exists, &err));
            (void)snprintf(path, sizeof path, "%s", place_path(&place, "g"));
            assert_false(session_capture_begin(session, path, false, &exists, &err));
            assert_non_null(strstr(err.text, "is still being written"));
        } else if (i == 2) {
            session_capture_end(session);
        }
        size_t len = strlen(LINES[i]);
        assert_int_equal(write(fds[1], LINES[i], len), (ssize_t)len);
        int64_t begun = clock_monotonic();
        while (store_counts(session_store(session))->pushed < i + 1) {
            assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
            (void)session_pump(session, NULL, clock_monotonic(), BUDGET);
        }
    }
    int64_t begun = clock_monotonic();
    while (session_capture(session, &status) && status.state != CAPTURE_ENDED) {
        assert_true(clock_monotonic() - begun < HARNESS_PATIENCE_NS);
    }
    assert_int_equal(status.entries, 1);
    assert_file(&place, "f", SV("during\n"));
    (void)snprintf(path, sizeof path, "%s", place_path(&place, "g"));
    assert_true(session_capture_begin(session, path, false, &exists, &err));
    session_free(session);
    (void)close(fds[0]);
    (void)close(fds[1]);
    place_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_what_the_ring_loses),
        TEST(opens_again_in_every_style),
        TEST(restarts_are_captured_once),
        TEST(an_early_end_keeps_what_waits),
        TEST(what_waits_for_the_history_is_on_the_disk),
        TEST(what_had_no_memory_stays_on_the_disk),
        TEST(parts_are_one_source),
        TEST(a_part_in_the_way_costs_nothing),
        TEST(several_sources_have_a_file_each),
        TEST(nothing_is_written_over),
        TEST(what_was_held_before_is_in_the_way),
        TEST(what_cannot_be_replaced_stays),
        TEST(begins_and_ends_while_it_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
