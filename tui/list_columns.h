/*
 * List columns: which columns a list shows, in which order and how wide: the choice of a pane, its
 * text form, and the cells each gets on a list of a given width. Arithmetic and text only: it draws
 * nothing and reads no entry.
 */
#ifndef TUI_LIST_COLUMNS_H
#define TUI_LIST_COLUMNS_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "parsers/fields.h"

/* A column is a FieldId, or one of these. */
#define LIST_DELTA FIELD_COUNT /* time since the line before */
#define LIST_COLUMNS (FIELD_COUNT + 1)

#define LIST_WIDTH_MAX 200

/* From this width on levels are words instead of glyphs. */
#define LIST_LEVEL_WORD 7

/* What is known of a column. */
typedef struct ListColumnInfo {
    const char *name;    /* in the text form and in the menu; without blanks */
    const char *heading; /* over the column */
    const char *help;    /* one line */
    int width;           /* when nobody says another */
    int min_width;       /* narrower than that makes no sense */
    int rank;            /* those of low rank go first where there is no room */
    bool is_offered;     /* entries can have it */
} ListColumnInfo;

ListColumnInfo list_column_info(int column);

/* Finds a column by its name or any name of its field; -1 = none. */
int list_column_find(StrView name);

typedef struct ListChoice {
    uint8_t column;
    bool is_shown;
    uint8_t width; /* 0 = automatic */
} ListChoice;

/* What a pane shows: all columns that can be, in order, shown or not. */
typedef struct ListSpec {
    ListChoice choices[LIST_COLUMNS];
    size_t count;
} ListSpec;

/* Ready-made choices. */
typedef enum ListForm {
    LIST_FORM_USUAL,
    LIST_FORM_COMPACT, /* time, level, process, message */
    LIST_FORM_WIDE,    /* whatever tells entries apart */
    LIST_FORM_COUNT
} ListForm;

ListSpec list_spec_of(ListForm form);
const char *list_form_name(ListForm form);
/* The form that a choice is; LIST_FORM_COUNT = none of them. */
ListForm list_spec_form(const ListSpec *spec);

/* Appends the columns shown, in order: "time:12 delta level process:16 category message"; nothing
 * for the usual choice. list_spec_parse gives the same columns back. */
void list_spec_print(const ListSpec *spec, StrBuf *buf);

/* Reads that text; "" is the usual choice, the name of a form that form. An error stands at its
 * place in the text. */
bool list_spec_parse(StrView text, ListSpec *ret, Err *err);

bool list_spec_equal(const ListSpec *a, const ListSpec *b);

/* What a menu does. Indices are those of `choices`. The last column shown cannot be hidden: false
 * then. One that is shown anew goes before a message that was the last so far, whose room it would
 * be behind: `*index` goes along. */
bool list_spec_toggle(ListSpec *spec, size_t *index);
/* Moves a column up (-1) or down (1); returns where it stands then. */
size_t list_spec_move(ListSpec *spec, size_t index, int by);
/* Makes a column wider or narrower, beginning with `now`, the cells it has on the screen (0 = it
 * is not there). */
void list_spec_widen(ListSpec *spec, size_t index, int by, int now);

/* A column on the screen. */
typedef struct ListCell {
    int column;
    int x; /* from the left of the list */
    int width;
} ListCell;

typedef struct ListPlan {
    int gutter; /* cells for the cursor and the marks, 0 or 1 */
    ListCell cells[LIST_COLUMNS];
    size_t count;
} ListPlan;

/* What the widths depend on besides the choice. */
typedef struct ListRoom {
    int width;      /* cells of the list */
    bool has_hosts; /* there are several sources; else the host is not shown unless chosen wide */
    bool has_words; /* levels are words, not glyphs */
    int time_width; /* cells that the form of the time needs at least; 0 = a clock's */
} ListRoom;

/* Shares the cells; one blank stands between columns. The message has what is left; where that is
 * too little, columns of low rank are not shown. Nothing leaves the list. */
ListPlan list_plan_make(const ListSpec *spec, ListRoom room);

/* The cell of a column; NULL = it is not shown. */
const ListCell *list_plan_find(const ListPlan *plan, int column);

#endif
