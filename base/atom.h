/*
 * AtomTable: each distinct byte string once, under a small number, so that fields with few values
 * (process, subsystem, …) are compared and cached by number. Bounded: see atom_intern.
 */
#ifndef BASE_ATOM_H
#define BASE_ATOM_H

#include "base/base.h"
#include "base/str.h"

typedef uint32_t Atom;

#define ATOM_NONE ((Atom)0)          /* nil: the field is absent */
#define ATOM_EMPTY ((Atom)1)         /* the empty string */
#define ATOM_FULL ((Atom)UINT32_MAX) /* answer of atom_intern on a full table */

typedef struct AtomTable AtomTable;

/* Makes a table that holds at most `max_bytes` of text and 2^20 atoms. The caller frees it. */
AtomTable *atom_table_new(size_t max_bytes);
void atom_table_free(AtomTable *table);

/* Finds or adds `text`; nil gives ATOM_NONE. Returns ATOM_FULL when it is new and does not fit. */
Atom atom_intern(AtomTable *table, StrView text);

/* Finds `text` without adding it; ATOM_FULL when it is not there. */
Atom atom_find(const AtomTable *table, StrView text);

/* The text of an atom that this table gave; valid as long as the table. ATOM_NONE gives nil. */
StrView atom_text(const AtomTable *table, Atom atom);

/* Number of atoms given out so far: every atom is below it. */
Atom atom_count(const AtomTable *table);
size_t atom_bytes(const AtomTable *table); /* memory held, for the ring's gauge */

#endif
