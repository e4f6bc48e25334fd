/*
 * Capture: see capture.h. Which file a record goes to, what the files are called, and what is said
 * of it all; the writing is session/capture_writer.c's.
 */
#include "session/capture.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

#define NAME_MAX_BYTES 64
#define PART_DIGITS 4

/* What is held of a source for long: FILE.held. */
typedef struct Side {
    size_t track;        /* 0 = there is none (any more) */
    bool has_held;       /* something was */
    bool lacks;          /* FILE lacks something that may be in it */
    bool stays;          /* it is not removed */
    uint64_t overflowed; /* held entries it had no room for */
    uint64_t lost;       /* held entries that will not come: they are in it alone */
} Side;

struct Capture {
    CaptureWriter *writer;
    char *path;
    StrBuf *files;  /* the path of each source's */
    uint64_t *gaps; /* entries of each source that had no room, since the last that had */
    Side *sides;
    size_t count;
    uint64_t lost; /* entries that are missing because they never came */
    bool is_over;
    bool is_late; /* the disk did not take the end of it in time */
    StrBuf trouble;
    StrBuf scratch;
};

/* --- names ------------------------------------------------------------------------------------ */

/* Appends a source's name as a part of a file's: without slashes, blanks and what else a shell
 * would want quoted. */
static void add_safe(StrBuf *buf, StrView name)
{
    name = sv_slice(name, 0, NAME_MAX_BYTES);
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.ptr[i];
        bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= '0' && byte <= '9') || byte == '.' || byte == '_' || byte == '-' ||
                        byte == '@';
        strbuf_add_char(buf, is_plain ? byte : '-');
    }
}

static bool is_name_taken(const Capture *capture, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (sv_equal(strbuf_view(&capture->files[i]), strbuf_view(&capture->files[index]))) {
            return true;
        }
    }
    return false;
}

/* The path itself for a single source, else PATH.NAME, with a number where two have one name. */
static void name_files(Capture *capture, const CaptureSetup *setup)
{
    for (size_t i = 0; i < setup->count; i++) {
        StrBuf *file = &capture->files[i];
        for (size_t number = 1; number == 1 || is_name_taken(capture, i); number++) {
            strbuf_clear(file);
            strbuf_add_str(file, setup->path);
            if (setup->count > 1) {
                strbuf_add_char(file, '.');
                add_safe(file, setup->names[i]);
            }
            if (number > 1) {
                strbuf_printf(file, "-%zu", number);
            }
        }
    }
}

bool capture_part_of(StrView path, StrView *ret_stem, unsigned *ret_part)
{
    size_t digits = 0;
    unsigned part = 0;
    while (digits < path.len && path.ptr[path.len - 1 - digits] >= '0' &&
           path.ptr[path.len - 1 - digits] <= '9') {
        digits++;
    }
    if (digits != PART_DIGITS || path.len < digits + 2 || path.ptr[path.len - digits - 1] != '.') {
        return false;
    }
    for (size_t i = path.len - digits; i < path.len; i++) {
        part = part * 10 + (unsigned)(path.ptr[i] - '0');
    }
    if (part < 2) {
        return false;
    }
    *ret_stem = sv_slice(path, 0, path.len - digits - 1);
    *ret_part = part;
    return true;
}

/* --- beginning and end ------------------------------------------------------------------------ */

/* Opens FILE.held for each source that needs it. */
static bool open_sides(Capture *capture, const CaptureSetup *setup, Err *err)
{
    size_t track = capture->count;
    bool is_good = true;
    StrBuf path = {0};
    for (size_t i = 0; i < capture->count && is_good && setup->holds != NULL; i++) {
        bool exists;
        if (setup->holds[i]) {
            strbuf_clear(&path);
            strbuf_add(&path, strbuf_view(&capture->files[i]));
            strbuf_add_str(&path, ".held");
            is_good = capture_writer_open(capture->writer, path.ptr, false, &exists, err);
        }
        if (is_good && setup->holds[i]) {
            capture_writer_mark_side(capture->writer);
            capture->sides[i].track = track++;
        }
    }
    strbuf_done(&path);
    return is_good;
}

/* What is replaced is gone: first all that can be in the way is looked for. */
static bool check_sides(const Capture *capture, const CaptureSetup *setup, Err *err)
{
    struct stat info;
    bool is_free = true;
    for (size_t i = 0; i < capture->count && is_free && setup->holds != NULL; i++) {
        StrBuf path = {0};
        strbuf_printf(&path, "%s.held", capture->files[i].ptr);
        is_free = !setup->holds[i] || lstat(path.ptr, &info) != 0 ||
                  err_set(err, "'%s' exists already; give another name, or move it away", path.ptr);
        strbuf_done(&path);
    }
    return is_free;
}

static bool open_files(Capture *capture, const CaptureSetup *setup, bool *ret_exists, Err *err)
{
    if (!check_sides(capture, setup, err)) {
        return false;
    }
    for (size_t i = 0; i < capture->count; i++) {
        if (!capture_writer_open(capture->writer, capture->files[i].ptr,
                                 setup->may_replace && capture->count == 1, ret_exists, err)) {
            /* Only what can be replaced is worth asking about. */
            *ret_exists = *ret_exists && capture->count == 1;
            return false;
        }
    }
    if (!open_sides(capture, setup, err)) {
        return false;
    }
    return capture_writer_start(capture->writer, err);
}

Capture *capture_new(const CaptureSetup *setup, bool *ret_exists, Err *err)
{
    Capture *capture = mem_calloc(1, sizeof *capture);
    capture->path = mem_dup(setup->path, strlen(setup->path));
    capture->count = setup->count;
    capture->files = mem_calloc(setup->count, sizeof *capture->files);
    capture->gaps = mem_calloc(setup->count, sizeof *capture->gaps);
    capture->sides = mem_calloc(setup->count, sizeof *capture->sides);
    capture->writer = capture_writer_new(&setup->writer);
    *ret_exists = false;
    name_files(capture, setup);
    bool is_good = setup->path[0] != '\0' || err_set(err, "the file needs a name");
    if (is_good && open_files(capture, setup, ret_exists, err)) {
        return capture;
    }
    capture_writer_take_back(capture->writer);
    capture_free(capture);
    return NULL;
}

void capture_free(Capture *capture)
{
    if (capture == NULL) {
        return;
    }
    capture_writer_free(capture->writer);
    for (size_t i = 0; i < capture->count; i++) {
        strbuf_done(&capture->files[i]);
    }
    mem_free(capture->files);
    mem_free(capture->gaps);
    mem_free(capture->sides);
    mem_free(capture->path);
    strbuf_done(&capture->trouble);
    strbuf_done(&capture->scratch);
    mem_free(capture);
}

/* A hole in a file is told in it, before what comes after. */
static bool tell_gap(Capture *capture, size_t source)
{
    strbuf_clear(&capture->scratch);
    strbuf_printf(&capture->scratch,
                  "mdmscope: %" PRIu64 " entries are missing here: the disk was too slow for them",
                  capture->gaps[source]);
    if (!capture_writer_add(capture->writer, source, strbuf_view(&capture->scratch), true, false)) {
        return false;
    }
    capture->gaps[source] = 0;
    return true;
}

/* Entries that never came and are in no side either. */
static void miss(Capture *capture, uint64_t count)
{
    capture->lost += count;
    capture_writer_add_missed(capture->writer, count);
}

/* Removes FILE.held where all that is in it has come, as `is_released` says, and is in FILE. */
static void end_side(Capture *capture, size_t source, bool is_released)
{
    Side *side = &capture->sides[source];
    if (side->track == 0) {
        return;
    }
    /* What had no room in it is missing where it will not come any more. */
    uint64_t gone = is_released && side->lost < side->overflowed ? side->lost : side->overflowed;
    if (gone > 0) {
        miss(capture, gone);
        side->lost -= is_released ? gone : 0;
    }
    side->stays = side->has_held && (!is_released || side->lacks || side->lost > 0);
    if (!side->stays) {
        capture_writer_drop_side(capture->writer, side->track);
    }
    side->track = 0;
}

void capture_end(Capture *capture)
{
    for (size_t i = 0; i < capture->count && !capture->is_over; i++) {
        if (capture->gaps[i] > 0) {
            (void)tell_gap(capture, i); /* where even that has no room, the status tells */
        }
    }
    for (size_t i = 0; i < capture->count && !capture->is_over; i++) {
        end_side(capture, i, false);
    }
    capture->is_over = true;
    capture_writer_end(capture->writer);
}

void capture_wait(Capture *capture)
{
    capture_end(capture);
    capture_writer_wait(capture->writer);
    CaptureWriterCounts counts;
    capture_writer_counts(capture->writer, &counts);
    capture->is_late = !counts.is_done;
}

/* --- what comes ------------------------------------------------------------------------------- */

void capture_entry(Capture *capture, const Entry *entry)
{
    size_t source = entry->source;
    if (capture->is_over || source >= capture->count) {
        return;
    }
    if (capture->gaps[source] > 0) {
        (void)tell_gap(capture, source); /* where there is no room yet, neither is for the entry */
    }
    bool has_eol = (entry->flags & ENTRY_NO_EOL) == 0;
    if (!capture_writer_add(capture->writer, source, entry->raw, has_eol, true)) {
        capture->gaps[source]++;
        capture->sides[source].lacks = true; /* it may have been held */
    }
}

void capture_line(Capture *capture, uint8_t source, StrView line)
{
    if (!capture->is_over && source < capture->count) {
        (void)capture_writer_add(capture->writer, source, line, true, false);
    }
}

void capture_held(Capture *capture, const Entry *entry)
{
    size_t source = entry->source;
    Side *side = source < capture->count ? &capture->sides[source] : NULL;
    if (!capture->is_over && side != NULL && side->track != 0) {
        bool has_eol = (entry->flags & ENTRY_NO_EOL) == 0;
        side->has_held = true;
        if (!capture_writer_add(capture->writer, side->track, entry->raw, has_eol, false)) {
            side->overflowed++; /* the entry comes again */
        }
    }
}

void capture_released(Capture *capture, uint8_t source)
{
    if (source < capture->count && !capture->is_over) {
        end_side(capture, source, true);
    }
}

void capture_lost(Capture *capture, uint8_t source, uint64_t count)
{
    if (capture->is_over || source >= capture->count) {
        return;
    }
    if (capture->sides[source].track != 0 && capture->sides[source].has_held) {
        capture->sides[source].lost += count;
        return;
    }
    miss(capture, count);
    strbuf_clear(&capture->scratch);
    strbuf_printf(&capture->scratch,
                  "mdmscope: %" PRIu64 " entries are missing here: there was no memory for them",
                  count);
    capture_line(capture, source, strbuf_view(&capture->scratch));
}

bool capture_is_full(const Capture *capture)
{
    return capture_writer_is_full(capture->writer);
}

/* --- what is said of it ----------------------------------------------------------------------- */

static void add_part(const Capture *capture, size_t track, unsigned part, StrBuf *buf)
{
    StrBuf name = {0};
    capture_part_name(capture_writer_path(capture->writer, track), part, &name);
    strbuf_printf(buf, "'%s'", name.ptr);
    strbuf_done(&name);
}

static void describe_failure(Capture *capture, const CaptureWriterCounts *counts)
{
    if (counts->error == ENOENT) { /* it is open: no write says that */
        strbuf_add_str(&capture->trouble, "the capture has stopped: ");
        add_part(capture, counts->track, counts->part, &capture->trouble);
        strbuf_add_str(&capture->trouble, " was removed, with all that was in it");
        return;
    }
    strbuf_add_str(&capture->trouble, "the capture has stopped: cannot write ");
    add_part(capture, counts->track, counts->part, &capture->trouble);
    strbuf_printf(&capture->trouble, ": %s", strerror(counts->error));
}

static void describe_part(Capture *capture, const CaptureWriterCounts *counts)
{
    strbuf_add_str(&capture->trouble, "the capture cannot begin ");
    add_part(capture, counts->part_track, counts->part_kept + 1, &capture->trouble);
    strbuf_printf(&capture->trouble, ": %s; ", strerror(counts->part_error));
    add_part(capture, counts->part_track, counts->part_kept, &capture->trouble);
    strbuf_add_str(&capture->trouble, " goes on beyond its size");
}

/* What is missing, and why. */
static void describe_missed(Capture *capture, const CaptureWriterCounts *counts)
{
    strbuf_printf(&capture->trouble, "the capture lacks %" PRIu64 " entries: ", counts->missed);
    strbuf_add_str(&capture->trouble, counts->missed > capture->lost
                                          ? "the disk was too slow for them"
                                          : "there was no memory for what had to wait");
}

/* The first FILE.held that is to be opened as well; false when there is none. */
static bool describe_held(Capture *capture)
{
    for (size_t i = 0; i < capture->count; i++) {
        const Side *side = &capture->sides[i];
        if (side->stays) {
            strbuf_add_str(&capture->trouble, capture->trouble.len > 0 ? "; " : "");
            if (side->lost > 0) {
                strbuf_printf(&capture->trouble, "%" PRIu64 " entries are", side->lost);
            } else {
                strbuf_add_str(&capture->trouble, "what waited for the history is");
            }
            strbuf_printf(&capture->trouble, " in '%s.held' only: open both",
                          capture->files[i].ptr);
            return true;
        }
    }
    return false;
}

static CaptureState state_of(const Capture *capture, const CaptureWriterCounts *counts)
{
    if (counts->error != 0) {
        return CAPTURE_FAILED;
    }
    if (counts->is_done) {
        return CAPTURE_ENDED;
    }
    return capture->is_over ? CAPTURE_ENDING : CAPTURE_RUNNING;
}

void capture_status(Capture *capture, CaptureStatus *ret_status)
{
    CaptureWriterCounts counts;
    capture_writer_counts(capture->writer, &counts);
    *ret_status = (CaptureStatus){
        .state = state_of(capture, &counts),
        .path = sv(capture->path),
        .entries = counts.taken,
        .missed = counts.missed,
        .bytes = counts.bytes,
        .files = counts.parts,
    };
    strbuf_clear(&capture->trouble);
    if (capture->is_late && !counts.is_done) {
        ret_status->missed = counts.taken - counts.written;
        strbuf_add_str(&capture->trouble, "the disk did not take the end of the capture in time");
    } else if (counts.error != 0) {
        describe_failure(capture, &counts);
        ret_status->advice = counts.error == ENOENT
                                 ? SV("another one can be begun, elsewhere")
                                 : SV("what came before is in it; another one can be begun");
    } else if (counts.missed > 0) {
        describe_missed(capture, &counts);
        (void)describe_held(capture);
        ret_status->advice = SV("the file says where; choose a faster disk, or ask log for less");
    } else if (!describe_held(capture) && counts.part_error != 0) {
        describe_part(capture, &counts);
    }
    if (capture->trouble.len > 0) {
        ret_status->trouble = strbuf_view(&capture->trouble);
    }
}
