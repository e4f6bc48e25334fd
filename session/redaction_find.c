/*
 * Which places of a text are to be replaced: what the rules find in it and in what is encoded in
 * it, and, of those that overlap, which one has the place. Naming and replacing are redaction.c.
 */
#include <stdlib.h>

#include "session/redaction_internal.h"

static bool is_inside_character(StrView text, size_t at)
{
    return at < text.len && ((unsigned char)text.ptr[at] & 0xC0u) == 0x80u;
}

/* Adds the hits of a layer to the claims, at their places in the first text. */
static void claim(Redaction *redaction, StrView text, const RedactLayer *layer)
{
    for (size_t i = 0; i < redaction->hits.count; i++) {
        RedactHit hit = redaction->hits.items[i];
        if (layer != NULL) {
            hit.start = layer->from[hit.start];
            hit.end = layer->from[hit.end];
        }
        while (hit.start > 0 && is_inside_character(text, hit.start)) {
            hit.start--;
        }
        while (is_inside_character(text, hit.end)) {
            hit.end++;
        }
        redact_hits_add(&redaction->claims, hit);
    }
    redaction->claims.has_stopped |= redaction->hits.has_stopped;
}

void redaction_find_known(Redaction *redaction, StrView text)
{
    for (size_t i = 0; i <= redaction->layer_count; i++) {
        const RedactLayer *layer = i > 0 ? &redaction->layers[i - 1] : NULL;
        redact_hits_clear(&redaction->hits);
        redaction_values_find(redaction->values, layer != NULL ? strbuf_view(&layer->text) : text,
                              &redaction->hits);
        claim(redaction, text, layer);
    }
}

void redaction_find(Redaction *redaction, StrView text, RedactionFinding how)
{
    const RedactLayer *layer = NULL;
    StrView view = text;
    redact_hits_clear(&redaction->claims);
    redaction->layer_count = 0;
    for (size_t i = 0;; i++) {
        redact_hits_clear(&redaction->hits);
        bool is_encoded =
            how == FIND_SPREADING
                ? redact_rules_find_spreading(redaction->rules, view, &redaction->hits)
                : redact_rules_find(redaction->rules, view, &redaction->hits);
        if (how == FIND_KNOWN_TOO) {
            redaction_values_find(redaction->values, view, &redaction->hits);
        }
        claim(redaction, text, layer);
        if (!is_encoded || i == REDACT_LAYERS_MAX ||
            !redact_decode(&redaction->layers[i], view, layer)) {
            return;
        }
        layer = &redaction->layers[i];
        redaction->layer_count = i + 1;
        view = strbuf_view(&layer->text);
    }
}

/* --- what overlaps
 * -------------------------------------------------------------------------------- */

static int compare_places(const void *a, const void *b)
{
    const RedactHit *one = a;
    const RedactHit *other = b;
    if (one->start != other->start) {
        return one->start < other->start ? -1 : 1;
    }
    if (one->end != other->end) {
        return one->end > other->end ? -1 : 1;
    }
    return one->rule != other->rule ? (one->rule < other->rule ? -1 : 1) : 0;
}

void redaction_settle(RedactHits *claims)
{
    if (claims->count > 1) {
        qsort(claims->items, claims->count, sizeof *claims->items, compare_places);
    }
    size_t kept = 0;
    for (size_t i = 0; i < claims->count; i++) {
        RedactHit next = claims->items[i];
        RedactHit *last = kept > 0 ? &claims->items[kept - 1] : NULL;
        if (last == NULL || next.start >= last->end) {
            claims->items[kept++] = next;
        } else if (next.end > last->end) {
            /* Sorted as they are, neither has all of it. */
            RedactHit first = next.rule < last->rule ? next : *last;
            first.start = last->start;
            first.end = next.end;
            *last = first;
        }
    }
    claims->count = kept;
}
