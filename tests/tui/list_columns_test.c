/*
 * Tests of list_columns.c: the text form, and the cells at every width.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tui/list_columns.h"

static ListSpec parse(const char *text)
{
    ListSpec spec;
    Err err = err_none();

    if (!list_spec_parse(sv(text), &spec, &err)) {
        fail_msg("%s: %s", text, err.text);
    }
    return spec;
}

static void assert_prints(const ListSpec *spec, const char *expected)
{
    StrBuf text = {0};

    list_spec_print(spec, &text);
    assert_string_equal(text.len > 0 ? text.ptr : "", expected);
    strbuf_done(&text);
}

static void test_every_column_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int column = 0; column < LIST_COLUMNS; column++) {
        ListColumnInfo info = list_column_info(column);

        if (!info.is_offered) {
            continue;
        }
        assert_int_equal(list_column_find(sv(info.name)), column);
        assert_true(sv_find_char(sv(info.name), ' ') == SIZE_MAX);
        assert_true(strlen(info.help) > 0 && strlen(info.heading) > 0);
        assert_true(info.width >= info.min_width && info.width <= LIST_WIDTH_MAX);
        if (column < FIELD_COUNT) {
            assert_int_equal(list_column_find(sv(FIELDS[column].name)), column);
        }
    }
    assert_int_equal(list_column_find(SV("processID")), FIELD_PID);
    assert_int_equal(list_column_find(SV("nothing")), -1);
}

static void test_text_form_goes_there_and_back(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "",
        "time:12 delta level process:16 category message",
        "message",
        "level:7 message pid thread",
        "process-path boot-uuid signpost-name",
        "time level process message",
    };

    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        ListSpec spec = parse(TEXTS[i]);

        assert_prints(&spec, TEXTS[i]);
    }
    ListSpec usual = list_spec_of(LIST_FORM_USUAL);
    ListSpec spec = parse(" time  delta level host process category message ");

    assert_true(list_spec_equal(&usual, &spec));
    for (int form = 0; form < LIST_FORM_COUNT; form++) {
        ListSpec ready = list_spec_of((ListForm)form);
        ListSpec named = parse(list_form_name((ListForm)form));

        assert_true(ready.count > 20);
        assert_true(list_spec_equal(&ready, &named));
        assert_int_equal(list_spec_form(&ready), form);
    }
}

static void test_faults_are_told_at_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t offset;
        const char *words;
    } CASES[] = {
        {"time procces", 5, "unknown column 'procces': did you mean 'process'?"},
        {"time qqqqqqqq", 5, "unknown column 'qqqqqqqq'"},
        {"time pid time", 9, "column 'time' stands there twice"},
        {"pid processID", 4, "column 'processID' stands there twice"},
        {"time:0 pid", 5, "width of column 'time' must be 1 to 200"},
        {"time pid:x", 9, "width of column 'pid' must be 1 to 200"},
        {"pid:201", 4, "width of column 'pid' must be 1 to 200"},
        {"timeToLive", 0, "unknown column 'timeToLive'"},
    };

    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        ListSpec spec;
        Err err = err_none();

        assert_false(list_spec_parse(sv(CASES[i].text), &spec, &err));
        assert_string_equal(err.text, CASES[i].words);
        assert_int_equal(err.offset, CASES[i].offset);
    }
}

static int width_of(const ListPlan *plan, int column)
{
    const ListCell *cell = list_plan_find(plan, column);

    return cell != NULL ? cell->width : 0;
}

/* What nobody has changed looks as it always did. */
static void test_automatic_widths(void **state)
{
    (void)state;
    static const struct {
        int list;
        bool has_hosts;
        int time, delta, level, host, process, category, message;
    } CASES[] = {
        {250, true, 12, 8, 1, 18, 24, 26, 154}, {250, false, 12, 8, 1, 0, 24, 26, 173},
        {120, false, 12, 7, 1, 0, 16, 14, 64},  {90, true, 12, 7, 1, 8, 13, 9, 33},
        {80, false, 8, 7, 1, 0, 11, 9, 38},     {76, true, 8, 7, 1, 6, 11, 9, 27},
        {60, true, 8, 7, 1, 0, 11, 0, 28},      {40, true, 8, 0, 1, 0, 9, 0, 18},
        {24, false, 8, 0, 1, 0, 0, 0, 12},      {23, false, 0, 0, 0, 0, 0, 0, 22},
        {3, false, 0, 0, 0, 0, 0, 0, 3},
    };
    ListSpec spec = list_spec_of(LIST_FORM_USUAL);

    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        ListPlan plan = list_plan_make(
            &spec, (ListRoom){.width = CASES[i].list, .has_hosts = CASES[i].has_hosts});

        assert_int_equal(width_of(&plan, FIELD_DATE), CASES[i].time);
        assert_int_equal(width_of(&plan, LIST_DELTA), CASES[i].delta);
        assert_int_equal(width_of(&plan, FIELD_LEVEL), CASES[i].level);
        assert_int_equal(width_of(&plan, FIELD_HOST), CASES[i].host);
        assert_int_equal(width_of(&plan, FIELD_PROCESS), CASES[i].process);
        assert_int_equal(width_of(&plan, FIELD_CATEGORY), CASES[i].category);
        assert_int_equal(width_of(&plan, FIELD_MESSAGE), CASES[i].message);
    }
}

static void test_columns_stay_on_the_list(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "",
        "wide",
        "compact",
        "message:200 time",
        "time:200 message",
        "message pid process:40 thread sender subsystem:60",
        "pid thread subsystem process-path boot-uuid",
        "delta",
    };

    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        ListSpec spec = parse(TEXTS[i]);

        for (int width = 0; width <= 410; width++) {
            ListPlan plan = list_plan_make(&spec, (ListRoom){.width = width,
                                                             .has_hosts = width % 2 == 0,
                                                             .has_words = width % 3 == 0});
            int x = plan.gutter;

            for (size_t c = 0; c < plan.count; c++) {
                assert_int_equal(plan.cells[c].x, x);
                assert_true(plan.cells[c].width >= 0);
                assert_true(width == 0 || x + plan.cells[c].width <= width);
                x += plan.cells[c].width + 1;
            }
            if (width >= 40 && i != 6 && i != 7) {
                assert_true(width_of(&plan, FIELD_MESSAGE) >= 16);
            }
        }
    }
}

static void test_what_matters_least_goes_first(void **state)
{
    (void)state;
    ListSpec spec = parse("time:12 level process:16 pid thread category:14 message");
    ListPlan plan = list_plan_make(&spec, (ListRoom){.width = 80});

    assert_int_equal(width_of(&plan, FIELD_THREAD), 0);
    assert_int_equal(width_of(&plan, FIELD_PID), 6);
    assert_int_equal(width_of(&plan, FIELD_PROCESS), 16);
    plan = list_plan_make(&spec, (ListRoom){.width = 120});
    assert_int_equal(width_of(&plan, FIELD_THREAD), 10);
}

static void test_levels_as_words_and_long_times(void **state)
{
    (void)state;
    ListSpec spec = list_spec_of(LIST_FORM_USUAL);
    ListPlan plan =
        list_plan_make(&spec, (ListRoom){.width = 80, .has_words = true, .time_width = 10});

    assert_int_equal(width_of(&plan, FIELD_LEVEL), LIST_LEVEL_WORD);
    assert_int_equal(width_of(&plan, FIELD_DATE), 10);
}

static size_t index_of(const ListSpec *spec, int column)
{
    for (size_t i = 0; i < spec->count; i++) {
        if (spec->choices[i].column == column) {
            return i;
        }
    }
    fail();
    return 0;
}

static bool toggle(ListSpec *spec, int column)
{
    size_t index = index_of(spec, column);
    bool done = list_spec_toggle(spec, &index);

    assert_int_equal(spec->choices[index].column, column);
    return done;
}

static void test_changes(void **state)
{
    (void)state;
    ListSpec spec = parse("time message");

    assert_true(toggle(&spec, FIELD_PID)); /* the message stays the last */
    assert_prints(&spec, "time pid message");
    assert_int_equal(list_spec_move(&spec, 1, 1), 2);
    assert_int_equal(list_spec_move(&spec, 1, -1), 0);
    assert_int_equal(list_spec_move(&spec, 0, -1), 0);
    assert_prints(&spec, "message time pid");
    assert_true(toggle(&spec, FIELD_THREAD));
    assert_prints(&spec, "message time pid thread");
    assert_true(toggle(&spec, FIELD_THREAD));
    assert_int_equal(list_spec_move(&spec, spec.count - 1, 1), spec.count - 1);
    list_spec_widen(&spec, 1, 2, 8);
    list_spec_widen(&spec, 1, 1, 8);
    assert_prints(&spec, "message time:11 pid");
    list_spec_widen(&spec, 1, -100, 8);
    assert_prints(&spec, "message time:5 pid");
    list_spec_widen(&spec, 1, 1000, 8);
    assert_prints(&spec, "message time:200 pid");
    assert_true(toggle(&spec, FIELD_MESSAGE));
    assert_true(toggle(&spec, FIELD_DATE));
    assert_false(toggle(&spec, FIELD_PID)); /* the last one stays */
    assert_prints(&spec, "pid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_column_has_a_name_of_its_own),
        cmocka_unit_test(test_text_form_goes_there_and_back),
        cmocka_unit_test(test_faults_are_told_at_their_place),
        cmocka_unit_test(test_automatic_widths),
        cmocka_unit_test(test_columns_stay_on_the_list),
        cmocka_unit_test(test_what_matters_least_goes_first),
        cmocka_unit_test(test_levels_as_words_and_long_times),
        cmocka_unit_test(test_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
