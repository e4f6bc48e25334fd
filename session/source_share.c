/*
 * Share: see source_share.h. The directory is in /tmp and not in TMPDIR, which on macOS is so long
 * that a socket in it could not be named.
 */
#include "session/source_share.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/child.h"

void share_init(Share *share)
{
    (void)snprintf(share->directory, sizeof(share->directory), "/tmp/mdmscope-XXXXXX");
    if (mkdtemp(share->directory) == NULL) { /* makes it for the user alone */
        share->directory[0] = '\0';
        return;
    }
    (void)snprintf(share->path, sizeof(share->path), "%s/ssh", share->directory);
}

const char *share_path(const Share *share)
{
    return share->directory[0] != '\0' ? share->path : NULL;
}

bool share_is_up(const Share *share)
{
    struct stat info;
    return share->directory[0] != '\0' && lstat(share->path, &info) == 0 && S_ISSOCK(info.st_mode);
}

/* Asks the process that holds the connection to end. */
static void end_connection(const Share *share, const char *ssh_path, const char *host)
{
    char option[sizeof("ControlPath=") + sizeof(share->path)];
    (void)snprintf(option, sizeof(option), "ControlPath=%s", share->path);
    const char *words[] = {ssh_path, "-O", "exit", "-o", option, "--", host, NULL};
    Child child = child_none();
    Err err = err_none();
    if (child_start(&child, words, 0, &err)) { /* if not: it ends by itself, see ControlPersist */
        (void)child_wait(&child, SHARE_END_NS);
        child_done(&child);
    }
}

void share_done(Share *share, const char *ssh_path, const char *host)
{
    if (share->directory[0] == '\0') {
        return;
    }
    if (share_is_up(share)) {
        end_connection(share, ssh_path, host);
    }
    (void)unlink(share->path); /* is gone already when all went well */
    (void)rmdir(share->directory);
    share->directory[0] = '\0';
}
