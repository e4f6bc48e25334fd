/*
 * CaptureWriter: see capture_writer.h. This is the side of who has records: it fills buffers under
 * a lock that is held no longer than copying takes. The other side is capture_thread.c.
 */
#include "session/capture_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "session/capture_internal.h"
#include "session/child.h"

/* Between two looks of who waits for the thread. */
#define LOOK_NS (2 * NS_PER_MS)

void capture_part_name(const char *path, unsigned part, StrBuf *ret_name)
{
    strbuf_clear(ret_name);
    strbuf_add_str(ret_name, path);
    if (part > 1) {
        strbuf_printf(ret_name, ".%04u", part);
    }
}

/* --- both sides ------------------------------------------------------------------------------- */

void capture_lock(CaptureWriter *writer)
{
    (void)pthread_mutex_lock(&writer->lock); /* fails for a lock that is none only */
}

void capture_unlock(CaptureWriter *writer)
{
    (void)pthread_mutex_unlock(&writer->lock);
}

void capture_batch_done(CaptureBatch *batch)
{
    strbuf_done(&batch->bytes);
    mem_free(batch->marks);
}

bool capture_has_links(const CaptureWriter *writer, int fd)
{
    struct stat info;
    return writer->setup.stat(fd, &info) == 0 && info.st_nlink > 0;
}

void capture_writer_destroy(CaptureWriter *writer)
{
    for (size_t i = 0; i < writer->track_count; i++) {
        CaptureTrack *track = &writer->tracks[i];
        child_close(&track->fd);
        capture_batch_done(&track->filling);
        capture_batch_done(&track->writing);
        mem_free(track->path);
        mem_free(track->part_path);
        mem_free(track->successor);
    }
    child_close(&writer->wake[0]);
    child_close(&writer->wake[1]);
    (void)pthread_mutex_destroy(&writer->lock);
    mem_free(writer->tracks);
    mem_free(writer);
}

/* --- the caller's side ------------------------------------------------------------------------ */

static void wake(const CaptureWriter *writer)
{
    ssize_t ignored = write(writer->wake[1], "", 1); /* a full pipe wakes as well */
    (void)ignored;
}

static bool open_wake(CaptureWriter *writer)
{
    if (pipe(writer->wake) != 0) {
        writer->wake[0] = writer->wake[1] = -1;
        return false;
    }
    bool is_good = true;
    for (size_t i = 0; i < ARRAY_LEN(writer->wake); i++) {
        writer->wake[i] = child_fit_fd(writer->wake[i]);
        is_good =
            is_good && writer->wake[i] >= 0 && fcntl(writer->wake[i], F_SETFL, O_NONBLOCK) == 0;
    }
    return is_good;
}

CaptureWriter *capture_writer_new(const CaptureWriterSetup *setup)
{
    CaptureWriter *writer = mem_calloc(1, sizeof *writer);
    writer->setup = *setup;
    writer->setup.write = setup->write != NULL ? setup->write : write;
    writer->setup.stat = setup->stat != NULL ? setup->stat : fstat;
    writer->setup.held_bytes = setup->held_bytes > 0 ? setup->held_bytes : CAPTURE_HELD_BYTES;
    writer->wake[0] = writer->wake[1] = -1;
    (void)pthread_mutex_init(&writer->lock, NULL); /* fails for want of memory only */
    return writer;
}

static CaptureTrack *add_track(CaptureWriter *writer, const char *path)
{
    size_t len = strlen(path);
    writer->tracks = mem_realloc(writer->tracks, writer->track_count + 1, sizeof *writer->tracks);
    CaptureTrack *track = &writer->tracks[writer->track_count++];
    *track = (CaptureTrack){.path = mem_dup(path, len),
                            .part_path = mem_alloc(len + CAPTURE_PART_ROOM),
                            .fd = -1,
                            .part = 1};
    return track;
}

/* Opens a pipe or a device: nobody's data is at stake there. A pipe that nobody reads is an error
 * now rather than a wait. */
static int open_special(const char *path)
{
    int fd = child_fit_fd(open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    int flags = fd >= 0 ? fcntl(fd, F_GETFL) : -1;
    if (flags >= 0) {
        (void)fcntl(fd, F_SETFL, flags & ~O_NONBLOCK); /* the thread may wait */
    }
    return fd;
}

/* Makes a file; one that is there is in the way. */
static int open_regular(const char *path)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOCTTY | O_CLOEXEC;
    int made = open(path, flags, 0600);
    int fd = child_fit_fd(made);
    if (made >= 0 && fd < 0) {
        int error = errno;
        (void)unlink(path);
        errno = error;
    }
    return fd;
}

/* What a file is called that is to replace another one, until nothing can fail any more. */
static char *successor_name(const char *path)
{
    StrBuf name = {0};
    strbuf_printf(&name, "%s.new", path);
    return name.ptr;
}

bool capture_writer_open(CaptureWriter *writer, const char *path, bool may_replace,
                         bool *ret_exists, Err *err)
{
    struct stat info;
    bool is_there = lstat(path, &info) == 0;
    bool is_special = stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
    *ret_exists = is_there && !is_special;
    if (*ret_exists && !(may_replace && S_ISREG(info.st_mode))) {
        return err_set(err, "'%s' exists already; give another name, or move it away", path);
    }
    StrBuf next = {0};
    capture_part_name(path, 2, &next);
    bool has_parts = writer->setup.part_bytes > 0 && lstat(next.ptr, &info) == 0;
    if (has_parts) {
        (void)err_set(err, "'%s' exists already; give another name, or move it away", next.ptr);
    }
    strbuf_done(&next);
    if (has_parts) {
        return false;
    }
    char *successor = *ret_exists ? successor_name(path) : NULL;
    int fd = is_special          ? open_special(path)
             : successor != NULL ? open_regular(successor)
                                 : open_regular(path);
    if (fd < 0) {
        (void)(successor != NULL && errno == EEXIST
                   ? err_set(err, "cannot replace '%s': '%s' is in the way; move that away", path,
                             successor)
                   : err_set(err, "cannot %s '%s': %s", *ret_exists ? "replace" : "write", path,
                             strerror(errno)));
        mem_free(successor);
        return false;
    }
    CaptureTrack *track = add_track(writer, path);
    track->fd = fd;
    track->is_regular = !is_special;
    track->successor = successor;
    track->has_links = capture_has_links(writer, fd);
    writer->counts.parts++;
    return true;
}

void capture_writer_mark_side(CaptureWriter *writer)
{
    writer->tracks[writer->track_count - 1].is_side = true;
    writer->counts.parts--;
}

void capture_writer_drop_side(CaptureWriter *writer, size_t track)
{
    capture_lock(writer);
    writer->tracks[track].is_unwanted = true;
    writer->held_at = writer->held == 0 ? clock_monotonic() : writer->held_at;
    writer->held += writer->held == 0 ? 1 : 0; /* a round is due even if nothing else is */
    capture_unlock(writer);
    wake(writer);
}

void capture_writer_take_back(CaptureWriter *writer)
{
    for (size_t i = 0; i < writer->track_count; i++) {
        const CaptureTrack *track = &writer->tracks[i];
        if (track->is_regular) { /* empty, and made a moment ago */
            (void)unlink(track->successor != NULL ? track->successor : track->path);
        }
    }
}

static bool start_thread(CaptureWriter *writer, Err *err)
{
    sigset_t all;
    sigset_t before;
    /* Signals are for the loop; a write over a limit or to nobody fails and says so. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&writer->thread, NULL, capture_thread, writer);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    writer->has_thread = error == 0;
    return error == 0 || err_set(err, "cannot start a thread: %s", strerror(error));
}

/* Replaces what is to be replaced: one file at most, so that all of it has been done or nothing. */
static bool put_in_place(CaptureWriter *writer, Err *err)
{
    for (size_t i = 0; i < writer->track_count; i++) {
        CaptureTrack *track = &writer->tracks[i];
        if (track->successor != NULL && rename(track->successor, track->path) != 0) {
            return err_set(err, "cannot replace '%s': %s", track->path, strerror(errno));
        }
        mem_free(track->successor);
        track->successor = NULL;
    }
    return true;
}

bool capture_writer_start(CaptureWriter *writer, Err *err)
{
    if (!open_wake(writer)) {
        return err_set(err, "cannot make a pipe: %s", strerror(errno));
    }
    return start_thread(writer, err) && put_in_place(writer, err);
}

static void batch_add(CaptureBatch *batch, StrView text, bool has_eol, bool is_entry)
{
    if (batch->count == batch->capacity) {
        void *marks = batch->marks;
        mem_grow(&marks, &batch->capacity, batch->count, sizeof *batch->marks);
        batch->marks = marks;
    }
    strbuf_add(&batch->bytes, text);
    if (has_eol) {
        strbuf_add_char(&batch->bytes, '\n');
    }
    batch->marks[batch->count++] = (uint32_t)batch->bytes.len << 1 | (is_entry ? 1u : 0u);
}

bool capture_writer_add(CaptureWriter *writer, size_t track, StrView text, bool has_eol,
                        bool is_entry)
{
    CaptureTrack *to = &writer->tracks[track];
    capture_lock(writer);
    CaptureWriterCounts *counts = &writer->counts;
    bool is_shut = writer->is_over || counts->is_done || counts->error != 0 || to->is_unwanted;
    /* A record that is larger than all that may be held goes when nothing else is. */
    bool has_room = writer->held + writer->going == 0 ||
                    writer->held + writer->going + text.len <= writer->setup.held_bytes;
    bool is_taken = !is_shut && has_room;
    size_t before = writer->held;
    if (is_taken) {
        size_t len = to->filling.bytes.len;
        if (to->is_open_line) {
            strbuf_add_char(&to->filling.bytes, '\n');
        }
        batch_add(&to->filling, text, has_eol, is_entry);
        to->is_open_line = !has_eol;
        writer->held += to->filling.bytes.len - len;
        writer->held_at = before == 0 ? clock_monotonic() : writer->held_at;
    }
    counts->taken += is_entry ? 1 : 0;
    /* finish() counts what it finds in no file; who comes before it must not count twice. */
    counts->missed += is_entry && !is_taken ? 1 : 0;
    size_t after = writer->held;
    capture_unlock(writer);
    if (is_taken &&
        (before == 0 || (before < CAPTURE_BATCH_BYTES && after >= CAPTURE_BATCH_BYTES))) {
        wake(writer);
    }
    return is_taken;
}

void capture_writer_add_missed(CaptureWriter *writer, uint64_t count)
{
    capture_lock(writer);
    writer->counts.taken += count;
    writer->counts.missed += count;
    capture_unlock(writer);
}

bool capture_writer_is_full(CaptureWriter *writer)
{
    capture_lock(writer);
    bool is_full = !writer->counts.is_done && writer->counts.error == 0 &&
                   writer->held + writer->going > writer->setup.held_bytes / 2;
    capture_unlock(writer);
    return is_full;
}

const char *capture_writer_path(const CaptureWriter *writer, size_t track)
{
    return writer->tracks[track].path;
}

void capture_writer_counts(CaptureWriter *writer, CaptureWriterCounts *ret_counts)
{
    capture_lock(writer);
    *ret_counts = writer->counts;
    capture_unlock(writer);
}

void capture_writer_end(CaptureWriter *writer)
{
    capture_lock(writer);
    writer->is_over = true;
    capture_unlock(writer);
    wake(writer);
}

static bool is_done(CaptureWriter *writer)
{
    CaptureWriterCounts counts;
    capture_writer_counts(writer, &counts);
    return counts.is_done;
}

void capture_writer_wait(CaptureWriter *writer)
{
    if (!writer->has_thread) {
        return;
    }
    capture_writer_end(writer);
    int64_t until = clock_monotonic() + CAPTURE_END_NS;
    while (!is_done(writer) && clock_monotonic() < until) {
        struct timespec step = {.tv_nsec = (long)LOOK_NS};
        (void)nanosleep(&step, NULL); /* a signal only shortens it */
    }
}

void capture_writer_free(CaptureWriter *writer)
{
    if (writer == NULL) {
        return;
    }
    capture_writer_wait(writer);
    capture_lock(writer);
    writer->is_abandoned = writer->has_thread && !writer->counts.is_done;
    bool is_left = writer->is_abandoned;
    pthread_t thread = writer->thread;
    capture_unlock(writer);
    if (is_left) {
        (void)pthread_detach(thread); /* it frees `writer` when the disk lets go of it */
        return;
    }
    if (writer->has_thread) {
        (void)pthread_join(writer->thread, NULL);
    }
    capture_writer_destroy(writer);
}
