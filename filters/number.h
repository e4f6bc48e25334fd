/*
 * Number: a constant or a value of a predicate, exact for all 64-bit integers of both signs.
 * Comparison only; there is no arithmetic in predicates of `log`.
 */
#ifndef FILTERS_NUMBER_H
#define FILTERS_NUMBER_H

#include "base/base.h"
#include "filters/predicate.h"

typedef struct Number {
    double real;        /* the value, rounded where it is an integer beyond 2^53 */
    uint64_t magnitude; /* of an integer */
    bool is_integer;
    bool is_negative;
} Number;

Number number_from(uint64_t value);

/* The number of an OPERAND_NUMBER. */
Number number_of(const Operand *operand);

/* Negative, zero or positive, by value and exactly: 2^53 + 1 is greater than 2^53. */
int number_compare(Number a, Number b);

#endif
