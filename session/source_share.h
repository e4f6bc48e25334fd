/*
 * Share: one connection for all that is run on a host, by OpenSSH's connection sharing: whoever
 * entered a password once is not asked again by a restart. The socket lies in a private directory
 * of ours. It parses nothing and never talks to the host itself.
 */
#ifndef SESSION_SOURCE_SHARE_H
#define SESSION_SOURCE_SHARE_H

#include "base/base.h"

typedef struct Share {
    char directory[32]; /* "" = there is none */
    char path[40];      /* of the socket */
} Share;

/* Makes the directory. Where that fails nothing is shared, and everything else goes on. */
void share_init(Share *share);

/* The socket's path for ssh, NULL when nothing is shared. */
const char *share_path(const Share *share);

/* Tells whether a connection is there to be used. */
bool share_is_up(const Share *share);

/* Ends the connection, by `ssh_path`, and removes the directory; may take SHARE_END_NS. */
void share_done(Share *share, const char *ssh_path, const char *host);

#define SHARE_END_NS NS_PER_SECOND

#endif
