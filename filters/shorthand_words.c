/*
 * The words of shorthand: its keys and the values of `type`. Documented ones are those of the
 * manual page log(1) of macOS 26; the others were reported by users and carry a doubt. No grammar.
 */
#include "filters/shorthand.h"

#include <string.h>

#define KEY_DOUBT(word) "shorthand: the key '" word "' is not confirmed"

/* For each field the one that is printed comes first. */
/* clang-format off */
static const ShorthandKey KEYS[] = {
    {"m", FIELD_MESSAGE, NULL},
    {"message", FIELD_MESSAGE, NULL},
    {"p", FIELD_PROCESS, NULL},
    {"process", FIELD_PROCESS, NULL},
    {"pid", FIELD_PID, NULL},
    {"s", FIELD_SUBSYSTEM, NULL},
    {"subsystem", FIELD_SUBSYSTEM, NULL},
    {"c", FIELD_CATEGORY, NULL},
    {"category", FIELD_CATEGORY, NULL},
    {"cat", FIELD_CATEGORY, KEY_DOUBT("cat")},
    {SHORTHAND_TYPE, FIELD_LEVEL, NULL},
    {"pip", FIELD_PROCESS_PATH, NULL},
    {"processImagePath", FIELD_PROCESS_PATH, NULL},
    {"l", FIELD_SENDER, KEY_DOUBT("l")},
    {"lib", FIELD_SENDER, KEY_DOUBT("lib")},
    {"tid", FIELD_THREAD, KEY_DOUBT("tid")},
};

static const ShorthandType TYPES[] = {
    {"default", FIELD_LEVEL, "default",
     "shorthand: whether 'default' leaves out signposts and activities is not confirmed; here it "
     "does not"},
    {"info", FIELD_LEVEL, "info", NULL},
    {"debug", FIELD_LEVEL, "debug", NULL},
    {"error", FIELD_LEVEL, "error", NULL},
    {"fault", FIELD_LEVEL, "fault", NULL},
    {"signpost", FIELD_KIND, "signpostEvent", NULL},
    {"statedump", FIELD_KIND, "stateEvent", NULL},
    {"activity", FIELD_KIND, "activityCreateEvent",
     "shorthand: which activity events 'activity' means is not confirmed; here "
     "activityCreateEvent"},
    {"loss", FIELD_KIND, "lossEvent", "shorthand: the type 'loss' is not confirmed"},
};
/* clang-format on */

/* Bytes that end a value without quotes, beside white space and controls. */
static const char ENDS_BARE[] = "()|\"'{},;&";

const ShorthandKey *shorthand_key_find(StrView word)
{
    for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
        if (sv_equal(word, sv(KEYS[i].word))) {
            return &KEYS[i];
        }
    }
    return NULL;
}

const ShorthandKey *shorthand_key_of(FieldId field)
{
    for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
        if (KEYS[i].field == field) {
            return &KEYS[i];
        }
    }
    return NULL;
}

const ShorthandType *shorthand_type_find(StrView word)
{
    for (size_t i = 0; i < ARRAY_LEN(TYPES); i++) {
        if (sv_equal_nocase(word, sv(TYPES[i].word))) {
            return &TYPES[i];
        }
    }
    return NULL;
}

static bool has_number(const ShorthandType *type, uint64_t number)
{
    const FieldWord *words = field_words(type->field);
    while (words->word && strcmp(words->word, type->own_word) != 0) {
        words++;
    }
    return words->word && words->number == number;
}

const ShorthandType *shorthand_type_of(FieldId field, uint64_t number)
{
    for (size_t i = 0; i < ARRAY_LEN(TYPES); i++) {
        if (TYPES[i].field == field && has_number(&TYPES[i], number)) {
            return &TYPES[i];
        }
    }
    return NULL;
}

bool shorthand_is_bare(StrView text)
{
    static const StrView QUOTES[] = {
        {"\xE2\x80\x98", 3}, {"\xE2\x80\x99", 3}, {"\xE2\x80\x9C", 3}, {"\xE2\x80\x9D", 3}};
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c <= ' ' || c == 0x7F || strchr(ENDS_BARE, c)) {
            return false;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(QUOTES); i++) {
        if (sv_find(text, QUOTES[i]) != SIZE_MAX) {
            return false;
        }
    }
    return text.len > 0;
}
