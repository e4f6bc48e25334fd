/*
 * The documents made of the table of options: --help, the manual page, the Markdown table. Prose
 * that is in no table (what the program is, examples) stands here once, for all three.
 */
#include "session/options.h"

#include <limits.h>

#include "base/utf8.h"
#include "session/options_table.h"
#include "session/wrap.h"

#define HELP_INDENT 26
#define HELP_MIN_COLUMNS 50

typedef struct Pair {
    const char *term;
    const char *text;
} Pair;

/* clang-format off */
static const char *const GROUP_TITLES[OPTION_GROUP_COUNT] = {
    [OPTION_GROUP_SOURCES] = "Sources",
    [OPTION_GROUP_CHOICE] = "Choice of entries",
    [OPTION_GROUP_OUTPUT] = "Output",
    [OPTION_GROUP_SCREEN] = "Screen",
    [OPTION_GROUP_OTHER] = "Other",
};

static const char SUMMARY[] = "explore Apple's unified log while a Mac enrols";

static const char *const DESCRIPTION[] = {
    "mdmscope runs log stream, holds what comes in a bounded ring, and shows it in panes for the daemons that take part in an enrolment. The predicate of a pane can be refined while the stream runs, errors are explained, and an excerpt can be saved for a ticket.",
    "It reads a live stream of this Mac, of other Macs over ssh, or saved files of any style that log writes; files may be gzipped. Several sources are merged by time, with the host in a column.",
    "Two predicates are never confused: --predicate is what log is asked for where a source runs log, and what is applied here to every other source; that of a pane is applied here, to what is held.",
    "Nothing is lost silently: drop notices, lines that are no entries, lines that were cut and entries given up for the budget are counted, and shown or reported on standard error.",
};

static const Pair SOURCE_WORDS[] = {
    {"FILE…", "a saved capture; the style is recognised, gzip is unpacked"},
    {"-", "standard input; the keys then come from the terminal itself"},
    {"(none)", "/usr/bin/log stream on this Mac"},
};

static const Pair STATUSES[] = {
    {"0", "something was printed, or the explorer ended"},
    {"1", "nothing matched; with record: there is no activation record in the file, what stands there instead is explained"},
    {"2", "a usage error, a predicate or pattern that cannot be read, an unreadable file"},
    {"3", "the source failed: log refused, the ssh connection was lost, a command ended with an error, this Mac could not be asked for its record"},
};

static const Pair FILES[] = {
    {"/usr/bin/log", "is run for live sources, by this path and without a shell, as some shells have a builtin of that name"},
    {"filters/panes.json", "the panes, found beside the program, in its data directory, or compiled in"},
    {"filters/stages.json", "the stages of an enrolment and what errors mean, found likewise"},
    {"filters/record.json, filters/logging.json, filters/playbook/", "what record, profile and playbook know, found likewise"},
    {"themes/", "the themes, found likewise"},
    {"/var/db/ConfigurationProfiles/Settings/.cloudConfigRecordFound", "on a Mac: the activation record it has stored, which record reads; only root may"},
    {"~/Library/Application Support/mdmscope", "on macOS: config.json (doc/config.md tells of it) and what was typed; state/ in it is what is restored at the next start with the same files"},
    {"~/.config/mdmscope, ~/.local/state/mdmscope", "the same elsewhere"},
};

static const Pair ENVIRONMENT[] = {
    {"NO_COLOR", "when set and not empty, no colours are used"},
    {"TERM", "the kind of the terminal"},
    {"COLORFGBG", "where a terminal sets it, whether the dark or the light theme is the better one"},
    {"MDMSCOPE_DATA", "a directory with filters/ and themes/ that goes before all others"},
    {"XDG_CONFIG_HOME, XDG_STATE_HOME", "directories of the user's files, where mdmscope/ is made"},
    {"LC_ALL, LC_CTYPE, LANG", "must name a UTF-8 locale for text outside ASCII"},
    {"TZ", "the time zone that times of the command line are read in"},
};

static const Pair EXAMPLES[] = {
    {"mdmscope", "watch this Mac"},
    {"mdmscope --last 30m", "first the last half hour, then what comes"},
    {"mdmscope --ssh admin@mac-17.local", "watch another Mac"},
    {"mdmscope show capture.ndjson --pane mdmclient --level error", "print the errors of one pane"},
    {"mdmscope show --predicate 'process == \"mdmclient\"' --format ndjson > mdm.ndjson", "keep a capture, byte for byte"},
    {"mdmscope predicate 'process == \"teslad\" AND NOT messageType == debug'", "check a predicate before it is sent"},
    {"sudo mdmscope record --live", "ask this Mac for its activation record, and check that"},
    {"ssh admin@mac-17.local sudo profiles show -type enrollment | mdmscope record -", "the same of another Mac"},
    {"mdmscope profile > debug-logging.mobileconfig", "make the profile for debug logging"},
    {"mdmscope playbook hosts", "which hosts and ports must be reachable"},
    {"mdmscope --demo", "see it work without a Mac"},
};
/* clang-format on */

/* --- help ----------------------------------------------------------------------------------- */

static void add_pair(StrBuf *buf, StrView term, const char *text, size_t columns)
{
    strbuf_add_str(buf, "  ");
    strbuf_add(buf, term);
    size_t at = 2 + (size_t)utf8_width(term);
    if (at + 2 > HELP_INDENT) {
        strbuf_add_char(buf, '\n');
        at = 0;
    }
    strbuf_add_many(buf, ' ', HELP_INDENT - at);
    wrap_add(buf, sv(text), HELP_INDENT, HELP_INDENT, columns);
}

static void add_pairs(StrBuf *buf, const char *title, const Pair *pairs, size_t count,
                      size_t columns)
{
    strbuf_printf(buf, "\n%s\n", title);
    for (size_t i = 0; i < count; i++) {
        add_pair(buf, sv(pairs[i].term), pairs[i].text, columns);
    }
}

/* "-h, --help", "--last TIME" */
static void add_term(StrBuf *buf, const OptionSpec *spec)
{
    if (spec->letter != 0) {
        strbuf_printf(buf, "-%c, ", spec->letter);
    }
    strbuf_printf(buf, "--%s", spec->name);
    if (spec->argument != NULL) {
        strbuf_printf(buf, " %s", spec->argument);
    }
}

static void add_command(StrBuf *buf, const VerbSpec *verb)
{
    strbuf_add_str(buf, "mdmscope ");
    if (verb->word != NULL) {
        strbuf_printf(buf, "%s ", verb->word);
    }
    strbuf_add_str(buf, verb->synopsis);
}

/* Whether a group has an option of the commands `verbs`. */
static bool has_options(OptionGroup group, unsigned verbs)
{
    for (size_t i = 0; i < OPTION_SPEC_COUNT; i++) {
        if (OPTION_SPECS[i].group == group && (OPTION_SPECS[i].verbs & verbs) != 0) {
            return true;
        }
    }
    return false;
}

/* What is to be told of the commands `verbs`. */
static void add_help(StrBuf *buf, unsigned verbs, int columns)
{
    size_t width = (size_t)(columns < HELP_MIN_COLUMNS ? HELP_MIN_COLUMNS : columns);
    StrBuf term = {0};
    strbuf_printf(buf, "mdmscope %s: %s\n\n", MDMSCOPE_VERSION, SUMMARY);
    for (size_t i = 0; i < VERB_SPEC_COUNT; i++) {
        if ((verbs & 1u << VERB_SPECS[i].verb) == 0) {
            continue;
        }
        strbuf_clear(&term);
        add_command(&term, &VERB_SPECS[i]);
        strbuf_printf(buf, "  %s", term.ptr);
        size_t at = 2 + (size_t)utf8_width(strbuf_view(&term));
        size_t indent = HELP_INDENT + 14;
        strbuf_add_many(buf, ' ', at < indent ? indent - at : 2);
        wrap_add(buf, sv(VERB_SPECS[i].help), at < indent ? indent : at + 2, indent, width);
    }
    for (OptionGroup group = 0; group < OPTION_GROUP_COUNT; group++) {
        if (group == OPTION_GROUP_SOURCES && (verbs & IN_SOURCES) != 0) {
            add_pairs(buf, GROUP_TITLES[group], SOURCE_WORDS, ARRAY_LEN(SOURCE_WORDS), width);
        } else if (has_options(group, verbs)) {
            strbuf_printf(buf, "\n%s\n", GROUP_TITLES[group]);
        }
        for (size_t i = 0; i < OPTION_SPEC_COUNT; i++) {
            if (OPTION_SPECS[i].group == group && (OPTION_SPECS[i].verbs & verbs) != 0) {
                strbuf_clear(&term);
                add_term(&term, &OPTION_SPECS[i]);
                add_pair(buf, strbuf_view(&term), OPTION_SPECS[i].help, width);
            }
        }
    }
    add_pairs(buf, "Exit status", STATUSES, ARRAY_LEN(STATUSES), width);
    strbuf_done(&term);
}

void options_help(StrBuf *buf, int columns)
{
    add_help(buf, UINT_MAX, columns);
}

void options_help_of(StrBuf *buf, Verb verb, int columns)
{
    add_help(buf, 1u << verb, columns);
}

/* --- manual --------------------------------------------------------------------------------- */

/* Appends `text` so that roff takes none of it for a request or an escape. */
static void add_roff(StrBuf *buf, const char *text)
{
    if (text[0] == '.' || text[0] == '\'') {
        strbuf_add_str(buf, "\\&");
    }
    for (; *text != '\0'; text++) {
        if (*text == '\\') {
            strbuf_add_str(buf, "\\e");
        } else if (*text == '-') {
            strbuf_add_str(buf, "\\-");
        } else if (*text == '\'') {
            strbuf_add_str(buf, "\\(aq");
        } else {
            strbuf_add_char(buf, *text);
        }
    }
}

static void add_item(StrBuf *buf, const char *term, const char *text)
{
    strbuf_add_str(buf, ".TP\n\\fB");
    add_roff(buf, term);
    strbuf_add_str(buf, "\\fR\n");
    add_roff(buf, text);
    strbuf_add_str(buf, "\n");
}

static void add_section(StrBuf *buf, const char *title, const Pair *pairs, size_t count)
{
    strbuf_printf(buf, ".SH %s\n", title);
    for (size_t i = 0; i < count; i++) {
        add_item(buf, pairs[i].term, pairs[i].text);
    }
}

static void add_manual_head(StrBuf *buf)
{
    strbuf_printf(buf, ".TH MDMSCOPE 1 \"\" \"mdmscope %s\" \"User Commands\"\n", MDMSCOPE_VERSION);
    strbuf_printf(buf, ".SH NAME\nmdmscope \\- %s\n.SH SYNOPSIS\n.nf\n", SUMMARY);
    for (size_t i = 0; i < VERB_SPEC_COUNT; i++) {
        StrBuf command = {0};
        add_command(&command, &VERB_SPECS[i]);
        add_roff(buf, command.ptr);
        strbuf_add_char(buf, '\n');
        strbuf_done(&command);
    }
    strbuf_add_str(buf, ".fi\n.SH DESCRIPTION\n");
    for (size_t i = 0; i < ARRAY_LEN(DESCRIPTION); i++) {
        strbuf_add_str(buf, i > 0 ? ".PP\n" : "");
        add_roff(buf, DESCRIPTION[i]);
        strbuf_add_char(buf, '\n');
    }
}

void options_manual(StrBuf *buf)
{
    add_manual_head(buf);
    strbuf_add_str(buf, ".SH COMMANDS\n");
    for (size_t i = 0; i < VERB_SPEC_COUNT; i++) {
        add_item(buf, VERB_SPECS[i].word != NULL ? VERB_SPECS[i].word : "(none)",
                 VERB_SPECS[i].help);
    }
    add_section(buf, "SOURCES", SOURCE_WORDS, ARRAY_LEN(SOURCE_WORDS));
    strbuf_add_str(buf, ".SH OPTIONS\nOf an option that is given twice the last counts, unless it "
                        "says that it may be repeated.\n");
    for (OptionGroup group = 0; group < OPTION_GROUP_COUNT; group++) {
        strbuf_printf(buf, ".SS %s\n", GROUP_TITLES[group]);
        for (size_t i = 0; i < OPTION_SPEC_COUNT; i++) {
            if (OPTION_SPECS[i].group == group) {
                StrBuf term = {0};
                add_term(&term, &OPTION_SPECS[i]);
                add_item(buf, term.ptr, OPTION_SPECS[i].help);
                strbuf_done(&term);
            }
        }
    }
    add_section(buf, "EXIT STATUS", STATUSES, ARRAY_LEN(STATUSES));
    add_section(buf, "FILES", FILES, ARRAY_LEN(FILES));
    add_section(buf, "ENVIRONMENT", ENVIRONMENT, ARRAY_LEN(ENVIRONMENT));
    add_section(buf, "EXAMPLES", EXAMPLES, ARRAY_LEN(EXAMPLES));
    strbuf_add_str(buf, ".SH SEE ALSO\n.BR log (1),\n.BR profiles (1),\n.BR ssh (1)\n");
}

/* --- Markdown ------------------------------------------------------------------------------- */

static void add_cell(StrBuf *buf, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|') {
            strbuf_add_char(buf, '\\');
        }
        strbuf_add_char(buf, *text);
    }
}

static void add_markdown_row(StrBuf *buf, const char *term, const char *text)
{
    strbuf_add_str(buf, "| `");
    add_cell(buf, term);
    strbuf_add_str(buf, "` | ");
    add_cell(buf, text);
    strbuf_add_str(buf, " |\n");
}

static void add_markdown_pairs(StrBuf *buf, const char *title, const char *head, const Pair *pairs,
                               size_t count)
{
    strbuf_printf(buf, "\n## %s\n\n| %s | meaning |\n|---|---|\n", title, head);
    for (size_t i = 0; i < count; i++) {
        add_markdown_row(buf, pairs[i].term, pairs[i].text);
    }
}

void options_markdown(StrBuf *buf)
{
    strbuf_add_str(buf,
                   "# The command line\n\nWritten by `mdmscope --print-options` out of the "
                   "table of options; do not edit.\n\n| command | what it does |\n|---|---|\n");
    for (size_t i = 0; i < VERB_SPEC_COUNT; i++) {
        StrBuf command = {0};
        add_command(&command, &VERB_SPECS[i]);
        add_markdown_row(buf, command.ptr, VERB_SPECS[i].help);
        strbuf_done(&command);
    }
    for (OptionGroup group = 0; group < OPTION_GROUP_COUNT; group++) {
        if (group == OPTION_GROUP_SOURCES) {
            add_markdown_pairs(buf, GROUP_TITLES[group], "source", SOURCE_WORDS,
                               ARRAY_LEN(SOURCE_WORDS));
        } else {
            strbuf_printf(buf, "\n## %s\n\n| option | meaning |\n|---|---|\n", GROUP_TITLES[group]);
        }
        for (size_t i = 0; i < OPTION_SPEC_COUNT; i++) {
            if (OPTION_SPECS[i].group == group) {
                StrBuf term = {0};
                add_term(&term, &OPTION_SPECS[i]);
                add_markdown_row(buf, term.ptr, OPTION_SPECS[i].help);
                strbuf_done(&term);
            }
        }
    }
    add_markdown_pairs(buf, "Exit status", "status", STATUSES, ARRAY_LEN(STATUSES));
}
