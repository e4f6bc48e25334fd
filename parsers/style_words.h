/*
 * How the text styles write what kind of entry it is: a word in the default style, two letters in
 * the compact one. Read and printed by the same table.
 */
#ifndef PARSERS_STYLE_WORDS_H
#define PARSERS_STYLE_WORDS_H

#include "base/base.h"
#include "base/str.h"
#include "parsers/entry.h"

typedef struct StyleWord {
    EntryKind kind;
    Level level; /* KIND_LOG only */
    const char *word;
    const char *letters;
} StyleWord;

/* Set kind, level and type_word of `entry`; an unknown one becomes KIND_OTHER with it as the word.
 */
void style_words_read(StrView word, Entry *entry);
void style_words_read_letters(StrView letters, Entry *entry);

/* Finds how an entry's kind is written; NULL for one that the styles have no word for. */
const StyleWord *style_words_find(const Entry *entry);

#endif
