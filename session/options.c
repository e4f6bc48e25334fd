/*
 * Options: the table of options and the parser that walks it. The documents made of the same table
 * are in options_doc.c. It reads no file, prints nothing and asks no clock.
 */
#include "session/options.h"

#include <string.h>

#include "base/clock.h"
#include "session/excerpt.h"
#include "session/options_table.h"
#include "session/source_parts.h"
#include "session/store.h"

#define BUFFER_MAX_BYTES ((uint64_t)1 << 40)
#define SPEED_MAX 1e6
#define SUGGEST_MAX_DISTANCE 3
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

static bool add_source(Options *options, SourceKind kind, const char *argument, Err *err)
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
    return add_source(options, (SourceKind)spec->value, value, err);
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
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
    for (; is_digit(*at); at++) {
        speed = speed * 10 + (*at - '0');
    }
    size_t whole = (size_t)(at - value);
    if (*at == '.') {
        for (at++; is_digit(*at); at++) {
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
    return true;
}

static bool take_style(Options *options, const OptionSpec *spec, const char *value, Err *err)
{
    (void)spec;
    return style_parse(sv(value), &options->style_in, err);
}

static bool report_format_parse(StrView text, ReportFormat *ret_format, Err *err)
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
    return report_format_parse(sv(value), &options->report, NULL) ||
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

/* Bytes with K, M, G (of 1024), also as KiB or KB. */
bool options_parse_bytes(StrView text, size_t *ret_bytes, Err *err)
{
    size_t digits = 0;
    while (digits < text.len && is_digit(text.ptr[digits])) {
        digits++;
    }
    StrView rest = sv_slice(text, digits, SIZE_MAX);
    size_t unit = rest.len > 0 ? sv_find_char(SV("KkMmGg"), rest.ptr[0]) : SIZE_MAX;
    unsigned shift = 0;
    if (unit != SIZE_MAX) {
        shift = 10 * ((unsigned)unit / 2 + 1);
        rest = sv_slice(rest, 1, SIZE_MAX);
        bool is_long = sv_equal(rest, SV("iB")) || sv_equal(rest, SV("B"));
        rest = is_long ? SV("") : rest;
    }
    uint64_t number;
    if (!sv_to_u64(sv_slice(text, 0, digits), &number) || rest.len > 0) {
        return err_set(err, "'%.*s' is no size; use 64M or 1G", SV_ARG(text));
    }
    if (number > BUFFER_MAX_BYTES >> shift || (number << shift) > SIZE_MAX / 2) {
        return err_set(err, "'%.*s' is more than this program can hold", SV_ARG(text));
    }
    if (number << shift < STORE_MIN_BYTES) {
        return err_set(err, "'%.*s' is too small, 1M is the least", SV_ARG(text));
    }
    *ret_bytes = (size_t)(number << shift);
    return true;
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
     .help = "print this help"},
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

/* --- the parser ----------------------------------------------------------------------------- */

typedef struct Parser {
    Options options;
    char **argv;
    int argc;
    int at;
    bool has_word;     /* the first word that is no option has been seen */
    bool ends_options; /* after "--" */
    bool has_speed;
    unsigned seen_in;   /* verbs in which everything seen so far means something */
    const char *narrow; /* the option that narrowed `seen_in` last */
} Parser;

static const OptionSpec *find_option(StrView name)
{
    for (size_t i = 0; i < OPTION_SPEC_COUNT; i++) {
        if (sv_equal(sv(OPTION_SPECS[i].name), name)) {
            return &OPTION_SPECS[i];
        }
    }
    return NULL;
}

static const OptionSpec *find_letter(char letter)
{
    for (size_t i = 0; i < OPTION_SPEC_COUNT; i++) {
        if (OPTION_SPECS[i].letter == letter) {
            return &OPTION_SPECS[i];
        }
    }
    return NULL;
}

static const char *suggest_option(StrView name)
{
    size_t limit = name.len / 2 < SUGGEST_MAX_DISTANCE ? name.len / 2 : SUGGEST_MAX_DISTANCE;
    const char *nearest = NULL;
    for (size_t i = 0; i < OPTION_SPEC_COUNT; i++) {
        size_t distance = sv_distance(name, sv(OPTION_SPECS[i].name));
        if (OPTION_SPECS[i].group != OPTION_GROUP_HIDDEN && distance <= limit) {
            nearest = OPTION_SPECS[i].name;
            limit = distance - (distance > 0);
        }
    }
    return nearest;
}

static bool fail_unknown(StrView name, const char *word, Err *err)
{
    const char *near = suggest_option(name);
    if (near != NULL) {
        return err_set(err, "%s: no such option, did you mean --%s?", word, near);
    }
    return err_set(err, "%s: no such option, see mdmscope --help", word);
}

/* Takes the argument of `spec`, either what follows '=' or the next word. */
static bool take_argument(Parser *parser, const OptionSpec *spec, const char *attached,
                          const char **ret_value, Err *err)
{
    if (spec->argument == NULL) {
        *ret_value = NULL;
        return attached == NULL || err_set(err, "takes no argument");
    }
    if (attached == NULL) {
        if (parser->at == parser->argc) {
            return err_set(err, "%s is missing", spec->argument);
        }
        attached = parser->argv[parser->at++];
    }
    *ret_value = attached;
    return true;
}

static bool parse_option(Parser *parser, const char *word, Err *err)
{
    const OptionSpec *spec;
    const char *attached = NULL;
    if (word[1] == '-') {
        StrView name = sv(word + 2);
        size_t equals = sv_find_char(name, '=');
        if (equals != SIZE_MAX) {
            attached = word + 2 + equals + 1;
            name = sv_slice(name, 0, equals);
        }
        spec = find_option(name);
        if (spec == NULL) {
            return fail_unknown(name, word, err);
        }
    } else {
        spec = word[2] == '\0' ? find_letter(word[1]) : NULL;
        if (spec == NULL) {
            return fail_unknown(sv(word + 1), word, err);
        }
    }
    const char *value = NULL;
    if (spec->apply == take_later) {
        return err_set(err, "--%s: not in this version", spec->name);
    }
    if (!take_argument(parser, spec, attached, &value, err) ||
        !spec->apply(&parser->options, spec, value, err)) {
        return err_prefix(err, "--%s", spec->name);
    }
    parser->has_speed = parser->has_speed || spec->apply == take_speed;
    if ((parser->seen_in & spec->verbs) != parser->seen_in) {
        parser->seen_in &= spec->verbs;
        parser->narrow = spec->name;
    }
    return true;
}

/* The first word that is no option may name what to do: true when it does. */
static bool take_verb_word(Options *options, const char *word)
{
    for (size_t i = 0; i < VERB_SPEC_COUNT; i++) {
        if (VERB_SPECS[i].word != NULL && strcmp(word, VERB_SPECS[i].word) == 0) {
            options->verb = VERB_SPECS[i].verb;
            return true;
        }
    }
    return false;
}

static const VerbSpec *verb_spec(Verb verb)
{
    size_t i = 0;
    while (i + 1 < VERB_SPEC_COUNT && VERB_SPECS[i].verb != verb) {
        i++;
    }
    return VERB_SPECS[i].verb == verb ? &VERB_SPECS[i] : &VERB_SPECS[0];
}

/* Takes a further word of a command that has no sources. */
static bool take_word(Options *options, const VerbSpec *verb, const char *word, Err *err)
{
    const char **member = (const char **)(void *)((char *)options + verb->member);
    if (verb->words == WORDS_NONE || *member != NULL) {
        return err_set(err, "%s: %s", verb->word, verb->too_many);
    }
    *member = word;
    return true;
}

static bool parse_word(Parser *parser, const char *word, Err *err)
{
    Options *options = &parser->options;
    bool may_be_verb = !parser->has_word && !parser->ends_options;
    parser->has_word = true;
    if (may_be_verb && take_verb_word(options, word)) {
        return true;
    }
    const VerbSpec *verb = verb_spec(options->verb);
    if (verb->words != WORDS_ARE_SOURCES) {
        return take_word(options, verb, word, err);
    }
    if (strcmp(word, "-") == 0) {
        return add_source(options, SOURCE_STDIN, NULL, err);
    }
    if (word[0] == '\0') {
        return err_set(err, "a file name is empty");
    }
    return add_source(options, SOURCE_FILE, word, err);
}

static size_t count_sources(const Options *options, SourceKind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < options->source_count; i++) {
        count += options->sources[i].kind == kind;
    }
    return count;
}

/* The same for commands that print no entries. */
static bool check_report(Options *options, Err *err)
{
    if (options->verb == VERB_PREDICATE) {
        return options->predicate_text != NULL || err_set(err, "predicate: TEXT is missing");
    }
    if (options->format_name != NULL &&
        !report_format_parse(sv(options->format_name), &options->report, err)) {
        return err_prefix(err, "--format");
    }
    if (options->report == REPORT_HTML) {
        return err_set(err, "--format: only explain prints html");
    }
    if (options->verb == VERB_PLAYBOOK && options->report == REPORT_JSON) {
        return err_set(err, "--format: the playbook is text or md");
    }
    if (options->verb == VERB_RECORD && options->is_live == (options->record_file != NULL)) {
        return err_set(err, options->is_live ? "record: a FILE has no meaning with --live"
                                             : "record: FILE is missing; - is standard input, "
                                               "--live asks this Mac");
    }
    return true;
}

/* What no single option can tell. */
static bool check_together(Parser *parser, Err *err)
{
    Options *options = &parser->options;
    if (options->verb == VERB_PRINT_CONFIG) {
        return (parser->seen_in & IN_CONFIG) != 0 ||
               err_set(err, "--%s: has no meaning with --print-config", parser->narrow);
    }
    if ((parser->seen_in & (1u << options->verb)) == 0) {
        const VerbSpec *verb = verb_spec(options->verb);
        return err_set(err, "--%s: has no meaning for mdmscope%s%s", parser->narrow,
                       verb->word != NULL ? " " : "", verb->word != NULL ? verb->word : "");
    }
    if (verb_spec(options->verb)->words != WORDS_ARE_SOURCES) {
        return check_report(options, err);
    }
    if (options->format_name != NULL && options->verb == VERB_EXPLAIN &&
        !report_format_parse(sv(options->format_name), &options->report, err)) {
        return err_prefix(err, "--format");
    }
    if (options->format_name != NULL && options->verb != VERB_EXPLAIN &&
        !excerpt_format_parse(sv(options->format_name), &options->format, err)) {
        return err_prefix(err, "--format");
    }
    if (options->capture_part_bytes > 0 && options->capture == NULL &&
        options->verb != VERB_EXPLORE) {
        return err_set(err, "--capture-size: has a meaning only with --capture");
    }
    source_parts_join(options);
    if (options->redact && options->no_redact) {
        return err_set(err, "--redact: and --no-redact exclude each other");
    }
    if (count_sources(options, SOURCE_STDIN) > 1) {
        return err_set(err, "-: standard input can be read only once");
    }
    if (count_sources(options, SOURCE_DEMO) > 0 && options->source_count > 1) {
        return err_set(err, "--demo: cannot be mixed with other sources");
    }
    if (options->verb != VERB_EXPLORE && !parser->has_speed) {
        options->speed = 0; /* who prints wants to have it, not to watch it */
    }
    if (parser->has_speed && count_sources(options, SOURCE_DEMO) == 0) {
        return err_set(err, "--speed: has a meaning only with --demo");
    }
    if (options->source_count == 0 && !add_source(options, SOURCE_LOG, NULL, err)) {
        return false;
    }
    if (options->last_text != NULL && count_sources(options, SOURCE_LOG) == 0 &&
        count_sources(options, SOURCE_SSH) == 0) {
        return err_set(err, "--last: has a meaning only where log is run, here or over ssh");
    }
    return true;
}

static bool is_document(Verb verb)
{
    return verb >= VERB_HELP;
}

bool options_parse(int argc, char **argv, Options *ret_options, Err *err)
{
    Parser parser = {
        .options = {.verb = VERB_EXPLORE,
                    .log_path = "/usr/bin/log",
                    .ssh_path = "ssh",
                    .speed = 1,
                    .format = FORMAT_TEXT,
                    .buffer_bytes = STORE_DEFAULT_BYTES,
                    .columns = 80,
                    .rows = 24},
        .argv = argv,
        .argc = argc,
        .at = 1,
        .seen_in = IN_ALL | IN_CONFIG,
    };
    while (parser.at < argc) {
        const char *word = argv[parser.at++];
        bool is_option = !parser.ends_options && word[0] == '-' && word[1] != '\0';
        if (is_option && strcmp(word, "--") == 0) {
            parser.ends_options = true;
        } else if (is_option ? !parse_option(&parser, word, err)
                             : !parse_word(&parser, word, err)) {
            return false;
        }
        if (is_document(parser.options.verb)) {
            break; /* whatever else was said, help is what is wanted */
        }
    }
    if (!is_document(parser.options.verb) && !check_together(&parser, err)) {
        return false;
    }
    *ret_options = parser.options;
    return true;
}

bool options_run_children(const Options *options)
{
    for (size_t i = 0; i < options->source_count; i++) {
        SourceKind kind = options->sources[i].kind;
        if (kind != SOURCE_LOG && kind != SOURCE_SSH && kind != SOURCE_EXEC) {
            return false;
        }
    }
    return true;
}

bool level_passes(Level level, Level min_level)
{
    /* Severities in the order of each of the two hierarchies; see options.h. */
    static const uint8_t DETAIL[LEVEL_COUNT] = {
        [LEVEL_INFO] = 1,
        [LEVEL_DEBUG] = 2,
    };
    static const uint8_t GRAVITY[LEVEL_COUNT] = {
        [LEVEL_ERROR] = 1,
        [LEVEL_FAULT] = 2,
    };
    if (min_level == LEVEL_NONE) {
        return true;
    }
    if (GRAVITY[min_level] > 0) {
        return GRAVITY[level] >= GRAVITY[min_level];
    }
    return DETAIL[level] <= DETAIL[min_level];
}
