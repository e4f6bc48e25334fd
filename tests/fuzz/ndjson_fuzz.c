/*
 * Fuzz target of the parsers. The first byte chooses a style, the rest is what a source delivers.
 * Nothing may crash, chunks may not matter, the fast NDJSON scanner must agree with jansson,
 * columns must give back what they took, and what is printed must be readable.
 *
 *   clang -fsanitize=fuzzer,address …          LLVMFuzzerTestOneInput
 *   cc -DFUZZ_STANDALONE … && ./a.out FILE…    the same for each file, without libFuzzer
 */
#include "tests/parsers/agree.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

/* What the printing of one entry must be: one line that reads again. */
static void print_entry(void *context, const Entry *entry)
{
    StrBuf *out = context;
    StrBuf scratch = {0};
    Entry again;
    strbuf_clear(out);
    entry_print_ndjson(entry, out);
    require(sv_find_char(strbuf_view(out), '\n') == SIZE_MAX);
    if (entry->style != STYLE_NDJSON) {
        require(ndjson_slow_read(strbuf_view(out), true, &scratch, &again) == READ_ENTRY);
        require(!(again.flags & (ENTRY_ENCODING | ENTRY_PARTIAL)) ||
                (entry->flags & ENTRY_ENCODING));
    }
    strbuf_clear(out);
    entry_print_text(entry, STYLE_DEFAULT, SV_NONE, out);
    entry_print_text(entry, STYLE_COMPACT, SV_NONE, out);
    entry_print_text(entry, STYLE_SYSLOG, SV("host"), out);
    strbuf_done(&scratch);
}

static void touch_field(void *context, const RawField *field)
{
    size_t *sum = context;
    *sum += field->key.len + field->value.len;
}

static void check_lines(StrView bytes)
{
    NdjsonFast fast;
    StrView line;
    uint64_t accepted = 0;
    size_t sum = 0;
    ndjson_fast_init(&fast, true);
    require(agree_on_line(&fast, bytes, &accepted));
    while (sv_next_line(&bytes, &line)) {
        require(agree_on_line(&fast, line, &accepted));
        decoder_each_raw_field(line, touch_field, &sum);
    }
    ndjson_fast_done(&fast);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    Style style = (Style)(data[0] % STYLE_COUNT);
    StrView bytes = sv_of((const char *)data + 1, size - 1);
    StrBuf out = {0};
    DecoderSink sink = {print_entry, ignore_notice, &out};
    Decoder *decoder = decoder_new(style, 0, sink);
    decoder_feed(decoder, bytes);
    decoder_end(decoder);
    decoder_free(decoder);
    strbuf_done(&out);
    require(agree_on_chunks(style, bytes, size));
    require(agree_on_columns(style, bytes, 64));
    check_lines(bytes);
    return 0;
}

#ifdef FUZZ_STANDALONE
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        StrBuf text = read_path(argv[i]);
        (void)LLVMFuzzerTestOneInput((const uint8_t *)text.ptr, text.len);
        strbuf_done(&text);
    }
    return 0;
}
#endif
