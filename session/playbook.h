/*
 * Playbook: the steps of troubleshooting as pages, out of filters/playbook/ and the tables of
 * filters/playbook.json. Pages are Markdown; for a terminal they become text. Steps are shown and
 * copied, never executed: nothing here runs anything.
 */
#ifndef SESSION_PLAYBOOK_H
#define SESSION_PLAYBOOK_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

#define PLAYBOOK_FOLDER "filters/playbook/"
#define PLAYBOOK_TABLES "filters/playbook.json"

typedef struct Playbook Playbook;

typedef struct PlaybookPage {
    StrView id;       /* "record": the word behind `mdmscope playbook` */
    StrView title;    /* "Reading the activation record" */
    StrView summary;  /* the first paragraph, on one line */
    StrView markdown; /* the whole page, tables and predicates filled in */
} PlaybookPage;

/* Reads all pages; files below `data_dir` (NULL = none) go before the compiled-in ones. */
Playbook *playbook_new(const char *data_dir, Err *err);
void playbook_free(Playbook *playbook);

size_t playbook_page_count(const Playbook *playbook);

/* The page at `index` < count; its texts live as long as the playbook. */
const PlaybookPage *playbook_page_get(const Playbook *playbook, size_t index);

/* Finds a page by its id; SIZE_MAX = none. */
size_t playbook_find(const Playbook *playbook, StrView id);

/* Appends a page as plain text, lines of at most `columns` cells where words allow it. */
void playbook_page_text(const Playbook *playbook, size_t index, size_t columns, StrBuf *buf);

/* Appends the list of the pages as text. */
void playbook_list_text(const Playbook *playbook, size_t columns, StrBuf *buf);

/* Appends all pages as one Markdown document, for doc/. */
void playbook_document(const Playbook *playbook, StrBuf *buf);

#endif
