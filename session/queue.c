/*
 * EntryQueue: see queue.h. It decides nothing about order: who pushes first is served first.
 */
#include "session/queue.h"

#include "base/mem.h"

/* A set whose buffers have grown beyond this is given back when it is empty. */
#define QUEUE_KEEP_BYTES (8 * MIB)
/* What a row takes beside its text, about. */
#define QUEUE_ROW_BYTES 128

void queue_init(EntryQueue *queue, AtomTable *atoms)
{
    *queue = (EntryQueue){.front = 0};
    columns_init(&queue->columns[0], atoms);
    columns_init(&queue->columns[1], atoms);
}

void queue_done(EntryQueue *queue)
{
    for (size_t i = 0; i < ARRAY_LEN(queue->columns); i++) {
        columns_done(&queue->columns[i]);
        mem_free(queue->arrivals[i]);
        queue->arrivals[i] = NULL;
    }
}

/* Empties one set, keeping its memory unless a burst has made it large. */
static void reset_set(EntryQueue *queue, unsigned set)
{
    Columns *columns = &queue->columns[set];
    if (columns->bytes_capacity <= QUEUE_KEEP_BYTES) {
        columns_clear(columns);
        return;
    }
    AtomTable *atoms = columns->atoms;
    columns_done(columns);
    columns_init(columns, atoms);
    mem_free(queue->arrivals[set]);
    queue->arrivals[set] = NULL;
    queue->arrival_capacity[set] = 0;
}

void queue_push(EntryQueue *queue, const Entry *entry, int64_t now)
{
    unsigned set = 1 - queue->front;
    Columns *columns = &queue->columns[set];
    void *arrivals = queue->arrivals[set];
    mem_grow(&arrivals, &queue->arrival_capacity[set], columns->count, sizeof(int64_t));
    queue->arrivals[set] = arrivals;
    queue->arrivals[set][columns->count] = now;
    (void)columns_push(columns, entry); /* its index is the count we just used */
}

void queue_push_notice(EntryQueue *queue, uint8_t source, int64_t time_ns, StrView text,
                       int64_t now)
{
    Entry entry = {
        .kind = KIND_NOTICE,
        .source = source,
        .time = {.ns = time_ns},
        .raw = text,
        .message = text,
    };
    queue_push(queue, &entry, now);
}

/* Brings the filled set to the front when the front one is used up. */
static void turn(EntryQueue *queue)
{
    if (queue->taken < queue->columns[queue->front].count) {
        return;
    }
    reset_set(queue, queue->front);
    queue->taken = 0;
    queue->front = 1 - queue->front;
}

bool queue_peek(EntryQueue *queue, Entry *ret_entry, int64_t *ret_arrival)
{
    turn(queue);
    const Columns *columns = &queue->columns[queue->front];
    if (queue->taken >= columns->count) {
        return false;
    }
    columns_entry(columns, queue->taken, ret_entry);
    if (ret_arrival != NULL) {
        *ret_arrival = queue->arrivals[queue->front][queue->taken];
    }
    return true;
}

void queue_take(EntryQueue *queue)
{
    turn(queue);
    queue->taken++;
}

bool queue_is_empty(const EntryQueue *queue)
{
    return queue_count(queue) == 0;
}

size_t queue_count(const EntryQueue *queue)
{
    return queue->columns[0].count + queue->columns[1].count - (size_t)queue->taken;
}

static size_t set_bytes(const Columns *columns)
{
    return columns->bytes_len + (size_t)columns->count * QUEUE_ROW_BYTES;
}

size_t queue_bytes(const EntryQueue *queue)
{
    const Columns *front = &queue->columns[queue->front];
    size_t waiting = set_bytes(&queue->columns[1 - queue->front]);
    if (queue->taken < front->count) {
        /* What is gone counts by its share: rows are not looked at one by one for this. */
        waiting += set_bytes(front) / front->count * (front->count - queue->taken);
    }
    return waiting;
}

size_t queue_limit(size_t buffer_bytes)
{
    return buffer_bytes < QUEUE_MAX_BYTES ? buffer_bytes : QUEUE_MAX_BYTES;
}

void queue_bound(EntryQueue *queue, size_t max_bytes)
{
    size_t bytes = queue_bytes(queue);
    if (bytes > max_bytes / 2) {
        turn(queue); /* what came first becomes the half that is given up first */
    }
    if (bytes > max_bytes) {
        uint32_t count = queue->columns[queue->front].count;
        queue->overrun += count - queue->taken;
        queue->taken = count;
        turn(queue);
    }
}
