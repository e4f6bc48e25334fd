/*
 * Pace: see pace.h. The window of bytes is halved when an answer was kept waiting and doubled when
 * one was not although it was full: it settles near what the line delivers within the delay. It
 * must never include curses.
 */
#include "tui/pace.h"

void pace_ask(Pace *pace, size_t bytes, int64_t now)
{
    if (pace->count == PACE_MARKS_MAX) { /* open nevertheless: the answers are lost */
        pace_forget(pace);
    }
    pace->on_way += bytes;
    pace->marks[(pace->first + pace->count) % PACE_MARKS_MAX] =
        (PaceMark){.bytes = bytes, .on_way = pace->on_way, .time = now};
    pace->count++;
}

static size_t clamp(size_t value, size_t low, size_t high)
{
    return value < low ? low : value > high ? high : value;
}

void pace_answer(Pace *pace, int64_t now)
{
    if (pace->count == 0) {
        return;
    }
    PaceMark mark = pace->marks[pace->first];
    int64_t took = now - mark.time;
    pace->first = (pace->first + 1) % PACE_MARKS_MAX;
    pace->count--;
    pace->on_way -= mark.bytes;
    if (!pace->is_known || took < pace->quickest) {
        pace->quickest = took;
    }
    bool was_delayed = took - pace->quickest > PACE_DELAY_NS;
    size_t window = pace->is_known ? pace->window : PACE_WINDOW_START;
    if (was_delayed) {
        window /= 2;
    } else if (mark.on_way > window / 2) { /* a window that is not used proves nothing */
        window *= 2;
    }
    pace->window = clamp(window, PACE_WINDOW_MIN, PACE_WINDOW_MAX);
    pace->is_known = true;
}

static bool is_lost(const Pace *pace, int64_t now)
{
    return now - pace->marks[pace->first].time >= PACE_LOST_NS;
}

bool pace_is_open(const Pace *pace, int64_t now)
{
    bool has_room = pace->on_way <= pace->window && pace->count < PACE_MARKS_MAX;
    return !pace->is_known || pace->count == 0 || has_room || is_lost(pace, now);
}

int64_t pace_deadline(const Pace *pace, int64_t now)
{
    return pace_is_open(pace, now) ? INT64_MAX : pace->marks[pace->first].time + PACE_LOST_NS;
}

int64_t pace_asked(const Pace *pace)
{
    size_t last = (pace->first + pace->count + PACE_MARKS_MAX - 1) % PACE_MARKS_MAX;
    return pace->count > 0 ? pace->marks[last].time : 0;
}

void pace_forget(Pace *pace)
{
    pace->first = 0;
    pace->count = 0;
    pace->on_way = 0;
}
