/*
 * Tests of the compiled filter against text truth tables (tests/data/filters/truth*.txt): each row
 * says whether a predicate matches an entry, row by row and by ranges. Random predicates are in
 * filter_property_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "filters/filter.h"
#include "tests/filters/truth.h"

static const StrView HOSTS[] = {{"mac-17.local", 12}};

typedef struct Table {
    TruthEntries entries;
    StrBuf texts[4]; /* the files, which the names of entries are views of */
    size_t text_count;
    int rows;
    int failures;
} Table;

static void report(Table *table, int line, const char *what, StrView predicate)
{
    table->failures++;
    print_error("line %d: %s: %.*s\n", line, what, SV_ARG(predicate));
}

static bool match_by_range(Filter *filter, const Columns *columns, uint32_t index)
{
    uint64_t bits[TRUTH_MAX_ENTRIES / 64 + 1] = {0};
    (void)filter_match_range(filter, columns, 0, columns->count, bits); /* the bits tell */
    return bits[index / 64] >> (index % 64) & 1;
}

static void check_row(Table *table, int line, StrView verdict, StrView names, StrView predicate)
{
    Err err = err_none();
    Filter *filter = filter_compile(predicate, &err);
    table->rows++;
    if (sv_equal(verdict, SV("error"))) {
        if (filter || err.text[0] == '\0') {
            report(table, line, "should be refused", predicate);
        }
        filter_free(filter);
        return;
    }
    if (!filter) {
        report(table, line, err.text, predicate);
        return;
    }
    filter_set_hosts(filter, HOSTS, ARRAY_LEN(HOSTS));
    bool wanted = sv_equal(verdict, SV("yes"));
    table->rows--;
    while (names.len > 0) {
        size_t comma = sv_find_char(names, ',');
        StrView name = sv_slice(names, 0, comma);
        names = comma == SIZE_MAX ? SV("") : sv_slice(names, comma + 1, names.len);
        uint32_t index = truth_find(&table->entries, name);
        table->rows++;
        if (index == UINT32_MAX) {
            report(table, line, "no such entry", name);
        } else if (filter_match(filter, &table->entries.columns, index) != wanted) {
            report(table, line, wanted ? "should match" : "should not match", predicate);
        } else if (match_by_range(filter, &table->entries.columns, index) != wanted) {
            report(table, line, "differs by range", predicate);
        }
    }
    filter_free(filter);
}

static void check_line(Table *table, int line, StrView text)
{
    if (sv_starts(text, SV("entry "))) {
        StrView rest = sv_slice(text, 6, text.len);
        StrView name = truth_word(&rest);
        StrView raw = sv_trim(rest);
        Style style = raw.ptr[0] == '{' ? STYLE_NDJSON : STYLE_DEFAULT;
        (void)truth_add(&table->entries, name, style, raw);
        return;
    }
    StrView rest = text;
    StrView verdict = truth_word(&rest);
    StrView names = truth_word(&rest);
    if (!sv_equal(verdict, SV("yes")) && !sv_equal(verdict, SV("no")) &&
        !sv_equal(verdict, SV("error"))) {
        report(table, line, "neither yes, no nor error", text);
        return;
    }
    check_row(table, line, verdict, names, sv_trim(rest));
}

static int read_table(Table *table, const char *path)
{
    StrBuf buf = {0};
    StrView rest = truth_read_file(path, &buf);
    StrView text;
    table->rows = 0;
    for (int line = 1; sv_next_line(&rest, &text); line++) {
        if (sv_trim(text).len > 0 && text.ptr[0] != '#') {
            check_line(table, line, text);
        }
    }
    table->texts[table->text_count++] = buf;
    return table->rows;
}

static void test_truth_tables(void **state)
{
    (void)state;
    Table table = {0};
    truth_init(&table.entries);
    assert_true(read_table(&table, "tests/data/filters/truth.txt") >= 400);
    assert_true(read_table(&table, "tests/data/filters/truth_shorthand.txt") >= 120);
    assert_int_equal(table.failures, 0);
    truth_done(&table.entries);
    for (size_t i = 0; i < table.text_count; i++) {
        strbuf_done(&table.texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truth_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
