/*
 * Settings: what config.json says beside panes and presets, merged with the defaults and, by
 * whoever has them, with the command line: one table of members, out of which they are read,
 * checked and printed. Names of keys, commands and columns are kept as texts with their places:
 * their meaning is the screen's. It must never include anything of tui/ or themes/.
 */
#ifndef SESSION_SETTINGS_H
#define SESSION_SETTINGS_H

#include "base/base.h"
#include "base/str.h"
#include "session/config.h"
#include "session/options.h"

#define SETTINGS_MAX_HIGHLIGHTS 8
#define SETTINGS_MAX_KEYS 500
#define SETTINGS_MAX_COLUMNS 32 /* of a pane */
#define SETTINGS_MAX_COLUMN_LISTS 64
#define SETTINGS_MAX_START 64

typedef enum SettingDigits {
    SETTING_DIGITS_PANES, /* a digit goes to a pane */
    SETTING_DIGITS_COUNTS /* it begins a count */
} SettingDigits;

typedef enum SettingTime {
    SETTING_TIME_CLOCK,
    SETTING_TIME_UTC,
    SETTING_TIME_DELTA,     /* since the line before */
    SETTING_TIME_REFERENCE, /* since the reference entry */
    SETTING_TIME_RELATIVE   /* "2 m ago" */
} SettingTime;

typedef enum SettingLine {
    SETTING_LINE_USUAL,
    SETTING_LINE_WIDE,
    SETTING_LINE_COMPACT
} SettingLine;

typedef struct SettingText {
    StrView text;
    ConfigPlace place; /* for config_add_error_at */
} SettingText;

typedef struct SettingTexts {
    SettingText *items;
    size_t count;
} SettingTexts;

/* One member of "keys". */
typedef struct SettingKey {
    StrView mode;    /* nil = of no mode in particular */
    StrView keys;    /* "C-w v" */
    StrView command; /* with its argument; "" = what the keys do by default is taken away */
    ConfigPlace place;
} SettingKey;

/* One member of "columns". */
typedef struct SettingColumns {
    StrView pane; /* id of a pane, or "default" */
    SettingTexts columns;
    ConfigPlace place;
} SettingColumns;

/* One of "rules" in "redaction": a rule of the user's, or one of the program's switched. */
typedef struct SettingRule {
    StrView name;
    StrView pattern;     /* nil = a rule of the program's */
    StrView placeholder; /* the name in it */
    bool is_on;
} SettingRule;

typedef struct SettingRedaction {
    SettingRule *rules;
    size_t rule_count;
    SettingTexts keep; /* values that stay readable */
} SettingRedaction;

/* All texts live as long as the Config they were read from, or the command line. */
typedef struct Settings {
    SettingText theme; /* text nil = by the terminal */
    size_t buffer_bytes;
    SettingDigits digits;
    SettingTime time;
    SettingLine line;
    bool mouse;
    bool plain; /* no box drawing, words for glyphs */
    bool hint;  /* the hint of the first start may be shown */
    bool wrap;
    bool fold;      /* repeats */
    bool noise;     /* what is noise is shown */
    int64_t gap_ns; /* rule between entries further apart; 0 = never */
    SettingTexts highlights;
    SettingTexts start; /* commands, in order */
    SettingKey *keys;
    size_t key_count;
    SettingColumns *columns;
    size_t column_count;
    SettingRedaction redaction; /* see settings_redaction.h */
} Settings;

/* Gives the defaults. */
Settings settings_default(void);

/* Puts what the file says over `settings`; what is wrong with one member becomes a line in the
 * errors of `config`, and the others are taken all the same. */
void settings_take(Settings *settings, Config *config);

/* Puts what the command line says over that. */
void settings_take_options(Settings *settings, const Options *options);

/* What looks at settings for somebody who knows more of their meaning: it takes out what means
 * nothing, and adds a line to the errors of `config` for each. */
typedef void SettingsCheck(Settings *settings, Config *config, void *context);

/* Finds the columns of a pane, those of "default" where it has none; NULL = neither. */
const SettingColumns *settings_columns(const Settings *settings, StrView pane);

/* Appends the settings as members of a JSON object, each on a line of its own that ends in a comma
 * and a newline: first "about", which tells what the others mean. */
void settings_print(const Settings *settings, StrBuf *buf);

/* The names of the members, for checks; NULL from the end on. */
const char *settings_name(size_t index);

#endif
