/*
 * Histogram: time is cut into units of a power of two of nanoseconds, thousands of them, of which
 * buckets are summed up when they are asked for. What has been counted is kept as a record a row,
 * so that an evicted row can be taken off again; when the units get too narrow for the span they
 * are made wider by going through the records, and when they get too wide the view is counted anew.
 */
#include "session/histogram.h"

#include <assert.h>

#include "base/clock.h"
#include "base/mem.h"
#include "filters/stages.h"
#include "session/histogram_internal.h"

/* Timestamps have microseconds: narrower units would be of no use. */
#define SHIFT_MIN 10

/* When the entries held lie in less than this share of the units, those are too wide. */
#define SPARSE_SHARE 16

/* A record: the entry number, its unit, and a bit for each class it counts in. 44 bits of number
 * are enough for decades of 20,000 entries a second. */
#define NUMBER_SHIFT 20
#define UNIT_SHIFT 4
#define UNIT_MASK 0xffffu
#define UNIT_NONE 0xffffu /* no time */

static uint32_t record_unit(uint64_t record)
{
    return (uint32_t)(record >> UNIT_SHIFT) & UNIT_MASK;
}

/* --- units ------------------------------------------------------------------------------------ */

static void count(Layer *layer, uint64_t record, uint32_t by)
{
    uint32_t *totals = layer->totals + (size_t)record_unit(record) * layer->classes;
    for (uint32_t i = 0; i < layer->classes; i++) {
        totals[i] += (record >> i & 1) != 0 ? by : 0;
    }
}

static void clear_totals(Layer *layer)
{
    size_t size = (size_t)HISTOGRAM_UNITS * layer->classes;
    if (layer->totals == NULL) {
        layer->totals = mem_calloc(size, sizeof *layer->totals);
    }
    for (size_t i = 0; i < size; i++) {
        layer->totals[i] = 0;
    }
}

/* Puts all records into other units, each of which has one or more of the old ones in it. */
static void rescale(Histogram *histogram, unsigned shift, uint64_t origin)
{
    for (size_t i = 0; i < LAYERS; i++) {
        Layer *layer = &histogram->layers[i];
        if (layer->records.len == 0) {
            continue;
        }
        clear_totals(layer);
        for (size_t k = 0; k < layer->records.len; k++) {
            uint64_t record = numbers_get(&layer->records, k);
            uint64_t unit = record_unit(record);
            if (unit == UNIT_NONE) {
                continue;
            }
            uint64_t moved = ((histogram->origin + unit) >> (shift - histogram->shift)) - origin;
            assert(moved < HISTOGRAM_UNITS);
            record = record - (unit << UNIT_SHIFT) + (moved << UNIT_SHIFT);
            numbers_set(&layer->records, k, record);
            count(layer, record, 1);
        }
    }
    histogram->shift = shift;
    histogram->origin = origin;
}

/* Chooses units in which both times and all there is between them take half of the room, so that
 * the span can grow or move on for a while. */
static void make_room(Histogram *histogram, uint64_t first, uint64_t last)
{
    unsigned shift = histogram->has_scale ? histogram->shift : SHIFT_MIN;
    while ((last >> shift) - (first >> shift) >= HISTOGRAM_UNITS / 2) {
        shift++;
    }
    uint64_t begin = first >> shift;
    uint64_t before = (HISTOGRAM_UNITS - ((last >> shift) - begin)) / 2;
    uint64_t origin = begin > before ? begin - before : 0;
    if (histogram->has_scale) {
        rescale(histogram, shift, origin);
        return;
    }
    histogram->has_scale = true;
    histogram->shift = shift;
    histogram->origin = origin;
}

static bool has_unit(const Histogram *histogram, uint64_t time)
{
    uint64_t unit = time >> histogram->shift;
    return histogram->has_scale && unit >= histogram->origin &&
           unit - histogram->origin < HISTOGRAM_UNITS;
}

/* Gives the unit of a time, making room for it where it is not within those there are. */
static uint32_t unit_of(Histogram *histogram, int64_t ns)
{
    uint64_t time = histogram_time(ns);
    if (!has_unit(histogram, time)) {
        uint32_t first, last;
        uint64_t earliest = time;
        uint64_t latest = time;
        if (histogram->has_scale && histogram_find_used(histogram, &first, &last)) {
            uint64_t used_first = (histogram->origin + first) << histogram->shift;
            uint64_t used_last = (histogram->origin + last) << histogram->shift;
            earliest = used_first < time ? used_first : time;
            latest = used_last > time ? used_last : time;
        }
        make_room(histogram, earliest, latest);
    }
    return (uint32_t)((time >> histogram->shift) - histogram->origin);
}

/* --- life ------------------------------------------------------------------------------------- */

Histogram *histogram_new(void)
{
    Histogram *histogram = mem_calloc(1, sizeof *histogram);
    for (size_t i = 0; i < LAYERS; i++) {
        histogram->layers[i].classes = i == 0 ? ROW_CLASSES : 1;
    }
    return histogram;
}

void histogram_free(Histogram *histogram)
{
    if (histogram == NULL) {
        return;
    }
    for (size_t i = 0; i < LAYERS; i++) {
        numbers_done(&histogram->layers[i].records);
        mem_free(histogram->layers[i].totals);
    }
    mem_free(histogram);
}

/* Forgets what was counted in a layer. */
static void drop_layer(Histogram *histogram, Layer *layer)
{
    if (layer->records.len > 0) {
        numbers_clear(&layer->records);
        clear_totals(layer);
        histogram->revision++;
    }
    layer->revision = 0;
}

/* Begins anew, with the units that the zoom asks for or with those that the rows will. */
static void restart(Histogram *histogram)
{
    for (size_t i = 0; i < LAYERS; i++) {
        drop_layer(histogram, &histogram->layers[i]);
    }
    histogram->has_scale = false;
    histogram->untimed = 0;
    histogram->revision++;
    if (!histogram->is_zoomed) {
        return;
    }
    uint64_t first = histogram_time(histogram->from_ns);
    uint64_t last = histogram_time(histogram->to_ns - 1);
    unsigned shift = 0;
    while ((last >> shift) - (first >> shift) >= HISTOGRAM_UNITS) {
        shift++;
    }
    histogram->has_scale = true;
    histogram->shift = shift;
    histogram->origin = first >> shift;
}

void histogram_set_span(Histogram *histogram, int64_t from_ns, int64_t span_end_ns)
{
    bool is_zoomed = from_ns < span_end_ns;
    bool is_same =
        is_zoomed == histogram->is_zoomed &&
        (!is_zoomed || (from_ns == histogram->from_ns && span_end_ns == histogram->to_ns));
    if (is_same) {
        return;
    }
    histogram->is_zoomed = is_zoomed;
    histogram->from_ns = from_ns;
    histogram->to_ns = span_end_ns;
    histogram->walk = (ViewWalk){0};
    histogram->is_done = false;
    restart(histogram);
}

bool histogram_is_zoomed(const Histogram *histogram)
{
    return histogram->is_zoomed;
}

/* --- counting --------------------------------------------------------------------------------- */

static void add(Histogram *histogram, Layer *layer, uint64_t record, bool is_front)
{
    if (layer->totals == NULL) {
        clear_totals(layer);
    }
    if (is_front) {
        numbers_push_front(&layer->records, record);
    } else {
        numbers_push_back(&layer->records, record);
    }
    if (record_unit(record) == UNIT_NONE) {
        histogram->untimed += layer->classes == ROW_CLASSES;
    } else {
        count(layer, record, 1);
    }
    histogram->revision++;
}

static uint64_t classes_of(const Columns *columns, uint32_t index)
{
    return 1u << CLASS_ALL | (columns->level[index] == LEVEL_ERROR ? 1u << CLASS_ERRORS : 0u) |
           (columns->level[index] == LEVEL_FAULT ? 1u << CLASS_FAULTS : 0u) |
           (columns->tag[index].outcome == OUTCOME_FAIL ? 1u << CLASS_FAILURES : 0u);
}

/* Counts an entry in one layer, unless it is none, is gone or lies outside of the zoom. */
static void add_entry(Histogram *histogram, Layer *layer, StoreRow at, EntryNumber number,
                      bool is_front)
{
    int64_t ns = at.columns->time_ns[at.index];
    if (at.columns->kind[at.index] == KIND_NOTICE) {
        return;
    }
    uint64_t unit = UNIT_NONE;
    if (ns != CLOCK_NO_TIME) {
        if (histogram->is_zoomed && (ns < histogram->from_ns || ns >= histogram->to_ns)) {
            return;
        }
        unit = unit_of(histogram, ns);
    }
    uint64_t classes = layer->classes == ROW_CLASSES ? classes_of(at.columns, at.index) : 1;
    add(histogram, layer, number << NUMBER_SHIFT | unit << UNIT_SHIFT | classes, is_front);
}

/* Takes off what the store has evicted; tells whether there was any. */
static bool trim_layer(Histogram *histogram, Layer *layer, EntryNumber first)
{
    size_t gone = numbers_find(&layer->records, first << NUMBER_SHIFT);
    for (size_t i = 0; i < gone; i++) {
        uint64_t record = numbers_get(&layer->records, i);
        if (record_unit(record) != UNIT_NONE) {
            count(layer, record, UINT32_MAX); /* one less */
        } else {
            histogram->untimed -= layer->classes == ROW_CLASSES;
        }
    }
    if (gone > 0) {
        numbers_drop_front(&layer->records, gone);
        histogram->revision++;
    }
    return gone > 0;
}

static void walk_rows(Histogram *histogram, const Store *store, const View *view, size_t rows)
{
    WalkRows next;
    StoreRun run = {0};
    while (rows > 0 && walk_next(&histogram->walk, view, rows, &next)) {
        for (size_t i = 0; i < next.to - next.from; i++) {
            EntryNumber number = view_get(view, next.is_front ? next.to - 1 - i : next.from + i);
            StoreRow at;
            if (store_find_in_run(store, &run, number, &at)) {
                add_entry(histogram, &histogram->layers[0], at, number, next.is_front);
            }
        }
        rows -= next.to - next.from;
    }
}

/* Counts hits [from, to) of a slot, the last of them first when they go in front. */
static void add_hits(Histogram *histogram, Layer *layer, const Store *store, const Numbers *hits,
                     WalkRows next)
{
    StoreRun run = {0};
    for (size_t i = 0; i < next.to - next.from; i++) {
        EntryNumber number = numbers_get(hits, next.is_front ? next.to - 1 - i : next.from + i);
        StoreRow at;
        if (store_find_in_run(store, &run, number, &at)) {
            add_entry(histogram, layer, at, number, next.is_front);
        }
    }
}

/* Counts the hits of a slot among the rows that are counted already; true when there are more. */
static bool walk_hits(Histogram *histogram, Layer *layer, const Store *store, HighlightHits hits,
                      size_t rows)
{
    const ViewWalk *walk = &histogram->walk;
    EntryNumber low = walk->low > hits.low ? walk->low : hits.low;
    EntryNumber high = walk->high < hits.high ? walk->high : hits.high;
    if (hits.view != walk->view || hits.view_revision != walk->revision || low > high) {
        return true; /* not of these rows yet, or the two walks have not met */
    }
    if (layer->revision != hits.revision) {
        drop_layer(histogram, layer);
        layer->revision = hits.revision;
        layer->low = layer->high = high;
    }
    layer->low = layer->low > low ? layer->low : low;
    layer->high = layer->high > layer->low ? layer->high : layer->low;

    size_t from = numbers_find(hits.numbers, layer->high);
    size_t end = numbers_find(hits.numbers, high);
    size_t to = end - from > rows ? from + rows : end;
    add_hits(histogram, layer, store, hits.numbers, (WalkRows){.from = from, .to = to});
    layer->high = to < end ? numbers_get(hits.numbers, to) : high;
    rows -= to - from;

    size_t begin = numbers_find(hits.numbers, low);
    to = numbers_find(hits.numbers, layer->low);
    from = to - begin > rows ? to - rows : begin;
    add_hits(histogram, layer, store, hits.numbers,
             (WalkRows){.from = from, .to = to, .is_front = true});
    layer->low = from > begin ? numbers_get(hits.numbers, from) : low;
    return layer->low > low || layer->high < high;
}

static bool walk_slots(Histogram *histogram, const Store *store, const Highlights *highlights,
                       size_t rows)
{
    bool has_more = false;
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        Layer *layer = &histogram->layers[1 + i];
        HighlightHits hits;
        if (highlights != NULL && highlights_hits(highlights, i, &hits)) {
            has_more |= walk_hits(histogram, layer, store, hits, rows);
        } else if (layer->revision != 0) {
            drop_layer(histogram, layer);
        }
    }
    return has_more;
}

/* Tells whether what was evicted has left the units far too wide for what is held. */
static bool is_sparse(const Histogram *histogram)
{
    uint32_t first, last;
    return !histogram->is_zoomed && histogram->has_scale && histogram->shift > SHIFT_MIN &&
           histogram_find_used(histogram, &first, &last) &&
           last - first < HISTOGRAM_UNITS / SPARSE_SHARE;
}

bool histogram_step(Histogram *histogram, const Store *store, const View *view,
                    const Highlights *highlights, uint32_t rows)
{
    if (walk_follow(&histogram->walk, view)) {
        restart(histogram);
    }
    bool was_trimmed = false;
    for (size_t i = 0; i < LAYERS; i++) {
        was_trimmed |= trim_layer(histogram, &histogram->layers[i], store_first(store));
    }
    if (was_trimmed && is_sparse(histogram)) {
        histogram->walk = (ViewWalk){0}; /* the next step begins anew, till then this is shown */
        histogram->is_done = false;
        return true;
    }
    walk_rows(histogram, store, view, rows);
    bool has_more = walk_slots(histogram, store, highlights, rows);
    histogram->is_done = !has_more && walk_is_done(&histogram->walk, view) &&
                         (highlights == NULL || highlights_is_done(highlights));
    return !histogram->is_done;
}

bool histogram_is_done(const Histogram *histogram)
{
    return histogram->is_done;
}
