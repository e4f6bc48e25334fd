/*
 * Certificate: what an X.509 certificate says about itself: subject, issuer, validity. A reader of
 * the few fields that a person wants to see; it checks no signature and no chain.
 */
#ifndef FILTERS_CERTIFICATE_H
#define FILTERS_CERTIFICATE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

#define CERTIFICATE_NAME_MAX 256

typedef struct Certificate {
    char subject[CERTIFICATE_NAME_MAX]; /* "CN=Example CA, O=Example"; cut when longer */
    char issuer[CERTIFICATE_NAME_MAX];
    int64_t not_before_ns; /* CLOCK_NO_TIME = not readable */
    int64_t not_after_ns;
    bool is_self_issued;    /* subject and issuer are the same */
    bool has_ca_constraint; /* basicConstraints is there … */
    bool is_ca;             /* … and says that it may issue certificates */
} Certificate;

/* Reads DER. Fails with a reason when it is none; what is behind the certificate is an error, too.
 */
bool certificate_read(StrView der, Certificate *ret_certificate, Err *err);

#endif
