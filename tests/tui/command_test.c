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

typedef void (*KeyVisitor)(const Command *command, Key key);

static void each_key(const Command *command, KeyVisitor visit)
{
    StrView rest = sv(command->keys);

    while (rest.len > 0) {
        StrView name = sv_slice(rest, 0, sv_find_char(rest, ' '));
        Key key;

        assert_true(key_parse(name, &key));
        visit(command, key);
        rest = sv_slice(rest, name.len + 1, SIZE_MAX);
    }
}

static void finds_itself(const Command *command, Key key)
{
    assert_ptr_equal(command_find(command->mode, key), command);
}

static void test_every_key_finds_its_command(void **state)
{
    (void)state; /* also proves that no key stands twice in a mode */
    for (const Command *command = COMMANDS; command->name != NULL; command++) {
        each_key(command, finds_itself);
    }
}

static void test_every_command_is_explained(void **state)
{
    (void)state;
    for (const Command *command = COMMANDS; command->name != NULL; command++) {
        assert_non_null(command->run);
        assert_true(strlen(command->help) > 3);
        assert_true(strlen(command->keys) > 0);
        assert_ptr_equal(command_find_name(sv(command->name)), command);
    }
}

static void test_detail_inherits_from_list(void **state)
{
    Key mark = {.code = 'm'};
    Key down = {.code = 'j'};

    (void)state;
    assert_string_equal(command_find(MODE_DETAIL, mark)->name, "mark");
    assert_string_equal(command_find(MODE_DETAIL, down)->name, "detail-down");
    assert_null(command_find(MODE_HELP, mark));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_finds_its_command),
        cmocka_unit_test(test_every_command_is_explained),
        cmocka_unit_test(test_detail_inherits_from_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
