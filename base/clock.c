/*
 * Stamps and lengths of time, read and written by hand: strptime and mktime are slow, know locales
 * and zones, and stamps come by the hundred thousand. Only the last two functions ask the system.
 */
#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/ascii.h"

#define SECONDS_PER_DAY 86400
/* What 64-bit nanoseconds can hold with a margin for the zone. */
#define YEAR_FIRST 1678
#define YEAR_LAST 2261

typedef struct Date {
    int year, month, day;
} Date;

/* --- calendar --------------------------------------------------------------------------------- */

/* Days since 1970-01-01 in the Gregorian calendar: years are counted from March, so that the leap
 * day is the last day of a year, and in cycles of 400 years. */
static int64_t days_from_date(Date date)
{
    int year = date.month <= 2 ? date.year - 1 : date.year;
    int cycle = year / 400; /* years are positive here */
    int year_of_cycle = year - cycle * 400;
    int month = (date.month + 9) % 12; /* March = 0 */
    int day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    return (int64_t)cycle * 146097 + day_of_cycle - 719468;
}

static Date date_from_days(int64_t days)
{
    int shifted = (int)(days + 719468); /* from 0000-03-01; stamps never lie before it */
    int cycle = shifted / 146097;
    int day_of_cycle = shifted % 146097;
    int year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36524 - day_of_cycle / 146096) / 365;
    int day_of_year =
        day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    int month = (5 * day_of_year + 2) / 153;
    Date date = {
        .year = cycle * 400 + year_of_cycle + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
    return date;
}

static bool is_date(Date date)
{
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (date.month < 1 || date.month > 12 || date.day < 1 || date.year < YEAR_FIRST ||
        date.year > YEAR_LAST) {
        return false;
    }
    bool is_leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    return date.day <= lengths[date.month - 1] + (date.month == 2 && is_leap ? 1 : 0);
}

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Reads exactly two digits; -1 when they are not digits. */
static int two_digits(const char *ptr)
{
    unsigned tens = (unsigned)(unsigned char)ptr[0] - '0';
    unsigned ones = (unsigned)(unsigned char)ptr[1] - '0';
    return tens > 9 || ones > 9 ? -1 : (int)(tens * 10 + ones);
}

/* Reads "YYYY-MM-DD", ten bytes that must be there. */
static bool read_date(const char *ptr, Date *ret_date)
{
    int century = two_digits(ptr);
    int year = two_digits(ptr + 2);
    Date date = {
        .year = century * 100 + year, .month = two_digits(ptr + 5), .day = two_digits(ptr + 8)};
    if (century < 0 || year < 0 || ptr[4] != '-' || ptr[7] != '-' || !is_date(date)) {
        return false;
    }
    *ret_date = date;
    return true;
}

/* Reads ".f{1,9}" into nanoseconds; returns the bytes read, 0 when there is no fraction. */
static size_t read_fraction(StrView text, int64_t *ret_ns)
{
    static const int64_t scale[] = {1000000000, 100000000, 10000000, 1000000, 100000,
                                    10000,      1000,      100,      10,      1};

    *ret_ns = 0;
    if (text.len < 2 || text.ptr[0] != '.') {
        return 0;
    }
    int64_t value = 0;
    size_t digits = 0;
    while (digits < 9 && digits + 1 < text.len && ascii_is_digit(text.ptr[digits + 1])) {
        value = value * 10 + (text.ptr[digits + 1] - '0');
        digits++;
    }
    *ret_ns = value * scale[digits];
    return digits > 0 ? digits + 1 : 0;
}

/* Reads "HH:MM[:SS[.f]]" into nanoseconds of the day; returns the bytes read or 0. */
static size_t read_time(StrView text, bool needs_seconds, int64_t *ret_ns)
{
    const char *ptr = text.ptr;
    if (text.len < 5 || ptr[2] != ':') {
        return 0;
    }
    int hour = two_digits(ptr);
    int minute = two_digits(ptr + 3);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
        return 0;
    }
    size_t used = 5;
    int second = 0;
    int64_t fraction = 0;
    if (text.len >= 8 && ptr[5] == ':') {
        second = two_digits(ptr + 6);
        if (second < 0 || second > 60) {
            return 0;
        }
        used = 8 + read_fraction((StrView){ptr + 8, text.len - 8}, &fraction);
    } else if (needs_seconds) {
        return 0;
    }
    *ret_ns = ((int64_t)(hour * 60 + minute) * 60 + second) * NS_PER_SECOND + fraction;
    return used;
}

/* Reads "Z" or "±HH[[:]MM]" into minutes; returns the bytes read, 0 when there is no zone. */
static size_t read_zone(StrView text, int16_t *ret_minutes)
{
    if (text.len == 0) {
        return 0;
    }
    char sign = text.ptr[0];
    if (sign == 'Z') {
        *ret_minutes = 0;
        return 1;
    }
    if ((sign != '+' && sign != '-') || text.len < 3) {
        return 0;
    }
    int hours = two_digits(text.ptr + 1);
    if (hours < 0 || hours > 23) {
        return 0;
    }
    size_t used = 3;
    int minutes = 0;
    size_t at = text.len > 3 && text.ptr[3] == ':' ? 4 : 3;
    if (text.len >= at + 2) {
        int read = two_digits(text.ptr + at);
        if (read >= 0 && read <= 59) {
            minutes = read;
            used = at + 2;
        }
    }
    int east = hours * 60 + minutes;
    *ret_minutes = (int16_t)(sign == '-' ? -east : east);
    return used;
}

static int64_t point_of(Date date, int64_t ns_of_day, int zone_minutes)
{
    int64_t seconds = days_from_date(date) * SECONDS_PER_DAY - (int64_t)zone_minutes * 60;
    return seconds * NS_PER_SECOND + ns_of_day;
}

size_t clock_parse_stamp(StrView text, int16_t default_zone, Stamp *ret_stamp)
{
    Date date;
    if (text.len < 19 || (text.ptr[10] != ' ' && text.ptr[10] != 'T') ||
        !read_date(text.ptr, &date)) {
        return 0;
    }
    int64_t ns_of_day;
    size_t time_len = read_time((StrView){text.ptr + 11, text.len - 11}, true, &ns_of_day);
    if (time_len == 0) {
        return 0;
    }
    size_t used = 11 + time_len;
    int16_t zone = default_zone;
    used += read_zone((StrView){text.ptr + used, text.len - used}, &zone);
    *ret_stamp = (Stamp){.ns = point_of(date, ns_of_day, zone), .zone_minutes = zone};
    return used;
}

bool clock_parse_length(StrView text, int64_t *ret_ns, Err *err)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {
        {"", NS_PER_SECOND},       {"s", NS_PER_SECOND},        {"ms", NS_PER_MS},
        {"m", 60 * NS_PER_SECOND}, {"h", 3600 * NS_PER_SECOND}, {"d", 86400 * NS_PER_SECOND},
    };

    size_t digits = 0;
    while (digits < text.len && ascii_is_digit(text.ptr[digits])) {
        digits++;
    }
    StrView number = sv_slice(text, 0, digits);
    StrView unit = sv_slice(text, digits, text.len);
    uint64_t count;
    if (digits == 0) {
        return err_set_at(err, 0, "bad length of time '%.*s': expected a number and s, m, h or d",
                          SV_ARG(text));
    }
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (!sv_equal(unit, sv(units[i].name))) {
            continue;
        }
        if (!sv_to_u64(number, &count) || count > (uint64_t)(INT64_MAX / units[i].ns)) {
            return err_set_at(err, 0, "length of time '%.*s' is too long", SV_ARG(text));
        }
        *ret_ns = (int64_t)count * units[i].ns;
        return true;
    }
    return err_set_at(err, digits, "unknown unit '%.*s' of time: use ms, s, m, h or d",
                      SV_ARG(unit));
}

/* Reads "unixtime[.f]", the part behind the '@'. */
static bool parse_unixtime(StrView text, int64_t *ret_ns)
{
    size_t dot = sv_find_char(text, '.');
    int64_t seconds, fraction = 0;
    if (!sv_to_i64(sv_slice(text, 0, dot), &seconds) || seconds < 0 ||
        seconds > INT64_MAX / NS_PER_SECOND - 1) {
        return false;
    }
    if (dot != SIZE_MAX) {
        StrView rest = sv_slice(text, dot, text.len);
        if (read_fraction(rest, &fraction) != rest.len) {
            return false;
        }
    }
    *ret_ns = seconds * NS_PER_SECOND + fraction;
    return true;
}

bool clock_parse_point(StrView text, Stamp now, int64_t *ret_ns, Err *err)
{
    if (sv_starts(text, SV("@"))) {
        if (parse_unixtime(sv_slice(text, 1, text.len), ret_ns)) {
            return true;
        }
        return err_set_at(err, 1, "bad unix time '%.*s'", SV_ARG(text));
    }
    if (sv_starts(text, SV("-"))) {
        int64_t back = 0;
        if (!clock_parse_length(sv_slice(text, 1, text.len), &back, err)) {
            if (err != NULL && err->offset != ERR_NO_OFFSET) {
                err->offset++;
            }
            return false;
        }
        if (back > now.ns) {
            return err_set_at(err, 1, "point in time '%.*s' lies before 1970", SV_ARG(text));
        }
        *ret_ns = now.ns - back;
        return true;
    }

    Stamp stamp;
    if (text.len > 0 && clock_parse_stamp(text, now.zone_minutes, &stamp) == text.len) {
        *ret_ns = stamp.ns;
        return true;
    }
    Date date;
    if (text.len == 10 && read_date(text.ptr, &date)) {
        *ret_ns = point_of(date, 0, now.zone_minutes);
        return true;
    }
    int64_t ns_of_day;
    if (text.len > 0 && read_time(text, false, &ns_of_day) == text.len) {
        int64_t local = floor_div(now.ns, NS_PER_SECOND) + (int64_t)now.zone_minutes * 60;
        date = date_from_days(floor_div(local, SECONDS_PER_DAY));
        *ret_ns = point_of(date, ns_of_day, now.zone_minutes);
        return true;
    }
    return err_set_at(err, 0,
                      "bad point in time '%.*s': expected \"YYYY-MM-DD HH:MM:SS\", a date, "
                      "HH:MM[:SS], -5m or @unixtime",
                      SV_ARG(text));
}

/* --- reckoning -------------------------------------------------------------------------------- */

bool clock_between(int64_t from_ns, int64_t until_ns, int64_t *ret_ns)
{
    if (from_ns == CLOCK_NO_TIME || until_ns == CLOCK_NO_TIME) {
        return false;
    }
    if (from_ns < 0 && until_ns > INT64_MAX + from_ns) {
        *ret_ns = INT64_MAX;
    } else if (from_ns > 0 && until_ns < INT64_MIN + from_ns) {
        *ret_ns = INT64_MIN;
    } else {
        *ret_ns = until_ns - from_ns;
    }
    return true;
}

int64_t clock_shift(int64_t ns, int64_t by_ns)
{
    if (ns == CLOCK_NO_TIME) {
        return ns;
    }
    if (by_ns > 0 && ns > INT64_MAX - by_ns) {
        return INT64_MAX;
    }
    /* The least number of all is no time. */
    bool is_before_all = by_ns < 0 && ns < 0 && by_ns <= CLOCK_NO_TIME - ns;
    return is_before_all ? CLOCK_NO_TIME + 1 : ns + by_ns;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Writes `value` as exactly `digits` digits and returns where the next byte goes. */
static char *put(char *to, int64_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        to[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return to + digits;
}

static char *put_date(char *to, Date date)
{
    to = put(to, date.year, 4);
    *to++ = '-';
    to = put(to, date.month, 2);
    *to++ = '-';
    return put(to, date.day, 2);
}

static char *put_zone(char *to, int minutes)
{
    *to++ = minutes < 0 ? '-' : '+';
    int east = minutes < 0 ? -minutes : minutes;
    to = put(to, east / 60, 2);
    return put(to, east % 60, 2);
}

void clock_format(Stamp stamp, ClockForm form, char *buf)
{
    if (stamp.ns == CLOCK_NO_TIME) {
        memcpy(buf, "-", 2);
        return;
    }
    int64_t seconds = floor_div(stamp.ns, NS_PER_SECOND);
    int64_t ns = stamp.ns % NS_PER_SECOND;
    if (ns < 0) {
        ns += NS_PER_SECOND;
    }
    int64_t local = seconds + (int64_t)stamp.zone_minutes * 60;
    int64_t days = floor_div(local, SECONDS_PER_DAY);
    int64_t of_day = local - days * SECONDS_PER_DAY;

    char *to = buf;
    if (form == CLOCK_FULL || form == CLOCK_DATE) {
        to = put_date(to, date_from_days(days));
    }
    if (form == CLOCK_FULL) {
        *to++ = ' ';
    }
    if (form != CLOCK_DATE) {
        to = put(to, of_day / 3600, 2);
        *to++ = ':';
        to = put(to, of_day / 60 % 60, 2);
    }
    if (form != CLOCK_DATE && form != CLOCK_MINUTE) {
        *to++ = ':';
        to = put(to, of_day % 60, 2);
    }
    if (form == CLOCK_FULL) {
        *to++ = '.';
        to = put(to, ns / 1000, 6);
        to = put_zone(to, stamp.zone_minutes);
    } else if (form == CLOCK_TIME) {
        *to++ = '.';
        to = put(to, ns / NS_PER_MS, 3);
    }
    *to = '\0';
}

void clock_format_delta(int64_t ns, char *buf, size_t size)
{
    char sign = ns < 0 ? '-' : '+';
    uint64_t length = ns < 0 ? (uint64_t)0 - (uint64_t)ns : (uint64_t)ns;
    uint64_t ms = length / (uint64_t)NS_PER_MS;
    uint64_t minutes = ms / 60000;
    uint64_t hours = minutes / 60;
    uint64_t days = hours / 24;

    if (minutes == 0) {
        (void)snprintf(buf, size, "%c%" PRIu64 ".%03" PRIu64, sign, ms / 1000, ms % 1000);
    } else if (hours == 0) {
        (void)snprintf(buf, size, "%c%" PRIu64 "m%02" PRIu64 "s", sign, minutes, ms / 1000 % 60);
    } else if (days == 0) {
        (void)snprintf(buf, size, "%c%" PRIu64 "h%02" PRIu64 "m", sign, hours, minutes % 60);
    } else if (days < 1000) {
        (void)snprintf(buf, size, "%c%" PRIu64 "d%02" PRIu64 "h", sign, days, hours % 24);
    } else {
        (void)snprintf(buf, size, "%c%" PRIu64 "d", sign, days);
    }
}

/* --- the system's clocks ---------------------------------------------------------------------- */

Stamp clock_now(void)
{
    struct timespec at = {0};
    struct tm local = {0};

    (void)clock_gettime(CLOCK_REALTIME, &at); /* cannot fail for this clock */
    int zone = 0;
    if (localtime_r(&at.tv_sec, &local) != NULL) {
        zone = (int)(local.tm_gmtoff / 60);
    }
    return (Stamp){.ns = (int64_t)at.tv_sec * NS_PER_SECOND + at.tv_nsec,
                   .zone_minutes = (int16_t)zone};
}

int64_t clock_monotonic(void)
{
    struct timespec at = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &at); /* cannot fail for this clock */
    return (int64_t)at.tv_sec * NS_PER_SECOND + at.tv_nsec;
}
