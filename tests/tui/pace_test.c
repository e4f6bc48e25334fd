/*
 * A line of a given speed and delay, simulated: how late frames come, and how many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/pace.h"

#define FRAME_BYTES 400
#define STEP_NS NS_PER_MS
#define SECONDS 30

typedef struct Line {
    int bytes_a_second;
    int64_t delay; /* there and back */
    int frames;    /* that arrived */
    int64_t latest;
} Line;

/* Offers a frame every millisecond, which is more than the line can take. */
static void simulate(Line *line)
{
    enum { ON_WAY_MAX = 4096 };
    static int64_t answers[ON_WAY_MAX];
    static int64_t sent[ON_WAY_MAX];
    size_t first = 0;
    size_t count = 0;
    int64_t free_at = 0; /* when the line has done with what it was given */
    Pace pace = {0};
    pace_ask(&pace, 0, 0);
    pace_answer(&pace, line->delay);
    line->frames = 0;
    line->latest = 0;
    for (int64_t now = line->delay; now < SECONDS * NS_PER_SECOND; now += STEP_NS) {
        while (count > 0 && answers[first % ON_WAY_MAX] <= now) {
            pace_answer(&pace, now);
            int64_t late = answers[first % ON_WAY_MAX] - sent[first % ON_WAY_MAX];
            bool is_settled = now > SECONDS / 2 * NS_PER_SECOND;
            line->latest = is_settled && late > line->latest ? late : line->latest;
            line->frames++;
            first++;
            count--;
        }
        if (pace_is_open(&pace, now)) {
            assert_true(count < ON_WAY_MAX);
            free_at = free_at > now ? free_at : now;
            free_at += (int64_t)FRAME_BYTES * NS_PER_SECOND / line->bytes_a_second;
            sent[(first + count) % ON_WAY_MAX] = now;
            answers[(first + count) % ON_WAY_MAX] = free_at + line->delay;
            count++;
            pace_ask(&pace, FRAME_BYTES, now);
        }
    }
}

/* 9,600 baud: never more than about a second of frames on the way, and the line never idle. */
static void frames_are_not_late_on_a_slow_line(void **state)
{
    (void)state;
    Line line = {.bytes_a_second = 960, .delay = NS_PER_MS};
    simulate(&line);
    assert_true(line.latest < NS_PER_SECOND * 3 / 2);
    assert_true(line.frames > SECONDS * 960 / FRAME_BYTES * 8 / 10);
}

/* A fast line far away is not held back by its delay. */
static void a_long_way_holds_nothing_up(void **state)
{
    (void)state;
    Line line = {.bytes_a_second = 10000000, .delay = 200 * NS_PER_MS};
    simulate(&line);
    assert_true(line.latest < 250 * NS_PER_MS);
    assert_true(line.frames > SECONDS * 30);
}

static void a_modem_far_away_works_too(void **state)
{
    (void)state;
    Line line = {.bytes_a_second = 5600, .delay = 200 * NS_PER_MS};
    simulate(&line);
    assert_true(line.latest < 700 * NS_PER_MS);
    assert_true(line.frames > SECONDS * 5600 / FRAME_BYTES / 2);
}

static void needs_no_answers(void **state)
{
    (void)state;
    Pace pace = {0};
    pace_answer(&pace, 5); /* nothing was asked */
    assert_false(pace.is_known);
    pace_ask(&pace, 0, 0);
    assert_true(pace_is_open(&pace, 0));
    assert_int_equal(pace_deadline(&pace, 0), INT64_MAX);
    assert_int_equal(pace_asked(&pace), 0);
    pace_answer(&pace, NS_PER_MS);
    assert_true(pace.is_known);
    /* Later nobody answers any more: it goes on after a while. */
    pace_ask(&pace, PACE_WINDOW_MAX + 1, NS_PER_SECOND);
    assert_int_equal(pace_asked(&pace), NS_PER_SECOND);
    assert_false(pace_is_open(&pace, NS_PER_SECOND));
    assert_int_equal(pace_deadline(&pace, NS_PER_SECOND), NS_PER_SECOND + PACE_LOST_NS);
    assert_true(pace_is_open(&pace, NS_PER_SECOND + PACE_LOST_NS));
    for (int i = 0; i < 3 * PACE_MARKS_MAX; i++) {
        pace_ask(&pace, 10, 20 * NS_PER_SECOND);
        assert_true(pace.count <= PACE_MARKS_MAX);
    }
    pace_forget(&pace);
    assert_true(pace_is_open(&pace, 20 * NS_PER_SECOND));
    assert_int_equal(pace.on_way, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_not_late_on_a_slow_line),
        cmocka_unit_test(a_long_way_holds_nothing_up),
        cmocka_unit_test(a_modem_far_away_works_too),
        cmocka_unit_test(needs_no_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
