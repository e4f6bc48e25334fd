/*
 * Tests of save.c: a file appears whole or not at all, is never replaced unasked, and holds the
 * bytes that came.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "session/save.h"

#define DEMO "session/demo.ndjson"

typedef struct Place {
    char directory[64];
    char path[96];
    Session *session;
} Place;

static int setup(void **state)
{
    static const Options FROM_DEMO = {
        .verb = VERB_EXPLORE,
        .sources = {{.kind = SOURCE_FILE, .argument = DEMO}},
        .source_count = 1,
    };
    Place *place = calloc(1, sizeof *place);

    assert_non_null(place);
    (void)snprintf(place->directory, sizeof place->directory, "/tmp/mdmscope-save.XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    (void)snprintf(place->path, sizeof place->path, "%s/out.ndjson", place->directory);
    place->session = session_new(&FROM_DEMO, NULL, NULL);
    assert_non_null(place->session);
    while (!session_is_idle(place->session)) {
        (void)session_pump(place->session, NULL, clock_monotonic(), NS_PER_SECOND);
        (void)session_work(place->session, NS_PER_SECOND);
    }
    *state = place;
    return 0;
}

static size_t files_in(const char *directory)
{
    DIR *open = opendir(directory);
    size_t count = 0;

    assert_non_null(open);
    for (struct dirent *item = readdir(open); item != NULL; item = readdir(open)) {
        count += item->d_name[0] != '.';
    }
    (void)closedir(open);
    return count;
}

static int teardown(void **state)
{
    Place *place = *state;

    (void)unlink(place->path);
    assert_int_equal(rmdir(place->directory), 0); /* nothing else stayed behind */
    session_free(place->session);
    free(place);
    return 0;
}

static void read_file(const char *path, StrBuf *buf)
{
    FILE *file = fopen(path, "r");
    char part[65536];
    size_t len;

    assert_non_null(file);
    while ((len = fread(part, 1, sizeof part, file)) > 0) {
        strbuf_add(buf, sv_of(part, len));
    }
    (void)fclose(file);
}

static void test_pane_is_saved_byte_for_byte(void **state)
{
    Place *place = *state;
    SaveJob job = {.choice.set = SAVE_SET_VIEW, .format = FORMAT_NDJSON, .path = place->path};
    Save *save = save_new(place->session, &job, NULL, NULL);
    StrBuf have = {0};
    StrBuf source = {0};
    struct stat made;

    assert_non_null(save);
    assert_int_equal(access(place->path, F_OK), -1); /* not before it is whole */
    while (save_step(save, 7)) {
    }
    assert_string_equal(save_error(save)->text, "");
    assert_int_equal(save_count(save), store_counts(session_store(place->session))->entries);
    assert_int_equal(save_missed(save), 0);
    save_free(save);
    assert_int_equal(stat(place->path, &made), 0);
    assert_int_equal(made.st_mode & 0777, 0600);
    read_file(place->path, &have);
    read_file(DEMO, &source);
    /* The capture is the banner's line and the entries: what was saved is its rest. */
    assert_true(have.len > 0 && sv_ends(strbuf_view(&source), strbuf_view(&have)));
    strbuf_done(&have);
    strbuf_done(&source);
}

static void test_existing_file_is_not_replaced_unasked(void **state)
{
    Place *place = *state;
    SaveJob job = {.choice.set = SAVE_SET_VIEW, .format = FORMAT_NDJSON, .path = place->path};
    FILE *file = fopen(place->path, "w");
    bool exists = false;
    Err err = err_none();
    StrBuf have = {0};

    assert_non_null(file);
    (void)fputs("precious", file);
    (void)fclose(file);
    assert_null(save_new(place->session, &job, &exists, &err));
    assert_true(exists);
    assert_non_null(strstr(err.text, "exists"));
    read_file(place->path, &have);
    assert_string_equal(have.ptr, "precious");
    job.may_replace = true;
    Save *save = save_new(place->session, &job, NULL, NULL);

    assert_non_null(save);
    while (save_step(save, 100000)) {
    }
    save_free(save);
    strbuf_clear(&have);
    read_file(place->path, &have);
    assert_true(have.len > 1000);
    strbuf_done(&have);
}

static void test_given_up_leaves_nothing(void **state)
{
    Place *place = *state;
    SaveJob job = {.choice.set = SAVE_SET_VIEW, .format = FORMAT_TEXT, .path = place->path};
    Save *save = save_new(place->session, &job, NULL, NULL);

    assert_non_null(save);
    assert_true(save_step(save, 10));
    assert_int_equal(files_in(place->directory), 1); /* the temporary one */
    save_free(save);
    assert_int_equal(files_in(place->directory), 0);
}

static void test_vanished_directory_is_told(void **state)
{
    Place *place = *state;
    SaveJob job = {
        .choice.set = SAVE_SET_VIEW, .format = FORMAT_TEXT, .path = "/nonexistent/x/out.log"};
    Err err = err_none();

    assert_null(save_new(place->session, &job, NULL, &err));
    assert_non_null(strstr(err.text, "/nonexistent/x/out.log"));
    assert_non_null(strstr(err.text, "No such file or directory"));
}

static void test_range_and_marks(void **state)
{
    Place *place = *state;
    const View *view = session_pane(place->session, 0)->view;
    SaveJob job = {
        .choice = {.set = SAVE_SET_RANGE, .first = view_get(view, 10), .last = view_get(view, 14)},
        .format = FORMAT_NDJSON,
        .path = place->path};
    Save *save = save_new(place->session, &job, NULL, NULL);

    assert_int_equal(save_count_entries(place->session, &job.choice), 5);
    assert_non_null(save);
    while (save_step(save, 2)) {
    }
    assert_int_equal(save_count(save), 5);
    save_free(save);

    Store *store = session_store(place->session);

    assert_true(marks_toggle(session_marks(place->session), store, view_get(view, 3)));
    assert_true(marks_toggle(session_marks(place->session), store, view_get(view, 20)));
    job.choice.set = SAVE_SET_MARKS;
    job.may_replace = true;
    save = save_new(place->session, &job, NULL, NULL);
    assert_non_null(save);
    while (save_step(save, 1)) {
    }
    assert_int_equal(save_count(save), 2);
    save_free(save);
}

/* Whatever comes to be under the name while a file is written is not replaced unasked. */
static void test_file_made_meanwhile_stays(void **state)
{
    Place *place = *state;
    SaveJob job = {.choice.set = SAVE_SET_VIEW, .format = FORMAT_TEXT, .path = place->path};
    Save *save = save_new(place->session, &job, NULL, NULL);
    StrBuf have = {0};

    assert_non_null(save);
    assert_true(save_step(save, 1));
    FILE *file = fopen(place->path, "w");

    assert_non_null(file);
    (void)fputs("precious", file);
    (void)fclose(file);
    while (save_step(save, 100000)) {
    }
    assert_non_null(strstr(save_error(save)->text, "exists already"));
    assert_false(save_step(save, 1));
    save_free(save);
    read_file(place->path, &have);
    assert_string_equal(have.ptr, "precious");
    strbuf_done(&have);
    assert_int_equal(files_in(place->directory), 1);
}

/* A range in a pane need not begin or end with an entry of that pane. */
static void test_estimate_is_what_is_written(void **state)
{
    Place *place = *state;
    size_t pane = session_pane_find(place->session, SV("mdmclient"));

    assert_true(pane != SIZE_MAX);
    const View *view = session_pane(place->session, pane)->view;
    SaveJob job = {
        .choice = {.set = SAVE_SET_RANGE, .pane = pane}, .path = place->path, .may_replace = true};
    EntryNumber end = store_end(session_store(place->session));
    unsigned empty = 0;

    for (job.choice.first = view_get(view, 0); job.choice.first < end; job.choice.first += 40) {
        job.choice.last = job.choice.first + 7 < end ? job.choice.first + 7 : end - 1;
        Save *save = save_new(place->session, &job, NULL, NULL);

        assert_non_null(save);
        while (save_step(save, 100)) {
        }
        assert_int_equal(save_count(save), save_count_entries(place->session, &job.choice));
        empty += save_count(save) == 0;
        save_free(save);
    }
    assert_true(empty > 0);
}

/* --- what, and what it says of itself ----------------------------------------------------------
 */

/* Saves into memory. */
static void save_text_of(Place *place, SaveJob job, StrBuf *ret)
{
    Save *save = save_new(place->session, &job, NULL, NULL);

    assert_non_null(save);
    while (save_step(save, 100)) {
    }
    assert_string_equal(save_error(save)->text, "");
    strbuf_clear(ret);
    strbuf_add(ret, save_text(save));
    assert_int_equal(save_count(save), save_count_entries(place->session, &job.choice));
    save_free(save);
}

static size_t count_lines(StrView text)
{
    StrView line;
    size_t count = 0;

    while (sv_next_line(&text, &line)) {
        count++;
    }
    return count;
}

static void test_everything_and_times(void **state)
{
    Place *place = *state;
    const Store *store = session_store(place->session);
    SaveJob job = {.choice.set = SAVE_SET_ALL, .format = FORMAT_NDJSON};
    StrBuf text = {0};
    StoreRow row;

    save_text_of(place, job, &text);
    assert_int_equal(count_lines(strbuf_view(&text)), store_counts(store)->held);

    /* Both ends are included; entries are asked one by one. */
    assert_true(store_find(store, 500, &row));
    job.choice = (SaveChoice){.set = SAVE_SET_TIMES,
                              .since_ns = row.columns->time_ns[row.index],
                              .until_ns = row.columns->time_ns[row.index]};
    save_text_of(place, job, &text);
    assert_true(count_lines(strbuf_view(&text)) >= 1);
    assert_true(sv_find(strbuf_view(&text), columns_raw(row.columns, row.index)) != SIZE_MAX);
    size_t at_once = count_lines(strbuf_view(&text));

    job.choice.until_ns = CLOCK_NO_TIME;
    save_text_of(place, job, &text);
    size_t since = count_lines(strbuf_view(&text));

    job.choice.until_ns = job.choice.since_ns;
    job.choice.since_ns = CLOCK_NO_TIME;
    save_text_of(place, job, &text);
    assert_int_equal(since + count_lines(strbuf_view(&text)), store_counts(store)->held + at_once);
    strbuf_done(&text);
}

static bool has_number(const SaveNumbers *numbers, EntryNumber number)
{
    for (size_t i = 0; i < numbers->count; i++) {
        if (numbers->items[i] == number) {
            return true;
        }
    }
    return false;
}

static void assert_in_order(const SaveNumbers *numbers)
{
    for (size_t i = 1; i < numbers->count; i++) {
        assert_true(numbers->items[i - 1] < numbers->items[i]);
    }
}

static void test_what_proves_something(void **state)
{
    Place *place = *state;
    const Attempt *attempt = enrolment_headline(session_enrolment(place->session));
    const MdmCommand *commands;
    const Failure *failures;
    SaveNumbers numbers = {0};
    size_t proven = 0;

    assert_non_null(attempt);
    for (int i = 1; i <= (int)stages_count(session_stages(place->session)); i++) {
        EnrolmentStage stage;

        attempt_stage(attempt, i, &stage);
        save_numbers_of_stage(place->session, attempt, i, &numbers);
        assert_in_order(&numbers);
        for (size_t k = 0; k < stage.proof_count; k++) {
            assert_true(has_number(&numbers, stage.proofs[k].number));
        }
        proven += numbers.count > 0;
        save_numbers_done(&numbers);
    }
    assert_true(proven > 10);
    assert_true(attempt_commands(attempt, &commands) > 0);
    save_numbers_of_command(place->session, attempt, &commands[0], &numbers);
    assert_true(has_number(&numbers, commands[0].received.number));
    assert_true(has_number(&numbers, commands[0].answered.number));
    assert_in_order(&numbers);
    save_numbers_done(&numbers);
    assert_true(attempt_failures(attempt, &failures) > 0);
    save_numbers_of_failure(place->session, attempt, &failures[0], &numbers);
    assert_true(has_number(&numbers, failures[0].first.number));
    assert_true(has_number(&numbers, failures[0].last.number));
    assert_in_order(&numbers);
    save_numbers_done(&numbers);
}

static void test_around(void **state)
{
    Place *place = *state;
    static const EntryNumber CHOSEN[] = {1, 100, 103, 1000000};
    SaveJob job = {.choice = {.set = SAVE_SET_NUMBERS, .numbers = CHOSEN, .number_count = 3},
                   .format = FORMAT_NDJSON};
    SaveNumbers numbers;
    StrBuf text = {0};

    save_text_of(place, job, &text);
    assert_int_equal(count_lines(strbuf_view(&text)), 3);
    job.choice.around = 2;
    save_numbers_take(place->session, &job.choice, &numbers);
    assert_in_order(&numbers);
    /* 1 to 3, and 98 to 105, each once. */
    assert_int_equal(numbers.count, 3 + 8);
    save_numbers_done(&numbers);
    /* One that was never there is missing, and that is said. */
    job.choice.number_count = 4;
    job.choice.around = 0;
    Save *save = save_new(place->session, &job, NULL, NULL);

    assert_non_null(save);
    while (save_step(save, 100)) {
    }
    assert_int_equal(save_missed(save), 1);
    save_free(save);
    strbuf_done(&text);
}

static void assert_has(StrView text, const char *part)
{
    if (sv_find(text, sv(part)) == SIZE_MAX) {
        fail_msg("'%s' is not in: %.*s", part, (int)(text.len < 3000 ? text.len : 3000), text.ptr);
    }
}

static void test_it_says_what_it_is(void **state)
{
    Place *place = *state;
    Options options = {.verb = VERB_EXPLORE, .grep = "a|b", .since = "12:04"};
    SaveJob job = {.choice.set = SAVE_SET_ALL,
                   .format = FORMAT_MD,
                   .options = &options,
                   .what = SV("everything | that is held")};
    StrBuf text = {0}, ndjson = {0};
    char hex[SHA256_HEX_MAX], line[200];
    Sha256 sum;

    save_text_of(place, job, &text);
    StrView have = strbuf_view(&text);

    assert_has(have, "\n| tool | mdmscope ");
    assert_has(have, "\n| source | file demo.ndjson |\n");
    assert_has(have, "\n| host | not known");
    assert_has(have, "\n| macOS | 13 or later, by the daemons that spoke |\n");
    assert_has(have, "\n| chosen | everything \\| that is held |\n");
    assert_has(have, "\n| \\--grep | a\\|b |\n");
    assert_has(have, "\n| \\--since | 12:04 |\n");
    assert_has(have, "\n| time range | 2025-05-14 08:41:02.919202-0700 to 2025-05-14 08:5");
    assert_has(have, "\n| entries | 2000, ");
    assert_has(have, "\n| drops and gaps | none are known of in this range |\n");
    assert_has(have, "\n| redaction | OFF: everything stands as it was logged |\n");
    assert_has(have, "\n## The enrolment\n");
    assert_has(have, "\n## What failed\n");
    assert_has(have, "  - do: ");
    assert_has(have, "\n## Stages\n");
    job.format = FORMAT_NDJSON;
    save_text_of(place, job, &ndjson);
    sha256_init(&sum);
    sha256_add(&sum, strbuf_view(&ndjson));
    sha256_end(&sum, hex);
    (void)snprintf(line, sizeof line, "\n| SHA-256 of the entries | %s (", hex);
    assert_has(have, line);
    job.format = FORMAT_TEXT;
    save_text_of(place, job, &text);
    (void)snprintf(line, sizeof line, "\n# mdmscope: SHA-256 of the entries: %s (", hex);
    assert_has(strbuf_view(&text), line);
    strbuf_done(&text);
    strbuf_done(&ndjson);
}

/* What a preview shows of the head stands in the file, line for line in that order. */
static void test_head_is_known_before(void **state)
{
    static const OutputFormat FORMATS[] = {FORMAT_TEXT, FORMAT_COMPACT, FORMAT_SYSLOG, FORMAT_MD};
    Place *place = *state;

    for (size_t i = 0; i < ARRAY_LEN(FORMATS); i++) {
        SaveJob job = {
            .choice.set = SAVE_SET_ALL, .format = FORMATS[i], .what = SV("everything at all")};
        StrBuf head = {0}, text = {0};
        size_t lines = 0;

        save_print_head(place->session, &job, NULL, &head);
        save_text_of(place, job, &text);
        StrView rest = strbuf_view(&text), left = strbuf_view(&head), line;

        for (; sv_next_line(&left, &line); lines++) {
            size_t at = sv_find(rest, line);

            if (sv_find(line, SV("known when it is written")) != SIZE_MAX) {
                continue;
            }
            if (at == SIZE_MAX) {
                fail_msg("'%.*s' is not in the file", SV_ARG(line));
            }
            rest = sv_slice(rest, at + line.len, SIZE_MAX);
        }
        assert_true(lines >= 4);
        assert_has(strbuf_view(&head), "everything at all");
        strbuf_done(&head);
        strbuf_done(&text);
    }
    StrBuf head = {0};
    SaveJob job = {.choice.set = SAVE_SET_ALL, .format = FORMAT_NDJSON};

    save_print_head(place->session, &job, NULL, &head);
    assert_int_equal(head.len, 0); /* it has none */
}

/* Redacted, all forms have the same placeholders, and none has what they stand for. */
static void test_redacted(void **state)
{
    Place *place = *state;
    static const char UUID[] = "3a909274-91d1-413a-83f4-80da03df65e9";
    RedactRules *rules = redact_rules_new(NULL, NULL);
    StrBuf text = {0};

    assert_non_null(rules);
    Secrets *secrets = secrets_new(rules);

    for (int format = 0; format < FORMAT_BUNDLE; format++) {
        SaveJob job = {.choice.set = SAVE_SET_ALL, .format = (OutputFormat)format};

        save_text_of(place, job, &text);
        assert_has(strbuf_view(&text), UUID);
        assert_has(strbuf_view(&text), "example.com");
        job.secrets = secrets;
        save_text_of(place, job, &text);
        assert_true(sv_find(strbuf_view(&text), sv(UUID)) == SIZE_MAX);
        assert_true(sv_find(strbuf_view(&text), SV("mdm.example.com")) == SIZE_MAX);
        assert_has(strbuf_view(&text), format == FORMAT_HTML ? "&lt;uuid-2&gt;" : "<uuid-2>");
        if (excerpt_has_facts(job.format)) {
            assert_has(strbuf_view(&text), "on: ");
        }
    }
    secrets_free(secrets);
    redact_rules_free(rules);
    strbuf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pane_is_saved_byte_for_byte, setup, teardown),
        cmocka_unit_test_setup_teardown(test_existing_file_is_not_replaced_unasked, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_given_up_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_vanished_directory_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_range_and_marks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_file_made_meanwhile_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(test_estimate_is_what_is_written, setup, teardown),
        cmocka_unit_test_setup_teardown(test_everything_and_times, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_proves_something, setup, teardown),
        cmocka_unit_test_setup_teardown(test_around, setup, teardown),
        cmocka_unit_test_setup_teardown(test_it_says_what_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(test_head_is_known_before, setup, teardown),
        cmocka_unit_test_setup_teardown(test_redacted, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
