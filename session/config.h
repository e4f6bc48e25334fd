/*
 * Config: the user's files: where they are, what config.json says, and writing it back without
 * harm: only the members that changed, the whole file or nothing. Each function takes the place as
 * a parameter; only config_path reads the environment. It knows no session and must never include
 * anything of tui/.
 */
#ifndef SESSION_CONFIG_H
#define SESSION_CONFIG_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/node.h"
#include "base/str.h"
#include "filters/panes.h"
#include "filters/presets.h"
#include "filters/stages.h"

#define CONFIG_FILE "config.json"
#define CONFIG_MAX_BYTES (1 * MIB)

/* Appends the path of `file` in the user's directory: $XDG_CONFIG_HOME/mdmscope; else
 * ~/Library/Application Support/mdmscope on macOS, ~/.config/mdmscope elsewhere. NULL or "" gives
 * the directory. False when there is no home. */
bool config_path(StrBuf *ret, const char *file);

/* The same for what the program remembers by itself: $XDG_STATE_HOME/mdmscope; else
 * ~/Library/Application Support/mdmscope/state on macOS, ~/.local/state/mdmscope elsewhere. */
bool config_state_path(StrBuf *ret, const char *file);

/* Tells whether files may be written to `directory`, which need not be there yet, by `user` (NULL =
 * whoever is at the console, else whoever runs this); if not, `err` says why. Setup Assistant's
 * user has a home that is not kept: nothing is written for it. */
bool config_may_write(const char *directory, const char *user, Err *err);

/* Where in the file something stands. */
typedef struct ConfigPlace {
    int line; /* from 1; 0 = nowhere */
    int column;
} ConfigPlace;

/* What config.json says. All zeroes = nothing. */
typedef struct Config {
    Arena arena;
    StrView path;     /* nil = there is none */
    const Node *root; /* NULL = no file, or it cannot be read */
    StrView *errors;  /* lines for the user: "config.json:12:3: …" */
    size_t error_count;
    bool is_broken; /* the file is there and cannot be read as a whole */
} Config;

/* Reads the file at `path`, NULL = none. A file that is not there or blank says nothing; whatever
 * else is wrong, unknown members too, is a line in `errors`. */
void config_read(Config *ret, const char *path);

/* The same for the file of --config, or where that is NULL config.json in `directory`, which may be
 * NULL as well. A file of --config that is not there is a line in `errors`. */
void config_read_chosen(Config *ret, const char *file, const char *directory);
void config_done(Config *config);

/* Adds a line to the errors, with the name of the file and a place before it in the second case. */
void config_add_error(Config *config, const char *format, ...) PRINTF_LIKE(2, 3);
void config_add_error_at(Config *config, ConfigPlace place, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Tells where a node stands. */
ConfigPlace config_place(const Node *node);

/* Finds the word that was meant by a misspelt one; NULL = none is near. */
const char *config_nearest(StrView word, const char *const *words, size_t count);

/* Adds the panes and presets of the file to those there are; what is wrong with one becomes a line
 * in `errors`, and the others are taken all the same. Panes come in the order of the member
 * "pane_order" (a list of ids), those it does not name after it; a pane with a "key" and without a
 * place in "pane_order" goes to the place of its key; those of "pane_closed" are left out. */
void config_take_panes(Config *config, PaneDefs *defs);
void config_take_presets(Config *config, Presets *presets);

/* Adds what the user's knowledge.json in `directory` says to the stages. What is wrong with the
 * file becomes a line in `errors`; false where the stages are of no use any more. */
bool config_read_knowledge(Config *config, const char *directory, Stages *stages);

/* Writes the panes to the file at `path`: the definitions that are not the same among `builtin`,
 * the order, and what of `builtin` is closed. All other members stay as they are in the file now,
 * byte for byte. Fails, and leaves the file alone, when it cannot be read or has faulty panes in
 * it. */
bool config_save_panes(const char *path, const PaneDefs *builtin, const PaneDef *panes,
                       size_t count, Err *err);

/* Sets a member that is a text; the rest of the file stays as it is, byte for byte. */
bool config_save_text(const char *path, const char *member, StrView text, Err *err);

/* Appends the members "panes", "pane_order" and "pane_closed" as config_save_panes writes them, and
 * "presets" with those of the user's own; without a comma behind the last. */
void config_print_lists(const PaneDefs *builtin, const PaneDefs *defs, const Presets *presets,
                        StrBuf *buf);

/* Puts one preset into the file at `path` or takes one out, by name; the rest of the file stays as
 * it is, the presets that another program has put there as well. */
bool config_save_preset(const char *path, const Preset *preset, Err *err);
bool config_remove_preset(const char *path, StrView name, Err *err);

#endif
