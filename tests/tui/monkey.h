/*
 * What a monkey types: commands by their keys and by their names, texts for every prompt, the
 * mouse, pastes and plain nonsense, all out of one seed. It knows the table of commands but not the
 * screen; monkey_test.c feeds it to one. Included by that program only.
 */
#ifndef TESTS_TUI_MONKEY_H
#define TESTS_TUI_MONKEY_H

#include <string.h>

#include "base/utf8.h"
#include "tui/command.h"
#include "tui/keymap.h"
#include "tui/layout.h"

#define MONKEY_QUEUE 512

typedef struct Monkey {
    uint64_t seed;
    Key queue[MONKEY_QUEUE]; /* what it has made up its mind to type */
    size_t count, at;
    StrView paste; /* of the next KEY_CODE_PASTE */
    size_t commands;
    size_t named;      /* commands called by their names so far */
    int columns, rows; /* of the screen, for the mouse */
    Mode mode;         /* that the screen is in */
    bool is_busy;      /* something is open that takes the keys */
} Monkey;

/* xorshift64*: the same everywhere. */
static inline uint32_t monkey_random(Monkey *monkey)
{
    monkey->seed ^= monkey->seed >> 12;
    monkey->seed ^= monkey->seed << 25;
    monkey->seed ^= monkey->seed >> 27;
    return (uint32_t)((monkey->seed * UINT64_C(2685821657736338717)) >> 32);
}

static inline uint32_t monkey_below(Monkey *monkey, size_t limit)
{
    return monkey_random(monkey) % (uint32_t)limit;
}

#define MONKEY_PICK(monkey, array) ((array)[monkey_below((monkey), ARRAY_LEN(array))])

static inline void monkey_init(Monkey *monkey, uint64_t seed)
{
    *monkey = (Monkey){.seed = seed * UINT64_C(0x9E3779B97F4A7C15) + 1};
    while (COMMANDS[monkey->commands].name != NULL) {
        monkey->commands++;
    }
}

/* --- texts ------------------------------------------------------------------------------------ */

static const char *const MONKEY_PREDICATES[] = {
    "process == \"mdmclient\"",
    "subsystem == \"com.apple.ManagedClient\" AND NOT messageType == debug",
    "p=mdmclient|s=com.apple",
    "eventMessage CONTAINS[c] \"error\" OR messageType >= error",
    "eventMessage MATCHES \"(\"",
    "process == ",
    "process = = \"x\"",
    "(((",
    "proces == \"a\"",
    "NOT process IN {\"teslad\", \"mdmclient\"}",
    "eventMessage LIKE \"*401*\" AND (",
    "TRUEPREDICATE",
    "FALSEPREDICATE",
    "processID == 318 && threadID != 99",
    "",
};

static const char *const MONKEY_PATTERNS[] = {
    "error", "mdm", "(",       "a*b*c*", "[",  "\\bHTTP\\b",  "40[13]",
    "e",     ".",   "\\p{L}+", "登録",   "()", "(?i)profile", "nothing has this in it",
    "",
};

static const char *const MONKEY_WORDS[] = {
    "12:04",
    "-5m",
    "2026-09-08 12:04:31",
    "yesterday",
    "25:99",
    "a note",
    "note with \xe7\x99\xbb\xe9\x8c\xb2",
    "my pane",
    "All",
    "record",
    "mdmclient",
    "dark",
    "light",
    "high",
    "no such theme",
    "clock",
    "utc",
    "delta",
    "time level process message",
    "message",
    "process,time",
    "no such column",
    "10s",
    "1h",
    "-",
    "404",
    "vm",
    "logging",
    "e\xcc\x81\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
};

static const char *const MONKEY_PASTES[] = {
    "process == \"teslad\"",
    "two\nlines\r\nand\tmore",
    "\x1b[31mred\x07\x00 ends",
    "\xff\xfe broken \xc3",
    "\xe2\x80\xae turned \xe2\x81\xa6 round",
    "",
};

static inline const char *monkey_text(Monkey *monkey)
{
    switch (monkey_below(monkey, 4)) {
    case 0:
        return MONKEY_PICK(monkey, MONKEY_PREDICATES);
    case 1:
        return MONKEY_PICK(monkey, MONKEY_PATTERNS);
    default:
        return MONKEY_PICK(monkey, MONKEY_WORDS);
    }
}

/* --- making up its mind ----------------------------------------------------------------------- */

static inline void monkey_push(Monkey *monkey, Key key)
{
    if (monkey->count < MONKEY_QUEUE) {
        monkey->queue[monkey->count++] = key;
    }
}

static inline void monkey_push_code(Monkey *monkey, uint32_t code)
{
    monkey_push(monkey, (Key){.code = code});
}

static inline void monkey_push_text(Monkey *monkey, StrView text)
{
    while (text.len > 0) {
        monkey_push_code(monkey, utf8_next(&text));
    }
}

/* Most ends of what was typed are accepted, some are not, some go on. */
static inline void monkey_push_end(Monkey *monkey)
{
    static const uint32_t ENDS[] = {KEY_CODE_ENTER,  KEY_CODE_ENTER, KEY_CODE_ENTER,
                                    KEY_CODE_ESCAPE, KEY_CODE_TAB,   KEY_CODE_UP};
    monkey_push_code(monkey, MONKEY_PICK(monkey, ENDS));
}

/* One of the sequences of keys that a command has. */
static inline void monkey_push_keys(Monkey *monkey, const Command *command)
{
    StrView rest = sv(command->keys);
    StrView chosen = {0};
    Key keys[KEYMAP_KEYS_MAX];
    uint32_t seen = 0;

    while (rest.len > 0) {
        StrView sequence = command_next_keys(&rest);

        chosen = monkey_below(monkey, ++seen) == 0 ? sequence : chosen;
    }
    size_t count = chosen.len > 0 ? keymap_parse_keys(chosen, keys, NULL) : 0;

    for (size_t i = 0; i < count; i++) {
        monkey_push(monkey, keys[i]);
    }
}

/* A command of the mode it is in, or of any. */
static inline const Command *monkey_choose(Monkey *monkey)
{
    const Command *command = &COMMANDS[monkey_below(monkey, monkey->commands)];

    for (int tries = 0; tries < 200 && command->mode != monkey->mode; tries++) {
        command = &COMMANDS[monkey_below(monkey, monkey->commands)];
    }
    return command;
}

static inline void monkey_plan_command(Monkey *monkey)
{
    static const char *const COUNTS[] = {"", "", "", "", "", "", "3", "12", "4000"};

    monkey_push_text(monkey, sv(MONKEY_PICK(monkey, COUNTS)));
    monkey_push_keys(monkey, monkey_below(monkey, 2) == 0
                                 ? monkey_choose(monkey)
                                 : &COMMANDS[monkey_below(monkey, monkey->commands)]);
    if (monkey_below(monkey, 8) == 0) { /* it may have asked for something */
        monkey_push_text(monkey, sv(monkey_text(monkey)));
        monkey_push_end(monkey);
    }
}

/* What opens something and is seldom found by chance. */
static inline void monkey_plan_named(Monkey *monkey)
{
    static const char *const NAMES[] = {
        "predicate",     "search",          "highlight",  "stream", "library",  "columns",
        "save",          "palette",         "goto",       "note",   "playbook", "only-this",
        "detail",        "theme",           "new-pane",   "marks",  "help",     "split-side",
        "split-stacked", "along-histogram", "field-menu",
    };
    const Command *command = command_find_name(sv(MONKEY_PICK(monkey, NAMES)));

    monkey_push_keys(monkey, command);
    monkey_push_text(monkey, sv(monkey_text(monkey)));
    monkey_push_end(monkey);
}

/* Each command in turn, so that none depends on luck alone. */
static inline void monkey_plan_palette(Monkey *monkey)
{
    const Command *command = &COMMANDS[monkey->named++ % monkey->commands];

    if (monkey_below(monkey, 5) > 0) { /* out of what is open, and the mode */
        monkey_push_code(monkey, KEY_CODE_ESCAPE);
        monkey_push_code(monkey, KEY_CODE_ESCAPE);
    }
    monkey_push_code(monkey, ':');
    monkey_push_text(monkey, sv(command->name));
    if (command_text(command) != NULL ? monkey_below(monkey, 3) > 0
                                      : monkey_below(monkey, 9) == 0) {
        monkey_push_code(monkey, ' ');
        monkey_push_text(monkey, sv(monkey_text(monkey)));
    }
    monkey_push_code(monkey, KEY_CODE_ENTER);
}

static inline void monkey_plan_nonsense(Monkey *monkey)
{
    size_t count = 1 + monkey_below(monkey, 6);

    for (size_t i = 0; i < count; i++) {
        Key key = {.code = ' ' + monkey_below(monkey, 95)};

        if (monkey_below(monkey, 3) == 0) {
            key.code = KEY_CODE_UP + monkey_below(monkey, KEY_CODE_F12 - KEY_CODE_UP + 1);
        } else if (monkey_below(monkey, 20) == 0) {
            key.code = monkey_below(monkey, 0x20000);
        }
        key.mods = monkey_below(monkey, 6) == 0 ? (uint8_t)monkey_below(monkey, 4) : 0;
        monkey_push(monkey, key);
    }
}

static inline int16_t monkey_cell(Monkey *monkey, int limit)
{
    static const int16_t FAR[] = {0, KEY_CELL_MAX, 500, 131, 40};

    return monkey_below(monkey, 25) == 0 ? MONKEY_PICK(monkey, FAR)
                                         : (int16_t)monkey_below(monkey, (size_t)limit + 1);
}

static inline Key monkey_mouse(Monkey *monkey, uint32_t code)
{
    return (Key){.code = code,
                 .mods = monkey_below(monkey, 9) == 0 ? (uint8_t)monkey_below(monkey, 8) : 0,
                 .button = monkey_below(monkey, 9) == 0 ? (uint8_t)monkey_below(monkey, 3) : 0,
                 .x = monkey_cell(monkey, monkey->columns),
                 .y = monkey_cell(monkey, monkey->rows)};
}

/* A press, drags and (mostly) a release, or the wheel. */
static inline void monkey_plan_mouse(Monkey *monkey)
{
    if (monkey_below(monkey, 4) == 0) {
        monkey_push(monkey,
                    monkey_mouse(monkey, KEY_CODE_MOUSE_WHEEL_UP + monkey_below(monkey, 4)));
        return;
    }
    Key key = monkey_mouse(monkey, KEY_CODE_MOUSE_PRESS);

    key.clicks = 1;
    monkey_push(monkey, key);
    if (monkey_below(monkey, 3) == 0) {
        key.clicks = 2;
        monkey_push(monkey, key);
    }
    for (uint32_t i = monkey_below(monkey, 4); i > 0; i--) {
        monkey_push(monkey, monkey_mouse(monkey, KEY_CODE_MOUSE_DRAG));
    }
    if (monkey_below(monkey, 9) > 0) {
        monkey_push(monkey, monkey_mouse(monkey, KEY_CODE_MOUSE_RELEASE));
    }
}

static inline void monkey_plan(Monkey *monkey)
{
    uint32_t dice = monkey_below(monkey, 100);

    monkey->count = monkey->at = 0;
    if (monkey->is_busy && monkey_below(monkey, 2) == 0) {
        monkey_push_end(monkey); /* not for ever in one dialog */
    }
    if (dice < 50) {
        monkey_plan_command(monkey);
    } else if (dice < 56) {
        monkey_plan_named(monkey);
    } else if (dice < 63) {
        monkey_plan_palette(monkey);
    } else if (dice < 73) {
        monkey_plan_nonsense(monkey);
    } else if (dice < 85) {
        monkey_plan_mouse(monkey);
    } else if (dice < 88) {
        const char *paste = MONKEY_PICK(monkey, MONKEY_PASTES);

        monkey->paste = sv(paste);
        monkey_push_code(monkey, KEY_CODE_PASTE);
    } else if (dice < 93) { /* out of wherever it is */
        monkey_push_code(monkey, KEY_CODE_ESCAPE);
        monkey_push_code(monkey, KEY_CODE_ESCAPE);
    } else {
        static const char *const STEPS[] = {"jjjj", "kk", "nnn", "GG", "gj", "eee", "mmm", "zwzf"};

        monkey_push_text(monkey, sv(MONKEY_PICK(monkey, STEPS)));
    }
}

/* The next key. Never KEY_CODE_NONE. */
static inline Key monkey_key(Monkey *monkey)
{
    while (monkey->at == monkey->count || monkey->queue[monkey->at].code == KEY_CODE_NONE) {
        if (monkey->at < monkey->count) {
            monkey->at++;
        } else {
            monkey_plan(monkey);
        }
    }
    return monkey->queue[monkey->at++];
}

#endif
