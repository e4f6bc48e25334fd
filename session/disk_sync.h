/*
 * DiskSync: what was written is on the disk, as far as this system can promise that. It knows
 * nothing of what was written.
 */
#ifndef SESSION_DISK_SYNC_H
#define SESSION_DISK_SYNC_H

/* As fsync: 0, or -1 with errno. On a Mac fsync only hands the bytes to the drive, which may keep
 * them in its memory (man page fsync(2)): there the drive is told to write them, where it can be.
 */
int disk_sync(int fd);

#endif
