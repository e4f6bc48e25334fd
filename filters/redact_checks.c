/*
 * RedactChecks: a table of small functions, one for each kind of look-alike.
 */
#include "filters/redact_checks.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "filters/redact_hosts.h"
#include "filters/redact_prose.h"

#define BEFORE_MAX 24 /* bytes before a value that are looked at */
#define WORDY_PERCENT 35
#define NAME_PERCENT 55
#define WORD_RUN 4
#define ENTITY_MAX 6 /* bytes: "&quot;" */
#define TOKEN_MIN 8
#define WORD_MAX 18 /* letters; longer ones are no words of prose */
#define POINTER_DIGITS 12
#define CODE_DIGITS 4
#define BASE64_MIN 40
#define PHONE_DIGITS_MIN 7
#define PHONE_DIGITS_MAX 15
#define IP6_GROUPS 8

static StrView view_of(const RedactValue *value)
{
    return sv_slice(value->text, value->start, value->end - value->start);
}

static size_t count_digits(StrView text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += ascii_is_digit(text.ptr[i]);
    }
    return count;
}

static StrView before(const RedactValue *value)
{
    size_t len = value->start < BEFORE_MAX ? value->start : BEFORE_MAX;
    return sv_slice(value->text, value->start - len, len);
}

/* Whether `word` is in `text`, ASCII case aside. */
static bool has_word(StrView text, StrView word)
{
    for (size_t i = 0; i + word.len <= text.len; i++) {
        if (sv_equal_nocase(sv_slice(text, i, word.len), word)) {
            return true;
        }
    }
    return false;
}

static bool has_any(StrView text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (has_word(text, sv(words[i]))) {
            return true;
        }
    }
    return false;
}

unsigned redact_wordiness(StrView text)
{
    size_t letters = 0, wordy = 0, run = 0;
    for (size_t i = 0; i <= text.len; i++) {
        bool goes_on = i < text.len && ascii_is_lower(text.ptr[i]);
        if (!goes_on) {
            wordy += run >= WORD_RUN ? run : 0;
            run = 0;
        }
        run += goes_on;
        letters +=
            i < text.len && (goes_on || ascii_is_upper(text.ptr[i]) || ascii_is_digit(text.ptr[i]));
    }
    return letters == 0 ? 100 : (unsigned)(wordy * 100 / letters);
}

/* --- where a value ends ----------------------------------------------------------------------- */

/* "&gt;" */
static bool ends_in_entity(StrView text)
{
    StrView tail = sv_slice(text, text.len > ENTITY_MAX ? text.len - ENTITY_MAX : 0, SIZE_MAX);
    return sv_ends(text, SV(";")) && sv_find_char(tail, '&') != SIZE_MAX;
}

bool redact_check_trim(RedactValue *value)
{
    static const char CLOSERS[] = ")]>'";
    static const char OPENERS[] = "([<'";
    while (value->end > value->start) {
        StrView text = view_of(value);
        char last = text.ptr[text.len - 1];
        const char *closer = last != '\0' ? strchr(CLOSERS, last) : NULL;
        bool is_open = closer != NULL && sv_find_char(sv_slice(text, 0, text.len - 1),
                                                      OPENERS[closer - CLOSERS]) != SIZE_MAX;
        if (ends_in_entity(text)) {
            break;
        }
        if (last != '.' && last != ',' && last != ';' && last != ':' && last != ' ' &&
            (closer == NULL || is_open)) {
            break;
        }
        value->end--;
    }
    return value->end > value->start;
}

/* "password:]" after "initWithUserName:" goes on a selector. */
static bool is_selector(StrView text)
{
    bool is_good = text.len > 1 && (sv_ends(text, SV(":")) || sv_ends(text, SV(":]")));
    for (size_t i = 0; i < text.len && is_good; i++) {
        char byte = text.ptr[i];
        bool is_end = byte == ']' && i + 1 == text.len;
        is_good =
            ascii_is_upper(byte) || ascii_is_lower(byte) || byte == ':' || byte == '_' || is_end;
    }
    return is_good;
}

/* The ways to authenticate are constants of Apple's, tokens of scenes are names, and three digits
 * are the code of an error. */
static bool check_secret(RedactValue *value)
{
    StrView text = view_of(value);
    if (is_selector(text) || sv_starts(text, SV("NSURL")) || sv_starts(text, SV("com.apple.")) ||
        !redact_check_trim(value)) {
        return false;
    }
    text = view_of(value);
    return text.len >= CODE_DIGITS || count_digits(text) < text.len;
}

/* What follows an option may go on a sentence: "-password is deprecated". */
static bool check_flag(RedactValue *value)
{
    return !redact_prose_is_about(view_of(value)) && check_secret(value);
}

/* What is quoted is a secret; what is not may be a word, or the number of an input. */
static bool check_item(RedactValue *value)
{
    return redact_prose_is_quoted(value) ? check_flag(value) : redact_prose_is_value(value);
}

/* A name is no number, and no sentence: "AppleAccount: Removing profile". */
static bool check_name(RedactValue *value)
{
    bool is_quoted = value->start > 0 && (value->text.ptr[value->start - 1] == '"' ||
                                          value->text.ptr[value->start - 1] == '\'' ||
                                          value->text.ptr[value->start - 1] == '>');
    if (is_selector(view_of(value)) || (!is_quoted && redact_prose_is_about(view_of(value)))) {
        return false;
    }
    return redact_check_trim(value) && count_digits(view_of(value)) < view_of(value).len;
}

/* A word of prose or a name, as in "Basic authentication", is no token. */
static bool check_token(RedactValue *value)
{
    StrView text = view_of(value);
    bool is_mixed = count_digits(text) > 0 || sv_find_char(text, '=') != SIZE_MAX;
    for (size_t i = 1; i < text.len && !is_mixed; i++) {
        is_mixed = ascii_is_upper(text.ptr[i]) && ascii_is_lower(text.ptr[i - 1]);
    }
    return redact_check_trim(value) && text.len >= TOKEN_MIN &&
           (is_mixed || text.len >= WORD_MAX) && !redact_prose_is_name(text);
}

static bool check_digits(RedactValue *value)
{
    return count_digits(view_of(value)) > 0;
}

/* --- numbers and codes ------------------------------------------------------------------------ */

/* Zeroes, or one digit again and again, stand for nothing. */
static bool check_distinct(RedactValue *value)
{
    StrView text = view_of(value);
    bool seen[256] = {false};
    size_t distinct = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        bool is_mark = byte == '-' || byte == ':' || byte == ' ' || byte == 'x';
        distinct += !is_mark && !seen[byte];
        seen[byte] = true;
    }
    return distinct > 1;
}

static bool check_serial_key(RedactValue *value)
{
    StrView text = view_of(value);
    bool has_lower = false;
    for (size_t i = 0; i < text.len; i++) {
        has_lower |= ascii_is_lower(text.ptr[i]);
    }
    return check_distinct(value) && (!has_lower || count_digits(text) > 0);
}

/* Eight digits, a T, digits, perhaps a Z; or what of one stands behind the point. */
static bool is_stamp(StrView text)
{
    size_t mark = sv_find_char(text, 'T');
    if (sv_ends(text, SV("Z")) && count_digits(text) + 1 == text.len) {
        return true;
    }
    return (mark == 6 || mark == 8) && count_digits(text) + 1 + sv_ends(text, SV("Z")) == text.len;
}

/* "7FF736C3FE50": as boringssl and mDNSResponder print addresses of memory. */
static bool is_pointer(StrView text)
{
    bool is_hex = text.len == POINTER_DIGITS && sv_starts(text, SV("7F"));
    for (size_t i = 0; i < text.len; i++) {
        is_hex &= ascii_is_digit(text.ptr[i]) || (text.ptr[i] >= 'A' && text.ptr[i] <= 'F');
    }
    return is_hex;
}

/* Names of algorithms and types look like serial numbers, identifiers of teams exactly so. */
static bool check_serial(RedactValue *value)
{
    static const char *const ALGORITHMS[] = {
        "SHA1", "SHA2",  "SHA3", "SHA5", "AES1", "AES2", "AES3",  "MD5",   "RSA1", "RSA2", "RSA3",
        "RSA4", "ECDS",  "ECDH", "TLS1", "HMAC", "UTF8", "UTF16", "INT32", "INT6", "INT8", "INT1",
        "IPV4", "IPV6",  "HTTP", "X509", "P256", "P384", "CURVE", "DES3",  "CRC3", "WITH", "BASE6",
        "PKCS", "APPLE", "H264", "H265", "HEVC", "VP9",  "UUID",  "GCM",   "VERS", "ERRO", NULL};
    static const char *const TEAMS[] = {"team", "anchor apple", NULL};
    StrView text = view_of(value);
    static const char *const BUNDLES[] = {".com.", ".group.", ".org.", ".net.", ".io.", ".de."};
    StrView rest = sv_slice(value->text, value->end, SIZE_MAX);
    bool is_prefix = false; /* of what belongs to a team */
    for (size_t i = 0; i < ARRAY_LEN(BUNDLES); i++) {
        is_prefix |= sv_starts(rest, sv(BUNDLES[i]));
    }
    return !is_prefix && !is_stamp(text) && !is_pointer(text) && check_distinct(value) &&
           !has_any(text, ALGORITHMS) && !has_any(before(value), TEAMS);
}

/* --- addresses -------------------------------------------------------------------------------- */

/* "Safari/605.1.15.2", "version 1.2.3.4", "v1.2.3.4" */
static bool follows_version(const RedactValue *value)
{
    static const char *const WORDS[] = {"version", "build ", "release", NULL};
    StrView text = before(value);
    StrView near = sv_slice(text, text.len > 12 ? text.len - 12 : 0, SIZE_MAX);
    if (has_any(near, WORDS)) {
        return true;
    }
    if (text.len >= 1 && (text.ptr[text.len - 1] | 0x20) == 'v') {
        return text.len == 1 || !ascii_is_lower(text.ptr[text.len - 2]);
    }
    return text.len >= 2 && text.ptr[text.len - 1] == '/' && text.ptr[text.len - 2] != '/' &&
           sv_find_char(text, ':') == SIZE_MAX && sv_find_char(text, '/') == text.len - 1;
}

static bool check_ip4(RedactValue *value)
{
    static const char *const HARMLESS[] = {"127.", "0.0.0.0", "255.255.", "2.5.4.", "2.5.29."};
    StrView text = view_of(value);
    for (size_t i = 0; i < ARRAY_LEN(HARMLESS); i++) {
        if (sv_starts(text, sv(HARMLESS[i]))) {
            return false;
        }
    }
    return !follows_version(value);
}

/* Eight groups, or fewer and one "::"; the last two may be written as IPv4. */
static bool check_ip6(RedactValue *value)
{
    StrView text = view_of(value);
    size_t groups = sv_find_char(text, '.') != SIZE_MAX; /* what has dots counts twice */
    size_t gaps = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool is_colon = text.ptr[i] == ':';
        groups += !is_colon && (i == 0 || text.ptr[i - 1] == ':');
        gaps += is_colon && i > 0 && text.ptr[i - 1] == ':';
    }
    bool is_whole = gaps == 0 && groups == IP6_GROUPS;
    bool is_short = gaps == 1 && groups > 0 && groups < IP6_GROUPS;
    bool starts_well = !sv_starts(text, SV(":")) || sv_starts(text, SV("::"));
    bool ends_well = !sv_ends(text, SV(":")) || sv_ends(text, SV("::"));
    return starts_well && ends_well && (is_whole || is_short) && count_digits(text) > 0 &&
           !sv_equal(text, SV("::1")) && !sv_equal(text, SV("fe80::1"));
}

/* --- names ------------------------------------------------------------------------------------ */

static bool is_file_suffix(StrView text)
{
    static const char *const SUFFIXES[] = {"png", "jpg",   "jpeg", "gif", "tiff", "icns",    "car",
                                           "pdf", "plist", "app",  "nib", "svg",  "strings", NULL};
    for (size_t i = 0; SUFFIXES[i] != NULL; i++) {
        if (sv_equal_nocase(text, sv(SUFFIXES[i]))) {
            return true;
        }
    }
    return false;
}

/* "icon@2x.png", "route@3x.pack" are files. */
static bool check_email(RedactValue *value)
{
    StrView text = view_of(value);
    StrView rest = sv_slice(text, sv_find_char(text, '@') + 1, SIZE_MAX);
    if (rest.len > 2 && ascii_is_digit(rest.ptr[0]) && rest.ptr[1] == 'x' &&
        (rest.ptr[2] == '.' || rest.ptr[2] == '~')) {
        return false;
    }
    for (size_t dot = sv_find_char(rest, '.'); dot != SIZE_MAX; dot = sv_find_char(rest, '.')) {
        rest = sv_slice(rest, dot + 1, SIZE_MAX);
    }
    return !is_file_suffix(rest);
}

/* Apple's own certificates, and numbers, name nobody. */
static bool check_dn(RedactValue *value)
{
    if (!redact_check_trim(value)) {
        return false;
    }
    StrView text = view_of(value);
    size_t letters = 0;
    for (size_t i = 0; i < text.len; i++) {
        letters += !ascii_is_digit(text.ptr[i]) && text.ptr[i] != ' ' && text.ptr[i] != '-';
    }
    return letters >= 2 && !sv_starts(text, SV("Apple ")) && !sv_equal(text, SV("Apple"));
}

/* "placeholder" of Apple's own lines is none of a server. */
static bool check_topic(RedactValue *value)
{
    return count_digits(view_of(value)) > 0;
}

static bool check_phone(RedactValue *value)
{
    size_t digits = count_digits(view_of(value));
    return digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX;
}

/* Names of functions and paths consist of words, what is encoded does not; where nothing separates
 * the words there must be more of them. */
static bool is_encoded(StrView text)
{
    bool has_parts = false;
    for (size_t i = 0; i < text.len; i++) {
        has_parts |= text.ptr[i] == '/' || text.ptr[i] == '_' || text.ptr[i] == '-';
    }
    return redact_wordiness(text) < (has_parts ? WORDY_PERCENT : NAME_PERCENT);
}

/* Of a path of the system's, such as "/private/var/folders/…", at most one part is encoded. */
static bool check_base64(RedactValue *value)
{
    static const char *const ROOTS[] = {"/private/", "/var/",          "/System/", "/Library/",
                                        "/usr/",     "/Applications/", "/Users/",  "/Volumes/"};
    StrView text = view_of(value);
    bool is_path = false;
    for (size_t i = 0; i < ARRAY_LEN(ROOTS); i++) {
        is_path |= sv_starts(text, sv(ROOTS[i]));
    }
    while (is_path && text.len > 0) {
        size_t slash = sv_find_char(text, '/');
        StrView part = sv_slice(text, 0, slash);
        if (part.len >= BASE64_MIN && is_encoded(part)) {
            value->start = (size_t)(part.ptr - value->text.ptr);
            value->end = value->start + part.len;
            return true;
        }
        text = sv_slice(text, part.len + (slash != SIZE_MAX), SIZE_MAX);
    }
    return !is_path && is_encoded(text);
}

static const struct {
    const char *name;
    RedactCheck check;
} CHECKS[] = {
    {"base64", check_base64},
    {"digits", check_digits},
    {"distinct", check_distinct},
    {"dn", check_dn},
    {"email", check_email},
    {"flag", check_flag},
    {"hostname", redact_hosts_check},
    {"ip4", check_ip4},
    {"ip6", check_ip6},
    {"item", check_item},
    {"name", check_name},
    {"phone", check_phone},
    {"prose", redact_prose_is_value},
    {"prose-token", redact_prose_is_token},
    {"secret", check_secret},
    {"serial", check_serial},
    {"serial-kv", check_serial_key},
    {"token", check_token},
    {"topic", check_topic},
    {"trim", redact_check_trim},
};

RedactCheck redact_check_find(StrView name)
{
    for (size_t i = 0; i < ARRAY_LEN(CHECKS); i++) {
        if (sv_equal(name, sv(CHECKS[i].name))) {
            return CHECKS[i].check;
        }
    }
    return NULL;
}
