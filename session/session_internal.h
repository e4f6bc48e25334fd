/*
 * What a Session is inside, for session.c, session_panes.c and session_user.c alone.
 */
#ifndef SESSION_SESSION_INTERNAL_H
#define SESSION_SESSION_INTERNAL_H

#include "session/config.h"
#include "session/gate.h"
#include "session/session.h"

struct Session {
    Options options; /* as given, but the predicate is the one for `log` */
    StrBuf stream_predicate;
    PaneDefs builtin; /* the panes of the program, as they are without the user */
    PaneDefs defs;    /* with the user's; its arena has the texts of all panes */
    Presets presets;
    Config config;
    StrBuf config_dir; /* the user's directory; "" = none */
    StrBuf no_saving;  /* why nothing is written; "" = it is */
    SessionPane *panes;
    size_t pane_count;
    size_t pane_capacity;
    size_t watched;
    Store *store;
    Stages *stages;
    Marks *marks;
    Search *search;
    uint32_t slice_rows;
    bool search_is_behind; /* rows or the view have changed since the search was at its end */
    Gate *gate;
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
};

/* Reads the user's configuration and the presets; fails on the program's own presets only. */
bool session_user_begin(Session *session, const char *data_dir, Err *err);
void session_user_done(Session *session);

/* Makes the panes of the program's definitions and the user's. */
bool session_panes_begin(Session *session, const char *data_dir, Err *err);
void session_panes_done(Session *session);

/* Reads a data file of the program. */
bool session_read_data(const char *data_dir, const char *name, StrBuf *text, Err *err);

#endif
