/*
 * Session: sources, store, panes, search, marks and counters of one run, and the work that is left
 * to do on them. What a screen shows is asked here; what has changed is answered as dirty bits.
 * It knows no keys, colours or terminals.
 */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include "filters/panes.h"
#include "filters/presets.h"
#include "filters/stages.h"
#include "session/capture.h"
#include "session/enrolment.h"
#include "session/highlights.h"
#include "session/histogram.h"
#include "session/history.h"
#include "session/marks.h"
#include "session/options.h"
#include "session/search.h"
#include "session/settings.h"
#include "session/source.h"
#include "session/stats.h"
#include "session/store.h"
#include "session/view.h"

#define SESSION_DIRTY_ENTRIES (1u << 0) /* rows came or went */
#define SESSION_DIRTY_STATE (1u << 1)   /* a source changed its state */
#define SESSION_DIRTY_COUNTS (1u << 2)
#define SESSION_DIRTY_SEARCH (1u << 3)
#define SESSION_DIRTY_RESTORED (1u << 4) /* ask session_memory_selected and session_memory_note */

#define SESSION_DIRTY_HISTOGRAM (1u << 5) /* or the counts of the highlights */

typedef struct SessionPane {
    PaneDef def; /* borrowed text */
    View *view;
    StrBuf predicate;        /* the text in force */
    uint64_t filter_stopped; /* see filter_stopped; since the predicate was set */
} SessionPane;

#define SESSION_RATE_SECONDS STATS_SECONDS

typedef struct Session Session;

/* Makes a session and starts its sources. What `options` points to must outlive it; `data_dir` (may
 * be NULL) goes before the compiled-in data files. Fails on data files, patterns, predicates, pane
 * names and sources that cannot be had; gate_faulty_text tells what an offset in `err` points into.
 *
 * --predicate goes to `log` where a source runs it and is applied here to the others; --level,
 * --grep, --grep-v, --since and --until are applied here. What they keep out is not stored, only
 * counted: session_hidden. */
Session *session_new(const Options *options, const char *data_dir, Err *err);
void session_free(Session *session);

/* The sources' descriptors, deadline, reading: as in source.h. `now` = clock_monotonic. Returns
 * dirty bits. */
void session_fds(const Session *session, fd_set *reads, int *max_fd);
int64_t session_deadline(const Session *session, int64_t now);
unsigned session_pump(Session *session, const fd_set *reads, int64_t now, int64_t budget_ns);
void session_reap(Session *session);

/* Works on refilters and search for at most `budget_ns`; returns dirty bits. session_has_work tells
 * whether to call it again before waiting. */
unsigned session_work(Session *session, int64_t budget_ns);
bool session_has_work(const Session *session);

/* Everything read and every refilter and search finished. */
bool session_is_idle(const Session *session);
bool session_is_loaded(const Session *session); /* the sources are at their end */

Store *session_store(const Session *session);
Sources *session_sources(const Session *session);
Stages *session_stages(const Session *session);
const Enrolment *session_enrolment(const Session *session);
Marks *session_marks(const Session *session);
Search *session_search(const Session *session);

/* The highlighted terms, counted in the pane that is watched. They may be changed at any time. */
Highlights *session_highlights(const Session *session);

/* The histogram of the pane that is watched; its span may be changed at any time. It is kept up to
 * date while it is wanted: not to begin with. */
Histogram *session_histogram(const Session *session);
void session_want_histogram(Session *session, bool is_wanted);

/* Says where the search counts and finds: in the pane that is watched, as to begin with, or in
 * everything that is held, whatever the panes show. session_search_view is the view in question. */
void session_search_everywhere(Session *session, bool is_everywhere);
bool session_searches_everywhere(const Session *session);
View *session_search_view(const Session *session);

/* Finds the next (or previous) match after (before) an entry, which need not be a match nor in that
 * view, going round the end; 0 = none. As search_find otherwise. */
EntryNumber session_search_find(Session *session, EntryNumber number, bool backward,
                                bool *ret_wrapped);

size_t session_pane_count(const Session *session);
SessionPane *session_pane(const Session *session, size_t index);
/* Finds by id or title, letter case ignored; SIZE_MAX = none. */
size_t session_pane_find(const Session *session, StrView name);

/* Says which pane is looked at: the search counts there, and its refilter goes first. To begin with
 * it is the pane of --pane, or the first. */
void session_watch(Session *session, size_t pane);
size_t session_watched(const Session *session);

/* Changes a pane's predicate; on an error the old one stays. `anchor` as in view_set_filter. */
bool session_set_predicate(Session *session, size_t pane, StrView text, EntryNumber anchor,
                           Err *err);

/* Leaves out of a pane what is noise, or shows it again: see view_hide_noise. */
void session_hide_noise(Session *session, size_t pane, bool hides);

/* Panes are a list that can be changed; the pane that is watched stays watched, and the other
 * indices shift. The keys '1' to '9' follow the order. */

/* Adds a pane at the end, its texts copied; an empty id is made of the title, an empty title is the
 * id. Fails on a name that is there, a faulty predicate and too many panes. */
bool session_pane_add(Session *session, const PaneDef *def, Err *err);
bool session_pane_remove(Session *session, size_t pane, Err *err); /* the last one stays */
bool session_pane_rename(Session *session, size_t pane, StrView title, Err *err);
void session_pane_move(Session *session, size_t from, size_t to); /* `to`: its index afterwards */

/* Writes the panes as they are, with the predicates in force, to the configuration. */
bool session_panes_save(Session *session, Err *err);

/* The presets of the program and the user's; valid until one is saved or removed. Saving puts or
 * replaces one of the user's own here and in the configuration; only such can be removed. What
 * cannot be written stays in force for this run. */
const Presets *session_presets(const Session *session);
bool session_preset_save(Session *session, const Preset *preset, Err *err);
bool session_preset_remove(Session *session, StrView name, Err *err);

/* Writes the name of a theme to the configuration, for the next start. */
bool session_theme_save(Session *session, const char *name, Err *err);

/* Shows somebody every entry as it arrives, those that are kept out as well, before the ring can
 * evict it. One at most: a later one takes the place; NULL = nobody. */
typedef void SessionObserver(void *context, const Entry *entry);
void session_observe(Session *session, SessionObserver *observer, void *context);

/* Whether there is anything that could keep entries out. */
bool session_hides(const Session *session);

/* What is wrong with the configuration, or why nothing will be saved, a line each. */
size_t session_config_errors(const Session *session, const StrView **ret_lines);

/* Has somebody look at the settings who can judge what the session cannot: names of keys, commands,
 * columns, themes. */
void session_check_settings(Session *session, SettingsCheck *check, void *context);

/* The settings in force: the command line over the configuration over the defaults. */
const Settings *session_settings(const Session *session);

/* What is remembered of files until they are opened again (see workspace.h): panes, predicates and
 * the pane that is looked at, marks with notes, the selected entry, texts of the screen's. Nothing
 * is of other sources, nor without Options.state_dir. Panes and texts are there when session_new
 * returns; marks come by themselves while the file is read; SESSION_DIRTY_RESTORED of session_pump
 * tells when the selected entry is known, and again when all has been looked for. */

/* The entry that was selected, 0 = none, or not read yet. */
EntryNumber session_memory_selected(const Session *session);

/* What there is to say: that the file was replaced, that marks were not found; "" = nothing. May
 * change until the files are read. */
StrView session_memory_note(const Session *session);

/* A small text of the screen's, nil = none. Setting copies; "" takes it out, which is what to give
 * for a layout nobody has changed: only then nothing is kept of files that were just looked at. */
StrView session_memory_text(const Session *session, const char *name);
void session_memory_set_text(Session *session, const char *name, StrView text);

/* Says what is to be selected at the next start; 0 = nothing, as when the end is followed. */
void session_memory_select(Session *session, EntryNumber number);

/* What came back. */
typedef struct SessionRestored {
    bool is_settled; /* all has been looked for: the rest is final */
    size_t marks;
    bool has_place; /* the selected entry */
    bool has_panes; /* panes or predicates that are not as they are defined */
    bool has_texts; /* of the screen's */
} SessionRestored;

void session_memory_restored(const Session *session, SessionRestored *ret);

/* Takes what is to be kept now for what there was before the user did anything; tells whether
 * something is another since. */
void session_memory_begun(Session *session);
bool session_memory_has_changed(const Session *session);

/* Writes it all: to be called once, at the end, for whatever reason that is. With --fresh nothing
 * is written, and what was remembered stays, unless something has changed. Fails, for a line on
 * standard error, when it cannot be written. */
bool session_memory_save(Session *session, Err *err);

/* Tells whether the hint of the first start is to be shown: never shown before, nor switched off.
 * session_first_start_done notes that it was. */
bool session_first_start(const Session *session);
void session_first_start_done(Session *session);

/* What was typed at the prompts of a kind (see history.h). Where nothing may be written (then
 * session_config_errors says so) appending does nothing. */
void session_history_read(const Session *session, const char *kind, History *ret);
bool session_history_append(Session *session, const char *kind, StrView text, Err *err);

/* Entries a second that came in over the last three seconds; `now` = clock_monotonic. */
double session_rate(const Session *session, int64_t now);

/* How many came in each of the last SESSION_RATE_SECONDS seconds, the current one last:
 * for the histogram. */
void session_rate_counts(const Session *session, int64_t now,
                         uint32_t ret_counts[SESSION_RATE_SECONDS]);

/* Drop notices that `log` gave, over all sources. (What the budget has cost: store_counts.) */
uint64_t session_drops(const Session *session);

/* Entries that the options kept out of the store, e.g. by --level or --grep. */
uint64_t session_hidden(const Session *session);

/* Begins a capture of all that comes from now on (see capture.h); --capture does so at the start.
 * Fails while another one is being written, and as capture_new. */
bool session_capture_begin(Session *session, const char *path, bool may_replace, bool *ret_exists,
                           Err *err);

/* Tells of the capture that runs or ran last; false = there was none. */
bool session_capture(const Session *session, CaptureStatus *ret_status);

/* Ends it, without waiting for the disk: the status says when all is written. While a stream is
 * restarted it takes what both children have said by then, and what they say until one has taken
 * over from the other, for SESSION_HAND_OVER_NS at most. */
#define SESSION_HAND_OVER_NS (INT64_C(5) * NS_PER_SECOND)
void session_capture_end(Session *session);

/* Ends it at the end of the program: with what was read but not shown yet, and waits for the disk
 * for at most CAPTURE_END_NS. */
void session_capture_finish(Session *session);

/* Tells whether an entry that was stored and cannot be read again (of `log`, a host, a command,
 * standard input) is in no file: it came to no capture, or to one that lacks entries, and no
 * excerpt of everything has been made since. */
bool session_has_unkept(const Session *session);

/* An excerpt of all that was held has been made: of the entries before the number `end`. */
void session_keep(Session *session, EntryNumber end);

/* Writes the number of this process to FILE.pid, for who wants to end a capture that goes on
 * without a terminal; false when it cannot. session_capture_detached removes the file. */
bool session_capture_detach(Session *session);
void session_capture_detached(Session *session);

/* Name of a source for the host column. */
StrView session_host(const Session *session, uint8_t source);

#endif
