/*
 * What every file of the project may count on: fixed-width types and a handful of macros.
 * It is not a place for functions; it includes nothing of the project.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* Marks a function whose argument `text` (from 1) is a printf format for those from `first` on. */
#if defined(__GNUC__)
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#else
#define PRINTF_LIKE(text, first)
#endif

#define KIB ((size_t)1024)
#define MIB (KIB * 1024)
#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

#endif
