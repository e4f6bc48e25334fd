/*
 * Fuzz target of what reads files of other people's: property lists in their three forms, base64,
 * certificates. Nothing may crash, and what is refused must be refused with a reason.
 *
 *   clang -fsanitize=fuzzer,address …          LLVMFuzzerTestOneInput
 */
#include <stdlib.h>

#include "base/base64.h"
#include "base/plist.h"
#include "filters/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

/* Touches every byte of a tree; how many nodes it has. */
static size_t walk(const Node *node, size_t *sum)
{
    size_t count = 1;
    for (size_t i = 0; i < node->text.len; i++) {
        *sum += (unsigned char)node->text.ptr[i];
    }
    for (const Node *child = node->first; child != NULL; child = child->next) {
        *sum += child->key.len;
        count += walk(child, sum);
    }
    return count;
}

static void check(const Node *node, const Err *err)
{
    size_t sum = 0;
    must(node != NULL || err->text[0] != '\0');
    must(node == NULL || walk(node, &sum) <= PLIST_MAX_NODES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    StrView bytes = sv_of((const char *)data, size);
    Arena arena = {0};
    Err err = err_none();
    Certificate certificate;
    StrBuf decoded = {0};
    size_t end = 0;
    check(plist_read(&arena, bytes, "fuzz", &err), &err);
    err = err_none();
    check(plist_read_text(&arena, bytes, "fuzz", &end, &err), &err);
    must(end <= size);
    err = err_none();
    must(certificate_read(bytes, &certificate, &err) || err.text[0] != '\0');
    must(base64_decode(bytes, &decoded, &end) || end <= size);
    strbuf_done(&decoded);
    arena_done(&arena);
    return 0;
}
