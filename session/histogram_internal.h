/*
 * What a Histogram is inside, for histogram.c and histogram_read.c alone.
 */
#ifndef SESSION_HISTOGRAM_INTERNAL_H
#define SESSION_HISTOGRAM_INTERNAL_H

#include "session/histogram.h"
#include "session/walk.h"

#define HISTOGRAM_UNITS 16384u

enum { CLASS_ALL, CLASS_ERRORS, CLASS_FAULTS, CLASS_FAILURES, ROW_CLASSES };

/* The first layer is of the rows, the others of the slots' hits. */
#define LAYERS (1 + HIGHLIGHTS_MAX)

typedef struct Layer {
    Numbers records;       /* of the entries in [low, high), in order of number */
    EntryNumber low, high; /* slots only; the rows have their walk */
    uint64_t revision;     /* of the slot's hits; 0 = the slot is off */
    uint32_t *totals;      /* by unit, then by class; NULL = never used */
    uint32_t classes;
} Layer;

struct Histogram {
    ViewWalk walk;
    Layer layers[LAYERS];
    bool has_scale;  /* `shift` and `origin` are known */
    unsigned shift;  /* a unit has 1 << shift nanoseconds */
    uint64_t origin; /* number of the first unit, counted from the beginning of time */
    bool is_zoomed;
    int64_t from_ns, to_ns;
    bool is_done;
    uint64_t untimed;
    uint64_t revision;
};

/* Time counted from the earliest there is, so that it can be shifted. */
static inline uint64_t histogram_time(int64_t ns)
{
    return (uint64_t)ns ^ UINT64_C(1) << 63;
}

/* The first and the last unit that have an entry; false when none has. */
bool histogram_find_used(const Histogram *histogram, uint32_t *ret_first, uint32_t *ret_last);

#endif
