/*
 * Signs: failures that mean little alone and much together. Kept by what makes each different, so
 * that one host that fails again and again is one.
 */
#include "filters/knowledge.h"
#include "session/enrolment_internal.h"

static const char *const KIND_WORDS[SIGN_KIND_COUNT] = {
    [SIGN_TLS] = "tls",
    [SIGN_CLOCK] = "clock",
};

/* The host of the first URL in `message`; nil when there is none. */
static StrView find_host(StrView message)
{
    size_t at = sv_find(message, SV("https://"));
    if (at == SIZE_MAX) {
        return SV_NONE;
    }
    StrView host = sv_slice(message, at + 8, SIZE_MAX);
    size_t len = 0;
    while (len < host.len && host.ptr[len] > ' ' &&
           sv_find_char(SV("/:,;?}\"'<>()"), host.ptr[len]) == SIZE_MAX) {
        len++;
    }
    return len > 0 ? sv_slice(host, 0, len) : SV_NONE;
}

void attempt_take_sign(Intake *intake, const ErrorMention *mention)
{
    Attempt *attempt = intake->attempt;
    int kind = 0;
    while (kind < SIGN_KIND_COUNT &&
           (mention->known == NULL || !sv_equal(mention->known->sign, sv(KIND_WORDS[kind])))) {
        kind++;
    }
    if (kind == SIGN_KIND_COUNT) {
        return;
    }
    StrView name = mention->code;
    if (kind == SIGN_TLS) {
        name = find_host(columns_message(intake->columns, intake->index));
        name = name.len > 0 ? name : sv(intake->proof.process);
    }
    Sign sign = {.proof = intake->proof};
    enrolment_copy(sign.name, sizeof(sign.name), name);
    size_t *count = &attempt->sign_counts[kind];
    for (size_t i = 0; i < *count; i++) {
        if (sv_equal(sv(attempt->signs[kind][i].name), sv(sign.name))) {
            attempt->signs[kind][i] = sign;
            return;
        }
    }
    if (*count < SIGNS_MAX) {
        attempt->signs[kind][(*count)++] = sign;
    }
}

size_t attempt_signs(const Attempt *attempt, SignKind kind, const Sign **ret_signs)
{
    *ret_signs = attempt->signs[kind];
    return attempt->sign_counts[kind];
}
