/*
 * Err: fills the error structure of the callers.
 * It neither prints nor ends the program, and includes nothing of the project but its own header.
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text that did not fit must not end within a UTF-8 sequence. */
static void drop_cut_sequence(char *text, int wanted)
{
    if (wanted < ERR_TEXT_MAX) {
        return;
    }
    size_t len = strlen(text);
    size_t start = len;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start > 0 && (unsigned char)text[start - 1] >= 0xC0) {
        text[start - 1] = '\0';
    }
}

PRINTF_LIKE(3, 0)
static void fill(Err *err, size_t offset, const char *format, va_list args)
{
    char text[ERR_TEXT_MAX]; /* an argument may point into err->text */

    int wanted = vsnprintf(text, sizeof text, format, args);
    drop_cut_sequence(text, wanted);
    *err = (Err){.offset = offset};
    memcpy(err->text, text, sizeof text);
}

Err err_none(void)
{
    return (Err){.offset = ERR_NO_OFFSET};
}

bool err_set(Err *err, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        fill(err, ERR_NO_OFFSET, format, args);
        va_end(args);
    }
    return false;
}

bool err_set_at(Err *err, size_t offset, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        fill(err, offset, format, args);
        va_end(args);
    }
    return false;
}

bool err_prefix(Err *err, const char *format, ...)
{
    if (err == NULL) {
        return false;
    }

    char what[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args); /* a cut prefix is cut again below */
    va_end(args);

    char whole[2 * ERR_TEXT_MAX + 2];
    int wanted = snprintf(whole, sizeof whole, "%s: %s", what, err->text);
    size_t keep = wanted < ERR_TEXT_MAX ? (size_t)wanted : ERR_TEXT_MAX - 1;
    memcpy(err->text, whole, keep);
    err->text[keep] = '\0';
    drop_cut_sequence(err->text, wanted);
    return false;
}
