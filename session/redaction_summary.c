/*
 * What a Redaction has done so far, in numbers and in words.
 */
#include <inttypes.h>

#include "session/redaction_internal.h"

size_t redaction_counts(const Redaction *redaction, RedactionCount *ret, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < REDACTION_COUNTS_MAX && count < max; i++) {
        if (redaction->counts[i].places > 0) {
            ret[count++] = redaction->counts[i];
        }
    }
    return count;
}

uint64_t redaction_places(const Redaction *redaction)
{
    return redaction->places;
}

uint64_t redaction_values(const Redaction *redaction)
{
    return redaction_values_count(redaction->values);
}

uint64_t redaction_unnumbered(const Redaction *redaction)
{
    return redaction->unnumbered;
}

uint64_t redaction_withheld(const Redaction *redaction)
{
    return redaction->withheld;
}

static void add_kind(void *context, StrView kind, uint32_t count)
{
    StrBuf *ret = context;
    strbuf_printf(ret, "%s%.*s %" PRIu32, ret->ptr[ret->len - 1] == '(' ? "" : ", ", SV_ARG(kind),
                  count);
}

static void add_places(const Redaction *redaction, StrBuf *ret)
{
    uint64_t values = redaction_values(redaction);
    strbuf_printf(ret, "%" PRIu64 " %s in %" PRIu64 " %s", values, values == 1 ? "value" : "values",
                  redaction->places, redaction->places == 1 ? "place" : "places");
    if (values > 0) {
        strbuf_add_str(ret, " (");
        redaction_values_each_kind(redaction->values, add_kind, ret);
        strbuf_add_char(ret, ')');
    }
    if (redaction->unnumbered > 0) {
        strbuf_printf(ret, ", %" PRIu64 " places without a number: too many values",
                      redaction->unnumbered);
    }
    if (redaction->withheld > 0) {
        strbuf_printf(ret, ", %" PRIu64 " %s withheld whole: a rule gave up", redaction->withheld,
                      redaction->withheld == 1 ? "text" : "texts");
    }
}

void redaction_summary(const Redaction *redaction, StrBuf *ret)
{
    size_t kept = redact_rules_kept(redaction->rules);
    if (redaction->places == 0) {
        strbuf_add_str(ret, "nothing was found");
    } else {
        add_places(redaction, ret);
    }
    if (kept > 0) {
        strbuf_printf(ret, "; %zu %s left as %s by the user", kept, kept == 1 ? "value" : "values",
                      kept == 1 ? "it is" : "they are");
    }
}
