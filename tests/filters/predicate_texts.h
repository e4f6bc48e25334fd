/*
 * Tables of predicates for their tests, line by line, and whether one reads back as it is printed.
 * Header only: each test program is linked alone.
 */
#ifndef TESTS_FILTERS_PREDICATE_TEXTS_H
#define TESTS_FILTERS_PREDICATE_TEXTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filters/predicate.h"
#include "tests/filters/truth.h"

/* A text file by lines; lines that begin with '#' are comments unless they are part of a block. */
typedef struct Lines {
    StrBuf buf;
    StrView rest;
    int number;
} Lines;

static inline Lines lines_open(const char *path)
{
    Lines lines = {0};
    lines.rest = truth_read_file(path, &lines.buf);
    return lines;
}

static inline bool lines_next(Lines *lines, StrView *ret_line)
{
    lines->number++;
    return sv_next_line(&lines->rest, ret_line);
}

/* The next line that is neither empty nor a comment ("# …"). */
static inline bool lines_next_full(Lines *lines, StrView *ret_line)
{
    while (lines_next(lines, ret_line)) {
        bool is_comment = ret_line->len == 1 ? ret_line->ptr[0] == '#' && lines->number == 1
                                             : sv_starts(*ret_line, SV("# "));
        if (ret_line->len > 0 && !is_comment) {
            return true;
        }
    }
    return false;
}

static inline StrBuf print(const Predicate *predicate)
{
    StrBuf buf = {0};
    predicate_print(predicate, &buf);
    return buf;
}

/* Whether a text, parsed and printed, gives the same tree and prints the same again. */
static inline bool survives(StrView text)
{
    Err err = err_none();
    Predicate *first = predicate_parse(text, &err);
    if (!first) {
        print_error("%.*s: %s\n", SV_ARG(text), err.text);
        return false;
    }
    StrBuf once = print(first);
    Predicate *second = predicate_parse(strbuf_view(&once), &err);
    StrBuf twice = {0};
    bool is_same = false;
    if (second) {
        predicate_print(second, &twice);
        is_same =
            predicate_equal(first, second) && sv_equal(strbuf_view(&once), strbuf_view(&twice));
    }
    if (!is_same) {
        print_error("%.*s\n  printed %.*s\n  %s\n", SV_ARG(text), SV_ARG(strbuf_view(&once)),
                    second ? "is another tree" : err.text);
    }
    strbuf_done(&once);
    strbuf_done(&twice);
    predicate_free(first);
    predicate_free(second);
    return is_same;
}

#endif
