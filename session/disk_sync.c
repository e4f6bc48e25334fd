/*
 * DiskSync: see disk_sync.h. F_FULLFSYNC is macOS's; elsewhere fsync is all there is.
 */
#include "session/disk_sync.h"

#include <fcntl.h>
#include <unistd.h>

int disk_sync(int fd)
{
#ifdef F_FULLFSYNC
    if (fcntl(fd, F_FULLFSYNC) == 0) {
        return 0;
    }
    /* Not every file system knows it, those over a network least of all. */
#endif
    return fsync(fd);
}
