/*
 * What a CaptureWriter is inside, for its two sides alone: capture_writer.c, which takes records
 * over, and capture_thread.c, which writes them.
 */
#ifndef SESSION_CAPTURE_INTERNAL_H
#define SESSION_CAPTURE_INTERNAL_H

#include <pthread.h>

#include "session/capture_writer.h"

/* So much is written without waiting for more. */
#define CAPTURE_BATCH_BYTES (256 * KIB)
/* What follows a path in the name of a part, and a NUL. */
#define CAPTURE_PART_ROOM 16

/* Records one after the other, and where each ends. */
typedef struct CaptureBatch {
    StrBuf bytes;
    uint32_t *marks; /* end << 1 | is_entry; a record and its batch are far below 2 GiB */
    size_t count;
    size_t capacity;
} CaptureBatch;

typedef struct CaptureTrack {
    char *path;
    char *successor;      /* what will replace `path` at the end of the start; NULL = nothing */
    char *part_path;      /* room for the name of any part: the thread allocates nothing */
    CaptureBatch filling; /* under the lock */
    bool is_side;         /* what is in it comes to another file as well: it does not count */
    bool is_unwanted;     /* under the lock: to be removed once all that was taken is written */
    bool is_open_line;    /* the last record had no newline */
    /* The thread's alone, once it runs. */
    CaptureBatch writing;
    int fd;
    bool is_regular;
    bool is_going;  /* unwanted when the round began */
    bool has_links; /* the file system counts them, and the part had one when it was made */
    unsigned part;
    uint64_t size;    /* of the part */
    uint64_t entries; /* whole in the part */
    bool is_unsynced;
} CaptureTrack;

struct CaptureWriter {
    CaptureWriterSetup setup;
    CaptureTrack *tracks;
    size_t track_count;
    int wake[2];
    pthread_t thread;
    bool has_thread;
    int64_t synced_at; /* the thread's */
    pthread_mutex_t lock;
    /* Under it: */
    CaptureWriterCounts counts;
    size_t held;     /* bytes in `filling` of all tracks */
    size_t going;    /* bytes in `writing` */
    int64_t held_at; /* since when */
    bool is_over;
    bool is_abandoned; /* nobody waits for the thread: it frees this */
};

void capture_lock(CaptureWriter *writer);
void capture_unlock(CaptureWriter *writer);
void capture_batch_done(CaptureBatch *batch);

/* Tells whether the file has a name, as far as its file system knows. */
bool capture_has_links(const CaptureWriter *writer, int fd);

/* Frees it for good: no thread may have it any more. */
void capture_writer_destroy(CaptureWriter *writer);

/* What the thread does, from its start to its end. */
void *capture_thread(void *writer);

#endif
