/*
 * Config: where the user's files are, and what config.json says of panes and presets. What is wrong
 * in it is told and passed over. Its other members are settings.c, writing it back config_save.c.
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
#include "session/settings.h"
#include "session/user_file.h"

#define SETUP_USER "_mbsetupuser"
#define SUGGEST_MAX_DISTANCE 3
#define KNOWLEDGE_FILE "knowledge.json"
#define KNOWLEDGE_MAX_BYTES (4 * MIB)

#ifdef __APPLE__
#define HOME_DIRECTORY "Library/Application Support/mdmscope"
#define HOME_STATE_DIRECTORY HOME_DIRECTORY "/state"
#else
#define HOME_DIRECTORY ".config/mdmscope"
#define HOME_STATE_DIRECTORY ".local/state/mdmscope"
#endif

/* Members that are lists; those of settings.h come on top, and "about", which is for people. */
static const char *const LISTS[] = {"panes", "pane_order", "pane_closed", "presets"};
#define ABOUT_MEMBER "about"
#define MEMBERS_MAX 64

/* --- where the files are ---------------------------------------------------------------------- */

/* Puts a path together of the directory that `variable` names, or of `in_home`. */
static bool add_path(StrBuf *ret, const char *variable, const char *in_home, const char *file)
{
    const char *base = getenv(variable);
    const char *home = getenv("HOME");
    const struct passwd *user = home == NULL || home[0] == '\0' ? getpwuid(geteuid()) : NULL;
    home = user != NULL ? user->pw_dir : home;
    /* The XDG specification: a relative path is to be ignored. */
    if (base != NULL && base[0] == '/') {
        strbuf_printf(ret, "%s/mdmscope", base);
    } else if (home != NULL && home[0] == '/') {
        strbuf_printf(ret, "%s/%s", home, in_home);
    } else {
        return false;
    }
    if (file != NULL && file[0] != '\0') {
        strbuf_printf(ret, "/%s", file);
    }
    return true;
}

bool config_path(StrBuf *ret, const char *file)
{
    return add_path(ret, "XDG_CONFIG_HOME", HOME_DIRECTORY, file);
}

bool config_state_path(StrBuf *ret, const char *file)
{
    return add_path(ret, "XDG_STATE_HOME", HOME_STATE_DIRECTORY, file);
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
    const char *named = directory[0] != '\0' ? directory : ".";
    char *path = mem_dup(named, strlen(named));
    struct stat there;
    while (stat(path, &there) != 0 && errno == ENOENT && strcmp(path, ".") != 0) {
        char *slash = strrchr(path, '/');
        if (slash == NULL) {
            path[0] = '.'; /* it was a relative name, of one letter at least */
            path[1] = '\0';
        } else {
            slash[slash == path ? 1 : 0] = '\0';
        }
    }
    bool is_good =
        access(path, W_OK | X_OK) == 0 ||
        err_set(err, "nothing is saved: '%s' cannot be written to: %s", path, strerror(errno));
    mem_free(path);
    return is_good;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The file's name for messages. */
static const char *name_of(const Config *config)
{
    return sv_path_last(config->path).ptr; /* it ends where the path does, with its NUL */
}

static void add_line(Config *config, StrView line)
{
    config->errors = mem_realloc(config->errors, config->error_count + 1, sizeof *config->errors);
    config->errors[config->error_count++] = arena_dup(&config->arena, line);
}

void config_add_error(Config *config, const char *format, ...)
{
    StrBuf line = {0};
    va_list args;
    va_start(args, format);
    strbuf_vprintf(&line, format, args);
    va_end(args);
    add_line(config, strbuf_view(&line));
    strbuf_done(&line);
}

void config_add_error_at(Config *config, ConfigPlace place, const char *format, ...)
{
    StrBuf line = {0};
    va_list args;
    if (place.line > 0) {
        strbuf_printf(&line, "%s:%d:%d: ", name_of(config), place.line, place.column);
    }
    va_start(args, format);
    strbuf_vprintf(&line, format, args);
    va_end(args);
    add_line(config, strbuf_view(&line));
    strbuf_done(&line);
}

ConfigPlace config_place(const Node *node)
{
    return (ConfigPlace){.line = node->line, .column = node->column};
}

const char *config_nearest(StrView word, const char *const *words, size_t count)
{
    const char *nearest = NULL;
    size_t limit = word.len / 2 < SUGGEST_MAX_DISTANCE ? word.len / 2 : SUGGEST_MAX_DISTANCE;
    size_t best = limit + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = sv_distance(word, sv(words[i]));
        if (distance < best) {
            best = distance;
            nearest = words[i];
        }
    }
    return nearest;
}

/* A line about a pane or preset, or the member of it that `err` points to. */
static void add_fault(Config *config, const Node *node, const Err *err)
{
    ConfigPlace place = config_place(node);
    if (err->line > 0) {
        place = (ConfigPlace){.line = err->line, .column = err->column};
    }
    config_add_error_at(config, place, "%s", err->text);
}

static bool is_list(StrView name)
{
    for (size_t i = 0; i < ARRAY_LEN(LISTS); i++) {
        if (sv_equal(name, sv(LISTS[i]))) {
            return true;
        }
    }
    return false;
}

static void check_members(Config *config)
{
    const char *names[MEMBERS_MAX] = {ABOUT_MEMBER};
    size_t count = 1;
    for (size_t i = 0; i < ARRAY_LEN(LISTS); i++) {
        names[count++] = LISTS[i];
    }
    for (size_t i = 0; settings_name(i) != NULL && count < ARRAY_LEN(names); i++) {
        names[count++] = settings_name(i);
    }
    for (const Node *node = config->root->first; node != NULL; node = node->next) {
        const char *nearest = config_nearest(node->key, names, count);
        bool is_known = nearest != NULL && sv_equal(node->key, sv(nearest));
        if (!is_known && nearest != NULL) {
            config_add_error_at(config, config_place(node),
                                "unknown member '%.*s', did you mean '%s'?", SV_ARG(node->key),
                                nearest);
        } else if (!is_known) {
            config_add_error_at(config, config_place(node), "unknown member '%.*s'",
                                SV_ARG(node->key));
        } else if (is_list(node->key) && node->kind != NODE_LIST) {
            config_add_error_at(config, config_place(node), "'%s' must be a list", nearest);
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
        config_add_error_at(config, config_place(node), "%s: there is no pane '%.*s'", member,
                            SV_ARG(node->kind == NODE_TEXT ? node->text : SV("?")));
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
            config_add_error_at(config, config_place(node), "pane_closed: one pane has to stay");
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
            add_fault(config, node, &err);
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
            add_fault(config, node, &err);
        }
    }
}

/* --- knowledge -------------------------------------------------------------------------------- */

bool config_read_knowledge(Config *config, const char *directory, Stages *stages)
{
    StrBuf path = {0};
    StrBuf text = {0};
    Err err = err_none();
    bool is_unusable = false;
    strbuf_printf(&path, "%s/" KNOWLEDGE_FILE, directory);
    bool is_good = user_file_read(path.ptr, KNOWLEDGE_MAX_BYTES, &text, &err);
    if (is_good && sv_trim(strbuf_view(&text)).len > 0) {
        is_good = stages_add(stages, strbuf_view(&text), KNOWLEDGE_FILE, &err);
        is_unusable = !is_good;
    }
    if (!is_good) {
        config_add_error(config, "%s", err.text);
    }
    strbuf_done(&path);
    strbuf_done(&text);
    return !is_unusable;
}
