/*
 * Keymap: a flat list of bindings. It is walked at every key: there are some hundred, and nobody
 * types that fast.
 */
#include "tui/keymap.h"

#include "base/arena.h"
#include "base/mem.h"

struct Keymap {
    Arena arena; /* texts of the user's bindings */
    Binding *items;
    size_t count;
    size_t capacity;
};

static bool same_key(Key a, Key b)
{
    return a.code == b.code && a.mods == b.mods;
}

/* Whether the shorter of the two sequences is the other's beginning. */
static bool overlaps(const Binding *binding, const Key *keys, size_t count)
{
    for (size_t i = 0; i < binding->key_count && i < count; i++) {
        if (!same_key(binding->keys[i], keys[i])) {
            return false;
        }
    }
    return true;
}

static void remove_overlapping(Keymap *keymap, Mode mode, const Key *keys, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < keymap->count; i++) {
        if (keymap->items[i].mode != mode || !overlaps(&keymap->items[i], keys, count)) {
            keymap->items[kept++] = keymap->items[i];
        }
    }
    keymap->count = kept;
}

static void append(Keymap *keymap, const Binding *binding)
{
    mem_grow((void **)&keymap->items, &keymap->capacity, keymap->count, sizeof *keymap->items);
    keymap->items[keymap->count++] = *binding;
}

/* A test proves that the table's keys have names and do not overlap. */
static void add_defaults(Keymap *keymap, const Command *command)
{
    StrView rest = sv(command->keys);

    while (rest.len > 0) {
        StrView sequence = command_next_keys(&rest);
        Binding binding = {.mode = command->mode, .command = command, .text = SV_NONE};

        binding.key_count = keymap_parse_keys(sequence, binding.keys, NULL);
        append(keymap, &binding);
    }
}

Keymap *keymap_new(void)
{
    Keymap *keymap = mem_calloc(1, sizeof *keymap);

    for (const Command *command = COMMANDS; command->name != NULL; command++) {
        add_defaults(keymap, command);
    }
    return keymap;
}

void keymap_free(Keymap *keymap)
{
    if (keymap == NULL) {
        return;
    }
    arena_done(&keymap->arena);
    mem_free(keymap->items);
    mem_free(keymap);
}

bool keymap_set(Keymap *keymap, Mode mode, StrView keys, StrView command, Err *err)
{
    Binding binding = {.mode = mode};

    binding.key_count = keymap_parse_keys(keys, binding.keys, err);
    if (binding.key_count == 0) {
        return false;
    }
    if (sv_trim(command).len > 0) {
        StrView text;

        binding.command = command_parse(command, &text, err);
        if (binding.command == NULL) {
            return false;
        }
        binding.text = text.len > 0 ? arena_dup(&keymap->arena, text) : SV_NONE;
    }
    remove_overlapping(keymap, mode, binding.keys, binding.key_count);
    if (binding.command != NULL) {
        append(keymap, &binding);
    }
    return true;
}

static KeymapFound find_here(const Keymap *keymap, Mode mode, const Key *keys, size_t count,
                             const Binding **ret_binding)
{
    for (size_t i = 0; i < keymap->count; i++) {
        const Binding *binding = &keymap->items[i];

        if (binding->mode != mode || binding->key_count < count ||
            !overlaps(binding, keys, count)) {
            continue;
        }
        if (binding->key_count > count) {
            return KEYMAP_PREFIX;
        }
        *ret_binding = binding;
        return KEYMAP_BINDING;
    }
    return KEYMAP_NOTHING;
}

KeymapFound keymap_find(const Keymap *keymap, Mode mode, const Key *keys, size_t count,
                        const Binding **ret_binding)
{
    for (;;) {
        KeymapFound found = find_here(keymap, mode, keys, count, ret_binding);

        if (found != KEYMAP_NOTHING || !command_mode_parent(mode, &mode)) {
            return found;
        }
    }
}

size_t keymap_count(const Keymap *keymap)
{
    return keymap->count;
}

const Binding *keymap_get(const Keymap *keymap, size_t index)
{
    return &keymap->items[index];
}

void keymap_print_keys(const Keymap *keymap, const Command *command, size_t most, StrBuf *buf)
{
    size_t printed = 0;

    for (size_t i = 0; i < keymap->count && printed < most; i++) {
        const Binding *binding = &keymap->items[i];

        if (binding->command == command && binding->text.len == 0) {
            strbuf_add_str(buf, printed++ > 0 ? ", " : "");
            keymap_print_sequence(binding->keys, binding->key_count, buf);
        }
    }
}

size_t keymap_parse_keys(StrView text, Key ret_keys[KEYMAP_KEYS_MAX], Err *err)
{
    const char *start = text.ptr;
    size_t count = 0;

    text = sv_trim(text);
    while (text.len > 0) {
        StrView name = sv_slice(text, 0, sv_find_char(text, ' '));
        size_t offset = (size_t)(name.ptr - start);

        if (count == KEYMAP_KEYS_MAX) {
            (void)err_set_at(err, offset, "more than %d keys in a row", KEYMAP_KEYS_MAX);
            return 0;
        }
        if (!key_parse(name, &ret_keys[count])) {
            (void)err_set_at(err, offset, "no key is called '%.*s'", SV_ARG(name));
            return 0;
        }
        count++;
        text = sv_slice(text, name.len, SIZE_MAX);
        while (text.len > 0 && text.ptr[0] == ' ') {
            text = sv_slice(text, 1, SIZE_MAX);
        }
    }
    if (count == 0) {
        (void)err_set_at(err, 0, "no key is named");
    }
    return count;
}

void keymap_print_sequence(const Key *keys, size_t count, StrBuf *buf)
{
    for (size_t i = 0; i < count; i++) {
        strbuf_add_str(buf, i > 0 ? " " : "");
        key_print(keys[i], buf);
    }
}
