/*
 * Marks: copies in a Columns of their own and, in order of number, which copy is whose. Taking a
 * mark off copies the others into a new Columns: marks are few, and columns never shrink.
 */
#include "session/marks.h"

#include <string.h>

#include "base/mem.h"

typedef struct Mark {
    EntryNumber number;
    uint32_t index; /* of its copy */
    StrBuf note;
} Mark;

struct Marks {
    AtomTable *atoms;
    Columns columns;
    Mark *items; /* in order of number */
    size_t count;
    size_t capacity;
};

Marks *marks_new(AtomTable *atoms)
{
    Marks *marks = mem_calloc(1, sizeof *marks);
    marks->atoms = atoms;
    columns_init(&marks->columns, atoms);
    return marks;
}

void marks_free(Marks *marks)
{
    if (marks == NULL) {
        return;
    }
    columns_done(&marks->columns);
    for (size_t i = 0; i < marks->count; i++) {
        strbuf_done(&marks->items[i].note);
    }
    mem_free(marks->items);
    mem_free(marks);
}

/* How many marks are before `number`. */
static size_t count_before(const Marks *marks, EntryNumber number)
{
    size_t low = 0;
    size_t high = marks->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (marks->items[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_at(const Marks *marks, size_t at, EntryNumber number)
{
    return at < marks->count && marks->items[at].number == number;
}

static uint32_t copy_row(Columns *to, const Columns *from, uint32_t index)
{
    Entry entry;
    columns_entry(from, index, &entry);
    uint32_t copy = columns_push(to, &entry);
    to->tag[copy] = from->tag[index];
    return copy;
}

static void add(Marks *marks, size_t at, EntryNumber number, StoreRow row)
{
    mem_grow((void **)&marks->items, &marks->capacity, marks->count, sizeof *marks->items);
    memmove(marks->items + at + 1, marks->items + at, (marks->count - at) * sizeof *marks->items);
    marks->count++;
    marks->items[at] = (Mark){
        .number = number,
        .index = copy_row(&marks->columns, row.columns, row.index),
    };
}

static void take_off(Marks *marks, size_t at)
{
    marks->count--;
    strbuf_done(&marks->items[at].note);
    memmove(marks->items + at, marks->items + at + 1, (marks->count - at) * sizeof *marks->items);
    Columns columns;
    columns_init(&columns, marks->atoms);
    for (size_t i = 0; i < marks->count; i++) {
        marks->items[i].index = copy_row(&columns, &marks->columns, marks->items[i].index);
    }
    columns_done(&marks->columns);
    marks->columns = columns;
}

bool marks_toggle(Marks *marks, const Store *store, EntryNumber number)
{
    size_t at = count_before(marks, number);
    if (is_at(marks, at, number)) {
        take_off(marks, at);
        return false;
    }
    StoreRow row;
    if (!store_find(store, number, &row)) {
        return false;
    }
    add(marks, at, number, row);
    return true;
}

bool marks_has(const Marks *marks, EntryNumber number)
{
    return is_at(marks, count_before(marks, number), number);
}

size_t marks_count(const Marks *marks)
{
    return marks->count;
}

EntryNumber marks_get(const Marks *marks, size_t index)
{
    return marks->items[index].number;
}

StoreRow marks_row(const Marks *marks, size_t index)
{
    /* The tags of a copy may be changed like those of a row of the store. */
    return (StoreRow){
        .columns = (Columns *)&marks->columns,
        .index = marks->items[index].index,
    };
}

bool marks_set_note(Marks *marks, EntryNumber number, StrView text)
{
    size_t at = count_before(marks, number);
    if (!is_at(marks, at, number) || text.len > MARK_NOTE_MAX) {
        return false;
    }
    StrBuf note = {0}; /* `text` may be a view of the old one */
    strbuf_add(&note, text);
    strbuf_done(&marks->items[at].note);
    marks->items[at].note = note;
    return true;
}

StrView marks_note(const Marks *marks, size_t index)
{
    return strbuf_view(&marks->items[index].note);
}

StrView marks_note_of(const Marks *marks, EntryNumber number)
{
    size_t at = count_before(marks, number);
    return is_at(marks, at, number) ? marks_note(marks, at) : SV("");
}

EntryNumber marks_next(const Marks *marks, EntryNumber number, bool backward)
{
    if (backward) {
        size_t before = count_before(marks, number);
        return before > 0 ? marks->items[before - 1].number : 0;
    }
    size_t after = count_before(marks, number + 1);
    return after < marks->count ? marks->items[after].number : 0;
}
