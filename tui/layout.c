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
#define HEADS_MIN_WINDOW 9
#define HISTOGRAM_MIN_SCREEN 20

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
    if (wish.detail_rows > 0) {
        return at_most(wish.detail_rows, at_least(free_rows - LIST_MIN_ROWS - 1, 0));
    }
    return at_most(at_least(free_rows * 3 / 10, 4), DETAIL_MAX_ROWS);
}

static int share_of(const LayoutWish *wish, int window)
{
    return wish->shares[window] > 0 ? wish->shares[window] : WINDOW_SHARE;
}

/* Shares `room` cells among `count` windows, each of which gets `least` at least. */
static void share_room(const LayoutWish *wish, int count, int room, int least,
                       int ret_sizes[WINDOWS_MAX])
{
    int64_t total = 0;
    int64_t before = 0; /* the shares of the windows so far */
    int64_t left = room - count * least;
    int64_t at = 0;

    for (int i = 0; i < count; i++) {
        total += share_of(wish, i);
    }
    for (int i = 0; i < count; i++) { /* each border is rounded to a cell, so that none is lost */
        before += share_of(wish, i);
        int64_t end = (left * before + total / 2) / total;

        ret_sizes[i] = least + (int)(end - at);
        at = end;
    }
}

/* The parts of one window within its area. */
static void divide_window(const LayoutWish *wish, Rect area, bool has_name, WindowLayout *window)
{
    int top = area.y;
    int bottom = area.y + area.height;

    if (has_name && area.height >= 2) {
        window->name = (Rect){area.x, top++, area.width, 1};
    }
    if (wish->rows >= HEADS_MIN_SCREEN &&
        bottom - top > (has_name ? HEADS_MIN_WINDOW : LIST_MIN_ROWS)) {
        window->heads = (Rect){area.x, top++, area.width, 1};
    }
    window->list = (Rect){area.x, top, area.width, bottom - top};
}

static void divide_body(const LayoutWish *wish, int focus, Layout *layout)
{
    Rect body = layout->body;
    int count = wish->window_count > 1 ? at_most(wish->window_count, WINDOWS_MAX) : 1;
    bool is_side = wish->split == SPLIT_SIDE;
    int room = is_side ? body.width - (count - 1) : body.height;
    int least = is_side ? WINDOW_MIN_COLUMNS : WINDOW_MIN_ROWS;
    int sizes[WINDOWS_MAX];
    int at = is_side ? body.x : body.y;

    if (count == 1 || room < count * least) { /* the one that is worked in has all the room */
        layout->window_count = 1;
        divide_window(wish, body, count > 1, &layout->windows[count > 1 ? focus : 0]);
        return;
    }
    layout->window_count = count;
    share_room(wish, count, room, least, sizes);
    for (int i = 0; i < count; i++) {
        Rect area = is_side ? (Rect){at, body.y, sizes[i], body.height}
                            : (Rect){body.x, at, body.width, sizes[i]};

        divide_window(wish, area, true, &layout->windows[i]);
        at += sizes[i];
        if (is_side && i + 1 < count) {
            layout->windows[i].splitter = (Rect){at++, body.y, 1, body.height};
        }
    }
}

Layout layout_make(LayoutWish wish, int focus)
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
    if (wish.rows >= HISTOGRAM_MIN_SCREEN) {
        layout.histogram = take_top(columns, &top, bottom, wish.histogram_rows);
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
    layout.body = take_top(columns, &top, bottom, bottom - top);
    divide_body(&wish, focus, &layout);
    return layout;
}
