/*
 * Command: the words of the command line that a source runs: `log stream`, `log show`, the same
 * over ssh, a shell command. It starts nothing; text in, words out.
 */
#ifndef SESSION_SOURCE_COMMAND_H
#define SESSION_SOURCE_COMMAND_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "session/options.h"

#define COMMAND_MAX_WORDS 24

/* What a `log` was found not to know, so that older spellings are used. */
typedef struct Dialect {
    bool has_no_flags;  /* --level debug for --info --debug */
    bool has_no_ndjson; /* --style json */
} Dialect;

typedef struct Command {
    const char *words[COMMAND_MAX_WORDS + 1]; /* borrowed or in `text`; NULL-terminated */
    size_t count;
    StrBuf remote; /* what the remote shell gets, in one word */
    StrBuf share;  /* ControlPath=… */
    StrBuf people; /* the command line as people would type it */
} Command;

/* What is wanted of `log`. */
typedef struct CommandWish {
    const Options *options;
    const SourceSpec *spec; /* SOURCE_LOG, SOURCE_SSH or SOURCE_EXEC */
    Dialect dialect;
    bool is_history;    /* `log show --last`; else `log stream` */
    bool is_unattended; /* a screen is open: ssh must not ask for anything */
    const char *share;  /* socket of the connection that ssh is to share; NULL = none */
    StrView predicate;  /* nil or "" = none; must be NUL-terminated when not nil */
} CommandWish;

/* Makes the words. `wish` and what it points to must live as long as they are used. */
void command_init(Command *command, const CommandWish *wish);
void command_done(Command *command);

/* Quotes `word` so that a POSIX shell gives back exactly these bytes as one word. Words that need
 * no quotes stay as they are. */
void command_quote(StrView word, StrBuf *buf);

/* Refuses what ssh would take for an option, and empty names. */
bool command_check_host(const char *host, Err *err);

#endif
