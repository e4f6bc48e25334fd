/*
 * Config: where the user's files are, and what config.json says of panes and presets. What is wrong
 * in it is told and passed over. Writing it back is config_save.c.
 */
#include "session/config.h"

#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "session/user_file.h"

#define SETUP_USER "_mbsetupuser"
#define SUGGEST_MAX_DISTANCE 3

#ifdef __APPLE__
#define HOME_DIRECTORY "Library/Application Support/mdmscope"
#else
#define HOME_DIRECTORY ".config/mdmscope"
#endif

static const char *const MEMBERS[] = {"panes", "pane_order", "pane_closed", "presets"};

/* --- where the files are ---------------------------------------------------------------------- */

bool config_path(StrBuf *ret, const char *file)
{
    const char *base = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    const struct passwd *user = home == NULL || home[0] == '\0' ? getpwuid(geteuid()) : NULL;
    home = user != NULL ? user->pw_dir : home;
    /* The XDG specification: a relative path is to be ignored. */
    if (base != NULL && base[0] == '/') {
        strbuf_printf(ret, "%s/mdmscope", base);
    } else if (home != NULL && home[0] == '/') {
        strbuf_printf(ret, "%s/" HOME_DIRECTORY, home);
    } else {
        return false;
    }
    if (file != NULL && file[0] != '\0') {
        strbuf_printf(ret, "/%s", file);
    }
    return true;
}

/* Name of the user at the console, "" when nobody knows. */
static void print_console_user(StrBuf *buf)
{
    struct stat console;
    const struct passwd *user =
        stat("/dev/console", &console) == 0 ? getpwuid(console.st_uid) : NULL;
    strbuf_add_str(buf, user != NULL ? user->pw_name : "");
}

static bool is_setup(const char *user)
{
    StrBuf console = {0};
    if (user != NULL) {
        return strcmp(user, SETUP_USER) == 0;
    }
    print_console_user(&console);
    const struct passwd *self = getpwuid(geteuid());
    bool is_so = sv_equal(strbuf_view(&console), SV(SETUP_USER)) ||
                 (self != NULL && strcmp(self->pw_name, SETUP_USER) == 0);
    strbuf_done(&console);
    return is_so;
}

bool config_may_write(const char *directory, const char *user, Err *err)
{
    if (is_setup(user)) {
        return err_set(err, "nothing is saved: this is Setup Assistant, whose user is not kept");
    }
    /* What is there of the path decides: the rest would be made. */
    char *path = mem_dup(directory, strlen(directory));
    struct stat there;
    while (stat(path, &there) != 0 && errno == ENOENT && strrchr(path, '/') != NULL) {
        char *slash = strrchr(path, '/');
        slash[slash == path ? 1 : 0] = '\0';
        if (slash == path) {
            break;
        }
    }
    bool is_good =
        access(path, W_OK | X_OK) == 0 ||
        err_set(err, "nothing is saved: '%s' cannot be written to: %s", path, strerror(errno));
    mem_free(path);
    return is_good;
}

/* --- reading ---------------------------------------------------------------------------------- */

void config_add_error(Config *config, const char *format, ...)
{
    StrBuf line = {0};
    va_list args;
    va_start(args, format);
    strbuf_vprintf(&line, format, args);
    va_end(args);
    config->errors = mem_realloc(config->errors, config->error_count + 1, sizeof *config->errors);
    config->errors[config->error_count++] = arena_dup(&config->arena, strbuf_view(&line));
    strbuf_done(&line);
}

/* The file's name for messages. */
static const char *name_of(const Config *config)
{
    return sv_path_last(config->path).ptr; /* it ends where the path does, with its NUL */
}

/* A line about `node`; a list's element is found by its first member. */
static void add_error_at(Config *config, const Node *node, const Err *err)
{
    int line = node->kind == NODE_MAP && node->first != NULL ? node->first->line : node->line;
    config_add_error(config, "%s:%d: %s", name_of(config), err->line > 0 ? err->line : line,
                     err->text);
}

static void check_members(Config *config)
{
    for (const Node *node = config->root->first; node != NULL; node = node->next) {
        const char *nearest = NULL;
        size_t best = SUGGEST_MAX_DISTANCE + 1;
        for (size_t i = 0; i < ARRAY_LEN(MEMBERS); i++) {
            size_t distance = sv_distance(node->key, sv(MEMBERS[i]));
            if (distance < best) {
                best = distance;
                nearest = MEMBERS[i];
            }
        }
        bool is_known = nearest != NULL && sv_equal(node->key, sv(nearest));
        if (!is_known && nearest != NULL) {
            config_add_error(config, "%s:%d: unknown member '%.*s', did you mean '%s'?",
                             name_of(config), node->line, SV_ARG(node->key), nearest);
        } else if (!is_known) {
            config_add_error(config, "%s:%d: unknown member '%.*s'", name_of(config), node->line,
                             SV_ARG(node->key));
        } else if (node->kind != NODE_LIST) {
            config_add_error(config, "%s:%d: '%s' must be a list", name_of(config), node->line,
                             nearest);
        }
    }
}

void config_read(Config *ret, const char *path)
{
    StrBuf text = {0};
    Err err = err_none();
    *ret = (Config){0};
    if (path == NULL) {
        return;
    }
    ret->path = arena_dup(&ret->arena, sv(path));
    if (!user_file_read(path, CONFIG_MAX_BYTES, &text, &err)) {
        ret->is_broken = true;
        config_add_error(ret, "%s", err.text);
    } else if (sv_trim(strbuf_view(&text)).len > 0) {
        ret->root = node_read(&ret->arena, strbuf_view(&text), name_of(ret), &err);
        if (ret->root != NULL && ret->root->kind != NODE_MAP) {
            (void)err_set(&err, "%s: must be a map: {…}", name_of(ret));
            ret->root = NULL;
        }
        if (ret->root == NULL) {
            ret->is_broken = true;
            config_add_error(ret, "%s", err.text);
        } else {
            check_members(ret);
        }
    }
    strbuf_done(&text);
}

void config_read_chosen(Config *ret, const char *file, const char *directory)
{
    StrBuf path = {0};
    if (file == NULL && directory != NULL) {
        strbuf_printf(&path, "%s/" CONFIG_FILE, directory);
        file = path.ptr;
    }
    bool is_named = path.len == 0;
    config_read(ret, file);
    if (is_named && file != NULL && access(file, F_OK) != 0) {
        config_add_error(ret, "%s: there is no such file yet", file);
    }
    strbuf_done(&path);
}

void config_done(Config *config)
{
    mem_free(config->errors);
    arena_done(&config->arena);
    *config = (Config){0};
}

/* First element of a list member, NULL when there is none. */
static const Node *elements(const Config *config, const char *member)
{
    const Node *list = node_find(config->root, member);
    return list != NULL && list->kind == NODE_LIST ? list->first : NULL;
}

/* --- panes ------------------------------------------------------------------------------------ */

static size_t find_id(const PaneDef *panes, size_t count, StrView id)
{
    for (size_t i = 0; i < count; i++) {
        if (sv_equal_nocase(panes[i].id, id)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void move_pane(PaneDef *panes, size_t from, size_t to)
{
    PaneDef moved = panes[from];
    for (; from < to; from++) {
        panes[from] = panes[from + 1];
    }
    for (; from > to; from--) {
        panes[from] = panes[from - 1];
    }
    panes[to] = moved;
}

/* Gives the index of the pane that an element names, SIZE_MAX with a line when there is none. */
static size_t named_pane(Config *config, const PaneDefs *defs, const char *member, const Node *node)
{
    size_t index =
        node->kind == NODE_TEXT ? find_id(defs->items, defs->count, node->text) : SIZE_MAX;
    if (index == SIZE_MAX) {
        config_add_error(config, "%s:%d: %s: there is no pane '%.*s'", name_of(config), node->line,
                         member, SV_ARG(node->kind == NODE_TEXT ? node->text : SV("?")));
    }
    return index;
}

static size_t put_in_order(Config *config, PaneDefs *defs)
{
    size_t placed = 0;
    for (const Node *node = elements(config, "pane_order"); node != NULL; node = node->next) {
        size_t index = named_pane(config, defs, "pane_order", node);
        if (index != SIZE_MAX && index >= placed) {
            move_pane(defs->items, index, placed++);
        }
    }
    return placed;
}

/* A pane whose place nothing else says goes to the place of its key. */
static void put_by_keys(const Config *config, PaneDefs *defs, size_t placed)
{
    for (const Node *node = elements(config, "panes"); node != NULL; node = node->next) {
        StrView key = node_text(node, "key");
        size_t index = find_id(defs->items, defs->count, node_text(node, "id"));
        if (index == SIZE_MAX || index < placed || key.len != 1 || key.ptr[0] < '1' ||
            key.ptr[0] > '9') {
            continue;
        }
        size_t to = (size_t)(key.ptr[0] - '1');
        move_pane(defs->items, index, to < defs->count ? to : defs->count - 1);
    }
}

static void close_panes(Config *config, PaneDefs *defs)
{
    for (const Node *node = elements(config, "pane_closed"); node != NULL; node = node->next) {
        size_t index = named_pane(config, defs, "pane_closed", node);
        if (index != SIZE_MAX && defs->count == 1) {
            config_add_error(config, "%s:%d: pane_closed: one pane has to stay", name_of(config),
                             node->line);
        } else if (index != SIZE_MAX) {
            move_pane(defs->items, index, defs->count - 1);
            defs->count--;
        }
    }
}

void config_take_panes(Config *config, PaneDefs *defs)
{
    for (const Node *node = elements(config, "panes"); node != NULL; node = node->next) {
        Err err = err_none();
        if (!pane_defs_read_one(defs, node, &err)) {
            add_error_at(config, node, &err);
        }
    }
    put_by_keys(config, defs, put_in_order(config, defs));
    close_panes(config, defs);
}

void config_take_presets(Config *config, Presets *presets)
{
    for (const Node *node = elements(config, "presets"); node != NULL; node = node->next) {
        Err err = err_none();
        if (!presets_read_one(presets, node, true, &err)) {
            add_error_at(config, node, &err);
        }
    }
}
