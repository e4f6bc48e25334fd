/*
 * EntryQueue: entries and notices that have to wait, first in, first out, held in columns.
 * Two sets of columns take turns, so that memory stays at what waits, without moving anything.
 */
#ifndef SESSION_QUEUE_H
#define SESSION_QUEUE_H

#include "base/atom.h"
#include "base/base.h"
#include "base/str.h"
#include "parsers/columns.h"

/* A quarter of what the byte ranges of Columns reach. */
#define QUEUE_MAX_BYTES (1024 * MIB)

typedef struct EntryQueue {
    Columns columns[2];
    int64_t *arrivals[2]; /* `now` of each push, beside the columns */
    size_t arrival_capacity[2];
    unsigned front;   /* which set is being emptied; pushes go to the other */
    uint32_t taken;   /* rows of the front set already taken */
    uint64_t overrun; /* entries given up because it was full */
} EntryQueue;

/* Makes an empty queue; `atoms` is borrowed. */
void queue_init(EntryQueue *queue, AtomTable *atoms);
void queue_done(EntryQueue *queue);

/* Copies an entry in. `now` is kept as its time of arrival. */
void queue_push(EntryQueue *queue, const Entry *entry, int64_t now);

/* Puts a notice between the entries: KIND_NOTICE with `text` as its message. */
void queue_push_notice(EntryQueue *queue, uint8_t source, int64_t time_ns, StrView text,
                       int64_t now);

/* Gives the oldest entry without taking it, false when the queue is empty. Its views are valid
 * until the next queue_push or queue_take; `ret_arrival` may be NULL. */
bool queue_peek(EntryQueue *queue, Entry *ret_entry, int64_t *ret_arrival);

/* Drops the oldest entry; the queue must not be empty. */
void queue_take(EntryQueue *queue);

bool queue_is_empty(const EntryQueue *queue);
size_t queue_count(const EntryQueue *queue);

/* Bytes that wait, about. */
size_t queue_bytes(const EntryQueue *queue);

/* What may wait where `buffer_bytes` are allowed: as much, but never more than one set of columns,
 * whose bytes are numbered by 32 bits, can hold for certain. */
size_t queue_limit(size_t buffer_bytes);

/* When more than `max_bytes` wait, gives up what came first, about half of it, and counts that in
 * `overrun`. */
void queue_bound(EntryQueue *queue, size_t max_bytes);

#endif
