/*
 * Number: see number.h. Integers are compared as integers, never through a double.
 */
#include "filters/number.h"

#include <math.h>

Number number_from(uint64_t value)
{
    return (Number){.real = (double)value, .magnitude = value, .is_integer = true};
}

Number number_of(const Operand *operand)
{
    return (Number){
        .real = operand->number,
        .magnitude = operand->integer,
        .is_integer = operand->is_integer,
        .is_negative = operand->is_negative,
    };
}

static int compare_integers(Number a, Number b)
{
    bool a_below = a.is_negative && a.magnitude > 0;
    bool b_below = b.is_negative && b.magnitude > 0;
    if (a_below != b_below) {
        return a_below ? -1 : 1;
    }
    int order = (a.magnitude > b.magnitude) - (a.magnitude < b.magnitude);
    return a_below ? -order : order;
}

/* An integer against a real that is no 64-bit integer: they are never equal. */
static int compare_mixed(Number integer, double real)
{
    if (real >= 18446744073709551616.0) {
        return -1;
    }
    if (real <= -18446744073709551616.0) {
        return 1;
    }
    double whole = floor(real);
    Number below = {
        .magnitude = (uint64_t)fabs(whole),
        .is_integer = true,
        .is_negative = whole < 0,
    };
    /* Equal to the floor of a real that has a fraction: below the real. */
    return compare_integers(integer, below) > 0 ? 1 : -1;
}

int number_compare(Number a, Number b)
{
    if (a.is_integer && b.is_integer) {
        return compare_integers(a, b);
    }
    if (a.is_integer) {
        return compare_mixed(a, b.real);
    }
    if (b.is_integer) {
        return -compare_mixed(b, a.real);
    }
    return (a.real > b.real) - (a.real < b.real);
}
