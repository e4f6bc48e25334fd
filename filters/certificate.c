/*
 * Certificate: walks through DER, tag by tag, with every length checked against what is there. The
 * layout is that of RFC 5280, section 4.1. It must never include anything but base/.
 */
#include "filters/certificate.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

#define TAG_BOOLEAN 0x01
#define TAG_OCTETS 0x04
#define TAG_OID 0x06
#define TAG_BMP_STRING 0x1E
#define TAG_UTC_TIME 0x17
#define TAG_GENERALIZED_TIME 0x18
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31
#define TAG_VERSION 0xA0
#define TAG_EXTENSIONS 0xA3

typedef struct Element {
    unsigned tag;
    StrView content;
    StrView whole; /* with tag and length */
} Element;

/* Takes the next element off `rest`; false when there is none or it is broken. */
static bool next_element(StrView *rest, Element *ret_element)
{
    if (rest->len < 2) {
        return false;
    }
    size_t head = 2;
    size_t len = (unsigned char)rest->ptr[1];
    if (len >= 0x80) {
        size_t count = len & 0x7F;
        len = 0;
        if (count == 0 || count > 4 || rest->len < 2 + count) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            len = len << 8 | (unsigned char)rest->ptr[2 + i];
        }
        head += count;
    }
    if (len > rest->len - head) {
        return false;
    }
    ret_element->tag = (unsigned char)rest->ptr[0];
    ret_element->content = sv_slice(*rest, head, len);
    ret_element->whole = sv_slice(*rest, 0, head + len);
    *rest = sv_slice(*rest, head + len, SIZE_MAX);
    return true;
}

/* The same, and it must have that tag. */
static bool take(StrView *rest, unsigned tag, Element *ret_element)
{
    StrView before = *rest;
    if (next_element(rest, ret_element) && ret_element->tag == tag) {
        return true;
    }
    *rest = before;
    return false;
}

/* --- names ---------------------------------------------------------------------------------- */

static const struct {
    const char *oid;
    size_t len;
    const char *name;
} ATTRIBUTES[] = {
    {"\x55\x04\x03", 3, "CN"},
    {"\x55\x04\x0A", 3, "O"},
    {"\x55\x04\x0B", 3, "OU"},
    {"\x55\x04\x06", 3, "C"},
};

static void add_text(StrBuf *buf, const Element *value)
{
    if (value->tag != TAG_BMP_STRING) {
        utf8_visible(buf, value->content);
        return;
    }
    StrBuf text = {0};
    for (size_t i = 0; i + 1 < value->content.len; i += 2) {
        utf8_append(&text, (uint32_t)(unsigned char)value->content.ptr[i] << 8 |
                               (unsigned char)value->content.ptr[i + 1]);
    }
    utf8_visible(buf, strbuf_view(&text));
    strbuf_done(&text);
}

/* Appends one attribute of a name, if it is one of those that are shown. */
static void add_attribute(StrBuf *buf, StrView set, const char *name, StrView oid)
{
    Element pair, type, value;
    while (take(&set, TAG_SEQUENCE, &pair)) {
        StrView rest = pair.content;
        if (take(&rest, TAG_OID, &type) && next_element(&rest, &value) &&
            sv_equal(type.content, oid)) {
            strbuf_printf(buf, "%s%s=", buf->len > 0 ? ", " : "", name);
            add_text(buf, &value);
        }
    }
}

static void read_name(StrView name, char *ret_text)
{
    StrBuf buf = {0};
    for (size_t i = 0; i < ARRAY_LEN(ATTRIBUTES); i++) {
        StrView rest = name;
        Element set;
        while (take(&rest, TAG_SET, &set)) {
            add_attribute(&buf, set.content, ATTRIBUTES[i].name,
                          sv_of(ATTRIBUTES[i].oid, ATTRIBUTES[i].len));
        }
    }
    int width;
    StrView text = strbuf_view(&buf);
    size_t len = utf8_fit(text, CERTIFICATE_NAME_MAX / 2, &width);
    len = len < CERTIFICATE_NAME_MAX ? len : CERTIFICATE_NAME_MAX - 1;
    (void)snprintf(ret_text, CERTIFICATE_NAME_MAX, "%.*s", (int)len, text.len > 0 ? text.ptr : "");
    strbuf_done(&buf);
}

/* --- times ---------------------------------------------------------------------------------- */

/* "260908100016Z" or "20260908100016Z" → ns. */
static int64_t read_time(const Element *time)
{
    StrView text = time->content;
    char stamp[CLOCK_STAMP_MAX];
    Stamp parsed;
    const char *century = "";
    if (time->tag == TAG_UTC_TIME && text.len == 13) {
        century = text.ptr[0] >= '5' ? "19" : "20";
    } else if (time->tag != TAG_GENERALIZED_TIME || text.len != 15) {
        return CLOCK_NO_TIME;
    }
    size_t year = text.len - 11;
    const char *at = text.ptr + year;
    (void)snprintf(stamp, sizeof stamp, "%s%.*s-%.2s-%.2s %.2s:%.2s:%.2sZ", century, (int)year,
                   text.ptr, at, at + 2, at + 4, at + 6, at + 8);
    return clock_parse_stamp(sv(stamp), 0, &parsed) > 0 ? parsed.ns : CLOCK_NO_TIME;
}

/* --- extensions ----------------------------------------------------------------------------- */

static void read_constraints(StrView octets, Certificate *certificate)
{
    Element sequence, truth;
    if (take(&octets, TAG_SEQUENCE, &sequence)) {
        StrView rest = sequence.content;
        certificate->has_ca_constraint = true;
        certificate->is_ca =
            take(&rest, TAG_BOOLEAN, &truth) && truth.content.len == 1 && truth.content.ptr[0] != 0;
    }
}

static void read_extensions(StrView extensions, Certificate *certificate)
{
    static const StrView BASIC_CONSTRAINTS = {"\x55\x1D\x13", 3};
    Element list, extension, oid, critical, octets;
    if (!take(&extensions, TAG_SEQUENCE, &list)) {
        return;
    }
    StrView rest = list.content;
    while (take(&rest, TAG_SEQUENCE, &extension)) {
        StrView inner = extension.content;
        if (take(&inner, TAG_OID, &oid) && sv_equal(oid.content, BASIC_CONSTRAINTS)) {
            (void)take(&inner, TAG_BOOLEAN, &critical); /* need not be there */
            if (take(&inner, TAG_OCTETS, &octets)) {
                read_constraints(octets.content, certificate);
            }
        }
    }
}

/* --- the certificate ------------------------------------------------------------------------ */

/* What stands behind the serial number and the algorithm. */
static bool read_body(StrView rest, Certificate *certificate)
{
    Element issuer, validity, subject, key, extra, before, after;
    if (!take(&rest, TAG_SEQUENCE, &issuer) || !take(&rest, TAG_SEQUENCE, &validity) ||
        !take(&rest, TAG_SEQUENCE, &subject) || !take(&rest, TAG_SEQUENCE, &key)) {
        return false;
    }
    StrView times = validity.content;
    if (!next_element(&times, &before) || !next_element(&times, &after)) {
        return false;
    }
    read_name(issuer.content, certificate->issuer);
    read_name(subject.content, certificate->subject);
    certificate->not_before_ns = read_time(&before);
    certificate->not_after_ns = read_time(&after);
    certificate->is_self_issued = sv_equal(issuer.whole, subject.whole);
    while (next_element(&rest, &extra)) {
        if (extra.tag == TAG_EXTENSIONS) {
            read_extensions(extra.content, certificate);
        }
    }
    return true;
}

bool certificate_read(StrView der, Certificate *ret_certificate, Err *err)
{
    Element whole, body, version, serial, algorithm;
    Certificate certificate = {.is_ca = false};
    if (!take(&der, TAG_SEQUENCE, &whole)) {
        return err_set(err, "it does not begin like a certificate, or is cut");
    }
    StrView rest = whole.content;
    if (der.len > 0) {
        return err_set(err, "%zu bytes stand behind the certificate", der.len);
    }
    if (!take(&rest, TAG_SEQUENCE, &body)) {
        return err_set(err, "it is no certificate");
    }
    rest = body.content;
    (void)take(&rest, TAG_VERSION, &version); /* not there in version 1 */
    if (!next_element(&rest, &serial) || !take(&rest, TAG_SEQUENCE, &algorithm) ||
        !read_body(rest, &certificate)) {
        return err_set(err, "it is no certificate");
    }
    *ret_certificate = certificate;
    return true;
}
