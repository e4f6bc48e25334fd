/*
 * Tests of rows.c: properties over random views. Whatever the switches, the lines are a window onto
 * the one long list of all lines, which is what the oracle here is made of, item by item.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "tests/session/rows.h"
#include "tui/row_text.h"
#include "tui/rows.h"

#define ROUNDS 300

typedef struct Case {
    Store *store;
    View *view;
    RowsLook look;
} Case;

/* Few messages, so that there are repeats; some of several lines; now and then a gap or a day. */
static Case make_case(uint64_t *seed)
{
    static const char *const MESSAGES[] = {
        "idle",
        "first line\nsecond line\r\nthird",
        "\n\nblank lines around\n\n",
        "a message that is much too long for the column it is shown in, as most of them are",
        "日本語のメッセージ 日本語のメッセージ 日本語のメッセージ",
        "",
    };
    static const int64_t STEPS[] = {NS_PER_MS, NS_PER_SECOND, 40 * NS_PER_SECOND,
                                    INT64_C(90000) * NS_PER_SECOND};
    Case made = {.store = store_new(STORE_MIN_BYTES)};
    uint32_t count = rows_random(seed, 60);
    int64_t time = ROWS_START;

    made.view = view_new(made.store);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kind = rows_random(seed, 40);
        EntryNumber number;

        time += STEPS[kind < 30 ? 0 : (kind < 37 ? 1 : kind - 36)];
        if (kind == 20) {
            number = rows_push_notice(made.store, "a notice", time);
        } else {
            Entry entry = rows_entry(
                "mdmclient", MESSAGES[rows_random(seed, rows_random(seed, 2) == 0 ? 1 : 6)], time);

            entry.flags = rows_random(seed, 10) == 0 ? ENTRY_CUT : 0;
            number = store_push(made.store, &entry);
        }
        view_offer(made.view, number);
    }
    made.look = (RowsLook){
        .height = 1 + (int)rows_random(seed, 12),
        .message_width = (int)rows_random(seed, 60),
        .further_width = (int)rows_random(seed, 60),
        .wraps = rows_random(seed, 2) == 0,
        .folds = rows_random(seed, 2) == 0,
        .shows_days = rows_random(seed, 2) == 0,
        .shows_first = rows_random(seed, 2) == 0,
        .shows_boots = rows_random(seed, 2) == 0,
        .gap_ns = rows_random(seed, 2) == 0 ? 30 * NS_PER_SECOND : 0,
    };
    return made;
}

static void free_case(Case *made)
{
    view_free(made->view);
    store_free(made->store);
}

static bool same_line(const RowLine *a, const RowLine *b)
{
    return a->kind == b->kind && a->row == b->row && a->repeats == b->repeats &&
           a->from == b->from && a->to == b->to && a->lines == b->lines &&
           a->missing == b->missing && a->lasted_ns == b->lasted_ns && a->gap_ns == b->gap_ns &&
           a->is_new_day == b->is_new_day;
}

/* All lines of the view: those of a list that is high enough, but wrapped as for `look`. */
static void all_lines(const Case *made, Rows *ret)
{
    size_t len = view_len(made->view);
    Rows one = {0};
    size_t row = 0;

    ret->count = 0;
    while (row < len) {
        /* With its item on the last line but those it needs, the list ends with the item. */
        rows_make(&one, made->view, made->store, &made->look, row, made->look.height);
        size_t end = row + 1;

        for (size_t i = 0; i < one.count; i++) {
            if (one.lines[i].row == row) {
                mem_grow((void **)&ret->lines, &ret->capacity, ret->count, sizeof *ret->lines);
                ret->lines[ret->count++] = one.lines[i];
                end = row + one.lines[i].repeats;
            }
        }
        row = end;
    }
    rows_done(&one);
}

static void check_lines(const Case *made, const Rows *rows, const Rows *all, size_t cursor)
{
    size_t start = SIZE_MAX;
    bool has_cursor = false;

    assert_true(rows->count <= (size_t)made->look.height);
    assert_true(rows->count > 0);
    for (size_t from = 0; from + rows->count <= all->count && start == SIZE_MAX; from++) {
        size_t same = 0;

        while (same < rows->count && same_line(&rows->lines[same], &all->lines[from + same])) {
            same++;
        }
        start = same == rows->count ? from : SIZE_MAX;
    }
    assert_true(start != SIZE_MAX); /* in order, nothing lost, nothing twice */
    if (rows->count < (size_t)made->look.height) {
        assert_int_equal(rows->count, all->count); /* no room is left while there is more */
    }
    for (size_t i = 0; i < rows->count; i++) {
        const RowLine *line = &rows->lines[i];

        if (line->is_cursor) {
            assert_true(cursor >= line->row && cursor < line->row + line->repeats);
            assert_true(line->kind != ROW_RULE);
            has_cursor = true;
        }
    }
    assert_true(has_cursor);
    assert_int_equal(rows_line_of(rows, cursor), rows->cursor_line);
}

static void test_lines_are_a_window_onto_all_lines(void **state)
{
    (void)state;
    uint64_t seed = 1;

    for (int round = 0; round < ROUNDS; round++) {
        Case made = make_case(&seed);
        size_t len = view_len(made.view);
        Rows rows = {0};
        Rows all = {0};

        /* A list of one or two lines shows no rule beside its entry: nothing to compare with. */
        made.look.height = made.look.height < 3 ? 3 : made.look.height;
        all_lines(&made, &all);
        for (size_t cursor = 0; cursor < len; cursor++) {
            int line = (int)rows_random(&seed, (uint32_t)made.look.height + 2) - 1;

            rows_make(&rows, made.view, made.store, &made.look, cursor, line);
            check_lines(&made, &rows, &all, cursor);
        }
        rows_done(&rows);
        rows_done(&all);
        free_case(&made);
    }
}

/* What the list did before there was anything but entries. */
static void test_all_switched_off_is_plain_rows(void **state)
{
    (void)state;
    uint64_t seed = 2;

    for (int round = 0; round < ROUNDS; round++) {
        Case made = make_case(&seed);
        size_t len = view_len(made.view);
        size_t height = (size_t)made.look.height;
        Rows rows = {0};

        made.look = (RowsLook){.height = made.look.height};
        for (size_t cursor = 0; cursor < len; cursor++) {
            size_t line = rows_random(&seed, (uint32_t)height);
            size_t top = cursor > line ? cursor - line : 0;

            top = len <= height ? 0 : (top > len - height ? len - height : top);
            rows_make(&rows, made.view, made.store, &made.look, cursor, (int)line);
            assert_int_equal(rows.count, len < height ? len : height);
            assert_int_equal(rows.cursor_line, cursor - top);
            for (size_t i = 0; i < rows.count; i++) {
                assert_int_equal(rows.lines[i].row, top + i);
                assert_int_equal(rows.lines[i].kind, ROW_ENTRY);
            }
        }
        rows_done(&rows);
        free_case(&made);
    }
}

static void test_moving_there_and_back(void **state)
{
    (void)state;
    uint64_t seed = 3;

    for (int round = 0; round < ROUNDS; round++) {
        Case made = make_case(&seed);
        size_t len = view_len(made.view);
        const RowsLook *look = &made.look;

        for (size_t row = 0; row < len; row++) {
            long items = (long)rows_random(&seed, 20);
            size_t start = rows_first(made.view, made.store, look, row);
            size_t there = rows_move(made.view, made.store, look, row, items);
            size_t steps = rows_first(made.view, made.store, look, row);

            assert_true(start <= row);
            for (long i = 0; i < items; i++) {
                steps = rows_move(made.view, made.store, look, steps, 1);
            }
            assert_int_equal(steps, there);
            assert_int_equal(rows_first(made.view, made.store, look, there), there);
            if (there != rows_first(made.view, made.store, look, len - 1)) {
                assert_int_equal(rows_move(made.view, made.store, look, there, -items), start);
            }
            assert_true(rows_page(made.view, made.store, look, row, 5) >= start);
            assert_true(rows_page(made.view, made.store, look, row, -5) <= row);
        }
        if (len > 0) {
            assert_int_equal(rows_move(made.view, made.store, look, len - 1, -1000), 0);
            assert_int_equal(rows_move(made.view, made.store, look, 0, 1000),
                             rows_first(made.view, made.store, look, len - 1));
            assert_int_equal(rows_page(made.view, made.store, look, len - 1, -100000), 0);
        }
        free_case(&made);
    }
}

static Case case_of(const char *const *messages, size_t count, int64_t step_ns)
{
    Case made = {.store = store_new(STORE_MIN_BYTES), .look = {.height = 20}};

    made.view = view_new(made.store);
    for (size_t i = 0; i < count; i++) {
        Entry entry = rows_entry("mdmclient", messages[i], ROWS_START + (int64_t)i * step_ns);

        view_offer(made.view, store_push(made.store, &entry));
    }
    return made;
}

static void test_repeats_are_one_line(void **state)
{
    (void)state;
    static const char *const MESSAGES[] = {"a", "b", "b", "b", "c", "b"};
    Case made = case_of(MESSAGES, ARRAY_LEN(MESSAGES), NS_PER_MS);
    Rows rows = {0};

    made.look.folds = true;
    rows_make(&rows, made.view, made.store, &made.look, 2, 0);
    assert_int_equal(rows.count, 4);
    assert_int_equal(rows.lines[1].row, 1);
    assert_int_equal(rows.lines[1].repeats, 3);
    assert_false(rows.lines[1].has_more);
    assert_true(rows.lines[1].is_cursor);
    assert_int_equal(rows.lines[2].row, 4);
    assert_int_equal(rows_move(made.view, made.store, &made.look, 3, 1), 4);
    assert_int_equal(rows_move(made.view, made.store, &made.look, 4, -1), 1);
    rows_done(&rows);
    free_case(&made);
}

static void test_a_very_long_run_is_bounded(void **state)
{
    (void)state;
    Case made = {.store = store_new(16 * MIB), .look = {.height = 9, .folds = true}};
    Rows rows = {0};
    size_t total = 0;

    made.view = view_new(made.store);
    for (int i = 0; i < 10000; i++) {
        Entry entry = rows_entry("mdmclient", "again", ROWS_START);

        view_offer(made.view, store_push(made.store, &entry));
    }
    rows_make(&rows, made.view, made.store, &made.look, 5000, 3);
    assert_int_equal(rows.count, 10000 / ROWS_FOLD_BLOCK + 1);
    for (size_t i = 0; i < rows.count; i++) {
        assert_true(rows.lines[i].repeats <= ROWS_FOLD_BLOCK);
        assert_true(rows.lines[i].has_more);
        total += rows.lines[i].repeats;
    }
    assert_int_equal(total, 10000);
    rows_done(&rows);
    free_case(&made);
}

static void test_rules_tell_days_gaps_and_starts(void **state)
{
    (void)state;
    static const char *const RAWS[] = {"{\"bootUUID\":\"A\",\"eventMessage\":\"x\"}",
                                       "{\"bootUUID\":\"A\",\"eventMessage\":\"y\"}",
                                       "{\"bootUUID\":\"B\",\"eventMessage\":\"x\"}",
                                       "{\"bootUUID\":\"B\",\"eventMessage\":\"y\"}"};
    static const int64_t TIMES[] = {0, 31, 60, 86460};
    Case made = {.store = store_new(STORE_MIN_BYTES), .look = {.height = 20}};
    Rows rows = {0};

    made.view = view_new(made.store);
    for (size_t i = 0; i < ARRAY_LEN(RAWS); i++) {
        Entry entry = rows_entry("mdmclient", "x", ROWS_START + TIMES[i] * NS_PER_SECOND);

        entry.raw = sv(RAWS[i]);
        view_offer(made.view, store_push(made.store, &entry));
    }
    made.look.gap_ns = 30 * NS_PER_SECOND;
    made.look.shows_days = made.look.shows_boots = true;
    rows_make(&rows, made.view, made.store, &made.look, 0, 0);
    assert_int_equal(rows.count, 7);
    assert_int_equal(rows.lines[1].kind, ROW_RULE);
    assert_int_equal(rows.lines[1].gap_ns, 31 * NS_PER_SECOND);
    assert_false(rows.lines[1].is_new_day || rows.lines[1].is_new_boot);
    assert_int_equal(rows.lines[1].row, 1);
    assert_int_equal(rows.lines[3].gap_ns, 0);
    assert_true(rows.lines[3].is_new_boot);
    assert_true(rows.lines[5].is_new_day);
    assert_int_equal(rows.lines[5].gap_ns, 86400 * NS_PER_SECOND);
    rows_done(&rows);
    free_case(&made);
}

static void test_a_stream_is_told_from_another_by_its_ticks(void **state)
{
    (void)state;
    static const uint64_t TICKS[] = {5000, 9000, 100};
    Case made = {.store = store_new(STORE_MIN_BYTES), .look = {.height = 9, .shows_boots = true}};
    Rows rows = {0};

    made.view = view_new(made.store);
    for (size_t i = 0; i < ARRAY_LEN(TICKS); i++) {
        Entry entry = rows_entry("kernel", "x", ROWS_START + (int64_t)i * 6 * NS_PER_SECOND);

        entry.mach = TICKS[i];
        entry.present = HAS_MACH;
        view_offer(made.view, store_push(made.store, &entry));
    }
    rows_make(&rows, made.view, made.store, &made.look, 0, 0);
    assert_int_equal(rows.count, 4);
    assert_true(rows.lines[2].is_new_boot);
    rows_done(&rows);
    free_case(&made);
}

static void test_lines_of_a_message_are_counted_or_wrapped(void **state)
{
    (void)state;
    static const char *const MESSAGES[] = {"\none\r\ntwo two two two\nthree\n\n"};
    Case made = case_of(MESSAGES, 1, 0);
    Rows rows = {0};
    StrView text = sv(MESSAGES[0]);
    static const char *const PIECES[] = {"one", "two two", "two two", "three"};

    rows_make(&rows, made.view, made.store, &made.look, 0, 0);
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.lines[0].lines, 2);
    assert_true(sv_equal(sv_slice(text, rows.lines[0].from, rows.lines[0].to - rows.lines[0].from),
                         SV("one")));
    made.look.wraps = true;
    made.look.message_width = 10;
    rows_make(&rows, made.view, made.store, &made.look, 0, 0);
    assert_int_equal(rows.count, ARRAY_LEN(PIECES));
    for (size_t i = 0; i < rows.count; i++) {
        const RowLine *line = &rows.lines[i];

        assert_true(sv_equal(sv_slice(text, line->from, line->to - line->from), sv(PIECES[i])));
        assert_int_equal(line->kind, i == 0 ? ROW_ENTRY : ROW_WRAPPED);
        assert_int_equal(line->missing, 0);
    }
    made.look.height = 4; /* two lines at most then */
    rows_make(&rows, made.view, made.store, &made.look, 0, 3);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.lines[1].missing, strlen("two two\nthree"));
    rows_done(&rows);
    free_case(&made);
}

static void test_lines_are_broken_between_words(void **state)
{
    (void)state;
    typedef struct Broken {
        const char *text;
        int width;
        const char *pieces[4];
    } Broken;
    static const Broken CASES[] = {
        {"profile com.apple.mdm", 19, {"profile com.apple.", "mdm"}},
        {"profile at com.apple", 15, {"profile at", "com.apple"}},
        {"a com.apple.managed", 12, {"a com.apple.", "managed"}},
        {"0123456789 abc", 10, {"0123456789", "abc"}},
        {"0123456789  \nabc", 10, {"0123456789", "abc"}},
        {"01 3456789abcdef", 10, {"01 3456789", "abcdef"}}, /* the blank is too far back */
        {"0123456-\xCC\x81 9abcd", 10, {"0123456-\xCC\x81", "9abcd"}},
        {"0123456 \xCC\x81"
         "89abcd",
         10,
         {"0123456 \xCC\x81"
          "89",
          "abcd"}},
    };

    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        StrView text = sv(CASES[i].text);
        RowText parts = row_text_begin(text);
        uint32_t from;
        uint32_t to;
        size_t piece = 0;

        while (row_text_next(&parts, CASES[i].width, &from, &to)) {
            StrView shown = sv_slice(text, from, to - from);

            assert_true(sv_equal(shown, sv(CASES[i].pieces[piece])));
            piece++;
        }
        assert_true(piece < 4 && CASES[i].pieces[piece] == NULL);
    }
}

static void test_further_lines_have_a_width_of_their_own(void **state)
{
    (void)state;
    static const char *const MESSAGES[] = {"0123456789abcdefghijklmnopqrst"};
    Case made = case_of(MESSAGES, 1, 0);
    Rows rows = {0};

    made.look.wraps = true;
    made.look.message_width = 10;
    made.look.further_width = 20;
    rows_make(&rows, made.view, made.store, &made.look, 0, 0);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.lines[0].to, 10);
    assert_int_equal(rows.lines[1].to, 30);
    made.look.further_width = 5; /* never narrower than the first */
    rows_make(&rows, made.view, made.store, &made.look, 0, 0);
    assert_int_equal(rows.count, 3);
    rows_done(&rows);
    free_case(&made);
}

static void test_the_first_entry_has_its_day_over_it(void **state)
{
    (void)state;
    static const char *const MESSAGES[] = {"a", "b", "c"};
    Case made = case_of(MESSAGES, ARRAY_LEN(MESSAGES), NS_PER_MS);
    Rows rows = {0};

    made.look.shows_days = made.look.shows_first = true;
    for (size_t cursor = 0; cursor < ARRAY_LEN(MESSAGES); cursor++) {
        rows_make(&rows, made.view, made.store, &made.look, cursor, 0);
        assert_int_equal(rows.count, 4);
        assert_int_equal(rows.lines[0].kind, ROW_RULE);
        assert_true(rows.lines[0].is_new_day);
        assert_int_equal(rows.lines[0].row, 0);
    }
    made.look.height = 2; /* it is a line like others: there is one above the first entry */
    rows_make(&rows, made.view, made.store, &made.look, 0, 0);
    assert_int_equal(rows.lines[0].kind, ROW_ENTRY);
    rows_make(&rows, made.view, made.store, &made.look, 0, 1);
    assert_int_equal(rows.lines[0].kind, ROW_RULE);
    assert_int_equal(rows.cursor_line, 1);
    rows_make(&rows, made.view, made.store, &made.look, 1, 1);
    assert_int_equal(rows.lines[0].kind, ROW_ENTRY);
    rows_done(&rows);
    free_case(&made);
}

static void test_a_run_tells_how_long_it_lasted(void **state)
{
    (void)state;
    static const char *const MESSAGES[] = {"a", "a", "a"};
    Case made = case_of(MESSAGES, ARRAY_LEN(MESSAGES), 6200 * NS_PER_MS);
    Rows rows = {0};
    char words[ROWS_REPEATS_MAX];

    made.look.folds = true;
    made.look.message_width = ROWS_LASTED_MIN;
    rows_make(&rows, made.view, made.store, &made.look, 0, 0);
    rows_print_repeats(&rows.lines[0], words);
    assert_string_equal(words, "×3 12.4s ");
    made.look.message_width--;
    rows_make(&rows, made.view, made.store, &made.look, 0, 0);
    rows_print_repeats(&rows.lines[0], words);
    assert_string_equal(words, "×3 ");
    rows_done(&rows);
    free_case(&made);
}

/* Wrapped pieces together are the message, and each fits. */
static void test_pieces_fit_and_lose_nothing(void **state)
{
    (void)state;
    static const char *const PARTS[] = {"a",  "é",    "語",          "e\xCC\x81",
                                        "\n", "\r\n", "\xFF",        "👨‍👩‍👧",
                                        " ",  "\t",   "\xE2\x80\xAE"};
    uint64_t seed = 5;

    for (int round = 0; round < 2000; round++) {
        StrBuf text = {0};
        uint32_t count = rows_random(&seed, 60);
        int width = ROW_TEXT_MIN_WIDTH + (int)rows_random(&seed, 20);
        uint32_t from = 0;
        uint32_t to = 0;

        for (uint32_t i = 0; i < count; i++) {
            strbuf_add_str(&text, PARTS[rows_random(&seed, ARRAY_LEN(PARTS))]);
        }
        RowText parts = row_text_begin(strbuf_view(&text));
        uint32_t reached = (uint32_t)parts.at;

        while (row_text_next(&parts, width, &from, &to)) {
            StrView piece = sv_slice(strbuf_view(&text), from, to - from);

            assert_true(from >= reached);
            for (uint32_t i = reached; i < from; i++) { /* line ends, and blanks at a break */
                assert_true(memchr("\n\r ", text.ptr[i], 3) != NULL);
            }
            assert_true(utf8_width(piece) <= width);
            assert_true(sv_find_char(piece, '\n') == SIZE_MAX);
            assert_true(to > from || parts.at > from);
            reached = to;
        }
        assert_true(row_text_is_over(&parts));
        assert_int_equal(row_text_rest(&parts), 0);
        strbuf_done(&text);
    }
}

/* What is kept must be thrown away when anything is another. */
static void test_lines_are_made_anew_when_they_must(void **state)
{
    (void)state;
    uint64_t seed = 6;

    for (int round = 0; round < ROUNDS; round++) {
        Case made = make_case(&seed);
        Rows kept = {0};

        for (int step = 0; step < 40; step++) {
            size_t len = view_len(made.view);
            Rows fresh = {0};
            int line = (int)rows_random(&seed, (uint32_t)made.look.height);
            size_t cursor = len > 0 ? rows_random(&seed, (uint32_t)len) : SIZE_MAX;

            switch (rows_random(&seed, 8)) {
            case 0:
                made.look.folds = !made.look.folds;
                break;
            case 1:
                made.look.wraps = !made.look.wraps;
                break;
            case 2:
                made.look.height = 1 + (int)rows_random(&seed, 12);
                break;
            case 3:
                view_offer(made.view, rows_push_notice(made.store, "new", ROWS_START));
                break;
            default: /* the same place again */
                cursor = kept.count > 0 ? kept.made.cursor : cursor;
                line = kept.cursor_line;
                break;
            }
            rows_make(&kept, made.view, made.store, &made.look, cursor, line);
            rows_make(&fresh, made.view, made.store, &made.look, cursor, line);
            assert_int_equal(kept.count, fresh.count);
            assert_int_equal(kept.cursor_line, fresh.cursor_line);
            for (size_t i = 0; i < kept.count; i++) {
                assert_true(same_line(&kept.lines[i], &fresh.lines[i]));
            }
            rows_done(&fresh);
        }
        rows_done(&kept);
        free_case(&made);
    }
}

static void test_nothing_to_show(void **state)
{
    (void)state;
    Case made = case_of(NULL, 0, 0);
    Rows rows = {0};

    rows_make(&rows, made.view, made.store, &made.look, SIZE_MAX, 3);
    assert_int_equal(rows.count, 0);
    assert_int_equal(rows_line_of(&rows, 0), -1);
    rows_done(&rows);
    free_case(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_a_window_onto_all_lines),
        cmocka_unit_test(test_all_switched_off_is_plain_rows),
        cmocka_unit_test(test_moving_there_and_back),
        cmocka_unit_test(test_repeats_are_one_line),
        cmocka_unit_test(test_a_very_long_run_is_bounded),
        cmocka_unit_test(test_rules_tell_days_gaps_and_starts),
        cmocka_unit_test(test_a_stream_is_told_from_another_by_its_ticks),
        cmocka_unit_test(test_lines_of_a_message_are_counted_or_wrapped),
        cmocka_unit_test(test_lines_are_broken_between_words),
        cmocka_unit_test(test_further_lines_have_a_width_of_their_own),
        cmocka_unit_test(test_the_first_entry_has_its_day_over_it),
        cmocka_unit_test(test_a_run_tells_how_long_it_lasted),
        cmocka_unit_test(test_pieces_fit_and_lose_nothing),
        cmocka_unit_test(test_lines_are_made_anew_when_they_must),
        cmocka_unit_test(test_nothing_to_show),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
