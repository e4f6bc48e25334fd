/*
 * Options: the parser that walks the table of options (options_table.c), and what no single option
 * can tell. It reads no file, prints nothing and asks no clock.
 */
#include "session/options.h"

#include <string.h>

#include "base/ascii.h"
#include "session/excerpt.h"
#include "session/options_table.h"
#include "session/source_parts.h"
#include "session/store.h"

#define BUFFER_MAX_BYTES ((uint64_t)1 << 40)
#define SUGGEST_MAX_DISTANCE 3

/* --- the parser ----------------------------------------------------------------------------- */

typedef struct Parser {
    Options options;
    char **argv;
    int argc;
    int at;
    bool has_word;      /* the first word that is no option has been seen */
    bool ends_options;  /* after "--" */
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
    if (!take_argument(parser, spec, attached, &value, err) ||
        !spec->apply(&parser->options, spec, value, err)) {
        return err_prefix(err, "--%s", spec->name);
    }
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
        return options_add_source(options, SOURCE_STDIN, NULL, err);
    }
    if (word[0] == '\0') {
        return err_set(err, "a file name is empty");
    }
    return options_add_source(options, SOURCE_FILE, word, err);
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
        !options_parse_report_format(sv(options->format_name), &options->report, err)) {
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
        if (options->verb == VERB_RECORD && options->redact) {
            return err_set(err, "--redact: what mdmscope record prints is redacted anyway, unless "
                                "--no-redact is given");
        }
        return err_set(err, "--%s: has no meaning for mdmscope%s%s", parser->narrow,
                       verb->word != NULL ? " " : "", verb->word != NULL ? verb->word : "");
    }
    if (verb_spec(options->verb)->words != WORDS_ARE_SOURCES) {
        return check_report(options, err);
    }
    if (options->format_name != NULL && options->verb == VERB_EXPLAIN &&
        !options_parse_report_format(sv(options->format_name), &options->report, err)) {
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
    if (options->verb != VERB_EXPLORE && !options->speed_is_set) {
        options->speed = 0; /* who prints wants to have it, not to watch it */
    }
    if (options->speed_is_set && count_sources(options, SOURCE_DEMO) == 0) {
        return err_set(err, "--speed: has a meaning only with --demo");
    }
    if (options->source_count == 0 && !options_add_source(options, SOURCE_LOG, NULL, err)) {
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

/* "help" and "help COMMAND", as many programs know it: the same as "COMMAND --help". */
static bool is_help(int argc, char **argv, Options *options)
{
    if (argc < 2 || strcmp(argv[1], "help") != 0) {
        return false;
    }
    if (argc > 2) {
        (void)take_verb_word(options, argv[2]); /* no command: help of all */
    }
    options->help_for = options->verb;
    options->verb = VERB_HELP;
    return true;
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
    bool has_all = is_help(argc, argv, &parser.options);
    while (!has_all && parser.at < argc) {
        const char *word = argv[parser.at++];
        bool is_option = !parser.ends_options && word[0] == '-' && word[1] != '\0';
        if (is_option && strcmp(word, "--") == 0) {
            parser.ends_options = true;
        } else if (is_option ? !parse_option(&parser, word, err)
                             : !parse_word(&parser, word, err)) {
            return false;
        }
        has_all = is_document(parser.options.verb); /* help is what is wanted, whatever follows */
    }
    if (!is_document(parser.options.verb) && !check_together(&parser, err)) {
        return false;
    }
    *ret_options = parser.options;
    return true;
}

/* Bytes with K, M, G (of 1024), also as KiB or KB. */
bool options_parse_bytes(StrView text, size_t *ret_bytes, Err *err)
{
    size_t digits = 0;
    while (digits < text.len && ascii_is_digit(text.ptr[digits])) {
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
