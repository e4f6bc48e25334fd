/*
 * Reports: opens what is to be read, has it read, prints. It judges nothing itself; what a failed
 * answer means comes out of the knowledge of filters/stages.h.
 */
#include "session/reports.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/atom.h"
#include "base/embed.h"
#include "base/utf8.h"
#include "filters/stages.h"
#include "session/headless.h"
#include "session/playbook.h"
#include "session/profile.h"
#include "session/record.h"
#include "session/record_live.h"
#include "session/record_redact.h"
#include "session/settings_redaction.h"
#include "session/wrap.h"

#define COLUMNS 80
#define KNOWLEDGE_FILE "filters/stages.json"
#define ATOM_BYTES (64 * KIB)
#define EXPLANATIONS_MAX 4

static int fail(FILE *errors, const Err *err, int status)
{
    headless_complain(errors, err, SV_NONE);
    return status;
}

/* --- record --------------------------------------------------------------------------------- */

/* Reads a whole file, or standard input for "-". */
static bool read_input(const char *path, StrBuf *ret_bytes, Err *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : 1;
    char chunk[16384];
    while (got > 0 && ret_bytes->len <= RECORD_MAX_BYTES) {
        got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) {
            got = 1;
        } else if (got > 0) {
            strbuf_add(ret_bytes, sv_of(chunk, (size_t)got));
        }
    }
    bool is_good = got >= 0 || err_set(err, "%s: %s", path, strerror(errno));
    if (fd >= 0 && !is_stdin) {
        (void)close(fd); /* was only read */
    }
    return is_good;
}

/* Texts of the knowledge, and of an unknown error the answer's own words. */
static void add_explanation(const Explanation *explanation, StrBuf *buf)
{
    const StrView parts[] = {explanation->meaning, explanation->cause, explanation->remedy};
    static const char *const NAMES[] = {"meaning", "likely", "do"};
    StrBuf line = {0};
    utf8_visible(&line, explanation->subject);
    strbuf_add_str(&line, ": ");
    utf8_visible(&line, explanation->title);
    strbuf_printf(&line, " (%.*s)", SV_ARG(explanation->confidence));
    strbuf_add_str(buf, "  ");
    wrap_add(buf, strbuf_view(&line), 2, 4, COLUMNS);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        strbuf_clear(&line);
        if (parts[i].len > 0) {
            strbuf_printf(&line, "%s: ", NAMES[i]);
            utf8_visible(&line, parts[i]);
            strbuf_add_many(buf, ' ', 4);
            wrap_add(buf, strbuf_view(&line), 4, 8, COLUMNS);
        }
    }
    strbuf_done(&line);
}

/* Appends what the knowledge has about an answer, which is read as an entry of `profiles`. */
static void explain_answer(const Options *options, StrView answer, StrBuf *buf)
{
    StrBuf text = {0};
    Explanation explanations[EXPLANATIONS_MAX];
    Stages *stages = embed_read_or_file(options->data_dir, KNOWLEDGE_FILE, &text)
                         ? stages_new(strbuf_view(&text), KNOWLEDGE_FILE, NULL)
                         : NULL;
    if (stages != NULL) {
        AtomTable *atoms = atom_table_new(ATOM_BYTES);
        Columns columns;
        columns_init(&columns, atoms);
        Entry entry = {.kind = KIND_LOG,
                       .style = STYLE_NDJSON,
                       .raw = answer,
                       .message = answer,
                       .process = SV("mdmclient"),
                       .process_path = SV("mdmclient")};
        uint32_t row = columns_push(&columns, &entry);
        size_t count = stages_explain(stages, &columns, row, explanations, EXPLANATIONS_MAX);
        for (size_t i = 0; i < count; i++) {
            add_explanation(&explanations[i], buf);
        }
        columns_done(&columns);
        atom_table_free(atoms);
    }
    stages_free(stages);
    strbuf_done(&text);
}

/* Says on standard error why there is no record to report on. */
static int tell_absent(const Options *options, const Record *record, FILE *errors)
{
    Err err = err_none();
    StrBuf text = {0};
    if (record->answer.ptr == NULL) {
        (void)err_set(&err, "%s: no activation record in it", record->name);
    } else {
        char place[16] = "";
        if (record->answer_line > 0) { /* binary property lists have none */
            (void)snprintf(place, sizeof place, ":%d", record->answer_line);
        }
        (void)err_set(&err, "%s%s: no activation record but an answer: %.*s", record->name, place,
                      SV_ARG(record->answer));
        if (record->answer_fact->meaning.ptr != NULL) {
            const AnswerFact *fact = record->answer_fact;
            add_explanation(&(Explanation){.subject = SV("the answer"),
                                           .title = fact->meaning,
                                           .remedy = fact->remedy,
                                           .confidence = fact->confidence},
                            &text);
        } else {
            explain_answer(options, record->answer, &text);
        }
    }
    headless_complain(errors, &err, SV_NONE);
    (void)fwrite(strbuf_view(&text).ptr, 1, text.len, errors); /* nowhere left to say it failed */
    strbuf_done(&text);
    return EXIT_NOTHING;
}

/* Puts placeholders into the record, unless it is to be shown as it is; false = the rules cannot be
 * read, which is told. */
static bool redact_record(const Options *options, Record *record, FILE *errors)
{
    Err err = err_none();
    if (options->no_redact) {
        return true;
    }
    RedactRules *rules = setting_redaction_rules(options, &err);
    if (rules == NULL) {
        (void)fail(errors, &err, EXIT_USAGE);
        return false;
    }
    Redaction *redaction = redaction_new(rules);
    record_redact(record, redaction);
    redaction_free(redaction);
    redact_rules_free(rules);
    return true;
}

static int print_record(const Options *options, const RecordFacts *facts, StrView bytes,
                        const char *name, FILE *out, FILE *errors)
{
    static void (*const PRINTERS[REPORT_COUNT])(const Record *, bool, StrBuf *) = {
        [REPORT_TEXT] = record_print_text,
        [REPORT_MD] = record_print_markdown,
        [REPORT_JSON] = record_print_json,
    };
    Record record = {.style = RECORD_NONE};
    StrBuf text = {0};
    Err err = err_none();
    int status = EXIT_USAGE;
    switch (record_read(&record, facts, bytes, name, clock_now().ns, &err)) {
    case RECORD_FOUND:
        if (!redact_record(options, &record, errors)) {
            break;
        }
        PRINTERS[options->report](&record, options->no_redact, &text);
        status = headless_print(strbuf_view(&text), out, errors);
        break;
    case RECORD_ABSENT:
        status = tell_absent(options, &record, errors);
        break;
    case RECORD_BROKEN:
        status = fail(errors, &err, EXIT_USAGE);
        break;
    }
    strbuf_done(&text);
    record_done(&record);
    return status;
}

int report_record(const Options *options, FILE *out, FILE *errors)
{
    RecordFacts facts = {.field_count = 0};
    StrBuf bytes = {0};
    StrBuf name = {0};
    StrView command = SV_NONE;
    Err err = err_none();
    int status = EXIT_MATCHED;
    if (!record_facts_read_own(&facts, options->data_dir, &err)) {
        status = fail(errors, &err, EXIT_USAGE);
    } else if (options->is_live) {
        LivePlace place = record_live_place(options->state_dir);
        if (!record_live_ask(&place, &facts, &bytes, &command, &err)) {
            (void)err_prefix(&err, "record --live");
            status = fail(errors, &err, EXIT_SOURCE);
        }
        strbuf_add(&name, command.ptr != NULL ? command : SV("this Mac"));
    } else {
        bool is_stdin = strcmp(options->record_file, "-") == 0;
        strbuf_add_str(&name, is_stdin ? "standard input" : options->record_file);
        if (!read_input(options->record_file, &bytes, &err)) {
            status = fail(errors, &err, EXIT_USAGE);
        }
    }
    if (status == EXIT_MATCHED) {
        status = print_record(options, &facts, strbuf_view(&bytes), name.ptr, out, errors);
    }
    strbuf_done(&name);
    strbuf_done(&bytes);
    record_facts_done(&facts);
    return status;
}

/* --- profile -------------------------------------------------------------------------------- */

static void warn(FILE *errors, const char *text)
{
    Err err = err_none();
    (void)err_set(&err, "%s", text);
    headless_complain(errors, &err, SV_NONE);
}

int report_profile(const Options *options, FILE *out, FILE *errors)
{
    LoggingFacts facts = {.count = 0};
    StrBuf text = {0};
    Err err = err_none();
    unsigned char random[PROFILE_UUID_COUNT * PROFILE_UUID_BYTES];
    bool is_good = logging_facts_read_own(&facts, options->data_dir, &err);
    if (is_good && options->as_commands) {
        profile_print_commands(&facts, options->has_private_data, &text);
    } else if (is_good) {
        is_good = profile_random(random, sizeof random, &err);
        if (is_good) {
            profile_print(&facts, options->has_private_data, random, &text);
        }
    }
    int status =
        is_good ? headless_print(strbuf_view(&text), out, errors) : fail(errors, &err, EXIT_USAGE);
    if (status == EXIT_MATCHED && !options->as_commands) {
        warn(errors, "profile: remove it from the Mac when the capture is made");
        if (options->has_private_data) {
            warn(errors, "profile: with it, every program logs private data unmasked");
        }
    }
    strbuf_done(&text);
    logging_facts_done(&facts);
    return status;
}

/* --- playbook ------------------------------------------------------------------------------- */

static bool fail_page(const Playbook *playbook, const char *page, Err *err)
{
    StrBuf ids = {0};
    for (size_t i = 0; i < playbook_page_count(playbook); i++) {
        strbuf_printf(&ids, "%s%.*s", i > 0 ? ", " : "",
                      SV_ARG(playbook_page_get(playbook, i)->id));
    }
    (void)err_set(err, "playbook: there is no page '%s'; there are %s, and all", page, ids.ptr);
    strbuf_done(&ids);
    return false;
}

static bool add_pages(const Options *options, const Playbook *playbook, StrBuf *text, Err *err)
{
    const char *page = options->playbook_page;
    bool is_all = page != NULL && strcmp(page, "all") == 0;
    size_t index = page != NULL ? playbook_find(playbook, sv(page)) : SIZE_MAX;
    if (page != NULL && !is_all && index == SIZE_MAX) {
        return fail_page(playbook, page, err);
    }
    if (options->report == REPORT_MD && index != SIZE_MAX) {
        strbuf_add(text, playbook_page_get(playbook, index)->markdown);
    } else if (options->report == REPORT_MD) {
        playbook_document(playbook, text);
    } else if (page == NULL) {
        playbook_list_text(playbook, COLUMNS, text);
    } else if (index != SIZE_MAX) {
        playbook_page_text(playbook, index, COLUMNS, text);
    } else {
        for (size_t i = 0; i < playbook_page_count(playbook); i++) {
            strbuf_add_str(text, i > 0 ? "\n\n" : "");
            playbook_page_text(playbook, i, COLUMNS, text);
        }
    }
    return true;
}

int report_playbook(const Options *options, FILE *out, FILE *errors)
{
    StrBuf text = {0};
    Err err = err_none();
    Playbook *playbook = playbook_new(options->data_dir, &err);
    bool is_good = playbook != NULL && add_pages(options, playbook, &text, &err);
    int status =
        is_good ? headless_print(strbuf_view(&text), out, errors) : fail(errors, &err, EXIT_USAGE);
    playbook_free(playbook);
    strbuf_done(&text);
    return status;
}
