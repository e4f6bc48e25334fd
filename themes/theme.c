/*
 * Themes: read from JSON, checked, resolved. What a colour looks like on a terminal with fewer of
 * them is the screen's affair; nothing here knows terminals or files.
 */
#include "themes/theme.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/node.h"

/* A theme may stand on another, which may stand on a third; more than this is a circle. */
#define BASES_MAX 4

/* While files are read: taken from the role "text" in the end. */
#define COLOR_INHERITED (-2)

static const char *const ROLE_NAMES[ROLE_COUNT] = {
#define X(name, text) [ROLE_##name] = (text),
    THEME_ROLES(X)
#undef X
};

typedef struct StyleName {
    const char *name;
    uint8_t style;
} StyleName;

static const StyleName STYLE_NAMES[] = {
    {"bold", STYLE_BOLD},       {"dim", STYLE_DIM},       {"underline", STYLE_UNDERLINE},
    {"reverse", STYLE_REVERSE}, {"italic", STYLE_ITALIC}, {"solid", STYLE_SOLID},
};

static const char *const TOP_KEYS[] = {"about", "base", "colors", "dark", "roles"};
static const char *const LOOK_KEYS[] = {"fg",        "bg",      "mono",   "bold", "dim",
                                        "underline", "reverse", "italic", "solid"};

/* What is read so far, over all the files of a theme. */
typedef struct Draft {
    const char *name; /* for errors: the file being read */
    ThemeFind find;
    void *context; /* of `find` */
    Theme *theme;
    bool has_role[ROLE_COUNT];
    bool has_dark;
} Draft;

const char *role_name(Role role)
{
    return (unsigned)role < ROLE_COUNT ? ROLE_NAMES[role] : "?";
}

bool role_parse(StrView text, Role *ret_role)
{
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        if (sv_equal(text, sv(ROLE_NAMES[i]))) {
            *ret_role = (Role)i;
            return true;
        }
    }
    return false;
}

bool role_keeps_ground(Role role)
{
    return role == ROLE_MATCH || (role >= ROLE_HIGHLIGHT_1 && role <= ROLE_HIGHLIGHT_8);
}

/* --- errors ----------------------------------------------------------------------------------- */

/* Puts the place before the error that was just set: "dark:12:9: role 'time': …". */
static bool fail_at(const Draft *draft, const Node *node, StrView role, Err *err)
{
    if (role.ptr != NULL) {
        (void)err_prefix(err, "role '%.*s'", SV_ARG(role));
    }
    if (node->line > 0) {
        (void)err_prefix(err, "%s:%d:%d", draft->name, node->line, node->column);
    } else {
        (void)err_prefix(err, "%s", draft->name);
    }
    if (err != NULL) {
        err->line = node->line;
        err->column = node->column;
    }
    return false;
}

/* The name nearest to `text`, NULL when none is near enough to be meant. */
static const char *nearest(StrView text, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_distance = text.len / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        size_t distance = sv_distance(text, sv(names[i]));
        if (distance < best_distance) {
            best_distance = distance;
            best = names[i];
        }
    }
    return best;
}

static bool fail_unknown(Err *err, const char *what, StrView text, const char *const *names,
                         size_t count)
{
    const char *meant = nearest(text, names, count);
    if (meant != NULL) {
        return err_set(err, "unknown %s '%.*s', did you mean '%s'?", what, SV_ARG(text), meant);
    }
    return err_set(err, "unknown %s '%.*s'", what, SV_ARG(text));
}

static bool is_one_of(StrView text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sv_equal(text, sv(names[i]))) {
            return true;
        }
    }
    return false;
}

/* --- looks ------------------------------------------------------------------------------------ */

static bool read_number(const Node *value, int16_t *ret_number)
{
    double number = value->number;
    if (value->kind != NODE_NUMBER || number < 0 || number >= COLOR_COUNT ||
        number != floor(number)) {
        return false;
    }
    *ret_number = (int16_t)number;
    return true;
}

static bool read_exact(const Node *value, Rgb *ret_exact)
{
    return value->kind == NODE_TEXT && rgb_parse(value->text, ret_exact);
}

/* Reads [250, "#bcbcbc"]. */
static bool read_both(const Node *value, int16_t *ret_number, Rgb *ret_exact)
{
    return value->kind == NODE_LIST && value->count == 2 && read_number(value->first, ret_number) &&
           read_exact(value->first->next, ret_exact);
}

/* Reads 250, "#bcbcbc", both in a list, or "default". */
static bool read_color(const Node *value, int16_t *ret_number, Rgb *ret_exact, Err *err)
{
    int16_t number = COLOR_DEFAULT;
    Rgb exact = RGB_NONE;
    bool is_exact = read_exact(value, &exact);
    bool is_default = value->kind == NODE_TEXT && sv_equal(value->text, SV("default"));
    if (!is_exact && !is_default && !read_number(value, &number) &&
        !read_both(value, &number, &exact)) {
        return err_set(err,
                       "'%.*s' must be a number from 0 to 255, \"#rrggbb\", both as "
                       "[number, \"#rrggbb\"], or \"default\"",
                       SV_ARG(value->key));
    }
    *ret_number = is_exact ? (int16_t)rgb_nearest(exact) : number;
    *ret_exact = exact;
    return true;
}

static const StyleName *find_style(StrView text)
{
    for (size_t i = 0; i < ARRAY_LEN(STYLE_NAMES); i++) {
        if (sv_equal(text, sv(STYLE_NAMES[i].name))) {
            return &STYLE_NAMES[i];
        }
    }
    return NULL;
}

/* Reads "bold reverse": names with blanks between. */
static bool read_mono(const Node *value, uint8_t *ret_styles, Err *err)
{
    const char *names[ARRAY_LEN(STYLE_NAMES)];

    if (value->kind != NODE_TEXT) {
        return err_set(err, "'mono' must be a text such as \"bold reverse\"");
    }
    uint8_t styles = 0;
    StrView rest = sv_trim(value->text);
    while (rest.len > 0) {
        size_t end = sv_find_char(rest, ' ');
        StrView word = sv_slice(rest, 0, end);
        const StyleName *style = find_style(word);
        if (style == NULL) {
            for (size_t i = 0; i < ARRAY_LEN(STYLE_NAMES); i++) {
                names[i] = STYLE_NAMES[i].name;
            }
            return fail_unknown(err, "attribute", word, names, ARRAY_LEN(names));
        }
        styles |= style->style;
        rest = sv_trim(sv_slice(rest, word.len, rest.len));
    }
    *ret_styles = styles;
    return true;
}

/* Reads one member of a look, as in "fg": 250. */
static bool read_member(const Node *value, Look *look, Err *err)
{
    if (sv_equal(value->key, SV("fg"))) {
        return read_color(value, &look->foreground, &look->exact_foreground, err);
    }
    if (sv_equal(value->key, SV("bg"))) {
        return read_color(value, &look->background, &look->exact_background, err);
    }
    if (sv_equal(value->key, SV("mono"))) {
        return read_mono(value, &look->mono, err);
    }
    const StyleName *style = find_style(value->key);
    if (style == NULL) {
        return fail_unknown(err, "key", value->key, LOOK_KEYS, ARRAY_LEN(LOOK_KEYS));
    }
    if (value->kind != NODE_BOOL) {
        return err_set(err, "'%.*s' must be true or false", SV_ARG(value->key));
    }
    look->attributes = (uint8_t)(value->truth ? look->attributes | style->style
                                              : look->attributes & ~style->style);
    return true;
}

static bool read_role(Draft *draft, const Node *value, Err *err)
{
    Role role;
    if (!role_parse(value->key, &role)) {
        (void)fail_unknown(err, "role", value->key, ROLE_NAMES, ROLE_COUNT);
        return fail_at(draft, value, SV_NONE, err);
    }
    if (value->kind != NODE_MAP) {
        (void)err_set(err, "must be an object such as {\"fg\": 250, \"bold\": true}");
        return fail_at(draft, value, value->key, err);
    }
    for (const Node *member = value->first; member != NULL; member = member->next) {
        if (!read_member(member, &draft->theme->looks[role], err)) {
            return fail_at(draft, member, value->key, err);
        }
    }
    draft->has_role[role] = true;
    return true;
}

/* --- files ------------------------------------------------------------------------------------ */

static bool read_file(Draft *draft, StrView text, const char *name, int depth, Err *err);

static bool read_base(Draft *draft, const Node *value, int depth, Err *err)
{
    const char *own_name = draft->name;
    StrBuf name = {0};
    StrBuf text = {0};
    bool is_read = false;

    strbuf_add(&name, value->text);
    if (value->kind != NODE_TEXT || value->text.len == 0) {
        (void)err_set(err, "'base' must be the name of a theme");
    } else if (depth >= BASES_MAX) {
        (void)err_set(err, "themes stand on each other in a circle, or too deep");
    } else if (draft->find == NULL || !draft->find(draft->context, name.ptr, own_name, &text)) {
        (void)err_set(err, "there is no theme '%s' to stand on", name.ptr);
    } else {
        is_read = read_file(draft, strbuf_view(&text), name.ptr, depth + 1, err);
        draft->name = own_name;
        strbuf_done(&name);
        strbuf_done(&text);
        return is_read; /* the error names the other file */
    }
    strbuf_done(&name);
    strbuf_done(&text);
    return fail_at(draft, value, SV_NONE, err);
}

static bool check_top(const Draft *draft, const Node *root, Err *err)
{
    if (root->kind != NODE_MAP) {
        (void)err_set(err, "a theme must be a JSON object");
        return fail_at(draft, root, SV_NONE, err);
    }
    for (const Node *value = root->first; value != NULL; value = value->next) {
        if (!is_one_of(value->key, TOP_KEYS, ARRAY_LEN(TOP_KEYS))) {
            (void)fail_unknown(err, "key", value->key, TOP_KEYS, ARRAY_LEN(TOP_KEYS));
            return fail_at(draft, value, SV_NONE, err);
        }
    }
    return true;
}

/* Reads the line for the chooser; that of the base is not meant for this theme. */
static bool read_about(Draft *draft, const Node *value, Err *err)
{
    StrView about = value != NULL ? value->text : SV("");
    if (value != NULL && value->kind != NODE_TEXT) {
        (void)err_set(err, "'about' must be a text");
        return fail_at(draft, value, SV_NONE, err);
    }
    if (about.len >= THEME_ABOUT_MAX) {
        (void)err_set(err, "'about' must be shorter than %d bytes", THEME_ABOUT_MAX);
        return fail_at(draft, value, SV_NONE, err);
    }
    (void)snprintf(draft->theme->about, sizeof draft->theme->about, "%.*s", SV_ARG(about));
    return true;
}

static bool read_kind(Draft *draft, const Node *dark, const Node *colors, Err *err)
{
    if (dark != NULL && dark->kind != NODE_BOOL) {
        (void)err_set(err, "'dark' must be true or false");
        return fail_at(draft, dark, SV_NONE, err);
    }
    if (dark != NULL) {
        draft->theme->is_dark = dark->truth;
        draft->has_dark = true;
    }
    if (colors == NULL) {
        return true;
    }
    double count = colors->number;
    if (colors->kind != NODE_NUMBER ||
        (count != 0 && count != COLOR_ANSI && count != COLOR_COUNT)) {
        (void)err_set(err, "'colors' must be 256, 16 or 0");
        return fail_at(draft, colors, SV_NONE, err);
    }
    draft->theme->colors = (int)count;
    return true;
}

static bool read_top(Draft *draft, const Node *root, int depth, Err *err)
{
    const Node *base = node_find(root, "base");
    const Node *roles = node_find(root, "roles");

    if ((base != NULL && !read_base(draft, base, depth, err)) ||
        !read_about(draft, node_find(root, "about"), err) ||
        !read_kind(draft, node_find(root, "dark"), node_find(root, "colors"), err)) {
        return false;
    }
    if (roles != NULL && roles->kind != NODE_MAP) {
        (void)err_set(err, "'roles' must be an object");
        return fail_at(draft, roles, SV_NONE, err);
    }
    for (const Node *role = roles != NULL ? roles->first : NULL; role != NULL; role = role->next) {
        if (!read_role(draft, role, err)) {
            return false;
        }
    }
    return true;
}

static bool read_file(Draft *draft, StrView text, const char *name, int depth, Err *err)
{
    Arena arena = {0};

    draft->name = name;
    const Node *root = node_read(&arena, text, name, err);
    bool is_read = root != NULL && check_top(draft, root, err) && read_top(draft, root, depth, err);
    arena_done(&arena);
    return is_read;
}

static bool check_complete(const Draft *draft, Err *err)
{
    size_t missing = 0;
    const char *first = NULL;
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        if (!draft->has_role[i]) {
            first = first == NULL ? ROLE_NAMES[i] : first;
            missing++;
        }
    }
    if (missing == 1) {
        return err_set(err, "%s: role '%s' is missing", draft->name, first);
    }
    if (missing > 1) {
        return err_set(
            err,
            "%s: role '%s' is missing, and %zu more (name a \"base\" to give only what differs)",
            draft->name, first, missing - 1);
    }
    return draft->has_dark || err_set(err, "%s: 'dark' is missing: true or false", draft->name);
}

/* Fills in what the files left to the role "text". */
static void resolve(Theme *theme)
{
    Look *text = &theme->looks[ROLE_TEXT];
    if (text->foreground == COLOR_INHERITED) {
        text->foreground = COLOR_DEFAULT;
    }
    if (text->background == COLOR_INHERITED) {
        text->background = COLOR_DEFAULT;
    }
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        Look *look = &theme->looks[i];
        if (look->foreground == COLOR_INHERITED) {
            look->foreground = text->foreground;
            look->exact_foreground = text->exact_foreground;
        }
        if (look->background == COLOR_INHERITED) {
            look->background = text->background;
            look->exact_background = text->exact_background;
        }
    }
}

/* Keeps a theme to the colours that it says it needs. */
static bool fit_colors(Theme *theme, const char *name, Err *err)
{
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        Look *look = &theme->looks[i];
        if (theme->colors == 0) {
            *look =
                (Look){COLOR_DEFAULT, COLOR_DEFAULT, look->mono, look->mono, RGB_NONE, RGB_NONE};
        }
        int highest = look->foreground > look->background ? look->foreground : look->background;
        if (theme->colors == COLOR_ANSI && highest >= COLOR_ANSI) {
            return err_set(err, "%s: role '%s': there is no colour %d among the %d of 'colors'",
                           name, ROLE_NAMES[i], highest, COLOR_ANSI);
        }
    }
    return true;
}

/* "/home/a/calm.json" is called "calm". */
static void set_name(Theme *theme, const char *name)
{
    StrView last = sv_path_last(sv(name));
    if (sv_ends(last, SV(".json"))) {
        last.len -= SV(".json").len;
    }
    size_t len = last.len < sizeof theme->name ? last.len : sizeof theme->name - 1;
    memcpy(theme->name, last.ptr, len);
    theme->name[len] = '\0';
}

bool theme_read(StrView text, const char *name, ThemeFind find, void *context, Theme *ret_theme,
                Err *err)
{
    Theme theme = {.colors = COLOR_COUNT};
    Draft draft = {.name = name, .find = find, .context = context, .theme = &theme};

    for (size_t i = 0; i < ROLE_COUNT; i++) {
        theme.looks[i] = (Look){.foreground = COLOR_INHERITED,
                                .background = COLOR_INHERITED,
                                .exact_foreground = RGB_NONE,
                                .exact_background = RGB_NONE};
    }
    if (!read_file(&draft, text, name, 0, err) || !check_complete(&draft, err)) {
        return false;
    }
    resolve(&theme);
    if (!fit_colors(&theme, name, err)) {
        return false;
    }
    set_name(&theme, name);
    *ret_theme = theme;
    return true;
}
