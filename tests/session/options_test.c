/*
 * Tests of the command line: what is taken, what is refused and in which words, and that the
 * documents made of the table are complete and equal the committed ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "session/options.h"
#include "session/options_table.h"
#include "session/source_parts.h"
#include "session/store.h"

#define WORDS_MAX 80

/* Splits at blanks; "''" stands for an empty word. */
static bool parse_line(const char *line, Options *options, Err *err)
{
    static char copy[4096];
    char *argv[WORDS_MAX] = {"mdmscope"};
    int argc = 1;
    (void)snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        assert_true(argc < WORDS_MAX);
        argv[argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
    }
    *err = err_none();
    return options_parse(argc, argv, options, err);
}

static Options parsed(const char *line)
{
    Options options;
    Err err;
    if (!parse_line(line, &options, &err)) {
        fail_msg("%s: %s", line, err.text);
    }
    return options;
}

static void test_defaults(void **state)
{
    (void)state;
    Options options = parsed("");
    assert_int_equal(options.verb, VERB_EXPLORE);
    assert_int_equal(options.source_count, 1);
    assert_int_equal(options.sources[0].kind, SOURCE_LOG);
    assert_string_equal(options.log_path, "/usr/bin/log");
    assert_string_equal(options.ssh_path, "ssh");
    assert_true(options.buffer_bytes == STORE_DEFAULT_BYTES);
    assert_int_equal(options.columns, 80);
    assert_int_equal(options.rows, 24);
    assert_int_equal(options.min_level, LEVEL_NONE);
    assert_int_equal(options.format, FORMAT_TEXT);
    assert_false(options.format_is_set);
    assert_true(options.speed == 1);
    assert_null(options.predicate);
}

static void test_sources(void **state)
{
    (void)state;
    Options options = parsed("show a.ndjson --ssh one --exec cat --ssh=two - -- --odd show");
    static const SourceSpec EXPECTED[] = {
        {SOURCE_FILE, "a.ndjson"}, {SOURCE_SSH, "one"},  {SOURCE_EXEC, "cat"},
        {SOURCE_SSH, "two"},       {SOURCE_STDIN, NULL}, {SOURCE_FILE, "--odd"},
        {SOURCE_FILE, "show"},
    };
    assert_int_equal(options.verb, VERB_SHOW);
    assert_int_equal(options.source_count, ARRAY_LEN(EXPECTED));
    for (size_t i = 0; i < ARRAY_LEN(EXPECTED); i++) {
        assert_int_equal(options.sources[i].kind, EXPECTED[i].kind);
        if (EXPECTED[i].argument != NULL) {
            assert_string_equal(options.sources[i].argument, EXPECTED[i].argument);
        }
    }
    options = parsed("--demo --speed 2.5");
    assert_int_equal(options.sources[0].kind, SOURCE_DEMO);
    assert_true(options.speed == 2.5);
    assert_true(parsed("--demo --speed 0").speed == 0);
    assert_true(parsed("--demo --speed 20x").speed == 20);
    options = parsed("--last 30m");
    assert_true(options.last_ns == INT64_C(1800) * NS_PER_SECOND);
    assert_string_equal(options.last_text, "30m");
    assert_int_equal(options.sources[0].kind, SOURCE_LOG);
    assert_true(parsed("--ssh host --last boot").last_ns > 0);
    /* A verb is one only as the first word; ./show names a file. */
    assert_int_equal(parsed("./show").verb, VERB_EXPLORE);
    assert_int_equal(parsed("a show").verb, VERB_EXPLORE);
    assert_int_equal(parsed("--level error show a").verb, VERB_SHOW);
}

static void test_reports(void **state)
{
    (void)state;
    Options options = parsed("record a.plist --format json --no-redact");
    assert_int_equal(options.verb, VERB_RECORD);
    assert_string_equal(options.record_file, "a.plist");
    assert_int_equal(options.report, REPORT_JSON);
    assert_true(options.no_redact);
    assert_int_equal(options.source_count, 0);
    assert_string_equal(parsed("record -").record_file, "-");
    assert_true(parsed("record --live").is_live);
    assert_int_equal(parsed("--format md record f").report, REPORT_MD);
    options = parsed("profile --private-data --commands");
    assert_int_equal(options.verb, VERB_PROFILE);
    assert_true(options.has_private_data && options.as_commands);
    assert_null(parsed("playbook").playbook_page);
    assert_string_equal(parsed("playbook reset").playbook_page, "reset");
    assert_int_equal(parsed("playbook all").report, REPORT_TEXT);
}

static void test_values(void **state)
{
    (void)state;
    Options options = parsed("show f --predicate process==1 --pane mdmclient --grep a.b --grep-v c "
                             "--level error --since 12:04 --until -5m --format csv --buffer 64M "
                             "--theme light --config c.json --log ./log --no-redact "
                             "--format-in compact");
    assert_string_equal(options.predicate, "process==1");
    assert_string_equal(options.pane, "mdmclient");
    assert_string_equal(options.grep, "a.b");
    assert_string_equal(options.grep_not, "c");
    assert_int_equal(options.min_level, LEVEL_ERROR);
    assert_string_equal(options.since, "12:04");
    assert_string_equal(options.until, "-5m");
    assert_int_equal(options.format, FORMAT_CSV);
    assert_true(options.format_is_set);
    assert_true(options.buffer_bytes == 64 * MIB);
    assert_string_equal(options.theme, "light");
    assert_string_equal(options.config, "c.json");
    assert_string_equal(options.log_path, "./log");
    assert_true(options.no_redact);
    assert_int_equal(options.style_in, STYLE_COMPACT);
    assert_true(parsed("--buffer 1G").buffer_bytes == 1024 * MIB);
    assert_true(parsed("--buffer 2048k").buffer_bytes == 2 * MIB);
    assert_true(parsed("--buffer 64MiB").buffer_bytes == 64 * MIB);
    options = parsed("--script q --size 120x40");
    assert_string_equal(options.script, "q");
    assert_int_equal(options.columns, 120);
    assert_int_equal(options.rows, 40);
    assert_false(parsed("").buffer_is_set);
    assert_true(parsed("--buffer 64M").buffer_is_set);
    options = parsed("record --help");
    assert_true(options.verb == VERB_HELP && options.help_for == VERB_RECORD);
    options = parsed("--help record");
    assert_true(options.verb == VERB_HELP && options.help_for == VERB_EXPLORE);
    options = parsed("help");
    assert_true(options.verb == VERB_HELP && options.help_for == VERB_EXPLORE);
    options = parsed("help show");
    assert_true(options.verb == VERB_HELP && options.help_for == VERB_SHOW);
    assert_true(parsed("show help").verb == VERB_SHOW); /* a file */
    options = parsed("f --fresh --plain --no-mouse --state d --trace t.csv");
    assert_true(options.fresh && options.plain && options.no_mouse);
    assert_string_equal(options.state_dir, "d");
    assert_string_equal(options.trace, "t.csv");
    options = parsed("f");
    assert_false(options.fresh || options.plain || options.no_mouse);
    assert_null(options.state_dir);
    assert_null(options.trace);
    options = parsed("--print-config --theme light --buffer 64M --plain --config c.json");
    assert_int_equal(options.verb, VERB_PRINT_CONFIG);
    assert_string_equal(options.theme, "light");
    assert_true(options.plain && options.buffer_is_set);
    assert_int_equal(parsed("--theme light --print-config").verb, VERB_PRINT_CONFIG);
    options = parsed("predicate process==1 --to tree");
    assert_int_equal(options.verb, VERB_PREDICATE);
    assert_string_equal(options.predicate_text, "process==1");
    assert_string_equal(options.predicate_to, "tree");
    assert_int_equal(options.source_count, 0);
}

static void test_documents(void **state)
{
    (void)state;
    assert_int_equal(parsed("-h").verb, VERB_HELP);
    assert_int_equal(parsed("show --help --nonsense").verb, VERB_HELP);
    assert_int_equal(parsed("--version").verb, VERB_VERSION);
    assert_int_equal(parsed("-V").verb, VERB_VERSION);
    assert_int_equal(parsed("--print-manual").verb, VERB_PRINT_MANUAL);
    assert_int_equal(parsed("--print-options").verb, VERB_PRINT_OPTIONS);
}

/* A command line and what its refusal says. */
static const char *const REFUSALS[][2] = {
    {"--predicat x", "--predicat: no such option, did you mean --predicate?"},
    {"--levle x", "--levle: no such option, did you mean --level?"},
    {"--zzzzzzz", "--zzzzzzz: no such option, see mdmscope --help"},
    {"-x", "-x: no such option, see mdmscope --help"},
    {"-hV", "-hV: no such option"},
    {"--predicate", "--predicate: P is missing"},
    {"--demo=1", "--demo: takes no argument"},
    {"--level loud", "--level: 'loud' is none of default, info, debug, error, fault"},
    {"--format xml",
     "--format: 'xml' is none of text, compact, syslog, ndjson, json, csv, md, html, bundle"},
    {"--format-in xml", "--format-in: "},
    {"--size 80", "--size: '80' is no size; use COLUMNSxROWS, as 80x24"},
    {"--size 0x24", "--size: '0x24' is not within 1x1 and 1000x500"},
    {"--size 80x501", "--size: '80x501' is not within 1x1 and 1000x500"},
    {"--size 80x2400", "--size: '80x2400' is not within"},
    {"--buffer much", "--buffer: 'much' is no size; use 64M or 1G"},
    {"--buffer 1K", "--buffer: '1K' is too small, 1M is the least"},
    {"--buffer 99999999G", "--buffer: '99999999G' is more than this program can hold"},
    {"--since noon", "--since: "},
    {"--until 25:99", "--until: "},
    {"--last soon", "--last: 'soon' is no length of time; use 90s, 30m, 2h, 1d or boot"},
    {"--last 250ms", "--last: '250ms' is no length of time"},
    {"--last 0", "--last: '0' is no time at all"},
    {"f --last 5m", "--last: has a meaning only where log is run"},
    {"--demo f", "--demo: cannot be mixed with other sources"},
    {"--demo --demo", "--demo: cannot be mixed with other sources"},
    {"--speed 2", "--speed: has a meaning only with --demo"},
    {"--demo --speed fast", "--speed: 'fast' is no factor"},
    {"--demo --speed .", "--speed: '.' is no factor"},
    {"- -", "-: standard input can be read only once"},
    {"''", "a file name is empty"},
    {"--ssh ''", "--ssh: 'HOST' is missing"},
    {"--ssh -oProxyCommand=x", "--ssh: '-oProxyCommand=x' is no host name"},
    {"--redact --no-redact", "--redact: and --no-redact exclude each other"},
    {"--archive d", "--archive: not in this version"},
    {"explain f --capture g", "--capture: has no meaning for mdmscope explain"},
    {"show f --capture-size 1M", "--capture-size: has a meaning only with --capture"},
    {"f --capture g --capture-size 9", "--capture-size: '9' is too small, 1M is the least"},
    {"show f --capture g --detach-capture", "--detach-capture: has no meaning for mdmscope show"},
    {"profile f", "profile: takes no FILE; it prints to standard output"},
    {"profile --live", "--live: has no meaning for mdmscope profile"},
    {"record", "record: FILE is missing; - is standard input, --live asks this Mac"},
    {"record a b", "record: more than one FILE"},
    {"record f --live", "record: a FILE has no meaning with --live"},
    {"record f --format csv", "--format: 'csv' is none of text, md, json"},
    {"record f --redact",
     "--redact: what mdmscope record prints is redacted anyway, unless --no-redact is given"},
    {"record f --level error", "--level: has no meaning for mdmscope record"},
    {"show f --format pdf",
     "--format: 'pdf' is none of text, compact, syslog, ndjson, json, csv, md, html, bundle"},
    {"show f --private-data", "--private-data: has no meaning for mdmscope show"},
    {"playbook a b", "playbook: more than one PAGE"},
    {"playbook --format json", "--format: the playbook is text or md"},
    {"predicate", "predicate: TEXT is missing"},
    {"predicate a b", "predicate: more than one text; use quotation marks"},
    {"predicate a --to c", "--to: 'c' is none of nspredicate, shorthand, tree"},
    {"predicate a --level error", "--level: has no meaning for mdmscope predicate"},
    {"show f --to tree", "--to: has no meaning for mdmscope show"},
    {"show f --script q", "--script: has no meaning for mdmscope show"},
    {"--to tree", "--to: has no meaning for mdmscope"},
    {"show f --fresh", "--fresh: has no meaning for mdmscope show"},
    {"show f --state d", "--state: has no meaning for mdmscope show"},
    {"--trace", "--trace: FILE is missing"},
    {"--print-config --grep x", "--grep: has no meaning with --print-config"},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(REFUSALS); i++) {
        Options options;
        Err err;
        if (parse_line(REFUSALS[i][0], &options, &err)) {
            fail_msg("'%s' was taken", REFUSALS[i][0]);
        }
        if (strncmp(err.text, REFUSALS[i][1], strlen(REFUSALS[i][1])) != 0) {
            fail_msg("'%s': '%s' instead of '%s'", REFUSALS[i][0], err.text, REFUSALS[i][1]);
        }
    }
}

static void test_capture(void **state)
{
    (void)state;
    Options options;
    Err err;
    assert_true(parse_line("f --capture g --capture-size 2M --detach-capture", &options, &err));
    assert_string_equal(options.capture, "g");
    assert_int_equal(options.capture_part_bytes, 2 * MIB);
    assert_true(options.detach_capture);
    assert_true(parse_line("show f --capture g", &options, &err));
    assert_int_equal(options.capture_part_bytes, 0);
}

/* The parts of a capture are one source, whatever their order; others stay what they are. */
static void test_parts(void **state)
{
    (void)state;
    Options options;
    Err err;
    assert_true(parse_line("c.0003 c d.0002 c.0002 --ssh h c.0005 d", &options, &err));
    assert_int_equal(options.source_count, 4);
    assert_string_equal(options.sources[0].argument, "c");
    assert_string_equal(options.sources[1].argument, "h");
    assert_string_equal(options.sources[2].argument, "c.0005");
    assert_string_equal(options.sources[3].argument, "d");
    assert_string_equal(source_parts_after(&options, "c"), "c.0002");
    assert_string_equal(source_parts_after(&options, "c.0002"), "c.0003");
    assert_null(source_parts_after(&options, "c.0003"));
    assert_string_equal(source_parts_after(&options, "d"), "d.0002");
    assert_null(source_parts_after(&options, "c.0005"));
    /* Without the first, what there is goes on with what comes before it. */
    assert_true(parse_line("c.0004 c.0003", &options, &err));
    assert_int_equal(options.source_count, 1);
    assert_string_equal(options.sources[0].argument, "c.0003");
    assert_string_equal(source_parts_after(&options, "c.0003"), "c.0004");
}

static void test_too_many_sources(void **state)
{
    (void)state;
    char *argv[OPTIONS_MAX_SOURCES + 2] = {"mdmscope"};
    for (int i = 1; i < (int)ARRAY_LEN(argv); i++) {
        argv[i] = "f";
    }
    Options options;
    Err err = err_none();
    assert_true(options_parse(OPTIONS_MAX_SOURCES + 1, argv, &options, &err));
    assert_int_equal(options.source_count, OPTIONS_MAX_SOURCES);
    assert_false(options_parse(OPTIONS_MAX_SOURCES + 2, argv, &options, &err));
    assert_string_equal(err.text, "more than 64 sources");
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPTION_SPEC_COUNT; i++) {
        const OptionSpec *spec = &OPTION_SPECS[i];
        size_t help_len = strlen(spec->help);
        assert_true(help_len > 0 && spec->help[help_len - 1] != '.');
        assert_true(spec->verbs != 0);
        assert_non_null(spec->apply);
        for (size_t k = i + 1; k < OPTION_SPEC_COUNT; k++) {
            assert_string_not_equal(spec->name, OPTION_SPECS[k].name);
            assert_true(spec->letter == 0 || spec->letter != OPTION_SPECS[k].letter);
        }
    }
    for (size_t i = 0; i < VERB_SPEC_COUNT; i++) {
        assert_int_equal(VERB_SPECS[i].verb, i); /* messages index the table by verb */
    }
}

/* Every option is in every document, and no line of the help is wider than asked for. */
static void test_documents_are_complete(void **state)
{
    (void)state;
    StrBuf help = {0}, manual = {0}, markdown = {0};
    options_help(&help, 80);
    options_manual(&manual);
    options_markdown(&markdown);
    for (size_t i = 0; i < OPTION_SPEC_COUNT; i++) {
        char plain[64], roff[64] = "\\-\\-";
        size_t at = strlen(roff);
        for (const char *name = OPTION_SPECS[i].name; *name != '\0'; name++) {
            at += (size_t)snprintf(roff + at, sizeof roff - at, "%s%c", *name == '-' ? "\\" : "",
                                   *name);
        }
        (void)snprintf(plain, sizeof plain, "--%s", OPTION_SPECS[i].name);
        bool is_hidden = OPTION_SPECS[i].group == OPTION_GROUP_HIDDEN;
        if (is_hidden) {
            assert_null(strstr(help.ptr, OPTION_SPECS[i].help));
            continue;
        }
        assert_non_null(strstr(help.ptr, plain));
        assert_non_null(strstr(markdown.ptr, plain));
        assert_non_null(strstr(manual.ptr, roff));
    }
    StrView rest = strbuf_view(&help), line;
    while (sv_next_line(&rest, &line)) {
        size_t width = 0;
        for (size_t i = 0; i < line.len; i++) {
            width += ((unsigned char)line.ptr[i] & 0xC0) != 0x80;
        }
        if (width > 80) {
            fail_msg("too wide: %.*s", SV_ARG(line));
        }
    }
    static const char *const SECTIONS[] = {"NAME",        "SYNOPSIS", "DESCRIPTION", "COMMANDS",
                                           "OPTIONS",     "FILES",    "ENVIRONMENT", "EXAMPLES",
                                           "EXIT STATUS", "SOURCES"};
    for (size_t i = 0; i < ARRAY_LEN(SECTIONS); i++) {
        char head[40];
        (void)snprintf(head, sizeof head, ".SH %s\n", SECTIONS[i]);
        assert_non_null(strstr(manual.ptr, head));
    }
    strbuf_done(&help);
    strbuf_done(&manual);
    strbuf_done(&markdown);
}

static void assert_file_equals(const char *path, const StrBuf *text)
{
    StrBuf file = {0};
    char piece[4096];
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        fail_msg("%s is missing: make docs", path);
    }
    for (size_t len; (len = fread(piece, 1, sizeof piece, stream)) > 0;) {
        strbuf_add(&file, sv_of(piece, len));
    }
    (void)fclose(stream);
    if (!sv_equal(strbuf_view(&file), strbuf_view(text))) {
        fail_msg("%s is not what the table says: make docs", path);
    }
    strbuf_done(&file);
}

static void test_committed_documents(void **state)
{
    (void)state;
    StrBuf text = {0};
    options_manual(&text);
    assert_file_equals("doc/mdmscope.1", &text);
    strbuf_clear(&text);
    options_markdown(&text);
    assert_file_equals("doc/options.md", &text);
    strbuf_done(&text);
}

static void test_levels(void **state)
{
    (void)state;
    /* Columns: none default info debug error fault; a row for each value of --level. */
    static const char *const PASSES[LEVEL_COUNT] = {
        [LEVEL_NONE] = "111111",  [LEVEL_DEFAULT] = "110011", [LEVEL_INFO] = "111011",
        [LEVEL_DEBUG] = "111111", [LEVEL_ERROR] = "000011",   [LEVEL_FAULT] = "000001",
    };
    for (Level least = 0; least < LEVEL_COUNT; least++) {
        for (Level level = 0; level < LEVEL_COUNT; level++) {
            assert_int_equal(level_passes(level, least), PASSES[least][level] == '1');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_sources),
        cmocka_unit_test(test_reports),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_capture),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_too_many_sources),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_documents_are_complete),
        cmocka_unit_test(test_committed_documents),
        cmocka_unit_test(test_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
