/*
 * Row items: see row_items.h. Text is split in row_text.c; nothing here draws.
 */
#include "tui/row_items.h"

#include <stdio.h>

#include "base/utf8.h"
#include "tui/row_text.h"
#include "tui/when.h"

/* A start takes a while: only entries so far apart are read in full for the system's UUID. */
#define BOOT_MIN_NS (INT64_C(5) * NS_PER_SECOND)
#define BOOT_RAW_MAX (64 * KIB)

/* Notices that are looked past for the entry above. */
#define NOTICES_MAX 4

RowWalk row_walk_of(const View *view, const Store *store, const RowsLook *look)
{
    return (RowWalk){.view = view, .store = store, .look = look, .len = view_len(view)};
}

static bool find_row(RowWalk *walk, size_t row, StoreRow *ret)
{
    return store_find_in_run(walk->store, &walk->run, view_get(walk->view, row), ret);
}

/* --- repeats ---------------------------------------------------------------------------------- */

static bool same_text(StoreRow a, uint32_t value_a, StoreRow b, uint32_t value_b)
{
    if (((value_a | value_b) & COLUMN_LOCAL) == 0) {
        return value_a == value_b;
    }
    return sv_equal(columns_text(a.columns, value_a), columns_text(b.columns, value_b));
}

static bool is_repeat(StoreRow a, StoreRow b)
{
    const Columns *first = a.columns;
    const Columns *second = b.columns;
    uint32_t i = a.index;
    uint32_t j = b.index;

    return first->kind[i] == second->kind[j] && first->kind[i] != KIND_NOTICE &&
           first->level[i] == second->level[j] && first->source[i] == second->source[j] &&
           first->pid[i] == second->pid[j] &&
           same_text(a, first->process[i], b, second->process[j]) &&
           same_text(a, first->subsystem[i], b, second->subsystem[j]) &&
           same_text(a, first->category[i], b, second->category[j]) &&
           sv_equal(columns_message(first, i), columns_message(second, j));
}

/* A row as it is gone through. */
typedef struct Step {
    EntryNumber number;
    StoreRow row;
} Step;

static bool step_to(RowWalk *walk, size_t row, Step *ret)
{
    ret->number = view_get(walk->view, row);
    return store_find_in_run(walk->store, &walk->run, ret->number, &ret->row);
}

/* Whether two rows that lie beside each other are one item. `ret_has_more`: they would be, were
 * they of one block. */
static bool belong_together(const Step *a, const Step *b, bool *ret_has_more)
{
    bool is_same = is_repeat(a->row, b->row);
    bool is_block = a->number / ROWS_FOLD_BLOCK == b->number / ROWS_FOLD_BLOCK;

    *ret_has_more |= is_same && !is_block;
    return is_same && is_block;
}

RowItem row_item_at(RowWalk *walk, size_t row)
{
    RowItem item = {.first = row, .end = row + 1};
    Step start;
    Step here;
    Step next;

    if (!walk->look->folds || !step_to(walk, row, &start)) {
        return item;
    }
    here = start;
    while (item.first > 0 && step_to(walk, item.first - 1, &next) &&
           belong_together(&here, &next, &item.has_more)) {
        item.first--;
        here = next;
    }
    here = start;
    while (item.end < walk->len && step_to(walk, item.end, &next) &&
           belong_together(&here, &next, &item.has_more)) {
        item.end++;
        here = next;
    }
    return item;
}

RowItem row_item_next(RowWalk *walk, RowItem item, bool is_back)
{
    if (is_back) {
        return item.first > 0 ? row_item_at(walk, item.first - 1) : item;
    }
    return item.end < walk->len ? row_item_at(walk, item.end) : item;
}

/* --- rules ------------------------------------------------------------------------------------ */

static Stamp stamp_of(StoreRow row)
{
    return (Stamp){.ns = row.columns->time_ns[row.index],
                   .zone_minutes = row.columns->zone_minutes[row.index]};
}

static bool boot_uuid(StoreRow row, StrBuf *scratch, StrBuf *ret)
{
    Entry entry;

    if (columns_raw(row.columns, row.index).len > BOOT_RAW_MAX) {
        return false;
    }
    columns_entry_full(row.columns, row.index, scratch, &entry);
    strbuf_add(ret, entry.boot_uuid);
    return entry.boot_uuid.len > 0;
}

/* A stream gives no UUID of the start; there the ticks since it have fallen. */
static bool is_new_boot(StoreRow above, StoreRow below)
{
    const Columns *first = above.columns;
    const Columns *second = below.columns;
    int64_t length;

    if (first->source[above.index] != second->source[below.index] ||
        !clock_between(first->time_ns[above.index], second->time_ns[below.index], &length) ||
        length < BOOT_MIN_NS) {
        return false;
    }
    StrBuf scratch = {0};
    StrBuf uuid_above = {0};
    StrBuf uuid_below = {0};
    bool is_new;

    if (boot_uuid(above, &scratch, &uuid_above) && boot_uuid(below, &scratch, &uuid_below)) {
        is_new = !sv_equal_nocase(strbuf_view(&uuid_above), strbuf_view(&uuid_below));
    } else {
        is_new = (first->present[above.index] & second->present[below.index] & HAS_MACH) != 0 &&
                 second->mach[below.index] < first->mach[above.index];
    }
    strbuf_done(&scratch);
    strbuf_done(&uuid_above);
    strbuf_done(&uuid_below);
    return is_new;
}

/* The entry above `row`, notices looked past; `ret_is_first`: there is none. */
static bool find_above(RowWalk *walk, size_t row, StoreRow *ret, bool *ret_is_first)
{
    for (int i = 0; i < NOTICES_MAX && row > 0; i++) {
        row--;
        if (!find_row(walk, row, ret)) {
            return false;
        }
        if (ret->columns->kind[ret->index] != KIND_NOTICE) {
            return true;
        }
    }
    *ret_is_first = row == 0;
    return false;
}

/* What stands between an item and the one above it. */
static bool find_rule(RowWalk *walk, RowItem item, RowLine *ret)
{
    const RowsLook *look = walk->look;
    StoreRow above;
    StoreRow below;
    bool is_first = false;

    if ((!look->shows_days && !look->shows_boots && look->gap_ns <= 0) ||
        !find_row(walk, item.first, &below) || below.columns->kind[below.index] == KIND_NOTICE ||
        below.columns->time_ns[below.index] == CLOCK_NO_TIME) {
        return false;
    }
    if (!find_above(walk, item.first, &above, &is_first)) {
        *ret = (RowLine){.kind = ROW_RULE,
                         .row = item.first,
                         .repeats = item.end - item.first,
                         .is_new_day = true};
        return is_first && look->shows_days && look->shows_first;
    }
    int64_t length;

    if (!clock_between(above.columns->time_ns[above.index], below.columns->time_ns[below.index],
                       &length)) {
        return false;
    }
    *ret = (RowLine){
        .kind = ROW_RULE,
        .row = item.first,
        .repeats = item.end - item.first,
        .is_new_day = look->shows_days && when_day(stamp_of(above)) != when_day(stamp_of(below)),
        .is_new_boot = look->shows_boots && is_new_boot(above, below),
        .gap_ns = look->gap_ns > 0 && length >= look->gap_ns ? length : 0,
    };
    return ret->is_new_day || ret->is_new_boot || ret->gap_ns > 0;
}

/* --- the lines of an item --------------------------------------------------------------------- */

/* However long a message is, something of what is around it stays in sight. */
static size_t lines_limit(const RowsLook *look)
{
    int limit = look->height - 2 < ROWS_WRAP_LINES ? look->height - 2 : ROWS_WRAP_LINES;

    return limit > 1 ? (size_t)limit : 1;
}

void rows_print_repeats(const RowLine *line, char buf[ROWS_REPEATS_MAX])
{
    buf[0] = '\0';
    char lasted[WHEN_TEXT_MAX] = "";

    if (line->repeats > 1) {
        if (line->lasted_ns > 0) {
            when_print_lasted(line->lasted_ns, lasted);
        }
        (void)snprintf(buf, ROWS_REPEATS_MAX, "×%zu%s %s%s", line->repeats,
                       line->has_more ? "+" : "", lasted, lasted[0] != '\0' ? " " : "");
    }
}

/* From the first of an item to its last, where there is room to tell; 0 = nothing to tell. */
static int64_t lasted(RowWalk *walk, RowItem item, int64_t first_ns)
{
    StoreRow last;
    int64_t length;

    if (item.end - item.first < 2 || walk->look->message_width < ROWS_LASTED_MIN ||
        !find_row(walk, item.end - 1, &last)) {
        return 0;
    }
    return clock_between(first_ns, last.columns->time_ns[last.index], &length) && length > 0
               ? length
               : 0;
}

static bool is_cut(StoreRow row, const RowsLook *look)
{
    return (row.columns->flags[row.index] & (ENTRY_CUT | ENTRY_PARTIAL)) != 0 &&
           look->message_width > ROWS_CUT_MIN;
}

/* Puts the lines of the message into `ret` (ROWS_WRAP_LINES); returns how many, at least one. */
static size_t entry_lines(RowWalk *walk, RowItem item, RowLine *ret)
{
    const RowsLook *look = walk->look;
    RowLine line = {.kind = ROW_ENTRY,
                    .row = item.first,
                    .repeats = item.end - item.first,
                    .has_more = item.has_more};
    StoreRow row;

    ret[0] = line;
    if (!find_row(walk, item.first, &row)) {
        return 1;
    }
    ret[0].lasted_ns = line.lasted_ns = lasted(walk, item, row.columns->time_ns[row.index]);
    StrView text = columns_message(row.columns, row.index);
    RowText parts = row_text_begin(text);

    if (row.columns->kind[row.index] == KIND_NOTICE || !look->wraps ||
        look->message_width < ROW_TEXT_MIN_WIDTH) {
        ret[0].lines = row_text_first(&parts, &ret[0].from, &ret[0].to);
        return 1;
    }
    size_t limit = lines_limit(look);
    size_t count = 0;
    int width = look->message_width - (is_cut(row, look) ? (int)sizeof ROWS_CUT_WORD - 1 : 0);
    char repeats[ROWS_REPEATS_MAX];

    rows_print_repeats(&line, repeats);
    line.is_wrapped = true;
    width -= utf8_width(sv(repeats));
    do {
        (void)row_text_next(&parts, width > 1 ? width : 1, &line.from, &line.to);
        ret[count++] = line;
        line.kind = ROW_WRAPPED;
        width =
            look->further_width > look->message_width ? look->further_width : look->message_width;
    } while (count < limit && !row_text_is_over(&parts));
    ret[count - 1].missing = row_text_rest(&parts);
    return count;
}

size_t row_item_lines(RowWalk *walk, RowItem item, RowLine ret[ROW_ITEM_LINES], size_t *ret_rules)
{
    *ret_rules = find_rule(walk, item, ret) ? 1 : 0;
    return *ret_rules + entry_lines(walk, item, ret + *ret_rules);
}
