/*
 * Tests of the logging profile: it is a property list of the right shape, its UUIDs are of version
 * 4 and fresh, private data are unmasked only when that was said, and the commands undo themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/plist.h"
#include "session/profile.h"

#define UUID_LEN 36
#define RANDOM_LEN ((size_t)PROFILE_UUID_COUNT * PROFILE_UUID_BYTES)

static void read_facts(LoggingFacts *facts)
{
    assert_true(logging_facts_read_own(facts, NULL, NULL));
}

/* The profile as a tree; its text stays in `text`. */
static const Node *make(Arena *arena, bool has_private_data, unsigned char first, StrBuf *text)
{
    LoggingFacts facts = {.count = 0};
    unsigned char random[RANDOM_LEN];
    Err err = err_none();
    read_facts(&facts);
    for (size_t i = 0; i < sizeof random; i++) {
        random[i] = (unsigned char)(first + i);
    }
    profile_print(&facts, has_private_data, random, text);
    logging_facts_done(&facts);
    const Node *root = plist_read(arena, strbuf_view(text), "profile", &err);
    if (root == NULL) {
        fail_msg("%s\n%s", err.text, text->ptr);
    }
    return root;
}

static void assert_uuid(StrView uuid)
{
    assert_int_equal(uuid.len, UUID_LEN);
    for (size_t i = 0; i < UUID_LEN; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        assert_true(is_dash == (uuid.ptr[i] == '-'));
        assert_true(is_dash || strchr("0123456789ABCDEF", uuid.ptr[i]) != NULL);
    }
    assert_int_equal(uuid.ptr[14], '4');
    assert_non_null(strchr("89AB", uuid.ptr[19]));
}

static void test_shape(void **state)
{
    Arena arena = {0};
    StrBuf text = {0};
    (void)state;
    const Node *root = make(&arena, false, 0, &text);
    assert_true(sv_equal(node_text(root, "PayloadType"), SV("Configuration")));
    assert_true(sv_equal(node_text(root, "PayloadScope"), SV("System")));
    assert_true(node_number(root, "PayloadVersion", 0) == 1);
    assert_false(node_bool(root, "PayloadRemovalDisallowed", true));
    assert_true(sv_find(node_text(root, "PayloadDescription"), SV("Remove the profile")) !=
                SIZE_MAX);
    const Node *payload = node_find(root, "PayloadContent")->first;
    assert_true(sv_equal(node_text(payload, "PayloadType"), SV("com.apple.system.logging")));
    assert_null(node_find(payload, "System"));
    const Node *subsystem = node_find(node_find(payload, "Subsystems"), "com.apple.ManagedClient");
    const Node *level = node_find(node_find(subsystem, "DEFAULT-OPTIONS"), "Level");
    assert_true(sv_equal(node_text(level, "Enable"), SV("Debug")));
    assert_true(sv_equal(node_text(level, "Persist"), SV("Debug")));
    assert_non_null(strstr(text.ptr, "<!-- Makes this Mac log more"));
    assert_null(strstr(text.ptr, "rivate"));
    strbuf_done(&text);
    arena_done(&arena);
}

static void test_private_data(void **state)
{
    Arena arena = {0};
    StrBuf text = {0};
    (void)state;
    const Node *root = make(&arena, true, 0, &text);
    const Node *payload = node_find(root, "PayloadContent")->first;
    assert_true(node_bool(node_find(payload, "System"), "Enable-Private-Data", false));
    assert_true(sv_find(node_text(root, "PayloadDescription"), SV("as soon as")) != SIZE_MAX);
    strbuf_done(&text);
    arena_done(&arena);
}

static void test_uuids(void **state)
{
    Arena arena = {0};
    StrBuf one = {0};
    StrBuf two = {0};
    unsigned char a[RANDOM_LEN] = {0};
    unsigned char b[RANDOM_LEN] = {0};
    (void)state;
    const Node *first = make(&arena, false, 0, &one);
    const Node *second = make(&arena, false, 0xF0, &two);
    StrView of_profile = node_text(first, "PayloadUUID");
    StrView of_payload = node_text(node_find(first, "PayloadContent")->first, "PayloadUUID");
    assert_uuid(of_profile);
    assert_uuid(of_payload);
    assert_uuid(node_text(second, "PayloadUUID"));
    assert_false(sv_equal(of_profile, of_payload));
    assert_false(sv_equal(of_profile, node_text(second, "PayloadUUID")));
    /* And the system's bytes differ each time. */
    assert_true(profile_random(a, sizeof a, NULL) && profile_random(b, sizeof b, NULL));
    assert_true(memcmp(a, b, sizeof a) != 0);
    strbuf_done(&one);
    strbuf_done(&two);
    arena_done(&arena);
}

static size_t count(const char *text, const char *needle)
{
    size_t found = 0;
    for (const char *at = text; (at = strstr(at, needle)) != NULL; at++) {
        found++;
    }
    return found;
}

static void test_commands(void **state)
{
    LoggingFacts facts = {.count = 0};
    StrBuf text = {0};
    (void)state;
    read_facts(&facts);
    profile_print_commands(&facts, false, &text);
    assert_int_equal(count(text.ptr, "--mode \"level:debug,persist:debug\""), facts.count);
    assert_int_equal(count(text.ptr, "log config --reset --subsystem"), facts.count);
    assert_null(strstr(text.ptr, "rivate"));
    profile_print_commands(&facts, true, &text);
    assert_non_null(strstr(text.ptr, "log config cannot unmask them"));
    StrView rest = strbuf_view(&text);
    StrView line;
    while (sv_next_line(&rest, &line)) { /* it can be given to a shell as it is */
        assert_true(line.len == 0 || sv_starts(line, SV("# ")) || sv_starts(line, SV("sudo log ")));
    }
    strbuf_done(&text);
    logging_facts_done(&facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_private_data),
        cmocka_unit_test(test_uuids),
        cmocka_unit_test(test_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
