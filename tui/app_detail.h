/*
 * The detail of an entry, for the files that make it (app_detail*.c, app_pick.c, app_copy.c): what
 * it says is made into lines once, for an entry and a width, and drawn from these. Nobody else
 * includes it.
 */
#ifndef TUI_APP_DETAIL_H
#define TUI_APP_DETAIL_H

#include "filters/error_chain.h"
#include "session/session.h"
#include "themes/theme.h"
#include "tui/app.h"
#include "tui/pretty.h"

/* A message longer than this is shown to here, with a word about the rest. */
#define DETAIL_MESSAGE_MAX (256 * KIB)

/* A text of one role on a line. */
typedef struct DetailPiece {
    size_t start, len; /* in Detail.text */
    int x;
    Role role;
} DetailPiece;

typedef struct DetailLine {
    size_t first; /* its first piece; the others follow */
    size_t count;
    int item; /* what one can act on there: index in Detail.items; -1 = nothing */
} DetailLine;

/* Something the cursor can stand on. */
typedef enum DetailItemKind { DETAIL_FIELD, DETAIL_ERROR, DETAIL_RAW } DetailItemKind;

typedef struct DetailItem {
    DetailItemKind kind;
    FieldId field; /* FIELD_MESSAGE also for an error: what it is looked for in */
    const char *name;
    size_t value, value_len; /* in Detail.values: what is copied */
    size_t first_line, line_count;
} DetailItem;

/* What was made of an entry. It is copied, as the store may give the entry up. */
typedef struct Detail {
    EntryNumber number; /* of the entry the lines tell of; 0 = none */
    int width, height;  /* of the area they were made for */
    bool is_whole;
    EntryNumber near_end; /* end of the entries that had a say in it; 0 = only its own */
    bool is_cut;          /* not whole: there is more than was made into lines */

    StrBuf text;
    StrBuf values;
    DetailPiece *pieces;
    size_t piece_count, piece_capacity;
    DetailLine *lines;
    size_t line_count, line_capacity;
    DetailItem *items;
    size_t item_count, item_capacity;

    size_t cursor; /* index of the item */
    bool is_new;   /* the lines were made anew: the cursor is to be put where it was … */
    bool is_other; /* … and into sight, as entry or area are others */
    bool is_kept;  /* the user has put it somewhere, on the next two: so in every entry */
    DetailItemKind kept_kind;
    FieldId kept_field;
    size_t kept_nth; /* of those that are alike: errors */

    EntryNumber well_number; /* the failed entry of which the next two tell */
    EntryNumber well_to;     /* entries before this one were looked at */
    int64_t well_time;       /* when its stage went well; CLOCK_NO_TIME = not in those */

    Pretty pretty; /* room, kept */
} Detail;

/* --- lines: app_detail_lines.c ---------------------------------------------------------------- */

/* A text, and what stands before it: first the lead, then the head, on the first row only. */
typedef struct DetailText {
    StrView text;
    Role role;
    const Pretty *pretty; /* roles by piece, instead of `role`; its text is `text` */
    int x;                /* first cell of it all */
    StrView lead;         /* in ROLE_TREE, before the first row … */
    StrView lead_on;      /* … and before the further ones, as wide */
    StrView head;
    Role head_role;
    int head_width; /* cells that are kept free for it on all rows */
} DetailText;

void detail_clear(Detail *detail, int width);
void detail_done(Detail *detail);

/* Begins an item; the lines that follow, up to detail_end_item, are its own. */
void detail_begin_item(Detail *detail, DetailItemKind kind, FieldId field, const char *name,
                       StrView value);
void detail_end_item(Detail *detail);
StrView detail_value(const Detail *detail, const DetailItem *item);

/* Adds a text of any number of lines, wrapped; at most `most` rows, with "…" where it is cut.
 * Returns whether it was. */
bool detail_add(Detail *detail, DetailText text, size_t most);

/* Adds one piece to the line added last. */
void detail_add_beside(Detail *detail, int x, Role role, StrView text);

/* Adds an empty line. */
void detail_add_blank(Detail *detail);

/* Draws the lines from `skip` on. */
void detail_draw(const Detail *detail, Canvas *canvas, Rect area, size_t skip);

/* Says at the end of the last row, on a ground of its own, that there is more; a text that this
 * covers ends with "…". */
void app_put_more(Canvas *canvas, Rect area, const char *words);

/* --- the errors: app_detail_chain.c ----------------------------------------------------------- */

/* Adds the errors that an entry tells, alone or with its neighbours, as a tree; nothing when there
 * is only one that says nothing more than its line. */
void detail_add_chain(Detail *detail, const Session *session, EntryNumber number);

/* End of the entries that may have a say in the errors of an entry, as far as they are there: it
 * moves on while a stream is read. 0 = only the entry itself has. */
EntryNumber detail_near_end(const Session *session, EntryNumber number, StoreRow row);

/* Adds the cause of all errors in one line, when there are errors within errors. */
void detail_add_cause(Detail *detail, const Session *session, EntryNumber number);

/* --- the rule above: app_detail_rule.c -------------------------------------------------------- */

void app_detail_draw_rule(App *app, Canvas *canvas, EntryNumber number, StoreRow row);

/* --- acting: app_detail_keys.c, app_copy.c ---------------------------------------------------- */

/* What is drawn of an entry, made when first asked for (app_detail.c). */
Detail *app_detail(App *app);

/* Brings it up to what is selected; false = nothing is. */
bool app_detail_take(App *app);

/* After the lines were made anew: brings the cursor onto an item that is there, and into sight. */
void app_detail_settle(App *app);

/* A press of the mouse at a row of the detail: the cursor goes there; two open the menu of the
 * field, or the whole entry. */
unsigned app_detail_press(App *app, int row, unsigned clicks);

/* The item the cursor is on; NULL = there is none. */
const DetailItem *app_detail_item(App *app);

/* Puts `text` on the clipboard; `what` is said of it: "copied WHAT". */
unsigned app_copy(App *app, StrView text, const char *what);

/* The same for what stands in the log, `raw`: an entry as text, or a field of one (`number` 0).
 * Redacted by what all held entries give away, which may take some turns, and said to be so; asked
 * for the same again, `raw` is copied. `what` must live as long as the program. */
unsigned app_copy_seen(App *app, EntryNumber number, StrView raw, const char *what);

#endif
