/*
 * Numbers: 64-bit values in rising order with cheap pushing at both ends and cheap taking off the
 * front: the rows of a view, the hits of a search. The caller keeps the order; it compares nothing
 * but in numbers_find.
 */
#ifndef SESSION_NUMBERS_H
#define SESSION_NUMBERS_H

#include "base/base.h"

/* A Numbers of all zeroes is ready for use. */
typedef struct Numbers {
    uint64_t *items; /* a ring: element i is at (head + i) & (capacity - 1) */
    size_t head;
    size_t len;
    size_t capacity; /* 0 or a power of two */
} Numbers;

void numbers_push_back(Numbers *numbers, uint64_t value);
void numbers_push_front(Numbers *numbers, uint64_t value);

/* Takes off the first `count` (at most all). */
void numbers_drop_front(Numbers *numbers, size_t count);

/* Appends all of `more`, which is empty afterwards. */
void numbers_append(Numbers *numbers, Numbers *more);

/* Puts all of `more` in its place by order; `more` is empty afterwards. */
void numbers_merge(Numbers *numbers, Numbers *more);

/* Moves the elements that have one of `bits` to the end of `ret_with`; all keep their order. */
void numbers_split(Numbers *numbers, uint64_t bits, Numbers *ret_with);

/* How many elements are below `value`. */
size_t numbers_find(const Numbers *numbers, uint64_t value);

void numbers_clear(Numbers *numbers); /* keeps the memory */
void numbers_done(Numbers *numbers);

static inline uint64_t numbers_get(const Numbers *numbers, size_t index)
{
    return numbers->items[(numbers->head + index) & (numbers->capacity - 1)];
}

/* Puts another value in the place of one; the order must stay. */
static inline void numbers_set(Numbers *numbers, size_t index, uint64_t value)
{
    numbers->items[(numbers->head + index) & (numbers->capacity - 1)] = value;
}

#endif
