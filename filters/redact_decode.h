/*
 * RedactDecode: a text with one layer of encoding taken off (%41, the escapes of JSON, entities of
 * XML, escapes of old property lists), and from where each byte of it came. Only for looking for
 * values; what it makes of a text that was not encoded need not make sense.
 */
#ifndef FILTERS_REDACT_DECODE_H
#define FILTERS_REDACT_DECODE_H

#include "base/base.h"
#include "base/str.h"

#define REDACT_LAYERS_MAX 4 /* that are taken off a text, one after the other */

/* All zeroes = empty. */
typedef struct RedactLayer {
    StrBuf text;
    size_t *from; /* of each byte, and of the end, the offset in the first text */
    size_t capacity;
} RedactLayer;

/* Decodes `text`; `below` = the layer that `text` is of, NULL = it is the first text. False when
 * there was nothing to take off: then `layer` means nothing. */
bool redact_decode(RedactLayer *layer, StrView text, const RedactLayer *below);
void redact_layer_done(RedactLayer *layer);

/* Appends `text` with all layers taken off. */
void redact_decode_all(StrView text, StrBuf *ret);

#endif
