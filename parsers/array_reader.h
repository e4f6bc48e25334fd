/*
 * ArrayReader: the objects in a JSON array, or one after the other, however they are laid out over
 * lines: bytes in any pieces → the bytes of one object at a time, as soon as its brace closes. It
 * follows strings and braces only; it reads no JSON and must never include jansson.
 */
#ifndef PARSERS_ARRAY_READER_H
#define PARSERS_ARRAY_READER_H

#include "base/base.h"
#include "base/str.h"
#include "parsers/carry.h"

typedef enum ArrayPiece {
    ARRAY_OBJECT, /* from '{' to '}' */
    ARRAY_LINE,   /* a line between objects that is neither comma nor bracket */
} ArrayPiece;

typedef struct ArrayReader {
    Carry held;     /* what has come of the piece at hand */
    uint64_t lines; /* line ends seen so far */
    ArrayPiece piece;
    bool is_open; /* a piece is at hand */
    bool is_in_string;
    bool is_escaped;
    uint32_t depth;
} ArrayReader;

typedef struct ArrayItem {
    ArrayPiece piece;
    StrView text; /* valid until the next call */
    uint64_t cut_bytes;
    bool is_ended; /* false: the input ended within it */
} ArrayItem;

/* An ArrayReader of all zeroes is ready for use. */
void array_reader_done(ArrayReader *reader);

/* Takes the next item off `bytes`; false when they hold none's end: they are kept. */
bool array_reader_next(ArrayReader *reader, StrView *bytes, ArrayItem *ret_item);

/* The item that was never ended; false when there is none. */
bool array_reader_end(ArrayReader *reader, ArrayItem *ret_item);

/* What opens an array stands within so many bytes of its line's beginning. */
#define ARRAY_GUESS_MAX 1024

typedef enum ArrayGuess { ARRAY_NO, ARRAY_YES, ARRAY_MORE } ArrayGuess;

/* Tells whether a line that begins with `head` followed by `more` opens such a text: "[{", "[]", or
 * '[' or '{' alone on it. ARRAY_MORE: it may, but too little has come. */
ArrayGuess array_guess(StrView head, StrView more);

#endif
