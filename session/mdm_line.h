/*
 * MdmLine: what one line of mdmclient says about a command's round trip or an app's install: a
 * request that came, an answer that was sent, the server's receipt, a reason. Pure text; it
 * remembers nothing and must never include the store or the tracker.
 */
#ifndef SESSION_MDM_LINE_H
#define SESSION_MDM_LINE_H

#include "base/base.h"
#include "base/str.h"

typedef enum MdmLineKind {
    MDM_LINE_NONE,
    MDM_LINE_REQUEST,     /* Processing server request: type, channel, perhaps id */
    MDM_LINE_NOT_NOW,     /* Responding 'NotNow': type, channel, text = the reason */
    MDM_LINE_SENT,        /* >>>>> what, or what = status with type and id */
    MDM_LINE_RECEIVED,    /* <<<<< the same with the HTTP status */
    MDM_LINE_CHAIN,       /* [ErrorChain.N] of a type; number = N */
    MDM_LINE_CONNECT,     /* Calling MDM_Connect */
    MDM_LINE_APP_START,   /* StartInstall using UUID: id */
    MDM_LINE_APP_CALLED,  /* InstallApplication (UUID:…) or Scheduled InstallApplication from: */
    MDM_LINE_APP_END,     /* Install 'id' finished; is_ok */
    MDM_LINE_APP_ABORT,   /* Aborting app install: text; or a phase that was aborted: id = its start
                           */
    MDM_LINE_APP_REFUSED, /* submitManifestRequest completed with an error */
    MDM_LINE_KIND_COUNT
} MdmLineKind;

/* All views point into the line. */
typedef struct MdmLine {
    MdmLineKind kind;
    int64_t uid;     /* of the prefix, or of the channel's user; 0 = the device, -1 = not said */
    StrView channel; /* "Device", "User: 501"; nil = not said */
    StrView what;    /* "Acknowledged", "NotNow", "Idle", "MDM_Authenticate" */
    StrView type;    /* "InstallProfile"; nil for what is no command */
    StrView id;      /* number or UUID, opaque; nil = not said */
    StrView text;
    int http;
    int number;
    bool is_ok;
} MdmLine;

/* Reads a message; MDM_LINE_NONE when it is no such line. */
MdmLine mdm_line_read(StrView message);

/* The message without what stands before its words: "[*] ", "[ERROR] ", "[0:MDMDaemon:<0x5b0>] ".
 */
StrView mdm_line_words(StrView message);

#endif
