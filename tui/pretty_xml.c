/*
 * The XML part of Pretty: property lists and what is shaped like them, elements that hold either
 * elements or text. A key of a property list shares its row with its value. No entity is resolved,
 * no attribute read.
 */
#include <string.h>

#include "tui/pretty_internal.h"

/* An element is one of a property list, or follows a declaration: "<private>" is neither. */
static const char *const BEGINNINGS[] = {"<?xml", "<!DOCTYPE", "<plist", "<dict>", "<array>"};

static StrView rest_of(const PrettyWork *work)
{
    return sv_slice(work->text, work->at, SIZE_MAX);
}

/* Name of the tag that begins at `at`, which is a '<'; empty = it is none. */
static StrView tag_name(StrView text, size_t at)
{
    size_t start = at + 1;
    size_t end = start;

    while (end < text.len && strchr(" \t\r\n/><?!=\"'", text.ptr[end]) == NULL) {
        end++;
    }
    return sv_slice(text, start, end - start);
}

/* Offset behind the '>' of the tag at `at`, quoted ones passed over; SIZE_MAX = there is none. */
static size_t tag_end(StrView text, size_t at)
{
    char quote = '\0';

    for (; at < text.len; at++) {
        char byte = text.ptr[at];

        if (quote != '\0') {
            quote = byte == quote ? '\0' : quote;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
        } else if (byte == '>') {
            return at + 1;
        }
    }
    return SIZE_MAX;
}

static bool put_tag(PrettyWork *work)
{
    size_t end = tag_end(work->text, work->at);

    if (end == SIZE_MAX) {
        work->at = work->text.len;
        return false;
    }
    return pretty_put(work, end, PRETTY_MARK);
}

static PrettyKind kind_of(StrView name)
{
    if (sv_equal(name, SV("key"))) {
        return PRETTY_KEY;
    }
    bool is_number = sv_equal(name, SV("integer")) || sv_equal(name, SV("real"));

    return is_number ? PRETTY_NUMBER : PRETTY_TEXT;
}

/* Puts the closing tag of `name`. */
static bool put_close(PrettyWork *work, StrView name)
{
    StrView rest = rest_of(work);

    return sv_starts(rest, SV("</")) && sv_equal(tag_name(work->text, work->at + 1), name) &&
           put_tag(work);
}

static bool put_element(PrettyWork *work);

/* Puts the elements in an element, each on a row, the value of a key beside it. */
static bool put_elements(PrettyWork *work)
{
    bool is_after_key = false;

    work->depth++;
    for (;;) {
        work->at = pretty_skip_blanks(work->text, work->at);
        if (sv_starts(rest_of(work), SV("</"))) {
            break;
        }
        if (is_after_key) {
            pretty_blank(work);
        } else {
            pretty_new_line(work);
        }
        is_after_key = !is_after_key && sv_starts(rest_of(work), SV("<key>"));
        if (!put_element(work)) {
            return false;
        }
    }
    work->depth--;
    pretty_new_line(work);
    return true;
}

static bool put_element(PrettyWork *work)
{
    StrView name = tag_name(work->text, work->at);

    if (work->at >= work->text.len || work->text.ptr[work->at] != '<' || name.len == 0 ||
        work->depth == PRETTY_DEPTH_MAX || !put_tag(work)) {
        return false;
    }
    work->items++;
    if (work->text.ptr[work->at - 2] == '/') {
        return true; /* "<true/>" */
    }
    size_t inner = pretty_skip_blanks(work->text, work->at);
    bool has_elements = inner + 1 < work->text.len && work->text.ptr[inner] == '<' &&
                        work->text.ptr[inner + 1] != '/';

    if (has_elements) {
        work->at = inner;
        return put_elements(work) && put_close(work, name);
    }
    size_t end = sv_find_char(rest_of(work), '<');

    if (end == SIZE_MAX) {
        work->at = work->text.len;
        return false;
    }
    return pretty_put(work, work->at + end, kind_of(name)) && put_close(work, name);
}

bool pretty_put_xml(PrettyWork *work)
{
    bool is_one = false;

    for (size_t i = 0; i < ARRAY_LEN(BEGINNINGS); i++) {
        is_one |= sv_starts(rest_of(work), sv(BEGINNINGS[i]));
    }
    while (is_one && (sv_starts(rest_of(work), SV("<?")) || sv_starts(rest_of(work), SV("<!")))) {
        if (!put_tag(work)) {
            return false;
        }
        pretty_new_line(work);
        work->at = pretty_skip_blanks(work->text, work->at);
    }
    return is_one && put_element(work) && work->items > 1;
}
