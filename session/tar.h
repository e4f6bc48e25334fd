/*
 * Tar: files one after the other as POSIX ustar writes them, for whoever packs a few regular files
 * with short names. It writes only; it reads no archive and touches no file.
 */
#ifndef SESSION_TAR_H
#define SESSION_TAR_H

#include "base/base.h"
#include "base/str.h"

#define TAR_NAME_MAX 100
#define TAR_BLOCK 512
#define TAR_SIZE_MAX (((uint64_t)1 << 33) - 1) /* what the eleven octal digits of its head hold */

/* Appends the head of a file of `size` bytes (at most TAR_SIZE_MAX), to be followed by just these
 * and tar_pad. The name has at most TAR_NAME_MAX bytes; the mode is 0600, owner and group are
 * nobody's: an archive tells nothing of who made it. */
void tar_head(const char *name, uint64_t size, int64_t seconds, StrBuf *buf);

/* Appends what fills the last block of a file of `size` bytes. */
void tar_pad(uint64_t size, StrBuf *buf);

/* Appends the archive's end. */
void tar_end(StrBuf *buf);

#endif
