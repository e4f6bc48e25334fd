/*
 * What a Session is inside, for session.c, session_panes.c, session_user.c and session_memory*.c
 * alone.
 */
#ifndef SESSION_SESSION_INTERNAL_H
#define SESSION_SESSION_INTERNAL_H

#include "session/config.h"
#include "session/gate.h"
#include "session/session.h"
#include "session/settings.h"
#include "session/workspace.h"

/* What is remembered of the files that are open. */
typedef struct Memory {
    StrBuf directory; /* "" = nothing is remembered at all */
    bool is_on;       /* of these files something is */
    bool is_settled;  /* everything that was remembered has been looked for */
    bool is_found;    /* `selected` has just come to be known: a dirty bit is due */
    Workspace then;   /* what was remembered; its marks only while they can be looked for */
    Workspace now;    /* the files as they are, and the texts of the screen */
    PaneDef *defined; /* the panes as they would be without it; texts in the arena of the defs */
    size_t defined_count;
    bool *has_mark;   /* which marks of `then` were found */
    size_t next_mark; /* of `then`: the first whose number has not come yet */
    EntryNumber selected;
    uint64_t begun; /* hash of what was to be kept before anything was done; 0 = none */
    StrBuf note;
} Memory;

struct Session {
    Options options; /* as given, but the predicate is the one for `log` */
    StrBuf stream_predicate;
    PaneDefs builtin; /* the panes of the program, as they are without the user */
    PaneDefs defs;    /* with the user's; its arena has the texts of all panes */
    Presets presets;
    Config config;
    Settings settings; /* in force: defaults, the file, the command line */
    StrBuf config_dir; /* the user's directory; "" = none */
    StrBuf no_saving;  /* why nothing is written; "" = it is */
    Memory memory;
    SessionPane *panes;
    size_t pane_count;
    size_t pane_capacity;
    size_t watched;
    Store *store;
    Stages *stages;
    Enrolment *enrolment;
    Marks *marks;
    Search *search;
    Highlights *highlights;
    Histogram *histogram;
    bool wants_histogram;
    View *everything; /* what the search counts in; NULL = in the pane that is watched */
    uint32_t slice_rows;
    uint64_t changes;     /* of rows, of views, of which one is watched; */
    uint64_t search_seen; /* and how many of them each of these has followed */
    uint64_t highlights_seen;
    uint64_t histogram_seen;
    uint64_t histogram_terms; /* the same of highlights_changes */
    Gate *gate;
    SessionObserver *observer; /* NULL = nobody */
    void *observer_context;
    Columns pending; /* rows the gate is asked about before the store gets them */
    Sources *sources;
    StrView hosts[OPTIONS_MAX_SOURCES];
    size_t host_count;
    uint64_t state; /* fingerprint of the sources' statuses */
    Stats stats;
    int64_t now;      /* of the pump that is going on */
    Stamp last_stamp; /* of the last entry, for notices that have none */
    uint64_t hidden;
    uint64_t told_pushed; /* rows and hidden entries that dirty bits have told of */
    uint64_t told_hidden;
    Capture *capture;       /* the one that runs or ran last; NULL = none */
    bool is_tapped;         /* what comes goes to it */
    EntryNumber uncaptured; /* the newest entry that cannot be read again and came to no capture */
    EntryNumber captured;   /* the newest such that came to this one */
    EntryNumber kept_end;   /* those before it are in an excerpt of everything */
    int64_t capture_until;  /* it is to end: when what a restart holds has come, then at the latest;
                             * 0 = it is not */
    bool has_pid_file;      /* FILE.pid is ours */
    int pid_fd;             /* then: it holds the lock on that */
};

/* Begins the capture of --capture, if there is one. */
bool session_capture_open(Session *session, Err *err);

/* An entry has been pushed: notes whether it came to a capture, if it cannot be read again. */
void session_capture_note(Session *session, uint8_t source, EntryNumber number);

/* After reading: ends one that is to end, when its time has come. */
void session_capture_step(Session *session);

/* Reads the user's configuration and the presets; fails on the program's own presets only. */
bool session_user_begin(Session *session, const char *data_dir, Err *err);
void session_user_done(Session *session);

/* Adds the user's knowledge.json to the stages. Where it is faulty there are no stages afterwards,
 * and the lines of the configuration's errors say why. */
void session_user_knowledge(Session *session);

/* Reads what is remembered of the files that are opened. It never fails: what cannot be read is
 * told. */
void session_memory_begin(Session *session);
void session_memory_done(Session *session);

/* Gives the panes to begin with: those defined, as they were left; returns how many. */
size_t session_memory_panes(Session *session, PaneDef ret_panes[PANES_MAX]);

/* The panes as they are now are what is defined. */
void session_memory_define(Session *session, const PaneDef *defs, size_t count);

/* Puts into `kept` how the panes differ from those defined. What it adds is of kept->arena, texts
 * are borrowed of the session. */
void session_memory_keep_panes(const Session *session, Workspace *kept);

/* Adds to what session_memory_note tells. */
void session_memory_add_note(Memory *memory, const char *text);

/* A row has been pushed: marks it, or takes it for the selected one, if it was. */
void session_memory_offer(Session *session, EntryNumber number);

/* After reading: returns the dirty bits that are due. */
unsigned session_memory_step(Session *session);

/* Makes and frees what works in slices. */
void session_work_begin(Session *session);
void session_work_done(Session *session);

/* Asks a pane's filter how often it gave up. */
void session_count_stopped(SessionPane *pane);

/* Makes the panes of the program's definitions and the user's. */
bool session_panes_begin(Session *session, const char *data_dir, Err *err);
void session_panes_done(Session *session);

/* Reads a data file of the program. */
bool session_read_data(const char *data_dir, const char *name, StrBuf *text, Err *err);

#endif
