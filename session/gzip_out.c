/*
 * GzipOut: see gzip_out.h. zlib's deflate; what it writes goes straight into the caller's buffer.
 */
#include "session/gzip_out.h"

#include <stdlib.h>
#define ZLIB_CONST /* zlib only reads what it is given */
#include <zlib.h>

#include "base/mem.h"

#define PIECE_BYTES (64 * KIB)
#define GZIP_HEAD 16 /* added to the window's bits: with a gzip head */
#define MEMORY_LEVEL 8

struct GzipOut {
    z_stream stream;
};

static void *get_memory(void *context, uInt count, uInt size)
{
    (void)context;
    return mem_calloc(count, size);
}

static void give_memory(void *context, void *address)
{
    (void)context;
    mem_free(address);
}

GzipOut *gzip_out_new(void)
{
    GzipOut *gzip = mem_calloc(1, sizeof *gzip);
    gzip->stream.zalloc = get_memory;
    gzip->stream.zfree = give_memory;
    if (deflateInit2(&gzip->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + GZIP_HEAD,
                     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        abort(); /* memory does not fail, and the arguments are constants */
    }
    return gzip;
}

void gzip_out_free(GzipOut *gzip)
{
    if (gzip != NULL) {
        (void)deflateEnd(&gzip->stream); /* says only that there was input left */
        mem_free(gzip);
    }
}

/* Runs until all input is taken, or with Z_FINISH until the stream is ended. */
static void run(GzipOut *gzip, int flush, StrBuf *buf)
{
    int result;
    do {
        strbuf_reserve(buf, PIECE_BYTES + 1);
        gzip->stream.next_out = (Bytef *)(buf->ptr + buf->len);
        gzip->stream.avail_out = PIECE_BYTES;
        result = deflate(&gzip->stream, flush);
        buf->len += PIECE_BYTES - gzip->stream.avail_out;
        buf->ptr[buf->len] = '\0';
    } while (result == Z_OK && (gzip->stream.avail_out == 0 || flush == Z_FINISH));
}

void gzip_out_add(GzipOut *gzip, StrView bytes, StrBuf *buf)
{
    while (bytes.len > 0) {
        StrView piece = sv_slice(bytes, 0, PIECE_BYTES);
        gzip->stream.next_in = (const Bytef *)piece.ptr;
        gzip->stream.avail_in = (uInt)piece.len;
        run(gzip, Z_NO_FLUSH, buf);
        bytes = sv_slice(bytes, piece.len, SIZE_MAX);
    }
}

void gzip_out_end(GzipOut *gzip, StrBuf *buf)
{
    gzip->stream.next_in = NULL;
    gzip->stream.avail_in = 0;
    run(gzip, Z_FINISH, buf);
}
