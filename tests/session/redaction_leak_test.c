/*
 * The leak test: kinds of secrets (tests/data/redaction/secrets.txt) in thousands of messages of
 * real shapes, saved in every form there is. No secret may be in any of them, and none of the
 * harmless look-alikes (harmless.txt) among them may be missing. The seed is fixed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"
#include "base/node.h"
#include "filters/literals.h"
#include "session/excerpt.h"
#include "session/headless.h"

#define SECRETS_FILE "tests/data/redaction/secrets.txt"
#define HARMLESS_FILE "tests/data/redaction/harmless.txt"
#define SHAPES_FILE "session/demo.ndjson"
#define KINDS_MIN 200
#define HARMLESS_MIN 300
#define MESSAGES 5000
#define SEED UINT64_C(0x6d646d73636f7065)

typedef struct Text {
    char *ptr;
} Text;

typedef struct Texts {
    Text *items;
    size_t count;
    size_t capacity;
} Texts;

static void add_text(Texts *texts, StrView text)
{
    mem_grow((void **)&texts->items, &texts->capacity, texts->count, sizeof *texts->items);
    texts->items[texts->count++].ptr = mem_dup(text.ptr, text.len);
}

static void texts_done(Texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        mem_free(texts->items[i].ptr);
    }
    mem_free(texts->items);
}

static StrBuf read_file(const char *path)
{
    StrBuf text = {0};
    char piece[4096];
    int len;
    gzFile file = gzopen(path, "rb"); /* reads what is not packed as it is */
    if (file == NULL) {
        fail_msg("%s is not there", path);
        return text;
    }
    while ((len = gzread(file, piece, sizeof piece)) > 0) {
        strbuf_add(&text, sv_of(piece, (size_t)len));
    }
    (void)gzclose(file);
    return text;
}

static Texts read_lines(const char *path)
{
    Texts lines = {.items = NULL};
    StrBuf text = read_file(path);
    StrView rest = strbuf_view(&text);
    StrView line;
    while (sv_next_line(&rest, &line)) {
        if (line.len > 0 && line.ptr[0] != '#') {
            add_text(&lines, line);
        }
    }
    strbuf_done(&text);
    return lines;
}

/* xorshift64* */
static size_t random_below(uint64_t *state, size_t limit)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (size_t)((*state * UINT64_C(2685821657736338717)) >> 33) % limit;
}

static void make_value(StrView pattern, uint64_t *state, StrBuf *ret)
{
    static const struct {
        char mark;
        const char *letters;
    } MARKS[] = {
        {'#', "0123456789"},
        {'@', "abcdefghijklmnopqrstuvwxyz"},
        {'^', "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
        {'?', "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"},
        {'~', "0123456789abcdef"},
        {'*', "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"},
    };
    for (size_t i = 0; i < pattern.len; i++) {
        const char *letters = NULL;
        for (size_t j = 0; j < ARRAY_LEN(MARKS); j++) {
            letters = pattern.ptr[i] == MARKS[j].mark ? MARKS[j].letters : letters;
        }
        bool is_at =
            pattern.ptr[i] == '@' && sv_starts(sv_slice(pattern, i, 12), SV("@example.com"));
        strbuf_add_char(ret, letters != NULL && !is_at
                                 ? letters[random_below(state, strlen(letters))]
                                 : pattern.ptr[i]);
    }
}

/* One message of a kind, and the secret in it. */
static void make_message(StrView kind, uint64_t *state, StrBuf *ret, StrBuf *secret)
{
    size_t tab = sv_find_char(kind, '\t');
    StrView context = sv_slice(kind, tab + 1, SIZE_MAX);
    size_t at = sv_find(context, SV("{V}"));
    assert_true(tab != SIZE_MAX && at != SIZE_MAX);
    make_value(sv_slice(kind, 0, tab), state, secret);
    strbuf_add(ret, sv_slice(context, 0, at));
    strbuf_add(ret, strbuf_view(secret));
    strbuf_add(ret, sv_slice(context, at + 3, SIZE_MAX));
}

/* Puts `message` into an entry in the place of the one that it has. */
static void add_entry(StrBuf *ret, StrView shape, StrView message)
{
    StrView key = SV("\"eventMessage\":");
    size_t start = sv_find(shape, key) + key.len;
    size_t end = start + 1;
    while (shape.ptr[end] != '"') {
        end += shape.ptr[end] == '\\' ? 2 : 1;
    }
    strbuf_add(ret, sv_slice(shape, 0, start));
    node_quote(message, ret);
    strbuf_add(ret, sv_slice(shape, end + 1, SIZE_MAX));
    strbuf_add_char(ret, '\n');
}

static Texts read_shapes(void)
{
    Texts lines = read_lines(SHAPES_FILE);
    Texts shapes = {.items = NULL};
    for (size_t i = 0; i < lines.count; i++) {
        if (strstr(lines.items[i].ptr, "\"eventMessage\":\"") != NULL) {
            add_text(&shapes, sv(lines.items[i].ptr));
        }
    }
    texts_done(&lines);
    assert_true(shapes.count > 1000);
    return shapes;
}

static void write_file(const char *path, StrView text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

/* What `show --redact` makes of the file in that form; a packed one is unpacked. */
static StrBuf show(const char *path, const char *out_path, const char *form)
{
    static const volatile sig_atomic_t stop = 0;
    char *words[] = {(char[]){"mdmscope"}, (char[]){"show"}, (char[]){"--redact"},
                     (char[]){"--format"}, strdup(form),     strdup(path)};
    Options options;
    Err err = err_none();
    if (!options_parse((int)ARRAY_LEN(words), words, &options, &err)) {
        fail_msg("%s", err.text);
    }
    FILE *out = fopen(out_path, "w");
    FILE *errors = tmpfile();
    int status = headless_show(&options, out, errors, &stop);
    (void)fclose(out);
    (void)fclose(errors);
    free(words[4]);
    free(words[5]);
    assert_int_equal(status, EXIT_MATCHED);
    return read_file(out_path);
}

/* How many of the secrets are in `text`; the first few are told. */
static size_t count_leaks(const Texts *secrets, const Texts *kinds, StrView text, const char *form)
{
    size_t leaks = 0;
    for (size_t from = 0; from < secrets->count; from += LITERALS_MAX) {
        Literals *set = literals_new();
        for (size_t i = from; i < secrets->count && i < from + LITERALS_MAX; i++) {
            assert_true(literals_add(set, sv(secrets->items[i].ptr), (uint16_t)(i - from)));
        }
        LiteralScan scan = literals_begin(set, text);
        uint16_t owner;
        while (literals_next(&scan, &owner)) {
            if (leaks++ < 40) {
                print_error("%s: '%s' of %s\n", form, secrets->items[from + owner].ptr,
                            kinds->items[(from + owner) % kinds->count].ptr);
            }
        }
        literals_free(set);
    }
    return leaks;
}

static size_t count_missing(const Texts *harmless, StrView text)
{
    size_t missing = 0;
    for (size_t i = 0; i < harmless->count; i++) {
        StrBuf quoted = {0};
        node_quote(sv(harmless->items[i].ptr), &quoted);
        if (sv_find(text, strbuf_view(&quoted)) == SIZE_MAX) {
            print_error("not as it was: %s\n", harmless->items[i].ptr);
            missing++;
        }
        strbuf_done(&quoted);
    }
    return missing;
}

static void no_form_has_a_secret(void **state)
{
    (void)state;
    Texts kinds = read_lines(SECRETS_FILE);
    Texts harmless = read_lines(HARMLESS_FILE);
    Texts shapes = read_shapes();
    Texts secrets = {.items = NULL};
    StrBuf capture = {0};
    uint64_t random = SEED;
    assert_true(kinds.count >= KINDS_MIN);
    assert_true(harmless.count >= HARMLESS_MIN);
    for (size_t i = 0; i < MESSAGES; i++) {
        StrBuf message = {0};
        StrBuf secret = {0};
        make_message(sv(kinds.items[i % kinds.count].ptr), &random, &message, &secret);
        StrView shape = sv(shapes.items[random_below(&random, shapes.count)].ptr);
        add_entry(&capture, shape, strbuf_view(&message));
        if (i % 10 == 0) { /* all of them, and among what is known by then */
            shape = sv(shapes.items[random_below(&random, shapes.count)].ptr);
            add_entry(&capture, shape, sv(harmless.items[i / 10 % harmless.count].ptr));
        }
        add_text(&secrets, strbuf_view(&secret));
        strbuf_done(&message);
        strbuf_done(&secret);
    }
    char path[] = "/tmp/mdmscope-leak-XXXXXX";
    char out_path[] = "/tmp/mdmscope-leak-out-XXXXXX";
    int fd = mkstemp(path);
    int out_fd = mkstemp(out_path);
    assert_true(fd >= 0 && out_fd >= 0);
    write_file(path, strbuf_view(&capture));
    size_t leaks = 0, missing = 0;
    for (int form = 0; form < FORMAT_COUNT; form++) {
        const char *name = excerpt_format_name((OutputFormat)form);
        StrBuf out = show(path, out_path, name);
        assert_true(out.len > 100 * MESSAGES);
        leaks += count_leaks(&secrets, &kinds, strbuf_view(&out), name);
        missing += form == FORMAT_NDJSON ? count_missing(&harmless, strbuf_view(&out)) : 0;
        strbuf_done(&out);
    }
    (void)close(fd);
    (void)close(out_fd);
    (void)unlink(path);
    (void)unlink(out_path);
    strbuf_done(&capture);
    texts_done(&kinds);
    texts_done(&harmless);
    texts_done(&shapes);
    texts_done(&secrets);
    assert_int_equal(leaks, 0);
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_form_has_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
