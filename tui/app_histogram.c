/*
 * The histogram over the lists: how many entries of the pane there are over time, what the list
 * shows of them, and going to a time by key or click. The counting is in session/histogram.c.
 */
#include "tui/app_state.h"
#include "tui/command_list.h"

#define LABEL_WIDTH 9 /* "12:04:31 " */
#define LABELS_MIN_COLUMNS 60
#define TALL_SCREEN 40 /* rows from which on the bars have two */
#define EIGHTHS 8
#define ZOOM_STEP 4

static const char *const BARS[EIGHTHS + 1] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

static const char *const SHOW_NAMES[HISTOGRAM_SHOW_COUNT] = {
    [HISTOGRAM_OFF] = "no histogram",
    [HISTOGRAM_LEVELS] = "histogram: all entries, coloured by the worst",
    [HISTOGRAM_ERRORS] = "histogram: failures, errors and faults",
    [HISTOGRAM_TERMS] = "histogram: entries with a highlighted term",
};

/* The entries that are counted. */
static View *bars_view(const App *app)
{
    return session_pane(app->session, session_watched(app->session))->view;
}

int app_histogram_rows(const App *app)
{
    if (app->histogram_show == HISTOGRAM_OFF || session_settings(app->session)->plain) {
        return 0; /* bars are no text */
    }
    return app->rows >= TALL_SCREEN ? 2 : 1;
}

/* --- what a bar tells ------------------------------------------------------------------------- */

static uint32_t most_of_terms(const HistogramBucket *bucket, int *ret_slot)
{
    uint32_t most = 0;

    for (int slot = 0; slot < HIGHLIGHTS_MAX; slot++) {
        if (bucket->terms[slot] > most) {
            most = bucket->terms[slot];
            *ret_slot = slot;
        }
    }
    return most;
}

static uint32_t height_of(const HistogramBucket *bucket, HistogramShow show)
{
    int slot;

    switch (show) {
    case HISTOGRAM_ERRORS:
        return bucket->errors + bucket->faults > bucket->failures ? bucket->errors + bucket->faults
                                                                  : bucket->failures;
    case HISTOGRAM_TERMS:
        return most_of_terms(bucket, &slot);
    default:
        return bucket->all;
    }
}

static Role role_of(const HistogramBucket *bucket, HistogramShow show)
{
    int slot = 0;

    if (show == HISTOGRAM_TERMS) {
        return most_of_terms(bucket, &slot) > 0 ? (Role)(ROLE_HIGHLIGHT_1 + slot) : ROLE_HISTOGRAM;
    }
    if (bucket->failures > 0) {
        return ROLE_HISTOGRAM_FAULT;
    }
    return bucket->errors + bucket->faults > 0 ? ROLE_HISTOGRAM_ERROR : ROLE_HISTOGRAM;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static Rect bars_area(const App *app)
{
    Rect area = app->layout.histogram;

    if (area.width >= LABELS_MIN_COLUMNS) {
        area.x += LABEL_WIDTH + 1;
        area.width -= 2 * LABEL_WIDTH + 1;
    }
    return area;
}

static uint32_t root(uint64_t number)
{
    uint64_t low = 0;
    uint64_t high = UINT32_MAX;

    while (low < high) {
        uint64_t middle = low + (high - low + 1) / 2;

        if (middle * middle <= number) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return (uint32_t)low;
}

/* Which part of a column's cell in row `row` (0 = the lowest) is filled, in eighths. Heights are as
 * the roots of the counts: beside a burst of thousands a dozen is still seen to be more than one.
 */
static int eighths_in(uint32_t count, uint32_t most, int rows, int row)
{
    int steps = rows * EIGHTHS - 1;
    uint64_t scale = root((uint64_t)most << 16);
    int all = count == 0 ? 0 : 1 + (int)((uint64_t)steps * root((uint64_t)count << 16) / scale);
    int own = all - row * EIGHTHS;

    return own < 0 ? 0 : own > EIGHTHS ? EIGHTHS : own;
}

/* A colour that is a ground for text is one for a bar when the cell is reversed: a bar of a term
 * stands as a blank on its colour. */
static void put_bar(Canvas *canvas, Rect area, int x, const HistogramBucket *bucket, uint32_t most,
                    HistogramShow show)
{
    for (int row = 0; row < area.height; row++) {
        int eighths = eighths_in(height_of(bucket, show), most, area.height, row);
        int y = area.y + area.height - 1 - row;

        if (show == HISTOGRAM_TERMS && eighths > 0) {
            (void)canvas_text(canvas, x, y, 1, role_of(bucket, show), SV(" "));
        } else {
            (void)canvas_text(canvas, x, y, 1, role_of(bucket, show), sv(BARS[eighths]));
        }
    }
}

static void put_label(const App *app, Canvas *canvas, int x, int64_t ns, bool with_date)
{
    char text[CLOCK_STAMP_MAX];
    Rect area = app->layout.histogram;

    clock_format((Stamp){.ns = ns, .zone_minutes = app->histogram_zone},
                 with_date ? CLOCK_DATE : CLOCK_SECOND, text);
    (void)canvas_text(canvas, x, area.y + area.height - 1, LABEL_WIDTH - 1, ROLE_TIME,
                      with_date ? sv(text + 2) : sv(text));
}

static int64_t row_time(const App *app, size_t row, int16_t *ret_zone)
{
    const View *view = bars_view(app);
    StoreRow found;

    if (row >= view_len(view) ||
        !store_find(session_store(app->session), view_get(view, row), &found)) {
        return CLOCK_NO_TIME;
    }
    *ret_zone = found.columns->zone_minutes[found.index];
    return found.columns->time_ns[found.index];
}

/* A ground behind bars needs shades: with few colours brackets stand around them, as far as there
 * is a cell. */
static void put_brackets(Canvas *canvas, Rect area, int from, int to)
{
    int y = area.y + area.height - 1;

    if (area.x + from > 0) {
        (void)canvas_text(canvas, area.x + from - 1, y, 1, ROLE_MARK, SV("["));
    }
    if (area.x + to + 1 < canvas->columns) {
        (void)canvas_text(canvas, area.x + to + 1, y, 1, ROLE_MARK, SV("]"));
    }
}

/* Marks the bars of the list's part of time. */
static void mark_window(App *app, Canvas *canvas, Rect area, const HistogramSpan *span)
{
    const Rows *rows = app_rows(app, app->focus);
    size_t from = SIZE_MAX;
    size_t to = SIZE_MAX;
    int16_t zone;

    if (rows->count == 0 || app_pane_ops(app, app->focus) != NULL) {
        return;
    }
    from = histogram_find(span, row_time(app, rows->lines[0].row, &zone));
    to = histogram_find(span, row_time(app, rows->lines[rows->count - 1].row, &zone));
    if (from == SIZE_MAX || to == SIZE_MAX || to < from) {
        return;
    }
    if (app_theme(app)->colors < COLOR_COUNT) {
        put_brackets(canvas, area, (int)from, (int)to);
        return;
    }
    canvas_ground(canvas, (Rect){area.x + (int)from, area.y, (int)(to - from) + 1, area.height},
                  ROLE_HISTOGRAM_WINDOW);
}

/* When the selected entry was, or the one that the chosen row is about; CLOCK_NO_TIME = never. */
static int64_t selected_time(const App *app)
{
    const PaneOps *ops = app_pane_ops(app, app->focus);
    EntryNumber number = app_selected(app);
    StoreRow row;

    if (ops != NULL) {
        int choice = app->panes[app_pane_index(app)].choice;

        number = choice < ops->count(app) ? ops->entry(app, choice, false) : 0;
    }
    return number != 0 && store_find(session_store(app->session), number, &row)
               ? row.columns->time_ns[row.index]
               : CLOCK_NO_TIME;
}

/* The bar of the selected entry looks like its row. */
static void mark_selected(const App *app, Canvas *canvas, Rect area, const HistogramSpan *span)
{
    int64_t ns = selected_time(app);
    size_t at = ns != CLOCK_NO_TIME ? histogram_find(span, ns) : SIZE_MAX;

    if (at != SIZE_MAX) {
        canvas_ground(canvas, (Rect){area.x + (int)at, area.y, 1, area.height}, ROLE_SELECTED);
    }
}

/* What is zoomed to goes along with the selected entry. Nothing is clipped: what comes next to a
 * stream is in sight then, without counting all anew for each entry. */
static bool recentre(App *app, const HistogramSpan *span)
{
    int64_t ns = selected_time(app);
    int64_t length = histogram_length(span, span->count);

    if (!histogram_is_zoomed(app->histogram) || ns == CLOCK_NO_TIME ||
        histogram_find(span, ns) != SIZE_MAX) {
        return false;
    }
    int64_t from = clock_shift(ns, -(length / 2));

    histogram_set_span(app->histogram, from, clock_shift(from, length));
    return true;
}

static bool is_long(const HistogramSpan *span)
{
    return (double)span->bucket_ns * (double)span->count > 86400.0 * (double)NS_PER_SECOND;
}

void app_draw_histogram(App *app, Canvas *canvas)
{
    HistogramBucket *buckets = app->buckets;
    HistogramSpan span;
    Rect area = bars_area(app);
    uint32_t most = 0;
    size_t columns = (size_t)(area.width > 0 ? area.width : 0);

    if (app->layout.histogram.height == 0) {
        return;
    }
    canvas_fill(canvas, app->layout.histogram, ROLE_HISTOGRAM);
    columns = columns < ARRAY_LEN(app->buckets) ? columns : ARRAY_LEN(app->buckets);
    if (columns == 0 || !histogram_read(app->histogram, columns, buckets, &span)) {
        return;
    }
    if (recentre(app, &span) && !histogram_read(app->histogram, columns, buckets, &span)) {
        return; /* it is counted before the next frame */
    }
    (void)row_time(app, 0, &app->histogram_zone);
    for (size_t i = 0; i < span.count; i++) {
        uint32_t height = height_of(&buckets[i], app->histogram_show);

        most = height > most ? height : most;
    }
    for (size_t i = 0; i < span.count; i++) {
        put_bar(canvas, area, area.x + (int)i, &buckets[i], most, app->histogram_show);
    }
    mark_window(app, canvas, area, &span);
    mark_selected(app, canvas, area, &span);
    if (area.x > app->layout.histogram.x) {
        int64_t end = clock_shift(span.start_ns, histogram_length(&span, span.count));

        put_label(app, canvas, app->layout.histogram.x + 1, span.start_ns, is_long(&span));
        put_label(app, canvas, area.x + (int)span.count + 1, end, is_long(&span));
    }
    app->histogram_span = span;
}

/* --- going and zooming ------------------------------------------------------------------------ */

/* Goes to the first entry of the bucket, or the next that is not empty in direction `by`. */
static unsigned go_to_bucket(App *app, long bucket, int by)
{
    const HistogramSpan *span = &app->histogram_span;

    while (bucket >= 0 && bucket < (long)span->count && app->buckets[bucket].all == 0) {
        bucket += by;
    }
    if (bucket < 0 || bucket >= (long)span->count) {
        return 0;
    }
    int64_t ns = clock_shift(span->start_ns, histogram_length(span, (size_t)bucket));

    const View *view = bars_view(app);
    size_t row = view_find_time(view, ns);

    if (row < view_len(view)) {
        app_show_entry(app, view_get(view, row));
    }
    return APP_REDRAW;
}

unsigned app_histogram_click(App *app, int x)
{
    Rect area = bars_area(app);
    long bucket = x - area.x;

    if (bucket < 0 || bucket >= (long)app->histogram_span.count) {
        return 0;
    }
    return go_to_bucket(app, bucket, 1);
}

/* Bars are left out where all is to be text. */
static bool has_no_bars(App *app)
{
    bool is_plain = session_settings(app->session)->plain;

    if (is_plain) {
        app_say(app, ROLE_OUTCOME_WAIT, "no histogram in plain text");
    }
    return is_plain;
}

unsigned command_histogram(App *app, int argument)
{
    (void)argument;
    if (has_no_bars(app)) {
        return APP_REDRAW;
    }
    app->histogram_show = (HistogramShow)((app->histogram_show + 1) % HISTOGRAM_SHOW_COUNT);
    if (app->histogram_show == HISTOGRAM_TERMS && highlights_count(app->highlights) == 0) {
        app->histogram_show = HISTOGRAM_OFF;
    }
    session_want_histogram(app->session, app->histogram_show != HISTOGRAM_OFF);
    app_say(app, ROLE_STATUS_KEY, "%s", SHOW_NAMES[app->histogram_show]);
    return APP_REDRAW;
}

static const char *color_of(const App *app, Role role)
{
    const Theme *theme = app_theme(app);
    const Look *look = &theme->looks[role];

    if (theme->colors == 0) {
        return (look->mono & STYLE_BOLD) != 0 ? "bold" : "plain";
    }
    return rgb_name(look->exact_foreground != RGB_NONE ? look->exact_foreground
                                                       : rgb_of_number(look->foreground));
}

static void tell_legend(App *app)
{
    const char *failures = color_of(app, ROLE_HISTOGRAM_FAULT);
    const char *errors = color_of(app, ROLE_HISTOGRAM_ERROR);
    const char *rest = color_of(app, ROLE_HISTOGRAM);

    if (app->histogram_show == HISTOGRAM_TERMS) {
        app_say(app, ROLE_STATUS_KEY, "each bar in the colour of its term · h l move, + - zoom");
    } else if (app->histogram_show == HISTOGRAM_ERRORS) {
        app_say(app, ROLE_STATUS_KEY, "%s failures · %s errors · h l move, + - zoom", failures,
                errors);
    } else {
        app_say(app, ROLE_STATUS_KEY, "%s failures · %s errors · %s the rest · h l move, + - zoom",
                failures, errors, rest);
    }
}

/* Opens or closes the mode in which keys move along the bars. */
unsigned command_histogram_mode(App *app, int argument)
{
    (void)argument;
    if (app->mode == MODE_HISTOGRAM) {
        app->mode = MODE_LIST;
        return APP_REDRAW;
    }
    if (has_no_bars(app)) {
        return APP_REDRAW;
    }
    if (app->histogram_show == HISTOGRAM_OFF) {
        app->histogram_show = HISTOGRAM_LEVELS;
        session_want_histogram(app->session, true);
    }
    app->mode = MODE_HISTOGRAM;
    tell_legend(app);
    return APP_REDRAW;
}

unsigned command_histogram_move(App *app, int by)
{
    StoreRow row;
    int step = by < 0 ? -1 : 1;

    if (!app_selected_row(app, &row)) {
        return 0;
    }
    size_t at = histogram_find(&app->histogram_span, row.columns->time_ns[row.index]);

    if (at == SIZE_MAX) {
        at = by > 0 ? 0 : app->histogram_span.count;
    }
    return go_to_bucket(app, (long)at + by * app_times(app), step);
}

/* Zooms to `length` of time around `middle`, but not beyond the entries there are. */
static void zoom_to(App *app, int64_t middle, int64_t length)
{
    size_t len = view_len(bars_view(app));
    int16_t zone;
    int64_t first = row_time(app, 0, &zone);
    int64_t last = row_time(app, len - 1, &zone);
    int64_t from = clock_shift(middle, -(length / 2));
    int64_t to = clock_shift(from, length);
    int64_t beyond = 0;

    if (first == CLOCK_NO_TIME || last == CLOCK_NO_TIME || (from <= first && to > last)) {
        histogram_set_span(app->histogram, 0, 0);
        return;
    }
    if (from < first && clock_between(from, first, &beyond)) {
        to = clock_shift(to, beyond);
        from = first;
    } else if (to > last && clock_between(clock_shift(last, 1), to, &beyond)) {
        from = clock_shift(from, -beyond);
        to = clock_shift(last, 1);
    }
    histogram_set_span(app->histogram, from, to);
}

/* Zooms by a step around the selected entry; 0 shows all. */
unsigned command_histogram_zoom(App *app, int by)
{
    const HistogramSpan *span = &app->histogram_span;
    StoreRow row;

    if (by == 0 || span->count == 0 || !app_selected_row(app, &row) ||
        row.columns->time_ns[row.index] == CLOCK_NO_TIME) {
        histogram_set_span(app->histogram, 0, 0);
        return APP_REDRAW;
    }
    int64_t length = histogram_length(span, span->count);

    if (by > 0) {
        length = length / ZOOM_STEP > NS_PER_MS ? length / ZOOM_STEP : NS_PER_MS;
    } else {
        length = length < INT64_MAX / 4 / ZOOM_STEP ? length * ZOOM_STEP : length;
    }
    zoom_to(app, row.columns->time_ns[row.index], length);
    return APP_REDRAW;
}
