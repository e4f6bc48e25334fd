/*
 * RedactProse: a few lists of words, and what letters, digits and signs a text has.
 */
#include "filters/redact_prose.h"

#include <string.h>

#include "base/ascii.h"

#define NUMBER_MIN 4      /* digits of a passcode; shorter ones are codes of errors */
#define TOKEN_MIN 8       /* bytes of a random text */
#define WORD_MAX 18       /* letters; longer ones are no words of prose */
#define ALGORITHM_MAX 16  /* bytes of what may be the name of an algorithm */
#define TELLING_MIN 6     /* bytes of what may be looked for everywhere */
#define TELLING_WORD 16   /* likewise, of small letters alone */
#define POINTER_MAX 18    /* bytes: "0x" and 16 digits */
#define CAMEL_PERCENT 70  /* wordiness of names such as "didReceiveChallenge" */
#define RANDOM_PERCENT 50 /* what is encoded has less */

/* What is known of the bytes of a text. */
typedef struct Look {
    size_t digits;
    size_t letters;
    size_t bumps; /* small letters followed by capital ones */
    size_t signs; /* within, that stand in no word of prose */
    size_t others;
} Look;

static Look look_at(StrView text)
{
    static const char SIGNS[] = "@#$%^&*+=~!";
    Look look = {.digits = 0};
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        bool is_letter = ascii_is_letter(byte);
        bool is_within = i > 0 && i + 1 < text.len;
        look.digits += ascii_is_digit(byte);
        look.letters += is_letter;
        look.others += !is_letter && !ascii_is_digit(byte);
        look.bumps += i > 0 && ascii_is_upper(byte) && ascii_is_lower(text.ptr[i - 1]);
        look.signs += is_within && byte != '\0' && strchr(SIGNS, byte) != NULL;
    }
    return look;
}

static bool starts_with_any(StrView text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        StrView word = sv(words[i]);
        if (sv_equal_nocase(sv_slice(text, 0, word.len), word)) {
            return true;
        }
    }
    return false;
}

static bool has_any(StrView text, const char *const *words)
{
    for (size_t i = 0; i < text.len; i++) {
        if (starts_with_any(sv_slice(text, i, SIZE_MAX), words)) {
            return true;
        }
    }
    return false;
}

/* "8 characters", "90 days" */
static bool has_unit(const RedactValue *value)
{
    static const char *const UNITS[] = {"char", "digit", "byte",    "bit",    "day",    "hour",
                                        "min",  "sec",   "week",    "year",   "month",  "time",
                                        "try",  "tries", "attempt", "letter", "symbol", "word",
                                        "ms",   "of",    NULL};
    StrView rest = sv_slice(value->text, value->end, SIZE_MAX);
    bool has_blank = rest.len > 0 && (rest.ptr[0] == ' ' || rest.ptr[0] == '-');
    return has_blank && starts_with_any(sv_slice(rest, 1, SIZE_MAX), UNITS);
}

/* Addresses, dates, versions, paths, programs, and what belongs to the language of programs. */
static bool is_technical(StrView text, Look look)
{
    static const char *const NAMES[] = {"sha1", "sha2",  "sha3",  "sha5", "sha-",   "md5",  "aes",
                                        "rsa",  "ecdsa", "ecdh",  "hmac", "base64", "utf",  "x509",
                                        "pkcs", "oauth", "http/", "tls",  "p256",   "p384", NULL};
    static const char *const STARTS[] = {"/", "./", "com.", "org.", "NSURL", "kSec", "http", NULL};
    static const char *const COMPOUNDS[] = {
        "-encoded",   "-bit",    "-byte", "-digit", "-based", "-only", "-signed",
        "-encrypted", "-hashed", "-char", "-day",   "-time",  NULL};
    bool is_pointer = sv_starts(text, SV("0x")) && text.len <= POINTER_MAX;
    bool is_dotted = look.digits > 0 && look.others > 0 &&
                     (look.letters == 0 || (look.letters == 1 && (text.ptr[0] | 0x20) == 'v'));
    return is_pointer || is_dotted || starts_with_any(text, STARTS) || has_any(text, COMPOUNDS) ||
           (text.len <= ALGORITHM_MAX && starts_with_any(text, NAMES));
}

bool redact_prose_is_about(StrView text)
{
    static const char *const WORDS[] = {
        "accepted",  "allowed",     "already",    "available",  "bad",
        "begin",     "being",       "blank",      "cached",     "canceled",
        "cancelled", "cannot",      "changed",    "checking",   "completed",
        "correct",   "corrupt",     "could",      "created",    "deleted",
        "denied",    "did",         "disabled",   "does",       "done",
        "empty",     "enabled",     "error",      "escrowed",   "escrowing",
        "expired",   "failed",      "failure",    "fetching",   "finished",
        "for",       "found",       "from",       "generated",  "getting",
        "good",      "has",         "have",       "here",       "ignoring",
        "in",        "incorrect",   "installed",  "invalid",    "is",
        "it",        "known",       "loaded",     "loading",    "locked",
        "lost",      "malformed",   "managed",    "missing",    "needed",
        "new",       "nil",         "no",         "none",       "not",
        "null",      "of",          "off",        "ok",         "old",
        "on",        "pending",     "present",    "provided",   "ready",
        "received",  "refreshed",   "refreshing", "refused",    "rejected",
        "removed",   "removing",    "renewing",   "requesting", "required",
        "reset",     "retrying",    "revoked",    "saved",      "sending",
        "sent",      "set",         "setting",    "short",      "shown",
        "simple",    "skipping",    "stale",      "started",    "starting",
        "stored",    "strong",      "success",    "successful", "successfully",
        "that",      "the",         "there",      "this",       "timeout",
        "to",        "unavailable", "unchanged",  "unknown",    "unset",
        "updated",   "updating",    "used",       "using",      "valid",
        "verified",  "waiting",     "was",        "weak",       "were",
        "will",      "with",        "wrong",      NULL};
    StrView word = sv_slice(text, 0, sv_find_char(text, ' '));
    for (size_t i = 0; WORDS[i] != NULL; i++) {
        if (sv_equal_nocase(word, sv(WORDS[i]))) {
            return true;
        }
    }
    return false;
}

bool redact_prose_is_quoted(const RedactValue *value)
{
    StrView before = sv_slice(value->text, 0, value->start);
    return sv_ends(before, SV("\"")) || sv_ends(before, SV("'")) || sv_ends(before, SV("“")) ||
           sv_ends(before, SV("‘")) || sv_ends(before, SV(">"));
}

/* "didReceiveChallenge": words that are written together. */
static bool is_name(StrView text, Look look)
{
    return look.digits == 0 && look.signs == 0 && look.bumps > 0 &&
           redact_wordiness(text) >= CAMEL_PERCENT;
}

bool redact_prose_is_value(RedactValue *value)
{
    if (!redact_check_trim(value)) {
        return false;
    }
    StrView text = sv_slice(value->text, value->start, value->end - value->start);
    Look look = look_at(text);
    if (redact_prose_is_about(text) || is_technical(text, look) || has_unit(value)) {
        return false;
    }
    if (redact_prose_is_quoted(value)) {
        return true;
    }
    if (look.digits == text.len) {
        return look.digits >= NUMBER_MIN;
    }
    bool is_odd = look.digits > 0 || look.bumps > 0 || look.signs > 0 || look.letters >= WORD_MAX;
    return text.len >= NUMBER_MIN && is_odd && !is_name(text, look);
}

bool redact_prose_is_token(RedactValue *value)
{
    if (!redact_check_trim(value)) {
        return false;
    }
    StrView text = sv_slice(value->text, value->start, value->end - value->start);
    Look look = look_at(text);
    bool is_mixed = look.letters > 0 && (look.digits > 0 || look.bumps > 1);
    return text.len >= TOKEN_MIN && is_mixed && !is_technical(text, look) &&
           redact_wordiness(text) < RANDOM_PERCENT;
}

bool redact_prose_is_name(StrView text)
{
    return is_name(text, look_at(text));
}

bool redact_prose_is_telling(StrView value)
{
    Look look = look_at(value);
    bool is_word = look.digits == 0 && look.bumps == 0 && look.others == 0;
    return value.len >= (is_word ? TELLING_WORD : TELLING_MIN);
}
