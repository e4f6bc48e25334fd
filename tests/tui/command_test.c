/*
 * Self-checks of the table of commands: names, keys and help are there, and no key means two
 * things.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/command.h"
#include "tui/keymap.h"

/* No sequence means two things, and none is the beginning of another. */
static void test_every_key_finds_its_command(void **state)
{
    Keymap *keymap = keymap_new();

    (void)state;
    for (const Command *command = COMMANDS; command->name != NULL; command++) {
        StrView rest = sv(command->keys);

        while (rest.len > 0) {
            StrView sequence = command_next_keys(&rest);
            Key keys[KEYMAP_KEYS_MAX];
            const Binding *found = NULL;
            size_t count = keymap_parse_keys(sequence, keys, NULL);

            assert_true(count > 0);
            assert_int_equal(keymap_find(keymap, command->mode, keys, count, &found),
                             KEYMAP_BINDING);
            assert_ptr_equal(found->command, command);
            for (size_t i = 1; i < count; i++) {
                assert_int_equal(keymap_find(keymap, command->mode, keys, i, &found),
                                 KEYMAP_PREFIX);
            }
        }
    }
    keymap_free(keymap);
}

/* A key that every terminal sends: a plain character, with Ctrl, or one of the few with a code of
 * their own. Page Up, arrows, function keys and Alt are kept by some terminals for themselves. */
static bool is_plain_key(Key key)
{
    static const uint32_t NAMED[] = {KEY_CODE_ENTER, KEY_CODE_TAB, KEY_CODE_ESCAPE};

    for (size_t i = 0; i < ARRAY_LEN(NAMED); i++) {
        if (key.code == NAMED[i]) {
            return key.mods == 0;
        }
    }
    return key.code >= ' ' && key.code < 0x7F &&
           (key.mods == 0 || (key.mods == KEY_CTRL && key.code > ' '));
}

static bool has_plain_keys(const Command *command)
{
    StrView rest = sv(command->keys);

    while (rest.len > 0) {
        Key keys[KEYMAP_KEYS_MAX];
        size_t count = keymap_parse_keys(command_next_keys(&rest), keys, NULL);
        size_t plain = 0;

        while (plain < count && is_plain_key(keys[plain])) {
            plain++;
        }
        if (count > 0 && plain == count) {
            return true;
        }
    }
    return command->keys[0] == '\0';
}

static void test_plain_keys_are_enough(void **state)
{
    (void)state;
    for (const Command *command = COMMANDS; command->name != NULL; command++) {
        if (!has_plain_keys(command)) {
            fail_msg("%s has no key that every terminal sends: %s", command->name, command->keys);
        }
    }
}

static void test_every_command_is_explained(void **state)
{
    (void)state;
    for (const Command *command = COMMANDS; command->name != NULL; command++) {
        assert_non_null(command->run);
        assert_true(strlen(command->help) > 3);
        assert_ptr_equal(command_find_name(sv(command->name)), command);
    }
}

/* Other names belong to commands that there are, and say what the help does not. */
static void test_other_words(void **state)
{
    static const char *const WANTED[] = {"redact", "secret", "ticket",    "support",
                                         "share",  "export", "clipboard", "anonymise"};

    (void)state;
    assert_true(command_words(command_find_name(SV("quit")))[0] == '\0');
    for (size_t i = 0; i < ARRAY_LEN(WANTED); i++) {
        assert_non_null(strstr(command_words(command_find_name(SV("save"))), WANTED[i]));
    }
}

static const char *command_of(const Keymap *keymap, Mode mode, const char *keys)
{
    Key sequence[KEYMAP_KEYS_MAX];
    const Binding *found;
    size_t count = keymap_parse_keys(sv(keys), sequence, NULL);

    switch (keymap_find(keymap, mode, sequence, count, &found)) {
    case KEYMAP_BINDING:
        return found->command->name;
    case KEYMAP_PREFIX:
        return "…";
    default:
        return "";
    }
}

static void test_detail_inherits_from_list(void **state)
{
    Keymap *keymap = keymap_new();

    (void)state;
    assert_string_equal(command_of(keymap, MODE_DETAIL, "m"), "mark");
    assert_string_equal(command_of(keymap, MODE_DETAIL, "j"), "detail-down");
    assert_string_equal(command_of(keymap, MODE_HELP, "m"), "");
    keymap_free(keymap);
}

static void test_user_changes_keys(void **state)
{
    Keymap *keymap = keymap_new();
    Err err = err_none();

    (void)state;
    assert_true(keymap_set(keymap, MODE_LIST, SV("F5"), SV("restart"), &err));
    assert_string_equal(command_of(keymap, MODE_LIST, "F5"), "restart");
    assert_true(keymap_set(keymap, MODE_LIST, SV("r"), SV(""), &err));
    assert_string_equal(command_of(keymap, MODE_LIST, "r"), "");
    /* A key that was the beginning of sequences does something itself: the sequences are gone. */
    assert_string_equal(command_of(keymap, MODE_LIST, "C-w"), "…");
    assert_true(keymap_set(keymap, MODE_LIST, SV("C-w"), SV("theme light"), &err));
    assert_string_equal(command_of(keymap, MODE_LIST, "C-w"), "theme");
    assert_string_equal(command_of(keymap, MODE_LIST, "C-w s"), "");
    /* And the other way round. */
    assert_true(keymap_set(keymap, MODE_LIST, SV("C-w x"), SV("quit"), &err));
    assert_string_equal(command_of(keymap, MODE_LIST, "C-w"), "…");
    keymap_free(keymap);
}

static void test_bad_bindings_are_told(void **state)
{
    static const struct {
        const char *keys, *command, *error;
        size_t offset;
    } BAD[] = {
        {"F99", "quit", "no key is called 'F99'", 0},
        {"C-w Nosuch", "quit", "no key is called 'Nosuch'", 4},
        {"", "quit", "no key is named", 0},
        {"a b c d", "quit", "more than 3 keys in a row", 6},
        {"F5", "restrat", "no command is called 'restrat', did you mean 'restart'?", 0},
        {"F5", "quit now", "'quit' takes nothing behind its name", 5},
    };
    Keymap *keymap = keymap_new();
    size_t count = keymap_count(keymap);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        Err err = err_none();

        assert_false(keymap_set(keymap, MODE_LIST, sv(BAD[i].keys), sv(BAD[i].command), &err));
        assert_string_equal(err.text, BAD[i].error);
        assert_int_equal(err.offset, BAD[i].offset);
    }
    assert_int_equal(keymap_count(keymap), count);
    keymap_free(keymap);
}

static void test_texts_belong_to_commands(void **state)
{
    StrView text;

    (void)state;
    assert_non_null(command_parse(SV("theme light"), &text, NULL));
    assert_true(sv_equal(text, SV("light")));
    assert_non_null(command_parse(SV("  quit "), &text, NULL));
    assert_int_equal(text.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_finds_its_command),
        cmocka_unit_test(test_plain_keys_are_enough),
        cmocka_unit_test(test_every_command_is_explained),
        cmocka_unit_test(test_other_words),
        cmocka_unit_test(test_detail_inherits_from_list),
        cmocka_unit_test(test_user_changes_keys),
        cmocka_unit_test(test_bad_bindings_are_told),
        cmocka_unit_test(test_texts_belong_to_commands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
