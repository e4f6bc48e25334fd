/*
 * Tests of prompt.c: rows of keys and what they make of a line. '|' in an expected text is the
 * cursor.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/prompt.h"

typedef struct PromptCase {
    const char *start;
    const char *keys; /* names, separated by blanks */
    const char *expected;
} PromptCase;

static const PromptCase CASES[] = {
    {"", "a b c", "abc|"},
    {"abc", "Left Left x", "ax|bc"},
    {"abc", "Home x End y", "xabcy|"},
    {"abc", "C-a C-d", "|bc"},
    {"abc", "Backspace", "ab|"},
    {"abc", "C-a Backspace", "|abc"},
    {"process == x", "C-w", "process == |"},
    {"process == x", "C-w C-w", "|"},
    {"process == x", "A-b A-b A-d", "| == x"},
    {"abc", "C-a C-k C-y C-y", "abcabc|"},
    {"abc def", "A-b C-u", "|def"},
    {"ab", "C-t", "ba|"},
    {"abc", "C-a C-t", "|abc"},
    {"abc", "C-w C-z", "abc|"},
    {"", "a b C-z", "|"},
    {"ab", "Left x C-z", "a|b"},
    {"größe", "Left Left Backspace", "gr|ße"},
    {"日本", "Left x", "日x|本"},
    {"e\xcc\x81x", "Left Backspace", "|x"},
    {"a b", "C-a A-f", "a| b"},
};

static void feed(Prompt *prompt, const char *keys)
{
    StrView rest = sv(keys);

    while (rest.len > 0) {
        StrView name = sv_slice(rest, 0, sv_find_char(rest, ' '));
        Key key;

        assert_true(key_parse(name, &key));
        (void)prompt_key(prompt, key, SV_NONE);
        rest = sv_slice(rest, name.len + 1, SIZE_MAX);
    }
}

static void test_keys_edit_the_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        Prompt prompt = {0};
        StrBuf shown = {0};

        prompt_open(&prompt, sv(CASES[i].start), NULL);
        feed(&prompt, CASES[i].keys);
        strbuf_add(&shown, prompt_text(&prompt));
        strbuf_replace(&shown, prompt.cursor, 0, SV("|"));
        if (strcmp(shown.ptr, CASES[i].expected) != 0) {
            fail_msg("'%s' and %s gave '%s', not '%s'", CASES[i].start, CASES[i].keys, shown.ptr,
                     CASES[i].expected);
        }
        strbuf_done(&shown);
        prompt_done(&prompt);
    }
}

static void test_history_keeps_what_was_typed(void **state)
{
    Prompt prompt = {0};
    PromptHistory history = {0};

    (void)state;
    prompt_history_add(&history, SV("one"));
    prompt_history_add(&history, SV("two"));
    prompt_history_add(&history, SV("one")); /* goes to the end, not in twice */
    prompt_history_add(&history, SV("  "));
    assert_int_equal(history.count, 2);
    prompt_open(&prompt, SV("typed"), &history);
    feed(&prompt, "Up");
    assert_true(sv_equal(prompt_text(&prompt), SV("one")));
    feed(&prompt, "Up Up");
    assert_true(sv_equal(prompt_text(&prompt), SV("two")));
    feed(&prompt, "Down Down Down");
    assert_true(sv_equal(prompt_text(&prompt), SV("typed")));
    prompt_done(&prompt);
    prompt_history_done(&history);
}

static void test_history_is_bounded(void **state)
{
    PromptHistory history = {0};
    char text[24];

    (void)state;
    for (int i = 0; i < PROMPT_HISTORY_MAX + 50; i++) {
        (void)snprintf(text, sizeof text, "entry %d", i);
        prompt_history_add(&history, sv(text));
    }
    assert_int_equal(history.count, PROMPT_HISTORY_MAX);
    assert_string_equal(history.items[0].ptr, "entry 50");
    prompt_history_done(&history);
}

static void test_paste_is_one_line_and_one_undo(void **state)
{
    Prompt prompt = {0};
    Key paste = {.code = KEY_CODE_PASTE};

    (void)state;
    prompt_open(&prompt, SV("x"), NULL);
    assert_int_equal(prompt_key(&prompt, paste, SV("a\nb\x1b[31m\tc\n")), PROMPT_CHANGED);
    assert_true(sv_equal(prompt_text(&prompt), SV("xa b[31m c")));
    feed(&prompt, "C-z");
    assert_true(sv_equal(prompt_text(&prompt), SV("x")));
    prompt_done(&prompt);
}

static void test_set_is_one_undo(void **state)
{
    Prompt prompt = {0};

    (void)state;
    prompt_open(&prompt, SV("old"), NULL);
    prompt_set(&prompt, SV("new text"), 3);
    assert_true(sv_equal(prompt_text(&prompt), SV("new text")));
    assert_int_equal(prompt.cursor, 3);
    feed(&prompt, "C-z");
    assert_true(sv_equal(prompt_text(&prompt), SV("old")));
    prompt_done(&prompt);
}

static void test_results_tell_what_happened(void **state)
{
    Prompt prompt = {0};

    (void)state;
    prompt_open(&prompt, SV("abc"), NULL);
    assert_int_equal(prompt_key(&prompt, (Key){.code = KEY_CODE_ENTER}, SV_NONE), PROMPT_ACCEPTED);
    assert_int_equal(prompt_key(&prompt, (Key){.code = KEY_CODE_ESCAPE}, SV_NONE),
                     PROMPT_CANCELLED);
    assert_int_equal(prompt_key(&prompt, (Key){.code = KEY_CODE_LEFT}, SV_NONE), PROMPT_MOVED);
    assert_int_equal(prompt_key(&prompt, (Key){.code = 'x'}, SV_NONE), PROMPT_CHANGED);
    assert_int_equal(prompt_key(&prompt, (Key){.code = KEY_CODE_F1}, SV_NONE), PROMPT_IGNORED);
    prompt_done(&prompt);
}

static void test_text_is_bounded(void **state)
{
    Prompt prompt = {0};
    StrBuf much = {0};

    (void)state;
    strbuf_add_many(&much, 'x', PROMPT_MAX_BYTES);
    prompt_open(&prompt, SV("y"), NULL);
    assert_int_equal(prompt_key(&prompt, (Key){.code = KEY_CODE_PASTE}, strbuf_view(&much)),
                     PROMPT_MOVED);
    assert_int_equal(prompt_text(&prompt).len, 1);
    strbuf_done(&much);
    prompt_done(&prompt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_edit_the_line),
        cmocka_unit_test(test_history_keeps_what_was_typed),
        cmocka_unit_test(test_history_is_bounded),
        cmocka_unit_test(test_paste_is_one_line_and_one_undo),
        cmocka_unit_test(test_set_is_one_undo),
        cmocka_unit_test(test_results_tell_what_happened),
        cmocka_unit_test(test_text_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
