/*
 * Headless: what the commands without a screen print to standard error, and the check of a
 * predicate. Printing entries is show.c.
 */
#include "session/headless.h"

#include <errno.h>
#include <string.h>

#include "base/utf8.h"
#include "filters/filter.h"

#define CARET_COLUMNS 80
#define CARET_INDENT 2

/* --- words on standard error ---------------------------------------------------------------- */

void headless_say(FILE *errors, StrView what, StrView why)
{
    StrBuf text = {0};
    strbuf_add_str(&text, "mdmscope: ");
    if (what.len > 0) {
        utf8_visible(&text, what);
        strbuf_add_str(&text, ": ");
    }
    StrView line;
    for (bool is_first = true; sv_next_line(&why, &line); is_first = false) {
        strbuf_add_str(&text, is_first ? "" : "\n");
        utf8_visible(&text, line);
    }
    strbuf_add_char(&text, '\n');
    (void)fwrite(text.ptr, 1, text.len, errors); /* there is nowhere left to report a failure */
    (void)fflush(errors);
    strbuf_done(&text);
}

static void say_caret(FILE *errors, StrView text, size_t offset)
{
    StrBuf lines = {0};
    predicate_print_caret(text, offset, CARET_COLUMNS, CARET_INDENT, &lines);
    if (lines.len > 0 && lines.ptr[lines.len - 1] != '\n') {
        strbuf_add_char(&lines, '\n');
    }
    (void)fwrite(strbuf_view(&lines).ptr, 1, lines.len, errors); /* as in headless_say() */
    strbuf_done(&lines);
}

void headless_complain(FILE *errors, const Err *err, StrView text)
{
    headless_say(errors, SV_NONE, sv(err->text));
    if (err->offset != ERR_NO_OFFSET && text.ptr != NULL) {
        say_caret(errors, text, err->offset);
    }
}

int headless_print(StrView text, FILE *out, FILE *errors)
{
    errno = 0;
    if (fwrite(text.ptr, 1, text.len, out) == text.len && fflush(out) == 0) {
        return EXIT_MATCHED;
    }
    headless_say(errors, SV("standard output"),
                 sv(errno != 0 ? strerror(errno) : "cannot be written"));
    return EXIT_USAGE;
}

void headless_warn(FILE *errors, const Predicate *predicate)
{
    const PredicateWarning *warnings;
    size_t count = predicate_warnings(predicate, &warnings);
    for (size_t i = 0; i < count; i++) {
        StrBuf text = {0};
        strbuf_add_str(&text, "warning: ");
        strbuf_add(&text, warnings[i].text);
        headless_say(errors, SV("predicate"), strbuf_view(&text));
        say_caret(errors, predicate_source(predicate), warnings[i].offset);
        if (warnings[i].fix.len > 0) {
            strbuf_clear(&text);
            strbuf_add_str(&text, "better: ");
            strbuf_add(&text, warnings[i].fix);
            headless_say(errors, SV("predicate"), strbuf_view(&text));
        }
        strbuf_done(&text);
    }
}

/* --- predicate ------------------------------------------------------------------------------ */

/* Appends the predicate in the form of --to, NULL = the first of them, and a line break. */
static bool print_as(const Predicate *predicate, const char *form, StrBuf *buf, Err *err)
{
    bool is_good = true;
    if (form != NULL && strcmp(form, "tree") == 0) {
        predicate_print_tree(predicate, buf);
    } else if (form != NULL && strcmp(form, "shorthand") == 0) {
        is_good = predicate_print_shorthand(predicate, buf, err);
    } else {
        predicate_print(predicate, buf);
    }
    if (buf->len > 0 && buf->ptr[buf->len - 1] != '\n') {
        strbuf_add_char(buf, '\n');
    }
    return is_good;
}

int headless_predicate(const Options *options, FILE *out, FILE *errors)
{
    Err err = err_none();
    StrView text = sv(options->predicate_text);
    Predicate *predicate = predicate_parse_with(text, options->aliases, &err);
    if (predicate == NULL) {
        (void)err_prefix(&err, "predicate");
        headless_complain(errors, &err, text);
        return EXIT_USAGE;
    }
    StrBuf source = {0}; /* not `text` when that is an alias */
    strbuf_add(&source, predicate_source(predicate));
    text = strbuf_view(&source);
    headless_warn(errors, predicate);
    if (!predicate_is_sendable(predicate, &err)) {
        (void)err_prefix(&err, "predicate: log cannot take it");
        headless_complain(errors, &err, text);
    }
    StrBuf printed = {0};
    bool is_good = print_as(predicate, options->predicate_to, &printed, &err);
    /* That it parses is one thing, that each comparison can be decided another. */
    Filter *filter = filter_new(predicate, is_good ? &err : NULL);
    is_good = is_good && filter != NULL;
    int status = EXIT_USAGE;
    if (is_good) {
        status = headless_print(strbuf_view(&printed), out, errors);
    } else {
        (void)err_prefix(&err, "predicate");
        headless_complain(errors, &err, text);
    }
    filter_free(filter);
    strbuf_done(&printed);
    strbuf_done(&source);
    return status;
}
