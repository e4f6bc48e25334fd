/*
 * Tests of related entries: what counts as the same process, thread and activity, and that finding
 * comes to what asking every row comes to, however small the steps are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/decoder.h"
#include "session/related.h"
#include "tests/session/rows.h"

typedef struct Scene {
    Store *store;
    View *view;
} Scene;

static Scene begin(void)
{
    Scene scene = {.store = store_new(STORE_MIN_BYTES)};
    scene.view = view_new(scene.store);
    return scene;
}

static void end(Scene *scene)
{
    view_free(scene->view);
    store_free(scene->store);
}

typedef struct Made {
    const char *path;
    unsigned pid;
    unsigned thread;
    unsigned activity;
    const char *boot;
    uint8_t source;
} Made;

/* Reads an entry from its bytes, as it comes from outside; boots are in the bytes only. */
static EntryNumber add(Scene *scene, Made made)
{
    char raw[512];
    int len = snprintf(raw, sizeof raw,
                       "{\"traceID\":1,\"eventMessage\":\"m\",\"eventType\":\"logEvent\","
                       "\"threadID\":%u,\"activityIdentifier\":%u,\"processID\":%u,"
                       "\"processImagePath\":\"%s\",\"bootUUID\":\"%s\","
                       "\"timestamp\":\"2026-09-08 10:00:16.012931+0200\"}",
                       made.thread, made.activity, made.pid, made.path, made.boot);
    StrBuf scratch = {0};
    Entry entry;
    decoder_read_entry(STYLE_NDJSON, sv_of(raw, (size_t)len), &scratch, &entry);
    entry.source = made.source;
    EntryNumber number = store_push(scene->store, &entry);
    view_offer(scene->view, number);
    strbuf_done(&scratch);
    return number;
}

static bool are_related(Scene *scene, EntryNumber a, EntryNumber b, RelatedKind kind)
{
    StoreRow first, second;
    RelatedKey key;
    assert_true(store_find(scene->store, a, &first));
    assert_true(store_find(scene->store, b, &second));
    assert_true(related_key(first.columns, first.index, kind, &key));
    return related_is(second.columns, second.index, &key);
}

static void test_what_is_the_same(void **state)
{
    (void)state;
    Scene scene = begin();
    static const Made MADE = {"/usr/libexec/mdmclient", 71, 5, 9, "B1", 0};
    EntryNumber own = add(&scene, MADE);
    static const struct {
        Made made;
        bool by[RELATED_KINDS];
    } CASES[] = {
        {{"/usr/libexec/mdmclient", 71, 5, 9, "B1", 0}, {true, true, true}},
        {{"/usr/libexec/mdmclient", 71, 6, 8, "B1", 0}, {true, false, false}},
        {{"/usr/libexec/mdmclient", 72, 5, 9, "B1", 0}, {false, true, true}},
        {{"/usr/libexec/teslad", 71, 5, 9, "B1", 0}, {false, false, true}},
        {{"/usr/libexec/mdmclient", 71, 5, 9, "B2", 0}, {false, false, false}},
        {{"/usr/libexec/mdmclient", 71, 5, 9, "", 0}, {true, true, true}},
        {{"/usr/libexec/mdmclient", 71, 5, 9, "B1", 1}, {false, false, false}},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        EntryNumber other = add(&scene, CASES[i].made);
        for (RelatedKind kind = 0; kind < RELATED_KINDS; kind++) {
            if (are_related(&scene, own, other, kind) != CASES[i].by[kind]) {
                fail_msg("case %zu by %s", i, related_name(kind));
            }
        }
    }
    end(&scene);
}

static void test_no_key(void **state)
{
    (void)state;
    Scene scene = begin();
    EntryNumber none = add(&scene, (Made){"/kernel", 0, 0, 0, "B1", 0});
    EntryNumber notice = rows_push_notice(scene.store, "end", ROWS_START);
    StoreRow row;
    RelatedKey key;
    assert_true(store_find(scene.store, none, &row));
    assert_true(related_key(row.columns, row.index, RELATED_PROCESS, &key)); /* 0 is the kernel */
    assert_true(related_is(row.columns, row.index, &key));
    assert_false(related_key(row.columns, row.index, RELATED_THREAD, &key));
    assert_false(related_key(row.columns, row.index, RELATED_ACTIVITY, &key));
    assert_true(store_find(scene.store, notice, &row));
    assert_false(related_is(row.columns, row.index, &key));
    assert_false(related_key(row.columns, row.index, RELATED_PROCESS, &key));
    end(&scene);
}

/* The table of atoms is full: paths lie among the bytes, elsewhere each time. */
static void test_paths_without_room(void **state)
{
    (void)state;
    Scene scene = begin();
    StrBuf path = {0};
    EntryNumber first = 0;
    for (int i = 0; i < 4000; i++) {
        strbuf_clear(&path);
        strbuf_printf(&path, "/%d/", i % 2000);
        strbuf_add_many(&path, 'x', 200);
        first = add(&scene, (Made){path.ptr, 3, 4, 0, "", 0});
    }
    StoreRow row;
    assert_true(store_find(scene.store, first, &row));
    assert_true((row.columns->process_path[row.index] & COLUMN_LOCAL) != 0);
    EntryNumber same = add(&scene, (Made){path.ptr, 3, 4, 0, "", 0});
    strbuf_add_char(&path, 'y');
    EntryNumber other = add(&scene, (Made){path.ptr, 3, 4, 0, "", 0});
    assert_true(are_related(&scene, first, same, RELATED_PROCESS));
    assert_false(are_related(&scene, first, other, RELATED_PROCESS));
    strbuf_done(&path);
    end(&scene);
}

static EntryNumber find(Scene *scene, const RelatedKey *key, EntryNumber from, bool backward,
                        uint32_t rows)
{
    EntryNumber number = from;
    RelatedResult result;
    do {
        result = related_find(scene->view, scene->store, key, &number, backward, rows);
    } while (result == RELATED_MORE);
    return result == RELATED_FOUND ? number : 0;
}

static EntryNumber find_slowly(Scene *scene, const RelatedKey *key, EntryNumber from, bool backward)
{
    EntryNumber end = store_end(scene->store);
    EntryNumber step = backward ? (EntryNumber)-1 : 1;
    EntryNumber first = backward && from > end ? end - 1 : from + step;
    for (EntryNumber n = first; n >= store_first(scene->store) && n < end; n += step) {
        StoreRow row;
        if (store_find(scene->store, n, &row) && related_is(row.columns, row.index, key)) {
            return n;
        }
    }
    return 0;
}

static void test_finds(void **state)
{
    (void)state;
    uint64_t seed = 4;
    Scene scene = begin();
    for (int i = 0; i < 1500; i++) {
        (void)add(&scene, (Made){rows_random(&seed, 2) == 0 ? "/a" : "/b", rows_random(&seed, 20),
                                 rows_random(&seed, 50), rows_random(&seed, 100),
                                 i < 700 ? "B1" : "B2", (uint8_t)rows_random(&seed, 2)});
    }
    for (int turn = 0; turn < 300; turn++) {
        StoreRow row;
        RelatedKey key;
        EntryNumber own = 1 + rows_random(&seed, 1500);
        EntryNumber from =
            turn % 10 == 0 ? (turn % 20 == 0 ? 0 : UINT64_MAX) : rows_random(&seed, 1600);
        bool backward = from == UINT64_MAX || (from > 0 && rows_random(&seed, 2) == 0);
        assert_true(store_find(scene.store, own, &row));
        if (related_key(row.columns, row.index, (RelatedKind)rows_random(&seed, RELATED_KINDS),
                        &key)) {
            assert_int_equal(find(&scene, &key, from, backward, 1 + rows_random(&seed, 500)),
                             find_slowly(&scene, &key, from, backward));
        }
    }
    end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_the_same),
        cmocka_unit_test(test_no_key),
        cmocka_unit_test(test_paths_without_room),
        cmocka_unit_test(test_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
