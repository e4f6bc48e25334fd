/*
 * Tests of certificates: what two made by openssl say, and that every cut and every changed byte
 * ends in an answer and never behind the bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "filters/certificate.h"

static void read_file(const char *path, StrBuf *buf)
{
    char chunk[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t len; (len = fread(chunk, 1, sizeof(chunk), file)) > 0;) {
        strbuf_add(buf, sv_of(chunk, len));
    }
    assert_int_equal(fclose(file), 0);
}

static void assert_day(int64_t ns, const char *wanted)
{
    char stamp[CLOCK_STAMP_MAX];
    clock_format((Stamp){.ns = ns}, CLOCK_DATE, stamp);
    assert_string_equal(stamp, wanted);
}

static void test_ca(void **state)
{
    StrBuf der = {0};
    Certificate certificate;
    (void)state;
    read_file("tests/data/record/ca.der", &der);
    assert_true(certificate_read(strbuf_view(&der), &certificate, NULL));
    assert_string_equal(certificate.subject, "CN=Example Root CA, O=Example Org, C=DE");
    assert_string_equal(certificate.issuer, certificate.subject);
    assert_true(certificate.is_self_issued);
    assert_true(certificate.has_ca_constraint && certificate.is_ca);
    assert_day(certificate.not_before_ns, "2026-11-22");
    assert_day(certificate.not_after_ns, "2036-11-19");
    strbuf_done(&der);
}

static void test_leaf(void **state)
{
    StrBuf der = {0};
    Certificate certificate;
    (void)state;
    read_file("tests/data/record/leaf.der", &der);
    assert_true(certificate_read(strbuf_view(&der), &certificate, NULL));
    assert_string_equal(certificate.subject, "CN=mdm.example.com");
    assert_string_equal(certificate.issuer, "CN=Example Root CA, O=Example Org, C=DE");
    assert_false(certificate.is_self_issued);
    assert_true(certificate.has_ca_constraint && !certificate.is_ca);
    strbuf_done(&der);
}

static void test_cut_and_changed(void **state)
{
    StrBuf der = {0};
    Certificate certificate;
    (void)state;
    read_file("tests/data/record/ca.der", &der);
    for (size_t len = 0; len < der.len; len++) {
        char *copy = mem_dup(der.ptr, len); /* so that a byte read behind its end is seen */
        Err err = err_none();
        assert_false(certificate_read(sv_of(copy, len), &certificate, &err));
        assert_true(err.text[0] != '\0');
        mem_free(copy);
    }
    for (size_t at = 0; at < der.len; at++) {
        char *copy = mem_dup(der.ptr, der.len);
        Err err = err_none();
        copy[at] = (char)~copy[at];
        assert_true(certificate_read(sv_of(copy, der.len), &certificate, &err) ||
                    err.text[0] != '\0');
        mem_free(copy);
    }
    strbuf_add_char(&der, 'x');
    assert_false(certificate_read(strbuf_view(&der), &certificate, NULL));
    strbuf_done(&der);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ca),
        cmocka_unit_test(test_leaf),
        cmocka_unit_test(test_cut_and_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
