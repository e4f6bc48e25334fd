/*
 * Fuzz target of the predicate language: any bytes are a predicate of one of the two grammars or an
 * error. What parses prints, parses again to the same tree, is said in shorthand or has a reason
 * not to be, compiles or is refused with a reason, and decides a few entries the same way by row
 * and by range. Replayed over its corpus by tests/filters/predicate_fuzz_test.c.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "filters/aliases.h"
#include "filters/filter.h"
#include "parsers/decoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void check_tokens(StrView text)
{
    StrView rest = text;
    StrView token;
    TokenClass class;
    size_t total = 0;
    while (predicate_next_token(&rest, &token, &class)) {
        require(token.len > 0 && token.ptr == text.ptr + total);
        total += token.len;
    }
    require(total == text.len);
}

static void check_error(StrView text, const Err *err)
{
    StrBuf buf = {0};
    require(err->text[0] != '\0');
    require(err->offset == ERR_NO_OFFSET || err->offset <= text.len);
    if (err->offset != ERR_NO_OFFSET && text.len < 4096) {
        predicate_print_caret(text, err->offset, 40, 2, &buf);
        require(utf8_is_valid(strbuf_view(&buf)));
    }
    strbuf_done(&buf);
}

static void check_printing(const Predicate *predicate)
{
    StrBuf once = {0};
    StrBuf twice = {0};
    Err err = err_none();
    predicate_print(predicate, &once);
    if (once.len <= PREDICATE_MAX_BYTES) {
        Predicate *again = predicate_parse(strbuf_view(&once), &err);
        require(again != NULL);
        require(predicate_equal(predicate, again));
        require(predicate_implies(predicate, again));
        predicate_print(again, &twice);
        require(sv_equal(strbuf_view(&once), strbuf_view(&twice)));
        predicate_free(again);
    }
    strbuf_clear(&once);
    predicate_print_tree(predicate, &once);
    strbuf_done(&once);
    strbuf_done(&twice);
}

/* What is said in shorthand reads back, and is said the same way then. */
static void check_shorthand(const Predicate *predicate, StrView text)
{
    StrBuf once = {0};
    StrBuf twice = {0};
    Err err = err_none();
    if (!predicate_print_shorthand(predicate, &once, &err)) {
        require(once.len == 0);
        check_error(text, &err);
    } else if (once.len <= PREDICATE_MAX_BYTES) {
        Predicate *again = predicate_parse(strbuf_view(&once), &err);
        require(again != NULL);
        require(predicate_print_shorthand(again, &twice, &err));
        require(sv_equal(strbuf_view(&once), strbuf_view(&twice)));
        predicate_free(again);
    }
    strbuf_done(&once);
    strbuf_done(&twice);
}

/* The same bytes as a ~/.logrc. */
static void check_aliases(StrView text)
{
    Aliases aliases = {0};
    Err err = err_none();
    require(aliases_read(&aliases, text, &err) || (err.text[0] != '\0' && err.line > 0));
    for (size_t i = 0; i < aliases.count; i++) {
        require(aliases_find(&aliases, aliases.items[i].name) == &aliases.items[i]);
    }
    aliases_done(&aliases);
}

static void add_row(Columns *columns, const char *line)
{
    StrBuf scratch = {0};
    Entry entry;
    decoder_read_entry(STYLE_NDJSON, sv(line), &scratch, &entry);
    (void)columns_push(columns, &entry); /* its number is its place */
    strbuf_done(&scratch);
}

static void check_deciding(Filter *filter)
{
    AtomTable *atoms = atom_table_new(64 * KIB);
    Columns columns;
    uint64_t bits = 0;
    columns_init(&columns, atoms);
    add_row(&columns, "{\"eventType\":\"logEvent\",\"messageType\":\"Error\",\"processID\":312,"
                      "\"subsystem\":\"com.apple.x\",\"processImagePath\":\"\\/usr\\/mdmclient\","
                      "\"eventMessage\":\"\xC3\x84 text\\nof (401)\",\"formatString\":\"%d\"}");
    add_row(&columns, "{\"eventType\":\"stateEvent\",\"eventMessage\":\"\",\"subsystem\":\"\"}");
    add_row(&columns, "no entry \xFF");
    uint32_t matched = filter_match_range(filter, &columns, 0, columns.count, &bits);
    for (uint32_t i = 0; i < columns.count; i++) {
        bool is_match = filter_match(filter, &columns, i);
        require(is_match == (bits >> i & 1));
        matched -= is_match;
    }
    require(matched == 0);
    columns_done(&columns);
    atom_table_free(atoms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    StrView text = sv_of(size > 0 ? (const char *)data : "", size);
    Err err = err_none();
    check_tokens(text);
    check_aliases(text);
    Predicate *predicate = predicate_parse(text, &err);
    if (!predicate) {
        check_error(text, &err);
        return 0;
    }
    check_printing(predicate);
    check_shorthand(predicate, text);
    Filter *filter = filter_new(predicate, &err);
    if (filter) {
        check_deciding(filter);
    } else {
        check_error(text, &err);
    }
    filter_free(filter);
    return 0;
}
