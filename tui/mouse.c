/*
 * Mouse: see mouse.h. A report that is not exactly in the form it should have means nothing. It
 * must never include curses.
 */
#include "tui/mouse.h"

#define PARAMETERS 3
#define DIGITS_MAX 6

/* Bits of the number of a button. */
#define BUTTON_MASK 3u
#define BUTTON_NONE 3u
#define BIT_SHIFT 4u
#define BIT_ALT 8u
#define BIT_CTRL 16u
#define BIT_MOTION 32u
#define BIT_WHEEL 64u
#define BITS_KNOWN 127u

static const uint32_t WHEELS[] = {
    KEY_CODE_MOUSE_WHEEL_UP,
    KEY_CODE_MOUSE_WHEEL_DOWN,
    KEY_CODE_MOUSE_WHEEL_LEFT,
    KEY_CODE_MOUSE_WHEEL_RIGHT,
};

/* Reads the numbers; a position outside the window, which some terminals tell of a drag as 0 or
 * less, is brought to its edge. */
static bool read_numbers(StrView text, unsigned numbers[PARAMETERS])
{
    size_t at = 0;
    for (size_t count = 0; count < PARAMETERS; count++) {
        bool is_negative = count > 0 && at < text.len && text.ptr[at] == '-';
        at += is_negative ? 1 : 0;
        size_t first = at;
        unsigned number = 0;
        while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
            number = number * 10 + (unsigned)(text.ptr[at] - '0');
            at++;
            if (at - first > DIGITS_MAX) {
                return false;
            }
        }
        bool is_last = count + 1 == PARAMETERS;
        bool is_ended = is_last ? at == text.len : at < text.len && text.ptr[at] == ';';
        if (at == first || !is_ended) {
            return false;
        }
        at++;
        numbers[count] = is_negative ? 0 : number;
    }
    return true;
}

static int16_t cell_of(unsigned number)
{
    unsigned cell = number > 0 ? number - 1 : 0;
    return (int16_t)(cell < KEY_CELL_MAX ? cell : KEY_CELL_MAX);
}

static uint8_t mods_of(unsigned bits)
{
    return (uint8_t)(((bits & BIT_SHIFT) != 0 ? KEY_SHIFT : 0) |
                     ((bits & BIT_ALT) != 0 ? KEY_ALT : 0) |
                     ((bits & BIT_CTRL) != 0 ? KEY_CTRL : 0));
}

bool mouse_parse(StrView parameters, char final, Key *ret_key)
{
    unsigned numbers[PARAMETERS];
    if ((final != 'M' && final != 'm') || !sv_starts(parameters, SV("<")) ||
        !read_numbers(sv_slice(parameters, 1, SIZE_MAX), numbers) || numbers[0] > BITS_KNOWN) {
        return false;
    }
    unsigned bits = numbers[0];
    unsigned button = bits & BUTTON_MASK;
    Key key = {.mods = mods_of(bits), .x = cell_of(numbers[1]), .y = cell_of(numbers[2])};
    if ((bits & BIT_WHEEL) != 0) {
        key.code = final == 'M' && (bits & BIT_MOTION) == 0 ? WHEELS[button] : KEY_CODE_NONE;
    } else if (button != BUTTON_NONE) { /* none: moved with no button held, not asked for */
        key.button = (uint8_t)button;
        key.code = final == 'm'               ? KEY_CODE_MOUSE_RELEASE
                   : (bits & BIT_MOTION) != 0 ? KEY_CODE_MOUSE_DRAG
                                              : KEY_CODE_MOUSE_PRESS;
        key.clicks = key.code == KEY_CODE_MOUSE_PRESS ? 1 : 0;
    }
    if (key.code == KEY_CODE_NONE) {
        return false;
    }
    *ret_key = key;
    return true;
}

Key mouse_count(MouseClicks *clicks, Key key, int64_t now)
{
    if (key.code != KEY_CODE_MOUSE_PRESS) {
        return key;
    }
    const Key *before = &clicks->press;
    bool is_double = before->clicks == 1 && before->button == key.button && before->x == key.x &&
                     before->y == key.y && now - clicks->time <= MOUSE_DOUBLE_NS;
    key.clicks = is_double ? 2 : 1;
    clicks->press = key;
    clicks->time = now;
    return key;
}
