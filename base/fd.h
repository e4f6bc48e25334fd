/*
 * Fd: what is done with a descriptor again and again, and is easily done wrong. It knows no files
 * by name.
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include "base/base.h"
#include "base/str.h"

/* So much goes in one write: macOS refuses more than INT_MAX bytes at once (EINVAL), Linux takes a
 * part of them. */
#define FD_WRITE_MAX (16 * MIB)

/* Writes all of `bytes`, however many, to a descriptor that blocks; false with errno when it takes
 * no more, of which some may have been written. */
bool fd_write_all(int fd, StrView bytes);

#endif
