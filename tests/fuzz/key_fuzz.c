/*
 * Fuzz target of the names of keys: any bytes are the name of a key or none. What is one prints,
 * and what is printed is the same key and prints the same again. Replayed over its corpus by
 * tests/tui/key_fuzz_test.c.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "tui/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    StrView name = sv_of(size > 0 ? (const char *)data : "", size);
    StrBuf once = {0};
    StrBuf twice = {0};
    Key key;
    Key back;
    if (key_parse(name, &key)) {
        key_print(key, &once);
        require(utf8_is_valid(strbuf_view(&once)));
        require(key_parse(strbuf_view(&once), &back));
        require(back.code == key.code && back.mods == key.mods && back.x == key.x &&
                back.y == key.y && back.button == key.button && back.clicks == key.clicks);
        key_print(back, &twice);
        require(sv_equal(strbuf_view(&once), strbuf_view(&twice)));
    }
    strbuf_done(&once);
    strbuf_done(&twice);
    return 0;
}
