/*
 * Options: the command line as data. One table of options; the parser, --help, the manual and the
 * completions come out of it. Reads no file and prints nothing.
 */
#ifndef SESSION_OPTIONS_H
#define SESSION_OPTIONS_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "filters/aliases.h"
#include "parsers/entry.h"
#include "parsers/fields.h"

#define OPTIONS_MAX_SOURCES 64
#define OPTIONS_MAX_COLUMNS 1000 /* of any screen; one that is larger is not used further */
#define OPTIONS_MAX_ROWS 500

typedef enum Verb {
    VERB_EXPLORE,
    VERB_SHOW,
    VERB_PREDICATE,
    VERB_EXPLAIN,
    VERB_RECORD,
    VERB_PROFILE,
    VERB_PLAYBOOK,
    VERB_PRINT_CONFIG,
    VERB_HELP,
    VERB_VERSION,
    VERB_PRINT_MANUAL, /* --print-manual and the two after it: hidden, for `make docs` */
    VERB_PRINT_OPTIONS,
    VERB_PRINT_KEYS,
    VERB_COUNT
} Verb;

typedef enum SourceKind {
    SOURCE_LOG,  /* `log stream` on this Mac */
    SOURCE_FILE, /* argument = path */
    SOURCE_STDIN,
    SOURCE_DEMO,
    SOURCE_SSH,  /* argument = host */
    SOURCE_EXEC, /* argument = command for the user's shell */
} SourceKind;

typedef struct SourceSpec {
    SourceKind kind;
    const char *argument; /* borrowed from argv; NULL where there is none */
} SourceSpec;

typedef enum OutputFormat {
    FORMAT_TEXT,
    FORMAT_COMPACT,
    FORMAT_SYSLOG,
    FORMAT_NDJSON,
    FORMAT_JSON,
    FORMAT_CSV,
    FORMAT_MD,
    FORMAT_HTML,
    FORMAT_BUNDLE,
    FORMAT_COUNT
} OutputFormat;

/* The forms of reports: of all commands that print no entries. */
typedef enum ReportFormat {
    REPORT_TEXT,
    REPORT_MD,
    REPORT_JSON,
    REPORT_HTML,
    REPORT_COUNT
} ReportFormat;

typedef struct Options {
    Verb verb;
    Verb help_for; /* of VERB_HELP: the command before it; VERB_EXPLORE = all */
    SourceSpec sources[OPTIONS_MAX_SOURCES];
    size_t source_count;
    const char *parts[OPTIONS_MAX_SOURCES]; /* files that go on with another: source_parts.h */
    size_t part_count;
    const char *log_path;  /* "/usr/bin/log" */
    const char *ssh_path;  /* "ssh" */
    int64_t last_ns;       /* --last; 0 = none */
    const char *last_text; /* as given, for `log show --last` */
    double speed;          /* --speed of the demo; 1 = its own pace, 0 = all at once */
    bool speed_is_set;     /* by the command line */
    Style style_in;        /* --format-in; STYLE_NONE = recognise */

    const char *predicate;      /* NULL = none */
    const char *pane;           /* NULL = the first */
    const char *pane_predicate; /* not from the command line: where there is no `pane`, show prints
                                 * only what matches this; NULL = all */
    const char *grep;
    const char *grep_not;
    Level min_level; /* LEVEL_NONE = all; default < info < debug … see level_passes */
    const char *since;
    const char *until;
    OutputFormat format;
    bool format_is_set;
    const char *format_name; /* as given; NULL = not at all */
    ReportFormat report;     /* what it means where a report is printed */
    size_t buffer_bytes;
    bool buffer_is_set;     /* else it is by the configuration */
    const char *theme;      /* NULL = by the configuration or the terminal */
    const char *config;     /* NULL = config.json in `config_dir` */
    const char *config_dir; /* not from the command line: the user's directory, see config_path;
                             * NULL = none: nothing of the user's is read or written */
    const char *state_dir;  /* --state, else the user's where that is not for a script, see
                             * config_state_path; NULL = nothing is remembered */
    const char *data_dir;   /* not from the command line: whoever finds the data files beside the
                             * program sets it; NULL = the compiled-in ones */
    const char *script;     /* --script: keys for the scripted backend */
    int columns, rows;      /* --size of the scripted backend; 80 × 24 */
    const char *predicate_text; /* VERB_PREDICATE */
    const char *predicate_to;   /* --to: nspredicate, shorthand, tree */
    const char *record_file;    /* VERB_RECORD: NULL = none, "-" = standard input */
    bool is_live;               /* --live: ask this Mac */
    bool has_private_data;      /* --private-data */
    bool as_commands;           /* --commands */
    const char *playbook_page;  /* VERB_PLAYBOOK: NULL = the list, "all" */
    const Aliases *aliases;     /* not from the command line: of ~/.logrc, borrowed; NULL = none */
    const char *trace;          /* --trace: file for the times of frames; NULL = none */
    const char *capture;        /* --capture: file that gets all that the sources give */
    size_t capture_part_bytes;  /* --capture-size; 0 = one file, however large */
    bool detach_capture;        /* the end of the terminal is not that of the capture */
    bool fresh;                 /* nothing is restored of the last run */
    bool plain;                 /* no box drawing, words for glyphs */
    bool no_mouse;
    bool no_redact; /* nothing is replaced */
    bool redact;    /* what is personal is replaced, also in forms for programs */
} Options;

/* Reads the command line; texts borrow from `argv`. Without a source it is SOURCE_LOG. On a usage
 * error returns false with a text that names the word and, where one is near, the option that was
 * meant. */
bool options_parse(int argc, char **argv, Options *ret_options, Err *err);

/* Reads a size of --buffer: "64M", "1G"; not below STORE_MIN_BYTES. */
bool options_parse_bytes(StrView text, size_t *ret_bytes, Err *err);

/* Tells whether every source is a program that is run: where none of them can be opened, it is the
 * source that failed, not the user. */
bool options_run_children(const Options *options);

/* Appends the help text, `columns` wide. */
void options_help(StrBuf *buf, int columns);

/* The same of one command alone: what it is called with, its options, what its status means. */
void options_help_of(StrBuf *buf, Verb verb, int columns);

/* Appends the whole manual page, mdmscope(1), in man(7) macros. */
void options_manual(StrBuf *buf);

/* Appends the options as a Markdown table, for doc/. */
void options_markdown(StrBuf *buf);

/* Tells whether an entry of that level is shown under --level: the hierarchy of `log` for default,
 * info and debug (debug shows all); error shows errors and faults, fault only faults. Entries
 * without a level count as default. */
bool level_passes(Level level, Level min_level);

#endif
