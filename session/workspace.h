/*
 * Workspace: what is remembered of one file, or of several opened together, until the next start:
 * panes with their predicates, marks with notes, the selected entry, small texts of the screen's.
 * One JSON file for each set of files in the state directory. It knows no session, no store; it
 * must never include anything of tui/.
 */
#ifndef SESSION_WORKSPACE_H
#define SESSION_WORKSPACE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

#define WORKSPACE_MAX_FILES 200 /* of sets of files that are remembered */
#define WORKSPACE_MAX_MARKS 5000
#define WORKSPACE_MAX_TEXTS 16
#define WORKSPACE_HEAD_BYTES 1024 /* of a file, by which it is known again */

/* What a file was when it was last seen. */
typedef struct WorkspaceFile {
    StrView path; /* canonical */
    uint64_t size;
    int64_t modified;   /* seconds since 1970 */
    StrView head;       /* its first WORKSPACE_HEAD_BYTES; nil of one that was read back */
    uint64_t head_hash; /* of the first `head_bytes` */
    uint64_t head_bytes;
} WorkspaceFile;

typedef struct WorkspacePane {
    StrView id;
    StrView title;     /* nil = as the pane is defined */
    StrView help;      /* likewise */
    StrView predicate; /* likewise; "" = all */
} WorkspacePane;

/* By what an entry is found again. */
typedef struct WorkspaceEntry {
    uint64_t number; /* in order of the files; 0 = none */
    int64_t time_ns; /* CLOCK_NO_TIME = it has none */
    uint64_t hash;   /* of its raw bytes, see workspace_hash */
} WorkspaceEntry;

typedef struct WorkspaceMark {
    WorkspaceEntry entry;
    StrView note; /* "" = none */
} WorkspaceMark;

typedef struct WorkspaceText {
    StrView name;
    StrView text;
} WorkspaceText;

/* All zeroes = nothing is remembered. Texts live in `arena`; the lists too. */
typedef struct Workspace {
    Arena arena;
    WorkspaceFile *files; /* in order of path */
    size_t file_count;
    WorkspacePane *panes; /* in order; none = as they are defined */
    size_t pane_count;
    StrView *closed; /* ids of panes that are defined and were closed */
    size_t closed_count;
    StrView watched; /* id of the pane that was looked at; nil = none */
    WorkspaceEntry selected;
    WorkspaceMark *marks; /* in order of number */
    size_t mark_count;
    WorkspaceText texts[WORKSPACE_MAX_TEXTS];
    size_t text_count;
} Workspace;

/* How the files of now compare with those of a workspace. */
typedef enum WorkspaceMatch {
    WORKSPACE_SAME,    /* their beginnings are the same; they may have grown */
    WORKSPACE_REPLACED /* at least one begins in another way or has been cut */
} WorkspaceMatch;

/* Gives a hash that means the same in every run. */
uint64_t workspace_hash(StrView bytes);

/* Looks at the files of `paths` as they are now: fills `files`. Fails on one that is no regular
 * file or cannot be read: nothing is remembered of such. */
bool workspace_look(Workspace *ret, const char *const *paths, size_t count, Err *err);

/* Reads what `directory` has of the files of `now`. What is not there gives an empty workspace with
 * no files; fails on what cannot be understood. */
bool workspace_read(Workspace *ret, const char *directory, const Workspace *now, Err *err);

WorkspaceMatch workspace_compare(const Workspace *then, const Workspace *now);

/* Tells whether there is nothing to remember. */
bool workspace_is_empty(const Workspace *workspace);

/* Writes the workspace of its files, whole or not at all, and gives up the ones that were not used
 * for longest when there are more than WORKSPACE_MAX_FILES. An empty one is taken out. */
bool workspace_write(const Workspace *workspace, const char *directory, Err *err);

/* The text of that name; nil = none. Setting copies both; an empty text is taken out. False when
 * there are too many or it is too long. */
StrView workspace_text(const Workspace *workspace, StrView name);
bool workspace_set_text(Workspace *workspace, StrView name, StrView text);

void workspace_done(Workspace *workspace);

#endif
