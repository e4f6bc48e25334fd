/*
 * Tests of session/source_command and source_words: quoting for the remote shell, the words of the
 * command lines, advice, and which option an old `log` has refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "session/source_command.h"
#include "session/source_words.h"

static void quoting_is_as_expected(void **state)
{
    static const char *const cases[][2] = {
        {"plain", "plain"},
        {"/usr/bin/log", "/usr/bin/log"},
        {"--predicate", "--predicate"},
        {"-rf", "-rf"},
        {"", "''"},
        {"two words", "'two words'"},
        {"it's", "'it'\\''s'"},
        {"'", "''\\'''"},
        {"line\nbreak", "'line\nbreak'"},
        {"$(date) `date` $HOME", "'$(date) `date` $HOME'"},
        {"a;b&c|d>e", "'a;b&c|d>e'"},
        {"back\\slash", "'back\\slash'"},
        {"~root", "'~root'"},
        {"*?[a]", "'*?[a]'"},
        {"=log", "'=log'"},
        {"!x", "'!x'"},
        {"\xc3\xa9", "'\xc3\xa9'"},
        {"#", "'#'"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        StrBuf buf = {0};
        command_quote(sv(cases[i][0]), &buf);
        assert_string_equal(buf.ptr, cases[i][1]);
        strbuf_done(&buf);
    }
}

/* Whatever the bytes are, a shell gives them back. */
static void a_shell_gives_every_byte_back(void **state)
{
    (void)state;
    char all[256];
    for (size_t i = 1; i < sizeof(all); i++) {
        all[i - 1] = (char)i;
    }
    all[255] = '\0';
    StrBuf command = {0};
    strbuf_add_str(&command, "printf %s ");
    command_quote(sv_of(all, 255), &command);
    FILE *pipe = popen(command.ptr, "r");
    assert_non_null(pipe);
    char back[512];
    size_t count = fread(back, 1, sizeof(back), pipe);
    assert_int_equal(pclose(pipe), 0);
    assert_int_equal(count, 255);
    assert_memory_equal(back, all, 255);
    strbuf_done(&command);
}

static Options plain_options(void)
{
    return (Options){.log_path = "/usr/bin/log", .ssh_path = "ssh", .last_text = "30m"};
}

static void assert_words(const Command *command, const char *const *expected)
{
    for (size_t i = 0; expected[i] != NULL; i++) {
        assert_non_null(command->words[i]);
        assert_string_equal(command->words[i], expected[i]);
        assert_null(expected[i + 1] == NULL ? command->words[i + 1] : NULL);
    }
}

static void local_command_is_a_list_of_words(void **state)
{
    (void)state;
    Options options = plain_options();
    SourceSpec spec = {.kind = SOURCE_LOG};
    CommandWish wish = {.options = &options, .spec = &spec, .predicate = SV("process == \"x y\"")};
    static const char *const expected[] = {"/usr/bin/log",
                                           "stream",
                                           "--style",
                                           "ndjson",
                                           "--info",
                                           "--debug",
                                           "--color",
                                           "none",
                                           "--predicate",
                                           "process == \"x y\"",
                                           NULL};
    Command command;
    command_init(&command, &wish);
    assert_words(&command, expected);
    assert_string_equal(command.people.ptr,
                        "/usr/bin/log stream --style ndjson --info --debug --color none "
                        "--predicate 'process == \"x y\"'");
    command_done(&command);
}

static void old_dialects_have_their_own_words(void **state)
{
    (void)state;
    Options options = plain_options();
    SourceSpec spec = {.kind = SOURCE_LOG};
    CommandWish wish = {.options = &options,
                        .spec = &spec,
                        .dialect = {.has_no_flags = true, .has_no_ndjson = true}};
    Command command;
    command_init(&command, &wish);
    assert_string_equal(command.people.ptr,
                        "/usr/bin/log stream --style json --level debug --color none");
    command_done(&command);
    wish.is_history = true; /* `show` has no --level */
    command_init(&command, &wish);
    assert_string_equal(command.people.ptr,
                        "/usr/bin/log show --style json --info --debug --color none --last 30m");
    command_done(&command);
}

static void remote_command_is_quoted_once(void **state)
{
    (void)state;
    Options options = plain_options();
    SourceSpec spec = {.kind = SOURCE_SSH, .argument = "mac"};
    CommandWish wish = {.options = &options, .spec = &spec, .predicate = SV("a == 'it''s'")};
    Command command;
    command_init(&command, &wish);
    assert_string_equal(command.words[0], "ssh");
    assert_string_equal(command.words[1], "-T");
    assert_string_equal(command.words[command.count - 3], "--");
    assert_string_equal(command.words[command.count - 2], "mac");
    assert_string_equal(command.words[command.count - 1],
                        "echo; exec /usr/bin/log stream --style ndjson --info --debug --color none "
                        "--predicate 'a == '\\''it'\\'''\\''s'\\'''");
    for (size_t i = 0; i < command.count; i++) {
        assert_string_not_equal(command.words[i], "BatchMode=yes"); /* it may ask */
    }
    command_done(&command);
    wish.is_unattended = true;
    command_init(&command, &wish);
    assert_string_equal(command.words[command.count - 4], "BatchMode=yes");
    command_done(&command);
}

static void hosts_that_are_options_are_refused(void **state)
{
    (void)state;
    Err err = err_none();
    assert_true(command_check_host("admin@mac-17.local", &err));
    assert_true(command_check_host("fe80::1%en0", &err));
    assert_false(command_check_host("-oProxyCommand=x", &err));
    assert_false(command_check_host("", &err));
    assert_false(command_check_host(NULL, &err));
}

static void advice_fits_what_was_said(void **state)
{
    typedef struct AdviceCase {
        SourceKind kind;
        int status;
        const char *words;
        const char *advice; /* part of it; NULL = none */
    } AdviceCase;
    static const AdviceCase cases[] = {
        {SOURCE_LOG, 64, "log: Must be admin to run 'stream' command\n", "group admin"},
        {SOURCE_LOG, 77, "", "sudo"},
        {SOURCE_LOG, 64, "log: Could not open local log store: Operation not permitted",
         "Full Disk"},
        {SOURCE_LOG, 64, "log: Could not open local log store: The specified URL did not",
         "--last"},
        {SOURCE_LOG, 64, "log: Bad predicate (no such field: x): x == 1", "mdmscope predicate"},
        {SOURCE_LOG, 64, "log: unrecognized option `--x'", ".logrc"},
        {SOURCE_LOG, 1, "something else", NULL},
        {SOURCE_LOG, 0, "log: Must be admin to run 'stream' command\n", NULL},
        {SOURCE_SSH, 64, "log: Must be admin to run 'stream' command\n", "group admin"},
        {SOURCE_SSH, 255, "Permission denied (publickey,password).", "user and key"},
        {SOURCE_SSH, 255, "Host key verification failed.", "key of the host"},
        {SOURCE_SSH, 255, "ssh: connect to host x port 22: Operation timed out", "awake"},
        {SOURCE_SSH, 255, "", "connection was lost"},
        {SOURCE_SSH, 127, "zsh:1: no such file or directory: /usr/bin/log", "is it a Mac"},
        {SOURCE_EXEC, 127, "sh: 1: x: not found", "did not find"},
        {SOURCE_EXEC, 255, "", NULL},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        StrView advice = words_advice(cases[i].kind, true, cases[i].status, sv(cases[i].words));
        if (cases[i].advice == NULL) {
            assert_null(advice.ptr);
        } else if (sv_find(advice, sv(cases[i].advice)) == SIZE_MAX) {
            fail_msg("case %zu: '%.*s'", i, SV_ARG(advice));
        }
    }
    assert_null(words_advice(SOURCE_SSH, false, 255, SV("")).ptr);
}

static void refused_options_are_told_from_the_usage(void **state)
{
    typedef struct RefusedCase {
        int status;
        const char *words;
        LogOption option;
    } RefusedCase;
    static const RefusedCase cases[] = {
        {64, "log: unrecognized option `--info'\nusage: log stream --style ndjson",
         LOG_OPTION_FLAGS},
        {64, "log: unrecognized option `--debug'\n", LOG_OPTION_FLAGS},
        {64, "log: Unknown style 'ndjson'\n", LOG_OPTION_NDJSON},
        {64, "log: unrecognized option `--style'\n", LOG_OPTION_NDJSON},
        {64, "usage: log stream --info --debug --style ndjson\n", LOG_OPTION_NONE},
        {64, "log: unrecognized option `--last'\nusage: --info", LOG_OPTION_NONE},
        {64, "log: Bad predicate (Unable to parse the format string \"--info\"): --info\n",
         LOG_OPTION_NONE},
        {1, "log: unrecognized option `--info'\n", LOG_OPTION_NONE},
        {64, "", LOG_OPTION_NONE},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(words_refused_option(cases[i].status, sv(cases[i].words)),
                         cases[i].option);
    }
}

static void words_stay_small(void **state)
{
    (void)state;
    Words words = {0};
    assert_null(words_view(&words).ptr);
    for (int i = 0; i < 5000; i++) {
        char line[32];
        (void)snprintf(line, sizeof(line), "line %d\n", i);
        words_add(&words, sv(line));
        assert_true(words_view(&words).len < 2100);
    }
    assert_true(sv_starts(words_view(&words), SV("line 0\nline 1\n")));
    assert_true(sv_ends(words_view(&words), SV("line 4998\nline 4999\n")));
    words_clear(&words);
    assert_null(words_view(&words).ptr);
    words_add(&words, SV("short"));
    assert_true(sv_equal(words_view(&words), SV("short")));
    words_done(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoting_is_as_expected),
        cmocka_unit_test(a_shell_gives_every_byte_back),
        cmocka_unit_test(local_command_is_a_list_of_words),
        cmocka_unit_test(old_dialects_have_their_own_words),
        cmocka_unit_test(remote_command_is_quoted_once),
        cmocka_unit_test(hosts_that_are_options_are_refused),
        cmocka_unit_test(advice_fits_what_was_said),
        cmocka_unit_test(refused_options_are_told_from_the_usage),
        cmocka_unit_test(words_stay_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
