/*
 * Tests of the playbook: every page has what a page needs and fits a terminal, tables hold all rows
 * of the data, every predicate in it parses, and the committed document is what the pages say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/embed.h"
#include "base/node.h"
#include "base/utf8.h"
#include "filters/predicate.h"
#include "filters/record_facts.h"
#include "session/markdown.h"
#include "session/playbook.h"

#define COLUMNS 80

static Playbook *open_playbook(void)
{
    Err err = err_none();
    Playbook *playbook = playbook_new(NULL, &err);
    if (playbook == NULL) {
        fail_msg("%s", err.text);
    }
    return playbook;
}

static void test_pages(void **state)
{
    static const char *const IDS[] = {"record", "logging", "watching", "vm", "reset", "hosts"};
    Playbook *playbook = open_playbook();
    (void)state;
    assert_int_equal(playbook_page_count(playbook), ARRAY_LEN(IDS));
    for (size_t i = 0; i < ARRAY_LEN(IDS); i++) {
        const PlaybookPage *page = playbook_page_get(playbook, i);
        assert_true(sv_equal(page->id, sv(IDS[i])));
        assert_int_equal(playbook_find(playbook, page->id), i);
        assert_true(page->title.len > 0 && !sv_equal(page->title, page->id));
        assert_true(page->summary.len > 20);
        assert_true(sv_find(page->summary, SV("\n")) == SIZE_MAX);
        assert_true(sv_starts(page->markdown, SV("# ")));
        assert_true(sv_find(page->markdown, SV("{{")) == SIZE_MAX);
    }
    assert_true(playbook_find(playbook, SV("nope")) == SIZE_MAX);
    playbook_free(playbook);
    playbook_free(NULL);
}

/* A line may be wider only when it is code, which must stay in one piece, or one long word. */
static void test_text_fits(void **state)
{
    Playbook *playbook = open_playbook();
    (void)state;
    for (size_t i = 0; i < playbook_page_count(playbook); i++) {
        StrBuf text = {0};
        StrView line;
        playbook_page_text(playbook, i, COLUMNS, &text);
        StrView rest = strbuf_view(&text);
        while (sv_next_line(&rest, &line)) {
            bool is_code = sv_starts(line, SV("    "));
            bool is_word = sv_find_char(sv_trim(line), ' ') == SIZE_MAX;
            if (utf8_width(line) > COLUMNS && !is_code && !is_word) {
                fail_msg("page %zu: too wide: %.*s", i, SV_ARG(line));
            }
            assert_true(sv_find(line, SV("**")) == SIZE_MAX);
        }
        assert_non_null(strstr(text.ptr, "[R] seen in a real log"));
        strbuf_done(&text);
    }
    playbook_free(playbook);
}

/* --- tables ----------------------------------------------------------------------------------- */

/* How many rows of tables a page has. */
static size_t count_rows(StrView markdown)
{
    size_t rows = 0;
    StrView line;
    while (sv_next_line(&markdown, &line)) {
        rows += sv_starts(line, SV("| "));
    }
    return rows;
}

static void test_tables_are_whole(void **state)
{
    static const struct {
        const char *list;
        const char *page;
        size_t columns; /* with the mark */
        size_t others;  /* rows of other tables on the page, heads included */
    } TABLES[] = {{"hosts", "hosts", 6, 1}, {"reset", "reset", 3, 1}};
    Playbook *playbook = open_playbook();
    Arena arena = {0};
    StrBuf text = {0};
    (void)state;
    assert_true(embed_read(PLAYBOOK_TABLES, &text));
    const Node *root = node_read(&arena, strbuf_view(&text), PLAYBOOK_TABLES, NULL);
    assert_non_null(root);
    assert_int_equal(node_find(root, "hosts")->count, 40);
    for (const Node *list = root->first; list != NULL; list = list->next) {
        for (const Node *row = list->first; row != NULL; row = row->next) {
            assert_true(confidence_mark(node_text(row, "confidence")) != '?');
            assert_true(node_text(row, "source").len > 0);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(TABLES); i++) {
        size_t index = playbook_find(playbook, sv(TABLES[i].page));
        StrView markdown = playbook_page_get(playbook, index)->markdown;
        const Node *list = node_find(root, TABLES[i].list);
        assert_int_equal(count_rows(markdown), list->count + TABLES[i].others);
    }
    strbuf_done(&text);
    arena_done(&arena);
    playbook_free(playbook);
}

static void test_every_host_is_shown(void **state)
{
    Playbook *playbook = open_playbook();
    Arena arena = {0};
    StrBuf data = {0};
    StrBuf text = {0};
    (void)state;
    assert_true(embed_read(PLAYBOOK_TABLES, &data));
    const Node *root = node_read(&arena, strbuf_view(&data), PLAYBOOK_TABLES, NULL);
    /* So wide that no row is broken. */
    playbook_page_text(playbook, playbook_find(playbook, SV("hosts")), 1000, &text);
    for (const Node *row = node_find(root, "hosts")->first; row != NULL; row = row->next) {
        StrBuf wanted = {0};
        strbuf_printf(
            &wanted, "\n  %.*s [%c]\n      port: %.*s; purpose: ", SV_ARG(node_text(row, "host")),
            confidence_mark(node_text(row, "confidence")), SV_ARG(node_text(row, "ports")));
        if (strstr(text.ptr, wanted.ptr) == NULL) {
            fail_msg("not on the page: %s", wanted.ptr);
        }
        strbuf_done(&wanted);
    }
    strbuf_done(&data);
    strbuf_done(&text);
    arena_done(&arena);
    playbook_free(playbook);
}

/* --- predicates ------------------------------------------------------------------------------- */

/* Every `--predicate '…'` of the pages; how many there are. */
static size_t check_predicates(StrView markdown)
{
    static const StrView OPTION = {"--predicate '", 13};
    size_t count = 0;
    for (size_t at; (at = sv_find(markdown, OPTION)) != SIZE_MAX; count++) {
        markdown = sv_slice(markdown, at + OPTION.len, SIZE_MAX);
        size_t end = sv_find(markdown, SV("'\n"));
        assert_true(end != SIZE_MAX);
        StrView text = sv_slice(markdown, 0, end);
        Err err = err_none();
        Predicate *predicate = predicate_parse(text, &err);
        if (predicate == NULL || sv_find_char(text, '\'') != SIZE_MAX) {
            fail_msg("%.*s: %s", SV_ARG(text), err.text);
        }
        assert_true(predicate_is_sendable(predicate, &err));
        predicate_free(predicate);
    }
    return count;
}

static void test_predicates(void **state)
{
    Playbook *playbook = open_playbook();
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < playbook_page_count(playbook); i++) {
        count += check_predicates(playbook_page_get(playbook, i)->markdown);
    }
    assert_true(count >= 10);
    playbook_free(playbook);
}

/* --- other files ------------------------------------------------------------------------------ */

static void test_unknown_directive(void **state)
{
    char folder[] = "/tmp/mdmscope-playbook-XXXXXX";
    char path[128];
    char command[64];
    Err err = err_none();
    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/filters", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/filters/playbook", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/filters/playbook/1-record.md", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("# A\n\n{{nothing}}\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_null(playbook_new(folder, &err));
    assert_non_null(strstr(err.text, "1-record.md: nothing is known as {{nothing}}"));
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

static void test_committed_document(void **state)
{
    Playbook *playbook = open_playbook();
    StrBuf have = {0};
    StrBuf file = {0};
    char chunk[4096];
    (void)state;
    playbook_document(playbook, &have);
    FILE *stream = fopen("doc/playbook.md", "rb");
    assert_non_null(stream);
    for (size_t len; (len = fread(chunk, 1, sizeof chunk, stream)) > 0;) {
        strbuf_add(&file, sv_of(chunk, len));
    }
    assert_int_equal(fclose(stream), 0);
    if (!sv_equal(strbuf_view(&file), strbuf_view(&have))) {
        fail_msg("doc/playbook.md is not what the pages say: make docs");
    }
    strbuf_done(&file);
    strbuf_done(&have);
    playbook_free(playbook);
}

static void test_markdown(void **state)
{
    static const struct {
        const char *text;
        const char *wanted;
    } ROWS[] = {
        {"# A *b*\n", "A b\n===\n"},
        {"## `c*`\n", "c*\n--\n"},
        {"one **two** `th*ree`\nfour\n", "one two th*ree\nfour\n"},
        {"- aaaa bbbb cccc dddd\n", "- aaaa bbbb\n  cccc dddd\n"},
        {"1. aaaa bbbb\n   cccc\n", "1. aaaa bbbb\n   cccc\n"},
        {"1. a\n\n   bbbb cccc dddd\n", "1. a\n\n   bbbb cccc\n   dddd\n"},
        {"```\na  *b*\n\n```\n", "    a  *b*\n\n"},
        {"| a | b |\n|---|---|\n| `x` | y\\|z \\* |\n", "  x\n      y|z *\n"},
        {"| a | b | c |\n|---|---|---|\n| x | y | z |\n", "  x\n      b: y; c:\n      z\n"},
        {"| a |  |\n|---|---|\n| x | [M] |\n", "  x [M]\n"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf buf = {0};
        markdown_print_text(sv(ROWS[i].text), 14, &buf);
        assert_string_equal(buf.ptr, ROWS[i].wanted);
        strbuf_done(&buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_text_fits),
        cmocka_unit_test(test_tables_are_whole),
        cmocka_unit_test(test_every_host_is_shown),
        cmocka_unit_test(test_predicates),
        cmocka_unit_test(test_unknown_directive),
        cmocka_unit_test(test_committed_document),
        cmocka_unit_test(test_markdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
