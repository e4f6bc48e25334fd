/*
 * RedactHosts: whether a name with dots is that of a host, or of a program, a part of one or a
 * file: "dev.example.com" and "dev.example.app". Texts only; no rules.
 */
#ifndef FILTERS_REDACT_HOSTS_H
#define FILTERS_REDACT_HOSTS_H

#include "base/base.h"
#include "filters/redact_checks.h"

/* A check: takes off what names a service ("_ldap._tcp.") and tells whether the rest is a host. */
bool redact_hosts_check(RedactValue *value);

#endif
