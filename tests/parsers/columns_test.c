/*
 * Tests of parsers/columns.c: what is pushed comes back, with a roomy table of atoms and with a
 * full one, and texts that repeat are kept once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/parsers/agree.h"

static void fixtures_come_back(void **state)
{
    (void)state;
    static const size_t ATOM_BYTES[] = {0, 40, 300, 1 << 20};
    for (size_t i = 0; i < ARRAY_LEN(FIXTURES); i++) {
        StrBuf bytes = read_fixture(FIXTURES[i]);
        for (size_t j = 0; j < ARRAY_LEN(ATOM_BYTES); j++) {
            assert_true(agree_on_columns(STYLE_NONE, strbuf_view(&bytes), ATOM_BYTES[j]));
        }
        strbuf_done(&bytes);
    }
}

static Entry sample(void)
{
    Entry entry = {
        .style = STYLE_NDJSON,
        .kind = KIND_LOG,
        .level = LEVEL_ERROR,
        .present = HAS_PID | HAS_THREAD | HAS_TTL | HAS_PARENT_ACTIVITY,
        .source = 2,
        .time = {INT64_C(1788854416012931000), -450},
        .raw = SV("{\"eventMessage\":\"hello\"}"),
        .process_path = SV("/usr/libexec/mdmclient"),
        .process = SV("mdmclient"),
        .subsystem = SV("com.apple.ManagedClient"),
        .category = SV(""),
        .pid = 42,
        .thread = UINT64_MAX,
    };
    entry.message = sv_slice(entry.raw, 17, 5);
    return entry;
}

static void messages_lie_inside_their_raw_bytes(void **state)
{
    (void)state;
    AtomTable *atoms = atom_table_new(1 << 16);
    Columns columns;
    columns_init(&columns, atoms);
    Entry entry = sample();
    uint32_t inside = columns_push(&columns, &entry);
    assert_int_equal(columns.bytes_len, entry.raw.len);
    assert_true(sv_equal(columns_message(&columns, inside), SV("hello")));
    entry.message = SV("unescaped");
    uint32_t beside = columns_push(&columns, &entry);
    assert_int_equal(columns.bytes_len, 2 * entry.raw.len + 9);
    assert_true(sv_equal(columns_message(&columns, beside), SV("unescaped")));
    assert_true(sv_equal(columns_raw(&columns, beside), entry.raw));
    entry.message = SV_NONE;
    assert_null(columns_message(&columns, columns_push(&columns, &entry)).ptr);
    columns_done(&columns);
    atom_table_free(atoms);
}

static void equal_texts_have_equal_atoms(void **state)
{
    (void)state;
    AtomTable *atoms = atom_table_new(1 << 16);
    Columns columns;
    columns_init(&columns, atoms);
    for (uint32_t i = 0; i < 2000; i++) {
        char name[32];
        Entry entry = sample();
        (void)snprintf(name, sizeof(name), "process-%u", (unsigned)(i % 300));
        entry.process = sv(name);
        assert_int_equal(columns_push(&columns, &entry), i);
    }
    for (uint32_t i = 300; i < 2000; i++) {
        assert_int_equal(columns.process[i], columns.process[i - 300]);
    }
    const uint32_t *process = columns_interned(&columns, FIELD_PROCESS);
    assert_ptr_equal(process, columns.process);
    assert_true(sv_equal(columns_text(&columns, process[301]), SV("process-1")));
    assert_int_equal(columns.category[0], ATOM_EMPTY);
    assert_int_equal(columns.sender[0], ATOM_NONE);
    assert_null(columns_text(&columns, columns.sender[0]).ptr);
    assert_null(columns_interned(&columns, FIELD_MESSAGE));
    for (int id = 0; id < FIELD_COUNT; id++) {
        assert_int_equal(columns_interned(&columns, (FieldId)id) != NULL,
                         (FIELDS[id].flags & FIELD_INTERNED) != 0);
    }
    columns_done(&columns);
    atom_table_free(atoms);
}

static void entries_come_back(void **state)
{
    (void)state;
    AtomTable *atoms = atom_table_new(1 << 16);
    Columns columns;
    Entry back;
    StrBuf scratch = {0};
    columns_init(&columns, atoms);
    Entry entry = sample();
    uint32_t index = columns_push(&columns, &entry);
    columns_entry(&columns, index, &back);
    assert_int_equal(back.present, HAS_PID | HAS_THREAD);
    assert_int_equal(back.source, 2);
    assert_int_equal(back.time.zone_minutes, -450);
    assert_true(back.time.ns == entry.time.ns);
    assert_true(back.thread == UINT64_MAX);
    assert_true(sv_equal(back.type_word, SV("logEvent")));
    columns_entry_full(&columns, index, &scratch, &back);
    assert_true(sv_equal(back.message, SV("hello")));
    assert_int_equal(back.source, 2);
    assert_true(back.time.ns == entry.time.ns);
    assert_null(back.process.ptr); /* the raw bytes of the sample name none */
    strbuf_done(&scratch);
    columns_done(&columns);
    atom_table_free(atoms);
}

static void clearing_keeps_the_memory(void **state)
{
    (void)state;
    AtomTable *atoms = atom_table_new(1 << 16);
    Columns columns;
    columns_init(&columns, atoms);
    for (int i = 0; i < 1000; i++) {
        Entry entry = sample();
        (void)columns_push(&columns, &entry);
    }
    size_t size = columns_size(&columns);
    assert_true(size > 1000 * (sample().raw.len + 100));
    columns_clear(&columns);
    assert_int_equal(columns.count, 0);
    assert_int_equal(columns_size(&columns), size);
    Entry entry = sample();
    assert_int_equal(columns_push(&columns, &entry), 0);
    assert_true(sv_equal(columns_raw(&columns, 0), entry.raw));
    columns_done(&columns);
    columns_done(&columns);
    atom_table_free(atoms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixtures_come_back),
        cmocka_unit_test(messages_lie_inside_their_raw_bytes),
        cmocka_unit_test(equal_texts_have_equal_atoms),
        cmocka_unit_test(entries_come_back),
        cmocka_unit_test(clearing_keeps_the_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
