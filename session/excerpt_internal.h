/*
 * The forms of an excerpt as a table of functions, for session/excerpt*.c alone.
 */
#ifndef SESSION_EXCERPT_INTERNAL_H
#define SESSION_EXCERPT_INTERNAL_H

#include "session/excerpt.h"

/* Four blanks: what goes on over several lines is told from what begins. */
#define EXCERPT_CONTINUATION "    "

/* An entry on its way out. */
typedef struct ExcerptRow {
    const Excerpt *excerpt;
    const Entry *entry; /* as it may be seen */
    StrView ndjson;     /* the same as a line of NDJSON, with its newline if it had one */
    StrView host;       /* nil = of one source only */
    uint8_t outcome;    /* how a stage went by it: Outcome of filters/stages.h */
} ExcerptRow;

typedef struct ExcerptForm {
    const char *name;
    const char *suffix;
    const char *help;
    bool has_facts;
    bool is_for_people;
    /* Each may be NULL. */
    void (*begin)(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf);
    void (*entry)(const ExcerptRow *row, StrBuf *buf);
    void (*notice)(const ExcerptRow *row, StrBuf *buf); /* NULL = notices are left out */
    void (*end)(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf);
} ExcerptForm;

extern const ExcerptForm EXCERPT_CSV;
extern const ExcerptForm EXCERPT_MD;
extern const ExcerptForm EXCERPT_HTML;

/* Appends `text` in its visible form, a line a line, those after the first indented. */
void excerpt_add_lines(StrBuf *buf, StrView text);

/* Appends the entry's time, "-" when it has none. */
void excerpt_add_time(const Entry *entry, ClockForm form, StrBuf *buf);

/* Appends the entry as `log` prints it in that style, as lines. */
void excerpt_add_styled(const ExcerptRow *row, Style style, StrBuf *buf);

#endif
