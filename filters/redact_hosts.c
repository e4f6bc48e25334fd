/*
 * RedactHosts: the first and the last part of the name decide, where they cannot what stands beside
 * it does. Programs are named the other way round: what begins with the end of a host is one of
 * them unless it also ends as only hosts do.
 */
#include "filters/redact_hosts.h"

#include "base/ascii.h"

#define PARTS_MAX 32
#define SHORT_MAX 3 /* letters: "obj.is" */
#define PORT_MAX 5  /* digits */

typedef struct Name {
    StrView parts[PARTS_MAX];
    size_t count;
    StrView first;
    StrView last;
} Name;

static bool is_in(StrView text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (sv_equal_nocase(text, sv(words[i]))) {
            return true;
        }
    }
    return false;
}

static Name split(StrView text)
{
    Name name = {.count = 0};
    while (name.count < PARTS_MAX) {
        size_t dot = sv_find_char(text, '.');
        name.parts[name.count++] = sv_slice(text, 0, dot);
        if (dot == SIZE_MAX) {
            break;
        }
        text = sv_slice(text, dot + 1, SIZE_MAX);
    }
    name.first = name.parts[0];
    name.last = name.parts[name.count - 1];
    return name;
}

/* "dataTask", "MDMClient", "my_field": names that programmers give. */
static bool is_coined(StrView part)
{
    for (size_t i = 1; i < part.len; i++) {
        bool starts_word =
            ascii_is_upper(part.ptr[i]) && (ascii_is_lower(part.ptr[i - 1]) ||
                                            (ascii_is_upper(part.ptr[i - 1]) && i + 1 < part.len &&
                                             ascii_is_lower(part.ptr[i + 1])));
        if (starts_word || part.ptr[i] == '_') {
            return true;
        }
    }
    return false;
}

static bool has_coined(const Name *name)
{
    for (size_t i = 0; i < name->count; i++) {
        if (is_coined(name->parts[i])) {
            return true;
        }
    }
    return false;
}

/* Ends that are also names of files, of what a program consists of, or words. */
static bool is_weak_end(StrView part)
{
    static const char *const ENDS[] = {
        "app", "dev", "io",   "cloud", "test", "example", "internal", "invalid", "home",
        "box", "in",  "it",   "is",    "be",   "at",      "no",       "us",      "me",
        "co",  "ai",  "se",   "info",  "pl",   "es",      "fi",       "pt",      "ca",
        "mx",  "ie",  "tech", "cl",    "ar",   "li",      "systems",  NULL};
    return is_in(part, ENDS);
}

/* Whether a port or the slashes of a URL stand beside the name. */
static bool is_in_url(const RedactValue *value)
{
    StrView rest = sv_slice(value->text, value->end, SIZE_MAX);
    static const char *const PORTS[] = {"443",  "8443", "80",   "8080", "5223", "2195", "2197",
                                        "3128", "389",  "636",  "445",  "22",   "53",   "88",
                                        "8888", "9443", "4443", "8000", "3000", NULL};
    size_t digits = 0;
    while (digits < PORT_MAX && 1 + digits < rest.len && rest.ptr[1 + digits] >= '0' &&
           rest.ptr[1 + digits] <= '9') {
        digits++;
    }
    return sv_ends(sv_slice(value->text, 0, value->start), SV("://")) ||
           (sv_starts(rest, SV(":")) && is_in(sv_slice(rest, 1, digits), PORTS));
}

/* "zoom.us.app", "/Applications/Jamf.Self.app/Contents", "config.h.in", "self.view.is(" */
static bool is_file_or_method(const Name *name, const RedactValue *value)
{
    static const char *const ENDS[] = {"com", "net", "org", "us", "io", "de", "co",
                                       "me",  "tv",  "ai",  "eu", "uk", NULL};
    static const char *const SOURCES[] = {
        "h",  "c",   "cc",   "m",   "sh",  "py", "plist", "json", "pc",  "xml",  "conf",
        "am", "cfg", "yaml", "yml", "txt", "m4", "pl",    "rb",   "pro", "spec", NULL};
    StrView before = sv_slice(value->text, 0, value->start);
    StrView rest = sv_slice(value->text, value->end, SIZE_MAX);
    StrView penult = name->parts[name->count - 2];
    if (sv_equal_nocase(name->last, SV("app"))) {
        return is_in(penult, ENDS) || sv_ends(before, SV("/")) || sv_starts(rest, SV("/Contents"));
    }
    if (sv_equal_nocase(name->last, SV("in")) && is_in(penult, SOURCES)) {
        return true;
    }
    return sv_starts(rest, SV("("));
}

/* "com.example.app": what begins as programs' names do. */
static bool is_program(const Name *name)
{
    static const char *const ALWAYS[] = {"com", "group", NULL};
    static const char *const GENERIC[] = {"org", "net", "edu", "gov", "io", "co", NULL};
    static const char *const PLAIN[] = {"com", "org", "edu", "gov", NULL};
    static const char *const OTHERS[] = {"de", "ch",  "at",  "uk", "us", "eu", "fr", "jp", "ca",
                                         "nl", "dev", "app", "it", "me", "tv", "ai", "se", "no",
                                         "es", "be",  "dk",  "fi", "pl", "cz", "au", "br", NULL};
    static const char *const BUILDS[] = {"app",  "dev", "test",    "example", "internal", "invalid",
                                         "home", "in",  "is",      "no",      "be",       "me",
                                         "info", "box", "systems", NULL};
    if (is_in(name->first, ALWAYS)) {
        return true;
    }
    if (is_in(name->first, GENERIC)) {
        return name->count == 2 || !is_in(name->last, PLAIN);
    }
    return is_in(name->first, OTHERS) && (name->count == 2 || is_in(name->last, BUILDS));
}

/* "self.us", "tv.de": two parts are a host only below the best known ends, or below a country's
 * if the first could be a name. */
static bool is_short_host(const Name *name)
{
    static const char *const TWO[] = {"com",     "net",  "org",  "edu",   "gov",      "mil",
                                      "local",   "lan",  "corp", "cloud", "gmbh",     "internal",
                                      "example", "test", "box",  "intra", "intranet", NULL};
    static const char *const COUNTRIES[] = {"de", "ch", "eu", "fr", "nl", "dk", "cz",
                                            "au", "nz", "jp", "br", "za", "uk", NULL};
    bool is_small_name = name->first.len > SHORT_MAX;
    for (size_t i = 0; i < name->first.len; i++) {
        is_small_name &= !ascii_is_upper(name->first.ptr[i]);
    }
    return name->first.len > 1 &&
           (is_in(name->last, TWO) || (is_small_name && is_in(name->last, COUNTRIES)));
}

/* "a.b.in" */
static bool has_name(const Name *name)
{
    for (size_t i = 0; i + 1 < name->count; i++) {
        if (name->parts[i].len > 1) {
            return true;
        }
    }
    return false;
}

bool redact_hosts_check(RedactValue *value)
{
    StrView text = sv_slice(value->text, value->start, value->end - value->start);
    while (sv_starts(text, SV("_"))) {
        size_t dot = sv_find_char(text, '.');
        if (dot == SIZE_MAX) {
            return false;
        }
        text = sv_slice(text, dot + 1, SIZE_MAX);
    }
    value->start = value->end - text.len;
    Name name = split(text);
    if (name.count < 2) {
        return false;
    }
    if (sv_equal_nocase(sv_slice(name.parts[name.count - 2], 0, 4), SV("xn--")) ||
        is_in_url(value)) {
        return true;
    }
    if (is_program(&name) || !has_name(&name) ||
        (is_weak_end(name.last) && (has_coined(&name) || is_file_or_method(&name, value)))) {
        return false;
    }
    return name.count > 2 || (!has_coined(&name) && is_short_host(&name));
}
