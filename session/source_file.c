/*
 * Files and standard input as a kind of source: regular files, pipes, devices; plain or gzip, which
 * is recognised by its first two bytes. The one file of session/ that includes zlib.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "session/child.h"
#include "session/source_kind.h"
#include "session/source_parts.h"
#include "session/source_words.h"

/* Compressed bytes read at a time; what they unpack to is passed on in larger pieces. */
#define FILE_PACKED_BYTES (64 * KIB)
/* A named pipe that nobody writes to yet is looked at again after so long. */
#define FILE_RETRY_NS (INT64_C(100) * NS_PER_MS)
/* A text-style entry that waits for more lines comes out after so much silence. */
#define FILE_IDLE_NS (INT64_C(200) * NS_PER_MS)

typedef struct FileSource {
    SourceSetup setup;
    Decoder *decoder;
    int fd;
    const char *path; /* of the file that is read now, where the source is several; borrowed */
    bool is_shared;   /* standard input: its flags belong to others too, so it may block */
    bool is_regular;
    bool is_fifo; /* with a name: somebody may yet open it for writing */
    bool has_ended;
    bool has_failed; /* not all of it could be read */
    bool is_decided; /* whether it is packed is known */
    bool is_packed;
    bool is_inside;  /* packed: in the middle of a member */
    bool has_member; /* packed: a whole member was unpacked */
    bool is_idle;    /* decoder_idle was called since the last bytes */
    char head[2];    /* the first bytes, until that is decided */
    size_t head_len;
    z_stream packed;
    unsigned char *input; /* FILE_PACKED_BYTES; NULL unless packed */
    int64_t last_byte_at;
    int64_t retry_at; /* 0 = not waiting for a writer */
    uint64_t bytes;
    uint64_t bytes_total;
    uint64_t drop_notices;
    int64_t newest_ns;
    StrBuf name;
    Words words;
} FileSource;

static void on_entry(void *context, const Entry *entry)
{
    FileSource *file = context;
    if (entry->time.ns != CLOCK_NO_TIME) {
        file->newest_ns = entry->time.ns;
    }
    file->setup.sink.entry(file->setup.sink.context, entry);
}

static void say(FileSource *file, StrView text)
{
    file->setup.sink.notice(file->setup.sink.context, file->setup.number, file->newest_ns, text);
}

static void on_notice(void *context, NoticeKind kind, StrView text)
{
    FileSource *file = context;
    if (kind == NOTICE_DROPPED) {
        file->drop_notices++;
    }
    source_tap_line(&file->setup, text);
    if (kind == NOTICE_DROPPED || kind == NOTICE_SKIPPED) {
        say(file, text);
    }
}

/* --- opening ---------------------------------------------------------------------------------- */

/* Looks whether the parts can be read, too. */
static bool add_part_sizes(FileSource *file, Err *err)
{
    const Options *options = file->setup.options;
    file->path = file->setup.spec->argument; /* NULL for standard input */
    const char *path = file->path != NULL ? source_parts_after(options, file->path) : NULL;
    for (; path != NULL; path = source_parts_after(options, path)) {
        struct stat info;
        if (stat(path, &info) != 0 || access(path, R_OK) != 0) {
            return err_set(err, "cannot read '%s': %s", path, strerror(errno));
        }
        file->bytes_total += file->is_regular ? (uint64_t)info.st_size : 0;
    }
    return true;
}

static bool open_fd(FileSource *file, Err *err)
{
    const char *path = file->setup.spec->argument;
    struct stat info;
    if (file->setup.spec->kind == SOURCE_STDIN) {
        file->fd = STDIN_FILENO;
        file->is_shared = true;
        path = "standard input";
    } else {
        /* O_NONBLOCK so that a named pipe without a writer does not hold us up. */
        file->fd = child_fit_fd(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    }
    if (file->fd < 0 || fstat(file->fd, &info) != 0) {
        return err_set(err, "cannot read '%s': %s", path, strerror(errno));
    }
    if (S_ISDIR(info.st_mode)) {
        return err_set(err, "cannot read '%s': %s", path, strerror(EISDIR));
    }
    file->is_regular = S_ISREG(info.st_mode);
    /* What a shell hands over as /dev/fd/N has its writer already, or never will. */
    file->is_fifo = S_ISFIFO(info.st_mode) && !file->is_shared &&
                    !sv_starts(sv(path), SV("/dev/fd/")) && !sv_starts(sv(path), SV("/proc/"));
    file->bytes_total = file->is_regular ? (uint64_t)info.st_size : 0;
    if (!add_part_sizes(file, err)) {
        return false;
    }
    strbuf_add(&file->name, file->is_shared ? SV("stdin") : sv_path_last(sv(path)));
    return true;
}

static void file_free(void *source)
{
    FileSource *file = source;
    if (file == NULL) {
        return;
    }
    if (!file->is_shared) {
        child_close(&file->fd);
    }
    if (file->input != NULL) {
        (void)inflateEnd(&file->packed); /* only says whether it was at its end */
        mem_free(file->input);
    }
    decoder_free(file->decoder);
    strbuf_done(&file->name);
    words_done(&file->words);
    mem_free(file);
}

static void *file_open(const SourceSetup *setup, Err *err)
{
    FileSource *file = mem_calloc(1, sizeof(*file));
    file->setup = *setup;
    file->fd = -1;
    file->is_idle = true;
    file->newest_ns = CLOCK_NO_TIME;
    if (!open_fd(file, err)) {
        file_free(file);
        return NULL;
    }
    DecoderSink sink = {.entry = on_entry, .notice = on_notice, .context = file};
    file->decoder = decoder_new(setup->options->style_in, setup->number, sink);
    decoder_set_zone(file->decoder, clock_now().zone_minutes);
    return file;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Ends it; `complaint`, NULL = none, is told in the words of an end, as a child's is. */
static void end_file(FileSource *file, const char *complaint)
{
    decoder_end(file->decoder);
    if (complaint != NULL) {
        StrBuf text = {0};
        words_add(&file->words, sv(complaint));
        strbuf_add(&text, strbuf_view(&file->name));
        strbuf_printf(&text, " ended: %s", complaint);
        say(file, strbuf_view(&text));
        strbuf_done(&text);
    }
    file->has_ended = true;
    if (!file->is_shared) {
        child_close(&file->fd);
    }
}

/* Ends it where not all of it could be read. */
static void fail_file(FileSource *file, const char *complaint)
{
    file->has_failed = true;
    end_file(file, complaint);
}

static void feed(FileSource *file, StrView bytes)
{
    decoder_feed(file->decoder, bytes);
    file->is_idle = false;
}

static bool is_readable_now(int fd)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    struct timeval none = {0};
    return select(fd + 1, &set, NULL, NULL, &none) > 0;
}

/* Reads once without ever blocking, whatever the descriptor's flags are. */
static ReadResult read_some(FileSource *file, char *buffer, size_t size, StrView *ret_bytes,
                            int64_t now)
{
    if (file->is_shared && !file->is_regular && !is_readable_now(file->fd)) {
        return READ_NOTHING;
    }
    ReadResult result = source_read(file->fd, buffer, size, ret_bytes);
    if (result == READ_DATA) {
        file->bytes += ret_bytes->len;
        file->last_byte_at = now;
        file->retry_at = 0;
    } else if (result == READ_END && file->is_fifo && file->bytes == 0) {
        file->retry_at = now + FILE_RETRY_NS; /* nobody has opened the other end yet */
        return READ_NOTHING;
    }
    return result;
}

/* Goes on with the next file of a capture that was written in parts, if there is one; what cannot
 * be opened ends it. False when there is nothing more to read. */
static bool begin_part(FileSource *file)
{
    const char *path =
        file->path != NULL ? source_parts_after(file->setup.options, file->path) : NULL;
    if (path == NULL) {
        return false;
    }
    file->path = path;
    child_close(&file->fd);
    file->fd = child_fit_fd(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (file->fd < 0) {
        StrBuf why = {0};
        strbuf_printf(&why, "cannot read '%s': %s", path, strerror(errno));
        fail_file(file, why.ptr);
        strbuf_done(&why);
    }
    return true;
}

/* Ends the file after a read that gave no bytes; false when there is merely nothing yet. */
static bool end_of(FileSource *file, ReadResult result)
{
    if (result == READ_NOTHING) {
        return false;
    }
    if (result == READ_FAILED) {
        fail_file(file, strerror(errno));
    } else if (file->is_inside) {
        fail_file(file, "the compressed data is truncated: what could be unpacked is shown");
    } else if (!begin_part(file)) {
        end_file(file, NULL);
    }
    return true;
}

/* Finds out by the first two bytes whether the data is gzip. */
static bool decide(FileSource *file, int64_t now)
{
    static const char magic[2] = "\x1f\x8b";
    StrView bytes;
    ReadResult result = read_some(file, file->head + file->head_len,
                                  sizeof(file->head) - file->head_len, &bytes, now);
    if (result == READ_DATA) {
        file->head_len += bytes.len;
        if (file->head_len < sizeof(file->head)) {
            return true;
        }
    } else if (result == READ_NOTHING) {
        return false;
    }
    file->is_decided = true;
    file->is_packed =
        file->head_len == sizeof(file->head) && memcmp(file->head, magic, sizeof(magic)) == 0;
    if (!file->is_packed) {
        feed(file, sv_of(file->head, file->head_len));
        return result == READ_DATA || end_of(file, result);
    }
    file->input = mem_alloc(FILE_PACKED_BYTES);
    memcpy(file->input, file->head, file->head_len);
    file->packed.next_in = file->input;
    file->packed.avail_in = (uInt)file->head_len;
    if (inflateInit2(&file->packed, MAX_WBITS + 16) != Z_OK) { /* + 16: the gzip format */
        mem_free(file->input);
        file->input = NULL;
        fail_file(file, "the compressed data cannot be unpacked");
    }
    return true;
}

/* After the end of a member: a further one, padding, or something else. */
static void end_member(FileSource *file)
{
    file->is_inside = false;
    file->has_member = true;
    (void)inflateReset(&file->packed); /* fails on a broken z_stream only, which this is not */
}

/* Unpacks into one piece; true when anything happened. */
static bool unpack(FileSource *file, int64_t now)
{
    z_stream *packed = &file->packed;
    if (packed->avail_in == 0) {
        StrView bytes;
        ReadResult result = read_some(file, (char *)file->input, FILE_PACKED_BYTES, &bytes, now);
        if (result != READ_DATA) {
            return end_of(file, result);
        }
        packed->next_in = file->input;
        packed->avail_in = (uInt)bytes.len;
    }
    while (!file->is_inside && packed->avail_in > 0 && *packed->next_in == 0) {
        packed->next_in++; /* zeroes between members and after the last: padding of a tape */
        packed->avail_in--;
    }
    if (packed->avail_in == 0) {
        return true;
    }
    bool is_tail = file->has_member && !file->is_inside;
    file->is_inside = true;
    packed->next_out = (unsigned char *)file->setup.buffer;
    packed->avail_out = SOURCE_PIECE_BYTES;
    int result = inflate(packed, Z_NO_FLUSH);
    feed(file, sv_of(file->setup.buffer, SOURCE_PIECE_BYTES - packed->avail_out));
    file->last_byte_at = now; /* of a pipe: the silence begins when all of it is unpacked */
    if (result == Z_STREAM_END) {
        end_member(file);
    } else if (result != Z_OK && result != Z_BUF_ERROR && is_tail) {
        end_file(file, "bytes after the compressed data were left out");
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        fail_file(file, "the compressed data is damaged: what could be unpacked is shown");
    }
    return true;
}

static bool read_plain(FileSource *file, int64_t now)
{
    StrView bytes;
    ReadResult result = read_some(file, file->setup.buffer, SOURCE_PIECE_BYTES, &bytes, now);
    if (result != READ_DATA) {
        return end_of(file, result);
    }
    feed(file, bytes);
    return true;
}

static bool read_piece(FileSource *file, int64_t now)
{
    if (!file->is_decided) {
        return decide(file, now);
    }
    return file->is_packed ? unpack(file, now) : read_plain(file, now);
}

/* --- as a kind of source ---------------------------------------------------------------------- */

static void file_fds(const void *source, bool is_full, fd_set *reads, int *max_fd)
{
    const FileSource *file = source;
    /* A regular file is always ready: it is read by deadline. */
    if (!file->has_ended && !file->is_regular && !is_full && file->retry_at == 0) {
        source_add_fd(file->fd, reads, max_fd);
    }
}

/* Tells whether an entry waits for more lines that may never come. A regular file has them or is at
 * its end, and so have bytes that are not unpacked yet, however long that takes. */
static bool may_idle(const FileSource *file)
{
    return !file->has_ended && !file->is_idle && !file->is_regular && file->packed.avail_in == 0;
}

static int64_t file_deadline(const void *source, bool is_full, int64_t now)
{
    const FileSource *file = source;
    if (file->has_ended || is_full) {
        return INT64_MAX;
    }
    if (file->is_regular || (file->is_packed && file->packed.avail_in > 0)) {
        return now;
    }
    int64_t idle = may_idle(file) ? file->last_byte_at + FILE_IDLE_NS : INT64_MAX;
    return file->retry_at != 0 && file->retry_at < idle ? file->retry_at : idle;
}

static bool file_pump(void *source, const SourceTurn *turn)
{
    FileSource *file = source;
    bool changed = false;
    if (file->has_ended || turn->is_full) {
        return false;
    }
    bool is_due = file->is_regular || file->retry_at != 0 || file->packed.avail_in > 0 ||
                  source_is_ready(file->fd, turn);
    while (is_due && !file->has_ended && read_piece(file, turn->now)) {
        changed = true;
        is_due = clock_monotonic() < turn->until;
    }
    if (may_idle(file) && turn->now - file->last_byte_at >= FILE_IDLE_NS) {
        file->is_idle = true;
        decoder_idle(file->decoder);
        changed = true;
    }
    return changed;
}

static void file_flush(void *source)
{
    FileSource *file = source;
    if (!file->has_ended) {
        decoder_end(file->decoder);
    }
}

static void file_status(const void *source, SourceStatus *ret_status)
{
    const FileSource *file = source;
    *ret_status = (SourceStatus){
        .state = file->has_ended ? SOURCE_ENDED : SOURCE_READING,
        .kind = file->setup.spec->kind,
        .has_failed = file->has_failed,
        .name = strbuf_view(&file->name),
        .words = words_view(&file->words),
        .drop_notices = file->drop_notices,
        .bytes = file->bytes,
        .bytes_total = file->bytes_total,
        .counts = *decoder_counts(file->decoder),
    };
}

static MergePace file_pace(const void *source)
{
    const FileSource *file = source;
    if (file->has_ended) {
        return MERGE_ENDED;
    }
    return file->is_regular ? MERGE_FILE : MERGE_LIVE;
}

const SourceOps SOURCE_FILE_OPS = {
    .open = file_open,
    .free = file_free,
    .fds = file_fds,
    .deadline = file_deadline,
    .flush = file_flush,
    .pump = file_pump,
    .status = file_status,
    .pace = file_pace,
};
