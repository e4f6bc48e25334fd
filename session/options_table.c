/*
 * The table of options and that of commands, with what each option does to Options. The parser is
 * in options.c, the documents made of the same tables in options_doc.c.
 */
#include "session/options_table.h"

#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "session/excerpt.h"

#define SPEED_MAX 1e6
/* Far enough from 1970 for any "-5m" to be a time. */
#define SOME_NOW_SECONDS INT64_C(4000000000)

/* --- handlers ------------------------------------------------------------------------------- */

static void *member_of(Options *options, const OptionSpec *spec)
{
    return (char *)options + spec->member;
}

static bool take_text(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)err; /* any text will do here; its reader checks it */
    *(const char **)member_of(options, spec) = value;
    return true;
}

static bool take_flag(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)value;
    (void)err;
    *(bool *)member_of(options, spec) = true;
    return true;
}

static bool take_verb(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)value;
    (void)err;
    options->help_for = options->verb;
    options->verb = (Verb)spec->value;
    return true;
}

bool options_add_source(Options *options, SourceKind kind, const char *argument, Err *err)
{
    if (options->source_count == OPTIONS_MAX_SOURCES) {
        return err_set(err, "more than %d sources", OPTIONS_MAX_SOURCES);
    }
    options->sources[options->source_count++] = (SourceSpec){.kind = kind, .argument = argument};
    return true;
}

static bool take_source(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    if (value != NULL && value[0] == '\0') {
        return err_set(err, "'%s' is missing", spec->argument);
    }
    /* ssh would read a host that begins with a dash as an option of its own. */
    if (spec->value == SOURCE_SSH && value != NULL && value[0] == '-') {
        return err_set(err, "'%s' is no host name", value);
    }
    return options_add_source(options, (SourceKind)spec->value, value, err);
}

/* The lengths `log show --last` takes: N, Ns, Nm, Nh, Nd, or "boot". */
static bool take_last(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)spec;
    size_t digits = strspn(value, "0123456789");
    bool has_unit = digits > 0 && value[digits] != '\0' && strchr("smhd", value[digits]) != NULL;
    if (strcmp(value, "boot") == 0) {
        options->last_ns = INT64_MAX;
    } else if (digits == 0 || value[digits + has_unit] != '\0') {
        return err_set(err, "'%s' is no length of time; use 90s, 30m, 2h, 1d or boot", value);
    } else if (!clock_parse_length(sv(value), &options->last_ns, err)) {
        return false;
    } else if (options->last_ns <= 0) {
        return err_set(err, "'%s' is no time at all", value);
    }
    options->last_text = value;
    return true;
}

/* "2", "0.5", "10x". Not strtod, whose decimal point depends on the locale. */
static bool take_speed(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)spec;
    double speed = 0, scale = 1;
    const char *at = value;
    for (; ascii_is_digit(*at); at++) {
        speed = speed * 10 + (*at - '0');
    }
    size_t whole = (size_t)(at - value);
    if (*at == '.') {
        for (at++; ascii_is_digit(*at); at++) {
            scale /= 10;
            speed += scale * (*at - '0');
        }
    }
    size_t length = (size_t)(at - value);
    at += *at == 'x';
    if (*at != '\0' || length == 0 || (whole == 0 && length < 2) || speed > SPEED_MAX) {
        return err_set(err, "'%s' is no factor; use 1, 0.5, 20, or 0 for all at once", value);
    }
    options->speed = speed;
    options->speed_is_set = true;
    return true;
}

static bool take_style(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)spec;
    return style_parse(sv(value), &options->style_in, err);
}

bool options_parse_report_format(StrView text, ReportFormat *ret_format, Err *err)
{
    static const char *const NAMES[REPORT_COUNT] = {
        [REPORT_TEXT] = "text", [REPORT_MD] = "md", [REPORT_JSON] = "json", [REPORT_HTML] = "html"};
    for (ReportFormat i = 0; i < REPORT_COUNT; i++) {
        if (sv_equal(text, sv(NAMES[i]))) {
            *ret_format = i;
            return true;
        }
    }
    return err_set(err, "'%.*s' is none of text, md, json, html", SV_ARG(text));
}

/* Which of the two kinds of formats it is to be is known when the command is. */
static bool take_format(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)spec;
    options->format_is_set = true;
    options->format_name = value;
    return options_parse_report_format(sv(value), &options->report, NULL) ||
           excerpt_format_parse(sv(value), &options->format, err);
}

static bool take_level(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)spec;
    if (!level_parse(sv(value), &options->min_level)) {
        return err_set(err, "'%s' is none of default, info, debug, error, fault", value);
    }
    return true;
}

/* Whether the time can be read at all; what a relative one counts from is known to its user. */
static bool take_point(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    Stamp some_now = {.ns = SOME_NOW_SECONDS * NS_PER_SECOND, .zone_minutes = 0};
    int64_t ns;
    return clock_parse_point(sv(value), some_now, &ns, err) && take_text(options, spec, value, err);
}

static bool take_bytes(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)spec;
    options->buffer_is_set = true;
    return options_parse_bytes(sv(value), &options->buffer_bytes, err);
}

static bool take_part_bytes(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)spec;
    return options_parse_bytes(sv(value), &options->capture_part_bytes, err);
}

static bool take_size(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)spec;
    StrView text = sv(value);
    size_t cross = sv_find_char(text, 'x');
    uint64_t columns, rows;
    if (cross == SIZE_MAX || !sv_to_u64(sv_slice(text, 0, cross), &columns) ||
        !sv_to_u64(sv_slice(text, cross + 1, SIZE_MAX), &rows)) {
        return err_set(err, "'%s' is no size; use COLUMNSxROWS, as 80x24", value);
    }
    if (columns < 1 || columns > OPTIONS_MAX_COLUMNS || rows < 1 || rows > OPTIONS_MAX_ROWS) {
        return err_set(err, "'%s' is not within 1x1 and %dx%d", value, OPTIONS_MAX_COLUMNS,
                       OPTIONS_MAX_ROWS);
    }
    options->columns = (int)columns;
    options->rows = (int)rows;
    return true;
}

static bool take_to(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)spec;
    if (strcmp(value, "nspredicate") != 0 && strcmp(value, "shorthand") != 0 &&
        strcmp(value, "tree") != 0) {
        return err_set(err, "'%s' is none of nspredicate, shorthand, tree", value);
    }
    options->predicate_to = value;
    return true;
}

static bool take_later(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)options;
    (void)spec;
    (void)value;
    return err_set(err, "not in this version");
}

/* --- the table ------------------------------------------------------------------------------ */

#define MEMBER(name) .member = offsetof(Options, name)

/* clang-format off */
const OptionSpec OPTION_SPECS[] = {
    {"last", 0, "TIME", OPTION_GROUP_SOURCES, IN_SOURCES, take_last,
     .help = "first what the log store holds of the last 90s, 30m, 2h, 1d or since boot, then the stream, without a gap or a double"},
    {"demo", 0, NULL, OPTION_GROUP_SOURCES, IN_SOURCES, take_source, .value = SOURCE_DEMO,
     .help = "the bundled capture: an enrolment that fails, then one that succeeds"},
    {"speed", 0, "N", OPTION_GROUP_SOURCES, IN_SOURCES, take_speed,
     .help = "with --demo: N times its own pace, 0 = all at once (as show does unless told)"},
    {"ssh", 0, "HOST", OPTION_GROUP_SOURCES, IN_SOURCES, take_source, .value = SOURCE_SSH,
     .help = "run log on HOST over ssh; may be repeated"},
    {"exec", 0, "CMD", OPTION_GROUP_SOURCES, IN_SOURCES, take_source, .value = SOURCE_EXEC,
     .help = "run CMD with /bin/sh and read the entries it prints; may be repeated"},
    {"log", 0, "PATH", OPTION_GROUP_SOURCES, IN_SOURCES, take_text, MEMBER(log_path),
     .help = "the log to run instead of /usr/bin/log"},
    {"ssh-path", 0, "PATH", OPTION_GROUP_SOURCES, IN_SOURCES, take_text, MEMBER(ssh_path),
     .help = "the ssh to run instead of the first in $PATH"},
    {"format-in", 0, "STYLE", OPTION_GROUP_SOURCES, IN_SOURCES, take_style,
     .help = "read ndjson, json, default, compact or syslog instead of recognising the style"},

    {"predicate", 0, "P", OPTION_GROUP_CHOICE, IN_SOURCES, take_text, MEMBER(predicate),
     .help = "only entries that match the NSPredicate P; of live sources, log is asked for these alone"},
    {"pane", 0, "NAME", OPTION_GROUP_CHOICE, IN_ENTRIES, take_text, MEMBER(pane),
     .help = "begin with the pane NAME; show prints only what is in it"},
    {"grep", 0, "RE", OPTION_GROUP_CHOICE, IN_SOURCES, take_text, MEMBER(grep),
     .help = "only entries whose message matches the regular expression RE; letter case matters once RE has an upper-case letter"},
    {"grep-v", 0, "RE", OPTION_GROUP_CHOICE, IN_SOURCES, take_text, MEMBER(grep_not),
     .help = "only entries whose message does not match RE"},
    {"level", 0, "LEVEL", OPTION_GROUP_CHOICE, IN_SOURCES, take_level,
     .help = "default, info (and default), debug (all), error (and fault) or fault"},
    {"since", 0, "T", OPTION_GROUP_CHOICE, IN_SOURCES, take_point, MEMBER(since),
     .help = "only entries from T on: a date and time as the entries show it, a time of the first "
             "entry's day, -5m or @SECONDS"},
    {"until", 0, "T", OPTION_GROUP_CHOICE, IN_SOURCES, take_point, MEMBER(until),
     .help = "only entries up to T, that moment included"},

    {"format", 0, "FORMAT", OPTION_GROUP_OUTPUT, IN_ENTRIES | IN_REPORTS, take_format,
     .help = "print text, compact or syslog (as log does), ndjson (the original bytes), json (one array), csv (RFC 4180; every text as it is, so that a spreadsheet may take one that begins with = + - @ for a formula), md or html (with the report, for a ticket) or bundle (a .tar.gz of report, entries and sums: > FILE); with explain text, md, html or json, with record text, md or json, with playbook text or md"},
    {"redact", 0, NULL, OPTION_GROUP_OUTPUT, IN_SOURCES, take_flag, MEMBER(redact),
     .help = "put placeholders in the place of what is personal or secret, in every form; md, html, bundle and all that explain prints are so unless told otherwise"},
    {"no-redact", 0, NULL, OPTION_GROUP_OUTPUT, IN_SOURCES | IN_RECORD, take_flag, MEMBER(no_redact),
     .help = "leave everything as the log has it, also in md, html, bundle and what explain prints; with record: show secrets, and what stands behind the ? of a URL"},
    {"capture", 0, "FILE", OPTION_GROUP_OUTPUT, IN_ENTRIES, take_text, MEMBER(capture),
     .help = "write all that the sources give to FILE as well, byte for byte as it comes, whatever is shown of it; of several sources to FILE.NAME each; FILE must not exist yet"},
    {"capture-size", 0, "SIZE", OPTION_GROUP_OUTPUT, IN_ENTRIES, take_part_bytes,
     .help = "with --capture: go on in FILE.0002, FILE.0003, … when one would become larger than SIZE, as 64M or 1G"},
    {"detach-capture", 0, NULL, OPTION_GROUP_OUTPUT, IN_EXPLORE, take_flag, MEMBER(detach_capture),
     .help = "when the terminal goes away go on with the capture, until the sources end or the process whose number is in FILE.pid gets SIGTERM"},
    {"to", 0, "FORM", OPTION_GROUP_OUTPUT, IN_PREDICATE, take_to,
     .help = "with predicate: print nspredicate (as log takes it), shorthand or tree"},
    {"live", 0, NULL, OPTION_GROUP_OUTPUT, IN_RECORD, take_flag, MEMBER(is_live),
     .help = "with record: ask this Mac once, with the command that its macOS has; needs root, and from macOS 12.3 on works about once a day"},
    {"private-data", 0, NULL, OPTION_GROUP_OUTPUT, IN_PROFILE, take_flag, MEMBER(has_private_data),
     .help = "with profile: have values logged that macOS masks, by every program, as long as the profile is installed"},
    {"commands", 0, NULL, OPTION_GROUP_OUTPUT, IN_PROFILE, take_flag, MEMBER(as_commands),
     .help = "with profile: print commands of log config that do the same, and those that undo it"},

    {"buffer", 0, "SIZE", OPTION_GROUP_SCREEN, IN_SOURCES | IN_CONFIG, take_bytes,
     .help = "hold at most SIZE of entries, as 64M or 1G; 256M unless told; the oldest go first"},
    {"theme", 0, "NAME", OPTION_GROUP_SCREEN, IN_ENTRIES | IN_CONFIG, take_text, MEMBER(theme),
     .help = "dark, light, or the path of a theme file"},
    {"plain", 0, NULL, OPTION_GROUP_SCREEN, IN_EXPLORE | IN_CONFIG, take_flag, MEMBER(plain),
     .help = "no box drawing, and words for glyphs: for screen readers"},
    {"no-mouse", 0, NULL, OPTION_GROUP_SCREEN, IN_EXPLORE | IN_CONFIG, take_flag, MEMBER(no_mouse),
     .help = "leave the mouse to the terminal's own selection"},
    {"config", 0, "FILE", OPTION_GROUP_SCREEN, IN_SOURCES | IN_CONFIG, take_text, MEMBER(config),
     .help = "read the configuration from FILE instead of config.json, and save panes and presets there"},
    {"print-config", 0, NULL, OPTION_GROUP_SCREEN, IN_ALL | IN_CONFIG, take_verb, .value = VERB_PRINT_CONFIG,
     .help = "print the configuration in force, as a file that can be the next config.json"},
    {"fresh", 0, NULL, OPTION_GROUP_SCREEN, IN_EXPLORE, take_flag, MEMBER(fresh),
     .help = "do not restore panes, predicates, marks and position of the last time with the same files; what was remembered stays unless something is marked, selected or changed"},
    {"state", 0, "DIR", OPTION_GROUP_SCREEN, IN_EXPLORE, take_text, MEMBER(state_dir),
     .help = "keep in DIR what is restored at the next start; with --script nothing is kept unless DIR is given"},
    {"trace", 0, "FILE", OPTION_GROUP_SCREEN, IN_EXPLORE, take_text, MEMBER(trace),
     .help = "write to FILE how long each frame took"},
    {"script", 0, "KEYS", OPTION_GROUP_SCREEN, IN_EXPLORE, take_text, MEMBER(script),
     .help = "without a terminal: feed KEYS by name and print the frames the script asks for"},
    {"size", 0, "CxR", OPTION_GROUP_SCREEN, IN_EXPLORE, take_size,
     .help = "with --script: columns and rows of the screen, 80x24 unless told"},

    {"help", 'h', NULL, OPTION_GROUP_OTHER, IN_ALL, take_verb, .value = VERB_HELP,
     .help = "print this help; after a command, or as help COMMAND, that of the command"},
    {"version", 'V', NULL, OPTION_GROUP_OTHER, IN_ALL, take_verb, .value = VERB_VERSION,
     .help = "print the version"},

    {"print-manual", 0, NULL, OPTION_GROUP_HIDDEN, IN_ALL, take_verb, .value = VERB_PRINT_MANUAL,
     .help = "print the manual page"},
    {"print-options", 0, NULL, OPTION_GROUP_HIDDEN, IN_ALL, take_verb, .value = VERB_PRINT_OPTIONS,
     .help = "print the options as Markdown"},
    {"print-keys", 0, NULL, OPTION_GROUP_HIDDEN, IN_ALL, take_verb, .value = VERB_PRINT_KEYS,
     .help = "print the keys as Markdown"},
    {"archive", 0, "DIR", OPTION_GROUP_HIDDEN, IN_ALL, take_later,
     .help = "read a log archive"},
};

const VerbSpec VERB_SPECS[] = {
    {NULL, VERB_EXPLORE, "[SOURCE…] [OPTIONS]", "explore the entries on the screen",
     .words = WORDS_ARE_SOURCES},
    {"show", VERB_SHOW, "[SOURCE…] [OPTIONS]", "print the entries, no screen",
     .words = WORDS_ARE_SOURCES},
    {"predicate", VERB_PREDICATE, "TEXT [--to FORM]", "check a predicate and print it as log takes it",
     .words = WORDS_ONE, MEMBER(predicate_text), .too_many = "more than one text; use quotation marks"},
    {"explain", VERB_EXPLAIN, "[SOURCE…] [OPTIONS]", "print the enrolment report: how far it got, what failed, what that means and what to do; exit status 0 when there was an enrolment, 1 when there was none",
     .words = WORDS_ARE_SOURCES},
    {"record", VERB_RECORD, "FILE|-|--live", "read an activation record: what profiles show -type enrollment or mdmclient dep nag printed, the stored property list, a server's ADE profile in JSON; names and checks its fields, contacts nobody",
     .words = WORDS_ONE, MEMBER(record_file), .too_many = "more than one FILE"},
    {"profile", VERB_PROFILE, "[--private-data] [--commands]", "print the configuration profile for debug logging; remove it from the Mac afterwards",
     .words = WORDS_NONE, .too_many = "takes no FILE; it prints to standard output"},
    {"playbook", VERB_PLAYBOOK, "[PAGE]", "print the steps of troubleshooting: the pages there are, one of them, or all",
     .words = WORDS_ONE, MEMBER(playbook_page), .too_many = "more than one PAGE"},
};
/* clang-format on */

const size_t OPTION_SPEC_COUNT = ARRAY_LEN(OPTION_SPECS);
const size_t VERB_SPEC_COUNT = ARRAY_LEN(VERB_SPECS);
