/*
 * The thread of a CaptureWriter: takes what is held and writes it, begins parts, syncs. It
 * allocates nothing and never holds the lock while it writes, syncs or opens: those may wait for a
 * disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/capture_internal.h"
#include "session/child.h"
#include "session/disk_sync.h"

#define PART_MAX 9999
#define BATCH_KEPT_BYTES (4 * MIB)
/* Between two looks at somebody else's pipe that is full. */
#define PIPE_LOOK_MS 100

/* Keeps the memory, unless a burst has made it large. */
static void batch_clear(CaptureBatch *batch)
{
    if (batch->bytes.capacity > BATCH_KEPT_BYTES) {
        capture_batch_done(batch);
        *batch = (CaptureBatch){0};
    }
    strbuf_clear(&batch->bytes);
    batch->count = 0;
}

/* Waits until somebody wakes it, at most `ms`; -1 = for ever. */
static void nap(const CaptureWriter *writer, int ms)
{
    struct pollfd wait = {.fd = writer->wake[0], .events = POLLIN};
    char bytes[64];
    if (poll(&wait, 1, ms) > 0) {
        while (read(writer->wake[0], bytes, sizeof bytes) == (ssize_t)sizeof bytes) {
        }
    }
}

static int ms_until(int64_t when, int64_t now)
{
    return when <= now ? 0 : (int)((when - now + NS_PER_MS - 1) / NS_PER_MS);
}

static bool has_unsynced(const CaptureWriter *writer)
{
    for (size_t i = 0; i < writer->track_count; i++) {
        if (writer->tracks[i].is_unsynced) {
            return true;
        }
    }
    return false;
}

/* Gives how long to wait before there is something to do; 0 = there is. */
static int next_nap(CaptureWriter *writer)
{
    int64_t now = clock_monotonic();
    int64_t when = has_unsynced(writer) ? writer->synced_at + CAPTURE_SYNC_NS : INT64_MAX;
    capture_lock(writer);
    if (writer->is_over || writer->held >= CAPTURE_BATCH_BYTES) {
        when = now;
    } else if (writer->held > 0) {
        int64_t flush = writer->held_at + CAPTURE_FLUSH_NS;
        when = flush < when ? flush : when;
    }
    capture_unlock(writer);
    return when == INT64_MAX ? -1 : ms_until(when, now);
}

static bool is_abandoned(CaptureWriter *writer)
{
    capture_lock(writer);
    bool is_so = writer->is_abandoned;
    capture_unlock(writer);
    return is_so;
}

/* Writes all; gives how much went, which is less after a failure: errno says which. */
static size_t write_bytes(CaptureWriter *writer, const CaptureTrack *track, const char *ptr,
                          size_t len)
{
    size_t done = 0;
    while (done < len) {
        ssize_t put = writer->setup.write(track->fd, ptr + done, len - done);
        if (put > 0) {
            done += (size_t)put;
        } else if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            struct pollfd wait = {.fd = track->fd, .events = POLLOUT}; /* somebody else's pipe */
            (void)poll(&wait, 1, PIPE_LOOK_MS);
            if (is_abandoned(writer)) {
                errno = EAGAIN;
                break;
            }
        } else if (put == 0) {
            errno = EIO; /* a file that takes nothing: this would never end */
            break;
        } else if (errno != EINTR) {
            break;
        }
    }
    return done;
}

/* Notes what ended it, the first time. */
static void fail(CaptureWriter *writer, const CaptureTrack *track, int error)
{
    capture_lock(writer);
    if (writer->counts.error == 0) {
        writer->counts.error = error;
        writer->counts.track = (size_t)(track - writer->tracks);
        writer->counts.part = track->part;
    }
    capture_unlock(writer);
}

static bool has_failed(CaptureWriter *writer)
{
    capture_lock(writer);
    bool is_so = writer->counts.error != 0;
    capture_unlock(writer);
    return is_so;
}

/* Who removes the file, or the directory with it, removes all that was in it; one that was moved
 * goes on where it is. Nothing else tells: writing works as before. A file system that never
 * counted a name of this file says nothing by counting none. */
static bool check_removed(CaptureWriter *writer, CaptureTrack *track)
{
    struct stat info;
    if (!track->is_regular || track->is_side || track->fd < 0 || !track->has_links ||
        writer->setup.stat(track->fd, &info) != 0 || info.st_nlink > 0) {
        return true;
    }
    capture_lock(writer);
    writer->counts.written -= track->entries;
    capture_unlock(writer);
    track->entries = 0;
    fail(writer, track, ENOENT);
    return false;
}

/* A pipe or a device cannot be synced, and that is no failure. */
static bool sync_track(CaptureWriter *writer, CaptureTrack *track)
{
    track->is_unsynced = false;
    if (track->is_regular && disk_sync(track->fd) != 0 && errno != EINVAL && errno != ENOTSUP) {
        fail(writer, track, errno);
        return false;
    }
    return true;
}

static void put_part_path(CaptureTrack *track, unsigned part)
{
    size_t room = strlen(track->path) + CAPTURE_PART_ROOM;
    (void)snprintf(track->part_path, room, "%s.%04u", track->path, part);
}

/* Goes on in a new file. Where that cannot be made, the one there is goes on: better too large a
 * file than a gap. */
static void begin_part(CaptureWriter *writer, CaptureTrack *track)
{
    if (!check_removed(writer, track) || !sync_track(writer, track)) {
        return; /* it has failed, and needs no further part */
    }
    put_part_path(track, track->part + 1);
    int fd = track->part >= PART_MAX
                 ? -1
                 : child_fit_fd(open(track->part_path,
                                     O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
    int error = track->part >= PART_MAX ? EFBIG : errno;
    if (fd < 0) {
        capture_lock(writer);
        writer->counts.part_error = error;
        writer->counts.part_track = (size_t)(track - writer->tracks);
        writer->counts.part_kept = track->part;
        capture_unlock(writer);
        track->size = 0; /* tried again after as much again */
        return;
    }
    (void)close(track->fd); /* what close could tell, the sync has told */
    track->fd = fd;
    track->has_links = capture_has_links(writer, fd);
    track->part++;
    track->size = 0;
    track->entries = 0;
    capture_lock(writer);
    writer->counts.parts++;
    writer->counts.part_error = 0;
    capture_unlock(writer);
}

/* How many records from `at` on fit in the part; one that fits in none goes alone. */
static size_t fitting(const CaptureWriter *writer, const CaptureTrack *track, size_t at)
{
    const CaptureBatch *batch = &track->writing;
    if (writer->setup.part_bytes == 0 || !track->is_regular || track->is_side) {
        return batch->count - at;
    }
    size_t from = at > 0 ? batch->marks[at - 1] >> 1 : 0;
    size_t count = 0;
    while (at + count < batch->count &&
           track->size + ((batch->marks[at + count] >> 1) - from) <= writer->setup.part_bytes) {
        count++;
    }
    return count > 0 || track->size > 0 ? count : 1;
}

/* Counts the whole records among the `done` bytes from record `at` on, and cuts off the rest: what
 * is in the file ends with a whole record, whatever the disk did. */
static void settle(CaptureWriter *writer, CaptureTrack *track, size_t at, size_t done)
{
    const CaptureBatch *batch = &track->writing;
    size_t from = at > 0 ? batch->marks[at - 1] >> 1 : 0;
    size_t whole = 0;
    uint64_t entries = 0;
    while (at < batch->count && (batch->marks[at] >> 1) - from <= done) {
        whole = (batch->marks[at] >> 1) - from;
        entries += batch->marks[at++] & 1;
    }
    if (whole < done && track->is_regular) {
        struct stat info;
        if (fstat(track->fd, &info) == 0 && info.st_size >= (off_t)(done - whole)) {
            /* Where even that fails a cut line stays, which a reader can bear. */
            int ignored = ftruncate(track->fd, info.st_size - (off_t)(done - whole));
            (void)ignored;
        }
    }
    track->size += whole;
    track->entries += entries;
    track->is_unsynced = track->is_unsynced || whole > 0;
    capture_lock(writer);
    writer->counts.written += entries;
    writer->counts.bytes += track->is_side ? 0 : whole;
    capture_unlock(writer);
}

/* Takes back a part that was begun for what the disk did not take: an empty one says nothing. */
static void end_part(CaptureWriter *writer, CaptureTrack *track)
{
    struct stat info;
    if (track->is_regular && track->part > 1 && fstat(track->fd, &info) == 0 && info.st_size == 0) {
        put_part_path(track, track->part);
        (void)unlink(track->part_path);
        capture_lock(writer);
        writer->counts.parts--;
        capture_unlock(writer);
    }
}

static void write_track(CaptureWriter *writer, CaptureTrack *track)
{
    const CaptureBatch *batch = &track->writing;
    size_t at = 0;
    while (at < batch->count && !has_failed(writer)) {
        size_t count = fitting(writer, track, at);
        if (count == 0) {
            begin_part(writer, track);
            continue;
        }
        size_t from = at > 0 ? batch->marks[at - 1] >> 1 : 0;
        size_t len = (batch->marks[at + count - 1] >> 1) - from;
        size_t done = write_bytes(writer, track, batch->bytes.ptr + from, len);
        int error = errno;
        settle(writer, track, at, done);
        if (done < len) {
            end_part(writer, track);
            fail(writer, track, error);
        }
        at += count;
    }
}

static void sync_all(CaptureWriter *writer)
{
    for (size_t i = 0; i < writer->track_count; i++) {
        CaptureTrack *track = &writer->tracks[i];
        if (check_removed(writer, track) && track->is_unsynced) {
            (void)sync_track(writer, track); /* noted there */
        }
    }
    writer->synced_at = clock_monotonic();
}

static void remove_side(CaptureWriter *writer, CaptureTrack *track)
{
    if (track->is_going && track->fd >= 0) {
        sync_all(writer); /* not before the rest is safe */
        if (has_failed(writer)) {
            return;
        }
        child_close(&track->fd);
        track->is_unsynced = false;
        (void)unlink(track->path); /* what is in it is elsewhere by now */
    }
}

/* Takes what is held and writes it. */
static void write_round(CaptureWriter *writer)
{
    capture_lock(writer);
    for (size_t i = 0; i < writer->track_count; i++) {
        CaptureTrack *track = &writer->tracks[i];
        CaptureBatch empty = track->writing;
        track->writing = track->filling;
        track->filling = empty;
        track->is_going = track->is_unwanted;
    }
    writer->going = writer->held;
    writer->held = 0;
    capture_unlock(writer);
    for (size_t i = 0; i < writer->track_count; i++) {
        CaptureTrack *track = &writer->tracks[i];
        write_track(writer, track);
        batch_clear(&track->writing);
    }
    for (size_t i = 0; i < writer->track_count && !has_failed(writer); i++) {
        remove_side(writer, &writer->tracks[i]);
    }
    capture_lock(writer);
    writer->going = 0;
    capture_unlock(writer);
}

/* Tells whether there is nothing more to do, now or ever. */
static bool is_finished(CaptureWriter *writer)
{
    capture_lock(writer);
    bool is_so = writer->counts.error != 0 || (writer->is_over && writer->held == 0);
    capture_unlock(writer);
    return is_so;
}

static void finish(CaptureWriter *writer)
{
    sync_all(writer);
    for (size_t i = 0; i < writer->track_count; i++) {
        child_close(&writer->tracks[i].fd);
    }
    capture_lock(writer);
    /* What is left is in no file. What comes from now on, capture_writer_add counts. */
    writer->counts.missed = writer->counts.taken - writer->counts.written;
    writer->held = 0;
    writer->counts.is_done = true;
    bool is_mine = writer->is_abandoned;
    capture_unlock(writer);
    if (is_mine) {
        capture_writer_destroy(writer);
    }
}

void *capture_thread(void *context)
{
    CaptureWriter *writer = context;
    writer->synced_at = clock_monotonic();
    while (!is_finished(writer)) {
        int ms = next_nap(writer);
        if (ms != 0) {
            nap(writer, ms);
            continue;
        }
        write_round(writer);
        if (clock_monotonic() - writer->synced_at >= CAPTURE_SYNC_NS) {
            sync_all(writer);
        }
    }
    finish(writer);
    return NULL;
}
