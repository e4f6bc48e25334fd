/*
 * The table of options (options_table.c) as its two readers see it: the parser (options.c) and the
 * documents (options_doc.c). Private to these; everybody else includes session/options.h.
 */
#ifndef SESSION_OPTIONS_TABLE_H
#define SESSION_OPTIONS_TABLE_H

#include "session/options.h"

typedef enum OptionGroup {
    OPTION_GROUP_SOURCES,
    OPTION_GROUP_CHOICE,
    OPTION_GROUP_OUTPUT,
    OPTION_GROUP_SCREEN,
    OPTION_GROUP_OTHER,
    OPTION_GROUP_COUNT,
    OPTION_GROUP_HIDDEN = OPTION_GROUP_COUNT, /* read, but in no document */
} OptionGroup;

#define IN_EXPLORE (1u << VERB_EXPLORE)
#define IN_SHOW (1u << VERB_SHOW)
#define IN_PREDICATE (1u << VERB_PREDICATE)
#define IN_RECORD (1u << VERB_RECORD)
#define IN_PROFILE (1u << VERB_PROFILE)
#define IN_PLAYBOOK (1u << VERB_PLAYBOOK)
#define IN_REPORTS (IN_RECORD | IN_PLAYBOOK | IN_EXPLAIN)
#define IN_CONFIG (1u << VERB_PRINT_CONFIG)
#define IN_EXPLAIN (1u << VERB_EXPLAIN)
#define IN_ENTRIES (IN_EXPLORE | IN_SHOW)
#define IN_SOURCES (IN_ENTRIES | IN_EXPLAIN)
#define IN_ALL (IN_SOURCES | IN_PREDICATE | IN_RECORD | IN_PROFILE | IN_PLAYBOOK)

typedef struct OptionSpec OptionSpec;

/* Takes one option into `options`; `value` is NULL for options without an argument. The text of
 * `err` need not name the option. */
typedef bool (*OptionHandler)(Options *options, const OptionSpec *spec, const char *value,
                              Err *err);

struct OptionSpec {
    const char *name;     /* without the dashes */
    char letter;          /* short form, 0 = none */
    const char *argument; /* its name in the help, NULL = takes none */
    OptionGroup group;
    unsigned verbs; /* IN_…: where it means something; refused elsewhere */
    OptionHandler apply;
    size_t member;    /* offset in Options, for handlers that fill one */
    int value;        /* what a handler of several options stores */
    const char *help; /* a sentence without a full stop */
};

extern const OptionSpec OPTION_SPECS[];
extern const size_t OPTION_SPEC_COUNT;

/* What further words are to a command. */
typedef enum VerbWords { WORDS_ARE_SOURCES, WORDS_ONE, WORDS_NONE } VerbWords;

typedef struct VerbSpec {
    const char *word; /* NULL = the command without a word */
    Verb verb;
    const char *synopsis; /* what follows the word */
    const char *help;
    VerbWords words;
    size_t member;        /* WORDS_ONE: offset in Options of the text that it becomes */
    const char *too_many; /* what to say of a further word */
} VerbSpec;

extern const VerbSpec VERB_SPECS[];
extern const size_t VERB_SPEC_COUNT;

/* Adds a source; `argument` (may be NULL) must live as long as the options. */
bool options_add_source(Options *options, SourceKind kind, const char *argument, Err *err);

/* Parses the name of a form of reports. */
bool options_parse_report_format(StrView text, ReportFormat *ret_format, Err *err);

#endif
