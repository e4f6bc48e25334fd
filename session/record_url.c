/*
 * Record: what can be wrong with a URL that can be seen without opening it. Nothing here asks for
 * a name or connects to anybody.
 */
#include <string.h>

#include "base/ascii.h"

#include "session/record_internal.h"

typedef struct Url {
    StrView scheme;
    StrView user; /* nil = none */
    StrView host; /* without brackets */
    StrView port; /* nil = none */
    StrView path;
    bool is_bracketed;
} Url;

static bool split(StrView text, Url *ret_url)
{
    Url url = {.user = SV_NONE, .port = SV_NONE};
    size_t scheme = sv_find(text, SV("://"));
    if (scheme == SIZE_MAX) {
        return false;
    }
    url.scheme = sv_slice(text, 0, scheme);
    StrView rest = sv_slice(text, scheme + 3, SIZE_MAX);
    size_t end = 0;
    while (end < rest.len && strchr("/?#", rest.ptr[end]) == NULL) {
        end++;
    }
    StrView place = sv_slice(rest, 0, end);
    url.path = sv_slice(rest, end, SIZE_MAX);
    size_t at = sv_find_char(place, '@');
    if (at != SIZE_MAX) {
        url.user = sv_slice(place, 0, at);
        place = sv_slice(place, at + 1, SIZE_MAX);
    }
    size_t close = sv_starts(place, SV("[")) ? sv_find_char(place, ']') : SIZE_MAX;
    url.is_bracketed = close != SIZE_MAX;
    size_t from = url.is_bracketed ? close : 0;
    size_t colon = sv_find_char(sv_slice(place, from, SIZE_MAX), ':');
    url.host = sv_slice(place, 0, colon == SIZE_MAX ? SIZE_MAX : from + colon);
    url.port = colon == SIZE_MAX ? SV_NONE : sv_slice(place, from + colon + 1, SIZE_MAX);
    *ret_url = url;
    return true;
}

static bool is_ipv4(StrView host)
{
    size_t dots = 0;
    for (size_t i = 0; i < host.len; i++) {
        bool is_digit = host.ptr[i] >= '0' && host.ptr[i] <= '9';
        if (!is_digit && host.ptr[i] != '.') {
            return false;
        }
        dots += host.ptr[i] == '.';
    }
    return dots == 3;
}

/* The first byte that no host name has; SIZE_MAX = none. */
static size_t find_odd(StrView host)
{
    for (size_t i = 0; i < host.len; i++) {
        char byte = host.ptr[i];
        bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= '0' && byte <= '9') || byte == '-' || byte == '.';
        if (!is_plain) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void check_host(Record *record, const RecordValue *value, const Url *url)
{
    if (url->host.len == 0) {
        record_add_finding(record, SEVERITY_ERROR, value, SV("give the name of the MDM server"),
                           "there is no host in the URL");
    } else if (url->is_bracketed || is_ipv4(url->host)) {
        record_add_finding(record, SEVERITY_WARNING, value,
                           SV("use the name that is in the server's certificate"),
                           "the host is an address, not a name: certificates are for names");
    } else if (sv_find_char(url->host, '.') == SIZE_MAX) {
        record_add_finding(record, SEVERITY_WARNING, value, SV("use the full name of the host"),
                           "the host has no domain: outside of one network nobody finds it");
    } else if (sv_ends(url->host, SV(".local"))) {
        record_add_finding(record, SEVERITY_WARNING, value, SV("use a name that DNS knows"),
                           "the host is a name of the local network (.local)");
    } else if (find_odd(url->host) != SIZE_MAX) {
        record_add_finding(record, SEVERITY_WARNING, value, SV("correct the name of the host"),
                           "the name of the host has something in it that names do not have, at "
                           "its character %zu",
                           find_odd(url->host) + 1);
    }
}

static void check_port(Record *record, const RecordValue *value, const Url *url)
{
    uint64_t port = 0;
    if (url->port.ptr == NULL) {
        return;
    }
    if (!sv_to_u64(url->port, &port) || port == 0 || port > 65535) {
        record_add_finding(record, SEVERITY_ERROR, value, SV("correct the port, or leave it out"),
                           "the port is no port");
    } else if (port != 443) {
        record_add_finding(record, SEVERITY_NOTE, value,
                           SV("see that firewalls let it through, on guest networks too"),
                           "port %u: not the usual 443", (unsigned)port);
    }
}

static void check_blanks(Record *record, const RecordValue *value, StrView text)
{
    StrView trimmed = sv_trim(text);
    bool has_inner = false;
    for (size_t i = 0; i < trimmed.len; i++) {
        has_inner = has_inner || ascii_is_space(trimmed.ptr[i]);
    }
    if (trimmed.len != text.len) {
        record_add_finding(record, SEVERITY_ERROR, value, SV("take the blanks off in the MDM"),
                           "blanks stand %s the URL",
                           text.len > 0 && ascii_is_space(text.ptr[0]) ? "before" : "behind");
    }
    if (has_inner) {
        record_add_finding(record, SEVERITY_ERROR, value, SV("write a blank as %20"),
                           "there is a blank within the URL");
    }
}

void record_check_url(Record *record, const RecordValue *value)
{
    Url url;
    if (value->node->kind != NODE_TEXT) {
        record_add_finding(record, SEVERITY_ERROR, value, SV(""), "it is no text");
        return;
    }
    StrView text = sv_trim(value->node->text);
    check_blanks(record, value, value->node->text);
    if (!split(text, &url)) {
        record_add_finding(record, SEVERITY_ERROR, value, SV("give it as https://HOST/PATH"),
                           "it is no URL with scheme and host");
        return;
    }
    if (!sv_equal_nocase(url.scheme, SV("https"))) {
        record_add_finding(record, SEVERITY_ERROR, value, SV("use https"),
                           "the scheme is not https");
    }
    if (url.user.ptr != NULL) {
        record_add_finding(record, SEVERITY_WARNING, value,
                           SV("take name and password out of the URL"),
                           "name and password stand in the URL; whoever sees the record has them");
    }
    check_host(record, value, &url);
    check_port(record, value, &url);
    if (url.path.len == 0) {
        record_add_finding(record, SEVERITY_NOTE, value,
                           SV("see whether the MDM wants a path of its own here"),
                           "there is no path behind the host");
    }
}
