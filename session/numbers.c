/*
 * Numbers: a ring buffer whose capacity is a power of two. It doubles and never shrinks; taking off
 * the front only moves the head.
 */
#include "session/numbers.h"

#include <string.h>

#include "base/mem.h"

#define FIRST_CAPACITY 64

/* Copies the elements in order to the start of `to`, which has room for them. */
static void copy_out(const Numbers *numbers, uint64_t *to)
{
    size_t before_end = numbers->capacity - numbers->head;
    size_t first = numbers->len < before_end ? numbers->len : before_end;
    if (numbers->len > 0) {
        memcpy(to, numbers->items + numbers->head, first * sizeof *to);
        memcpy(to + first, numbers->items, (numbers->len - first) * sizeof *to);
    }
}

static void make_room(Numbers *numbers, size_t more)
{
    size_t capacity = numbers->capacity > 0 ? numbers->capacity : FIRST_CAPACITY;
    while (capacity < numbers->len + more) {
        capacity *= 2;
    }
    if (capacity == numbers->capacity) {
        return;
    }
    uint64_t *items = mem_realloc(NULL, capacity, sizeof *items);
    copy_out(numbers, items);
    mem_free(numbers->items);
    numbers->items = items;
    numbers->head = 0;
    numbers->capacity = capacity;
}

void numbers_push_back(Numbers *numbers, uint64_t value)
{
    make_room(numbers, 1);
    numbers->items[(numbers->head + numbers->len) & (numbers->capacity - 1)] = value;
    numbers->len++;
}

void numbers_push_front(Numbers *numbers, uint64_t value)
{
    make_room(numbers, 1);
    numbers->head = (numbers->head - 1) & (numbers->capacity - 1);
    numbers->items[numbers->head] = value;
    numbers->len++;
}

void numbers_drop_front(Numbers *numbers, size_t count)
{
    if (count >= numbers->len) {
        numbers_clear(numbers);
        return;
    }
    numbers->head = (numbers->head + count) & (numbers->capacity - 1);
    numbers->len -= count;
}

void numbers_append(Numbers *numbers, Numbers *more)
{
    if (numbers->len == 0) {
        Numbers empty = *numbers;
        *numbers = *more;
        *more = empty;
    }
    make_room(numbers, more->len);
    for (size_t i = 0; i < more->len; i++) {
        size_t at = (numbers->head + numbers->len) & (numbers->capacity - 1);
        numbers->items[at] = numbers_get(more, i);
        numbers->len++;
    }
    numbers_clear(more);
}

void numbers_merge(Numbers *numbers, Numbers *more)
{
    size_t own = numbers->len;
    size_t others = more->len;
    make_room(numbers, others);
    numbers->len += others;
    /* From the end on: what is not moved yet is never written over. */
    for (size_t at = numbers->len; others > 0; at--) {
        bool is_own = own > 0 && numbers_get(numbers, own - 1) > numbers_get(more, others - 1);
        numbers_set(numbers, at - 1,
                    is_own ? numbers_get(numbers, own - 1) : numbers_get(more, others - 1));
        own -= is_own;
        others -= !is_own;
    }
    numbers_clear(more);
}

void numbers_split(Numbers *numbers, uint64_t bits, Numbers *ret_with)
{
    size_t kept = 0;
    for (size_t i = 0; i < numbers->len; i++) {
        uint64_t value = numbers_get(numbers, i);
        if ((value & bits) != 0) {
            numbers_push_back(ret_with, value);
        } else {
            numbers_set(numbers, kept++, value);
        }
    }
    numbers->len = kept;
}

size_t numbers_find(const Numbers *numbers, uint64_t value)
{
    size_t low = 0;
    size_t high = numbers->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (numbers_get(numbers, middle) < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void numbers_clear(Numbers *numbers)
{
    numbers->head = 0;
    numbers->len = 0;
}

void numbers_done(Numbers *numbers)
{
    mem_free(numbers->items);
    *numbers = (Numbers){0};
}
