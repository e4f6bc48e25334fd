/*
 * Layout: shares the screen among title, tabs, list, detail and status. When rows are short the
 * list goes on living longest: it is what the program is for.
 */
#include "tui/layout.h"

#include <string.h>

#define LIST_MIN_ROWS 3
#define DETAIL_MIN_SCREEN 14 /* below that many rows there is no detail under the list */
#define DETAIL_MAX_ROWS 16
#define HEADS_MIN_SCREEN 30

static int at_most(int value, int limit)
{
    return value < limit ? value : limit;
}

static int at_least(int value, int limit)
{
    return value > limit ? value : limit;
}

/* Takes up to `wanted` rows off the end of the free span [*top, *bottom). */
static Rect take_bottom(int columns, int top, int *bottom, int wanted)
{
    int height = at_most(at_least(wanted, 0), *bottom - top);

    *bottom -= height;
    return (Rect){.x = 0, .y = *bottom, .width = columns, .height = height};
}

static Rect take_top(int columns, int *top, int bottom, int wanted)
{
    int height = at_most(at_least(wanted, 0), bottom - *top);
    Rect area = {.x = 0, .y = *top, .width = columns, .height = height};

    *top += height;
    return area;
}

static int detail_rows(LayoutWish wish, int free_rows)
{
    if (wish.is_detail_full) {
        return at_least(free_rows - at_least(free_rows / 4, LIST_MIN_ROWS) - 1, 1);
    }
    if (wish.rows < DETAIL_MIN_SCREEN) {
        return 0;
    }
    return at_most(at_least(free_rows * 3 / 10, 4), DETAIL_MAX_ROWS);
}

Layout layout_make(LayoutWish wish)
{
    Layout layout;
    int columns = at_least(wish.columns, 1);
    int top = 0;
    int bottom = at_least(wish.rows, 1);

    memset(&layout, 0, sizeof layout);
    /* The order of taking is the order of importance on a tiny screen. */
    if (bottom >= 2) {
        layout.status = take_bottom(columns, top, &bottom, 1);
    }
    if (wish.has_prompt) {
        layout.prompt = take_bottom(columns, top, &bottom, at_most(2, bottom - 1));
    }
    if (wish.has_filter_row && !wish.has_prompt && bottom - top >= LIST_MIN_ROWS + 3) {
        layout.filter = take_bottom(columns, top, &bottom, 1);
    }
    if (bottom - top >= LIST_MIN_ROWS + 1) {
        layout.title = take_top(columns, &top, bottom, 1);
    }
    if (bottom - top >= LIST_MIN_ROWS + 1) {
        layout.tabs = take_top(columns, &top, bottom, 1);
    }
    if (wish.trouble_rows > 0 && bottom - top > LIST_MIN_ROWS) {
        layout.trouble = take_top(columns, &top, bottom,
                                  at_most(wish.trouble_rows, bottom - top - LIST_MIN_ROWS));
    }
    int detail = detail_rows(wish, bottom - top);

    if (detail > 0 && bottom - top >= detail + 1 + LIST_MIN_ROWS) {
        layout.detail = take_bottom(columns, top, &bottom, detail);
        layout.rule = take_bottom(columns, top, &bottom, 1);
    } else if (wish.is_detail_full) {
        layout.detail = take_bottom(columns, top, &bottom, bottom - top);
    }
    if (wish.rows >= HEADS_MIN_SCREEN && bottom - top > LIST_MIN_ROWS) {
        layout.heads = take_top(columns, &top, bottom, 1);
    }
    layout.list = take_top(columns, &top, bottom, bottom - top);
    return layout;
}

/* Widths by how much room there is; the message has what is left. */
typedef struct ColumnPlan {
    int min_columns;
    bool has_millis;
    int time, delta, host, process, category;
} ColumnPlan;

/* clang-format off */
static const ColumnPlan COLUMN_PLANS[] = {
    {.min_columns = 200, .has_millis = true, .time = 12, .delta = 8, .host = 18, .process = 24, .category = 26},
    {.min_columns = 150, .has_millis = true, .time = 12, .delta = 7, .host = 14, .process = 20, .category = 20},
    {.min_columns = 110, .has_millis = true, .time = 12, .delta = 7, .host = 10, .process = 16, .category = 14},
    {.min_columns = 90, .has_millis = true, .time = 12, .delta = 7, .host = 8, .process = 13, .category = 9},
    {.min_columns = 76, .has_millis = false, .time = 8, .delta = 7, .host = 6, .process = 11, .category = 9},
    {.min_columns = 60, .has_millis = false, .time = 8, .delta = 7, .host = 0, .process = 11, .category = 0},
    {.min_columns = 36, .has_millis = false, .time = 8, .delta = 0, .host = 0, .process = 9, .category = 0},
    {.min_columns = 24, .has_millis = false, .time = 8, .delta = 0, .host = 0, .process = 0, .category = 0},
    {.min_columns = 0, .has_millis = false, .time = 0, .delta = 0, .host = 0, .process = 0, .category = 0},
};
/* clang-format on */

static int with_blank(int width)
{
    return width > 0 ? width + 1 : 0;
}

ListColumns layout_columns(int columns, bool has_hosts)
{
    const ColumnPlan *plan = COLUMN_PLANS;

    while (columns < plan->min_columns) {
        plan++;
    }
    ListColumns made = {
        .has_millis = plan->has_millis,
        .glyph = columns >= 4 ? 1 : 0,
        .time = plan->time,
        .delta = plan->delta,
        .level = columns >= 24 ? 1 : 0,
        .host = has_hosts ? plan->host : 0,
        .process = plan->process,
        .category = plan->category,
    };
    int used = with_blank(made.time) + with_blank(made.delta) + with_blank(made.level) +
               with_blank(made.host) + with_blank(made.process) + with_blank(made.category);

    made.message = at_least(columns - made.glyph - used, 0);
    return made;
}
