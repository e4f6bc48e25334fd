/*
 * AtomTable: one number per text, texts that never move, and both bounds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/atom.h"

static StrView number_text(char *buf, size_t size, unsigned number)
{
    (void)snprintf(buf, size, "com.apple.subsystem.%u", number);
    return sv(buf);
}

static void test_nil_and_empty(void **state)
{
    (void)state;
    AtomTable *table = atom_table_new(KIB);
    assert_int_equal(atom_intern(table, SV_NONE), ATOM_NONE);
    assert_int_equal(atom_intern(table, SV("")), ATOM_EMPTY);
    assert_int_equal(atom_find(table, SV_NONE), ATOM_NONE);
    assert_int_equal(atom_find(table, SV("")), ATOM_EMPTY);
    assert_null(atom_text(table, ATOM_NONE).ptr);
    assert_non_null(atom_text(table, ATOM_EMPTY).ptr);
    assert_int_equal(atom_text(table, ATOM_EMPTY).len, 0);
    assert_int_equal(atom_count(table), 2);
    assert_null(atom_text(table, ATOM_FULL).ptr);
    atom_table_free(table);
    atom_table_free(NULL);
}

static void test_many(void **state)
{
    enum { COUNT = 20000 };
    (void)state;
    AtomTable *table = atom_table_new(4 * MIB);
    char buf[64];
    Atom first = atom_intern(table, number_text(buf, sizeof buf, 0));
    const char *first_ptr = atom_text(table, first).ptr;
    for (unsigned i = 1; i < COUNT; i++) {
        StrView text = number_text(buf, sizeof buf, i);
        assert_true(atom_find(table, text) == ATOM_FULL);
        assert_int_equal(atom_intern(table, text), first + i);
    }
    for (unsigned i = 0; i < COUNT; i++) {
        StrView text = number_text(buf, sizeof buf, i);
        assert_int_equal(atom_find(table, text), first + i);
        assert_int_equal(atom_intern(table, text), first + i);
        assert_true(sv_equal(atom_text(table, first + i), text));
    }
    assert_ptr_equal(atom_text(table, first).ptr, first_ptr);
    assert_int_equal(atom_count(table), first + COUNT);
    assert_true(atom_bytes(table) > COUNT * sizeof "com.apple.subsystem.");
    atom_table_free(table);
}

/* Texts of every length up to 40 that differ in one byte: a hash that skips a byte would still be
 * right, but the comparison has to tell them apart. */
static void test_every_byte_counts(void **state)
{
    (void)state;
    AtomTable *table = atom_table_new(MIB);
    char text[40];
    Atom expected = ATOM_EMPTY;
    for (size_t len = 1; len <= sizeof text; len++) {
        for (size_t at = 0; at <= len; at++) {
            memset(text, 'a', sizeof text);
            if (at < len) {
                text[at] = '\0';
            }
            assert_int_equal(atom_intern(table, sv_of(text, len)), ++expected);
        }
    }
    atom_table_free(table);
}

static void test_byte_bound(void **state)
{
    (void)state;
    AtomTable *table = atom_table_new(10);
    Atom kept = atom_intern(table, SV("12345678"));
    assert_true(kept != ATOM_FULL);
    assert_true(atom_intern(table, SV("abc")) == ATOM_FULL);
    assert_true(atom_intern(table, SV("ab")) != ATOM_FULL); /* fits exactly */
    assert_true(atom_intern(table, SV("x")) == ATOM_FULL);
    assert_int_equal(atom_intern(table, SV("12345678")), kept);
    assert_int_equal(atom_intern(table, SV("")), ATOM_EMPTY);
    atom_table_free(table);
}

static void test_number_bound(void **state)
{
    (void)state;
    AtomTable *table = atom_table_new(64 * MIB);
    char buf[16];
    unsigned added = 0;
    for (;; added++) {
        (void)snprintf(buf, sizeof buf, "%x", added);
        if (atom_intern(table, sv(buf)) == ATOM_FULL) {
            break;
        }
    }
    assert_int_equal(added, (1 << 20) - 2);
    assert_int_equal(atom_count(table), 1 << 20);
    atom_table_free(table);
}

static void test_long_text(void **state)
{
    (void)state;
    AtomTable *table = atom_table_new(MIB);
    StrBuf text = {0};
    strbuf_add_many(&text, 'z', 300 * KIB);
    Atom small = atom_intern(table, SV("small"));
    Atom big = atom_intern(table, strbuf_view(&text));
    assert_true(sv_equal(atom_text(table, big), strbuf_view(&text)));
    assert_true(sv_equal(atom_text(table, small), SV("small")));
    strbuf_done(&text);
    atom_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nil_and_empty),     cmocka_unit_test(test_many),
        cmocka_unit_test(test_every_byte_counts), cmocka_unit_test(test_byte_bound),
        cmocka_unit_test(test_number_bound),      cmocka_unit_test(test_long_text),
    };
    return cmocka_run_group_tests_name("base/atom", tests, NULL, NULL);
}
