/*
 * GzipOut: bytes in, a gzip stream out (RFC 1952), in any pieces. The one file of the session that
 * packs; what unpacks is the file source.
 */
#ifndef SESSION_GZIP_OUT_H
#define SESSION_GZIP_OUT_H

#include "base/base.h"
#include "base/str.h"

typedef struct GzipOut GzipOut;

/* Begins a stream; its head names neither a file nor a time. The caller frees it. */
GzipOut *gzip_out_new(void);
void gzip_out_free(GzipOut *gzip);

/* Takes `bytes`; appends to `buf` what is ready. */
void gzip_out_add(GzipOut *gzip, StrView bytes, StrBuf *buf);

/* Appends the rest and ends the stream; nothing may be added afterwards. */
void gzip_out_end(GzipOut *gzip, StrBuf *buf);

#endif
