/*
 * FileOut: a file that appears whole or not at all: a temporary one of mode 0600 beside it, fsync,
 * then the name. It knows nothing of what is written.
 */
#ifndef SESSION_FILE_OUT_H
#define SESSION_FILE_OUT_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

/* All zero but `fd` = -1 is fine for file_out_done. */
typedef struct FileOut {
    int fd;          /* -1 = not open */
    char *path;      /* owned */
    char *temporary; /* owned; NULL = there is none (any more) */
    bool may_replace;
} FileOut;

/* Opens the temporary file. Fails when it cannot be made, when `path` is something else than a file
 * (a device, a directory), or when it is there and may not be replaced (then *ret_exists, which may
 * be NULL, is true). */
bool file_out_begin(FileOut *out, const char *path, bool may_replace, bool *ret_exists, Err *err);

bool file_out_write(FileOut *out, StrView bytes, Err *err);

/* Puts the file in place. What has come to be at `path` in the meantime is not replaced either
 * unless it may be. */
bool file_out_commit(FileOut *out, Err *err);

/* Frees, and removes a file that was not put in place. */
void file_out_done(FileOut *out);

#endif
