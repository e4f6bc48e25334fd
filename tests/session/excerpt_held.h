/*
 * Entries held between writing and reading back, for the tests of round trips: what writes them in
 * a form, what reads a form again, what may differ. Included by test programs only, after
 * <cmocka.h>.
 */
#ifndef TESTS_SESSION_EXCERPT_HELD_H
#define TESTS_SESSION_EXCERPT_HELD_H

#include "base/utf8.h"
#include "parsers/columns.h"
#include "parsers/decoder.h"
#include "session/excerpt.h"

typedef struct Held {
    AtomTable *atoms;
    Columns columns;
    uint64_t drops;
    uint64_t banners;
} Held;

static inline void take_entry(void *context, const Entry *entry)
{
    Held *held = context;
    (void)columns_push(&held->columns, entry);
}

static inline void take_notice(void *context, NoticeKind kind, StrView text)
{
    Held *held = context;
    (void)text;
    held->drops += kind == NOTICE_DROPPED;
    held->banners += kind == NOTICE_BANNER;
}

static inline void read_text(StrView text, Style style, Held *ret)
{
    *ret = (Held){.atoms = atom_table_new(16 * MIB)};
    columns_init(&ret->columns, ret->atoms);
    Decoder *decoder = decoder_new(style, 0, (DecoderSink){take_entry, take_notice, ret});
    decoder_feed(decoder, text);
    decoder_end(decoder);
    decoder_free(decoder);
}

static inline void held_done(Held *held)
{
    columns_done(&held->columns);
    atom_table_free(held->atoms);
}

static inline void write_all(const Held *held, OutputFormat format, const ExcerptFacts *facts,
                             StrBuf *buf, char *ret_sum)
{
    Excerpt excerpt;
    excerpt_init(&excerpt, format, false, NULL);
    excerpt_begin(&excerpt, facts, SV_NONE, buf);
    for (uint32_t i = 0; i < held->columns.count; i++) {
        excerpt_add(&excerpt, &held->columns, i, SV("mac-17"), buf);
    }
    excerpt_end(&excerpt, NULL, SV_NONE, buf);
    if (ret_sum != NULL) {
        sha256_end(&excerpt.tally.sum, ret_sum);
    }
    excerpt_done(&excerpt);
}

/* --- what may differ --- */

/* Visible, and what goes on over several lines indented. */
static inline void shape(StrView message, StrBuf *buf)
{
    StrView line;
    for (bool is_first = true; sv_next_line(&message, &line); is_first = false) {
        strbuf_add_str(buf, is_first ? "" : "\n    ");
        utf8_visible(buf, line);
    }
}

/* Line by line; of an empty one the reader may keep as many blanks as it likes. */
static inline bool is_same_text(StrView want, StrView have)
{
    StrView a, b;
    while (sv_next_line(&want, &a)) {
        if (!sv_next_line(&have, &b) ||
            (!sv_equal(a, b) && (sv_trim(a).len > 0 || sv_trim(b).len > 0))) {
            return false;
        }
    }
    return have.len == 0;
}

static inline void assert_same_message(const Columns *was, const Columns *is, uint32_t i)
{
    StrBuf expected = {0};
    shape(columns_message(was, i), &expected);
    /* Blanks before the first word cannot be told from a column's. */
    StrView want = sv_trim(strbuf_view(&expected));
    StrView have = sv_trim(columns_message(is, i));
    if (!is_same_text(want, have)) {
        fail_msg("entry %u: '%.*s' became '%.*s'", (unsigned)i, SV_ARG(want), SV_ARG(have));
    }
    strbuf_done(&expected);
}

/* Takes the next field; *ret_ends tells whether it ended its line. False at the end. */
static inline bool next_field(StrView *rest, StrBuf *field, bool *ret_ends)
{
    bool is_quoted = sv_starts(*rest, SV("\""));
    size_t at = is_quoted;
    strbuf_clear(field);
    strbuf_add_str(field, "");
    if (rest->len == 0) {
        return false;
    }
    for (; at < rest->len; at++) {
        char byte = rest->ptr[at];
        if (is_quoted && byte == '"') {
            if (at + 1 < rest->len && rest->ptr[at + 1] == '"') {
                at++;
            } else {
                at++;
                break;
            }
        } else if (!is_quoted && (byte == ',' || byte == '\r')) {
            break;
        }
        strbuf_add_char(field, byte);
    }
    StrView end = sv_slice(*rest, at, SIZE_MAX);
    *ret_ends = sv_starts(end, SV("\r\n"));
    assert_true(*ret_ends || sv_starts(end, SV(",")));
    *rest = sv_slice(end, *ret_ends ? 2 : 1, SIZE_MAX);
    return true;
}

static inline void add_csv_visible(StrBuf *buf, StrView message)
{
    size_t start = 0;
    for (size_t i = 0; i <= message.len; i++) {
        if (i == message.len || message.ptr[i] == '\n' || message.ptr[i] == '\t') {
            utf8_visible(buf, sv_slice(message, start, i - start));
            strbuf_add(buf, sv_slice(message, i, 1));
            start = i + 1;
        }
    }
}

#endif
