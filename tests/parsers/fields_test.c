/*
 * Tests of parsers/fields.c and field_values.c: the table is whole, every name leads to its field,
 * words and numbers are Apple's, values print.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "parsers/fields.h"

#include <string.h>

static void table_is_whole(void **state)
{
    (void)state;
    for (int i = 0; i < FIELD_COUNT; i++) {
        const FieldInfo *field = &FIELDS[i];
        assert_int_equal(field->id, i);
        assert_non_null(field->name);
        assert_true(strlen(field->label) > 0);
        assert_true(strlen(field->help) > 0);
        assert_true(strlen(field->help) < 80);
        assert_true(field->width >= 0 && field->width <= 40);
        assert_true((field->type == FIELD_ENUM) == (field_words(field->id) != NULL));
        if (field->flags & (FIELD_INTERNED | FIELD_NIL_EMPTY)) {
            assert_int_equal(field->type, FIELD_TEXT);
        }
        if (field->flags & FIELD_NOT_HERE) {
            assert_null(field->json);
        }
    }
}

static void every_name_is_unique(void **state)
{
    (void)state;
    for (int i = 0; i < FIELD_COUNT; i++) {
        const char *names[6] = {FIELDS[i].name, FIELDS[i].json};
        memcpy(&names[2], FIELDS[i].aliases, sizeof(FIELDS[i].aliases));
        for (size_t j = 0; j < ARRAY_LEN(names); j++) {
            if (names[j]) {
                assert_ptr_equal(field_find(sv(names[j])), &FIELDS[i]);
            }
        }
    }
}

static void all_names_of_apple_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        FieldId id;
    } ROWS[] = {
        {"composedMessage", FIELD_MESSAGE},
        {"eventMessage", FIELD_MESSAGE},
        {"message", FIELD_MESSAGE},
        {"logType", FIELD_LEVEL},
        {"messageType", FIELD_LEVEL},
        {"type", FIELD_KIND},
        {"eventType", FIELD_KIND},
        {"processIdentifier", FIELD_PID},
        {"processID", FIELD_PID},
        {"senderImageOffset", FIELD_PROGRAM_COUNTER},
        {"senderProgramCounter", FIELD_PROGRAM_COUNTER},
        {"threadID", FIELD_THREAD},
        {"activityID", FIELD_ACTIVITY},
        {"parentActivityID", FIELD_PARENT_ACTIVITY},
        {"creatorActivityIdentifier", FIELD_CREATOR_ACTIVITY},
        {"creatorActivityID", FIELD_CREATOR_ACTIVITY},
        {"traceID", FIELD_TRACE},
        {"timestamp", FIELD_DATE},
        {"machTimestamp", FIELD_MACH},
        {"signpostID", FIELD_SIGNPOST_ID},
        {"timeToLive", FIELD_TTL},
        {"userID", FIELD_USER},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        const FieldInfo *field = field_find(sv(ROWS[i].name));
        assert_non_null(field);
        assert_int_equal(field->id, ROWS[i].id);
    }
    assert_null(field_find(SV("eventmessage")));
    assert_null(field_find(SV("")));
    assert_null(field_find(SV("pid")));
}

static void near_names_are_suggested(void **state)
{
    (void)state;
    assert_string_equal(field_suggest(SV("subsytem")), "subsystem");
    assert_string_equal(field_suggest(SV("eventMesage")), "eventMessage");
    assert_string_equal(field_suggest(SV("Process")), "process");
    assert_null(field_suggest(SV("zzzzzzzzzzzz")));
}

static void levels_and_kinds_keep_apples_numbers(void **state)
{
    (void)state;
    static const uint64_t NUMBERS[LEVEL_COUNT] = {0, 0, 1, 2, 16, 17};
    for (int i = 0; i < LEVEL_COUNT; i++) {
        Level level = LEVEL_NONE;
        assert_true(level_number((Level)i) == NUMBERS[i]);
        assert_int_equal(level_parse(sv(level_name((Level)i)), &level), i != LEVEL_NONE);
        assert_int_equal(level, i);
    }
    Level level = LEVEL_INFO;
    assert_true(level_parse(SV("ERROR"), &level));
    assert_int_equal(level, LEVEL_ERROR);
    assert_false(level_parse(SV("None"), &level));
    for (const FieldWord *word = field_words(FIELD_KIND); word->word; word++) {
        EntryKind kind = kind_parse(sv(word->word));
        if (kind != KIND_OTHER) {
            assert_string_equal(kind_word(kind), word->word);
        }
    }
    assert_int_equal(kind_parse(SV("legacyLog")), KIND_OTHER);
    assert_int_equal(kind_parse(SV("")), KIND_OTHER);
    assert_int_equal(kind_parse(SV("logEvent")), KIND_LOG);
}

static void styles_parse_what_they_print(void **state)
{
    (void)state;
    Err err = err_none();
    for (int i = STYLE_NONE + 1; i < STYLE_COUNT; i++) {
        Style style = STYLE_NONE;
        assert_true(style_parse(sv(style_name((Style)i)), &style, &err));
        assert_int_equal(style, i);
    }
    Style style = STYLE_JSON;
    assert_false(style_parse(SV("xml"), &style, &err));
    assert_non_null(strstr(err.text, "'xml'"));
    assert_int_equal(style, STYLE_JSON);
}

static char *printed(const Entry *entry, FieldId id)
{
    StrBuf buf = {0};
    bool is_there = entry_print_field(entry, id, &buf);
    assert_true(is_there || buf.len == 0);
    return is_there ? buf.ptr : NULL;
}

static void expect_printed(const Entry *entry, FieldId id, const char *expected)
{
    char *text = printed(entry, id);
    if (expected) {
        assert_non_null(text);
        assert_string_equal(text, expected);
    } else {
        assert_null(text);
    }
    mem_free(text);
}

static void values_print_as_people_read_them(void **state)
{
    (void)state;
    Entry entry = {
        .kind = KIND_LOG,
        .level = LEVEL_ERROR,
        .present = HAS_PID | HAS_THREAD | HAS_TRACE | HAS_USER,
        .time = {INT64_C(1788854416012931000), 120},
        .message = SV("text"),
        .subsystem = SV("com.apple.ManagedClient"),
        .type_word = SV("logEvent"),
        .signpost_type = SV("begin"),
        .pid = 42,
        .thread = 0x540,
        .trace = UINT64_C(3169743378388877828),
    };
    expect_printed(&entry, FIELD_MESSAGE, "text");
    expect_printed(&entry, FIELD_LEVEL, "Error");
    expect_printed(&entry, FIELD_KIND, "logEvent");
    expect_printed(&entry, FIELD_PID, "42");
    expect_printed(&entry, FIELD_USER, "0");
    expect_printed(&entry, FIELD_THREAD, "0x540");
    expect_printed(&entry, FIELD_TRACE, "3169743378388877828");
    expect_printed(&entry, FIELD_DATE, "2026-09-08 10:00:16.012931+0200");
    expect_printed(&entry, FIELD_SIGNPOST_TYPE, "begin");
    expect_printed(&entry, FIELD_CATEGORY, NULL);
    expect_printed(&entry, FIELD_ACTIVITY, NULL);
    expect_printed(&entry, FIELD_HOST, NULL);
}

static void every_field_answers_for_an_empty_entry(void **state)
{
    (void)state;
    Entry entry = {.time = {CLOCK_NO_TIME, 0}};
    for (int i = 0; i < FIELD_COUNT; i++) {
        uint64_t number = 77;
        assert_null(entry_text(&entry, (FieldId)i).ptr);
        if (i != FIELD_KIND) {
            assert_false(entry_number(&entry, (FieldId)i, &number));
            assert_true(number == 77);
            expect_printed(&entry, (FieldId)i, NULL);
        }
    }
    expect_printed(&entry, FIELD_KIND, "unparsed");
}

static void absent_levels_count_as_default(void **state)
{
    (void)state;
    Entry entry = {.kind = KIND_ACTIVITY_CREATE, .type_word = SV("activityCreateEvent")};
    uint64_t number = 9;
    assert_true(entry_number(&entry, FIELD_LEVEL, &number));
    assert_true(number == 0);
    assert_true(entry_number(&entry, FIELD_KIND, &number));
    assert_true(number == 513);
    entry.signpost_scope = SV("system");
    assert_true(entry_number(&entry, FIELD_SIGNPOST_SCOPE, &number));
    assert_true(number == 3);
    entry.kind = KIND_OTHER;
    entry.type_word = SV("metricEvent");
    assert_false(entry_number(&entry, FIELD_KIND, &number));
    expect_printed(&entry, FIELD_KIND, "metricEvent");
    expect_printed(&entry, FIELD_LEVEL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_whole),
        cmocka_unit_test(every_name_is_unique),
        cmocka_unit_test(all_names_of_apple_are_known),
        cmocka_unit_test(near_names_are_suggested),
        cmocka_unit_test(levels_and_kinds_keep_apples_numbers),
        cmocka_unit_test(styles_parse_what_they_print),
        cmocka_unit_test(values_print_as_people_read_them),
        cmocka_unit_test(every_field_answers_for_an_empty_entry),
        cmocka_unit_test(absent_levels_count_as_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
