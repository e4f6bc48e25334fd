/*
 * Tests of marks: the copies are what was marked, in order of number, and outlive the entries.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "session/marks.h"
#include "tests/session/rows.h"

static EntryNumber push(Store *store, const char *message)
{
    Entry entry = rows_entry("mdmclient", message, ROWS_START);
    entry.level = LEVEL_ERROR;
    return store_push(store, &entry);
}

static void evict_all(Store *store, EntryNumber upto)
{
    uint64_t seed = 1;
    while (store_first(store) <= upto) {
        (void)rows_push_random(store, &seed, 500);
    }
}

static void assert_copy(const Marks *marks, size_t index, const char *message)
{
    StoreRow row = marks_row(marks, index);
    assert_true(sv_equal(columns_message(row.columns, row.index), sv(message)));
    assert_true(sv_equal(columns_raw(row.columns, row.index), sv(message)));
    assert_int_equal(row.columns->level[row.index], LEVEL_ERROR);
    assert_int_equal(row.columns->time_ns[row.index], ROWS_START);
    StrView process = columns_text(row.columns, row.columns->process[row.index]);
    assert_true(sv_equal(process, SV("mdmclient")));
}

static void test_order_and_neighbours(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    Marks *marks = marks_new(store_atoms(store));
    for (int i = 0; i < 10; i++) {
        (void)push(store, "m");
    }
    assert_int_equal(marks_next(marks, 1, false), 0);
    assert_true(marks_toggle(marks, store, 8));
    assert_true(marks_toggle(marks, store, 3));
    assert_true(marks_toggle(marks, store, 5));
    assert_int_equal(marks_count(marks), 3);
    assert_int_equal(marks_get(marks, 0), 3);
    assert_int_equal(marks_get(marks, 1), 5);
    assert_int_equal(marks_get(marks, 2), 8);
    assert_true(marks_has(marks, 5));
    assert_false(marks_has(marks, 4));
    assert_int_equal(marks_next(marks, 0, false), 3);
    assert_int_equal(marks_next(marks, 3, false), 5);
    assert_int_equal(marks_next(marks, 8, false), 0);
    assert_int_equal(marks_next(marks, 8, true), 5);
    assert_int_equal(marks_next(marks, 4, true), 3);
    assert_int_equal(marks_next(marks, 3, true), 0);
    marks_free(marks);
    marks_free(NULL);
    store_free(store);
}

static void test_unknown_number(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    Marks *marks = marks_new(store_atoms(store));
    assert_false(marks_toggle(marks, store, 0));
    assert_false(marks_toggle(marks, store, 7));
    assert_int_equal(marks_count(marks), 0);
    marks_free(marks);
    store_free(store);
}

static void test_survives_eviction(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    Marks *marks = marks_new(store_atoms(store));
    EntryNumber first = push(store, "first \\u00e9");
    EntryNumber second = push(store, "second");
    EntryNumber third = push(store, "third");
    StoreRow row;
    assert_true(store_find(store, second, &row));
    row.columns->tag[row.index] = (ColumnTag){.stage = 3, .outcome = OUTCOME_FAIL};
    assert_true(marks_toggle(marks, store, third));
    assert_true(marks_toggle(marks, store, second));
    assert_true(marks_toggle(marks, store, first));
    evict_all(store, third);
    assert_false(store_find(store, second, &row));
    assert_copy(marks, 0, "first \\u00e9");
    assert_copy(marks, 1, "second");
    assert_copy(marks, 2, "third");

    /* Taking one off leaves the others whole; what is evicted cannot be marked again. */
    assert_false(marks_toggle(marks, store, first));
    assert_int_equal(marks_count(marks), 2);
    assert_copy(marks, 0, "second");
    assert_copy(marks, 1, "third");
    row = marks_row(marks, 0);
    assert_int_equal(row.columns->tag[row.index].stage, 3);
    assert_int_equal(row.columns->tag[row.index].outcome, OUTCOME_FAIL);
    assert_false(marks_toggle(marks, store, first));
    assert_int_equal(marks_count(marks), 2);
    marks_free(marks);
    store_free(store);
}

static void assert_note(const Marks *marks, size_t index, const char *note)
{
    assert_true(sv_equal(marks_note(marks, index), sv(note)));
}

static void test_notes(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    Marks *marks = marks_new(store_atoms(store));
    EntryNumber first = push(store, "first");
    EntryNumber second = push(store, "second");
    EntryNumber third = push(store, "third");
    assert_false(marks_set_note(marks, second, SV("no mark yet")));
    assert_true(marks_toggle(marks, store, second));
    assert_note(marks, 0, "");
    assert_true(marks_set_note(marks, second, SV("the proxy again")));
    assert_true(marks_toggle(marks, store, first));
    assert_true(marks_toggle(marks, store, third));
    assert_true(marks_set_note(marks, third, SV("later")));
    assert_note(marks, 0, "");
    assert_note(marks, 1, "the proxy again");
    evict_all(store, third);
    assert_false(marks_toggle(marks, store, first));
    assert_note(marks, 0, "the proxy again");
    assert_note(marks, 1, "later");
    assert_true(sv_equal(marks_note_of(marks, third), SV("later")));
    assert_true(sv_equal(marks_note_of(marks, first), SV(""))); /* not marked any more */

    /* A part of itself, none, and one that is too long. */
    assert_true(marks_set_note(marks, second, sv_slice(marks_note(marks, 0), 4, 5)));
    assert_note(marks, 0, "proxy");
    StrBuf text = {0};
    strbuf_add_many(&text, 'x', MARK_NOTE_MAX + 1);
    assert_false(marks_set_note(marks, second, strbuf_view(&text)));
    assert_note(marks, 0, "proxy");
    assert_true(marks_set_note(marks, second, sv_slice(strbuf_view(&text), 0, MARK_NOTE_MAX)));
    assert_int_equal(marks_note(marks, 0).len, MARK_NOTE_MAX);
    assert_true(marks_set_note(marks, second, SV_NONE));
    assert_note(marks, 0, "");
    strbuf_done(&text);
    marks_free(marks);
    store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_neighbours),
        cmocka_unit_test(test_unknown_number),
        cmocka_unit_test(test_survives_eviction),
        cmocka_unit_test(test_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
