/*
 * UserFile: reading and writing the small files of the user's: whole or not at all, private, and
 * with a lock among the running programs. It knows nothing of what is in them.
 */
#ifndef SESSION_USER_FILE_H
#define SESSION_USER_FILE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

/* Reads the whole file into `ret_text`. A file that is not there gives an empty text. Fails on one
 * that cannot be read, is no regular file (but /dev/null is empty) or is larger than `max`. */
bool user_file_read(const char *path, size_t max, StrBuf *ret_text, Err *err);

/* Writes the file whole or not at all: a temporary beside it, fsync, rename; mode 0600, directories
 * made with 0700. A symbolic link stays one: what it points to is replaced. What root makes below
 * somebody's directory belongs to that somebody. */
bool user_file_write(const char *path, StrView text, Err *err);

/* Appends to the file, which is made as above when it is not there. */
bool user_file_append(const char *path, StrView text, Err *err);

/* Locks the directory of `path`, made when it is not there, against other programs of ours; returns
 * a descriptor for user_file_unlock, or -1. Waits for half a second at most. */
int user_file_lock(const char *path, Err *err);
void user_file_unlock(int lock);

#endif
