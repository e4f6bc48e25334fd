/*
 * Round trips: what an excerpt holds is read back, by our own readers where there are such: the
 * entries are the same, as many, in the same order, in every form.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "session/excerpt_bundle.h"
#include "session/spool.h"
#include "tests/session/excerpt_held.h"

#define DEMO "session/demo.ndjson"

static void read_file(const char *path, StrBuf *buf)
{
    FILE *file = fopen(path, "rb");
    char part[65536];
    size_t len;
    assert_non_null(file);
    while ((len = fread(part, 1, sizeof part, file)) > 0) {
        strbuf_add(buf, sv_of(part, len));
    }
    (void)fclose(file);
}

/* The demo, and entries that are odd. */
static void read_all(Held *ret)
{
    StrBuf text = {0};
    read_file(DEMO, &text);
    strbuf_add_str(&text,
                   "{\"eventMessage\":\"2026-01-01 00:00:00.000000+0000 0x1 Error 0x0 1 0 a: b\\n"
                   "2026-01-01 00:00:00.000000+0000 0x1        Error       0x0                  1"
                   "      0    a: forged\",\"eventType\":\"logEvent\",\"messageType\":\"Error\","
                   "\"timestamp\":\"2026-09-08 10:00:16.012931+0200\",\"processID\":7,"
                   "\"processImagePath\":\"\\/x\\/y\",\"threadID\":9}\n");
    read_text(strbuf_view(&text), STYLE_NONE, ret);
    assert_true(ret->columns.count > 1000);
    strbuf_done(&text);
}

/* --- text ------------------------------------------------------------------------------------- */

static void test_text_styles(void **state)
{
    (void)state;
    static const OutputFormat FORMATS[] = {FORMAT_TEXT, FORMAT_COMPACT, FORMAT_SYSLOG};
    static const int64_t STEPS[] = {1000, NS_PER_MS, 1000}; /* ns that the stamp can tell */
    ExcerptFacts facts = {0};
    Held was;
    read_all(&was);
    excerpt_facts_add(&facts, "source", SV("x\n2026-01-01 00:00:00.000000+0000 0x1"));
    excerpt_facts_say(&facts, "entries", "%u", (unsigned)was.columns.count);
    for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
        StrBuf text = {0};
        Held is;
        write_all(&was, FORMATS[f], &facts, &text, NULL);
        read_text(strbuf_view(&text), STYLE_NONE, &is);
        assert_int_equal(is.columns.count, was.columns.count);
        assert_int_equal(is.banners, 2);
        for (uint32_t i = 0; i < was.columns.count; i++) {
            int64_t zone = was.columns.zone_minutes[i] * 60 * NS_PER_SECOND;
            int64_t told = was.columns.time_ns[i] + (FORMATS[f] == FORMAT_COMPACT ? zone : 0);
            assert_true(is.columns.time_ns[i] == told - told % STEPS[f]);
            assert_int_equal(is.columns.pid[i], was.columns.pid[i]);
            assert_same_message(&was.columns, &is.columns, i);
            if (FORMATS[f] != FORMAT_SYSLOG) {
                assert_int_equal(is.columns.level[i], was.columns.level[i]);
                assert_true(sv_equal(columns_text(&is.columns, is.columns.subsystem[i]),
                                     columns_text(&was.columns, was.columns.subsystem[i])));
            }
        }
        held_done(&is);
        strbuf_done(&text);
    }
    excerpt_facts_done(&facts);
    held_done(&was);
}

/* What `log` said about drops is found again. */
static void test_drop_notice(void **state)
{
    (void)state;
    Held held = {.atoms = atom_table_new(MIB)}, is;
    StrBuf text = {0};
    columns_init(&held.columns, held.atoms);
    Entry notice = {.kind = KIND_NOTICE,
                    .message = SV("=== Messages dropped during live streaming (use …) ==="),
                    .raw = SV("")};
    (void)columns_push(&held.columns, &notice);
    write_all(&held, FORMAT_TEXT, NULL, &text, NULL);
    read_text(strbuf_view(&text), STYLE_NONE, &is);
    assert_int_equal(is.drops, 1);
    assert_int_equal(is.columns.count, 0);
    held_done(&is);
    held_done(&held);
    strbuf_done(&text);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void test_json(void **state)
{
    (void)state;
    static const OutputFormat FORMATS[] = {FORMAT_NDJSON, FORMAT_JSON};
    Held was;
    char sums[2][SHA256_HEX_MAX], again[SHA256_HEX_MAX];
    read_all(&was);
    for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
        StrBuf text = {0}, ndjson = {0};
        Held is;
        write_all(&was, FORMATS[f], NULL, &text, sums[f]);
        read_text(strbuf_view(&text), STYLE_NONE, &is);
        assert_int_equal(is.columns.count, was.columns.count);
        for (uint32_t i = 0; i < was.columns.count; i++) {
            assert_true(sv_equal(columns_raw(&is.columns, i), columns_raw(&was.columns, i)));
            assert_int_equal(is.columns.style[i],
                             FORMATS[f] == FORMAT_JSON ? STYLE_JSON : STYLE_NDJSON);
        }
        /* The sum is that of the NDJSON, also of what was read back from the other form. */
        write_all(&is, FORMAT_NDJSON, NULL, &ndjson, again);
        assert_string_equal(again, sums[0]);
        held_done(&is);
        strbuf_done(&text);
        strbuf_done(&ndjson);
    }
    assert_string_equal(sums[0], sums[1]);
    held_done(&was);
}

/* --- CSV (RFC 4180) --------------------------------------------------------------------------- */

static void test_csv(void **state)
{
    (void)state;
    enum { FIELDS_IN_LINE = 11 };
    Held was;
    StrBuf text = {0}, field = {0}, expected = {0};
    read_all(&was);
    write_all(&was, FORMAT_CSV, NULL, &text, NULL);
    StrView rest = strbuf_view(&text);
    uint32_t line = 0;
    size_t fields = 0;
    bool ends;
    while (next_field(&rest, &field, &ends)) {
        fields++;
        if (!ends) {
            continue;
        }
        assert_int_equal(fields, FIELDS_IN_LINE);
        fields = 0;
        if (line > 0) {
            strbuf_clear(&expected);
            add_csv_visible(&expected, columns_message(&was.columns, line - 1));
            assert_true(sv_equal(strbuf_view(&field), strbuf_view(&expected)));
        }
        line++;
    }
    assert_int_equal(line, was.columns.count + 1);
    strbuf_done(&text);
    strbuf_done(&field);
    strbuf_done(&expected);
    held_done(&was);
}

/* --- the bundle ------------------------------------------------------------------------------- */

typedef struct Member {
    StrView name;
    StrView text;
} Member;

static uint64_t octal(const char *at, size_t len)
{
    uint64_t number = 0;
    for (size_t i = 0; i < len && at[i] >= '0' && at[i] <= '7'; i++) {
        number = number * 8 + (uint64_t)(at[i] - '0');
    }
    return number;
}

static size_t read_tar(StrView tar, Member *ret, size_t max)
{
    size_t count = 0, at = 0;
    while (at + 512 <= tar.len && tar.ptr[at] != '\0') {
        const char *head = tar.ptr + at;
        unsigned sum = 0;
        for (size_t i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? ' ' : (unsigned char)head[i];
        }
        uint64_t size = octal(head + 124, 11);
        assert_int_equal(sum, octal(head + 148, 6));
        assert_memory_equal(head + 257,
                            "ustar\0"
                            "00",
                            8);
        assert_int_equal(octal(head + 100, 7), 0600);
        assert_true(count < max);
        ret[count++] = (Member){sv(head), sv_slice(tar, at + 512, (size_t)size)};
        at += 512 + (size_t)((size + 511) / 512 * 512);
    }
    assert_true(tar.len - at >= 1024); /* the end */
    return count;
}

static void unpack(StrView packed, StrBuf *buf)
{
    z_stream stream = {0};
    int result;
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)packed.ptr; /* only read */
    stream.avail_in = (uInt)packed.len;
    do {
        char part[65536];
        stream.next_out = (Bytef *)part;
        stream.avail_out = sizeof part;
        result = inflate(&stream, Z_NO_FLUSH);
        strbuf_add(buf, sv_of(part, sizeof part - stream.avail_out));
    } while (result == Z_OK);
    assert_int_equal(result, Z_STREAM_END);
    (void)inflateEnd(&stream);
}

static void test_bundle(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"report.md",     "predicate.txt", "versions.txt",
                                        "redaction.txt", "SHA256SUMS",    "entries.ndjson"};
    Held was;
    ExcerptFacts facts = {0};
    ExcerptTally tally;
    Spool spool;
    StrBuf entries = {0}, packed = {0}, tar = {0};
    Member members[8];
    bool has_more = true;
    read_all(&was);
    write_all(&was, FORMAT_BUNDLE, NULL, &entries, NULL);
    assert_true(spool_open(&spool, NULL, NULL));
    assert_true(spool_add(&spool, strbuf_view(&entries), NULL));
    excerpt_tally_init(&tally);
    sha256_add(&tally.sum, strbuf_view(&entries));
    excerpt_facts_say(&facts, "predicate of the pane", "x == 1");
    excerpt_facts_add_tally(&facts, &tally, 0);
    excerpt_facts_add_redaction(&facts);
    ExcerptBundle *bundle = excerpt_bundle_new(&facts, SV("# R\n"), &spool, 1000000000, NULL);
    assert_non_null(bundle);
    while (has_more) {
        assert_true(excerpt_bundle_step(bundle, &packed, &has_more, NULL));
    }
    unpack(strbuf_view(&packed), &tar);
    assert_int_equal(read_tar(strbuf_view(&tar), members, ARRAY_LEN(members)), ARRAY_LEN(NAMES));
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        char name[100];
        (void)snprintf(name, sizeof name, BUNDLE_FOLDER "/%s", NAMES[i]);
        assert_true(sv_equal(members[i].name, sv(name)));
        if (strcmp(NAMES[i], "SHA256SUMS") == 0) {
            continue;
        }
        /* The line of the sums that it must have. */
        char hex[SHA256_HEX_MAX], line[200];
        Sha256 sum;
        sha256_init(&sum);
        sha256_add(&sum, members[i].text);
        sha256_end(&sum, hex);
        (void)snprintf(line, sizeof line, "%s  %s\n", hex, NAMES[i]);
        assert_true(sv_find(members[4].text, sv(line)) != SIZE_MAX);
    }
    assert_true(sv_equal(members[5].text, strbuf_view(&entries)));
    assert_true(sv_equal(members[0].text, SV("# R\n")));
    assert_true(sv_equal(members[1].text, SV("predicate of the pane: x == 1\n")));
    assert_true(sv_starts(members[3].text, SV("redaction: OFF")));
    excerpt_bundle_free(bundle);
    excerpt_facts_done(&facts);
    excerpt_tally_done(&tally);
    spool_done(&spool);
    strbuf_done(&entries);
    strbuf_done(&packed);
    strbuf_done(&tar);
    held_done(&was);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_styles), cmocka_unit_test(test_drop_notice),
        cmocka_unit_test(test_json),        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_bundle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
