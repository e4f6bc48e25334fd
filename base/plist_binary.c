/*
 * Binary property lists, version "00": a table of offsets at the end leads to the objects, which
 * refer to each other by number. Objects may be referred to twice and in circles: depth and number
 * of values are what bounds it.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/plist_internal.h"
#include "base/utf8.h"

#define HEAD_LEN 8
#define TRAILER_LEN 32
#define SECONDS_TO_2001 978307200.0 /* from 1970 */
#define DATE_MAX_SECONDS 8e9        /* from 2001: what nanoseconds in 64 bits can hold */
#define STAMP_SECONDS_LEN 19        /* "2026-09-08 10:00:16" */

typedef struct Binary {
    PlistReader *reader;
    size_t body_len; /* objects are before this byte */
    size_t table_at;
    size_t offset_size;
    size_t ref_size;
    uint64_t object_count;
} Binary;

/* A marker: kind in the upper four bits; how many there are of what follows at `at`. */
typedef struct Object {
    unsigned kind;
    unsigned low; /* the lower four bits of the marker */
    size_t at;
    size_t count;
} Object;

static Node *read_object(Binary *binary, uint64_t number);

/* Big-endian; the caller has checked the range. */
static uint64_t read_uint(StrView bytes, size_t at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | (unsigned char)bytes.ptr[at + i];
    }
    return value;
}

static bool fail(Binary *binary, size_t at, const char *what)
{
    return plist_fail(binary->reader, at, "%s", what);
}

/* Whether `count` items of `size` bytes from `at` on are within the objects. */
static bool fits(const Binary *binary, size_t at, size_t count, size_t size)
{
    return at <= binary->body_len && count <= (binary->body_len - at) / size;
}

/* Reads a marker and, where that says so, the number of items behind it. */
static bool read_head(Binary *binary, uint64_t number, Object *ret_object)
{
    StrView bytes = binary->reader->bytes;
    if (number >= binary->object_count) {
        return fail(binary, binary->table_at, "a reference to no object");
    }
    uint64_t start = read_uint(bytes, binary->table_at + (size_t)number * binary->offset_size,
                               binary->offset_size);
    if (start < HEAD_LEN || start >= binary->body_len) {
        return fail(binary, binary->table_at, "an offset leads outside");
    }
    size_t at = (size_t)start;
    unsigned marker = (unsigned char)bytes.ptr[at++];
    Object object = {.kind = marker >> 4, .low = marker & 0xF, .at = at, .count = marker & 0xF};
    if (object.kind >= 4 && object.kind != 8 && object.low == 0xF) {
        unsigned size_marker = fits(binary, at, 1, 1) ? (unsigned char)bytes.ptr[at] : 0;
        size_t size = (size_t)1 << (size_marker & 0xF);
        if (size_marker >> 4 != 1 || size > 8 || !fits(binary, at + 1, 1, size)) {
            return fail(binary, at, "a length that is no number");
        }
        uint64_t count = read_uint(bytes, at + 1, size);
        object.at = at + 1 + size;
        object.count = count > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)count;
    }
    binary->reader->at = (size_t)start;
    *ret_object = object;
    return true;
}

/* --- values without others in them ---------------------------------------------------------- */

static bool fill_simple(Binary *binary, const Object *object, Node *node)
{
    node->kind = object->low == 0 ? NODE_NULL : NODE_BOOL;
    node->truth = object->low == 9;
    return object->low == 0 || object->low == 8 || object->low == 9 ||
           fail(binary, object->at, "an unknown kind of object");
}

static bool keep_number(Binary *binary, Node *node, double value)
{
    StrBuf digits = {0};
    strbuf_printf(&digits, value == floor(value) && fabs(value) < 1e15 ? "%.0f" : "%.17g", value);
    node->number = value;
    node->text = plist_keep(binary->reader, strbuf_view(&digits));
    strbuf_done(&digits);
    return node->text.ptr != NULL;
}

static bool fill_integer(Binary *binary, const Object *object, Node *node)
{
    size_t size = (size_t)1 << object->low;
    if (size > 16 || !fits(binary, object->at, 1, size)) {
        return fail(binary, object->at, "a number that is too long");
    }
    size_t at = size == 16 ? object->at + 8 : object->at; /* of 128 bits the lower half */
    uint64_t value = read_uint(binary->reader->bytes, at, size == 16 ? 8 : size);
    StrBuf digits = {0};
    bool is_signed = size == 8 && value > INT64_MAX;
    uint64_t magnitude = is_signed ? 0 - value : value;
    strbuf_printf(&digits, "%s%" PRIu64, is_signed ? "-" : "", magnitude);
    node->kind = NODE_NUMBER;
    node->number = is_signed ? -(double)magnitude : (double)magnitude;
    node->text = plist_keep(binary->reader, strbuf_view(&digits));
    strbuf_done(&digits);
    return node->text.ptr != NULL;
}

/* A float of 4 or 8 bytes. */
static bool read_real(Binary *binary, const Object *object, double *ret_value)
{
    size_t size = (size_t)1 << object->low;
    if ((size != 4 && size != 8) || !fits(binary, object->at, 1, size)) {
        return fail(binary, object->at, "a number of an unknown length");
    }
    uint64_t bits = read_uint(binary->reader->bytes, object->at, size);
    if (size == 4) {
        uint32_t bits32 = (uint32_t)bits;
        float value;
        memcpy(&value, &bits32, sizeof value);
        *ret_value = (double)value;
    } else {
        memcpy(ret_value, &bits, sizeof *ret_value);
    }
    return true;
}

static bool fill_real(Binary *binary, const Object *object, Node *node)
{
    double value = 0;
    node->kind = NODE_NUMBER;
    return read_real(binary, object, &value) && keep_number(binary, node, value);
}

static bool fill_date(Binary *binary, const Object *object, Node *node)
{
    double seconds = 0;
    if (!read_real(binary, object, &seconds)) {
        return false;
    }
    char stamp[CLOCK_STAMP_MAX] = "out of range";
    node->kind = NODE_DATE;
    if (seconds > -DATE_MAX_SECONDS && seconds < DATE_MAX_SECONDS) {
        int64_t ns = (int64_t)floor(seconds + SECONDS_TO_2001) * NS_PER_SECOND;
        clock_format((Stamp){.ns = ns}, CLOCK_FULL, stamp);
        stamp[STAMP_SECONDS_LEN - 9] = 'T';
        stamp[STAMP_SECONDS_LEN] = 'Z';
        stamp[STAMP_SECONDS_LEN + 1] = '\0';
    }
    node->text = plist_keep(binary->reader, sv(stamp));
    return node->text.ptr != NULL;
}

static bool fill_bytes(Binary *binary, const Object *object, Node *node)
{
    if (!fits(binary, object->at, object->count, 1)) {
        return fail(binary, object->at, "it ends within a value");
    }
    StrView bytes = sv_slice(binary->reader->bytes, object->at, object->count);
    node->kind = object->kind == 4 ? NODE_DATA : NODE_TEXT;
    node->text = plist_keep(binary->reader, bytes);
    node->number = object->kind == 4 ? (double)bytes.len : 0;
    return node->text.ptr != NULL;
}

static bool fill_utf16(Binary *binary, const Object *object, Node *node)
{
    if (!fits(binary, object->at, object->count, 2)) {
        return fail(binary, object->at, "it ends within a value");
    }
    StrBuf text = {0};
    StrView bytes = binary->reader->bytes;
    for (size_t i = 0; i < object->count; i++) {
        uint32_t unit = (uint32_t)read_uint(bytes, object->at + 2 * i, 2);
        bool is_high = unit >= 0xD800 && unit < 0xDC00 && i + 1 < object->count;
        uint32_t next = is_high ? (uint32_t)read_uint(bytes, object->at + 2 * (i + 1), 2) : 0;
        if (next >= 0xDC00 && next < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00);
            i++;
        }
        utf8_append(&text, unit);
    }
    node->kind = NODE_TEXT;
    node->text = plist_keep(binary->reader, strbuf_view(&text));
    strbuf_done(&text);
    return node->text.ptr != NULL;
}

/* A number for archivers; it has no meaning of its own. */
static bool fill_uid(Binary *binary, const Object *object, Node *node)
{
    size_t size = object->low + 1;
    if (size > 8 || !fits(binary, object->at, 1, size)) {
        return fail(binary, object->at, "a number that is too long");
    }
    node->kind = NODE_NUMBER;
    return keep_number(binary, node, (double)read_uint(binary->reader->bytes, object->at, size));
}

/* --- values with others in them ------------------------------------------------------------- */

static uint64_t reference(const Binary *binary, const Object *object, size_t index)
{
    return read_uint(binary->reader->bytes, object->at + index * binary->ref_size,
                     binary->ref_size);
}

static bool fill_list(Binary *binary, const Object *object, Node *node)
{
    if (!fits(binary, object->at, object->count, binary->ref_size)) {
        return fail(binary, object->at, "it ends within a value");
    }
    const Node **link = &node->first;
    node->kind = NODE_LIST;
    for (size_t i = 0; i < object->count; i++) {
        Node *value = read_object(binary, reference(binary, object, i));
        if (value == NULL) {
            return false;
        }
        *link = value;
        link = &value->next;
        node->count++;
    }
    return true;
}

static bool fill_map(Binary *binary, const Object *object, Node *node)
{
    if (!fits(binary, object->at, object->count, 2 * binary->ref_size)) {
        return fail(binary, object->at, "it ends within a value");
    }
    const Node **link = &node->first;
    node->kind = NODE_MAP;
    for (size_t i = 0; i < object->count; i++) {
        Node *key = read_object(binary, reference(binary, object, i));
        if (key == NULL) {
            return false;
        }
        if (key->kind != NODE_TEXT) {
            return fail(binary, object->at, "a key that is no text");
        }
        Node *value = read_object(binary, reference(binary, object, object->count + i));
        if (value == NULL) {
            return false;
        }
        value->key = key->text;
        *link = value;
        link = &value->next;
        node->count++;
    }
    return true;
}

static Node *read_object(Binary *binary, uint64_t number)
{
    static bool (*const FILLS[16])(Binary *, const Object *, Node *) = {
        [0x0] = fill_simple, [0x1] = fill_integer, [0x2] = fill_real,  [0x3] = fill_date,
        [0x4] = fill_bytes,  [0x5] = fill_bytes,   [0x6] = fill_utf16, [0x7] = fill_bytes,
        [0x8] = fill_uid,    [0xA] = fill_list,    [0xC] = fill_list,  [0xD] = fill_map,
    };
    Object object = {.kind = 0};
    Node *node = NULL;
    if (plist_enter(binary->reader) && read_head(binary, number, &object)) {
        node = plist_node(binary->reader, NODE_NULL);
        if (node != NULL && FILLS[object.kind] == NULL) {
            (void)fail(binary, object.at, "an unknown kind of object");
            node = NULL;
        } else if (node != NULL && !FILLS[object.kind](binary, &object, node)) {
            node = NULL;
        }
    }
    plist_leave(binary->reader);
    return node;
}

const Node *plist_read_binary(PlistReader *reader)
{
    StrView bytes = reader->bytes;
    Binary binary = {.reader = reader};
    if (bytes.len < HEAD_LEN + TRAILER_LEN || !sv_starts(bytes, SV("bplist0"))) {
        (void)plist_fail(reader, 0, "it is cut, or of an unknown version");
        return NULL;
    }
    size_t trailer = bytes.len - TRAILER_LEN;
    uint64_t top = read_uint(bytes, trailer + 16, 8);
    uint64_t table = read_uint(bytes, trailer + 24, 8);
    binary.offset_size = (unsigned char)bytes.ptr[trailer + 6];
    binary.ref_size = (unsigned char)bytes.ptr[trailer + 7];
    binary.object_count = read_uint(bytes, trailer + 8, 8);
    bool has_sizes = binary.offset_size >= 1 && binary.offset_size <= 8 && binary.ref_size >= 1 &&
                     binary.ref_size <= 8;
    if (!has_sizes || table < HEAD_LEN || table > trailer ||
        binary.object_count > (trailer - table) / binary.offset_size) {
        (void)plist_fail(reader, trailer, "its table of objects is broken");
        return NULL;
    }
    binary.table_at = (size_t)table;
    binary.body_len = (size_t)table;
    return read_object(&binary, top);
}
