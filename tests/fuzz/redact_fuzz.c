/*
 * Fuzz target of the rules of redaction: whatever is found lies within the text, the sieve keeps no
 * rule from what it would find, and each layer knows where its bytes came from. Replayed over its
 * corpus by tests/filters/redact_fuzz_test.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "filters/redact_decode.h"
#include "filters/redact_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

/* The rules without what sieves: under other names nobody reads it. */
static RedactRules *read_unsieved(void)
{
    static const char *const NAMES[] = {"\"words\": ", "\"shapes\": ", "\"keys\": ", "\"tails\": "};
    StrBuf json = {0};
    StrBuf bare = {0};
    require(embed_read("filters/redactions.json", &json));
    StrView rest = strbuf_view(&json);
    while (rest.len > 0) {
        size_t len = 0;
        for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
            if (sv_starts(rest, sv(NAMES[i]))) {
                len = strlen(NAMES[i]);
                strbuf_printf(&bare, "\"unread %zu\": ", i);
            }
        }
        strbuf_add(&bare, sv_slice(rest, 0, len > 0 ? 0 : 1));
        rest = sv_slice(rest, len > 0 ? len : 1, SIZE_MAX);
    }
    RedactRules *rules = redact_rules_read(strbuf_view(&bare), "unsieved", NULL);
    require(rules != NULL);
    strbuf_done(&json);
    strbuf_done(&bare);
    return rules;
}

static void check_view(RedactRules *sieved, RedactRules *all, StrView text)
{
    RedactHits some = {.items = NULL};
    RedactHits every = {.items = NULL};
    (void)redact_rules_find(sieved, text, &some);
    (void)redact_rules_find(all, text, &every);
    for (size_t i = 0; i < some.count; i++) {
        require(some.items[i].start < some.items[i].end && some.items[i].end <= text.len);
    }
    require(some.has_stopped || every.has_stopped || some.count == every.count);
    redact_hits_done(&some);
    redact_hits_done(&every);
}

static void check_layers(RedactRules *sieved, RedactRules *all, StrView text)
{
    RedactLayer layers[REDACT_LAYERS_MAX] = {{.from = NULL}};
    const RedactLayer *below = NULL;
    StrView view = text;
    for (size_t i = 0; i < REDACT_LAYERS_MAX && redact_decode(&layers[i], view, below); i++) {
        below = &layers[i];
        view = strbuf_view(&below->text);
        require(view.len <= text.len && below->from[view.len] == text.len);
        for (size_t at = 0; at < view.len; at++) {
            require(below->from[at] <= below->from[at + 1]);
        }
        check_view(sieved, all, view);
    }
    for (size_t i = 0; i < REDACT_LAYERS_MAX; i++) {
        redact_layer_done(&layers[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static RedactRules *sieved; /* made once: compiling them takes longer than asking them */
    static RedactRules *all;
    StrView text = {(const char *)data, size};
    if (sieved == NULL) {
        sieved = redact_rules_new(NULL, NULL);
        all = read_unsieved();
        require(sieved != NULL);
    }
    check_view(sieved, all, text);
    check_layers(sieved, all, text);
    return 0;
}
