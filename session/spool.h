/*
 * Spool: bytes that are written before it is known what must stand in front of them: a file without
 * a name, which goes with its descriptor, whatever ends the program.
 */
#ifndef SESSION_SPOOL_H
#define SESSION_SPOOL_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

typedef struct Spool {
    int fd;       /* -1 = not open */
    uint64_t len; /* bytes written */
    uint64_t at;  /* bytes read */
} Spool;

/* Makes it in the directory of `path`, where the file will be that is made of it, or with NULL
 * where temporary files are. */
bool spool_open(Spool *spool, const char *path, Err *err);
bool spool_add(Spool *spool, StrView bytes, Err *err);

/* Appends the next bytes, at most `max`; appends nothing at the end. */
bool spool_read(Spool *spool, size_t max, StrBuf *buf, Err *err);

/* Closes it; one that is not open (fd -1) is fine. */
void spool_done(Spool *spool);

#endif
