/*
 * ThemeList: see theme_list.h. A theme that stands on another finds it by the same way as the user
 * does: the user's own first, then the program's. No curses.
 */
#include "tui/theme_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/mem.h"
#include "session/user_file.h"

#define FOLDER "themes/"
#define SUFFIX ".json"
#define LIGHT_FIRST 7 /* of the sixteen colours: white, and the bright ones but grey */
#define BRIGHT_BLACK 8
#define ANSI_COUNT 16
#define FULL_COUNT 256

/* --- where the texts are ---------------------------------------------------------------------- */

/* The name of a theme file: "themes/dark.json" → "dark"; nil for what is none. */
static StrView name_of(StrView path)
{
    StrView last = sv_path_last(path);
    if (!sv_ends(last, SV(SUFFIX)) || last.len == SV(SUFFIX).len || last.ptr[0] == '.') {
        return SV_NONE;
    }
    return sv_slice(last, 0, last.len - SV(SUFFIX).len);
}

/* Whether a file, by path or by bare name, is the theme `name`. */
static bool is_named(const char *file, const char *name)
{
    StrView last = sv_path_last(sv(file));
    return sv_equal(last, sv(name)) || sv_equal(name_of(last), sv(name));
}

static bool find_shipped(const ThemeList *list, StrView name, StrBuf *ret_text)
{
    StrBuf path = {0};
    strbuf_printf(&path, FOLDER "%.*s" SUFFIX, SV_ARG(name));
    bool is_found = embed_read_or_file(list->data_dir, path.ptr, ret_text);
    strbuf_done(&path);
    return is_found;
}

/* Reads a file of the user's; an empty one is none. */
static bool read_own(const char *path, StrBuf *ret_text, Err *err)
{
    if (access(path, F_OK) != 0) {
        return err_set(err, "'%s': %s", path, strerror(errno));
    }
    if (!user_file_read(path, THEME_FILE_MAX, ret_text, err)) {
        return false;
    }
    return sv_trim(strbuf_view(ret_text)).len > 0 ||
           err_set(err, "'%s': there is nothing in it", path);
}

static void add_own_path(const ThemeList *list, StrView name, StrBuf *path)
{
    strbuf_printf(path, "%s/" FOLDER "%.*s" SUFFIX, list->user_dir, SV_ARG(name));
}

/* Finds what `from` stands on. A theme named like its base means the program's. */
static bool find_base(void *context, const char *name, const char *from, StrBuf *ret_text)
{
    const ThemeList *list = context;
    bool is_found = false;
    if (strchr(name, '/') != NULL) {
        return false;
    }
    if (list->user_dir != NULL && !is_named(from, name)) {
        StrBuf path = {0};
        add_own_path(list, sv(name), &path);
        is_found = read_own(path.ptr, ret_text, NULL);
        strbuf_done(&path);
    }
    return is_found || find_shipped(list, sv(name), ret_text);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void complain(ThemeList *list, const Err *err)
{
    strbuf_printf(&list->complaints, "%s\n", err->text);
}

static bool add_text(ThemeList *list, StrView text, const char *name, Err *err)
{
    if (list->count == THEME_LIST_MAX) {
        return err_set(err, "%s: there are %d themes already", name, THEME_LIST_MAX);
    }
    Theme *theme = mem_alloc(sizeof *theme);
    if (!theme_read(text, name, find_base, list, theme, err)) {
        mem_free(theme);
        return false;
    }
    list->items[list->count++] = theme;
    return true;
}

/* Adds one of the program's; where the file below the data directory is broken, the one that is
 * compiled in. */
static void add_shipped(ThemeList *list, const char *file_name)
{
    StrView name = name_of(sv(file_name));
    StrBuf own_name = {0};
    StrBuf text = {0};
    Err err = err_none();
    strbuf_add(&own_name, name);
    bool is_good =
        find_shipped(list, name, &text) && add_text(list, strbuf_view(&text), own_name.ptr, &err);
    if (!is_good && list->data_dir != NULL) {
        complain(list, &err);
        strbuf_clear(&text);
        (void)(embed_read(file_name, &text) &&
               add_text(list, strbuf_view(&text), own_name.ptr, NULL)); /* tested to be good */
    }
    strbuf_done(&text);
    strbuf_done(&own_name);
}

/* Puts the theme that was added last in the place of the one of its name; returns where it is. */
static size_t replace_older(ThemeList *list)
{
    const Theme *last = list->items[list->count - 1];
    size_t place = theme_list_find(list, sv(last->name));
    if (place < list->count - 1) {
        mem_free((Theme *)list->items[place]);
        list->items[place] = last;
        list->count--;
    }
    return place;
}

/* Returns where the theme is; SIZE_MAX = it is broken. */
static size_t add_file(ThemeList *list, const char *path, Err *err)
{
    StrBuf text = {0};
    bool is_good = read_own(path, &text, err) && add_text(list, strbuf_view(&text), path, err);
    strbuf_done(&text);
    return is_good ? replace_older(list) : SIZE_MAX;
}

static void add_users(ThemeList *list)
{
    StrBuf path = {0};
    strbuf_printf(&path, "%s/" FOLDER, list->user_dir);
    DIR *directory = opendir(path.ptr);
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        StrView name = name_of(sv(entry->d_name));
        Err err = err_none();
        if (name.ptr == NULL) {
            continue;
        }
        strbuf_clear(&path);
        add_own_path(list, name, &path);
        if (add_file(list, path.ptr, &err) == SIZE_MAX) {
            complain(list, &err);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory); /* was only read */
    }
    strbuf_done(&path);
}

/* --- order ------------------------------------------------------------------------------------ */

/* The two that most people choose between come first. */
static int rank(const Theme *theme)
{
    return strcmp(theme->name, "dark") == 0 ? 0 : strcmp(theme->name, "light") == 0 ? 1 : 2;
}

static int compare_themes(const void *a, const void *b)
{
    const Theme *one = *(const Theme *const *)a;
    const Theme *two = *(const Theme *const *)b;
    int by_rank = rank(one) - rank(two);
    return by_rank != 0 ? by_rank : strcmp(one->name, two->name);
}

void theme_list_load(ThemeList *ret, const char *data_dir, const char *user_dir)
{
    *ret = (ThemeList){.data_dir = data_dir, .user_dir = user_dir};
    for (const EmbeddedFile *file = EMBEDDED_FILES; file->name != NULL; file++) {
        if (sv_starts(sv(file->name), SV(FOLDER)) && name_of(sv(file->name)).ptr != NULL) {
            add_shipped(ret, file->name);
        }
    }
    if (user_dir != NULL) {
        add_users(ret);
    }
    qsort(ret->items, ret->count, sizeof ret->items[0], compare_themes);
}

void theme_list_done(ThemeList *list)
{
    for (size_t i = 0; i < list->count; i++) {
        mem_free((Theme *)list->items[i]);
    }
    strbuf_done(&list->complaints);
    *list = (ThemeList){.count = 0};
}

size_t theme_list_find(const ThemeList *list, StrView name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (sv_equal_nocase(sv(list->items[i]->name), name)) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* --- which ------------------------------------------------------------------------------------ */

static bool fail_none(const ThemeList *list, const char *wanted, Err *err)
{
    StrBuf names = {0};
    for (size_t i = 0; i < list->count; i++) {
        strbuf_printf(&names, "%s%s", i > 0 ? ", " : "", list->items[i]->name);
    }
    (void)err_set(err, "'%s' is none of %s, nor a file (which has a '/' in it)", wanted,
                  names.len > 0 ? names.ptr : "no themes");
    strbuf_done(&names);
    return false;
}

bool theme_list_begin_with(ThemeList *list, const char *wanted, Err *err)
{
    size_t chosen = theme_list_find(list, sv(wanted));
    if (chosen == SIZE_MAX && strchr(wanted, '/') != NULL) {
        chosen = add_file(list, wanted, err);
        if (chosen == SIZE_MAX) {
            return false;
        }
    }
    if (chosen == SIZE_MAX) {
        return fail_none(list, wanted, err);
    }
    const Theme *first = list->items[chosen];
    memmove(&list->items[1], &list->items[0], chosen * sizeof list->items[0]);
    list->items[0] = first;
    return true;
}

const char *theme_list_likely(TerminalColors colors)
{
    const char *ground = colors.ground != NULL ? strrchr(colors.ground, ';') : NULL;
    uint64_t number;
    if (colors.count < FULL_COUNT) {
        return colors.count > 0 ? "sixteen" : "monochrome";
    }
    bool is_light = ground != NULL && sv_to_u64(sv(ground + 1), &number) && number >= LIGHT_FIRST &&
                    number < ANSI_COUNT && number != BRIGHT_BLACK;
    return is_light ? "light" : "dark";
}
